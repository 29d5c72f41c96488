"""The rows that somebody has chosen on her desk, and the way back to the table in which they stand."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext

from sundry.goods.catalogue.own_stall import number_of
from sundry.goods.orders.pages_desk import address_of
from sundry.kernel.identifiers import id_or_none

ROWS_MAX: Final = 100  # at once, of what is done one by one


@dataclass(frozen=True, slots=True)
class Chosen:
    """A row that was chosen: an order by its number, or a stall's part by its id."""

    written: str
    order: int | None
    sub: uuid.UUID | None

    @property
    def what(self) -> dict[str, Any]:
        return {"order": self.order} if self.sub is None else {"sub": self.sub}


def chosen(request: HttpRequest, most: int = ROWS_MAX) -> list[Chosen]:
    """The rows whose boxes are ticked, `most` of them; how many were left out is told. What names neither an order nor
    a part is none of ours."""
    written = dict.fromkeys(request.POST.getlist("row"))
    found = [Chosen(one, number_of(one), id_or_none(one)) for one in written]
    rows = [row for row in found if row.order is not None or row.sub is not None]
    if (left := len(rows) - most) > 0:
        said = ngettext(
            "Too many rows at once: %(count)d was left out. Choose it again.",
            "Too many rows at once: %(count)d were left out. Choose them again.",
            left,
        )
        messages.warning(request, said % {"count": left})
    return rows[:most]


def orders_of(rows: list[Chosen]) -> list[int]:
    return [row.order for row in rows if row.order is not None]


def subs_of(rows: list[Chosen]) -> list[uuid.UUID]:
    return [row.sub for row in rows if row.sub is not None]


def tell(request: HttpRequest, said: str, done: int) -> None:
    """How many times something was done; nothing where it was not."""
    if done:
        messages.success(request, said % {"count": done})


def nothing(request: HttpRequest) -> HttpResponse:
    """Back: no row was chosen."""
    messages.warning(request, gettext("Choose rows first."))
    return back(request)


def back(request: HttpRequest) -> HttpResponse:
    """To the table as it was filtered."""
    return redirect(address_of(request.POST.get("query", "")))
