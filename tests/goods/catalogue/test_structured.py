"""Data for programs: what it says, and that no name can leave it."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sundry.goods.catalogue.rules import Draft, GoodCard, GoodView, Place, StallCard, State, Step, Supply
from sundry.goods.catalogue.structured import breadcrumbs, embedded, money, organisation, product, shared_product

NOW = datetime(2026, 11, 22, tzinfo=UTC)
STALL = StallCard(uuid.UUID(int=1), 5, "wang", {"zh": "王记"}, Place("1", 2, "C", "1205"), goods=3)
DRAFT = Draft(names={"zh": "杯"}, item_number="K-1", ladder=(Step(120, 320), Step(1_200, 285)), stock_pieces=9)
CARD = GoodCard(
    uuid.UUID(int=2), 7, "zh", {"zh": "杯"}, DRAFT.ladder, "piece", "", "", State.LISTED, Supply.STOCK, "", "",
    frozenset(), STALL, NOW,
)  # fmt: skip
VIEW = GoodView(CARD, DRAFT, (), None, True, "", NOW, 1)
EVIL = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]>",
    "&lt;/script&gt;",
    "\u2028alert(1)",
    "'\"><img src=x>",
)


def told(view: GoodView = VIEW, name: str = "Cup") -> dict[str, object]:
    return product(
        view, name=name, description="", category="Cups", seller="王记", url="https://m.example/goods/7/", images=["i"]
    )


def test_a_good_is_told_with_the_price_of_its_smallest_order() -> None:
    data = told()
    assert data["offers"]["price"] == "3.20"  # type: ignore[index]
    assert data["offers"]["eligibleQuantity"]["minValue"] == 120  # type: ignore[index]
    assert data["sku"] == "K-1"
    assert "description" not in data
    assert "brand" not in data


@pytest.mark.parametrize(
    ("draft", "word"),
    [
        (DRAFT, "InStock"),
        (replace(DRAFT, stock_pieces=0), "OutOfStock"),
        (replace(DRAFT, supply=Supply.MADE, stock_pieces=None), "MadeToOrder"),
    ],
)
def test_what_is_sold_out_is_not_called_in_stock(draft: Draft, word: str) -> None:
    assert told(replace(VIEW, draft=draft))["offers"]["availability"].endswith(f"/{word}")  # type: ignore[index]


def test_without_a_price_nothing_is_offered() -> None:
    assert "offers" not in told(replace(VIEW, draft=replace(DRAFT, ladder=())))
    assert "offers" not in shared_product("Cup", [replace(CARD, ladder=())], url="u")


def test_a_shared_product_runs_from_the_lowest_to_the_highest() -> None:
    dear = replace(CARD, ladder=(Step(1, 1_000),))
    data = shared_product("Cup", [CARD, dear], url="u", brand="Wang")
    assert (data["offers"]["lowPrice"], data["offers"]["highPrice"], data["offers"]["offerCount"]) == (
        "3.20",
        "10.00",
        2,
    )
    assert data["brand"]["name"] == "Wang"


@pytest.mark.parametrize("name", EVIL)
def test_no_name_leaves_the_data(name: str) -> None:
    written = embedded(told(name=name))
    assert not set("<>&\u2028\u2029'") & set(written)
    assert json.loads(written)["name"] == name


@given(some.text())
def test_whatever_is_written_is_read_again(text: str) -> None:
    written = embedded({"name": text})
    assert "<" not in written
    assert json.loads(written) == {"name": text}


def test_a_stall_and_the_way_to_a_page() -> None:
    assert "description" not in organisation("王记", url="u", place="1-F2-C-1205", description="")
    way = breadcrumbs([("Market", "https://m.example/"), ("Cups", "https://m.example/categories/cups/")])
    assert [item["position"] for item in way["itemListElement"]] == [1, 2]


def test_money_has_two_decimals_and_a_point() -> None:
    assert [money(minor) for minor in (5, 320, 100_000)] == ["0.05", "3.20", "1000.00"]
