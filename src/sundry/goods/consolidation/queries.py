"""How order lines would be loaded: the cheapest containers that hold them, and the lines that no container can take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sundry.engines.packing.rules import (
    CARTONS_MAX,
    KINDS_MAX,
    QUANTITY_MAX,
    WEIGHT_MAX_G,
    BoxType,
    Container,
    Placed,
    obstacles,
)
from sundry.goods.consolidation.pinning import Pinning
from sundry.goods.consolidation.rules import LeftOut, LoadedContainer, Placement, dealt
from sundry.goods.orders.rules import Line
from sundry.kernel.containers import ContainerType, LanePrices
from sundry.kernel.findings import Finding, error, note
from sundry.kernel.outcome import Progress, silent

ON_A_SIDE = (True, True, True)
UPRIGHT = (False, False, True)


@dataclass(frozen=True, slots=True)
class Plan:
    """Containers in the order in which they were filled. No plan can cost less than `price_bound_minor`."""

    containers: tuple[LoadedContainer, ...]
    left_out: tuple[LeftOut, ...]
    findings: tuple[Finding, ...]
    price_bound_minor: int


def unloadable(lines: Sequence[Line], types: Sequence[ContainerType], *, upright: bool = False) -> dict[int, Finding]:
    """Line index -> why no container given can take its cartons. The finding's place is the caller's to fill."""
    containers = [_container(kind, 0) for kind in types]
    found = {}
    cartons, kinds = 0, set[BoxType]()
    for index, line in enumerate(lines):
        finding = _obstacle(index, line, containers, upright)
        if finding is None:
            kind = replace(_box(line, upright), quantity=1)
            if cartons + line.cartons > CARTONS_MAX:
                finding = error("cartons_too_many_in_all", line=index, details={"most": CARTONS_MAX})
            elif len(kinds) == KINDS_MAX and kind not in kinds:
                finding = error("cartons_too_various", line=index, details={"most": KINDS_MAX})
            else:
                cartons += line.cartons
                kinds.add(kind)
        if finding is not None:
            found[index] = finding
    return found


def plan_load(
    lines: Sequence[Line],
    *,
    types: Sequence[ContainerType],
    prices: LanePrices,
    seconds: float,
    upright: bool = False,
    containers_max: int | None = None,
    pinned: Collection[int] = (),
    worth: Sequence[int] | None = None,
    progress: Progress = silent,
) -> Plan:
    """Load all cartons of `lines` at the lowest lane price found. Every line must be loadable (see `unloadable`).

    Where `containers_max` leaves something out, the lines `pinned` travel first (see pinning.py); of the others what is
    worth least a volume stays, by `worth` of each line in one currency.
    """
    from sundry.engines.packing import load  # brings numba, which nothing else should wait for

    if not lines:
        return Plan((), (), (), 0)
    containers = [_container(kind, prices.price_minor[kind.name]) for kind in types]
    boxes = [_box(line, upright) for line in lines]

    loader = partial(load, containers, containers_max=containers_max)
    if containers_max is None or not pinned:
        loaded = loader(boxes, seconds=seconds, progress=progress)
    else:
        values = worth or [0] * len(lines)
        pinning = Pinning(
            loader, boxes, pinned, worth=values, containers=containers, seconds=seconds, progress=progress
        )
        loaded = pinning.run()
    weights = _weights(lines, [placements for _, placements in loaded.containers], loaded.left_out)
    filled = tuple(
        _loaded_container(lines, types[number], prices, tuple(Placement(*p) for p in placements), known_g)
        for (number, placements), known_g in zip(loaded.containers, weights, strict=True)
    )
    left_out = tuple(
        LeftOut(line, cartons, "containers_full") for line, cartons in enumerate(loaded.left_out) if cartons
    )
    findings = list(_findings(filled, lines, left_out, pinned))
    return Plan(filled, left_out, tuple(findings), loaded.price_bound_minor)


def _container(kind: ContainerType, price_minor: int) -> Container:
    return Container(kind.name, *kind.inside_mm, *kind.door_mm, payload_g=kind.payload_g, price_minor=price_minor)


def _box(line: Line, upright: bool) -> BoxType:
    assert line.carton_mm is not None
    return BoxType(
        *line.carton_mm,
        quantity=line.cartons,
        vertical=UPRIGHT if upright or line.this_side_up else ON_A_SIDE,
        weight_g=carton_weight_g(line),
    )


def carton_weight_g(line: Line) -> int:
    """One carton's gross weight, rounded up, so that a payload is never exceeded; 0 where it is unknown."""
    return -(-(line.gross_g or 0) // line.cartons)


def _obstacle(index: int, line: Line, containers: Sequence[Container], upright: bool) -> Finding | None:
    if line.carton_mm is None:
        return error("carton_size_unknown", line=index)
    if line.cartons > QUANTITY_MAX:
        return error("cartons_too_many", line=index, value=str(line.cartons), details={"most": QUANTITY_MAX})
    size = "x".join(map(str, line.carton_mm))
    if max(line.carton_mm) > max(max(container.inside_mm) for container in containers):
        return error("carton_too_large", line=index, value=size, details=_names(containers))
    if carton_weight_g(line) > WEIGHT_MAX_G:
        return error("carton_too_heavy", line=index, value=_kg(carton_weight_g(line)), details=_names(containers))
    box = _box(line, upright)
    reasons = [obstacles(box, container) for container in containers]
    if not all(reasons):
        return None
    if any("too_heavy" in reason and len(reason) == 1 for reason in reasons):
        return error("carton_too_heavy", line=index, value=_kg(carton_weight_g(line)), details=_names(containers))
    rule = "carton_not_through_door" if any("door" in reason for reason in reasons) else "carton_too_large"
    return error(rule, line=index, value=size, details=_names(containers))


def _names(containers: Sequence[Container]) -> dict[str, str]:
    return {"containers": ", ".join(container.code for container in containers)}


def _kg(grams: int) -> str:
    return f"{grams / 1000:,.1f}"


def _weights(lines: Sequence[Line], containers: Sequence[Sequence[Placed]], left_out: Sequence[int]) -> list[int]:
    """Known grams in each container. A line that stands in several is split exactly (see `dealt`)."""
    counts = [Counter(placed.type for placed in placements) for placements in containers]
    grams = [0] * len(containers)
    for index, line in enumerate(lines):
        shares = dealt(line.gross_g or 0, [count[index] for count in counts], left_out[index])
        for number in range(len(containers)):
            grams[number] += shares[number]
    return grams


def _loaded_container(
    lines: Sequence[Line], kind: ContainerType, prices: LanePrices, placements: tuple[Placement, ...], known_g: int
) -> LoadedContainer:
    unknown = any(lines[p.line].gross_g is None for p in placements)
    return LoadedContainer(
        type=kind.name,
        inside_mm=kind.inside_mm,
        door_mm=kind.door_mm,
        payload_g=kind.payload_g,
        usual_volume_mm3=kind.usual_volume_mm3,
        price_minor=prices.price_minor[kind.name],
        price_currency=prices.currency,
        placements=placements,
        gross_g=None if unknown else known_g,
        known_gross_g=known_g,
        volume_mm3=sum(p.dx * p.dy * p.dz for p in placements),
    )


def _findings(
    containers: Sequence[LoadedContainer],
    lines: Sequence[Line],
    left_out: Sequence[LeftOut],
    pinned: Collection[int],
) -> Iterator[Finding]:
    for number, container in enumerate(containers, start=1):
        usual = container.usual_volume_mm3
        if usual is not None and container.volume_mm3 > usual:
            volumes = {"volume": _m3(container.volume_mm3), "usual": _m3(usual)}
            yield note("container_above_usual_volume", value=container.type, details={"number": number, **volumes})
        if container.gross_g is None:
            known = {"number": number, "known": _kg(container.known_gross_g)}
            yield note("container_weight_unknown", value=container.type, details=known)
    for left in left_out:
        told = {"cartons": left.cartons}
        if left.line in pinned:
            yield error("pinned_left_out", line=left.line, value=lines[left.line].item, details=told)
        else:
            yield note("cartons_left_out", line=left.line, value=lines[left.line].item, details=told)


def _m3(mm3: int) -> str:
    return f"{mm3 / 1_000_000_000:.1f}"
