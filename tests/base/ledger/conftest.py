"""Connections with the application's rights, and what the ledger's tests share (histories.py)."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from histories import History, PlainLedger, random_history
from ledger_books import Books


@pytest.fixture(scope="session")
def make_history() -> Callable[[random.Random], History]:
    return random_history


@pytest.fixture(scope="session")
def plain_ledger() -> type[PlainLedger]:
    return PlainLedger


@pytest.fixture
def as_application(transactional_db: None) -> Callable[[], psycopg.Connection[Any]]:
    """as_application() opens one more connection to the database of the tests, with the application's rights."""
    from django.db import connection

    place = connection.settings_dict

    def connect() -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=place["HOST"],
            user=place["USER"],
            dbname=place["NAME"],
            autocommit=True,
            options="-c role=sundry_app -c plan_cache_mode=force_generic_plan",
        )

    return connect


@pytest.fixture
def conn(as_application: Callable[[], psycopg.Connection[Any]]) -> Iterator[psycopg.Connection[Any]]:
    """One such connection. What it commits is gone after the test."""
    with as_application() as made:
        yield made


@pytest.fixture
def books(db: None) -> Books:
    """A small market for the pages and the API."""
    return Books()
