"""loading.html in a real browser: one file that asks for nothing, and tables without JavaScript."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from sundry.goods.consolidation.formats.loading_html import write_loading_html
from sundry.goods.consolidation.formats.loading_view import TAGS, labels, view_json
from sundry.goods.consolidation.rules import LoadedContainer
from sundry.goods.orders.rules import Line

Lines = Sequence[Line]
Containers = Sequence[LoadedContainer]
Write = Callable[..., Path]
Open = Callable[..., Any]


@pytest.fixture
def write(tmp_path: Path, three_lines: Lines, two_containers: Containers) -> Write:
    def write_page(
        lines: Lines = three_lines,
        containers: Containers = two_containers,
        *,
        language: str = "en",
        title: str = "orders.xlsx",
    ) -> Path:
        path = tmp_path / "loading.html"
        write_loading_html(path, lines=lines, containers=containers, title=title, language=language)
        return path

    return write_page


# The file ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", TAGS)
def test_the_file_holds_the_data_of_its_language(
    language: str, write: Write, three_lines: Lines, two_containers: Containers
) -> None:
    page = write(language=language).read_text("utf-8")
    found = re.search(r'<script type="application/json" id="loading-data">(.*?)</script>', page, re.DOTALL)
    assert found
    assert found[1] == view_json(three_lines, two_containers, language)
    assert json.loads(found[1])["locale"] == f"{TAGS[language]}-u-nu-latn"
    assert f'<html lang="{TAGS[language]}" dir="{"rtl" if language == "ar" else "ltr"}">' in page


def test_only_the_style_and_script_of_the_file_may_run(write: Write) -> None:
    page = write().read_text("utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy"\s+content="(.*?)"', page)
    assert policy
    for kind in ("style", "script"):
        body = re.search(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        assert body
        named = base64.b64encode(hashlib.sha256(body[1].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{named}'" in policy[1]
    assert policy[1].startswith("default-src 'none'; ")


def test_a_name_is_only_text(write: Write, make_line: Callable[..., Line], make_container: Callable[..., Any]) -> None:
    page = write([make_line("K1", stall="</script><img src=x onerror=alert(1)>")], [make_container([(0, 1)])])
    assert "<img" not in page.read_text("utf-8")


# In a browser --------------------------------------------------------------------------------------------------------


def shown(page: Any) -> tuple[int, int]:
    """(cartons that stand, of how many)."""
    done, total = re.findall(r"\d+", page.inner_text(".lv-progress"))
    return int(done), int(total)


def test_the_file_is_the_whole_view(browse: Open, write: Write) -> None:
    page = browse(write().as_uri() + "#1/13", size="phone")
    assert shown(page) == (13, 15)
    page.click(".lv-previous")
    assert shown(page) == (11, 15)
    page.fill(".lv-step", "4")
    page.keyboard.press("ArrowRight")
    assert shown(page) == (8, 15)
    page.fill(".lv-cut", "500")
    assert page.inner_text(".lv-cut-value") == "up to 0.50 m from the front wall"
    page.reload()
    assert shown(page) == (8, 15)


@pytest.mark.parametrize("language", ["zh", "ar"])
def test_nothing_runs_over_the_side(language: str, browse: Open, write: Write, make_line: Callable[..., Line]) -> None:
    word = "averylongwordwithoutablank" * 4
    lines = [make_line(word, stall=word, name=word, mark=word)] * 3
    page = browse(write(lines, language=language, title=word).as_uri(), size="phone")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for _ in range(2):  # with the tables shut, and open
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.click(".loading-tables > summary")


@pytest.mark.parametrize("language", TAGS)
def test_without_javascript_there_are_tables(language: str, browse: Open, write: Write) -> None:
    page = browse(write(language=language).as_uri(), java_script_enabled=False)
    texts = labels(language)
    assert page.inner_text("noscript .lv-note") == texts["no_script"]
    assert page.is_hidden(".lv-body")
    assert page.is_hidden(".lv-wait")
    assert page.locator("table:visible").count() == 4
    assert page.locator("section h3").first.inner_text() == texts["table_heading"].format(number=1, type="20GP")
    comma = "," if language in ("es", "fr", "ru") else "."
    percent = {"es": "5,7%", "fr": "5,7%", "ru": "5,7%"}.get(language, "5.7%")
    totals = {"cartons": 15, "volume": f"1{comma}9", "weight": f"144{comma}0", "fill": percent}
    assert page.locator(".loading-tables p").first.inner_text() == texts["table_totals_partly"].format(**totals)
    tables = page.locator(".loading-tables table").all_inner_texts()
    assert f"A1-K2\tK2\t保温杯\t6\t50×50×50\t12{comma}0" in tables[0]
    assert f"3\t50×50×50\t{texts['weight_unknown']}" in tables[0]
    assert re.search(rf"2\t1{comma}00–2{comma}00\t5\tK3\s×3, K1\s×2", tables[1])
    assert page.evaluate("document.documentElement.scrollWidth") <= 960


def test_a_stall_that_looks_like_markup_is_only_text(
    browse: Open, write: Write, make_line: Callable[..., Line], make_container: Callable[..., Any]
) -> None:
    name = "</script><img src=x onerror=alert(1)>"
    lines = [make_line("<b>K1</b>", stall=name, name=f"'\"&amp;{name}", mark="$script")]
    page = browse(write(lines, [make_container([(0, 2)])], title=f"{name}.xlsx").as_uri())
    assert page.inner_text(".lv-legend li .lv-label") == name
    assert page.inner_text("h1").endswith(f"{name}.xlsx")
    assert "<b>K1</b>" in page.inner_text(".lv-now h2")
    cells = page.locator(".loading-tables table >> nth=0").locator("td")
    assert cells.all_text_contents()[:3] == [name, "<b>K1</b>", f"'\"&amp;{name}"]
    assert page.evaluate("document.images.length") == 0


@pytest.mark.parametrize("language", ["zh", "ar"])
def test_an_empty_shipment_says_what_to_do(language: str, browse: Open, write: Write) -> None:
    page = browse(write([], [], language=language).as_uri(), size="phone")
    assert page.is_visible(f"text={labels(language)['empty']}")
    assert "checked.xlsx" in page.inner_text(".nothing")
    assert page.is_hidden("main")
    assert page.is_hidden(".loading-tables")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_printing_opens_the_tables_on_white(browse: Open, write: Write) -> None:
    page = browse(write().as_uri(), color_scheme="dark")
    assert page.is_hidden(".loading-tables table >> nth=0")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.is_visible(".loading-tables table >> nth=0")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.is_hidden(".lv-views")
    assert page.is_visible(".lv-paper canvas >> nth=2")
