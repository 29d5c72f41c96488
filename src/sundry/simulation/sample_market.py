"""The people and organisations of a sample market: one of each kind, so that whoever looks around can be anybody.

Problem: an empty market shows nothing, and a market filled behind the back of its own rules shows what cannot happen.
Therefore the sample is made by the very actions that people use, step by step, and each step can be done again: what is
there already is left as people have changed it, what is missing is made, and `reset` takes the sample's own things away
and makes them anew, and nobody else's.

Everything is invented. The addresses end in `.example`, the phones are 202-555-01xx: neither can belong to anybody.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from sundry.base.access.rules import VISITOR, Actor, Kind, Position, Through, role_of
from sundry.base.parties import actions, queries
from sundry.base.parties.rules import Address, NotThere, OrganisationInUse, papers
from sundry.base.reference.actions import load_own
from sundry.goods.shipping import job_actions
from sundry.goods.shipping.job_queries import job_by_id
from sundry.kernel.errors import SundryError
from sundry.simulation import sample_ledger, sample_pages, sample_press
from sundry.simulation.sample_shipment import BOOK_NAME, ship_sample

if TYPE_CHECKING:
    from sundry.simulation.market import Market

INVITED = Address(email="newcomer@market.example")
LANGUAGE = "zh-hans"


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """`key` names her in addresses and tests."""

    key: str
    name: str
    address: Address
    language: str
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class SampleOrganisation:
    """`people`: their keys and positions, the founder first. `registration`: what it hands in, "" for nothing."""

    kind: Kind
    name: str
    country: str
    people: tuple[tuple[str, Position], ...]
    id: uuid.UUID
    registration: str = ""
    verified: bool = False
    parent: Kind | None = None


def _id(number: int) -> uuid.UUID:
    """The same on every machine: a UUIDv7 of the first days of 2026, older than all that people make."""
    return uuid.UUID(int=0x019B_7A00_0000 << 80 | 7 << 76 | 0b10 << 62 | number)


def _people() -> tuple[SamplePerson, ...]:
    told = (
        ("operator", "周敏 Zhou Min", "operator@market.example", "zh-hans"),
        ("operator.member", "高翔 Gao Xiang", "operator.member@market.example", "zh-hans"),
        ("county", "沈岚 Shen Lan", "county@market.example", "zh-hans"),
        ("county.member", "陆远 Lu Yuan", "county.member@market.example", "zh-hans"),
        ("bank", "何静 He Jing", "bank@market.example", "zh-hans"),
        ("bank.member", "方磊 Fang Lei", "bank.member@market.example", "zh-hans"),
        ("auditor", "Ingrid Solberg", "auditor@market.example", "en"),
        ("auditor.member", "Tomás Rivera", "auditor.member@market.example", "es"),
        ("merchant", "林涛 Lin Tao", "merchant@market.example", "zh-hans"),
        ("merchant.member", "陈洁 Chen Jie", "merchant.member@market.example", "zh-hans"),
        ("stall", "王芳 Wang Fang", "+12025550101", "zh-hans"),
        ("stall.member", "王小军 Wang Xiaojun", "+12025550102", "zh-hans"),
        ("agent", "李华 Li Hua", "agent@market.example", "zh-hans"),
        ("agent.member", "赵倩 Zhao Qian", "agent.member@market.example", "zh-hans"),
        ("buyer", "ليلى حداد Layla Haddad", "buyer@market.example", "ar"),
        ("buyer.member", "Omar Nasser", "buyer.member@market.example", "ar"),
        ("warehouse", "孙强 Sun Qiang", "warehouse@market.example", "zh-hans"),
        ("warehouse.member", "马超 Ma Chao", "+12025550103", "zh-hans"),
        ("carrier", "Élodie Marchand", "carrier@market.example", "fr"),
        ("carrier.member", "Пётр Волков Pyotr Volkov", "carrier.member@market.example", "ru"),
    )
    return tuple(
        SamplePerson(
            key, name, Address(email=contact) if "@" in contact else Address(phone=contact), language, _id(100 + number)
        )
        for number, (key, name, contact, language) in enumerate(told)
    )


def _organisations() -> tuple[SampleOrganisation, ...]:
    both = {kind: ((kind.value, Position.ADMINISTRATOR), (f"{kind}.member", Position.MEMBER)) for kind in Kind}
    plain = (
        (Kind.OPERATOR, "市场管理处 Market Office", "CN"),
        (Kind.COUNTY, "县商务局 County Trade Office", "CN"),
        (Kind.BANK, "县农商银行 County Rural Bank", "CN"),
        (Kind.AUDITOR, "Plumb Line Auditors", "NO"),
    )
    official = tuple(
        SampleOrganisation(kind, name, country, both[kind], _id(number))
        for number, (kind, name, country) in enumerate(plain)
    )
    return (
        *official,
        SampleOrganisation(
            Kind.MERCHANT,
            "莲塘商行 Lotus Pond Merchants",
            "CN",
            (*both[Kind.MERCHANT], ("stall", Position.MEMBER)),
            _id(10),
            registration="91990000MA0000001B",
            verified=True,
        ),
        SampleOrganisation(
            Kind.STALL,
            "王记玩具 Wang's Toys, A-1021",
            "CN",
            (("merchant", Position.ADMINISTRATOR), *both[Kind.STALL]),
            _id(11),
            parent=Kind.MERCHANT,
        ),
        SampleOrganisation(
            Kind.AGENT,
            "常青外贸 Evergreen Trade",
            "CN",
            (*both[Kind.AGENT], ("merchant", Position.MEMBER)),
            _id(12),
            registration="91990000MA0000002E",
            verified=True,
        ),
        SampleOrganisation(Kind.BUYER, "Layla Home LLC", "AE", both[Kind.BUYER], _id(13)),
        SampleOrganisation(Kind.WAREHOUSE, "东场仓库 East Yard Warehouse", "CN", both[Kind.WAREHOUSE], _id(14)),
        SampleOrganisation(
            Kind.CARRIER, "Blue Keel Shipping", "FR", both[Kind.CARRIER], _id(15), registration="RCS 990 000 017"
        ),
    )


PEOPLE = _people()
ORGANISATIONS = _organisations()
_PERSON = {person.key: person for person in PEOPLE}
_ORGANISATION = {organisation.kind: organisation for organisation in ORGANISATIONS}


@dataclass(slots=True)
class Loading:
    """One run: when, and what was made, kept, taken away or could not be made, for whoever started it to read."""

    now: datetime
    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    left_out: list[tuple[str, SundryError]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the sample. `load` makes what is missing; `forget` takes what it made away, before it is made anew."""

    name: str
    load: Callable[[Loading], None]
    forget: Callable[[Loading], None]


