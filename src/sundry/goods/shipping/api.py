"""The main job for programs: the same actions as the pages, told in JSON.

POST /api/shipments            a book -> 202 and a shipment that is being read
GET  /api/shipments/{job}      ask again until `state` is `read` or `failed`
POST /api/shipments/{job}/plan -> 202; ask again until `state` is `planned`
GET  /api/shipments/{job}/files/declarations.xlsx
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import ConfigDict, Field

from sundry.base.access.endpoints import Fault, Page, Paging, page_of, spelled_out
from sundry.base.access.guard import AccessRefused, actor_of, guarded
from sundry.base.access.rules import Decision, Owner
from sundry.goods.orders.rules import Correction
from sundry.goods.shipping import job_actions, job_views
from sundry.goods.shipping.job_downloads import zipped
from sundry.goods.shipping.job_queries import JobRow, jobs_before, jobs_of
from sundry.goods.shipping.job_requests import book_sent, job_of, looking_again, not_there, page_language
from sundry.goods.shipping.job_rules import (
    CHANGE,
    DELETE,
    DOWNLOAD,
    PLAN,
    READ_JOB,
    START,
    UPLOAD,
    AlreadyDone,
    Job,
    JobOptions,
    LinePlace,
    OptionsWrong,
    State,
    options_from,
    seconds_most,
)
from sundry.kernel.findings import Severity
from sundry.kernel.identifiers import new_id

router = Router(tags=["Shipments"])

StateTold = Annotated[State, spelled_out(State)]

_KEY = "r3kQ0mJt9wXb1ZpVd7LsYf5NcHgA2eUu"


# What is sent and answered ---------------------------------------------------------------------------------------


class ProgressOut(Schema):
    """What is being done for a shipment."""

    stage: str = Field(description="reading, loading, declaring, writing; empty while it waits.", examples=["loading"])
    done: int = Field(description="Of `total`, in whatever the stage counts.", examples=[250])
    total: int = Field(description="0 where nobody knows.", examples=[1449])
    waits_for: int | None = Field(description="Shipments before this one while it waits for a worker.", examples=[0])


class ErrorOut(Schema):
    """Why a shipment failed."""

    code: str = Field(examples=["book_damaged"])
    message: str


class ShipmentOut(Schema):
    """A shipment: how far it is, and its figures. Amounts are whole numbers; the unit ends the name."""

    key: str = Field(description="Its name in addresses.", examples=[_KEY])
    address: str = Field(description="Its page, for a person.", examples=[f"http://127.0.0.1:8000/ship/{_KEY}/"])
    file: str = Field(description="The order book.", examples=["orders.xlsx"])
    state: StateTold
    revision: int = Field(description="Counts up with every change; a plan is of one revision.", examples=[3])
    made_at: datetime
    changed_at: datetime
    expires_at: datetime | None = Field(description="When it is deleted; null where it has an owner.")
    progress: ProgressOut | None = Field(description="null while nothing is being done.")
    error: ErrorOut | None = Field(description="null unless it failed.")
    options: dict[str, Any] = Field(description="As `OptionsIn`, all of them.")
    reading: dict[str, Any] | None = Field(
        description="Totals of what was read; null until the book as it is now has been read.",
        examples=[{"lines": 290, "set_aside": 9, "cartons": 1456, "errors": 9, "warnings": 11}],
    )
    plan: dict[str, Any] | None = Field(
        description="`totals` as in shipment.json, with `offer`; null until everything as it is now has been planned.",
        examples=[{"containers": 2, "cartons": 1449, "forms": 2, "price_minor": 410000, "price_currency": "USD"}],
    )


class ShipmentRowOut(Schema):
    """A shipment in a list."""

    key: str = Field(examples=[_KEY])
    file: str = Field(examples=["orders.xlsx"])
    state: StateTold
    made_at: datetime
    expires_at: datetime | None


class ProfileIn(Schema):
    """Who ships to whom."""

    model_config = ConfigDict(extra="forbid")

    buyer: str | None = Field(None, max_length=200, examples=["Comercial Ejemplo S.A."])
    buyer_nationality: str | None = Field(None, max_length=200, examples=["PA"])
    buyer_id: str | None = Field(None, max_length=200)
    destination: str | None = Field(None, max_length=200, examples=["PA"])
    consignor: str | None = Field(None, max_length=200)
    consignor_uscc: str | None = Field(None, max_length=200, description="18 characters; the last one is checked.")
    incoterm: str | None = Field(None, max_length=200, examples=["FOB"])
    marks: str | None = Field(None, max_length=200)
    port_of_loading: str | None = Field(None, max_length=200, examples=["NINGBO"])
    invoice_number: str | None = Field(None, max_length=200)


class OptionsIn(ProfileIn):
    """Options of a shipment; what is not given stays as it is."""

    day: str | None = Field(None, max_length=10, description="Of the shipment, ISO 8601.", examples=["2026-04-20"])
    container: str | None = Field(None, max_length=10, description="auto, 20GP, 40GP, 40HC, 45HC.", examples=["auto"])
    containers_max: int | Literal[""] | None = Field(None, description='At most so many; "" for no limit.')
    rates: list[str] | None = Field(None, max_length=20, examples=[["USDCNY=7.10"]])
    currency: str | None = Field(None, max_length=3, description="Where the book names none.", examples=["CNY"])
    split_lines: bool | None = None
    upright: bool | None = None
    seconds: int | None = Field(None, description="For the plan.", examples=[5])
    language: str | None = Field(None, max_length=2, description="Of the papers.", examples=["en"])


_SEEN: Any = Field(
    None,
    ge=1,
    le=2_000_000_000,
    description="The shipment's `revision` that you looked at: if the book reads otherwise since, nothing is done.",
    examples=[3],
)


class CorrectionIn(Schema):
    """A value in place of a cell of the book."""

    model_config = ConfigDict(extra="forbid")

    sheet: str = Field(max_length=200, description='"" for CSV.', examples=["Sheet1"])
    row: int = Field(ge=1, le=1_048_576, description="As Excel shows it.", examples=[17])
    column: str = Field(pattern="^[A-Z]{1,3}$", examples=["F"])
    value: str = Field(max_length=1000, description='What somebody would type there; "" empties it.', examples=["12"])


class CorrectionsIn(Schema):
    """Values in place of cells."""

    model_config = ConfigDict(extra="forbid")

    corrections: list[CorrectionIn] = Field(min_length=1, max_length=5000)
    revision: int | None = _SEEN


class PlaceIn(Schema):
    """A line of the book."""

    model_config = ConfigDict(extra="forbid")

    sheet: str = Field(max_length=200, examples=["Sheet1"])
    row: int = Field(ge=1, le=1_048_576, examples=[17])


class LinesIn(Schema):
    """What is to become of lines."""

    model_config = ConfigDict(extra="forbid")

    leave_out: list[PlaceIn] = Field([], max_length=5000, description="Shall not travel.")
    take_in: list[PlaceIn] = Field([], max_length=5000, description="Travel again.")
    must_travel: list[PlaceIn] = Field([], max_length=5000, description="Stay when something has to be left out.")
    may_wait: list[PlaceIn] = Field([], max_length=5000, description="May be left out again.")
    revision: int | None = _SEEN


class ColumnsIn(Schema):
    """What the columns under a header hold."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(
        max_length=24,
        description='Of the header, as `GET .../columns` tells it; "" with `header_row` where there is none.',
    )
    header_row: int | None = Field(None, ge=1, le=1_048_576, description="Only with an empty key.")
    columns: dict[str, str] = Field(
        description="Header or column letter to field; {} forgets them.", examples=[{"Kodas": "item", "Kaina": "price"}]
    )
    revision: int | None = _SEEN


