"""`sundry sample`: the people and organisations of a sample market, made or made anew."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from sundry.kernel.errors import UsageError
from sundry.kernel.messages import LANGUAGES, render
from sundry.kernel.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console

    from sundry.simulation.sample_market import Loading


def register(subparsers: Any) -> None:
    command = subparsers.add_parser(
        "sample", help="fill a sample market with people and organisations, or mend them", description=__doc__
    )
    command.add_argument(
        "--reset", action="store_true", help="take the sample's own things away first; what people made stays"
    )
    command.add_argument("--language", choices=LANGUAGES, default="en", help="of messages (default: en)")
    command.set_defaults(handler=_sample, needs_database=True)


def _sample(arguments: argparse.Namespace, console: Console) -> Outcome:
    from django.conf import settings
    from django.utils import timezone

    from sundry.simulation.sample_market import SHELVES, load
    from sundry.simulation.sample_shelves import tell_search

    if settings.SUNDRY.market != "sample":
        raise UsageError("sample_on_real_market")
    loading = load(now=timezone.now(), reset=arguments.reset)
    if SHELVES in loading.made:
        tell_search()
    for line in _told(loading, arguments.language):
        console.print(line, markup=False)
    return Outcome(
        data={
            "made": loading.made,
            "kept": loading.kept,
            "removed": loading.removed,
            "left_out": [{"name": name, "rule": fault.rule} for name, fault in loading.left_out],
        }
    )


def _told(loading: Loading, language: str) -> list[str]:
    """What was done, in whole sentences; nothing about what did not happen."""
    counted = (
        ("sample_removed", loading.removed),
        ("sample_made", loading.made),
        ("sample_kept", loading.kept),
    )
    lines = [render(rule, language, {"count": len(names)}) for rule, names in counted if names]
    for name, fault in loading.left_out:
        lines.append(render("sample_left_out", language, {"name": name, "why": fault.message(language)}))
    return lines
