from __future__ import annotations

import pytest

from sundry.engines.packing.filling import Filled
from sundry.engines.packing.pool import Column, Pool, is_available
from sundry.engines.packing.rules import Container

needs_solver = pytest.mark.skipif(not is_available(), reason="no solver is installed (extra: plan)")
NOTHING = Filled((), 0.0, 0, False, 0.0)


def pool_of(prices: list[int], columns: list[tuple[int, tuple[int, ...]]]) -> Pool:
    pool = Pool([Container("c", 10, 10, 10, price_minor=price) for price in prices], len(columns[0][1]))
    for number, counts in columns:
        pool.add(Column(number, counts, NOTHING))
    return pool


def test_a_filling_is_kept_once_and_an_empty_one_never() -> None:
    pool = pool_of([0], [(0, (1, 2)), (0, (1, 2)), (0, (0, 0)), (0, (2, 1))])
    assert [column.counts for column in pool.columns] == [(1, 2), (2, 1)]
    assert not pool.add(Column(0, (1, 2), NOTHING))
    assert pool.add(Column(0, (3, 0), NOTHING))


def test_without_prices_each_container_costs_one_with_prices_the_number_breaks_ties() -> None:
    assert pool_of([0, 0], [(0, (1,))]).prices == [1.0, 1.0]
    half, whole = pool_of([50, 100], [(0, (1,))]).prices
    assert whole < 2 * half < whole + 0.001  # two small ones for the money of a large one are dearer by a trifle
    assert pool_of([50, 100], [(0, (1,))]).price_of(150, 2) == pytest.approx(half + whole)


@needs_solver
def test_the_covering_of_the_opening_example() -> None:
    """a: 4 large; b: 2 large, 6 small; c: 11 small. Wanted are 10 large and 24 small."""
    pool = pool_of([0], [(0, (4, 0)), (0, (2, 6)), (0, (0, 11))])
    relaxed = pool.relaxed((10, 24))
    assert relaxed is not None
    assert relaxed.price == pytest.approx(4.5)
    assert relaxed.times == pytest.approx((0.5, 4.0, 0.0))
    assert 10 * relaxed.values[0] + 24 * relaxed.values[1] == pytest.approx(4.5)
    chosen = pool.cover((10, 24), seconds=None, below=10.0)
    assert chosen is not None
    assert len(chosen) == 5
    assert sum(column.counts[0] for column in chosen) >= 10
    assert sum(column.counts[1] for column in chosen) >= 24


@needs_solver
def test_only_what_is_cheaper_is_told() -> None:
    pool = pool_of([0], [(0, (4, 0)), (0, (0, 11))])
    assert pool.cover((8, 11), seconds=None, below=3.0) is None
    assert pool.cover((8, 11), seconds=None, below=3.1) is not None


@needs_solver
def test_what_the_columns_cannot_cover_has_no_price() -> None:
    pool = pool_of([0], [(0, (4, 0))])
    assert pool.relaxed((1, 1)) is None
    assert pool.cover((1, 1), seconds=None, below=9.0) is None


@needs_solver
def test_the_cheaper_of_two_container_types_is_chosen() -> None:
    pool = pool_of([100, 60], [(0, (4,)), (1, (2,))])
    chosen = pool.cover((6,), seconds=None, below=9.0)
    assert chosen is not None
    assert sorted(column.number for column in chosen) == [0, 1]
