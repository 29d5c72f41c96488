"""People and organisations, for programs. What may be done with them is said beside the pages (operations by name)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from sundry.base.access.endpoints import Fault, Page, Paging, page_of
from sundry.base.access.guard import AccessRefused, actor_of, guarded
from sundry.base.access.rules import Decision, Kind, Position
from sundry.base.parties import actions, queries
from sundry.base.parties.operations import (
    LIST,
    PEOPLE,
    READ,
    WHO_AM_I,
    person_of,
    take_invitation,
    the_organisation,
)
from sundry.base.parties.rules import (
    AddressUnreadable,
    InvitationShown,
    InvitationState,
    MemberShown,
    OrganisationShown,
    Verification,
    address,
)

router = Router(tags=["Organisations"])


# Who asks ----------------------------------------------------------------------------------------------------------


class CapacityOut(Schema):
    """What a person may act as."""

    organisation: uuid.UUID
    name: str
    kind: Kind
    position: Position


class MeOut(Schema):
    """Who asks, and in what capacity."""

    person: uuid.UUID
    role: str = Field(description="The kind of organisation she acts for, and her position in it.", examples=["agent"])
    organisation: uuid.UUID | None = Field(description="The organisation she acts for now; null: herself.")
    scopes: list[str] | None = Field(description="What this token was made for; null: no token, she may what she may.")
    capacities: list[CapacityOut]


@router.get("/me", response=MeOut, summary="Who am I", url_name="me")
@guarded(WHO_AM_I)
def me(request: HttpRequest) -> dict[str, Any]:
    """The person behind the token or the session, and what she may act as; with a token, as what the token does."""
    actor = actor_of(request)
    held = queries.capacities(person_of(request, WHO_AM_I))
    return {
        "person": actor.person,
        "role": actor.role.name,
        "organisation": actor.organisation,
        "scopes": None if actor.scopes is None else sorted(actor.scopes - {WHO_AM_I.name}),
        "capacities": [item for item in held if actor.token is None or item.organisation == actor.organisation],
    }


# Organisations -----------------------------------------------------------------------------------------------------


class OrganisationOut(Schema):
    """An organisation of the market."""

    id: uuid.UUID
    kind: Kind
    name: str
    country: str = Field(description="ISO 3166-1.", examples=["CN"])
    registration: str | None = Field(description="Its unified social credit code, or its number in its own register.")
    parent: uuid.UUID | None = Field(description="The merchant to which a stall belongs.")
    verification: Verification
    created_at: datetime


class MemberOut(Schema):
    """Somebody who acts for an organisation."""

    membership: uuid.UUID
    person: uuid.UUID
    name: str
    contact: str = Field(description="E-mail or phone; masked unless she who asks is an administrator.")
    position: Position
    joined_at: datetime


class InvitationIn(Schema):
    """Somebody who is to become a member."""

    model_config = ConfigDict(extra="forbid")

    address: str = Field(
        min_length=3, max_length=254, description="E-mail or mobile phone.", examples=["wang@example.com"]
    )
    position: Position = Position.MEMBER


class InvitationOut(Schema):
    """An invitation. Its link is sent to the address and to nobody else."""

    id: uuid.UUID
    position: Position
    contact: str
    invited_by: str
    created_at: datetime
    expires_at: datetime
    state: InvitationState


@router.get("/organisations", response=Page[OrganisationOut], summary="List my organisations", url_name="organisations")
@guarded(LIST)
def organisation_list(request: HttpRequest) -> dict[str, Any]:
    """Those for which the person acts, all on one page; with a token the one for which the token acts."""
    actor = actor_of(request)
    held = [item.organisation for item in queries.held(person_of(request, LIST))]
    return {"items": [item for item in held if actor.token is None or item.id == actor.organisation], "next": None}


@router.get(
    "/organisations/{uuid:organisation}",
    response=OrganisationOut,
    summary="Read an organisation",
    url_name="organisation",
)
@guarded(READ)
def organisation_read(request: HttpRequest, organisation: uuid.UUID) -> OrganisationShown:
    """Its papers, as the market operator found them."""
    return the_organisation(request, READ, organisation)


@router.get(
    "/organisations/{uuid:organisation}/members",
    response=Page[MemberOut],
    summary="List members",
    url_name="members",
)
@guarded(READ)
def member_list(request: HttpRequest, organisation: uuid.UUID, paging: Query[Paging]) -> dict[str, Any]:
    """Who acts for the organisation, in the order in which they joined."""
    the_organisation(request, READ, organisation)
    actor = actor_of(request)
    whole = actor.organisation == organisation and actor.role.position is Position.ADMINISTRATOR
    after = paging.after("members")
    found = queries.members(
        organisation, after=uuid.UUID(after) if after else None, limit=paging.limit + 1, whole=whole
    )
    return page_of(found.members, paging, "members", key=_membership)


def _membership(member: MemberShown) -> str:
    return str(member.membership)


@router.get(
    "/organisations/{uuid:organisation}/invitations",
    response=Page[InvitationOut],
    summary="List invitations",
    url_name="invitations",
)
@guarded(PEOPLE)
def invitation_list(request: HttpRequest, organisation: uuid.UUID, paging: Query[Paging]) -> dict[str, Any]:
    """Those that are still open, the newest first."""
    the_organisation(request, PEOPLE, organisation)
    before = paging.after("invitations")
    found = queries.invitations(
        organisation, now=timezone.now(), before=uuid.UUID(before) if before else None, limit=paging.limit + 1
    )
    return page_of(found, paging, "invitations", key=_invitation)


def _invitation(invitation: InvitationShown) -> str:
    return str(invitation.id)


@router.post(
    "/organisations/{uuid:organisation}/invitations",
    response={201: InvitationOut},
    summary="Invite somebody",
    url_name="invitation_create",
)
@guarded(PEOPLE)
def invitation_create(
    request: HttpRequest, organisation: uuid.UUID, wanted: InvitationIn
) -> Status[InvitationShown | None]:
    """Send a link that is good once, for seven days. An earlier open invitation of that address is withdrawn."""
    the_organisation(request, PEOPLE, organisation)
    now = timezone.now()
    try:
        recipient = address(wanted.address)
    except AddressUnreadable as fault:
        raise Fault(422, fault.rule, field="address", **fault.details) from fault
    take_invitation(actor=actor_of(request), organisation=organisation, address=recipient, now=now)
    made, _link = actions.invite(
        actor=actor_of(request),
        organisation=organisation,
        position=wanted.position,
        address=recipient,
        language=get_language() or "",
        now=now,
    )
    return Status(201, queries.invitation(made, now=now))


@router.delete(
    "/organisations/{uuid:organisation}/invitations/{uuid:invitation}",
    response={204: None},
    summary="Withdraw an invitation",
    url_name="invitation_withdraw",
)
@guarded(PEOPLE)
def invitation_withdraw(request: HttpRequest, organisation: uuid.UUID, invitation: uuid.UUID) -> Status[None]:
    """Its link does nothing any more. 409 where it was accepted or withdrawn before."""
    the_organisation(request, PEOPLE, organisation)
    found = queries.invitation(invitation, now=timezone.now())
    if found is None or found.organisation != organisation:
        raise AccessRefused(Decision.NOT_FOUND, PEOPLE)
    actions.withdraw_invitation(actor=actor_of(request), invitation=invitation, now=timezone.now())
    return Status(204, None)
