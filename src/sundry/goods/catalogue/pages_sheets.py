"""/my/goods/sheet/: goods by Excel. Paste or upload, look at what each row would become, mend, insert; and take out.

Nothing is written into the catalogue before somebody has seen the preview and pressed the button. All of it are plain
forms; a sheet that the worker reads or inserts is looked at again by loading the page.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sundry.base.access.guard import about, actor_of, admit, guarded
from sundry.base.access.rules import Operation
from sundry.goods.catalogue import actions_sheets, queries_sheets, sheets_export
from sundry.goods.catalogue.formats.shape import FILE_BYTES_MAX, ROWS_MAX
from sundry.goods.catalogue.operations import SHEET_EXPORT, SHEET_READ, SHEET_WRITE
from sundry.goods.catalogue.own_stall import her_stall, number_of, numbers_of
from sundry.goods.catalogue.queries_sheets import RowView, SheetView
from sundry.goods.catalogue.rules import ImportState, Told, Verdict
from sundry.goods.catalogue.sheets import PHOTO, ROW
from sundry.goods.catalogue.sheets_words import label
from sundry.goods.catalogue.storefront import language_of_reader, nothing_there, unlisted
from sundry.goods.catalogue.texts import told
from sundry.kernel.errors import SundryError
from sundry.kernel.findings import Severity

SHOWN: Final = 50
_ICONS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "info"}
BOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VERDICTS: Final[Mapping[Verdict, tuple[str, Promise]]] = {
    Verdict.NEW: ("ok", pgettext_lazy("row of a sheet", "New")),
    Verdict.CHANGED: ("working", pgettext_lazy("row of a sheet", "Changed")),
    Verdict.UNCHANGED: ("neutral", pgettext_lazy("row of a sheet", "Unchanged")),
    Verdict.STALE: ("attention", pgettext_lazy("row of a sheet", "Changed meanwhile")),
    Verdict.WRONG: ("error", pgettext_lazy("row of a sheet", "Wrong")),
}
DONE: Final = ("ok", pgettext_lazy("row of a sheet", "Inserted"))
STATES: Final[Mapping[ImportState, tuple[str, Promise]]] = {
    ImportState.READING: ("working", pgettext_lazy("sheet of goods", "Being read")),
    ImportState.PREVIEW: ("waiting", pgettext_lazy("sheet of goods", "To be looked at")),
    ImportState.INSERTING: ("working", pgettext_lazy("sheet of goods", "Being inserted")),
    ImportState.INSERTED: ("ok", pgettext_lazy("sheet of goods", "Inserted")),
    ImportState.STOPPED: ("attention", pgettext_lazy("sheet of goods", "Stopped")),
}


class SheetForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("A sheet"),
        help_text=gettext_lazy("xlsx, xls, ods, csv or text, with its pictures in the rows."),
        required=False,
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt", "data-limit-bytes": str(FILE_BYTES_MAX)}
        ),
    )
    text = forms.CharField(
        label=gettext_lazy("Or rows pasted from a sheet"),
        help_text=gettext_lazy("Copy the rows with their header in Excel or WPS, and paste them here."),
        required=False,
        strip=False,
        max_length=4_000_000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "data-paste": True}),
    )

    def clean(self) -> None:
        if not self.errors and not self.cleaned_data.get("file") and not self.cleaned_data.get("text", "").strip():
            self.add_error("file", gettext("Choose a sheet, or paste rows with their header."))


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """`field`: to mend it here, "" where it is about no cell. `value`: what stands in the cell."""

    message: str
    label: str
    column: str
    field: str
    value: str
    icon: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the preview."""

    view: RowView
    name: Told
    badge: str
    word: Promise
    findings: tuple[ToldFinding, ...]
    differences: tuple[tuple[str, str, str], ...]