class FindingOut(Schema):
    """A finding, in the reader's language."""

    severity: Severity
    rule: str = Field(examples=["cartons_missing"])
    message: str
    sheet: str
    row: int = Field(description="0 where it is about no row.")
    column: str
    header: str
    value: str


class TableOut(Schema):
    """A table of the book, and as what its columns are read."""

    sheet: str
    header_row: int
    key: str
    is_list: bool = Field(description="false: it is not read as an order.")
    columns: list[dict[str, Any]] = Field(description="letter, header, samples, slot.")


class LineOut(Schema):
    """A line as in shipment.json, and what becomes of it."""

    state: job_views.LineState
    must_travel: bool
    line: dict[str, Any] = Field(description="After a plan also `loaded`, `left`, `containers` (numbers from 1).")


class ItemOut(Schema):
    """An item of a declaration form, with the lines and cells behind it."""

    form: int
    number: int
    item: dict[str, Any] = Field(description="As in shipment.json; each part with sheet, row and cells of its line.")


class FileOut(Schema):
    """A file that can be taken."""

    name: str = Field(examples=["declarations.xlsx"])
    content_type: str
    size_bytes: int


# Shipments -------------------------------------------------------------------------------------------------------


@router.post("/shipments", response={202: ShipmentOut}, summary="Ship an order book", url_name="shipment_create")
@guarded(UPLOAD)
def shipment_create(
    request: HttpRequest,
    response: HttpResponse,
    book: File[UploadedFile],
    options: Form[str] = "{}",
    plan: Form[bool] = False,
) -> Status[dict[str, Any]]:
    """The book is kept and read by a worker. `options` is a JSON object as in `PATCH .../options`; with `plan` the
    shipment is planned as soon as it is read, whatever was found."""
    name, write = book_sent(book, "")
    try:
        usual = JobOptions(day=timezone.localdate(), language=page_language())
        chosen = options_from(_object(options), usual, seconds_max=seconds_most(actor_of(request).owner()))
    except OptionsWrong as wrong:
        raise _wrong(wrong) from wrong
    made = job_actions.upload(
        actor=actor_of(request),
        job=new_id(),
        name=name,
        write=write,
        options=chosen,
        language=page_language(),
        now=timezone.now(),
        then_plan=plan,
    )
    response.headers["Location"] = f"/api/shipments/{made.key}"
    return Status(202, _shown(made))


