"""From what the reading engine found to statements as the observatory keeps them.

Problem: what the engine reads is of one page and one moment. To be kept, found again, reckoned with and corrected, a
statement needs an id that a second reading gives it again, its sentence, its days, and its number in a base unit.

    出口同比下降5.1%        value 5.1 of %, kept as printed;  base value -5.1 of %, which a chart can draw
    5500余万元              value 5500, low 5500, high 5600 of 万元;  base value 55,000,000 of 元
    读两遍                  the same page, place and type: the same id

Therefore `told` makes a `StatementView` of each engine statement, and `said` makes the engine's statement of a view
again, so that checks can be worked out over what is kept.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Context, Decimal
from typing import Final

from sundry.engines.reading.figures import figure_of, interval_of, number_of, place_of_number, sentence_of
from sundry.engines.reading.intervals import exactly
from sundry.engines.reading.model import Bound, Number, Region, Span, Statement
from sundry.engines.reading.regions import name_of
from sundry.engines.reading.view import view_of
from sundry.insight.observatory.periods import days_of
from sundry.insight.observatory.rules import Anchor, Standing, StatementView

CONTEXT_MAX: Final = 400  # characters of the sentence that is kept with a statement
DIGITS_MAX: Final = 28  # before the decimal point; what has more is printed wrongly
DECIMALS_MAX: Final = 10
GRAM_MAX: Final = 2  # characters of the pieces by which words are found
_STEP: Final = Decimal(1).scaleb(-DECIMALS_MAX)
_EXACT: Final = Context(prec=100)  # digits; the usual 28 would round what is kept

Range = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class About:
    """The page that statements are of. `text` as stored, `view` as the engine reads it: places are the same in both."""

    page: uuid.UUID
    name: str
    issued: date | None
    text: str
    view: str
    home: Region


def anchors_of(statements: Sequence[Statement]) -> tuple[Anchor, ...]:
    """The anchor of each: the place of its last span, which holds the number, its type, and which of several it is."""
    seen: dict[tuple[Span, str], int] = {}
    anchors = []
    for one in statements:
        place = one.spans[-1]
        nth = seen.get((place, one.type), -1) + 1
        seen[place, one.type] = nth
        anchors.append(Anchor(*place, one.type, nth))
    return tuple(anchors)


def id_of(page: uuid.UUID, anchor: Anchor) -> uuid.UUID:
    """The same for every reading that finds the statement at its place."""
    return uuid.uuid5(page, f"{anchor.start}-{anchor.end} {anchor.type} {anchor.nth}")


def told(about: About, statement: Statement, anchor: Anchor) -> StatementView:
    """A statement as the reader left it: what people and checks say of it comes later."""
    number = number_of(statement)
    bound = number.bound if number else Bound.EQ
    low, high = printed_range(statement)
    start, end = context_of(about.view, statement)
    factor, unit = base_number(statement, about.text[start:end], start)
    starts_on, ends_on = _days(statement.period)
    value = kept(statement.value)
    return StatementView(
        id=id_of(about.page, anchor),
        page=about.page,
        page_name=about.name,
        issued=about.issued,
        article=statement.article,
        spans=statement.spans,
        quote=statement.quote,
        context=about.text[start:end],
        context_start=start,
        type=statement.type,
        indicator=statement.indicator,
        indicator_key=statement.indicator_key,
        subject=statement.subject,
        region_code=statement.region_code,
        region=region_name(statement.region_code, statement.subject, about.home),
        period=statement.period,
        starts_on=starts_on,
        ends_on=ends_on,
        value=value,
        low=low,
        high=high,
        unit=statement.unit[:40],
        base_value=_in_base_units(statement.value, factor),
        base_unit=unit[:40],
        bound=bound,
        kinds=statement.kind,
        basis=statement.basis,
        basis_source=statement.basis_source,
        versus=statement.versus,
        confidence=statement.confidence,
        standing=Standing.PUBLISHED if statement.is_published else Standing.REVIEW,
        inherited=dict(statement.inherited),
        passed=0,
        failed=0,
        decimals=min(number.decimals, DECIMALS_MAX) if number else 0,
        nth=anchor.nth,
    )


def said(view: StatementView, *, from_start: int = 0) -> Statement:
    """The engine's statement of a view; places count from `from_start`."""
    spans = tuple((start - from_start, end - from_start) for start, end in view.spans if start >= from_start)
    number = None
    if view.value is not None or view.low is not None or view.high is not None:
        number = Number(view.value, view.low, view.high, view.bound, decimals=view.decimals)
    return Statement(
        spans=spans,
        quote=view.quote,
        type=view.type,
        indicator=view.indicator,
        indicator_key=view.indicator_key,
        subject=view.subject,
        region_code=view.region_code,
        period=view.period,
        value=view.value,
        low=view.low,
        high=view.high,
        unit=view.unit,
        kind=view.kinds,
        confidence=view.confidence,
        is_published=view.standing is Standing.PUBLISHED,
        number=number,
        basis=view.basis,
        basis_source=view.basis_source,
        inherited=dict(view.inherited),
        versus=view.versus,
        article=view.article,
    )


