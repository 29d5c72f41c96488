"""The task list says how each part of a job stands, and leads to those that are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sundry.goods.shipping.job_rules import Job, LinePlace
from sundry.goods.shipping.job_tasks import tasks

MakeJob = Callable[..., Job]
pytestmark = pytest.mark.django_db

ORDER = ["Order book", "Columns", "Findings", "Lines", "Options and parties", "Containers", "Declarations", "Papers"]


def states(job: Job) -> list[str]:
    return [task.state for task in tasks(job)]


def test_what_cannot_start_yet_leads_nowhere(make_job: MakeJob) -> None:
    shown = list(tasks(make_job("uploaded")))
    assert [task.label for task in shown] == ORDER
    assert [task.label for task in shown if not task.address] == [
        task.label for task in shown if task.state == "waiting"
    ]
    assert shown[0].state == "working"
    assert all(task.address for task in tasks(make_job("planned")))


def test_errors_are_errors_and_warnings_ask_for_a_look(make_job: MakeJob, made: Any) -> None:
    def findings(**counts: int) -> tuple[str, str]:
        task = list(tasks(make_job("read", read_summary={**made.read_summary, **counts})))[2]
        return task.state, task.word

    assert findings(errors=1, warnings=5) == ("error", "1 error")
    assert findings(errors=2, warnings=0) == ("error", "2 errors")
    assert findings(errors=0, warnings=1) == ("attention", "1 warning")
    assert findings(errors=0, warnings=0) == ("ok", "Nothing to mend")


def test_a_plan_under_way_is_shown(make_job: MakeJob) -> None:
    assert states(make_job("planning"))[5:] == ["working", "waiting", "neutral"]
    assert states(make_job("planned"))[5:] == ["ok", "ok", "ok"]


def test_a_book_that_cannot_be_read_says_so(make_job: MakeJob, made: Any) -> None:
    assert states(make_job("failed"))[0] == "error"
    missing = {**made.read_summary, "header_missing": True, "lines": 0}
    assert states(make_job("read", read_summary=missing))[1:4] == ["error", "error", "error"]


def test_what_she_left_out_and_did_not_fill_in_is_counted(make_job: MakeJob) -> None:
    job = make_job("read", left_out=[LinePlace("S", 2, "K1").to_json()])
    words = [task.word for task in tasks(job)]
    assert words[3] == "1 left out by you"
    assert words[4] == "7 blanks to fill in"


def test_a_plan_that_loads_nothing_is_no_success(make_job: MakeJob, made: Any) -> None:
    """A list without any size: its lines can be declared, but nothing knows how to load them."""
    job = make_job("planned", plan_summary={**made.plan_summary, "containers": 0, "forms": 0})
    assert [(task.state, task.word) for task in tasks(job)][5] == ("error", "No line can be shipped")
