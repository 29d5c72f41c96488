"""/health says in one word whether the market can do its work, and nothing of anybody."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection
from django.test import Client


@pytest.mark.django_db
def test_a_market_with_its_database_is_well() -> None:
    answer = Client().get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok"})


@pytest.mark.django_db
def test_a_market_without_its_database_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DatabaseError("the server has gone, and password=secret stands in what it says")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = Client().get("/health")
    assert answer.status_code == 503
    assert answer.json() == {"status": "down", "database": "unreachable"}
