"""What the worker does for the ledger, and how often."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from sundry.base.ledger import actions
from sundry.base.ledger.actions import open_account, open_units, post_or_raise
from sundry.base.ledger.models import Fold
from sundry.base.ledger.queries import balance
from sundry.base.ledger.rules import Event, Kind, Transfer, Unit, UnitKind
from sundry.kernel.identifiers import new_id

CNY = Unit(UnitKind.CURRENCY, "CNY", 2)


def promise(recorded_at: datetime) -> tuple[Transfer, Event]:
    """500 fen that wait for a minute, between two accounts of their own."""
    open_units(units=[CNY])
    gives = open_account(owner=new_id(), purpose="payable", unit=CNY.key)
    takes = open_account(owner=new_id(), purpose="bank", unit=CNY.key)
    one = Transfer(new_id(), gives, takes, 500, Kind.PENDING, expiry_s=60)
    event = Event(new_id(), "payout", "payout:1", "clerk", recorded_at, (one,))
    post_or_raise(event=event, now=recorded_at)
    return one, event


@pytest.mark.django_db
def test_every_minute_lately_and_every_night_all() -> None:
    now = timezone.now()
    old, _ = promise(now - timedelta(days=2))
    late, _ = promise(now - timedelta(hours=2))
    open_, _ = promise(now)
    waiting = [old, late, open_]

    def pending() -> list[int]:
        return [balance(one.debit).debits_pending for one in waiting if one.debit is not None]

    assert pending() == [500, 500, 500]
    app.tasks["ledger.expire"].func(timestamp=0)
    assert pending() == [500, 0, 500]
    app.tasks["ledger.expire_all"].func(timestamp=0)
    assert pending() == [0, 0, 500]


@pytest.mark.django_db(transaction=True)
def test_every_hour_busy_accounts_are_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "FOLD_FROM", 1)
    one, _ = promise(timezone.now())
    app.tasks["ledger.fold"].func(timestamp=0)
    assert set(Fold.objects.values_list("account", flat=True)) == {one.debit, one.credit}


def test_each_job_has_its_hour() -> None:
    periodic = [(task.task.name, task.cron) for task in app.periodic_registry.periodic_tasks.values()]
    jobs = [("ledger.expire", "* * * * *"), ("ledger.expire_all", "30 3 * * *"), ("ledger.fold", "15 * * * *")]
    assert [periodic.count(job) for job in jobs] == [1, 1, 1]
