"""What whoever takes an order asks of goods: each is one SQL statement, for one good or for 5,000.

Problem: two buyers order the last three pieces at the same moment. Whoever only reads the stock, and writes a moment
later, sells them twice. Therefore goods are asked for with a lock, in the order of their ids, and their variants after
them; whoever had to wait reads what the other has left. A lock of this kind lets others name the good meanwhile.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, LiteralString

from sundry.base.access.prepared import run
from sundry.goods.catalogue.orderable import Orderable, OrderableStall
from sundry.goods.catalogue.rules import Carton, Place, State, Step, Supply, Variant

# Of a variant that somebody changes meanwhile the lock gives the newest row; a plain subquery would give the one that
# was there when the statement began. Goods are sorted, so all of them are locked before the first variant is.
_ORDERABLE: Final = """
WITH good AS MATERIALIZED (
  SELECT good.id, good.number, good.stall_id, stall.number AS stall_number, stall.organisation_id, good.state,
    stall.is_open, good.language, good.names, good.item_number, good.unit, good.cover, good.hs_code,
    good.ladder_quantities, good.ladder_prices_minor, good.carton_pieces, good.carton_length_mm, good.carton_width_mm,
    good.carton_height_mm, good.carton_gross_g, good.carton_net_g, good.supply, good.stock_pieces, good.lead_time_days,
    good.weekly_capacity_pieces
  FROM catalogue_good AS good JOIN catalogue_stall AS stall ON stall.id = good.stall_id
  WHERE good.number = ANY(%s::bigint[]) ORDER BY good.id {good}
), variant AS MATERIALIZED (
  SELECT id, good_id, position, names, item_number, difference_minor, stock_pieces
  FROM catalogue_goodvariant WHERE good_id IN (SELECT id FROM good) ORDER BY good_id, position {variant}
), of_good AS (
  SELECT good_id, jsonb_agg(jsonb_build_array(id, names, item_number, difference_minor, stock_pieces) ORDER BY position)
    AS variants FROM variant GROUP BY good_id
)
SELECT good.*, of_good.variants FROM good LEFT JOIN of_good ON of_good.good_id = good.id ORDER BY good.id
"""
_READ: Final = _ORDERABLE.format(good="", variant="")
_LOCK: Final = _ORDERABLE.format(good="FOR NO KEY UPDATE OF good", variant="FOR NO KEY UPDATE")
_STALLS: Final = """
SELECT id, number, names, hall_id, floor, street, booth, organisation_id, is_open
FROM catalogue_stall WHERE number = ANY(%s::bigint[])
"""


def orderable(numbers: Collection[int], *, lock: bool) -> Mapping[int, Orderable]:
    """These goods by their numbers, in whatever state; one that is not there is left out. One statement.

    `lock`: nobody else draws on them, or changes them, until the transaction ends.
    """
    wanted = _possible(numbers)
    return {row[1]: _orderable(row) for row in _rows(_LOCK if lock else _READ, wanted)} if wanted else {}


def orderable_stalls(numbers: Collection[int]) -> Mapping[int, OrderableStall]:
    """These stalls by their numbers. One statement."""
    wanted = _possible(numbers)
    return {
        number: OrderableStall(id_, number, json.loads(names), Place(*place).code, seller, is_open)
        for id_, number, names, *place, seller, is_open in (_rows(_STALLS, wanted) if wanted else ())
    }


def _possible(numbers: Collection[int]) -> list[int]:
    return sorted(number for number in set(numbers) if 0 < number < 1 << 63)


def _rows(statement: LiteralString, numbers: list[int]) -> Sequence[Any]:
    return run(statement, [numbers]).fetchall()


def _orderable(row: Sequence[Any]) -> Orderable:
    id_, number, stall, stall_number, seller, state, is_open, language, names, item_number, unit, *rest = row
    cover, hs_code, quantities, prices, *carton, supply, stock_pieces, lead_time_days, weekly, variants = rest
    return Orderable(
        id=id_,
        number=number,
        stall=stall,
        stall_number=stall_number,
        seller=seller,
        is_listed=state == State.LISTED.value,
        is_open=is_open,
        language=language,
        names=json.loads(names),
        item_number=item_number,
        unit=unit,
        cover=cover,
        hs_code=hs_code,
        ladder=tuple(map(Step, quantities, prices)),
        carton=Carton(*carton),
        supply=Supply(supply),
        stock_pieces=stock_pieces,
        lead_time_days=lead_time_days,
        weekly_capacity_pieces=weekly,
        variants=dict(map(_variant, json.loads(variants))) if variants else {},
    )


def _variant(of: Sequence[Any]) -> tuple[uuid.UUID, Variant]:
    id_, names, item_number, difference_minor, stock_pieces = of
    known = uuid.UUID(id_)
    return known, Variant(names, item_number, difference_minor, stock_pieces, known)
