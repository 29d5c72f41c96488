"""Purposes and kinds of events have a name in six languages; what is behind the name stays."""

from __future__ import annotations

import pytest

from sundry.base.ledger.words import EVENTS, PURPOSES, event_text, purpose_text
from sundry.kernel.messages import LANGUAGES


def test_the_longest_word_counts_and_the_rest_stays() -> None:
    assert purpose_text("payable", "zh") == "应付款"
    assert purpose_text("escrow order:4711", "zh") == "托管款 order:4711"
    assert purpose_text("held", "fr") == "en garde"
    assert purpose_text("held in CSQU3054383", "fr") == "en garde dans CSQU3054383"
    assert event_text("payout confirmed", "en") == "payout confirmed"


@pytest.mark.parametrize("strange", ["", "bay 7", "  payable", "payables", "PAYABLE"])
def test_what_is_not_in_the_list_is_shown_as_it_stands(strange: str) -> None:
    assert purpose_text(strange, "ru") == strange
    assert event_text(strange, "ru") == strange


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_has_its_name(language: str) -> None:
    for words, text in ((PURPOSES, purpose_text), (EVENTS, event_text)):
        named = [text(word, language) for word in words]
        assert all(named)
        assert len(set(named)) == len(words), "two words, one name"
