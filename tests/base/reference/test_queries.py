"""What is looked up, for the day of the event, in a fixed number of statements."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sundry.base.access.rules import Actor
from sundry.base.reference import actions, queries
from sundry.base.reference.loading import File
from sundry.base.reference.rules import Kind

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = NOW.date()
pytestmark = pytest.mark.django_db


def load(name: str, text: str, day: date | None = None) -> None:
    actions.load_file(actor=Actor(), file=File(name, text.encode()), valid_from=day, now=NOW)


def codes(found: tuple[object, ...]) -> list[str]:
    return [one.value.code for one in found]  # type: ignore[attr-defined]


@pytest.mark.usefixtures("own_set")
def test_a_code_and_what_stands_above_and_under_it() -> None:
    found = queries.hs("95.03", DAY)
    assert found is not None
    assert (found.value.level, found.value.section, found.name("ar"), found.held.confidence) == (
        4,
        "XX",
        "لعب أطفال",
        "M",
    )
    assert codes(queries.hs_path("9503.00", DAY)) == ["95", "9503"]
    assert codes(queries.hs_children("95", DAY)) == ["9503", "9505", "9506"]
    assert len(queries.hs_children("", DAY)) == 96
    assert queries.hs("9503", date(2021, 12, 31)) is None, "that edition did not hold yet"


@pytest.mark.usefixtures("own_set")
def test_what_ended_is_found_on_its_days() -> None:
    load("hs.csv", "hscode,description,level\n95,Toys of 2027,2\n", date(2027, 1, 1))
    before, after = (queries.hs("95", day) for day in (date(2026, 12, 31), date(2027, 1, 1)))
    assert before is not None
    assert after is not None
    assert (before.value.text, before.held.valid_until) == ("Toys, games, sports goods", date(2027, 1, 1))
    assert (after.value.text, after.held.valid_until) == ("Toys of 2027", None)


@pytest.mark.usefixtures("own_set")
def test_codes_by_words_or_digits() -> None:
    for words, language, found in (
        ("toys", "en", ["95", "9503"]),
        ("toy games", "en", ["95"]),
        ("игрушки", "ru", ["95", "9503"]),
        ("ИГРУШКИ", "ru", ["95", "9503"]),
        ("玩具", "zh", ["95", "9503"]),
        ("toys", "zh", ["95", "9503"]),
        ("ceramique", "fr", ["69", "6912"]),
        ("95.0", "en", ["9503", "9505", "9506"]),
        ("9503002100", "en", []),
        ("100%_", "en", []),
        ("  ", "en", []),
    ):
        assert codes(queries.hs_search(words, language, DAY)) == found, words


@pytest.mark.usefixtures("own_set")
def test_a_list_goes_on_after_its_last_code() -> None:
    first = queries.hs_search("9", "en", DAY, limit=3)
    then = queries.hs_search("9", "en", DAY, after=first[-1].value.code, limit=3)
    assert codes(first) == ["90", "9004", "9017"]
    assert codes(then) == ["91", "9105", "92"]
    named = queries.hs_search("изделия", "ru", DAY, limit=2)
    assert codes(queries.hs_search("изделия", "ru", DAY, after=named[-1].value.code, limit=1))[0] > codes(named)[-1]


def test_lines_of_the_tariff_under_a_code() -> None:
    load("t.csv", "商品编码,商品名称,第一法定单位\n9503002100,动物玩具,个\n9504400000,扑克牌,副\n", date(2026, 1, 1))
    line = queries.tariff_line("9503.00.21.00", DAY)
    assert line is not None
    assert (line.value.name, line.value.unit_1) == ("动物玩具", "个")
    assert codes(queries.tariff_lines("9503", DAY)) == ["9503002100"]
    assert codes(queries.tariff_lines("", DAY, after="9503002100")) == ["9504400000"]
    assert queries.tariff_line("9503", DAY) is None
    assert queries.tariff_line("9503002100", date(2025, 12, 31)) is None


@pytest.mark.usefixtures("own_set")
def test_ports() -> None:
    found = queries.port("CNNGB", DAY)
    assert found is not None
    assert (found.name("zh"), found.value.country) == ("宁波", "CN")
    assert codes(queries.ports("ning", DAY)) == ["CNNGB"]
    assert codes(queries.ports("宁波", DAY, language="zh")) == ["CNNGB"]
    assert codes(queries.ports("valparaiso", DAY)) == ["CLVAP"]
    assert codes(queries.ports("cnsh", DAY)) == ["CNSHA"]
    assert codes(queries.ports("", DAY, country="ma")) == ["MACAS"]
    assert len(queries.ports("", DAY, limit=10)) == 10
    assert queries.port("XXXXX", DAY) is None


@pytest.mark.usefixtures("own_set")
def test_countries_currencies_units_terms() -> None:
    countries = queries.countries("fr", DAY)
    assert len(countries) == 249
    assert [one.value.code for one in countries[:2]] == ["AF", "ZA"], "by their French names"
    china = queries.country("142", DAY)
    assert china is None
    for code in ("CN", "cn", "CHN", "156", "customs:142"):
        china = queries.country(code, DAY)
        assert china is not None
        assert china.value.alpha3 == "CHN"
    currencies = {one.value.code: one for one in queries.currencies(DAY)}
    assert [currencies[code].value.exponent for code in ("JPY", "CNY", "KWD")] == [0, 2, 3]
    assert [one.number for one in currencies["USD"].numbers] == ["502"]
    units = {one.value.code: one for one in queries.units(DAY)}
    assert [(one.number, one.text) for one in units["KGM"].numbers] == [("035", "千克")]
    assert {one.text for one in units["H87"].numbers} >= {"个", "只", "件"}
    terms = {one.value.code: one.value for one in queries.incoterms(DAY)}
    assert len(terms) == 11
    assert (terms["FOB"].pays_carriage, terms["FOB"].risk_passes, terms["CIF"].insures) == (
        "buyer",
        "on_board",
        "seller",
    )
    assert (terms["EXW"].clears_export, terms["DDP"].clears_import, terms["DPU"].unloads) == (
        "buyer",
        "seller",
        "seller",
    )
    assert {code for code, term in terms.items() if term.mode == "sea"} == {"FAS", "FOB", "CFR", "CIF"}
    assert {one.number for one in queries.customs_codes(Kind.UNIT, DAY)} >= {"035", "007"}


def test_the_newest_rate_not_after_the_day_says_its_day() -> None:
    load("r.csv", "Date,USD,JPY,CNY\n2026-10-29,1.1,175,N/A\n2026-10-30,1.2,N/A,7.5\n")
    rate = queries.rate(date(2026, 11, 1), "USD", "CNY")
    assert rate is not None
    assert (rate.day, rate.source, str(rate.rounded(4))) == (date(2026, 10, 30), "r.csv", "6.25")
    yen = queries.rate(date(2026, 11, 1), "USD", "JPY")
    assert yen is not None
    assert yen.day == date(2026, 10, 29), "the newest day that knows both"
    assert queries.rate(date(2026, 10, 29), "USD", "CNY") is None
    oldest = date(2026, 10, 30) + timedelta(days=10)
    assert queries.rate(oldest, "USD", "CNY") is not None
    assert queries.rate(oldest + timedelta(days=1), "USD", "CNY") is None
    assert queries.rate(date(9999, 12, 31), "USD", "CNY", days_max=10**9) is not None
    assert queries.rate(date(1, 1, 1), "USD", "CNY") is None
    told = queries.rates(date(2026, 11, 1))
    assert told is not None
    assert told[0].units == (("CNY", "7.5"), ("USD", "1.2"))


def test_a_question_is_a_fixed_number_of_statements() -> None:
    for most, ask in (
        (2, lambda: queries.hs("95", DAY)),
        (2, lambda: queries.hs_children("", DAY)),
        (3, lambda: queries.hs_search("toys", "ru", DAY)),
        (3, lambda: queries.ports("a", DAY)),
        (2, lambda: queries.countries("en", DAY)),
        (3, lambda: queries.units(DAY)),
        (1, lambda: queries.rate(DAY, "USD", "CNY")),
        (1, queries.editions),
        (1, queries.loads),
    ):
        with CaptureQueriesContext(connection) as statements:
            ask()
        assert len(statements) <= most


@pytest.mark.usefixtures("own_set")
def test_the_edition_that_stands_of_each_table() -> None:
    load("hs.csv", "hscode,description,level\n95,Toys,2\n")
    editions = queries.editions()
    assert (editions[Kind.HS].file, editions[Kind.UNIT].file) == ("hs.csv", "units.csv")
    newest, *others = queries.loads()
    assert newest.file == "hs.csv"
    assert queries.loads(before=newest.id) == tuple(others)
