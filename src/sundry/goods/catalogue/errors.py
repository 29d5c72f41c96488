"""Why the catalogue refuses: each is named after what was wrong, and holds what a page needs to say it."""

from __future__ import annotations

from collections.abc import Mapping

from sundry.kernel.errors import SundryError, UnusableInput
from sundry.kernel.findings import Finding


class NotThere(SundryError):
    """No such good, stall, photo or paper, or it is another's: the answer is the same, so that nobody learns which."""


class NotNow(SundryError):
    """It is there, but not in a state in which this can be done."""


class AlreadyDone(SundryError):
    """It is so already."""


class Stale(SundryError):
    """Somebody changed it since it was looked at: look again."""


class Taken(SundryError):
    """A booth, an address or a key that something else has already."""


class Unauthorised(SundryError):
    """A brand is named, and no accepted paper says that the stall may sell it."""


class BadPicture(UnusableInput):
    """What was sent is no photo that can be kept."""


class Busy(SundryError):
    """Nothing is wrong with it: the machine has too much to do just now."""


class BadDraft(UnusableInput):
    """What a stall wrote breaks a rule. `findings`: by the number of the good, of a new one by 0; only errors."""

    def __init__(self, findings: Mapping[int, tuple[Finding, ...]]) -> None:
        self.findings = findings
        told = [
            {"good": number, "field": finding.header, "rule": finding.rule, "value": finding.value}
            for number, some in findings.items()
            for finding in some
        ]
        super().__init__("catalogue_draft_refused", count=len(told), findings=told)

    def message(self, language: str = "en") -> str:
        """That nothing was saved, and what the first finding says."""
        first = next(finding for told in self.findings.values() for finding in told)
        return f"{super().message(language)} {first.message(language)}"
