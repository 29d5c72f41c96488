"""The loading view in a real browser: every control, every theme, nothing from the network, and without JavaScript."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from sundry.goods.consolidation.formats.loading_html import layer_starts, write_loading_html
from sundry.goods.consolidation.rules import LoadedContainer, Placement
from sundry.goods.orders.rules import Line
from sundry.goods.shipping.actions import ShipOptions, plan_shipment
from sundry.goods.shipping.rules import Shipment
from sundry.kernel.messages import LANGUAGES, catalogue, render
from sundry.simulation.order_book import write_sample

PREFIX = "loading_view_"
FORMATS = files("sundry.goods.consolidation.formats")
STYLE, SCRIPT, PAGE = ((FORMATS / f"loading_view.{kind}").read_text("utf-8") for kind in ("css", "js", "html"))
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Software drawing, and a browser that does not telephone home.
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
]
SIZES = {
    "desk": {"width": 1280, "height": 800},
    "laptop": {"width": 960, "height": 640},
    "phone": {"width": 390, "height": 844},
}
LOCALES = {"zh": "zh-CN", "en": "en"}
INSIDE_MM = (5890, 2350, 2390)


def line(item: str, **differs: Any) -> Line:
    whole = Line(
        sheet="订单",
        row=2,
        stall=f"A1-{item}",
        item=item,
        name="杯",
        cartons=6,
        pieces_per_carton=36,
        pieces=216,
        unit="piece",
        unit_price="2.5",
        unit_price_minor=250,
        price_per="piece",
        value_minor=54_000,
        currency="CNY",
        gross_g=72_000,
        net_g=66_000,
        carton_mm=(500, 500, 500),
        carton_mm_from="stated",
        carton_volume_mm3=125_000_000,
        carton_volume_from="LxWxH",
        hs="6912001000",
    )
    return replace(whole, **differs)


LINES = [
    line("K1"),
    line("K2", name="保温杯", names={"en": "thermos", "ar": "كوب حراري"}, this_side_up=True, mark="CÑ / 7"),
    line("K3", gross_g=None),
]
# Rows of cubes of 0.5 m, from the left wall: (line, how many). Groups end at 4, 8, 11, 13, 15; metres at 8, 13, 15.
ROWS = [(0, 4), (1, 4), (2, 3), (0, 2), (1, 2)]


def container(rows: Sequence[tuple[int, int]], kind: str = "20GP") -> LoadedContainer:
    placements = tuple(
        Placement(number, 500 * row, 500 * column, 0, 500, 500, 500)
        for row, (number, count) in enumerate(rows)
        for column in range(count)
    )
    return LoadedContainer(
        type=kind,
        inside_mm=INSIDE_MM,
        door_mm=(2340, 2280),
        payload_g=28_200_000,
        usual_volume_mm3=28_000_000_000,
        price_minor=1,
        price_currency="USD",
        placements=placements,
        gross_g=None if any(number == 2 for number, _ in rows) else 12_000 * len(placements),
        known_gross_g=12_000 * sum(count for number, count in rows if number != 2),
        volume_mm3=125_000_000 * len(placements),
    )


CONTAINERS = [container(ROWS), container([(2, 3)], "40HC")]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Shipment:
    book = tmp_path_factory.mktemp("sample") / "sample.xlsx"
    write_sample(book)
    return plan_shipment(book, ShipOptions(day=date(2026, 4, 20), rates=("USDCNY=7.10",), seconds=0.2))


def write(
    folder: Path,
    lines: Sequence[Line] = LINES,
    containers: Sequence[LoadedContainer] = CONTAINERS,
    *,
    language: str = "en",
    title: str = "orders.xlsx",
) -> Path:
    path = folder / "loading.html"
    write_loading_html(path, lines=lines, containers=containers, title=title, language=language)
    return path


# The file ------------------------------------------------------------------------------------------------------------


def test_a_layer_begins_with_the_first_carton_of_a_metre() -> None:
    placements = [Placement(0, x, 0, 0, 300, 300, 300) for x in (0, 400, 1100, 700, 2050)]
    assert layer_starts(placements) == [0, 2, 4]
    assert layer_starts([Placement(0, 3_200, 0, 0, 1, 1, 1)]) == [0]
    assert layer_starts([]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_holds_every_label_of_its_language(language: str, tmp_path: Path) -> None:
    page = write(tmp_path, language=language).read_text("utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    labels = json.loads(found[1])["labels"]
    assert labels == {
        rule.removeprefix(PREFIX): texts[language] for rule, texts in catalogue().items() if rule.startswith(PREFIX)
    }
    assert f'<html lang="{LOCALES[language]}">' in page


def test_every_label_is_used_and_every_label_used_is_there() -> None:
    labels = {rule.removeprefix(PREFIX) for rule in catalogue() if rule.startswith(PREFIX)}
    of_the_writer = {
        "data",
        "script",
        "script_hash",
        "state",
        "style",
        "style_hash",
        "title",
        "containers_html",
        "locale",
    }
    in_page = set(re.findall(r"\$(\w+)", PAGE)) - of_the_writer
    assert in_page <= labels
    assert set(re.findall(r'words\("(\w+)"', SCRIPT)) <= labels
    code = (FORMATS / "loading_html.py").read_text("utf-8")
    named = in_page | set(re.findall(r"[\"'](\w+)[\"']", SCRIPT + code)) | set(re.findall(rf"{PREFIX}(\w+)", code))
    assert not labels - named


def test_a_name_is_only_text(tmp_path: Path) -> None:
    page = write(tmp_path, [line("K1", stall="</script><img src=x onerror=alert(1)>")], [container([(0, 1)])])
    assert "<img" not in page.read_text("utf-8")


# Colours -------------------------------------------------------------------------------------------------------------


def tokens(scheme: str) -> dict[str, str]:
    light, dark = (
        re.search(r":root \{(.*?)\}", STYLE, re.DOTALL),
        re.search(r"not\(\.paper\) \{(.*?)\}", STYLE, re.DOTALL),
    )
    assert light
    assert dark
    read = partial(re.findall, r"--([\w-]+): (#[0-9a-f]{6})")
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
        *(("accent", back, 3.0) for back in ("page", "panel", "ground")),
        ("frame", "ground", 3.0),
        ("mark", "ink", 3.0),
    ],
)
def test_colours_can_be_told_apart(scheme: str, front: str, back: str, least: float) -> None:
    colours = tokens(scheme)
    assert contrast(channels(colours[front]), channels(colours[back])) >= least


# In a browser --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def context() -> Iterator[Any]:
    """context(size=..., ...) is one browsing context for each set of options: a new one takes longer than its page."""
    playwright = pytest.importorskip("playwright.sync_api")
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("no Chromium on this machine: the loading view is not tried")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield cache(lambda **options: started.new_context(viewport=SIZES[options.pop("size")], **options))
        started.close()


Open = Callable[..., Any]
WITHOUT_WEBGL = """
  const whole = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind.startsWith("webgl") ? null : whole.call(this, kind, ...rest);
  };
