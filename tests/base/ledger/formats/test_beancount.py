"""Beancount, which knows nothing of our programs, finds the exported book right, and a damaged one wrong."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest
from beancount import loader
from beancount.core import account as accounts_of_beancount
from beancount.core import amount as amounts_of_beancount
from beancount.core.data import Transaction
from histories import open_accounts
from hypothesis import given
from hypothesis import strategies as st

from sundry.base.ledger import actions, executor, queries
from sundry.base.ledger.formats import beancount
from sundry.base.ledger.rules import Event, Kind, Transfer, Unit, UnitKind

ALL = queries.END
UNITS = {"currency:CNY": 2, "currency:JPY": 0, "currency:KWD": 3, "title:lot-7": 0, "title:LOT-7": 0, "quota:1039 $": 6}
PURPOSES = ("payable", "Payable", "货款", "حساب", 'say "so"\\\n', "a-b", "a--b", "007", "", "café", "é")


@pytest.fixture
def book(conn: psycopg.Connection[Any], make_history: Callable[[random.Random], Any]) -> None:
    """What is recorded of some dozens of random histories, in units of 0 to 6 decimals."""
    rng = random.Random(4)
    units = list(UNITS)
    for seed in range(12):
        history = make_history(rng)
        half = len(history.accounts) // 2
        pair = rng.sample(units, 2)
        owners = [UUID(int=rng.getrandbits(128)), None if seed < 1 else UUID(int=seed)]
        open_accounts(
            conn,
            [
                replace(
                    account,
                    owner=owners[number % 2],
                    unit=pair[number // half],
                    purpose=f"{PURPOSES[seed % len(PURPOSES)]}{number if number % half > 1 else ''}",
                )
                for number, account in enumerate(history.accounts)
            ],
        )
        for now, events in history.batches:
            told = [replace(one, document=PURPOSES[seed % len(PURPOSES)]) for one in events]
            executor.post(conn, told, now + timedelta(hours=seed * 5))
    for key, exponent in UNITS.items():
        conn.execute("SET ROLE none")
        conn.execute("UPDATE ledger_unit SET exponent = %s WHERE key = %s", [exponent, key])
        conn.execute("SET ROLE sundry_app")


def check(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """`bean-check`, as an auditor runs it."""
    file = folder / "ledger.beancount"
    file.write_text(text, encoding="utf-8")
    tool = Path(sys.executable).with_name("bean-check")
    return subprocess.run([tool, "--no-cache", file], capture_output=True, text=True, timeout=60)


def sums(entries: list[Any]) -> dict[str, Decimal]:
    """What beancount makes of the transactions alone, without our claims."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        for posting in entry.postings if isinstance(entry, Transaction) else ():
            found[posting.account] += posting.units.number
    return found


def claims() -> Iterator[tuple[str, Decimal]]:
    """What our queries say of each account, by beancount's names."""
    for account in queries.account_stream():
        figures = queries.balance(account.id)
        for part, figure in (
            (beancount.POSTED, figures.balance),
            (beancount.PROMISED, -figures.debits_pending),
            (beancount.AWAITED, figures.credits_pending),
        ):
            yield f"{part}:{beancount.account_name(account)}", Decimal(figure).scaleb(-account.exponent)


