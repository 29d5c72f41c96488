"""People, organisations and what they are to each other.

Problem: a market's organisations act through people who come and go, and whoever can name herself "auditor" or rename a
verified company has opened every door without a code. Therefore

- who founds an organisation is its first administrator, and an organisation never loses its last one;
- the kinds whose members look at what is others' (operator, county office, bank, auditor) are founded by an
  administrator of the market operator alone, who gives them to somebody by invitation and is nothing in them herself;
- no operator is verified by another: whoever founded a second one would verify the first;
- what the operator has verified is a name with a number: a new name or number must be verified anew;
- an invitation is a link that only its recipient gets, good once and for seven days; we keep no more than its hash.

Worked case: Li founds "Lianhua Trade" (agent). She hands in its social credit code (none -> submitted). The operator
finds it in the register (-> verified). Li renames it: -> submitted, and the operator looks again. She invites Wang,
makes him administrator, and may now leave; before, she would have been told to name another administrator first.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sundry.base.access.rules import Kind, Position, Role
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import is_uscc

ACTING_FOR = "acting_for"  # the session's key: the organisation a person acts for, "" for nobody but herself
NAME_CHARACTERS_MAX = 200
PERSON_NAME_CHARACTERS_MAX = 120
INVITATION_IS_GOOD_FOR = timedelta(days=7)
UNPROVEN_PEOPLE_ARE_KEPT_FOR = timedelta(days=7)
OFFICIAL = frozenset(
    {Kind.OPERATOR, Kind.COUNTY, Kind.BANK, Kind.AUDITOR}
)  # founded by the market operator's administrators


class Verification(StrEnum):
    """What the market operator found about an organisation's papers."""

    NONE = "none"  # nothing handed in
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    REFUSED = "refused"


VERIFICATION_STEPS: dict[Verification, frozenset[Verification]] = {
    Verification.NONE: frozenset({Verification.SUBMITTED}),
    Verification.SUBMITTED: frozenset({Verification.VERIFIED, Verification.REFUSED}),
    Verification.VERIFIED: frozenset({Verification.SUBMITTED}),  # a new name or number must be looked at again
    Verification.REFUSED: frozenset({Verification.SUBMITTED}),
}


class InvitationState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


# What queries answer ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Capacity:
    """A person's membership: what she may act as. `unread`: messages for the organisation, where they are counted."""

    organisation: uuid.UUID
    name: str
    kind: Kind
    position: Position
    unread: int = 0


@dataclass(frozen=True, slots=True)
class PersonShown:
    id: uuid.UUID
    name: str
    email: str | None
    phone: str | None
    language: str


@dataclass(frozen=True, slots=True)
class OrganisationShown:
    """`registration`: the social credit code of a Chinese organisation, another's number in its own register."""

    id: uuid.UUID
    kind: Kind
    name: str
    country: str
    registration: str | None
    parent: uuid.UUID | None
    parent_name: str
    verification: Verification
    submitted_at: datetime | None
    decided_at: datetime | None
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MemberShown:
    membership: uuid.UUID
    person: uuid.UUID
    name: str
    contact: str
    position: Position
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationShown:
    id: uuid.UUID
    organisation: uuid.UUID
    organisation_name: str
    kind: Kind
    position: Position
    contact: str
    invited_by: str
    created_at: datetime
    expires_at: datetime
    state: InvitationState


@dataclass(frozen=True, slots=True)
class Waiting:
    """An organisation in the operator's queue. `contact` of who handed its papers in is masked."""

    organisation: OrganisationShown
    submitted_by: str
    contact: str


@dataclass(frozen=True, slots=True)
class Members:
    """`next`: the key of the page after, None at the end."""

    members: Sequence[MemberShown]
    next: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Queue:
    """`next`: the moment at which the last one was handed in, and its id."""

    waiting: Sequence[Waiting]
    next: tuple[datetime, uuid.UUID] | None


# What is refused --------------------------------------------------------------------------------------------------


class AddressUnreadable(SundryError):
    """Neither an e-mail address nor a phone that gets text messages."""


class AddressTaken(SundryError):
    """Somebody is signed up with the address."""


class NameMissing(SundryError):
    """An empty name, or one that is too long."""


class KindIsOfficial(SundryError):
    """Only an administrator of the market operator founds organisations of this kind."""


class ParentUnfit(SundryError):
    """A stall belongs to a merchant that its founder administers, and to nothing else."""


