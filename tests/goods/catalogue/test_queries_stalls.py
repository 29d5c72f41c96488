"""Stalls as they are found, walked past and held; papers and words that wait for the operator."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sundry.base.access.rules import Actor, Owner
from sundry.goods.catalogue import actions_stalls, actions_wanted, queries_stalls
from sundry.goods.catalogue.models import SearchMiss, Stall
from sundry.goods.catalogue.rules import NewStall, Place


def statements(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked)


def booths(bazaar: Any, *places: tuple[int, str, str]) -> list[uuid.UUID]:
    stalls = [NewStall(Place("1", *place), {"zh": "伞", "en": f"Booth {place[2]}"}) for place in places]
    return list(actions_stalls.register_stalls(actor=bazaar.operator, stalls=stalls, now=bazaar.now))


def test_a_stall_is_found_by_id_number_and_address(bazaar: Any) -> None:
    li = bazaar.holder()
    found = bazaar.stall(li)
    assert queries_stalls.stall_by_number(found.card.number) == found
    assert queries_stalls.stall_by_slug(found.card.slug) == found
    assert queries_stalls.stalls_of(li.organisation) == (found,)
    assert queries_stalls.stall(uuid.uuid4()) is None
    assert queries_stalls.stall_by_number(1) is None
    assert queries_stalls.stall_by_slug("nowhere") is None
    assert queries_stalls.stall_by_slug("\x00\ud800") is None
    assert queries_stalls.stalls_of(uuid.uuid4()) == ()


def test_what_nobody_has_claimed_is_nobodys(bazaar: Any) -> None:
    li = bazaar.holder()
    assert queries_stalls.owner_of(bazaar.stall(li)) == Owner(organisation=li.organisation)
    booth = queries_stalls.stall(bazaar.booth())
    assert booth is not None
    for actor in (Actor(), li, bazaar.operator):
        assert not actor.owns(queries_stalls.owner_of(booth))


def test_a_floor_is_told_as_one_walks_past_its_stalls(bazaar: Any) -> None:
    booths(
        bazaar,
        (1, "B", "2"),
        (1, "A", "10"),
        (1, "A", "9"),
        (1, "A", "9A"),
        (2, "A", "1"),
        (1, "B", "A1"),
        (1, "C", "2²"),
    )
    shut = booths(bazaar, (1, "A", "11"))
    Stall.objects.filter(id__in=shut).update(is_open=False)
    found = queries_stalls.stalls_on("1", 1)
    walked = [("A", "9"), ("A", "9A"), ("A", "10"), ("B", "A1"), ("B", "2"), ("C", "2²")]
    assert [(card.place.street, card.place.booth) for card in found] == walked
    assert queries_stalls.stalls_on("9", 1) == ()
    assert statements(lambda: queries_stalls.stalls_on("1", 1)) == 1
    assert statements(queries_stalls.halls) == 2


def test_stalls_are_found_by_words_number_booth_and_address(bazaar: Any) -> None:
    first, second = booths(bazaar, (1, "A", "10"), (1, "A", "B7"))
    number = queries_stalls.stall(first).card.number
    for words, expected in (
        ("伞", [first, second]),
        ("booth b", [second]),
        ("b7", [second]),
        ("1-f1-a-b", [second]),
        (str(number), [first]),
        ("9" * 30, []),
        ("%", []),
        ("en", []),
    ):
        assert [view.card.id for view in queries_stalls.stalls_named(words)] == expected, words
    assert [view.card.id for view in queries_stalls.stalls_named(" ", limit=1)] == [first]
    assert [view.card.id for view in queries_stalls.stalls_named("", after=number)] == [second]
    assert statements(lambda: queries_stalls.stalls_named("伞")) == 1


def test_papers_wait_in_their_order(bazaar: Any, paper: Any) -> None:
    li, zhang = bazaar.holder("Li"), bazaar.holder("Zhang")
    first, second, third = paper(li, "Acme"), paper(zhang, "Zeta"), paper(li, "Beta")
    waiting = queries_stalls.papers_waiting()
    assert [one.id for one in waiting] == [first, second, third]
    assert [one.id for one in queries_stalls.papers_waiting(after=first, limit=1)] == [second]
    actions_stalls.decide_paper(actor=bazaar.operator, paper=first, accepted=True, now=bazaar.now)
    assert [one.id for one in queries_stalls.papers_waiting(after=first)] == [second, third]
    assert {one.id for one in queries_stalls.papers(bazaar.stall_of(li))} == {first, third}
    owner, found = queries_stalls.paper(second)
    assert (owner, found.brand) == (Owner(organisation=zhang.organisation), "Zeta")
    assert found.stall.id == bazaar.stall_of(zhang)
    assert queries_stalls.paper(uuid.uuid4()) is None
    assert statements(queries_stalls.papers_waiting) == 1


def test_what_is_wanted_pages_from_the_newest(bazaar: Any) -> None:
    amina = bazaar.buyer()
    asked = [
        actions_wanted.ask_wanted(
            actor=amina, text=f"cup {turn}", language="en", now=bazaar.now + timedelta(minutes=turn // 2)
        )
        for turn in range(5)
    ]
    assert [one.id for one in queries_stalls.wanted()] == asked[::-1]
    seen: list[uuid.UUID] = []
    while page := queries_stalls.wanted(before=seen[-1] if seen else None, limit=2):
        seen += [one.id for one in page]
    assert seen == asked[::-1]
    assert [one.id for one in queries_stalls.wanted_of(amina.person)] == asked[::-1]
    assert queries_stalls.one_wanted(uuid.uuid4()) is None


@pytest.mark.parametrize("limit", [1, 2, 10])
def test_misses_page_from_the_most_frequent(bazaar: Any, limit: int) -> None:
    for searches, text in ((1, "a"), (3, "b"), (3, "c"), (2, "d")):
        SearchMiss.objects.create(language="en", text=text, searches=searches, last_at=bazaar.now)
    seen: list[Any] = []
    while page := queries_stalls.misses(after=seen[-1].id if seen else None, limit=limit):
        seen += page
    assert [one.text for one in seen] == ["b", "c", "d", "a"]
