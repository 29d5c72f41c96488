"""Sales for programs: a stall answers and hands over, once, and sees nobody else's."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from buyers import Shop, opened
from django.utils import timezone
from programs import Program, code

from sundry.goods.orders import actions_changes
from sundry.goods.orders.order_rules import LineChange, Wish

pytestmark = pytest.mark.django_db

KEY = str(uuid.UUID(int=11))


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with django_db_blocker.unblock(), opened(tmp_path_factory.mktemp("sales")) as made:
        yield made


@pytest.fixture
def li(shop: Shop) -> Program:
    return Program(shop.li)


def sale_of(program: Program) -> dict[str, Any]:
    """The newest of hers."""
    found: dict[str, Any] = program.get("sales")["items"][0]["sub"]
    return found


def test_a_stall_confirms_makes_ready_and_hands_over_once(shop: Shop, li: Program) -> None:
    order = shop.placed(now=timezone.now())
    assert li.get("sales/today")["to_confirm"] == 1
    sale = sale_of(li)
    body = {"subs": [sale["id"]], "key": KEY}
    assert [li.post("sales/confirm", body)["codes"] for _ in range(2)] == [[f"{order}-1"]] * 2
    assert li.post("sales/ready", {"subs": [sale["id"]]})["codes"] == [f"{order}-1"]
    (line,) = li.get(f"sales/{sale['id']}/lines")["items"]
    some = {"lines": {line["id"]: 200}, "cartons": 5, "key": KEY}
    for _ in range(2):  # a phone that has not heard the answer
        assert li.post(f"sales/{sale['id']}/hand-over", some)["codes"] == [f"{order}-1"]
    (line,) = li.get(f"sales/{sale['id']}/lines")["items"]
    assert (line["handed_pieces"], line["open_pieces"]) == (200, 400)
    too_many = {"lines": {line["id"]: 401}, "key": str(uuid.UUID(int=12))}
    assert code(li.post(f"sales/{sale['id']}/hand-over", too_many, status=422)) == "orders_refused"
    li.post(f"sales/{sale['id']}/hand-over", {"key": str(uuid.UUID(int=13))})
    assert li.get(f"sales/{sale['id']}")["sub"]["state"] == "handed_over"


def test_of_many_all_are_confirmed_or_none(shop: Shop, li: Program) -> None:
    for _ in range(2):
        shop.placed(now=timezone.now())
    subs = [one["sub"]["id"] for one in li.get("sales")["items"]]
    foreign = sale_of(Program(shop.sun))["id"]
    assert code(li.post("sales/confirm", {"subs": [*subs, foreign]}, status=404)) == "access_not_found"
    assert {one["sub"]["state"] for one in li.get("sales")["items"]} == {"placed"}
    assert len(li.post("sales/confirm", {"subs": subs})["codes"]) == 2
    assert li.get("sales", state="placed") == {"items": [], "next": None}


def test_what_the_buyer_has_changed_since_it_was_read_is_not_confirmed(shop: Shop, li: Program) -> None:
    shop.placed(now=timezone.now())
    sale = sale_of(li)
    (line,) = li.get(f"sales/{sale['id']}/lines")["items"]
    change = [LineChange(uuid.UUID(line["id"]), price_minor=1)]
    actions_changes.amend(
        actor=shop.buyer, sub=uuid.UUID(sale["id"]), changes=change, reason="cheaper", version=None, now=timezone.now()
    )
    body = {"subs": [sale["id"]], "versions": {sale["id"]: sale["version"]}}
    assert code(li.post("sales/confirm", body, status=409)) == "orders_sub_changed"
    li.post("sales/confirm", body | {"versions": {sale["id"]: sale_of(li)["version"]}})


def test_a_stall_declines_with_a_reason(shop: Shop, li: Program) -> None:
    shop.placed(now=timezone.now())
    sale = sale_of(li)["id"]
    li.post(f"sales/{sale}/decline", {"reason": ""}, status=422)
    li.post(f"sales/{sale}/decline", {"reason": "Sold out"}, status=204)
    assert li.get(f"sales/{sale}")["sub"]["reason"] == "Sold out"
    li.post("sales/confirm", {"subs": [sale]}, status=409)


def test_anothers_sale_is_not_there(shop: Shop, li: Program) -> None:
    shop.placed(now=timezone.now())
    foreign = sale_of(Program(shop.sun))["id"]
    for address in ("", "/lines"):
        assert code(li.get(f"sales/{foreign}{address}", status=404)) == "access_not_found"
    li.post(f"sales/{foreign}/decline", {"reason": "mine"}, status=404)
    li.post(f"sales/{foreign}/hand-over", {"key": KEY}, status=404)
    Program(shop.buyer).get(f"sales/{foreign}", status=403)


def test_whom_an_agent_buys_for_is_a_country_and_no_name(shop: Shop, li: Program) -> None:
    from sundry.goods.orders.actions_placing import place_wishes
    from sundry.goods.orders.order_rules import Head

    place_wishes(
        actor=shop.agent,
        head=Head(),
        wishes=[Wish(pieces=600, good=shop.cups[0])],
        mandate=shop.mandate,
        now=timezone.now(),
    )
    sale = li.get("sales")["items"][0]
    assert (sale["buyer"], sale["country"]) == ("Zhou", "SN")
    assert "Diallo" not in str(li.get("sales"))


def test_the_terms_of_a_stall(shop: Shop, li: Program) -> None:
    address = f"sales/terms/{shop.stalls[0].number}"
    terms = li.get(address)
    assert terms == {"deposit_stock_bp": 0, "deposit_made_bp": 3000, "confirms_stock": False, "version": 0}
    told = li.put(address, terms | {"deposit_stock_bp": 1000})
    assert li.get(address) == terms | {"deposit_stock_bp": 1000} | told
    li.put(address, terms, status=409)
    Program(shop.sun).get(address, status=404)


def test_statements_do_not_grow_with_sales(shop: Shop, li: Program) -> None:
    shop.placed(now=timezone.now())
    few = li.statements("sales")
    for _ in range(3):
        shop.placed(now=timezone.now())
    assert li.statements("sales") == few
