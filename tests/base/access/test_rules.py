"""The one decision, and what is kept of an address."""

from __future__ import annotations

import uuid

import pytest

from sundry.base.access.rules import (
    ADMINISTRATORS,
    EVERYBODY,
    MEMBERS,
    PERSON,
    ROLES,
    SIGNED_IN,
    VISITOR,
    Actor,
    Decision,
    Kind,
    Operation,
    Owner,
    Position,
    counted_address,
    decide,
    masked_network,
    may_ever,
    names,
    of_kinds,
    role_of,
)

MINE, OTHERS = uuid.UUID(int=1), uuid.UUID(int=2)
AGENT = Actor(role=role_of(Kind.AGENT, Position.MEMBER), person=uuid.UUID(int=3), organisation=MINE)
AUDITOR = Actor(role=role_of(Kind.AUDITOR, Position.MEMBER), person=uuid.UUID(int=4), organisation=OTHERS)
READ = Operation("job.read", own=of_kinds(Kind.AGENT) | {PERSON}, foreign=of_kinds(Kind.AUDITOR))
DESK = Operation("job.start", own=SIGNED_IN, open_desk=True)


def test_there_are_twenty_two_roles() -> None:
    assert len(set(ROLES)) == len(ROLES) == 22
    assert set(ROLES) == EVERYBODY
    assert len(MEMBERS) == 20
    assert len(ADMINISTRATORS) == 10
    assert names({VISITOR, AGENT.role}) == ["visitor", "agent"]
    assert str(role_of(Kind.AGENT, Position.ADMINISTRATOR)) == "agent.administrator"


@pytest.mark.parametrize(
    ("actor", "owner", "decision"),
    [
        (AGENT, None, Decision.ALLOWED),
        (AGENT, Owner(organisation=MINE), Decision.ALLOWED),
        (AGENT, Owner(organisation=OTHERS), Decision.NOT_FOUND),
        (AUDITOR, Owner(organisation=MINE), Decision.ALLOWED),
        (AUDITOR, None, Decision.FORBIDDEN),
        (Actor(role=PERSON, person=MINE), Owner(person=MINE), Decision.ALLOWED),
        (Actor(role=PERSON, person=MINE), Owner(person=OTHERS), Decision.NOT_FOUND),
        (Actor(), Owner(organisation=MINE), Decision.SIGN_IN),
        (Actor(), None, Decision.SIGN_IN),
        (Actor(role=role_of(Kind.BANK, Position.MEMBER)), Owner(organisation=MINE), Decision.FORBIDDEN),
    ],
)
def test_the_decision(actor: Actor, owner: Owner | None, decision: Decision) -> None:
    assert decide(READ, actor, owner) is decision


def test_a_person_does_not_own_what_her_organisation_owns() -> None:
    assert not Actor(person=MINE).owns(Owner(person=MINE, organisation=OTHERS))
    assert AGENT.owns(AGENT.owner())


def test_what_nobody_owns_belongs_to_whoever_has_its_link() -> None:
    assert Actor().owns(Owner())


def test_a_visitor_may_at_an_open_desk_only() -> None:
    assert decide(DESK, Actor()) is Decision.SIGN_IN
    assert decide(DESK, Actor(open_desk=True)) is Decision.ALLOWED
    assert decide(DESK, Actor(open_desk=True), Owner(person=MINE)) is Decision.SIGN_IN


def test_a_token_does_what_it_was_made_for_and_nothing_else() -> None:
    token = Actor(role=AGENT.role, person=AGENT.person, organisation=MINE, scopes=frozenset({"job.start"}))
    assert decide(DESK, token) is Decision.ALLOWED
    assert decide(READ, token) is Decision.FORBIDDEN
    assert decide(READ, token, Owner(organisation=OTHERS)) is Decision.FORBIDDEN


def test_a_guard_lets_in_who_may_with_some_object() -> None:
    assert may_ever(READ, AGENT)
    assert may_ever(READ, AUDITOR)
    assert not may_ever(READ, Actor())
    assert not may_ever(READ, Actor(role=AUDITOR.role, scopes=frozenset()))


def test_no_operation_gives_a_visitor_what_is_anothers() -> None:
    with pytest.raises(ValueError, match="visitor"):
        Operation("x", own=EVERYBODY, foreign=EVERYBODY)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_of_an_address_the_network_is_kept(address: str, network: str) -> None:
    assert masked_network(address) == network


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix:", "unix:"),
        ("", ""),
    ],
)
def test_a_visitor_is_counted_by_what_is_hers(address: str, counted: str) -> None:
    assert counted_address(address) == counted
