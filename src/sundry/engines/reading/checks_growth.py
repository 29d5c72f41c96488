"""Checks over growth rates: a gap to another region, a change against another period, turned signs, growth of levels.

Problem: 高于全省1.4个百分点 is a claim about two growth rates; often only one of them is printed, and then the sentence
says more than it seems to: the other one.

    ours 6.9%, the province (5.5%), 1.4 above       6.9 - 5.5 = 1.4                     holds
    ours 6.9%, 1.4 above the province               6.9 - 1.4 = 5.5 for the province    implied
    up 9.2%, 11.0 points more than a year before    9.2 - 11.0 = -1.8, so 由负转正      holds
    4.6 of anything after growing by 15%            4.6 / 1.15 = 4.0 a year ago         implied, of nominal figures only

Therefore each gap and each change is set against the two growth rates it speaks of, or gives the one that is missing.
A level of last year follows only where levels and growth have the same prices: nominal money, or things that are
counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from sundry.engines.reading.checking import Facts, Note, about, compared, made
from sundry.engines.reading.figures import Figure, name_of, tables
from sundry.engines.reading.intervals import Interval, exactly
from sundry.engines.reading.model import Basis, Check, Outcome, Statement, Type

_LEVELS = (Type.LEVEL, Type.COUNT)
_TURNS = (
    (re.compile("由负转正|由降转升|由降转增|由跌转涨|降转增|负转正|止跌回升|扭亏|转正"), -1, 1),
    (re.compile("由正转负|由升转降|由增转降|由涨转跌|正转负|转负"), 1, -1),
)
_HUNDRED = exactly(100)


def growth_checks(facts: Facts) -> Iterator[Check]:
    for gap in facts.of(Type.GAP):
        yield from _gap(facts, gap)
    for delta in facts.of(Type.GROWTH_DELTA):
        yield from _delta(facts, delta)
    for index, statement in enumerate(facts.statements):
        if statement.type == Type.QUALITATIVE:
            yield from _qualitative(facts, index, statement)
    for growth in facts.of(Type.GROWTH):
        yield from _levels(facts, growth)


def _gap(facts: Facts, gap: Figure) -> Iterator[Check]:
    versus = gap.statement.versus
    if not versus or versus in (gap.place, gap.statement.subject):
        return  # 全市 of a county's paper, read as the county: nothing is above itself
    ours = facts.alike(gap, Type.GROWTH)
    theirs = facts.alike(gap, Type.GROWTH, place=versus)
    yield from _difference(gap, ours, theirs, "gap", Note.OTHER_REGION, place=versus, period=gap.statement.period or "")


def _delta(facts: Facts, delta: Figure) -> Iterator[Check]:
    versus = delta.statement.versus
    if not versus or versus == delta.statement.period:
        return
    now = facts.alike(delta, Type.GROWTH)
    then = facts.alike(delta, Type.GROWTH, period=versus)
    yield from _difference(delta, now, then, "delta", Note.EARLIER_GROWTH, place=delta.place, period=versus)


def _difference(
    stated: Figure, ours: list[Figure], theirs: list[Figure], kind: str, note: Note, place: str, period: str
) -> Iterator[Check]:
    if ours and theirs:
        one, other = ours[0], theirs[0]
        guess = None if one.point is None or other.point is None else one.point - other.point
        yield compared(kind, stated, [one, other], one.interval - other.interval, guess)
        return
    known = next(iter(ours or theirs), None)
    if known is None:
        return
    derived = known.interval - stated.interval if ours else known.interval + stated.interval
    guess = None
    if known.point is not None and stated.point is not None:
        guess = known.point - stated.point if ours else known.point + stated.point
    low, high = (Decimal(end) for end in tables()["growth_usual"])
    is_usual = guess is None or low <= guess <= high
    values = about(stated, place, period) if ours else about(stated)
    values |= {"type": "growth", "why": str(note)}
    yield made(
        kind, Outcome.IMPLIED, note if is_usual else Note.UNUSUAL, [stated, known], derived,
        guess=guess, unit="%", values=values,
    )  # fmt: skip


def _qualitative(facts: Facts, index: int, statement: Statement) -> Iterator[Check]:
    for pattern, before, after in _TURNS:
        if pattern.search(statement.quote):
            yield from _turn(facts, index, statement, before, after)
            return


def _turn(facts: Facts, index: int, statement: Statement, before: int, after: int) -> Iterator[Check]:
    """由负转正: the growth before is negative, printed or reckoned from the change, and the growth now positive."""
    pivot = Figure(index, statement, exactly(0), None, "%", Decimal(1), 0, name_of(statement.indicator), None)
    now = next(iter(facts.alike(pivot, Type.GROWTH)), None)
    if now is None:
        return
    delta = next(iter(facts.alike(pivot, Type.GROWTH_DELTA)), None)
    others = [now]
    then: Interval | None = None
    guess: Decimal | None = None
    if delta is not None:
        printed = facts.alike(pivot, Type.GROWTH, period=delta.statement.versus) if delta.statement.versus else []
        then = printed[0].interval if printed else now.interval - delta.interval
        others.append(printed[0] if printed else delta)
        if now.point is not None and delta.point is not None:
            guess = printed[0].point if printed else now.point - delta.point
    is_right = _may_be(now.interval, after) and (then is None or _may_be(then, before))
    outcome, note = (Outcome.HOLDS, Note.SIGN_AGREES) if is_right else (Outcome.FAILS, Note.SIGN_DIFFERS)
    yield made("sign", outcome, note, [pivot, *others], then, guess=guess, unit="%")


def _may_be(interval: Interval, sign: int) -> bool:
    return (interval.high is None or interval.high > 0) if sign > 0 else (interval.low is None or interval.low < 0)


def _levels(facts: Facts, growth: Figure) -> Iterator[Check]:
    """Growth against the levels of two years, or the level of a year ago from growth and level."""
    if growth.months is None or growth.base != "%":
        return
    now = next((level for level in facts.alike(growth, *_LEVELS) if level.base != "%"), None)
    if now is None:
        return
    earlier = [
        level
        for level in facts.named_alike(now, *_LEVELS)
        if level.months == (growth.months[0] - 12, growth.months[1] - 12)
        and level.base == now.base
        and level.place == now.place
        and not level.is_target
    ]
    ratio = exactly(1) + growth.interval / _HUNDRED
    if earlier:
        yield _growth_of_levels(growth, now, earlier[0])
    elif is_nominal(growth) or "元" not in now.base:  # what is counted or weighed has no prices
        derived = now.interval / ratio
        guess = None
        if now.statement.value is not None and growth.point is not None and growth.point != -100:
            guess = now.statement.value * now.factor / (1 + growth.point / 100)
        yield made(
            "base", Outcome.IMPLIED, Note.EARLIER_LEVEL, [now, growth], derived, guess=guess, unit=now.statement.unit,
            factor=now.factor, values=about(now, period=_year_before(now.statement.period or "")),
        )  # fmt: skip


def _growth_of_levels(growth: Figure, now: Figure, then: Figure) -> Check:
    derived = (now.interval / then.interval - exactly(1)) * _HUNDRED
    guess = None
    if now.point is not None and then.point:
        guess = (now.point / then.point - 1) * 100
    check = compared("growth", growth, [now, then], derived, guess)
    if check.outcome == Outcome.FAILS and not is_nominal(growth) and _is_price_like(growth, derived):
        return made(
            "growth", Outcome.EXPLAINED, Note.PRICE_BASIS, [growth, now, then], derived, stated=growth, guess=guess
        )
    return check


def is_nominal(figure: Figure) -> bool:
    return figure.statement.basis == Basis.NOMINAL


def _is_price_like(growth: Figure, derived: Interval) -> bool:
    """Whether prices may be what lies between: a change by less than the drift that is believed."""
    drift = Decimal(tables()["price_of_year"]) * 100
    return growth.interval.meets(derived + Interval(-drift, drift))


def _year_before(period: str) -> str:
    return re.sub(r"\d{4}", lambda match: str(int(match[0]) - 1), period)
