"""What the programs beside bench/orders.py have in common: how statements are counted, and how a driver is asked.

A driver places orders in another program's way, in an environment of its own, so this file needs the standard library
and psycopg alone. One line of JSON on stdin is one round:

    {"way": "confirmed", "orders": [[[good, pieces], ...], ...]}    goods are numbered, stall by stall
    {"client_s": 4.31, "statements": 468}                           its answer: CPU of this process; of the last order

Which CPU the server spent meanwhile is measured by who asks. The first answer, `{}`, says that everything is loaded.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg

Line = tuple[int, int]  # the number of a good, pieces
Way = Callable[[list[Line]], object]


@contextmanager
def listening() -> Iterator[list[str]]:
    """Each statement that is sent, of an ORM too and on psycopg itself, but BEGIN, COMMIT and a pool's empty ones."""
    sent: list[str] = []
    real = {way: getattr(psycopg.Cursor, way) for way in ("execute", "executemany", "copy")}

    def heard(way: str) -> Callable[..., Any]:
        def told(self: Any, statement: Any, *rest: Any, **more: Any) -> Any:
            if str(statement).strip().partition(" ")[0].upper() not in ("", "BEGIN", "COMMIT"):
                sent.append(str(statement))
            return real[way](self, statement, *rest, **more)

        return told

    for way in real:
        setattr(psycopg.Cursor, way, heard(way))
    try:
        yield sent
    finally:
        for way, was in real.items():
            setattr(psycopg.Cursor, way, was)


def answer(ways: Mapping[str, Way]) -> None:
    """Do what each line of stdin asks, until there are no more."""
    print("{}", flush=True)
    for asked in sys.stdin:
        task = json.loads(asked)
        work, orders = ways[task["way"]], task["orders"]
        gc.collect()
        began = time.process_time()
        for lines in orders[:-1]:
            work(lines)
        with listening() as sent:
            work(orders[-1])
        print(json.dumps({"client_s": time.process_time() - began, "statements": len(sent)}), flush=True)
