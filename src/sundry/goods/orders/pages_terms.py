"""/my/terms/: what a stall asks of every order: deposits, and whether stock is confirmed at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from sundry.base.access.guard import actor_of, guarded
from sundry.goods.catalogue.forms_fields import ScaledField
from sundry.goods.catalogue.own_stall import her_stall
from sundry.goods.catalogue.rules import StallView
from sundry.goods.catalogue.showing import stall_name
from sundry.goods.catalogue.storefront import language_of_reader, unlisted
from sundry.goods.orders import actions_terms, queries_dealings
from sundry.goods.orders.errors import Refused, Stale
from sundry.goods.orders.forms_orders import looked_again, mistakes
from sundry.goods.orders.operations import TERMS_WRITE
from sundry.kernel.errors import SundryError


class TermsForm(forms.Form):
    """`version`: of the terms that she looks at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    deposit_stock_bp = ScaledField(
        label=gettext_lazy("Deposit for goods in stock, percent"),
        help_text=gettext_lazy("What is paid in advance, as 30. Empty: nothing."),
        decimals=2,
        required=False,
    )
    deposit_made_bp = ScaledField(
        label=gettext_lazy("Deposit for goods made to order, percent"), decimals=2, required=False
    )
    confirms_stock = forms.BooleanField(
        label=gettext_lazy("Confirm at once what is in stock, at the listed price or a better one"),
        help_text=gettext_lazy("Your count has to be right then: a yes binds you."),
        required=False,
    )

    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "deposit_stock_bp": given["deposit_stock_bp"] or 0,
            "deposit_made_bp": given["deposit_made_bp"] or 0,
            "confirms_stock": given["confirms_stock"],
            "version": given["version"],
        }


@guarded(TERMS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest) -> HttpResponse:
    """Of one stall; a quotation may say otherwise."""
    own = her_stall(request, TERMS_WRITE, gettext("Terms"))
    if isinstance(own, HttpResponse):
        return own
    there = queries_dealings.terms_of(own.card.id)
    first = {
        "version": there.version,
        "deposit_stock_bp": there.deposit_stock_bp or None,
        "deposit_made_bp": there.deposit_made_bp or None,
        "confirms_stock": there.confirms_stock,
    }
    form = TermsForm(request.POST) if request.method == "POST" else TermsForm(initial=first)
    if form.is_bound and form.is_valid() and _changed(request, own, form):
        messages.success(request, gettext("Your terms are kept. They hold for what is ordered from now on."))
        response = redirect("my_terms")
        response.headers["Location"] += f"?stall={own.card.number}"
        return response
    context = {
        "head": unlisted(gettext("Terms")),
        "stall": own,
        "name": stall_name(own.card, language_of_reader()),
        "form": form,
    }
    return render(request, "orders/stall/terms.html", context, status=422 if form.is_bound else 200)


def _changed(request: HttpRequest, own: StallView, form: TermsForm) -> bool:
    try:
        actions_terms.change_terms(actor=actor_of(request), stall=own.card.id, now=timezone.now(), **form.said())
    except Refused as refusal:
        mistakes(form, refusal.findings)
    except Stale as refusal:
        looked_again(form, refusal.message(language_of_reader()), queries_dealings.terms_of(own.card.id).version)
    except SundryError as refusal:
        form.add_error(None, refusal.message(language_of_reader()))
    return not form.errors


urlpatterns = [path("my/terms/", terms, name="my_terms")]
