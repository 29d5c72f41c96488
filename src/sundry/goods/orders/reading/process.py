"""Reading in a process of its own, with limits: a book is a file from a stranger.

The child gets the path and the options as JSON on standard input, may use so much memory and time, and gives the book
back as JSON on standard output; in the same way it writes the checked copy of the book. If it is killed (a bomb whose
directory lied, a parser gone mad), the parent says so. JSON, not pickle: what comes back from a process that read a
stranger's file is only data.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from sundry.goods.orders.rules import Line, OrderBook, SetAside, TableColumns
from sundry.kernel.errors import UnusableInput
from sundry.kernel.findings import Finding, Severity

MEMORY_BYTES_MAX = 2_000_000_000
SECONDS_MAX = 300
_PR_SET_PDEATHSIG = 1
_LINE_FIELDS = tuple(field.name for field in fields(Line))


def read_limited(
    path: Path, day: date, currency: str, column_map: Mapping[str, Any] | None, remembered: Mapping[str, Any]
) -> OrderBook:
    """The book at `path`. UnusableInput: what the child refused, or that it had to be stopped."""
    options = {"day": day.isoformat(), "currency": currency, "column_map": column_map, "remembered": dict(remembered)}
    return _book_from(_ask(path, {"task": "read", **options}))


def check_limited(path: Path, target: Path, findings: Sequence[Finding], language: str) -> None:
    """Write the book at `path` with the findings marked in its cells to `target`. UnusableInput as above."""
    told = [_finding_as_data(finding) for finding in findings]
    _ask(path, {"task": "check", "target": str(target.absolute()), "findings": told, "language": language})


def _ask(path: Path, request: Mapping[str, Any]) -> dict[str, Any]:
    """The child's answer. UnusableInput: what it refused, or that it had to be stopped; OSError: a full disk."""
    request = {"path": str(path.absolute()), **request}
    try:
        child = subprocess.run(
            [sys.executable, "-m", __name__],
            input=json.dumps(request).encode(),
            stdout=subprocess.PIPE,
            timeout=SECONDS_MAX,
            check=False,
            start_new_session=True,  # Ctrl-C is for the parent, which ends the child
        )
    except subprocess.TimeoutExpired as fault:
        raise _stopped(path) from fault
    if child.returncode < 0:  # killed: by the kernel for its time, or crashed inside a parser
        raise _stopped(path)
    if child.returncode != 0:
        raise RuntimeError(f"the reading process failed on {path.name}; its trace is above")
    answer: dict[str, Any] = json.loads(child.stdout)
    if "fault" in answer:
        raise OSError(*answer["fault"])
    if "refused" in answer:
        raise UnusableInput(answer["refused"], **answer["details"])
    return answer


def _stopped(path: Path) -> UnusableInput:
    megabytes = MEMORY_BYTES_MAX // 1_000_000
    return UnusableInput("book_reading_stopped", file=path.name, megabytes=megabytes, seconds=SECONDS_MAX)


def _answer(request: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return _check(request) if request["task"] == "check" else _read(request)
    except OSError as fault:  # the machine's, not the book's: a full disk
        return {"fault": [fault.errno, fault.strerror]}
    except MemoryError:
        refusal = _stopped(Path(request["path"]))
    except UnusableInput as unusable:
        refusal = unusable
    return {"refused": refusal.rule, "details": dict(refusal.details)}


def _check(request: Mapping[str, Any]) -> dict[str, Any]:
    from sundry.goods.orders.formats.checked_book import write_checked_book, write_checked_from_grid
    from sundry.goods.orders.formats.opening import read_workbook, sniff

    path, target = Path(request["path"]), Path(request["target"])
    findings = [_finding_from(path.name, values) for values in request["findings"]]
    if sniff(path) == "xlsx":
        write_checked_book(path, target, findings, language=request["language"])
    else:
        _, grids = read_workbook(path)
        write_checked_from_grid(grids, target, findings, language=request["language"])
    return {}


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
    )
    _, grids = read_workbook(path)
    return _book_as_data(understand(path.name, grids, options))


def _book_as_data(book: OrderBook) -> dict[str, Any]:
    return {
        "file": book.file,
        "lines": [[getattr(line, name) for name in _LINE_FIELDS] for line in book.lines],
        "set_aside": [[aside.sheet, aside.row] for aside in book.set_aside],
        "findings": [_finding_as_data(finding) for finding in book.findings],
        "tables": [[t.sheet, t.header_row, t.columns, t.headers] for t in book.tables],
    }


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
    tables = tuple(
        TableColumns(sheet, row, {slot: (letter, header) for slot, (letter, header) in columns.items()}, tuple(headers))
        for sheet, row, columns, headers in data["tables"]
    )
    return OrderBook(file, tuple(lines), aside, tuple(findings), tables)


def _end_with_parent() -> None:
    """Where the system can (Linux), the child is killed when its parent ends, however that ends."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    """The child."""
    _end_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))
    answer = _answer(json.load(sys.stdin))
    json.dump(answer, sys.stdout, ensure_ascii=True, separators=(",", ":"))


if __name__ == "__main__":
    main()
