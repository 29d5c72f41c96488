"""Cartons, containers and plans: what is asked of the engine and what it answers. Integers: millimetres, grams.

Problem: thirty stalls bring a thousand cartons of three hundred sizes. Which stands where, so that everything is in the
fewest, cheapest containers, nothing hangs in the air, and a crew can build it from the deep end to the door?

A small case: a container 4 long, 2 wide, 2 high, and nine cartons 2 x 1 x 1 of which the height alone may be upright.
Eight fill it exactly; the ninth is left out. None may stand on end, 2 high on a floor of 1 x 1.

Therefore an `Orientation` is always three numbers as the carton stands: along x (to the door), y (across), z (up).
The lengths need not be millimetres, only whole numbers of one unit: the literature's test sets are in centimetres.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

LENGTH_MAX = 40_000  # keeps every area inside 32 bits; the longest box on a road is 53 feet, 16,154 mm
QUANTITY_MAX = 30_000
CARTONS_MAX = 200_000  # in one call: so many of 1 mm take half a minute and 300 MB
KINDS_MAX = 10_000  # that differ, in one call: what each block holds of them takes 1.2 GB
WEIGHT_MAX_G = 1_000_000_000
BEARING_MAX_KG_M2 = 1_000_000

Orientation = tuple[int, int, int]


def _require(condition: bool, fault: str) -> None:
    if not condition:
        raise ValueError(fault)


@dataclass(frozen=True, slots=True)
class BoxType:
    """Equal cartons of one line. `vertical[k]`: edge k (length, width, height) may stand upright.

    `bearing_kg_m2`: the pressure that its top carries anywhere, in the way it stands; None: any.
    `zone`: cartons of one zone stand together in a slice of the length of their own, low zones at the deep end; where
    any carton of an order has a zone, all must have one.
    `priority`: where not everything finds room, cartons of a lower number are loaded before those of a higher one.
    """

    length_mm: int
    width_mm: int
    height_mm: int
    quantity: int
    vertical: tuple[bool, bool, bool] = (True, True, True)
    weight_g: int = 0
    bearing_kg_m2: int | None = None
    nothing_on_top: bool = False
    zone: int | None = None
    priority: int = 0

    def __post_init__(self) -> None:
        for edge_mm in self.edges_mm:
            _require(0 < edge_mm <= LENGTH_MAX, f"an edge must be 1 to {LENGTH_MAX}, not {edge_mm}")
        _require(0 <= self.quantity <= QUANTITY_MAX, f"a quantity must be 0 to {QUANTITY_MAX}, not {self.quantity}")
        _require(0 <= self.weight_g <= WEIGHT_MAX_G, f"a weight must be 0 to {WEIGHT_MAX_G} g, not {self.weight_g}")
        _require(any(self.vertical), "at least one edge must be allowed to stand upright")
        _require(
            self.bearing_kg_m2 is None or 0 <= self.bearing_kg_m2 <= BEARING_MAX_KG_M2,
            f"a bearing must be 0 to {BEARING_MAX_KG_M2} kg/m2, not {self.bearing_kg_m2}",
        )

    @property
    def edges_mm(self) -> Orientation:
        return (self.length_mm, self.width_mm, self.height_mm)

    @property
    def volume_mm3(self) -> int:
        return self.length_mm * self.width_mm * self.height_mm

    def orientations(self) -> tuple[Orientation, ...]:
        """The ways it may stand, each once, sorted."""
        return orientations(self.edges_mm, self.vertical)


@dataclass(frozen=True, slots=True)
class Container:
    """Inside measures. No door given: as wide and as high as the inside. No payload given: weight does not bind."""

    code: str
    length_mm: int
    width_mm: int
    height_mm: int
    door_width_mm: int | None = None
    door_height_mm: int | None = None
    payload_g: int | None = None
    price_minor: int = 0

    def __post_init__(self) -> None:
        for edge_mm in self.inside_mm:
            _require(0 < edge_mm <= LENGTH_MAX, f"an inside measure must be 1 to {LENGTH_MAX}, not {edge_mm}")
        for opening_mm in (self.door_width_mm, self.door_height_mm):
            _require(opening_mm is None or opening_mm > 0, f"a door must be 1 mm or more, not {opening_mm}")
        _require(self.payload_g is None or self.payload_g >= 0, f"a payload must not be negative: {self.payload_g}")
        _require(self.price_minor >= 0, f"a price must not be negative: {self.price_minor}")

    @property
    def inside_mm(self) -> Orientation:
        return (self.length_mm, self.width_mm, self.height_mm)

    @property
    def door_mm(self) -> tuple[int, int]:
        """Width and height of the opening, never more than the inside."""
        return (
            min(self.door_width_mm or self.width_mm, self.width_mm),
            min(self.door_height_mm or self.height_mm, self.height_mm),
        )

    @property
    def volume_mm3(self) -> int:
        return self.length_mm * self.width_mm * self.height_mm

    def shortened(self, length_mm: int, loaded_g: int = 0) -> Container:
        """A piece of it so long, with the payload that so much cargo elsewhere leaves."""
        payload_g = None if self.payload_g is None else self.payload_g - loaded_g
        return replace(self, length_mm=length_mm, payload_g=payload_g)


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a whole plan must keep. Types are named by their place in the order given, from 0.

    `support_percent`: the least share of each base that is carried by what stands below it, 100: all of it, 0: cartons
    may hang in the air. `centre_x_permille`, `centre_y_permille`: the centre of gravity of the cargo lies at most so
    many thousandths of the inside length (width) from the middle; None: anywhere.
    `together`: the cartons of the types of one set travel in one container, all or none of them.
    `apart`: no two types of one set share a container.
    """

    support_percent: int = 100
    centre_x_permille: int | None = None
    centre_y_permille: int | None = None
    together: tuple[frozenset[int], ...] = ()
    apart: tuple[frozenset[int], ...] = ()

    def __post_init__(self) -> None:
        _require(0 <= self.support_percent <= 100, f"support must be 0 to 100 percent, not {self.support_percent}")
        for permille in (self.centre_x_permille, self.centre_y_permille):
            _require(
                permille is None or 0 <= permille <= 500, f"a centre must be 0 to 500 permille off, not {permille}"
            )


