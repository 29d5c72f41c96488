"""The loading view as a part of a page: every container in 3-D, with markup, data and tables each by itself.

Problem: the same view stands in loading.html, one file that asks for nothing, and in a web page that may run no inline
script or style. Therefore style and script are two static files that need nothing else, the markup carries no style, no
script and no id, and the data are JSON that the script finds in the page or fetches. `docs/loading-view.md` has the
snippet for a template.

A layer is about one metre of the container's length. Placements come in loading order, which mostly grows with x; layer
k begins with the first placement at or beyond k metres, and all that come after it belong to it or to a later one.
Worked case: x = 0, 400, 1100, 700, 2050 mm -> layers of 2, 2 and 1 cartons: the carton at 700 comes after that at 1100.

The data are mostly cartons. All of a job stand in one answer, 25,000 too, so that a phone that has lost its network can
open every container. A carton says its shape (line and sides, told once) and its corner, each as the difference from
the carton before. Worked case: shapes [[0, 400, 300, 300]], cartons at y = 0, 300, 600 -> columns of shape, x, y and z
[0, 0, 0], [0, 0, 0], [0, 300, 300], [0, 0, 0].
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from itertools import groupby, pairwise
from string import Template
from typing import Any

from sundry.goods.consolidation.rules import LoadedContainer, Placement
from sundry.goods.orders.rules import Line
from sundry.kernel.messages import catalogue

LAYER_MM = 1000
# How a browser names each language.
TAGS = {"zh": "zh-CN", "en": "en", "ar": "ar", "es": "es", "fr": "fr", "ru": "ru"}
RIGHT_TO_LEFT = frozenset({"ar"})

_PREFIX = "loading_view_"
# Labels that only the markup and the tables say begin so.
_NOT_IN_SCRIPT = ("axis_", "colour_", "key_", "stride_", "table_", "view_")


@dataclass(frozen=True, slots=True)
class LineRow:
    """What one order line has in a container. `line` counts as in Placement; None is not known."""

    line: int
    stall: str
    item: str
    name: str
    cartons: int
    carton_mm: tuple[int, int, int] | None
    carton_g: int | None  # of one carton, on the average


@dataclass(frozen=True, slots=True)
class Group:
    """Cartons of one line that follow one another."""

    line: int
    cartons: int


@dataclass(frozen=True, slots=True)
class LayerRow:
    """A metre of a container: what it reaches from the front wall, and its groups in loading order."""

    number: int  # from 1
    from_mm: int
    to_mm: int
    cartons: int
    groups: tuple[Group, ...]


def layer_starts(placements: Sequence[Placement]) -> list[int]:
    """The index at which each layer begins, the first being 0; [] where nothing is placed."""
    starts: list[int] = []
    reached = -1
    for index, placement in enumerate(placements):
        if placement.x // LAYER_MM > reached:
            reached = placement.x // LAYER_MM
            starts.append(index)
    return starts


def line_rows(lines: Sequence[Line], container: LoadedContainer) -> list[LineRow]:
    """The lines of a container, in the order in which they first come in."""
    loaded = Counter(placement.line for placement in container.placements)
    return [_line_row(index, lines[index], cartons) for index, cartons in loaded.items()]


def _line_row(index: int, line: Line, cartons: int) -> LineRow:
    carton_g = None if line.gross_g is None else round(line.gross_g / line.cartons)
    return LineRow(index, line.stall, line.item, line.name, cartons, line.carton_mm, carton_g)


def layer_rows(container: LoadedContainer) -> list[LayerRow]:
    """The layers of a container from the front wall to the door."""
    ends = pairwise([*layer_starts(container.placements), len(container.placements)])
    return [_layer_row(number, container.placements[start:end]) for number, (start, end) in enumerate(ends, start=1)]


def _layer_row(number: int, layer: Sequence[Placement]) -> LayerRow:
    groups = groupby(layer, key=lambda placement: placement.line)
    return LayerRow(
        number=number,
        from_mm=min(placement.x for placement in layer),
        to_mm=max(placement.x + placement.dx for placement in layer),
        cartons=len(layer),
        groups=tuple(Group(line, sum(1 for _ in group)) for line, group in groups),
    )


def labels(language: str) -> dict[str, str]:
    """Every text of the view by its name, with its blanks."""
    return {
        rule.removeprefix(_PREFIX): texts[language] for rule, texts in catalogue().items() if rule.startswith(_PREFIX)
    }


def view_markup(language: str, *, address: str = "", data_id: str = "", whole_page: bool = False) -> str:
    """The element that the script fills: `<div class="loading-view">...`, ready to stand in a page.

    Its data come from `address`, which it fetches, or from the script element of type application/json that has the id
    `data_id`. `whole_page`: the view takes keys and wheel before anybody has clicked into it.
    """
    where = f'data-from="{escape(data_id)}"' if data_id else f'data-json="{escape(address)}"'
    is_leftwards = language in RIGHT_TO_LEFT
    return Template((files("sundry.goods.consolidation.formats") / "loading_view.html").read_text("utf-8")).substitute(
        {name: escape(text) for name, text in labels(language).items()},
        language=TAGS[language],
        direction="rtl" if is_leftwards else "ltr",
        arrow_on="←" if is_leftwards else "→",
        arrow_back="→" if is_leftwards else "←",
        where=where + (' data-keys="page"' if whole_page else ""),
    )


def view_json(lines: Sequence[Line], containers: Sequence[LoadedContainer], language: str) -> str:
    """`view_data` as JSON that cannot end the script element it may stand in."""
    data = view_data(lines, containers, language)
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def view_data(lines: Sequence[Line], containers: Sequence[LoadedContainer], language: str) -> dict[str, Any]:
    """Everything the script needs but the markup: words, and of the lines only those that are loaded.

    `placements` name their line by its index in `lines`; millimetres, grams and mm3 as everywhere.
    """
    used = sorted({placement.line for container in containers for placement in container.placements})
    number = {line: position for position, line in enumerate(used)}
    return {
        # Western digits everywhere: in Arabic too a crew reads the carton's own marks.
        "locale": f"{TAGS[language]}-u-nu-latn",
        "labels": {name: text for name, text in labels(language).items() if not name.startswith(_NOT_IN_SCRIPT)},
        "lines": [_line_data(lines[line], language) for line in used],
        "containers": [_container_data(container, number) for container in containers],
    }


def _container_data(container: LoadedContainer, number: dict[int, int]) -> dict[str, Any]:
    shapes: dict[tuple[int, int, int, int], int] = {}
    cartons = [
        (shapes.setdefault((number[p.line], p.dx, p.dy, p.dz), len(shapes)), p.x, p.y, p.z)
        for p in container.placements
    ]
    return {
        "type": container.type,
        "inside": container.inside_mm,
        "payload": container.payload_g,
        "gross": container.known_gross_g,
        "grossKnown": container.gross_g is not None,
        "volume": container.volume_mm3,
        "usual": container.usual_volume_mm3,
        "layers": layer_starts(container.placements),
        "shapes": list(shapes),
        "columns": [
            [value - before for before, value in pairwise((0, *column))] for column in zip(*cartons, strict=True)
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
