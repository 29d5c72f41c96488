"""Reading the live generation: opened once, looked at again only when it changed.

A question costs two looks at the disk (is another generation live? was there a commit?) of some microseconds each; a
searcher that was handed out goes on seeing what it saw. Any thread may ask at any time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Final

import tantivy

from sundry.engines.searching.generations import Made, committed, live_generation, read_made, seen
from sundry.engines.searching.port import IndexUnusable
from sundry.engines.searching.ranking import TIERS
from sundry.engines.searching.schema import FORM, schema, tier_mark, whitespace

TERMS_KEPT: Final = 64  # beginnings of words whose terms are kept until the next commit


@dataclass(slots=True)
class View:
    """One state of an index."""

    generation: Path
    index: tantivy.Index
    made: Made
    committed: tuple[int, int]
    searcher: tantivy.Searcher
    known: dict[tuple[str, str], Sequence[tuple[str, int]]] = field(default_factory=dict)
    weight_max: float | None = None

    def terms(self, name: str, prefix: str) -> Sequence[tuple[str, int]]:
        """The terms of a field that begin so and how many goods each has, the most frequent first."""
        if (name, prefix) not in self.known:
            if len(self.known) >= TERMS_KEPT:
                self.known.clear()
            self.known[name, prefix] = self.searcher.terms_with_prefix(name, prefix)
        return self.known[name, prefix]

    @property
    def heaviest(self) -> float:
        """No good weighs more."""
        if self.weight_max is None:
            self.weight_max = self._weight_max()
        return self.weight_max

    def _weight_max(self) -> float:
        for tier in reversed(TIERS):
            some = tantivy.Query.term_query(schema(), "marks", tier_mark(tier), "basic")
            if hits := self.searcher.search(some, 1, count=False, order_by_field="weight").hits:
                return float(hits[0][0])
        return float(TIERS[0])


class Reader:
    """The views of the index in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._newest: tuple[tuple[int, int], View] | None = None  # and when another generation was last made live

    def view(self) -> View:
        """The newest state. IndexUnusable.

        Most questions find nothing changed, and wait for no other thread to find that: looking at the disk lets go of
        the interpreter, so whoever came next would stand before the lock."""
        newest = self._newest
        if newest is not None and self._is_newest(*newest):
            return newest[1]
        with self._lock:
            now = seen(self._folder)
            newest = self._newest
            if newest is None or newest[0] != now:
                view = self._opened()
            else:
                view = newest[1]
                if (last := committed(view.generation)) != view.committed:
                    view = self._looked_again(view, last)
            self._newest = now, view
            return view

    def _is_newest(self, then: tuple[int, int], view: View) -> bool:
        return seen(self._folder) == then and committed(view.generation) == view.committed

    def _opened(self) -> View:
        generation = live_generation(self._folder)
        made = read_made(generation)
        if made.form != FORM:
            raise IndexUnusable("search_index_of_before")
        last = committed(generation)
        index = opened(generation)
        return View(generation, index, made, last, index.searcher())

    def _looked_again(self, view: View, last: tuple[int, int]) -> View:
        with unusable_where_broken():
            view.index.reload()
        return View(view.generation, view.index, view.made, last, view.index.searcher())


def opened(generation: Path) -> tantivy.Index:
    """The index of a generation, which is looked at again only by `reload`. IndexUnusable."""
    with unusable_where_broken():
        index = tantivy.Index.open(str(generation))
        index.register_tokenizer("whitespace", whitespace())
        index.config_reader("manual")
    return index


@contextmanager
def unusable_where_broken() -> Iterator[None]:
    """What the engine says of files that it cannot read comes as errors of many kinds."""
    try:
        yield
    except (OSError, ValueError, RuntimeError) as fault:
        raise IndexUnusable("search_index_broken") from fault
