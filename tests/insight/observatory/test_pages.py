"""Pages, statements, corrections and imports as people see and post them, over the pages of the sample paper."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from contextvars import copy_context
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sundry.base.access.rules import Actor, Kind
from sundry.insight.observatory import actions, queries
from sundry.insight.observatory.rules import TEXT_MAX, DateSource, Sought, Standing, StatementView, Verdict
from sundry.simulation import sample_press

LANGUAGES = ("zh-hans", "en", "ar", "es", "fr", "ru")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
Accessible = Callable[[bytes], None]


def seen(client: Client, address: str, status: int = 200) -> str:
    """What somebody reads at an address: the text of <main> without its markup."""
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return text_of(response)


def text_of(response: Any) -> str:
    main = re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)
    assert main is not None
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).replace("\u00a0", " ").split())


def statements(client: Client, address: str, **more: Any) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address, **more).status_code == 200
    return len(counted)


def of(standing: Standing, **more: Any) -> StatementView:
    return queries.statements(Sought(standing=standing, **more), limit=1)[0]


def addresses(press: list[uuid.UUID]) -> list[str]:
    published, waits = of(Standing.PUBLISHED), of(Standing.REVIEW)
    return [
        "/observatory/",
        "/observatory/pages/",
        *(f"/observatory/pages/{page}/" for page in press),
        f"/observatory/pages/{press[0]}/?view=printed",
        f"/observatory/pages/{waits.page}/?card={waits.id}",
        f"/observatory/statements/{published.id}/",
        f"/observatory/statements/{waits.id}/",
        "/observatory/review/",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_sound(press: list[uuid.UUID], asked: Any, assert_accessible: Accessible, language: str) -> None:
    client = asked(Kind.COUNTY, language)
    for address in addresses(press):
        response = client.get(address)
        assert response.status_code == 200, address
        assert_accessible(response.content)


# Who sees what ------------------------------------------------------------------------------------------------------


def test_what_waits_is_for_the_offices(one_page: uuid.UUID, asked: Any) -> None:
    waits = of(Standing.REVIEW)
    for kind, status in ((Kind.COUNTY, 200), (Kind.OPERATOR, 200), (Kind.AUDITOR, 200), (Kind.STALL, 404), (None, 404)):
        client = asked(kind)
        assert client.get(f"/observatory/statements/{waits.id}/").status_code == status, kind
        page = client.get(f"/observatory/pages/{waits.page}/").content.decode()
        assert (f'id="s-{waits.id}"' in page) is (status == 200), kind
        assert client.get("/observatory/review/").status_code == (200 if status == 200 else 403), kind


def test_only_the_offices_that_answer_may_change(one_page: uuid.UUID, asked: Any) -> None:
    one = of(Standing.PUBLISHED)
    for kind in (Kind.AUDITOR, Kind.STALL, None):
        client = asked(kind)
        for address in (
            f"statements/{one.id}/correct",
            f"pages/{one_page}/date",
            f"pages/{one_page}/remove",
            "pages/import/",
        ):
            assert client.post(f"/observatory/{address}").status_code == 403, (kind, address)
        page = client.get(f"/observatory/statements/{one.id}/").content.decode()
        assert f"/observatory/statements/{one.id}/correct" not in page
    assert queries.statement(one.id, unpublished=True) == one


def test_a_visitor_sees_what_is_published_where_the_market_is_open(one_page: uuid.UUID, settings: Any) -> None:
    client = Client(headers={"host": "localhost"})
    for address in ("", "pages/", f"pages/{one_page}/", f"statements/{of(Standing.PUBLISHED).id}/"):
        assert client.get(f"/observatory/{address}").status_code == 200, address
    page = client.get(f"/observatory/pages/{one_page}/").content.decode()
    assert "is-published" in page
    assert "is-review" not in page
    assert "wait for review" not in page
    assert "/login" in client.get("/observatory/review/").headers["Location"]
    assert client.get(f"/observatory/statements/{of(Standing.REVIEW).id}/").status_code == 404
    settings.SUNDRY = replace(settings.SUNDRY, public_observatory=False)
    for address in ("", "pages/", f"pages/{one_page}/", f"statements/{of(Standing.PUBLISHED).id}/"):
        assert "/login" in client.get(f"/observatory/{address}").headers["Location"], address


def test_what_is_not_there_is_not_found(db: None, asked: Any) -> None:
    client, nothing = asked(Kind.COUNTY), uuid.UUID(int=7)
    for address in (f"pages/{nothing}/", f"statements/{nothing}/", f"imports/{nothing}/"):
        assert client.get(f"/observatory/{address}").status_code == 404, address
    for address in (
        f"pages/{nothing}/date",
        f"pages/{nothing}/remove",
        f"statements/{nothing}/correct",
        f"imports/{nothing}/stop",
        f"imports/{nothing}/resume",
    ):
        assert client.post(f"/observatory/{address}", {"verdict": "right"}).status_code == 404, address


# The reader ---------------------------------------------------------------------------------------------------------


def marks(page: str) -> list[str]:
    return re.findall(r'<a class="obs-mark [^"]*" href="([^"]+)"', page)


def test_every_statement_is_marked_and_its_card_leads_back(one_page: uuid.UUID, asked: Any) -> None:
    client = asked(Kind.COUNTY)
    view = queries.page(one_page, unpublished=True)
    assert view is not None
    page = client.get(f"/observatory/pages/{one_page}/").content.decode()
    for one in view.statements:
        assert page.count(f'id="s-{one.id}"') == 1
    assert {address.split("/")[3] for address in marks(page)} == {str(one.id) for one in view.statements}
    printed = re.search(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)
    assert printed is not None
    assert unescape(re.sub(r"<[^>]+>", "", printed[1])) == view.text
    card = client.get(f"/observatory/statements/{view.statements[0].id}/").content.decode()
    assert f"/observatory/pages/{one_page}/?card={view.statements[0].id}#s-{view.statements[0].id}" in card


def test_the_tab_key_meets_each_statement_once(one_page: uuid.UUID, asked: Any) -> None:
    client = asked(Kind.COUNTY)
    view = queries.page(one_page, unpublished=True)
    assert view is not None
    for query in ("", "?view=printed"):
        page = client.get(f"/observatory/pages/{one_page}/{query}").content.decode()
        reached = [link for link in re.findall(r'<a class="obs-mark [^>]+>', page) if 'tabindex="-1"' not in link]
        assert len(reached) == len({re.search(r'href="([^"]+)"', link)[1] for link in reached})  # type: ignore[index]
        assert len(reached) == len(view.statements)


def test_words_are_pointed_at_by_their_characters(one_page: uuid.UUID, asked: Any) -> None:
    client = asked()
    page = client.get(f"/observatory/pages/{one_page}/?char=20,30").content.decode()
    assert page.count('id="char"') == 1
    assert "is-pointed" in page
    for query in ("?char=30,20", "?char=x", "?card=x", "?char=99999999,5"):
        assert 'id="char"' not in client.get(f"/observatory/pages/{one_page}/{query}").content.decode()


def test_the_card_comes_alone_into_the_reader(
    press: list[uuid.UUID], asked: Any, assert_accessible: Accessible
) -> None:
    one = of(Standing.PUBLISHED, indicator_key="gdp")
    client = asked()
    card = client.get(f"/observatory/statements/{one.id}/", headers={"hx-request": "true"})
    assert "HX-Request" in card.headers["Vary"]
    assert "<html" not in card.content.decode()
    assert_accessible(card.content)
    beside = seen(client, f"/observatory/pages/{one.page}/?card={one.id}")
    assert "Show it on its page" in beside
    assert "Choose a number" not in beside


def test_a_card_tells_when_where_and_how_sure(press: list[uuid.UUID], asked: Any) -> None:
    growth = next(
        one
        for one in queries.statements(Sought(indicator_key="gdp"))
        if one.type == "growth" and one.period == "2026-Q1"
    )
    card = seen(asked(), f"/observatory/statements/{growth.id}/")
    assert "Gross regional product" in card
    assert "January – March 2026, cumulative" in card
    assert "Real" in card
    assert sample_press.home().name in card
    assert "Said elsewhere on the page" in card
    assert "Period: 一季度" in card


def test_words_of_the_page_run_from_left_to_right_wherever_they_stand(press: list[uuid.UUID], asked: Any) -> None:
    client = asked(Kind.COUNTY, "ar")
    more = ["indicators/", "indicators/exports/", "checks/", "search/", "fairs/", "targets/"]
    for address in (*addresses(press), *(f"/observatory/{one}" for one in more)):
        page = client.get(address).content.decode()
        chinese = re.findall(r'<[a-z0-9]+[^>]* lang="zh"[^>]*>', page)
        assert all('dir="ltr"' in one for one in chinese), address
        left = re.sub(r'<(pre|p|h3|h4|q|blockquote|bdi)\b[^>]* lang="zh"[^>]*>.*?</\1>', "", page, flags=re.DOTALL)
        left = re.sub(r"<(datalist|svg|head|title)\b.*?</\1>|<[^>]*>", "", left, flags=re.DOTALL)
        assert not re.search("[\u3400-\u9fff]", left.replace("中文", "")), (address, left)


def test_a_link_says_of_what_its_number_is(one_page: uuid.UUID, asked: Any) -> None:
    one = of(Standing.PUBLISHED, indicator_key="exports")
    page = asked(Kind.COUNTY).get(f"/observatory/pages/{one_page}/").content.decode()
    marked = re.findall(rf'<a class="obs-mark[^>]*href="/observatory/statements/{one.id}/"[^>]*>', page)
    assert all('title="Exports"' in mark for mark in marked)
    assert sum('· Exports"' in mark for mark in marked) == 1


def test_what_a_page_names_leads_to_its_words(one_page: uuid.UUID, asked: Any, assert_accessible: Accessible) -> None:
    view = queries.page(one_page, unpublished=True)
    assert view is not None
    client = asked(None)
    response = client.get(f"/observatory/pages/{one_page}/")
    assert_accessible(response.content)
    named = re.search(r'<details class="more obs-named">.*?</details>', response.content.decode(), re.DOTALL)
    assert named is not None
    for one in view.entities:
        start, end = one.spans[0]
        assert f'?char={start},{end}#char"><bdi class="text" lang="zh" dir="ltr">{one.name}</bdi>' in named[0]
    kinds = re.findall(r"<dt>([^<]+)</dt>", named[0])
    assert kinds == ["Targets", "Programmes and policies", "Events", "Organisations", "Places", "People"]
    first = view.entities[0]
    pointed = client.get(
        f"/observatory/pages/{one_page}/?char={first.spans[0][0]},{first.spans[0][1]}"
    ).content.decode()
    assert re.search(rf'id="char"[^>]*>{first.name}<', pointed)


def test_a_page_that_waits_says_so_and_is_looked_at_again(db: None, asked: Any, assert_accessible: Accessible) -> None:
    files = [("waits.txt", "本报讯 一季度全市出口十二亿元。".encode())]
    made = actions.import_files(actor=Actor(), files=files, issued=None, home=sample_press.home(), then_read=False)
    page = actions.next_page(import_id=made)
    for language in LANGUAGES:
        response = asked(Kind.COUNTY, language).get(f"/observatory/pages/{page}/")
        assert_accessible(response.content)
        assert f'<a class="finger" href="/observatory/pages/{page}/">' in response.content.decode()


def test_a_folded_box_and_an_uncertain_join_are_told(one_page: uuid.UUID, asked: Any) -> None:
    page = seen(asked(), f"/observatory/pages/{one_page}/")
    assert "Index box" in page
    assert "Advertisement" in page
    assert "It is not sure that this follows." in page


# People put right ---------------------------------------------------------------------------------------------------


def say(client: Client, statement: StatementView, **given: str) -> Any:
    return client.post(f"/observatory/statements/{statement.id}/correct", given)


def after(statement: StatementView) -> StatementView:
    found = queries.statement(statement.id, unpublished=True)
    assert found is not None
    return found


def test_each_answer_changes_what_it_says_and_no_word_of_the_page(one_page: uuid.UUID, asked: Any) -> None:
    client = asked(Kind.COUNTY)
    one = of(Standing.REVIEW, page=one_page)
    text = queries.page(one_page, unpublished=True).text  # type: ignore[union-attr]
    answers: list[tuple[dict[str, str], dict[str, Any]]] = [
        ({"verdict": "right"}, {"standing": Standing.PUBLISHED}),
        ({"verdict": "indicator", "indicator": "Exports"}, {"indicator_key": "exports", "indicator": "外贸出口额"}),
        ({"verdict": "indicator", "indicator": "外贸进口额"}, {"indicator_key": "imports"}),
        ({"verdict": "indicator", "indicator": "钟表修理"}, {"indicator_key": "", "indicator": "钟表修理"}),
        ({"verdict": "period", "period": "2026-Q1"}, {"period": "2026-Q1"}),
        ({"verdict": "period", "period": "–"}, {"period": None}),
        ({"verdict": "region", "region": "绍兴市"}, {"region_code": "330600"}),
        ({"verdict": "region", "region": "-"}, {"region_code": None}),
        ({"verdict": "value", "value": "1,234.5", "unit": "万元"}, {"value": 1234.5, "unit": "万元"}),
        ({"verdict": "value", "value": "5500–5600"}, {"low": 5500, "high": 5600}),
        ({"verdict": "not_a_quantity"}, {"standing": Standing.REJECTED}),
        ({"verdict": "withdrawn"}, {"standing": Standing.REVIEW, "verdict": None}),
    ]
    for given, expected in answers:
        response = say(client, one, **given)
        assert response.status_code == 302, (given, text_of(response))
        found = after(one)
        assert {name: getattr(found, name) for name in expected} == expected, given
        card = seen(client, f"/observatory/statements/{one.id}/")
        assert "Li Wen" in card
        if found.standing is not Standing.PUBLISHED:
            why = "Rejected by Li Wen: not a quantity" if found.verdict else "Waits for review"
            page = client.get(f"/observatory/pages/{one_page}/").content.decode()
            assert re.search(rf'href="/observatory/statements/{one.id}/" data-marks="[^"]+" title="[^"]*{why}"', page)
    assert len(queries.history(one.id)) == len(answers)
    assert queries.page(one_page, unpublished=True).text == text  # type: ignore[union-attr]


def test_a_second_click_finds_it_done(one_page: uuid.UUID, asked: Any) -> None:
    client, one = asked(Kind.COUNTY), of(Standing.REVIEW)
    for _ in range(2):
        assert say(client, one, verdict="right", back="page").status_code == 302
    assert len(queries.history(one.id)) == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"verdict": "period", "period": "last summer"}, "last summer"),
        ({"verdict": "region", "region": "Atlantis"}, "Atlantis"),
        ({"verdict": "value", "value": "a dozen", "unit": "万户"}, "a dozen"),
        ({"verdict": "indicator", "indicator": "长" * 101}, "长长长"),
        ({"verdict": "indicator"}, ""),
        ({"verdict": "maybe"}, "Choose what is to be said of it."),
        ({}, "Choose what is to be said of it."),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field_and_stays_typed(
    one_page: uuid.UUID, asked: Any, assert_accessible: Accessible, given: dict[str, str], told: str
) -> None:
    client, one = asked(Kind.COUNTY), of(Standing.REVIEW)
    response = say(client, one, back="review", **given)
    assert response.status_code == 422
    assert_accessible(response.content)
    page = response.content.decode()
    assert told in page
    assert 'role="alert"' in page
    assert 'name="back" value="review"' in page
    for name in ("period", "region", "value", "indicator", "unit"):
        if name in given:
            assert f'name="{name}" value="{given[name]}"' in page
    assert after(one) == one


def test_after_an_answer_comes_the_next_of_the_queue(press: list[uuid.UUID], asked: Any) -> None:
    client = asked(Kind.COUNTY)
    first, second, *_ = queries.review()
    page = client.get("/observatory/review/").content.decode()
    assert f'id="q-{first.id}"' in page
    assert f'name="then" value="{second.id}"' in page
    answer = say(client, first, verdict="right", back="review", then=str(second.id))
    assert answer.headers["Location"] == f"/observatory/review/#q-{second.id}"
    page = client.get("/observatory/review/").content.decode()
    assert f'id="q-{first.id}"' not in page
    assert f'id="q-{second.id}"' in page
    cursor = f"2026-03-21.{first.page}.{first.ordinal}"
    answer = say(client, second, verdict="not_a_quantity", back="review", before=cursor, then="x")
    assert answer.headers["Location"] == f"/observatory/review/?before={cursor}#main"
    answer = say(client, second, verdict="right", back="https://evil.example")
    assert answer.headers["Location"] == f"/observatory/statements/{second.id}/"


def test_the_queue_goes_on_without_a_gap(press: list[uuid.UUID], asked: Any) -> None:
    client, found, address = asked(Kind.AUDITOR), list[str](), "/observatory/review/"
    while address:
        page = client.get(address).content.decode()
        found += re.findall(r'id="q-([0-9a-f-]{36})"', page)
        following = re.findall(r'rel="next" href="([^"]+)"', page)
        address = f"/observatory/review/{unescape(following[0])}" if following else ""
    assert found == [str(one.id) for one in queries.review(limit=1000)]
    assert len(found) > 20
    assert "observatory/statements" not in page or "/correct" not in page


def test_an_empty_queue_says_what_to_do(asked: Any, assert_accessible: Accessible) -> None:
    response = asked(Kind.COUNTY).get("/observatory/review/")
    assert_accessible(response.content)
    assert "Nothing waits" in text_of(response)


# The day of issue ---------------------------------------------------------------------------------------------------


def test_the_inferred_day_shows_its_words_and_is_confirmed(
    read: Any, asked: Any, assert_accessible: Accessible
) -> None:
    page = read(sample_press.pages()[0].text)
    client = asked(Kind.COUNTY)
    response = client.get(f"/observatory/pages/{page}/")
    assert_accessible(response.content)
    assert "inferred from the page" in text_of(response)
    told = response.content.decode()
    evidence = re.findall(r'<a class="obs-quote" href="([^"]+)"><q lang="zh" dir="ltr">([^<]+)</q>', told)
    assert "3月20日" in " ".join(words for _, words in evidence)
    pointed = client.get(unescape(evidence[0][0]).partition("#")[0]).content.decode()
    assert re.search(r'class="[^"]*is-pointed[^"]*"[^>]*id="char"|id="char"', pointed)
    answer = client.post(f"/observatory/pages/{page}/date", {"issued": "2026-03-21"})
    assert answer.status_code == 302
    assert "confirmed by a person" in seen(client, f"/observatory/pages/{page}/")
    assert client.post(f"/observatory/pages/{page}/date", {"issued": "2026-03-21"}).status_code == 302
    client.post(f"/observatory/pages/{page}/date", {"issued": "2025-03-21"})
    found = queries.page(page, unpublished=True)
    assert found is not None
    assert (found.row.issued, found.row.date_source) == (date(2025, 3, 21), DateSource.CONFIRMED)
    assert any(one.period == "2025-01/2025-02" for one in found.statements)


@pytest.mark.parametrize("typed", ["", "tomorrow", "2026-02-30"])
def test_a_day_that_is_none_is_told_at_its_field(
    read: Any, asked: Any, assert_accessible: Accessible, typed: str
) -> None:
    page = read(sample_press.pages()[0].text)
    response = asked(Kind.COUNTY).post(f"/observatory/pages/{page}/date", {"issued": typed})
    assert response.status_code == 422
    assert_accessible(response.content)
    assert "Please mend this" in text_of(response)


def test_a_page_without_a_day_says_so_and_asks_for_it(read: Any, asked: Any, assert_accessible: Accessible) -> None:
    page = read("小城旧事\n\n老街上的铺子卖了三十年的竹器，如今只剩一家还开着门。店主说守着它也是守着从前的日子。")
    response = asked(Kind.COUNTY).get(f"/observatory/pages/{page}/")
    assert_accessible(response.content)
    assert "The day of issue is not known." in text_of(response)
    assert re.search(r'<details class="more" open><summary>Set the day of issue', response.content.decode())


def test_a_page_of_another_language_says_why_nothing_was_read(
    read: Any, asked: Any, assert_accessible: Accessible
) -> None:
    page = read("Exports grew by 12.5 percent in the first quarter.")
    for language in LANGUAGES:
        response = asked(Kind.COUNTY, language).get(f"/observatory/pages/{page}/")
        assert_accessible(response.content)
        assert 'class="notice notice-attention"' in response.content.decode()


def test_of_a_page_that_is_too_long_the_beginning_is_shown(
    read: Any, asked: Any, assert_accessible: Accessible
) -> None:
    page = read("今年一季度出口十二亿元。" * 40_000)
    response = asked(Kind.COUNTY).get(f"/observatory/pages/{page}/")
    assert_accessible(response.content)
    assert 'class="notice notice-attention"' in response.content.decode()
    printed = re.search(r"<pre[^>]*>(.*?)</pre>", response.content.decode(), re.DOTALL)
    assert printed is not None
    assert len(printed[1]) == TEXT_MAX


def test_a_page_is_removed(one_page: uuid.UUID, asked: Any) -> None:
    client = asked(Kind.OPERATOR)
    assert client.get(f"/observatory/pages/{one_page}/remove").status_code == 405
    assert client.post(f"/observatory/pages/{one_page}/remove").headers["Location"] == "/observatory/pages/"
    assert "The page was removed" in client.get("/observatory/pages/").content.decode()
    assert client.get(f"/observatory/pages/{one_page}/").status_code == 404


# Imports ------------------------------------------------------------------------------------------------------------


def sent(client: Client, *files: tuple[str, str | bytes], **given: str) -> Any:
    pages = [SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text) for name, text in files]
    return client.post("/observatory/pages/import/", {"pages": pages, **given})


def test_files_come_in_and_the_page_of_the_import_follows_them(
    db: None, asked: Any, assert_accessible: Accessible
) -> None:
    client = asked(Kind.COUNTY)
    first, second, *_ = sample_press.pages()
    answer = sent(client, ("1.txt", first.text), ("2.txt", second.text), ("3.txt", b"\x00\x01"), home="990182:麓泽市")
    place = answer.headers["Location"]
    assert re.fullmatch(r"/observatory/imports/[0-9a-f-]{36}/", place)
    response = client.get(place)
    assert_accessible(response.content)
    page = response.content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "Stop after this page" in page
    assert "0 of 2" in text_of(response)
    assert "3.txt" in text_of(response).partition("What could not be taken in")[2]
    import_id = uuid.UUID(place.split("/")[3])
    for number in (1, 2):
        waiting = actions.next_page(import_id=import_id)
        assert waiting is not None
        actions.read_page(page=waiting, now=NOW)
        assert f"{number} of 2" in seen(client, place)
    over = client.get(place)
    assert_accessible(over.content)
    assert "every 1s" not in over.content.decode()
    assert "All pages are read" in text_of(over)
    view = queries.page(waiting, unpublished=True)
    assert view is not None
    assert (view.home_code, view.home_name) == ("990182", "麓泽市")
    again = client.get(sent(client, ("1.txt", first.text)).headers["Location"])
    assert_accessible(again.content)
    assert "Open the page" in text_of(again)


def test_the_town_that_stands_in_the_form_keeps_what_it_lies_in(one_page: uuid.UUID, asked: Any) -> None:
    client = asked(Kind.COUNTY)
    (written,) = re.findall(r'name="home" value="([^"]+)"', client.get("/observatory/pages/").content.decode())
    text = sample_press.pages()[1].text
    place = sent(client, ("2.txt", text), home=written, issued="2026-04-23").headers["Location"]
    page = actions.next_page(import_id=uuid.UUID(place.split("/")[3]))
    assert page is not None
    actions.read_page(page=page, now=NOW)
    prefecture = sample_press.home().parents[0]
    assert queries.statements(Sought(page=page, region_code=prefecture.code))


def test_an_import_is_stopped_and_goes_on(db: None, asked: Any, assert_accessible: Accessible) -> None:
    client = asked(Kind.OPERATOR)
    place = sent(client, ("1.txt", sample_press.pages()[0].text)).headers["Location"]
    for _ in range(2):
        assert client.post(f"{place}stop").headers["Location"] == place
    response = client.get(place)
    assert_accessible(response.content)
    assert "Go on" in text_of(response)
    assert "every 1s" not in response.content.decode()
    assert actions.next_page(import_id=uuid.UUID(place.split("/")[3])) is None
    for _ in range(2):
        client.post(f"{place}resume")
    assert "Stop after this page" in seen(client, place)


@pytest.mark.parametrize(
    ("files", "given", "told"),
    [
        (0, {}, "Please mend this"),
        (51, {}, "At most 50 files"),
        (1, {"issued": "soon", "home": "义乌市"}, "Day of issue"),
        (1, {"home": "Atlantis"}, "No place of this name is known."),
        (1, {"home": "990182"}, "No place of this name is known."),
    ],
)
def test_what_was_wrong_with_an_import_is_told_at_its_field(
    db: None, asked: Any, assert_accessible: Accessible, files: int, given: dict[str, str], told: str
) -> None:
    response = sent(asked(Kind.COUNTY), *((f"{n}.txt", "一") for n in range(files)), **given)
    assert response.status_code == 422
    assert_accessible(response.content)
    assert told in text_of(response)
    for value in given.values():
        assert f'value="{value}"' in response.content.decode()
    assert not queries.pages()


# What there is nothing of, and how much is asked of the database ----------------------------------------------------


@pytest.mark.parametrize("kind", [Kind.COUNTY, Kind.STALL])
def test_an_empty_observatory_says_what_to_do(db: None, asked: Any, assert_accessible: Accessible, kind: Kind) -> None:
    client = asked(kind)
    told = "Import the text" if kind is Kind.COUNTY else "As soon as the county"
    for address in ("/observatory/", "/observatory/pages/"):
        response = client.get(address)
        assert_accessible(response.content)
        assert "No page yet" in text_of(response)
        assert told in text_of(response)


def lines(count: int) -> str:
    """A page with so many figures."""
    names = ("城东", "城西", "城南", "城北", "河口", "山前")
    said = (f"{names[n % 6]}第{n // 6 + 1}仓库一季度出口{n + 3}.5亿元。" for n in range(count))
    return "出口继续增长\n\n本报讯 4月22日，" + "\n".join(said)


def test_as_many_statements_of_sql_for_three_hundred_as_for_three(read: Any, asked: Any) -> None:
    client = asked(Kind.COUNTY)
    few, many = (read(lines(count), date(2026, 4, 23), f"{count}.txt") for count in (3, 300))
    shown = [queries.page(page, unpublished=True) for page in (few, many)]
    assert len(shown[1].statements) > 90 * len(shown[0].statements)  # type: ignore[union-attr]
    one, other = (page.statements[0].id for page in shown)  # type: ignore[union-attr]
    for first, second in (
        (f"pages/{few}/", f"pages/{many}/"),
        (f"pages/{few}/?view=printed", f"pages/{many}/?view=printed"),
        (f"pages/{few}/?card={one}", f"pages/{many}/?card={other}"),
        (f"statements/{one}/", f"statements/{other}/"),
    ):
        assert statements(client, f"/observatory/{first}") == statements(client, f"/observatory/{second}"), first


def test_lists_ask_as_much_for_many_pages_as_for_one(read: Any, asked: Any) -> None:
    client = asked(Kind.COUNTY)
    read(lines(1), date(2026, 4, 1), "first.txt")
    addresses_ = ("/observatory/", "/observatory/pages/", "/observatory/review/")
    before = [statements(client, address) for address in addresses_]
    for number in range(4):
        read(lines(number + 5), date(2026, 4, number + 2), f"{number}.txt")
    assert [statements(client, address) for address in addresses_] == before


# In a browser -------------------------------------------------------------------------------------------------------


@pytest.fixture
def browse(asked: Any, chromium: Any) -> Iterator[Callable[..., Any]]:
    """browse("/observatory/", size=(390, 844)) opens a page as somebody of the county; Django answers in this test."""
    client = asked(Kind.COUNTY)
    opened, wrong = [], []
    here = copy_context()  # Playwright answers in a context of its own, which has another connection

    def answer(route: Any) -> None:
        here.copy().run(fulfil, route)

    def fulfil(route: Any) -> None:
        request = route.request
        address = request.url.removeprefix("http://localhost")
        headers = {"hx-request": "true"} if "hx-request" in request.headers else {}
        if request.method == "POST":
            form = "application/x-www-form-urlencoded"
            given = client.post(address, request.post_data, content_type=form, headers=headers)
        else:
            given = client.get(address, headers=headers)
        if place := given.headers.get("Location"):  # where a browser goes by itself, it asks the network
            route.fulfill(content_type="text/html", body=f'<meta http-equiv="refresh" content="0;url={place}">')
            return
        body = b"".join(given.streaming_content) if given.streaming else given.content
        route.fulfill(status=given.status_code, headers=dict(given.headers), body=body)

    def open_page(address: str, size: tuple[int, int] = (1280, 900)) -> Any:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]})
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda fault: wrong.append(str(fault)))
        page.route("**/*", answer)
        page.goto(f"http://localhost{address}")
        return page

    yield open_page
    for context in opened:
        context.close()
    assert not wrong


FOCUS = "document.activeElement.id"
LINK = "document.activeElement.getAttribute('href')"


def test_a_number_brings_its_card_and_lights_up_in_both_columns(read: Any, browse: Any) -> None:
    sample = sample_press.pages()[0]
    page = browse(f"/observatory/pages/{read(sample.text, sample.issued)}/")
    mark = page.locator(".obs-articles .obs-mark.is-change").nth(20)
    mark.click()
    page.wait_for_selector("#card .obs-card")
    page.wait_for_selector("#card-title:focus")
    assert page.url.endswith("/"), "she stays on the page"
    assert page.locator(".obs-articles .is-lit").count() > 0
    assert page.locator(".obs-printed .is-lit").first.is_visible()
    assert page.evaluate("document.querySelector('.obs-printed').scrollTop") > 0
    page.keyboard.press("Escape")
    assert page.locator(".obs-card").count() == 0
    assert page.evaluate(LINK) == mark.get_attribute("href")
    page.keyboard.press("j")
    assert page.evaluate(LINK) not in (None, mark.get_attribute("href"))
    page.keyboard.press("k")
    assert page.evaluate(LINK) == mark.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_selector("#card .obs-card")
    page.wait_for_selector("#card-title:focus")
    page.keyboard.press("p")
    assert page.evaluate("document.activeElement.name") == "period"
    page.keyboard.type("rwn")
    assert page.evaluate("document.activeElement.value") == "rwn"
    assert page.locator(".obs-card").count() == 1


@pytest.mark.parametrize("at", [0, 1])  # the second begins with the mark of another
def test_a_card_that_came_with_the_page_is_closed_with_one_key_too(read: Any, browse: Any, at: int) -> None:
    sample = sample_press.pages()[0]
    page_id = read(sample.text, sample.issued)
    one = sorted(queries.statements(Sought(standing=Standing.REVIEW)), key=lambda found: found.quote)[at]
    page = browse(f"/observatory/pages/{page_id}/?card={one.id}#s-{one.id}", (360, 640))
    mark = f'[data-marks~="{one.id}"]:focus'
    page.wait_for_selector(mark)
    page.locator("#card-title").focus()
    page.keyboard.press("Escape")
    assert page.locator(".obs-card").count() == 0
    assert page.locator(mark).count() == 1


def test_one_letter_answers_and_the_next_has_the_focus(read: Any, browse: Any) -> None:
    sample = sample_press.pages()[0]
    read(sample.text, sample.issued)
    page = browse("/observatory/review/")
    first, second, *_ = queries.review()
    page.keyboard.press("j")
    assert page.evaluate(FOCUS) == f"q-{first.id}"
    page.evaluate("localStorage.setItem('keys', 'off')")
    page.keyboard.press("n")
    page.keyboard.press("j")
    assert page.evaluate(FOCUS) == f"q-{first.id}"
    page.evaluate("localStorage.setItem('keys', 'on')")
    page.keyboard.press("n")
    page.wait_for_selector(f"#q-{second.id}:focus")
    assert after(first).standing is Standing.REJECTED


@pytest.mark.parametrize("size", [(360, 640), (820, 1000), (1280, 900)])
def test_everything_fits_and_can_be_read(
    read: Any, browse: Any, assert_contrast: Callable[[Any], None], size: tuple[int, int]
) -> None:
    sample = sample_press.pages()[0]
    id_ = read(sample.text, sample.issued)
    waits = of(Standing.REVIEW)
    rejected = queries.review()[-1]
    actions.correct(actor=Actor(), statement=rejected.id, verdict=Verdict.NOT_A_QUANTITY, changes={}, now=NOW)
    page = browse(f"/observatory/pages/{id_}/?card={waits.id}", size)
    for address in (f"pages/{id_}/?card={waits.id}", f"pages/{id_}/?view=printed", "review/", "", "pages/"):
        page.goto(f"http://localhost/observatory/{address}")
        for details in page.locator("main details").all():
            details.evaluate("details => (details.open = true)")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, address
        if size[0] != 820:
            assert_contrast(page)
