"""/webhooks/: endpoints, what was sent to them, and sending it again. For an organisation's administrators."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sundry.base.access.guard import actor_of, guarded
from sundry.base.parties.forms import refusal, spoken
from sundry.base.webhooks import actions, queries
from sundry.base.webhooks.addresses import ADDRESS_CHARACTERS_MAX
from sundry.base.webhooks.operations import (
    CHANGE,
    READ,
    SEND,
    take_change,
    take_sending,
    the_delivery,
    the_endpoint,
    the_organisation,
)
from sundry.base.webhooks.queries import PAGE, EndpointView
from sundry.base.webhooks.rules import (
    DESCRIPTION_CHARACTERS_MAX,
    EVENTS_ARE_KEPT_FOR,
    DeliveryState,
    EndpointState,
    NewSecret,
    Trouble,
)
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import id_or_none

DAYS: Final = (MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 1, 1)))  # calendars end somewhere
DELIVERY_STATES: Final = {
    DeliveryState.KEPT: ("neutral", gettext_lazy("Kept here")),
    DeliveryState.WAITING: ("working", gettext_lazy("Waiting")),
    DeliveryState.DELIVERED: ("ok", gettext_lazy("Delivered")),
    DeliveryState.FAILED: ("error", gettext_lazy("Not delivered")),
}
ENDPOINT_STATES: Final = {
    EndpointState.ON: ("ok", gettext_lazy("Switched on")),
    EndpointState.OFF: ("neutral", gettext_lazy("Switched off")),
    EndpointState.FAILING: ("error", gettext_lazy("Switched off after long failure")),
    EndpointState.GONE: ("error", gettext_lazy("Switched off: its receiver wants no more")),
}
TROUBLES: Final = {
    Trouble.STATUS: gettext_lazy("The receiver did not accept it."),
    Trouble.TIMEOUT: gettext_lazy("There was no answer in time."),
    Trouble.UNREACHABLE: gettext_lazy("The receiver could not be reached."),
    Trouble.NAME: gettext_lazy("The name of the host is not known."),
    Trouble.CERTIFICATE: gettext_lazy("No safe connection came about. Look at the certificate."),
    Trouble.ADDRESS: gettext_lazy("The address leads to a machine to which nothing is sent."),
    Trouble.ANSWER: gettext_lazy("The answer could not be understood."),
    Trouble.SECRET: gettext_lazy("The market’s own key has changed. Renew the secret of the endpoint."),
    Trouble.OFF: gettext_lazy("The endpoint was switched off meanwhile."),
}


class EndpointForm(forms.Form):
    """Where a program listens, and to what."""

    address = forms.CharField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("Public, by https: https://hooks.example.com/sundry"),
        max_length=ADDRESS_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    description = forms.CharField(
        label=gettext_lazy("Description"),
        help_text=gettext_lazy("So that you know it again."),
        max_length=DESCRIPTION_CHARACTERS_MAX,
        required=False,
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Events"),
        help_text=gettext_lazy("What its program wants to know."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (kind.name, format_html('<code>{}</code> <span lang="en">{}</span>', kind.name, kind.description))
            for kind in queries.kinds()
        ]


class FilterForm(forms.Form):
    """Which deliveries."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All")), *((state.value, word) for state, (_, word) in DELIVERY_STATES.items())],
    )


class ReplayForm(forms.Form):
    """From which day to which, both included."""

    since = forms.DateField(label=gettext_lazy("From"), validators=DAYS)
    until = forms.DateField(label=gettext_lazy("To"), validators=DAYS)


# Endpoints ----------------------------------------------------------------------------------------------------------


@guarded(READ)
@require_safe
def endpoints(request: HttpRequest) -> HttpResponse:
    """Those of the organisation."""
    found = queries.endpoints(the_organisation(request, READ))
    rows = [(endpoint, *ENDPOINT_STATES[endpoint.state]) for endpoint in found]
    return render(request, "webhooks/endpoints.html", _about() | {"rows": rows, "kinds": queries.kinds()})


