"""What happens to people and organisations. Each function is one transaction and leaves an entry in the audit log."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from sundry.base.access.actions import record, revoke_token
from sundry.base.access.queries import tokens_of
from sundry.base.access.rules import Actor, Kind, Position
from sundry.base.outbox.actions import post
from sundry.base.outbox.rules import masked
from sundry.base.parties.models import Invitation, Membership, Organisation, Person
from sundry.base.parties.rules import (
    INVITATION_IS_GOOD_FOR,
    OFFICIAL,
    PERSON_NAME_CHARACTERS_MAX,
    UNPROVEN_PEOPLE_ARE_KEPT_FOR,
    Address,
    AddressTaken,
    AlreadyMember,
    InvitationClosed,
    InvitationState,
    LastAdministrator,
    NameMissing,
    NotThere,
    OrganisationInUse,
    ParentUnfit,
    RegistrationTaken,
    StepRefused,
    Verification,
    check_founder,
    check_step,
    checked_name,
    checked_registration,
    invitation_state,
    papers,
    token_hash,
)
from sundry.kernel.identifiers import new_id
from sundry.kernel.messages import render

REASON_CHARACTERS_MAX = 500
TOKENS_MAX = 10_000  # of one person: more than anybody makes

# People ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def register_person(
    *,
    actor: Actor,
    address: Address,
    name: str,
    language: str = "",
    proven_at: datetime | None = None,
    as_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """A new person. `proven_at`: when she showed that the address is hers; None: she is about to. AddressTaken."""
    name = checked_name(name, characters_max=PERSON_NAME_CHARACTERS_MAX)
    try:
        with transaction.atomic():
            person = Person.objects.create_user(
                id=as_id or new_id(),
                email=address.email,
                phone=address.phone,
                name=name,
                language=language,
                phone_verified_at=proven_at if address.phone else None,
            )
    except IntegrityError as fault:
        raise AddressTaken("address_taken") from fault
    if address.email:
        EmailAddress.objects.create(user=person, email=address.email, primary=True, verified=proven_at is not None)
    record(
        actor=actor,
        operation="parties.person.register",
        object_kind="person",
        object_id=person.id,
        details={"contact": masked(str(address))},
    )
    return person.id


@transaction.atomic
def update_person(*, actor: Actor, person: uuid.UUID, name: str) -> None:
    name = checked_name(name, characters_max=PERSON_NAME_CHARACTERS_MAX)
    if not Person.objects.filter(id=person).update(name=name):
        raise NotThere("person_not_there")
    record(actor=actor, operation="parties.person.update", object_kind="person", object_id=person)


@transaction.atomic
def set_language(*, actor: Actor, person: uuid.UUID, language: str) -> None:
    """The language of what is sent to her; one of the market's (`zh-hans`, `en`, ...), "" for none."""
    if not Person.objects.filter(id=person).update(language=language):
        raise NotThere("person_not_there")
    record(
        actor=actor,
        operation="parties.person.language",
        object_kind="person",
        object_id=person,
        details={"language": language},
    )


@transaction.atomic
def end_sessions(*, actor: Actor, person: uuid.UUID, session: int | None, current: str) -> frozenset[str]:
    """End one of the person's sessions, or (None) all but that with the key `current`; the keys of those ended."""
    chosen = UserSession.objects.filter(user_id=person)
    chosen = chosen.exclude(session_key=current) if session is None else chosen.filter(pk=session)
    keys = frozenset(chosen.values_list("session_key", flat=True))
    if keys:
        Session.objects.filter(session_key__in=keys).delete()
        UserSession.objects.filter(session_key__in=keys).delete()
        record(
            actor=actor,
            operation="account.end_sessions",
            object_kind="person",
            object_id=person,
            details={"sessions": len(keys)},
        )
    return keys


@transaction.atomic
def tidy(*, now: datetime) -> int:
    """Delete people who signed up and never showed that their address is theirs; how many there were."""
    unproven = Person.objects.filter(
        last_login__isnull=True,
        phone_verified_at__isnull=True,
        created_at__lt=now - UNPROVEN_PEOPLE_ARE_KEPT_FOR,
        memberships__isnull=True,
    ).exclude(emailaddress__verified=True)
    _, deleted = unproven.delete()
    return deleted.get("parties.Person", 0)


# Organisations -----------------------------------------------------------------------------------------------------


