"""The files of shipping jobs: a folder a job, in which everything appears whole.

    FILES_DIR/shipping/<id>/book/<name>         the book as it was uploaded
                            read/<revision>/    what was read of it: parts for the pages; then checked.xlsx, too
                            plan/<revision>/    the papers, and parts for the pages
                            unfinished-.../     what is being made; moved to its name in one step

A folder of results is never changed, only replaced by a whole one of the same revision, or removed; but that the marked
copy comes to its reading.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from sundry.goods.shipping.job_rules import Job, safe_file_name

WriteBook = Callable[[Path], None]
"""Writes a book to a path. OSError; UnusableInput: what was given makes none."""

ORPHAN_AFTER = timedelta(hours=1)
"""A folder without a job that is older was left by somebody who was killed."""

BOOK_SETTLED_AFTER = timedelta(minutes=10)
"""A book that is younger may belong to an upload whose transaction is still under way."""

_UNFINISHED = "unfinished-"


def folder_of(job: uuid.UUID) -> Path:
    return _root() / str(job)


def has_lost_results(job: Job) -> bool:
    """Whether a folder is not there that the row tells of, as after a disk was restored without it."""
    reading = job.has_reading and not reading_folder(job.id, job.book_revision).is_dir()
    return reading or (job.has_plan and not plan_folder(job.id, job.revision).is_dir())


def free_bytes() -> int:
    """On the disk of the files."""
    _root().mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(_root()).free


def _root() -> Path:
    return Path(settings.FILES_DIR) / "shipping"


def book_of(job: uuid.UUID, file_name: str) -> Path:
    return folder_of(job) / "book" / file_name


def reading_folder(job: uuid.UUID, revision: int) -> Path:
    return folder_of(job) / "read" / str(revision)


def plan_folder(job: uuid.UUID, revision: int) -> Path:
    return folder_of(job) / "plan" / str(revision)


def parts_of_plan(plan: Path) -> Path:
    """Where the parts for the pages stand beside the papers of a plan."""
    return plan / "parts"


@contextmanager
def unfinished(job: uuid.UUID) -> Iterator[Path]:
    """A folder to make something in, gone afterwards; one attempt at a time. OSError: the disk."""
    parent = folder_of(job)
    parent.mkdir(parents=True, exist_ok=True)
    for left in parent.glob(f"{_UNFINISHED}*"):  # by an attempt that was killed
        _remove(left)
    made = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=parent))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def keep(made: Path, place: Path) -> None:
    """Move the folder `made` to `place`; what stood there goes.

    It is on the disk when this returns, so that a row which tells of it is true after a power cut, too.
    """
    for entry in (*made.rglob("*"), made):
        _to_disk(entry)
    place.parent.mkdir(parents=True, exist_ok=True)
    old = made.with_name(f"{made.name}-replaced")
    with suppress(FileNotFoundError):
        os.rename(place, old)
    os.rename(made, place)
    for folder in (place.parent, place.parent.parent):
        _to_disk(folder)
    shutil.rmtree(old, ignore_errors=True)


def _to_disk(entry: Path) -> None:
    descriptor = os.open(entry, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_book(job: uuid.UUID, name: str, write: WriteBook) -> Path:
    """Have a book written, beside the one that is there, under a safe name of `name`; its path (see `keep_only`).

    Nothing is left behind where `write` raises.
    """
    folder = folder_of(job) / "book"
    folder.mkdir(parents=True, exist_ok=True)
    place = _reserved(folder, safe_file_name(name))
    try:
        write(place)
        for entry in (place, folder, folder.parent, folder.parent.parent):
            _to_disk(entry)
    except BaseException:
        take_back_book(place)
        raise
    return place


def take_back_book(place: Path) -> None:
    """Remove a book that does not count after all, and its job's folder if nothing else is in it: the other one of two
    clicks may have its book there."""
    place.unlink(missing_ok=True)
    with suppress(OSError):  # something is in it
        place.parent.rmdir()
        place.parent.parent.rmdir()


def _reserved(folder: Path, name: str) -> Path:
    """An empty file of that name. The same name again is numbered: a book must not change under its reader."""
    stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
    bare = re.sub(r" \(\d+\)$", "", stem)
    for number in range(1, 10_000):
        place = folder / (name if number == 1 else f"{bare} ({number}){dot}{suffix}")
        with suppress(FileExistsError):
            place.touch(exist_ok=False)
            return place
    raise FileExistsError(name)


def keep_only(job: uuid.UUID, *, book: str, reading: int | None, plan: int | None, now: datetime) -> None:
    """Remove books and results that no longer count. The caller holds the job's row, so that what counts stays so."""
    for name, kept in (("read", str(reading)), ("plan", str(plan))):
        for entry in _entries(folder_of(job) / name):
            if entry.name != kept:
                _remove(entry)
    settled = (now - BOOK_SETTLED_AFTER).timestamp()
    for entry in _entries(folder_of(job) / "book"):
        with suppress(FileNotFoundError):
            if entry.name != book and entry.stat().st_mtime < settled:
                _remove(entry)


def remove(job: uuid.UUID) -> None:
    shutil.rmtree(folder_of(job), ignore_errors=True)


def folders_older_than(now: datetime) -> list[uuid.UUID]:
    """The jobs whose folders are older than ORPHAN_AFTER, by the folders' names."""
    old: list[uuid.UUID] = []
    for entry in _entries(_root()):
        with suppress(ValueError, FileNotFoundError):
            if entry.stat().st_mtime < (now - ORPHAN_AFTER).timestamp():
                old.append(uuid.UUID(entry.name))
    return old


def _entries(folder: Path) -> Iterable[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else ()


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        entry.unlink(missing_ok=True)
