"""The ledger for programs: the same as the pages show, in whole numbers.

Amounts are whole numbers of the smallest part of a unit; `exponent` says how many decimals the figure has that a person
reads. Who sees what is said in operations.py.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from sundry.base.access.endpoints import Page, Paging, cursor_of, page_of
from sundry.base.access.guard import actor_of, guarded
from sundry.base.ledger import queries
from sundry.base.ledger.operations import (
    EVENT_LIST,
    EVENT_READ,
    LIST,
    READ,
    TRIAL_READ,
    SeenEvent,
    may_see,
    seen_by,
    the_account,
    the_event,
    the_owner,
    the_unit,
    whose,
)
from sundry.base.ledger.queries import END, AccountView, Balance, Key, Line, Side
from sundry.base.ledger.rules import Transfer, UnitKind

TRANSFERS_LISTED: Final = 20  # of each event in a list
TRANSFERS: Final = "ledger transfers"

router = Router(tags=["Ledger"])

Position = Annotated[
    int | None,
    Field(ge=0, le=END, description="After everything at this position of the ledger; nothing: now.", examples=[4711]),
]
TransferKind = Literal["plain", "pending", "post", "void", "expire"]  # Kind; the API's document has a Kind already


# What is answered ---------------------------------------------------------------------------------------------------


class BalanceOut(Schema):
    """What an account has."""

    balance: int = Field(description="What has arrived for good, less what has left for good.", examples=[40000])
    available: int = Field(description="The balance without what is promised to others.", examples=[36000])
    expected: int = Field(description="The balance if all that is promised to the account arrives.", examples=[40000])
    debits_pending: int = Field(ge=0, examples=[4000])
    debits_posted: int = Field(ge=0, examples=[10000])
    credits_pending: int = Field(ge=0, examples=[0])
    credits_posted: int = Field(ge=0, examples=[50000])


class UnitOut(Schema):
    """What is counted."""

    key: str = Field(description="`kind:code`.", examples=["currency:CNY"])
    kind: UnitKind
    code: str = Field(examples=["CNY"])
    exponent: int = Field(ge=0, le=6, description="Decimals of the figure that a person reads.", examples=[2])


class AccountOut(Schema):
    """An account, and what it has."""

    id: uuid.UUID
    owner: uuid.UUID | None = Field(description="An organisation; null: the market.")
    purpose: str = Field(examples=["payable"])
    unit: UnitOut
    floor: int | None = Field(description="What is available never falls below it; null: no limit.", examples=[0])
    ceiling: int | None = Field(description="What is expected never rises above it; null: no limit.")
    opened_at: datetime
    standing: BalanceOut


class StatementLineOut(Schema):
    """A line of a statement."""

    position: int = Field(description="Of its event in the ledger.")
    event: uuid.UUID
    event_kind: str = Field(examples=["sale"])
    document: str = Field(examples=["order:4711"])
    event_at: datetime = Field(description="When it happened.")
    recorded_at: datetime = Field(description="When the ledger recorded it.")
    corrects: uuid.UUID | None = Field(description="The event that this one puts right, where one may see it.")
    transfer: uuid.UUID
    kind: TransferKind
    side: Side = Field(description="debit: the account gave; credit: it took.")
    other: uuid.UUID | None = Field(description="The account on the other side; null where it is somebody else's.")
    other_purpose: str = Field(examples=["wallet"])
    amount: int = Field(description="Of the transfer.", examples=[50000])
    change: int = Field(description="Of the balance; 0 for what is promised, withdrawn or expired.", examples=[50000])
    after: BalanceOut = Field(description="What the account had then.")


class SideOut(Schema):
    """One side of a transfer."""

    account: uuid.UUID | None = Field(description="null where it is somebody else's.")
    purpose: str = Field(examples=["payable"])


class TransferOut(Schema):
    """A transfer of an event."""

    id: uuid.UUID
    line: int = Field(description="From 0, among the transfers of the event that whoever asks may see.")
    kind: TransferKind
    debit: SideOut = Field(description="Who gave.")
    credit: SideOut = Field(description="Who took.")
    unit: UnitOut
    amount: int = Field(examples=[50000])
    pending: uuid.UUID | None = Field(description="The pending transfer that it resolves.")
    expiry_s: int = Field(description="For how long a pending transfer waits; 0: for ever.")


class EventOut(Schema):
    """An event with its transfers, those that whoever asks may see."""

    id: uuid.UUID
    position: int
    kind: str = Field(examples=["sale"])
    document: str = Field(examples=["order:4711"])
    actor: str = Field(description="Who did it; empty where not all accounts are one's own.")
    event_at: datetime
    recorded_at: datetime
    corrects: uuid.UUID | None = Field(description="The event that this one puts right, where one may see it.")
    corrected_by: uuid.UUID | None = Field(description="The event that put this one right, where one may see it.")
    is_whole: bool = Field(description="false: there are transfers that are not here, or may not be seen.")
    transfers: list[TransferOut] = Field(description=f"In a list of events the first {TRANSFERS_LISTED} of each.")
    next: str | None = Field(
        description="The cursor of `/ledger/events/{event}` for its further transfers; null: there are none."
    )


class TrialRowOut(Schema):
    """All accounts of one purpose."""

    purpose: str = Field(examples=["payable"])
    accounts: int = Field(description="How many.", examples=[1200])
    sums: BalanceOut


class TrialOut(Schema):
    """All accounts of a unit; their debits equal their credits."""

    unit: UnitOut
    position: int | None
    rows: list[TrialRowOut]
    total: BalanceOut


# What can be asked --------------------------------------------------------------------------------------------------


@router.get("/ledger/accounts", response=Page[AccountOut], summary="List accounts", url_name="ledger_accounts")
@guarded(LIST)
def account_list(
    request: HttpRequest,
    paging: Query[Paging],
    organisation: uuid.UUID | None = None,
    kind: UnitKind | None = None,
) -> dict[str, Any]:
    """Those of an organisation by unit and purpose; without one one's own, for operator and auditor the market's."""
    owner = the_owner(request, LIST, organisation)
    after = paging.after("ledger accounts")
    unit, purpose = json.loads(after) if after else ("", "")
    found = queries.accounts(owner, kind=kind, after=(unit, purpose) if after else None, limit=paging.limit + 1)
    standing = queries.balances([account.id for account in found])
    return page_of(
        found,
        paging,
        "ledger accounts",
        key=lambda account: json.dumps([account.unit, account.purpose]),
        item=lambda account: _account(account, standing.get(account.id, Balance())),
    )


@router.get(
    "/ledger/accounts/{uuid:account}", response=AccountOut, summary="Read an account", url_name="ledger_account"
)
@guarded(READ)
def account_read(request: HttpRequest, account: uuid.UUID, position: Position = None) -> dict[str, Any]:
    """An account with its balance, now or after a position of the ledger."""
    shown = the_account(request, READ, account)
    return _account(shown, queries.balance(account, at=position))


@router.get(
    "/ledger/accounts/{uuid:account}/statement",
    response=Page[StatementLineOut],
    summary="Read a statement",
    url_name="ledger_account_statement",
)
@guarded(READ)
def statement(request: HttpRequest, account: uuid.UUID, paging: Query[Paging]) -> dict[str, Any]:
    """The lines of an account, the newest first, each with the balance after it."""
    the_account(request, READ, account)
    after = paging.after("ledger statement")
    before = Key(*json.loads(after)) if after else Key(END, 0)
    actor = actor_of(request)
    lines = queries.statement(account, before=before, limit=paging.limit + 1, of=whose(actor)).lines
    others = queries.accounts_of({line.other for line in lines})
    open_ = {id_ for id_, other in others.items() if may_see(actor, other)}
    return page_of(
        lines,
        paging,
        "ledger statement",
        key=lambda line: json.dumps(line.key),
        item=lambda line: _line(line, line.other if line.other in open_ else None),
    )


@router.get("/ledger/events/{uuid:event}", response=EventOut, summary="Read an event", url_name="ledger_event")
@guarded(EVENT_READ)
def event_read(request: HttpRequest, event: uuid.UUID, paging: Query[Paging]) -> dict[str, Any]:
    """What happened, and the transfers of it that touch one's own accounts, page by page; operator and auditor see all
    of them."""
    start = int(paging.after(TRANSFERS) or 0)
    return _event(the_event(request, EVENT_READ, event, start=start, transfers=paging.limit))


@router.get("/ledger/events", response=Page[EventOut], summary="List events of a document", url_name="ledger_events")
@guarded(EVENT_LIST)
def event_list(
    request: HttpRequest,
    paging: Query[Paging],
    document: Annotated[str, Field(min_length=1, max_length=500, description="Its name.", examples=["order:4711"])],
) -> dict[str, Any]:
    """The events of a document that touched one's own accounts, the newest first."""
    actor = actor_of(request)
    before = paging.after("ledger events")
    found = queries.events_of(
        document,
        of=whose(actor),
        before=int(before) if before else END,
        limit=paging.limit + 1,
        transfers=TRANSFERS_LISTED,
    )
    return page_of(
        seen_by(actor, found), paging, "ledger events", key=lambda seen: str(seen.view.position), item=_event
    )


