from __future__ import annotations

import pytest
from django.core.mail import EmailMessage
from django.utils import translation

from sundry.base.outbox.backend import OutboxBackend
from sundry.base.outbox.queries import messages

pytestmark = pytest.mark.django_db


def test_an_email_of_django_is_kept_once_for_each_recipient() -> None:
    email = EmailMessage("Hello", "A container is full.", to=["a@market.example"], cc=["b@market.example"])
    with translation.override("fr"):
        assert OutboxBackend().send_messages([email]) == 1
    kept = [shown.message for shown in messages().messages]
    assert {message.recipient for message in kept} == {"a@market.example", "b@market.example"}
    assert {(message.subject, message.body, message.language) for message in kept} == {
        ("Hello", "A container is full.", "fr")
    }
