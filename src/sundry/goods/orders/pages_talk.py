"""/talk/<id>/: a conversation between a buyer and a stall, for both. /my/enquiries/: those of a stall."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, BinaryIO, Final, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from sundry.base.access.actions import TooMany
from sundry.base.access.guard import about, actor_of, guarded
from sundry.base.access.rules import Decision, Operation, decide
from sundry.goods.catalogue.own_stall import number_of
from sundry.goods.catalogue.storefront import language_of_reader, nothing_there, unlisted
from sundry.goods.orders import (
    actions_conversations,
    attachments,
    queries_enquiries,
    queries_quotations,
)
from sundry.goods.orders.enquiry_rules import Attachment, ConversationCard, ConversationView, QuotationState
from sundry.goods.orders.errors import NotThere, Refused
from sundry.goods.orders.forms_orders import mistakes
from sundry.goods.orders.forms_talk import PhraseForm, SayForm
from sundry.goods.orders.operations import (
    ATTACHMENT_READ,
    CONVERSATION_READ,
    CONVERSATION_WRITE,
    ENQUIRY_READ,
    QUOTATION_WRITE,
    SALES_LIST,
)
from sundry.goods.orders.operations_talk import take_message
from sundry.goods.orders.order_rules import Side
from sundry.goods.orders.own_orders import admitted, her_buying, not_posted
from sundry.goods.orders.own_sales import her_counter
from sundry.goods.orders.phrases import PHRASES, phrases_of
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import id_or_none, new_id

SHOWN: Final = 20
MESSAGES_SHOWN: Final = 40
NEWS_SHOWN: Final = 100  # conversations


# A stall's conversations ----------------------------------------------------------------------------------------------


@guarded(SALES_LIST)
@require_safe
def enquiries(request: HttpRequest) -> HttpResponse:
    """Those that wait for an answer first, the longest waiting before; then all, the latest first. `before`: the mark
    of the last that was shown."""
    organisation = her_counter(request, SALES_LIST)
    before = _mark(request.GET.get("before", ""))
    waiting: tuple[ConversationCard, ...] = ()
    if before is None:
        waiting = queries_enquiries.conversations(
            organisation=organisation, side=Side.STALL, language=language_of_reader(), unanswered=True, limit=SHOWN
        )
    found = queries_enquiries.conversations(
        organisation=organisation, side=Side.STALL, language=language_of_reader(), before=before, limit=SHOWN + 1
    )
    shown = {one.id for one in waiting}
    more = [one for one in found[:SHOWN] if one.id not in shown]
    last = found[SHOWN - 1] if len(found) > SHOWN else None
    context = {
        "head": unlisted(gettext("Enquiries")),
        "waiting": [*waiting, *(one for one in more if one.waits_for is Side.STALL)],
        "others": [one for one in more if one.waits_for is not Side.STALL],
        "page": {"previous": "", "next": f"?before={last.last_at:%Y-%m-%dT%H:%M:%S.%fZ}_{last.id}" if last else ""},
    }
    return render(request, "orders/stall/enquiries.html", context)


def _mark(written: str) -> tuple[datetime, uuid.UUID] | None:
    """What `?before=` of the page before says; None: nothing, or nothing that we wrote."""
    at, _, id_ = written.partition("_")
    try:
        moment, last = parse_datetime(at), id_or_none(id_)
    except ValueError:
        return None
    return None if moment is None or moment.tzinfo is None or last is None else (moment, last)


# What is new ----------------------------------------------------------------------------------------------------------


@guarded(CONVERSATION_READ)
@require_safe
def talks(request: HttpRequest) -> HttpResponse:
    """Conversations with something new for her organisation, on whichever side it stands, the latest first."""
    organisation, actor = her_buying(request, CONVERSATION_READ), actor_of(request)
    sides = ((Side.BUYER, ENQUIRY_READ), (Side.STALL, SALES_LIST))
    found = [
        (card, side)
        for side, operation in sides
        if decide(operation, actor) is Decision.ALLOWED
        for card in queries_enquiries.conversations(
            organisation=organisation, side=side, language=language_of_reader(), unread=True, limit=NEWS_SHOWN
        )
    ]
    found.sort(key=lambda pair: pair[0].last_at, reverse=True)
    return render(request, "orders/talk/talks.html", {"head": unlisted(gettext("New messages")), "talks": found})


# A conversation -------------------------------------------------------------------------------------------------------


def _admitted(request: HttpRequest, operation: Operation, talk: uuid.UUID) -> ConversationView:
    """A conversation of hers, or that she may look at, for her side. AccessRefused. Two statements."""
    actor = actor_of(request)
    admitted(request, operation, queries_enquiries.owner_of_conversation(talk, actor))
    view = queries_enquiries.conversation(talk, reader=actor, language=language_of_reader())
    if view is None:
        raise nothing_there(operation)
    about(request, "conversation", talk)
    return view


@guarded(CONVERSATION_READ)
@require_safe
def talk(request: HttpRequest, talk: uuid.UUID) -> HttpResponse:
    """What was said, the latest last, and what can be said. `before`: the number of the first that was shown. `phrase`:
    whose blanks are to be filled in. What is shown has been read."""
    view = _admitted(request, CONVERSATION_READ, talk)
    asked = request.GET.get("phrase", "")
    phrase = PHRASES.get(asked)
    form: forms.Form = PhraseForm(phrase=phrase) if phrase and view.side in phrase.sides else SayForm()
    return _page(request, view, form)


@guarded(CONVERSATION_READ)
@require_safe
def messages_of(request: HttpRequest, talk: uuid.UUID) -> HttpResponse:
    """The messages alone: what the page asks for now and then while it is open. `last`: how many it shows; nothing is
    answered while there are no more."""
    view = _admitted(request, CONVERSATION_READ, talk)
    if request.GET.get("last") == str(view.card.messages):
        return HttpResponse(status=204)
    return render(request, "orders/talk/messages.html", _said(request, view))


@guarded(CONVERSATION_WRITE)
def say(request: HttpRequest, talk: uuid.UUID) -> HttpResponse:
    """Words and files, or (`phrase`) a phrase of the market. Sent twice it is said once."""
    view = _admitted(request, CONVERSATION_WRITE, talk)
    if refused := not_posted(request):
        return refused
    phrase = PHRASES.get(request.POST.get("phrase", ""))
    form: SayForm | PhraseForm
    if phrase is not None:
        form = PhraseForm(request.POST, phrase=phrase)
    else:
        form = SayForm(request.POST, files=request.FILES)
    if not form.is_valid() or not _sent(request, view, form):
        return _page(request, view, form, status=422)
    return redirect(f"{reverse('talk', args=[talk])}#end")


def _sent(request: HttpRequest, view: ConversationView, form: SayForm | PhraseForm) -> bool:
    papers = kept_papers(request, form)
    if papers is None:
        return False
    said: dict[str, Any]
    if isinstance(form, PhraseForm):
        said = {"template": form.phrase.key, "values": form.values}
    else:
        said = {"text": form.cleaned_data["text"], "attachments": papers}
    try:
        actions_conversations.say(
            actor=actor_of(request),
            conversation=view.card.id,
            language=language_of_reader(),
            key=form.cleaned_data["key"],
            now=timezone.now(),
            **said,
        )
    except NotThere:
        raise nothing_there(CONVERSATION_WRITE) from None
    except Refused as refusal:
        mistakes(form, refusal.findings)
        return False
    except SundryError as refusal:
        form.add_error(None, refusal.message(language_of_reader()))
        return False
    return True


def kept_papers(request: HttpRequest, form: forms.Form) -> list[Attachment] | None:
    """What is sent along with a message, as it is kept; None: the form says why it is not. The message is counted
    before a file of it is kept: else whoever is not heard any more goes on filling the disk."""
    files: Sequence[UploadedFile[Any]] = form.cleaned_data.get("papers") or ()
    try:
        take_message(actor_of(request), now=timezone.now())
        return [attachments.keep(cast(BinaryIO, one), name=one.name or "", size=one.size) for one in files]
    except TooMany as refusal:
        form.add_error(None, refusal.message(language_of_reader()))
    except SundryError as refusal:  # BadAttachment, BadPicture, Busy
        form.add_error("papers", refusal.message(language_of_reader()))
    return None


def _page(request: HttpRequest, view: ConversationView, form: forms.Form, status: int = 200) -> HttpResponse:
    actor, card = actor_of(request), view.card
    may_write = decide(CONVERSATION_WRITE, actor) is Decision.ALLOWED and not view.is_closed
    is_stall = view.side is Side.STALL
    context = {
        "head": unlisted(gettext("Conversation")),
        "form": form,
        "phrase": form.phrase if isinstance(form, PhraseForm) else None,
        "phrase_text": form.phrase.pattern(language_of_reader()) if isinstance(form, PhraseForm) else "",
        "phrases": [(one, one.pattern(language_of_reader()), new_id()) for one in phrases_of(view.side)]
        if may_write
        else [],
        "may_write": may_write,
        "may_quote": is_stall and decide(QUOTATION_WRITE, actor) is Decision.ALLOWED and not view.is_closed,
        "key": new_id(),
        "quotations": queries_quotations.quotations(
            organisation=card.seller, side=Side.STALL, conversation=card.id, limit=20
        )
        if is_stall and card.seller is not None
        else (),
        "draft_state": QuotationState.DRAFT,
        **_said(request, view),
    }
    return render(request, "orders/talk/talk.html", context, status=status)


def _said(request: HttpRequest, view: ConversationView) -> dict[str, Any]:
    """The messages of a page of them. Hers are marked as read up to the last, once she has seen it."""
    actor = actor_of(request)
    before = number_of(request.GET.get("before", ""))
    found = queries_enquiries.messages(
        view.card.id, side=view.side, language=language_of_reader(), before=before, limit=MESSAGES_SHOWN + 1
    )
    shown = found[-MESSAGES_SHOWN:]
    is_hers = decide(CONVERSATION_WRITE, actor) is Decision.ALLOWED
    actions_conversations.ask_translation(conversation=view.card.id, messages=shown, language=language_of_reader())
    if before is None and shown and view.card.unread and is_hers:
        actions_conversations.mark_read(
            actor=actor, conversation=view.card.id, up_to=shown[-1].number, now=timezone.now()
        )
        request.just_read = view.card.unread  # type: ignore[attr-defined]  # counted before it was read here
    return {
        "view": view,
        "card": view.card,
        "is_stall": view.side is Side.STALL,
        "messages_shown": shown,
        "older": shown[0].number if len(found) > MESSAGES_SHOWN else None,
        "is_newest": before is None,
    }


@guarded(ATTACHMENT_READ)
@require_safe
def file(request: HttpRequest, talk: uuid.UUID, attached: str) -> HttpResponseBase:
    """What was sent along, as a download of its own kind: nothing of it is ever run. Photos were drawn anew when they
    were kept; a page shows them all the same."""
    _admitted(request, ATTACHMENT_READ, talk)
    found, tag = queries_enquiries.attachment(talk, attached), f'"{attached}"'
    place = attachments.path(found.file) if found is not None else None
    if found is None or place is None:
        raise nothing_there(ATTACHMENT_READ)
    if (unchanged := get_conditional_response(request, etag=tag)) is not None:
        return unchanged
    kind = attachments.TYPES[place.suffix]
    response = FileResponse(place.open("rb"), as_attachment=True, filename=found.name, content_type=kind)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["ETag"] = tag  # a photo that is shown again is asked for, and not sent: she may be another now
    return response


urlpatterns = [
    path("my/enquiries/", enquiries, name="my_enquiries"),
    path("talk/", talks, name="talks"),
    path("talk/<uuid:talk>/", talk, name="talk"),
    path("talk/<uuid:talk>/messages", messages_of, name="talk_messages"),
    path("talk/<uuid:talk>/say", say, name="talk_say"),
    path("talk/<uuid:talk>/files/<str:attached>/", file, name="talk_file"),
]
