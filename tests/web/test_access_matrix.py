"""Every address, asked as every role for one's own and for another's, answers as the access matrix says.

The addresses are those of the URLconf, so that a new one is tried without anybody thinking of it. A parameter that is
new needs a specimen here: a thing that an address can name, one's own and another's. What a request changes is rolled
back, so that one world serves them all.

MATRIX=whole: every role is asked everywhere, as in `make nightly`. By day, where the matrix says the same of the
administrators and members of a kind, one of them is asked for both, here the one and there the other; and of the kinds
that have nothing to do with an address, two. A page that can be read too is posted to once for each answer that the
matrix gives. Whether another's thing answers as one that never was, an agent asks.
"""

from __future__ import annotations

import json
import os
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zlib import crc32

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.template import Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from sundry.base.access.actions import create_token
from sundry.base.access.models import AuditEntry
from sundry.base.access.rules import (
    PERSON,
    ROLES,
    VISITOR,
    Actor,
    Decision,
    Kind,
    Operation,
    Owner,
    Position,
    Role,
    decide,
    role_of,
)
from sundry.base.ledger import queries as ledger
from sundry.base.ledger.actions import open_account, open_units, post_or_raise
from sundry.base.ledger.rules import Event, Transfer, Unit, UnitKind
from sundry.base.notifications.rules import Way
from sundry.base.notifications.stop_links import stop_token
from sundry.base.parties.models import Invitation
from sundry.base.parties.rules import token_hash
from sundry.base.reference import actions as reference
from sundry.base.reference.loading import File
from sundry.base.webhooks import actions as webhooks
from sundry.base.webhooks.models import Endpoint
from sundry.base.webhooks.sealing import locked
from sundry.goods.catalogue import paper_files, pictures, sheets_export
from sundry.goods.catalogue.actions_wanted import ask_wanted
from sundry.goods.catalogue.models import BrandPaper, Good, Hall, Product, SearchMiss, SheetImport, Stall
from sundry.goods.orders import attachments
from sundry.goods.orders import models as orders
from sundry.goods.shipping import job_files
from sundry.goods.shipping.models import ShippingJob
from sundry.insight.observatory import actions as observatory
from sundry.insight.observatory import exports, queries_figures
from sundry.insight.observatory.queries import statements
from sundry.insight.observatory.rules import Sought
from sundry.kernel.identifiers import new_id
from sundry.simulation import sample_press, sample_shipment
from sundry.web import access_matrix
from sundry.web.access_matrix import Route, all_routes, markdown, operations, without_operation
from sundry.web.api.document import Document, document
from sundry.web.api.reference import _example
from sundry.web.api.service import scopes

ROOT = Path(__file__).parents[2]


AGENT, CHIEF, HOLDER, OPERATOR, AUDITOR = (
    role_of(kind, position)
    for kind, position in (
        (Kind.AGENT, Position.MEMBER),
        (Kind.AGENT, Position.ADMINISTRATOR),
        (Kind.STALL, Position.ADMINISTRATOR),
        (Kind.OPERATOR, Position.ADMINISTRATOR),
        (Kind.AUDITOR, Position.MEMBER),
    )
)
# They post to pages that are read by everybody as well: reading and writing ask by the same line of code.
WHOLE = os.environ.get("MATRIX") == "whole"
POSTING = frozenset({VISITOR, PERSON, AGENT, CHIEF, OPERATOR, AUDITOR})


# What a library says to those who may ask, and have nothing there.
EMPTY = {
    "mfa_reauthenticate": 403,  # nobody here has a second step
    "mfa_deactivate_totp": 404,
    "mfa_view_recovery_codes": 404,
    "mfa_download_recovery_codes": 404,
    "sample_sign_in": 404,  # the tests' market has no sample people
    "mcp": 401,  # a session opens nothing there, only a token
}

# What a form of a page holds, where an empty one asks for a thing that is not there.
FORMS = {
    "account/sessions": {"session": "all"},
    "organisations/<uuid:organisation>/members/<uuid:membership>/change": {"position": "member"},
    "market/queue/refuse": {"good": "3"},
    "basket/add/": {"good": "31415926", "quantity": "1"},
}


# The table itself ---------------------------------------------------------------------------------------------------


