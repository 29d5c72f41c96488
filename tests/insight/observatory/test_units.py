"""A unit bends with its number as a language counts, and is scaled only where there is a whole text for that."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from sundry.insight.observatory import units
from sundry.web.formatting import LOCALES


@pytest.mark.parametrize(
    ("number", "decimals", "counts"),
    [
        ("1", 0, {"en": 1, "es": 1, "fr": 1, "ru": 1, "ar": 1}),
        ("-3", 0, {"en": 3, "ru": 3}),
        ("21", 0, {"ru": 21}),
        ("1.5", 1, {"en": 2, "es": 2, "fr": 1, "ru": 2, "ar": 100}),
        ("2.5", 1, {"en": 2, "es": 2, "fr": 2, "ru": 2, "ar": 100}),
        ("1.0", 1, {"en": 2, "ru": 2}),
    ],
)
def test_a_number_is_counted_as_the_language_counts_it(number: str, decimals: int, counts: dict[str, int]) -> None:
    for language, count in counts.items():
        assert units.counted(Decimal(number), decimals, LOCALES[language]) == count


@pytest.mark.parametrize(
    ("unit", "power", "count", "told"),
    [
        ("元", 9, 2, "2 billion yuan"),
        ("天", 0, 1, "2 day"),
        ("天", 0, 2, "2 days"),
        ("%", 0, 2, "2%"),
        ("家", 0, 2, "2"),
        ("家", 6, 2, "2 million"),
        ("个百分点", 0, 2, "2 percentage points"),
        ("个窝", 0, 2, "2 窝"),
    ],
)
def test_a_number_stands_with_its_unit(unit: str, power: int, count: int, told: str) -> None:
    with translation.override("en"):
        assert units.told("2", unit, power, count) == told


def test_only_what_has_a_text_is_scaled() -> None:
    assert [units.powers(units.word(unit)) for unit in ("元", "家", "天", "%")] == [[12, 9, 6], [9, 6], [], []]
