"""A program that posts without end and is killed while it does, and the events that it posts.

    SUNDRY_DATA_DIR=... python ledger_client.py JOURNAL FIRST THREADS

It writes down each event that it begins and each answer that it hears; where it hears none it asks again, as every
client of the ledger must. It ends when its standard input does, if nobody kills it.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import UUID

from sundry.base.ledger.rules import WHOLE, Account, Event, Kind, Transfer

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CNY = "currency:CNY"
PATIENCE = -(10**12)  # a floor that is kept, and never reached: so nothing is refused
ACCOUNTS = tuple(
    Account(UUID(int=n), None, f"purse {n}", CNY, floor=PATIENCE if n <= 4 else None, ceiling=None) for n in range(1, 7)
)


def event_of(number: int) -> Event:
    """The same event for the same number, whoever posts it. An odd one resolves what the one before it promised."""
    rng = random.Random(number)
    moved = []
    for line in range(2):
        debit, credit = rng.sample(ACCOUNTS, 2)
        moved.append(Transfer(_id(number, line), debit.id, credit.id, rng.randint(1, 1000)))
    if number % 2:
        moved.append(
            Transfer(_id(number, 9), None, None, WHOLE, rng.choice((Kind.POST, Kind.VOID)), _id(number - 1, 9))
        )
    else:
        debit, credit = rng.sample(ACCOUNTS, 2)
        moved.append(Transfer(_id(number, 9), debit.id, credit.id, rng.randint(1, 1000), Kind.PENDING))
    return Event(_id(number, 99), "sale", f"order:{number}", "clerk", NOON, tuple(moved))


def _id(number: int, line: int) -> UUID:
    return UUID(int=(number + 1) * 1000 + line)


class Journal:
    """What a client began, what it was answered. A line is written at once: it outlives the client."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def write(self, what: str, number: int) -> None:
        opened = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(opened, f"{what} {number}\n".encode())
        os.close(opened)

    def read(self) -> dict[str, set[int]]:
        """The numbers by what was written of them; the last line may be half a line."""
        found: dict[str, set[int]] = {
            "began": set(),
            "posted": set(),
            "exists": set(),
            "unsure": set(),
            "refused": set(),
        }
        text = self.file.read_text("utf-8") if self.file.exists() else ""
        for line in text[: text.rfind("\n") + 1].splitlines():
            what, _, number = line.partition(" ")
            found[what].add(int(number))
        return found


def main(journal: Journal, first: int, threads: int) -> None:
    over = threading.Event()

    def numbers(start: int) -> Iterator[int]:
        for pair in count(start, 2 * threads):
            yield from (pair, pair + 1)

    def post(start: int) -> None:
        for number in numbers(start):
            if over.is_set():
                return
            journal.write("began", number)
            journal.write(answer(journal, number), number)

    writers = [threading.Thread(target=post, args=(first + 2 * thread,)) for thread in range(threads)]
    for writer in writers:
        writer.start()
    sys.stdin.read()
    over.set()
    for writer in writers:
        writer.join()


def answer(journal: Journal, number: int) -> str:
    """What becomes of the event, through the action that every module of the product calls."""
    from django.db import InterfaceError, OperationalError, connection, transaction

    from sundry.base.ledger.actions import Refused, post_or_raise

    while True:
        try:
            with transaction.atomic():
                found = post_or_raise(event=event_of(number)).outcome
            return found.value
        except Refused:
            return "refused"
        except (InterfaceError, OperationalError):
            journal.write("unsure", number)
            connection.close()
            time.sleep(0.02)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "sundry.web.settings"
    import django

    django.setup()
    main(Journal(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3]))
