"""The main job as somebody meets it: from the dropped book to the papers, and what others get to see of it: nothing."""

from __future__ import annotations

import gzip
import html
import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sundry.goods.shipping import job_actions, job_files, job_parts, job_requests, job_views, pages
from sundry.goods.shipping.job_queries import job_by_id, job_by_key
from sundry.goods.shipping.job_rules import Job, LinePlace, State
from sundry.goods.shipping.models import ShippingJob
from sundry.kernel.messages import LANGUAGES
from sundry.simulation.order_book import write_sample

MakeJob = Callable[..., Job]
GET_PAGES = (
    "ship_job", "ship_book", "ship_findings", "ship_columns", "ship_lines", "ship_options", "ship_containers",
    "ship_containers_json", "ship_declarations", "ship_files", "ship_delete", "ship_progress",
)  # fmt: skip
POSTS = (
    "ship_corrections", "ship_set_columns", "ship_choose_lines", "ship_set_options", "ship_plan", "ship_read",
    "ship_stop", "ship_leave_last", "ship_keep_last", "ship_delete", "ship_replace_book",
)  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(desk: Callable[..., Any], files: Path) -> Client:
    """Somebody at the open desk of the sample market."""
    client: Client = desk().client
    return client


def at(page: str, job: Job, **values: Any) -> str:
    return reverse(page, kwargs={"job": job.key, **values})


def fresh(job: Job) -> Job:
    found = job_by_id(job.id)
    assert found is not None
    return found


def sample(**changes: Any) -> SimpleUploadedFile:
    stream = BytesIO()
    path = Path(str(changes.pop("path")))
    write_sample(path, **changes)
    stream.write(path.read_bytes())
    return SimpleUploadedFile("../订单 sample.xlsx", stream.getvalue())


def sent_job(response: Any) -> Job:
    """The job to which an upload led."""
    assert response.status_code == 302, response.content.decode()[:3_000]
    found = job_by_key(urlsplit(response.headers["Location"]).path.split("/")[2])
    assert found is not None
    return found


def taken(response: Any) -> bytes:
    """What was downloaded, all of it: that closes the file."""
    assert response.status_code == 200
    return b"".join(response.streaming_content)


# The whole story.


def test_a_visitor_ships_the_sample(visitor: Client, work: Callable[[], int], tmp_path: Path) -> None:
    """Drop, read, mend, leave a line out, plan, look, download, delete."""
    page = visitor.get("/ship/")
    token = re.search(r'name="job" value="([^"]+)"', page.content.decode())
    assert token is not None
    book = sample(path=tmp_path / "s.xlsx", stalls=5, lines=60)
    form = {"job": token[1], "book": book, "currency": "CNY", "day": "2026-04-20"}
    job = sent_job(visitor.post("/ship/new", form))
    assert job.file_name == "订单 sample.xlsx"
    assert "Waits for a free worker" in visitor.get(at("ship_job", job)).content.decode()
    work()
    job = fresh(job)
    assert job.state is State.READ

    found = visitor.get(at("ship_findings", job) + "?severity=error").content.decode()
    wrong = re.search(r'class="is-wrong"><input class="input" name="([^"]+)" value="([^"]*)"', found)
    assert wrong is not None
    errors = (job.read_summary or {})["errors"]
    visitor.post(at("ship_corrections", job), {wrong[1]: "7"})
    lines = job_views.lines(job, {}).rows
    job = fresh(job)
    assert (job.state, len(job.corrections)) == (State.UPLOADED, 1)
    work()
    job = fresh(job)
    assert (job.read_summary or {})["errors"] < errors

    left = lines[0]
    visitor.post(at("ship_choose_lines", job), {"row": [left.value], "what": "leave_out"})
    visitor.post(at("ship_set_options", job), {"seconds": "1", "container": "auto", "rate_CNY": "7.10", "plan": "yes"})
    job = fresh(job)
    assert (job.state, job.options.rates, job.options.seconds) == (State.PLANNING, ("USDCNY=7.10",), 1)
    work()
    job = fresh(job)
    assert job.has_plan, job.error_rule

    overview = visitor.get(at("ship_job", job)).content.decode()
    assert "Download all papers" in overview
    assert "Left out by you" in visitor.get(at("ship_lines", job)).content.decode()
    archive = visitor.get(at("ship_download", job, file="all.zip"))
    with ZipFile(BytesIO(taken(archive))) as papers:
        assert papers.testzip() is None
        assert set(papers.namelist()) == {*job_views.PAPERS, "layers-01.svg", "checked.xlsx"}
        shipment = json.loads(papers.read("shipment.json"))
    assert left.told["row"] not in {line["row"] for line in shipment["lines"]}

    asked = visitor.get(at("ship_delete", job))
    assert "cannot be undone" in asked.content.decode()
    for _ in range(2):  # a second click ends where the first one did
        assert visitor.post(at("ship_delete", job)).headers["Location"] == "/ship/"
    assert job_by_id(job.id) is None
    assert visitor.get(at("ship_job", job)).status_code != 200


