"""What is asked of goods: what is on show, what a stall has, what waits for the operator, what search needs to know.

Each is a fixed number of SQL statements, whatever it finds. Lists page by the number of the last good that was shown.
Stalls, papers and what is looked for in vain are asked for in `queries_stalls`.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet, Subquery
from django.utils.timezone import localdate

from sundry.base.access.rules import Owner
from sundry.goods.catalogue.models import (
    BAND,
    BANDS,
    BrandPaper,
    Good,
    GoodPhoto,
    GoodVariant,
    Product,
    bands_in_sql,
)
from sundry.goods.catalogue.reading import CARD, WHOLE, Row, card, good_of, ladder, names_told, owner_of_row, place
from sundry.goods.catalogue.rules import Collection as Shelf
from sundry.goods.catalogue.rules import (
    GoodCard,
    GoodView,
    Indexed,
    PaperState,
    PhotoView,
    ProductView,
    State,
    Supply,
    Variant,
    fold_brand,
    price_at,
)
from sundry.goods.catalogue.texts import clean

OFFERS_MAX: Final = 100  # of a product, on its page
LIKE_MAX: Final = 12  # goods with the same photo
ALIKE_MAX: Final = 500  # places at which photos are found alike: of a photo that thousands show, some are enough
WITHIN_MAX: Final = 7  # bits: what the index of bands finds for sure
ON_SHOW: Final = Q(state=State.LISTED.value, stall__is_open=True)

# Each band is looked up by itself: asked for any of them at once, the database, which knows no common band, expects
# half the photos of the market and reads them all.
_ALIKE: Final = f"""
SELECT photo.good_id, bit_count((photo.likeness # own.likeness)::bit(64))
FROM unnest(%s::bigint[], %s::integer[]) AS own (likeness, band)
JOIN catalogue_goodphoto AS photo ON {bands_in_sql("photo.likeness")} @> ARRAY[own.band]
WHERE photo.likeness IS NOT NULL AND photo.good_id <> %s
AND bit_count((photo.likeness # own.likeness)::bit(64)) <= %s
LIMIT %s
"""
_FIRST_DAY: Final = date(1970, 1, 1)
_INDEXED: Final = (
    *("id", "number", "language", "names", "category", "ladder_quantities", "ladder_prices_minor", "supply", "state"),
    *("stock_pieces", "sold_pieces", "listed_at", "item_number", "collections", "version", "stall__number"),
    *("stall__is_open", "stall__hall_id", "stall__floor", "stall__street", "stall__booth"),
)


def cards(numbers: Sequence[int]) -> tuple[GoodCard, ...]:
    """Those of these goods that are on show, in this order. One statement."""
    found = {row["number"]: card(row) for row in Good.objects.filter(ON_SHOW, number__in=numbers).values(*CARD)}
    return tuple(found[number] for number in numbers if number in found)


def good(number: int, *, day: date | None = None) -> GoodView | None:
    """A good in whatever state. `day`: on which its brand's paper must hold, else today. At most four statements."""
    return next(iter(_views(Good.objects.filter(number=number), day or localdate())), None)


def on_show(number: int, *, day: date | None = None) -> GoodView | None:
    """A good that buyers see; None: there is none, or it is not on show. At most four statements."""
    return next(iter(_views(Good.objects.filter(ON_SHOW, number=number), day or localdate())), None)


def goods(numbers: Collection[int], *, day: date | None = None) -> tuple[GoodView, ...]:
    """These goods in whatever state, by their numbers. At most four statements."""
    return _views(Good.objects.filter(number__in=numbers).order_by("number"), day or localdate())


def owner_of(number: int) -> Owner | None:
    """Whose a good is; None: there is no such good. One statement."""
    found = Good.objects.filter(number=number).values_list("stall__organisation", flat=True)
    return next((owner_of_row(organisation) for organisation in found), None)


def goods_of_stall(
    stall: uuid.UUID,
    *,
    states: frozenset[State] | None = None,
    before: int | None = None,
    limit: int = 50,
    words: str = "",
) -> tuple[GoodCard, ...]:
    """A stall's goods, the newest first, those with a number below `before`. One statement.

    `words`: in the item number or in a name of any language, as they stand, capitals or not.
    """
    found = Good.objects.filter(stall=stall)
    if states is not None:
        found = found.filter(state__in=[state.value for state in states])
    if before is not None:
        found = found.filter(number__lt=before)
    if words := clean(words):
        found = found.annotate(told=names_told()).filter(Q(told__icontains=words) | Q(item_number__icontains=words))
    return tuple(map(card, found.order_by("-number").values(*CARD)[:limit]))


def queue(*, after: int | None = None, limit: int = 20, day: date | None = None) -> tuple[GoodView, ...]:
    """Goods that wait for the operator, the longest first, those behind the good `after`. At most four statements."""
    found = Good.objects.filter(state=State.SUBMITTED.value)
    if after is not None:
        last = Good.objects.filter(number=after)
        since = Subquery(last.values("submitted_at")[:1])
        found = found.filter(submitted_at__gte=since).exclude(
            submitted_at=since, id__lte=Subquery(last.values("id")[:1])
        )
    return _views(found.order_by("submitted_at", "id")[:limit], day or localdate())


def product(number: int) -> ProductView | None:
    """What several stalls offer, with the offers that are on show, the cheapest at one carton first. Two statements."""
    row = Product.objects.filter(number=number).first()
    if row is None:
        return None
    offered = Good.objects.filter(ON_SHOW, product=row).order_by("number").values(*CARD, "carton_pieces")[:OFFERS_MAX]
    return ProductView(
        number=row.number,
        names=row.names,
        category=row.category,
        brand=row.brand,
        model=row.model,
        hs_code=row.hs_code,
        offers=tuple(card(offer) for offer in sorted(offered, key=_price_of_a_carton)),
    )


def _price_of_a_carton(row: Row) -> tuple[int, int]:
    """What a piece costs whoever takes one carton, or the smallest order where that is more."""
    steps = ladder(row)
    return price_at(steps, max(row["carton_pieces"] or 1, steps[0].quantity)) or 0, row["number"]


def same_photo(good: uuid.UUID, within: int = 6) -> tuple[GoodCard, ...]:
    """Goods on show with a photo that differs from one of this good in at most `within` of 64 bits (at most 7): those
    that look most alike first. Four statements: of hundreds that are alike, few are shown.

    That photos are alike says nothing of the goods: they may be the maker's, and shown by many stalls.
    """
    likenesses = GoodPhoto.objects.filter(good=good, likeness__isnull=False).values_list("likeness", flat=True)
    pairs = [(one, band) for one in likenesses if one is not None for band in _bands_like(one)]
    if not pairs:
        return ()
    own, bands = zip(*pairs, strict=True)
    alike: dict[uuid.UUID, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, [list(own), list(bands), good, min(within, WITHIN_MAX), ALIKE_MAX])
        for other, distance in cursor.fetchall():
            alike[other] = min(distance, alike.get(other, distance))
    numbers = dict(Good.objects.filter(ON_SHOW, id__in=alike).values_list("id", "number"))
    most = sorted(numbers, key=lambda one: (alike[one], -numbers[one]))[:LIKE_MAX]
    found = {one.id: one for one in map(card, Good.objects.filter(ON_SHOW, id__in=most).values(*CARD))}
    return tuple(found[one] for one in most if one in found)


def _bands_like(likeness: int) -> Iterator[int]:
    """The bands of a likeness, and those that differ from one of them in one bit, as the index has them."""
    for band in range(BANDS):
        bits = (likeness >> 16 * band) & (BAND - 1)
        yield from (BAND * band + other for other in (bits, *(bits ^ 1 << bit for bit in range(16))))


def goods_for_index(*, after: int = 0, limit: int) -> tuple[Indexed, ...]:
    """What is on show, by number, those above `after`. Two statements."""
    return _indexed(Good.objects.filter(ON_SHOW, number__gt=after).order_by("number")[:limit])


def indexed(numbers: Collection[int]) -> tuple[Indexed, ...]:
    """These goods, on show or not; one that is missing is no more. Two statements."""
    return _indexed(Good.objects.filter(number__in=numbers).order_by("number"))


def authorised(stalls: Collection[uuid.UUID], *, day: date) -> Mapping[uuid.UUID, frozenset[str]]:
    """The brands, folded, that stalls have an accepted paper for that holds on `day`. One statement."""
    found: dict[uuid.UUID, set[str]] = {stall: set() for stall in stalls}
    papers = BrandPaper.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=day),
        stall__in=stalls,
        state=PaperState.ACCEPTED.value,
        valid_from__lte=day,
    )
    for stall, brand in papers.values_list("stall_id", "brand"):
        found[stall].add(brand)
    return {stall: frozenset(brands) for stall, brands in found.items()}


def _views(found: QuerySet[Good], day: date) -> tuple[GoodView, ...]:
    rows = list(found.values(*WHOLE))
    if not rows:
        return ()
    variants = _variants([row["id"] for row in rows])
    photos = _photos([row["id"] for row in rows])
    stalls = {row["stall__id"] for row in rows if row["brand"]}
    brands = authorised(stalls, day=day) if stalls else {}
    return tuple(
        GoodView(
            card=card(row),
            draft=good_of(row, variants[row["id"]]),
            photos=tuple(photos[row["id"]]),
            product=row["product__number"],
            is_authorised=not row["brand"] or fold_brand(row["brand"]) in brands[row["stall__id"]],
            reason=row["reason"],
            listed_at=row["listed_at"],
            version=row["version"],
        )
        for row in rows
    )


def _variants(goods: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[Variant]]:
    found: dict[uuid.UUID, list[Variant]] = defaultdict(list)
    for row in GoodVariant.objects.filter(good__in=goods).order_by("good", "position"):
        variant = Variant(row.names, row.item_number, row.difference_minor, row.stock_pieces, row.id)
        found[row.good_id].append(variant)
    return found


def _photos(goods: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[PhotoView]]:
    found: dict[uuid.UUID, list[PhotoView]] = defaultdict(list)
    for row in GoodPhoto.objects.filter(good__in=goods).order_by("good", "position"):
        found[row.good_id].append(PhotoView(row.id, row.file, row.width, row.height))
    return found


def _indexed(found: QuerySet[Good]) -> tuple[Indexed, ...]:
    rows = list(found.values(*_INDEXED))
    of_variants: dict[uuid.UUID, list[str]] = defaultdict(list)
    numbered = GoodVariant.objects.filter(good__in=[row["id"] for row in rows]).exclude(item_number="")
    for good, item_number in numbered.order_by("good", "position").values_list("good_id", "item_number"):
        of_variants[good].append(item_number)
    return tuple(_one_indexed(row, of_variants[row["id"]]) for row in rows)


def _one_indexed(row: Row, of_variants: Sequence[str]) -> Indexed:
    numbers = dict.fromkeys(number for number in (row["item_number"], *of_variants) if number)
    return Indexed(
        number=row["number"],
        stall=row["stall__number"],
        language=row["language"],
        names=row["names"],
        category=row["category"],
        area=place(row, "stall__").area,
        ladder=ladder(row),
        is_ready=row["supply"] == Supply.STOCK.value and row["stock_pieces"] != 0,
        sold=row["sold_pieces"],
        listed_day=_day(row["listed_at"]),
        item_numbers=tuple(numbers),
        collections=frozenset(map(Shelf, row["collections"])),
        version=row["version"],
        is_on_show=row["state"] == State.LISTED.value and row["stall__is_open"],
    )


def _day(moment: datetime | None) -> int:
    return 0 if moment is None else (moment.astimezone(UTC).date() - _FIRST_DAY).days
