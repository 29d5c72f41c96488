"""What every reader here gives: rows of text, as many as somebody may send."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

ROWS_MAX: Final = 500_000
COLUMNS_MAX: Final = 256

Rows = Iterator[tuple[int, list[str]]]
"""(row as Excel counts it, its cells as text), the header as any other row."""
