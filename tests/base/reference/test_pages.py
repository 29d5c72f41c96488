"""Everybody looks up; the operator loads, and reads what was wrong."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sundry.base.access.models import AuditEntry
from sundry.base.access.rules import VISITOR, Actor, Kind, Position, role_of
from sundry.base.reference import actions, queries
from sundry.base.reference.loading import File

OPERATOR, AUDITOR = (role_of(kind, Position.MEMBER) for kind in (Kind.OPERATOR, Kind.AUDITOR))
TARIFF = "商品编码,商品名称,第一法定单位,第二法定单位,监管条件,申报要素\n9503002100,动物玩具,个,千克,AB,品名;用途\n"
pytestmark = pytest.mark.django_db

PAGES = (
    ("", "Tables that law and trade publish"),
    ("hs/", "Live animals"),
    ("hs/?q=toys", "9503"),
    ("hs/?q=nothing", "No code found"),
    ("hs/?day=2001-01-01", "No codes on this day"),
    ("hs/95.03/", "In the Chinese tariff"),
    ("ports/?q=ningbo", "CNNGB"),
    ("ports/?country=MA", "Casablanca"),
    ("ports/?q=nothing", "No port found"),
    ("countries/", "Morocco"),
    ("currencies/", "Kuwaiti Dinar"),
    ("units/", "40HC"),
    ("incoterms/", "On board the ship"),
    ("rates/", "No rates for this day"),
)


@pytest.mark.usefixtures("own_set")
def test_a_visitor_looks_up(sign_in: Any, assert_accessible: Any) -> None:
    client = sign_in(VISITOR).client
    for address, told in PAGES:
        with CaptureQueriesContext(connection) as statements:
            answer = client.get(f"/reference/{address}")
        assert answer.status_code == 200, address
        assert told in answer.content.decode(), address
        assert_accessible(answer.content)
        assert len(statements) < 16, address


@pytest.mark.usefixtures("own_set")
def test_a_code_with_its_lines_of_the_tariff(sign_in: Any) -> None:
    actions.load_file(
        actor=Actor(), file=File("t.csv", TARIFF.encode()), valid_from=date(2026, 1, 1), now=timezone.now()
    )
    page = sign_in(VISITOR).client.get("/reference/hs/9503/?day=2026-04-11").content.decode()
    for told in (
        "9503.00.21.00",
        "动物玩具",
        "个 / 千克",
        "AB",
        "品名；用途",
        'href="/reference/hs/95/?day=2026-04-11"',
    ):
        assert told in page
    assert "动物玩具" not in sign_in(VISITOR).client.get("/reference/hs/9503/?day=2025-04-11").content.decode()


def test_rates_of_a_day(sign_in: Any) -> None:
    rates = File("rates.csv", b"Date,USD,JPY,CNY\n2026-04-10,1.1172,175.68,7.4326\n")
    actions.load_file(actor=Actor(), file=rates, now=timezone.now())
    page = sign_in(VISITOR).client.get("/reference/rates/?day=2026-04-11").content.decode()
    assert "7.4326" in page
    assert "rates.csv" in page


@pytest.mark.usefixtures("own_set")
def test_a_list_goes_on(sign_in: Any) -> None:
    client = sign_in(VISITOR).client
    page = client.get("/reference/hs/?q=9").content.decode()
    assert "after=" not in page
    page = client.get("/reference/ports/").content.decode()
    (last,) = re.findall(r"after=(\w+)", page)
    then = client.get(f"/reference/ports/?after={last}").content.decode()
    assert (f"<code>{last}</code>" in page, f"<code>{last}</code>" in then) == (True, False)
    assert "<code>VNSGN</code>" in then
    assert "after=" not in then.partition('class="table-frame"')[2]


@pytest.mark.usefixtures("own_set")
def test_the_page_speaks_the_readers_language_and_marks_what_does_not(sign_in: Any) -> None:
    client = sign_in(VISITOR).client
    client.cookies["language"] = "ru"
    assert "<bdi>Игрушки</bdi>" in client.get("/reference/hs/95/").content.decode()
    hs = File("hs.csv", b"hscode,description,level\n96,Various,2\n9620,Tripods,4\n")
    actions.load_file(actor=Actor(), file=hs, now=timezone.now())
    assert '<bdi lang="en">Tripods</bdi>' in client.get("/reference/hs/9620/").content.decode()


def test_what_makes_no_sense(sign_in: Any) -> None:
    client = sign_in(VISITOR).client
    for address, status in (
        ("hs/77/", 404),
        ("hs/9503002100/", 404),
        ("hs/<script>/", 404),
        ("hs/?day=yesterday", 422),
        ("hs/?day=0001-01-01", 422),
        ("hs/?q=" + "9" * 201, 422),
        ("ports/?country=CHN", 422),
        ("ports/?after=" + "A" * 41, 422),
    ):
        assert client.get(f"/reference/{address}").status_code == status, address


def test_the_operator_loads_a_file(sign_in: Any, assert_accessible: Any) -> None:
    client = sign_in(OPERATOR).client
    page = client.get("/reference/loads/")
    assert "Load a file" in page.content.decode()
    assert_accessible(page.content)
    file = SimpleUploadedFile("tariff.csv", TARIFF.encode("gb18030"))
    answer = client.post("/reference/loads/new", {"file": file, "valid_from": "2026-01-01", "source": "The law"})
    made, *_ = queries.loads()
    assert answer.headers["Location"] == f"/reference/loads/{made.id}/"
    assert (made.source, made.added, made.through) == ("The law", 1, "page")
    shown = client.get(answer.headers["Location"])
    assert "The file is loaded." in shown.content.decode()
    assert_accessible(shown.content)
    entry = AuditEntry.objects.filter(operation="reference.load.make").latest("id")
    assert entry.object_id == str(made.id)
    again = SimpleUploadedFile("tariff.csv", TARIFF.encode("gb18030"))
    answer = client.post("/reference/loads/new", {"file": again, "valid_from": "2026-01-01"}, follow=True)
    assert "is loaded already" in answer.content.decode()
    assert queries.loads()[0] == made


def test_a_refused_file_tells_each_row(sign_in: Any, assert_accessible: Any) -> None:
    client = sign_in(OPERATOR).client
    text = "商品编码,商品名称,第一法定单位\n101210010,<script>alert(1)</script>,头\n"
    answer = client.post(
        "/reference/loads/new",
        {"file": SimpleUploadedFile("<b>.csv", text.encode()), "valid_from": "2026-01-01"},
        follow=True,
    )
    page = answer.content.decode()
    assert "The file was refused: nothing was changed." in page
    assert "has lost its leading zero" in page
    assert "<script>alert" not in page
    assert "<b>.csv" not in page
    assert_accessible(answer.content)


def test_a_file_that_cannot_be_used_says_why(sign_in: Any) -> None:
    before, client = queries.loads(), sign_in(OPERATOR).client
    for data, asked, told in (
        (b"hello", {}, "no header of a table that we know"),
        (TARIFF.encode(), {}, "from which day on it holds"),
        (TARIFF.encode(), {"kind": "port", "valid_from": "2026-01-01"}, "no header of a table that we know"),
        (TARIFF.encode(), {"valid_from": "soon"}, "Enter a valid date"),
        (TARIFF.encode(), {"valid_from": "0026-01-01"}, "An edition cannot begin on that day."),
        (b"", {}, "empty"),
    ):
        answer = client.post("/reference/loads/new", {"file": SimpleUploadedFile("f.csv", data), **asked})
        assert answer.status_code == 422
        assert told in answer.content.decode()
    assert queries.loads() == before


@pytest.mark.usefixtures("own_set")
def test_who_may_see_and_make_loads(sign_in: Any) -> None:
    auditor = sign_in(AUDITOR).client
    page = auditor.get("/reference/loads/").content.decode()
    assert "countries.csv" in page
    assert "Load a file" not in page
    assert auditor.post("/reference/loads/new").status_code == 403
    agent = sign_in(role_of(Kind.AGENT, Position.ADMINISTRATOR)).client
    assert agent.get("/reference/loads/").status_code == 403
    assert "/reference/loads/" not in agent.get("/reference/").content.decode()
    assert sign_in(OPERATOR).client.get("/reference/loads/00000000-0000-7000-8000-000000000000/").status_code == 404