@guarded(CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def endpoint_new(request: HttpRequest) -> HttpResponse:
    """Register one; the answer shows its secret, this once."""
    organisation = the_organisation(request, CHANGE)
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        take_change(organisation, timezone.now())
        try:
            made = actions.register(actor=actor_of(request), organisation=organisation, **form.cleaned_data)
        except SundryError as fault:
            form.add_error("address" if fault.rule.startswith("webhook_address") else None, refusal(fault))
        else:
            return _secret(request, made)
    return _form(request, form, None)


@guarded(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def endpoint_change(request: HttpRequest, endpoint: uuid.UUID) -> HttpResponse:
    """Another address, other kinds, another description."""
    shown = the_endpoint(request, CHANGE, endpoint)
    begin = {"address": shown.address, "description": shown.description, "kinds": list(shown.kinds)}
    form = EndpointForm(request.POST or None, initial=begin)
    if request.method == "POST" and form.is_valid():
        take_change(shown.organisation, timezone.now())
        try:
            actions.change(actor=actor_of(request), endpoint=endpoint, **form.cleaned_data)
        except SundryError as fault:
            form.add_error("address" if fault.rule.startswith("webhook_address") else None, refusal(fault))
        else:
            messages.success(request, gettext("The endpoint is changed."))
            return redirect("webhook", endpoint=endpoint)
    return _form(request, form, shown)


@guarded(READ)
@require_safe
def endpoint(request: HttpRequest, endpoint: uuid.UUID) -> HttpResponse:
    """The endpoint, and what was sent to it, the newest first."""
    shown = the_endpoint(request, READ, endpoint)
    form = FilterForm(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    found = queries.deliveries(
        endpoint,
        state=DeliveryState(state) if state else None,
        before=id_or_none(request.GET.get("before")),
        limit=PAGE + 1,
    )
    following = request.GET.copy()
    if len(found) > PAGE:
        following["before"] = str(found[PAGE - 1].id)
    return render(
        request,
        "webhooks/endpoint.html",
        _about()
        | {
            "endpoint": shown,
            "state": ENDPOINT_STATES[shown.state],
            "is_on": shown.state is EndpointState.ON,
            "form": form,
            "rows": [(one, *DELIVERY_STATES[one.state], _trouble(one.trouble)) for one in found[:PAGE]],
            "page": {"previous": "", "next": f"?{following.urlencode()}" if len(found) > PAGE else ""},
        },
    )


@guarded(CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def endpoint_rotate(request: HttpRequest, endpoint: uuid.UUID) -> HttpResponse:
    """Ask, then make a new secret and show it, this once."""
    shown = the_endpoint(request, CHANGE, endpoint)
    if request.method != "POST":
        return render(request, "webhooks/rotate.html", {"endpoint": shown})
    now = timezone.now()
    take_change(shown.organisation, now)
    return _secret(request, actions.rotate(actor=actor_of(request), endpoint=endpoint, now=now))


@guarded(CHANGE)
@require_POST
def endpoint_switch(request: HttpRequest, endpoint: uuid.UUID) -> HttpResponse:
    """On or off."""
    shown, on = the_endpoint(request, CHANGE, endpoint), request.POST.get("on") == "yes"
    take_change(shown.organisation, timezone.now())
    try:
        actions.switch(actor=actor_of(request), endpoint=endpoint, on=on)
    except SundryError as fault:
        messages.warning(request, fault.message(spoken()))
    else:
        said = gettext("The endpoint is switched on.") if on else gettext("The endpoint is switched off.")
        messages.success(request, said)
    return redirect("webhook", endpoint=endpoint)


@guarded(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def endpoint_remove(request: HttpRequest, endpoint: uuid.UUID) -> HttpResponse:
    """Ask, then remove it."""
    shown = the_endpoint(request, CHANGE, endpoint)
    if request.method != "POST":
        return render(request, "webhooks/remove.html", {"endpoint": shown})
    take_change(shown.organisation, timezone.now())
    actions.remove(actor=actor_of(request), endpoint=endpoint)
    messages.success(request, gettext("The endpoint is removed."))
    return redirect("webhooks")


# Sending ------------------------------------------------------------------------------------------------------------


@guarded(SEND)
@require_POST
def endpoint_test(request: HttpRequest, endpoint: uuid.UUID) -> HttpResponse:
    """A test event, and its page."""
    shown, now = the_endpoint(request, SEND, endpoint), timezone.now()
    take_sending(shown.organisation, now)
    try:
        made = actions.send_test(actor=actor_of(request), endpoint=endpoint, now=now)
    except SundryError as fault:
        messages.warning(request, fault.message(spoken()))
        return redirect("webhook", endpoint=endpoint)
    messages.success(request, gettext("The test event is on its way."))
    return redirect("webhook_delivery", delivery=made)


@guarded(SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def endpoint_replay(request: HttpRequest, endpoint: uuid.UUID) -> HttpResponse:
    """All that failed (the button of that name), or the events of some days."""
    shown, now = the_endpoint(request, SEND, endpoint), timezone.now()
    actor = actor_of(request)
    if request.method == "POST":
        take_sending(shown.organisation, now)
    if request.method == "POST" and request.POST.get("what") == "failed":
        try:
            return _sent_again(request, endpoint, actions.replay_failed(actor=actor, endpoint=endpoint, now=now))
        except SundryError as fault:
            messages.warning(request, fault.message(spoken()))
            return redirect("webhook", endpoint=endpoint)
    form = ReplayForm(request.POST or None)
    if form.is_valid():
        since, until = (_morning(form.cleaned_data[name]) for name in ("since", "until"))
        try:
            count = actions.replay_span(
                actor=actor, endpoint=endpoint, since=since, until=until + timedelta(days=1), now=now
            )
            return _sent_again(request, endpoint, count)
        except SundryError as fault:
            form.add_error(None, refusal(fault))
    values = _about() | {"endpoint": shown, "form": form, "days": EVENTS_ARE_KEPT_FOR.days}
    return render(request, "webhooks/replay.html", values, status=422 if form.is_bound and form.errors else 200)


@guarded(READ)
@require_safe
def delivery(request: HttpRequest, delivery: uuid.UUID) -> HttpResponse:
    """What is sent, byte for byte, and what came of the last try."""
    shown = the_delivery(request, READ, delivery)
    values = {
        "delivery": shown,
        "state": DELIVERY_STATES[shown.state],
        "trouble": _trouble(shown.trouble),
        "headers": queries.sent_headers(shown, now=timezone.now()),
    }
    return render(request, "webhooks/delivery.html", _about() | values)


@guarded(SEND)
@require_POST
def delivery_replay(request: HttpRequest, delivery: uuid.UUID) -> HttpResponse:
    """This one event again."""
    shown, now = the_delivery(request, SEND, delivery), timezone.now()
    take_sending(shown.organisation, now)
    try:
        actions.replay_delivery(actor=actor_of(request), delivery=delivery, now=now)
    except SundryError as fault:
        messages.warning(request, fault.message(spoken()))
    else:
        messages.success(request, gettext("The event is sent again."))
    return redirect("webhook_delivery", delivery=delivery)


def _sent_again(request: HttpRequest, endpoint: uuid.UUID, count: int) -> HttpResponse:
    said = ngettext("%(count)d event is sent again.", "%(count)d events are sent again.", count)
    messages.success(request, said % {"count": count})
    return redirect("webhook", endpoint=endpoint)


def _morning(day: Any) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))


def _form(request: HttpRequest, form: EndpointForm, shown: EndpointView | None) -> HttpResponse:
    values = {"form": form, "endpoint": shown, "kinds": queries.kinds()}
    return render(request, "webhooks/form.html", values, status=422 if form.is_bound and form.errors else 200)


def _secret(request: HttpRequest, made: NewSecret) -> HttpResponse:
    return render(request, "webhooks/secret.html", {"endpoint": made.endpoint, "secret": made.secret})


def _trouble(trouble: Trouble | None) -> Any:
    return "" if trouble is None else TROUBLES[trouble]


def _about() -> dict[str, Any]:
    return {"sends": queries.sends()}


urlpatterns = [
    path("webhooks/", endpoints, name="webhooks"),
    path("webhooks/new", endpoint_new, name="webhook_new"),
    path("webhooks/<uuid:endpoint>/", endpoint, name="webhook"),
    path("webhooks/<uuid:endpoint>/change", endpoint_change, name="webhook_change"),
    path("webhooks/<uuid:endpoint>/secret", endpoint_rotate, name="webhook_rotate"),
    path("webhooks/<uuid:endpoint>/switch", endpoint_switch, name="webhook_switch"),
    path("webhooks/<uuid:endpoint>/remove", endpoint_remove, name="webhook_remove"),
    path("webhooks/<uuid:endpoint>/test", endpoint_test, name="webhook_test"),
    path("webhooks/<uuid:endpoint>/replay", endpoint_replay, name="webhook_replay"),
    path("webhooks/deliveries/<uuid:delivery>/", delivery, name="webhook_delivery"),
    path("webhooks/deliveries/<uuid:delivery>/replay", delivery_replay, name="webhook_delivery_replay"),
]
