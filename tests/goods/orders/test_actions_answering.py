"""What a stall does with its part of an order, and what ends it; sent twice it is done once."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any
from unittest.mock import Mock, patch

import pytest
from django.db import connection
from orders_market import NOON, Market

from sundry.base.access.models import AuditEntry
from sundry.base.ledger.models import Account
from sundry.base.ledger.verification import look
from sundry.base.notifications.models import Notice
from sundry.goods.catalogue.models import Change
from sundry.goods.catalogue.rules import Supply
from sundry.goods.orders import actions_answering as answering
from sundry.goods.orders import events, jobs, notices
from sundry.goods.orders.actions_late import tell_late
from sundry.goods.orders.errors import AlreadyDone, NotNow, NotThere, Refused
from sundry.goods.orders.models import HandOver, Order, OrderEvent, OrderLine, SubOrder
from sundry.goods.orders.order_rules import Placed
from sundry.kernel.identifiers import new_id


class Scene:
    """Amina has ordered 10 of Li's 30 cups, and 400 mugs that Chen makes: 300 a week."""

    def __init__(self) -> None:
        self.market = Market()
        self.li, self.chen = self.market.seller("Li"), self.market.seller("Chen")
        self.amina = self.market.buyer()
        self.cup = self.market.good(self.market.stall(self.li), stock_pieces=30)
        made: dict[str, Any] = {"supply": Supply.MADE, "weekly_capacity_pieces": 300, "lead_time_days": 7}
        self.mug = self.market.good(self.market.stall(self.chen), **made)
        self.placed: Placed = self.market.order(self.amina, {self.cup: 10, self.mug: 400})
        self.of_li, self.of_chen = self.market.subs(self.placed.order)

    def confirm(self, **more: Any) -> tuple[str, ...]:
        return answering.confirm(**{"actor": self.li, "subs": [self.of_li], "now": NOON, **more})

    def hand_over(self, **more: Any) -> str:
        given: dict[str, Any] = {"actor": self.li, "sub": self.of_li, "lines": None, "cartons": None, "note": ""}
        return answering.hand_over(**given | {"key": new_id(), "now": NOON} | more)

    def line(self, sub: uuid.UUID | None = None) -> OrderLine:
        return OrderLine.objects.get(sub=sub or self.of_li)

    def states(self) -> tuple[str, ...]:
        subs = SubOrder.objects.filter(order__number=self.placed.order).order_by("position")
        return (self.order.state, *subs.values_list("state", flat=True))

    @property
    def order(self) -> Order:
        return Order.objects.get(number=self.placed.order)

    def capacity(self) -> list[tuple[int, int]]:
        """Available and promised of each week that was drawn on."""
        weeks = Account.objects.filter(purpose__startswith="capacity").order_by("purpose")
        return [(one.credits_posted - one.debits_posted - one.debits_pending, one.debits_pending) for one in weeks]


@pytest.fixture
def scene(db: None) -> Any:
    scene = Scene()
    yield scene
    assert not look(connection.connection).violations


# Confirmed ------------------------------------------------------------------------------------------------------------


def test_a_stall_confirms_its_part(scene: Scene) -> None:
    assert scene.confirm() == (f"{scene.placed.order}-1",)
    sub = SubOrder.objects.get(id=scene.of_li)
    assert (sub.state, sub.confirmed_at, sub.promised_day) == ("confirmed", NOON, date(2026, 11, 25))
    assert sub.first_promised_day == sub.promised_day
    assert scene.states() == ("open", "confirmed", "placed")
    assert (scene.market.reserved(scene.cup), scene.market.claims(scene.of_li)) == (10, 3200)
    assert list(OrderEvent.objects.values_list("kind", flat=True)) == ["placed", "confirmed"]
    assert Notice.objects.filter(organisation=scene.amina.organisation, kind="order.confirmed").count() == 1
    assert AuditEntry.objects.filter(operation="orders.sale.answer").count() == 1


def test_another_day_may_be_promised(scene: Scene) -> None:
    with pytest.raises(Refused):
        scene.confirm(promised_day=date(2026, 11, 21))
    scene.confirm(promised_day=date(2026, 12, 24))
    assert SubOrder.objects.get(id=scene.of_li).first_promised_day == date(2026, 12, 24)


def test_a_phone_that_sends_twice_confirms_once(scene: Scene) -> None:
    key = new_id()
    assert scene.confirm(key=key) == scene.confirm(key=key)
    with pytest.raises(AlreadyDone, match="confirmed already: Li, 2026-11-22 20:00"):
        scene.confirm(key=new_id())
    assert OrderEvent.objects.filter(kind="confirmed").count() == 1
    assert scene.market.reserved(scene.cup) == 10


def test_nobody_confirms_what_is_not_hers(scene: Scene) -> None:
    for actor, subs in (
        (scene.chen, [scene.of_li]),
        (scene.amina, [scene.of_li]),
        (scene.li, [scene.of_li, scene.of_chen]),
        (scene.li, [new_id()]),
        (scene.li, []),
    ):
        with pytest.raises(NotThere):
            scene.confirm(actor=actor, subs=subs)
    assert scene.states() == ("open", "placed", "placed")


