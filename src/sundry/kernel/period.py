"""A period of days: from its first day up to, not including, `until`.

Half-open, so that periods which follow each other share a date and no day is in both: 2014-07-01..2018-08-01 and
2018-08-01..(open). `until` None is open: it still holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` (in) to `until` (out). ValueError: it holds no day."""

    start: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until <= self.start:
            raise ValueError(f"a period from {self.start} until {self.until} holds no day")

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.until is None or day < self.until)

    def overlaps(self, other: Period) -> bool:
        return (other.until is None or self.start < other.until) and (self.until is None or other.start < self.until)
