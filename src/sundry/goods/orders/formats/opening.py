"""Decide what a file is, by its content and not by its name, and refuse what is dangerous before anything is unpacked.

A zip bomb is told from the zip's directory alone: what the parts would unpack to, and how much larger that is than the
file. Reading itself happens in a limited process (see reading/process.py), because a directory can lie.
"""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from sundry.goods.orders.formats.grid import Grid
from sundry.kernel.errors import UnusableInput

# 100,000 rows of fifteen columns are about 150 MB of XML, packed to about a tenth. Pictures do not shrink at all.
UNPACKED_BYTES_MAX = 1_500_000_000
RATIO_MAX = 150
RATIO_FREE_BYTES = 20_000_000  # below this any ratio is harmless
FILE_BYTES_MAX = 500_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_LOCKED = "EncryptedPackage".encode("utf-16-le")


def read_workbook(path: Path) -> tuple[str, list[Grid]]:
    """(kind, sheets) of a book: kind is xlsx, xls, ods or csv. UnusableInput with the reason otherwise."""
    kind = sniff(path)
    if kind == "xlsx":
        from sundry.goods.orders.formats.xlsx import read_xlsx

        return kind, read_xlsx(path)
    if kind == "xls":
        from sundry.goods.orders.formats.xls import read_xls

        return kind, read_xls(path)
    if kind == "ods":
        from sundry.goods.orders.formats.ods import read_ods

        return kind, read_ods(path)
    from sundry.goods.orders.formats.csv import read_csv

    return kind, read_csv(path)


def sniff(path: Path) -> str:
    """What the file is: xlsx | xls | ods | csv. UnusableInput: missing, empty, locked, a bomb, or none of these."""
    try:
        if path.is_dir():
            raise UnusableInput("book_is_folder", file=path.name)
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(4096)
    except OSError as fault:
        raise UnusableInput("book_unreadable", file=path.name, fault=fault.strerror or str(fault)) from fault
    if not head.strip(b"\x00 \r\n\t"):
        raise UnusableInput("book_empty", file=path.name)
    if size > FILE_BYTES_MAX:
        raise UnusableInput("book_too_large", file=path.name, megabytes=size // 1_000_000)
    if head.startswith(b"PK"):
        return _sniff_zip(path, size)
    if head.startswith(_OLE):
        if _OLE_LOCKED in path.read_bytes():
            raise UnusableInput("book_locked", file=path.name)
        return "xls"
    if head.startswith((b"\x09\x08", b"\x09\x04", b"\x09\x02")):
        return "xls"
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b", b"Rar!", b"7z\xbc")):
        raise UnusableInput("not_a_workbook", file=path.name)
    bare = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if bare.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise UnusableInput("not_a_workbook", file=path.name)
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods"):
        raise UnusableInput("not_a_workbook", file=path.name)  # text that only calls itself a workbook
    return "csv"


def _sniff_zip(path: Path, size: int) -> str:
    try:
        with ZipFile(path) as package:
            entries = package.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError) as fault:
        raise UnusableInput("book_damaged", file=path.name, fault=type(fault).__name__) from fault
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED_BYTES_MAX or (unpacked > RATIO_FREE_BYTES and unpacked > RATIO_MAX * max(size, 1)):
        raise UnusableInput("book_is_bomb", file=path.name, megabytes=unpacked // 1_000_000, ratio=unpacked // size)
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnusableInput("book_locked", file=path.name)
    names = {entry.filename.lower() for entry in entries}
    if "content.xml" in names:
        return "ods"
    if "[content_types].xml" in names and any(name.endswith("workbook.xml") for name in names):
        return "xlsx"
    if any(name.endswith("workbook.bin") for name in names):
        raise UnusableInput("book_is_xlsb", file=path.name)
    raise UnusableInput("not_a_workbook", file=path.name)
