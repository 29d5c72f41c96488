"""A stall's day on its phone."""

from __future__ import annotations

import gzip
import re
import uuid
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from stall_counter import LANGUAGES, Counter, read, text_of

from sundry.goods.orders import queries_orders
from sundry.goods.orders.models import OrderEvent, OrderLine, SubOrder
from sundry.goods.orders.order_rules import State

pytestmark = pytest.mark.django_db
PHONE_KB = 60


def state(sub: uuid.UUID) -> State:
    view = queries_orders.sub(sub)
    assert view is not None
    return view.state


def busy(counter: Counter) -> dict[str, uuid.UUID]:
    """Something of each kind."""
    made = {"talk": counter.talk(), "placed": counter.order(), "late": counter.confirmed(), "due": counter.confirmed()}
    SubOrder.objects.filter(id=made["late"]).update(promised_day="2026-01-01")
    SubOrder.objects.filter(id=made["due"]).update(state="ready", promised_day="2099-01-01")
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_day_holds_each_thing_with_its_next_step(counter: Counter, assert_accessible: Any, language: str) -> None:
    made = busy(counter)
    page = read(counter.browser(counter.li, language).get("/my/today/"))
    assert_accessible(page)
    for step in (
        f"/talk/{made['talk']}/#say",
        f"/my/sales/{made['placed']}/confirm",
        f"/my/sales/{made['late']}/hand-over",
        f"/my/sales/{made['due']}/hand-over",
    ):
        assert f'href="{step}"' in page, step


def test_a_day_without_work_says_what_to_do(counter: Counter, assert_accessible: Any) -> None:
    page = read(counter.browser(counter.zhang).get("/my/today/"))
    assert_accessible(page)
    assert "Nothing waits for you" in page


def test_the_day_of_a_busy_stall_costs_as_many_statements_as_that_of_a_slow_one(counter: Counter) -> None:
    li, counted = counter.browser(counter.li), []
    for _ in range(2):
        busy(counter)
        li.get("/my/today/")
        with CaptureQueriesContext(connection) as asked:
            read(li.get("/my/today/"))
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 15


def test_a_phone_loads_less_than_sixty_kilobytes(counter: Counter) -> None:
    """All that the page brings along but its photos."""
    for _ in range(3):
        busy(counter)
    page = read(counter.browser(counter.li).get("/my/today/"))
    files = re.findall(r'(?:src|href)="/static/([^"?]+\.(?:css|js))"', page)
    assert "sundry/orders-stall.css" in files
    weights = [len(gzip.compress(page.encode()))]
    for name in files:
        place = finders.find(name)
        assert isinstance(place, str), name
        with open(place, "rb") as file:
            weights.append(len(gzip.compress(file.read())))
    assert sum(weights) < PHONE_KB * 1_000, dict(zip(["page", *files], weights, strict=True))


# All that is in stock -------------------------------------------------------------------------------------------------


def shown(page: str) -> dict[str, list[str]]:
    """What the form holds."""
    names = ("key", "sale", "seen")
    return {name: re.findall(rf'name="{name}" value="([^"]*)"', page) for name in names}


def test_all_that_is_in_stock_is_confirmed_by_one_tap_once(counter: Counter, assert_accessible: Any) -> None:
    subs, li = [counter.order() for _ in range(3)], counter.browser(counter.li)
    assert "/my/today/confirm" in read(li.get("/my/today/"))
    page = read(li.get("/my/today/confirm"))
    assert_accessible(page)
    assert "Confirm 3 orders" in page
    for _ in range(2):  # the answer is lost, the phone sends it again
        assert "3 orders are confirmed." in text_of(read(li.post("/my/today/confirm", shown(page), follow=True)))
    assert {state(sub) for sub in subs} == {State.CONFIRMED}
    assert OrderEvent.objects.filter(sub__in=subs, kind="confirmed").count() == 3
    assert "Nothing in stock waits" in read(li.get("/my/today/confirm"))


def test_what_was_changed_since_it_was_looked_at_waits(counter: Counter) -> None:
    same, changed, dearer = (counter.order() for _ in range(3))
    li = counter.browser(counter.li)
    page = read(li.get("/my/today/confirm"))
    SubOrder.objects.filter(id=changed).update(version=99)
    OrderLine.objects.filter(sub=dearer).update(price_minor=1)
    told = text_of(read(li.post("/my/today/confirm", shown(page), follow=True)))
    assert "1 order is confirmed." in told
    assert "2 orders were changed or have ended meanwhile" in told
    assert [state(sub) for sub in (same, changed, dearer)] == [State.CONFIRMED, State.PLACED, State.PLACED]


def test_anothers_orders_are_not_confirmed_along(counter: Counter) -> None:
    sub = counter.order()
    given = {"key": str(uuid.uuid4()), "sale": [str(sub), "x"], "seen": [f"{sub}:1"]}
    counter.browser(counter.zhang).post("/my/today/confirm", given)
    assert state(sub) is State.PLACED


def test_as_many_statements_confirm_five_as_two(counter: Counter) -> None:
    li, counted = counter.browser(counter.li), []
    for count in (2, 5):
        for _ in range(count):
            counter.order()
        given = shown(read(li.get("/my/today/confirm")))
        with CaptureQueriesContext(connection) as asked:
            assert li.post("/my/today/confirm", given).status_code == 302
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_a_buyer_has_no_counter(counter: Counter) -> None:
    amina = counter.browser(counter.amina)
    for address in ("/my/today/", "/my/today/confirm", "/my/sales/", "/my/enquiries/"):
        assert amina.get(address).status_code == 403, address