def test_every_address_has_an_operation() -> None:
    assert not without_operation()


def test_the_page_of_the_matrix_is_not_stale() -> None:
    page = (ROOT / "docs" / "access-matrix.md").read_text("utf-8")
    assert page == markdown(), "run: python -m sundry.web.access_matrix > docs/access-matrix.md"


def test_two_policies_under_one_name_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = [
        Route("a", "a", (), Operation("x.y", own=frozenset()), (), False),
        Route("b", "b", (), Operation("x.y", own=frozenset(ROLES)), (), False),
    ]
    monkeypatch.setattr(access_matrix, "all_routes", lambda: twice)
    with pytest.raises(ValueError, match=r"x\.y stands for two policies"):
        operations()


def test_the_signs_of_the_matrix() -> None:
    operation = Operation("x", own=frozenset({AGENT}), foreign=frozenset({AGENT}), open_desk=True)
    assert access_matrix._sign(operation, AGENT) == "●"
    assert access_matrix._sign(operation, VISITOR) == "◇"
    assert access_matrix._sign(Operation("x", own=frozenset({AGENT})), AGENT) == "○"
    assert access_matrix._sign(Operation("x", own=frozenset(), foreign=frozenset({AGENT})), AGENT) == "◌"
    assert access_matrix._sign(Operation("x", own=frozenset()), AGENT) == "·"


def test_library_views_are_named_as_they_are_served() -> None:
    from sundry.web.operations import LIBRARY_VIEWS

    assert set(LIBRARY_VIEWS) <= {route.name for route in all_routes()}


# The world ----------------------------------------------------------------------------------------------------------


@dataclass
class Side:
    """What belongs to somebody: a value for each parameter that an address may have."""

    role: Role
    owner: Owner
    values: dict[str, str]


MISSING = {
    "organisation": str(uuid.UUID(int=7)),
    "membership": str(uuid.UUID(int=7)),
    "invitation": str(uuid.UUID(int=7)),
    "token": str(uuid.UUID(int=7)),
    "job": "A" * 32,
    "account": str(uuid.UUID(int=7)),
    "event": str(uuid.UUID(int=7)),
    "page": str(uuid.UUID(int=7)),
    "statement": str(uuid.UUID(int=7)),
    "import_id": str(uuid.UUID(int=7)),
    "series": str(uuid.UUID(int=7)),
    "endpoint": str(uuid.UUID(int=7)),
    "delivery": str(uuid.UUID(int=7)),
    "load": str(uuid.UUID(int=7)),
    "hs_code": "770177",
    "tariff_code": "7701100000",
    "port_code": "AQXXX",
    "good_number": "999999999",
    "product_number": "999999999",
    "stall_number": "999999999",
    "slug": "nobody-at-all",
    "hall": "NOWHERE",
    "floor": "9876",
    "photo": f"{'0' * 64}-480.webp",
    "photo_file": "0" * 64,
    "wanted": str(uuid.UUID(int=7)),
    "my_good": "999999999",
    "my_stall": "999999999",
    "paper": str(uuid.UUID(int=7)),
    "miss": str(uuid.UUID(int=7)),
    "goods_sheet": str(uuid.UUID(int=7)),
    "order": "999999999",
    "sub": str(uuid.UUID(int=7)),
    "line": str(uuid.UUID(int=7)),
    "payment": str(uuid.UUID(int=7)),
    "enquiry": "999999999",
    "quotation": str(uuid.UUID(int=7)),
    "mandate": str(uuid.UUID(int=7)),
    "sale": str(uuid.UUID(int=7)),
    "change": str(uuid.UUID(int=7)),
    "ticket": str(uuid.UUID(int=7)),
    "conversation": str(uuid.UUID(int=7)),
    "talk": str(uuid.UUID(int=7)),
    "attached": "0" * 64,
    "own_quotation": str(uuid.UUID(int=7)),
    "order_sheet": str(uuid.UUID(int=7)),
    "sought": str(uuid.UUID(int=7)),
}
FIXED = {
    "file": "invoice.pdf",
    "form": "1",
    "item": "1",
    "key": "gdp",
    "format": "xlsx",
    "category": "toys",
    "collection": "new",
    "part": "0",
}
LINK = "A" * 43  # the secret of the invitation's link
BELONGS = {  # what decides whose a thing is
    "organisation": "organisation",
    "membership": "organisation",
    "invitation": "organisation",
    "token": "person",
    "wanted": "person",
    "my_good": "organisation",
    "my_stall": "organisation",
    "paper": "organisation",
    "goods_sheet": "organisation",
    "order": "organisation",
    "sub": "organisation",
    "payment": "organisation",
    "enquiry": "organisation",
    "quotation": "organisation",
    "mandate": "organisation",
    "sale": "organisation",
    "change": "organisation",
    "ticket": "organisation",
    "conversation": "organisation",
    "talk": "organisation",
    "own_quotation": "organisation",
    "order_sheet": "organisation",
    "job": "job",
    "account": "organisation",
    "event": "organisation",
    "endpoint": "organisation",
    "delivery": "organisation",
}
TICKET_TEXTS = (
    *("place", "supplier", "supplier_phone", "market_number", "buyer", "buyer_phone", "agent", "day"),
    *("warehouse", "currency"),
)
TRADE = ("my/", "orders/", "quotations/", "mandates/", "desk/", "changes/", "tickets/", "payments/")
# What an address asks besides, where it does nothing without.
ASKED = {"ledger/trial-balance.xlsx": "?unit=currency:CNY"}


