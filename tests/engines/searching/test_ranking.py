from dataclasses import replace

import pytest
from searching.small_market import good

from sundry.engines.searching.ranking import (
    FIT_HEAD,
    FIT_NAMED,
    LIFT,
    LIFT_HEAD,
    NEW_AS_SOLD,
    lift_of_weight,
    weight_needed,
    weight_of,
)


def test_the_worked_case() -> None:
    scores = {
        "pink, unsold": (FIT_HEAD + LIFT + LIFT_HEAD) * lift_of_weight(0),
        "blue, 30": FIT_HEAD * lift_of_weight(30),
        "pink, 30": (FIT_HEAD + LIFT + LIFT_HEAD) * lift_of_weight(30),
        "pink holder, 1022": (FIT_NAMED + LIFT) * lift_of_weight(1_022),
    }
    assert scores == {"pink, unsold": 250, "blue, 30": 500, "pink, 30": 1_250, "pink holder, 1022": 60}


def test_no_sales_make_a_good_that_only_names_a_thing_one() -> None:
    assert FIT_NAMED * lift_of_weight(1_000_000) < FIT_HEAD * lift_of_weight(0)


def test_what_is_new_stands_as_if_it_had_sold_a_little() -> None:
    new = good(1, collections=("new",))
    assert int(weight_of(new)) == NEW_AS_SOLD
    assert int(weight_of(replace(new, sold=500))) == 500
    assert weight_of(good(1)) > weight_of(good(2)) > 0


@pytest.mark.parametrize("score", [100.0, 1_000.0, 4_000.0])
def test_no_lighter_good_reaches_the_score(score: float) -> None:
    needed = weight_needed(score, 250.0)
    assert 250.0 * lift_of_weight(needed) == pytest.approx(score)
    assert weight_needed(1e9, 1.0) < float("inf")
