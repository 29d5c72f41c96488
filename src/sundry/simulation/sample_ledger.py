"""A small book for the sample market: one order from its deposit to a payout, so that everybody has an account to see.

Layla Haddad orders lamps at Wang Fang's stall. A clerk writes down 1,440 pieces and puts it right: they were 1,200. She
pays 12,000 dollars, of which 3,000 wait in escrow; Li Hua collects the rest on a quota that the county granted, He Jing
exchanges it into yuan, and the stall, the carrier, the agent and the market get their parts. 700 lamps are loaded, 300
are pledged to the bank, 200 stand in the warehouse; one payout has arrived, and another one is still pending.

Every id follows from what it names and every date is fixed, so that whoever loads it again posts nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Final
from uuid import UUID, uuid5

from sundry.base.access.rules import Kind as Party
from sundry.base.ledger import actions, queries
from sundry.base.ledger.actions import NewAccount, Refused
from sundry.base.ledger.rules import WHOLE, Event, Kind, Outcome, Transfer, Unit, UnitKind, reversal

_SPACE: Final = UUID(int=0x019B_7A00_0000 << 80 | 7 << 76 | 0b10 << 62 | 300)
_MARKET: Final = None

CNY: Final = Unit(UnitKind.CURRENCY, "CNY", 2)
USD: Final = Unit(UnitKind.CURRENCY, "USD", 2)
TITLE: Final = Unit(UnitKind.TITLE, "lamps-4711")
CUSTODY: Final = Unit(UnitKind.CUSTODY, "lamps-4711")
QUOTA: Final = Unit(UnitKind.QUOTA, "1039-2026", 2)


@dataclass(frozen=True, slots=True)
class _Account:
    """`of` None: the market's."""

    of: Party | None
    purpose: str
    unit: Unit
    floor: int | None = 0
    ceiling: int | None = None


def _outside(unit: Unit) -> _Account:
    return _Account(_MARKET, "outside", unit, floor=None)


FUNDS = _Account(Party.BUYER, "funds", USD)
ESCROW = _Account(Party.BUYER, "escrow order:4711", USD, ceiling=3_000_00)
BOUGHT = _Account(Party.BUYER, "owned", TITLE)
COLLECTED_USD = _Account(Party.AGENT, "collected", USD)
COLLECTED = _Account(Party.AGENT, "collected", CNY)
COMMISSION = _Account(Party.AGENT, "commission", CNY, floor=None)
EXPORT_QUOTA = _Account(Party.AGENT, "export quota", QUOTA, ceiling=500_000_00)
GRANTED = _Account(Party.COUNTY, "granted", QUOTA, floor=-5_000_000_00, ceiling=0)
MATCHED = _Account(_MARKET, "matched", QUOTA, floor=None)
FEES = _Account(_MARKET, "fees", CNY, floor=None)
LIQUIDITY_USD = _Account(Party.BANK, "liquidity", USD)
LIQUIDITY = _Account(Party.BANK, "liquidity", CNY)
LOANS = _Account(Party.BANK, "loans", CNY, floor=-60_000_00, ceiling=0)
PAYABLE = _Account(Party.STALL, "payable", CNY)
OWNED = _Account(Party.STALL, "owned", TITLE)
PLEDGED = _Account(Party.STALL, "pledged to the bank", TITLE)
RENT = _Account(Party.MERCHANT, "rent", CNY)
STORAGE = _Account(Party.WAREHOUSE, "payable", CNY)
HELD = _Account(Party.WAREHOUSE, "held", CUSTODY)
LIEN = _Account(Party.WAREHOUSE, "under lien of the bank", CUSTODY)
FREIGHT = _Account(Party.CARRIER, "payable", CNY)
LOADED = _Account(Party.CARRIER, "held in CSQU3054383", CUSTODY)

_Move = tuple[_Account, _Account, int]


@dataclass(frozen=True, slots=True)
class _Told:
    """An event as it is told: what moves by it, or what it resolves or corrects, by the document and kind of that."""

    kind: str
    document: str
    by: Party
    at: str
    moves: tuple[_Move, ...] = ()
    pending: bool = False
    resolves: str = ""
    corrects: str = ""

    @property
    def name(self) -> str:
        return f"{self.kind} {self.document} {self.at}"


