"""What happens to people and organisations, and that a refused thing leaves no trace."""

from __future__ import annotations

import re
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connections

from sundry.base.access.models import AuditEntry
from sundry.base.access.rules import Actor, Kind, Position
from sundry.base.outbox.actions import tidy as forget_messages
from sundry.base.outbox.models import OutgoingMessage
from sundry.base.outbox.queries import messages
from sundry.base.parties import actions, queries
from sundry.base.parties.models import Invitation, Membership, Person
from sundry.base.parties.rules import (
    INVITATION_IS_GOOD_FOR,
    Address,
    AddressTaken,
    AlreadyMember,
    InvitationClosed,
    InvitationState,
    KindIsOfficial,
    LastAdministrator,
    NameMissing,
    NotThere,
    ParentUnfit,
    RegistrationTaken,
    RegistrationWrong,
    StepRefused,
    Verification,
    papers,
)

USCC = "91990000MA0000001B"
WANG = Address(email="wang@market.example")
Traces = Callable[[], tuple[Any, ...]]


def said() -> list[str]:
    return [posted.message.body for posted in messages().messages]


def last_entry() -> AuditEntry:
    found = AuditEntry.objects.order_by("-id").first()
    assert found is not None
    return found


# People ------------------------------------------------------------------------------------------------------------


def test_a_person_has_an_email_or_a_phone_and_shows_later_that_it_is_hers(town: Any) -> None:
    by_email = actions.register_person(actor=Actor(), address=WANG, name=" Wang  Wei ", language="fr")
    by_phone = actions.register_person(
        actor=Actor(), address=Address(phone="+8613800138000"), name="Li", proven_at=town.now
    )
    wang, li = Person.objects.get(id=by_email), Person.objects.get(id=by_phone)
    assert (wang.name, wang.language, wang.phone) == ("Wang Wei", "fr", None)
    assert EmailAddress.objects.get(user=wang).verified is False
    assert (li.email, li.phone_verified_at) == (None, town.now)
    assert last_entry().details == {"contact": "+86138***8000"}


def test_an_address_is_taken_once(town: Any, traces: Traces) -> None:
    actions.register_person(actor=Actor(), address=WANG, name="Wang")
    before = traces()
    with pytest.raises(AddressTaken):
        actions.register_person(actor=Actor(), address=WANG, name="Another")
    assert traces() == before


def test_a_person_changes_her_name_and_language(town: Any) -> None:
    li = town.person()
    actions.update_person(actor=town.acting(li), person=li, name="Li Hua")
    actions.set_language(actor=town.acting(li), person=li, language="ar")
    shown = queries.person(li)
    assert shown is not None
    assert (shown.name, shown.language) == ("Li Hua", "ar")
    assert last_entry().operation == "parties.person.language"
    for change in (
        lambda: actions.update_person(actor=Actor(), person=uuid.uuid4(), name="Nobody"),
        lambda: actions.set_language(actor=Actor(), person=uuid.uuid4(), language="en"),
    ):
        with pytest.raises(NotThere):
            change()


def test_who_never_proved_her_address_is_forgotten_after_a_week(town: Any) -> None:
    def sign_up(name: str, days: int, **proven: Any) -> uuid.UUID:
        address = Address(email=f"{name}@market.example")
        person = actions.register_person(actor=Actor(), address=address, name=name, **proven)
        Person.objects.filter(id=person).update(created_at=town.now - timedelta(days=days))
        return person

    late, early = sign_up("late", 8), sign_up("early", 6)
    proven, member = sign_up("proven", 8, proven_at=town.now), sign_up("member", 8)
    signed_in = sign_up("in", 8)
    Person.objects.filter(id=signed_in).update(last_login=town.now)
    town.join(town.organisation(), member)
    assert actions.tidy(now=town.now) == 1
    assert queries.person(late) is None
    assert None not in [queries.person(person) for person in (early, proven, member, signed_in)]


