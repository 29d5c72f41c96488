"""/observatory/: printed pages, what was read of them, and what people say of it.

What is published is shown to whoever may look; what waits and what was rejected, to the offices that answer for the
figures. Every page reads and posts without JavaScript: a number leads to its card, a card back to the place of its
words, and a correction to the next statement that waits. A page takes as many statements of SQL for three hundred
figures as for three.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from sundry.base.access.guard import AccessRefused, about, actor_of, guarded
from sundry.base.access.rules import Decision, Operation
from sundry.base.parties.forms import spoken
from sundry.engines.reading.indicators import names_in
from sundry.engines.reading.issue_date import Issue
from sundry.engines.reading.model import Outcome, Span, Type
from sundry.engines.reading.wording import reason_of
from sundry.insight.observatory import (
    actions,
    pages_export,
    pages_figures,
    pages_import,
    queries,
    queries_figures,
    queries_reader,
    words,
)
from sundry.insight.observatory.forms import TYPED, DateForm, changes_of
from sundry.insight.observatory.operations import (
    CORRECT,
    DATE,
    IMPORT,
    PAGE_LIST,
    PAGE_READ,
    REMOVE,
    REVIEW,
    STATEMENT_READ,
    sees_unpublished,
)
from sundry.insight.observatory.pages_shared import may, pager, turn_of
from sundry.insight.observatory.reader import Mark, sentence_of, sheet
from sundry.insight.observatory.rules import (
    TEXT_MAX,
    Actuality,
    PageView,
    Standing,
    StatementView,
    Verdict,
)
from sundry.insight.observatory.series_rules import actuality_of
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import id_or_none

REVIEW_SHOWN: Final = 20
OVERVIEW: Final = 6  # pages and failing checks of the overview
CARDS_SHOWN: Final = 60
_PLACE: Final = re.compile(r"(\d{1,7}),(\d{1,7})")
_KINDS: Final = (  # of what a page names, in the order in which they are shown
    "target", "commitment", "programme", "programme/policy", "event", "organisation", "place", "person",
)  # fmt: skip

# How a statement is underlined: one line an amount, two a change, dots an order, dashes the rest.
_LINES: Final[Mapping[Type, str]] = {
    **dict.fromkeys((Type.LEVEL, Type.COUNT, Type.RANGE), "is-amount"),
    **dict.fromkeys((Type.GROWTH, Type.GAP, Type.GROWTH_DELTA, Type.SHARE, Type.CONTRIBUTION, Type.PULL), "is-change"),
    **dict.fromkeys((Type.RANK, Type.ORDINAL), "is-order"),
    **dict.fromkeys((Type.QUALITATIVE, Type.DURATION, Type.ENUMERATION), "is-other"),
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What was wrong in a correction: in which field, in what words, and what had been typed."""

    verdict: str
    text: str
    typed: Mapping[str, str]


# Overview and pages -------------------------------------------------------------------------------------------------


@guarded(PAGE_LIST)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The town's latest figures, what fails, the newest pages, and how much waits."""
    waiting = queries.review(before=None, limit=REVIEW_SHOWN + 1) if may(request, REVIEW) else ()
    cards = queries_figures.cards(limit=CARDS_SHOWN)
    return render(
        request,
        "observatory/home.html",
        {
            "cards": cards,
            "places": {one.region_code: one.region for one in cards},
            "failing": queries.checks(
                outcome=Outcome.FAILS, limit=OVERVIEW, unpublished=sees_unpublished(actor_of(request))
            ),
            "pages": queries.pages(limit=OVERVIEW, unpublished=sees_unpublished(actor_of(request))),
            "sees_unpublished": sees_unpublished(actor_of(request)),
            "waiting": min(len(waiting), REVIEW_SHOWN),
            "more_wait": len(waiting) > REVIEW_SHOWN,
            "may_import": may(request, IMPORT),
        },
    )


# One page -----------------------------------------------------------------------------------------------------------


