"""Goods that a stall hands over: how many of each line, and what that is in the ledger.

Problem: a stall hands over 40 cartons today and the rest on Thursday, from a phone that loses the network and sends
again. Therefore a hand-over has the phone's key, by which it is kept once, and says how many pieces of each line; what
is open of a line is what was ordered less all of that.

In the ledger, what was reserved becomes the buyer's own. What was made to order was no stock of anybody: the weeks it
took are used up (reserved -> outside), and the goods come from outside to the buyer.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection

from sundry.base.ledger import standing as ledger_standing
from sundry.base.ledger.actions import NewAccount
from sundry.base.ledger.rules import Transfer, Unit, UnitKind
from sundry.goods.orders.errors import AlreadyDone, NotNow, Refused
from sundry.goods.orders.holding import HeldLine, HeldSub
from sundry.goods.orders.models import HandOver
from sundry.goods.orders.order_rules import NOTE_MAX
from sundry.goods.orders.promising import title_unit
from sundry.kernel.findings import Finding, error
from sundry.kernel.identifiers import new_id

CARTONS_MAX: Final = 1_000_000

# In the lines what is open falls; the key is unique, and whoever holds the order has looked for it.
_WRITE: Final = """
WITH handed AS (
  UPDATE orders_orderline AS line SET handed_pieces = line.handed_pieces + given.pieces, version = line.version + 1
  FROM unnest(%s::uuid[], %s::integer[]) AS given (id, pieces) WHERE line.id = given.id
)
INSERT INTO orders_handover (id, sub_id, lines, cartons, note, key, at, person_id)
VALUES (%s, %s, %s::jsonb, %s, %s, %s, %s, %s)
"""


def known(key: uuid.UUID, sub: uuid.UUID, asked: Mapping[uuid.UUID, int] | None) -> bool:
    """Whether this very key has handed these goods of the sub-order over. NotNow: others, or of another sub-order.
    One statement."""
    found = HandOver.objects.filter(key=key).values_list("sub_id", "lines").first()
    if found is None:
        return False
    wanted = None if asked is None else {str(line): pieces for line, pieces in asked.items() if pieces}
    if found[0] != sub or (wanted is not None and wanted != found[1]):
        raise NotNow("orders_hand_over_key_taken")
    return True


def chosen(
    sub: HeldSub, lines: Sequence[HeldLine], asked: Mapping[uuid.UUID, int] | None, cartons: int | None, note: str
) -> dict[uuid.UUID, int]:
    """How many pieces of which lines; `asked` None: all that is open.

    Refused: a line that is not of it, more than is open, less than nothing. AlreadyDone: nothing is open.
    """
    of_id = {line.id: line for line in lines}
    if not any(line.open_pieces for line in lines):
        raise AlreadyDone("orders_nothing_to_hand_over", code=sub.code)
    if asked is None:
        asked = {line.id: line.open_pieces for line in lines}
    findings = [*_wrong(of_id, asked)]
    if cartons is not None and not 0 <= cartons <= CARTONS_MAX:
        findings.append(error("orders_cartons_impossible", header="cartons", value=str(cartons)))
    if len(note) > NOTE_MAX:
        details = {"count": len(note), "most": NOTE_MAX}
        findings.append(error("orders_text_too_long", header="note", value=note[:40] + "…", details=details))
    handed = {line: pieces for line, pieces in asked.items() if pieces}
    if not handed and not findings:
        findings.append(error("orders_hand_over_nothing", header="lines", value=sub.code))
    if findings:
        raise Refused(findings)
    return handed


def _wrong(lines: Mapping[uuid.UUID, HeldLine], asked: Mapping[uuid.UUID, int]) -> list[Finding]:
    findings = []
    for id_, pieces in asked.items():
        line = lines.get(id_)
        if line is None:
            findings.append(error("orders_handed_line_not_there", header="lines", value=str(id_)))
        elif not 0 <= pieces <= line.open_pieces:
            details = {"open": line.open_pieces}
            findings.append(
                error(
                    "orders_hand_over_too_many", header="lines", value=str(pieces), row=line.position, details=details
                )
            )
    return findings


def write(
    *,
    sub: HeldSub,
    handed: Mapping[uuid.UUID, int],
    cartons: int | None,
    note: str,
    key: uuid.UUID,
    person: uuid.UUID | None,
    now: datetime,
) -> None:
    """One statement."""
    told = json.dumps({str(line): pieces for line, pieces in handed.items()})
    values: list[Any] = [list(handed), list(handed.values()), new_id(), sub.id, told, cartons, note, key, now, person]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)


def moved(sub: HeldSub, lines: Sequence[HeldLine], handed: Mapping[uuid.UUID, int]) -> list[Transfer]:
    """What that is in the ledger. At most two statements."""
    counted = [(line, line.reserved, handed[line.id]) for line in lines if line.id in handed and line.reserved]
    if not counted:
        return []
    units = ledger_standing.units_of([reserved for _, reserved, _ in counted])
    names: dict[object, NewAccount] = {}
    for _, reserved, _ in counted:
        unit = units[reserved]
        title = _title(unit)
        names["owned", title.key] = NewAccount(sub.debtor, "owned", title.key, floor=0)
        if title != unit:
            names["outside", title.key] = NewAccount(None, "outside", title.key)
            names["outside", unit.key] = NewAccount(None, "outside", unit.key)
    kinds = {*units.values(), *map(_title, units.values())}
    found = ledger_standing.standing(units=kinds, accounts=list(names.values()))
    at = {name: one.id for name, one in zip(names, found, strict=True)}
    transfers = []
    for _, reserved, pieces in counted:
        unit = units[reserved]
        title = _title(unit)
        if title == unit:
            transfers.append(Transfer(new_id(), reserved, at["owned", title.key], pieces))
        else:
            transfers.append(Transfer(new_id(), reserved, at["outside", unit.key], pieces))
            transfers.append(Transfer(new_id(), at["outside", title.key], at["owned", title.key], pieces))
    return transfers


def _title(unit: Unit) -> Unit:
    """In which the buyer owns it: of what is made to order, the good's."""
    return unit if unit.kind is UnitKind.TITLE else title_unit(uuid.UUID(unit.code.removeprefix("made:")))
