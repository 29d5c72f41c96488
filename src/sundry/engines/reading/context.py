"""A sentence with its places on the page, and what it may take over from the ones before it.

Problem: half of what a figure means is said before it, and some of it only for a moment.

    一季度，全市出口12.5亿元，增长3.1%，较去年全年回落2.0个百分点。其中，玩具出口4.1亿元。进口0.8亿元。
    the period of 0.8 is 一季度, never 去年全年 (only compared with), and 玩具 went out with its sentence

Therefore the context is a value that each statement replaces: what is compared with never enters it, 其中 remembers the
whole that is parted, a sentence's end gives it back. Each field knows from which place on the page it comes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sundry.engines.reading.indicators import Indicator
from sundry.engines.reading.model import Period, Region, Span, Type

_LONGEST = 600  # code points of one sentence
_ENDS = re.compile(r"[。！？!?\n]+[”’）]*|…{2,}")


@dataclass(frozen=True, slots=True)
class Line:
    """Text in reading order, pieces of columns put together: `places[i]` is where its character i is stored."""

    text: str
    places: tuple[int, ...]
    seams: tuple[tuple[int, float], ...] = ()  # where a column ends in it, and how certain the join is
    dropped: frozenset[int] = frozenset()  # stored places of the spaces that were left out

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """The stored places of text[start:end]; more than one where a column ends within."""
        places = self.places[start:end]
        if places and places[-1] - places[0] == len(places) - 1:
            return ((places[0], places[-1] + 1),)
        spans: list[Span] = []
        for place in places:
            if spans and 0 <= place - spans[-1][1] < 9 and self.dropped.issuperset(range(spans[-1][1], place)):
                spans[-1] = (spans[-1][0], place + 1)
            else:
                spans.append((place, place + 1))
        return tuple(spans)

    def joined(self, other: Line, certain: float) -> Line:
        """This piece and the one that it runs on into, `certain` how surely."""
        size = len(self.text)
        seams = (*self.seams, (size, certain), *((seam + size, sure) for seam, sure in other.seams))
        return Line(self.text + other.text, self.places + other.places, seams, self.dropped | other.dropped)

    def certainty(self, start: int, end: int) -> float:
        """Of the joins that lie strictly inside text[start:end]; 1 without one."""
        sure = 1.0
        for seam, certain in self.seams:
            if start < seam < end:
                sure *= certain
        return sure

    def part(self, start: int, end: int) -> Line:
        """The line from `start` to `end`, its own places counted from nought."""
        seams = tuple((seam - start, sure) for seam, sure in self.seams if start < seam < end)
        return Line(self.text[start:end], self.places[start:end], seams, self.dropped)

    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each sentence; a full stop inside quotation marks at its end counts too."""
        found, start = [], 0
        for stop in _ENDS.finditer(self.text):
            found += self._pieces(start, stop.end())
            start = stop.end()
        return (*found, *self._pieces(start, len(self.text)))

    def _pieces(self, start: int, end: int) -> list[tuple[int, int]]:
        """A sentence, or its parts where it has no end: nobody's is so long, and time would grow as its square."""
        pieces = []
        while end - start > _LONGEST:
            comma = max(self.text.rfind(sign, start, start + _LONGEST) for sign in "；，")
            cut = comma + 1 if comma > start else start + _LONGEST
            pieces.append((start, cut))
            start = cut
        return [*pieces, (start, end)] if start < end else pieces


def last_month(period: Period) -> str | None:
    """The month in which it ends, YYYY-MM; None of a day, of what is open and of a horizon."""
    code = period.code.removeprefix("asof ")
    if not re.fullmatch(r"[0-9]{4}(?:-(?:[0-9]{2}|Q[1-4]|H[12]))?(?:/[0-9]{4}-[0-9]{2})?", code):
        return None
    code = code.rpartition("/")[2]
    year, _, part = code.partition("-")
    ends = {"": "12", "Q1": "03", "Q2": "06", "H1": "06", "Q3": "09", "Q4": "12", "H2": "12"}
    return f"{year}-{ends.get(part, part)}"


@dataclass(frozen=True, slots=True)
class Named:
    """What is spoken of: the name as shown, its entry if the dictionary has one, where it was said."""

    name: str
    indicator: Indicator | None
    span: Span


@dataclass(frozen=True, slots=True)
class Context:
    """What a statement may inherit. `*_age`: 0 said in this sentence, 1 in this paragraph, 2 before it."""

    named: Named | None = None
    named_age: int = 0
    whole: Named | None = None  # what 其中 parts
    period: Period | None = None
    period_span: Span | None = None
    period_age: int = 0
    region: Region | None = None
    region_span: Span | None = None
    last: Type | None = None
    before_region: tuple[Region, Span | None] | None = None  # of the sentence before: 其中 takes it up
    event: Period | None = None  # the days of the fair that the article tells of
    event_span: Span | None = None
    base: Period | None = None  # the period of the article: the first that is told
    base_span: Span | None = None
    is_fair: bool = False  # the article is about a fair: who comes with wares is an exhibitor
    before_now: tuple[Period | None, Span | None, int] | None = None  # what 目前 put aside for one sentence

    def next_sentence(self) -> Context:
        """A region and a part are said for one sentence; the period goes on."""
        kept = self.whole or self.named
        here = self.after_now()
        return replace(
            here, named=kept, whole=None, named_age=max(1, self.named_age), period_age=max(1, here.period_age),
            region=None, region_span=None, last=None,
            before_region=(self.region, self.region_span) if self.region is not None else None,
        )  # fmt: skip

    def after_now(self) -> Context:
        """What 目前 or a single day had put aside comes back."""
        if self.before_now is None:
            return self
        period, span, age = self.before_now
        return replace(self, period=period, period_span=span, period_age=age, before_now=None)

    def next_paragraph(self) -> Context:
        """Nothing is spoken of yet; the period of the article stays as a last resort.

        After a month or a stock the article goes on with its own period, if both end in the same month: March after
        the first quarter, the quarter again. And after an earlier one: who remembers last year has come back from it.
        """
        here = replace(self.next_sentence(), named=None, whole=None, period_age=2, before_region=None)
        base, said = (last_month(one) if one else None for one in (self.base, here.period))
        if base is None or said is None or said > base:
            return here
        return replace(here, period=self.base, period_span=self.base_span)

    def with_period(self, period: Period, span: Span) -> Context:
        here = replace(self, period=period, period_span=span, period_age=0, before_now=None)
        is_base = self.base is None and last_month(period) is not None and not period.code.startswith("asof")
        return replace(here, base=period, base_span=span) if is_base else here

    def for_now(self, period: Period, span: Span) -> Context:
        """目前: the month of issue, until the sentence ends."""
        kept = self.before_now or (self.period, self.period_span, self.period_age)
        return replace(self.with_period(period, span), before_now=kept)

    def with_name(self, named: Named) -> Context:
        return replace(self, named=named, named_age=0)

    def parted(self) -> Context:
        """其中: what was spoken of is now the whole."""
        here = replace(self, whole=self.whole or self.named)
        if self.region is not None or self.before_region is None:
            return here
        region, span = self.before_region
        return replace(here, region=region, region_span=span)
