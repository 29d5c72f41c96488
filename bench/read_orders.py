"""How quickly an order book is read, against a reader that gives bare values and understands nothing.

5,000 and 100,000 rows of seventeen columns with formulas. Target: 5,000 rows < 3 s; 100,000 rows < 60 s within 1 GB.
The peer is python-calamine (Rust), which returns the cells' values: the difference is what understanding costs.
"""

from __future__ import annotations

import importlib.util
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DAY = date(2026, 4, 20)


def run(quick: bool, console: Any) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for rows in (5_000,) if quick else (5_000, 100_000):
            console.print(f"writing a book of {rows:,} rows")
            path = Path(folder) / f"{rows}.xlsx"
            expected = _large_book(path, rows)
            figures |= _measure(path, rows, expected)
    return figures


def _measure(path: Path, rows: int, expected: Any) -> dict[str, Any]:
    from python_calamine import CalamineWorkbook

    from sundry.goods.orders.queries import read_orders

    start = time.perf_counter()
    book = read_orders(path, day=DAY)
    seconds = time.perf_counter() - start
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024  # of the largest child so far
    start = time.perf_counter()
    CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    raw_seconds = time.perf_counter() - start
    assert len(book.lines) == expected.lines
    assert sum(line.value_minor for line in book.lines) == expected.value_minor
    return {
        f"rows_{rows}_seconds": round(seconds, 2),
        f"rows_{rows}_reader_megabytes": round(megabytes),
        f"rows_{rows}_calamine_seconds": round(raw_seconds, 2),
        f"rows_{rows}_ratio_to_calamine": round(seconds / raw_seconds, 1),
    }


def _large_book(path: Path, rows: int) -> Any:
    spec = importlib.util.spec_from_file_location("large", ROOT / "tests" / "books" / "large.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["large"] = module
    spec.loader.exec_module(module)
    return module.large_book(path, rows)
