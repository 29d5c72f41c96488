"""A stall says what it asks of every order."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from django.db import transaction

from sundry.base.access.rules import Actor
from sundry.goods.catalogue.queries_stalls import stall as stall_of
from sundry.goods.orders.errors import NotThere, Refused, Stale
from sundry.goods.orders.models import StallTerms
from sundry.goods.orders.order_rules import WHOLE_BP
from sundry.kernel.findings import Finding, error

PERCENT_BP: Final = 100


def change_terms(
    *,
    actor: Actor,
    stall: uuid.UUID,
    deposit_stock_bp: int,
    deposit_made_bp: int,
    confirms_stock: bool,
    version: int,
    now: datetime,
) -> int:
    """Its new version. `version`: of the terms that were looked at, 0 where there were none; deposits in hundredths
    of a percent. What is placed already keeps its own. NotThere: no stall of the actor's; Stale; Refused."""
    wrong = [*_wrong("deposit_stock_bp", deposit_stock_bp), *_wrong("deposit_made_bp", deposit_made_bp)]
    if wrong:
        raise Refused(wrong)
    with transaction.atomic():
        view = stall_of(stall)
        if view is None or view.organisation is None or view.organisation != actor.organisation:
            raise NotThere("orders_terms_stall_not_there")
        StallTerms.objects.bulk_create([StallTerms(stall_id=stall, version=0)], ignore_conflicts=True)
        row = StallTerms.objects.select_for_update().get(stall=stall)
        if row.version != version:
            raise Stale("orders_terms_changed")
        row.deposit_stock_bp, row.deposit_made_bp = deposit_stock_bp, deposit_made_bp
        row.confirms_stock, row.version = confirms_stock, version + 1
        row.save()
    return row.version


def _wrong(field: str, share_bp: int) -> list[Finding]:
    if 0 <= share_bp <= WHOLE_BP:
        return []
    details = {"most": WHOLE_BP // PERCENT_BP}
    return [error("orders_deposit_impossible", header=field, value=f"{share_bp / PERCENT_BP:g}", details=details)]
