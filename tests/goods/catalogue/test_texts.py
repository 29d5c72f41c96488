"""What is taken out of what people write, and the names of goods for those who read another language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.goods.catalogue.rules import Told
from sundry.goods.catalogue.texts import clean, hides, told

FAMILY = "\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  two   words ", "two words"),
        ("one\r\ntwo", "one two"),
        ("tab\there", "tab here"),
        ("a\x00b\x07c", "abc"),
        ("cup\u202egpj.exe", "cupgpj.exe"),
        ("\u2066x\u2069\u200f", "x"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("tags\U000e0041\U000e0042", "tags"),
        ("\ud800half", "half"),
        ("private\ue000", "private"),
        ("e\u0301", "é"),
        ("e\u200b\u0301", "é"),
        ("\u3164\u2800", ""),
        ("ideographic\u3000space", "ideographic space"),
        ("z" + "\u0335" * 40, "z" + "\u0335" * 3),
        ("مُحَمَّدٌ", "مُحَمَّدٌ"),
        ("ngườiệ", "ngườiệ"),
        ("<b>1 & 2</b>", "<b>1 & 2</b>"),
        (FAMILY, "\U0001f469\U0001f467"),
        ("❤\ufe0f", "❤\ufe0f"),
    ],
)
def test_what_is_kept_of_a_line(text: str, kept: str) -> None:
    assert clean(text) == kept


def test_several_lines_keep_their_ends_and_one_empty_line() -> None:
    assert clean("a \r\n\r\n\r\n\r\n b\x0bc\u2028d", lines=True) == "a\n\nb\nc\nd"


def test_a_line_end_is_not_hidden() -> None:
    assert not hides("a\r\nb\tc  d")
    assert hides("a\u200bb")
    assert hides("z" + "\u0335" * 4)
    assert not hides("مُحَمَّدٌ")


@given(st.text(), st.booleans())
def test_what_was_cleaned_is_clean(text: str, lines: bool) -> None:
    kept = clean(text, lines=lines)
    assert clean(kept, lines=lines) == kept
    assert not hides(kept)
    assert kept.encode().decode() == kept  # no half of a character is left, which no database takes
    assert "\x00" not in kept


def test_a_name_that_somebody_wrote_is_told_as_it_is() -> None:
    names = {"zh": "牙刷杯", "es": "vaso"}
    assert told(names, "es", source="zh") == Told("vaso", "es")
    assert told(names, "zh", source="zh") == Told("牙刷杯", "zh")


@pytest.mark.parametrize("language", ["en", "ar", "es", "fr", "ru"])
def test_a_name_that_nobody_wrote_is_composed_and_called_so(language: str) -> None:
    found = told({"zh": "粉色牙刷杯"}, language, source="zh")
    assert found.composed
    assert found.language == language
    assert found.text
    assert found.text != "粉色牙刷杯"


def test_what_the_lexicon_does_not_know_is_told_in_english_or_as_it_was_written() -> None:
    unknown = {"zh": "㐀㐁㐂"}
    assert told(unknown, "ru", source="zh") == Told("㐀㐁㐂", "zh")
    assert told(unknown | {"en": "Qwxz"}, "ru", source="zh") == Told("Qwxz", "en")


def test_a_good_without_the_name_of_its_language_is_told_by_another() -> None:
    assert told({"fr": "㐀"}, "ru", source="zh") == Told("㐀", "fr")
    assert told({}, "ru", source="zh") == Told("", "ru")
    assert told({"zh": "杯子"}, "de", source="zh") == Told("杯子", "zh")
