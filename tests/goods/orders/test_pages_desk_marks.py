"""What an agent notes by the rows of her desk, for herself alone; and reminders from it, one a stall and day."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from orders_market import NOON, TODAY, Market

from sundry.base.access.rules import Actor
from sundry.base.notifications.models import Notice
from sundry.base.parties.models import Person
from sundry.goods.catalogue.actions_stalls import register_stalls
from sundry.goods.catalogue.models import Stall
from sundry.goods.catalogue.rules import NewStall, Place
from sundry.goods.orders import actions_marks, mark_rules, pages_desk, queries_enquiries
from sundry.goods.orders.actions_reminders import Reminded, remind
from sundry.goods.orders.errors import AlreadyDone, NotNow
from sundry.goods.orders.models import Conversation, ConversationMessage, DeskMark, SubOrder
from sundry.goods.orders.order_rules import Side
from sundry.goods.orders.reminder_rules import Reminder
from sundry.kernel.identifiers import new_id

pytestmark = pytest.mark.django_db

MANY = 500


class Desk:
    """Zhou has ordered of Li's two stalls and of Wang's one."""

    def __init__(self) -> None:
        self.market = market = Market()
        self.li, self.wang, self.zhou = market.seller("Li"), market.seller("Wang"), market.agent()
        self.stalls = [market.stall(self.li), market.stall(self.li), market.stall(self.wang)]
        cups = [market.good(stall, stock_pieces=50_000) for stall in self.stalls]
        self.first = market.order(self.zhou, dict.fromkeys(cups, 10)).order
        self.second = market.order(self.zhou, {cups[0]: 5}).order
        self.subs = market.subs(self.first)
        self.again = market.subs(self.second)[0]

    def remind(self, reminder: Reminder, *subs: uuid.UUID, by: Actor | None = None, **more: Any) -> Reminded:
        actor = by or self.zhou
        assert actor.organisation is not None
        given = {"language": "en", "now": NOON, "organisation": actor.organisation} | more
        return remind(actor=actor, reminder=reminder, subs=subs, **given)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def client_of(actor: Actor) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(id=actor.person))
    return client


def codes(client: Client, address: str) -> list[str]:
    html = client.get(address).content.decode()
    return re.findall(r'<th scope="row"><a href="[^"]*"><bdi[^>]*>([^<]+)</bdi>', html)


# Marks ----------------------------------------------------------------------------------------------------------------


def test_rows_are_marked_filtered_and_cleared_by_one_person_alone(desk: Desk) -> None:
    client = client_of(desk.zhou)
    chosen = {"row": [str(one) for one in desk.subs[:2]], "query": "table=parts&mark=chase"}
    answer = client.post("/desk/mark/", chosen | {"mark": "chase", "word": " "})
    assert answer.headers["Location"] == "/desk/parts/?mark=chase"
    said = client.get("/desk/parts/?mark=chase").content.decode()
    assert "2 rows are marked." in said
    assert said.count('class="desk-mark"') == 2
    assert codes(client, "/desk/parts/?mark=chase") == [f"{desk.first}-2", f"{desk.first}-1"]
    assert len(codes(client, "/desk/parts/?mark=paid")) == 0
    assert len(client.get("/desk/export.csv?table=parts&mark=chase").content.splitlines()) == 3
    client.post("/desk/mark/", {"row": [chosen["row"][0], str(desk.first)], "word": "Call  Monday"})
    assert codes(client, "/desk/parts/?mark=chase") == [f"{desk.first}-2"]
    assert codes(client, "/desk/?mark=Call+Monday") == [str(desk.first)]
    assert '<option dir="auto" value="Call Monday">' in client.get("/desk/").content.decode()
    client.post("/desk/mark/", chosen | {"clear": "1"})
    assert list(DeskMark.objects.values_list("order__number", "word")) == [(desk.first, "Call Monday")]


def test_nobody_else_sees_a_mark_nor_makes_one_at_anothers_row(desk: Desk) -> None:
    zhou, chen = desk.zhou, desk.market.agent("Chen")
    assert zhou.person is not None
    assert zhou.organisation is not None
    assert chen.person is not None
    assert chen.organisation is not None
    hers: Any = {"orders": [desk.first], "subs": desk.subs}
    assert actions_marks.mark(person=zhou.person, organisation=zhou.organisation, word="ask", **hers) == 4
    assert actions_marks.mark(person=chen.person, organisation=chen.organisation, word="ask", **hers) == 0
    assert actions_marks.clear(person=chen.person, **hers) == 0
    colleague = desk.market.person("Ma")  # of the same firm
    assert actions_marks.mark(person=colleague, organisation=zhou.organisation, word="paid", orders=[desk.first]) == 1
    assert 'class="desk-mark"' not in client_of(chen).get("/desk/parts/").content.decode()
    assert DeskMark.objects.filter(person=zhou.person, word="ask").count() == 4


def test_a_mark_that_cannot_be_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(desk.zhou)
    chosen = {"row": [str(desk.first)], "query": "table=orders"}
    monkeypatch.setattr(actions_marks, "OWN_WORDS_MAX", 1)
    monkeypatch.setattr(actions_marks, "MARKED_MAX", 1)
    for more, said in (
        ({"row": []}, "Choose rows first."),
        ({}, "Choose a mark"),
        ({"word": "x" * (mark_rules.WORD_MAX + 1)}, "Choose a mark"),
        ({"word": "Mine"}, "1 row is marked."),
        ({"word": "Another"}, "There are 1 words of your own"),
        ({"mark": "paid", "row": [str(desk.first), str(desk.second)]}, "at most 1 are taken at once"),
    ):
        assert said in client.post("/desk/mark/", chosen | more, follow=True).content.decode(), more
    assert list(DeskMark.objects.values_list("word", flat=True)) == ["Mine"]


# Reminders ------------------------------------------------------------------------------------------------------------


def test_a_stall_gets_one_message_of_all_its_parts_and_one_a_day(desk: Desk) -> None:
    done = desk.remind(Reminder.CONFIRM, *desk.subs, desk.again)
    assert done == Reminded(stalls=3, parts=4, other=0, again=0)
    said = ConversationMessage.objects.get(conversation__stall=desk.stalls[0].id)
    assert (said.template, said.values) == ("remind_confirm", {"codes": f"{desk.first}-1, {desk.second}-1"})
    (card, *_) = queries_enquiries.conversations(
        organisation=desk.wang.organisation or uuid.UUID(int=0), side=Side.STALL, language="zh", unanswered=True
    )
    assert card.last == f"{desk.first}-3 还没有您的答复，请确认或告知不能做。"
    assert (card.unread, card.order) == (1, desk.first)
    told = Notice.objects.filter(kind="message.sent")
    assert {one.organisation for one in told} == {desk.li.organisation, desk.wang.organisation}
    with pytest.raises(AlreadyDone, match="had a reminder from you today") as refused:
        desk.remind(Reminder.DAY, *desk.market.confirm(desk.li, desk.first))
    assert (refused.value.rule, refused.value.details) == ("orders_reminded_today", {"count": 2})
    tomorrow = desk.remind(Reminder.CONFIRM, desk.again, now=NOON + timedelta(days=1))
    assert tomorrow.stalls == 1
    assert Conversation.objects.count() == 4  # that of the order that was left, when it comes to it


def test_only_what_waits_for_it_is_reminded_and_only_ones_own(desk: Desk) -> None:
    late = desk.market.confirm(desk.li, desk.first)
    SubOrder.objects.filter(id=late[0]).update(promised_day=TODAY - timedelta(days=1))
    assert desk.remind(Reminder.LATE, *desk.subs) == Reminded(stalls=1, parts=1, other=2, again=0)
    with pytest.raises(NotNow, match="None of the chosen rows"):
        desk.remind(Reminder.LATE, desk.subs[2])
    with pytest.raises(NotNow, match="None of the chosen rows"):
        desk.remind(Reminder.CONFIRM, *desk.subs, by=desk.market.agent("Chen"))
    with pytest.raises(NotNow, match="at most 500 are taken"):
        desk.remind(Reminder.LATE, *(new_id() for _ in range(MANY + 1)))
    assert ConversationMessage.objects.count() == 1


def test_a_colleague_who_is_faster_has_reminded_them(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have looked before either has written: the key of the day lets one of them through."""
    from sundry.goods.orders import actions_reminders

    seen = actions_reminders.reminded
    desk.remind(Reminder.CONFIRM, desk.again)
    before = [frozenset[uuid.UUID]()]  # what was looked at first, before the colleague wrote
    monkeypatch.setattr(actions_reminders, "reminded", lambda **asked: before.pop() if before else seen(**asked))
    with pytest.raises(AlreadyDone):
        desk.remind(Reminder.CONFIRM, desk.again)
    assert ConversationMessage.objects.count() == 1


