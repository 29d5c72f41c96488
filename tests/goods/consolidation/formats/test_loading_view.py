"""The loading view in a page of strict rules: every control, theme and language, and nothing that it forbids."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from itertools import accumulate, pairwise
from string import Formatter
from threading import Thread
from typing import Any

import pytest
from pypdf import PdfReader

from sundry.goods.consolidation.formats.loading_view import (
    TAGS,
    Group,
    LayerRow,
    layer_rows,
    layer_starts,
    line_rows,
    view_data,
    view_json,
    view_markup,
)
from sundry.goods.consolidation.rules import LoadedContainer, Placement
from sundry.goods.orders.rules import Line
from sundry.kernel.messages import LANGUAGES, catalogue

PREFIX = "loading_view_"
TEXTS = {rule.removeprefix(PREFIX): texts for rule, texts in catalogue().items() if rule.startswith(PREFIX)}
MODULE = files("sundry.goods.consolidation")
STYLE, SCRIPT = ((MODULE / "static" / f"loading_view.{kind}").read_text("utf-8") for kind in ("css", "js"))
INSIDE_MM = (5890, 2350, 2390)

Lines = Sequence[Line]
Containers = Sequence[LoadedContainer]


# The figures ---------------------------------------------------------------------------------------------------------


def test_a_layer_begins_with_the_first_carton_of_a_metre() -> None:
    placements = [Placement(0, x, 0, 0, 300, 300, 300) for x in (0, 400, 1100, 700, 2050)]
    assert layer_starts(placements) == [0, 2, 4]
    assert layer_starts([Placement(0, 3_200, 0, 0, 1, 1, 1)]) == [0]
    assert layer_starts([]) == []


def test_the_rows_of_a_container_tell_all_its_cartons(three_lines: Lines, two_containers: Containers) -> None:
    first = two_containers[0]
    assert [(row.line, row.item, row.cartons, row.carton_g) for row in line_rows(three_lines, first)] == [
        (0, "K1", 6, 12_000),
        (1, "K2", 6, 12_000),
        (2, "K3", 3, None),
    ]
    assert layer_rows(first) == [
        LayerRow(1, 0, 1000, 8, (Group(0, 4), Group(1, 4))),
        LayerRow(2, 1000, 2000, 5, (Group(2, 3), Group(0, 2))),
        LayerRow(3, 2000, 2500, 2, (Group(1, 2),)),
    ]


def test_the_data_hold_every_carton_where_it_stands(three_lines: Lines, make_container: Callable[..., Any]) -> None:
    """Lines that are not loaded are not told, so those that are get new numbers."""
    data = view_data(three_lines, [make_container([(2, 2), (1, 1)])], "ar")
    assert [line["item"] for line in data["lines"]] == ["K2", "K3"]
    assert data["lines"][0] == {
        "stall": "A1-K2",
        "item": "K2",
        "name": "保温杯",
        "translated": "كوب حراري",
        "mark": "CÑ / 7",
        "cartons": 6,
        "gross": 72_000,
        "up": True,
    }
    (given,) = data["containers"]
    assert given["shapes"] == [(1, 500, 500, 500), (0, 500, 500, 500)]
    cartons = list(zip(*map(accumulate, given["columns"]), strict=True))
    assert cartons == [(0, 0, 0, 0), (0, 0, 500, 0), (1, 500, 0, 0)]
    assert view_data([], [], "en")["containers"] == []


def test_a_large_job_is_a_small_answer(make_line: Callable[..., Line], make_container: Callable[..., Any]) -> None:
    """1,000 lines, 5,000 cartons: about 6 bytes a carton, and 60 a line, as they cross the network."""
    lines = [make_line(f"K-{number}", stall=f"A{number % 90}") for number in range(1000)]
    container = make_container([(number, 5) for number in range(1000)])
    answer = view_json(lines, [container], "en").encode()
    assert len(gzip.compress(answer)) < 100_000
    assert len(answer) < 300_000


def test_style_and_script_stay_light() -> None:
    assert len(gzip.compress((STYLE + SCRIPT).encode())) < 24_000


# The texts -----------------------------------------------------------------------------------------------------------


def blanks(template: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(template) if name is not None)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_text_stands_in_six_languages_with_the_same_blanks(name: str) -> None:
    texts = TEXTS[name]
    assert sorted(texts) == sorted(TAGS)
    for language, text in texts.items():
        assert text.strip() == text != "", language
        assert blanks(text) == blanks(texts["en"]), language
    words = re.search(r"[A-Za-z]{3}", re.sub(r"\{.*?\}", "", texts["en"]))
    for language, letters in (("zh", "[\u4e00-\u9fff]"), ("ar", "[\u0600-\u06ff]"), ("ru", "[\u0400-\u04ff]")):
        assert not words or re.search(letters, texts[language]), language


def test_the_view_speaks_every_language_of_the_house() -> None:
    assert set(LANGUAGES) <= set(TAGS)


def test_every_text_is_used_and_the_script_is_given_those_it_names() -> None:
    given = set(view_data([], [], "en")["labels"])
    written = set(re.findall(r"\"(\w+)\"", SCRIPT))
    assert set(re.findall(r"(?:words|say)\(\"(\w+)\"", SCRIPT)) <= given
    assert not (written & set(TEXTS)) - given
    markup = "".join((MODULE / "formats" / f"loading_{name}.html").read_text("utf-8") for name in ("view", "page"))
    code = (MODULE / "formats" / "loading_html.py").read_text("utf-8")
    named = set(re.findall(r"\$(\w+)", markup)) | written | set(re.findall(r"[\"'](\w+)[\"']", code))
    assert not set(TEXTS) - named


# What a page of strict rules forbids ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", TAGS)
def test_the_markup_needs_no_rule_of_a_page_to_be_loosened(
    language: str, assert_accessible: Callable[[str], None]
) -> None:
    markup = view_markup(language, address='/plans/"x"/loading.json')
    assert not re.search(r"<(style|script)|\s(style|id|on\w+)=|\$", markup)
    assert 'data-json="/plans/&quot;x&quot;/loading.json"' in markup
    assert f'lang="{TAGS[language]}" dir="{"rtl" if language == "ar" else "ltr"}"' in markup
    assert_accessible(markup)


def test_the_script_writes_no_markup_and_runs_no_text() -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|Function\(|\"style\"", SCRIPT)


def test_every_rule_of_the_style_is_about_the_view_alone() -> None:
    rules = re.sub(r"/\*.*?\*/|@media[^{]*\{", "", STYLE, flags=re.DOTALL)
    for selectors in re.findall(r"([^{}]+)\{[^{}]*\}", rules):
        while "(" in selectors:  # what stands in brackets begins no selector
            selectors = re.sub(r"\([^()]*\)", "", selectors)
        assert all(selector.strip().startswith(".loading-view") for selector in selectors.split(",")), selectors


def test_the_style_knows_no_left_and_right_but_of_the_picture() -> None:
    physical = re.findall(r"[^\n]*\b(?:left|right)\b[^\n]*", re.sub(r"/\*.*?\*/", "", STYLE, flags=re.DOTALL))
    assert len(physical) == 3
    assert all("left: 0; top: 0" in line for line in physical)


# Colours -------------------------------------------------------------------------------------------------------------


def tokens(scheme: str) -> dict[str, str]:
    light, dark = (
        re.search(r"\.loading-view \{(.*?)\}", STYLE, re.DOTALL),
        re.search(r"not\(\.lv-on-paper\) \{(.*?)\}", STYLE, re.DOTALL),
    )
    assert light
    assert dark
    read = partial(re.findall, r"--view-([\w-]+): (?:var\(--[\w-]+, )?(#[0-9a-f]{6})")
    return dict(read(light[1])) | (dict(read(dark[1])) if scheme == "dark" else {})


def luminance(colour: Sequence[float]) -> float:
    """Of WCAG 2; channels 0 to 255."""
    parts = [channel / 255 for channel in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Sequence[float], other: Sequence[float]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        *(("text", back, 4.5) for back in ("page", "panel", "ground", "soft")),
        *(("quiet", back, 4.5) for back in ("page", "panel", "soft")),
        ("on-accent", "accent", 4.5),
        ("note", "note-ground", 4.5),
        # Edges of controls, the focus ring, and what is drawn: 3 to 1.
        *(("field", back, 3.0) for back in ("page", "panel")),
        *(("focus", back, 3.0) for back in ("page", "panel", "ground")),
        ("frame", "ground", 3.0),
        ("mark", "rim", 3.0),
    ],
)
def test_colours_can_be_told_apart(scheme: str, front: str, back: str, least: float) -> None:
    colours = tokens(scheme)
    assert contrast(channels(colours[front]), channels(colours[back])) >= least


# In a browser, under the rules of a strict page ----------------------------------------------------------------------

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PAGE = """<!doctype html>
<html lang="{lang}" dir="{direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Load plan</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/site.css">
<link rel="stylesheet" href="/static/consolidation/loading_view.css">
<script src="/static/consolidation/loading_view.js" defer></script></head>
<body><header><input class="search"></header><main>{view}</main>
<details class="loading-tables" open><summary>Tables</summary><p>The tables of the page</p></details></body></html>"""
# As a site's stylesheet may be that was not written for the view.
SITE = """:root { color-scheme: light dark; --accent: hsl(150 60% 25%); --on-accent: white }
body { margin: 0; font-family: sans-serif } button { text-transform: uppercase; margin: 1em; background: red }
table, td { border: 3px solid red } h2 { margin: 3em 0 } label { display: block } p { max-width: 5em }
bdi { white-space: nowrap }"""


class Site:
    """A server on this machine: what `answers` holds for a path, under strict rules."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[str, str]] = {
            "/site.css": ("text/css", SITE),
            "/static/consolidation/loading_view.css": ("text/css", STYLE),
            "/static/consolidation/loading_view.js": ("text/javascript", SCRIPT),
        }
        answers = self.answers

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, text = answers.get(self.path, ("text/plain", "not here"))
                self.send_response(200 if self.path in answers else 404)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Security-Policy", STRICT)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


