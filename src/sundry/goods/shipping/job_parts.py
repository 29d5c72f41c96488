"""What the pages show of a job, cut into parts when it is made and read part by part.

Problem: a page must answer within 60 ms, and a shipment of 2,000 lines is a document of megabytes in which every page
looks for something else. Therefore the worker, which has the whole in its memory anyway, writes one small file a page
beside the papers; a page reads only its own, and the last ones read stay parsed in the process: 16 MB on the disk,
about 55 MB of memory.

A part is written once into a folder that is moved to its name when it is whole, so what was read from a path stays true
as long as the path holds the same file (its inode and time say so).
"""

from __future__ import annotations

import json
import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sundry.goods.consolidation.formats.loading_view import layer_rows, line_rows, view_data
from sundry.goods.orders.rules import Line, OrderBook, RowTexts, SheetPreview
from sundry.goods.shipping.queries import Result, ResultLine
from sundry.kernel.findings import Finding, Severity
from sundry.kernel.messages import LANGUAGES

LINES, FINDINGS, COLUMNS, ROWS = "lines.json", "findings.json", "columns.json", "rows.json"
MAPS = "maps.json"
CONTAINERS, DECLARATIONS, VIEW = "containers.json", "declarations.json", "view.json"
ROWS_SHOWN_MAX = 5_000
"""Rows of the book that are kept, so that their cells can be shown and typed in."""

_KEPT_BYTES_MAX = 16_000_000
_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


# Writing, in the worker or its child.


def write_reading(
    folder: Path,
    book: OrderBook,
    *,
    rows: Mapping[tuple[str, int], RowTexts],
    previews: Sequence[SheetPreview] = (),
) -> dict[str, Any]:
    """The parts of what was read of a book, into `folder`; its summary. `rows`: those of `places_of`."""
    _write(folder / LINES, [line.to_json() for line in book.lines])
    _write(folder / FINDINGS, _findings_part(book.findings, rows))
    _write(folder / ROWS, _rows_part(rows))
    unknown = _unknown_columns(book)
    _write(
        folder / COLUMNS,
        {
            "tables": [table.to_json() for table in book.tables],
            "previews": [_preview(one) for one in previews],
        },
    )
    return {
        **book.totals(),
        "tables": sum(table.is_list for table in book.tables),
        "unknown_columns": unknown,
        "header_missing": not any(table.is_list for table in book.tables),
    }


def write_maps(folder: Path, *, maps: Mapping[str, Any], told: Mapping[str, Any] | None) -> None:
    """What the columns were taken for, beside what was read by it: the plan reads the book by exactly this.

    What an organisation says of its columns meanwhile is for its next book, not for lines that she has seen.
    """
    _write(folder / MAPS, {"maps": dict(maps), "told": None if told is None else dict(told)})


def write_plan(
    folder: Path, result: Result, book_lines: Sequence[Mapping[str, Any]], rows: Mapping[tuple[str, int], RowTexts]
) -> dict[str, Any]:
    """The parts of a shipment, into `folder`; its summary. `book_lines`: those of the reading, each of which gets its
    place in the plan."""
    _write(folder / FINDINGS, _findings_part(result.findings, rows))
    _write(folder / LINES, _planned_lines(result, book_lines))
    _write(folder / CONTAINERS, _containers(result))
    _write(folder / DECLARATIONS, _declarations(result))
    _write(folder / VIEW, _view(result))
    offer = result.offer()
    rates = [[rate.pair, str(rate.units), str(rate.day or ""), rate.source] for rate in result.rates]
    return {**result.totals, "rates": rates, "offer": None if offer is None else asdict(offer)}


def places_of(findings: Iterable[Finding], lines: Iterable[Line] = ()) -> list[tuple[str, int]]:
    """The rows to keep: those of the findings, the worst first, then those of the lines."""
    ranked = sorted((f for f in findings if f.row), key=lambda f: _SEVERITIES.index(f.severity))
    places = dict.fromkeys((f.sheet, f.row) for f in ranked) | dict.fromkeys((line.sheet, line.row) for line in lines)
    return list(places)[:ROWS_SHOWN_MAX]


def _write(path: Path, data: Any) -> None:
    path.write_text(as_json(data), "utf-8")


def as_json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _findings_part(findings: Sequence[Finding], rows: Mapping[tuple[str, int], RowTexts]) -> dict[str, Any]:
    return {
        "findings": [
            [f.severity, f.rule, f.sheet, f.row, f.column, f.header, f.value, _plain(f.details)] for f in findings
        ],
        "rows": _rows_part({place: rows[place] for place in places_of(findings) if place in rows}),
    }


def _rows_part(rows: Mapping[tuple[str, int], RowTexts]) -> list[list[Any]]:
    return [[row.sheet, row.row, row.cells] for row in rows.values()]


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value if isinstance(value, (int, str)) else str(value) for key, value in details.items()}


