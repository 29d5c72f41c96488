"""A buyer asks many stalls at once; each of them answers by itself."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from orders_market import Market

from sundry.base.access.rules import Actor
from sundry.base.notifications.models import Notice
from sundry.base.webhooks.models import Event
from sundry.goods.catalogue.actions_stalls import register_stalls
from sundry.goods.catalogue.actions_wanted import ask_wanted, close_wanted
from sundry.goods.catalogue.models import Stall
from sundry.goods.catalogue.rules import NewStall, Place
from sundry.goods.orders import actions_enquiries, queries_enquiries
from sundry.goods.orders.actions_conversations import say
from sundry.goods.orders.enquiry_rules import Asked, EnquiryState, MessageKind, Question
from sundry.goods.orders.errors import AlreadyDone, NotNow, NotThere, Refused
from sundry.goods.orders.models import Conversation, Enquiry
from sundry.goods.orders.order_rules import Side
from sundry.kernel.identifiers import new_id

CLIPS = Question("¿Tiene 12.000 pinzas para el pelo?", "es", quantity=12_000, destination="MA")


@pytest.fixture
def market(db: None) -> Market:
    return Market()


def ask(market: Market, actor: Actor, question: Question = CLIPS, **more: Any) -> Asked:
    return actions_enquiries.ask(actor=actor, question=question, now=market.now, **more)


def talks(market: Market, actor: Actor, side: Side = Side.STALL) -> list[Any]:
    assert actor.organisation is not None
    return list(queries_enquiries.conversations(organisation=actor.organisation, side=side, language="en"))


def rules(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.rule for finding in refusal.value.findings]


def test_one_question_to_three_stalls_is_a_conversation_with_each(market: Market) -> None:
    li, chen, amina = market.seller("Li"), market.seller("Chen"), market.buyer()
    first, second, third = market.stall(li), market.stall(li), market.stall(chen)
    cups, lids, plate = market.good(first), market.good(first), market.good(second)
    asked = ask(market, amina, replace(CLIPS, goods=(cups, plate, lids, cups), stalls=(third.number, first.number)))
    assert (asked.asked, asked.left_out, asked.again) == (3, (), False)

    view = queries_enquiries.enquiry(asked.number, language="es")
    assert view is not None
    assert (view.question.text, view.question.quantity, view.state) == (CLIPS.text, 12_000, EnquiryState.OPEN)
    assert {card.stall for card in view.conversations} == {first.number, second.number, third.number}
    assert all(card.waits_for is Side.STALL and card.unread == 0 for card in view.conversations)

    (mine,) = talks(market, chen)
    assert (mine.last, mine.unread, mine.buyer.name, mine.country) == (
        CLIPS.text,
        1,
        "Amina",
        view.conversations[0].country,
    )
    of_li = [queries_enquiries.conversation(card.id, reader=li, language="zh") for card in talks(market, li)]
    assert {one.question.goods for one in of_li if one and one.question} == {(cups, lids), (plate,)}

    told = Notice.objects.filter(kind="enquiry.asked").values_list("organisation", "values__enquiry")
    assert sorted(told) == sorted([(li.organisation, asked.number)] * 2 + [(chen.organisation, asked.number)])
    assert Event.objects.filter(organisation=chen.organisation).count() == 1


def test_who_cannot_be_asked_is_left_out_and_told(market: Market) -> None:
    merchant, li = market.seller("Wang"), market.seller("Li")
    own, shut, nobodys, open_ = (
        market.stall(merchant),
        market.stall(li, is_open=False),
        market.stall(),
        market.stall(li),
    )
    gone = market.good(open_) + 900_000
    asked = ask(
        market,
        merchant,
        replace(CLIPS, goods=(gone,), stalls=(own.number, shut.number, nobodys.number, open_.number, 999_999_999)),
    )
    assert asked.asked == 1
    assert {(one.rule, one.value) for one in asked.left_out} == {
        ("talk_good_not_there", str(gone)),
        ("talk_stall_own", str(own.number)),
        ("talk_stall_closed", str(shut.number)),
        ("talk_stall_unclaimed", str(nobodys.number)),
        ("talk_stall_not_there", "999999999"),
    }
    with pytest.raises(Refused) as refusal:
        ask(market, merchant, replace(CLIPS, stalls=(own.number, shut.number)))
    assert rules(refusal) == ["talk_nobody_asked", "talk_stall_own", "talk_stall_closed"]
    assert Enquiry.objects.count() == 1


def test_all_that_is_wrong_with_a_question_is_told_at_once(market: Market) -> None:
    wrong = Question(
        " \u200b ",
        "xx",
        stalls=(1,),
        quantity=0,
        target_price_minor=0,
        currency="YUAN",
        destination="Morocco",
        unit="heap",
        photos=("0" * 64,),
    )
    with pytest.raises(Refused) as refusal:
        ask(market, market.buyer(), wrong)
    assert rules(refusal) == [
        "talk_attachment_not_there",
        "talk_text_empty",
        "talk_language_unknown",
        "talk_quantity_impossible",
        "talk_target_price_impossible",
        "orders_currency_unknown",
        "talk_unit_unknown",
        "orders_country_unknown",
    ]
    with pytest.raises(Refused) as refusal:
        ask(market, market.buyer(), replace(CLIPS, text="a" * 10_000, stalls=(1,)))
    assert "10000 characters" in refusal.value.message("en")


def row_of_stalls(market: Market, seller: Actor, count: int) -> list[int]:
    """Their numbers; registered at once, which is sooner."""
    new = [NewStall(Place("1", 3, "D", str(booth)), {"zh": "日用百货"}) for booth in range(count)]
    made = Stall.objects.filter(id__in=register_stalls(actor=market.operator, stalls=new, now=market.now))
    made.update(organisation=seller.organisation)
    return list(made.values_list("number", flat=True))


def test_a_hundred_stalls_are_asked_and_one_more_are_not(market: Market) -> None:
    li, amina = market.seller(), market.buyer()
    stalls = [market.stall(li).number for _ in range(3)]
    with CaptureQueriesContext(connection) as few:
        ask(market, amina, replace(CLIPS, stalls=tuple(stalls)))
    stalls += row_of_stalls(market, li, 98)
    with CaptureQueriesContext(connection) as many:
        assert ask(market, amina, replace(CLIPS, stalls=tuple(stalls[:30]))).asked == 30
    assert len(many) == len(few) <= 14
    assert ask(market, amina, replace(CLIPS, stalls=tuple(stalls[:100]))).asked == 100
    with pytest.raises(Refused) as refusal:
        ask(market, amina, replace(CLIPS, stalls=tuple(stalls)))
    assert rules(refusal) == ["talk_too_many_stalls"]
    assert "101 stalls" in refusal.value.message("en")
    assert Enquiry.objects.count() == 3


def test_the_same_key_asks_once(market: Market) -> None:
    stall, amina, key = market.stall(market.seller()), market.buyer(), new_id()
    question = replace(CLIPS, stalls=(stall.number,))
    first = ask(market, amina, question, key=key)
    again = ask(market, amina, question, key=key)
    assert again == Asked(first.number, 1, again=True)
    assert (Enquiry.objects.count(), Conversation.objects.count()) == (1, 1)
    with pytest.raises(NotNow, match="key"):
        ask(market, market.buyer("Bilal"), question, key=key)
    with pytest.raises(NotNow, match="key"):
        ask(market, amina, replace(question, text="And how soon?"), key=key)  # or she believes that it was asked
    for other in ({"quantity": 7}, {"stalls": ()}, {"destination": "DE"}):
        with pytest.raises(NotNow, match="key"):
            ask(market, amina, replace(question, **other), key=key)


def test_an_agent_asks_for_her_buyer_and_the_stall_learns_the_country_alone(market: Market) -> None:
    li, zhou, amina = market.seller(), market.agent(), market.buyer()
    question = replace(CLIPS, stalls=(market.stall(li).number,))
    asked = ask(market, zhou, question, mandate=market.mandate(zhou, None))
    view = queries_enquiries.enquiry(asked.number, language="en")
    assert view is not None
    assert (view.buyer.name, view.agent.name) == ("Diallo", "Zhou")
    (card,) = talks(market, li)
    assert (card.buyer.name, card.buyer.organisation, card.agent.name, card.country) == ("", None, "Zhou", "SN")

    ask(market, zhou, question, mandate=market.mandate(zhou, amina))
    assert {card.buyer.name for card in talks(market, li)} == {""}
    assert {card.buyer.name for card in talks(market, zhou, Side.BUYER)} == {"Diallo", "Amina"}
    assert [card.agent.name for card in talks(market, amina, Side.BUYER)] == ["Zhou"]
    assert market.unread(li) == 2

    with pytest.raises(NotThere):
        ask(market, amina, question, mandate=market.mandate(market.agent("Sun"), amina))
    ended = market.mandate(zhou, None, valid_from="2026-01-01", valid_until="2026-11-21")
    with pytest.raises(NotNow):
        ask(market, zhou, question, mandate=ended)


def test_a_closed_enquiry_waits_for_nobody_and_nobody_writes_in_it(market: Market) -> None:
    li, amina = market.seller(), market.buyer()
    asked = ask(market, amina, replace(CLIPS, stalls=(market.stall(li).number, market.stall(li).number)))
    with pytest.raises(NotThere):
        actions_enquiries.close_enquiry(actor=market.buyer("Bilal"), enquiry=asked.number, now=market.now)
    actions_enquiries.close_enquiry(actor=amina, enquiry=asked.number, now=market.now)
    with pytest.raises(AlreadyDone):
        actions_enquiries.close_enquiry(actor=amina, enquiry=asked.number, now=market.now)
    assert queries_enquiries.unanswered(organisation=li.organisation or uuid.UUID(int=0)) == 0
    card = talks(market, li)[0]
    assert (card.waits_for, card.unread) == (Side.MARKET, 2)
    assert card.last == f"The buyer has closed enquiry {asked.number}. No answer is needed any more."
    newest = queries_enquiries.messages(card.id, side=Side.STALL, language="zh")[-1]
    assert (newest.kind, newest.text) == (MessageKind.NOTE, f"采购商结束了询盘 {asked.number}，不必再回复。")
    for somebody in (li, amina):
        with pytest.raises(NotNow, match="closed by the buyer"):
            say(actor=somebody, conversation=card.id, text="?", language="en", now=market.now)


def test_a_stall_answers_a_request_for_quotation(market: Market) -> None:
    li, chen, amina = market.seller("Li"), market.seller("Chen"), market.buyer()
    wanted = ask_wanted(actor=amina, text="Looking for bamboo lids", language="en", quantity=500, now=market.now)

    def answer(actor: Actor, stall: int, text: str = "有的，0.85", **more: Any) -> uuid.UUID:
        return actions_enquiries.answer_wanted(
            actor=actor, wanted=wanted, stall=stall, text=text, language="zh", now=market.now, **more
        )

    mine, other = market.stall(li).number, market.stall(chen).number
    key = new_id()
    talk = answer(li, mine, key=key)
    assert answer(li, mine, key=key) == talk
    assert answer(li, mine, "还有竹盖") == talk
    assert answer(chen, other) != talk
    (enquiry,) = Enquiry.objects.all()
    view = queries_enquiries.enquiry(enquiry.number, language="en")
    assert view is not None
    assert (view.question.text, view.question.wanted, len(view.conversations)) == ("Looking for bamboo lids", wanted, 2)
    assert sorted(card.unread for card in view.conversations) == [1, 2]
    said = queries_enquiries.messages(talk, side=Side.BUYER, language="en")
    assert [(one.side, one.text) for one in said] == [
        (Side.BUYER, "Looking for bamboo lids"),
        (Side.STALL, "有的，0.85"),
        (Side.STALL, "还有竹盖"),
    ]
    with pytest.raises(NotThere):
        answer(li, other)
    with pytest.raises(Refused):
        answer(li, mine, "")
    close_wanted(actor=amina, wanted=wanted, now=market.now)
    with pytest.raises(NotNow):
        answer(li, mine)


def test_lists_go_on_behind_the_last_one(market: Market) -> None:
    stall, amina = market.stall(market.seller()), market.buyer()
    numbers = [ask(market, amina, replace(CLIPS, stalls=(stall.number,))).number for _ in range(3)]
    assert amina.organisation is not None
    page = queries_enquiries.enquiries(organisation=amina.organisation, limit=2)
    assert [card.number for card in page] == numbers[:0:-1]
    assert (page[0].asked, page[0].answered, page[0].quotations, page[0].unread) == (1, 0, 0, 0)
    rest = queries_enquiries.enquiries(organisation=amina.organisation, before=page[-1].number, limit=2)
    assert [card.number for card in rest] == numbers[:1]
    seen: list[uuid.UUID] = []
    mark = None
    for _ in range(3):
        (card,) = queries_enquiries.conversations(
            organisation=amina.organisation, side=Side.BUYER, language="en", before=mark, limit=1
        )
        seen.append(card.id)
        mark = (card.last_at, card.id)
    assert len(set(seen)) == 3


def test_whose_an_enquiry_is(market: Market) -> None:
    li, amina = market.seller(), market.buyer()
    asked = ask(market, amina, replace(CLIPS, stalls=(market.stall(li).number,)))
    (card,) = talks(market, li)
    of = queries_enquiries.owner_of_conversation
    assert [getattr(of(card.id, one), "organisation", 0) for one in (li, amina, market.buyer("Bilal"))] == [
        li.organisation,
        amina.organisation,
        amina.organisation,
    ]
    assert of(uuid.UUID(int=1), li) is None
    owner = queries_enquiries.owner_of_enquiry(asked.number, li)
    assert owner is not None
    assert owner.organisation == amina.organisation
    assert queries_enquiries.owner_of_enquiry(2**63, amina) is None
    assert queries_enquiries.enquiry(2**63, language="en") is None


def test_nobody_asks_in_the_name_of_a_request(market: Market) -> None:
    """What a stall answers to Amina's request stands under the request's id: who asks by it reads no answer of hers."""
    li, amina, omar = market.seller(), market.buyer(), market.buyer("Omar")
    stall = market.stall(li)
    wanted = ask_wanted(actor=amina, text="Looking for bamboo lids", language="en", quantity=500, now=market.now)
    with pytest.raises(NotNow, match="key"):
        ask(market, omar, replace(CLIPS, stalls=(stall.number,)), key=wanted)
    talk = actions_enquiries.answer_wanted(
        actor=li, wanted=wanted, stall=stall.number, text="3.20", language="zh", now=market.now
    )
    assert Conversation.objects.get(id=talk).buyer_id == amina.organisation
