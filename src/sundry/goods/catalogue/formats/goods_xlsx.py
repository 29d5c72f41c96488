"""Sheets of goods as workbooks: any that somebody has, read; our own, written so that they come back without loss.

Problem: a workbook that goes out is sorted, gets columns, is saved by LibreOffice or WPS, and comes back in another
language. Therefore each row carries the number of its good and a hash in a hidden column, a hidden sheet says which
header is which field and which picture is which photo, and text stays text whatever it begins with.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from sundry.goods.catalogue.formats import goods_package
from sundry.goods.catalogue.formats.goods_books import read_ods, read_xls, text_of
from sundry.goods.catalogue.formats.goods_paste import limited, read_text
from sundry.goods.catalogue.formats.shape import (
    COLUMNS_MAX,
    FILE_BYTES_MAX,
    HEAD_MAX,
    NOT_COMPUTED,
    PICTURES_MAX,
    ROWS_MAX,
    Sheet,
)
from sundry.kernel.errors import UnusableInput
from sundry.kernel.formulas import begins_formula

OWN_SHEET: Final = "sundry"

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_NO_TABLE: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b", b"Rar!", b"7z\xbc", b"RIFF")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DISPIMG: Final = re.compile(r'DISPIMG\("([^"]{1,200})"', re.IGNORECASE)
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_sheets(data: bytes) -> list[Sheet]:
    """The sheets that are shown, in their order; xlsx, xls, ods or text, by what the file is and not by its name.

    UnusableInput: what it is, and why it cannot be read.
    """
    if len(data) > FILE_BYTES_MAX:
        raise UnusableInput("catalogue_sheet_too_large", most_mb=FILE_BYTES_MAX // 1_000_000)
    if not data.strip(b"\0 \r\n\t"):
        raise UnusableInput("catalogue_sheet_empty")
    if data.startswith(_OLE):
        if _LOCKED in data:
            raise UnusableInput("catalogue_sheet_locked")
        return _limited(read_xls(data))
    if data.startswith(_NO_TABLE) or data.lstrip(b"\xef\xbb\xbf \r\n\t")[:9].lower().startswith(
        (b"<!doctype", b"<html")
    ):
        raise UnusableInput("catalogue_sheet_no_table")
    if not data.startswith(b"PK"):
        return [read_text(data)]
    with goods_package.opened(data) as package:
        names = {name.lower() for name in package.namelist()}
        if "content.xml" in names:
            return _limited(read_ods(package))
        if not any(name.endswith("workbook.xml") for name in names):
            raise UnusableInput("catalogue_sheet_no_table")
        if (pictures := sum(name.startswith("xl/media/") for name in names)) > PICTURES_MAX:
            raise UnusableInput("catalogue_sheet_too_many_pictures", pictures=pictures, most=PICTURES_MAX)
        return _limited(_read_xlsx(data, package))


def _limited(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Those that hold anything, each with no more rows than it may have."""
    filled = [sheet for sheet in sheets if any(cell.strip() for _, cells in sheet.rows for cell in cells)]
    if not filled:
        raise UnusableInput("catalogue_sheet_empty")
    for sheet in filled:
        limited([(number, list(cells)) for number, cells in sheet.rows])
    return filled


def _read_xlsx(data: bytes, package: ZipFile) -> list[Sheet]:
    try:
        with warnings.catch_warnings():  # of drawings and validations, which nobody asked for
            warnings.simplefilter("ignore")
            book = _loaded(data, package)
            own, photos = _own(book)
            images = goods_package.cell_images(package)
            unread = _unread(package)
            return [
                _of_xlsx(sheet, own, photos, images, unread.get(sheet.title, frozenset()))
                for sheet in book.worksheets
                if sheet.sheet_state == "visible"
            ]
    except UnusableInput:
        raise
    except (BadZipFile, KeyError, ValueError, TypeError, SyntaxError, OSError, EOFError, AttributeError) as fault:
        raise UnusableInput("catalogue_sheet_damaged", fault=type(fault).__name__) from fault
    except Exception as fault:  # openpyxl raises exceptions of its own for what it does not like
        raise UnusableInput("catalogue_sheet_damaged", fault=type(fault).__name__) from fault


