"""A page as it is looked at: put together into articles, beside the text as it was printed, every statement marked.

Problem: statements lie inside each other and across each other, in the order of the reader and not of the text.

    text        出口高于全省（7.6%）1.8个百分点
    one span      [        ----        ]        a gap, with a growth inside it
    pieces      出口|高于|全省（7.6%）|1.8个百分点       the third is of both; put together they are the text again

Therefore a text is cut at every edge of every span, and each piece knows all that covers it, the widest first: what
shows it makes one link of a piece, to the narrowest, and lights up all. Places are code points of the stored text,
which nothing here changes; what is put together from several columns consists of several runs.

A name in the page (`Mark.anchor`) is given to the first piece that shows it, once in the whole page: in its article, or
in the printed text where it lies outside of every article.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from sundry.engines.reading.model import Role, Span
from sundry.insight.observatory.rules import ArticleView, StatementView

TERMINAL: Final = "。！？…”）!?"  # a piece that ends otherwise goes on in the next
FOLDED: Final = frozenset((Role.INDEX.value, Role.ADVERT.value))


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of the page and what it is. `key`: of which statement, "" for other words that are pointed at."""

    start: int
    end: int
    key: str = ""
    classes: str = ""
    title: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of one kind: `marks` cover all of it, the widest first. `anchors`: the names that begin here.

    `leads`: the first piece on the page of its narrowest statement, to which the Tab key goes.
    """

    start: int
    end: int
    text: str
    marks: tuple[Mark, ...] = ()
    anchors: tuple[str, ...] = ()
    leads: bool = False

    @property
    def statement(self) -> Mark | None:
        """The narrowest statement that it is of."""
        return next((mark for mark in reversed(self.marks) if mark.key), None)


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that stand together on the page. `is_uncertain`: whether they follow what is before is not sure."""

    pieces: tuple[Piece, ...]
    is_uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of an article; `role` as in the reader's model."""

    role: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """An article to be shown. `number` from 1; `is_folded`: an index box or an advert, which few want to read."""

    number: int
    role: str
    headline: tuple[Piece, ...]
    above: tuple[Block, ...]  # kickers
    blocks: tuple[Block, ...]
    is_folded: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its articles, and the same text as it was printed."""

    stories: tuple[Story, ...]
    printed: tuple[Piece, ...]


def marked(text: str, marks: Iterable[Mark], *, offset: int = 0) -> tuple[Piece, ...]:
    """`text` in pieces, which joined are `text`. `offset`: the place of its first character on the page.

    Marks may nest, overlap and reach beyond the text; those of no character in it are left out.
    """
    end = offset + len(text)
    clipped = [
        replace(mark, start=max(mark.start, offset), end=min(mark.end, end))
        for mark in marks
        if max(mark.start, offset) < min(mark.end, end)
    ]
    clipped.sort(key=lambda mark: (mark.start, -mark.end))
    edges = sorted({offset, end, *(mark.start for mark in clipped), *(mark.end for mark in clipped)})
    pieces: list[Piece] = []
    open_: list[Mark] = []
    waiting = iter(clipped)
    following = next(waiting, None)
    for start, stop in pairwise(edges):
        open_ = [mark for mark in open_ if mark.end > start]
        while following is not None and following.start == start:
            open_.append(following)
            following = next(waiting, None)
        covering = tuple(sorted(open_, key=lambda mark: (mark.start - mark.end, mark.start)))
        pieces.append(Piece(start, stop, text[start - offset : stop - offset], covering))
    return tuple(pieces)


def sentence_of(said: StatementView) -> tuple[Piece, ...]:
    """The sentence of a statement with its words marked in it."""
    return marked(said.context, [Mark(*span, str(said.id)) for span in said.spans], offset=said.context_start)


def sheet(text: str, articles: Sequence[ArticleView], marks: Iterable[Mark], *, printed_first: bool = False) -> Sheet:
    """The page as its reader sees it. Text that belongs to no article stands in the printed text alone.

    `printed_first`: names and the Tab key lead to the printed text.
    """
    page = _Sheet(text, marks)
    early = page.pieces((0, len(text))) if printed_first else ()
    stories = tuple(page.story(number, article) for number, article in enumerate(articles, 1))
    return Sheet(stories, early or page.pieces((0, len(text))))


class _Sheet:
    """One page being put together; `named` and `led` grow with every anchor and statement that has its place."""

    def __init__(self, text: str, marks: Iterable[Mark]) -> None:
        self.text = text
        self.marks = sorted(marks, key=lambda mark: mark.start)
        self.starts = [mark.start for mark in self.marks]
        self.longest = max((mark.end - mark.start for mark in self.marks), default=0)
        self.named: set[str] = {""}
        self.led: set[str] = set()

    def story(self, number: int, article: ArticleView) -> Story:
        return Story(
            number,
            article.role,
            self.pieces(article.headline) if article.headline else (),
            tuple(self.block(Role.KICKER, span) for span in article.kickers),
            tuple(self._blocks(article)),
            article.role in FOLDED,
        )

    def block(self, role: Role, *spans: Span) -> Block:
        return Block(role.value, tuple(Run(self.pieces(span)) for span in spans))

    def pieces(self, span: Span) -> tuple[Piece, ...]:
        start, end = span
        near = self.marks[bisect_left(self.starts, start - self.longest) : bisect_left(self.starts, end)]
        return tuple(self._anchored(piece) for piece in marked(self.text[start:end], near, offset=start))

    def _anchored(self, piece: Piece) -> Piece:
        if not piece.marks:
            return piece
        names = tuple(dict.fromkeys(mark.anchor for mark in piece.marks if mark.anchor not in self.named))
        self.named.update(names)
        statement = piece.statement
        leads = statement is not None and statement.key not in self.led
        if leads and statement is not None:
            self.led.add(statement.key)
        return replace(piece, anchors=names, leads=leads)

    def _blocks(self, article: ArticleView) -> Iterator[Block]:
        """Bylines, paragraphs with the subheads over them, and where the article goes on."""
        yield from (self.block(Role.BYLINE, span) for span in article.bylines)
        lines = tuple(_lines(self.text, article))
        headed = _headed(article.subheads, sorted(line.span[0] for line in lines))
        for paragraph in _paragraphs(self.text, lines, headed):
            yield from (self.block(Role.SUBHEAD, span) for span in headed.get(paragraph[0].span[0], ()))
            runs = tuple(Run(self.pieces(line.span), line.is_uncertain) for line in paragraph)
            yield Block(Role.BODY.value, runs)
        yield from (self.block(Role.SUBHEAD, span) for span in headed.get(_NOTHING_BELOW, ()))
        yield from (self.block(Role.JUMP, span) for span in article.jumps)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the body. `begins`: a piece of the page begins with it; `is_uncertain`: whether that follows."""

    span: Span
    begins: bool
    is_uncertain: bool


