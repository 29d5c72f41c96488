"""Quotations side by side.

Problem: three stalls quote hair clips: one per piece, one per dozen, one per thousand; one has 5 lines, another 3 of
the same. Read one after the other, the cheapest looks dear. Therefore one row is one thing that is asked for, and the
price of one piece is compared, at the pieces laid out: as a fraction, so that 0.085 is not rounded to 0.09.

Worked case: 12,000 clips at 85.00 for 1,000, at 1.05 a dozen and at 0.09 a piece: 0.085, 0.0875, 0.09. The first is the
best. A quotation in dollars stands beside them, and is not compared with yuan.

What is the same thing: the same good of the catalogue (a variant is one of its own); else, but for a variant, the same
name, as it is written, or the same item number. Stalls that quote one line each answer one question: those lines are
one row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

from sundry.goods.orders.enquiry_rules import Compared, QuotationView, QuotedLine

Cells = dict[int, QuotedLine]  # by the place of the quotation


def compared(quotations: Sequence[QuotationView]) -> Compared:
    """One row a thing, in the order in which they are first quoted."""
    if len(quotations) > 1 and all(len(one.lines) == 1 for one in quotations):
        rows = [{place: one.lines[0] for place, one in enumerate(quotations)}]
    else:
        rows = _rows(quotations)
    return Compared(
        tuple(quotations),
        tuple(
            (_called(cells), tuple(cells.get(at) for at in range(len(quotations))), _best(cells, quotations))
            for cells in rows
        ),
    )


def _rows(quotations: Sequence[QuotationView]) -> list[Cells]:
    rows: list[Cells] = []
    known: dict[object, list[Cells]] = defaultdict(list)
    for place, quotation in enumerate(quotations):
        for line in quotation.lines:
            keys = list(_keys(line))
            cells = next((some for key in keys for some in known[key] if place not in some), None)
            if cells is None:
                cells = {}
                rows.append(cells)
            cells[place] = line
            for key in keys:
                if not any(some is cells for some in known[key]):
                    known[key].append(cells)
    return rows


def _keys(line: QuotedLine) -> list[object]:
    good = [] if line.good is None else [("good", line.good, line.variant)]
    if line.variant is not None:
        return [*good]
    names = [("name", language, " ".join(name.casefold().split())) for language, name in line.names.items() if name]
    return [*good, *names, *([("number", line.item_number.casefold())] if line.item_number else ())]


def _called(cells: Mapping[int, QuotedLine]) -> str:
    """What the first of them says it is: in its own language, its item number where it has no name."""
    line = cells[min(cells)]
    return line.names.get(line.language) or next(iter(line.names.values()), "") or line.item_number


def price_of_one(line: QuotedLine) -> Fraction | None:
    """In minor units, at the pieces that are laid out; None: fewer than are sold."""
    step = line.price_at(line.pieces)
    return None if step is None else Fraction(step.price_minor, line.price_per)


def _best(cells: Mapping[int, QuotedLine], quotations: Sequence[QuotationView]) -> int | None:
    """Where the cheapest of a row stands; None: there is one only, or they are in several currencies."""
    prices = {place: price for place, line in cells.items() if (price := price_of_one(line)) is not None}
    if len(prices) < 2 or len({quotations[place].terms.currency for place in prices}) > 1:
        return None
    return min(prices, key=lambda place: (prices[place], place))
