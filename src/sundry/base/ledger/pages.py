"""/ledger/: accounts, statements, events and trial balances. Whoever may see what stands in operations.py.

Every figure leads to the events behind it, and every event to its document and its accounts. A page takes as many
statements for fifty lines as for one.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any, Final

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language_bidi, gettext, gettext_lazy
from django.views.decorators.http import require_safe

from sundry.base.access.actions import take
from sundry.base.access.guard import about, actor_of, guarded
from sundry.base.ledger import queries
from sundry.base.ledger.formats import beancount, xlsx
from sundry.base.ledger.operations import (
    BOOK_EXPORT,
    EVENT_LIST,
    EVENT_READ,
    EXPORT,
    LIST,
    READ,
    TRIAL_READ,
    SeenEvent,
    may_see,
    seen_by,
    sees_everything,
    the_account,
    the_event,
    the_owner,
    the_unit,
    whose,
)
from sundry.base.ledger.picture import Flow, draw
from sundry.base.ledger.queries import END, LAST_LINE, PAGE, AccountView, Balance, Key, Line, Side
from sundry.base.ledger.rules import Kind, Transfer, Unit, UnitKind
from sundry.base.parties.forms import spoken
from sundry.base.parties.queries import organisation_names

KINDS: Final = {
    UnitKind.CURRENCY: gettext_lazy("Money"),
    UnitKind.TITLE: gettext_lazy("Goods owned"),
    UnitKind.CUSTODY: gettext_lazy("Goods held"),
    UnitKind.QUOTA: gettext_lazy("Quota"),
}
TRANSFERS_SHOWN: Final = 100  # of an event, at once
TRANSFERS_TOLD: Final = 3  # of an event in a list
TEXT_MAX: Final = 500
STABLE_WAIT_S: Final = 2
EXPORTS, EXPORTS_S = 10, 600  # of a person, in so many seconds
GROUPING: Final = re.compile(r"(?<=\d)[\s.,'’٬،](?=\d{3}(?!\d))")  # of thousands, in any language
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _hidden() -> forms.CharField:
    """What only links ask for."""
    return forms.CharField(required=False, max_length=TEXT_MAX, strip=False, widget=forms.HiddenInput)


class _PositionField(forms.IntegerField):
    """A place in the ledger, typed as it is or copied from where it is shown: 4711, 4,711, 4 711, 4.711 or ٤٬٧١١."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value: Any) -> Any:
        return super().to_python(GROUPING.sub("", value) if isinstance(value, str) else value)


def _position() -> _PositionField:
    return _PositionField(label=gettext_lazy("As of position"), required=False, min_value=0, max_value=END)


def _kind() -> forms.ChoiceField:
    return forms.ChoiceField(
        required=False,
        choices=[("", ""), *((kind.value, word) for kind, word in KINDS.items())],
        widget=forms.HiddenInput,
    )


class _Continued(forms.Form):
    """A list that begins with the newest. `before`, `position.line`: where the page before ended."""

    before = forms.RegexField(r"^\d{1,19}(\.\d{1,5})?$", required=False, widget=forms.HiddenInput)

    def clean_before(self) -> Key | None:
        position, _, line = self.cleaned_data["before"].partition(".")
        if not position:
            return None
        key = Key(int(position), int(line or 0))
        if key.position > END or key.line > LAST_LINE:
            raise forms.ValidationError(gettext_lazy("There is no such place in the ledger."))
        return key


class _DocumentForm(_Continued):
    """The events of which document."""

    document = forms.CharField(label=gettext_lazy("Document"), required=False, max_length=TEXT_MAX, strip=False)


class _AccountsForm(forms.Form):
    """Whose accounts, of what kind; and the field that leads to a document."""

    document = forms.CharField(label=gettext_lazy("Document"), required=False, max_length=TEXT_MAX, strip=False)
    organisation = forms.UUIDField(label=gettext_lazy("Organisation"), required=False)
    kind = _kind()
    after_unit = _hidden()
    after_purpose = _hidden()


class _StatementForm(_Continued):
    """Up to where. A page that begins beyond it begins at it."""

    position = _position()

    def clean(self) -> None:
        at, before = self.cleaned_data.get("position"), self.cleaned_data.get("before")
        if at is not None and before is not None and before.position > at:
            self.cleaned_data["before"] = None


class _EventForm(forms.Form):
    """From which transfer on."""

    start = forms.IntegerField(required=False, min_value=0, max_value=LAST_LINE, widget=forms.HiddenInput)


