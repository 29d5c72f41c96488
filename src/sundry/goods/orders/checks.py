"""What is wrong with a line as somebody asks for it, and with an order as a whole.

Problem: a buyer's list has 40 lines, and three of them cannot be: 100 of what is sold from 120 on, a good that was
withdrawn, 85 typed for 0.85 of something that has no listed price. Told one at a time she sends her list four times.
Therefore every check answers with `Finding`s, at the row it came from and by the field that is wrong ("pieces",
"price_minor", "variant" ...), and nothing is written before all of them were asked.

Worked case: 100 of good 20114, whose ladder begins at 120: an error at "pieces", value 100, smallest order 120. At 120
pieces and a price of 3.00 where the ladder says 3.20: no error. It is an offer, which the stall sees and answers.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from typing import Final

from sundry.goods.catalogue.checks import UNITS
from sundry.goods.catalogue.orderable import Orderable, OrderableStall
from sundry.goods.catalogue.rules import CURRENCY, LANGUAGES, price_at
from sundry.goods.orders.order_rules import (
    LINES_MAX,
    NAME_MAX,
    NOTE_MAX,
    PIECES_MAX,
    PRICE_MINOR_MAX,
    PRICE_PER_MAX,
    STALLS_MAX,
    VALUE_MINOR_MAX,
    Carton,
    Head,
    Wish,
)
from sundry.kernel.findings import Finding, error
from sundry.kernel.money import CURRENCIES

SHORT_MAX: Final = 80  # characters of an item number, a mark
LINE_NAME_MAX: Final = 200
_SHOWN_MAX: Final = 60  # of a value in a message
_HS_DIGITS: Final = (6, 8, 10)


def wish_findings(
    wish: Wish, offer: Orderable | None, head: Head, *, stall: OrderableStall | None = None
) -> tuple[Finding, ...]:
    """What is wrong with one line; all of it are errors. `offer`: of its good, None: there is no such good; `stall`:
    of a line that is described."""
    found = [*_figures(wish), *_texts(wish)]
    found += _of_good(wish, offer, head) if wish.good is not None else _described(wish, stall)
    return tuple(found)


def head_findings(head: Head) -> tuple[Finding, ...]:
    """What is wrong with what is said of an order as a whole."""
    return tuple(_head(head))


def size_findings(*, lines: int, stalls: int, value_minor: int = 0) -> tuple[Finding, ...]:
    """Whether an order is too large, in lines, stalls or money."""
    found = []
    if lines > LINES_MAX:
        found.append(error("orders_too_many_lines", value=str(lines), details={"most": LINES_MAX}))
    if stalls > STALLS_MAX:
        found.append(error("orders_too_many_stalls", value=str(stalls), details={"most": STALLS_MAX}))
    if value_minor > VALUE_MINOR_MAX:
        found.append(error("orders_value_too_large", value=str(value_minor)))
    return tuple(found)


def listed_price(offer: Orderable, variant: uuid.UUID | None, pieces: int, currency: str) -> int | None:
    """What one of so many costs by the ladder; None: fewer than are sold, or the catalogue has no price in `currency`.
    A variant's difference is in it."""
    base = price_at(offer.ladder, pieces) if currency == CURRENCY else None
    chosen = offer.variants.get(variant) if variant is not None else None
    return None if base is None else base + (chosen.difference_minor if chosen else 0)


# Of one line ----------------------------------------------------------------------------------------------------------


def figure_findings(pieces: int, price_minor: int, price_per: int, row: int) -> tuple[Finding, ...]:
    """What is wrong with figures of a line that is there: of none (it is taken out) only the price is looked at."""
    wish = Wish(pieces=pieces or 1, price_minor=price_minor, price_per=price_per, row=row)
    return tuple(found for found in _figures(wish) if pieces or found.rule != "orders_line_worth_nothing")


def _figures(wish: Wish) -> Iterator[Finding]:
    if not 1 <= wish.pieces <= PIECES_MAX:
        yield _wrong("orders_pieces_impossible", "pieces", wish.pieces, wish, most=PIECES_MAX)
    if not 1 <= wish.price_per <= PRICE_PER_MAX:
        yield _wrong("orders_price_per_impossible", "price_per", wish.price_per, wish, most=PRICE_PER_MAX)
    if wish.price_minor is None:
        return
    if not 1 <= wish.price_minor <= PRICE_MINOR_MAX:
        yield _wrong("orders_price_impossible", "price_minor", wish.price_minor, wish)
    elif 1 <= wish.price_per <= PRICE_PER_MAX and 0 < 2 * wish.pieces * wish.price_minor <= wish.price_per:
        yield _wrong("orders_line_worth_nothing", "price_minor", wish.price_minor, wish)  # half-even: a half is 0


def _texts(wish: Wish) -> Iterator[Finding]:
    for field, text, most in (
        ("item_number", wish.item_number, SHORT_MAX),
        ("mark", wish.mark, SHORT_MAX),
        ("note", wish.note, NOTE_MAX),
        *((f"names.{language}", name, LINE_NAME_MAX) for language, name in wish.names.items()),
    ):
        if len(text) > most:
            yield _wrong("orders_text_too_long", field, text, wish, count=len(text), most=most)
    if wish.hs_code and not (wish.hs_code.isascii() and wish.hs_code.isdigit() and len(wish.hs_code) in _HS_DIGITS):
        yield _wrong("orders_code_impossible", "hs_code", wish.hs_code, wish)
    if wish.carton != _NO_CARTON:
        yield from _carton(wish)


