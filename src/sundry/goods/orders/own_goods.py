"""A stall's own goods, as it names one on a phone: by its number, its item number or a part of its name.

Problem: a stall that is out of red cups offers others in their place, and nobody knows the numbers of her goods by
heart. Therefore whatever she types is looked for among what her stall has on show: one good is taken, of several she is
asked which, and a good that comes in variants is as many answers.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from sundry.goods.catalogue import queries
from sundry.goods.catalogue.orderable import Orderable
from sundry.goods.catalogue.queries_orderable import orderable, orderable_stalls
from sundry.goods.catalogue.rules import State, Told
from sundry.goods.catalogue.showing import spoken
from sundry.goods.catalogue.texts import told
from sundry.kernel.identifiers import id_or_none

FOUND_MAX: Final = 12  # goods that she is asked about
LISTED_MAX: Final = 100  # that a field proposes while she types
_NUMBER: Final = re.compile(r"\s*#?(\d{1,18})(?=\s|$)")
_ON_SHOW: Final = frozenset({State.LISTED})


@dataclass(frozen=True, slots=True)
class OwnGood:
    """A good, or a variant of one: `kind` says which, "" where it has none."""

    number: int
    variant: uuid.UUID | None
    name: Told
    kind: Told
    item_number: str

    @property
    def value(self) -> str:
        """As a form sends it back."""
        return f"{self.number}" if self.variant is None else f"{self.number}/{self.variant}"

    @property
    def text(self) -> str:
        """As a field proposes it: read by its number when it is sent."""
        return f"{self.number} {self.name.text} {self.item_number}".strip()


Finder = Callable[[str], tuple[OwnGood, ...]]


def finder(stall: int, language: str, *, kinds: bool = True) -> Finder:
    """What words may mean at the stall of this number: at most three statements for each. `kinds` False: goods only,
    whose variants somebody else chooses."""

    def found(words: str) -> tuple[OwnGood, ...]:
        if (number := _NUMBER.match(words)) and (of_number := _offers([int(number[1])], stall)):
            return tuple(_choices(of_number, language, kinds))
        holder = orderable_stalls([stall]).get(stall)
        if holder is None or not words.strip():
            return ()
        like = queries.goods_of_stall(holder.id, states=_ON_SHOW, limit=FOUND_MAX, words=words)
        exact = [card for card in like if card.item_number.casefold() == words.strip().casefold()]
        return tuple(_choices(_offers([card.number for card in exact or like], stall), language, kinds))

    return found


def listed(stall: int, language: str) -> tuple[OwnGood, ...]:
    """The newest that it has on show, to be proposed while she types. Two statements."""
    holder = orderable_stalls([stall]).get(stall)
    cards = () if holder is None else queries.goods_of_stall(holder.id, states=_ON_SHOW, limit=LISTED_MAX)
    return tuple(
        OwnGood(card.number, None, told(card.names, language, source=card.language), Told("", ""), card.item_number)
        for card in cards
    )


def picked(value: str) -> tuple[int, uuid.UUID | None] | None:
    """What a form sends back of an `OwnGood.value`; None: no such thing."""
    number, _, variant = value.partition("/")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    return int(number), id_or_none(variant)


def _offers(numbers: list[int], stall: int) -> list[Orderable]:
    found = orderable(numbers, lock=False)
    offers = [found[number] for number in numbers if number in found]
    return [offer for offer in offers if offer.stall_number == stall and offer.is_listed]


def _choices(offers: list[Orderable], language: str, kinds: bool) -> Iterator[OwnGood]:
    for offer in offers:
        name = told(offer.names, language, source=offer.language)
        if not offer.variants or not kinds:
            yield OwnGood(offer.number, None, name, Told("", ""), offer.item_number)
        for id_, variant in offer.variants.items() if kinds else ():
            kind = spoken(variant.names, language, source=offer.language)
            kind = kind if kind.text else Told(variant.item_number or "–", "")
            yield OwnGood(offer.number, id_, name, kind, variant.item_number or offer.item_number)
