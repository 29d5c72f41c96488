"""Published statements and observations of a town that is nowhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from sundry.engines.reading.model import Basis, BasisSource, Bound, Type
from sundry.insight.observatory.rules import Actuality, Observation, SeriesKey, Standing, StatementView

PAGE = UUID(int=77)
SENTENCE = "据海关统计，一季度全县出口突破12.50亿元，其中小商品占六成。"


@pytest.fixture
def said() -> Callable[..., StatementView]:
    """A statement, with what a test wants otherwise."""

    def make(number: int = 1, **other: Any) -> StatementView:
        about: dict[str, Any] = {
            "id": UUID(int=number),
            "page": PAGE,
            "page_name": "lakeside-0411.txt",
            "issued": date(2026, 4, 11),
            "article": 0,
            "spans": ((106, 109), (113, 122)),
            "quote": "一季度突破12.50亿元",
            "context": SENTENCE,
            "context_start": 100,
            "type": Type.LEVEL,
            "indicator": "外贸出口额",
            "indicator_key": "exports",
            "subject": "",
            "region_code": "990100",
            "region": "湖滨县",
            "period": "2026-Q1",
            "starts_on": date(2026, 1, 1),
            "ends_on": date(2026, 3, 31),
            "value": Decimal("12.5000000000"),
            "low": Decimal("12.5000000000"),
            "high": None,
            "unit": "亿元",
            "base_value": Decimal("1250000000.0000000000"),
            "base_unit": "元",
            "bound": Bound.GT,
            "kinds": ("cumulative", "approximate:突破"),
            "basis": Basis.NOMINAL,
            "basis_source": BasisSource.BY_CONVENTION,
            "versus": None,
            "confidence": 0.94,
            "standing": Standing.PUBLISHED,
            "inherited": {},
            "passed": 1,
            "failed": 0,
            "decimals": 2,
        }
        return StatementView(**(about | other))

    return make


@pytest.fixture
def seen() -> Callable[..., Observation]:
    """An observation that the statement of the same number says, with what a test wants otherwise."""

    def make(number: int = 1, **other: Any) -> Observation:
        of_key = {name: other.pop(name) for name in SeriesKey.__slots__ if name in other}
        key: dict[str, Any] = {
            "indicator_key": "exports",
            "measure": Type.LEVEL,
            "region_code": "990100",
            "unit": "元",
            "accumulation": "ytd",
        }
        about: dict[str, Any] = {
            "key": SeriesKey(**(key | of_key)),
            "period": "2026-Q1",
            "starts_on": date(2026, 1, 1),
            "ends_on": date(2026, 3, 31),
            "value": Decimal("1250000000.0000000000"),
            "low": Decimal("1250000000.0000000000"),
            "high": None,
            "bound": Bound.GT,
            "decimals": 2,
            "actuality": Actuality.ACTUAL,
            "vintage": date(2026, 4, 11),
            "page": PAGE,
            "statement": UUID(int=number),
            "supports": 2,
            "confidence": 0.94,
        }
        return Observation(**(about | other))

    return make
