"""Endpoints, events, and what came of telling each event to each endpoint."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sundry.base.webhooks.addresses import ADDRESS_CHARACTERS_MAX
from sundry.base.webhooks.rules import (
    ANSWER_BYTES_MAX,
    ATTEMPTS_MAX,
    DESCRIPTION_CHARACTERS_MAX,
    DeliveryState,
    EndpointState,
    Trouble,
)
from sundry.kernel.identifiers import new_id


class Endpoint(models.Model):
    """Where a program of an organisation listens, and to what."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=ADDRESS_CHARACTERS_MAX)
    description = models.CharField(max_length=DESCRIPTION_CHARACTERS_MAX, blank=True)
    kinds = models.JSONField()  # names, as the modules declare them
    state = models.CharField(max_length=8, default=EndpointState.ON.value)
    secret = models.TextField()  # locked: sealing.py
    old_secret = models.TextField(blank=True)
    old_until = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    failing_since = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in EndpointState]), name="endpoint_state_is_known"
            ),
            models.CheckConstraint(condition=~Q(secret=""), name="endpoint_has_a_secret"),
            models.CheckConstraint(
                condition=Q(old_secret="", old_until__isnull=True) | (~Q(old_secret="") & Q(old_until__isnull=False)),
                name="old_secret_ends",
            ),
            models.CheckConstraint(
                condition=Q(failures=0, failing_since__isnull=True) | Q(failures__gt=0, failing_since__isnull=False),
                name="failures_began_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="endpoints_of_organisation"),
            models.Index(fields=["id"], condition=Q(state=EndpointState.ON.value), name="endpoints_on"),
        ]

    def __str__(self) -> str:
        return str(self.id)  # never an address, which may hold a key of its own: this lands in logs


class Event(models.Model):
    """Something that happened. Ids are time-ordered; `body` is what is sent, byte for byte."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=80)
    subject = models.UUIDField()  # the thing that it happened to, of whatever module
    organisation = models.UUIDField(null=True)  # None: public
    at = models.DateTimeField()
    body = models.TextField()
    is_spread = models.BooleanField()  # its deliveries are made

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(is_spread=False), name="events_to_spread")]

    def __str__(self) -> str:
        return str(self.id)


class Delivery(models.Model):
    """One event on its way to one endpoint, with what came of the last try."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Whoever deletes an endpoint or events deletes their deliveries first, all in one statement.
    endpoint = models.ForeignKey(Endpoint, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    event = models.ForeignKey(Event, on_delete=models.DO_NOTHING, related_name="+")
    state = models.CharField(max_length=10)
    attempts = models.PositiveSmallIntegerField(default=0)  # since it was last asked for
    next_try_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    took_ms = models.PositiveIntegerField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # of HTTP
    trouble = models.CharField(max_length=12, blank=True)
    answer = models.CharField(max_length=ANSWER_BYTES_MAX, blank=True)  # its beginning; whoever answers wrote it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="one_delivery_of_an_event"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in DeliveryState]), name="delivery_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(trouble__in=["", *(trouble.value for trouble in Trouble)]), name="trouble_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.WAITING.value, next_try_at__isnull=False)
                | (~Q(state=DeliveryState.WAITING.value) & Q(next_try_at__isnull=True)),
                name="only_a_waiting_delivery_is_tried_again",
            ),
            models.CheckConstraint(
                condition=Q(attempts__gte=0, attempts__lte=ATTEMPTS_MAX), name="delivery_attempts_are_limited"
            ),
        ]
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="deliveries_of_endpoint"),
            models.Index(fields=["endpoint", "state", "-id"], name="deliveries_by_state"),
            models.Index(
                fields=["endpoint", "next_try_at", "event"],
                condition=Q(state=DeliveryState.WAITING.value),
                name="deliveries_waiting",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
