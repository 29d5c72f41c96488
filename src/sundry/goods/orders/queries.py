"""What an order book says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sundry.goods.orders.formats.opening import sniff
from sundry.goods.orders.formats.pasted import book_of_pasted
from sundry.goods.orders.reading.mapping import (
    checked_map,
    field_choices,
    header_key,
    known_fields,
    load_map,
    remember,
    remembered_maps,
)
from sundry.goods.orders.reading.process import (
    check_limited,
    preview_limited,
    read_limited,
    row_texts_limited,
    wishes_limited,
)
from sundry.goods.orders.rules import Correction, OrderBook, RowTexts, SheetPreview, StagedBook
from sundry.kernel.errors import UnusableInput
from sundry.kernel.findings import Finding

__all__ = [
    "book_of_pasted",
    "checked_map",
    "field_choices",
    "header_key",
    "known_fields",
    "preview",
    "read_orders",
    "read_wishes",
    "row_texts",
    "write_checked",
]


def read_orders(
    path: Path,
    *,
    day: date,
    currency: str = "CNY",
    map_file: Path | None = None,
    column_map: Mapping[str, Any] | None = None,
    remembered: Mapping[str, Any] | None = None,
    corrections: Sequence[Correction] = (),
) -> OrderBook:
    """The lines, set-aside rows and findings of the book at `path`, checked by the rules of `day`.

    `currency` counts where the book names none. `map_file`, or the same data as `column_map`, says what unknown columns
    are. `remembered` holds maps by the key of their header row (`TableColumns.key`, `header_key`); None: the person's
    own memory file, into which a map that is given goes, too. With any mapping, also an empty one, just these count and
    nothing is written. `corrections` are what a person typed in place of cells.

    UnusableInput: the file cannot be read at all; UsageError: a map or a correction makes no sense. ValueError: both
    kinds of map.
    """
    if map_file is not None and column_map is not None:
        raise ValueError("a map is given as a file or as data, not as both")
    sniff(path)
    told = load_map(map_file) if map_file is not None else None
    if column_map is not None:
        told = checked_map(column_map)
    if remembered is None:
        known = remembered_maps()
    else:
        known = {key: checked_map(data) for key, data in remembered.items()}
    book = read_limited(path, day, currency, told, known, corrections)
    if told is not None and book.lines and remembered is None:
        for table in book.tables:
            if table.is_list:
                remember(table.headers, told)
    return book


def read_wishes(path: Path, *, day: date, currency: str = "CNY") -> StagedBook:
    """The book at `path` as a list of what somebody would buy: cartons may be missing, and prices where no sheet has
    any; what it says of itself where it is a sheet of ours. UnusableInput: it cannot be read at all."""
    sniff(path)
    return wishes_limited(path, day, currency)


def preview(path: Path) -> tuple[SheetPreview, ...]:
    """The first rows of every sheet as texts, for a person to say which row is the header and what the columns hold.

    UnusableInput as `read_orders`.
    """
    sniff(path)
    return tuple(preview_limited(path))


def row_texts(
    path: Path, places: Iterable[tuple[str, int]], *, corrections: Sequence[Correction] = ()
) -> dict[tuple[str, int], RowTexts]:
    """The cells of the rows at (sheet, row), corrected, by that place; a row that the book does not have is left out.

    The book is opened once, however many rows are asked for. Errors as `read_orders`.
    """
    sniff(path)
    return row_texts_limited(path, places, corrections)


def write_checked(
    path: Path, target: Path, findings: Sequence[Finding], *, language: str, corrections: Sequence[Correction] = ()
) -> None:
    """Write the book at `path` as .xlsx with the findings marked in its cells and the corrections in place, so that it
    reads as the same lines again.

    A file that is no book at all gives a book of findings alone. UsageError: a correction outside of the book.
    """
    try:
        check_limited(path, target, findings, language, corrections)
    except UnusableInput:
        from sundry.goods.orders.formats.checked_book import write_checked_from_grid

        write_checked_from_grid([], target, findings, language=language)
