"""Lines of a quotation as the table keeps them, and as everybody else knows them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from typing import Any, Final

from sundry.goods.catalogue.orderable import Orderable
from sundry.goods.catalogue.texts import clean
from sundry.goods.orders.enquiry_rules import (
    QUOTATION_NEXT,
    QuotationState,
    QuotedLine,
    QuotedStep,
    Terms,
)
from sundry.goods.orders.models import Quotation, QuotationLine
from sundry.goods.orders.order_rules import Carton
from sundry.kernel.findings import Finding, error
from sundry.kernel.identifiers import new_id

CARTON: Final = ("pieces", "length_mm", "width_mm", "height_mm", "gross_g", "net_g")
COPIED: Final = (
    *("conversation_id", "stall_id", "seller_id", "buyer_id", "agent_id", "mandate_id", "number"),
    *("currency", "valid_until", "lead_time_days", "incoterm", "place", "packing", "deposit_bp", "note", "value_minor"),
)
"""What the next version takes over from the one before."""


def digest_of(**said: Any) -> str:
    """Of what somebody said by a key: the same key with another digest says something else."""
    return sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()


def plain_terms(terms: Terms) -> Terms:
    """As they are kept: without what nobody sees."""
    return replace(
        terms,
        currency=clean(terms.currency),
        incoterm=clean(terms.incoterm).upper(),
        place=clean(terms.place),
        packing=clean(terms.packing, lines=True),
        note=clean(terms.note, lines=True),
    )


def plain_line(line: QuotedLine) -> QuotedLine:
    names = {language: name for language, text in line.names.items() if (name := clean(text))}
    return replace(
        line,
        names=names,
        item_number=clean(line.item_number),
        note=clean(line.note, lines=True),
        photo=clean(line.photo),
    )


def of_goods(
    lines: Sequence[QuotedLine], goods: Mapping[int, Orderable], stall: uuid.UUID
) -> tuple[list[QuotedLine], list[Finding]]:
    """Lines with what the catalogue says of their goods, where the stall says nothing else; and which of them name a
    good, or a variant, that the stall has not on show."""
    found, wrong = [], []
    for row, line in enumerate(lines, 1):
        good = goods.get(line.good) if line.good is not None else None
        if line.good is None:
            found.append(line)
        elif good is None or good.stall != stall or not good.is_listed:
            wrong.append(error("quotation_good_not_there", header="good", value=str(line.good), row=row))
        elif line.variant is not None and line.variant not in good.variants:
            wrong.append(error("quotation_variant_not_there", header="variant", value=str(line.good), row=row))
        else:
            found.append(_with_good(line, good))
    return found, wrong


def _with_good(line: QuotedLine, good: Orderable) -> QuotedLine:
    """Of a good that comes in variants, of which none is named, the buyer chooses among them when she accepts."""
    known = Carton(**{name: getattr(good.carton, name) for name in CARTON})
    variant = good.variants.get(line.variant) if line.variant is not None else None
    return replace(
        line,
        names=line.names or good.names,
        language=good.language,
        item_number=line.item_number or (variant.item_number if variant else "") or good.item_number,
        unit=good.unit,
        carton=known if line.carton == Carton() else line.carton,
        photo=line.photo or good.cover,
    )


def line_rows(quotation: uuid.UUID, lines: Sequence[QuotedLine], goods: Mapping[int, Orderable]) -> list[QuotationLine]:
    return [
        QuotationLine(
            id=new_id(),
            quotation_id=quotation,
            position=position,
            good_id=goods[line.good].id if line.good is not None else None,
            good_number=line.good,
            variant=line.variant,
            names=dict(line.names),
            language=line.language,
            item_number=line.item_number,
            unit=line.unit,
            photo=line.photo,
            pieces=line.pieces,
            ladder_quantities=[step.quantity for step in line.ladder],
            ladder_prices_minor=[step.price_minor for step in line.ladder],
            price_per=line.price_per,
            note=line.note,
            **{f"carton_{name}": value for name, value in asdict(line.carton).items()},
        )
        for position, line in enumerate(lines, 1)
    ]


def quoted_line(row: QuotationLine) -> QuotedLine:
    return QuotedLine(
        ladder=tuple(map(QuotedStep, row.ladder_quantities, row.ladder_prices_minor)),
        pieces=row.pieces,
        price_per=row.price_per,
        good=row.good_number,
        variant=row.variant,
        names=row.names,
        language=row.language,
        item_number=row.item_number,
        unit=row.unit,
        carton=Carton(**{name: getattr(row, f"carton_{name}") for name in CARTON}),
        photo=row.photo,
        note=row.note,
        id=row.id,
    )


def become(row: Quotation, state: QuotationState) -> None:
    """A quotation that is held changes its state as `QUOTATION_NEXT` has it, and no other way."""
    assert state in QUOTATION_NEXT[QuotationState(row.state)], (row.state, state)
    row.state = state.value


def terms_of(row: Quotation | Mapping[str, Any]) -> Terms:
    """Of a row, or of its columns."""
    names = Terms.__slots__
    given = row if isinstance(row, Mapping) else {name: getattr(row, name) for name in names}
    return Terms(**{name: given[name] for name in names})


def copies(of: uuid.UUID, rows: Iterable[QuotationLine]) -> list[QuotationLine]:
    """The same lines for another version."""
    made = []
    for row in rows:
        row.pk, row.quotation_id = new_id(), of
        row._state.adding = True
        made.append(row)
    return made
