"""Lines of a basket at what was quoted: the price for so many as all lines of it are that name the quoted line.

Problem: cups are quoted at 2.80 from 500 on, and 400 red and 200 blue lie in the basket. Each by itself is fewer than
were quoted; together they are not. Therefore the step of a quoted ladder is that of the pieces of all its lines, and
where they become more or fewer, the lines beside them that lie there at the quoted price follow.

Worked case: 700 red and 400 blue at 2.50, the price from 1,000 on. Of the red 300 are wanted: 700 in all, so both are
at 2.80. Of the red 50: 450 in all, refused. A line at a price that the buyer has offered herself stays at it.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sundry.goods.orders.models import Order, OrderLine, QuotationLine
from sundry.goods.orders.order_rules import Wish
from sundry.kernel.findings import Finding, error

Pieces = Mapping[uuid.UUID, int]


class QuotedPrices:
    """What was quoted of lines (as they lie in a basket, None where they are new; as they are wished for), and the
    lines beside them that name the same. Two statements; none where nothing was quoted."""

    def __init__(self, held: Order, lines: Sequence[tuple[OrderLine | None, Wish]]) -> None:
        self._lines = lines
        self._buyers = {held.buyer_id, held.agent_id} - {None}
        named = {wish.quotation_line for _, wish in lines if wish.quotation_line is not None}
        self._quoted = QuotationLine.objects.select_related("quotation").in_bulk(list(named)) if named else {}
        self._beside = _beside(held, named, [row.id for row, _ in lines if row is not None])
        self._now: Counter[uuid.UUID | None] = Counter()
        for row in self._beside:
            self._now[row.quotation_line_id] += row.pieces
        self._before = Counter(self._now)
        for was, wish in lines:
            if wish.quotation_line is not None:
                self._before[wish.quotation_line] += was.pieces if was is not None else 0
                self._now[wish.quotation_line] += wish.pieces

    def wishes(self) -> tuple[list[Wish], list[Finding]]:
        """(the lines at the quoted price where they name none, or lie there at it; what is wrong): it was not quoted to
        who buys, not of this, or not for so few."""
        found: list[Finding] = []
        wishes = []
        for row, wish in self._lines:
            quoted = self._quoted.get(wish.quotation_line) if wish.quotation_line is not None else None
            if wish.quotation_line is None:
                wishes.append(wish)
            elif quoted is None or not self._is_of(quoted, wish):
                found.append(error("orders_quotation_not_there", header="quotation_line", row=wish.row))
            elif wish.price_minor is None or (row is not None and self._is_as_quoted(row, wish, quoted)):
                together = self._now[quoted.id]
                price_minor = _price_at(quoted, together)
                if price_minor is None:
                    details = {"minimum": quoted.ladder_quantities[0]}
                    value = str(together)
                    found.append(
                        error("orders_below_minimum", header="pieces", value=value, row=wish.row, details=details)
                    )
                wishes.append(replace(wish, price_minor=price_minor, price_per=quoted.price_per))
            else:
                wishes.append(wish)
        return wishes, found

    def followers(self) -> list[tuple[OrderLine, int]]:
        """The lines beside them that lie there at the quoted price, and the other price that they have now."""
        found = []
        for row in self._beside:
            quoted = self._quoted.get(row.quotation_line_id) if row.quotation_line_id is not None else None
            if quoted is None or (row.price_minor, row.price_per) != self._price_before(quoted):
                continue
            price_minor = _price_at(quoted, self._now[quoted.id])
            if price_minor is not None and price_minor != row.price_minor:
                found.append((row, price_minor))
        return found

    def _is_of(self, quoted: QuotationLine, wish: Wish) -> bool:
        """A line that names no variant is of any of its good's."""
        ours = self._buyers & {quoted.quotation.buyer_id, quoted.quotation.agent_id}
        return bool(ours) and quoted.good_number == wish.good and quoted.variant in (None, wish.variant)

    def _is_as_quoted(self, row: OrderLine, wish: Wish, quoted: QuotationLine) -> bool:
        """Whether a line lies there at the quoted price, and only its pieces become others."""
        price = row.price_minor, row.price_per
        at_it = price == self._price_before(quoted)
        return at_it and wish.pieces != row.pieces and price == (wish.price_minor, wish.price_per)

    def _price_before(self, quoted: QuotationLine) -> tuple[int | None, int]:
        return _price_at(quoted, self._before[quoted.id]), quoted.price_per


def _beside(held: Order, named: Collection[uuid.UUID], among: Collection[uuid.UUID]) -> list[OrderLine]:
    if not named or not held.lines:
        return []
    found = OrderLine.objects.select_related("sub__stall").filter(order=held, quotation_line__in=list(named))
    return list(found.exclude(id__in=list(among)).order_by("position"))


def _price_at(quoted: QuotationLine, pieces: int) -> int | None:
    """None: fewer than were quoted."""
    steps = zip(quoted.ladder_quantities, quoted.ladder_prices_minor, strict=True)
    return max(((quantity, price) for quantity, price in steps if quantity <= pieces), default=(0, None))[1]
