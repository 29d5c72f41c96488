"""What `sundry pack` answers: one object for programs, sentences for people, and findings for both.

Problem: a plan that leaves forty cartons on the dock, or takes a line without a weight for weightless, is right by
every rule and still not what the person meant. Therefore whatever was left behind or was not known is told beside the
plan, never kept silent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sundry.engines.packing.contradictions import Clash, contradictions
from sundry.engines.packing.formats.fields import FAULTS_MAX, Order, WrongFields, listed
from sundry.engines.packing.rules import (
    CARTONS_MAX,
    KINDS_MAX,
    BoxType,
    Container,
    LeftBehind,
    Load,
    Packing,
    Placed,
    fits,
    volume_of,
)
from sundry.kernel.errors import UnusableInput
from sundry.kernel.findings import Finding, warning

ROWS_SHOWN_MAX = 20


def refuse(file: str, containers: Sequence[Container], order: Order) -> None:
    """WrongFields: what is asked contradicts itself. UnusableInput: nothing at all could be loaded."""
    clashes = [
        UnusableInput(f"packing_clash_{clash.rule}", file=file, row=rows(order, clash.types), most=_most(clash.rule))
        for clash in contradictions(containers, order.boxes, order.requirements)
    ]
    if clashes:
        raise WrongFields(clashes[:FAULTS_MAX])
    if not any(box.quantity for box in order.boxes):
        raise UnusableInput("packing_no_boxes", file=file)
    if not any(box.quantity and fits(box, container) for box in order.boxes for container in containers):
        raise UnusableInput("packing_nothing_fits", file=file)


def _most(rule: Clash) -> int:
    """The limit that a message names, where it names one."""
    return KINDS_MAX if rule is Clash.KINDS_TOO_MANY else CARTONS_MAX


def doubts(file: str, containers: Sequence[Container], order: Order) -> Iterator[Finding]:
    """What the person may have meant otherwise, seen before anything is searched."""
    if order.unread:
        yield warning("packing_columns_unread", file=file, value=listed(order.unread))
    free = [container.code for container in containers if not container.price_minor]
    if order.is_load and 0 < len(free) < len(containers):
        yield warning("packing_prices_partly", file=file, value=listed(free))
    does_weight_count = any(container.payload_g is not None for container in containers) or any(
        box.bearing_kg_m2 is not None for box in order.boxes
    )
    weightless = [k for k, box in enumerate(order.boxes) if box.quantity and not box.weight_g]
    if does_weight_count and weightless:
        yield warning("packing_weights_missing", file=file, value=rows(order, weightless))


def outcomes(file: str, left_behind: Sequence[LeftBehind]) -> Iterator[Finding]:
    """What the plan could not do: cartons left behind, by reason."""
    cartons: Counter[str] = Counter()
    for line in left_behind:
        cartons[line.reason] += line.cartons
    for reason, count in cartons.items():
        yield warning(f"packing_left_{reason}", file=file, value=str(count))


def rows(order: Order, types: Sequence[int]) -> str:
    """The rows of some types, as many as one reads."""
    shown = ", ".join(str(order.rows[k]) for k in types[:ROWS_SHOWN_MAX])
    return shown + ", …" if len(types) > ROWS_SHOWN_MAX else shown


def as_data(containers: Sequence[Container], answer: Packing | Load) -> dict[str, Any]:
    """The object of --json: of one container, or of a load with one entry a container."""
    left_behind = [
        {"type": line.type, "cartons": line.cartons, "reason": str(line.reason)} for line in answer.left_behind
    ]
    told = {"left_behind": left_behind, "seconds": round(answer.seconds, 3)}
    if isinstance(answer, Packing):
        return _one(containers[0], answer.placements) | told
    loaded = [
        {"code": containers[number].code} | _one(containers[number], placements)
        for number, placements in answer.containers
    ]
    return {
        "containers": loaded,
        "price_minor": answer.price_minor,
        "price_bound_minor": answer.price_bound_minor,
        "containers_bound": answer.containers_bound,
        **told,
    }


def _one(container: Container, placements: Sequence[Placed]) -> dict[str, Any]:
    return {
        "container": list(container.inside_mm),
        "placements": [list(placed) for placed in placements],
        "fill": round(volume_of(placements) / container.volume_mm3, 6),
    }


def sentences(
    containers: Sequence[Container], boxes: Sequence[BoxType], answer: Packing | Load
) -> Iterator[tuple[str, dict[str, Any]]]:
    """A few lines for a person, each a rule and its values."""
    cartons = sum(box.quantity for box in boxes)
    if isinstance(answer, Packing):
        yield (
            "packing_summary",
            {
                "loaded": len(answer.placements),
                "cartons": cartons,
                "code": containers[0].code,
                "fill": f"{100 * answer.fill:.2f}",
                "seconds": f"{answer.seconds:.1f}",
                "plans": answer.rollouts,
            },
        )
        return
    loaded = sum(len(placements) for _, placements in answer.containers)
    codes = Counter(containers[number].code for number, _ in answer.containers)
    yield (
        "packing_load_summary",
        {
            "loaded": loaded,
            "cartons": cartons,
            "containers": ", ".join(f"{count} × {code}" for code, count in codes.items()) or "-",
            "seconds": f"{answer.seconds:.1f}",
        },
    )
    for at, (number, placements) in enumerate(answer.containers, start=1):
        container = containers[number]
        fill = f"{100 * volume_of(placements) / container.volume_mm3:.2f}"
        told = {"number": at, "code": container.code, "cartons": len(placements), "fill": fill}
        yield "packing_load_container", told
    # Of a load that leaves something out no bound is known.
    if answer.containers_bound:
        yield "packing_load_bound", {"bound": answer.containers_bound}
    if answer.price_minor:
        yield "packing_load_price", {"price": answer.price_minor}
    if answer.price_bound_minor:
        yield "packing_load_price_bound", {"bound": answer.price_bound_minor}
