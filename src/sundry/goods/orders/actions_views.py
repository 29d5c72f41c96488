"""Filters of a table that somebody keeps by a name, so that a question of every morning is one click."""

from __future__ import annotations

import uuid
from typing import Final

from django.db import transaction

from sundry.goods.orders.errors import NotNow
from sundry.goods.orders.models import SavedView
from sundry.goods.orders.queries_dealings import VIEWS_MAX

NAME_MAX: Final = 60
QUERY_MAX: Final = 1_000


@transaction.atomic
def save_view(*, person: uuid.UUID, page: str, name: str, query: str) -> None:
    """Keep what stands behind an address's `?` by a name; the same name again takes its place. NotNow."""
    named = " ".join(name.split())
    if not named or len(named) > NAME_MAX or len(query) > QUERY_MAX:
        raise NotNow("orders_view_unnamed", most=NAME_MAX)
    kept = list(SavedView.objects.filter(person=person, page=page).values_list("name", flat=True))
    if named not in kept and len(kept) >= VIEWS_MAX:
        raise NotNow("orders_views_too_many", most=VIEWS_MAX)
    SavedView.objects.update_or_create(person_id=person, page=page, name=named, defaults={"query": query})


@transaction.atomic
def remove_view(*, person: uuid.UUID, view: uuid.UUID) -> None:
    """One of her own; another's stays, and nobody learns that it is there."""
    SavedView.objects.filter(id=view, person=person).delete()
