"""The audit log, the counters of limits."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sundry.base.access.rules import Outcome, Through
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
            models.Index(fields=["operation", "-id"], name="audit_of_operation"),
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
