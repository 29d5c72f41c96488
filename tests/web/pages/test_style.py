"""/style shows every component in every language, and in a browser each of them does what it promises."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template import engines
from django.test import Client

from sundry.web.pages.style import COLOURS, SPECIMENS
from sundry.web.templatetags import sundry as tags

LANGUAGES = ("zh-hans", "en", "ar", "es", "fr", "ru")
TEMPLATES = Path(tags.__file__).parents[1] / "templates"
STYLE = Path(tags.__file__).parents[1] / "static" / "sundry" / "sundry.css"
LIMIT_BYTES = 20_000_000

Browse = Callable[..., Any]


@pytest.fixture(scope="module")
def english_desk(context: Callable[..., Any], market: str) -> Iterator[Any]:
    page = context("desk", "en").new_page()
    page.goto(f"{market}/style")
    yield page
    page.close()


@pytest.fixture
def page(english_desk: Any) -> Iterator[Any]:
    """/style, the same for all who ask: for tests that each try another component of it."""
    wrong: list[str] = []
    english_desk.on("pageerror", lambda fault: wrong.append(str(fault)))
    english_desk.evaluate("document.activeElement.blur()")
    yield english_desk
    assert not wrong


def get(client: Client, language: str) -> str:
    client.cookies["language"] = language
    response = client.get("/style")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_sound(client: Client, language: str, assert_accessible: Callable[[str], None]) -> None:
    assert_accessible(get(client, language))


def test_every_component_is_shown_with_its_markup(client: Client) -> None:
    page = get(client, "en")
    for name in SPECIMENS:
        assert f'id="{name.replace("_", "-")}"' in page
    assert "{% badge &quot;ok&quot; done %}" in page
    assert '<span class="badge badge-ok">' in page


def test_no_specimen_tag_icon_or_colour_is_forgotten(client: Client) -> None:
    page = get(client, "en")
    specimens = {file.stem: file.read_text("utf-8") for file in (TEMPLATES / "components/specimens").glob("*.html")}
    assert set(specimens) == set(SPECIMENS)
    library = engines["django"].engine.template_libraries  # the builtin ones are not among them
    assert "sundry" in library or tags.register.tags
    frame = {"address", "permitted", "here", "crumbs", "version", "language_code", "rule_text", "control", "endnotice"}
    unseen = {tag for tag in tags.register.tags if not any(f"{{% {tag}" in text for text in specimens.values())}
    assert unseen <= frame
    filters = {name for name in tags.register.filters if not any(f"|{name}" in text for text in specimens.values())}
    assert filters == {"finding_text"}
    assert all(f"#{name}" in page for name in tags.icon_names())
    tokens = re.findall(r"^  --([\w-]+): #", STYLE.read_text("utf-8"), re.MULTILINE)
    assert set(COLOURS) == {name for name in tokens if not name.startswith("on-")} - {"error-strong"}


@pytest.mark.parametrize(("language", "size"), [("zh-hans", "phone"), ("ar", "phone"), ("en", "desk"), ("ar", "desk")])
def test_everything_fits_and_can_be_read(
    browse: Browse, assert_contrast: Callable[[Any], None], language: str, size: str
) -> None:
    page = browse("/style", language=language, size=size)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    for summary in page.locator("details").all():
        summary.evaluate("details => (details.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert_contrast(page)


def test_targets_on_a_phone_are_large_enough(browse: Browse) -> None:
    """44 px, but for links inside a sentence and for what its whole row opens."""
    page = browse("/style", size="phone")
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, .button, input, select, textarea, summary, .menu-link, .brand")]
          .filter((element) => element.checkVisibility() && element.type !== "hidden")
          .map((element) => [element, element.closest(".choice, label") ?? element])
          .filter(([, target]) => target.getBoundingClientRect().height < 43.9)
          .map(([element]) => element.outerHTML.slice(0, 120))"""
    )
    assert small == []


def test_the_page_mirrors(browse: Browse) -> None:
    """What begins at the left in English begins at the right in Arabic; chevrons turn, figures do not."""
    places = {}
    for language in ("en", "ar"):
        page = browse("/style", language=language, size="phone")
        box = page.locator(".brand").bounding_box()
        places[language] = (round(box["x"]), round(390 - box["x"] - box["width"]))
        turned = page.locator("[rel=next] svg").evaluate("drawing => getComputedStyle(drawing).transform")
        assert (turned == "matrix(-1, 0, 0, 1, 0, 0)") == (language == "ar")
        assert page.locator("td .money").first.evaluate("text => getComputedStyle(text).direction") == "ltr"
    assert places["ar"] == places["en"][::-1]


