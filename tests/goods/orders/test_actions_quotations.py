"""A stall quotes, in versions; a buyer accepts what is open at that moment, once."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from orders_market import NOON, TODAY, Market
from quoting_desk import CLIPS, FRIDAY, TERMS, Desk

from sundry.base.notifications.models import Notice
from sundry.goods.orders import actions_quotations, queries_enquiries, queries_quotations
from sundry.goods.orders.actions_enquiries import close_enquiry
from sundry.goods.orders.enquiry_rules import (
    MessageKind,
    QuotationState,
    QuotedLine,
    QuotedStep,
    Terms,
)
from sundry.goods.orders.errors import AlreadyDone, NotNow, NotThere, Refused
from sundry.goods.orders.models import Quotation
from sundry.goods.orders.order_rules import Side
from sundry.kernel.identifiers import new_id


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk(Market())


def state(quotation: uuid.UUID) -> str:
    return Quotation.objects.values_list("state", flat=True).get(id=quotation)


def rules(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.rule for finding in refusal.value.findings]


# Written and sent


def test_a_draft_is_the_stalls_own_until_it_is_sent(desk: Desk) -> None:
    made = desk.save()
    assert queries_quotations.quotation(made, side=Side.BUYER) is None
    assert desk.amina.organisation is not None
    mine = {"organisation": desk.amina.organisation, "side": Side.BUYER}
    assert queries_quotations.quotations(**mine) == ()  # type: ignore[arg-type]
    owner = queries_quotations.owner_of_quotation(made, desk.amina)
    assert owner is not None
    assert owner.organisation == desk.li.organisation

    actions_quotations.send(actor=desk.li, quotation=made, now=NOON)
    view = queries_quotations.quotation(made, side=Side.BUYER)
    assert view is not None
    assert (view.terms, view.value_minor, view.state, view.version) == (TERMS, 102_000, QuotationState.SENT, 1)
    assert view.lines[0] == replace(CLIPS, id=view.lines[0].id)
    assert view.is_open(FRIDAY)
    assert not view.is_open(FRIDAY + timedelta(days=1))
    (card,) = queries_quotations.quotations(**mine)  # type: ignore[arg-type]
    assert (card.lines, card.number, card.country) == (1, view.number, "CN")
    newest = queries_enquiries.messages(desk.talk, side=Side.BUYER, language="en")[-1]
    assert (newest.kind, newest.quotation, newest.quotation_version, newest.quotation_id) == (
        MessageKind.QUOTATION,
        view.number,
        1,
        made,
    )
    assert newest.text == f"Quotation {view.number}, version 1. Lines: 1; in all CNY 1020.00; valid until 2026-11-27."
    assert Notice.objects.filter(kind="quotation.sent", organisation=desk.amina.organisation).count() == 1
    with pytest.raises(AlreadyDone):
        actions_quotations.send(actor=desk.li, quotation=made, now=NOON)
    with pytest.raises(NotNow):
        desk.save(quotation=made)


def test_what_can_never_be_sent_is_refused_line_by_line(desk: Desk) -> None:
    foreign = desk.market.good(desk.market.stall(desk.market.seller("Chen")))
    step = QuotedStep(1, 100)
    steps = tuple(QuotedStep(at + 1, 100) for at in range(1001))
    lines = (
        QuotedLine((QuotedStep(1, 0),), 1, names={"zh": "价"}),
        QuotedLine((), 1, names={"zh": "无"}),
        QuotedLine(steps, 1, names={"zh": "长"}),
        QuotedLine((QuotedStep(1000, 90), QuotedStep(500, 80)), 1000, names={"zh": "降"}),
        QuotedLine((QuotedStep(10, 90),), 5, names={"zh": "少"}),
        QuotedLine((step,), 0, price_per=0, unit="heap"),
        QuotedLine((step,), 1, good=foreign),
    )
    wrong = Terms("YUAN", FRIDAY, -1, "XXX", "", "p" * 1001, 10_001)
    with pytest.raises(Refused) as refusal:
        desk.save(*lines, terms=wrong)
    assert [(finding.row, finding.rule) for finding in refusal.value.findings] == [
        (0, "orders_currency_unknown"),
        (0, "quotation_lead_time_impossible"),
        (0, "quotation_incoterm_unknown"),
        (0, "quotation_place_missing"),
        (0, "quotation_deposit_impossible"),
        (0, "talk_text_too_long"),
        (1, "orders_price_impossible"),
        (2, "quotation_ladder_empty"),
        (3, "quotation_ladder_too_long"),
        (4, "quotation_ladder_not_rising"),
        (5, "quotation_pieces_too_few"),
        (6, "orders_pieces_impossible"),
        (6, "orders_price_per_impossible"),
        (6, "quotation_name_missing"),
        (6, "quotation_code_unknown"),
        (7, "quotation_good_not_there"),
    ]
    assert not Quotation.objects.exists()


@pytest.mark.parametrize(
    ("valid_until", "rule"),
    [
        (None, "quotation_valid_missing"),
        (TODAY - timedelta(days=1), "quotation_valid_past"),
        (TODAY + timedelta(days=366), "quotation_valid_too_far"),
    ],
)
def test_prices_hold_from_today_to_a_year(desk: Desk, valid_until: date | None, rule: str) -> None:
    made = desk.save(terms=replace(TERMS, valid_until=valid_until))
    with pytest.raises(Refused) as refusal:
        actions_quotations.send(actor=desk.li, quotation=made, now=NOON)
    assert rules(refusal) == [rule]
    assert state(made) == "draft"
    for day in (TODAY, TODAY + timedelta(days=365)):
        assert state(desk.sent(terms=replace(TERMS, valid_until=day))) == "sent"


def test_a_draft_is_kept_once_by_its_key_and_written_anew_by_its_id(desk: Desk) -> None:
    key = new_id()
    first = desk.save(key=key)
    assert desk.save(key=key) == first
    assert desk.save(quotation=first, terms=replace(TERMS, note="含税")) == first
    view = queries_quotations.quotation(first, side=Side.STALL)
    assert view is not None
    assert (view.terms.note, len(view.lines)) == ("含税", 1)
    assert desk.save(key=key) == first  # sent again after that: still what it made
    with pytest.raises(NotNow, match="key"):
        desk.save(key=key, conversation=desk.talk_with(desk.market.buyer("Bilal")))
    for other in (replace(CLIPS, pieces=13_000), replace(CLIPS, note="红色")):
        with pytest.raises(NotNow, match="key"):
            desk.save(other, key=key)
    with pytest.raises(NotNow, match="key"):
        desk.save(key=key, terms=replace(TERMS, deposit_bp=0))
    second = desk.save(replace(CLIPS, pieces=13_000))
    assert desk.save(quotation=second, key=key) == second  # who names a draft means that one
    assert Quotation.objects.filter(conversation=desk.talk).count() == 2
    with pytest.raises(NotThere):
        desk.save(actor=desk.amina)


def test_a_draft_is_thrown_away_and_what_was_sent_is_taken_back(desk: Desk) -> None:
    draft, sent = desk.save(), desk.sent()
    actions_quotations.withdraw_quotation(actor=desk.li, quotation=draft, now=NOON)
    assert not Quotation.objects.filter(id=draft).exists()
    with pytest.raises(NotThere):
        actions_quotations.withdraw_quotation(actor=desk.amina, quotation=sent, now=NOON)
    actions_quotations.withdraw_quotation(actor=desk.li, quotation=sent, reason="原料涨价", now=NOON)
    with pytest.raises(AlreadyDone):
        actions_quotations.withdraw_quotation(actor=desk.li, quotation=sent, now=NOON)
    with pytest.raises(NotNow):
        actions_quotations.decline_quotation(actor=desk.amina, quotation=sent, now=NOON)
    newest = queries_enquiries.messages(desk.talk, side=Side.BUYER, language="en")[-1]
    assert newest.text.endswith("The reason: 原料涨价")


def test_a_buyer_declines(desk: Desk) -> None:
    sent = desk.sent()
    with pytest.raises(Refused):
        actions_quotations.decline_quotation(actor=desk.amina, quotation=sent, reason="a" * 501, now=NOON)
    actions_quotations.decline_quotation(actor=desk.amina, quotation=sent, now=NOON)
    assert state(sent) == "declined"
    with pytest.raises(AlreadyDone):
        actions_quotations.decline_quotation(actor=desk.amina, quotation=sent, now=NOON)
    again = desk.revised(sent)
    assert (state(sent), state(again)) == ("declined", "sent")


def test_the_next_version_counts_and_the_one_before_does_not(desk: Desk) -> None:
    first = desk.sent()
    draft = actions_quotations.revise(actor=desk.li, quotation=first, now=NOON)
    assert actions_quotations.revise(actor=desk.li, quotation=first, now=NOON) == draft
    assert state(first) == "sent"
    view = queries_quotations.quotation(draft, side=Side.STALL)
    assert view is not None
    assert (view.version, view.is_newest, view.lines[0].ladder) == (2, False, CLIPS.ladder)
    cheaper = replace(CLIPS, ladder=(QuotedStep(10_000, 8200),))
    desk.sent(cheaper, quotation=draft, terms=replace(TERMS, currency="USD"))
    assert (state(first), state(draft)) == ("superseded", "sent")
    versions = queries_quotations.versions(first, side=Side.BUYER)
    assert [(card.version, card.is_newest, card.currency) for card in versions] == [(2, True, "USD"), (1, False, "CNY")]
    newest = queries_enquiries.messages(desk.talk, side=Side.BUYER, language="en")[-1]
    assert newest.text.endswith("Mind that the version before was in CNY.")


def test_nothing_is_quoted_in_a_closed_enquiry(desk: Desk) -> None:
    draft = desk.save()
    number = queries_enquiries.conversation(desk.talk, reader=desk.li, language="en")
    assert number is not None
    assert number.card.enquiry is not None
    close_enquiry(actor=desk.amina, enquiry=number.card.enquiry, now=NOON)
    for refused in (desk.save, lambda: actions_quotations.send(actor=desk.li, quotation=draft, now=NOON)):
        with pytest.raises(NotNow):
            refused()
