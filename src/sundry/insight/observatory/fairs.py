"""Fairs with their figures, as a scoreboard.

Problem: a paper names a hundred meetings and a few fairs, and the reader notes what it finds of each: 12000+ visitors,
23000000 of orders intended, in words of its own (`Entity.details`).

    "12000+"    at least 12,000        "300~"    about 300        "500-"    less than 500

Therefore only events with a figure count, each figure with its bound; one fair that several pages tell of stands once,
with what the latest page says of it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sundry.engines.reading.model import Bound, Span
from sundry.insight.observatory.rules import EntityView

MEASURES: Final = ("exhibitors", "visitors", "orders_intended", "amount_intended", "deals", "amount_deals")
_NUMBER: Final = re.compile(r"(-?\d{1,28}(?:\.\d{1,10})?)([+~-]?)")
_BOUNDS: Final = {"": Bound.EQ, "+": Bound.GE, "-": Bound.LT, "~": Bound.ABOUT}


@dataclass(frozen=True, slots=True)
class Count:
    """A figure of a fair. `unit`: of an amount, "" of things counted."""

    value: Decimal
    bound: Bound
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Fair:
    """`figures` by the words of MEASURES; what was not told is not in it."""

    name: str
    page: uuid.UUID
    issued: date | None
    spans: tuple[Span, ...]
    period: str
    figures: dict[str, Count]

    def value(self, measure: str) -> Decimal:
        """By which fairs are sorted: what was not told is last."""
        return self.figures[measure].value if measure in self.figures else Decimal(-1)


def fairs_of(events: Iterable[EntityView]) -> list[Fair]:
    """`events`: the newest first. Events without figures are none."""
    found: dict[str, Fair] = {}
    for event in events:
        figures = {measure: count for measure in MEASURES if (count := _count(event, measure)) is not None}
        if figures:
            found.setdefault(
                event.name,
                Fair(event.name, event.page, event.issued, event.spans, event.details.get("period", ""), figures),
            )
    return list(found.values())


def ordered(fairs: Sequence[Fair], by: str) -> list[Fair]:
    """The largest first of a measure; the newest first for any other word. What is equal keeps its order."""
    return sorted(fairs, key=lambda fair: fair.value(by), reverse=True) if by in MEASURES else list(fairs)


def _count(event: EntityView, measure: str) -> Count | None:
    found = _NUMBER.fullmatch(event.details.get(measure, ""))
    if found is None:
        return None
    return Count(Decimal(found[1]), _BOUNDS[found[2]], event.details.get(f"{measure}_unit", ""))
