"""The agent's desk: tables of orders, of stalls' parts, of what is late and of what is to be paid.

What a table shows stands in its address, so that a view can be kept, sent to a colleague and exported. A table goes on
at its end (without a script: by a link); its head says what all its rows come to.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_bidi, gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sundry.base.access.guard import guarded
from sundry.base.parties.forms import countries, spoken
from sundry.base.parties.operations import person_of
from sundry.goods.catalogue.own_stall import number_of
from sundry.goods.catalogue.storefront import unlisted
from sundry.goods.orders import actions_views, queries_dealings, queries_desk, queries_marks, queries_orders
from sundry.goods.orders import order_words as words
from sundry.goods.orders.desk_columns import HEADERS_OF_ORDERS, HEADERS_OF_PARTS, order_cells, part_cells
from sundry.goods.orders.formats.desk_table import csv_of, xlsx_of
from sundry.goods.orders.forms_orders import key_of
from sundry.goods.orders.mark_rules import WORD_MAX, Marked
from sundry.goods.orders.operations import ORDER_EXPORT, ORDER_LIST, VIEW_SAVE
from sundry.goods.orders.order_rules import OrderCard, OrderState, State
from sundry.goods.orders.own_orders import her_buying
from sundry.goods.orders.queries_desk import PartRow, PartSort, Sums, Table
from sundry.goods.orders.queries_orders import Filters, Sort
from sundry.goods.orders.showing_orders import Fill, fills
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import id_or_none

SHOWN: Final = 100  # rows at once; the table goes on behind them
EXPORTED_MAX: Final = 5_000
PAGE: Final = "desk"  # of the saved views
KEPT: Final = ("state", "part", "stall", "mandate", "late", "currency", "destination", "q", "mark", "sort")
ADDRESSES: Final = {
    Table.ORDERS: "desk",
    Table.PARTS: "desk_parts",
    Table.LATE: "desk_late",
    Table.PAYMENTS: "desk_payments",
}
TITLES: Final = {
    Table.ORDERS: _("Orders"),
    Table.PARTS: _("Stalls’ parts"),
    Table.LATE: _("Late"),
    Table.PAYMENTS: _("Payments to tell"),
}
PART_SORTS: Final = {
    PartSort.NEWEST.value: words.ORDER_SORTS["newest"],
    PartSort.PROMISED.value: pgettext_lazy("order of stalls' parts", "Next promised day first"),
    PartSort.VALUE.value: words.ORDER_SORTS["value"],
}
CONTAINER: Final = "40HC"


@dataclass(frozen=True, slots=True)
class Tab:
    """`view`: the saved view that it is, None for one of the four tables."""

    title: Any
    address: str
    is_here: bool
    view: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What all rows come to in one currency, and how much of a container that fills."""

    sums: Sums
    fill: Fill | None


# The tables -----------------------------------------------------------------------------------------------------------


