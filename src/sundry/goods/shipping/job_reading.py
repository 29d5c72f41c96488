"""Reading the book of a job in a process of its own, as planning does: it can be stopped, and its memory goes with it.

    worker --- {"reading": ...} --->  child  --->  reading process (limited, see goods/orders)
           <-- {"read": summary, "told_keys": [...]} ---   the parts for the pages are in the folder
           <-- {"refused": rule, "details": {...}} -----   instead

    worker --- {"marking": ...} --->  child
           <-- {"checked": true} -----------------------   the marked copy of the book is in the folder

           <-- {"crashed": trace} ----------------------   a fault of ours, for the worker's log

The lines and findings are shown as soon as they are there. The marked copy follows a second later, by a task of its
own: a worker that is killed in between does it again, and the reading counts meanwhile.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sundry.goods.orders.queries import preview, read_orders, row_texts, write_checked
from sundry.goods.orders.rules import Correction, OrderBook
from sundry.goods.shipping import job_parts
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


@dataclass(frozen=True, slots=True)
class Marking:
    """The book to mark, with what was found in it: `reading` is the folder of the parts of its reading."""

    book: Path
    reading: Path
    language: str
    corrections: tuple[Correction, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "book": str(self.book.absolute()),
            "reading": str(self.reading.absolute()),
            "language": self.language,
            "corrections": [[one.sheet, one.row, one.column_letter, one.value] for one in self.corrections],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Marking:
        corrections = tuple(Correction(*one) for one in data["corrections"])
        return cls(Path(data["book"]), Path(data["reading"]), data["language"], corrections)


class ChildFailed(Exception):
    """A fault of ours in the child, with its trace."""


class ReadingStopped(Exception):
    """`should_stop` said so; the child and all that it started are gone."""


def read_in_process(
    reading: Reading, folder: Path, *, should_stop: Callable[[], bool], seconds_max: float = SECONDS_MAX
) -> dict[str, Any]:
    """{"read": summary, "told_keys": [...]}; the parts are in `folder`, as PARTS.

    `should_stop` is asked in this thread a few times a second. UnusableInput, UsageError: the book or a map cannot be
    used; SundryError: the child was killed, or took too long; ReadingStopped; ChildFailed.
    """
    return _in_process({"reading": reading.to_json()}, folder, should_stop, seconds_max)


def mark_in_process(
    marking: Marking, folder: Path, *, should_stop: Callable[[], bool], seconds_max: float = SECONDS_MAX
) -> None:
    """Write the marked copy of a book into `folder`, as CHECKED. Errors as `read_in_process`."""
    _in_process({"marking": marking.to_json()}, folder, should_stop, seconds_max)


def _in_process(
    asked: Mapping[str, Any], folder: Path, should_stop: Callable[[], bool], seconds_max: float
) -> dict[str, Any]:
    """What the child says."""
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
        _ask(child, {"parent": os.getpid(), "folder": str(folder.absolute()), **asked})
        _wait(heard, should_stop, seconds_max)
    finally:
        _end(child)
        listener.join()
    return _told(said)


def _ask(child: subprocess.Popen[bytes], request: Mapping[str, Any]) -> None:
    assert child.stdin is not None
    with suppress(BrokenPipeError):  # it has ended already: told by its silence
        child.stdin.write(json.dumps(request).encode())
        child.stdin.close()


def _listen(child: subprocess.Popen[bytes], said: list[bytes], heard: threading.Event) -> None:
    assert child.stdout is not None
    with child.stdout as pipe:
        said.append(pipe.readline())
    heard.set()


def _wait(heard: threading.Event, should_stop: Callable[[], bool], seconds_max: float) -> None:
    """Until the child has said its word, or is gone."""
    waited_s = 0.0
    while not heard.wait(_LOOK_EVERY_S):
        if should_stop():
            raise ReadingStopped
        waited_s += _LOOK_EVERY_S
        if waited_s > seconds_max:
            raise SundryError("reading_too_long", seconds=int(seconds_max))


def _told(said: list[bytes]) -> dict[str, Any]:
    if not said or not said[0].endswith(b"\n"):
        raise SundryError("reading_crashed")
    message: dict[str, Any] = json.loads(said[0])
    if "crashed" in message:
        raise ChildFailed(message["crashed"])
    if "refused" in message:
        kind = UnusableInput if message["is_input"] else UsageError
        raise kind(message["refused"], **message["details"])
    return message


def _end(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.kill()
    child.wait()
    if child.stdin is not None:
        with suppress(BrokenPipeError):
            child.stdin.close()


# The child.


def _read(reading: Reading, folder: Path) -> dict[str, Any]:
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
        job_parts.write_maps(parts, maps=reading.maps, told=reading.told)
        places = job_parts.places_of(book.findings, book.lines)
        summary = job_parts.write_reading(
            parts,
            book,
            rows=row_texts(reading.book, places, corrections=reading.corrections),
            previews=() if is_list else preview(reading.book),
        )
    except (UnusableInput, UsageError) as refusal:
        details = {key: value if isinstance(value, int) else str(value) for key, value in refusal.details.items()}
        is_input = isinstance(refusal, UnusableInput)
        return {"refused": refusal.rule, "details": details, "is_input": is_input}
    return {"read": summary, "told_keys": _told_keys(book, reading)}


def _told_keys(book: OrderBook, reading: Reading) -> list[str]:
    """Of the tables whose header a person pointed at."""
    row = (reading.told or {}).get("header_row")
    return [table.key for table in book.tables if row is not None and table.is_list and table.header_row == row]


def _mark(marking: Marking, folder: Path) -> dict[str, Any]:
    told = job_parts.part(marking.reading, job_parts.FINDINGS)["findings"]
    findings = [job_parts.finding_from(one) for one in told]
    write_checked(marking.book, folder / CHECKED, findings, language=marking.language, corrections=marking.corrections)
    return {"checked": True}


def _do(request: Mapping[str, Any]) -> dict[str, Any]:
    folder = Path(request["folder"])
    if "reading" in request:
        return _read(Reading.from_json(request["reading"]), folder)
    return _mark(Marking.from_json(request["marking"]), folder)


def main() -> None:
    """The child."""
    request = json.load(sys.stdin)
    end_with_parent(request["parent"])
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # a library that prints must not disturb what is told
    try:
        message = _do(request)
    except Exception:
        message = {"crashed": traceback.format_exc()}
    pipe.write(json.dumps(message, separators=(",", ":")) + "\n")
    pipe.flush()


if __name__ == "__main__":
    main()
