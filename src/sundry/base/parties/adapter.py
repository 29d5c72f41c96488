"""What django-allauth asks us: phones, where codes go, whom to trust. `SecondStep` is the same for its mfa."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

import qrcode
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.forms import CharField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from sundry.base.access.actions import record, take
from sundry.base.access.guard import actor_of
from sundry.base.access.rules import PERSON, Actor
from sundry.base.outbox.actions import post
from sundry.base.outbox.rules import masked
from sundry.base.parties.models import Person
from sundry.base.parties.operations import DAY_S
from sundry.base.parties.queries import person_for_code
from sundry.kernel.messages import render

# What allauth calls its e-mails, and what ours are called in sundry/messages/parties.yaml.
MESSAGES = {
    "account/email/login_code": "code_sign_in",
    "account/email/email_confirmation": "code_address",
    "account/email/email_confirmation_signup": "code_address",
    "account/email/unknown_account": "code_no_account",
    "account/email/account_already_exists": "code_account_exists",
    "account/email/email_changed": "notice_email_changed",
    "account/email/email_deleted": "notice_email_removed",
    "mfa/email/totp_activated": "notice_second_step_on",
    "mfa/email/totp_deactivated": "notice_second_step_off",
    "mfa/email/recovery_codes_generated": "notice_recovery_codes",
}

# What the audit log calls the change of which somebody is told.
CHANGES = {
    "account/email/email_changed": "account.email.change",
    "account/email/email_deleted": "account.email.remove",
    "mfa/email/totp_activated": "account.second_step.add",
    "mfa/email/totp_deactivated": "account.second_step.remove",
    "mfa/email/recovery_codes_generated": "account.recovery_codes.make",
}

# Messages with a code to one address, whether somebody is signed up with it or not. The day's limit is narrow for those
# who ask from one network and wide for all: else anybody who asks often enough locks the owner out until tomorrow.
# Three guesses for each code, 450 a day, at six digits: a code is found once in six years.
CODES_IN_FIVE_MINUTES, CODES_A_DAY_FROM_ONE_NETWORK, CODES_A_DAY = 4, 30, 150


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Signing in by e-mail or phone with one-time codes."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is your e-mail address already."),
        "email_taken": _("Somebody else is signed up with this e-mail address."),
        "incorrect_code": _("This code is not right. Look at the latest message that you got."),
        "phone_taken": _("Somebody else is signed up with this phone."),
        "rate_limited": _("That was too often. Wait half a minute and try again."),
        "same_as_current": _("This is the one that you have already."),
        "too_many_login_attempts": _("That was wrong too often. Ask for a new code."),
        "unverified_primary_email": _("Confirm this e-mail address first."),
    }

    def is_ajax(self, request: HttpRequest) -> bool:
        """Every answer is a page."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only an address of the very host that is asked: no other of ours, and nobody else's."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_login_stages(self) -> list[str]:
        ours = f"{OwnEmailStage.__module__}.{OwnEmailStage.__qualname__}"
        theirs = f"{EmailVerificationStage.__module__}.{EmailVerificationStage.__qualname__}"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]

    # Who came and went -------------------------------------------------------------------------------------------

    def login(self, request: HttpRequest, user: Person) -> None:
        """Sign in, under a new session key, and write it down."""
        super().login(request, user)
        actor = replace(actor_of(request), role=PERSON, person=user.pk, organisation=None)
        record(actor=actor, operation="account.sign_in", object_kind="person", object_id=user.pk)

    def post_login(self, request: HttpRequest, user: Person, **told: Any) -> HttpResponse:
        """Who has a language of her own reads it at once, on a machine that remembers none."""
        response: HttpResponse = super().post_login(request, user, **told)
        if user.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                user.language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                samesite="Lax",
                secure=settings.LANGUAGE_COOKIE_SECURE,
            )
        return response

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            record(
                actor=actor_of(request), operation="account.sign_out", object_kind="person", object_id=request.user.pk
            )
        super().logout(request)

    # Phones ------------------------------------------------------------------------------------------------------

    def phone_form_field(self, **options: Any) -> CharField:
        from sundry.base.parties.forms import PhoneField  # which needs the apps to be loaded

        return PhoneField(**options)

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """Only by who still has a phone to sign in with."""
        return email_address.user.phone_verified_at is not None

    def get_phone(self, user: Person) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified_at is not None) if user.phone else None

    def set_phone(self, user: Person, phone: str, verified: bool) -> None:
        user.phone, user.phone_verified_at = phone, timezone.now() if verified else None
        user.save(update_fields=["phone", "phone_verified_at"])

    def set_phone_verified(self, user: Person, phone: str) -> None:
        """Also where `phone` is the one to which she changes: then where her codes went before is told of it."""
        before, proven = user.phone, user.phone_verified_at is not None
        with transaction.atomic():
            self.set_phone(user, phone, True)
            if before == phone:
                return
            _record_change(user, "account.phone.change", phone)
            if user.email:
                _say("notice_phone_changed", email=user.email)
            if before and proven:
                _say("notice_phone_changed", phone=before)

    def get_user_by_phone(self, phone: str) -> Person | None:
        return person_for_code(email=None, phone=phone)

    # Messages ----------------------------------------------------------------------------------------------------

    def send_verification_code_sms(self, user: Person, phone: str, code: str, **_more: Any) -> None:
        _say("code_sign_in" if user.phone_verified_at else "code_address", phone=phone, code=code)

    def send_unknown_account_sms(self, phone: str, **_more: Any) -> None:
        _say("code_no_account", phone=phone)

    def send_account_already_exists_sms(self, phone: str) -> None:
        _say("code_account_exists", phone=phone)

    def send_account_already_exists_mail(self, email: str) -> None:
        _say("code_account_exists", email=email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        _say(MESSAGES[template_prefix], email=email, code=context.get("code", ""))

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Person,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """A notice that her sign-in was changed, to `email`, else to where her codes go; and it is written down."""
        told = context or {}
        email = email or told.get("deleted_email") or user.email
        with transaction.atomic():
            _record_change(user, CHANGES[template_prefix], told.get("to_email", ""))
            if email:
                _say(MESSAGES[template_prefix], email=email)
            else:
                _say(MESSAGES[template_prefix], phone=user.phone)


class OwnEmailStage(EmailVerificationStage):  # type: ignore[misc]
    """A person who has only a phone has no e-mail address to confirm."""

    def handle(self) -> Any:
        user = self.login.user
        if user is not None and not user.email and not self.login.email:
            return None, True
        return super().handle()


class SecondStep(DefaultMFAAdapter):  # type: ignore[misc]
    """The authenticator app. Its secret is encrypted by the market's own: a copy of the database signs nobody in."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_generate_recovery_codes": _("Add an authenticator app first."),
        "incorrect_code": _("This code is not right. Look at the one that your app shows now."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def get_totp_label(self, user: Person) -> str:
        return user.email or user.phone or ""

    def build_totp_svg(self, url: str) -> str:
        """The picture on white, so that an app reads it in the dark theme too."""
        drawn: str = qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")
        return drawn

    def encrypt(self, text: str) -> str:
        return _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; one that fits no code where the market's own secret key has changed since."""
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            try:
                return _cipher(key).decrypt(encrypted_text.encode()).decode()
            except InvalidToken:
                continue
        return base64.b32encode(secrets.token_bytes(20)).decode()


def _cipher(key: str | bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"second step" + force_bytes(key)).digest()))


