"""What a reader sees of a good: her price, her cartons, names in her language."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from sundry.goods.catalogue.rules import Carton, Draft, GoodCard, Place, StallCard, State, Step, Supply, Told
from sundry.goods.catalogue.showing import (
    EAGER,
    Cartons,
    Price,
    cartons,
    offers,
    price_for,
    quantities,
    spoken,
    stall_name,
    steps,
)

LADDER = (Step(120, 320), Step(1_200, 285))
STALL = StallCard(uuid.UUID(int=1), 5, "wang", {"zh": "王记杯子"}, Place("1", 2, "C", "1205"), goods=3)


def card(names: dict[str, str], ladder: tuple[Step, ...] = LADDER) -> GoodCard:
    return GoodCard(
        uuid.UUID(int=2), 7, "zh", names, ladder, "piece", "", "", State.LISTED, Supply.STOCK, "", "", frozenset(),
        STALL, datetime(2026, 11, 22, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("quantity", "price"),
    [
        (1, Price(320, 120, True)),
        (119, Price(320, 120, True)),
        (120, Price(320, 120, False)),
        (1_199, Price(320, 1_199, False)),
        (1_200, Price(285, 1_200, False)),
    ],
)
def test_the_price_is_that_of_her_quantity_and_never_below_the_smallest_order(quantity: int, price: Price) -> None:
    assert price_for(LADDER, quantity) == price


def test_a_good_without_a_ladder_has_no_price() -> None:
    assert price_for((), 5) == Price(None, 5, False)
    assert steps((), 5) == ()


def test_the_ladder_says_where_she_stands() -> None:
    assert [(step.quantity, step.last, step.is_hers) for step in steps(LADDER, 600)] == [
        (120, 1_199, True),
        (1_200, None, False),
    ]
    assert not any(step.is_hers for step in steps(LADDER, 100))


def test_cartons_are_whole_ones() -> None:
    draft = Draft(ladder=LADDER, carton=Carton(48, 600, 400, 300, gross_g=12_500))
    assert cartons(draft, 500) == Cartons(48, 320 * 48, 72_000_000, 12_500, wanted=11, pieces=528)
    told = cartons(draft, 1)
    assert told is not None
    assert (told.wanted, told.pieces) == (3, 144)  # of the smallest order
    assert (told.volume_of_all_mm3, told.gross_of_all_g) == (216_000_000, 37_500)
    assert cartons(Draft(ladder=LADDER), 500) is None
    bare = cartons(Draft(carton=Carton(48)), 1)
    assert bare is not None
    assert (bare.price_minor, bare.volume_of_all_mm3, bare.gross_of_all_g) == (None, None, None)


def test_a_carton_costs_what_so_many_pieces_cost() -> None:
    told = cartons(Draft(ladder=(Step(10, 100), Step(48, 90)), carton=Carton(48)), 10)
    assert told is not None
    assert told.price_minor == 48 * 90


def test_a_name_is_hers_else_composed_and_a_stall_is_never_composed() -> None:
    own, composed = offers(
        [card({"zh": "粉色牙刷杯", "es": "vaso"}), card({"zh": "粉色牙刷杯"})], language="es", quantity=1
    )
    assert own.name == Told("vaso", "es")
    assert (composed.name.language, composed.name.composed) == ("es", True)
    assert own.stall == Told("王记杯子", "zh")
    assert own.is_ready


def test_texts_that_nobody_composes() -> None:
    assert spoken({"zh": "杯", "en": "cup"}, "fr") == Told("cup", "en")
    assert spoken({"zh": "杯", "ru": "чашка"}, "fr", source="ru") == Told("чашка", "ru")
    assert spoken({}, "fr") == Told("", "fr")
    nameless = StallCard(uuid.UUID(int=1), 5, "x", {}, Place("1", 2, "C", "1205"), goods=3)
    assert stall_name(nameless, "fr").text == "1-F2-C-1205"


def test_the_first_pictures_are_not_waited_with() -> None:
    shown = offers([card({"zh": "杯"})] * 6, language="zh", quantity=1)
    assert [offer.is_eager for offer in shown] == [True] * EAGER + [False] * 2


def test_her_own_quantity_stands_among_those_that_are_offered() -> None:
    assert quantities(100) == quantities(1)
    assert 240 in quantities(240)
    assert list(quantities(240)) == sorted(quantities(240))
