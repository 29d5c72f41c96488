"""`sundry run`: watches over a market: PostgreSQL, web and worker, from the first start to the last stop.

Problem: four programs make a market, and a person wants one: started by one command, ended by Ctrl-C without a trace,
mended by itself when one of them dies, clear about what is in the way. Therefore one small process, which never loads
Django, holds the port and the data folder, starts the others in order, looks at them twice a second, starts again what
has ended, and ends them in the reverse order, each within its time:

    lock the data folder -> take the port -> PostgreSQL -> web makes ready, worker waits -> both work -> /health answers
    SIGINT, SIGTERM, SIGHUP:  web (5 s) -> worker (10 s) -> PostgreSQL (30 s) -> unlock;  a second one: at once

Signals are only written down. What waits here looks at them, so nothing is ever left half-started by one.
"""

from __future__ import annotations

import errno
import fcntl
import http.client
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import IO, Any

import psutil

from sundry.kernel.children import end_with_parent
from sundry.kernel.errors import EnvironmentFault, SundryError
from sundry.web import logs
from sundry.web.configuration import ANYWHERE, Configuration, make_data_dir, unwritable, variable
from sundry.web.database import server
from sundry.web.embedded import Server

Say = Callable[..., None]
"""say(rule, **values): tell the person at the terminal."""

# What stands below "the market is open", a little to the right.
DETAILS = ("run_open_in_the_network", "run_sign_in", "run_folders", "run_how_to_stop")

LOOK_S = 0.5
RELEASE_S = 2.0  # for the port of who was killed a moment ago
STOP_S = {"web": 5.0, "worker": 10.0}
SILENCE_S = 20  # of somebody who is in the middle of asking; longer, and nobody listens to her any more
PAUSE_S = (0.5, 30.0)  # before what has died is started again: doubled each time, up to the second
CALM_S = 60.0  # what has lived that long begins with the first again

_PYTHON = (sys.executable, "-P")  # a module that happens to lie in the folder one stands in is not ours


class Stopped(Exception):
    """Somebody asked us to stop."""


class Signals:
    """Writes down that SIGINT, SIGTERM or SIGHUP came. SIGHUP that is ignored from outside (nohup) stays so.

    SIGINT does not: a script that starts a market in the background has it ignored without wishing so, and could not
    end the market by it.
    """

    def __init__(self) -> None:
        self.first: int | None = None
        self.again = False

    def __enter__(self) -> Signals:
        self._heard, self._bell = os.pipe()
        wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        self._before = {number: signal.getsignal(number) for number in wanted}
        for number, before in self._before.items():
            if number != signal.SIGHUP or before != signal.SIG_IGN:
                signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)
        os.close(self._heard)
        os.close(self._bell)

    def _note(self, number: int, _frame: object) -> None:
        self.again = self.first is not None
        self.first = self.first or number
        os.write(self._bell, b"!")

    def wait(self, seconds: float, *answers: socket.socket) -> bool:
        """Sleep, but no longer than until somebody asks (Stopped) or one of `answers` can be read (True)."""
        heard: list[int | socket.socket] = [self._heard, *answers]
        if self.first is None:
            heard = select.select(heard, [], [], seconds)[0]
        if self.first is not None:
            raise Stopped
        return bool(heard)


@dataclass(slots=True)
class Part:
    """A program that is started again when it ends. `handed`: the descriptors that it gets."""

    name: str
    command: list[str]
    handed: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    due_s: float = 0.0
    pause_s: float = PAUSE_S[0]


