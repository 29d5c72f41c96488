"""What the market takes from a stall's count of its stock, and gives back to it.

The count is the stall's: it says so many when it looks into its shelf, and what is ordered meanwhile is taken from it
here, in the transaction that promises it to a buyer. Whoever draws holds the goods (`queries_orderable.orderable` with
a lock), so that what was read is still so.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final

from procrastinate.contrib.django import app

from sundry.base.access.prepared import run
from sundry.goods.catalogue.rules import QUANTITY_MAX
from sundry.goods.catalogue.writing import FEED_LOCK, FEED_TASK

Counter = tuple[uuid.UUID, uuid.UUID | None]
"""What is counted: a good, or a variant of it."""

# Search asks whether some of a good is left: it is told when the last piece goes, and when the first comes back.
_DRAW: Final = """
WITH drawn AS MATERIALIZED (
  SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::bigint[]) AS drawn (good, variant, pieces)
), of_good AS (
  UPDATE catalogue_good AS good SET stock_pieces = least(good.stock_pieces - drawn.pieces, %s) FROM drawn
  WHERE drawn.variant IS NULL AND good.id = drawn.good AND good.stock_pieces IS NOT NULL
  RETURNING good.number, good.stock_pieces AS remains, drawn.pieces
), of_variant AS (
  UPDATE catalogue_goodvariant AS variant SET stock_pieces = least(variant.stock_pieces - drawn.pieces, %s) FROM drawn
  WHERE variant.id = drawn.variant AND variant.good_id = drawn.good AND variant.stock_pieces IS NOT NULL
), told AS (
  INSERT INTO catalogue_change (number)
  SELECT number FROM of_good WHERE (remains = 0) <> (remains + pieces = 0) ORDER BY number RETURNING number
)
SELECT count(*) FROM told
"""


def draw(*, draws: Mapping[Counter, int]) -> None:
    """So many pieces fewer of each; of what nobody counts (any more) nothing is taken. At most two statements.

    django.db.IntegrityError: fewer of a good than that are left, which whoever holds it has looked at before.
    """
    taken = {counter: pieces for counter, pieces in draws.items() if pieces}
    if not taken:
        return
    goods, variants = zip(*taken, strict=True)
    values = [list(goods), list(variants), list(taken.values()), QUANTITY_MAX, QUANTITY_MAX]
    row = run(_DRAW, values).fetchone()
    if row and row[0]:
        app.configure_task(FEED_TASK, lock=FEED_LOCK).defer()


def give_back(*, draws: Mapping[Counter, int]) -> None:
    """The same pieces are there again: an order of them came to nothing. A count ends where the stall's own does: one
    that nobody could raise any further would keep its order from ever ending."""
    draw(draws={counter: -pieces for counter, pieces in draws.items()})