@guarded(ORDER_LIST)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Orders."""
    return _table(request, Table.ORDERS)


@guarded(ORDER_LIST)
@require_safe
def desk_parts(request: HttpRequest) -> HttpResponse:
    """What each stall has to do with it."""
    return _table(request, Table.PARTS)


@guarded(ORDER_LIST)
@require_safe
def desk_late(request: HttpRequest) -> HttpResponse:
    """Which stall is late: what she looks at each morning."""
    return _table(request, Table.LATE)


@guarded(ORDER_LIST)
@require_safe
def desk_payments(request: HttpRequest) -> HttpResponse:
    """What is due, and was not told to its stall yet."""
    return _table(request, Table.PAYMENTS)


def _table(request: HttpRequest, table: Table) -> HttpResponse:
    organisation, person = her_buying(request, ORDER_LIST), person_of(request, ORDER_LIST)
    today = timezone.localdate()
    asked, filters = kept(request.GET), filters_of(request.GET, person)
    rows = _rows(organisation, table, filters, request.GET, today, SHOWN + 1)
    context: dict[str, Any] = {
        "table": table.value,
        "rows": rows[:SHOWN],
        "marks": _marks(person, rows[:SHOWN]),
        "next": _following(table, asked, rows),
        "columns": len(_columns(table)),
    }
    if request.headers.get("HX-Request") and request.GET.get("before"):
        response = render(request, "orders/desk/rows.html", context)
        patch_vary_headers(response, ["HX-Request"])  # so that no browser shows rows alone for the page
        return response
    views = queries_dealings.saved_views(person, PAGE)
    context |= {
        "head": unlisted(str(TITLES[table])),
        "title": TITLES[table],
        "tabs": _tabs(table, asked, views),
        "heads": _heads(queries_desk.sums(organisation=organisation, table=table, filters=filters, today=today), today),
        "columns_of_table": _columns(table),
        "asked": asked,
        "query": urlencode({"table": table.value} | asked),
        "key": key_of(),
        "exported_max": EXPORTED_MAX,
        "is_filtered": any(key != "sort" for key in asked),
        "states": [(one.value, word) for one, (_badge, word) in words.ORDER_STATES.items()],
        "parts": [(one.value, word) for one, (_badge, word) in words.STATES.items() if one is not State.DRAFT],
        "sorts": _sorts(table),
        "marks_to_choose": words.marks_to_choose(queries_marks.own_words(person=person)),
        "mark_max": WORD_MAX,
        "mandates": [(str(one.id), one.buyer.name) for one in queries_dealings.mandates(organisation)],
        "countries": countries(),
    }
    return render(request, "orders/desk/desk.html", context)


def kept(asked: Mapping[str, str]) -> dict[str, str]:
    """Of an address: what a view keeps. No address holds U+0000."""
    return {key: asked[key].replace("\0", "")[:100] for key in KEPT if asked.get(key)}


def filters_of(asked: Mapping[str, str], person: uuid.UUID) -> Filters:
    """What an address asks for; what it holds besides is not looked at. `person`: whose marks are meant."""
    mark = asked.get("mark", "")[:WORD_MAX]
    return Filters(
        state=_one_of(OrderState, asked, "state"),
        sub_state=_one_of(State, asked, "part"),
        late=asked.get("late") == "1",
        stall=number_of(asked.get("stall", "")),
        currency=asked.get("currency", "")[:3].upper(),
        destination=asked.get("destination", "")[:2].upper(),
        words=asked.get("q", "").strip()[:80],
        mandate=id_or_none(asked.get("mandate", "")),
        marked=Marked(person, mark) if mark else None,
    )


def _one_of(kind: Any, asked: Mapping[str, str], name: str) -> Any:
    return kind(asked[name]) if asked.get(name) in {one.value for one in kind} else None


def _rows(
    organisation: uuid.UUID, table: Table, filters: Filters, asked: Mapping[str, str], today: date, limit: int
) -> tuple[OrderCard, ...] | tuple[PartRow, ...]:
    before = asked.get("before", "")
    if table is Table.ORDERS:
        return queries_orders.orders(
            organisation=organisation,
            filters=filters,
            sort=_one_of(Sort, asked, "sort") or Sort.NEWEST,
            before=number_of(before),
            limit=limit,
            today=today,
        )
    return queries_desk.parts(
        organisation=organisation,
        table=table,
        filters=filters,
        today=today,
        sort=_one_of(PartSort, asked, "sort") or PartSort.NEWEST,
        before=id_or_none(before),
        limit=limit,
    )


def _marks(person: uuid.UUID, rows: Sequence[OrderCard | PartRow]) -> Mapping[Any, str]:
    """What she has marked of them, by the number of the order or the id of the part. One statement."""
    orders = [row.number for row in rows if isinstance(row, OrderCard)]
    if orders:
        return queries_marks.marks_of_orders(person=person, orders=orders)
    subs = [row.card.sub.id for row in rows if isinstance(row, PartRow)]
    return queries_marks.marks_of_parts(person=person, subs=subs)


def _following(table: Table, asked: Mapping[str, str], rows: Sequence[OrderCard | PartRow]) -> str:
    """The address at which the table goes on; "" at its end."""
    if len(rows) <= SHOWN:
        return ""
    last = rows[SHOWN - 1]
    key = str(last.number) if isinstance(last, OrderCard) else str(last.card.sub.id)
    return f"{reverse(ADDRESSES[table])}?{urlencode({**asked, 'before': key})}"


def _tabs(table: Table, asked: Mapping[str, str], views: Sequence[queries_dealings.SavedViewView]) -> list[Tab]:
    here = urlencode({"table": table.value} | dict(asked))
    is_kept = any(view.query == here for view in views)
    own = [Tab(TITLES[one], reverse(ADDRESSES[one]), one is table and not is_kept) for one in Table]
    return own + [Tab(view.name, address_of(view.query), view.query == here, view.id) for view in views]


def address_of(query: str) -> str:
    """Of what a view keeps, or a form sends back: the table's own, with the filters."""
    asked = dict(parse_qsl(query))
    table = table_of(asked.get("table", ""))
    rest = urlencode(kept(asked))
    return reverse(ADDRESSES[table]) + (f"?{rest}" if rest else "")


def table_of(written: str) -> Table:
    return Table(written) if written in {one.value for one in Table} else Table.ORDERS


