"""What is asked of stalls, their papers, and of what buyers look for in vain. Each is a fixed number of SQL statements;
lists page by the number or the id of the last that was shown.
"""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Collection, Mapping
from typing import Final, cast

from django.db.models import Q, QuerySet, Subquery

from sundry.base.access.rules import Owner
from sundry.engines.searching.lexicon import ExtraForm, Language
from sundry.goods.catalogue import models
from sundry.goods.catalogue.reading import STALL, Row, names_told, owner_of_row, stall_card
from sundry.goods.catalogue.rules import (
    BrandPaper,
    Hall,
    Miss,
    MissState,
    MixedBatch,
    PaperState,
    Place,
    StallCard,
    StallView,
    Wanted,
)
from sundry.goods.catalogue.texts import clean

ON_A_FLOOR_MAX: Final = 1_500
STALLS_OF_ONE_MAX: Final = 200
PAPERS_MAX: Final = 200
_WHOLE: Final = (
    *STALL,
    *("about", "mixed_amount_minor", "mixed_pieces", "organisation_id", "language", "is_open", "trusted", "version"),
)
_PAPER: Final = (
    *("id", "shown", "file", "valid_from", "valid_until", "state", "reason", "submitted_at"),
    *(f"stall__{name}" for name in STALL),
)
_DIGITS: Final = re.compile(r"(\d+)")


# Stalls ---------------------------------------------------------------------------------------------------------------


def stall(stall: uuid.UUID) -> StallView | None:
    """One statement."""
    return _stall(models.Stall.objects.filter(id=stall))


def stall_by_number(number: int) -> StallView | None:
    """One statement."""
    return _stall(models.Stall.objects.filter(number=number))


def stall_by_slug(slug: str) -> StallView | None:
    """One statement; whatever is asked for, an address is what a database can be asked."""
    return _stall(models.Stall.objects.filter(slug=clean(slug)))


def owner_of(stall: StallView) -> Owner:
    """Whose a stall is. One that nobody has claimed is nobody's, not everybody's."""
    return owner_of_row(stall.organisation)


def stalls_of(organisation: uuid.UUID) -> tuple[StallView, ...]:
    """An organisation's stalls, by number. One statement."""
    found = models.Stall.objects.filter(organisation=organisation).order_by("number")
    return tuple(map(_view, found.values(*_WHOLE)[:STALLS_OF_ONE_MAX]))


def mixed_batches(numbers: Collection[int]) -> Mapping[int, MixedBatch]:
    """What stalls ask of mixed orders, by their number. One statement."""
    found = models.Stall.objects.filter(number__in=numbers)
    asked = found.values_list("number", "mixed_amount_minor", "mixed_pieces")
    return {number: MixedBatch(amount_minor, pieces) for number, amount_minor, pieces in asked}


def stalls_named(words: str, *, after: int | None = None, limit: int = 50) -> tuple[StallView, ...]:
    """Stalls with these words in a name, or of this address, number or booth; by number, above `after`. One statement.

    No words: all stalls.
    """
    found = models.Stall.objects.all()
    if words := clean(words):
        named = Q(told__icontains=words) | Q(slug__istartswith=words) | Q(booth__iexact=words)
        if words.isascii() and words.isdigit() and len(words) < 19:
            named |= Q(number=int(words))
        found = found.annotate(told=names_told()).filter(named)
    if after is not None:
        found = found.filter(number__gt=after)
    return tuple(map(_view, found.order_by("number").values(*_WHOLE)[:limit]))


def booths_taken(places: Collection[Place]) -> frozenset[Place]:
    """Those of these places at which a stall stands. One statement."""
    floors = {place.floor for place in places}
    there = models.Stall.objects.filter(hall__in={place.hall for place in places}, floor__in=floors)
    held = there.values_list("hall_id", "floor", "street", "booth")
    return frozenset(itertools.starmap(Place, held)).intersection(places)


def halls() -> tuple[Hall, ...]:
    """The buildings in their order, each with the floors on which stalls stand. Two statements."""
    floors: dict[str, list[int]] = {}
    for hall, floor in models.Stall.objects.order_by("hall", "floor").values_list("hall_id", "floor").distinct():
        floors.setdefault(hall, []).append(floor)
    return tuple(
        Hall(row.code, row.names, row.trade, tuple(floors.get(row.code, ())))
        for row in models.Hall.objects.order_by("position", "code")
    )


def stalls_on(hall: str, floor: int) -> tuple[StallCard, ...]:
    """The open stalls of a floor, as one walks past them: by street, then by booth. One statement."""
    found = models.Stall.objects.filter(hall=hall, floor=floor, is_open=True).order_by("street", "booth")
    return tuple(map(stall_card, sorted(found.values(*STALL)[:ON_A_FLOOR_MAX], key=_on_the_way)))


