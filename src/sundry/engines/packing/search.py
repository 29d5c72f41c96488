"""The search for one container: a beam of states, each child completed greedily, wider every time it comes round.

    4 states x 4 blocks -> 16 children, each filled to the end -> the 4 best of different worth are the next states
    ... until no state takes another block; then again with 6 x 6, 8 x 8, 11 x 11, ... until time is out.

The passes judge in two ways in turn (TASTES), and near the end the next is only as wide as lets it end.

So there is a complete plan after the first rollout, and it only gets better. Given `nodes` (rollouts) instead of time,
the answer is the same on every machine and with any number of threads: the first of equal children wins.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from copy import copy
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from sundry.engines.packing.bearing import UNLIMITED, pressure_of
from sundry.engines.packing.blocks import BlockSet, build_blocks
from sundry.engines.packing.cargo import Kind
from sundry.engines.packing.lengths import reachable
from sundry.engines.packing.rollouts import advance, expand
from sundry.engines.packing.rules import Orientation, Placed
from sundry.engines.packing.shapes import (
    BLOCK,
    FULL_SUPPORT,
    PLACED,
    SPACES,
    STRENGTH,
    VALUE,
    WEIGHT_LEFT,
    X0,
    X1,
    Y0,
    Z0,
    Cargo,
    Desk,
    Problem,
    Reach,
    State,
    desk,
    state,
    states,
)

BEAM_FIRST = 4
BEAM_GROWTH = 2**0.5
BEAM_LEAST = 2.0
TINY = 1e-6  # of a second or a rollout: what a pass costs at least, to divide by
FULLY_SUPPORTED_SHARE = 0.5  # of a search with partial support, see Search.plans
BEAM_BYTES_MAX = 256_000_000
SPACES_MIN, SPACES_LAST = 400, 4000
FEW_KINDS = 3

# (contact_power, height_weight) of the passes, in turn: what one way of judging does not see another does.
FEW_KINDS_TASTES = ((4, 1), (2, 3))
TASTES = ((1, 1), (2, 3))
ROUNDED_UP = 1 + 1e-9
PASSES_FORESEEN = 3.0  # less than so many passes are left: the next is as wide as lets it end
PASS_MARGIN = 0.95

Report = Callable[[int], None]
"""report(rollouts so far)"""


@dataclass(frozen=True, slots=True)
class Found:
    """The best plan: `type` of a placed carton is the kind's number."""

    placements: tuple[Placed, ...]
    value: float
    rollouts: int


class Search:
    """One container and its cargo, made ready for the kernels. `values`: what one carton of each kind is worth."""

    def __init__(
        self,
        room: Orientation,
        kinds: Sequence[Kind],
        *,
        payload_g: int | None = None,
        support_percent: int = FULL_SUPPORT,
        values: Sequence[float] | None = None,
        threads: int = 2,
        blocks_max: int | None = None,
    ) -> None:
        self.kinds = kinds
        self.threads = threads
        self.payload_g = float("inf") if payload_g is None else float(payload_g)
        worth = [float(kind.volume_mm3) for kind in kinds] if values is None else list(values)
        extra = {} if blocks_max is None else {"blocks_max": blocks_max}
        if any(kind.is_limited for kind in kinds):
            # What hangs over presses harder on what carries it than bearing.py allows for.
            support_percent = FULL_SUPPORT
        self.block_set: BlockSet = build_blocks(room, kinds, full_support=support_percent > 0, values=worth, **extra)
        cargo = _cargo(kinds, support_percent)
        self.worth = worth
        self.problem = Problem(
            room=np.array(room, np.int32),
            support_percent=support_percent,
            contact_power=1,
            height_weight=1,
            value_density=max(value / kind.volume_mm3 for value, kind in zip(worth, kinds, strict=True)) * ROUNDED_UP,
            cargo=cargo,
            blocks=self.block_set.arrays,
            reach=_reach(room, kinds, cargo.quantity),
        )
        self.tastes = FEW_KINDS_TASTES if len(kinds) <= FEW_KINDS else TASTES
        self.value_max = sum(value * kind.quantity for value, kind in zip(worth, kinds, strict=True))
        if values is None:
            self.value_max = min(self.value_max, float(room[0] * room[1] * room[2]))
        self.placed_max = _cartons_max(room, kinds) + 1
        self.spaces_max = min(max(SPACES_MIN, 2 * self.placed_max), SPACES_LAST)

    def run(self, *, until: float | None, nodes: int | None = None, report: Report | None = None) -> Found:
        """Search until the time `until` (of time.perf_counter) or for `nodes` rollouts; one is made in any case."""
        plans = self.plans(until=until, nodes=nodes, report=report)
        return replace(max(plans, key=lambda found: found.value), rollouts=sum(found.rollouts for found in plans))

    def plans(self, *, until: float | None, nodes: int | None = None, report: Report | None = None) -> list[Found]:
        """As `run`, but all that is to be compared: one plan, or two.

        With partial support the first part of the time goes into plans in which every base is carried whole: they are
        allowed as well, and sometimes the better ones.
        """
        if not 0 < self.problem.support_percent < FULL_SUPPORT:
            return [self._found(until, nodes, report)]
        now = time.perf_counter()
        whole = self._fully_supported()._found(
            None if until is None else now + FULLY_SUPPORTED_SHARE * (until - now),
            None if nodes is None else max(1, int(FULLY_SUPPORTED_SHARE * nodes)),
            report,
        )
        left = None if nodes is None else nodes - whole.rollouts
        is_late = until is not None and time.perf_counter() >= until
        if left == 0 or is_late or whole.value >= self.value_max:
            return [whole]
        more = None if report is None else (lambda rollouts: report(whole.rollouts + rollouts))
        return [whole, self._found(until, left, more)]

    def _fully_supported(self) -> Search:
        """The same search with every base carried whole; the blocks are built by that rule in any case."""
        other = copy(self)
        other.problem = self.problem._replace(support_percent=FULL_SUPPORT, cargo=_cargo(self.kinds, FULL_SUPPORT))
        return other

    def _found(self, until: float | None, nodes: int | None, report: Report | None) -> Found:
        return _Run(self, until, nodes, report or (lambda rollouts: None)).found()


