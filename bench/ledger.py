"""The ledger against raw limits: INSERT, COPY, a bare loop, and django-hordak; and its recovery from kill -9.

Problem: "so many transfers a second" says how fast a disk is. Therefore every figure is a ratio to something that does
less on the same server, over the same library, by the same number of processes, in rounds that alternate. A rate on a
busy machine is mostly somebody else's load, so what the client and the server really computed stands beside it.

    key                     our side                                          its denominator
    single_vs_insert        one event a transaction, 8 processes              INSERT of the transfer's row, prepared
    batch_vs_copy           8,000 events a transaction                        COPY of the transfers' rows
    hot_vs_uniform          32 processes, one taking account without a limit  10,000 such accounts
    hot_limited_vs_uniform  32 processes, one taking account with a floor     10,000 such accounts
    machine_vs_loop         `apply`, the whole history remembered             two dict updates for the same transfers
    vs_hordak_single        one event a transaction, 8 processes              django-hordak: `transfer_to` in `atomic()`
    vs_hordak_batch         8,000 events a transaction                        django-hordak: 1,000 `transfer_to` in one
    vs_hordak_bulk          the same                                          past its methods: two `bulk_create`s

An INSERT and a COPY go into the very table, with its keys, indexes and constraints; every account of ours has a floor
where nothing else is said, while django-hordak knows no limits. The server is the embedded one, with fsync and
synchronous_commit on; we come with the rights of the application. A key is the median of the rounds' ratios.
"""

from __future__ import annotations

import gc
import importlib.util
import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple, Self
from uuid import UUID

import psutil
import psycopg
from _environment import environment
from rich.console import Console
from rich.table import Table

from sundry.base.ledger import executor
from sundry.base.ledger.rules import POSTED, Account, Event, State, Transfer, apply
from sundry.kernel.identifiers import new_id
from sundry.web.embedded import ConnectionParameters, Server

HERE = Path(__file__).parent
HORDAK = "django-hordak==2.0.0"
ACCOUNTS = 10_000
BATCH = 8_000  # events
CASES = ("uniform_limited", "hot_limited", "uniform_free", "hot_free")  # who takes; who gives has a floor
CLIENTS, CLIENTS_OF_HOT = 8, 32
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

_rng = random.Random(20261122)
LIMITED = [UUID(int=_rng.getrandbits(128)) for _ in range(ACCOUNTS)]
FREE = [UUID(int=_rng.getrandbits(128)) for _ in range(ACCOUNTS)]


class Measured(NamedTuple):
    """What one round of one way of working gave."""

    rate: float  # events a second
    client_us: float  # CPU an event
    server_us: float


Way = Callable[[], Measured]


class Effort(NamedTuple):
    """How much is measured."""

    rounds: int
    seconds: float  # of one round of one way
    machine_events: int
    recovery_transfers: int


QUICK = Effort(2, 0.5, 40_000, 50_000)
FULL = Effort(5, 1.5, 200_000, 1_000_000)


def run(quick: bool, console: Console) -> dict[str, Any]:
    effort = QUICK if quick else FULL
    book = Book(console)
    with tempfile.TemporaryDirectory(prefix="sundry-bench-") as folder:
        with _market(Path(folder) / "data") as market:
            with Clients(market, CLIENTS) as clients:
                _single(market, clients, effort, book)
                _hordak(market, clients, effort, book)
            _hot(market, effort, book)
            _batches(market, effort, book)
        _machine(effort, book)
        console.print(f"recovery of {effort.recovery_transfers:,} transfers from kill -9")
    book.figures["recovery"] = _recovery(effort.recovery_transfers)
    return dict(sorted(book.figures.items(), key=lambda figure: isinstance(figure[1], dict)))  # the keys first


