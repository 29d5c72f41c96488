"""Wrong, huge and hostile books, ten at once, sessions that end, other people's addresses: on a market that runs."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from books import bad
from django.urls import NoReverseMatch, reverse
from running_market import RunningMarket, Sent, Visitor

from sundry.goods.shipping.pages import urlpatterns

TINY = "货号,品名,箱数,装箱数,单价,体积,毛重\nK1,杯,2,10,2.5,0.06,8\n".encode()
NOBODYS = "AbCdEfGhIjKlMnOpQrStUvWxYz012345"
Visit = Callable[..., Visitor]


@pytest.fixture
def healthy(market: RunningMarket) -> Any:
    """Whatever was done to it, the market answers and nothing of it has died."""
    before = market.said.read_text()
    parts = {market.part(name).pid for name in ("sundry.web.serve", "sundry.web.worker")}
    yield
    assert market.is_healthy()
    assert market.said.read_text() == before
    assert {market.part(name).pid for name in ("sundry.web.serve", "sundry.web.worker")} == parts


# What is brought.


def binary_workbook(folder: Path) -> Path:
    path = folder / "binary.xlsb"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.bin", b"\0")
    return path


def program_named_workbook(folder: Path) -> Path:
    path = folder / "prices.xlsx"
    path.write_bytes(b"MZ\x90\0" + bytes(5000))
    return path


def page_named_workbook(folder: Path) -> Path:
    path = folder / "page.xls"
    path.write_text("<html><script>alert(1)</script><table><tr><td>1</td></tr></table></html>")
    return path


def too_large(folder: Path) -> Path:
    path = folder / "large.csv"
    path.write_bytes(b"a,b\n" * 5_250_000)  # 21 MB
    return path


def far_too_large(folder: Path) -> Path:
    path = folder / "huge.csv"
    path.write_bytes(b"a,b\n" * 15_000_000)  # 60 MB
    return path


REFUSED_AT_THE_DOOR = (
    *(bad.empty_file, bad.text_named_workbook, bad.another_zip_named_workbook, bad.truncated, bad.zip_bomb),
    *(bad.locked_by_password, binary_workbook, program_named_workbook, page_named_workbook, too_large, far_too_large),
)


@pytest.mark.usefixtures("healthy")
def test_what_is_no_book_is_refused_in_clear_words_and_nothing_of_it_is_kept(
    market: RunningMarket, visitor: Visit, tmp_path: Path
) -> None:
    agent = visitor("en", "carrier")
    before = market.job_folders()
    for build in REFUSED_AT_THE_DOOR:
        book = build(tmp_path)
        answer = agent.upload(book)
        assert answer.status in (413, 422), build
        (told,) = answer.tree.xpath("//*[contains(@class, 'error-summary')]//li")
        assert book.name in told.text_content() or "20" in told.text_content(), told.text_content()
        (field,) = answer.tree.xpath("//input[@type='file'][@aria-invalid='true']")
        assert answer.tree.xpath("//*[@id=$name]", name=field.get("aria-describedby").split()[0])
    assert market.job_folders() == before


def lying_bomb(folder: Path) -> Path:
    return bad.zip_bomb(folder, honest=False)


@pytest.mark.usefixtures("healthy")
def test_what_hides_until_it_is_read_ends_in_a_clear_word_and_can_be_deleted(
    market: RunningMarket, visitor: Visit, tmp_path: Path
) -> None:
    """The child that reads it is stopped or says no; the page tells why and offers another book in its place."""
    agent = visitor("en", "carrier")
    before = market.job_folders()
    for build in (bad.entity_bomb, lying_bomb, bad.quote_without_end):
        book = build(tmp_path)
        page = agent.ready(agent.upload(book).path)
        assert page.status == 200
        (told,) = page.tree.xpath("//main//*[contains(@class, 'notice')]")
        assert book.name in told.text_content()
        assert not page.tree.xpath("//form[contains(@action, '/plan')]")
        assert agent.get(f"{page.path}book/").form("/book/replace") is not None
        agent.submit(agent.get(f"{page.path}delete").form("/delete"))
    assert market.job_folders() == before


@pytest.mark.usefixtures("healthy")
def test_a_file_of_this_machine_is_not_fetched(visitor: Visit, tmp_path: Path) -> None:
    agent = visitor("en", "carrier")
    page = agent.ready(agent.upload(bad.entity_from_outside(tmp_path)).path)
    for part in ("", "findings/", "columns/", "lines/", "files/checked.xlsx"):
        assert b"SECRET" not in agent.get(page.path + part).body


@pytest.mark.usefixtures("healthy")
def test_a_sheet_of_ten_thousand_columns_is_read_and_none_is_understood(visitor: Visit) -> None:
    wide = ",".join(f"c{number}" for number in range(10_000))
    agent = visitor("en", "carrier")
    page = agent.ready(agent.upload(("wide.csv", f"{wide}\n{wide}\n".encode())).path)
    assert page.tree.xpath(
        "//li[@class='task'][.//a[contains(@href, '/columns/')]]//*[contains(@class, 'badge-error')]"
    )
    columns = agent.get(f"{page.path}columns/")
    assert columns.status == 200
    assert len(columns.body) < 500_000


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [
        ("../../../../etc/passwd.csv", "passwd.csv"),
        ("C:\\orders\\..\\may.csv", "may.csv"),
        ("<img src=x onerror=alert(1)>.csv", "img src=x onerror=alert(1)_.csv"),
        ("\u202evsc.exe.csv", "vsc.exe.csv"),
        ("订单" * 125 + ".csv", "订单" * 29 + ".csv"),
    ],
)
@pytest.mark.usefixtures("healthy")
def test_a_name_is_only_a_name(market: RunningMarket, visitor: Visit, claimed: str, kept: str, tmp_path: Path) -> None:
    before = market.job_folders()
    outside = sorted(path.name for path in market.data_dir.iterdir())
    agent = visitor("en", "buyer")
    page = agent.ready(agent.upload((claimed.replace('"', ""), TINY)).path)
    assert page.tree.find(".//h1").text_content() == kept
    (folder,) = market.job_folders() - before
    (book,) = (market.data_dir / "files" / "shipping" / folder / "book").iterdir()
    assert book.name == kept
    assert sorted(path.name for path in market.data_dir.iterdir()) == outside
    agent.submit(agent.get(f"{page.path}delete").form("/delete"))


@pytest.mark.usefixtures("healthy")
def test_ten_books_at_once_are_all_read(visitor: Visit) -> None:
    people = [visitor() for _ in range(10)]
    books: list[Sent] = [(f"book {number}.csv", TINY.replace(b"K1", b"K%d" % number)) for number in range(10)]
    with ThreadPoolExecutor(10) as at_once:
        jobs = list(at_once.map(lambda pair: pair[0].upload(pair[1]).path, zip(people, books, strict=True)))
        pages = list(at_once.map(lambda pair: pair[0].ready(pair[1]), zip(people, jobs, strict=True)))
    assert len(set(jobs)) == 10
    for number, (person, page) in enumerate(zip(people, pages, strict=True)):
        assert page.tree.xpath("//form[contains(@action, '/plan')]"), page.words
        assert f"K{number}" in person.get(f"{page.path}lines/").words


@pytest.mark.usefixtures("healthy")
def test_a_form_without_its_token_changes_nothing(visitor: Visit, market: RunningMarket) -> None:
    before = market.job_folders()
    stranger = visitor()
    refused = stranger.post("/ship/new", [("currency", "CNY")], book=("a.csv", TINY))
    assert refused.status == 403
    assert market.job_folders() == before


# Who asks.


@pytest.mark.usefixtures("healthy")
def test_who_signs_out_while_her_job_runs_finds_the_result_when_she_comes_back(visitor: Visit) -> None:
    agent = visitor("en", "agent")
    job = agent.ship(("evergreen secret.csv", TINY))
    form = agent.get(f"{job}options/").form("options/set")
    running = agent.submit(form, plan="yes", seconds="1")
    assert running.tree.xpath("//*[@id='progress']")
    agent.submit(running.form("/account/logout/"))
    for part in ("", "progress", "findings/", "lines/", "containers.json", "files/shipment.json", "files/all.zip"):
        away = agent.get(job + part)
        assert away.path == "/account/login/"
        assert "secret" not in away.words
    agent.sign_in("agent")
    assert agent.ready(job).tree.xpath("//a[contains(@href, 'all.zip')]")
    assert agent.get(f"{job}files/shipment.json").json["lines"]


def test_a_page_that_watches_a_job_leads_to_the_sign_in_when_the_session_ends(
    open_browser: Callable[..., Any], visitor: Visit
) -> None:
    agent = visitor("en", "agent")
    job = sample_being_planned(agent)
    page = open_browser(like=agent)
    page.goto(job)
    page.locator("#progress").wait_for()
    agent.submit(agent.get("/").form("/account/logout/"))
    page.wait_for_url("**/account/login/**")
    assert page.locator("h1").count() == 1
    agent.sign_in("agent")
    agent.submit(agent.get(job).form("/stop"))


@pytest.mark.usefixtures("healthy")
def test_another_peoples_job_is_not_there_at_any_of_its_addresses(visitor: Visit) -> None:
    """The very answer that an address gets which never was anybody's."""
    agent, stranger, nobody = visitor("en", "agent"), visitor("en", "merchant.member"), visitor()
    job = agent.ship(("evergreen secret.csv", TINY)).strip("/").split("/")[1]
    token = stranger.get("/ship/").form("/ship/new").fields["csrfmiddlewaretoken"]
    asked = 0
    for pattern in urlpatterns:
        try:
            address = reverse(pattern.name, kwargs={"job": NOBODYS, **_rest(pattern.name)})
        except NoReverseMatch:
            continue  # of no job
        for send in (stranger.get, lambda path: stranger.post(path, [("csrfmiddlewaretoken", token)])):
            never, foreign = send(address), send(address.replace(NOBODYS, job))
            assert foreign.status == never.status
            assert foreign.status in (404, 405)  # 405: what only reads takes no form, whoever sends it
            assert foreign.path.replace(job, NOBODYS) == address
            assert foreign.words == never.words
            assert _said_by(foreign) == _said_by(never)
            asked += 1
        never, foreign = nobody.get(address), nobody.get(address.replace(NOBODYS, job))
        assert foreign.path == never.path == "/account/login/"
        assert "secret" not in foreign.text
    assert asked > 40
    assert agent.get(f"/ship/{job}/").status == 200


