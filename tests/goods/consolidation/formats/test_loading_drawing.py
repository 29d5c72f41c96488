"""The drawing of a step: a key within every carton that can be seen, never under or over another."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sundry.goods.consolidation.formats.loading_blocks import Block, blocks_of
from sundry.goods.consolidation.formats.loading_drawing import (
    ON_ITS_SIDE,
    PATTERNS,
    UP,
    VIEWS,
    Names,
    Seen,
    Silhouette,
    arrow_of,
    drawn,
    fitted,
    frame_of,
    labels,
    mm,
    names_of,
    tiles,
)
from sundry.goods.consolidation.rules import Placement
from sundry.goods.orders.rules import Line

INSIDE = (12_000, 2_350, 2_700)
NAMES = Names({0: "A1", 1: "A2"}, {0: 0, 1: 1}, {0: (400, 300, 250), 1: None})


def picture(blocks: list[Block], view: str, *, least_mm: float = 1.5) -> str:
    standing = Silhouette(*frame_of(INSIDE, view))
    return drawn(blocks, INSIDE, view, NAMES, standing, paper_mm=0.025, least_mm=least_mm)


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_every_carton_that_is_seen_bears_its_key() -> None:
    """2 deep, 3 wide, 5 high: from the door 15 times two, from above 6 times five, from the side 10 times three."""
    heights = range(0, 1250, 250)
    grid = blocks_of([Placement(0, x, y, z, 400, 300, 250) for x in (0, 400) for y in (0, 300, 600) for z in heights])
    assert texts(picture(grid, "door")) == [f"{UP}A1 ×2"] * 15
    assert texts(picture(grid, "top")) == ["A1 ×5"] * 6
    assert texts(picture(grid, "plan")) == ["A1 ×5"] * 6
    assert texts(picture(grid, "side")) == [f"{UP}A1 ×3"] * 10


def test_views_show_the_same_block_from_elsewhere() -> None:
    block = Block(0, 1_000, 200, 500, 400, 300, 250, (2, 3, 5))
    assert {view: VIEWS[view](block, INSIDE)[:4] for view in VIEWS} == {
        "top": (1_000, 2_350 - 1_100, 800, 900),
        "side": (1_000, 2_700 - 1_750, 800, 1_250),
        "door": (200, 2_700 - 1_750, 900, 1_250),
        "plan": (200, 1_000, 900, 800),
    }
    assert {view: VIEWS[view](block, INSIDE)[4:7] for view in VIEWS} == {
        "top": (2, 3, 5),
        "side": (2, 5, 3),
        "door": (3, 5, 2),
        "plan": (3, 2, 5),
    }


def test_a_key_goes_where_nothing_nearer_stands() -> None:
    """Of 10 x 7.5 mm the lower half is covered; then all of it."""
    carton = Seen(0, 0, 400, 300, 1, 1, 1, 0)
    low = Seen(0, 150, 400, 150, 1, 1, 1, 1)
    (label,) = labels(carton, [low], "A1", paper_mm=0.025, least_mm=1.5)
    assert label.y + label.height / 2 <= 150 * 0.025
    assert labels(carton, [low, Seen(0, 0, 400, 150, 1, 1, 1, 2)], "A1", paper_mm=0.025, least_mm=0.1) == []


def test_a_text_says_less_and_shrinks_before_it_is_left_out() -> None:
    def said(side: int, least_mm: float) -> list[tuple[str, bool]]:
        found = labels(Seen(0, 0, side, side, 1, 1, 2, 0), [], "A1", UP, paper_mm=0.025, least_mm=least_mm)
        return [(label.text, label.size >= 1.7) for label in found]

    assert said(400, 1.5) == [(f"{UP}A1 ×2", True)]
    assert said(220, 1.5) == [("A1 ×2", True)]
    assert said(120, 1.5) == [("A1", True)]
    assert said(100, 1.5) == [("A1", False)]
    assert said(40, 1.5) == []
    assert said(40, 0.1) == [("A1", False)]


def test_cartons_too_small_for_a_key_have_one_together() -> None:
    (label,) = labels(Seen(0, 0, 500, 500, 10, 10, 2, 0), [], "A1", paper_mm=0.025, least_mm=1.5)
    assert label.text == "A1 ×200"


boxes = st.builds(
    Seen, st.integers(0, 1500), st.integers(0, 1500), st.integers(30, 900), st.integers(30, 900),
    st.integers(1, 4), st.integers(1, 4), st.integers(1, 3), st.just(0),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(boxes, st.lists(boxes, max_size=6), st.sampled_from(["A1", "M9", "AW12"]), st.sampled_from(["", UP]))
def test_no_text_leaves_its_carton_or_lies_under_another(seen: Seen, nearer: list[Seen], key: str, arrow: str) -> None:
    paper = 0.025
    found = labels(seen, nearer, key, arrow, paper_mm=paper, least_mm=0.2)
    for label in found:
        left, right = (label.x + side * label.width / 2 for side in (-1, 1))
        top, bottom = (label.y + side * label.height / 2 for side in (-1, 1))
        assert seen.left * paper <= left
        assert right <= (seen.left + seen.width) * paper
        assert seen.top * paper <= top
        assert bottom <= (seen.top + seen.height) * paper
        if len(found) > 1:  # one a carton, none over the line between two
            columns = [int((at / paper - seen.left) * seen.across / seen.width) for at in (left, right)]
            rows = [int((at / paper - seen.top) * seen.high / seen.height) for at in (top, bottom)]
            assert len(set(columns)) == len(set(rows)) == 1
        for other in nearer:
            sides = (other.left + other.width) * paper, (other.top + other.height) * paper
            assert right <= other.left * paper or left >= sides[0] or bottom <= other.top * paper or top >= sides[1]


def test_the_farthest_is_drawn_first_and_what_stands_already_is_grey() -> None:
    blocks = [Block(0, 0, 0, 0, 400, 300, 250, (1, 1, 1)), Block(1, 400, 0, 0, 400, 200, 250, (1, 1, 1))]
    standing = Silhouette(*frame_of(INSIDE, "door"))
    first = drawn(blocks, INSIDE, "door", NAMES, standing, paper_mm=0.025, least_mm=1)
    assert "#dedede" not in first
    assert first.index("h7.5v6.25") < first.index("url(#hatch1)") < first.index("<text")
    assert "A2" in texts(first)
    again = drawn(blocks, INSIDE, "door", NAMES, standing, paper_mm=0.025, least_mm=1)
    assert again.startswith('<path fill="#dedede" d="M0 61.25h7.5v6.25')


def test_a_silhouette_is_what_its_blocks_cover() -> None:
    chance = random.Random(5)
    silhouette, cells = Silhouette(600, 400), set()
    for _ in range(12):
        left, top = 10 * chance.randrange(50), 10 * chance.randrange(30)
        width, height = 10 * chance.randrange(1, 10), 10 * chance.randrange(1, 10)
        silhouette.add(Seen(left, top, width, height, 1, 1, 1, 0))
        cells |= {(x, y) for x in range(left, left + width, 10) for y in range(top, top + height, 10)}
    covered = [
        (x, y)
        for left, top, width, height in silhouette.rectangles()
        for x in range(left, left + width, 10)
        for y in range(top, top + height, 10)
    ]
    assert len(covered) == len(set(covered))
    assert set(covered) == cells


def test_an_arrow_tells_where_the_top_is(make_line: Callable[..., Line]) -> None:
    assert arrow_of(250, (400, 300, 250)) == UP
    assert arrow_of(300, (400, 300, 250)) == ON_ITS_SIDE
    assert arrow_of(300, None) == ""
    lines = [make_line("K1"), make_line("K2", carton_mm_from="default_box"), make_line("K3", carton_mm=None)]
    names = names_of(lines, {2: "A1", 0: "A2", 1: "A3"})
    assert names.sides_mm == {0: (500, 500, 500), 1: None, 2: None}
    assert names.patterns == {2: 0, 0: 1, 1: 2}


def test_every_pattern_but_the_plain_one_is_defined() -> None:
    root = ElementTree.fromstring(f'<svg xmlns="x">{tiles()}</svg>')
    assert [tile.get("id") for tile in root] == [f"hatch{number}" for number in range(1, PATTERNS)]
    assert tiles([0]) == ""
    assert tiles([3]).count("<pattern") == 1


def test_a_long_text_is_cut_off_where_its_room_ends() -> None:
    assert fitted("short\n text", 50, 2) == "short text"
    assert fitted("W" * 100, 20, 2) == "WWWWWWWW…"
    assert fitted("杯" * 100, 20, 2) == "杯" * 8 + "…"


@pytest.mark.parametrize(("length", "text"), [(2.504, "2.5"), (10, "10"), (-0.001, "0"), (0.126, "0.13")])
def test_lengths_are_short(length: float, text: str) -> None:
    assert mm(length) == text
