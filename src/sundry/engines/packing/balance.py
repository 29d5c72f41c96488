"""The centre of gravity of a container's cargo, brought into the window that was asked.

Problem: a search that fills a container as full as it can does not care where the lead stands. A crane does.

A small case: a container of 100, two walls of 40 at the deep end, of 10 kg and of 2 kg. Their centre lies at 26.7; the
other way round at 53.3; with the 20 free in front of the first instead of behind the last, at 46.7.

Where nothing crosses a cut through the whole cross-section, the plan falls into slabs. Therefore, as far as needed:
1. the slabs (within their zone) change places and are turned end for end, where they still have a loading order;
2. all stand as far from the deep end as the free length allows; each slab is turned left for right and moved aside;
3. cartons on which nothing stands are taken out, again and again the one that helps most for its volume.

The window is kept exactly, in whole numbers: |doubled moment about the middle| * 1000 <= 2 * permille * length *
weight. At the worst nothing is left. All else that the plan kept it still keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from sundry.engines.packing.loading_order import orderly
from sundry.engines.packing.rules import BoxType, Container, Placed, Requirements
from sundry.engines.packing.taking import stacks

REMOVALS = 60  # times that cartons are taken out before the slabs are settled anew
SLABS_MAX = 24  # neighbours are joined until no more are left: their order is improved by trying all pairs


@dataclass(frozen=True, slots=True)
class Slab:
    """Cartons between two cuts, `x` counted from the first of them, in loading order."""

    placements: tuple[Placed, ...]
    zone: int | None
    length_mm: int
    weight_g: int
    moment: int  # sum of weight * twice the middle, along x


def is_centred(
    container: Container, boxes: Sequence[BoxType], placements: Sequence[Placed], requirements: Requirements
) -> bool:
    """Whether the cargo's centre of gravity lies in the window (where nothing is loaded or asked: yes)."""
    return not any(excesses(container, boxes, placements, requirements))


def excesses(
    container: Container, boxes: Sequence[BoxType], placements: Sequence[Placed], requirements: Requirements
) -> tuple[int, int]:
    """How far the doubled moments about the middle exceed the window along x and y, times 1000; 0 where they do not."""
    weight_g = sum(boxes[p.type].weight_g for p in placements)
    off_x = sum(boxes[p.type].weight_g * (2 * p.x + p.dx - container.length_mm) for p in placements)
    off_y = sum(boxes[p.type].weight_g * (2 * p.y + p.dy - container.width_mm) for p in placements)
    return (
        _excess(off_x, weight_g, container.length_mm, requirements.centre_x_permille),
        _excess(off_y, weight_g, container.width_mm, requirements.centre_y_permille),
    )


def _excess(off: int, weight_g: int, room_mm: int, permille: int | None) -> int:
    return 0 if permille is None else max(0, abs(off) * 1000 - 2 * permille * room_mm * weight_g)


def centred(
    container: Container, boxes: Sequence[BoxType], placements: Sequence[Placed], requirements: Requirements
) -> tuple[Placed, ...]:
    """The plan with its centre of gravity in the window, in loading order; cartons that must come out are not in it.

    `placements`: a plan that keeps all other rules, in loading order. Zones keep their order.
    """
    plan = tuple(placements)
    at_once = 1 + len(plan) // REMOVALS
    while not is_centred(container, boxes, plan, requirements):
        plan = _settled(container, boxes, plan, requirements)
        # What comes out may let the slabs stand better, so they are settled anew after every few cartons.
        plan = _lightened(container, boxes, plan, requirements, at_once)
    return plan


def _settled(
    container: Container, boxes: Sequence[BoxType], placements: Sequence[Placed], requirements: Requirements
) -> tuple[Placed, ...]:
    """The same cartons with their slabs where they serve the window best."""
    slabs = slabs_of(boxes, placements)
    start_mm = 0
    if requirements.centre_x_permille is not None:
        slabs = _arranged(slabs, container.length_mm, requirements.centre_x_permille)
        start_mm = _start(slabs, container.length_mm, requirements.centre_x_permille)
    if requirements.centre_y_permille is not None:
        slabs = _sided(slabs, boxes, container.width_mm, requirements.centre_y_permille)
    return joined(slabs, start_mm)


