"""Every state has a badge and a word, and every event is told without a hole."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from sundry.goods.orders import order_words as words
from sundry.goods.orders.enquiry_rules import EnquiryState, QuotationState
from sundry.goods.orders.order_rules import (
    ChangeKind,
    ChangeState,
    Collector,
    EventKind,
    MandateState,
    OrderState,
    PaymentKind,
    PaymentState,
    Side,
    State,
    Supply,
)

BADGES = {"ok", "working", "waiting", "attention", "error", "neutral"}


@pytest.mark.parametrize(
    ("of", "states"),
    [
        (words.STATES, State),
        (words.ORDER_STATES, OrderState),
        (words.ENQUIRY_STATES, EnquiryState),
        (words.QUOTATION_STATES, QuotationState),
        (words.CHANGE_STATES, ChangeState),
        (words.PAYMENT_STATES, PaymentState),
        (words.MANDATE_STATES, MandateState),
    ],
    ids=["part", "order", "enquiry", "quotation", "change", "payment", "mandate"],
)
def test_every_state_has_a_badge_and_a_word_of_its_own(of: Mapping[Any, words.Badge], states: type[StrEnum]) -> None:
    assert set(of) == set(states)
    assert {kind for kind, _ in of.values()} <= BADGES
    assert len({str(word) for _, word in of.values()}) == len(of)


def test_every_kind_and_side_has_a_word() -> None:
    for of, kinds in (
        (words.SIDES, Side),
        (words.CHANGE_KINDS, ChangeKind),
        (words.PAYMENT_KINDS, PaymentKind),
        (words.SUPPLIES, Supply),
        (words.COLLECTORS, Collector),
        (words.TIMELINE, EventKind),
        (words.TIMELINE_ICONS, EventKind),
    ):
        assert set(of) == set(kinds)


@pytest.mark.parametrize("kind", list(EventKind))
def test_an_event_that_says_least_is_told_by_the_shortest(kind: EventKind) -> None:
    sentence = words.sentence_of(kind, {"who"})
    assert words.blanks_of(sentence) <= {"who"}
    assert sentence == str(words.TIMELINE[kind][-1])


@pytest.mark.parametrize("kind", list(EventKind))
def test_an_event_that_says_most_is_told_by_the_fullest(kind: EventKind) -> None:
    everything = {"who", "code", "day", "reason", "amount", "pieces", "cartons", "ticket"}
    assert words.sentence_of(kind, everything) == str(words.TIMELINE[kind][0])


def test_an_event_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing can be told"):
        words.sentence_of(EventKind.PLACED, set())
