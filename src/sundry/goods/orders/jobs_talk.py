"""What happens to talk by itself: quotations expire, messages are translated, files that nobody sent are put away."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta
from typing import Final

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from sundry.goods.orders import actions_conversations, actions_quotations, attachments, queries_enquiries

FILES_WAIT_FOR: Final = timedelta(days=7)  # a message whose file was taken, and which was never sent

log = logging.getLogger("sundry.orders")


@app.task(name=actions_conversations.TRANSLATE)
def translate(conversation: str, language: str) -> None:
    """Fifty messages at once: of a longer conversation the rest is asked for when somebody looks again."""
    try:
        actions_conversations.translate(conversation=uuid.UUID(conversation), language=language)
    finally:
        connection.close()


@app.periodic(cron="3 * * * *")
@app.task(name="orders.expire_quotations", queueing_lock="orders.expire_quotations")
def expire_quotations(timestamp: int) -> None:
    """Every hour; what is over is refused from its last midnight on, whether or not this has run."""
    try:
        expired = actions_quotations.expire_quotations(now=timezone.now())
    finally:
        connection.close()
    if expired:
        log.info("quotations that nobody has accepted in time", extra={"quotations": expired})


@app.periodic(cron="40 19 * * *")  # at night, by the clock of the market
@app.task(name="orders.tidy_attachments", queueing_lock="orders.tidy_attachments")
def tidy_attachments(timestamp: int) -> None:
    """Every night."""
    try:
        before = timezone.now() - FILES_WAIT_FOR
        gone = attachments.unused(before=before, is_used=queries_enquiries.files_in_use)
    finally:
        connection.close()
    if gone:
        log.info("files that stand in no message", extra={"files": gone})
