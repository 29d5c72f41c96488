"""The main job in a child process: the same result, stopped within a second, and nothing left of what fails."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sundry.goods.orders.rules import Correction
from sundry.goods.shipping import process
from sundry.goods.shipping.actions import ShipOptions, plan_shipment
from sundry.goods.shipping.process import ship_in_process
from sundry.goods.shipping.rules import Profile, Stopped
from sundry.kernel.errors import EnvironmentFault, SundryError, UsageError
from sundry.simulation.order_book import write_sample

WriteOrders = Callable[..., Path]

# A worker that ships a book until it is killed: it tells the number of its child.
WORKER = """
import subprocess, sys
from datetime import date
from pathlib import Path
from sundry.goods.shipping import process
from sundry.goods.shipping.actions import ShipOptions

class Told(subprocess.Popen):
    def __init__(self, *given, **named):
        super().__init__(*given, **named)
        print(self.pid, flush=True)

process.subprocess.Popen = Told
book, out = Path(sys.argv[1]), Path(sys.argv[2])
process.ship_in_process(book, out, ShipOptions(day=date(2026, 4, 20), seconds=60, remembered={}))
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book whose reading takes seconds."""
    path = tmp_path_factory.mktemp("large") / "large.xlsx"
    write_sample(path, stalls=300, lines=3000)
    return path


@pytest.fixture(autouse=True)
def children(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The children that a test started, each the leader of a group; nobody of these may outlive the test."""
    started: list[int] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            started.append(self.pid)

    monkeypatch.setattr(process.subprocess, "Popen", Noted)
    yield started
    assert not [member for group in started for member in members(group)]


