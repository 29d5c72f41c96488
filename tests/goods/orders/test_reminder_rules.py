"""Who is reminded of what: only stalls of which it is waited for, each once, the longest waiting part first."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest

from sundry.goods.orders.order_rules import State, SubView, Totals
from sundry.goods.orders.reminder_rules import Reminder, Waiting, key_of, plan, waits_for

TODAY = date(2026, 11, 22)
ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)
NOTHING = Totals(*(0,) * 9)
SUB = SubView(
    id=uuid.UUID(int=9),
    code="10234-1",
    order=10234,
    stall=7,
    stall_names={},
    place="1-F2-C-1205",
    seller=ONE,
    state=State.CONFIRMED,
    totals=NOTHING,
    deposit_bp=0,
    promised_day=TODAY,
    first_promised_day=TODAY,
    placed_at=None,
    answer_by=None,
    confirmed_at=None,
    handed_over_at=None,
    ended_at=None,
    reason="",
    note="",
    version=1,
    has_proposal=False,
    ticket="none",
)


def waiting(stall: uuid.UUID, number: int, **changed: object) -> Waiting:
    sub = replace(SUB, id=uuid.UUID(int=number), code=f"10234-{number}", **changed)  # type: ignore[arg-type]
    return Waiting(sub, ONE, stall, ONE, None, None, "KE")


@pytest.mark.parametrize(
    ("reminder", "changed", "waits"),
    [
        (Reminder.CONFIRM, {"state": State.PLACED}, True),
        (Reminder.CONFIRM, {"state": State.CONFIRMED}, False),
        (Reminder.DAY, {"state": State.READY}, True),
        (Reminder.DAY, {"state": State.HANDED_OVER}, False),
        (Reminder.LATE, {"promised_day": TODAY - timedelta(days=1)}, True),
        (Reminder.LATE, {"promised_day": TODAY}, False),
        (Reminder.LATE, {"promised_day": TODAY - timedelta(days=1), "state": State.HANDED_OVER}, False),
        (Reminder.TICKET, {"ticket": "drawn"}, True),
        (Reminder.TICKET, {"ticket": "buyer"}, True),
        (Reminder.TICKET, {"ticket": "stall"}, False),
        (Reminder.TICKET, {"ticket": "drawn", "state": State.CANCELLED}, False),
    ],
)
def test_what_a_part_waits_for(reminder: Reminder, changed: dict[str, object], waits: bool) -> None:
    assert waits_for(reminder, replace(SUB, **changed), today=TODAY) is waits  # type: ignore[arg-type]


def test_a_stall_is_told_of_all_its_parts_the_longest_waiting_first() -> None:
    early, late = TODAY - timedelta(days=9), TODAY - timedelta(days=2)
    chosen = [
        waiting(ONE, 1, promised_day=late),
        waiting(ONE, 2, promised_day=early),
        waiting(TWO, 3, promised_day=late),
        waiting(TWO, 4, state=State.HANDED_OVER),
    ]
    made = plan(chosen, Reminder.LATE, reminded=(), today=TODAY)
    assert [one.sub.code for one in made.parts[ONE]] == ["10234-2", "10234-1"]
    assert (made.stalls, made.other, made.again) == (2, 1, 0)
    again = plan(chosen, Reminder.LATE, reminded={ONE}, today=TODAY)
    assert (set(again.parts), again.other, again.again) == ({TWO}, 1, 1)


def test_a_day_a_stall_and_an_organisation_make_one_key() -> None:
    key = key_of(organisation=ONE, stall=TWO, day=TODAY)
    assert key == key_of(organisation=ONE, stall=TWO, day=TODAY)
    others = {
        key_of(organisation=TWO, stall=TWO, day=TODAY),
        key_of(organisation=ONE, stall=ONE, day=TODAY),
        key_of(organisation=ONE, stall=TWO, day=TODAY + timedelta(days=1)),
    }
    assert len(others | {key}) == 4
