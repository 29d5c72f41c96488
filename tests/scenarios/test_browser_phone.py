"""A foreman opens the plan on his phone, by the link that the agent sent him: in Arabic, in Chinese, with his thumb.

By day in Arabic, whose words are longer and whose pages begin at the right.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import cycle
from typing import Any

import pytest
from running_market import wait_for

PAGES = (
    *("", "book/", "findings/", "columns/", "lines/", "options/", "containers/"),
    *("declarations/", "declarations/1/1/", "files/", "delete"),
)
THUMB_PX = 44
# What a thumb hits that comes down above or below the middle of a control. A link in the middle of a sentence is left
# out, as WCAG does: the others stand alone in their paragraph, or in a list, table, menu or heading.
TOO_SMALL_FOR_A_THUMB = """(least) => {
  const seen = { opacityProperty: true, visibilityProperty: true };
  const inSentence = (control) => {
    const around = control.closest("p, li, dd");
    return control.matches("a:not(.button)") && around && around.textContent.trim() !== control.textContent.trim();
  };
  const hits = (control, x, y) => {
    const hit = document.elementFromPoint(x, y);
    return !hit || control.contains(hit) || hit.closest("label")?.control === control;
  };
  const wrong = [];
  for (const control of document.querySelectorAll("a[href], button, summary, select, input, textarea")) {
    if (!control.checkVisibility(seen) || control.matches(".skip, :disabled") || inSentence(control)) continue;
    const whole = control.matches("[type=checkbox], [type=radio]") ? control.labels[0] ?? control : control;
    whole.scrollIntoView({ block: "center", inline: "center" });
    const box = whole.getClientRects()[0];
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    let [above, below] = [0, 0];
    while (above < least && hits(control, x, y - above)) above += 1;
    while (below < least && hits(control, x, y + below)) below += 1;
    if (above + below < least) wrong.push(`${control.outerHTML.slice(0, 120)}: ${above + below}`);
  }
  return wrong;
}"""

TakePicture = Callable[..., None]


@pytest.fixture(scope="module", params=["ar", pytest.param("zh-hans", marks=pytest.mark.night)])
def phone(request: pytest.FixtureRequest, open_browser: Callable[..., Any]) -> Any:
    """His phone: 390 points wide, touched. It knows of the market only what the link says."""
    page = open_browser(size="phone", language=request.param, is_mobile=True, has_touch=True)
    page.language = request.param
    return page


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path or "overview")
def test_every_page_fits_and_every_button_is_as_large_as_a_thumb(
    phone: Any, planned: str, path: str, take_picture: TakePicture
) -> None:
    phone.goto(planned + path)
    if path == "containers/":
        phone.locator(".lv-step").wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    assert phone.evaluate("document.dir") == ("rtl" if phone.language == "ar" else "ltr")
    take_picture(phone, f"phone-{phone.language}-{path.strip('/').replace('/', '-') or 'overview'}")
    assert phone.evaluate(TOO_SMALL_FOR_A_THUMB, THUMB_PX) == []


def test_in_arabic_the_page_runs_from_the_right_and_codes_from_the_left(phone: Any, planned: str) -> None:
    phone.goto(planned)
    brand = phone.locator(".brand").bounding_box()
    is_right = brand["x"] + brand["width"] / 2 > 195
    assert is_right == (phone.language == "ar")
    phone.goto(f"{planned}containers/")
    phone.locator(".lv-step").wait_for()
    tab = phone.locator(".lv-tabs bdi", has_text=re.compile("20GP|40GP|40HC|45HC")).first
    assert tab.evaluate("bdi => getComputedStyle(bdi).direction") == "ltr"


def test_he_walks_through_the_container_with_his_thumb(phone: Any, planned: str, take_picture: TakePicture) -> None:
    phone.goto(f"{planned}containers/#1/0")
    phone.reload()  # as a phone that wakes up
    step, ahead = phone.locator(".lv-step"), phone.locator(".lv-next")
    step.wait_for()
    assert step.input_value() == "0"
    ahead.tap()
    first = int(step.input_value())
    assert first > 0
    said = phone.locator(".lv-now").inner_text()
    ahead.tap()
    assert int(step.input_value()) > first
    wait_for("what comes next", lambda: phone.locator(".lv-now").inner_text() != said)
    assert phone.locator(".lv-layer li [aria-current]").count() == 1
    phone.locator(".lv-stepper").scroll_into_view_if_needed()
    take_picture(phone, f"phone-{phone.language}-next-carton", whole=False)


def test_he_taps_a_carton_and_reads_whose_it_is(phone: Any, planned: str, take_picture: TakePicture) -> None:
    phone.goto(f"{planned}containers/")
    phone.locator(".lv-views [data-view=top]").tap()
    canvas = phone.locator(".lv-canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    told = phone.locator(".lv-tip dd")  # stall, item, name, which carton, how it stands, weight, place
    # A busy machine plans otherwise: the container may be half empty, and there are gaps between cartons.
    tenths = (5, 4, 6, 3, 7, 2, 8, 1, 9)
    places = cycle([(across, down) for down in tenths for across in tenths])

    def is_told() -> bool:
        across, down = next(places)
        phone.touchscreen.tap(box["x"] + box["width"] * across / 10, box["y"] + box["height"] * down / 10)
        phone.wait_for_timeout(100)
        return bool(told.count() >= 5)

    wait_for("a carton to tell of itself", is_told)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    take_picture(phone, f"phone-{phone.language}-carton", whole=False)


def test_a_lost_network_is_told_and_the_container_still_turns(phone: Any, planned: str) -> None:
    phone.goto(f"{planned}containers/")
    step = phone.locator(".lv-step")
    step.wait_for()
    phone.context.set_offline(True)
    try:
        phone.locator("#page-offline").wait_for()
        before = int(step.input_value())
        phone.locator(".lv-previous").tap()
        assert int(step.input_value()) < before
    finally:
        phone.context.set_offline(False)
    phone.locator("#page-offline").wait_for(state="hidden")
