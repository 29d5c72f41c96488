"""Checks over a whole and its parts: sums, parts and shares, and what a part contributed to the growth of the whole.

Problem: growth is printed at constant prices, levels at current ones. A part of 3.1 of 9.0 that grew by 14% while all
grew by 6% contributed, by these figures, (3.1 - 3.1/1.14) / (9.0 - 9.0/1.06) = 75%; the paper prints 80%. Nothing is
wrong: the office reckons with last year's prices, and the reader who calls it an error has never seen a pork cycle.

    nominal: contribution = (a - a/(1+ga)) / (t - t/(1+gt))            holds for customs values, revenue, investment
    real:    contribution = w x ga / gt, w the weight of the part a year ago at the prices of that year
             80 x 6/14 = 34.3% against 3.1/1.14 over 9.0/1.06 = 32.0%: prices may do that, so "explained";
             8.0% or 160% would need a weight of 3% or 69%, and fails

Therefore the nominal identity is tried first; where it fails and the growth is not known to be nominal, the weight that
the real one asks for is compared with the weight of the levels. A sum that fails gets its smallest repair (repair.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from sundry.engines.reading.checking import (
    Facts,
    Note,
    about,
    compared,
    distance,
    is_called,
    is_named_alike,
    made,
    verdict,
)
from sundry.engines.reading.checks_growth import is_nominal
from sundry.engines.reading.figures import Figure, tables
from sundry.engines.reading.indicators import dictionary
from sundry.engines.reading.intervals import Interval, exactly, rounded
from sundry.engines.reading.model import Check, Outcome, Span, Type
from sundry.engines.reading.repair import Printed, repairs_of

_LEVELS = (Type.LEVEL, Type.COUNT)
_HUNDRED = exactly(100)
_ONE = exactly(1)
_PART = r"\d{1,2}(?:\.\d{1,2})?"
_STRUCTURE = re.compile(
    rf"产业(?:增加值)?(?:结构|比例|比重)(?:之?比|比例)?[^。；\n]{{0,40}}?(?:为|达到?)(?P<a>{_PART})[：:∶](?P<b>{_PART})[：:∶](?P<c>{_PART})"
    r"(?!\d|\.\d)"
)
_OF_TARGET = "target"  # what the reader says a share of a target is of
_CHANGES = ("增加数", "减少数", "增加额", "减少额")
_CLOSE = 200  # characters within which a part that names no place is of the place of its whole
_NEAR = 3000  # characters: a share and its whole stand in one article
_NAMED_IN_QUOTE = 0.6  # of the pairs of characters of the whole's name: a 业 or a 总 may be dropped the second time


def parts_checks(facts: Facts) -> Iterator[Check]:
    yield from _sums(facts)
    yield from _structures(facts)
    for share in facts.of(Type.SHARE):
        yield from _share(facts, share)
    for figure in facts.of(Type.CONTRIBUTION):
        yield from _contribution(facts, figure)
    for figure in facts.of(Type.PULL):
        yield from _pull(facts, figure)


def _sums(facts: Facts) -> Iterator[Check]:
    seen: set[tuple[int, int]] = set()
    for whole in facts.of(*_LEVELS):
        if _is_mean(whole):
            continue
        for parts, missing in _known_parts(facts, whole):
            seen |= {(whole.index, part.index) for part in parts}
            yield from _parts(whole, parts, is_complete=missing == 0, missing=missing)
        listed = [part for part in _listed_parts(facts, whole) if (whole.index, part.index) not in seen]
        if listed:
            yield from _parts(whole, listed, is_complete=False, missing=None)


def _is_mean(figure: Figure) -> bool:
    """人均收入, 价格, 失业率: what is no sum of its parts, and may be less than one of them."""
    return any(word in figure.statement.indicator for word in tables()["means"])


def _is_change(figure: Figure) -> bool:
    """比上年增加0.6万亩: a difference in number, under a name of its own."""
    return figure.statement.indicator.endswith(_CHANGES)


def _known_parts(facts: Facts, whole: Figure) -> Iterator[tuple[list[Figure], int | None]]:
    """What the dictionary says the whole consists of, as far as it is printed, and how many are missing (None: never
    all)."""
    for entry in _wholes():
        if not is_called(whole, entry["whole"]):
            continue
        found = [_part(facts, whole, name) for name in entry["parts"]]
        parts = [part for part in found if part is not None]
        if parts:
            yield parts, len(found) - len(parts) if entry["complete"] else None


@cache
def _wholes() -> tuple[dict[str, Any], ...]:
    """What consists of what: checks.yaml, and of the dictionary of indicators what is not in it."""
    ours: list[dict[str, Any]] = tables()["wholes"]
    names = {name for entry in ours for name in entry["whole"]}
    others = [
        {"whole": [key], "parts": list(indicator.parts), "complete": False}
        for key, indicator in dictionary().items()
        if indicator.parts and indicator.zh not in names
    ]
    return *ours, *others


def _part(facts: Facts, whole: Figure, name: str) -> Figure | None:
    named = facts.called([name], *_LEVELS)
    fitting = [figure for figure in named if figure is not whole and _is_beside(whole, figure)]
    return min(fitting, key=lambda figure: distance(whole, figure), default=None)


def _is_beside(whole: Figure, part: Figure) -> bool:
    """Of one place and period, in one unit, both reached or both aimed at."""
    return (
        part.base == whole.base
        and _is_of_place(whole, part)
        and part.statement.period == whole.statement.period
        and part.is_target == whole.is_target
    )


def _is_of_place(whole: Figure, part: Figure) -> bool:
    return part.place == whole.place or (not part.place and distance(whole, part) <= _CLOSE)


def _listed_parts(facts: Facts, whole: Figure) -> list[Figure]:
    """What follows 其中 in the sentence whose last level before it is `whole`."""
    end = facts.sentence(whole)[1]
    own_end = whole.statement.spans[-1][1]
    among = facts.text.find("其中", own_end, end)
    if among < 0:
        return []
    if _is_change(whole):
        return []
    levels = [
        figure
        for figure in facts.between(own_end, end, *_LEVELS)
        if figure.base == whole.base and not _is_change(figure)
    ]
    if any(figure.statement.spans[-1][0] < among for figure in levels):
        return []  # another level stands between: its parts, not ours
    stop = facts.text.find("其中", among + 2, end)
    stop = end if stop < 0 else stop
    return [f for f in levels if among <= f.statement.spans[-1][0] < stop and _is_beside(whole, f)]


def _parts(whole: Figure, parts: Sequence[Figure], *, is_complete: bool, missing: int | None) -> Iterator[Check]:
    for part in parts:
        over = (
            part.interval.low is not None
            and whole.interval.high is not None
            and part.interval.low > whole.interval.high
        )
        if over:
            yield made(
                "part",
                Outcome.FAILS,
                Note.PART_OVER_WHOLE,
                [part, whole],
                Interval(None, whole.interval.high),
                stated=part,
            )
    total, guess = parts[0].interval, parts[0].point
    for part in parts[1:]:
        total = total + part.interval
        guess = None if guess is None or part.point is None else guess + part.point
    if is_complete and len(parts) > 1:
        check = compared("sum", whole, parts, total, guess)
        yield _mended(check, whole, parts, Note.CANNOT_BE) if check.outcome == Outcome.FAILS else check
        return
    overlap = any(word in part.statement.indicator for word in tables()["overlapping"] for part in parts)
    if overlap and len(parts) > 1:
        return
    is_over = total.low is not None and whole.interval.high is not None and total.low > whole.interval.high
    if is_over and len(parts) > 1:
        yield _mended(compared("sum", whole, parts, total, guess), whole, parts, Note.SUM_OVER_WHOLE)
    elif not is_over:
        # The known parts are at most the whole; if they are all of it, their sum says so.
        kind = "sum" if len(parts) > 1 and whole.interval.meets(total) else "part"
        yield made(kind, Outcome.HOLDS, Note.AGREES, [whole, *parts], total, stated=whole, guess=guess)
        if missing == 1 and guess is not None and whole.point is not None:
            yield made(
                "sum", Outcome.IMPLIED, Note.MISSING_PART, [whole, *parts], whole.interval - total,
                guess=whole.point - guess, unit=whole.statement.unit, factor=whole.factor,
                values=about(whole),
            )  # fmt: skip


def _mended(check: Check, whole: Figure, parts: Sequence[Figure], note: Note) -> Check:
    """The failed sum with its smallest repair, in the printed unit of the whole."""
    figures = [_printed(part, whole) for part in parts if part.point is not None]
    repair, values = "", dict(check.values)
    if whole.point is not None and len(figures) == len(parts):
        found = repairs_of(figures, _printed(whole, whole))
        if found:
            repair = found[0].written
            values |= {"repaired_sum": format(found[0].total, "f"), "repairs": str(len(found))}
    return Check(
        check.kind, Outcome.FAILS, check.spans, check.stated, check.derived, note, repair, values, check.statements
    )


def _structures(facts: Facts) -> Iterator[Check]:
    """三次产业结构为8.5：37.0：54.5: together 100, and each the share of its industry where the levels are printed."""
    for match in _STRUCTURE.finditer(facts.text):
        shares = [Printed(Decimal(part), len(part.partition(".")[2])) for part in match.group("a", "b", "c")]
        total = sum((share.value for share in shares), Decimal(0))
        interval = rounded(shares[0].value, shares[0].decimals)
        for share in shares[1:]:
            interval = interval + rounded(share.value, share.decimals)
        hundred = Decimal(100)
        is_right = hundred in interval
        outcome = Outcome.HOLDS if total == hundred else Outcome.EXPLAINED if is_right else Outcome.FAILS
        note = {Outcome.HOLDS: Note.AGREES, Outcome.EXPLAINED: Note.WITHIN_ROUNDING}.get(outcome, Note.CANNOT_BE)
        repairs = () if is_right else repairs_of(shares, Printed(hundred, 1))
        span = match.start("a"), match.end("c")
        yield Check(
            "sum", outcome, (span,), facts.text[slice(*span)], interval.ends, note,
            repair=repairs[0].written if repairs else "", values={"guess": f"{total:f}", "unit": "%"},
        )  # fmt: skip
        yield from _structure_of_levels(facts, span, shares)


def _structure_of_levels(facts: Facts, span: Span, shares: Sequence[Printed]) -> Iterator[Check]:
    product = tables()["wholes"][0]
    near = facts.between(max(0, span[0] - _NEAR), span[0], Type.LEVEL)
    whole = next((figure for figure in reversed(near) if is_called(figure, product["whole"])), None)
    parts = [part for name in product["parts"] if whole is not None and (part := _part(facts, whole, name)) is not None]
    if whole is None or len(parts) != len(shares):
        return
    derived = [part.interval / whole.interval * _HUNDRED for part in parts]
    stated = [rounded(share.value, share.decimals) for share in shares]
    is_right = all(one.meets(other) for one, other in zip(stated, derived, strict=True))
    outcome, note = (Outcome.HOLDS, Note.AGREES) if is_right else (Outcome.FAILS, Note.CANNOT_BE)
    check = made("share", outcome, note, [whole, *parts], derived[0], unit="%")
    yield replace(check, spans=(span, *check.spans), stated=facts.text[slice(*span)])


def _printed(figure: Figure, whole: Figure) -> Printed:
    """In the unit of the whole: 4200万元 beside 亿元 is 0.4200, of which the last two digits are digits too."""
    moved = (whole.factor / figure.factor).adjusted()
    return Printed((figure.point or Decimal(0)) / whole.factor, max(0, figure.decimals + moved))


def _share(facts: Facts, share: Figure) -> Iterator[Check]:
    if share.statement.versus == _OF_TARGET:
        yield from _progress(facts, share)
        return
    whole = _whole(facts, share, _LEVELS)
    part = next((level for level in facts.alike(share, *_LEVELS) if level.base != "%"), None)
    ratio = share.interval / _HUNDRED
    if share.interval.low is not None and share.interval.low > 100:
        yield made("share", Outcome.FAILS, Note.OUT_OF_BAND, [share], Interval(Decimal(0), Decimal(100)), stated=share)
    elif part is not None and whole is not None and part.base == whole.base:
        guess = part.point / whole.point * 100 if part.point is not None and whole.point else None
        yield compared("share", share, [part, whole], part.interval / whole.interval * _HUNDRED, guess)
    elif part is not None:
        guess = part.point / share.point * 100 if part.point is not None and share.point else None
        yield _implied_level(part, share, part.interval / ratio, guess, Note.MISSING_WHOLE)
    elif whole is not None and share.statement.versus:
        guess = whole.point * share.point / 100 if whole.point is not None and share.point is not None else None
        yield _implied_level(whole, share, whole.interval * ratio, guess, Note.MISSING_PART)


def _progress(facts: Facts, share: Figure) -> Iterator[Check]:
    """完成年度目标的45%: what was reached by what was aimed at; without the target it follows."""
    reached = next((level for level in facts.alike(share, *_LEVELS) if level.base != "%"), None)
    if reached is None:
        return
    aims = [f for f in facts.named_alike(reached, *_LEVELS) if f.is_target and f.base == reached.base]
    aim = next((figure for figure in aims if figure.place == reached.place), None)
    if aim is None:
        guess = reached.point / share.point * 100 if reached.point is not None and share.point else None
        derived = reached.interval / (share.interval / _HUNDRED)
        yield _implied_level(reached, share, derived, guess, Note.MISSING_TARGET)
    else:
        guess = reached.point / aim.point * 100 if reached.point is not None and aim.point else None
        yield compared("share", share, [reached, aim], reached.interval / aim.interval * _HUNDRED, guess)


def _implied_level(level: Figure, share: Figure, derived: Interval, guess: Decimal | None, note: Note) -> Check:
    values = about(level if note == Note.MISSING_WHOLE else share) | {"type": str(level.statement.type)}
    if note == Note.MISSING_WHOLE:
        whole = share.statement.versus or ""
        known = dictionary().get(whole)
        values |= {"indicator": known.zh if known else whole, "key": whole if known else ""}
    return made(
        "share", Outcome.IMPLIED, note, [level, share], derived, guess=guess, unit=level.statement.unit,
        factor=level.factor, values=values,
    )  # fmt: skip


def _whole(facts: Facts, part: Figure, types: Sequence[Type]) -> Figure | None:
    """The whole that a share, a contribution or a pull speaks of: as the reader says, as its sentence names it, or as
    the dictionary knows it."""
    at = part.statement.spans[-1][0]
    near = facts.between(at - _NEAR, at + _NEAR, *types)
    same = [
        figure
        for figure in near
        if not is_named_alike(figure, part)
        and figure.statement.period == part.statement.period
        and _is_of_place(figure, part)
    ]
    versus = part.statement.versus or ""
    keyed = [figure for figure in same if versus and figure.statement.indicator_key == versus]
    if keyed:
        return min(keyed, key=lambda figure: distance(figure, part))
    said = versus if any("一" <= character <= "鿿" for character in versus) else part.statement.quote
    named = [
        (_named(figure.name, said), len(figure.name), -distance(figure, part), figure.index, figure) for figure in same
    ]
    fitting = [entry for entry in named if entry[0] >= _NAMED_IN_QUOTE]
    if fitting:
        return max(fitting)[-1]
    parents = [entry["whole"] for entry in tables()["wholes"] if is_called(part, entry["parts"])]
    known = [figure for figure in same if any(is_called(figure, parent) for parent in parents)]
    return min(known, key=lambda figure: distance(figure, part), default=None)


def _named(name: str, said: str) -> float:
    """Which part of the pairs of characters of a name is said."""
    pairs = {name[i : i + 2] for i in range(len(name) - 1)}
    return sum(pair in said for pair in pairs) / len(pairs) if pairs else 0.0


def _contribution(facts: Facts, stated: Figure) -> Iterator[Check]:
    part_growth = next(iter(facts.alike(stated, Type.GROWTH)), None)
    whole_growth = _whole(facts, stated, [Type.GROWTH])
    if part_growth is None or whole_growth is None:
        return
    part = next((level for level in facts.alike(stated, *_LEVELS) if level.base != "%"), None)
    whole = next((level for level in facts.alike(whole_growth, *_LEVELS) if level.base != "%"), None)
    if part is None or whole is None or part.base != whole.base:
        yield from _weight_only(stated, part_growth, whole_growth)
        return
    derived = _increase(part, part_growth) / _increase(whole, whole_growth) * _HUNDRED
    guess = _quotient(_grown(part, part_growth), _grown(whole, whole_growth))
    yield _by_basis("contribution", stated, (part, part_growth, whole, whole_growth), derived, guess)


def _pull(facts: Facts, stated: Figure) -> Iterator[Check]:
    """Percentage points of the whole's growth: contribution x growth of the whole, or increase / whole a year ago."""
    whole_growth = _whole(facts, stated, [Type.GROWTH])
    contribution = next(iter(facts.alike(stated, Type.CONTRIBUTION)), None)
    if contribution is not None and whole_growth is not None:
        guess = None
        if contribution.point is not None and whole_growth.point is not None:
            guess = contribution.point * whole_growth.point / 100
        derived = contribution.interval * whole_growth.interval / _HUNDRED
        yield compared("pull", stated, [contribution, whole_growth], derived, guess)
        return
    part_growth = next(iter(facts.alike(stated, Type.GROWTH)), None)
    part = next((level for level in facts.alike(stated, *_LEVELS) if level.base != "%"), None)
    if whole_growth is None or part_growth is None or part is None:
        return
    whole = next((level for level in facts.alike(whole_growth, *_LEVELS) if level.base == part.base), None)
    if whole is None:
        return
    before = whole.interval / (_ONE + whole_growth.interval / _HUNDRED)
    guess = _quotient(_grown(part, part_growth), _earlier(whole, whole_growth))
    derived = _increase(part, part_growth) / before * _HUNDRED
    yield _by_basis("pull", stated, (part, part_growth, whole, whole_growth), derived, guess)


