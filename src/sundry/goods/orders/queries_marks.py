"""What somebody has marked on her desk. Each question is one statement, and knows one person's marks only."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping

from django.db.models import Exists, OuterRef

from sundry.goods.orders.mark_rules import OWN_WORDS_MAX, STANDARD, Marked
from sundry.goods.orders.models import DeskMark


def marks_of_orders(*, person: uuid.UUID, orders: Collection[int]) -> Mapping[int, str]:
    """The word at each of these orders that has one, by its number."""
    found = DeskMark.objects.filter(person=person, order__number__in=orders)
    return dict(found.values_list("order__number", "word"))


def marks_of_parts(*, person: uuid.UUID, subs: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """The same of stalls' parts, by their ids."""
    return dict(DeskMark.objects.filter(person=person, sub__in=subs).values_list("sub_id", "word"))


def own_words(*, person: uuid.UUID) -> tuple[str, ...]:
    """The words of her own that stand anywhere, by the alphabet."""
    found = DeskMark.objects.filter(person=person).exclude(word__in=STANDARD)
    return tuple(found.order_by("word").values_list("word", flat=True).distinct()[:OWN_WORDS_MAX])


def order_is_marked(marked: Marked) -> Exists:
    """A condition of orders."""
    return Exists(DeskMark.objects.filter(person=marked.person, word=marked.word, order=OuterRef("id")))


def part_is_marked(marked: Marked) -> Exists:
    """A condition of sub-orders."""
    return Exists(DeskMark.objects.filter(person=marked.person, word=marked.word, sub=OuterRef("id")))
