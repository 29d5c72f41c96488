"""Everything in a job's folder appears whole, or not at all."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from sundry.goods.shipping import job_files
from sundry.kernel.identifiers import new_id


def written(text: str) -> job_files.WriteBook:
    return lambda path: path.write_text(text) and None


def test_a_book_stands_under_a_safe_name(files: Path) -> None:
    job = new_id()
    path = job_files.put_book(job, "../../订单.xlsx", written("x"))
    assert path == files / str(job) / "book" / "订单.xlsx"
    assert path.read_text() == "x"


def test_a_second_book_of_that_name_stands_beside_the_first(files: Path) -> None:
    job = new_id()
    names = [job_files.put_book(job, "a.xlsx", written(str(number))).name for number in range(3)]
    assert names == ["a.xlsx", "a (2).xlsx", "a (3).xlsx"]
    assert job_files.put_book(job, "a (2).xlsx", written("4")).name == "a (4).xlsx"
    assert (files / str(job) / "book" / "a.xlsx").read_text() == "0"


def test_a_book_that_cannot_be_written_leaves_nothing(files: Path) -> None:
    def fail(path: Path) -> None:
        path.write_text("half")
        raise OSError("disk")

    job = new_id()
    with pytest.raises(OSError, match="disk"):
        job_files.put_book(job, "a.xlsx", fail)
    assert not (files / str(job)).exists()


def test_a_second_one_that_cannot_leaves_the_first(files: Path) -> None:
    def fail(path: Path) -> None:
        raise OSError("disk")

    job = new_id()
    first = job_files.put_book(job, "a.xlsx", written("1"))
    with pytest.raises(OSError, match="disk"):
        job_files.put_book(job, "b.xlsx", fail)
    assert list(first.parent.iterdir()) == [first]


def test_what_is_being_made_is_gone_unless_it_was_kept(files: Path) -> None:
    job = new_id()
    with job_files.unfinished(job) as folder:
        (folder / "out").mkdir()
        (folder / "out" / "a").write_text("new")
        place = job_files.plan_folder(job, 3)
        place.mkdir(parents=True)
        (place / "old").write_text("old")
        job_files.keep(folder / "out", place)
    assert [entry.name for entry in place.iterdir()] == ["a"]
    assert [entry.name for entry in (files / str(job)).iterdir()] == ["plan"]


def test_what_a_row_will_tell_of_is_on_the_disk(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file and each folder above it, before anybody is told: a power cut leaves no row over empty files."""
    synced: list[str] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    job = new_id()
    book = job_files.put_book(job, "a.xlsx", written("x"))
    assert {str(book), str(book.parent), str(files / str(job)), str(files)} <= set(synced)
    with job_files.unfinished(job) as folder:
        (folder / "out" / "parts").mkdir(parents=True)
        (folder / "out" / "parts" / "a").write_text("new")
        place = job_files.plan_folder(job, 3)
        made = folder / "out"
        job_files.keep(made, place)
    wanted = {str(made / "parts" / "a"), str(made / "parts"), str(made), str(place.parent), str(files / str(job))}
    assert wanted <= set(synced)


def test_what_a_killed_attempt_left_goes_with_the_next_one(files: Path) -> None:
    job = new_id()
    left = files / str(job) / "unfinished-left"
    left.mkdir(parents=True)
    with job_files.unfinished(job) as folder:
        assert not left.exists()
        assert folder.is_dir()
    assert list((files / str(job)).iterdir()) == []


def test_only_what_counts_is_kept(files: Path) -> None:
    job = new_id()
    for name in ("1", "2"):
        job_files.put_book(job, f"{name}.xlsx", written(name))
        job_files.reading_folder(job, int(name)).mkdir(parents=True)
        job_files.plan_folder(job, int(name)).mkdir(parents=True)
    job_files.keep_only(job, book="2.xlsx", reading=2, plan=None, now=timezone.now())
    assert job_files.book_of(job, "1.xlsx").exists(), "it may be that of an upload under way"
    later = timezone.now() + job_files.BOOK_SETTLED_AFTER + timedelta(seconds=1)
    job_files.keep_only(job, book="2.xlsx", reading=2, plan=None, now=later)
    left = sorted(str(entry.relative_to(files / str(job))) for entry in (files / str(job)).rglob("*"))
    assert left == ["book", "book/2.xlsx", "plan", "read", "read/2"]


def test_a_folder_is_an_orphan_after_an_hour_only(files: Path) -> None:
    job, now = new_id(), timezone.now()
    job_files.put_book(job, "a.xlsx", written("x"))
    (files / "strange").mkdir()
    assert job_files.folders_older_than(now) == []
    assert job_files.folders_older_than(now + job_files.ORPHAN_AFTER + timedelta(minutes=1)) == [job]


def test_removing_what_is_not_there_is_nothing(files: Path) -> None:
    job_files.remove(new_id())
