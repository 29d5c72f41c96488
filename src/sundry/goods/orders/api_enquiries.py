"""Enquiries and conversations for programs: ask many stalls at once, and talk with each."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, BinaryIO, Final, cast

from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile

from sundry.base.access.endpoints import Page, Paging
from sundry.base.access.guard import actor_of, admit, guarded
from sundry.base.access.rules import Operation
from sundry.goods.catalogue.storefront import language_of_reader
from sundry.goods.orders import actions_conversations, actions_enquiries, attachments, phrases, queries_enquiries
from sundry.goods.orders import api_schemas_talk as told
from sundry.goods.orders.api_common import (
    NUMBER_MAX,
    all_of,
    done,
    findings,
    her_organisation,
    let_in,
    number_after,
    paged,
    there,
)
from sundry.goods.orders.api_schemas import SideTold
from sundry.goods.orders.enquiry_rules import Asked, ConversationCard, ConversationView, EnquiryView
from sundry.goods.orders.operations import CONVERSATION_READ, CONVERSATION_WRITE, ENQUIRY_ASK, ENQUIRY_READ
from sundry.goods.orders.operations_talk import take_enquiry, take_message
from sundry.goods.orders.order_rules import Side

CONVERSATIONS: Final = "conversations"

router = Router(tags=["Enquiries"])


# Enquiries ----------------------------------------------------------------------------------------------------------


@router.get("/enquiries", response=Page[told.EnquiryCardOut], summary="List enquiries", url_name="orders_enquiries")
@guarded(ENQUIRY_READ)
def enquiry_list(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Those of the organisation for which one acts, the newest first."""
    found = queries_enquiries.enquiries(
        organisation=her_organisation(request, ENQUIRY_READ),
        before=number_after(paging, "enquiries"),
        limit=paging.limit + 1,
    )
    return paged(found, paging, "enquiries", lambda card: card.number)


@router.post("/enquiries", response={201: told.AskedOut}, summary="Ask many stalls", url_name="orders_enquiry_ask")
@guarded(ENQUIRY_ASK)
def enquiry_ask(request: HttpRequest, asked: told.EnquiryIn) -> Status[dict[str, Any]]:
    """The same question to the stalls of the goods, and to further ones; a conversation with each."""
    take_enquiry(actor_of(request), now=timezone.now())
    made: Asked = done(
        ENQUIRY_ASK,
        lambda: actions_enquiries.ask(
            actor=actor_of(request),
            question=asked.question(),
            mandate=asked.mandate,
            key=asked.key,
            now=timezone.now(),
        ),
    )
    shown = {"number": made.number, "asked": made.asked, "left_out": findings(made.left_out), "again": made.again}
    return Status(201, shown)


@router.get("/enquiries/{int:enquiry}", response=told.EnquiryOut, summary="Read an enquiry", url_name="orders_enquiry")
@guarded(ENQUIRY_READ)
def enquiry_read(request: HttpRequest, enquiry: int) -> EnquiryView:
    """With its conversations, those first that have news."""
    _her_enquiry(request, ENQUIRY_READ, enquiry)
    return there(queries_enquiries.enquiry(enquiry, language=language_of_reader()), ENQUIRY_READ)


@router.post(
    "/enquiries/{int:enquiry}/close",
    response={204: None},
    summary="Close an enquiry",
    url_name="orders_enquiry_close",
)
@guarded(ENQUIRY_ASK)
def enquiry_close(request: HttpRequest, enquiry: int) -> Status[None]:
    """No stall has to answer any more."""
    _her_enquiry(request, ENQUIRY_ASK, enquiry)
    done(
        ENQUIRY_ASK,
        lambda: actions_enquiries.close_enquiry(actor=actor_of(request), enquiry=enquiry, now=timezone.now()),
    )
    return Status(204, None)


# Conversations ------------------------------------------------------------------------------------------------------


@router.get(
    "/conversations",
    response=Page[told.ConversationCardOut],
    summary="List conversations",
    url_name="orders_conversations",
)
@guarded(CONVERSATION_READ)
def conversation_list(
    request: HttpRequest, paging: Query[Paging], side: SideTold = Side.BUYER, unanswered: bool = False
) -> dict[str, Any]:
    """Those in which one stands on that side, the latest message first; unanswered: who has waited longest."""
    after = paging.after(CONVERSATIONS)
    found = queries_enquiries.conversations(
        organisation=her_organisation(request, CONVERSATION_READ),
        side=side,
        language=language_of_reader(),
        unanswered=unanswered,
        before=_mark(after) if after else None,
        limit=paging.limit + 1,
    )
    return paged(found, paging, CONVERSATIONS, _key)


@router.post(
    "/conversations",
    response={201: told.ConversationOut},
    summary="Open a conversation about an order",
    url_name="orders_conversation_open",
)
@guarded(CONVERSATION_WRITE)
def conversation_open(request: HttpRequest, asked: told.OpenIn) -> Status[ConversationView]:
    """With the stall, or with the buyer, of that part of an order; the one that there is, if there is one."""
    made = done(
        CONVERSATION_WRITE,
        lambda: actions_conversations.open_with_stall(
            actor=actor_of(request), order=asked.order, sub=asked.sub, language=asked.language, now=timezone.now()
        ),
    )
    return Status(201, _conversation(request, CONVERSATION_WRITE, made))