_NO_CARTON: Final = Carton()


def _carton(wish: Wish) -> Iterator[Finding]:
    carton = wish.carton
    for field, figure, most in (
        ("pieces", carton.pieces, 100_000),
        ("length_mm", carton.length_mm, 12_000),
        ("width_mm", carton.width_mm, 2_500),
        ("height_mm", carton.height_mm, 2_700),
        ("gross_g", carton.gross_g, 1_000_000),
        ("net_g", carton.net_g, 1_000_000),
    ):
        if figure is not None and not 1 <= figure <= most:
            yield _wrong("orders_carton_impossible", f"carton.{field}", figure, wish, most=most)
    if carton.gross_g is not None and carton.net_g is not None and carton.net_g > carton.gross_g:
        yield _wrong("orders_net_above_gross", "carton.net_g", carton.net_g, wish, gross=carton.gross_g)


def _of_good(wish: Wish, offer: Orderable | None, head: Head) -> Iterator[Finding]:
    if offer is None or not offer.is_listed:
        yield _wrong("orders_good_not_there", "good", wish.good, wish)
        return
    if not offer.is_open or offer.seller is None:
        yield _wrong("orders_stall_closed", "good", wish.good, wish, stall=offer.stall_number)
    if offer.variants and wish.variant is None:
        yield _wrong("orders_variant_missing", "variant", wish.good, wish)
    elif wish.variant is not None and wish.variant not in offer.variants:
        yield _wrong("orders_variant_not_there", "variant", wish.good, wish)
    if wish.quotation_line is not None:
        return  # what was quoted holds, whatever the ladder says
    minimum = offer.ladder[0].quantity if offer.ladder else 1
    if 1 <= wish.pieces < minimum:
        yield _wrong("orders_below_minimum", "pieces", wish.pieces, wish, minimum=minimum)
    elif (
        wish.pieces > 0
        and wish.price_minor is None
        and listed_price(offer, wish.variant, wish.pieces, head.currency) is None
    ):
        yield _wrong("orders_price_needed", "price_minor", wish.good, wish, currency=head.currency)


def _described(wish: Wish, stall: OrderableStall | None) -> Iterator[Finding]:
    if wish.stall is None:
        yield _wrong("orders_stall_needed", "stall", "", wish)
    elif stall is None:
        yield _wrong("orders_stall_not_there", "stall", wish.stall, wish)
    elif not stall.is_open or stall.seller is None:
        yield _wrong("orders_stall_closed", "stall", wish.stall, wish, stall=wish.stall)
    if not any(name.strip() for name in wish.names.values()):
        yield _wrong("orders_name_needed", "names", "", wish)
    if unknown := [language for language in wish.names if language not in LANGUAGES]:
        yield _wrong("catalogue_language_unknown", "names", unknown[0], wish, known=", ".join(LANGUAGES))
    if wish.language not in LANGUAGES:
        yield _wrong("catalogue_language_unknown", "language", wish.language, wish, known=", ".join(LANGUAGES))
    if wish.unit not in UNITS:
        yield _wrong("catalogue_unit_unknown", "unit", wish.unit, wish, known=", ".join(UNITS))
    if wish.price_minor is None:
        yield _wrong("orders_line_price_needed", "price_minor", "", wish)
    if wish.variant is not None:
        yield _wrong("orders_variant_not_there", "variant", "", wish)


# Of the whole ---------------------------------------------------------------------------------------------------------


def _head(head: Head) -> Iterator[Finding]:
    if head.currency not in CURRENCIES:
        yield error("orders_currency_unknown", header="currency", value=shown(head.currency))
    if head.destination and not is_country(head.destination):
        yield error("orders_country_unknown", header="destination", value=shown(head.destination))
    if head.port and not (
        len(head.port) == 5 and _is_code(head.port[:2]) and head.port.isascii() and head.port.isalnum()
    ):
        yield error("orders_port_unknown", header="port", value=shown(head.port))
    for field, text, most in (("name", head.name, NAME_MAX), ("note", head.note, NOTE_MAX)):
        if len(text) > most:
            details = {"count": len(text), "most": most}
            yield error("orders_text_too_long", header=field, value=shown(text), details=details)


def is_country(code: str) -> bool:
    """Whether it is written as a country is, ISO 3166-1."""
    return len(code) == 2 and _is_code(code)


def _is_code(text: str) -> bool:
    return text.isascii() and text.isalpha() and text.isupper()


def shown(value: object) -> str:
    """A value for a message: not all of a book that somebody pasted into a field."""
    text = str(value)
    return text if len(text) <= _SHOWN_MAX else f"{text[: _SHOWN_MAX - 1]}…"


def _wrong(rule: str, field: str, value: object, wish: Wish, **details: object) -> Finding:
    return error(rule, header=field, value=shown(value), row=wish.row, details=details)


def good_numbers(wishes: Collection[Wish]) -> set[int]:
    """Of the goods that lines ask for: what `orderable` is asked for, in one statement."""
    return {wish.good for wish in wishes if wish.good is not None}