@pytest.fixture
def planned(make_job: Any, monkeypatch: pytest.MonkeyPatch) -> ShippingJob:
    """A job with all its files, which no request may delete: the database comes back, files do not."""
    job = make_job("planned")
    monkeypatch.setattr(job_files, "remove", lambda _job: None)
    return ShippingJob.objects.get(key=job.key)


def give(job: ShippingJob, owner: Owner) -> None:
    """The job belongs to `owner` from now on."""
    nobody = owner.person is None and owner.organisation is None
    ShippingJob.objects.filter(id=job.id).update(
        person=owner.person,
        organisation=owner.organisation,
        expires_at=timezone.now() + timedelta(hours=1) if nobody else None,
    )


# Asking -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    text: str


@contextmanager
def undone(back_to: str = "") -> Iterator[None]:
    """What requests did in the database meanwhile is rolled back: to the savepoint `back_to` where there is one, which
    takes one statement instead of three."""
    if back_to:
        yield
        transaction.set_rollback(False)
        transaction.savepoint_rollback(back_to)
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def address_of(route: Route, values: dict[str, str]) -> str:
    named = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], route.address)
    return f"/{named}{ASKED.get(route.address, '')}"


def ask(client: Client, route: Route, method: str, values: dict[str, str]) -> Answer:
    """The answer. What it says to keep (a language, that nobody is signed in) is not kept."""
    address = address_of(route, values)
    cookies = client.cookies.output()
    before = {name: morsel.value for name, morsel in client.cookies.items()}
    answer = getattr(client, method.lower())(address, **_sent(route, method, values))
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if client.cookies.output() != cookies:
        client.cookies.clear()
        client.cookies.load(before)
    return Answer(answer.status_code, answer.headers.get("Location", ""), content.decode(errors="replace"))


def _sent(route: Route, method: str, values: dict[str, str]) -> dict[str, Any]:
    """What the reference shows as an example: access to the thing is asked for after the values are read. What a
    body names is of `values`."""
    for media_type, schema in _bodies(route.address, method.lower()):
        if media_type == "application/json":
            body = _example(_document(), schema)
            body |= {name: value for name, value in _named(values).items() if body.get(name) not in (None, 0)}
            for change in body.get("changes", ()):
                change["line"] = values["line"]
            return {"data": json.dumps(body), "content_type": media_type}
        return {"data": {"book": SimpleUploadedFile("orders.csv", b"a")}}
    return {"data": FORMS[route.address]} if method == "POST" and route.address in FORMS else {}


def _named(values: dict[str, str]) -> dict[str, Any]:
    """What a body may name: the things of `values`, as far as there are any."""
    named = {name: int(values[of]) for name, of in (("stall", "my_stall"), ("order", "order")) if of in values}
    ids = (("sub", "sub"), ("conversation", "own_conversation"))
    lists = (("subs", "sale"), ("quotations", "quotation"))
    return (
        named
        | {name: values[of] for name, of in ids if of in values}
        | {name: [values[of]] for name, of in lists if of in values}
        | ({"numbers": [int(values["my_good"])]} if "my_good" in values else {})
    )


