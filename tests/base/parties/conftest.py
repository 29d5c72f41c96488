"""People and organisations for tests, made by the very actions."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from sundry.base.access.models import AuditEntry
from sundry.base.access.rules import PERSON, Actor, Kind, Position, role_of
from sundry.base.outbox.models import OutgoingMessage
from sundry.base.parties import actions, queries
from sundry.base.parties.models import Membership, Person
from sundry.base.parties.rules import Address

NOON = datetime(2026, 4, 20, 12, tzinfo=UTC)


class Town:
    """person("Li"), organisation(Kind.AGENT, li), acting(li, firm), join(firm, wang)."""

    now = NOON

    def __init__(self) -> None:
        self.number = itertools.count()

    def person(self, name: str = "Li", *, phone: str | None = None, language: str = "en") -> uuid.UUID:
        email = None if phone else f"{name.lower()}{next(self.number)}@market.example"
        return actions.register_person(
            actor=Actor(), address=Address(email, phone), name=name, language=language, proven_at=NOON
        )

    def organisation(
        self, kind: Kind = Kind.AGENT, founder: uuid.UUID | None = None, name: str = "Lianhua"
    ) -> uuid.UUID:
        founder = founder or self.person()
        if kind is Kind.OPERATOR:
            return actions.found_operator(actor=Actor(), name=name, administrator=founder)
        role = role_of(Kind.OPERATOR, Position.ADMINISTRATOR) if kind in (Kind.AUDITOR, Kind.BANK) else PERSON
        return actions.register_organisation(
            actor=Actor(role=role, person=founder), kind=kind, name=name, administrator=founder
        )

    def join(self, organisation: uuid.UUID, person: uuid.UUID, position: Position = Position.MEMBER) -> uuid.UUID:
        """The membership."""
        return Membership.objects.create(person_id=person, organisation_id=organisation, position=position).id

    def acting(self, person: uuid.UUID, organisation: uuid.UUID | None = None) -> Actor:
        """The person as she acts for the organisation, for herself without one."""
        for capacity in queries.capacities(person):
            if capacity.organisation == organisation:
                return Actor(role=role_of(capacity.kind, capacity.position), person=person, organisation=organisation)
        return Actor(role=PERSON, person=person)

    def membership(self, person: uuid.UUID, organisation: uuid.UUID) -> uuid.UUID:
        found = queries.membership(person, organisation)
        assert found is not None
        return found.membership

    def client(self, person: uuid.UUID) -> Client:
        """A browser in which the person is signed in."""
        client = Client()
        client.force_login(Person.objects.get(id=person))
        return client


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def traces() -> Callable[[], tuple[Any, ...]]:
    """What an action leaves: memberships, states, audit entries, messages. A refused one leaves nothing."""

    def look() -> tuple[Any, ...]:
        return (
            list(Membership.objects.order_by("id").values()),
            [queries.organisation(row["organisation_id"]) for row in Membership.objects.order_by("id").values()],
            AuditEntry.objects.count(),
            OutgoingMessage.objects.count(),
        )

    return look
