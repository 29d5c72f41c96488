"""What the tables refuse, whoever writes."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from sundry.insight.observatory.models import Check, Correction, File, Import, Observation, Page, Series, Statement

pytestmark = pytest.mark.django_db


def file(sha256: str = "a" * 64, **more: Any) -> File:
    values: dict[str, Any] = {"sha256": sha256, "name": "a.txt", "media_type": "text/plain", "bytes": 3, "data": b"abc"}
    return File.objects.create(**values | more)


def page(of: File | None = None, **more: Any) -> Page:
    return Page.objects.create(file=of or file(), text="abc", encoding="utf-8", home_code="990182", **more)


def statement(of: Page, ordinal: int = 0, **more: Any) -> Statement:
    values: dict[str, Any] = {
        "id": uuid.uuid4(), "article": 0, "start": 0, "end": 2, "spans": [[0, 2]], "quote": "ab", "context": "abc",
        "context_start": 0, "type": "level", "indicator": "x", "bound": "eq", "basis_source": "unknown",
        "confidence": 0.9, "standing": "published",
    }  # fmt: skip
    return Statement.objects.create(page=of, ordinal=ordinal, **values | more)


def refused(make: Any, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


def test_a_file_is_kept_once_and_not_too_large() -> None:
    first = file()
    assert str(first) == "a.txt"
    refused(file, "sha256")
    refused(lambda: file("b" * 64, bytes=10_000_001), "file_is_not_too_large")
    refused(lambda: file("b" * 64, bytes=0), "file_is_not_too_large")


def test_a_page_of_a_file_is_kept_once() -> None:
    of = file()
    page(of, pages=2)
    page(of, pages=2, page_number=2)
    refused(lambda: page(of, pages=2, page_number=2), "page_is_imported_once")
    refused(lambda: page(of, pages=2, page_number=3), "page_is_one_of_its_file")


@pytest.mark.parametrize(
    ("issued", "source", "is_kept"),
    [
        (None, "unknown", True),
        (date(2031, 4, 24), "given", True),
        (date(2031, 4, 24), "inferred", True),
        (None, "given", False),
        (date(2031, 4, 24), "unknown", False),
    ],
)
def test_a_day_says_where_it_is_from(issued: date | None, source: str, is_kept: bool) -> None:
    if is_kept:
        page(issued=issued, date_source=source)
    else:
        refused(lambda: page(issued=issued, date_source=source), "page_date_says_where_it_is_from")


def test_states_and_sources_are_known() -> None:
    refused(lambda: page(state="lost"), "page_state_is_known")
    refused(lambda: page(issued=date(2031, 4, 24), date_source="rumour"), "page_date_source_is_known")


def test_an_import_does_not_do_more_than_it_has() -> None:
    Import.objects.create(total=2, done=1, failed=1)
    refused(lambda: Import.objects.create(total=2, done=2, failed=1), "import_does_not_do_more_than_it_has")


@pytest.mark.parametrize(
    ("more", "constraint"),
    [
        ({"type": "guess"}, "statement_type_is_known"),
        ({"standing": "perhaps"}, "statement_standing_is_known"),
        ({"start": 2, "end": 2}, "statement_has_a_place"),
        ({"confidence": 1.01}, "statement_confidence_is_0_to_1"),
        ({"confidence": -0.01}, "statement_confidence_is_0_to_1"),
    ],
)
def test_a_statement_is_sound(more: dict[str, Any], constraint: str) -> None:
    of = page()
    refused(lambda: statement(of, **more), constraint)


def test_a_statement_has_its_place_alone() -> None:
    of = page()
    assert str(statement(of)) == "ab"
    refused(lambda: statement(of), "statement_has_its_place")


def test_a_correction_is_of_a_known_kind() -> None:
    of = page()
    made = Correction.objects.create(page=of, start=0, end=2, type="level", verdict="right")
    assert str(made) == "right 0-2"
    for more, constraint in (
        ({"verdict": "wrong"}, "verdict_is_known"),
        ({"type": "guess"}, "correction_type_is_known"),
    ):
        values = {"start": 0, "end": 2, "type": "level", "verdict": "right"} | more
        refused(lambda values=values: Correction.objects.create(page=of, **values), constraint)


def test_a_page_with_corrections_is_not_simply_deleted() -> None:
    of = page()
    Correction.objects.create(page=of, start=0, end=2, type="level", verdict="right")
    with pytest.raises(models.ProtectedError):
        of.delete()


def test_a_series_is_kept_once() -> None:
    key = {"indicator_key": "gdp", "measure": "level", "region_code": "990182", "unit": "元", "accumulation": "ytd"}
    made = Series.objects.create(**key)
    assert str(made) == "gdp 990182 level"
    refused(lambda: Series.objects.create(**key), "series_is_kept_once")
    Series.objects.create(**key, versus="990000")
    refused(lambda: Series.objects.create(**key | {"measure": "guess", "versus": "x"}), "series_measure_is_known")


def test_an_observation_and_a_check_are_of_a_known_kind() -> None:
    of = page()
    series = Series.objects.create(
        indicator_key="gdp", measure="level", region_code="990182", unit="元", accumulation="ytd"
    )
    values = {
        "period": "2031",
        "bound": "eq",
        "confidence": 0.9,
        "statement": statement(of),
        "page": of,
        "series": series,
    }
    assert str(Observation.objects.create(**values, actuality="actual", value=1)) == "2031 1"
    refused(lambda: Observation.objects.create(**values, actuality="dream"), "observation_actuality_is_known")
    found = {"page": of, "kind": "sum", "rank": 0, "spans": [], "stated": "", "note": "agrees"}
    assert str(Check.objects.create(**found, outcome="fails")) == "sum fails"
    refused(lambda: Check.objects.create(**found, outcome="maybe"), "check_outcome_is_known")