def _increase(level: Figure, growth: Figure) -> Interval:
    """What was added within the year, nominal: level x (1 - 1/(1+g)); each of the two is used once, so it is tight."""
    return level.interval * (_ONE - _ONE / (_ONE + growth.interval / _HUNDRED))


def _earlier(level: Figure, growth: Figure) -> Decimal | None:
    """The level of a year ago as printed figures give it; None where one is no single number, or all was lost."""
    if level.point is None or growth.point is None or growth.point == -100:
        return None
    return level.point / (1 + growth.point / 100)


def _grown(level: Figure, growth: Figure) -> Decimal | None:
    earlier = _earlier(level, growth)
    return None if earlier is None or level.point is None else level.point - earlier


def _quotient(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return one / other * 100 if one is not None and other else None


def _by_basis(
    kind: str,
    stated: Figure,
    used: tuple[Figure, Figure, Figure, Figure],
    derived: Interval,
    guess: Decimal | None,
) -> Check:
    outcome, note = verdict(stated, derived, guess)
    _, part_growth, _, whole_growth = used
    values: dict[str, str] = {}
    if outcome == Outcome.FAILS and not (is_nominal(part_growth) and is_nominal(whole_growth)):
        asked, weight = _weights(kind, stated, used)
        drift = Decimal(tables()["price_drift"])
        believed = weight * Interval(1 / (1 + drift), 1 + drift)
        values = {"weight_asked": _percent(asked), "weight_of_levels": _percent(weight)}
        if asked.meets(believed) and asked.meets(Interval(Decimal(0), Decimal(1))):
            outcome, note = Outcome.EXPLAINED, Note.PRICE_BASIS
    return made(kind, outcome, note, [stated, *used], derived, stated=stated, guess=guess, values=values)


def _weights(kind: str, stated: Figure, used: tuple[Figure, Figure, Figure, Figure]) -> tuple[Interval, Interval]:
    """The weight of the part a year ago that the real identity asks for, and the one that the levels give."""
    part, part_growth, whole, whole_growth = used
    asked = stated.interval / part_growth.interval
    if kind == "contribution":
        asked = stated.interval / _HUNDRED * whole_growth.interval / part_growth.interval
    before = part.interval / (_ONE + part_growth.interval / _HUNDRED)
    return asked, before / (whole.interval / (_ONE + whole_growth.interval / _HUNDRED))


def _percent(weight: Interval) -> str:
    middle = weight.middle
    return "" if middle is None else format((middle * 100).quantize(Decimal("0.1")), "f")


def _weight_only(stated: Figure, part_growth: Figure, whole_growth: Figure) -> Iterator[Check]:
    """Without levels: contribution x growth of all / growth of the part is a weight, so it lies between 0 and 100%."""
    weight = stated.interval * whole_growth.interval / part_growth.interval
    if weight.low is None or weight.high is None:
        return
    if weight.meets(Interval(Decimal(0), Decimal(100))):
        yield made(
            "contribution", Outcome.IMPLIED, Note.RATIO, [stated, part_growth, whole_growth], weight,
            guess=weight.middle, unit="%", values=about(stated) | {"type": "weight"},
        )  # fmt: skip
    else:
        band = Interval(Decimal(0), Decimal(100))
        yield made(
            "contribution", Outcome.FAILS, Note.OUT_OF_BAND, [stated, part_growth, whole_growth], band, stated=stated
        )
