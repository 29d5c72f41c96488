"""Why each carton that is not in was left behind.

Problem: "12 cartons left out" helps nobody. Whether a longer container, a second one, or a change of what was asked
would take them along is another matter for each.

    a mast of 14 m: too_large. The lamps: their vases found no room, so together. Ten tiles: there was room, no payload.

Therefore the first reason that holds, in the order of `Reason`, for the cartons of each type.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from sundry.engines.packing.rules import (
    BoxType,
    Container,
    LeftBehind,
    Loaded,
    Reason,
    Requirements,
    obstacles,
    volume_of,
)


def left_behind(
    containers: Sequence[Container],
    boxes: Sequence[BoxType],
    loaded: Sequence[Loaded],
    left: Sequence[int],
    requirements: Requirements,
    for_centre: Sequence[int] = (),
) -> tuple[LeftBehind, ...]:
    """All of which `left` are not in, by type and reason; `containers`: the types given; `for_centre`: the type of each
    carton that was taken out again to keep a centre of gravity."""
    lightened = Counter(for_centre)
    rooms = [_Room(containers[one.container], boxes, one) for one in loaded]
    found = []
    for number, count in enumerate(left):
        if not count:
            continue
        reason = _reason(containers, boxes, rooms, number, requirements)
        out = min(count, lightened[number]) if reason == Reason.NO_ROOM else 0
        lines = ((out, Reason.CENTRE), (count - out, reason))
        found += [LeftBehind(number, cartons, why) for cartons, why in lines if cartons]
    return tuple(found)


def never(box: BoxType, containers: Sequence[Container]) -> Reason | None:
    """Why a carton can travel in none of the containers, None where it can in one."""
    found = [obstacles(box, container) for container in containers]
    if not all(found):
        return None
    if any(reasons == ("too_heavy",) for reasons in found):
        return Reason.TOO_HEAVY
    return Reason.DOOR if any("door" in reasons for reasons in found) else Reason.TOO_LARGE


class _Room:
    """What a loaded container still has room for, by volume and by weight, and the types that are in it."""

    def __init__(self, container: Container, boxes: Sequence[BoxType], one: Loaded) -> None:
        self.container = container
        self.types = {placed.type for placed in one.placements}
        self.free_mm3 = container.volume_mm3 - volume_of(one.placements)
        loaded_g = sum(boxes[placed.type].weight_g for placed in one.placements)
        self.free_g = math.inf if container.payload_g is None else container.payload_g - loaded_g


def _reason(
    containers: Sequence[Container],
    boxes: Sequence[BoxType],
    rooms: Sequence[_Room],
    number: int,
    requirements: Requirements,
) -> Reason:
    box = boxes[number]
    lasting = never(box, containers)
    if lasting is not None:
        return lasting
    if any(number in one and sum(boxes[k].quantity for k in one) > 1 for one in requirements.together):
        return Reason.TOGETHER
    able = [room for room in rooms if not obstacles(box, room.container)]
    rivals = {k for one in requirements.apart if number in one for k in one} - {number}
    if able and rivals and all(room.types & rivals for room in able):
        return Reason.APART
    roomy = [room for room in able if room.free_mm3 >= box.volume_mm3]
    if roomy and all(room.free_g < box.weight_g for room in roomy):
        return Reason.PAYLOAD
    return Reason.NO_ROOM
