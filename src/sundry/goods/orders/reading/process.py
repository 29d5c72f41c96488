"""Reading in a process of its own, with limits: a book is a file from a stranger.

The child gets the path and the options as JSON on standard input, may use so much memory and time, and gives the book
back as JSON on standard output; in the same way it shows the beginnings of sheets and single rows, and writes the
checked copy of the book. If it is killed (a bomb whose directory lied, a parser gone mad), the parent says so. JSON,
not pickle: what comes back from a process that read a stranger's file is only data.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from sundry.goods.orders.rules import (
    ColumnSeen,
    Correction,
    Line,
    OrderBook,
    OwnSheet,
    RowTexts,
    SetAside,
    SheetPreview,
    StagedBook,
    TableColumns,
    whole_characters,
)
from sundry.kernel.children import end_with_parent, leads_its_session
from sundry.kernel.errors import UnusableInput, UsageError
from sundry.kernel.findings import Finding, Severity

MEMORY_BYTES_MAX = 2_000_000_000
SECONDS_MAX = 300
PREVIEW_ROWS = 25
ASIDE_MAX = 5_000  # rows that were set aside whose texts are told
_LINE_FIELDS = tuple(field.name for field in fields(Line))


def read_limited(
    path: Path,
    day: date,
    currency: str,
    column_map: Mapping[str, Any] | None,
    remembered: Mapping[str, Any],
    corrections: Sequence[Correction],
) -> OrderBook:
    """The book at `path`. UnusableInput: what the child refused, or that it had to be stopped; UsageError: a correction
    of a cell that the book does not have."""
    options = {"day": day.isoformat(), "currency": currency, "column_map": column_map, "remembered": dict(remembered)}
    return _book_from(_ask(path, {"task": "read", "corrections": _as_data(corrections), **options}))


def check_limited(
    path: Path, target: Path, findings: Sequence[Finding], language: str, corrections: Sequence[Correction]
) -> None:
    """Write the book at `path` with the findings marked in its cells to `target`. Errors as above."""
    told = [_finding_as_data(finding) for finding in findings]
    options = {"target": str(target.absolute()), "findings": told, "language": language}
    _ask(path, {"task": "check", "corrections": _as_data(corrections), **options})


def preview_limited(path: Path) -> list[SheetPreview]:
    """The beginning of every sheet. Errors as above."""
    sheets = _ask(path, {"task": "preview"})["sheets"]
    return [SheetPreview(sheet, tuple(_row_from(sheet, row) for row in rows), *rest) for sheet, rows, *rest in sheets]


def row_texts_limited(
    path: Path, places: Iterable[tuple[str, int]], corrections: Sequence[Correction]
) -> dict[tuple[str, int], RowTexts]:
    """The rows that are there, by (sheet, row). Errors as above."""
    asked = [list(place) for place in dict.fromkeys(places)]
    rows = _ask(path, {"task": "rows", "places": asked, "corrections": _as_data(corrections)})["rows"]
    return {(sheet, row[0]): _row_from(sheet, row) for sheet, row in rows}


def wishes_limited(path: Path, day: date, currency: str) -> StagedBook:
    """The book at `path` as somebody's list of what she would buy. Errors as above."""
    answer = _ask(path, {"task": "wishes", "day": day.isoformat(), "currency": currency})
    texts = {(sheet, row[0]): _row_from(sheet, row) for sheet, row in answer["rows"]}
    return StagedBook(_book_from(answer["book"]), _own_from(answer["own"]), texts)


def _ask(path: Path, request: Mapping[str, Any]) -> dict[str, Any]:
    """The child's answer. UnusableInput: what it refused, or that it had to be stopped; UsageError: what it was asked
    makes no sense; OSError: a full disk."""
    request = {"path": str(path.absolute()), "parent": os.getpid(), **request}
    try:
        child = subprocess.run(
            [sys.executable, "-m", __name__],
            input=json.dumps(request).encode(),
            stdout=subprocess.PIPE,
            timeout=SECONDS_MAX,
            check=False,
            # Ctrl-C is for the parent, which ends the child; where none can come, both end with the parent's group.
            start_new_session=not leads_its_session(),
        )
    except subprocess.TimeoutExpired as fault:
        raise _stopped(path) from fault
    if child.returncode < 0:  # killed: by the kernel for its time, or crashed inside a parser
        raise _stopped(path)
    if child.returncode != 0:
        raise RuntimeError(f"the reading process failed on {path.name}; its trace is above")
    answer: dict[str, Any] = json.loads(child.stdout)
    if rb"\u0000" in child.stdout:  # `_x0000_` in a cell: no program shows it, and no database keeps it
        answer = _without_nul(answer)
    if "fault" in answer:
        raise OSError(*answer["fault"])
    if "refused" in answer:
        raise UnusableInput(answer["refused"], **answer["details"])
    if "senseless" in answer:
        raise UsageError(answer["senseless"], **answer["details"])
    return answer


