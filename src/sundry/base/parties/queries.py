"""Questions about people and organisations."""

from __future__ import annotations

import uuid

from sundry.base.access.rules import Kind, Position
from sundry.base.parties.models import Membership
from sundry.base.parties.rules import Capacity


def capacities(person: uuid.UUID) -> tuple[Capacity, ...]:
    """All that a person may act as, the oldest membership first. One statement."""
    found = (
        Membership.objects.filter(person_id=person, ended_at__isnull=True)
        .order_by("joined_at", "id")
        .values_list("organisation_id", "organisation__name", "organisation__kind", "position")
    )
    return tuple(Capacity(id_, name, Kind(kind), Position(position)) for id_, name, kind, position in found)
