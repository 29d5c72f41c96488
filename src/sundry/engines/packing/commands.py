"""`sundry pack`: cartons from a file into one container, or into as many as they need. `sundry warm`: compile."""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sundry.engines.packing.answering import as_data, doubts, outcomes, refuse, sentences
from sundry.engines.packing.formats.fields import Order, shown
from sundry.engines.packing.rules import WEIGHT_MAX_G, Container, Load, Packing
from sundry.kernel.errors import UnusableInput, UsageError
from sundry.kernel.messages import LANGUAGES, render
from sundry.kernel.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console

SIZE = re.compile(r"(\d+)[x×*](\d+)[x×*](\d+)(?::(\d+))?", re.IGNORECASE)
SECONDS_MAX = 86_400
NODES_MAX = 1_000_000_000
SUPPORT = {"full": 100, "none": 0}


def register(subparsers: Any) -> None:
    command = subparsers.add_parser(
        "pack",
        help="load cartons from a file into containers",
        description="Load as much volume as possible into one container, or all cartons into the cheapest containers.",
    )
    command.add_argument("file", metavar="FILE", type=Path, help="the cartons")
    command.add_argument("--format", choices=["br", "csv", "json"], required=True, help="how FILE is written")
    command.add_argument("--instance", metavar="N", type=int, help="br: which instance, from 1 (default: 1)")
    command.add_argument("--container", metavar="TYPE", help="csv, json: 40HC, or LxWxH or LxWxH:PAYLOAD_KG in mm")
    command.add_argument("--seconds", metavar="S", type=float, default=5.0, help="time to search (default: 5)")
    command.add_argument(
        "--nodes", metavar="N", type=int, help="plans to try, instead of a time: the same answer always"
    )
    command.add_argument(
        "--support", metavar="HOW", help="how much of a base is carried: full (default), none, or 75 (%%)"
    )
    command.add_argument("--language", choices=LANGUAGES, default="en", help="language of messages")
    command.set_defaults(handler=handle)
    warm = subparsers.add_parser("warm", help="compile the packing kernels now (set-up does)")
    warm.set_defaults(handler=handle_warm)


def handle(arguments: argparse.Namespace, console: Console) -> Outcome:
    if not 0 < arguments.seconds <= SECONDS_MAX:
        raise UsageError("packing_seconds_wrong", value=arguments.seconds, most=SECONDS_MAX)
    if arguments.nodes is not None and not 0 < arguments.nodes <= NODES_MAX:
        raise UsageError("packing_nodes_wrong", value=arguments.nodes, most=NODES_MAX)
    order = _read(arguments)
    file = arguments.file.name
    containers = [_container(arguments, named) for named in order.containers]
    refuse(file, containers, order)
    answer = _load(arguments, containers, order) if order.is_load else _pack(arguments, containers[0], order)
    findings = [*doubts(file, containers, order), *outcomes(file, answer.left_behind)]
    for rule, values in sentences(containers, order.boxes, answer):
        console.print(render(rule, arguments.language, values), markup=False)
    for finding in findings:
        console.print(finding.message(arguments.language), markup=False)
    told = [finding.to_json(arguments.language) for finding in findings]
    return Outcome(data=as_data(containers, answer) | {"findings": told})


def _pack(arguments: argparse.Namespace, container: Container, order: Order) -> Packing:
    from sundry.engines.packing.engine import pack

    return pack(
        container, order.boxes, requirements=order.requirements, seconds=arguments.seconds, nodes=arguments.nodes
    )


def _load(arguments: argparse.Namespace, containers: Sequence[Container], order: Order) -> Load:
    from sundry.engines.packing.fleet import load

    return load(
        containers,
        order.boxes,
        requirements=order.requirements,
        seconds=arguments.seconds,
        nodes=arguments.nodes,
        containers_max=order.containers_max,
    )


def handle_warm(arguments: argparse.Namespace, console: Console) -> Outcome:
    from sundry.engines.packing.warming import warm

    started = time.perf_counter()
    is_compiled = warm()
    seconds = round(time.perf_counter() - started, 1)
    rule = "packing_warm" if is_compiled else "packing_not_compiled"
    console.print(render(rule, arguments.language, {"seconds": seconds}), markup=False)
    return Outcome(data={"compiled": is_compiled, "seconds": seconds})


def _read(arguments: argparse.Namespace) -> Order:
    """What is asked for, by the file and by the options, which count before it."""
    if arguments.format == "br":
        order = _read_br(arguments)
    elif arguments.instance is not None:
        raise UsageError("packing_option_not_with_format", option="--instance", format=arguments.format)
    elif arguments.format == "json":
        from sundry.engines.packing.formats.json_boxes import read_json

        order = read_json(arguments.file)
    else:
        from sundry.engines.packing.formats.csv_boxes import read_csv

        order = read_csv(arguments.file)
    if arguments.container is not None:
        order = replace(order, containers=(arguments.container,))
    if not order.containers:
        raise UsageError("packing_container_missing", format=arguments.format)
    if arguments.support is not None:
        asked = replace(order.requirements, support_percent=_support_percent(arguments.support))
        order = replace(order, requirements=asked)
    return order


def _read_br(arguments: argparse.Namespace) -> Order:
    from sundry.engines.packing.formats.br import read_br

    if arguments.container is not None:
        raise UsageError("packing_option_not_with_format", option="--container", format="br")
    container, boxes = read_br(arguments.file, 1 if arguments.instance is None else arguments.instance)
    return Order(boxes, tuple(range(1, len(boxes) + 1)), containers=(container,))


def _container(arguments: argparse.Namespace, named: Container | str) -> Container:
    """UnusableInput: the file names one that there is not. UsageError: the option does."""
    if isinstance(named, Container):
        return named
    try:
        return container_named(named)
    except UsageError as fault:
        if arguments.container is None:
            raise UnusableInput(fault.rule, **fault.details) from None
        raise


def _support_percent(text: str) -> int:
    """`full`, `none`, or a percentage with or without its sign. UsageError."""
    number = text.strip().removesuffix("%")
    if text in SUPPORT:
        return SUPPORT[text]
    if not re.fullmatch(r"[0-9]{1,3}", number) or int(number) > 100:
        raise UsageError("packing_support_wrong", value=shown(text))
    return int(number)


def container_named(text: str) -> Container:
    """A container type of the parameters as they are today, or LxWxH[:payload in kg], millimetres. UsageError.

    A type costs what the default lane asks for it.
    """
    from sundry.kernel.containers import container_types, lane_prices

    sizes = SIZE.fullmatch(text.replace(" ", ""))
    known = {} if sizes else container_types(date.today())  # noqa: DTZ011 - the person's own day
    if text in known:
        kind = known[text]
        price_minor = lane_prices(date.today()).price_minor.get(text, 0)  # noqa: DTZ011
        return Container(text, *kind.inside_mm, *kind.door_mm, kind.payload_g, price_minor)
    try:
        length, width, height, payload_kg = sizes.groups() if sizes else (None,) * 4
        payload_g = None if payload_kg is None else min(int(payload_kg) * 1000, WEIGHT_MAX_G)
        return Container(shown(text), int(length or 0), int(width or 0), int(height or 0), payload_g=payload_g)
    except ValueError:
        kinds = ", ".join(container_types(date.today()))  # noqa: DTZ011
        raise UsageError("packing_container_wrong", value=shown(text), known=kinds) from None
