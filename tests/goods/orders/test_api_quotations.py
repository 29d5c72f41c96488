"""Quotations for programs: written, sent, revised, compared, accepted at the quoted price."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from buyers import Shop, opened
from programs import Program, ask, code, conversation_of, quote

from sundry.goods.catalogue.rules import Variant

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with django_db_blocker.unblock(), opened(tmp_path_factory.mktemp("quotations")) as made:
        yield made


@pytest.fixture
def amina(shop: Shop) -> Program:
    return Program(shop.buyer)


@pytest.fixture
def li(shop: Shop) -> Program:
    return Program(shop.li)


def test_a_stall_quotes_and_revises(shop: Shop, amina: Program, li: Program) -> None:
    number = ask(shop, amina)
    first = quote(li, 300, shop.cups[0], incoterm="FOB", place="Ningbo")
    shown = amina.get(f"quotations/{first}")
    assert (shown["state"], shown["value_minor"], shown["terms"]["incoterm"]) == ("sent", 1200 * 300, "FOB")
    second = li.post(f"quotations/own/{first}/revise", status=201)["id"]
    amina.get(f"quotations/{second}", status=404)
    draft = li.get(f"quotations/{second}")
    draft["lines"][0]["ladder"][0]["price_minor"] = 290
    body = {"conversation": draft["conversation"], "terms": draft["terms"], "lines": draft["lines"]}
    assert li.put(f"quotations/own/{second}", body)["value_minor"] == 1200 * 290
    li.post(f"quotations/own/{second}/send", status=204)
    told = {one["version"]: one["state"] for one in amina.get("quotations", enquiry=number)["items"]}
    assert [len(li.get("quotations", side="stall", words=said)["items"]) for said in ("Amina", "nobody")] == [2, 0]
    assert [len(amina.get("quotations", words=said)["items"]) for said in ("Sundries", "nobody")] == [2, 0]
    assert told == {1: "superseded", 2: "sent"}
    assert code(amina.post("quotations/accept", {"quotations": [first]}, status=422)) == "orders_refused"
    li.post(f"quotations/own/{second}/withdraw", {}, status=204)
    assert amina.get("quotations", state="sent") == {"items": [], "next": None}


def test_quotations_are_compared_and_accepted_into_a_basket(shop: Shop, amina: Program, li: Program) -> None:
    ask(shop, amina)
    sun = Program(shop.sun)
    one, two = quote(li, 300, shop.cups[0]), quote(sun, 310, shop.crates[0])
    side_by_side = amina.get("quotations/compare", q=[one, two])
    assert [quotation["id"] for quotation in side_by_side["quotations"]] == [one, two]
    assert all(len(row["lines"]) == 2 for row in side_by_side["rows"])
    accepted = amina.post("quotations/accept", {"quotations": [one, two]}, status=201)
    assert accepted["placed"] is False
    lines = amina.get(f"orders/{accepted['order']}/lines")["items"]
    assert sorted(line["price_minor"] for line in lines) == [300, 310]
    assert {line["list_price_minor"] for line in lines} == {285}


def test_a_program_chooses_the_variants(shop: Shop, amina: Program, li: Program) -> None:
    ask(shop, amina)
    kinds = (Variant({"zh": "红", "en": "red"}), Variant({"zh": "蓝"}, item_number="B-2"))
    cup = shop.market.good(shop.stalls[0], stock_pieces=5_000, variants=kinds)
    made = quote(li, 300, cup)
    ((line, choices),) = amina.get(f"quotations/{made}")["choices"].items()
    red, blue = (one["id"] for one in choices)
    assert [(one["names"].get("en"), one["item_number"]) for one in choices] == [("red", ""), (None, "B-2")]
    refused = amina.post("quotations/accept", {"quotations": [made]}, status=422)
    assert "quotation_variant_needed" in str(refused["error"]["details"])
    body = {"quotations": [made], "pieces": {line: 900}, "variants": {line: {red: 500, blue: 400}}}
    accepted = amina.post("quotations/accept", body, status=201)
    lines = amina.get(f"orders/{accepted['order']}/lines")["items"]
    assert [(one["variant"], one["pieces"], one["price_minor"]) for one in lines] == [(red, 500, 300), (blue, 400, 300)]


def test_who_may_only_accept_places_nothing(shop: Shop, amina: Program, li: Program) -> None:
    ask(shop, amina)
    made = quote(li, 300, shop.cups[0])
    careful = Program(shop.buyer, "orders.quotation.accept", "orders.quotation.read")
    body = {"quotations": [made], "place": True}
    assert code(careful.post("quotations/accept", body, status=403)) == "access_forbidden"
    assert careful.get(f"quotations/{made}")["state"] == "sent"
    assert amina.post("quotations/accept", body, status=201)["placed"] is True


def test_a_quotation_is_declined(shop: Shop, amina: Program, li: Program) -> None:
    ask(shop, amina)
    made = quote(li, 300, shop.cups[0])
    amina.post(f"quotations/{made}/decline", {"reason": "Too dear"}, status=204)
    assert (li.get(f"quotations/{made}")["state"], li.get(f"quotations/{made}")["reason"]) == ("declined", "Too dear")


def test_anothers_quotation_is_not_there(shop: Shop, amina: Program, li: Program) -> None:
    ask(shop, amina)
    made = quote(li, 300, shop.cups[0])
    stranger, sun = Program(shop.market.buyer("Nobody")), Program(shop.sun)
    for program in (stranger, sun):
        program.get(f"quotations/{made}", status=404)
    stranger.get("quotations/compare", q=[made], status=404)
    stranger.post("quotations/accept", {"quotations": [made]}, status=404)
    stranger.post(f"quotations/{made}/decline", {}, status=404)
    sun.post(f"quotations/own/{made}/withdraw", {}, status=404)
    body = {"conversation": conversation_of(li), "terms": {}, "lines": [line_of(shop)]}
    sun.post("quotations", body, status=404)


def line_of(shop: Shop) -> dict[str, Any]:
    return {"good": shop.crates[0], "pieces": 10, "ladder": [{"quantity": 1, "price_minor": 1}]}
