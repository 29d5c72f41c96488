"""The audit log, the counters of limits, API tokens, devices on their way to one, answers kept for a retry."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from sundry.base.access.rules import DeviceState, Outcome, Through
from sundry.kernel.identifiers import new_id


class AuditEntry(models.Model):
    """Who did what to which thing. Appended to, never changed: triggers refuse the rest (decision 0011).

    People and things are named by id, not by foreign key: an entry outlives what it tells of.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)  # sorts by time
    at = models.DateTimeField(db_default=Now(), editable=False)
    person = models.UUIDField(null=True)
    organisation = models.UUIDField(null=True)
    role = models.CharField(max_length=32)
    operation = models.CharField(max_length=80)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=16, choices=[(outcome.value, outcome.value) for outcome in Outcome])
    through = models.CharField(max_length=16, choices=[(through.value, through.value) for through in Through])
    address = models.CharField(max_length=48, blank=True)  # a network, never a whole address
    details = models.JSONField(default=dict)  # personal data masked

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=[outcome.value for outcome in Outcome]), name="audit_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(through__in=[through.value for through in Through]), name="audit_through_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="audit_of_organisation"),
            models.Index(fields=["person", "-id"], name="audit_of_person"),
            models.Index(fields=["object_id", "-id"], name="audit_of_object", condition=~Q(object_id="")),
            models.Index(  # also for the beginning of a name, whatever the database's collation
                fields=["operation", "-id"], opclasses=["varchar_pattern_ops", "uuid_ops"], name="audit_of_operation"
            ),
            models.Index(fields=["outcome", "-id"], name="audit_not_done", condition=~Q(outcome=Outcome.DONE.value)),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Counter(models.Model):
    """How often something was done in the window that runs now. One row a key, written over."""

    key = models.CharField(max_length=64, primary_key=True)  # sha256 of the caller's key: it may hold a phone number
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="counter_ends")]

    def __str__(self) -> str:
        return self.key


class ApiToken(models.Model):
    """What a program shows instead of a signed-in person. The secret itself is never kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80)  # the person's word for it: "warehouse scales"
    hash = models.CharField(max_length=64, unique=True, editable=False)  # sha256 of 256 random bits: nothing to guess
    prefix = models.CharField(max_length=16, editable=False)  # the secret's beginning, by which a person knows it
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    scopes = models.JSONField()  # names of operations
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)  # to the minute
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="token_expires_after_it_is_made"),
        ]
        indexes = [models.Index(fields=["person", "-id"], name="token_of_person")]

    def __str__(self) -> str:
        return self.prefix


class DeviceRequest(models.Model):
    """A device that asks a person for a token (RFC 8628), for ten minutes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hash = models.CharField(max_length=64, unique=True, editable=False)  # sha256 of the device code
    user_code = models.CharField(max_length=8, unique=True)  # what the person types
    name = models.CharField(max_length=80)  # the device's own word for itself: not to be believed
    address = models.CharField(max_length=48, blank=True)  # the network it asks from
    scopes = models.JSONField()
    state = models.CharField(max_length=8, choices=[(state.value, state.value) for state in DeviceState])
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    interval_seconds = models.PositiveSmallIntegerField()
    polled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in DeviceState]), name="device_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=DeviceState.WAITING.value, person__isnull=True)
                | (~Q(state=DeviceState.WAITING.value) & Q(person__isnull=False)),
                name="device_is_decided_by_a_person",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="device_expires")]

    def __str__(self) -> str:
        return str(self.id)


class KeptAnswer(models.Model):
    """What a POST with an Idempotency-Key was answered, for the retry of a client that never heard it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.CharField(max_length=64)  # sha256 of who asked
    key = models.CharField(max_length=200)
    request = models.CharField(max_length=64)  # sha256 of what was asked
    status = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=100)
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="one_answer_a_key")]
        indexes = [models.Index(fields=["expires_at"], name="answer_expires")]

    def __str__(self) -> str:
        return str(self.id)
