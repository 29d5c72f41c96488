"""/mcp/: where an assistant speaks to the market, with its owner's token and no session.

Nothing of the protocol is imported before somebody speaks it, so that a process that only serves pages is no larger.
"""

from __future__ import annotations

from importlib.util import find_spec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sundry.base.access.guard import guarded
from sundry.base.access.rules import EVERYBODY, Operation
from sundry.web.api.faults import REALM, refusal
from sundry.web.mcp.calling import Answer, Caller

CALL = Operation("mcp.call", own=EVERYBODY)  # what is asked inside is asked of the API, with the token


@csrf_exempt  # no cookie is looked at: who asks shows a token, or is nobody
@guarded(CALL)
@require_POST
def mcp(request: HttpRequest) -> HttpResponse:
    """One message of the protocol and its answer."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        return refusal(request, 401, "access_sign_in")
    if find_spec("mcp") is None:
        return refusal(request, 503, "mcp_missing")
    caller = Caller(secret.strip(), request.META)
    who = caller.who()
    if not who.is_good:
        return _relayed(who)
    from sundry.web.mcp.http import answer
    from sundry.web.mcp.server import scopes_of, server

    held = scopes_of(who)
    own = f"{request.scheme}://{request.get_host()}"
    return answer(server(caller, lambda: held), request, origins=[own])


def _relayed(who: Answer) -> HttpResponse:
    """The API's own refusal of the token."""
    response = JsonResponse(who.data, status=who.status, json_dumps_params={"ensure_ascii": False})
    if who.status == 401:
        response.headers["WWW-Authenticate"] = REALM
    if who.retry_after:
        response.headers["Retry-After"] = who.retry_after
    return response


urlpatterns = [path("mcp/", mcp, name="mcp")]
