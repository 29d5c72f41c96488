"""What is written lasts, whoever is killed; what cannot be used is said to be so."""

import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from searching.small_market import good, small_analyser

from sundry.engines.searching.embedded import EmbeddedIndex
from sundry.engines.searching.generations import COMMITTED, MADE, live_generation, read_made, write_made
from sundry.engines.searching.model import Document, Query
from sundry.engines.searching.port import IndexUnusable, IndexUnwritable, WriterBusy
from sundry.engines.searching.schema import FORM

CUPS = Query(head=("cup",))


WRITER = """
import pathlib, signal, sys
sys.path.insert(0, sys.argv[2])
from small_market import good, small_analyser
from sundry.engines.searching.embedded import EmbeddedIndex
index = EmbeddedIndex(pathlib.Path(sys.argv[1]), small_analyser())
index.index([good(1, version=1), good(2, version=2)])
index.commit()
index.index([good(3, version=3)])
index.delete([1])
print("written", flush=True)
signal.pause()
"""


def test_a_killed_writer_leaves_the_commit_before(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, tmp_path, Path(__file__).parent]
    reader = EmbeddedIndex(tmp_path, small_analyser())
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"written\n"
        with pytest.raises(WriterBusy):
            reader.index([good(9)])
        assert {hit.number for hit in reader.search(CUPS).hits} == {1, 2}
        process.kill()
    assert {hit.number for hit in reader.search(CUPS).hits} == {1, 2}
    assert reader.stats().version == 2
    with reader:
        reader.index([good(4, version=4)])
        assert reader.commit().documents == 3


def test_what_a_writer_left_that_was_killed_while_it_committed_is_in_nobodys_way(tmp_path: Path) -> None:
    """Which goods are deleted stands in a file that is named by a count of operations; the next writer, who goes on
    from the same commit, comes to the same count."""
    before, after = tmp_path / "before", tmp_path / "after"
    with EmbeddedIndex(before, small_analyser()) as index:
        index.index([good(1), good(2)])
        index.commit()
    shutil.copytree(before, after)
    with EmbeddedIndex(after, small_analyser()) as index:
        index.index([good(1, version=2)])
        index.commit()
    for file in live_generation(after).iterdir():  # all but what makes it count
        if file.name not in (COMMITTED, MADE):
            shutil.copy(file, live_generation(before))
    assert list(live_generation(before).glob("*.del"))
    with EmbeddedIndex(before, small_analyser()) as again:
        again.index([good(1, version=2)])
        assert again.commit().documents == 2


def test_what_was_not_committed_is_lost_with_the_writer(tmp_path: Path) -> None:
    with EmbeddedIndex(tmp_path, small_analyser()) as index:
        index.index([good(1)])
        index.commit()
        index.index([good(2)])
    with EmbeddedIndex(tmp_path, small_analyser()) as again:
        assert again.commit().documents == 1


@pytest.fixture
def full_disk() -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """with full_disk(): no file takes more than a few bytes, as on a disk that has no more room."""
    most = resource.getrlimit(resource.RLIMIT_FSIZE)

    @contextmanager
    def full() -> Iterator[None]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8, most[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, most)

    yield full
    resource.setrlimit(resource.RLIMIT_FSIZE, most)


def test_a_full_disk_is_told_and_what_was_committed_goes_on(
    tmp_path: Path, full_disk: Callable[[], AbstractContextManager[None]]
) -> None:
    index = EmbeddedIndex(tmp_path, small_analyser())
    with index:
        index.index([good(1)])
        index.commit()
    with index:
        index.index([good(2)])
        with pytest.raises(IndexUnwritable), full_disk():
            index.commit()
    with pytest.raises(IndexUnwritable), full_disk():
        index.rebuild([good(3)])
    assert {hit.number for hit in index.search(CUPS).hits} == {1}
    with index:  # the same one, as in a worker that runs on
        index.index([good(4)])
        assert index.commit().documents == 2
    assert len(list(tmp_path.glob("g-*"))) == 1