@guarded(SHEET_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def sheets(request: HttpRequest) -> HttpResponse:
    """Where a sheet comes in, and those that came. GET: two statements."""
    stall = her_stall(request, SHEET_WRITE, gettext("Goods by Excel"))
    if isinstance(stall, HttpResponse):
        return stall
    form = SheetForm(request.POST or None, request.FILES or None) if request.method == "POST" else SheetForm()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        name = (upload.name or "") if upload else ""
        try:
            sheet = actions_sheets.read_sheet(
                actor=actor_of(request),
                stall=stall.card.id,
                name=name,
                data=upload.read(FILE_BYTES_MAX + 1) if upload else b"",
                text=form.cleaned_data["text"],
                now=timezone.now(),
            )
            return redirect("my_goods_sheet_one", sheet)
        except SundryError as refusal:
            form.add_error("file" if upload else "text", refusal.message(language_of_reader()))
    came = queries_sheets.sheets_of(stall.card.id)
    context = {
        "head": unlisted(gettext("Goods by Excel")),
        "stall": stall,
        "form": form,
        "came": [(one, *STATES[one.state]) for one in came],
        "rows_max": ROWS_MAX,
        "megabytes_max": FILE_BYTES_MAX // 1_000_000,
    }
    return render(request, "catalogue/sheets/sheets.html", context, status=422 if form.errors else 200)


@guarded(SHEET_READ)
@require_safe
def one(request: HttpRequest, goods_sheet: uuid.UUID) -> HttpResponse:
    """What becomes of each row. `only=wrong`; `after`: a row. Three statements."""
    sheet = _her_sheet(request, SHEET_READ, goods_sheet)
    only = request.GET.get("only") == "wrong"
    after = number_of(request.GET.get("after", "")) or 0
    verdicts = (Verdict.WRONG, Verdict.STALE) if only else None
    found = queries_sheets.rows(sheet.id, verdicts=verdicts, after=min(after, 2**31 - 1), limit=SHOWN + 1)
    asked = request.GET.copy()
    asked["after"] = str(found[SHOWN - 1].row) if len(found) > SHOWN else ""
    language = language_of_reader()
    context = {
        "head": unlisted(sheet.name or gettext("Pasted rows")),
        "sheet": sheet,
        "badge": STATES[sheet.state][0],
        "word": STATES[sheet.state][1],
        "rows": [_shown(row, sheet, language) for row in found[:SHOWN]],
        "only": only,
        "counts": [(badge, word, sheet.counts[verdict]) for verdict, (badge, word) in VERDICTS.items()],
        "wrong": sheet.counts[Verdict.WRONG] + sheet.counts[Verdict.STALE],
        "stale": sheet.counts[Verdict.STALE],
        "left": sheet.to_insert - sheet.done,
        "problems": [problem.message(language) for problem in sheet.problems],
        "can_insert": sheet.state in (ImportState.PREVIEW, ImportState.INSERTED)
        and (sheet.to_insert - sheet.done > 0 or sheet.counts[Verdict.STALE] > 0),
        "page": {"previous": "", "next": f"?{asked.urlencode()}" if len(found) > SHOWN else ""},
    }
    return render(request, "catalogue/sheets/sheet.html", context)


def _shown(row: RowView, sheet: SheetView, language: str) -> Shown:
    headers = {column.field: column.header for column in sheet.columns}
    name = told(row.draft.names, language, source=row.draft.language)
    findings = tuple(
        ToldFinding(
            message=finding.message(language),
            label=_label(finding.header, headers, language),
            column=finding.column,
            field=_cell_of(finding.header, row.cells),
            value=row.cells.get(_cell_of(finding.header, row.cells), ""),
            icon=_ICONS[finding.severity],
        )
        for finding in row.findings
    )
    differences = tuple((_label(one.field, {}, language), one.before, one.after) for one in row.differences)
    badge, word = DONE if row.is_done else VERDICTS[row.verdict]
    return Shown(row, name, badge, word, findings, differences if not row.is_done else ())


def _cell_of(header: str, cells: Mapping[str, str]) -> str:
    """The column in which a field stood: "names.en" may have been read from "names~en"."""
    if header in (ROW, PHOTO):
        return ""
    place, _, language = header.partition(".")
    candidates = (header, f"{place}~{language}", *(cell for cell in cells if cell.startswith(f"{place}~")))
    return next((cell for cell in candidates if cell in cells), "")


def _label(field: str, headers: Mapping[str, str], language: str) -> str:
    if field in headers:
        return headers[field]
    try:
        return label("column", field.partition("~")[0], language)
    except KeyError:
        return ""


@guarded(SHEET_WRITE)
def mend(request: HttpRequest, goods_sheet: uuid.UUID) -> HttpResponse:
    """One cell gets another value."""
    _her_sheet(request, SHEET_WRITE, goods_sheet)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])  # after it is known whose the sheet is
    row = number_of(request.POST.get("row", "")) or 0

    def act() -> str:
        verdict = actions_sheets.mend_cell(
            actor=actor_of(request),
            sheet=goods_sheet,
            row=min(row, 2**31 - 1),
            field=request.POST.get("field", ""),
            value=request.POST.get("value", ""),
            now=timezone.now(),
        )
        if verdict is Verdict.WRONG:
            return gettext("Saved; row %(row)s is not right yet.") % {"row": row}
        return gettext("Saved; row %(row)s is right now.") % {"row": row}

    return _done(request, goods_sheet, act, query=request.POST.get("query", ""))


@guarded(SHEET_WRITE)
def insert(request: HttpRequest, goods_sheet: uuid.UUID) -> HttpResponse:
    """Its right rows go into the catalogue."""
    _her_sheet(request, SHEET_WRITE, goods_sheet)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])  # after it is known whose the sheet is

    def act() -> str:
        state = actions_sheets.insert_sheet(
            actor=actor_of(request),
            sheet=goods_sheet,
            submit="submit" in request.POST,
            overwrite="overwrite" in request.POST,
            now=timezone.now(),
        )
        if state is ImportState.INSERTING:
            return gettext("The rows are being inserted. You may leave this page.")
        return gettext("The rows are in the catalogue.")

    return _done(request, goods_sheet, act)


