"""What can be wrong with a plan, by name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """What can be wrong, in the order in which it is looked at."""

    TYPE = "type"  # there is no such type
    OUTSIDE = "outside"
    ORIENTATION = "orientation"
    DOOR = "door"
    QUANTITY = "quantity"
    WEIGHT = "weight"
    OVERLAP = "overlap"
    SUPPORT = "support"
    BEARING = "bearing"  # the first presses harder than the second may bear
    ON_TOP = "on_top"  # the first stands on the second, on which nothing may
    CENTRE = "centre"  # the centre of gravity is too far from the middle
    ZONE = "zone"  # these cartons of one zone reach into a later one, or have no zone though others have
    APART = "apart"  # these must not share a container
    CARRIER_LATER = "carrier_later"  # placed before something that it stands on
    BLOCKED = "blocked"  # something nearer to the door is placed before it
    # Of all containers together; `cartons` holds the numbers of types.
    TOGETHER = "together"  # these are neither all in one container nor all left behind
    CONTAINERS = "containers"  # one that is not given, an empty one, too many, or fewer than the bound
    PRICE = "price"  # not the sum, or below the bound
    LEFT_BEHIND = "left_behind"  # not those that are not in, or for a reason that cannot be


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule.

    `cartons`: their places in the list of their container; for quantity and weight all that count; where the rule is
    one for all containers, the numbers of the types. `container`: the place in the load, None where it is one for all.
    """

    rule: Rule
    cartons: tuple[int, ...] = ()
    container: int | None = None
