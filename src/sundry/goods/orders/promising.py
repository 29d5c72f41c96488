"""What an order takes from stalls' shelves and factories' weeks, and what it gives back: as the ledger keeps it.

Problem: ten buyers order the last three cups at the same moment, and a factory that makes 300 a week has promised 2,000
for Friday. Who only counts orders finds out afterwards. Therefore whatever is counted stands in the ledger, whose
accounts never fall below nought, and is moved in the transaction that places the order:

    placed      shelf -> reserved, pending; made to order: the weeks' capacity -> reserved, pending
    confirmed   the same, posted; and what the buyer owes now: her debts -> the stall's claims of this sub-order
    undone      the pending ones are voided; the stall's count rises again
    handed over reserved -> the buyer's own

A stall counts its shelf itself, whenever it likes. Where its count and the ledger differ, the difference is posted
first, as a "stocktaking" from or to the market's "outside". A week's capacity comes from the account "granted" of that
week, whose balance therefore says how much of it was granted: where the stall makes more or less a week now, the
difference is posted too.

Worked case: 500 mugs of a factory that makes 300 a week and needs 7 days, ordered on Sunday the 22nd of November. The
week of the 23rd has the day (the 29th); 100 of it are promised already. So 200 are drawn from it and 300 from the week
of the 30th: promised for Sunday, the 6th of December.

Whoever uses this holds the goods (`queries_orderable.orderable` with a lock), and posts last of all.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from sundry.base.access.rules import Actor
from sundry.base.ledger import actions as ledger
from sundry.base.ledger import standing as ledger_standing
from sundry.base.ledger.actions import NewAccount
from sundry.base.ledger.rules import AMOUNT_MAX, WHOLE, Event, Kind, Outcome, Transfer, Unit, UnitKind
from sundry.base.ledger.standing import Standing
from sundry.goods.catalogue.actions_stock import Counter
from sundry.goods.catalogue.orderable import Orderable
from sundry.goods.orders.order_rules import Supply, monday, weeks_for
from sundry.goods.orders.trade_limits import trade_limits
from sundry.kernel.findings import Finding, error
from sundry.kernel.identifiers import new_id
from sundry.kernel.money import exponent

WRITTEN_AT_ONCE: Final = 1_000_000  # transfers: never by COPY, so that an order of any size takes as many statements
_SUNDAY: Final = timedelta(days=6)
_NEVER: Final = Standing(uuid.UUID(int=0), 0, 0, 0)  # of an account that was never opened


@dataclass(frozen=True, slots=True)
class Take:
    """What one line asks for. `code`: of its sub-order. `at_once`: both sides have said yes, so nothing is pending.
    `lead_time_days`: as it was quoted; None: the good's own."""

    line: uuid.UUID
    code: str
    offer: Orderable
    variant: uuid.UUID | None
    pieces: int
    at_once: bool = False
    lead_time_days: int | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it: the transfers, the accounts, and the day. All empty for what nobody counts."""

    promises: tuple[uuid.UUID, ...] = ()
    shelf: uuid.UUID | None = None
    reserved: uuid.UUID | None = None
    promised_day: date | None = None


class Promised(Protocol):
    """A line that has taken something: a row of the table, or what was read of one."""

    @property
    def good_number(self) -> int | None: ...
    @property
    def variant(self) -> uuid.UUID | None: ...
    @property
    def supply(self) -> str: ...
    @property
    def pieces(self) -> int: ...
    @property
    def handed_pieces(self) -> int: ...
    @property
    def promises(self) -> Sequence[uuid.UUID]: ...
    @property
    def shelf(self) -> uuid.UUID | None: ...
    @property
    def reserved(self) -> uuid.UUID | None: ...


@dataclass(slots=True)
class _Plan:
    """A Take that can be had. `weeks`: made to order, how many in which."""

    take: Take
    promised_day: date | None
    counter: Counter | None = None
    weeks: tuple[tuple[date, int], ...] = ()


def capacity_unit(good: uuid.UUID) -> Unit:
    return Unit(UnitKind.QUOTA, f"made:{good}")


def title_unit(counted: uuid.UUID) -> Unit:
    """Of a good, or of a variant that is counted by itself."""
    return Unit(UnitKind.TITLE, str(counted))


def money_unit(currency: str) -> Unit:
    return Unit(UnitKind.CURRENCY, currency, exponent(currency))


class Promising:
    """What one action takes: `take` and `owe` as often as need be, then `look`, `open`, and at the very end `post`.

    Statements: `look` one where something is made to order, else none; `open` one, and one more where a stall
    has counted its shelf anew; `post` as the ledger's.
    """

    def __init__(self, *, actor: Actor, document: str, now: datetime, today: date) -> None:
        self._actor, self._document, self._now, self._today = actor, document, now, today
        self._takes: list[Take] = []
        self._plans: list[_Plan] = []
        self._limits = trade_limits(today)
        self._weeks = _Weeks({}, today, self._limits.weeks_ahead)
        self._owing: dict[str, tuple[uuid.UUID, uuid.UUID, str]] = {}  # code: debtor, creditor, currency
        self._counts: dict[Counter, tuple[Orderable, int]] = {}  # what the stall has counted of what is drawn
        self._differences: list[Transfer] = []
        self._moves: dict[str, list[Transfer]] = defaultdict(list)
        self.draws: dict[Counter, int] = defaultdict(int)
        self.taken: dict[uuid.UUID, Taken] = {}
        self.accounts: dict[str, tuple[uuid.UUID, uuid.UUID]] = {}  # code: claims, debts

    def take(self, take: Take) -> None:
        self._takes.append(take)

    def owe(self, *, code: str, debtor: uuid.UUID, creditor: uuid.UUID, currency: str) -> None:
        """The accounts of what is owed for a sub-order are opened."""
        self._owing[code] = debtor, creditor, currency

    def move(self, code: str, transfers: Iterable[Transfer]) -> None:
        """What else happens to a sub-order, in the same event."""
        self._moves[code].extend(transfers)

    def look(self) -> list[Finding]:
        """What cannot be had, line by line."""
        findings: list[Finding] = []
        self._weeks = _Weeks(
            {take.offer.id: take.offer for take in self._takes if _is_made(take)}, self._today, self._limits.weeks_ahead
        )
        for take in self._takes:
            plan = self._weeks.plan(take) if _is_made(take) else self._from_stock(take)
            if isinstance(plan, Finding):
                findings.append(plan)
            else:
                self._plans.append(plan)
        return findings

    def _from_stock(self, take: Take) -> _Plan | Finding:
        lead = take.lead_time_days
        if take.offer.supply.value == Supply.MADE.value:
            lead = take.offer.lead_time_days if lead is None else lead
            return _Plan(take, None if lead is None else self._today + timedelta(days=lead))
        day = self._today + timedelta(days=self._limits.ready_days if lead is None else lead)
        counted, count = take.offer.counter(take.variant)
        if count is None:
            return _Plan(take, day)
        counter: Counter = (take.offer.id, take.variant if counted == take.variant else None)
        left = count - self.draws[counter]
        if left < take.pieces:
            details = {"left": left, "good": take.offer.number}
            return error("orders_stock_short", header="pieces", value=str(take.pieces), row=take.row, details=details)
        self.draws[counter] += take.pieces
        self._counts[counter] = take.offer, count
        return _Plan(take, day, counter)

    def open(self) -> None:
        """The accounts of all of it, and the transfers between them."""
        names: dict[object, NewAccount] = {}
        units: set[Unit] = set()
        for counter, (offer, _) in self._counts.items():
            units.add(unit := title_unit(counter[1] or counter[0]))
            names["shelf", counter] = NewAccount(offer.seller, "shelf", unit.key, floor=0)
            names["reserved", counter] = NewAccount(offer.seller, "reserved", unit.key, floor=0)
        for plan in self._plans:
            if plan.weeks:
                offer = plan.take.offer
                units.add(unit := capacity_unit(offer.id))
                names["reserved", offer.id] = NewAccount(offer.seller, "reserved", unit.key, floor=0)
                for week, _ in plan.weeks:
                    names["capacity", offer.id, week] = NewAccount(offer.seller, f"capacity {week}", unit.key, floor=0)
                    granted = NewAccount(offer.seller, f"granted {week}", unit.key, floor=-AMOUNT_MAX)
                    names["granted", offer.id, week] = granted
        for code, (debtor, creditor, currency) in self._owing.items():
            units.add(unit := money_unit(currency))
            names["claims", code] = NewAccount(creditor, f"claims order:{code}", unit.key, floor=0)
            names["debts", code] = NewAccount(debtor, "debts", unit.key)
        found = ledger_standing.standing(units=units, accounts=list(names.values()))
        at = dict(zip(names, found, strict=True))
        self.accounts = {code: (at["claims", code].id, at["debts", code].id) for code in self._owing}
        self._differences += self._stocktaking(at)
        self._differences += self._weeks.grants(at)
        for plan in self._plans:
            self.taken[plan.take.line] = self._reserve(plan, at)

    def _stocktaking(self, at: Mapping[object, Standing]) -> Iterable[Transfer]:
        counts = self._counts.items()
        more = {
            counter: differs for counter, (_, count) in counts if (differs := count - at["shelf", counter].available)
        }
        if not more:
            return
        units = {counter: title_unit(counter[1] or counter[0]) for counter in more}
        wanted = [NewAccount(None, "outside", unit.key) for unit in units.values()]
        found = ledger_standing.standing(units=set(units.values()), accounts=wanted)
        for (counter, differs), outside in zip(more.items(), found, strict=True):
            yield _between(outside.id, at["shelf", counter].id, differs)

    def _reserve(self, plan: _Plan, at: Mapping[object, Standing]) -> Taken:
        take = plan.take
        kind = Kind.PLAIN if take.at_once else Kind.PENDING
        if plan.counter is not None:
            shelf, reserved = at["shelf", plan.counter].id, at["reserved", plan.counter].id
            given = [(shelf, take.pieces)]
        elif plan.weeks:
            shelf, reserved = None, at["reserved", take.offer.id].id
            given = [(at["capacity", take.offer.id, week].id, pieces) for week, pieces in plan.weeks]
        else:
            return Taken(promised_day=plan.promised_day)
        moved = [Transfer(new_id(), account, reserved, pieces, kind) for account, pieces in given]
        self._moves[take.code] += moved
        return Taken(tuple(one.id for one in moved), shelf, reserved, plan.promised_day)

    def post(self, kinds: Mapping[str, str], *, default: str = "reservation") -> None:
        """All of it, each sub-order's an event of the kind that `kinds` says, else `default`."""
        events = []
        if self._differences:
            events.append(self._event("stocktaking", self._document, self._differences))
        for code, moved in self._moves.items():
            if moved:
                events.append(self._event(kinds.get(code, default), f"order:{code}", moved))
        post(events, now=self._now)

    def _event(self, kind: str, document: str, transfers: Sequence[Transfer]) -> Event:
        return Event(new_id(), kind, document, told(self._actor), self._now, tuple(transfers))


