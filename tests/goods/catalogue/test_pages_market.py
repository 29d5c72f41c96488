from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from sundry.goods.catalogue import pages_market, queries_stalls
from sundry.goods.catalogue.rules import PaperState

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(bazaar: Any, enter: Any) -> Client:
    made: Client = enter(bazaar.operator)
    return made


# Goods that wait ------------------------------------------------------------------------------------------------------


def test_everything_that_a_decision_needs_is_on_one_screen(bazaar: Any, operator: Client) -> None:
    number = bazaar.add(
        bazaar.holder(), submit=True, names={"zh": "牙刷杯"}, item_number="K-17", brand="Acme", hs_code="392490"
    )
    page = operator.get("/market/queue/").content.decode()
    for told in ("牙刷杯", "K-17", "Acme", "392490", "No authorisation shown", "1,200", f"reason-{number}"):
        assert told in page, told


def test_chosen_goods_go_on_show_and_a_second_click_does_no_harm(bazaar: Any, operator: Client) -> None:
    holder = bazaar.holder()
    numbers = [bazaar.add(holder, submit=True) for _ in range(3)]
    answer = operator.post("/market/queue/approve", {"row": numbers[:2]}, follow=True)
    assert "2 goods are on show" in answer.content.decode()
    assert [bazaar.state(number) for number in numbers] == ["listed", "listed", "submitted"]
    again = operator.post("/market/queue/approve", {"row": numbers[:2]}, follow=True)
    assert "toast-error" in again.content.decode()
    assert "No good was chosen" in operator.post("/market/queue/approve", follow=True).content.decode()
    assert operator.post("/market/queue/approve", {"row": 999_999_999}).status_code == 404


def test_a_brand_without_a_paper_cannot_be_approved(bazaar: Any, operator: Client) -> None:
    number = bazaar.add(bazaar.holder(), submit=True, brand="Acme")
    answer = operator.post("/market/queue/approve", {"row": number}, follow=True)
    assert "Acme" in answer.content.decode()
    assert bazaar.state(number) == "submitted"


def test_a_refusal_needs_a_reason(bazaar: Any, operator: Client) -> None:
    number = bazaar.add(bazaar.holder(), submit=True)
    answer = operator.post("/market/queue/refuse", {"good": number, "reason": " "}, follow=True)
    assert "toast-error" in answer.content.decode()
    assert bazaar.state(number) == "submitted"
    operator.post("/market/queue/refuse", {"good": number, "reason": "a wrong photo"})
    assert bazaar.good(number).reason == "a wrong photo"
    for nothing in ("", "x", "999999999"):
        assert operator.post("/market/queue/refuse", {"good": nothing, "reason": "x"}).status_code == 404


def test_the_queue_pages(bazaar: Any, operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_market, "QUEUE_SHOWN", 2)
    holder = bazaar.holder()
    numbers = [bazaar.add(holder, submit=True) for _ in range(5)]
    seen: list[int] = []
    query = "?after="
    while query:
        context = operator.get(f"/market/queue/{query}").context
        seen += [one["view"].card.number for one in context["waiting"]]
        query = context["page"]["next"]
    assert sorted(seen) == numbers


# Papers ---------------------------------------------------------------------------------------------------------------


def state(bazaar: Any, holder: Any) -> PaperState:
    (paper,) = queries_stalls.papers(bazaar.stall_of(holder))
    return paper.state


def test_a_paper_is_accepted_and_taken_back(bazaar: Any, operator: Client, paper: Any, enter: Any) -> None:
    holder = bazaar.holder()
    made = paper(holder, "Acme")
    address = f"/market/papers/{made}/decide"
    assert "Acme" in operator.get("/market/papers/").content.decode()
    assert operator.post(address, {"answer": "perhaps"}).status_code == 302
    assert state(bazaar, holder) is PaperState.SUBMITTED
    operator.post(address, {"answer": "accept"})
    assert state(bazaar, holder) is PaperState.ACCEPTED
    page = operator.get(f"/market/stalls/{bazaar.stall(holder).card.number}/").content.decode()
    assert 'value="revoke"' in page
    operator.post(address, {"answer": "revoke", "reason": "It was forged"})
    assert state(bazaar, holder) is PaperState.REFUSED
    assert "It was forged" in enter(holder).get("/my/papers/").content.decode()


def test_a_paper_is_refused_with_a_reason(bazaar: Any, operator: Client, paper: Any) -> None:
    holder = bazaar.holder()
    address = f"/market/papers/{paper(holder, 'Acme')}/decide"
    operator.post(address, {"answer": "refuse", "reason": ""})
    assert state(bazaar, holder) is PaperState.SUBMITTED
    operator.post(address, {"answer": "refuse", "reason": "not readable"})
    assert state(bazaar, holder) is PaperState.REFUSED
    assert operator.post(f"/market/papers/{uuid.uuid4()}/decide", {"answer": "accept"}).status_code == 404
