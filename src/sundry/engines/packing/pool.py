"""Every way to fill one container that was seen, and the cheapest choice of them that holds everything.

Problem: 50 containers are to be filled from three kinds. Filling one after the other as full as possible leaves at the
end what fits badly; but the good ways to fill one container are few, and a load only says how often to use each.

    a: 4 large          b: 2 large, 6 small        c: 11 small           wanted: 10 large, 24 small
    at least: 0.5 a + 4 b = 4.5 containers; in whole numbers: 1 a + 4 b, five; without b it would be six

Therefore the fillings seen are columns of a covering problem (Gilmore and Gomory, Operations Research 9, 1961):

    least total price of x[j] containers filled in way j, such that each class is covered: sum of a[k][j] x[j] >= d[k]

With fractions allowed it is a linear program; what one more carton of a class would cost there (its dual price) is what
it is worth to a next container, so a filling worth more than its container's price makes the load cheaper. In whole
numbers it is the load. HiGHS solves both; without it (`is_available`) loads are found in the other ways only.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sundry.engines.packing.filling import Filled
from sundry.engines.packing.rules import Container

if TYPE_CHECKING:
    import highspy

NUMBER_WEIGHT = 1e-4  # of the dearest price: among equally cheap loads the one with fewer containers
COLUMNS_MAX = 4000
NODES_MAX = 2000


@dataclass(frozen=True, slots=True)
class Column:
    """A way to fill container type `number`: so many cartons of each class, and the plan."""

    number: int
    counts: tuple[int, ...]
    filled: Filled


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The covering in fractions: its price, how often each column is taken, and what one carton of each class is worth.

    Prices are those of `Pool.prices`.
    """

    price: float
    times: tuple[float, ...]
    values: tuple[float, ...]


def is_available() -> bool:
    """Whether a solver for the covering problem is installed (the extra `plan`)."""
    return importlib.util.find_spec("highspy") is not None


class Pool:
    """The columns seen, each once; of two fillings with the same cartons in the same container the first stays."""

    def __init__(self, containers: Sequence[Container], classes: int) -> None:
        self.columns: list[Column] = []
        self.classes = classes
        self._seen: set[tuple[int, tuple[int, ...]]] = set()
        self.dearest_minor = max(container.price_minor for container in containers)
        self.prices = [self.price_of(container.price_minor, 1) for container in containers]

    def price_of(self, price_minor: int, containers: int) -> float:
        """The price of so many containers as the pool counts: without any price each costs 1."""
        if not self.dearest_minor:
            return float(containers)
        return price_minor / self.dearest_minor + NUMBER_WEIGHT * containers

    def add(self, column: Column) -> bool:
        """Whether the column is new."""
        key = (column.number, column.counts)
        if key in self._seen or not any(column.counts) or len(self.columns) >= COLUMNS_MAX:
            return False
        self._seen.add(key)
        self.columns.append(column)
        return True

    def relaxed(self, demand: Sequence[int]) -> Relaxed | None:
        """The covering in fractions; None where the columns cannot cover the demand."""
        solver = self._solver(demand, whole=False)
        if not _is_solved(solver):
            return None
        solution = solver.getSolution()
        return Relaxed(
            price=solver.getInfo().objective_function_value,
            times=tuple(solution.col_value),
            values=tuple(max(0.0, dual) for dual in solution.row_dual),
        )

    def cover(self, demand: Sequence[int], *, seconds: float | None, below: float) -> list[Column] | None:
        """The cheapest choice in whole numbers that costs less than `below`; None where none was found in time, or,
        without a time, in so many nodes of the solver's tree."""
        solver = self._solver(demand, whole=True)
        if seconds is None:
            solver.setOptionValue("mip_max_nodes", NODES_MAX)
        else:
            solver.setOptionValue("time_limit", seconds)
        solver.run()
        times = solver.getSolution().col_value
        if not solver.getSolution().value_valid or not times:
            return None
        chosen = [column for column, count in zip(self.columns, times, strict=True) for _ in range(round(count))]
        if sum(self.prices[column.number] for column in chosen) >= below:
            return None
        covered = np.sum([column.counts for column in chosen], axis=0)
        return chosen if np.all(covered >= np.array(demand)) else None

    def _solver(self, demand: Sequence[int], *, whole: bool) -> highspy.Highs:
        import highspy

        table = np.array([column.counts for column in self.columns], np.float64).reshape(-1, self.classes)
        costs = [self.prices[column.number] for column in self.columns]
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.columns), self.classes
        model.col_cost_ = costs
        model.col_lower_ = [0.0] * len(costs)
        model.col_upper_ = [highspy.kHighsInf] * len(costs)
        model.row_lower_ = [float(count) for count in demand]
        model.row_upper_ = [highspy.kHighsInf] * self.classes
        filled = [np.flatnonzero(row) for row in table]
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(rows) for rows in filled])]).astype(np.int32)
        model.a_matrix_.index_ = np.concatenate([np.zeros(0, np.int64), *filled]).astype(np.int32)
        model.a_matrix_.value_ = np.concatenate(
            [np.zeros(0), *(row[rows] for row, rows in zip(table, filled, strict=True))]
        )
        if whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * len(costs)
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.passModel(model)
        return solver


def _is_solved(solver: highspy.Highs) -> bool:
    import highspy

    solver.run()
    return bool(solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)