_NOTHING_BELOW: Final = -1


def _headed(subheads: Iterable[Span], starts: Sequence[int]) -> dict[int, list[Span]]:
    """Subheads by the start of the line that they stand over."""
    found: dict[int, list[Span]] = {}
    for subhead in sorted(subheads):
        below = bisect_left(starts, subhead[1])
        found.setdefault(starts[below] if below < len(starts) else _NOTHING_BELOW, []).append(subhead)
    return found


def _paragraphs(text: str, lines: Iterable[_Line], headed: Container[int]) -> Iterator[tuple[_Line, ...]]:
    """The body in reading order; what surely runs on from one column into the next is one paragraph."""
    paragraph: list[_Line] = []
    for line in lines:
        runs_on = line.begins and not line.is_uncertain and line.span[0] not in headed
        if paragraph and (not runs_on or text[paragraph[-1].span[1] - 1] in TERMINAL):
            yield tuple(paragraph)
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield tuple(paragraph)


def _lines(text: str, article: ArticleView) -> Iterator[_Line]:
    """The lines of the body that hold something, without the space around them."""
    uncertain = frozenset(article.uncertain)
    for span in article.body:
        start, begins = span[0], True
        for written in text[slice(*span)].split("\n"):
            bare = written.strip()
            if bare:
                first = start + written.index(bare)
                yield _Line((first, first + len(bare)), begins, begins and span in uncertain)
                begins = False
            start += len(written) + 1
