from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sundry.base.access.rules import Kind
from sundry.goods.catalogue import pages_market_stalls, queries_stalls
from sundry.goods.catalogue.stall_rows import ROWS_MAX

pytestmark = pytest.mark.django_db
REGISTER = "/market/stalls/register/"


@pytest.fixture
def operator(bazaar: Any, enter: Any) -> Client:
    made: Client = enter(bazaar.operator)
    return made


def pasted(count: int) -> str:
    return "\n".join(f"1\t3\tD\t{booth}\t店{booth}" for booth in range(1, count + 1))


def test_rows_are_looked_at_before_anything_is_registered(
    bazaar: Any, operator: Client, assert_accessible: Any
) -> None:
    given = {"rows": pasted(3), "language": "zh"}
    preview = operator.post(REGISTER, given)
    assert preview.status_code == 200
    assert_accessible(preview.content)
    assert "Register 3 stalls" in preview.content.decode()
    assert not queries_stalls.stalls_named("店")
    assert operator.post(REGISTER, given | {"confirm": "1"}).headers["Location"] == "/market/stalls/"
    assert [one.card.names for one in queries_stalls.stalls_named("店")] == [{"zh": f"店{n}"} for n in (1, 2, 3)]
    twice = operator.post(REGISTER, given | {"confirm": "1"})  # a second click
    assert twice.status_code == 422
    assert len(queries_stalls.stalls_named("店")) == 3


def test_all_mistakes_are_told_by_their_rows_and_nothing_is_registered(
    bazaar: Any, operator: Client, assert_accessible: Any
) -> None:
    rows = f"{pasted(2)}\n7\t3\tD\t9\n1\tx\tD\t9\n1\t3\n<b>\t1\tA\t1"
    answer = operator.post(REGISTER, {"rows": rows, "language": "zh", "confirm": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert_accessible(page)
    assert "4 rows are wrong" in page
    assert "No hall “7” is registered" in page
    assert "“x” is no floor" in page
    assert "<b>\t" not in page
    assert not queries_stalls.stalls_named("店")


def test_five_hundred_rows_take_as_many_statements_as_two(bazaar: Any, operator: Client) -> None:
    operator.get(REGISTER)

    def statements(count: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            answer = operator.post(REGISTER, {"rows": pasted(count), "language": "zh", "confirm": "1"})
        assert answer.status_code == 302, answer.content.decode()
        return len(asked)

    few = statements(2)
    queries_stalls.models.Stall.objects.filter(street="D").delete()
    assert statements(500) == few
    assert len(queries_stalls.stalls_named("店", limit=1_000)) == 500


@pytest.mark.parametrize(
    "rows", ["", "  \n ", "x" * 400_001, pasted(ROWS_MAX + 1)], ids=["none", "blank", "long", "many"]
)
def test_what_cannot_be_read_is_told(operator: Client, rows: str) -> None:
    answer = operator.post(REGISTER, {"rows": rows, "language": "zh"})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()


def test_two_booths_of_one_address_are_told(bazaar: Any, operator: Client) -> None:
    answer = operator.post(REGISTER, {"rows": "1\t3\tD\t一1\n1\t3\tD\t二1", "language": "zh", "confirm": "1"})
    assert answer.status_code == 422
    assert "1-f3-d-1" in answer.content.decode()


def test_a_stall_is_found_by_name_booth_and_number(
    bazaar: Any, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator.post(REGISTER, {"rows": pasted(5), "language": "zh", "confirm": "1"})
    holder = bazaar.holder()
    number = bazaar.stall(holder).card.number
    for words in (str(number), bazaar.stall(holder).card.place.booth, "日用"):
        page = operator.get("/market/stalls/", {"words": words}).content.decode()
        assert f"/market/stalls/{number}/" in page, words
    monkeypatch.setattr(pages_market_stalls, "SHOWN", 2)
    seen: list[str] = []
    query = "?words=店"
    while query:
        context = operator.get(f"/market/stalls/{query}").context
        seen += [one.card.names["zh"] for one, _, _ in context["rows"]]
        query = context["page"]["next"]
    assert seen == [f"店{n}" for n in range(1, 6)]


def test_a_stall_is_given_trusted_and_taken(bazaar: Any, operator: Client) -> None:
    stall = bazaar.booth()
    firm = bazaar._founder("<i>Sun", Kind.STALL).organisation
    number = queries_stalls.stall(stall).card.number  # type: ignore[union-attr]
    page = operator.get(f"/market/stalls/{number}/", {"words": "sun"}).content.decode()
    assert f'value="{firm}"' in page
    assert "<i>Sun" not in page
    address = f"/market/stalls/{number}"
    for given, holder in (("", None), (uuid.uuid4(), None), (firm, firm), (firm, firm)):
        operator.post(f"{address}/claim", {"organisation": given})
        assert queries_stalls.stall(stall).organisation == holder  # type: ignore[union-attr]
    operator.post(f"{address}/trust", {"trusted": "yes"})
    assert queries_stalls.stall(stall).trusted  # type: ignore[union-attr]
    operator.post(f"{address}/release")
    view = queries_stalls.stall(stall)
    assert view is not None
    assert (view.organisation, view.trusted, view.is_open) == (None, False, False)
    again = operator.post(f"{address}/release", follow=True)
    assert "toast-error" in again.content.decode()


@pytest.mark.parametrize("number", [999_999_999, 2**70])
def test_a_stall_that_is_not_there(operator: Client, number: int) -> None:
    assert operator.get(f"/market/stalls/{number}/").status_code == 404
    for what in ("claim", "trust", "release"):
        assert operator.post(f"/market/stalls/{number}/{what}").status_code == 404
