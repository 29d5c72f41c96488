"""Order lists for the tests of shipping."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sundry.goods.shipping.actions import ShipOptions

HEADER = [
    "摊位",
    "货号",
    "品名",
    "箱数",
    "装箱数",
    "单价",
    "毛重KG",
    "净重KG",
    "长cm",
    "宽cm",
    "高cm",
    "HS编码",
    "备注",
]
LINE: dict[str, Any] = {
    "摊位": "A1-1001",
    "货号": "K1",
    "品名": "杯",
    "箱数": 10,
    "装箱数": 36,
    "单价": 2.5,
    "毛重KG": 12,
    "净重KG": 11,
    "长cm": 50,
    "宽cm": 40,
    "高cm": 30,
    "HS编码": "6912001000",
    "备注": None,
}

WriteOrders = Callable[..., Path]


@pytest.fixture
def orders(tmp_path: Path) -> WriteOrders:
    """orders({...}, {...}) writes a book of lines that differ from LINE by what is given; item numbers count up."""

    def write(*lines: dict[str, Any], name: str = "orders.xlsx") -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "订单"
        sheet.append(HEADER)
        for number, line in enumerate(lines, 1):
            whole = LINE | {"货号": f"K{number}"} | line
            for column, header in enumerate(HEADER, 1):
                cell = sheet.cell(number + 1, column)
                cell.value = whole[header]
                if isinstance(whole[header], str):
                    cell.data_type = "s"  # `=cmd` is a name here, not a formula
        path = tmp_path / name
        book.save(path)
        return path

    return write


@pytest.fixture(scope="session")
def options() -> ShipOptions:
    return ShipOptions(day=date(2026, 4, 20), rates=("USDCNY=7.10",), seconds=0.2)


# Jobs: a reading and a plan are made once for all tests; a job gets a copy of their folder.


@dataclass(frozen=True, slots=True)
class Made:
    """The folder of a job that was read and planned, and its summaries."""

    folder: Path
    book: str
    read_summary: dict[str, Any]
    plan_summary: dict[str, Any]
    options: Any


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The sample book, small, as the worker reads and plans it."""
    from sundry.goods.shipping import job_parts
    from sundry.goods.shipping.actions import ShipOptions
    from sundry.goods.shipping.job_files import parts_of_plan
    from sundry.goods.shipping.job_reading import (
        CHECKED,
        PARTS,
        Marking,
        Reading,
        mark_in_process,
        read_in_process,
    )
    from sundry.goods.shipping.job_rules import JobOptions
    from sundry.goods.shipping.process import ship_in_process
    from sundry.simulation.order_book import write_sample

    folder = tmp_path_factory.mktemp("made")
    options = JobOptions(day=date(2026, 4, 20), rates=("USDCNY=7.1",), seconds=1)
    book = folder / "book" / "订单 1.xlsx"
    book.parent.mkdir()
    write_sample(book, stalls=8, lines=60)
    reading = Reading(book, options.day, "CNY", "en", {}, None, ())
    (folder / "read").mkdir()
    told = read_in_process(reading, folder, should_stop=lambda: False)
    place = (folder / PARTS).rename(folder / "read" / "1")
    mark_in_process(Marking(book, place, "en", ()), folder, should_stop=lambda: False)
    (folder / CHECKED).rename(place / CHECKED)
    plan = folder / "plan" / "1"
    shipped = ShipOptions(day=options.day, rates=options.rates, seconds=1.0, remembered={})
    result = ship_in_process(book, plan, shipped)
    parts_of_plan(plan).mkdir()
    lines = job_parts.part(folder / "read" / "1", job_parts.LINES)
    summary = job_parts.write_plan(parts_of_plan(plan), result, lines, {})
    return Made(folder, book.name, told["read"], json.loads(json.dumps(summary)), options)


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    """A folder of one's own for the files of jobs."""
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files" / "shipping"


MakeJob = Callable[..., Any]


