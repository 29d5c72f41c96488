from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sundry.engines.packing.answering import ROWS_SHOWN_MAX, as_data, doubts, outcomes, refuse, rows, sentences
from sundry.engines.packing.formats.fields import Order, WrongFields
from sundry.engines.packing.rules import (
    BoxType,
    Container,
    LeftBehind,
    Load,
    Loaded,
    Packing,
    Placed,
    Reason,
    Requirements,
)
from sundry.kernel.errors import UnusableInput
from sundry.kernel.messages import LANGUAGES, render

CUBE = BoxType(2, 2, 2, 3, weight_g=10)
ROOM = Container("room", 4, 2, 2, price_minor=50)
PAIR, ONE = (Placed(0, 0, 0, 0, 2, 2, 2), Placed(0, 2, 0, 0, 2, 2, 2)), (Placed(0, 0, 0, 0, 2, 2, 2),)
LEFT = (LeftBehind(0, 1, Reason.NO_ROOM), LeftBehind(1, 2, Reason.NO_ROOM), LeftBehind(2, 4, Reason.DOOR))
PACKED = Packing(PAIR, 1.0, 0.5, 7, (1,), LEFT[:1])
LOADED = Load((Loaded(0, PAIR), Loaded(0, ONE)), (0,), (0,), 100, 50, 0.25, 2)


def order(*boxes: BoxType, **asked: Any) -> Order:
    """Boxes that stand in rows 11, 12, ..."""
    return Order(boxes, tuple(range(11, 11 + len(boxes))), **asked)


def test_all_that_contradicts_itself_is_refused_with_its_rows() -> None:
    clashing = order(
        replace(CUBE, zone=1),
        replace(CUBE, weight_g=0),
        requirements=Requirements(centre_x_permille=9, together=(frozenset({0, 1}),)),
    )
    with pytest.raises(WrongFields) as caught:
        refuse("goods.csv", [ROOM], clashing)
    assert [(fault.rule, fault.details["row"]) for fault in caught.value.faults] == [
        ("packing_clash_weight_missing", "12"),
        ("packing_clash_zone_missing", "12"),
        ("packing_clash_together_nowhere", "11, 12"),
    ]
    assert "goods.csv, rows 12: no weight is given" in caught.value.message("en")


def test_nothing_that_fits_is_refused_and_something_is_not() -> None:
    with pytest.raises(UnusableInput, match="None of the cartons"):
        refuse("goods.csv", [ROOM], order(replace(CUBE, length_mm=9)))
    with pytest.raises(UnusableInput, match="holds no cartons"):
        refuse("goods.csv", [ROOM], order(replace(CUBE, quantity=0)))
    refuse("goods.csv", [ROOM], order(CUBE, replace(CUBE, length_mm=9)))
    refuse("goods.csv", [replace(ROOM, length_mm=1), ROOM], order(CUBE))


@pytest.mark.parametrize(
    ("room", "box", "is_told"),
    [
        (ROOM, replace(CUBE, weight_g=0), False),
        (replace(ROOM, payload_g=9), replace(CUBE, weight_g=0), True),
        (replace(ROOM, payload_g=9), CUBE, False),
        (replace(ROOM, payload_g=9), replace(CUBE, weight_g=0, quantity=0), False),
        (ROOM, replace(CUBE, weight_g=0, bearing_kg_m2=5), True),
    ],
)
def test_a_weight_that_is_missing_is_told_where_weight_counts(room: Container, box: BoxType, is_told: bool) -> None:
    told = [(finding.rule, finding.value) for finding in doubts("goods.csv", [room], order(CUBE, box))]
    assert told == ([("packing_weights_missing", "12")] if is_told else [])


def test_a_price_that_is_missing_is_told_where_others_have_one() -> None:
    free, other = replace(ROOM, code="free", price_minor=0), replace(ROOM, code="other")
    for containers, told in (([free, ROOM, other], ["free"]), ([ROOM, other], []), ([free, free], [])):
        assert [finding.value for finding in doubts("goods.json", containers, order(CUBE, is_load=True))] == told
    assert list(doubts("goods.json", [free, ROOM], order(CUBE))) == []


def test_what_stays_behind_is_told_once_a_reason() -> None:
    told = list(outcomes("goods.csv", LEFT))
    assert [(finding.rule, finding.value) for finding in told] == [
        ("packing_left_no_room", "3"),
        ("packing_left_door", "4"),
    ]
    assert told[0].message("fr").startswith("Laissés à quai faute de place : 3 cartons")
    assert list(outcomes("goods.csv", ())) == []


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words_with_its_number(reason: Reason, language: str) -> None:
    (finding,) = outcomes("goods.csv", [LeftBehind(0, 1234, reason)])
    assert "1234" in finding.message(language)


def test_no_more_rows_than_one_reads() -> None:
    many = order(*[CUBE] * 50)
    assert rows(many, [0, 4]) == "11, 15"
    assert rows(many, range(ROWS_SHOWN_MAX)).endswith(", 30")
    assert rows(many, range(50)).endswith(", 30, …")


def test_the_object_for_programs() -> None:
    assert as_data([ROOM], PACKED) == {
        "container": [4, 2, 2],
        "placements": [list(placed) for placed in PAIR],
        "fill": 1.0,
        "left_behind": [{"type": 0, "cartons": 1, "reason": "no_room"}],
        "seconds": 0.5,
    }
    told = as_data([ROOM], LOADED)
    assert [(one["code"], one["fill"]) for one in told.pop("containers")] == [("room", 1.0), ("room", 0.5)]
    assert told == {
        "price_minor": 100,
        "price_bound_minor": 50,
        "containers_bound": 2,
        "left_behind": [],
        "seconds": 0.25,
    }


def test_the_sentences_for_people() -> None:
    ((rule, values),) = sentences([ROOM], [CUBE], PACKED)
    assert render(rule, "en", values).startswith("2 of 3 cartons loaded into room: 100.00 %")
    assert [render(rule, "en", values) for rule, values in sentences([ROOM], [CUBE], LOADED)] == [
        "3 of 3 cartons loaded into 2 × room in 0.2 s.",
        "Container 1, room: 100.00 % of the inside is filled; cartons: 2.",
        "Container 2, room: 50.00 % of the inside is filled; cartons: 1.",
        "No plan loads all that fits into fewer containers than 2.",
        "Price of these containers, in the minor unit of the prices given: 100.",
        "No plan that loads all that fits costs less than 50.",
    ]


def test_no_bound_is_told_where_none_is_known() -> None:
    """Of a load that leaves something out."""
    partly = replace(LOADED, containers_bound=0, price_bound_minor=0, price_minor=0)
    assert {rule for rule, _ in sentences([ROOM], [CUBE], partly)} == {"packing_load_summary", "packing_load_container"}
