"""A step of the loading drawn in ink, to scale, with the key of its line in every carton.

Problem: paper has no colours to trust: it is printed grey, copied and wet. A key that lies over the edge of its carton,
or on a carton that stands before it, names the wrong one.

Worked case: a carton of 400 x 300 mm is 10 x 7.5 mm on paper; one before it covers its lower half, so that `A1` goes
into the upper half, 3 mm high. Of 60 x 60 mm 1.5 mm are left: `A1` shrinks until it fits.

Therefore a picture is one piece of SVG: what stands already grey, then the blocks of the step, the farthest first, each
with one of eight patterns. A cell of a block is one carton as it is seen; its text stands in the largest part of it
that no nearer block covers. Of `↑A1 ×2` (its top is up; two, one behind the other), `A1 ×2` and `A1` the first that
fits well is taken, else `A1` as small as it must be.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from sundry.base.papers.pages import one_line
from sundry.goods.consolidation.formats.loading_blocks import Block, Position
from sundry.goods.orders.rules import Line

PATTERNS = 8
UP, ON_ITS_SIDE = "\u2191", "\u2192"
_CELL_MM = 10  # to which the grey of what stands already is drawn
_TEXT_MM = 3.0
_GOOD_MM = 1.7  # below it, less is said rather than smaller
_ASCENT = 0.74  # of a capital letter, in its size
# Of the size: how wide a character is at most.
_WIDTHS = dict.fromkeys("0123456789", 0.6) | {" ": 0.25, "×": 0.58, "I": 0.42, UP: 1.0, ON_ITS_SIDE: 1.0}
_WIDTHS |= {"M": 0.95, "W": 1.0, "O": 0.78, "Q": 0.78, "G": 0.74, "H": 0.76, "N": 0.76, "D": 0.74, "U": 0.76}
_WIDTHS |= {"m": 0.95, "w": 0.84, "…": 1.0, "%": 0.9, "@": 1.0, "—": 1.0}
_WIDTHS |= dict.fromkeys("\u2068\u2069", 0.0)
_WIDTH = 0.74

# Side of the tile in mm, and what is drawn in it. The same eight stand in the tables of the papers.
_TILES = {
    1: (1.5, "M0 1.5L1.5 0"),
    2: (1.3, "M.5 .65h.3"),
    3: (1.3, "M0 .65h1.3"),
    4: (1.5, "M0 0L1.5 1.5"),
    5: (1.3, "M.65 0v1.3"),
    6: (1.7, "M0 0L1.7 1.7M0 1.7L1.7 0"),
    7: (1.5, "M0 .75h1.5M.75 0v1.5"),
}


class Seen(NamedTuple):
    """A block in a picture: corner from the top left, width and height in mm; the nearer, the greater `near`."""

    left: int
    top: int
    width: int
    height: int
    across: int  # cartons side by side
    high: int
    deep: int  # one behind the other
    near: int


def _from_above(block: Block, inside: Position) -> Seen:
    """x to the right, the left wall at the bottom."""
    i, j, k = block.counts
    top = inside[1] - block.y - j * block.dy
    return Seen(block.x, top, i * block.dx, j * block.dy, i, j, k, block.z + k * block.dz)


def _from_the_side(block: Block, inside: Position) -> Seen:
    """Seen from the left wall: x to the right, z up."""
    i, j, k = block.counts
    top = inside[2] - block.z - k * block.dz
    return Seen(block.x, top, i * block.dx, k * block.dz, i, k, j, -block.y)


def _from_the_door(block: Block, inside: Position) -> Seen:
    """y to the right, z up."""
    i, j, k = block.counts
    top = inside[2] - block.z - k * block.dz
    return Seen(block.y, top, j * block.dy, k * block.dz, j, k, i, block.x + i * block.dx)


def _plan(block: Block, inside: Position) -> Seen:
    """From above as one who stands at the door looks down: y to the right, the door at the bottom."""
    i, j, k = block.counts
    return Seen(block.y, block.x, j * block.dy, i * block.dx, j, i, k, block.z + k * block.dz)


VIEWS = {"top": _from_above, "side": _from_the_side, "door": _from_the_door, "plan": _plan}


def frame_of(inside: Position, view: str) -> tuple[int, int]:
    """Width and height of the container in that picture, mm."""
    length, width, height = inside
    return {"top": (length, width), "side": (length, height), "door": (width, height), "plan": (width, length)}[view]


class Silhouette:
    """What stands already, as seen in one picture: a bit a cell, an integer a column of cells."""

    def __init__(self, width_mm: int, height_mm: int) -> None:
        self._frame = (width_mm, height_mm)
        self._columns = [0] * -(-width_mm // _CELL_MM)

    def add(self, seen: Seen) -> None:
        first, last = seen.top // _CELL_MM, -(-(seen.top + seen.height) // _CELL_MM)
        cells = (1 << last) - (1 << first)
        for column in range(seen.left // _CELL_MM, min(-(-(seen.left + seen.width) // _CELL_MM), len(self._columns))):
            self._columns[column] |= cells

    def rectangles(self) -> list[tuple[int, int, int, int]]:
        """[left, top, width, height] in mm, together the silhouette."""
        found = []
        for cells, group in groupby(enumerate(self._columns), key=lambda entry: entry[1]):
            columns = [column for column, _ in group]
            left, right = columns[0] * _CELL_MM, min((columns[-1] + 1) * _CELL_MM, self._frame[0])
            for first, last in _runs(cells):
                top, bottom = first * _CELL_MM, min(last * _CELL_MM, self._frame[1])
                found.append((left, top, right - left, bottom - top))
        return found


def _runs(cells: int) -> Iterator[tuple[int, int]]:
    """Where runs of set bits begin and end: 0b1100110 -> (1, 3), (5, 7)."""
    at = 0
    while cells >> at:
        at += _trailing(cells >> at)
        end = at + _trailing(~(cells >> at))
        yield at, end
        at = end


def _trailing(bits: int) -> int:
    """Zeros below the lowest set bit."""
    return (bits & -bits).bit_length() - 1


class Names(NamedTuple):
    """How the lines of a container are told on paper, by the number of the line."""

    keys: Mapping[int, str]
    patterns: Mapping[int, int]
    sides_mm: Mapping[int, Position | None]  # as the book states them, the height last; None where it does not


def names_of(lines: Sequence[Line], keys: Mapping[int, str]) -> Names:
    """How the lines of `keys` are told; the sides of a carton that are only assumed say nothing of its top."""
    return Names(
        keys=keys,
        patterns={line: number % PATTERNS for number, line in enumerate(keys)},
        sides_mm={
            line: None if lines[line].carton_mm_from == "default_box" else lines[line].carton_mm for line in keys
        },
    )


class Label(NamedTuple):
    """A text, in paper mm: the middle of its box, the size of its letters, and the box."""

    x: float
    y: float
    size: float
    text: str
    width: float
    height: float


def drawn(
    blocks: Sequence[Block],
    inside: Position,
    view: str,
    names: Names,
    standing: Silhouette,
    *,
    paper_mm: float,
    least_mm: float,
) -> str:
    """SVG elements of a picture in paper mm, `paper_mm` for one of the container; `standing` takes the blocks in.

    Letters are `least_mm` high or more: a carton in which not even its key fits so bears none.
    """
    seen = sorted(((VIEWS[view](block, inside), block) for block in blocks), key=lambda entry: entry[0].near)
    grey = "".join(_box(*each, paper_mm) for each in standing.rectangles())
    parts = [f'<path fill="#dedede" d="{grey}"/>'] if grey else []
    for each, _ in seen:
        standing.add(each)
    boxes = [each for each, _ in seen]
    for each, block in seen:
        parts += _block(each, names.patterns[block.line], paper_mm)
    for at, (each, block) in enumerate(seen):
        nearer = [other for other in boxes[at + 1 :] if _meet(_corners(each), _corners(other))]
        arrow = "" if view in ("top", "plan") else arrow_of(block.dz, names.sides_mm[block.line])
        found = labels(each, nearer, names.keys[block.line], arrow, paper_mm=paper_mm, least_mm=least_mm)
        parts += [_text(label, is_patterned=names.patterns[block.line] > 0) for label in found]
    return "".join(parts)


def labels(
    seen: Seen, nearer: Sequence[Seen], key: str, arrow: str = "", *, paper_mm: float, least_mm: float
) -> list[Label]:
    """A text for each carton of the block that can be seen, within it and clear of what is nearer.

    Where no carton has room for one, one for the whole block, with all its cartons counted, if that has.
    """
    counted = f"{key} ×{seen.deep}" if seen.deep > 1 else key
    texts = list(dict.fromkeys((arrow + counted, counted, key)))
    width, height = seen.width / seen.across, seen.height / seen.high
    cells = (
        (seen.left + i * width, seen.top + j * height, seen.left + (i + 1) * width, seen.top + (j + 1) * height)
        for j in range(seen.high)
        for i in range(seen.across)
    )
    found = [_label(cell, nearer, texts, paper_mm, least_mm) for cell in cells]
    if not any(found) and (cartons := seen.across * seen.high * seen.deep) > 1:
        found = [_label(_corners(seen), nearer, [f"{key} ×{cartons}", key], paper_mm, least_mm)]
    return [label for label in found if label]


Corners = tuple[float, float, float, float]  # left, top, right, bottom


def _corners(seen: Seen) -> Corners:
    return seen.left, seen.top, seen.left + seen.width, seen.top + seen.height


def _meet(one: Corners, other: Corners) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _label(
    cell: Corners, nearer: Sequence[Seen], texts: Sequence[str], paper_mm: float, least_mm: float
) -> Label | None:
    free = _free(cell, nearer)
    if free is None:
        return None
    left, top, right, bottom = (at * paper_mm for at in free)
    for text in texts:
        size = min(_TEXT_MM, 0.9 * (right - left) / _width(text), 0.85 * (bottom - top) / _ASCENT)
        if size >= (least_mm if text == texts[-1] else max(least_mm, _GOOD_MM)):
            return Label((left + right) / 2, (top + bottom) / 2, size, text, size * _width(text), size * _ASCENT)
    return None


def _free(cell: Corners, nearer: Sequence[Seen]) -> Corners | None:
    """The largest strip that each of `nearer`, one after the other, leaves of the cell."""
    for other in map(_corners, nearer):
        if not _meet(cell, other):
            continue
        left, top, right, bottom = cell
        strips = [(left, top, other[0], bottom), (other[2], top, right, bottom)]
        strips += [(left, top, right, other[1]), (left, other[3], right, bottom)]
        whole = [strip for strip in strips if strip[0] < strip[2] and strip[1] < strip[3]]
        if not whole:
            return None
        cell = max(whole, key=lambda strip: (strip[2] - strip[0]) * (strip[3] - strip[1]))
    return cell


def _width(text: str) -> float:
    """At most, where the letters are 1 high."""
    return sum(map(_character_width, text))


def _character_width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return _WIDTHS.get(character, _WIDTH)


def fitted(text: str, width_mm: float, size_mm: float) -> str:
    """One line of at most that width, an end cut off shown by an ellipsis."""
    text = one_line(text)
    left = width_mm / size_mm
    for at, character in enumerate(text):
        left -= _character_width(character)
        if left < 0:
            return text[: max(0, at - 2)].rstrip() + "…"
    return text


def arrow_of(height_mm: int, sides_mm: Position | None) -> str:
    """Where the top of a carton points that stands so high."""
    if sides_mm is None:
        return ""
    return UP if height_mm == sides_mm[2] else ON_ITS_SIDE


def _block(seen: Seen, pattern: int, paper_mm: float) -> Iterator[str]:
    """White, its pattern, a fine line between two cartons, and a frame."""
    left, top, width, height = (side * paper_mm for side in seen[:4])
    box = _box(*seen[:4], paper_mm)
    yield f'<path fill="#fff" d="{box}"/>'
    if pattern:
        yield f'<path fill="url(#hatch{pattern})" d="{box}"/>'
    lines = [f"M{mm(left + width * i / seen.across)} {mm(top)}v{mm(height)}" for i in range(1, seen.across)]
    lines += [f"M{mm(left)} {mm(top + height * j / seen.high)}h{mm(width)}" for j in range(1, seen.high)]
    if lines:
        yield f'<path fill="none" stroke="#000" stroke-width=".12" d="{"".join(lines)}"/>'
    yield f'<path fill="none" stroke="#000" stroke-width=".3" d="{box}"/>'


def _text(label: Label, *, is_patterned: bool) -> str:
    x, y, size, text, width, height = label
    room = 0.12 * size
    ground = _box(x - width / 2 - room, y - height / 2 - room, width + 2 * room, height + 2 * room, 1)
    text = f'<text x="{mm(x)}" y="{mm(y + height / 2)}" font-size="{mm(size)}" text-anchor="middle">{text}</text>'
    return f'<path fill="#fff" d="{ground}"/>{text}' if is_patterned else text


def _box(left: float, top: float, width: float, height: float, paper_mm: float) -> str:
    left, top, width, height = (side * paper_mm for side in (left, top, width, height))
    return f"M{mm(left)} {mm(top)}h{mm(width)}v{mm(height)}h{mm(-width)}z"


def mm(length: float) -> str:
    """To a hundredth of a millimetre: 2.5 for 2.504."""
    return f"{length:z.2f}".rstrip("0").rstrip(".")


def tiles(numbers: Sequence[int] = range(1, PATTERNS)) -> str:
    """The definitions of the patterns, as `hatch1` ... `hatch7`."""
    return "".join(
        f'<pattern id="hatch{number}" width="{side}" height="{side}" patternUnits="userSpaceOnUse">'
        f'<path stroke="#3c3c3c" stroke-width="{".4" if number == 2 else ".12"}" d="{path}"/></pattern>'
        for number, (side, path) in _TILES.items()
        if number in numbers
    )
