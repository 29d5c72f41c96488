"""An order as its buyer follows it: checked, placed once, one card a stall, every part with its days and its money."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from buyers import LANGUAGES, Shop, basket_of, browser_of, key_in, opened, read, text_of, weights_of
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sundry.goods.catalogue.models import Good
from sundry.goods.orders import queries_dealings, queries_orders
from sundry.goods.orders.models import SubOrder
from sundry.goods.orders.order_rules import Head, OrderState, State

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with django_db_blocker.unblock(), opened(tmp_path_factory.mktemp("orders")) as made:
        yield made


@pytest.fixture
def amina(shop: Shop) -> Client:
    return browser_of(shop.buyer)


def view_of(number: int) -> Any:
    view = queries_orders.order(number)
    assert view is not None
    return view


# Placing --------------------------------------------------------------------------------------------------------------


def test_answers_are_checked_before_an_order_is_placed(shop: Shop, amina: Client) -> None:
    number = shop.basket()
    shown = text_of(read(amina.get(f"/orders/{number}/place/")))
    assert "Check your order" in shown
    assert "Morocco" in shown
    assert "The stall collects the foreign exchange" in shown
    assert "asks for 4,664 pieces more" in shown
    assert "Place the order for CNY 2,995.20" in shown


def test_what_is_sent_twice_is_placed_once(shop: Shop, amina: Client) -> None:
    number = shop.basket()
    page = read(amina.get(f"/orders/{number}/place/"))
    given = {"key": key_in(page), "version": str(view_of(number).card.version)}
    first = amina.post(f"/orders/{number}/place/", given)
    again = amina.post(f"/orders/{number}/place/", given)
    assert first.headers["Location"] == again.headers["Location"] == f"/orders/{number}/"
    shown = read(amina.get(f"/orders/{number}/"))
    assert "Your order is placed. 2 stalls have to answer." in shown
    assert view_of(number).card.state is OrderState.OPEN
    other = amina.post(f"/orders/{number}/place/", given | {"key": str(uuid.uuid4())})
    assert other.status_code == 422, "another key is another order"


def test_what_cannot_be_had_any_more_is_said_at_its_line(shop: Shop, amina: Client) -> None:
    number = shop.basket()
    Good.objects.filter(number=shop.cups[0]).update(stock_pieces=3)
    version = str(view_of(number).card.version)
    answer = amina.post(f"/orders/{number}/place/", {"key": str(uuid.uuid4()), "version": version})
    page = read(answer, 422)
    assert page.count('aria-invalid="true"') == 1
    assert 'value="600"' in page
    assert view_of(number).card.state is OrderState.DRAFT


def test_a_basket_that_was_changed_meanwhile_is_looked_at_again(shop: Shop, amina: Client) -> None:
    number = shop.basket()
    answer = amina.post(f"/orders/{number}/place/", {"key": str(uuid.uuid4()), "version": "0"})
    assert "Not placed yet" in read(answer, 422)
    assert "Check your order" in read(amina.post(f"/orders/{number}/place/", {"key": "x", "version": "y"}))


# Following ------------------------------------------------------------------------------------------------------------


def test_an_order_shows_a_card_for_each_stall(shop: Shop, amina: Client) -> None:
    number = shop.placed()
    shop.market.confirm(shop.li, number)
    page = read(amina.get(f"/orders/{number}/"))
    shown = text_of(page)
    assert page.count("part-card") == 2 + 1  # and their list
    assert "1 stall has to answer" in shown
    assert "Waits for the stall" in shown
    assert "Confirmed" in shown
    assert "Amina placed the order" in shown
    assert "Fills 5% of a 20GP" in shown or "of a 20GP" in shown


def test_lateness_is_a_word_and_a_badge(shop: Shop, amina: Client) -> None:
    number = shop.placed()
    (sub,) = shop.market.confirm(shop.li, number)
    SubOrder.objects.filter(id=sub).update(promised_day="2020-01-02", first_promised_day="2020-01-01")
    shown = text_of(read(amina.get(f"/orders/{number}/")))
    assert "1 stall is late" in shown
    assert "first promised for 1 Jan 2020" in shown
    assert "Late" in text_of(read(amina.get("/orders/?late=1")))


def test_a_part_has_its_lines_and_what_can_be_done(shop: Shop, amina: Client) -> None:
    number = shop.placed()
    first = shop.market.subs(number)[0]
    place = f"/orders/{number}/parts/{first}/"
    shown = text_of(read(amina.get(place)))
    assert "CNY 3.20 / piece" in shown
    assert "CNY 153.60 a carton of 48" in shown
    assert "Cancel this part" in shown
    assert "Tell of a payment" not in shown, "nothing is owed yet"
    assert amina.get(f"/orders/{number}/parts/{uuid.uuid4()}/").status_code == 404


def test_all_lines_and_all_that_happened(shop: Shop, amina: Client) -> None:
    number = shop.placed()
    shown = text_of(read(amina.get(f"/orders/{number}/lines/")))
    assert shown.count("a carton of 48") == 3
    assert "The list ends here." in text_of(read(amina.get(f"/orders/{number}/lines/?after=999")))
    assert "Amina" in text_of(read(amina.get(f"/orders/{number}/timeline/")))


def test_filters_stand_in_the_address(shop: Shop, amina: Client) -> None:
    number = shop.placed()
    assert f"/orders/{number}/" in read(amina.get("/orders/"))
    for found in ("?q=Spring", "?destination=MA", "?part=placed", f"?q={number}", "?sort=value", "?state=open"):
        assert f"/orders/{number}/" in read(amina.get(f"/orders/{found}")), found
    for other in ("?q=Autumn", "?destination=MX", "?part=closed", "?late=1", "?state=done"):
        page = read(amina.get(f"/orders/{other}"))
        assert f"/orders/{number}/" not in page, other
        assert "No order is like that" in page
    assert read(amina.get("/orders/?state=nonsense&before=nonsense&sort=nonsense"))


def test_the_list_goes_on_behind_the_last(shop: Shop, amina: Client) -> None:
    numbers = [shop.market.order(shop.buyer, {shop.crates[0]: 5}, Head(destination="MA")).order for _ in range(21)]
    page = read(amina.get("/orders/?destination=MA"))
    assert f"/orders/{numbers[0]}/" not in page
    assert f"?destination=MA&amp;before={numbers[1]}" in page
    assert f"/orders/{numbers[0]}/" in read(amina.get(f"/orders/?destination=MA&before={numbers[1]}"))


def test_nothing_yet_says_what_to_do_first(shop: Shop) -> None:
    fresh = browser_of(shop.market.buyer("Rosa"))
    assert "You have not ordered anything yet" in read(fresh.get("/orders/"))


# What a buyer does ----------------------------------------------------------------------------------------------------


def test_what_no_stall_has_confirmed_is_cancelled(shop: Shop, amina: Client) -> None:
    number = shop.placed()
    shop.market.confirm(shop.li, number)
    page = text_of(read(amina.get(f"/orders/{number}/cancel/")))
    assert "Stalls that have confirmed stay" in page
    assert read(amina.post(f"/orders/{number}/cancel/", {"reason": ""}), 422)
    second = shop.market.subs(number)[1]
    answer = amina.post(f"/orders/{number}/parts/{second}/cancel/", {"key": "1", "reason": "not needed"})
    assert answer.headers["Location"] == f"/orders/{number}/"
    again = amina.post(f"/orders/{number}/parts/{second}/cancel/", {"key": "1", "reason": "not needed"}, follow=True)
    assert "toast-success" in read(again), "the phone sends it again"
    states = {sub.id: sub.state for sub in view_of(number).subs}
    assert states[second] is State.CANCELLED
    shown = text_of(read(amina.get(f"/orders/{number}/")))
    assert "not needed" in shown
    nothing = text_of(read(amina.get(f"/orders/{number}/cancel/")))
    assert "nothing here that can be cancelled" in nothing


def test_the_same_is_ordered_again_at_todays_prices(shop: Shop, amina: Client) -> None:
    number = shop.placed()
    Good.objects.filter(number=shop.crates[0]).update(ladder_prices_minor=[350, 340])
    Good.objects.filter(number=shop.crates[1]).update(state="withdrawn")
    page = read(amina.get(f"/orders/{number}/repeat/"))
    given = {"key": key_in(page), "sub": [str(sub) for sub in shop.market.subs(number)]}
    ticked = re.compile(r'name="sub" value="[^"]+" checked>')
    assert len(ticked.findall(page)) == len(given["sub"])
    before = basket_of(shop.buyer)
    none = read(amina.post(f"/orders/{number}/repeat/", {"key": given["key"], "sub": str(uuid.uuid4())}), 422)
    assert "No stall is ticked." in none
    assert not ticked.search(none)
    assert basket_of(shop.buyer) == before, "what is not ticked is not ordered"
    answer = amina.post(f"/orders/{number}/repeat/", given, follow=True)
    shown = text_of(read(answer))
    assert "A new basket, at today’s prices." in shown
    assert "CNY 3.50" in shown
    made = basket_of(shop.buyer)
    assert view_of(made or 0).card.totals.lines == 2


def test_a_payment_is_told_once_and_can_be_taken_back(shop: Shop, amina: Client) -> None:
    number = shop.placed()
    (sub,) = shop.market.confirm(shop.li, number)
    place = f"/orders/{number}/pay/{sub}/"
    page = read(amina.get(place))
    assert 'value="1920"' in page, "what is due is filled in"
    given = {"key": key_in(page), "kind": "balance", "amount_minor": "1000.50", "paid_on": str(timezone.localdate())}
    for _ in range(2):
        assert amina.post(place, given).headers["Location"] == f"/orders/{number}/parts/{sub}/"
    (payment,) = queries_dealings.payments(sub)
    assert payment.amount_minor == 100_050
    shown = text_of(read(amina.get(f"/orders/{number}/parts/{sub}/")))
    assert "Waits for the stall" in shown
    amina.post(f"/payments/{payment.id}/take-back")
    assert "Taken back" in text_of(read(amina.get(f"/orders/{number}/parts/{sub}/")))
    wrong = amina.post(place, given | {"key": str(uuid.uuid4()), "amount_minor": "99999"})
    assert 'value="99999"' in read(wrong, 422)


def test_before_a_stall_confirms_a_change_holds_at_once(shop: Shop, amina: Client) -> None:
    number = shop.placed()
    sub = shop.market.subs(number)[0]
    (line,) = queries_orders.lines(number, sub=sub)
    place = f"/orders/{number}/parts/{sub}/change/"
    read(amina.get(place))
    version = str(next(one for one in view_of(number).subs if one.id == sub).version)
    given = {"key": "1", "version": version, f"pieces-{line.id}": "720", "reason": "one shop more"}
    assert "Nothing is changed yet" in read(amina.post(place, given | {f"pieces-{line.id}": "600"}), 422)
    wrong = read(amina.post(place, given | {f"pieces-{line.id}": "99999"}), 422)
    assert 'value="99999"' in wrong
    assert "one shop more" in wrong
    for _ in range(2):  # the phone sends it again
        assert amina.post(place, given).status_code == 302
    assert queries_orders.lines(number, sub=sub)[0].pieces == 720


def test_after_it_the_stall_has_to_accept(shop: Shop, amina: Client) -> None:
    number = shop.placed()
    (sub,) = shop.market.confirm(shop.li, number)
    (line,) = queries_orders.lines(number, sub=sub)
    version = str(next(one for one in view_of(number).subs if one.id == sub).version)
    given = {"key": "2", "version": version, f"pieces-{line.id}": "480", "reason": "fewer shops", "promised_day": ""}
    for _ in range(2):  # the phone sends it again
        answer = amina.post(f"/orders/{number}/parts/{sub}/change/", given, follow=True)
    shown = text_of(read(answer))
    assert "Nothing is otherwise until the stall accepts it." in shown
    assert "Fewer pieces, or none" in shown
    assert queries_orders.lines(number, sub=sub)[0].pieces == 600


def test_a_stall_is_written_to_about_its_part(shop: Shop, amina: Client) -> None:
    number = shop.placed()
    sub = shop.market.subs(number)[0]
    answer = amina.post(f"/orders/{number}/parts/{sub}/talk")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/talk/")
    assert amina.post(f"/orders/{number}/parts/{sub}/talk").headers["Location"] == answer.headers["Location"]


# Who, languages, statements -------------------------------------------------------------------------------------------


def test_another_buyer_finds_nothing(shop: Shop) -> None:
    number = shop.placed()
    stranger = browser_of(shop.market.buyer("Rosa"))
    for place in ("", "lines/", "timeline/", "place/", "cancel/", "repeat/", f"parts/{shop.market.subs(number)[0]}/"):
        assert stranger.get(f"/orders/{number}/{place}").status_code == 404, place
    assert stranger.get("/orders/99999999999999999999999/").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_reads_in_every_language(
    shop: Shop, amina: Client, language: str, assert_accessible: Callable[[bytes], None]
) -> None:
    number, basket = shop.placed(), shop.basket()
    shop.market.confirm(shop.li, number)
    sub = shop.market.subs(number)[0]
    amina.cookies["language"] = language
    for place in (
        *("/orders/", f"/orders/{basket}/place/", f"/orders/{number}/", f"/orders/{number}/lines/"),
        *(f"/orders/{number}/parts/{sub}/", f"/orders/{number}/parts/{sub}/change/", f"/orders/{number}/pay/{sub}/"),
        *(f"/orders/{number}/cancel/", f"/orders/{number}/repeat/", f"/orders/{number}/timeline/"),
    ):
        answer = amina.get(place)
        assert answer.status_code == 200, place
        assert_accessible(answer.content)


def test_thirty_stalls_weigh_little_and_take_no_more_statements(shop: Shop, amina: Client) -> None:
    one = shop.market.order(shop.buyer, {shop.cups[0]: 120}).order
    goods = [shop.market.good(shop.market.stall(shop.li)) for _ in range(30)]
    many = shop.market.order(shop.buyer, dict.fromkeys(goods, 5)).order

    def statements(place: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            read(amina.get(place))
        return len(seen)

    statements("/orders/")  # a first visit keeps a session
    assert statements(f"/orders/{one}/") == statements(f"/orders/{many}/") <= 14
    assert statements(f"/orders/{one}/lines/") == statements(f"/orders/{many}/lines/")
    amina.cookies["language"] = "ar"
    weights = weights_of(read(amina.get(f"/orders/{many}/")))
    assert sum(weights.values()) < 60_000, weights
