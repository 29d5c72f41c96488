"""`/outbox/`: the messages that this market sends, or would send.

On a sample market with its own database nothing leaves the machine, and the page is everybody's mailbox: it stands
for those of people who do not exist. Elsewhere only the operator sees it, as a log of deliveries: recipients are
masked, and no message is shown, for it may hold a code or a link by which somebody becomes a member.
"""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from sundry.base.access.guard import AccessRefused, actor_of, guarded
from sundry.base.access.rules import EVERYBODY, VISITOR, Decision, Kind, Operation, of_kinds
from sundry.base.outbox.queries import messages
from sundry.base.outbox.rules import Channel, Posted, State, masked
from sundry.kernel.identifiers import id_or_none

READ = Operation("outbox.list", own=EVERYBODY if settings.SUNDRY.is_mailbox else of_kinds(Kind.OPERATOR))

STATES = {
    State.WAITING: ("working", _("Waiting")),
    State.KEPT: ("neutral", _("Kept here")),
    State.SENT: ("ok", _("Sent")),
    State.FAILED: ("error", _("Not sent")),
}
CHANNELS = {
    Channel.EMAIL: ("mail", _("E-mail")),
    Channel.SMS: ("phone", _("Text message")),
    Channel.WECHAT: ("phone", _("WeChat")),
    Channel.WHATSAPP: ("phone", _("WhatsApp")),
}


@guarded(READ)
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """The newest first; `?to=` shows those to one recipient."""
    mailbox = settings.SUNDRY.is_mailbox
    role = actor_of(request).role
    if not mailbox and role.kind is not Kind.OPERATOR:
        raise AccessRefused(Decision.SIGN_IN if role == VISITOR else Decision.FORBIDDEN, READ)
    recipient = request.GET.get("to", "").strip()
    page = messages(after=id_or_none(request.GET.get("after")), recipient=recipient)
    return render(
        request,
        "outbox/outbox.html",
        {
            "mailbox": mailbox,
            "posted": [_shown(item, mailbox) for item in page.messages],
            "recipient": recipient,
            "page": {"previous": "", "next": _next(page.next, recipient)},
        },
    )


def _shown(posted: Posted, mailbox: bool) -> dict[str, Any]:
    message = posted.message
    state, state_word = STATES[posted.state]
    icon, channel = CHANNELS[message.channel]
    told = {
        "state": state,
        "state_word": state_word,
        "icon": icon,
        "channel": channel,
        "attempts": posted.attempts,
        "fault": posted.fault,
        "created_at": message.created_at,
        "sent_at": posted.sent_at,
        "next_try_at": posted.next_try_at,
        "recipient": message.recipient if mailbox else masked(message.recipient),
        "subject": message.subject if mailbox or not message.secret else "",
    }
    return told | ({"language": message.language, "body": message.body} if mailbox else {})


def _next(key: uuid.UUID | None, recipient: str) -> str:
    return "" if key is None else f"?{urlencode({'after': key} | ({'to': recipient} if recipient else {}))}"


urlpatterns = [path("outbox/", outbox, name="outbox")]
