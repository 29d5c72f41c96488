"""A conversation, as both its sides see and hold it."""

from __future__ import annotations

import re
import uuid
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from stall_counter import LANGUAGES, Counter, hidden, read, text_of

from sundry.goods.orders import attachments, operations_talk, pages_talk
from sundry.goods.orders.actions_conversations import say
from sundry.goods.orders.actions_enquiries import close_enquiry
from sundry.goods.orders.models import Conversation, ConversationMessage

pytestmark = pytest.mark.django_db


BEFORE_TIME = [  # of no year that there is in UTC
    "0001-01-01T00:00:00+14:00_019b7a00-0000-7000-8000-000000000001",
    "9999-12-31T23:59:59-14:00_019b7a00-0000-7000-8000-000000000001",
]


def photo(name: str = "cup.jpg") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (80, 60), "red").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def test_a_stall_is_asked_and_answers_from_its_phone(counter: Counter, assert_accessible: Any) -> None:
    talk, li, amina = counter.talk(), counter.browser(counter.li), counter.browser(counter.amina)
    waiting = read(li.get("/my/enquiries/"))
    assert_accessible(waiting)
    assert "They wait for your answer" in waiting
    assert f"/talk/{talk}/" in waiting
    page = read(li.get(f"/talk/{talk}/"))
    assert_accessible(page)
    assert "¿Cuánto cuestan 600?" in page
    assert "Amina" in page
    answer = {"key": hidden(page, "key"), "text": "每个 2.80"}
    for _ in range(2):  # the phone sends it again
        sent = li.post(f"/talk/{talk}/say", answer)
        assert sent.headers["Location"] == f"/talk/{talk}/#end"
    assert ConversationMessage.objects.filter(conversation=talk, side="stall").count() == 1
    assert "They wait for your answer" not in read(li.get("/my/enquiries/"))
    hers = read(amina.get(f"/talk/{talk}/"))
    assert_accessible(hers)
    assert "每个 2.80" in hers
    assert "Read" in text_of(read(li.get(f"/talk/{talk}/")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_a_conversation_are_sound_in_both_directions(
    counter: Counter, assert_accessible: Any, language: str
) -> None:
    talk = counter.talk()
    li = counter.browser(counter.li, language)
    for address in (f"/talk/{talk}/", f"/talk/{talk}/?phrase=busy_until", "/my/enquiries/"):
        assert_accessible(read(li.get(address)))


def header(page: str) -> str:
    """What the header says of new messages, as it is read out."""
    found = re.search(r'class="menu-link unread".*?visually-hidden">([^<]*)<', page, re.DOTALL)
    return text_of(found[1]) if found else ""


def test_every_page_says_how_many_messages_are_new_to_its_reader(counter: Counter, assert_accessible: Any) -> None:
    talk, li, amina = counter.talk(), counter.browser(counter.li), counter.browser(counter.amina)
    assert header(read(li.get("/my/today/"))) == "1 new message"
    news = read(li.get("/talk/"))
    assert_accessible(news)
    assert f'<a href="/talk/{talk}/">' in news
    assert header(read(li.get(f"/talk/{talk}/"))) == ""  # this very page shows it
    assert "You have read all your messages" in read(li.get("/talk/"))
    assert header(read(amina.get("/"))) == ""
    Conversation.objects.filter(id=talk).update(buyer_unread=99)
    with CaptureQueriesContext(connection) as asked:
        russian = read(counter.browser(counter.amina, "ru").get("/account/me"))
    assert header(russian) == "99 новых сообщений"
    assert sum("orders_conversation" in one["sql"] for one in asked) == 1  # with what she may act as
    Conversation.objects.filter(id=talk).update(buyer_unread=100)
    page = read(amina.get("/talk/"))
    assert (header(page), ">99+<" in page) == ("More than 99 new messages", True)
    assert f"/talk/{talk}/" in page
    for other in (counter.browser(counter.zhang), Client(headers={"host": "localhost"})):
        assert header(read(other.get("/"))) == ""


def test_a_phrase_is_read_in_each_sides_own_language(counter: Counter) -> None:
    talk, li = counter.talk(), counter.browser(counter.li)
    page = read(li.get(f"/talk/{talk}/?phrase=busy_until"))
    blank = li.post(f"/talk/{talk}/say", {"key": hidden(page, "key"), "phrase": "busy_until"})
    assert blank.status_code == 422
    wrong = li.post(f"/talk/{talk}/say", {"key": hidden(page, "key"), "phrase": "busy_until", "time": "soon"})
    assert "error-summary" in read(wrong, 422)
    filled = {"key": hidden(page, "key"), "phrase": "busy_until", "time": "15:30"}
    assert li.post(f"/talk/{talk}/say", filled).status_code == 302
    spanish = read(counter.browser(counter.amina, "es").get(f"/talk/{talk}/"))
    chinese = read(counter.browser(counter.li, "zh-hans").get(f"/talk/{talk}/"))
    assert "15:30" in spanish
    assert "15:30 之前" in chinese
    assert "之前" not in spanish


def test_a_phrase_of_the_other_side_is_not_offered(counter: Counter) -> None:
    talk, li = counter.talk(), counter.browser(counter.li)
    page = read(li.get(f"/talk/{talk}/?phrase=ask_sample"))
    assert 'name="phrase" value="ask_sample"' not in page
    said = li.post(f"/talk/{talk}/say", {"key": str(uuid.uuid4()), "phrase": "ask_price"})
    assert said.status_code == 422


def test_a_photo_is_sent_shown_and_handed_out_as_a_file(counter: Counter, assert_accessible: Any) -> None:
    talk, li = counter.talk(), counter.browser(counter.li)
    sent = li.post(f"/talk/{talk}/say", {"key": str(uuid.uuid4()), "text": "", "papers": [photo()]})
    assert sent.status_code == 302
    page = read(counter.browser(counter.amina).get(f"/talk/{talk}/"))
    assert_accessible(page)
    file = ConversationMessage.objects.get(conversation=talk, side="stall").attachments[0]["file"]
    address = f"/talk/{talk}/files/{file}/"
    assert f'<img src="{address}"' in page
    answer = counter.browser(counter.amina).get(address)
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"
    assert "no-cache" in answer.headers["Cache-Control"], "whoever comes after her at this machine is asked who she is"
    known = {"if-none-match": answer.headers["ETag"]}
    assert counter.browser(counter.amina).get(address, headers=known).status_code == 304
    assert counter.browser(counter.zhang).get(address, headers=known).status_code == 404
    assert counter.browser(counter.zhang).get(address).status_code == 404
    elsewhere = counter.talk("¿Otra cosa?")
    assert li.get(f"/talk/{elsewhere}/files/{file}/").status_code == 404


def test_what_is_no_photo_and_no_paper_is_told_and_the_words_are_not_lost(counter: Counter) -> None:
    talk, li = counter.talk(), counter.browser(counter.li)
    program = SimpleUploadedFile("photo.jpg", b"MZ\x90\x00")
    page = read(li.post(f"/talk/{talk}/say", {"key": str(uuid.uuid4()), "text": "看看", "papers": [program]}), 422)
    assert "看看" in page
    assert not ConversationMessage.objects.filter(conversation=talk, side="stall").exists()


def test_what_was_said_long_ago_is_a_page_before(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    from sundry.goods.orders import pages_talk

    monkeypatch.setattr(pages_talk, "MESSAGES_SHOWN", 2)
    talk, li = counter.talk("question 1"), counter.browser(counter.li)
    for number in range(2, 5):
        say(actor=counter.li, conversation=talk, text=f"answer {number}", language="en", now=timezone.now())
    page = read(li.get(f"/talk/{talk}/"))
    assert "answer 4" in page
    assert "answer 2" not in page
    earlier = page.split("/?before=")[1].split('"')[0]
    assert "answer 2" in read(li.get(f"/talk/{talk}/?before={earlier}"))


def test_an_open_page_asks_for_what_is_new_and_gets_nothing_else(counter: Counter) -> None:
    talk, li = counter.talk(), counter.browser(counter.li)
    page = read(li.get(f"/talk/{talk}/"))
    address = page.split('hx-get="')[-1].split('"')[0]
    assert address == f"/talk/{talk}/messages?last=1"
    assert li.get(address).status_code == 204
    say(actor=counter.amina, conversation=talk, text="¿Y 6.000?", language="es", now=timezone.now())
    fresh = read(li.get(address))
    assert "¿Y 6.000?" in fresh
    assert "<html" not in fresh


def test_whoever_waits_stands_among_those_who_wait(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_talk, "SHOWN", 1)
    counter.talk()
    counter.talk("¿Otra cosa?")
    li = counter.browser(counter.li)
    page = read(li.get("/my/enquiries/"))
    assert page.count('day-step"') == 2
    following = re.search(r'href="(\?before=[^"]+)"', page)
    assert following is not None
    for one in (page, read(li.get(f"/my/enquiries/{following[1]}"))):
        assert "Answered" not in one


def test_in_a_closed_enquiry_nobody_writes(counter: Counter) -> None:
    talk, li = counter.talk(), counter.browser(counter.li)
    number = Conversation.objects.values_list("enquiry__number", flat=True).get(id=talk)
    close_enquiry(actor=counter.amina, enquiry=number, now=timezone.now())
    page = read(li.get(f"/talk/{talk}/"))
    assert "The buyer has closed this enquiry" in page
    assert 'id="say"' not in page
    assert li.post(f"/talk/{talk}/say", {"key": str(uuid.uuid4()), "text": "still?"}).status_code == 422


def test_another_stall_hears_nothing(counter: Counter) -> None:
    talk, zhang = counter.talk(), counter.browser(counter.zhang)
    for address in (f"/talk/{talk}/", f"/talk/{talk}/messages"):
        assert zhang.get(address).status_code == 404
    assert zhang.post(f"/talk/{talk}/say", {"text": "mine is cheaper"}).status_code == 404
    assert zhang.post(f"/talk/{talk}/quote").status_code == 404
    assert "¿Cuánto cuestan" not in read(zhang.get("/my/enquiries/"))


def test_nobody_fills_the_disk_with_files_that_are_not_said(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    talk, li = counter.talk(), counter.browser(counter.li)
    monkeypatch.setattr(operations_talk, "MESSAGES_AN_HOUR", 0)
    monkeypatch.setattr(attachments, "keep", lambda *_args, **_more: pytest.fail("it is kept"))
    given = {"key": str(uuid.uuid4()), "text": "看看", "papers": [photo()]}
    assert "看看" in read(li.post(f"/talk/{talk}/say", given), 422)
    amina = counter.browser(counter.amina)
    asked = {"key": str(uuid.uuid4()), "text": "", "unit": "piece", "currency": "CNY", "good": counter.cups[0]}
    assert "field-wrong" in read(amina.post("/enquiries/ask/", asked | {"papers": [photo()]}), 422)


@pytest.mark.parametrize("written", ["x", "2026-11-22_1", "2026-13-45T00:00:00Z_x", "9" * 400, *BEFORE_TIME])
def test_a_mark_that_nobody_wrote_begins_at_the_beginning(counter: Counter, written: str) -> None:
    assert counter.browser(counter.li).get("/my/enquiries/", {"before": written}).status_code == 200