def test_rows_are_pasted_from_excel(visitor: Client, work: Callable[[], int]) -> None:
    rows = "货号\t品名\t箱数\t装箱数\t单价\nK1\t杯\t3\t10\t2.5\nK2\t碗\tx\t10\t2.5\n"
    job = sent_job(visitor.post("/ship/new", {"pasted": rows, "currency": "USD", "day": "2026-04-20"}))
    assert job.file_name == "Pasted rows.xlsx"
    work()
    assert (fresh(job).read_summary or {})["lines"] == 1
    assert (fresh(job).read_summary or {})["value_minor"] == {"USD": 7500}


# What goes wrong at the start.


@pytest.mark.parametrize(
    ("form", "status", "text"),
    [
        ({}, 422, "There is no book yet"),
        ({"pasted": "   "}, 422, "There is no book yet"),
        ({"book": SimpleUploadedFile("a.xlsx", b"")}, 422, "a.xlsx"),
        ({"book": SimpleUploadedFile("a.pdf", b"%PDF-1.7 x")}, 422, "a.pdf"),
        ({"book": SimpleUploadedFile("a.xlsx", b"MZ\x90 a program")}, 422, "a.xlsx"),
        ({"book": SimpleUploadedFile("a.xlsx", b"x" * 20_000_001)}, 422, "more than 20 MB"),
        ({"pasted": "a\tb\n", "day": "yesterday"}, 422, "is no day"),
        ({"pasted": "a\tb\n", "currency": "XXX"}, 422, "is no currency"),
    ],
)
def test_a_wrong_upload_is_told_at_its_field_and_leaves_nothing(
    visitor: Client, files: Path, form: dict[str, Any], status: int, text: str
) -> None:
    response = visitor.post("/ship/new", {"currency": "CNY", "day": "2026-04-20", **form})
    content = response.content.decode()
    assert response.status_code == status
    assert "error-summary" in content
    assert text in content
    assert not ShippingJob.objects.exists()
    assert not list(files.glob("*"))


def test_a_bomb_is_refused_before_it_is_unpacked(visitor: Client, files: Path) -> None:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", b"\0" * 100_000_000)
    response = visitor.post("/ship/new", {"book": SimpleUploadedFile("a.xlsx", stream.getvalue())})
    assert response.status_code == 422
    assert not list(files.glob("*"))


