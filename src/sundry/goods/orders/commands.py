"""`sundry read-orders`: what Sundry understands of a book, before anything is shipped."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sundry.kernel.errors import UsageError
from sundry.kernel.messages import LANGUAGES
from sundry.kernel.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console

    from sundry.goods.orders.rules import OrderBook

NOTHING_USABLE = 3
_FINDINGS_SHOWN = 40


def register(subparsers: Any) -> None:
    command = subparsers.add_parser(
        "read-orders", help="read an order book and tell its lines and mistakes", description=__doc__
    )
    command.add_argument("orders", type=Path, metavar="ORDERS", help="the book: .xlsx .xlsm .xls .ods .csv")
    command.add_argument("--map", type=Path, metavar="FILE", help="what unknown columns are (YAML); remembered")
    add_reading_options(command)
    command.set_defaults(handler=_read_orders)


def add_reading_options(command: argparse.ArgumentParser) -> None:
    """Options that every command which reads a book has."""
    command.add_argument("--date", type=a_date, metavar="YYYY-MM-DD", help="the day whose rules count (default: today)")
    command.add_argument("--currency", default="CNY", help="where the book names none (default: CNY)")
    command.add_argument("--language", choices=LANGUAGES, default="en", help="of messages (default: en)")


def a_date(text: str) -> date:
    """A day as an argument."""
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-04-20") from fault


def checked_currency(text: str) -> str:
    """An ISO 4217 code in capitals. UsageError: none."""
    from sundry.kernel.money import CURRENCIES

    code = text.strip().upper()
    if code not in CURRENCIES:
        raise UsageError("currency_unknown", value=text)
    return code


def _read_orders(arguments: argparse.Namespace, console: Console) -> Outcome:
    from sundry.goods.orders.queries import read_orders

    book = read_orders(
        arguments.orders,
        day=arguments.date or date.today(),  # noqa: DTZ011 - the day on the person's own wall
        currency=checked_currency(arguments.currency),
        map_file=arguments.map,
    )
    if not arguments.json:
        _show(book, console, arguments.language)
    data = {
        "lines": [line.to_json() | {"value_usd_cents": None} for line in book.lines],
        "set_aside": [{"sheet": aside.sheet, "row": aside.row} for aside in book.set_aside],
        "findings": [finding.to_json(arguments.language) for finding in book.findings],
        "totals": book.totals(),
    }
    return Outcome(0 if book.lines else NOTHING_USABLE, data)


def _show(book: OrderBook, console: Console, language: str) -> None:
    from sundry.kernel.messages import render

    show_findings(book.findings, console, language)
    totals = book.totals()
    money = ", ".join(shown_money(amount, currency) for currency, amount in totals["value_minor"].items())
    console.print(render("book_read", language, {"money": money or "0", **totals}), markup=False)


def show_findings(findings: Any, console: Console, language: str) -> None:
    """A table of the first findings, the worst first."""
    from rich.table import Table

    from sundry.kernel.messages import render

    if not findings:
        return
    order = {"error": 0, "warning": 1, "note": 2}
    style = {"error": "red", "warning": "yellow", "note": "dim"}
    table = Table(box=None, pad_edge=False)
    for rule in ("column_severity", "column_place", "column_message"):
        table.add_column(render(rule, language, {}), overflow="fold")
    shown = sorted(findings, key=lambda finding: order[finding.severity])[:_FINDINGS_SHOWN]
    for finding in shown:
        place = " ".join(part for part in (finding.sheet, f"{finding.column}{finding.row or ''}") if part)
        severity = render(f"severity_{finding.severity}", language, {})
        table.add_row(f"[{style[finding.severity]}]{severity}[/]", _escaped(place), _escaped(finding.message(language)))
    console.print(table)
    if len(findings) > len(shown):
        console.print(render("more_findings", language, {"count": len(findings) - len(shown)}), markup=False)


def shown_money(amount_minor: int, currency: str) -> str:
    """`CNY 1,067,364.08`."""
    from sundry.kernel.money import Money

    whole, point, decimals = Money(amount_minor, currency).format().partition(".")
    return f"{currency} {int(whole):,}{point}{decimals}"


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)