@guarded(PAGE_READ)
@require_safe
def page(request: HttpRequest, page: uuid.UUID) -> HttpResponse:
    """The page put together into articles beside the printed text. `card`: whose card stands beside it, `char`: the
    words that are pointed at, `view`: "printed" where a phone shows that text."""
    return _page(request, _the_page(request, page))


def _page(request: HttpRequest, view: PageView, form: DateForm | None = None, status: int = 200) -> HttpResponse:
    is_printed = request.GET.get("view") == "printed"
    pointed = _place(request.GET.get("char", ""))
    marks = [*_marks(view.statements), *_evidence(view), *_pointed(pointed)]
    chosen = id_or_none(request.GET.get("card", ""))
    statement = next((one for one in view.statements if one.id == chosen), None)
    context = {
        "view": view,
        "row": view.row,
        "sheet": sheet(view.text[:TEXT_MAX], view.articles, marks, printed_first=is_printed),
        "is_printed": is_printed,
        "reason": reason_of(Issue(view.row.issued, (), view.date_reason), spoken()) if view.date_reason else "",
        "evidence": [(view.text[slice(*span)], _address(view.row.id, span)) for span in view.date_spans],
        "named": _named(view),
        "form": form or DateForm(initial={"issued": view.row.issued}),
        "may_date": may(request, DATE),
        "may_remove": may(request, REMOVE),
        "sees_unpublished": sees_unpublished(actor_of(request)),
        **_choices(request, view.statements),
    }
    if statement is not None:
        context |= _card(request, statement, back="page")
    return render(request, "observatory/page.html", context, status=status)


def _marks(statements: Sequence[StatementView]) -> Iterable[Mark]:
    for one in statements:
        classes, title = f"{_LINES[one.type]} is-{one.standing}", " · ".join(filter(None, (_what(one), _why(one))))
        for span in one.spans:
            is_last = span == one.spans[-1]
            yield Mark(*span, str(one.id), classes, title, f"s-{one.id}" if is_last else "")


def _what(statement: StatementView) -> str:
    """Of what it is: the name of the indicator, else what kind of figure it is."""
    named = words.indicator(statement.indicator_key, statement.indicator, spoken()).strip()
    return named or str(words.TYPES[statement.type])


def _why(statement: StatementView) -> str:
    """Why a statement does not count as a figure that was reached, in a few words."""
    if statement.standing is Standing.REVIEW:
        return gettext("Waits for review")
    if statement.standing is Standing.REJECTED:
        if not statement.corrected_by:
            return str(words.STANDINGS[Standing.REJECTED])
        return gettext("Rejected by %(name)s: not a quantity") % {"name": statement.corrected_by}
    actuality = actuality_of(statement)
    return "" if actuality is Actuality.ACTUAL else str(words.ACTUALITIES[actuality])


def _named(view: PageView) -> list[tuple[str, list[tuple[str, str, int]]]]:
    """What the page names, by kind: each name with the address of its first words and how often it is named."""
    kinds: dict[str, list[tuple[str, str, int]]] = {}
    for one in sorted((one for one in view.entities if one.spans), key=lambda one: one.spans[0]):
        kinds.setdefault(one.type, []).append((one.name, _address(view.row.id, one.spans[0]), len(one.spans)))
    return sorted(kinds.items(), key=lambda kind: _KINDS.index(kind[0]) if kind[0] in _KINDS else len(_KINDS))


def _evidence(view: PageView) -> Iterable[Mark]:
    return (Mark(*span, classes="is-evidence") for span in view.date_spans)


def _pointed(span: Span | None) -> Iterable[Mark]:
    return (Mark(*span, classes="is-pointed", anchor="char"),) if span else ()


@guarded(DATE)
@require_POST
def set_date(request: HttpRequest, page: uuid.UUID) -> HttpResponse:
    """The day of issue as a person says it; the page is read anew with it."""
    view = _the_page(request, page, DATE)
    form = DateForm(request.POST)
    if not form.is_valid():
        return _page(request, view, form, 422)
    try:
        actions.set_issue_date(
            actor=actor_of(request), page=page, issued=form.cleaned_data["issued"], now=timezone.now()
        )
    except actions.AlreadyDone:
        return redirect("observatory_page", page=page)  # a second click
    except SundryError as refusal:
        form.add_error("issued", refusal.message(spoken()))
        return _page(request, view, form, 422)
    messages.success(request, gettext("The day of issue is set, and the page was read again with it."))
    return redirect("observatory_page", page=page)


