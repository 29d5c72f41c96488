"""A wholesaler's year as events of the ledger (Online Retail, 2010-2011): what was sold, returned, charged and lost.

The file is a list of invoice lines with the dirt of a real business: credit notes without a word about the sale, lines
of postage and bank charges among the goods, stock counts booked as invoices, prices of a tenth of a penny. Therefore
these rules; an invoice is one event, with all of its lines or none:

1. The amount of a line is pieces x price, rounded half to even to the penny. Sums are taken of rounded lines.
2. Money moves once an invoice and book: customer -> `sales:<country>`, and back where the amount is negative. Who is
   not named is one customer a country.
3. A line that is no goods (POST, M, BANK CHARGES ...) moves money only, in a book of its own: `carriage:<country>`.
4. Goods move line by line, with a price or without: `stock` -> `sold`, in pieces of the code in capital letters.
5. An invoice of nobody with no price at all is a count, signed as the stock sees it: `counted` -> `stock` or back.
6. A returned line (invoice C...) belongs to the newest earlier sales of the same customer, code and price of which
   enough has not come back yet; several together if need be. Then its money leaves `sales:<country>`, else
   `unmatched returns:<country>`. All or nothing of a line is matched.
7. Each sale to a named customer grants as many `returnable` pieces as it has; a matched return uses them up. That
   account cannot fall below 0, so the ledger itself refuses to take a piece back twice; its statement is the link from
   a sale to its returns and back. No return `corrects` a sale: the sale was right, and the return is another event.

Worked case: invoice 7 sells 12 cups at 2.50 to customer 1 in France with 18.00 of postage; invoice C9 returns 2.

    invoice   gives                     takes                     amount
    7         customer 1                sales:France             30.00 GBP
              customer 1                carriage:France          18.00 GBP
              stock                     sold                     12 cups
              granted                   returnable 7             12 pieces
    C9        sales:France              customer 1                5.00 GBP
              sold                      stock                     2 cups
              returnable 7              taken back                2 pieces
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID, uuid5

from sundry.base.ledger import actions
from sundry.base.ledger.actions import NewAccount
from sundry.base.ledger.rules import Event, Transfer, Unit, UnitKind

if TYPE_CHECKING:
    import pyarrow as pa

GBP = Unit(UnitKind.CURRENCY, "GBP", 2)
RETURNABLE = Unit(UnitKind.QUOTA, "returnable")
BOOKS = {
    **dict.fromkeys(("POST", "DOT", "C2"), "carriage"),
    **dict.fromkeys(("BANK CHARGES", "AMAZONFEE"), "charges"),
    "M": "adjustments",
    "D": "discounts",
    "S": "samples",
    "CRUK": "commission",
    "B": "bad debts",
}
COLUMNS = ("InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
INVOICES_AT_ONCE = 1_000
_NAMES = UUID("6f2b8c9e-6d0c-5d0e-9a53-0f6f3c1d7a11")  # ids follow from the file: who reads it twice posts it once


class Line(NamedTuple):
    """One line of the file."""

    invoice: str
    code: str
    pieces: int
    at: datetime
    price: Decimal
    customer: int | None
    country: str

    @property
    def exact_minor(self) -> Decimal:
        return self.pieces * self.price * 100

    @property
    def amount_minor(self) -> int:
        return int(self.exact_minor.to_integral_value(ROUND_HALF_EVEN))

    @property
    def book(self) -> str:
        """Where the money of a line goes that is no goods; empty: goods."""
        return "vouchers" if self.code.startswith("GIFT_") else BOOKS.get(self.code, "")


class Move(NamedTuple):
    gives: NewAccount
    takes: NewAccount
    amount: int


@dataclass
class Counts:
    """What was seen and done: `lines` by what they are, `returns` by what they were matched with, lines that are goods.

    `rounded_off`: pence that the lines have more than their rounded amounts.
    """

    lines: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    returns: Counter[str] = field(default_factory=Counter)
    transfers: int = 0
    matched_minor: int = 0
    unmatched_minor: int = 0
    rounded_off: Decimal = Decimal()


def lines_of(table: pa.Table) -> list[Line]:
    """The lines of the file, in its order, which is that of time. A price is what the file prints, not its float."""
    prices = {price: Decimal(repr(price)) for price in table["UnitPrice"].unique().to_pylist()}
    return [
        Line(invoice, code.upper(), pieces, at.replace(tzinfo=UTC), prices[price], customer, country)
        for invoice, code, pieces, at, price, customer, country in zip(
            *(table[name].to_pylist() for name in COLUMNS), strict=True
        )
    ]


def invoices(lines: Iterable[Line]) -> list[list[Line]]:
    """The lines of each invoice together, in the order of their first lines."""
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.invoice].append(line)
    return list(found.values())


@cache
def market(purpose: str, unit: str = GBP.key) -> NewAccount:
    return NewAccount(None, purpose, unit)


@cache
def customer_account(customer: int | None, country: str) -> NewAccount:
    if customer is None:
        return market(f"nobody named:{country}")
    return NewAccount(person(customer), "customer", GBP.key)


@cache
def returnable(customer: int, invoice: str) -> NewAccount:
    return NewAccount(person(customer), f"returnable {invoice}", RETURNABLE.key, floor=0)


@cache
def person(customer: int) -> UUID:
    return uuid5(_NAMES, f"customer {customer}")


@dataclass(slots=True)
class Sold:
    """A line that was sold, and what of it has not come back."""

    invoice: str
    left: int


class Replay:
    """Invoices become events, in the order of the file: what may be returned depends on what was sold before."""

    def __init__(self) -> None:
        self.counts = Counts()
        self._ids: dict[NewAccount, UUID] = {}
        self._units = {GBP.key, RETURNABLE.key}
        self._sold: dict[tuple[int, str, Decimal], list[Sold]] = defaultdict(list)
        actions.open_units(units=[GBP, RETURNABLE])

    def events(self, batch: Iterable[list[Line]]) -> list[Event]:
        """The events of some invoices; their accounts are open. An invoice that moves nothing makes none."""
        told = [(invoice, self._moves(invoice)) for invoice in batch]
        self._open({account for _, moves in told for move in moves for account in (move.gives, move.takes)})
        return [self._event(invoice, moves) for invoice, moves in told if moves]

    def _open(self, accounts: set[NewAccount]) -> None:
        new = sorted(accounts - self._ids.keys(), key=lambda account: (account.unit, account.purpose))
        codes = {account.unit for account in new} - self._units
        actions.open_units(units=[Unit(UnitKind.TITLE, key.removeprefix("title:")) for key in sorted(codes)])
        self._units |= codes
        self._ids |= zip(new, actions.open_accounts(accounts=new), strict=True)

    def _event(self, invoice: list[Line], moves: list[Move]) -> Event:
        first, ids = invoice[0], self._ids
        kind = _kind(invoice)
        made = event_id(first.invoice)
        transfers = tuple(
            Transfer(UUID(int=made.int + line), ids[move.gives], ids[move.takes], move.amount)
            for line, move in enumerate(moves, 1)
        )
        self.counts.events[kind] += 1
        self.counts.transfers += len(transfers)
        return Event(made, kind, f"invoice:{first.invoice}", "online retail", first.at, transfers)

    def _moves(self, invoice: list[Line]) -> list[Move]:
        """Money by book, then goods line by line, then what may be returned or was."""
        first = invoice[0]
        is_count = _kind(invoice) == "count"
        sums: Counter[str] = Counter()
        goods: list[Move] = []
        granted: Counter[str] = Counter()  # pieces by the invoice that sold them
        for line in invoice:
            amount = line.amount_minor
            book = line.book
            self._count(line, book, amount)
            if not book:
                goods.append(_goods(line, is_count))
                book = "sales"
                if line.price and line.pieces > 0 and line.customer is not None:
                    self._sold[line.customer, line.code, line.price].append(Sold(line.invoice, line.pieces))
                    granted[line.invoice] += line.pieces
                elif line.pieces < 0 and not is_count:
                    found = self._match(line)
                    granted.subtract(found)
                    book = "sales" if found else "unmatched returns"
            sums[book] += amount
        customer = customer_account(first.customer, first.country)
        money = [_move(customer, market(f"{book}:{first.country}"), amount) for book, amount in sums.items() if amount]
        grants = [
            _move(market("granted" if pieces > 0 else "taken back", RETURNABLE.key), returnable(named, sale), pieces)
            for sale, pieces in granted.items()
            if (named := first.customer) is not None
        ]
        return [*money, *goods, *grants]

    def _match(self, line: Line) -> Counter[str]:
        """How many pieces of a returned line were sold by which invoices; empty: not all of them by any."""
        wanted = -line.pieces
        if line.customer is None:
            return self._unmatched("nobody named", line)
        sold = self._sold.get((line.customer, line.code, line.price))
        if not sold:
            return self._unmatched("never sold at that price", line)
        if sum(one.left for one in sold) < wanted:
            return self._unmatched("not so many sold", line)
        found: Counter[str] = Counter()
        for one in reversed(sold):
            taken = min(one.left, wanted)
            if taken:
                one.left -= taken
                wanted -= taken
                found[one.invoice] += taken
        self.counts.returns["matched" if len(found) == 1 else "matched to several sales"] += 1
        self.counts.matched_minor -= line.amount_minor
        return found

    def _unmatched(self, why: str, line: Line) -> Counter[str]:
        self.counts.returns[why] += 1
        self.counts.unmatched_minor -= line.amount_minor
        return Counter()

    def _count(self, line: Line, book: str, amount_minor: int) -> None:
        seen, exact_minor = self.counts.lines, line.exact_minor
        seen[book or "goods"] += 1
        if line.invoice.startswith("C"):
            seen["of invoices C"] += 1
        if not line.price:
            seen["without a price"] += 1
        if exact_minor != amount_minor:
            seen["rounded"] += 1
            self.counts.rounded_off += exact_minor - amount_minor


def event_id(invoice: str) -> UUID:
    return uuid5(_NAMES, f"invoice {invoice}")


def _kind(invoice: list[Line]) -> str:
    """What happened. The first letter of an invoice's number tells; nobody pays for a count of the stock."""
    first = invoice[0]
    if first.invoice.startswith("C"):
        return "return"
    if first.customer is None and not any(line.price for line in invoice):
        return "count"
    return "adjustment" if first.invoice.startswith("A") else "sale"


def _goods(line: Line, is_count: bool) -> Move:
    unit = f"{UnitKind.TITLE}:{line.code}"
    if is_count:
        return _move(market("counted", unit), market("stock", unit), line.pieces)
    return _move(market("stock", unit), market("sold", unit), line.pieces)


def _move(gives: NewAccount, takes: NewAccount, amount: int) -> Move:
    """`amount` from the one to the other, or back where it is negative."""
    return Move(gives, takes, amount) if amount > 0 else Move(takes, gives, -amount)


def replay(told: Sequence[list[Line]], at_once: int = INVOICES_AT_ONCE) -> Counts:
    """Post invoices, so many in a transaction; from the first on, because a return looks for what was sold before."""
    replayed = Replay()
    answers = replayed.counts.answers
    for start in range(0, len(told), at_once):
        events = replayed.events(told[start : start + at_once])
        answers.update(answer.outcome for answer in actions.post(events=events))
    return replayed.counts
