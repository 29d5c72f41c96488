"""What the tests of notices share: organisations with people, and a short way to tell them something."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from sundry.base.access.rules import Actor, Kind, Position, Through, role_of
from sundry.base.notifications import actions
from sundry.base.notifications.rules import Notice

MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)  # 09:00 in Shanghai
VALUES: dict[str, dict[str, Any]] = {
    "order.confirmed": {"order": 10234, "codes": "10234-3"},
    "order.late": {"order": 10234, "codes": "10234-3"},
    "message.sent": {"enquiry": 1002},
}


@dataclass
class Office:
    """An organisation and its people, each by e-mail."""

    organisation: uuid.UUID
    people: list[Any] = field(default_factory=list)

    @property
    def person(self) -> Any:
        return self.people[0]

    @property
    def actor(self) -> Actor:
        role = role_of(Kind.BUYER, Position.ADMINISTRATOR)
        return Actor(role=role, person=self.person.id, organisation=self.organisation, through=Through.PAGE)

    def tell(self, kind: str = "order.confirmed", *, at: datetime = MORNING, count: int = 1, **named: Any) -> None:
        values = VALUES[kind] | named.pop("values", {})
        given = Notice(self.organisation, kind, values, named.pop("link", "/orders/10234/"), **named)
        for _ in range(count):
            actions.notify(notices=[given], now=at)


@pytest.fixture
def office() -> Callable[..., Office]:
    """office() founds another organisation; the test asks for the database itself."""
    from sundry.base.parties.models import Membership, Organisation, Person

    def found(*languages: str) -> Office:
        number = uuid.uuid4().hex[:12]
        organisation = Organisation.objects.create(kind=Kind.BUYER, name=f"Buyer {number}")
        made = Office(organisation.id)
        for index, language in enumerate(languages or ("en",)):
            email = f"{number}-{index}@market.example"
            person = Person.objects.create(name="Li", email=email, language=language)
            Membership.objects.create(person=person, organisation=organisation, position=Position.ADMINISTRATOR)
            made.people.append(person)
        return made

    return found


@pytest.fixture
def posted() -> Callable[[], list[Any]]:
    """The messages of the outbox that tell of notices, in the order in which they were posted."""
    from sundry.base.outbox.models import OutgoingMessage

    return lambda: list(OutgoingMessage.objects.filter(key__startswith="notices-").order_by("id"))