Open = Callable[..., Any]


@pytest.fixture
def view(browse: Open, site: Site, three_lines: Lines, two_containers: Containers) -> Open:
    """view(...) opens a page with the view in it, which has fetched its data."""

    def open_page(
        lines: Lines = three_lines,
        containers: Containers = two_containers,
        *,
        language: str = "en",
        whole_page: bool = True,
        place: str = "",
        **options: Any,
    ) -> Any:
        markup = view_markup(language, address="/loading.json", whole_page=whole_page)
        direction = "rtl" if language == "ar" else "ltr"
        site.answers["/loading.json"] = ("application/json", view_json(lines, containers, language))
        site.answers["/"] = ("text/html", PAGE.format(lang=TAGS[language], direction=direction, view=markup))
        page = browse(f"{site.url}/{place}", **options)
        page.wait_for_selector(".lv-body", state="visible")
        return page

    return open_page


def shown(page: Any) -> tuple[int, int]:
    """(cartons that stand, of how many)."""
    done, total = re.findall(r"\d+", page.inner_text(".lv-progress"))
    return int(done), int(total)


COLOURS = """async (spots) => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const canvas = document.querySelector(".lv-canvas");
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext("2d");
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  const colour = (x, y) => [...data.subarray(4 * (Math.round(y) * copy.width + Math.round(x))).subarray(0, 3)];
  const all = new Set();
  for (let at = 0; at < data.length; at += 4) all.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
  return { count: all.size, spots: spots.map(([x, y]) => colour(x, y)) };
}"""


