from __future__ import annotations

from pathlib import Path

import pytest

from sundry.engines.packing.formats.br import read_br
from sundry.engines.packing.formats.fields import WrongFields
from sundry.engines.packing.rules import BoxType
from sundry.kernel.errors import UnusableInput, UsageError

TEXT = """ 2
 1 2502505
 587 233 220
 2
 1 108 0 76 0 30 1 40
 2 110 0 43 1 25 1 33
 2 2502605
 100 90 80
 1
 1 49 1 25 1 21 1 41
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "two.txt"
    path.write_text(TEXT)
    return path


def test_instances_count_from_one(file: Path) -> None:
    container, boxes = read_br(file, 1)
    assert container.inside_mm == (587, 233, 220)
    assert boxes == (
        BoxType(108, 76, 30, 40, (False, False, True)),
        BoxType(110, 43, 25, 33, (False, True, True)),
    )
    container, boxes = read_br(file, 2)
    assert container.inside_mm == (100, 90, 80)
    assert boxes == (BoxType(49, 25, 21, 41),)


@pytest.mark.parametrize("instance", [0, 3, -1])
def test_an_instance_that_is_not_there(file: Path, instance: int) -> None:
    with pytest.raises(UsageError, match="it holds 2"):
        read_br(file, instance)


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("108 0", "x 0", "row 5, length: x"),
        ("108 0", "0 0", "row 5, length: 0"),
        ("30 1 40", "30 2 40", "row 5, height upright: 2"),
        ("30 1 40", "30 0 40", "row 5, upright"),
        ("30 1 40", "30 1 -4", "row 5, quantity: -4"),
        ("587", "587.5", "row 3, inside length: 587.5"),
        (TEXT[TEXT.index(" 21 1 41") :], "", "ends after line 10, where a number for height"),
    ],
)
def test_faults_name_the_line_and_the_field(file: Path, was: str, now: str, said: str) -> None:
    file.write_text(TEXT.replace(was, now, 1))
    with pytest.raises(UnusableInput, match=said.replace(".", r"\.")):
        read_br(file, 2)


def test_an_empty_file_ends_where_it_begins(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    with pytest.raises(UnusableInput, match="ends after line 0"):
        read_br(tmp_path / "empty.txt", 1)


def test_a_published_file(br_file: Path) -> None:
    container, boxes = read_br(br_file, 100)
    assert container.inside_mm == (587, 233, 220)
    assert len(boxes) == 3


def test_faults_of_several_lines_are_told_at_once(file: Path) -> None:
    file.write_text(TEXT.replace("108 0", "x 0").replace("25 1 33", "25 1 50000"))
    with pytest.raises(WrongFields) as caught:
        read_br(file, 1)
    assert [(fault.details["row"], fault.details["field"]) for fault in caught.value.faults] == [
        (5, "length"),
        (6, "quantity"),
    ]
