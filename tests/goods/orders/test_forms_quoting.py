"""A quotation as it is typed on a phone."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from sundry.goods.orders.enquiry_rules import QuotationState, QuotationView, QuotedLine, QuotedStep, Terms
from sundry.goods.orders.forms_quoting import QuoteForm
from sundry.goods.orders.order_rules import Carton, Part
from sundry.kernel.findings import error

CUP = QuotedLine(
    (QuotedStep(120, 320), QuotedStep(1_200, 285)), 120, good=20_114, names={"zh": "杯"}, carton=Carton(48, 600),
    id=uuid.UUID(int=1),
)  # fmt: skip
LID = QuotedLine((QuotedStep(1, 8_500),), 1_000, 1_000, names={"zh": "盖"}, id=uuid.UUID(int=2))
NOBODY = Part(None, "")
VIEW = QuotationView(
    uuid.UUID(int=3), 501, 1, True, uuid.UUID(int=4), 7, {"zh": "店"}, uuid.UUID(int=5), NOBODY, NOBODY,
    QuotationState.DRAFT, Terms(), (CUP, LID), 0, None, None, "",
)  # fmt: skip


def typed(**changed: str) -> dict[str, Any]:
    """The form as it is sent back when nothing is touched, but for what is changed."""
    form = QuoteForm(view=VIEW)
    shown = {bound.html_name: form.get_initial_for_field(bound.field, bound.name) for bound in form}
    fields = {name: form.fields[name].prepare_value(value) for name, value in shown.items() if value is not None}
    return {name: str(value) for name, value in fields.items() if value is not False} | changed


def quote(**changed: str) -> QuoteForm:
    return QuoteForm(typed(**changed), view=VIEW)


def test_what_is_not_touched_stays_as_it_is() -> None:
    form = quote()
    assert form.is_valid(), form.errors
    assert form.lines() == (CUP, LID)
    assert form.terms() == Terms()
    assert form.described() is None


def test_terms_and_a_ladder_are_read_as_they_are_typed() -> None:
    form = quote(
        currency="USD", deposit="30", lead_time_days="15", incoterm="FOB", place=" Ningbo ", line_1_price_1="0.45",
        line_1_quantity_3="5000", line_1_price_3="0,40", line_1_carton_pieces="50", line_2_drop="on",
    )  # fmt: skip
    assert form.is_valid(), form.errors
    assert form.terms() == Terms("USD", None, 15, "FOB", "Ningbo", "", 3_000, "")
    (line,) = form.lines()
    assert line.ladder == (QuotedStep(120, 45), QuotedStep(1_200, 285), QuotedStep(5_000, 40))
    assert line.carton == Carton(50, 600)
    assert form.places() == (1,)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"currency": "JPY"}, "line_1_price_1"),  # 3.20 yen are none
        ({"currency": "XXX"}, "currency"),
        ({"line_1_price_1": "three"}, "line_1_price_1"),
        ({"line_1_pieces": ""}, "line_1_pieces"),
        ({"valid_until": "soon"}, "valid_until"),
    ],
    ids=["yen", "currency", "price", "pieces", "day"],
)
def test_what_cannot_be_read_is_told_at_its_field(changed: Mapping[str, str], field: str) -> None:
    assert field in quote(**changed).errors


def test_whose_lines_are_others_by_now_sees_them_beside_what_she_typed() -> None:
    assert not quote().is_overtaken
    form = quote(line_2_id=str(uuid.UUID(int=8)), line_1_pieces="7", note="soft box")
    assert form.is_overtaken
    again = form.looked_again()
    assert (again["note"].value(), again["line_1_pieces"].value()) == ("soft box", quote().view.lines[0].pieces)


def test_findings_stand_at_the_line_as_the_page_shows_it() -> None:
    form = quote(line_1_drop="on")
    assert form.is_valid()
    told = error("quotation_ladder_empty", header="ladder", row=1)
    form.add_findings([told, error("quotation_valid_past", header="valid_until")], places=form.places())
    assert set(form.errors) == {"line_2_price_1", "valid_until"}


def test_a_line_may_be_described() -> None:
    form = quote(new_name="吸管", new_pieces="2,000", new_price="0.05")
    assert form.is_valid(), form.errors
    line = form.described()
    assert line is not None
    assert (line.ladder, line.pieces, *line.names.values()) == ((QuotedStep(1, 5),), 2_000, "吸管")