def _rest(name: str) -> dict[str, Any]:
    return {"ship_declared_item": {"form": 1, "item": 1}, "ship_download": {"file": "shipment.json"}}.get(name, {})


def _said_by(page: Any) -> set[str]:
    """The names of its headers, but for what changes from one answer to the next."""
    return set(page.headers) - {"Set-Cookie", "Vary"}


def test_a_page_that_watches_a_job_says_so_when_the_job_is_deleted(
    open_browser: Callable[..., Any], visitor: Visit, complaints: list[str]
) -> None:
    agent = visitor("en", "agent")
    job = sample_being_planned(agent)
    page = open_browser(like=agent)
    page.goto(job)
    page.locator("#progress").wait_for()
    with page.expect_response(lambda answer: answer.status == 404):  # the page is asked for anew
        agent.submit(agent.get(f"{job}delete").form("/delete"))
    page.locator("#progress").wait_for(state="detached")
    assert page.locator("h1").count() == 1
    complaints.clear()  # the browser writes down the 404


def sample_being_planned(visitor: Visitor) -> str:
    """A job that keeps a worker busy for a while."""
    job = visitor.submit(visitor.get("/ship/").form("/ship/sample")).path
    visitor.ready(job)
    visitor.submit(visitor.get(f"{job}options/").form("options/set"), plan="yes", seconds="20")
    return job
