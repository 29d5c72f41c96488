"""Questions about jobs: whose, in which order, with how many statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sundry.base.access.rules import Owner
from sundry.goods.shipping import job_queries
from sundry.goods.shipping.job_rules import Job
from sundry.goods.shipping.models import ColumnMap, ShippingJob
from sundry.kernel.identifiers import new_id

pytestmark = pytest.mark.django_db

MakeJob = Callable[..., Job]


def test_a_job_is_found_by_its_key(make_job: MakeJob, django_assert_num_queries: Any) -> None:
    job = make_job()
    with django_assert_num_queries(1):
        assert job_queries.job_by_key(job.key) == job
    assert job_queries.job_by_id(job.id) == job
    assert job_queries.job_by_key(job.key.swapcase()) is None


def test_each_sees_the_jobs_of_her_own(make_job: MakeJob, desk: Callable[..., Any]) -> None:
    agent, other, person = desk("agent"), desk("agent"), desk("person")
    jobs = {who.owner: make_job(owner=who.owner) for who in (agent, other, person)}
    make_job()
    alone = Owner(person=agent.owner.person)  # the same person, acting for nobody
    for owner, job in jobs.items():
        assert [row.key for row in job_queries.jobs_of(owner)] == [job.key]
    assert job_queries.jobs_of(alone) == ()
    with pytest.raises(ValueError, match="nobody"):
        job_queries.jobs_of(Owner())


def test_jobs_are_paged_from_the_newest(
    make_job: MakeJob, desk: Callable[..., Any], django_assert_num_queries: Any
) -> None:
    owner = desk("agent").owner
    made = [make_job("read", owner=owner) for _ in range(5)]
    with django_assert_num_queries(1):
        first = job_queries.jobs_of(owner, limit=3)
    assert [row.id for row in first] == [job.id for job in reversed(made[2:])]
    assert [row.id for row in job_queries.jobs_of(owner, before=first[-1].id)] == [made[1].id, made[0].id]


def test_a_key_shows_only_what_is_nobodys(make_job: MakeJob, desk: Callable[..., Any]) -> None:
    mine, hers = make_job(), make_job(owner=desk("agent").owner)
    assert [row.key for row in job_queries.jobs_with_keys([mine.key, hers.key, "x"])] == [mine.key]


def test_how_many_are_before_is_told_honestly(make_job: MakeJob, django_assert_num_queries: Any) -> None:
    now = timezone.now()

    def waiting(state: str, seconds: int, **changes: Any) -> Job:
        return make_job(state, queued_at=now + timedelta(seconds=seconds), **changes)

    running = {"run": new_id(), "started_at": now}
    waiting("planning", -60, **running)
    first = waiting("planning", 0)
    reading, later = waiting("uploaded", 5), waiting("planning", 10)
    make_job("planned")
    with django_assert_num_queries(1):
        assert job_queries.jobs_before(reading) == 0, "a reading goes before every plan"
    assert job_queries.jobs_before(first) == 2, "the one that runs, and the reading"
    assert job_queries.jobs_before(later) == 3
    assert job_queries.jobs_before(make_job("planned")) == 0


def test_the_newest_maps_of_an_organisation_are_remembered(
    desk: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, other = desk("agent").owner, desk("agent").owner
    now = timezone.now()
    for number in range(4):
        changed_at = now + timedelta(seconds=number)
        ColumnMap.objects.create(
            organisation_id=owner.organisation, key=f"k{number}", columns={"A": "item"}, changed_at=changed_at
        )
    monkeypatch.setattr(job_queries, "MAPS_REMEMBERED_MAX", 3)
    assert job_queries.remembered_maps(owner.organisation) == {f"k{n}": {"columns": {"A": "item"}} for n in (3, 2, 1)}
    assert job_queries.remembered_maps(other.organisation) == {}
    assert job_queries.remembered_maps(None) == {}


def test_a_list_reads_no_more_than_it_shows(make_job: MakeJob, desk: Callable[..., Any]) -> None:
    owner = desk("agent").owner
    make_job(owner=owner)
    (row,) = job_queries.jobs_of(owner)
    assert row.is_current
    assert row.plan_summary is not None
    deferred = ShippingJob.objects.only("id").get().get_deferred_fields()
    assert "corrections" in deferred
