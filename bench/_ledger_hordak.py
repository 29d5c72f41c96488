"""django-hordak's side of bench/ledger.py, run by the Python of an environment of its own.

    python _ledger_hordak.py SOCKET_FOLDER DATABASE ACCOUNTS

One line on stdin is one round: `single CLIENTS SECONDS` (`transfer_to` in `atomic()`, in so many processes), `batch
EVENTS` (so many `transfer_to` in one transaction: the way that its documents name) or `bulk EVENTS` (past its methods:
transactions and legs by Django's `bulk_create`, in one transaction). It answers with two lines of JSON: null
when the work begins, and {"events": n, "seconds": s, "client_s": CPU} when it is done. Deferred triggers check each leg
at the commit: the sum of its transaction, and the currency of its account. It knows no limits and no retries.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import sys
import time
from datetime import date
from typing import Any

import django
from django.conf import settings

SOCKET, DATABASE, ACCOUNTS = sys.argv[1], sys.argv[2], int(sys.argv[3])
settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": SOCKET,
            "NAME": DATABASE,
            "USER": "sundry",
            "CONN_MAX_AGE": None,
        }
    },
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "hordak"],
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    HORDAK_INTERNAL_CURRENCY="CNY",
    DEFAULT_CURRENCY="CNY",
    CURRENCIES=["CNY"],
    USE_TZ=True,
)
django.setup()  # before the imports below: models want it

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from hordak.models import Account, Leg, Transaction  # noqa: E402
from moneyed import Money  # noqa: E402

FIVE = Money(5, "CNY")
DAY = date(2026, 11, 22)


def prepare() -> list[Any]:
    call_command("migrate", verbosity=0)
    Account.objects.bulk_create(
        Account(name=f"stall {n}", type="LI", currencies=["CNY"], lft=1, rght=2, tree_id=n, level=0)
        for n in range(1, ACCOUNTS + 1)
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return list(Account.objects.all())


def say(what: object) -> None:
    print(json.dumps(what), flush=True)


def post(accounts: list[Any], rng: random.Random) -> None:
    giving, taking = rng.sample(accounts, 2)
    with transaction.atomic():
        giving.transfer_to(taking, FIVE, date=DAY)


def client(number: int, accounts: list[Any], seconds: float, gate: Any, results: Any) -> None:
    rng = random.Random(f"{number} {time.time()}")
    for _ in range(10):
        post(accounts, rng)
    gate.wait(120)
    count, cpu_s, end = 0, time.process_time(), time.perf_counter() + seconds
    while time.perf_counter() < end:
        post(accounts, rng)
        count += 1
    results.put((count, time.process_time() - cpu_s))


def single(accounts: list[Any], clients: int, seconds: float) -> dict[str, float]:
    connection.close()  # a fork must not share it
    fork = multiprocessing.get_context("fork")
    gate, results = fork.Barrier(clients + 1), fork.Queue()
    processes = [fork.Process(target=client, args=(n, accounts, seconds, gate, results)) for n in range(clients)]
    for process in processes:
        process.start()
    gate.wait(120)
    say(None)
    counts, cpu_s = zip(*(results.get(timeout=120) for _ in processes), strict=True)
    for process in processes:
        process.join()
    return {"events": sum(counts), "seconds": seconds, "client_s": sum(cpu_s)}


def batch(accounts: list[Any], events: int) -> dict[str, float]:
    pairs = [random.sample(accounts, 2) for _ in range(events)]
    connection.ensure_connection()
    say(None)
    start, cpu_s = time.perf_counter(), time.process_time()
    with transaction.atomic():
        for giving, taking in pairs:
            giving.transfer_to(taking, FIVE, date=DAY)
    return {"events": events, "seconds": time.perf_counter() - start, "client_s": time.process_time() - cpu_s}


def bulk(accounts: list[Any], events: int) -> dict[str, float]:
    pairs = [random.sample(accounts, 2) for _ in range(events)]
    connection.ensure_connection()
    say(None)
    start, cpu_s = time.perf_counter(), time.process_time()
    with transaction.atomic():
        made = Transaction.objects.bulk_create(Transaction(date=DAY) for _ in pairs)
        Leg.objects.bulk_create(
            leg
            for of, (giving, taking) in zip(made, pairs, strict=True)
            for leg in (
                Leg(transaction=of, account=giving, credit=FIVE),
                Leg(transaction=of, account=taking, debit=FIVE),
            )
        )
    return {"events": events, "seconds": time.perf_counter() - start, "client_s": time.process_time() - cpu_s}


if __name__ == "__main__":
    known = prepare()
    say(None)
    for order in sys.stdin:
        name, *values = order.split()
        if name == "single":
            say(single(known, int(values[0]), float(values[1])))
        else:
            say({"batch": batch, "bulk": bulk}[name](known, int(values[0])))
