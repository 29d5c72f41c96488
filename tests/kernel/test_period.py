from __future__ import annotations

from datetime import date

import pytest

from sundry.kernel.period import Period

FIRST, LAST, NEXT = date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)


def test_the_first_day_is_in_and_until_is_out() -> None:
    january = Period(FIRST, NEXT)
    assert FIRST in january
    assert LAST in january
    assert NEXT not in january
    assert date(2025, 12, 31) not in january


def test_an_open_period_holds_every_later_day() -> None:
    assert date(9999, 12, 31) in Period(FIRST)


def test_periods_that_follow_each_other_do_not_overlap() -> None:
    january, since = Period(FIRST, NEXT), Period(NEXT)
    assert not january.overlaps(since)
    assert not since.overlaps(january)
    assert Period(LAST).overlaps(january)
    assert january.overlaps(Period(LAST))
    assert since.overlaps(Period(LAST))


def test_a_period_without_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="no day"):
        Period(FIRST, FIRST)
