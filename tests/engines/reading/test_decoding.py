"""Bytes of a page: every encoding it may have, and what happens to bytes that are of none."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.reading.decoding import decode, is_pdf, is_text

TEXT = "青禾一季度出口12.5亿元，增长3.1%。\r\n\n“陶瓷”之乡\r讲述新的一年。" * 3


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_whole_page_is_read_as_it_was_written(encoding: str) -> None:
    found = decode(TEXT.encode(encoding))
    assert (found.text, found.encoding, found.findings) == (TEXT, encoding, ())


def test_the_other_way_round_of_utf_16() -> None:
    found = decode(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"))
    assert (found.text, found.encoding) == (TEXT, "utf-16")


def test_places_are_those_of_the_file_read_as_utf_8(tmp_path: Path) -> None:
    """So the mark at the beginning counts as a character, and no line end is changed."""
    file = tmp_path / "page.txt"
    file.write_bytes(codecs.BOM_UTF8 + TEXT.encode())
    with file.open(encoding="utf-8", newline="") as opened:
        stored = opened.read()
    assert stored[0] == "\ufeff"
    assert decode(file.read_bytes()).text == stored


def test_a_broken_byte_is_told_with_its_place_and_costs_one_character() -> None:
    data = TEXT.encode()
    place = data.index("出".encode())
    found = decode(data[:place] + b"\xff" + data[place:])
    (finding,) = found.findings
    assert found.text.replace("\ufffd", "", 1) == TEXT
    assert (finding.rule, finding.details["place"], finding.details["count"]) == ("reading_bytes_broken", place, 1)


def test_of_two_mixed_encodings_the_one_with_more_is_kept() -> None:
    """The rest is replaced, never turned into characters that nobody wrote."""
    strange = "税收"
    mostly_utf_8 = decode(TEXT.encode() + strange.encode("gb18030"))
    assert mostly_utf_8.encoding == "utf-8"
    assert mostly_utf_8.text.startswith(TEXT)
    assert "\ufffd" in mostly_utf_8.text[len(TEXT) :]
    mostly_gb = decode(TEXT.encode("gb18030") + b"\xff" + strange.encode())
    assert mostly_gb.encoding == "gb18030"
    assert mostly_gb.text.startswith(TEXT)
    assert mostly_gb.findings[0].details["place"] == len(TEXT.encode("gb18030"))


def test_a_nul_is_replaced_one_for_one() -> None:
    found = decode("出口\0 5亿元".encode())
    assert found.text == "出口\ufffd 5亿元"
    assert found.findings[0].rule == "reading_nul"
    assert found.findings[0].details["place"] == 2


def test_what_is_no_text() -> None:
    assert not is_text(bytes(range(256)) * 40)
    assert not is_text(b"PK\x03\x04" + bytes(200))
    assert is_pdf(b"%PDF-1.7\n")
    assert not is_text(b"%PDF-1.7\nabc")
    for encoding in ("utf-8", "gb18030", "utf-16"):
        assert is_text((TEXT * 2000).encode(encoding))  # longer than the sample, which may end inside a character
    assert is_text(b"")


@given(st.binary(max_size=200))
def test_nothing_is_raised_and_nothing_is_silent(data: bytes) -> None:
    found = decode(data)
    assert "\0" not in found.text
    if "\ufffd" in found.text and not found.findings:
        assert "\ufffd".encode(found.encoding) in data  # it stood there


@given(st.text(st.characters(codec="gb18030", exclude_characters="\0\ufffd"), max_size=100))
def test_whatever_is_whole_in_utf_8_stays_as_it_is(text: str) -> None:
    if not text.startswith(("\ufffe", "\ufeff")):
        assert decode(text.encode()).text == text
