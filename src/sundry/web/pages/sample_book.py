"""The button "Try the sample book": an invented order is shipped by the same action as a book that is dropped."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone

from sundry.base.access.guard import actor_of, guarded
from sundry.goods.shipping.job_queries import job_by_id
from sundry.goods.shipping.job_requests import hold, id_of_token, page_language, to
from sundry.goods.shipping.job_rules import UPLOAD, AlreadyDone
from sundry.kernel.errors import SundryError
from sundry.simulation.sample_shipment import ship_sample


@guarded(UPLOAD)
def sample(request: HttpRequest) -> HttpResponse:
    """A new job with the sample book."""
    start = HttpResponseRedirect(reverse("ship_start"))
    if request.method != "POST":
        return start
    actor, job_id = actor_of(request), id_of_token(request.POST.get("job", ""))
    try:
        job = ship_sample(actor=actor, job=job_id, language=page_language(), now=timezone.now())
    except AlreadyDone:
        known = job_by_id(job_id)
        if known is None or not actor.owns(known.owner):
            return start
        job = known
    except SundryError as refusal:
        messages.error(request, refusal.message(page_language()))
        return start
    hold(request, job)
    return to("ship_job", job)


urlpatterns = [path("ship/sample", sample, name="ship_sample")]
