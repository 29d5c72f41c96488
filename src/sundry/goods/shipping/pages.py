"""The main job as pages. Each translates a request into one action or query; all read and post without JavaScript.

A page under /ship/<key>/ loads the job, asks whether it is hers, and shows a slice of it. What changes something is a
POST to an address of its own and answers with a redirect; where a value was wrong, with the same page and the mistake
at its field. A second click finds the thing done and answers like the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template import Context, Template
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from sundry.base.access.actions import TooMany
from sundry.base.access.guard import actor_of, guarded
from sundry.base.access.rules import SIGNED_IN, Owner
from sundry.goods.consolidation.formats.loading_view import view_data, view_markup
from sundry.goods.orders.queries import field_choices
from sundry.goods.shipping import job_actions, job_files, job_views
from sundry.goods.shipping.job_downloads import zipped
from sundry.goods.shipping.job_forms import BookForm, OptionsForm, StartForm, options_given, options_initial
from sundry.goods.shipping.job_queries import JobRow, job_by_id, jobs_before, jobs_of, jobs_with_keys
from sundry.goods.shipping.job_requests import (
    HELD_KEYS,
    book_sent,
    changes,
    hold,
    id_of_token,
    job_of,
    may_change,
    new_token,
    not_there,
    of_results,
    page_language,
    seen_in,
    to,
    with_limited_body,
)
from sundry.goods.shipping.job_rules import (
    BOOK_BYTES_MAX,
    CHANGE,
    CLAIM,
    DELETE,
    DOWNLOAD,
    PLAN,
    READ_JOB,
    START,
    UPLOAD,
    AlreadyDone,
    Fault,
    Job,
    JobOptions,
    OptionsWrong,
    State,
    check_seen,
    options_from,
    seconds_most,
)
from sundry.goods.shipping.job_tasks import tasks
from sundry.kernel.errors import SundryError
from sundry.kernel.exchange import Rate, latest_rate
from sundry.kernel.messages import catalogue
from sundry.kernel.messages import render as rule_text
from sundry.kernel.parameters import parameters

JOBS_SHOWN = 20
Answer = TypeVar("Answer", bound=HttpResponseBase)


# The first page.


@guarded(START)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Drop a book, paste rows, take the sample; and the jobs that were made before."""
    form = StartForm(initial={"job": new_token(), "currency": "CNY", "day": timezone.localdate()})
    return _start_page(request, form)


def _start_page(request: HttpRequest, form: StartForm, status: int = 200) -> HttpResponse:
    rows, page = _jobs_shown(request)
    context = {"form": form, "jobs": rows, "page": page}
    return _hers_alone(render(request, "shipping/start.html", context, status=status))


def _jobs_shown(request: HttpRequest) -> tuple[list[Mapping[str, Any]], job_views.Slice[None]]:
    """Her newest jobs; of a visitor those that were made in this browser."""
    owner = actor_of(request).owner()
    if owner == Owner():
        held = request.session.get(HELD_KEYS, [])
        return [_row(job) for job in (jobs_with_keys(held) if held else ())], job_views.Slice(())
    before = job_views.id_in(request.GET.get("before", ""))
    found = jobs_of(owner, before=before, limit=JOBS_SHOWN + 1)
    older = "?" + urlencode({"before": str(found[JOBS_SHOWN - 1].id)}) if len(found) > JOBS_SHOWN else ""
    return [_row(job) for job in found[:JOBS_SHOWN]], job_views.Slice((), next=older, previous="?" if before else "")


def _row(job: JobRow) -> Mapping[str, Any]:
    state, word = state_shown(job.state)
    return {"job": job, "state": state, "word": word}


def state_shown(state: State) -> tuple[str, str]:
    """(badge, word) of a job's state."""
    return {
        State.UPLOADED: ("waiting", gettext("Waits to be read")),
        State.READING: ("working", gettext("Being read")),
        State.READ: ("neutral", gettext("Read")),
        State.PLANNING: ("working", gettext("Being planned")),
        State.PLANNED: ("ok", gettext("Planned")),
        State.STOPPED: ("attention", gettext("Stopped")),
        State.FAILED: ("error", gettext("Failed")),
    }[state]