class _Weeks:
    """The weeks of what is made to order, as they are taken while an order is planned."""

    def __init__(self, offers: Mapping[uuid.UUID, Orderable], today: date, ahead: int) -> None:
        """`ahead`: for so many weeks is promised."""
        self._today, self._ahead = today, ahead
        self._offers = offers
        owned = [(offer.seller, capacity_unit(id_).key) for id_, offer in offers.items()]
        self._known = ledger_standing.standing_of(owned) if owned else {}
        self._drawn: dict[tuple[uuid.UUID, date], int] = defaultdict(int)
        self._used: dict[tuple[uuid.UUID, date], None] = {}

    def plan(self, take: Take) -> _Plan | Finding:
        offer, lead = take.offer, take.lead_time_days
        if lead is None:
            lead = offer.lead_time_days or 0
        ready = self._today + timedelta(days=lead)
        first = monday(ready)
        weeks = [first + timedelta(weeks=ahead) for ahead in range(self._ahead)]
        taken = [self._taken(offer, week) for week in weeks]
        capacity = offer.weekly_capacity_pieces or 0
        drawn = weeks_for(take.pieces, first_week=first, capacity=capacity, taken=taken)
        if drawn is None:
            free = sum(max(capacity - used, 0) for used in taken)
            details = {"weeks": self._ahead, "left": free, "good": offer.number}
            return error(
                "orders_capacity_short", header="pieces", value=str(take.pieces), row=take.row, details=details
            )
        for week, pieces in drawn:
            self._drawn[offer.id, week] += pieces
            self._used[offer.id, week] = None
        return _Plan(take, max(ready, drawn[-1][0] + _SUNDAY), weeks=drawn)

    def _taken(self, offer: Orderable, week: date) -> int:
        return (
            self._granted(offer, week) - self._account(offer, "capacity", week).available + self._drawn[offer.id, week]
        )

    def _granted(self, offer: Orderable, week: date) -> int:
        return -self._account(offer, "granted", week).balance

    def _account(self, offer: Orderable, purpose: str, week: date) -> Standing:
        return self._known.get((offer.seller, f"{purpose} {week}", capacity_unit(offer.id).key), _NEVER)

    def grants(self, at: Mapping[object, Standing]) -> Iterable[Transfer]:
        """Of the weeks that are drawn on: what the stall makes now, less what was granted before."""
        for good, week in self._used:
            offer = self._offers[good]
            if more := (offer.weekly_capacity_pieces or 0) - self._granted(offer, week):
                yield _between(at["granted", good, week].id, at["capacity", good, week].id, more)


