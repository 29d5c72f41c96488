"""Who may do what: roles, operations, owners, and the one decision.

Problem: a system of a whole market has hundreds of pages and thousands of readers, and one page whose author forgot to
ask "is this hers?" shows a competitor's prices. Therefore access is denied by default: a page or an API operation
names its `Operation`; an operation says which roles may use it on what is their own and which on what is another's;
`decide` alone answers. A generated test walks every route with every role, on an own and on a foreign object.

Worked case: `shipping.job.read` has own=EVERYBODY, foreign={auditor}. An agent reads her job (ALLOWED), another's is
not there for her (NOT_FOUND, as an address that never was), an auditor reads both, a visitor is asked to sign in.
"""

from __future__ import annotations

import ipaddress
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import chain


class Kind(StrEnum):
    """What an organisation is in the market."""

    MERCHANT = "merchant"
    STALL = "stall"
    BUYER = "buyer"
    AGENT = "agent"
    WAREHOUSE = "warehouse"
    CARRIER = "carrier"
    BANK = "bank"
    OPERATOR = "operator"  # runs the market
    COUNTY = "county"  # the county's office: statistics, trade
    AUDITOR = "auditor"


class Position(StrEnum):
    """What a person is in her organisation."""

    ADMINISTRATOR = "administrator"  # may invite, end memberships, change the organisation
    MEMBER = "member"


@dataclass(frozen=True, slots=True, order=True)
class Role:
    """In what capacity somebody acts: nobody known, a person for herself, or a position in a kind of organisation."""

    name: str
    kind: Kind | None = None
    position: Position | None = None

    def __str__(self) -> str:
        return self.name


VISITOR = Role("visitor")  # not signed in
PERSON = Role("person")  # signed in, acting for no organisation
DEVICE = Role("device")  # in the log only: a device that comes for the token that a person allowed it


def role_of(kind: Kind, position: Position) -> Role:
    """`agent`, `agent.administrator`."""
    return Role(f"{kind}" if position is Position.MEMBER else f"{kind}.{position}", kind, position)


Roles = frozenset[Role]

NOBODY: Roles = frozenset()
_OF_KIND: dict[Kind, Roles] = {kind: frozenset(role_of(kind, position) for position in Position) for kind in Kind}


def of_kinds(*kinds: Kind) -> Roles:
    """Everybody who acts for an organisation of these kinds."""
    return frozenset(chain.from_iterable(_OF_KIND[kind] for kind in kinds))


