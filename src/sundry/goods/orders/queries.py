"""What an order book says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sundry.goods.orders.formats.opening import sniff
from sundry.goods.orders.reading.mapping import load_map, remember, remembered_maps
from sundry.goods.orders.reading.process import read_limited
from sundry.goods.orders.rules import OrderBook


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