def colours_drawn(page: Any, *spots: tuple[float, float]) -> dict[str, Any]:
    """How many colours stand on the canvas after the next frame (`count`), and which at some places (`spots`)."""
    return dict(page.evaluate(COLOURS, spots))


def spot(page: Any, x_mm: int, y_mm: int) -> tuple[float, float]:
    """Where a place of the floor stands on the canvas as seen from the top: x to the right, the left wall below."""
    box = page.locator(".lv-canvas").bounding_box()
    length, width, _ = INSIDE_MM
    scale = min((box["width"] - 24) / length, (box["height"] - 44) / width)
    return box["width"] / 2 + scale * (x_mm - length / 2), box["height"] / 2 - scale * (y_mm - width / 2)


def point_at(page: Any, x_mm: int, y_mm: int) -> None:
    box = page.locator(".lv-canvas").bounding_box()
    x, y = spot(page, x_mm, y_mm)
    page.mouse.move(box["x"] + x, box["y"] + y)


def test_buttons_slider_and_keys_step_through_the_loading(view: Open) -> None:
    page = view()
    assert shown(page) == (15, 15)
    assert page.is_disabled(".lv-next")
    seen = []
    for _ in range(5):
        page.click(".lv-previous")
        seen.append(shown(page)[0])
    assert seen == [13, 11, 8, 4, 0]
    assert page.is_disabled(".lv-previous")
    assert page.inner_text(".lv-now p") == TEXTS["now_none"]["en"]
    page.click(".lv-next")
    assert shown(page) == (4, 15)
    assert page.inner_text(".lv-now h2") == "Bring 4 × K1"
    page.fill(".lv-step", "9")
    assert shown(page) == (9, 15)
    for key, step in [
        ("ArrowRight", 11),
        ("ArrowLeft", 8),
        ("j", 11),
        ("k", 8),
        ("Home", 0),
        ("End", 15),
        ("Shift+ArrowLeft", 13),
        ("Shift+ArrowLeft", 8),
        ("Shift+ArrowRight", 13),
    ]:
        page.keyboard.press(key)
        assert shown(page) == (step, 15), key


def test_a_step_may_be_a_carton_or_a_metre(view: Open) -> None:
    page = view()
    for stride, steps in (("carton", [1, 2, 3]), ("layer", [8, 13, 15]), ("group", [4, 8, 11])):
        page.select_option(".lv-stride", stride)
        page.fill(".lv-step", "0")
        seen = []
        for _ in steps:
            page.click(".lv-next")
            seen.append(shown(page)[0])
        assert seen == steps, stride


