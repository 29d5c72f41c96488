from __future__ import annotations

from typing import Any

import pytest

from sundry.base.outbox.actions import post
from sundry.base.outbox.queries import messages

pytestmark = pytest.mark.django_db


def posted(count: int) -> None:
    for number in range(count):
        post(channel="email", recipient=f"{number % 2}@market.example", body=str(number))


@pytest.mark.parametrize("count", [3, 30])
def test_messages_come_newest_first_in_one_statement(count: int, django_assert_num_queries: Any) -> None:
    posted(count)
    with django_assert_num_queries(1):
        page = messages()
    assert [int(shown.message.body) for shown in page.messages] == list(range(count))[::-1]
    assert page.next is None


def test_pages_follow_each_other_without_a_gap() -> None:
    posted(7)
    seen, after = [], None
    for size in (3, 3, 1):
        page = messages(after=after, limit=3)
        assert len(page.messages) == size
        seen += [int(shown.message.body) for shown in page.messages]
        after = page.next
    assert after is None
    assert seen == [6, 5, 4, 3, 2, 1, 0]


def test_only_one_recipients() -> None:
    posted(4)
    assert {shown.message.body for shown in messages(recipient="1@market.example").messages} == {"1", "3"}
