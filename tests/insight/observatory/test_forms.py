"""What people type is understood as it is meant, or left for the action to refuse."""

from __future__ import annotations

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from sundry.engines.reading.model import Region
from sundry.insight.observatory.forms import DateForm, HomeField, ImportForm, changes_of, home_written
from sundry.insight.observatory.rules import FILES_MAX, Verdict

GDP = "地区生产总值"


@pytest.mark.parametrize("typed", ["义乌市", "义乌", "330782", "330782:义乌市", " 330782 "])
def test_a_town_is_typed_by_its_name_or_its_code(typed: str) -> None:
    assert HomeField().clean(typed) == Region("330782", "义乌市")


def test_a_town_in_no_list_brings_its_name() -> None:
    assert HomeField().clean("990182: 麓泽市") == Region("990182", "麓泽市")
    assert HomeField(required=False).clean(" ") is None
    for home in (Region("990182", "麓泽市"), Region("330782", "义乌市")):
        found = HomeField().clean(home_written(home))
        assert (found.code, found.name) == (home.code, home.name)  # type: ignore[union-attr]


@pytest.mark.parametrize("typed", ["Atlantis", "990182", "全市", "义乌市的", "33078"])
def test_a_town_that_nobody_knows_is_asked_for_again(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        HomeField().clean(typed)


def test_so_many_files_and_no_more() -> None:
    def valid(count: int) -> bool:
        files = [SimpleUploadedFile(f"{number}.txt", b"a") for number in range(count)]
        return ImportForm({}, MultiValueDict({"pages": files})).is_valid()

    assert [valid(count) for count in (0, 1, FILES_MAX, FILES_MAX + 1)] == [False, True, True, False]
    assert not DateForm({"issued": "2026-02-30"}).is_valid()


@pytest.mark.parametrize(
    ("verdict", "typed", "changes"),
    [
        (Verdict.RIGHT, {"indicator": "Exports"}, {}),
        (Verdict.INDICATOR, {"indicator": " exports "}, {"indicator_key": "exports", "indicator": "外贸出口额"}),
        (
            Verdict.INDICATOR,
            {"indicator": "Gross regional product"},
            {"indicator_key": "gdp", "indicator": "地区生产总值"},
        ),
        (Verdict.INDICATOR, {"indicator": "GDP"}, {"indicator_key": "gdp", "indicator": GDP}),
        (Verdict.INDICATOR, {"indicator": "钟表修理"}, {"indicator_key": "", "indicator": "钟表修理"}),
        (Verdict.INDICATOR, {"indicator": " "}, {}),
        (Verdict.PERIOD, {"period": "2026-Q1"}, {"period": "2026-Q1"}),
        (Verdict.PERIOD, {"period": "–"}, {"period": ""}),
        (Verdict.PERIOD, {}, {}),
        (Verdict.REGION, {"region": "浙江省"}, {"region_code": "330000"}),
        (Verdict.REGION, {"region": "330782"}, {"region_code": "330782"}),
        (Verdict.REGION, {"region": "Atlantis"}, {"region_code": "Atlantis"}),
        (Verdict.REGION, {"region": "-"}, {"region_code": ""}),
        (Verdict.VALUE, {"value": "1,234.5"}, {"value": "1234.5"}),
        (Verdict.VALUE, {"value": "1 234 567", "unit": "户"}, {"value": "1234567", "unit": "户"}),
        (Verdict.VALUE, {"value": "5500–5600"}, {"value": "", "low": "5500", "high": "5600"}),
        (Verdict.VALUE, {"value": "-5.1"}, {"value": "-5.1"}),
        (Verdict.VALUE, {"value": "1,2"}, {"value": "1,2"}),
        (Verdict.VALUE, {"unit": "万元"}, {"unit": "万元"}),
        (Verdict.VALUE, {}, {}),
        (Verdict.NOT_A_QUANTITY, {"value": "1"}, {}),
    ],
)
def test_what_is_right_instead(verdict: Verdict, typed: dict[str, str], changes: dict[str, str]) -> None:
    assert changes_of(verdict, typed) == changes