def test_the_layer_lists_its_groups_and_leads_to_them(view: Open) -> None:
    page = view()
    page.fill(".lv-step", "9")
    assert page.inner_text(".lv-layer h2") == "Metre 2 of 3"
    assert page.inner_text(".lv-layer p") == "1.00–2.00 m from the front wall"
    rows = [" ".join(text.split()) for text in page.locator(".lv-layer li").all_text_contents()]
    assert rows == ["3 × K3 杯A1-K3", "2 × K1 杯A1-K1"]
    page.click(".lv-layer li:nth-child(2) button")
    assert shown(page) == (13, 15)
    assert page.locator(".lv-layer [aria-current]").count() == 1


def test_totals_tell_what_stands_and_what_is_not_known(view: Open) -> None:
    page = view()
    page.fill(".lv-step", "4")
    rows = [row.split("\t") for row in page.inner_text(".lv-totals table").splitlines()]
    assert [[cell.strip() for cell in row] for row in rows[1:]] == [
        ["Cartons", "4", "15", ""],
        ["Gross weight, kg", "48.0", "144.0", "28,200"],
        ["Volume, m³", "0.5", "1.9", "33.1"],
        ["Fill", "1.5%", "5.7%", ""],
    ]
    assert page.is_visible(".lv-partly")
    assert "28 m³" in page.inner_text(".lv-usual")
    assert page.inner_text(".lv-summary") == "Containers: 2 · Cartons: 18 · 2.3 m³ · at least 144.0 kg"


def test_tabs_lead_to_the_other_container(view: Open) -> None:
    page = view()
    page.click(".lv-tabs button:nth-child(2)")
    assert shown(page) == (3, 3)
    assert page.text_content(".lv-tabs [aria-current]") == "2 · 40HC 3"
    page.keyboard.press("]")
    assert shown(page) == (15, 15)
    page.keyboard.press("[")
    assert shown(page) == (3, 3)


def test_the_address_remembers_the_step(view: Open) -> None:
    page = view(place="#2/9")
    assert shown(page) == (3, 3), "no further than the container has cartons"
    page.keyboard.press("Home")
    page.reload()
    page.wait_for_selector(".lv-body", state="visible")
    assert shown(page) == (0, 3)


def test_an_address_of_the_pages_own_is_left_as_it_is(view: Open) -> None:
    page = view(place="#main")
    assert page.evaluate("location.hash") == "#main"


def test_the_pointer_tells_the_carton(view: Open) -> None:
    page = view()
    page.keyboard.press("t")
    point_at(page, 750, 250)
    tip = page.inner_text(".lv-tip")
    for said in (
        "K2",
        "A1-K2",
        "保温杯 thermos",
        "CÑ / 7",
        "1 of 6",
        "50 deep × 50 wide × 50 high, cm",
        "12.0 kg each",
    ):
        assert said in tip
    assert "0.50 m from the front wall, 0.00 m from the left wall (seen from the door), on the floor" in tip
    assert "This side up" in tip
    assert "carton 5 of 15 of this container, in metre 1" in tip
    assert "Key on paper\nA2" in tip
    point_at(page, 1_250, 1_250)
    assert "not known" in page.inner_text(".lv-tip")
    assert "3 of 6" in page.inner_text(".lv-tip")
    point_at(page, 4_000, 1_000)
    assert page.is_hidden(".lv-tip")
    point_at(page, 750, 250)
    page.mouse.down()
    page.mouse.up()
    page.click(".lv-tip button:first-child")
    assert shown(page) == (5, 15)
    assert page.is_hidden(".lv-tip")


def test_the_cut_shows_what_stands_behind(view: Open) -> None:
    page = view()
    page.keyboard.press("t")
    assert page.inner_text(".lv-cut-value") == "no cut"
    before = colours_drawn(page, spot(page, 750, 250))["spots"]
    page.fill(".lv-cut", "500")
    assert page.inner_text(".lv-cut-value") == "up to 0.50 m from the front wall"
    assert colours_drawn(page, spot(page, 750, 250))["spots"] != before
    point_at(page, 750, 250)
    assert page.is_hidden(".lv-tip")
    point_at(page, 250, 250)
    assert "K1" in page.inner_text(".lv-tip")


def test_the_cut_goes_along_each_axis(view: Open) -> None:
    """Across, what stands to the left goes first, for from there the slanting view and the side look in."""
    page = view()
    page.keyboard.press("t")
    for axis, reach, said, gone, left in (
        ("1", "1600", "up to 1.60 m from the right wall (seen from the door)", (250, 250), (250, 1_250)),
        ("2", "0", "up to 0.00 m above the floor", (250, 1_250), (5_250, 250)),
    ):
        page.select_option(".lv-axis", axis)
        page.fill(".lv-cut", reach)
        assert page.inner_text(".lv-cut-value") == said
        point_at(page, *gone)
        assert page.is_hidden(".lv-tip")
        ground, there = colours_drawn(page, spot(page, *gone), spot(page, *left))["spots"]
        assert (ground == there) == (axis == "2"), "no carton stands at the second spot, or the first alone is gone"
    page.fill(".lv-cut", "2390")
    assert page.inner_text(".lv-cut-value") == "no cut"
    point_at(page, 250, 1_250)
    assert "3 of 6" in page.inner_text(".lv-tip"), "the other cut stays"
    point_at(page, 250, 250)
    assert page.is_hidden(".lv-tip")


