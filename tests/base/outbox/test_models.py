"""What the tables refuse, whoever writes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from sundry.base.outbox.models import OutgoingMessage
from sundry.base.outbox.rules import ATTEMPTS_MAX

pytestmark = pytest.mark.django_db

GOOD = {"channel": "email", "recipient": "li@market.example", "body": "Hello", "state": "kept"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "fax"},
        {"state": "lost"},
        {"state": "waiting"},  # without a next try
        {"state": "kept", "next_try_at": timezone.now()},
        {"state": "sent"},  # at no time
        {"state": "failed", "sent_at": timezone.now()},
        {"attempts": ATTEMPTS_MAX + 1},
    ],
)
def test_a_message_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    OutgoingMessage.objects.create(**GOOD, key="good")
    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMessage.objects.create(**GOOD | wrong, key="wrong")
    assert OutgoingMessage.objects.count() == 1


def test_a_message_never_shows_its_recipient_in_a_log() -> None:
    assert "li@" not in str(OutgoingMessage(**GOOD))
