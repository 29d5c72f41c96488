"""The port: what an engine of search does for a market.

Problem: a market begins on a laptop and ends on many machines, and what finds goods must not be written anew between.
Therefore pages, jobs and commands know this protocol alone. The embedded engine is `embedded.py` (tantivy); an engine
on servers comes with scale-out, and vectors would add a method beside `similar`, no other query.

There is one writer: `index`, `delete`, `commit` and `rebuild` are for the process that holds the writer's lock;
`search`, `suggest`, `similar` and `stats` are for any thread of any process at any time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from sundry.engines.searching.model import Checkpoint, Document, Page, Query, Stats, Suggestion
from sundry.kernel.errors import EnvironmentFault, SundryError


class WriterBusy(SundryError):
    """Another process is writing this index: it goes on, and this one tries again later."""


class IndexUnwritable(EnvironmentFault):
    """The disk is full, or does not let us write. What was committed before stays, and answers; the next writer goes
    on from there."""


class IndexUnusable(SundryError):
    """The index is not there, was broken, or was written with another lexicon: rebuild it."""


class BadCursor(SundryError):
    """A cursor that this query did not give."""


class SearchIndex(Protocol):
    def index(self, documents: Iterable[Document], *, version: int = 0) -> int:
        """Write or replace goods by their number; how many. Nobody sees them before `commit`. IndexUnwritable, as of
        all that writes."""

    def delete(self, numbers: Iterable[int]) -> None:
        """Take goods out by their number; what is not there is no fault."""

    def commit(self) -> Checkpoint:
        """Make everything visible at once, and lasting. A writer that was killed leaves the commit before."""

    def search(self, query: Query) -> Page:
        """BadCursor, IndexUnusable."""

    def suggest(self, prefix: str, language: str, *, limit: int = 8) -> tuple[Suggestion, ...]:
        """What a buyer may be typing: names of concepts first, then words of the goods' names."""

    def similar(self, number: int, *, limit: int = 12) -> tuple[int, ...]:
        """Goods with the same head noun and most of the same words, other stalls first; () for an unknown number."""

    def rebuild(self, documents: Iterable[Document], *, version: int = 0) -> Checkpoint:
        """Build a new index beside the live one and put it in its place; until then the old one answers."""

    def stats(self) -> Stats: ...
