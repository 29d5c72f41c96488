"""What a buyer may ask for, and where she is told that she may not."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest

from sundry.goods.catalogue.orderable import Orderable, OrderableStall
from sundry.goods.catalogue.rules import Carton as GoodsCarton
from sundry.goods.catalogue.rules import Step, Supply, Variant
from sundry.goods.orders.checks import good_numbers, head_findings, listed_price, size_findings, wish_findings
from sundry.goods.orders.order_rules import Carton, Head, Wish
from sundry.kernel.messages import LANGUAGES

RED = uuid.UUID(int=7)
YUAN, DOLLARS = Head(), Head(currency="USD")


CUP = Orderable(
    id=uuid.UUID(int=1),
    number=20114,
    stall=uuid.UUID(int=2),
    stall_number=12,
    seller=uuid.UUID(int=3),
    is_listed=True,
    is_open=True,
    language="zh",
    names={"zh": "牙刷杯"},
    item_number="A-1",
    unit="piece",
    cover="ab",
    hs_code="392410",
    ladder=(Step(120, 320), Step(1200, 285)),
    carton=GoodsCarton(120, 500, 400, 300, 12000, 11000),
    supply=Supply.STOCK,
    stock_pieces=500,
    lead_time_days=None,
    weekly_capacity_pieces=None,
    variants={},
)
"""A cup at 3.20 from 120 on, 2.85 from 1,200."""
OF_COLOURS = replace(CUP, variants={RED: Variant({"zh": "红"}, "A-1R", 10, 40, RED)})
STALL = OrderableStall(CUP.stall, 12, {"zh": "日用"}, "1-F2-C-1205", CUP.seller, is_open=True)
DESCRIBED = Wish(pieces=10, stall=12, names={"zh": "定制礼盒"}, price_minor=900)


def rules(wish: Wish, offer: Orderable | None = CUP, head: Head = YUAN, **more: Any) -> list[tuple[str, str]]:
    return [(found.rule, found.header) for found in wish_findings(wish, offer, head, **more)]


@pytest.mark.parametrize(
    ("change", "rule", "header"),
    [
        ({"pieces": 0}, "orders_pieces_impossible", "pieces"),
        ({"pieces": -3}, "orders_pieces_impossible", "pieces"),
        ({"pieces": 2**63}, "orders_pieces_impossible", "pieces"),
        ({"pieces": 119}, "orders_below_minimum", "pieces"),
        ({"price_minor": 0}, "orders_price_impossible", "price_minor"),
        ({"price_minor": 10**12}, "orders_price_impossible", "price_minor"),
        ({"price_minor": 300, "price_per": 0}, "orders_price_per_impossible", "price_per"),
        ({"price_minor": 1, "price_per": 1000}, "orders_line_worth_nothing", "price_minor"),
        ({"variant": RED}, "orders_variant_not_there", "variant"),
        ({"mark": "x" * 81}, "orders_text_too_long", "mark"),
        ({"hs_code": "12a4"}, "orders_code_impossible", "hs_code"),
        ({"carton": Carton(pieces=0)}, "orders_carton_impossible", "carton.pieces"),
        ({"carton": Carton(gross_g=5, net_g=6)}, "orders_net_above_gross", "carton.net_g"),
    ],
)
def test_one_thing_is_wrong_and_is_named(change: dict[str, Any], rule: str, header: str) -> None:
    wish = replace(Wish(pieces=120, good=20114, row=7), **change)
    assert rules(wish) == [(rule, header)]
    (found,) = wish_findings(wish, CUP, YUAN)
    assert found.row == 7
    assert all("7" in found.message(language) for language in LANGUAGES)


def test_at_the_smallest_order_it_is_sold() -> None:
    assert rules(Wish(pieces=120, good=20114)) == []


@pytest.mark.parametrize("price_per", [2, 3])
def test_a_line_is_worth_a_minor_unit(price_per: int) -> None:
    found = rules(Wish(pieces=1, stall=12, names={"zh": "扣"}, price_minor=1, price_per=price_per), stall=STALL)
    assert found == [("orders_line_worth_nothing", "price_minor")]  # a half is rounded to the even nought
    assert rules(Wish(pieces=2, stall=12, names={"zh": "扣"}, price_minor=1, price_per=price_per), stall=STALL) == []


@pytest.mark.parametrize(
    ("offer", "rule"),
    [
        (None, "orders_good_not_there"),
        (replace(CUP, is_listed=False), "orders_good_not_there"),
        (replace(CUP, is_open=False), "orders_stall_closed"),
        (replace(CUP, seller=None), "orders_stall_closed"),
        (OF_COLOURS, "orders_variant_missing"),
    ],
    ids=["unknown", "withdrawn", "closed", "unclaimed", "of colours"],
)
def test_what_is_not_offered(offer: Orderable | None, rule: str) -> None:
    assert [found for found, _ in rules(Wish(pieces=120, good=20114), offer)] == [rule]


def test_a_price_in_another_currency_is_the_buyers_to_name() -> None:
    assert rules(Wish(pieces=120, good=20114), head=DOLLARS) == [("orders_price_needed", "price_minor")]
    assert rules(Wish(pieces=120, good=20114, price_minor=45), head=DOLLARS) == []


def test_what_was_quoted_is_sold_below_the_smallest_order() -> None:
    assert rules(Wish(pieces=10, good=20114, price_minor=400, quotation_line=RED)) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"stall": None}, ["orders_stall_needed"]),
        ({"names": {"zh": " "}}, ["orders_name_needed"]),
        ({"names": {"de": "Dose"}, "language": "de"}, ["catalogue_language_unknown"] * 2),
        ({"unit": "lump"}, ["catalogue_unit_unknown"]),
        ({"price_minor": None}, ["orders_line_price_needed"]),
        ({"variant": RED}, ["orders_variant_not_there"]),
    ],
)
def test_what_is_in_no_catalogue_is_described(change: dict[str, Any], found: list[str]) -> None:
    assert [rule for rule, _ in rules(replace(DESCRIBED, **change), None, stall=STALL)] == found


def test_a_stall_that_is_not_there_or_closed() -> None:
    assert rules(DESCRIBED, None) == [("orders_stall_not_there", "stall")]
    assert rules(DESCRIBED, None, stall=replace(STALL, is_open=False)) == [("orders_stall_closed", "stall")]


@pytest.mark.parametrize(
    ("head", "rules"),
    [
        (Head(destination="MA", port="MACAS"), []),
        (Head(currency="XYZ"), ["orders_currency_unknown"]),
        (Head(destination="Maroc"), ["orders_country_unknown"]),
        (Head(port="casa"), ["orders_port_unknown"]),
        (Head(name="x" * 121, note="y" * 1001), ["orders_text_too_long"] * 2),
    ],
)
def test_what_is_said_of_the_whole(head: Head, rules: list[str]) -> None:
    found = head_findings(head)
    assert [one.rule for one in found] == rules
    assert all(one.message("ar") for one in found)


def test_how_large_an_order_is() -> None:
    assert size_findings(lines=5_000, stalls=500, value_minor=2**63 - 1) == ()
    found = size_findings(lines=5_001, stalls=501, value_minor=2**63)
    assert [one.rule for one in found] == [
        "orders_too_many_lines",
        "orders_too_many_stalls",
        "orders_value_too_large",
    ]


def test_the_listed_price_is_of_a_variant_and_of_so_many() -> None:
    assert [listed_price(OF_COLOURS, RED, pieces, "CNY") for pieces in (119, 120, 1200)] == [None, 330, 295]
    assert listed_price(OF_COLOURS, RED, 1200, "USD") is None


def test_which_goods_are_asked_for() -> None:
    assert good_numbers([Wish(pieces=1, good=3), Wish(pieces=1, good=3), DESCRIBED]) == {3}
