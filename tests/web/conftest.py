"""People of every role, signed in or with tokens, and jobs that are done, for the tests of the web."""

from __future__ import annotations

import importlib.util
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from sundry.base.access.rules import Role


def _fixtures_of_shipping() -> Any:
    place = Path(__file__).parents[1] / "goods" / "shipping" / "conftest.py"
    spec = importlib.util.spec_from_file_location("fixtures_of_shipping", place)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_shipping = _fixtures_of_shipping()
made, files, make_job = _shipping.made, _shipping.files, _shipping.make_job


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a role: her browser, herself, the organisation she acts for."""

    client: Client
    person: uuid.UUID | None
    organisation: uuid.UUID | None
    membership: uuid.UUID | None


SignIn = Callable[..., Member]


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """sign_in(role) makes a person of that role in an organisation of her own; `organisation` puts her into one."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from sundry.base.parties.models import Membership, Organisation

    def make(role: Role, *, organisation: uuid.UUID | None = None, **options: Any) -> Member:
        client = Client(headers={"host": "localhost"}, **options)
        if role.name == "visitor":
            return Member(client, None, None, None)
        number = uuid.uuid4().hex[:12]
        person = get_user_model().objects.create(name=f"Person {number}", email=f"{number}@example.com")
        membership = None
        if role.kind is not None:
            if organisation is None:
                organisation = Organisation.objects.create(kind=role.kind.value, name=f"Organisation {number}").id
            membership = Membership.objects.create(
                person=person, organisation_id=organisation, position=role.position
            ).id
        client.force_login(person)
        return Member(client, person.pk, organisation, membership)

    return make


@pytest.fixture
def bearer(db: None) -> Callable[..., Client]:
    """bearer(member, *scopes) makes a token that acts for her, and a client that shows it."""
    from django.test import Client
    from django.utils import timezone

    from sundry.base.access.actions import create_token
    from sundry.base.access.rules import Actor

    def make(member: Member, *scopes: str) -> Client:
        actor = Actor(person=member.person, organisation=member.organisation)
        made = create_token(actor=actor, name="Scales", scopes=scopes, days=1, now=timezone.now())
        return Client(headers={"host": "localhost", "authorization": f"Bearer {made.secret}"})

    return make