def _is_made(take: Take) -> bool:
    """Whether it draws on a factory's weeks."""
    offer = take.offer
    return offer.supply.value == Supply.MADE.value and offer.weekly_capacity_pieces is not None


def _between(giver: uuid.UUID, taker: uuid.UUID, amount: int) -> Transfer:
    """The other way round where it is below nought."""
    return Transfer(new_id(), giver, taker, amount) if amount > 0 else Transfer(new_id(), taker, giver, -amount)


# What was promised before ---------------------------------------------------------------------------------------------


def kept(lines: Iterable[Promised]) -> list[Transfer]:
    """The stall has confirmed: what was pending is reserved."""
    return [Transfer(new_id(), None, None, WHOLE, Kind.POST, promise) for line in lines for promise in line.promises]


def voided(lines: Iterable[Promised]) -> list[Transfer]:
    """It came to nothing before it was confirmed: what was pending goes back."""
    return [Transfer(new_id(), None, None, WHOLE, Kind.VOID, promise) for line in lines for promise in line.promises]


def claimed(*, claims: uuid.UUID, debts: uuid.UUID, value_minor: int) -> list[Transfer]:
    """So much more is owed, or less where it is below nought."""
    return [_between(debts, claims, value_minor)] if value_minor else []


def counters_of(lines: Iterable[tuple[Promised, int]], offers: Mapping[int, Orderable]) -> dict[Counter, int]:
    """What the counts of stalls get back of these lines, so many pieces of each: as they count now."""
    back: dict[Counter, int] = defaultdict(int)
    for line, pieces in lines:
        offer = offers.get(line.good_number) if line.good_number is not None else None
        if offer is None or line.shelf is None or not (line.variant is None or line.variant in offer.variants):
            continue  # of a variant that is gone no count is left: the good's own knew nothing of its pieces
        counted, count = offer.counter(line.variant)
        if count is not None:
            back[offer.id, line.variant if counted == line.variant else None] += pieces
    return back