def printed_range(statement: Statement) -> Range:
    """What a number that is not exact may be, in the printed unit; (None, None) of an exact one."""
    number = statement.number
    if number is not None and number.bound is not Bound.EQ:
        return kept(number.low), kept(number.high)
    return kept(statement.low), kept(statement.high)


def base_number(statement: Statement, context: str, context_start: int) -> tuple[Decimal | None, str]:
    """How many of the base unit, with sign, one of the printed unit is, and the base unit. None: no number to speak of.

    `context`: the sentence, whose words say whether a growth is a decline.
    """
    spans = tuple(
        (start - context_start, end - context_start) for start, end in statement.spans if start >= context_start
    )
    moved = _moved(statement, spans)
    figure = figure_of(0, moved, view_of(context))
    if figure is None:
        return None, ""
    plain = interval_of(moved)
    is_turned = plain is not None and figure.interval != plain * exactly(figure.factor)
    bare = "个" if statement.unit.endswith("个") else ""  # the engine reckons things counted as bare numbers
    return (-figure.factor if is_turned else figure.factor), figure.base or bare


def context_of(view: str, statement: Statement) -> Span:
    """The sentence around the number; of a longer one what lies nearest, the number's whole span with it."""
    start, end = sentence_of(view, place_of_number(statement, view))
    first, last = statement.spans[-1]
    start, end = min(start, first), max(end, last)
    if end - start > CONTEXT_MAX:
        start = max(start, min(first, last - CONTEXT_MAX // 2) - CONTEXT_MAX // 4)
        end = max(last, min(end, start + CONTEXT_MAX))
    while start < first and view[start] in " \r\n\u3000":
        start += 1
    return start, end


def region_name(code: str | None, subject: str, home: Region) -> str:
    """The name of a place; that of the home, and of what it lies in, as the home has it."""
    if code is None:
        return ""
    for region in (home, *home.parents):
        if region.code == code:
            return region.name
    return (name_of(code) or subject)[:60]


def kept(number: Decimal | None) -> Decimal | None:
    """As the database keeps it; None: none, or a row of digits that no office has printed as a number."""
    if number is None or abs(number).adjusted() >= DIGITS_MAX:
        return None
    exponent = number.as_tuple().exponent
    return number if isinstance(exponent, int) and exponent >= -DECIMALS_MAX else number.quantize(_STEP, context=_EXACT)


def _in_base_units(value: Decimal | None, factor: Decimal | None) -> Decimal | None:
    return None if value is None or factor is None else kept(_EXACT.multiply(value, factor))


def _moved(statement: Statement, spans: tuple[Span, ...]) -> Statement:
    return replace(statement, spans=spans)


def _days(period: str | None) -> tuple[date | None, date | None]:
    """A period that the engine wrote; one that is none (a misread year) has no days."""
    try:
        return days_of(period)
    except ValueError:
        return None, None


def grams_of(*texts: str) -> list[str]:
    """The characters of the texts and their pairs, each once: by them words are found."""
    return sorted({gram for text in texts for size in range(1, GRAM_MAX + 1) for gram in _pieces(text, size)})


def grams_in(word: str) -> list[str]:
    """Those that a text must have in which the word stands; of a word that is no longer than a pair it says all."""
    return sorted(set(_pieces(word, min(len(word), GRAM_MAX)))) if word else []


def _pieces(text: str, size: int) -> Iterator[str]:
    small = text.lower()
    return (small[at : at + size] for at in range(len(small) - size + 1))
