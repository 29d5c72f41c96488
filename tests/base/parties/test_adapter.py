"""What django-allauth is told. How it all goes together is tried by requests in tests/web/pages/test_account.py."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import RequestFactory
from django.utils import translation

from sundry.base.access.actions import TooMany
from sundry.base.access.rules import Actor
from sundry.base.outbox.queries import messages
from sundry.base.parties import adapter
from sundry.base.parties.adapter import MESSAGES, AccountAdapter, SecondStep
from sundry.base.parties.models import Person
from sundry.kernel.messages import LANGUAGES, catalogue


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("/organisations/", True),
        ("http://market.example/organisations/", True),
        ("http://other.example/", False),
        ("http://localhost/", False),  # a name of this market too, but not the one that was asked for
        ("//other.example/", False),
        ("https:other.example", False),
        ("javascript:alert(1)", False),
        ("http://market.example@other.example/", False),
        ("/\\other.example", False),
        ("", False),
    ],
)
def test_one_is_sent_on_only_within_the_host_that_was_asked(settings: Any, url: str, safe: bool) -> None:
    settings.ALLOWED_HOSTS = ["market.example", "localhost"]
    with context.request_context(RequestFactory(SERVER_NAME="market.example").get("/")):
        assert AccountAdapter().is_safe_url(url) is safe


def test_every_message_of_allauth_that_there_is_has_words_in_six_languages() -> None:
    for rule in MESSAGES.values():
        assert set(catalogue()[rule]) == set(catalogue()[f"{rule}_subject"]) == set(LANGUAGES)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "ar", "fr"])
def test_a_code_speaks_the_language_of_the_page(language: str) -> None:
    with translation.override(language):
        AccountAdapter().send_mail("account/email/login_code", "li@market.example", {"code": "482913"})
    (posted,) = messages().messages
    assert (posted.message.language, posted.message.secret) == (language.partition("-")[0], True)
    assert "482913" in posted.message.body
    assert posted.message.body in [
        text.format(code="482913", minutes=10) for text in catalogue()["code_sign_in"].values()
    ]


@pytest.mark.django_db
def test_a_notice_goes_to_the_phone_of_who_has_no_email() -> None:
    person = Person.objects.create(phone="+8613800138000")
    AccountAdapter().send_notification_mail("mfa/email/totp_activated", person)
    (posted,) = messages().messages
    assert (posted.message.channel, posted.message.recipient, posted.message.secret) == ("sms", person.phone, False)


@pytest.mark.django_db
def test_nobody_locks_an_owner_out_for_the_day_from_one_network(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(datetime(2026, 4, 20, tzinfo=UTC) + timedelta(seconds=100 * count) for count in range(800))
    monkeypatch.setattr(adapter, "timezone", SimpleNamespace(now=lambda: next(clock)))

    def sent(network: str, tries: int) -> int:
        request = RequestFactory().get("/")
        request.actor = Actor(address=network)
        done = 0
        with context.request_context(request):
            for _ in range(tries):
                with suppress(TooMany):
                    AccountAdapter().send_mail("account/email/login_code", "li@market.example", {"code": "482913"})
                    done += 1
        return done

    assert sent("203.0.113.0/24", 100) == 30
    assert sent("198.51.100.0/24", 4) == 4  # the owner, at once
    assert sum(sent(f"192.0.{number}.0/24", 40) for number in range(6)) == 150 - 34  # from however many networks


@pytest.mark.django_db
def test_the_key_of_an_app_is_useless_without_the_markets_secret(settings: Any) -> None:
    person = Person.objects.create(email="li@market.example")
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    stored = Authenticator.objects.get().data["secret"]
    assert "JBSWY3DPEHPK3PXP" not in stored
    assert SecondStep().decrypt(stored) == "JBSWY3DPEHPK3PXP"
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another secret of this market, just as long"
    assert SecondStep().decrypt(stored) != "JBSWY3DPEHPK3PXP"
    assert SecondStep().decrypt(stored) != SecondStep().decrypt(stored)  # nothing that could be computed
    settings.SECRET_KEY_FALLBACKS = [old]
    assert SecondStep().decrypt(stored) == "JBSWY3DPEHPK3PXP"


def test_the_picture_for_the_app_is_black_on_white() -> None:
    drawn = SecondStep().build_totp_svg("otpauth://totp/li?secret=JBSWY3DPEHPK3PXP")
    assert drawn.startswith("<svg")
    assert 'fill="white"' in drawn
