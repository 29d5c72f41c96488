"""/orders/sheet/: an order list of any agent, by file or pasted. Look at what each row would become, mend, insert.

Nothing is written into an order before somebody has seen the preview and pressed the button. All of it are plain forms;
a list that the worker reads or inserts is looked at again by loading the page.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from sundry.base.access.guard import about, actor_of, guarded
from sundry.base.access.rules import Operation
from sundry.goods.catalogue.own_stall import number_of
from sundry.goods.catalogue.storefront import language_of_reader, nothing_there, unlisted
from sundry.goods.orders import actions_sheets, queries_dealings, queries_sheets
from sundry.goods.orders.actions_sheets import FILE_BYTES_MAX
from sundry.goods.orders.import_rules import ImportState, Verdict
from sundry.goods.orders.operations import SHEET_READ, SHEET_WRITE
from sundry.goods.orders.order_rules import OrderState
from sundry.goods.orders.own_orders import admitted, her_buying, not_posted
from sundry.goods.orders.queries_sheets import RowView, SheetView
from sundry.goods.orders.sheets_reading import ROWS_MAX
from sundry.kernel.errors import SundryError
from sundry.kernel.findings import Finding, Severity
from sundry.kernel.identifiers import id_or_none

SHOWN: Final = 50
_POSITION_MAX: Final = 2**31 - 1
_ICONS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "info"}
_WRONG: Final = (Verdict.WRONG, Verdict.STALE, Verdict.GONE)
VERDICTS: Final[Mapping[Verdict, tuple[str, Promise]]] = {
    Verdict.NEW: ("ok", pgettext_lazy("row of a sheet", "New")),
    Verdict.CHANGED: ("working", pgettext_lazy("row of a sheet", "Changed")),
    Verdict.UNCHANGED: ("neutral", pgettext_lazy("row of a sheet", "Unchanged")),
    Verdict.STALE: ("attention", pgettext_lazy("row of a sheet", "Changed meanwhile")),
    Verdict.GONE: ("attention", pgettext_lazy("row of a sheet", "Not in the sheet")),
    Verdict.WRONG: ("error", pgettext_lazy("row of a sheet", "Wrong")),
}
DONE: Final = ("ok", pgettext_lazy("row of a sheet", "Inserted"))
STATES: Final[Mapping[ImportState, tuple[str, Promise]]] = {
    ImportState.READING: ("working", pgettext_lazy("order list", "Being read")),
    ImportState.PREVIEW: ("waiting", pgettext_lazy("order list", "To be looked at")),
    ImportState.INSERTING: ("working", pgettext_lazy("order list", "Being inserted")),
    ImportState.INSERTED: ("ok", pgettext_lazy("order list", "Inserted")),
    ImportState.STOPPED: ("attention", pgettext_lazy("order list", "Stopped")),
    ImportState.FAILED: ("error", pgettext_lazy("order list", "Cannot be read")),
}
LABELS: Final[Mapping[str, Promise]] = {
    "stall": gettext_lazy("Stall"),
    "item": gettext_lazy("Item number"),
    "name": gettext_lazy("Name"),
    "cartons": gettext_lazy("Cartons"),
    "pieces_per_carton": gettext_lazy("Pieces per carton"),
    "pieces": gettext_lazy("Quantity"),
    "unit": pgettext_lazy("of goods", "Unit"),
    "price": gettext_lazy("Price"),
    "currency": gettext_lazy("Currency"),
    "volume_carton": gettext_lazy("Volume of a carton"),
    "size": gettext_lazy("Size of a carton"),
    "gross_total": gettext_lazy("Gross weight"),
    "net_total": gettext_lazy("Net weight"),
    "hs": gettext_lazy("HS code"),
    "mark": gettext_lazy("Shipping mark"),
    "note": pgettext_lazy("remark", "Note"),
    "picture": gettext_lazy("Photo"),
}


class SheetForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("An order list"),
        help_text=gettext_lazy("xlsx, xls, ods, csv or text, as you have it; pictures in its rows are taken along."),
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
            self.add_error("file", gettext("Choose an order list, or paste rows with their header."))


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """`place`: "C3" as the sheet shows it, "" where it is about no cell. `field`: to mend it here."""

    message: str
    label: str
    place: str
    field: str
    value: str
    icon: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the preview. `price`: for how many pieces it is, where that is not one."""

    view: RowView
    name: str
    item: str
    stall: str
    pieces: int | None
    price_minor: int | None
    price_per: int
    badge: str
    word: Promise
    findings: tuple[ToldFinding, ...]
    differences: tuple[tuple[Promise, str, str], ...]


