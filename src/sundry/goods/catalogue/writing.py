"""What the actions of the catalogue share: locks in one order, whose a thing is, the rows of a good.

Two people of one stall write at once, the operator approves meanwhile, and the number of a stall's goods on show must
be right. Therefore every action locks the stalls it touches first, by their ids, then goods, by theirs, as
orders do (by numbers here and by ids there each would wait for the other); the counter of a stall is only written under
its lock, and a `Change` for search in the transaction that changed the good.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Case, F, IntegerField, Value, When
from procrastinate.contrib.django import app

from sundry.base.access.rules import Actor
from sundry.base.parties.queries import names_of
from sundry.base.webhooks.actions import announce_many
from sundry.base.webhooks.rules import Announcement
from sundry.goods.catalogue import events, pictures
from sundry.goods.catalogue.checks import errors, findings
from sundry.goods.catalogue.errors import AlreadyDone, BadDraft, NotNow, NotThere, Stale
from sundry.goods.catalogue.models import Change, Good, GoodPhoto, GoodVariant, Stall
from sundry.goods.catalogue.rules import PHOTOS_MAX, Draft, State, Variant, fold_brand
from sundry.kernel.findings import error
from sundry.kernel.identifiers import new_id

NUMBERS_MAX: Final = 500  # goods that one action takes at once
REASON_MAX: Final = 500  # characters
_TELL_OF_STALL: Final = """
INSERT INTO catalogue_change (number)
SELECT number FROM catalogue_good WHERE stall_id = %s AND state = %s ORDER BY number
"""
FEED_TASK: Final = "catalogue.feed"
FEED_LOCK: Final = "catalogue.index"  # of all jobs that write the index


# Locks ----------------------------------------------------------------------------------------------------------------


def locked_stalls(stalls: Collection[uuid.UUID]) -> dict[uuid.UUID, Stall]:
    """Nobody else changes these stalls, or the goods of them, until the transaction ends. One statement.

    A good may be added to one meanwhile by whoever only names it: the lock leaves its key alone.
    """
    found = Stall.objects.select_for_update(no_key=True).filter(id__in=stalls).order_by("id")
    return {stall.id: stall for stall in found}


def locked_stall(actor: Actor, stall: uuid.UUID) -> Stall:
    """One's own stall, locked. NotThere: another's, nobody's, or none."""
    found = locked_stalls([stall]).get(stall)
    if found is None or not owns(actor, found):
        raise NotThere("catalogue_stall_not_there")
    return found


def owns(actor: Actor, stall: Stall) -> bool:
    """Whether the stall is of the organisation that the actor acts for; one that nobody has claimed is nobody's."""
    return stall.organisation_id is not None and stall.organisation_id == actor.organisation


def locked_goods(numbers: Collection[int], *, of: Actor | None = None) -> tuple[dict[uuid.UUID, Stall], list[Good]]:
    """These goods by their numbers and their stalls, all locked. Three statements, however many.

    `of`: they must be this actor's, all of them, or nothing is told of any. NotThere: some good is not there;
    NotNow: too many at once.
    """
    wanted = set(numbers)
    if impossible := [number for number in wanted if not 0 < number < 1 << 63]:
        raise NotThere("catalogue_good_not_there", number=impossible[0])
    if len(wanted) > NUMBERS_MAX:
        raise NotNow("catalogue_too_many_goods", count=len(wanted), most=NUMBERS_MAX)
    of_stalls = dict(Good.objects.filter(number__in=wanted).values_list("number", "stall_id"))
    stalls = locked_stalls(set(of_stalls.values()))
    foreign = wanted - of_stalls.keys()
    if of is not None:
        foreign |= {number for number, stall in of_stalls.items() if not owns(of, stalls[stall])}
    if foreign:
        raise NotThere("catalogue_good_not_there", number=min(foreign))
    goods = list(Good.objects.select_for_update(no_key=True).filter(number__in=wanted).order_by("id"))  # as orders do
    if len(goods) < len(wanted):  # taken out between the two statements
        raise NotThere("catalogue_good_not_there", number=min(wanted - {good.number for good in goods}))
    return stalls, sorted(goods, key=lambda good: good.number)


