"""Equal cartons of several lines are one class for a whole load, and are dealt out to the lines at the end.

Problem: twelve lines of one size are twelve rows of every table, and a plan for three containers that says which takes
which line asks twelve questions where there is one: how many.

    lines of 30, 20 and 10 equal cartons; containers with 40, 15 and 5 of the class
    -> 30 of the first and 10 of the third; 15 of the second; 5 of the second

Therefore types that nothing in the request can tell apart are counted together. Unlike `cargo.kinds_of`, which merges
what is equal in one container, classes hold for all containers of a load.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sundry.engines.packing.dealing import owners
from sundry.engines.packing.rules import QUANTITY_MAX, BoxType, Placed, Requirements


@dataclass(frozen=True, slots=True)
class Classes:
    """`boxes[k]` with the cartons of all its types; `members[k]`: those types in the order given; the requirements and
    favours, by class."""

    boxes: tuple[BoxType, ...]
    members: tuple[tuple[int, ...], ...]
    requirements: Requirements
    favours: tuple[float, ...]

    def dealt(
        self, plans: Sequence[Sequence[Placed]], quantities: Sequence[int]
    ) -> tuple[tuple[tuple[Placed, ...], ...], tuple[int, ...]]:
        """The same plans by type, and what each type has left of `quantities`. A line is split by a container only
        where no whole line fits the places, and then one of each class."""
        left = list(quantities)
        found = []
        for placements in plans:
            places = Counter(placed.type for placed in placements)
            lines = {k: iter(owners(self.members[k], count, left)) for k, count in sorted(places.items())}
            found.append(tuple(placed._replace(type=next(lines[placed.type])) for placed in placements))
            for placed in found[-1]:
                left[placed.type] -= 1
        return tuple(found), tuple(left)


def classes_of(boxes: Sequence[BoxType], requirements: Requirements, favours: Sequence[float]) -> Classes:
    """Types merged that may stand in the same ways, weigh and carry the same and are named by the same sets. What is
    in a set apart stays alone, for it is told from its equals."""
    members: dict[object, list[int]] = {}
    quantity: dict[object, int] = {}
    for number, box in enumerate(boxes):
        together = tuple(number in one for one in requirements.together)
        alone = number if any(number in one for one in requirements.apart) else None
        rules = (box.weight_g, box.bearing_kg_m2, box.nothing_on_top, box.zone, box.priority, favours[number])
        key: object = (box.orientations(), rules, together, alone)
        while quantity.get(key, 0) + box.quantity > QUANTITY_MAX:
            key = (key, "and more")
        members.setdefault(key, []).append(number)
        quantity[key] = quantity.get(key, 0) + box.quantity
    keys = list(members)
    home = {number: k for k, key in enumerate(keys) for number in members[key]}
    return Classes(
        boxes=tuple(replace(boxes[members[key][0]], quantity=quantity[key]) for key in keys),
        members=tuple(tuple(members[key]) for key in keys),
        requirements=replace(
            requirements,
            together=tuple(frozenset(home[number] for number in one) for one in requirements.together),
            apart=tuple(frozenset(home[number] for number in one) for one in requirements.apart),
        ),
        favours=tuple(favours[members[key][0]] for key in keys),
    )
