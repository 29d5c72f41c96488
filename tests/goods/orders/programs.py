"""Programs that ask the API for somebody, and what they hear: for the tests of the API of orders."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sundry.base.access.actions import create_token
from sundry.base.access.rules import Actor
from sundry.web.api.service import scopes

if TYPE_CHECKING:
    from buyers import Shop


class Program:
    """Asks by a token of `actor`; without `only` it may do all that there is."""

    def __init__(self, actor: Actor, *only: str) -> None:
        wanted = only or [scope.name for scope in scopes()]
        made = create_token(actor=actor, name="till", scopes=wanted, days=9, now=timezone.now())
        self.secret = made.secret
        self.client = Client(headers={"authorization": f"Bearer {made.secret}"})

    def get(self, address: str, *, status: int = 200, **query: Any) -> Any:
        return self._heard(self.client.get(f"/api/{address}", query), status)

    def post(self, address: str, body: Any = None, *, status: int = 200, **headers: str) -> Any:
        return self._sent("post", address, body, status, headers)

    def put(self, address: str, body: Any, *, status: int = 200) -> Any:
        return self._sent("put", address, body, status, {})

    def patch(self, address: str, body: Any, *, status: int = 200) -> Any:
        return self._sent("patch", address, body, status, {})

    def delete(self, address: str, *, status: int = 204) -> Any:
        return self._heard(self.client.delete(f"/api/{address}"), status)

    def statements(self, address: str, **query: Any) -> int:
        """How many it takes to answer; once asked before, so that what a token notes of itself is noted."""
        self.get(address, **query)
        with CaptureQueriesContext(connection) as asked:
            self.get(address, **query)
        return len(asked)

    def _sent(self, method: str, address: str, body: Any, status: int, headers: dict[str, str]) -> Any:
        sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return self._heard(getattr(self.client, method)(f"/api/{address}", **sent, headers=headers), status)

    @staticmethod
    def _heard(answer: Any, status: int) -> Any:
        assert answer.status_code == status, answer.content.decode()[:2000]
        return answer.json() if answer.content else None


def code(answer: Any) -> str:
    """Of a refusal."""
    return str(answer["error"]["code"])


# What they ask and quote --------------------------------------------------------------------------------------------

QUESTION = {"text": "Your best price for Casablanca?", "language": "en", "quantity": 1200, "destination": "MA"}


def ask(shop: Shop, amina: Program, **more: Any) -> int:
    """Of both stalls; the number."""
    body = QUESTION | {"goods": [shop.cups[0], shop.crates[0]]} | more
    return int(amina.post("enquiries", body, status=201)["number"])


def conversation_of(program: Program) -> str:
    """The stall's newest."""
    return str(program.get("conversations", side="stall")["items"][0]["id"])


def quote(stall: Program, price_minor: int, good: int, **more: Any) -> str:
    """A quotation that was sent."""
    until = (timezone.localdate() + timedelta(days=9)).isoformat()
    line = {"good": good, "pieces": 1200, "ladder": [{"quantity": 600, "price_minor": price_minor}]}
    body = {"conversation": conversation_of(stall), "terms": {"valid_until": until} | more, "lines": [line]}
    made = str(stall.post("quotations", body, status=201)["id"])
    stall.post(f"quotations/own/{made}/send", status=204)
    return made
