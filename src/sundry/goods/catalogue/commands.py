"""`sundry catalogue reindex | halls`: make the index of search anew; open the market's halls from a sheet."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sundry.kernel.errors import EnvironmentFault, UnusableInput
from sundry.kernel.messages import LANGUAGES, render
from sundry.kernel.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console

    from sundry.goods.catalogue.actions_stalls import HallsPut
    from sundry.goods.catalogue.halls_sheet import HallSheet
    from sundry.kernel.findings import Finding

TOLD: Final = 20  # findings of a sheet at a terminal


def register(subparsers: Any) -> None:
    command = subparsers.add_parser(
        "catalogue",
        help="make the index of goods anew; open the market's halls from a sheet",
        description="reindex: put a new index in the place of the old one. halls: open and name buildings.",
    )
    tasks = command.add_subparsers(dest="task", required=True, metavar="TASK")
    tasks.add_parser("reindex", help="read every good that is on show and put a new index in the place of the old one")
    halls = tasks.add_parser("halls", help="open halls, and give them their names, from a CSV or a workbook")
    halls.add_argument("file", metavar="FILE", type=Path, help="with the columns code, name_zh ..., trade_zh ...")
    halls.add_argument("--preview", action="store_true", help="say what would be done, and do nothing")
    for task in tasks.choices.values():
        task.add_argument("--language", choices=LANGUAGES, default="en", help="of messages (default: en)")
        task.add_argument(  # also after the task; before it, the command line's own counts
            "--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object on one line"
        )
    command.set_defaults(handler=handle, needs_database=True)


def handle(arguments: argparse.Namespace, console: Console) -> Outcome:
    tasks: dict[str, Callable[[argparse.Namespace, Console], Outcome]] = {"reindex": _reindex, "halls": _halls}
    return tasks[arguments.task](arguments, console)


def _reindex(arguments: argparse.Namespace, console: Console) -> Outcome:
    from rich.console import Console

    from sundry.goods.catalogue import indexing

    begun = time.monotonic()
    with Console(stderr=True).status("") as status:  # only a terminal shows it
        goods = indexing.rebuild(
            lambda written: status.update(render("catalogue_index_writing", arguments.language, {"count": written}))
        )
    seconds = round(time.monotonic() - begun, 1)
    told = {"goods": goods, "seconds": seconds}
    console.print(render("catalogue_index_made", arguments.language, told), markup=False, soft_wrap=True)
    return Outcome(0, told)


# halls --------------------------------------------------------------------------------------------------------------


def _halls(arguments: argparse.Namespace, console: Console) -> Outcome:
    """All of the sheet, or nothing where a cell of it is wrong: then the exit code is 3."""
    from sundry.base.access.rules import Actor, Through
    from sundry.goods.catalogue import actions_stalls
    from sundry.goods.catalogue.formats.goods_xlsx import read_sheets
    from sundry.goods.catalogue.halls_sheet import judged

    sheet = judged(read_sheets(_read(arguments.file)))
    put = None
    if not sheet.is_faulty:
        actor, halls = Actor(through=Through.COMMAND), [row.hall for row in sheet.halls]
        put = actions_stalls.put_halls(actor=actor, halls=halls, dry=arguments.preview)
    for line in _told(sheet, put, arguments):
        console.print(line, markup=False, soft_wrap=True)
    codes = {name: list(getattr(put, name)) if put else [] for name in ("new", "changed", "same")}
    data = {
        "file": arguments.file.name,
        "written": put is not None and not arguments.preview,
        **codes,
        "findings": [finding.to_json(arguments.language) for finding in sheet.findings],
    }
    return Outcome(0 if put else UnusableInput.exit_code, data)


def _told(sheet: HallSheet, put: HallsPut | None, arguments: argparse.Namespace) -> Iterator[str]:
    language = arguments.language
    for finding in sheet.findings[:TOLD]:
        yield _at(finding, language)
    if (more := len(sheet.findings) - TOLD) > 0:
        yield render("catalogue_halls_more_findings", language, {"count": more})
    if put is None:
        yield render("catalogue_halls_refused", language, {"file": arguments.file.name})
        return
    counts = {"new": len(put.new), "changed": len(put.changed), "same": len(put.same)}
    yield render("catalogue_halls_preview" if arguments.preview else "catalogue_halls_put", language, counts)


def _at(finding: Finding, language: str) -> str:
    """With its cell, where it has one."""
    message = finding.message(language)
    if not finding.row:
        return message
    place = {"row": finding.row, "column": finding.column, "message": message}
    return render("catalogue_halls_finding_at", language, place)


def _read(file: Path) -> bytes:
    """No more than tells that it is too large. UnusableInput, EnvironmentFault."""
    from sundry.goods.catalogue.formats.shape import FILE_BYTES_MAX

    try:
        with file.open("rb") as opened:
            return opened.read(FILE_BYTES_MAX + 1)
    except FileNotFoundError as fault:
        raise UnusableInput("catalogue_halls_unreadable", file=file.name, fault=fault.strerror) from fault
    except OSError as fault:
        told = fault.strerror or str(fault)
        raise EnvironmentFault("catalogue_halls_unreadable", file=file.name, fault=told) from fault
