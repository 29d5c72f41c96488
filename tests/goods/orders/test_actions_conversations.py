"""Somebody says something, in her own words or by a phrase; each side knows what the other has seen."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from orders_market import NOON, Market
from PIL import Image
from quoting_desk import Desk

from sundry.base.access.rules import Actor
from sundry.base.notifications.models import Notice
from sundry.base.webhooks.models import Event
from sundry.goods.orders import actions_conversations, attachments, queries_enquiries, translating
from sundry.goods.orders.actions_enquiries import ask
from sundry.goods.orders.enquiry_rules import Attachment, MessageKind, MessageView, Question
from sundry.goods.orders.errors import BadAttachment, NotNow, NotThere, Refused
from sundry.goods.orders.models import Conversation, ConversationMessage, Enquiry
from sundry.goods.orders.order_rules import Side
from sundry.kernel.identifiers import new_id


@pytest.fixture
def desk(db: None, settings: Any, tmp_path: Path) -> Desk:
    settings.FILES_DIR = tmp_path
    return Desk(Market())


def say(desk: Desk, actor: Actor, text: str = "", language: str = "zh", **more: Any) -> uuid.UUID:
    given: dict[str, Any] = {"conversation": desk.talk, "now": NOON} | more
    return actions_conversations.say(actor=actor, text=text, language=language, **given)


def said(desk: Desk, side: Side, language: str = "en") -> list[MessageView]:
    return list(queries_enquiries.messages(desk.talk, side=side, language=language))


def card(desk: Desk, reader: Actor) -> Any:
    view = queries_enquiries.conversation(desk.talk, reader=reader, language="en")
    assert view is not None
    return view.card


def rules(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.rule for finding in refusal.value.findings]


def photo() -> BytesIO:
    made = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(made, "JPEG")
    made.seek(0)
    return made


def test_what_is_said_stays_in_its_words_and_the_other_side_has_to_answer(desk: Desk) -> None:
    say(desk, desk.li, "发夹用亚克力的，一卡六只 <b>\u202e")
    newest = said(desk, Side.BUYER)[-1]
    assert (newest.text, newest.language, newest.translation) == ("发夹用亚克力的，一卡六只 <b>", "zh", "")
    assert [term.name for term in newest.terms] == ["hair clip", "acrylic"]
    assert (newest.who, newest.is_own, newest.is_read) == ("Li", False, False)
    assert said(desk, Side.STALL, "zh")[-1].terms == ()
    assert said(desk, Side.STALL)[-1].who == "Li"
    assert said(desk, Side.STALL)[0].who == "Amina"
    assert (card(desk, desk.amina).waits_for, card(desk, desk.amina).unread) == (Side.BUYER, 1)
    assert Notice.objects.filter(kind="message.sent", organisation=desk.amina.organisation).count() == 1
    event = Event.objects.get(kind="message.sent")
    assert (event.organisation, "亚克力" in event.body) == (desk.amina.organisation, False)
    say(desk, desk.amina, "Gracias, ¿precio?", "es")
    assert (card(desk, desk.li).waits_for, card(desk, desk.li).unread) == (Side.STALL, 2)


def test_a_phrase_is_read_by_each_in_her_own_language(desk: Desk) -> None:
    say(desk, desk.li, template="busy_until", values={"time": "15:30", "other": "x"})
    assert card(desk, desk.li).waits_for is Side.STALL  # to be busy is no answer
    say(desk, desk.li, template="price", values={"pieces": 1000, "price": "¥0.85"})
    assert card(desk, desk.li).waits_for is Side.BUYER
    say(desk, desk.amina, template="thanks")
    assert card(desk, desk.li).waits_for is Side.MARKET
    read = said(desk, Side.BUYER, "fr")[1:]
    assert [one.text for one in read] == [
        "Je suis avec des clients. Je vous réponds avant 15:30.",
        "À partir de 1000 pièces, ¥0.85 l’unité.",
        "D’accord, merci beaucoup !",
    ]
    assert {(one.kind, one.language) for one in read} == {(MessageKind.TEMPLATE, "fr")}
    assert card(desk, desk.amina).last == "All right, thank you!"
    for template, values, rule in (
        ("price", {"pieces": "many", "price": ""}, ["talk_value_impossible", "talk_value_missing"]),
        ("ask_price", {"pieces": 5}, ["talk_phrase_of_other_side"]),
        ("nonsense", {}, ["talk_phrase_unknown"]),
    ):
        with pytest.raises(Refused) as refusal:
            say(desk, desk.li, template=template, values=values)
        assert rules(refusal) == rule
    assert len(said(desk, Side.BUYER)) == 4


def test_what_cannot_be_said_is_refused_and_nothing_is_written(desk: Desk) -> None:
    nowhere = Attachment("0" * 64, "a.pdf", "pdf", 1)
    for text, more, expected in (
        ("", {}, ["talk_text_empty"]),
        ("a" * 10_000, {}, ["talk_text_too_long"]),
        ("hola", {"language": "pt"}, ["talk_language_unknown"]),
        ("hola", {"attachments": [nowhere] * 7}, ["talk_attachment_not_there"] * 7 + ["talk_too_many_attachments"]),
    ):
        with pytest.raises(Refused) as refusal:
            say(desk, desk.amina, text, **more)
        assert rules(refusal) == expected
    for stranger in (desk.market.buyer("Bilal"), desk.market.seller("Chen"), Actor()):
        with pytest.raises(NotThere):
            say(desk, stranger, "hola")
    with pytest.raises(NotThere):
        say(desk, desk.amina, "hola", conversation=uuid.UUID(int=1))
    assert len(said(desk, Side.BUYER)) == 1


def test_a_photo_goes_along_and_is_read_in_its_conversation_only(desk: Desk) -> None:
    kept = attachments.keep(photo(), name="IMG 1.jpeg")
    say(desk, desk.li, attachments=[Attachment(kept.file, kept.name, "pdf", 1)])
    assert said(desk, Side.BUYER)[-1].attachments == (kept,)
    assert queries_enquiries.attachment(desk.talk, kept.file) == kept
    assert queries_enquiries.attachment(desk.talk_with(desk.amina), kept.file) is None
    assert queries_enquiries.files_in_use([kept.file, "0" * 64]) == {kept.file}


def test_a_file_that_is_too_large_takes_nothing_of_the_message_with_it(desk: Desk) -> None:
    with pytest.raises(BadAttachment, match="What you wrote is kept"):
        attachments.keep(BytesIO(b"%PDF-1.7"), name="catalogue.pdf", size=10_000_001)
    say(desk, desk.li, "目录太大了，我分开发")
    assert said(desk, Side.BUYER)[-1].attachments == ()


def test_the_same_key_is_said_once(desk: Desk) -> None:
    key = new_id()
    first = say(desk, desk.li, "有现货", key=key)
    assert say(desk, desk.li, "有现货", key=key) == first
    assert len(said(desk, Side.BUYER)) == 2
    with pytest.raises(NotNow, match="key"):
        say(desk, desk.amina, "hola", key=key)
    with pytest.raises(NotNow, match="key"):
        say(desk, desk.li, "有", key=key, conversation=desk.talk_with(desk.amina))
    with pytest.raises(NotNow, match="key"):
        say(desk, desk.li, "没有货", key=key)  # or she believes that it was said
    with pytest.raises(NotNow, match="key"):
        say(desk, desk.li, "有现货", key=key, attachments=[Attachment("0" * 64, "a.jpg", "picture", 1)])


def test_each_side_knows_what_the_other_has_seen(desk: Desk) -> None:
    for text in ("有", "0.85 一个", "现货"):
        say(desk, desk.li, text)

    def read(actor: Actor, up_to: int) -> None:
        actions_conversations.mark_read(actor=actor, conversation=desk.talk, up_to=up_to, now=NOON)

    assert desk.market.unread(desk.amina) == 3
    read(desk.amina, 3)
    assert [one.is_read for one in said(desk, Side.STALL) if one.is_own] == [True, True, False]
    assert card(desk, desk.amina).unread == 1
    read(desk.amina, 2)
    assert card(desk, desk.amina).unread == 1
    read(desk.amina, 99)
    assert card(desk, desk.amina).unread == 0
    assert desk.market.unread(desk.amina) == 0
    say(desk, desk.li, "还要吗？")
    assert (card(desk, desk.amina).unread, card(desk, desk.li).unread) == (1, 1)
    with pytest.raises(NotThere):
        read(desk.market.buyer("Bilal"), 1)


def test_who_waits_longest_stands_first_and_messages_go_on_before_a_number(desk: Desk) -> None:
    first, second = desk.talk, desk.talk_with(desk.amina)
    assert desk.li.organisation is not None
    mine = {"organisation": desk.li.organisation, "side": Side.STALL, "language": "zh"}
    waiting = queries_enquiries.conversations(**mine, unanswered=True)  # type: ignore[arg-type]
    assert [one.id for one in waiting] == [first, second]
    rest = queries_enquiries.conversations(
        **mine,  # type: ignore[arg-type]
        unanswered=True,
        before=(waiting[0].last_at, waiting[0].id),
    )
    assert [one.id for one in rest] == [second]
    assert queries_enquiries.unanswered(organisation=desk.li.organisation, most=1) == 1
    say(desk, desk.li, "有")
    assert queries_enquiries.unanswered(organisation=desk.li.organisation) == 1
    with CaptureQueriesContext(connection) as few:
        said(desk, Side.BUYER)
    for text in "abc":
        say(desk, desk.li, text)
    with CaptureQueriesContext(connection) as many:
        assert [one.text for one in said(desk, Side.BUYER)][-3:] == ["a", "b", "c"]
    assert len(many) == len(few) == 2
    page = queries_enquiries.messages(desk.talk, side=Side.BUYER, language="en", before=4, limit=2)
    assert [one.number for one in page] == [2, 3]


def test_about_an_order_one_conversation_a_stall_is_opened_by_either_side(desk: Desk) -> None:
    cup = desk.market.good(desk.stall, stock_pieces=50)
    placed = desk.market.order(desk.amina, {cup: 5})
    (sub,) = desk.market.subs(placed.order)

    def opened(actor: Actor, order: int = placed.order) -> uuid.UUID:
        return actions_conversations.open_with_stall(actor=actor, order=order, sub=sub, language="es", now=NOON)

    talk = opened(desk.li)
    assert opened(desk.amina) == talk
    view = queries_enquiries.conversation(talk, reader=desk.li, language="zh")
    assert view is not None
    assert (view.card.subject, view.card.order, view.question, view.card.waits_for) == (
        placed.codes[0],
        placed.order,
        None,
        Side.MARKET,
    )
    say(desk, desk.amina, "¿Llega hoy?", "es", conversation=talk)
    for stranger in (desk.market.buyer("Bilal"), desk.market.seller("Chen")):
        with pytest.raises(NotThere):
            opened(stranger)
    with pytest.raises(NotThere):
        opened(desk.amina, placed.order + 1)
    basket = desk.accept(desk.sent()).order
    (draft,) = desk.market.subs(basket)
    with pytest.raises(NotNow):
        actions_conversations.open_with_stall(actor=desk.amina, order=basket, sub=draft, language="es", now=NOON)
    with pytest.raises(NotThere):
        actions_conversations.open_with_stall(actor=desk.li, order=basket, sub=draft, language="es", now=NOON)


@pytest.fixture
def translator(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Says each text backwards; what it was asked."""
    asked: list[tuple[str, ...]] = []

    def translated(texts: list[str], *, source: str, target: str) -> tuple[str, ...]:
        asked.append((source, target, *texts))
        return tuple("" if text == "?" else text[::-1] for text in texts)

    monkeypatch.setattr(translating, "translated", translated)
    return asked