class Book:
    """The figures so far; each group of ways is shown when it is measured."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.figures: dict[str, Any] = {}

    def tell(self, group: str, found: dict[str, list[Measured]], against: dict[str, str]) -> None:
        """Show a group of ways and keep it; `against`: by which way a way is divided, where it is."""
        divided = ", ".join(f"{name} by {base}" for name, base in against.items())
        table = Table("way", title=group, caption=f"rate, CPU: {divided}", box=None)
        for column in ("events/s", "client us", "server us", "rate", "CPU"):
            table.add_column(column, justify="right")
        kept = self.figures.setdefault(group, {})
        for name, rounds in found.items():
            rate, client_us, server_us = (_short(median(one[part] for one in rounds)) for part in range(3))
            base = against.get(name)
            ratios = [f"{ratio:.2f}" for ratio in _ratios(rounds, found[base])] if base else ["", ""]
            table.add_row(name, rate, client_us, server_us, *ratios)
            of = f"; of {base}: rate {ratios[0]}, CPU {ratios[1]}" if base else ""
            runs = " ".join(f"{one.rate:,.0f}" for one in rounds)
            kept[name] = f"{rate}/s, CPU {client_us} + {server_us} us{of}; rounds {runs}"
        self.console.print(table)

    def key(self, key: str, ours: Sequence[Measured], theirs: Sequence[Measured]) -> None:
        """What the issue asks for, and the same ratio of what was computed."""
        rate, cpu = _ratios(ours, theirs)
        self.figures[key] = round(rate, 3)
        self.figures[f"{key}_cpu"] = round(cpu, 3)


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.2g}"


def _ratios(ours: Sequence[Measured], theirs: Sequence[Measured]) -> tuple[float, float]:
    """Medians over the rounds, both so that more is better: our rate by theirs, their CPU an event by ours."""
    pairs = list(zip(ours, theirs, strict=True))
    cpu = ((their.client_us + their.server_us) / (our.client_us + our.server_us) for our, their in pairs)
    return median(our.rate / their.rate for our, their in pairs), median(cpu)


def alternate(rounds: int, ways: dict[str, Way]) -> dict[str, list[Measured]]:
    """Each way once a round, one after the other, so that a busy minute of the machine meets all of them."""
    found: dict[str, list[Measured]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            found[name].append(way())
    return found


class Market:
    """The server of a market with its tables, and 10,000 accounts of each kind."""

    def __init__(self, server: Server, place: ConnectionParameters) -> None:
        self.server, self.place = server, place

    def connect(self, role: str = "sundry_app") -> psycopg.Connection[Any]:
        return psycopg.connect(**self.place.libpq(), autocommit=True, options=f"-c role={role}")

    def cpu_s(self) -> float:
        """CPU of the server and of all its processes so far, of those that have ended too."""
        head = self.server.postmaster()
        assert head is not None
        process = psutil.Process(head)
        times = process.cpu_times()
        spent = times.user + times.system + times.children_user + times.children_system
        for child in process.children():
            try:
                times = child.cpu_times()
            except psutil.Error:  # it has just ended, and is counted above from now on
                continue
            spent += times.user + times.system
        return float(spent)

    def empty(self) -> None:
        """As if nothing had happened yet."""
        with self.connect("sundry") as owner:
            owner.execute("TRUNCATE ledger_event, ledger_transfer, ledger_account")
            with owner.cursor().copy("COPY ledger_account (id, purpose, unit, floor) FROM STDIN") as copy:
                for number, id_ in enumerate(LIMITED):
                    copy.write_row((id_, f"stall {number}", "currency:CNY", -(10**15)))
                for number, id_ in enumerate(FREE):
                    copy.write_row((id_, f"fees {number}", "currency:CNY", None))
            owner.execute("VACUUM ANALYZE ledger_account")


@contextmanager
def _market(folder: Path) -> Iterator[Market]:
    environ = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    server = Server(folder)
    with server.used() as place:
        command = [sys.executable, "-m", "sundry.web.cli", "migrate"]
        environ |= {"SUNDRY_DATA_DIR": str(folder)}
        subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, check=True)
        yield Market(server, place)


def _event(case: str, rng: random.Random) -> Event:
    """One transfer from an account with a floor to one of the kind that `case` names."""
    takers = FREE if case.endswith("free") else LIMITED
    debit = rng.choice(LIMITED[1:])
    credit = takers[0] if case.startswith("hot") else rng.choice(takers)
    while credit == debit:
        credit = rng.choice(takers)
    return Event(new_id(), "sale", "ticket 12", "clerk", NOON, (Transfer(new_id(), debit, credit, 5),))


INSERT = (
    "INSERT INTO ledger_transfer (position, line, id, debit, credit, amount, kind, pending, expiry_s, expires_at) "
    "VALUES (nextval('ledger_position'), %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


def _row(event: Event) -> tuple[Any, ...]:
    """Its transfer as the table has it, without the position."""
    one = event.transfers[0]
    return 0, one.id, one.debit, one.credit, one.amount, 0, None, 0, None


def _insert(conn: psycopg.Connection[Any], event: Event) -> None:
    psycopg.Cursor(conn).execute(INSERT, _row(event), prepare=True)


def _post(conn: psycopg.Connection[Any], event: Event) -> None:
    assert executor.post(conn, [event]) == [POSTED]


def _decide(conn: psycopg.Connection[Any], event: Event) -> None:
    with conn.transaction():
        assert executor._post(conn, [event], None) == [POSTED]


def _insert_in_atomic(_: psycopg.Connection[Any], event: Event) -> None:
    from django.db import connection, transaction

    with transaction.atomic():
        connection.ensure_connection()
        _insert(connection.connection, event)


def _post_in_atomic(_: psycopg.Connection[Any], event: Event) -> None:
    from django.db import transaction

    from sundry.base.ledger import actions

    with transaction.atomic():
        actions.post_or_raise(event=event)


WAYS = {
    "insert": _insert,
    "post": _post,  # what a caller gets: the short cut for the usual event
    "decide": _decide,  # the same event as if it were unusual: lock, load, `apply`, write
    "insert_in_atomic": _insert_in_atomic,  # of Django, as an action does
    "post_in_atomic": _post_in_atomic,
}


class Clients:
    """Processes that each post on a connection of their own."""

    def __init__(self, market: Market, count: int) -> None:
        fork = multiprocessing.get_context("fork")
        self.market, self.gate, self.results = market, fork.Barrier(count + 1), fork.Queue()
        self.orders = [fork.Queue() for _ in range(count)]
        self.processes = [fork.Process(target=self._work, args=(number,), daemon=True) for number in range(count)]

    def __enter__(self) -> Self:
        for process in self.processes:
            process.start()
        return self

    def __exit__(self, *_: object) -> None:
        for orders in self.orders:
            orders.put(None)
        for process in self.processes:
            process.join(2)
            process.kill()

    def way(self, way: str, case: str, seconds: float) -> Way:
        """A round of this way: as many events as all clients together post in `seconds`."""

        def measure() -> Measured:
            for orders in self.orders:
                orders.put((way, case, seconds))
            self.gate.wait(120)
            before = self.market.cpu_s()
            counts, cpu_s = zip(*(self.results.get(timeout=120) for _ in self.processes), strict=True)
            server_s, count = self.market.cpu_s() - before, sum(counts)
            return Measured(count / seconds, sum(cpu_s) / count * 1e6, server_s / count * 1e6)

        return measure

    def _work(self, number: int) -> None:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "sundry.web.settings",
            "SUNDRY_DATA_DIR": str(self.market.server.data_dir),
        }
        os.environ.pop("DATABASE_URL", None)
        rng = random.Random(number)
        with self.market.connect() as conn:
            for name, case, seconds in iter(self.orders[number].get, None):
                if name.endswith("in_atomic"):
                    import django

                    django.setup()
                way = WAYS[name]
                for _ in range(10):
                    way(conn, _event(case, rng))
                self.gate.wait(120)
                count, cpu_s, end = 0, time.process_time(), time.perf_counter() + seconds
                while time.perf_counter() < end:
                    way(conn, _event(case, rng))
                    count += 1
                self.results.put((count, time.process_time() - cpu_s))


def _single(market: Market, clients: Clients, effort: Effort, book: Book) -> None:
    market.empty()
    found = alternate(effort.rounds, {name: clients.way(name, "uniform_limited", effort.seconds) for name in WAYS})
    against = {"post": "insert", "decide": "insert", "post_in_atomic": "insert_in_atomic"}
    book.tell(f"{CLIENTS} processes, one event a transaction", found, against)
    book.key("single_vs_insert", found["post"], found["insert"])


def _hot(market: Market, effort: Effort, book: Book) -> None:
    market.empty()
    with Clients(market, CLIENTS_OF_HOT) as clients:
        ways = {case: clients.way("post", case, effort.seconds / 2) for case in CASES}
        found = alternate(2 * effort.rounds, ways)  # 32 processes on a few cores: rounds differ more than elsewhere
    against = {"hot_limited": "uniform_limited", "hot_free": "uniform_free"}
    book.tell(f"{CLIENTS_OF_HOT} processes, by the taking account", found, against)
    book.key("hot_vs_uniform", found["hot_free"], found["uniform_free"])
    book.key("hot_limited_vs_uniform", found["hot_limited"], found["uniform_limited"])


def _batches(market: Market, effort: Effort, book: Book) -> None:
    market.empty()
    rng = random.Random(20261122)
    with market.connect() as conn:
        bytes_a_transfer = _bytes(conn, rng)
        ways = {
            f"{name} {case}": _batch(market, conn, work, case, rng)
            for case in CASES
            for name, work in (("copy", _copy), ("post", _post_all))
        }
        found = alternate(effort.rounds, ways)
        statements = {
            f"for_{size}_events": _statements(conn, [_event("uniform_limited", rng) for _ in range(size)])
            for size in (1, 2, BATCH)
        }
    against = {f"post {case}": f"copy {case}" for case in CASES}
    book.tell(f"batches of {BATCH:,} events", found, against)
    book.key("batch_vs_copy", found["post uniform_limited"], found["copy uniform_limited"])
    book.figures |= {"statements_of_a_transaction": statements, "bytes_an_event_of_one_transfer": bytes_a_transfer}


def _batch(market: Market, conn: psycopg.Connection[Any], work: Any, case: str, rng: random.Random) -> Way:
    """A round of one batch; ids, transfers and the positions of a COPY are at hand before."""

    def measure() -> Measured:
        events = [_event(case, rng) for _ in range(BATCH)]
        positions = conn.execute("SELECT nextval('ledger_position') FROM generate_series(1, %s)", [BATCH]).fetchall()
        gc.collect()
        start, client_s, server_s = time.perf_counter(), time.process_time(), market.cpu_s()
        with conn.transaction():
            work(conn, events, positions)
        seconds = time.perf_counter() - start
        client_s, server_s = time.process_time() - client_s, market.cpu_s() - server_s
        return Measured(BATCH / seconds, client_s / BATCH * 1e6, server_s / BATCH * 1e6)

    return measure


def _copy(conn: psycopg.Connection[Any], events: Sequence[Event], positions: Sequence[tuple[int]]) -> None:
    with conn.cursor().copy(executor._COPY_TRANSFERS) as copy:
        for (position,), event in zip(positions, events, strict=True):
            copy.write_row((position, *_row(event)))


def _post_all(conn: psycopg.Connection[Any], events: Sequence[Event], _: Sequence[tuple[int]]) -> None:
    assert set(executor.post(conn, events)) == {POSTED}


def _bytes(conn: psycopg.Connection[Any], rng: random.Random) -> dict[str, int]:
    """What five batches take on disk, tables with their indexes."""
    tables = ("ledger_event", "ledger_transfer")
    for _ in range(5):
        with conn.transaction():
            _post_all(conn, [_event("uniform_limited", rng) for _ in range(BATCH)], ())
    sizes = [conn.execute("SELECT pg_total_relation_size(%s)", [table]).fetchone() for table in tables]
    return {table: round(size[0] / (5 * BATCH)) for table, size in zip(tables, sizes, strict=True) if size}


def _statements(conn: psycopg.Connection[Any], events: Sequence[Event]) -> int:
    """How many the client library sends to post `events`, with the begin and end of their transaction."""
    with tempfile.TemporaryFile() as trace:
        conn.pgconn.trace(trace.fileno())
        with conn.transaction():
            executor.post(conn, events)
        conn.pgconn.untrace()
        trace.seek(0)
        sent = (line.split(b"\t") for line in trace)
        return sum(parts[1] == b"F" and parts[3] in (b"Execute", b"Query") for parts in sent if len(parts) > 3)


def _machine(effort: Effort, book: Book) -> None:
    """CPU of `apply` and of the least that any ledger must do, for the same events in the same batches."""
    rng = random.Random(20261122)
    events = [_event("uniform_limited", rng) for _ in range(effort.machine_events)]
    batches = [events[start : start + BATCH] for start in range(0, len(events), BATCH)]

    def accounts() -> list[Account]:
        return [Account(id_, None, "stall", "currency:CNY", floor=-(10**15)) for id_ in LIMITED]

    def whole() -> None:
        state = State.of(accounts())
        for batch in batches:
            assert set(apply(state, batch, NOON)) == {POSTED}

    def in_parts() -> None:
        opened = State.of(accounts()).accounts
        for batch in batches:
            assert set(apply(State(accounts=opened), batch, NOON)) == {POSTED}

    def loop() -> None:
        balances = dict.fromkeys(LIMITED, 0)
        for batch in batches:
            for event in batch:
                for one in event.transfers:
                    balances[one.debit] -= one.amount
                    balances[one.credit] += one.amount

    def loop_of_numbers() -> None:
        balances = dict.fromkeys([id_.int for id_ in LIMITED], 0)
        for batch in batches:
            for event in batch:
                for one in event.transfers:
                    balances[one.debit.int] -= one.amount
                    balances[one.credit.int] += one.amount

    def way(work: Callable[[], None]) -> Way:
        def measure() -> Measured:
            gc.collect()
            cpu_s = time.process_time()
            work()
            cpu_s = time.process_time() - cpu_s
            return Measured(len(events) / cpu_s, cpu_s / len(events) * 1e6, 0)

        return measure

    works = (whole, in_parts, loop, loop_of_numbers)
    found = alternate(effort.rounds, {work.__name__: way(work) for work in works})
    against = {"whole": "loop", "in_parts": "loop", "loop_of_numbers": "loop"}
    book.tell("the state machine, events a second of CPU", found, against)
    book.key("machine_vs_loop", found["whole"], found["loop"])


def _hordak(market: Market, clients: Clients, effort: Effort, book: Book) -> None:
    """django-hordak in a database of its own on the same server; where it cannot be installed, no figures and why."""
    keys = ("vs_hordak_single", "vs_hordak_batch", "vs_hordak_bulk")
    try:
        python = environment(HORDAK, *(f"{name}=={version(name)}" for name in ("Django", "psycopg", "psycopg-binary")))
    except (OSError, subprocess.SubprocessError) as fault:
        why = f"{HORDAK} could not be installed: {type(fault).__name__}"
        book.figures |= dict.fromkeys(keys) | {"hordak_left_out": why}
        book.console.print(why, markup=False)
        return
    market.empty()
    rounds = min(effort.rounds, 3)
    with _peer(market, python) as peer:
        single = alternate(
            rounds,
            {
                "hordak": _peer_round(market, peer, f"single {CLIENTS} {effort.seconds}"),
                "post": clients.way("post", "uniform_limited", effort.seconds),
                "post_in_atomic": clients.way("post_in_atomic", "uniform_limited", effort.seconds),
            },
        )
        with market.connect() as conn:
            batch = alternate(
                rounds,
                {
                    "hordak": _peer_round(market, peer, f"batch {BATCH // 8}"),
                    "hordak_bulk": _peer_round(market, peer, f"bulk {BATCH}"),
                    "post": _batch(market, conn, _post_all, "uniform_limited", random.Random(20261122)),
                },
            )
    against = {"post": "hordak", "post_in_atomic": "hordak"}
    book.tell(f"beside {HORDAK}, {CLIENTS} processes, one event a transaction", single, against)
    book.tell(f"beside {HORDAK}, batches", batch, {"post": "hordak"})
    book.key(keys[0], single["post"], single["hordak"])
    book.key(f"{keys[0]}_in_atomic", single["post_in_atomic"], single["hordak"])
    book.key(keys[1], batch["post"], batch["hordak"])
    book.key(keys[2], batch["post"], batch["hordak_bulk"])


@contextmanager
def _peer(market: Market, python: Path) -> Iterator[subprocess.Popen[str]]:
    with market.connect("sundry") as owner:
        owner.execute("CREATE DATABASE hordak")
    command = [python, HERE / "_ledger_hordak.py", market.place.host, "hordak", str(ACCOUNTS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as peer:
        try:
            _hear(peer)
            yield peer
        finally:
            assert peer.stdin is not None
            peer.stdin.close()


def _peer_round(market: Market, peer: subprocess.Popen[str], order: str) -> Way:
    def measure() -> Measured:
        print(order, file=peer.stdin, flush=True)
        _hear(peer)
        server_s = market.cpu_s()
        done = _hear(peer)
        server_s, count = market.cpu_s() - server_s, done["events"]
        return Measured(count / done["seconds"], done["client_s"] / count * 1e6, server_s / count * 1e6)

    return measure


def _hear(peer: subprocess.Popen[str]) -> Any:
    assert peer.stdout is not None
    line = peer.stdout.readline()
    if not line:
        raise RuntimeError(f"the peer ended: {peer.wait()}")
    return json.loads(line)


def _recovery(transfers: int) -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("bench_ledger_recovery", HERE / "_ledger_recovery.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    told: dict[str, Any] = module.recovery(transfers)
    return told