def test_the_steps_play_by_themselves(view: Open) -> None:
    page = view()
    page.clock.install()
    page.click(".lv-play")
    assert shown(page) == (0, 15), "from the beginning where all stand"
    assert page.get_attribute(".lv-play", "aria-label") == "Pause"
    assert page.get_attribute(".lv-now", "aria-live") == "off"
    page.clock.run_for(1_700)
    assert shown(page) == (8, 15)
    page.keyboard.press("w")
    page.clock.run_for(1_700)
    assert shown(page) == (8, 15)
    assert page.evaluate("location.hash") == "#1/8"
    page.keyboard.press("w")
    page.clock.run_for(900)
    page.keyboard.press("ArrowLeft")
    page.clock.run_for(1_700)
    assert shown(page) == (8, 15), "who takes a step has taken over"
    page.click(".lv-play")
    page.clock.run_for(9_000)
    assert shown(page) == (15, 15)
    assert page.get_attribute(".lv-play", "aria-label") == "Play the steps"
    assert page.get_attribute(".lv-now", "aria-live") == "polite"


def test_the_steps_play_slowly_for_who_wants_less_movement(view: Open) -> None:
    page = view(reduced_motion="reduce")
    page.clock.install()
    page.click(".lv-play")
    page.clock.run_for(1_000)  # two seconds a step; a busy machine may take most of a second of its own
    assert shown(page) == (0, 15)
    page.clock.run_for(1_100)
    assert shown(page) == (4, 15)


def test_escape_forgets_the_carton_and_stops(view: Open) -> None:
    page = view()
    page.keyboard.press("t")
    for is_picked in (False, True):
        point_at(page, 750, 250)
        if is_picked:
            page.mouse.down()
            page.mouse.up()
        assert page.is_visible(".lv-tip")
        page.keyboard.press("Escape")
        assert page.is_hidden(".lv-tip")
    page.click(".lv-play")
    page.keyboard.press("Escape")
    assert page.get_attribute(".lv-play", "aria-label") == "Play the steps"


def test_the_centre_of_gravity_is_that_of_what_stands(view: Open) -> None:
    """Rows of cubes of 0.5 m and 12 kg: with two rows of four it lies at 500, 1000 and 250 mm of 5890 x 2350."""
    page = view()
    assert page.is_visible(".lv-balance-unknown")
    assert page.is_hidden(".lv-balance-facts")
    assert page.is_hidden(".lv-balance-mark")
    page.fill(".lv-step", "8")
    assert page.is_hidden(".lv-balance-unknown")
    assert page.locator(".lv-balance-facts dd").all_inner_texts() == [
        "2,445 mm (41.5%) towards the front wall",
        "175 mm (7.4%) towards the left wall",
        "250 mm above the floor",
    ]
    page.keyboard.press("t")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    mark, scene = (page.locator(part).bounding_box() for part in (".lv-balance-mark", ".lv-canvas"))
    x, y = spot(page, 500, 1_000)
    assert abs(mark["x"] + mark["width"] / 2 - scene["x"] - x) < 1.5
    assert abs(mark["y"] + mark["height"] / 2 - scene["y"] - y) < 1.5
    page.click(".lv-balance-shown")
    assert page.get_attribute(".lv-balance-shown", "aria-pressed") == "false"
    page.wait_for_selector(".lv-balance-mark", state="hidden")
    page.fill(".lv-step", "0")
    assert page.is_hidden(".lv-balance-unknown")
    assert page.is_hidden(".lv-balance-facts")


def test_weights_have_classes_of_their_own_job(
    view: Open, make_line: Callable[..., Line], make_container: Callable[..., Any]
) -> None:
    """3 to 31 kg in fives; one crate of 900 kg does not make them all one."""
    kilos = [*range(3, 33, 2), *range(3, 33, 2), 900]
    lines = [make_line(f"K{kilo}", gross_g=6_000 * kilo) for kilo in kilos]
    page = view(lines, [make_container([(number, 1) for number in range(len(lines)) if number != 2])])
    page.select_option(".lv-colour", "weight")
    labels = page.locator(".lv-legend .lv-label").all_text_contents()
    assert labels == ["0–5 kg", "5–10 kg", "10–15 kg", "15–20 kg", "20–25 kg", "25–30 kg", "30 kg and more"]
    counts = [int(text) for text in page.locator(".lv-legend .lv-count").all_text_contents()]
    assert sum(counts) == len(lines) - 1
    assert counts[-1] == 3


