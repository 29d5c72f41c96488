"""The main job: an agent's order list becomes a shipment, its papers and her own book with the mistakes marked.

Everything is decided first and written once: the files are made in a folder of their own beside their place and moved
in at the end, each whole. A job that is killed leaves none of its files under a final name.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sundry.engines.declaring.declare import declare, loaded_share
from sundry.engines.declaring.formats.tariff_csv import read_tariff
from sundry.engines.declaring.rules import DeclarableLine, Rules1039
from sundry.goods.consolidation.queries import Plan, plan_load, unloadable
from sundry.goods.orders.queries import read_orders, write_checked
from sundry.goods.orders.rules import Correction, Line, OrderBook, SetAside, whole_characters
from sundry.goods.shipping.papers import drawings_in
from sundry.goods.shipping.profiles import MISSING_MATTERS, read_profile
from sundry.goods.shipping.rules import Excluded, Profile, Shipment
from sundry.kernel.containers import ContainerType, container_types, lane_prices
from sundry.kernel.errors import EnvironmentFault, UnusableInput, UsageError
from sundry.kernel.exchange import Rate, Rates, resolve_rates
from sundry.kernel.findings import Finding, Severity, error, note, warning
from sundry.kernel.outcome import Progress, silent
from sundry.kernel.parameters import parameters

AUTO = "auto"
_REMOVALS_MAX, _REMOVAL_S = 5, 0.05
_UNFINISHED = ".sundry-unfinished-"

Row = tuple[str, int]
"""A row of the book: sheet ("" for CSV), number from 1 as Excel shows it."""


@dataclass(frozen=True, slots=True)
class ShipOptions:
    """What the agent chose. `container`: auto (may mix) or one type; `containers_max`: no more than so many.

    What she said her columns are comes as a file (`column_map`) or as the same data (`column_map_data`); `remembered`
    and `corrections` as in `read_orders`. `excluded` rows stay out of the shipment; `pinned` lines must travel when
    `containers_max` leaves something out.
    """

    day: date
    container: str = AUTO
    containers_max: int | None = None
    rates: tuple[str, ...] = ()
    currency: str = "CNY"
    profile: Path | Profile | None = None
    column_map: Path | None = None
    tariff: Path | None = None
    seconds: float = 5.0
    split_lines: bool = False
    upright: bool = False
    language: str = "en"
    corrections: tuple[Correction, ...] = ()
    column_map_data: Mapping[str, Any] | None = None
    remembered: Mapping[str, Any] | None = None
    excluded: frozenset[Row] = frozenset()
    pinned: frozenset[Row] = frozenset()


def ship(orders: Path, out: Path, options: ShipOptions, *, progress: Progress = silent) -> Shipment:
    """Plan the shipment of the book at `orders` and write all its files into `out`.

    A book that cannot be read at all gives an empty shipment with the reason as its one error. UsageError: an option
    that makes no sense; EnvironmentFault: `out` cannot be written.
    """
    with staging(out) as folder:
        return make_files(orders, folder, options, progress=progress)


def make_files(orders: Path, folder: Path, options: ShipOptions, *, progress: Progress = silent) -> Shipment:
    """`ship` into an empty folder of the caller's. UsageError as `ship`; OSError: it cannot be written."""
    shipment = plan_shipment(orders, options, progress=progress)
    _write(shipment, orders, folder, options, progress)
    return shipment


