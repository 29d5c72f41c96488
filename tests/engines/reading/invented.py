"""Statements of invented pages, in one line each, for tests of what is reckoned with them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sundry.engines.reading.model import Basis, Bound, Number, Statement, Type

TOWN, COUNTY, PROVINCE = "990182", "990100", "990000"  # no such places


def said(text: str, words: str, what: str, indicator: str, value: str | None, unit: str, **more: Any) -> Statement:
    """What `words` of `text` say; by default of the town in the first quarter of 2031. `nth`: the nth such words."""
    place = -1
    for _ in range(more.pop("nth", 1)):
        place = text.index(words, place + 1)
    bound: Bound | None = more.pop("bound", None)
    number = _number(value, bound)
    fields: dict[str, Any] = {
        "spans": ((place, place + len(words)),),
        "quote": words,
        "type": Type(what),
        "indicator": indicator,
        "indicator_key": "",
        "subject": "",
        "region_code": TOWN,
        "period": "2031-Q1",
        "value": None if value is None else Decimal(value),
        "low": None,
        "high": None,
        "unit": unit,
        "kind": ("cumulative", "actual") if bound is None else ("cumulative", f"approximate:{bound}"),
        "confidence": 0.9,
        "is_published": True,
        "number": number,
    }
    return Statement(**{**fields, **more})


def _number(value: str | None, bound: Bound | None) -> Number | None:
    if value is None:
        return None
    number = Decimal(value)
    decimals = max(0, -int(number.as_tuple().exponent))
    if bound is None:
        return Number(number, None, None, decimals=decimals)
    step = Decimal(1).scaleb(int(number.normalize().as_tuple().exponent))
    ends = {
        Bound.GE: (number, None),
        Bound.GT: (number, None),
        Bound.LT: (None, number),
        Bound.LE: (None, number),
        Bound.BAND: (number, number + step),
    }[bound]
    return Number(number, *ends, bound=bound, decimals=decimals)


NOMINAL, REAL = Basis.NOMINAL, Basis.REAL
