"""What a refusal says, finding by finding."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sundry.goods.orders.errors import Refused


@contextmanager
def refused(*rules: str) -> Iterator[None]:
    """Within, something is refused by these rules, in this order."""
    with pytest.raises(Refused) as refusal:
        yield
    assert tuple(finding.rule for finding in refusal.value.findings) == rules
