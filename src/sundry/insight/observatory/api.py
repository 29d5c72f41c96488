"""The observatory for programs: pages, what they say, the series that come of it, and the files to take along.

Whoever may look sees what is published; the county's and the market's offices and the auditor also what waits, what was
rejected, and who corrected what. Numbers are texts of decimal digits: a float would change them.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final, Literal

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from sundry.base.access.endpoints import Fault, Page, Paging, page_of
from sundry.base.access.guard import AccessRefused, about, actor_of, guarded
from sundry.base.access.rules import Decision, Operation
from sundry.base.parties.forms import spoken
from sundry.engines.reading.commands import home_named
from sundry.engines.reading.model import Outcome, Region, Type
from sundry.insight.observatory import actions, queries, queries_figures
from sundry.insight.observatory import api_shapes as shapes
from sundry.insight.observatory.api_shapes import (
    CheckOut,
    DateIn,
    EntityOut,
    ImportOut,
    PageOut,
    PageRowOut,
    SeriesOut,
    SeriesWholeOut,
    StatementCorrectionIn,
    StatementCorrectionOut,
    StatementOut,
)
from sundry.insight.observatory.corrections import CorrectionWrong
from sundry.insight.observatory.exports import FORMATS, exported
from sundry.insight.observatory.formats.figures_extra import FiguresMissing
from sundry.insight.observatory.keysets import Key
from sundry.insight.observatory.operations import (
    CHECK_LIST,
    CORRECT,
    DATE,
    ENTITY_LIST,
    EXPORT,
    IMPORT,
    IMPORT_READ,
    IMPORT_STOP,
    PAGE_LIST,
    PAGE_READ,
    REVIEW,
    SERIES_LIST,
    SERIES_READ,
    STATEMENT_LIST,
    STATEMENT_READ,
    sees_unpublished,
)
from sundry.insight.observatory.rules import BYTES_MAX, Sought, Standing, Verdict
from sundry.kernel.errors import UsageError

router = Router(tags=["Observatory"])

Day = date | None
TEXT_MAX: Final = 200


class SoughtIn(Schema):
    """Which statements are asked for; what is not given: all."""

    words: str = Field("", max_length=TEXT_MAX, description="They stand in the sentence, the indicator or the region.")
    indicator: str = Field("", max_length=60, description="Its key.", examples=["exports"])
    region: str = Field("", max_length=12, description="Its code.", examples=["330782"])
    type: Type | None = None
    starts_on: Day = Field(None, description="The period ends on this day or later.")
    ends_on: Day = Field(None, description="The period begins on this day or earlier.")
    page: uuid.UUID | None = None

    def sought(self, standing: Standing | None = Standing.PUBLISHED) -> Sought:
        return Sought(
            words=self.words.strip(),
            indicator_key=self.indicator,
            region_code=self.region,
            type=self.type,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            standing=standing,
            page=self.page,
        )


class ListedIn(SoughtIn):
    """Which statements are listed."""

    standing: Literal["published", "review", "rejected", "all"] = Field(
        "published", description="Others than published are for the offices of the county and the market, and auditors."
    )


# Pages --------------------------------------------------------------------------------------------------------------


@router.get("/observatory/pages", response=Page[PageRowOut], summary="List pages", url_name="observatory_pages")
@guarded(PAGE_LIST)
def page_list(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Printed pages, the newest issue first."""
    whole = _sees(request)
    rows = queries.pages(before=_key(paging, "pages"), limit=paging.limit + 1, unpublished=whole)
    return page_of(rows, paging, _kind("pages"), key=_written, item=lambda row: shapes.page_row(row, all_of_it=whole))


@router.get("/observatory/pages/{uuid:page}", response=PageOut, summary="Read a page", url_name="observatory_page")
@guarded(PAGE_READ)
def page_read(request: HttpRequest, page: uuid.UUID) -> dict[str, Any]:
    """Its text, its articles, and all that was read of it."""
    return _page(request, page)


