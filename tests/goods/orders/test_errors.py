"""What the database refuses is told apart by the column that was in the way."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from sundry.goods.orders.errors import is_of_key


@pytest.mark.django_db
@pytest.mark.parametrize(("column", "expected"), [("key", True), ("number", False), ("other_key", False)])
def test_a_key_that_is_taken_is_told_from_another_column(column: str, expected: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE held ({column} int UNIQUE) ON COMMIT DROP")
        cursor.execute("INSERT INTO held VALUES (1)")
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            cursor.execute("INSERT INTO held VALUES (1)")
    assert is_of_key(refused.value) is expected
