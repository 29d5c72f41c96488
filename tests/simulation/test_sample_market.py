"""The sample is made by the actions that people use, again and again, and takes nothing from anybody."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sundry.base.access.models import AuditEntry
from sundry.base.access.rules import Actor, Kind, Position
from sundry.base.outbox.queries import messages
from sundry.base.parties import actions, queries
from sundry.base.parties.rules import Address, OrganisationInUse, Verification
from sundry.simulation import sample_market as sample

NOON = datetime(2026, 4, 20, 12, tzinfo=UTC)
EVERYTHING = (
    len(sample.PEOPLE) + len(sample.ORGANISATIONS) + 12
)  # codes, goods, a stall, other stalls, orders, an invitation, a shipment, the ledger, four pages


@pytest.fixture
def loaded(db: None) -> sample.Loading:
    return sample.load(now=NOON)


def organisation(kind: Kind) -> Any:
    found = queries.organisation(sample.actor(kind.value, kind).organisation or NOON)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_nothing_of_the_sample_can_belong_to_anybody() -> None:
    for person in sample.PEOPLE:
        assert str(person.address).endswith("@market.example") or str(person.address).startswith("+120255501")
    assert len({person.id for person in sample.PEOPLE}) == len({str(person.address) for person in sample.PEOPLE}) == 20
    assert {organisation.kind for organisation in sample.ORGANISATIONS} == set(Kind)


def test_each_kind_has_an_administrator_and_a_member(loaded: sample.Loading) -> None:
    assert (len(loaded.made), loaded.kept, loaded.left_out) == (EVERYTHING, [], [])
    for one in sample.ORGANISATIONS:
        positions = [member.position for member in queries.members(one.id).members]
        assert {Position.ADMINISTRATOR, Position.MEMBER} == set(positions)
        for key, position in one.people:
            held = {
                capacity.organisation: capacity.position for capacity in queries.capacities(sample.person_named(key).id)
            }  # type: ignore[union-attr]
            assert held[one.id] is position


def test_what_the_sample_shows(loaded: sample.Loading) -> None:
    assert len(queries.capacities(sample.actor("merchant").person)) == 3  # type: ignore[arg-type]
    assert organisation(Kind.STALL).parent == organisation(Kind.MERCHANT).id
    assert organisation(Kind.AGENT).verification is Verification.VERIFIED
    assert [item.organisation.kind for item in queries.waiting().waiting] == [Kind.CARRIER]
    (open_one,) = queries.invitations(organisation(Kind.AGENT).id, now=NOON)
    assert open_one.contact == "newcomer@market.example"
    assert AuditEntry.objects.exclude(through="command").count() == 0


def test_a_second_time_makes_nothing(loaded: sample.Loading) -> None:
    written = len(messages(limit=500).messages)
    again = sample.load(now=NOON + timedelta(days=1))
    assert (again.made, len(again.kept), again.removed) == ([], EVERYTHING, [])
    assert len(messages(limit=500).messages) == written


def test_what_people_changed_stays_and_what_they_took_away_comes_back(loaded: sample.Loading) -> None:
    li = sample.actor("agent", Kind.AGENT)
    agent = li.organisation
    assert agent is not None
    actions.rename(actor=li, organisation=agent, name="Li & Daughters", now=NOON)
    (invitation,) = queries.invitations(agent, now=NOON)
    actions.withdraw_invitation(actor=li, invitation=invitation.id, now=NOON)
    again = sample.load(now=NOON)
    assert again.made == ["newcomer@market.example"]
    assert organisation(Kind.AGENT).name == "Li & Daughters"


def test_a_reset_makes_the_samples_own_anew_and_touches_nobody_elses(loaded: sample.Loading) -> None:
    li = sample.actor("agent", Kind.AGENT)
    assert li.organisation is not None
    assert li.person is not None
    visitor = actions.register_person(actor=Actor(), address=Address(email="me@visitor.example"), name="Visitor")
    own = actions.register_organisation(actor=Actor(person=visitor), kind=Kind.BUYER, name="Visitor's")
    other = actions.register_organisation(actor=sample.actor("agent"), kind=Kind.STALL, name="Li's own stall")
    actions.rename(actor=li, organisation=li.organisation, name="Li & Daughters", now=NOON)
    actions.update_person(actor=li, person=li.person, name="Somebody Else")
    actions.set_language(actor=li, person=li.person, language="fr")
    again = sample.load(now=NOON, reset=True)
    assert (len(again.removed), len(again.made), again.left_out) == (16, 19, [])
    assert organisation(Kind.AGENT).name == "常青外贸 Evergreen Trade"
    shown = queries.person(li.person)
    assert shown is not None
    assert (shown.name, shown.language) == ("李华 Li Hua", "zh-hans")
    assert [item.organisation for item in queries.capacities(visitor)] == [own]
    assert other in [item.organisation for item in queries.capacities(li.person)]


def test_an_address_that_a_visitor_took_is_left_out_and_said(db: None) -> None:
    actions.register_person(actor=Actor(), address=Address(email="auditor@market.example"), name="Visitor")
    loading = sample.load(now=NOON)
    assert [(name, fault.rule) for name, fault in loading.left_out] == [
        ("Ingrid Solberg", "address_taken"),
        ("Plumb Line Auditors", "person_not_there"),
    ]
    assert len(loading.made) == EVERYTHING - 2


def test_what_is_in_use_is_not_reset(loaded: sample.Loading, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: Any) -> None:
        raise OrganisationInUse("organisation_in_use")

    monkeypatch.setattr(actions, "forget_organisations", refuse)
    again = sample.load(now=NOON, reset=True)
    assert [fault.rule for _, fault in again.left_out] == ["organisation_in_use"]
    pages = [f"page-{number}.txt" for number in range(1, 5)]
    assert again.removed == [*pages, "sample-order-book.xlsx", "orders"], "what was made later was taken away before"
    assert sorted(again.made) == sorted(again.removed)


def test_a_later_step_is_forgotten_before_an_earlier_one(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    steps = tuple(
        sample.Step(
            name, lambda _, name=name: told.append(f"load {name}"), lambda _, name=name: told.append(f"forget {name}")
        )  # type: ignore[misc]
        for name in ("people", "jobs")
    )
    monkeypatch.setattr(sample, "STEPS", steps)
    sample.load(now=NOON, reset=True)
    assert told == ["forget jobs", "forget people", "load people", "load jobs"]


def test_whether_the_sample_is_there(db: None) -> None:
    assert sample.is_empty()
    sample.load(now=NOON)
    assert not sample.is_empty()


@pytest.mark.parametrize(
    ("elsewhere", "is_open"),
    [
        ({}, True),
        ({"market": "real"}, False),
        ({"outbox": "smtp", "smtp_url": "smtp://mail.example"}, False),
        ({"database_url": "postgres://other/market"}, False),
    ],
)
def test_only_a_sample_that_keeps_everything_here_is_open(
    settings: Any, elsewhere: dict[str, str], is_open: bool
) -> None:
    settings.SUNDRY = dataclasses.replace(settings.SUNDRY, **elsewhere)
    assert sample.is_open() is is_open


def test_a_person_is_found_by_her_key() -> None:
    found = sample.person_named("stall")
    assert found is not None
    assert found.address == Address(phone="+12025550101")
    assert sample.person_named("nobody") is None
