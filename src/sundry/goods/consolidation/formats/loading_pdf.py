"""loading.pdf: how each container is loaded, step by step, for a crew that holds paper and stands at the door.

Problem: the foreman at the door has no screen, and a crew that builds a wall must see at a glance which carton stands
where, how it lies, and what comes next. Worked case: 1,071 cartons are 36 pages, a step of about 30 cartons each.

Therefore each step has a page: three pictures to scale, from above and from the left side, where it stands, from the
door, what the crew sees, with the key of its line in every carton; and a table of the same keys with count, size, goods
and place. The keys stand on the cover too. What a block and a picture is, `loading_blocks` and `loading_drawing` say.

Guarantees: every carton is in exactly one block of one step; no more than STEPS_MAX steps a container.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from sundry.base.papers.joining import typeset_in_turn
from sundry.base.papers.pages import cubic_metres, kilograms, one_line, shortened, wrappable
from sundry.goods.consolidation.formats.loading_blocks import Block, Position, keys_of, steps_in_blocks
from sundry.goods.consolidation.formats.loading_drawing import (
    PATTERNS,
    Names,
    Silhouette,
    drawn,
    frame_of,
    mm,
    names_of,
    tiles,
)
from sundry.goods.consolidation.rules import LoadedContainer
from sundry.goods.orders.rules import Line
from sundry.kernel.messages import render

_OVERVIEW_MM = (180, 46)  # at most, on paper: width, height
_DOOR_MM = (60, 74)
_LEAST_MM = 1.5  # letters on paper
_COVER_COLUMNS = 90  # of a name before it is cut off
_STEP_COLUMNS = 44  # two lines of so many: item and stall, name

Words = Callable[..., list[str]]  # (name, **values) -> the text in both languages, the main one first


def write_loading_pdf(
    path: Path, *, lines: Sequence[Line], containers: Sequence[LoadedContainer], title: str, language: str
) -> None:
    """Write the plan to `path`. `placements` name their line by its index in `lines`.

    `language` (zh | en) stands first, the other one small beside it. The same input gives the same bytes. OSError: the
    file cannot be written.
    """
    words = partial(_both, language=language)
    common = {
        "title": one_line(f"{words('plan')[0]} {title}"),
        "book": shortened(title, _COVER_COLUMNS),
        "language": language,
        "words": {name: words(name) for name in _LABELS},
    }
    # A container at a time, so that a plan of thirty takes the memory of a few.
    parts = (
        common
        | {"containers": [_container(lines, each, words("container_of", number=at, count=len(containers)), words)]}
        for at, each in enumerate(containers, start=1)
    )
    template = files("sundry.goods.consolidation.formats").joinpath("loading_pdf.typ").read_text("utf-8")
    path.write_bytes(typeset_in_turn(template, parts if containers else [common | {"containers": []}]))


_LABELS = (
    *("plan", "empty", "empty_help", "page", "size_assumed", "how_to_read", "weight_unknown", "this_side_up"),
    *("key", "item", "goods", "stall", "here", "size", "count", "stands", "upright", "on_its_side", "from_to"),
    *("top", "side", "door", "front_wall", "door_end", "left", "right"),
)


def _both(name: str, *, language: str, **values: Any) -> list[str]:
    """The words `loading_pdf_<name>` in both languages, `language` first."""
    other = "en" if language == "zh" else "zh"
    return [render(f"loading_pdf_{name}", each, values) for each in (language, other)]


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
        "widths_mm": {
            view: _paper_mm(container.inside_mm, view) * frame_of(container.inside_mm, view)[0] for view in _VIEWS
        },
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
    names = names_of(lines, keys)
    standing = {view: Silhouette(*frame_of(container.inside_mm, view)) for view in _VIEWS}
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
                "rows": [_step_row(lines, names, group, words) for group in _kinds(blocks)],
                "views": {view: _picture(blocks, container.inside_mm, view, names, standing[view]) for view in _VIEWS},
            }
        )
    return made


def _kinds(blocks: Sequence[Block]) -> list[list[Block]]:
    """Blocks of one line that stand alike, together, in the order of the keys' first carton."""
    kinds: dict[tuple[int, ...], list[Block]] = defaultdict(list)
    for block in blocks:
        kinds[block.line, block.dx, block.dy, block.dz].append(block)
    return list(kinds.values())


def _step_row(lines: Sequence[Line], names: Names, group: Sequence[Block], words: Words) -> list[Any]:
    first = group[0]
    line = lines[first.line]
    begin = min(block.x for block in group)
    end = max(block.x + block.counts[0] * block.dx for block in group)
    return [
        names.keys[first.line],
        names.patterns[first.line],
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


_VIEWS = ("top", "side", "door")


def _paper_mm(inside: Position, view: str) -> float:
    """Millimetres on paper for one of the container. From above and from the side it is the same."""
    length, width, height = inside
    if view == "door":
        return min(_DOOR_MM[0] / width, _DOOR_MM[1] / height)
    return min(_OVERVIEW_MM[0] / length, _OVERVIEW_MM[1] / max(width, height))


def _picture(blocks: Sequence[Block], inside: Position, view: str, names: Names, standing: Silhouette) -> str:
    """A drawing of one step by itself, as SVG: a typesetter keeps one picture, not its thousand lines."""
    paper_mm = _paper_mm(inside, view)
    width, height = (mm(side * paper_mm) for side in frame_of(inside, view))
    used = sorted({names.patterns[block.line] for block in blocks})
    inner = drawn(blocks, inside, view, names, standing, paper_mm=paper_mm, least_mm=_LEAST_MM)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="Noto Sans CJK SC">'
        f'<defs>{tiles(used)}</defs>{inner}<path fill="none" stroke="#000" stroke-width=".7" '
        f'd="M0 0h{width}v{height}h-{width}z"/></svg>'
    )
