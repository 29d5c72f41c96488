"""The main job without a mouse: from the front page to the papers by Tab, Enter, Space, the arrows and single letters.

Wherever the focus goes it can be seen, and wherever it went it can leave again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import TimeoutError
from running_market import Visitor, wait_for

from sundry.simulation.order_book import write_sample

TABS_MAX = 400  # a page has a hundred rows at most, with two controls each

# Where the focus is: how it is drawn, whether it is on the screen, and what has it.
FOCUS = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return { place: "" };
  const drawn = (element) => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const box = here.getBoundingClientRect();
  const onScreen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const path = [];
  for (let at = here; at.parentElement; at = at.parentElement) path.unshift([...at.parentElement.children].indexOf(at));
  return {
    place: path.join("."),
    what: here.outerHTML.slice(0, 160),
    isDrawn: drawn(here) || [...document.querySelectorAll(":focus-within")].slice(-2).some(drawn),
    isOnScreen: onScreen && box.width > 0 && box.height > 0,
  };
}"""


class Keyboard:
    """Somebody who has no mouse."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.faults: list[str] = []

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def focus(self) -> dict[str, Any]:
        """Where the focus is; what is wrong about it is kept."""
        found: dict[str, Any] = self.page.evaluate(FOCUS)
        if found["place"] and not (found["isDrawn"] and found["isOnScreen"]):
            self.faults.append(f"{self.page.url}: {'hidden' if found['isDrawn'] else 'not drawn'}: {found['what']}")
        return found

    def is_in_parts(self) -> bool:
        """Whether Tab has places to go within what has the focus: day, month and year."""
        return bool(self.page.evaluate("document.activeElement.matches('input[type=date]')"))

    def tab_to(self, selector: str) -> None:
        """Tab until something that the selector names has the focus. It must move at every press."""
        before = ""
        for _ in range(TABS_MAX):
            self.press("Tab")
            place = self.focus()["place"]
            stays = place == before and not self.is_in_parts()
            assert not stays, f"{self.page.url}: the focus is caught at {place}"
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            before = place
        pytest.fail(f"{self.page.url}: Tab never comes to {selector}")

    def open(self, selector: str) -> None:
        """Go to a link or a button, press Enter, and wait for the next page."""
        self.tab_to(selector)
        with self.page.expect_navigation():
            self.press("Enter")

    def choose_file(self, file: Path) -> None:
        """Press Space on a field for files and choose one. On a busy machine the first press comes before the browser
        tells of its dialog; a person whose press does nothing presses again.
        """
        for patience_ms in (5_000, 10_000, 40_000):
            try:
                with self.page.expect_file_chooser(timeout=patience_ms) as choosing:
                    self.press("Space")
            except TimeoutError:
                continue
            choosing.value.set_files(file)
            return
        pytest.fail(f"{self.page.url}: Space opens no dialog to choose a file")

    def all_places(self) -> list[str]:
        """Every place to which Tab leads, until it begins anew."""
        found: list[str] = []
        while len(found) < TABS_MAX:
            self.press("Tab")
            place = self.focus()["place"]
            if found and place == found[-1] and self.is_in_parts():
                continue
            if place in found or (found and not place):
                return found
            found += [place] if place else []
        pytest.fail(f"{self.page.url}: Tab never comes round")


@pytest.fixture(scope="module")
def keyboard(open_browser: Callable[..., Any]) -> Keyboard:
    return Keyboard(open_browser(language="en"))


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("book") / "small.xlsx", stalls=5, lines=60).path


def test_the_whole_job_by_keys(keyboard: Keyboard, book: Path) -> None:
    page = keyboard.page
    page.goto("/")
    keyboard.tab_to("a.skip")  # the first thing
    keyboard.press("Enter")
    keyboard.open("main a[href='/ship/']")

    keyboard.tab_to("input[type=file]")
    keyboard.choose_file(book)
    keyboard.tab_to("form[action='/ship/new'] button.large")
    keyboard.press("Enter")
    page.locator("form[action$='/plan']").wait_for()
    job = page.evaluate("location.pathname")

    keyboard.open(".task-list a[href$='/findings/']")
    before = page.locator(".ship-finding .badge-error").count()
    assert before
    keyboard.tab_to(".is-wrong input")
    page.keyboard.type("4")
    with page.expect_navigation():
        keyboard.press("Enter")  # sends the form
    page.locator("#progress").wait_for(state="detached")
    assert page.locator(".ship-finding .badge-error").count() < before
    keyboard.open(f".crumbs a[href='{job}']")

    keyboard.open(".task-list a[href$='/lines/']")
    keyboard.press("j", "j", "x")  # the second row, chosen
    assert page.locator("tbody tr").nth(1).locator("input").is_checked()
    keyboard.focus()
    keyboard.open("button[value=leave_out]")
    assert page.locator("tbody tr").nth(1).locator(".badge-waiting").count() == 1
    keyboard.open(f".crumbs a[href='{job}']")

    keyboard.open("form[action$='/plan'] button")
    page.locator("a[href$='all.zip']").wait_for()

    keyboard.open("main a.button[href$='/containers/']")
    step = page.locator(".lv-step")
    step.wait_for()
    full = int(step.input_value())
    keyboard.press("ArrowLeft")  # the keys of the view need no focus
    assert int(step.input_value()) < full
    keyboard.press("End", "Shift+ArrowLeft")
    assert int(step.input_value()) < full
    keyboard.tab_to(".lv-cut")
    cut = page.locator(".lv-cut")
    before_cut = int(cut.input_value())
    keyboard.press("PageDown", "ArrowLeft")
    assert int(cut.input_value()) < before_cut
    keyboard.open(f"main a[href='{job}']")

    keyboard.open(".task-list a[href$='/declarations/']")
    keyboard.press("j")
    keyboard.focus()
    with page.expect_navigation():
        keyboard.press("Enter")
    assert page.locator("tfoot").count() == 1
    keyboard.open(f".crumbs a[href='{job}']")

    keyboard.open(".task-list a[href$='/files/']")
    keyboard.press("j", "j")
    with page.expect_download() as waiting:
        keyboard.press("Enter")
    assert Path(waiting.value.path()).stat().st_size > 1000
    with page.expect_download() as waiting:
        keyboard.press("e")
    with ZipFile(waiting.value.path()) as papers:
        drawings = {name for name in papers.namelist() if name.startswith("layers-")}
        assert len(papers.namelist()) == 7 + len(drawings)
        assert "layers-01.svg" in drawings
    assert keyboard.faults == []


@pytest.mark.parametrize("path", ["", "findings/", "options/", "containers/", "declarations/", "files/"])
def test_tab_comes_to_every_control_and_round_again(keyboard: Keyboard, planned: str, path: str) -> None:
    page = keyboard.page
    page.goto(planned + path)
    if path == "containers/":
        page.locator(".lv-step").wait_for()
    wanted = page.evaluate("""() => [...document.querySelectorAll("a[href], button, summary, select, input, textarea")]
        .filter((control) => control.checkVisibility({ visibilityProperty: true }) && !control.disabled
          && control.tabIndex >= 0).length""")
    assert len(keyboard.all_places()) >= wanted
    assert keyboard.faults == []


def test_a_dialog_keeps_the_focus_until_escape_gives_it_back(keyboard: Keyboard, planned: str) -> None:
    page = keyboard.page
    page.goto(planned)
    keyboard.tab_to("[data-dialog=keys]")
    keyboard.press("Enter")
    dialog = page.locator("#keys")
    dialog.wait_for()
    for _ in range(6):
        keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('#keys')")
    keyboard.press("Escape")
    assert not dialog.is_visible()
    assert page.evaluate("document.activeElement.matches('[data-dialog=keys]')")


def test_the_language_and_the_person_are_chosen_by_keys(keyboard: Keyboard, visitor: Callable[..., Visitor]) -> None:
    page = keyboard.page
    page.goto("/account/login/")
    keyboard.tab_to("summary:has(.icon-globe)")
    keyboard.press("Enter")
    keyboard.tab_to("button[value=ar]")
    with page.expect_navigation():
        keyboard.press("Space")
    assert page.evaluate("document.dir") == "rtl"
    keyboard.open("button[value='agent']")
    assert page.locator(".menu-name").inner_text().strip()
    keyboard.tab_to("summary:has(.icon-user)")
    keyboard.press("Enter")
    keyboard.open("form[action='/account/logout/'] button")
    wait_for("the sign-out", lambda: page.locator("a[href='/account/login/']").count())
    page.context.clear_cookies(name="language")
    page.context.add_cookies([{"name": "language", "value": "en", "url": page.url}])
    assert keyboard.faults == []
