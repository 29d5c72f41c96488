"""What a list of goods may be narrowed to: each choice with its count and the address of the list that it makes.

Problem: a buyer narrows a list down and wants back again, and sends it to somebody. Therefore a choice is a link, not a
box to be ticked; one that is chosen is told above the list, and its link is the list without it.

Of prices the ranges of the index are offered. A minimum order is asked for as "at most", so its counts are added up:
10 goods from 1 piece on and 5 from 10 on are 15 whose smallest order is below 100. Areas and categories are many, so
the most frequent are offered; of categories the widest, and what lies right below the chosen one and beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from sundry.engines.searching.model import Bucket, Facet
from sundry.goods.catalogue import categories
from sundry.goods.catalogue.sought import Sought, changed, query

CHOICES_MAX: Final = 10  # of one facet


@dataclass(frozen=True, slots=True)
class Choice:
    """`address`: of the list with it (without it where it is chosen). `low`, `high`: the first and last value of a
    range, None where it is open. `count`: goods; None beside one that is told above the list."""

    facet: Facet
    address: str
    key: str = ""
    low: int | None = None
    high: int | None = None
    count: int | None = None
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    facet: Facet
    choices: tuple[Choice, ...]


def choices(
    facets: Mapping[Facet, Sequence[Bucket]], sought: Sought, *, path: str, fixed: tuple[str, ...] = ()
) -> tuple[Choices, ...]:
    """Facets that offer a choice, in the order they were counted. `path`: of the list; `fixed`: what that says."""
    made = (
        Choices(
            facet, tuple(_choice(facet, bucket, sought, path, fixed) for bucket in _offered(facet, buckets, sought))
        )
        for facet, buckets in facets.items()
    )
    return tuple(one for one in made if one.choices)


def chosen(sought: Sought, *, path: str, fixed: tuple[str, ...] = ()) -> tuple[Choice, ...]:
    """What holds now, each with the address of the list without it."""
    found: list[Choice] = []

    def tell(facet: Facet, without: Mapping[str, Any], **more: Any) -> None:
        found.append(Choice(facet, _address(changed(sought, **without), path, fixed), is_chosen=True, **more))

    if sought.category and "category" not in fixed:
        tell(Facet.CATEGORY, {"category": ""}, key=sought.category)
    if sought.area:
        tell(Facet.AREA, {"area": ""}, key=sought.area)
    if sought.price_min_minor is not None or sought.price_max_minor is not None:
        without = {"price_min_minor": None, "price_max_minor": None}
        tell(Facet.PRICE, without, low=sought.price_min_minor, high=sought.price_max_minor)
    if sought.minimum_max is not None:
        tell(Facet.MINIMUM, {"minimum_max": None}, high=sought.minimum_max)
    if sought.ready:
        tell(Facet.READY, {"ready": False}, key="ready")
    return tuple(found)


def _offered(facet: Facet, buckets: Sequence[Bucket], sought: Sought) -> Iterable[Bucket]:
    if facet is Facet.MINIMUM:
        sums = accumulate(bucket.count for bucket in buckets)
        return [
            Bucket(bucket.key, count, None, bucket.high)
            for bucket, count in zip(buckets, sums, strict=True)
            if bucket.high is not None
        ]
    if facet is Facet.CATEGORY:
        tree, near = categories.tree(), {"", *categories.path(sought.category)}
        buckets = [bucket for bucket in buckets if bucket.key in tree and tree[bucket.key].parent in near]
    return buckets[:CHOICES_MAX]


def _choice(facet: Facet, bucket: Bucket, sought: Sought, path: str, fixed: tuple[str, ...]) -> Choice:
    last = None if bucket.high is None else bucket.high - 1
    wanted: dict[Facet, dict[str, Any]] = {
        Facet.CATEGORY: {"category": bucket.key},
        Facet.AREA: {"area": bucket.key},
        Facet.PRICE: {"price_min_minor": bucket.low, "price_max_minor": last},
        Facet.MINIMUM: {"minimum_max": last},
        Facet.READY: {"ready": True},
    }
    change = wanted[facet]
    is_chosen = all(getattr(sought, name) == value for name, value in change.items())
    if is_chosen:
        change = {name: getattr(_NOTHING, name) for name in change}
    return Choice(
        facet,
        _address(changed(sought, **change), path, fixed),
        bucket.key,
        bucket.low,
        last,
        bucket.count,
        is_chosen,
    )


def _address(sought: Sought, path: str, fixed: tuple[str, ...]) -> str:
    return f"{path}{query(sought, without=fixed)}"


_NOTHING: Final = Sought()
