"""What happens when a paper for a brand no longer holds: it has ended, or the operator takes his word back.

Goods on show that name its brand go back into the operator's queue, unless another paper of the stall stands for it.
How papers are handed in and decided stands in `actions_stalls`.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F

from sundry.base.access.actions import record
from sundry.base.access.rules import Actor
from sundry.goods.catalogue.errors import NotNow, NotThere
from sundry.goods.catalogue.models import BrandPaper, Good
from sundry.goods.catalogue.operations import PAPER_DECIDE
from sundry.goods.catalogue.queries import authorised
from sundry.goods.catalogue.rules import PaperState, State
from sundry.goods.catalogue.texts import clean
from sundry.goods.catalogue.writing import REASON_MAX, locked_stalls, moved, names_unauthorised


def revoke_paper(*, actor: Actor, paper: uuid.UUID, reason: str, now: datetime) -> int:
    """The operator accepted it and knows better now; how many goods went off show. NotThere; NotNow: it is not an
    accepted one, or no reason is given."""
    reason = clean(reason)[:REASON_MAX]
    if not reason:
        raise NotNow("catalogue_reason_missing")
    with transaction.atomic():
        stall = BrandPaper.objects.filter(id=paper).values_list("stall_id", flat=True).first()
        if stall is None:
            raise NotThere("catalogue_paper_not_there")
        locked_stalls([stall])
        row = BrandPaper.objects.select_for_update(no_key=True).get(id=paper)
        if row.state != PaperState.ACCEPTED:
            raise NotNow("catalogue_paper_not_accepted", brand=row.shown)
        row.state, row.reason, row.decided_at, row.decided_by_id = (
            PaperState.REFUSED.value,
            reason,
            now,
            actor.person,
        )
        row.save(update_fields=["state", "reason", "decided_at", "decided_by"])
        gone = _off_show(stall, now)
        details = {"revoked": True, "brand": row.brand, "stall": str(stall), "reason": reason, "goods": gone}
        record(actor=actor, operation=PAPER_DECIDE, object_kind="brand_paper", object_id=row.id, details=details)
    return gone


def end_papers(*, now: datetime) -> int:
    """Look at the stalls of which a paper has ended; how many goods went off show. A transaction for each stall."""
    ended = BrandPaper.objects.filter(state=PaperState.ACCEPTED.value, valid_until__lte=now.date())
    gone = 0
    for stall in ended.order_by("stall").values_list("stall_id", flat=True).distinct():
        with transaction.atomic():
            locked_stalls([stall])
            gone += _off_show(stall, now)
    return gone


def _off_show(stall: uuid.UUID, now: datetime) -> int:
    """The stall must be locked. At most six statements."""
    listed = Good.objects.select_for_update(no_key=True).filter(stall=stall, state=State.LISTED.value)
    brands = authorised([stall], day=now.date())[stall]
    lost = [good for good in listed.exclude(brand="").order_by("id") if names_unauthorised(good, brands)]
    Good.objects.filter(id__in=[good.id for good in lost]).update(
        state=State.SUBMITTED.value, submitted_at=now, version=F("version") + 1
    )
    for good in lost:
        good.state, good.version = State.SUBMITTED.value, good.version + 1
    moved(lost, [State.LISTED] * len(lost), now=now)
    return len(lost)
