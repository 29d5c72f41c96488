"""Requests that contradict themselves are told before anything is searched.

Problem: "the lamps travel with the vases" and "the vases never share a container with the lamps" leaves both behind,
and who reads the plan looks for the fault in the search.

A small case: together {0, 1} and {1, 2}, apart {0, 2}. No set is asked both ways, yet 0 travels with 1 and 1 with 2.

Therefore sets that overlap are one set first; then everything that no plan could keep is told, each with its types.
Types of which there is no carton do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum

from sundry.engines.packing.rules import CARTONS_MAX, KINDS_MAX, BoxType, Container, Requirements, fits


class Clash(StrEnum):
    """What contradicts, in the order in which it is looked at."""

    TYPE_UNKNOWN = "type_unknown"  # a set names a type that is not in the order
    CARTONS_TOO_MANY = "cartons_too_many"  # more than one call takes, see CARTONS_MAX
    KINDS_TOO_MANY = "kinds_too_many"  # that differ, see KINDS_MAX
    BEARING_WITHOUT_SUPPORT = "bearing_without_support"  # cartons may hang in the air, so nothing is borne
    WEIGHT_MISSING = "weight_missing"  # a centre of gravity is asked, and what a carton weighs is not known
    ZONE_MISSING = "zone_missing"  # some have a zone and some have none
    TOGETHER_AND_APART = "together_and_apart"
    TOGETHER_NOWHERE = "together_nowhere"  # what must travel together is too much for every container


class Contradiction(ValueError):
    """One clash in what is asked. `types`: those that it concerns, ascending, counted from 0 in the order given."""

    def __init__(self, rule: Clash, types: Iterable[int]) -> None:
        self.rule = rule
        self.types = tuple(sorted(types))
        super().__init__(f"{rule}: types {', '.join(map(str, self.types))}")


def refuse_contradictions(
    containers: Sequence[Container], boxes: Sequence[BoxType], requirements: Requirements
) -> None:
    """Raise the first Contradiction; `contradictions` tells them all."""
    for contradiction in contradictions(containers, boxes, requirements):
        raise contradiction


def contradictions(
    containers: Sequence[Container], boxes: Sequence[BoxType], requirements: Requirements
) -> tuple[Contradiction, ...]:
    """Everything in the request that no plan can keep; empty when nothing clashes."""
    unknown = {number for named in (*requirements.together, *requirements.apart) for number in named}
    unknown -= set(range(len(boxes)))
    if unknown:
        return (Contradiction(Clash.TYPE_UNKNOWN, unknown),)
    found = [
        *_number_clashes(boxes),
        *_bearing_clashes(boxes, requirements),
        *_weight_clashes(containers, boxes, requirements),
        *_zone_clashes(boxes),
        *_together_clashes(containers, boxes, requirements),
    ]
    return tuple(found)


def linked(sets: Iterable[frozenset[int]], boxes: Sequence[BoxType]) -> tuple[frozenset[int], ...]:
    """Sets that overlap made one, types without cartons left out, by their lowest type: what `together` amounts to."""
    merged: list[frozenset[int]] = []
    for named in sets:
        one = frozenset(number for number in named if boxes[number].quantity)
        if one:
            one = one.union(*(other for other in merged if other & one))
            merged = [other for other in merged if not other & one] + [one]
    return tuple(sorted(merged, key=min))


def _present(boxes: Sequence[BoxType]) -> list[int]:
    return [number for number, box in enumerate(boxes) if box.quantity]


def _number_clashes(boxes: Sequence[BoxType]) -> list[Contradiction]:
    found = []
    if sum(box.quantity for box in boxes) > CARTONS_MAX:
        found.append(Contradiction(Clash.CARTONS_TOO_MANY, _present(boxes)))
    if len({replace(boxes[number], quantity=1) for number in _present(boxes)}) > KINDS_MAX:
        found.append(Contradiction(Clash.KINDS_TOO_MANY, _present(boxes)))
    return found


def _bearing_clashes(boxes: Sequence[BoxType], requirements: Requirements) -> list[Contradiction]:
    if requirements.support_percent > 0:
        return []
    tender = [n for n in _present(boxes) if boxes[n].bearing_kg_m2 is not None or boxes[n].nothing_on_top]
    return [Contradiction(Clash.BEARING_WITHOUT_SUPPORT, tender)] if tender else []


def _weight_clashes(
    containers: Sequence[Container], boxes: Sequence[BoxType], requirements: Requirements
) -> list[Contradiction]:
    if requirements.centre_x_permille is None and requirements.centre_y_permille is None:
        return []
    loadable = [n for n in _present(boxes) if any(fits(boxes[n], container) for container in containers)]
    weightless = [n for n in loadable if boxes[n].weight_g == 0]
    return [Contradiction(Clash.WEIGHT_MISSING, weightless)] if weightless else []


def _zone_clashes(boxes: Sequence[BoxType]) -> list[Contradiction]:
    without = [n for n in _present(boxes) if boxes[n].zone is None]
    return [Contradiction(Clash.ZONE_MISSING, without)] if 0 < len(without) < len(_present(boxes)) else []


def _together_clashes(
    containers: Sequence[Container], boxes: Sequence[BoxType], requirements: Requirements
) -> list[Contradiction]:
    found = []
    for one in linked(requirements.together, boxes):
        torn = {number for apart in requirements.apart if len(apart & one) > 1 for number in apart & one}
        if torn:
            found.append(Contradiction(Clash.TOGETHER_AND_APART, torn))
        elif not any(_holds(container, boxes, one) for container in containers):
            found.append(Contradiction(Clash.TOGETHER_NOWHERE, one))
    return found


def _holds(container: Container, boxes: Sequence[BoxType], types: Iterable[int]) -> bool:
    """By volume, by weight, and each carton alone: all of these could travel in the container."""
    cartons = [boxes[number] for number in types]
    weight_g = sum(box.weight_g * box.quantity for box in cartons)
    return (
        all(fits(box, container) for box in cartons)
        and sum(box.volume_mm3 * box.quantity for box in cartons) <= container.volume_mm3
        and (container.payload_g is None or weight_g <= container.payload_g)
    )
