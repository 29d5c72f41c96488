"""What a buyer fills in when she accepts quotations: how many of a line, and of which kinds where the stall names none.

pieces-<line>               how many, 0 leaves it out
variant-<line>-<variant>    how many of that kind; together they make the quantity
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sundry.goods.catalogue.rules import Told
from sundry.goods.catalogue.showing import spoken
from sundry.goods.catalogue.storefront import language_of_reader
from sundry.goods.orders.enquiry_rules import QuotationView, QuotedLine, QuotedStep
from sundry.goods.orders.pages_basket import pieces_of
from sundry.kernel.identifiers import id_or_none

Variants = dict[uuid.UUID, dict[uuid.UUID, int]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A variant among which she chooses: the name of its field, what it is called, what was typed."""

    field: str
    name: Told
    typed: str


@dataclass(frozen=True, slots=True)
class LineToAccept:
    """A quoted line with the price for what it is laid out for, and what she has typed."""

    line: QuotedLine
    step: QuotedStep | None
    typed: str
    kinds: tuple[Kind, ...]


def lines_to_accept(view: QuotationView, typed: Mapping[str, Any] | None) -> list[LineToAccept]:
    """`typed` None: nothing of it can be accepted, and no kind is chosen."""
    return [
        LineToAccept(
            line,
            line.price_at(line.pieces),
            _typed(typed or {}, f"pieces-{line.id}", str(line.pieces)),
            () if typed is None else _kinds(line, typed),
        )
        for line in view.lines
    ]


def _kinds(line: QuotedLine, typed: Mapping[str, Any]) -> tuple[Kind, ...]:
    """Where there is one only, it is that one."""
    at_first = str(line.pieces) if len(line.choices) == 1 else ""
    found = []
    for one in line.choices:
        name, field = spoken(one.names, language_of_reader(), source=line.language), f"variant-{line.id}-{one.id}"
        if not name.text:
            name = Told(one.item_number, "")
        found.append(Kind(field, name, _typed(typed, field, at_first)))
    return tuple(found)


def _typed(typed: Mapping[str, Any], field: str, at_first: str) -> str:
    return str(typed.get(field, at_first))[:20]


def taken(
    typed: Mapping[str, Any], quotations: Sequence[QuotationView]
) -> tuple[dict[uuid.UUID, int], Variants, list[str]]:
    """What was typed of the lines of these quotations: (how many, how many of which kind, what cannot be read). Side by
    side there are fields of quotations that she has not chosen."""
    lines = {line.id for one in quotations for line in one.lines}
    found: dict[uuid.UUID, int] = {}
    kinds: Variants = {}
    wrong: list[str] = []
    for name, written in typed.items():
        what, _, rest = name.partition("-")
        line = id_or_none(rest[:36]) if what in ("pieces", "variant") else None
        if line not in lines or line is None or not isinstance(written, str):
            continue
        kind = id_or_none(rest[37:]) if what == "variant" else None
        if what == "variant" and (kind is None or not written.strip()):
            continue
        pieces, mistake = pieces_of(written[:20])
        if pieces is None:
            wrong.append(mistake)
        elif kind is None:
            found[line] = pieces
        else:
            kinds.setdefault(line, {})[kind] = pieces
    return found, kinds, wrong