@cache
def _document() -> Document:
    return document()


@cache
def _bodies(address: str, method: str) -> list[tuple[str, Any]]:
    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", address)
    described = _document()["paths"].get(path, {}).get(method, {})
    content = described.get("requestBody", {}).get("content", {})
    return [(media_type, body["schema"]) for media_type, body in content.items()]


def in_the_ledger(organisation: uuid.UUID) -> dict[str, str]:
    """An account of the organisation, and an event that moved something into it."""
    open_units(units=[Unit(UnitKind.CURRENCY, "CNY", 2)])
    account, outside = (
        open_account(owner=owner, purpose="cash", unit="currency:CNY") for owner in (organisation, None)
    )
    event = Event(new_id(), "sale", "order:1", "clerk", timezone.now(), (Transfer(new_id(), outside, account, 1),))
    post_or_raise(event=event)
    return {"account": str(account), "event": str(event.id)}


def in_the_webhooks(organisation: uuid.UUID) -> dict[str, str]:
    """An endpoint of the organisation, and what was sent to it."""
    made = Endpoint.objects.create(
        organisation_id=organisation,
        address="https://hooks.example.com/",
        kinds=["good.listed"],
        secret=locked("whsec_"),
    )
    told = webhooks.send_test(actor=Actor(organisation=organisation), endpoint=made.id, now=timezone.now())
    return {"endpoint": str(made.id), "delivery": str(told)}


def in_the_observatory() -> dict[str, str]:
    """A page that was imported and read, a statement of it that is published, and a series it gave. Nobody's."""
    sample, home = sample_press.pages()[0], sample_press.home()
    files = [(f"{sample.name}.txt", sample.text.encode())]
    made = observatory.import_files(actor=Actor(), files=files, issued=sample.issued, home=home, then_read=False)
    page = observatory.next_page(import_id=made)
    assert page is not None
    observatory.read_page(page=page, now=timezone.now())
    (told,) = statements(Sought(), limit=1)
    (series,) = queries_figures.series_list(limit=1)
    return {"import_id": str(made), "page": str(page), "statement": str(told.id), "series": str(series.id)}


def in_the_reference() -> dict[str, str]:
    """A code of each table that an address names, and the load of one of them. Nobody's."""
    actor, now = Actor(), timezone.now()
    reference.load_own(actor=actor, now=now)
    tariff = File("tariff.csv", "商品编码,商品名称,第一法定单位\n9503002100,动物玩具,个\n".encode())
    rates = File("rates.csv", f"Date,USD,CNY,JPY\n{now.date()},1.1172,7.4326,175.68\n".encode())
    reference.load_file(actor=actor, file=rates, now=now)
    load = reference.load_file(actor=actor, file=tariff, valid_from=now.date() - timedelta(days=9), now=now)
    return {"hs_code": "9503", "tariff_code": "9503002100", "port_code": "CNNGB", "load": str(load.id)}


def in_the_shop_window() -> dict[str, str]:
    """A good on show with a photo, its product, its stall. Nobody's. Names that no page has of itself."""
    hall = Hall.objects.create(code="EAST", names={"zh": "一区"})
    stall = Stall.objects.create(number=61803399, slug="a-stall", goods=1, hall=hall, floor=7654, street="A", booth="1")
    product = Product.objects.create(number=71828183, names={"zh": "杯"})
    Good.objects.create(
        number=31415926,
        stall=stall,
        product=product,
        names={"zh": "杯"},
        ladder_quantities=[1],
        ladder_prices_minor=[320],
        state="listed",
        listed_at=timezone.now(),
    )
    return {
        "good_number": "31415926",
        "product_number": "71828183",
        "stall_number": "61803399",
        "slug": "a-stall",
        "hall": "EAST",
        "floor": "7654",
        "photo": f"{pictures.keep(drawn()).file}-480.webp",
        "miss": str(SearchMiss.objects.create(language="en", text="zzz", last_at=timezone.now()).id),
    }


@cache
def drawn() -> bytes:
    """A small picture."""
    kept = BytesIO()
    Image.new("RGB", (64, 48)).save(kept, "PNG")
    return kept.getvalue()


