"""What every family of checks needs: the figures of a page by name, place and period, and the verdict over two of them.

Problem: "0.8 percentage points above the province" is arithmetic over three figures that stand in three places. Whoever
writes each check with its own search, tolerance and wording gets a different notion of "the same figure" in each.

    stated 0.8 -> [0.75, 0.85]    derived 6.4 - 5.6 -> [0.7, 0.9], best guess 0.8    they meet, the guess too: holds
    stated 0.9                    they meet, but the guess is outside                                   : explained
    stated 1.4                    they do not meet                                                      : fails

Therefore `Facts` holds the figures of one page and how they are found, and `verdict` is the one place where stated and
derived are compared. A failed check says that the figures cannot all be right, never which of them is wrong.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache, cached_property, lru_cache

from sundry.engines.reading.figures import Figure, figures_of, name_of, sentence_of, tables
from sundry.engines.reading.indicators import dictionary
from sundry.engines.reading.intervals import Interval
from sundry.engines.reading.model import Article, Check, Outcome, Span, Statement, Type

_ALIKE_MAX = 100  # figures of one name that are compared with one
_WITHOUT_WAY = {Type.SHARE, Type.CONTRIBUTION, Type.PULL, Type.RANK}  # a share of 新增就业 need not say 新增 again
_LARGE = Decimal("1e20")


class Note(StrEnum):
    """Why a check came out as it did: a key that the caller makes words of in six languages."""

    AGREES = "agrees"
    WITHIN_ROUNDING = "within_rounding"  # the guess is another one, but the unrounded figures may agree
    PRICE_BASIS = "price_basis"  # growth at constant prices, levels at current ones
    REVISED = "revised"  # one of the two is a first figure, the other says that it was revised
    MISREAD = "misread"  # two figures of one name in one sentence: rather read wrongly than printed wrongly
    CANNOT_BE = "cannot_be"  # no unrounded figures agree
    OTHER_REGION = "other_region"  # implied: the figure of the region compared with
    EARLIER_GROWTH = "earlier_growth"  # implied: the growth of the period compared with
    EARLIER_LEVEL = "earlier_level"  # implied: the level of a year ago
    MISSING_PART = "missing_part"
    MISSING_WHOLE = "missing_whole"
    MISSING_TARGET = "missing_target"  # implied: what was aimed at
    MISSING_MONTHS = "missing_months"  # implied: the months between two cumulative figures
    RATIO = "ratio"  # implied: one figure for each unit of another
    UNUSUAL = "unusual"  # implied, and so odd that a second source is wanted
    SUM_OVER_WHOLE = "sum_over_whole"
    PART_OVER_WHOLE = "part_over_whole"
    SIGN_AGREES = "sign_agrees"
    SIGN_DIFFERS = "sign_differs"
    LIST_AGREES = "list_agrees"
    LIST_DIFFERS = "list_differs"
    AT_LEAST_LIST = "at_least_list"  # the list ends with 等: it may be longer
    HEADINGS_AGREE = "headings_agree"
    CHARACTERS_AGREE = "characters_agree"
    DATES_AGREE = "dates_agree"
    DATES_DIFFER = "dates_differ"
    ISSUE_YEAR = "issue_year"  # implied: the year in which the page was printed
    ISSUE_DATE = "issue_date"
    EVENT_DATE = "event_date"
    PATH_FALLS = "path_falls"  # a cumulative figure is below that of fewer months
    OUT_OF_BAND = "out_of_band"


@dataclass(frozen=True)
class Facts:
    """One page: its view, its statements and its articles, with the figures made of them.

    `given`: figures made already, of several pages, which then have no text in common.
    """

    text: str
    statements: Sequence[Statement]
    articles: Sequence[Article] = ()
    issued: date | None = None
    given: tuple[Figure, ...] | None = None

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return figures_of(self.text, self.statements) if self.given is None else self.given

    @cached_property
    def _index(self) -> dict[tuple[Type, str], list[Figure]]:
        """By type, and by type and name and key, so that a page of ten thousand figures is not searched for each."""
        index: dict[tuple[Type, str], list[Figure]] = {}
        for figure in self.figures:
            for word in {"", *words_of(figure.name, figure.statement.indicator_key)}:
                index.setdefault((figure.statement.type, word), []).append(figure)
        return index

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        return sorted((figure.statement.spans[-1][0], at) for at, figure in enumerate(self.figures))

    def of(self, *types: Type) -> Iterator[Figure]:
        return (figure for kind in types for figure in self._index.get((kind, ""), []))

    def named_alike(self, figure: Figure, *types: Type) -> list[Figure]:
        """Other figures of the same indicator, of any place and period."""
        words = {figure.name, figure.statement.indicator_key} - {""}
        known = {f.index: f for kind in types for word in words for f in self._around(figure, kind, word)}
        return [other for other in known.values() if other is not figure and is_named_alike(figure, other)]

    def _around(self, figure: Figure, kind: Type, word: str) -> list[Figure]:
        """The figures of a name, where there are thousands of it (a table, a broken page) the nearest ones only."""
        found = self._index.get((kind, word), [])
        if len(found) <= _ALIKE_MAX:
            return found
        at = bisect_left(found, figure.index, key=lambda other: other.index)
        return found[max(0, at - _ALIKE_MAX // 2) : at + _ALIKE_MAX // 2]

    def called(self, names: Sequence[str], *types: Type) -> list[Figure]:
        """Figures whose indicator is one of these names, or the standard's other words for them."""
        words = _every(tuple(names))
        found = {f.index: f for kind in types for word in words for f in self._index.get((kind, word), [])}
        return [found[index] for index in sorted(found)]

    def between(self, start: int, end: int, *types: Type) -> list[Figure]:
        """Figures that begin within [start, end), in the order of the page."""
        first, last = bisect_left(self._places, (start, -1)), bisect_left(self._places, (end, -1))
        found = (self.figures[at] for _, at in self._places[first:last])
        return [figure for figure in found if figure.statement.type in types]

    def alike(self, figure: Figure, *types: Type, place: str | None = None, period: str | None = None) -> list[Figure]:
        """Figures of the same indicator at `place` in `period` (None: those of `figure`), the nearest on the page
        first.

        Targets are never compared with what was reached.
        """
        place = figure.place if place is None else place
        period = figure.statement.period if period is None else period
        found = [
            other
            for other in self.named_alike(figure, *types)
            if place in (other.place, other.statement.subject)
            and other.statement.period == period
            and other.is_target == figure.is_target
        ]
        return sorted(found, key=lambda other: distance(figure, other))

    def sentence(self, figure: Figure) -> Span:
        return sentence_of(self.text, figure.statement.spans[-1][0])


