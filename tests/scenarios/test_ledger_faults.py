"""The ledger under kill -9, cut connections, clocks that go wrong and a full disk: nothing that was acknowledged is
lost, nothing happens twice, the books are sound, and the same id tells what became of it.

ROUNDS: how often each is killed; 3, and a hundred in `make nightly`. CUT_BYTES: connections are cut after each so many
bytes; 41, and 1 in the night.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import psycopg
import pytest
from ledger_client import ACCOUNTS, CNY, NOON, Journal, event_of
from psycopg import errors
from running_market import wait_for

from sundry.base.ledger import executor
from sundry.base.ledger.rules import AMOUNT_MAX, Event, Kind, Outcome, Transfer
from sundry.base.ledger.verification import verify
from sundry.web.embedded import Server, parameters

ROUNDS = int(os.environ.get("ROUNDS", "3"))
CUT_BYTES = int(os.environ.get("CUT_BYTES", "41"))
DISK_MB = 224
HEARD = {Outcome.POSTED, Outcome.EXISTS}


class Books:
    """A server that saves what it is told, on a folder of its own, with the accounts of ledger_client.py."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.server = Server(data_dir)
        self.reached = parameters(data_dir).libpq()

    def connect(self, **other: Any) -> psycopg.Connection[Any]:
        return psycopg.connect(**self.reached | other, autocommit=True, options="-c role=sundry_app")

    def run(self, *words: str, **wanted: Any) -> Any:
        """Start a program that finds these books."""
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL" and name[:7] != "SUNDRY_"}
        return subprocess.Popen([sys.executable, *words], env=kept | {"SUNDRY_DATA_DIR": str(self.data_dir)}, **wanted)

    def open(self) -> None:
        """Tables and accounts."""
        command = self.run("-m", "sundry.web.cli", "ledger", "verify", "--json", stdout=subprocess.PIPE)
        assert command.communicate()[0] == b'{"events":0,"transfers":0,"accounts":0,"violations":[]}\n'
        assert command.returncode == 0
        with self.connect() as conn:
            conn.execute("INSERT INTO ledger_unit (key, kind, code, exponent) VALUES (%s, 'currency', 'CNY', 2)", [CNY])
            for one in ACCOUNTS:
                conn.execute(
                    "INSERT INTO ledger_account (id, purpose, unit, floor, ceiling) VALUES (%s, %s, %s, %s, %s)",
                    [one.id, one.purpose, one.unit, one.floor, one.ceiling],
                )

    def recorded(self, first: int = 0) -> set[int]:
        """The numbers of the events that are recorded, of the thousand million from `first` on."""
        with self.connect() as conn:
            rows = conn.execute("SELECT document FROM ledger_event").fetchall()
        numbers = [int(row[0].partition(":")[2]) for row in rows]
        assert len(numbers) == len(set(numbers))
        return {number for number in numbers if first <= number < first + 10**9}

    def processes(self) -> list[psutil.Process]:
        """Everything that the server has running: all of it stands in its folder."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error, FileNotFoundError):
                if process.name() == "postgres" and process.cwd() == str(self.server.data):
                    found.append(process)
        return found

    def is_sound(self) -> None:
        with self.connect() as conn:
            assert verify(conn).violations == []


@contextmanager
def books_in(data_dir: Path) -> Iterator[Books]:
    books = Books(data_dir)
    with books.server.used():
        books.open()
        yield books


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    with books_in(tmp_path_factory.mktemp("books") / "data") as made:
        yield made


@contextmanager
def client(books: Books, journal: Journal, first: int, threads: int = 4) -> Iterator[subprocess.Popen[bytes]]:
    """One that posts already."""
    program = str(Path(__file__).with_name("ledger_client.py"))
    words = (program, str(journal.file), str(first), str(threads))
    before = len(journal.read()["posted"])
    with books.run(*words, stdin=subprocess.PIPE) as started:
        try:
            wait_for("a first answer", lambda: started.poll() is not None or len(journal.read()["posted"]) > before)
            assert started.poll() is None
            yield started
        finally:
            started.kill()


def ask_again(books: Books, numbers: set[int]) -> dict[Outcome, int]:
    """Post events once more, by their ids; how often each was answered."""
    answers: dict[Outcome, int] = {}
    with books.connect() as conn:
        for number in sorted(numbers):
            [answer] = executor.post(conn, [event_of(number)])
            answers[answer.outcome] = answers.get(answer.outcome, 0) + 1
    return answers


def test_the_application_is_killed_while_it_posts(books: Books, tmp_path: Path) -> None:
    rng = random.Random(1)
    journal = Journal(tmp_path / "journal")
    for turn in range(ROUNDS):
        with client(books, journal, first=turn * 10**6) as posting:
            time.sleep(rng.uniform(0, 0.5))
            posting.kill()
        told = journal.read()
        heard = told["posted"] | told["exists"]
        assert heard <= books.recorded(), "what was acknowledged is there"
        assert set(ask_again(books, told["began"] - heard)) <= HEARD
        assert books.recorded() == told["began"]
        assert ask_again(books, set(sorted(heard)[-20:])) == {Outcome.EXISTS: min(20, len(heard))}
        assert told["refused"] == set()
    books.is_sound()


def test_postgresql_is_killed_while_it_posts(books: Books, tmp_path: Path) -> None:
    """Its head alone, or all of it at once; the client keeps asking until it hears."""
    rng = random.Random(2)
    journal = Journal(tmp_path / "journal")
    first = 10**9
    with client(books, journal, first) as posting:
        for turn in range(ROUNDS):
            time.sleep(rng.uniform(0, 0.5))
            head = psutil.Process(books.server.postmaster() or 0)
            killed = [head] if turn % 2 else [head, *books.processes()]
            for order in (signal.SIGSTOP, signal.SIGKILL):  # or the others would still hear of its end
                for process in killed:
                    with suppress(psutil.NoSuchProcess):
                        process.send_signal(order)
            wait_for("its end", lambda: books.server.postmaster() is None)
            heard = journal.read()["posted"]  # nobody answers any more
            books.server.start()
            assert heard <= books.recorded(first), "what was acknowledged is there"
            wait_for("the client to post again", lambda before=heard: len(journal.read()["posted"]) > len(before) + 20)
            books.is_sound()
        assert posting.stdin is not None
        posting.stdin.close()
        assert posting.wait() == 0
    told = journal.read()
    assert told["unsure"], "some did not hear"
    assert told["began"] == told["posted"] | told["exists"] == books.recorded(first)
    assert told["refused"] == set()
    assert ask_again(books, told["unsure"]) == {Outcome.EXISTS: len(told["unsure"])}
    books.is_sound()


class CuttingProxy:
    """Stands between a client and the server, and cuts a connection after so many bytes in one direction."""

    def __init__(self, folder: Path, server: Path) -> None:
        self.folder, self.target = folder, str(server / ".s.PGSQL.5432")
        self.passed = {"up": bytearray(), "down": bytearray()}
        self.cut_after: tuple[str, int] | None = None
        self.listening = socket.socket(socket.AF_UNIX)
        self.listening.bind(str(folder / ".s.PGSQL.5432"))
        self.listening.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def arm(self, direction: str, after: int) -> None:
        """From now on, when `after` bytes have gone in `direction`, the next one finds no way."""
        self.passed = {"up": bytearray(), "down": bytearray()}
        self.cut_after = direction, after

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listening.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self.target)
                for direction, source, target in (("up", client, server), ("down", server, client)):
                    threading.Thread(target=self._carry, args=(direction, source, target), daemon=True).start()

    def _carry(self, direction: str, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                room = len(data)
                if self.cut_after is not None and self.cut_after[0] == direction:
                    room = self.cut_after[1] - len(self.passed[direction])
                self.passed[direction] += data
                target.sendall(data[:room])
                if room < len(data):
                    break
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@pytest.fixture
def proxy(books: Books) -> Iterator[CuttingProxy]:
    with tempfile.TemporaryDirectory(prefix="cut-") as folder:
        made = CuttingProxy(Path(folder), books.server.socket)
        yield made
        made.listening.close()


def points_of(stream: bytes) -> list[int]:
    """Where to cut: around the beginning of each message of the protocol (a letter, its length in four bytes), inside
    of them, and at every byte of the end, where the server says whether it has committed."""
    step = max(CUT_BYTES, len(stream) * CUT_BYTES // 1600)  # at most forty by day
    points = {*range(0, len(stream), step), *range(max(len(stream) - 30, 0), len(stream) + 2)}
    begin = 0
    while begin < len(stream):
        points |= {max(begin - 1, 0), begin, begin + 1}
        begin += 1 + int.from_bytes(stream[begin + 1 : begin + 5])
    assert begin == len(stream)
    return sorted(points)


WAYS = ("in one call", "by the machine", "ten copied")


@pytest.mark.parametrize("way", [WAYS[0], pytest.param(WAYS[1], marks=pytest.mark.night), WAYS[2]])
def test_a_connection_is_cut_at_each_point_of_a_commit(
    books: Books, proxy: CuttingProxy, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """The caller does not know what became of it; the same ids tell."""
    first = 2 * 10**9 + WAYS.index(way) * 10**8
    numbers = itertools.count(first, 100)
    size = 10 if way == "ten copied" else 1
    if way == "by the machine":
        monkeypatch.setattr(executor, "_is_usual", lambda event: False)
    if way == "ten copied":
        monkeypatch.setattr(executor, "COPY_FROM", 1)

    def post(conn: psycopg.Connection[Any], number: int) -> set[Outcome]:
        with conn.transaction():
            return {answer.outcome for answer in executor.post(conn, [event_of(number + i) for i in range(size)])}

    def cut(direction: str, after: int, number: int) -> set[Outcome] | None:
        """What the caller hears."""
        with suppress(psycopg.OperationalError), books.connect(host=str(proxy.folder)) as conn:
            proxy.arm(direction, after)
            heard = post(conn, number)
            proxy.cut_after = None
            return heard
        proxy.cut_after = None
        return None

    assert cut("up", 10**6, next(numbers)) == {Outcome.POSTED}
    streams = dict(proxy.passed)
    met: Counter[tuple[bool, Outcome]] = Counter()
    posted = size
    with books.connect() as direct:
        for direction, stream in streams.items():
            for after in points_of(stream):
                number = next(numbers)
                heard = cut(direction, after, number)
                assert heard in (None, {Outcome.POSTED})
                [outcome] = post(direct, number)
                met[heard is not None, outcome] += 1
                assert post(direct, number) == {Outcome.EXISTS}
                posted += size
    assert set(met) == {(False, Outcome.POSTED), (False, Outcome.EXISTS), (True, Outcome.EXISTS)}
    assert len({n for n in books.recorded(2 * 10**9) if first <= n < first + 10**8}) == posted
    books.is_sound()


def test_duplicates_in_any_order(books: Books) -> None:
    """Eight clients bring the same events, each in an order of its own, and again what was refused for coming early."""
    first = 3 * 10**9
    events = [event_of(first + number) for number in range(100)]
    posted: Counter[int] = Counter()

    def bring(seed: int) -> None:
        rng = random.Random(seed)
        left = list(range(len(events)))
        with books.connect() as conn:
            while left:
                rng.shuffle(left)
                for number in list(left):
                    [answer] = executor.post(conn, [events[number]])
                    posted[number] += answer.outcome is Outcome.POSTED
                    if answer.outcome in HEARD:
                        left.remove(number)
                    else:
                        assert answer.outcome is Outcome.PENDING_NOT_FOUND

    with ThreadPoolExecutor(8) as clients:
        list(clients.map(bring, range(8)))
    assert set(posted.values()) == {1}
    assert books.recorded(first) == {first + number for number in range(len(events))}
    books.is_sound()


def test_a_clock_is_set_back(books: Books) -> None:
    """The ledger's time stands still until the clock has come after it; business time orders nothing."""
    noon = datetime.now(UTC) + timedelta(days=1)  # later than all that stands there
    second, day = timedelta(seconds=1), timedelta(days=1)
    pending, late, resolved, expired = (event_of(4 * 10**9 + number) for number in (0, 2, 1, 3))
    pending, late = (
        replace(one, transfers=tuple(replace(t, expiry_s=60 if t.kind is Kind.PENDING else 0) for t in one.transfers))
        for one in (pending, late)
    )
    wrong_clock = replace(event_of(4 * 10**9 + 4), event_at=noon + 3650 * day)
    with books.connect() as conn:

        def post(event: Event, now: datetime) -> Outcome:
            return executor.post(conn, [event], now)[0].outcome

        def recorded_at(event: Event) -> Any:
            return conn.execute("SELECT recorded_at FROM ledger_event WHERE id = %s", [event.id]).fetchone()[0]  # type: ignore[index]

        assert [post(pending, noon), post(late, noon + second)] == [Outcome.POSTED] * 2
        assert post(wrong_clock, noon - day) is Outcome.POSTED
        assert recorded_at(wrong_clock) == noon + second
        assert post(resolved, noon - 300 * day) is Outcome.POSTED, "in time, for the ledger's time never went on"
        assert post(expired, noon + 61 * second) is Outcome.PENDING_EXPIRED
        assert post(wrong_clock, noon - 3650 * day) is Outcome.EXISTS
        rows = conn.execute("SELECT position, recorded_at FROM ledger_event WHERE recorded_at >= %s", [noon]).fetchall()
        assert [at for _, at in sorted(rows)] == sorted(at for _, at in rows)
    books.is_sound()