def at_a_stall(organisation: uuid.UUID, photo: str) -> dict[str, str]:
    """A stall of the organisation, a good and a paper of it."""
    number = 7_000_000 + 2 * Stall.objects.count()
    stall = Stall.objects.create(
        number=number,
        slug=f"stall-{number}",
        hall_id="EAST",
        floor=2,
        street="B",
        booth=str(number),
        organisation_id=organisation,
    )
    Good.objects.create(number=number + 1, stall=stall, names={"zh": "杯"})
    paper = BrandPaper.objects.create(
        stall=stall,
        brand="acme",
        shown="Acme",
        file=paper_files.keep(b"%PDF-1.7"),
        valid_from=timezone.localdate(),
        submitted_at=timezone.now(),
    )
    sheet = SheetImport.objects.create(stall=stall, name="goods.xlsx", state="preview")
    return {
        "my_stall": str(number),
        "my_good": str(number + 1),
        "photo_file": photo.partition("-")[0],
        "paper": str(paper.id),
        "goods_sheet": str(sheet.id),
    }


def in_the_orders(organisation: uuid.UUID, stall_number: int) -> dict[str, str]:
    """An order, an enquiry, a quotation and a mandate of the organisation, which buys at its own stall: so that each is
    its own on both sides."""
    number, now, today = 8_000_000 + orders.Order.objects.count(), timezone.now(), timezone.localdate()
    stall = Stall.objects.get(number=stall_number)
    at_stall = {"stall": stall, "seller_id": organisation}
    mandate = orders.Mandate.objects.create(
        agent_id=organisation, buyer_id=organisation, client_name="Diallo", valid_from=today
    )
    order = orders.Order.objects.create(number=number, buyer_id=organisation, state="open", placed_at=now, stalls=1)
    sub = orders.SubOrder.objects.create(
        **at_stall, order=order, position=1, state="placed", placed_at=now, answer_by=now + timedelta(days=1)
    )
    line = orders.OrderLine.objects.create(
        order=order, sub=sub, position=1, names={"zh": "杯"}, pieces=1, price_minor=320, value_minor=320
    )
    payment = orders.Payment.objects.create(sub=sub, kind="deposit", amount_minor=1, paid_on=today, told_at=now)
    change = orders.Change.objects.create(
        sub=sub, kind="promise", side="buyer", base_version=1, reason="r", promised_day=today, proposed_at=now
    )
    code = f"{number}-1"
    content = dict.fromkeys(TICKET_TEXTS, "") | {"number": code, "order": code, "stall_names": {}, "lines": []}
    ticket = orders.TradeTicket.objects.create(sub=sub, version=1, content=content, digest="0" * 64, drawn_at=now)
    talk = in_the_talks(organisation, at_stall | {"buyer_id": organisation, "language": "en", "last_at": now}, number)
    sent = {"state": "sent", "sent_at": now, "valid_until": today + timedelta(days=9)}
    quotation = orders.Quotation.objects.create(
        **at_stall, **sent, number=number, buyer_id=organisation, conversation_id=talk["conversation"]
    )
    another = orders.Conversation.objects.create(**at_stall, language="en", last_at=now)  # with whom, does not matter
    own_quotation = orders.Quotation.objects.create(**at_stall, **sent, number=number + 500_000, conversation=another)
    sheet = orders.OrderImport.objects.create(organisation_id=organisation, name="list.xlsx", state="preview")
    return talk | {
        "order": str(order.number),
        "sub": str(sub.id),
        "sale": str(sub.id),
        "line": str(line.id),
        "payment": str(payment.id),
        "change": str(change.id),
        "ticket": str(ticket.id),
        "quotation": str(quotation.id),
        "own_quotation": str(own_quotation.id),
        "own_conversation": str(another.id),
        "mandate": str(mandate.id),
        "order_sheet": str(sheet.id),
    }


