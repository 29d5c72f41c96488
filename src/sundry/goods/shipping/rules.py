"""A shipment: the lines that travel, the containers they stand in, the declarations they go under.

Problem: eight papers tell one shipment, and customs compares them. Therefore there is one `Shipment`, made once, and
every paper is written from it and nothing else. Integers in grams, millimetres, minor units; None where unknown.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sundry.engines.declaring.rules import Declaration
from sundry.goods.consolidation.rules import LeftOut, LoadedContainer
from sundry.goods.orders.rules import Line, SetAside, TableColumns, count_severities
from sundry.kernel.errors import SundryError
from sundry.kernel.exchange import Rate
from sundry.kernel.findings import Finding
from sundry.kernel.splitting import split


@dataclass(frozen=True, slots=True)
class Profile:
    """Who ships to whom. Anything missing prints as a blank to fill and a warning."""

    buyer: str = ""
    buyer_nationality: str = ""
    buyer_id: str = ""
    destination: str = ""
    consignor: str = ""
    consignor_uscc: str = ""
    incoterm: str = ""
    marks: str = ""
    port_of_loading: str = ""
    invoice_number: str = ""


class Stopped(SundryError):
    """A person stopped the work; nothing of it remains."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """A row that a person left out: neither loaded nor declared. What it says, as far as it was read."""

    sheet: str
    row: int
    stall: str = ""
    item: str = ""
    name: str = ""
    cartons: int | None = None  # None where the row was no line, because of a mistake in it


@dataclass(frozen=True, slots=True)
class Shipment:
    file: str  # the book's name
    day: date
    language: str
    profile: Profile
    rates: tuple[Rate, ...]
    lines: tuple[Line, ...]  # eligible lines, those that ship (or were left out)
    value_usd_cents: tuple[int, ...]  # one a line
    set_aside: tuple[SetAside, ...]
    containers: tuple[LoadedContainer, ...]
    left_out: tuple[LeftOut, ...]
    declarations: tuple[Declaration, ...]
    findings: tuple[Finding, ...]
    price_bound_minor: int = 0  # no plan can cost less
    forms_min: int = 0  # fewer forms are impossible
    excluded: tuple[Excluded, ...] = ()  # by a person
    tables: tuple[TableColumns, ...] = ()  # how the book's columns were understood

    def loaded_cartons(self) -> list[int]:
        """Cartons of each line that stand in a container."""
        loaded = [0] * len(self.lines)
        for container in self.containers:
            for placement in container.placements:
                loaded[placement.line] += 1
        return loaded

    def totals(self) -> dict[str, Any]:
        """Of what was loaded, except `lines` and `set_aside`. Weights None where one is unknown."""
        loaded = self.loaded_cartons()
        parts = [part for form in self.declarations for item in form.items for part in item.parts]
        gross = [part.gross_g for part in parts]
        net = [part.net_g for part in parts]
        values: dict[str, int] = {}
        for line, cartons in zip(self.lines, loaded, strict=True):
            of_loaded = split(line.value_minor, [cartons, line.cartons - cartons])[0]
            values[line.currency] = values.get(line.currency, 0) + of_loaded
        return {
            "lines": len(self.lines),
            "set_aside": len(self.set_aside),
            "excluded": len(self.excluded),
            "stalls": len({line.stall for line in self.lines}),
            "cartons": sum(loaded),
            "cartons_left_out": sum(left.cartons for left in self.left_out),
            "pieces": sum(part.pieces for part in parts),
            "value_minor": values,  # by currency, of the loaded cartons
            "value_usd_cents": sum(part.value_usd_cents for part in parts),
            "gross_g": None if None in gross else sum(g for g in gross if g is not None),
            "net_g": None if None in net else sum(n for n in net if n is not None),
            "volume_mm3": sum(container.volume_mm3 for container in self.containers),
            "containers": len(self.containers),
            "forms": len(self.declarations),
            "forms_min": self.forms_min,
            "price_minor": sum(container.price_minor for container in self.containers),
            "price_bound_minor": self.price_bound_minor,
            "price_currency": self.containers[0].price_currency if self.containers else None,
            **count_severities(self.findings),
        }

    def to_json(self) -> dict[str, Any]:
        """The document `shipment.json`, see docs/shipment-json.md."""
        return {
            "version": 1,
            "file": self.file,
            "date": self.day.isoformat(),
            "rates": [
                {
                    "pair": rate.base + rate.quote,
                    "rate": str(rate.units),
                    "date": rate.day.isoformat() if rate.day else None,
                    "source": rate.source,
                }
                for rate in self.rates
            ],
            "lines": [
                line.to_json() | {"value_usd_cents": cents}
                for line, cents in zip(self.lines, self.value_usd_cents, strict=True)
            ],
            "set_aside": [{"sheet": row.sheet, "row": row.row} for row in self.set_aside],
            "excluded": [asdict(row) for row in self.excluded],
            "tables": [table.to_json() for table in self.tables],
            "containers": [
                {
                    "type": container.type,
                    "inside_mm": list(container.inside_mm),
                    "door_mm": list(container.door_mm),
                    "payload_g": container.payload_g,
                    "price_minor": container.price_minor,
                    "price_currency": container.price_currency,
                    "placements": [
                        {"line": p.line, "x": p.x, "y": p.y, "z": p.z, "dx": p.dx, "dy": p.dy, "dz": p.dz}
                        for p in container.placements
                    ],
                    "gross_g": container.gross_g,
                    "known_gross_g": container.known_gross_g,
                    "volume_mm3": container.volume_mm3,
                    "usual_volume_mm3": container.usual_volume_mm3,
                    "fill": round(container.fill, 6),
                }
                for container in self.containers
            ],
            "left_out": [{"line": left.line, "cartons": left.cartons, "reason": left.reason} for left in self.left_out],
            "declarations": [form.to_json() for form in self.declarations],
            "findings": [finding.to_json(self.language) for finding in self.findings],
            "totals": self.totals(),
        }
