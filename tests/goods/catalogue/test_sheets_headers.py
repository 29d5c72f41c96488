"""Which row names the columns, and in whose words."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from sundry.goods.catalogue import sheets_words
from sundry.goods.catalogue.categories import tree
from sundry.goods.catalogue.rules import LANGUAGES
from sundry.goods.catalogue.sheets import FIELDS, PHOTO, ROW
from sundry.goods.catalogue.sheets_headers import header_of, letter


def fields(*rows: list[str]) -> list[str]:
    header = header_of(list(enumerate(rows, 1)))
    assert header is not None
    return [header.columns[index].field if index in header.columns else "" for index in range(len(rows[-1]))]


def test_titles_stand_above_and_headers_in_two_rows() -> None:
    rows = [
        ["义乌市百货商行"],
        ["货号 ITEM NO", "品名", "外箱尺寸(cm)", "外箱尺寸(cm)", "外箱尺寸(cm)", "单价（元）"],
        ["货号 ITEM NO", "品名", "长", "宽", "高", "单价（元）"],
        ["K-1", "杯", "60", "40", "50", "3.20"],
    ]
    header = header_of(list(enumerate(rows, 1)))
    assert header is not None
    assert header.last_row == 3
    assert [column.field for column in header.columns.values()] == [
        *("item_number", "names~zh", "carton.length_mm", "carton.width_mm", "carton.height_mm", "step_1_price"),
    ]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Item No.", "item_number"),
        ("ITEM NO", "item_number"),
        ("单价\n(RMB)", "step_1_price"),
        ("السعر", "step_1_price"),
        ("Precio", "step_1_price"),
        ("MOQ", "step_1_quantity"),
        ("PCS/CTN", "carton.pieces"),
        ("Цена", "step_1_price"),
        ("天气", ""),
        ("", ""),
    ],
)
def test_headers_as_people_write_them(header: str, field: str) -> None:
    assert sheets_words.field_of(header)[0] == field


def test_no_row_names_its_columns() -> None:
    assert header_of([(1, ["a", "b"]), (2, ["1", "2"])]) is None
    assert header_of([(1, ["品名", "x"])]) is None, "of one header alone nobody can tell"


def test_of_two_columns_of_one_name_the_first_is_it() -> None:
    assert fields(["货号", "单价", "单价"]) == ["item_number", "step_1_price", ""]


def test_what_we_write_in_one_language_is_understood_in_all() -> None:
    for language in LANGUAGES:
        header = [f"Sundry {ROW}", *(sheets_words.label("column", field, language) for field in (PHOTO, *FIELDS))]
        assert fields(header) == [ROW, PHOTO, *FIELDS]
        for kind in ("unit", "supply", "collection", "language"):
            for key in sheets_words.keys(kind):
                assert sheets_words.key_of(kind, sheets_words.label(kind, key, language)) == key
        for key in tree():
            assert sheets_words.category_of(sheets_words.category_name(key, language)) == key


def test_no_word_stands_for_two_things() -> None:
    for kind in ("column", "unit", "supply", "collection", "language"):
        meant = defaultdict(set)
        for (of, key), aliases in sheets_words._words().items():
            for alias in (alias for one in aliases for alias in one if of == kind):
                meant[sheets_words.folded(alias)].add(key)
        assert not {word: keys for word, keys in meant.items() if len(keys) > 1}


def test_letters_of_columns() -> None:
    assert [letter(index) for index in (0, 25, 26, 701)] == ["A", "Z", "AA", "ZZ"]


def test_the_docs_name_every_column_with_its_words() -> None:
    page = (Path(__file__).parents[3] / "docs" / "goods-sheets.md").read_text("utf-8")
    for key in sheets_words.keys("column"):
        words = [alias for of_language in sheets_words._words()["column", key] for alias in of_language]
        assert f"| `{key}` | {' · '.join(words)} |" in page
