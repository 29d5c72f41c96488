"""Text in the encodings and with the signs that offices use."""

from __future__ import annotations

import codecs

import pytest

from sundry.base.reference.formats.csv import read_csv
from sundry.kernel.errors import UnusableInput

LINES = "商品编码,商品名称\n0101210010,马\n"
ROWS = [(1, ["商品编码", "商品名称"]), (2, ["0101210010", "马"])]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8", "utf-8-sig"])
def test_an_encoding(encoding: str) -> None:
    assert list(read_csv("f", LINES.encode(encoding))) == ROWS


def test_an_encoding_that_nobody_knows() -> None:
    with pytest.raises(UnusableInput) as refused:
        list(read_csv("f", "Valparaíso é \n".encode("latin-1")))
    assert refused.value.rule == "reference_encoding_unknown"
    with pytest.raises(UnusableInput):
        list(read_csv("f", codecs.BOM_UTF16_LE + b"a"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_parts_the_cells(delimiter: str) -> None:
    text = f'code{delimiter}name\r\n1{delimiter}"a{delimiter}b"\r\n'
    assert list(read_csv("f", text.encode())) == [(1, ["code", "name"]), (2, ["1", f"a{delimiter}b"])]


def test_a_row_is_numbered_by_its_last_line() -> None:
    assert [number for number, _ in read_csv("f", b'a\n"b\nc"\nd\n')] == [1, 3, 4]


def test_a_cell_without_end_is_told() -> None:
    with pytest.raises(UnusableInput) as refused:
        list(read_csv("f", b'a\n"' + b"x" * 200_000))
    assert refused.value.rule == "reference_file_damaged"