class _Endless(BytesIO):
    """A body that nobody would want to read to its end."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.left, self.given = size, 0

    def read(self, size: int | None = -1) -> bytes:
        part = b"x" * min(self.left, size if size and size > 0 else self.left)
        self.left -= len(part)
        self.given += len(part)
        return part


def test_what_is_much_too_large_is_answered_without_keeping_it(
    visitor: Client, make_job: MakeJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_requests, "SWALLOWED_BYTES_MAX", 3_000_000)
    job = make_job()
    for place in ("/ship/new", at("ship_replace_book", job)):
        body = _Endless(50_000_000_000)
        response = visitor.generic(
            "POST", place, content_type="multipart/form-data; boundary=x",
            **{"wsgi.input": body, "CONTENT_LENGTH": "50000000000"},
        )  # fmt: skip
        assert response.status_code == 413
        assert "more than 20 MB" in response.content.decode()
        assert body.given <= 3_000_000
    too_much = visitor.post("/ship/new", {"pasted": "x" * 5_500_000})
    assert too_much.status_code == 413


def test_a_form_without_the_token_is_refused_where_books_are_sent(files: Path, make_job: MakeJob) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    job = make_job()
    for place in ("/ship/new", at("ship_replace_book", job), at("ship_plan", job), at("ship_delete", job)):
        assert strict.post(place, {"pasted": "a\tb"}).status_code == 403
    assert fresh(job) == job


def test_a_form_that_is_sent_twice_makes_one_job(visitor: Client) -> None:
    form = {"job": job_requests.new_token(), "pasted": "a\tb\n", "currency": "CNY", "day": "2026-04-20"}
    assert sent_job(visitor.post("/ship/new", form)) == sent_job(visitor.post("/ship/new", form))
    sent_job(visitor.post("/ship/new", {**form, "job": form["job"] + "x"}))  # a forged token is no token
    assert ShippingJob.objects.count() == 2


def test_who_uploads_too_often_is_told_so(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_actions, "UPLOADS_AN_HOUR_ANONYMOUS", 1)
    form = {"pasted": "a\tb\n", "currency": "CNY", "day": "2026-04-20"}
    sent_job(visitor.post("/ship/new", form))
    assert visitor.post("/ship/new", form).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_ten_uploads_at_once_are_ten_jobs_and_the_eleventh_waits(desk: Callable[..., Any], files: Path) -> None:
    client: Client = desk("agent").client

    def upload(number: int) -> int:
        own = Client(headers={"host": "localhost"})
        own.cookies = client.cookies
        try:
            form = {"pasted": f"货号\t箱数\nK{number}\t{number}\n", "currency": "CNY", "day": "2026-04-20"}
            return own.post("/ship/new", form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(11) as threads:
        statuses = sorted(threads.map(upload, range(11)))
    assert statuses == [302] * 10 + [422]
    assert ShippingJob.objects.count() == len(list(files.iterdir())) == 10


# Whose it is.


def _addresses(job: Job) -> Iterator[tuple[str, str]]:
    for page in GET_PAGES:
        yield "get", at(page, job)
    yield "get", at("ship_declared_item", job, form=1, item=1)
    for file in ("shipment.json", "all.zip"):
        yield "get", at("ship_download", job, file=file)
    for page in POSTS:
        yield "post", at(page, job)


def test_anothers_job_is_not_there_and_cannot_be_told_from_none(desk: Callable[..., Any], make_job: MakeJob) -> None:
    owner, agent, person, operator = desk("agent"), desk("agent"), desk("person"), desk("operator")
    job = make_job(owner=owner.owner)
    nothing = replace(job, key="x" * 32)
    for who in (agent, person, operator):
        for (method, place), (_, nowhere) in zip(_addresses(job), _addresses(nothing), strict=True):
            answers = [getattr(who.client, method)(address) for address in (place, nowhere)]
            assert [answer.status_code for answer in answers] == [404, 404], place
            bodies = [answer.content.replace(job.key.encode(), b"").replace(b"x" * 32, b"") for answer in answers]
            assert _without_tokens(bodies[0]) == _without_tokens(bodies[1])
    assert fresh(job) == job


def _without_tokens(body: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", body)


def test_a_colleague_sees_it_and_a_visitor_is_asked_to_sign_in(desk: Callable[..., Any], make_job: MakeJob) -> None:
    owner, visitor = desk("agent"), desk()
    job = make_job(owner=owner.owner)
    assert owner.client.get(at("ship_job", job)).status_code == 200
    assert visitor.client.get(at("ship_job", job)).headers["Location"].startswith("/account/login")


def test_an_auditor_reads_all_and_changes_nothing(desk: Callable[..., Any], make_job: MakeJob) -> None:
    auditor, job = desk("auditor"), make_job(owner=desk("agent").owner)
    for page in GET_PAGES:
        if page not in ("ship_delete", "ship_progress"):
            response = auditor.client.get(at(page, job))
            assert response.status_code == 200
            assert b'action="/ship/' not in response.content
    assert taken(auditor.client.get(at("ship_download", job, file="invoice.pdf"))).startswith(b"%PDF")
    for page in POSTS:
        assert auditor.client.post(at(page, job)).status_code == 404
    assert fresh(job) == job


def test_on_a_real_market_the_desk_is_shut(desk: Callable[..., Any], make_job: MakeJob, settings: Any) -> None:
    settings.SUNDRY = replace(settings.SUNDRY, anonymous_shipping=False)
    visitor = desk().client
    for response in (visitor.get("/ship/"), visitor.post("/ship/new"), visitor.get(at("ship_job", make_job()))):
        assert response.headers["Location"].startswith("/account/login")
    assert desk("agent").client.get("/ship/").status_code == 200


def test_what_has_expired_is_gone_before_it_is_deleted(visitor: Client, make_job: MakeJob) -> None:
    job = make_job(expires_at=timezone.now() - timedelta(seconds=1))
    assert visitor.get(at("ship_job", job)).status_code == 302
    assert job_by_id(job.id) is not None


def test_a_job_of_nobodys_becomes_mine(desk: Callable[..., Any], make_job: MakeJob) -> None:
    job, agent = make_job(), desk("agent")
    assert "Keep it as mine" in agent.client.get(at("ship_job", job)).content.decode()
    agent.client.post(at("ship_claim", job))
    assert fresh(job).owner == agent.owner
    assert desk("agent").client.get(at("ship_job", job)).status_code == 404
    assert desk().client.post(at("ship_claim", make_job())).headers["Location"].startswith("/account/login")


# Every page.


@pytest.mark.parametrize("state", ["uploaded", "read", "planning", "planned", "stopped", "failed"])
def test_every_page_says_something_in_every_state(visitor: Client, make_job: MakeJob, state: str) -> None:
    job = make_job(state)
    for page in GET_PAGES:
        response = visitor.get(at(page, job))
        if page == "ship_containers_json" and state != "planned":
            assert response.status_code == 404
        elif page == "ship_progress":
            assert response.status_code == 302
        else:
            assert response.status_code == 200, page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_made_in_every_language_and_can_be_used_by_all(
    visitor: Client, make_job: MakeJob, language: str, assert_accessible: Callable[[str], None]
) -> None:
    job = make_job()
    visitor.cookies["language"] = "zh-hans" if language == "zh" else language
    for place in (
        "/ship/",
        *(at(page, job) for page in GET_PAGES if page not in ("ship_progress", "ship_containers_json")),
    ):
        content = visitor.get(place).content.decode()
        assert_accessible(content)
        assert "style=" not in content.replace("stylesheet", "")
        assert not re.search(r"<script(?![^>]*src=)", content)
        assert not re.search(r"\son\w+=", content)
    assert 'dir="rtl"' in content or language != "ar"


def _lines(job: Job, count: int) -> None:
    """As many lines in the job's parts, like the first of them."""
    for folder in (job_views.parts_folder(job), job_views.reading_folder(job)):
        assert folder is not None
        first = job_parts.part(folder, job_parts.LINES)[0]
        many = [{**first, "row": first["row"] + number} for number in range(count)]
        (folder / job_parts.LINES).write_text(json.dumps(many))
        found = job_parts.part(folder, job_parts.FINDINGS)
        one = next(told for told in found["findings"] if told[3])
        rows = {"findings": [[*one[:3], number + 7, *one[4:]] for number in range(count)], "rows": found["rows"]}
        (folder / job_parts.FINDINGS).write_text(json.dumps(rows))


