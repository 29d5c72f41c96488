"""/audit/: who did what. An administrator sees her organisation, the operator and the auditor everything.

The log knows people by id; their names are looked up for the page alone, whole for an administrator, who knows her
people, and else no more than an initial. The export holds no personal data.
"""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from sundry.base.access import queries
from sundry.base.access.guard import actor_of, admit, guarded
from sundry.base.access.queries import AuditFilter, Entry
from sundry.base.access.rules import ADMINISTRATORS, Actor, Kind, Operation, Outcome, Owner, of_kinds
from sundry.base.parties.queries import names_of
from sundry.kernel.formulas import csv_text
from sundry.kernel.identifiers import id_or_none
from sundry.kernel.masking import mask

EVERYTHING = of_kinds(Kind.OPERATOR, Kind.AUDITOR)
AUDIT_READ = Operation("access.audit.read", own=ADMINISTRATORS | EVERYTHING, foreign=EVERYTHING)
AUDIT_EXPORT = Operation("access.audit.export", own=ADMINISTRATORS | EVERYTHING, foreign=EVERYTHING, audited=True)

ROWS = 50
DAYS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))]  # there is a day before and after


class FilterForm(forms.Form):
    """Which entries; nothing is required."""

    operation = forms.CharField(label=gettext_lazy("Operation"), required=False, max_length=80)
    object_id = forms.CharField(label=gettext_lazy("Thing"), required=False, max_length=80)
    person = forms.UUIDField(label=gettext_lazy("Person"), required=False)
    organisation = forms.UUIDField(label=gettext_lazy("Organisation"), required=False)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            (Outcome.DONE.value, gettext_lazy("Done")),
            (Outcome.ALLOWED.value, gettext_lazy("Let in")),
            (Outcome.REFUSED.value, gettext_lazy("Refused")),
            (Outcome.FAILED.value, gettext_lazy("Failed")),
        ],
    )
    since = forms.DateField(label=gettext_lazy("From"), required=False, validators=DAYS)
    until = forms.DateField(label=gettext_lazy("To"), required=False, validators=DAYS)


@guarded(AUDIT_READ)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """The newest entries that the filter lets through."""
    form = FilterForm(request.GET)
    wanted = _wanted(request, form, AUDIT_READ)
    found = (
        queries.audit_entries(wanted, limit=ROWS + 1, before=id_or_none(request.GET.get("before"))) if wanted else ()
    )
    following = request.GET.copy()
    if len(found) > ROWS:
        following["before"] = str(found[ROWS - 1].id)
    page = {"previous": "", "next": f"?{following.urlencode()}" if len(found) > ROWS else ""}
    values = {
        "form": form,
        "entries": _shown(found[:ROWS], whole=actor_of(request).role not in EVERYTHING),
        "page": page,
        "sees_everything": actor_of(request).role in EVERYTHING,
        "export": urlencode([(name, value) for name, value in request.GET.items() if name != "before"]),
    }
    return render(request, "access/audit.html", values, status=200 if wanted else 422)


@guarded(AUDIT_EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same entries, all of them, as CSV: written while they are read."""
    wanted = _wanted(request, FilterForm(request.GET), AUDIT_EXPORT)
    if wanted is None:
        return HttpResponse(status=422)
    response = StreamingHttpResponse(_csv(wanted), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return cast(HttpResponse, response)


def _wanted(request: HttpRequest, form: FilterForm, operation: Operation) -> AuditFilter | None:
    """What may be looked for; None where the filter holds what it cannot."""
    if not form.is_valid():
        return None
    asked = form.cleaned_data
    organisation = _organisation(actor_of(request), asked["organisation"])
    if organisation is not None:
        admit(request, operation, Owner(organisation=organisation))
    return AuditFilter(
        organisation=organisation,
        person=asked["person"],
        operation=asked["operation"],
        object_id=asked["object_id"],
        outcome=asked["outcome"],
        since=_morning(asked["since"]),
        until=_morning(asked["until"] and asked["until"] + timedelta(days=1)),
    )


def _organisation(actor: Actor, asked: uuid.UUID | None) -> uuid.UUID | None:
    """Whose entries: where nobody is named, one's own, or everybody's for those who see everything."""
    return asked or (None if actor.role in EVERYTHING else actor.organisation)


def _morning(day: Any) -> datetime | None:
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE)) if day else None


def _shown(entries: Sequence[Entry], *, whole: bool) -> list[dict[str, Any]]:
    names = names_of({entry.person for entry in entries if entry.person is not None})
    return [
        {
            "entry": entry,
            "name": _name(names.get(entry.person, ""), whole) if entry.person else "",
            "details": [(name, mask(str(value))) for name, value in entry.details.items()],
        }
        for entry in entries
    ]


def _name(name: str, whole: bool) -> str:
    return name if whole or not name else f"{name[0]}…"


class _Line:
    """What csv writes to: hands each line back."""

    def write(self, line: str) -> str:
        return line


def _csv(wanted: AuditFilter) -> Iterator[str]:
    names = [field.name for field in fields(Entry)]
    writer = csv.writer(_Line())
    yield "\ufeff"  # so that Excel reads it as UTF-8
    yield cast(str, writer.writerow(names))
    for entry in queries.audit_stream(wanted):
        values = asdict(entry) | {"at": entry.at.isoformat(timespec="seconds"), "details": _details(entry)}
        yield cast(str, writer.writerow([_cell(values[name]) for name in names]))


def _details(entry: Entry) -> str:
    return mask("; ".join(f"{name}={value}" for name, value in entry.details.items()))


def _cell(value: object) -> str:
    """As text, and never as a formula."""
    return "" if value is None else csv_text(str(value))


urlpatterns = [
    path("audit/", audit, name="audit"),
    path("audit/export.csv", export, name="audit_export"),
]