@pytest.mark.parametrize(("scheme", "direction"), [("light", -1), ("dark", 1)])
def test_weights_go_one_way_in_lightness(scheme: str, direction: int) -> None:
    """So that they stay in order for who sees no hues, and on grey paper; what is heavy stands off from the ground."""
    scale = re.search(rf"{scheme}: \[(.*?)\]", SCRIPT[SCRIPT.index("WEIGHT_COLOURS") :])
    assert scale
    lightness = [luminance(channels(colour)) for colour in re.findall(r"#[0-9a-f]{6}", scale[1])]
    steps = [(other + 0.05) / (one + 0.05) for one, other in pairwise(lightness)]
    assert all(step**direction > 1.15 for step in steps), steps
    assert contrast(channels(re.findall(r"#[0-9a-f]{6}", scale[1])[-1]), channels(tokens(scheme)["ground"])) > 7


def test_colours_by_mark_are_remembered_and_offered_where_there_are_marks(
    view: Open, make_line: Callable[..., Line], two_containers: Containers
) -> None:
    page = view()
    page.select_option(".lv-colour", "mark")
    assert page.locator(".lv-legend li").all_text_contents() == ["(no shipping mark)9", "CÑ / 76"]
    page.reload()
    page.wait_for_selector(".lv-body", state="visible")
    assert page.input_value(".lv-colour") == "mark"
    assert page.locator(".lv-legend li").count() == 2
    bare = view([make_line(f"K{number}") for number in range(3)], two_containers)
    assert bare.input_value(".lv-colour") == "stall"
    options = bare.locator(".lv-colour option")
    assert [option.get_attribute("value") for option in options.all()] == ["stall", "line", "weight"]
    bare.evaluate("localStorage.clear()")


def test_views_zoom_and_colours(view: Open) -> None:
    page = view()
    for key, name in (("s", "side"), ("t", "top"), ("d", "door"), ("i", "iso")):
        page.keyboard.press(key)
        assert page.get_attribute(".lv-views [aria-pressed=true]", "data-view") == name
    page.click(".lv-views [data-view=side]")
    assert page.get_attribute(".lv-views [aria-pressed=true]", "data-view") == "side"
    page.keyboard.press("i")
    corner = (4, 300)
    small = colours_drawn(page, corner)
    page.click(".lv-zoom-in")
    page.click(".lv-zoom-in")
    assert colours_drawn(page, corner) != small
    assert page.locator(".lv-legend li").all_text_contents() == ["A1-K16", "A1-K26", "A1-K33"]
    page.select_option(".lv-colour", "weight")
    assert page.locator(".lv-legend li").all_text_contents() == ["not known3", "12–13 kg12"]
    page.click(".lv-legend li:first-child button")
    assert page.get_attribute(".lv-legend li:first-child button", "aria-pressed") == "true"
    page.keyboard.press("c")
    assert page.input_value(".lv-colour") == "stall"
    page.evaluate("localStorage.clear()")


def test_the_help_takes_the_keys(view: Open) -> None:
    page = view()
    page.keyboard.press("?")
    assert page.is_visible(".lv-keys")
    page.keyboard.press("Home")
    assert shown(page) == (15, 15)
    page.keyboard.press("?")
    assert page.is_hidden(".lv-keys")
    page.click(".lv-help")
    page.click(".lv-close")
    assert page.is_hidden(".lv-keys")


def test_in_a_page_of_more_the_view_waits_for_its_keys(view: Open) -> None:
    """What else the page has keeps its keys, and the wheel moves the page, until somebody works in the view."""
    page = view(whole_page=False)
    page.keyboard.press("Home")
    page.focus(".search")
    page.keyboard.press("k")
    page.mouse.move(300, 300)
    before = colours_drawn(page)["count"]
    page.mouse.wheel(0, -500)
    assert shown(page) == (15, 15)
    assert page.input_value(".search") == "k"
    assert colours_drawn(page)["count"] == before
    page.click(".lv-canvas", position={"x": 20, "y": 20})
    page.keyboard.press("Home")
    assert shown(page) == (0, 15)


def test_who_works_with_keys_never_loses_her_place(view: Open) -> None:
    """Whatever has the focus and goes hands it on within the view, so that the next key is the view's, too."""
    page = view(whole_page=False)
    page.press(".lv-previous", "Home")  # the button is out of use now
    page.keyboard.press("j")
    assert shown(page) == (4, 15)
    page.press(".lv-next", "End")
    page.keyboard.press("k")
    assert shown(page) == (13, 15)
    page.focus(".lv-layer li:nth-child(1) button")
    page.keyboard.press("k")
    page.keyboard.press("k")  # another metre: its list is another
    assert shown(page) == (8, 15)
    assert page.evaluate("document.activeElement.textContent").startswith("4 × K2")
    page.keyboard.press("j")
    assert shown(page) == (11, 15)
    page.focus(".lv-legend button")
    for _ in range(2):
        page.keyboard.press("c")
    assert page.evaluate("!!document.activeElement.closest('.lv-legend')")
    page.keyboard.press("End")
    page.keyboard.press("t")
    point = spot(page, 250, 250)
    page.locator(".lv-canvas").click(position={"x": point[0], "y": point[1]})
    page.focus(".lv-tip .lv-buttons button:last-child")
    page.keyboard.press("Enter")
    assert page.is_hidden(".lv-tip")
    page.keyboard.press("Home")
    assert shown(page) == (0, 15)
    page.evaluate("localStorage.clear()")


