"""The button "Try the sample book": an invented order is shipped by the same action as a book that is dropped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone

from sundry.base.access.guard import actor_of, guarded
from sundry.goods.shipping import job_actions
from sundry.goods.shipping.job_queries import job_by_id
from sundry.goods.shipping.job_requests import hold, id_of_token, page_language, to
from sundry.goods.shipping.job_rules import UPLOAD, AlreadyDone, JobOptions
from sundry.goods.shipping.rules import Profile
from sundry.kernel.errors import SundryError
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


@guarded(UPLOAD)
def sample(request: HttpRequest) -> HttpResponse:
    """A new job with the sample book."""
    start = HttpResponseRedirect(reverse("ship_start"))
    if request.method != "POST":
        return start
    job_id = id_of_token(request.POST.get("job", ""))
    options = replace(JobOptions(day=timezone.localdate(), language=page_language()), profile=PROFILE)
    try:
        job = job_actions.upload(
            actor=actor_of(request),
            job=job_id,
            name=BOOK_NAME,
            write=_write,
            options=options,
            language=page_language(),
            now=timezone.now(),
        )
    except AlreadyDone:
        known = job_by_id(job_id)
        if known is None or not actor_of(request).owns(known.owner):
            return start
        job = known
    except SundryError as refusal:
        messages.error(request, refusal.message(page_language()))
        return start
    hold(request, job)
    return to("ship_job", job)


def _write(path: Path) -> None:
    write_sample(path)


urlpatterns = [path("ship/sample", sample, name="ship_sample")]