MEMBERS: Roles = of_kinds(*Kind)  # whoever acts for an organisation
ADMINISTRATORS: Roles = frozenset(role for role in MEMBERS if role.position is Position.ADMINISTRATOR)
SIGNED_IN: Roles = MEMBERS | {PERSON}
EVERYBODY: Roles = SIGNED_IN | {VISITOR}
ROLES: tuple[Role, ...] = (
    VISITOR,
    PERSON,
    *(role_of(kind, position) for kind in Kind for position in (Position.MEMBER, Position.ADMINISTRATOR)),
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked of the market, by a page or the API. `name` reads module.object.verb.

    `own`: who may on her own (also: where no object is concerned). `foreign`: who may on another's. `open_desk`: a
    visitor may too where the market's anonymous desk is open; `open_pages`: where the market shows its published
    figures to the public; `open_catalogue`: where it shows its goods to the public (the three exceptions to "denied by
    default"). `audited`: each use is written in the audit log.
    """

    name: str
    own: Roles
    foreign: Roles = NOBODY
    open_desk: bool = False
    open_pages: bool = False
    open_catalogue: bool = False
    audited: bool = False

    def __post_init__(self) -> None:
        if VISITOR in self.foreign:
            raise ValueError(f"{self.name}: a visitor has nothing to do with another's")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose something is: an organisation's, else a person's, else (both None) whoever holds its unguessable link."""

    person: uuid.UUID | None = None
    organisation: uuid.UUID | None = None


class Through(StrEnum):
    """By which door somebody came."""

    PAGE = "page"
    API = "api"
    JOB = "job"
    COMMAND = "command"


class Outcome(StrEnum):
    """What the audit log says of an entry."""

    DONE = "done"  # an action says so, in its own transaction
    ALLOWED = "allowed"  # somebody was let in to an audited operation; the details tell what was answered
    REFUSED = "refused"
    FAILED = "failed"


class DeviceState(StrEnum):
    """What the person said to a device that asks for a token."""

    WAITING = "waiting"  # nothing yet
    ALLOWED = "allowed"
    REFUSED = "refused"
    TAKEN = "taken"  # allowed, and the device has its token


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, and in what capacity. `scopes`: the operations an API token was made for, None for a person herself.

    `address`: the network from which she asks, already masked (`masked_network`), "" where there is none. `token`: the
    API token that was shown.
    """

    role: Role = VISITOR
    person: uuid.UUID | None = None
    organisation: uuid.UUID | None = None
    open_desk: bool = False
    open_pages: bool = False
    open_catalogue: bool = False
    scopes: frozenset[str] | None = None
    through: Through = Through.COMMAND
    address: str = ""
    token: uuid.UUID | None = None

    def owns(self, owner: Owner) -> bool:
        if owner.organisation is not None:
            return owner.organisation == self.organisation
        if owner.person is not None:
            return owner.person == self.person
        return True

    def owner(self) -> Owner:
        """Whose a thing is that this actor makes."""
        return Owner(self.person, self.organisation)


class Decision(StrEnum):
    ALLOWED = "allowed"
    SIGN_IN = "sign_in"  # a visitor, whatever the object: so that nobody learns what exists
    FORBIDDEN = "forbidden"  # known, but never for this role
    NOT_FOUND = "not_found"  # another's: as if it were not there


def decide(operation: Operation, actor: Actor, owner: Owner | None = None) -> Decision:
    """May `actor` do `operation` on what `owner` owns (None: no object is concerned)?"""
    if actor.scopes is not None and operation.name not in actor.scopes:
        return Decision.FORBIDDEN
    is_open = (
        (operation.open_desk and actor.open_desk)
        or (operation.open_pages and actor.open_pages)
        or (operation.open_catalogue and actor.open_catalogue)
    )
    own = operation.own | {VISITOR} if is_open else operation.own
    is_own = owner is None or actor.owns(owner)
    if actor.role in (own if is_own else operation.foreign):
        return Decision.ALLOWED
    if actor.role == VISITOR:
        return Decision.SIGN_IN
    return Decision.FORBIDDEN if is_own or actor.role not in own else Decision.NOT_FOUND


def may_ever(operation: Operation, actor: Actor) -> bool:
    """Whether there is any object on which the actor may: what a guard asks before anything is loaded."""
    return decide(operation, actor) is Decision.ALLOWED or (
        actor.role in operation.foreign and (actor.scopes is None or operation.name in actor.scopes)
    )


def names(roles: Iterable[Role]) -> list[str]:
    """For tables: the names of `roles` in the order of ROLES."""
    wanted = set(roles)
    return [role.name for role in ROLES if role in wanted]


def masked_network(address: str) -> str:
    """The network of an IP address, wide enough to name nobody: "203.0.113.7" -> "203.0.113.0/24", IPv6 to /48.

    "" for what is no address (a Unix socket has none).
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))


def counted_address(address: str) -> str:
    """By what a visitor is counted: an IPv4 address whole, of IPv6 the /64, which every house has to itself.

    "2001:db8:1:2:3::4" -> "2001:db8:1:2::/64". What is no address stays as it is.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(parsed if parsed.version == 4 else ipaddress.ip_network((parsed, 64), strict=False))


@dataclass(frozen=True, slots=True)
class Taken:
    """What is left of a limit after one more try: `remaining` of `limit`, until it begins anew in `seconds`."""

    limit: int
    remaining: int
    seconds: int


TOKEN_DAYS_MAX = 365
TOKEN_DAYS = 90
_MARK = "sundry_"  # so that people, and programs that look for leaked secrets, know what it is

DEVICE_SECONDS = 600
DEVICE_INTERVAL_SECONDS = 5
USER_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # RFC 8628, 6.1: none looks like another, and no words come of them


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made; `secret` is shown to its person and forgotten."""

    id: uuid.UUID
    secret: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DeviceCodes:
    """What a device gets that asks to be let in."""

    device_code: str = field(repr=False)
    user_code: str


def new_secret() -> str:
    """256 random bits, as a token shows them."""
    return _MARK + secrets.token_urlsafe(32)


def token_prefix(secret: str) -> str:
    """The beginning of a secret, by which a person knows her token; 220 random bits stay hidden."""
    return secret[: len(_MARK) + 6]


def new_user_code() -> str:
    """Eight letters for a person to type: 34 random bits, enough for ten minutes and ten tries."""
    return "".join(secrets.choice(USER_CODE_LETTERS) for _ in range(8))


def read_user_code(typed: str) -> str:
    """A user code as it was typed ("wdjb-mjht") in the form in which it is kept."""
    return "".join(letter for letter in typed.upper() if letter in USER_CODE_LETTERS)
