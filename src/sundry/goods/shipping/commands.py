"""`sundry ship`: an order book becomes a loading plan, a packing list, customs papers and a checked copy of itself."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sundry.goods.orders.commands import (
    NOTHING_USABLE,
    add_reading_options,
    checked_currency,
    show_findings,
    shown_money,
)
from sundry.kernel.outcome import Outcome, Progress

if TYPE_CHECKING:
    from rich.console import Console

    from sundry.goods.shipping.rules import Shipment

STRICT = 2
CONTAINERS = ("auto", "20GP", "40GP", "40HC", "45HC")


def register(subparsers: Any) -> None:
    command = subparsers.add_parser("ship", help="make a shipment of an order book", description=__doc__)
    command.add_argument("orders", type=Path, metavar="ORDERS", help="the book: .xlsx .xlsm .xls .ods .csv")
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the files go")
    command.add_argument("--container", choices=CONTAINERS, default="auto", help="auto may mix types (default)")
    command.add_argument("--containers", type=_count, metavar="N", help="at most N containers; the rest is left out")
    command.add_argument(
        "--rate", action="append", default=[], metavar="USDCNY=7.10", help="7.10 CNY for 1 USD; may be repeated"
    )
    command.add_argument("--profile", type=Path, metavar="FILE", help="buyer, destination, consignor, ... (YAML)")
    command.add_argument("--map", type=Path, metavar="FILE", help="what unknown columns are (YAML); remembered")
    command.add_argument("--tariff", type=Path, metavar="FILE", help="CSV with hs,legal_unit: adds legal quantities")
    command.add_argument("--seconds", type=_seconds, default=5.0, help="time for the loading plan (default: 5)")
    command.add_argument("--strict", action="store_true", help="exit 2 if there is any error")
    command.add_argument("--split-lines", action="store_true", help="split a line above the form limit by cartons")
    command.add_argument("--upright", action="store_true", help="no carton may lie on a side")
    add_reading_options(command)
    command.set_defaults(handler=_ship)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 3600:
        raise argparse.ArgumentTypeError("more than 0, at most 3600")
    return seconds


def _ship(arguments: argparse.Namespace, console: Console) -> Outcome:
    from sundry.goods.shipping.actions import ShipOptions, ship

    options = ShipOptions(
        day=arguments.date or date.today(),  # noqa: DTZ011 - the day on the person's own wall
        container=arguments.container,
        containers_max=arguments.containers,
        rates=tuple(arguments.rate),
        currency=checked_currency(arguments.currency),
        profile=arguments.profile,
        column_map=arguments.map,
        tariff=arguments.tariff,
        seconds=arguments.seconds,
        split_lines=arguments.split_lines,
        upright=arguments.upright,
        language=arguments.language,
    )
    with shown_progress(console, arguments.language) as progress:
        shipment = ship(arguments.orders, arguments.out, options, progress=progress)
    show_shipment(shipment, arguments.out, console)
    return Outcome(exit_code(shipment, strict=arguments.strict), shipment.to_json() if arguments.json else None)


def exit_code(shipment: Shipment, *, strict: bool) -> int:
    """0 when at least one line ships, 3 when none does, 2 when strict and there is any error."""
    if not shipment.lines:
        return NOTHING_USABLE
    return STRICT if strict and shipment.totals()["errors"] else 0


@contextmanager
def shown_progress(console: Console, language: str) -> Iterator[Progress]:
    """A line of progress with real counts, on a terminal only."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        yield _updater(bars, language)


def _updater(bars: Any, language: str) -> Callable[[str, int, int], None]:
    from sundry.kernel.messages import catalogue, render

    tasks: dict[str, Any] = {}

    def update(stage: str, done: int, total: int) -> None:
        if stage not in tasks:
            rule = f"stage_{stage}"
            tasks[stage] = bars.add_task(render(rule, language, {}) if rule in catalogue() else stage, total=None)
        bars.update(tasks[stage], completed=done, total=total or None)

    return update


def show_shipment(shipment: Shipment, out: Path, console: Console) -> None:
    """The findings, a table of totals, and where the files are."""
    from rich.table import Table

    from sundry.kernel.messages import render

    language = shipment.language

    def text(rule: str, **values: Any) -> str:
        return render(rule, language, values)

    show_findings(shipment.findings, console, language)
    totals = shipment.totals()
    gross = totals["gross_g"]
    money = ", ".join(shown_money(amount, currency) for currency, amount in totals["value_minor"].items())
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_row(text("summary_lines"), f"{totals['lines']} / {totals['set_aside']}")
    table.add_row(text("summary_stalls"), str(totals["stalls"]))
    table.add_row(text("summary_cartons"), f"{totals['cartons']:,}")
    table.add_row(text("summary_volume"), f"{totals['volume_mm3'] / 1e9:,.2f}")
    table.add_row(text("summary_gross"), text("summary_unknown") if gross is None else f"{gross / 1000:,.1f}")
    table.add_row(text("summary_value"), money or "0")
    table.add_row(text("summary_value_usd"), shown_money(totals["value_usd_cents"], "USD"))
    table.add_row(text("summary_containers"), str(totals["containers"]))
    for number, container in enumerate(shipment.containers, start=1):
        volume, fill = f"{container.volume_mm3 / 1e9:,.1f}", f"{100 * container.fill:.1f}"
        row = text(
            "summary_container",
            number=number,
            type=container.type,
            cartons=len(container.placements),
            volume=volume,
            fill=fill,
        )
        table.add_row("", row)
    table.add_row(text("summary_forms"), str(totals["forms"]))
    table.add_row(text("summary_findings"), f"{totals['errors']} / {totals['warnings']} / {totals['notes']}")
    console.print(table)
    if not shipment.lines:
        console.print(text("nothing_ships"), markup=False)
    console.print(text("files_written", folder=out), markup=False)
