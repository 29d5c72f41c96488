"""The main job for programs: the same actions, told in JSON."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from sundry.base.access.actions import create_token
from sundry.goods.shipping import job_files, job_views
from sundry.goods.shipping.api import OptionsIn, ProfileIn
from sundry.goods.shipping.job_queries import job_by_id
from sundry.goods.shipping.job_rules import (
    CHANGE,
    DELETE,
    DOWNLOAD,
    OPTION_FIELDS,
    PLAN,
    PROFILE_FIELDS,
    READ_JOB,
    START,
    UPLOAD,
    Job,
    LinePlace,
    State,
)
from sundry.goods.shipping.models import ShippingJob

pytestmark = pytest.mark.django_db

MakeJob = Callable[..., Job]
BOOK = """\
货号,品名,箱数,装箱数,单价,长cm,宽cm,高cm,HS编码
K1,杯,3,10,2,50,40,30,6912001000
K2,碗,x,10,2,50,40,30,6912001000
"""


@pytest.fixture
def program(desk: Callable[..., Any], files: Path) -> Any:
    """A program of an agent with a token for all that can be done with shipments."""
    agent = desk("agent")
    scopes = [one.name for one in (START, UPLOAD, READ_JOB, CHANGE, PLAN, DELETE, DOWNLOAD)]
    token = create_token(actor=agent.actor, name="ERP", scopes=scopes, days=1, now=timezone.now())
    client = Client(headers={"host": "localhost", "authorization": f"Bearer {token.secret}"})
    return type(agent)(client, agent.owner, agent.actor)


def sent(client: Client, text: str = BOOK, **options: Any) -> Any:
    book = SimpleUploadedFile("orders.csv", text.encode())
    return client.post("/api/shipments", {"book": book, "options": json.dumps(options)})


def posted(client: Client, place: str, **body: Any) -> Any:
    return client.post(place, json.dumps(body), content_type="application/json")


def fresh(job: Job) -> Job:
    found = job_by_id(job.id)
    assert found is not None
    return found


def test_a_program_ships_a_book(program: Any, work: Callable[[], int]) -> None:
    """Send, ask, correct, ask for the plan, delete."""
    client = program.client
    answer = sent(client, day="2026-04-20", rates=["USDCNY=7.1"], seconds=1, buyer="Ali")
    assert answer.status_code == 202, answer.content
    made = answer.json()
    place = answer.headers["Location"]
    assert place == f"/api/shipments/{made['key']}"
    assert (made["state"], made["options"]["buyer"], made["options"]["rates"]) == ("uploaded", "Ali", ["USDCNY=7.1"])
    assert made["progress"] == {"stage": "", "done": 0, "total": 0, "waits_for": 0}
    assert made["address"].endswith(f"/ship/{made['key']}/")
    work()
    assert client.get(place).json()["reading"]["errors"] == 1
    (finding,) = client.get(f"{place}/findings?severity=error").json()["items"]
    assert (finding["row"], finding["column"]) == (3, "C")

    cell = {"sheet": finding["sheet"], "row": finding["row"], "column": finding["column"], "value": "4"}
    assert posted(client, f"{place}/corrections", corrections=[cell]).status_code == 202
    work()
    lines = client.get(f"{place}/lines").json()["items"]
    assert [(one["line"]["item"], one["line"]["cartons"], one["state"]) for one in lines] == [
        ("K1", 3, "ships"),
        ("K2", 4, "ships"),
    ]
    for _ in range(2):  # asked for twice, done once
        assert posted(client, f"{place}/plan").json()["state"] == "planning"
    assert client.delete(place).status_code == 204
    assert client.get(place).status_code == 404
    assert work() == 1, "the worker finds nothing to do"


def test_a_program_takes_the_papers(program: Any, make_job: MakeJob, made: Any) -> None:
    place = f"/api/shipments/{make_job(owner=program.owner).key}"
    done = program.client.get(place).json()
    assert (done["state"], done["plan"]["cartons"], done["progress"]) == ("planned", made.plan_summary["cartons"], None)
    item = program.client.get(f"{place}/declarations").json()["items"][0]
    assert all(part["cells"]["cartons"] for part in item["item"]["parts"])
    names = {one["name"] for one in program.client.get(f"{place}/files").json()["items"]}
    assert names == {*job_views.PAPERS, "layers-01.svg", "checked.xlsx"}
    papers = b"".join(program.client.get(f"{place}/files/all.zip").streaming_content)
    with ZipFile(BytesIO(papers)) as archive:
        assert set(archive.namelist()) == names
    assert program.client.get(f"{place}/files/parts").status_code == 404


def test_reading_and_planning_can_be_asked_for_at_once(program: Any) -> None:
    book = SimpleUploadedFile("orders.csv", BOOK.encode())
    key = program.client.post("/api/shipments", {"book": book, "plan": "true"}).json()["key"]
    assert ShippingJob.objects.get(key=key).plan_when_read


def test_the_document_of_options_knows_every_one() -> None:
    assert set(OptionsIn.model_fields) == {*OPTION_FIELDS, *PROFILE_FIELDS}
    assert set(ProfileIn.model_fields) == set(PROFILE_FIELDS)


def test_a_request_that_is_sent_twice_makes_one_shipment(program: Any) -> None:
    headers = {"Idempotency-Key": "order 1".replace(" ", "-")}
    answers = []
    for _ in range(2):
        book = SimpleUploadedFile("orders.csv", BOOK.encode())
        answers.append(program.client.post("/api/shipments", {"book": book}, headers=headers))
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert ShippingJob.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "options", "code", "field"),
    [
        ("", {}, "book_empty", None),
        ("%PDF-1.7", {}, "not_a_workbook", None),
        (BOOK, {"container": "50HC"}, "options_wrong", "container"),
        (BOOK, {"seconds": 0, "day": "x"}, "options_wrong", "day"),
        (BOOK, {"nonsense": 1}, "options_object", "options"),
    ],
)
def test_what_is_wrong_is_said_in_the_one_shape(
    program: Any, files: Path, text: str, options: dict[str, Any], code: str, field: str | None
) -> None:
    answer = sent(program.client, text, **options)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["code"] == code
    assert error.get("field") == field
    assert error["message"]
    assert not list(files.glob("*"))


def test_all_wrong_options_are_told(program: Any) -> None:
    details = sent(program.client, seconds=0, day="x").json()["error"]["details"]
    assert [(one["field"], one["code"]) for one in details["fields"]] == [
        ("day", "option_day"),
        ("seconds", "option_number"),
    ]


def test_lists_are_read_page_by_page(program: Any, make_job: MakeJob) -> None:
    made = [make_job(owner=program.owner) for _ in range(3)]
    for place, count in (
        ("/api/shipments", 3),
        (f"/api/shipments/{made[0].key}/lines", len(job_views.all_lines(made[0], {}))),
        (f"/api/shipments/{made[0].key}/findings", len(job_views.all_findings(made[0]))),
        (f"/api/shipments/{made[0].key}/declarations", len(list(job_views.items(made[0])))),
    ):
        items: list[Any] = []
        cursor = ""
        for _ in range(count + 1):
            page = program.client.get(f"{place}?limit=2&cursor={cursor}").json()
            items += page["items"]
            cursor = page["next"]
            if cursor is None:
                break
        whole = program.client.get(f"{place}?limit=200").json()["items"]
        assert items == whole
        assert len(items) == count > 1


def test_options_lines_and_columns_are_changed(program: Any, make_job: MakeJob) -> None:
    job = make_job(owner=program.owner)
    place = f"/api/shipments/{job.key}"
    changed = program.client.patch(f"{place}/options", '{"containers_max": 1}', content_type="application/json").json()
    assert (changed["options"]["containers_max"], changed["state"], changed["plan"]) == (1, "read", None)
    line = job_views.all_lines(fresh(job), {})[0][1].told
    where = {"sheet": line["sheet"], "row": line["row"]}
    assert posted(program.client, f"{place}/lines", leave_out=[where, {"sheet": "no", "row": 1}]).status_code == 200
    assert fresh(job).left_out == (LinePlace(line["sheet"], line["row"], line["item"]),)
    tables = program.client.get(f"{place}/columns").json()["items"]
    (table,) = [one for one in tables if one["is_list"]]
    for body in (
        {"key": "unknown", "columns": {"A": "item"}},
        {"key": "", "columns": {"A": "item"}},
        {"key": table["key"], "header_row": 3, "columns": {"A": "item"}},
    ):
        assert posted(program.client, f"{place}/columns", **body).json()["error"]["field"] == "key"
    bad = posted(program.client, f"{place}/columns", key=table["key"], columns={"A": "nonsense"})
    assert (bad.status_code, bad.json()["error"]["code"]) == (422, "map_field_unknown")
    assert posted(program.client, f"{place}/columns", key=table["key"], columns={"A": "note"}).status_code == 202
    assert fresh(job).state is State.UPLOADED


def test_what_is_said_of_an_older_book_is_refused(program: Any, make_job: MakeJob) -> None:
    """A program that says which revision it looked at changes nothing in a book that was replaced since."""
    job = make_job(owner=program.owner)
    place, client = f"/api/shipments/{job.key}", program.client
    key = client.get(f"{place}/columns").json()["items"][0]["key"]
    line = client.get(f"{place}/lines").json()["items"][0]["line"]
    at = {"sheet": line["sheet"], "row": line["row"]}
    said: list[tuple[str, dict[str, Any]]] = [
        ("lines", {"leave_out": [at]}),
        ("columns", {"key": key, "columns": {"A": "mark"}}),
        ("corrections", {"corrections": [{**at, "column": "D", "value": "7"}]}),
    ]
    ShippingJob.objects.filter(id=job.id).update(revision=2, book_revision=2, read_revision=2, state="read")
    job_files.reading_folder(job.id, 1).rename(job_files.reading_folder(job.id, 2))
    before = fresh(job)
    for name, body in said:
        refused = posted(client, f"{place}/{name}", **body, revision=1)
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "job_book_changed")
    assert fresh(job) == before
    assert posted(client, f"{place}/lines", **said[0][1], revision=2).status_code == 200


def test_what_is_gone_from_the_disk_is_said_in_the_one_shape(program: Any, make_job: MakeJob) -> None:
    job = make_job(owner=program.owner)
    for name in ("read", "plan"):
        shutil.rmtree(job_files.folder_of(job.id) / name)
    for name in ("findings", "columns", "lines", "declarations"):
        answer = program.client.get(f"/api/shipments/{job.key}/{name}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "job_results_gone")


def test_what_nobody_owns_is_kept_by_no_cache(desk: Callable[..., Any], make_job: MakeJob) -> None:
    job, visitor = make_job(), desk().client
    for name in ("", "/lines", "/files", "/files/shipment.json", "/files/all.zip"):
        answer = visitor.get(f"/api/shipments/{job.key}{name}")
        assert answer.headers["Cache-Control"] == "private, no-cache", name
        if answer.streaming:
            b"".join(answer.streaming_content)


def test_a_book_is_replaced_stopped_and_the_last_container_left(program: Any, make_job: MakeJob, made: Any) -> None:
    job = make_job(owner=program.owner, plan_summary={**made.plan_summary, "containers": 2})
    place = f"/api/shipments/{job.key}"
    assert posted(program.client, f"{place}/leave-last").json()["options"]["containers_max"] == 1
    assert posted(program.client, f"{place}/stop").json()["state"] == "stopped"
    assert posted(program.client, f"{place}/leave-last").json()["error"]["code"] == "job_has_no_plan"
    book = SimpleUploadedFile("mended.csv", BOOK.encode())
    answer = program.client.post(f"{place}/book", {"book": book})
    assert (answer.status_code, answer.json()["file"], answer.json()["state"]) == (202, "mended.csv", "uploaded")


def test_anothers_shipment_is_not_there(program: Any, make_job: MakeJob, desk: Callable[..., Any]) -> None:
    job = make_job(owner=desk("agent").owner)
    for method, place in (
        ("get", ""), ("delete", ""), ("get", "/lines"), ("get", "/findings"), ("get", "/files/invoice.pdf"),
        ("post", "/plan"), ("post", "/stop"),
    ):  # fmt: skip
        answers = [getattr(program.client, method)(f"/api/shipments/{key}{place}") for key in (job.key, "x" * 32)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    assert fresh(job) == job
    assert program.client.get("/api/shipments").json()["items"] == []


def test_a_visitor_at_the_open_desk_has_no_list(desk: Callable[..., Any], make_job: MakeJob) -> None:
    make_job()
    visitor = desk().client
    assert visitor.get("/api/shipments").json() == {"items": [], "next": None}
    assert sent(visitor, seconds=16).json()["error"]["field"] == "seconds"
    assert sent(visitor, seconds=15).json()["expires_at"] is not None


def test_a_failed_shipment_says_why_in_the_readers_language(program: Any, make_job: MakeJob) -> None:
    job = make_job("failed", owner=program.owner, error_rule="job_attempts", error_details={"attempts": 3})
    answer = program.client.get(f"/api/shipments/{job.key}", headers={"accept-language": "ru"}).json()
    assert answer["error"]["code"] == "job_attempts"
    assert "попыток" in answer["error"]["message"]
