"""The goods of the sample market: a simulated one of twenty goods a stall, one stall of which is the sample's own.

Problem: whoever signs in as the sample's stall holder would find no goods of hers, whoever looks around no stall to
look at, and who wants to buy nobody who sells. Therefore a market from a seed is loaded, its largest toy stall given to
her, under her own sign, and the others to the sample's merchants, who answer for all of them.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import datetime
from typing import Final

import numpy as np
from django.conf import settings

from sundry.base.access.rules import Actor
from sundry.engines.searching.port import WriterBusy
from sundry.goods.catalogue import actions_stalls, indexing, queries_stalls
from sundry.simulation.market import Market, loading
from sundry.simulation.market.plan import Part

SEED: Final = 7
GOODS_A_STALL: Final = 20
SIGN: Final = {"zh": "王记玩具", "en": "Wang's Toys"}


def market() -> Market | None:
    """The market that this sample shows; None: it is to show none."""
    goods = settings.SUNDRY.sample_goods
    return Market(goods, max(goods // GOODS_A_STALL, 1), SEED) if goods else None


def own_stall(of: Market) -> uuid.UUID:
    """The stall with most goods among those of the trade that stands first: toys."""
    sizes = np.diff(of.bounds)[: of.trades.count(of.trades[0])]
    return of.id(Part.STALL, int(sizes.argmax()))


def is_there(of: Market) -> bool:
    return loading.goods_there(of) == of.goods


def is_claimed(of: Market) -> bool:
    """Whether the stall is anybody's."""
    stall = queries_stalls.stall(own_stall(of))
    return stall is not None and stall.organisation is not None


def are_all_claimed(of: Market) -> bool:
    """Whether somebody answers at the last stall of the register: they are given all at once."""
    stall = queries_stalls.stall(of.id(Part.STALL, of.stalls - 1))
    return stall is not None and stall.organisation is not None


def claim_others(of: Market, *, operator: Actor, organisation: uuid.UUID, now: datetime) -> None:
    """The operator gives the stalls that are nobody's to the sample's merchants. NotNow: they are no merchants."""
    stalls = [of.id(Part.STALL, index) for index in range(of.stalls)]
    actions_stalls.claim_unclaimed(actor=operator, stalls=stalls, organisation=organisation, now=now)


def load(of: Market) -> None:
    """All goods, or those that are missing. Search knows nothing of them until `tell_search`."""
    loading.load(of)


def tell_search() -> None:
    """Make the index of goods anew. It takes as long as the loading; where another process is at it already, let it."""
    with suppress(WriterBusy):
        indexing.rebuild()


def claim(of: Market, *, operator: Actor, holder: Actor, organisation: uuid.UUID, now: datetime) -> None:
    """The operator gives the stall to the sample's organisation, and its holder hangs up her sign. NotThere."""
    actions_stalls.claim(actor=operator, stall=own_stall(of), organisation=organisation, now=now)
    stall = queries_stalls.stall(own_stall(of))
    if stall is not None:
        actions_stalls.change_stall(
            actor=holder,
            stall=stall.card.id,
            names=SIGN,
            about=stall.about,
            mixed_batch=stall.mixed_batch,
            language=stall.language,
            is_open=True,
            version=stall.version,
            now=now,
        )