def test_what_was_translated_stands_beside_the_words(desk: Desk, translator: list[tuple[str, ...]]) -> None:
    for actor, text, language in ((desk.li, "好的", "zh"), (desk.amina, "hola", "es"), (desk.li, "?", "zh")):
        say(desk, actor, text, language)
    say(desk, desk.li, template="in_stock", values={"pieces": 3})
    assert actions_conversations.translate(conversation=desk.talk, language="es") == 2
    assert translator == [("zh", "es", "?", "好的", "发夹有吗？")]
    assert [one.translation for one in said(desk, Side.BUYER, "es")] == ["？吗有夹发", "的好", "", "", ""]
    assert [one.translation for one in said(desk, Side.BUYER, "zh")] == ["", "", "", "", ""]
    assert actions_conversations.translate(conversation=desk.talk, language="es") == 0
    assert translator[1:] == [("zh", "es", "?")]


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_are_both_read_and_who_sends_twice_says_and_asks_once() -> None:
    desk = Desk(Market())
    key = new_id()
    at_once(
        lambda: say(desk, desk.li, "有", key=key),
        lambda: say(desk, desk.li, "有", key=key),
        lambda: say(desk, desk.amina, "?"),
    )
    assert sorted(ConversationMessage.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert (card(desk, desk.amina).unread, card(desk, desk.li).unread) == (1, 2)

    question = Question("¿Precio?", "es", stalls=(desk.stall.number,))
    asked = at_once(*[lambda: ask(actor=desk.amina, question=question, key=key, now=NOON)] * 2)
    assert {one.number for one in asked} == {Enquiry.objects.get(key=key).number}
    assert sorted(one.again for one in asked) == [False, True]
    assert Conversation.objects.count() == 2


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """What each of them answers, each from a connection of its own."""
    begin, answers = threading.Barrier(len(actions)), list[Any]()

    def run(action: Callable[[], Any]) -> None:
        try:
            begin.wait(timeout=10)
            answers.append(action())
        finally:
            connections.close_all()

    phones = [threading.Thread(target=run, args=(action,)) for action in actions]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join(timeout=20)
    assert len(answers) == len(actions)
    return answers
