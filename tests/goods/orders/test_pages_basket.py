"""The basket as a buyer sees it: by one form without any script, by pieces with it, every mistake at its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from buyers import LANGUAGES, Shop, basket_of, browser_of, opened, read, text_of, weights_of
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sundry.goods.orders import actions_basket, pages_basket, pages_basket_lines, queries_orders
from sundry.goods.orders.order_rules import OrderState, Wish

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with django_db_blocker.unblock(), opened(tmp_path_factory.mktemp("basket")) as made:
        yield made


@pytest.fixture
def amina(shop: Shop) -> Client:
    return browser_of(shop.buyer)


# Adding ---------------------------------------------------------------------------------------------------------------


def test_nothing_yet_says_what_to_do_first(shop: Shop, amina: Client) -> None:
    page = read(amina.get("/basket/"))
    assert "Nothing in your basket yet" in page
    assert "Look for goods" in page


def test_a_good_goes_from_its_page_into_the_basket(shop: Shop, amina: Client) -> None:
    good = shop.cups[0]
    page = read(amina.get(f"/goods/{good}/?quantity=600"))
    assert 'action="/basket/add/"' in page
    assert 'name="quantity" value="600"' in page
    answer = amina.post("/basket/add/", {"good": good, "quantity": "1,200"}, follow=True)
    shown = text_of(read(answer))
    assert "It is in your basket." in shown
    assert "CNY 2.85 / piece" in shown
    assert "CNY 136.80 a carton of 48" in shown
    assert "CNY 3,420.00" in shown
    assert "25 cartons" in shown
    again = amina.post("/basket/add/", {"good": good, "quantity": "48"}, follow=True)
    assert 'value="1248"' in read(again)
    pressed = {"good": good, "quantity": "48", "csrfmiddlewaretoken": "a" * 64}
    for _ in range(2):  # twice, or by a phone that hears no answer
        shown = text_of(read(amina.post("/basket/add/", pressed, follow=True)))
        assert "It is in your basket." in shown
    assert 'value="1296"' in read(amina.get("/basket/"))


@pytest.mark.parametrize(
    ("quantity", "said"),
    [("100", "120"), ("twelve", "no whole number"), ("", "required"), ("0", "1"), ("999999999999", "999999999999")],
    ids=["below the minimum", "no number", "nothing", "nought", "beyond measure"],
)
def test_what_cannot_be_added_is_said_with_what_was_typed(shop: Shop, amina: Client, quantity: str, said: str) -> None:
    answer = amina.post("/basket/add/", {"good": shop.cups[0], "quantity": quantity})
    page = read(answer, 422)
    assert said in text_of(page)
    assert f'value="{quantity}"' in page
    assert basket_of(shop.buyer) is None, "no empty basket is left behind"


def test_a_good_that_never_was_is_not_there(shop: Shop, amina: Client) -> None:
    assert amina.post("/basket/add/", {"good": "nonsense", "quantity": "1"}).status_code == 404
    assert "quantity" in read(amina.post("/basket/add/", {"good": "999999", "quantity": "10"}), 422)


def test_an_agent_has_a_basket_for_each_client(shop: Shop) -> None:
    browser = browser_of(shop.agent)
    assert "Diallo" in read(browser.get("/basket/"))
    browser.post("/basket/start/", {"name": "Dakar", "mandate": str(shop.mandate)})
    browser.post("/basket/add/", {"good": shop.cups[0], "quantity": "120"})
    first = basket_of(shop.agent)
    browser.post("/basket/start/", {"name": "Our own", "mandate": ""})
    page = read(browser.get("/basket/"))
    assert "Our own" in page
    assert "Dakar" in page, "the other one can be chosen"
    assert "For Diallo" in text_of(read(browser.get(f"/basket/?order={first}")))
    browser.post("/basket/add/", {"good": shop.cups[1], "quantity": "120"})  # the one she looked at is meant
    view = queries_orders.order(first or 0)
    assert view is not None
    assert view.card.totals.lines == 2
    assert browser.post("/basket/start/", {"mandate": "00000000-0000-0000-0000-000000000001"}).status_code == 302


# Changing -------------------------------------------------------------------------------------------------------------


def lines_of(number: int) -> list[Any]:
    return list(queries_orders.lines(number))


def typed(number: int, *pieces: str, **more: str) -> dict[str, str]:
    """The form of the basket, with these quantities."""
    view = queries_orders.order(number)
    assert view is not None
    fields = {f"pieces-{line.id}": text for line, text in zip(lines_of(number), pieces, strict=True)}
    return fields | {"version": str(view.card.version)} | more


def test_the_basket_stands_by_stall_with_its_sums(shop: Shop, amina: Client) -> None:
    number = shop.basket()
    page = read(amina.get(f"/basket/?order={number}"))
    shown = text_of(page)
    assert page.count('class="stall-part"') == 2
    assert "CNY 2,995.20" in shown  # 600 at 3.20 and 336 at 3.20
    assert "For a mixed order this stall asks for 4,664 pieces more." in shown
    assert re.search(r"Fills \d+% of a 40HC", shown)
    assert "1.44 m³" in shown or "m³" in shown


def test_all_quantities_are_changed_by_one_form(shop: Shop, amina: Client) -> None:
    number = shop.basket()
    answer = amina.post(f"/orders/{number}/quantities", typed(number, "1200", "480", "96"), follow=True)
    assert "The quantities are changed." in read(answer)
    assert [line.pieces for line in lines_of(number)] == [1200, 480, 96]
    answer = amina.post(f"/orders/{number}/quantities", typed(number, "1200", "480", "96", then="check"))
    assert answer.headers["Location"] == f"/orders/{number}/place/"


def test_every_mistake_stands_at_its_line_and_nothing_typed_is_lost(shop: Shop, amina: Client) -> None:
    number = shop.basket()
    answer = amina.post(f"/orders/{number}/quantities", typed(number, "7", "many", "192"))
    page = read(answer, 422)
    assert 'value="many" inputmode="numeric" autocomplete="off" aria-invalid="true"' in page
    assert 'value="192"' in page
    assert [line.pieces for line in lines_of(number)] == [600, 240, 96], "nothing is half done"
    page = read(amina.post(f"/orders/{number}/quantities", typed(number, "7", "0", "192")), 422)
    assert page.count('aria-invalid="true"') == 2
    assert "120" in page
    assert [line.pieces for line in lines_of(number)] == [600, 240, 96]


def test_a_mistake_of_a_later_page_is_shown_on_that_page(
    shop: Shop, amina: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = shop.basket()
    for module in (pages_basket, pages_basket_lines):
        monkeypatch.setattr(module, "LINES_SHOWN", 2)
    page = read(amina.get(f"/basket/?order={number}"))
    following = re.search(r'href="(\?order=\d+&amp;after=\d+)"', page)
    assert following is not None
    page = read(amina.get(f"/basket/{following[1].replace('&amp;', '&')}"))
    line = lines_of(number)[2]
    fields = {"after": "2", f"pieces-{line.id}": "twelve"}
    wrong = read(amina.post(f"/orders/{number}/quantities", fields), 422)
    assert 'value="twelve"' in wrong
    assert 'name="after" value="2"' in wrong
    right = amina.post(f"/orders/{number}/quantities", fields | {f"pieces-{line.id}": "144"})
    assert "after=2" in right.headers["Location"]
    headers = {"hx-request": "true"}
    alone = {"after": "2", f"pieces-{line.id}": "192"}
    part = read(amina.post(f"/orders/{number}/lines/{line.id}/", alone, headers=headers))
    assert f"pieces-{line.id}" in part
    assert f"pieces-{lines_of(number)[1].id}" not in part, "of another page"


def test_somebody_elses_change_meanwhile_is_not_lost(shop: Shop, amina: Client) -> None:
    number = shop.basket()
    old = typed(number, "1200", "240", "96")
    amina.post(f"/orders/{number}/quantities", typed(number, "600", "480", "96"))
    page = read(amina.post(f"/orders/{number}/quantities", old), 422)
    assert 'value="1200"' in page, "what she typed is still there"
    assert lines_of(number)[1].pieces == 480


def test_by_script_a_quantity_goes_by_itself_and_sums_come_back(shop: Shop, amina: Client) -> None:
    number = shop.basket()
    line = lines_of(number)[1]
    headers = {"HX-Request": "true"}
    page = read(
        amina.post(f"/orders/{number}/lines/{line.id}/", {f"pieces-{line.id}": "480", "version": ""}, headers=headers)
    )
    assert page.count('class="stall-part"') == 1
    assert page.count('hx-swap-oob="true"') == 2
    assert "CNY 3,763.20" in text_of(page)
    wrong = read(amina.post(f"/orders/{number}/lines/{line.id}/", {f"pieces-{line.id}": "x"}, headers=headers))
    assert 'value="x"' in wrong
    assert "no whole number" in wrong


def test_what_is_taken_out_can_be_put_back(shop: Shop, amina: Client) -> None:
    number = shop.basket()
    line = lines_of(number)[0]
    fields = typed(number, "600", "480", "96", remove=str(line.id))
    answer = amina.post(f"/orders/{number}/quantities", fields)
    assert [one.pieces for one in lines_of(number)] == [480, 96], "the other quantities are kept"
    page = read(amina.get(answer.headers["Location"]))
    assert "One line is taken out." in page
    undo = re.search(r'name="undo" value="([^"]+)"', page)
    assert undo is not None
    shown = read(amina.post(f"/orders/{number}/put-back", {"undo": undo[1]}, follow=True))
    assert "It is back in your basket." in shown
    back = next(one for one in lines_of(number) if one.good == line.good)
    assert (back.pieces, back.price_minor) == (600, 320)
    assert amina.post(f"/orders/{number}/put-back", {"undo": undo[1]}).status_code == 302
    assert next(one for one in lines_of(number) if one.good == line.good).pieces == 600, "a second click"
    forged = amina.post(f"/orders/{number}/put-back", {"undo": "made-up"})
    assert "too long ago" in read(forged, 422)
    again = amina.post(f"/orders/{number}/quantities", typed(number, "480", "96", "600") | {"remove": str(line.id)})
    assert again.status_code == 302, "a second click finds it gone"


def test_a_line_has_an_offered_price_and_a_note(shop: Shop, amina: Client) -> None:
    number = shop.basket()
    line, version = lines_of(number)[0], typed(number, "1", "1", "1")["version"]
    page = read(amina.get(f"/orders/{number}/lines/{line.id}/"))
    assert 'value="3.20"' in page
    assert "collects" not in page, "without an agent the stalls do"
    given = {"version": version, "pieces": "600", "price_minor": "3,05", "price_per": "1", "note": "no print"}
    shown = text_of(read(amina.post(f"/orders/{number}/lines/{line.id}/", given, follow=True)))
    assert "CNY 3.05 / piece" in shown
    assert "Your offer; the stall lists CNY 3.20" in shown
    assert "no print" in shown
    wrong = given | {"price_minor": "0", "pieces": "0", "note": "no print, please"}
    late = read(amina.post(f"/orders/{number}/lines/{line.id}/", wrong), 422)
    assert "no print, please" in late, "somebody was faster, and nothing typed is lost"
    fresh = re.search(r'name="version" value="(\d+)"', late)
    assert fresh is not None
    page = read(amina.post(f"/orders/{number}/lines/{line.id}/", wrong | {"version": fresh[1]}), 422)
    assert page.count("field-wrong") == 2


def test_what_is_said_of_the_whole(shop: Shop, amina: Client) -> None:
    number = shop.basket()
    version = typed(number, "1", "1", "1")["version"]
    given = {"version": version, "name": "Spring", "destination": "MX", "port": "mxzlo", "note": "Mark SUN"}
    shown = text_of(read(amina.post(f"/orders/{number}/about/", given, follow=True)))
    assert "Spring" in shown
    assert "Mexico MXZLO" in shown
    wrong = read(amina.post(f"/orders/{number}/about/", given | {"version": "99", "name": "Summer"}), 422)
    assert 'value="Summer"' in wrong


def test_a_basket_is_thrown_away_after_a_question(shop: Shop, amina: Client) -> None:
    number = shop.basket()
    assert "3 lines are lost" in text_of(read(amina.get(f"/orders/{number}/discard/")))
    assert amina.post(f"/orders/{number}/discard/").headers["Location"] == "/basket/"
    assert queries_orders.order(number) is None
    assert amina.post(f"/orders/{number}/discard/").status_code == 404


def test_a_placed_order_is_no_basket(shop: Shop, amina: Client) -> None:
    placed = shop.market.order(shop.buyer, {shop.cups[0]: 120})
    for place in (f"/basket/?order={placed.order}", f"/orders/{placed.order}/about/"):
        assert amina.get(place).headers["Location"] == f"/orders/{placed.order}/"
    assert amina.post(f"/orders/{placed.order}/quantities", {}).headers["Location"] == f"/orders/{placed.order}/"


# Who, how heavy, how many statements ----------------------------------------------------------------------------------


def test_who_does_not_buy_is_told_how(shop: Shop, client: Client) -> None:
    nobody = Client()
    nobody.force_login(get_user_model().objects.get(pk=shop.market.person("Vera")))
    page = read(nobody.get("/basket/"), 403)
    assert "How one comes to order here" in page
    assert "Register yours" in read(nobody.get(f"/goods/{shop.cups[0]}/"))
    seller = browser_of(shop.market.seller("Zhao"))
    assert "How one comes to order here" in read(seller.get("/orders/"), 403)
    assert "Sign in to order" in read(client.get(f"/goods/{shop.cups[0]}/"))
    stranger = browser_of(shop.market.buyer("Rosa"))
    assert stranger.get(f"/basket/?order={shop.basket()}").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_reads_in_every_language(
    shop: Shop, amina: Client, language: str, assert_accessible: Callable[[bytes], None]
) -> None:
    number = shop.basket()
    amina.cookies["language"] = language
    line = lines_of(number)[0]
    pages = (f"/basket/?order={number}", f"/orders/{number}/lines/{line.id}/", f"/orders/{number}/discard/")
    for place in pages:
        answer = amina.get(place)
        assert answer.status_code == 200
        assert_accessible(answer.content)


def test_a_basket_on_a_phone_weighs_little(shop: Shop, amina: Client) -> None:
    number = shop.basket()
    amina.cookies["language"] = "ar"
    page = read(amina.get(f"/basket/?order={number}"))
    weights = weights_of(page)
    assert "sundry/orders.css" in weights
    assert sum(weights.values()) < 60_000, weights


def test_statements_do_not_grow_with_lines(shop: Shop, amina: Client) -> None:
    number = shop.basket()

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            read(amina.get(f"/basket/?order={number}"))
        return len(seen)

    statements()  # a first visit keeps a session
    few = statements()
    more = [Wish(pieces=120, good=good) for good in (*shop.cups[1:], *shop.market.goods(shop.stalls[0], 30))]
    actions_basket.put(actor=shop.buyer, order=number, wishes=more, version=None, now=shop.market.now)
    assert statements() == few
    view = queries_orders.order(number)
    assert view is not None
    assert view.card.state is OrderState.DRAFT
