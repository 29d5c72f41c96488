"""Headlines go to the texts that say the same, all at once."""

from __future__ import annotations

from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.reading.headlines import Texts, assigned, pairs_of

TEA = ["一季度东溪茶叶出口增长三成，茶叶订单排到五月。", "出口企业达到23家。"]
DROUGHT = ["连日降雨，东溪旱情解除，水库蓄水回升到七成。"]


def test_pairs_end_at_punctuation_and_numbers_stay_whole() -> None:
    assert Counter(pairs_of("一茶一饮，7.5%茶一")) == {"一茶": 1, "茶一": 2, "一饮": 1, "7.5%": 1}
    assert not pairs_of("茶")


def test_a_headline_shares_more_with_its_text() -> None:
    texts = Texts([TEA, DROUGHT])
    assert texts.share("茶叶出口增三成", 0) > 0.5 > texts.share("茶叶出口增三成", 1)
    assert texts.share("东溪旱情解除", 1) > 0.8
    assert texts.best_share("东溪旱情解除") == texts.share("东溪旱情解除", 1)
    assert texts.share("", 0) == 0.0


def test_what_all_texts_say_hardly_counts() -> None:
    texts = Texts([TEA, DROUGHT, ["东溪新桥通车"]])
    assert texts.share("东溪茶叶", 1) < 0.2


def test_likeness_is_a_cosine() -> None:
    texts = Texts([TEA, DROUGHT, TEA, []])
    assert texts.likeness(0, 2) == pytest.approx(1.0)
    assert 0.0 <= texts.likeness(0, 1) < 0.5
    assert texts.likeness(0, 3) == 0.0
    assert Texts([TEA]).usual_likeness == pytest.approx(0.01)


WORTHS = st.integers(0, 4).flatmap(
    lambda columns: st.lists(st.lists(st.floats(-1, 1), min_size=columns, max_size=columns), max_size=4)
)


@given(WORTHS)
def test_no_other_assignment_is_worth_more(worth: list[list[float]]) -> None:
    none = 0.2
    columns = len(worth[0]) if worth else 0

    def total(choice: tuple[int | None, ...]) -> float:
        return sum(none if column is None else worth[row][column] for row, column in enumerate(choice))

    found = assigned(worth, none)
    taken = [column for column in found if column is not None]
    assert len(taken) == len(set(taken))
    choices = permutations([*range(columns), *[None] * len(worth)], len(worth))
    assert total(tuple(found)) == pytest.approx(max(map(total, choices)))


def test_a_pair_that_is_worth_too_little_is_not_made() -> None:
    assert assigned([[0.1, 0.9], [0.1, 0.8]], 0.2) == [1, None]
    assert assigned([], 0.2) == []
    assert assigned([[]], 0.2) == [None]