"""


@pytest.fixture
def view(context: Any, tmp_path: Path) -> Iterator[Open]:
    """view(...) opens the page; whatever it complains of or asks the network for fails the test at its end."""
    pages, wrong = [], []

    def told(message: Any) -> None:
        if message.type in ("error", "warning") and "GPU stall" not in message.text:
            wrong.append(message.text)

    def asked(request: Any) -> None:
        if not request.url.startswith(("file:", "data:")):
            wrong.append(request.url)

    def open_page(
        path: Path | None = None, *, size: str = "laptop", webgl: bool = True, place: str = "", **options: Any
    ) -> Any:
        page = context(size=size, **options).new_page()
        pages.append(page)
        page.on("console", told)
        page.on("request", asked)
        page.on("pageerror", lambda fault: wrong.append(str(fault)))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        if not webgl:
            page.add_init_script(WITHOUT_WEBGL)
        page.goto((path or write(tmp_path)).as_uri() + place)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert not wrong


def shown(page: Any) -> tuple[int, int]:
    """(cartons that stand, of how many)."""
    done, total = re.findall(r"[\d,]+", page.inner_text("#progress"))
    return int(done.replace(",", "")), int(total.replace(",", ""))


def drawn(page: Any) -> None:
    """Wait until the next frame is drawn."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


