"""Indicators, checks, search, fairs and targets as people see them, over the pages of the sample paper."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sundry.base.access.rules import Kind
from sundry.engines.reading.indicators import dictionary
from sundry.insight.observatory import pages_figures
from sundry.insight.observatory.models import Check, Statement

LANGUAGES = ("zh-hans", "en", "ar", "es", "fr", "ru")
ADDRESSES = (
    "indicators/",
    "indicators/va_industry_scale/",
    "indicators/exports/",
    "checks/",
    "search/",
    "fairs/",
    "targets/",
)
Accessible = Callable[[bytes], None]
Asked = Callable[..., Client]
Press = list[uuid.UUID]


def main(client: Client, address: str, status: int = 200) -> str:
    """The markup of <main> at an address."""
    response = client.get(f"/observatory/{address}")
    assert response.status_code == status, (address, response.status_code)
    found = re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)
    assert found is not None
    return found[0]


def seen(client: Client, address: str, status: int = 200) -> str:
    """What somebody reads there, without the tabs."""
    text = re.sub(r"<nav.*?</nav>|<title.*?</title>", " ", main(client, address, status), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).replace("\u00a0", " ").split())


def statements(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert client.get(f"/observatory/{address}").status_code == 200
    return len(counted)


def following(client: Client, address: str) -> list[str]:
    """The pages of a list, one after the other, as markup."""
    place, _, query = address.partition("?")
    pages = [main(client, address)]
    while found := re.search(r'rel="next" href="([^"]+)"', pages[-1]):
        query = unescape(found[1])
        pages.append(main(client, f"{place}{query}"))
        assert len(pages) < 50
    return pages


# All of them -------------------------------------------------------------------------------------------------------


def test_every_page_can_be_read_by_everybody_in_every_language(
    press: Press, asked: Asked, assert_accessible: Accessible
) -> None:
    for language in LANGUAGES:
        client = asked(language=language)
        for address in ADDRESSES:
            response = client.get(f"/observatory/{address}")
            assert response.status_code == 200
            assert_accessible(response.content)
            assert "style=" not in response.content.decode()


def test_what_has_nothing_to_show_says_what_will_stand_there(asked: Asked, assert_accessible: Accessible) -> None:
    client = asked(Kind.COUNTY)
    for address in ADDRESSES:
        assert 'class="empty"' in main(client, address)
        assert_accessible(client.get(f"/observatory/{address}").content)


def test_more_pages_need_no_more_sql(press: Press, asked: Asked, read: Callable[..., uuid.UUID]) -> None:
    from sundry.simulation import sample_press

    client = asked(Kind.COUNTY)
    before = {address: statements(client, address) for address in ADDRESSES}
    for number, page in enumerate(sample_press.pages()):
        read(f"{page.text}\n（第{number}次印刷）", page.issued, f"again-{number}.txt")
    assert {address: statements(client, address) for address in ADDRESSES} == before
    assert max(before.values()) <= 10


def test_a_list_weighs_little(press: Press, asked: Asked) -> None:
    client = asked()
    weights = {address: len(client.get(f"/observatory/{address}").content) for address in ADDRESSES}
    assert max(weights.values()) < 80_000, weights


# Indicators --------------------------------------------------------------------------------------------------------


def test_indicators_stand_under_their_fields_with_level_growth_basis_and_period(press: Press, asked: Asked) -> None:
    page = seen(asked(), "indicators/")
    assert page.index("Foreign trade") < page.index("Exports 20.63 billion yuan 15.0% Nominal January – May 2026")
    assert page.index("Output and industries") < page.index("Foreign trade") < page.index("Farming")
    assert "麓泽市" in page


def test_indicators_are_found_by_their_names_in_both_languages(press: Press, asked: Asked) -> None:
    client = asked()
    for words in ("EXPORTS", "出口"):
        assert "20.63 billion yuan" in seen(client, f"indicators/?words={words}")
    assert "Retail sales" not in seen(client, "indicators/?words=exports")
    assert "No indicator of this name" in seen(client, "indicators/?words=unicorns")
    assert "No figures yet" in seen(client, "indicators/?region=110000")
    main(client, "indicators/?region=nowhere", status=422)


def test_an_indicator_stands_beside_other_places(press: Press, asked: Asked) -> None:
    page = main(asked(), "indicators/va_industry_scale/")
    assert page.count('<g class="chart-row') == 2
    assert '<g class="chart-row is-own">' in page
    read = seen(asked(), "indicators/va_industry_scale/")
    assert "Growth beside other places, January – May 2026" in read
    assert "岑江市 Prefecture 7.5% “岑江市（7.5%）” the statement" in read


def test_what_only_follows_from_a_gap_is_told_as_derived(
    press: Press, asked: Asked, read: Callable[..., uuid.UUID]
) -> None:
    read("本报讯 今年1至6月，全市规上工业增加值增长8.0%，高于全省1.1个百分点。", date(2026, 7, 20))
    page = main(asked(), "indicators/va_industry_scale/")
    (row,) = re.findall(r"<tr><th scope=\"row\">[^\n]*苍原省.*?</tr>", page, re.DOTALL)
    assert '<span class="is-derived">' in row
    assert "[6.8, 7]%" in row
    assert "derived by us" in row
    assert "the statement" not in row
    assert "is-derived" in re.search(r"<svg.*?</svg>", page, re.DOTALL)[0]  # type: ignore[index]


def test_an_earlier_period_is_a_click_away(press: Press, asked: Asked) -> None:
    page = main(asked(), "indicators/va_industry_scale/")
    (earlier,) = re.findall(r'href="(\?region=990182&amp;period=2026-01%2F2026-02)"', page)
    read = seen(asked(), f"indicators/va_industry_scale/{unescape(earlier)}")
    assert "Growth beside other places, January – February 2026" in read
    assert "苍原省 Province 7.6%" in read


def test_the_year_has_a_point_a_printed_month_and_bands_between(press: Press, asked: Asked) -> None:
    page = main(asked(), "indicators/exports/")
    picture = re.findall(r"<svg class=\"chart\".*?</svg>", page, re.DOTALL)[-1]
    assert picture.count("<circle") == 3
    assert picture.count("is-hatched") == 2
    read = seen(asked(), "indicators/exports/")
    assert "January – March 2026 11.89 billion yuan “出口118.9亿元” the statement" in read
    assert "Between the end of month 3 and the end of month 5 [11.89, 20.63] billion yuan derived by us" in read


def test_vintages_stand_side_by_side_and_pages_that_differ_are_pointed_out(press: Press, asked: Asked) -> None:
    page = seen(asked(), "indicators/gdp/")
    assert "Pages differ 18.71 billion yuan page of 16 Jun 2026" in page
    assert "18.64 billion yuan page of 23 Apr 2026" in page
    # More than 20 billion and 20.63 billion are no contradiction.
    assert "Pages differ" not in seen(asked(), "indicators/exports/")


def test_an_indicator_tells_what_it_is_the_sum_of(press: Press, asked: Asked) -> None:
    page = main(asked(), "indicators/gdp/")
    for part in dictionary()["gdp"].parts:
        assert f"/observatory/indicators/{part}/" in page
    assert "/observatory/indicators/gdp/" in main(asked(), "indicators/va_primary/")


def test_another_place_is_a_click_away_and_an_unknown_indicator_is_not_there(press: Press, asked: Asked) -> None:
    client = asked()
    assert "岑江市 Prefecture" in seen(client, "indicators/va_industry_scale/?region=990100")
    assert client.get("/observatory/indicators/unicorns/").status_code == 404
    main(client, "indicators/gdp/?region=nowhere", status=422)


def test_a_card_leads_to_its_indicator_and_a_page_to_its_checks(press: Press, asked: Asked) -> None:
    said = Statement.objects.filter(indicator_key="gdp", region_code="990182", standing="published").first()
    assert said is not None
    client = asked()
    assert 'href="/observatory/indicators/gdp/?region=990182"' in main(client, f"statements/{said.id}/")
    assert f'href="/observatory/checks/?page={press[0]}"' in main(client, f"pages/{press[0]}/")


# Checks ------------------------------------------------------------------------------------------------------------


def outcomes(page: str) -> list[str]:
    return re.findall(r'<span class="badge badge-\w+"><svg.*?</svg>(.*?)</span>', page, re.DOTALL)


def test_failures_stand_first_with_arithmetic_sentence_repair_and_places(press: Press, asked: Asked) -> None:
    pages = following(asked(Kind.COUNTY), "checks/")
    told = [word for page in pages for word in outcomes(page)]
    order = ["Fails", "Explained", "Gives a new figure", "Holds"]
    assert told == sorted(told, key=order.index)
    assert set(told) == set(order)
    first = unescape(pages[0])
    assert "[6.175, 6.185] billion yuan + [127.5, 128.5] million yuan = [6.3025, 6.3135] billion yuan" in first
    assert "1.28 → 12.8" in first
    assert re.search(r'href="/observatory/pages/[0-9a-f-]{36}/\?char=\d+,\d+#char"', first)


def test_no_check_is_lost_or_doubled_between_pages(press: Press, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_figures, "PAGE", 7)
    for client, wanted in (
        (asked(Kind.COUNTY), Check.objects.all()),
        (asked(), Check.objects.filter(is_published=True)),
    ):
        assert sum(len(outcomes(page)) for page in following(client, "checks/")) == wanted.count()


def test_checks_are_filtered_by_outcome_and_page(press: Press, asked: Asked) -> None:
    client = asked(Kind.COUNTY)
    assert set(outcomes(main(client, "checks/?outcome=explained"))) == {"Explained"}
    page = main(client, f"checks/?page={press[3]}&outcome=holds")
    assert rows(page) == Check.objects.filter(pages__contains=[press[3]], outcome="holds").count() > 0
    assert "Of the page" in page
    assert "No check with this outcome" in seen(client, f"checks/?page={uuid.uuid4()}")


def test_a_question_about_checks_that_means_nothing_is_refused(asked: Asked) -> None:
    client = asked()
    for query in ("outcome=perhaps", "page=first", "after=1.2026-04-24", f"after=1.2026-13-24.{'0' * 36}", "after=x"):
        assert "error-summary" in main(client, f"checks/?{query}", status=422)


# Search ------------------------------------------------------------------------------------------------------------


def rows(page: str) -> int:
    return page.count("</tr>") - 1


def test_statements_are_found_by_words_and_lead_to_their_place(press: Press, asked: Asked) -> None:
    page = main(asked(), "search/?words=市场采购 拉动")
    assert "拉动出口增长" in page
    assert "<mark>" in page
    assert re.search(r'href="/observatory/pages/[0-9a-f-]{36}/\?card=([0-9a-f-]{36})#s-\1"', page)
    assert "No statement says this" in seen(asked(), "search/?words=没有人说过的话")


def test_each_field_narrows_the_search(press: Press, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_figures, "PAGE", 500)
    client = asked()
    narrowed: dict[str, dict[str, str]] = {
        "indicator=Exports": {"indicator_key": "exports"},
        "indicator=出口额": {"indicator_key": "exports"},
        "region=麓泽市": {"region_code": "990182"},
        "region=990100": {"region_code": "990100"},
        "type=rank": {"type": "rank"},
        "start=2026-04-01&end=2026-Q2": {"ends_on__gte": "2026-04-01", "starts_on__lte": "2026-06-30"},
        "indicator=gdp&type=growth&end=2026-03": {"indicator_key": "gdp", "type": "growth"},
    }
    for query, condition in narrowed.items():
        wanted = Statement.objects.filter(standing="published", **condition).count()
        assert 0 < wanted == rows(main(client, f"search/?{query}")), query


def test_wrong_input_is_told_by_field(asked: Asked, assert_accessible: Accessible) -> None:
    client = asked()
    for query, field, words in (
        ("indicator=unicorns", "indicator", "No indicator is called “unicorns”"),
        ("region=Atlantis", "region", "No page speaks of a place called “Atlantis”"),
        ("type=guess", "type", "guess"),
        ("start=tomorrow", "start", "“tomorrow” is no period"),
        ("start=2026-06&end=2026-01", "end", "The period ends before it begins"),
        ("before=x", "", "Enter a valid value"),
    ):
        page = main(client, f"search/?{query}", status=422)
        assert words in unescape(page)
        assert not field or f'href="#id_{field}"' in page
        assert_accessible(client.get(f"/observatory/search/?{query}").content)


def test_no_statement_is_lost_or_doubled_between_pages(
    press: Press, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages_figures, "PAGE", 20)
    found = [
        card
        for page in following(asked(), "search/?type=growth")
        for card in re.findall(r"\?card=([0-9a-f-]{36})", page)
    ]
    assert len(found) == len(set(found)) == Statement.objects.filter(type="growth", standing="published").count()


def test_what_was_found_can_be_taken_along_as_it_was_asked_for(press: Press, asked: Asked) -> None:
    page = unescape(main(asked(), "search/?type=rank&region=990182"))
    for name in ("xlsx", "parquet", "sdmx-csv"):
        assert f'href="/observatory/export/{name}?type=rank&region=990182"' in page
    assert "/observatory/search/?indicator=gdp&region=990182" in unescape(main(asked(), "indicators/gdp/"))


def test_only_offices_choose_a_standing(press: Press, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_figures, "PAGE", 500)
    waiting = Statement.objects.filter(standing="review").count()
    assert waiting > 0
    office, person = asked(Kind.COUNTY), asked()
    assert rows(main(office, "search/?standing=review")) == waiting
    assert rows(main(office, "search/?standing=all")) == Statement.objects.count()
    assert 'name="standing"' not in main(person, "search/")
    published = Statement.objects.filter(standing="published").count()
    assert rows(main(person, "search/?standing=all")) == rows(main(person, "search/")) == published


# Fairs and targets -------------------------------------------------------------------------------------------------

FAIR = (
    "本报讯 5月{day}日，为期三天的麓泽{name}博览会闭幕。"
    "博览会吸引参展企业{firms}家，专业观众{people}人次，现场成交额{sum}亿元。"
)


@pytest.fixture
def fairs(press: Press, read: Callable[..., uuid.UUID]) -> None:
    for day, name, firms, people, total in ((20, "茶具", 312, 41000, "2.4"), (24, "渔具", 207, 52000, "1.9")):
        text = FAIR.format(day=day, name=name, firms=firms, people=people, sum=total)
        read(f"麓泽{name}博览会闭幕\n\n{text}", date(2026, 5, day + 1), f"{name}.txt")


def test_fairs_stand_side_by_side_and_are_sorted_by_any_figure(fairs: None, asked: Asked) -> None:
    client = asked()

    def order(address: str) -> list[str]:
        body = main(client, address).partition("<tbody")[2]
        return re.findall(r"麓泽(茶具|渔具)博览会", body)

    assert order("fairs/") == ["渔具", "茶具"]
    assert order("fairs/?by=exhibitors") == ["茶具", "渔具"]
    assert order("fairs/?by=visitors") == ["渔具", "茶具"]
    page = seen(client, "fairs/?by=exhibitors")
    assert "312" in page
    assert "240 million yuan" in page
    assert main(client, "fairs/").count('<svg class="chart"') >= 3
    assert 'aria-sort="descending"' in main(client, "fairs/?by=exhibitors")
    main(client, "fairs/?by=fame", status=422)


def test_a_target_stands_beside_the_latest_figure_and_what_is_missing(
    press: Press, asked: Asked, read: Callable[..., uuid.UUID]
) -> None:
    read("本报讯 全市力争2026年实现外贸出口额500亿元。", date(2026, 6, 20))
    page = seen(asked(), "targets/")
    assert "50.0 billion yuan 20.63 billion yuan Exports January – May 2026, cumulative" in page
    assert re.search(r"\[29\.\d+, 29\.\d+\] billion yuan to go|29\.37 billion yuan to go", page)
    main(asked(), "targets/?before=x", status=422)
