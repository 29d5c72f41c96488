"""loading.html: every container in 3-D, one file, for the foreman's phone at the door and the agent's desk.

Problem: a crew cannot load from a list of coordinates, and the warehouse has no network. Therefore the page is one file
that asks for nothing: data, style and script stand in it, and a content security policy allows exactly those two by
their hashes, so that a stall named `<img onerror=...>` stays a name. Without JavaScript the file is a set of tables.

A layer is about one metre of the container's length. Placements come in loading order, which mostly grows with x; layer
k begins with the first placement at or beyond k metres, and all that come after it belong to it or to a later one.
Worked case: x = 0, 400, 1100, 700, 2050 mm -> layers of 2, 2 and 1 cartons: the carton at 700 comes after that at 1100.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from importlib.resources import files
from itertools import groupby, pairwise
from pathlib import Path
from string import Template
from typing import Any

from sundry.goods.consolidation.rules import LoadedContainer, Placement
from sundry.goods.orders.rules import Line
from sundry.kernel.messages import catalogue, render

LAYER_MM = 1000
_LINE_HEADS = ("stall", "item", "name", "cartons", "size", "table_weight")
_LAYER_HEADS = ("table_metre", "table_from_to", "cartons", "table_order")

_LOCALES = {"zh": "zh-CN", "en": "en"}


def write_loading_html(
    path: Path, *, lines: Sequence[Line], containers: Sequence[LoadedContainer], title: str, language: str
) -> None:
    """Write the page to `path`. `placements` name their line by its index in `lines`; `language` is zh or en."""
    style, script = _asset("loading_view.css"), _asset("loading_view.js")
    labels = _labels(language)
    page = Template(_asset("loading_view.html")).substitute(
        {name: escape(text) for name, text in labels.items()},
        locale=_LOCALES[language],
        title=_user_text(title),
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        data=_json(_data(lines, containers, language) | {"labels": labels, "locale": _LOCALES[language]}),
        state="loaded" if containers else "empty",
        containers_html="".join(_container_html(lines, containers, language)),
    )
    path.write_text(page, "utf-8")


def layer_starts(placements: Sequence[Placement]) -> list[int]:
    """The index at which each layer begins, the first being 0; [] where nothing is placed."""
    starts: list[int] = []
    reached = -1
    for index, placement in enumerate(placements):
        if placement.x // LAYER_MM > reached:
            reached = placement.x // LAYER_MM
            starts.append(index)
    return starts


def _asset(name: str) -> str:
    return (files("sundry.goods.consolidation.formats") / name).read_text("utf-8")


def _hash(text: str) -> str:
    """As a content security policy wants it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _json(data: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _labels(language: str) -> dict[str, str]:
    prefix = "loading_view_"
    return {rule[len(prefix) :]: texts[language] for rule, texts in catalogue().items() if rule.startswith(prefix)}


def _text(name: str, language: str, **values: Any) -> str:
    return escape(render(f"loading_view_{name}", language, values))


def _user_text(text: str) -> str:
    """A text of the person's own in whatever script it is, kept from turning its neighbours round."""
    return f"<bdi>{escape(text)}</bdi>"


def _data(lines: Sequence[Line], containers: Sequence[LoadedContainer], language: str) -> dict[str, Any]:
    """What the script draws. Only lines that are loaded; placements flat, seven numbers each."""
    used = sorted({placement.line for container in containers for placement in container.placements})
    number = {line: position for position, line in enumerate(used)}
    return {
        "lines": [_line_data(lines[line], language) for line in used],
        "containers": [
            {
                "type": container.type,
                "inside": container.inside_mm,
                "payload": container.payload_g,
                "gross": container.known_gross_g,
                "grossKnown": container.gross_g is not None,
                "volume": container.volume_mm3,
                "usual": container.usual_volume_mm3,
                "layers": layer_starts(container.placements),
                "placements": [
                    value for p in container.placements for value in (number[p.line], p.x, p.y, p.z, p.dx, p.dy, p.dz)
                ],
            }
            for container in containers
        ],
    }


def _line_data(line: Line, language: str) -> dict[str, Any]:
    """Keys that say nothing are left out: a page may hold thousands of lines."""
    translated = line.names.get(language, "")
    data = {
        "stall": line.stall,
        "item": line.item,
        "name": line.name,
        "translated": translated if translated != line.name else "",
        "mark": line.mark,
        "cartons": line.cartons,
        "gross": line.gross_g,
        "up": line.this_side_up,
    }
    return {key: value for key, value in data.items() if value not in ("", None, False)}


@dataclass(frozen=True, slots=True)
class _Group:
    """Cartons of one line that follow one another."""

    line: int
    cartons: int


def _groups(placements: Sequence[Placement]) -> Iterator[_Group]:
    for line, group in groupby(placements, key=lambda placement: placement.line):
        yield _Group(line, sum(1 for _ in group))


def _container_html(lines: Sequence[Line], containers: Sequence[LoadedContainer], language: str) -> Iterator[str]:
    """Each container as two tables, for a browser without JavaScript, a screen reader and the printer."""
    text = partial(_text, language=language)
    for number, container in enumerate(containers, start=1):
        yield f"<section><h3>{text('table_heading', number=number, type=container.type)}</h3>"
        yield f"<p>{_totals_html(container, language)}</p>"
        yield _table(text("table_lines"), [*map(text, _LINE_HEADS)], _line_rows(lines, container, language))
        yield _table(text("table_layers"), [*map(text, _LAYER_HEADS)], _layer_rows(lines, container))
        yield "</section>"


def _totals_html(container: LoadedContainer, language: str) -> str:
    weight = f"{container.known_gross_g / 1000:,.1f}"
    if container.gross_g is None:
        weight = render("loading_view_weight_partly", language, {"weight": weight})
    return _text(
        "table_totals",
        language,
        cartons=f"{len(container.placements):,}",
        volume=f"{container.volume_mm3 / 1e9:.1f}",
        weight=weight,
        fill=f"{100 * container.fill:.1f}",
    )


def _table(caption: str, heads: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    head = "".join(f"<th scope=col>{text}" for text in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}" for cell in row) + "\n" for row in rows)
    return f"<div class=wide><table><caption>{caption}</caption><thead><tr>{head}<tbody>\n{body}</table></div>"


def _line_rows(lines: Sequence[Line], container: LoadedContainer, language: str) -> Iterator[Sequence[str]]:
    """In the order in which the lines first come in."""
    for index, cartons in Counter(placement.line for placement in container.placements).items():
        line = lines[index]
        size = "×".join(f"{side / 10:g}" for side in line.carton_mm or ())
        each_g = None if line.gross_g is None else line.gross_g / line.cartons
        weight = _text("weight_unknown", language) if each_g is None else f"{each_g / 1000:.1f}"
        yield (*map(_user_text, (line.stall, line.item, line.name)), f"{cartons:,}", size, weight)


def _layer_rows(lines: Sequence[Line], container: LoadedContainer) -> Iterator[Sequence[str]]:
    starts = layer_starts(container.placements)
    for number, (start, end) in enumerate(pairwise([*starts, len(container.placements)]), start=1):
        layer = container.placements[start:end]
        reach = f"{min(p.x for p in layer) / 1000:.2f}–{max(p.x + p.dx for p in layer) / 1000:.2f}"
        groups = (f"{_user_text(lines[g.line].item or lines[g.line].name)}&nbsp;×{g.cartons}" for g in _groups(layer))
        yield str(number), reach, f"{len(layer):,}", ", ".join(groups)
