"""A stall that quotes to a buyer, for the tests of quotations."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from orders_market import NOON, Market

from sundry.base.access.rules import Actor
from sundry.goods.orders import actions_quotations, queries_enquiries
from sundry.goods.orders.actions_enquiries import ask
from sundry.goods.orders.enquiry_rules import Accepted, Question, QuotedLine, QuotedStep, Terms
from sundry.goods.orders.order_rules import Side

FRIDAY = date(2026, 11, 27)
TERMS = Terms(valid_until=FRIDAY, lead_time_days=12, incoterm="FOB", place="Ningbo", packing="OPP袋", deposit_bp=3000)
CLIPS = QuotedLine((QuotedStep(10_000, 8500), QuotedStep(50_000, 8200)), 12_000, price_per=1000, names={"zh": "发夹"})


class Desk:
    """Li quotes to Amina in `talk`."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.li, self.amina = market.seller("Li"), market.buyer("Amina")
        self.stall = market.stall(self.li)
        self.talk = self.talk_with(self.amina)

    def talk_with(self, buyer: Actor, **more: Any) -> uuid.UUID:
        question = Question("发夹有吗？", "zh", stalls=(self.stall.number,), destination="MA")
        ask(actor=buyer, question=question, now=NOON, **more)
        assert self.li.organisation is not None
        found = queries_enquiries.conversations(organisation=self.li.organisation, side=Side.STALL, language="zh")
        return found[0].id

    def save(self, *lines: QuotedLine, terms: Terms = TERMS, **more: Any) -> uuid.UUID:
        given: dict[str, Any] = {"actor": self.li, "conversation": self.talk, "now": NOON} | more
        return actions_quotations.save_quotation(terms=terms, lines=lines or (CLIPS,), **given)

    def sent(self, *lines: QuotedLine, terms: Terms = TERMS, **more: Any) -> uuid.UUID:
        made = self.save(*lines, terms=terms, **more)
        actions_quotations.send(actor=self.li, quotation=made, now=NOON)
        return made

    def revised(self, of: uuid.UUID, *lines: QuotedLine, terms: Terms = TERMS) -> uuid.UUID:
        made = actions_quotations.revise(actor=self.li, quotation=of, now=NOON)
        return self.sent(*lines, terms=terms, quotation=made)

    def accept(self, *quotations: uuid.UUID, **more: Any) -> Accepted:
        given: dict[str, Any] = {"actor": self.amina, "now": NOON} | more
        return actions_quotations.accept_quotations(quotations=quotations, **given)
