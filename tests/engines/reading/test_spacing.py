"""Spaces that a scan put into words and numbers: left out of what is read, kept in the places."""

from __future__ import annotations

import pytest

from sundry.engines.reading.spacing import JOINED_DIGITS, line_of


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("全 市 出 口 1 2.5 亿 元", "全市出口12.5亿元"),
        ("增长 3.1 %，", "增长3.1%，"),
        ("出口12. 5亿元", "出口12.5亿元"),
        ("出口 12.5 亿元", "出口12.5亿元"),
        ("出口 进口", "出口 进口"),
        ("12.5 13.6", "12.5 13.6"),
        ("1. 陶瓷城扩建", "1. 陶瓷城扩建"),
        ("甲乙  丙丁", "甲乙  丙丁"),
    ],
)
def test_what_is_read(stored: str, read: str) -> None:
    assert line_of(stored, (0, len(stored))).text == read


def test_a_space_left_out_lies_inside_the_span() -> None:
    line = line_of("注：出 口 1 2.5 亿 元", (2, 15))
    assert line.text == "出口12.5亿元"
    assert line.spans(0, len(line.text)) == ((2, 15),)
    assert line.spans(0, 2) == ((2, 5),)


def test_digits_put_together_are_less_sure() -> None:
    line = line_of("出 口 1 2.5 亿 元", (0, 13))
    assert line.certainty(2, 8) == JOINED_DIGITS
    assert line.certainty(0, 2) == 1


@pytest.mark.parametrize(
    ("stored", "read"),
    [("出口增长3.1%\n进口下降2%", "出口增长3.1%，进口下降2%"), ("规上工业\n增加值增长3%", "规上工业增加值增长3%"),
     ("出口额 \n  120亿元", "出口额120亿元")],
)  # fmt: skip
def test_the_lines_of_a_headline(stored: str, read: str) -> None:
    assert line_of(stored, (0, len(stored)), is_heading=True).text == read


def test_a_line_that_was_joined_knows_its_own_spaces() -> None:
    text = "出 口\n计 1 2 亿 元 整"
    line = line_of(text, (0, 3)).joined(line_of(text, (4, 15)), 0.9)
    assert line.text == "出口计12亿元整"
    assert line.spans(0, 8) == ((0, 3), (4, 15))
    assert line.certainty(0, 8) == pytest.approx(0.9 * JOINED_DIGITS)
