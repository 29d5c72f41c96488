"""Which stall and which good the words of a list mean."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sundry.goods.catalogue.models import Good, GoodVariant, Stall
from sundry.goods.catalogue.queries_matching import STALLS_MAX, folded, folded_item, matching
from sundry.goods.catalogue.rules import Variant


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1-F2-C-1205", "1-f2-c-1205"),
        ("１－Ｆ２－Ｃ－１２０５ 红星玩具", "1-f2-c-1205"),
        ("1–F2–C–1205", "1-f2-c-1205"),
        ("1205 号", "1205"),
        ("Red Star  Toys", "redstartoys"),
        ("\0", ""),
    ],
)
def test_a_stall_is_compared_without_what_people_write_differently(text: str, key: str) -> None:
    assert folded(text) == key


def test_an_item_number_keeps_its_spaces() -> None:
    assert folded_item(" Ｋ-1 a ") == "k-1 a"


@pytest.mark.django_db
def test_all_rows_are_asked_in_one_statement(bazaar: Any) -> None:
    li = bazaar.holder(trusted=True)
    stall = bazaar.stall(li).card
    Stall.objects.filter(id=stall.id).update(names={"zh": "红星 玩具", "en": "Red Star"}, slug="red-star")
    cup = bazaar.add(li, submit=True, item_number="K-1")
    kinds = bazaar.add(li, submit=True, item_number="V", variants=(Variant({"zh": "红"}, "V-red", 0, None),))
    draft = bazaar.add(li, item_number="D-1")
    variant = GoodVariant.objects.get(good__number=kinds)
    asked = [
        (f"#{stall.number}", "k-1"),
        (stall.place.code, "K-1"),
        (f"{stall.place.code} whatever", "nothing"),
        (stall.place.booth, "V-RED"),
        ("红星玩具", "D-1"),
        ("RED STAR", ""),
        ("red-star", "K-1"),
        ("nowhere", "K-1"),
        ("", "K-1"),
    ]
    with CaptureQueriesContext(connection) as made:
        found = matching(asked)
    assert len(made) <= 1
    assert [one.stalls for one in found] == [(stall.number,)] * 7 + [()] * 2
    assert [[good.number for good in one.goods] for one in found] == (
        [[cup], [cup], [], [kinds], [draft], [], [cup], [], []]
    )
    assert found[3].goods[0].variant == variant.id
    assert not found[4].goods[0].is_listed
    assert matching([]) == ()


@pytest.mark.django_db
def test_a_name_of_many_stalls_is_told_as_many(bazaar: Any) -> None:
    for _ in range(STALLS_MAX + 2):
        bazaar.booth()
    (found,) = matching([("日用百货", "K-1")])
    assert len(found.stalls) == STALLS_MAX + 1
    assert Good.objects.count() == 0
