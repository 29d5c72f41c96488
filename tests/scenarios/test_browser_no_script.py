"""Without JavaScript every page reads and every form posts: an old phone, a strict office, a broken download."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

# What each page of a planned shipment must still show.
READABLE = {
    "": ".task-list .badge",
    "findings/": ".ship-finding li",
    "columns/": "tbody th",
    "lines/": "tbody tr",
    "containers/": ".loading-tables .ship-container > .table-frame tbody tr",
    "declarations/": "tbody th a",
    "declarations/1/1/": "tbody td",
    "files/": "tbody a",
}
TWO_ROWS = "货号\t品名\t箱数\t装箱数\t单价\t体积\nK1\t杯\t3\t10\t2.5\t0.06\nK2\t碗\tx\t10\t2.5\t0.06\n"

TakePicture = Callable[..., None]


@pytest.fixture(scope="module")
def page(open_browser: Callable[..., Any]) -> Any:
    return open_browser(java_script_enabled=False)


@pytest.mark.parametrize("path", READABLE, ids=lambda path: path or "overview")
def test_every_page_reads(page: Any, planned: str, path: str) -> None:
    page.goto(planned + path)
    shown = page.locator(READABLE[path])
    assert shown.first.is_visible()
    assert shown.first.inner_text().strip()


def test_what_needs_the_script_is_not_offered(page: Any, planned: str) -> None:
    page.goto(planned)
    for dead in ("[data-copy-from]", "[data-dialog]"):
        assert not page.locator(dead).first.is_visible()
    page.goto(f"{planned}containers/")
    assert page.locator(".loading-view noscript").inner_text().strip()
    assert not page.locator(".lv-body").is_visible()


def test_the_job_is_done_by_plain_forms(page: Any, take_picture: TakePicture) -> None:
    """Paste, read, mend, leave out, plan; the page asks anew by itself and shows how far it is."""
    page.goto("/ship/")
    page.locator("summary", has_text="Paste rows instead").click()
    page.fill("[name=pasted]", TWO_ROWS)
    page.get_by_role("button", name="Read the book").click()
    assert re.fullmatch(r".*/ship/[\w-]{32}/", page.url)
    page.locator("form[action$='/plan']").wait_for()  # a refresh of every three seconds brings it

    page.click(".task-list a[href$='/findings/']")
    page.fill(".is-wrong input", "2")
    page.get_by_role("button", name="Save what I typed").click()
    page.locator("main >> text=Back to the shipment").click()
    page.locator(".task:has(a[href$='/lines/'])", has_text="2 lines").wait_for()

    page.click(".task-list a[href$='/lines/']")
    page.locator("tbody input[type=checkbox]").first.check()
    page.get_by_role("button", name="Leave out", exact=True).click()
    assert page.locator("tbody tr").first.get_by_text("Left out by you").is_visible()

    page.goto(re.sub("lines/.*", "options/", page.url))
    page.fill("[name=seconds]", "1")
    page.get_by_role("button", name="Save and plan").click()
    assert page.locator("#progress").is_visible()
    assert page.locator("#progress p").first.inner_text().strip()
    take_picture(page, "no-script-progress")
    page.locator("a[href$='all.zip']").wait_for()
    page.click("main a[href$='/containers/']")
    assert page.locator(".ship-container").get_by_text("1", exact=True).first.is_visible()
    take_picture(page, "no-script-containers")


def test_the_language_is_switched(page: Any) -> None:
    page.goto("/ship/")
    page.locator("summary:has(.icon-globe)").click()
    page.click("button[value=ar]")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.url.endswith("/ship/")