@router.post(
    "/observatory/pages/{uuid:page}/date", response=PageOut, summary="Set a day of issue", url_name="observatory_date"
)
@guarded(DATE)
def date_set(request: HttpRequest, page: uuid.UUID, wanted: DateIn) -> dict[str, Any]:
    """The page is read again with it: yesterday, this year and the like hang on it."""
    _done(DATE, actions.set_issue_date, actor=actor_of(request), page=page, issued=wanted.issued, now=timezone.now())
    return _page(request, page)


# Imports ------------------------------------------------------------------------------------------------------------


@router.post("/observatory/imports", response={202: ImportOut}, summary="Import pages", url_name="observatory_imports")
@guarded(IMPORT)
def import_pages(
    request: HttpRequest,
    response: HttpResponse,
    files: File[list[UploadedFile]],
    issued: Form[Day] = None,
    home: Annotated[str, Form(max_length=80, description="CODE or CODE:NAME.", examples=["330782"])] = "",
) -> Status[dict[str, Any]]:
    """Texts, and PDFs that hold text. They are read one by one; what cannot be used is told in `problems`. `issued` is
    the day of all of them, else each page says its own; `home` is the paper's town, else the one that was last."""
    sent = [(file.name or "page.txt", _bytes(file)) for file in files]
    made = _done(
        IMPORT,
        actions.import_files,
        actor=actor_of(request),
        files=sent,
        issued=issued,
        home=_home(home),
    )
    response.headers["Location"] = f"/api/observatory/imports/{made}"
    return Status(202, _import(made))


@router.get(
    "/observatory/imports/{uuid:import_id}",
    response=ImportOut,
    summary="Read an import",
    url_name="observatory_import",
)
@guarded(IMPORT_READ)
def import_read(request: HttpRequest, import_id: uuid.UUID) -> dict[str, Any]:
    """How far it is."""
    about(request, "import", import_id)
    return _import(import_id)


@router.post(
    "/observatory/imports/{uuid:import_id}/stop",
    response=ImportOut,
    summary="Stop an import",
    url_name="observatory_import_stop",
)
@guarded(IMPORT_STOP)
def import_stop(request: HttpRequest, import_id: uuid.UUID) -> dict[str, Any]:
    """After the page that is being read; what was read stays."""
    return _turned(request, import_id, actions.stop_import)


@router.post(
    "/observatory/imports/{uuid:import_id}/resume",
    response=ImportOut,
    summary="Go on with an import",
    url_name="observatory_import_resume",
)
@guarded(IMPORT_STOP)
def import_resume(request: HttpRequest, import_id: uuid.UUID) -> dict[str, Any]:
    """With the page at which it was stopped."""
    return _turned(request, import_id, actions.resume_import)


# Statements ---------------------------------------------------------------------------------------------------------


@router.get(
    "/observatory/statements",
    response=Page[StatementOut],
    summary="Search statements",
    url_name="observatory_statements",
)
@guarded(STATEMENT_LIST)
def statement_list(request: HttpRequest, paging: Query[Paging], wanted: Query[ListedIn]) -> dict[str, Any]:
    """What pages say, the newest issue first."""
    whole = _sees(request)
    if wanted.standing != "published" and not whole:
        raise AccessRefused(Decision.FORBIDDEN, STATEMENT_LIST)
    sought = wanted.sought(None if wanted.standing == "all" else Standing(wanted.standing))
    rows = queries.statements(sought, before=_key(paging, "statements"), limit=paging.limit + 1)
    return page_of(
        rows, paging, _kind("statements"), key=_written, item=lambda row: shapes.statement(row, all_of_it=whole)
    )


@router.get(
    "/observatory/statements/{uuid:statement}",
    response=StatementOut,
    summary="Read a statement",
    url_name="observatory_statement",
)
@guarded(STATEMENT_READ)
def statement_read(request: HttpRequest, statement: uuid.UUID) -> dict[str, Any]:
    """As it stands after corrections."""
    return _statement(request, statement)


