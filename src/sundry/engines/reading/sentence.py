"""A sentence with its clauses, brackets and quotation marks, and the draft of what it says.

Problem: 增速高于全省（6.1%）1.2个百分点 breaks in two at its bracket, and a quotation mark makes a slogan of a number.

Therefore what is in brackets is blank in `masked`, periods are bars in `spoken`, periods and places in `nouns`, all
three as long as the text, so that a place in one is a place in all and in the line.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sundry.engines.reading.context import Context, Line, Named
from sundry.engines.reading.indicators import find
from sundry.engines.reading.model import Basis, BasisSource, Bound, Kind, Number, Period, Region, Span, Token, Type
from sundry.engines.reading.patterns import BRACKET, STOPS, masked


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement before it is weighed. `start`, `end` are places of the line; `piece` comes before them."""

    start: int
    end: int
    rule: str
    type: Type
    named: Named | None
    unit: str
    number: Number | None = None
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    piece: tuple[int, int] | None = None
    suffix: str = ""  # 增速 of a gap
    period: Period | None = None
    region: Region | None = None
    kind: tuple[str, ...] = ()
    basis: Basis | None = None
    basis_source: BasisSource = BasisSource.UNKNOWN
    versus: str | None = None
    subject: str = ""  # the organisation or the event whose it is
    penalties: tuple[str, ...] = ()
    inherited: dict[str, Span] = field(default_factory=dict)

    def downwards(self) -> Draft:
        """The same with its sign turned: 下降4.6% is a growth of -4.6 %."""
        number = self.number
        if number is not None:
            turned = {Bound.GE: Bound.LE, Bound.LE: Bound.GE, Bound.GT: Bound.LT, Bound.LT: Bound.GT}
            number = replace(
                number, value=_minus(number.value), low=_minus(number.high), high=_minus(number.low),
                bound=turned.get(number.bound, number.bound),
            )  # fmt: skip
        return replace(self, number=number, value=_minus(self.value), low=_minus(self.high), high=_minus(self.low))

    @property
    def name(self) -> str:
        return (self.named.name if self.named else "") + self.suffix


def _minus(value: Decimal | None) -> Decimal | None:
    return None if value is None else -value


class Said:
    """One sentence to be read. Places are those of `line`, the sentence's part of its paragraph."""

    def __init__(
        self,
        line: Line,
        start: int,
        end: int,
        tokens: tuple[Token, ...],
        context: Context,
        home: Region,
        now: Period | None,
    ) -> None:
        self.line, self.behind = line.part(start, end), line.text[end : end + 400]
        self.text = self.line.text
        self.start, self.end = 0, len(self.text)
        self.tokens = tuple(
            replace(one, start=one.start - start, end=one.end - start)
            for one in tokens
            if one.kind is Kind.QUANTITY or one.period is not None or one.region is not None
        )
        self.refused = [(one.start - start, one.end - start) for one in tokens if one.kind is Kind.REJECT]
        self.context, self.home, self.now = context, home, now
        self.opening = context.named  # what was spoken of before this sentence
        self.masked = masked(self.text)
        self.stops = [at for at, sign in enumerate(self.masked) if sign in STOPS]  # where clauses end
        self.nouns = self._without((Kind.PERIOD, Kind.REGION))
        self.spoken = self._without((Kind.PERIOD,))
        self.mentions = find(self.text)
        self.listed: tuple[Named, ...] = ()  # the names of the last 分别
        self.at = 0  # up to here the context was brought forward
        self.last_end = 0  # where the last number read ends
        self.drafts: list[Draft] = []

    def _without(self, kinds: tuple[Kind, ...]) -> str:
        """The sentence with bars in place of periods and places, which are no part of a noun."""
        text = list(self.masked)
        for token in self.tokens:
            is_part = token.region is not None and (not token.region.code or text[token.start] == "国")
            if token.kind in kinds and not is_part:  # 海外收入, 国内市场占有率
                text[token.start : token.end] = "｜" * (token.end - token.start)
        return "".join(text)

    def _clause(self, place: int) -> int:
        """Where the clause of `place` begins."""
        before = bisect_left(self.stops, place)
        return self.stops[before - 1] + 1 if before else self.start

    def _bracket(self, place: int) -> tuple[int, int] | None:
        for note in BRACKET.finditer(self.text, self.start, self.end):
            if note.start() < place < note.end():
                return note.span()
        return None

    def _span(self, start: int, end: int) -> Span:
        return self.line.spans(start, end)[0]

    def _is_quoted(self, token: Token) -> bool:
        """Whether the number stands in a short pair of quotation marks: a name or a slogan."""
        for first, last in ("“”", "‘’"):
            open_ = self.text.rfind(first, max(self.start, token.start - 14), token.start)
            close = self.text.find(last, token.end, token.end + 14)
            if open_ >= 0 and close >= 0 and last not in self.text[open_ : token.start]:
                return True
        return False

    def _stop(self, place: int) -> int:
        """Where the clause ends that goes on at `place`."""
        behind = bisect_left(self.stops, place)
        return self.stops[behind] if behind < len(self.stops) else self.end

    def _tail_end(self, place: int) -> int:
        ends = [self._stop(place)]
        ends += [token.start for token in self.tokens if token.start >= place and token.kind is Kind.QUANTITY][:1]
        return min(ends)

    def _quote_start(self, low: int, place: int, named: Named | None = None) -> int:
        """From the name or the clause's first word, never more than 24 characters before the number."""
        start = low
        if named is not None and (own := [p for p in range(low, place) if self.line.places[p] == named.span[0]]):
            start = own[0] if place - low > 16 else low
        if "”" in (told := self.text[start:place]) and "“" not in told.split("”")[0]:
            start += told.index("”") + 1
        while start < place and self.text[start] in " 、，和与及的\n“”":
            start += 1
        if place - start <= 24:
            return start
        near = [one.start for one in self.mentions if place - 30 <= one.start < place and one.start >= low]
        return near[0] if near else max(start, place - 8)
