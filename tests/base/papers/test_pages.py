"""Papers: data never become markup, the same data give the same bytes, figures are exact."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from sundry.base.papers.pages import (
    FontMissing,
    amount,
    cubic_metres,
    grouped,
    kilograms,
    one_line,
    shortened,
    typeset,
    unit_price,
    wrappable,
    write_pdf,
)

SHOWN = "#for text in data.texts [ #said(text) \\ ]"


def paper(*texts: str, language: str = "en") -> dict[str, Any]:
    return {"title": "A paper", "language": language, "texts": list(texts)}


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_markup_in_data_is_text() -> None:
    names = [
        "#panic()",
        "$12_*_$",
        "[a] @b <c>",
        "\\u{41}",
        "`raw`",
        "= heading",
        "// gone",
        '"#let x = 1"',
        "~ -- ...",
    ]
    assert [line.strip() for line in text_of(typeset(SHOWN, paper(*names))).splitlines()] == names


def test_five_scripts_stand_on_one_paper() -> None:
    text = text_of(typeset(SHOWN, paper("不锈钢保温杯", "Taza de acero ñandú", "Чашка", "Tasse à café", "كوب")))
    for word in ("不锈钢保温杯", "Taza de acero ñandú", "Чашка", "Tasse à café"):
        assert word in text
    assert {"ك", "و", "ب"} <= set(text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_same_data_give_the_same_bytes(language: str, tmp_path: Path) -> None:
    first = typeset(SHOWN, paper("杯", language=language))
    write_pdf(tmp_path / "paper.pdf", SHOWN, paper("杯", language=language))
    assert (tmp_path / "paper.pdf").read_bytes() == first
    reader = PdfReader(io.BytesIO(first))
    assert reader.metadata is not None
    assert reader.metadata.title == "A paper"
    assert reader.trailer["/Root"]["/Lang"].startswith(language)


def test_a_font_that_is_missing_ends_the_paper(tmp_path: Path) -> None:
    with pytest.raises(FontMissing, match="nowhere"):
        write_pdf(tmp_path / "paper.pdf", '#text(font: "Nowhere Sans")[a]', paper())
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_pdf(tmp_path / "gone" / "paper.pdf", "a", paper())


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (0, "CNY", "0.00"),
        (1, "CNY", "0.01"),
        (99_999, "USD", "999.99"),
        (100_000, "USD", "1,000.00"),
        (1_234_567, "CNY", "12,345.67"),
        (-5, "CNY", "\u22120.05"),
        (-123_456, "CNY", "\u22121,234.56"),
        (1_000, "JPY", "1,000"),
        (1_234_567, "KWD", "1,234.567"),
        (10**17 + 1, "CNY", "1,000,000,000,000,000.01"),
    ],
)
def test_an_amount(minor: int, currency: str, text: str) -> None:
    assert amount(minor, currency) == text


@given(st.integers(-(10**20), 10**20), st.sampled_from(["CNY", "JPY", "KWD"]))
def test_an_amount_reads_back_to_the_minor_unit(minor: int, currency: str) -> None:
    text = amount(minor, currency).replace(",", "").replace("\u2212", "-").replace(".", "")
    assert int(text) == minor


@pytest.mark.parametrize(
    ("decimal", "currency", "text"),
    [
        ("3.8", "CNY", "3.80"),
        ("3", "CNY", "3.00"),
        ("0.035", "CNY", "0.035"),
        ("1234.5", "USD", "1,234.50"),
        ("12", "JPY", "12"),
        ("12.5", "JPY", "12.5"),
        ("0", "CNY", "0.00"),
    ],
)
def test_a_unit_price_keeps_its_decimals(decimal: str, currency: str, text: str) -> None:
    assert unit_price(decimal, currency) == text


@pytest.mark.parametrize(("decimal", "text"), [("7.10", "7.10"), ("1234567.8", "1,234,567.8"), (".5", "0.5")])
def test_grouped_rounds_nothing(decimal: str, text: str) -> None:
    assert grouped(decimal) == text


@pytest.mark.parametrize(
    ("grams", "text"),
    [
        (0, "0"),
        (1, "0.001"),
        (10, "0.01"),
        (999, "0.999"),
        (1000, "1"),
        (10_000, "10"),
        (20_512_500, "20,512.5"),
        (1_000_000_001, "1,000,000.001"),
    ],
)
def test_kilograms_are_exact(grams: int, text: str) -> None:
    assert kilograms(grams) == text


@pytest.mark.parametrize(
    ("volume_mm3", "text"),
    [
        (0, "0.000"),
        (499_999, "0.000"),
        (500_000, "0.001"),
        (66_042_770, "0.066"),
        (999_499_999, "0.999"),
        (999_500_000, "1.000"),
        (1_234_567_500_000, "1,234.568"),
    ],
)
def test_cubic_metres_are_rounded_half_up_to_the_litre(volume_mm3: int, text: str) -> None:
    assert cubic_metres(volume_mm3) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" a \t b\r\nc ", "a b c"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("红\u2028色\u3000杯", "红 色 杯"),
        ("a\ud800b\ue000c\ufffe\uffff🧺", "abc🧺"),
        ("", ""),
    ],
)
def test_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("ABCDEFGHIJKLMN", ["ABCDEFGHIJKLMN"]),
        ("ABCDEFGHIJKLMNO", ["ABCDEFG", "HIJKLMN", "O"]),
        ("杯ABCDEFGHIJKLMNO杯", ["杯ABCDEFG", "HIJKLMN", "O杯"]),
        ("áéíóúñüáéíóúñüa", ["áéíóúñü", "áéíóúñü", "a"]),
        ("a long text of short words", ["a long text of short words"]),
        ("不锈钢保温杯不锈钢保温杯不锈钢保温杯", ["不锈钢保温杯不锈钢保温杯不锈钢保温杯"]),
    ],
)
def test_a_long_word_may_break(text: str, parts: list[str]) -> None:
    assert wrappable(text).split("\u200b") == parts


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [
        ("abcd", 4, "abcd"),
        ("abcde", 4, "abc…"),
        ("保温杯", 6, "保温杯"),
        ("保温杯", 5, "保…"),
        ("ab cd", 3, "ab…"),
        ("", 3, ""),
    ],
)
def test_a_text_cut_off_shows_it(text: str, width: int, short: str) -> None:
    assert shortened(text, width) == short
