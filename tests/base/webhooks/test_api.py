"""The same by the API, for an organisation's own programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sundry.base.access.actions import create_token
from sundry.base.webhooks import actions, delivering, queries
from sundry.base.webhooks.models import Delivery
from sundry.kernel.identifiers import new_id

pytestmark = pytest.mark.django_db

SCOPES = ("webhooks.endpoint.read", "webhooks.endpoint.change", "webhooks.delivery.send")
ASKED = {"address": "https://hooks.example.com/in", "kinds": ["good.listed"], "description": "Our shop"}


class Program:
    """A program that works for an organisation."""

    def __init__(self, office: Any, *scopes: str) -> None:
        made = create_token(actor=office.actor, name="Program", scopes=scopes or SCOPES, days=1, now=timezone.now())
        self.client = Client(headers={"host": "localhost", "authorization": f"Bearer {made.secret}"})

    def __call__(self, method: str, place: str, asked: Any = None) -> tuple[int, Any]:
        sent = {} if asked is None else {"data": asked, "content_type": "application/json"}
        answer = getattr(self.client, method)(f"/api/webhooks/{place}", **sent)
        return answer.status_code, answer.json() if answer.content else None


@pytest.fixture
def mine(office: Callable[..., Any]) -> Any:
    return office()


@pytest.fixture
def program(mine: Any) -> Program:
    return Program(mine)


def test_kinds_are_listed_with_an_example(program: Program) -> None:
    status, answer = program("get", "kinds")
    assert status == 200
    assert [item["name"] for item in answer["items"]] == ["good.listed", "good.withdrawn"]
    assert answer["items"][0]["example"]["good"]


def test_an_endpoint_lives_and_is_removed(program: Program, mine: Any) -> None:
    status, made = program("post", "endpoints", ASKED)
    assert (status, made["secret"][:6]) == (201, "whsec_")
    place = f"endpoints/{made['endpoint']}"
    assert program("get", place)[1]["kinds"] == ["good.listed"]
    assert "secret" not in str(program("get", "endpoints"))
    status, changed = program("put", place, ASKED | {"kinds": ["good.withdrawn"], "description": ""})
    assert (status, changed["kinds"], changed["description"]) == (200, ["good.withdrawn"], "")
    assert program("post", f"{place}/switch", {"on": False})[1]["state"] == "off"
    assert program("post", f"{place}/switch", {"on": False})[0] == 409
    assert program("post", f"{place}/test")[0] == 409
    assert program("post", f"{place}/switch", {"on": True})[1]["state"] == "on"
    status, renewed = program("post", f"{place}/secret")
    assert (status, renewed["secret"] != made["secret"]) == (200, True)
    assert program("delete", place) == (204, None)
    assert program("get", place)[0] == 404
    assert queries.endpoints(mine.organisation) == ()


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"address": "http://hooks.example.com/"}, "webhook_address_scheme"),
        ({"address": "https://169.254.169.254/"}, "webhook_address_private"),
        ({"address": "https://hooks.example.com:25/"}, "webhook_address_port"),
        ({"kinds": []}, "webhook_kinds_missing"),
        ({"kinds": ["webhooks.test"]}, "webhook_kind_unknown"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_by_its_rule(program: Program, mine: Any, changed: Any, rule: str) -> None:
    status, answer = program("post", "endpoints", ASKED | changed)
    assert (status, answer["error"]["code"]) == (422, rule)
    assert queries.endpoints(mine.organisation) == ()


def test_deliveries_are_read_and_sent_again(program: Program, mine: Any, sending: None) -> None:
    endpoint = mine.endpoint()
    for _ in range(3):
        actions.announce(kind="good.listed", subject=new_id(), organisation=None, data={}, at=timezone.now())
    delivering.spread(now=timezone.now())
    Delivery.objects.update(state="failed", next_try_at=None, trouble="status", status=500, answer="no")
    place = f"endpoints/{endpoint}"
    _, first = program("get", f"{place}/deliveries?limit=2&state=failed")
    _, second = program("get", f"{place}/deliveries?limit=2&state=failed&cursor={first['next']}")
    assert (len(first["items"]), len(second["items"]), second["next"]) == (2, 1, None)
    one = first["items"][0]
    assert (one["status"], one["trouble"], one["answer"], "body" in one) == (500, "status", "no", False)
    status, whole = program("get", f"deliveries/{one['id']}")
    assert (status, one["event"] in whole["body"]) == (200, True)
    assert program("post", f"deliveries/{one['id']}/replay") == (202, {"deliveries": 1})
    assert program("post", f"{place}/replay", {}) == (202, {"deliveries": 2})
    Delivery.objects.update(state="delivered", next_try_at=None)
    now = timezone.now()
    span = {"since": (now - timedelta(hours=1)).isoformat(), "until": (now + timedelta(hours=1)).isoformat()}
    assert program("post", f"{place}/replay", span) == (202, {"deliveries": 3})
    assert program("post", f"{place}/replay", {"since": span["until"], "until": span["since"]})[0] == 422
    assert program("post", f"{place}/replay", {"since": "2026-01-01T00:00:00"})[0] == 422  # of which zone?
    status, test = program("post", f"{place}/test")
    assert (status, test["kind"], test["state"]) == (202, "webhooks.test", "waiting")


def test_anothers_is_not_there(office: Callable[..., Any], mine: Any) -> None:
    endpoint = mine.endpoint()
    delivery = actions.send_test(actor=mine.actor, endpoint=endpoint, now=timezone.now())
    stranger = Program(office())
    for method, place, asked in (
        ("get", f"endpoints/{endpoint}", None),
        ("put", f"endpoints/{endpoint}", ASKED),
        ("delete", f"endpoints/{endpoint}", None),
        ("post", f"endpoints/{endpoint}/switch", {"on": False}),
        ("post", f"endpoints/{endpoint}/secret", None),
        ("post", f"endpoints/{endpoint}/test", None),
        ("post", f"endpoints/{endpoint}/replay", {}),
        ("get", f"endpoints/{endpoint}/deliveries", None),
        ("get", f"deliveries/{delivery}", None),
        ("post", f"deliveries/{delivery}/replay", None),
    ):
        assert stranger(method, place, asked)[0] == 404, place
    assert stranger("get", "endpoints")[1]["items"] == []


def test_a_token_that_may_read_changes_nothing(mine: Any) -> None:
    reading = Program(mine, "webhooks.endpoint.read")
    endpoint = mine.endpoint()
    assert reading("get", f"endpoints/{endpoint}")[0] == 200
    assert reading("post", "endpoints", ASKED)[0] == 403
    assert reading("post", f"endpoints/{endpoint}/test")[0] == 403
