"""A draft as JSON: to be kept between reading a sheet and inserting it, and to be hashed."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from sundry.goods.catalogue.rules import Carton, Collection, Draft, Step, Supply, Variant


def to_json(draft: Draft) -> dict[str, Any]:
    carton = draft.carton
    return {
        "language": draft.language,
        "names": dict(draft.names),
        "descriptions": dict(draft.descriptions),
        "item_number": draft.item_number,
        "category": draft.category,
        "unit": draft.unit,
        "ladder": [[step.quantity, step.price_minor] for step in draft.ladder],
        "carton": [carton.pieces, carton.length_mm, carton.width_mm, carton.height_mm, carton.gross_g, carton.net_g],
        "hs_code": draft.hs_code,
        "brand": draft.brand,
        "supply": draft.supply.value,
        "stock_pieces": draft.stock_pieces,
        "lead_time_days": draft.lead_time_days,
        "weekly_capacity_pieces": draft.weekly_capacity_pieces,
        "collections": sorted(one.value for one in draft.collections),
        "variants": [
            [dict(one.names), one.item_number, one.difference_minor, one.stock_pieces, one.id and str(one.id)]
            for one in draft.variants
        ],
    }


def from_json(told: Mapping[str, Any]) -> Draft:
    return Draft(
        **{
            **told,
            "ladder": tuple(Step(*step) for step in told["ladder"]),
            "carton": Carton(*told["carton"]),
            "supply": Supply(told["supply"]),
            "collections": frozenset(map(Collection, told["collections"])),
            "variants": tuple(
                Variant(names, item_number, difference, stock, uuid.UUID(known) if known else None)
                for names, item_number, difference, stock, known in told["variants"]
            ),
        }
    )


def canonical(draft: Draft) -> str:
    """One text for one good: what a sheet can say of it, without the ids of its variants."""
    told = to_json(draft)
    told["variants"] = [one[:4] for one in told["variants"]]
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
