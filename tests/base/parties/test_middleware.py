from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.utils import timezone

from sundry.base.parties.middleware import EVERY_S, SEEN_AT


@pytest.fixture
def signed_in(town: Any) -> Any:
    client = town.client(town.person())
    UserSession.objects.create(
        user_id=client.session["_auth_user_id"],
        session_key=client.session.session_key,
        ip="192.0.2.1",
        user_agent="Browser",
        last_seen_at=timezone.now() - timedelta(days=1),
    )
    return client


def seen() -> Any:
    return UserSession.objects.get().last_seen_at


def test_a_session_is_seen_once_in_a_quarter_of_an_hour(signed_in: Any) -> None:
    signed_in.get("/health", REMOTE_ADDR="192.0.2.7")
    first = seen()
    assert timezone.now() - first < timedelta(minutes=1)
    assert UserSession.objects.get().ip == "192.0.2.7"
    signed_in.get("/health")
    assert seen() == first
    session = signed_in.session
    session[SEEN_AT] -= EVERY_S
    session.save()
    signed_in.get("/health")
    assert seen() > first


def test_a_click_in_between_costs_no_statement(signed_in: Any, django_assert_num_queries: Any) -> None:
    signed_in.get("/account/me")
    with django_assert_num_queries(4):  # session, person, what she may act as, the page itself
        signed_in.get("/account/me")