def load(*, now: datetime, reset: bool = False) -> Loading:
    """Make what is missing of the sample; with `reset` take its own things away first, the last made first."""
    loading = Loading(now)
    if reset:
        for step in reversed(STEPS):
            step.forget(loading)
    for step in STEPS:
        step.load(loading)
    return loading


def is_empty() -> bool:
    """Whether nothing of the sample is there yet."""
    return queries.person(PEOPLE[0].id) is None


def is_open() -> bool:
    """Whether anybody may be a sample person here: on a sample market that sends nothing and keeps its own data."""
    return bool(settings.SUNDRY.is_mailbox)


def person_named(key: str) -> SamplePerson | None:
    return _PERSON.get(key)


def actor(key: str, kind: Kind | None = None) -> Actor:
    """A sample person as she acts for the sample organisation of `kind`; for herself where there is none."""
    person = _PERSON[key]
    if kind is None:
        return Actor(role=VISITOR, person=person.id, through=Through.COMMAND)
    organisation = _ORGANISATION[kind]
    position = dict(organisation.people)[key]
    return Actor(role=role_of(kind, position), person=person.id, organisation=organisation.id, through=Through.COMMAND)


# The steps ---------------------------------------------------------------------------------------------------------


def _load_reference(loading: Loading) -> None:
    """The codes, ports and terms that come with Sundry: no part of the sample, so nobody takes them away."""
    done = load_own(actor=Actor(through=Through.COMMAND), now=loading.now)
    (loading.made if done else loading.kept).append("reference")