def _record_change(person: Person, operation: str, contact: str) -> None:
    """By whom it was asked; `contact`: where her codes go from now on, where that was changed."""
    actor = actor_of(context.request) if context.request else Actor()
    record(
        actor=actor if actor.person else replace(actor, role=PERSON, person=person.pk),
        operation=operation,
        object_kind="person",
        object_id=person.pk,
        details={"contact": masked(contact)} if contact else {},
    )


def _count_code(address: str, now: datetime) -> None:
    """TooMany. The network's limit comes before the address's own: who has used it up uses nothing of the owner's."""
    network = actor_of(context.request).address if context.request else ""
    take(f"parties.code:network:{network}:{address}", CODES_A_DAY_FROM_ONE_NETWORK, DAY_S, now)
    take(f"parties.code:soon:{address}", CODES_IN_FIVE_MINUTES, 300, now)
    take(f"parties.code:day:{address}", CODES_A_DAY, DAY_S, now)


def _say(rule: str, *, email: str | None = None, phone: str | None = None, code: str = "") -> None:
    """A message in the language of the page that is being made. TooMany: of those that tell a code, or that none."""
    if rule.startswith("code_"):
        _count_code(email or phone or "", timezone.now())
    spoken = (get_language() or "en").partition("-")[0]
    values = {
        "code": code,
        "minutes": app_settings.LOGIN_BY_CODE_TIMEOUT // 60,
        "contact": email or phone or "",
        "link": settings.SUNDRY.address + reverse("account_signup" if rule == "code_no_account" else "account_login"),
    }
    post(
        channel="email" if email else "sms",
        recipient=email or phone or "",
        subject=render(f"{rule}_subject", spoken, values) if email else "",
        body=render(rule, spoken, values),
        language=spoken,
        secret=bool(code),
    )
