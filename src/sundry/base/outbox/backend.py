"""Django's e-mails go into the outbox: `EMAIL_BACKEND`."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import get_language

from sundry.base.outbox.actions import post


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """One message in the outbox for each recipient, so that none learns of another."""
        for email in email_messages:
            for recipient in email.recipients():
                post(
                    channel="email",
                    recipient=recipient,
                    subject=str(email.subject),
                    body=str(email.body),
                    language=get_language() or "",
                )
        return len(email_messages)
