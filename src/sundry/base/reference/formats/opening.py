"""What a file is, by its content and not by its name; and its rows as text, whatever it is.

Refused before anything is unpacked: a file that is too large, and a zip that says of itself that it would be (zipfile
gives no more of a part than its directory says). A zip that holds one file of text is opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile

from sundry.base.reference.formats.shape import ROWS_MAX, Rows
from sundry.kernel.errors import UnusableInput

FILE_BYTES_MAX: Final = 64_000_000
UNPACKED_BYTES_MAX: Final = 200_000_000
RATIO_MAX: Final = 150
RATIO_FREE_BYTES: Final = 20_000_000  # below this any ratio is harmless

_NO_TABLE: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc")


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. `name` is "" where the file has no sheets."""

    name: str
    rows: Rows


def tables(file: str, data: bytes) -> Iterator[Table]:
    """The tables of the file, each streamed. UnusableInput: what it is, and why it cannot be read."""
    if len(data) > FILE_BYTES_MAX:
        raise UnusableInput("reference_file_too_large", file=file, megabytes=FILE_BYTES_MAX // 1_000_000)
    if not data.strip():
        raise UnusableInput("reference_file_unknown", file=file)
    if data.startswith(_NO_TABLE):
        raise UnusableInput("reference_file_unknown", file=file)
    if data.startswith(b"PK"):
        yield from _packed(file, data)
    elif data.startswith(b"PAR1"):
        from sundry.base.reference.formats.parquet import read_parquet

        yield Table("", _counted(file, read_parquet(file, data)))
    elif data.lstrip()[:1] in (b"{", b"["):
        from sundry.base.reference.formats.ports_json import read_ports

        yield Table("", _counted(file, read_ports(file, data)))
    else:
        from sundry.base.reference.formats.csv import read_csv

        yield Table("", _counted(file, read_csv(file, data)))


def _packed(file: str, data: bytes) -> Iterator[Table]:
    """A workbook, or a zip with one file of text."""
    try:
        with ZipFile(BytesIO(data)) as package:
            entries = package.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if unpacked > UNPACKED_BYTES_MAX or (
                unpacked > RATIO_FREE_BYTES and unpacked > RATIO_MAX * max(len(data), 1)
            ):
                raise UnusableInput("reference_file_is_bomb", file=file, megabytes=unpacked // 1_000_000)
            names = {entry.filename.lower() for entry in entries}
            texts = [entry for entry in entries if not entry.is_dir()]
            inner = package.read(texts[0]) if len(texts) == 1 else b""
    except (BadZipFile, ValueError, RuntimeError, NotImplementedError, EOFError) as fault:
        raise UnusableInput("reference_file_damaged", file=file, fault=type(fault).__name__) from fault
    if any(name.endswith("workbook.xml") for name in names):
        from sundry.base.reference.formats.xlsx import read_xlsx

        for name, rows in read_xlsx(file, data):
            yield Table(name, _counted(file, rows))
    elif inner and not inner.startswith(b"PK"):
        yield from tables(file, inner)
    else:
        raise UnusableInput("reference_file_unknown", file=file)


def _counted(file: str, rows: Rows) -> Rows:
    for count, row in enumerate(rows):
        if count > ROWS_MAX:
            raise UnusableInput("reference_file_too_long", file=file, most=ROWS_MAX)
        yield row
