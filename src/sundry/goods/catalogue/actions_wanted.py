"""What buyers look for in vain: a request that stalls may answer, and words that the lexicon does not know yet."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Final

from django.db import connection, transaction

from sundry.base.access.actions import record
from sundry.base.access.rules import Actor
from sundry.engines.searching.lexicon import Lexicon, lexicon
from sundry.goods.catalogue.categories import tree
from sundry.goods.catalogue.errors import NotNow, NotThere
from sundry.goods.catalogue.models import LexiconForm, SearchMiss, Wanted
from sundry.goods.catalogue.operations import MISS_DECIDE
from sundry.goods.catalogue.rules import LANGUAGES, QUANTITY_MAX, MissState
from sundry.goods.catalogue.texts import clean
from sundry.kernel.identifiers import new_id

TEXT_MAX: Final = 500
OPEN_MAX: Final = 50  # requests of one person that are open at once
MISS_MAX: Final = 80  # characters of a miss: what is longer is no name of goods
MISSES_KEPT_MAX: Final = 50_000  # that were looked for once
MISSES_ARE_KEPT_FOR: Final = timedelta(days=60)  # those that nobody asked for again

_COUNT: Final = """
INSERT INTO catalogue_searchmiss (id, language, text, searches, last_at, state, concept)
VALUES (%s, %s, %s, 1, %s, %s, '')
ON CONFLICT (language, text) DO UPDATE
SET searches = catalogue_searchmiss.searches + 1, last_at = greatest(catalogue_searchmiss.last_at, excluded.last_at)
"""


def ask_wanted(
    *, actor: Actor, text: str, language: str, quantity: int | None = None, category: str = "", now: datetime
) -> uuid.UUID:
    """Ask the stalls for what was not found. NotNow: nothing is asked for, or too much, or too many are open."""
    text = clean(text)
    if actor.person is None or not text or language not in LANGUAGES:
        raise NotNow("catalogue_wanted_empty")
    if len(text) > TEXT_MAX:
        raise NotNow("catalogue_wanted_too_long", count=len(text), most=TEXT_MAX)
    if quantity is not None and not 1 <= quantity <= QUANTITY_MAX:
        raise NotNow("catalogue_wanted_quantity_impossible", value=str(quantity)[:60], most=QUANTITY_MAX)
    with transaction.atomic():
        if Wanted.objects.filter(person=actor.person, is_open=True).count() >= OPEN_MAX:
            raise NotNow("catalogue_too_many_wanted", most=OPEN_MAX)
        made = Wanted.objects.create(
            text=text,
            language=language,
            quantity=quantity,
            category=category if category in tree() else "",
            person_id=actor.person,
            organisation_id=actor.organisation,
            asked_at=now,
        )
    return made.id


def close_wanted(*, actor: Actor, wanted: uuid.UUID, now: datetime) -> None:
    """It was found, or is not looked for any more. NotThere: it is another's, or not open."""
    done = Wanted.objects.filter(id=wanted, person=actor.person, is_open=True).update(is_open=False)
    if not done or actor.person is None:
        raise NotThere("catalogue_wanted_not_there")


def count_miss(*, language: str, text: str, now: datetime) -> None:
    """Nothing was found for these words once more. What is too long, or empty, is no name of goods. One statement."""
    text = clean(text).casefold()
    if text and len(text) <= MISS_MAX and language in LANGUAGES:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [new_id(), language, text, now, MissState.OPEN.value])


def forget_misses(*, now: datetime) -> int:
    """Words that were looked for once, long ago, and of which nobody has said what they are; how many. Of very many
    such words, which only a program types, the latest are kept."""
    once = SearchMiss.objects.filter(state=MissState.OPEN.value, searches=1)
    gone = once.filter(last_at__lt=now - MISSES_ARE_KEPT_FOR).delete()[0]
    times = once.order_by("-last_at").values_list("last_at", flat=True)
    for first_too_many in times[MISSES_KEPT_MAX : MISSES_KEPT_MAX + 1]:
        gone += once.filter(last_at__lte=first_too_many).delete()[0]
    return gone


def decide_miss(*, actor: Actor, miss: uuid.UUID, concept: str | None, now: datetime) -> None:
    """Say what the words mean: one more form of `concept`; None: nothing that is sold here. It may be said anew.

    NotThere: no such miss, or no such concept (the message names the nearest).
    """
    with transaction.atomic():
        row = SearchMiss.objects.select_for_update().filter(id=miss).first()
        if row is None:
            raise NotThere("catalogue_miss_not_there")
        LexiconForm.objects.filter(language=row.language, text=row.text).delete()
        if concept is not None:
            _check_concept(concept, lexicon())
            LexiconForm.objects.create(
                concept=concept, language=row.language, text=row.text, person_id=actor.person, added_at=now
            )
        row.state = (MissState.IGNORED if concept is None else MissState.ADDED).value
        row.concept = concept or ""
        row.save(update_fields=["state", "concept"])
        details = {"text": row.text, "language": row.language, "concept": row.concept}
        record(actor=actor, operation=MISS_DECIDE, object_kind="search_miss", object_id=row.id, details=details)


def _check_concept(concept: str, known: Lexicon) -> None:
    if concept not in known.concepts:
        nearest = next(iter(get_close_matches(concept, known.concepts, n=1, cutoff=0)), "")
        raise NotThere("catalogue_concept_unknown", value=concept[:60], nearest=nearest)
