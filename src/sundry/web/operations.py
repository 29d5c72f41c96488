"""The operation of each view: its own, or for a library's view the one given here by the view's name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import ResolverMatch

from sundry.base.access.rules import EVERYBODY, SIGNED_IN, Operation

_SIGN_IN = Operation("account.sign_in", own=EVERYBODY)
_OWN_ACCOUNT = Operation("account.own", own=SIGNED_IN)

# Views of libraries, by name. Each of them looks only at the person who asks.
LIBRARY_VIEWS: dict[str, Operation] = {}


def operation_of(view: Callable[..., Any], match: ResolverMatch | None) -> Operation | None:
    """None: the view has no operation, and is not served."""
    own: Operation | None = getattr(view, "operation", None)
    if own is not None or match is None:
        return own
    return LIBRARY_VIEWS.get(match.view_name)