def test_a_key_pressed_in_the_view_is_not_the_pages_too(view: Open) -> None:
    page = view()
    page.evaluate("() => { window.heard = []; document.addEventListener('keydown', ({ key }) => heard.push(key)); }")
    page.click(".lv-previous")
    for key in ("j", "e"):
        page.keyboard.press(key)
    assert shown(page) == (15, 15)
    assert page.evaluate("heard") == ["e"]


def test_who_has_turned_the_keys_of_the_page_off_has_those_of_the_view(view: Open) -> None:
    page = view()
    page.evaluate("localStorage.setItem('keys', 'off')")
    page.keyboard.press("k")
    assert shown(page) == (15, 15)
    page.focus(".lv-previous")
    page.keyboard.press("k")
    assert shown(page) == (13, 15)
    page.evaluate("localStorage.clear()")


def test_a_field_of_the_page_keeps_its_keys(view: Open) -> None:
    page = view(whole_page=True)
    page.focus(".search")
    page.keyboard.type("k?")
    assert page.input_value(".search") == "k?"
    assert shown(page) == (15, 15)
    assert page.is_hidden(".lv-keys")


def test_both_painters_draw_the_same_cartons(view: Open) -> None:
    found = []
    for webgl in (True, False):
        page = view(webgl=webgl, color_scheme="dark")
        assert page.get_attribute(".lv-canvas", "data-painter") == ("webgl" if webgl else "canvas")
        assert colours_drawn(page)["count"] > 10
        page.keyboard.press("t")
        spots = [spot(page, 500 * row + 250, 250) for row in range(5)] + [spot(page, 5_250, 250)]
        found.append(colours_drawn(page, *spots)["spots"])
    for one, other in zip(*found, strict=True):
        assert max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 3
    cartons = found[0]
    assert cartons[0] == cartons[3] != cartons[1] == cartons[4], "a stall has one colour"
    assert cartons[5] == channels(tokens("dark")["ground"])


def test_a_phone_without_webgl_can_step_and_point_too(view: Open) -> None:
    page = view(webgl=False, size="phone", has_touch=True)
    page.tap(".lv-previous")
    assert shown(page) == (13, 15)
    page.tap(".lv-views [data-view=top]")
    x, y = spot(page, 250, 250)
    page.tap(".lv-canvas", position={"x": x, "y": y})
    assert "K1" in page.inner_text(".lv-tip")


@pytest.mark.parametrize(
    "language", [tag if tag in ("ar", "ru") else pytest.param(tag, marks=pytest.mark.night) for tag in TAGS]
)
def test_nothing_runs_over_the_side(
    language: str, view: Open, make_line: Callable[..., Line], two_containers: Containers
) -> None:
    word = "averylongwordwithoutablank" * 4
    page = view(
        [make_line(word, stall=word, name=word, mark=word)] * 3, two_containers, language=language, size="phone"
    )
    for step in ("0", "4"):
        page.fill(".lv-step", step)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for button in page.locator("button:visible, select:visible, input:visible:not(.search)").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44, button.inner_text()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_selector(".lv-wide")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_arabic_runs_from_right_to_left_and_its_figures_do_not(view: Open) -> None:
    page = view(language="ar")
    boxes = [page.locator(part).bounding_box()["x"] for part in (".lv-previous", ".lv-next", ".lv-canvas", ".lv-side")]
    assert boxes[0] > boxes[1], "back stands to the right"
    assert boxes[2] > boxes[3], "the picture comes first"
    page.keyboard.press("ArrowRight")
    assert shown(page) == (13, 15), "an arrow to the right leads back"
    page.keyboard.press("ArrowLeft")
    assert shown(page) == (15, 15)
    stands = page.locator(".lv-way bdi")
    assert stands.all_inner_texts() == ["50", "50", "50"]
    assert {stand.get_attribute("dir") for stand in stands.all()} == {"ltr"}
    assert "28,200" in page.inner_text(".lv-totals table"), "digits as on the cartons"
    assert "كوب حراري" in page.inner_text(".lv-now")
    spoken = re.sub(r"K\d|A1-K\d|CÑ / 7|20GP|40HC|[A-Za-z?]$|Shift|Home|End", "", page.inner_text(".lv-body"))
    assert not re.search(r"[A-Za-z]{3}", spoken)


