"""What the tests of orders share stands beside them (orders_market.py)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

if TYPE_CHECKING:
    from stall_counter import Counter

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="module")
def counter(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Counter]:
    """A stall's counter (stall_counter.py): one for all tests of a file; what a test changes is rolled back."""
    from stall_counter import opened

    with django_db_blocker.unblock(), opened(tmp_path_factory.mktemp("counter")) as made:
        yield made


@pytest.fixture(scope="module")
def standing_market(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """One market for a file of tests, which is gone with it."""
    from orders_market import Market

    with django_db_blocker.unblock(), transaction.atomic():
        yield Market()
        transaction.set_rollback(True)


@pytest.fixture
def market(standing_market: Any, db: None) -> Any:
    """The same for one test: what it does there is undone."""
    return standing_market
