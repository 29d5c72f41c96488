"""/my/goods/: a stall's own goods whatever their state: the list, one good as buyers see it, handing in, taking back.

A good is changed on a page of its own (`pages_edit`), its photos on another (`pages_my_photos`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from sundry.base.access.guard import about, actor_of, guarded
from sundry.base.access.rules import Decision, decide
from sundry.goods.catalogue import actions, queries
from sundry.goods.catalogue.errors import AlreadyDone, BadDraft, NotNow, NotThere
from sundry.goods.catalogue.forms_goods import LANGUAGE_WORDS
from sundry.goods.catalogue.operations import GOOD_MANAGE, GOOD_SUBMIT, GOOD_WITHDRAW, GOOD_WRITE
from sundry.goods.catalogue.own_stall import NUMBER_MAX, her_good, her_stall, number_of, numbers_of
from sundry.goods.catalogue.rules import LANGUAGES, NEXT, Draft, GoodCard, GoodView, State, Told
from sundry.goods.catalogue.showing import price_for
from sundry.goods.catalogue.storefront import language_of_reader, may, nothing_there, unlisted
from sundry.goods.catalogue.texts import told
from sundry.kernel.errors import SundryError

SHOWN: Final = 50
WORDS_MAX: Final = 100
STATES: Final[dict[State, tuple[str, Promise]]] = {
    State.DRAFT: ("neutral", pgettext_lazy("state of a good", "Draft")),
    State.SUBMITTED: ("waiting", pgettext_lazy("state of a good", "Waits for the market")),
    State.LISTED: ("ok", pgettext_lazy("state of a good", "On show")),
    State.REFUSED: ("error", pgettext_lazy("state of a good", "Refused")),
    State.WITHDRAWN: ("neutral", pgettext_lazy("state of a good", "Taken back")),
}
NO_NAME: Final = gettext_lazy("Without a name")


@dataclass(frozen=True, slots=True)
class Row:
    """A good in the list of its stall. `badge`, `word`: its state."""

    card: GoodCard
    name: Told
    badge: str
    word: Promise


@guarded(GOOD_MANAGE)
@require_safe
def goods(request: HttpRequest) -> HttpResponse:
    """A stall's goods, the newest first. `state`, `words`, `before`. Two statements."""
    stall = her_stall(request, GOOD_MANAGE, gettext("My goods"))
    if isinstance(stall, HttpResponse):
        return stall
    words = request.GET.get("words", "").strip()[:WORDS_MAX]
    state = next((one for one in State if one.value == request.GET.get("state")), None)
    before = number_of(request.GET.get("before", ""))
    found = queries.goods_of_stall(
        stall.card.id,
        states=None if state is None else frozenset({state}),
        before=before,
        limit=SHOWN + 1,
        words=words,
    )
    context = {
        "head": unlisted(gettext("My goods")),
        "stall": stall,
        "rows": [row_of(card) for card in found[:SHOWN]],
        "is_filtered": bool(words or state or before),
        "words": words,
        "state": state,
        "states": [(one.value, word) for one, (_, word) in STATES.items()],
        "page": {"previous": "", "next": _next(request, found)},
        "may_write": may(request, GOOD_WRITE),
    }
    return render(request, "catalogue/stall/goods.html", context)


def row_of(card: GoodCard) -> Row:
    name = told(card.names, language_of_reader(), source=card.language)
    return Row(card, name if name.text else Told(str(NO_NAME), language_of_reader()), *STATES[card.state])


def _next(request: HttpRequest, found: tuple[GoodCard, ...]) -> str:
    if len(found) <= SHOWN:
        return ""
    asked = request.GET.copy()
    asked["before"] = str(found[SHOWN - 1].number)
    return f"?{asked.urlencode()}"


@guarded(GOOD_MANAGE)
@require_safe
def good(request: HttpRequest, my_good: int) -> HttpResponse:
    """One good: how buyers see it, in which languages, and what comes next."""
    view = her_good(request, GOOD_MANAGE, my_good)
    context = {
        "head": unlisted(name_of(view)),
        "row": row_of(view.card),
        "view": view,
        "draft": view.draft,
        "price": price_for(view.draft.ladder, 1),
        "languages": languages(view.draft),
        "owner_may": _her_own(request, view),
        "can_submit": bool(NEXT[view.card.state] & {State.LISTED}) and view.card.state is not State.SUBMITTED,
        "can_withdraw": State.WITHDRAWN in NEXT[view.card.state],
    }
    return render(request, "catalogue/stall/good.html", context)


def _her_own(request: HttpRequest, view: GoodView) -> bool:
    """Whether it is of the stall for which she acts; the operator only looks."""
    owner = queries.owner_of(view.card.number)
    return owner is not None and decide(GOOD_WRITE, actor_of(request), owner) is Decision.ALLOWED


def name_of(view: GoodView) -> str:
    return told(view.draft.names, language_of_reader(), source=view.draft.language).text or str(NO_NAME)


