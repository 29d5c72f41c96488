"""Pages of people and organisations. An address that names an organisation is asked for as its member (middleware)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sundry.base.access.actions import record, take
from sundry.base.access.guard import AccessRefused, actor_of, guarded
from sundry.base.access.rules import (
    Decision,
    Kind,
    Operation,
    Position,
)
from sundry.base.parties import actions, queries
from sundry.base.parties.forms import (
    KINDS,
    POSITIONS,
    InviteForm,
    NameForm,
    OrganisationForm,
    PersonForm,
    RegistrationForm,
    VerdictForm,
    country_name,
    refusal,
    spoken,
)
from sundry.base.parties.operations import (
    ACCEPT,
    ACT,
    CHANGE,
    DAY_S,
    DECIDE,
    FOUND,
    FOUNDED_A_DAY,
    INVITATION,
    LEAVE,
    LIST,
    ME,
    PEOPLE,
    QUEUE,
    READ,
    person_of,
    take_invitation,
    the_organisation,
)
from sundry.base.parties.rules import (
    ACTING_FOR,
    OFFICIAL,
    InvitationState,
    MemberShown,
    OrganisationShown,
    Verification,
    papers,
)
from sundry.kernel.errors import SundryError

ALL_OTHERS = "all"  # what the page says for every session but the one in which it is asked
STATES = {
    Verification.NONE: "neutral",
    Verification.SUBMITTED: "waiting",
    Verification.VERIFIED: "ok",
    Verification.REFUSED: "error",
}
WORDS = {
    Verification.NONE: _("Not verified"),
    Verification.SUBMITTED: _("Being verified"),
    Verification.VERIFIED: _("Verified"),
    Verification.REFUSED: _("Verification refused"),
}


# Organisations -----------------------------------------------------------------------------------------------------


@guarded(LIST)
def organisations(request: HttpRequest) -> HttpResponse:
    """Those for which the person acts."""
    return render(
        request,
        "parties/organisations.html",
        {"held": [_shown_held(item) for item in queries.held(person_of(request, LIST))]},
    )


@guarded(FOUND)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_new(request: HttpRequest) -> HttpResponse:
    """Found one; whoever does becomes its administrator and acts for it from then on, but for an official one."""
    actor = actor_of(request)
    merchants = [
        (str(item.organisation), item.name)
        for item in request.capacities  # type: ignore[attr-defined]
        if item.kind is Kind.MERCHANT and item.position is Position.ADMINISTRATOR
    ]
    form = OrganisationForm(request.POST or None, founder=actor.role, merchants=merchants)
    if request.method == "POST" and form.is_valid():
        take(f"parties.found:{actor.person}", FOUNDED_A_DAY, DAY_S, timezone.now())
        given = form.cleaned_data
        parent, kind = given.get("parent"), Kind(given["kind"])
        if kind in OFFICIAL:
            return _found_official(request, form, kind)
        try:
            made = actions.register_organisation(
                actor=actor,
                kind=kind,
                name=given["name"],
                country=given["country"],
                parent=uuid.UUID(parent) if parent else None,
            )
        except SundryError as fault:
            form.add_error(None, refusal(fault))
        else:
            request.session[ACTING_FOR] = str(made)
            messages.success(request, gettext("%(name)s is registered. You act for it now.") % {"name": given["name"]})
            return redirect("organisation", organisation=made)
    return _form_page(request, "parties/organisation_new.html", form)


def _found_official(request: HttpRequest, form: OrganisationForm, kind: Kind) -> HttpResponse:
    """Its first administrator is invited; who founds it goes on acting for the operator."""
    given = form.cleaned_data
    actor = actor_of(request)
    take_invitation(actor=actor, organisation=None, address=given["administrator"], now=timezone.now())
    try:
        made = actions.found_official(
            actor=actor,
            kind=kind,
            name=given["name"],
            country=given["country"],
            address=given["administrator"],
            language=get_language() or "",
            now=timezone.now(),
        )
    except SundryError as fault:
        form.add_error(None, refusal(fault))
        return _form_page(request, "parties/organisation_new.html", form)
    messages.success(
        request, gettext("The invitation is on its way to %(address)s.") % {"address": given["administrator"]}
    )
    return redirect("organisation", organisation=made)


@guarded(READ)
def organisation(request: HttpRequest, organisation: uuid.UUID) -> HttpResponse:
    """Its papers, its members, its invitations."""
    shown = the_organisation(request, READ, organisation)
    actor = actor_of(request)
    is_administrator = actor.organisation == organisation and actor.role.position is Position.ADMINISTRATOR
    page = queries.members(organisation, after=_key(request, "after"), whole=is_administrator)
    invitations = queries.invitations(organisation, now=timezone.now()) if is_administrator else ()
    return render(
        request,
        "parties/organisation.html",
        _about(shown)
        | {
            "is_administrator": is_administrator,
            "is_member": actor.organisation == organisation,
            "members": [_shown_member(member, actor.person) for member in page.members],
            "page": {"previous": "", "next": _next(page.next)},
            "invitations": [{"it": item, "position": POSITIONS[item.position]} for item in invitations],
            "stalls": queries.stalls(organisation) if shown.kind is Kind.MERCHANT else (),
        },
    )


@guarded(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_rename(request: HttpRequest, organisation: uuid.UUID) -> HttpResponse:
    shown = the_organisation(request, CHANGE, organisation)
    form = NameForm(request.POST or None, initial={"name": shown.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename(
                actor=actor_of(request),
                organisation=organisation,
                name=form.cleaned_data["name"],
                now=timezone.now(),
            )
        except SundryError as fault:
            form.add_error("name", refusal(fault))
        else:
            messages.success(request, gettext("The name is changed."))
            return redirect("organisation", organisation=organisation)
    return _form_page(request, "parties/organisation_rename.html", form, **_about(shown))


@guarded(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_verify(request: HttpRequest, organisation: uuid.UUID) -> HttpResponse:
    """Hand in the number under which it is registered."""
    shown = the_organisation(request, CHANGE, organisation)
    form = RegistrationForm(
        request.POST or None, country=shown.country, initial={"registration": shown.registration or ""}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.submit_verification(
                actor=actor_of(request),
                organisation=organisation,
                registration=form.cleaned_data["registration"],
                now=timezone.now(),
            )
        except SundryError as fault:
            form.add_error("registration", refusal(fault))
        else:
            messages.success(request, gettext("Handed in. The market operator looks at it and tells you."))
            return redirect("organisation", organisation=organisation)
    return _form_page(request, "parties/organisation_verify.html", form, **_about(shown))


# Members and invitations -------------------------------------------------------------------------------------------


@guarded(PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_invite(request: HttpRequest, organisation: uuid.UUID) -> HttpResponse:
    shown = the_organisation(request, PEOPLE, organisation)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        take_invitation(
            actor=actor_of(request),
            organisation=organisation,
            address=form.cleaned_data["address"],
            now=timezone.now(),
        )
        try:
            actions.invite(
                actor=actor_of(request),
                organisation=organisation,
                position=Position(form.cleaned_data["position"]),
                address=form.cleaned_data["address"],
                language=get_language() or "",
                now=timezone.now(),
            )
        except SundryError as fault:
            form.add_error("address", refusal(fault))
        else:
            messages.success(
                request,
                gettext("The invitation is on its way to %(address)s.") % {"address": form.cleaned_data["address"]},
            )
            return redirect("organisation", organisation=organisation)
    return _form_page(request, "parties/invite.html", form, **_about(shown))


@guarded(PEOPLE)
@require_POST
def invitation_withdraw(request: HttpRequest, organisation: uuid.UUID, invitation: uuid.UUID) -> HttpResponse:
    the_organisation(request, PEOPLE, organisation)
    found = queries.invitation(invitation, now=timezone.now())
    if found is None or found.organisation != organisation:
        raise AccessRefused(Decision.NOT_FOUND, PEOPLE)
    _say(
        request,
        lambda: actions.withdraw_invitation(actor=actor_of(request), invitation=invitation, now=timezone.now()),
        gettext("The invitation is withdrawn. Its link does nothing any more."),
    )
    return redirect("organisation", organisation=organisation)


@guarded(PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def member_change(request: HttpRequest, organisation: uuid.UUID, membership: uuid.UUID) -> HttpResponse:
    """Make a member an administrator, or an administrator a member."""
    shown = the_organisation(request, PEOPLE, organisation)
    member = _member(PEOPLE, organisation, membership)
    becomes = Position.MEMBER if member.position is Position.ADMINISTRATOR else Position.ADMINISTRATOR
    if request.method == "POST":
        wanted = request.POST.get("position", "")  # what the page offered: a second click must not undo the first
        if wanted not in POSITIONS:
            raise AccessRefused(Decision.NOT_FOUND, PEOPLE)
        _say(
            request,
            lambda: actions.change_position(actor=actor_of(request), membership=membership, position=Position(wanted)),
            gettext("The position is changed."),
        )
        return redirect("organisation", organisation=organisation)
    return render(
        request,
        "parties/member_change.html",
        _about(shown)
        | {"member": member, "becomes": becomes, "makes_administrator": becomes is Position.ADMINISTRATOR},
    )


@guarded(PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def member_end(request: HttpRequest, organisation: uuid.UUID, membership: uuid.UUID) -> HttpResponse:
    """End somebody's membership."""
    shown = the_organisation(request, PEOPLE, organisation)
    member = _member(PEOPLE, organisation, membership)
    return _end(request, shown, member, "parties/member_end.html", "organisation")


