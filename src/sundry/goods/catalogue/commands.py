"""`sundry catalogue reindex`: make the index of search anew from the database, beside the one that answers."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, Any

from sundry.kernel.messages import LANGUAGES, render
from sundry.kernel.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console


def register(subparsers: Any) -> None:
    command = subparsers.add_parser(
        "catalogue",
        help="make the index of goods anew",
        description="reindex: read every good that is on show and put a new index in the place of the old one.",
    )
    command.add_argument("task", choices=["reindex"], help="what to do")
    command.add_argument("--language", choices=LANGUAGES, default="en", help="of messages (default: en)")
    command.set_defaults(handler=_reindex, needs_database=True)


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
