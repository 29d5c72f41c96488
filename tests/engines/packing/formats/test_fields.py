from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sundry.engines.packing.formats.fields import Place, read_text, vertical, whole
from sundry.kernel.errors import UnusableInput

PLACE = Place("goods.csv", 3, "length_mm")


@pytest.mark.parametrize(("value", "number"), [("7", 7), (7, 7), ("7.0", 7), (" 7 ", 7), (1, 1), (9, 9)])
def test_whole_numbers(value: Any, number: int) -> None:
    assert whole(value, PLACE, least=1, most=9) == number


@pytest.mark.parametrize("value", ["", None, "7.5", "x", 0, 10, "-1", "nan", "inf", True, [], {}])
def test_what_is_no_whole_number_is_told_with_its_place(value: Any) -> None:
    with pytest.raises(UnusableInput) as caught:
        whole(value, PLACE, least=1, most=9)
    assert caught.value.rule == "packing_number_wrong"
    assert "goods.csv, row 3, length_mm" in caught.value.message("en")
    assert "1 到 9" in caught.value.message("zh")


@pytest.mark.parametrize(
    ("value", "flags"),
    [
        (None, (True, True, True)),
        ("", (True, True, True)),
        ("h", (False, False, True)),
        (" LH ", (True, False, True)),
        ([False, True, False], (False, True, False)),
    ],
)
def test_which_edges_may_stand_upright(value: Any, flags: tuple[bool, bool, bool]) -> None:
    assert vertical(value, PLACE) == flags


@pytest.mark.parametrize("value", ["up", " ", [False, False, False], [True], 1, [1, 0, 0]])
def test_what_does_not_say_which_edges_is_refused(value: Any) -> None:
    with pytest.raises(UnusableInput, match="upright"):
        vertical(value, PLACE)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput) as caught:
        read_text(tmp_path / "none.csv")
    assert caught.value.rule == "packing_file_unreadable"
    (tmp_path / "binary.csv").write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(UnusableInput) as caught:
        read_text(tmp_path / "binary.csv")
    assert caught.value.rule == "packing_file_not_text"
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(50_000_001)
    with pytest.raises(UnusableInput) as caught:
        read_text(tmp_path / "large.csv")
    assert caught.value.rule == "packing_file_too_large"


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "marked.csv").write_bytes(b"\xef\xbb\xbflength_mm")
    assert read_text(tmp_path / "marked.csv") == "length_mm"
