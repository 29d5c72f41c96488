"""Which points of which series a page's statements are.

Problem: a headline, the body and a box say one figure three times; that is one observation of one page, not three. And
a page that says 12.5 in one place and 12.8 in another has said two things, of which nobody knows which is right.

    出口 2026-Q1 12.5亿元, three times              one observation, supported by three statements
    出口 2026-Q1 12.5亿元 and 12.8亿元               two observations of one page, side by side
    the same quarter on a page of another day       another observation: another vintage
    同比增长 and 环比增长                            two series: they are compared with different things

Therefore a series is known by its key, an observation by the series, the period, the number and the page; and only
what is published, has a name of the dictionary, a place and a period becomes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from sundry.engines.reading.figures import Figure, figure_of
from sundry.engines.reading.indicators import dictionary
from sundry.engines.reading.model import Bound, Type
from sundry.engines.reading.view import view_of
from sundry.insight.observatory.periods import accumulation_of
from sundry.insight.observatory.rules import Actuality, Card, Observation, SeriesKey, Standing, StatementView
from sundry.insight.observatory.telling import kept, said

MEASURES: Final = (
    Type.LEVEL, Type.COUNT, Type.GROWTH, Type.GAP, Type.GROWTH_DELTA, Type.RANK, Type.SHARE, Type.CONTRIBUTION,
    Type.PULL, Type.RANGE, Type.QUALITATIVE,
)  # fmt: skip
VERSUS_MAX: Final = 100
_LEVELS = (Type.LEVEL, Type.COUNT)
_OF_A_BASIS = (Type.GROWTH, Type.GAP, Type.GROWTH_DELTA, Type.CONTRIBUTION, Type.PULL)
_TURNED = {Bound.GE: Bound.LE, Bound.GT: Bound.LT, Bound.LE: Bound.GE, Bound.LT: Bound.GT}


def observations_of(statements: Sequence[StatementView], *, known_on: date | None = None) -> tuple[Observation, ...]:
    """The points that one page's statements are, in the order of the page.

    `known_on`: the day on which the page was there at the latest, for one of which nobody knows the day of issue.
    """
    found: dict[tuple[object, ...], Observation] = {}
    for one in statements:
        made = observation_of(one, known_on)
        if made is None:
            continue
        number = (made.value, made.low, made.high, made.bound)
        known = found.setdefault((made.key, made.period, made.actuality, number), made)
        if known is not made:
            sure = max(known.confidence, made.confidence)
            again = replace(known, supports=known.supports + 1, confidence=sure)
            found[made.key, made.period, made.actuality, number] = again
    return tuple(found.values())


def observation_of(one: StatementView, known_on: date | None = None) -> Observation | None:
    """None: it is of no series."""
    is_placed = bool(one.indicator_key and one.region_code and (one.starts_on or one.ends_on))
    if not is_placed or one.standing is not Standing.PUBLISHED or one.type not in MEASURES:
        return None
    figure = _figure(one)
    if figure is None or one.period is None:
        return None
    low: Decimal | None = None
    high: Decimal | None = None
    bound = one.bound
    if one.base_value is None or bound is not Bound.EQ:
        low, high = (kept(end) for end in figure.interval.ends)
    if _is_turned(one):
        bound = _TURNED.get(bound, bound)
    return Observation(
        key=key_of(one, figure),
        period=one.period,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        value=one.base_value,
        low=low,
        high=high,
        bound=bound,
        decimals=one.decimals,
        actuality=actuality_of(one, known_on),
        vintage=one.issued,
        page=one.page,
        statement=one.id,
        supports=1,
        confidence=one.confidence,
    )


def key_of(one: StatementView, figure: Figure | None) -> SeriesKey:
    """The series of a statement."""
    return SeriesKey(
        indicator_key=one.indicator_key,
        measure=one.type,
        region_code=one.region_code or "",
        unit=one.base_unit,
        accumulation=accumulation_of(one.period, one.kinds),
        basis=str(one.basis or "") if one.type in _OF_A_BASIS else "",
        versus=_versus(one, figure)[:VERSUS_MAX],
    )


def _figure(one: StatementView) -> Figure | None:
    return figure_of(0, said(one, from_start=one.context_start), view_of(one.context))


def _versus(one: StatementView, figure: Figure | None) -> str:
    """With what it is compared, else how it is counted (环比, 新增) where its name does not say so itself.

    The rank of a growth is another rank than that of the level.
    """
    way = figure.way if figure is not None else ""
    versus = one.versus or ("" if way in one.indicator else way)
    return f"{versus} 增速" if one.type is Type.RANK and one.indicator.endswith("增速") else versus


def actuality_of(one: StatementView, known_on: date | None = None) -> Actuality:
    """What begins after the day of issue, or shall be reached by a later day, has not happened, whatever the words."""
    begins, told_on = one.starts_on or one.ends_on, one.issued or known_on
    is_to_come = told_on is not None and begins is not None and begins > told_on
    if "target" in one.kinds or is_to_come:
        return Actuality.TARGET
    return Actuality.PRELIMINARY if "preliminary" in one.kinds else Actuality.ACTUAL


def _is_turned(one: StatementView) -> bool:
    """Whether the words beside a positive number say that it fell: more than 5% down is less than -5%."""
    return one.value is not None and one.base_value is not None and (one.value < 0) != (one.base_value < 0)


def card_of(
    indicator_key: str, region_code: str, beside: Sequence[StatementView], *, shown: StatementView | None = None
) -> Card:
    """The card of an indicator at a place, made of all that pages say of it in one period, newest issue first.

    `shown`: the statement whose card it is, which stands for its measure. A growth over the month before, or of
    another whole, is not the growth.
    """
    of_here = (one for one in beside if (one.region_code or "") == region_code)
    here = [one for one in of_here if actuality_of(one) is not Actuality.TARGET]
    plain = [one for one in here if not one.versus and not _versus(one, _figure(one))]
    level = _first(plain, _LEVELS, shown)
    growth = _first(plain, (Type.GROWTH,), shown)
    known = dictionary().get(indicator_key)
    name = shown.indicator if shown is not None else ""
    region = next((one.region for one in (shown, *here) if one is not None and one.region), "")
    wider = wider_than(region_code)
    gaps = [one for one in here if one.type is Type.GAP]
    growths = [one for one in beside if one.type is Type.GROWTH and one.region_code in wider]
    chosen = [shown] if shown is not None else [one for one in (level, growth) if one is not None]
    same = [one for one in beside if any(_says_the_same(one, other) for other in chosen)]
    return Card(
        indicator_key=indicator_key,
        indicator=known.zh if known else name,
        indicator_en=known.en if known else name,
        region_code=region_code,
        region=region,
        level=level,
        growth=growth,
        against=(*_each_once(growths), *_each_once(gaps)),
        ranks=_each_once(one for one in here if one.type is Type.RANK),
        same=tuple({one.id: one for one in same}.values()),
    )


def wider_than(region_code: str) -> frozenset[str]:
    """The prefecture, the province and the country that a division lies in, by the make of its code."""
    if len(region_code) != 6:
        return frozenset()
    wider = {f"{region_code[:4]}00", f"{region_code[:2]}0000", "CN"}
    return frozenset(wider - {region_code})


def _first(found: Sequence[StatementView], types: Sequence[Type], shown: StatementView | None) -> StatementView | None:
    """The one that is shown if it is of these types, else of the newest page the surest."""
    if shown is not None and shown.type in types:
        return shown
    of_them = [one for one in found if one.type in types]
    newest = [one for one in of_them if one.page == of_them[0].page]
    return max(newest, key=lambda one: one.confidence, default=None)


def _each_once(found: Iterable[StatementView]) -> tuple[StatementView, ...]:
    """Of those that say one thing, the newest."""
    kept: dict[tuple[object, ...], StatementView] = {}
    for one in found:
        kept.setdefault((one.type, one.region_code, one.versus, one.subject, one.indicator, one.base_value), one)
    return tuple(kept.values())


def _says_the_same(one: StatementView, other: StatementView) -> bool:
    """The same number of the same place and measure, on another page."""
    mine = (one.type, one.region_code, one.base_value, one.base_unit, one.period)
    theirs = (other.type, other.region_code, other.base_value, other.base_unit, other.period)
    return mine == theirs and one.page != other.page