@router.get("/ledger/trial-balance", response=TrialOut, summary="Read a trial balance", url_name="ledger_trial")
@guarded(TRIAL_READ)
def trial(
    request: HttpRequest,
    unit: Annotated[str, Field(min_length=1, max_length=500, examples=["currency:CNY"])],
    position: Position = None,
) -> dict[str, Any]:
    """The sums of all accounts of a unit by their purpose, now or after a position of the ledger."""
    wanted = the_unit(TRIAL_READ, unit)
    rows = queries.trial_balance(unit, position=position)
    return {"unit": wanted, "position": position, "rows": rows, "total": queries.total(rows)}


def _unit(account: AccountView) -> dict[str, Any]:
    return {"key": account.unit, "kind": account.kind, "code": account.code, "exponent": account.exponent}


def _account(account: AccountView, standing: Balance) -> dict[str, Any]:
    return {
        "id": account.id,
        "owner": account.owner,
        "purpose": account.purpose,
        "unit": _unit(account),
        "floor": account.floor,
        "ceiling": account.ceiling,
        "opened_at": account.opened_at,
        "standing": standing,
    }


def _line(line: Line, other: uuid.UUID | None) -> dict[str, Any]:
    names = ("event", "event_kind", "document", "event_at", "recorded_at", "corrects", "transfer", "side")
    told: dict[str, Any] = {name: getattr(line, name) for name in names}
    return told | {
        "position": line.key.position,
        "kind": line.kind.value,
        "other": other,
        "other_purpose": line.other_purpose,
        "amount": line.amount,
        "change": line.change,
        "after": line.after,
    }


