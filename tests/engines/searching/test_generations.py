import subprocess
import sys
from pathlib import Path

import pytest

from sundry.engines.searching.generations import (
    LIVE,
    MADE,
    Made,
    committed,
    live_generation,
    make_live,
    new_generation,
    read_made,
    seen,
    size_bytes,
    sweep,
    write_made,
    writers_lock,
)
from sundry.engines.searching.port import IndexUnusable, WriterBusy

MADE_SO = Made(form=1, lexicon="a", segmenter="b")


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with writers_lock(tmp_path / "new"):
        with pytest.raises(WriterBusy), writers_lock(tmp_path / "new"):
            pass
        with writers_lock(tmp_path / "other"):
            pass
    with writers_lock(tmp_path / "new"):
        pass


HOLDER = """
import pathlib, signal, sys
from sundry.engines.searching.generations import writers_lock
with writers_lock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    signal.pause()
"""


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, tmp_path], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(WriterBusy), writers_lock(tmp_path):
            pass
        process.kill()
    with writers_lock(tmp_path):
        pass


def test_the_live_generation_changes_in_one_step(tmp_path: Path) -> None:
    one, other = (new_generation(tmp_path, MADE_SO) for _ in range(2))
    make_live(tmp_path, one)
    before = seen(tmp_path)
    assert live_generation(tmp_path) == one
    make_live(tmp_path, other)
    assert live_generation(tmp_path) == other
    assert seen(tmp_path) != before
    sweep(tmp_path, keep=(other.name,))
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted([LIVE, other.name])


def test_with_what_it_was_made_is_kept_and_measured(tmp_path: Path) -> None:
    generation = new_generation(tmp_path, MADE_SO)
    write_made(generation, Made(1, "a", "b", version=9))
    assert read_made(generation).version == 9
    assert size_bytes(generation) == (generation / MADE).stat().st_size


@pytest.mark.parametrize("pointer", [None, b"", b"g-none", b"../g-1", b"\xff"])
def test_where_nothing_is_live_the_index_is_missing(tmp_path: Path, pointer: bytes | None) -> None:
    if pointer is not None:
        (tmp_path / LIVE).write_bytes(pointer)
    with pytest.raises(IndexUnusable) as told:
        live_generation(tmp_path)
    assert told.value.rule == "search_index_missing"


def test_a_generation_that_cannot_be_read_is_broken(tmp_path: Path) -> None:
    generation = new_generation(tmp_path, MADE_SO)
    for text in ("", "[]", '{"form": 1}', '{"unknown": 1}'):
        (generation / MADE).write_text(text)
        with pytest.raises(IndexUnusable):
            read_made(generation)
    with pytest.raises(IndexUnusable):
        committed(generation)
    with pytest.raises(IndexUnusable):
        seen(tmp_path / "nowhere")
