"""The words of a page in the order of reading, so that a name is whole where a column broke inside it.

Problem: 县农业农 ends one printed line and 村局 begins the next, which stands in another column.

    file       …记者从县农业农⏎村局获悉…
    flow       …记者从县农业农村局获悉…         the name lies at two places of the file

Therefore the bodies of the articles are put together where their joins are certain, all else follows as it stands, and
each place of the flow knows its place on the page.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sundry.engines.reading.joining import CERTAIN
from sundry.engines.reading.model import Article, Span


@dataclass(frozen=True, slots=True)
class Flow:
    """`text` to look for names in; `starts`, `places`: where each piece begins in it, and where on the page."""

    text: str
    starts: tuple[int, ...]
    places: tuple[int, ...]
    sizes: tuple[int, ...]

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """The places on the page of a stretch of the flow, one for each piece that it touches."""
        out: list[Span] = []
        at = max(0, bisect_right(self.starts, start) - 1)
        while at < len(self.starts) and self.starts[at] < end:
            first = max(start, self.starts[at]) - self.starts[at]
            last = min(end - self.starts[at], self.sizes[at])
            if first < last:
                out.append((self.places[at] + first, self.places[at] + last))
            at += 1
        return tuple(out)


def flow_of(text: str, articles: Sequence[Article]) -> Flow:
    """The page in the order of reading. `text`: its view."""
    parts: list[str] = []
    starts: list[int] = []
    spans: list[Span] = []
    length = 0
    for span, is_joined in _pieces(text, articles):
        if parts and not is_joined:
            parts.append("\n")
            length += 1
        starts.append(length)
        spans.append(span)
        parts.append(text[slice(*span)])
        length += span[1] - span[0]
    sizes = tuple(end - start for start, end in spans)
    return Flow("".join(parts), tuple(starts), tuple(start for start, _ in spans), sizes)


def _pieces(text: str, articles: Sequence[Article]) -> Iterator[tuple[Span, bool]]:
    """(place, whether it goes on from the one before)."""
    taken: list[Span] = []
    for article in articles:
        sure = {(join.before, join.after) for join in article.joins if join.certainty >= CERTAIN}
        last: Span | None = None
        for span in article.body:
            yield span, last is not None and (last, span) in sure
            taken.append(span)
            last = span
    at = 0
    for start, end in [*sorted(taken), (len(text), len(text))]:
        if text[at:start].strip():
            yield (at, start), False
        at = max(at, end)