@guarded(SHEET_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def sheets(request: HttpRequest) -> HttpResponse:
    """Where a list comes in, and those that came. `order`: the basket for which it is. GET: one statement."""
    organisation = her_buying(request, SHEET_WRITE)
    order = number_of((request.POST if request.method == "POST" else request.GET).get("order", ""))
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            sheet = actions_sheets.read_sheet(
                actor=actor_of(request),
                name=(upload.name or "") if upload else "",
                data=upload.read(FILE_BYTES_MAX + 1) if upload else b"",
                text="" if upload else form.cleaned_data["text"],
                order=order,
                language=language_of_reader(),
                now=timezone.now(),
            )
            return redirect("order_sheet_one", sheet)
        except SundryError as refusal:
            form.add_error("file" if upload else "text", refusal.message(language_of_reader()))
    came = queries_sheets.sheets_of(organisation)
    context = {
        "head": unlisted(gettext("Order by Excel")),
        "form": form,
        "order": order,
        "came": [(one, *STATES[one.state]) for one in came],
        "rows_max": ROWS_MAX,
        "megabytes_max": FILE_BYTES_MAX // 1_000_000,
    }
    return render(request, "orders/sheets/sheets.html", context, status=422 if form.errors else 200)


sheets.upload_megabytes_max = FILE_BYTES_MAX // 1_000_000  # type: ignore[attr-defined]  # of the middleware


@guarded(SHEET_READ)
def one(request: HttpRequest, order_sheet: uuid.UUID) -> HttpResponse:
    """What becomes of each row. `only=wrong`; `after`: a position. At most five statements."""
    sheet = _her_sheet(request, SHEET_READ, order_sheet)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])  # after it is known whose the list is
    only = request.GET.get("only") == "wrong"
    after = min(number_of(request.GET.get("after", "")) or 0, _POSITION_MAX)
    found = queries_sheets.rows(sheet.id, verdicts=_WRONG if only else None, after=after, limit=SHOWN + 1)
    following = f"{'only=wrong&' if only else ''}after={found[SHOWN - 1].position}" if len(found) > SHOWN else ""
    language = language_of_reader()
    rest = (Verdict.WRONG, Verdict.STALE, Verdict.GONE)
    context = {
        "head": unlisted(sheet.name or gettext("Pasted rows")),
        "sheet": sheet,
        "badge": STATES[sheet.state][0],
        "word": STATES[sheet.state][1],
        "rows": [_shown(row, sheet, language) for row in found[:SHOWN]],
        "only": only,
        "after": after,
        "counts": [(badge, word, sheet.counts[verdict]) for verdict, (badge, word) in VERDICTS.items()],
        "wrong": sum(sheet.counts[verdict] for verdict in rest),
        "stale": sheet.counts[Verdict.STALE],
        "gone": sheet.counts[Verdict.GONE],
        "left": max(sheet.to_insert - sheet.done, 0),
        "problems": [problem.message(language) for problem in sheet.problems],
        "is_basket": sheet.order_state in (None, OrderState.DRAFT),
        **_choices(request, sheet),
        "page": {"previous": "", "next": f"?{following}" if following else ""},
    }
    return render(request, "orders/sheets/sheet.html", context)


