"""Every row says where its figure stands, in the same words everywhere."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from sundry.insight.observatory.formats.citing import address, citation, place, plain, spans_text


def test_a_citation_names_page_day_and_characters(said: Any) -> None:
    assert citation(said()) == "lakeside-0411.txt, 2026-04-11, char=106,122"
    assert citation(said(issued=None)) == "lakeside-0411.txt, char=106,122"
    assert place(said(spans=((40, 44), (12, 20)))) == "char=12,44"
    assert spans_text(said()) == "106-109; 113-122"


@pytest.mark.parametrize("market", ["https://market.example", "https://market.example/"])
def test_an_address_leads_to_the_place_on_the_page(said: Any, market: str) -> None:
    assert address(said(), market) == f"https://market.example/observatory/pages/{UUID(int=77)}/#char=106,122"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("12.5000000000", "12.5"),
        ("300.0000000000", "300"),
        ("300", "300"),
        ("-0.0700000000", "-0.07"),
        ("0E-10", "0"),
        ("1234567890123456789012345678901234567890.1200000000", "1234567890123456789012345678901234567890.12"),
    ],
)
def test_a_number_loses_its_zeros_and_no_digit(number: str, text: str) -> None:
    assert f"{plain(Decimal(number)):f}" == text