def locked_good(actor: Actor, number: int) -> tuple[Stall, Good]:
    """One's own good and its stall, locked. NotThere."""
    stalls, goods = locked_goods([number], of=actor)
    return stalls[goods[0].stall_id], goods[0]


TOUCHED = ("version", "changed_at", "changed_by")


def touch(good: Good, actor: Actor, now: datetime) -> None:
    """It was changed: whoever looked at it before is told so when she writes."""
    good.version, good.changed_at, good.changed_by_id = good.version + 1, now, actor.person


def check_version(good: Good, version: int) -> None:
    """Stale: somebody has changed it since it was looked at; she is told who, and when."""
    if good.version != version:
        who = names_of([good.changed_by_id]).get(good.changed_by_id, "") if good.changed_by_id else ""
        when = f"{good.changed_at:%Y-%m-%d %H:%M} UTC"
        if who:
            raise Stale("catalogue_good_changed_by", number=good.number, who=who, when=when)
        raise Stale("catalogue_good_changed", number=good.number, when=when)


def names_unauthorised(good: Good, brands: Collection[str]) -> bool:
    """Whether it names a brand that is not one of these, which are folded."""
    return bool(good.brand) and fold_brand(good.brand) not in brands


# Numbers, search, counters --------------------------------------------------------------------------------------------


def draw_numbers(count: int) -> list[int]:
    """New numbers of goods, stalls and products: an address names one thing only. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('catalogue_number') FROM generate_series(1, %s)", [count])
        return [number for (number,) in cursor.fetchall()]


def tell_search(numbers: Iterable[int]) -> None:
    """Search looks at these goods again once the transaction has ended. At most two statements."""
    if changes := [Change(number=number) for number in numbers]:
        Change.objects.bulk_create(changes)
        app.configure_task(FEED_TASK, lock=FEED_LOCK).defer()


def tell_search_of_stall(stall: uuid.UUID) -> None:
    """The same of all goods of a stall that are listed. At most two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_TELL_OF_STALL, [stall, State.LISTED.value])
        told = cursor.rowcount
    if told:
        app.configure_task(FEED_TASK, lock=FEED_LOCK).defer()


def count_shown(difference: Mapping[uuid.UUID, int]) -> None:
    """So many more goods of each stall are on show; its row must be locked. At most one statement."""
    changed = {stall: count for stall, count in difference.items() if count}
    if changed:
        cases = [When(id=stall, then=Value(count)) for stall, count in changed.items()]
        more = Case(*cases, default=Value(0), output_field=IntegerField())
        Stall.objects.filter(id__in=changed).update(goods=F("goods") + more)


def moved(goods: Sequence[Good], before: Sequence[State], *, now: datetime) -> None:
    """Tell search and other programs, and count, after the states of `goods` were written. At most six statements."""
    shown: Counter[uuid.UUID] = Counter()
    told: list[int] = []
    for good, was in zip(goods, before, strict=True):
        if State.LISTED in (was, good.state):
            told.append(good.number)
        shown[good.stall_id] += (good.state == State.LISTED) - (was == State.LISTED)
    tell_search(told)
    count_shown(shown)
    changes = (_told(good, was, now) for good, was in zip(goods, before, strict=True))
    announce_many(announcements=[change for change in changes if change is not None])


def _told(good: Good, was: State, now: datetime) -> Announcement | None:
    return events.of_good(
        id=good.id, number=good.number, version=good.version, was=was, now_is=State(good.state), at=now
    )


# Rows -----------------------------------------------------------------------------------------------------------------


def fields_of(draft: Draft) -> dict[str, Any]:
    """The columns of a good that a draft fills."""
    carton = draft.carton
    return {
        "language": draft.language,
        "names": dict(draft.names),
        "descriptions": dict(draft.descriptions),
        "item_number": draft.item_number,
        "category": draft.category,
        "unit": draft.unit,
        "ladder_quantities": [step.quantity for step in draft.ladder],
        "ladder_prices_minor": [step.price_minor for step in draft.ladder],
        "carton_pieces": carton.pieces,
        "carton_length_mm": carton.length_mm,
        "carton_width_mm": carton.width_mm,
        "carton_height_mm": carton.height_mm,
        "carton_gross_g": carton.gross_g,
        "carton_net_g": carton.net_g,
        "hs_code": draft.hs_code,
        "brand": draft.brand,
        "supply": draft.supply.value,
        "stock_pieces": draft.stock_pieces,
        "lead_time_days": draft.lead_time_days,
        "weekly_capacity_pieces": draft.weekly_capacity_pieces,
        "collections": sorted(one.value for one in draft.collections),
    }


