"""loading.pdf: how each container is loaded, step by step, for a crew that holds paper and stands at the door.

Problem: a picture of 40 cartons is 40 frames with 40 labels, too small to read, though a crew loads "these twelve
here". And paper has no colours to trust: it is printed grey, copied and wet.

Worked case: a step of 31 cartons, 30 of one line side by side in three columns and two rows, five high, and one lying
on top: two blocks, one framed and labelled `A1 ×30`, the other `A2`.

Therefore the cartons of a step that stand alike and fill a regular grid become one block. A block carries the key of
its line (A1, A2 ... A9, B1 ... in the order in which lines first come in) and one of eight patterns. Three pictures
show the step: from above and from the left side, where it stands; from the door, what the crew sees. A key is printed
only where no nearer block covers it.

Guarantees: every carton is in exactly one block of one step; no more than STEPS_MAX steps a container.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from itertools import groupby, permutations
from pathlib import Path
from typing import Any, NamedTuple

from sundry.base.papers.pages import cubic_metres, kilograms, one_line, shortened, wrappable, write_pdf
from sundry.goods.consolidation.formats.loading_steps import steps_of
from sundry.goods.consolidation.rules import LoadedContainer, Placement
from sundry.goods.orders.rules import Line
from sundry.kernel.messages import render

PATTERNS = 8
_OVERVIEW_MM = (180, 46)  # at most, on paper: width, height
_DOOR_MM = (60, 74)
_LABEL_SIZES_PT = (7.0, 5.5)
_MM_PER_PT = 25.4 / 72
_CELL_MM = 10  # to which the grey of what stands already is drawn
_COVER_COLUMNS = 90  # of a name before it is cut off
_STEP_COLUMNS = 44  # two lines of so many: item and stall, name

Position = tuple[int, int, int]
Words = Callable[..., list[str]]  # (name, **values) -> the text in both languages, the main one first


@dataclass(frozen=True, slots=True)
class Block:
    """Equal cartons of one line in a full grid: `counts` along x, y, z from the corner (x, y, z)."""

    line: int
    x: int
    y: int
    z: int
    dx: int
    dy: int
    dz: int
    counts: Position

    @property
    def cartons(self) -> int:
        return self.counts[0] * self.counts[1] * self.counts[2]

    def placements(self) -> Iterator[Placement]:
        along_x, along_y, along_z = (range(count) for count in self.counts)
        for i in along_x:
            for j in along_y:
                for k in along_z:
                    corner = (self.x + i * self.dx, self.y + j * self.dy, self.z + k * self.dz)
                    yield Placement(self.line, *corner, self.dx, self.dy, self.dz)


def write_loading_pdf(
    path: Path, *, lines: Sequence[Line], containers: Sequence[LoadedContainer], title: str, language: str
) -> None:
    """Write the plan to `path`. `placements` name their line by its index in `lines`.

    `language` (zh | en) stands first, the other one small beside it. The same input gives the same bytes. OSError: the
    file cannot be written.
    """
    words = partial(_both, language=language)
    data = {
        "title": one_line(f"{words('plan')[0]} {title}"),
        "book": shortened(title, _COVER_COLUMNS),
        "language": language,
        "words": {name: words(name) for name in _LABELS},
        "containers": [
            _container(lines, container, words("container_of", number=number, count=len(containers)), words)
            for number, container in enumerate(containers, start=1)
        ],
    }
    template = files("sundry.goods.consolidation.formats").joinpath("loading_pdf.typ").read_text("utf-8")
    write_pdf(path, template, data)


_LABELS = (
    *("plan", "empty", "empty_help", "page", "size_assumed", "how_to_read", "weight_unknown", "this_side_up"),
    *("key", "item", "goods", "stall", "here", "size", "count", "stands", "upright", "on_its_side", "from_to"),
    *("top", "side", "door", "front_wall", "door_end", "left", "right"),
)


def _both(name: str, *, language: str, **values: Any) -> list[str]:
    """The words `loading_pdf_<name>` in both languages, `language` first."""
    other = "en" if language == "zh" else "zh"
    return [render(f"loading_pdf_{name}", each, values) for each in (language, other)]


def keys_of(placements: Iterable[Placement]) -> dict[int, str]:
    """Line -> key, in the order in which lines first come in: A1 ... A9, B1 ... Z9, AA1 ..."""
    return {line: _key(number) for number, line in enumerate(dict.fromkeys(p.line for p in placements))}


def _key(number: int) -> str:
    row, column = divmod(number, 9)
    letters = ""
    while row >= 0:
        row, letter = divmod(row, 26)
        letters = chr(ord("A") + letter) + letters
        row -= 1
    return f"{letters}{column + 1}"


def steps_in_blocks(placements: Sequence[Placement]) -> list[list[Block]]:
    """The blocks of every step, in loading order: together exactly `placements`."""
    return [blocks_of(placements[step.start : step.stop]) for step in steps_of(placements)]


def blocks_of(placements: Sequence[Placement]) -> list[Block]:
    """`placements` as few blocks, greedily, in the order of the first carton of each."""
    corners: dict[tuple[int, ...], dict[Position, int]] = defaultdict(dict)
    for order, p in enumerate(placements):
        corners[p.line, p.dx, p.dy, p.dz][p.x, p.y, p.z] = order
    found: list[tuple[int, Block]] = []
    for (line, *size), left in corners.items():
        while left:
            first = min(left)
            counts = max((_grown(left, first, size, axes) for axes in permutations(range(3))), key=_product)
            block = Block(line, *first, size[0], size[1], size[2], counts)
            found.append((min(left.pop((p.x, p.y, p.z)) for p in block.placements()), block))
    return [block for _, block in sorted(found, key=lambda entry: entry[0])]


def _grown(left: Mapping[Position, int], first: Position, size: Sequence[int], axes: Iterable[int]) -> Position:
    """How many cartons along x, y, z a block from `first` takes when it grows along `axes` one after the other."""
    counts = [1, 1, 1]
    face = [first]
    for axis in axes:
        step = [0, 0, 0]
        added = face
        while True:
            step[axis] += size[axis]
            following = [(x + step[0], y + step[1], z + step[2]) for x, y, z in face]
            if not all(corner in left for corner in following):
                break
            added = added + following
            counts[axis] += 1
        face = added
    return counts[0], counts[1], counts[2]


def _product(counts: Position) -> int:
    return counts[0] * counts[1] * counts[2]


def _container(lines: Sequence[Line], container: LoadedContainer, name: list[str], words: Words) -> dict[str, Any]:
    keys = keys_of(container.placements)
    loaded = Counter(p.line for p in container.placements)
    return {
        "name": name,
        "type": container.type,
        "facts": _facts(container, words),
        "notes": _notes(lines, container, loaded, words),
        "rows": [
            _cover_row(lines[line], key, number % PATTERNS, loaded[line], words)
            for number, (line, key) in enumerate(keys.items())
        ],
        "steps": _steps(lines, container, keys, words),
        "scales": {view: _scale(container.inside_mm, view) for view in _VIEWS},
        "frames": {view: _frame(container.inside_mm, view) for view in _VIEWS},
    }


def _facts(container: LoadedContainer, words: Words) -> list[list[Any]]:
    return [
        [words("type"), container.type],
        [words("inside"), _sides(container.inside_mm)],
        [words("door_opening"), _sides(container.door_mm)],
        [words("cartons"), f"{len(container.placements):,}"],
        [words("weight"), _weight(container, words)],
        [words("volume"), cubic_metres(container.volume_mm3)],
        [words("fill"), f"{100 * container.fill:.1f} %"],
    ]


def _weight(container: LoadedContainer, words: Words) -> str:
    known = "weight_partly" if container.known_gross_g else "weight_none"
    name = known if container.gross_g is None else "weight_of"
    told = {"weight": kilograms(container.known_gross_g), "payload": kilograms(container.payload_g)}
    return words(name, **told)[0]


def _notes(
    lines: Sequence[Line], container: LoadedContainer, loaded: Mapping[int, int], words: Words
) -> list[list[str]]:
    """What the crew must know before it begins."""
    notes = []
    if container.usual_volume_mm3 is not None:
        rule = "usual_above" if container.volume_mm3 > container.usual_volume_mm3 else "usual"
        usual, volume = (f"{mm3 / 10**9:.1f}" for mm3 in (container.usual_volume_mm3, container.volume_mm3))
        notes.append(words(rule, usual=usual, volume=volume, type=container.type))
    if container.gross_g is None:
        notes.append(words("weight_unknown"))
    if any(_assumed(lines[line]) for line in loaded):
        notes.append(words("size_assumed"))
    return notes


def _cover_row(line: Line, key: str, pattern: int, here: int, words: Words) -> list[Any]:
    return [
        key,
        pattern,
        wrappable(shortened(line.item, _COVER_COLUMNS)),
        wrappable(_goods(line, _COVER_COLUMNS)),
        wrappable(shortened(line.stall, _COVER_COLUMNS)),
        f"{here:,}" if here == line.cartons else words("here_of", here=f"{here:,}", cartons=f"{line.cartons:,}")[0],
        _about(line) + _sides(line.carton_mm or ()),
        line.this_side_up,
    ]


def _goods(line: Line, columns: int) -> str:
    """The name as it stands, with the other languages of the book behind it."""
    names = dict.fromkeys(one_line(name) for name in (line.name, *line.names.values()) if name.strip())
    return shortened(" / ".join(names), columns)


def _assumed(line: Line) -> bool:
    return line.carton_mm_from == "default_box"


def _about(line: Line) -> str:
    return "≈ " if _assumed(line) else ""


def _sides(sides_mm: Iterable[int]) -> str:
    return "×".join(map(_cm, sides_mm))


def _cm(length_mm: int) -> str:
    """Exactly: 40 for 400, 40.5 for 405."""
    whole, rest = divmod(length_mm, 10)
    return f"{whole}.{rest}" if rest else str(whole)


def _steps(
    lines: Sequence[Line], container: LoadedContainer, keys: Mapping[int, str], words: Words
) -> list[dict[str, Any]]:
    patterns = {line: number % PATTERNS for number, line in enumerate(keys)}
    standing = {view: _Silhouette(*_frame(container.inside_mm, view)) for view in _VIEWS}
    steps = steps_in_blocks(container.placements)
    total, done, made = len(container.placements), 0, []
    for number, blocks in enumerate(steps, start=1):
        cartons = sum(block.cartons for block in blocks)
        done += cartons
        made.append(
            {
                "name": words("step_of", number=number, count=len(steps)),
                "now": words("now", count=f"{cartons:,}"),
                "then": words("then", done=f"{done:,}", total=f"{total:,}"),
                "rows": [_step_row(lines, keys, patterns, group, words) for group in _kinds(blocks)],
                "views": {
                    view: _picture(blocks, container.inside_mm, view, keys, patterns, standing[view]) for view in _VIEWS
                },
            }
        )
    return made


def _kinds(blocks: Sequence[Block]) -> list[list[Block]]:
    """Blocks of one line that stand alike, together, in the order of the keys' first carton."""
    kinds: dict[tuple[int, ...], list[Block]] = defaultdict(list)
    for block in blocks:
        kinds[block.line, block.dx, block.dy, block.dz].append(block)
    return list(kinds.values())