@guarded(REMOVE)
@require_POST
def remove(request: HttpRequest, page: uuid.UUID) -> HttpResponse:
    """The page goes, with all that was read and said of it."""
    about(request, "page", page)
    try:
        actions.remove_page(actor=actor_of(request), page=page)
    except actions.NotThere:
        raise AccessRefused(Decision.NOT_FOUND, REMOVE) from None
    messages.success(request, gettext("The page was removed, and all that was read of it."))
    return redirect("observatory_pages")


# Statements and corrections -----------------------------------------------------------------------------------------


@guarded(STATEMENT_READ)
@require_safe
def statement(request: HttpRequest, statement: uuid.UUID) -> HttpResponse:
    """The card of a statement; asked for by the reader of a page, the card alone."""
    shown = _the_statement(request, statement)
    if getattr(request, "htmx", False):
        response = render(request, "observatory/card.html", _card(request, shown, back="page"))
        response.headers["HX-Push-Url"] = "false"  # she stays on the page
    else:
        response = _statement_page(request, shown)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _statement_page(
    request: HttpRequest, shown: StatementView, mistake: Mistake | None = None, status: int = 200
) -> HttpResponse:
    context = _card(request, shown, back=request.POST.get("back", ""), mistake=mistake) | _choices(request, [shown])
    before = request.POST.get("before", "")
    context |= {"then": id_or_none(request.POST.get("then", "")), "before": before if turn_of(before) else ""}
    return render(request, "observatory/statement.html", context, status=status)


@guarded(CORRECT)
@require_POST
def correct(request: HttpRequest, statement: uuid.UUID) -> HttpResponse:
    """What a person says of a statement; then back to where she was, in the queue to the next one."""
    shown = _the_statement(request, statement, CORRECT)
    given = request.POST.get("verdict", "")
    try:
        verdict = Verdict(given)
    except ValueError:
        mistake = Mistake("", gettext("Choose what is to be said of it."), {})
        return _statement_page(request, shown, mistake, 422)
    try:
        actions.correct(
            actor=actor_of(request),
            statement=statement,
            verdict=verdict,
            changes=changes_of(verdict, request.POST),
            now=timezone.now(),
        )
    except actions.AlreadyDone:
        return _back(request, shown)  # a second click, or a colleague's
    except actions.NotThere:
        raise AccessRefused(Decision.NOT_FOUND, CORRECT) from None
    except SundryError as refusal:
        typed = {name: request.POST[name] for name in TYPED if name in request.POST}
        return _statement_page(request, shown, Mistake(given, refusal.message(spoken()), typed), 422)
    return _back(request, shown)


def _back(request: HttpRequest, shown: StatementView) -> HttpResponse:
    """Where she came from: the queue at the next statement, the page with the card, or the card."""
    back = request.POST.get("back", "")
    if back == "review":
        before, then = request.POST.get("before", ""), id_or_none(request.POST.get("then", ""))
        query = f"?{urlencode({'before': before})}" if turn_of(before) else ""
        return HttpResponseRedirect(f"{reverse('observatory_review')}{query}#{f'q-{then}' if then else 'main'}")
    if back == "page":
        return HttpResponseRedirect(_address_of(shown))
    return redirect("observatory_statement", statement=shown.id)


@guarded(REVIEW)
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """What waits, the newest page first, each with its sentence and one key for every answer."""
    before = request.GET.get("before", "")
    found = queries.review(before=turn_of(before), limit=REVIEW_SHOWN + 1)
    shown = found[:REVIEW_SHOWN]
    last = shown[-1] if len(found) > REVIEW_SHOWN else None
    following = [one.id for one in found[1:]] + [None]
    context = {
        "rows": [(one, sentence_of(one), then) for one, then in zip(shown, following, strict=False)],
        "before": before if turn_of(before) else "",
        "page": pager(request, queries.turn_of(last) if last else None),
        "may_import": may(request, IMPORT),
        **_choices(request, shown),
    }
    return render(request, "observatory/review.html", context)


