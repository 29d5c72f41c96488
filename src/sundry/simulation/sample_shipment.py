"""A shipment of the sample book, made by the same action as of a book that somebody drops on the page."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from sundry.base.access.rules import Actor
from sundry.goods.shipping import job_actions
from sundry.goods.shipping.job_rules import Job, JobOptions
from sundry.goods.shipping.rules import Profile
from sundry.simulation.order_book import write_sample

BOOK_NAME = "sample-order-book.xlsx"
# Who ships the sample to whom. All of it is invented.
PROFILE = Profile(
    buyer="DEMO IMPORT (SAMPLE)",
    buyer_nationality="PA",
    buyer_id="SAMPLE-0001",
    destination="PA",
    consignor="SAMPLE TRADING (DEMO)",
    incoterm="FOB",
    marks="DEMO / SAMPLE",
    port_of_loading="NINGBO",
)


def ship_sample(*, actor: Actor, job: uuid.UUID, language: str, now: datetime, then_plan: bool = False) -> Job:
    """A new job with the sample book, owned by the actor; `then_plan`: also planned. Errors as `upload`."""
    day = timezone.localdate(now)
    return job_actions.upload(
        actor=actor,
        job=job,
        name=BOOK_NAME,
        write=_write,
        options=JobOptions(day=day, language=language, profile=PROFILE),
        language=language,
        now=now,
        then_plan=then_plan,
    )


def _write(path: Path) -> None:
    write_sample(path)
