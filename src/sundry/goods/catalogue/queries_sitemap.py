"""What is on show, for the lists of search engines: by number, in parts that never shift.

A part is a range of numbers, so it is found without counting and does not move when a good goes: one part less full is
no harm. Goods, stalls and products draw their numbers from one row.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import Max

from sundry.goods.catalogue.models import Good, Stall
from sundry.goods.catalogue.rules import State

PART: Final = 10_000  # numbers


def parts() -> int:
    """How many there are: of goods and of stalls alike. One statement for each."""
    highest = (model.objects.aggregate(highest=Max("number"))["highest"] or 0 for model in (Good, Stall))
    return max(highest) // PART + 1


def goods_of_part(part: int) -> tuple[tuple[int, date], ...]:
    """(number, day of its last change) of the goods on show in a part. One statement."""
    found = Good.objects.filter(
        number__gte=part * PART, number__lt=(part + 1) * PART, state=State.LISTED.value, stall__is_open=True
    ).order_by("number")
    return tuple((number, changed.date()) for number, changed in found.values_list("number", "changed_at"))


def stalls_of_part(part: int) -> tuple[int, ...]:
    """The numbers of the open stalls of a part that show anything. One statement."""
    found = Stall.objects.filter(number__gte=part * PART, number__lt=(part + 1) * PART, is_open=True, goods__gt=0)
    return tuple(found.order_by("number").values_list("number", flat=True))
