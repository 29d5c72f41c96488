"""What may be asked of parties, by a page or the API, and how often."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.http import HttpRequest

from sundry.base.access.actions import take
from sundry.base.access.guard import AccessRefused, actor_of, admit
from sundry.base.access.rules import (
    ADMINISTRATORS,
    EVERYBODY,
    MEMBERS,
    SIGNED_IN,
    Actor,
    Decision,
    Kind,
    Operation,
    Owner,
    of_kinds,
)
from sundry.base.parties import queries
from sundry.base.parties.rules import Address, OrganisationShown

LIST = Operation("parties.organisation.list", own=SIGNED_IN)
FOUND = Operation("parties.organisation.register", own=SIGNED_IN)
READ = Operation("parties.organisation.read", own=MEMBERS, foreign=of_kinds(Kind.OPERATOR))
CHANGE = Operation("parties.organisation.change", own=ADMINISTRATORS)
PEOPLE = Operation("parties.membership.change", own=ADMINISTRATORS)
LEAVE = Operation("parties.membership.leave", own=MEMBERS)
INVITATION = Operation("parties.invitation.read", own=EVERYBODY)  # the link is what lets in
ACCEPT = Operation("parties.invitation.accept", own=SIGNED_IN)
QUEUE = Operation("parties.verification.list", own=of_kinds(Kind.OPERATOR))
DECIDE = Operation("parties.verification.decide", own=of_kinds(Kind.OPERATOR), foreign=of_kinds(Kind.OPERATOR))
ACT = Operation("parties.act_for", own=SIGNED_IN)
ME = Operation("parties.person.own", own=SIGNED_IN)
WHO_AM_I = Operation("parties.me", own=SIGNED_IN)  # of the API; every token may ask it

FOUNDED_A_DAY = 20  # by one person
INVITED_AN_HOUR = 30  # by one organisation, and by one person: each is a message to somebody who did not ask for it
INVITED_TO_ONE_ADDRESS_A_DAY = 5  # by however many organisations
DAY_S, HOUR_S = 86_400, 3_600


def take_invitation(*, actor: Actor, organisation: uuid.UUID | None, address: Address, now: datetime) -> None:
    """Count one invitation: of the organisation (None: it is being founded), of the person, to the address. TooMany."""
    if organisation is not None:
        take(f"parties.invite:{organisation}", INVITED_AN_HOUR, HOUR_S, now)
    take(f"parties.inviter:{actor.person}", INVITED_AN_HOUR, HOUR_S, now)
    take(f"parties.invited:{address}", INVITED_TO_ONE_ADDRESS_A_DAY, DAY_S, now)


def person_of(request: HttpRequest, operation: Operation) -> uuid.UUID:
    """Who asks. AccessRefused: nobody is signed in."""
    person = actor_of(request).person
    if person is None:
        raise AccessRefused(Decision.SIGN_IN, operation)
    return person


def the_organisation(request: HttpRequest, operation: Operation, organisation: uuid.UUID) -> OrganisationShown:
    """The organisation; another's and one that never was are refused alike."""
    admit(request, operation, Owner(organisation=organisation))
    shown = queries.organisation(organisation)
    if shown is None:
        raise AccessRefused(Decision.NOT_FOUND, operation)
    return shown
