"""A text is asked in steps, and the first that finds something answers."""

from __future__ import annotations

import pytest

from sundry.engines.searching.analysing import analyser
from sundry.engines.searching.answering import Answer, answer
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
    5: "zorblax",
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


def test_a_word_beside_a_known_noun_lifts(index: PlainIndex, understanding: Understanding) -> None:
    found = answer(index, understanding, "umbrella zorblax", language="en")
    assert [hit.number for hit in found.page.hits] == [2, 1]
    assert numbers(answer(index, understanding, "umbrella qqqqq", language="en")) == {1, 2}


def test_without_a_noun_a_letter_may_be_wrong(index: PlainIndex, understanding: Understanding) -> None:
    right = answer(index, understanding, "frobnitz", language="en")
    wrong = answer(index, understanding, "frobnits", language="en")
    assert (numbers(right), right.is_near) == ({4}, False)
    assert (numbers(wrong), wrong.is_near) == ({4}, True)


def test_nothing_is_nothing(index: PlainIndex, understanding: Understanding) -> None:
    found = answer(index, understanding, "qqqqqqqq", language="en")
    assert (numbers(found), found.page.count, found.is_near) == (set(), 0, False)


def test_the_words_alone_are_looked_for_where_somebody_wants_that(
    index: PlainIndex, understanding: Understanding
) -> None:
    assert numbers(answer(index, understanding, "雨伞", language="zh", words_only=True)) == {1, 2}
    assert numbers(answer(index, understanding, "umbrella", language="en", words_only=True)) == set()


@pytest.mark.parametrize(("text", "is_near"), [("umbrella", False), ("zorblaks", True)])
def test_a_cursor_goes_on_in_the_query_that_gave_it(
    index: PlainIndex, understanding: Understanding, text: str, is_near: bool
) -> None:
    first = answer(index, understanding, text, language="en", limit=1)
    assert first.page.cursor is not None
    second = answer(index, understanding, text, language="en", limit=1, cursor=first.page.cursor)
    assert (len(numbers(first) | numbers(second)), second.is_near) == (2, is_near)


@pytest.mark.parametrize("cursor", ["", "0", "~", "~not a cursor", "nonsense"])
def test_a_cursor_of_elsewhere_is_refused(index: PlainIndex, understanding: Understanding, cursor: str) -> None:
    with pytest.raises(BadCursor):
        answer(index, understanding, "zorblax", language="en", cursor=cursor)
