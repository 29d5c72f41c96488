"""`sundry read`: printed pages of a newspaper, as text, into articles, statements, entities and checks."""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sundry.kernel.errors import SundryError, UnusableInput, UsageError
from sundry.kernel.messages import LANGUAGES
from sundry.kernel.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console

    from sundry.engines.reading.answering import Answer
    from sundry.engines.reading.model import Region

HOME = "330782"  # the model town
BYTES_MAX = 10 * 1024 * 1024
UNUSABLE = UnusableInput.exit_code
_CODE = re.compile(r"([0-9]{6})(?:[:：] ?(\S.{0,40}))?")


def register(subparsers: Any) -> None:
    command = subparsers.add_parser(
        "read",
        help="read printed pages into figures",
        description="Read pages of a newspaper, as text, into articles, statements with their places, and checks.",
    )
    command.add_argument("pages", metavar="PAGE", type=Path, nargs="+", help="a page as text: UTF-8, UTF-16 or GB18030")
    command.add_argument("--issued", metavar="YYYY-MM-DD", help="day of issue (default: inferred from the page)")
    command.add_argument(
        "--home",
        metavar="CODE",
        default=HOME,
        help=f"the paper's own town, as CODE or CODE:NAME, and what it lies in after commas (default: {HOME})",
    )
    command.add_argument("--language", choices=LANGUAGES, default="en", help="language of messages")
    command.set_defaults(handler=handle)


def handle(arguments: argparse.Namespace, console: Console) -> Outcome:
    from sundry.engines.reading.answering import as_data, refused, tell

    issued, home = day_named(arguments.issued), home_named(arguments.home)
    told: list[dict[str, Any]] = []
    is_usable = False
    for file in arguments.pages:
        try:
            answer = read_file(file, issued=issued, home=home)
        except SundryError as fault:
            if len(arguments.pages) == 1:
                raise
            console.print(fault.message(arguments.language), markup=False)
            told.append(refused(file.name, fault.to_json(arguments.language)))
            continue
        tell(answer, arguments.language, console)
        told.append(as_data(answer, arguments.language))
        is_usable = is_usable or answer.is_usable
    return Outcome(exit_code=0 if is_usable else UNUSABLE, data=told)


def read_file(file: Path, *, issued: date | None, home: Region) -> Answer:
    """Read one page; without `issued` the day that the page itself gives. UnusableInput: it is no text."""
    from sundry.engines.reading.answering import Answer
    from sundry.engines.reading.decoding import decode
    from sundry.engines.reading.issue_date import Issue, infer_issue_date
    from sundry.engines.reading.reader import LONGEST, read

    page = decode(_bytes(file))
    issue = Issue(issued, (), "given")
    if issued is None:
        issue = infer_issue_date(page.text[:LONGEST])
    reading = read(page.text, issued=issue.day, home=home)
    return Answer(file.name, page.text, home, issue, reading, page.findings)


def _bytes(file: Path) -> bytes:
    from sundry.engines.reading.decoding import is_pdf, is_text

    try:
        with file.open("rb") as opened:
            data = opened.read(BYTES_MAX + 1)
    except OSError as fault:
        raise UnusableInput("reading_file_unreadable", file=file.name, fault=fault.strerror or str(fault)) from None
    if is_pdf(data):
        raise UnusableInput("reading_is_pdf", file=file.name)
    if not is_text(data):
        raise UnusableInput("reading_not_text", file=file.name)
    if len(data) > BYTES_MAX:
        raise UnusableInput("reading_file_too_large", file=file.name, most=BYTES_MAX // 1024**2)
    return data


def day_named(given: str | None) -> date | None:
    """UsageError: not a day of the calendar written as YYYY-MM-DD, or in a year of no newspaper (0226 for 2026)."""
    from sundry.engines.reading.issue_date import YEARS

    if given is None:
        return None
    try:
        day = date.fromisoformat(given) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given) else None
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise UsageError("reading_issued_wrong", value=given)
    return day


def home_named(given: str) -> Region:
    """A division by its code of GB/T 2260; with a name after a colon also one that is not in our list. UsageError.

    What it lies in may follow, the nearest first: 990182:麓泽市,990100:岑江市,990000:苍原省.
    """
    from sundry.engines.reading.model import Region

    home, *parents = (Region(*_division(one)) for one in given.split(","))
    return Region(home.code, home.name, tuple(parents))


def _division(given: str) -> tuple[str, str]:
    from sundry.engines.reading.regions import name_of

    found = _CODE.fullmatch(given)
    name = (found[2] or name_of(found[1])) if found else ""
    if found is None or not name or not name.isprintable():
        raise UsageError("reading_home_unknown", value=given)
    return found[1], name