# Organisations -----------------------------------------------------------------------------------------------------


def test_who_founds_an_organisation_is_its_administrator(town: Any) -> None:
    li = town.person()
    firm = actions.register_organisation(actor=town.acting(li), kind=Kind.AGENT, name=" Lianhua  Trade ", country="CN")
    (capacity,) = queries.capacities(li)
    assert (capacity.organisation, capacity.name, capacity.position) == (firm, "Lianhua Trade", Position.ADMINISTRATOR)
    entry = last_entry()
    assert (entry.operation, entry.object_id, entry.person) == ("parties.organisation.register", str(firm), li)


@pytest.mark.parametrize("kind", [Kind.AUDITOR, Kind.OPERATOR, Kind.BANK, Kind.COUNTY])
def test_nobody_makes_herself_an_auditor(town: Any, traces: Traces, kind: Kind) -> None:
    li = town.person()
    town.organisation(Kind.AGENT, li)
    before = traces()
    with pytest.raises(KindIsOfficial):
        actions.register_organisation(actor=town.acting(li), kind=kind, name="Eye")
    assert traces() == before


def test_an_operators_member_founds_no_auditor_and_its_administrator_is_nothing_in_it(
    town: Any, traces: Traces
) -> None:
    zhou, chen = town.person("Zhou"), town.person("Chen")
    office = town.organisation(Kind.OPERATOR, zhou)
    town.join(office, chen)
    auditor = {"kind": Kind.AUDITOR, "name": "Eye", "country": "CN", "address": WANG, "language": "en"}
    before = traces()
    with pytest.raises(KindIsOfficial):
        actions.found_official(actor=town.acting(chen, office), now=town.now, **auditor)
    assert traces() == before
    founded = actions.found_official(actor=town.acting(zhou, office), now=town.now, **auditor)
    assert queries.members(founded).members == []
    assert len(queries.capacities(zhou)) == 1
    wang = town.person("Wang")
    link = re.search(r"/invitations/([^/]+)/", said()[0])
    assert link is not None
    actions.accept_invitation(actor=town.acting(wang), token=link[1], now=town.now)
    (capacity,) = queries.capacities(wang)
    assert (capacity.kind, capacity.position) == (Kind.AUDITOR, Position.ADMINISTRATOR)


def test_a_stall_belongs_to_a_merchant_that_its_founder_administers(town: Any, traces: Traces) -> None:
    lin, chen = town.person("Lin"), town.person("Chen")
    merchant = town.organisation(Kind.MERCHANT, lin)
    town.join(merchant, chen)
    agent = town.organisation(Kind.AGENT, lin)
    stall = actions.register_organisation(
        actor=town.acting(lin, merchant), kind=Kind.STALL, name="A-1021", parent=merchant
    )
    shown = queries.organisation(stall)
    assert shown is not None
    assert (shown.parent, shown.parent_name) == (merchant, "Lianhua")
    assert [item.id for item in queries.stalls(merchant)] == [stall]
    before = traces()
    for actor, kind, parent in (
        (town.acting(chen, merchant), Kind.STALL, merchant),  # a member only
        (town.acting(lin, merchant), Kind.BUYER, merchant),  # no stall
        (town.acting(lin, agent), Kind.STALL, agent),  # no merchant
        (town.acting(lin, merchant), Kind.STALL, uuid.uuid4()),
    ):
        with pytest.raises(ParentUnfit):
            actions.register_organisation(actor=actor, kind=kind, name="A-1022", parent=parent)
    assert traces() == before


def test_the_first_operator_comes_in_by_an_invitation(town: Any) -> None:
    founded, link = actions.found_operator_by_invitation(
        actor=Actor(), name="Market Office", address=WANG, language="zh", now=town.now
    )
    assert queries.has_operator()
    assert queries.members(founded).members == []
    wang = town.person("Wang")
    actions.accept_invitation(actor=town.acting(wang), token=link.split("/")[-2], now=town.now)
    (capacity,) = queries.capacities(wang)
    assert (capacity.kind, capacity.position) == (Kind.OPERATOR, Position.ADMINISTRATOR)