@router.get(
    "/conversations/phrases",
    response=Page[told.PhraseOut],
    summary="List phrases",
    url_name="orders_phrases",
)
@guarded(CONVERSATION_WRITE)
def phrase_list(request: HttpRequest) -> dict[str, Any]:
    """Messages that the market has written in six languages, all on one page."""
    language = language_of_reader()
    return all_of(tuple(phrases.PHRASES.values()), lambda phrase: _phrase(phrase, language))


@router.post(
    "/conversations/attachments",
    response={201: told.AttachmentIO},
    summary="Send a file for a message",
    url_name="orders_attachments",
)
@guarded(CONVERSATION_WRITE)
def attachment_add(request: HttpRequest, file: File[UploadedFile]) -> Status[Any]:
    """A picture, a PDF or a sheet; a message then names it."""
    admit(request, CONVERSATION_WRITE, actor_of(request).owner())
    return Status(201, attachments.keep(cast(BinaryIO, file), name=file.name or "", size=file.size))


@router.get(
    "/conversations/{uuid:conversation}",
    response=told.ConversationOut,
    summary="Read a conversation",
    url_name="orders_conversation",
)
@guarded(CONVERSATION_READ)
def conversation_read(request: HttpRequest, conversation: uuid.UUID) -> ConversationView:
    """What it is about, and how it stands."""
    return _conversation(request, CONVERSATION_READ, conversation)


@router.get(
    "/conversations/{uuid:conversation}/messages",
    response=Page[told.MessageOut],
    summary="List messages",
    url_name="orders_messages",
)
@guarded(CONVERSATION_READ)
def message_list(request: HttpRequest, conversation: uuid.UUID, paging: Query[Paging]) -> dict[str, Any]:
    """The newest first. Phrases are in the language of the reader, words as they were written."""
    view = _conversation(request, CONVERSATION_READ, conversation)
    found = queries_enquiries.messages(
        conversation,
        side=view.side,
        language=language_of_reader(),
        before=number_after(paging, "messages"),
        limit=paging.limit + 1,
    )
    return paged(found[::-1], paging, "messages", lambda message: message.number)


@router.post(
    "/conversations/{uuid:conversation}/messages",
    response={201: told.MessageSaidOut},
    summary="Say something",
    url_name="orders_say",
)
@guarded(CONVERSATION_WRITE)
def message_say(request: HttpRequest, conversation: uuid.UUID, said: told.MessageIn) -> Status[dict[str, Any]]:
    """Words, or a phrase with its values, with or without files."""
    _her_conversation(request, CONVERSATION_WRITE, conversation)
    take_message(actor_of(request), now=timezone.now())
    made = done(
        CONVERSATION_WRITE,
        lambda: actions_conversations.say(
            actor=actor_of(request),
            conversation=conversation,
            text=said.text,
            template=said.template,
            values=said.values,
            language=said.language,
            attachments=[one.attachment() for one in said.attachments],
            key=said.key,
            now=timezone.now(),
        ),
    )
    return Status(201, {"id": made})


@router.post(
    "/conversations/{uuid:conversation}/read",
    response={204: None},
    summary="Mark messages as read",
    url_name="orders_mark_read",
)
@guarded(CONVERSATION_WRITE)
def mark_read(request: HttpRequest, conversation: uuid.UUID, read: told.MessagesReadIn) -> Status[None]:
    """All up to that number."""
    _her_conversation(request, CONVERSATION_WRITE, conversation)
    done(
        CONVERSATION_WRITE,
        lambda: actions_conversations.mark_read(
            actor=actor_of(request), conversation=conversation, up_to=read.up_to, now=timezone.now()
        ),
    )
    return Status(204, None)


# What they share ----------------------------------------------------------------------------------------------------


def _her_enquiry(request: HttpRequest, operation: Operation, number: int) -> None:
    known = number <= NUMBER_MAX
    let_in(request, operation, queries_enquiries.owner_of_enquiry(number, actor_of(request)) if known else None)


def _her_conversation(request: HttpRequest, operation: Operation, conversation: uuid.UUID) -> None:
    let_in(request, operation, queries_enquiries.owner_of_conversation(conversation, actor_of(request)))


def _conversation(request: HttpRequest, operation: Operation, conversation: uuid.UUID) -> ConversationView:
    _her_conversation(request, operation, conversation)
    language = language_of_reader()
    return there(queries_enquiries.conversation(conversation, reader=actor_of(request), language=language), operation)


def _key(card: ConversationCard) -> str:
    return f"{card.last_at.isoformat()} {card.id}"


def _mark(key: str) -> queries_enquiries.Mark:
    at, _, conversation = key.partition(" ")
    return datetime.fromisoformat(at), uuid.UUID(conversation)


def _phrase(phrase: phrases.Phrase, language: str) -> dict[str, Any]:
    values = [blank.value for blank in phrase.blanks]
    return {"key": phrase.key, "text": phrase.pattern(language), "values": values, "sides": sorted(phrase.sides)}
