from __future__ import annotations

import re

import pytest

from sundry.kernel.formulas import begins_formula, csv_text

STARTS = ("=1+1", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠A1", "\t=1", " =1", "\u3000=1", "\u200b=1", "\nx")


@pytest.mark.parametrize("text", STARTS)
def test_what_a_spreadsheet_would_compute_stays_text(text: str) -> None:
    assert begins_formula(text)
    assert csv_text(text).startswith("'")


@pytest.mark.parametrize("text", ["", "M8 = 1", "a-b", "12 + 3", "（=1）", "'=1", "王记; 12 - 24"])
def test_other_text_is_left_as_it_is(text: str) -> None:
    assert not begins_formula(text)
    assert csv_text(text) == text


@pytest.mark.parametrize("text", ["Cups;=1+1", "Cups\n=1+1", "Cups\r\n @A1", "a\t+1;-2", "=1;=2", "x;\u3000＝1"])
def test_no_cell_begins_with_a_sign_wherever_a_csv_is_cut(text: str) -> None:
    """As programs cut it that know `;` or a tab, and no quotes within a cell."""
    assert not any(begins_formula(cell) for cell in re.split("[;\t\r\n]", csv_text(text)))
