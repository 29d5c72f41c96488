from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from sundry.goods.catalogue import actions, pages_my_goods
from sundry.goods.catalogue.rules import Draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder(bazaar: Any) -> Any:
    return bazaar.holder()


@pytest.fixture
def stall(holder: Any, enter: Any) -> Client:
    made: Client = enter(holder)
    return made


def told(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_list_is_filtered_by_state_and_words_in_its_address(bazaar: Any, holder: Any, stall: Client) -> None:
    cup = bazaar.add(holder, names={"zh": "牙刷杯"}, item_number="K-17")
    lamp = bazaar.add(holder, submit=True, names={"zh": "台灯"})
    both = told(stall, "/my/goods/")
    assert f"/my/goods/{cup}/" in both
    assert f"/my/goods/{lamp}/" in both
    for query, there, gone in (("state=draft", cup, lamp), ("words=k-17", cup, lamp), ("words=台", lamp, cup)):
        page = told(stall, f"/my/goods/?{query}")
        assert f"/my/goods/{there}/" in page
        assert f"/my/goods/{gone}/" not in page
    assert "No good of yours is like that" in told(stall, "/my/goods/?words=nothing&state=listed")
    assert f"/my/goods/{cup}/" in told(stall, "/my/goods/?state=never&before=x")


def test_a_long_list_pages_by_the_last_number(
    bazaar: Any, holder: Any, stall: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages_my_goods, "SHOWN", 2)
    numbers = [bazaar.add(holder, item_number="A") for _ in range(5)]
    seen: list[int] = []
    query = "?words=a"
    while query:
        answer = stall.get(f"/my/goods/{query}")
        seen += [row.card.number for row in answer.context["rows"]]
        query = answer.context["page"]["next"]
    assert seen == numbers[::-1]


def test_chosen_rows_are_handed_in_and_taken_back_together(bazaar: Any, holder: Any, stall: Client) -> None:
    numbers = [bazaar.add(holder) for _ in range(3)]
    answer = stall.post("/my/goods/submit", {"row": numbers, "query": "state=draft&words=x"}, follow=True)
    assert answer.redirect_chain[0][0] == "/my/goods/?state=draft&words=x"
    assert "3 goods wait for the market" in answer.content.decode()
    assert {bazaar.state(number) for number in numbers} == {"submitted"}
    again = stall.post("/my/goods/submit", {"row": numbers}, follow=True)  # a second click
    assert again.status_code == 200
    stall.post("/my/goods/withdraw", {"row": numbers})
    assert {bazaar.state(number) for number in numbers} == {"withdrawn"}


def test_all_of_them_or_none(bazaar: Any, holder: Any, stall: Client) -> None:
    ready, unready = bazaar.add(holder), bazaar.add(holder, ladder=())
    page = stall.post("/my/goods/submit", {"row": [ready, unready]}, follow=True).content.decode()
    assert f"Good {unready}: There is no price." in page
    assert bazaar.state(ready) == "draft"


@pytest.mark.parametrize("rows", [[], ["x", "-1", "9" * 40]])
def test_no_row_is_no_harm(stall: Client, rows: list[str]) -> None:
    page = stall.post("/my/goods/submit", {"row": rows}, follow=True)
    assert "No row was chosen" in page.content.decode()
    assert stall.post("/my/goods/withdraw", {"row": rows}).status_code == 302


def test_a_query_to_go_back_to_leads_nowhere_else(stall: Client) -> None:
    for evil in ("//evil.example", "x\r\nSet-Cookie: a=b", "https://evil.example/?a"):
        place = stall.post("/my/goods/submit", {"query": evil}).headers["Location"]
        assert place.startswith("/my/goods/?")
        assert "\n" not in place


def test_a_refused_good_says_why_and_can_be_handed_in_again(bazaar: Any, holder: Any, stall: Client) -> None:
    number = bazaar.add(holder, submit=True)
    actions.refuse(actor=bazaar.operator, number=number, reason="A photo shows another cup", now=bazaar.now)
    page = told(stall, f"/my/goods/{number}/")
    assert "A photo shows another cup" in page
    answer = stall.post("/my/goods/submit", {"row": number, "from": "good"})
    assert answer.headers["Location"] == f"/my/goods/{number}/"
    assert bazaar.state(number) == "submitted"


def test_in_which_languages_a_name_is_read() -> None:
    groups = {state: [name for name, _ in found] for state, _, found in pages_my_goods.languages(
        Draft(names={"zh": "牙刷杯", "fr": "gobelet"})
    )}  # fmt: skip
    assert groups["ok"] == ["中文", "français"]
    assert groups["working"] == ["English", "العربية", "español", "русский"]
    assert "attention" not in groups
    unknown = {state for state, _, _ in pages_my_goods.languages(Draft(names={"zh": "qqq"}))}
    assert unknown == {"ok", "attention"}
    assert pages_my_goods.languages(Draft()) == []


# What another stall sells ---------------------------------------------------------------------------------------------


def test_her_stall_sells_this_too(bazaar: Any, holder: Any, stall: Client) -> None:
    seller = bazaar.holder("Sun", trusted=True)
    good = bazaar.add(seller, submit=True, names={"zh": "台灯"})
    answer = stall.post(f"/goods/{good}/offer")
    (mine,) = (card.number for card in pages_my_goods.queries.goods_of_stall(bazaar.stall_of(holder)))
    assert answer.headers["Location"] == f"/my/goods/{mine}/edit/"
    assert bazaar.good(mine).draft.names == {"zh": "台灯"}
    assert bazaar.good(mine).product == bazaar.good(good).product
    again = stall.post(f"/goods/{good}/offer")
    assert again.headers["Location"] == f"/my/goods/{mine}/"


def test_what_is_not_on_show_cannot_be_offered(bazaar: Any, holder: Any, stall: Client, enter: Any) -> None:
    hidden = bazaar.add(bazaar.holder("Sun"), submit=True)
    for number in (hidden, 999_999_999, 2**70):
        assert stall.post(f"/goods/{number}/offer").status_code == 404
    assert stall.get(f"/goods/{hidden}/offer").status_code == 405
    assert enter(bazaar.buyer()).post(f"/goods/{hidden}/offer").status_code == 403


def test_the_page_of_a_good_offers_it_to_stalls_only(bazaar: Any, holder: Any, stall: Client, enter: Any) -> None:
    good = bazaar.add(bazaar.holder("Sun", trusted=True), submit=True)
    assert f'action="/goods/{good}/offer"' in told(stall, f"/goods/{good}/")
    assert "/offer" not in told(enter(bazaar.buyer()), f"/goods/{good}/")
