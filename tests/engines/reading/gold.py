"""The labels of the press pages as statements, for tests that measure the checks and not the reader."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sundry.engines.reading.model import (
    Article,
    Basis,
    BasisSource,
    Bound,
    Number,
    Role,
    Span,
    Statement,
    Type,
)

PRESS = Path(__file__).parents[4] / "shared" / "press"
BOUNDS = {"突破": Bound.GE, "超": Bound.GT, "跃上…台阶": Bound.GE, "近": Bound.LT, "余": Bound.BAND, "多": Bound.BAND}


def press() -> Path:
    """The folder of the pages; skips the test where it is absent."""
    if not (PRESS / "gold" / "gold.jsonl").is_file():
        pytest.skip(f"no labelled pages at {PRESS}")
    return PRESS


def rows(name: str) -> list[dict[str, Any]]:
    with (press() / "gold" / f"{name}.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line, parse_float=Decimal) for line in file]


def text_of(page: str) -> str:
    with (press() / page).open(encoding="utf-8", newline="") as file:
        return file.read()


def pages() -> list[str]:
    return sorted({row["page"] for row in rows("gold")})


def _spans(found: list[list[int]]) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in found)


def _number(row: dict[str, Any]) -> Number | None:
    if row.get("value") is None:
        low, high = row.get("low"), row.get("high")
        return None if low is None and high is None else Number(None, Decimal(low), Decimal(high), Bound.BAND)
    value = Decimal(row["value"])
    marks = [kind.split(":")[1] for kind in row["kind"] if kind.startswith("approximate:")]
    decimals = max(0, -int(value.as_tuple().exponent))
    if not marks:
        return Number(value, None, None, decimals=decimals)
    bound = BOUNDS[marks[0]]
    step = Decimal(10) ** value.normalize().as_tuple().exponent  # type: ignore[operator]
    ends = {Bound.BAND: (value, value + step), Bound.LT: (None, value)}.get(bound, (value, None))
    return Number(value, *ends, bound=bound, marks=tuple(marks), decimals=decimals)


def statement_of(row: dict[str, Any], regions: dict[str, str], article: int) -> Statement:
    text = text_of(row["page"])
    spans = _spans(row["spans"])
    versus = row.get("vs") or row.get("of")
    named = str(row.get("price_basis") or "")
    basis = Basis.NOMINAL if named.startswith("现价") else Basis.REAL if named.startswith("可比价") else None
    return Statement(
        spans=spans,
        quote="".join(text[a:b] for a, b in spans),
        type=Type(row["type"]),
        indicator=row["indicator"] or "",
        indicator_key="",
        subject=row["subject"] or "",
        region_code=row["region_code"],
        period=row["period"],
        value=None if row.get("value") is None else Decimal(row["value"]),
        low=None if row.get("low") is None else Decimal(row["low"]),
        high=None if row.get("high") is None else Decimal(row["high"]),
        unit=row["unit"] or "",
        kind=tuple(row["kind"]),
        confidence=1.0,
        is_published=True,
        number=_number(row),
        basis=basis,
        basis_source=BasisSource.STATED if basis else BasisSource.UNKNOWN,
        versus=regions.get(versus, versus) if versus else None,
        article=article,
    )


def statements(page: str) -> list[Statement]:
    """The labels of a page; what only a label knows (the year that the text bounds itself) is kept as it is."""
    labels = rows("gold")
    regions = {row["subject"]: row["region_code"] for row in labels if row["region_code"]}
    names = [row["id"] for row in rows("articles") if row["page"] == page]
    return [statement_of(row, regions, names.index(row["article"])) for row in labels if row["page"] == page]


def articles(page: str) -> list[Article]:
    made = []
    for row in rows("articles"):
        if row["page"] == page:
            heads = _spans(row["headline_spans"])
            made.append(
                Article(
                    heads[0] if heads else None,
                    _spans(row["body_spans"]),
                    _spans(row["kicker_spans"]),
                    _spans(row["subhead_spans"]),
                    _spans(row["byline_spans"]),
                    role=Role.INDEX if row["kind"].startswith("index") else Role.BODY,
                )
            )
    return made


def spoilt(statement: Statement, value: str) -> Statement:
    """The same statement with another number, as an OCR would leave it."""
    number = Decimal(value)
    return replace(
        statement, value=number, number=Number(number, None, None, decimals=max(0, -int(number.as_tuple().exponent)))
    )
