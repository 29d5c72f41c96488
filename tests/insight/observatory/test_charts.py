"""Pictures of figures: everything inside, bands for what is approximate, hatches for what we derived, mirrored."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import lxml.etree
import pytest

from sundry.insight.observatory import charts
from sundry.insight.observatory.charts import Between, Bullet, Mark, Step

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = [str(month) for month in range(1, 13)]
NAMES = {"key": "c", "title": "Exports", "description": "Four places"}


def drawn(svg: str) -> Any:
    """The picture as a tree; an error where it is not well-formed."""
    return lxml.etree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode())


def of_class(svg: str, name: str) -> list[dict[str, str]]:
    return [dict(one.attrib) for one in drawn(svg).iter() if name in one.get("class", "").split()]


def mark(label: str, value: str | None, **options: Any) -> Mark:
    for end in ("low", "high"):
        if end in options and options[end] is not None:
            options[end] = Decimal(options[end])
    return Mark(label, value or "?", None if value is None else Decimal(value), **options)


GROWTH = [
    mark("Town", "9.4", is_own=True),
    mark("Prefecture", "8.3", low="8.2", high="8.4", is_approximate=True, is_derived=True),
    mark("Province", "7.6"),
    mark("Country", "-1.9"),
]


def bars(marks: list[Mark], **options: Any) -> str:
    return charts.bars(marks, **NAMES, **options)


def path(steps: list[Step], between: list[Between] | None = None, **options: Any) -> str:
    return charts.path(steps, between or [], months=MONTHS, **NAMES, **options)


def dots(marks: list[Mark], **options: Any) -> str:
    return charts.dot_line(marks, **NAMES, **options)


def bullets(given: list[Bullet], **options: Any) -> str:
    return charts.targets(given, **NAMES, **options)


YEAR = [Step(2, mark("Feb", "14.2")), Step(4, mark("Apr", "31.5")), Step(5, mark("May", "40"))]
AIMS = [
    Bullet(
        "Exports", mark("Target", "620", low="620", is_approximate=True), mark("Latest", "88.3"), "at least 531.7 more"
    ),
    Bullet("Firms", mark("Target", "800"), None),
    Bullet("Jobs", mark("Target", "5"), mark("Latest", "6")),
]
PICTURES: dict[str, Callable[..., str]] = {
    "bars": lambda **options: bars(GROWTH, **options),
    "path": lambda **options: path(YEAR, [Between(2, 4, Decimal("14.2"), Decimal("31.5"), "March")], **options),
    "dots": lambda **options: dots(GROWTH, **options),
    "targets": lambda **options: bullets(AIMS, **options),
}


@pytest.mark.parametrize("right_to_left", [False, True])
@pytest.mark.parametrize("name", sorted(PICTURES))
def test_everything_stands_inside_and_needs_no_style_of_its_own(name: str, right_to_left: bool) -> None:
    svg = PICTURES[name](right_to_left=right_to_left)
    height = Decimal(drawn(svg).get("height"))
    for one in drawn(svg).iter():
        for across in ("x", "x1", "x2", "cx"):
            if (value := one.get(across)) is not None:
                assert 0 <= Decimal(value.rstrip("%")) <= 100
        for down in ("y", "y1", "y2", "cy"):
            if (value := one.get(down)) is not None:
                assert 0 <= Decimal(value) <= height
        if one.tag == f"{SVG}rect":
            assert Decimal(one.get("x").rstrip("%")) + Decimal(one.get("width").rstrip("%")) <= Decimal("100.01")
    assert not re.search(r"style=|<script|\son\w+=", svg)


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_it_has_a_name_and_says_what_it_shows(name: str) -> None:
    svg = drawn(PICTURES[name]())
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "c-title c-description"
    assert [svg.findtext(f"{SVG}{tag}") for tag in ("title", "desc")] == ["Exports", "Four places"]


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_from_right_to_left_it_is_mirrored(name: str) -> None:
    usual, mirrored = (
        [
            (Decimal(one.get("x").rstrip("%")), Decimal(one.get("width").rstrip("%")))
            for one in drawn(PICTURES[name](right_to_left=way)).iter(f"{SVG}rect")
        ]
        for way in (False, True)
    )
    assert usual
    for (x, width), (mirrored_x, mirrored_width) in zip(usual, mirrored, strict=True):
        assert abs(100 - x - width - mirrored_x) < Decimal("0.05")
        assert abs(width - mirrored_width) < Decimal("0.05")


def test_words_of_a_page_stay_words() -> None:
    svg = bars([mark('<b>"A&B"</b>', "1")])
    assert "<b>" not in svg
    assert drawn(svg).find(f".//{SVG}text").text == '<b>"A&B"</b>'


# Bars --------------------------------------------------------------------------------------------------------------


def test_bars_begin_at_one_zero_also_below_it() -> None:
    first, _, _, last = of_class(bars(GROWTH), "chart-bar")
    zero = Decimal(of_class(bars(GROWTH), "chart-zero")[0]["x1"].rstrip("%"))
    assert Decimal(first["x"].rstrip("%")) == zero
    assert Decimal(last["x"].rstrip("%")) + Decimal(last["width"].rstrip("%")) == pytest.approx(
        zero, abs=Decimal("0.02")
    )


def test_what_is_approximate_has_a_band_and_what_we_derived_a_hatch() -> None:
    svg = bars(GROWTH)
    (band,) = of_class(svg, "chart-band")
    assert band["fill"] == "url(#c-hatch)"
    assert 'id="c-hatch"' in svg
    assert len(of_class(svg, "is-derived")) == 1
    assert len(of_class(svg, "is-own")) == 1
    (printed,) = of_class(bars([mark("a", "10"), mark("b", "5", low="5", high="6", is_approximate=True)]), "chart-band")
    assert "fill" not in printed


def test_what_has_no_limit_has_a_band_to_the_edge() -> None:
    (band,) = of_class(bars([mark("a", "10"), mark("b", "4", low="4", is_approximate=True)]), "chart-band")
    assert (band["x"], band["width"]) == ("37.04%", "62.96%")  # the largest is not at the edge
    (band,) = of_class(bars([mark("a", "10"), mark("b", "4", high="4", is_approximate=True)]), "chart-band")
    assert (band["x"], band["width"]) == ("0.00%", "40.00%")


def test_the_largest_figure_shows_that_it_has_no_limit() -> None:
    (band,) = of_class(bars([mark("a", "10", low="10", is_approximate=True), mark("b", "4")]), "chart-band")
    assert Decimal(band["width"].rstrip("%")) > 5
    (band,) = of_class(bars([mark("a", "-10", high="-10", is_approximate=True)]), "chart-band")
    assert Decimal(band["width"].rstrip("%")) > 5


def test_the_text_is_the_callers_and_nothing_is_added_to_it() -> None:
    texts = [one.text for one in drawn(bars([Mark("Town", ">12.50 bn", Decimal("12.5"))])).iter(f"{SVG}text")]
    assert texts == ["Town", ">12.50 bn"]


def test_a_label_that_has_no_room_is_cut_and_stands_in_the_tip_as_a_whole() -> None:
    svg = bars([mark("工业" * 20, "1")])
    label = drawn(svg).find(f".//{SVG}text").text
    assert label.endswith("…")
    assert "工业" * 20 in svg


def test_nothing_or_only_zeros_can_be_drawn() -> None:
    assert of_class(bars([]), "chart-bar") == []
    assert of_class(bars([mark("a", "0")]), "chart-bar")[0]["width"] == "0.00%"
    assert of_class(bars([mark("a", None)]), "chart-band")[0]["width"] == "100.00%"
    assert len(of_class(bars([mark("a", "1")] * 99), "chart-bar")) == charts.BARS_MAX


# The year ----------------------------------------------------------------------------------------------------------


def test_a_month_that_nobody_printed_is_a_band_and_no_point() -> None:
    svg = PICTURES["path"]()
    assert len(of_class(svg, "chart-dot")) == 3
    (band,) = of_class(svg, "chart-band")
    assert "is-hatched" in band["class"]
    lines = [one["class"] for one in of_class(svg, "chart-path")]
    assert lines == ["chart-path is-dashed", "chart-path"]


def test_higher_is_above_and_later_is_further() -> None:
    circles = [one.attrib for one in drawn(path(YEAR)).iter(f"{SVG}circle")]
    assert [Decimal(one["cy"]) for one in circles] == sorted((Decimal(one["cy"]) for one in circles), reverse=True)
    assert [Decimal(one["cx"].rstrip("%")) for one in circles] == sorted(
        Decimal(one["cx"].rstrip("%")) for one in circles
    )


def test_texts_that_would_cover_each_other_are_left_to_the_table() -> None:
    crowded = [Step(month, mark("m", f"{month * 100}.25")) for month in range(1, 13)]
    texts = [one["text-anchor"] for one in of_class(path(crowded), "chart-value")]
    assert 3 <= len(texts) <= 6
    apart = [Step(month, mark("m", str(month))) for month in (2, 6, 12)]
    assert len(of_class(path(apart), "chart-value")) == 3


def test_an_approximate_month_has_a_spread() -> None:
    assert of_class(path(YEAR), "chart-spread") == []
    (spread,) = of_class(path([*YEAR, Step(6, mark("Jun", "50", low="50", is_approximate=True))]), "chart-spread")
    assert Decimal(spread["y1"]) < Decimal(spread["y2"])


# Dots --------------------------------------------------------------------------------------------------------------


def test_dots_are_named_each_on_its_own_height() -> None:
    heights = [one["y"] for one in of_class(dots(GROWTH), "chart-value")]
    assert len(set(heights)) == 4
    assert len(of_class(dots(GROWTH), "is-own")) == 1
    assert of_class(dots([mark("a", None)]), "chart-dot") == []


# Targets -----------------------------------------------------------------------------------------------------------


def test_what_is_missing_lies_between_the_latest_figure_and_the_target() -> None:
    svg = bullets(AIMS[:1])
    (bar,), (missing,), (aim,) = (of_class(svg, name) for name in ("chart-bar", "chart-band", "chart-aim"))
    assert Decimal(bar["width"].rstrip("%")) == pytest.approx(Decimal(missing["x"].rstrip("%")), abs=Decimal("0.02"))
    assert Decimal(missing["x"].rstrip("%")) + Decimal(missing["width"].rstrip("%")) == pytest.approx(
        Decimal(aim["x1"].rstrip("%")), abs=Decimal("0.02")
    )
    assert "at least 531.7 more" in svg


def test_a_target_that_is_a_lower_limit_is_open() -> None:
    assert len(of_class(bullets(AIMS[:1]), "chart-open")) == 1
    assert of_class(bullets(AIMS[1:]), "chart-open") == []


def test_about_so_much_has_no_band() -> None:
    about = mark("a", "6.5", is_approximate=True)
    assert of_class(bars([about, mark("b", "13")]), "chart-band") == []
    assert of_class(path([Step(1, about), Step(2, about)]), "chart-spread") == []
    assert of_class(dots([about, mark("b", "13")]), "chart-band") == []
    assert of_class(bullets([Bullet("Growth", about, None)]), "chart-open") == []


def test_a_target_that_is_reached_or_of_which_nothing_is_known_misses_nothing() -> None:
    for bullet in AIMS[1:]:
        assert of_class(bullets([bullet]), "chart-band") == []
    assert of_class(bullets(AIMS[1:2]), "chart-bar") == []


def test_what_is_told_of_a_target_stands_line_by_line() -> None:
    told = [(one.get("y"), one.text) for one in drawn(bullets(AIMS)).iter(f"{SVG}text")]
    assert len({y for y, _ in told}) == len(told)
    assert [text for _, text in told][:4] == ["Exports", "88.3", "620", "at least 531.7 more"]
