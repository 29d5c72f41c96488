"""A small market with something in its ledger, for the tests of what people see of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sundry.base.access.rules import Actor, Kind, Position
from sundry.base.ledger import actions
from sundry.base.ledger.rules import Event, Transfer, Unit, UnitKind
from sundry.base.ledger.rules import Kind as Way
from sundry.kernel.identifiers import new_id

if TYPE_CHECKING:
    from django.test import Client

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CNY = "currency:CNY"


class Books:
    """organisation(Kind.STALL), client(stall), account(stall, "payable"), move((debit, credit, amount), ...)."""

    def __init__(self) -> None:
        actions.open_units(
            units=[
                Unit(UnitKind.CURRENCY, "CNY", 2),
                Unit(UnitKind.CURRENCY, "JPY", 0),
                Unit(UnitKind.CURRENCY, "KWD", 3),
                Unit(UnitKind.TITLE, "lot-7"),
                Unit(UnitKind.CUSTODY, "lot-7"),
                Unit(UnitKind.QUOTA, "export", 2),
            ]
        )
        self.kinds: dict[UUID, Kind] = {}

    def organisation(self, kind: Kind = Kind.STALL, name: str = "A12-3") -> UUID:
        from sundry.base.parties.models import Organisation

        made: UUID = Organisation.objects.create(kind=kind.value, name=name).id
        self.kinds[made] = kind
        return made

    def person(self, organisation: UUID | None) -> Any:
        from sundry.base.parties.models import Membership, Person

        person = Person.objects.create(name="Li", email=f"{uuid.uuid4().hex}@example.com")
        if organisation is not None:
            Membership.objects.create(
                person=person, organisation_id=organisation, position=Position.ADMINISTRATOR.value
            )
        return person

    def client(self, organisation: UUID | None, language: str = "en") -> Client:
        """A browser in which somebody of the organisation (None: of no organisation) is signed in."""
        from django.test import Client

        client = Client(headers={"host": "localhost"})
        client.force_login(self.person(organisation))
        client.cookies["language"] = language
        client.get("/health")
        return client

    def program(self, organisation: UUID, *scopes: str) -> Client:
        """A program with a token of that organisation."""
        from django.test import Client
        from django.utils import timezone

        from sundry.base.access.actions import create_token

        actor = Actor(person=self.person(organisation).id, organisation=organisation)
        made = create_token(actor=actor, name="Books", scopes=scopes, days=1, now=timezone.now())
        return Client(headers={"host": "localhost", "authorization": f"Bearer {made.secret}"})

    def account(
        self, owner: UUID | None, purpose: str = "payable", unit: str = CNY, *, floor: int | None = None
    ) -> UUID:
        return actions.open_account(owner=owner, purpose=purpose, unit=unit, floor=floor)

    def move(
        self,
        *moves: tuple[UUID, UUID, int] | Transfer,
        kind: str = "sale",
        document: str = "order:4711",
        actor: str = "person:li",
        corrects: UUID | None = None,
    ) -> Event:
        """Post one event; a move is (debit, credit, amount)."""
        transfers: Sequence[Transfer] = [
            one if isinstance(one, Transfer) else Transfer(new_id(), *one) for one in moves
        ]
        event = Event(new_id(), kind, document, actor, NOON, tuple(transfers), corrects)
        actions.post_or_raise(event=event, now=NOON)
        return event

    def promise(self, debit: UUID, credit: UUID, amount: int) -> Transfer:
        return Transfer(new_id(), debit, credit, amount, Way.PENDING)
