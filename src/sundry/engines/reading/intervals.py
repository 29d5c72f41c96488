"""What a printed number may truly be, and what can be said of sums and quotients of such numbers.

Problem: 8.4 minus 6.9 is 1.5, and yet the paper that prints 1.6 may be right: 8.44 and 6.86 are printed as 8.4 and 6.9,
and their difference, 1.58, as 1.6. Whoever compares printed figures with == calls a good paper a liar.

    8.4 -> [8.35, 8.45)     6.9 -> [6.85, 6.95)     difference -> (1.40, 1.60)     1.6 -> [1.55, 1.65): they meet

Therefore every figure is an interval: ends are Decimal, None where there is no limit (突破200 is [200, None)), and each
end is closed or open. Every operation answers an interval that surely holds the true value: what cannot be written with
40 digits is rounded outwards. The operands are taken as independent of each other, so x - x is wider than 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

_DIGITS = 40
_TRAPS = [InvalidOperation, DivisionByZero, Overflow]
_DOWN = Context(prec=_DIGITS, rounding=ROUND_FLOOR, traps=_TRAPS)
_UP = Context(prec=_DIGITS, rounding=ROUND_CEILING, traps=_TRAPS)
_INFINITY = Decimal("Infinity")
_ZERO = Decimal(0)

_End = tuple[Decimal, bool]  # where, and whether it is open; an infinite end is always open


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`; None: no limit. ValueError where nothing lies between."""

    low: Decimal | None
    high: Decimal | None
    is_low_open: bool = False
    is_high_open: bool = False

    def __post_init__(self) -> None:
        if self.low is None or self.high is None:
            return
        if self.low > self.high or (self.low == self.high and (self.is_low_open or self.is_high_open)):
            raise ValueError(f"nothing lies between {self.low} and {self.high}")

    def __contains__(self, value: Decimal) -> bool:
        if self.low is not None and (value < self.low or (value == self.low and self.is_low_open)):
            return False
        return self.high is None or value < self.high or (value == self.high and not self.is_high_open)

    def __add__(self, other: Interval) -> Interval:
        low, high = _ends(self), _ends(other)
        return _interval(
            (_DOWN.add(low[0][0], high[0][0]), low[0][1] or high[0][1]),
            (_UP.add(low[1][0], high[1][0]), low[1][1] or high[1][1]),
        )

    def __neg__(self) -> Interval:
        return Interval(
            None if self.high is None else self.high.copy_negate(),
            None if self.low is None else self.low.copy_negate(),
            self.is_high_open,
            self.is_low_open,
        )

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        pairs = [(x, y) for x in _ends(self) for y in _ends(other)]
        return _hull([_product(x, y, _DOWN) for x, y in pairs], [_product(x, y, _UP) for x, y in pairs])

    def __truediv__(self, other: Interval) -> Interval:
        """Without limits where the divisor may be 0 from either side: nothing is known then."""
        low, high = _ends(other)
        if low[0] < 0 < high[0] or low[0] == high[0] == 0:
            return EVERYTHING
        # An end at 0 stands for its neighbours on the side where the divisor is.
        sign = 1 if high[0] > 0 else -1
        pairs = [(x, y) for x in _ends(self) for y in (low, high)]
        return _hull([_quotient(x, y, sign, _DOWN) for x, y in pairs], [_quotient(x, y, sign, _UP) for x, y in pairs])

    def meets(self, other: Interval) -> bool:
        """Whether one value may be both."""
        return intersection(self, other) is not None

    @property
    def ends(self) -> tuple[Decimal | None, Decimal | None]:
        return self.low, self.high

    @property
    def middle(self) -> Decimal | None:
        """None where a side has no limit."""
        return None if self.low is None or self.high is None else (self.low + self.high) / 2


def intersection(one: Interval, other: Interval) -> Interval | None:
    """What lies in both; None: nothing does."""
    low = max(_ends(one)[0], _ends(other)[0])  # at the same place the open end (True) is the narrower one
    high = min(_ends(one)[1], _ends(other)[1], key=lambda end: (end[0], not end[1]))
    if low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1])):
        return None
    return _interval(low, high)


def exactly(value: Decimal | int) -> Interval:
    return Interval(Decimal(value), Decimal(value))


def rounded(value: Decimal, decimals: int) -> Interval:
    """What is printed as `value` with that many decimals (negative: rounded to tens, hundreds), rounded half away from
    0.

    12.5 with 1 is [12.45, 12.55); -12.5 is (-12.55, -12.45].
    """
    half = Decimal(5).scaleb(-decimals - 1)
    is_negative = value < 0
    return Interval(
        _DOWN.subtract(value, half), _UP.add(value, half), is_low_open=is_negative, is_high_open=not is_negative
    )


def _ends(interval: Interval) -> tuple[_End, _End]:
    low = (-_INFINITY, True) if interval.low is None else (interval.low, interval.is_low_open)
    high = (_INFINITY, True) if interval.high is None else (interval.high, interval.is_high_open)
    return low, high


def _interval(low: _End, high: _End) -> Interval:
    return Interval(
        low[0] if low[0].is_finite() else None,
        high[0] if high[0].is_finite() else None,
        low[0].is_finite() and low[1],
        high[0].is_finite() and high[1],
    )


def _hull(lows: list[_End], highs: list[_End]) -> Interval:
    return _interval(min(lows), max(highs, key=lambda end: (end[0], not end[1])))


def _product(one: _End, other: _End, context: Context) -> _End:
    # Nothing times what has no limit is nothing; and it is reached whatever the other end is.
    if (one[0] == 0 and not one[1]) or (other[0] == 0 and not other[1]):
        return _ZERO, False
    if one[0] == 0 or other[0] == 0:
        return _ZERO, True
    return context.multiply(one[0], other[0]), one[1] or other[1]


def _quotient(one: _End, other: _End, sign: int, context: Context) -> _End:
    if one[0] == 0:
        return _ZERO, one[1]
    if other[0] == 0:
        return (_INFINITY if (one[0] > 0) == (sign > 0) else -_INFINITY), True
    if other[0].is_infinite():
        # Towards 0, or, for infinite over infinite, anything: 0 bounds the one side, the other pairs bound the other.
        return _ZERO, True
    return context.divide(one[0], other[0]), one[1] or other[1]


EVERYTHING = Interval(None, None)