# Verification ------------------------------------------------------------------------------------------------------


@pytest.fixture
def firm(town: Any) -> Any:
    """Li's, and an operator's Zhou to look at it."""
    li, zhou = town.person(), town.person("Zhou")
    agent, office = town.organisation(Kind.AGENT, li), town.organisation(Kind.OPERATOR, zhou)
    return agent, town.acting(li, agent), town.acting(zhou, office), office


def state(organisation: uuid.UUID) -> Verification:
    shown = queries.organisation(organisation)
    assert shown is not None
    return shown.verification


def decide(*, organisation: uuid.UUID, **more: Any) -> None:
    """By an operator who has just looked."""
    shown = queries.organisation(organisation)
    assert shown is not None
    seen = papers(shown.name, shown.registration)
    actions.decide_verification(**{"organisation": organisation, "seen": seen} | more)


def test_the_operator_verifies_what_was_handed_in_and_tells_so(town: Any, firm: Any) -> None:
    agent, li, zhou, _ = firm
    actions.submit_verification(actor=li, organisation=agent, registration=USCC.lower(), now=town.now)
    assert [item.organisation.id for item in queries.waiting().waiting] == [agent]
    decide(actor=zhou, organisation=agent, verified=True, now=town.now)
    shown = queries.organisation(agent)
    assert shown is not None
    assert (shown.verification, shown.registration, shown.decided_at) == (Verification.VERIFIED, USCC, town.now)
    assert queries.waiting().waiting == []
    assert said() == ["The market operator has verified Lianhua."]


def test_a_refusal_says_why_and_may_be_mended(town: Any, firm: Any, traces: Traces) -> None:
    agent, li, zhou, _ = firm
    actions.submit_verification(actor=li, organisation=agent, registration=USCC, now=town.now)
    before = traces()
    with pytest.raises(NameMissing):
        decide(actor=zhou, organisation=agent, verified=False, reason=" ", now=town.now)
    assert traces() == before
    decide(actor=zhou, organisation=agent, verified=False, reason="Another name stands there.", now=town.now)
    assert state(agent) is Verification.REFUSED
    assert "Another name stands there." in said()[0]
    with pytest.raises(StepRefused):
        decide(actor=zhou, organisation=agent, verified=True, now=town.now)
    actions.submit_verification(actor=li, organisation=agent, registration=USCC, now=town.now)
    shown = queries.organisation(agent)
    assert shown is not None
    assert (shown.verification, shown.reason, shown.decided_at) == (Verification.SUBMITTED, "", None)


def test_a_verified_name_that_changes_is_looked_at_again(town: Any, firm: Any) -> None:
    agent, li, zhou, _ = firm
    actions.rename(actor=li, organisation=agent, name="Lianhua Trade", now=town.now)
    assert state(agent) is Verification.NONE
    actions.submit_verification(actor=li, organisation=agent, registration=USCC, now=town.now)
    decide(actor=zhou, organisation=agent, verified=True, now=town.now)
    actions.rename(actor=li, organisation=agent, name="Customs Office", now=town.now)
    assert state(agent) is Verification.SUBMITTED
    assert last_entry().details == {"from": "Lianhua Trade", "to": "Customs Office"}


def test_what_the_operator_has_not_seen_is_not_verified(town: Any, firm: Any, traces: Traces) -> None:
    agent, li, zhou, _ = firm
    actions.submit_verification(actor=li, organisation=agent, registration=USCC, now=town.now)
    seen = papers("Lianhua", USCC)
    actions.rename(actor=li, organisation=agent, name="Customs Office", now=town.now)
    before = traces()
    for verified in (True, False):
        with pytest.raises(StepRefused) as refused:
            decide(actor=zhou, organisation=agent, seen=seen, verified=verified, reason="No.", now=town.now)
        assert refused.value.rule == "verification_changed"
    assert traces() == before
    decide(actor=zhou, organisation=agent, verified=True, now=town.now)


