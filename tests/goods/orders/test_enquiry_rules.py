"""Quotations: which step of a ladder holds, until when a version can be accepted, where its states lead."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from sundry.goods.orders.enquiry_rules import (
    QUOTATION_NEXT,
    QuotationState,
    QuotationView,
    QuotedLine,
    QuotedStep,
    Terms,
)
from sundry.goods.orders.models import Quotation
from sundry.goods.orders.order_rules import Part
from sundry.goods.orders.quoting import become

CLIPS = QuotedLine(ladder=(QuotedStep(10_000, 8500), QuotedStep(50_000, 8200)), pieces=12_000, price_per=1000)
SENT = QuotationView(
    id=uuid.UUID(int=1),
    number=10004,
    version=2,
    is_newest=True,
    conversation=None,
    stall=1001,
    stall_names={"zh": "红星"},
    seller=uuid.UUID(int=2),
    buyer=Part(uuid.UUID(int=3), "Amina"),
    agent=Part(None, ""),
    state=QuotationState.SENT,
    terms=Terms(valid_until=date(2026, 11, 27)),
    lines=(CLIPS,),
    value_minor=102_000,
    sent_at=datetime(2026, 11, 22, tzinfo=UTC),
    decided_at=None,
    reason="",
)


@pytest.mark.parametrize(("pieces", "price"), [(9_999, None), (10_000, 8500), (49_999, 8500), (50_000, 8200)])
def test_the_last_step_that_is_reached_holds(pieces: int, price: int | None) -> None:
    step = CLIPS.price_at(pieces)
    assert (step.price_minor if step else None) == price


def test_it_is_open_to_the_end_of_its_last_day_and_only_in_its_newest_version() -> None:
    assert SENT.is_open(date(2026, 11, 27))
    assert not SENT.is_open(date(2026, 11, 28))
    assert not replace(SENT, is_newest=False).is_open(date(2026, 11, 27))
    assert not replace(SENT, state=QuotationState.WITHDRAWN).is_open(date(2026, 11, 27))


def test_what_is_decided_stays_decided() -> None:
    assert set(QUOTATION_NEXT) == set(QuotationState)
    ended = {state for state, to in QUOTATION_NEXT.items() if not to}
    assert ended == set(QuotationState) - {QuotationState.DRAFT, QuotationState.SENT}


def test_a_quotation_becomes_nothing_else_than_the_table_has() -> None:
    row = Quotation(state="draft")
    become(row, QuotationState.SENT)
    become(row, QuotationState.ACCEPTED)
    assert row.state == "accepted"
    with pytest.raises(AssertionError):
        become(row, QuotationState.WITHDRAWN)