NO_SUPPORT = Requirements(support_percent=0)


class Reason(StrEnum):
    """Why a carton was left behind, the first that holds."""

    TOO_LARGE = "too_large"  # stands in no container given
    DOOR = "door"  # stands inside, but passes no door
    TOO_HEAVY = "too_heavy"  # above every payload
    TOGETHER = "together"  # something with which it must travel found no room
    APART = "apart"  # something with which it must not travel is in
    PAYLOAD = "payload"  # there was room, but no weight was left
    CENTRE = "centre"  # taken out again to keep the centre of gravity
    NO_ROOM = "no_room"


class LeftBehind(NamedTuple):
    """So many cartons of a type that are not in, and why."""

    type: int
    cartons: int
    reason: Reason


class Placed(NamedTuple):
    """One carton: `type` counts from 0 in the order given; the corner nearest the origin; sizes as it stands."""

    type: int
    x: int
    y: int
    z: int
    dx: int
    dy: int
    dz: int


@dataclass(frozen=True, slots=True)
class Packing:
    """One container; `placements` stand in loading order."""

    placements: tuple[Placed, ...]
    fill: float  # volume of the cartons / inside volume
    seconds: float
    rollouts: int  # complete plans that were tried
    left_out: tuple[int, ...]  # cartons of each type that are not in
    left_behind: tuple[LeftBehind, ...] = ()  # the same cartons, with the reason


class Loaded(NamedTuple):
    """One container of a load: `container` counts from 0 in the containers given."""

    container: int
    placements: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """Containers for a whole order. No plan whatever can cost less than `price_bound_minor` (volume and weight)."""

    containers: tuple[Loaded, ...]
    left_out: tuple[int, ...]  # fit, but not loaded: only with containers_max
    unfit: tuple[int, ...]  # cartons of types that fit no container given, see `obstacles`
    price_minor: int
    price_bound_minor: int
    seconds: float
    containers_bound: int = 0  # no plan whatever takes fewer containers
    left_behind: tuple[LeftBehind, ...] = ()  # all cartons that are not in, with the reason


def require_effort(seconds: float, nodes: int | None, threads: int) -> None:
    """ValueError: with so much time, so many plans or so many threads nothing can be searched."""
    _require(math.isfinite(seconds) and seconds >= 0, f"seconds must be 0 or more, and not without end: {seconds}")
    _require(
        nodes is None or (isinstance(nodes, int) and nodes > 0), f"nodes must be a whole number from 1, not {nodes}"
    )
    _require(threads > 0, f"threads must be 1 or more, not {threads}")


def require_favours(favours: Sequence[float], boxes: Sequence[BoxType]) -> None:
    """ValueError: not one for each type, or one with which a carton would count nothing."""
    _require(len(favours) == len(boxes), f"there must be a favour for each of {len(boxes)} types, not {len(favours)}")
    wrong = [favour for favour in favours if not (math.isfinite(favour) and favour > 0)]
    _require(not wrong, f"a favour must be above 0, and not without end: {wrong[:1]}")


def orientations(edges_mm: Sequence[int], vertical: Sequence[bool]) -> tuple[Orientation, ...]:
    """All (dx, dy, dz) with an allowed edge upright, each once, sorted."""
    found = set()
    for upright in range(3):
        if vertical[upright]:
            first, second = (edges_mm[k] for k in range(3) if k != upright)
            found.add((first, second, edges_mm[upright]))
            found.add((second, first, edges_mm[upright]))
    return tuple(sorted(found))


def standing(box: BoxType, container: Container) -> tuple[Orientation, ...]:
    """The orientations in which the carton passes the door and stands inside (weight is not looked at)."""
    door_width_mm, door_height_mm = container.door_mm
    return tuple(
        (dx, dy, dz)
        for dx, dy, dz in box.orientations()
        if dx <= container.length_mm and dy <= door_width_mm and dz <= door_height_mm
    )


def obstacles(box: BoxType, container: Container) -> tuple[str, ...]:
    """Why the carton cannot travel in the container: of "too_large", "door", "too_heavy"; empty when it can.

    "too_large": no allowed orientation fits inside; "door": one does, but none of those passes the door.
    """
    found = []
    inside = [o for o in box.orientations() if all(d <= room for d, room in zip(o, container.inside_mm, strict=True))]
    if not inside:
        found.append("too_large")
    elif not standing(box, container):
        found.append("door")
    if container.payload_g is not None and box.weight_g > container.payload_g:
        found.append("too_heavy")
    return tuple(found)


def fits(box: BoxType, container: Container) -> bool:
    """True when one such carton can travel in the empty container."""
    return not obstacles(box, container)


def volume_of(placements: Iterable[Placed]) -> int:
    return sum(p.dx * p.dy * p.dz for p in placements)
