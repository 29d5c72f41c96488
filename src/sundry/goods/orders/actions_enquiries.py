"""What happens to enquiries: a buyer asks many stalls at once, a stall answers a request, an enquiry is closed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sundry.base.access.rules import Actor
from sundry.goods.orders.enquiry_rules import Asked, Attachment, Question


def ask(
    *,
    actor: Actor,
    question: Question,
    mandate: uuid.UUID | None = None,
    key: uuid.UUID | None = None,
    now: datetime,
) -> Asked:
    """Ask the stalls of the goods, and the further ones, the same thing; a conversation with each. Refused: what is
    wrong with the question, or no stall is left to be asked. Those that are shut, nobody's or the asker's own are left
    out and told."""
    raise NotImplementedError


def answer_wanted(
    *,
    actor: Actor,
    wanted: uuid.UUID,
    stall: int,
    text: str,
    language: str,
    attachments: Sequence[Attachment] = (),
    key: uuid.UUID | None = None,
    now: datetime,
) -> uuid.UUID:
    """A stall answers a request for quotation: the conversation in which it stands. NotThere; NotNow; Refused."""
    raise NotImplementedError


def close_enquiry(*, actor: Actor, enquiry: int, now: datetime) -> None:
    """The buyer has what she wanted: no stall has to answer any more. NotThere; AlreadyDone."""
    raise NotImplementedError
