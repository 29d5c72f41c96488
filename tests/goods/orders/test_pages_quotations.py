"""Quotations as a buyer sees them: one with its versions, several side by side, into the basket at the quoted price."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from buyers import LANGUAGES, Shop, basket_of, browser_of, key_in, opened, read, text_of
from django.test import Client
from django.utils import timezone

from sundry.goods.catalogue.rules import Variant
from sundry.goods.orders import actions_enquiries, actions_quotations, queries_enquiries, queries_orders
from sundry.goods.orders.enquiry_rules import Question, QuotedLine, QuotedStep, Terms
from sundry.goods.orders.models import Quotation
from sundry.goods.orders.order_rules import Carton, Side

pytestmark = pytest.mark.django_db


def terms(**more: Any) -> Terms:
    """Those of a quotation that is valid for nine days from now: the pages have the clock of the day."""
    until = timezone.localdate() + timedelta(days=9)
    given = {"valid_until": until, "lead_time_days": 15, "incoterm": "FOB", "place": "Ningbo", "deposit_bp": 3000}
    return Terms(**given | more)


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with django_db_blocker.unblock(), opened(tmp_path_factory.mktemp("quotations")) as made:
        yield made


@pytest.fixture
def amina(shop: Shop) -> Client:
    return browser_of(shop.buyer)


@pytest.fixture
def quoted(shop: Shop) -> list[uuid.UUID]:
    """Both stalls have quoted cups of their own: 0.085 as 85 a thousand, and 0.09 a piece."""
    question = Question("cups?", "en", goods=(shop.cups[0], shop.crates[0]), quantity=12_000)
    actions_enquiries.ask(actor=shop.buyer, question=question, now=timezone.now())
    return [
        quote(shop, shop.li, shop.cups[0], QuotedStep(10_000, 8_500), price_per=1_000),
        quote(shop, shop.sun, shop.crates[0], QuotedStep(1, 9)),
    ]


def quote(
    shop: Shop,
    seller: Any,
    good: int,
    step: QuotedStep,
    *,
    price_per: int = 1,
    variant: uuid.UUID | None = None,
    **more: Any,
) -> uuid.UUID:
    (talk, *_) = queries_enquiries.conversations(organisation=seller.organisation, side=Side.STALL, language="en")
    carton = Carton(480, 600, 400, 300, 12_500, 11_000)
    ladder = (step, QuotedStep(50_000, step.price_minor - 1))
    line = QuotedLine(ladder, 12_000, price_per, good=good, names={"en": "cup"}, carton=carton, variant=variant)
    now = timezone.now()
    made = actions_quotations.save_quotation(
        actor=seller, conversation=talk.id, terms=terms(**more), lines=[line], now=now
    )
    actions_quotations.send(actor=seller, quotation=made, now=now)
    return made


def pieces_field(page: str) -> str:
    found = re.search(r'name="(pieces-[^"]+)"', page)
    assert found is not None
    return found[1]


def test_what_was_quoted_stands_in_a_list(shop: Shop, amina: Client, quoted: list[uuid.UUID]) -> None:
    shown = text_of(read(amina.get("/quotations/")))
    assert shown.count("Can be accepted") == 2 + 1  # and among the filters
    assert "CNY 1,020.00" in shown
    assert "No quotation is like that" in read(amina.get("/quotations/?state=expired"))
    fresh = browser_of(shop.market.buyer("Rosa"))
    assert "No stall has quoted anything yet" in read(fresh.get("/quotations/"))


def test_a_quotation_has_its_ladder_and_its_terms(shop: Shop, amina: Client, quoted: list[uuid.UUID]) -> None:
    shown = text_of(read(amina.get(f"/quotations/{quoted[0]}/")))
    assert "CNY 85.00 for 1,000 from 10,000" in shown
    assert "CNY 84.99 for 1,000 from 50,000" in shown
    assert "CNY 40.80 a carton of 480" in shown
    assert "FOB Ningbo" in shown
    assert "30%" in shown


def test_it_goes_into_a_basket_at_the_quoted_price_once(shop: Shop, amina: Client, quoted: list[uuid.UUID]) -> None:
    page = read(amina.get(f"/quotations/{quoted[0]}/"))
    field = pieces_field(page)
    given = {"q": str(quoted[0]), "key": key_in(page), field: "many"}
    assert "no whole number" in read(amina.post("/quotations/accept/", given), 422)
    answers = [amina.post("/quotations/accept/", given | {field: "20,000"}) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    number = basket_of(shop.buyer)
    (line,) = queries_orders.lines(number or 0)
    assert (line.pieces, line.price_minor, line.price_per) == (20_000, 8_500, 1_000)
    shown = text_of(read(amina.get(answers[0].headers["Location"])))
    assert "CNY 85.00 for 1,000" in shown


def test_several_stand_side_by_side_and_the_cheapest_is_marked(
    shop: Shop, amina: Client, quoted: list[uuid.UUID]
) -> None:
    address = f"/quotations/compare/?q={quoted[0]}&q={quoted[1]}"
    page = read(amina.get(address))
    assert page.count("Cheapest") == 1
    assert page.index("Cheapest") < page.index("CNY\N{NO-BREAK SPACE}0.09")
    given = {"q": [str(one) for one in quoted], "shown": [str(one) for one in quoted], "key": key_in(page)}
    assert amina.post("/quotations/accept/", given).status_code == 302
    number = basket_of(shop.buyer)
    view = queries_orders.order(number or 0)
    assert view is not None
    assert (view.card.stalls, view.card.totals.value_minor) == (2, 102_000 + 108_000)
    none = amina.post("/quotations/accept/", given | {"q": []})
    assert "Choose a quotation first." in read(none, 422)
    assert "Cheapest" in read(amina.get(f"/quotations/compare/?row={quoted[0]}&row={quoted[1]}"))
    assert "Choose quotations first" in read(amina.get("/quotations/compare/"))
    assert "Choose quotations first" in read(amina.get(f"/quotations/compare/?q={uuid.uuid4()}"))


def test_she_says_how_many_of_which_kind(shop: Shop, amina: Client, quoted: list[uuid.UUID]) -> None:
    kinds = (Variant({"en": "red"}), Variant({"zh": "蓝"}))
    cup = shop.market.good(shop.stalls[0], stock_pieces=50_000, variants=kinds)
    made = quote(shop, shop.li, cup, QuotedStep(10_000, 8_500), price_per=1_000)
    page = read(amina.get(f"/quotations/{made}/"))
    red, blue = re.findall(r'name="(variant-[^"]+)"', page)
    assert re.findall(r'name="(variant-[^"]+)"', read(amina.get(f"/quotations/compare/?q={made}&q={quoted[1]}"))) == [
        red,
        blue,
    ]
    given = {"q": str(made), "key": key_in(page), pieces_field(page): "11,000", red: "7,000", blue: "5000"}
    refused = read(amina.post("/quotations/accept/", given), 422)
    assert "the variants come to 12000 pieces, and 11000 are ordered" in text_of(refused)
    assert 'value="7,000"' in refused
    assert 'value="11,000"' in refused
    beside = {"q": str(quoted[1]), "shown": [str(made), str(quoted[1])], red: "7"}
    assert amina.post("/quotations/accept/", beside).status_code == 302, "of what she has not chosen nothing is read"
    assert amina.post("/quotations/accept/", given | {blue: "4,000"}).status_code == 302
    lines = queries_orders.lines(basket_of(shop.buyer) or 0)
    assert [(line.pieces, line.price_minor) for line in lines] == [(7_000, 8_500), (4_000, 8_500)]
    page = read(amina.get(f"/quotations/{quote_in(shop, cup)}/"))
    assert "red" in text_of(page)
    assert "variant-" not in page


def quote_in(shop: Shop, cup: int) -> uuid.UUID:
    """One that names the first of its variants."""
    (red, _) = shop.market.variants(cup)
    return quote(shop, shop.li, cup, QuotedStep(1, 9), variant=red)


def test_what_has_expired_is_said_and_nothing_is_done(shop: Shop, amina: Client, quoted: list[uuid.UUID]) -> None:
    page = read(amina.get(f"/quotations/{quoted[0]}/"))
    Quotation.objects.filter(id=quoted[0]).update(valid_until=date(2020, 1, 1))
    answer = amina.post("/quotations/accept/", {"q": str(quoted[0]), "key": key_in(page)})
    assert "Please look at this first" in read(answer, 422)
    assert basket_of(shop.buyer) is None
    assert "Accept: put it into the basket" not in read(amina.get(f"/quotations/{quoted[0]}/"))


def test_another_currency_is_said(shop: Shop, amina: Client, quoted: list[uuid.UUID]) -> None:
    dollars = quote(shop, shop.sun, shop.crates[0], QuotedStep(1, 2), currency="USD")
    page = read(amina.get(f"/quotations/compare/?q={quoted[0]}&q={dollars}"))
    assert "in several currencies" in page
    assert "Cheapest" not in page


def test_it_is_declined_with_a_reason(shop: Shop, amina: Client, quoted: list[uuid.UUID]) -> None:
    answer = amina.post(f"/quotations/{quoted[1]}/decline", {"reason": "too dear"}, follow=True)
    shown = text_of(read(answer))
    assert "Declined" in shown
    assert "too dear" in shown
    assert "Please look at this first" in read(amina.post(f"/quotations/{quoted[1]}/decline", {"reason": "x"}), 422)


def test_the_answers_of_an_enquiry_show_what_was_quoted(shop: Shop, amina: Client, quoted: list[uuid.UUID]) -> None:
    (card, *_) = queries_enquiries.enquiries(organisation=shop.buyer.organisation)
    page = read(amina.get(f"/enquiries/{card.number}/"))
    assert "Compare the quotations side by side" in page
    assert f"/quotations/{quoted[0]}/" in page


def test_another_buyer_finds_nothing(shop: Shop, quoted: list[uuid.UUID]) -> None:
    stranger = browser_of(shop.market.buyer("Rosa"))
    assert stranger.get(f"/quotations/{quoted[0]}/").status_code == 404
    assert stranger.post("/quotations/accept/", {"q": str(quoted[0])}).status_code == 404
    assert stranger.post(f"/quotations/{quoted[0]}/decline").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_reads_in_every_language(
    shop: Shop, amina: Client, quoted: list[uuid.UUID], language: str, assert_accessible: Callable[[bytes], None]
) -> None:
    amina.cookies["language"] = language
    for place in ("/quotations/", f"/quotations/{quoted[0]}/", f"/quotations/compare/?q={quoted[0]}&q={quoted[1]}"):
        answer = amina.get(place)
        assert answer.status_code == 200, place
        assert_accessible(answer.content)
