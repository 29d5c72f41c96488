"""What the database knows of goods goes into the index of search, and stays in step with it.

Problem: search must find a good a moment after it is on show and never after it is gone, and neither a crash of the
worker nor a change that comes while an index of millions is built may lose one. Therefore whoever changes a good
writes its number into `Change` in the same transaction, and `feed` takes numbers from there: it reads the goods as they
are now, writes them, makes the index durable, and only then takes the numbers away. Who is killed in between has the
same numbers again, and writing a good twice is writing it once. A rebuild leaves the numbers alone, so what changed
while it ran is told to the new index too. Pages ask the database for what search found, so nothing that is gone is
shown even where the index is late.

The index lies in the data folder (`SUNDRY_DATA_DIR`/search) of the machine that answers, and can always be made anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Final

from django.conf import settings
from django.db import transaction

from sundry.engines.searching.analysing import analyser
from sundry.engines.searching.embedded import EmbeddedIndex
from sundry.engines.searching.lexicon import ExtraForm, Lexicon, lexicon
from sundry.engines.searching.model import Document
from sundry.engines.searching.port import IndexUnusable
from sundry.engines.searching.understanding import Understanding
from sundry.goods.catalogue import categories, queries, queries_stalls
from sundry.goods.catalogue.models import Change
from sundry.goods.catalogue.rules import CURRENCY, Indexed, prices_at_quantities

FED_AT_ONCE: Final = 1_000  # goods; what is written with one commit
READ_AT_ONCE: Final = 5_000  # goods of a rebuild, with two statements
FORMS_SECONDS: Final = 30.0  # for so long a process may not know what an operator added to the lexicon

Progress = Callable[[int], None]
"""progress(goods written so far)."""


@dataclass(frozen=True, slots=True)
class Live:
    """The index of this machine, and how queries are read; both by one lexicon."""

    lexicon: Lexicon
    index: EmbeddedIndex
    understanding: Understanding


def folder() -> Path:
    """Where the index lies."""
    return Path(settings.SUNDRY.data_dir) / "search"


class _Known:
    """The forms that operators added, asked for again after a while."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._forms: tuple[ExtraForm, ...] = ()
        self._until = 0.0

    def forms(self) -> tuple[ExtraForm, ...]:
        with self._lock:
            if time.monotonic() >= self._until:
                self._forms = queries_stalls.forms()
                self._until = time.monotonic() + FORMS_SECONDS
            return self._forms

    def forget(self) -> None:
        with self._lock:
            self._until = 0.0


_known = _Known()


def live() -> Live:
    """What answers now. At most one statement, each FORMS_SECONDS."""
    return _live(folder(), _known.forms())


def forget() -> None:
    """The forms are asked for again at once: somebody has added one."""
    _known.forget()


@lru_cache(maxsize=2)  # the one before answers the requests that it began to
def _live(where: Path, forms: tuple[ExtraForm, ...]) -> Live:
    own = lexicon()
    known = own.with_forms(form for form in forms if form.concept in own.concepts) if forms else own
    return Live(known, EmbeddedIndex(where, analyser(known if forms else None)), Understanding(known))


def document(good: Indexed) -> Document:
    """A good as search takes it."""
    return Document(
        number=good.number,
        stall=good.stall,
        titles=good.names,
        category=categories.path(good.category) if good.category in categories.tree() else (),
        area=good.area,
        prices_minor=prices_at_quantities(good.ladder),
        currency=CURRENCY,
        minimum=good.minimum,
        ready=good.is_ready,
        sold=good.sold,
        listed_day=good.listed_day,
        codes=good.item_numbers,
        collections=tuple(sorted(one.value for one in good.collections)),
        version=good.version,
    )


def feed() -> int:
    """Tell the index what has changed; how many goods. WriterBusy; IndexUnusable: rebuild it. Six statements for each
    thousand."""
    live().index.stats()  # where there is no index, one of these goods alone would be none either
    fed = 0
    while True:
        with transaction.atomic():
            waiting = list(Change.objects.select_for_update(skip_locked=True).order_by("id")[:FED_AT_ONCE])
            if not waiting:
                return fed
            fed += _write({change.number for change in waiting})
            Change.objects.filter(id__in=[change.id for change in waiting]).delete()


def _write(numbers: set[int]) -> int:
    found = queries.indexed(sorted(numbers))
    shown = [document(good) for good in found if good.is_on_show]
    with live().index as index:
        index.delete(sorted(numbers - {one.number for one in shown}))
        index.index(shown)
        index.commit()
    return len(numbers)


def rebuild(progress: Progress = lambda written: None) -> int:
    """Make the index anew beside the one that answers, and put it in its place; how many goods it holds. WriterBusy."""
    return live().index.rebuild(_all(progress)).documents


def _all(progress: Progress) -> Iterator[Document]:
    after, written = 0, 0
    while goods := queries.goods_for_index(after=after, limit=READ_AT_ONCE):
        yield from map(document, goods)
        after, written = goods[-1].number, written + len(goods)
        progress(written)


def is_usable() -> bool:
    """Whether there is an index that was made with today's lexicon."""
    now = live()
    try:
        return now.index.stats().lexicon == now.lexicon.version
    except IndexUnusable:
        return False


def bring_up_to_date() -> int:
    """Feed what waits, or make an index anew where none can be used; how many goods were written. WriterBusy."""
    return feed() if is_usable() else rebuild()