COLOURS = """(spots) => {
  const canvas = document.getElementById("canvas");
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
    """How many colours stand on the canvas (`count`), and which at some places (`spots`)."""
    drawn(page)
    return dict(page.evaluate(COLOURS, spots))


def spot(page: Any, x_mm: int, y_mm: int) -> tuple[float, float]:
    """Where a place of the floor stands on the canvas as seen from the top: x to the right, the left wall below."""
    box = page.locator("#canvas").bounding_box()
    length, width, _ = INSIDE_MM
    scale = min((box["width"] - 24) / length, (box["height"] - 44) / width)
    return box["width"] / 2 + scale * (x_mm - length / 2), box["height"] / 2 - scale * (y_mm - width / 2)


def point_at(page: Any, x_mm: int, y_mm: int) -> None:
    box = page.locator("#canvas").bounding_box()
    x, y = spot(page, x_mm, y_mm)
    page.mouse.move(box["x"] + x, box["y"] + y)


def test_buttons_slider_and_keys_step_through_the_loading(view: Open) -> None:
    page = view()
    assert shown(page) == (15, 15)
    assert page.is_disabled("#next")
    seen = []
    for _ in range(5):
        page.click("#previous")
        seen.append(shown(page)[0])
    assert seen == [13, 11, 8, 4, 0]
    assert page.is_disabled("#previous")
    assert page.inner_text("#now p") == catalogue()["loading_view_now_none"]["en"]
    page.click("#next")
    assert shown(page) == (4, 15)
    assert page.inner_text("#now h2") == "Bring 4 × K1"
    page.fill("#step", "9")
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
        page.select_option("#stride", stride)
        page.fill("#step", "0")
        seen = []
        for _ in steps:
            page.click("#next")
            seen.append(shown(page)[0])
        assert seen == steps, stride


def test_the_layer_lists_its_groups_and_leads_to_them(view: Open) -> None:
    page = view()
    page.fill("#step", "9")
    assert page.inner_text("#layer h2") == "Metre 2 of 3"
    assert page.inner_text("#layer p") == "1.00–2.00 m from the front wall"
    assert [" ".join(text.split()) for text in page.locator("#layer li").all_inner_texts()] == [
        "3 × K3 杯 A1-K3",
        "2 × K1 杯 A1-K1",
    ]
    page.click("#layer li:nth-child(2) button")
    assert shown(page) == (13, 15)
    assert page.locator("#layer [aria-current]").count() == 1


def test_totals_tell_what_stands_and_what_is_not_known(view: Open) -> None:
    page = view()
    page.fill("#step", "4")
    rows = [row.split("\t") for row in page.inner_text("#totals table").splitlines()]
    assert [[cell.strip() for cell in row] for row in rows[1:]] == [
        ["Cartons", "4", "15", ""],
        ["Gross weight, kg", "48.0", "144.0", "28,200"],
        ["Volume, m³", "0.5", "1.9", "33.1"],
        ["Fill", "1.5 %", "5.7 %", ""],
    ]
    assert page.is_visible("#partly")
    assert "28 m³" in page.inner_text("#usual")
    assert page.inner_text("#summary") == "2 containers · 18 cartons · 2.3 m³ · at least 144.0 kg"


def test_tabs_lead_to_the_other_container(view: Open) -> None:
    page = view()
    page.click("#tabs button:nth-child(2)")
    assert shown(page) == (3, 3)
    assert page.inner_text("#tabs [aria-current]") == "2 · 40HC 3"
    page.keyboard.press("]")
    assert shown(page) == (15, 15)
    page.keyboard.press("[")
    assert shown(page) == (3, 3)


def test_the_address_remembers_the_step(view: Open) -> None:
    page = view(place="#2/9")
    assert shown(page) == (3, 3), "no further than the container has cartons"
    page.keyboard.press("Home")
    page.reload()
    assert shown(page) == (0, 3)


def test_the_pointer_tells_the_carton(view: Open) -> None:
    page = view()
    page.keyboard.press("t")
    point_at(page, 750, 250)
    tip = page.inner_text("#tip")
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
    point_at(page, 1_250, 1_250)
    assert "not known" in page.inner_text("#tip")
    assert "3 of 6" in page.inner_text("#tip")
    point_at(page, 4_000, 1_000)
    assert page.is_hidden("#tip")
    point_at(page, 750, 250)
    page.mouse.down()
    page.mouse.up()
    page.click("#tip button:first-child")
    assert shown(page) == (5, 15)
    assert page.is_hidden("#tip")


def test_the_cut_shows_what_stands_behind(view: Open) -> None:
    page = view()
    page.keyboard.press("t")
    assert page.inner_text("#cut-value") == "no cut"
    before = colours_drawn(page, spot(page, 750, 250))["spots"]
    page.fill("#cut", "500")
    assert page.inner_text("#cut-value") == "0.50 m"
    assert colours_drawn(page, spot(page, 750, 250))["spots"] != before
    point_at(page, 750, 250)
    assert page.is_hidden("#tip")
    point_at(page, 250, 250)
    assert "K1" in page.inner_text("#tip")


def test_views_zoom_and_colours(view: Open) -> None:
    page = view()
    for key, name in (("s", "side"), ("t", "top"), ("d", "door"), ("i", "iso")):
        page.keyboard.press(key)
        assert page.get_attribute("#views [aria-pressed=true]", "data-view") == name
    page.click("#views [data-view=side]")
    assert page.get_attribute("#views [aria-pressed=true]", "data-view") == "side"
    page.keyboard.press("i")
    corner = (4, 300)
    small = colours_drawn(page, corner)
    page.click("#zoom-in")
    page.click("#zoom-in")
    assert colours_drawn(page, corner) != small
    assert page.locator("#legend li").all_inner_texts() == ["A1-K1\n6", "A1-K2\n6", "A1-K3\n3"]
    page.select_option("#colour", "weight")
    assert page.locator("#legend li").all_inner_texts() == ["not known\n3", "up to 15 kg\n12"]
    page.click("#legend li:first-child button")
    assert page.get_attribute("#legend li:first-child button", "aria-pressed") == "true"
    page.keyboard.press("c")
    assert page.input_value("#colour") == "stall"


def test_the_help_takes_the_keys(view: Open) -> None:
    page = view()
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    page.keyboard.press("Home")
    assert shown(page) == (15, 15)
    page.keyboard.press("?")
    assert page.is_hidden("#keys")


def test_both_painters_draw_the_same_cartons(view: Open) -> None:
    found = []
    for webgl in (True, False):
        page = view(webgl=webgl, color_scheme="dark")
        assert page.get_attribute("#canvas", "data-painter") == ("webgl" if webgl else "canvas")
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
    page = view(webgl=False, size="phone")
    page.click("#previous")
    assert shown(page) == (13, 15)
    page.click("#views [data-view=top]")
    point_at(page, 250, 250)
    assert "K1" in page.inner_text("#tip")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_runs_over_the_side(language: str, view: Open, sample: Shipment, tmp_path: Path) -> None:
    word = "averylongwordwithoutablank" * 4
    lines = [replace(line, stall=word, item=word, name=word, mark=word) for line in sample.lines]
    path = write(tmp_path, lines, sample.containers, language=language, title=word)
    page = view(path, size="phone")
    assert shown(page)[0] == len(sample.containers[0].placements)
    for name in ("phone", "desk"):
        size = SIZES[name]
        page.set_viewport_size(size)
        for _ in range(2):  # with the tables shut, and open
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            page.click("#tables > summary")
        for button in ("#previous", "#next", "#views button:first-child", "#zoom-in"):
            box = page.locator(button).bounding_box()
            assert min(box["width"], box["height"]) >= 44


CONTRASTS = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility()) continue;
    let [opacity, back] = [1, null];
    for (let at = element; at && !back; at = at.parentElement) {
      opacity *= Number(getComputedStyle(at).opacity);
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) back = colour.slice(0, 3);
    }
    const front = parse(getComputedStyle(element).color).slice(0, 3);
    found.push([element.outerHTML.slice(0, 80), front.map((c, k) => opacity * c + (1 - opacity) * back[k]), back]);
  }
  return found;
}"""


