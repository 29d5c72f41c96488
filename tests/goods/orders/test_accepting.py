"""What is accepted is open at that moment, all of it or nothing, and once."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from orders_market import NOON, Market
from quoting_desk import CLIPS, FRIDAY, TERMS, Desk

from sundry.base.access.models import AuditEntry
from sundry.base.notifications.models import Notice
from sundry.goods.catalogue.models import GoodVariant
from sundry.goods.catalogue.rules import Variant
from sundry.goods.orders import actions_quotations, queries_enquiries, queries_quotations
from sundry.goods.orders.actions_basket import start
from sundry.goods.orders.enquiry_rules import COMPARED_MAX, Accepted, QuotedLine, QuotedStep
from sundry.goods.orders.errors import NotNow, NotThere, Refused, Stale
from sundry.goods.orders.models import Order, OrderLine, Quotation, SubOrder
from sundry.goods.orders.order_rules import Head, Side
from sundry.goods.orders.talking import held
from sundry.kernel.identifiers import new_id

SATURDAY_IN_SHANGHAI = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk(Market())


def state(quotation: uuid.UUID) -> str:
    return Quotation.objects.values_list("state", flat=True).get(id=quotation)


def rules(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.rule for finding in refusal.value.findings]


def nothing_is_ordered() -> bool:
    return not Order.objects.exists() and not OrderLine.objects.exists()


def test_a_quotation_becomes_lines_of_a_basket_at_its_price(desk: Desk) -> None:
    cup = desk.market.good(desk.stall, stock_pieces=500)
    sent = desk.sent(CLIPS, QuotedLine((QuotedStep(1, 300), QuotedStep(500, 280)), 600, good=cup))
    accepted = desk.accept(sent)
    assert not accepted.placed
    basket = Order.objects.get(number=accepted.order)
    assert (basket.currency, basket.destination, basket.value_minor) == ("CNY", "MA", 102_000 + 600 * 280)
    clips, cups = OrderLine.objects.filter(order=basket).order_by("position")
    assert (clips.pieces, clips.price_minor, clips.price_per, clips.value_minor) == (12_000, 8500, 1000, 102_000)
    assert (cups.good_number, cups.price_minor, cups.list_price_minor) == (cup, 280, 320)
    assert None not in (clips.quotation_line_id, cups.quotation_line_id)
    row = Quotation.objects.get(id=sent)
    assert (row.state, row.order_id, row.decided_by_id) == ("accepted", basket.id, desk.amina.person)
    assert AuditEntry.objects.filter(operation="orders.quotation.accept", object_id=str(accepted.order)).count() == 1
    assert Notice.objects.filter(kind="quotation.accepted", organisation=desk.li.organisation).count() == 1
    newest = queries_enquiries.messages(desk.talk, side=Side.STALL, language="en")[-1]
    assert newest.text == f"The buyer has accepted quotation {row.number}, version 1."


def test_as_many_as_she_wants_and_only_what_she_wants(desk: Desk) -> None:
    sent = desk.sent(CLIPS, replace(CLIPS, names={"zh": "盒"}))
    view = queries_quotations.quotation(sent, side=Side.BUYER)
    assert view is not None
    clips, boxes = (line.id for line in view.lines)
    assert clips is not None
    assert boxes is not None
    wrong: list[tuple[dict[uuid.UUID, int], str]] = [
        ({clips: 9_999}, "quotation_pieces_below"),
        ({clips: 2**63}, "orders_pieces_impossible"),
        ({clips: -1}, "orders_pieces_impossible"),
        ({clips: 0, boxes: 0}, "quotation_nothing_chosen"),
        ({uuid.UUID(int=1): 5}, "quotation_line_not_there"),
    ]
    for pieces, rule in wrong:
        with pytest.raises(Refused) as refusal:
            desk.accept(sent, pieces=pieces)
        assert rules(refusal) == [rule]
    assert nothing_is_ordered()
    desk.accept(sent, pieces={clips: 50_000, boxes: 0})
    (line,) = OrderLine.objects.all()
    assert (line.pieces, line.price_minor) == (50_000, 8200)


def test_of_a_good_in_variants_she_chooses_which_and_how_many_of_each(desk: Desk) -> None:
    kinds = (Variant({"zh": "红"}, stock_pieces=90), Variant({"zh": "蓝"}, difference_minor=10))
    cup = desk.market.good(desk.stall, stock_pieces=500, variants=kinds)
    red, blue = desk.market.variants(cup)
    quoted = QuotedLine((QuotedStep(50, 300),), 60, good=cup)
    sent = desk.sent(quoted, replace(quoted, variant=blue))
    view = queries_quotations.quotation(sent, side=Side.BUYER)
    assert view is not None
    open_, fixed = (line.id for line in view.lines)
    assert open_ is not None
    assert {line: [one.id for one in kinds] for line, kinds in view.choices.items()} == {open_: [red, blue]}
    assert (view.lines[1].id, view.lines[1].variant_names) == (fixed, {"zh": "蓝"})
    wrong: list[tuple[dict[uuid.UUID, int], str]] = [
        ({}, "quotation_variant_needed"),
        ({red: 40}, "quotation_variants_sum"),
        ({uuid.UUID(int=1): 60}, "quotation_variant_not_there"),
    ]
    for of, rule in wrong:
        with pytest.raises(Refused) as refusal:
            desk.accept(sent, variants={open_: of})
        assert rules(refusal) == [rule]
        assert nothing_is_ordered()
    key = new_id()
    given: dict[str, Any] = {"variants": {open_: {red: 40, blue: 20}}, "place": True, "key": key}
    accepted = desk.accept(sent, **given)
    assert desk.accept(sent, **given) == replace(accepted, again=True)
    with pytest.raises(NotNow):
        desk.accept(sent, **given | {"variants": {open_: {red: 60}}})
    lines = OrderLine.objects.order_by("position").values_list("variant", "pieces", "price_minor", "supply")
    assert list(lines) == [(red, 40, 300, "stock"), (blue, 20, 300, "stock"), (blue, 60, 300, "stock")]
    assert (desk.market.stock(cup), GoodVariant.objects.get(id=red).stock_pieces) == (420, 50)
    with pytest.raises(Refused) as refusal:
        desk.save(replace(quoted, variant=uuid.UUID(int=1)))
    assert rules(refusal) == ["quotation_variant_not_there"]


def test_it_may_be_placed_at_once(desk: Desk) -> None:
    key = new_id()
    sent = desk.sent()
    accepted = desk.accept(sent, place=True, key=key)
    assert accepted.placed
    (sub,) = SubOrder.objects.filter(order__number=accepted.order)
    assert (sub.state, sub.deposit_bp) == ("placed", 3000)
    assert desk.accept(sent, place=True, key=key) == replace(accepted, again=True)
    assert Order.objects.count() == 1


def test_the_same_key_accepts_once(desk: Desk) -> None:
    sent, key = desk.sent(), new_id()
    first = desk.accept(sent, key=key)
    assert desk.accept(sent, key=key) == Accepted(first.order, first.quotations, again=True)
    view = queries_quotations.quotation(sent, side=Side.BUYER)
    assert view is not None
    (clips,) = (line.id for line in view.lines)
    other = desk.sent()
    for said in ({"pieces": {clips: 20_000}}, {"place": True}, {"order": first.order}):
        with pytest.raises(NotNow, match="key"):
            desk.accept(sent, key=key, **said)
    for chosen in ((other,), (sent, other)):
        with pytest.raises(NotNow, match="key"):
            desk.accept(*chosen, key=key)
    assert state(other) == "sent"
    assert OrderLine.objects.count() == 1


def test_who_comes_second_is_told_who_came_first(desk: Desk) -> None:
    sent = desk.sent()
    desk.accept(sent, key=new_id())
    later = NOON + timedelta(hours=1)
    with pytest.raises(Stale) as refusal:
        desk.accept(sent, key=new_id(), now=later)
    assert (refusal.value.who, refusal.value.at) == ("Amina", NOON)
    assert "Amina accepted quotation" in refusal.value.message("en")
    assert OrderLine.objects.count() == 1


def test_it_is_open_until_the_end_of_its_last_day_in_the_market(desk: Desk) -> None:
    last, over = desk.sent(), desk.sent()
    desk.accept(last, now=SATURDAY_IN_SHANGHAI - timedelta(seconds=1))
    lines = OrderLine.objects.count()
    with pytest.raises(Refused) as refusal:
        desk.accept(over, now=SATURDAY_IN_SHANGHAI)
    assert rules(refusal) == ["quotation_is_expired"]
    assert f"valid until {FRIDAY}" in refusal.value.message("en")
    assert (OrderLine.objects.count(), state(over)) == (lines, "sent")
    assert actions_quotations.expire_quotations(now=SATURDAY_IN_SHANGHAI - timedelta(seconds=1)) == 0
    assert actions_quotations.expire_quotations(now=SATURDAY_IN_SHANGHAI) == 1
    assert (state(over), state(last)) == ("expired", "accepted")


def test_all_of_them_or_none(desk: Desk) -> None:
    good, gone, old = desk.sent(), desk.sent(), desk.sent()
    actions_quotations.withdraw_quotation(actor=desk.li, quotation=gone, now=NOON)
    desk.revised(old)
    with pytest.raises(Refused) as refusal:
        desk.accept(good, gone, old)
    assert rules(refusal) == ["quotation_is_withdrawn", "quotation_is_superseded"]
    assert nothing_is_ordered()
    assert state(good) == "sent"
    for some in ([], [new_id() for _ in range(COMPARED_MAX + 1)]):
        with pytest.raises(Refused):
            desk.accept(*some)


def test_a_currency_is_one_of_the_basket_and_of_all(desk: Desk) -> None:
    """Version 2 of it is in dollars, and her basket in yuan."""
    yuan = desk.sent()
    dollars = desk.revised(desk.sent(), terms=replace(TERMS, currency="USD"))
    basket = start(actor=desk.amina, head=Head("CNY"), now=NOON)
    for wrong in (lambda: desk.accept(dollars, order=basket), lambda: desk.accept(yuan, dollars)):
        with pytest.raises(Refused) as refusal:
            wrong()
        assert rules(refusal) == ["quotation_other_currency"]
    assert not OrderLine.objects.exists()
    assert desk.accept(yuan, order=basket).order == basket
    assert desk.accept(dollars).order != basket


def test_what_is_not_hers_is_not_there(desk: Desk) -> None:
    sent, draft = desk.sent(), desk.save()
    bilal = desk.market.buyer("Bilal")
    his = start(actor=bilal, head=Head(), now=NOON)
    attempts: list[dict[str, Any]] = [{"actor": bilal}, {"actor": desk.li}, {"order": his}, {"order": 2**63}]
    for attempt in attempts:
        with pytest.raises(NotThere):
            desk.accept(sent, **attempt)
    for one in (draft, uuid.UUID(int=1)):
        with pytest.raises(NotThere):
            desk.accept(one)


def test_an_agent_accepts_for_one_buyer_at_a_time(desk: Desk) -> None:
    zhou = desk.market.agent()
    first, second = desk.market.mandate(zhou, desk.amina), desk.market.mandate(zhou, None)
    mine, client = (desk.sent(conversation=desk.talk_with(zhou, mandate=one)) for one in (first, second))
    with pytest.raises(Refused) as refusal:
        desk.accept(mine, client, actor=zhou)
    assert rules(refusal) == ["quotation_buyers_differ"]
    desk.accept(client, actor=zhou)
    assert Order.objects.values_list("buyer_id", "agent_id", "mandate_id").get() == (None, zhou.organisation, second)
    desk.accept(mine, actor=desk.amina)
    order = Order.objects.get(buyer_id=desk.amina.organisation)
    assert (order.agent_id, order.mandate_id) == (None, None)


# At the same moment: each is held, and looked at then


def at_once(*actions: Callable[[], object]) -> list[object]:
    """What each of them answered, or raised, each from a connection of its own."""
    begin = threading.Barrier(len(actions))
    answers: list[object] = [None] * len(actions)

    def run(place: int) -> None:
        try:
            begin.wait(timeout=10)
            answers[place] = actions[place]()
        except Exception as refusal:
            answers[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return answers


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_the_same_moment_and_one_who_takes_back() -> None:
    desk = Desk(Market())
    both = desk.sent()
    answers = at_once(lambda: desk.accept(both, key=new_id()), lambda: desk.accept(both, key=new_id()))
    assert sorted(type(answer).__name__ for answer in answers) == ["Accepted", "Stale"]
    assert OrderLine.objects.count() == 1

    key = new_id()
    same = desk.sent()
    answers = at_once(lambda: desk.accept(same, key=key), lambda: desk.accept(same, key=key))
    assert sorted(answer.again for answer in answers if isinstance(answer, Accepted)) == [False, True]
    assert OrderLine.objects.count() == 2

    gone = desk.sent()
    accepted, taken_back = at_once(
        lambda: desk.accept(gone),
        lambda: actions_quotations.withdraw_quotation(actor=desk.li, quotation=gone, now=NOON),
    )
    won = isinstance(accepted, Accepted)
    assert won is (taken_back is not None)
    assert (state(gone), OrderLine.objects.count()) == (("accepted", 3) if won else ("withdrawn", 2))

    for became in ("expired", "superseded", "withdrawn"):
        assert pressed_while_it_becomes(desk, became) == [f"quotation_is_{became}"]
    assert OrderLine.objects.count() == (3 if won else 2)


def pressed_while_it_becomes(desk: Desk, became: str) -> list[str]:
    """She has pressed the button; the other transaction holds the conversation, changes the quotation, and lets go."""
    sent = desk.sent()
    answers: list[object] = []
    pressed = threading.Thread(target=lambda: answers.extend(at_once(lambda: desk.accept(sent))))
    with transaction.atomic():
        assert list(held([desk.talk]))
        pressed.start()
        _until_somebody_waits()
        Quotation.objects.filter(id=sent).update(state=became)
    pressed.join(timeout=30)
    (refusal,) = answers
    assert isinstance(refusal, Refused)
    return [finding.rule for finding in refusal.findings]


def _until_somebody_waits() -> None:
    """Until another connection waits for a lock that somebody holds."""
    for _ in range(2_000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.005)")
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waited")
