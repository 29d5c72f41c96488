"""Lists by key, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from sundry.base.webhooks import actions, delivering, queries
from sundry.base.webhooks.models import Delivery
from sundry.base.webhooks.rules import DeliveryState
from sundry.kernel.identifiers import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(office: Callable[..., Any]) -> Any:
    """An endpoint to which five events went, two of which failed."""
    mine = office()
    endpoint = mine.endpoint()
    for number in range(5):
        actions.announce(
            kind="good.listed", subject=new_id(), organisation=None, data={"number": number}, at=timezone.now()
        )
    delivering.spread(now=timezone.now())
    failed = list(Delivery.objects.order_by("id").values_list("id", flat=True))[1:3]
    Delivery.objects.filter(id__in=failed).update(state="failed", trouble="status", status=500)
    return endpoint


def test_deliveries_are_listed_page_by_page_the_newest_first(
    told: Any, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(1):
        whole = queries.deliveries(told)
    assert [one.id for one in whole] == sorted((one.id for one in whole), reverse=True)
    first = queries.deliveries(told, limit=2)
    assert first + queries.deliveries(told, before=first[-1].id) == whole
    assert {one.body for one in whole} == {""}


def test_one_state_may_be_asked_for(told: Any) -> None:
    failed = queries.deliveries(told, state=DeliveryState.FAILED)
    assert [(one.state, one.trouble, one.status) for one in failed] == [("failed", "status", 500)] * 2
    assert queries.deliveries(told, state=DeliveryState.WAITING) == ()


def test_a_delivery_is_read_with_its_body(told: Any, django_assert_num_queries: Callable[[int], Any]) -> None:
    listed = queries.deliveries(told)[0]
    with django_assert_num_queries(1):
        whole = queries.delivery(listed.id)
    assert whole is not None
    assert f'"id":"{listed.event}"' in whole.body
    assert "number" not in repr(whole)
    assert queries.delivery(new_id()) is None


def test_endpoints_are_ones_own(office: Callable[..., Any], django_assert_num_queries: Callable[[int], Any]) -> None:
    mine, other = office(), office()
    made = [mine.endpoint(says=f"no. {number}") for number in range(3)]
    other.endpoint()
    with django_assert_num_queries(1):
        shown = queries.endpoints(mine.organisation)
    assert [one.id for one in shown] == made[::-1]
    assert queries.endpoint(new_id()) is None


def test_ports_are_the_usual_and_those_of_the_market(settings: Any) -> None:
    import dataclasses

    assert queries.ports() == {443, 8443}
    settings.SUNDRY = dataclasses.replace(settings.SUNDRY, webhooks_ports=(9443,))
    assert queries.ports() == {443, 8443, 9443}
