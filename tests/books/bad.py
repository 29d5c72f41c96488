"""Files that are no order book, or that want to hurt. Each builder returns the path of what it wrote."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

import xlsxwriter

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def empty_file(folder: Path) -> Path:
    path = folder / "empty.xlsx"
    path.write_bytes(b"")
    return path


def empty_csv(folder: Path) -> Path:
    path = folder / "empty.csv"
    path.write_bytes(b"\xef\xbb\xbf\r\n\r\n")
    return path


def quote_without_end(folder: Path) -> Path:
    """A quote before the first cell makes the whole file one cell, longer than a cell may be."""
    path = folder / "quote.csv"
    path.write_text('"item,ctns,price\n' + "K1,2,3.50\n" * 20_000, "utf-8")
    return path


def text_named_workbook(folder: Path) -> Path:
    path = folder / "text.xlsx"
    path.write_text("Dear all, please find the order in the next mail.\n", encoding="utf-8")
    return path


def another_zip_named_workbook(folder: Path) -> Path:
    path = folder / "photos.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photos/1.txt", "no workbook here")
    return path


def truncated(folder: Path) -> Path:
    """The download stopped: the end of the file, with the zip's directory, is missing."""
    path = _small_book(folder / "truncated.xlsx")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def without_sheets(folder: Path) -> Path:
    path = _small_book(folder / "no sheets.xlsx")
    return _rewrite(path, {"xl/workbook.xml": f'<workbook xmlns="{_MAIN}"><sheets/></workbook>'.encode()})


def without_header(folder: Path) -> Path:
    """A workbook, and cells in it, but nothing says what they are."""
    path = folder / "no header.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    for row in range(6):
        sheet.write_row(row, 0, [f"alpha{row}", row * 3, row * 7, "beta"])
    book.close()
    return path


def header_only(folder: Path) -> Path:
    path = folder / "header only.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet().write_row(0, 0, ["摊位", "货号", "品名", "箱数", "装箱数", "单价", "体积"])
    book.close()
    return path


def zip_bomb(folder: Path, *, honest: bool = True) -> Path:
    """A sheet of 1 GiB of spaces in a file of 1 MB. Unless `honest`, the zip's directory says that it is small."""
    size = 1 << 30
    piece = b" " * (1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed_piece = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = packed_piece * (size // len(piece)) + packer.flush()
    checksum = 0
    for _ in range(size // len(piece)):
        checksum = zlib.crc32(piece, checksum)
    path = _small_book(folder / ("bomb.xlsx" if honest else "lying bomb.xlsx"))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    entries = []
    for name, data in parts.items():
        if name == "xl/worksheets/sheet1.xml":
            entries.append((name, packed, checksum, size if honest else 900))
        else:
            deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
            entries.append((name, deflate.compress(data) + deflate.flush(), zlib.crc32(data), len(data)))
    path.write_bytes(_zip(entries))
    return path


def entity_bomb(folder: Path) -> Path:
    """A billion laughs in the sheet: ten entities, each ten times the one before."""
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))
    return _sheet_with(folder / "laughs.xlsx", entities, "&a9;")


def entity_from_outside(folder: Path) -> Path:
    """A sheet whose text is another file of this machine."""
    secret = folder / "secret.txt"
    secret.write_text("SECRET", encoding="utf-8")
    return _sheet_with(folder / "outside.xlsx", f'<!ENTITY x SYSTEM "{secret.as_uri()}">', "&x;")


def locked_by_password(folder: Path) -> Path:
    """What Excel writes with a password: an OLE container that holds EncryptionInfo and EncryptedPackage."""
    path = folder / "locked.xlsx"
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    stream_sectors = 8  # 4,096 bytes, the least that stands outside the mini stream
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    chain = [fat, end, *range(3, 2 + stream_sectors), end]
    table = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    directory = (
        _ole_entry("Root Entry", 5, child=1, start=end, size=0)
        + _ole_entry("EncryptedPackage", 2, right=2, start=2, size=512 * stream_sectors)
        + _ole_entry("EncryptionInfo", 2, start=end, size=0)
        + bytes(128)
    )
    path.write_bytes(header + table + directory + b"\xa5" * 512 * stream_sectors)
    return path


def _ole_entry(name: str, kind: int, *, start: int, size: int, child: int = -1, right: int = -1) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    entry = text.ljust(64, b"\0") + struct.pack("<HBBiii", len(text), kind, 1, -1, right, child)
    return entry + bytes(36) + struct.pack("<IQ", start, size)


def _small_book(path: Path) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("订单")
    sheet.write_row(0, 0, ["摊位", "货号", "品名", "箱数", "装箱数", "单价", "体积"])
    for row in range(1, 40):
        sheet.write_row(row, 0, ["A-1", f"K{row}", "纽扣", 2, 500, 0.1, 0.03])
    book.close()
    return path


def _sheet_with(path: Path, entities: str, text: str) -> Path:
    """A workbook whose first cell is `text`, with `entities` declared in the sheet's part."""
    sheet = (
        f'<?xml version="1.0"?><!DOCTYPE worksheet [{entities}]><worksheet xmlns="{_MAIN}"><sheetData>'
        f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row></sheetData></worksheet>'
    )
    return _rewrite(_small_book(path), {"xl/worksheets/sheet1.xml": sheet.encode()})


def _rewrite(path: Path, changed: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (parts | changed).items():
            archive.writestr(name, data)
    return path


def _zip(entries: list[tuple[str, bytes, int, int]]) -> bytes:
    """A zip archive of deflated entries (name, packed, checksum, size): zipfile would not let us lie."""
    body, directory = bytearray(), bytearray()
    for name, packed, checksum, size in entries:
        encoded = name.encode()
        fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, checksum, len(packed), size, len(encoded), 0)
        directory += b"PK\1\2" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + encoded
        body += b"PK\3\4" + fields + encoded + packed
    count = len(entries)
    return (
        bytes(body + directory) + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    )


REFUSED = (
    empty_file,
    quote_without_end,
    text_named_workbook,
    another_zip_named_workbook,
    truncated,
    zip_bomb,
    entity_bomb,
    locked_by_password,
)
WITHOUT_LINES = (empty_csv, without_sheets, without_header, header_only)
