"""Questions about shipping jobs. Each is a fixed number of statements, said beside it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from sundry.base.access.rules import Owner
from sundry.goods.orders.rules import Correction
from sundry.goods.shipping.job_rules import AWAITED, Job, JobOptions, LinePlace, State
from sundry.goods.shipping.models import ColumnMap, ShippingJob

QUEUE_COUNTED_MAX = 100
MAPS_REMEMBERED_MAX = 500


def job_from(row: ShippingJob) -> Job:
    return Job(
        id=row.id,
        key=row.key,
        owner=Owner(row.person_id, row.organisation_id),
        file_name=row.file_name,
        book_bytes=row.book_bytes,
        language=row.language,
        options=JobOptions.from_json(row.options),
        corrections=tuple(Correction(*one) for one in row.corrections),
        column_maps=row.column_maps,
        left_out=tuple(LinePlace(*one) for one in row.left_out),
        must_travel=tuple(LinePlace(*one) for one in row.must_travel),
        state=State(row.state),
        revision=row.revision,
        book_revision=row.book_revision,
        read_revision=row.read_revision,
        plan_revision=row.plan_revision,
        kept_revision=row.kept_revision,
        read_summary=row.read_summary,
        plan_summary=row.plan_summary,
        stage=row.stage,
        done=row.done,
        total=row.total,
        attempts=row.attempts,
        error_rule=row.error_rule,
        error_details=row.error_details,
        made_at=row.made_at,
        changed_at=row.changed_at,
        queued_at=row.queued_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        expires_at=row.expires_at,
    )


def job_by_key(key: str) -> Job | None:
    """The job of this address. One statement."""
    row = ShippingJob.objects.filter(key=key).first()
    return job_from(row) if row is not None else None


def job_by_id(job: uuid.UUID) -> Job | None:
    """One statement."""
    row = ShippingJob.objects.filter(id=job).first()
    return job_from(row) if row is not None else None


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job in a list."""

    id: uuid.UUID
    key: str
    file_name: str
    state: State
    is_current: bool  # the plan, where there is one, is of everything as it is now
    read_summary: Mapping[str, Any] | None
    plan_summary: Mapping[str, Any] | None
    made_at: Any
    expires_at: Any


def jobs_of(owner: Owner, *, before: uuid.UUID | None = None, limit: int = 25) -> tuple[JobRow, ...]:
    """The newest jobs of an organisation, or of a person for herself, older than `before`. One statement.

    ValueError: nobody's jobs are in no list.
    """
    if owner.organisation is not None:
        found = ShippingJob.objects.filter(organisation=owner.organisation)
    elif owner.person is not None:
        found = ShippingJob.objects.filter(organisation=None, person=owner.person)
    else:
        raise ValueError("jobs of nobody are found by their key only")
    if before is not None:
        found = found.filter(id__lt=before)
    return _rows(found, limit)


def jobs_with_keys(keys: Sequence[str]) -> tuple[JobRow, ...]:
    """Those of nobody's jobs whose keys somebody holds. One statement."""
    return _rows(ShippingJob.objects.filter(key__in=keys, expires_at__isnull=False), len(keys))


def _rows(found: QuerySet[ShippingJob], limit: int) -> tuple[JobRow, ...]:
    shown = found.order_by("-id").only(
        "id", "key", "file_name", "state", "revision", "plan_revision", "read_summary", "plan_summary", "made_at",
        "expires_at",
    )[:limit]  # fmt: skip
    return tuple(
        JobRow(
            id=row.id,
            key=row.key,
            file_name=row.file_name,
            state=State(row.state),
            is_current=row.plan_revision == row.revision,
            read_summary=row.read_summary,
            plan_summary=row.plan_summary,
            made_at=row.made_at,
            expires_at=row.expires_at,
        )
        for row in shown
    )


def jobs_before(job: Job) -> int:
    """How many jobs a worker takes up before this one that waits, QUEUE_COUNTED_MAX at most. One statement.

    Readings go before plans: they take a second. What is being done already counts, too.
    """
    if not job.is_waiting or job.queued_at is None:
        return 0
    earlier = Q(queued_at__lt=job.queued_at)
    readings = Q(state__in=[State.UPLOADED, State.READING])
    ahead = readings & earlier if job.state is State.UPLOADED else readings | Q(state=State.PLANNING) & earlier
    waiting = ShippingJob.objects.filter(ahead, state__in=AWAITED).exclude(id=job.id)
    return waiting.values("id")[:QUEUE_COUNTED_MAX].count()


def lock_of(job: uuid.UUID) -> str:
    """What the tasks of a job have in common in the queue: one of them runs at a time."""
    return f"ship {job}"


_FORSAKEN = """
    SELECT job.id FROM shipping_shippingjob AS job
    WHERE job.state = ANY(%(awaited)s) AND job.queued_at < %(before)s AND NOT EXISTS (
        SELECT 1 FROM procrastinate_jobs AS task
        WHERE task.lock = 'ship ' || job.id::text AND task.status IN ('todo', 'doing')
    )
    LIMIT 500
"""


def forsaken(before: datetime) -> tuple[uuid.UUID, ...]:
    """The jobs that wait since before `before` for a worker, without anything in the queue. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_FORSAKEN, {"awaited": [state.value for state in AWAITED], "before": before})
        return tuple(job for (job,) in cursor.fetchall())


def remembered_maps(organisation: uuid.UUID | None) -> dict[str, Any]:
    """What the columns under a header are, by the header's key, as an organisation said; the newest ones.

    One statement, or none.
    """
    if organisation is None:
        return {}
    newest = ColumnMap.objects.filter(organisation=organisation).order_by("-changed_at")
    return {key: {"columns": columns} for key, columns in newest.values_list("key", "columns")[:MAPS_REMEMBERED_MAX]}
