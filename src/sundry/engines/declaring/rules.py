"""What a declaration holds. Value, cartons, pieces and weights of an item's parts sum to the item exactly."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """What one order line gives to one declared item."""

    line: int
    cartons: int
    pieces: int
    value_usd_cents: int
    gross_g: int | None
    net_g: int | None


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


@dataclass(frozen=True, slots=True)
class Declaration:
    number: int  # from 1 in this shipment
    mode: str  # "1039"
    incomplete: bool  # something a form needs is missing (an HS code, a weight)
    value_usd_cents: int
    items: tuple[DeclaredItem, ...]
