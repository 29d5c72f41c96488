"""A prepared statement is counted, belongs to Django's transaction, and fails as Django's do."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from sundry.base.access.prepared import run


@pytest.mark.django_db
def test_a_prepared_statement_is_one_of_djangos() -> None:
    with CaptureQueriesContext(connection) as sent:
        assert run("SELECT %s::integer + 1", [1]).fetchone() == (2,)
    assert [one["sql"] for one in sent] == ["SELECT %s::integer + 1"]
    with pytest.raises(IntegrityError), transaction.atomic():
        run("INSERT INTO catalogue_change (id) VALUES (%(id)s)", {"id": 1})
    with pytest.raises(TransactionManagementError):
        _after_a_fault()


def _after_a_fault() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        run("SELECT 1", [])