@router.get(
    "/observatory/statements/{uuid:statement}/corrections",
    response=Page[StatementCorrectionOut],
    summary="List corrections",
    url_name="observatory_corrections",
)
@guarded(REVIEW)
def correction_list(request: HttpRequest, statement: uuid.UUID) -> dict[str, Any]:
    """What people said of a statement, the newest first, all on one page."""
    about(request, "statement", statement)
    return {"items": [shapes.correction(one) for one in queries.history(statement)], "next": None}


@router.post(
    "/observatory/statements/{uuid:statement}/correct",
    response=StatementOut,
    summary="Correct a statement",
    url_name="observatory_correct",
)
@guarded(CORRECT)
def correct(request: HttpRequest, statement: uuid.UUID, wanted: StatementCorrectionIn) -> dict[str, Any]:
    """It counts at once, and whenever the page is read again. The page itself is never changed."""
    now, verdict = timezone.now(), Verdict(wanted.verdict)
    asked: Any = {"statement": statement, "verdict": verdict, "changes": wanted.changes, "now": now}
    _done(CORRECT, actions.correct, actor=actor_of(request), **asked)
    return _statement(request, statement)


@router.post(
    "/observatory/statements/{uuid:statement}/withdraw",
    response=StatementOut,
    summary="Withdraw a correction",
    url_name="observatory_withdraw",
)
@guarded(CORRECT)
def withdraw(request: HttpRequest, statement: uuid.UUID) -> dict[str, Any]:
    """What was said last counts no longer: the statement is as it was read."""
    _done(CORRECT, actions.withdraw, actor=actor_of(request), statement=statement, now=timezone.now())
    return _statement(request, statement)


# Series, checks, entities -------------------------------------------------------------------------------------------


@router.get("/observatory/series", response=Page[SeriesOut], summary="List series", url_name="observatory_series_list")
@guarded(SERIES_LIST)
def series_list(
    request: HttpRequest,
    paging: Query[Paging],
    region: Annotated[str, Field(max_length=12, description="Its code.", examples=["330782"])] = "",
) -> dict[str, Any]:
    """Series that have an observation, by the key of their indicator."""
    after = paging.after(_kind("series"))
    indicator, id_ = json.loads(after) if after else ("", "")
    rows = queries_figures.series_list(
        region_code=region, after=(indicator, uuid.UUID(id_)) if after else None, limit=paging.limit + 1
    )
    return page_of(
        rows,
        paging,
        _kind("series"),
        key=lambda row: json.dumps([row.key.indicator_key, str(row.id)]),
        item=shapes.series,
    )


@router.get(
    "/observatory/series/{uuid:series}", response=SeriesWholeOut, summary="Read a series", url_name="observatory_series"
)
@guarded(SERIES_READ)
def series_read(request: HttpRequest, series: uuid.UUID) -> dict[str, Any]:
    """With its latest 400 observations, each vintage beside the others."""
    found = queries_figures.series(series)
    if found is None:
        raise AccessRefused(Decision.NOT_FOUND, SERIES_READ)
    return shapes.series(found)


@router.get("/observatory/checks", response=Page[CheckOut], summary="List checks", url_name="observatory_checks")
@guarded(CHECK_LIST)
def check_list(
    request: HttpRequest, paging: Query[Paging], outcome: Outcome | None = None, page: uuid.UUID | None = None
) -> dict[str, Any]:
    """Arithmetic over what pages say, failures first. `derived` is worked out by us and printed nowhere."""
    after = paging.after(_kind("checks"))
    rank, issued, id_ = json.loads(after) if after else (0, None, "")
    rows = queries.checks(
        outcome=outcome,
        page=page,
        after=(rank, _day(issued), uuid.UUID(id_)) if after else None,
        limit=paging.limit + 1,
        unpublished=_sees(request),
    )
    language = spoken()
    return page_of(
        rows,
        paging,
        _kind("checks"),
        key=lambda row: json.dumps(queries.check_key(row), default=str),
        item=lambda row: shapes.check(row, language),
    )


