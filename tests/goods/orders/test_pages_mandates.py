"""Mandates: an agent asks or writes down, a buyer grants or not, either ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from buyers import LANGUAGES, Shop, browser_of, opened, read, text_of

from sundry.goods.orders import queries_dealings
from sundry.goods.orders.order_rules import MandateState

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with django_db_blocker.unblock(), opened(tmp_path_factory.mktemp("mandates")) as made:
        yield made


def newest(shop: Shop) -> Any:
    return queries_dealings.mandates(shop.agent.organisation)[0]


def test_an_agent_asks_and_the_buyer_grants(shop: Shop) -> None:
    zhou, amina = browser_of(shop.agent), browser_of(shop.buyer)
    page = read(zhou.get("/mandates/offer/?named=Amina"))
    assert str(shop.buyer.organisation) in page
    given = {
        "key": "1",
        "named": "Amina",
        "buyer": str(shop.buyer.organisation),
        "currency": "CNY",
        "valid_from": "2026-11-22",
    }
    wrong = given | {"valid_until": "2020-01-01", "limit": "much"}
    assert read(zhou.post("/mandates/offer/", wrong), 422).count("field-wrong") == 2
    assert zhou.post("/mandates/offer/", given | {"limit": "50000"}).headers["Location"] == "/mandates/"
    made = newest(shop)
    assert (made.state, made.limit_minor) == (MandateState.OFFERED, 5_000_000)
    assert "Waits for the buyer" in text_of(read(zhou.get("/mandates/")))
    assert "Zhou buys for you" in text_of(read(amina.get("/mandates/")))
    assert "toast-error" not in read(zhou.post("/mandates/offer/", given | {"limit": "50000"}, follow=True))
    for _ in range(2):  # the phone sends it again
        granted = read(amina.post(f"/mandates/{made.id}/decide", {"answer": "grant"}, follow=True))
        assert "toast-success" in granted
    assert newest(shop).id == made.id
    assert newest(shop).state is MandateState.IN_FORCE
    amina.post(f"/mandates/{made.id}/decide", {"answer": "end"})
    assert newest(shop).state is MandateState.ENDED
    again = amina.post(f"/mandates/{made.id}/decide", {"answer": "grant"}, follow=True)
    assert "toast-error" in read(again), "what is over is not granted"


def test_a_client_who_is_not_in_the_market_is_written_down(shop: Shop) -> None:
    zhou = browser_of(shop.agent)
    given = {
        "key": "2",
        "client_name": "Ndiaye Frères",
        "client_country": "SN",
        "currency": "CNY",
        "valid_from": "2026-11-22",
    }
    assert "write the name of your client" in read(zhou.post("/mandates/offer/", given | {"client_name": " "}), 422)
    wrong = read(zhou.post("/mandates/offer/", given | {"limit": "0"}), 422)
    assert wrong.count("field-wrong") == 1, "at its field"
    held = len(queries_dealings.mandates(shop.agent.organisation))
    for _ in range(2):  # the phone sends it again
        assert zhou.post("/mandates/offer/", given).status_code == 302
    assert newest(shop).buyer.name == "Ndiaye Frères"
    assert len(queries_dealings.mandates(shop.agent.organisation)) == held + 1
    assert "You buy for Ndiaye Frères" in text_of(read(zhou.get("/mandates/")))


def test_a_buyer_offers_none_and_another_finds_none(shop: Shop) -> None:
    amina = browser_of(shop.buyer)
    assert amina.get("/mandates/offer/").status_code == 403
    assert "No mandates yet" in read(browser_of(shop.market.buyer("Rosa")).get("/mandates/"))
    assert amina.post(f"/mandates/{shop.mandate}/decide", {"answer": "end"}).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_reads_in_every_language(shop: Shop, language: str, assert_accessible: Callable[[bytes], None]) -> None:
    zhou = browser_of(shop.agent)
    zhou.cookies["language"] = language
    for place in ("/mandates/", "/mandates/offer/?named=Amina"):
        answer = zhou.get(place)
        assert answer.status_code == 200
        assert_accessible(answer.content)
