"""Checks along the year and across two kinds of figures: cumulative paths, and ratios that can only be so large.

Problem: from January to February output grew by 10.4%, in the first quarter by 9.6%. Nobody prints March, but it is
said:

    9.6 = 2/3 x 10.4 + 1/3 x m   ->   m = 8.0; as March is between 28% and 40% of the quarter's base: 7.5 to 8.5
    4.1万吨 from 10.8万亩 is 380 kg per mu of wheat: possible; 41万吨 would be 3,800: not on this earth

Therefore cumulative figures of one January are set side by side: a level never falls as months are added, the months
between follow from the difference, and two figures with a known kind of ratio (checks.yaml) must lie within its band.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from sundry.engines.reading.checking import Facts, Note, about, distance, made
from sundry.engines.reading.figures import Figure, tables
from sundry.engines.reading.intervals import Interval, exactly
from sundry.engines.reading.model import Check, Outcome, Type

_LEVELS = (Type.LEVEL, Type.COUNT)
_HARVEST = re.compile("(?:总产量|产量|总产)$")
_FIELD = re.compile("(?:播种面积|种植面积|采摘面积|收获面积|总面积|面积)$")
_BARE = re.compile("总产量|产量|总产|播种|种植|采摘|收获|总?面积|目标|确定为?|计划|力争|全年|今年|[为是约达]|实现|完成")
_SIDE_BY_SIDE = 30  # characters
_CLOSE = 150  # characters
_UNDERS_MAX = 50
_WHOLE_LOSS = Interval(Decimal(-100), None)


def path_checks(facts: Facts) -> Iterator[Check]:
    for types in ((Type.LEVEL, Type.COUNT), (Type.GROWTH,)):
        for path in _paths(facts, types).values():
            for short, long in combinations([path[last] for last in sorted(path)], 2):
                yield from _growths(short, long) if types == (Type.GROWTH,) else _levels(short, long)
    yield from _ratios(facts)
    yield from _yields(facts)


def _paths(facts: Facts, types: tuple[Type, ...]) -> dict[tuple[object, ...], dict[int, Figure]]:
    """Figures of one indicator, place and unit that begin with one January, by their last month."""
    paths: dict[tuple[object, ...], dict[int, Figure]] = {}
    for figure in facts.of(*types):
        if figure.months is None or figure.months[0] % 12 or figure.is_target or "stock" in figure.statement.kind:
            continue
        name = figure.statement.indicator_key or figure.name
        key = (name, figure.place, figure.base, figure.statement.type, figure.months[0], figure.way)
        paths.setdefault(key, {}).setdefault(figure.months[1], figure)
    return paths


def _between(short: Figure, long: Figure) -> str:
    """The months that the longer figure has and the shorter has not, as a period."""
    assert short.months is not None
    assert long.months is not None
    first, last = short.months[1] + 1, long.months[1]
    ends = [f"{month // 12}-{month % 12 + 1:02d}" for month in (first, last)]
    return ends[0] if first == last else "/".join(ends)


def _levels(short: Figure, long: Figure) -> Iterator[Check]:
    derived = long.interval - short.interval
    if derived.high is not None and derived.high < 0:
        yield made(
            "path", Outcome.FAILS, Note.PATH_FALLS, [long, short], Interval(short.interval.low, None), stated=long
        )
        return
    guess = None if long.point is None or short.point is None else long.point - short.point
    yield made(
        "path", Outcome.IMPLIED, Note.MISSING_MONTHS, [long, short], derived, guess=guess, unit=long.statement.unit,
        factor=long.factor, values=about(long, period=_between(short, long)),
    )  # fmt: skip


def _growths(short: Figure, long: Figure) -> Iterator[Check]:
    """Growth of the months between: g_short + (g_long - g_short) / w, where w is their part of the base."""
    assert short.months is not None
    assert long.months is not None
    part = Decimal(long.months[1] - short.months[1]) / (long.months[1] - long.months[0] + 1)
    low, high = (Decimal(end) * 3 for end in tables()["month_of_quarter"])  # 1: as many days as any month
    weight = Interval(part * low, min(Decimal(1), part * high))
    derived = short.interval + (long.interval - short.interval) / weight
    guess = None
    if short.point is not None and long.point is not None:
        guess = short.point + (long.point - short.point) / part
    values = about(long, period=_between(short, long))
    if not derived.meets(_WHOLE_LOSS):
        yield made(
            "path", Outcome.FAILS, Note.OUT_OF_BAND, [long, short], derived, guess=guess, unit="%", values=values
        )
        return
    ends = [Decimal(end) for end in tables()["growth_usual"]]
    note = Note.MISSING_MONTHS if guess is None or ends[0] <= guess <= ends[1] else Note.UNUSUAL
    yield made("path", Outcome.IMPLIED, note, [long, short], derived, guess=guess, unit="%", values=values)


def _ratios(facts: Facts) -> Iterator[Check]:
    for entry in tables()["ratios"]:
        unders = facts.called(entry["under"], *_LEVELS)[:_UNDERS_MAX]
        for over in facts.called(entry["over"], *_LEVELS) if unders else []:
            under = min((f for f in unders if _is_pair(over, f)), key=lambda f: distance(over, f), default=None)
            if under is not None and _has_units(over, under, entry["unit"]):
                yield _ratio(over, under, entry)


def _yields(facts: Facts) -> Iterator[Check]:
    """Tons by mu of one crop, whatever it is called."""
    grown = [f for f in facts.of(*_LEVELS) if f.base == "吨" and _HARVEST.search(f.name)]
    fields = [f for f in facts.of(*_LEVELS) if f.base == "亩" and _FIELD.search(f.name)]
    for over in grown[:_UNDERS_MAX]:
        unders = [f for f in fields[:_UNDERS_MAX] if _are_of_one_crop(over, f) and _is_pair(over, f)]
        under = min(unders, key=lambda figure: distance(over, figure), default=None)
        if under is not None:
            low, high = (_crop(over) if _crop(over)[0] else _crop(under))[1:]
            yield _ratio(over, under, {"key": "yield", "times": "1000", "unit": "公斤/亩", "band": [low, high]})


def _crop(figure: Figure) -> tuple[str, str, str]:
    """The crop that a name speaks of, "" where it names none, with its band."""
    crop, low, high = next(entry for entry in tables()["crops"] if entry[0] in figure.name)
    # What is no crop of the list is told by its own words: 肉类 and 油菜籽 have no yield together.
    return crop or _BARE.sub("", figure.name), low, high


def _are_of_one_crop(one: Figure, other: Figure) -> bool:
    """Of the same crop, or close together where one of the two leaves it out."""
    crops = {_crop(one)[0], _crop(other)[0]}
    return len(crops) == 1 if "" not in crops else len(crops) <= 2 and distance(one, other) <= _CLOSE


def _is_pair(over: Figure, under: Figure) -> bool:
    same_period = over.statement.period == under.statement.period or under.months is None
    # 目标面积5万亩、产量2万吨: the word may be said once for both.
    is_one_aim = over.is_target == under.is_target or distance(over, under) <= _SIDE_BY_SIDE
    return over.place == under.place and same_period and is_one_aim


def _has_units(over: Figure, under: Figure, unit: str) -> bool:
    """公斤/亩 is of 吨 and 亩; 元/笔 of 元 and 笔."""
    left, _, right = unit.partition("/")
    return over.base == ("吨" if left == "公斤" else left) and under.base == right


def _ratio(over: Figure, under: Figure, entry: dict[str, object]) -> Check:
    times = Decimal(str(entry["times"]))
    derived = over.interval / under.interval * exactly(times)
    ends = entry["band"]
    assert isinstance(ends, list)
    band = Interval(Decimal(ends[0]), Decimal(ends[1]))
    values = {"rule": str(entry["key"]), "band": f"{ends[0]}..{ends[1]}"}
    guess = None
    if over.statement.value is not None and under.statement.value:
        guess = over.statement.value * over.factor / (under.statement.value * under.factor) * times
    is_right = derived.meets(band)
    outcome, note = (Outcome.HOLDS, Note.RATIO) if is_right else (Outcome.FAILS, Note.OUT_OF_BAND)
    return made("yield", outcome, note, [over, under], derived, guess=guess, unit=str(entry["unit"]), values=values)