def _on_the_way(row: Row) -> tuple[object, ...]:
    """Booth 9 stands before booth 10."""
    return tuple(
        [(part.isdecimal(), int(part) if part.isdecimal() else part) for part in _DIGITS.split(text) if part]
        for text in (row["street"], row["booth"])
    )


def _stall(found: QuerySet[models.Stall]) -> StallView | None:
    return next((_view(row) for row in found.values(*_WHOLE)), None)


def _view(row: Row) -> StallView:
    return StallView(
        card=stall_card(row),
        about=row["about"],
        mixed_batch=MixedBatch(row["mixed_amount_minor"], row["mixed_pieces"]),
        organisation=row["organisation_id"],
        language=row["language"],
        is_open=row["is_open"],
        trusted=row["trusted"],
        version=row["version"],
    )


# Papers ---------------------------------------------------------------------------------------------------------------


def papers(stall: uuid.UUID) -> tuple[BrandPaper, ...]:
    """A stall's papers, the newest first. One statement."""
    found = models.BrandPaper.objects.filter(stall=stall).order_by("-submitted_at", "-id")
    return tuple(map(_paper, found.values(*_PAPER)[:PAPERS_MAX]))


def paper(paper: uuid.UUID) -> tuple[Owner, BrandPaper] | None:
    """A paper, and whose it is. One statement."""
    row = models.BrandPaper.objects.filter(id=paper).values(*_PAPER, "stall__organisation_id").first()
    return None if row is None else (owner_of_row(row["stall__organisation_id"]), _paper(row))


def papers_waiting(*, after: uuid.UUID | None = None, limit: int = 20) -> tuple[BrandPaper, ...]:
    """Papers that the operator is to look at, the oldest first, those behind the paper `after`. One statement."""
    found = models.BrandPaper.objects.filter(state=PaperState.SUBMITTED.value)
    if after is not None:
        since = Subquery(models.BrandPaper.objects.filter(id=after).values("submitted_at")[:1])
        found = found.filter(submitted_at__gte=since).exclude(submitted_at=since, id__lte=after)
    return tuple(map(_paper, found.order_by("submitted_at", "id").values(*_PAPER)[:limit]))


def _paper(row: Row) -> BrandPaper:
    return BrandPaper(
        id=row["id"],
        stall=stall_card(row, "stall__"),
        brand=row["shown"],
        file=row["file"],
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        state=PaperState(row["state"]),
        reason=row["reason"],
        submitted_at=row["submitted_at"],
    )


# What is looked for in vain -------------------------------------------------------------------------------------------


def wanted(*, before: uuid.UUID | None = None, limit: int = 50) -> tuple[Wanted, ...]:
    """What buyers look for, the newest first, what was asked before `before`. One statement."""
    found = models.Wanted.objects.filter(is_open=True)
    if before is not None:
        since = Subquery(models.Wanted.objects.filter(id=before).values("asked_at")[:1])
        found = found.filter(asked_at__lte=since).exclude(asked_at=since, id__gte=before)
    return tuple(map(_wanted, found.order_by("-asked_at", "-id")[:limit]))


def wanted_of(person: uuid.UUID) -> tuple[Wanted, ...]:
    """What one person looks for or looked for, the newest first. One statement."""
    return tuple(map(_wanted, models.Wanted.objects.filter(person=person).order_by("-asked_at", "-id")[:50]))


def one_wanted(wanted: uuid.UUID) -> Wanted | None:
    """One statement."""
    return next(map(_wanted, models.Wanted.objects.filter(id=wanted)), None)


def _wanted(row: models.Wanted) -> Wanted:
    return Wanted(
        id=row.id,
        text=row.text,
        language=row.language,
        quantity=row.quantity,
        category=row.category,
        asked_at=row.asked_at,
        person=row.person_id,
        organisation=row.organisation_id,
        is_open=row.is_open,
    )


def misses(*, after: uuid.UUID | None = None, limit: int = 50) -> tuple[Miss, ...]:
    """Words for which nothing was found and nobody has decided, the most frequent first, those behind `after`. One
    statement."""
    found = models.SearchMiss.objects.filter(state=MissState.OPEN.value)
    if after is not None:
        searches = Subquery(models.SearchMiss.objects.filter(id=after).values("searches")[:1])
        found = found.filter(searches__lte=searches).exclude(searches=searches, id__lte=after)
    return tuple(
        Miss(row.id, row.language, row.text, row.searches, row.last_at, MissState(row.state), row.concept)
        for row in found.order_by("-searches", "id")[:limit]
    )


def forms() -> tuple[ExtraForm, ...]:
    """What operators added to the lexicon, the oldest first. One statement."""
    found = models.LexiconForm.objects.order_by("added_at", "id").values_list("concept", "language", "text")
    return tuple(ExtraForm(concept, cast(Language, language), text) for concept, language, text in found)
