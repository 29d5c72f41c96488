"""`sundry declare`: lines become the forms of market procurement.

Reads a shipment.json (what was loaded is declared), the object of `sundry read-orders --json`, or a LINES.csv.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sundry.kernel.errors import UnusableInput, UsageError
from sundry.kernel.messages import LANGUAGES, render
from sundry.kernel.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console

    from sundry.engines.declaring.formats.given import Given, GivenLine
    from sundry.engines.declaring.rules import DeclarableLine, Declaration, Declared
    from sundry.kernel.exchange import Rates
    from sundry.kernel.findings import Finding

NOTHING_DECLARED = 3

TABLES_MAX = 12  # more forms than this are shown in one table, a row a form

ITEM_COLUMNS = ("number", "code", "goods", "cartons", "pieces", "usd", "gross")
FORM_COLUMNS = ("form", "items", "cartons", "usd", "incomplete")


def register(subparsers: Any) -> None:
    command = subparsers.add_parser(
        "declare",
        help="declare lines under market procurement (1039)",
        description="Group lines into the fewest declarations under market procurement (1039).",
    )
    command.add_argument("file", metavar="FILE", type=Path, help="shipment.json, read-orders JSON, or LINES.csv")
    command.add_argument("--mode", choices=["1039"], default="1039", help="customs mode (1039: market procurement)")
    command.add_argument(
        "--date", metavar="YYYY-MM-DD", help="day of the declaration, whose rules hold (default: today)"
    )
    command.add_argument(
        "--rate", action="append", default=[], metavar="USDCNY=7.10", help="7.10 CNY for 1 USD; repeatable"
    )
    command.add_argument("--split-lines", action="store_true", help="split a line above the limit by cartons")
    command.add_argument("--destination", default="", help="destination, printed on every form")
    command.add_argument("--tariff", metavar="FILE", type=Path, help="CSV with hs,legal_unit: adds legal quantities")
    command.add_argument("--rule-pack", metavar="NAME", help="another way of simplifying than the day's")
    command.add_argument("--language", choices=LANGUAGES, default="en", help="language of messages")
    command.set_defaults(handler=handle)


def handle(arguments: argparse.Namespace, console: Console) -> Outcome:
    from sundry.engines.declaring.declare import declare
    from sundry.engines.declaring.formats.tariff_csv import read_tariff
    from sundry.engines.declaring.rules import Rules1039

    day = _day(arguments.date)
    rules = Rules1039.at(day, pack=arguments.rule_pack)
    tariff = read_tariff(arguments.tariff) if arguments.tariff else None
    given = _read(arguments.file)
    rates, rate_findings = _rates(given, arguments.rate, day)
    lines = [declarable(line, rates) for line in given.lines]
    declared = declare(
        lines, rules=rules, split_lines=arguments.split_lines, destination=arguments.destination, tariff=tariff
    )
    placed = _placed(declared.findings, given, arguments.file.name)
    findings = [*given.findings, *rate_findings, *placed]
    _show(console, declared, findings, arguments.language)
    data = {
        "declarations": [form.to_json() for form in declared.declarations],
        "findings": [finding.to_json(arguments.language) for finding in findings],
        "totals": _totals(declared, given, findings, rates),
    }
    return Outcome(0 if declared.declarations else NOTHING_DECLARED, data)


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError("declare_date_malformed", value=text) from None


def _read(path: Path) -> Given:
    """The lines of the file, by what it begins with. UnusableInput: nothing to read."""
    from sundry.engines.declaring.formats.lines_csv import read_lines_csv
    from sundry.engines.declaring.formats.lines_json import read_lines_json

    try:
        with path.open("rb") as file:
            start = file.read(4096)
        if not start.strip():
            raise UnusableInput("declare_input_empty", file=path.name)
        is_json = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
        return read_lines_json(path) if is_json else read_lines_csv(path)
    except OSError as fault:
        raise UnusableInput("declare_input_unreadable", file=path.name, fault=fault.strerror or str(fault)) from None


def _rates(given: Given, texts: Sequence[str], day: date) -> tuple[Rates, tuple[Finding, ...]]:
    """Rates for what is not in dollars yet; with a rate given, everything is converted anew."""
    from sundry.kernel.exchange import resolve_rates
    from sundry.kernel.parameters import parameters

    currencies = {line.currency for line in given.lines if texts or line.value_usd_cents is None}
    return resolve_rates(texts, currencies, day, parameters("exchange"))


def declarable(line: GivenLine, rates: Rates) -> DeclarableLine:
    """In dollars, and as far as it was loaded."""
    from sundry.engines.declaring.declare import loaded_share
    from sundry.engines.declaring.rules import DeclarableLine

    convert = bool(rates.known) or line.value_usd_cents is None
    cents = rates.usd_cents(line.value_minor, line.currency) if convert else line.value_usd_cents
    whole = DeclarableLine(
        line.line,
        line.hs,
        line.name,
        line.unit,
        line.cartons,
        line.pieces,
        cents or 0,
        line.gross_g,
        line.net_g,
        line.inspection,
        line.export_duty,
        line.restricted,
    )
    return whole if line.cartons_loaded is None else loaded_share(whole, line.cartons_loaded)


def _placed(findings: Iterable[Finding], given: Given, file: str) -> list[Finding]:
    """The engine knows lines; a person knows rows."""
    by_line = {line.line: line for line in given.lines}
    return [
        finding
        if finding.line is None
        else finding.at(file=file, sheet=by_line[finding.line].sheet, row=by_line[finding.line].row)
        for finding in findings
    ]


def _totals(declared: Declared, given: Given, findings: Sequence[Finding], rates: Rates) -> dict[str, Any]:
    items = [item for form in declared.declarations for item in form.items]
    gross = [item.gross_g for item in items]
    net = [item.net_g for item in items]
    return {
        "lines": len(given.lines),
        "lines_declared": len(given.lines) - len(declared.not_declared),
        "not_declared": list(declared.not_declared),
        "forms": len(declared.declarations),
        "forms_min": declared.forms_min,
        "items": len(items),
        "cartons": sum(item.cartons for item in items),
        "pieces": sum(item.pieces for item in items),
        "value_usd_cents": sum(item.value_usd_cents for item in items),
        "gross_g": None if None in gross else sum(g for g in gross if g is not None),
        "net_g": None if None in net else sum(n for n in net if n is not None),
        "rates": [
            {
                "pair": rate.pair,
                "rate": str(rate.units),
                "date": rate.day.isoformat() if rate.day else None,
                "source": rate.source,
            }
            for rate in rates.known
        ],
        "errors": sum(finding.severity == "error" for finding in findings),
        "warnings": sum(finding.severity == "warning" for finding in findings),
        "notes": sum(finding.severity == "note" for finding in findings),
    }


def _show(console: Console, declared: Declared, findings: Sequence[Finding], language: str) -> None:
    """The forms, then what was found."""
    if len(declared.declarations) > TABLES_MAX:
        console.print(_table_of_forms(declared.declarations, language))
    else:
        for form in declared.declarations:
            console.print(_table_of_items(form, language))
    for finding in findings:
        place = " ".join(filter(None, [finding.sheet, f"{finding.column}{finding.row}" if finding.row else ""]))
        severity = render(f"severity_{finding.severity}", language, {})
        values = {"severity": severity, "place": place, "message": finding.message(language)}
        console.print(render("declare_finding_at" if place else "declare_finding", language, values), markup=False)


def _table_of_items(form: Declaration, language: str) -> Any:
    from rich.table import Table
    from rich.text import Text

    from sundry.engines.declaring.declare import usd

    table = Table(title=render("declare_form", language, {"number": form.number}), show_footer=True)
    number, code, goods, cartons, pieces, value, gross = _headers(ITEM_COLUMNS, language)
    table.add_column(number, justify="right", no_wrap=True)
    table.add_column(code, no_wrap=True)
    table.add_column(goods, min_width=10)
    table.add_column(cartons, str(sum(item.cartons for item in form.items)), justify="right", no_wrap=True)
    table.add_column(pieces, justify="right", no_wrap=True)
    table.add_column(value, usd(form.value_usd_cents), justify="right", no_wrap=True)
    table.add_column(gross, justify="right", no_wrap=True)
    for place, item in enumerate(form.items, start=1):
        table.add_row(
            str(place),
            Text(item.hs or "?"),  # what she typed is no markup
            Text(render("declare_merged", language, {"name": item.name}) if item.merged else item.name),
            str(item.cartons),
            str(item.pieces),
            usd(item.value_usd_cents),
            "?" if item.gross_g is None else f"{item.gross_g // 1000:,}.{item.gross_g % 1000:03d}",
        )
    return table


def _headers(columns: Sequence[str], language: str) -> list[str]:
    return [render(f"declare_column_{column}", language, {}) for column in columns]


def _table_of_forms(forms: Sequence[Declaration], language: str) -> Any:
    from rich.table import Table

    from sundry.engines.declaring.declare import usd

    table = Table()
    for header in _headers(FORM_COLUMNS, language):
        table.add_column(header, justify="right")
    for form in forms:
        cartons = sum(item.cartons for item in form.items)
        table.add_row(
            str(form.number),
            str(len(form.items)),
            str(cartons),
            usd(form.value_usd_cents),
            "*" if form.incomplete else "",
        )
    return table
