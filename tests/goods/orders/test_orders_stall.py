"""What a stall answers without a network waits in her browser, and is hers alone (orders-stall.js)."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import django_htmx

import sundry.web
from sundry.base.access.rules import Actor
from sundry.kernel.identifiers import new_id
from sundry.web.context import market

HTMX = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
SCRIPT = Path(sundry.web.__file__).parent / "static/sundry/orders-stall.js"
PAGE = """<!doctype html><script src="/htmx.js" defer></script><script src="/stall.js" defer></script>
<main data-reader="{reader}"><p id="stall-unsent" hidden data-text="{{count}} waits"></p>
<form method="post" action="/confirm" data-once hx-boost="true">
<input type="hidden" name="csrfmiddlewaretoken" value="t">
<input type="hidden" name="key" value="k1"><button>Confirm</button></form></main>"""


def test_the_name_of_a_reader_is_of_one_person_in_one_capacity(rf: Any) -> None:
    def reader(actor: Actor) -> str:
        request = rf.get("/")
        request.actor = actor
        return str(market(request)["reader"])

    li, zhang, stall, other = (new_id() for _ in range(4))
    names = [reader(Actor(person=person, organisation=place)) for person in (li, zhang) for place in (stall, other)]
    assert len(set(names)) == 4
    assert reader(Actor(person=li, organisation=stall)) == names[0]
    assert reader(Actor()) == ""


def test_an_answer_that_waits_is_sent_by_nobody_else(chromium: Any) -> None:
    context = chromium.new_context()
    page, posted, sight = context.new_page(), [], {"reader": "li", "is_there": False}

    def answer(route: Any) -> None:
        asked = route.request
        if asked.url.endswith(".js"):
            route.fulfill(path=HTMX if asked.url.endswith("htmx.js") else SCRIPT, content_type="text/javascript")
        elif not sight["is_there"]:
            route.abort("internetdisconnected")
        else:
            if asked.method == "POST":
                posted.append((sight["reader"], parse_qs(asked.post_data)["key"]))
            route.fulfill(content_type="text/html", body=PAGE.format(reader=sight["reader"]))

    def come(reader: str) -> str:
        sight.update(reader=reader, is_there=True)
        page.goto("http://localhost/today", wait_until="load")
        page.wait_for_function("() => !document.querySelector('form[data-once=again]')")
        return str(page.inner_text("#stall-unsent") if page.is_visible("#stall-unsent") else "")

    page.route("**/*", answer)
    assert come("li") == ""
    sight["is_there"] = False
    page.click("button")
    page.wait_for_selector("#stall-unsent:visible")
    assert page.inner_text("#stall-unsent") == "1 waits"
    assert (come("zhang"), posted) == ("", []), "the next person on this phone neither sees nor sends it"
    assert (come("li"), posted) == ("", [("li", ["k1"])])

    old = {"reader": "li", "address": "/confirm", "fields": [["key", "k2"]]}
    unsent = {"old": old | {"at": 0}, "new": old | {"at": time.time() * 1000}}
    page.evaluate("(unsent) => localStorage.setItem('sundry-unsent', JSON.stringify(unsent))", unsent)
    come("zhang")
    assert page.evaluate("() => Object.keys(JSON.parse(localStorage.getItem('sundry-unsent')))") == ["new"]
    context.close()
    assert len(posted) == 1
