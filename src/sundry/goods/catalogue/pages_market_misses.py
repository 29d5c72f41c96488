"""/market/misses/: what buyers looked for in vain, how often, and what the words mean: one more form of a concept."""

from __future__ import annotations

import uuid
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from sundry.base.access.guard import actor_of, guarded
from sundry.engines.searching.lexicon import lexicon
from sundry.goods.catalogue import actions_wanted, concept_search, indexing, queries_stalls
from sundry.goods.catalogue.errors import NotThere
from sundry.goods.catalogue.operations import MISS_DECIDE, MISS_READ
from sundry.goods.catalogue.storefront import language_of_reader, may, nothing_there, unlisted
from sundry.kernel.identifiers import id_or_none

SHOWN: Final = 50
WORDS_MAX: Final = 80


@guarded(MISS_READ)
@require_safe
def misses(request: HttpRequest) -> HttpResponse:
    """The most frequent first. `miss`, `words`: for which of them a concept is looked for, by which words."""
    found = queries_stalls.misses(after=id_or_none(request.GET.get("after", "")), limit=SHOWN + 1)
    following = found[SHOWN - 1].id if len(found) > SHOWN else None
    chosen = id_or_none(request.GET.get("miss", ""))
    words = request.GET.get("words", "").strip()[:WORDS_MAX]
    if chosen is not None and not words:
        words = next((one.text for one in found if one.id == chosen), "")
    context = {
        "head": unlisted(gettext("Looked for in vain")),
        "misses": found[:SHOWN],
        "chosen": chosen,
        "words": words,
        "concepts": concept_search.find(words, language_of_reader(), lexicon()) if chosen is not None else (),
        "after": request.GET.get("after", "") if id_or_none(request.GET.get("after", "")) else "",
        "page": {"previous": "", "next": f"?after={following}" if following else ""},
        "may_decide": may(request, MISS_DECIDE),
    }
    return render(request, "catalogue/market/misses.html", context)


@guarded(MISS_DECIDE)
@require_POST
def decide(request: HttpRequest, miss: uuid.UUID) -> HttpResponse:
    """`concept`: what the words mean; "": nothing that is sold here."""
    concept = request.POST.get("concept", "") or None
    try:
        actions_wanted.decide_miss(actor=actor_of(request), miss=miss, concept=concept, now=timezone.now())
    except NotThere as refusal:
        if refusal.rule != "catalogue_concept_unknown":
            raise nothing_there(MISS_DECIDE) from None
        messages.error(request, refusal.message(language_of_reader()))
    else:
        indexing.forget()  # the words mean it from the next search on
        messages.success(
            request,
            gettext("Search knows the words now.") if concept else gettext("The words are ignored."),
        )
    return redirect("market_misses")


urlpatterns = [
    path("market/misses/", misses, name="market_misses"),
    path("market/misses/<uuid:miss>/decide", decide, name="market_miss_decide"),
]
