"""Quotations side by side: what is the same thing, and who is cheapest."""

from __future__ import annotations

import uuid
from dataclasses import replace
from fractions import Fraction

import pytest

from sundry.goods.orders.comparing import compared, price_of_one
from sundry.goods.orders.enquiry_rules import QuotationState, QuotationView, QuotedLine, QuotedStep, Terms
from sundry.goods.orders.order_rules import Part

NOBODY = Part(None, "")


def line(price_minor: int, per: int = 1, name: str = "发夹", **more: object) -> QuotedLine:
    return QuotedLine((QuotedStep(1, price_minor),), 12_000, per, names={"zh": name} if name else {}, **more)  # type: ignore[arg-type]


def quotation(*lines: QuotedLine, currency: str = "CNY") -> QuotationView:
    return QuotationView(
        uuid.UUID(int=1),
        1,
        1,
        True,
        None,
        1001,
        {},
        uuid.UUID(int=2),
        NOBODY,
        NOBODY,
        QuotationState.SENT,
        Terms(currency),
        lines,
        0,
        None,
        None,
        "",
    )


def test_prices_of_one_are_compared_whatever_they_are_quoted_for() -> None:
    whole = compared([quotation(line(8500, 1000)), quotation(line(105, 12)), quotation(line(9))])
    ((name, cells, best),) = whole.rows
    assert (name, best) == ("发夹", 0)
    assert [price_of_one(cell) for cell in cells if cell] == [Fraction(17, 2), Fraction(35, 4), Fraction(9)]


def test_a_row_is_a_good_or_a_name_or_an_item_number() -> None:
    red = uuid.UUID(int=7)
    first = quotation(line(10, good=5), line(20, good=5, variant=red), line(30), line(40, name="", item_number="A-1"))
    box, new = line(41, name="盒", item_number="a-1"), line(50, name="新")
    second = quotation(box, line(11, good=5), line(29, name=" 发夹 "), new)
    rows = compared([first, second]).rows
    assert [(name, [cell and cell.ladder[0].price_minor for cell in cells], best) for name, cells, best in rows] == [
        ("发夹", [10, 11], 0),
        ("发夹", [20, None], None),
        ("发夹", [30, 29], 1),
        ("A-1", [40, 41], 0),
        ("新", [None, 50], None),
    ]


def test_goods_of_two_stalls_are_one_row_by_their_name() -> None:
    """A variant is what it is: nobody lays red beside blue."""
    red = uuid.UUID(int=7)
    first = quotation(line(10, good=5), line(20, good=6, variant=red, name="盒"))
    second = quotation(line(11, good=8), line(21, good=9, name="盒"))
    rows = compared([first, second]).rows
    assert [sum(cell is not None for cell in cells) for _, cells, _ in rows] == [2, 1, 1]


def test_one_line_each_answers_one_question() -> None:
    rows = compared([quotation(line(10, good=5)), quotation(line(9, name="hair clip"))]).rows
    assert [best for _, _, best in rows] == [1]


def test_two_lines_of_one_name_are_two_rows() -> None:
    rows = compared([quotation(line(10), line(12)), quotation(line(9), line(13))]).rows
    prices = [[cell and cell.ladder[0].price_minor for cell in cells] for _, cells, _ in rows]
    assert prices == [[10, 9], [12, 13]]


def test_dollars_are_not_compared_with_yuan_and_nothing_with_nothing() -> None:
    assert compared([quotation(line(10)), quotation(line(9), currency="USD")]).rows[0][2] is None
    too_few = replace(line(1), ladder=(QuotedStep(50_000, 1),))
    assert price_of_one(too_few) is None
    assert compared([quotation(line(10)), quotation(too_few)]).rows[0][2] is None
    assert compared([]).rows == ()


@pytest.mark.parametrize("prices", [(9, 9), (9, 10)])
def test_of_two_alike_the_first_is_the_best(prices: tuple[int, int]) -> None:
    assert compared([quotation(line(prices[0])), quotation(line(prices[1]))]).rows[0][2] == 0
