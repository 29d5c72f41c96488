"""What is wrong with the figures of a good: its ladder, its carton, its stock, its times.

Problem: 28.5 typed for 2.85, a weight in kilograms where grams are asked for, a carton of air. What cannot be is an
error; what is hard to believe is a warning, for cartons of feathers and of anvils are sold. What can be on a day stands
in parameters/catalogue.yaml.

Worked case: 60 x 40 x 40 cm that weigh 1 kg come to 10 kg in a cubic metre: a warning, cartons have 20 to 1,500.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from sundry.goods.catalogue.rules import PRICE_MINOR_MAX, QUANTITY_MAX, STEPS_MAX, Carton, Draft, Ladder, Supply
from sundry.kernel.findings import Finding, error, warning
from sundry.kernel.parameters import parameters

_SHOWN_MAX: Final = 60  # characters of a value in a message


@dataclass(frozen=True, slots=True)
class Limits:
    """What a carton and a delivery can be on a day."""

    density_min_kg_m3: int
    density_max_kg_m3: int
    side_max_mm: int
    weight_max_g: int
    carton_pieces_max: int
    piece_weight_min_mg: int
    lead_time_days_max: int

    @classmethod
    def at(cls, day: date) -> Limits:
        known = parameters("catalogue").at(day)
        return cls(
            density_min_kg_m3=known.whole("carton.density_min_kg_m3"),
            density_max_kg_m3=known.whole("carton.density_max_kg_m3"),
            side_max_mm=known.whole("carton.side_max_mm"),
            weight_max_g=known.whole("carton.weight_max_g"),
            carton_pieces_max=known.whole("carton.pieces_max"),
            piece_weight_min_mg=known.whole("carton.piece_weight_min_mg"),
            lead_time_days_max=known.whole("supply.lead_time_days_max"),
        )


def of_ladder(ladder: Ladder) -> Iterator[Finding]:
    if len(ladder) > STEPS_MAX:
        counts = {"count": len(ladder), "most": STEPS_MAX}
        yield error("catalogue_ladder_too_long", header="ladder", value=str(len(ladder)), details=counts)
    for index, step in enumerate(ladder):
        if not 1 <= step.quantity <= QUANTITY_MAX:
            yield beyond("catalogue_quantity_impossible", f"ladder.{index}.quantity", step.quantity, QUANTITY_MAX)
        if not 1 <= step.price_minor <= PRICE_MINOR_MAX:
            yield error(
                "catalogue_price_impossible",
                header=f"ladder.{index}.price_minor",
                value=money(step.price_minor),
                details={"most": money(PRICE_MINOR_MAX)},
            )
    for index, (before, step) in enumerate(pairwise(ladder), start=1):
        if step.quantity <= before.quantity:
            yield error(
                "catalogue_ladder_does_not_rise",
                header=f"ladder.{index}.quantity",
                value=str(step.quantity),
                details={"before": before.quantity},
            )
        if step.price_minor > before.price_minor:
            yield error(
                "catalogue_ladder_price_rises",
                header=f"ladder.{index}.price_minor",
                value=money(step.price_minor),
                details={"before": money(before.price_minor), "quantity": step.quantity},
            )


def of_carton(carton: Carton, limits: Limits) -> Iterator[Finding]:
    sides = ("length_mm", "width_mm", "height_mm")
    for rule, names, most in (
        ("catalogue_carton_pieces_impossible", ("pieces",), limits.carton_pieces_max),
        ("catalogue_carton_side_impossible", sides, limits.side_max_mm),
        ("catalogue_carton_weight_impossible", ("gross_g", "net_g"), limits.weight_max_g),
    ):
        for name in names:
            value: int | None = getattr(carton, name)
            if value is not None and not 1 <= value <= most:
                yield beyond(rule, f"carton.{name}", value, most)
    if carton.net_g is not None and carton.gross_g is not None and carton.net_g > carton.gross_g:
        weights = {"gross_g": carton.gross_g}
        yield error("catalogue_net_above_gross", header="carton.net_g", value=str(carton.net_g), details=weights)
    yield from _density(carton, limits)
    yield from _piece_weight(carton, limits)


def _density(carton: Carton, limits: Limits) -> Iterator[Finding]:
    if carton.gross_g is None or carton.volume_mm3 is None or carton.gross_g <= 0 or carton.volume_mm3 <= 0:
        return
    density_kg_m3 = carton.gross_g * 1_000_000 // carton.volume_mm3
    if not limits.density_min_kg_m3 <= density_kg_m3 <= limits.density_max_kg_m3:
        yield warning(
            "catalogue_carton_density",
            header="carton.gross_g",
            value=str(carton.gross_g),
            details={
                "density": density_kg_m3,
                "least": limits.density_min_kg_m3,
                "most": limits.density_max_kg_m3,
            },
        )


def _piece_weight(carton: Carton, limits: Limits) -> Iterator[Finding]:
    weight_g = carton.net_g or carton.gross_g
    if carton.pieces is None or weight_g is None or carton.pieces <= 0 or weight_g <= 0:
        return
    if weight_g * 1_000 < carton.pieces * limits.piece_weight_min_mg:
        weights = {"weight_g": weight_g, "least": limits.piece_weight_min_mg}
        yield warning(
            "catalogue_carton_pieces_too_light", header="carton.pieces", value=str(carton.pieces), details=weights
        )


def of_supply(draft: Draft, limits: Limits) -> Iterator[Finding]:
    for rule, name, least, most in (
        ("catalogue_stock_impossible", "stock_pieces", 0, QUANTITY_MAX),
        ("catalogue_lead_time_impossible", "lead_time_days", 0, limits.lead_time_days_max),
        ("catalogue_capacity_impossible", "weekly_capacity_pieces", 1, QUANTITY_MAX),
    ):
        value: int | None = getattr(draft, name)
        if value is not None and not least <= value <= most:
            yield beyond(rule, name, value, most)
    if draft.supply is Supply.MADE and draft.lead_time_days is None:
        yield warning("catalogue_made_without_lead_time", header="lead_time_days")


def beyond(rule: str, field: str, value: int, most: int) -> Finding:
    return error(rule, header=field, value=shown(str(value)), details={"most": most})


def money(amount_minor: int) -> str:
    """As it is typed, in yuan: 285 is "2.85"."""
    sign, amount_minor = ("-" if amount_minor < 0 else ""), abs(amount_minor)
    return shown(f"{sign}{amount_minor // 100}.{amount_minor % 100:02d}")


def shown(text: str) -> str:
    return text if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]}…"
