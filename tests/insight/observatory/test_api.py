"""The observatory for programs: what is published for all, what waits for the offices, digits that stay digits."""

from __future__ import annotations

import json
import re
import sys
import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sundry.base.access.actions import create_token
from sundry.base.access.queries import AuditFilter, audit_entries
from sundry.base.access.rules import Actor, Kind
from sundry.base.parties.models import Membership
from sundry.insight.observatory.models import Check, Correction, Page, Statement
from sundry.kernel.messages import LANGUAGES
from sundry.simulation import sample_press

pytestmark = pytest.mark.django_db


def told(client: Client, address: str, status: int = 200, **headers: str) -> Any:
    response = client.get(f"/api/observatory/{address}", headers=headers)
    assert response.status_code == status, response.content
    return response.json()


def sent(client: Client, address: str, body: Any = None, status: int = 200) -> Any:
    token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
    response = client.post(
        f"/api/observatory/{address}",
        json.dumps(body) if body is not None else "",
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert response.status_code == status, response.content
    return response.json()


def everything(client: Client, address: str) -> list[Any]:
    """All items of a list, page after page."""
    items: list[Any] = []
    cursor = ""
    while True:
        page = told(client, f"{address}{'&' if '?' in address else '?'}limit=7&cursor={cursor}")
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = page["next"]


@pytest.fixture
def office(asked: Any, press: list[uuid.UUID]) -> Client:
    """The county's office, with the sample paper read."""
    client: Client = asked(Kind.COUNTY)
    return client


@pytest.fixture
def desk(asked: Any, read: Any) -> Client:
    """The county's office, with one page read."""
    page = sample_press.pages()[0]
    read(page.text, page.issued)
    client: Client = asked(Kind.COUNTY)
    return client


@pytest.fixture
def stall(asked: Any, press: list[uuid.UUID]) -> Client:
    """A stall, which sees what is published."""
    client: Client = asked(Kind.STALL)
    return client


def waiting() -> Statement:
    found = Statement.objects.filter(standing="review").first()
    assert found is not None
    return found


def test_pages_are_listed_the_newest_first(office: Client, stall: Client, press: list[uuid.UUID]) -> None:
    rows = everything(office, "pages")
    assert {row["id"] for row in rows} == {str(id_) for id_ in press}
    assert [row["issued"] for row in rows] == sorted((row["issued"] for row in rows), reverse=True)
    assert all(row["state"] == "read" and row["headlines"] for row in rows)
    assert all(isinstance(row["to_review"], int) for row in rows)
    assert {(row["to_review"], row["failing"]) for row in everything(stall, "pages")} == {(None, None)}


def test_a_page_is_told_with_all_that_was_read_of_it(office: Client, stall: Client, press: list[uuid.UUID]) -> None:
    for client in (office, stall):
        page = told(client, f"pages/{press[0]}")
        for one in page["statements"]:
            assert "".join(page["text"][start:end] for start, end in one["spans"]) == one["quote"]
            assert page["text"][one["sentence_start"] :].startswith(one["sentence"])
        for one in page["articles"]:
            assert all(0 <= start < end <= len(page["text"]) for start, end in one["body"])
    standings = {one["standing"] for id_ in press for one in told(stall, f"pages/{id_}")["statements"]}
    assert standings == {"published"}
    standings = {one["standing"] for id_ in press for one in told(office, f"pages/{id_}")["statements"]}
    assert standings == {"published", "review"}
    told(stall, f"pages/{uuid.uuid4()}", 404)


def test_numbers_are_texts_of_their_digits(stall: Client) -> None:
    rows = everything(stall, "statements")
    numbers = [row[name] for row in rows for name in ("value", "low", "high", "base_value") if row[name] is not None]
    assert len(numbers) > 20
    assert all(isinstance(one, str) and re.fullmatch(r"-?\d+(\.\d*[1-9])?", one) for one in numbers)
    for row in rows:
        kept = Statement.objects.get(id=row["id"]).value
        assert (kept is None) == (row["value"] is None)
        assert kept is None or Decimal(row["value"]) == kept


def test_statements_are_searched(stall: Client) -> None:
    rows = everything(stall, "statements")
    assert len(rows) == Statement.objects.filter(standing="published").count() > 20
    assert len({row["id"] for row in rows}) == len(rows)
    one = next(row for row in rows if row["indicator_key"] and row["period"] and row["region_code"])
    asked = f"indicator={one['indicator_key']}&region={one['region_code']}&type={one['type']}"
    found = everything(stall, f"statements?{asked}&starts_on={one['starts_on']}&ends_on={one['ends_on']}")
    assert one["id"] in {row["id"] for row in found}
    for name, wanted in (("indicator_key", "indicator_key"), ("region_code", "region_code"), ("type", "type")):
        assert {row[name] for row in found} == {one[wanted]}
    by_words = everything(stall, f"statements?words={one['indicator'][:4]}&page={one['page']}")
    assert one["id"] in {row["id"] for row in by_words}
    assert len(by_words) < len(rows)
    assert told(stall, "statements?words=%E6%97%A0%E6%AD%A4%E8%AF%8D") == {"items": [], "next": None}


def test_what_waits_is_for_the_offices(office: Client, stall: Client) -> None:
    one = waiting()
    assert str(one.id) in {row["id"] for row in everything(office, "statements?standing=review")}
    assert {row["standing"] for row in everything(office, "statements?standing=all")} == {"published", "review"}
    assert told(office, f"statements/{one.id}")["standing"] == "review"
    told(stall, f"statements/{one.id}", 404)
    for standing in ("review", "rejected", "all"):
        assert told(stall, f"statements?standing={standing}", 403)["error"]["code"] == "access_forbidden"


def test_a_statement_is_corrected_and_the_correction_withdrawn(office: Client, stall: Client) -> None:
    before = told(office, f"statements/{waiting().id}")
    address = f"statements/{before['id']}"
    after = sent(office, f"{address}/correct", {"verdict": "period", "changes": {"period": "2025-H1"}})
    assert (after["period"], after["starts_on"], after["ends_on"]) == ("2025-H1", "2025-01-01", "2025-06-30")
    assert (after["standing"], after["verdict"], after["corrected"]) == ("published", "period", ["period"])
    assert (after["corrected_by"], after["quote"]) == ("Li Wen", before["quote"])
    assert told(stall, address)["corrected_by"] is None
    [correction] = told(office, f"{address}/corrections")["items"]
    assert (correction["verdict"], correction["changes"], correction["person"]) == (
        "period",
        {"period": "2025-H1"},
        "Li Wen",
    )
    again = sent(office, f"{address}/correct", {"verdict": "period", "changes": {"period": "2025-H1"}}, 409)
    assert again["error"]["code"] == "correction_is_so"
    withdrawn = sent(office, f"{address}/withdraw")
    same = ("period", "standing", "verdict", "corrected", "value", "indicator")
    assert {name: withdrawn[name] for name in same} == {name: before[name] for name in same}
    assert Correction.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"verdict": "period", "changes": {"period": "soon"}}, "correction_period", "changes"),
        ({"verdict": "period", "changes": {"value": "1"}}, "correction_field", "value"),
        ({"verdict": "value", "changes": {"value": "much"}}, "correction_number", "changes"),
        ({"verdict": "indicator", "changes": {}}, "correction_empty", "changes"),
        ({"verdict": "withdrawn"}, "api_validation", "verdict"),
        ({"verdict": "right", "because": "I say so"}, "api_validation", "because"),
        ({"verdict": "period", "changes": {"period": "x" * 101}}, "api_validation", "changes.period"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(desk: Client, body: dict[str, Any], code: str, field: str) -> None:
    refused = sent(desk, f"statements/{waiting().id}/correct", body, 422)["error"]
    assert (refused["code"], refused.get("field")) == (code, field)
    assert not Correction.objects.exists()


def test_what_is_not_there_is_not_found(desk: Client) -> None:
    never = uuid.uuid4()
    for address in (f"statements/{never}/correct", f"statements/{never}/withdraw", f"imports/{never}/stop"):
        sent(desk, address, {"verdict": "right"}, 404)
    sent(desk, f"pages/{never}/date", {"issued": "2026-04-11"}, 404)
    for address in (f"statements/{never}", f"pages/{never}", f"series/{never}", f"imports/{never}"):
        told(desk, address, 404)
    for client_sees in ("pages", "statements", "series", "checks"):
        assert told(desk, f"{client_sees}?cursor=x", 422)["error"]["code"] == "cursor_invalid"


def test_a_day_of_issue_is_set_and_the_page_read_again(office: Client, press: list[uuid.UUID]) -> None:
    page = sent(office, f"pages/{press[0]}/date", {"issued": "2027-02-03"})
    assert (page["issued"], page["date_source"]) == ("2027-02-03", "confirmed")
    assert {one["issued"] for one in page["statements"]} == {"2027-02-03"}
    assert sent(office, f"pages/{press[0]}/date", {"issued": "soon"}, 422)["error"]["field"] == "issued"


@pytest.mark.parametrize("day", ["0001-01-01", "0226-04-11", "9999-12-31"])
def test_a_day_that_no_paper_has_is_refused(desk: Client, day: str) -> None:
    refused = sent(desk, f"pages/{Page.objects.get().id}/date", {"issued": day}, 422)["error"]
    assert (refused["code"], refused["field"]) == ("observatory_day_impossible", "issued")
    assert day in refused["message"]
    refused = imported(desk, ("new.txt", PAGE), status=422, issued=day)["error"]
    assert refused["code"] == "observatory_day_impossible"


# Imports ------------------------------------------------------------------------------------------------------------


def imported(client: Client, *files: tuple[str, bytes], status: int = 202, **form: str) -> Any:
    sent_files = [SimpleUploadedFile(name, data, "text/plain") for name, data in files]
    token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
    response = client.post("/api/observatory/imports", {"files": sent_files, **form}, headers={"X-CSRFToken": token})
    assert response.status_code == status, response.content
    if status == 202:
        assert response.headers["Location"] == f"/api/observatory/imports/{response.json()['id']}"
    return response.json()


PAGE = "湖滨县一季度经济\n\n本报讯 一季度，全县完成地区生产总值21.4亿元，增长6.3%。\n".encode()


def test_pages_are_imported_and_the_import_stopped(asked: Any, db: None) -> None:
    office = asked(Kind.OPERATOR)
    made = imported(office, ("a.txt", PAGE), ("b.txt", PAGE), ("c.txt", b""), issued="2026-04-11", home="990100:湖滨县")
    assert (made["total"], made["done"], made["stopped"], made["is_over"]) == (1, 0, False, False)
    assert [(row["name"], row["issued"], row["state"]) for row in made["pages"]] == [("a.txt", "2026-04-11", "waiting")]
    assert {problem["file"] for problem in made["problems"]} == {"b.txt", "c.txt"}
    assert all(problem["message"] and problem["code"].startswith("observatory_") for problem in made["problems"])
    assert Page.objects.get().home_name == "湖滨县"
    assert sent(office, f"imports/{made['id']}/stop")["stopped"]
    assert not sent(office, f"imports/{made['id']}/resume")["stopped"]
    assert told(office, f"imports/{made['id']}") == told(office, f"imports/{made['id']}")
    again = imported(office, ("a.txt", PAGE))
    assert again["problems"][0]["details"]["page"] == made["pages"][0]["id"]


@pytest.mark.parametrize("home", ["99", "990100", "湖滨县", "99010x:a", "٩٩٠١٠٠:a", ":"])
def test_a_town_that_nobody_knows_is_refused(asked: Any, home: str) -> None:
    refused = imported(asked(Kind.COUNTY), ("a.txt", PAGE), status=422, home=home)["error"]
    assert (refused["code"], refused["field"]) == ("observatory_home_unknown", "home")
    assert not Page.objects.exists()


def test_an_import_without_files_is_refused(asked: Any) -> None:
    assert imported(asked(Kind.COUNTY), status=422)["error"]["field"] == "files"


def test_a_stall_imports_nothing(asked: Any, db: None) -> None:
    assert imported(asked(Kind.STALL), ("a.txt", PAGE), status=403)["error"]["code"] == "access_forbidden"


# Series, checks, entities -------------------------------------------------------------------------------------------


def test_a_series_has_every_vintage(office: Client, stall: Client, press: list[uuid.UUID], read: Any) -> None:
    read(Page.objects.get(id=press[0]).text + "\n", None, "again.txt")
    rows = everything(stall, "series")
    assert len({row["id"] for row in rows}) == len(rows) > 5
    assert [row["indicator_key"] for row in rows] == sorted(row["indicator_key"] for row in rows)
    assert "observations" not in rows[0]
    seen = [told(stall, f"series/{row['id']}") for row in rows if row["indicator_key"] in ("gdp", "exports", "trade")]
    assert max(len(one["observations"]) for one in seen) >= 2
    for one in seen:
        ends = [point["ends_on"] or "" for point in one["observations"]]
        assert ends == sorted(ends)
        for point in one["observations"]:
            assert point["value"] is None or isinstance(point["value"], str)
            assert told(stall, f"statements/{point['statement']}")["page"] == point["page"]
    region = rows[0]["region_code"]
    assert {row["region_code"] for row in everything(stall, f"series?region={region}")} == {region}


def test_what_we_worked_out_is_told_apart(office: Client, stall: Client) -> None:
    rows = everything(office, "checks")
    assert len(rows) == Check.objects.count() > 5
    ranks = [("fails", "explained", "implied", "holds").index(row["outcome"]) for row in rows]
    assert ranks == sorted(ranks)
    implied = [row for row in rows if row["outcome"] == "implied"]
    assert {row["id"] for row in everything(stall, "checks?outcome=implied")} <= {row["id"] for row in implied}
    assert all(row["message"] and row["note"] for row in rows)
    ends = [end for row in rows for end in row["derived"] or () if end is not None]
    assert ends
    assert all(isinstance(end, str) for end in ends)
    page = rows[0]["page"]
    assert all(page in row["pages"] or row["page"] == page for row in everything(office, f"checks?page={page}"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_are_in_the_readers_language(desk: Client, language: str) -> None:
    desk.cookies["language"] = language
    found = {row["message"] for row in told(desk, "checks?limit=200")["items"]}
    assert found
    if language in ("zh", "ar", "ru"):
        letters = {"zh": r"[\u4e00-\u9fff]", "ar": r"[\u0621-\u064a]", "ru": r"[а-яА-Я]"}[language]
        assert all(re.search(letters, message) for message in found)


def test_what_pages_name_is_listed_by_type(stall: Client) -> None:
    rows = everything(stall, "entities?type=event")
    assert rows
    assert {row["type"] for row in rows} == {"event"}
    assert all(row["name"] and row["spans"] for row in rows)
    assert told(stall, "entities?type=nothing")["items"] == []
    assert told(stall, "entities", 422)["error"]["field"] == "type"


# Files --------------------------------------------------------------------------------------------------------------


def exported(client: Client, asked: str = "") -> int:
    """The status of the answer, which is read to its end."""
    response = client.get(f"/api/observatory/export/sdmx-csv{asked}")
    b"".join(response)
    return response.status_code


def test_figures_are_taken_along(stall: Client, office: Client) -> None:
    response = stall.get("/api/observatory/export/sdmx-csv?indicator=gdp")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/vnd.sdmx.data+csv; version=2.0.0"
    assert 'filename="figures.csv"' in response.headers["Content-Disposition"]
    lines = b"".join(response).decode().splitlines()
    assert lines[0].startswith("STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,INDICATOR,")
    assert all(",gdp," in line for line in lines[1:])
    told(office, "export/pdf", 404)


def test_without_the_extra_it_is_said_what_to_install(asked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = asked(Kind.STALL)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    refused = told(client, "export/parquet", 409)["error"]
    assert refused["code"] == "observatory_figures_missing"
    assert "sundry[figures]" in refused["message"]


def test_exports_are_counted(asked: Any) -> None:
    stall = asked(Kind.STALL)
    assert [exported(stall) for _ in range(11)] == [200] * 10 + [429]


# Who ----------------------------------------------------------------------------------------------------------------


def test_the_public_sees_what_is_published_where_it_may(press: list[uuid.UUID], settings: Any) -> None:
    visitor = Client(headers={"host": "localhost"})
    open_to_all = ("pages", f"pages/{press[0]}", "statements", "series", "checks", "entities?type=event")
    for is_open, status in ((False, 401), (True, 200)):
        settings.SUNDRY = replace(settings.SUNDRY, public_observatory=is_open)
        for address in open_to_all:
            told(visitor, address, status)
        assert exported(visitor) == status
    assert {row["standing"] for row in everything(visitor, "statements")} == {"published"}
    told(visitor, f"statements/{waiting().id}", 404)
    told(visitor, f"statements/{waiting().id}/corrections", 401)
    sent(visitor, f"statements/{waiting().id}/correct", {"verdict": "right"}, 401)


def test_a_token_for_corrections_alone_corrects(desk: Client) -> None:
    member = Membership.objects.get(organisation__kind="county")
    actor = Actor(person=member.person_id, organisation=member.organisation_id)
    made = create_token(
        actor=actor, name="Program", scopes=("observatory.statement.correct",), days=1, now=timezone.now()
    )
    program = Client(headers={"host": "localhost", "authorization": f"Bearer {made.secret}"})
    after = sent(program, f"statements/{waiting().id}/correct", {"verdict": "right"})
    assert (after["standing"], after["verdict"]) == ("published", "right")
    told(program, f"statements/{after['id']}", 403)


def test_statements_of_sql_do_not_grow_with_rows(office: Client) -> None:
    for address in ("pages", "statements", "series", "checks", "entities?type=event"):
        counts = []
        for limit in (1, 7):
            with CaptureQueriesContext(connection) as queries:
                told(office, f"{address}{'&' if '?' in address else '?'}limit={limit}")
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 12, address


def test_who_reads_what_was_said_corrects_nothing(desk: Client) -> None:
    told(desk, f"statements/{waiting().id}/corrections")
    assert not [
        one for one in audit_entries(AuditFilter(), limit=50) if one.operation == "observatory.statement.correct"
    ]


@pytest.mark.parametrize("home", ["990100:" + "名" * 70, "９９０１００:湖", "990100:\u202e湖", "990100"])
def test_a_town_of_no_sense_is_refused(asked: Any, home: str) -> None:
    sent = {"files": SimpleUploadedFile("page.txt", "一季度出口12亿元。".encode()), "home": home}
    refused = asked(Kind.COUNTY).post("/api/observatory/imports", sent)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "observatory_home_unknown")


@pytest.mark.parametrize("text", ["%00", "%ED%A0%80", "%25", "_", "\\", "%F0%9F%98%80", "a" * 200])
def test_any_words_may_be_sought(asked: Any, db: None, text: str) -> None:
    client = asked(Kind.STALL)
    for address in (f"statements?words={text}", f"entities?type={text[:20]}", f"series?region={text[:12]}"):
        assert client.get(f"/api/observatory/{address}").status_code in (200, 400, 422), address
    assert exported(client, f"?words={text}") in (200, 400, 422)
