"""What becomes of a row of a list: a wish, a change of a line, nothing, or a mistake that is told.

The problem and the cases stand in sheets_reading.py; here is what the market says of a row: whose stall it names, which
good its item number is, and what the line of our own sheet is by now.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from sundry.goods.catalogue.checks import UNITS
from sundry.goods.catalogue.queries_matching import STALLS_MAX, Matched, MatchedGood
from sundry.goods.orders.checks import LINE_NAME_MAX
from sundry.goods.orders.formats.quotation_sheet import digest, shown_price
from sundry.goods.orders.import_rules import Verdict
from sundry.goods.orders.order_rules import PRICE_MINOR_MAX, PRICE_PER_MAX, Carton, Wish
from sundry.goods.orders.rules import Line
from sundry.goods.orders.sheets_reading import Mark, script_of
from sundry.kernel.findings import Finding, Severity, error, note
from sundry.kernel.money import CURRENCIES, exponent

PER: Final[Mapping[str, int]] = {"piece": 1, "pair": 1, "set": 1, "dozen": 12, "gross": 144}
FACTORS: Final = (1, 1_000, 10, 100, 10_000, 100_000)
"""For how many times as many pieces a price is said that has too many decimals: the trade prices by the thousand."""

FIELD_OF_WISH: Final[Mapping[str, str]] = {
    "price_minor": "price",
    "price_per": "price",
    "good": "item",
    "variant": "item",
    "item_number": "item",
    "names": "name",
    "hs_code": "hs",
    "carton.pieces": "pieces_per_carton",
    "carton.gross_g": "gross_total",
    "carton.net_g": "net_total",
    "carton.length_mm": "size",
    "carton.width_mm": "size",
    "carton.height_mm": "size",
}
"""Where in a row a mistake of a wish is mended."""

_PRICE_DECIMALS_MAX: Final = 10  # more than that is a quotient of a value, not a price somebody wrote


@dataclass(frozen=True, slots=True)
class KnownLine:
    """A line of the order, as it is now."""

    id: uuid.UUID
    pieces: int
    price_minor: int
    price_per: int
    carton_pieces: int | None
    item_number: str = ""

    @property
    def digest(self) -> str:
        return digest(self.id, self.pieces, self.price_minor, self.price_per)


@dataclass(frozen=True, slots=True)
class Judged:
    """`wish` None: it cannot be one. `line`: the one that the row is about; `differences`: (field, before, after)."""

    verdict: Verdict
    wish: Wish | None
    findings: tuple[Finding, ...] = ()
    line: uuid.UUID | None = None
    differences: tuple[tuple[str, str, str], ...] = ()


@dataclass(slots=True)
class Context:
    """What rows are judged against. `language`: of names whose letters do not tell theirs. `known`: the lines of the
    order by id, None: the list is of no order. `seen`: which row already stood for a line."""

    currency: str
    language: str = "en"
    known: Mapping[uuid.UUID, KnownLine] | None = None
    seen: dict[uuid.UUID, int] = field(default_factory=dict)


def judge(
    line: Line | None,
    told: Iterable[Finding],
    matched: Matched,
    context: Context,
    *,
    row: int,
    mark: Mark | None = None,
    names: Mapping[str, str] | None = None,
) -> Judged:
    """`line`: as the reader understood it, None: it did not, and `told` says why. `names`: where they are known from
    before."""
    found = list(told)
    if mark is not None:
        return _own(line, found, context, row, mark)
    if line is None:
        return Judged(Verdict.WRONG, None, tuple(found))
    wish, more = wish_of(line, matched, context, row=row, names=names)
    found += more
    is_wrong = wish is None or any(one.severity is Severity.ERROR for one in found)
    return Judged(Verdict.WRONG if is_wrong else Verdict.NEW, wish, tuple(found))


# A wish ---------------------------------------------------------------------------------------------------------------


def wish_of(
    line: Line, matched: Matched, context: Context, *, row: int, names: Mapping[str, str] | None = None
) -> tuple[Wish | None, list[Finding]]:
    """The wish of a line, and what is wrong with it. None: what it lacks nobody can guess."""
    found: list[Finding] = []
    if line.currency != context.currency:
        details = {"currency": context.currency}
        found.append(error("order_sheet_other_currency", header="currency", value=line.currency, details=details))
    price = exact_price(line)
    if isinstance(price, Finding):
        found.append(price)
        price = None
    good, stall, told = _of_market(line, matched)
    found += told
    if stall is None or any(one.severity is Severity.ERROR for one in found):
        return None, found
    own_names = dict(names) if names else _names(line, context.language)
    minor, per = price if price is not None else (None, 1)
    wish = Wish(
        pieces=line.pieces,
        good=None if good is None else good.number,
        variant=None if good is None else good.variant,
        stall=stall,
        names=own_names,
        language=next(iter(own_names), "zh"),
        item_number=line.item,
        unit=line.unit if line.unit in UNITS else "piece",
        price_minor=minor,
        price_per=per,
        carton=_carton(line),
        hs_code=line.hs or "",
        mark=line.mark,
        note=line.note,
        row=row,
    )
    return wish, found


def exact_price(line: Line) -> tuple[int, int] | Finding | None:
    """(minor units, for how many pieces), exactly what the row says; None: it names no price.

    A finding: it has more decimals than can be said for 100,000 pieces, or is for a carton of which nobody knows how
    many are in it.
    """
    if not line.unit_price:
        return None
    scale = exponent(line.currency) if line.currency in CURRENCIES else 2
    if -int(Decimal(line.unit_price).as_tuple().exponent) > _PRICE_DECIMALS_MAX:
        return line.value_minor, line.pieces  # the row has a value and no price: the value is what counts
    per = PER.get(line.price_per) or (line.pieces_per_carton or 0)
    if not per:
        return error("order_sheet_price_of_carton", header="price", value=line.unit_price)
    stated = Fraction(line.unit_price) * 10**scale
    for factor in FACTORS:
        minor = stated * factor
        if minor.denominator == 1 and per * factor <= PRICE_PER_MAX and minor <= PRICE_MINOR_MAX:
            return int(minor), per * factor
    if stated > PRICE_MINOR_MAX:
        return int(stated), per  # too much of it: `checks` says so
    return error("order_sheet_price_too_fine", header="price", value=line.unit_price, details={"most": PRICE_PER_MAX})


def _of_market(line: Line, matched: Matched) -> tuple[MatchedGood | None, int | None, list[Finding]]:
    """(the good, the stall's number, what is told)."""
    listed = [good for good in matched.goods if good.is_listed]
    kinds = [good for good in listed if good.variant is not None] or listed
    if len(kinds) == 1:
        return kinds[0], kinds[0].stall, []
    if len(kinds) > 1:
        numbers = ", ".join(f"#{good.stall}" for good in kinds[:STALLS_MAX])
        details = {"count": len(kinds), "stalls": numbers}
        return None, None, [error("order_sheet_item_ambiguous", header="item", value=line.item, details=details)]
    if not line.stall:
        return None, None, [error("order_sheet_stall_missing", header="stall")]
    if not matched.stalls:
        return None, None, [error("order_sheet_stall_unknown", header="stall", value=line.stall)]
    if len(matched.stalls) > 1:
        numbers = ", ".join(f"#{number}" for number in matched.stalls[:STALLS_MAX])
        details = {"stalls": numbers}
        return None, None, [error("order_sheet_stall_ambiguous", header="stall", value=line.stall, details=details)]
    told = [note("order_sheet_good_withdrawn", header="item", value=line.item)] if matched.goods else []
    return None, matched.stalls[0], told


def _names(line: Line, language: str) -> dict[str, str]:
    """By the letters of each, where a header in two languages names another; the number where there is no name."""
    told: dict[str, str] = {}
    for named, text in (*line.names.items(), ("", line.name)):
        told.setdefault(script_of(text) or named or language, text[:LINE_NAME_MAX])
    told = {key: text for key, text in told.items() if text.strip()}
    return told or ({script_of(line.item) or "en": line.item} if line.item else {})


def _carton(line: Line) -> Carton:
    size = line.carton_mm if line.carton_mm_from == "stated" else None
    if size is None and line.carton_volume_mm3 and line.carton_mm:
        size = line.carton_mm
    length, width, height = size or (None, None, None)
    gross, net = (_each(total, line.cartons) for total in (line.gross_g, line.net_g))
    return Carton(line.pieces_per_carton, length, width, height, gross, net)


def _each(total: int | None, cartons: int) -> int | None:
    return None if total is None or not cartons else max(1, round(Fraction(total, cartons)))


# Rows of a sheet that we wrote ----------------------------------------------------------------------------------------


def _own(line: Line | None, found: list[Finding], context: Context, row: int, mark: Mark) -> Judged:
    known = _known(mark, context)
    if known is None:
        found.append(error("order_sheet_row_foreign", row=row, value=mark.line))
        return Judged(Verdict.WRONG, None, tuple(found))
    first = context.seen.setdefault(known.id, row)
    if first != row:
        found.append(error("order_sheet_row_twice", row=row, details={"first": first}))
        return Judged(Verdict.WRONG, None, tuple(found), known.id)
    if line is None:
        return Judged(Verdict.WRONG, None, tuple(found), known.id)
    price = exact_price(line)
    if isinstance(price, Finding):
        found.append(price)
    if line.unit_price and line.currency != context.currency:
        details = {"currency": context.currency}
        found.append(error("order_sheet_other_currency", header="currency", value=line.currency, details=details))
    if any(one.severity is Severity.ERROR for one in found):
        return Judged(Verdict.WRONG, None, tuple(found), known.id)
    assert not isinstance(price, Finding)
    wish = _changed(line, price, known, context.currency, row)
    differences = _differences(wish, known, context.currency)
    if not differences:
        return Judged(Verdict.UNCHANGED, wish, (), known.id)
    if mark.digest != known.digest:
        return Judged(Verdict.STALE, wish, (note("order_sheet_row_stale", row=row),), known.id, differences)
    return Judged(Verdict.CHANGED, wish, tuple(found), known.id, differences)


def _known(mark: Mark, context: Context) -> KnownLine | None:
    try:
        return (context.known or {}).get(uuid.UUID(mark.line))
    except ValueError:
        return None


def _changed(line: Line, price: tuple[int, int] | None, known: KnownLine, currency: str, row: int) -> Wish:
    """What the line would be. A price that stands as it went out is the line's own, to the last decimal."""
    shown = shown_price(known.price_minor, known.price_per, known.carton_pieces, currency)
    is_same = line.unit_price == "" or (Decimal(line.unit_price) == shown.number and _per(line) == shown.per)
    minor, per = (known.price_minor, known.price_per) if is_same or price is None else price
    return Wish(pieces=line.pieces, price_minor=minor, price_per=per, item_number=known.item_number, row=row)


def _per(line: Line) -> str:
    return "piece" if line.price_per in ("piece", "pair", "set") else line.price_per


def _differences(wish: Wish, known: KnownLine, currency: str) -> tuple[tuple[str, str, str], ...]:
    told: list[tuple[str, str, str]] = []
    if wish.pieces != known.pieces:
        told.append(("pieces", str(known.pieces), str(wish.pieces)))
    minor = wish.price_minor or 0
    if Fraction(minor, wish.price_per) != Fraction(known.price_minor, known.price_per):
        before = price_text(known.price_minor, known.price_per, currency)
        told.append(("price", before, price_text(minor, wish.price_per, currency)))
    return tuple(told)


def price_text(price_minor: int, price_per: int, currency: str) -> str:
    """`3.20`, or `85.00/1000` where it is for more than one piece."""
    scale = exponent(currency) if currency in CURRENCIES else 2
    number = f"{Decimal(price_minor).scaleb(-scale):f}"
    return number if price_per == 1 else f"{number}/{price_per}"


# As they are kept -----------------------------------------------------------------------------------------------------


def wish_to_json(wish: Wish | None) -> dict[str, Any]:
    if wish is None:
        return {}
    carton = wish.carton
    return {
        "pieces": wish.pieces,
        "good": wish.good,
        "variant": None if wish.variant is None else str(wish.variant),
        "stall": wish.stall,
        "names": dict(wish.names),
        "language": wish.language,
        "item_number": wish.item_number,
        "unit": wish.unit,
        "price_minor": wish.price_minor,
        "price_per": wish.price_per,
        "carton": [*(carton.pieces, carton.length_mm, carton.width_mm, carton.height_mm, carton.gross_g, carton.net_g)],
        "hs_code": wish.hs_code,
        "mark": wish.mark,
        "note": wish.note,
    }


def wish_from_json(told: Mapping[str, Any], *, row: int, photo: str = "") -> Wish | None:
    if not told:
        return None
    variant = told["variant"]
    return replace(
        Wish(**{**told, "carton": Carton(*told["carton"]), "variant": None}),
        variant=None if variant is None else uuid.UUID(variant),
        row=row,
        photo=photo,
    )