def slabs_of(boxes: Sequence[BoxType], placements: Sequence[Placed]) -> list[Slab]:
    """The plan cut wherever a whole cross-section allows it, from the deep end; no empty length is in a slab."""
    parts: list[list[Placed]] = []
    reached_mm = -1
    for p in sorted(placements, key=lambda p: p.x):
        if not parts or p.x >= reached_mm:
            parts.append([])
        parts[-1].append(p)
        reached_mm = max(reached_mm, p.x + p.dx)
    slabs = [_slab(boxes, part) for part in parts]
    while len(slabs) > SLABS_MAX:
        same = [k for k in range(len(slabs) - 1) if slabs[k].zone == slabs[k + 1].zone]
        if not same:
            break
        shortest = min(same, key=lambda k: slabs[k].length_mm + slabs[k + 1].length_mm)
        pair = joined(slabs[shortest : shortest + 2], 0)
        slabs[shortest : shortest + 2] = [_slab(boxes, pair)]
    return slabs


def _slab(boxes: Sequence[BoxType], placements: Sequence[Placed]) -> Slab:
    first_mm = min(p.x for p in placements)
    moved = orderly([p._replace(x=p.x - first_mm) for p in placements])
    return Slab(
        placements=moved,
        zone=boxes[placements[0].type].zone,
        length_mm=max(p.x + p.dx for p in moved),
        weight_g=sum(boxes[p.type].weight_g for p in moved),
        moment=sum(boxes[p.type].weight_g * (2 * p.x + p.dx) for p in moved),
    )


def joined(slabs: Sequence[Slab], start_mm: int) -> tuple[Placed, ...]:
    """One behind the other: what stands deeper comes first, so this is a loading order."""
    plan: list[Placed] = []
    for slab in slabs:
        plan += (p._replace(x=p.x + start_mm) for p in slab.placements)
        start_mm += slab.length_mm
    return tuple(plan)


def _turned(slab: Slab) -> Slab | None:
    """End for end; None where some carton then finds no way in."""
    ends = [p._replace(x=slab.length_mm - p.x - p.dx) for p in slab.placements]
    placements = orderly(ends)
    if len(placements) < len(ends):
        return None
    return replace(slab, placements=placements, moment=2 * slab.length_mm * slab.weight_g - slab.moment)


def _window(slabs: Sequence[Slab], room_mm: int, permille: int) -> tuple[int, int, int]:
    """The doubled moment about the middle with all at the deep end, the greatest allowed, what one mm further adds."""
    weight_g = sum(slab.weight_g for slab in slabs)
    moment, start_mm = 0, 0
    for slab in slabs:
        moment += slab.moment + 2 * start_mm * slab.weight_g
        start_mm += slab.length_mm
    allowed = 2 * permille * room_mm * weight_g // 1000
    return moment - room_mm * weight_g, allowed, 2 * weight_g


def _missed(slabs: Sequence[Slab], room_mm: int, permille: int) -> tuple[int, int]:
    """How far the window is missed when all are moved as well as they can be, and when they stay at the deep end."""
    off, allowed, step = _window(slabs, room_mm, permille)
    free_mm = room_mm - sum(slab.length_mm for slab in slabs)
    reach = max(0, off - allowed, -off - allowed - step * free_mm)
    return reach, max(0, abs(off) - allowed)


def _arranged(slabs: list[Slab], room_mm: int, permille: int) -> list[Slab]:
    """Slabs of a zone change places, and each is turned, as long as that helps."""
    ways = [(slab, _turned(slab)) for slab in slabs]
    order = [(k, 0) for k in range(len(slabs))]
    best = _missed(slabs, room_mm, permille)
    while best > (0, 0):
        for attempt in _neighbours(order, ways):
            arranged = [slab for k, way in attempt if (slab := ways[k][way]) is not None]
            missed = _missed(arranged, room_mm, permille)
            if missed < best:
                best, order, slabs = missed, attempt, arranged
                break
        else:
            break
    return slabs


_Order = list[tuple[int, int]]  # (slab, 1 where it is turned)


def _neighbours(order: _Order, ways: Sequence[tuple[Slab, Slab | None]]) -> Iterator[_Order]:
    """One slab turned, or two of one zone exchanged."""
    for at, (k, way) in enumerate(order):
        if ways[k][1] is not None:
            yield [*order[:at], (k, 1 - way), *order[at + 1 :]]
    for first, second in combinations(range(len(order)), 2):
        if ways[order[first][0]][0].zone == ways[order[second][0]][0].zone:
            attempt = list(order)
            attempt[first], attempt[second] = order[second], order[first]
            yield attempt