@router.get("/observatory/entities", response=Page[EntityOut], summary="List entities", url_name="observatory_entities")
@guarded(ENTITY_LIST)
def entity_list(
    request: HttpRequest,
    paging: Query[Paging],
    type: Annotated[str, Field(min_length=1, max_length=20, description="What it is.", examples=["event"])],
) -> dict[str, Any]:
    """What pages name of one type: programmes, targets, commitments, organisations, places, events; newest first."""
    rows = queries_figures.entities(type, before=_key(paging, "entities"), limit=paging.limit + 1)
    return page_of(rows, paging, _kind("entities"), key=_written, item=shapes.entity)


# Files --------------------------------------------------------------------------------------------------------------


@router.get("/observatory/export/{str:format}", summary="Export figures", url_name="observatory_export")
@guarded(EXPORT)
def export(request: HttpRequest, format: str, wanted: Query[SoughtIn]) -> FileResponse:
    """What is published of a search, as `xlsx`, `parquet` (a zip of two files) or `sdmx-csv`; and `sdmx-structure`, the
    names of its columns and codes. Ten in ten minutes."""
    told = FORMATS.get(format)
    if told is None:
        raise AccessRefused(Decision.NOT_FOUND, EXPORT)
    about(request, "export", format)
    try:
        file = exported(
            format=format,
            sought=wanted.sought(),
            market=settings.SUNDRY.address,
            language=spoken(),
            now=timezone.localtime(),
            actor=actor_of(request),
        )
    except FiguresMissing as missing:
        raise Fault(409, missing.rule, **missing.details) from missing
    return FileResponse(file, as_attachment=True, filename=told.file_name, content_type=told.media_type)


# What they share ----------------------------------------------------------------------------------------------------


def _sees(request: HttpRequest) -> bool:
    return sees_unpublished(actor_of(request))


def _kind(name: str) -> str:
    """By which the cursors of one list are told from those of others."""
    return f"observatory {name}"


def _key(paging: Paging, name: str) -> Key | None:
    after = paging.after(_kind(name))
    if after is None:
        return None
    issued, id_ = json.loads(after)
    return _day(issued), uuid.UUID(id_)


def _written(row: Any) -> str:
    """Where a list that begins with the newest goes on after `row`."""
    return json.dumps([row.issued, row.id], default=str)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _done(operation: Operation, act: Callable[..., Any], **given: Any) -> Any:
    """What `act` answers; its refusals as the API tells them."""
    try:
        return act(**given)
    except actions.NotThere as gone:
        raise AccessRefused(Decision.NOT_FOUND, operation) from gone
    except CorrectionWrong as wrong:
        raise Fault(422, wrong.rule, **{"field": "changes", **wrong.details}) from wrong


def _page(request: HttpRequest, page: uuid.UUID) -> dict[str, Any]:
    found = queries.page(page, unpublished=_sees(request))
    if found is None:
        raise AccessRefused(Decision.NOT_FOUND, PAGE_READ)
    return shapes.page(found, all_of_it=_sees(request), language=spoken())


def _statement(request: HttpRequest, statement: uuid.UUID) -> dict[str, Any]:
    found = queries.statement(statement, unpublished=_sees(request))
    if found is None:
        raise AccessRefused(Decision.NOT_FOUND, STATEMENT_READ)
    return shapes.statement(found, all_of_it=_sees(request))


def _turned(request: HttpRequest, import_id: uuid.UUID, act: Callable[..., None]) -> dict[str, Any]:
    _done(IMPORT_STOP, act, actor=actor_of(request), import_id=import_id)
    return _import(import_id)


def _import(import_id: uuid.UUID) -> dict[str, Any]:
    found = queries.import_of(import_id)
    if found is None:
        raise AccessRefused(Decision.NOT_FOUND, IMPORT_READ)
    return shapes.import_(found, spoken())


def _bytes(file: UploadedFile) -> bytes:
    """No more of it than shows that it is too large."""
    return bytes(file.read(BYTES_MAX + 1))


def _home(text: str) -> Region:
    """`330782`, or `990100:name` of a town that is in no list; of nothing the town of the last page. Fault."""
    if not text:
        return queries_figures.latest_home()
    try:
        return home_named(text)
    except UsageError as unknown:
        raise Fault(422, "observatory_home_unknown", field="home", home=text) from unknown
