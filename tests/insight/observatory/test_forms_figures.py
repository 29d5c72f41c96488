"""What may be asked of the figures: places in a list, periods, names; each mistake at its field."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django import forms

from sundry.engines.reading.model import Type
from sundry.insight.observatory.forms_figures import IndicatorsForm, PeriodField, PlaceField, SearchForm
from sundry.insight.observatory.rules import Sought, Standing

ID = uuid.UUID(int=7)


def test_a_place_in_a_list_is_a_day_and_an_id() -> None:
    assert PlaceField().clean(f"2026-04-24.{ID}") == (date(2026, 4, 24), ID)
    assert PlaceField().clean(f"-.{ID}") == (None, ID)
    assert PlaceField(ranked=True).clean(f"0.2026-04-24.{ID}") == (0, date(2026, 4, 24), ID)
    assert PlaceField().clean("") is None


@pytest.mark.parametrize(
    "written",
    ["x", "2026-04-24", f"2026-02-31.{ID}", "2026-04-24." + "-" * 36, f"1.2026-04-24.{ID}", f"٢٠٢٦-٠٤-٢٤.{ID}"],
)
def test_what_is_no_place_is_refused(written: str) -> None:
    with pytest.raises(forms.ValidationError):
        PlaceField().clean(written)


def test_a_period_is_asked_for_by_its_first_or_last_day() -> None:
    first, last = PeriodField(label="", last=False), PeriodField(label="", last=True)
    assert [first.clean("2026-Q2"), last.clean("2026-Q2")] == [date(2026, 4, 1), date(2026, 6, 30)]
    assert [first.clean("2026"), last.clean("2026-02")] == [date(2026, 1, 1), date(2026, 2, 28)]
    assert first.clean(" 2026-03-20 ") == last.clean("2026-03-20") == date(2026, 3, 20)
    assert first.clean("") is None
    for wrong in ("2026-13", "0000", "spring", "2026-Q5"):
        with pytest.raises(forms.ValidationError):
            first.clean(wrong)


def searched(unpublished: bool = False, **asked: Any) -> SearchForm:
    form = SearchForm(asked, unpublished=unpublished)
    assert form.is_valid(), form.errors
    return form


def test_an_empty_search_seeks_what_is_published() -> None:
    assert searched().sought() == searched(unpublished=True).sought() == Sought()


def test_a_search_is_what_was_typed() -> None:
    page = uuid.uuid4()
    form = searched(
        words=" 出口 增长 ",
        indicator="GDP",
        region="浙江省",
        type="growth",
        start="2026",
        end="2026-H1",
        page=str(page),
    )
    assert form.sought() == Sought(
        words="出口 增长",
        indicator_key="gdp",
        region_code="330000",
        type=Type.GROWTH,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 6, 30),
        page=page,
    )


def test_an_indicator_has_many_names() -> None:
    for name in ("exports", "EXPORTS", "外贸出口额", "出口"):
        assert searched(indicator=name).sought().indicator_key == "exports"


def test_only_who_sees_what_waits_may_ask_for_it() -> None:
    assert searched(standing="review").sought().standing is Standing.PUBLISHED
    assert searched(unpublished=True, standing="review").sought().standing is Standing.REVIEW
    assert searched(unpublished=True, standing="all").sought().standing is None


def test_a_region_is_a_code() -> None:
    assert IndicatorsForm({"region": "330782"}).is_valid()
    assert IndicatorsForm({"region": "CN"}).is_valid()
    assert not IndicatorsForm({"region": "NOWHERE"}).is_valid()
    assert not IndicatorsForm({"region": "3307820"}).is_valid()