def languages(draft: Draft) -> list[tuple[str, str, list[tuple[str, Told]]]]:
    """(state, word, [(language, name)]): in whose words buyers of which language read it."""
    names = [(key, told(draft.names, key, source=draft.language)) for key in LANGUAGES]
    own = [(LANGUAGE_WORDS[key], name) for key, name in names if name.language == key and not name.composed]
    composed = [(LANGUAGE_WORDS[key], name) for key, name in names if name.composed]
    foreign = [(LANGUAGE_WORDS[key], name) for key, name in names if name.language != key]
    groups = [
        ("ok", gettext("In your words"), [one for one in own if one[1].text]),
        ("working", gettext("Put together from the lexicon"), composed),
        ("attention", gettext("Not in this language yet; buyers read another"), foreign),
    ]
    return [group for group in groups if group[2]]


# Handing in, taking back ----------------------------------------------------------------------------------------------


@guarded(GOOD_SUBMIT)
@require_POST
def submit(request: HttpRequest) -> HttpResponse:
    """Hand in the goods of the chosen rows; all of them or none."""
    numbers = numbers_of(request.POST.getlist("row"))
    try:
        states = actions.submit(actor=actor_of(request), numbers=numbers, now=timezone.now()) if numbers else {}
    except NotThere:
        raise nothing_there(GOOD_SUBMIT) from None
    except BadDraft as refusal:
        for number, found in refusal.findings.items():
            said = gettext("Good %(number)s: %(problem)s")
            messages.error(request, said % {"number": number, "problem": found[0].message(language_of_reader())})
    except NotNow as refusal:
        messages.error(request, refusal.message(language_of_reader()))
    else:
        _tell_submitted(request, list(states.values()))
    return _back(request, numbers)


def _tell_submitted(request: HttpRequest, states: list[State]) -> None:
    listed = states.count(State.LISTED)
    waiting = len(states) - listed
    if listed:
        said = ngettext("%(count)s good is on show.", "%(count)s goods are on show.", listed)
        messages.success(request, said % {"count": listed})
    if waiting:
        said = ngettext(
            "%(count)s good waits for the market to look at it.",
            "%(count)s goods wait for the market to look at them.",
            waiting,
        )
        messages.success(request, said % {"count": waiting})
    if not states:
        messages.warning(request, gettext("No row was chosen."))


@guarded(GOOD_WITHDRAW)
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take the goods of the chosen rows off show; all of them or none."""
    numbers = numbers_of(request.POST.getlist("row"))
    try:
        if numbers:
            actions.withdraw(actor=actor_of(request), numbers=numbers, now=timezone.now())
    except NotThere:
        raise nothing_there(GOOD_WITHDRAW) from None
    except NotNow as refusal:
        messages.error(request, refusal.message(language_of_reader()))
    else:
        said = ngettext("%(count)s good was taken back.", "%(count)s goods were taken back.", len(set(numbers)))
        messages.success(request, said % {"count": len(set(numbers))})
    return _back(request, numbers)


def _back(request: HttpRequest, numbers: list[int]) -> HttpResponse:
    """To the good, where there is one, else to the list with its filter."""
    if request.POST.get("from") == "good" and numbers:
        return redirect("my_good", my_good=numbers[0])
    response = redirect("my_goods")
    if query := request.POST.get("query", "")[:1_000]:
        response.headers["Location"] += f"?{_safe(query)}"
    return response


def _safe(query: str) -> str:
    return QueryDict(query).urlencode()


# What another stall sells ---------------------------------------------------------------------------------------------


@guarded(GOOD_WRITE)
@require_POST
def offer(request: HttpRequest, good_number: int) -> HttpResponse:
    """Her stall sells this too: a draft of her own, in which the price is missing."""
    if good_number > NUMBER_MAX or queries.on_show(good_number) is None:
        raise nothing_there(GOOD_WRITE)
    about(request, "good", good_number)
    stall = her_stall(request, GOOD_WRITE, gettext("My stall sells this too"))
    if isinstance(stall, HttpResponse):
        return stall
    try:
        number = actions.offer_product(
            actor=actor_of(request), stall=stall.card.id, good=good_number, now=timezone.now()
        )
    except AlreadyDone as refusal:
        messages.warning(request, refusal.message(language_of_reader()))
        return redirect("my_good", my_good=_number_in(refusal, good_number))
    except NotThere:
        raise nothing_there(GOOD_WRITE) from None
    messages.success(request, gettext("Say your price, and hand it in."))
    return redirect("my_good_edit", my_good=number)


def _number_in(refusal: SundryError, otherwise: int) -> Any:
    return refusal.details.get("number", otherwise)


urlpatterns = [
    path("my/goods/", goods, name="my_goods"),
    path("my/goods/submit", submit, name="my_goods_submit"),
    path("my/goods/withdraw", withdraw, name="my_goods_withdraw"),
    path("my/goods/<int:my_good>/", good, name="my_good"),
    path("goods/<int:good_number>/offer", offer, name="good_offer"),
]
