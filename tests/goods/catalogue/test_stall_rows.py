from __future__ import annotations

import pytest

from sundry.goods.catalogue.rules import Place
from sundry.goods.catalogue.stall_rows import judged, read


def problems(text: str, taken: frozenset[Place] = frozenset()) -> list[tuple[int, str]]:
    rows = judged(read(text), halls={"1", "2"}, taken=taken)
    return [(row.row, row.problem.rule) for row in rows if row.problem]


@pytest.mark.parametrize(
    "line",
    [
        "1\t2\tC\t1205\t日用 百货",
        "1,2,C,1205,日用 百货",
        "1 2 C 1205 日用 百货",
        "1\tF2\tC\t1205\t日用 百货",
        "1,2楼,C,1205,日用 百货",
    ],
)
def test_a_row_is_a_stall(line: str) -> None:
    (row,) = read(line)
    assert row.stall is not None
    assert row.stall.place == Place("1", 2, "C", "1205")
    assert row.stall.names == {"zh": "日用 百货"}


def test_empty_rows_and_the_names_of_columns_are_left_out_and_rows_keep_their_numbers() -> None:
    rows = read("区\t楼层\t街\t摊位\t店名\n\n1\t2\tC\t5\n1\t2\tC\t6\tB")
    assert [row.row for row in rows] == [3, 4]
    assert [dict(row.stall.names) for row in rows if row.stall] == [{}, {"zh": "B"}]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("1\t2\tC", "catalogue_row_incomplete"),
        ("1\ttwo\tC\t5", "catalogue_floor_impossible"),
        ("1\t99\tC\t5", "catalogue_floor_impossible"),
        ("1\t²\tC\t5", "catalogue_floor_impossible"),
        ("123456789\t2\tC\t5", "catalogue_place_too_long"),
        ("1\t2\t\t5", "catalogue_place_too_long"),
        ("7\t2\tC\t5", "catalogue_hall_not_there"),
    ],
)
def test_what_is_wrong_is_told_with_its_row(line: str, rule: str) -> None:
    assert problems(f"1\t1\tA\t1\n{line}") == [(2, rule)]


def test_all_mistakes_are_told_at_once() -> None:
    text = "1\t2\tC\t5\n1\t2\tC\t5\n1\t2\tC\t6\n1\t2\tC\t7\n9\t2\tC\t7"
    assert problems(text, frozenset({Place("1", 2, "C", "6")})) == [
        (1, "catalogue_booth_taken"),
        (2, "catalogue_booth_taken"),
        (3, "catalogue_booth_taken"),
        (5, "catalogue_hall_not_there"),
    ]


def test_five_hundred_rows() -> None:
    rows = read("\n".join(f"1\t2\tC\t{booth}\t店{booth}" for booth in range(1, 501)))
    assert len(rows) == 500
    assert not any(row.problem for row in judged(rows, halls={"1"}, taken=frozenset()))


def test_nothing_is_no_row() -> None:
    assert read(" \n\t\t\n") == ()
