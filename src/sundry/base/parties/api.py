"""People and organisations, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from sundry.base.access.guard import actor_of, guarded
from sundry.base.access.rules import SIGNED_IN, Operation
from sundry.base.parties import queries

ME = Operation("parties.me", own=SIGNED_IN)

router = Router(tags=["Organisations"])


class CapacityOut(Schema):
    """What a person may act as."""

    organisation: uuid.UUID
    name: str
    kind: str = Field(examples=["agent"])
    position: str = Field(examples=["administrator"])


class MeOut(Schema):
    """Who asks, and in what capacity."""

    person: uuid.UUID
    role: str = Field(description="The kind of organisation she acts for, and her position in it.", examples=["agent"])
    organisation: uuid.UUID | None = Field(description="The organisation she acts for now; null: herself.")
    scopes: list[str] | None = Field(description="What this token was made for; null: no token, she may what she may.")
    capacities: list[CapacityOut]


@router.get("/me", response=MeOut, summary="Who am I", url_name="me")
@guarded(ME)
def me(request: HttpRequest) -> dict[str, Any]:
    """The person behind the token or the session, and what she may act as."""
    actor = actor_of(request)
    assert actor.person is not None, "nobody gets here who is not signed in"
    return {
        "person": actor.person,
        "role": actor.role.name,
        "organisation": actor.organisation,
        "scopes": None if actor.scopes is None else sorted(actor.scopes - {ME.name}),
        "capacities": queries.capacities(actor.person),
    }
