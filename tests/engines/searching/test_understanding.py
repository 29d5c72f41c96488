"""What a buyer asks for, in any of six languages."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from searching.our_readers import UNDERSTANDING

from sundry.engines.searching.lexicon import LANGUAGES, ExtraForm, Language, lexicon
from sundry.engines.searching.tagging import readers_of
from sundry.engines.searching.understanding import CHARACTERS_MAX, WORDS_MAX, Told, Understanding, Understood


def understood(text: str, language: Language | None = None) -> Understood:
    return UNDERSTANDING.understand(text, language=language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "粉色牙刷杯"),
        ("zh", "牙刷 杯 粉色"),
        ("en", "pink toothbrush cups"),
        ("en", "cup for toothbrushes, pink"),
        ("es", "vaso rosa para cepillos de dientes"),
        ("es", "vasos para cepillos de dientes rosas"),
        ("ru", "розовый стакан для зубных щёток"),
        ("ar", "كوب فرشاة الأسنان وردي"),
        ("zh", "粉紅色牙刷杯"),
        (None, "ＰＩＮＫ toothbrush cup"),
    ],
)
def test_the_same_thing_is_the_same_head_and_modifier(language: Language | None, text: str) -> None:
    found = understood(text, language)
    assert "toothbrush_cup" in found.head
    assert any("pink" in group for group in found.modifiers)
    assert not found.words


def test_words_that_are_no_concept_are_kept_as_they_are_indexed() -> None:
    assert understood("qwixo umbrellas", "en").words == ("qwixo",)
    assert understood("小米雨伞", "zh").words == ("小米",)
    assert understood("Nokia 手机壳", "zh").words == understood("nokias phone case", "en").words == ("nokia",)


def test_what_is_said_around_the_thing_is_not_searched() -> None:
    assert understood("where to buy cheap umbrellas", "en").words == ()
    assert understood("哪里买雨伞多少钱", "zh").words == ()
    assert understood("купить зонт цена", "ru").words == ()


def test_codes_are_told_apart_from_names() -> None:
    assert understood("cup AB-1234", "en").codes == ("ab-1234",)
    assert understood("cup AB-1234", "en").head == understood("cup", "en").head
    assert understood("hx8872", "en").codes == ("hx8872",)
    assert understood("cr2032 battery", "en").codes == ()


def test_a_slip_is_put_right_and_said() -> None:
    found = understood("red umbrela", "en")
    assert (found.head, found.corrected, found.text) == (
        understood("umbrella", "en").head,
        "red umbrella",
        "red umbrela",
    )
    assert understood("umbrella", "en").corrected is None
    assert understood("кружкаа", "ru").corrected == "кружка"
    assert understood("porte-clse", "fr").head == understood("porte-clés", "fr").head


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("مماة", "ممحاة"),  # four letters of five
        ("حبل القزف", "حبل القفز"),  # an article within what is one name
        ("حامل بطاوقات عمل", "حامل بطاقات عمل"),  # two words that are a name, in a longer name
    ],
)
def test_a_slip_in_arabic_leads_where_the_right_word_does(typed: str, meant: str) -> None:
    assert understood(typed, "ar").head == understood(meant, "ar").head != ()
    assert understood(typed, "ar").corrected is not None


def test_words_as_near_are_all_looked_for() -> None:
    head = understood("drwer", "en").head
    assert set(head) >= {*understood("drawer", "en").head}


def test_short_words_and_characters_are_never_put_right() -> None:
    assert understood("cpu", "en").corrected is None
    assert understood("雨全伞", "zh").corrected is None
    assert understood("puma", "es").corrected is None
    assert understood("الفز", "ar").corrected is None


def test_a_query_in_another_language_than_the_page_is_read_in_its_own() -> None:
    assert understood("雨傘", "en").language == "zh"
    assert understood("paraguas", "en").language == "es"
    assert understood("parapluie", None).language == "fr"
    assert understood("зонт", "ar").language == "ru"
    assert understood("umbrella", "zh").language == "en"
    assert understood("qwixo", "fr").language == "fr"


def test_latin_words_in_another_script_are_read_as_english() -> None:
    found = understood("杯子 pink", "zh")
    assert ("pink",) in found.modifiers
    assert understood("pink雨", "zh").head == ()


def test_what_was_searched_for_is_told_by_name() -> None:
    told = understood("paraguas rojo", "es").told(lexicon())
    assert told == [Told("umbrella", "雨伞", "paraguas"), Told("red", lexicon().name("red", "zh"), "rojo")]


def test_a_word_of_two_meanings_is_told_as_both() -> None:
    """Goods of both are found, so the reader is told of both."""
    found = understood("ручка", "ru")
    assert {"pen", "handle"} <= {one.concept for one in found.told(lexicon())}
    assert [one.concept for one in found.told(lexicon())] == list(found.head)


def test_a_modifier_alone_is_no_head() -> None:
    assert understood("pink", "en").head == ()
    assert ("pink",) in understood("pink", "en").modifiers


def test_a_form_that_an_operator_adds_is_understood() -> None:
    more = lexicon().with_forms([ExtraForm("umbrella", "es", "quitalluvia"), ExtraForm("umbrella", "zh", "挡雨神器")])
    assert understood("quitalluvia", "es").head == ()
    assert Understanding(more).understand("quitalluvias", language="es").head == ("umbrella",)
    assert Understanding(more).understand("挡雨神器", language="zh").head == ("umbrella",)


@pytest.mark.parametrize(
    "text",
    ["cup " * 2_500, "杯" * 10_000, "(a+)+$" * 2_000, "1" * 10_000 + "!", "a-" * 5_000, "'" * 10_000, "\x00" * 10_000],
    ids=["words", "characters", "regex", "digits", "hyphens", "apostrophes", "control"],
)
def test_a_long_text_is_cut_and_that_is_said(text: str) -> None:
    found = understood(text, "en")
    assert found.cut
    assert len(found.text) <= CHARACTERS_MAX
    assert len(found.words) <= WORDS_MAX


def test_spaces_before_a_query_do_not_cut_it() -> None:
    assert not understood(" " * 5_000 + "umbrella" + " " * 5_000, "en").cut
    assert understood("w " * (WORDS_MAX + 1), "en").cut


@given(st.text(max_size=400), st.sampled_from((*LANGUAGES, None)))
def test_any_text_is_understood_somehow(text: str, language: Language | None) -> None:
    found = understood(text, language)
    assert found.language in LANGUAGES
    assert found == understood(text, language)
    assert {key for group in (found.head, *found.modifiers) for key in group} <= set(lexicon().concepts)
    found.told(lexicon())


_WORDS = sorted(
    {form.split()[0] for concept in list(lexicon().concepts.values())[::40] for form in concept.forms["es"]}
)


@given(st.lists(st.sampled_from([*_WORDS, "de", "para", ",", "-", "x1", "杯", "зонт"]), max_size=25))
def test_any_row_of_words_is_understood_somehow(words: list[str]) -> None:
    assert understood(" ".join(words), "es").language in LANGUAGES


def test_what_was_warmed_is_not_made_by_the_first_query(monkeypatch: pytest.MonkeyPatch) -> None:
    UNDERSTANDING.warm()
    monkeypatch.setattr("sundry.engines.searching.tagging.Phrases", None)
    monkeypatch.setattr("sundry.engines.searching.tagging.Characters", None)
    monkeypatch.setattr("sundry.engines.searching.understanding.Spelling", None)
    for language in LANGUAGES:
        assert UNDERSTANDING.understand(lexicon().name("umbrella", language), language=language).head
    assert UNDERSTANDING.understand("umbrela", language="en").corrected == "umbrella"


def test_readers_of_a_lexicon_are_shared() -> None:
    assert readers_of(lexicon()) is readers_of(lexicon())
    assert readers_of(lexicon().with_forms(())) is not readers_of(lexicon())


def test_a_word_beside_a_known_noun_becomes_no_other_noun() -> None:
    found = understood("hello kitty umbrella", "en")
    assert (found.head, found.corrected) == (("umbrella",), None)
    assert "hello" in found.words
    assert understood("pink umbrela", "en").corrected == "pink umbrella"


def test_what_asks_for_nothing_is_looked_for_as_it_stands() -> None:
    """ "best price" would otherwise find every good."""
    found = understood("best price", "en")
    assert (found.head, found.words) == ((), ("best", "price"))
    assert understood("", "en").words == ()


def test_what_reads_queries_takes_little() -> None:
    """Each object once, the lexicon's own left out. It is in the memory of every process that answers."""
    UNDERSTANDING.warm()
    seen: set[int] = set()
    size(UNDERSTANDING.lexicon, seen)
    readers = UNDERSTANDING._readers
    assert size(readers.characters, seen) < 12_000_000
    for language in ("en", "ar"):
        assert size(readers.phrases(language), seen) < 10_000_000
        assert size(UNDERSTANDING._spellings[language], seen) < 4_000_000


def size(whole: Any, seen: set[int]) -> int:
    """Bytes of what is not in `seen` yet."""
    found, ahead = 0, [whole]
    while ahead:
        one = ahead.pop()
        if id(one) in seen or isinstance(one, type) or callable(one):
            continue
        seen.add(id(one))
        found += sys.getsizeof(one)
        if isinstance(one, dict):
            ahead += [*one.keys(), *one.values()]
        elif isinstance(one, (list, tuple, set, frozenset)):
            ahead += one
        else:
            ahead += getattr(one, "__dict__", {}).values()
            ahead += [getattr(one, name) for name in getattr(one, "__slots__", ()) if hasattr(one, name)]
    return found
