"""The script of the page on which a stall holder adds a good (catalogue-add.js), and of the queue, in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextvars import copy_context
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from sundry.goods.catalogue import queries

pytestmark = pytest.mark.django_db
# Somebody else uses the same phone for the same stall: one good of hers waits to be sent, one is of last year.
ANOTHERS = """() => new Promise((done) => indexedDB.open("sundry-goods", 1).onsuccess = ({ target }) => {
  const drafts = target.result.transaction("drafts", "readwrite").objectStore("drafts");
  drafts.getAll().onsuccess = ({ target: { result: [mine] } }) => {
    const other = { ...mine, reader: "0123456789abcdef", state: "waiting" };
    drafts.put({ ...other, key: "another's" });
    drafts.put({ ...other, key: "old", changed: 0 }).onsuccess = () => done();
  };
})"""
KEPT = """() => new Promise((done) => indexedDB.open("sundry-goods", 1).onsuccess = ({ target }) => {
  const drafts = target.result.transaction("drafts").objectStore("drafts");
  drafts.getAllKeys().onsuccess = ({ target: { result } }) => done(result);
})"""
FOCUS = "() => document.activeElement.id || document.activeElement.tagName"


class Network:
    """Django answers in this test; `is_there` False: nobody does."""

    def __init__(self, client: Any) -> None:
        self.client, self.is_there = client, True
        self.posted: list[bytes] = []
        self.here = copy_context()  # Playwright answers in a context of its own, which has another connection

    def __call__(self, route: Any) -> None:
        if not self.is_there:
            route.abort("internetdisconnected")
        else:
            self.here.copy().run(self._fulfil, route)

    def _fulfil(self, route: Any) -> None:
        request = route.request
        address = request.url.removeprefix("http://localhost")
        headers = {name: request.headers[name] for name in ("accept", "hx-request") if name in request.headers}
        if request.method == "POST":
            body = request.post_data_buffer or b""
            self.posted.append(body)
            given = self.client.post(address, body, content_type=request.headers["content-type"], headers=headers)
        else:
            given = self.client.get(address, headers=headers)
        if place := given.headers.get("Location"):
            route.fulfill(content_type="text/html", body=f'<meta http-equiv="refresh" content="0;url={place}">')
            return
        content = b"".join(given.streaming_content) if given.streaming else given.content
        route.fulfill(status=given.status_code, headers=dict(given.headers), body=content)


@pytest.fixture
def phone(chromium: Any) -> Iterator[Callable[..., Any]]:
    """phone(client) is a page of 390 dots; what it complains of fails the test."""
    opened, wrong = [], []

    def make(client: Any, size: tuple[int, int] = (390, 844)) -> tuple[Any, Network]:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]})
        opened.append(context)
        network = Network(client)
        page = context.new_page()
        page.on("pageerror", lambda fault: wrong.append(str(fault)))
        page.on("console", lambda said: "Content Security Policy" in said.text and wrong.append(said.text))
        page.route("**/*", network)
        return page, network

    yield make
    for context in opened:
        context.close()
    assert not wrong


def photo(colour: str, size: tuple[int, int]) -> dict[str, Any]:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", quality=95)
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_a_good_in_a_minute_survives_a_reload_and_a_lost_network(bazaar: Any, enter: Any, phone: Any) -> None:
    holder = bazaar.holder()
    page, network = phone(enter(holder))
    page.goto("http://localhost/my/goods/add/")
    page.wait_for_selector("#add-good[data-ready]")
    page.set_input_files("#id_photos", [photo("red", (3200, 2400)), photo("blue", (800, 600))])
    page.wait_for_selector("#add-photos li:nth-child(2) canvas")
    page.click("#add-next")
    assert page.evaluate(FOCUS) == "id_step_1_price"
    page.keyboard.type("3.20")
    page.fill("#id_step_1_quantity", "120")
    page.click("#add-ladder")
    page.fill("#id_step_2_price", "2.85")
    page.fill("#id_step_2_quantity", "1200")
    page.keyboard.press("Enter")  # the next question
    assert page.evaluate(FOCUS) == "id_name"
    page.keyboard.type("粉色牙刷杯")
    page.wait_for_selector("#add-category-guess:not(:empty)")
    page.click("#add-next")
    page.go_back()  # as the phone has it: the question before
    page.wait_for_selector("#id_name:visible")

    page.wait_for_timeout(400)  # the draft is written a moment after the last key
    page.evaluate(ANOTHERS)
    page.goto("http://localhost/my/goods/add/")
    page.wait_for_selector("#add-good[data-ready]")
    assert page.locator("#add-drafts li").count() == 0, "what another has written on this phone is not hers"
    assert page.input_value("#id_name") == "粉色牙刷杯"
    assert page.input_value("#id_step_2_price") == "2.85"
    assert page.locator("#add-photos canvas").count() == 2

    network.is_there = False
    while page.locator("#add-next").is_visible():
        page.click("#add-next")
    page.click("#add-send")
    page.wait_for_selector("#add-drafts li")
    assert "Goods that wait to be sent: 1" in page.inner_text("#add-status")
    assert page.input_value("#id_name") == "", "the next good can be begun"
    assert not queries.goods_of_stall(bazaar.stall_of(holder))

    network.is_there = True
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    page.wait_for_selector("#add-status a[href^='/my/goods/']")
    (card,) = queries.goods_of_stall(bazaar.stall_of(holder))
    view = bazaar.good(card.number)
    assert (view.card.state, view.draft.names) == ("submitted", {"zh": "粉色牙刷杯"})
    assert [(step.quantity, step.price_minor) for step in view.draft.ladder] == [(120, 320), (1200, 285)]
    assert len(view.photos) == 2
    assert page.locator("#add-drafts li").count() == 0
    assert page.evaluate(KEPT) == ["another's"], "not sent, and what is old is dropped"
    sent = re.search(rb"\r\n\r\n(\xff\xd8.*?)\r\n--", network.posted[-1], re.DOTALL)
    assert sent is not None
    assert max(Image.open(BytesIO(sent[1])).size) == 1600, "made smaller before it is sent"


def test_what_the_market_does_not_take_comes_back_to_its_question(bazaar: Any, enter: Any, phone: Any) -> None:
    holder = bazaar.holder()
    page, _ = phone(enter(holder))
    page.goto("http://localhost/my/goods/add/")
    page.wait_for_selector("#add-good[data-ready]")
    page.click("#add-next")
    page.fill("#id_step_1_price", "much")
    page.click("#add-next")
    page.fill("#id_name", "<b>杯</b>")
    while page.locator("#add-next").is_visible():
        page.click("#add-next")
    page.click("#add-send")
    page.wait_for_selector("#id_step_1_price[aria-invalid]:visible")
    assert page.evaluate(FOCUS) == "id_step_1_price"
    page.fill("#id_step_1_price", "3")
    while page.locator("#add-next").is_visible():
        page.click("#add-next")
    page.click("#add-send")
    page.wait_for_selector(".good-facts h1")
    assert page.inner_text("h1").lower() == "cup"
    (card,) = queries.goods_of_stall(bazaar.stall_of(holder))
    assert (card.names, card.ladder[0].price_minor) == ({"zh": "<b>杯</b>"}, 300)


def test_one_key_an_answer_in_the_queue(bazaar: Any, enter: Any, phone: Any) -> None:
    holder = bazaar.holder()
    first, second, third = (bazaar.add(holder, submit=True) for _ in range(3))
    page, _ = phone(enter(bazaar.operator), (1280, 900))
    page.goto("http://localhost/market/queue/")
    page.keyboard.press("j")
    page.keyboard.press("r")
    assert page.evaluate(FOCUS) == f"reason-{second}"
    page.keyboard.type("a wrong photo")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#reason-{second}", state="detached")
    assert bazaar.good(second).reason == "a wrong photo"
    page.wait_for_selector(".queue > li:first-child:focus")
    page.keyboard.press("a")
    page.wait_for_selector(f"#reason-{first}", state="detached")
    assert [bazaar.state(number) for number in (first, third)] == ["listed", "submitted"]
