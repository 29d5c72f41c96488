"""A market from a seed, put into the database: whole, or as far as it came, and then further.

Problem: two million goods take minutes, in which somebody presses Ctrl-C or a machine is switched off; and who runs the
command twice wants one market, not two. Therefore everything has an id that the market's three numbers and its place in
the market give. What is there is asked for by these ids: the stalls and products come in one transaction each, goods in
blocks, in order, so that the greatest id of a good says where to go on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from io import BytesIO

from sundry.goods.catalogue import bulk, paper_files
from sundry.goods.catalogue.bulk_rows import LoadedPaper
from sundry.goods.catalogue.rules import PHOTO_WIDTHS
from sundry.kernel.errors import SundryError
from sundry.simulation.market import composing, drawings, places
from sundry.simulation.market.plan import LAST_DAY, Market, Part

Progress = Callable[[str, int, int], None]
"""Hears what is being done ("stalls", "goods"), how many are done, and of how many."""


class AlreadyLoading(SundryError):
    """Another process loads a market into this database."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """`before`: goods that were there already; `goods`: those that were loaded now."""

    before: int
    goods: int
    stalls: int


def load(market: Market, *, block: int = bulk.BLOCK, progress: Progress = lambda what, done, whole: None) -> Loaded:
    """Load what is missing of it, and tell search nothing: whoever asked rebuilds the index. Stopped between two
    blocks (of that many goods), it keeps what it has; the next run goes on. AlreadyLoading: nothing was done."""
    with bulk.alone() as held:
        if not held:
            raise AlreadyLoading("simulate_already")
        return _load(market, block, progress)


def _load(market: Market, block: int, progress: Progress) -> Loaded:
    before = goods_there(market)
    if before == market.goods:
        return Loaded(before, 0, 0)
    album = drawings.Album()
    stalls = 0 if _has_stalls(market) else load_stalls(market, _paper())
    progress("stalls", market.stalls, market.stalls)
    bulk.load_goods(
        composing.goods(market, album=album.photo, start=before),
        block=block,
        announce=False,
        progress=lambda loaded: progress("goods", before + loaded, market.goods),
    )
    bulk.analyse()
    return Loaded(before, market.goods - before, stalls)


def goods_there(market: Market) -> int:
    """How many goods of this market were loaded: all up to the greatest id."""
    last = bulk.last_between(market.id(Part.GOOD, 0), market.id(Part.GOOD, market.goods - 1))
    return 0 if last is None else market.index(last) + 1


def _has_stalls(market: Market) -> bool:
    return bulk.are_there([market.id(Part.STALL, market.stalls - 1)])


def _paper() -> str:
    """The scan that every stall hands in for its brand: a drawing of one."""
    out = BytesIO()
    drawings.drawing("paper", 0)[PHOTO_WIDTHS[-1]].save(out, "PNG")
    return paper_files.keep(out.getvalue())


def load_stalls(market: Market, paper: str) -> int:
    """With halls, products and the brands that the stalls may sell; all of it or nothing."""
    at = datetime.combine(LAST_DAY, time(8), UTC)
    standing = list(places.stalls(market, bulk.taken_places()))
    papers = [
        LoadedPaper(stall.id, composing.brand(market, number), paper, LAST_DAY.replace(year=LAST_DAY.year - 3), at)
        for number, stall in enumerate(standing)
    ]
    bulk.load_stalls(standing, halls=places.halls(market), papers=papers, products=list(composing.products(market)))
    return len(standing)
