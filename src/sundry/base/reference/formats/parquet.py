"""Tables as Parquet, read by pyarrow, which comes with the extra `figures`."""

from __future__ import annotations

import importlib
from io import BytesIO
from typing import Any

from sundry.base.reference.formats.shape import COLUMNS_MAX, Rows
from sundry.kernel.errors import UnusableInput


def read_parquet(file: str, data: bytes) -> Rows:
    """The names of the columns as a row, then the rows, batch by batch. UnusableInput: damaged; no pyarrow."""
    try:
        arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ModuleNotFoundError as fault:
        raise UnusableInput("reference_needs_figures", file=file) from fault
    try:
        opened = parquet.ParquetFile(BytesIO(data))
        names = opened.schema_arrow.names[:COLUMNS_MAX]
        yield 1, list(names)
        number = 1
        for batch in opened.iter_batches(columns=names):
            columns = [[_text(value) for value in column.to_pylist()] for column in batch.columns]
            for cells in zip(*columns, strict=True):
                number += 1
                yield number, list(cells)
    except (arrow.ArrowException, OSError, UnicodeDecodeError) as fault:
        raise UnusableInput("reference_file_damaged", file=file, fault=type(fault).__name__) from fault


def _text(value: Any) -> str:
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else str(value)