def is_named_alike(one: Figure, other: Figure) -> bool:
    """The same key of the dictionary; where one has none, the same name but for whose it is and 增速.

    Two growth rates or two levels must be counted in one way; a level and its growth need not say so.
    """
    has_way = not {one.statement.type, other.statement.type} & _WITHOUT_WAY
    if has_way and one.way != other.way and (_is_of_growth(one) == _is_of_growth(other)):
        return False
    key, other_key = one.statement.indicator_key, other.statement.indicator_key
    if key and other_key:
        return key == other_key
    return bool(one.name) and one.name == other.name


def _is_of_growth(figure: Figure) -> bool:
    return figure.statement.type in (Type.GROWTH, Type.GAP, Type.GROWTH_DELTA, Type.QUALITATIVE)


def is_called(figure: Figure, names: Iterable[str]) -> bool:
    """Whether the figure's indicator is one of these names, or the standard's other words for them."""
    every = _every(tuple(names))
    return not every.isdisjoint(words_of(figure.name, figure.statement.indicator_key))


@lru_cache(maxsize=4096)
def words_of(name: str, key: str) -> frozenset[str]:
    """What an indicator may be looked up by: its name on the page, its key, and the dictionary's name."""
    known = dictionary().get(key)
    return frozenset({name, key, name_of(known.zh) if known else ""} - {""})