def test_a_wrong_number_a_second_one_and_a_decision_of_nothing_are_refused(
    town: Any, firm: Any, traces: Traces
) -> None:
    agent, li, zhou, _ = firm
    before = traces()
    with pytest.raises(RegistrationWrong):
        actions.submit_verification(actor=li, organisation=agent, registration="91990000MA0000001C", now=town.now)
    with pytest.raises(StepRefused):
        decide(actor=zhou, organisation=agent, verified=True, now=town.now)
    assert traces() == before
    actions.submit_verification(actor=li, organisation=agent, registration=USCC, now=town.now)
    with pytest.raises(StepRefused):
        actions.submit_verification(actor=li, organisation=agent, registration=USCC, now=town.now)


def test_the_operator_does_not_verify_itself(town: Any, firm: Any) -> None:
    *_, zhou, office = firm
    actions.submit_verification(actor=zhou, organisation=office, registration=USCC, now=town.now)
    with pytest.raises(StepRefused) as refused:
        decide(actor=zhou, organisation=office, verified=True, now=town.now)
    assert refused.value.rule == "verification_is_own"


def test_no_operator_is_verified_by_another(town: Any, firm: Any) -> None:
    *_, zhou, _office = firm
    chen = town.person("Chen")
    second = town.organisation(Kind.OPERATOR, chen)
    actions.submit_verification(actor=town.acting(chen, second), organisation=second, registration=USCC, now=town.now)
    with pytest.raises(StepRefused) as refused:
        decide(actor=zhou, organisation=second, verified=True, now=town.now)
    assert refused.value.rule == "verification_of_operator"


def test_who_hands_in_anothers_number_first_does_not_block_its_owner(town: Any, firm: Any, traces: Traces) -> None:
    agent, li, zhou, _ = firm
    thief = town.organisation(Kind.AGENT, town.person("Thief"), name="Lianhua!")
    for organisation in (thief, agent):
        actions.submit_verification(actor=li, organisation=organisation, registration=USCC, now=town.now)
    decide(actor=zhou, organisation=agent, verified=True, now=town.now)
    before = traces()
    with pytest.raises(RegistrationTaken):
        decide(actor=zhou, organisation=thief, verified=True, now=town.now)
    assert traces() == before
    assert state(thief) is Verification.SUBMITTED


# Members -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(town: Any) -> tuple[uuid.UUID, Actor]:
    li = town.person()
    firm = town.organisation(Kind.AGENT, li)
    return firm, town.acting(li, firm)


def invite(town: Any, office: tuple[uuid.UUID, Actor], address: Address = WANG, **more: Any) -> tuple[uuid.UUID, str]:
    """The invitation's id, and its token."""
    wanted = {"position": Position.MEMBER, "language": "es", "now": town.now} | more
    made, link = actions.invite(actor=office[1], organisation=office[0], address=address, **wanted)
    return made, link.split("/")[-2]


def test_an_invitation_makes_its_holder_a_member_once(town: Any, office: Any, traces: Traces) -> None:
    _, token = invite(town, office, position=Position.ADMINISTRATOR)
    wang, thief = town.person("Wang"), town.person("Thief")
    assert actions.accept_invitation(actor=town.acting(wang), token=token, now=town.now) == office[0]
    (capacity,) = queries.capacities(wang)
    assert capacity.position is Position.ADMINISTRATOR
    before = traces()
    for person in (wang, thief):
        with pytest.raises(InvitationClosed):
            actions.accept_invitation(actor=town.acting(person), token=token, now=town.now)
    assert traces() == before


