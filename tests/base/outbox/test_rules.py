from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sundry.base.outbox.rules import ATTEMPTS_MAX, masked, next_try

TEN = datetime(2026, 4, 20, 10, tzinfo=UTC)


def tries(*, secret: bool) -> list[str]:
    """When a message of ten o'clock is tried, the mail server being down for good."""
    at: datetime | None = TEN
    times = []
    while at is not None:
        times.append(f"{at:%H:%M:%S}")
        at = next_try(attempts=len(times), now=at, created_at=TEN, secret=secret)
    return times


def test_the_pauses_grow_fourfold() -> None:
    assert tries(secret=False) == ["10:00:00", "10:00:30", "10:02:30", "10:10:30", "10:42:30", "12:50:30"]
    assert len(tries(secret=False)) == ATTEMPTS_MAX


def test_a_code_is_not_sent_when_it_is_no_longer_good() -> None:
    assert tries(secret=True) == ["10:00:00", "10:00:30", "10:02:30"]


def test_a_code_is_sent_up_to_the_moment_at_which_it_ends() -> None:
    ends = TEN + timedelta(minutes=10)
    assert next_try(attempts=1, now=ends - timedelta(seconds=30), created_at=TEN, secret=True) == ends
    assert next_try(attempts=1, now=ends - timedelta(seconds=29), created_at=TEN, secret=True) is None


@pytest.mark.parametrize(
    ("recipient", "shown"),
    [
        ("lihua@market.example", "li***@market.example"),
        ("li@market.example", "l***@market.example"),
        ("+8613800138000", "+86138***8000"),
        ("+6591234567", "+65***4567"),
        ("+12345678", "***78"),
    ],
)
def test_a_masked_recipient_is_known_only_to_who_knows_it(recipient: str, shown: str) -> None:
    assert masked(recipient) == shown
