"""The whole of `ship` in a process of its own, for a worker that must stay small, be stopped, and survive a crash.

Problem: a shipment takes seconds to a minute and half a gigabyte, in machine code of three libraries. A worker that
does it in its own process keeps the memory, cannot stop it, and dies with it. Therefore a child does it:

    worker --- request, JSON on standard input ---------------------->  child  ------------------>  reading process
           <-- {"stage":"loading","done":250,"total":1449} ... ------   (a session of its own)      (of the same group)
           <-- {"end":"done"} | {"end":"refused", ...} --------------   writes into a folder of the worker's
               | {"end":"crashed", "trace": ...}
    worker moves the files to their names, all or none, and reads shipment.json

However the child ends (stopped, crashed, out of memory, too slow, killed from outside), its whole group is killed, its
folder goes, and the worker gets an exception that says which. The child ends with the worker, see kernel/children.py.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

from sundry.goods.orders.rules import Correction
from sundry.goods.shipping.actions import ShipOptions, is_of_files, make_files, staging, unwritable
from sundry.goods.shipping.queries import Result, load_result
from sundry.goods.shipping.rules import Profile, Stopped
from sundry.kernel.children import end_with_parent
from sundry.kernel.errors import EnvironmentFault, SundryError, UnusableInput, UsageError
from sundry.kernel.outcome import Progress, silent

MEMORY_BYTES_MIN = 2_000_000_000  # the limit on a small machine; else all children together get three quarters
SECONDS_MAX = 900  # beside the seconds for the plan
PROGRESS_EVERY_S = 0.25
_LOOK_EVERY_S = 0.2
_ENDING_S = 0.5
log = logging.getLogger("sundry.shipping")

_ERRORS: Mapping[str, type[SundryError]] = {
    "UnusableInput": UnusableInput,
    "UsageError": UsageError,
    "EnvironmentFault": EnvironmentFault,
    "SundryError": SundryError,
}


def ship_in_process(
    orders: Path,
    out: Path,
    options: ShipOptions,
    *,
    on_progress: Progress = silent,
    should_stop: Callable[[], bool] = lambda: False,
    seconds_max: float = SECONDS_MAX,
    at_a_time: int = 1,
) -> Result:
    """Plan the shipment of the book at `orders` and write all its files into `out`, as `ship` does.

    `at_a_time`: how many may be at work on this machine, this one included; they divide its memory.
    `on_progress` is called in this thread about four times a second, `should_stop` as often. Stopped: it said so, and
    nothing of the work remains. Errors as `ship`, and SundryError `shipping_crashed` or `shipping_too_long` (longer
    than the plan's seconds and `seconds_max`).
    """
    with staging(out) as folder:
        child = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # a group of its own, which is ended as a whole
        )
        try:
            _ask(child, _request(orders, folder, options, at_a_time))
            end = _listen(child, on_progress, should_stop, time.monotonic() + seconds_max + options.seconds)
        finally:
            _end(child)
        _raise_refusal(end)
    return load_result(out)


def _ask(child: subprocess.Popen[bytes], request: Mapping[str, Any]) -> None:
    assert child.stdin is not None
    with contextlib.suppress(BrokenPipeError):  # it has ended already, which is told when it is listened to
        child.stdin.write(json.dumps(request).encode())
        child.stdin.close()


def _listen(
    child: subprocess.Popen[bytes], on_progress: Progress, should_stop: Callable[[], bool], until: float
) -> dict[str, Any]:
    """The child's last word, {"end": ...}."""
    for message in _messages(child, should_stop, until):
        if "end" in message:
            return message
        on_progress(message["stage"], message["done"], message["total"])
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(_ENDING_S)
    return {"end": "crashed", "fault": _how_it_ended(child.returncode)}


def _messages(
    child: subprocess.Popen[bytes], should_stop: Callable[[], bool], until: float
) -> Iterator[dict[str, Any]]:
    """What the child says, line by line, until it closes its output. Stopped; SundryError: it takes too long."""
    assert child.stdout is not None
    pipe, waiting, looked = child.stdout.fileno(), b"", 0.0
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            now = time.monotonic()
            if now - looked >= _LOOK_EVERY_S:
                looked = now
                if should_stop():
                    raise Stopped("shipping_stopped")
            if now > until:
                raise SundryError("shipping_too_long")
            if not selector.select(_LOOK_EVERY_S):
                continue
            said = os.read(pipe, 65_536)
            if not said:
                return
            *lines, waiting = (waiting + said).split(b"\n")
            yield from (json.loads(line) for line in lines)


def _how_it_ended(code: int | None) -> str:
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"exit {code}"


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and all that it started, and wait until they are gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    until = time.monotonic() + _ENDING_S
    with contextlib.suppress(ProcessLookupError, PermissionError):
        while time.monotonic() < until:  # what it started dies a moment later, and may still be writing
            os.killpg(child.pid, 0)
            time.sleep(0.005)


def _raise_refusal(end: Mapping[str, Any]) -> None:
    if end["end"] == "refused":
        raise _ERRORS[end["kind"]](end["rule"], **end["details"])
    if "trace" in end:
        log.error("a child that ships failed\n%s", end["trace"])  # here, where what is nobody's business is masked
    if end["end"] != "done":
        raise SundryError("shipping_crashed", fault=end["fault"])


def memory_bytes_max(at_a_time: int) -> int:
    """What each of so many children may use: three quarters of the memory divided, so that the database keeps the rest.

    300 lines take 0.6 GB; loading.pdf, typeset container by container, 1.0 GB for 32,700 cartons in 30 of them.
    """
    memory_bytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(MEMORY_BYTES_MIN, memory_bytes * 3 // 4 // at_a_time)


# The request.


def _request(orders: Path, folder: Path, options: ShipOptions, at_a_time: int) -> dict[str, Any]:
    told = {field.name: getattr(options, field.name) for field in fields(options)}
    told |= {
        "day": options.day.isoformat(),
        "profile": asdict(options.profile) if isinstance(options.profile, Profile) else _path(options.profile),
        "column_map": _path(options.column_map),
        "tariff": _path(options.tariff),
        "corrections": [asdict(correction) for correction in options.corrections],
        "column_map_data": None if options.column_map_data is None else dict(options.column_map_data),
        "remembered": None if options.remembered is None else dict(options.remembered),
        "excluded": sorted(options.excluded),
        "pinned": sorted(options.pinned),
    }
    places = {"orders": str(orders.absolute()), "folder": str(folder.absolute())}
    return {"parent": os.getpid(), "memory_bytes_max": memory_bytes_max(at_a_time), **places, "options": told}


def _path(path: Path | None) -> str | None:
    return None if path is None else str(path.absolute())


def _options(told: Mapping[str, Any]) -> ShipOptions:
    profile = told["profile"]
    return ShipOptions(
        **{
            **told,
            "day": date.fromisoformat(told["day"]),
            "rates": tuple(told["rates"]),
            "profile": Profile(**profile) if isinstance(profile, dict) else _given(profile),
            "column_map": _given(told["column_map"]),
            "tariff": _given(told["tariff"]),
            "corrections": tuple(Correction(**correction) for correction in told["corrections"]),
            "excluded": frozenset((sheet, row) for sheet, row in told["excluded"]),
            "pinned": frozenset((sheet, row) for sheet, row in told["pinned"]),
        }
    )


def _given(path: str | None) -> Path | None:
    return None if path is None else Path(path)


# The child.


class _Teller:
    """Tells what happens, one JSON object a line; of the counts of a stage about four a second, and the last one.

    A count never falls within a stage: a second plan for the same cartons, to be cheaper, is no step back.
    """

    def __init__(self, pipe: int) -> None:
        self.pipe = pipe
        self.stage, self.done, self.at = "", 0, 0.0

    def progress(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        self.done = done = max(done, self.done) if stage == self.stage else done
        if stage != self.stage or (total and done == total) or now - self.at >= PROGRESS_EVERY_S:
            self.stage, self.at = stage, now
            self.tell({"stage": stage, "done": done, "total": total})

    def tell(self, message: Mapping[str, Any]) -> None:
        data = memoryview(json.dumps(message).encode() + b"\n")
        while data:
            data = data[os.write(self.pipe, data) :]


def _do(request: Mapping[str, Any], teller: _Teller) -> dict[str, Any]:
    orders, folder = Path(request["orders"]), Path(request["folder"])
    try:
        make_files(orders, folder, _options(request["options"]), progress=teller.progress)
    except SundryError as refusal:
        return _refusal(refusal)
    except Exception as fault:
        if isinstance(fault, OSError) and is_of_files(fault):
            return _refusal(unwritable(folder.parent, fault))
        return {"end": "crashed", "fault": type(fault).__name__, "trace": traceback.format_exc()}  # a fault of ours
    return {"end": "done"}


def _refusal(refusal: SundryError) -> dict[str, Any]:
    kind = next(name for name, known in _ERRORS.items() if isinstance(refusal, known))
    details = {key: value if isinstance(value, int) else str(value) for key, value in refusal.details.items()}
    return {"end": "refused", "kind": kind, "rule": refusal.rule, "details": details}


def main() -> None:
    """The child."""
    request = json.load(sys.stdin)
    end_with_parent(request["parent"])
    teller = _Teller(os.dup(1))
    os.dup2(2, 1)  # a library that prints must not disturb what is told
    resource.setrlimit(resource.RLIMIT_DATA, (request["memory_bytes_max"],) * 2)
    teller.tell(_do(request, teller))


if __name__ == "__main__":
    main()
