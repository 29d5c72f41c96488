"""What one was told, how one wants to be told, and the link under a message."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import signing
from django.test import Client

from sundry.base.notifications import queries, sending
from sundry.base.notifications.models import Told
from sundry.base.notifications.rules import STOP_LINK_IS_GOOD_FOR, Choice, Frequency, Way
from sundry.base.notifications.stop_links import stop_link, stop_token
from sundry.base.parties.models import Person

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _ in django_settings.LANGUAGES]
MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)
XSS = '"><script>alert(1)</script>'


@pytest.fixture
def mine(office: Callable[..., Any]) -> Any:
    return office()


@pytest.fixture
def client(mine: Any) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(mine.person)
    return client


@pytest.fixture
def visitor() -> Client:
    """Checks the forms' tokens, as a browser's requests are checked."""
    return Client(headers={"host": "localhost"}, enforce_csrf_checks=True)


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return str(answer.content.decode())


def chosen(person: Any) -> dict[str, Choice]:
    preferences, _ = queries.preferences(person.id)
    return {group.name: preferences.of(group.name) for group in queries.groups()}


FORM = {
    **{f"way_{group}": "email" for group in ("orders", "talk", "payments")},
    **{f"often_{group}": "daily" for group in ("orders", "talk", "payments")},
    "quiet_from": "21:30",
    "quiet_until": "06:00",
    "zone": "Africa/Cairo",
}


def test_what_one_was_told_and_has_read(client: Client, mine: Any) -> None:
    assert "No notices yet" in page(client, "/notifications/")
    mine.tell(key="10234", values={"codes": XSS}, count=2)
    sending.spread(now=MORNING)
    said = page(client, "/notifications/")
    assert XSS not in said
    assert 'href="/orders/10234/"' in said
    assert "2 times" in said
    assert "New" in said
    newest = queries.told(mine.person.id, {mine.organisation: ""}).notices[0].id
    assert client.post("/notifications/read/", {"up_to": str(newest)}).status_code == 302
    assert client.post("/notifications/read/", {"up_to": "nonsense"}).status_code == 302
    assert "Mark all as read" not in page(client, "/notifications/")


def test_nobody_reads_what_another_was_told(client: Client, office: Callable[..., Any]) -> None:
    other = office()
    other.tell()
    sending.spread(now=MORNING)
    assert "No notices yet" in page(client, "/notifications/")
    theirs = Told.objects.get(person=other.person.id)
    client.post("/notifications/read/", {"up_to": str(theirs.id)})
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_a_choice_is_kept(client: Client, mine: Any) -> None:
    assert "Quiet hours" in page(client, "/account/notifications/")
    assert client.post("/account/notifications/", FORM).status_code == 302
    assert set(chosen(mine.person).values()) == {Choice(Way.EMAIL, Frequency.DAILY)}
    assert 'value="21:30"' in page(client, "/account/notifications/")
    assert "/account/notifications/" in page(client, "/account/me")


@pytest.mark.parametrize(
    "changed",
    [{"way_orders": "sms"}, {"often_talk": "hourly!"}, {"zone": "Asia/Yiwu"}, {"quiet_from": "25:00"}, {"zone": ""}],
    ids=str,
)
def test_a_choice_that_cannot_be_is_told_and_nothing_kept(client: Client, mine: Any, changed: dict[str, str]) -> None:
    before = chosen(mine.person)
    assert client.post("/account/notifications/", FORM | changed).status_code == 422
    assert chosen(mine.person) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_accessible_in_every_language(
    client: Client, mine: Any, language: str, assert_accessible: Callable[[str], None]
) -> None:
    mine.tell()
    sending.spread(now=MORNING)
    stop = f"/notifications/stop/{stop_token(mine.person.id, Way.EMAIL)}/"
    for address in ("/notifications/", "/account/notifications/", stop):
        assert_accessible(page(client, f"{address}?language={language}"))


def test_a_link_stops_messages_without_signing_in(visitor: Client, mine: Any) -> None:
    address = f"/notifications/stop/{stop_token(mine.person.id, Way.EMAIL)}/"
    assert stop_link(mine.person.id, Way.EMAIL).startswith(django_settings.SUNDRY.address + "/notifications/stop/")
    said = page(visitor, address)
    assert "Stop these messages?" in said
    assert mine.person.email not in said
    assert not any(choice.is_silent for choice in chosen(mine.person).values())  # looking stops nothing
    answer = visitor.post(address, {"List-Unsubscribe": "One-Click"})  # as a mail program asks: no cookie, no token
    assert answer.status_code == 200
    assert "Nothing more is sent" in answer.content.decode()
    assert all(choice.is_silent for choice in chosen(mine.person).values())


def test_a_forged_link_stops_nothing(visitor: Client, mine: Any, office: Callable[..., Any]) -> None:
    other = office()
    token = stop_token(mine.person.id, Way.EMAIL)
    _, stamp, seal = token.split(":")
    theirs = stop_token(other.person.id, Way.EMAIL).split(":")[0]
    for forged in (f"{theirs}:{stamp}:{seal}", token[:-1], "x", signing.dumps([other.person.id.hex, "email"])):
        answer = visitor.post(f"/notifications/stop/{forged}/")
        assert answer.status_code == 404
        assert "not right, or not whole" in answer.content.decode()
    for person in (mine.person, other.person):
        assert not any(choice.is_silent for choice in chosen(person).values())


def test_an_old_link_stops_nothing(visitor: Client, mine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    long_ago = time.time() - (STOP_LINK_IS_GOOD_FOR + timedelta(days=1)).total_seconds()
    with monkeypatch.context() as clock:
        clock.setattr("django.core.signing.time.time", lambda: long_ago)
        token = stop_token(mine.person.id, Way.EMAIL)
    answer = visitor.post(f"/notifications/stop/{token}/")
    assert answer.status_code == 404
    assert "older than 180 days" in answer.content.decode()
    assert not any(choice.is_silent for choice in chosen(mine.person).values())


def test_a_link_stops_its_own_reader_whoever_is_signed_in(
    client: Client, mine: Any, office: Callable[..., Any]
) -> None:
    other = office()
    client.post(f"/notifications/stop/{stop_token(other.person.id, Way.EMAIL)}/")
    assert all(choice.is_silent for choice in chosen(other.person).values())
    assert not any(choice.is_silent for choice in chosen(mine.person).values())


def test_a_link_of_somebody_who_is_gone(visitor: Client, mine: Any) -> None:
    gone = Person.objects.create(email="gone@market.example")
    token = stop_token(gone.id, Way.EMAIL)
    gone.delete()
    assert visitor.post(f"/notifications/stop/{token}/").status_code == 404
