"""Signing in and out: the few pages of django-allauth that there are, and the sample people's short way in.

None of allauth's addresses is included as a whole: what does not stand in `urlpatterns` (passwords, for one) is not
there. What each may be used for stands in `operations.LIBRARY_VIEWS`, by its name.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.account.utils import perform_login
from allauth.core.exceptions import RateLimited
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from sundry.base.access.actions import TooMany, record, take
from sundry.base.access.guard import AccessRefused, actor_of, guarded
from sundry.base.access.rules import EVERYBODY, Decision, Kind, Operation, Outcome, Position
from sundry.base.parties.forms import KINDS, POSITIONS
from sundry.base.parties.queries import person_for_code
from sundry.simulation import sample_market
from sundry.web.pages.refusals import too_many

SAMPLE_SIGN_IN = Operation("account.sign_in.sample", own=EVERYBODY)
SIGN_UP_S = 0.25  # each sign-up is answered after as long; it takes 0.02 to 0.1
GUESSES = 3  # of one code
WAIT_S = 60  # what a limit of sign-in says; they are counted by the minute

View = Callable[..., HttpResponse]


class SignIn(account.LoginView):  # type: ignore[misc]
    """One field; on a sample market, its people too."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().get_context_data(**more)
        return shown | {"sample_people": sample_people() if sample_market.is_open() else []}


class SignUp(account.SignupView):  # type: ignore[misc]
    """A name and an address. A new person takes a few statements more than one who is there already; nobody sees it."""

    def form_valid(self, form: Any) -> HttpResponse:
        begun = time.monotonic()
        response: HttpResponse = super().form_valid(form)
        time.sleep(max(0, SIGN_UP_S - (time.monotonic() - begun)))
        return response


class Guessed:
    """A page that takes a one-time code: three guesses each, also where they are sent at once.

    allauth counts in the session, which each request reads before it writes, so ten at once are counted as one.
    Therefore each guess is counted in a row of its own before the codes are compared.
    """

    request: HttpRequest
    _action: str

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self._action == "verify":
            begun = self._asked().state["at"]
            key = f"parties.guess:{request.session.session_key}:{begun}"
            take(key, GUESSES, settings.CODE_SECONDS, timezone.now())
        response: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """A wrong code, which the audit log tells."""
        if self._action == "verify":
            _record_wrong(self.request, self._asked().user)
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        return response

    def _asked(self) -> Any:
        """allauth's account of the code, which it calls either way."""
        return self._process if hasattr(self, "_process") else self.process  # type: ignore[attr-defined]


class ConfirmEmail(Guessed, account.ConfirmEmailVerificationCodeView):  # type: ignore[misc]
    """The code that was sent to an e-mail address."""


class ConfirmFirstPhone(Guessed, account._VerifyPhoneSignupView):  # type: ignore[misc]
    """The code that was sent to the phone of somebody who is not in yet."""


class ConfirmOtherPhone(Guessed, account._VerifyPhoneChangeView):  # type: ignore[misc]
    """The code that was sent to the phone to which somebody changes."""


def _record_wrong(request: HttpRequest, person: Any, details: dict[str, Any] | None = None) -> None:
    """`person`: whose code it was; None: nobody's, for nobody is signed up with the address."""
    record(
        actor=actor_of(request),
        operation="account.code",
        object_kind="person",
        object_id=person.pk if person else "",
        outcome=Outcome.FAILED,
        details=details,
    )


def confirm_phone(request: HttpRequest) -> HttpResponse:
    view = ConfirmOtherPhone if request.user.is_authenticated else ConfirmFirstPhone
    response: HttpResponse = view.as_view()(request)
    return response


class WrongSecondStep:
    """A page that takes a code of the authenticator app, or a recovery code: a wrong one is told by the audit log."""

    request: HttpRequest

    def form_invalid(self, form: Any) -> HttpResponse:
        person = self.stage.login.user if hasattr(self, "stage") else self.request.user
        _record_wrong(self.request, person, {"second_step": True})
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        return response


class SecondStep(WrongSecondStep, second_step.AuthenticateView):  # type: ignore[misc]
    """The second step of signing in."""


class SecondStepAgain(WrongSecondStep, second_step.ReauthenticateView):  # type: ignore[misc]
    """The second step before something is changed."""


class ConfirmSignIn(Guessed, account.ConfirmLoginCodeView):  # type: ignore[misc]
    """The code. Who is known and who is not are answered alike, and after the same statements."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        stage = getattr(request, "_login_stage", None)
        if stage is not None and stage.login.user is None:  # who is known was loaded for that
            person_for_code(email=stage.state.get("email"), phone=stage.state.get("phone"))
        return response

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        self._process.record_resend()
        self._process.send()
        self._process.persist()
        return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))


@guarded(SAMPLE_SIGN_IN)
@require_POST
def sample_sign_in(request: HttpRequest) -> HttpResponse:
    """Be one of the sample people at once: only on a sample market that keeps its messages and its own database."""
    person = sample_market.person_named(request.POST.get("person", "")) if sample_market.is_open() else None
    if person is None:
        raise AccessRefused(Decision.NOT_FOUND, SAMPLE_SIGN_IN)
    known = person_for_code(email=person.address.email, phone=person.address.phone)
    if known is None or known.id != person.id:
        raise AccessRefused(Decision.NOT_FOUND, SAMPLE_SIGN_IN)
    record(actor=actor_of(request), operation=SAMPLE_SIGN_IN, object_kind="person", object_id=known.id)
    response: HttpResponse = perform_login(request, known)
    return response


def sample_people() -> list[dict[str, Any]]:
    """What the sign-in page tells of each sample person."""
    return [
        {
            "key": person.key,
            "name": person.name,
            "kind": KINDS[Kind(person.key.partition(".")[0])],
            "position": POSITIONS[Position.MEMBER if "." in person.key else Position.ADMINISTRATOR],
        }
        for person in sample_market.PEOPLE
    ]


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """What allauth shows where one of its limits is used up (`handler429`)."""
    return too_many(request, WAIT_S)


def limited(view: View) -> View:
    """Some of allauth's limits raise in the middle of a view that does not expect it."""

    @wraps(view)
    def ask(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except RateLimited as fault:
            raise TooMany("too_many", seconds=WAIT_S) from fault

    return ask


urlpatterns = [
    path("account/login/", limited(SignIn.as_view()), name="account_login"),
    path("account/login/", limited(SignIn.as_view()), name="account_request_login_code"),  # allauth's second name
    path("account/login/code/", limited(ConfirmSignIn.as_view()), name="account_confirm_login_code"),
    path("account/signup/", limited(SignUp.as_view()), name="account_signup"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/closed/", account.account_inactive, name="account_inactive"),
    path("account/email/", limited(account.email), name="account_email"),
    path("account/email/code/", limited(ConfirmEmail.as_view()), name="account_email_verification_sent"),
    path("account/phone/", limited(account.change_phone), name="account_change_phone"),
    path("account/phone/code/", limited(confirm_phone), name="account_verify_phone"),
    path("account/second-step/", second_step.index, name="mfa_index"),
    path("account/second-step/code/", SecondStep.as_view(), name="mfa_authenticate"),
    path("account/second-step/again/", SecondStepAgain.as_view(), name="mfa_reauthenticate"),
    path("account/second-step/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-step/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second-step/recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-step/recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/second-step/recovery/file/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("sample/sign-in", sample_sign_in, name="sample_sign_in"),
]
