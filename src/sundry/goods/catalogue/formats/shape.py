"""What every reader here gives: a sheet as rows of text, with the pictures that lie beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

ROWS_MAX: Final = 5_000
HEAD_MAX: Final = 25  # rows above them that may be titles and headers
COLUMNS_MAX: Final = 200
FILE_BYTES_MAX: Final = 20_000_000
PICTURES_MAX: Final = 500
NOT_COMPUTED: Final = "#FORMULA!"  # stands for a formula that no program has computed
FAULTS: Final = (NOT_COMPUTED, "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
CELL_MAX: Final = 20_000  # characters


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows`: (row as the sheet counts it, from 1; its cells as text). `pictures`: by row, each as it lies in the file.
    `own`: what a sheet that we wrote says of its headers. `photos`: and of its pictures, SHA-256 -> file."""

    name: str
    rows: Sequence[tuple[int, Sequence[str]]]
    pictures: Mapping[int, Sequence[bytes]] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)
    photos: Mapping[str, str] = field(default_factory=dict)
