"""When somebody is told: frequencies, quiet hours over midnight, days on which the clocks change."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.base.notifications import rules
from sundry.base.notifications.rules import (
    ANY_GROUP,
    Choice,
    Frequency,
    Group,
    Notice,
    NoticeKind,
    Preferences,
    PreferencesRefused,
    Quiet,
    Way,
    checked_time,
    checked_zone,
    due_at,
    groups_of,
    next_at,
    usual_way,
)

QUIET = Quiet()
BERLIN = Quiet("Europe/Berlin", time(22), time(2, 30))


def shanghai(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "minute", "holds"),
    [(21, 59, False), (22, 0, True), (23, 10, True), (0, 0, True), (6, 59, True), (7, 0, False), (12, 0, False)],
)
def test_quiet_hours_go_over_midnight(hour: int, minute: int, holds: bool) -> None:
    assert QUIET.holds(shanghai(23, hour, minute)) is holds


def test_what_falls_in_quiet_hours_waits_for_their_end() -> None:
    assert QUIET.after(shanghai(23, 23, 10)) == shanghai(24, 7)
    assert QUIET.after(shanghai(24, 3)) == shanghai(24, 7)
    assert QUIET.after(shanghai(24, 7)) == shanghai(24, 7)


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    siesta = Quiet("Asia/Shanghai", time(13), time(15))
    assert siesta.after(shanghai(23, 14)) == shanghai(23, 15)
    assert not any(Quiet("Asia/Shanghai", time(8), time(8)).holds(shanghai(23, hour)) for hour in range(24))


def test_an_end_that_the_clock_leaves_out_is_taken_as_it_would_have_been() -> None:
    """In Berlin on 29 March 2026 the clock goes from 02:00 to 03:00: there is no 02:30."""
    assert BERLIN.after(utc("2026-03-29T00:15")) == utc("2026-03-29T01:30")  # 03:30 of summer time
    assert BERLIN.after(utc("2026-03-28T22:00")) == utc("2026-03-29T01:30")


def test_an_end_that_comes_twice_is_the_first_that_is_still_to_come() -> None:
    """In Berlin on 25 October 2026 the hour from 02:00 to 03:00 comes twice."""
    assert BERLIN.after(utc("2026-10-25T00:10")) == utc("2026-10-25T00:30")  # the first 02:30
    assert BERLIN.after(utc("2026-10-25T01:10")) == utc("2026-10-25T01:30")  # the second 02:10


def test_a_day_with_another_length_moves_no_time_of_day() -> None:
    plain = Quiet("Europe/Berlin")
    assert plain.after(utc("2026-03-28T23:00")) == utc("2026-03-29T05:00")
    assert plain.after(utc("2026-10-24T23:00")) == utc("2026-10-25T06:00")


@pytest.mark.parametrize(
    ("frequency", "at", "due"),
    [
        (Frequency.AT_ONCE, (9, 20), (23, 9, 20)),
        (Frequency.HOURLY, (9, 20), (23, 10, 0)),
        (Frequency.MORNING_AND_EVENING, (9, 20), (23, 18, 0)),
        (Frequency.MORNING_AND_EVENING, (19, 5), (24, 8, 0)),
        (Frequency.DAILY, (9, 20), (24, 8, 0)),
        (Frequency.AT_ONCE, (23, 10), (24, 7, 0)),
        (Frequency.HOURLY, (21, 30), (24, 7, 0)),
    ],
)
def test_each_frequency_has_its_time(frequency: Frequency, at: tuple[int, int], due: tuple[int, int, int]) -> None:
    choice = Choice(Way.EMAIL, frequency)
    assert due_at(choice, QUIET, urgent=False, now=shanghai(23, *at), last_sent_at=None) == shanghai(*due)


def test_at_once_is_not_every_minute() -> None:
    now, choice = shanghai(23, 9), Choice(Way.EMAIL, Frequency.AT_ONCE)
    just_now = now - timedelta(minutes=2)
    assert due_at(choice, QUIET, urgent=False, now=now, last_sent_at=just_now) == just_now + rules.PAUSE


def test_what_is_urgent_comes_at_once_but_not_at_night_and_not_to_who_wants_nothing() -> None:
    daily, never = Choice(Way.EMAIL, Frequency.DAILY), Choice(Way.EMAIL, Frequency.NEVER)
    noon, night = shanghai(23, 12), shanghai(23, 23)
    assert due_at(daily, QUIET, urgent=True, now=noon, last_sent_at=None) == noon
    assert due_at(daily, QUIET, urgent=True, now=night, last_sent_at=None) == shanghai(24, 7)
    assert due_at(never, QUIET, urgent=True, now=noon, last_sent_at=None) is None
    assert due_at(Choice(Way.NONE), QUIET, urgent=True, now=noon, last_sent_at=None) is None


@given(
    st.integers(0, 2 * 366 * 24 * 60).map(lambda minutes: utc("2026-01-01") + timedelta(minutes=minutes)),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]),
    st.times(),
    st.times(),
    st.sampled_from(list(Frequency)),
)
def test_nothing_is_due_before_now_or_in_quiet_hours(
    now: datetime, zone: str, since: time, until: time, frequency: Frequency
) -> None:
    quiet = Quiet(zone, since.replace(second=0, microsecond=0), until.replace(second=0, microsecond=0))
    due = due_at(Choice(Way.EMAIL, frequency), quiet, urgent=False, now=now, last_sent_at=None)
    assert (due is None) == (frequency is Frequency.NEVER)
    if due is not None:
        assert now <= due <= now + timedelta(days=3)
        assert not quiet.holds(due) or _clock_goes_back(due, zone)


def _clock_goes_back(at: datetime, zone: str) -> bool:
    """Where the clock shows an hour twice, quiet hours that end in it begin once more: then the first end counts."""
    local = at.astimezone(rules.ZoneInfo(zone))
    later = (at + timedelta(hours=2)).astimezone(rules.ZoneInfo(zone))
    return local.utcoffset() != later.utcoffset()


def test_the_next_time_is_after_now() -> None:
    assert next_at(shanghai(23, 8), "Asia/Shanghai", (time(8), time(18))) == shanghai(23, 18)


def test_stopping_one_way_leaves_the_others() -> None:
    chosen = Preferences(
        Choice(Way.EMAIL),
        {"orders": Choice(Way.SMS, Frequency.HOURLY), "talk": Choice(Way.EMAIL, Frequency.DAILY)},
    )
    stopped = chosen.without(Way.EMAIL, ["orders", "talk", "payments"])
    assert stopped.of("orders") == Choice(Way.SMS, Frequency.HOURLY)
    assert stopped.of("talk").is_silent
    assert stopped.of("payments").is_silent
    assert stopped.of("a group of next year").is_silent
    assert chosen.without(Way.WECHAT, ["orders"]).of(ANY_GROUP) == Choice(Way.EMAIL)


def test_who_has_chosen_nothing_is_told_by_what_she_has() -> None:
    assert usual_way(email=True, phone=True) is Way.EMAIL
    assert usual_way(email=False, phone=True) is Way.SMS
    assert usual_way(email=False, phone=False) is Way.NONE


def test_a_zone_and_a_time_are_checked() -> None:
    assert checked_zone("Asia/Shanghai") == "Asia/Shanghai"
    assert checked_time(" 7:05", "quiet_from") == time(7, 5)
    with pytest.raises(PreferencesRefused, match="no time zone") as refused:
        checked_zone("Asia/Yiwu")
    assert refused.value.field == "zone"
    for wrong in ("24:00", "7", "７:00", "07:60"):
        with pytest.raises(PreferencesRefused, match="no time of day"):
            checked_time(wrong, "quiet_from")


def test_kinds_have_rules_groups_and_notices_have_folds() -> None:
    orders = Group("orders", "Orders")
    kinds = [NoticeKind("order.handed-over", orders, ""), NoticeKind("order.late", orders, "", urgent=True)]
    assert kinds[0].rule == "notice_order_handed_over"
    assert groups_of(kinds) == (orders,)
    mine = uuid.UUID(int=7)
    assert Notice(mine, "order.late", {}, "/orders/1/").fold == ""
    assert Notice(mine, "order.late", {}, "/orders/1/", key="1").fold == f"{mine}:order.late:1"
