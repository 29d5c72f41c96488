"""Which table a file is, told by its header."""

from __future__ import annotations

import pytest

from sundry.base.reference.columns import recognised
from sundry.base.reference.rules import Kind

HEADERS = {
    "商品编码,商品名称,第一法定单位,第二法定单位,监管条件,申报要素": Kind.TARIFF,
    "序号,税则号列,货品名称,计量单位": Kind.TARIFF,
    "section,hscode,description,parent,level": Kind.HS,
    "section,name": Kind.SECTION,
    "Dial,ISO3166-1-Alpha-3,ISO3166-1-numeric,ISO3166-1-Alpha-2": Kind.COUNTRY,
    "currency,exponent": Kind.CURRENCY,
    "rec20,symbol": Kind.UNIT,
    "of,customs_code,code,text": Kind.CUSTOMS,
    "incoterm,mode,risk_passes": Kind.INCOTERM,
    "registry_id,country_code,canonical_name,unlocode": Kind.PORT,
    "Change,Country,Location,Name,NameWoDiacritics,Function,Coordinates": Kind.PORT,
    "unlocode,name,country": Kind.PORT,
    "of,code,language,text": Kind.NAME,
    "Date,USD,JPY,CNY,CYP,": Kind.RATE,
}


@pytest.mark.parametrize("header", sorted(HEADERS))
def test_a_header_names_its_table(header: str) -> None:
    found = recognised([header.split(",")])
    assert found is not None
    assert found.kind is HEADERS[header]


def test_titles_may_stand_above_and_signs_do_not_count() -> None:
    rows = [["2026年税则", "", ""], [], [" 商品\n编码 ", "商品名称（中文）", "第一法定单位"]]
    found = recognised(rows)
    assert found is not None
    assert (found.header_row, dict(found.places)) == (2, {"code": 0, "name": 1, "unit_1": 2})


def test_a_currency_that_has_ended_keeps_its_column_and_other_words_are_none() -> None:
    found = recognised([["Date", "USD", "JPY", "CNY", "CYP", "notes", ""]])
    assert found is not None
    assert set(found.places) == {"day", "USD", "JPY", "CNY", "CYP"}


@pytest.mark.parametrize("header", ["code,name,cityCode", "Date,Country,Exchange rate", "a", "", "hscode,description"])
def test_what_is_no_table_of_ours(header: str) -> None:
    assert recognised([header.split(",")]) is None


def test_a_kind_that_is_named_is_the_only_one_looked_for() -> None:
    assert recognised([["unlocode", "name", "country"]], Kind.TARIFF) is None


def test_the_header_is_looked_for_in_the_first_rows_only() -> None:
    header = ["rec20", "symbol"]
    assert recognised([*[["x"]] * 24, header]) is not None
    assert recognised([*[["x"]] * 25, header]) is None


def test_un_locode_comes_without_a_header() -> None:
    country = ["", "AD", "", ".ANDORRA", "", "", "", "", "", "", "", ""]
    place = ["+", "AD", "ALV", "Andorra", "Andorra", "", "--34-6--", "AI", "0601", "", "4230N 00131E", ""]
    found = recognised([country, place])
    assert found is not None
    assert (found.kind, found.header_row, found.places["location"]) == (Kind.PORT, -1, 2)
    assert recognised([country, place[:11]]) is None
    assert recognised([country, place], Kind.TARIFF) is None
