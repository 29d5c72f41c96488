"""What the tables refuse, whoever writes."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from sundry.base.parties.models import Invitation, Membership, Organisation, Person
from sundry.base.parties.rules import token_hash

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def refuses(model: Any, good: dict[str, Any], wrong: dict[str, Any]) -> bool:
    """Whether the table takes `good` and refuses it with `wrong` in it."""
    with transaction.atomic():
        model.objects.create(**good).delete()
    try:
        with transaction.atomic():
            model.objects.create(**good | wrong)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": None},
        {"email": ""},
        {"email": "Li@market.example"},
        {"phone": "13800138000"},
        {"phone_verified_at": NOW},
        {"password": "pbkdf2_sha256$1$a$b"},
        {"password": ""},
    ],
)
def test_a_person_that_cannot_be(wrong: dict[str, Any]) -> None:
    assert refuses(Person, {"email": "li@market.example"}, wrong)


def test_an_address_belongs_to_one_person() -> None:
    Person.objects.create_user(email="li@market.example", phone="+8613800138000")
    for taken in ({"email": "li@market.example"}, {"phone": "+8613800138000"}):
        assert refuses(Person, {"email": "wang@market.example", "phone": "+8613800138001"}, taken)


def test_an_address_that_a_library_empties_is_none() -> None:
    person = Person.objects.create_user(email="li@market.example", phone="+8613800138000")
    person.email = ""
    person.save(update_fields=["email"])
    assert Person.objects.get(id=person.id).email is None


def test_everybody_is_born_without_a_password() -> None:
    made = [Person.objects.create(email=f"{number}@market.example") for number in range(2)]
    assert not any(person.has_usable_password() for person in made)
    assert made[0].password != made[1].password


def test_a_person_never_shows_her_name_in_a_log() -> None:
    assert str(Person(name="Li", email="li@market.example", id=uuid.UUID(int=7))) == str(uuid.UUID(int=7))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "smuggler"},
        {"name": ""},
        {"country": "cn"},
        {"registration": "91990000MA000000"},
        {"registration": "91990000ma0000001b"},
        {"verification": "maybe"},
        {"verification": "submitted"},  # nothing was handed in
        {"reason": "It is not there."},  # of nothing that was refused
        {"decided_at": NOW},
    ],
)
def test_an_organisation_that_cannot_be(wrong: dict[str, Any]) -> None:
    assert refuses(Organisation, {"kind": "agent", "name": "Lianhua"}, wrong)


def handed_in(person: Person) -> dict[str, Any]:
    return {
        "kind": "agent",
        "name": "Lianhua",
        "registration": "91990000MA0000001B",
        "submitted_at": NOW,
        "submitted_by": person,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"verification": "verified"},  # by nobody
        {"verification": "refused", "reason": "It is not there."},
        {"registration": None},
        {"submitted_by": None},
    ],
)
def test_a_verification_that_nobody_handed_in_or_decided(wrong: dict[str, Any]) -> None:
    person = Person.objects.create_user(email="li@market.example")
    assert refuses(Organisation, handed_in(person) | {"verification": "submitted"}, wrong)


def test_a_refusal_has_a_reason() -> None:
    person = Person.objects.create_user(email="li@market.example")
    refusal = {"verification": "refused", "reason": "It is not there.", "decided_at": NOW, "decided_by": person}
    assert refuses(Organisation, handed_in(person) | refusal, {"reason": ""})


def test_a_number_is_verified_once_and_handed_in_as_often_as_people_like() -> None:
    person = Person.objects.create_user(email="li@market.example")
    verified = {"verification": "verified", "decided_at": NOW, "decided_by": person}
    Organisation.objects.create(**handed_in(person) | verified)
    assert refuses(Organisation, handed_in(person) | {"verification": "submitted"}, verified)


def test_only_a_stall_belongs_to_another() -> None:
    merchant = Organisation.objects.create(kind="merchant", name="Lotus Pond")
    assert refuses(Organisation, {"kind": "stall", "name": "A-1", "parent": merchant}, {"kind": "agent"})


def test_nobody_belongs_to_an_organisation_twice_at_a_time() -> None:
    person = Person.objects.create_user(email="li@market.example")
    firm = Organisation.objects.create(kind="agent", name="Lianhua")
    Membership.objects.create(person=person, organisation=firm, position="member", ended_at=NOW)
    good = {"person": person, "organisation": firm, "position": "member"}
    assert refuses(Membership, good, {"position": "owner"})
    Membership.objects.create(**good)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**good)


@pytest.mark.parametrize(
    "wrong",
    [
        {"position": "owner"},
        {"email": None},
        {"phone": "+8613800138000"},  # as well as an e-mail address
        {"email": None, "phone": "13800138000"},
        {"accepted_at": NOW},  # by nobody
    ],
)
def test_an_invitation_that_cannot_be(wrong: dict[str, Any]) -> None:
    firm = Organisation.objects.create(kind="agent", name="Lianhua")
    good = {
        "organisation": firm,
        "position": "member",
        "email": "li@market.example",
        "token_hash": token_hash("a"),
        "expires_at": NOW,
    }
    assert refuses(Invitation, good, wrong)


def test_an_address_has_one_open_invitation_to_an_organisation() -> None:
    firm = Organisation.objects.create(kind="agent", name="Lianhua")
    good = {"organisation": firm, "position": "member", "email": "li@market.example", "expires_at": NOW}
    first = Invitation.objects.create(**good, token_hash=token_hash("a"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(**good, token_hash=token_hash("b"))
    Invitation.objects.filter(id=first.id).update(withdrawn_at=NOW)
    Invitation.objects.create(**good, token_hash=token_hash("b"))
