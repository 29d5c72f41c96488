"""The table itself refuses what must never stand in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from sundry.goods.shipping.job_rules import BOOK_BYTES_MAX
from sundry.goods.shipping.models import ColumnMap, ShippingJob, new_key

pytestmark = pytest.mark.django_db


def row(**changes: Any) -> ShippingJob:
    now = timezone.now()
    usual = {"file_name": "a.xlsx", "book_bytes": 1, "language": "en", "options": {}, "queued_at": now}
    return ShippingJob(**{**usual, "expires_at": now} | changes)


def test_an_ordinary_job_is_taken() -> None:
    row().save()
    row(book_bytes=BOOK_BYTES_MAX).save()


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("ship_state_is_known", {"state": "lost"}),
        ("ship_key_is_unguessable", {"key": "short"}),
        ("ship_key_is_unguessable", {"key": "x/../" * 8}),
        ("ship_expires_if_nobodys", {"expires_at": None}),
        ("ship_book_is_not_too_large", {"book_bytes": 0}),
        ("ship_book_is_not_too_large", {"book_bytes": BOOK_BYTES_MAX + 1}),
        ("ship_book_revision_is_one", {"book_revision": 2}),
        ("ship_results_answer_questions", {"read_revision": 2}),
        ("ship_results_answer_questions", {"plan_revision": 2}),
        ("ship_planned_has_a_plan", {"state": "planned", "read_revision": 1}),
        ("ship_read_has_a_reading", {"state": "planned", "plan_revision": 1}),
        ("ship_read_has_a_reading", {"state": "read"}),
        ("ship_read_has_a_reading", {"state": "planning"}),
        ("ship_only_awaited_runs", {"state": "stopped", "run": UUID(int=0)}),
        ("ship_only_awaited_runs", {"queued_at": None}),
        ("ship_run_has_started", {"run": UUID(int=0)}),
        ("ship_failed_says_why", {"state": "failed"}),
        ("ship_failed_says_why", {"error_rule": "job_crashed"}),
        ("ship_attempts_are_limited", {"attempts": 4}),
        ("ship_done_is_of_total", {"done": 3, "total": 2}),
    ],
)
def test_what_makes_no_sense_is_refused(constraint: str, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row(**changes).save()


def test_what_somebody_owns_does_not_expire(desk: Callable[..., Any]) -> None:
    owner = desk("agent").owner
    row(organisation_id=owner.organisation, person_id=owner.person, expires_at=None).save()
    with pytest.raises(IntegrityError, match="ship_expires_if_nobodys"), transaction.atomic():
        row(organisation_id=owner.organisation).save()


def test_a_key_names_one_job() -> None:
    key = new_key()
    row(key=key).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        row(key=key).save()


def test_an_organisation_has_one_map_for_a_header(desk: Callable[..., Any]) -> None:
    owner = desk("agent").owner
    ColumnMap.objects.create(organisation_id=owner.organisation, key="k", columns={})
    with pytest.raises(IntegrityError, match="one_map_for_a_header"), transaction.atomic():
        ColumnMap.objects.create(organisation_id=owner.organisation, key="k", columns={})


def test_keys_cannot_be_guessed_and_say_nothing() -> None:
    keys = {new_key() for _ in range(1_000)}
    assert len(keys) == 1_000
    assert {len(key) for key in keys} == {32}


def test_a_job_in_a_log_is_its_id() -> None:
    assert str(row(file_name="secret.xlsx", key=new_key())).count("-") == 4
