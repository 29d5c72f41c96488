"""The outbox: everybody's mailbox on a sample market, a masked log of deliveries on a real one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from sundry.base.access.rules import Actor, Kind, Position, role_of
from sundry.base.outbox.actions import post
from sundry.base.outbox.models import OutgoingMessage
from sundry.base.parties import actions
from sundry.base.parties.models import Person
from sundry.base.parties.rules import Address

pytestmark = pytest.mark.django_db

Accessible = Callable[[bytes], None]


def code(recipient: str = "li@market.example") -> None:
    post(
        channel="email" if "@" in recipient else "sms",
        recipient=recipient,
        subject="482913 is your code" if "@" in recipient else "",
        body="482913 is your code. https://market.example/invitations/x <b>",
        secret=True,
    )


@pytest.fixture
def real(settings: Any) -> None:
    settings.SUNDRY = dataclasses.replace(settings.SUNDRY, market="real", outbox="smtp", smtp_url="smtp://mail.example")


def somebody(kind: Kind) -> Client:
    """Somebody who acts for an organisation of the kind."""
    person = actions.register_person(actor=Actor(), address=Address(email=f"{kind}@market.example"), name="Zhou")
    if kind is Kind.OPERATOR:
        actions.found_operator(actor=Actor(), name="Market Office", administrator=person)
    else:
        actor = Actor(role=role_of(kind, Position.ADMINISTRATOR), person=person)
        actions.register_organisation(actor=actor, kind=kind, name="Lianhua")
    client = Client()
    client.force_login(Person.objects.get(id=person))
    return client


def test_on_a_sample_market_a_visitor_reads_every_message(client: Client, assert_accessible: Accessible) -> None:
    assert_accessible(client.get("/outbox/").content)
    code()
    code("+8613800138000")
    page = client.get("/outbox/")
    text = page.content.decode()
    assert text.count("482913 is your code") == 3
    assert "+8613800138000" in text
    assert 'href="https://market.example/invitations/x"' in text
    assert "&lt;b&gt;" in text
    assert "no-store" in page.headers["Cache-Control"]
    assert_accessible(page.content)
    only = client.get("/outbox/?to=%2B8613800138000").content.decode()
    assert only.count("482913 is your code") == 1


def test_messages_are_paged(client: Client, django_assert_num_queries: Any) -> None:
    for number in range(51):
        post(channel="email", recipient="li@market.example", subject=f"Message {number}.", body="Hello")
    with django_assert_num_queries(1):
        page = client.get("/outbox/?to=li@market.example").content.decode()
    assert "Message 50." in page
    assert "Message 0." not in page
    following = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "to=li%40market.example" in following
    assert "Message 0." in client.get(f"/outbox/{following}").content.decode()
    assert client.get("/outbox/?after=nonsense").status_code == 200


def test_on_a_real_market_only_the_operator_looks_and_reads_no_message(
    real: None, client: Client, assert_accessible: Accessible
) -> None:
    code()
    OutgoingMessage.objects.update(state="failed", next_try_at=None, attempts=6, fault="OSError: down")
    assert client.get("/outbox/").headers["Location"].startswith("/account/login/")
    assert somebody(Kind.AGENT).get("/outbox/").status_code == 403
    page = somebody(Kind.OPERATOR).get("/outbox/")
    text = page.content.decode()
    assert "l***@market.example" in text
    assert "OSError: down" in text
    assert "li@market.example" not in text
    assert "482913" not in text
    assert "invitations/x" not in text
    assert_accessible(page.content)


@pytest.mark.parametrize("elsewhere", [{"market": "real"}, {"database_url": "postgresql://other/market"}])
def test_on_a_market_with_people_of_its_own_nobody_reads_them_either(
    settings: Any, client: Client, elsewhere: dict[str, str]
) -> None:
    settings.SUNDRY = dataclasses.replace(settings.SUNDRY, **elsewhere)
    code()
    assert client.get("/outbox/").status_code == 302
    assert "482913" not in somebody(Kind.OPERATOR).get("/outbox/").content.decode()