def test_after_its_time_nothing_is_confirmed(scene: Scene) -> None:
    with pytest.raises(NotNow, match="2026-11-25 20:00"):
        scene.confirm(now=NOON + timedelta(hours=72))
    scene.confirm(now=NOON + timedelta(hours=71))


def test_a_stall_that_confirms_after_the_cancellation_hears_who_and_when(scene: Scene) -> None:
    answering.cancel(actor=scene.amina, sub=scene.of_li, reason="too dear", now=NOON)
    with pytest.raises(NotNow, match="cancelled by Amina at 2026-11-22 20:00"):
        scene.confirm()
    with pytest.raises(AlreadyDone):
        answering.cancel(actor=scene.amina, sub=scene.of_li, reason="too dear", now=NOON)


# Undone ---------------------------------------------------------------------------------------------------------------


def test_what_a_stall_declines_goes_back(scene: Scene) -> None:
    assert scene.capacity() == [(0, 300), (200, 100)]
    with pytest.raises(Refused):
        answering.decline(actor=scene.chen, sub=scene.of_chen, reason="  ", now=NOON)
    answering.decline(actor=scene.chen, sub=scene.of_chen, reason="The machine is broken", now=NOON)
    assert scene.states() == ("open", "placed", "declined")
    assert scene.capacity() == [(300, 0), (300, 0)]
    assert (scene.order.value_minor, scene.order.lines, scene.order.stalls) == (3200, 1, 2)
    assert SubOrder.objects.get(id=scene.of_chen).reason == "The machine is broken"
    with pytest.raises(AlreadyDone):
        answering.decline(actor=scene.chen, sub=scene.of_chen, reason="again", now=NOON)
    answering.decline(actor=scene.li, sub=scene.of_li, reason="sold out", now=NOON)
    assert (scene.states()[0], scene.order.value_minor, scene.market.stock(scene.cup)) == ("cancelled", 0, 30)
    assert scene.market.shelf(scene.cup) == 30


def test_the_buyer_cancels_what_no_stall_has_confirmed(scene: Scene) -> None:
    scene.confirm()
    with pytest.raises(NotThere):
        answering.cancel(actor=scene.li, order=scene.placed.order, reason="no", now=NOON)
    codes = answering.cancel(actor=scene.amina, order=scene.placed.order, reason="no", now=NOON)
    assert codes == (f"{scene.placed.order}-2",)
    assert scene.states() == ("open", "confirmed", "cancelled")
    with pytest.raises(NotNow, match="propose a change"):
        answering.cancel(actor=scene.amina, order=scene.placed.order, reason="no", now=NOON)
    with pytest.raises(NotThere):
        answering.cancel(actor=scene.amina, order=999, reason="no", now=NOON)


def test_what_nobody_answers_lapses(scene: Scene) -> None:
    later = NOON + timedelta(hours=72)
    assert answering.lapse(now=later - timedelta(seconds=1)) == 0
    assert answering.lapse(now=later) == 2
    assert scene.states() == ("cancelled", "lapsed", "lapsed")
    assert (scene.market.stock(scene.cup), scene.capacity()) == (30, [(300, 0), (300, 0)])
    told = Notice.objects.filter(kind="order.lapsed").values_list("organisation", flat=True)
    assert sorted(told) == sorted([scene.amina.organisation, scene.li.organisation, scene.chen.organisation])
    with pytest.raises(NotNow, match="lapsed"):
        scene.confirm(now=later)


def test_search_hears_when_the_first_piece_comes_back(scene: Scene) -> None:
    rest = scene.market.order(scene.amina, {scene.cup: 20})
    Change.objects.all().delete()
    answering.cancel(actor=scene.amina, order=rest.order, reason="no", now=NOON)
    answering.cancel(actor=scene.amina, sub=scene.of_li, reason="no", now=NOON)
    assert list(Change.objects.values_list("number", flat=True)) == [scene.cup]


# Handed over ----------------------------------------------------------------------------------------------------------


def test_goods_are_handed_over_in_parts(scene: Scene) -> None:
    with pytest.raises(NotNow):
        scene.hand_over()
    scene.confirm()
    assert answering.ready(actor=scene.li, subs=[scene.of_li], now=NOON) == (f"{scene.placed.order}-1",)
    with pytest.raises(AlreadyDone):
        answering.ready(actor=scene.li, subs=[scene.of_li], now=NOON)
    line = scene.line()
    scene.hand_over(lines={line.id: 4}, cartons=1)
    assert (scene.states()[1], scene.line().handed_pieces, scene.market.reserved(scene.cup)) == ("ready", 4, 6)
    for wrong in ({line.id: 7}, {line.id: -1}, {new_id(): 1}, {line.id: 0}, {line.id: 2**63}):
        with pytest.raises(Refused):
            scene.hand_over(lines=wrong)
    with pytest.raises(Refused):
        scene.hand_over(cartons=-1, note="x" * 1_001)
    scene.hand_over()
    assert (scene.states(), scene.line().handed_pieces) == (("open", "handed_over", "placed"), 10)
    owned = Account.objects.get(owner=scene.amina.organisation, purpose="owned")
    assert owned.credits_posted == 10
    with pytest.raises(AlreadyDone):
        scene.hand_over()