class _TrialForm(forms.Form):
    """Of which unit, up to where; without a unit, of which kind and from where on they are listed."""

    unit = _hidden()
    position = _position()
    kind = _kind()
    after_unit = _hidden()


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a transfer. `account` None: somebody else's, of which no more is known than its purpose."""

    purpose: str
    unit: AccountView  # what is counted; no more is read of it
    account: AccountView | None
    owner: str

    @property
    def key(self) -> str:
        """By which sides are told apart: those of others not more than their purposes tell."""
        return str(self.account.id) if self.account is not None else f"{self.purpose} {self.unit.unit}"


@dataclass(frozen=True, slots=True)
class Moved:
    """A transfer as it is shown, `number` from 1."""

    number: int
    transfer: Transfer
    giver: Party
    taker: Party


# Accounts -----------------------------------------------------------------------------------------------------------


@guarded(LIST)
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts of an organisation, by unit and purpose."""
    form = _AccountsForm(request.GET)
    if not form.is_valid():
        return render(request, "ledger/accounts.html", _about(request, form), status=422)
    asked = form.cleaned_data
    owner = the_owner(request, LIST, asked["organisation"])
    found = queries.accounts(
        owner,
        kind=UnitKind(asked["kind"]) if asked["kind"] else None,
        after=(asked["after_unit"], asked["after_purpose"]) if asked["after_unit"] else None,
        limit=PAGE + 1,
    )
    shown = found[:PAGE]
    standing = queries.balances([account.id for account in shown])
    last = {"after_unit": shown[-1].unit, "after_purpose": shown[-1].purpose} if len(found) > PAGE else {}
    return render(
        request,
        "ledger/accounts.html",
        _about(request, form)
        | {
            "rows": [(account, standing.get(account.id, Balance())) for account in shown],
            "owner": owner,
            "owner_name": organisation_names([owner]).get(owner, "") if owner else "",
            "page": _page(request.GET, last),
        },
    )


@guarded(READ)
@require_safe
def account(request: HttpRequest, account: uuid.UUID) -> HttpResponse:
    """An account and its statement, the newest lines first: why its balance is what it is."""
    shown = the_account(request, READ, account)
    form = _StatementForm(request.GET)
    if not form.is_valid():
        return render(request, "ledger/account.html", _about(request, form) | {"account": shown}, status=422)
    at, before = form.cleaned_data["position"], form.cleaned_data["before"]
    with queries.snapshot():
        statement = queries.why(account, at=at, before=before)
        balance = queries.balance(account, at=at)
    others = queries.accounts_of({line.other for line in statement.lines})
    last = {"before": _written(statement.lines[-1].key)} if statement.more else {}
    return render(
        request,
        "ledger/account.html",
        _about(request, form)
        | {
            "account": shown,
            "owner_name": organisation_names([shown.owner]).get(shown.owner, "") if shown.owner else "",
            "balance": balance,
            "at": at,
            "opening": statement.opening,
            "rows": [(line, _figure(line), _other(request, line, others)) for line in statement.lines],
            "is_continued": before is not None,
            "page": _page(request.GET, last),
        },
    )


def _figure(line: Line) -> int:
    """The amount of a line, less than 0 where the account gives; what only comes back has no sign."""
    gives = line.side is Side.DEBIT and line.kind not in (Kind.VOID, Kind.EXPIRE)
    return -line.amount if gives else line.amount


def _other(request: HttpRequest, line: Line, others: Mapping[uuid.UUID, AccountView]) -> AccountView | None:
    """The account on the other side of a line, where she may see it."""
    found = others[line.other]
    return found if may_see(actor_of(request), found) else None


# Events -------------------------------------------------------------------------------------------------------------


@guarded(EVENT_READ)
@require_safe
def event(request: HttpRequest, event: uuid.UUID) -> HttpResponse:
    """What happened, what moved by it, and what the accounts had before and after."""
    form = _EventForm(request.GET)
    start = (form.cleaned_data["start"] or 0) if form.is_valid() else 0
    seen = the_event(request, EVENT_READ, event, start=start, transfers=TRANSFERS_SHOWN)
    names = _names(request, seen.accounts.values())
    moved = [_moved(seen, line, transfer, names) for line, transfer in seen.moved]
    parties = {party.key: party for one in moved for party in (one.giver, one.taker)}
    known = [party.account.id for party in parties.values() if party.account is not None]
    position = seen.view.position
    with queries.snapshot():
        before, after = queries.balances(known, at=Key(position, -1)), queries.balances(known, at=position)
    picture = draw(
        [Flow(one.number, one.giver.key, one.taker.key, one.transfer.kind) for one in moved],
        right_to_left=get_language_bidi(),
    )
    following = {"start": start + TRANSFERS_SHOWN} if seen.view.more else {}
    return render(
        request,
        "ledger/event.html",
        _about(request, form)
        | {
            "seen": seen,
            "event": seen.view.event,
            "moved": moved,
            "balances": [
                (party, before.get(party.account.id, Balance()), after.get(party.account.id, Balance()))
                for party in parties.values()
                if party.account is not None
            ],
            "picture": picture,
            "boxes": [(box, parties[box.key]) for box in picture.boxes],
            "has_dashed": any(arrow.dashed for arrow in picture.arrows),
            "arrows": list(zip(picture.arrows, moved, strict=False)),
            "page": _page(request.GET, following),
        },
        status=200 if form.is_valid() else 422,
    )


@guarded(EVENT_LIST)
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """The events of a document, the newest first; who sees everything and names none sees the newest of all."""
    actor = actor_of(request)
    form = _DocumentForm(request.GET)
    if not form.is_valid():
        return render(request, "ledger/documents.html", _about(request, form), status=422)
    document, before = form.cleaned_data["document"], form.cleaned_data["before"] or Key(END, 0)
    found: Sequence[queries.EventView] = ()
    if document:
        found = queries.events_of(
            document, of=whose(actor), before=before.position, limit=PAGE + 1, transfers=TRANSFERS_TOLD
        )
    elif sees_everything(actor):
        found = queries.newest_events(before=before.position, limit=PAGE + 1, transfers=TRANSFERS_TOLD)
    seen = seen_by(actor, found[:PAGE])
    names = _names(request, [account for one in seen for account in one.accounts.values()])
    last = {"before": seen[-1].view.position} if len(found) > PAGE else {}
    return render(
        request,
        "ledger/documents.html",
        _about(request, form)
        | {
            "document": document,
            "rows": [(one, [_moved(one, *part, names) for part in one.moved]) for one in seen],
            "page": _page(request.GET, last),
        },
    )


def _moved(seen: SeenEvent, line: int, transfer: Transfer, names: Mapping[uuid.UUID, str]) -> Moved:
    return Moved(line + 1, transfer, _party(seen, transfer.debit, names), _party(seen, transfer.credit, names))


def _party(seen: SeenEvent, id_: uuid.UUID | None, names: Mapping[uuid.UUID, str]) -> Party:
    account = seen.side(id_)
    owner = names.get(account.owner, "") if account.owner is not None else ""
    return Party(account.purpose, account, account if id_ in seen.open else None, owner)


def _names(request: HttpRequest, accounts: Collection[AccountView]) -> Mapping[uuid.UUID, str]:
    """Who owns the accounts, for those who see more than their own."""
    if not sees_everything(actor_of(request)):
        return {}
    return organisation_names({account.owner for account in accounts if account.owner is not None})


# The trial balance --------------------------------------------------------------------------------------------------


@guarded(TRIAL_READ)
@require_safe
def trial(request: HttpRequest) -> HttpResponse:
    """All accounts of a unit by their purpose; without a unit, the units to choose from."""
    form = _TrialForm(request.GET)
    if not form.is_valid():
        return render(request, "ledger/trial.html", _about(request, form), status=422)
    asked = form.cleaned_data
    if not asked["unit"]:
        return _units(request, form)
    unit = the_unit(TRIAL_READ, asked["unit"])
    rows = queries.trial_balance(unit.key, position=asked["position"])
    total = queries.total(rows)
    return render(
        request,
        "ledger/trial.html",
        _about(request, form)
        | {
            "unit": unit,
            "at": asked["position"],
            "rows": rows,
            "total": total,
            "export": request.GET.urlencode(),
            "is_even": (total.balance, total.debits_pending) == (0, total.credits_pending),
        },
    )


def _units(request: HttpRequest, form: _TrialForm) -> HttpResponse:
    kind = UnitKind(form.cleaned_data["kind"]) if form.cleaned_data["kind"] else None
    found = queries.units(kind=kind, after=form.cleaned_data["after_unit"], limit=PAGE + 1)
    last = {"after_unit": found[PAGE - 1][0]} if len(found) > PAGE else {}
    units = [Unit(UnitKind(key.partition(":")[0]), key.partition(":")[2], exponent) for key, exponent in found[:PAGE]]
    return render(
        request,
        "ledger/units.html",
        _about(request, form) | {"units": units, "page": _page(request.GET, last)},
    )


# To take along ------------------------------------------------------------------------------------------------------


@guarded(EXPORT)
@require_safe
def statement_export(request: HttpRequest, account: uuid.UUID) -> HttpResponseBase:
    """All lines of an account as a workbook."""
    shown = the_account(request, EXPORT, account)
    owner_name = organisation_names([shown.owner]).get(shown.owner, str(shown.owner)) if shown.owner else ""
    _count_export(request)
    file = _new_file()
    with queries.snapshot():
        xlsx.write_statement(
            file,
            account=shown,
            owner_name=owner_name,
            opening=Balance(),
            lines=queries.statement_stream(account, of=whose(actor_of(request))),
            language=spoken(),
            now=timezone.localtime(),
        )
    return _taken_along(file, "statement.xlsx")


@guarded(BOOK_EXPORT)
@require_safe
def trial_export(request: HttpRequest) -> HttpResponseBase:
    """The trial balance of a unit as a workbook."""
    form = _TrialForm(request.GET)
    if not form.is_valid() or not form.cleaned_data["unit"]:
        return render(request, "ledger/trial.html", _about(request, form), status=422)
    unit, position = the_unit(BOOK_EXPORT, form.cleaned_data["unit"]), form.cleaned_data["position"]
    about(request, "unit", unit.key)
    _count_export(request)
    file = _new_file()
    xlsx.write_trial_balance(
        file,
        unit=unit,
        rows=queries.trial_balance(unit.key, position=position),
        position=position,
        language=spoken(),
        now=timezone.localtime(),
    )
    return _taken_along(file, "trial-balance.xlsx")


@guarded(BOOK_EXPORT)
@require_safe
def beancount_export(request: HttpRequest) -> HttpResponseBase:
    """All books as text that another program checks, up to a position at which nothing can appear any more."""
    _count_export(request)
    position = queries.stable_position(wait_s=STABLE_WAIT_S)
    if position is None:
        messages.warning(request, gettext("Somebody is just recording an event. Please try again in a moment."))
        return redirect("ledger")
    about(request, "ledger", f"position {position}")
    text = beancount.write(position=position, zone=timezone.get_current_timezone())
    response = StreamingHttpResponse(text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="ledger.beancount"'
    return response


def _count_export(request: HttpRequest) -> None:
    """TooMany: she takes along more than a person reads, and each export takes the server's time."""
    take(f"ledger.export:{actor_of(request).person}", EXPORTS, EXPORTS_S, timezone.now())