def test_the_statements_and_the_work_of_a_page_do_not_grow(
    desk: Callable[..., Any], make_job: MakeJob, django_assert_num_queries: Any
) -> None:
    """10 lines or 2,000: as many statements, and no page is slow."""
    agent = desk("agent")
    small, large = make_job(owner=agent.owner), make_job(owner=agent.owner)
    _lines(small, 10)
    _lines(large, 2_000)
    for page in GET_PAGES:
        if page in ("ship_progress", "ship_delete"):
            continue
        counts = []
        for job in (small, large):
            agent.client.get(at(page, job))
            with CaptureQueriesContext(connection) as asked:
                agent.client.get(at(page, job))
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 6, (page, counts)
        cpu_s = min(_cpu_s(agent.client, at(page, large)) for _ in range(3))
        assert cpu_s < 0.12, f"{page}: {cpu_s:.3f} s"  # wanted are 60 ms; a shared machine gets the double


def _cpu_s(client: Client, place: str) -> float:
    began = time.process_time()
    client.get(place)
    return time.process_time() - began


# Progress.


def test_the_progress_asks_for_itself_until_all_is_done(visitor: Client, make_job: MakeJob) -> None:
    job = make_job("planning", stage="loading", done=3, total=9, run="0" * 32, started_at=timezone.now())
    htmx = {"HTTP_HX_REQUEST": "true"}
    part = visitor.get(at("ship_progress", job), **htmx)
    content = part.content.decode()
    assert 'hx-trigger="every 1s"' in content
    assert "3 of 9" in content
    assert "<html" not in content
    assert "HX-Refresh" not in part.headers
    ShippingJob.objects.filter(id=job.id).update(state="stopped", run=None)
    assert visitor.get(at("ship_progress", job), **htmx).headers["HX-Refresh"] == "true"
    assert visitor.get(at("ship_progress", job)).headers["Location"] == at("ship_job", job)


def test_where_she_may_be_typing_nothing_is_loaded_anew(visitor: Client, make_job: MakeJob) -> None:
    """The progress says that it is over, and she decides when to look; without a script, too."""
    working, unread = make_job("planning"), make_job("uploaded")
    for page in ("ship_findings", "ship_lines", "ship_columns", "ship_options", "ship_book"):
        content = visitor.get(at(page, working)).content.decode()
        assert f'hx-get="{at("ship_progress", working)}?stays=1"' in content
        assert 'http-equiv="refresh"' not in content
    assert "stays=1" not in visitor.get(at("ship_findings", unread)).content.decode(), "nothing is there to type in yet"
    stays, htmx = at("ship_progress", working) + "?stays=1", {"HX-Request": "true"}
    assert "?stays=1" in visitor.get(stays, headers=htmx).content.decode()
    ShippingJob.objects.filter(id=working.id).update(state="stopped", run=None)
    over = visitor.get(stays, headers=htmx)
    assert "HX-Refresh" not in over.headers
    assert "has ended" in over.content.decode()
    assert "hx-get" not in over.content.decode()


