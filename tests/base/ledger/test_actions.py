"""What happens to the ledger through Django's connection: accounts are opened, events posted, corrected, expired."""

from __future__ import annotations

import pytest

from sundry.base.ledger.actions import open_account, open_units
from sundry.base.ledger.rules import Unit, UnitKind

CNY = Unit(UnitKind.CURRENCY, "CNY", 2)


@pytest.mark.django_db
def test_an_account_is_opened_once() -> None:
    open_units(units=[CNY])
    first = open_account(owner=None, purpose="fees", unit=CNY.key)
    assert open_account(owner=None, purpose="fees", unit=CNY.key) == first