def test_the_link_is_sent_in_the_language_of_its_reader_and_only_its_hash_is_kept(town: Any, office: Any) -> None:
    _, token = invite(town, office)
    (body,) = said()
    assert f"/invitations/{token}/" in body
    assert "Abra este enlace" in body
    assert token not in str(Invitation.objects.values().get())
    forget_messages(now=datetime.now(UTC) + INVITATION_IS_GOOD_FOR + timedelta(seconds=1))
    assert not OutgoingMessage.objects.exists()  # nor in the message that brought it
    assert last_entry().details["contact"] == "wa***@market.example"
    li = town.person("Zoe", language="fr")
    known = queries.person(li)
    assert known is not None
    invite(town, office, Address(email=known.email))
    assert "Ouvrez ce lien" in said()[0]


def test_a_phone_gets_the_link_as_a_text_message(town: Any, office: Any) -> None:
    invite(town, office, Address(phone="+8613800138000"))
    (posted,) = messages().messages
    assert (posted.message.channel, posted.message.recipient) == ("sms", "+8613800138000")


def test_an_invitation_ends_after_seven_days(town: Any, office: Any, traces: Traces) -> None:
    made, token = invite(town, office)
    wang = town.person("Wang")
    week = town.now + timedelta(days=7)
    before = traces()
    with pytest.raises(InvitationClosed):
        actions.accept_invitation(actor=town.acting(wang), token=token, now=week)
    assert traces() == before
    shown = queries.invitation(made, now=week)
    assert shown is not None
    assert shown.state is InvitationState.EXPIRED
    actions.accept_invitation(actor=town.acting(wang), token=token, now=week - timedelta(seconds=1))


def test_a_withdrawn_invitation_and_one_that_was_sent_again_do_nothing(town: Any, office: Any) -> None:
    made, withdrawn = invite(town, office)
    actions.withdraw_invitation(actor=office[1], invitation=made, now=town.now)
    with pytest.raises(InvitationClosed):
        actions.withdraw_invitation(actor=office[1], invitation=made, now=town.now)
    _, replaced = invite(town, office)
    _, good = invite(town, office)
    wang = town.acting(town.person("Wang"))
    for token in (withdrawn, replaced, "never was"):
        with pytest.raises(InvitationClosed):
            actions.accept_invitation(actor=wang, token=token, now=town.now)
    actions.accept_invitation(actor=wang, token=good, now=town.now)
    assert queries.invitations(office[0], now=town.now) == ()


def test_a_member_is_neither_invited_nor_made_a_member_again(town: Any, office: Any, traces: Traces) -> None:
    wang = town.person("Wang")
    shown = queries.person(wang)
    assert shown is not None
    town.join(office[0], wang)
    _, token = invite(town, office)  # to another address of his
    before = traces()
    with pytest.raises(AlreadyMember):
        invite(town, office, Address(email=shown.email))
    with pytest.raises(AlreadyMember):
        actions.accept_invitation(actor=town.acting(wang), token=token, now=town.now)
    assert traces() == before


def test_a_visitor_accepts_nothing(town: Any, office: Any) -> None:
    _, token = invite(town, office)
    with pytest.raises(InvitationClosed):
        actions.accept_invitation(actor=Actor(), token=token, now=town.now)


def test_the_last_administrator_stays_until_there_is_another(town: Any, office: Any, traces: Traces) -> None:
    firm, li = office
    own = town.membership(li.person, firm)
    wang = town.join(firm, town.person("Wang"))
    before = traces()
    with pytest.raises(LastAdministrator):
        actions.end_membership(actor=li, membership=own, now=town.now)
    with pytest.raises(LastAdministrator):
        actions.change_position(actor=li, membership=own, position=Position.MEMBER)
    assert traces() == before
    actions.change_position(actor=li, membership=wang, position=Position.ADMINISTRATOR)
    actions.change_position(actor=li, membership=own, position=Position.MEMBER)
    with pytest.raises(LastAdministrator):
        actions.end_membership(actor=li, membership=wang, now=town.now)
    actions.end_membership(actor=li, membership=own, now=town.now)
    assert queries.capacities(li.person) == ()
    assert Membership.objects.get(id=own).ended_at == town.now


