"""layers-01.svg: one container drawn layer by layer, to scale: a picture that a screen enlarges and a plotter prints.

Problem: `loading.pdf` is a sheaf for hands. A screen at the door, a poster on the wall of the warehouse and another
program that wants the drawing need one picture, in which letters stay sharp at any size and can be searched.

Worked case: a step of 40 cartons, 0.6 m deep. Its wall of 2.35 x 2.69 m as one sees it from the door, at 1:20, the key
of its line in every carton; under it the same 0.6 m from above, the door below; beside them the keys with counts, sizes
and goods; over all a bar that shows where the 0.6 m lie between front wall and door.

Therefore a layer is a step of the paper (`loading_steps`), with the same keys and patterns, and two layers stand side
by side. No letter is too small for a screen, so every carton of which anything can be seen bears its key.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import NamedTuple

from sundry.base.papers.pages import one_line
from sundry.goods.consolidation.formats.loading_blocks import Block, Position, keys_of, steps_in_blocks
from sundry.goods.consolidation.formats.loading_drawing import (
    Names,
    Silhouette,
    arrow_of,
    drawn,
    fitted,
    frame_of,
    mm,
    names_of,
    tiles,
)
from sundry.goods.consolidation.rules import LoadedContainer
from sundry.goods.orders.rules import Line
from sundry.kernel.messages import render

_PAPER_MM = 0.05  # of one in the container: 1:20
_LEAST_MM = 0.4  # letters on a screen that enlarges them
_MARGIN = 10
_WALL_LEFT = 14  # room for the height beside the wall
_KEYS_WIDTH = 84
_KEY_ROW = 8.6
_WALL_TOP = 24
_FONTS = "'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans Arabic', sans-serif"

_TURNING = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI", "LRO", "LRE"})

Words = Callable[..., str]  # (name, **values) -> the text in both languages, as SVG


class _Layer(NamedTuple):
    svg: str
    height: float


def write_loading_layers(
    path: Path, *, lines: Sequence[Line], container: LoadedContainer, place: tuple[int, int], title: str, language: str
) -> None:
    """Write the drawing to `path`. `place`: the number of the container, and of how many; `language` as for the PDF.

    The same input gives the same bytes. OSError: the file cannot be written.
    """
    path.write_text(layers_svg(lines, container, place=place, title=title, language=language), "utf-8")


def layers_svg(
    lines: Sequence[Line], container: LoadedContainer, *, place: tuple[int, int], title: str, language: str
) -> str:
    """The whole file. Lengths are millimetres on paper."""
    words = partial(_both, language=language)
    names = names_of(lines, keys_of(container.placements))
    wall = frame_of(container.inside_mm, "door")[0] * _PAPER_MM
    width = _WALL_LEFT + wall + 8 + _KEYS_WIDTH
    sheet = 2 * width + 4 * _MARGIN
    parts, top = [_head(container, place, fitted(title, sheet - 2 * _MARGIN, 5), words, language)], 48.0
    layers = _layers(lines, container, names, words)
    for pair in (layers[at : at + 2] for at in range(0, len(layers), 2)):
        for column, layer in enumerate(pair):
            left = _MARGIN + column * (width + 2 * _MARGIN)
            parts.append(f'<g transform="translate({mm(left)} {mm(top)})">{layer.svg}</g>')
        top += max(layer.height for layer in pair) + _MARGIN
    across, down = mm(sheet), mm(top + _MARGIN)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across} {down}" width="{across}mm" height="{down}mm" '
        f'role="img" lang="{language}" font-family="{_FONTS}" font-size="3.2">'
        f"<title>{_plain('layers', language)} {escape(one_line(title))} {place[0]}/{place[1]}</title>"
        f'<defs>{tiles()}</defs><path fill="#fff" d="M0 0h{across}v{down}h-{across}z"/>{"".join(parts)}</svg>\n'
    )


def _plain(name: str, language: str, **values: object) -> str:
    return escape(render(f"loading_pdf_{name}", language, values))


def _both(name: str, *, language: str, **values: object) -> str:
    """The words in both languages, the main one first, the other smaller."""
    main, other = (_plain(name, each, **values) for each in (language, _other(language)))
    return main if main == other else f'{main} <tspan font-size="80%" fill="#555">{other}</tspan>'


def _other(language: str) -> str:
    return "en" if language == "zh" else "zh"


def _text(x: float, y: float, content: str, size: float = 3.2, **more: str) -> str:
    given = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())
    return f'<text x="{mm(x)}" y="{mm(y)}" font-size="{mm(size)}"{given}>{content}</text>'


def _head(container: LoadedContainer, place: tuple[int, int], book: str, words: Words, language: str) -> str:
    number, count = place
    length, width, height = (_cm(side) for side in container.inside_mm)
    facts = [
        words("container_of", number=number, count=count),
        container.type,
        f"{words('inside')} {length}×{width}×{height}",
        f"{words('cartons')} {len(container.placements):,}",
        "1:20",
    ]
    return (
        _text(_MARGIN, 15, words("layers"), 8, font_weight="bold")
        + _text(_MARGIN, 23, escape(_own(book)), 5)
        + _text(_MARGIN, 30, " · ".join(facts), 4)
        + _text(_MARGIN, 36, _plain("layers_how", language))
        + _text(_MARGIN, 41, _plain("layers_how", _other(language)), 2.8, fill="#555")
    )


def _own(text: str) -> str:
    """A text of somebody's own, which turns round nothing beside it: a stall in Arabic stays between item and name."""
    is_turning = any(unicodedata.bidirectional(character) in _TURNING for character in text)
    return f"\u2068{text}\u2069" if is_turning else text