class Market:
    """One market that runs: `serve` returns when somebody asked it to stop."""

    def __init__(self, own: Configuration, say: Say, *, language: str = "en", sample: bool = True) -> None:
        self.own = own
        self.say = say
        self.language = language
        self.sample = sample
        self.signals = Signals()
        self.parts: list[Part] = []

    def serve(self) -> int:
        """Run until a signal comes, and return its number. SundryError: what was in the way of a start."""
        os.umask(0o077)
        with self.signals:
            try:
                with _held(self.own), _port(self.own, self.signals) as door, self._database() as embedded:
                    try:
                        self._open(door)
                        self._greet()
                        self._watch(embedded)
                    finally:
                        self._end()
            except Stopped:
                self.say("run_stopped", folder=str(self.own.data_dir))
            return self.signals.first or 0

    @contextmanager
    def _database(self) -> Iterator[Server | None]:
        if not self.own.embedded:
            yield None
            return
        embedded = server(self.own, wait=self.signals.wait)
        with embedded.used():
            yield embedded

    def _open(self, door: socket.socket) -> None:
        """Start web, which makes the database ready, and worker, which waits for that; wait for the first page."""
        fd, (heard, told) = door.fileno(), os.pipe()
        serve = [*_PYTHON, "-m", "sundry.web.serve", "--door", str(fd), "--language", self.language]
        serve += [] if self.sample else ["--no-sample"]
        web = Part("web", serve, handed=(fd,))
        worker = Part("worker", [*_PYTHON, "-m", "sundry.web.worker"])
        self.parts = [worker, web]
        try:
            web.process = self._start([*web.command, "--ready", str(told)], fd, told)
            worker.process = self._start([*worker.command, str(heard)], heard)
        finally:
            os.close(told)
            os.close(heard)
        web.started_s = worker.started_s = time.monotonic()
        while not self._is_open(web.process):
            self.signals.wait(LOOK_S)

    def _is_open(self, web: subprocess.Popen[bytes]) -> bool:
        """Whether /health says that all is well. The question waits at the door until somebody serves."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.own.host, self.own.host)
        name = self.own.allowed_hosts[0].lstrip(".")
        with closing(http.client.HTTPConnection(host, self.own.port)) as asked:
            try:
                asked.request("GET", "/health", headers={"Host": "localhost" if name == "*" else name})
                while not self.signals.wait(LOOK_S, asked.sock):
                    if web.poll() is not None:
                        raise EnvironmentFault("run_not_open", log=self._log("web"))
                return asked.getresponse().status == 200
            except (OSError, http.client.HTTPException):
                return False

    def _greet(self) -> None:
        self.say("run_open", address=self.own.address)
        if self.own.host in ANYWHERE:
            for address in own_addresses():
                self.say("run_open_in_the_network", address=f"http://{address}:{self.own.port}")
        if self.own.market == "sample":
            self.say("run_sign_in", address=f"{self.own.address}/outbox/")
        self.say("run_folders", data=str(self.own.data_dir), logs=str(self.own.logs_dir))
        self.say("run_how_to_stop")

    def _watch(self, embedded: Server | None) -> None:
        while True:
            self.signals.wait(LOOK_S)
            if embedded is not None:
                self._keep_database(embedded)
            self._start_ended()
            for part in self.parts:
                logs.put_aside(self.own.logs_dir / f"{part.name}.log")

    def _keep_database(self, embedded: Server) -> None:
        if embedded.postmaster() is not None:
            return
        self.say("run_database_died", log=str(embedded.log))
        try:
            with embedded.gate():
                embedded.start()
        except SundryError as fault:
            self.say(fault.rule, **fault.details)
            self.signals.wait(PAUSE_S[1])

    def _start_ended(self) -> None:
        """Start again the parts that have ended, each after its pause."""
        now = time.monotonic()
        for part in self.parts:
            if part.process is not None and part.process.poll() is not None:
                self._bury(part, now)
            if part.process is None and now >= part.due_s:
                part.process = self._start(part.command, *part.handed)
                part.started_s = now

    def _bury(self, part: Part, now: float) -> None:
        """Tell that a part has ended, end what it left behind, and say when it is started again."""
        assert part.process is not None
        _kill_group(part.process.pid)
        if now - part.started_s > CALM_S:
            part.pause_s = PAUSE_S[0]
        code, log = part.process.returncode, self._log(part.name)
        self.say("run_part_died", part=part.name, code=code, log=log, seconds=part.pause_s)
        part.process, part.due_s = None, now + part.pause_s
        part.pause_s = min(part.pause_s * 2, PAUSE_S[1])

    def _start(self, command: list[str], *handed: int) -> subprocess.Popen[bytes]:
        """A program of ours: out of reach of the terminal's Ctrl-C, ending with us, told what we know."""
        parent = os.getpid()
        return subprocess.Popen(
            command,
            env=os.environ | _told(self.own),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=handed,
            preexec_fn=lambda: end_with_parent(parent),
        )

    def _end(self) -> None:
        """End web, then worker. No signal stops this; another one makes it quick."""
        if self.signals.first is not None:
            self.say("run_stopping")
        for part in reversed(self.parts):
            if part.process is not None:
                self._stop(part.process, STOP_S[part.name])

    def _stop(self, process: subprocess.Popen[bytes], limit_s: float) -> None:
        """Ask a program to end, and kill it when the time is over, with all that it started."""
        if process.poll() is not None:
            return
        until = time.monotonic() + limit_s
        process.terminate()
        while process.poll() is None and time.monotonic() < until and not self.signals.again:
            time.sleep(0.02)
        _kill_group(process.pid)
        process.wait()

    def _log(self, part: str) -> str:
        return str(self.own.logs_dir / f"{part}.log")