def _without_nul(told: Any) -> Any:
    if isinstance(told, str):
        return told.replace("\0", "")
    if isinstance(told, dict):
        return {_without_nul(name): _without_nul(value) for name, value in told.items()}
    return [_without_nul(one) for one in told] if isinstance(told, list) else told


def _stopped(path: Path) -> UnusableInput:
    megabytes = MEMORY_BYTES_MAX // 1_000_000
    return UnusableInput("book_reading_stopped", file=path.name, megabytes=megabytes, seconds=SECONDS_MAX)


def _answer(request: Mapping[str, Any]) -> dict[str, Any]:
    tasks = {"read": _read, "wishes": _wishes, "check": _check, "preview": _preview, "rows": _rows}
    try:
        return tasks[request["task"]](request)
    except OSError as fault:  # the machine's, not the book's: a full disk
        return {"fault": [fault.errno, fault.strerror]}
    except UsageError as senseless:
        return {"senseless": senseless.rule, "details": dict(senseless.details)}
    except MemoryError:
        refusal = _stopped(Path(request["path"]))
    except UnusableInput as unusable:
        refusal = unusable
    return {"refused": refusal.rule, "details": dict(refusal.details)}


def _check(request: Mapping[str, Any]) -> dict[str, Any]:
    from sundry.goods.orders.formats.checked_book import write_checked_book, write_checked_from_grid
    from sundry.goods.orders.formats.opening import read_workbook, sniff
    from sundry.goods.orders.reading.corrections import corrected_cells

    path, target = Path(request["path"]), Path(request["target"])
    findings = [_finding_from(whole_characters(path.name), values) for values in request["findings"]]
    corrections = _corrections(request)
    is_package = sniff(path) == "xlsx"
    grids = [] if is_package and not corrections else read_workbook(path)[1]
    values = corrected_cells(grids, corrections)  # computes what the book keeps no value of, too
    if is_package:
        write_checked_book(path, target, findings, language=request["language"], values=values)
    else:
        write_checked_from_grid(grids, target, findings, language=request["language"])
    return {}


def _preview(request: Mapping[str, Any]) -> dict[str, Any]:
    from sundry.goods.orders.formats.opening import read_workbook
    from sundry.goods.orders.reading.preview import preview_of

    _, grids = read_workbook(Path(request["path"]))
    previews = preview_of(grids, PREVIEW_ROWS)
    return {
        "sheets": [
            [p.sheet, [_row_as_data(row) for row in p.rows], p.rows_used, p.header_row, p.likely_row, p.hidden]
            for p in previews
        ]
    }


def _rows(request: Mapping[str, Any]) -> dict[str, Any]:
    from sundry.goods.orders.formats.opening import read_workbook
    from sundry.goods.orders.reading.corrections import corrected_cells
    from sundry.goods.orders.reading.preview import rows_of

    _, grids = read_workbook(Path(request["path"]))
    corrected_cells(grids, _corrections(request))  # computes what the book keeps no value of, too
    rows = rows_of(grids, [(sheet, row) for sheet, row in request["places"]])
    return {"rows": [[row.sheet, _row_as_data(row)] for row in rows]}


def _read(request: Mapping[str, Any]) -> dict[str, Any]:
    from sundry.goods.orders.formats.opening import read_workbook
    from sundry.goods.orders.reading.book import ReadOptions, understand
    from sundry.goods.orders.reading.mapping import header_key, map_from

    path = Path(request["path"])
    remembered = request["remembered"]
    options = ReadOptions(
        day=date.fromisoformat(request["day"]),
        currency=request["currency"],
        column_map=map_from(request["column_map"]) if request["column_map"] else None,
        remembered=lambda headers: map_from(remembered[key]) if (key := header_key(headers)) in remembered else None,
        corrections=_corrections(request),
    )
    _, grids = read_workbook(path)
    return _book_as_data(understand(whole_characters(path.name), grids, options))


