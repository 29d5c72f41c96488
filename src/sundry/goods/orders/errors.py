"""Why orders, enquiries and quotations refuse: each is named after what was wrong, and says what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.timezone import localtime

from sundry.kernel.errors import SundryError, UnusableInput
from sundry.kernel.findings import Finding

SHOWN_MAX = 20  # findings in the text of one refusal


class NotThere(SundryError):
    """No such order, sub-order, line or quotation, or it is another's: the answer is the same for both."""


class NotNow(SundryError):
    """It is there, but not in a state in which this can be done."""


class AlreadyDone(SundryError):
    """It is so already."""


class Stale(SundryError):
    """Somebody changed it since it was looked at: look again. `who`: her name, or her organisation's."""

    def __init__(self, rule: str, *, who: str = "", at: datetime | None = None, **details: Any) -> None:
        self.who, self.at = who, at
        super().__init__(rule, who=who, when=moment(at), **details)


class BadAttachment(UnusableInput):
    """What was to be sent with a message cannot be kept; what was written is not lost by it."""


class Refused(UnusableInput):
    """A person's mistakes, all of them: `findings`. Nothing was done."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        told = [
            {"row": one.row, "field": one.header, "rule": one.rule, "value": one.value}
            for one in self.findings[:SHOWN_MAX]
        ]
        super().__init__("orders_refused", count=len(self.findings), findings=told)

    def message(self, language: str = "en") -> str:
        """That nothing was done, and what the first finding says."""
        return f"{super().message(language)} {self.findings[0].message(language)}"


def moment(at: datetime | None) -> str:
    """A moment for a message, by the clock of the market: "2026-11-22 20:00"."""
    return "" if at is None else f"{localtime(at):%Y-%m-%d %H:%M}"


def is_of_key(fault: IntegrityError) -> bool:
    """Whether the database refused a row because its `key` is taken; its words name the column, in any language."""
    return "(key)=" in str(fault)