def in_the_talks(organisation: uuid.UUID, between: dict[str, Any], number: int) -> dict[str, str]:
    """An enquiry of the organisation, the conversation about it, and what was sent along."""
    now = between["last_at"]
    enquiry = orders.Enquiry.objects.create(
        number=number, buyer_id=organisation, text="cups?", language="en", asked_at=now
    )
    talk = orders.Conversation.objects.create(**between, enquiry=enquiry, messages=1)
    sent = attachments.keep(BytesIO(drawn()), name="cups.png")
    orders.ConversationMessage.objects.create(
        conversation=talk, number=1, kind="text", side="buyer", text="cups?", attachments=[asdict(sent)], sent_at=now
    )
    return {
        "enquiry": str(enquiry.number),
        "conversation": str(talk.id),
        "talk": str(talk.id),
        "attached": sent.file,
    }


def heard(answer: Answer) -> Decision:
    """What somebody was told."""
    if answer.location:
        place = urlsplit(answer.location)
        asked_to_sign_in = place.path == reverse("account_login") and "next" in parse_qs(place.query)
        return Decision.SIGN_IN if asked_to_sign_in else Decision.ALLOWED
    told = {401: Decision.SIGN_IN, 403: Decision.FORBIDDEN, 404: Decision.NOT_FOUND}
    return told.get(answer.status, Decision.ALLOWED)


def is_asked_by_another(route: Route, role: Role) -> bool:
    """Whether another role asks this address for this one too: the matrix says the same of both."""
    if role.kind is None or role in POSTING or route.operation is None:
        return False
    both = {role_of(role.kind, position) for position in Position}
    own, foreign = both & route.operation.own, both & route.operation.foreign
    if own not in (both, set()) or foreign not in (both, set()):
        return False
    if both & POSTING:
        return True
    if not own | foreign and role.kind not in _two_of_nothing_to_do(route):
        return True
    asks = tuple(Position)[crc32(f"{role.kind} {route.address}".encode()) % 2]
    return role.position is not asks


@cache
def _two_of_nothing_to_do(route: Route) -> frozenset[Kind]:
    """Two kinds, others for each address, nobody of which may ever do its operation."""
    assert route.operation is not None
    may = {role.kind for role in route.operation.own | route.operation.foreign}
    never = [kind for kind in Kind if kind not in may and not {role_of(kind, one) for one in Position} & POSTING]
    first = crc32(route.address.encode())
    return frozenset(never[(first + more) % len(never)] for more in range(2) if never)


def bare(answer: Answer, values: dict[str, str]) -> str:
    """An answer without what is different each time: the word against forged requests, and what was asked for."""
    word = r'(name="csrfmiddlewaretoken" value="|X-CSRFToken(?:&quot;|"): ?(?:&quot;|"))\w+'
    text = re.sub(word, r"\1...", answer.text)
    for name in MISSING:
        text = text.replace(values.get(name, "..."), "...")
    return text


TAKES: dict[Route, list[str]] = {}  # what each address takes, whatever the world; asked once


