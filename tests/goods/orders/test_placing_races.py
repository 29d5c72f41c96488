"""Many at once, and a server that is killed: nothing is sold twice, nobody waits in a circle, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from orders_market import Market

from sundry.base.ledger.models import Event as LedgerEvent
from sundry.base.ledger.verification import verify
from sundry.goods.catalogue.models import Good
from sundry.goods.orders import promising
from sundry.goods.orders.actions_answering import confirm
from sundry.goods.orders.errors import Refused
from sundry.goods.orders.models import Order, OrderEvent, SubOrder
from sundry.kernel.identifiers import new_id

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each of them answers, or what it raises; all begin together, each on a connection of its own."""
    together = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            together.wait(30)
            return act()
        except Exception as raised:
            return raised
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def ledger_is_clean() -> bool:
    connection.ensure_connection()
    return not verify(connection.connection).violations


def test_ten_buyers_race_for_three_pieces() -> None:
    """Exactly three succeed, the others hear what is left; meanwhile two order the same goods in opposite order, and
    one key comes from two threads; nobody is ended by the database because he waited in a circle."""
    market = Market()
    li = market.seller()
    stall, amina = market.stall(li), market.buyer()
    cup, plate, bowl = (market.good(stall, stock_pieces=pieces) for pieces in (3, 100, 100))
    placed = at_once(*[lambda: market.order(amina, {cup: 1}) for _ in range(10)])
    refused = [one for one in placed if isinstance(one, Refused)]
    assert (len(placed) - len(refused), {one.findings[0].rule for one in refused}) == (3, {"orders_stock_short"})
    assert Order.objects.count() == 3
    assert market.stock(cup) == market.shelf(cup) == 0

    there_and_back: list[Callable[[], Any]] = [
        lambda: market.order(amina, {plate: 1, bowl: 2}),
        lambda: market.order(amina, {bowl: 2, plate: 1}),
    ]
    assert not [one for one in at_once(*there_and_back * 3) if isinstance(one, Exception)]
    assert (market.shelf(plate), market.shelf(bowl)) == (94, 88)
    assert (market.stock(plate), market.stock(bowl)) == (94, 88)

    key, described = new_id(), _described(stall.number)
    same = at_once(*[lambda: market.order(amina, {plate: 1}, key=key) for _ in range(3)])
    assert sorted(one.again for one in same) == [False, True, True]
    key = new_id()
    same = at_once(*[lambda: _place(amina, described, key) for _ in range(3)])
    assert sorted(one.again for one in same) == [False, True, True]
    assert len({one.order for one in same}) == 1

    subs = market.subs(same[0].order)
    key = new_id()
    sent_twice = at_once(*[lambda: confirm(actor=li, subs=subs, key=key, now=market.now) for _ in range(2)])
    assert sent_twice[0] == sent_twice[1] == same[0].codes
    assert OrderEvent.objects.filter(sub__in=subs, kind="confirmed").count() == 1
    assert ledger_is_clean()


def _described(stall: int) -> Any:
    from sundry.goods.orders.order_rules import Wish

    return Wish(4, stall=stall, names={"en": "A box"}, language="en", price_minor=50)


def _place(actor: Any, wish: Any, key: Any) -> Any:
    from sundry.goods.orders.actions_placing import place_wishes
    from sundry.goods.orders.order_rules import Head

    return place_wishes(actor=actor, head=Head(), wishes=[wish], key=key, now=Market.now)


def test_a_server_that_is_killed_after_its_last_statement_has_done_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the ledger's statements and the commit; nobody is left who could go on."""
    market = Market()
    amina = market.buyer()
    cup = market.good(market.stall(market.seller()), stock_pieces=3)
    real, posted = promising.post, []

    def killed(events: Any, *, now: Any) -> None:
        real(events, now=now)
        posted.append(LedgerEvent.objects.count())
        backend = connection.connection.info.backend_pid
        at_once(lambda: _terminate(backend))

    with monkeypatch.context() as patched:
        patched.setattr(promising, "post", killed)
        (raised,) = at_once(lambda: market.order(amina, {cup: 2}))
    assert isinstance(raised, OperationalError)
    assert posted == [2]
    assert not Order.objects.exists()
    assert not SubOrder.objects.exists()
    assert not LedgerEvent.objects.exists()
    assert Good.objects.get(number=cup).stock_pieces == 3
    assert ledger_is_clean()
    market.order(amina, {cup: 3})


def _terminate(backend: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [backend])
