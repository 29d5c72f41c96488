"""Container types and lane prices, as the parameters know them on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from sundry.kernel.parameters import Parameters, parameters


@dataclass(frozen=True, slots=True)
class ContainerType:
    """Inside length, width, height; door width, height; mm. `usual_volume_mm3`: what a crew usually reaches."""

    name: str
    inside_mm: tuple[int, int, int]
    door_mm: tuple[int, int]
    payload_g: int
    usual_volume_mm3: int | None


@dataclass(frozen=True, slots=True)
class LanePrices:
    """What one container of each type costs on a lane, in minor units of `currency`."""

    lane: str
    currency: str
    price_minor: dict[str, int]
    source: str


def container_types(day: date, containers: Parameters | None = None) -> dict[str, ContainerType]:
    """All container types by name, smallest first."""
    known = (containers or parameters("containers")).at(day)
    return {
        name: ContainerType(
            name,
            cast(tuple[int, int, int], known.wholes(f"types.{name}.inside_mm")),
            cast(tuple[int, int], known.wholes(f"types.{name}.door_mm")),
            known.whole(f"types.{name}.payload_g"),
            known.value(f"types.{name}.usual_volume_mm3"),
        )
        for name in known.names("types")
    }


def lane_prices(day: date, lane: str | None = None, lanes: Parameters | None = None) -> LanePrices:
    """The prices of `lane`, or of the default lane. UnknownParameter: no such lane."""
    known = (lanes or parameters("lanes")).at(day)
    lane = lane or known.text("default_lane")
    types = known.names(f"lanes.{lane}.price_minor")
    return LanePrices(
        lane,
        known.text(f"lanes.{lane}.currency"),
        {name: known.whole(f"lanes.{lane}.price_minor.{name}") for name in types},
        known.record(f"lanes.{lane}.price_minor.{types[0]}").source,
    )
