"""Two workers at once, each with a connection of its own, on what is committed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from sundry.base.notifications import sending

pytestmark = pytest.mark.django_db(transaction=True)

MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)
EVENING = datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_two_workers_tell_nobody_twice(office: Callable[..., Any], posted: Callable[[], list[Any]]) -> None:
    mine = office(*["en"] * 6)
    mine.tell(count=5)

    def work(_: int) -> None:
        try:
            sending.spread(now=MORNING)
            sending.send_digests(now=EVENING)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(4)))
    sending.send_digests(now=EVENING)
    assert sorted(message.recipient for message in posted()) == sorted(person.email for person in mine.people)
    assert {message.subject for message in posted()} == {"5 confirmations"}
