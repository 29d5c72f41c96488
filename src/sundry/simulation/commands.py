"""`sundry sample`: a sample market, made or made anew. `sundry simulate market`: stalls and goods from a seed."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, Any

from sundry.goods.shipping.commands import shown_progress
from sundry.kernel.errors import UsageError
from sundry.kernel.messages import LANGUAGES, render
from sundry.kernel.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console

    from sundry.simulation.market import Market
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
    command = subparsers.add_parser(
        "simulate",
        help="fill a sample market with stalls and goods from a seed",
        description="market: stalls with goods, the same for the same numbers. What was stopped is gone on with.",
    )
    command.add_argument("what", choices=["market"], help="what to simulate")
    command.add_argument("--goods", type=int, default=100_000, metavar="N", help="how many (default: 100000)")
    command.add_argument("--stalls", type=int, default=4_000, metavar="N", help="how many (default: 4000)")
    command.add_argument("--seed", type=int, default=1, metavar="N", help="which market (default: 1)")
    command.add_argument("--language", choices=LANGUAGES, default="en", help="of messages (default: en)")
    command.set_defaults(handler=_simulate, needs_database=True)


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


def _simulate(arguments: argparse.Namespace, console: Console) -> Outcome:
    from django.conf import settings

    from sundry.simulation.market import Market
    from sundry.simulation.market.plan import GOODS_MAX

    if settings.SUNDRY.market != "sample":
        raise UsageError("simulate_on_real_market")
    try:
        market = Market(arguments.goods, arguments.stalls, arguments.seed)
    except ValueError as fault:
        most = {"goods": arguments.goods, "stalls": arguments.stalls, "seed": arguments.seed, "most": GOODS_MAX}
        raise UsageError("simulate_impossible", **most) from fault
    told = _filled(market, arguments.language)
    rule = "simulate_there" if told["before"] == market.goods else "simulate_made"
    console.print(render(rule, arguments.language, told), markup=False, soft_wrap=True)
    return Outcome(data=told)


def _filled(market: Market, language: str) -> dict[str, Any]:
    """Load what is missing and make the index anew. Whoever stops it hears how far it came."""
    from rich.console import Console

    from sundry.goods.catalogue import indexing
    from sundry.simulation.market import loading

    begun = time.monotonic()
    shown = Console(stderr=True, highlight=False)
    try:
        with shown_progress(shown, language) as progress:
            loaded = loading.load(market, progress=progress)
            if loaded.goods or not _is_searchable():
                indexing.rebuild(lambda written: progress("index", written, market.goods))
    except KeyboardInterrupt:
        there = {"goods": market.goods, "there": loading.goods_there(market)}
        shown.print(render("simulate_stopped", language, there), markup=False, soft_wrap=True)
        raise
    told = {"goods": market.goods, "stalls": market.stalls, "seed": market.seed}
    return told | {"before": loaded.before, "loaded": loaded.goods, "seconds": round(time.monotonic() - begun, 1)}


def _is_searchable() -> bool:
    """Whether search holds what is on show: not where the run before was stopped while the index was made."""
    from sundry.engines.searching.port import IndexUnusable
    from sundry.goods.catalogue import bulk, indexing

    try:
        return indexing.live().index.stats().documents >= bulk.on_show()
    except IndexUnusable:
        return False


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