def counted_anew(
    draft: Draft,
    now: Mapping[uuid.UUID | None, int | None],
    said: Collection[uuid.UUID | None] | None,
    *,
    seen: Mapping[uuid.UUID | None, int | None],
    number: int,
) -> set[uuid.UUID | None]:
    """Which of the counts that a program has `said` (None: all) are new: not those that it writes back as it has `seen`
    them. Stale: one has moved since. BadDraft: it is another than there is, and nobody knows whether it was looked at.
    """
    told = {None: draft.stock_pieces} | {one.id: one.stock_pieces for one in draft.variants if one.id in now}
    anew: set[uuid.UUID | None] = set()
    for id_, count in told.items():
        if (said is not None and id_ not in said) or (id_ in seen and seen[id_] == count):
            continue
        if id_ in seen and seen[id_] != now[id_]:
            raise Stale("catalogue_stock_moved", number=number, seen=_count(seen[id_]), now=_count(now[id_]))
        if id_ not in seen and count != now[id_]:
            details = {"now": _count(now[id_])}
            wrong = error("catalogue_stock_unseen", header="stock_pieces", value=_count(count), details=details)
            raise BadDraft({number: (wrong,)})
        anew.add(id_)
    return anew


def _count(pieces: int | None) -> str:
    return "–" if pieces is None else str(pieces)


def with_counts(
    draft: Draft, now: Mapping[uuid.UUID | None, int | None], recounted: Collection[uuid.UUID | None] | None
) -> Draft:
    """The draft with the counts of stock that stand there now, but for those that the stall has counted anew.

    Orders draw on a count while somebody has the good's form open. What stood in it when it was opened is no new count:
    written back, it would sell the same pieces twice. `now`: of the good (None) and its variants; `recounted`: alike,
    None: all of them.
    """
    if recounted is None:
        return draft
    variants = tuple(
        replace(one, stock_pieces=now[one.id]) if one.id in now and one.id not in recounted and one.id else one
        for one in draft.variants
    )
    stock = draft.stock_pieces if None in recounted else now[None]
    return replace(draft, stock_pieces=stock, variants=variants)


def variant_rows(good: uuid.UUID, variants: Sequence[Variant], known: Collection[uuid.UUID] = ()) -> list[GoodVariant]:
    """`known`: the ids that the good's variants have; any other id is not taken over."""
    free = set(known)
    rows = []
    for position, variant in enumerate(variants):
        kept = variant.id if variant.id is not None and variant.id in free else new_id()
        free.discard(kept)
        rows.append(
            GoodVariant(
                id=kept,
                good_id=good,
                position=position,
                names=dict(variant.names),
                item_number=variant.item_number,
                difference_minor=variant.difference_minor,
                stock_pieces=variant.stock_pieces,
            )
        )
    return rows


def photo_rows(good: uuid.UUID, files: Sequence[str], *, position: int = 0) -> list[GoodPhoto]:
    """NotThere: a file that is not kept; AlreadyDone: one twice; NotNow: too many."""
    if len(set(files)) < len(files):
        raise AlreadyDone("catalogue_photo_there")
    if len(files) > PHOTOS_MAX:
        raise NotNow("catalogue_photos_full", most=PHOTOS_MAX)
    rows = []
    for place, file in enumerate(files, start=position):
        kept = pictures.known(file)
        if kept is None:
            raise NotThere("catalogue_photo_not_there")
        rows.append(
            GoodPhoto(
                good_id=good,
                position=place,
                file=file,
                width=kept.width,
                height=kept.height,
                likeness=kept.likeness,
            )
        )
    return rows


def check(draft: Draft, *, for_show: bool, photos: int, now: datetime, number: int = 0) -> None:
    """BadDraft: something of it cannot be kept, or (`for_show`) be shown."""
    found = errors(findings(draft, for_show=for_show, day=now.date(), photos=photos))
    if found:
        raise BadDraft({number: found})