@pytest.mark.usefixtures("book")
def test_beancount_finds_the_book_right_and_makes_the_same_sums(tmp_path: Path) -> None:
    text = "".join(beancount.write(position=ALL))
    done = check(text, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")

    entries, errors, _ = loader.load_string(text)
    assert not errors
    claimed = list(claims())
    assert len(dict(claimed)) == len(claimed) == 3 * len(list(queries.account_stream()))  # no two have one name
    added = sums(entries)
    assert {name: added[name] for name, _ in claimed} == dict(claimed)
    assert sum(figure != 0 for _, figure in claimed) > 50
    assert any(figure for name, figure in claimed if name.startswith(beancount.PROMISED))

    told = [one for one in entries if isinstance(one, Transaction)]
    recorded = list(queries.event_stream())
    assert [one.meta["position"] for one in told] == [str(view.position) for view in recorded]
    assert [(one.payee, one.narration) for one in told] == [(v.event.kind, v.event.document) for v in recorded]
    assert any(len(one.links) == 2 for one in told)


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize("part", [beancount.POSTED, beancount.PROMISED, beancount.AWAITED])
def test_beancount_finds_one_damaged_line(part: str, tmp_path: Path) -> None:
    text = "".join(beancount.write(position=ALL))
    posting = re.search(rf"^  {part}:(?!Market:JPY)\S+  -?\d*\.(\d+) \S+$", text, re.MULTILINE)
    assert posting is not None
    last = posting.end(1) - 1
    changed = str((int(text[last]) + 1) % 10)
    assert loader.load_string(text[:last] + changed + text[last + 1 :])[1]

    claim = re.search(rf"^\S+ balance {part}:\S+  -?[\d.]+(\d) ~ 0 (CNY|KWD)$", text, re.MULTILINE)
    assert claim is not None
    changed = str((int(claim[1]) + 1) % 10)  # by the smallest amount there is
    done = check(text[: claim.start(1)] + changed + text[claim.end(1) :], tmp_path)
    assert done.returncode == 1
    assert "Balance failed" in done.stderr


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize("unit", UNITS)
def test_the_book_of_one_unit_is_a_whole_one(unit: str) -> None:
    entries, errors, _ = loader.load_string("".join(beancount.write(position=ALL, unit=unit)))
    assert not errors
    commodities = {
        posting.units.currency for one in entries if isinstance(one, Transaction) for posting in one.postings
    }
    kind, _, code = unit.partition(":")
    assert commodities == {beancount.commodity(UnitKind(kind), code)}


@pytest.mark.usefixtures("book")
def test_the_book_until_a_position_claims_what_was_true_then() -> None:
    recorded = [view.position for view in queries.event_stream()]
    text = "".join(beancount.write(position=recorded[len(recorded) // 2]))
    assert not loader.load_string(text)[1]
    assert text.count("\n  position:") == len(recorded) // 2 + 1


@pytest.mark.usefixtures("book")
def test_what_happens_while_it_is_written_is_not_in_it() -> None:
    """Somebody opens accounts and posts after the first piece was sent."""
    last = [view.position for view in queries.event_stream()][-1]
    known = queries.account_stream(unit="currency:CNY")
    busy = next(account for account in known if account.floor is None and account.ceiling is None)
    text = beancount.write(position=last)
    told = next(text)
    mine, other = actions.open_accounts(
        accounts=[actions.NewAccount(None, purpose, "currency:CNY") for purpose in ("new", "newer")]
    )
    moved = (Transfer(UUID(int=1), mine, other, 5), Transfer(UUID(int=2), mine, busy.id, 5))
    actions.post_or_raise(event=Event(UUID(int=3), "late", "late:1", "clerk", datetime.now(UTC), moved))
    told += "".join(text)
    assert not loader.load_string(told)[1]
    assert "late:1" not in told


@pytest.mark.django_db
def test_an_empty_book_is_right(tmp_path: Path) -> None:
    assert check("".join(beancount.write(position=ALL)), tmp_path).returncode == 0


@pytest.mark.django_db
def test_a_promise_kept_in_part_is_told_as_the_worked_case() -> None:
    """And a clock that went back does not take beancount's order from ours; dates are of the zone asked for."""
    actions.open_units(units=[Unit(UnitKind.CURRENCY, "CNY", 2)])
    stall = actions.open_account(owner=UUID(int=7), purpose="payable", unit="currency:CNY")
    bank = actions.open_account(owner=None, purpose="bank", unit="currency:CNY")
    evening = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # half past midnight in Yiwu

    def event(number: int, transfer: Transfer) -> Event:
        return Event(UUID(int=number), "payout", f"payout:{number}", "clerk", evening, (transfer,))

    promise = Transfer(UUID(int=1), stall, bank, 10_000, Kind.PENDING)
    actions.post_or_raise(event=event(1, promise), now=evening)
    paid = Transfer(UUID(int=2), None, None, 8_000, Kind.POST, promise.id)
    actions.post_or_raise(event=event(2, paid), now=evening - timedelta(days=1))

    text = "".join(beancount.write(position=ALL, zone=ZoneInfo("Asia/Shanghai")))
    owner = "00000000-0000-0000-0000-000000000007"
    assert re.findall(r"^  ((?:Assets|Liab).*)$", text, re.MULTILINE) == [
        f"Liabilities:Promised:{owner}:CNY:Payable  -100.00 CNY",
        "Assets:Awaited:Market:CNY:Bank  100.00 CNY",
        f"Liabilities:Promised:{owner}:CNY:Payable  100.00 CNY",
        "Assets:Awaited:Market:CNY:Bank  -100.00 CNY",
        f"Assets:Posted:{owner}:CNY:Payable  -80.00 CNY",
        "Assets:Posted:Market:CNY:Bank  80.00 CNY",
    ]
    assert re.findall(r"^(\S+) \*", text, re.MULTILINE) == ["2026-11-23"] * 2
    assert f"2026-11-24 balance Assets:Posted:{owner}:CNY:Payable  -80.00 ~ 0 CNY" in text


@given(st.text(), st.text(), st.sampled_from(UnitKind))
def test_names_are_legal_and_two_never_become_one(code: str, other: str, kind: UnitKind) -> None:
    name = beancount.commodity(kind, code)
    assert re.fullmatch(amounts_of_beancount.CURRENCY_RE, name)
    assert accounts_of_beancount.is_valid(f"Assets:{name}:{beancount._purpose(code)}")
    assert (name == beancount.commodity(kind, other)) == (code == other)
    assert (beancount._purpose(code) == beancount._purpose(other)) == (code == other)


@pytest.mark.parametrize(
    ("kind", "code", "name"),
    [
        (UnitKind.CURRENCY, "CNY", "CNY"),
        (UnitKind.CURRENCY, "cny", "CURRENCY-CNY"),
        (UnitKind.TITLE, "lot-7", "TITLE-LOT--7"),
        (UnitKind.TITLE, "LOT-7", "TITLE-" + "-00004C-00004F-000054--7"),
        (UnitKind.CUSTODY, "货", "CUSTODY--008D27"),
        (UnitKind.QUOTA, "a-", "QUOTA-A-00002D"),
    ],
)
def test_commodities(kind: UnitKind, code: str, name: str) -> None:
    assert beancount.commodity(kind, code) == name


def test_not_every_balance_is_checked_to_a_cent_without_its_tolerance(tmp_path: Path) -> None:
    """Why each claim ends in `~ 0`: a cent more or less is right for beancount otherwise."""
    book = "2026-01-01 open Assets:A CNY\n2026-01-02 balance Assets:A  {} CNY\n"
    assert check(book.format("0.01"), tmp_path).returncode == 0
    assert check(book.format("0.01 ~ 0"), tmp_path).returncode == 1
