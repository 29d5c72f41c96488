"""`sundry sample-book`: a sample order book with deliberate mistakes, and the profile to ship it with.

Problem: somebody who wants to try `sundry ship`, or the page on which a book is dropped, has no order book at hand.
Therefore one is made from a seed: the same number gives the same book, and everything in it is invented.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sundry.kernel.errors import EnvironmentFault
from sundry.kernel.messages import LANGUAGES, render
from sundry.kernel.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console

    from sundry.simulation.order_book import SampleTruth

SEED = 20260411
BOOK_NAME = "sample-order-book.xlsx"
PROFILE_NAME = "sample-profile.yaml"

# Says who ships the sample to whom, as an agent's own profile would. All of it is invented.
_PROFILE = """\
# A profile says who ships to whom. Copy it, fill in your own, and ship with --profile FILE.
buyer: DEMO IMPORT (SAMPLE)
buyer_nationality: PA
buyer_id: SAMPLE-0001
destination: PA
consignor: SAMPLE TRADING (DEMO)
incoterm: FOB
marks: DEMO / SAMPLE
port_of_loading: NINGBO
"""


def register(subparsers: Any) -> None:
    command = subparsers.add_parser(
        "sample-book", help="write a sample order book and its profile", description=__doc__
    )
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="where they go; made if it is missing")
    command.add_argument("--seed", type=int, default=SEED, metavar="N", help=f"another book (default: {SEED})")
    command.add_argument("--language", choices=LANGUAGES, default="en", help="of messages (default: en)")
    command.set_defaults(handler=handle)


def handle(arguments: argparse.Namespace, console: Console) -> Outcome:
    language, out = arguments.language, arguments.out
    truth = _write(out, arguments.seed)
    book, profile = out / BOOK_NAME, out / PROFILE_NAME
    written = {"file": book, "lines": len(truth.lines), "mistakes": len(truth.mistakes), "cartons": truth.cartons}
    console.print(render("sample_book_written", language, written), markup=False, soft_wrap=True)
    next_step = {"program": _called(), "book": book, "profile": profile, "out": out}
    console.print(render("sample_book_next", language, next_step), markup=False, soft_wrap=True)
    found = {"out": str(out.resolve()), "book": BOOK_NAME, "profile": PROFILE_NAME, "seed": arguments.seed}
    counts = {"lines": len(truth.lines), "cartons": truth.cartons, "mistakes": len(truth.mistakes)}
    return Outcome(data=found | counts)


def _write(out: Path, seed: int) -> SampleTruth:
    """The sample book and its profile, each under its name only when it is whole. EnvironmentFault."""
    from sundry.simulation.order_book import write_sample

    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".sundry-unfinished-", dir=out) as unfinished:
            made = Path(unfinished)
            truth = write_sample(made / BOOK_NAME, seed=seed)
            (made / PROFILE_NAME).write_text(_PROFILE, encoding="utf-8")
            for name in (BOOK_NAME, PROFILE_NAME):
                os.replace(made / name, out / name)
    except OSError as fault:
        rule = "disk_full" if fault.errno in (errno.ENOSPC, errno.EDQUOT) else "folder_unwritable"
        raise EnvironmentFault(rule, folder=str(out), fault=fault.strerror or str(fault)) from fault
    return truth


def _called() -> str:
    """How this program is called from here: `.venv/bin/sundry` in a clone, `sundry` where it is on the path."""
    program = Path(sys.argv[0])
    here = program.is_absolute() and program.is_relative_to(Path.cwd())
    return str(program.relative_to(Path.cwd())) if here else str(program) if program.parent.name == "bin" else "sundry"