@transaction.atomic
def register_organisation(
    *,
    actor: Actor,
    kind: Kind,
    name: str,
    country: str = "CN",
    parent: uuid.UUID | None = None,
    administrator: uuid.UUID | None = None,
    as_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Found an organisation whose first administrator is `administrator`, by default who founds it; its id.

    Of an official kind nobody is administrator by default (`found_official` invites one).
    `parent`: the merchant of a stall, which the founder must administer. KindIsOfficial, NameMissing, ParentUnfit.
    `as_id`: the id it shall have, where it must be the same on every machine.
    """
    check_founder(kind=kind, founder=actor.role)
    if parent is not None:
        _check_parent(kind, parent, actor.person)
    first = administrator or (None if kind in OFFICIAL else actor.person)
    return _found(actor, kind, checked_name(name), country, parent, first, as_id)


@transaction.atomic
def found_official(
    *, actor: Actor, kind: Kind, name: str, country: str, address: Address, language: str, now: datetime
) -> uuid.UUID:
    """Found an organisation of an official kind, and invite its first administrator; its id. KindIsOfficial."""
    founded = register_organisation(actor=actor, kind=kind, name=name, country=country)
    invite(
        actor=actor,
        organisation=founded,
        position=Position.ADMINISTRATOR,
        address=address,
        language=language,
        now=now,
    )
    return founded


@transaction.atomic
def found_operator(
    *, actor: Actor, name: str, administrator: uuid.UUID | None = None, as_id: uuid.UUID | None = None
) -> uuid.UUID:
    """The first market operator, founded on the machine of the market itself: who could found it on a page?"""
    return _found(actor, Kind.OPERATOR, checked_name(name), "CN", None, administrator, as_id)


@transaction.atomic
def found_operator_by_invitation(
    *, actor: Actor, name: str, address: Address, language: str, now: datetime
) -> tuple[uuid.UUID, str]:
    """The market operator with nobody in it yet, and the link by which its first administrator comes in."""
    founded = found_operator(actor=actor, name=name)
    _, link = invite(
        actor=actor,
        organisation=founded,
        position=Position.ADMINISTRATOR,
        address=address,
        language=language,
        now=now,
    )
    return founded, link


@transaction.atomic
def forget_organisations(*, actor: Actor, organisations: Collection[uuid.UUID]) -> None:
    """Delete organisations with their memberships and invitations, as if they had never been: those of a sample.

    OrganisationInUse where something else still belongs to one of them.
    """
    try:
        Invitation.objects.filter(organisation_id__in=organisations).delete()
        Membership.objects.filter(organisation_id__in=organisations).delete()
        Organisation.objects.filter(parent_id__in=organisations).update(parent=None)
        Organisation.objects.filter(id__in=organisations).delete()
    except ProtectedError as fault:
        raise OrganisationInUse("organisation_in_use") from fault
    for organisation in organisations:
        _record(actor, "forget", organisation, {})


@transaction.atomic
def rename(*, actor: Actor, organisation: uuid.UUID, name: str, now: datetime) -> None:
    """Another name. What was verified under the old one is in the operator's queue again."""
    found = _locked(organisation)
    name = checked_name(name)
    before, found.name = found.name, name
    if found.verification == Verification.VERIFIED:
        _submit(found, actor, now)
    found.save()
    _record(actor, "rename", found.id, {"from": before, "to": name})


@transaction.atomic
def submit_verification(*, actor: Actor, organisation: uuid.UUID, registration: str, now: datetime) -> None:
    """Hand in the number under which the organisation is registered. RegistrationWrong, StepRefused."""
    found = _locked(organisation)
    found.registration = checked_registration(registration, country=found.country)
    check_step(Verification(found.verification), Verification.SUBMITTED)
    _submit(found, actor, now)
    found.save()
    _record(actor, "submit_verification", found.id, {"country": found.country, "registration": found.registration})


@transaction.atomic
def decide_verification(
    *, actor: Actor, organisation: uuid.UUID, seen: str, verified: bool, reason: str = "", now: datetime
) -> None:
    """The operator's verdict, told to who handed the papers in. StepRefused, NameMissing, RegistrationTaken.

    `seen`: the `papers` that the operator looked at; where they are others by now, she has not seen what she verifies.
    """
    if actor.organisation == organisation:
        raise StepRefused("verification_is_own")
    found = _locked(organisation)
    if found.kind == Kind.OPERATOR:
        raise StepRefused("verification_of_operator")
    if seen != papers(found.name, found.registration):
        raise StepRefused("verification_changed")
    becomes = Verification.VERIFIED if verified else Verification.REFUSED
    check_step(Verification(found.verification), becomes)
    reason = "" if verified else " ".join(reason.split())[:REASON_CHARACTERS_MAX]
    if not verified and not reason:
        raise NameMissing("reason_missing")
    found.verification, found.reason = becomes, reason
    found.decided_at, found.decided_by_id = now, actor.person
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as fault:
        raise RegistrationTaken("registration_taken", registration=found.registration) from fault
    _record(actor, "decide_verification", found.id, {"verification": becomes.value, "reason": reason})
    _tell_submitter(found)


# Members -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite(
    *,
    actor: Actor,
    organisation: uuid.UUID,
    position: Position,
    address: Address,
    language: str,
    now: datetime,
) -> tuple[uuid.UUID, str]:
    """Send somebody the link by which she becomes a member; the invitation's id, and the link.

    An earlier open invitation of the same address is withdrawn: its link does nothing any more. `language`: that of the
    message, unless the address is known and its person has chosen one. AlreadyMember.
    """
    found = _locked(organisation)
    known = Person.objects.filter(**_where(address), is_active=True).first()
    if (
        known is not None
        and Membership.objects.filter(person=known, organisation=found, ended_at__isnull=True).exists()
    ):
        raise AlreadyMember("already_member")
    Invitation.objects.filter(
        organisation=found, **_where(address), accepted_at__isnull=True, withdrawn_at__isnull=True
    ).update(withdrawn_at=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=found,
        position=position,
        **_where(address),
        token_hash=token_hash(token),
        invited_by_id=actor.person,
        expires_at=now + INVITATION_IS_GOOD_FOR,
    )
    link = settings.SUNDRY.address + reverse("invitation", kwargs={"invitation_token": token})
    _send(
        address,
        known.language if known is not None and known.language else language,
        "invitation",
        {"organisation": found.name, "link": link, "days": INVITATION_IS_GOOD_FOR.days},
        f"invitation-{invitation.id}",
    )
    _record(
        actor,
        "invite",
        found.id,
        {"invitation": str(invitation.id), "position": position.value, "contact": masked(str(address))},
    )
    return invitation.id, link


