"""What a stall has sold, on its phone: one question a page, and what is sent twice is done once."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from stall_counter import LANGUAGES, Counter, hidden, read, text_of

from sundry.goods.orders import actions_basket, forms_sales, pages_sales, queries_orders
from sundry.goods.orders.actions_answering import cancel
from sundry.goods.orders.actions_payments import tell
from sundry.goods.orders.models import HandOver, OrderEvent, Payment, SubOrder, TradeTicket
from sundry.goods.orders.order_rules import Head, PaymentKind, State, Wish

pytestmark = pytest.mark.django_db
TOMORROW = (timezone.localdate() + timedelta(days=1)).isoformat()


def state(sub: uuid.UUID) -> State:
    view = queries_orders.sub(sub)
    assert view is not None
    return view.state


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_sale_is_sound_in_both_directions(
    counter: Counter, assert_accessible: Any, language: str
) -> None:
    placed, confirmed = counter.order(), counter.confirmed(lines=2)
    li = counter.browser(counter.li, language)
    for address in (
        "/my/sales/",
        f"/my/sales/{placed}/",
        f"/my/sales/{placed}/confirm",
        f"/my/sales/{placed}/decline",
        f"/my/sales/{confirmed}/",
        f"/my/sales/{confirmed}/hand-over",
        f"/my/sales/{confirmed}/change",
        f"/my/sales/{confirmed}/confirm",
    ):
        assert_accessible(read(li.get(address)))


# Yes and no -----------------------------------------------------------------------------------------------------------


def test_a_phone_that_loses_the_network_confirms_once_and_is_told_the_same(counter: Counter) -> None:
    sub, li = counter.order(), counter.browser(counter.li)
    page = read(li.get(f"/my/sales/{sub}/confirm"))
    given = {"key": hidden(page, "key"), "version": hidden(page, "version"), "day": TOMORROW}
    answers = [li.post(f"/my/sales/{sub}/confirm", given, follow=True) for _ in range(3)]
    pages = [text_of(read(answer)) for answer in answers]
    assert [answer.redirect_chain for answer in answers] == [[(f"/my/sales/{sub}/", 302)]] * 3
    code = queries_orders.sub(sub).code  # type: ignore[union-attr]
    assert all(f"{code} is confirmed." in page for page in pages)
    assert OrderEvent.objects.filter(sub=sub, kind="confirmed").count() == 1
    view = queries_orders.sub(sub)
    assert view is not None
    assert (view.state, str(view.promised_day)) == (State.CONFIRMED, TOMORROW)


def test_what_the_buyer_changed_meanwhile_is_looked_at_again(counter: Counter) -> None:
    sub, li = counter.order(), counter.browser(counter.li)
    page = read(li.get(f"/my/sales/{sub}/confirm"))
    SubOrder.objects.filter(id=sub).update(version=int(hidden(page, "version")) + 1)
    given = {"key": hidden(page, "key"), "version": hidden(page, "version"), "day": TOMORROW}
    again = read(li.post(f"/my/sales/{sub}/confirm", given), 422)
    assert "The buyer has changed this" in again
    assert state(sub) is State.PLACED
    li.post(f"/my/sales/{sub}/confirm", given | {"version": hidden(again, "version")})
    assert state(sub) is State.CONFIRMED


def test_a_day_that_is_over_is_told_at_its_field(counter: Counter) -> None:
    sub, li = counter.order(), counter.browser(counter.li)
    given = {"key": str(uuid.uuid4()), "version": "1", "day": "2020-01-01"}
    page = read(li.post(f"/my/sales/{sub}/confirm", given), 422)
    assert "This day is over" in page
    assert 'value="2020-01-01"' in page
    assert state(sub) is State.PLACED


def test_after_a_cancellation_nothing_is_confirmed(counter: Counter) -> None:
    sub, li = counter.order(), counter.browser(counter.li)
    page = read(li.get(f"/my/sales/{sub}/confirm"))
    cancel(actor=counter.amina, sub=sub, reason="too late", now=timezone.now())
    given = {"key": hidden(page, "key"), "version": hidden(page, "version"), "day": TOMORROW}
    told = text_of(read(li.post(f"/my/sales/{sub}/confirm", given, follow=True)))
    assert state(sub) is State.CANCELLED
    assert "is confirmed." not in told
    assert "too late" in told
    assert "This question does not arise now" in read(li.get(f"/my/sales/{sub}/confirm"))


def test_a_stall_declines_with_a_reason_once(counter: Counter) -> None:
    sub, li = counter.order(), counter.browser(counter.li)
    assert read(li.post(f"/my/sales/{sub}/decline", {"key": str(uuid.uuid4())}), 422)
    given = {"key": str(uuid.uuid4()), "why": "sold_out", "reason": "<b>gone</b>"}
    for _ in range(2):
        page = read(li.post(f"/my/sales/{sub}/decline", given, follow=True))
        assert "is declined" in text_of(page)
    assert state(sub) is State.DECLINED
    assert OrderEvent.objects.filter(sub=sub, kind="declined").count() == 1
    assert "<b>gone" not in page
    assert "It is sold out." in page


# Handed over ----------------------------------------------------------------------------------------------------------


def test_goods_are_looked_at_and_then_handed_over_once(counter: Counter, assert_accessible: Any) -> None:
    sub, li = counter.confirmed(12, lines=2), counter.browser(counter.li)
    first, second = queries_orders.lines(queries_orders.sub(sub).order, sub=sub)  # type: ignore[union-attr]
    page = read(li.get(f"/my/sales/{sub}/hand-over"))
    given = {"key": hidden(page, "key"), f"pieces_{first.id}": "12", f"pieces_{second.id}": "5", "cartons": "2"}
    check = read(li.post(f"/my/sales/{sub}/hand-over", given))
    assert_accessible(check)
    assert not HandOver.objects.filter(sub=sub).exists()
    back = read(li.post(f"/my/sales/{sub}/hand-over", given | {"change": "1"}))
    assert f'name="pieces_{second.id}" value="5"' in back
    for _ in range(2):  # the answer is lost, the phone sends it again
        told = text_of(read(li.post(f"/my/sales/{sub}/hand-over", given | {"checked": "1"}, follow=True)))
        assert "What you handed over" in told
    assert HandOver.objects.get(sub=sub).cartons == 2
    assert state(sub) is not State.HANDED_OVER
    page = read(li.get(f"/my/sales/{sub}/hand-over"))
    rest = {"key": hidden(page, "key"), f"pieces_{second.id}": "7", "checked": "1"}
    li.post(f"/my/sales/{sub}/hand-over", rest)
    assert state(sub) is State.HANDED_OVER


def test_everything_that_is_open_goes_by_one_tap_and_a_look(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms_sales, "LINES_SHOWN", 1)
    sub, li = counter.confirmed(12, lines=2), counter.browser(counter.li)
    page = read(li.get(f"/my/sales/{sub}/hand-over"))
    assert "1 more line does not stand here" in page
    given = {"key": hidden(page, "key"), "seen": hidden(page, "seen"), "all": "1"}
    check = text_of(read(li.post(f"/my/sales/{sub}/hand-over", given)))
    assert "And 1 more line." in check
    assert "Pieces 24" in check
    for _ in range(2):
        li.post(f"/my/sales/{sub}/hand-over", given | {"checked": "1"})
    assert state(sub) is State.HANDED_OVER
    assert HandOver.objects.filter(sub=sub).count() == 1


def test_everything_means_what_was_looked_at(counter: Counter) -> None:
    sub, li = counter.confirmed(12), counter.browser(counter.li)
    page = read(li.get(f"/my/sales/{sub}/hand-over"))
    given = {"key": hidden(page, "key"), "seen": hidden(page, "seen"), "all": "1", "cartons": "3"}
    check = read(li.post(f"/my/sales/{sub}/hand-over", given))
    assert hidden(check, "seen") == given["seen"]
    (line,) = queries_orders.lines(queries_orders.sub(sub).order, sub=sub)  # type: ignore[union-attr]
    other = {"key": str(uuid.uuid4()), f"pieces_{line.id}": "5", "checked": "1"}
    li.post(f"/my/sales/{sub}/hand-over", other)  # a colleague, meanwhile
    asked = read(li.post(f"/my/sales/{sub}/hand-over", given | {"checked": "1"}), 422)
    assert "What is open has changed since you looked at it." in asked
    assert (f'name="pieces_{line.id}" value="7"' in asked, 'name="cartons" value="3"' in asked) == (True, True)
    assert HandOver.objects.filter(sub=sub).count() == 1
    given["seen"] = hidden(asked, "seen")
    li.post(f"/my/sales/{sub}/hand-over", given | {"checked": "1"})
    assert (state(sub), HandOver.objects.filter(sub=sub).count()) == (State.HANDED_OVER, 2)


def test_more_than_is_open_is_not_handed_over(counter: Counter) -> None:
    sub, li = counter.confirmed(12), counter.browser(counter.li)
    (line,) = queries_orders.lines(queries_orders.sub(sub).order, sub=sub)  # type: ignore[union-attr]
    given = {"key": str(uuid.uuid4()), f"pieces_{line.id}": "13", "checked": "1"}
    assert "No more than 12" in read(li.post(f"/my/sales/{sub}/hand-over", given), 422)
    assert not HandOver.objects.filter(sub=sub).exists()


def test_ready_is_said_once(counter: Counter) -> None:
    sub, li = counter.confirmed(), counter.browser(counter.li)
    for _ in range(2):
        assert "is ready" in text_of(read(li.post(f"/my/sales/{sub}/ready", follow=True)))
    assert OrderEvent.objects.filter(sub=sub, kind="ready").count() == 1


# Paid, signed ---------------------------------------------------------------------------------------------------------


def payment_of(counter: Counter, sub: uuid.UUID, amount_minor: int = 100) -> uuid.UUID:
    return tell(
        actor=counter.amina,
        sub=sub,
        kind=PaymentKind.BALANCE,
        amount_minor=amount_minor,
        paid_on=timezone.localdate(),
        reference="TT-1",
        key=None,
        now=timezone.now(),
    )


def test_a_payment_has_arrived_or_has_not(counter: Counter, assert_accessible: Any) -> None:
    sub, li = counter.confirmed(), counter.browser(counter.li)
    arrived, missing = payment_of(counter, sub), payment_of(counter, sub, 200)
    page = read(li.get(f"/my/sales/{sub}/payments/{arrived}"))
    assert_accessible(page)
    assert "TT-1" in page
    for _ in range(2):
        told = text_of(read(li.post(f"/my/sales/{sub}/payments/{arrived}", {"answer": "yes"}, follow=True)))
        assert "has arrived" in told
    assert Payment.objects.get(id=arrived).state == "acknowledged"
    refuse = {"answer": "no", "key": str(uuid.uuid4())}
    assert li.post(f"/my/sales/{sub}/payments/{missing}", refuse).status_code == 422
    for _ in range(2):
        li.post(f"/my/sales/{sub}/payments/{missing}", refuse | {"reason": "not in my account"})
    assert Payment.objects.get(id=missing).state == "refused"
    assert SubOrder.objects.get(id=sub).paid_minor == 100


def test_a_payment_of_another_order_is_not_there(counter: Counter) -> None:
    one, other = counter.confirmed(), counter.confirmed()
    payment = payment_of(counter, other)
    answer = counter.browser(counter.li).post(f"/my/sales/{one}/payments/{payment}", {"answer": "yes"})
    assert answer.status_code == 404
    assert Payment.objects.get(id=payment).state == "told"


def test_a_trade_ticket_is_drawn_read_and_confirmed_by_both(counter: Counter, assert_accessible: Any) -> None:
    sub, li, amina = counter.confirmed(), counter.browser(counter.li, "zh-hans"), counter.browser(counter.amina)
    place = li.post(f"/my/sales/{sub}/ticket").headers["Location"]
    assert li.post(f"/my/sales/{sub}/ticket").headers["Location"] == place
    ticket = TradeTicket.objects.get(sub=sub)
    assert place == f"/tickets/{ticket.id}/"
    for browser in (li, amina):
        page = read(browser.get(place))
        assert_accessible(page)
        assert "市场采购贸易交易单" in page
        assert "叁拾捌元肆角整" in page  # 12 at 3.20
        assert browser.post(f"{place}confirm", {"digest": "0" * 64}).status_code == 302
        ticket.refresh_from_db()
        assert not (ticket.stall_confirmed_at and ticket.buyer_confirmed_at)
        for _ in range(2):
            browser.post(f"{place}confirm", {"digest": hidden(page, "digest")})
    ticket.refresh_from_db()
    assert ticket.stall_confirmed_at
    assert ticket.buyer_confirmed_at
    assert "Both sides have confirmed it" in read(amina.get(place))
    assert counter.browser(counter.zhang).get(place).status_code == 404


# Lists, and who may ---------------------------------------------------------------------------------------------------


def test_sales_are_filtered_by_what_is_to_be_done(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_sales, "SHOWN", 2)
    li, placed = counter.browser(counter.li), [counter.order() for _ in range(3)]
    confirmed = counter.confirmed()
    page = read(li.get("/my/sales/?pile=to_hand_over"))
    assert f"/my/sales/{confirmed}/" in page
    assert f"/my/sales/{placed[0]}/" not in page
    seen: list[str] = []
    query = "?pile=to_confirm"
    while query:
        context = li.get(f"/my/sales/{query}").context
        seen += [str(sale.id) for sale in context["sales"]]
        query = context["page"]["next"]
    assert seen == [str(sub) for sub in reversed(placed)]
    assert "No order is like that" in read(li.get("/my/sales/?pile=ended"))
    assert read(li.get("/my/sales/?pile=nonsense&before=nonsense"))


def test_a_sale_of_many_lines_costs_as_many_statements_as_one_of_one(counter: Counter) -> None:
    li, counted = counter.browser(counter.li), []
    for lines in (1, 3):
        sub = counter.order(lines=lines)
        li.get(f"/my/sales/{sub}/")
        with CaptureQueriesContext(connection) as asked:
            read(li.get(f"/my/sales/{sub}/"))
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 14


def test_another_stalls_sales_and_a_basket_are_not_there(counter: Counter) -> None:
    sub, zhang = counter.confirmed(), counter.browser(counter.zhang)
    for name in ("", "confirm", "decline", "hand-over", "change"):
        assert zhang.get(f"/my/sales/{sub}/{name}").status_code == 404
    for name in ("confirm", "decline", "ready", "hand-over", "ticket", "change", "talk"):
        assert zhang.post(f"/my/sales/{sub}/{name}").status_code == 404
    assert counter.browser(counter.amina).get(f"/my/sales/{sub}/").status_code in (403, 404)
    head = {"actor": counter.amina, "now": timezone.now()}
    basket = actions_basket.start(head=Head(), **head)
    actions_basket.put(order=basket, wishes=[Wish(pieces=5, good=counter.cups[0])], version=None, **head)
    hidden_sub = counter.market.subs(basket)[0]
    assert counter.browser(counter.li).get(f"/my/sales/{hidden_sub}/").status_code == 404
