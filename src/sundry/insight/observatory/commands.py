"""`sundry observatory import | export | reread`: pages in, figures out, without a browser.

What is imported is read at once, page after page, and told on the way; whoever stops it leaves what was read, and the
worker of a running market goes on with the rest.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sundry.kernel.errors import EnvironmentFault, UnusableInput
from sundry.kernel.messages import LANGUAGES, render
from sundry.kernel.outcome import Outcome

if TYPE_CHECKING:
    import uuid

    from rich.console import Console

FORMATS = ("xlsx", "parquet", "sdmx-csv", "sdmx-structure")
REREAD_MAX = 1_000_000


def register(subparsers: Any) -> None:
    command = subparsers.add_parser(
        "observatory",
        help="import printed pages, export their figures",
        description="Import printed pages and read them, export what is published, read again what is old.",
    )
    tasks = command.add_subparsers(dest="task", required=True, metavar="TASK")
    taken = tasks.add_parser("import", help="import pages and read them")
    taken.add_argument("pages", metavar="FILE", type=Path, nargs="+", help="text, or a PDF with a text layer")
    taken.add_argument("--issued", metavar="YYYY-MM-DD", help="day of issue of all (default: as each says)")
    taken.add_argument("--home", metavar="CODE", help="the paper's own town, as CODE or CODE:NAME")
    given = tasks.add_parser("export", help="write what is published into a file")
    given.add_argument("--format", choices=FORMATS, default="xlsx", help="default: xlsx")
    given.add_argument("--out", metavar="FILE", type=Path, required=True, help="the file to write")
    tasks.add_parser("reread", help="read pages again that an older reader read")
    for task in tasks.choices.values():
        task.add_argument("--language", choices=LANGUAGES, default="en", help="of messages (default: en)")
        task.add_argument(  # also after the task; before it, the command line's own counts
            "--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object on one line"
        )
    command.set_defaults(handler=handle, needs_database=True)


def handle(arguments: argparse.Namespace, console: Console) -> Outcome:
    tasks: dict[str, Callable[[argparse.Namespace, Console], Outcome]] = {
        "import": _import,
        "export": _export,
        "reread": _reread,
    }
    return tasks[arguments.task](arguments, console)


def _import(arguments: argparse.Namespace, console: Console) -> Outcome:
    from sundry.base.access.rules import Actor, Through
    from sundry.engines.reading.commands import day_named, home_named
    from sundry.insight.observatory import actions, queries, queries_figures

    issued = day_named(arguments.issued)
    home = home_named(arguments.home) if arguments.home else queries_figures.latest_home()
    files = [(file.name, _bytes(file)) for file in arguments.pages]
    made = actions.import_files(
        actor=Actor(through=Through.COMMAND), files=files, issued=issued, home=home, then_read=False
    )
    _read(made, arguments.language, console)
    found = queries.import_of(made)
    assert found is not None
    for _, rule, values in found.problems:
        console.print(render(rule, arguments.language, values), markup=False, soft_wrap=True)
    values = {"read": found.done, "failed": found.failed, "refused": len(found.problems)}
    console.print(render("observatory_imported", arguments.language, values), markup=False, soft_wrap=True)
    pages = [
        {
            "page": str(page.id),
            "file": page.name,
            "number": page.page_number,
            "issued": page.issued.isoformat() if page.issued else None,
            "published": page.published,
            "to_review": page.to_review,
            "failing": page.failing,
        }
        for page in found.pages
    ]
    problems = [
        {"file": file, "rule": rule, "message": render(rule, arguments.language, told)}
        for file, rule, told in found.problems
    ]
    is_usable = found.done > 0
    return Outcome(
        0 if is_usable else UnusableInput.exit_code,
        {"import": str(found.id), **values, "pages": pages, "problems": problems},
    )


def _read(made: uuid.UUID, language: str, console: Console) -> None:
    """All pages of the import, one by one. Whoever is interrupted leaves the rest to the worker."""
    from sundry.insight.observatory import actions, jobs, queries

    def tell() -> bool:
        found = queries.import_of(made)
        assert found is not None
        values = {"done": found.done + found.failed, "total": found.total}
        status.update(render("observatory_reading", language, values))
        return False

    from rich.console import Console as Terminal

    with Terminal(stderr=True).status("") as status:  # only a terminal shows it
        try:
            jobs.read_import(made, is_ending=tell)
        except KeyboardInterrupt:
            actions.take_up()
            raise


def _export(arguments: argparse.Namespace, console: Console) -> Outcome:
    from django.conf import settings
    from django.utils import timezone

    from sundry.insight.observatory.exports import write_export
    from sundry.insight.observatory.rules import Sought

    def write(file: IO[bytes]) -> None:
        write_export(
            file,
            format=arguments.format,
            sought=Sought(),
            market=settings.SUNDRY.address,
            language=arguments.language,
            now=timezone.localtime(),
            names=True,
        )

    _write_whole(arguments.out, write)
    values = {"file": str(arguments.out), "bytes": arguments.out.stat().st_size}
    console.print(render("observatory_exported", arguments.language, values), markup=False, soft_wrap=True)
    return Outcome(0, {"format": arguments.format, **values})


def _write_whole(out: Path, write: Callable[[IO[bytes]], None]) -> None:
    """The file whole or not at all: it is written beside and then put in its place. EnvironmentFault."""
    try:
        with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}-", delete=False) as file:
            try:
                write(file)
                file.close()
                os.chmod(file.name, 0o644)
                os.replace(file.name, out)
            except BaseException:
                os.unlink(file.name)
                raise
    except OSError as fault:
        told = fault.strerror or str(fault)
        raise EnvironmentFault("observatory_file_unwritable", file=str(out), fault=told) from fault


def _reread(arguments: argparse.Namespace, console: Console) -> Outcome:
    from django.utils import timezone

    from sundry.insight.observatory import actions

    pages = actions.reread(limit=REREAD_MAX, now=timezone.now())
    console.print(render("observatory_read_again", arguments.language, {"pages": pages}), markup=False, soft_wrap=True)
    return Outcome(0, {"pages": pages})


def _bytes(file: Path) -> bytes:
    """No more than tells that it is too large."""
    from sundry.insight.observatory.rules import BYTES_MAX

    try:
        with file.open("rb") as opened:
            return opened.read(BYTES_MAX + 1)
    except OSError as fault:
        raise UnusableInput("reading_file_unreadable", file=file.name, fault=fault.strerror or str(fault)) from None
