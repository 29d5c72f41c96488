"""The same figure said twice: in the headline and in the body, in two articles, on two pages.

Problem: a headline says 超3200万元 and the body 3200余万元; both are right, and == says that they differ. A headline
with 2300余万元 is a slip that nobody sees who reads the one or the other alone.

    超3200   -> [3200, no limit)      3200余 -> [3200, 3300)      they meet: holds
    2300余   -> [2300, 2400)          3200余 -> [3200, 3300)      they do not: fails

Therefore all statements of one indicator, place, period, kind and unit are one group, which holds if one value may be
all of them. A stock may change from one month to the next: figures of different days that differ are no contradiction.
A figure that says that it is revised explains the one before it.
A figure that leaves out its place confirms the one place that has the same figure, and refutes none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from sundry.engines.reading.checking import Facts, Note, about, made
from sundry.engines.reading.figures import Figure, year_of
from sundry.engines.reading.intervals import Interval, intersection
from sundry.engines.reading.model import Check, Outcome, Span, Type

_FROM_TO = re.compile("[从由].*?(?:到|至|为|降|减|增|升|涨)")
_BEFORE = 8  # characters before a figure in which 从 stands
_SAID_ONCE = {Type.ENUMERATION, Type.ORDINAL, Type.QUALITATIVE}  # a second one is a second list, not a repetition

_Key = tuple[str, str, str, Type, str, bool, str, str]


def repeat_checks(facts: Facts) -> Iterator[Check]:
    groups: dict[_Key, list[Figure]] = {}
    places = {(figure.statement.article, span): figure for figure in facts.figures for span in figure.statement.spans}
    for figure in facts.figures:
        if figure.statement.type not in _SAID_ONCE and figure.name:
            groups.setdefault(_key(_meant(figure, places)), []).append(figure)
    for figures in _with_placeless(groups):
        alike = _distinct(figures)
        if len(alike) > 1:
            yield from _group(facts, alike)


def _meant(figure: Figure, places: dict[tuple[int, Span], Figure]) -> Figure:
    """这17项政策: the figure that a second mention has its name from, whoever it is of there; else itself."""
    source = figure.statement.inherited.get("indicator")
    first = places.get((figure.statement.article, source)) if source else None
    if first is None or first.statement.type != figure.statement.type or first.base != figure.base:
        return figure
    return first if first.statement.value == figure.statement.value else figure


def _with_placeless(groups: dict[_Key, list[Figure]]) -> Iterator[list[Figure]]:
    """Each group; one without a place goes to the only one that differs from it by nothing else, if all may agree."""
    places: dict[tuple[object, ...], list[_Key]] = {}
    for key in groups:
        places.setdefault((key[0], *key[2:]), []).append(key)
    for keys in places.values():
        placed = [key for key in keys if key[1]]
        together = [figure for key in keys for figure in groups[key]]
        if len(placed) == 1 < len(keys) and _common(together) is not None:
            yield sorted(together, key=lambda figure: figure.index)
        else:
            yield from (groups[key] for key in keys)


def _common(figures: Sequence[Figure]) -> Interval | None:
    """What all of them may be at once."""
    common: Interval | None = figures[0].interval
    for figure in figures[1:]:
        common = None if common is None else intersection(common, figure.interval)
    return common


def _key(figure: Figure) -> _Key:
    statement = figure.statement
    period = statement.period or ""
    if period.startswith(("asof", "until")):
        period = f"asof {year_of(period)}"
    name = statement.indicator_key or figure.name
    return name, figure.place, period, statement.type, figure.base, figure.is_target, statement.versus or "", figure.way


def _distinct(figures: Sequence[Figure]) -> list[Figure]:
    """Without figures that stand on the same words: 总量、增速均居第一 is two statements and no repetition."""
    kept: dict[tuple[object, ...], Figure] = {}
    for figure in figures:
        kept.setdefault((figure.statement.spans, figure.statement.article), figure)
    return list(kept.values())


def _group(facts: Facts, figures: Sequence[Figure]) -> Iterator[Check]:
    common = _common(figures)
    kind = "headline" if _is_headline_and_body(facts, figures) else "repeat"
    first = figures[0]
    values = about(first) | {"times": str(len(figures))}
    if common is not None:
        yield made(kind, Outcome.HOLDS, Note.AGREES, figures, common, stated=first, values=values)
        return
    revised: tuple[Figure, Figure] | None = None
    for one, other in combinations(figures, 2):
        if (
            one.interval.meets(other.interval)
            or not _are_of_one_day(one, other)
            or _are_of_other_times(facts, one, other)
        ):
            continue
        if _vintage(one) != _vintage(other):
            revised = revised or (one, other)
            continue
        kind = "headline" if _is_headline_and_body(facts, [one, other]) else "repeat"
        note = Note.MISREAD if facts.sentence(one) == facts.sentence(other) else Note.CANNOT_BE
        yield made(kind, Outcome.FAILS, note, [one, other], other.interval, stated=one, values=values)
        return
    if revised is not None:
        first, last = sorted(revised, key=_vintage)
        yield made("repeat", Outcome.EXPLAINED, Note.REVISED, [first, last], last.interval, stated=first, values=values)


def _vintage(figure: Figure) -> int:
    """-1 by a first reckoning (初步核算), 1 after a revision or a correction, 0 where nothing is said of it."""
    kind = figure.statement.kind
    return ("revised" in kind) - ("preliminary" in kind)


def _are_of_one_day(one: Figure, other: Figure) -> bool:
    mine, theirs = one.statement, other.statement
    if mine.type == Type.RANK:
        return False  # second of the country and first of the province, of the amount and of its growth
    if mine.period is None and mine.type != Type.DURATION:
        return False  # of a page without a date: this year's and last year's have no period alike
    return mine.period == theirs.period and (mine.subject == theirs.subject or not mine.subject or not theirs.subject)


def _are_of_other_times(facts: Facts, one: Figure, other: Figure) -> bool:
    """612家，其中438家: a part. 从60座发展到410座, 三年……五年: then and now, one span of time and another."""
    if facts.sentence(one) != facts.sentence(other):
        return False
    spans = sorted((*one.statement.spans, *other.statement.spans))
    between = facts.text[max(0, spans[0][0] - _BEFORE) : spans[-1][1]]
    return one.statement.type == Type.DURATION or "其中" in between or _FROM_TO.search(between) is not None


def _is_headline_and_body(facts: Facts, figures: Sequence[Figure]) -> bool:
    heads = {_is_in_headline(facts, figure) for figure in figures}
    return heads == {True, False}


def _is_in_headline(facts: Facts, figure: Figure) -> bool:
    start, end = figure.statement.spans[-1]
    return any(
        head[0] <= start and end <= head[1]
        for article in facts.articles
        for head in (*((article.headline,) if article.headline else ()), *article.kickers, *article.subheads)
    )
