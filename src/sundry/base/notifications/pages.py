"""What one was told, how one wants to be told, and the page of the link under a message."""

from __future__ import annotations

from datetime import time
from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sundry.base.access.guard import actor_of, guarded
from sundry.base.notifications import actions, queries
from sundry.base.notifications.digesting import sentence
from sundry.base.notifications.operations import CHANGE, LIST, MARK, STOP
from sundry.base.notifications.rules import (
    Choice,
    Frequency,
    NoticeView,
    Preferences,
    PreferencesRefused,
    Quiet,
    StopLinkRefused,
    Way,
)
from sundry.base.notifications.stop_links import read_stop_token
from sundry.base.parties.forms import refusal, spoken
from sundry.base.parties.operations import person_of
from sundry.base.parties.queries import reached
from sundry.kernel.identifiers import id_or_none

WAYS: Final = {
    Way.EMAIL: gettext_lazy("By e-mail"),
    Way.SMS: gettext_lazy("By text message"),
    Way.WECHAT: gettext_lazy("By WeChat"),
    Way.WHATSAPP: gettext_lazy("By WhatsApp"),
    Way.NONE: gettext_lazy("Only on the page"),
}
FREQUENCIES: Final = {
    Frequency.AT_ONCE: gettext_lazy("At once"),
    Frequency.HOURLY: gettext_lazy("Every hour"),
    Frequency.MORNING_AND_EVENING: gettext_lazy("In the morning and in the evening"),
    Frequency.DAILY: gettext_lazy("Every morning"),
    Frequency.NEVER: pgettext_lazy("notices", "Never"),
}
ZONES: Final = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix")))


class PreferencesForm(forms.Form):
    """A way and a frequency for each group, and the quiet hours."""

    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet hours begin at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("Quiet hours end at"),
        help_text=gettext_lazy("The same time twice: there are none."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=[(zone, zone) for zone in ZONES])

    def __init__(self, data: Any, *, chosen: Preferences, ways: tuple[Way, ...]) -> None:
        quiet = chosen.quiet
        first: dict[str, Any] = {"quiet_from": quiet.since, "quiet_until": quiet.until, "zone": quiet.zone}
        super().__init__(data, initial=first)
        for group in queries.groups():
            choice = chosen.of(group.name)
            self.fields[f"way_{group.name}"] = forms.ChoiceField(
                label=gettext_lazy("How"),
                choices=[(way.value, WAYS[way]) for way in ways],
                initial=(choice.way if choice.way in ways else Way.NONE).value,
            )
            self.fields[f"often_{group.name}"] = forms.ChoiceField(
                label=pgettext_lazy("notices", "How often"),
                choices=[(often.value, word) for often, word in FREQUENCIES.items()],
                initial=choice.frequency.value,
            )

    def groups(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        """Title, way and frequency of each group."""
        return [(one.title, self[f"way_{one.name}"], self[f"often_{one.name}"]) for one in queries.groups()]

    def choices(self) -> dict[str, Choice]:
        said = self.cleaned_data
        return {
            one.name: Choice(Way(said[f"way_{one.name}"]), Frequency(said[f"often_{one.name}"]))
            for one in queries.groups()
        }

    def quiet(self) -> Quiet:
        def minute(name: str) -> time:
            return self.cleaned_data[name].replace(second=0, microsecond=0)  # type: ignore[no-any-return]

        return Quiet(self.cleaned_data["zone"], minute("quiet_from"), minute("quiet_until"))


@guarded(LIST)
@require_safe
@never_cache
def notifications(request: HttpRequest) -> HttpResponse:
    """What one was told lately, the newest first, for all organisations that one acts for."""
    person = person_of(request, LIST)
    found = reached([person]).get(person)
    page = queries.told(person, found.organisations if found else {}, before=id_or_none(request.GET.get("before")))
    values = {
        "notices": [_shown(notice) for notice in page.notices],
        "newest": page.notices[0].id if page.notices else None,
        "has_new": any(notice.read_at is None for notice in page.notices),
        "several": found is not None and len(found.organisations) > 1,
        "page": {"previous": "", "next": f"?before={page.next}" if page.next else ""},
    }
    return render(request, "notifications/list.html", values)


@guarded(MARK)
@require_POST
def notifications_read(request: HttpRequest) -> HttpResponse:
    """One has seen what is on the page, and all before it."""
    person = person_of(request, MARK)
    up_to = id_or_none(request.POST.get("up_to"))
    if up_to is not None:
        actions.mark_read(person=person, up_to=up_to, now=timezone.now())
        messages.success(request, gettext("All of it is marked as read."))
    return redirect("notifications")


@guarded(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def preferences(request: HttpRequest) -> HttpResponse:
    """How one wants to be told."""
    person = person_of(request, CHANGE)
    chosen, found = queries.preferences(person)
    form = PreferencesForm(request.POST or None, chosen=chosen, ways=queries.ways(found))
    if form.is_valid():
        try:
            actions.choose(
                actor=actor_of(request),
                person=person,
                choices=form.choices(),
                quiet=form.quiet(),
                now=timezone.now(),
            )
        except PreferencesRefused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, refusal(fault))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("account_notifications")
    values = {"form": form, "reached": found}
    return render(request, "notifications/preferences.html", values, status=422 if form.errors else 200)


@csrf_exempt  # a mail program asks by itself (RFC 8058), without a page of ours before it: the link is the proof
@guarded(STOP)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def stop(request: HttpRequest, stop_token: str) -> HttpResponse:
    """Ask, then send nothing more by this channel. Looking at the page (or a program that does) stops nothing."""
    try:
        person, way = read_stop_token(stop_token)
        if request.method == "POST":
            actions.stop(actor=actor_of(request), person=person, way=way, now=timezone.now())
    except StopLinkRefused as fault:
        return render(request, "notifications/stop_refused.html", {"said": fault.message(spoken())}, status=404)
    values = {"way": WAYS[way], "done": request.method == "POST"}
    return render(request, "notifications/stop.html", values)


def _shown(notice: NoticeView) -> dict[str, Any]:
    return {"notice": notice, "said": sentence(notice.kind, notice.values, spoken())}


urlpatterns = [
    path("notifications/", notifications, name="notifications"),
    path("notifications/read/", notifications_read, name="notifications_read"),
    path("notifications/stop/<str:stop_token>/", stop, name="notifications_stop"),
    path("account/notifications/", preferences, name="account_notifications"),
]
