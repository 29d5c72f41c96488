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
from sundry.engines.searching.schema import FORM, whitespace

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

    def terms(self, name: str, prefix: str) -> Sequence[tuple[str, int]]:
        """The terms of a field that begin so and how many goods each has, the most frequent first."""
        if (name, prefix) not in self.known:
            if len(self.known) >= TERMS_KEPT:
                self.known.clear()
            self.known[name, prefix] = self.searcher.terms_with_prefix(name, prefix)
        return self.known[name, prefix]


class Reader:
    """The views of the index in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._seen: tuple[int, int] | None = None
        self._view: View | None = None

    def view(self) -> View:
        """The newest state. IndexUnusable."""
        with self._lock:
            view = self._view
            now = seen(self._folder)
            if view is None or now != self._seen:
                view = self._opened()
            elif (last := committed(view.generation)) != view.committed:
                view = self._looked_again(view, last)
            self._seen, self._view = now, view
            return view

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
