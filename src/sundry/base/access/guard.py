"""How a page asks: `@guarded(OPERATION)` before anything is loaded, `admit` when the object's owner is known.

The middleware of the web lets no request through to a view without an operation, so forgetting the guard shuts the page
instead of opening it. It asks too, before the body is read; that the guard asks again costs nothing, and holds where a
view is reached without the middleware.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

from django.http import HttpRequest

from sundry.base.access.rules import Actor, Decision, Operation, Owner, decide, may_ever
from sundry.kernel.errors import SundryError

P = ParamSpec("P")
R = TypeVar("R")


class AccessRefused(SundryError):
    """The middleware turns it into the page (or API answer) of its decision."""

    def __init__(self, decision: Decision, operation: Operation) -> None:
        self.decision = decision
        self.operation = operation
        super().__init__(f"access_{decision}")


class SundryRequest(HttpRequest):
    """What the middleware makes of a request."""

    actor: Actor
    htmx: Any


class Guarded(Protocol):
    operation: Operation


def guarded(
    operation: Operation,
) -> Callable[[Callable[Concatenate[HttpRequest, P], R]], Callable[Concatenate[HttpRequest, P], R]]:
    """Refuse whoever may never do `operation`; the view itself calls `admit` for the object it loads."""

    def decorate(view: Callable[Concatenate[HttpRequest, P], R]) -> Callable[Concatenate[HttpRequest, P], R]:
        @wraps(view)
        def ask(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> R:
            actor = actor_of(request)
            if not may_ever(operation, actor):
                raise AccessRefused(decide(operation, actor), operation)
            return view(request, *args, **kwargs)

        ask.operation = operation  # type: ignore[attr-defined]
        with suppress(NameError):  # django-ninja looks annotations up in the module of `ask`, where they mean nothing
            ask.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
        return cast(Callable[Concatenate[HttpRequest, P], R], ask)

    return decorate


def actor_of(request: HttpRequest) -> Actor:
    """Who asks; a request that no middleware looked at is a visitor's."""
    return cast(Actor, getattr(request, "actor", Actor()))


def about(request: HttpRequest, kind: str, object_id: object) -> None:
    """What the audit log is to name of this request where the address does not name it by its id."""
    request.about = (kind, str(object_id))  # type: ignore[attr-defined]


def admit(request: HttpRequest, operation: Operation, owner: Owner) -> None:
    """AccessRefused unless the actor may do `operation` on what `owner` owns."""
    decision = decide(operation, actor_of(request), owner)
    if decision is not Decision.ALLOWED:
        raise AccessRefused(decision, operation)
