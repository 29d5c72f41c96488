"""The pages of people and organisations, by requests."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sundry.base.access.models import AuditEntry
from sundry.base.access.rules import Kind, Position
from sundry.base.outbox.queries import messages
from sundry.base.parties import actions, queries
from sundry.base.parties.models import Membership, Person
from sundry.base.parties.rules import ACTING_FOR, Address, Verification, papers

USCC = "91990000MA0000001B"
Accessible = Callable[[bytes], None]


@pytest.fixture
def li(town: Any) -> Any:
    """Li, who founded a firm of her own: (person, firm, browser)."""
    person = town.person("Li")
    firm = town.organisation(Kind.AGENT, person, "Lianhua")
    return person, firm, town.client(person)


def toasts(client: Client) -> str:
    return client.get(reverse("organisations")).content.decode()


def invited_token(town: Any, li: Any, position: Position = Position.MEMBER) -> str:
    person, firm, _ = li
    _, link = actions.invite(
        actor=town.acting(person, firm),
        organisation=firm,
        position=position,
        address=Address(email="wang@market.example"),
        language="en",
        now=timezone.now(),
    )
    return str(link.split("/")[-2])


# Founding ----------------------------------------------------------------------------------------------------------


def test_a_person_registers_a_firm_and_acts_for_it(town: Any, assert_accessible: Accessible) -> None:
    person = town.person("Li")
    client = town.client(person)
    empty = client.get("/organisations/")
    assert b"You act for nobody but yourself" in empty.content
    assert_accessible(empty.content)
    assert_accessible(client.get("/organisations/new").content)
    response = client.post("/organisations/new", {"kind": "agent", "name": "莲花贸易", "country": "CN"})
    (capacity,) = queries.capacities(person)
    assert response.headers["Location"] == f"/organisations/{capacity.organisation}/"
    assert client.session[ACTING_FOR] == str(capacity.organisation)
    page = client.get(response.headers["Location"])
    assert "莲花贸易" in page.content.decode()
    assert_accessible(page.content)
    assert_accessible(client.get("/organisations/").content)


@pytest.mark.parametrize(
    "wrong", [{"kind": "auditor"}, {"kind": ""}, {"name": "  "}, {"country": "ZZ"}, {"parent": str(uuid.uuid4())}]
)
def test_a_firm_that_cannot_be_is_not_registered(town: Any, wrong: dict[str, str]) -> None:
    person = town.person()
    merchant = town.organisation(Kind.MERCHANT, person)
    client = town.client(person)
    response = client.post(
        "/organisations/new", {"kind": "agent", "name": "Lianhua", "country": "CN", "parent": ""} | wrong
    )
    assert response.status_code == 422
    assert b"error-summary" in response.content
    assert [item.organisation for item in queries.capacities(person)] == [merchant]


def test_a_merchant_registers_a_stall_of_its_own(town: Any) -> None:
    person = town.person()
    merchant = town.organisation(Kind.MERCHANT, person, "Lotus Pond")
    client = town.client(person)
    given = {"kind": "stall", "name": "A-1021", "country": "CN", "parent": str(merchant)}
    stall = client.get(client.post("/organisations/new", given).headers["Location"])
    assert b"Lotus Pond" in stall.content
    assert b"A-1021" in client.get(f"/organisations/{merchant}/").content
    response = client.post("/organisations/new", given | {"kind": "buyer"})
    assert b"A stall can belong only to a merchant" in response.content


def test_an_official_kind_is_given_to_somebody_by_invitation(town: Any, assert_accessible: Accessible) -> None:
    zhou, chen = town.person("Zhou"), town.person("Chen")
    office = town.organisation(Kind.OPERATOR, zhou)
    town.join(office, chen)
    eye = {"kind": "auditor", "name": "Eye", "country": "CN"}
    plain, client = town.client(chen), town.client(zhou)
    assert b'value="auditor"' not in plain.get("/organisations/new").content
    assert plain.post("/organisations/new", eye | {"administrator": "chen@market.example"}).status_code == 422
    assert_accessible(client.get("/organisations/new").content)
    missing = client.post("/organisations/new", eye)
    assert (missing.status_code, messages().messages) == (422, [])
    assert b"Say who shall be its first administrator" in missing.content
    page = client.post("/organisations/new", eye | {"administrator": "wang@market.example"}, follow=True)
    assert b"on its way to wang@market.example" in page.content
    assert "/invitations/" in messages().messages[0].message.body
    assert len(queries.capacities(zhou)) == 1
    assert client.post("/organisations/new", eye | {"kind": "agent"}).status_code == 302


def test_twenty_organisations_a_day_are_enough(town: Any) -> None:
    client = town.client(town.person())
    given = {"kind": "agent", "name": "Lianhua", "country": "CN"}
    assert [client.post("/organisations/new", given).status_code for _ in range(21)] == [302] * 20 + [429]


# Reading -----------------------------------------------------------------------------------------------------------


def test_another_organisation_and_one_that_never_was_are_not_there_alike(town: Any, li: Any) -> None:
    stranger = town.person("Chen")
    own = town.organisation(Kind.AGENT, stranger)
    client = town.client(stranger)
    _, firm, _ = li
    membership = town.membership(li[0], firm)
    answers = {}
    for organisation, member in ((firm, membership), (uuid.uuid4(), uuid.uuid4())):
        for path in (
            f"/organisations/{organisation}/",
            f"/organisations/{organisation}/rename",
            f"/organisations/{organisation}/verification",
            f"/organisations/{organisation}/invite",
            f"/organisations/{organisation}/leave",
            f"/organisations/{organisation}/members/{member}/change",
            f"/organisations/{organisation}/members/{member}/end",
        ):
            for method in ("get", "post"):
                response = getattr(client, method)(path, {"name": "Mine", "position": "member"})
                assert response.status_code == 404, path
                body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|X-CSRFToken[^}]+', "", response.content.decode())
                answers.setdefault(path.replace(str(organisation), "").replace(str(member), "") + method, set()).add(
                    body.replace(path, "")
                )
    assert all(len(bodies) == 1 for bodies in answers.values())
    # Nor are another's member and invitation under one's own organisation.
    invitation = queries.invitation_of(invited_token(town, li), now=timezone.now())
    assert invitation is not None
    assert client.get(f"/organisations/{own}/members/{membership}/end").status_code == 404
    assert client.post(f"/organisations/{own}/invitations/{invitation.id}/withdraw").status_code == 404
    assert len(queries.members(firm).members) == len(queries.invitations(firm, now=timezone.now())) == 1


@pytest.mark.parametrize("path", ["", "rename", "invite", "leave", "verification"])
def test_a_visitor_is_asked_to_sign_in_whatever_there_is(client: Client, li: Any, path: str) -> None:
    for organisation in (li[1], uuid.uuid4()):
        address = f"/organisations/{organisation}/{path}"
        assert client.get(address).headers["Location"].startswith("/account/login/?next=%2Forganisations%2F")


def test_a_member_sees_colleagues_masked_and_changes_nothing(town: Any, li: Any, assert_accessible: Accessible) -> None:
    _, firm, administrator = li
    wang = town.person("Wang")
    membership = town.join(firm, wang)
    client = town.client(wang)
    page = client.get(f"/organisations/{firm}/")
    assert b"l***@market.example" in page.content
    assert b"/rename" not in page.content
    assert_accessible(page.content)
    assert b"l***@market.example" not in administrator.get(f"/organisations/{firm}/").content
    for path in ("rename", "invite", "verification", f"members/{membership}/change", f"members/{membership}/end"):
        assert client.post(f"/organisations/{firm}/{path}", {"name": "Mine"}).status_code == 403


def test_whoever_acts_for_two_opens_both_whatever_she_chose(town: Any, li: Any) -> None:
    person, firm, client = li
    other = town.organisation(Kind.STALL, town.person(), "A-1021")
    town.join(other, person)
    assert client.get(f"/organisations/{other}/").status_code == 200
    assert client.get(f"/organisations/{other}/invite").status_code == 403  # a member only, there
    client.post("/acting-for", {"organisation": str(other)})
    assert client.get(f"/organisations/{firm}/invite").status_code == 200


@pytest.mark.parametrize("count", [3, 300])
def test_the_statements_of_the_page_do_not_grow_with_members(
    li: Any, count: int, django_assert_num_queries: Any
) -> None:
    _, firm, client = li
    people = Person.objects.bulk_create(
        Person(name=f"Member {number}", email=f"member{number}@market.example") for number in range(count)
    )
    Membership.objects.bulk_create(
        Membership(person=person, organisation_id=firm, position="member") for person in people
    )
    client.get(f"/organisations/{firm}/")
    with django_assert_num_queries(6):  # session, person, capacities; organisation, members, invitations
        page = client.get(f"/organisations/{firm}/").content.decode()
    assert page.count("/end") == min(count + 1, queries.PAGE)
    following = re.search(r'rel="next" href="(\?after=[^"]+)"', page)
    assert bool(following) is (count > queries.PAGE)
    if following:
        assert "Member 49" in client.get(f"/organisations/{firm}/{following[1]}").content.decode()
        assert client.get(f"/organisations/{firm}/?after=nonsense").status_code == 200


# Members -----------------------------------------------------------------------------------------------------------


def test_somebody_is_invited_and_the_invitation_withdrawn(town: Any, li: Any, assert_accessible: Accessible) -> None:
    _, firm, client = li
    assert_accessible(client.get(f"/organisations/{firm}/invite").content)
    wrong = client.post(f"/organisations/{firm}/invite", {"address": "13800", "position": "member"})
    assert wrong.status_code == 422
    assert b"This is not a phone number" in wrong.content
    client.post(f"/organisations/{firm}/invite", {"address": "138 0013 8000", "position": "administrator"})
    (shown,) = queries.invitations(firm, now=timezone.now())
    assert (shown.contact, shown.position) == ("+8613800138000", Position.ADMINISTRATOR)
    page = client.get(f"/organisations/{firm}/")
    assert b"+8613800138000" in page.content
    assert_accessible(page.content)
    client.post(f"/organisations/{firm}/invitations/{shown.id}/withdraw")
    assert queries.invitations(firm, now=timezone.now()) == ()
    assert b"This invitation is no longer good" in (
        client.post(f"/organisations/{firm}/invitations/{shown.id}/withdraw", follow=True).content
    )


def test_thirty_invitations_an_hour_are_enough(li: Any) -> None:
    _, firm, client = li
    answers = [
        client.post(f"/organisations/{firm}/invite", {"address": f"{number}@market.example", "position": "member"})
        for number in range(31)
    ]
    assert [answer.status_code for answer in answers] == [302] * 30 + [429]


def test_nobody_is_invited_more_than_five_times_a_day_by_however_many_firms(town: Any) -> None:
    answers = []
    for _ in range(4):
        person = town.person("Li")
        firm, client = town.organisation(Kind.AGENT, person), town.client(person)
        for _ in range(2):
            given = {"address": "wang@market.example", "position": "member"}
            answers.append(client.post(f"/organisations/{firm}/invite", given).status_code)
    assert answers == [302] * 5 + [429] * 3
    assert len(messages(recipient="wang@market.example").messages) == 5


def test_one_person_invites_thirty_times_an_hour_for_however_many_firms(town: Any) -> None:
    person = town.person("Li")
    firms = [town.organisation(Kind.AGENT, person) for _ in range(2)]
    client = town.client(person)
    answers = [
        client.post(
            f"/organisations/{firms[number % 2]}/invite",
            {"address": f"{number}@market.example", "position": "member"},
        ).status_code
        for number in range(31)
    ]
    assert answers == [302] * 30 + [429]


def test_who_holds_the_link_joins(town: Any, li: Any, client: Client, assert_accessible: Accessible) -> None:
    _, firm, _ = li
    token = invited_token(town, li)
    visitor = client.get(f"/invitations/{token}/")
    assert_accessible(visitor.content)
    assert f'href="/account/signup/?next=%2Finvitations%2F{token}%2F"'.encode() in visitor.content
    assert client.post(f"/invitations/{token}/accept").headers["Location"].startswith("/account/login/")
    wang = town.person("Wang")
    browser = town.client(wang)
    assert b"Accept" in browser.get(f"/invitations/{token}/").content
    assert browser.post(f"/invitations/{token}/accept").headers["Location"] == f"/organisations/{firm}/"
    assert browser.session[ACTING_FOR] == str(firm)
    gone = client.get(f"/invitations/{token}/")
    assert gone.status_code == 410
    assert_accessible(gone.content)
    assert client.get("/invitations/never-was/").status_code == 404
    assert b"no longer good" in browser.post(f"/invitations/{token}/accept", follow=True).content


def test_the_link_of_an_invitation_is_told_to_nobody_else(town: Any, li: Any, client: Client) -> None:
    response = client.get(f"/invitations/{invited_token(town, li)}/")
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in response.headers["Cache-Control"]


def test_a_member_becomes_administrator_and_the_first_one_leaves(
    town: Any, li: Any, assert_accessible: Accessible
) -> None:
    person, firm, client = li
    own = town.membership(person, firm)
    wang = town.join(firm, town.person("Wang"))
    for path in ("leave", f"members/{own}/end", f"members/{own}/change"):
        assert_accessible(client.get(f"/organisations/{firm}/{path}").content)
        refused = client.post(f"/organisations/{firm}/{path}", {"position": "member"}, follow=True)
        assert b"An organisation needs an administrator" in refused.content
    page = client.get(f"/organisations/{firm}/members/{wang}/change")
    assert_accessible(page.content)
    assert b'name="position" value="administrator"' in page.content
    for _ in range(2):  # a second click does not undo the first
        client.post(f"/organisations/{firm}/members/{wang}/change", {"position": "administrator"})
    assert AuditEntry.objects.filter(operation="parties.organisation.change_position").count() == 1
    for nonsense in ({}, {"position": "queen"}):
        assert client.post(f"/organisations/{firm}/members/{wang}/change", nonsense).status_code == 404
    assert client.post(f"/organisations/{firm}/leave").headers["Location"] == "/organisations/"
    assert client.get(f"/organisations/{firm}/").status_code == 403  # she acts for nobody now
    assert [member.membership for member in queries.members(firm).members] == [wang]


def test_whose_membership_is_ended_is_out_with_the_next_click(town: Any, li: Any) -> None:
    _, firm, client = li
    wang = town.person("Wang")
    membership = town.join(firm, wang)
    browser = town.client(wang)
    assert browser.get(f"/organisations/{firm}/").status_code == 200
    client.post(f"/organisations/{firm}/members/{membership}/end")
    assert browser.get(f"/organisations/{firm}/").status_code == 403


# Verification ------------------------------------------------------------------------------------------------------


def test_a_firm_is_verified_by_the_operator(town: Any, li: Any, assert_accessible: Accessible) -> None:
    _, firm, client = li
    zhou = town.person("Zhou")
    town.organisation(Kind.OPERATOR, zhou)
    operator = town.client(zhou)
    assert_accessible(client.get(f"/organisations/{firm}/verification").content)
    wrong = client.post(f"/organisations/{firm}/verification", {"registration": "91990000MA0000001C"})
    assert b"is no unified social credit code" in wrong.content
    client.post(f"/organisations/{firm}/verification", {"registration": USCC})
    queue = operator.get("/verification/")
    assert b"l***@market.example" in queue.content
    assert not re.search(rb"li\d+@market", queue.content)
    assert_accessible(queue.content)
    for since in ("x", "2026-04-20", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-12:00"):
        assert operator.get(f"/verification/?since={since}&after={firm}").status_code == 200
    page = operator.get(f"/verification/{firm}/")
    assert USCC.encode() in page.content
    assert_accessible(page.content)
    seen = {"seen": papers("Lianhua", USCC)}
    missing = operator.post(f"/verification/{firm}/", seen | {"verdict": "refused", "reason": ""})
    assert b"Say why you refuse" in missing.content
    assert seen["seen"].encode() in missing.content
    operator.post(f"/verification/{firm}/", seen | {"verdict": "refused", "reason": "Another name stands there."})
    assert b"Another name stands there." in client.get(f"/organisations/{firm}/verification").content
    client.post(f"/organisations/{firm}/verification", {"registration": USCC})
    unseen = operator.post(f"/verification/{firm}/", {"verdict": "verified"}, follow=True)
    assert b"was changed while you looked" in unseen.content
    operator.post(f"/verification/{firm}/", seen | {"verdict": "verified"})
    shown = queries.organisation(firm)
    assert shown is not None
    assert shown.verification is Verification.VERIFIED
    assert b"Nothing waits" in operator.get("/verification/").content
    assert b"There is nothing to decide here now" in operator.get(f"/verification/{firm}/").content
    assert b"It was verified under the present name" in client.get(f"/organisations/{firm}/rename").content
    client.post(f"/organisations/{firm}/rename", {"name": "Lianhua Trade"})
    assert b"Lianhua Trade" in operator.get("/verification/").content
    assert len(messages().messages) == 2  # one for each decision


def test_only_the_operator_sees_the_queue(town: Any, li: Any, client: Client) -> None:
    _, firm, agent = li
    for path in ("/verification/", f"/verification/{firm}/"):
        assert agent.get(path).status_code == 403
        assert agent.post(path, {"verdict": "verified"}).status_code == 403
        assert client.get(path).status_code == 302
    zhou = town.person("Zhou")
    town.organisation(Kind.OPERATOR, zhou)
    assert town.client(zhou).get(f"/verification/{uuid.uuid4()}/").status_code == 404


def test_the_operator_reads_every_organisation_and_changes_none(town: Any, li: Any) -> None:
    zhou = town.person("Zhou")
    town.organisation(Kind.OPERATOR, zhou)
    operator = town.client(zhou)
    page = operator.get(f"/organisations/{li[1]}/")
    assert page.status_code == 200
    assert b"l***@market.example" in page.content
    assert operator.post(f"/organisations/{li[1]}/rename", {"name": "Mine"}).status_code == 404


# The person herself ------------------------------------------------------------------------------------------------


def test_one_acts_for_whom_one_chooses(town: Any, li: Any) -> None:
    person, firm, client = li
    stall = town.organisation(Kind.STALL, person, "A-1021")
    for chosen in (str(stall), "", str(firm)):
        response = client.post("/acting-for", {"organisation": chosen, "next": "/account/me"})
        assert response.headers["Location"] == "/account/me"
        assert client.session[ACTING_FOR] == chosen
    for strange in (str(uuid.uuid4()), "nonsense"):
        assert client.post("/acting-for", {"organisation": strange}).status_code == 404
    assert client.session[ACTING_FOR] == str(firm)
    for away in ("https://other.example/", "//other.example"):
        assert client.post("/acting-for", {"next": away}).headers["Location"] == "/organisations/"
    assert client.get("/acting-for").status_code == 405


def test_a_person_changes_her_name_and_the_language_of_her_messages(li: Any, assert_accessible: Accessible) -> None:
    person, _, client = li
    page = client.get("/account/me")
    assert_accessible(page.content)
    client.post("/account/me", {"name": " Li  Hua ", "language": "ar"})
    shown = queries.person(person)
    assert shown is not None
    assert (shown.name, shown.language) == ("Li Hua", "ar")
    for wrong in (
        {"name": "", "language": "ar"},
        {"name": "Li", "language": "tlh"},
        {"name": "\u200e", "language": ""},
    ):
        assert client.post("/account/me", wrong).status_code == 422
    assert queries.person(person) == shown


def sessions_of(person: uuid.UUID, *clients: Client) -> list[UserSession]:
    return [
        UserSession.objects.create(
            user_id=person, session_key=client.session.session_key, ip="192.0.2.1", user_agent=f"Browser {number}"
        )
        for number, client in enumerate(clients)
    ]


def test_sessions_are_listed_and_ended(town: Any, li: Any, assert_accessible: Accessible) -> None:
    person, _, client = li
    others = [town.client(person) for _ in range(3)]
    mine, first, *_ = sessions_of(person, client, *others)
    stranger = town.client(town.person("Chen"))
    (foreign,) = sessions_of(stranger.session["_auth_user_id"], stranger)
    page = client.get("/account/sessions")
    assert_accessible(page.content)
    assert page.content.count(b"End this session") == 3
    client.post("/account/sessions", {"session": str(first.pk)})
    assert [other.get("/account/me").status_code for other in others] == [302, 200, 200]
    for nonsense in (str(foreign.pk), str(first.pk), "", "9" * 5_000, "9" * 19, "-1", "x"):
        assert client.post("/account/sessions", {"session": nonsense}).status_code == 404
    assert stranger.get("/account/me").status_code == 200
    assert [other.get("/account/me").status_code for other in others] == [302, 200, 200]
    assert b'name="session" value="all"' in page.content
    told = client.post("/account/sessions", {"session": "all"}, follow=True)
    assert b"Ended. Whoever used it" in told.content
    told = client.post("/account/sessions", {"session": "all"}, follow=True)
    assert b"You are signed in nowhere else" in told.content
    assert [other.get("/account/me").status_code for other in others] == [302, 302, 302]
    assert client.get("/account/me").status_code == 200
    assert client.post("/account/sessions", {"session": str(mine.pk)}).headers["Location"] == "/"
    assert client.get("/account/me").status_code == 302
    assert UserSession.objects.filter(user_id=person).count() == 0


@pytest.mark.parametrize("count", [3, 40])
def test_the_statements_of_the_sessions_do_not_grow(li: Any, count: int, django_assert_num_queries: Any) -> None:
    person, _, client = li
    later = timezone.now() + timezone.timedelta(days=1)
    Session.objects.bulk_create(
        Session(session_key=f"key{number}", session_data="", expire_date=later) for number in range(count)
    )
    UserSession.objects.bulk_create(
        UserSession(user_id=person, session_key=f"key{number}", ip="192.0.2.1", user_agent="")
        for number in range(count)
    )
    client.get("/account/sessions")
    with django_assert_num_queries(4):
        assert client.get("/account/sessions").content.count(b"End this session") == count
