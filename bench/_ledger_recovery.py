"""A ledger's server is killed under load: how long until it answers again, how long to verify, and was anything lost?

Two processes post batches of 8,000 events, each batch a transaction, and write down which were acknowledged. When there
are as many transfers as asked for, every process of the server gets kill -9 in the middle of a batch. Then it is
started (it reads its log), every acknowledged event is looked for, every promise of the ledger is verified, and the
batches that were never answered are posted again by their ids.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import psycopg

from sundry.base.ledger import executor
from sundry.base.ledger.rules import Event, Outcome, Transfer
from sundry.base.ledger.verification import verify
from sundry.web.embedded import Server

BATCH = 8_000
WRITERS = 2
ACCOUNTS = [UUID(int=number) for number in range(1, 10_001)]  # every second one has a floor
CNY = "currency:CNY"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def recovery(transfers: int) -> dict[str, Any]:
    """Seconds to load, to restart and to verify; what was lost, and what was wrong."""
    with tempfile.TemporaryDirectory(prefix="ledger-recovery-") as folder:
        data_dir = Path(folder) / "data"
        server = Server(data_dir)
        with server.used() as place:
            reached = place.libpq()
            _open(data_dir, reached)
            return _kill_and_recover(server, reached, Path(folder), transfers)


def _open(data_dir: Path, reached: dict[str, Any]) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "sundry.web.cli", "migrate"]
    subprocess.run(command, env=environ | {"SUNDRY_DATA_DIR": str(data_dir)}, stdout=subprocess.DEVNULL, check=True)
    with _connect(reached) as conn, conn.transaction():
        conn.execute("INSERT INTO ledger_unit (key, kind, code, exponent) VALUES (%s, 'currency', 'CNY', 2)", [CNY])
        with conn.cursor().copy("COPY ledger_account (id, purpose, unit, floor) FROM STDIN") as copy:
            for number, id_ in enumerate(ACCOUNTS):
                copy.write_row((id_, f"purse {number}", CNY, -(10**15) if number % 2 else None))


def _connect(reached: dict[str, Any]) -> psycopg.Connection[Any]:
    return psycopg.connect(**reached, autocommit=True, options="-c role=sundry_app")


def _batch(writer: int, number: int) -> list[Event]:
    """The same events for the same writer and number: they can be posted again."""
    rng = random.Random(writer * 10**6 + number)
    events = []
    for id_ in range(*_ids(writer, number)):
        debit, credit = rng.sample(ACCOUNTS, 2)
        moved = Transfer(UUID(int=id_), debit, credit, rng.randint(1, 10_000))
        events.append(Event(UUID(int=id_), "sale", f"order:{number}", "clerk", NOON, (moved,)))
    return events


def _ids(writer: int, number: int) -> tuple[int, int]:
    first = (writer + 1) * 10**12 + number * BATCH
    return first, first + BATCH


def _write(reached: dict[str, Any], writer: int, journal: Path) -> None:
    """Post until the server is gone; how many batches were acknowledged stands in `journal`, one byte each."""
    with suppress(psycopg.OperationalError), _connect(reached) as conn, journal.open("ab", buffering=0) as acknowledged:
        number = 0
        while True:
            with conn.transaction():
                executor.post(conn, _batch(writer, number))
            acknowledged.write(b".")
            number += 1


def _kill_and_recover(server: Server, reached: dict[str, Any], folder: Path, transfers: int) -> dict[str, Any]:
    journals = [folder / f"writer-{number}" for number in range(WRITERS)]
    for journal in journals:
        journal.touch()
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write, args=(reached, n, journal)) for n, journal in enumerate(journals)]
    begun = time.monotonic()
    for one in writers:
        one.start()
    while sum(journal.stat().st_size for journal in journals) * BATCH < transfers:
        if not any(one.is_alive() for one in writers):
            raise RuntimeError("the writers ended before the server did")
        time.sleep(0.01)
    load_s = time.monotonic() - begun
    time.sleep(random.Random(transfers).uniform(0.1, 0.3))  # into the middle of the next batches
    _kill(server)
    for one in writers:
        one.join()
    acknowledged = [journal.stat().st_size for journal in journals]
    begun = time.monotonic()
    server.start()
    restart_s = time.monotonic() - begun
    with _connect(reached) as conn:
        lost = sum(
            BATCH - _recorded(conn, n, number) for n, count in enumerate(acknowledged) for number in range(count)
        )
        unanswered = [_recorded(conn, writer, count) for writer, count in enumerate(acknowledged)]
        begun = time.monotonic()
        found = verify(conn)
        verify_s = time.monotonic() - begun
        again = [
            {answer.outcome for answer in executor.post(conn, _batch(writer, count))}
            for writer, count in enumerate(acknowledged)
        ]
        told = {BATCH: {Outcome.EXISTS}, 0: {Outcome.POSTED}}
        return {
            "transfers": found.transfers,
            "acknowledged": sum(acknowledged) * BATCH,
            "load_s": round(load_s, 1),
            "restart_s": round(restart_s, 2),
            "verify_s": round(verify_s, 1),
            "acknowledged_lost": lost,
            "batches_in_part": sum(count not in told for count in unanswered),
            "asked_again_wrongly_answered": sum(
                outcomes != told.get(count) for outcomes, count in zip(again, unanswered, strict=True)
            ),
            "violations": len(found.violations) + len(verify(conn).violations),
        }


def _recorded(conn: psycopg.Connection[Any], writer: int, number: int) -> int:
    """How many events of a batch are there."""
    first, end = _ids(writer, number)
    query = "SELECT count(*) FROM ledger_event WHERE id BETWEEN %s AND %s"
    [(count,)] = conn.execute(query, [UUID(int=first), UUID(int=end - 1)]).fetchall()
    return int(count)


def _kill(server: Server) -> None:
    """All at once, and return when none is left: they stand in the folder of the data."""
    victims = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.name() == "postgres" and process.cwd() == str(server.data):
                victims.append(process)
    for order in (signal.SIGSTOP, signal.SIGKILL):  # or those killed last would still hear of the first one's end
        for process in victims:
            with suppress(psutil.Error):
                process.send_signal(order)
    while server.postmaster() is not None:
        time.sleep(0.01)
