"""Containers as they are loaded: which carton of which line stands where. Integers: grams, millimetres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sundry.goods.orders.rules import Line
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


@dataclass(frozen=True, slots=True)
class Offer:
    """What it would save to leave the few cartons of the last container for the next shipment."""

    container: int  # its number, from 1
    type: str
    cartons: int
    lines: tuple[int, ...]  # of the shipment, in order
    stalls: tuple[str, ...]  # whose goods they are, in the order of the lines
    fill: float  # of the container, 0 to 1
    volume_mm3: int
    price_minor: int  # saved
    price_currency: str


def offer_to_leave(
    containers: Sequence[LoadedContainer], lines: Sequence[Line], *, fill_max_percent: int
) -> Offer | None:
    """ "Three cartons need a second container: leave them?" None: there is one container only, or the last holds more
    than `fill_max_percent` of its volume.

    Worked case: containers filled to 86 % and 4 %, at most 20 %: the offer names container 2, and its price as saved.
    """
    last = containers[-1] if len(containers) > 1 else None
    if last is None or 100 * last.fill > fill_max_percent:
        return None
    indexes = sorted({placement.line for placement in last.placements})
    return Offer(
        container=len(containers),
        type=last.type,
        cartons=len(last.placements),
        lines=tuple(indexes),
        stalls=tuple(dict.fromkeys(lines[index].stall for index in indexes)),
        fill=last.fill,
        volume_mm3=last.volume_mm3,
        price_minor=last.price_minor,
        price_currency=last.price_currency,
    )


def dealt(whole: int, loaded: Sequence[int], left_out: int) -> list[int]:
    """A line's `whole` by cartons: a share for each container, and one for what is left out.

    First loaded and left out part, as the declarations and the invoice part them, then the containers: 101 g over
    cartons [1, 1] and one left out are 67 and 34, so 34, 33 and 34. ValueError as `split`.
    """
    of_loaded, of_left_out = split(whole, [sum(loaded), left_out])
    return [*split(of_loaded, loaded), of_left_out]
