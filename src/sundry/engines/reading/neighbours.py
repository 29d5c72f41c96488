"""What a line is beside its neighbours: an author under a headline, a list, a table, a column that broke off.

Problem: the same line is one thing in one place and another in the next.

    何青            under a headline: who wrote it          亿元            between numbers: a cell of a table
    ▲采茶现场       under a picture: what it shows          ▲石渡镇……。     one of five in a row: a piece of news

Therefore these are told apart by the lines above and below, and by whether others of the same kind follow.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby

from sundry.engines.reading.shapes import BARE_NAME, NAME, Line, Shape, is_signature, shaped
from sundry.engines.reading.wrapping import is_terminated

CELL_LENGTH_MAX = 16  # characters; a longer line is no cell of a table
NUMBERS_MIN = 4  # lines of nothing but a number, in a table that was flattened
NUMBERS_SHARE_MIN = 0.2  # of its lines
TITLE_LENGTH_MIN = 10  # the table's title stands above it, and is longer than the heads of its columns
CAPTION_LENGTH_MAX = 20

_NUMBER = re.compile(r"^[-+]?[0-9][0-9,，]*(?:\.[0-9]+)?[%‰]?$|^[-—/]+$")
_CELLS = re.compile(r"\s*[| ]\s*")
_ITEM = re.compile(r"^(?:([▲●■◆○★◎※◇□►▶☆△])|([0-9]{1,2})[.、．]|[（(]([0-9]{1,2})[)）])")
_SCENE = re.compile(
    r"(?:现场|场景|一角|剪影|合影|留影|外景|内景|全景|夜景|美景|风光|鸟瞰|效果图|资料图|示意图|（资料图片?）)$"
)


def with_neighbours(lines: list[Line]) -> list[Line]:
    """The lines with the shapes that show only beside their neighbours."""
    return _beside(_with_lists(_with_rows(_with_tables(lines))))


def _with_tables(lines: list[Line]) -> list[Line]:
    """A table that was flattened to one cell a line: all its lines are text, but no sentence goes through them."""
    if sum(_is_number(line) for line in lines) < NUMBERS_MIN:
        return lines
    out: list[Line] = []
    for is_short, group in groupby(lines, key=_is_cell):
        rows = list(group)
        numbers = [place for place, line in enumerate(rows) if _is_number(line)]
        if not is_short or len(numbers) < max(NUMBERS_MIN, NUMBERS_SHARE_MIN * len(rows)):
            out += rows
            continue
        heads = [place for place, line in enumerate(rows[: numbers[0]]) if len(line.flat) >= TITLE_LENGTH_MIN]
        first = heads[-1] + 1 if heads else 0
        last = next((place for place in range(len(rows) - 1, 0, -1) if _is_number(rows[place])), len(rows))
        cells = [replace(shaped(line, Shape.BODY), is_cell=True, level=0) for line in rows[first : last + 1]]
        out += [*rows[:first], *cells, *rows[last + 1 :]]
    return out


def _with_rows(lines: list[Line]) -> list[Line]:
    """A table of rows: two lines and more of as many cells each, with numbers among them; its head has none."""
    cells = [_CELLS.split(line.words.strip("| ")) for line in lines]
    is_row = [len(row) >= 3 and sum(bool(_NUMBER.match(cell)) for cell in row) >= 2 for row in cells]
    out = list(lines)
    for number, row in enumerate(cells):
        beside = [each for each in (number - 1, number + 1) if 0 <= each < len(lines) and is_row[each]]
        if any(len(cells[each]) == len(row) for each in beside) and len(row) >= 3:
            out[number] = replace(shaped(lines[number], Shape.BODY), is_cell=True)
    return out


def _is_number(line: Line) -> bool:
    return bool(_NUMBER.match(line.flat))


def _is_cell(line: Line) -> bool:
    return len(line.flat) <= CELL_LENGTH_MAX and not line.is_start and not is_terminated(line.words)


def _with_lists(lines: list[Line]) -> list[Line]:
    """Two lines and more with the same mark before them are items of a list: no captions, and no names of a series."""
    out = list(lines)
    marks = [_mark(line) for line in lines]
    for number, line in enumerate(lines):
        if line.shape not in (Shape.CAPTION, Shape.TAG) or not marks[number]:
            continue
        after = lines[number + 1] if number + 1 < len(lines) else None
        beside = (marks[number - 1] if number else "", marks[number + 1] if after else "")
        if marks[number] in beside and _is_told(line):
            out[number] = shaped(line, Shape.BODY)
        elif line.shape is Shape.TAG and after is not None and after.shape is Shape.BODY and _is_told(after):
            # Each item has a line of its own for its headline.
            same = [place for place, mark in enumerate(marks[:-1]) if mark == marks[number]]
            if sum(lines[place + 1].shape is Shape.BODY for place in same) > 1 and not line.flat.endswith("】"):
                out[number] = shaped(line, Shape.HEAD)
    return out


def _mark(line: Line) -> str:
    match = _ITEM.match(line.flat)
    return (match[1] or "1") if match else ""


def _is_told(line: Line) -> bool:
    """A sentence, and not a name."""
    return is_terminated(line.words) and len(line.flat) > CAPTION_LENGTH_MAX


def _beside(lines: list[Line]) -> list[Line]:
    """An author's name under a headline, a column that broke in a short line, what a picture shows."""
    out = list(lines)
    has_marks = sum(line.level > 0 for line in lines) >= 3
    for number, line in enumerate(lines):
        before = out[number - 1] if number else None
        after = lines[number + 1] if number + 1 < len(lines) else None
        if line.shape is Shape.BYLINE and before and is_signature(line.words) and _is_foot(before):
            out[number] = shaped(line, Shape.CREDIT, is_end=True)
        if line.shape is not Shape.HEAD:
            continue
        follows_head = before is not None and before.shape in (Shape.HEAD, Shape.DECK, Shape.TAG)
        is_name = NAME.match(line.flat) or (BARE_NAME.match(line.flat) and after and after.shape is Shape.BODY)
        if follows_head and is_name and after and after.shape in (Shape.BODY, Shape.HEAD) and not after.is_cell:
            out[number] = shaped(line, Shape.BYLINE)
            continue
        is_between = _is_between(before, after)
        if is_between and not line.level and len(line.flat) <= CAPTION_LENGTH_MAX and _SCENE.search(line.flat):
            out[number] = shaped(line, Shape.CAPTION)
        elif (after is not None and after.flat[0] in "，。、；：！？") or (has_marks and not line.level and is_between):
            out[number] = shaped(line, Shape.BODY)
    return out


def _is_foot(before: Line) -> bool:
    """What stands right below is the author of the text that ends here."""
    return (before.shape is Shape.BODY and is_terminated(before.words)) or (
        before.shape is Shape.CREDIT and before.is_end
    )


def _is_between(before: Line | None, after: Line | None) -> bool:
    """A short line between two bodies: on a page whose headlines are marked it is a piece of a column."""
    return bool(before and after and before.shape is Shape.BODY and after.shape is Shape.BODY and not after.is_start)
