"""Phrases: each side has its own, each is there in six languages, each blank takes what fits it."""

from __future__ import annotations

import re

import pytest

from sundry.goods.orders.order_rules import Side
from sundry.goods.orders.phrases import PHRASES, Blank, Turn, filled, phrases_of
from sundry.kernel.messages import LANGUAGES

FITTING = {
    Blank.PIECES: "1200",
    Blank.DAYS: "15",
    Blank.PERCENT: "30",
    Blank.PRICE: "USD 0.085",
    Blank.DAY: "2026-11-27",
    Blank.TIME: "15:30",
    Blank.SIZE: "50 x 40 x 30",
    Blank.WEIGHT: "12.5",
}


@pytest.mark.parametrize("key", list(PHRASES))
def test_a_phrase_says_what_fills_it_in_every_language(key: str) -> None:
    phrase = PHRASES[key]
    values, wrong = filled(phrase, {blank.value: text for blank, text in FITTING.items()})
    assert not wrong
    for language in LANGUAGES:
        told = phrase.text(language, values)
        assert all(value in told for value in values.values())
        assert phrase.pattern(language).count("…") == len(phrase.blanks)
    assert filled(phrase, {})[0].keys() == values.keys()
    assert len(filled(phrase, {})[1]) == len(phrase.blanks)


@pytest.mark.parametrize(
    ("blank", "text"),
    [
        (Blank.PIECES, "0"),
        (Blank.PIECES, "100000001"),
        (Blank.PIECES, "1.5"),
        (Blank.PIECES, "١٢"),
        (Blank.DAYS, "731"),
        (Blank.PERCENT, "101"),
        (Blank.PRICE, "call me on 138 0000 0000"),
        (Blank.PRICE, "<b>1</b>"),
        (Blank.DAY, "27.11.2026"),
        (Blank.DAY, "20261127"),
        (Blank.TIME, "25:00"),
        (Blank.SIZE, "50 x 40"),
        (Blank.WEIGHT, "heavy"),
    ],
)
def test_what_does_not_fit_is_told(blank: Blank, text: str) -> None:
    phrase = next(phrase for phrase in PHRASES.values() if blank in phrase.blanks)
    values = {one.value: FITTING[one] for one in phrase.blanks} | {blank.value: text}
    (finding,) = filled(phrase, values)[1]
    assert (finding.rule, finding.header, finding.value) == ("talk_value_impossible", blank.value, text)


def test_each_side_chooses_among_its_own() -> None:
    buyer, stall = ({phrase.key for phrase in phrases_of(side)} for side in (Side.BUYER, Side.STALL))
    assert buyer & stall == {"thanks"}
    assert buyer | stall == set(PHRASES)
    assert len(PHRASES) >= 25
    assert {key for key in stall if PHRASES[key].turn is Turn.STAYS} == {"busy_until", "quotation_follows"}
    assert all(re.fullmatch(r"[a-z_]{3,40}", key) for key in PHRASES)
