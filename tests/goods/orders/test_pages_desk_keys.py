"""The keys of the agent's desk, and rows that come as one scrolls, in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import copy_context
from typing import Any

import pytest
from django.test import Client
from orders_market import Market

from sundry.base.parties.models import Person
from sundry.goods.orders import pages_desk
from sundry.goods.orders.order_rules import Head

pytestmark = pytest.mark.django_db

ROW = "() => document.activeElement.closest('tr')?.querySelector('a')?.textContent ?? ''"


class Network:
    """Django answers in this test, as the agent is signed in."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.asked: list[str] = []
        self.here = copy_context()  # Playwright answers in a context of its own, which has another connection

    def __call__(self, route: Any) -> None:
        self.here.copy().run(self._fulfil, route)

    def _fulfil(self, route: Any) -> None:
        address = route.request.url.removeprefix("http://localhost")
        self.asked.append(address)
        headers = {
            name: route.request.headers[name] for name in ("accept", "hx-request") if name in route.request.headers
        }
        given = self.client.get(address, headers=headers)
        content = b"".join(given.streaming_content) if given.streaming else given.content
        route.fulfill(status=given.status_code, headers=dict(given.headers), body=content)


@pytest.fixture
def desk(chromium: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, Network]]:
    """An agent's desk with five orders of which two are shown at once."""
    monkeypatch.setattr(pages_desk, "SHOWN", 2)
    market = Market()
    stall = market.stall(market.seller())
    cup, zhou = market.good(stall, stock_pieces=5000), market.agent()
    for number in range(5):
        market.order(zhou, {cup: 10 + number}, Head(name=f"Order {number}"))
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(id=zhou.person))
    context = chromium.new_context(viewport={"width": 1600, "height": 900})
    page, network, wrong = context.new_page(), Network(client), []
    page.on("pageerror", lambda fault: wrong.append(str(fault)))
    page.on("console", lambda said: "Content Security Policy" in said.text and wrong.append(said.text))
    page.route("**/*", network)
    page.goto("http://localhost/desk/")
    yield page, network
    context.close()
    assert not wrong


def test_the_desk_is_walked_by_keys_and_goes_on_as_one_scrolls(desk: tuple[Any, Network]) -> None:
    page, network = desk
    page.wait_for_function("() => document.querySelectorAll('[data-rows] th').length === 5")
    assert page.locator(".desk-next").count() == 0
    assert sum("before=" in address for address in network.asked) == 2
    page.keyboard.press("j")
    first = page.evaluate(ROW)
    page.keyboard.press("j")
    second = page.evaluate(ROW)
    assert first != second
    page.keyboard.press("x")
    assert page.locator(".bulk-actions output").text_content() == "1"
    page.keyboard.press("k")
    assert page.evaluate(ROW) == first
    page.keyboard.press("m")
    assert page.evaluate("() => document.activeElement.id") == "chosen-mark"
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("/")
    assert page.evaluate("() => document.activeElement.id") == "q"
    page.keyboard.press("Escape")
    page.evaluate("() => document.activeElement.blur()")
    with page.expect_request("**/desk/export.xlsx*"):
        page.keyboard.press("e")