_TOO_LARGE = Fault("book", "upload_too_large", {"megabytes": BOOK_BYTES_MAX // 1_000_000})


def _new_too_large(request: HttpRequest) -> HttpResponse:
    form = StartForm({"job": new_token(), "currency": "CNY", "day": timezone.localdate()})
    form.tell([_TOO_LARGE], page_language())
    return _start_page(request, form, 413)


@guarded(UPLOAD)
@with_limited_body(_new_too_large)
def new(request: HttpRequest) -> HttpResponse:
    """A new job for a book or for pasted rows."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("ship_start"))
    form = StartForm(request.POST, request.FILES)
    job_id = id_of_token(request.POST.get("job", ""))
    try:
        given = {name: request.POST[name] for name in ("currency", "day") if name in request.POST}
        options = options_from(given, JobOptions(day=timezone.localdate(), language=page_language()))
        name, write = book_sent(request.FILES.get("book"), request.POST.get("pasted", ""))
        job = job_actions.upload(
            actor=actor_of(request),
            job=job_id,
            name=name,
            write=write,
            options=options,
            language=page_language(),
            now=timezone.now(),
        )
    except AlreadyDone:
        known = job_by_id(job_id)
        if known is None or not actor_of(request).owns(known.owner):
            raise not_there(request, UPLOAD) from None
        job = known
    except SundryError as refusal:
        _tell(form, refusal)
        return _start_page(request, form, _status(refusal))
    hold(request, job)
    return to("ship_job", job)


def _tell(form: BookForm, refusal: SundryError) -> None:
    """What was wrong, at its field: what is no option's fault is the book's, or that of the pasted rows."""
    if isinstance(refusal, OptionsWrong):
        form.tell(refusal.faults, page_language())
    else:
        field = "pasted" if form.data.get("pasted", "").strip() and not form.files.get("book") else "book"
        form.add_error(field, refusal.message(page_language()))


def _status(refusal: SundryError) -> int:
    return 429 if isinstance(refusal, TooMany) else 422


# A job.


def _page(request: HttpRequest, job: Job, name: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """A page of a job, with what every one of them shows."""
    state, word = state_shown(job.state)
    common = {
        "job": job,
        "badge_state": state,
        "badge_word": word,
        "may_change": may_change(request, job),
        "progress": _progress(job),
        "stays": _is_typed_on(job, name),
        "error": job.error_message(page_language()),
    }
    return _hers_alone(render(request, f"shipping/{name}.html", common | dict(context), status=status))


def _is_typed_on(job: Job, name: str) -> bool:
    """Whether something may be typed or ticked on the page, which it must not lose when the work ends."""
    return name in ("book", "options") or (name in ("findings", "columns", "lines") and job.has_reading)


def _hers_alone(response: Answer) -> Answer:
    """What stands behind an unguessable address is kept by no cache on the way, and found by no search engine."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _progress(job: Job) -> Mapping[str, Any] | None:
    """What is being done for a job, in words and real counts."""
    if not job.is_awaited:
        return None
    if job.is_waiting:
        before = jobs_before(job)
        return {"label": _waiting(before), "done": 0, "total": 0, "is_waiting": True}
    rule = f"stage_{job.stage or 'reading'}"
    label = rule_text(rule, page_language(), {}) if rule in catalogue() else gettext("Working")
    return {"label": label, "done": job.done, "total": job.total, "is_waiting": False}


def _waiting(before: int) -> str:
    if not before:
        return gettext("Waits for a free worker. No job is before yours.")
    text = ngettext(
        "Waits for a free worker. %(count)s job is before yours.",
        "Waits for a free worker. %(count)s jobs are before yours.",
        before,
    )
    return text % {"count": before}


@guarded(READ_JOB)
@require_safe
def overview(request: HttpRequest, job: str) -> HttpResponse:
    """How far it is, what is left to do, the figures, and the question of the last container."""
    found = job_of(request, job, READ_JOB)
    if request.session.session_key:  # a program that keeps no cookies would make a session at each visit
        hold(request, found)
    summary = found.plan_summary if found.has_plan else found.read_summary if found.has_reading else None
    offer = (found.plan_summary or {}).get("offer") if found.has_plan else None
    if offer is not None and found.kept_revision == found.revision:
        offer = None
    context = {
        "summary": summary,
        "values": sorted((summary or {}).get("value_minor", {}).items()),
        "offer": offer,
        "offer_stalls": offer["stalls"][:12] if offer else (),
        "tasks": list(tasks(found)),
        "may_plan": found.has_reading and bool((found.read_summary or {}).get("lines")) and not found.is_awaited,
        "may_read_again": not found.is_awaited and (not found.has_reading or job_files.has_lost_results(found)),
        "address": settings.SUNDRY.address + reverse("ship_job", kwargs={"job": found.key}),
        "may_claim": found.is_anonymous and actor_of(request).role in SIGNED_IN,
    }
    return _page(request, found, "job", context)


@guarded(READ_JOB)
@require_safe
def progress(request: HttpRequest, job: str) -> HttpResponse:
    """The part of a page that asks for itself each second; when all is done it has the page loaded anew, or where she
    may be typing (`stays`), says so and leaves that to her."""
    found = job_of(request, job, READ_JOB)
    if getattr(request, "htmx", False):
        stays = "stays" in request.GET
        if not found.is_awaited and not stays:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return _page(request, found, "progress", {"stays": stays, "is_over": not found.is_awaited})
    return to("ship_job", found)


# The book.


@guarded(READ_JOB)
@require_safe
def book(request: HttpRequest, job: str) -> HttpResponse:
    """The book, and another one in its place."""
    return _page(request, job_of(request, job, READ_JOB), "book", {"form": BookForm()})


def _replace_too_large(request: HttpRequest, job: str) -> HttpResponse:
    form = BookForm({})
    form.tell([_TOO_LARGE], page_language())
    return _page(request, job_of(request, job, UPLOAD), "book", {"form": form}, 413)


@guarded(UPLOAD)
@with_limited_body(_replace_too_large)
def replace_book(request: HttpRequest, job: str) -> HttpResponse:
    found = job_of(request, job, UPLOAD)
    if request.method != "POST":
        return to("ship_book", found)
    form = BookForm(request.POST, request.FILES)
    try:
        name, write = book_sent(request.FILES.get("book"), request.POST.get("pasted", ""))
        actor, now = actor_of(request), timezone.now()
        job_actions.replace_book(actor=actor, job=found, name=name, write=write, now=now)
    except job_actions.JobGone as gone:
        raise not_there(request, UPLOAD) from gone
    except SundryError as refusal:
        _tell(form, refusal)
        return _page(request, found, "book", {"form": form}, _status(refusal))
    messages.success(request, gettext("The book was replaced and is read again."))
    return to("ship_job", found)


# Findings.


@guarded(READ_JOB)
@require_safe
@of_results
def findings(request: HttpRequest, job: str) -> HttpResponse:
    """Errors first, each with its row and a field for the right value."""
    found = job_of(request, job, READ_JOB)
    query = request.GET.dict()
    shown = job_views.cards(found, query)
    summary = (found.plan_summary if found.has_plan else found.read_summary) or {}
    counts = [(name, summary.get(f"{name}s", 0)) for name in ("error", "warning", "note")]
    context = {
        "shown": shown,
        "counts": counts,
        "query": query,
        "is_filtered": any(query.get(name) for name in ("severity", "sheet", "row")),
        "sheets": job_views.sheets(found),
        "corrected": [(f"cell:{one.column_letter}:{one.row}:{one.sheet}", one) for one in found.corrections[:200]],
        "has_checked": "checked.xlsx" in job_views.downloads(found),
    }
    return _page(request, found, "findings", context)


@changes(CHANGE, "ship_findings")
def corrections(request: HttpRequest, job: Job) -> HttpResponse | None:
    """Values typed in place of cells; or cells in which the book counts again."""
    actor, now, seen = actor_of(request), timezone.now(), seen_in(request)
    if "take_back" in request.POST:
        places = job_views.corrections_named(request.POST.getlist("take_back"))
        job_actions.take_back_corrections(actor=actor, job=job, places=places, now=now, seen=seen)
        messages.success(request, gettext("What the book says counts again. It is read again."))
        return None
    typed = job_views.corrections_typed(job, dict(request.POST.lists()))
    if not typed:
        check_seen(job.book_revision, seen)
        messages.info(request, gettext("Nothing was changed: every cell says what it said."))
        return None
    job_actions.correct_cells(actor=actor, job=job, corrections=typed, now=now, seen=seen)
    text = ngettext(
        "%(count)s cell was corrected. The book is read again.",
        "%(count)s cells were corrected. The book is read again.",
        len(typed),
    )
    messages.success(request, text % {"count": len(typed)})
    return None


# Columns.


@guarded(READ_JOB)
@require_safe
@of_results
def columns(request: HttpRequest, job: str) -> HttpResponse:
    """What each column is read as; where no header was recognised, the rows to choose one from."""
    found = job_of(request, job, READ_JOB)
    query = request.GET.dict()
    shown = job_views.tables(found, query)
    grids = job_views.grids(found, query) if (found.read_summary or {}).get("header_missing") else ()
    context = {
        "page": shown,
        "tables": [replace(table, columns=_worded(table.columns)) for table in shown.rows],
        "grids": [replace(grid, columns=_worded(grid.columns)) for grid in grids],
        "is_remembered": found.owner.organisation is not None,
    }
    return _page(request, found, "columns", context)


def _worded(columns: Iterable[job_views.ColumnShown]) -> tuple[job_views.ColumnShown, ...]:
    """The columns with the words of their slots, and the options of their fields."""
    words, choices = _field_words(page_language()), _field_options(page_language())
    return tuple(
        replace(
            column,
            word=words.get(column.slot) or words.get(column.slot.partition("_")[0], ""),
            choices=SafeString(choices.replace(f'value="{column.chosen}">', f'value="{column.chosen}" selected>')),
        )
        for column in columns
    )


@cache
def _field_words(language: str) -> Mapping[str, str]:
    return {choice.name: rule_text(choice.text, language, {}) for choice in field_choices()}


@cache
def _field_options(language: str) -> str:
    """The options of a field that says what a column holds: made once, as a page has hundreds of them."""
    return format_html_join("", '<option value="{}">{}</option>', _field_words(language).items())


@changes(CHANGE, "ship_columns")
def set_columns(request: HttpRequest, job: Job) -> HttpResponse | None:
    maps = job_views.maps_chosen(job, request.POST.dict())
    job_actions.set_columns(actor=actor_of(request), job=job, maps=maps, now=timezone.now(), seen=seen_in(request))
    messages.success(request, gettext("The columns are remembered. The book is read again."))
    return None


# Lines.


@guarded(READ_JOB)
@require_safe
@of_results
def lines(request: HttpRequest, job: str) -> HttpResponse:
    """Every line and what becomes of it."""
    found = job_of(request, job, READ_JOB)
    query = request.GET.dict()
    containers = (found.plan_summary or {}).get("containers", 0) if found.has_plan else 0
    context = {
        "shown": job_views.lines(found, query),
        "query": query,
        "back": urlencode({name: value for name, value in query.items() if value}),
        "sheets": job_views.sheets(found),
        "containers": range(1, containers + 1),
        "is_filtered": any(query.get(name) for name in ("q", "state", "sheet", "container")),
        "set_aside": (found.read_summary or {}).get("set_aside", 0),
        "badges": _line_badges(page_language()),
    }
    return _page(request, found, "lines", context)


@cache
def _line_badges(_language: str) -> Mapping[str, SafeString]:
    """What the state of a line is shown as: made once, as a page has a hundred of them."""
    shown = {
        "ships": ("neutral", gettext("Ships")),
        "loaded": ("ok", gettext("Loaded")),
        "waits": ("attention", gettext("Left out by the plan")),
        "set_aside": ("error", gettext("Set aside")),
        "left_out": ("waiting", gettext("Left out by you")),
        "must_travel": ("working", gettext("Must travel")),
    }
    template = Template("{% badge state word %}")
    return {
        name: SafeString(template.render(Context({"state": state, "word": word})))
        for name, (state, word) in shown.items()
    }


@changes(CHANGE, "ship_lines")
def choose_lines(request: HttpRequest, job: Job) -> HttpResponse | None:
    """Leave out, take in, must travel, may wait: for the rows that were chosen."""
    places = job_views.places_chosen(job, request.POST.getlist("row"))
    query = request.POST.get("back", "")
    back = to("ship_lines", job, f"?{urlencode(_pairs(query))}" if query else "")
    what = request.POST.get("what", "")
    check_seen(job.book_revision, seen_in(request))
    if not places or what not in ("leave_out", "take_in", "must_travel", "may_wait"):
        messages.info(request, gettext("Choose lines first."))
        return back
    try:
        actor, now = actor_of(request), timezone.now()
        job_actions.choose_lines(actor=actor, job=job, now=now, seen=seen_in(request), **{what: places})
    except AlreadyDone:
        return back
    text = ngettext("%(count)s line was changed.", "%(count)s lines were changed.", len(places))
    messages.success(request, text % {"count": len(places)})
    return back


def _pairs(query: str) -> list[tuple[str, str]]:
    """The filters of a query that a form brought back, and nothing else."""
    from urllib.parse import parse_qsl

    known = ("q", "state", "sheet", "container", "after", "before")
    return [(name, value) for name, value in parse_qsl(query) if name in known]


# Options.


@guarded(READ_JOB)
@require_safe
def options(request: HttpRequest, job: str) -> HttpResponse:
    """How it is planned, and who ships to whom."""
    found = job_of(request, job, READ_JOB)
    return _options_page(request, found, _options_form(found, initial=options_initial(found.options)))


def _options_form(job: Job, **given: Any) -> OptionsForm:
    return OptionsForm(currencies=_foreign(job), seconds_max=seconds_most(job.owner), **given)


def _foreign(job: Job) -> list[str]:
    """The currencies of the book that need a rate."""
    values = (job.read_summary or {}).get("value_minor", {})
    return sorted({*values, job.options.currency} - {"USD"})


def _options_page(request: HttpRequest, job: Job, form: OptionsForm, status: int = 200) -> HttpResponse:
    for field in form.fields.values():
        field.disabled = not may_change(request, job)
    return _page(request, job, "options", {"form": form, "rates": list(_default_rates(job))}, status)


def _default_rates(job: Job) -> Iterator[Rate]:
    """The rates that hold where she gives none, with their day and source."""
    known = parameters("exchange")
    for currency in _foreign(job):
        rate = latest_rate(currency, job.options.day, known)
        if rate is not None:
            yield rate


@changes(CHANGE, "ship_options")
def set_options(request: HttpRequest, job: Job) -> HttpResponse | None:
    """Save the options, or save them and plan."""
    form = _options_form(job, data=request.POST)
    given = options_given(form, job.options)
    wants_plan = "plan" in request.POST
    try:
        actor, now = actor_of(request), timezone.now()
        job = job_actions.set_options(actor=actor, job=job, given=given, now=now, plan_when_read=wants_plan)
    except OptionsWrong as wrong:
        form.tell(wrong.faults, page_language())
        return _options_page(request, job, form, 422)
    except AlreadyDone:
        if not wants_plan:
            messages.info(request, gettext("Nothing was changed."))
            return None
    if wants_plan and not job.is_awaited:
        job_actions.plan(actor=actor_of(request), job=job, now=timezone.now())
    elif wants_plan:
        messages.success(request, gettext("The options are saved. It is planned as soon as the book is read."))
    else:
        messages.success(request, gettext("The options are saved."))
    return to("ship_job", job)


# What a button does.


@changes(PLAN, "ship_job")
def plan(request: HttpRequest, job: Job) -> HttpResponse | None:
    job_actions.plan(actor=actor_of(request), job=job, now=timezone.now())
    return None


@changes(CHANGE, "ship_job")
def read_again(request: HttpRequest, job: Job) -> HttpResponse | None:
    job_actions.read_again(actor=actor_of(request), job=job, now=timezone.now())
    return None


@changes(CHANGE, "ship_job")
def stop(request: HttpRequest, job: Job) -> HttpResponse | None:
    job_actions.stop(actor=actor_of(request), job=job, now=timezone.now())
    messages.success(request, gettext("Stopped. Everything you entered is still here."))
    return None


@changes(PLAN, "ship_job")
def leave_last(request: HttpRequest, job: Job) -> HttpResponse | None:
    job_actions.leave_last(actor=actor_of(request), job=job, now=timezone.now())
    return None


@changes(CHANGE, "ship_job")
def keep_last(request: HttpRequest, job: Job) -> HttpResponse | None:
    job_actions.keep_last(actor=actor_of(request), job=job, now=timezone.now())
    return None


@changes(CLAIM, "ship_job")
def claim(request: HttpRequest, job: Job) -> HttpResponse | None:
    job_actions.claim(actor=actor_of(request), job=job, now=timezone.now())
    messages.success(request, gettext("The shipment is yours now, and is kept."))
    return None


DELETED = "ship_deleted"  # the session's key: what was deleted last, for a second click


@guarded(DELETE)
def delete(request: HttpRequest, job: str) -> HttpResponse:
    """Ask, then delete the job with its book and papers."""
    start_page = HttpResponseRedirect(reverse("ship_start"))
    if request.method == "POST" and request.session.get(DELETED) == job:
        return start_page
    found = job_of(request, job, DELETE)
    if request.method != "POST":
        return _page(request, found, "delete", {})
    try:
        job_actions.delete(actor=actor_of(request), job=found)
    except job_actions.JobGone as gone:
        raise not_there(request, DELETE) from gone
    request.session[DELETED] = job
    messages.success(request, gettext("The shipment, its book and its papers are deleted."))
    return start_page


# The plan.


@guarded(READ_JOB)
@require_safe
@of_results
def containers(request: HttpRequest, job: str) -> HttpResponse:
    """The containers in 3-D, and one of them as tables."""
    found = job_of(request, job, READ_JOB)
    shown = job_views.containers(found)
    address = reverse("ship_containers_json", kwargs={"job": found.key})
    markup = view_markup(page_language(), address=address, whole_page=True) if shown else ""
    number = job_views.position(request.GET.dict(), "container") or 1
    context = {
        "containers": [(at, container["type"]) for at, container in enumerate(shown, start=1)],
        "number": number,
        "container": shown[number - 1] if 1 <= number <= len(shown) else None,
        "loading_view": SafeString(markup),
    }
    return _page(request, found, "containers", context)


@guarded(READ_JOB)
@require_safe
@of_results
def containers_json(request: HttpRequest, job: str) -> HttpResponse:
    """What the 3-D view shows."""
    found = job_of(request, job, READ_JOB)
    language = page_language()
    head = {name: value for name, value in view_data((), (), language).items() if name in ("locale", "labels")}
    data = job_views.view_json(found, head, language)
    if data is None:
        raise Http404
    return _hers_alone(HttpResponse(data, content_type="application/json"))


@guarded(READ_JOB)
@require_safe
@of_results
def declarations(request: HttpRequest, job: str) -> HttpResponse:
    """The forms and their items."""
    found = job_of(request, job, READ_JOB)
    shown = job_views.cut(list(job_views.items(found)), request.GET.dict(), job_views.ITEMS_SHOWN)
    context = {"shown": shown, "forms": job_views.forms(found), "summary": found.plan_summary or {}}
    return _page(request, found, "declarations", context)


@guarded(READ_JOB)
@require_safe
@of_results
def declared_item(request: HttpRequest, job: str, form: int, item: int) -> HttpResponse:
    """The lines behind an item of a form, with the cells from which each figure comes."""
    found = job_of(request, job, READ_JOB)
    shown = job_views.item(found, form, item)
    if shown is None:
        raise Http404
    words = _field_words(page_language())
    told = [
        {**part, "shown_cells": [(words[slot], cell) for slot, cell in part["cells"].items() if slot in words]}
        for part in shown.told["parts"]
    ]
    parts = job_views.cut(list(enumerate(told)), request.GET.dict(), job_views.LINES_SHOWN)
    return _page(request, found, "declared_item", {"item": shown, "parts": parts})


# Files.


@guarded(READ_JOB)
@require_safe
@of_results
def files(request: HttpRequest, job: str) -> HttpResponse:
    """What can be taken along."""
    found = job_of(request, job, READ_JOB)
    return _page(request, found, "files", {"downloads": list(job_views.downloads(found).values())})


@guarded(DOWNLOAD)
@require_safe
@of_results
def download(request: HttpRequest, job: str, file: str) -> HttpResponseBase:
    """One of the files that are there, or all of them in a zip."""
    found = job_of(request, job, DOWNLOAD)
    there = job_views.downloads(found)
    if file == job_views.ALL and there:
        entries = [(one.name, one.path) for one in there.values()]
        answer: HttpResponseBase = StreamingHttpResponse(zipped(entries), content_type="application/zip")
        answer.headers["Content-Disposition"] = job_views.disposition(found, file)
        return _hers_alone(answer)
    if file not in there:
        raise Http404
    one = there[file]
    answer = FileResponse(one.path.open("rb"), content_type=one.content_type)
    answer.headers["Content-Disposition"] = job_views.disposition(found, file)
    return _hers_alone(answer)


urlpatterns = [
    path("ship/", start, name="ship_start"),
    path("ship/new", new, name="ship_new"),
    path("ship/<str:job>/", overview, name="ship_job"),
    path("ship/<str:job>/progress", progress, name="ship_progress"),
    path("ship/<str:job>/book/", book, name="ship_book"),
    path("ship/<str:job>/book/replace", replace_book, name="ship_replace_book"),
    path("ship/<str:job>/findings/", findings, name="ship_findings"),
    path("ship/<str:job>/findings/correct", corrections, name="ship_corrections"),
    path("ship/<str:job>/columns/", columns, name="ship_columns"),
    path("ship/<str:job>/columns/set", set_columns, name="ship_set_columns"),
    path("ship/<str:job>/lines/", lines, name="ship_lines"),
    path("ship/<str:job>/lines/choose", choose_lines, name="ship_choose_lines"),
    path("ship/<str:job>/options/", options, name="ship_options"),
    path("ship/<str:job>/options/set", set_options, name="ship_set_options"),
    path("ship/<str:job>/plan", plan, name="ship_plan"),
    path("ship/<str:job>/read", read_again, name="ship_read"),
    path("ship/<str:job>/stop", stop, name="ship_stop"),
    path("ship/<str:job>/leave-last", leave_last, name="ship_leave_last"),
    path("ship/<str:job>/keep-last", keep_last, name="ship_keep_last"),
    path("ship/<str:job>/claim", claim, name="ship_claim"),
    path("ship/<str:job>/delete", delete, name="ship_delete"),
    path("ship/<str:job>/containers/", containers, name="ship_containers"),
    path("ship/<str:job>/containers.json", containers_json, name="ship_containers_json"),
    path("ship/<str:job>/declarations/", declarations, name="ship_declarations"),
    path("ship/<str:job>/declarations/<int:form>/<int:item>/", declared_item, name="ship_declared_item"),
    path("ship/<str:job>/files/", files, name="ship_files"),
    path("ship/<str:job>/files/<str:file>", download, name="ship_download"),
]
