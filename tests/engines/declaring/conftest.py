from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from sundry.engines.declaring.rules import DeclarableLine, Rules1039

DAY = date(2026, 11, 2)

MakeLine = Callable[..., DeclarableLine]


@pytest.fixture(scope="session")
def rules() -> Rules1039:
    return Rules1039.at(DAY)


@pytest.fixture(scope="session")
def line() -> MakeLine:
    """line(0, "950300", 90_00): a line of 10 cartons, whatever is not said."""

    def make(index: int, hs: str | None, value_usd_cents: int, **other: Any) -> DeclarableLine:
        fields: dict[str, Any] = {
            "name": f"goods {index}",
            "unit": "piece",
            "cartons": 10,
            "pieces": 100,
            "gross_g": 10_000,
            "net_g": 9_000,
        }
        return DeclarableLine(line=index, hs=hs, value_usd_cents=value_usd_cents, **(fields | other))

    return make
