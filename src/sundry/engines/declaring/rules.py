"""What is declared under market procurement (1039), by which rules, and what a declaration holds.

Problem: an agent's 300 lines are worth USD 400,000, and one form takes USD 150,000.00, at most 50 items, and only five
kinds of goods in full. Customs wants every cent of every form traced back to a stall's line. Therefore a line is never
changed on its way: it becomes `Part`s, parts become items, items become forms, and each is the exact sum of the one
below. The law itself is in no line of code: `Rules1039` is read from dated parameters and passed in.

Worked case: seven kinds worth 90, 50, 40, 30, 20, 10 and 5 (thousand), the last two of chapter 95. They sum to 245, so
two forms at least. A form with five kinds or fewer lists them all; a form with seven would list the five of highest
value and put 10 and 5 together under the code of the 10, as one merged item of chapter 95.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sundry.kernel.errors import UsageError
from sundry.kernel.findings import Finding
from sundry.kernel.parameters import Parameters, parameters
from sundry.kernel.tariff_codes import TariffCodes

MODE = "1039"


class Representative(StrEnum):
    """Whose code stands for a merged chapter. Ties go to the smaller code."""

    HIGHEST_VALUE = "highest_value"
    MOST_CARTONS = "most_cartons"


@dataclass(frozen=True, slots=True)
class Rules1039:
    """The rules of market procurement as they stand on a day."""

    pack: str  # which way of simplifying
    form_value_max_usd_cents: int  # inclusive
    form_items_max: int  # inclusive
    itemised_max: int  # with more kinds than this, so many are itemised and the rest merges by chapter
    representative: Representative
    never_merged: frozenset[str]  # flags of DeclarableLine
    excluded_chapters: frozenset[str]  # two digits each
    excluded_words: tuple[str, ...]
    codes: TariffCodes

    @classmethod
    def at(cls, day: date, *, pack: str | None = None, customs: Parameters | None = None) -> Rules1039:
        """The rules of `day`; `pack` names another way of simplifying. UsageError: no such pack or day."""
        book = customs or parameters("customs")
        known = book.at(day)
        packs = known.names("market_procurement.packs")
        pack = pack or known.text("market_procurement.simplification")
        if pack not in packs:
            raise UsageError("rule_pack_unknown", value=pack, known=", ".join(packs))
        return cls(
            pack=pack,
            form_value_max_usd_cents=known.whole("market_procurement.form_value_max_usd_cents"),
            form_items_max=known.whole("market_procurement.form_items_max"),
            itemised_max=known.whole(f"market_procurement.packs.{pack}.itemised_max"),
            representative=Representative(known.text(f"market_procurement.packs.{pack}.representative")),
            never_merged=frozenset(known.texts("market_procurement.never_merged")),
            excluded_chapters=frozenset(known.texts("market_procurement.excluded_chapters")),
            excluded_words=known.texts("market_procurement.excluded_words"),
            codes=TariffCodes.at(day, book),
        )

    def is_code(self, hs: str | None) -> bool:
        """Whether this is a tariff code: 6, 8 or 10 digits of a chapter that exists."""
        return self.codes.is_code(hs)


@dataclass(frozen=True, slots=True)
class DeclarableLine:
    """One order line, as far as it was loaded. ValueError: something is negative."""

    line: int  # the order line's index, given back in every part and finding
    hs: str | None
    name: str
    unit: str
    cartons: int
    pieces: int
    value_usd_cents: int
    gross_g: int | None
    net_g: int | None
    inspection: bool = False
    export_duty: bool = False
    restricted: bool = False

    def __post_init__(self) -> None:
        amounts = (self.cartons, self.pieces, self.value_usd_cents, self.gross_g or 0, self.net_g or 0)
        if min(amounts) < 0:
            raise ValueError(f"line {self.line} has a negative amount: {amounts}")


@dataclass(frozen=True, slots=True)
class TariffRow:
    """What the tariff says of one code: the unit in which the law counts it, "kg" or a unit of pieces, and whether its
    goods bear export duty or must be inspected."""

    hs: str
    legal_unit: str
    export_duty: bool = False
    inspection: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What one order line gives to one declared item."""

    line: int
    cartons: int
    pieces: int
    value_usd_cents: int
    gross_g: int | None
    net_g: int | None

    def to_json(self) -> dict[str, Any]:
        return {
            "line": self.line,
            "cartons": self.cartons,
            "pieces": self.pieces,
            "value_usd_cents": self.value_usd_cents,
            "gross_g": self.gross_g,
            "net_g": self.net_g,
        }


@dataclass(frozen=True, slots=True)
class DeclaredItem:
    """Sums of its parts, exactly. `merged`: several kinds of one chapter under the code of the one of highest value."""

    hs: str | None
    name: str
    unit: str
    merged: bool
    inspection: bool
    cartons: int
    pieces: int
    value_usd_cents: int
    gross_g: int | None
    net_g: int | None
    legal_quantity: str | None  # decimal text, where a tariff is loaded
    legal_unit: str | None
    parts: tuple[Part, ...]
    export_duty: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "hs": self.hs,
            "name": self.name,
            "unit": self.unit,
            "merged": self.merged,
            "inspection": self.inspection,
            "export_duty": self.export_duty,
            "cartons": self.cartons,
            "pieces": self.pieces,
            "value_usd_cents": self.value_usd_cents,
            "gross_g": self.gross_g,
            "net_g": self.net_g,
            "legal_quantity": self.legal_quantity,
            "legal_unit": self.legal_unit,
            "parts": [part.to_json() for part in self.parts],
        }


@dataclass(frozen=True, slots=True)
class Declaration:
    number: int  # from 1 in this shipment
    mode: str  # "1039"
    incomplete: bool  # something a form needs is missing (an HS code, a weight)
    value_usd_cents: int
    items: tuple[DeclaredItem, ...]
    destination: str = ""  # one a form

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "mode": self.mode,
            "destination": self.destination,
            "incomplete": self.incomplete,
            "value_usd_cents": self.value_usd_cents,
            "items": [item.to_json() for item in self.items],
        }


@dataclass(frozen=True, slots=True)
class Declared:
    """The forms of a shipment. `forms_min`: fewer forms are proved impossible; often it equals their number."""

    declarations: tuple[Declaration, ...]
    findings: tuple[Finding, ...]
    not_declared: tuple[int, ...]  # lines that stand on no form
    forms_min: int
