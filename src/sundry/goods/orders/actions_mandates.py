"""An agent buys on behalf of a buyer: the mandate is offered, granted, declined, ended.

A buyer who is in the market grants it herself, and only then it holds. Of a client who is not, the agent keeps the
paper (`reference`) and answers for it: such a mandate is in force at once, and everybody reads that it is the agent's
word.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction

from sundry.base.access.actions import record
from sundry.base.access.rules import Actor, Kind
from sundry.base.parties.queries import organisation as organisation_of
from sundry.goods.catalogue.texts import clean
from sundry.goods.orders.checks import is_country, shown
from sundry.goods.orders.errors import AlreadyDone, NotNow, NotThere, Refused
from sundry.goods.orders.models import Mandate
from sundry.goods.orders.operations import MANDATE_DECIDE, MANDATE_OFFER
from sundry.goods.orders.order_rules import NAME_MAX, VALUE_MINOR_MAX, MandateState
from sundry.kernel.findings import Finding, error
from sundry.kernel.money import CURRENCIES

REFERENCE_MAX: Final = 80
_BUYERS: Final = (Kind.BUYER, Kind.MERCHANT, Kind.AGENT)


def offer_mandate(
    *,
    actor: Actor,
    buyer: uuid.UUID,
    valid_from: date,
    valid_until: date | None = None,
    currency: str = "CNY",
    limit_minor: int | None = None,
    reference: str = "",
    now: datetime,
) -> uuid.UUID:
    """An agent asks a buyer of the market to let her buy; the mandate, which holds once it is granted. `limit_minor`:
    of one order, in `currency`. Refused; NotThere: no such buyer; AlreadyDone: there is one between the two."""
    _check(_findings(valid_from, valid_until, currency, limit_minor, reference))
    found = organisation_of(buyer)
    if found is None or found.kind not in _BUYERS or buyer == actor.organisation:
        raise NotThere("orders_mandate_no_such_buyer")
    row = Mandate(
        agent_id=_agent(actor),
        buyer_id=buyer,
        state=MandateState.OFFERED.value,
        reference=clean(reference),
        currency=currency,
        limit_minor=limit_minor,
        valid_from=valid_from,
        valid_until=valid_until,
        made_by_id=actor.person,
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise AlreadyDone("orders_mandate_exists", name=found.name) from None
        _record(actor, MANDATE_OFFER.name, row)
    return row.id


def client(
    *,
    actor: Actor,
    name: str,
    country: str,
    valid_from: date,
    valid_until: date | None = None,
    currency: str = "CNY",
    limit_minor: int | None = None,
    reference: str = "",
    now: datetime,
) -> uuid.UUID:
    """A client of an agent who is not in the market herself; the mandate, in force at once on the agent's word.

    Refused."""
    wrong = _findings(valid_from, valid_until, currency, limit_minor, reference)
    if not 1 <= len(clean(name)) <= NAME_MAX:
        wrong.append(error("orders_client_name_wrong", header="name", value=shown(name), details={"most": NAME_MAX}))
    if country and not is_country(country):
        wrong.append(error("orders_country_unknown", header="country", value=shown(country)))
    _check(wrong)
    row = Mandate(
        agent_id=_agent(actor),
        client_name=clean(name),
        client_country=country,
        state=MandateState.IN_FORCE.value,
        reference=clean(reference),
        currency=currency,
        limit_minor=limit_minor,
        valid_from=valid_from,
        valid_until=valid_until,
        made_by_id=actor.person,
        decided_at=now,
        decided_by_id=actor.person,
    )
    with transaction.atomic():
        row.save(force_insert=True)
        _record(actor, MANDATE_OFFER.name, row)
    return row.id


def grant(*, actor: Actor, mandate: uuid.UUID, now: datetime) -> None:
    """The buyer lets the agent buy for her. NotThere: none of hers; NotNow: it is answered already."""
    _decide(actor, mandate, MandateState.IN_FORCE, (MandateState.OFFERED,), now, of_buyer=True)


def decline_mandate(*, actor: Actor, mandate: uuid.UUID, now: datetime) -> None:
    """The buyer does not. NotThere; NotNow: it is answered already."""
    _decide(actor, mandate, MandateState.DECLINED, (MandateState.OFFERED,), now, of_buyer=True)


def end_mandate(*, actor: Actor, mandate: uuid.UUID, now: datetime) -> None:
    """Either side ends it, from now on; what is placed stays. NotThere; NotNow: it has ended, or never began."""
    open_ones = (MandateState.OFFERED, MandateState.IN_FORCE)
    _decide(actor, mandate, MandateState.ENDED, open_ones, now, of_buyer=False)


def _decide(
    actor: Actor,
    mandate: uuid.UUID,
    to: MandateState,
    only: tuple[MandateState, ...],
    now: datetime,
    *,
    of_buyer: bool,
) -> None:
    with transaction.atomic():
        row = Mandate.objects.select_for_update(of=("self",)).filter(id=mandate).first()
        sides = () if row is None else (row.buyer_id,) if of_buyer else (row.buyer_id, row.agent_id)
        if row is None or actor.organisation is None or actor.organisation not in sides:
            raise NotThere("orders_mandate_not_there")
        if MandateState(row.state) not in only:
            raise NotNow(f"orders_mandate_is_{row.state}")
        row.state, row.decided_at, row.decided_by_id = to.value, now, actor.person
        row.save(update_fields=["state", "decided_at", "decided_by"])
        _record(actor, MANDATE_DECIDE.name, row)


def _record(actor: Actor, operation: str, row: Mandate) -> None:
    details = {"state": row.state, "limit_minor": row.limit_minor, "currency": row.currency}
    record(actor=actor, operation=operation, object_kind="mandate", object_id=row.id, details=details)


def _findings(
    valid_from: date, valid_until: date | None, currency: str, limit_minor: int | None, reference: str
) -> list[Finding]:
    found = []
    if currency not in CURRENCIES:
        found.append(error("orders_currency_unknown", header="currency", value=shown(currency)))
    if limit_minor is not None and not 1 <= limit_minor <= VALUE_MINOR_MAX:
        found.append(error("orders_mandate_limit_impossible", header="limit_minor", value=shown(limit_minor)))
    if valid_until is not None and valid_until < valid_from:
        details = {"begin": str(valid_from)}
        found.append(error("orders_mandate_ends_first", header="valid_until", value=str(valid_until), details=details))
    if len(reference) > REFERENCE_MAX:
        too_long = {"count": len(reference), "most": REFERENCE_MAX}
        found.append(error("orders_text_too_long", header="reference", value=shown(reference), details=too_long))
    return found


def _agent(actor: Actor) -> uuid.UUID:
    if actor.organisation is None or actor.role.kind is not Kind.AGENT:
        raise NotThere("orders_mandate_not_there")
    return actor.organisation


def _check(findings: list[Finding]) -> None:
    if findings:
        raise Refused(findings)
