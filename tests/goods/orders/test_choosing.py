"""A quantity of a good in variants is divided among them, wholly."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from test_drafting import OF_COLOURS, RED

from sundry.goods.catalogue.rules import Variant
from sundry.goods.orders.choosing import Chosen
from sundry.goods.orders.enquiry_rules import QuotedLine, QuotedStep
from sundry.goods.orders.order_rules import PIECES_MAX

LINE, BLUE = uuid.UUID(int=71), uuid.UUID(int=72)
CUPS = QuotedLine((QuotedStep(500, 280),), 600, good=20114, id=LINE)
OFFER = replace(OF_COLOURS, variants={**OF_COLOURS.variants, BLUE: Variant({"zh": "蓝"}, id=BLUE)})


def of(**variants: int) -> Chosen:
    return Chosen(
        variants={LINE: {{"red": RED, "blue": BLUE}.get(name, LINE): some for name, some in variants.items()}}
    )


@pytest.mark.parametrize(
    ("chosen", "line", "rules"),
    [
        (of(red=400, blue=200), CUPS, []),
        (of(red=600, blue=0), CUPS, []),
        (of(red=0), CUPS, ["quotation_variant_needed"]),
        (Chosen(), CUPS, ["quotation_variant_needed"]),
        (of(red=400, blue=100), CUPS, ["quotation_variants_sum"]),
        (replace(of(red=400, blue=100), pieces={LINE: 500}), CUPS, []),
        (of(green=600), CUPS, ["quotation_variant_not_there"]),
        (of(red=-1, blue=601), CUPS, ["orders_pieces_impossible"]),
        (of(red=PIECES_MAX + 1), CUPS, ["orders_pieces_impossible"]),
        (Chosen(), replace(CUPS, variant=RED), []),
        (of(red=600), replace(CUPS, variant=RED), []),
        (of(blue=600), replace(CUPS, variant=RED), ["quotation_variant_not_there"]),
    ],
)
def test_all_of_it_is_of_a_variant(chosen: Chosen, line: QuotedLine, rules: list[str]) -> None:
    found = list(chosen.findings(line, OFFER, quotation=10234, row=2))
    assert [finding.rule for finding in found] == rules
    assert all(finding.row == 2 and finding.header == "variants" for finding in found)


def test_a_good_without_variants_has_none_to_choose() -> None:
    plain = replace(OFFER, variants={})
    assert not list(Chosen().findings(CUPS, plain, quotation=1, row=1))
    assert [one.rule for one in of(red=600).findings(CUPS, plain, quotation=1, row=1)] == [
        "quotation_variant_not_there"
    ]
    assert not list(Chosen().findings(replace(CUPS, good=None), None, quotation=1, row=1))


def test_shares_are_what_is_ordered() -> None:
    assert of(red=400, blue=200).shares(CUPS) == {RED: 400, BLUE: 200}
    assert of(red=600, blue=0).shares(CUPS) == {RED: 600}
    assert Chosen({LINE: 700}).shares(replace(CUPS, variant=BLUE)) == {BLUE: 700}
    assert Chosen().shares(CUPS) == {None: 600}