def _loaded(data: bytes, package: ZipFile) -> Any:
    """The workbook with the values of its formulas. Texts are read by ourselves: openpyxl takes every "x005F_" out of
    them, and leaves what Excel writes for a character that XML cannot hold."""
    from openpyxl.reader.excel import ExcelReader

    class Reader(ExcelReader):
        def read_strings(self) -> None:
            names = {name.lower(): name for name in package.namelist()}
            if part := names.get("xl/sharedstrings.xml"):
                entries = goods_package.xml(goods_package.part(package, part)).iter("{*}si")
                self.shared_strings = [_text_of_entry(entry) for entry in entries]
            else:
                super().read_strings()

    reader = Reader(BytesIO(data), data_only=True, keep_links=False)
    reader.read()
    return reader.wb


def _text_of_entry(entry: Any) -> str:
    """Without phonetic hints, which stand beside the text."""
    pieces = [*entry.findall("{*}t"), *entry.findall("{*}r/{*}t")]
    return _unescaped("".join(piece.text or "" for piece in pieces))


def _own(book: Any) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """What our hidden sheet says: header -> field, SHA-256 of a picture -> file."""
    told: dict[str, dict[str, str]] = {"header": {}, "photo": {}}
    if OWN_SHEET in book.sheetnames:
        for row in range(1, PICTURES_MAX + COLUMNS_MAX):
            kind, key, value = (text_of(book[OWN_SHEET].cell(row, column).value) for column in (1, 2, 3))
            if kind in told:
                told[kind][" ".join(key.split())] = value
    return told["header"], told["photo"]