def _choices(request: HttpRequest, sheet: SheetView) -> dict[str, Any]:
    """What may be chosen where the list is inserted: a basket, or for whom a new one is."""
    rests = sheet.state in (ImportState.PREVIEW, ImportState.INSERTED, ImportState.STOPPED)
    left = sheet.to_insert - sheet.done + sheet.counts[Verdict.STALE] + sheet.counts[Verdict.GONE]
    if not rests or left <= 0:
        return {"can_insert": False}
    organisation = actor_of(request).organisation
    if sheet.order_state is not None or organisation is None:
        return {"can_insert": True, "baskets": (), "mandates": ()}
    day = timezone.localdate()
    return {
        "can_insert": True,
        "baskets": queries_sheets.baskets_of(organisation, sheet.currency),
        "mandates": [
            mandate
            for mandate in queries_dealings.mandates(organisation)
            if mandate.agent.organisation == organisation and mandate.holds(day)
        ],
    }


def _shown(row: RowView, sheet: SheetView, language: str) -> Shown:
    wish = row.wish
    names = wish.get("names") or {}
    findings = tuple(
        ToldFinding(
            message=_with_its_header(finding, sheet).message(language),
            label=str(LABELS.get(finding.header, "")),
            place=_place(finding.header, row, sheet),
            field=finding.header if finding.header in queries_sheets.MENDED else "",
            value=row.cells.get(finding.header, ""),
            icon=_ICONS[finding.severity],
        )
        for finding in row.findings
    )
    badge, word = DONE if row.is_done else VERDICTS[row.verdict]
    return Shown(
        view=row,
        name=names.get(language) or next(iter(names.values()), "") or row.cells.get("name", ""),
        item=row.cells.get("item", ""),
        stall=row.cells.get("stall", ""),
        pieces=wish.get("pieces"),
        price_minor=wish.get("price_minor"),
        price_per=wish.get("price_per", 1),
        badge=badge,
        word=word,
        findings=findings,
        differences=tuple((LABELS[field], before, after) for field, before, after in row.differences),
    )


def _with_its_header(finding: Finding, sheet: SheetView) -> Finding:
    """With the header of its column, as it stands in the book, in place of the name of the field."""
    _, header = sheet.columns.get(finding.header, ("", ""))
    return replace(finding, header=header or str(LABELS.get(finding.header, "")))


def _place(field: str, row: RowView, sheet: SheetView) -> str:
    """Where the cell stands in the book, with the sheet's name where the book has several."""
    letter, _ = sheet.columns.get(field, ("", ""))
    if not row.row:
        return ""
    cell = f"{letter}{row.row}" if letter else str(row.row)
    return f"{row.sheet}!{cell}" if sheet.sheets > 1 else cell


@guarded(SHEET_WRITE)
def mend(request: HttpRequest, order_sheet: uuid.UUID) -> HttpResponse:
    """One cell gets another value; then she is back at its row, on the page that she looked at."""
    _her_sheet(request, SHEET_WRITE, order_sheet)
    if refused := not_posted(request):
        return refused
    position = min(number_of(request.POST.get("position", "")) or 0, _POSITION_MAX)
    after = number_of(request.POST.get("after", ""))
    only = {"only": "wrong"} if request.POST.get("query") == "wrong" else {}
    looked_at = urlencode(only | ({"after": after} if after else {}))

    def act() -> str:
        verdict = actions_sheets.mend_cell(
            actor=actor_of(request),
            sheet=order_sheet,
            position=position,
            field=request.POST.get("field", ""),
            value=request.POST.get("value", ""),
            now=timezone.now(),
        )
        if verdict is Verdict.WRONG:
            return gettext("Saved; the row is not right yet.")
        return gettext("Saved; the row is right now.")

    return _done(request, order_sheet, act, f"{looked_at and '?'}{looked_at}#row-{position}")


