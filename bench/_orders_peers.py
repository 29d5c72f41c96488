"""django-oscar and Tryton place and confirm the orders that we place: the same server, the same run, the same rounds.

Each is driven in process by the calls that its own pages and modules make (`_orders_oscar.py`, `_orders_tryton.py`), in
an environment of its own, so none of their packages is ours. What is compared is what client and server computed for an
order of 20 lines. It is not the same work: an order of ours has five sub-orders, guarded stock, ledger, audit log and
webhooks, while theirs is one order of one shop; what else is left out in their favour stands in the two files.

Their databases lie on our server, which plans each statement once for all values; for them that is switched off, as
PostgreSQL has it by itself. Rounds alternate, so that a busy minute of the machine meets all.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from random import Random
from statistics import median
from typing import IO, Any, NamedTuple

from _environment import environment

from sundry.kernel.errors import EnvironmentFault

HERE = Path(__file__).parent
WAYS = ("confirmed", "placed")
WORDS_MAX = 300  # of what a failed program said last

Orders = list[list[tuple[int, int]]]
Rate = tuple[float, float, float]  # orders a core-second; milliseconds of the client, of the server, for one


@dataclass(frozen=True, slots=True)
class Peer:
    driver: str
    requirements: tuple[str, ...]
    """All of them, pinned; the first names it. Django and psycopg are as ours."""


class Effort(NamedTuple):
    """How much is measured of a peer: an order of theirs takes as long as dozens of ours."""

    warm_up: int  # orders
    orders: int  # of a round
    shop: tuple[int, int]  # stalls, goods of each; as many as ours has, where there is time


QUICK, FULL = Effort(1, 3, (10, 10)), Effort(5, 10, (40, 50))

PEERS = (
    Peer(
        "_orders_oscar.py",
        (
            *("django-oscar==4.2.1", f"Django=={version('Django')}", "django-extra-views==0.16.0"),
            *("django-haystack==3.4.0", "django-phonenumber-field==8.5.0", "django-tables2==2.7.0"),
            *("django-treebeard==7.0.3", "django-widget-tweaks==1.5.1", "asgiref==3.13.0", "babel==2.18.0"),
            *("factory_boy==3.3.3", "Faker==40.54.0", "packaging==26.3", "phonenumbers==9.0.43", "pillow==13.0.0"),
            *("purl==1.6", "six==1.17.0", "sqlparse==0.6.1", "typing_extensions==4.16.0"),
        ),
    ),
    Peer(
        "_orders_tryton.py",
        (
            *("trytond==8.2.1", "trytond-sale==8.2.0", "trytond-account==8.2.1", "trytond-account-invoice==8.2.0"),
            *("trytond-account-invoice-stock==8.2.0", "trytond-account-product==8.2.0", "trytond-company==8.2.0"),
            *("trytond-country==8.2.0", "trytond-currency==8.2.0", "trytond-party==8.2.0", "trytond-product==8.2.0"),
            *("trytond-stock==8.2.1", "proteus==8.2.0", "argon2-cffi==25.1.0", "argon2-cffi-bindings==26.2.0"),
            *("cffi==2.1.1", "defusedxml==0.7.1", "Genshi==0.7.12", "lxml==6.1.3", "MarkupSafe==3.0.4"),
            *("polib==1.2.0", "puremagic==1.30", "pwdlib==0.3.1", "pycparser==3.12", "python-dateutil==4.0.0"),
            *("python-sql==1.8.1", "python-stdnum==2.2", "relatorio==1.0.0", "simpleeval==1.0.8", "six==1.17.0"),
            *("typing_extensions==4.16.0", "tzdata==2026.6", "Werkzeug==3.1.9", "psycopg-pool==3.3.3"),
        ),
    ),
)


def name_of(peer: Peer) -> str:
    return peer.requirements[0].replace("==", " ")


def requirements(peer: Peer) -> tuple[str, ...]:
    return (*peer.requirements, *(f"{name}=={version(name)}" for name in ("psycopg", "psycopg-binary")))


def pythons(console: Any) -> tuple[dict[str, str], dict[str, str]]:
    """By driver, the Python of each peer that is here or can be had; by name, why the others are left out.

    EnvironmentFault: none can be had.
    """
    found, left_out = {}, {}
    for peer in PEERS:
        console.print(f"{name_of(peer)}: its environment, made anew where it is not there yet", markup=False)
        try:
            found[peer.driver] = str(environment(*requirements(peer)))
        except (OSError, subprocess.SubprocessError) as fault:
            left_out[name_of(peer)] = why = f"its packages could not be had: {_last_words(fault)}"
            console.print(f"{name_of(peer)} is left out: {why}", markup=False)
    if not found:
        why = "; ".join(f"{name}: {why}" for name, why in left_out.items())
        raise EnvironmentFault("bench_peers_not_here", why=why)
    return found, left_out


def _last_words(fault: Exception) -> str:
    if isinstance(fault, subprocess.TimeoutExpired):
        return f"no answer in {fault.timeout:g} s"
    said = getattr(fault, "stderr", None) or b""
    lines = (said.decode(errors="replace") if isinstance(said, bytes) else said).strip().splitlines()
    told = [line for line in lines if line.startswith("ERROR")] or lines or [f"{type(fault).__name__} {fault}"]
    return told[-1][:WORDS_MAX]


class Driver:
    """A peer at work: a process that has its shop and waits for rounds."""

    def __init__(
        self, name: str, database: str, process: subprocess.Popen[str], said: IO[str], server_s: Callable[[], float]
    ) -> None:
        self.name, self.database = name, database
        self.process, self.said, self.server_s = process, said, server_s
        self.rounds: dict[str, list[Rate]] = {way: [] for way in WAYS}
        self.statements = 0  # of the last order
        self.ready = False

    def hear(self) -> dict[str, Any]:
        """RuntimeError: it ended, with what it said last."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line.startswith("{"):
            self.process.kill()
            self.process.wait()
            self.said.seek(0)
            last = (self.said.read().strip().splitlines() or [line.strip() or "nothing"])[-1]
            raise RuntimeError(f"{self.name} ended; it said last: {last[:WORDS_MAX]}")
        told: dict[str, Any] = json.loads(line)
        return told

    def work(self, way: str, orders: Orders) -> Rate:
        before = self.server_s()
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):  # it has ended, and is heard of below
            print(json.dumps({"way": way, "orders": orders}), file=self.process.stdin, flush=True)
        told = self.hear()
        if way == WAYS[0]:
            self.statements = told["statements"]
        return rate(len(orders), told["client_s"], self.server_s() - before)

    def round(self, orders: Orders) -> None:
        """The same orders, each way. RuntimeError: it ended."""
        if not self.ready:
            self.ready = self.hear() == {}
        for way in WAYS:
            self.rounds[way].append(self.work(way, orders))

    def forget(self) -> None:
        """What was measured so far was a warm-up."""
        for way in WAYS:
            self.rounds[way].clear()


