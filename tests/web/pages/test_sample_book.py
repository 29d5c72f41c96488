"""The sample book is shipped by one button, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from sundry.goods.orders.formats.opening import sniff
from sundry.goods.shipping import job_files
from sundry.goods.shipping.job_queries import job_by_id
from sundry.goods.shipping.job_requests import id_of_token, new_token
from sundry.goods.shipping.models import ShippingJob
from sundry.simulation.sample_shipment import PROFILE

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(settings: Any, tmp_path: Path) -> Client:
    settings.FILES_DIR = tmp_path
    return Client(headers={"host": "localhost"})


def test_the_button_makes_a_shipment_of_the_sample(visitor: Client) -> None:
    token = new_token()
    answers = [visitor.post("/ship/sample", {"job": token}) for _ in range(2)]
    job = job_by_id(id_of_token(token))
    assert job is not None
    assert {answer.headers["Location"] for answer in answers} == {f"/ship/{job.key}/"}
    assert ShippingJob.objects.count() == 1
    assert sniff(job_files.book_of(job.id, job.file_name)) == "xlsx"
    assert job.options.profile == PROFILE
    assert job.is_anonymous


def test_looking_at_its_address_makes_nothing(visitor: Client) -> None:
    assert visitor.get("/ship/sample").headers["Location"] == "/ship/"
    assert not ShippingJob.objects.exists()


def test_the_first_page_offers_it(visitor: Client) -> None:
    assert 'action="/ship/sample"' in visitor.get("/ship/").content.decode()
