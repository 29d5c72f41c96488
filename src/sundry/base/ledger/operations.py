"""What may be asked of the ledger, by a page or the API, and how much of it somebody sees.

A member sees the accounts of her organisation, and of an event the transfers that touch them: of the other side no
more than its purpose, for a stall must not see a buyer's other stalls. Transfers are numbered as she sees them, and
another event is named where it touches her too, so that nothing tells of what she does not see. Who did it is told her
where all accounts are her own: what came from outside may be the work of anybody's person. The operator and the auditor
see everything, the market's own accounts (without an owner) too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import HttpRequest

from sundry.base.access.guard import AccessRefused, actor_of, admit
from sundry.base.access.rules import MEMBERS, Actor, Decision, Kind, Operation, Owner, of_kinds
from sundry.base.ledger import queries
from sundry.base.ledger.queries import AccountView, EventView
from sundry.base.ledger.rules import Transfer, Unit

EVERYTHING: Final = of_kinds(Kind.OPERATOR, Kind.AUDITOR)

LIST = Operation("ledger.account.list", own=MEMBERS, foreign=EVERYTHING)
READ = Operation("ledger.account.read", own=MEMBERS, foreign=EVERYTHING)
EXPORT = Operation("ledger.account.export", own=MEMBERS, foreign=EVERYTHING, audited=True)
EVENT_READ = Operation("ledger.event.read", own=MEMBERS, foreign=EVERYTHING)
EVENT_LIST = Operation("ledger.event.list", own=MEMBERS, foreign=EVERYTHING)
TRIAL_READ = Operation("ledger.trial.read", own=EVERYTHING)
BOOK_EXPORT = Operation("ledger.book.export", own=EVERYTHING, audited=True)

MARKET: Final = Owner(organisation=UUID(int=0))
"""Whose the accounts without an owner are: an organisation for which nobody acts."""


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """An event as somebody sees it, with the transfers of it that she may see or a part of them. `open`: the ids of
    the accounts of which she may see more than the purpose; `actor`: "" where somebody else takes part."""

    view: EventView
    accounts: Mapping[UUID, AccountView]
    open: frozenset[UUID]
    actor: str

    @property
    def moved(self) -> tuple[tuple[int, Transfer], ...]:
        """(number from 0, transfer): numbered are those that she may see."""
        return tuple(enumerate(self.view.event.transfers, self.view.start))

    def side(self, account: UUID | None) -> AccountView:
        """The account of one side of a transfer; what is recorded names both."""
        assert account is not None
        return self.accounts[account]


def sees_everything(actor: Actor) -> bool:
    return actor.role in EVERYTHING


def whose(actor: Actor) -> UUID | None:
    """As which organisation she sees events: None as everybody's, nobody's where she acts for none."""
    return None if sees_everything(actor) else actor.organisation or MARKET.organisation


def may_see(actor: Actor, account: AccountView) -> bool:
    """Whether the account is hers, or she sees everybody's."""
    return sees_everything(actor) or actor.owns(_owner(account))


def the_owner(request: HttpRequest, operation: Operation, organisation: UUID | None) -> UUID | None:
    """Whose accounts: where nobody is named one's own, or (None) the market's for those who see everything."""
    actor = actor_of(request)
    wanted = organisation or (None if sees_everything(actor) else actor.organisation)
    admit(request, operation, MARKET if wanted is None else Owner(organisation=wanted))
    return wanted


def the_account(request: HttpRequest, operation: Operation, account: UUID) -> AccountView:
    """The account; another's and one that was never opened are refused alike. One statement."""
    found = queries.account(account)
    admit(request, operation, MARKET if found is None else _owner(found))
    if found is None:
        raise AccessRefused(Decision.NOT_FOUND, operation)
    return found


def the_unit(operation: Operation, key: str) -> Unit:
    """The unit of a key. AccessRefused: there is none. One statement."""
    found = queries.unit(key)
    if found is None:
        raise AccessRefused(Decision.NOT_FOUND, operation)
    return found


def the_event(request: HttpRequest, operation: Operation, event: UUID, *, start: int = 0, transfers: int) -> SeenEvent:
    """The event with so many transfers from the one numbered `start` on; one that moved nothing of hers and one that
    never was are refused alike: neither is a row of the answer. Two statements."""
    actor = actor_of(request)
    found = queries.event(event, of=whose(actor), start=start, transfers=transfers)
    if found is None:
        admit(request, operation, MARKET)
        raise AccessRefused(Decision.NOT_FOUND, operation)
    admit(request, operation, MARKET if sees_everything(actor) else Owner(organisation=actor.organisation))
    [seen] = seen_by(actor, [found])
    return seen


def seen_by(actor: Actor, events: Collection[EventView]) -> tuple[SeenEvent, ...]:
    """Events that were asked for `of` whose(actor), as she sees them. One statement."""
    accounts = queries.accounts_of({id_ for view in events for id_ in _touched(view.event.transfers)})
    return tuple(_seen(actor, view, accounts) for view in events)


def _seen(actor: Actor, view: EventView, accounts: Mapping[UUID, AccountView]) -> SeenEvent:
    touched = {id_: accounts[id_] for id_ in _touched(view.event.transfers)}
    shown = frozenset(id_ for id_, account in touched.items() if may_see(actor, account))
    return SeenEvent(view, touched, shown, view.event.actor if view.is_own else "")


def _touched(transfers: Iterable[Transfer]) -> Iterable[UUID]:
    return (id_ for one in transfers for id_ in (one.debit, one.credit) if id_ is not None)


def _owner(account: AccountView) -> Owner:
    return MARKET if account.owner is None else Owner(organisation=account.owner)