def test_without_a_script_the_page_asks_again_by_itself(visitor: Client, make_job: MakeJob) -> None:
    working, done = make_job("planning"), make_job()
    refresh = '<noscript><meta http-equiv="refresh"'
    assert refresh in visitor.get(at("ship_files", working)).content.decode()
    assert refresh in visitor.get(at("ship_job", working)).content.decode()
    assert refresh not in visitor.get(at("ship_job", done)).content.decode()


def test_how_many_wait_before_is_told(visitor: Client, make_job: MakeJob) -> None:
    now = timezone.now()
    for seconds in range(3):
        make_job("planning", queued_at=now - timedelta(seconds=seconds + 1))
    job = make_job("planning", queued_at=now)
    assert "3 jobs are before yours" in visitor.get(at("ship_job", job)).content.decode()


def test_it_can_be_stopped_and_twice_is_once(visitor: Client, make_job: MakeJob) -> None:
    job = make_job("planning")
    for _ in range(2):
        assert visitor.post(at("ship_stop", job)).status_code == 302
    assert fresh(job).state is State.STOPPED


def test_a_failed_job_says_what_happened(visitor: Client, make_job: MakeJob) -> None:
    job = make_job("failed", error_rule="upload_too_large", error_details={"megabytes": 20})
    assert "more than 20 MB" in visitor.get(at("ship_job", job)).content.decode()


# Findings.


def test_a_finding_stands_beside_its_row_with_a_field_at_its_cell(visitor: Client, make_job: MakeJob) -> None:
    content = visitor.get(at("ship_findings", make_job("read"))).content.decode()
    cards = re.findall(r'<article class="card ship-finding">.*?</article>', content, re.DOTALL)
    assert len(cards) > 3
    assert "badge-error" in cards[0]
    row = next(card for card in cards if "is-wrong" in card)
    assert re.search(r'<td class="is-wrong"><input class="input" name="cell:[A-Z]+:\d+:订单明细"', row)


def test_the_filters_stand_in_the_address(visitor: Client, make_job: MakeJob) -> None:
    job = make_job("read")
    content = visitor.get(at("ship_findings", job) + "?severity=warning").content.decode()
    assert "badge-error" not in content
    assert "badge-attention" in content
    sheet = quote("订单明细")
    assert "ship-finding" in visitor.get(at("ship_findings", job) + f"?sheet={sheet}").content.decode()
    assert "ship-finding" not in visitor.get(at("ship_findings", job) + "?sheet=none").content.decode()


def test_what_was_typed_is_told_and_can_be_taken_back(visitor: Client, make_job: MakeJob) -> None:
    job = make_job("read")
    content = visitor.get(at("ship_findings", job)).content.decode()
    (name, value) = re.findall(r'name="(cell:[^"]+)" value="([^"]*)"', content)[0]
    visitor.post(at("ship_corrections", job), {name: value})
    assert fresh(job) == job, "nothing else stands in it"
    visitor.post(at("ship_corrections", job), {name: "77", "cell:A:1": "x", "cell:A:x:S": "x", "other": "x"})
    after = fresh(job)
    assert [one.value for one in after.corrections] == ["77"]
    visitor.post(at("ship_corrections", after), {"take_back": [name]})
    assert fresh(job).corrections == ()
    assert fresh(job).revision == 3


# Columns.


def test_a_column_is_said_to_be_something_else(visitor: Client, make_job: MakeJob) -> None:
    job = make_job("read")
    content = visitor.get(at("ship_columns", job)).content.decode()
    names = re.findall(r'<select class="input" name="(column:[^"]+)"', content)
    visitor.post(at("ship_set_columns", job), {**dict.fromkeys(names, ""), names[0]: "note"})
    ((key, told),) = fresh(job).column_maps.items()
    assert names[0].startswith(f"column:{key}:")
    assert list(told["columns"].values()) == ["note"]
    assert fresh(job).state is State.UPLOADED


def test_a_field_that_does_not_exist_is_refused(visitor: Client, make_job: MakeJob) -> None:
    job = make_job("read")
    content = visitor.get(at("ship_columns", job)).content.decode()
    name = re.findall(r'name="(column:[^"]+)"', content)[0]
    response = visitor.post(at("ship_set_columns", job), {name: "nonsense"}, follow=True)
    assert "toast-error" in response.content.decode()
    assert fresh(job) == job


