"""What is wrong with a question, a message or a quotation, before any of it is written down.

Problem: a stall types a quotation of 40 lines on a phone; the third step of line 17 begins below the second, and the
day until which it holds was last week. Told one at a time, it is typed forty times. Therefore every check answers with
`Finding`s: of a line by its place from 1 (`row`) and the field that is wrong (`header`).

Worked case: a ladder 1,000 / 500 / 5,000 pieces: an error at "ladder", value 500: each step begins above the one
before. 1,000 / 5,000 at 0.085 and 0.090: no error. Who asks more for more knows why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from sundry.goods.catalogue.checks import UNITS
from sundry.goods.catalogue.rules import LANGUAGES
from sundry.goods.orders.checks import LINE_NAME_MAX, SHORT_MAX, shown
from sundry.goods.orders.enquiry_rules import (
    ATTACHMENTS_MAX,
    QUOTED_LINES_MAX,
    STEPS_MAX,
    TEXT_MAX,
    Question,
    QuotedLine,
    Terms,
)
from sundry.goods.orders.order_rules import (
    NOTE_MAX,
    PIECES_MAX,
    PRICE_MINOR_MAX,
    PRICE_PER_MAX,
    VALUE_MINOR_MAX,
    WHOLE_BP,
    value_of,
)
from sundry.goods.orders.trade_limits import trade_limits
from sundry.kernel.findings import Finding, error
from sundry.kernel.money import CURRENCIES

PLACE_MAX: Final = 80
LEAD_DAYS_MAX: Final = 730
INCOTERMS: Final = frozenset({"EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP"})
"""Of 2020, as base/reference lists them."""


# Words ----------------------------------------------------------------------------------------------------------------


def question_findings(question: Question) -> tuple[Finding, ...]:
    """Of what is asked; whom it can be asked of is found out with the catalogue. `text`: already cleaned."""
    return tuple(_question(question))


def _question(question: Question) -> Iterator[Finding]:
    yield from text_findings(question.text, question.language, attachments=len(question.photos), needs_words=True)
    if question.quantity is not None and not 1 <= question.quantity <= PIECES_MAX:
        yield error(
            "talk_quantity_impossible", header="quantity", value=shown(question.quantity), details=_most(PIECES_MAX)
        )
    price = question.target_price_minor
    if price is not None and not 1 <= price <= PRICE_MINOR_MAX:
        yield error("talk_target_price_impossible", header="target_price_minor", value=shown(price))
    if question.currency not in CURRENCIES:
        yield error("orders_currency_unknown", header="currency", value=shown(question.currency))
    if question.unit not in UNITS:
        yield error("talk_unit_unknown", header="unit", value=shown(question.unit))
    country = question.destination
    if country and not (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()):
        yield error("orders_country_unknown", header="destination", value=shown(country))


def text_findings(text: str, language: str, *, attachments: int, needs_words: bool = False) -> Iterator[Finding]:
    """Of a message in somebody's own words. What is sent along may stand alone; a question may not."""
    if not text and (needs_words or not attachments):
        yield error("talk_text_empty", header="text")
    if len(text) > TEXT_MAX:
        yield error("talk_text_too_long", header="text", details={"count": len(text), "most": TEXT_MAX})
    if language not in LANGUAGES:
        yield error("talk_language_unknown", header="language", value=shown(language))
    if attachments > ATTACHMENTS_MAX:
        yield error(
            "talk_too_many_attachments", header="attachments", value=str(attachments), details=_most(ATTACHMENTS_MAX)
        )


# Quotations -----------------------------------------------------------------------------------------------------------


def quotation_findings(terms: Terms, lines: Sequence[QuotedLine]) -> tuple[Finding, ...]:
    """Of a draft: what could never be sent. That it lacks something yet is said when it is sent."""
    found = [*_terms(terms)]
    if len(lines) > QUOTED_LINES_MAX:
        found.append(error("quotation_too_many_lines", value=str(len(lines)), details=_most(QUOTED_LINES_MAX)))
        return tuple(found)
    for row, line in enumerate(lines, 1):
        found += _line(line, row)
    if not found and quotation_value(lines) > VALUE_MINOR_MAX:
        found.append(error("orders_value_too_large", value=str(quotation_value(lines))))
    return tuple(found)


def sending_findings(terms: Terms, lines: int, *, today: date) -> tuple[Finding, ...]:
    """What keeps a draft from being sent today."""
    found = [] if lines else [error("quotation_no_line", header="lines")]
    last = today + timedelta(days=trade_limits(today).valid_days_max)
    if terms.valid_until is None:
        found.append(error("quotation_valid_missing", header="valid_until"))
    elif terms.valid_until < today:
        found.append(error("quotation_valid_past", header="valid_until", value=terms.valid_until.isoformat()))
    elif terms.valid_until > last:
        details = {"last": last.isoformat()}
        found.append(
            error("quotation_valid_too_far", header="valid_until", value=terms.valid_until.isoformat(), details=details)
        )
    return tuple(found)


