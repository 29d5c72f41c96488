"""A wholesaler's year through the ledger, read back by queries only: every month and every country to the penny.

What the books must say is summed from the file by Arrow, which knows nothing of our rules. The same goes for an excerpt
that was invented for this test, with one of every kind of line, where the file is not there.

RETAIL_DAYS: how many days of the file are replayed; 90 (three whole months), and all 374 in `make nightly`.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from online_retail import ORDERS
from online_retail_ledger import (
    COLUMNS,
    GBP,
    RETURNABLE,
    Counts,
    Line,
    customer_account,
    event_id,
    invoices,
    lines_of,
    market,
    replay,
    returnable,
)
from pyarrow import csv

from sundry.base.ledger import actions, queries
from sundry.base.ledger.actions import NewAccount
from sundry.base.ledger.queries import TrialRow
from sundry.base.ledger.rules import Answer, Event, Outcome, Transfer, UnitKind
from sundry.base.ledger.verification import verify_own
from sundry.kernel.identifiers import new_id

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
WHOLE_DAYS = 374
DAYS = int(os.environ.get("RETAIL_DAYS", "90"))

INVENTED = """\
InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1,10001,12,2026-01-05T09:00,2.50,1,France
1,10002a,3,2026-01-05T09:00,0.125,1,France
1,10002A,1,2026-01-05T09:01,0.125,1,France
1,POST,1,2026-01-05T09:01,18.00,1,France
2,10001,12,2026-01-06T10:00,2.50,1,France
2,10001,12,2026-01-06T10:00,2.50,1,France
2,10003,2,2026-01-06T10:00,0,1,France
3,10004,5,2026-01-07T10:00,1.10,,United Kingdom
3,10005,1,2026-01-07T10:00,0,,United Kingdom
3,DOT,1,2026-01-07T10:00,4.21,,United Kingdom
4,10004,-7,2026-01-08T10:00,0,,United Kingdom
5,10004,3,2026-01-08T11:00,0,,United Kingdom
6,POST,1,2026-01-08T12:00,0,2,Norway
7,10006,100,2026-01-30T16:00,0.85,2,Norway
7,PADS,1,2026-01-30T16:00,0.001,2,Norway
C8,10001,-2,2026-01-31T12:00,2.50,1,France
9,10001,100000,2026-02-02T08:00,649.50,3,United Kingdom
9,gift_0001_20,1,2026-02-02T08:00,16.67,3,United Kingdom
10,m,1,2026-02-03T08:00,7.95,3,United Kingdom
10,C2,1,2026-02-03T08:00,50.00,3,United Kingdom
10,BANK CHARGES,1,2026-02-03T08:00,15.00,3,United Kingdom
C11,D,-1,2026-02-04T08:00,27.50,3,United Kingdom
C11,S,-1,2026-02-04T08:00,3.33,3,United Kingdom
C12,AMAZONFEE,-1,2026-02-05T08:00,13541.33,,United Kingdom
C13,CRUK,-1,2026-02-06T08:00,52.24,3,United Kingdom
A14,B,1,2026-02-07T08:00,110.20,,United Kingdom
A15,B,1,2026-02-07T08:01,-110.20,,United Kingdom
A16,B,1,2026-02-07T08:02,-110.20,,United Kingdom
C17,10001,-23,2026-02-10T08:00,2.50,1,France
C18,10006,-100,2026-02-11T08:00,0.95,2,Norway
C18,10006,-60,2026-02-11T08:00,0.85,2,Norway
C18,POST,-1,2026-02-11T08:00,9.00,2,Norway
C19,10006,-60,2026-03-01T08:00,0.85,2,Norway
C20,10004,-1,2026-03-02T08:00,1.10,,United Kingdom
C21,10009,-4,2026-03-03T08:00,5.00,3,United Kingdom
C21,10001,-100000,2026-03-03T08:00,649.50,3,United Kingdom
22,10006,1,2026-03-04T08:00,0.85,2,Norway
"""


def invented() -> pa.Table:
    types = csv.ConvertOptions(
        column_types={"InvoiceNo": pa.string(), "StockCode": pa.string(), "InvoiceDate": pa.timestamp("us")}
    )
    return csv.read_csv(BytesIO(INVENTED.encode()), convert_options=types)


Nets = dict[tuple[int, int, str], int]
"""Pence by year, month and country, where there are any."""


def nets_of(table: pa.Table) -> Nets:
    """What the file says, summed as floats and then rounded."""
    keys = [pc.year(table["InvoiceDate"]), pc.month(table["InvoiceDate"]), table["Country"]]
    amounts = pc.multiply(table["Quantity"].cast(pa.float64()), table["UnitPrice"])
    sums = pa.table([*keys, amounts], ["year", "month", "country", "amount"]).group_by(["year", "month", "country"])
    return {
        (row["year"], row["month"], row["country"]): pence
        for row in sums.aggregate([("amount", "sum")]).to_pylist()
        if (pence := round(row["amount_sum"] * 100))
    }


def nets_read(told: list[list[Line]]) -> Nets:
    """What the books say: the trial balance at the end of each month, less that of the month before."""
    last = {(invoice[0].at.year, invoice[0].at.month): invoice[0].invoice for invoice in told}
    before: Counter[str] = Counter()
    nets: Nets = {}
    for (year, month), invoice in last.items():
        event = queries.event(event_id(invoice))
        assert event is not None
        now = by_country(queries.trial_balance(GBP.key, position=event.position))
        nets |= {(year, month, country): now[country] - before[country] for country in now}
        before = now
    return {key: pence for key, pence in nets.items() if pence}


def by_country(rows: Iterable[TrialRow]) -> Counter[str]:
    """Balances of all books but those of customers, who have given what the books have got."""
    countries: Counter[str] = Counter()
    customers = 0
    for row in rows:
        book, _, country = row.purpose.partition(":")
        if book in ("customer", "nobody named"):
            customers += row.sums.balance
        else:
            countries[country] += row.sums.balance
    assert customers == -countries.total()
    return countries


def pieces_of(table: pa.Table) -> Counter[tuple[str, str]]:
    """By the file: how many pieces of which code were sold, or found at a count, less those returned or lost."""
    named = set(table.filter(pc.is_valid(table["CustomerID"]))["InvoiceNo"].to_pylist())
    priced = set(table.filter(pc.not_equal(table["UnitPrice"], 0))["InvoiceNo"].to_pylist())
    pieces: Counter[tuple[str, str]] = Counter()
    for invoice, code, quantity in zip(*(table[name].to_pylist() for name in COLUMNS[:3]), strict=True):
        if code[:5].isdigit() or code.startswith(("DCGS", "PADS")):
            if invoice in named or invoice in priced:
                pieces[f"title:{code.upper()}", "sold"] += quantity
            else:
                pieces[f"title:{code.upper()}", "counted"] -= quantity
    return pieces


def pieces_read() -> dict[tuple[str, str], int]:
    accounts = queries.accounts(None, kind=UnitKind.TITLE, limit=100_000)
    balances = queries.balances([account.id for account in accounts])
    return {(account.unit, account.purpose): balances[account.id].balance for account in accounts}


def statement_of(account: NewAccount) -> list[queries.Line]:
    return list(queries.statement_stream(queries.accounts_named([account.name])[account.name].id, lines_at_once=100))


def check_customer(told: list[list[Line]], customer: int) -> None:
    """The statement of a customer tells each invoice in turn, and comes to what they come to."""
    theirs = [invoice for invoice in told if invoice[0].customer == customer]
    sums = {f"invoice:{invoice[0].invoice}": sum(line.amount_minor for line in invoice) for invoice in theirs}
    lines = statement_of(customer_account(customer, ""))
    read: Counter[str] = Counter()
    balance = 0
    for line in lines:
        read[line.document] -= line.change
        balance += line.change
        assert line.after.balance == balance
    assert list(read) == [document for document, pence in sums.items() if pence]
    assert read == sums
    assert balance == -sum(sums.values())


def check_books(table: pa.Table) -> Counts:
    """Replay and compare all that can be compared."""
    told = invoices(lines_of(table))
    counts = replay(told)
    assert counts.answers == {Outcome.POSTED: counts.events.total()}
    verified = verify_own()
    assert (verified.events, verified.transfers) == (counts.events.total(), counts.transfers)
    assert verified.violations == []

    trial = queries.trial_balance(GBP.key)
    actions.fold()
    assert queries.trial_balance(GBP.key) == trial
    assert nets_read(told) == nets_of(table)
    sales = [row.sums for row in trial if row.purpose.startswith("sales:")]
    unmatched = [row.sums for row in trial if row.purpose.startswith("unmatched returns:")]
    assert sum(sums.debits_posted for sums in sales) == counts.matched_minor
    assert sum(sums.debits_posted for sums in unmatched) == counts.unmatched_minor

    pieces = pieces_read()
    assert {key: count for key, count in pieces.items() if key[1] != "stock"} == pieces_of(table)
    stock = {unit: count for (unit, purpose), count in pieces.items() if purpose == "stock"}
    assert stock == {unit: -pieces.get((unit, "sold"), 0) - pieces.get((unit, "counted"), 0) for unit in stock}

    busiest = Counter(table["CustomerID"].drop_null().to_pylist()).most_common(1)[0][0]
    check_customer(told, busiest)
    again = replay(told[:300], at_once=70)
    assert again.answers == {Outcome.EXISTS: again.events.total()}
    return counts


@pytest.mark.django_db(transaction=True)
def test_every_kind_of_line_of_an_invented_excerpt() -> None:
    table = invented()
    assert check_books(table) == Counts(
        lines=Counter(
            {
                "goods": 22,
                "carriage": 5,
                "bad debts": 3,
                "charges": 2,
                "adjustments": 1,
                "discounts": 1,
                "samples": 1,
                "commission": 1,
                "vouchers": 1,
                "of invoices C": 13,
                "without a price": 5,
                "rounded": 3,
            }
        ),
        events=Counter({"return": 9, "sale": 7, "adjustment": 3, "count": 2}),  # invoice 6 moves nothing
        answers=Counter({Outcome.POSTED: 21}),
        returns=Counter(
            {
                "matched": 3,
                "matched to several sales": 1,
                "nobody named": 1,
                "never sold at that price": 2,
                "not so many sold": 1,
            }
        ),
        transfers=60,
        matched_minor=500 + 5_100 + 5_750 + 64_950_000_00,
        unmatched_minor=110 + 9_500 + 2_000 + 5_100,
        rounded_off=Decimal("0.1"),
    )
    assert nets_read(invoices(lines_of(table))) == {
        (2026, 1, "France"): 103_50,  # 37.5 pence are 38, 12.5 are 12
        (2026, 1, "United Kingdom"): 9_71,
        (2026, 1, "Norway"): 85_00,
        (2026, 2, "France"): -57_50,
        (2026, 2, "United Kingdom"): 64_936_355_02,
        (2026, 2, "Norway"): -155_00,
        (2026, 3, "United Kingdom"): -64_950_021_10,
        (2026, 3, "Norway"): -50_15,
    }
    assert {key: count for key, count in pieces_read().items() if key[1] != "stock"} == {
        ("title:10001", "sold"): 36 - 2 - 23,
        ("title:10002A", "sold"): 4,
        ("title:10003", "sold"): 2,
        ("title:10004", "sold"): 5 - 1,
        ("title:10004", "counted"): 7 - 3,
        ("title:10005", "sold"): 1,
        ("title:10006", "sold"): 100 - 160 - 60 + 1,
        ("title:10009", "sold"): -4,
        ("title:PADS", "sold"): 1,
    }

    returned = [(line.document, line.change) for line in statement_of(returnable(1, "2"))]
    assert returned == [("invoice:2", 24), ("invoice:C8", -2), ("invoice:C17", -22)]
    names = [returnable(1, "2").name, market("taken back", RETURNABLE.key).name]
    gives, takes = (queries.accounts_named(names)[name].id for name in names)
    once_more = Event(new_id(), "return", "invoice:C23", "clerk", NOON, (Transfer(new_id(), gives, takes, 1),))
    assert actions.post(events=[once_more]) == [Answer(Outcome.EXCEEDS_BALANCE, 0)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not ORDERS.exists(), reason="the orders lie beside the repository, not in it")
def test_the_year() -> None:
    table = pq.read_table(ORDERS, columns=list(COLUMNS))
    first = pc.min(table["InvoiceDate"]).as_py().replace(hour=0, minute=0)
    table = table.filter(
        pc.less(table["InvoiceDate"], pa.scalar(first + timedelta(days=DAYS), table["InvoiceDate"].type))
    )
    counts = check_books(table)
    months: Counter[str] = Counter()
    for (year, month, _), pence in nets_of(table).items():
        months[f"{year}-{month:02}"] += pence
    page = (Path(__file__).parents[2] / "docs/online-retail.md").read_text("utf-8")
    printed = re.findall(r"^\| (\d{4}-\d\d) \| ([\d,.]+) \|$", page, re.MULTILINE)
    assert printed[: len(months)] == [
        (month, f"{Decimal(pence) / 100:,.2f}") for month, pence in sorted(months.items())
    ]
    if DAYS < WHOLE_DAYS:
        return
    assert len(printed) == len(months)
    assert (table.num_rows, counts.transfers) == (541_909, 587_301)
    assert counts.events == {"sale": 19_962, "return": 3_836, "count": 2_089, "adjustment": 3}
    assert sum(nets_of(table).values()) == 9_747_747_93
    assert counts.lines == {
        "goods": 538_963,
        "carriage": 2_110,
        "adjustments": 572,
        "discounts": 77,
        "charges": 71,
        "samples": 63,
        "vouchers": 34,
        "commission": 16,
        "bad debts": 3,
        "of invoices C": 9_288,
        "without a price": 2_515,
        "rounded": 4,
    }
    assert counts.rounded_off == Decimal("0.4")
    assert counts.returns == {
        "matched": 7_034,
        "matched to several sales": 87,
        "never sold at that price": 1_342,
        "nobody named": 165,
        "not so many sold": 76,
    }
    assert (counts.matched_minor, counts.unmatched_minor) == (444_318_91, 34_405_27)
