"""What the tables of the catalogue refuse, whoever writes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from sundry.goods.catalogue.models import Good, Hall, Stall

pytestmark = pytest.mark.django_db


@pytest.fixture
def stall() -> Stall:
    hall = Hall.objects.create(code="1", names={"zh": "一区"})
    return Stall.objects.create(number=1, slug="a", hall=hall, floor=1, street="A", booth="1")


def numbers(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('catalogue_number') FROM generate_series(1, %s)", [count])
        return [number for (number,) in cursor.fetchall()]


def test_numbers_come_from_one_row(stall: Stall) -> None:
    assert len(set(numbers(3))) == 3


def test_a_ladder_that_rises_in_quantity_is_taken(stall: Stall) -> None:
    good = Good.objects.create(
        number=2, stall=stall, ladder_quantities=[120, 1200, 5000], ladder_prices_minor=[320, 285, 260]
    )
    assert Good.objects.get(pk=good.pk).ladder_quantities == [120, 1200, 5000]
    Good.objects.create(number=3, stall=stall)


@pytest.mark.parametrize(
    ("fault", "fields"),
    [
        ("good_ladder_has_a_price_a_step", {"ladder_quantities": [1, 2], "ladder_prices_minor": [5]}),
        (
            "good_ladder_has_a_price_a_step",
            {"ladder_quantities": [1, 2, 3, 4, 5, 6], "ladder_prices_minor": [6, 5, 4, 3, 2, 1]},
        ),
        ("good_ladder_quantities_rise", {"ladder_quantities": [10, 10], "ladder_prices_minor": [5, 4]}),
        (
            "good_ladder_quantities_rise",
            {"ladder_quantities": [1, 2, 3, 5, 4], "ladder_prices_minor": [5, 4, 3, 2, 1]},
        ),
        ("good_ladder_quantities_are_positive", {"ladder_quantities": [0], "ladder_prices_minor": [5]}),
        ("good_ladder_prices_are_positive", {"ladder_quantities": [1], "ladder_prices_minor": [0]}),
        ("good_on_show_has_a_price", {"state": "listed"}),
        ("good_collections_are_known", {"collections": ["new", "odd"]}),
        ("good_net_is_not_above_gross", {"carton_net_g": 2, "carton_gross_g": 1}),
        ("good_stock_is_not_negative", {"stock_pieces": -1}),
        ("only_a_refused_good_has_a_reason", {"reason": "why"}),
        ("only_a_refused_good_has_a_reason", {"state": "refused"}),
        ("good_state_is_known", {"state": "lost"}),
        ("good_supply_is_known", {"supply": "magic"}),
    ],
)
def test_what_the_table_of_goods_refuses(stall: Stall, fault: str, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=fault), transaction.atomic():
        Good.objects.create(number=9, stall=stall, **fields)
