"""The embedded engine: tantivy in our own process, behind the port.

Measured at 2.1 million goods (`sundry bench search`, bench/README.md). Reading is in `reader.py`, `asking.py`,
`finding.py` and `counting.py`; writing in `writer.py`; what goes in and what fits in `entries.py` and `ranking.py`,
which the plain engine shares.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

import tantivy

from sundry.engines.searching.asking import any_of, both, coded, either, plan
from sundry.engines.searching.counting import counted
from sundry.engines.searching.entries import Analyser
from sundry.engines.searching.finding import Ranked, best
from sundry.engines.searching.fitting import codes_of
from sundry.engines.searching.generations import read_made, size_bytes
from sundry.engines.searching.model import DEPTH_MAX, Checkpoint, Document, Hit, Page, Query, Stats, Suggestion
from sundry.engines.searching.paging import cursor_of, lay, limit_of, page_of, per_stall_of
from sundry.engines.searching.reader import Reader, View
from sundry.engines.searching.schema import schema
from sundry.engines.searching.similar import alike
from sundry.engines.searching.suggesting import Names, suggestions
from sundry.engines.searching.writer import Writer, rebuilt


class EmbeddedIndex:
    """The index in `folder`. Reading is for any thread and process; the first `index` or `delete` takes the writer's
    lock, `close` (or the end of `with`) gives it back, and with it what was not committed. `threads` of the engine
    write a rebuild: one keeps pace with what reads the goods, and leaves half of the segments that two do."""

    def __init__(self, folder: Path, analyser: Analyser, *, threads: int = 1) -> None:
        self._folder = folder
        self._analyser = analyser
        self._threads = threads
        self._reader = Reader(folder)
        self._writer: Writer | None = None
        self._lock = Lock()
        self._names: dict[str, Names] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        with self._lock:
            writer, self._writer = self._writer, None
            if writer is not None:
                writer.close()

    def index(self, documents: Iterable[Document], *, version: int = 0) -> int:
        """WriterBusy; IndexUnusable where the index was made with another lexicon."""
        with self._lock:
            return self._open_writer().index(documents, version)

    def delete(self, numbers: Iterable[int]) -> None:
        with self._lock:
            self._open_writer().delete(numbers)

    def commit(self) -> Checkpoint:
        with self._lock:
            return self._open_writer().commit()

    def rebuild(self, documents: Iterable[Document], *, version: int = 0) -> Checkpoint:
        """What was written and not committed goes with the generation that is replaced."""
        self.close()
        with self._lock:
            return rebuilt(self._folder, self._analyser, documents, version=version, threads=self._threads)

    def _open_writer(self) -> Writer:
        if self._writer is None:
            self._writer = Writer(self._folder, self._analyser)
        return self._writer

    def search(self, query: Query) -> Page:
        page = page_of(query)
        view = self._reader.view()
        planned = plan(query, view.terms)
        count, facets = counted(view.searcher, query, planned)
        limit, per_stall_max = limit_of(query), per_stall_of(query)
        deepest = min(count, DEPTH_MAX)
        wanted = min(limit * (page + 1) * 5 // 4, deepest)  # a little more: a stall may have its three on a page
        while True:
            ranked = best(view, query, planned, wanted=wanted, count=count)
            laid = lay(
                [each.stall for each in ranked],
                page=page,
                limit=limit,
                per_stall_max=per_stall_max,
                is_whole=wanted == deepest,
            )
            if laid.certain:
                break
            wanted = min(wanted * 4, deepest)
        hits = _explained(view, query, [ranked[place] for place in laid.places])
        return Page(hits, count, facets, cursor_of(query, page + 1) if laid.more else None)

    def suggest(self, prefix: str, language: str, *, limit: int = 8) -> tuple[Suggestion, ...]:
        typed = self._analyser.normal(prefix)
        words = self._reader.view().terms("words", typed)[: 4 * limit] if typed else ()
        if language not in self._names:
            self._names[language] = Names(self._analyser.names(language))
        return suggestions(self._names[language], typed, language, words, limit)

    def similar(self, number: int, *, limit: int = 12) -> tuple[int, ...]:
        return alike(self._reader.view().searcher, number, limit)

    def stats(self) -> Stats:
        view = self._reader.view()
        return Stats(
            documents=view.searcher.num_docs,
            segments=view.searcher.num_segments,
            size_bytes=size_bytes(view.generation),
            version=read_made(view.generation).version,
            lexicon=view.made.lexicon,
            segmenter=view.made.segmenter,
        )


def _explained(view: View, query: Query, shown: list[Ranked]) -> tuple[Hit, ...]:
    if not query.explained:
        return tuple([Hit(number, stall, score) for number, stall, score in shown])
    why = _why(view, query, shown)
    return tuple([Hit(number, stall, score, tuple(why[number])) for number, stall, score in shown])


def _why(view: View, query: Query, shown: list[Ranked]) -> dict[int, list[str]]:
    """Head and words are in every hit; which of the other parts are is asked for those on the page."""
    always = [*(["head"] if query.head else []), *(f"word:{word}" for word in query.words)]
    asked = [(f"modifier:{key}", any_of("marks", (key,))) for group in query.modifiers for key in group]
    asked += [(f"word:{word}", any_of("words", (word,))) for word in query.wishes]
    asked += [(f"code:{code}", coded(code, view.terms)) for code in codes_of(query)]
    why: dict[int, list[str]] = {each.number: list(always) for each in shown}
    for told, part in asked:
        for number in _having(view.searcher, part, shown):
            why[number].append(told)
    return why


def _having(searcher: tantivy.Searcher, part: tantivy.Query, shown: list[Ranked]) -> list[int]:
    if not shown:
        return []
    these = either([tantivy.Query.term_query(schema(), "number", each.number, "basic") for each in shown])
    hits = searcher.search(both(these, part), len(shown), count=False).hits
    return [int(number or 0) for number in searcher.fast_field_values("number", [place for _, place in hits])]
