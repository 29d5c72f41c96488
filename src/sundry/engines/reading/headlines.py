"""Which headline belongs to which text: all of a page are assigned at once.

Problem: the nearest headline above is wrong for one article in five: headlines stand below their texts, beside them, or
between two that both want them.

    article        shares with "茶叶出口增三成"     with "东溪旱情解除"
    茶叶……三成             0.9                       0.0
    水库……旱情             0.1                       0.8        the best two pairs, whatever stands nearest

Therefore a headline and a text are compared by the pairs of characters that they share, each worth the more the fewer
texts of the page have it, and headlines go to texts one to one so that the sum is greatest (the Hungarian method;
Kuhn 1955, in the form with potentials). A text may have none: a pair worth less than a limit is not made.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import chain
from math import log, sqrt
from operator import add

USUAL_LIKENESS = 0.01  # of a page with too few texts to tell
USUAL_PAIRS_MAX = 300
_LOGS = (0.0, *(log(number) for number in range(1, 64)))
_RUNS = re.compile(r"[\u4e00-\u9fff]+|[0-9A-Za-z.%]+")


@lru_cache(maxsize=4096)
def pairs_of(words: str) -> tuple[str, ...]:
    """Pairs of neighbouring characters, numbers whole, as often as they stand; punctuation and spaces are borders."""
    out: list[str] = []
    for run in _RUNS.findall(words):
        if run[0] >= "\u4e00":
            out += map(add, run, run[1:])
        elif len(run) > 1:
            out.append(run)
    return tuple(out)


@lru_cache(maxsize=1024)
def _distinct(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pairs_of(words)))


class Texts:
    """The texts of a page, compared with each other and with headlines. Each is given as its lines."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._pairs = [Counter(chain.from_iterable(map(pairs_of, lines))) for lines in texts]
        self._seen = Counter(chain.from_iterable(self._pairs))
        count = len(texts)
        # A pair of all texts is worth nearly nothing; one of no text at all says little about which text is meant.
        rare = 0.6 * (log(1 + count) - log(2) * 0.9)
        self._worth = [rare, *(log(1 + count / number) - log(2) * 0.9 for number in range(1, count + 1))]
        self._vectors: dict[int, dict[str, float]] = {}

    def _vector(self, number: int) -> dict[str, float]:
        """The text as a vector of length one."""
        if number not in self._vectors:
            worth, seen = self._worth, self._seen
            vector = {
                pair: (1 + _LOGS[n if n < 64 else 63]) * worth[seen[pair]] for pair, n in self._pairs[number].items()
            }
            size = sqrt(sum(value * value for value in vector.values())) or 1.0
            self._vectors[number] = {pair: value / size for pair, value in vector.items()}
        return self._vectors[number]

    def share(self, headline: str, number: int) -> float:
        """0 to 1: how much of a headline stands in a text, by worth; numbers count twice."""
        text = self._pairs[number]
        whole = found = 0.0
        for pair in _distinct(headline):
            worth = self._worth[self._seen[pair]] * (1 + pair[0].isdigit())
            whole += worth
            found += worth if pair in text else 0.0
        return found / whole if whole else 0.0

    def best_share(self, headline: str) -> float:
        """The greatest share that any text has in a headline."""
        return max((self.share(headline, number) for number in range(len(self._pairs))), default=0.0)

    @cached_property
    def usual_likeness(self) -> float:
        """The middle of how like any two texts are that are not neighbours; of many pairs some."""
        count = len(self._pairs)
        pairs = [(a, b) for a in range(count) for b in range(a + 2, count)]
        values = sorted(self.likeness(a, b) for a, b in pairs[:: 1 + len(pairs) // USUAL_PAIRS_MAX])
        return values[len(values) // 2] if values else USUAL_LIKENESS

    def likeness(self, a: int, b: int) -> float:
        """0 to 1: the cosine of two texts."""
        first, second = sorted((self._vector(a), self._vector(b)), key=len)
        return sum([value * second[pair] for pair, value in first.items() if pair in second])


def assigned(worth: Sequence[Sequence[float]], none: float) -> list[int | None]:
    """For each row its column, one to one, so that the sum is greatest; None where a pair is worth less than `none`."""
    rows = len(worth)
    columns = len(worth[0]) if rows else 0
    if not rows:
        return []
    # Each row has a column of its own that means "none", so that every row always finds one.
    costs = [[-value for value in row] + [-none if a == b else 1e6 for b in range(rows)] for a, row in enumerate(worth)]
    match = _cheapest(costs)
    return [column if column < columns and worth[row][column] > none else None for row, column in enumerate(match)]


def _cheapest(costs: Sequence[Sequence[float]]) -> list[int]:
    """The column of each row with the smallest sum; rows <= columns. Potentials u, v; one augmenting path a row."""
    rows, columns = len(costs), len(costs[0])
    u, v = [0.0] * (rows + 1), [0.0] * (columns + 1)
    row_of, way = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        row_of[0], at = row, 0
        least, is_used = [float("inf")] * (columns + 1), [False] * (columns + 1)
        while row_of[at]:
            is_used[at] = True
            current, step, next_at = row_of[at], float("inf"), 0
            for column in range(1, columns + 1):
                if is_used[column]:
                    continue
                cost = costs[current - 1][column - 1] - u[current] - v[column]
                if cost < least[column]:
                    least[column], way[column] = cost, at
                if least[column] < step:
                    step, next_at = least[column], column
            for column in range(columns + 1):
                if is_used[column]:
                    u[row_of[column]] += step
                    v[column] -= step
                else:
                    least[column] -= step
            at = next_at
        while at:
            row_of[at], at = row_of[way[at]], way[at]
    out = [0] * rows
    for column in range(1, columns + 1):
        if row_of[column]:
            out[row_of[column] - 1] = column - 1
    return out
