"""loading.html: every container in 3-D, one file, for the foreman's phone at the door and the agent's desk.

Problem: a crew cannot load from a list of coordinates, and the warehouse has no network. Therefore the page is one file
that asks for nothing: data, style and script of the loading view stand in it, and a content security policy allows
exactly those two by their hashes, so that a stall named `<img onerror=...>` stays a name. Without JavaScript the file
is a set of tables.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from babel.numbers import format_decimal, format_percent

from sundry.goods.consolidation.formats.loading_view import (
    RIGHT_TO_LEFT,
    TAGS,
    LayerRow,
    LineRow,
    labels,
    layer_rows,
    line_rows,
    view_json,
    view_markup,
)
from sundry.goods.consolidation.rules import LoadedContainer
from sundry.goods.orders.rules import Line
from sundry.kernel.messages import catalogue

_LINE_HEADS = ("stall", "item", "name", "cartons", "size", "table_weight")
_LAYER_HEADS = ("table_metre", "table_from_to", "cartons", "table_order")
_DATA_ID = "loading-data"
_ONE_DECIMAL = "#,##0.0"


def write_loading_html(
    path: Path, *, lines: Sequence[Line], containers: Sequence[LoadedContainer], title: str, language: str
) -> None:
    """Write the page to `path`. `placements` name their line by its index in `lines`."""
    style = _asset("static/loading_view.css") + _asset("formats/loading_page.css")
    script = _asset("static/loading_view.js")
    page = Template(_asset("formats/loading_page.html")).substitute(
        {name: escape(text) for name, text in labels(language).items()},
        language=TAGS[language],
        direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
        title=_own(title),
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        view=view_markup(language, data_id=_DATA_ID, whole_page=True),
        data_id=_DATA_ID,
        data=view_json(lines, containers, language),
        state="loaded" if containers else "empty",
        containers_html="".join(_container_html(lines, containers, language)),
    )
    path.write_text(page, "utf-8")


def _asset(name: str) -> str:
    return (files("sundry.goods.consolidation") / name).read_text("utf-8")


def _hash(text: str) -> str:
    """As a content security policy wants it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _text(name: str, language: str, **values: Any) -> str:
    """A text of the catalogue; its blanks, figures and codes, read from left to right in every language."""
    template = escape(catalogue()[f"loading_view_{name}"][language], quote=False)
    return template.format_map({blank: _ltr(value) for blank, value in values.items()})


def _ltr(value: object) -> str:
    return f'<bdi dir="ltr">{escape(str(value))}</bdi>'


def _own(text: str) -> str:
    """A text of the person's own in whatever script it is, kept from turning its neighbours round."""
    return f'<bdi dir="auto">{escape(text)}</bdi>'


def _number(value: float, language: str, pattern: str = "#,##0") -> str:
    return str(format_decimal(value, pattern, locale=language))


def _container_html(lines: Sequence[Line], containers: Sequence[LoadedContainer], language: str) -> Iterator[str]:
    """Each container as two tables, for a browser without JavaScript, a screen reader and the printer."""
    text = partial(_text, language=language)
    for number, container in enumerate(containers, start=1):
        yield f"<section><h3>{text('table_heading', number=number, type=container.type)}</h3>"
        yield f"<p>{_totals_html(container, language)}</p>"
        line_cells = (_line_cells(row, language) for row in line_rows(lines, container))
        yield _table(text("table_lines"), [*map(text, _LINE_HEADS)], line_cells)
        layer_cells = (_layer_cells(row, lines, language) for row in layer_rows(container))
        yield _table(text("table_layers"), [*map(text, _LAYER_HEADS)], layer_cells)
        yield "</section>"


def _totals_html(container: LoadedContainer, language: str) -> str:
    return _text(
        "table_totals" if container.gross_g is not None else "table_totals_partly",
        language,
        cartons=_number(len(container.placements), language),
        volume=_number(container.volume_mm3 / 1e9, language, _ONE_DECIMAL),
        weight=_number(container.known_gross_g / 1000, language, _ONE_DECIMAL),
        fill=format_percent(container.fill, "#,##0.0%", locale=language),
    )


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th scope=col>{text}" for text in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}" for cell in row) + "\n" for row in rows)
    return f"<div class=wide><table><caption>{caption}</caption><thead><tr>{head}<tbody>\n{body}</table></div>"


def _line_cells(row: LineRow, language: str) -> Sequence[str]:
    sides = (_number(side / 10, language, "0.#") for side in row.carton_mm or ())
    unknown = _text("weight_unknown", language)
    weight = unknown if row.carton_g is None else _number(row.carton_g / 1000, language, _ONE_DECIMAL)
    return (
        *map(_own, (row.stall, row.item, row.name)),
        _number(row.cartons, language),
        _ltr("×".join(sides)),
        weight,
    )


def _layer_cells(row: LayerRow, lines: Sequence[Line], language: str) -> Sequence[str]:
    reach = "–".join(_number(mm / 1000, language, "#,##0.00") for mm in (row.from_mm, row.to_mm))
    groups = (
        f"{_own(lines[group.line].item or lines[group.line].name)}&nbsp;×{_number(group.cartons, language)}"
        for group in row.groups
    )
    return str(row.number), _ltr(reach), _number(row.cartons, language), ", ".join(groups)
