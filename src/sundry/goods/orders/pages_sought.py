"""/wanted/<id>/answer: a stall answers what somebody looks for and did not find; a conversation begins."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from sundry.base.access.guard import about, actor_of, guarded
from sundry.goods.catalogue import queries_stalls
from sundry.goods.catalogue.own_stall import her_stall
from sundry.goods.catalogue.rules import StallView, Wanted
from sundry.goods.catalogue.storefront import language_of_reader, nothing_there, unlisted
from sundry.goods.orders import actions_enquiries
from sundry.goods.orders.errors import NotThere, Refused
from sundry.goods.orders.forms_orders import mistakes
from sundry.goods.orders.forms_talk import SayForm
from sundry.goods.orders.operations import QUOTATION_WRITE
from sundry.goods.orders.pages_talk import kept_papers
from sundry.kernel.errors import SundryError


@guarded(QUOTATION_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, sought: uuid.UUID) -> HttpResponse:
    """What is looked for, and her answer to it: words, photos. Sent twice it is one answer."""
    wanted = queries_stalls.one_wanted(sought)
    if wanted is None:
        raise nothing_there(QUOTATION_WRITE)
    own = her_stall(request, QUOTATION_WRITE, gettext("Answer a request"))
    if isinstance(own, HttpResponse):
        return own
    about(request, "wanted", sought)
    form = SayForm(request.POST, files=request.FILES) if request.method == "POST" else SayForm()
    if form.is_bound and form.is_valid() and (talk := _answered(request, wanted, own, form)) is not None:
        messages.success(request, gettext("Your answer is with the buyer. Write a quotation when you know the price."))
        return redirect("talk", talk=talk)
    context = {
        "head": unlisted(gettext("Answer a request")),
        "wanted": wanted,
        "stall": own,
        "form": form,
    }
    return render(request, "orders/stall/sought.html", context, status=422 if form.is_bound else 200)


def _answered(request: HttpRequest, wanted: Wanted, own: StallView, form: SayForm) -> uuid.UUID | None:
    given: dict[str, Any] = form.cleaned_data
    files = kept_papers(request, form)
    if files is None:
        return None
    try:
        return actions_enquiries.answer_wanted(
            actor=actor_of(request),
            wanted=wanted.id,
            stall=own.card.number,
            text=given["text"],
            language=language_of_reader(),
            attachments=files,
            key=given["key"],
            now=timezone.now(),
        )
    except NotThere:
        raise nothing_there(QUOTATION_WRITE) from None
    except Refused as refusal:
        mistakes(form, refusal.findings)
    except SundryError as refusal:
        form.add_error(None, refusal.message(language_of_reader()))
    return None


urlpatterns = [path("wanted/<uuid:sought>/answer", answer, name="wanted_answer")]
