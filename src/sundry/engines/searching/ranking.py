"""In which order goods are shown: how well a good fits, times how well it sells.

Problem: among 40,000 cups all fit as well as each other, and a buyer wants those that others buy; but a bestseller that
only names a cup must not stand before cups. Therefore

    score = fit * log2(2 + weight),   fit = the best of its head concepts + a lift for each modifier + the code's

A good whose head noun is what was asked for fits by 100, one of a narrower noun by 30, one that only names it by 4:
sales lift by at most 17 (100,000 pieces), so that naming never wins over being. A modifier lifts a good whose head noun
fits by 150 and another by 2, for the same reason. A name that means several things (medias: stockings, socks) asks for
the likeliest: what the others mean fits by four fifths, so that they mix with it and do not lead.

Worked case: "pink cup". A pink cup that sold nothing: (100 + 150) * 1 = 250; a blue one that sold 30: 100 * 5 = 500; a
pink one that sold 30: 250 * 5 = 1,250; a "pink cup holder" that sold 1,000: (4 + 2) * 10 = 60.

Goods of one score stand in the order of their numbers. Sums of the same constants are equal in any engine, where BM25
would hang on how many goods each segment holds; and titles of twelve words have no term frequency worth a formula.
"""

from __future__ import annotations

from math import log2
from typing import Final

from sundry.engines.searching.model import Document

FIT_HEAD: Final = 100.0
FIT_NARROWER: Final = 30.0
FIT_HEAD_LATER: Final = 80.0  # what the name means less often
FIT_NARROWER_LATER: Final = 24.0
FIT_NAMED: Final = 4.0
FIT_NAMED_NARROWER: Final = 2.0
FIT_ANY: Final = 10.0  # where no head noun was asked for
FIT_CODE: Final = 100.0  # the whole code, not only its beginning
LIFT_HEAD: Final = 148.0  # of a modifier, where the head noun fits: on top of LIFT
LIFT: Final = 2.0

NEW_AS_SOLD: Final = 20
"""A good of the collection "new" stands as if it had sold so many pieces: nobody can have bought it yet."""

ORDERED_NUMBERS: Final = 1 << 24
"""Numbers up to this one stand in order among equals already by their weight; above they begin again."""

TIERS: Final = tuple(1 << power for power in range(2, 14))
"""4, 8, ... 8192: weights from which on a good is marked, so that the best of very many are found among the few that
sell most."""


def weight_of(document: Document) -> float:
    """Pieces sold, with a lift for what is new, and a hundredth at most that sets equals in the order of their numbers:
    without it, thousands of unsold goods would tie."""
    sold = max(document.sold, NEW_AS_SOLD if "new" in document.collections else 0)
    return sold + 0.01 * (1 - (document.number % ORDERED_NUMBERS) / ORDERED_NUMBERS)


def lift_of_weight(weight: float) -> float:
    """By what a fit is multiplied."""
    return log2(2.0 + weight)


def weight_needed(score: float, fit_max: float) -> float:
    """The weight below which no good can reach `score`, if none fits by more than `fit_max`."""
    return float(2.0 ** min(score / fit_max, 60.0)) - 2.0
