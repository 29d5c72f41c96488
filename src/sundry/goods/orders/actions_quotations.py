"""What happens to quotations: a stall writes, sends, revises and withdraws them; a buyer accepts or declines them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sundry.base.access.rules import Actor
from sundry.goods.orders.enquiry_rules import Accepted, QuotedLine, Terms


def save_quotation(
    *,
    actor: Actor,
    conversation: uuid.UUID,
    terms: Terms,
    lines: Sequence[QuotedLine],
    quotation: uuid.UUID | None = None,
    key: uuid.UUID | None = None,
    now: datetime,
) -> uuid.UUID:
    """A draft, new or (`quotation`) written anew, which only the stall sees. The same key again: the same draft.
    NotThere; NotNow: it is no draft any more; Refused: what is wrong, by line (row = its place from 1)."""
    raise NotImplementedError


def send(*, actor: Actor, quotation: uuid.UUID, now: datetime) -> None:
    """To the buyer; the version before counts no more. NotThere; AlreadyDone; Refused: it cannot be sent as it is (no
    line, valid until yesterday)."""
    raise NotImplementedError


def revise(*, actor: Actor, quotation: uuid.UUID, now: datetime) -> uuid.UUID:
    """A draft of the next version, a copy to be changed and sent; the one that is there already, if it is. NotNow: it
    was accepted."""
    raise NotImplementedError


def withdraw_quotation(*, actor: Actor, quotation: uuid.UUID, reason: str = "", now: datetime) -> None:
    """By the stall. A draft is thrown away. NotThere; NotNow; AlreadyDone."""
    raise NotImplementedError


def decline_quotation(*, actor: Actor, quotation: uuid.UUID, reason: str = "", now: datetime) -> None:
    """By the buyer. NotThere; NotNow; AlreadyDone."""
    raise NotImplementedError


def accept_quotations(
    *,
    actor: Actor,
    quotations: Sequence[uuid.UUID],
    pieces: Mapping[uuid.UUID, int] | None = None,
    order: int | None = None,
    place: bool = False,
    key: uuid.UUID | None = None,
    now: datetime,
) -> Accepted:
    """Put the lines of quotations in a basket (`order`, else a new one) at the quoted prices, and place it if asked to.
    `pieces`: by the id of a quoted line, 0 leaves it out; else as many as it is laid out for. The same key again: the
    same answer. All or nothing: Refused (expired, superseded, withdrawn, another currency, too few pieces), Stale
    (somebody accepted it meanwhile: who, and when)."""
    raise NotImplementedError


def expire_quotations(*, now: datetime) -> int:
    """What was valid until yesterday is expired; how many. For a job."""
    raise NotImplementedError
