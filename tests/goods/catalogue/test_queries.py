"""What is on show, what a stall has, what waits, what search needs to know; each in a fixed number of statements."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sundry.base.access.rules import Actor, Owner
from sundry.engines.searching.likeness import hamming
from sundry.goods.catalogue import actions, actions_stalls, queries
from sundry.goods.catalogue.models import Good, GoodPhoto, Product, Stall
from sundry.goods.catalogue.reading import NOBODY
from sundry.goods.catalogue.rules import Carton, Collection, State, Step, Supply, Variant


def statements(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked)


def test_cards_are_told_in_the_order_asked_for_and_only_what_is_on_show(bazaar: Any) -> None:
    li, shut = bazaar.holder("Li", trusted=True), bazaar.holder("Zhang", trusted=True)
    first, second = bazaar.add(li, submit=True), bazaar.add(li, submit=True)
    draft, behind = bazaar.add(li), bazaar.add(shut, submit=True)
    Stall.objects.filter(id=bazaar.stall_of(shut)).update(is_open=False)
    asked = [second, 999_999, draft, behind, first, second]
    assert [card.number for card in queries.cards(asked)] == [second, first, second]
    assert statements(lambda: queries.cards(asked)) == 1
    (card,) = queries.cards([first])
    assert (card.names, card.ladder, card.stall.place.area) == (
        {"zh": "牙刷杯"},
        (Step(120, 320), Step(1200, 285)),
        "1-F2",
    )
    assert queries.on_show(draft) is None
    assert queries.on_show(behind) is None
    assert queries.on_show(first) == bazaar.good(first)
    assert queries.good(999_999) is None


def test_whose_a_good_is(bazaar: Any) -> None:
    li = bazaar.holder()
    number = bazaar.add(li)
    assert queries.owner_of(number) == Owner(organisation=li.organisation)
    assert queries.owner_of(999_999) is None
    actions_stalls.release(actor=bazaar.operator, stall=bazaar.stall_of(li), now=bazaar.now)
    owner = queries.owner_of(number)
    assert owner == Owner(organisation=NOBODY)
    assert not Actor().owns(owner)  # what is nobody's is not everybody's


def test_a_good_costs_four_statements_whatever_it_has(bazaar: Any, photo: Any) -> None:
    li = bazaar.holder()
    plain, full = (
        bazaar.add(li, brand="Acme"),
        actions.add_good(
            actor=li,
            stall=bazaar.stall_of(li),
            draft=replace(
                bazaar.good(bazaar.add(li)).draft,
                brand="Acme",
                variants=tuple(Variant({"zh": str(n)}) for n in range(20)),
            ),
            photos=[photo("red"), photo("blue")],
            now=bazaar.now,
        ),
    )
    assert statements(lambda: queries.good(plain)) == statements(lambda: queries.good(full)) == 4
    assert statements(lambda: queries.goods([plain, full])) == 4
    assert [view.card.number for view in queries.goods([full, 1, plain])] == [plain, full]
    Good.objects.update(state=State.SUBMITTED.value, submitted_at=bazaar.now)
    assert statements(lambda: queries.queue()) == 4


def test_a_good_that_is_sold_out_says_so(bazaar: Any) -> None:
    li = bazaar.holder()
    assert bazaar.good(bazaar.add(li, stock_pieces=0)).is_sold_out
    assert not bazaar.good(bazaar.add(li, stock_pieces=0, supply=Supply.MADE)).is_sold_out


def test_a_stalls_goods_page_by_number(bazaar: Any) -> None:
    li, zhang = bazaar.holder("Li", trusted=True), bazaar.holder("Zhang")
    numbers = [bazaar.add(li, submit=turn % 2 == 0) for turn in range(5)]
    bazaar.add(zhang)

    def ask(**fields: Any) -> list[int]:
        return [card.number for card in queries.goods_of_stall(bazaar.stall_of(li), **fields)]

    newest = numbers[::-1]
    assert ask() == newest
    assert ask(limit=2) == newest[:2]
    assert ask(limit=2, before=newest[1]) == newest[2:4]
    assert ask(states=frozenset({State.DRAFT})) == newest[1::2]
    assert ask(states=frozenset()) == []
    assert statements(ask) == 1


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        *(("刷", True), ("CUP", True), ("ys-12", True), ("  杯 ", True), ("5'", True), ("", True), ("\x00", True)),
        *(("zh", False), ("100%", False), ("_", False), ("\\", False), ('"', False), ("伞", False)),
    ],
)
def test_a_stall_finds_its_goods_by_words(bazaar: Any, words: str, is_found: bool) -> None:
    li = bazaar.holder()
    number = bazaar.add(li, names={"zh": "牙刷杯", "en": "Toothbrush cup 5'"}, item_number="YS-12")
    found = queries.goods_of_stall(bazaar.stall_of(li), words=words)
    assert [card.number for card in found] == ([number] if is_found else [])


def test_the_queue_tells_what_has_waited_longest_first_and_loses_nothing(bazaar: Any) -> None:
    li = bazaar.holder()
    numbers = [bazaar.add(li) for _ in range(5)]
    for turn, group in enumerate((numbers[3:], numbers[:3])):  # those of one group at the same moment
        actions.submit(actor=li, numbers=group, now=bazaar.now + timedelta(minutes=turn))
    expected = numbers[3:] + numbers[:3]
    assert [view.card.number for view in queries.queue()] == expected
    seen: list[int] = []
    while page := queries.queue(after=seen[-1] if seen else None, limit=2):
        seen += [view.card.number for view in page]
        if len(seen) == 2:  # what was decided meanwhile is still a place to go on from
            actions.approve(actor=bazaar.operator, numbers=seen, now=bazaar.now)
    assert seen == expected


def test_offers_of_a_product_the_cheapest_at_one_carton_first(bazaar: Any) -> None:
    li = bazaar.holder(trusted=True)
    product = Product.objects.create(number=5, names={"zh": "杯"}, brand="Acme", model="X", hs_code="392490")
    small, large, dear = (
        bazaar.add(li, submit=True, ladder=ladder, carton=Carton(pieces=pieces))
        for ladder, pieces in (
            ((Step(10, 300), Step(100, 100)), 12),
            ((Step(10, 310), Step(100, 90)), 144),
            ((Step(500, 350),), 12),
        )
    )
    Good.objects.update(product=product)
    found = queries.product(5)
    assert found is not None
    assert [offer.number for offer in found.offers] == [large, small, dear]
    assert (found.brand, found.model, found.hs_code) == ("Acme", "X", "392490")
    assert statements(lambda: queries.product(5)) == 2
    assert queries.product(6) is None
    assert queries.good(small).product == 5


def test_photos_that_look_alike(bazaar: Any) -> None:
    """Up to seven bits are found by the index of bands, whichever bits they are; goods that are not on show are not."""
    li, chosen = bazaar.holder(trusted=True), random.Random(1)
    good, others = bazaar.add(li, submit=True), [bazaar.add(li, submit=True) for _ in range(60)]
    own = chosen.getrandbits(64)

    def keep(number: int, likeness: int, place: int = 0) -> None:
        signed = likeness - (1 << 64) if likeness >> 63 else likeness
        of = bazaar.good(number).card.id
        GoodPhoto.objects.create(good_id=of, position=place, file="a" * 64, width=1, height=1, likeness=signed)

    keep(good, own)
    distances = {}
    for other in others:
        bits = chosen.sample(range(64), chosen.randrange(12))
        distances[other] = len(bits)
        keep(other, own ^ sum(1 << bit for bit in bits))
    actions.withdraw(actor=li, numbers=[others[0]], now=bazaar.now)
    for within in (0, 6, 7):
        expected = [(distances[other], -other) for other in others[1:] if distances[other] <= within]
        found = queries.same_photo(bazaar.good(good).card.id, within)
        assert [(distances[card.number], -card.number) for card in found] == sorted(expected)[:12]
    of = bazaar.good(good).card.id
    assert statements(lambda: queries.same_photo(of)) == 4
    assert queries.same_photo(uuid.uuid4()) == ()
    assert hamming(-1, 0) == 64


_MANY_PHOTOS = """
INSERT INTO catalogue_goodphoto (id, good_id, position, file, width, height, likeness)
SELECT gen_random_uuid(), %s, place, repeat('ab', 32), 1, 1, hashint8extended(place, 1)
FROM generate_series(1, 10000) AS place
"""


def test_among_many_photos_those_that_look_alike_are_found_by_the_index(bazaar: Any) -> None:
    li = bazaar.holder()
    good, other = (bazaar.good(bazaar.add(li)).card.id for _ in range(2))
    GoodPhoto.objects.create(good_id=good, position=0, file="a" * 64, width=1, height=1, likeness=-5)
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as asked:
        queries.same_photo(good)
        cursor.execute(_MANY_PHOTOS, [other])
        cursor.execute("ANALYZE catalogue_goodphoto")
        cursor.execute(f"EXPLAIN {asked[1]['sql']}")
        assert "photos_that_look_alike" in str(cursor.fetchall())


def test_what_search_needs_of_a_good(bazaar: Any) -> None:
    li = bazaar.holder(trusted=True)
    whole = bazaar.add(
        li,
        submit=True,
        item_number="A",
        category="",
        collections=frozenset({Collection.HOT}),
        variants=(Variant({"zh": "粉"}, "A-1"), Variant({"zh": "蓝"}, "A"), Variant({"zh": "黑"})),
    )
    made, sold_out, draft = (
        bazaar.add(li, submit=True, supply=Supply.MADE),
        bazaar.add(li, submit=True, stock_pieces=0),
        bazaar.add(li, ladder=()),
    )
    first, *rest = queries.goods_for_index(limit=10)
    assert (first.number, first.stall, first.area) == (whole, bazaar.stall(li).card.number, "1-F2")
    assert (first.item_numbers, first.minimum, first.collections) == (("A", "A-1"), 120, {Collection.HOT})
    assert (first.is_ready, first.is_on_show, first.version) == (True, True, 1)
    assert first.listed_day == 20779  # 2026-11-22
    assert [(one.number, one.is_ready) for one in rest] == [(made, False), (sold_out, False)]
    assert [one.number for one in queries.goods_for_index(after=whole, limit=1)] == [made]
    (gone,) = queries.indexed([draft, 1])
    assert (gone.number, gone.is_on_show, gone.minimum, gone.listed_day) == (draft, False, 1, 0)
    assert statements(lambda: queries.goods_for_index(limit=1)) == 2
    assert statements(lambda: queries.goods_for_index(limit=10)) == 2
    assert statements(lambda: queries.indexed([whole, made])) == 2
    Stall.objects.update(is_open=False)
    assert queries.goods_for_index(limit=10) == ()
    assert [one.is_on_show for one in queries.indexed([whole, made])] == [False, False]


def test_a_paper_authorises_from_its_first_day_to_before_its_last(bazaar: Any, paper: Any) -> None:
    li, today = bazaar.holder(), bazaar.now.date()
    stall = bazaar.stall_of(li)
    made = paper(li, "Acme")
    assert queries.authorised([stall], day=today) == {stall: frozenset()}
    actions_stalls.decide_paper(actor=bazaar.operator, paper=made, accepted=True, now=bazaar.now)
    for day, holds in ((-1, False), (0, True), (364, True), (365, False)):
        found = queries.authorised([stall], day=today + timedelta(days=day))[stall]
        assert found == (frozenset({"acme"}) if holds else frozenset())