@router.get("/shipments", response=Page[ShipmentRowOut], summary="List shipments", url_name="shipments")
@guarded(START)
def shipment_list(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """One's own, the newest first. Those of visitors are in no list: they are found by their key."""
    owner = actor_of(request).owner()
    before = paging.after("shipments")
    rows = () if owner == Owner() else jobs_of(owner, before=job_views.id_in(before or ""), limit=paging.limit + 1)
    return page_of(rows, paging, "shipments", key=lambda row: str(row.id), item=_row)


@router.get("/shipments/{str:job}", response=ShipmentOut, summary="Read a shipment", url_name="shipment")
@guarded(READ_JOB)
def shipment_read(request: HttpRequest, job: str) -> dict[str, Any]:
    """How far it is. Ask every second while `progress` is there."""
    return _shown(job_of(request, job, READ_JOB))


@router.delete("/shipments/{str:job}", response={204: None}, summary="Delete a shipment", url_name="shipment_delete")
@guarded(DELETE)
def shipment_delete(request: HttpRequest, job: str) -> Status[None]:
    """With its book and all papers, at once."""
    found = job_of(request, job, DELETE)
    try:
        job_actions.delete(actor=actor_of(request), job=found)
    except job_actions.JobGone as gone:
        raise not_there(request, DELETE) from gone
    return Status(204, None)


@router.post("/shipments/{str:job}/book", response={202: ShipmentOut}, summary="Replace the book", url_name="book")
@guarded(UPLOAD)
def book_replace(request: HttpRequest, job: str, book: File[UploadedFile]) -> Status[dict[str, Any]]:
    """As after somebody mended the marked copy in Excel. Corrections are forgotten: they stand in the copy."""
    found = job_of(request, job, UPLOAD)
    name, write = book_sent(book, "")
    return Status(202, _changed(request, found, "replace_book", name=name, write=write))


# What was read ---------------------------------------------------------------------------------------------------


@router.get("/shipments/{str:job}/findings", response=Page[FindingOut], summary="List findings", url_name="findings")
@guarded(READ_JOB)
@looking_again
def finding_list(
    request: HttpRequest, job: str, paging: Query[Paging], severity: Severity | None = None
) -> dict[str, Any]:
    """In the order of the book: of the plan where there is one, else of the reading."""
    found = job_of(request, job, READ_JOB)
    language = page_language()
    numbered = [
        (number, one)
        for number, one in enumerate(job_views.all_findings(found))
        if severity is None or one.severity is severity
    ]
    rows = _after(numbered, paging, "findings")
    return page_of(rows, paging, "findings", key=lambda row: str(row[0]), item=lambda row: row[1].to_json(language))


@router.get("/shipments/{str:job}/columns", response=Page[TableOut], summary="List tables", url_name="columns")
@guarded(READ_JOB)
@looking_again
def column_list(request: HttpRequest, job: str, paging: Query[Paging]) -> dict[str, Any]:
    """The tables of the book, and as what each column is read."""
    rows = _after(list(enumerate(job_views.all_tables(job_of(request, job, READ_JOB)))), paging, "columns")
    return page_of(rows, paging, "columns", key=lambda row: str(row[0]), item=lambda row: row[1])


@router.get("/shipments/{str:job}/lines", response=Page[LineOut], summary="List lines", url_name="lines")
@guarded(READ_JOB)
@looking_again
def line_list(request: HttpRequest, job: str, paging: Query[Paging], q: str = "") -> dict[str, Any]:
    """The lines of the book in its order. `q`: words in stall, item, name, code or mark."""
    rows = _after(job_views.all_lines(job_of(request, job, READ_JOB), {"q": q[:200]}), paging, "lines")
    return page_of(rows, paging, "lines", key=lambda row: str(row[0]), item=lambda row: _line(row[1]))


@router.post(
    "/shipments/{str:job}/corrections", response={202: ShipmentOut}, summary="Correct cells", url_name="corrections"
)
@guarded(CHANGE)
def correct(request: HttpRequest, job: str, wanted: CorrectionsIn) -> Status[dict[str, Any]]:
    """The book is read again with these values in place of its cells."""
    corrections = [Correction(one.sheet, one.row, one.column, one.value) for one in wanted.corrections]
    return Status(
        202,
        _changed(request, job_of(request, job, CHANGE), "correct_cells", corrections=corrections, seen=wanted.revision),
    )


@router.post(
    "/shipments/{str:job}/columns", response={202: ShipmentOut}, summary="Name columns", url_name="columns_set"
)
@guarded(CHANGE)
@looking_again
def column_set(request: HttpRequest, job: str, wanted: ColumnsIn) -> Status[dict[str, Any]]:
    """The book is read again. An organisation remembers it for its next book with that header."""
    found = job_of(request, job, CHANGE)
    known = {table["key"] for table in job_views.all_tables(found)}
    if (wanted.key == job_actions.TOLD_MAP) != (wanted.header_row is not None) or (
        wanted.key and wanted.key not in known | found.column_maps.keys()
    ):
        raise Fault(422, "header_key_unknown", field="key")
    maps = {wanted.key: {"columns": wanted.columns, "header_row": wanted.header_row}}
    return Status(202, _changed(request, found, "set_columns", maps=maps, seen=wanted.revision))


@router.post("/shipments/{str:job}/lines", response=ShipmentOut, summary="Choose lines", url_name="lines_choose")
@guarded(CHANGE)
@looking_again
def line_choose(request: HttpRequest, job: str, wanted: LinesIn) -> dict[str, Any]:
    """Lines that the book does not have are passed over."""
    found = job_of(request, job, CHANGE)
    return _changed(
        request,
        found,
        "choose_lines",
        leave_out=_places(found, wanted.leave_out),
        take_in=_places(found, wanted.take_in),
        must_travel=_places(found, wanted.must_travel),
        may_wait=_places(found, wanted.may_wait),
        seen=wanted.revision,
    )


@router.patch("/shipments/{str:job}/options", response=ShipmentOut, summary="Change options", url_name="options")
@guarded(CHANGE)
def option_change(request: HttpRequest, job: str, wanted: OptionsIn) -> dict[str, Any]:
    """What is not given stays. A new day or currency has the book read again."""
    given = {name: value for name, value in wanted.dict().items() if value is not None}
    return _changed(request, job_of(request, job, CHANGE), "set_options", given=given)


# The plan --------------------------------------------------------------------------------------------------------


@router.post("/shipments/{str:job}/plan", response={202: ShipmentOut}, summary="Plan", url_name="plan")
@guarded(PLAN)
def shipment_plan(request: HttpRequest, job: str) -> Status[dict[str, Any]]:
    """Load, declare and write every paper. Asked for twice, it is done once."""
    return Status(202, _changed(request, job_of(request, job, PLAN), "plan"))


@router.post("/shipments/{str:job}/stop", response=ShipmentOut, summary="Stop", url_name="stop")
@guarded(CHANGE)
def shipment_stop(request: HttpRequest, job: str) -> dict[str, Any]:
    """Whatever is being done for it; nothing that was entered is lost."""
    return _changed(request, job_of(request, job, CHANGE), "stop")


@router.post("/shipments/{str:job}/leave-last", response={202: ShipmentOut}, summary="Leave the last", url_name="leave")
@guarded(PLAN)
def leave_last(request: HttpRequest, job: str) -> Status[dict[str, Any]]:
    """Plan anew with one container less than the plan that is there: the answer yes to its `offer`."""
    return Status(202, _changed(request, job_of(request, job, PLAN), "leave_last"))


@router.get(
    "/shipments/{str:job}/declarations", response=Page[ItemOut], summary="List declared items", url_name="items"
)
@guarded(READ_JOB)
@looking_again
def item_list(request: HttpRequest, job: str, paging: Query[Paging]) -> dict[str, Any]:
    """The items of all forms, in their order."""
    rows = _after(list(job_views.items(job_of(request, job, READ_JOB))), paging, "items")
    return page_of(rows, paging, "items", key=lambda row: str(row[0]), item=lambda row: _item(row[1]))


@router.get("/shipments/{str:job}/files", response=Page[FileOut], summary="List files", url_name="files")
@guarded(READ_JOB)
@looking_again
def file_list(request: HttpRequest, job: str) -> dict[str, Any]:
    """What can be taken now, all on one page."""
    there = job_views.downloads(job_of(request, job, READ_JOB)).values()
    items = [{"name": one.name, "content_type": one.content_type, "size_bytes": one.size_bytes} for one in there]
    return {"items": items, "next": None}


@router.get("/shipments/{str:job}/files/{str:file}", summary="Take a file", url_name="file")
@guarded(DOWNLOAD)
@looking_again
def file_take(request: HttpRequest, job: str, file: str) -> HttpResponseBase:
    """One of the files by its name, or `all.zip`."""
    found = job_of(request, job, DOWNLOAD)
    there = job_views.downloads(found)
    if file == job_views.ALL and there:
        entries = [(one.name, one.path) for one in there.values()]
        answer: HttpResponseBase = StreamingHttpResponse(zipped(entries), content_type="application/zip")
    elif file in there:
        answer = FileResponse(there[file].path.open("rb"), content_type=there[file].content_type)
    else:
        raise AccessRefused(Decision.NOT_FOUND, DOWNLOAD)
    answer.headers["Content-Disposition"] = job_views.disposition(found, file)
    return answer


# Parts -----------------------------------------------------------------------------------------------------------


def _changed(request: HttpRequest, job: Job, what: str, **given: Any) -> dict[str, Any]:
    """The shipment after an action; what was done already is done."""
    try:
        after = getattr(job_actions, what)(actor=actor_of(request), job=job, now=timezone.now(), **given)
    except AlreadyDone:
        after = job_of(request, job.key, READ_JOB)
    except OptionsWrong as wrong:
        raise _wrong(wrong) from wrong
    except job_actions.JobGone as gone:
        raise not_there(request, READ_JOB) from gone
    return _shown(after)


def _wrong(wrong: OptionsWrong) -> Fault:
    fields = [{"field": one.name, "code": one.rule, "message": one.message(page_language())} for one in wrong.faults]
    return Fault(422, "options_wrong", count=len(fields), fields=fields, field=fields[0]["field"])


def _object(text: str) -> dict[str, Any]:
    """The JSON object that `text` is. Fault."""
    try:
        told = json.loads(text)
        given = OptionsIn(**told).dict() if isinstance(told, dict) else None
    except ValueError as fault:
        raise Fault(422, "options_object", field="options") from fault
    if given is None:
        raise Fault(422, "options_object", field="options")
    return {name: value for name, value in given.items() if value is not None}


def _shown(job: Job) -> dict[str, Any]:
    progress = None
    if job.is_awaited:
        waits_for = jobs_before(job) if job.is_waiting else None
        progress = {"stage": job.stage, "done": job.done, "total": job.total, "waits_for": waits_for}
    error = None
    if job.error_rule:
        error = {"code": job.error_rule, "message": job.error_message(page_language())}
    options = job.options.to_json()
    return {
        "key": job.key,
        "address": settings.SUNDRY.address + reverse("ship_job", kwargs={"job": job.key}),
        "file": job.file_name,
        "state": job.state,
        "revision": job.revision,
        "made_at": job.made_at,
        "changed_at": job.changed_at,
        "expires_at": job.expires_at,
        "progress": progress,
        "error": error,
        "options": {**options, **options.pop("profile")},
        "reading": job.read_summary if job.has_reading else None,
        "plan": job.plan_summary if job.has_plan else None,
    }


def _row(row: JobRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "file": row.file_name,
        "state": row.state,
        "made_at": row.made_at,
        "expires_at": row.expires_at,
    }


def _line(line: job_views.LineShown) -> dict[str, Any]:
    return {"state": line.state, "must_travel": line.must_travel, "line": line.told}


def _item(item: job_views.ItemShown) -> dict[str, Any]:
    return {"form": item.form, "number": item.number, "item": item.told}


def _places(job: Job, places: list[PlaceIn]) -> list[LinePlace]:
    return job_views.places_chosen(job, [f"{one.row}:{one.sheet}" for one in places])


def _after(rows: list[tuple[int, Any]], paging: Paging, kind: str) -> list[tuple[int, Any]]:
    """The rows of a page and one more. `rows`: (position, row), rising."""
    text = paging.after(kind)
    after = int(text) if text is not None else -1
    return [row for row in rows if row[0] > after][: paging.limit + 1]