@guarded(LEAVE)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_leave(request: HttpRequest, organisation: uuid.UUID) -> HttpResponse:
    """End one's own membership."""
    shown = the_organisation(request, LEAVE, organisation)
    mine = queries.membership(person_of(request, LEAVE), organisation)
    if mine is None:
        raise AccessRefused(Decision.NOT_FOUND, LEAVE)
    return _end(request, shown, mine, "parties/leave.html", "organisations")


@guarded(INVITATION)
@never_cache
def invitation(request: HttpRequest, invitation_token: str) -> HttpResponse:
    """What whoever holds the link sees: who invites her to what, and how to accept, signed in or not."""
    found = queries.invitation_of(invitation_token, now=timezone.now())
    if found is None or found.state is not InvitationState.OPEN:
        return render(request, "parties/invitation_closed.html", status=404 if found is None else 410)
    here = urlencode({"next": request.path})
    return render(
        request,
        "parties/invitation.html",
        {
            "invitation": found,
            "kind": KINDS[found.kind],
            "position": POSITIONS[found.position],
            "token": invitation_token,
            "sign_in": f"{reverse('account_login')}?{here}",
            "sign_up": f"{reverse('account_signup')}?{here}",
        },
    )


@guarded(ACCEPT)
@require_POST
def invitation_accept(request: HttpRequest, invitation_token: str) -> HttpResponse:
    try:
        joined = actions.accept_invitation(actor=actor_of(request), token=invitation_token, now=timezone.now())
    except SundryError as fault:
        messages.error(request, fault.message(spoken()))
        return redirect("organisations")
    request.session[ACTING_FOR] = str(joined)
    messages.success(request, gettext("Welcome. You act for this organisation now."))
    return redirect("organisation", organisation=joined)


