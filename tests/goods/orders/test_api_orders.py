"""Orders for programs, as their buyers see them: what a basket becomes, whose it is, and what is told of mistakes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from buyers import Shop, opened
from django.utils import timezone
from programs import Program, code

from sundry.goods.orders.models import Order, SubOrder

pytestmark = pytest.mark.django_db

NOBODY = str(uuid.UUID(int=7))


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with django_db_blocker.unblock(), opened(tmp_path_factory.mktemp("orders")) as made:
        yield made


@pytest.fixture
def amina(shop: Shop) -> Program:
    return Program(shop.buyer)


def wanted(shop: Shop, *pieces: int) -> list[dict[str, int]]:
    goods = [shop.cups[0], shop.crates[0], shop.cups[1], shop.crates[1]]
    return [{"good": good, "pieces": count} for good, count in zip(goods, pieces, strict=False)]


def test_a_basket_is_filled_changed_and_placed(shop: Shop, amina: Program) -> None:
    head = {"name": "Spring", "destination": "MA"}
    made = amina.post("orders", {"head": head, "lines": wanted(shop, 600, 240)}, status=201)
    order = made["order"]
    shown = amina.get(f"orders/{order}")
    assert (shown["card"]["state"], shown["card"]["stalls"], shown["card"]["version"]) == ("draft", 2, made["version"])
    assert [fill["container"] for fill in shown["fills"]] == ["20GP", "40GP", "40HC"]
    assert shown["fills"][0]["volume_bp"] > shown["fills"][2]["volume_bp"] > 0
    told = amina.post(f"orders/{order}/lines", {"lines": wanted(shop, 120), "version": made["version"]})
    cups, crates = amina.get(f"orders/{order}/lines")["items"]
    assert (cups["pieces"], cups["value_minor"], crates["pieces"]) == (720, 720 * 320, 240)
    told = amina.patch(f"orders/{order}/lines/{cups['id']}", {"pieces": 1200, "version": told["version"]})
    told = amina.post(f"orders/{order}/lines/remove", {"lines": [crates["id"]], "version": told["version"]})
    told = amina.put(f"orders/{order}", {"name": "Autumn", "version": told["version"]})
    assert code(amina.post(f"orders/{order}/place", {"version": 1}, status=409)) == "orders_order_changed"
    placed = amina.post(f"orders/{order}/place", {"version": told["version"], "key": NOBODY})
    assert placed == {
        "order": order,
        "codes": [f"{order}-1"],
        "value_minor": 1200 * 285,
        "currency": "CNY",
        "again": False,
    }
    again = amina.post(f"orders/{order}/place", {"version": told["version"], "key": NOBODY})
    assert again["again"] is True
    (line,) = amina.get(f"orders/{order}/lines")["items"]
    assert (line["list_price_minor"], line["open_pieces"]) == (285, 1200)


def test_an_order_is_placed_at_once_or_every_mistake_is_told(shop: Shop, amina: Program) -> None:
    lines = [*wanted(shop, 5, 240), {"good": 999_999_999, "pieces": 1}]
    refused = amina.post("orders/placed", {"lines": lines}, status=422)["error"]
    assert (refused["code"], refused["details"]["count"]) == ("orders_refused", 2)
    assert [(one["row"], one["field"]) for one in refused["details"]["findings"]] == [(1, "pieces"), (3, "good")]
    assert all(one["message"] for one in refused["details"]["findings"])
    assert not Order.objects.filter(buyer=shop.buyer.organisation).exists()
    placed = amina.post("orders/placed", {"lines": wanted(shop, 600, 240)}, status=201)
    assert (len(placed["codes"]), placed["value_minor"]) == (2, 600 * 320 + 240 * 320)


@pytest.mark.parametrize("pieces", [0, -1, 2**63, 1.5, "many"])
def test_pieces_that_cannot_be_are_told_by_their_field(shop: Shop, amina: Program, pieces: Any) -> None:
    refused = amina.post("orders", {"lines": [{"good": shop.cups[0], "pieces": pieces}]}, status=422)["error"]
    assert refused["field"] == "lines.0.pieces"


def test_one_request_by_one_key_makes_one_order(shop: Shop, amina: Program) -> None:
    body = {"lines": wanted(shop, 600)}
    first, second = (amina.post("orders/placed", body, status=201, **{"Idempotency-Key": "a-1"}) for _ in range(2))
    assert first == second
    assert Order.objects.filter(buyer=shop.buyer.organisation).count() == 1


def test_anothers_order_is_not_there(shop: Shop) -> None:
    order, sun = shop.placed(now=timezone.now()), Program(shop.sun)
    stranger = Program(shop.market.buyer("Nobody"))
    for address in ("", "/lines", "/timeline", "/exportable"):
        assert code(stranger.get(f"orders/{order}{address}", status=404)) == "access_not_found"
        assert code(sun.get(f"orders/{order}{address}", status=403)) == "access_forbidden"
    stranger.post(f"orders/{order}/cancel", {"reason": "mine"}, status=404)
    stranger.post(f"orders/{order}/repeat", {}, status=404)
    assert stranger.get("orders") == {"items": [], "next": None}


def test_a_token_that_may_fill_baskets_places_none(shop: Shop) -> None:
    program = Program(shop.buyer, "orders.basket.write", "orders.order.read")
    order = program.post("orders", {"lines": wanted(shop, 600)}, status=201)["order"]
    assert code(program.post(f"orders/{order}/place", {}, status=403)) == "access_forbidden"
    assert code(program.post("orders/placed", {"lines": wanted(shop, 600)}, status=403)) == "access_forbidden"
    program.delete(f"orders/{order}")
    program.get(f"orders/{order}", status=404)


def test_what_no_stall_has_confirmed_is_cancelled(shop: Shop, amina: Program) -> None:
    order, other = shop.placed(now=timezone.now()), shop.placed(now=timezone.now())
    one = SubOrder.objects.values_list("id", flat=True).get(order__number=order, position=1)
    amina.post(f"orders/{other}/cancel", {"reason": "No", "sub": str(one)}, status=404)
    assert amina.post(f"orders/{order}/cancel", {"reason": "No", "sub": str(one)})["codes"] == [f"{order}-1"]
    assert amina.post(f"orders/{order}/cancel", {"reason": "No"})["codes"] == [f"{order}-2"]
    assert amina.get(f"orders/{order}")["card"]["state"] == "cancelled"
    kinds = [entry["kind"] for entry in amina.get(f"orders/{order}/timeline")["items"]]
    assert kinds[:2] == ["cancelled", "cancelled"]
    assert {"placed"} <= set(kinds)


def test_an_order_is_repeated(shop: Shop, amina: Program) -> None:
    order = shop.placed(now=timezone.now())
    made = amina.post(f"orders/{order}/repeat", {}, status=201)
    assert made["findings"] == []
    assert amina.get(f"orders/{made['order']}")["repeats"] == order


def test_what_may_be_exported_is_told_with_the_reason(shop: Shop, amina: Program) -> None:
    order = shop.placed(now=timezone.now())
    told = amina.get(f"orders/{order}/exportable")["items"]
    assert [one["rule"] for one in told] == ["orders_export_not_sold"] * 2
    assert f"{order}-1" in told[0]["message"]


def test_lists_go_on_by_their_cursor(shop: Shop, amina: Program) -> None:
    orders = [shop.placed(now=timezone.now()) for _ in range(3)]
    first = amina.get("orders", limit=2)
    rest = amina.get("orders", limit=2, cursor=first["next"])
    assert [card["number"] for card in (*first["items"], *rest["items"])] == orders[::-1]
    assert rest["next"] is None
    lines = amina.get(f"orders/{orders[0]}/lines", limit=2)
    more = amina.get(f"orders/{orders[0]}/lines", limit=2, cursor=lines["next"])
    assert [line["position"] for line in (*lines["items"], *more["items"])] == [1, 2, 3]
    assert amina.get("orders", words=str(orders[1]))["items"][0]["number"] == orders[1]


def test_statements_do_not_grow_with_lines_or_orders(shop: Shop, amina: Program) -> None:
    order = shop.placed(now=timezone.now())
    few = [amina.statements(address) for address in ("orders", f"orders/{order}", f"orders/{order}/lines")]
    for _ in range(3):
        shop.placed(now=timezone.now())
    amina_lines = wanted(shop, 600, 240, 130, 96)
    more = amina.post("orders/placed", {"lines": amina_lines}, status=201)["order"]
    many = [amina.statements(address) for address in ("orders", f"orders/{more}", f"orders/{more}/lines")]
    assert few == many