def plan_shipment(orders: Path, options: ShipOptions, *, progress: Progress = silent) -> Shipment:
    """All of the shipment but its files."""
    types = _chosen_types(options)
    profile = _profile(options.profile)
    tariff = read_tariff(options.tariff) if options.tariff is not None else None
    progress("reading", 0, 0)
    read = _read(orders, options)
    whole, excluded = _without_excluded(read, options)
    book, without_rate = _with_rates(whole, options)
    rates, rate_findings = resolve_rates(
        options.rates, {line.currency for line in book.lines}, options.day, parameters("exchange")
    )
    findings = [*book.findings, *(replace(finding, file=book.file) for finding in rate_findings)]
    findings += without_rate
    findings += _profile_findings(book.file, profile)
    lines, set_aside, refused = _eligible(book, rates, types, options)
    findings += refused
    declarable = _declarable(lines, rates)
    progress("loading", 0, 0)
    plan = plan_load(
        lines,
        types=types,
        prices=lane_prices(options.day),
        seconds=options.seconds,
        upright=options.upright,
        containers_max=options.containers_max,
        pinned=frozenset(index for index, line in enumerate(lines) if (line.sheet, line.row) in options.pinned),
        worth=[line.value_usd_cents for line in declarable],
        progress=progress,
    )
    findings += [_placed(book, lines, finding) for finding in plan.findings]
    findings += _unknown_rows(read, options)
    progress("declaring", 0, 0)
    declared = declare(
        _loaded(declarable, plan),
        rules=Rules1039.at(options.day),
        split_lines=options.split_lines,
        destination=profile.destination,
        tariff=tariff,
    )
    findings += [_placed(book, lines, finding) for finding in declared.findings]
    return Shipment(
        file=book.file,
        day=options.day,
        language=options.language,
        profile=profile,
        rates=_rates_used(rates, lines),
        lines=tuple(lines),
        value_usd_cents=tuple(line.value_usd_cents for line in declarable),
        set_aside=tuple(set_aside),
        containers=plan.containers,
        left_out=plan.left_out,
        declarations=declared.declarations,
        findings=tuple(_in_book_order(findings)),
        price_bound_minor=plan.price_bound_minor,
        forms_min=declared.forms_min,
        excluded=tuple(excluded),
        tables=book.tables,
    )


def _profile(given: Path | Profile | None) -> Profile:
    if isinstance(given, Path):
        return read_profile(given)
    return given or Profile()


def _read(orders: Path, options: ShipOptions) -> OrderBook:
    try:
        return read_orders(
            orders,
            day=options.day,
            currency=options.currency,
            map_file=options.column_map,
            column_map=options.column_map_data,
            remembered=options.remembered,
            corrections=options.corrections,
        )
    except UnusableInput as refusal:
        file = whole_characters(orders.name)
        reason = error(refusal.rule, file=file, details=dict(refusal.details))
        return OrderBook(file, (), (), (reason,))


def _without_excluded(book: OrderBook, options: ShipOptions) -> tuple[OrderBook, list[Excluded]]:
    """The book without the rows that she left out, and these. A note takes the place of what was found about them.

    UsageError: a row that is to be left out and must travel.
    """
    out = options.excluded
    if both := sorted(out & options.pinned):
        sheet, row = both[0]
        raise UsageError("row_excluded_and_pinned", sheet=sheet, row=row)
    lines = [line for line in book.lines if (line.sheet, line.row) in out]
    gone = [Excluded(line.sheet, line.row, line.stall, line.item, line.name, line.cartons) for line in lines]
    gone += [Excluded(aside.sheet, aside.row) for aside in book.set_aside if (aside.sheet, aside.row) in out]
    findings = [finding for finding in book.findings if not _is_moot(finding, out)]
    findings += [note("row_excluded", file=book.file, sheet=row.sheet, row=row.row, value=row.item) for row in gone]
    kept = replace(
        book,
        lines=tuple(line for line in book.lines if (line.sheet, line.row) not in out),
        set_aside=tuple(aside for aside in book.set_aside if (aside.sheet, aside.row) not in out),
        findings=tuple(findings),
    )
    order = _in_book_place(book)
    return kept, sorted(gone, key=lambda row: order(SetAside(row.sheet, row.row)))


def _is_moot(finding: Finding, excluded: frozenset[Row]) -> bool:
    """Whether it is about a row that was left out, or about a line that stands a second time in one."""
    other = (finding.details.get("other_sheet"), finding.details.get("other_row"))
    return (finding.sheet, finding.row) in excluded or other in excluded


def _unknown_rows(book: OrderBook, options: ShipOptions) -> list[Finding]:
    """Rows that she chose, but that are none of the book's (it was replaced, or a column is understood otherwise)."""
    known = {(line.sheet, line.row) for line in book.lines} | {(aside.sheet, aside.row) for aside in book.set_aside}
    return [
        warning("row_chosen_unknown", file=book.file, sheet=sheet, row=row)
        for sheet, row in sorted(options.excluded | options.pinned)
        if (sheet, row) not in known
    ]


