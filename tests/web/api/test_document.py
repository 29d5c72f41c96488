"""The OpenAPI document tells the truth: what Schemathesis makes of it is answered as it says, and never by a 5xx."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from ninja import Schema
from ninja.constants import NOT_SET
from schemathesis import GenerationMode
from schemathesis.checks import (
    allow_header_conformance,
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sundry.base.access.rules import Actor, Owner, Position, role_of
from sundry.base.access.rules import Kind as Of
from sundry.base.ledger.actions import open_account, open_units, post_or_raise
from sundry.base.ledger.rules import Event, Kind, Transfer, Unit, UnitKind
from sundry.insight.observatory import actions as observatory
from sundry.insight.observatory.queries import review
from sundry.insight.observatory.queries_figures import series_list
from sundry.kernel.identifiers import new_id
from sundry.simulation import sample_press
from sundry.web import middleware
from sundry.web.api.document import document
from sundry.web.api.service import routes, scopes, urlpatterns

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    allow_header_conformance,
]


@pytest.fixture
def live_schema(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The real application, which must not close the connection that holds the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    for limit in ("API_OF_TOKEN_MAX", "API_OF_VISITOR_MAX"):
        monkeypatch.setattr(middleware, limit, 1_000_000)

    yield _schema()
    for signal in signals:
        signal.connect(close_old_connections)


@cache
def _schema() -> Any:
    """The document as it is served, fetched once."""
    from sundry.web.wsgi import application

    def whole(environ: Any, start_response: Any) -> list[bytes]:
        """Schemathesis leaves open what it has read."""
        answer = application(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            answer.close()

    return schemathesis.openapi.from_wsgi("/api/openapi.json", whole, base_url="http://localhost")


@pytest.fixture
def program(sign_in: Any, bearer: Any, path: str) -> tuple[str, uuid.UUID]:
    """What a program of an administrator shows that may do everything, and her organisation."""
    kind = Of.COUNTY if path.startswith("/api/observatory/") else Of.AGENT
    member = sign_in(role_of(kind, Position.ADMINISTRATOR))
    client = bearer(member, *(operation.name for operation in scopes()))
    return client.defaults["HTTP_AUTHORIZATION"], member.organisation


def in_the_ledger(organisation: uuid.UUID) -> dict[str, str]:
    """An account of the organisation, and an event that moved something into it and promised something from it."""
    open_units(units=[Unit(UnitKind.CURRENCY, "CNY", 2)])
    account, outside = (
        open_account(owner=owner, purpose="cash", unit="currency:CNY") for owner in (organisation, None)
    )
    moved = (Transfer(new_id(), outside, account, 5), Transfer(new_id(), account, outside, 2, Kind.PENDING))
    event = Event(new_id(), "sale", "order:1", "clerk", timezone.now(), moved)
    post_or_raise(event=event)
    return {"account": str(account), "event": str(event.id)}


def in_the_observatory() -> dict[str, str]:
    """A page that was read, a statement of it that waits, a series that it gave, and its import."""
    sample = sample_press.pages()[0]
    files = [("page.txt", sample.text.encode())]
    made = observatory.import_files(
        actor=Actor(), files=files, issued=sample.issued, home=sample_press.home(), then_read=False
    )
    page = observatory.next_page(import_id=made)
    assert page is not None
    observatory.read_page(page=page, now=timezone.now())
    (waiting,) = review(limit=1)
    (series,) = series_list(limit=1)
    own = {"page": page, "statement": waiting.id, "series": series.id, "import_id": made, "format": "sdmx-csv"}
    return {name: str(value) for name, value in own.items()}


@pytest.mark.parametrize(
    ("method", "path"),
    [(method.upper(), path) for path, methods in document()["paths"].items() for method in methods],
)
def test_an_operation_answers_as_the_document_says(
    live_schema: Any, program: tuple[str, uuid.UUID], make_job: Any, method: str, path: str
) -> None:
    """Right values and wrong ones; what is named is the program's own, so that it gets past the door."""
    token, organisation = program
    own = {"organisation": str(organisation)} | in_the_ledger(organisation)
    if "{job}" in path:
        own |= {"job": make_job("planned", owner=Owner(organisation=organisation)).key, "file": "invoice.pdf"}

    if path.startswith("/api/observatory/"):
        own |= in_the_observatory()

    @settings(
        max_examples=4,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=live_schema[path][method].as_strategy(generation_mode=GenerationMode.POSITIVE)
        | live_schema[path][method].as_strategy(generation_mode=GenerationMode.NEGATIVE)
    )
    def ask(case: Any) -> None:
        given = case.path_parameters or {}
        given |= {name: value for name, value in own.items() if name in given}
        case.call_and_validate(headers={"Authorization": token, "Accept-Encoding": "identity"}, checks=CHECKS)

    ask()


def test_every_operation_tells_who_may_how_it_refuses_and_what_is_left() -> None:
    made = document()
    described = [one for methods in made["paths"].values() for one in methods.values()]
    assert len(described) == len(list(routes(urlpatterns())))
    for one in described:
        assert one["x-operation"]
        assert one["summary"]
        assert one["description"]
        assert {"400", "401", "403", "404", "409", "422", "429", "500"} <= set(one["responses"])
        (status,) = [status for status in one["responses"] if status.startswith("2")]
        assert "RateLimit-Remaining" in one["responses"][status]["headers"]
        assert one["security"][:2] == [{"token": []}, {"session": []}]
    assert len({one["operationId"] for one in described}) == len(described)


def test_no_two_shapes_have_one_name() -> None:
    """In the document the later one would stand for both."""

    def shapes(of: type[Schema]) -> Iterator[type[Schema]]:
        for one in of.__subclasses__():
            yield from (one, *shapes(one))

    ours = {one for one in shapes(Schema) if one.__module__.startswith("sundry.") and "[" not in one.__name__}
    names = sorted(one.__name__ for one in ours)
    assert sorted(set(names)) == names


def test_only_what_a_visitor_may_is_open() -> None:
    made = document()
    assert {} in made["paths"]["/api/devices"]["post"]["security"]
    assert {} not in made["paths"]["/api/me"]["get"]["security"]


def test_a_post_takes_a_key_unless_its_answer_is_a_secret() -> None:
    made = document()["paths"]

    def keys(path: str) -> list[str]:
        return [one["name"] for one in made[path]["post"]["parameters"] if one["in"] == "header"]

    assert "Idempotency-Key" in keys("/api/organisations/{organisation}/invitations")
    assert "Idempotency-Key" not in keys("/api/devices")


def test_no_component_stands_for_two_things() -> None:
    """django-ninja knows a component by the name of its class: the last one of two would describe both."""
    told: dict[str, Any] = {}
    for route in routes(urlpatterns()):
        for model in models_of(route.endpoint):
            for name, schema in model.model_json_schema(mode="serialization").get("$defs", {}).items():
                assert told.setdefault(name, schema) == schema, f"{name}: use base.access.endpoints.spelled_out"
    assert len(told) > 50


def models_of(endpoint: Any) -> Iterator[Any]:
    """What an operation takes and answers."""
    yield from endpoint.models
    yield from (answer for answer in endpoint.response_models.values() if answer not in (None, NOT_SET))
