"""Errors that end a command, and the exit code each means. A person's mistakes are findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sundry.kernel.messages import render


class SundryError(Exception):
    """Ends a command with a message for a person. `rule` names the text in `sundry/messages`, `details` fill it."""

    exit_code = 1

    def __init__(self, rule: str, **details: Any) -> None:
        self.rule = rule
        self.details: Mapping[str, Any] = details
        super().__init__(render(rule, "en", details))

    def message(self, language: str = "en") -> str:
        return render(self.rule, language, self.details)

    def to_json(self, language: str = "en") -> dict[str, Any]:
        """What `--json` prints under "error"."""
        return {"rule": self.rule, "message": self.message(language)}


class UnusableInput(SundryError):
    """What the person gave cannot be used at all (not a workbook, empty, a bomb, locked by a password)."""

    exit_code = 3


class UsageError(SundryError):
    """The command was called with a value that makes no sense (an unknown currency, a bad date)."""

    exit_code = 64


class EnvironmentFault(SundryError):
    """The machine does not let us (an unwritable folder, a full disk)."""

    exit_code = 1
