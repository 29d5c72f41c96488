"""Goods as they can be ordered: what is told of them, and who waits for whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from sundry.goods.catalogue.models import Good, Stall
from sundry.goods.catalogue.queries_orderable import orderable, orderable_stalls
from sundry.goods.catalogue.rules import Carton, Step, Supply, Variant


def test_a_good_is_told_with_its_stall_and_its_variants(bazaar: Any) -> None:
    li = bazaar.holder("Li", trusted=True)
    good = bazaar.add(
        li,
        submit=True,
        carton=Carton(12, 600, 400, 300, 9_000, 8_000),
        stock_pieces=30,
        variants=(Variant({"zh": "粉色"}, "P", 10, 4), Variant({"zh": "蓝色"})),
    )
    found = orderable([good], lock=False)[good]
    assert (found.number, found.stall, found.seller) == (good, bazaar.stall_of(li), li.organisation)
    assert (found.is_listed, found.is_open, found.supply, found.stock_pieces) == (True, True, Supply.STOCK, 30)
    assert found.names == {"zh": "牙刷杯"}
    assert found.ladder == (Step(120, 320), Step(1200, 285))
    assert found.carton == Carton(12, 600, 400, 300, 9_000, 8_000)
    pink, blue = found.variants.values()
    assert (pink.names, pink.item_number, pink.difference_minor, pink.stock_pieces) == ({"zh": "粉色"}, "P", 10, 4)
    assert list(found.variants) == [pink.id, blue.id]
    assert found.counter(pink.id) == (pink.id, 4)
    assert found.counter(blue.id) == found.counter(None) == (found.id, 30)


def test_what_cannot_be_ordered_is_told_as_such(bazaar: Any) -> None:
    li = bazaar.holder("Li")
    draft = bazaar.add(li)
    Stall.objects.filter(id=bazaar.stall_of(li)).update(organisation=None, is_open=False)
    found = orderable([draft, 999_999_999, -1, 1 << 70], lock=False)
    assert list(found) == [draft]
    assert (found[draft].is_listed, found[draft].is_open, found[draft].seller) == (False, False, None)
    (stall,) = Stall.objects.filter(id=bazaar.stall_of(li))
    (told,) = orderable_stalls([stall.number, 5, 1 << 70]).values()
    assert (told.id, told.seller, told.is_open, told.place[:6]) == (stall.id, None, False, "1-F2-C")
    assert orderable([], lock=True) == orderable_stalls([]) == {}


def test_one_statement_for_one_good_and_for_many(bazaar: Any, sent_to_the_database: Any) -> None:
    li = bazaar.holder("Li", trusted=True)
    goods = [bazaar.add(li, submit=True, variants=(Variant({"zh": "粉色"}),)) for _ in range(5)]
    for numbers in (goods[:1], goods):
        for lock in (False, True):
            with transaction.atomic(), sent_to_the_database() as sent:
                assert set(orderable(numbers, lock=lock)) == set(numbers)
            assert len(sent) == 1


@pytest.mark.django_db(transaction=True)
def test_who_waited_reads_what_the_other_has_left(make_bazaar: Any) -> None:
    """Of the good and of its variants: the row of a variant is changed while somebody waits for the good."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Event

    from django.db import connection, connections

    from sundry.goods.catalogue.models import GoodVariant

    bazaar = make_bazaar()
    li = bazaar.holder("Li", trusted=True)
    good = bazaar.add(li, submit=True, stock_pieces=9, variants=(Variant({"zh": "粉色"}, "P", 0, 4),))
    first_has_it, asked = Event(), Event()

    def waits() -> tuple[int | None, list[int | None]]:
        try:
            first_has_it.wait(10)
            with transaction.atomic():
                asked.set()
                found = orderable([good], lock=True)[good]
                return found.stock_pieces, [one.stock_pieces for one in found.variants.values()]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as others:
        with transaction.atomic():
            orderable([good], lock=True)
            second = others.submit(waits)
            first_has_it.set()
            asked.wait(10)
            for _ in range(200):  # until the second stands in line
                with connection.cursor() as cursor:
                    cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                    if cursor.fetchone() != (0,):
                        break
            Good.objects.filter(number=good).update(stock_pieces=5)
            GoodVariant.objects.filter(good__number=good).update(stock_pieces=1)
        assert second.result(10) == (5, [1])