def test_a_header_is_pointed_at_and_the_book_read(visitor: Client, work: Callable[[], int]) -> None:
    rows = "Kodas\tPrekė\tDėžės\tPo\tKaina\nK1\tPuodelis\t3\t10\t2\nK2\tLėkštė\t4\t10\t2\n"
    job = sent_job(visitor.post("/ship/new", {"pasted": rows, "currency": "CNY", "day": "2026-04-20"}))
    work()
    content = visitor.get(at("ship_columns", job)).content.decode()
    assert "No header was recognised" in content
    assert re.search(r'<input type="hidden" name="header_row" value="1">', content)
    fields = dict(zip("ABCDE", ("item", "name", "cartons", "pieces_per_carton", "price"), strict=True))
    form = {f"column::{letter}": field for letter, field in fields.items()}
    visitor.post(at("ship_set_columns", job), {**form, "sheet": "Pasted", "header_row": "1"})
    work()
    assert (fresh(job).read_summary or {})["lines"] == 2


# Lines.


def test_lines_are_found_chosen_and_shown_page_by_page(
    visitor: Client, make_job: MakeJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_job()
    lines = job_views.lines(job, {}).rows
    wanted = lines[3]
    content = visitor.get(at("ship_lines", job) + f"?q={quote(wanted.told['item'])}").content.decode()
    assert content.count('<th scope="row"') >= 1
    assert wanted.told["item"] in content

    visitor.post(
        at("ship_choose_lines", job),
        {"row": [wanted.value, "999:nowhere", "x"], "what": "must_travel", "back": "q=x&evil=//e"},
    )
    place = LinePlace(wanted.told["sheet"], wanted.told["row"], wanted.told["item"])
    assert fresh(job).must_travel == (place,)
    assert "Must travel" in visitor.get(at("ship_lines", fresh(job)) + "?state=must_travel").content.decode()
    visitor.post(at("ship_choose_lines", job), {"row": [wanted.value], "what": "drop table"})
    assert fresh(job).must_travel == (place,)


def test_the_way_back_from_a_choice_has_its_filters_and_nothing_else(visitor: Client, make_job: MakeJob) -> None:
    job = make_job()
    back = visitor.post(at("ship_choose_lines", job), {"what": "leave_out", "back": "q=%E6%9D%AF&next=//evil"})
    assert back.headers["Location"] == at("ship_lines", job) + "?q=%E6%9D%AF"


# Options.


def test_wrong_options_are_told_at_their_fields_with_what_was_typed(visitor: Client, make_job: MakeJob) -> None:
    job = make_job()
    form = {"seconds": "99", "container": "auto", "rate_CNY": "seven", "consignor_uscc": "1", "buyer": "Ali Baba"}
    response = visitor.post(at("ship_set_options", job), form)
    content = response.content.decode()
    assert response.status_code == 422
    assert 'value="Ali Baba"' in content
    for field in ("seconds", "rate_CNY", "consignor_uscc"):
        assert f'href="#id_{field}"' in content
    assert fresh(job) == job


def test_the_rate_that_holds_is_shown_with_its_day_and_source(visitor: Client, make_job: MakeJob) -> None:
    content = visitor.get(at("ship_options", make_job())).content.decode()
    assert "USDCNY" in content
    assert "6.900417" in content
    assert "ECB" in content
    assert 'value="7.1"' in content, "her own rate stands in its field"


def test_options_are_saved_without_planning(visitor: Client, make_job: MakeJob) -> None:
    job = make_job()
    initial = {"seconds": "1", "container": "40HC", "rate_CNY": "7,2", "day": "2026-04-20", "currency": "CNY"}
    visitor.post(at("ship_set_options", job), {**initial, "upright": "on"})
    after = fresh(job)
    assert (after.state, after.options.container, after.options.upright) == (State.READ, "40HC", True)
    assert after.options.rates == ("USDCNY=7.2",)
    visitor.post(at("ship_set_options", job), initial)
    assert not fresh(job).options.upright, "a box that is not ticked says no"


# The last container.


def test_the_question_of_the_last_container_is_asked_and_answered(
    visitor: Client, make_job: MakeJob, made: Any
) -> None:
    offer = {
        "container": 2, "type": "20GP", "cartons": 3, "lines": [1], "stalls": ["A1", "B2"], "fill": 0.04,
        "volume_mm3": 900_000_000, "price_minor": 120_000, "price_currency": "USD",
    }  # fmt: skip
    job = make_job(plan_summary={**made.plan_summary, "containers": 2, "offer": offer})
    question = "3 cartons need another container, a 20GP. Leave them for the next shipment?"
    content = visitor.get(at("ship_job", job)).content.decode()
    assert question in content
    assert "1,200.00" in content
    visitor.post(at("ship_keep_last", job))
    assert question not in visitor.get(at("ship_job", job)).content.decode()
    visitor.post(at("ship_leave_last", job))
    assert (fresh(job).state, fresh(job).options.containers_max) == (State.PLANNING, 1)


# The plan.


def test_the_view_gets_its_data_in_the_readers_language(visitor: Client, make_job: MakeJob) -> None:
    job = make_job()
    for language, tag in (("en", "en-u-nu-latn"), ("ar", "ar-u-nu-latn")):
        visitor.cookies["language"] = language
        data = visitor.get(at("ship_containers_json", job)).json()
        assert data["locale"] == tag
        assert data["labels"]
        assert len(data["containers"]) == len(job_views.containers(job))
        assert len(data["lines"]) > 10


def test_the_containers_can_be_read_without_a_script(visitor: Client, make_job: MakeJob) -> None:
    job = make_job()
    content = visitor.get(at("ship_containers", job)).content.decode()
    assert f'data-json="{at("ship_containers_json", job)}"' in content
    first = job_views.containers(job)[0]
    for line in first["lines"][:5]:
        assert line[1] in content
    assert visitor.get(at("ship_containers", job) + "?container=99").status_code == 200


def test_an_item_leads_to_its_lines_and_their_cells(visitor: Client, make_job: MakeJob) -> None:
    job = make_job()
    item = job_views.declarations(job)[0]["items"][0]
    content = visitor.get(at("ship_declared_item", job, form=1, item=1)).content.decode()
    for part in item["parts"][:10]:
        assert part["cells"]["cartons"] in content
    for form, number in ((0, 1), (1, 0), (1, 999), (99, 1)):
        assert visitor.get(at("ship_declared_item", job, form=form, item=number)).status_code == 404


# Files.


def test_a_paper_is_a_download_with_its_name_and_type(visitor: Client, make_job: MakeJob) -> None:
    job = make_job()
    for name, kind in {**job_views.PAPERS, "checked.xlsx": "spreadsheetml", "layers-01.svg": "image/svg+xml"}.items():
        response = visitor.get(at("ship_download", job, file=name))
        assert response.status_code == 200
        assert kind in response.headers["Content-Type"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        disposition = response.headers["Content-Disposition"]
        assert disposition.startswith("attachment")
        assert f"filename*=utf-8''{quote('订单 1 - ' + name)}" in disposition
        assert taken(response)


@pytest.mark.parametrize(
    "name", ["parts", "parts/lines.json", "../../book/x", "..%2f..%2fbook", "shipment.json/", "SHIPMENT.JSON", ".", "x"]
)
def test_only_what_is_on_the_list_can_be_taken(visitor: Client, make_job: MakeJob, name: str) -> None:
    job = make_job()
    assert visitor.get(f"/ship/{job.key}/files/{name}").status_code == 404


def test_no_cache_and_no_search_engine_keeps_a_page(visitor: Client, make_job: MakeJob) -> None:
    job = make_job()
    places = [at(page, job) for page in GET_PAGES if page != "ship_progress"]
    for place in (*places, at("ship_download", job, file="shipment.json"), at("ship_download", job, file="all.zip")):
        response = visitor.get(place)
        assert response.headers["Cache-Control"] == "private, no-cache"
        assert response.headers["X-Robots-Tag"] == "noindex"
        if response.streaming:
            taken(response)


def test_the_first_page_is_kept_by_no_cache(visitor: Client) -> None:
    assert visitor.get("/ship/").headers["Cache-Control"] == "private, no-cache"


PAGES_OF_RESULTS = (
    "ship_findings", "ship_columns", "ship_lines", "ship_containers", "ship_containers_json", "ship_declarations",
)  # fmt: skip


def test_what_is_gone_from_the_disk_is_told_and_can_be_read_again(visitor: Client, make_job: MakeJob) -> None:
    job = make_job()
    for name in ("read", "plan"):
        shutil.rmtree(job_files.folder_of(job.id) / name)
    for page in PAGES_OF_RESULTS:
        response = visitor.get(at(page, job))
        assert response.headers["Location"] == at("ship_job", job), page
    assert visitor.get(at("ship_download", job, file="invoice.pdf")).status_code == 404
    assert visitor.post(at("ship_choose_lines", job), {"row": "2:S", "what": "leave_out"}).status_code == 302
    content = visitor.get(at("ship_job", job)).content.decode()
    assert "no longer on the disk" in content
    assert "Read the book again" in content
    assert visitor.post(at("ship_read", job)).status_code == 302
    assert fresh(job).state is State.UPLOADED


def test_a_folder_that_goes_while_a_page_looks_is_looked_for_again(
    visitor: Client, make_job: MakeJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the row and its files another tab has it planned anew."""
    job = make_job()
    part = job_parts.part

    def replan_first(folder: Path, name: str) -> Any:
        monkeypatch.setattr(job_parts, "part", part)
        ShippingJob.objects.filter(id=job.id).update(revision=2, plan_revision=2)
        job_files.plan_folder(job.id, 1).rename(job_files.plan_folder(job.id, 2))
        return part(folder, name)

    monkeypatch.setattr(job_parts, "part", replan_first)
    assert visitor.get(at("ship_lines", job)).status_code == 200


def _form(page: str, action: str) -> dict[str, str]:
    """The fields of the form that is sent to `action`, as they stand on the page."""
    (form,) = re.findall(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)[:1]
    inputs = re.findall(r'<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"', form)
    return {html.unescape(name): html.unescape(value) for name, value in inputs if name != "csrfmiddlewaretoken"}


@pytest.mark.parametrize(
    ("page", "post", "more"),
    [
        ("ship_findings", "ship_corrections", {}),
        ("ship_lines", "ship_choose_lines", {"what": "leave_out"}),
        ("ship_columns", "ship_set_columns", {}),
    ],
)
def test_an_old_tab_changes_nothing_in_the_new_book(
    visitor: Client, make_job: MakeJob, page: str, post: str, more: dict[str, str]
) -> None:
    job = make_job()
    sent = _form(visitor.get(at(page, job)).content.decode(), at(post, job)) | more
    cell = next((name for name in sent if name.startswith("cell:")), "")
    column = next((f"column:{one['key']}:A" for one in job_views.all_tables(job)), "")
    sent |= {cell: "77"} if cell else {column: "mark"} if page == "ship_columns" else {}
    ShippingJob.objects.filter(id=job.id).update(revision=2, book_revision=2, read_revision=2, state="read")
    job_files.reading_folder(job.id, 1).rename(job_files.reading_folder(job.id, 2))
    before = fresh(job)
    response = visitor.post(at(post, job), sent)
    assert response.status_code == 302
    assert fresh(job) == before
    assert "The book was changed since this page was shown" in visitor.get(at(page, job)).content.decode()
    visitor.post(at(post, job), sent | {"revision": "2"})
    assert fresh(job).revision == 3


def test_save_and_plan_says_that_the_book_is_read_first(visitor: Client, make_job: MakeJob) -> None:
    job = make_job()
    sent = _form(visitor.get(at("ship_options", job)).content.decode(), at("ship_set_options", job))
    visitor.post(at("ship_set_options", job), sent | {"day": "2026-04-21", "plan": "yes"})
    assert ShippingJob.objects.get(id=job.id).plan_when_read
    assert "planned as soon as the book is read" in visitor.get(at("ship_job", job)).content.decode()


def test_papers_of_an_older_question_are_not_given(visitor: Client, make_job: MakeJob) -> None:
    job = make_job()
    job_actions.choose_lines(
        actor=pages.actor_of(visitor.get("/ship/").wsgi_request), job=job, now=timezone.now(),
        leave_out=[LinePlace("S", 1, "K")],
    )  # fmt: skip
    assert visitor.get(at("ship_download", job, file="invoice.pdf")).status_code == 404
    assert taken(visitor.get(at("ship_download", job, file="checked.xlsx")))
    content = visitor.get(at("ship_job", job)).content.decode()
    assert "Something was changed since the last plan" in content
    assert "Download all papers" not in content


# The list.


def test_a_visit_alone_leaves_no_session_behind(visitor: Client, make_job: MakeJob) -> None:
    """A shared address is asked for by programs as well, each time without a cookie."""
    visitor.get(at("ship_job", make_job()))
    assert Session.objects.count() == 0


def test_her_jobs_are_listed_page_by_page(
    desk: Callable[..., Any], make_job: MakeJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "JOBS_SHOWN", 2)
    agent = desk("agent")
    made = [make_job(owner=agent.owner) for _ in range(3)]
    make_job(owner=desk("agent").owner)
    first = agent.client.get("/ship/").content.decode()
    shown = re.findall(r'href="/ship/([\w-]{32})/"', first)
    assert shown == [made[2].key, made[1].key]
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None
    assert re.findall(r'href="/ship/([\w-]{32})/"', agent.client.get("/ship/" + older[1]).content.decode()) == [
        made[0].key
    ]


def test_a_visitor_finds_what_was_made_in_this_browser(visitor: Client, make_job: MakeJob, desk: Any) -> None:
    job = make_job()
    visitor.session.save()  # as the one who made it has one
    visitor.get(at("ship_job", job))
    assert job.key in visitor.get("/ship/").content.decode()
    assert job.key not in desk().client.get("/ship/").content.decode()


def test_the_pages_are_light(visitor: Client, make_job: MakeJob) -> None:
    for page in ("ship_job", "ship_findings", "ship_lines", "ship_options", "ship_declarations", "ship_containers"):
        content = visitor.get(at(page, make_job())).content
        assert len(gzip.compress(content)) < 20_000, page
