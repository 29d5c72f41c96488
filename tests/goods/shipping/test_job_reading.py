"""A book is read in a child process that tells what it finds, can be stopped, and takes nothing along when it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import psutil
import pytest

from sundry.goods.orders.rules import Correction
from sundry.goods.shipping import job_parts
from sundry.goods.shipping.job_reading import (
    CHECKED,
    PARTS,
    ChildFailed,
    Marking,
    Reading,
    ReadingStopped,
    mark_in_process,
    read_in_process,
)
from sundry.kernel.errors import SundryError, UnusableInput, UsageError

WriteOrders = Callable[..., Path]


def reading(book: Path, **changes: Any) -> Reading:
    return replace(Reading(book, date(2026, 4, 20), "CNY", "en", {}, None, ()), **changes)


def read(what: Reading, folder: Path) -> dict[str, Any]:
    return read_in_process(what, folder, should_stop=lambda: False)


def test_what_is_asked_arrives_as_it_was() -> None:
    asked = reading(
        Path("/a b/订单.xlsx"), corrections=(Correction("S", 2, "D", "x"),), told={"columns": {"A": "item"}}
    )
    assert Reading.from_json(asked.to_json()) == asked


def test_lines_come_first_then_the_marked_copy(orders: WriteOrders, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    book = orders({}, {"箱数": None})
    summary = read(reading(book), folder)["read"]
    assert (folder / PARTS / job_parts.LINES).is_file()
    assert (summary["lines"], summary["set_aside"], summary["errors"]) == (1, 1, 1)
    assert not (folder / CHECKED).exists()
    mark_in_process(Marking(book, folder / PARTS, "en", ()), folder, should_stop=lambda: False)
    sheet = openpyxl.load_workbook(folder / CHECKED).worksheets[0]
    assert sheet["D3"].comment is not None, "what was found stands at its cell"


def test_what_it_was_read_by_stands_beside_it(orders: WriteOrders, tmp_path: Path) -> None:
    maps = {"key": {"columns": {"Kodas": "item"}}}
    read(reading(orders({}), maps=maps), tmp_path)
    assert job_parts.part(tmp_path / PARTS, job_parts.MAPS) == {"maps": maps, "told": None}


def test_a_correction_and_a_map_count(orders: WriteOrders, tmp_path: Path) -> None:
    mended = reading(orders({}, {"箱数": None}), corrections=(Correction("订单", 3, "D", "12"),))
    summary = read(mended, tmp_path)["read"]
    assert (summary["lines"], summary["cartons"]) == (2, 22)


def test_a_book_without_a_header_shows_its_beginning(tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    book.write_text("Kodas;Prekė;Dėžės;Kaina\nK1;Puodelis;3;2\n")
    summary = read(reading(book), tmp_path)["read"]
    assert summary["header_missing"]
    (preview,) = job_parts.part(tmp_path / PARTS, job_parts.COLUMNS)["previews"]
    assert preview["likely_row"] == 1


def test_a_header_that_somebody_pointed_at_is_told_by_its_words(tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    book.write_text("Kodas;Prekė;Dėžės;Po;Kaina\nK1;Puodelis;3;10;2\n")
    told = {
        "columns": {"Kodas": "item", "Prekė": "name", "Dėžės": "cartons", "Po": "pieces_per_carton", "Kaina": "price"},
        "header_row": 1,
    }
    first = read(reading(book, told=told), tmp_path)
    assert first["read"]["lines"] == 1
    (key,) = first["told_keys"]
    again = tmp_path / "again"
    again.mkdir()
    remembered = {key: {"columns": told["columns"], "header_row": None}}
    assert read(reading(book, maps=remembered), again)["read"] == first["read"], "what is remembered reads the same"


def test_what_is_no_book_is_refused_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 not a zip")
    with pytest.raises(UnusableInput) as refused:
        read(reading(tmp_path / "a.xlsx"), tmp_path)
    assert refused.value.rule == "book_damaged"


def test_a_correction_outside_of_the_book_is_refused(orders: WriteOrders, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        read(reading(orders({}), corrections=(Correction("订单", 900, "D", "1"),)), tmp_path)
    assert refused.value.rule == "correction_outside"


def children() -> list[psutil.Process]:
    """The processes that this one has started to read (not the database)."""
    found = []
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it has ended meanwhile
            found += [one] if any(word.startswith("sundry.goods") for word in one.cmdline()) else []
    return found


def test_it_stops_within_a_second_and_nothing_goes_on(orders: WriteOrders, tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(ReadingStopped):
        read_in_process(reading(orders({})), tmp_path, should_stop=lambda: bool(children()))
    assert time.monotonic() - began < 2
    assert not children()


def test_a_killed_child_is_told(orders: WriteOrders, tmp_path: Path) -> None:
    def kill_first() -> bool:
        for child in children():
            child.send_signal(signal.SIGKILL)
        return False

    with pytest.raises(SundryError) as refused:
        read_in_process(reading(orders({})), tmp_path, should_stop=kill_first)
    assert refused.value.rule == "reading_crashed"


def test_a_fault_of_ours_comes_with_its_trace(orders: WriteOrders, tmp_path: Path) -> None:
    """Where the worker's log masks what is nobody's business, not on the terminal."""
    marking = Marking(orders({}), tmp_path / "no such folder", "en", ())
    with pytest.raises(ChildFailed, match=r"Traceback(.|\n)*FileNotFoundError"):
        mark_in_process(marking, tmp_path, should_stop=lambda: False)


def test_one_that_takes_too_long_is_ended(orders: WriteOrders, tmp_path: Path) -> None:
    with pytest.raises(SundryError) as refused:
        read_in_process(reading(orders({})), tmp_path, should_stop=lambda: False, seconds_max=0.1)
    assert refused.value.rule == "reading_too_long"
    assert not children()


def test_it_ends_with_a_parent_that_is_killed(orders: WriteOrders, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from datetime import date;"
        "from sundry.goods.shipping.job_reading import Reading, read_in_process;"
        "r = Reading(Path(sys.argv[1]), date(2026, 4, 20), 'CNY', 'en', {}, None, ());"
        "print('on', flush=True);"
        "read_in_process(r, Path(sys.argv[2]), should_stop=lambda: False)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(orders({})), str(tmp_path)],
        stdout=subprocess.PIPE,
    )
    with parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        family: list[psutil.Process] = []
        until = time.monotonic() + 30
        while not family and time.monotonic() < until:
            family = psutil.Process(parent.pid).children(recursive=True)
        assert family
        parent.kill()
    gone, alive = psutil.wait_procs(family, timeout=30)  # it looks as soon as it has started, on a busy machine later
    assert gone
    assert not alive