def test_an_ended_membership_is_gone_and_may_be_had_again(town: Any, office: Any) -> None:
    firm, li = office
    wang = town.person("Wang")
    membership = town.join(firm, wang)
    actions.end_membership(actor=li, membership=membership, now=town.now)
    for again in (
        lambda: actions.end_membership(actor=li, membership=membership, now=town.now),
        lambda: actions.change_position(actor=li, membership=membership, position=Position.ADMINISTRATOR),
        lambda: actions.end_membership(actor=li, membership=uuid.uuid4(), now=town.now),
    ):
        with pytest.raises(NotThere):
            again()
    _, token = invite(town, office)
    actions.accept_invitation(actor=town.acting(wang), token=token, now=town.now)
    assert len(queries.capacities(wang)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_end_each_other_at_once_leave_one(town: Any) -> None:
    li, wang = town.person("Li"), town.person("Wang")
    firm = town.organisation(Kind.AGENT, li)
    memberships = [town.membership(li, firm), town.join(firm, wang, Position.ADMINISTRATOR)]
    refused: list[str] = []
    start = threading.Barrier(2)

    def end(membership: uuid.UUID) -> None:
        try:
            start.wait()
            actions.end_membership(actor=town.acting(li, firm), membership=membership, now=town.now)
        except LastAdministrator as fault:
            refused.append(fault.rule)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=end, args=(membership,)) for membership in memberships]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["last_administrator"]
    assert len(queries.members(firm).members) == 1


@pytest.mark.django_db(transaction=True)
def test_who_is_invited_again_while_she_accepts_stops_neither(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    li = town.person("Li")
    firm = town.organisation(Kind.AGENT, li)
    office = (firm, town.acting(li, firm))
    _, token = invite(town, office)
    wang = town.acting(town.person("Wang"))
    looked = threading.Event()
    state_of = actions._state
    faults: list[Exception] = []

    def look(*given: Any) -> InvitationState:
        looked.set()
        time.sleep(0.3)  # meanwhile the other one waits for a lock
        return state_of(*given)

    def run(do: Callable[[], Any]) -> None:
        try:
            do()
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    def invite_again() -> None:
        looked.wait()
        invite(town, office)

    monkeypatch.setattr(actions, "_state", look)
    accept = partial(actions.accept_invitation, actor=wang, token=token, now=town.now)
    threads = [threading.Thread(target=run, args=(do,)) for do in (accept, invite_again)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(queries.capacities(wang.person)) == 1


@pytest.mark.parametrize("count", [3, 300])
def test_the_statements_of_an_action_do_not_grow_with_members(
    town: Any, office: Any, count: int, django_assert_num_queries: Any
) -> None:
    firm, li = office
    people = Person.objects.bulk_create(Person(email=f"{number}@market.example") for number in range(count))
    Membership.objects.bulk_create(
        Membership(person=person, organisation_id=firm, position="member") for person in people
    )
    member = queries.members(firm).members[1].membership
    with django_assert_num_queries(8):  # two of them are the savepoint
        actions.end_membership(actor=li, membership=member, now=town.now)


def test_forgetting_an_organisation_leaves_its_people_and_what_they_founded(town: Any, office: Any) -> None:
    firm, li = office
    merchant = town.organisation(Kind.MERCHANT, li.person)
    stall = actions.register_organisation(
        actor=town.acting(li.person, merchant), kind=Kind.STALL, name="A-1021", parent=merchant
    )
    invite(town, office)
    actions.forget_organisations(actor=Actor(), organisations=[firm, merchant])
    assert [capacity.organisation for capacity in queries.capacities(li.person)] == [stall]
    shown = queries.organisation(stall)
    assert shown is not None
    assert shown.parent is None