class _Run:
    """One call of Search.run: counts, the best plan so far, the threads."""

    def __init__(self, search: Search, until: float | None, nodes: int | None, report: Report) -> None:
        self.search = search
        self.until = until
        self.nodes = nodes
        self.report = report
        self.rollouts = 0
        self.stop = np.zeros(1, np.int64)
        self.work = [self._states(2) for _ in range(search.threads)]
        self.desks: list[Desk] = []
        self.problem = search.problem
        self.is_cut = False  # whether this pass left out a state or a block
        self.bests = [state(self._states(1), 0) for _ in range(search.threads)]  # one a thread, ...
        self.best = self.bests[0]  # ... and which of them it is
        self.best_value = 0.0

    def _states(self, count: int) -> State:
        return states(count, self.search.problem, self.search.spaces_max, self.search.placed_max)

    def found(self) -> Found:
        state_bytes = 2 * sum(array.nbytes for array in self._states(1))
        beam_max = max(BEAM_FIRST, BEAM_BYTES_MAX // state_bytes)
        beam = float(BEAM_FIRST)
        whole = 0  # passes, one after the other, that left nothing out
        with ThreadPoolExecutor(self.search.threads) as pool:
            for turn in count():
                contact_power, height_weight = self.search.tastes[turn % len(self.search.tastes)]
                self.problem = self.search.problem._replace(contact_power=contact_power, height_weight=height_weight)
                before = self._spent()
                self.is_cut = False
                if not self._pass(pool, round(beam)):
                    break
                whole = 0 if self.is_cut else whole + 1
                if whole == len(self.search.tastes):
                    break
                beam = min(self._next_beam(beam, self._spent() - before), beam_max)
        placements = [
            carton
            for row in self.best.placed[: self.best.tally[PLACED]]
            for carton in self.search.block_set.cartons(int(row[BLOCK]), int(row[X0]), int(row[Y0]), int(row[Z0]))
        ]
        return Found(tuple(placements), float(self.best.amount[VALUE]), self.rollouts)

    def _spent(self) -> float:
        """What was spent of what is given: rollouts, else seconds."""
        return float(self.rollouts) if self.nodes is not None else time.perf_counter()

    def _next_beam(self, beam: float, spent: float) -> float:
        """BEAM_GROWTH wider than the last, which cost `spent`; near the end as wide as lets the pass come to its end.

        A pass that is broken off has completed only plans that begin like those of the pass before.
        """
        wider = beam * BEAM_GROWTH
        end = float(self.nodes) if self.nodes is not None else self.until
        if end is None:
            return wider
        passes = max(0.0, end - self._spent()) / max(spent * BEAM_GROWTH**2, TINY)
        return max(BEAM_LEAST, wider * (PASS_MARGIN * passes) ** 0.5) if passes < PASSES_FORESEEN else wider

    def _pass(self, pool: ThreadPoolExecutor, beam: int) -> bool:
        """One beam from the empty container to the end; False when time, rollouts or cargo are out."""
        current, following = self._states(beam), self._states(beam)
        self.desks = [desk(self.problem, beam * beam, self.search.placed_max) for _ in self.work]
        self._start(current)
        worth = np.full(1, -1.0)
        while len(worth) > 0:
            level = _Level(current, worth, width=max(1, round(beam * beam / len(worth))))
            self._expand_level(pool, level)
            if self._is_over():
                return False
            distinct = _distinct_best(level.values)
            self.is_cut |= len(distinct) > beam or bool((level.values[level.width - 1 :: level.width] >= 0).any())
            chosen = distinct[:beam]
            worth = level.values[chosen]
            advance(self.problem, current, chosen // level.width, level.blocks[chosen], self.desks[0], following)
            current, following = following, current
        return self.rollouts > 0

    def _start(self, beginning: State) -> None:
        """State 0: the empty container."""
        beginning.remaining[0] = self.search.problem.cargo.quantity
        beginning.spaces[0, 0, X1:STRENGTH] = self.search.problem.room
        beginning.spaces[0, 0, STRENGTH] = UNLIMITED
        beginning.chain[0] = beginning.back[0] = np.arange(beginning.chain.shape[1])
        beginning.tally[0, SPACES] = 1
        beginning.amount[0, WEIGHT_LEFT] = self.search.payload_g

    def _expand_level(self, pool: ThreadPoolExecutor, level: _Level) -> None:
        """All children of one level, shared among the threads, stopped when time is out."""
        children = len(level.values)
        if self.rollouts == 0:
            # The first plan is completed whatever the time, so that there always is one.
            self._expand(level, 0, threads=1, children_max=1)
        if self.nodes is not None:
            children = min(children, self.nodes - self.rollouts)
        threads = self.search.threads
        patience_s = None if self.until is None else max(0.0, self.until - time.perf_counter())
        if patience_s != 0.0:
            futures = [pool.submit(self._expand, level, t, threads, children) for t in range(threads)]
            try:
                wait(futures, timeout=patience_s)
            finally:
                # Also on Ctrl-C: the kernels look at `stop` before every block.
                if not all(future.done() for future in futures):
                    self.stop[0] = 1
                    wait(futures)
            for future in futures:
                future.result()
        self._keep_best(level)
        self.rollouts += level.rollouts()
        self.report(self.rollouts)

    def _expand(self, level: _Level, thread: int, threads: int, children_max: int) -> None:
        expand(
            self.problem,
            level.states,
            level.worth,
            level.width,
            thread,
            threads,
            children_max,
            level.blocks,
            level.values,
            self.work[thread],
            self.desks[thread],
            self.bests[thread],
            self.stop,
        )

    def _keep_best(self, level: _Level) -> None:
        """The first of the best children counts, whichever thread was quicker, so threads do not change the answer."""
        first = int(np.argmax(level.values))
        if level.values[first] > self.best_value:
            self.best_value = float(level.values[first])
            self.best = self.bests[first % self.search.threads]
            for other in self.bests:
                other.amount[VALUE] = self.best_value

    def _is_over(self) -> bool:
        return bool(
            self.stop[0]
            or (self.until is not None and time.perf_counter() >= self.until)
            or (self.nodes is not None and self.rollouts >= self.nodes)
            or self.best_value >= self.search.value_max
        )


class _Level:
    """States, what their own rollouts and their children are worth; child k of state s has number s * width + k."""

    def __init__(self, states: State, worth: NDArray[np.float64], width: int) -> None:
        count = len(worth)
        self.states = states
        self.worth = worth
        self.width = width
        self.blocks = np.full(count * width, -1, np.int32)
        self.values = np.full(count * width, -1.0, np.float64)

    def rollouts(self) -> int:
        """Plans completed: not those of first children, which their states know already."""
        known = self.values[:: self.width][self.worth >= 0]
        return int(np.count_nonzero(self.values >= 0)) - int(np.count_nonzero(known >= 0))


def _distinct_best(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """The numbers of the best children, one for each worth: equals are nearly always the same plan in other words."""
    order = np.argsort(-values, kind="stable")
    order = order[values[order] >= 0]
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = values[order[1:]] != values[order[:-1]]
    return order[is_first]


def _cargo(kinds: Sequence[Kind], support_percent: int) -> Cargo:
    ways = [(number, way) for number, kind in enumerate(kinds) for way in kind.orientations]
    orientation = np.array([way for _, way in ways], np.int32).reshape(-1, 3)
    if support_percent:
        # A carton needs no more room than what carries it.
        orientation[:, :2] = -(-orientation[:, :2].astype(np.int64) * support_percent // FULL_SUPPORT)
    return Cargo(
        quantity=np.array([kind.quantity for kind in kinds], np.int32),
        orientation_type=np.array([number for number, _ in ways], np.int32),
        orientation=orientation,
        smallest=orientation.min(axis=0),
        is_limited=any(kind.is_limited for kind in kinds),
        lightest=min(pressure_of(kinds[number], way) for number, way in ways),
    )


def _reach(room: Orientation, kinds: Sequence[Kind], quantity: NDArray[np.int32]) -> Reach:
    best, types = [], []
    for axis in range(3):
        edges = sorted({(number, way[axis]) for number, kind in enumerate(kinds) for way in kind.orientations})
        pairs = np.array(edges, np.int32)
        lengths, closing = reachable(
            room[axis], quantity, np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
        )
        best.append(lengths)
        types.append(closing)
    return Reach(*best, *types)


def _cartons_max(room: Orientation, kinds: Sequence[Kind]) -> int:
    """No plan holds more cartons: the smallest that fill the volume."""
    left_mm3 = room[0] * room[1] * room[2]
    cartons = 0
    for kind in sorted(kinds, key=lambda kind: kind.volume_mm3):
        more = min(kind.quantity, left_mm3 // kind.volume_mm3)
        cartons += more
        left_mm3 -= more * kind.volume_mm3
    return cartons
