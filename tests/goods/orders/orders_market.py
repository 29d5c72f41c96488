"""A small market for the tests of orders, made by code in a few statements: sellers, stalls, goods, buyers, agents.

    market = Market()                                  # needs the database (`db`, or `transactional_db`)
    li = market.seller("Li")                           # an actor who holds stalls
    stall = market.stall(li)                           # an open one of hers: .id, .number
    cup = market.good(stall, stock_pieces=500)         # listed, from 1 piece at 3.20 yuan: its number
    cups = market.goods(stall, 40)                     # forty like it: their numbers
    amina = market.buyer(); zhou = market.agent()      # actors
    held = market.mandate(zhou, amina)                 # Zhou buys on behalf of Amina: the mandate's id
    placed = market.order(amina, {cup: 3, cups[0]: 5})         # placed: number, codes ("10001-1" ...)
    market.subs(placed.order)                          # its sub-orders' ids, by position
    market.confirm(li, placed.order)                   # all of it that is Li's

`market.now` is noon (UTC) of 2026-11-22; `market.stock(cup)`, `market.shelf(cup)` say what the stall's count and the
ledger know of a good, `market.claims(sub)` what a stall may claim.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sundry.base.access.rules import PERSON, Actor, Kind, Position, role_of
from sundry.base.ledger.models import Account
from sundry.base.parties import actions as parties
from sundry.base.parties import queries as people
from sundry.base.parties.rules import Address
from sundry.goods.catalogue import actions_stalls, bulk
from sundry.goods.catalogue.bulk_rows import LoadedGood
from sundry.goods.catalogue.models import Good, GoodVariant, Stall
from sundry.goods.catalogue.rules import Draft, Hall, NewStall, Place, State, Step
from sundry.goods.orders.models import Mandate, StallTerms, SubOrder
from sundry.goods.orders.order_rules import Head, MandateState, Placed, Wish
from sundry.kernel.identifiers import new_id

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)  # a Sunday; 20:00 in Shanghai
TODAY = date(2026, 11, 22)
CUP: Mapping[str, Any] = {"names": {"zh": "牙刷杯", "en": "Toothbrush cup"}, "ladder": (Step(1, 320), Step(1200, 285))}


@dataclass(frozen=True, slots=True)
class Booth:
    id: uuid.UUID
    number: int


class Market:
    now = NOON
    today = TODAY

    def __init__(self) -> None:
        self._count = itertools.count(1)
        self.operator = self._founder("Wu", Kind.OPERATOR)
        actions_stalls.register_halls(actor=self.operator, halls=[Hall("1", {"zh": "一区"}, {})], now=NOON)

    # Who trades

    def seller(self, name: str = "Li", kind: Kind = Kind.STALL) -> Actor:
        return self._founder(name, kind)

    def buyer(self, name: str = "Amina") -> Actor:
        return self._founder(name, Kind.BUYER)

    def agent(self, name: str = "Zhou") -> Actor:
        return self._founder(name, Kind.AGENT)

    def mandate(self, agent: Actor, buyer: Actor | None, **fields: Any) -> uuid.UUID:
        """In force. `buyer` None: a client who is not in the market."""
        given: dict[str, Any] = {"valid_from": TODAY, "state": MandateState.IN_FORCE.value} | fields
        if buyer is None:
            given = {"client_name": "Diallo", "client_country": "SN"} | given
        made = Mandate.objects.create(
            agent_id=agent.organisation, buyer_id=buyer.organisation if buyer else None, **given
        )
        return made.id

    # What is sold

    def stall(self, seller: Actor | None = None, *, is_open: bool = True, **terms: Any) -> Booth:
        """Of `seller`, None: of nobody. `terms`: fields of StallTerms."""
        place = Place("1", 2, "C", str(1200 + next(self._count)))
        new = NewStall(place, {"zh": "日用百货", "en": "Sundries"})
        (stall,) = actions_stalls.register_stalls(actor=self.operator, stalls=[new], now=NOON)
        organisation = seller.organisation if seller is not None else None
        Stall.objects.filter(id=stall).update(organisation=organisation, is_open=is_open)
        if terms:
            StallTerms.objects.create(stall_id=stall, **terms)
        return Booth(stall, Stall.objects.values_list("number", flat=True).get(id=stall))

    def good(self, stall: Booth, *, state: State = State.LISTED, **fields: Any) -> int:
        return self.goods(stall, 1, state=state, **fields)[0]

    def goods(self, stall: Booth, count: int, *, state: State = State.LISTED, **fields: Any) -> list[int]:
        draft = Draft(**{**CUP, **fields})
        loaded = [LoadedGood(new_id(), stall.id, draft, NOON, state) for _ in range(count)]
        bulk.load_goods(loaded, announce=False)
        numbers = dict(Good.objects.filter(id__in=[one.id for one in loaded]).values_list("id", "number"))
        return [numbers[one.id] for one in loaded]

    def variants(self, good: int) -> list[uuid.UUID]:
        found = GoodVariant.objects.filter(good__number=good).order_by("position")
        return list(found.values_list("id", flat=True))

    # Orders

    def order(self, buyer: Actor, wanted: Mapping[int, int], head: Head | None = None, **more: Any) -> Placed:
        """`wanted`: pieces by the number of the good."""
        from sundry.goods.orders.actions_placing import place_wishes

        wishes = [Wish(pieces=pieces, good=good) for good, pieces in wanted.items()]
        return place_wishes(actor=buyer, head=head or Head(), wishes=wishes, **{"now": NOON, **more})

    def subs(self, order: int) -> list[uuid.UUID]:
        return list(SubOrder.objects.filter(order__number=order).order_by("position").values_list("id", flat=True))

    def confirm(self, seller: Actor, order: int, **more: Any) -> list[uuid.UUID]:
        """All sub-orders of the order that are this seller's; which."""
        from sundry.goods.orders.actions_answering import confirm

        mine = SubOrder.objects.filter(order__number=order, seller=seller.organisation).order_by("position")
        subs: Sequence[uuid.UUID] = list(mine.values_list("id", flat=True))
        confirm(actor=seller, subs=subs, **{"now": NOON, **more})
        return list(subs)

    # What is known of it

    def unread(self, actor: Actor) -> int:
        """New messages for an actor's organisation, as the header of her pages tells them."""
        from sundry.goods.orders.queries_enquiries import unread_of

        assert actor.person is not None
        held = people.capacities(actor.person, unread=unread_of(people.CAPACITY))
        return next(one.unread for one in held if one.organisation == actor.organisation)

    def stock(self, good: int) -> int | None:
        return Good.objects.values_list("stock_pieces", flat=True).get(number=good)

    def shelf(self, good: int) -> int:
        """What the ledger says may still be promised."""
        return self._account(f"title:{Good.objects.get(number=good).id}", "shelf")

    def reserved(self, good: int) -> int:
        return self._account(f"title:{Good.objects.get(number=good).id}", "reserved")

    def claims(self, sub: uuid.UUID) -> int:
        found = Account.objects.get(id=SubOrder.objects.values_list("claims", flat=True).get(id=sub))
        return found.credits_posted - found.debits_posted

    def _account(self, unit: str, purpose: str) -> int:
        found = Account.objects.get(unit=unit, purpose=purpose)
        return found.credits_posted - found.debits_posted - found.debits_pending

    def person(self, name: str) -> uuid.UUID:
        address = Address(f"{name.lower()}{next(self._count)}@market.example", None)
        return parties.register_person(actor=Actor(), address=address, name=name, language="en", proven_at=NOON)

    def _founder(self, name: str, kind: Kind) -> Actor:
        person = self.person(name)
        if kind is Kind.OPERATOR:
            parties.found_operator(actor=Actor(), name=name, administrator=person)
        else:
            founder = Actor(role=PERSON, person=person)
            parties.register_organisation(actor=founder, kind=kind, name=name, administrator=person)
        (capacity,) = people.capacities(person)
        role = role_of(capacity.kind, Position.ADMINISTRATOR)
        return Actor(role=role, person=person, organisation=capacity.organisation)