def quotation_value(lines: Sequence[QuotedLine]) -> int:
    """What its lines come to at the pieces laid out, each rounded once."""
    steps = ((line, line.price_at(line.pieces)) for line in lines)
    return sum(value_of(line.pieces, step.price_minor, line.price_per) for line, step in steps if step)


def _terms(terms: Terms) -> Iterator[Finding]:
    if terms.currency not in CURRENCIES:
        yield error("orders_currency_unknown", header="currency", value=shown(terms.currency))
    if terms.lead_time_days is not None and not 0 <= terms.lead_time_days <= LEAD_DAYS_MAX:
        yield error(
            "quotation_lead_time_impossible",
            header="lead_time_days",
            value=shown(terms.lead_time_days),
            details=_most(LEAD_DAYS_MAX),
        )
    if terms.incoterm and terms.incoterm not in INCOTERMS:
        yield error("quotation_incoterm_unknown", header="incoterm", value=shown(terms.incoterm))
    if terms.incoterm and not terms.place:
        yield error("quotation_place_missing", header="place", value=shown(terms.incoterm))
    if not 0 <= terms.deposit_bp <= WHOLE_BP:
        yield error("quotation_deposit_impossible", header="deposit_bp", value=shown(terms.deposit_bp))
    for field, text, most in (
        ("place", terms.place, PLACE_MAX),
        ("packing", terms.packing, NOTE_MAX),
        ("note", terms.note, NOTE_MAX),
    ):
        if len(text) > most:
            yield error("talk_text_too_long", header=field, details={"count": len(text), "most": most})


def _line(line: QuotedLine, row: int) -> Iterator[Finding]:
    def wrong(rule: str, field: str, value: object, **details: object) -> Finding:
        return error(rule, header=field, value=shown(value), row=row, details=details)

    if not 1 <= line.pieces <= PIECES_MAX:
        yield wrong("orders_pieces_impossible", "pieces", line.pieces, most=PIECES_MAX)
    if not 1 <= line.price_per <= PRICE_PER_MAX:
        yield wrong("orders_price_per_impossible", "price_per", line.price_per, most=PRICE_PER_MAX)
    if line.good is None and not any(line.names.values()) and not line.item_number:
        yield wrong("quotation_name_missing", "names", "")
    if line.unit not in UNITS or line.language not in LANGUAGES:
        unit = line.unit not in UNITS
        yield wrong("quotation_code_unknown", "unit" if unit else "language", line.unit if unit else line.language)
    yield from _lengths(line, row)
    steps = line.ladder
    if not steps:
        yield wrong("quotation_ladder_empty", "ladder", "")
    elif len(steps) > STEPS_MAX:
        yield wrong("quotation_ladder_too_long", "ladder", len(steps), most=STEPS_MAX)
    else:
        yield from _ladder(line, row)


def _ladder(line: QuotedLine, row: int) -> Iterator[Finding]:
    before = 0
    for step in line.ladder:
        if not 1 <= step.price_minor <= PRICE_MINOR_MAX:
            yield error("orders_price_impossible", header="ladder", value=shown(step.price_minor), row=row)
        if not 1 <= step.quantity <= PIECES_MAX:
            details = _most(PIECES_MAX)
            yield error(
                "orders_pieces_impossible", header="ladder", value=shown(step.quantity), row=row, details=details
            )
        elif step.quantity <= before:
            yield error("quotation_ladder_not_rising", header="ladder", value=shown(step.quantity), row=row)
        before = max(before, step.quantity)
    first = line.ladder[0].quantity
    if 1 <= line.pieces < first <= PIECES_MAX:
        details = {"least": first}
        yield error("quotation_pieces_too_few", header="pieces", value=str(line.pieces), row=row, details=details)


def _lengths(line: QuotedLine, row: int) -> Iterator[Finding]:
    texts: Mapping[str, tuple[str, int]] = {
        "item_number": (line.item_number, SHORT_MAX),
        "note": (line.note, NOTE_MAX),
        **{f"names.{language}": (name, LINE_NAME_MAX) for language, name in line.names.items()},
    }
    for field, (text, most) in texts.items():
        if len(text) > most:
            details = {"count": len(text), "most": most}
            yield error("quotation_text_too_long", header=field, row=row, details=details)
    carton = line.carton
    sizes = (carton.pieces, carton.length_mm, carton.width_mm, carton.height_mm, carton.gross_g, carton.net_g)
    if any(size is not None and not 1 <= size <= PIECES_MAX for size in sizes):
        yield error("quotation_carton_impossible", header="carton", row=row)


def _most(most: int) -> dict[str, int]:
    return {"most": most}