@pytest.fixture
def make_job(db: None, made: Made, files: Path) -> MakeJob:
    """make_job(state="planned" | "read" | ..., owner=...) has the sample's results without any work."""
    from django.utils import timezone

    from sundry.base.access.rules import Owner
    from sundry.goods.shipping import job_files
    from sundry.goods.shipping.job_queries import job_from
    from sundry.goods.shipping.job_rules import AWAITED, State, expiry
    from sundry.goods.shipping.models import ShippingJob

    def make(state: str = "planned", owner: Owner | None = None, **changes: Any) -> Any:
        owner = owner or Owner()
        now = timezone.now()
        was_read, was_planned = state in ("read", "planning", "planned"), state == "planned"
        fields: dict[str, Any] = {
            "person_id": owner.person,
            "organisation_id": owner.organisation,
            "file_name": made.book,
            "book_bytes": 1,
            "language": "en",
            "options": made.options.to_json(),
            "state": state,
            "read_revision": 1 if was_read else None,
            "plan_revision": 1 if was_planned else None,
            "read_summary": made.read_summary if was_read else None,
            "plan_summary": made.plan_summary if was_planned else None,
            "queued_at": now if State(state) in AWAITED else None,
            "error_rule": "job_crashed" if state == "failed" else "",
            "expires_at": expiry(owner, now),
        }
        row = ShippingJob.objects.create(**fields | changes)
        folder = job_files.folder_of(row.id)
        shutil.copytree(made.folder / "book", folder / "book")
        if was_read:
            shutil.copytree(made.folder / "read", folder / "read")
        if was_planned:
            shutil.copytree(made.folder / "plan", folder / "plan")
        return job_from(row)

    return make


@pytest.fixture(autouse=True)
def empty_queue(request: pytest.FixtureRequest) -> None:
    """What a test that commits puts into the queue stays there: its tables are not Django's to empty."""
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        request.getfixturevalue("db")
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def work(db: None) -> Callable[[], int]:
    """work() does in this process what the worker would; how many tasks there were."""
    from django.db import connection

    from sundry.goods.shipping import job_actions, jobs
    from sundry.goods.shipping.job_rules import Work

    kinds = {job_actions.READ_TASK: Work.READ, job_actions.PLAN_TASK: Work.PLAN}
    take = """
        DELETE FROM procrastinate_jobs WHERE id = (
            SELECT id FROM procrastinate_jobs WHERE status = 'todo' AND task_name LIKE 'shipping.%%'
            ORDER BY priority DESC, id LIMIT 1
        ) RETURNING task_name, args
    """

    def run() -> int:
        done = 0
        while True:
            with connection.cursor() as cursor:
                cursor.execute(take)
                found = cursor.fetchone()
            if found is None:
                return done
            task, told = found
            told = json.loads(told) if isinstance(told, str) else told
            if task == job_actions.MARK_TASK:
                jobs.mark_copy(uuid.UUID(told["job"]), told["revision"])
            else:
                jobs.attempt(uuid.UUID(told["job"]), kinds[task], told["revision"])
            done += 1

    return run


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at a browser, and whose a job of hers is."""

    client: Any
    owner: Any
    actor: Any


@pytest.fixture
def desk(db: None) -> Callable[..., Desk]:
    """desk() is a visitor's; desk("agent") that of somebody who acts for a new organisation of that kind."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from sundry.base.access.rules import PERSON, Actor, Kind, Owner, Position, role_of
    from sundry.base.parties.models import Membership, Organisation

    def sit(kind: str = "") -> Desk:
        client = Client(headers={"host": "localhost"})
        if not kind:
            return Desk(client, Owner(), Actor(open_desk=True))
        name = uuid.uuid4().hex[:12]
        person = get_user_model().objects.create(name=name, email=f"{name}@example.com")
        client.force_login(person)
        if kind == "person":
            return Desk(client, Owner(person=person.pk), Actor(role=PERSON, person=person.pk))
        organisation = Organisation.objects.create(kind=kind, name=name)
        Membership.objects.create(person=person, organisation=organisation, position=Position.MEMBER)
        actor = Actor(role=role_of(Kind(kind), Position.MEMBER), person=person.pk, organisation=organisation.pk)
        return Desk(client, actor.owner(), actor)

    return sit