class World:
    """A stranger, what is hers, and what each address takes."""

    def __init__(self, sign_in: Any, job: ShippingJob) -> None:
        self.sign_in, self.job, self.now = sign_in, job, timezone.now()
        self.press = in_the_observatory() | in_the_reference() | in_the_shop_window()
        self.somebody: Any = None
        self.stranger = self._side(sign_in(CHIEF))
        self.press["sought"] = self.stranger.values["sought"] = self.stranger.values["wanted"]  # stalls answer it
        Invitation.objects.filter(id=self.stranger.values["invitation"]).update(token_hash=token_hash(LINK))
        self.routes = all_routes()
        member, mine = self.enter(OPERATOR)
        give(job, mine.owner)
        if not TAKES:
            TAKES.update({route: self._served(route, member.client, mine.values) for route in self.routes})
        assert all(TAKES.values()), "every address takes something"

    def methods(self, route: Route, role: Role) -> list[str]:
        """What is asked: every method that an address takes; a page that can be read too is posted to by some roles."""
        taken = TAKES[route]
        return taken if role in POSTING else taken[:1]

    def enter(self, role: Role) -> tuple[Any, Side]:
        """Somebody of `role`, and everything of hers."""
        member = self.sign_in(role)
        member.client.get("/health")  # so that what a session notes of a first request is noted
        return member, self._side(member, role)

    def cases(self, route: Route, member: Any, mine: Side) -> Iterator[tuple[str, Side, Decision]]:
        """(case, whose the thing of the address is, what the matrix says): own and foreign, as far as there is one."""
        assert route.operation is not None
        whose = next((BELONGS[name] for name in route.parameters if name in BELONGS), "")
        actor = Actor(
            role=mine.role,
            person=member.person,
            organisation=member.organisation,
            open_desk=True,
            open_pages=True,
            open_catalogue=True,
        )
        for case, owned in (("own", mine), ("foreign", self.stranger)):
            owner = {
                "": None,
                "job": owned.owner,
                "organisation": Owner(organisation=owned.owner.organisation),
                "person": Owner(person=owned.owner.person),
            }[whose]
            if (owner == Owner() and whose != "job") or (case == "foreign" and owner is None):
                continue  # she has none; there is none
            if whose == "job":
                give(self.job, owned.owner)
            yield case, owned, decide(route.operation, actor, owner)

    def _side(self, member: Any, role: Role = VISITOR) -> Side:
        """What belongs to `member` and her organisation."""
        self.somebody = member.person or self.somebody
        stop = stop_token(self.somebody, Way.EMAIL)
        values = FIXED | self.press | {"job": self.job.key, "invitation_token": LINK, "stop_token": stop}
        if member.person is not None:
            actor = Actor(person=member.person, organisation=member.organisation)
            made_token = create_token(actor=actor, name="Program", scopes=("a",), days=1, now=self.now)
            values["token"] = str(made_token.id)
            values["wanted"] = str(ask_wanted(actor=actor, text="cups", language="en", now=self.now))
        if member.organisation is not None:
            colleague = self.sign_in(AGENT, organisation=member.organisation)
            invitation = Invitation.objects.create(
                organisation_id=member.organisation,
                position=Position.MEMBER,
                email="wang@example.com",
                token_hash=uuid.uuid4().hex * 2,
                expires_at=self.now + timedelta(days=1),
            )
            values |= {
                "organisation": str(member.organisation),
                "membership": str(colleague.membership),
                "invitation": str(invitation.id),
            } | in_the_ledger(member.organisation)
            values |= in_the_webhooks(member.organisation)
            values |= at_a_stall(member.organisation, self.press["photo"])
            values |= in_the_orders(member.organisation, int(values["my_stall"]))
        return Side(role, Owner(member.person, member.organisation), values)

    def _served(self, route: Route, client: Client, values: dict[str, str]) -> list[str]:
        if route.is_api:
            return list(route.methods)
        with undone():
            return [method for method in ("GET", "POST") if ask(client, route, method, values).status != 405]


@pytest.fixture
def wordless(monkeypatch: pytest.MonkeyPatch) -> None:
    """No template is filled in, no sample written: everything runs but what takes most of a page's time."""
    monkeypatch.setattr(Template, "_render", lambda _template, _context: "")
    monkeypatch.setattr(sample_shipment, "write_sample", lambda path: path.write_bytes(b"a book"))
    monkeypatch.setitem(exports._WRITERS, "xlsx", lambda file, _figures: file.write(b"a book"))
    monkeypatch.setattr(sheets_export, "write_sheet", lambda *_, **__: b"a book")


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else records anything in the ledger, and the test's own transaction is not waited for, nor left."""
    monkeypatch.setattr(ledger, "stable_position", lambda **_: 0)
    for module in (ledger, exports):
        monkeypatch.setattr(module, "snapshot", nullcontext)  # each request is inside a transaction here


@pytest.mark.django_db
@pytest.mark.usefixtures("wordless", "quiet")
def test_every_address_answers_every_role_as_the_matrix_says(sign_in: Any, planned: ShippingJob) -> None:
    world = World(sign_in, planned)
    wrong: list[str] = []
    heard_of_posts: set[tuple[Route, str, Decision]] = set()
    asked = 0
    for role in ROLES:
        member, mine = world.enter(role)
        before = transaction.savepoint()
        for route in world.routes:
            if not WHOLE and is_asked_by_another(route, role):
                continue
            for case, owned, expected in world.cases(route, member, mine):
                methods = world.methods(route, role)
                if not WHOLE and (route, case, expected) in heard_of_posts:
                    methods = methods[:1]
                if len(methods) > 1:
                    heard_of_posts.add((route, case, expected))
                with undone(before):
                    answers = [(method, ask(member.client, route, method, owned.values)) for method in methods]
                asked += len(answers)
                wrong += [
                    f"{method} /{route.address} as {role}, {case}: {expected}, not {answer.status}"
                    for method, answer in answers
                    if heard(answer) is not expected and EMPTY.get(route.name) != answer.status
                ]
    assert not wrong, "\n".join(wrong)
    assert asked > (22 if WHOLE else 8) * len(world.routes)