def _cm(length_mm: int) -> str:
    """Exactly: 40 for 400, 40.5 for 405."""
    whole, rest = divmod(length_mm, 10)
    return f"{whole}.{rest}" if rest else str(whole)


def _layers(lines: Sequence[Line], container: LoadedContainer, names: Names, words: Words) -> list[_Layer]:
    standing = {view: Silhouette(*frame_of(container.inside_mm, view)) for view in ("door", "plan")}
    steps = steps_in_blocks(container.placements)
    total, done, made = len(container.placements), 0, []
    for number, blocks in enumerate(steps, start=1):
        cartons = sum(block.cartons for block in blocks)
        done += cartons
        head = (
            words("step_of", number=number, count=len(steps)),
            words("now", count=f"{cartons:,}"),
            words("then", done=f"{done:,}", total=f"{total:,}"),
        )
        made.append(_layer(blocks, container.inside_mm, lines, names, standing, head, words))
    return made


def _layer(
    blocks: Sequence[Block],
    inside: Position,
    lines: Sequence[Line],
    names: Names,
    standing: dict[str, Silhouette],
    head: tuple[str, str, str],
    words: Words,
) -> _Layer:
    width, height = (side * _PAPER_MM for side in frame_of(inside, "door"))
    reach = min(block.x for block in blocks), max(block.x + block.counts[0] * block.dx for block in blocks)
    keys_left = _WALL_LEFT + width + 8
    whole = keys_left + _KEYS_WIDTH
    parts = [
        _text(0, 5, head[0], 5, font_weight="bold"),
        _text(whole, 5, f"{head[1]} · {head[2]}", 3.6, text_anchor="end"),
        _bar(inside, reach, whole, words),
        _text(_WALL_LEFT, _WALL_TOP - 2, words("door")),
        _wall(blocks, inside, names, standing["door"], words),
    ]
    top = _WALL_TOP + height + 16
    parts.append(_text(_WALL_LEFT, top - 2, words("from_above_door_below")))
    parts.append(f'<g transform="translate({_WALL_LEFT} {mm(top)})">')
    parts.append(_plan(blocks, inside, reach, names, standing["plan"], words) + "</g>")
    rows = _keys(blocks, lines, names)
    parts.append(f'<g transform="translate({mm(keys_left)} {_WALL_TOP})">{"".join(rows)}</g>')
    bottom = top + (reach[1] - reach[0]) * _PAPER_MM + 8
    return _Layer("".join(parts), max(bottom, _WALL_TOP + len(rows) * _KEY_ROW))


def _bar(inside: Position, reach: tuple[int, int], width: float, words: Words) -> str:
    """The length of the container, and in black what the layer takes of it."""
    left, right = (at * width / inside[0] for at in reach)
    return (
        f'<path fill="none" stroke="#000" stroke-width=".3" d="M0 8h{mm(width)}v4h{mm(-width)}z"/>'
        f'<path d="M{mm(left)} 8h{mm(right - left)}v4h{mm(left - right)}z"/>'
        + _text(0, 16, words("front_wall"), 2.8)
        + _text(width / 2, 16, f"{_cm(reach[0])} – {_cm(reach[1])}", 2.8, text_anchor="middle", font_weight="bold")
        + _text(width, 16, words("door_end"), 2.8, text_anchor="end")
    )