# What pages share ---------------------------------------------------------------------------------------------------


def _the_page(request: HttpRequest, id_: uuid.UUID, operation: Operation = PAGE_READ) -> PageView:
    """AccessRefused: there is none."""
    about(request, "page", id_)
    found = queries.page(id_, unpublished=sees_unpublished(actor_of(request)))
    if found is None:
        raise AccessRefused(Decision.NOT_FOUND, operation)
    return found


def _the_statement(request: HttpRequest, id_: uuid.UUID, operation: Operation = STATEMENT_READ) -> StatementView:
    """AccessRefused: there is none that she may see."""
    about(request, "statement", id_)
    found = queries.statement(id_, unpublished=sees_unpublished(actor_of(request)))
    if found is None:
        raise AccessRefused(Decision.NOT_FOUND, operation)
    return found


def _card(request: HttpRequest, shown: StatementView, *, back: str, mistake: Mistake | None = None) -> dict[str, Any]:
    """What a card tells of a statement. A fixed number of SQL statements."""
    unpublished = sees_unpublished(actor_of(request))
    card = queries_figures.card(shown.id, unpublished=unpublished)
    checks = queries.checks_of_statement(shown.id, unpublished=unpublished)
    own = shown if shown.type is Type.GROWTH else card.growth if card is not None else None
    around = (own, *card.against) if own is not None and card is not None and card.against else ()
    told = queries_reader.words_at(shown.page, [*shown.inherited.values()])
    return {
        "statement": shown,
        "sentence": sentence_of(shown),
        "card": card,
        "own": own,
        "around": around,
        "places": {one.region_code: one.region for one in (shown, *around)},
        "checks": checks,
        "history": queries.history(shown.id) if unpublished else (),
        "inherited": [
            (field, span, text, _address(shown.page, span))
            for (field, span), text in zip(shown.inherited.items(), told, strict=True)
        ],
        "beside": queries_reader.beside(shown.id, unpublished=unpublished),
        "place": _address_of(shown),
        "may_correct": may(request, CORRECT),
        "back": back,
        "mistake": mistake,
    }


def _choices(request: HttpRequest, statements: Iterable[StatementView]) -> dict[str, Any]:
    """What may be chosen from where a statement is corrected: names of the dictionary, periods and places at hand."""
    if not may(request, CORRECT):
        return {"may_correct": False}
    shown = list(statements)
    return {
        "may_correct": True,
        "indicators": sorted(names_in(spoken()).items(), key=lambda one: one[1]),
        "periods": sorted({one.period for one in shown if one.period}, reverse=True),
        "regions": sorted({(one.region_code, one.region) for one in shown if one.region_code}),
    }


def _address(page: uuid.UUID, span: Span) -> str:
    """Where words stand on their page."""
    return f"{reverse('observatory_page', kwargs={'page': page})}?char={span[0]},{span[1]}#char"


def _address_of(shown: StatementView) -> str:
    """Where a statement stands on its page, with its card beside it."""
    return f"{reverse('observatory_page', kwargs={'page': shown.page})}?card={shown.id}#s-{shown.id}"


def _place(written: str) -> Span | None:
    found = _PLACE.fullmatch(written)
    return (int(found[1]), int(found[2])) if found and int(found[1]) < int(found[2]) else None


urlpatterns = [
    path("observatory/", overview, name="observatory"),
    path("observatory/pages/<uuid:page>/", page, name="observatory_page"),
    path("observatory/pages/<uuid:page>/date", set_date, name="observatory_date"),
    path("observatory/pages/<uuid:page>/remove", remove, name="observatory_remove"),
    path("observatory/statements/<uuid:statement>/", statement, name="observatory_statement"),
    path("observatory/statements/<uuid:statement>/correct", correct, name="observatory_correct"),
    path("observatory/review/", review, name="observatory_review"),
    path("", include(pages_import)),
    path("", include(pages_figures)),
    path("", include(pages_export)),
]