@pytest.mark.django_db
@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("role", [VISITOR, CHIEF, AUDITOR] if WHOLE else [CHIEF], ids=str)
def test_anothers_thing_answers_as_one_that_never_was(role: Role, sign_in: Any, planned: ShippingJob) -> None:
    world = World(sign_in, planned)
    member, mine = world.enter(role)
    told_apart = []
    for route in world.routes:
        for case, owned, expected in world.cases(route, member, mine):
            if case == "own":
                continue
            missing = owned.values | MISSING
            for method in world.methods(route, role):
                with undone():
                    never = ask(member.client, route, method, missing)
                    foreign = ask(member.client, route, method, owned.values)
                if expected is Decision.ALLOWED:
                    alike = heard(never) is Decision.NOT_FOUND
                else:
                    alike = bare(never, missing) == bare(foreign, owned.values)
                if not alike:
                    told_apart.append(f"{method} /{route.address}: {never.status}")
    assert not told_apart, "\n".join(told_apart)


@pytest.mark.django_db
@pytest.mark.usefixtures("quiet")
def test_a_token_opens_what_it_was_made_for_and_nothing_else(sign_in: Any, bearer: Callable[..., Client]) -> None:
    members = {role: sign_in(role) for role in (CHIEF, HOLDER, OPERATOR)}
    for route in all_routes():
        if not route.is_api or route.operation not in scopes():
            continue
        member = members[next(role for role in members if role in route.operation.own)]
        values = FIXED | MISSING | {"organisation": str(member.organisation)}
        useless = bearer(member, "nothing.at.all")
        (method,) = route.methods
        with undone():
            assert ask(useless, route, method, values).status == 403, route.address
            assert ask(bearer(member, route.operation.name), route, method, values).status != 403, route.address


@pytest.mark.django_db
@pytest.mark.usefixtures("quiet")
def test_downloads_and_exports_are_written_down(sign_in: Any, planned: ShippingJob) -> None:
    audited = [route for route in all_routes() if route.operation is not None and route.operation.audited]
    taken = [
        route for route in audited if not route.address.startswith(("observatory/", "api/", "reference/", "market/"))
    ]
    assert {route.name for route in taken} >= {"ship_download", "audit_export", "ledger_statement"}
    members = {role: sign_in(role) for role in (CHIEF, HOLDER, OPERATOR)}
    window, things = in_the_shop_window(), {}
    for role, member in members.items():
        things[role] = at_a_stall(member.organisation, window["photo"])
        things[role] |= in_the_orders(member.organisation, int(things[role]["my_stall"]))
    for route in taken:
        assert route.operation is not None
        role = next(role for role in members if role in route.operation.own)
        member = members[role]
        give(planned, Owner(member.person, member.organisation))
        values = FIXED | {"job": planned.key} | in_the_ledger(member.organisation) | things[role]
        address = address_of(route, values)
        answer = member.client.get(address)
        if answer.status_code in (302, 405) and route.address.startswith(TRADE):
            continue  # nothing is handed out: what is posted to it is written down by its action
        assert answer.status_code == 200, address
        assert b"".join(answer.streaming_content if answer.streaming else [answer.content])
        entry = AuditEntry.objects.filter(person=member.person).latest("id")
        assert (entry.operation, entry.outcome) == (route.operation.name, "allowed")


@pytest.mark.django_db
def test_what_changes_the_observatory_is_written_down(sign_in: Any) -> None:
    """By the pages too, whatever comes of it."""
    member, values = sign_in(OPERATOR), in_the_observatory()
    changes = [
        route
        for route in all_routes()
        if route.operation is not None and route.operation.audited and route.address.startswith("observatory/")
    ]
    assert len(changes) >= 6
    for route in changes:
        assert route.operation is not None
        with undone():
            assert ask(member.client, route, "POST", values).status in (302, 422), route.address
            told = AuditEntry.objects.filter(person=member.person).values_list("operation", flat=True)
            assert route.operation.name in told, route.address
