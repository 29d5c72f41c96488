"""The log as those see it who may: by page, by filter, as CSV; and nobody else's."""

from __future__ import annotations

import csv
import io
import re
import uuid
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from sundry.base.access.actions import record
from sundry.base.access.models import AuditEntry
from sundry.base.access.rules import Actor, Kind, Position, role_of
from sundry.web.pages import audit

pytestmark = pytest.mark.django_db

ADMINISTRATOR = role_of(Kind.AGENT, Position.ADMINISTRATOR)
AUDITOR = role_of(Kind.AUDITOR, Position.MEMBER)


def entry(organisation: uuid.UUID | None, operation: str = "parties.organisation.rename", **told: Any) -> None:
    record(
        actor=Actor(role=ADMINISTRATOR, person=uuid.UUID(int=9), organisation=organisation), operation=operation, **told
    )


def shown(client: Any, query: str = "") -> list[str]:
    """The operations on the page, from the top."""
    answer = client.get(f"/audit/{query}")
    assert answer.status_code == 200
    body = unescape(answer.content.decode()).partition("<tbody")[2]
    return re.findall(r"<code>([a-z]+\.[a-z]+\.[a-z]+)</code>", body)


def exported(client: Any, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/audit/export.csv{query}")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_an_administrator_sees_what_concerns_her_organisation(sign_in: Any) -> None:
    li = sign_in(ADMINISTRATOR)
    entry(li.organisation, "own.thing.done")
    entry(uuid.uuid4(), "foreign.thing.done")
    entry(None, "nobodys.thing.done")
    assert shown(li.client) == ["own.thing.done"]
    assert li.client.get(f"/audit/?organisation={uuid.uuid4()}").status_code == 404


def test_an_auditor_sees_everything_and_may_look_at_one(sign_in: Any) -> None:
    auditor = sign_in(AUDITOR)
    organisation = uuid.uuid4()
    entry(organisation, "first.thing.done")
    entry(None, "second.thing.done")
    assert shown(auditor.client) == ["second.thing.done", "first.thing.done"]
    assert shown(auditor.client, f"?organisation={organisation}") == ["first.thing.done"]


def test_an_administrator_knows_her_people_and_who_sees_everything_only_their_initials(sign_in: Any) -> None:
    li, auditor = sign_in(ADMINISTRATOR), sign_in(AUDITOR)
    get_user_model().objects.filter(pk=li.person).update(name="Li Na")
    record(actor=Actor(person=li.person, organisation=li.organisation), operation="own.thing.done")
    assert "Li Na" in li.client.get("/audit/").content.decode()
    page = auditor.client.get("/audit/").content.decode()
    assert "L…" in page
    assert "Li Na" not in page
    assert not [row for row in exported(auditor.client) if "Li Na" in str(row)]


def test_a_member_has_no_log_to_see(sign_in: Any) -> None:
    assert sign_in(role_of(Kind.AGENT, Position.MEMBER)).client.get("/audit/").status_code == 403


def test_the_filter_stays_in_the_address_from_page_to_page(sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "ROWS", 2)
    client = sign_in(AUDITOR).client
    for operation in ("a.b.one", "x.y.z", "a.b.two", "a.b.three"):
        entry(None, operation)
    answer = client.get("/audit/?operation=a.b")
    following = unescape(re.search(r'rel="next" href="([^"]+)"', answer.content.decode()).group(1))  # type: ignore[union-attr]
    assert shown(client, "?operation=a.b") == ["a.b.three", "a.b.two"]
    assert shown(client, following) == ["a.b.one"]
    assert 'rel="next"' not in client.get(f"/audit/{following}").content.decode()


@pytest.mark.parametrize(
    "query",
    ["?organisation=x", "?since=yesterday", "?outcome=sort-of", "?person=1", "?until=9999-12-31", "?since=0001-01-01"],
)
def test_a_filter_that_makes_no_sense_is_told(sign_in: Any, query: str) -> None:
    client = sign_in(AUDITOR).client
    assert client.get(f"/audit/{query}").status_code == 422
    assert client.get(f"/audit/export.csv{query}").status_code == 422


def test_days_are_those_of_the_market(sign_in: Any) -> None:
    client = sign_in(AUDITOR).client
    entry(None, "a.b.c")
    day = AuditEntry.objects.get().at.astimezone(audit.ZoneInfo("Asia/Shanghai")).date()
    assert shown(client, f"?since={day}&until={day}") == ["a.b.c"]
    assert shown(client, f"?since={day + audit.timedelta(days=1)}") == []
    assert shown(client, "?before=nonsense&until=2000-01-01") == []


@pytest.mark.parametrize("query", ["", "?outcome=failed", "?since=yesterday"])
def test_the_page_is_accessible(sign_in: Any, assert_accessible: Any, query: str) -> None:
    client = sign_in(AUDITOR).client
    entry(None, details={"a": 1}, object_kind="job", object_id="7")
    assert_accessible(client.get(f"/audit/{query}").content)


def test_personal_data_in_details_are_covered(sign_in: Any) -> None:
    client = sign_in(AUDITOR).client
    entry(None, details={"wrote": "li.na@example.com called +86 138 0013 8000"})
    page = client.get("/audit/").content.decode()
    (row,) = [row for row in exported(client) if row["operation"] == "parties.organisation.rename"]
    for text in (page, row["details"]):
        assert "li.na@" not in text
        assert "0013" not in text


def test_the_export_holds_everything_and_is_itself_written_down(sign_in: Any) -> None:
    client = sign_in(AUDITOR).client
    for number in range(3):
        entry(None, object_kind="job", object_id=f"=1+{number}")
    rows = exported(client)
    assert [row["object_id"] for row in rows if row["object_kind"]] == ["'=1+2", "'=1+1", "'=1+0"], "no formulas"
    latest = AuditEntry.objects.latest("id")
    assert (latest.operation, latest.outcome) == ("access.audit.export", "allowed")


def test_the_page_asks_the_database_as_often_for_many_entries_as_for_few(
    sign_in: Any, django_assert_num_queries: Any
) -> None:
    client = sign_in(AUDITOR).client
    client.get("/audit/")
    for count in (1, 40):
        for _ in range(count):
            entry(None)
        with django_assert_num_queries(5):  # session, person, capacities, entries, names
            client.get("/audit/")
