"""Mandates for programs: offered by an agent, granted by a buyer, ended by either."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from buyers import Shop, opened
from django.utils import timezone
from programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with django_db_blocker.unblock(), opened(tmp_path_factory.mktemp("mandates")) as made:
        yield made


def test_a_buyer_grants_what_an_agent_offers(shop: Shop) -> None:
    zhou, amina, today = Program(shop.agent), Program(shop.buyer), timezone.localdate().isoformat()
    offer = {"buyer": str(shop.buyer.organisation), "limit_minor": 500_000, "valid_from": today}
    made = zhou.post("mandates", offer, status=201)["id"]
    lines = [{"good": shop.cups[0], "pieces": 600}]
    zhou.post("orders/placed", {"lines": lines, "mandate": made}, status=409)
    amina.post(f"mandates/{made}/grant", status=204)
    assert amina.get(f"mandates/{made}")["state"] == "in_force"
    assert zhou.post("orders/placed", {"lines": lines, "mandate": made}, status=201)["value_minor"] == 192_000
    too_much = [{"good": shop.cups[0], "pieces": 3000}]
    zhou.post("orders/placed", {"lines": too_much, "mandate": made}, status=422)
    assert [one["state"] for one in amina.get("orders")["items"]] == ["open"], "the buyer sees what is bought for her"
    zhou.post(f"mandates/{made}/end", status=204)
    zhou.post("orders/placed", {"lines": lines, "mandate": made}, status=409)


def test_a_client_who_is_not_in_the_market(shop: Shop) -> None:
    zhou, today = Program(shop.agent), timezone.localdate().isoformat()
    zhou.post("mandates", {"valid_from": today}, status=422)
    offer = {"client_name": "Atlas", "client_country": "MA", "valid_from": today}
    made = zhou.post("mandates", offer, status=201)["id"]
    shown = zhou.get(f"mandates/{made}")
    assert (shown["state"], shown["buyer"]["name"], shown["client_country"]) == ("in_force", "Atlas", "MA")
    assert made in [one["id"] for one in zhou.get("mandates")["items"]]


def test_a_mandate_is_its_agents_and_its_buyers(shop: Shop) -> None:
    stranger = Program(shop.market.buyer("Nobody"))
    stranger.get(f"mandates/{shop.mandate}", status=404)
    stranger.post(f"mandates/{shop.mandate}/end", status=404)
    stranger.post("mandates", {"client_name": "A", "valid_from": "2026-11-22"}, status=403)