def _load_people(loading: Loading) -> None:
    for person in PEOPLE:
        if queries.person(person.id) is not None:
            loading.kept.append(person.name)
            continue
        _try(
            loading,
            person.name,
            partial(
                actions.register_person,
                actor=Actor(through=Through.COMMAND),
                address=person.address,
                name=person.name,
                language=person.language,
                proven_at=loading.now,
                as_id=person.id,
            ),
        )


def _forget_people(loading: Loading) -> None:
    """People stay, whom others may have invited meanwhile: only what they say of themselves is made anew."""
    for person in PEOPLE:
        shown = queries.person(person.id)
        if shown is None:
            continue
        himself = actor(person.key)
        if shown.name != person.name:
            actions.update_person(actor=himself, person=person.id, name=person.name)
        if shown.language != person.language:
            actions.set_language(actor=himself, person=person.id, language=person.language)


def _load_organisations(loading: Loading) -> None:
    for organisation in ORGANISATIONS:
        if queries.organisation(organisation.id) is not None:
            loading.kept.append(organisation.name)
        else:
            _try(loading, organisation.name, partial(_found, organisation, loading.now))


def _forget_organisations(loading: Loading) -> None:
    there = [item for item in ORGANISATIONS if queries.organisation(item.id) is not None]
    try:
        actions.forget_organisations(actor=Actor(through=Through.COMMAND), organisations=[item.id for item in there])
    except OrganisationInUse as fault:  # a later step made something and does not take it away
        loading.left_out.append((", ".join(item.name for item in there), fault))
    else:
        loading.removed += [item.name for item in there]


def _found(organisation: SampleOrganisation, now: datetime) -> None:
    """Found it, fill it with its people, hand its papers in; the operator looks at them. NotThere: one of them."""
    if any(queries.person(_PERSON[key].id) is None for key, _ in organisation.people):
        raise NotThere("person_not_there")
    founder = organisation.people[0][0]
    if organisation.kind is Kind.OPERATOR:
        actions.found_operator(
            actor=Actor(through=Through.COMMAND),
            name=organisation.name,
            administrator=_PERSON[founder].id,
            as_id=organisation.id,
        )
    else:
        official = organisation.kind in (Kind.COUNTY, Kind.BANK, Kind.AUDITOR)
        actions.register_organisation(
            actor=actor("operator", Kind.OPERATOR) if official else actor(founder),
            kind=organisation.kind,
            name=organisation.name,
            country=organisation.country,
            parent=_ORGANISATION[organisation.parent].id if organisation.parent else None,
            administrator=_PERSON[founder].id,
            as_id=organisation.id,
        )
    for key, position in organisation.people[1:]:
        _join(organisation, key, position, now)
    if organisation.registration:
        actions.submit_verification(
            actor=actor(founder, organisation.kind),
            organisation=organisation.id,
            registration=organisation.registration,
            now=now,
        )
    if organisation.verified:
        actions.decide_verification(
            actor=actor("operator", Kind.OPERATOR),
            organisation=organisation.id,
            seen=papers(organisation.name, organisation.registration),
            verified=True,
            now=now,
        )


def _join(organisation: SampleOrganisation, key: str, position: Position, now: datetime) -> None:
    _, link = actions.invite(
        actor=actor(organisation.people[0][0], organisation.kind),
        organisation=organisation.id,
        position=position,
        address=_PERSON[key].address,
        language=LANGUAGE,
        now=now,
    )
    actions.accept_invitation(actor=actor(key), token=link.rstrip("/").rpartition("/")[2], now=now)


