"""Tokens, for the tests of the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def bearer(db: None) -> Callable[..., Any]:
    """bearer(member, *scopes) makes a token that acts for her, and a client that shows it."""
    from django.test import Client
    from django.utils import timezone

    from sundry.base.access.actions import create_token
    from sundry.base.access.rules import Actor

    def make(member: Any, *scopes: str) -> Client:
        actor = Actor(person=member.person, organisation=member.organisation)
        made = create_token(actor=actor, name="Scales", scopes=scopes, days=1, now=timezone.now())
        return Client(headers={"host": "localhost", "authorization": f"Bearer {made.secret}"})

    return make
