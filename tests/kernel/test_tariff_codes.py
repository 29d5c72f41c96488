"""The shape of a tariff code."""

from __future__ import annotations

from datetime import date

import pytest

from sundry.kernel.tariff_codes import TariffCodes

CODES = TariffCodes.at(date(2026, 4, 20))


@pytest.mark.parametrize("hs", ["010121", "95030021", "9705000010", "691200"])
def test_a_code_is_one(hs: str) -> None:
    assert CODES.is_code(hs)


@pytest.mark.parametrize(
    "hs", [None, "", "9506919", "000000", "980000", "770000", "95030021ab", "９５０３００", "12345"]
)
def test_what_is_none(hs: str | None) -> None:
    assert not CODES.is_code(hs)