def _with_rates(book: OrderBook, options: ShipOptions) -> tuple[OrderBook, list[Finding]]:
    """The book without the lines in a currency that no rate reaches, and an error for each of these."""
    lost = {currency for currency in {line.currency for line in book.lines} if not _has_rate(currency, options)}
    if not lost:
        return book, []
    gone = [line for line in book.lines if line.currency in lost]
    findings = [error("line_without_rate", value=line.currency, **book.cell(line, "price", "value")) for line in gone]
    kept = tuple(line for line in book.lines if line.currency not in lost)
    aside = (*book.set_aside, *(SetAside(line.sheet, line.row) for line in gone))
    return replace(book, lines=kept, set_aside=tuple(sorted(aside, key=_in_book_place(book)))), findings


def _has_rate(currency: str, options: ShipOptions) -> bool:
    try:
        resolve_rates(options.rates, {currency}, options.day, parameters("exchange"))
    except UsageError as fault:
        if fault.rule == "rate_missing":
            return False
        raise
    return True


def _chosen_types(options: ShipOptions) -> list[ContainerType]:
    known = container_types(options.day)
    if options.container == AUTO:
        return list(known.values())
    if options.container not in known:
        raise UsageError("container_type_unknown", value=options.container, known=", ".join(known))
    return [known[options.container]]


def _eligible(
    book: OrderBook, rates: Rates, types: Sequence[ContainerType], options: ShipOptions
) -> tuple[list[Line], list[SetAside], list[Finding]]:
    """(lines that ship, rows set aside, why): cartons that no container takes, goods that no form takes."""
    refused = unloadable(book.lines, types, upright=options.upright)
    declarable = _declarable(book.lines, rates)
    declared = declare(declarable, rules=Rules1039.at(options.day), split_lines=options.split_lines)
    not_declared = set(declared.not_declared)
    findings = [_placed(book, book.lines, finding) for finding in refused.values()]
    findings += [
        _placed(book, book.lines, finding)
        for finding in declared.findings
        if finding.severity is Severity.ERROR and finding.line in not_declared
    ]
    gone = not_declared | refused.keys()
    lines = [line for index, line in enumerate(book.lines) if index not in gone]
    aside = [*book.set_aside, *(SetAside(book.lines[i].sheet, book.lines[i].row) for i in sorted(gone))]
    return lines, sorted(aside, key=_in_book_place(book)), findings


def _in_book_place(book: OrderBook) -> Callable[[SetAside], tuple[int, int]]:
    """The order of rows in the book."""
    sheets = {table.sheet: number for number, table in enumerate(book.tables)}
    return lambda aside: (sheets.get(aside.sheet, 0), aside.row)


def _declarable(lines: Sequence[Line], rates: Rates) -> list[DeclarableLine]:
    return [
        DeclarableLine(
            line=index,
            hs=line.hs,
            name=line.name or line.item,
            unit=line.unit,
            cartons=line.cartons,
            pieces=line.pieces,
            value_usd_cents=rates.usd_cents(line.value_minor, line.currency),
            gross_g=line.gross_g,
            net_g=line.net_g,
            inspection=line.inspection,
            restricted=line.restricted,
        )
        for index, line in enumerate(lines)
    ]


def _loaded(declarable: Sequence[DeclarableLine], plan: Plan) -> list[DeclarableLine]:
    """What was left out is not declared."""
    left = {left_out.line: left_out.cartons for left_out in plan.left_out}
    return [loaded_share(line, line.cartons - left[line.line]) if line.line in left else line for line in declarable]


