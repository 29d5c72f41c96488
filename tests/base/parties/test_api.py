"""Organisations, members and invitations through the API: the same rules as on the pages."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from sundry.base.access.actions import create_token
from sundry.base.access.models import AuditEntry
from sundry.base.access.rules import Actor, Kind, Position
from sundry.base.parties import actions
from sundry.base.parties.models import Invitation, Membership, Organisation

pytestmark = pytest.mark.django_db

SCOPES = ("parties.organisation.list", "parties.organisation.read", "parties.membership.change")


class Office:
    """An organisation with an administrator, and a program that works for her."""

    def __init__(self, name: str, kind: Kind = Kind.AGENT, position: Position = Position.ADMINISTRATOR) -> None:
        from django.utils import timezone

        self.organisation = Organisation.objects.create(kind=kind, name=name).id
        self.person = self.join(name, position)
        actor = Actor(person=self.person, organisation=self.organisation)
        made = create_token(actor=actor, name="Program", scopes=SCOPES, days=1, now=timezone.now())
        self.program = Client(headers={"host": "localhost", "authorization": f"Bearer {made.secret}"})
        self.address = f"/api/organisations/{self.organisation}"

    def join(self, name: str, position: Position) -> uuid.UUID:
        person = get_user_model().objects.create(name=name, email=f"{name.lower()}@example.com")
        Membership.objects.create(person=person, organisation_id=self.organisation, position=position)
        return uuid.UUID(str(person.pk))

    def invite(self, address: str = "wang@example.com", **headers: str) -> Any:
        return self.program.post(f"{self.address}/invitations", {"address": address}, "application/json", **headers)


@pytest.fixture
def office() -> Office:
    return Office("Lianhua")


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_a_program_knows_for_whom_it_works(office: Office) -> None:
    me = office.program.get("/api/me").json()
    assert me == {
        "person": str(office.person),
        "role": "agent.administrator",
        "organisation": str(office.organisation),
        "scopes": sorted(SCOPES),
        "capacities": [
            {"organisation": str(office.organisation), "name": "Lianhua", "kind": "agent", "position": "administrator"}
        ],
    }


def test_a_token_does_not_work_again_when_its_person_comes_back(office: Office) -> None:
    from django.utils import timezone

    office.join("Zhou", Position.ADMINISTRATOR)
    mine = Membership.objects.get(person_id=office.person)
    actions.end_membership(actor=Actor(person=office.person), membership=mine.id, now=timezone.now())
    assert office.program.get(office.address).status_code == 401
    Membership.objects.create(person_id=office.person, organisation_id=office.organisation, position=mine.position)
    assert office.program.get(office.address).status_code == 401
    assert AuditEntry.objects.filter(operation="access.token.revoke").count() == 1


def test_a_token_lists_the_organisation_it_was_made_for(office: Office) -> None:
    other = Organisation.objects.create(kind=Kind.MERCHANT, name="Another of hers")
    Membership.objects.create(person_id=office.person, organisation=other, position=Position.MEMBER)
    assert [item["name"] for item in office.program.get("/api/me").json()["capacities"]] == ["Lianhua"]
    listed = office.program.get("/api/organisations").json()
    assert [item["name"] for item in listed["items"]] == ["Lianhua"]
    browser = Client(headers={"host": "localhost"})
    browser.force_login(get_user_model().objects.get(pk=office.person))
    assert len(browser.get("/api/organisations").json()["items"]) == 2
    assert len(browser.get("/api/me").json()["capacities"]) == 2


def test_an_organisation_is_read_by_its_people_and_the_operator(office: Office) -> None:
    read = office.program.get(office.address).json()
    assert (read["name"], read["kind"], read["verification"]) == ("Lianhua", "agent", "none")
    operator = Office("Operator", Kind.OPERATOR).program
    assert operator.get(office.address).json() == read
    stranger = Office("Stranger").program
    foreign, missing = stranger.get(office.address), stranger.get(f"/api/organisations/{uuid.uuid4()}")
    assert code(foreign) == (404, "access_not_found")
    assert foreign.content == missing.content
    assert code(operator.get(f"/api/organisations/{uuid.uuid4()}")) == (404, "access_not_found")


def test_members_are_paged_and_their_addresses_covered_for_whom_they_do_not_concern(office: Office) -> None:
    for name in ("Wang", "Zhao"):
        office.join(name, Position.MEMBER)
    first = office.program.get(f"{office.address}/members?limit=2").json()
    second = office.program.get(f"{office.address}/members?limit=2&cursor={first['next']}").json()
    assert [item["name"] for item in first["items"] + second["items"]] == ["Lianhua", "Wang", "Zhao"]
    assert second["next"] is None
    assert first["items"][1]["contact"] == "wang@example.com"
    seen = Office("Operator", Kind.OPERATOR).program.get(f"{office.address}/members").json()["items"]
    assert "wang@" not in str(seen)


def test_somebody_is_invited_once_for_each_key(office: Office) -> None:
    first = office.invite(headers={"idempotency-key": "k1"})
    again = office.invite(headers={"idempotency-key": "k1"})
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Invitation.objects.count() == 1
    assert "token" not in str(first.json()), "the link goes to the address alone"
    assert (first.json()["contact"], first.json()["state"]) == ("wang@example.com", "open")
    entry = AuditEntry.objects.latest("id")
    assert (entry.through, entry.object_id) == ("api", str(office.organisation))


@pytest.mark.parametrize("address", ["nobody", "nobody@", "+86 12", "a@b"])
def test_an_address_that_is_none_is_told(office: Office, address: str) -> None:
    answer = office.invite(address)
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "address"
    assert not Invitation.objects.exists()


def test_who_is_a_member_already_is_not_invited(office: Office) -> None:
    assert code(office.invite("lianhua@example.com")) == (409, "already_member")


def test_an_invitation_is_listed_and_withdrawn_once(office: Office) -> None:
    made = office.invite().json()["id"]
    (listed,) = office.program.get(f"{office.address}/invitations").json()["items"]
    assert listed["id"] == made
    answer = office.program.delete(f"{office.address}/invitations/{made}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert code(office.program.delete(f"{office.address}/invitations/{made}")) == (409, "invitation_closed")
    assert office.program.get(f"{office.address}/invitations").json()["items"] == []


def test_invitations_are_paged_and_those_that_have_expired_are_not_listed(office: Office) -> None:
    for number in range(4):
        office.invite(f"{number}@example.com")
    expired = Invitation.objects.get(email="3@example.com")
    Invitation.objects.filter(id=expired.id).update(expires_at=expired.created_at)
    first = office.program.get(f"{office.address}/invitations?limit=2").json()
    second = office.program.get(f"{office.address}/invitations?limit=2&cursor={first['next']}").json()
    assert [item["contact"][0] for item in first["items"] + second["items"]] == ["2", "1", "0"]
    assert second["next"] is None


def test_another_organisations_invitation_is_not_there(office: Office) -> None:
    stranger = Office("Stranger")
    made = office.invite().json()["id"]
    for address in (f"{office.address}/invitations/{made}", f"{stranger.address}/invitations/{made}"):
        assert code(stranger.program.delete(address)) == (404, "access_not_found")
    assert Invitation.objects.get().withdrawn_at is None


def test_a_member_invites_nobody() -> None:
    office = Office("Zhao", position=Position.MEMBER)
    assert code(office.invite()) == (403, "access_forbidden")
