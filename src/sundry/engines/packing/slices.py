"""One container with a slice of its length for each zone, the low numbers at the deep end.

Problem: three consignees share a container, and what is unloaded first must not stand behind what is unloaded last.

A small case: a container of 10, zone 1 with cartons that fill 3.2 of it to the last litre, zone 2 with 9. In what
length does zone 1 find room? Perhaps 3.4, surely 5. Each millimetre that is given away is one that zone 2 lacks.

Therefore each zone in turn is packed into the shortest slice that is found to hold all its cartons, by halving a row of
lengths from as good as full to all that is left; what follows gets the rest. The last zone takes what there is. What
does not fit stays, so where the container is too small, later zones stay first. Time and rollouts are shared by volume.

Loading order, support, bearing and door hold in each slice, so they hold in the whole: the walls between are flat.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sundry.engines.packing.balance import joined, slabs_of
from sundry.engines.packing.filling import SETUP_MARGIN, Filled, fill
from sundry.engines.packing.rules import BoxType, Container, Placed, Requirements, fits, standing, volume_of

# As if a slice could be filled so well: the lengths that are tried, and after them all that is left.
SLICE_FILLS = (0.97, 0.95, 0.93, 0.91, 0.89, 0.87, 0.84, 0.81, 0.77, 0.72, 0.66, 0.58, 0.48, 0.36, 0.24)
HALVINGS = 4  # of them, which is how often a zone is packed; one more where nothing but all that is left will do
EVERYTHING = Requirements()


def fill_slices(
    container: Container,
    boxes: Sequence[BoxType],
    quantities: Sequence[int],
    *,
    requirements: Requirements = EVERYTHING,
    values: Sequence[float] | None = None,
    until: float | None,
    nodes: int | None = None,
    threads: int = 2,
    report: Callable[[int], None] | None = None,
) -> Filled:
    """As `fill`, which it is where no carton offered has a zone. Zones are ascending from x = 0 and do not overlap."""
    zones = sorted({box.zone for box, count in zip(boxes, quantities, strict=True) if count and box.zone is not None})
    work = _Work(container, boxes, requirements, values, until, nodes, threads, report)
    if not zones:
        return work.fill(container, quantities, until, nodes)
    return work.slices(quantities, zones)


@dataclass(slots=True)
class _Work:
    """What every slice needs, and how many rollouts were made so far."""

    container: Container
    boxes: Sequence[BoxType]
    requirements: Requirements
    values: Sequence[float] | None
    until: float | None
    nodes: int | None
    threads: int
    report: Callable[[int], None] | None
    rollouts: int = 0
    setup_s: float = 0.0
    began_s: float = 0.0  # what the last filling took before its first plan

    def fill(self, container: Container, quantities: Sequence[int], until: float | None, nodes: int | None) -> Filled:
        before, report = self.rollouts, self.report
        filled = fill(
            container,
            self.boxes,
            quantities,
            values=self.values,
            until=until,
            nodes=nodes,
            support_percent=self.requirements.support_percent,
            threads=self.threads,
            report=None if report is None else lambda rollouts: report(before + rollouts),
        )
        self.rollouts += filled.rollouts
        self.setup_s += filled.setup_s
        self.began_s = filled.setup_s
        return filled

    def slices(self, quantities: Sequence[int], zones: Sequence[int]) -> Filled:
        placements: list[Placed] = []
        start_mm, is_all = 0, True
        offers = [_offered(self.boxes, quantities, zone) for zone in zones]
        volumes = [sum(b.volume_mm3 * n for b, n in zip(self.boxes, offer, strict=True)) for offer in offers]
        for k, offer in enumerate(offers):
            share = volumes[k] / sum(volumes[k:])
            until, nodes = self._part(share)
            loaded_g = sum(self.boxes[p.type].weight_g for p in placements)
            left_mm = self.container.length_mm - start_mm
            if not left_mm:
                is_all = is_all and not any(offers[k])
                continue
            room = self.container.shortened(left_mm, loaded_g)
            filled = self._shortest(room, offer, until, nodes) if k + 1 < len(offers) else None
            filled = filled or self.fill(room, offer, until, nodes)
            is_all = is_all and len(filled.placements) == _loadable(self.container, self.boxes, offer)
            slab = closed_up(self.boxes, filled.placements)
            placements += (p._replace(x=p.x + start_mm) for p in slab)
            start_mm += max((p.x + p.dx for p in slab), default=0)
        return Filled(
            placements=tuple(placements),
            fill=volume_of(placements) / self.container.volume_mm3,
            rollouts=self.rollouts,
            is_all=is_all,
            setup_s=self.setup_s,
        )

    def _part(self, share: float) -> tuple[float | None, int | None]:
        """Until when, and with how many rollouts, the next zone is packed: its share of what is left of both."""
        now = time.perf_counter()
        until = None if self.until is None else now + share * max(0.0, self.until - now)
        nodes = None if self.nodes is None else max(1, int(share * (self.nodes - self.rollouts)))
        return until, nodes

    def _shortest(self, room: Container, offer: Sequence[int], until: float | None, nodes: int | None) -> Filled | None:
        """All cartons of a zone in the shortest length found for them; None where none is shorter than the room."""
        lengths = _lengths(room, self.boxes, offer)
        wanted = _loadable(self.container, self.boxes, offer)
        best = None
        fails, holds = -1, len(lengths)
        for attempt in range(HALVINGS):
            is_late = until is not None and time.perf_counter() + SETUP_MARGIN * self.began_s >= until
            if holds - fails < 2 or is_late:
                break
            middle = (fails + holds) // 2
            now = time.perf_counter()
            end = None if until is None else now + max(0.0, until - now) / (HALVINGS + 1 - attempt)
            part = None if nodes is None else max(1, nodes // (HALVINGS + 1))
            filled = self.fill(room.shortened(lengths[middle]), offer, end, part)
            if len(filled.placements) == wanted:
                best, holds = filled, middle
            else:
                fails = middle
        return best


def closed_up(boxes: Sequence[BoxType], placements: Sequence[Placed]) -> tuple[Placed, ...]:
    """The same plan at the deep end, without the empty lengths between the walls of its slabs, in loading order."""
    return joined(slabs_of(boxes, placements), 0)


def _offered(boxes: Sequence[BoxType], quantities: Sequence[int], zone: int) -> list[int]:
    return [count if box.zone == zone else 0 for box, count in zip(boxes, quantities, strict=True)]


def _loadable(container: Container, boxes: Sequence[BoxType], quantities: Sequence[int]) -> int:
    return sum(count for box, count in zip(boxes, quantities, strict=True) if count and fits(box, container))


def _lengths(room: Container, boxes: Sequence[BoxType], offer: Sequence[int]) -> list[int]:
    """Lengths to try, ascending, all shorter than the room and none that is too short for some carton."""
    pairs = [(box, count) for box, count in zip(boxes, offer, strict=True) if count and fits(box, room)]
    volume_mm3 = sum(box.volume_mm3 * count for box, count in pairs)
    least = max((min(dx for dx, _, _ in standing(box, room)) for box, _ in pairs), default=1)
    section_mm2 = room.width_mm * room.height_mm
    lengths = {max(least, -(-int(volume_mm3 / share) // section_mm2)) for share in SLICE_FILLS}
    return sorted(length for length in lengths if length < room.length_mm)
