from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sundry.engines.packing.formats.fields import (
    Faults,
    Place,
    WrongFields,
    flag,
    listed,
    read_text,
    shown,
    vertical,
    whole,
)
from sundry.kernel.errors import UnusableInput
from sundry.kernel.messages import LANGUAGES

PLACE = Place("goods.csv", 3, "length_mm")


@pytest.mark.parametrize(("value", "number"), [("7", 7), (7, 7), ("7.0", 7), (" 7 ", 7), (1, 1), (9, 9)])
def test_whole_numbers(value: Any, number: int) -> None:
    assert whole(value, PLACE, least=1, most=9) == number


@pytest.mark.parametrize("value", ["7.5", "x", 0, 10, "-1", "nan", "inf", True, [], {}, 10**400])
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
        (" ", (True, True, True)),
        ("h", (False, False, True)),
        (" LH ", (True, False, True)),
        ([False, True, False], (False, True, False)),
    ],
)
def test_which_edges_may_stand_upright(value: Any, flags: tuple[bool, bool, bool]) -> None:
    assert vertical(value, PLACE) == flags


@pytest.mark.parametrize("value", ["up", [False, False, False], [True], 1, [1, 0, 0]])
def test_what_does_not_say_which_edges_is_refused(value: Any) -> None:
    with pytest.raises(UnusableInput, match="upright"):
        vertical(value, PLACE)


@pytest.mark.parametrize("value", [True, 1, "1", "yes", " TRUE ", "y"])
def test_yes(value: Any) -> None:
    assert flag(value, PLACE)


@pytest.mark.parametrize("value", [False, 0, "0", "no", "False", "", None, " "])
def test_no_and_nothing(value: Any) -> None:
    assert not flag(value, PLACE)


@pytest.mark.parametrize("value", ["perhaps", 2, [], "10"])
def test_neither_yes_nor_no(value: Any) -> None:
    with pytest.raises(UnusableInput, match="row 3, length_mm"):
        flag(value, PLACE)


def test_faults_are_kept_until_the_end() -> None:
    faults = Faults()
    faults.end()
    assert faults.take(4, whole, "7", PLACE) == 7
    assert faults.take(4, whole, "x", PLACE) == 4
    with pytest.raises(WrongFields, match="x is not a whole number"):
        faults.end()


@pytest.mark.parametrize("value", ["", "  ", None])
@pytest.mark.parametrize(
    ("row", "told"), [(3, "goods.csv, row 3, length_mm is missing"), (0, "goods.csv, length_mm is")]
)
def test_what_is_missing_is_not_called_none(value: Any, row: int, told: str) -> None:
    with pytest.raises(UnusableInput) as caught:
        whole(value, PLACE._replace(row=row), least=1, most=9)
    assert told in caught.value.message("en")
    for language in LANGUAGES:
        assert "None" not in caught.value.message(language)
        assert "9" in caught.value.message(language)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (True, "true"),
        ([False, None, "箱"], '[false, null, "箱"]'),
        (7.5, "7.5"),
        ("two\nlines", "two\\nlines"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\ud800", "\\ud800"),
        ("it's 🧺 [b] <i> العربية", "it's 🧺 [b] <i> العربية"),
    ],
)
def test_a_value_is_told_as_its_file_writes_it_on_one_line(value: Any, told: str) -> None:
    assert shown(value) == told


def test_no_more_names_than_one_reads() -> None:
    assert listed(["colour", "a\nb"]) == "colour, a\\nb"
    assert listed([str(k) for k in range(20)]).endswith(", 19")
    assert listed([str(k) for k in range(21)]).endswith(", 19, …")


def test_long_values_are_cut_short() -> None:
    assert shown("a" * 60) == "a" * 60
    assert shown("a" * 61) == "a" * 60 + "…"
    assert shown(10**5000) == "…"


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
    with pytest.raises(UnusableInput) as caught:
        read_text(Path("/dev/zero"))  # tells a size of 0, and never ends
    assert caught.value.rule == "packing_file_too_large"
    with pytest.raises(UnusableInput, match=r"^\. cannot be read"):
        read_text(Path("."))


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "marked.csv").write_bytes(b"\xef\xbb\xbflength_mm")
    assert read_text(tmp_path / "marked.csv") == "length_mm"
