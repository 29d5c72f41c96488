"""The folder of an index: generations of it, which one is live, and who may write.

Problem: a new index of two million goods is built for minutes, the old one answers until then; a writer may be killed
at any moment; a reader in another process must see the change without being told. Therefore

    FOLDER/live          the name of the live generation, replaced in one step (os.replace)
    FOLDER/writer.lock   held (flock) by the one process that writes; the system lets go of it when that process ends,
                         however it ends, so that there is no stale lock to judge
    FOLDER/g-<16 hex>/   one index, and sundry.json: with what it was made, and the highest version written

A generation that `live` does not name is what a killed rebuild left, or was live before: the next writer sweeps it
away. One that was live stays until the rebuild after, for readers that are just opening it.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from sundry.engines.searching.port import IndexUnusable, WriterBusy

LIVE: Final = "live"
LOCK: Final = "writer.lock"
MADE: Final = "sundry.json"
COMMITTED: Final = "meta.json"  # tantivy writes it anew with each commit


@dataclass(frozen=True, slots=True)
class Made:
    """With what a generation was made. `version`: the highest that was written."""

    form: int
    lexicon: str
    segmenter: str
    version: int = 0


@contextmanager
def writers_lock(folder: Path) -> Iterator[None]:
    """WriterBusy: another process, or another writer of this one, holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise WriterBusy("search_writer_busy") from fault
        yield
    finally:
        os.close(lock)


def new_generation(folder: Path, made: Made) -> Path:
    """An empty one, not yet live."""
    generation = folder / f"g-{secrets.token_hex(8)}"
    generation.mkdir(parents=True)
    write_made(generation, made)
    return generation


def live_generation(folder: Path) -> Path:
    """IndexUnusable: there is none."""
    try:
        name = (folder / LIVE).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise IndexUnusable("search_index_missing") from fault
    if not name.startswith("g-") or "/" in name or not (folder / name).is_dir():
        raise IndexUnusable("search_index_missing")
    return folder / name


def make_live(folder: Path, generation: Path) -> None:
    """Put `generation` in the place of the live one, in one step."""
    _write(folder / LIVE, generation.name)


def sweep(folder: Path, keep: tuple[str, ...]) -> None:
    """Remove every generation that is not in `keep`."""
    for generation in folder.glob("g-*"):
        if generation.name not in keep:
            shutil.rmtree(generation, ignore_errors=True)


def seen(folder: Path) -> tuple[int, int]:
    """Changes with the pointer: a reader looks once a question whether another generation is live."""
    try:
        stat = os.stat(f"{folder}/{LIVE}")
    except OSError as fault:
        raise IndexUnusable("search_index_missing") from fault
    return stat.st_mtime_ns, stat.st_ino


def committed(generation: Path) -> tuple[int, int]:
    """Changes with each commit into `generation`."""
    try:
        stat = os.stat(f"{generation}/{COMMITTED}")
    except OSError as fault:
        raise IndexUnusable("search_index_broken") from fault
    return stat.st_mtime_ns, stat.st_ino


def read_made(generation: Path) -> Made:
    """IndexUnusable: it cannot be read."""
    try:
        return Made(**json.loads((generation / MADE).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as fault:
        raise IndexUnusable("search_index_broken") from fault


def write_made(generation: Path, made: Made) -> None:
    _write(generation / MADE, json.dumps(asdict(made)))


def size_bytes(generation: Path) -> int:
    return sum(file.stat().st_size for file in generation.iterdir() if file.is_file())


def _write(file: Path, text: str) -> None:
    """Whole or not at all, and on the disk before it counts."""
    beside = file.with_name(f"{file.name}.new")
    with beside.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(beside, file)
