"""The task list of a job: what there is to do, in its order, and how each part stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from sundry.goods.shipping.job_rules import Job, State
from sundry.goods.shipping.profiles import MISSING_MATTERS


@dataclass(frozen=True, slots=True)
class Task:
    """A row of the list; `state` is that of a badge, `word` what it says."""

    address: str
    label: str
    state: str
    word: str


def tasks(job: Job) -> Iterator[Task]:
    read: Mapping[str, Any] = (job.read_summary or {}) if job.has_reading else {}
    plan: Mapping[str, Any] = (job.plan_summary or {}) if job.has_plan else {}
    yield Task(_to(job, "ship_book"), gettext("Order book"), *_book(job))
    yield Task(_to(job, "ship_columns") if read else "", gettext("Columns"), *_columns(read))
    yield Task(_to(job, "ship_findings") if read else "", gettext("Findings"), *_findings(plan or read))
    yield Task(_to(job, "ship_lines") if read else "", gettext("Lines"), *_lines(job, read))
    yield Task(_to(job, "ship_options"), gettext("Options and parties"), *_options(job))
    yield Task(_to(job, "ship_containers") if plan else "", gettext("Containers"), *_containers(job, plan))
    yield Task(_to(job, "ship_declarations") if plan else "", gettext("Declarations"), *_declarations(plan))
    yield Task(_to(job, "ship_files") if plan or read else "", gettext("Papers"), *_papers(plan, read))


def _to(job: Job, page: str) -> str:
    return reverse(page, kwargs={"job": job.key})


_NOT_YET = "waiting"


def _waits() -> tuple[str, str]:
    return _NOT_YET, gettext("Cannot start yet")


def _book(job: Job) -> tuple[str, str]:
    if job.state is State.FAILED and not job.has_reading:
        return "error", gettext("Cannot be read")
    return ("ok", gettext("Read")) if job.has_reading else ("working", gettext("Not read yet"))


def _columns(read: Mapping[str, Any]) -> tuple[str, str]:
    if not read:
        return _waits()
    if read["header_missing"]:
        return "error", gettext("No header was recognised")
    unknown = read["unknown_columns"]
    if not unknown:
        return "ok", gettext("All understood")
    text = ngettext("%(count)s column is not used", "%(count)s columns are not used", unknown)
    return "neutral", text % {"count": unknown}


def _findings(summary: Mapping[str, Any]) -> tuple[str, str]:
    if not summary:
        return _waits()
    errors, warnings = summary["errors"], summary["warnings"]
    if errors:
        return "error", ngettext("%(count)s error", "%(count)s errors", errors) % {"count": errors}
    if warnings:
        return "attention", ngettext("%(count)s warning", "%(count)s warnings", warnings) % {"count": warnings}
    return "ok", gettext("Nothing to mend")


def _lines(job: Job, read: Mapping[str, Any]) -> tuple[str, str]:
    if not read:
        return _waits()
    if not read["lines"]:
        return "error", gettext("No line can be shipped")
    if job.left_out:
        left = len(job.left_out)
        text = ngettext("%(count)s left out by you", "%(count)s left out by you", left)
        return "attention", text % {"count": left}
    return "ok", ngettext("%(count)s line", "%(count)s lines", read["lines"]) % {"count": read["lines"]}


def _options(job: Job) -> tuple[str, str]:
    missing = [name for name in MISSING_MATTERS if not getattr(job.options.profile, name)]
    if not missing:
        return "ok", gettext("Complete")
    text = ngettext("%(count)s blank to fill in", "%(count)s blanks to fill in", len(missing))
    return "attention", text % {"count": len(missing)}


def _containers(job: Job, plan: Mapping[str, Any]) -> tuple[str, str]:
    if job.state is State.PLANNING:
        return "working", gettext("In progress")
    if not plan:
        return _waits()
    count = plan["containers"]
    if not count:
        return "error", gettext("No line can be shipped")
    return "ok", ngettext("%(count)s container", "%(count)s containers", count) % {"count": count}


def _declarations(plan: Mapping[str, Any]) -> tuple[str, str]:
    if not plan:
        return _waits()
    return "ok", ngettext("%(count)s form", "%(count)s forms", plan["forms"]) % {"count": plan["forms"]}


def _papers(plan: Mapping[str, Any], read: Mapping[str, Any]) -> tuple[str, str]:
    if plan:
        return "ok", gettext("Ready")
    return ("neutral", gettext("Your book with the findings marked")) if read else _waits()
