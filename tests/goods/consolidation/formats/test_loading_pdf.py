"""The crew's plan: every carton in one step, every key on the cover, no name that breaks the paper."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from sundry.goods.consolidation.formats.loading_blocks import keys_of, steps_in_blocks
from sundry.goods.consolidation.formats.loading_pdf import write_loading_pdf
from sundry.goods.consolidation.formats.loading_steps import STEPS_MAX
from sundry.goods.consolidation.rules import LoadedContainer, Placement
from sundry.goods.orders.rules import Line

INSIDE_MM = (12032, 2352, 2698)
CARTON_MM = (400, 300, 250)


def line(**changes: Any) -> Line:
    plain = Line(
        sheet="订单",
        row=2,
        stall="A1-1001",
        item="K1",
        name="杯",
        cartons=10,
        pieces_per_carton=36,
        pieces=360,
        unit="piece",
        unit_price="2.5",
        unit_price_minor=250,
        price_per="piece",
        value_minor=90000,
        currency="CNY",
        gross_g=120_000,
        net_g=110_000,
        carton_mm=CARTON_MM,
        carton_mm_from="stated",
        carton_volume_mm3=30_000_000,
        carton_volume_from="LxWxH",
        hs=None,
    )
    return replace(plain, **changes)


def container(placements: Sequence[Placement], **changes: Any) -> LoadedContainer:
    plain = LoadedContainer(
        type="40HC",
        inside_mm=INSIDE_MM,
        door_mm=(2340, 2585),
        payload_g=26_500_000,
        usual_volume_mm3=68 * 10**9,
        price_minor=100,
        price_currency="USD",
        placements=tuple(placements),
        gross_g=12_345_600,
        known_gross_g=12_345_600,
        volume_mm3=sum(p.dx * p.dy * p.dz for p in placements),
    )
    return replace(plain, **changes)


def stacked(count: int, lines: Sequence[int], size: tuple[int, int, int] = CARTON_MM) -> list[Placement]:
    """Walls of equal cartons, each from the floor up, line after line as `lines` says."""
    dx, dy, dz = size
    high, wide = INSIDE_MM[2] // dz, INSIDE_MM[1] // dy
    return [
        Placement(lines[at % len(lines)], at // (high * wide) * dx, at // high % wide * dy, at % high * dz, dx, dy, dz)
        for at in range(count)
    ]


def written(
    path: Path, lines: Sequence[Line], containers: Sequence[LoadedContainer], language: str = "en"
) -> list[str]:
    """The text of each page, without the breaks that let a long word wrap."""
    write_loading_pdf(path, lines=lines, containers=containers, title="orders.xlsx", language=language)
    return [" ".join(page.extract_text().replace("\u200b", "").split()) for page in PdfReader(path).pages]


def test_the_pages_say_what_the_steps_hold_in_keys_of_the_cover(tmp_path: Path) -> None:
    lines = [line(item=f"K{number}", name=f"cup{number}") for number in range(20)]
    placements = stacked(300, [n for n in range(20) for _ in range(9)])
    pages = written(tmp_path / "loading.pdf", lines, [container(placements)])
    steps = steps_in_blocks(placements)
    keys = keys_of(placements)
    assert len(pages) == 1 + len(steps)
    for line_index, key in keys.items():
        assert re.search(rf"\b{key} K{line_index} cup{line_index} ", pages[0])
    for number, (step, page) in enumerate(zip(steps, pages[1:], strict=True), start=1):
        assert f"Step {number} of {len(steps)}" in page
        assert f"{sum(block.cartons for block in step)} cartons now" in page
        # Table rows begin with the key before the item.
        rows = set(re.findall(r"\b([A-Z]\d) K(\d+) · ", page))
        assert rows == {(keys[block.line], str(block.line)) for block in step}
    assert "300 of 300 stand after it" in pages[-1]


def test_every_page_says_where_it_belongs(tmp_path: Path) -> None:
    load = container(stacked(60, [0]))
    pages = written(tmp_path / "loading.pdf", [line()], [load, load], "zh")
    half = len(pages) // 2
    for number, page in enumerate(pages):
        assert re.search(rf"{number % half + 1}\s*/\s*{half}\b", page), "each container is a sheaf of its own"
    assert all("第 1 柜，共 2 柜" in page and "Container 1 of 2" in page for page in pages[:half])
    assert all("第 2 柜，共 2 柜" in page and "Container 2 of 2" in page for page in pages[half:])
    assert "第 1 步，共 2 步" in pages[1]


def test_the_cover_tells_unknown_weights_assumed_sizes_and_a_split_line(tmp_path: Path) -> None:
    lines = [line(carton_mm_from="default_box", gross_g=None), line(item="K2", this_side_up=True, cartons=2)]
    placements = [*stacked(7, [0]), Placement(1, 2000, 0, 0, 405, 300, 250), Placement(1, 2000, 300, 0, 405, 300, 250)]
    cover, step = written(
        tmp_path / "loading.pdf", lines, [container(placements, gross_g=None, known_gross_g=24_500_500)]
    )
    assert "over 24,500.5 (payload 26,500)" in cover
    assert "Weigh the container before it leaves" in cover
    assert "A crew usually gets 68.0 m³ into a 40HC; this plan has 0.3 m³." in cover
    assert "7 of 10" in cover
    assert "≈ 40×30×25" in cover
    assert cover.count("↑") == 3, "in how to read it, in both languages, and at the line"
    assert "40.5×30×25" in step
    assert "200 – 240.5" in step
    assert step.count("this side up") == 1


def test_a_container_of_which_no_weight_is_known_does_not_weigh_nothing(tmp_path: Path) -> None:
    (cover, *_) = written(
        tmp_path / "loading.pdf", [line()], [container(stacked(3, [0]), gross_g=None, known_gross_g=0)]
    )
    assert "not known (payload 26,500)" in cover


def test_more_than_a_crew_usually_loads_is_said(tmp_path: Path) -> None:
    load = container(stacked(10, [0]), volume_mm3=68 * 10**9 + 10**8)
    (cover, *_) = written(tmp_path / "loading.pdf", [line()], [load])
    assert "This plan has 68.1 m³, but a crew usually gets 68.0 m³" in cover


@pytest.mark.parametrize(("language", "words"), [("zh", "没有装柜"), ("en", "No container is loaded")])
def test_an_empty_shipment_is_one_page_that_says_so(tmp_path: Path, language: str, words: str) -> None:
    (page,) = written(tmp_path / "loading.pdf", [], [], language)
    assert page.startswith(words)


def test_an_empty_container_has_a_cover_only(tmp_path: Path) -> None:
    (page,) = written(tmp_path / "loading.pdf", [], [container([])])
    assert "Container 1 of 1" in page


STRANGE = [
    "#panic()",
    "$x_1$",
    "*b* _i_",
    "[link](a)",
    "@ref <label>",
    "\\u{41}",
    "//no",
    "= head",
    "a\nb\tc\x00d",
    "زهرية زجاج",
    "`raw`",
    "🧸",
    "ไทย",
    '"q"',
]


def test_strange_names_are_only_text(tmp_path: Path) -> None:
    lines = [line(item=name, name=name, stall=name, names={"en": name}) for name in STRANGE]
    path = tmp_path / "loading.pdf"
    write_loading_pdf(
        path, lines=lines, containers=[container(stacked(14, range(14)))], title="#panic() $", language="en"
    )
    reader = PdfReader(path)
    text = "\n".join(page.extract_text() for page in reader.pages)
    for name in ("#panic()", "$x_1$", "*b* _i_", "[link](a)", "@ref <label>", "\\u{41}", "//no", "= head", "a b cd"):
        assert text.count(name) >= 4, name  # item and stall on the cover and in the step
    assert reader.metadata is not None
    assert reader.metadata.title == "Loading plan #panic() $"


def test_endless_names_do_not_fill_pages(tmp_path: Path) -> None:
    lines = [line(item="X" * 5000, name="很长的名字" * 1000, stall="W" * 5000)]
    pages = written(tmp_path / "loading.pdf", lines, [container(stacked(30, [0]))])
    assert len(pages) == 2
    assert "…" in pages[1]


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.pdf", "two.pdf"):
        written(tmp_path / name, [line(), line()], [container(stacked(100, [0, 1]))])
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_two_thousand_cartons_stay_few_pages_and_a_small_file(tmp_path: Path) -> None:
    chance = random.Random(3)
    order = sorted(chance.randrange(120) for _ in range(997))
    lines = [line(item=f"K{number}") for number in range(120)]
    pages = written(tmp_path / "loading.pdf", lines, [container(stacked(1000, order)) for _ in range(2)])
    assert len(pages) <= 2 * (STEPS_MAX + 5)
    assert (tmp_path / "loading.pdf").stat().st_size < 6_000_000


@pytest.mark.parametrize("inside_mm", [(5896, 2350, 2393), (13556, 2352, 2698)])
def test_a_step_of_any_type_is_one_page(tmp_path: Path, inside_mm: tuple[int, int, int]) -> None:
    lines = [line(item=f"K{number}", carton_mm=(300, 300, 200)) for number in range(14)]
    placements = [Placement(at % 14, 0, at // 7 * 300, at % 7 * 200, 300, 300, 200) for at in range(28)]
    pages = written(tmp_path / "loading.pdf", lines, [container(placements, inside_mm=inside_mm)])
    assert len(pages) == 1 + len(steps_in_blocks(placements))