@pytest.mark.parametrize(
    ("language", "weight", "payload"),
    [("fr", "144,0", "28\u202f200"), ("es", "144,0", "28.200"), ("zh", "144.0", "28,200")],
)
def test_figures_are_written_as_the_language_writes_them(language: str, weight: str, payload: str, view: Open) -> None:
    page = view(language=language)
    totals = page.inner_text(".lv-totals table")
    assert weight in totals
    assert payload in totals
    assert not re.search(r"\b(cartons? of|metre|wall|door|step|unknown)\b", page.inner_text(".lv-body"))


def test_the_colours_of_the_page_are_those_of_the_view(view: Open) -> None:
    """The site's accent, in whatever way it is written; its rules for bare elements do not reach in."""
    page = view(color_scheme="light")
    style = "(name) => getComputedStyle(document.querySelector(name))"
    assert page.evaluate(f"({style})('.lv-views [aria-pressed=true]').backgroundColor") == "rgb(26, 102, 64)"
    assert page.evaluate(f"({style})('.lv-views button').margin") == "0px"
    assert page.evaluate(f"({style})('.lv-totals td').borderTopWidth") == "0px"
    assert page.evaluate(f"({style})('.lv-totals h2').marginTop") == "0px"


def test_every_text_of_the_view_can_be_read(view: Open, assert_contrast: Callable[[Any], None]) -> None:
    page = view(color_scheme="light")
    page.fill(".lv-step", "9")
    page.keyboard.press("t")
    point_at(page, 750, 250)
    grounds = []
    assert_contrast(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        grounds += colours_drawn(page, spot(page, 5_250, 250))["spots"]
    assert grounds == [channels(tokens(scheme)["ground"]) for scheme in ("light", "dark")], "the picture changes too"


def test_what_cannot_be_fetched_is_told_and_asked_for_again(
    browse: Open, site: Site, three_lines: Lines, two_containers: Containers
) -> None:
    site.answers["/"] = (
        "text/html",
        PAGE.format(lang="en", direction="ltr", view=view_markup("en", address="/late.json")),
    )
    site.answers.pop("/late.json", None)
    page = browse(f"{site.url}/", expected="404")
    page.wait_for_selector(".lv-failed", state="visible")
    assert page.inner_text(".lv-failed p") == TEXTS["failed"]["en"]
    assert page.is_hidden(".lv-body")
    site.answers["/late.json"] = ("application/json", view_json(three_lines, two_containers, "en"))
    page.click(".lv-again")
    page.wait_for_selector(".lv-body", state="visible")
    assert page.is_hidden(".lv-failed")
    assert shown(page) == (15, 15)


def test_nothing_loaded_is_told(browse: Open, site: Site) -> None:
    site.answers["/none.json"] = ("application/json", view_json([], [], "en"))
    site.answers["/"] = (
        "text/html",
        PAGE.format(lang="en", direction="ltr", view=view_markup("en", address="/none.json")),
    )
    page = browse(f"{site.url}/")
    page.wait_for_selector(".lv-empty", state="visible")
    assert page.inner_text(".lv-empty") == TEXTS["empty"]["en"]
    assert page.is_hidden(".lv-body")


def test_a_view_that_comes_later_begins_and_one_that_has_gone_is_silent(view: Open) -> None:
    page = view()
    page.evaluate(
        """(markup) => {
          document.querySelector("main").innerHTML = markup;
          document.querySelector("main").dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
        }""",
        view_markup("en", address="/loading.json", whole_page=True),
    )
    page.wait_for_selector(".lv-body", state="visible")
    page.keyboard.press("ArrowLeft")
    assert shown(page) == (13, 15)
    assert page.evaluate("location.hash") == "#1/13"


def test_on_paper_every_metre_has_its_picture(view: Open) -> None:
    page = view(color_scheme="dark")
    assert not page.evaluate("document.querySelector('.loading-tables').open")
    page.fill(".lv-step", "4")
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    text = " ".join(" ".join(leaf.extract_text() for leaf in paper.pages).split())
    for said in ("Metre 1 of 3", "Metre 3 of 3", "3 × K3", "The tables of the page", "at least 144.0 kg"):
        assert said in text
    assert "Colour by" not in text
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    pictures = page.evaluate("[...document.querySelectorAll('.lv-paper canvas')].map((canvas) => canvas.toDataURL())")
    assert len(set(pictures)) == 3
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.loading-view')).getPropertyValue('--view-ground')")
        == "#f8fafc"
    )
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".lv-paper canvas").count() == 0
    page.evaluate("document.querySelector('.loading-tables').open = false")
    page.evaluate("() => { window.print = () => dispatchEvent(new Event('beforeprint')); }")
    page.click(".lv-print")
    assert page.locator(".lv-paper canvas").count() == 3
    assert not page.evaluate("document.querySelector('.loading-tables').open"), "only the metres"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.keyboard.press("t")
    assert colours_drawn(page, spot(page, 5_250, 250))["spots"] == [channels(tokens("dark")["ground"])]
    assert shown(page) == (4, 15)