def members(group: int) -> list[int]:
    """The processes of a group that are no zombies."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                state, _, its_group = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
            except OSError:
                continue
            if int(its_group) == group and state != "Z":
                found.append(int(entry.name))
    return found


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert condition()


def test_it_makes_what_ship_makes(orders: WriteOrders, options: ShipOptions, tmp_path: Path) -> None:
    book, out = orders({}, {"箱数": 4}, {"箱数": -1}), tmp_path / "out"
    chosen = replace(
        options,
        profile=Profile(buyer="Amal & Sons"),
        corrections=(Correction("订单", 4, "D", "3"),),
        excluded=frozenset({("订单", 3)}),
        pinned=frozenset({("订单", 2)}),
        remembered={},
    )
    told: list[tuple[str, int, int]] = []
    result = ship_in_process(book, out, chosen, on_progress=lambda *counts: told.append(counts))
    here = plan_shipment(book, chosen)
    assert [one.line for one in result.lines] == list(here.lines)
    assert result.totals == here.totals()
    assert [row.row for row in result.excluded] == [3]
    assert sorted(path.name for path in out.iterdir()) == [
        *("checked.xlsx", "declarations.xlsx", "invoice.pdf", "layers-01.svg", "loading.html", "loading.pdf"),
        *("packing-list.xlsx", "shipment.json"),
    ]
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == ["reading", "loading", "declaring", "writing"]
    assert ("loading", 13, 13) in told  # cartons: ten and three
    assert told[-1][1] == told[-1][2]


@pytest.mark.parametrize("after", [0.0, 0.4, 2.0])
def test_it_is_stopped_within_a_second_and_nothing_remains(
    large: Path, options: ShipOptions, tmp_path: Path, children: list[int], after: float
) -> None:
    """At once, while the reading process reads, and (on a quick machine) while it plans."""
    asked = 0.0

    def should_stop() -> bool:
        nonlocal asked
        if time.monotonic() - started < after:
            return False
        asked = asked or time.monotonic()
        return True

    started = time.monotonic()
    with pytest.raises(Stopped) as stopped:
        ship_in_process(large, tmp_path / "out", replace(options, seconds=60), should_stop=should_stop)
    assert time.monotonic() - asked < 1
    assert stopped.value.rule == "shipping_stopped"
    assert list((tmp_path / "out").iterdir()) == []
    assert not members(children[0])


def test_a_crash_is_told_and_leaves_the_old_files(
    orders: WriteOrders, large: Path, options: ShipOptions, tmp_path: Path, children: list[int]
) -> None:
    out = tmp_path / "out"
    ship_in_process(orders({}), out, options)
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def kill(_stage: str, _done: int, _total: int) -> None:
        os.kill(children[-1], signal.SIGKILL)

    with pytest.raises(SundryError) as crashed:
        ship_in_process(large, out, options, on_progress=kill)
    assert crashed.value.rule == "shipping_crashed"
    assert "SIGKILL" in crashed.value.message("en")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_too_little_memory_is_a_crash_like_any_other(
    orders: WriteOrders, options: ShipOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_request", _with_little_memory(process._request))
    with pytest.raises(SundryError) as crashed:
        ship_in_process(orders({}), tmp_path / "out", options)
    assert crashed.value.rule == "shipping_crashed"
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (OSError("Could not find/load shared object file"), ("crashed", None)),  # as numba's library, without memory
        (OSError(errno.ENOMEM, "Cannot allocate memory"), ("crashed", None)),
        (OSError(errno.ENOSPC, "No space left on device"), ("refused", "disk_full")),
        (PermissionError(errno.EACCES, "Permission denied"), ("refused", "folder_unwritable")),
    ],
    ids=str,
)
def test_a_library_without_memory_is_not_taken_for_a_disk(
    fault: OSError, told: tuple[str, str | None], options: ShipOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(*_: Any, **__: Any) -> None:
        raise fault

    monkeypatch.setattr(process, "make_files", make)
    request = process._request(tmp_path / "orders.xlsx", tmp_path / "out", options, 1)
    end = process._do(request, process._Teller(1))
    assert (end["end"], end.get("rule")) == told


def _with_little_memory(request: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    return lambda *given: request(*given) | {"memory_bytes_max": 30_000_000}


def test_all_children_together_leave_a_quarter_of_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sysconf", {"SC_PHYS_PAGES": 4_000_000, "SC_PAGE_SIZE": 4_000}.__getitem__)
    assert [process.memory_bytes_max(at_a_time) for at_a_time in (1, 2, 3)] == [12 * 10**9, 6 * 10**9, 4 * 10**9]
    assert process.memory_bytes_max(32) == process.MEMORY_BYTES_MIN, "a usual shipment still fits"


def test_what_takes_too_long_is_stopped(large: Path, options: ShipOptions, tmp_path: Path) -> None:
    with pytest.raises(SundryError) as late:
        ship_in_process(large, tmp_path / "out", options, seconds_max=0.5)
    assert late.value.rule == "shipping_too_long"
    assert list((tmp_path / "out").iterdir()) == []


def test_refusals_come_back_as_themselves(orders: WriteOrders, options: ShipOptions, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        ship_in_process(orders({}), tmp_path / "out", replace(options, container="53FT"))
    assert refused.value.rule == "container_type_unknown"
    assert "53FT" in refused.value.message("zh")
    in_the_way = tmp_path / "file"
    in_the_way.write_text("a file")
    with pytest.raises(EnvironmentFault):
        ship_in_process(orders({}), in_the_way, options)


def test_a_book_that_is_none_is_a_result_with_the_reason(options: ShipOptions, tmp_path: Path) -> None:
    nothing = tmp_path / "orders.xlsx"
    nothing.write_bytes(b"")
    result = ship_in_process(nothing, tmp_path / "out", options)
    assert [finding.rule for finding in result.findings if finding.severity == "error"] == ["book_empty"]


def test_a_fault_of_the_caller_ends_the_child(large: Path, options: ShipOptions, tmp_path: Path) -> None:
    def fail(_stage: str, _done: int, _total: int) -> None:
        raise LookupError("the database is gone")

    with pytest.raises(LookupError):
        ship_in_process(large, tmp_path / "out", options, on_progress=fail)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_killed_worker_takes_everything_with_it(large: Path, tmp_path: Path, options: ShipOptions) -> None:
    """kill -9 while the book is read: the child and the reading process go, too; the next job clears the folder."""
    out = tmp_path / "out"
    with subprocess.Popen([sys.executable, "-c", WORKER, large, out], stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        child = int(worker.stdout.readline())
        wait_for(lambda: len(members(child)) == 2)
        worker.kill()
    wait_for(lambda: not members(child), seconds=2)
    assert [path.name.startswith(".sundry-unfinished-") for path in out.iterdir()] == [True]
    with pytest.raises(Stopped):
        ship_in_process(large, out, options, should_stop=lambda: True)
    assert list(out.iterdir()) == []


def test_counts_are_told_four_times_a_second_and_do_not_fall() -> None:
    source, sink = os.pipe()
    teller = process._Teller(sink)
    for done in (*range(100), 50, 100):
        teller.progress("loading", done, 100)
    teller.progress("writing", 0, 5)
    os.close(sink)
    with open(source) as told:
        assert told.read().splitlines() == [
            '{"stage": "loading", "done": 0, "total": 100}',
            '{"stage": "loading", "done": 100, "total": 100}',
            '{"stage": "writing", "done": 0, "total": 5}',
        ]


def test_a_fault_of_ours_is_logged_where_the_worker_logs(
    options: ShipOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """And not printed by the child, past everything that masks."""
    monkeypatch.setattr(process, "make_files", lambda *_a, **_k: 1 / 0)
    request = process._request(tmp_path / "book.xlsx", tmp_path, options, at_a_time=1)
    end = process._do(request, process._Teller(1))
    with pytest.raises(SundryError):
        process._raise_refusal(end)
    assert "Traceback" in caplog.text
    assert "ZeroDivisionError" in caplog.text