def test_what_is_sent_twice_is_handed_over_once(scene: Scene) -> None:
    scene.confirm()
    key, lines = new_id(), {scene.line().id: 4}
    assert scene.hand_over(lines=lines, key=key) == scene.hand_over(lines=lines, key=key)
    assert (scene.line().handed_pieces, HandOver.objects.count()) == (4, 1)
    scene.confirm(actor=scene.chen, subs=[scene.of_chen])
    with pytest.raises(NotNow):
        scene.hand_over(actor=scene.chen, sub=scene.of_chen, key=key)


def test_what_was_made_to_order_uses_the_weeks_up(scene: Scene) -> None:
    scene.confirm(actor=scene.chen, subs=[scene.of_chen])
    scene.hand_over(actor=scene.chen, sub=scene.of_chen)
    owned = Account.objects.get(owner=scene.amina.organisation, purpose="owned")
    reserved = Account.objects.get(owner=scene.chen.organisation, purpose="reserved")
    assert (owned.credits_posted, reserved.credits_posted, reserved.debits_posted) == (400, 400, 400)
    assert scene.capacity() == [(0, 0), (200, 0)]


def test_what_is_handed_over_and_paid_is_closed(scene: Scene) -> None:
    scene.confirm()
    SubOrder.objects.filter(id=scene.of_li).update(paid_minor=3200)
    assert not answering.close(actor=scene.li, sub=scene.of_li, now=NOON)
    scene.hand_over()
    assert scene.states() == ("open", "closed", "placed")
    answering.decline(actor=scene.chen, sub=scene.of_chen, reason="no", now=NOON)
    assert scene.states()[0] == "done"


def test_who_pays_last_closes_it(scene: Scene) -> None:
    scene.confirm()
    scene.hand_over()
    assert not answering.close(actor=scene.li, sub=scene.of_li, now=NOON)
    SubOrder.objects.filter(id=scene.of_li).update(paid_minor=3200)
    assert answering.close(actor=scene.li, sub=scene.of_li, now=NOON)
    assert SubOrder.objects.get(id=scene.of_li).ended_at == NOON


# Late -----------------------------------------------------------------------------------------------------------------


def test_each_morning_both_sides_hear_what_is_late_once(scene: Scene) -> None:
    scene.confirm()
    scene.confirm(actor=scene.chen, subs=[scene.of_chen])
    on_the_day, later = NOON + timedelta(days=3), NOON + timedelta(days=40)
    assert tell_late(now=on_the_day) == 0
    assert tell_late(now=later) == 1
    told = Notice.objects.filter(kind="order.late")
    assert {one.organisation: one.values["codes"] for one in told} == {
        scene.amina.organisation: f"{scene.placed.order}-1, {scene.placed.order}-2",
        scene.li.organisation: f"{scene.placed.order}-1",
        scene.chen.organisation: f"{scene.placed.order}-2",
    }


def test_the_jobs_do_it_by_themselves(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made with the clock of another year, so all that waits is overdue; the test keeps its connection."""
    monkeypatch.setattr(jobs, "connection", Mock())
    scene.confirm()
    with patch.object(jobs.timezone, "now", return_value=NOON + timedelta(days=9)):
        jobs.lapse(0)
        jobs.tell_late(0)
    assert scene.states() == ("open", "confirmed", "lapsed")
    assert Notice.objects.filter(kind="order.late").count() == 2


def test_every_kind_has_a_text_for_its_digest() -> None:
    """And a webhook of every kind of notice but what only people are told."""
    assert {kind.name for kind in notices.KINDS} - {kind.name for kind in events.KINDS} <= {"order.late"}
    for kind in notices.KINDS:
        assert "3" in str(kind.many % {"count": 3})


def test_many_take_as_many_statements_as_one(db: None, sent_to_the_database: Any) -> None:
    """Confirming, making ready, cancelling, of one sub-order or of six."""
    market = Market()
    li, amina = market.seller(), market.buyer()
    goods = [market.good(market.stall(li), stock_pieces=1_000) for _ in range(6)]

    def subs(count: int) -> list[uuid.UUID]:
        return market.subs(market.order(amina, dict.fromkeys(goods[:count], 5)).order)

    def statements(do: Any) -> int:
        with sent_to_the_database() as sent:
            do()
        return sum("SAVEPOINT" not in one for one in sent)

    few, many = subs(1), subs(6)
    for act in (answering.confirm, answering.ready):
        counted = [statements(lambda act=act, of=of: act(actor=li, subs=of, now=NOON)) for of in (few, many)]
        assert counted[0] == counted[1] <= 11
    few, many = (market.order(amina, dict.fromkeys(goods[:count], 5)).order for count in (1, 6))
    cancelled = [
        statements(lambda of=of: answering.cancel(actor=amina, order=of, reason="no", now=NOON)) for of in (few, many)
    ]
    assert cancelled[0] == cancelled[1] <= 15