def test_a_rebuild_sweeps_away_what_killed_ones_left(tmp_path: Path) -> None:
    with EmbeddedIndex(tmp_path, small_analyser()) as index:
        index.rebuild([good(1)])
        first = live_generation(tmp_path)
        (tmp_path / "g-0123456789abcdef").mkdir()
        index.rebuild([good(2)])
        second = live_generation(tmp_path)
        assert {entry.name for entry in tmp_path.glob("g-*")} == {first.name, second.name}
        index.rebuild([good(3)])
        assert {entry.name for entry in tmp_path.glob("g-*")} == {second.name, live_generation(tmp_path).name}


def test_readers_see_a_rebuild_without_being_told_and_the_old_one_until_then(tmp_path: Path) -> None:
    writer, reader = (EmbeddedIndex(tmp_path, small_analyser()) for _ in range(2))
    writer.rebuild([good(1)])
    assert [hit.number for hit in reader.search(CUPS).hits] == [1]

    def watched() -> Iterator[Document]:
        yield good(2)
        assert [hit.number for hit in reader.search(CUPS).hits] == [1]
        with pytest.raises(WriterBusy):
            reader.delete([1])

    writer.rebuild(watched())
    assert [hit.number for hit in reader.search(CUPS).hits] == [2]


def test_an_index_of_another_lexicon_answers_and_takes_nothing(tmp_path: Path) -> None:
    EmbeddedIndex(tmp_path, small_analyser("of before")).rebuild([good(1)])
    with EmbeddedIndex(tmp_path, small_analyser("of today")) as index:
        assert index.stats().lexicon == "of before"
        assert index.search(CUPS).count == 1
        with pytest.raises(IndexUnusable) as told:
            index.index([good(2)])
        assert told.value.rule == "search_index_of_before"
        index.rebuild([good(1)])
        assert index.stats().lexicon == "of today"
        assert index.index([good(2)]) == 1


def test_an_index_of_another_form_is_rebuilt(tmp_path: Path) -> None:
    EmbeddedIndex(tmp_path, small_analyser()).rebuild([good(1)])
    generation = live_generation(tmp_path)
    write_made(generation, replace(read_made(generation), form=FORM - 1))
    with EmbeddedIndex(tmp_path, small_analyser()) as index:
        for ask in (index.stats, lambda: index.search(CUPS), lambda: index.index([good(2)])):
            with pytest.raises(IndexUnusable) as told:
                ask()
            assert told.value.rule == "search_index_of_before"
        index.rebuild([good(1)])
        assert index.search(CUPS).count == 1


def test_a_stream_that_falls_back_holds_each_number_once(tmp_path: Path) -> None:
    with EmbeddedIndex(tmp_path, small_analyser(), threads=1) as index:
        made = index.rebuild([good(5, "mug"), good(9), good(5, "blue cup"), good(2), good(9, "red cup"), good(10)])
        assert made.documents == 4
        assert index.search(Query(head=("mug",))).count == 0


@pytest.mark.parametrize("broken", ["", "{}", '{"segments": 5}'])
def test_a_broken_index_is_said_to_be_so_and_can_be_rebuilt(tmp_path: Path, broken: str) -> None:
    with EmbeddedIndex(tmp_path, small_analyser()) as index:
        index.rebuild([good(1)])
        (live_generation(tmp_path) / COMMITTED).write_text(broken)
        for ask in (lambda: index.search(CUPS), index.stats, lambda: EmbeddedIndex(tmp_path, small_analyser()).stats()):
            with pytest.raises(IndexUnusable):
                ask()
        with pytest.raises(IndexUnusable):
            index.index([good(2)])
        index.rebuild([good(3)])
        assert [hit.number for hit in index.search(CUPS).hits] == [3]


def test_where_there_is_no_index_it_is_missing(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable) as told:
        EmbeddedIndex(tmp_path / "none", small_analyser()).search(CUPS)
    assert told.value.rule == "search_index_missing"
    assert not (tmp_path / "none").exists()