def test_amounts_at_the_limits_of_int64(books: Books) -> None:
    """The largest amount, between accounts whose sums have no bound, and into one whose counters have; in units of no
    and of three decimals."""
    with books.connect() as conn:
        for number, (unit, exponent) in enumerate({"currency:JPY": 0, "currency:KWD": 3}.items()):
            conn.execute(
                "INSERT INTO ledger_unit (key, kind, code, exponent) VALUES (%s, 'currency', %s, %s)",
                [unit, unit.partition(":")[2], exponent],
            )
            free, other, limited = (UUID(int=100 + 10 * number + n) for n in range(3))
            for id_, floor in ((free, None), (other, None), (limited, 0)):
                conn.execute(
                    "INSERT INTO ledger_account (id, purpose, unit, floor) VALUES (%s, %s, %s, %s)",
                    [id_, str(id_), unit, floor],
                )

            def post(
                line: int, debit: UUID, credit: UUID, amount: int, first: int = 5 * 10**9 + 100 * number
            ) -> Outcome:
                id_ = UUID(int=(first + line) * 1000)
                moved = (Transfer(id_, debit, credit, amount),)
                event = Event(id_, "sale", f"order:{first + line}", "clerk", NOON, moved)
                return executor.post(conn, [event])[0].outcome

            assert [post(line, free, other, AMOUNT_MAX) for line in range(3)] == [Outcome.POSTED] * 3
            assert post(3, free, limited, AMOUNT_MAX) is Outcome.POSTED
            assert post(4, free, limited, 1) is Outcome.COUNTER_OVERFLOW
            assert post(5, limited, other, AMOUNT_MAX) is Outcome.POSTED
            assert post(6, limited, other, 1) is Outcome.COUNTER_OVERFLOW
            assert post(7, free, other, AMOUNT_MAX + 1) is Outcome.AMOUNT_OUT_OF_RANGE
    books.is_sound()


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of its own in memory, of which PostgreSQL takes half."""
    with tempfile.TemporaryDirectory(prefix="small-disk-") as folder:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=0755", "none", folder],
            capture_output=True,
            check=False,
        )
        if mounted.returncode:
            pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path) -> Path:
    """A file that leaves no room on `disk`."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(65536))
    return filler


