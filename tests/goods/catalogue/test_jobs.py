"""The worker feeds the index, looks after it, and does not stumble over another writer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from procrastinate.jobs import Job

from sundry.engines.searching.generations import writers_lock
from sundry.engines.searching.port import WriterBusy
from sundry.goods.catalogue import indexing, jobs
from sundry.goods.catalogue.models import Change, SearchMiss

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def apart(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index of this test's own, and a connection that lives as long as the test."""
    settings.SUNDRY = replace(settings.SUNDRY, data_dir=tmp_path)
    monkeypatch.setattr(jobs.connection, "close", lambda: None)


def test_a_change_before_there_is_an_index_waits_for_the_look_of_each_minute() -> None:
    Change.objects.create(number=1)
    jobs.feed()
    assert Change.objects.exists()
    jobs.look_after(0)
    assert indexing.is_usable()
    jobs.feed()
    assert not Change.objects.exists()


def test_another_writer_is_waited_for() -> None:
    jobs.look_after(0)
    Change.objects.create(number=1)
    with writers_lock(indexing.folder()):
        jobs.look_after(0)
        with pytest.raises(WriterBusy) as busy:
            jobs.feed()
    assert Change.objects.exists()
    job = Job(id=1, queue="", lock=None, queueing_lock=None, task_name="catalogue.feed", task_kwargs={})
    again = jobs._Again()
    decided = again.get_retry_decision(exception=busy.value, job=job)
    assert decided is not None
    assert decided.retry_at is not None
    assert again.get_retry_decision(exception=ValueError(), job=job) is None


def test_each_night_what_nobody_uses_is_put_away(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path
    old = {"last_at": timezone.now() - timedelta(days=61), "language": "en"}
    SearchMiss.objects.create(text="once", **old)
    SearchMiss.objects.create(text="often", searches=9, **old)
    jobs.tidy(0)
    assert SearchMiss.objects.get().text == "often"
