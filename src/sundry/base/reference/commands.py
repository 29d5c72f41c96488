"""`sundry reference load | show`: tables of others into the market, and what a code means on a day, at a terminal."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sundry.base.reference.columns import storable
from sundry.base.reference.rules import Kind
from sundry.kernel.errors import EnvironmentFault, UnusableInput, UsageError
from sundry.kernel.messages import LANGUAGES, render
from sundry.kernel.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console

    from sundry.base.reference.actions import LeftOut, Loaded
    from sundry.base.reference.loading import File

TOLD: Final = 20  # findings of a file at a terminal


def register(subparsers: Any) -> None:
    command = subparsers.add_parser(
        "reference",
        help="load tables of codes, ports and rates; show what a code means",
        description="Load tables that others publish, each from a day on; show what a code means on a day.",
    )
    tasks = command.add_subparsers(dest="task", required=True, metavar="TASK")
    loaded = tasks.add_parser("load", help="load a file, a folder, or the small set that comes with Sundry")
    loaded.add_argument("path", metavar="PATH", type=Path, nargs="?", help="file or folder (default: our own set)")
    loaded.add_argument(
        "--kind", choices=[kind.value for kind in Kind], help="which table a file is (default: as its header says)"
    )
    loaded.add_argument("--from", dest="day", metavar="YYYY-MM-DD", help="the first day of the edition")
    loaded.add_argument("--source", metavar="TEXT", default="", help="who published it (default: the file's name)")
    shown = tasks.add_parser("show", help="show what a code means")
    shown.add_argument("code", metavar="CODE", help="country, currency, unit, term, tariff code or port")
    shown.add_argument("--day", metavar="YYYY-MM-DD", help="on which day (default: today)")
    for task in tasks.choices.values():
        task.add_argument("--language", choices=LANGUAGES, default="en", help="of messages (default: en)")
        task.add_argument(  # also after the task; before it, the command line's own counts
            "--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object on one line"
        )
    command.set_defaults(handler=handle, needs_database=True)


def handle(arguments: argparse.Namespace, console: Console) -> Outcome:
    tasks: dict[str, Callable[[argparse.Namespace, Console], Outcome]] = {"load": _load, "show": _show}
    return tasks[arguments.task](arguments, console)


# load ---------------------------------------------------------------------------------------------------------------


def _load(arguments: argparse.Namespace, console: Console) -> Outcome:
    from sundry.base.reference.actions import LeftOut

    done = _done(arguments)
    language = arguments.language
    loaded = [one for one in done if not isinstance(one, LeftOut)]
    left_out = [one for one in done if isinstance(one, LeftOut)]
    if not done:
        _say(console, render("reference_own_stands", language, {}))
    for one in loaded:
        for line in _told(one, language):
            _say(console, line)
    for other in left_out:
        _say(console, other.fault.message(language))
    stands = any(not one.is_refused for one in loaded) or not done or any(_is_there(one) for one in left_out)
    data = {
        "loads": [_json(one, language) for one in loaded],
        "left_out": [{"file": one.file, **one.fault.to_json(language)} for one in left_out],
    }
    return Outcome(0 if stands else UnusableInput.exit_code, data)


def _done(arguments: argparse.Namespace) -> tuple[Loaded | LeftOut, ...]:
    from django.utils import timezone

    from sundry.base.access.rules import Actor, Through
    from sundry.base.reference import actions

    actor, now, day = Actor(through=Through.COMMAND), timezone.now(), _day(arguments.day)
    if arguments.path is None:
        return actions.load_own(actor=actor, now=now)
    if arguments.path.is_dir():
        given = list(_files(arguments.path))
        return actions.load_folder(actor=actor, given=given, now=now, valid_from=day, source=arguments.source)
    try:
        loaded = actions.load_file(
            actor=actor,
            file=_file(arguments.path),
            now=now,
            kind=Kind(arguments.kind) if arguments.kind else None,
            valid_from=day,
            source=arguments.source,
        )
    except actions.AlreadyLoaded as told:
        return (actions.LeftOut(arguments.path.name, told),)
    return (loaded,)


def _is_there(one: LeftOut) -> bool:
    from sundry.base.reference.actions import AlreadyLoaded

    return isinstance(one.fault, AlreadyLoaded)


def _told(one: Loaded, language: str) -> Iterator[str]:
    values = {"file": one.file, "kind": str(one.kind), "rows": one.rows, "day": one.valid_from}
    if one.is_refused:
        yield render("reference_refused", language, {**values, "count": one.found})
    else:
        yield render("reference_loaded", language, {**values, "added": one.added, "ended": one.ended})
    for finding in one.findings[:TOLD]:
        place = {"row": finding.row, "column": finding.column or "–", "message": finding.message(language)}
        yield "  " + render("reference_finding_at", language, place)
    if one.found > TOLD:
        yield "  " + render("reference_more_findings", language, {"count": one.found - TOLD})


def _json(one: Loaded, language: str) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "file": one.file,
        "kind": str(one.kind),
        "valid_from": one.valid_from.isoformat(),
        "refused": one.is_refused,
        "rows": one.rows,
        "added": one.added,
        "ended": one.ended,
        "kept_away": one.kept_away,
        "findings": [finding.to_json(language) for finding in one.findings],
    }


def _files(folder: Path) -> Iterator[File]:
    """All files of the folder and of those below it, by name."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield _file(path)


def _file(path: Path) -> File:
    """No more than tells that it is too large. EnvironmentFault, UnusableInput."""
    from sundry.base.reference.formats.opening import FILE_BYTES_MAX
    from sundry.base.reference.loading import File

    try:
        with path.open("rb") as opened:
            return File(storable(path.name), opened.read(FILE_BYTES_MAX + 1))
    except FileNotFoundError as fault:
        raise UnusableInput("reference_folder_unreadable", path=path.name, fault=fault.strerror) from fault
    except OSError as fault:
        told = fault.strerror or str(fault)
        raise EnvironmentFault("reference_folder_unreadable", path=path.name, fault=told) from fault


# show ---------------------------------------------------------------------------------------------------------------


def _show(arguments: argparse.Namespace, console: Console) -> Outcome:
    from django.utils.timezone import localdate

    from sundry.base.reference import showing

    day = _day(arguments.day) or localdate()
    found = showing.meanings(arguments.code, day, arguments.language)
    if not found:
        _say(console, render("reference_nothing_called", arguments.language, {"value": arguments.code, "day": day}))
        return Outcome(UnusableInput.exit_code, {"code": arguments.code, "day": day.isoformat(), "found": []})
    for one in found:
        _say(console, f"{one.kind}  {one.code}  {one.name}")
        for what, value in one.told.items():
            _say(console, f"  {what}: {value}")
        _say(console, f"  {one.valid_from} – {one.valid_until or ''}  {one.source}")
    return Outcome(0, {"code": arguments.code, "day": day.isoformat(), "found": [one.to_json() for one in found]})


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, soft_wrap=True)


def _day(written: str | None) -> date | None:
    """UsageError: no day."""
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UsageError("reference_day_malformed", value=written) from None