def _sorts(table: Table) -> list[tuple[str, Any]]:
    if table is Table.LATE:
        return []
    return list((words.ORDER_SORTS if table is Table.ORDERS else PART_SORTS).items())


def _heads(sums: Sequence[Sums], today: date) -> list[Head]:
    """A container holds goods of all currencies: where there are several, each says how much of one it fills."""
    return [
        Head(one, next((fill for fill in fills(one.totals, today) if fill.name == CONTAINER), None)) for one in sums
    ]


def _columns(table: Table) -> list[tuple[Any, str]]:
    """Heading and class of each column but that of the boxes."""
    number = "number"
    if table is Table.ORDERS:
        return [
            (pgettext_lazy("an order", "Order"), ""),
            (_("Buyer"), ""),
            (_("State"), ""),
            (_("Stalls"), number),
            (_("Next promised day"), ""),
            (_("Volume"), number),
            (_("Value"), number),
            (_("Still to be paid"), number),
        ]
    return [
        (_("Part"), ""),
        (_("Stall"), ""),
        (_("Buyer"), ""),
        (_("State"), ""),
        (_("Promised day"), ""),
        (_("Trade ticket"), ""),
        (_("Value"), number),
        (_("Due now") if table is Table.PAYMENTS else _("Still to be paid"), number),
    ]


# Saved views ----------------------------------------------------------------------------------------------------------


@guarded(VIEW_SAVE)
@require_POST
def desk_views(request: HttpRequest) -> HttpResponse:
    """Keep what a table shows by a name."""
    query = request.POST.get("query", "")
    try:
        actions_views.save_view(
            person=person_of(request, VIEW_SAVE), page=PAGE, name=request.POST.get("name", ""), query=query
        )
    except SundryError as fault:
        messages.warning(request, fault.message(spoken()))
    else:
        messages.success(request, gettext("The view is saved."))
    return redirect(address_of(query))


@guarded(VIEW_SAVE)
@require_POST
def desk_views_remove(request: HttpRequest) -> HttpResponse:
    """Forget one."""
    view = id_or_none(request.POST.get("view"))
    if view is not None:
        actions_views.remove_view(person=person_of(request, VIEW_SAVE), view=view)
        messages.success(request, gettext("The view is deleted."))
    return redirect("desk")


# Export ---------------------------------------------------------------------------------------------------------------


@guarded(ORDER_EXPORT)
@require_safe
def desk_export(request: HttpRequest, kind: str) -> HttpResponse:
    """What a table is filtered to: as a workbook or as CSV. Of more rows than EXPORTED_MAX the last one says so."""
    organisation, person = her_buying(request, ORDER_EXPORT), person_of(request, ORDER_EXPORT)
    asked = request.GET
    table = table_of(asked.get("table", ""))
    today = timezone.localdate()
    rows = _rows(organisation, table, filters_of(asked, person), kept(asked), today, EXPORTED_MAX + 1)
    rows, is_cut = rows[:EXPORTED_MAX], len(rows) > EXPORTED_MAX
    if table is Table.ORDERS:
        headers = [str(header) for header in HEADERS_OF_ORDERS]
        cells = [order_cells(row) for row in rows if isinstance(row, OrderCard)]
    else:
        headers = [str(header) for header in HEADERS_OF_PARTS]
        of_part = part_cells(spoken(), lambda sub: sub.is_late(today))
        cells = [of_part(row) for row in rows if isinstance(row, PartRow)]
    if is_cut:
        said = gettext(
            "There are more rows: an export holds %(count)d at most. Filter the table, and export the rest by itself."
        )
        cells.append([said % {"count": EXPORTED_MAX}])
    if kind == "csv":
        return _file(csv_of(headers, cells), "text/csv; charset=utf-8", f"{table}-{today}.csv")
    title = pgettext("name of a sheet", "Orders") if table is Table.ORDERS else pgettext("name of a sheet", "Parts")
    made = xlsx_of(title, headers, cells, is_rtl=get_language_bidi())
    return _file(made, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", f"{table}-{today}.xlsx")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


urlpatterns = [
    path("desk/", desk, name="desk"),
    path("desk/parts/", desk_parts, name="desk_parts"),
    path("desk/late/", desk_late, name="desk_late"),
    path("desk/payments/", desk_payments, name="desk_payments"),
    path("desk/views/", desk_views, name="desk_views"),
    path("desk/views/remove/", desk_views_remove, name="desk_views_remove"),
    path("desk/export.xlsx", desk_export, {"kind": "xlsx"}, name="desk_export_xlsx"),
    path("desk/export.csv", desk_export, {"kind": "csv"}, name="desk_export_csv"),
]