# Where in a row a finding about a whole line is shown: the first of these columns that the table has.
_CELLS_OF_RULE: Mapping[str, tuple[str, ...]] = {
    "carton_size_unknown": ("volume_carton", "volume", "volume_total", "size", "length", "item", "name"),
    "carton_too_large": ("size", "length", "volume_carton", "volume", "volume_total"),
    "carton_not_through_door": ("size", "length", "volume_carton", "volume", "volume_total"),
    "carton_too_heavy": ("gross_carton", "gross", "gross_total"),
    "cartons_too_many": ("cartons", "carton_numbers"),
    "cartons_left_out": ("cartons", "carton_numbers"),
    "pinned_left_out": ("cartons", "carton_numbers"),
    "line_above_form_limit": ("value", "price"),
    "carton_above_form_limit": ("value", "price"),
    "line_split_over_forms": ("value", "price"),
    "chapter_not_for_market_procurement": ("hs",),
}
_CELLS_OTHERWISE = ("name", "item")


def _placed(book: OrderBook, lines: Sequence[Line], finding: Finding) -> Finding:
    """A finding about a line of the shipment, told at its cell of the book."""
    if finding.line is None:
        return replace(finding, file=book.file)
    place = book.cell(lines[finding.line], *_CELLS_OF_RULE.get(finding.rule, ()), *_CELLS_OTHERWISE)
    return replace(finding, line=None, **place)


def _profile_findings(file: str, profile: Profile) -> list[Finding]:
    missing = [name for name in MISSING_MATTERS if not getattr(profile, name)]
    return [warning("profile_incomplete", file=file, details={"fields": ", ".join(missing)})] if missing else []


def _rates_used(rates: Rates, lines: Sequence[Line]) -> tuple[Rate, ...]:
    used: dict[str, Rate] = {}
    for currency in sorted({line.currency for line in lines}):
        for rate in rates.chain(currency, "USD") or ():
            used[rate.pair] = rate
    return tuple(used.values())


def _in_book_order(findings: Sequence[Finding]) -> list[Finding]:
    sheets: dict[str, int] = {}
    for finding in findings:
        sheets.setdefault(finding.sheet, len(sheets) if finding.sheet else -1)
    return sorted(findings, key=lambda finding: (sheets[finding.sheet], finding.row))


# Writing.


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """A folder inside `out` in which the files are made; at the end each moves to its name. EnvironmentFault."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for abandoned in out.glob(_UNFINISHED + "*-*"):
            if not _is_running(abandoned.name.removeprefix(_UNFINISHED).partition("-")[0]):  # its job was killed
                shutil.rmtree(abandoned, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{_UNFINISHED}{os.getpid()}-", dir=out))
    except OSError as fault:
        raise unwritable(out, fault) from fault
    try:
        yield folder
        made = {file.name for file in folder.iterdir()}
        for name in sorted(made):
            os.replace(folder / name, out / name)
        for drawing in drawings_in(out):  # of a container that an earlier plan had more
            if drawing.name not in made:
                drawing.unlink()
    except OSError as fault:
        if not is_of_files(fault):
            raise
        raise unwritable(out, fault) from fault
    finally:
        _remove(folder)


def is_of_files(fault: OSError) -> bool:
    """Whether it tells of a file or a disk. A library that finds no room in memory raises an OSError too, with no
    number or with that of memory."""
    return fault.errno not in (None, errno.ENOMEM)


def unwritable(folder: Path, fault: OSError) -> EnvironmentFault:
    rule = "disk_full" if fault.errno in (errno.ENOSPC, errno.EDQUOT) else "folder_unwritable"
    return EnvironmentFault(rule, folder=str(folder), fault=fault.strerror or str(fault))


def _remove(folder: Path) -> None:
    """Also while the last of what a killed process wrote still appears there."""
    for _ in range(_REMOVALS_MAX):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(_REMOVAL_S)


def _is_running(process: str) -> bool:
    """Whether a process of this number runs on this machine."""
    if not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _write(shipment: Shipment, orders: Path, folder: Path, options: ShipOptions, progress: Progress) -> None:
    from sundry.goods.shipping.papers import write_papers

    (folder / "shipment.json").write_text(
        json.dumps(shipment.to_json(), ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8"
    )
    write_papers(shipment, folder, progress)
    write_checked(
        orders,
        folder / "checked.xlsx",
        shipment.findings,
        language=shipment.language,
        corrections=options.corrections,
    )