# Verification ------------------------------------------------------------------------------------------------------


@guarded(QUEUE)
def verification(request: HttpRequest) -> HttpResponse:
    """What the operator has to look at, what has waited longest first."""
    page = queries.waiting(after=_queue_key(request))
    return render(
        request,
        "parties/verification.html",
        {
            "waiting": [_about(item.organisation) | {"item": item} for item in page.waiting],
            "page": {"previous": "", "next": _queue_next(page.next)},
        },
    )


@guarded(DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def verification_decide(request: HttpRequest, organisation: uuid.UUID) -> HttpResponse:
    shown = the_organisation(request, DECIDE, organisation)
    form = VerdictForm(request.POST or None, initial={"seen": papers(shown.name, shown.registration)})
    if request.method == "POST" and form.is_valid():
        verified = form.cleaned_data["verdict"] == "verified"
        try:
            actions.decide_verification(
                actor=actor_of(request),
                organisation=organisation,
                seen=form.cleaned_data["seen"],
                verified=verified,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except SundryError as fault:
            if fault.rule == "verification_changed":
                messages.error(request, fault.message(spoken()))
                return redirect("verification_decide", organisation=organisation)  # as it is now
            form.add_error("reason" if fault.rule == "reason_missing" else None, refusal(fault))
        else:
            messages.success(request, gettext("Decided, and told to who handed it in."))
            return redirect("verification")
    return _form_page(
        request,
        "parties/verification_decide.html",
        form,
        **_about(shown),
        is_waiting=shown.verification is Verification.SUBMITTED,
    )


# The person herself ------------------------------------------------------------------------------------------------


@guarded(ACT)
@require_POST
def act_for(request: HttpRequest) -> HttpResponse:
    """Choose for whom one acts from now on in this session: an organisation of one's own, or nobody but oneself."""
    wanted = request.POST.get("organisation", "")
    held = {str(item.organisation) for item in request.capacities}  # type: ignore[attr-defined]
    if wanted and wanted not in held:
        raise AccessRefused(Decision.NOT_FOUND, ACT)
    request.session[ACTING_FOR] = wanted
    record(actor=actor_of(request), operation=ACT, object_kind="organisation", object_id=wanted)
    return redirect(_back(request))


@guarded(ME)
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Her name, the language of what is sent to her, and where she changes the rest."""
    person = queries.person(person_of(request, ME))
    if person is None:
        raise AccessRefused(Decision.NOT_FOUND, ME)
    form = PersonForm(
        request.POST or None,
        languages=list(settings.LANGUAGES),
        initial={"name": person.name, "language": person.language},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_person(actor=actor_of(request), person=person.id, name=form.cleaned_data["name"])
        except SundryError as fault:
            form.add_error("name", refusal(fault))
        else:
            if form.cleaned_data["language"] != person.language:
                actions.set_language(actor=actor_of(request), person=person.id, language=form.cleaned_data["language"])
            messages.success(request, gettext("Saved."))
            return redirect("account_own")
    return _form_page(request, "parties/me.html", form, person=person)


@guarded(ME)
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; a session, or all others, can be ended."""
    current = request.session.session_key
    if request.method == "POST":
        wanted = request.POST.get("session", "")
        if wanted != ALL_OTHERS and not (len(wanted) < 19 and wanted.isdecimal()):
            raise AccessRefused(Decision.NOT_FOUND, ME)
        ended = actions.end_sessions(
            actor=actor_of(request),
            person=person_of(request, ME),
            session=None if wanted == ALL_OTHERS else int(wanted),
            current=current or "",
        )
        if not ended and wanted != ALL_OTHERS:
            raise AccessRefused(Decision.NOT_FOUND, ME)
        if current in ended:
            request.session.flush()
            return redirect("home")
        if ended:
            messages.success(request, gettext("Ended. Whoever used it is signed out."))
        else:
            messages.info(request, gettext("You are signed in nowhere else."))
        return redirect("account_sessions")
    return render(
        request,
        "parties/sessions.html",
        {"sessions": queries.sessions(person_of(request, ME), current=current, now=timezone.now())},
    )


# -------------------------------------------------------------------------------------------------------------------


def _member(operation: Operation, organisation: uuid.UUID, membership: uuid.UUID) -> MemberShown:
    found = queries.member(membership)
    if found is None or found[0] != organisation:
        raise AccessRefused(Decision.NOT_FOUND, operation)
    return found[1]


def _end(
    request: HttpRequest, shown: OrganisationShown, member: MemberShown, template: str, afterwards: str
) -> HttpResponse:
    if request.method != "POST":
        return render(request, template, _about(shown) | {"member": member})
    ended = _say(
        request,
        lambda: actions.end_membership(actor=actor_of(request), membership=member.membership, now=timezone.now()),
        gettext("The membership is ended."),
    )
    if ended and afterwards == "organisations":
        request.session.pop(ACTING_FOR, None)
        return redirect(afterwards)
    return redirect("organisation", organisation=shown.id)


def _say(request: HttpRequest, do: Any, done: str) -> bool:
    """Do it and say so, or say why not; whether it was done."""
    try:
        do()
    except SundryError as fault:
        messages.error(request, fault.message(spoken()))
        return False
    messages.success(request, done)
    return True


def _form_page(request: HttpRequest, template: str, form: Form, **more: Any) -> HttpResponse:
    """422 where the form was sent and could not be used, so that no machine takes the page for a success."""
    return render(request, template, more | {"form": form}, status=422 if form.is_bound else 200)


def _about(shown: OrganisationShown) -> dict[str, Any]:
    """What every page about an organisation tells of it."""
    return {
        "organisation": shown,
        "kind": KINDS[shown.kind],
        "country": country_name(shown.country),
        "state": STATES[shown.verification],
        "state_word": WORDS[shown.verification],
    }


def _shown_held(item: queries.Held) -> dict[str, Any]:
    return _about(item.organisation) | {"position": POSITIONS[item.position]}


def _shown_member(member: MemberShown, person: uuid.UUID | None) -> dict[str, Any]:
    return {"it": member, "position": POSITIONS[member.position], "is_me": member.person == person}


def _key(request: HttpRequest, name: str) -> uuid.UUID | None:
    """The key of a page in the address; one that is none begins at the start."""
    try:
        return uuid.UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def _queue_key(request: HttpRequest) -> tuple[datetime, uuid.UUID] | None:
    last = _key(request, "after")
    try:
        since = datetime.fromisoformat(request.GET.get("since", ""))
    except ValueError:
        return None
    return None if last is None or since.tzinfo is None else (since, last)


def _queue_next(key: tuple[datetime, uuid.UUID] | None) -> str:
    return "" if key is None else f"?{urlencode({'since': key[0].isoformat(), 'after': key[1]})}"


def _next(key: uuid.UUID | None) -> str:
    return "" if key is None else f"?{urlencode({'after': key})}"


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if own else reverse("organisations")


urlpatterns = [
    path("organisations/", organisations, name="organisations"),
    path("organisations/new", organisation_new, name="organisation_new"),
    path("organisations/<uuid:organisation>/", organisation, name="organisation"),
    path("organisations/<uuid:organisation>/rename", organisation_rename, name="organisation_rename"),
    path("organisations/<uuid:organisation>/verification", organisation_verify, name="organisation_verify"),
    path("organisations/<uuid:organisation>/invite", organisation_invite, name="organisation_invite"),
    path("organisations/<uuid:organisation>/leave", organisation_leave, name="organisation_leave"),
    path("organisations/<uuid:organisation>/members/<uuid:membership>/change", member_change, name="member_change"),
    path("organisations/<uuid:organisation>/members/<uuid:membership>/end", member_end, name="member_end"),
    path(
        "organisations/<uuid:organisation>/invitations/<uuid:invitation>/withdraw",
        invitation_withdraw,
        name="invitation_withdraw",
    ),
    path("invitations/<str:invitation_token>/", invitation, name="invitation"),
    path("invitations/<str:invitation_token>/accept", invitation_accept, name="invitation_accept"),
    path("verification/", verification, name="verification"),
    path("verification/<uuid:organisation>/", verification_decide, name="verification_decide"),
    path("acting-for", act_for, name="acting"),
    path("account/me", me, name="account_own"),
    path("account/sessions", sessions, name="account_sessions"),
]
