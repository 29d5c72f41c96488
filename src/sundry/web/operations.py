"""The operation of each view: its own, or for a library's view the one given here by the view's name.

django-ninja has one view a path, which chooses by the method; the operation is that of the function it will choose.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from django.urls import ResolverMatch

from sundry.base.access.rules import EVERYBODY, SIGNED_IN, Operation

if TYPE_CHECKING:
    from ninja.operation import Operation as Endpoint
    from ninja.operation import PathView

_SIGN_IN = Operation("account.sign_in", own=EVERYBODY)
_OWN_ACCOUNT = Operation("account.own", own=SIGNED_IN)

# Views of libraries, by name. Each of them looks only at the person who asks.
LIBRARY_VIEWS: dict[str, Operation] = {
    **dict.fromkeys(
        (
            "account_login",
            "account_confirm_login_code",
            "account_signup",
            "account_logout",  # also how somebody who is half-way in starts again
            "account_inactive",
            "account_email_verification_sent",
            "account_verify_phone",
            "mfa_authenticate",
        ),
        _SIGN_IN,
    ),
    **dict.fromkeys(
        (
            "account_email",
            "account_change_phone",
            "mfa_index",
            "mfa_reauthenticate",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
        ),
        _OWN_ACCOUNT,
    ),
}


def operation_of(view: Callable[..., Any], match: ResolverMatch | None) -> Operation | None:
    """Of a view of Django. None: the view has no operation, and is not served."""
    own: Operation | None = getattr(view, "operation", None)
    if own is not None or match is None:
        return own
    return LIBRARY_VIEWS.get(match.view_name)


@cache
def path_view(view: Callable[..., Any]) -> PathView | None:
    """The operations of a path of the API; None: the view is none of the API's."""
    from ninja.operation import PathView

    if not inspect.isfunction(view) or view.__module__ != PathView.__module__:
        return None
    found: PathView = inspect.getclosurevars(view).nonlocals["self"]
    return found


def endpoint_of(view: Callable[..., Any], method: str | None) -> Endpoint | None:
    """What a path of the API does for `method`; None: it has nothing for it."""
    found = path_view(view)
    return None if found is None else next((one for one in found.operations if method in one.methods), None)
