"""What leaves is what is published, of one moment, and nothing that we only worked out."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from threading import Thread
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from sundry.base.access.actions import TooMany
from sundry.base.access.rules import Actor, Kind, Position, role_of
from sundry.engines.reading.model import Type
from sundry.insight.observatory import exports, queries_exports
from sundry.insight.observatory.models import Check, Observation, Page, Statement
from sundry.insight.observatory.rules import Sought, Standing

ALL = Sought()
NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def export(format: str, sought: Sought = ALL, names: bool = False) -> bytes:
    file = BytesIO()
    about: Any = {"market": "https://market.example", "language": "en", "now": NOW}
    exports.write_export(file, format=format, sought=sought, names=names, **about)
    return file.getvalue()


def parquet(sought: Sought = ALL, names: bool = False) -> dict[str, list[dict[str, Any]]]:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra `figures`)")
    from pyarrow.parquet import read_table

    with ZipFile(BytesIO(export("parquet", sought, names))) as archive:
        return {
            name.removesuffix(".parquet"): read_table(BytesIO(archive.read(name))).to_pylist()
            for name in archive.namelist()
        }


def sdmx(sought: Sought = ALL) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(export("sdmx-csv", sought).decode())))


def everything() -> Iterator[bytes]:
    """All that is written, unpacked."""
    yield export("sdmx-csv")
    with ZipFile(BytesIO(export("xlsx"))) as book:
        yield from map(book.read, book.namelist())
    for table in parquet().values():
        yield str(table).encode()


def test_the_files_hold_what_is_published(press: list[uuid.UUID]) -> None:
    ids = {str(id_) for id_ in Statement.objects.filter(standing="published").values_list("id", flat=True)}
    assert len(ids) > 20
    assert Statement.objects.exclude(standing="published").exists()
    tables = parquet()
    assert {row["statement"] for row in tables["statements"]} == ids
    assert len(tables["observations"]) == Observation.objects.count() > 10
    assert {row["statement"] for row in tables["observations"]} <= ids


def test_words_of_every_row_stand_on_their_page(press: list[uuid.UUID]) -> None:
    texts = {str(page.id): page.text for page in Page.objects.all()}
    for rows in parquet().values():
        for row in rows:
            pieces = [texts[row["page"]][span["start"] : span["end"]] for span in row["spans"]]
            assert "".join(pieces) == row["quote"]


def test_nothing_that_we_worked_out_is_exported(press: list[uuid.UUID]) -> None:
    """A check that implies a figure, and statements that wait and that were rejected, with numbers nobody printed."""
    observed = Observation.objects.values("statement")
    waiting, rejected = Statement.objects.filter(standing="published", id__in=observed)[:2]
    check = Check.objects.filter(outcome="implied").first()
    assert check is not None, "the sample has a check that implies a figure"
    Check.objects.filter(id=check.id).update(
        has_derived=True, derived_low=Decimal("987654.321"), derived_high=Decimal("987654.329"), stated="987654"
    )
    Observation.objects.filter(statement__in=[waiting.id, rejected.id]).update(value=987654, low=987654)
    for row, standing in ((waiting, Standing.REVIEW), (rejected, Standing.REJECTED)):
        Statement.objects.filter(id=row.id).update(
            standing=standing.value, value=987654, base_value=987654, quote="987654"
        )
    assert not [part for part in everything() if b"987654" in part or b"987,654" in part]
    told = {row["statement"] for row in parquet()["statements"]}
    assert not told & {str(waiting.id), str(rejected.id)}


def test_an_observation_of_what_is_published_no_more_is_not_exported(press: list[uuid.UUID]) -> None:
    one = Observation.objects.select_related("statement").first()
    assert one is not None
    Statement.objects.filter(id=one.statement_id).update(standing=Standing.REVIEW.value)
    assert str(one.statement_id) not in {row["statement"] for row in parquet()["observations"]}


def test_the_search_chooses_what_is_exported(press: list[uuid.UUID]) -> None:
    one = Statement.objects.filter(standing="published", type="growth").exclude(indicator_key="").first()
    assert one is not None
    asked = Sought(indicator_key=one.indicator_key, type=Type.GROWTH, standing=None)
    tables = parquet(asked)
    assert str(one.id) in {row["statement"] for row in tables["statements"]}
    for rows in tables.values():
        assert {row["indicator_key"] for row in rows} == {one.indicator_key}
        assert {row.get("type", row.get("measure")) for row in rows} == {"growth"}
    assert {row["INDICATOR"] for row in sdmx(asked)} == {one.indicator_key}
    assert len(sdmx(asked)) < len(sdmx())


def test_every_key_of_sdmx_is_there_once_with_its_latest_vintage(press: list[uuid.UUID], read: Any) -> None:
    rows = sdmx()
    names = list(rows[0])
    dimensions = names[names.index("FREQ") : names.index("TIME_PERIOD") + 1]
    assert len({tuple(row[name] for name in dimensions) for row in rows}) == len(rows) > 10
    vintages = {(row["statement"], row["vintage"]) for row in parquet()["observations"]}
    assert {row["VINTAGE"] for row in rows} <= {str(day) for _, day in vintages}
    page = Page.objects.get(id=press[0])
    later = read(page.text + "\n", date(2027, 1, 5), "again.txt")
    again = sdmx()
    assert len({tuple(row[name] for name in dimensions) for row in again}) == len(again)
    assert any(str(later) in row["SRC_URI"] for row in again)
    assert all(row["VINTAGE"] == "2027-01-05" for row in again if str(later) in row["SRC_URI"])


def test_series_stand_together_the_latest_vintage_first(press: list[uuid.UUID], read: Any) -> None:
    read(Page.objects.get(id=press[0]).text + "\n", date(2027, 1, 5), "again.txt")
    rows = parquet()["observations"]
    of = ("indicator_key", "measure", "region_code", "unit", "accumulation", "basis", "versus")
    keys = [tuple(row[name] for name in of) for row in rows]
    assert len({key for key, after in zip(keys, [*keys[1:], None], strict=True) if key != after}) == len(set(keys))
    for key in set(keys):
        days = [(row["ends_on"], row["vintage"]) for row, one in zip(rows, keys, strict=True) if one == key]
        assert days == sorted(days, key=lambda day: (day[0] or date.min, -(day[1] or date.min).toordinal()))


def test_the_public_is_not_told_who_corrected(press: list[uuid.UUID]) -> None:
    from sundry.base.parties.models import Person
    from sundry.insight.observatory.actions import correct
    from sundry.insight.observatory.rules import Verdict

    person = Person.objects.create(name="Wang Li", email="wang@example.com")
    one = Statement.objects.filter(standing="published").first()
    assert one is not None
    office = Actor(role=role_of(Kind.COUNTY, Position.MEMBER), person=person.id)
    correct(actor=office, statement=one.id, verdict=Verdict.RIGHT, changes={}, now=NOW)
    assert [row["corrected_by"] for row in parquet(names=True)["statements"] if row["statement"] == str(one.id)] == [
        "Wang Li"
    ]
    assert b"Wang Li" not in b"".join(everything())


@pytest.mark.parametrize("format", sorted(exports.FORMATS))
def test_an_empty_observatory_is_exported(db: None, format: str) -> None:
    if format in ("parquet", "sdmx-structure"):
        pytest.importorskip("pyarrow", reason="the extra `figures` is not installed")
    assert export(format)


def test_statements_of_sql_grow_with_chunks_not_with_rows(
    press: list[uuid.UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            export("xlsx")
        return len(queries)

    few = asked()
    assert few <= 12
    Statement.objects.filter(page=press[0]).delete()
    assert asked() == few


def test_exports_of_a_person_are_counted(db: None) -> None:
    actor = Actor(role=role_of(Kind.COUNTY, Position.MEMBER), person=uuid.uuid4())
    about: Any = {"sought": Sought(), "market": "https://market.example", "language": "en", "now": NOW}
    for _ in range(exports.EXPORTS):
        exports.exported(format="sdmx-csv", actor=actor, **about).close()
    with pytest.raises(TooMany):
        exports.exported(format="sdmx-csv", actor=actor, **about)
    exports.exported(format="sdmx-csv", actor=Actor(address="203.0.113.0/24"), **about).close()


def test_a_file_is_of_one_moment(
    transactional_db: None, press: list[uuid.UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another person removes everything while the file is written."""
    monkeypatch.setattr(queries_exports, "AT_ONCE", 3)
    count = Statement.objects.filter(standing="published").count()
    points = Observation.objects.count()

    def remove() -> None:
        Observation.objects.all().delete()
        Statement.objects.all().delete()
        connection.close()

    with queries_exports.snapshot():
        statements, observations = queries_exports.published(ALL), queries_exports.observed(ALL)
        next(statements)
        next(observations)
        other = Thread(target=remove)
        other.start()
        other.join()
        assert (len(list(statements)), len(list(observations))) == (count - 1, points - 1)
    assert not Statement.objects.exists()


def test_nothing_is_written_while_a_file_is(transactional_db: None) -> None:
    with pytest.raises(InternalError), queries_exports.snapshot():
        Statement.objects.update(article=1)
    with pytest.raises(RuntimeError), transaction.atomic(), queries_exports.snapshot():
        pass