@cache
def _every(names: tuple[str, ...]) -> frozenset[str]:
    known: dict[str, list[str]] = tables()["names"]
    return frozenset(name_of(word) for name in names for word in (name, *known.get(name, [])))


def distance(one: Figure, other: Figure) -> int:
    """Characters between two figures; another article is far away."""
    gap = abs(one.statement.spans[-1][0] - other.statement.spans[-1][0])
    return gap + (1_000_000 if one.statement.article != other.statement.article else 0)


def verdict(stated: Figure, derived: Interval, guess: Decimal | None) -> tuple[Outcome, Note]:
    """`derived` and `guess` in the base unit of `stated`; `guess`: what the other figures give as printed."""
    if not stated.interval.meets(derived):
        return Outcome.FAILS, Note.CANNOT_BE
    if stated.point is not None and guess is not None and guess not in stated.interval:
        return Outcome.EXPLAINED, Note.WITHIN_ROUNDING
    return Outcome.HOLDS, Note.AGREES


def compared(kind: str, stated: Figure, others: Sequence[Figure], derived: Interval, guess: Decimal | None) -> Check:
    """The check of a stated figure against what `others` give; amounts are told in the printed unit of `stated`."""
    outcome, note = verdict(stated, derived, guess)
    return made(kind, outcome, note, (stated, *others), derived, stated=stated, guess=guess)


def made(
    kind: str,
    outcome: Outcome,
    note: Note,
    figures: Sequence[Figure],
    derived: Interval | None,
    *,
    stated: Figure | None = None,
    guess: Decimal | None = None,
    unit: str = "",
    factor: Decimal = Decimal(1),
    repair: str = "",
    values: Mapping[str, str] | None = None,
) -> Check:
    """`derived` and `guess` in base units are told in the printed unit of `stated`, else in `unit` of `factor` base."""
    if stated is not None:
        unit, factor = stated.statement.unit, stated.factor
    told = dict(values or {})
    if unit:
        told["unit"] = unit
    if guess is not None:
        told["guess"] = written((guess / factor).normalize())
    ends = None
    if derived is not None:
        low, high = derived.ends
        ends = (None if low is None else short(low / factor), None if high is None else short(high / factor))
    return Check(
        kind=kind,
        outcome=outcome,
        spans=tuple(span for figure in figures for span in figure.statement.spans),
        stated=as_printed(stated) if stated is not None else "",
        derived=ends,
        note=note,
        repair=repair,
        values=told,
        statements=tuple(figure.index for figure in figures),
    )


def about(figure: Figure, place: str = "", period: str = "") -> dict[str, str]:
    """What a derived figure is of: the indicator of `figure`, its place and period or those given."""
    return {
        "indicator": figure.statement.indicator.removesuffix("增速"),
        "key": figure.statement.indicator_key,
        "place": place or figure.place,
        "period": period or figure.statement.period or "",
        "type": str(figure.statement.type),
    }


def as_printed(figure: Figure) -> str:
    """The number with its unit, as the statement has it: 1.7百分点, 126万户."""
    value, unit = figure.statement.value, figure.statement.unit
    if value is not None:
        return f"{written(value)}{unit}"
    low, high = figure.statement.low, figure.statement.high
    return f"{'' if low is None else written(low)}..{'' if high is None else written(high)}{unit}"


def short(value: Decimal) -> Decimal:
    """At most six decimals; who shows it rounds further."""
    return Decimal(format(value.quantize(Decimal("0.000001")).normalize(), "f")) if abs(value) < _LARGE else value


def written(value: Decimal) -> str:
    """In plain digits, with as many decimals as it has, four at most."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -4:
        value = value.quantize(Decimal("0.0001")).normalize()
    return format(value, "f")
