"""Writing: into the live generation, or a new one beside it.

One process writes (`generations.writers_lock`). A good is replaced by deleting what has its number first; of a number
that comes again in one batch the last holds. Commits are batched by the caller, because each makes a segment and every
question asks all segments.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

import tantivy

from sundry.engines.searching.entries import Analyser, entries
from sundry.engines.searching.generations import (
    Made,
    live_generation,
    make_live,
    new_generation,
    read_made,
    sweep,
    write_made,
    writers_lock,
)
from sundry.engines.searching.model import Checkpoint, Document
from sundry.engines.searching.port import IndexUnusable, IndexUnwritable
from sundry.engines.searching.reader import opened
from sundry.engines.searching.schema import FORM, Marks, document_of, schema, whitespace

MEMORY_BYTES: Final = 64_000_000  # before a segment is written out, while single goods change
REBUILD_MEMORY_BYTES: Final = 256_000_000  # of all threads together
WRITTEN_AT_ONCE: Final = 1_000


class Writer:
    """The open writer of a folder's live generation. `close` lets others write; what was not committed is lost."""

    def __init__(self, folder: Path, analyser: Analyser) -> None:
        self._analyser = analyser
        self._marks = Marks(analyser.wider)
        with ExitStack() as held:
            held.enter_context(writers_lock(folder))
            self._generation = _live_or_new(folder, analyser)
            self._made = read_made(self._generation)
            check_made(self._made, analyser)
            sweep(folder, keep=(self._generation.name,))
            self._index = opened(self._generation)
            self._engine = self._index.writer(MEMORY_BYTES, 1)
            with _told_where_it_fails():
                self._engine.garbage_collect_files()  # of a writer that was killed: ours would get the same names
            self._held = held.pop_all()

    def index(self, documents: Iterable[Document], version: int) -> int:
        count = 0
        batch: list[tantivy.Document] = []
        numbers: set[int] = set()
        for entry in entries(documents, self._analyser):
            if len(batch) == WRITTEN_AT_ONCE or entry.document.number in numbers:
                self._put(batch, numbers)
                batch, numbers = [], set()
            batch.append(document_of(entry, self._marks))
            numbers.add(entry.document.number)
            version = max(version, entry.document.version)
            count += 1
        self._put(batch, numbers)
        self._made = replace(self._made, version=max(self._made.version, version))
        return count

    def _put(self, batch: Sequence[tantivy.Document], numbers: Iterable[int]) -> None:
        self.delete(numbers)
        with _told_where_it_fails():
            for document in batch:
                self._engine.add_document(document)

    def delete(self, numbers: Iterable[int]) -> None:
        """By their term, which of a field of signed numbers deletes (of an unsigned one it would not: schema.py)."""
        with _told_where_it_fails():
            for number in numbers:
                self._engine.delete_documents_by_term("number", number)

    def commit(self) -> Checkpoint:
        """The goods first, then how far they go: whoever is killed between writes some of them twice, which is no
        harm."""
        with _told_where_it_fails():
            self._engine.commit()
            write_made(self._generation, self._made)
            self._index.reload()
        return Checkpoint(self._made.version, self._index.searcher().num_docs)

    def close(self) -> None:
        """An engine that failed has ended already, and says so."""
        with self._held, suppress(RuntimeError, ValueError, OSError):
            self._engine.wait_merging_threads()


def rebuilt(
    folder: Path, analyser: Analyser, documents: Iterable[Document], *, version: int, threads: int
) -> Checkpoint:
    """A new generation of `documents` in the place of the live one. What fails leaves the live one as it was."""
    with writers_lock(folder):
        before = _live_name(folder)
        made = Made(FORM, analyser.lexicon, analyser.segmenter, version)
        with _told_where_it_fails():
            generation = new_generation(folder, made)
        try:
            index = _created(generation)
            version = max(version, _filled(index, analyser, documents, threads))
            with _told_where_it_fails():
                write_made(generation, replace(made, version=version))
                index.reload()
                make_live(folder, generation)
        except BaseException:
            shutil.rmtree(generation, ignore_errors=True)
            raise
        sweep(folder, keep=(generation.name, before))
        return Checkpoint(version, index.searcher().num_docs)


def _filled(index: tantivy.Index, analyser: Analyser, documents: Iterable[Document], threads: int) -> int:
    """The highest version of the documents. A stream in rising order of numbers, as a database gives it, cannot hold a
    number twice; where it falls back, what may have been there is deleted."""
    engine = index.writer(REBUILD_MEMORY_BYTES, threads)
    marks = Marks(analyser.wider)
    highest: float = -math.inf
    version = 0
    read = entries(documents, analyser)
    while batch := list(islice(read, WRITTEN_AT_ONCE)):
        made = [(entry.document.number, document_of(entry, marks)) for entry in batch]
        version = max(version, max([entry.document.version for entry in batch]))
        with _told_where_it_fails():
            for number, document in made:
                if number <= highest:
                    engine.delete_documents_by_term("number", number)
                else:
                    highest = number
                engine.add_document(document)
    with _told_where_it_fails():
        engine.commit()
        engine.wait_merging_threads()
    return version


@contextmanager
def _told_where_it_fails() -> Iterator[None]:
    """What the engine says when a disk is full comes as errors of many kinds, and its writer is of no use any more."""
    try:
        yield
    except (OSError, ValueError, RuntimeError) as fault:
        raise IndexUnwritable("search_index_unwritable", reason=str(fault)) from fault


def check_made(made: Made, analyser: Analyser) -> None:
    """Goods that were read by two lexicons in one index would be found by chance. IndexUnusable."""
    if (made.form, made.lexicon, made.segmenter) != (FORM, analyser.lexicon, analyser.segmenter):
        raise IndexUnusable("search_index_of_before")


def _created(generation: Path) -> tantivy.Index:
    index = tantivy.Index(schema(), str(generation))
    index.register_tokenizer("whitespace", whitespace())
    return index


def _live_name(folder: Path) -> str:
    try:
        return live_generation(folder).name
    except IndexUnusable:
        return ""


def _live_or_new(folder: Path, analyser: Analyser) -> Path:
    if _live_name(folder):
        return live_generation(folder)
    generation = new_generation(folder, Made(FORM, analyser.lexicon, analyser.segmenter))
    engine = _created(generation).writer(MEMORY_BYTES, 1)
    engine.commit()
    engine.wait_merging_threads()
    make_live(folder, generation)
    return generation
