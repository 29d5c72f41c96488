"""Messages on their way to somebody."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sundry.base.outbox.rules import ATTEMPTS_MAX, Channel, State
from sundry.kernel.identifiers import new_id


class OutgoingMessage(models.Model):
    """A message, from the moment somebody wants it sent. Ids are time-ordered, so the newest come by id."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=100, unique=True)  # the caller's: a second post with it sends nothing
    channel = models.CharField(max_length=8)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)  # emptied when it is sent or given up: there may be a link in it
    language = models.CharField(max_length=8, blank=True)
    stop_link = models.CharField(max_length=400, blank=True, default="")  # emptied with the body
    secret = models.BooleanField(default=False)
    state = models.CharField(max_length=8)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=200, blank=True)  # what the adapter said last
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=[channel.value for channel in Channel]), name="message_channel_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="message_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=State.WAITING.value, next_try_at__isnull=False)
                | (~Q(state=State.WAITING.value) & Q(next_try_at__isnull=True)),
                name="only_a_waiting_message_is_tried_again",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SENT.value, sent_at__isnull=False)
                | (~Q(state=State.SENT.value) & Q(sent_at__isnull=True)),
                name="message_is_sent_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(attempts__gte=0, attempts__lte=ATTEMPTS_MAX), name="message_attempts_are_limited"
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state=State.WAITING.value), name="messages_waiting"),
            models.Index(fields=["created_at"], condition=Q(secret=True), name="messages_with_codes"),
            models.Index(fields=["created_at"], condition=Q(state=State.KEPT.value), name="messages_kept"),
        ]

    def __str__(self) -> str:
        return str(self.id)  # never a recipient: this lands in logs
