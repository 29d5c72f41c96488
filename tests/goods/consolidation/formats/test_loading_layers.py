"""The drawing of a container: one file that stands alone, every carton of it, to scale, in letters that are texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from sundry.goods.consolidation.formats.loading_blocks import steps_in_blocks
from sundry.goods.consolidation.formats.loading_layers import layers_svg, write_loading_layers
from sundry.goods.consolidation.rules import LoadedContainer, Placement
from sundry.goods.orders.rules import Line

SVG = "{http://www.w3.org/2000/svg}"
STRANGE = "</text><script>alert(1)</script> & \x00\ufffe\ud800 زهرية ]]> \u202e"

Lines = Sequence[Line]
Containers = Sequence[LoadedContainer]


def svg_of(lines: Lines, container: LoadedContainer, *, title: str = "orders.xlsx", language: str = "en") -> str:
    return layers_svg(lines, container, place=(2, 3), title=title, language=language)


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.fixture(scope="module")
def wall(make_container: Callable[..., LoadedContainer]) -> LoadedContainer:
    """Four walls of 4 x 4 cubes of 0.5 m, the last of another line."""
    places = [(x, y, z) for x in range(0, 2000, 500) for y in range(0, 2000, 500) for z in range(0, 2000, 500)]
    placements = tuple(Placement(int(x == 1500), x, y, z, 500, 500, 500) for x, y, z in places)
    return replace(make_container([(0, 1)]), placements=placements, volume_mm3=125_000_000 * len(placements))


def test_each_layer_tells_its_cartons_and_where_they_stand(three_lines: Lines, wall: LoadedContainer) -> None:
    found = texts(svg_of(three_lines, wall))
    steps = steps_in_blocks(wall.placements)
    assert len(steps) == 4
    assert [text for text in found if text.startswith("Step ")] == [
        f"Step {number} of 4 第 {number} 步，共 4 步" for number in range(1, 5)
    ]
    assert [text for text in found if " – " in text] == ["0 – 50", "50 – 100", "100 – 150", "150 – 200"]
    # From the door 16 a wall, from above 4 of four cartons each.
    assert found.count("↑A1") == 3 * 16
    assert found.count("A1 ×4") == 3 * 4
    assert found.count("↑A2") == 16
    assert found.count("A2 ×4") == 4
    assert found.count("×16") == 4
    assert any(text.startswith("16 cartons now") and "64 of 64 stand after it" in text for text in found)
    assert found.count("50×50×50 ↑") == 4
    assert any("K2 · A1-K2 · 保温杯" in text for text in found)
    for name in ("front wall", "door", "left", "right"):
        assert sum(text.startswith(name) for text in found) >= 4, name


def test_it_is_to_scale(three_lines: Lines, wall: LoadedContainer) -> None:
    """1:20: the door view of a 20GP is 117.5 x 119.5 mm, a carton of it 25 x 25."""
    svg = svg_of(three_lines, wall)
    assert svg.count("M0 0h117.5v119.5h-117.5z") == 4
    assert svg.count("h100v100h-100z") >= 4
    assert "1:20" in svg
    root = ElementTree.fromstring(svg)
    _, _, width, height = root.attrib["viewBox"].split()
    assert (root.attrib["width"], root.attrib["height"]) == (f"{width}mm", f"{height}mm")


@pytest.mark.parametrize(("language", "first"), [("en", "Loading by layers 分层"), ("zh", "分层装柜图 Loading")])
def test_both_languages_stand_in_it_and_hers_first(
    language: str, first: str, three_lines: Lines, wall: LoadedContainer
) -> None:
    svg = svg_of(three_lines, wall, language=language)
    assert texts(svg)[0].startswith(first)
    assert ElementTree.fromstring(svg).attrib["lang"] == language


def test_strange_names_are_only_text(make_line: Callable[..., Line], wall: LoadedContainer, tmp_path: Path) -> None:
    path = tmp_path / "layers-01.svg"
    lines = [make_line(STRANGE), make_line("K2", name=STRANGE)]
    write_loading_layers(path, lines=lines, container=wall, place=(1, 1), title=STRANGE, language="en")
    svg = path.read_text("utf-8")
    root = ElementTree.fromstring(svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        *("svg", "title", "defs", "pattern", "path", "g", "text", "tspan"),
    }
    assert not re.search(r"\b(href|on\w+|style)=|<script|url\((?!#hatch)", svg)
    assert path.read_text("utf-8") == layers_svg(lines, wall, place=(1, 1), title=STRANGE, language="en")


def test_a_name_in_arabic_turns_round_nothing_beside_it(make_line: Callable[..., Line], wall: LoadedContainer) -> None:
    """Three parts of two scripts stay in their order, each between isolates; where none is needed there is none."""
    lines = [make_line("K1", stall="محل 7", name="زهرية"), make_line("K2", name="vase")]
    found = texts(svg_of(lines, wall, title="طلبات 2026.xlsx"))
    assert "K1 · \u2068محل 7\u2069 · \u2068زهرية\u2069" in found
    assert "\u2068طلبات 2026.xlsx\u2069" in found
    assert "K2 · A1-K2 · vase" in found


def test_an_empty_container_is_a_head_alone(three_lines: Lines, wall: LoadedContainer) -> None:
    found = texts(svg_of(three_lines, replace(wall, placements=())))
    assert len(found) == 5
    assert "Container 2 of 3" in found[2]


def test_a_mixed_load_keeps_to_its_boxes_in_a_browser(
    make_line: Callable[..., Line], wall: LoadedContainer, tmp_path: Path, browse: Callable[..., Any]
) -> None:
    """Opened alone: no letter leaves the sheet, no two keys lie over one another, nothing is asked of anybody."""
    lines = [make_line(f"K{number}" * 9, name="保温杯" * 20, stall="W" * 40) for number in range(40)]
    placements, x = [], 0
    for row in range(8):
        for column in range(6):
            for level in range(8):
                number = (row * 48 + column * 8 + level) * 7 % 40
                placements.append(Placement(number, x, 390 * column, 280 * level, 300 + 40 * row, 380, 270 - level))
        x += 300 + 40 * row
    path = tmp_path / "layers-01.svg"
    write_loading_layers(
        path,
        lines=lines,
        container=replace(wall, placements=tuple(placements)),
        place=(1, 1),
        title="W" * 500,
        language="en",
    )
    page = browse(path.as_uri(), size="desk")
    found = page.evaluate(
        """() => {
          const svg = document.documentElement;
          const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
          const unit = svg.getBoundingClientRect().width / width;
          const boxes = [...svg.querySelectorAll("text")]
            .map((text) => [text.getBoundingClientRect(), text.textContent]);
          const keys = boxes.filter(([, text]) => /^[↑→]?[A-Z]+\\d( ×\\d+)?$/.test(text)).map(([box]) => box);
          const meets = (a, b) => a.left < b.right && b.left < a.right &&
            a.top + a.height * .3 < b.bottom - b.height * .3 && b.top + b.height * .3 < a.bottom - a.height * .3;
          return {
            keys: keys.length,
            over: boxes.filter(([box]) => box.right > (width + .5) * unit || box.left < 0).map(([, text]) => text),
            meeting: keys.filter((a, k) => keys.slice(k + 1).some((b) => meets(a, b))).length,
          };
        }"""
    )
    assert found["keys"] > 384
    assert found["over"] == []
    assert found["meeting"] == 0
