"""Editions follow each other: a row is added or ended, never edited; a file is loaded whole or not at all."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext

from sundry.base.access.models import AuditEntry
from sundry.base.access.rules import Actor, Position, Through, role_of
from sundry.base.access.rules import Kind as Organisation
from sundry.base.reference import actions, models, queries
from sundry.base.reference.actions import AlreadyLoaded, LeftOut, Loaded
from sundry.base.reference.loading import File
from sundry.base.reference.rules import Kind, Origin
from sundry.kernel.errors import UnusableInput
from sundry.kernel.identifiers import new_id

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OLD, NEW = date(2025, 1, 1), date(2026, 1, 1)
HEADER = "商品编码,商品名称,第一法定单位"
TOYS, CARDS, DOLLS = "9503002100,动物玩具,个", "9504400000,扑克牌,副", "9503002900,其他玩偶,个"
OFFICE = Actor(
    role=role_of(Organisation.OPERATOR, Position.MEMBER), person=new_id(), organisation=new_id(), through=Through.PAGE
)


def tariff(*lines: str, name: str = "tariff.csv") -> File:
    return File(name, "\n".join((HEADER, *lines, "")).encode("gb18030"))


def load(file: File, day: date | None, **more: Any) -> Loaded:
    return actions.load_file(actor=OFFICE, file=file, valid_from=day, now=NOW, **more)


def rows() -> list[tuple[str, str, date, date | None]]:
    found = models.TariffLine._default_manager.order_by("code", "valid_from", "id")
    return list(found.values_list("code", "name", "valid_from", "valid_until"))


@pytest.mark.django_db
def test_a_newer_edition_ends_what_it_changes_and_what_it_leaves_out() -> None:
    first = load(tariff(TOYS, CARDS), OLD, source="Tariff of 2025")
    assert (first.kind, first.rows, first.added, first.ended, first.is_refused) == (Kind.TARIFF, 2, 2, 0, False)
    second = load(tariff("9503002100,玩具动物,个", DOLLS), NEW)
    assert (second.added, second.ended) == (2, 2)
    assert rows() == [
        ("9503002100", "动物玩具", OLD, NEW),
        ("9503002100", "玩具动物", NEW, None),
        ("9503002900", "其他玩偶", NEW, None),
        ("9504400000", "扑克牌", OLD, NEW),
    ]
    assert models.TariffLine._default_manager.get(code="9504400000").source == "Tariff of 2025"


@pytest.mark.django_db
def test_what_an_edition_says_alike_stays_one_row() -> None:
    load(tariff(TOYS, CARDS), OLD)
    again = load(tariff(TOYS, DOLLS), NEW)
    assert (again.added, again.ended) == (1, 1)
    assert ("9503002100", "动物玩具", OLD, None) in rows()


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing_and_says_so() -> None:
    load(tariff(TOYS), OLD)
    before = rows()
    with pytest.raises(AlreadyLoaded) as told:
        load(tariff(TOYS), OLD)
    assert told.value.message("en") == "tariff.csv is loaded already and holds from 2025-01-01: nothing was changed."
    assert (rows(), len(queries.loads())) == (before, 1)


@pytest.mark.django_db
def test_a_file_with_a_fault_changes_nothing_and_is_kept_with_its_findings() -> None:
    load(tariff(TOYS), OLD)
    refused = load(tariff(CARDS, "101210010,马,头"), NEW)
    assert (refused.is_refused, refused.rows, refused.added, refused.ended, refused.found) == (True, 1, 0, 0, 1)
    assert rows() == [("9503002100", "动物玩具", OLD, None)]
    kept = queries.load(refused.id)
    assert kept is not None
    assert (kept.is_refused, kept.findings) == (True, refused.findings)
    mended = load(tariff(CARDS, "0101210010,马,头"), NEW)
    assert not mended.is_refused, "a refused edition is none"


@pytest.mark.django_db
def test_an_edition_that_begins_before_the_one_in_place_is_refused() -> None:
    load(tariff(TOYS), NEW)
    with pytest.raises(UnusableInput) as told:
        load(tariff(CARDS), OLD)
    assert told.value.rule == "reference_edition_older"
    assert len(rows()) == 1


@pytest.mark.django_db
def test_an_edition_of_the_same_day_takes_the_place_of_a_row_that_then_never_held() -> None:
    load(tariff(TOYS), OLD)
    load(tariff("9503002100,玩具动物,个"), OLD)
    assert rows() == [("9503002100", "动物玩具", OLD, OLD), ("9503002100", "玩具动物", OLD, None)]
    found = queries.tariff_line("9503002100", OLD)
    assert found is not None
    assert found.value.name == "玩具动物"


@pytest.mark.django_db
def test_a_tariff_says_from_which_day_on_it_holds() -> None:
    with pytest.raises(UnusableInput) as told:
        load(tariff(TOYS), None)
    assert told.value.rule == "reference_day_needed"
    assert not rows()


@pytest.mark.django_db
def test_who_loaded_what_is_written_down() -> None:
    made = load(tariff(TOYS), OLD)
    (entry,) = AuditEntry.objects.filter(operation="reference.load.make")
    assert (entry.person, entry.object_id, entry.outcome) == (OFFICE.person, str(made.id), "done")
    assert entry.details == {"kind": "tariff", "rows": 1, "added": 1, "ended": 0, "refused": False}
    row = models.Load._default_manager.get()
    assert (row.person, row.through, row.source, row.sha256) == (OFFICE.person, "page", "tariff.csv", row.sha256)


@pytest.mark.django_db
def test_the_statements_do_not_grow_with_the_rows() -> None:
    asked = []
    for count in (2, 2_000):
        lines = [f"9503{number:06d},玩具,个" for number in range(count)]
        with CaptureQueriesContext(connection) as statements:
            load(tariff(*lines), NEW)
        asked.append(len(statements))
    load(tariff(TOYS), NEW)
    assert asked[0] == asked[1] < 12


@pytest.mark.django_db
def test_our_own_set_stands_once_and_gives_way_to_the_operators() -> None:
    done = actions.load_own(actor=Actor(), now=NOW)
    assert {one.kind for one in done} == set(Kind) - {Kind.TARIFF, Kind.SECTION, Kind.RATE}
    assert actions.load_own(actor=Actor(), now=NOW) == ()
    his = load(File("hs.csv", b"hscode,description,level\n95,Toys and games,2\n9503,Tricycles,4\n"), None)
    assert (his.valid_from, his.added, his.ended) == (date(2022, 1, 1), 2, 2)
    found = queries.hs("9503", NOW.date())
    assert found is not None
    assert (found.value.text, found.held.source, found.name("zh")) == ("Tricycles", "hs.csv", "玩具")
    assert queries.hs("3406", NOW.date()) is not None, "what his file does not have of ours stays"


@pytest.mark.django_db
def test_our_own_set_never_takes_the_place_of_the_operators() -> None:
    load(File("u.csv", b"rec20,symbol\nKGM,Kg\n"), OLD)
    done = {one.kind: one for one in actions.load_own(actor=Actor(), now=NOW)}
    assert (done[Kind.UNIT].kept_away, done[Kind.UNIT].added) == (1, 24)
    found = {one.value.code: one.value.symbol for one in queries.units(NOW.date())}
    assert (found["KGM"], found["GRM"]) == ("Kg", "g")
    assert models.Unit._default_manager.filter(code="KGM", origin=Origin.OWN.value).count() == 0


@pytest.mark.django_db
def test_rates_add_days_and_put_a_day_right() -> None:
    header = "Date,USD,JPY,CNY\n"
    load(File("r.csv", f"{header}2026-10-29,1.1,175,7.4\n".encode()), None)
    again = load(File("r.csv", f"{header}2026-10-30,1.2,175,7.5\n2026-10-29,1.1,175,7.3\n".encode()), None)
    assert (again.added, again.ended) == (2, 1)
    rate = queries.rate(date(2026, 10, 29), "EUR", "CNY")
    assert rate is not None
    assert str(rate.numerator) == "7.3"
    later = load(File("r.csv", f"{header}2026-11-02,1.3,175,7.6\n".encode()), None)
    assert (later.added, later.ended) == (1, 0)


@pytest.mark.django_db
def test_of_a_folder_each_file_by_itself() -> None:
    files = [
        File("units.csv", b"rec20,symbol\nKGM,kg\n"),
        tariff(TOYS),
        File("notes.txt", b"hello"),
        File("bad.csv", b"currency,exponent\nCNY,9\n"),
    ]
    told = {one.file: one for one in actions.load_folder(actor=OFFICE, given=files, now=NOW)}
    assert isinstance(told["units.csv"], Loaded)
    assert isinstance(told["bad.csv"], Loaded)
    assert (told["units.csv"].added, told["bad.csv"].is_refused) == (1, True)
    left_out = {name: one.fault.rule for name, one in told.items() if isinstance(one, LeftOut)}
    assert left_out == {"notes.txt": "reference_file_unknown", "tariff.csv": "reference_day_needed"}


@pytest.mark.django_db
def test_the_database_lets_a_code_hold_once() -> None:
    load(tariff(TOYS), OLD)
    row = models.TariffLine._default_manager.get()
    row.id = new_id()
    with pytest.raises(IntegrityError, match="tariff_holds_once"), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(IntegrityError, match="tariff_ends_after_it_begins"), transaction.atomic():
        models.TariffLine._default_manager.update(valid_until=date(2000, 1, 1))


@pytest.mark.django_db
def test_a_workbook_with_titles_and_codes_that_excel_made_numbers_of() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2026年进出口税则"])
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["序号", "商品编码", "商品名称", "第一法定单位"])
    sheet.append([1, 9503002100, "动物玩具", "个"])
    sheet.append(["第一章 活动物"])
    sheet.append([2, 101210010, "马", "头"])
    sheet.append([3, "=B4", "马", "头"])
    out = BytesIO()
    book.save(out)
    refused = load(File("tariff.xlsx", out.getvalue()), NEW)
    assert refused.is_refused
    assert [(one.sheet, one.row, one.column, one.rule) for one in refused.findings] == [
        ("Sheet", 6, "B", "reference_code_zeros_lost"),
        ("Sheet", 7, "B", "reference_formula"),
    ]
    sheet["B6"], sheet["B7"] = "0101210010", "0101210090"
    out = BytesIO()
    book.save(out)
    assert load(File("tariff.xlsx", out.getvalue()), NEW).added == 3
    assert [code for code, *_ in rows()] == ["0101210010", "0101210090", "9503002100"]


@pytest.mark.django_db
def test_text_that_the_database_cannot_hold_is_made_storable() -> None:
    port = {"name": "Ning\0bo \ud800", "alias": ["\udfff"]}
    done = load(File("ports.json", json.dumps({"CNNGB": port, "CN\0": port}).encode()), None)
    assert done.is_refused, "a code that is none"
    assert done.findings[0].value == "CN"
    done = load(File("ports.json", json.dumps({"CNNGB": port}).encode()), None)
    found = queries.port("CNNGB", NOW.date())
    assert found is not None
    assert (done.added, found.value.name, found.value.aliases) == (1, "Ningbo ?", ("?",))