def _step_row(
    lines: Sequence[Line], keys: Mapping[int, str], patterns: Mapping[int, int], group: Sequence[Block], words: Words
) -> list[Any]:
    first = group[0]
    line = lines[first.line]
    begin = min(block.x for block in group)
    end = max(block.x + block.counts[0] * block.dx for block in group)
    return [
        keys[first.line],
        patterns[first.line],
        shortened(line.item, _STEP_COLUMNS // 2 - 1),
        shortened(line.stall, _STEP_COLUMNS // 2 - 1),
        _goods(line, _STEP_COLUMNS),
        f"{sum(block.cartons for block in group):,}",
        _about(line) + _sides((first.dx, first.dy, first.dz)),
        _stands(line, first.dz),
        f"{_cm(begin)} – {_cm(end)}",
    ]


def _stands(line: Line, height_mm: int) -> str:
    """The name of the words; none where the sides are only assumed."""
    if line.this_side_up:
        return "this_side_up"
    if line.carton_mm is None or _assumed(line):
        return ""
    return "upright" if height_mm == line.carton_mm[2] else "on_its_side"


class _Seen(NamedTuple):
    """A block in a picture: corner from the top left, width and height in mm; the nearer, the greater `near`."""

    left: int
    top: int
    width: int
    height: int
    across: int  # cartons side by side
    high: int
    near: int


def _from_above(block: Block, inside: Position) -> _Seen:
    """x to the right, the left wall at the bottom."""
    i, j, k = block.counts
    top = inside[1] - block.y - j * block.dy
    return _Seen(block.x, top, i * block.dx, j * block.dy, i, j, block.z + k * block.dz)


def _from_the_side(block: Block, inside: Position) -> _Seen:
    """Seen from the left wall: x to the right, z up."""
    i, _, k = block.counts
    top = inside[2] - block.z - k * block.dz
    return _Seen(block.x, top, i * block.dx, k * block.dz, i, k, -block.y)


def _from_the_door(block: Block, inside: Position) -> _Seen:
    """y to the right, z up."""
    i, j, k = block.counts
    top = inside[2] - block.z - k * block.dz
    return _Seen(block.y, top, j * block.dy, k * block.dz, j, k, block.x + i * block.dx)


_VIEWS = {"top": _from_above, "side": _from_the_side, "door": _from_the_door}


def _frame(inside: Position, view: str) -> tuple[int, int]:
    """Width and height of the container in that picture, mm."""
    length, width, height = inside
    return {"top": (length, width), "side": (length, height), "door": (width, height)}[view]


def _scale(inside: Position, view: str) -> float:
    """Millimetres on paper for one of the container. From above and from the side it is the same."""
    length, width, height = inside
    if view == "door":
        return min(_DOOR_MM[0] / width, _DOOR_MM[1] / height)
    return min(_OVERVIEW_MM[0] / length, _OVERVIEW_MM[1] / max(width, height))


class _Silhouette:
    """What stands already, as seen in one picture: a bit a cell, an integer a column of cells."""

    def __init__(self, width_mm: int, height_mm: int) -> None:
        self._frame = (width_mm, height_mm)
        self._columns = [0] * -(-width_mm // _CELL_MM)

    def add(self, seen: _Seen) -> None:
        first, last = seen.top // _CELL_MM, -(-(seen.top + seen.height) // _CELL_MM)
        cells = (1 << last) - (1 << first)
        for column in range(seen.left // _CELL_MM, min(-(-(seen.left + seen.width) // _CELL_MM), len(self._columns))):
            self._columns[column] |= cells

    def rectangles(self) -> list[list[int]]:
        """[left, top, width, height] in mm, together the silhouette."""
        found = []
        for cells, group in groupby(enumerate(self._columns), key=lambda entry: entry[1]):
            columns = [column for column, _ in group]
            left, right = columns[0] * _CELL_MM, min((columns[-1] + 1) * _CELL_MM, self._frame[0])
            for first, last in _runs(cells):
                top, bottom = first * _CELL_MM, min(last * _CELL_MM, self._frame[1])
                found.append([left, top, right - left, bottom - top])
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


def _picture(
    blocks: Sequence[Block],
    inside: Position,
    view: str,
    keys: Mapping[int, str],
    patterns: Mapping[int, int],
    standing: _Silhouette,
) -> dict[str, Any]:
    """What to draw, the farthest first. `standing` takes the blocks in for the next step."""
    seen = sorted(((_VIEWS[view](block, inside), block) for block in blocks), key=lambda entry: entry[0].near)
    grey = standing.rectangles()
    for each, _ in seen:
        standing.add(each)
    rectangles = [each for each, _ in seen]
    labels = (
        _label(rectangles[at], rectangles[at + 1 :], keys[block.line], block.cartons, _scale(inside, view))
        for at, (_, block) in enumerate(seen)
    )
    return {
        "grey": grey,
        "blocks": [[*each[:6], patterns[block.line]] for each, block in seen],
        "labels": [label for label in labels if label],
    }


def _label(seen: _Seen, nearer: Sequence[_Seen], key: str, cartons: int, scale: float) -> list[Any] | None:
    """[left, top, width, height in mm of the container, text, size in pt] where nothing nearer covers it."""
    counted = [f"{key} ×{cartons}"] if cartons > 1 else []
    for text in (*counted, key):
        for size in _LABEL_SIZES_PT:
            width = (0.64 * size * len(text) * _MM_PER_PT + 0.4) / scale
            height = (0.9 * size * _MM_PER_PT + 0.3) / scale
            if width > seen.width or height > seen.height:
                continue
            for right, down in _WHERE:
                left = seen.left + (seen.width - width) * right
                top = seen.top + (seen.height - height) * down
                if not any(_meet(left, top, width, height, other) for other in nearer):
                    return [round(left), round(top), round(width), round(height), text, size]
    return None


_WHERE = ((0.5, 0.5), *((right / 4, down / 4) for down in range(5) for right in range(5)))


def _meet(left: float, top: float, width: float, height: float, other: _Seen) -> bool:
    return (
        left < other.left + other.width
        and other.left < left + width
        and top < other.top + other.height
        and other.top < top + height
    )
