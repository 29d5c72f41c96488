"""Phrases of the trade: what buyers and stalls say all day, written once in six languages.

Problem: a stall holder with a customer before her answers a buyer in Casablanca with her thumb, in Chinese; what the
buyer reads is nothing, or what some machine made of it. But nine messages of ten are the same thirty sentences.
Therefore those are templates: one side picks one and fills in a figure, the other reads it in her own language.

Worked case: the stall picks "busy_until" with 15:30 and reads 我正在招呼客人，15:30 之前回复您。 Its buyer reads the
same in French. The conversation still waits for the stall: to say that one is busy is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from string import Formatter
from typing import Final

from sundry.goods.orders.order_rules import PIECES_MAX, Side
from sundry.kernel.findings import Finding, error
from sundry.kernel.messages import catalogue, render

VALUE_MAX: Final = 60  # characters of what fills a blank


class Turn(StrEnum):
    """Who has to answer after a phrase was said."""

    PASSES = "passes"  # the other side
    STAYS = "stays"  # whoever had to before
    ENDS = "ends"  # nobody


class Blank(StrEnum):
    """What a blank of a phrase takes."""

    PIECES = "pieces"  # a whole number
    DAYS = "days"
    PERCENT = "percent"
    PRICE = "price"  # as it is written: "0.085", "USD 1.20"
    DAY = "day"  # 2026-11-27
    TIME = "time"  # 15:30
    SIZE = "size"  # of a carton, in cm: "50 x 40 x 30"
    WEIGHT = "weight"  # in kg: "12.5"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One of them. `sides`: who may say it; its text is the message `phrase_<key>`."""

    key: str
    sides: frozenset[Side]
    turn: Turn = Turn.PASSES

    @property
    def rule(self) -> str:
        return f"phrase_{self.key}"

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """What is to be filled in, in the order of the English text."""
        named = (name for _, name, _, _ in Formatter().parse(catalogue()[self.rule]["en"]) if name)
        return tuple(Blank(name) for name in dict.fromkeys(named))

    def text(self, language: str, values: Mapping[str, str | int]) -> str:
        """What it says to a reader. KeyError: a blank is not filled."""
        return render(self.rule, language, values)

    def pattern(self, language: str) -> str:
        """What it says, with `…` where something is filled in: for a list to choose from."""
        return render(self.rule, language, dict.fromkeys((one.value for one in self.blanks), "…"))


_BUYER: Final = frozenset({Side.BUYER})
_STALL: Final = frozenset({Side.STALL})

PHRASES: Final[Mapping[str, Phrase]] = {
    phrase.key: phrase
    for phrase in (
        Phrase("ask_price", _BUYER),
        Phrase("ask_price_more", _BUYER),
        Phrase("ask_lower", _BUYER),
        Phrase("ask_minimum", _BUYER),
        Phrase("ask_stock", _BUYER),
        Phrase("ask_photo", _BUYER),
        Phrase("ask_colours", _BUYER),
        Phrase("ask_packing", _BUYER),
        Phrase("ask_mixed", _BUYER),
        Phrase("ask_sample", _BUYER),
        Phrase("ask_logo", _BUYER),
        Phrase("ask_certificate", _BUYER),
        Phrase("ask_lead_time", _BUYER),
        Phrase("ask_day", _BUYER),
        Phrase("ask_payment", _BUYER),
        Phrase("ask_quotation", _BUYER),
        Phrase("take_it", _BUYER),
        Phrase("too_dear", _BUYER),
        Phrase("think_over", _BUYER, Turn.ENDS),
        Phrase("price", _STALL),
        Phrase("price_lowest", _STALL),
        Phrase("minimum", _STALL),
        Phrase("in_stock", _STALL),
        Phrase("sold_out", _STALL),
        Phrase("sold_out_until", _STALL),
        Phrase("packing", _STALL),
        Phrase("lead_time", _STALL),
        Phrase("deposit", _STALL),
        Phrase("sample_free", _STALL),
        Phrase("sample_price", _STALL),
        Phrase("mixed_yes", _STALL),
        Phrase("ask_quantity", _STALL),
        Phrase("ask_which", _STALL),
        Phrase("quotation_follows", _STALL, Turn.STAYS),
        Phrase("busy_until", _STALL, Turn.STAYS),
        Phrase("not_sold", _STALL),
        Phrase("thanks", _BUYER | _STALL, Turn.ENDS),
    )
}

_FIGURE: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_MOST: Final = {Blank.PIECES: PIECES_MAX, Blank.DAYS: 730, Blank.PERCENT: 100}
_FORMS: Final = {
    Blank.TIME: re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", re.ASCII),
    Blank.PRICE: re.compile(r"(?:[A-Z]{3} |[¥$€] ?)?[0-9]{1,9}(?:[.,][0-9]{1,4})?"),
    Blank.SIZE: re.compile(r"[0-9]{1,4}(?:\.[0-9])?(?: ?[x×*] ?[0-9]{1,4}(?:\.[0-9])?){2}"),
    Blank.WEIGHT: re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,3})?", re.ASCII),
}


def said(template: str, language: str, values: Mapping[str, str | int]) -> str:
    """What a message says to a reader: a phrase that somebody chose, or a reminder, which one person chooses for the
    messages to many stalls."""
    return render(f"phrase_{template}", language, values)


def phrases_of(side: Side) -> tuple[Phrase, ...]:
    """What that side may say, as a list of them is shown."""
    return tuple(phrase for phrase in PHRASES.values() if side in phrase.sides)


def filled(phrase: Phrase, values: Mapping[str, str | int]) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """What fills its blanks, and what is wrong with it. What fills no blank is left out."""
    given = {blank: str(values.get(blank.value, "")).strip() for blank in phrase.blanks}
    return {blank.value: text for blank, text in given.items()}, tuple(_wrong(given))


def _wrong(given: Mapping[Blank, str]) -> Iterator[Finding]:
    for blank, text in given.items():
        if not text:
            yield error("talk_value_missing", header=blank.value)
        elif not _fits(blank, text):
            yield error("talk_value_impossible", header=blank.value, value=text[:VALUE_MAX])


def _fits(blank: Blank, text: str) -> bool:
    if blank in _MOST:
        return bool(_FIGURE.fullmatch(text)) and 1 <= int(text) <= _MOST[blank]
    if blank is Blank.DAY:
        return _is_day(text)
    return bool(_FORMS[blank].fullmatch(text))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