def _start(slabs: Sequence[Slab], room_mm: int, permille: int) -> int:
    """How far from the deep end the first slab stands: no farther than the window asks, and the free length allows."""
    off, allowed, step = _window(slabs, room_mm, permille)
    free_mm = room_mm - sum(slab.length_mm for slab in slabs)
    return min(free_mm, -(-max(0, -off - allowed) // step)) if step else 0


def _sided(slabs: Sequence[Slab], boxes: Sequence[BoxType], width_mm: int, permille: int) -> list[Slab]:
    """Each slab turned left for right where that helps, the heaviest imbalance first; then moved aside."""
    total_g = sum(slab.weight_g for slab in slabs)
    allowed = 2 * permille * width_mm * total_g // 1000
    offs = [sum(boxes[p.type].weight_g * (2 * p.y + p.dy - width_mm) for p in slab.placements) for slab in slabs]
    sided = list(slabs)
    off = 0
    for k in sorted(range(len(slabs)), key=lambda k: -abs(offs[k])):
        if off * offs[k] > 0:
            sided[k] = _moved(sided[k], lambda p: width_mm - p.y - p.dy)
            offs[k] = -offs[k]
        off += offs[k]
    for k, slab in enumerate(sided):
        if abs(off) <= allowed:
            break
        step = 2 * slab.weight_g
        wanted_mm = -(-(abs(off) - allowed) // step) if step else 0
        aside_mm = max(0, min(wanted_mm, _free_aside(slab, width_mm, to_left=off > 0)))
        aside_mm = -aside_mm if off > 0 else aside_mm
        sided[k] = _moved(slab, lambda p, by=aside_mm: p.y + by)  # type: ignore[misc]
        off += aside_mm * step
    return sided


def _moved(slab: Slab, y_of: Callable[[Placed], int]) -> Slab:
    return replace(slab, placements=tuple(p._replace(y=y_of(p)) for p in slab.placements))


def _free_aside(slab: Slab, width_mm: int, *, to_left: bool) -> int:
    if to_left:
        return min(p.y for p in slab.placements)
    return width_mm - max(p.y + p.dy for p in slab.placements)


def _lightened(
    container: Container,
    boxes: Sequence[BoxType],
    placements: Sequence[Placed],
    requirements: Requirements,
    at_once: int,
) -> tuple[Placed, ...]:
    """So many cartons with nothing on them taken out, fewer where the window is kept before. Figures are rounded only
    to choose, not to end."""
    carried = stacks(placements)
    carriers: list[list[int]] = [[] for _ in placements]
    for k, on_it in enumerate(carried):
        for upper in on_it:
            carriers[upper].append(k)
    above = np.array([len(on_it) for on_it in carried])
    axes = _axes(container, boxes, placements, requirements)
    weights = [boxes[p.type].weight_g for p in placements]
    volumes = np.array([p.dx * p.dy * p.dz for p in placements], np.float64)
    weight_g = sum(weights)
    stays = np.ones(len(placements), np.bool_)
    for _ in range(at_once):
        if not any(axis.excess(weight_g) for axis in axes):
            break
        free = np.flatnonzero(stays & (above == 0))
        gain = np.zeros(len(free))
        for axis in axes:
            gain += axis.gains(free, weight_g)
        chosen = int(free[np.argmax(gain / volumes[free])])
        stays[chosen] = False
        weight_g -= weights[chosen]
        above[carriers[chosen]] -= 1
        for axis in axes:
            axis.off -= axis.moments[chosen]
    return tuple(p for k, p in enumerate(placements) if stays[k])


class _Axis:
    """Doubled moments about the middle along one axis: of each carton, and `off`, of those that stay."""

    def __init__(self, moments: list[int], weights: list[int], room_mm: int, permille: int) -> None:
        self.moments = moments
        self.off = sum(moments)
        self.room_mm = room_mm
        self.permille = permille
        self.rounded = np.array(moments, np.float64)
        self.allowed = np.array(weights, np.float64) * 2 * permille * room_mm / 1000

    def excess(self, weight_g: int) -> int:
        return _excess(self.off, weight_g, self.room_mm, self.permille)

    def gains(self, cartons: NDArray[np.int64], weight_g: int) -> NDArray[np.float64]:
        """By how much of the length each carton's leaving lessens the excess."""
        allowed = weight_g * 2.0 * self.permille * self.room_mm / 1000
        then = np.abs(self.off - self.rounded[cartons]) - (allowed - self.allowed[cartons])
        gains: NDArray[np.float64] = (max(0.0, abs(self.off) - allowed) - np.maximum(0.0, then)) / self.room_mm
        return gains


def _axes(
    container: Container, boxes: Sequence[BoxType], placements: Sequence[Placed], requirements: Requirements
) -> list[_Axis]:
    weights = [boxes[p.type].weight_g for p in placements]
    found = []
    for axis, room_mm, permille in (
        (1, container.length_mm, requirements.centre_x_permille),
        (2, container.width_mm, requirements.centre_y_permille),
    ):
        if permille is not None:
            moments = [w * (2 * p[axis] + p[axis + 3] - room_mm) for w, p in zip(weights, placements, strict=True)]
            found.append(_Axis(moments, weights, room_mm, permille))
    return found
