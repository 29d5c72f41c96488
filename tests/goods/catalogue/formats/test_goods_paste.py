"""What a clipboard holds: quotes, line breaks in cells, marks that only look like quotes."""

from __future__ import annotations

import pytest

from sundry.goods.catalogue.formats.goods_paste import read_pasted
from sundry.goods.catalogue.formats.shape import COLUMNS_MAX, ROWS_MAX
from sundry.kernel.errors import UnusableInput


def cells(text: str) -> list[list[str]]:
    return [list(row) for _, row in read_pasted(text).rows]


def test_cells_with_line_breaks_and_quotes() -> None:
    assert cells('K1\t5" 杯\t12\r\nK2\t"big\ncup ""L"""\t8\n\nK3\t"\t5\n') == [
        ["K1", '5" 杯', "12"],
        ["K2", 'big\ncup "L"', "8"],
        ["K3", '"', "5"],
    ]
    assert read_pasted("a\tb\n\nc\td").rows[1][0] == 3, "rows count as they were pasted"


def test_text_without_tabs_is_cut_where_it_can_be() -> None:
    assert cells('货号,单价\nK-1,"1,5"\n') == [["货号", "单价"], ["K-1", "1,5"]]
    assert cells("a;b;c\n1;2;3") == [["a", "b", "c"], ["1", "2", "3"]]


def test_a_quote_that_never_ends_takes_nothing_along() -> None:
    assert cells('"a\tb\nc\td') == [['"a', "b"], ["c", "d"]]


@pytest.mark.parametrize("text", ["", " \n\t\n ", "\ufeff", "a\tb\n" * (2 * ROWS_MAX), "a,b\n" * (5 * ROWS_MAX)])
def test_nothing_and_too_much_are_refused(text: str) -> None:
    with pytest.raises(UnusableInput):
        read_pasted(text)


def test_no_row_is_wider_than_a_sheet_may_be() -> None:
    assert len(cells("x\t" * (3 * COLUMNS_MAX))[0]) == COLUMNS_MAX