def _wishes(request: Mapping[str, Any]) -> dict[str, Any]:
    from sundry.goods.orders.formats.opening import read_workbook
    from sundry.goods.orders.reading.book import ReadOptions, understand_wishes
    from sundry.goods.orders.reading.own_sheet import own_sheet
    from sundry.goods.orders.reading.preview import rows_of

    path = Path(request["path"])
    options = ReadOptions(day=date.fromisoformat(request["day"]), currency=request["currency"])
    _, grids = read_workbook(path)
    book = understand_wishes(whole_characters(path.name), grids, options)
    own = own_sheet(grids)
    aside = rows_of(grids, [(one.sheet, one.row) for one in book.set_aside[:ASIDE_MAX]])
    return {
        "book": _book_as_data(book),
        "own": None if own is None else [own.sheet, own.order, own.lines, list(own.rows.items())],
        "rows": [[row.sheet, _row_as_data(row)] for row in aside],
    }


def _own_from(data: Sequence[Any] | None) -> OwnSheet | None:
    if data is None:
        return None
    sheet, order, lines, rows = data
    return OwnSheet(sheet, order, tuple(lines), {row: (line, mark) for row, (line, mark) in rows})


def _book_as_data(book: OrderBook) -> dict[str, Any]:
    return {
        "file": book.file,
        "lines": [[getattr(line, name) for name in _LINE_FIELDS] for line in book.lines],
        "set_aside": [[aside.sheet, aside.row] for aside in book.set_aside],
        "findings": [_finding_as_data(finding) for finding in book.findings],
        "tables": [
            [t.sheet, t.header_row, t.columns, t.headers, t.key, t.is_list, [_seen_as_data(s) for s in t.seen]]
            for t in book.tables
        ],
    }


def _seen_as_data(seen: ColumnSeen) -> list[Any]:
    return [seen.letter, seen.header, seen.samples, seen.slot]


def _row_as_data(row: RowTexts) -> list[Any]:
    return [row.row, row.cells]


def _row_from(sheet: str, values: Sequence[Any]) -> RowTexts:
    row, cells = values
    return RowTexts(sheet, row, tuple((letter, text) for letter, text in cells))


def _as_data(corrections: Sequence[Correction]) -> list[list[Any]]:
    return [[c.sheet, c.row, c.column_letter, c.value] for c in corrections]


def _corrections(request: Mapping[str, Any]) -> list[Correction]:
    return [Correction(*values) for values in request["corrections"]]


def _finding_as_data(f: Finding) -> list[Any]:
    details = {key: _data(value) for key, value in f.details.items()}
    return [f.severity, f.rule, f.sheet, f.row, f.column, f.header, f.value, details]


def _finding_from(file: str, values: Sequence[Any]) -> Finding:
    severity, rule, sheet, row, column, header, value, details = values
    return Finding(Severity(severity), rule, sheet, row, column, header, value, details, file=file)


def _data(value: Any) -> Any:
    return value if isinstance(value, (int, str)) else str(value)


def _book_from(data: Mapping[str, Any]) -> OrderBook:
    box = _LINE_FIELDS.index("carton_mm")
    lines = []
    for values in data["lines"]:
        values[box] = tuple(values[box]) if values[box] is not None else None
        lines.append(Line(*values))
    file = data["file"]
    findings = [_finding_from(file, values) for values in data["findings"]]
    aside = tuple(SetAside(*place) for place in data["set_aside"])
    tables = tuple(_table_from(values) for values in data["tables"])
    return OrderBook(file, tuple(lines), aside, tuple(findings), tables)


def _table_from(values: Sequence[Any]) -> TableColumns:
    sheet, header_row, columns, headers, key, is_list, seen = values
    return TableColumns(
        sheet,
        header_row,
        {slot: (letter, header) for slot, (letter, header) in columns.items()},
        tuple(headers),
        key,
        is_list,
        tuple(ColumnSeen(letter, header, tuple(samples), slot) for letter, header, samples, slot in seen),
    )


def main() -> None:
    """The child."""
    request = json.load(sys.stdin)
    end_with_parent(request["parent"])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))
    json.dump(_answer(request), sys.stdout, ensure_ascii=True, separators=(",", ":"))


if __name__ == "__main__":
    main()