@guarded(SHEET_WRITE)
def stop(request: HttpRequest, goods_sheet: uuid.UUID) -> HttpResponse:
    _her_sheet(request, SHEET_WRITE, goods_sheet)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])  # after it is known whose the sheet is

    def act() -> str:
        actions_sheets.stop(actor=actor_of(request), sheet=goods_sheet)
        return gettext("Stopped. What was inserted stays.")

    return _done(request, goods_sheet, act)


@guarded(SHEET_WRITE)
def resume(request: HttpRequest, goods_sheet: uuid.UUID) -> HttpResponse:
    _her_sheet(request, SHEET_WRITE, goods_sheet)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])  # after it is known whose the sheet is

    def act() -> str:
        actions_sheets.resume(actor=actor_of(request), sheet=goods_sheet)
        return gettext("It goes on where it stopped.")

    return _done(request, goods_sheet, act)


@guarded(SHEET_WRITE)
def forget(request: HttpRequest, goods_sheet: uuid.UUID) -> HttpResponse:
    """The sheet goes, its goods stay."""
    sheet = _her_sheet(request, SHEET_WRITE, goods_sheet)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])  # after it is known whose the sheet is
    try:
        actions_sheets.forget(actor=actor_of(request), sheet=goods_sheet)
    except SundryError as refusal:
        messages.error(request, refusal.message(language_of_reader()))
        return redirect("my_goods_sheet_one", goods_sheet)
    messages.success(request, gettext("The sheet is deleted. Goods that came from it stay."))
    return redirect(f"{reverse('my_goods_sheet')}?stall={sheet.stall_number}")


def _done(request: HttpRequest, sheet: uuid.UUID, act: Callable[[], str], query: str = "") -> HttpResponse:
    try:
        messages.success(request, act())
    except SundryError as refusal:
        messages.error(request, refusal.message(language_of_reader()))
    place = reverse("my_goods_sheet_one", args=[sheet])
    return redirect(f"{place}?only=wrong" if query == "wrong" else place)


@guarded(SHEET_READ)
@require_safe
def wrong(request: HttpRequest, goods_sheet: uuid.UUID) -> HttpResponse:
    """The rows that were not inserted, as a sheet, each with what is wrong. Two statements."""
    sheet = _her_sheet(request, SHEET_READ, goods_sheet)
    rows = queries_sheets.rows(sheet.id, verdicts=(Verdict.WRONG, Verdict.STALE), limit=ROWS_MAX)
    lines = ((row.cells, row.findings, row.photos) for row in rows)
    return _book(sheets_export.wrong(lines, sheet.columns, language_of_reader()), "wrong-rows.xlsx")


@guarded(SHEET_READ)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """An empty sheet in the reader's language."""
    return _book(sheets_export.template(language_of_reader()), "goods.xlsx")


@guarded(SHEET_EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """All goods of a stall, or the chosen ones (`row`), with photos where `photos` is asked. Six statements."""
    stall = her_stall(request, SHEET_EXPORT, gettext("Goods by Excel"))
    if isinstance(stall, HttpResponse):
        return stall
    about(request, "stall", stall.card.id)
    asked = request.POST if request.method == "POST" else request.GET
    numbers = numbers_of(asked.getlist("row"))
    goods = queries_sheets.goods_to_export(stall.card.id, numbers or None)
    data = sheets_export.exported(goods, language_of_reader(), photos="photos" in asked)
    return _book(data, f"goods-{stall.card.number}.xlsx")


def _book(data: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        data,
        content_type=BOOK,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


def _her_sheet(request: HttpRequest, operation: Operation, sheet: uuid.UUID) -> SheetView:
    """AccessRefused: there is none, or it is another stall's. Two statements."""
    owner = queries_sheets.owner_of_sheet(sheet)
    if owner is None:
        raise nothing_there(operation)
    admit(request, operation, owner)
    about(request, "sheet", sheet)
    found = queries_sheets.sheet(sheet)
    if found is None:
        raise nothing_there(operation)

    return found


urlpatterns = [
    path("my/goods/sheet/", sheets, name="my_goods_sheet"),
    path("my/goods/sheet/export/", export, name="my_goods_sheet_export"),
    path("my/goods/sheet/template.xlsx", template, name="my_goods_sheet_template"),
    path("my/goods/sheet/<uuid:goods_sheet>/", one, name="my_goods_sheet_one"),
    path("my/goods/sheet/<uuid:goods_sheet>/mend", mend, name="my_goods_sheet_mend"),
    path("my/goods/sheet/<uuid:goods_sheet>/insert", insert, name="my_goods_sheet_insert"),
    path("my/goods/sheet/<uuid:goods_sheet>/stop", stop, name="my_goods_sheet_stop"),
    path("my/goods/sheet/<uuid:goods_sheet>/resume", resume, name="my_goods_sheet_resume"),
    path("my/goods/sheet/<uuid:goods_sheet>/forget", forget, name="my_goods_sheet_forget"),
    path("my/goods/sheet/<uuid:goods_sheet>/wrong.xlsx", wrong, name="my_goods_sheet_wrong"),
]
