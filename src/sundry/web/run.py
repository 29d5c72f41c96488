"""`sundry run`: a first look. A sample order book is written and shipped, and the way into its papers is shown.

Problem: somebody who has just cloned this has no order book at hand and no wish to read a manual. Therefore one command
makes a book from a seed, does the real thing with it by the same action as `sundry ship`, and says which of the papers
to open first.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sundry.kernel.errors import EnvironmentFault
from sundry.kernel.messages import LANGUAGES, render
from sundry.kernel.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console

    from sundry.simulation.order_book import SampleTruth

SEED = 20260411
SECONDS = 5.0  # for the loading plan
BOOK_NAME = "sample-order-book.xlsx"
PROFILE_NAME = "sample-profile.yaml"

# In the order in which one should open them.
_FIRST = {
    "loading.html": "run_open_loading_html",
    "checked.xlsx": "run_open_checked",
    "declarations.xlsx": "run_open_declarations",
    "packing-list.xlsx": "run_open_packing_list",
    "invoice.pdf": "run_open_invoice",
    "loading.pdf": "run_open_loading_pdf",
    "shipment.json": "run_open_shipment_json",
}

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
    command = subparsers.add_parser("run", help="a first look: ship a sample order book", description=__doc__)
    command.add_argument("--out", type=Path, default=Path("out"), metavar="DIR", help="where all goes (default: out)")
    command.add_argument("--seed", type=int, default=SEED, metavar="N", help=f"another book (default: {SEED})")
    command.add_argument("--language", choices=LANGUAGES, default="en", help="of messages (default: en)")
    command.set_defaults(handler=handle)


def handle(arguments: argparse.Namespace, console: Console) -> Outcome:
    from sundry.goods.shipping.actions import ShipOptions, ship
    from sundry.goods.shipping.commands import exit_code, show_shipment, shown_progress

    language, out = arguments.language, arguments.out
    truth = _write_inputs(out, arguments.seed)
    book = out / BOOK_NAME
    values = {"file": book, "lines": len(truth.lines), "mistakes": len(truth.mistakes), "cartons": truth.cartons}
    console.print(render("run_book_written", language, values), markup=False, soft_wrap=True)
    options = ShipOptions(
        day=date.today(),  # noqa: DTZ011 - the day on the person's own wall
        profile=out / PROFILE_NAME,
        seconds=SECONDS,
        language=language,
    )
    with shown_progress(console, language) as progress:
        shipment = ship(book, out, options, progress=progress)
    show_shipment(shipment, out, console)
    _show_the_way(out, language, console)
    files = sorted(file.name for file in out.iterdir() if file.is_file())
    data = {"out": str(out.resolve()), "book": BOOK_NAME, "seed": arguments.seed, "files": files}
    return Outcome(exit_code(shipment, strict=False), data | {"totals": shipment.totals()})


def _write_inputs(out: Path, seed: int) -> SampleTruth:
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


def _show_the_way(out: Path, language: str, console: Console) -> None:
    """Which paper to open first, and what to do next."""
    from rich.table import Table

    console.print()
    console.print(render("run_open_first", language, {}), markup=False, soft_wrap=True)
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, rule in _FIRST.items():
        if (out / name).exists():
            table.add_row(f"  {out / name}", render(rule, language, {}))
    console.print(table)
    values = {"program": _called(), "profile": out / PROFILE_NAME}
    console.print(render("run_next", language, values), markup=False, soft_wrap=True)


def _called() -> str:
    """How this program is called from here: `.venv/bin/sundry` in a clone, `sundry` where it is on the path."""
    program = Path(sys.argv[0])
    here = program.is_absolute() and program.is_relative_to(Path.cwd())
    return str(program.relative_to(Path.cwd())) if here else str(program) if program.parent.name == "bin" else "sundry"
