"""How long a market gives stalls and buyers, as it has set it: parameters/orders.yaml, by the day of the event.

Problem: 72 hours to answer are right where stalls sleep on Sunday, and wrong where the buyer's ship leaves tomorrow.
Therefore whoever runs a market sets them, from a day on; an order that was placed before keeps what it was given, since
the moment is written into it. How many lines or stalls an order has is no such thing: that is what the tables, the
pages and the benchmark are made for, and stands in `order_rules`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sundry.kernel.parameters import MalformedParameters, ParametersAt, parameters

BOOK: Final = "orders"
MOST: Final = {
    "answer.within_hours": 24 * 365,
    "promise.ready_days": 365,
    "promise.weeks_ahead": 520,
    "quotation.valid_days": 3_650,
    "quotation.valid_days_max": 3_650,
}
"""What no market means: above it, or below 1, the file has a slip."""


@dataclass(frozen=True, slots=True)
class TradeLimits:
    """`answer_within`: then an order that no stall answered lapses. `ready_days`: so soon is handed over what lies at
    the stall. `weeks_ahead`: so far a factory's weeks are promised. `valid_days`: of a quotation at first."""

    answer_within: timedelta
    ready_days: int
    weeks_ahead: int
    valid_days: int
    valid_days_max: int


def trade_limits(day: date) -> TradeLimits:
    """As they stand on that day. MalformedParameters: the market's own file says what cannot be."""
    known = parameters(BOOK).at(day)
    limits = {name: _whole(known, name) for name in MOST}
    return TradeLimits(
        answer_within=timedelta(hours=limits["answer.within_hours"]),
        ready_days=limits["promise.ready_days"],
        weeks_ahead=limits["promise.weeks_ahead"],
        valid_days=min(limits["quotation.valid_days"], limits["quotation.valid_days_max"]),
        valid_days_max=limits["quotation.valid_days_max"],
    )


def _whole(known: ParametersAt, name: str) -> int:
    value = known.whole(name)
    if not 1 <= value <= MOST[name]:
        fault = f"{value} is not from 1 to {MOST[name]}"
        raise MalformedParameters("parameters_malformed", book=BOOK, name=name, fault=fault)
    return value
