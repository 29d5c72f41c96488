"""Enquiries and conversations for programs: asked of many at once, answered by each, nobody else hears it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from buyers import Shop, opened
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from programs import Program, ask, code, conversation_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with django_db_blocker.unblock(), opened(tmp_path_factory.mktemp("enquiries")) as made:
        yield made


@pytest.fixture
def amina(shop: Shop) -> Program:
    return Program(shop.buyer)


@pytest.fixture
def li(shop: Shop) -> Program:
    return Program(shop.li)


# Enquiries and conversations ----------------------------------------------------------------------------------------


def test_many_stalls_are_asked_once(shop: Shop, amina: Program, li: Program) -> None:
    key = str(uuid.UUID(int=31))
    number = ask(shop, amina, key=key)
    assert ask(shop, amina, key=key) == number
    shown = amina.get(f"enquiries/{number}")
    assert (shown["state"], len(shown["conversations"]), shown["question"]["quantity"]) == ("open", 2, 1200)
    assert [card["number"] for card in amina.get("enquiries")["items"]] == [number]
    assert li.get("conversations", side="stall", unanswered=True)["items"][0]["waits_for"] == "stall"
    amina.post(f"enquiries/{number}/close", status=204)
    assert amina.get(f"enquiries/{number}")["state"] == "closed"


def test_both_sides_talk_each_in_its_own_words(shop: Shop, amina: Program, li: Program) -> None:
    ask(shop, amina)
    conversation = conversation_of(li)
    key = str(uuid.UUID(int=32))
    said = {"text": "可以，两周交货。", "language": "zh", "key": key}
    one, two = (li.post(f"conversations/{conversation}/messages", said, status=201)["id"] for _ in range(2))
    assert one == two
    phrase = next(one for one in li.get("conversations/phrases")["items"] if one["key"] == "busy_until")
    assert (phrase["values"], phrase["sides"]) == (["time"], ["stall"])
    busy = {"template": "busy_until", "values": {"time": "15:30"}, "language": "zh"}
    li.post(f"conversations/{conversation}/messages", busy, status=201)
    newest, older, _question = amina.get(f"conversations/{conversation}/messages")["items"]
    assert "15:30" in newest["text"]
    assert (older["text"], older["language"], older["is_own"]) == ("可以，两周交货。", "zh", False)
    amina.post(f"conversations/{conversation}/read", {"up_to": newest["number"]}, status=204)
    assert amina.get(f"conversations/{conversation}")["card"]["unread"] == 0
    first = amina.get(f"conversations/{conversation}/messages", limit=2)
    assert len(amina.get(f"conversations/{conversation}/messages", limit=2, cursor=first["next"])["items"]) == 1


def test_a_file_goes_with_a_message(shop: Shop, amina: Program, li: Program) -> None:
    ask(shop, amina)
    drawn = BytesIO()
    Image.new("RGB", (64, 48), "red").save(drawn, "PNG")
    upload = SimpleUploadedFile("cup.png", drawn.getvalue(), "image/png")
    answer = li.client.post("/api/conversations/attachments", {"file": upload})
    assert answer.status_code == 201, answer.content
    kept = answer.json()
    assert kept["kind"] == "picture"
    said = {"text": "See", "language": "en", "attachments": [kept]}
    li.post(f"conversations/{conversation_of(li)}/messages", said, status=201)
    message = amina.get(f"conversations/{conversation_of(li)}/messages")["items"][0]
    assert [one["file"] for one in message["attachments"]] == [kept["file"]]
    program = SimpleUploadedFile("cup.jpg", b"MZ\x00\x01", "image/jpeg")
    assert li.client.post("/api/conversations/attachments", {"file": program}).status_code == 422


def test_an_order_is_talked_about(shop: Shop, amina: Program, li: Program) -> None:
    order = shop.placed(now=timezone.now())
    sub = li.get("sales")["items"][0]["sub"]["id"]
    asked = {"order": order, "sub": sub, "language": "en"}
    made = amina.post("conversations", asked, status=201)["card"]
    assert (made["order"], made["enquiry"]) == (order, None)
    assert li.post("conversations", asked, status=201)["card"]["id"] == made["id"]
    Program(shop.sun).post("conversations", asked, status=404)


def test_what_others_say_is_not_there(shop: Shop, amina: Program, li: Program) -> None:
    number = ask(shop, amina)
    conversation = conversation_of(li)
    stranger, sun = Program(shop.market.buyer("Nobody")), Program(shop.sun)
    for program in (stranger, sun):
        program.get(f"conversations/{conversation}", status=404)
        program.get(f"conversations/{conversation}/messages", status=404)
        program.post(f"conversations/{conversation}/messages", {"text": "Hello"}, status=404)
        program.post(f"conversations/{conversation}/read", {"up_to": 1}, status=404)
    assert code(stranger.get(f"enquiries/{number}", status=404)) == "access_not_found"
    stranger.post(f"enquiries/{number}/close", status=404)


def test_statements_do_not_grow_with_messages(shop: Shop, amina: Program, li: Program) -> None:
    ask(shop, amina)
    address = f"conversations/{conversation_of(li)}/messages"
    few = amina.statements(address)
    for text in ("One", "Two", "Three"):
        li.post(address, {"text": text, "language": "en"}, status=201)
    assert amina.statements(address) == few
