"""Rows of the desk are marked, or lose their mark: many at once, and for nobody but the person who does it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from sundry.goods.catalogue.texts import clean
from sundry.goods.orders.errors import NotNow
from sundry.goods.orders.mark_rules import MARKED_MAX, OWN_WORDS_MAX, STANDARD, WORD_MAX
from sundry.goods.orders.models import DeskMark, Order, SubOrder
from sundry.goods.orders.order_rules import State
from sundry.goods.orders.queries_marks import own_words


def mark(
    *,
    person: uuid.UUID,
    organisation: uuid.UUID,
    orders: Collection[int] = (),
    subs: Collection[uuid.UUID] = (),
    word: str,
) -> int:
    """Put a word at orders and at stalls' parts that her organisation buys, in the place of the one that stood there;
    how many have it now. Others' are passed over. NotNow: no word, too long a one, too many rows, too many words of her
    own. At most four statements."""
    said = clean(word)
    if not said or len(said) > WORD_MAX:
        raise NotNow("orders_mark_unnamed", most=WORD_MAX)
    check_count(orders, subs)
    with transaction.atomic():
        if said not in STANDARD:
            there = own_words(person=person)
            if said not in there and len(there) >= OWN_WORDS_MAX:
                raise NotNow("orders_marks_too_many", most=OWN_WORDS_MAX)
        marked = 0
        if orders:
            found = Order.objects.filter(Q(buyer=organisation) | Q(agent=organisation), number__in=orders)
            marked += _put("order", [DeskMark(person_id=person, order_id=one, word=said) for one in _ids(found)])
        if subs:
            hers = Q(order__buyer=organisation) | Q(order__agent=organisation)
            parts = SubOrder.objects.filter(hers, id__in=subs).exclude(state=State.DRAFT.value)
            marked += _put("sub", [DeskMark(person_id=person, sub_id=one, word=said) for one in _ids(parts)])
    return marked


def clear(*, person: uuid.UUID, orders: Collection[int] = (), subs: Collection[uuid.UUID] = ()) -> int:
    """Take her marks off these rows; how many had one. NotNow: too many rows. One statement."""
    check_count(orders, subs)
    there = DeskMark.objects.filter(Q(order__number__in=orders) | Q(sub__in=subs), person=person)
    return there.delete()[0]


def check_count(orders: Collection[int], subs: Collection[uuid.UUID]) -> None:
    """NotNow: more rows than are taken at once."""
    if (count := len(orders) + len(subs)) > MARKED_MAX:
        raise NotNow("orders_rows_too_many", count=count, most=MARKED_MAX)


def _ids(rows: QuerySet[Any]) -> list[uuid.UUID]:
    return list(rows.values_list("id", flat=True))


def _put(what: str, rows: list[DeskMark]) -> int:
    DeskMark.objects.bulk_create(rows, update_conflicts=True, unique_fields=[what, "person"], update_fields=["word"])
    return len(rows)
