"""What a row becomes: exactly its price, its stall and its good, or a mistake that is told."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sundry.goods.catalogue.queries_matching import Matched, MatchedGood
from sundry.goods.orders.formats.quotation_sheet import digest
from sundry.goods.orders.import_rules import Verdict
from sundry.goods.orders.order_rules import value_of
from sundry.goods.orders.rules import Line
from sundry.goods.orders.sheets_judging import (
    Context,
    KnownLine,
    exact_price,
    judge,
    price_text,
    wish_from_json,
    wish_to_json,
)
from sundry.goods.orders.sheets_reading import Mark
from sundry.kernel.findings import Finding

A, B = uuid.UUID(int=1), uuid.UUID(int=2)
LINE = Line(
    sheet="S",
    row=2,
    stall="1205",
    item="K-1",
    name="牙刷杯",
    cartons=5,
    pieces_per_carton=120,
    pieces=600,
    unit="piece",
    unit_price="3.2",
    unit_price_minor=320,
    price_per="piece",
    value_minor=192_000,
    currency="CNY",
    gross_g=60_000,
    net_g=None,
    carton_mm=None,
    carton_mm_from=None,
    carton_volume_mm3=None,
    carton_volume_from=None,
    hs=None,
)
STALL = Matched((1001,))
GOOD = Matched((1001,), (MatchedGood(20114, None, 1001, True),))
CNY = Context("CNY")


def rules(line: Line, matched: Matched = STALL, context: Context = CNY) -> list[str]:
    judged = judge(line, (), matched, context, row=2)
    assert (judged.verdict is Verdict.WRONG) == any(one.severity == "error" for one in judged.findings)
    return [one.rule for one in judged.findings]


@pytest.mark.parametrize(
    ("price", "per", "packed", "currency", "exact"),
    [
        ("3.2", "piece", None, "CNY", (320, 1)),
        ("0.085", "piece", None, "CNY", (8500, 1000)),
        ("0.0855", "piece", None, "CNY", (8550, 1000)),
        ("0.000855", "piece", None, "CNY", (855, 10_000)),
        ("100", "dozen", None, "CNY", (10_000, 12)),
        ("100.005", "dozen", None, "CNY", (10_000_500, 12_000)),
        ("5.5", "set", None, "CNY", (550, 1)),
        ("50", "carton", 36, "CNY", (5000, 36)),
        ("320", "piece", None, "JPY", (320, 1)),
        ("0.5", "piece", None, "JPY", (500, 1000)),
        ("0.3205", "piece", None, "KWD", (320_500, 1000)),
    ],
)
def test_a_price_is_taken_exactly(
    price: str, per: str, packed: int | None, currency: str, exact: tuple[int, int]
) -> None:
    line = replace(LINE, unit_price=price, price_per=per, pieces_per_carton=packed, currency=currency)
    assert exact_price(line) == exact


def test_a_price_that_cannot_be_said_is_told_and_never_rounded() -> None:
    assert rules(replace(LINE, unit_price="0.00000001")) == ["order_sheet_price_too_fine"]
    assert rules(replace(LINE, unit_price="50", price_per="carton", pieces_per_carton=None)) == (
        ["order_sheet_price_of_carton"]
    )
    quotient = replace(LINE, unit_price="0." + "3" * 28, value_minor=20_000, pieces=600)
    assert exact_price(quotient) == (20_000, 600), "the row has a value and no price"
    assert exact_price(replace(LINE, unit_price="")) is None


@given(
    st.decimals(min_value=Decimal("0.001"), max_value=Decimal("99999"), places=3),
    st.sampled_from(["piece", "dozen", "set", "carton"]),
    st.sampled_from(["JPY", "CNY", "KWD"]),
    st.integers(1, 10_000),
)
@settings(max_examples=60, deadline=None)
def test_the_value_is_that_of_the_price_as_written(price: Decimal, per: str, currency: str, pieces: int) -> None:
    line = replace(LINE, unit_price=f"{price.normalize():f}", price_per=per, pieces_per_carton=24, currency=currency)
    exact = exact_price(line)
    assert isinstance(exact, tuple)
    scale = {"JPY": 0, "CNY": 2, "KWD": 3}[currency]
    whole = Fraction(price) * 10**scale * pieces / {"dozen": 12, "carton": 24}.get(per, 1)
    assert value_of(pieces, *exact) == round(whole)


def test_a_row_is_the_stall_s_good_or_a_described_line_of_it() -> None:
    good = judge(LINE, (), GOOD, CNY, row=2).wish
    assert good is not None
    assert (good.good, good.price_minor, good.pieces) == (20114, 320, 600)
    described = judge(replace(LINE, unit="kg"), (), STALL, CNY, row=2).wish
    assert described is not None
    assert (described.good, described.stall, dict(described.names)) == (None, 1001, {"zh": "牙刷杯"})
    assert described.unit == "piece"
    assert described.carton.gross_g == 12_000
    withdrawn = Matched((1001,), (MatchedGood(1, None, 1001, False),))
    assert rules(LINE, withdrawn) == ["order_sheet_good_withdrawn"]
    nameless = judge(replace(LINE, name=""), (), STALL, CNY, row=2).wish
    assert nameless is not None
    assert dict(nameless.names) == {"en": "K-1"}


def test_what_a_stall_is_called_must_mean_one() -> None:
    assert rules(LINE, Matched()) == ["order_sheet_stall_unknown"]
    assert rules(replace(LINE, stall=""), Matched()) == ["order_sheet_stall_missing"]
    assert rules(LINE, Matched((1, 2))) == ["order_sheet_stall_ambiguous"]
    assert rules(LINE, Matched((1, 2), (MatchedGood(5, None, 2, True),))) == [], "one of them has such a good"
    twice = (MatchedGood(5, None, 1, True), MatchedGood(6, None, 2, True))
    assert rules(LINE, Matched((1, 2), twice)) == ["order_sheet_item_ambiguous"]
    kind = (MatchedGood(5, A, 1, True), MatchedGood(6, None, 1, True))
    found = judge(LINE, (), Matched((1,), kind), CNY, row=2).wish
    assert found is not None
    assert (found.good, found.variant) == (5, A)


def test_an_order_has_one_currency() -> None:
    assert rules(replace(LINE, currency="USD")) == ["order_sheet_other_currency"]


def test_a_wish_is_kept_as_it_is() -> None:
    wish = judge(LINE, (), Matched((1001,), (MatchedGood(5, A, 1001, True),)), CNY, row=7).wish
    assert wish is not None
    assert wish_from_json(wish_to_json(wish), row=7) == wish
    assert wish_from_json({}, row=1) is None


KNOWN = KnownLine(A, 600, 320, 1, 120, "K-1")


def own(
    line: Line | None, known: KnownLine = KNOWN, mark: Mark | None = None, seen: int = 0
) -> tuple[Verdict, list[str]]:
    context = Context("CNY", known={A: known}, seen={A: seen} if seen else {})
    judged = judge(line, (), STALL, context, row=2, mark=mark or Mark(str(A), KNOWN.digest))
    return judged.verdict, [one.rule for one in judged.findings]


def test_a_row_that_comes_back_is_its_line() -> None:
    assert own(LINE) == (Verdict.UNCHANGED, [])
    assert own(replace(LINE, pieces=720)) == (Verdict.CHANGED, [])
    assert own(replace(LINE, unit_price="3.1")) == (Verdict.CHANGED, [])
    assert own(None) == (Verdict.WRONG, [])
    assert own(replace(LINE, unit_price="")) == (Verdict.UNCHANGED, []), "an emptied price is not another price"
    assert own(LINE, mark=Mark(str(B), KNOWN.digest)) == (Verdict.WRONG, ["order_sheet_row_foreign"])
    assert own(LINE, mark=Mark("no id", "")) == (Verdict.WRONG, ["order_sheet_row_foreign"])
    assert own(LINE, seen=9) == (Verdict.WRONG, ["order_sheet_row_twice"])
    assert own(replace(LINE, currency="USD"))[1] == ["order_sheet_other_currency"]


def test_a_line_that_was_changed_meanwhile_is_not_overwritten_unasked() -> None:
    meanwhile = replace(KNOWN, pieces=700)
    assert own(LINE, meanwhile) == (Verdict.STALE, ["order_sheet_row_stale"])
    assert own(replace(LINE, pieces=700), meanwhile) == (Verdict.UNCHANGED, []), "both wrote the same"


def test_a_price_that_has_no_exact_form_in_a_cell_stays_the_line_s_own() -> None:
    odd = KnownLine(A, 60, 10_000, 13, None)
    shown = replace(LINE, pieces=60, unit_price="7.692308", pieces_per_carton=None)
    assert own(shown, odd, Mark(str(A), odd.digest)) == (Verdict.UNCHANGED, [])
    dozens = KnownLine(A, 120, 10_000, 12, None)
    told = replace(LINE, pieces=120, unit_price="100", price_per="dozen")
    assert own(told, dozens, Mark(str(A), dozens.digest)) == (Verdict.UNCHANGED, [])
    assert price_text(10_000, 12, "CNY") == "100.00/12"


def test_a_hash_is_of_one_line_alone() -> None:
    assert digest(A, 1, 1, 1) != digest(B, 1, 1, 1)
    assert digest(A, 1, None, 1) != digest(A, 1, 1, 1)
    finding = judge(LINE, (), Matched(), CNY, row=2).findings[0]
    assert isinstance(finding, Finding)
    assert finding.header == "stall"