@transaction.atomic
def withdraw_invitation(*, actor: Actor, invitation: uuid.UUID, now: datetime) -> None:
    """The link does nothing any more. InvitationClosed where it was accepted or withdrawn before."""
    found = Invitation.objects.select_for_update().filter(id=invitation).first()
    if found is None or found.accepted_at is not None or found.withdrawn_at is not None:
        raise InvitationClosed("invitation_closed")
    found.withdrawn_at = now
    found.save(update_fields=["withdrawn_at"])
    _record(actor, "withdraw_invitation", found.organisation_id, {"invitation": str(invitation)})


@transaction.atomic
def accept_invitation(*, actor: Actor, token: str, now: datetime) -> uuid.UUID:
    """Whoever holds the link becomes a member; the organisation's id. InvitationClosed, AlreadyMember."""
    hashed = token_hash(token)
    organisation = Invitation.objects.filter(token_hash=hashed).values_list("organisation_id", flat=True).first()
    if organisation is not None:
        _locked(organisation)  # before the invitation, as `invite` does: else the two wait for each other
    found = Invitation.objects.select_for_update().filter(token_hash=hashed).first()
    if found is None or _state(found, now) is not InvitationState.OPEN or actor.person is None:
        raise InvitationClosed("invitation_closed")
    found.accepted_at, found.accepted_by_id = now, actor.person
    found.save(update_fields=["accepted_at", "accepted_by"])
    try:
        with transaction.atomic():
            Membership.objects.create(
                person_id=actor.person, organisation_id=found.organisation_id, position=found.position
            )
    except IntegrityError as fault:
        raise AlreadyMember("already_member") from fault
    _record(
        actor,
        "accept_invitation",
        found.organisation_id,
        {"invitation": str(found.id), "position": found.position},
    )
    return found.organisation_id


@transaction.atomic
def change_position(*, actor: Actor, membership: uuid.UUID, position: Position) -> None:
    """Nothing happens where it is hers already. NotThere, LastAdministrator."""
    found = _locked_membership(membership)
    if found.position == position:
        return
    if position is not Position.ADMINISTRATOR:
        _check_another_administrator(found)
    before, found.position = found.position, position
    found.save(update_fields=["position"])
    _record(
        actor,
        "change_position",
        found.organisation_id,
        {"membership": str(membership), "from": before, "to": position.value},
    )


@transaction.atomic
def end_membership(*, actor: Actor, membership: uuid.UUID, now: datetime) -> None:
    """The person may no longer act for the organisation, from her next click on, nor may her tokens.

    NotThere, LastAdministrator.
    """
    found = _locked_membership(membership)
    _check_another_administrator(found)
    found.ended_at = now
    found.save(update_fields=["ended_at"])
    for token in tokens_of(found.person_id, limit=TOKENS_MAX):  # else they would work again once she is back
        if token.organisation == found.organisation_id and token.revoked_at is None and token.expires_at > now:
            revoke_token(actor=actor, token=token.id, now=now)
    _record(actor, "end_membership", found.organisation_id, {"membership": str(membership)})


