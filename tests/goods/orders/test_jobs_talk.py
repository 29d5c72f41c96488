"""What happens to talk by itself."""

from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from orders_market import Market
from procrastinate.contrib.django.models import ProcrastinateJob
from quoting_desk import TERMS, Desk

from sundry.base.access.actions import TooMany
from sundry.goods.orders import attachments, jobs, jobs_talk, operations_talk, queries_enquiries, translating
from sundry.goods.orders.actions_conversations import TRANSLATE, ask_translation, say
from sundry.goods.orders.enquiry_rules import Attachment
from sundry.goods.orders.models import ConversationMessage, Quotation
from sundry.goods.orders.order_rules import Side


@pytest.fixture
def desk(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    settings.FILES_DIR = tmp_path
    monkeypatch.setattr(connection, "close", lambda: None)  # the test goes on with it
    return Desk(Market())


def test_the_worker_finds_them() -> None:
    assert jobs_talk in jobs.ELSEWHERE


def test_what_was_valid_until_yesterday_expires(desk: Desk) -> None:
    sent = desk.sent(terms=TERMS)
    yesterday = timezone.localdate() - timedelta(days=1)
    Quotation.objects.filter(id=sent).update(valid_until=yesterday)
    jobs_talk.expire_quotations(timestamp=0)
    assert Quotation.objects.get(id=sent).state == "expired"


def test_a_translation_is_asked_for_once_and_only_where_somebody_translates(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(side: Side = Side.STALL, language: str = "es") -> None:
        shown = queries_enquiries.messages(desk.talk, side=side, language=language)
        ask_translation(conversation=desk.talk, messages=shown, language=language)

    waiting = ProcrastinateJob.objects.filter(task_name=TRANSLATE)
    ask()
    assert not waiting.exists()
    monkeypatch.setattr(translating, "is_on", lambda: True)
    ask(Side.BUYER)
    ask(language="zh")
    assert not waiting.exists()
    ask()
    ask()
    (job,) = waiting
    monkeypatch.setattr(translating, "translated", lambda texts, source, target: tuple(f"{target}!" for _ in texts))
    jobs_talk.translate(**job.args)
    assert ConversationMessage.objects.get().translations == {"es": "es!"}


def test_a_file_that_nobody_sent_is_put_away(desk: Desk) -> None:
    sent, forgotten = (
        attachments.keep(BytesIO(b"%PDF-1.7 " + name + b" %%EOF"), name="a.pdf") for name in (b"1", b"2")
    )
    for kept in (sent, forgotten):
        place = attachments.path(kept.file)
        assert place is not None
        os.utime(place, (0, 0))
    files = [Attachment(sent.file, sent.name, sent.kind, sent.bytes)]
    say(actor=desk.li, conversation=desk.talk, language="zh", attachments=files, now=timezone.now())
    jobs_talk.tidy_attachments(timestamp=0)
    assert attachments.path(sent.file) is not None
    assert attachments.path(forgotten.file) is None


def test_nobody_writes_without_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    for name, take in (
        ("ENQUIRIES_AN_HOUR", operations_talk.take_enquiry),
        ("MESSAGES_AN_HOUR", operations_talk.take_message),
    ):
        monkeypatch.setattr(operations_talk, name, 1)
        take(desk.amina, now=now)
        take(desk.li, now=now)
        with pytest.raises(TooMany):
            take(desk.amina, now=now)
        take(desk.amina, now=now + timedelta(hours=1))
