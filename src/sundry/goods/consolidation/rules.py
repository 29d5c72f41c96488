"""Containers as they are loaded: which carton of which line stands where. Integers: grams, millimetres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sundry.kernel.splitting import split


@dataclass(frozen=True, slots=True)
class Placement:
    """One carton in a container: `line` counts from 0 in Shipment.lines; x runs to the door, z up; d* as it stands."""

    line: int
    x: int
    y: int
    z: int
    dx: int
    dy: int
    dz: int


@dataclass(frozen=True, slots=True)
class LoadedContainer:
    """Placements stand in loading order: no carton is placed before what carries it or behind what blocks its way."""

    type: str  # 20GP | 40GP | 40HC | 45HC
    inside_mm: tuple[int, int, int]
    door_mm: tuple[int, int]  # width, height
    payload_g: int
    usual_volume_mm3: int | None  # what a crew usually reaches (28 / 58 / 68 m3)
    price_minor: int
    price_currency: str
    placements: tuple[Placement, ...]
    gross_g: int | None  # None when the weight of a loaded line is unknown
    known_gross_g: int  # of the lines whose weight is known
    volume_mm3: int  # of the cartons

    @property
    def fill(self) -> float:
        length, width, height = self.inside_mm
        return self.volume_mm3 / (length * width * height)


@dataclass(frozen=True, slots=True)
class LeftOut:
    line: int
    cartons: int
    reason: str  # a rule of sundry/messages


def dealt(whole: int, loaded: Sequence[int], left_out: int) -> list[int]:
    """A line's `whole` by cartons: a share for each container, and one for what is left out.

    First loaded and left out part, as the declarations and the invoice part them, then the containers: 101 g over
    cartons [1, 1] and one left out are 67 and 34, so 34, 33 and 34. ValueError as `split`.
    """
    of_loaded, of_left_out = split(whole, [sum(loaded), left_out])
    return [*split(of_loaded, loaded), of_left_out]
