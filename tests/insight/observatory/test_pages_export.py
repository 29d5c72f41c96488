"""What a person takes along is what her search shows, as a file with a name."""

from __future__ import annotations

import csv
import sys
import uuid
from dataclasses import replace
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from openpyxl import load_workbook

from sundry.base.access.rules import Kind
from sundry.insight.observatory.exports import FORMATS
from sundry.insight.observatory.models import Statement
from sundry.kernel.messages import LANGUAGES, render

pytestmark = pytest.mark.django_db
ADDRESS = "/observatory/export/"


def taken(client: Client, asked: str) -> bytes:
    response = client.get(f"{ADDRESS}{asked}")
    assert response.status_code == 200, response.headers.get("Location")
    return b"".join(response)


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_every_format_is_a_file_with_its_name(asked: Any, press: list[uuid.UUID], format: str) -> None:
    pytest.importorskip("pyarrow", reason="the extra `figures` is not installed")
    response = asked(Kind.STALL).get(f"{ADDRESS}{format}")
    told = FORMATS[format]
    assert (response.status_code, response.headers["Content-Type"]) == (200, told.media_type)
    assert response.headers["Content-Disposition"] == f'attachment; filename="{told.file_name}"'
    data = b"".join(response)
    if told.file_name.endswith(("xlsx", "zip")):
        assert ZipFile(BytesIO(data)).testzip() is None
    else:
        assert data.decode()


def test_the_fields_of_the_search_choose(asked: Any, press: list[uuid.UUID]) -> None:
    client = asked(Kind.STALL)
    one = Statement.objects.filter(standing="published", type="growth").exclude(indicator_key="").first()
    assert one is not None
    search = f"?indicator={one.indicator_key}&type=growth&standing=review&before="
    sheet = load_workbook(BytesIO(taken(client, f"xlsx{search}")), read_only=True)["Statements"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert {row[4] for row in rows} == {one.indicator_key}
    assert str(one.id) in {row[-1] for row in rows}
    listed = list(csv.DictReader(StringIO(taken(client, f"sdmx-csv{search}").decode())))
    assert {(row["INDICATOR"], row["MEASURE"]) for row in listed} == {(one.indicator_key, "GROWTH")}


def test_what_the_search_refuses_is_refused_there(asked: Any) -> None:
    response = asked(Kind.STALL).get(f"{ADDRESS}xlsx?start=soon&words=a")
    assert (response.status_code, response.headers["Location"]) == (302, "/observatory/search/?start=soon&words=a")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_is_in_the_readers_language(asked: Any, language: str) -> None:
    book = load_workbook(BytesIO(taken(asked(Kind.STALL, language), "xlsx")))
    assert book.sheetnames[0] == render("observatory_sheet_statements", language, {})


def test_what_is_no_format_is_not_there(asked: Any) -> None:
    assert asked(Kind.COUNTY).get(f"{ADDRESS}pdf").status_code == 404


def test_without_the_extra_it_is_said_what_to_install(asked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = asked(Kind.STALL)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    response = client.get(f"{ADDRESS}parquet?words=a")
    assert (response.status_code, response.headers["Location"]) == (302, "/observatory/search/?words=a")
    page = client.get(response.headers["Location"]).content.decode()
    assert "sundry[figures]" in page


def test_the_eleventh_in_ten_minutes_waits(asked: Any) -> None:
    client = asked(Kind.STALL)
    for _ in range(10):
        taken(client, "sdmx-csv")
    assert client.get(f"{ADDRESS}sdmx-csv").status_code == 429


def test_visitors_take_along_where_the_market_is_open(db: None, settings: Any) -> None:
    visitor = Client(headers={"host": "localhost"})
    settings.SUNDRY = replace(settings.SUNDRY, public_observatory=False)
    assert visitor.get(f"{ADDRESS}xlsx").status_code == 302
    settings.SUNDRY = replace(settings.SUNDRY, public_observatory=True)
    assert taken(visitor, "sdmx-csv").startswith(b"STRUCTURE,")


def test_the_search_offers_them(asked: Any, press: list[uuid.UUID]) -> None:
    page = asked(Kind.STALL).get("/observatory/search/?type=growth").content.decode()
    for format in ("xlsx", "parquet", "sdmx-csv"):
        assert f'href="{ADDRESS}{format}?type=growth' in page
    assert f'href="{ADDRESS}sdmx-structure"' in page
