"""Each figure that is read equals what the plain ledger makes of the same history."""

from __future__ import annotations

from uuid import UUID

import pytest

from sundry.base.ledger.queries import Balance, balance, balances


@pytest.mark.django_db
def test_an_account_that_was_never_opened_has_no_balance() -> None:
    assert balances([UUID(int=1)]) == {}
    assert balance(UUID(int=1)) == Balance()
