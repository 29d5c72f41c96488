"""A text is asked in steps, and the first that finds something answers."""

from __future__ import annotations

import pytest

from sundry.engines.searching.analysing import analyser
from sundry.engines.searching.answering import ALL_WORDS, HEAD_ALONE, WRONG_LETTERS, Answer, answer
from sundry.engines.searching.lexicon import lexicon
from sundry.engines.searching.model import Document
from sundry.engines.searching.plain import PlainIndex
from sundry.engines.searching.port import BadCursor
from sundry.engines.searching.understanding import Understanding

TITLES = {
    1: "红色雨伞",
    2: "折叠雨伞 zorblax",
    3: "塑料牙刷杯",
    4: "保温杯 frobnitz",
}


@pytest.fixture(scope="module")
def index() -> PlainIndex:
    made = PlainIndex(analyser())
    made.index(Document(number, stall=number, titles={"zh": title}) for number, title in TITLES.items())
    made.commit()
    return made


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return Understanding(lexicon())


def numbers(found: Answer) -> set[int]:
    return {hit.number for hit in found.page.hits}


def test_a_noun_and_a_word_that_some_good_has_are_both_insisted_on(
    index: PlainIndex, understanding: Understanding
) -> None:
    found = answer(index, understanding, "umbrella zorblax", language="en")
    assert (numbers(found), found.step) == ({2}, ALL_WORDS)


def test_a_word_that_no_good_has_is_left_aside_where_there_is_a_noun(
    index: PlainIndex, understanding: Understanding
) -> None:
    found = answer(index, understanding, "umbrella qqqqq", language="en")
    assert (numbers(found), found.step) == ({1, 2}, HEAD_ALONE)


def test_without_a_noun_a_letter_may_be_wrong(index: PlainIndex, understanding: Understanding) -> None:
    found = answer(index, understanding, "frobnits", language="en")
    assert (numbers(found), found.step) == ({4}, WRONG_LETTERS)


def test_nothing_is_nothing(index: PlainIndex, understanding: Understanding) -> None:
    found = answer(index, understanding, "qqqqqqqq", language="en")
    assert (numbers(found), found.page.count, found.step) == (set(), 0, ALL_WORDS)


def test_the_words_alone_are_looked_for_where_somebody_wants_that(
    index: PlainIndex, understanding: Understanding
) -> None:
    assert numbers(answer(index, understanding, "雨伞", language="zh", words_only=True)) == {1, 2}
    assert numbers(answer(index, understanding, "umbrella", language="en", words_only=True)) == set()


def test_a_cursor_goes_on_in_the_step_that_gave_it(index: PlainIndex, understanding: Understanding) -> None:
    first = answer(index, understanding, "umbrella qqqqq", language="en", limit=1)
    assert first.page.cursor is not None
    second = answer(index, understanding, "umbrella qqqqq", language="en", limit=1, cursor=first.page.cursor)
    assert (numbers(first) | numbers(second), second.step) == ({1, 2}, HEAD_ALONE)


@pytest.mark.parametrize("cursor", ["", "0", "7~x", "~", "1~not a cursor", "nonsense"])
def test_a_cursor_of_elsewhere_is_refused(index: PlainIndex, understanding: Understanding, cursor: str) -> None:
    with pytest.raises(BadCursor):
        answer(index, understanding, "umbrella qqqqq", language="en", cursor=cursor)