@guarded(SHEET_WRITE)
def insert(request: HttpRequest, order_sheet: uuid.UUID) -> HttpResponse:
    """Its right rows go into a basket, or back into the order that they came from."""
    _her_sheet(request, SHEET_WRITE, order_sheet)
    if refused := not_posted(request):
        return refused

    def act() -> str:
        state = actions_sheets.insert_sheet(
            actor=actor_of(request),
            sheet=order_sheet,
            order=number_of(request.POST.get("order", "")),
            mandate=id_or_none(request.POST.get("mandate", "")),
            overwrite="overwrite" in request.POST,
            remove="remove" in request.POST,
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )
        if state is ImportState.INSERTING:
            return gettext("The rows are being inserted. You may leave this page.")
        if state is ImportState.STOPPED:
            return gettext("It stopped; what stands below says why.")
        return gettext("The rows are in the order.")

    return _done(request, order_sheet, act)


@guarded(SHEET_WRITE)
def stop(request: HttpRequest, order_sheet: uuid.UUID) -> HttpResponse:
    _her_sheet(request, SHEET_WRITE, order_sheet)
    if refused := not_posted(request):
        return refused

    def act() -> str:
        actions_sheets.stop(actor=actor_of(request), sheet=order_sheet)
        return gettext("Stopped. What was inserted stays.")

    return _done(request, order_sheet, act)


@guarded(SHEET_WRITE)
def resume(request: HttpRequest, order_sheet: uuid.UUID) -> HttpResponse:
    _her_sheet(request, SHEET_WRITE, order_sheet)
    if refused := not_posted(request):
        return refused

    def act() -> str:
        actions_sheets.resume(actor=actor_of(request), sheet=order_sheet)
        return gettext("It goes on where it stopped.")

    return _done(request, order_sheet, act)


@guarded(SHEET_WRITE)
def forget(request: HttpRequest, order_sheet: uuid.UUID) -> HttpResponse:
    """The list goes, its lines stay."""
    _her_sheet(request, SHEET_WRITE, order_sheet)
    if refused := not_posted(request):
        return refused
    try:
        actions_sheets.forget(actor=actor_of(request), sheet=order_sheet)
    except SundryError as refusal:
        messages.error(request, refusal.message(language_of_reader()))
        return redirect("order_sheet_one", order_sheet)
    messages.success(request, gettext("The list is deleted. What of it is in an order stays."))
    return redirect("order_sheet")


def _done(request: HttpRequest, sheet: uuid.UUID, act: Callable[[], str], where: str = "") -> HttpResponse:
    try:
        messages.success(request, act())
    except SundryError as refusal:
        messages.error(request, refusal.message(language_of_reader()))
    return redirect(f"{reverse('order_sheet_one', args=[sheet])}{where}")


def _her_sheet(request: HttpRequest, operation: Operation, sheet: uuid.UUID) -> SheetView:
    """AccessRefused: there is none, or it is another's. Two statements."""
    admitted(request, operation, queries_sheets.owner_of_sheet(sheet))
    about(request, "order_sheet", sheet)
    found = queries_sheets.sheet(sheet)
    if found is None:
        raise nothing_there(operation)
    return found


urlpatterns = [
    path("orders/sheet/", sheets, name="order_sheet"),
    path("orders/sheet/<uuid:order_sheet>/", one, name="order_sheet_one"),
    path("orders/sheet/<uuid:order_sheet>/mend", mend, name="order_sheet_mend"),
    path("orders/sheet/<uuid:order_sheet>/insert", insert, name="order_sheet_insert"),
    path("orders/sheet/<uuid:order_sheet>/stop", stop, name="order_sheet_stop"),
    path("orders/sheet/<uuid:order_sheet>/resume", resume, name="order_sheet_resume"),
    path("orders/sheet/<uuid:order_sheet>/forget", forget, name="order_sheet_forget"),
]
