"""Exact splitting: a whole goes into parts in proportion to weights, and the parts always sum to the whole.

Problem: 100 cents over three equal cartons is 33.33 each, and 3 x 33 loses a cent that customs will look for.
Therefore every division names its rounding, and no cent is lost under any of them:

    split(100, [1, 1, 1], FLOOR)              [33, 33, 34]   the running total is rounded down, parts are its steps
    split(100, [1, 1, 1], HALF_EVEN)          [33, 34, 33]   the running total is rounded half-even: 33, 67, 100
    split(100, [1, 1, 1], LARGEST_REMAINDER)  [34, 33, 33]   all rounded down, the rest goes to the largest remainders

Guarantees: parts sum to the whole; a part is less than 1 away from its exact share; a weight of zero gets zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import accumulate


class Rounding(StrEnum):
    FLOOR = "floor"
    HALF_EVEN = "half_even"
    LARGEST_REMAINDER = "largest_remainder"


def split(whole: int, weights: Sequence[int], rounding: Rounding = Rounding.LARGEST_REMAINDER) -> list[int]:
    """Parts of `whole`, one a weight. Equal remainders go to the earlier part.

    ValueError: a negative weight, or weights that sum to zero while there is something to split.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError(f"a weight is negative: {list(weights)}")
    total = sum(weights)
    if total == 0:
        if whole:
            raise ValueError(f"nothing to split {whole} by: all weights are zero")
        return [0] * len(weights)
    if rounding is Rounding.LARGEST_REMAINDER:
        return _largest_remainder(whole, weights, total)
    round_down = rounding is Rounding.FLOOR
    steps = [
        whole * running // total if round_down else _half_even(whole * running, total)
        for running in accumulate(weights)
    ]
    return [step - before for step, before in zip(steps, [0, *steps], strict=False)]


def _largest_remainder(whole: int, weights: Sequence[int], total: int) -> list[int]:
    parts = [whole * weight // total for weight in weights]
    missing = whole - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(whole * weights[i] % total), i))
    for i in by_remainder[:missing]:
        parts[i] += 1
    return parts


def _half_even(numerator: int, denominator: int) -> int:
    quotient, remainder = divmod(numerator, denominator)
    up = 2 * remainder > denominator or (2 * remainder == denominator and quotient % 2 == 1)
    return quotient + up