def own_addresses() -> list[str]:
    """The addresses (IPv4) under which other machines may reach this one."""
    return [
        address.address
        for addresses in psutil.net_if_addrs().values()
        for address in addresses
        if address.family == socket.AF_INET and not address.address.startswith("127.")
    ]


def _told(own: Configuration) -> dict[str, str]:
    """Where to find what: for the programs that we start, whatever our own folder and arguments were."""
    return {
        "DJANGO_SETTINGS_MODULE": "sundry.web.settings",
        variable("data_dir"): str(own.data_dir),
        variable("host"): own.host,
        variable("port"): str(own.port),
        variable("address"): own.address,
        variable("allowed_hosts"): ",".join(own.allowed_hosts),
    }


def _kill_group(leader: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


@contextmanager
def _held(own: Configuration) -> Iterator[None]:
    """The data folder is ours alone. EnvironmentFault: another market runs on it, and where."""
    place = own.data_dir / "run" / "market.lock"
    try:
        make_data_dir(own.data_dir)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        own.logs_dir.mkdir(mode=0o700, exist_ok=True)
        held = place.open("a+")
    except OSError as fault:
        raise unwritable(own.data_dir, fault) from fault
    with held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EnvironmentFault("run_already", folder=str(own.data_dir), **_holder(held)) from None
        held.truncate(0)
        held.write(json.dumps({"address": own.address, "pid": os.getpid()}))
        held.flush()
        yield


def _holder(held: IO[str]) -> dict[str, Any]:
    """Who serves where, as he wrote it down; he may be about to."""
    held.seek(0)
    with suppress(ValueError):
        said = json.loads(held.read())
        return {"address": said["address"], "pid": said["pid"]}
    return {"address": "?", "pid": "?"}


@contextmanager
def _port(own: Configuration, signals: Signals) -> Iterator[socket.socket]:
    """The listening socket. EnvironmentFault: who has it, and which one is free."""
    until = time.monotonic() + RELEASE_S
    while True:
        door = socket.socket(socket.AF_INET6 if ":" in own.host else socket.AF_INET)
        with door:
            try:
                door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                # Handed on to each connection: gunicorn's threads would wait for the rest of a request for ever.
                door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SILENCE_S, 0))
                door.bind((own.host, own.port))
                door.listen(128)
            except OSError as fault:
                if fault.errno != errno.EADDRINUSE or time.monotonic() > until:
                    raise _port_fault(own, fault) from fault
            else:
                yield door
                return
        signals.wait(0.1)


def _port_fault(own: Configuration, fault: OSError) -> EnvironmentFault:
    if fault.errno == errno.EADDRINUSE:
        holder, free = _who_listens(own.port), _free_port(own)
        if holder is None:
            return EnvironmentFault("run_port_used_by_somebody", port=own.port, free=free)
        return EnvironmentFault("run_port_used", port=own.port, program=holder.name(), pid=holder.pid, free=free)
    if fault.errno == errno.EACCES:
        return EnvironmentFault("run_port_forbidden", port=own.port, free=_free_port(replace(own, port=8000)))
    return EnvironmentFault("run_host_not_here", host=own.host, fault=fault.strerror or str(fault))


def _who_listens(port: int) -> psutil.Process | None:
    """Who holds the port, where we may know it."""
    with suppress(psutil.Error):
        for place in psutil.net_connections("tcp"):
            if place.status == psutil.CONN_LISTEN and place.laddr.port == port and place.pid:
                return psutil.Process(place.pid)
    return None


def _free_port(own: Configuration) -> int:
    """The next port that can be had."""
    for port in range(own.port + 1, min(own.port + 100, 65536)):
        with socket.socket(socket.AF_INET6 if ":" in own.host else socket.AF_INET) as tried, suppress(OSError):
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((own.host, port))
            return port
    return 8080