def test_every_text_on_the_page_can_be_read(view: Open) -> None:
    page = view(color_scheme="light")
    page.fill("#step", "9")
    page.keyboard.press("t")
    point_at(page, 750, 250)
    page.locator("#tables").evaluate("(tables) => (tables.open = true)")
    grounds = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate(CONTRASTS)
        assert len(found) > 100
        assert not [(what, front, back) for what, front, back in found if contrast(front, back) < 4.5]
        grounds += colours_drawn(page, spot(page, 5_250, 250))["spots"]
    assert grounds == [channels(tokens(scheme)["ground"]) for scheme in ("light", "dark")], "the picture changes too"


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_javascript_there_are_tables(language: str, view: Open, tmp_path: Path) -> None:
    page = view(write(tmp_path, language=language), java_script_enabled=False)
    assert page.is_visible("noscript .note")
    assert page.inner_text("noscript .note") == catalogue()["loading_view_no_script"][language]
    assert page.is_hidden("#viewer")
    assert page.locator("table:visible").count() == 4
    assert page.locator("h3").first.inner_text() == render(
        "loading_view_table_heading", language, {"number": 1, "type": "20GP"}
    )
    weight = render("loading_view_weight_partly", language, {"weight": "144.0"})
    totals = {"cartons": 15, "volume": "1.9", "weight": weight, "fill": "5.7"}
    assert page.locator("#tables p").first.inner_text() == render("loading_view_table_totals", language, totals)
    texts = page.locator("#tables table").all_inner_texts()
    assert "A1-K2\tK2\t保温杯\t6\t50×50×50\t12.0" in texts[0]
    assert f"3\t50×50×50\t{catalogue()['loading_view_weight_unknown'][language]}" in texts[0]
    assert re.search(r"2\t1\.00–2\.00\t5\tK3\s×3, K1\s×2", texts[1])