def _unread(package: ZipFile) -> Mapping[str, frozenset[tuple[int, int]]]:
    """By the name of the sheet, the cells with formulas that no program has computed."""
    from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

    names = package.namelist()
    book = next(name for name in names if name.lower().endswith("workbook.xml"))
    folder, _, file = book.rpartition("/")
    relations = f"{folder}/_rels/{file}.rels".lstrip("/")
    if relations not in names:
        return {}
    targets = {
        one.get("Id"): one.get("Target", "") for one in goods_package.xml(goods_package.part(package, relations))
    }
    found = {}
    for sheet in goods_package.xml(goods_package.part(package, book)).iter("{*}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        place = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
        if place in names:
            cells = goods_package.formulas_without_value(goods_package.part(package, place))
            places = (coordinate_from_string(cell) for cell in cells)
            found[sheet.get("name", "")] = frozenset((row, column_index_from_string(c) - 1) for c, row in places)
    return found


def _of_xlsx(
    sheet: Any,
    own: Mapping[str, str],
    photos: Mapping[str, str],
    images: Mapping[str, bytes],
    unread: frozenset[tuple[int, int]],
) -> Sheet:
    rows: dict[int, dict[int, str]] = {}
    pictures: dict[int, list[bytes]] = {}
    for (row, column), cell in sorted(sheet._cells.items()):  # those that are there: a sheet may claim a million rows
        text = text_of(cell.value)
        if called := _DISPIMG.search(text):
            if called[1] in images:
                pictures.setdefault(row, []).append(images[called[1]])
        elif text and column <= COLUMNS_MAX:
            rows.setdefault(row, {})[column] = text
    for row, column in unread:
        rows.setdefault(row, {}).setdefault(column + 1, NOT_COMPUTED)
    for merged in sheet.merged_cells.ranges:
        _fill(rows, merged)
    for image in sheet._images:
        start = getattr(image.anchor, "_from", None)
        if start is not None:
            image.ref.seek(0)
            pictures.setdefault(start.row + 1, []).append(image.ref.read())
    told = [
        (row, [cells.get(column, "") for column in range(1, max(cells) + 1)]) for row, cells in sorted(rows.items())
    ]
    return Sheet(sheet.title, told, pictures, own, photos)


def _fill(rows: dict[int, dict[int, str]], merged: Any) -> None:
    """A merged cell says in all its rows, and in a header in all its columns, what its first cell says."""
    text = rows.get(merged.min_row, {}).get(merged.min_col, "")
    is_head = merged.max_row <= HEAD_MAX
    if not text or merged.max_row - merged.min_row > ROWS_MAX or not (is_head or merged.min_col == merged.max_col):
        return
    for row in range(merged.min_row, merged.max_row + 1):
        for column in range(merged.min_col, min(merged.max_col, COLUMNS_MAX) + 1):
            if row in rows or is_head:
                rows.setdefault(row, {}).setdefault(column, text)


def _unescaped(text: str) -> str:
    """`_x005F_` stands for an underscore in the text of a sheet, `_xD83D__xDE00_` for one character in two halves. A
    half alone and NUL (`_x0000_`) are kept by no database."""
    if "_x" not in text:
        return text
    told = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace("\0", "")
    return told.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


# Out ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Head:
    """A column that is written. `choices`: what may stand in it. `is_number`: written as one where it can be."""

    field: str
    text: str
    width: int = 14
    is_number: bool = False
    is_hidden: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is written. `photo`: the file of its picture, as the catalogue keeps it; `picture`: a JPEG of it."""

    cells: Mapping[str, str]
    photo: str = ""
    picture: bytes = b""


_PLAIN_NUMBER: Final = re.compile(r"-?(0|[1-9]\d{0,11})(\.\d{1,3})?")
_PICTURE_PX: Final = 86
_ROW_HEIGHT: Final = 68


def write_sheet(
    heads: Sequence[Head], lines: Iterable[Line], *, name: str, photo_column: int | None = None, right_to_left: bool
) -> bytes:
    """A workbook with one sheet that is seen, its header in sight, and one that is hidden."""
    from xlsxwriter import Workbook

    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(out, options)
    sheet, hidden = book.add_worksheet(name[:31]), book.add_worksheet(OWN_SHEET)
    style = {"font_name": "Arial", "font_size": 10, "valign": "vcenter", "text_wrap": True}
    body, guarded = book.add_format(style), book.add_format({**style, "quote_prefix": True})
    header = book.add_format({**style, "bold": True, "bg_color": "#F2F2F2", "bottom": 1})
    if right_to_left:
        sheet.right_to_left()
    for index, head in enumerate(heads):
        sheet.write_string(0, index, head.text, header)
        sheet.set_column(index, index, head.width, None, {"hidden": True} if head.is_hidden else {})
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 0)
    photos: dict[str, str] = {}
    count = 0
    for count, line in enumerate(lines, 1):
        for index, head in enumerate(heads):
            text = line.cells.get(head.field, "")
            if head.is_number and _PLAIN_NUMBER.fullmatch(text):
                sheet.write_number(count, index, float(text), body)
            elif text:
                sheet.write_string(count, index, text, guarded if begins_formula(text) else body)
        if line.picture and photo_column is not None:
            sheet.set_row(count, _ROW_HEIGHT)
            _insert(sheet, count, photo_column, line.picture)
            photos[hashlib.sha256(line.picture).hexdigest()] = line.photo
    _write_own(hidden, heads, photos)
    _offer(sheet, heads, max(count, 200))
    hidden.very_hidden()
    book.close()
    return out.getvalue()


def _insert(sheet: Any, row: int, column: int, picture: bytes) -> None:
    from PIL import Image

    with Image.open(BytesIO(picture)) as opened:
        scale = _PICTURE_PX / max(opened.size)
    options = {"image_data": BytesIO(picture), "x_scale": scale, "y_scale": scale, "x_offset": 2, "y_offset": 2}
    sheet.insert_image(row, column, "photo.jpg", {**options, "object_position": 1})


def _write_own(hidden: Any, heads: Sequence[Head], photos: Mapping[str, str]) -> None:
    told = [("header", head.text, head.field) for head in heads]
    told += [("photo", sha, file) for sha, file in photos.items()]
    for row, cells in enumerate(told):
        for column, text in enumerate(cells):
            hidden.write_string(row, column, text)
    for index, head in enumerate(heads):
        for row, choice in enumerate(head.choices):
            hidden.write_string(row, 4 + index, choice)


def _offer(sheet: Any, heads: Sequence[Head], rows: int) -> None:
    """Lists to choose from; what is not in them may be written too, and is told when the sheet is read."""
    from xlsxwriter.utility import xl_range_abs

    for index, head in enumerate(heads):
        if head.choices:
            source = f"={OWN_SHEET}!{xl_range_abs(0, 4 + index, len(head.choices) - 1, 4 + index)}"
            rule = {"validate": "list", "source": source, "error_type": "information"}
            sheet.data_validation(1, index, rows, index, rule)