def _load_invitation(loading: Loading) -> None:
    """Somebody new is invited to the agent, and has not answered yet."""
    agent = _ORGANISATION[Kind.AGENT]
    name = str(INVITED)
    if any(item.contact == name for item in queries.invitations(agent.id, now=loading.now)):
        loading.kept.append(name)
        return
    _try(
        loading,
        name,
        partial(
            actions.invite,
            actor=actor("agent", Kind.AGENT),
            organisation=agent.id,
            position=Position.MEMBER,
            address=INVITED,
            language=LANGUAGE,
            now=loading.now,
        ),
    )


SHIPMENT = _id(200)


def _load_shipment(loading: Loading) -> None:
    """The agent has shipped the sample book: it waits to be read and planned."""
    if job_by_id(SHIPMENT) is not None:
        loading.kept.append(BOOK_NAME)
        return
    _try(loading, BOOK_NAME, partial(_ship, loading.now))


def _ship(now: datetime) -> None:
    """NotThere: the agent, because a visitor took an address of his."""
    agent = actor("agent", Kind.AGENT)
    if queries.organisation(_ORGANISATION[Kind.AGENT].id) is None:
        raise NotThere("person_not_there")
    ship_sample(actor=agent, job=SHIPMENT, language="zh", now=now, then_plan=True)


def _forget_shipment(loading: Loading) -> None:
    job = job_by_id(SHIPMENT)
    if job is not None:
        job_actions.delete(actor=actor("agent", Kind.AGENT), job=job)
        loading.removed.append(BOOK_NAME)


BOOK_OF_ACCOUNTS = "ledger"


ORDERS = "orders"


def _load_orders(loading: Loading) -> None:
    """What the sample's people have asked, quoted and ordered."""
    from sundry.simulation import sample_orders, sample_shelves

    market = sample_shelves.market()
    needed = (Kind.BUYER, Kind.AGENT, Kind.STALL, Kind.MERCHANT)
    if market is None or any(queries.organisation(_ORGANISATION[kind].id) is None for kind in needed):
        return  # there is nothing to order, or a visitor took an address of its people: that is said already
    buyer, agent, stall, merchants = (actor(kind.value, kind) for kind in needed)
    own_stall = sample_shelves.own_stall(market)
    cast = sample_orders.Cast(buyer=buyer, agent=agent, stall=stall, merchants=merchants, own_stall=own_stall)
    if sample_orders.is_there(cast):
        loading.kept.append(ORDERS)
    else:
        _try(loading, ORDERS, partial(sample_orders.load, cast, now=loading.now))


def _forget_orders(loading: Loading) -> None:
    from sundry.goods.orders.actions_forgetting import forget_orders

    if forget_orders(buyers=[_ORGANISATION[kind].id for kind in (Kind.BUYER, Kind.AGENT)]):
        loading.removed.append(ORDERS)


def _load_ledger(loading: Loading) -> None:
    """One order in the ledger. What is recorded stays, also when all else is made anew."""
    if sample_ledger.is_posted():
        loading.kept.append(BOOK_OF_ACCOUNTS)
    else:
        _try(loading, BOOK_OF_ACCOUNTS, partial(_post, loading.now))


def _post(now: datetime) -> int:
    """NotThere: one of the organisations, because a visitor took an address of its people."""
    concerned = [_ORGANISATION[kind] for kind in sample_ledger.PARTIES]
    if any(queries.organisation(organisation.id) is None for organisation in concerned):
        raise NotThere("person_not_there")
    return sample_ledger.load(
        owners={organisation.kind: organisation.id for organisation in concerned},
        people={organisation.kind: _PERSON[organisation.people[0][0]].name for organisation in concerned},
        now=now,
    )


