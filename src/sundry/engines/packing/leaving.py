"""Why each carton that is not in was left behind.

Problem: "12 cartons left out" helps nobody. Whether a longer container, a second one, or a change of what was asked
would take them along is another matter for each.

    a mast of 14 m: too_large. The lamps: their vases found no room, so together. Ten tiles: there was room, no payload.

Therefore the first reason that holds, in the order of `Reason`, for the cartons of each type.
"""

from __future__ import annotations

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
) -> tuple[LeftBehind, ...]:
    """One line for each type of which `left` are not in; `containers`: the types given."""
    return tuple(
        LeftBehind(number, count, _reason(containers, boxes, loaded, number, requirements))
        for number, count in enumerate(left)
        if count
    )


def never(box: BoxType, containers: Sequence[Container]) -> Reason | None:
    """Why a carton can travel in none of the containers, None where it can in one."""
    found = [obstacles(box, container) for container in containers]
    if not all(found):
        return None
    if any(reasons == ("too_heavy",) for reasons in found):
        return Reason.TOO_HEAVY
    return Reason.DOOR if any("door" in reasons for reasons in found) else Reason.TOO_LARGE


def _reason(
    containers: Sequence[Container],
    boxes: Sequence[BoxType],
    loaded: Sequence[Loaded],
    number: int,
    requirements: Requirements,
) -> Reason:
    box = boxes[number]
    lasting = never(box, containers)
    if lasting is not None:
        return lasting
    if any(number in one and any(boxes[k].quantity for k in one - {number}) for one in requirements.together):
        return Reason.TOGETHER
    taken = [one for one in loaded if not obstacles(box, containers[one.container])]
    rivals = {k for one in requirements.apart if number in one for k in one} - {number}
    if taken and rivals and all(any(placed.type in rivals for placed in one.placements) for one in taken):
        return Reason.APART
    roomy = [one for one in taken if _free_mm3(containers[one.container], one) >= box.volume_mm3]
    if roomy and all(_free_g(containers[one.container], boxes, one) < box.weight_g for one in roomy):
        return Reason.PAYLOAD
    return Reason.NO_ROOM


def _free_mm3(container: Container, one: Loaded) -> int:
    return container.volume_mm3 - volume_of(one.placements)


def _free_g(container: Container, boxes: Sequence[BoxType], one: Loaded) -> float:
    if container.payload_g is None:
        return float("inf")
    return container.payload_g - sum(boxes[placed.type].weight_g for placed in one.placements)
