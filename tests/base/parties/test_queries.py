from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from sundry.base.access.rules import Kind, Position
from sundry.base.parties import actions, queries
from sundry.base.parties.models import Membership, Organisation, Person
from sundry.base.parties.rules import Address


@pytest.fixture
def firm(town: Any) -> uuid.UUID:
    made: uuid.UUID = town.organisation(Kind.AGENT, town.person("Li"))
    return made


def fill(organisation: uuid.UUID, count: int) -> None:
    people = Person.objects.bulk_create(
        Person(name=f"Member {number}", email=f"member{number}@market.example") for number in range(count)
    )
    Membership.objects.bulk_create(
        Membership(person=person, organisation_id=organisation, position="member") for person in people
    )


@pytest.mark.parametrize("count", [2, 300])
def test_members_come_in_the_order_in_which_they_joined_a_page_a_statement(
    town: Any, firm: uuid.UUID, count: int, django_assert_num_queries: Any
) -> None:
    fill(firm, count)
    names, after = [], None
    while True:
        with django_assert_num_queries(1):
            page = queries.members(firm, after=after)
        assert len(page.members) <= queries.PAGE
        names += [member.name for member in page.members]
        if page.next is None:
            break
        after = page.next
    assert names == ["Li", *(f"Member {number}" for number in range(count))]


def test_a_contact_is_masked_unless_it_may_be_known(firm: uuid.UUID) -> None:
    fill(firm, 1)
    assert queries.members(firm).members[1].contact == "me***@market.example"
    assert queries.members(firm, whole=True).members[1].contact == "member0@market.example"


def test_who_left_is_no_member(town: Any, firm: uuid.UUID) -> None:
    wang = town.person("Wang")
    Membership.objects.filter(id=town.join(firm, wang)).update(ended_at=town.now)
    assert [member.name for member in queries.members(firm).members] == ["Li"]
    assert queries.capacities(wang) == ()
    assert queries.membership(wang, firm) is None
    assert queries.held(wang) == ()


def test_what_a_person_may_act_as_the_oldest_first(town: Any, firm: uuid.UUID, django_assert_num_queries: Any) -> None:
    chen = town.person("Chen")
    town.join(firm, chen)
    stall = town.organisation(Kind.STALL, chen, name="A-1021")
    with django_assert_num_queries(1):
        held = queries.capacities(chen)
    assert [(item.organisation, item.kind, item.position) for item in held] == [
        (firm, Kind.AGENT, Position.MEMBER),
        (stall, Kind.STALL, Position.ADMINISTRATOR),
    ]
    with django_assert_num_queries(1):
        assert [item.organisation.id for item in queries.held(chen)] == [firm, stall]


def test_a_person_is_found_for_a_code_by_one_statement_or_not_found_by_one(
    town: Any, django_assert_num_queries: Any
) -> None:
    li = town.person("Li", phone="+8613800138000")
    closed = town.person("Closed", phone="+8613800138001")
    Person.objects.filter(id=closed).update(is_active=False)
    for phone, expected in (("+8613800138000", li), ("+8613800138001", None), ("+8613800138002", None)):
        with django_assert_num_queries(1):
            found = queries.person_for_code(email=None, phone=phone)
        assert (found.id if found else None) == expected


@pytest.mark.parametrize("count", [3, 60])
def test_the_operators_queue_is_masked_and_paged(town: Any, count: int, django_assert_num_queries: Any) -> None:
    li = town.person("Li")
    Organisation.objects.bulk_create(
        Organisation(
            kind="agent",
            name=f"Firm {number}",
            registration="91990000MA0000001B",
            verification="submitted",
            submitted_at=town.now - timedelta(minutes=number // 2),  # some at the same moment
            submitted_by_id=li,
        )
        for number in range(count)
    )
    with django_assert_num_queries(1):
        first = queries.waiting()
    assert len(first.waiting) == min(count, queries.PAGE)
    assert {(item.submitted_by, item.contact) for item in first.waiting} == {("Li", "l***@market.example")}
    rest = queries.waiting(after=first.next).waiting if first.next else []
    shown = [*first.waiting, *rest]
    assert len({item.organisation.id for item in shown}) == len(shown) == count
    assert shown[0].organisation.name.removeprefix("Firm ") in (str(count - 1), str(count - 2))  # waited longest
    handed_in = [item.organisation.submitted_at for item in shown]
    assert handed_in == sorted(handed_in)


def test_invitations_are_listed_while_they_are_open(town: Any, firm: uuid.UUID) -> None:
    actor = town.acting(queries.members(firm).members[0].person, firm)
    for name in ("wang", "chen"):
        actions.invite(
            actor=actor,
            organisation=firm,
            position=Position.MEMBER,
            address=Address(email=f"{name}@market.example"),
            language="en",
            now=town.now,
        )
    shown = queries.invitations(firm, now=town.now)
    assert [(item.contact, item.state.value, item.invited_by) for item in shown] == [
        ("chen@market.example", "open", "Li"),
        ("wang@market.example", "open", "Li"),
    ]
    later = queries.invitations(firm, now=town.now + timedelta(days=7))
    assert later == ()


def test_what_is_not_there_is_none(town: Any) -> None:
    nobody = uuid.uuid4()
    assert queries.person(nobody) is None
    assert queries.organisation(nobody) is None
    assert queries.member(nobody) is None
    assert queries.invitation(nobody, now=town.now) is None
    assert queries.invitation_of("nothing", now=town.now) is None
    assert not queries.has_operator()


def test_people_are_named_by_their_ids(town: Any, django_assert_num_queries: Any) -> None:
    li, wang = town.person("Li"), town.person("Wang")
    with django_assert_num_queries(1):
        assert queries.names_of([li, wang, uuid.uuid4()]) == {li: "Li", wang: "Wang"}


def test_organisations_are_named_by_their_ids(town: Any, firm: uuid.UUID, django_assert_num_queries: Any) -> None:
    other = town.organisation(name="Lotus Pond")
    with django_assert_num_queries(1):
        found = queries.organisation_names([firm, other, uuid.uuid4()])
    assert found == {firm: queries.organisation(firm).name, other: "Lotus Pond"}