def test_the_focus_is_seen_on_everything_that_tab_reaches(browse: Browse) -> None:
    page = browse("/style")
    unseen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        unseen += page.evaluate(
            """() => {
              const style = getComputedStyle(document.activeElement);
              const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
              return seen ? [] : [document.activeElement.outerHTML.slice(0, 99)];
            }"""
        )
    assert unseen == []


def test_the_skip_link_comes_first_and_leads_to_the_content(browse: Browse) -> None:
    page = browse("/style")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_keys_of_a_table(page: Any) -> None:
    focused = "document.activeElement.innerText.split('\\t')[1]?.trim() ?? document.activeElement.innerText.trim()"

    page.keyboard.press("j")
    assert "K-1001" in page.evaluate(focused)
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert "K-1002" in page.evaluate(focused), "the last row is the last"
    page.keyboard.press("k")
    assert "K-1001" in page.evaluate(focused)
    page.keyboard.press("x")
    assert page.locator("input[name=row]").first.is_checked()
    assert page.locator("[data-select-all]").evaluate("box => box.indeterminate")
    page.keyboard.press("x")
    assert not page.locator("input[name=row]").first.is_checked()
    page.keyboard.press("Enter")
    assert page.url.endswith("#table")


def test_keys_of_another_alphabet_are_the_same_keys(browse: Browse) -> None:
    page = browse("/style", language="ru")
    page.evaluate(
        """() => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "о", code: "KeyJ", bubbles: true }))"""
    )
    assert page.evaluate("document.activeElement.tagName") == "TR"


def test_choosing_all_rows_counts_them(page: Any) -> None:
    bar = page.locator(".bulk-actions")
    assert bar.is_hidden()
    page.locator("[data-select-all]").check()
    assert bar.is_visible()
    assert bar.locator("output").inner_text() == "2"
    page.locator("input[name=row]").last.uncheck()
    assert bar.locator("output").inner_text() == "1"
    assert page.locator("tr.is-chosen").count() == 1
    page.locator("[data-select-all]").check()
    page.locator("[data-select-all]").uncheck()
    assert bar.is_hidden()


def test_without_script_the_actions_of_a_table_are_there(browse: Browse) -> None:
    page = browse("/style", java_script_enabled=False)
    assert page.locator(".bulk-actions").is_visible()
    assert page.locator("[data-select-all]").is_hidden()
    assert page.locator("[data-dialog]").first.is_hidden()


def test_keys_are_shown_and_can_be_switched_off(browse: Browse) -> None:
    page = browse("/style", user_agent="remembers what the other tests must not")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.locator("#keys-switch").uncheck()
    page.keyboard.press("Escape")
    assert page.locator("#keys").is_hidden()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") != "TR"
    page.reload()
    page.keyboard.press("?")
    assert not page.locator("#keys-switch").is_checked()


def test_no_key_acts_while_somebody_writes(page: Any) -> None:
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "filter-text"
    page.keyboard.type("j?/x")
    assert page.locator("#filter-text").input_value() == "j?/x"
    assert page.locator("#keys").is_hidden()
    page.locator("#filter-text").fill("")


def test_a_dialog_takes_the_focus_and_gives_it_back(page: Any) -> None:
    opener = page.locator("[data-dialog=specimen-dialog]")
    dialog = page.locator("#specimen-dialog")
    for close in (lambda: page.keyboard.press("Escape"), lambda: dialog.get_by_role("button").last.click()):
        opener.focus()
        page.keyboard.press("Enter")
        assert dialog.is_visible()
        assert dialog.evaluate("dialog => dialog.contains(document.activeElement)")
        close()
        assert dialog.is_hidden()
        assert opener.evaluate("opener => opener === document.activeElement")
    opener.click()
    page.mouse.click(5, 5)
    assert dialog.is_hidden()


def test_a_toast_is_dismissed(page: Any) -> None:
    page.locator(".toast-success [data-close]").click()
    assert page.locator(".toast-success").count() == 0


def test_copying_says_so(browse: Browse) -> None:
    page = browse("/style", permissions=("clipboard-read", "clipboard-write"))
    page.locator("[data-copy-from]").click()
    page.locator(".toasts .toast-success").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "https://example.org/ship/a1b2c3"
    page.locator("[data-copy-from]").click()
    assert page.locator(".toasts .toast-success").count() == 1, "the same thing is not told twice"


