"""Changes, payments and trade tickets for programs: one side asks, the other decides, both see it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from buyers import Shop, opened
from django.utils import timezone
from programs import Program, code

from sundry.goods.orders.models import SubOrder

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Deal:
    """Li's part of an order of Amina's, which both have said yes to."""

    order: int
    sub: str
    amina: Program
    li: Program

    def line(self) -> dict[str, Any]:
        found: dict[str, Any] = self.li.get(f"sales/{self.sub}/lines")["items"][0]
        return found


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with django_db_blocker.unblock(), opened(tmp_path_factory.mktemp("dealings")) as made:
        yield made


@pytest.fixture
def deal(shop: Shop) -> Deal:
    order = shop.placed(now=timezone.now())
    (sub,) = shop.market.confirm(shop.li, order, now=timezone.now())
    return Deal(order, str(sub), Program(shop.buyer), Program(shop.li))


def test_a_change_holds_when_the_other_side_accepts_it(deal: Deal) -> None:
    asked = {"changes": [{"line": deal.line()["id"], "pieces": 480}], "reason": "Two cartons were wet"}
    made = deal.li.post(f"sub-orders/{deal.sub}/changes", asked, status=201)["id"]
    (shown,) = deal.amina.get(f"sub-orders/{deal.sub}/changes")["items"]
    assert (shown["state"], shown["side"], shown["value_minor"]) == ("proposed", "stall", -120 * 320)
    deal.li.post(f"changes/{made}/accept", status=409)
    deal.amina.post(f"changes/{made}/accept", status=204)
    assert deal.line()["pieces"] == 480


def test_a_change_is_declined_or_withdrawn(deal: Deal) -> None:
    asked = {"changes": [{"line": deal.line()["id"], "pieces": 480}], "reason": "Too many"}
    address = f"sub-orders/{deal.sub}/changes"
    one = deal.amina.post(address, asked, status=201)["id"]
    deal.li.post(f"changes/{one}/decline", {"reason": "Packed"}, status=204)
    two = deal.amina.post(address, asked, status=201)["id"]
    deal.amina.post(f"changes/{two}/withdraw", status=204)
    assert [change["state"] for change in deal.li.get(address)["items"]] == ["withdrawn", "declined"]
    assert deal.line()["pieces"] == 600


def test_what_waits_for_the_stall_is_amended_at_once(shop: Shop, deal: Deal) -> None:
    order = shop.placed(now=timezone.now())
    sub = SubOrder.objects.values_list("id", flat=True).get(order__number=order, seller=shop.li.organisation)
    (line,) = deal.amina.get(f"orders/{order}/lines", sub=sub)["items"]
    asked = {"changes": [{"line": line["id"], "pieces": 720}], "reason": "There is room"}
    deal.amina.post(f"sub-orders/{sub}/amend", asked, status=201)
    assert deal.amina.get(f"orders/{order}/lines", sub=sub)["items"][0]["pieces"] == 720
    deal.amina.post(f"sub-orders/{deal.sub}/amend", asked, status=409)


def test_a_payment_counts_when_the_stall_has_it(deal: Deal) -> None:
    told = {"kind": "balance", "amount_minor": 100_000, "paid_on": timezone.localdate().isoformat()}
    body = told | {"key": str(uuid.UUID(int=21))}
    address = f"sub-orders/{deal.sub}/payments"
    made, again = (deal.amina.post(address, body, status=201)["id"] for _ in range(2))
    assert made == again
    assert deal.li.get(f"sales/{deal.sub}")["sub"]["totals"]["paid_minor"] == 0
    deal.li.post(f"payments/{made}/acknowledge", status=204)
    totals = deal.li.get(f"sales/{deal.sub}")["sub"]["totals"]
    assert (totals["paid_minor"], totals["balance_minor"]) == (100_000, 600 * 320 - 100_000)
    too_much = told | {"amount_minor": 600 * 320}
    assert code(deal.amina.post(address, too_much, status=422)) == "orders_refused"


def test_a_payment_is_refused_or_withdrawn(deal: Deal) -> None:
    told = {"kind": "balance", "amount_minor": 100, "paid_on": timezone.localdate().isoformat()}
    address = f"sub-orders/{deal.sub}/payments"
    one = deal.amina.post(address, told, status=201)["id"]
    deal.li.post(f"payments/{one}/refuse", {"reason": "Nothing has come"}, status=204)
    two = deal.amina.post(address, told, status=201)["id"]
    deal.amina.post(f"payments/{two}/withdraw", status=204)
    assert [payment["state"] for payment in deal.li.get(address)["items"]] == ["withdrawn", "refused"]


def test_a_trade_ticket_is_confirmed_by_what_was_read(deal: Deal) -> None:
    made = deal.li.post(f"sub-orders/{deal.sub}/tickets", status=201)["id"]
    ticket = deal.amina.get(f"tickets/{made}")
    assert ticket["is_complete"] is False
    wrong = deal.amina.post(f"tickets/{made}/confirm", {"digest": "0" * 64}, status=409)
    assert code(wrong) == "orders_ticket_newer"
    deal.amina.post(f"tickets/{made}/confirm", {"digest": ticket["digest"]})
    told = deal.amina.get(f"orders/{deal.order}/exportable")["items"][0]
    assert told["rule"] == "orders_export_stall_missing"
    assert deal.li.post(f"tickets/{made}/confirm", {"digest": ticket["digest"]})["is_complete"] is True
    assert deal.amina.get(f"orders/{deal.order}/exportable")["items"][0]["rule"] is None
    assert [one["id"] for one in deal.li.get(f"sub-orders/{deal.sub}/tickets")["items"]] == [made]


def test_what_others_deal_out_is_not_there(shop: Shop, deal: Deal) -> None:
    ticket = deal.li.post(f"sub-orders/{deal.sub}/tickets", status=201)["id"]
    told = {"amount_minor": 100, "paid_on": timezone.localdate().isoformat()}
    payment = deal.amina.post(f"sub-orders/{deal.sub}/payments", told, status=201)["id"]
    sun = Program(shop.sun)
    for what in ("changes", "payments", "tickets"):
        sun.get(f"sub-orders/{deal.sub}/{what}", status=404)
    sun.get(f"tickets/{ticket}", status=404)
    sun.post(f"tickets/{ticket}/confirm", {"digest": "0" * 64}, status=404)
    sun.post(f"payments/{payment}/acknowledge", status=404)
    deal.amina.post(f"payments/{payment}/acknowledge", status=403)