_MISTAKE = _Told(
    "intake",
    "note:501",
    Party.WAREHOUSE,
    "2026-04-02T02:10",
    ((_outside(TITLE), OWNED, 1_440), (_outside(CUSTODY), HELD, 1_440)),
)
_PAYOUT = _Told(
    "payout", "payout:2207", Party.STALL, "2026-04-13T01:30", ((PAYABLE, _outside(CNY), 20_000_00),), pending=True
)
STORY: Final = (
    _MISTAKE,
    _Told("correction", "note:501", Party.WAREHOUSE, "2026-04-02T02:40", corrects=_MISTAKE.name),
    _Told(
        "intake",
        "note:501",
        Party.WAREHOUSE,
        "2026-04-02T02:41",
        ((_outside(TITLE), OWNED, 1_200), (_outside(CUSTODY), HELD, 1_200)),
    ),
    _Told("remittance", "bank:TT-0093", Party.BANK, "2026-04-03T03:00", ((_outside(USD), FUNDS, 12_000_00),)),
    _Told("deposit", "order:4711", Party.BUYER, "2026-04-03T08:15", ((FUNDS, ESCROW, 3_000_00),)),
    _Told("release", "declaration:0317", Party.COUNTY, "2026-04-07T01:00", ((GRANTED, EXPORT_QUOTA, 60_000_00),)),
    _Told(
        "payment",
        "order:4711",
        Party.AGENT,
        "2026-04-08T02:00",
        ((FUNDS, COLLECTED_USD, 9_000_00), (EXPORT_QUOTA, MATCHED, 9_000_00)),
    ),
    _Told("funding", "bank:FX-line-7", Party.BANK, "2026-04-09T01:00", ((_outside(CNY), LIQUIDITY, 500_000_00),)),
    _Told(  # at 7.1043
        "exchange",
        "slip:FX-310",
        Party.BANK,
        "2026-04-09T03:20",
        ((COLLECTED_USD, LIQUIDITY_USD, 9_000_00), (LIQUIDITY, COLLECTED, 63_938_70)),
    ),
    _Told(
        "settlement",
        "order:4711",
        Party.AGENT,
        "2026-04-10T06:00",
        (
            (COLLECTED, PAYABLE, 60_000_00),
            (COLLECTED, FREIGHT, 3_000_00),
            (COLLECTED, COMMISSION, 255_75),
            (COLLECTED, FEES, 191_82),
        ),
    ),
    _Told(
        "loading",
        "order:4711",
        Party.CARRIER,
        "2026-04-11T05:00",
        ((HELD, LOADED, 700), (OWNED, BOUGHT, 700)),
    ),
    _Told(
        "pledge",
        "loan:41",
        Party.BANK,
        "2026-04-12T02:00",
        ((OWNED, PLEDGED, 300), (HELD, LIEN, 300), (LOANS, PAYABLE, 10_000_00)),
    ),
    _Told("rent", "rent:2026-04", Party.MERCHANT, "2026-04-12T09:00", ((PAYABLE, RENT, 2_500_00),)),
    _Told("storage", "storage:2026-04", Party.WAREHOUSE, "2026-04-12T09:30", ((PAYABLE, STORAGE, 180_00),)),
    _PAYOUT,
    _Told("payout confirmed", "payout:2207", Party.BANK, "2026-04-14T02:00", resolves=_PAYOUT.name),
    _Told(
        "payout", "payout:2208", Party.STALL, "2026-04-15T01:30", ((PAYABLE, _outside(CNY), 15_000_00),), pending=True
    ),
)

PARTIES: Final = tuple(kind for kind in Party if kind in {told.by for told in STORY})


def is_posted() -> bool:
    """Whether it is there: it is posted whole or not at all."""
    return queries.event(_id(STORY[-1])) is not None


def load(*, owners: Mapping[Party, UUID], people: Mapping[Party, str], now: datetime) -> int:
    """Post what is not there yet; how many events. `owners`: the organisation of each kind, `people`: who acts for it.

    Refused: something else stands under one of these ids, or somebody has moved what is to be moved.
    """
    accounts = list(dict.fromkeys(account for told in STORY for move in told.moves for account in move[:2]))
    actions.open_units(units=dict.fromkeys(account.unit for account in accounts))
    named = [
        NewAccount(owners[one.of] if one.of else None, one.purpose, one.unit.key, one.floor, one.ceiling)
        for one in accounts
    ]
    known = dict(zip(accounts, actions.open_accounts(accounts=named), strict=True))
    events: dict[str, Event] = {}
    for told in STORY:
        events[told.name] = _event(told, known, people[told.by], events)
    answers = actions.post(events=list(events.values()), now=now)
    for event, answer in zip(events.values(), answers, strict=True):
        if answer.outcome not in (Outcome.POSTED, Outcome.EXISTS):
            raise Refused(answer.outcome, event, answer.line)
    return sum(answer.outcome is Outcome.POSTED for answer in answers)


def _id(told: _Told) -> UUID:
    return uuid5(_SPACE, told.name)


def _event(told: _Told, accounts: Mapping[_Account, UUID], actor: str, before: Mapping[str, Event]) -> Event:
    id_ = _id(told)
    numbers = count()

    def new_id() -> UUID:
        return uuid5(id_, str(next(numbers)))

    if told.corrects:
        transfers = reversal(before[told.corrects], new_id)
    elif told.resolves:
        transfers = tuple(
            Transfer(new_id(), None, None, WHOLE, Kind.POST, promise.id) for promise in before[told.resolves].transfers
        )
    else:
        kind = Kind.PENDING if told.pending else Kind.PLAIN
        transfers = tuple(
            Transfer(new_id(), accounts[debit], accounts[credit], amount, kind) for debit, credit, amount in told.moves
        )
    at = datetime.fromisoformat(told.at).replace(tzinfo=UTC)
    corrects = before[told.corrects].id if told.corrects else None
    return Event(id_, told.kind, told.document, actor, at, transfers, corrects)
