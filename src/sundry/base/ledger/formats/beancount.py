"""The book as beancount text, so that a program that knows nothing of ours can check it again.

Problem: whoever doubts our books doubts our program too, and a balance that comes out of it proves nothing. Beancount
adds up transactions that somebody else wrote, and says where a balance that was claimed is wrong.

Worked case: stall A12-3 may be paid 500 yuan, and a payout of 100 is on its way to the bank, which pays 80 of it.

    event     beancount: account                              CNY    because
    payout    Liabilities:Promised:<stall>:CNY:Payable    -100.00    promised to the bank: 400 may still be given
              Assets:Awaited:Market:CNY:Bank               100.00    awaited by it
    paid      Liabilities:Promised:<stall>:CNY:Payable     100.00    the promise is over, the whole of it
              Assets:Awaited:Market:CNY:Bank              -100.00
              Assets:Posted:<stall>:CNY:Payable            -80.00    and this is what moved
              Assets:Posted:Market:CNY:Bank                 80.00

Therefore an account of ours is three of beancount's: what is posted (our balance), what of it is promised (minus our
pending debits) and what is awaited (our pending credits). No two of our names become one of
beancount's. On the day after the last event a `balance` claims what our own queries answer for each of
them, with a tolerance of 0: else beancount lets a cent pass. Dates are those of recording, which never go back; the
time of business is beside them, for it may be any.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice
from typing import Final, TypeVar
from uuid import UUID

from sundry.base.ledger import queries
from sundry.base.ledger.queries import AccountView, Balance, EventView
from sundry.base.ledger.rules import LONG_AGO, Kind, Transfer, UnitKind

POSTED: Final = "Assets:Posted"
PROMISED: Final = "Liabilities:Promised"
AWAITED: Final = "Assets:Awaited"

_Row = TypeVar("_Row")
_AT_ONCE: Final = 1_000
_OPENED: Final = LONG_AGO.date()  # beancount wants an account open before its first day, and an event may claim any

_HEAD: Final = f"""\
; {POSTED} is the balance of an account: what it took for good, less what it gave.
; {PROMISED} is what of that is promised to others, below zero; {AWAITED} is what others have promised.
; Account names end in owner (an organisation, or the market), unit and purpose.
"""


def write(*, position: int, unit: str | None = None, zone: tzinfo = UTC) -> Iterator[str]:
    """The ledger up to `position` as UTF-8 text for `bean-check`, in pieces; or what moved in `unit` (its key) alone.

    `position`: one up to which nothing can appear any more (`queries.stable_position`), else the balances of the end
    may not be those of the events. `zone`: of the dates. As many statements as there are thousands of events and
    accounts; nothing is held longer than those of one of them.
    """
    yield f'option "title" {_quoted(f"Ledger until position {position}" + (f", {unit}" if unit else ""))}\n{_HEAD}\n'
    day = _OPENED
    for events in _parts(queries.event_stream(until=position, unit=unit)):
        transfers = [transfer for view in events for transfer in view.event.transfers]
        accounts = queries.accounts_of(_accounts(transfers))
        promised = queries.promised([one.pending for one in transfers if one.pending is not None])
        told = []
        for view in events:
            day = max(day, view.recorded_at.astimezone(zone).date())
            told.append(_transaction(view, day, accounts, promised, unit))
        yield "".join(told)
    yield "\n"
    # Beancount goes by dates and not by lines, so accounts may come last: each is read once, and no account is claimed
    # that was opened meanwhile and is not open here.
    for part in _parts(queries.account_stream(unit=unit)):
        known = queries.balances([account.id for account in part], at=position)
        day_after = day + timedelta(days=1)
        yield "".join(_opening(one) + _claims(one, known.get(one.id, Balance()), day_after) for one in part)


def account_name(account: AccountView) -> str:
    """The account behind `Assets:Posted:`, as `Market:CNY:Payable`; no two have the same."""
    owner = str(account.owner).upper() if account.owner is not None else "Market"
    return f"{owner}:{commodity(account.kind, account.code)}:{_purpose(account.purpose)}"


def commodity(kind: UnitKind, code: str) -> str:
    """A unit as beancount names it: `CNY`, `TITLE-LOT--7` for the title of lot-7; no two have the same.

    Capitals, digits and hyphens are all that a commodity and a part of an account's name may both have: a small letter
    becomes a capital, a hyphen two, anything else a hyphen and its number in six hexadecimal digits.
    """
    if kind is UnitKind.CURRENCY and len(code) == 3 and code.isascii() and code.isalpha() and code.isupper():
        return code
    last = len(code) - 1
    told = (
        char.upper()
        if char.isascii() and (char.islower() or char.isdigit())
        else "--"
        if char == "-" and index < last  # a commodity does not end in a hyphen
        else _number(char)
        for index, char in enumerate(code)
    )
    return f"{kind.upper()}-{''.join(told)}" if code else kind.upper()


def _purpose(purpose: str) -> str:
    """A part of an account's name begins with a capital or a digit, and has letters of any script, digits, hyphens."""
    told = "".join(
        char
        if unicodedata.category(char) in ("Lu", "Ll", "Lt", "Lm", "Lo", "Nd")
        else "--"
        if char == "-"
        else _number(char)
        for char in purpose
    )
    return told[0].upper() + told[1:] if "a" <= told[:1] <= "z" else f"0-{told}"


