"""Notices, who is told of each, and how she wants to be told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from sundry.base.notifications.rules import KEY_MAX, KIND_MAX, LINK_MAX, QUIET_FROM, QUIET_UNTIL, ZONE
from sundry.kernel.identifiers import new_id


class Notice(models.Model):
    """That something happened, as its module says it. Ids are time-ordered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.UUIDField()  # whose members are told
    person = models.UUIDField(null=True)  # of them; None: everybody
    kind = models.CharField(max_length=KIND_MAX)
    values = models.JSONField()
    link = models.CharField(max_length=LINK_MAX)
    key = models.CharField(max_length=KEY_MAX, blank=True)
    at = models.DateTimeField()
    is_spread = models.BooleanField(default=False)  # each who is told has her `Told`

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(link__startswith="/"), name="notice_links_to_the_market")]
        indexes = [
            models.Index(fields=["id"], condition=Q(is_spread=False), name="notices_to_spread"),
            models.Index(fields=["at"], name="notices_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Reader(models.Model):
    """A person who is told, with her choices. `next_due_at`: when the first of what waits for her is to be sent; this
    row is locked by whoever sends to her."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+", db_column="person"
    )
    zone = models.CharField(max_length=60, default=ZONE)
    quiet_from = models.TimeField(default=QUIET_FROM)
    quiet_until = models.TimeField(default=QUIET_UNTIL)
    choices = models.JSONField(default=dict)  # group ("*": any other) -> [way, frequency]
    last_sent_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["next_due_at"], condition=Q(next_due_at__isnull=False), name="readers_due")]

    def __str__(self) -> str:
        return str(self.pk)


class Told(models.Model):
    """A notice for one person: on her page at once, in her digest when it is due."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.UUIDField()
    # Whoever deletes notices deletes these first, in one statement.
    notice = models.ForeignKey(Notice, on_delete=models.DO_NOTHING, related_name="+")
    organisation = models.UUIDField()
    fold = models.CharField(max_length=KEY_MAX + KIND_MAX + 40, blank=True)
    times = models.PositiveIntegerField(default=1)  # how many notices this one stands for
    due_at = models.DateTimeField(null=True)  # None: it is not sent
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "fold"],
                condition=Q(sent_at__isnull=True, read_at__isnull=True) & ~Q(fold=""),
                name="one_open_notice_of_a_key",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=False) | Q(sent_at__isnull=True), name="only_what_is_due_is_sent"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="told_to_person"),
            models.Index(
                fields=["person", "due_at"],
                condition=Q(sent_at__isnull=True, read_at__isnull=True, due_at__isnull=False),
                name="told_waiting",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