class RegistrationWrong(SundryError):
    """Not a number that such an organisation can have."""


class RegistrationTaken(SundryError):
    """Another organisation is verified with this number."""


class StepRefused(SundryError):
    """A state cannot follow the present one."""


class AlreadyMember(SundryError):
    """The person is in the organisation already."""


class LastAdministrator(SundryError):
    """The organisation would be left without an administrator."""


class InvitationClosed(SundryError):
    """Accepted, withdrawn, expired, or never there: whoever holds the link learns no more than that it does nothing."""


class OrganisationInUse(SundryError):
    """Something still belongs to the organisation that is to be deleted."""


class NotThere(SundryError):
    """What was asked for is gone, or never was."""


# Decisions --------------------------------------------------------------------------------------------------------

_EMAIL = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
_REGISTRATION = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9 ./-]{2,31}")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person gets her codes: either an e-mail address in small letters or a phone as E.164."""

    email: str | None = None
    phone: str | None = None

    def __str__(self) -> str:
        return self.email or self.phone or ""


def address(text: str, *, region: str = "CN") -> Address:
    """Read an e-mail address or a phone as people write them. AddressUnreadable.

    `Li@Market.example`, `138 0013 8000`, `+86 138-0013-8000`, `008613800138000`, full-width and Arabic digits.
    `region`: the country (ISO 3166-1) of a phone without a country code.
    """
    text = text.strip().replace("＠", "@")
    if "@" in text:
        email = text.lower()
        if len(email) > 254 or not _EMAIL.fullmatch(email):
            raise AddressUnreadable("email_unreadable")
        return Address(email=email)
    return Address(phone=phone_number(text, region=region))


def phone_number(text: str, *, region: str = "CN") -> str:
    """A phone that gets text messages, as E.164 (`+8613800138000`). AddressUnreadable: none, or a fixed line."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as fault:
        raise AddressUnreadable("phone_unreadable") from fault
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise AddressUnreadable("phone_unreadable")
    kinds = phonenumbers.PhoneNumberType
    if phonenumbers.number_type(number) not in (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE):
        raise AddressUnreadable("phone_gets_no_messages")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def checked_name(text: str, *, characters_max: int = NAME_CHARACTERS_MAX) -> str:
    """A name without superfluous spaces. NameMissing."""
    name = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if not name:
        raise NameMissing("name_missing")
    if len(name) > characters_max:
        raise NameMissing("name_too_long", characters=characters_max)
    return name


def checked_registration(text: str, *, country: str) -> str:
    """The number under which an organisation of `country` (ISO 3166-1) is registered. RegistrationWrong."""
    number = " ".join(text.upper().split())
    if country == "CN":
        number = number.replace(" ", "")
        if not is_uscc(number):
            raise RegistrationWrong("uscc_wrong", value=number[:40])
        return number
    if not _REGISTRATION.fullmatch(number):
        raise RegistrationWrong("registration_wrong", value=number[:40])
    return number


def founds_official(founder: Role) -> bool:
    return founder.kind is Kind.OPERATOR and founder.position is Position.ADMINISTRATOR


def check_founder(*, kind: Kind, founder: Role) -> None:
    """KindIsOfficial unless who acts as `founder` may found an organisation of `kind`."""
    if kind in OFFICIAL and not founds_official(founder):
        raise KindIsOfficial("kind_is_official")


def papers(name: str, registration: str | None) -> str:
    """What stands for a name with a number, so that a verdict is given on those that were looked at."""
    return hashlib.sha256(f"{registration or ''}\n{name}".encode()).hexdigest()


def check_step(now_is: Verification, becomes: Verification) -> None:
    """StepRefused unless a verification may go this way."""
    if becomes not in VERIFICATION_STEPS[now_is]:
        raise StepRefused(f"verification_is_{now_is}")


def invitation_state(
    *, now: datetime, expires_at: datetime, accepted_at: datetime | None, withdrawn_at: datetime | None
) -> InvitationState:
    if accepted_at is not None:
        return InvitationState.ACCEPTED
    if withdrawn_at is not None:
        return InvitationState.WITHDRAWN
    return InvitationState.EXPIRED if now >= expires_at else InvitationState.OPEN


def token_hash(token: str) -> str:
    """What is kept of an invitation's token. The token is 256 random bits, so nothing slow is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
