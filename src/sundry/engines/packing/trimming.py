"""A choice of fillings that holds more than is wanted becomes one that holds just that.

Problem: columns cover the demand, and where they cover more of it, cartons that do not exist stand in a container. One
cannot simply leave them out: something may stand on them.

    wanted 10; chosen 4 + 4 + 4: two too many. The emptiest container gives those on which nothing stands; if all that
    are too many stand below others, a container is packed again with exactly what it is to hold.

Therefore cartons are taken off from above, which leaves every rule of one container true (support, bearing, payload,
zones, the order of loading), save the centre of gravity: where one is asked, and for what travels together, a
container is packed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sundry.engines.packing.filling import Filled
from sundry.engines.packing.pool import Column
from sundry.engines.packing.rules import Placed, volume_of
from sundry.engines.packing.task import Plan, Task

ROLLOUTS = 200


def trimmed(task: Task, chosen: Sequence[Column], demand: Sequence[int]) -> Plan | None:
    """The chosen fillings with exactly `demand`; None where a container could not be packed again."""
    surplus = [sum(column.counts[k] for column in chosen) - wanted for k, wanted in enumerate(demand)]
    filled = [(column.number, column.filled) for column in sorted(chosen, key=lambda column: column.filled.fill)]
    once = {k for unit in task.units for k in unit}
    is_centred = task.requirements.centre_x_permille is not None or task.requirements.centre_y_permille is not None
    if not is_centred:
        filled = [(number, _taken_off(task, number, one, surplus, once)) for number, one in filled]
    if any(surplus):
        again = _again(task, filled, surplus)
        if again is None:
            return None
        filled = again
    # The fullest first, as a crew would; what was emptied is not sent.
    filled = sorted((pair for pair in filled if pair[1].placements), key=lambda pair: -pair[1].fill)
    return Plan(tuple(filled), (0,) * len(demand))


def _taken_off(task: Task, number: int, filled: Filled, surplus: list[int], once: set[int]) -> Filled:
    """The filling without cartons that are too many and on which nothing stands; `surplus` is counted down."""
    kept = list(filled.placements)
    is_carried = task.requirements.support_percent > 0
    found = True
    while found:
        found = False
        # The last loaded first: it stands nearest to the door.
        for place in range(len(kept) - 1, -1, -1):
            carton = kept[place]
            is_free = carton.type not in once and surplus[carton.type] > 0
            if is_free and not (is_carried and any(_stands_on(other, carton) for other in kept)):
                surplus[carton.type] -= 1
                del kept[place]
                found = True
    return _with(task, number, filled, tuple(kept))


def _again(task: Task, filled: list[tuple[int, Filled]], surplus: list[int]) -> list[tuple[int, Filled]] | None:
    """Containers packed again without what is too many; None where that fails."""
    done = []
    for number, one in filled:
        counts = task.counts(one)
        fewer = [min(count, more) for count, more in zip(counts, surplus, strict=True)]
        for unit in task.units:
            if any(fewer[k] < counts[k] for k in unit):
                for k in unit:
                    fewer[k] = 0
        filling = one
        if any(fewer):
            wanted = [count - less for count, less in zip(counts, fewer, strict=True)]
            filling = task.fill(number, wanted, nodes=ROLLOUTS)
            if task.counts(filling) != tuple(wanted):
                return None
            surplus = [more - less for more, less in zip(surplus, fewer, strict=True)]
        done.append((number, filling))
    return None if any(surplus) else done


def _with(task: Task, number: int, filled: Filled, placements: tuple[Placed, ...]) -> Filled:
    if len(placements) == len(filled.placements):
        return filled
    fill = volume_of(placements) / task.containers[number].volume_mm3
    return replace(filled, placements=placements, fill=fill, is_all=True)


def _stands_on(upper: Placed, lower: Placed) -> bool:
    return (
        upper.z == lower.z + lower.dz
        and upper.x < lower.x + lower.dx
        and lower.x < upper.x + upper.dx
        and upper.y < lower.y + lower.dy
        and lower.y < upper.y + upper.dy
    )
