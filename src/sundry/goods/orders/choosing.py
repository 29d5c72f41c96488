"""Of which variants a buyer takes what was quoted to her, and how many of each.

Problem: a stall quotes "600 cups at 2.80", and its cups are red and blue, counted each by itself. Ordered as "some cup"
they would draw on no shelf, and nobody would know in the end what to pack. Therefore whoever accepts a line whose good
comes in variants, of which the quotation names none, says how many of each; and a quantity that she does not divide,
or divides into more or less than it is, is refused.

Worked case: 600 cups from 500 on at 2.80: 400 red and 200 blue are two lines at 2.80, the price for 600; 400 red and
100 blue come to 500, and 600 are ordered: refused. She orders 500, or names the hundred that is missing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sundry.goods.catalogue.orderable import Orderable
from sundry.goods.orders.checks import shown
from sundry.goods.orders.enquiry_rules import QuotedLine
from sundry.goods.orders.order_rules import PIECES_MAX
from sundry.kernel.findings import Finding, error


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a buyer takes of quoted lines, by their ids. `pieces`: how many, 0 leaves a line out; of a line that is not
    named as many as it is laid out for. `variants`: of which variants, and how many of each."""

    pieces: Mapping[uuid.UUID, int] = field(default_factory=dict)
    variants: Mapping[uuid.UUID, Mapping[uuid.UUID, int]] = field(default_factory=dict)

    def lines(self) -> frozenset[uuid.UUID]:
        """Of which something is said."""
        return frozenset(self.pieces) | frozenset(self.variants)

    def pieces_of(self, line: QuotedLine) -> int:
        assert line.id is not None
        return self.pieces.get(line.id, line.pieces)

    def shares(self, line: QuotedLine) -> Mapping[uuid.UUID | None, int]:
        """How many of which variant, None: of a line that has none."""
        return self._named(line) or {line.variant: self.pieces_of(line)}

    def findings(self, line: QuotedLine, offer: Orderable | None, *, quotation: int, row: int) -> Iterator[Finding]:
        """What is wrong with it, of a line that is not left out. `offer`: its good as it is now; `row`: its place."""
        told: dict[str, Any] = {"header": "variants", "row": row}
        wanted, named = self.pieces_of(line), self._named(line)
        possible = {line.variant} if line.variant is not None else {*offer.variants} if offer is not None else set()
        if not named:
            if offer is not None and offer.variants and line.variant is None:
                details = {"quotation": quotation, "pieces": wanted}
                yield error("quotation_variant_needed", value=str(line.good), details=details, **told)
        elif not named.keys() <= possible:
            yield error("quotation_variant_not_there", value=str(line.good or line.item_number), **told)
        elif wrong := [pieces for pieces in named.values() if not 1 <= pieces <= PIECES_MAX]:
            details = {"most": PIECES_MAX}
            yield error("orders_pieces_impossible", value=shown(wrong[0]), details=details, **told)
        elif sum(named.values()) != wanted:
            details = {"quotation": quotation, "pieces": wanted}
            yield error("quotation_variants_sum", value=str(sum(named.values())), details=details, **told)

    def _named(self, line: QuotedLine) -> dict[uuid.UUID | None, int]:
        of_line = self.variants.get(line.id, {}) if line.id is not None else {}
        return {variant: pieces for variant, pieces in of_line.items() if pieces}