def test_reminding_asks_which_sentence_then_says_how_many(desk: Desk, assert_accessible: Callable[[str], None]) -> None:
    client = client_of(desk.zhou)
    chosen = {"row": [str(desk.first)], "query": "table=orders"}
    asks = client.post("/desk/remind/", chosen).content.decode()
    assert_accessible(asks)
    assert re.findall(r'name="reminder" value="(\w+)"', asks) == ["confirm"]
    assert "Send to 3 stalls" in asks
    answer = client.post("/desk/remind/", chosen | {"reminder": "confirm"}, follow=True)
    assert "3 stalls are reminded." in answer.content.decode()
    assert ConversationMessage.objects.count() == 3
    assert "All of these stalls had a reminder today" in client.post("/desk/remind/", chosen).content.decode()
    answer = client.post("/desk/remind/", chosen | {"reminder": "confirm"}, follow=True)
    assert "had a reminder from you today" in answer.content.decode()
    assert "Choose rows first." in client.post("/desk/remind/", {}, follow=True).content.decode()


# Statements -----------------------------------------------------------------------------------------------------------


def test_one_row_and_five_hundred_take_the_same_statements(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_desk, "SHOWN", MANY)
    client, zhou = client_of(desk.zhou), desk.zhou
    assert zhou.organisation is not None

    def statements(of: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as asked:
            of()
        return len(asked)

    def all_of(subs: list[uuid.UUID], day: int) -> list[int]:
        given: Any = {"person": zhou.person, "subs": subs}
        return [
            statements(lambda: actions_marks.mark(organisation=zhou.organisation, word="chase", **given)),
            statements(lambda: client.get("/desk/parts/?mark=chase")),
            statements(lambda: actions_marks.clear(**given)),
            statements(lambda: desk.remind(Reminder.CONFIRM, *subs, now=NOON + timedelta(days=day))),
        ]

    client.get("/desk/")  # what a session notes of a first request is noted
    few = all_of([desk.again], 0)
    booths = [NewStall(Place("1", 3, "D", str(number)), {"zh": "日用"}, slug=f"d{number}") for number in range(MANY)]
    stalls = register_stalls(actor=desk.market.operator, stalls=booths, now=NOON)
    Stall.objects.filter(id__in=stalls).update(organisation=desk.li.organisation, is_open=True)
    row = SubOrder.objects.get(id=desk.again)
    copies = []
    for position, stall in enumerate(stalls, 2):
        copy = SubOrder(**{field.attname: getattr(row, field.attname) for field in SubOrder._meta.concrete_fields})
        copy.id, copy.position, copy.stall_id = new_id(), position, stall
        copies.append(copy)
    SubOrder.objects.bulk_create(copies)
    assert all_of([copy.id for copy in copies], 1) == few
    assert ConversationMessage.objects.count() == MANY + 1
