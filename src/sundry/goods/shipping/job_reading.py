"""Reading the book of a job in a process of its own, as planning does: it can be stopped, and its memory goes with it.

    worker --- request, JSON --->  child  --->  reading process (limited, see goods/orders)
           <-- {"read": summary, "told_keys": [...]} ---   the parts for the pages are in the folder
           <-- {"checked": true} -----------------------   so is the marked copy of the book
           <-- {"refused": rule, "details": {...}} -----   instead of both

The lines and findings are shown as soon as they are there; the marked copy follows a second later.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sundry.goods.orders.queries import preview, read_orders, row_texts, write_checked
from sundry.goods.orders.rules import Correction, OrderBook
from sundry.goods.shipping.job_parts import places_of, write_reading
from sundry.kernel.children import end_with_parent
from sundry.kernel.errors import SundryError, UnusableInput, UsageError

SECONDS_MAX = 600
PARTS, CHECKED = "parts", "checked.xlsx"
_LOOK_EVERY_S = 0.3


@dataclass(frozen=True, slots=True)
class Reading:
    """What to read, and how. `maps` as in `read_orders(remembered=...)`, `told` as its column_map."""

    book: Path
    day: date
    currency: str
    language: str
    maps: Mapping[str, Any]
    told: Mapping[str, Any] | None
    corrections: tuple[Correction, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "book": str(self.book.absolute()),
            "day": self.day.isoformat(),
            "currency": self.currency,
            "language": self.language,
            "maps": dict(self.maps),
            "told": None if self.told is None else dict(self.told),
            "corrections": [[one.sheet, one.row, one.column_letter, one.value] for one in self.corrections],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reading:
        corrections = tuple(Correction(*one) for one in data["corrections"])
        return cls(
            **{**data, "book": Path(data["book"]), "day": date.fromisoformat(data["day"]), "corrections": corrections}
        )


class ReadingStopped(Exception):
    """`should_stop` said so; the child and all that it started are gone."""


def read_in_process(
    reading: Reading, folder: Path, *, should_stop: Callable[[], bool], seconds_max: float = SECONDS_MAX
) -> Iterator[dict[str, Any]]:
    """What the child says, one after the other; the files are in `folder`: first PARTS, then CHECKED.

    `should_stop` is asked in this thread a few times a second. UnusableInput, UsageError: the book or a map cannot be
    used; SundryError: the child was killed, or took too long; ReadingStopped.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # a group of its own, which is ended as a whole
    )
    said: list[bytes] = []
    heard = threading.Event()
    listener = threading.Thread(target=_listen, args=(child, said, heard), daemon=True)
    listener.start()
    try:
        _ask(child, reading, folder)
        yield from _told(child, said, heard, listener, should_stop, seconds_max)
    finally:
        _end(child)
        listener.join()


def _ask(child: subprocess.Popen[bytes], reading: Reading, folder: Path) -> None:
    assert child.stdin is not None
    request = {"parent": os.getpid(), "folder": str(folder.absolute()), "reading": reading.to_json()}
    with suppress(BrokenPipeError):  # it has ended already: told by its silence
        child.stdin.write(json.dumps(request).encode())
        child.stdin.close()


def _listen(child: subprocess.Popen[bytes], said: list[bytes], heard: threading.Event) -> None:
    assert child.stdout is not None
    with child.stdout as pipe:
        for line in pipe:
            said.append(line)
            heard.set()
    heard.set()


def _told(
    child: subprocess.Popen[bytes],
    said: list[bytes],
    heard: threading.Event,
    listener: threading.Thread,
    should_stop: Callable[[], bool],
    seconds_max: float,
) -> Iterator[dict[str, Any]]:
    """Each message once, until the child is done."""
    waited_s, taken = 0.0, 0
    while True:
        is_over = not listener.is_alive()
        for line in said[taken:]:
            taken += 1
            message: dict[str, Any] = json.loads(line)
            if "refused" in message:
                kind = UnusableInput if message["is_input"] else UsageError
                raise kind(message["refused"], **message["details"])
            yield message
            if "checked" in message:
                return
        if is_over:
            raise SundryError("reading_crashed")
        if should_stop():
            raise ReadingStopped
        waited_s += _LOOK_EVERY_S
        if waited_s > seconds_max:
            raise SundryError("reading_too_long", seconds=int(seconds_max))
        heard.wait(_LOOK_EVERY_S)
        heard.clear()


def _end(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.kill()
    child.wait()
    if child.stdin is not None:
        with suppress(BrokenPipeError):
            child.stdin.close()


# The child.


def _do(reading: Reading, folder: Path, tell: Callable[[Mapping[str, Any]], None]) -> None:
    try:
        book = read_orders(
            reading.book,
            day=reading.day,
            currency=reading.currency,
            column_map=reading.told,
            remembered=reading.maps,
            corrections=reading.corrections,
        )
        is_list = any(table.is_list for table in book.tables)
        parts = folder / PARTS
        parts.mkdir()
        summary = write_reading(
            parts,
            book,
            rows=row_texts(reading.book, places_of(book.findings, book.lines), corrections=reading.corrections),
            previews=() if is_list else preview(reading.book),
        )
    except (UnusableInput, UsageError) as refusal:
        details = {key: value if isinstance(value, int) else str(value) for key, value in refusal.details.items()}
        is_input = isinstance(refusal, UnusableInput)
        tell({"refused": refusal.rule, "details": details, "is_input": is_input})
        return
    tell({"read": summary, "told_keys": _told_keys(book, reading)})
    write_checked(
        reading.book, folder / CHECKED, book.findings, language=reading.language, corrections=reading.corrections
    )
    tell({"checked": True})


def _told_keys(book: OrderBook, reading: Reading) -> list[str]:
    """Of the tables whose header a person pointed at."""
    row = (reading.told or {}).get("header_row")
    return [table.key for table in book.tables if row is not None and table.is_list and table.header_row == row]


def main() -> None:
    """The child."""
    request = json.load(sys.stdin)
    end_with_parent(request["parent"])
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # a library that prints must not disturb what is told

    def tell(message: Mapping[str, Any]) -> None:
        pipe.write(json.dumps(message, separators=(",", ":")) + "\n")
        pipe.flush()

    _do(Reading.from_json(request["reading"]), Path(request["folder"]), tell)


if __name__ == "__main__":
    main()
