"""When a session was last seen, for its owner's list: written once in a quarter of an hour, not at every click."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

SEEN_AT = "seen_at"  # the session's key: seconds since 1970
EVERY_S = 900


class Seen:
    """Notes the moment and the address in the row that django-allauth made at sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = int(time.time())
        if request.user.is_authenticated and now - request.session.get(SEEN_AT, 0) >= EVERY_S:
            request.session[SEEN_AT] = now
            UserSession.objects.filter(session_key=request.session.session_key).update(
                last_seen_at=timezone.now(), ip=get_adapter(request).get_client_ip(request)
            )
        return self.get_response(request)