def _wall(blocks: Sequence[Block], inside: Position, names: Names, standing: Silhouette, words: Words) -> str:
    """As one sees it from the door, with the width and the height of the container."""
    width, height = (side * _PAPER_MM for side in frame_of(inside, "door"))
    inner = drawn(blocks, inside, "door", names, standing, paper_mm=_PAPER_MM, least_mm=_LEAST_MM)
    under = height + 4
    return (
        f'<g transform="translate({_WALL_LEFT} {_WALL_TOP})">{inner}'
        f'<path fill="none" stroke="#000" stroke-width=".7" d="M0 0h{mm(width)}v{mm(height)}h{mm(-width)}z"/>'
        f'<path fill="none" stroke="#000" stroke-width=".2" d="M-3 0v{mm(height)}m-1 0h2m-2 {mm(-height)}h2'
        f'M0 {mm(under - 1.5)}h{mm(width)}m0 -1v2m{mm(-width)} -2v2"/>'
        + _text(
            -4.5, height / 2, _cm(inside[2]), 3, transform=f"rotate(-90 -4.5 {mm(height / 2)})", text_anchor="middle"
        )
        + _text(0, under + 3, words("left"), 2.8)
        + _text(width / 2, under + 3, _cm(inside[1]), 3, text_anchor="middle")
        + _text(width, under + 3, words("right"), 2.8, text_anchor="end")
        + "</g>"
    )


def _plan(
    blocks: Sequence[Block],
    inside: Position,
    reach: tuple[int, int],
    names: Names,
    standing: Silhouette,
    words: Words,
) -> str:
    """The same from above: what the layer takes of the length, with its distances from the front wall."""
    width, height = inside[1] * _PAPER_MM, (reach[1] - reach[0]) * _PAPER_MM
    inner = drawn(blocks, inside, "plan", names, standing, paper_mm=_PAPER_MM, least_mm=_LEAST_MM)
    window = f"0 {mm(reach[0] * _PAPER_MM)} {mm(width)} {mm(height)}"
    return (
        f'<svg width="{mm(width)}" height="{mm(height)}" viewBox="{window}">{inner}</svg>'
        f'<path fill="none" stroke="#000" stroke-width=".5" d="M0 {mm(height)}V0h{mm(width)}V{mm(height)}"/>'
        f'<path fill="none" stroke="#000" stroke-width="1.2" stroke-dasharray="4 2" d="M0 {mm(height)}h{mm(width)}"/>'
        f'<path d="M{mm(width / 2 - 2)} {mm(height + 2)}h4l-2 3z"/>'
        + _text(width / 2 + 4, height + 5, words("door_end"), 3)
        + _text(-1.5, 3, _cm(reach[0]), 3, text_anchor="end")
        + _text(-1.5, height, _cm(reach[1]), 3, text_anchor="end")
    )


def _keys(blocks: Sequence[Block], lines: Sequence[Line], names: Names) -> list[str]:
    """A row for each line that stands in one way: key, cartons, how it stands; beneath what it is."""
    counts: dict[tuple[int, int, int, int], int] = {}
    for block in blocks:
        kind = (block.line, block.dx, block.dy, block.dz)
        counts[kind] = counts.get(kind, 0) + block.cartons
    return [
        _key_row(at * _KEY_ROW, lines[kind[0]], kind, count, names) for at, (kind, count) in enumerate(counts.items())
    ]


def _key_row(top: float, line: Line, kind: tuple[int, int, int, int], count: int, names: Names) -> str:
    number, *sides = kind
    pattern = names.patterns[number]
    fill = f"url(#hatch{pattern})" if pattern else "#fff"
    stands = "×".join(map(_cm, sides))
    arrow = arrow_of(kind[3], names.sides_mm[number])
    about = "" if names.sides_mm[number] else "≈ "
    told = " · ".join(_own(part) for part in map(one_line, (line.item, line.stall, line.name)) if part)
    return (
        f'<path fill="{fill}" stroke="#000" stroke-width=".3" d="M0 {mm(top)}h7v3.6h-7z"/>'
        + _text(8.5, top + 3.2, names.keys[number], 3.8, font_weight="bold")
        + _text(30, top + 3.2, f"×{count:,}", 3.8, font_weight="bold", text_anchor="end")
        + _text(33, top + 3.2, f"{about}{stands} {arrow}".rstrip(), 3.4)
        + _text(8.5, top + 6.8, escape(fitted(told, _KEYS_WIDTH - 9, 2.6)), 2.6)
    )