def post_until_it_fails(conn: psycopg.Connection[Any], first: int) -> tuple[set[int], psycopg.Error]:
    """What was acknowledged, and the error of the one after it."""
    acknowledged: set[int] = set()
    for number in range(first, first + 10**5):
        try:
            executor.post(conn, [event_of(number)])
        except psycopg.Error as fault:
            return acknowledged, fault
        acknowledged.add(number)
    raise AssertionError("the disk was never full")


def test_a_full_disk(small_disk: Path) -> None:
    """Where a table cannot grow the posting fails and the server lives; where the server's own log cannot, it ends.
    Once there is room it goes on, and the same ids tell."""
    with books_in(small_disk / "data") as books:
        with books.connect() as conn:
            filler = fill(small_disk)
            acknowledged, fault = post_until_it_fails(conn, 0)
            assert isinstance(fault, errors.DiskFull), fault
            assert "No space left on device" in str(fault)
            assert books.recorded() == acknowledged
            books.is_sound()
            filler.unlink()
            failed = len(acknowledged)
            assert set(ask_again(books, {failed, failed + 1})) == {Outcome.POSTED}
            acknowledged |= {failed, failed + 1}
        filler = fill(small_disk)
        with psycopg.connect(**books.reached, autocommit=True) as owner, suppress(psycopg.Error):
            for _ in range(DISK_MB // 16):  # each takes 16 MB, until none is left in store
                owner.execute("SELECT pg_switch_wal()")
                owner.execute("SELECT pg_logical_emit_message(false, '', '')")
        wait_for("the server to end", lambda: books.server.postmaster() is None)
        assert b"No space left on device" in books.server.log.read_bytes()
        filler.unlink()
        books.server.start()
        assert books.recorded() == acknowledged, "what was acknowledged is there"
        again = max(acknowledged) + 1
        assert ask_again(books, {*acknowledged, again}) == {Outcome.EXISTS: len(acknowledged), Outcome.POSTED: 1}
        books.is_sound()
