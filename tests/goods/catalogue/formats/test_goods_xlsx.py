"""Sheets as people have them: merged headers, formulas, pictures, other programs; and files that mean harm."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt
from PIL import Image

from sundry.goods.catalogue.formats import goods_package
from sundry.goods.catalogue.formats.goods_books import text_of
from sundry.goods.catalogue.formats.goods_xlsx import Head, Line, read_sheets, write_sheet
from sundry.goods.catalogue.formats.shape import FILE_BYTES_MAX, NOT_COMPUTED
from sundry.kernel.errors import UnusableInput

HEADS = [
    Head("row", "Sundry row", is_hidden=True),
    Head("photo", "Photo"),
    Head("names.zh", "品名"),
    Head("p", "价", 9, True),
]
CELLS = {"row": "1-ab", "names.zh": "=1+1 _x000D_ 杯\n两行", "p": "3.2"}


def picture(colour: str = "red", kind: str = "JPEG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, kind)
    return out.getvalue()


def saved(book: Any) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


def with_part(book: bytes, name: str, data: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(book)) as package:
        parts = {one: package.read(one) for one in package.namelist()}
    return zipped({**parts, name: data})


def own() -> bytes:
    line = Line(CELLS, "f" * 64, picture())
    return write_sheet(HEADS, [line, Line({"names.zh": "伞"})], name="Goods", photo_column=1, right_to_left=True)


def refused(data: bytes) -> str:
    with pytest.raises(UnusableInput) as told:
        read_sheets(data)
    return told.value.rule


def test_what_we_write_we_read_and_no_text_becomes_a_formula() -> None:
    (sheet,) = read_sheets(own())
    assert sheet.rows == [
        (1, ["Sundry row", "Photo", "品名", "价"]),
        (2, ["1-ab", "", CELLS["names.zh"], "3.2"]),
        (3, ["", "", "伞"]),
    ]
    assert sheet.own["品名"] == "names.zh"
    assert sheet.pictures == {2: [picture()]}
    assert list(sheet.photos.values()) == ["f" * 64]
    with zipfile.ZipFile(BytesIO(own())) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


def test_what_no_database_keeps_is_in_no_cell() -> None:
    """`_x0000_` in a workbook is NUL, `_xD83D_` half of a character; written with `_x005F_` they are text."""
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "QQQ")
    with zipfile.ZipFile(out) as package:
        texts = package.read("xl/sharedStrings.xml")
    escaped = texts.replace(b"QQQ", b"A_x0000__xD83D__xDE00__xD83D_ _x005F_x0000_")
    told = with_part(out.getvalue(), "xl/sharedStrings.xml", escaped)
    assert read_sheets(told)[0].rows == [(1, ["A\U0001f600\ufffd _x0000_"])]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_saves_it_and_it_comes_back(tmp_path: Path) -> None:
    (tmp_path / "goods.xlsx").write_bytes(own())
    profile = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    for kind in ("ods", "xlsx"):
        source = "goods.xlsx" if kind == "ods" else "goods.ods"
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", tmp_path, tmp_path / source]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        sheet = read_sheets((tmp_path / f"goods.{kind}").read_bytes())[0]
        assert [cells[2] for _, cells in sheet.rows] == ["品名", CELLS["names.zh"], "伞"]
        assert sheet.rows[1][1][0] == "1-ab"
        assert len(sheet.pictures[2]) == 1
    assert sheet.own["品名"] == "names.zh"


def test_merged_cells_formulas_and_numbers() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["货号", "外箱尺寸", None, "品牌", "总价"])
    sheet.append([None, "长", "宽", None, None])
    sheet.append([123.0, 60.5, 1e-3, "Acme", "=A3*2"])
    sheet.append(["0045", 3, True, None, None])
    for cells in ("A1:A2", "B1:C1", "D3:D4"):
        sheet.merge_cells(cells)
    (read,) = read_sheets(saved(book))
    assert [cells for _, cells in read.rows] == [
        ["货号", "外箱尺寸", "外箱尺寸", "品牌", "总价"],
        ["货号", "长", "宽"],
        ["123", "60.5", "0.001", "Acme", NOT_COMPUTED],
        ["0045", "3", "TRUE", "Acme"],
    ]


def test_pictures_in_cells_as_wps_keeps_them() -> None:
    book = openpyxl.Workbook()
    book.active.append(["图片", "品名"])
    book.active.append(['=_xlfn.DISPIMG("ID_1",1)', "杯"])
    data = saved(book)
    with zipfile.ZipFile(BytesIO(data)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    sheet = re.sub(rb"<v ?/>|<v></v>", b'<v>=DISPIMG("ID_1",1)</v>', sheet).replace(b'"A2">', b'"A2" t="str">')
    xml = (
        '<e:cellImages xmlns:e="w" xmlns:x="x" xmlns:a="a" xmlns:r="http://schemas.openxmlformats.org/officeDocument/'
        '2006/relationships"><e:cellImage><x:pic><x:cNvPr name="ID_1"/><a:blip r:embed="rId1"/></x:pic></e:cellImage>'
        "</e:cellImages>"
    )
    rels = '<R xmlns="r"><Relationship Id="rId1" Target="media/image1.jpeg"/></R>'
    for name, part in (
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/cellimages.xml", xml.encode()),
        ("xl/_rels/cellimages.xml.rels", rels.encode()),
        ("xl/media/image1.jpeg", picture()),
    ):
        data = with_part(data, name, part)
    (read,) = read_sheets(data)
    assert read.pictures == {2: [picture()]}


def test_an_old_workbook_is_read() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("价格")
    for column, value in enumerate(["货号", "单价"]):
        sheet.write(0, column, value)
    sheet.write(1, 0, "K-1")
    sheet.write(1, 1, 3.25)
    (read,) = read_sheets(saved(book))
    assert read.rows == [(1, ["货号", "单价"]), (2, ["K-1", "3.25"])]
    assert refused(saved(book)[:900]) == "catalogue_sheet_damaged"


def test_tables_as_text_in_their_encodings() -> None:
    for data in (
        "货号,单价\nK-1,3\n".encode("gb18030"),
        "\ufeff货号;单价\nK-1;3\n".encode(),
        "货号\t单价\nK-1\t3".encode("utf-16"),
    ):
        (read,) = read_sheets(data)
        assert [cells for _, cells in read.rows] == [["货号", "单价"], ["K-1", "3"]]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "catalogue_sheet_empty"),
        (b" \r\n", "catalogue_sheet_empty"),
        (b"%PDF-1.7", "catalogue_sheet_no_table"),
        (b"<!DOCTYPE html><p>", "catalogue_sheet_no_table"),
        (b"PK\x03\x04junk", "catalogue_sheet_damaged"),
        (b"\xff\xfe\x00\xd8", "catalogue_sheet_no_table"),
        (zipped({"a.txt": b"x"}), "catalogue_sheet_no_table"),
        (zipped({"../../etc/passwd": b"x", "xl/workbook.xml": b"<x/>"}), "catalogue_sheet_damaged"),
        (zipped({"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}), "catalogue_sheet_damaged"),
        (zipped({"xl/workbook.xml": b"<x/>", "xl/media/a.png": b"0" * 30_000_000}), "catalogue_sheet_bomb"),
        (
            zipped({f"xl/media/{n}.png": b"" for n in range(501)} | {"xl/workbook.xml": b"<x/>"}),
            "catalogue_sheet_too_many_pictures",
        ),
        (zipped({"xl/workbook.xml": b"<x/>"}), "catalogue_sheet_damaged"),
        (b"x" * (FILE_BYTES_MAX + 1), "catalogue_sheet_too_large"),
        (b"a\tb\n" * 5_100, "catalogue_sheet_too_long"),
        (saved(openpyxl.Workbook()), "catalogue_sheet_empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_sheet_or_means_harm_is_refused(data: bytes, rule: str) -> None:
    assert refused(data) == rule


def test_so_many_tags_are_not_unpacked_into_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(goods_package, "TAGS_MAX", 10)
    assert refused(own()) == "catalogue_sheet_bomb"
    monkeypatch.setattr(goods_package, "ENTRIES_MAX", 3)
    assert refused(own()) == "catalogue_sheet_bomb"


def test_a_number_is_read_as_excel_shows_it() -> None:
    """Programs write doubles with sixteen or seventeen digits; Excel shows fifteen."""
    read = [text_of(one) for one in (710679.1800000001, 0.1 + 0.2, 3.0, 1e-11, 123456789.5)]
    assert read == ["710679.18", "0.3", "3", "0", "123456789.5"]
