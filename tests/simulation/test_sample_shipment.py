"""The agent of the sample market has shipped the sample book, as anybody would."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sundry.base.access.rules import Actor, Kind
from sundry.base.parties import actions
from sundry.base.parties.rules import Address
from sundry.goods.orders.formats.opening import sniff
from sundry.goods.shipping import job_files
from sundry.goods.shipping.job_queries import job_by_id, jobs_of
from sundry.goods.shipping.job_rules import AlreadyDone, State
from sundry.kernel.identifiers import new_id
from sundry.simulation import sample_market
from sundry.simulation.sample_shipment import BOOK_NAME, PROFILE, ship_sample

NOON = datetime(2026, 4, 20, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.FILES_DIR = tmp_path
    return tmp_path / "shipping"


def test_a_shipment_of_the_sample_is_an_ordinary_one() -> None:
    job = ship_sample(actor=Actor(open_desk=True), job=new_id(), language="ar", now=NOON)
    assert (job.state, job.file_name, job.language, job.options.language) == (State.UPLOADED, BOOK_NAME, "ar", "ar")
    assert job.options.profile == PROFILE
    assert sniff(job_files.book_of(job.id, job.file_name)) == "xlsx"
    with pytest.raises(AlreadyDone):
        ship_sample(actor=Actor(open_desk=True), job=job.id, language="ar", now=NOON)


def test_without_the_agent_there_is_none() -> None:
    actions.register_person(actor=Actor(), address=Address(email="agent@market.example"), name="Visitor")
    loading = sample_market.load(now=NOON)
    assert (BOOK_NAME, "person_not_there") in [(name, fault.rule) for name, fault in loading.left_out]
    assert job_by_id(sample_market.SHIPMENT) is None


def test_the_sample_agent_has_one_and_a_reset_makes_it_anew(files: Path) -> None:
    sample_market.load(now=NOON)
    job = job_by_id(sample_market.SHIPMENT)
    assert job is not None
    owner = sample_market.actor("agent", Kind.AGENT).owner()
    assert job.owner == owner
    assert [row.id for row in jobs_of(owner)] == [job.id]
    assert BOOK_NAME in sample_market.load(now=NOON).kept
    again = sample_market.load(now=NOON, reset=True)
    assert (again.left_out, BOOK_NAME in again.removed, BOOK_NAME in again.made) == ([], True, True)
    renewed = job_by_id(sample_market.SHIPMENT)
    assert renewed is not None
    assert renewed.key != job.key
    assert len(list(files.iterdir())) == 1