def _load_press(loading: Loading) -> None:
    """The county has imported the pages of the sample paper; they are read at once."""
    for page in sample_press.pages():
        name = sample_pages.file_name(page)
        if sample_pages.is_there(page):
            loading.kept.append(name)
        else:
            _try(loading, name, partial(_import, page, loading.now))


def _import(page: sample_press.SamplePage, now: datetime) -> None:
    """NotThere: the county, because a visitor took an address of its people."""
    if queries.organisation(_ORGANISATION[Kind.COUNTY].id) is None:
        raise NotThere("person_not_there")
    sample_pages.add(page, actor=actor("county", Kind.COUNTY), now=now)


def _forget_press(loading: Loading) -> None:
    for page in sample_press.pages():
        if sample_pages.is_there(page):
            sample_pages.take_away(page, actor=actor("county", Kind.COUNTY))
            loading.removed.append(sample_pages.file_name(page))


SHELVES = "goods"
OWN_STALL = "stall with goods"
OTHER_STALLS = "stalls of the merchants"


def _load_shelves(loading: Loading) -> None:
    """Stalls with goods. A reset leaves them: they are anybody's to change."""
    from sundry.simulation import sample_shelves  # composes with numpy, which no process that serves pages loads

    market = sample_shelves.market()
    if market is None:
        return
    if sample_shelves.is_there(market):
        loading.kept.append(SHELVES)
    else:
        _try(loading, SHELVES, partial(sample_shelves.load, market))
    if sample_shelves.is_claimed(market):
        loading.kept.append(OWN_STALL)
    else:
        _try(loading, OWN_STALL, partial(_claim, sample_shelves.claim, market, loading.now))
    if sample_shelves.are_all_claimed(market):
        loading.kept.append(OTHER_STALLS)
    else:
        _try(loading, OTHER_STALLS, partial(_claim_others, sample_shelves.claim_others, market, loading.now))


def _claim(claim: Callable[..., None], market: Market, now: datetime) -> None:
    """NotThere: the stall holder's organisation, because a visitor took an address of its people."""
    own = _ORGANISATION[Kind.STALL].id
    if queries.organisation(own) is None or queries.organisation(_ORGANISATION[Kind.OPERATOR].id) is None:
        raise NotThere("person_not_there")
    claim(
        market, operator=actor("operator", Kind.OPERATOR), holder=actor("stall", Kind.STALL), organisation=own, now=now
    )


def _claim_others(claim: Callable[..., None], market: Market, now: datetime) -> None:
    """NotThere: the merchants, because a visitor took an address of their people."""
    merchants = _ORGANISATION[Kind.MERCHANT].id
    if queries.organisation(merchants) is None or queries.organisation(_ORGANISATION[Kind.OPERATOR].id) is None:
        raise NotThere("person_not_there")
    claim(market, operator=actor("operator", Kind.OPERATOR), organisation=merchants, now=now)


def _nothing(loading: Loading) -> None:
    """Taken away with the organisation it belongs to, or never."""


def _try(loading: Loading, name: str, make: Callable[[], object]) -> None:
    """Make one thing whole or not at all; what people have done may stand in its way."""
    try:
        with transaction.atomic():
            make()
    except SundryError as fault:
        loading.left_out.append((name, fault))
    else:
        loading.made.append(name)


# In the order in which they are made. A module that has something to show adds its step here.
STEPS: tuple[Step, ...] = (
    Step("reference", _load_reference, _nothing),
    Step("people", _load_people, _forget_people),
    Step("organisations", _load_organisations, _forget_organisations),
    Step("invitation", _load_invitation, _nothing),
    Step("shelves", _load_shelves, _nothing),
    Step("orders", _load_orders, _forget_orders),
    Step("shipment", _load_shipment, _forget_shipment),
    Step("ledger", _load_ledger, _nothing),
    Step("press", _load_press, _forget_press),
)
