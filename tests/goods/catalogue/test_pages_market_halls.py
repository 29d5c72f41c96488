"""An operator with an empty market opens a hall, and registers stalls in it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from sundry.goods.catalogue import queries_stalls
from sundry.goods.catalogue.rules import Hall

pytestmark = pytest.mark.django_db
ADD = "/market/halls/add"


@pytest.fixture
def operator(bazaar: Any, enter: Any) -> Client:
    made: Client = enter(bazaar.operator)
    return made


def test_a_hall_is_opened_and_stalls_are_registered_in_it(
    bazaar: Any, operator: Client, assert_accessible: Any
) -> None:
    refused = operator.post("/market/stalls/register/", {"rows": "EAST\t1\tA\t1\t店", "language": "zh"})
    assert 'href="/market/halls/"' in refused.content.decode()
    page = operator.get(ADD)
    assert page.status_code == 200
    assert_accessible(page.content)
    given = {"code": " EAST ", "names_zh": " 东区 ", "trade_en": "Toys"}
    assert operator.post(ADD, given).headers["Location"] == "/market/halls/"
    shown = operator.get("/market/halls/")
    assert_accessible(shown.content)
    assert "东区" in shown.content.decode()
    rows = {"rows": "EAST\t1\tA\t1\t店", "language": "zh", "confirm": "1"}
    assert operator.post("/market/stalls/register/", rows).status_code == 302
    assert queries_stalls.halls()[1] == Hall("EAST", {"zh": "东区"}, {"en": "Toys"}, (1,))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"code": "EAST"}, "Write it in at least one language"),
        ({"code": "东", "names_zh": "东区"}, "cannot be the code of a hall"),
        ({"code": "EAST-HALL", "names_zh": "东区"}, "cannot be the code of a hall"),
        ({"code": "1", "names_zh": "东区"}, "There is a hall of this code already"),
    ],
)
def test_a_hall_that_cannot_be_is_told_and_not_opened(operator: Client, given: dict[str, str], said: str) -> None:
    answer = operator.post(ADD, given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert queries_stalls.halls() == (Hall("1", {"zh": "一区"}, {}),)


def test_a_hall_is_named_anew_and_keeps_its_place(operator: Client) -> None:
    operator.post(ADD, {"code": "2", "names_zh": "二区"})
    page = operator.get("/market/halls/1/change").content.decode()
    assert 'value="一区"' in page
    assert operator.post("/market/halls/1/change", {"names_zh": "一区甲", "trade_zh": "玩具"}).status_code == 302
    assert operator.post("/market/halls/1/change", {"trade_zh": "伞"}).status_code == 422
    assert [(hall.code, hall.names) for hall in queries_stalls.halls()] == [
        ("1", {"zh": "一区甲"}),
        ("2", {"zh": "二区"}),
    ]
    assert operator.get("/market/halls/9/change").status_code == 404
