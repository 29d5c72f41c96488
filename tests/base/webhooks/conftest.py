"""What the tests of webhooks share: a market that sends, kinds of events, organisations, a receiver in a thread."""

from __future__ import annotations

import dataclasses
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from sundry.base.access.rules import Actor, Kind, Position, role_of
from sundry.base.webhooks import actions
from sundry.base.webhooks import rules as webhooks

KINDS = (
    webhooks.Kind("good.listed", "A good is on show.", {"good": "019b2c3d-0000-7000-8000-000000000001"}),
    webhooks.Kind("good.withdrawn", "A good is no longer on show.", {"good": "019b2c3d-0000-7000-8000-000000000001"}),
)
NOON = datetime(2026, 4, 20, 12, tzinfo=UTC)


@dataclass
class Heard:
    headers: dict[str, str]
    body: str


class Receiver(ThreadingHTTPServer):
    """Writes down what it hears and answers with `answers`, one after the other, then with 204."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: list[Heard] = []
        self.answers: list[tuple[int, bytes]] = []
        self.location = ""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/in?shop=1"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        headers = {name.lower(): value for name, value in self.headers.items()} | {"path": self.path}
        self.server.heard.append(Heard(headers, self.rfile.read(length).decode()))
        status, text = self.server.answers.pop(0) if self.server.answers else (204, b"")
        self.send_response(status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def kinds(settings: Any) -> None:
    settings.WEBHOOK_KINDS = KINDS


@pytest.fixture
def sending(settings: Any, kinds: None) -> None:
    """A sample market whose webhooks are sent."""
    settings.SUNDRY = dataclasses.replace(settings.SUNDRY, webhooks="send")


@dataclass
class Office:
    """An organisation with one administrator, and what she registers."""

    organisation: uuid.UUID
    person: uuid.UUID
    secrets: dict[uuid.UUID, str] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        role = role_of(Kind.BUYER, Position.ADMINISTRATOR)
        return Actor(role=role, person=self.person, organisation=self.organisation)

    def endpoint(
        self, address: str = "https://hooks.example.com/in", kinds: tuple[str, ...] = ("good.listed",), says: str = ""
    ) -> uuid.UUID:
        made = actions.register(
            actor=self.actor, organisation=self.organisation, address=address, kinds=kinds, description=says
        )
        self.secrets[made.endpoint] = made.secret
        return made.endpoint


@pytest.fixture
def office(kinds: None) -> Callable[..., Office]:
    """office() founds another organisation; the test asks for the database itself."""
    from sundry.base.parties.models import Membership, Organisation, Person

    def found(language: str = "en") -> Office:
        number = uuid.uuid4().hex[:12]
        organisation = Organisation.objects.create(kind=Kind.BUYER, name=f"Buyer {number}")
        person = Person.objects.create(name="Li", email=f"{number}@market.example", language=language)
        Membership.objects.create(person=person, organisation=organisation, position=Position.ADMINISTRATOR)
        return Office(organisation.id, person.id)

    return found


@pytest.fixture
def jobs() -> Callable[[], list[tuple[str, dict[str, Any]]]]:
    """The jobs of webhooks in the queue, in the order in which they were put there."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    return lambda: list(
        ProcrastinateJob.objects.filter(task_name__startswith="webhooks.")
        .order_by("id")
        .values_list("task_name", "args")
    )