def _event(seen: SeenEvent) -> dict[str, Any]:
    view, event = seen.view, seen.view.event
    return {
        "id": event.id,
        "position": view.position,
        "kind": event.kind,
        "document": event.document,
        "actor": seen.actor,
        "event_at": event.event_at,
        "recorded_at": view.recorded_at,
        "corrects": event.corrects,
        "corrected_by": view.corrected_by,
        "is_whole": view.is_whole and not view.start and not view.more,
        "transfers": [_transfer(line, one, seen) for line, one in seen.moved],
        "next": cursor_of(str(view.start + len(event.transfers)), TRANSFERS) if view.more else None,
    }


def _transfer(line: int, transfer: Transfer, seen: SeenEvent) -> dict[str, Any]:
    debit, credit = (seen.side(id_) for id_ in (transfer.debit, transfer.credit))
    return {
        "id": transfer.id,
        "line": line,
        "kind": transfer.kind.value,
        "debit": _side(debit, seen.open),
        "credit": _side(credit, seen.open),
        "unit": _unit(debit),
        "amount": transfer.amount,
        "pending": transfer.pending,
        "expiry_s": transfer.expiry_s,
    }


def _side(account: AccountView, open_: frozenset[uuid.UUID]) -> Mapping[str, Any]:
    return {"account": account.id if account.id in open_ else None, "purpose": account.purpose}
