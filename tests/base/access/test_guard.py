"""The guard asks before the view, and leaves the view's signature to be read."""

from __future__ import annotations

import inspect
import uuid

import pytest
from django.http import HttpRequest, HttpResponse

from sundry.base.access.guard import AccessRefused, actor_of, admit, guarded
from sundry.base.access.rules import Actor, Decision, Kind, Operation, Owner, Position, of_kinds, role_of

AGENT = Actor(role=role_of(Kind.AGENT, Position.MEMBER), person=uuid.UUID(int=1), organisation=uuid.UUID(int=2))
READ = Operation("job.read", own=of_kinds(Kind.AGENT))


@guarded(READ)
def view(request: HttpRequest, job: uuid.UUID) -> HttpResponse:
    """Shows a job."""
    return HttpResponse(str(job))


def asked_by(actor: Actor | None) -> HttpRequest:
    request = HttpRequest()
    if actor is not None:
        request.actor = actor  # type: ignore[attr-defined]
    return request


def test_who_may_is_let_in() -> None:
    assert view(asked_by(AGENT), job=uuid.UUID(int=7)).content == str(uuid.UUID(int=7)).encode()


def test_who_never_may_is_refused_before_the_view_runs() -> None:
    with pytest.raises(AccessRefused) as refused:
        view(asked_by(None), job=uuid.UUID(int=7))
    assert refused.value.decision is Decision.SIGN_IN
    assert refused.value.message("en") == "Please sign in first, then go on."


def test_an_object_is_admitted_by_its_owner() -> None:
    admit(asked_by(AGENT), READ, Owner(organisation=uuid.UUID(int=2)))
    with pytest.raises(AccessRefused) as refused:
        admit(asked_by(AGENT), READ, Owner(organisation=uuid.UUID(int=3)))
    assert refused.value.decision is Decision.NOT_FOUND
    assert refused.value.operation is READ


def test_a_request_that_nobody_looked_at_is_a_visitors() -> None:
    assert actor_of(asked_by(None)) == Actor()


def test_a_guarded_view_tells_its_operation_and_its_real_parameters() -> None:
    assert view.operation is READ  # type: ignore[attr-defined]
    assert inspect.signature(view).parameters["job"].annotation is uuid.UUID
    assert view.__doc__ == "Shows a job."