def _new_file() -> IO[bytes]:
    return TemporaryFile()  # the response closes it


def _taken_along(file: IO[bytes], name: str) -> FileResponse:
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


# What pages share ---------------------------------------------------------------------------------------------------


def _about(request: HttpRequest, form: forms.Form) -> dict[str, Any]:
    """What every page is told: who looks, and the tabs of the kinds of units."""
    asked = request.GET.copy()
    for name in ("kind", "after_unit", "after_purpose"):
        asked.pop(name, None)
    chosen = request.GET.get("kind", "")
    tabs = [(f"?{_with(asked, {'kind': kind.value})}", word, chosen == kind) for kind, word in KINDS.items()]
    return {
        "form": form,
        "sees_everything": sees_everything(actor_of(request)),
        "tabs": [(f"?{asked.urlencode()}", gettext_lazy("All"), not chosen), *tabs],
    }


def _page(asked: QueryDict, last: Mapping[str, object]) -> dict[str, str]:
    """Where the list goes on after its last row, if it does."""
    return {"previous": "", "next": f"?{_with(asked, last)}" if last else ""}


def _with(asked: QueryDict, more: Mapping[str, object]) -> str:
    given = asked.copy()
    for name, value in more.items():
        given[name] = str(value)
    return given.urlencode()


def _written(key: Key) -> str:
    return f"{key.position}.{key.line}"


urlpatterns = [
    path("ledger/", accounts, name="ledger"),
    path("ledger/accounts/<uuid:account>/", account, name="ledger_account"),
    path("ledger/events/<uuid:event>/", event, name="ledger_event"),
    path("ledger/documents/", documents, name="ledger_documents"),
    path("ledger/trial-balance/", trial, name="ledger_trial"),
    path("ledger/accounts/<uuid:account>/statement.xlsx", statement_export, name="ledger_statement"),
    path("ledger/trial-balance.xlsx", trial_export, name="ledger_trial_export"),
    path("ledger/export.beancount", beancount_export, name="ledger_beancount"),
]