def test_the_page_is_chinese(view: Open, tmp_path: Path) -> None:
    page = view(write(tmp_path, language="zh"))
    assert page.inner_text("#progress") == "已装 15 / 15 箱"
    words = page.inner_text("#viewer")
    assert "搬 2 箱 K2" in words
    assert not re.search(r"\b(cartons?|metre|wall|door|step|weight|unknown)\b", words)


def test_a_stall_that_looks_like_markup_is_only_text(view: Open, tmp_path: Path) -> None:
    name = "</script><img src=x onerror=alert(1)>"
    lines = [line("<b>K1</b>", stall=name, name=f"'\"&amp;{name}", mark="$script")]
    page = view(write(tmp_path, lines, [container([(0, 2)])], title=f"{name}.xlsx"))
    assert page.inner_text("#legend li .label") == name
    assert page.inner_text("h1").endswith(f"{name}.xlsx")
    assert "<b>K1</b>" in page.inner_text("#now h2")
    page.click("#tables > summary")
    assert f"{name}\t<b>K1</b>\t'\"&amp;{name}" in page.inner_text("#tables table >> nth=0")
    assert page.evaluate("document.images.length") == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_shipment_says_what_to_do(language: str, view: Open, tmp_path: Path) -> None:
    page = view(write(tmp_path, [], [], language=language), size="phone")
    assert page.is_visible(f"text={catalogue()['loading_view_empty'][language]}")
    assert "checked.xlsx" in page.inner_text(".nothing")
    assert page.is_hidden("#viewer")
    assert page.is_hidden("#tables")
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"]["width"]


def test_printing_opens_the_tables_on_white(view: Open) -> None:
    page = view(color_scheme="dark")
    assert page.is_hidden("#tables table >> nth=0")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.is_visible("#tables table >> nth=0")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.is_hidden("#views")
