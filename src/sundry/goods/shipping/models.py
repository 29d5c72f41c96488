"""Shipping jobs: the main job as somebody asked for it on a page or by the API."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from sundry.goods.shipping.job_rules import ATTEMPTS_MAX, AWAITED, BOOK_BYTES_MAX, State
from sundry.kernel.identifiers import new_id


def new_key() -> str:
    """The unguessable name of a job in addresses: 32 characters, 192 bits."""
    return secrets.token_urlsafe(24)


class ShippingJob(models.Model):
    """One job. Whoever holds the key of one without an owner may see it, until it expires.

    What a person may change stands here; the book and what was made of it stand in files (see job_files.py).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)  # sorts by time
    key = models.CharField(max_length=43, unique=True, default=new_key, editable=False)
    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    organisation = models.ForeignKey(
        "parties.Organisation", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    file_name = models.CharField(max_length=200)
    book_bytes = models.PositiveIntegerField()
    language = models.CharField(max_length=2)

    options = models.JSONField()
    corrections = models.JSONField(default=list)  # [[sheet, row, column letter, value], ...]
    column_maps = models.JSONField(default=dict)  # key of a header row -> what its columns are
    left_out = models.JSONField(default=list)  # [[sheet, row, item], ...]
    must_travel = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)  # of everything above
    book_revision = models.PositiveIntegerField(default=1)  # the revision that last changed how the book reads

    plan_when_read = models.BooleanField(default=False)  # asked for both at once
    state = models.CharField(max_length=8, default=State.UPLOADED.value)
    read_revision = models.PositiveIntegerField(null=True)  # the book_revision of which there is a reading
    plan_revision = models.PositiveIntegerField(null=True)  # the revision of which there is a plan
    kept_revision = models.PositiveIntegerField(null=True)  # the plan of which she said: keep the last container
    read_summary = models.JSONField(null=True)
    plan_summary = models.JSONField(null=True)

    run = models.UUIDField(null=True)  # the attempt whose words count
    stage = models.CharField(max_length=16, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    error_rule = models.CharField(max_length=60, blank=True)
    error_details = models.JSONField(default=dict)

    made_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(db_default=Now())
    queued_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[state.value for state in State]), name="ship_state_is_known"),
            models.CheckConstraint(condition=Q(key__regex=r"^[A-Za-z0-9_-]{22,43}$"), name="ship_key_is_unguessable"),
            models.CheckConstraint(
                condition=Q(person__isnull=True, organisation__isnull=True, expires_at__isnull=False)
                | ((Q(person__isnull=False) | Q(organisation__isnull=False)) & Q(expires_at__isnull=True)),
                name="ship_expires_if_nobodys",
            ),
            models.CheckConstraint(
                condition=Q(book_bytes__gt=0, book_bytes__lte=BOOK_BYTES_MAX), name="ship_book_is_not_too_large"
            ),
            models.CheckConstraint(
                condition=Q(book_revision__gte=1, book_revision__lte=F("revision")), name="ship_book_revision_is_one"
            ),
            models.CheckConstraint(
                condition=(Q(read_revision__isnull=True) | Q(read_revision__lte=F("book_revision")))
                & (Q(plan_revision__isnull=True) | Q(plan_revision__lte=F("revision"))),
                name="ship_results_answer_questions",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PLANNED.value) | Q(plan_revision__isnull=False, plan_revision=F("revision")),
                name="ship_planned_has_a_plan",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.READ.value, State.PLANNING.value, State.PLANNED.value])
                | Q(read_revision__isnull=False, read_revision=F("book_revision")),
                name="ship_read_has_a_reading",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in AWAITED], queued_at__isnull=False)
                | ~Q(state__in=[state.value for state in AWAITED]) & Q(run__isnull=True),
                name="ship_only_awaited_runs",
            ),
            models.CheckConstraint(
                condition=Q(run__isnull=True, started_at__isnull=True)
                | Q(run__isnull=False, started_at__isnull=False)
                | ~Q(state__in=[state.value for state in AWAITED]),
                name="ship_run_has_started",
            ),
            models.CheckConstraint(
                condition=Q(state=State.FAILED.value) & ~Q(error_rule="")
                | ~Q(state=State.FAILED.value) & Q(error_rule=""),
                name="ship_failed_says_why",
            ),
            models.CheckConstraint(condition=Q(attempts__lte=ATTEMPTS_MAX), name="ship_attempts_are_limited"),
            models.CheckConstraint(condition=Q(total=0) | Q(done__lte=F("total")), name="ship_done_is_of_total"),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="ship_of_organisation"),
            models.Index(fields=["person", "-id"], name="ship_of_person"),
            models.Index(fields=["expires_at"], condition=Q(expires_at__isnull=False), name="ship_expiring"),
            models.Index(
                fields=["queued_at"], condition=Q(state__in=[state.value for state in AWAITED]), name="ship_awaited"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)  # never the key or the file's name: this lands in logs


class ColumnMap(models.Model):
    """What an organisation once said that the columns under a header are; `key` is made of the header's words."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey("parties.Organisation", on_delete=models.CASCADE, db_index=False, related_name="+")
    key = models.CharField(max_length=24)
    columns = models.JSONField()  # {header or column letter: field}
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="one_map_for_a_header")]

    def __str__(self) -> str:
        return str(self.id)
