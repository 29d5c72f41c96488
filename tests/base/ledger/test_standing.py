"""Accounts as they stand, opened where they are not open yet."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connections, transaction

from sundry.base.ledger.actions import LimitsDiffer, NewAccount, open_accounts, open_units, post
from sundry.base.ledger.models import Account
from sundry.base.ledger.models import Unit as UnitRow
from sundry.base.ledger.rules import Event, Kind, Outcome, Transfer, Unit, UnitKind
from sundry.base.ledger.standing import standing
from sundry.kernel.identifiers import new_id

NOON = datetime(2020, 11, 22, 12, tzinfo=UTC)
CUPS = Unit(UnitKind.TITLE, "cups")
CNY = Unit(UnitKind.CURRENCY, "CNY", 2)
STALL = new_id()
SHELF = NewAccount(STALL, "shelf", CUPS.key, floor=0)
RESERVED = NewAccount(STALL, "reserved", CUPS.key, floor=0)
OUTSIDE = NewAccount(None, "outside", CUPS.key)


@pytest.mark.django_db
def test_accounts_are_opened_and_tell_how_they_stand() -> None:
    asked = [RESERVED, OUTSIDE, SHELF, SHELF]
    first = standing(units=[CUPS], accounts=asked)
    assert [(one.balance, one.available, one.expected) for one in first] == [(0, 0, 0)] * 4
    reserved, outside, shelf, same = (one.id for one in first)
    assert shelf == same
    assert Account.objects.filter(id=outside, owner=None, purpose="outside", floor=None).exists()
    moved = (
        Transfer(new_id(), outside, shelf, 10),
        Transfer(new_id(), shelf, reserved, 4),
        Transfer(new_id(), shelf, reserved, 3, Kind.PENDING),
    )
    assert post(events=[Event(new_id(), "sale", "", "", NOON, moved)])[0].outcome is Outcome.POSTED
    again = standing(units=[CUPS], accounts=asked)
    assert [one.id for one in again] == [reserved, outside, shelf, shelf]
    assert [(one.balance, one.available, one.expected) for one in again] == [(4, 4, 7), (0, 0, 0), (6, 3, 6), (6, 3, 6)]
    assert standing(units=[], accounts=[]) == []
    assert [one.id for one in again[:3]] == open_accounts(accounts=asked[:3])


@pytest.mark.django_db
def test_faults_of_the_caller_are_told_and_open_nothing() -> None:
    with pytest.raises(ValueError, match="no such unit: currency:CNY"):
        standing(units=[CUPS], accounts=[SHELF, NewAccount(STALL, "funds", "currency:CNY")])
    assert not Account.objects.exists()
    open_units(units=[CNY])
    with pytest.raises(ValueError, match="another number of decimals"), transaction.atomic():
        standing(units=[Unit(UnitKind.CURRENCY, "CNY", 3)], accounts=[NewAccount(STALL, "funds", "currency:CNY")])
    standing(units=[CUPS], accounts=[SHELF])
    with pytest.raises(LimitsDiffer), transaction.atomic():
        standing(units=[CUPS], accounts=[NewAccount(STALL, "shelf", CUPS.key, floor=0, ceiling=5)])
    assert UnitRow.objects.get(key="currency:CNY").exponent == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_open_the_same_accounts_at_once_get_the_same_ones() -> None:
    together = Barrier(2)

    def opened(accounts: list[NewAccount]) -> dict[str, object]:
        try:
            together.wait(10)
            with transaction.atomic():
                return {
                    a.purpose: one.id
                    for a, one in zip(accounts, standing(units=[CUPS], accounts=accounts), strict=True)
                }
        finally:
            connections.close_all()

    asked = [SHELF, RESERVED, OUTSIDE]
    with ThreadPoolExecutor(2) as threads:
        one, other = threads.map(opened, (asked, asked[::-1]))
    assert one == other
    assert Account.objects.count() == 3