def _preview(preview: SheetPreview) -> dict[str, Any]:
    return {
        "sheet": preview.sheet,
        "rows": [[row.row, row.cells] for row in preview.rows],
        "rows_used": preview.rows_used,
        "header_row": preview.header_row,
        "likely_row": preview.likely_row,
        "hidden": preview.hidden,
    }


def _unknown_columns(book: OrderBook) -> int:
    return sum(seen.slot is None and bool(seen.header) for table in book.tables if table.is_list for seen in table.seen)


def _planned_lines(result: Result, book_lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each line of the book with what became of it: cartons loaded, in which containers, left out."""
    planned = {(one.line.sheet, one.line.row): one for one in result.lines}
    return [_planned_line(line, planned.get((line["sheet"], line["row"]))) for line in book_lines]


def _planned_line(line: Mapping[str, Any], planned: ResultLine | None) -> dict[str, Any]:
    if planned is None:  # set aside by the plan, or left out by her
        return {**line, "value_usd_cents": None, "loaded": 0, "left": 0, "containers": [], "ships": False}
    return {
        **line,
        "value_usd_cents": planned.value_usd_cents,
        "loaded": planned.loaded,
        "left": planned.left_out,
        "containers": planned.containers,
        "ships": True,
    }


def _declarations(result: Result) -> list[dict[str, Any]]:
    """The forms; each part of an item with its line, and where its figures stand in the book."""
    forms = []
    for form in result.declarations:
        told = form.to_json()
        for number, item in enumerate(told["items"]):
            for part, found in zip(item["parts"], result.lineage(form.number, number), strict=True):
                line = found.line
                part |= {"sheet": line.sheet, "row": line.row, "stall": line.stall, "item": line.item}
                part |= {"name": line.name, "currency": line.currency, "cells": dict(found.cells)}
        forms.append(told)
    return forms


def _containers(result: Result) -> list[dict[str, Any]]:
    """Of each container its figures, its lines and its layers, for tables."""
    lines = [one.line for one in result.lines]
    shown = []
    for container in result.containers:
        shown.append(
            {
                "type": container.type,
                "cartons": len(container.placements),
                "inside_mm": container.inside_mm,
                "payload_g": container.payload_g,
                "gross_g": container.gross_g,
                "known_gross_g": container.known_gross_g,
                "volume_mm3": container.volume_mm3,
                "usual_volume_mm3": container.usual_volume_mm3,
                "fill": container.fill,
                "price_minor": container.price_minor,
                "price_currency": container.price_currency,
                "lines": [
                    [row.stall, row.item, row.name, row.cartons, row.carton_mm, row.carton_g]
                    for row in line_rows(lines, container)
                ],
                "layers": [
                    {
                        "number": layer.number,
                        "from_mm": layer.from_mm,
                        "to_mm": layer.to_mm,
                        "cartons": layer.cartons,
                        "groups": [
                            [lines[group.line].stall, lines[group.line].item, group.cartons] for group in layer.groups
                        ],
                    }
                    for layer in layer_rows(container)
                ],
            }
        )
    return shown


def _view(result: Result) -> dict[str, Any]:
    """The data of the 3-D view: the containers as text that goes out as it is, the lines once a language."""
    all_lines = [one.line for one in result.lines]
    data = {language: view_data(all_lines, result.containers, language) for language in LANGUAGES}
    lines = {language: one["lines"] for language, one in data.items()}
    same = [language for language in LANGUAGES if lines[language] == lines["en"]]
    return {
        "containers": as_json(data["en"]["containers"]),
        "lines": {
            language: as_json(lines[language]) for language in LANGUAGES if language == "en" or language not in same
        },
    }


# Reading, in the process of the pages.


class _Kept:
    """The parts that were read last, within a budget of bytes as they stand on the disk."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._parts: OrderedDict[tuple[str, int, int, int], tuple[int, Any]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, path: Path) -> Any:
        """The parsed part. FileNotFoundError."""
        with path.open("rb") as stream:
            status = _status(stream.fileno())
            key = (str(path), *status)
            with self._lock:
                if key in self._parts:
                    self._parts.move_to_end(key)
                    return self._parts[key][1]
            part = json.loads(stream.read())
        size = status[-1]
        if size <= self._bytes_max:
            with self._lock:
                self._put(key, size, part)
        return part

    def _put(self, key: tuple[str, int, int, int], size: int, part: Any) -> None:
        if key not in self._parts:
            self._bytes += size
        self._parts[key] = size, part
        while self._bytes > self._bytes_max:
            _, (freed, _) = self._parts.popitem(last=False)
            self._bytes -= freed


def _status(descriptor: int) -> tuple[int, int, int]:
    status = os.fstat(descriptor)
    return status.st_ino, status.st_mtime_ns, status.st_size


_kept = _Kept(_KEPT_BYTES_MAX)


def part(folder: Path, name: str) -> Any:
    """The part `name` of the results in `folder`. Nobody may change what is returned. FileNotFoundError."""
    return _kept.get(folder / name)


def finding_from(values: Sequence[Any]) -> Finding:
    severity, rule, sheet, row, column, header, value, details = values
    return Finding(Severity(severity), rule, sheet, row, column, header, value, details)
