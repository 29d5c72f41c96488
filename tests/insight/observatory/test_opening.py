"""What a file that somebody imports holds."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

import pytest
from pypdf import PdfWriter

from sundry.insight.observatory import opening
from sundry.insight.observatory.formats.pdf_pages import PdfRefused
from sundry.insight.observatory.opening import Opened, Problem, opened, opened_all, shown_name
from sundry.insight.observatory.rules import BYTES_MAX

TEXT = "今年一季度，全市出口12.5亿元。\r\n第二行。"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8"])
def test_text_keeps_its_characters_and_line_ends(encoding: str) -> None:
    found = opened("page.txt", TEXT.encode(encoding))
    assert isinstance(found, Opened)
    assert (found.texts, found.encoding, found.findings) == ((TEXT,), encoding, ((),))


def test_a_byte_that_is_no_character_is_told_with_its_place() -> None:
    data = TEXT.encode()
    found = opened("page.txt", data[:12] + b"\xff" + data[12:])
    assert isinstance(found, Opened)
    (text,) = found.texts
    at = text.index("\ufffd")
    assert found.findings == ((("observatory_bytes_broken", (at, at + 1)),),)


def test_a_nul_is_one_other_character_and_is_told() -> None:
    found = opened("page.txt", "全市\0出口12.5亿元".encode())
    assert isinstance(found, Opened)
    assert found.texts == ("全市\ufffd出口12.5亿元",)
    assert found.findings == ((("observatory_nul", (2, 3)),),)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "observatory_file_empty"),
        (b"\r\n \x00", "observatory_file_empty"),
        (b"\xef\xbb\xbf", "observatory_file_empty"),
        ("\u3000\u3000\r\n\u200b".encode(), "observatory_file_empty"),
        (b"a" * (BYTES_MAX + 1), "observatory_file_too_large"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10, "observatory_file_not_text"),
        (b"PK\x03\x04" + bytes(range(256)) * 10, "observatory_file_not_text"),
    ],
)
def test_what_cannot_be_used_is_a_problem_with_its_name(data: bytes, rule: str) -> None:
    found = opened("folder/strange.bin", data)
    assert isinstance(found, Problem)
    assert (found.file, found.rule, found.values["file"]) == ("strange.bin", rule, "strange.bin")


def test_the_largest_file_is_taken() -> None:
    assert isinstance(opened("page.txt", b"a" * BYTES_MAX), Opened)


def test_each_page_of_a_pdf_is_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "texts_of", lambda data, *, pages_max: ("第一版", "", "第三\0版"))
    found = opened("paper.pdf", b"%PDF-1.7 ...")
    assert isinstance(found, Opened)
    assert found.texts == ("第一版", "", "第三\ufffd版")
    assert found.findings == ((), (), (("observatory_nul", (2, 3)),))
    assert (found.media_type, found.encoding) == ("application/pdf", "pdf")


def test_a_scan_is_told_to_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "texts_of", lambda data, *, pages_max: ("", " \n"))
    assert opened("scan.pdf", b"%PDF-1.7") == Problem("scan.pdf", "pdf_has_no_text", {"file": "scan.pdf"})


def test_a_real_pdf_without_text_is_told() -> None:
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(file)
    found = opened("scan.pdf", file.getvalue())
    assert isinstance(found, Problem)
    assert found.rule == "pdf_has_no_text"


def test_why_a_pdf_was_refused_is_told_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(data: bytes, *, pages_max: int) -> tuple[str, ...]:
        raise PdfRefused("pdf_too_many_pages", file="", pages=300, most=pages_max)

    monkeypatch.setattr(opening, "texts_of", refuse)
    found = opened("book.pdf", b"%PDF-1.7")
    values: Mapping[str, object] = {"file": "book.pdf", "pages": 300, "most": 200}
    assert found == Problem("book.pdf", "pdf_too_many_pages", values)


def test_a_file_that_is_brought_twice_at_once_is_taken_once() -> None:
    good, bad = opened_all([("one.txt", b"12"), ("", b""), ("two.txt", b"12"), ("three.txt", b"3")])
    assert [one.name for one in good] == ["one.txt", "three.txt"]
    assert [(one.file, one.rule) for one in bad] == [
        ("page", "observatory_file_empty"),
        ("two.txt", "observatory_file_twice"),
    ]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a/b/c.txt", "c.txt"),
        (r"C:\press\c.txt", "c.txt"),
        ("版\u202e面\n.txt", "版面.txt"),
        ("", "page"),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_name_is_kept_without_what_nobody_sees(given: str, shown: str) -> None:
    assert shown_name(given) == shown
