"""Endpoints and deliveries as their administrators see them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sundry.base.access.models import AuditEntry
from sundry.base.parties.models import Person
from sundry.base.webhooks import actions, delivering, queries
from sundry.base.webhooks.models import Delivery, Endpoint
from sundry.kernel.identifiers import new_id

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _ in django_settings.LANGUAGES]
XSS = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


@pytest.fixture
def mine(office: Callable[..., Any]) -> Any:
    return office()


@pytest.fixture
def client(mine: Any) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(id=mine.person))
    return client


def form(**changed: Any) -> dict[str, Any]:
    return {"address": "https://hooks.example.com/in", "kinds": ["good.listed"], "description": "Our shop"} | changed


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return str(answer.content.decode())


def listed(count: int = 1) -> None:
    for _ in range(count):
        actions.announce(kind="good.listed", subject=new_id(), organisation=None, data={}, at=timezone.now())
    delivering.spread(now=timezone.now())


def test_an_endpoint_is_registered_and_its_secret_shown_once(client: Client, mine: Any) -> None:
    assert "No endpoint yet" in page(client, "/webhooks/")
    answer = client.post("/webhooks/new", form())
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]{44}", answer.content.decode())
    (endpoint,) = queries.endpoints(mine.organisation)
    for address in ("/webhooks/", f"/webhooks/{endpoint.id}/", f"/webhooks/{endpoint.id}/change"):
        said = page(client, address)
        assert "hooks.example.com" in said
        assert secret not in said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"address": "http://hooks.example.com/"}, "does not begin with https://"),
        ({"address": "https://10.0.0.7/"}, "no public host"),
        ({"address": ""}, "required"),
        ({"kinds": []}, "required"),
        ({"kinds": ["good.sold"]}, "good.sold"),
        ({"description": "a" * 201}, "200"),
    ],
    ids=str,
)
def test_what_cannot_be_is_said_at_its_field(client: Client, mine: Any, changed: Any, said: str) -> None:
    answer = client.post("/webhooks/new", form(**changed))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert queries.endpoints(mine.organisation) == ()
    endpoint = mine.endpoint()
    assert client.post(f"/webhooks/{endpoint}/change", form(**changed)).status_code == 422


def test_an_endpoint_is_changed_switched_and_removed(client: Client, mine: Any) -> None:
    endpoint = mine.endpoint()
    here = f"/webhooks/{endpoint}/"
    assert client.post(f"{here}change", form(address="https://other.example/")).headers["Location"] == here
    assert "https://other.example/" in page(client, here)
    client.post(f"{here}switch", {"on": "no"})
    assert "Switched off" in page(client, here)
    assert "switched off" in client.post(f"{here}test", follow=True).content.decode()
    client.post(f"{here}switch", {"on": "yes"})
    assert "already" in client.post(f"{here}switch", {"on": "yes"}, follow=True).content.decode()
    assert "Remove the endpoint?" in page(client, f"{here}remove")
    client.post(f"{here}remove")
    page(client, here, 404)
    told = AuditEntry.objects.filter(object_id=str(endpoint), outcome="done").order_by("id")
    names = [name.removeprefix("webhooks.endpoint.") for name in told.values_list("operation", flat=True)]
    assert names == ["create", "change", "switch", "switch", "remove"]


def test_a_renewed_secret_is_shown_once(client: Client, mine: Any) -> None:
    endpoint = mine.endpoint()
    assert "whsec_" not in page(client, f"/webhooks/{endpoint}/secret")
    assert "whsec_" in client.post(f"/webhooks/{endpoint}/secret").content.decode()
    assert "good until" in page(client, f"/webhooks/{endpoint}/")


def test_on_a_laptop_a_developer_sees_what_would_be_sent(client: Client, mine: Any) -> None:
    endpoint = mine.endpoint()
    answer = client.post(f"/webhooks/{endpoint}/test")
    (delivery,) = queries.deliveries(endpoint)
    assert answer.headers["Location"] == f"/webhooks/deliveries/{delivery.id}/"
    said = page(client, answer.headers["Location"])
    assert "SUNDRY_WEBHOOKS=send" in said
    assert "Kept here" in said
    assert str(delivery.event) in said
    assert "v1," in said
    assert "&quot;type&quot;:&quot;webhooks.test&quot;" in said


def test_events_are_sent_again(client: Client, mine: Any, sending: None) -> None:
    endpoint = mine.endpoint()
    listed(3)
    Delivery.objects.update(state="failed", next_try_at=None, trouble="timeout")
    one = queries.deliveries(endpoint)[0].id
    client.post(f"/webhooks/deliveries/{one}/replay")
    assert (
        "2 events are sent again"
        in client.post(f"/webhooks/{endpoint}/replay", {"what": "failed"}, follow=True).content.decode()
    )
    Delivery.objects.update(state="delivered", next_try_at=None)
    today = timezone.localdate()
    span = {"since": str(today - timedelta(days=1)), "until": str(today)}
    assert "3 events are sent again" in client.post(f"/webhooks/{endpoint}/replay", span, follow=True).content.decode()
    for wrong in (
        {"since": str(today), "until": str(today - timedelta(days=1))},
        {"since": "9999-12-31", "until": "9999-12-31"},
        {"since": "soon"},
        {},
    ):
        assert client.post(f"/webhooks/{endpoint}/replay", wrong).status_code in (200, 422)
        assert client.post(f"/webhooks/{endpoint}/replay", wrong | {"x": "y"}).status_code == 422


def test_deliveries_are_filtered_and_paged(client: Client, mine: Any, sending: None) -> None:
    endpoint = mine.endpoint()
    listed(51)
    Delivery.objects.filter(id=queries.deliveries(endpoint)[0].id).update(state="failed", next_try_at=None)
    said = page(client, f"/webhooks/{endpoint}/")
    assert said.count("/webhooks/deliveries/") == 50
    (following,) = re.findall(r'href="(\?[^"]*before=[^"]+)"', said)
    assert page(client, f"/webhooks/{endpoint}/{following}").count("/webhooks/deliveries/") == 1
    assert page(client, f"/webhooks/{endpoint}/?state=failed").count("/webhooks/deliveries/") == 1
    for odd in ("?state=lost", "?before=x"):
        page(client, f"/webhooks/{endpoint}/{odd}")


def test_a_page_takes_as_many_statements_for_fifty_lines_as_for_one(client: Client, mine: Any) -> None:
    endpoint = mine.endpoint()
    taken = []
    for more in (1, 59):
        listed(more)
        page(client, f"/webhooks/{endpoint}/")  # what a session notes of a first request is noted
        with CaptureQueriesContext(connection) as asked:
            page(client, f"/webhooks/{endpoint}/")
        taken.append(len(asked))
    assert taken[0] == taken[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_others_wrote_is_text_on_every_page_and_every_page_is_accessible(
    client: Client, mine: Any, language: str, assert_accessible: Callable[[str], None]
) -> None:
    endpoint = mine.endpoint(says=XSS)
    actions.announce(kind="good.listed", subject=new_id(), organisation=None, data={"name": XSS}, at=timezone.now())
    delivering.spread(now=timezone.now())
    Delivery.objects.update(
        answer=XSS, status=500, trouble="status", state="failed", tried_at=timezone.now(), took_ms=3
    )
    Endpoint.objects.update(rests_until=timezone.now())
    delivery = queries.deliveries(endpoint)[0].id
    client.cookies["language"] = language
    places = ["", "new", f"{endpoint}/", f"{endpoint}/change", f"{endpoint}/secret", f"{endpoint}/remove"]
    for place in (*places, f"{endpoint}/replay", f"deliveries/{delivery}/"):
        said = page(client, f"/webhooks/{place}")
        assert "<script>alert" not in said, place
        assert "<img src=x" not in said, place
        assert_accessible(said)
    made = client.post("/webhooks/new", form()).content.decode()
    assert_accessible(made)


def test_where_nothing_is_told_there_is_nothing_to_register(client: Client, settings: Any) -> None:
    settings.WEBHOOK_KINDS = ()
    assert "This market tells nothing yet" in page(client, "/webhooks/new")


def test_who_changes_too_often_is_told_to_wait(client: Client, mine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from sundry.base.webhooks import operations

    monkeypatch.setattr(operations, "SENDS_AN_HOUR", 1)
    endpoint = mine.endpoint()
    assert client.post(f"/webhooks/{endpoint}/test").status_code == 302
    assert client.post(f"/webhooks/{endpoint}/test").status_code == 429
