"""Fill forms as full as they go: whole numbers into bins of one size, with at most so many in each.

Problem: pouring pieces one by one, the largest first, leaves gaps that add up: of pieces between a fifth and half of a
form it needs 5 % more forms than there should be. Worked case, limit 100: 45 40 35 30 25 25. Poured: 45+40, 35+30+25,
25. But with the 45, 30+25 leaves nothing free; with the 40, 35+25 neither: two forms.

Therefore each form takes the largest piece left and that set of others which leaves least free (minimum bin slack,
Gupta and Ho 1999), found depth first, large pieces first, in a limited number of steps. Told to make do with `count`
forms, it takes the first set that leaves no more free than a form may on average: of 52 45 42 39 32 30 26 22, three
forms have 12 to spare, so 52+45 will do and the small ones, which fit anywhere, are kept for later. `exact` also goes
back to the next best set of an earlier form (bin completion, Korf 2002), within a limited number of steps of its own. A
run that met no limit has tried everything that can matter, so its "no" is a proof.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

_STEPS = 150_000  # of one exact search
_STEPS_A_FORM = 4_000
_SETS_A_FORM = 60  # that an exact search goes back to
_GREEDY_STEPS = 400_000  # shared by all forms

Members = list[int]
"""Positions in the values given."""


def greedy(values: Sequence[int], limit: int, most: int, count: int = 0) -> list[Members]:
    """Forms, each as full as a few steps find it, or full enough for `count` forms; more forms where that fails.

    `values` largest first, none above `limit`; at most `most` of them on a form.
    """
    steps = min(max(_GREEDY_STEPS // max(len(values), 1), 30), _STEPS_A_FORM)
    left = list(range(len(values)))
    negative = [-value for value in values]
    forms: list[Members] = []
    spare = count * limit - sum(values)
    while left:
        enough = max(spare // max(count - len(forms), 1), 0)
        sets = _Sets(negative, limit, most, steps, kept=1, enough=enough)
        (members,) = sets.best_first(limit)
        spare -= limit + sum(negative[place] for place in members)
        forms.append([left[place] for place in members])
        for place in reversed(members):
            del left[place], negative[place]
    return forms


def exact(values: Sequence[int], limit: int, most: int, count: int) -> tuple[list[Members] | None, bool]:
    """`count` forms, or None and whether that many are proved impossible. `values` as for `greedy`."""
    steps, proof = _STEPS, True
    chosen: list[Members] = []

    def options(left: Members, forms_left: int) -> Iterator[Members]:
        nonlocal steps, proof
        waste_max = forms_left * limit - sum(values[i] for i in left)
        if waste_max < 0:
            return
        sets = _Sets([-values[i] for i in left], limit, most, min(steps, _STEPS_A_FORM), kept=_SETS_A_FORM)
        best = sets.best_first(waste_max)
        steps -= sets.steps_taken
        proof = proof and not sets.cut_short
        for members in best:
            yield [left[place] for place in members]

    first = list(range(len(values)))
    stack = [(first, options(first, count))]
    while stack and steps > 0:
        left, sets = stack[-1]
        members = next(sets, None)
        if members is None:
            stack.pop()
            chosen = chosen[: max(len(stack) - 1, 0)]
            continue
        chosen = [*chosen[: len(stack) - 1], members]
        taken = set(members)
        rest = [i for i in left if i not in taken]
        if not rest:
            return chosen, False
        if len(stack) < count:
            stack.append((rest, options(rest, count - len(stack))))
    return None, proof and not stack


class _Sets:
    """Sets of places that hold place 0 and fit one form, to which nothing more can be added."""

    def __init__(self, negative: Sequence[int], limit: int, most: int, steps: int, kept: int, enough: int = 0) -> None:
        self._negative = negative  # ascending, so that bisect finds the largest value that fits
        self._most = most
        self._steps = self._steps_given = steps
        self._kept = kept
        self._enough = enough  # free, at which a single set wanted is good
        self._limit = limit
        self._found: list[tuple[int, tuple[int, ...]]] = []
        self.cut_short = False

    @property
    def steps_taken(self) -> int:
        return self._steps_given - self._steps

    def best_first(self, waste_max: int) -> list[tuple[int, ...]]:
        """The sets found that leave at most `waste_max` free, the fullest first."""
        self._suffix: list[int] = []
        if self._kept > 1:
            self._suffix = [*accumulate(reversed(self._negative), initial=0)]
            self._suffix.reverse()
        self._extend((0,), 1, self._limit + self._negative[0], waste_max)
        self._found.sort()
        self.cut_short |= self._steps <= 0 or len(self._found) > self._kept
        return [members for _, members in self._found[: self._kept]]

    def _extend(self, members: tuple[int, ...], start: int, free: int, waste_max: int) -> None:
        self._steps -= 1
        if self._suffix and free + self._suffix[start] > waste_max:
            return  # not even all that is left would fill it
        place = bisect_left(self._negative, -free, start)
        if len(members) == self._most and place < len(self._negative):
            self.cut_short = True
            place = len(self._negative)
        if place == len(self._negative):
            self._keep(members, free, waste_max)
        while place < len(self._negative):
            value = self._negative[place]
            self._extend((*members, place), place + 1, free + value, waste_max)
            if self._steps <= 0 or (self._kept == 1 and self._found and self._found[0][0] <= self._enough):
                return
            place = bisect_right(self._negative, value, place)  # an equal piece would give the same again

    def _keep(self, members: tuple[int, ...], free: int, waste_max: int) -> None:
        fits = bisect_left(self._negative, -free)
        could_add = len(self._negative) - fits > sum(place >= fits for place in members)
        if free > waste_max or (could_add and len(members) < self._most):
            return
        if self._kept == 1:
            if not self._found or free < self._found[0][0]:
                self._found = [(free, members)]
        else:
            self._found.append((free, members))
