"""Printed lines of a page to paragraphs: what a narrow column broke is put together.

Problem: in one file a line is a paragraph, in another a paragraph is eight lines, and nothing says which.

    茶农说，今年雨水足，头一批新         full, and ends inside a sentence
    茶比去年早了十天。                   ends before the edge: the paragraph is over
    河埠头重开夜市                       not full and no full stop: a headline, whatever stands above

Therefore the width of the column is measured first: the width at which many lines end, most of them inside a sentence,
while few are longer. Only a line that reaches that edge goes on in the next. How sure that is is told of each break,
since no number may be put together across a doubtful one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sundry.engines.reading.model import Span

TERMINAL = "。！？…；"
CLOSERS = "”’）》】)]"
WIDTH_MIN, WIDTH_MAX = 8, 60  # characters; a longer line is a whole paragraph
FULL_SHARE_MIN = 0.25  # of all lines, so many end at the edge
FULL_MIN = 2
LONGER_SHARE_MAX = 0.1  # headlines and the like
OPEN_SHARE_MIN = 0.6  # of the full lines, so many end inside a sentence
INDENTED_SHARE_MIN = 0.15  # a page whose paragraphs are indented says itself where they begin
DOUBTFUL = 0.45  # a number cut at a place where the column does not surely end


@dataclass(slots=True)
class Row:
    """One printed line, or a paragraph of several. `breaks`: how sure it is that each part goes on in the next."""

    start: int
    end: int
    words: str
    level: int = 0
    indent: int = 0  # spaces before it
    is_close: bool = False  # no empty line above
    is_beside: bool = False  # of one of two columns: what stands next in the file is another's
    parts: list[Span] = field(default_factory=list)
    breaks: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Column:
    """`measure` gives a line's width, `edge` is where full lines end."""

    edge: float
    measure: Callable[[Row], float]
    is_indented: bool  # its paragraphs are

    def goes_on(self, before: Row, row: Row) -> float:
        """0 to 1: the paragraph of `before` goes on in `row`."""
        gap = self.edge - self.measure(before)
        if row.level or before.level or row.indent or self._is_longer(before) or self._is_longer(row):
            return 0.0
        is_open = not is_terminated(before.words)
        is_rest = self.is_indented and (is_terminated(row.words) or self.edge - self.measure(row) <= 1.5)
        if gap <= 1.5 and (is_open or is_rest):  # a short line after a full stop may be a headline
            is_exact = -1 < gap <= 0.5
            return 1.0 if is_exact or not _cuts_number(before.words, row.words) else DOUBTFUL
        word = re.match(r"[0-9A-Za-z.,%]+", row.words)  # what the printer does not part may leave a line short
        return 0.9 if word and is_open and 0 < gap < len(word[0]) else 0.0

    def _is_longer(self, row: Row) -> bool:
        """A headline that the column did not break."""
        is_headline = not _PAUSE.search(row.words) or _SECTION.match(row.words) is not None
        return self.measure(row) > self.edge + 1.5 and is_headline


_PAUSE = re.compile("[，。；、]")
_SECTION = re.compile("[一二三四五六七八九十]{1,2}、|（[一二三四五六七八九十]{1,2}）")


def unwrapped(runs: Sequence[Sequence[Row]], begins: Callable[[str, str], bool]) -> list[Row]:
    """Lines that a narrow column broke, put together. `begins`: after the first words the second begin anew."""
    column = column_of(runs)
    out: list[Row] = []
    for run in runs:
        for number, row in enumerate(run):
            before = run[number - 1] if number else None
            row.is_close = before is not None
            sure = column.goes_on(before, row) if column and before else 0.0
            if before and sure and not begins(before.words, row.words):
                out[-1].parts += row.parts
                out[-1].words += row.words
                out[-1].breaks.append(sure)
            else:
                out.append(row)
    return out


def column_of(runs: Sequence[Sequence[Row]]) -> Column | None:
    """The column that most lines fill; None where each line is a paragraph."""
    plain = [row for run in runs for row in run if not row.level]
    followed = {id(row) for run in runs for row, after in pairwise(run) if not after.level}
    best: tuple[int, Column] | None = None
    for measure in _MEASURES:
        widths = [measure(row) for row in plain]
        edges = Counter(int(width) for width in widths if WIDTH_MIN <= width <= WIDTH_MAX)
        for edge, _ in sorted(edges.items(), key=lambda each: (-each[1], each[0]))[:3]:
            full = [
                row
                for row, width in zip(plain, widths, strict=True)
                if edge - 1 <= width < edge + 1.5 and id(row) in followed
            ]
            longer = sum(width >= edge + 1.5 for width in widths)
            is_open = sum(not is_terminated(row.words) for row in full) >= OPEN_SHARE_MIN * len(full)
            is_ended = any(is_terminated(row.words) for row in plain)
            is_filled = len(full) >= max(FULL_MIN, FULL_SHARE_MIN * len(plain))
            if is_filled and is_open and is_ended and longer <= LONGER_SHARE_MAX * len(plain):
                indented = sum(row.indent > 0 for row in plain) >= INDENTED_SHARE_MIN * len(plain)
                exact = sum(edge - 0.5 <= width < edge + 1 for width in widths)
                if best is None or exact > best[0]:
                    best = exact, Column(edge, measure, indented)
    return best[1] if best else None


_NARROW = re.compile(r"[\x20-\x7e]")


def _printed(row: Row) -> float:
    """In Chinese characters; Latin letters and digits are half as wide."""
    return len(row.words) - 0.5 * len(_NARROW.findall(row.words))


# A program counts characters, a printer their width, and either of them the spaces before a paragraph as well or not.
_MEASURES: tuple[Callable[[Row], float], ...] = (
    _printed,
    lambda row: float(len(row.words)),
    lambda row: _printed(row) + row.indent,
    lambda row: float(len(row.words) + row.indent),
)


def is_terminated(words: str) -> bool:
    """The words end a sentence, with what closes it."""
    bare = words.rstrip().rstrip(CLOSERS) or words.rstrip()
    return bare[-1:] in TERMINAL


def _cuts_number(before: str, after: str) -> bool:
    return bool(re.search(r"[0-9.]$", before) and re.match(r"[0-9.]", after))
