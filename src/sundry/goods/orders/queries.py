"""What an order book says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sundry.goods.orders.formats.opening import sniff
from sundry.goods.orders.reading.mapping import load_map, remember, remembered_maps
from sundry.goods.orders.reading.process import check_limited, read_limited
from sundry.goods.orders.rules import OrderBook
from sundry.kernel.errors import UnusableInput
from sundry.kernel.findings import Finding


def read_orders(path: Path, *, day: date, currency: str = "CNY", map_file: Path | None = None) -> OrderBook:
    """The lines, set-aside rows and findings of the book at `path`, checked by the rules of `day`.

    `currency` counts where the book names none. `map_file` says what unknown columns are, and is remembered for that
    header row. UnusableInput: the file cannot be read at all; UsageError: the map makes no sense.
    """
    sniff(path)
    told = load_map(map_file) if map_file is not None else None
    book = read_limited(path, day, currency, told, remembered_maps())
    if told is not None and book.lines:
        for table in book.tables:
            remember(table.headers, told)
    return book


def write_checked(path: Path, target: Path, findings: Sequence[Finding], *, language: str) -> None:
    """Write the book at `path` as .xlsx with the findings marked in its cells.

    A file that is no book at all gives a book of findings alone.
    """
    try:
        check_limited(path, target, findings, language)
    except UnusableInput:
        from sundry.goods.orders.formats.checked_book import write_checked_from_grid

        write_checked_from_grid([], target, findings, language=language)
