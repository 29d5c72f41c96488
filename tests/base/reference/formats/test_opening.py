"""What a file is, by its content; and what is refused before it is unpacked."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from sundry.base.reference.formats import opening
from sundry.base.reference.formats.opening import tables
from sundry.kernel.errors import UnusableInput


def zipped(**files: bytes) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name.replace("__", "/"), data)
    return packed.getvalue()


def rule_of(data: bytes) -> str:
    with pytest.raises(UnusableInput) as refused:
        [list(table.rows) for table in tables("file", data)]
    return refused.value.rule


def test_a_zip_with_one_file_of_text_is_that_file() -> None:
    (table,) = tables("rates.zip", zipped(rates=b"Date,USD\n2026-10-30,1.1\n"))
    assert list(table.rows) == [(1, ["Date", "USD"]), (2, ["2026-10-30", "1.1"])]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"a,b\0,c",
        zipped(a=b"1", b=b"2"),
        zipped(a=zipped(b=b"1")),
        b"[1, 2]",
        b'{"CNNGB": {}}',
    ],
    ids=["nothing", "blanks", "pdf", "png", "xls", "binary", "two files", "zip in zip", "list", "no port"],
)
def test_what_is_no_table(data: bytes) -> None:
    assert rule_of(data) == "reference_file_unknown"


def test_what_is_damaged() -> None:
    assert rule_of(zipped(a=b"1" * 1000)[:-30]) == "reference_file_damaged"
    assert rule_of(b"PAR1" + b"x" * 50) == "reference_file_damaged"
    assert rule_of(b'{"CNNGB": ') == "reference_file_damaged"
    assert rule_of(b"[" * 200_000) == "reference_file_damaged"


def test_a_zip_that_says_that_it_is_too_large_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "RATIO_FREE_BYTES", 1_000)
    assert rule_of(zipped(a=b"0" * 1_000_000)) == "reference_file_is_bomb"
    monkeypatch.setattr(opening, "RATIO_FREE_BYTES", 10_000_000)
    assert next(next(tables("file", zipped(a=b"0" * 1_000))).rows) == (1, ["0" * 1_000])
    monkeypatch.setattr(opening, "UNPACKED_BYTES_MAX", 999)
    assert rule_of(zipped(a=b"0" * 1_000)) == "reference_file_is_bomb"


def test_a_file_that_is_too_large_or_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "ROWS_MAX", 2)
    assert rule_of(b"a\n1\n2\n3\n") == "reference_file_too_long"
    assert len(list(next(tables("file", b"a\n1\n2\n")).rows)) == 3
    monkeypatch.setattr(opening, "FILE_BYTES_MAX", 5)
    assert rule_of(b"a,b,c\n") == "reference_file_too_large"
