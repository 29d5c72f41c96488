"""Numbers as people write them, and what is no number."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.goods.catalogue.sheets_cells import CellRefused, length, money, pieces, scaled, sides, weight


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (pieces, "12件/箱", 12),
        (pieces, "１２", 12),
        (pieces, "1,200", 1200),
        (pieces, "1 200 pcs", 1200),
        (pieces, "120件起订", 120),
        (pieces, "١٢٠ قطعة", 120),
        (pieces, "30天", 30),
        (money, "¥3.5", 350),
        (money, "￥３．５０", 350),
        (money, "3.5元/个", 350),
        (money, "3,20", 320),
        (money, "1.200,50", 120_050),
        (money, "RMB 1,200.50", 120_050),
        (money, "-0.20", -20),
        (length, "60", 600),
        (length, "0.6m", 600),
        (length, "605 mm", 605),
        (length, "60公分", 600),
        (weight, "12.5 kg", 12_500),
        (weight, "250克", 250),
        (weight, "2斤", 1_000),
        (sides, "60*40*50cm", (600, 400, 500)),
        (sides, "60 × 40.5 x 50", (600, 405, 500)),
        (sides, "600*400*500mm", (600, 400, 500)),
    ],
)
def test_what_is_meant_is_read(read: Callable[[str], Any], text: str, value: Any) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text", "rule"),
    [
        (pieces, "abc", "catalogue_sheet_no_number"),
        (pieces, "3 5", "catalogue_sheet_no_number"),
        (pieces, "12-24", "catalogue_sheet_no_number"),
        (pieces, "½", "catalogue_sheet_no_number"),
        (pieces, "12 elephants", "catalogue_sheet_no_number"),
        (pieces, "1" * 30, "catalogue_sheet_no_number"),
        (pieces, "1.5", "catalogue_sheet_not_whole"),
        (money, "US$ 3.50", "catalogue_sheet_other_money"),
        (money, "3.205", "catalogue_sheet_too_many_decimals"),
        (money, "面议", "catalogue_sheet_no_number"),
        (length, "60 miles", "catalogue_sheet_no_number"),
        (length, "60.55", "catalogue_sheet_not_whole"),
        (weight, "0.0001", "catalogue_sheet_not_whole"),
        (sides, "60*40", "catalogue_sheet_not_three_sides"),
    ],
)
def test_what_may_mean_something_else_is_refused(read: Callable[[str], Any], text: str, rule: str) -> None:
    with pytest.raises(CellRefused) as told:
        read(text)
    assert told.value.rule == rule


def test_a_header_may_say_the_unit_or_another_currency() -> None:
    assert length("600", "外箱长(mm)") == 600
    assert weight("250", "Net weight (g)") == 250
    with pytest.raises(CellRefused):
        money("3", "Price (USD)")


@given(st.integers(-(10**11), 10**11))
def test_what_we_write_we_read(value: int) -> None:
    assert money(scaled(value, 2)) == value
    assert weight(scaled(abs(value) % 10**9, 3)) == abs(value) % 10**9
    assert length(scaled(abs(value) % 10**6, 1)) == abs(value) % 10**6


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    for read in (pieces, money, length, weight, sides):
        with suppress(CellRefused):
            assert read(text) is not None
