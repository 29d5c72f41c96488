"""A stall answers what a buyer looked for in vain."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.utils import timezone
from stall_counter import LANGUAGES, Counter, hidden, read

from sundry.goods.catalogue.actions_wanted import ask_wanted
from sundry.goods.orders.models import Conversation, ConversationMessage

pytestmark = pytest.mark.django_db


def wanted(counter: Counter) -> uuid.UUID:
    return ask_wanted(actor=counter.amina, text="vasos <b>azules", language="es", quantity=900, now=timezone.now())


def test_a_request_is_answered_once_and_a_conversation_begins(counter: Counter, assert_accessible: Any) -> None:
    sought, li = wanted(counter), counter.browser(counter.li)
    listed = read(li.get("/wanted/"))
    assert f'href="/wanted/{sought}/answer"' in listed
    page = read(li.get(f"/wanted/{sought}/answer"))
    assert_accessible(page)
    assert "<b>azules" not in page
    given = {"key": hidden(page, "key"), "text": "有，蓝色的。"}
    places = {li.post(f"/wanted/{sought}/answer", given).headers["Location"] for _ in range(2)}
    (place,) = places
    talk = Conversation.objects.get(id=place.split("/")[2])
    assert ConversationMessage.objects.filter(conversation=talk, side="stall").count() == 1
    assert "有，蓝色的。" in read(counter.browser(counter.amina).get(place))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_is_sound_in_both_directions(counter: Counter, assert_accessible: Any, language: str) -> None:
    assert_accessible(read(counter.browser(counter.li, language).get(f"/wanted/{wanted(counter)}/answer")))


def test_nothing_is_no_answer_and_what_is_not_there_is_not_found(counter: Counter) -> None:
    li = counter.browser(counter.li)
    assert li.post(f"/wanted/{wanted(counter)}/answer", {"key": str(uuid.uuid4()), "text": " "}).status_code == 422
    assert li.get(f"/wanted/{uuid.uuid4()}/answer").status_code == 404
    assert counter.browser(counter.amina).get(f"/wanted/{wanted(counter)}/answer").status_code == 403
