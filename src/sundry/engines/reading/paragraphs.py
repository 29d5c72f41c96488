"""The lines of a page as paragraphs, in the order in which its columns are read.

Problem: what is printed is not what is stored. Marks stand before a headline, a paragraph is eight lines, two columns
share one line.

    ## 茶叶主产区开采        the mark says that it is a headline, and is no part of it
    * * *                    a rule says nothing

Therefore marks, rules and pictures are left out, two columns are parted (side_by_side.py), lines that a narrow column
broke count as one paragraph (wrapping.py), and each gets its shape (shapes.py, neighbours.py). The places stay those of
the stored text.
"""

from __future__ import annotations

import re

from sundry.engines.reading.neighbours import with_neighbours
from sundry.engines.reading.shapes import Line, begins, line_of
from sundry.engines.reading.side_by_side import gaps, parted
from sundry.engines.reading.wrapping import Row, unwrapped

_MARKS = re.compile(r"^\s*(#{1,6})?\s*(?:[-*+>]\s+)?(?:\*{1,3}|_{1,3})?\s*")
_TAGS = re.compile(
    r"^\s*(?:<(?:h(?P<level>[1-6])|[a-z]{1,6})(?: [^<>]*)?>\s*)+(?P<words>[^<>]*?)\s*(?:</?[a-z0-9]{1,6} ?/?>\s*)*$"
)
_NOTHING = re.compile(r"^[\s\-=*_|#>~.·—:：]*$|^\s*[!！]\[[^\]]*\][(（][^)）]*[)）]\s*$|^<[^>]+>$")


def lines_of(text: str, view: str) -> list[Line]:
    """The paragraphs of a page in the order of the file, each with its shape. `view` is view_of(text)."""
    rows = unwrapped(_rows(text, view), begins)
    lines = [line_of(row) for row in rows]
    return with_neighbours(lines)


def _rows(text: str, view: str) -> list[list[Row]]:
    """Runs of printed lines without an empty one between; of two columns the left one comes first."""
    pieces = re.split(r"\r\n|\n|\r", view)
    starts = [0]
    for match in re.finditer(r"\r\n|\n|\r", view):
        starts.append(match.end())
    cuts = gaps([text[start : start + len(piece)] for start, piece in zip(starts, pieces, strict=True)])
    runs: list[list[Row]] = [[]]
    right: list[list[Row]] = [[]]
    last = max(cuts, default=-1)
    for number, (start, piece) in enumerate(zip(starts, pieces, strict=True)):
        cut = cuts.get(number, len(piece))
        is_beside = number in cuts
        for side, begin, words in ((runs, start, piece[:cut]), (right, start + cut, piece[cut:])):
            row = _row(text, begin, words)
            if row is not None:
                row.is_beside = is_beside
                side[-1].append(row)
            elif not piece.strip() and side[-1]:
                side.append([])
        if number == last:
            runs, right = [*runs, *right, []], [[]]
    return [part for run in runs if run for part in parted(run)]


def _row(text: str, start: int, piece: str) -> Row | None:
    """One printed line without its marks; None where it says nothing."""
    if _NOTHING.match(piece):
        return None
    marks = _MARKS.match(piece)
    left = marks.end() if marks else 0
    right = max(left, len(piece.rstrip(" #*_")))
    level = len(marks[1] or "") if marks else 0
    if "<" in piece and (tags := _TAGS.match(piece)):
        left, right = tags.span("words")
        level = int(tags["level"] or 0)
    if left == right:
        return None
    row = Row(start + left, start + right, piece[left:right], level)
    if piece[:2].isspace() or text[start] in "\t\u3000":
        row.indent = len(piece) - len(piece.lstrip())
    row.parts = [(row.start, row.end)]
    return row
