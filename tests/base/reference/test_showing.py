"""A code may mean several things; each is told."""

from __future__ import annotations

from datetime import date

import pytest

from sundry.base.reference.rules import Kind
from sundry.base.reference.showing import meanings

DAY = date(2026, 4, 11)


@pytest.mark.django_db
@pytest.mark.usefixtures("own_set")
def test_what_a_code_means() -> None:
    told: dict[str, set[tuple[Kind, str]]] = {
        "142": {(Kind.COUNTRY, "CN"), (Kind.CURRENCY, "CNY")},
        "502": {(Kind.COUNTRY, "US"), (Kind.CURRENCY, "USD")},
        "035": {(Kind.UNIT, "KGM")},
        "fob": {(Kind.INCOTERM, "FOB")},
        "95.03": {(Kind.HS, "9503")},
        " cnngb ": {(Kind.PORT, "CNNGB")},
        "nothing": set(),
    }
    assert {code: {(one.kind, one.code) for one in meanings(code, DAY, "en")} for code in told} == told


@pytest.mark.django_db
@pytest.mark.usefixtures("own_set")
def test_a_meaning_tells_its_row() -> None:
    (kilogram,) = meanings("KGM", DAY, "zh")
    assert (kilogram.name, kilogram.told) == ("千克", {"symbol": "kg", "customs": "035 千克"})
    assert kilogram.to_json() == {
        "kind": "unit",
        "code": "KGM",
        "name": "千克",
        "told": {"symbol": "kg", "customs": "035 千克"},
        "valid_from": "2014-07-01",
        "valid_until": None,
        "source": "UN/ECE Recommendation 20, from memory",
        "confidence": "M",
    }
