"""/tokens/ and /device/: what a person sees of the programs and devices that act for her."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sundry.base.access import actions, queries
from sundry.base.access.guard import AccessRefused, actor_of, admit, guarded
from sundry.base.access.rules import (
    SIGNED_IN,
    TOKEN_DAYS,
    TOKEN_DAYS_MAX,
    Actor,
    Decision,
    Operation,
    may_ever,
    read_user_code,
)
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import id_or_none
from sundry.kernel.messages import render as rule_text
from sundry.web.api.service import scopes
from sundry.web.templatetags.sundry import page_language

TOKEN_LIST = Operation("access.token.list", own=SIGNED_IN)
TOKEN_CREATE = Operation("access.token.create", own=SIGNED_IN)
TOKEN_REVOKE = Operation("access.token.revoke", own=SIGNED_IN)
DEVICE_DECIDE = Operation("access.device.decide", own=SIGNED_IN)

TOKENS_AN_HOUR = 20
CODES_TRIED = 20  # wrong codes of one person, in the time that a code lasts
ROWS = 50


def scope_label(name: str) -> str:
    """An operation in the reader's language."""
    return rule_text(f"scope_{name.replace('.', '_')}", page_language(), {})


def _permitted(actor: Actor) -> list[str]:
    """The scopes that could be of any use to what `actor` is now."""
    return [operation.name for operation in scopes() if may_ever(operation, actor)]


# Tokens -------------------------------------------------------------------------------------------------------------


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("What will use it, so that you know it again: “Warehouse scales”."),
        max_length=80,
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Valid for"),
        choices=[
            (7, gettext_lazy("One week")),
            (30, gettext_lazy("30 days")),
            (TOKEN_DAYS, gettext_lazy("90 days")),
            (TOKEN_DAYS_MAX, gettext_lazy("One year")),
        ],
        initial=TOKEN_DAYS,
        coerce=int,
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        help_text=gettext_lazy("Give it only what it needs. It can never do more than you can."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *values: object, permitted: list[str]) -> None:
        super().__init__(*values)  # type: ignore[arg-type]
        self.fields["scopes"].choices = [(name, scope_label(name)) for name in permitted]  # type: ignore[attr-defined]


@guarded(TOKEN_LIST)
@require_GET
def token_list(request: HttpRequest) -> HttpResponse:
    """Her tokens, the newest first."""
    actor = actor_of(request)
    assert actor.person is not None
    found = queries.tokens_of(actor.person, limit=ROWS + 1, before=id_or_none(request.GET.get("before")))
    more = len(found) > ROWS
    names = {capacity.organisation: capacity.name for capacity in request.capacities}  # type: ignore[attr-defined]
    now = timezone.now()
    shown = [
        {
            "token": token,
            "organisation": names.get(token.organisation, ""),
            "scopes": [scope_label(name) for name in token.scopes if name in _known()],
            "state": "revoked" if token.revoked_at else "expired" if token.expires_at <= now else "valid",
            "lost": token.organisation is not None and token.organisation not in names,
        }
        for token in found[:ROWS]
    ]
    page = {"previous": "", "next": f"?{urlencode({'before': found[ROWS - 1].id})}" if more else ""}
    return render(request, "api/tokens.html", {"tokens": shown, "page": page})


@guarded(TOKEN_CREATE)
@require_http_methods(["GET", "POST"])
def token_create(request: HttpRequest) -> HttpResponse:
    """The form; then the secret, which is shown this once and kept by no browser."""
    actor = actor_of(request)
    permitted = _permitted(actor)
    if request.method == "GET" or not permitted:
        form = TokenForm(permitted=permitted) if permitted else None
        return render(request, "api/token_form.html", {"form": form})
    form = TokenForm(request.POST, permitted=permitted)
    if not form.is_valid():
        return render(request, "api/token_form.html", {"form": form}, status=422)
    now = timezone.now()
    actions.take(f"token:{actor.person}", TOKENS_AN_HOUR, 3600, now)
    values = form.cleaned_data
    made = actions.create_token(actor=actor, name=values["name"], scopes=values["scopes"], days=values["days"], now=now)
    response = render(request, "api/token_made.html", {"name": values["name"], "token": made})
    response.headers["Cache-Control"] = "no-store"
    return response


@guarded(TOKEN_REVOKE)
@require_POST
def token_revoke(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """From now on it opens nothing."""
    found = queries.token_of(token)
    if found is None:
        raise AccessRefused(Decision.NOT_FOUND, TOKEN_REVOKE)
    owner, shown = found
    admit(request, TOKEN_REVOKE, owner)
    try:
        actions.revoke_token(actor=actor_of(request), token=token, now=timezone.now())
    except SundryError as fault:
        messages.warning(request, fault.message(page_language()))
    else:
        messages.success(request, gettext("The token “%(name)s” is revoked.") % {"name": shown.name})
    return HttpResponseRedirect(reverse("tokens"))


def _known() -> set[str]:
    return {operation.name for operation in scopes()}


# Devices ------------------------------------------------------------------------------------------------------------


class CodeForm(forms.Form):
    """What the device shows."""

    user_code = forms.CharField(
        label=gettext_lazy("Code on the device"),
        help_text=gettext_lazy("Eight letters, for example WDJB-MJHT."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


@guarded(DEVICE_DECIDE)
@require_http_methods(["GET", "POST"])
def device(request: HttpRequest) -> HttpResponse:
    """Ask for the code; then show which device asks for what, before anything is allowed."""
    if request.method == "GET":
        form = CodeForm(initial={"user_code": request.GET.get("code", "")[:20]})
        return render(request, "api/device.html", {"form": form})
    form = CodeForm(request.POST)
    if form.is_valid():
        waiting = _waiting(request, form.cleaned_data["user_code"])
        if waiting is not None:
            asked = [name for name in waiting.scopes if name in _permitted(actor_of(request))]
            return render(
                request, "api/device_decide.html", {"device": waiting, "scopes": [scope_label(name) for name in asked]}
            )
        form.add_error("user_code", rule_text("device_code_unknown", page_language(), {}))
    return render(request, "api/device.html", {"form": form}, status=422)


@guarded(DEVICE_DECIDE)
@require_POST
def device_decide(request: HttpRequest) -> HttpResponse:
    """Allow or refuse."""
    actor = actor_of(request)
    now = timezone.now()
    actions.take(f"device-code:{actor.person}", CODES_TRIED, 600, now)
    allowed = request.POST.get("answer") == "allow"
    try:
        actions.decide_device(
            actor=actor,
            user_code=read_user_code(request.POST.get("user_code", "")),
            allowed=allowed,
            scopes=_permitted(actor),
            now=now,
        )
    except SundryError as fault:
        messages.error(request, fault.message(page_language()))
        return HttpResponseRedirect(reverse("device"))
    if allowed:
        messages.success(request, gettext("The device is let in. You may revoke its token here at any time."))
    else:
        messages.success(request, gettext("The device is refused."))
    return HttpResponseRedirect(reverse("tokens"))


def _waiting(request: HttpRequest, typed: str) -> queries.WaitingDevice | None:
    """The device that waits for what was typed; each try counts."""
    now = timezone.now()
    actions.take(f"device-code:{actor_of(request).person}", CODES_TRIED, 600, now)
    return queries.waiting_device(read_user_code(typed), now)


urlpatterns = [
    path("tokens/", token_list, name="tokens"),
    path("tokens/new", token_create, name="token_create"),
    path("tokens/<uuid:token>/revoke", token_revoke, name="token_revoke"),
    path("device/", device, name="device"),
    path("device/decide", device_decide, name="device_decide"),
]