def goods_of(lines: Iterable[Promised]) -> set[int]:
    """The numbers of goods whose stock these lines have drawn: what must be held before it is given back."""
    return {line.good_number for line in lines if line.shelf is not None and line.good_number is not None}


def given_back(lines: Collection[tuple[Promised, int]]) -> list[Transfer]:
    """So many pieces of lines that are confirmed go back: to the shelf, or to the last of the weeks they were drawn
    from. The lines are as they were before. At most one statement."""
    made = [promise for line, pieces in lines if pieces and line.shelf is None for promise in line.promises]
    weeks = ledger_standing.givers(made) if made else {}
    moved: list[Transfer] = []
    for line, pieces in lines:
        if line.reserved is None or not pieces:
            continue
        if line.shelf is not None:
            moved.append(Transfer(new_id(), line.reserved, line.shelf, pieces))
            continue
        back_already = sum(weeks[promise][1] for promise in line.promises) - line.pieces
        for promise in reversed(line.promises):
            account, drawn = weeks[promise]
            skipped = min(drawn, back_already)
            back = min(drawn - skipped, pieces)
            if back:
                moved.append(Transfer(new_id(), line.reserved, account, back))
            back_already, pieces = back_already - skipped, pieces - back
    return moved


def told(actor: Actor) -> str:
    """Who did it, as the ledger keeps it."""
    return str(actor.person or actor.organisation or actor.role.name)


def post(events: Sequence[Event], *, now: datetime) -> None:
    """The ledger's part of an action, its last step. ledger.actions.Refused: an account would fall below nought."""
    if not events:
        return
    answers = ledger.post(events=events, now=now, held=True, copy_from=WRITTEN_AT_ONCE)
    for event, answer in zip(events, answers, strict=True):
        if answer.outcome is not Outcome.POSTED:
            raise ledger.Refused(answer.outcome, event, answer.line)
