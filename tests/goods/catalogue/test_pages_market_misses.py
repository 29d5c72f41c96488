from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from sundry.goods.catalogue import actions_wanted, pages_market_misses, queries_stalls

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(bazaar: Any, enter: Any) -> Client:
    for text, times in (("brushmug", 3), ("<b>zzz", 1)):
        for _ in range(times):
            actions_wanted.count_miss(language="en", text=text, now=bazaar.now)
    made: Client = enter(bazaar.operator)
    return made


def misses() -> dict[str, uuid.UUID]:
    return {miss.text: miss.id for miss in queries_stalls.misses()}


def test_the_most_frequent_stand_first_and_the_list_pages(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = operator.get("/market/misses/").content.decode()
    assert page.index("brushmug") < page.index("&lt;b&gt;zzz")
    assert "<b>zzz" not in page
    monkeypatch.setattr(pages_market_misses, "SHOWN", 1)
    first = operator.get("/market/misses/")
    second = operator.get(f"/market/misses/{first.context['page']['next']}")
    assert [one.text for one in second.context["misses"]] == ["<b>zzz"]


def test_what_words_mean_is_looked_for_and_added(operator: Client) -> None:
    miss = misses()["brushmug"]
    page = operator.get("/market/misses/", {"miss": miss, "words": "toothbrush cup"}).content.decode()
    assert 'value="toothbrush_cup"' in page
    operator.post(f"/market/misses/{miss}/decide", {"concept": "toothbrush_cup"})
    assert "brushmug" not in misses()
    (form,) = queries_stalls.forms()
    assert (form.concept, form.language, form.text) == ("toothbrush_cup", "en", "brushmug")


def test_words_may_be_ignored(operator: Client) -> None:
    operator.post(f"/market/misses/{misses()['<b>zzz']}/decide", {"concept": ""})
    assert list(misses()) == ["brushmug"]
    assert not queries_stalls.forms()


def test_a_concept_that_is_none_is_told(operator: Client) -> None:
    miss = misses()["brushmug"]
    answer = operator.post(f"/market/misses/{miss}/decide", {"concept": "toothbrush_cupp"}, follow=True)
    assert "toothbrush_cup" in answer.content.decode()
    assert "brushmug" in misses()
    assert operator.post(f"/market/misses/{uuid.uuid4()}/decide", {"concept": ""}).status_code == 404


@pytest.mark.parametrize(
    "query", ["miss=x&after=y", "miss=&words=%3Cb%3E", f"miss={uuid.UUID(int=7)}&words={'x' * 500}"]
)
def test_an_address_that_says_nothing_lists_all(operator: Client, query: str) -> None:
    assert operator.get(f"/market/misses/?{query}").status_code == 200