def test_a_file_is_named_and_one_too_large_is_told_before_it_is_sent(page: Any, tmp_path: Path) -> None:
    field = page.locator("#specimen_book")
    told = page.locator(".file-drop output").first
    for name, size in (("small", 2), ("at-the-limit", LIMIT_BYTES), ("too-large", LIMIT_BYTES + 1)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    field.set_input_files(tmp_path / "too-large")
    assert told.inner_text() == "This file is too large to be sent."
    assert not field.evaluate("field => field.checkValidity()")
    for name in ("at-the-limit", "small"):
        field.set_input_files(tmp_path / name)
        assert name in told.inner_text()
        assert field.evaluate("field => field.checkValidity()")


DROP = """(target, kind) => {
  const data = new DataTransfer();
  data.items.add(new File(["PK"], "dropped.xlsx"));
  target.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def test_a_file_is_dropped(page: Any) -> None:
    place = page.locator(".file-drop").first
    place.evaluate(DROP, "dragover")
    assert "is-over" in place.get_attribute("class")
    place.evaluate(DROP, "drop")
    assert "is-over" not in place.get_attribute("class")
    assert page.locator("#specimen_book").evaluate("field => field.files[0].name") == "dropped.xlsx"
    assert "dropped.xlsx" in place.locator("output").inner_text()


PASTE = """(kinds) => {
  const data = new DataTransfer();
  data.items.add(new File(["PK"], "pasted.xlsx"));
  if (kinds.includes("text")) data.setData("text/plain", "K-1\\t10");
  document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
  return document.querySelector("#specimen_book").files[0]?.name;
}"""


def test_a_file_is_pasted_but_not_the_picture_that_cells_bring_along(browse: Browse) -> None:
    page = browse("/style")
    assert page.evaluate(PASTE, ["file", "text"]) is None
    assert page.evaluate(PASTE, ["file"]) == "pasted.xlsx"


def test_pasted_rows_are_counted(browse: Browse) -> None:
    page = browse("/style", language="ar")
    page.locator("#specimen_rows").fill("item\tcartons\nK-1\t10\nK-2\t20\n")
    told = page.locator("#specimen_rows ~ output").inner_text()
    assert re.findall(r"\d+", told) == ["3", "2"]


def test_the_menu_closes_by_escape_and_by_a_click_beside_it(page: Any) -> None:
    menu = page.locator("details.menu").first
    menu.locator("summary").click()
    assert menu.get_attribute("open") is not None
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    menu.locator("summary").click()
    page.locator("h1").click()
    assert menu.get_attribute("open") is None


def test_what_htmx_sends_carries_the_token_of_the_page(page: Any) -> None:
    asked = """(verb) => {
      const detail = { verb, headers: {} };
      document.body.dispatchEvent(new CustomEvent("htmx:configRequest", { detail, bubbles: true }));
      return detail.headers["X-CSRFToken"];
    }"""
    assert page.evaluate(asked, "post") == page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    assert page.evaluate(asked, "get") is None


def test_what_htmx_brings_in_is_prepared_like_the_page(page: Any) -> None:
    page.evaluate(
        """() => {
          document.querySelector("main").insertAdjacentHTML("beforeend", `<form id="brought"><table><tbody><tr><td>
            <input type="checkbox" name="row"></td></tr></tbody></table><div class="bulk-actions"></div></form>`);
          const brought = document.querySelector("#brought");
          brought.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
        }"""
    )
    assert page.locator("#brought .bulk-actions").is_hidden()
    page.locator("#brought input").check()
    assert page.locator("#brought .bulk-actions").is_visible()
    page.evaluate("document.querySelector('#brought').remove()")


def test_a_request_that_fails_is_told_once(page: Any) -> None:
    for _ in range(2):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('htmx:responseError', { bubbles: true }))")
    told = page.locator(".toasts .toast-error")
    assert told.inner_text().strip() == "That did not work. Nothing was lost; please try again."
    told.locator("[data-close]").click()
    assert told.count() == 0


def test_a_lost_network_is_told_as_long_as_it_is_lost(browse: Browse) -> None:
    page = browse("/style", locale="en-GB")
    told = page.locator("#page-offline")
    for is_lost in (True, False):
        page.context.set_offline(is_lost)
        told.wait_for(state="visible" if is_lost else "hidden")


def test_typed_text_is_not_left_by_accident(browse: Browse) -> None:
    page = browse("/style")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.evaluate("document.querySelector('#fields ~ form').dataset.guard = ''")
    page.reload()
    assert asked == [], "nothing was typed"
    page.evaluate("document.querySelector('#fields ~ form').dataset.guard = ''")
    page.locator("#specimen_name").fill("Li")
    page.reload()
    assert asked == ["beforeunload"]


def test_paper_shows_no_chrome(browse: Browse) -> None:
    page = browse("/style")
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in (".site-header", ".site-footer", ".button", ".filters", ".bulk-actions"):
        assert page.locator(hidden).first.is_hidden(), hidden
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