def _number(char: str) -> str:
    return f"-{ord(char):06X}"


def _opening(account: AccountView) -> str:
    name, unit = account_name(account), commodity(account.kind, account.code)
    told = [("account", str(account.id)), ("purpose", account.purpose), ("unit", account.unit)]
    told += [("owner", str(account.owner))] if account.owner is not None else []
    told += [
        (key, _amount(limit, account.exponent))
        for key, limit in (("floor", account.floor), ("ceiling", account.ceiling))
        if limit is not None
    ]
    lines = [f"{_OPENED} open {POSTED}:{name} {unit}", *_metadata(told, 2)]
    lines += [f"{_OPENED} open {part}:{name} {unit}" for part in (PROMISED, AWAITED)]
    return "\n".join(lines) + "\n"


def _transaction(
    view: EventView, day: date, accounts: dict[UUID, AccountView], promised: dict[UUID, int], unit: str | None
) -> str:
    event = view.event
    links = [event.id] + ([event.corrects] if event.corrects is not None else [])
    told = [
        ("position", str(view.position)),
        ("event_at", _moment(event.event_at)),
        ("recorded_at", _moment(view.recorded_at)),
        ("actor", event.actor),
    ]
    told += [("corrects", str(event.corrects))] if event.corrects is not None else []
    lines = [f"\n{day} * {_quoted(event.kind)} {_quoted(event.document)} {' '.join(f'^{link}' for link in links)}"]
    lines += _metadata(told, 2)
    for transfer in event.transfers:
        debit, credit = accounts[_known(transfer.debit)], accounts[_known(transfer.credit)]
        if unit in (None, debit.unit):
            whole = transfer.amount if transfer.pending is None else promised[transfer.pending]
            lines += _postings(transfer, debit, credit, whole)
    return "\n".join(lines) + "\n"


def _postings(transfer: Transfer, debit: AccountView, credit: AccountView, whole: int) -> Iterator[str]:
    """`whole`: what was pending, where `transfer` resolves it."""
    moves: list[tuple[str, AccountView, int]] = []
    if transfer.kind is Kind.PENDING:
        moves += [(PROMISED, debit, -whole), (AWAITED, credit, whole)]
    if transfer.pending is not None:
        moves += [(PROMISED, debit, whole), (AWAITED, credit, -whole)]
    if transfer.kind in (Kind.PLAIN, Kind.POST):
        moves += [(POSTED, debit, -transfer.amount), (POSTED, credit, transfer.amount)]
    told = [("transfer", str(transfer.id)), ("kind", transfer.kind.value)]
    told += [("pending", str(transfer.pending))] if transfer.pending is not None else []
    told += [("expiry_s", str(transfer.expiry_s))] if transfer.expiry_s else []
    for number, (part, account, amount) in enumerate(moves):
        unit = commodity(account.kind, account.code)
        yield f"  {part}:{account_name(account)}  {_amount(amount, account.exponent)} {unit}"
        yield from _metadata(told, 4) if number == 0 else ()


def _claims(account: AccountView, balance: Balance, day: date) -> str:
    name, unit = account_name(account), commodity(account.kind, account.code)
    parts = ((POSTED, balance.balance), (PROMISED, -balance.debits_pending), (AWAITED, balance.credits_pending))
    return "".join(
        f"{day} balance {part}:{name}  {_amount(amount, account.exponent)} ~ 0 {unit}\n" for part, amount in parts
    )


def _amount(amount: int, exponent: int) -> str:
    """-1234 with two decimals is -12.34."""
    whole, rest = divmod(abs(amount), 10**exponent)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{rest:0{exponent}}" if exponent else f"{sign}{whole}"


def _metadata(told: Iterable[tuple[str, str]], indent: int) -> list[str]:
    return [f"{' ' * indent}{key}: {_quoted(value)}" for key, value in told]


def _quoted(text: str) -> str:
    """A string of one line: what would end it, or its line, is escaped."""
    told = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{told}"'


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _accounts(transfers: Iterable[Transfer]) -> set[UUID]:
    return {_known(account) for one in transfers for account in (one.debit, one.credit)}


def _known(account: UUID | None) -> UUID:
    assert account is not None  # what is recorded names both
    return account


def _parts(rows: Iterator[_Row]) -> Iterator[list[_Row]]:
    while part := list(islice(rows, _AT_ONCE)):
        yield part
