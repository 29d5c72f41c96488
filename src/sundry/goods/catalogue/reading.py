"""Rows of the tables as the shapes of the rules: what the queries share."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db.models import F, Func, TextField

from sundry.base.access.rules import Owner
from sundry.goods.catalogue.rules import (
    Carton,
    Collection,
    Draft,
    GoodCard,
    Ladder,
    Place,
    StallCard,
    State,
    Step,
    Supply,
    Variant,
)

NOBODY: Final = uuid.UUID(int=0)
"""The organisation of a stall that nobody has claimed: one that no actor acts for."""

STALL: Final = ("id", "number", "slug", "names", "hall_id", "floor", "street", "booth", "goods")
CARD: Final = (
    *("id", "number", "language", "names", "ladder_quantities", "ladder_prices_minor", "unit", "cover", "category"),
    *("state", "supply", "brand", "item_number", "collections", "changed_at"),
    *(f"stall__{name}" for name in STALL),
)
WHOLE: Final = (
    *CARD,
    *("descriptions", "hs_code", "stock_pieces", "lead_time_days", "weekly_capacity_pieces", "reason", "listed_at"),
    *("carton_pieces", "carton_length_mm", "carton_width_mm", "carton_height_mm", "carton_gross_g", "carton_net_g"),
    *("version", "product__number"),
)
Row = Mapping[str, Any]


def owner_of_row(organisation: uuid.UUID | None) -> Owner:
    """Whose a stall is. One that nobody has claimed is nobody's, not everybody's."""
    return Owner(organisation=organisation or NOBODY)


def place(row: Row, at: str = "") -> Place:
    return Place(row[f"{at}hall_id"], row[f"{at}floor"], row[f"{at}street"], row[f"{at}booth"])


def stall_card(row: Row, at: str = "") -> StallCard:
    """`at`: "stall__" where the row is a good's."""
    return StallCard(
        id=row[f"{at}id"],
        number=row[f"{at}number"],
        slug=row[f"{at}slug"],
        names=row[f"{at}names"],
        place=place(row, at),
        goods=row[f"{at}goods"],
    )


def ladder(row: Row) -> Ladder:
    pairs = zip(row["ladder_quantities"], row["ladder_prices_minor"], strict=True)
    return tuple(Step(quantity, price_minor) for quantity, price_minor in pairs)


def card(row: Row) -> GoodCard:
    return GoodCard(
        id=row["id"],
        number=row["number"],
        language=row["language"],
        names=row["names"],
        ladder=ladder(row),
        unit=row["unit"],
        cover=row["cover"],
        category=row["category"],
        state=State(row["state"]),
        supply=Supply(row["supply"]),
        brand=row["brand"],
        item_number=row["item_number"],
        collections=frozenset(map(Collection, row["collections"])),
        stall=stall_card(row, "stall__"),
        changed_at=row["changed_at"],
    )


def good_of(row: Row, variants: Sequence[Variant]) -> Draft:
    """What a stall wrote, of a row of WHOLE."""
    return Draft(
        language=row["language"],
        names=row["names"],
        descriptions=row["descriptions"],
        item_number=row["item_number"],
        category=row["category"],
        unit=row["unit"],
        ladder=ladder(row),
        carton=Carton(
            pieces=row["carton_pieces"],
            length_mm=row["carton_length_mm"],
            width_mm=row["carton_width_mm"],
            height_mm=row["carton_height_mm"],
            gross_g=row["carton_gross_g"],
            net_g=row["carton_net_g"],
        ),
        hs_code=row["hs_code"],
        brand=row["brand"],
        supply=Supply(row["supply"]),
        stock_pieces=row["stock_pieces"],
        lead_time_days=row["lead_time_days"],
        weekly_capacity_pieces=row["weekly_capacity_pieces"],
        collections=frozenset(map(Collection, row["collections"])),
        variants=tuple(variants),
    )


def names_told(field: str = "names") -> Func:
    """All names of a row in one text, without the languages they are in, to look for words in them."""
    told = "(SELECT string_agg(told.value, ' ') FROM jsonb_each_text(%(expressions)s) AS told)"
    return Func(F(field), template=told, output_field=TextField())
