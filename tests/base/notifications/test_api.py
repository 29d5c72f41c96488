"""Notices and preferences for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from sundry.base.notifications import sending

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.fixture
def mine(office: Callable[..., Any]) -> Any:
    return office()


@pytest.fixture
def client(mine: Any) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(mine.person)
    return client


def test_notices_are_read_page_by_page_in_the_language_that_is_asked_for(client: Client, mine: Any) -> None:
    mine.tell(count=3)
    sending.spread(now=MORNING)
    first = client.get("/api/notifications?limit=2", headers={"Accept-Language": "zh"}).json()
    assert [one["text"] for one in first["items"]] == ["订单 10234 已确认：10234-3。"] * 2
    second = client.get("/api/notifications", {"limit": 2, "cursor": first["next"]}).json()
    assert [one["link"] for one in second["items"]] == ["/orders/10234/"]
    assert second["next"] is None


def test_what_was_seen_is_marked(client: Client, mine: Any) -> None:
    mine.tell(count=2)
    sending.spread(now=MORNING)
    newest = client.get("/api/notifications").json()["items"][0]["id"]
    for marked in (2, 0):
        answer = client.post("/api/notifications/read", {"up_to": newest}, content_type="application/json")
        assert answer.json() == {"marked": marked}


def test_preferences_are_read_and_replaced(client: Client) -> None:
    shown = client.get("/api/notifications/preferences").json()
    assert shown["ways"] == ["email", "none"]
    assert shown["groups"]["orders"] == {"way": "email", "frequency": "twice_daily"}
    asked = {
        "groups": {"orders": {"way": "none", "frequency": "never"}},
        "quiet_from": "23:00",
        "quiet_until": "05:30",
        "zone": "Africa/Cairo",
    }
    answer = client.put("/api/notifications/preferences", asked, content_type="application/json").json()
    assert answer["groups"]["orders"] == asked["groups"]["orders"]  # type: ignore[index]
    assert answer["groups"]["talk"] == shown["groups"]["talk"]
    assert (answer["quiet_from"], answer["quiet_until"], answer["zone"]) == ("23:00", "05:30", "Africa/Cairo")


@pytest.mark.parametrize(
    "wrong",
    [{"zone": "Asia/Yiwu"}, {"quiet_from": "x"}, {"groups": {"orders": {"way": "sms", "frequency": "daily"}}}],
    ids=str,
)
def test_a_wrong_preference_is_told(client: Client, wrong: dict[str, Any]) -> None:
    asked = {"groups": {}, "quiet_from": "22:00", "quiet_until": "07:00", "zone": "Asia/Shanghai"} | wrong
    answer = client.put("/api/notifications/preferences", asked, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["error"]["message"]