def rate(orders: int, client_s: float, server_s: float) -> Rate:
    return orders / (client_s + server_s), 1e3 * client_s / orders, 1e3 * server_s / orders


@contextmanager
def started(
    driver: str, python: str, host: str, user: str, shop: tuple[int, int], server_s: Callable[[], float]
) -> Iterator[Driver]:
    (peer,) = (peer for peer in PEERS if peer.driver == driver)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "DJANGO_", "TRYTON"))}
    environ = kept | {"PGHOST": host, "PGUSER": user, "PGOPTIONS": "-c plan_cache_mode=auto"}
    database = driver.removeprefix("_orders_").removesuffix(".py")
    command = [python, str(HERE / driver), database, *map(str, shop)]
    with tempfile.TemporaryFile("w+") as said:
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, env=environ, stdin=pipe, stdout=pipe, stderr=said, text=True)
        try:
            yield Driver(name_of(peer), database, process, said, server_s)
        finally:
            process.kill()
            process.communicate()


def some(chance: Random, count: int, shop: tuple[int, int]) -> Orders:
    """Orders as ours: 20 lines, four goods of each of five stalls."""
    stalls, goods = shop
    return [
        [
            (stall * goods + good, 12 * chance.randint(1, 120))
            for stall in chance.sample(range(stalls), 5)
            for good in chance.sample(range(goods), 4)
        ]
        for _ in range(count)
    ]


def figures(ours: Sequence[Rate], drivers: Sequence[Driver]) -> dict[str, Any]:
    """Medians of the rounds; a ratio is of ours to theirs in the same round."""
    return {driver.name: _of(ours, driver) for driver in drivers}


def _of(ours: Sequence[Rate], driver: Driver) -> Mapping[str, Any]:
    confirmed, placed = (driver.rounds[way] for way in WAYS)
    return {
        "orders_per_core_second": round(median(one[0] for one in confirmed), 2),
        "ours_to_theirs": round(median(our[0] / their[0] for our, their in zip(ours, confirmed, strict=True)), 1),
        "orders_per_core_second_rounds": [round(one[0], 2) for one in confirmed],
        "client_ms_an_order": round(median(one[1] for one in confirmed)),
        "server_ms_an_order": round(median(one[2] for one in confirmed)),
        "statements": driver.statements,
        "only_placed_per_core_second": round(median(one[0] for one in placed), 2),
    }