# -------------------------------------------------------------------------------------------------------------------


def _found(
    actor: Actor,
    kind: Kind,
    name: str,
    country: str,
    parent: uuid.UUID | None,
    administrator: uuid.UUID | None,
    as_id: uuid.UUID | None,
) -> uuid.UUID:
    made = Organisation.objects.create(id=as_id or new_id(), kind=kind, name=name, country=country, parent_id=parent)
    if administrator is not None:
        Membership.objects.create(person_id=administrator, organisation=made, position=Position.ADMINISTRATOR)
    _record(actor, "register", made.id, {"kind": kind.value, "name": name, "country": country})
    return made.id


def _check_parent(kind: Kind, parent: uuid.UUID, person: uuid.UUID | None) -> None:
    """ParentUnfit unless `person` administers the merchant `parent`, and a stall is founded."""
    administered = Membership.objects.filter(
        person=person,
        organisation_id=parent,
        organisation__kind=Kind.MERCHANT,
        position=Position.ADMINISTRATOR,
        ended_at__isnull=True,
    )
    if kind is not Kind.STALL or not administered.exists():
        raise ParentUnfit("parent_unfit")


def _locked(organisation: uuid.UUID) -> Organisation:
    """The organisation, for us alone until the transaction ends: always locked before its memberships."""
    found = Organisation.objects.select_for_update().filter(id=organisation).first()
    if found is None:
        raise NotThere("organisation_not_there")
    return found


def _locked_membership(membership: uuid.UUID) -> Membership:
    """A membership that has not ended, its organisation locked, so that two administrators cannot end each other."""
    organisation = Membership.objects.filter(id=membership).values_list("organisation_id", flat=True).first()
    if organisation is not None:
        _locked(organisation)
        found = Membership.objects.filter(id=membership, ended_at__isnull=True).first()
        if found is not None:
            return found
    raise NotThere("membership_not_there")


def _check_another_administrator(membership: Membership) -> None:
    """LastAdministrator where `membership` is the only one of an administrator."""
    others = Membership.objects.filter(
        organisation_id=membership.organisation_id, position=Position.ADMINISTRATOR, ended_at__isnull=True
    ).exclude(id=membership.id)
    if membership.position == Position.ADMINISTRATOR and not others.exists():
        raise LastAdministrator("last_administrator")


def _submit(organisation: Organisation, actor: Actor, now: datetime) -> None:
    organisation.verification, organisation.reason = Verification.SUBMITTED, ""
    organisation.submitted_at, organisation.submitted_by_id = now, actor.person
    organisation.decided_at = organisation.decided_by = None


def _state(invitation: Invitation, now: datetime) -> InvitationState:
    return invitation_state(
        now=now,
        expires_at=invitation.expires_at,
        accepted_at=invitation.accepted_at,
        withdrawn_at=invitation.withdrawn_at,
    )


def _where(address: Address) -> dict[str, Any]:
    """The field in which a person or an invitation holds the address."""
    return {"email": address.email} if address.email else {"phone": address.phone}


def _tell_submitter(organisation: Organisation) -> None:
    person = organisation.submitted_by
    if person is None:  # the table has a constraint: there is somebody
        raise AssertionError(organisation.id)
    rule = "verification_granted" if organisation.verification == Verification.VERIFIED else "verification_denied"
    _send(
        Address(email=person.email) if person.email else Address(phone=person.phone),
        person.language,
        rule,
        {"organisation": organisation.name, "reason": organisation.reason},
        None,
    )


def _send(address: Address, language: str, rule: str, values: dict[str, Any], key: str | None) -> None:
    """A message worded by the rules `rule`_subject and `rule`, in `language` (`zh-hans`, `en`, ...; "" is English)."""
    spoken = language.partition("-")[0] or "en"
    subject, body = (render(f"{rule}_subject", spoken, values), render(rule, spoken, values))
    if address.email:
        post(channel="email", recipient=address.email, subject=subject, body=body, key=key, language=spoken)
    else:
        post(channel="sms", recipient=address.phone or "", body=body, key=key, language=spoken)


def _record(actor: Actor, verb: str, organisation: uuid.UUID, details: dict[str, Any]) -> None:
    record(
        actor=actor,
        operation=f"parties.organisation.{verb}",
        object_kind="organisation",
        object_id=organisation,
        details=details,
    )
