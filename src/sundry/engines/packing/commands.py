"""`sundry pack`: cartons from a file into one container. `sundry warm`: compile the kernels, at set-up."""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sundry.engines.packing.rules import NO_SUPPORT, WEIGHT_MAX_G, BoxType, Container, Packing, Requirements, fits
from sundry.kernel.errors import UnusableInput, UsageError
from sundry.kernel.messages import LANGUAGES, render
from sundry.kernel.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console

SIZE = re.compile(r"(\d+)[x×*](\d+)[x×*](\d+)(?::(\d+))?", re.IGNORECASE)
SECONDS_MAX = 86_400


def register(subparsers: Any) -> None:
    command = subparsers.add_parser(
        "pack",
        help="load cartons from a file into one container",
        description="Load as much volume as possible into one container: no overlap, every base carried.",
    )
    command.add_argument("file", metavar="FILE", type=Path, help="the cartons")
    command.add_argument("--format", choices=["br", "csv", "json"], required=True, help="how FILE is written")
    command.add_argument("--instance", metavar="N", type=int, help="br: which instance, from 1 (default: 1)")
    command.add_argument("--container", metavar="TYPE", help="csv, json: 40HC, or LxWxH or LxWxH:PAYLOAD_KG in mm")
    command.add_argument("--seconds", metavar="S", type=float, default=5.0, help="time to search (default: 5)")
    command.add_argument("--support", choices=["full", "none"], default="full", help="must every base be carried?")
    command.add_argument("--language", choices=LANGUAGES, default="en", help="language of messages")
    command.set_defaults(handler=handle)
    warm = subparsers.add_parser("warm", help="compile the packing kernels now (set-up does)")
    warm.set_defaults(handler=handle_warm)


def handle(arguments: argparse.Namespace, console: Console) -> Outcome:
    if not 0 < arguments.seconds <= SECONDS_MAX:
        raise UsageError("packing_seconds_wrong", value=arguments.seconds, most=SECONDS_MAX)
    container, boxes = _read(arguments)
    if not any(box.quantity and fits(box, container) for box in boxes):
        raise UnusableInput("packing_nothing_fits", file=arguments.file.name)
    from sundry.engines.packing.engine import pack

    requirements = NO_SUPPORT if arguments.support == "none" else Requirements()
    packing = pack(container, boxes, requirements=requirements, seconds=arguments.seconds)
    _tell(container, boxes, packing, arguments.language, console)
    return Outcome(
        data={
            "container": list(container.inside_mm),
            "placements": [list(placed) for placed in packing.placements],
            "fill": round(packing.fill, 6),
            "seconds": round(packing.seconds, 3),
        }
    )


def handle_warm(arguments: argparse.Namespace, console: Console) -> Outcome:
    from sundry.engines.packing.warming import warm

    started = time.perf_counter()
    is_compiled = warm()
    seconds = round(time.perf_counter() - started, 1)
    rule = "packing_warm" if is_compiled else "packing_not_compiled"
    console.print(render(rule, arguments.language, {"seconds": seconds}), markup=False)
    return Outcome(data={"compiled": is_compiled, "seconds": seconds})


def _read(arguments: argparse.Namespace) -> tuple[Container, tuple[BoxType, ...]]:
    """The container and the cartons, read as --format says."""
    if arguments.format == "br":
        from sundry.engines.packing.formats.br import read_br

        if arguments.container is not None:
            raise UsageError("packing_option_not_with_format", option="--container", format="br")
        return read_br(arguments.file, 1 if arguments.instance is None else arguments.instance)
    if arguments.instance is not None:
        raise UsageError("packing_option_not_with_format", option="--instance", format=arguments.format)
    named: Container | str | None = None
    if arguments.format == "json":
        from sundry.engines.packing.formats.json_boxes import read_json

        named, boxes = read_json(arguments.file)
    else:
        from sundry.engines.packing.formats.csv_boxes import read_csv

        boxes = read_csv(arguments.file)
    named = arguments.container or named
    if named is None:
        raise UsageError("packing_container_missing", format=arguments.format)
    return (named if isinstance(named, Container) else container_named(named)), boxes


def container_named(text: str) -> Container:
    """A container type of the parameters as they are today, or LxWxH[:payload in kg], millimetres. UsageError."""
    from sundry.kernel.containers import container_types

    sizes = SIZE.fullmatch(text.replace(" ", ""))
    known = {} if sizes else container_types(date.today())  # noqa: DTZ011 - the person's own day
    if text in known:
        kind = known[text]
        return Container(text, *kind.inside_mm, *kind.door_mm, kind.payload_g)
    try:
        length, width, height, payload_kg = sizes.groups() if sizes else (None,) * 4
        payload_g = None if payload_kg is None else min(int(payload_kg) * 1000, WEIGHT_MAX_G)
        return Container(text, int(length or 0), int(width or 0), int(height or 0), payload_g=payload_g)
    except ValueError:
        kinds = ", ".join(container_types(date.today()))  # noqa: DTZ011
        raise UsageError("packing_container_wrong", value=text, known=kinds) from None


def _tell(container: Container, boxes: Sequence[BoxType], packing: Packing, language: str, console: Console) -> None:
    """A few lines for a person."""
    values = {
        "loaded": len(packing.placements),
        "cartons": sum(box.quantity for box in boxes),
        "code": container.code,
        "fill": f"{100 * packing.fill:.2f}",
        "seconds": f"{packing.seconds:.1f}",
        "plans": packing.rollouts,
    }
    console.print(render("packing_summary", language, values), markup=False)
    if packing.disorder:
        console.print(render("packing_disorder", language, {"cartons": packing.disorder}), markup=False)
