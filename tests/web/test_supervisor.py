"""Watching over programs: signals, deaths, ports and folders; with little programs in the place of web and worker.

The whole market is tried in test_run.py.
"""

from __future__ import annotations

import fcntl
import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import psutil
import pytest

from sundry.kernel.errors import EnvironmentFault
from sundry.web import supervisor
from sundry.web.configuration import Configuration, configuration
from sundry.web.supervisor import Market, Part, Signals, Stopped

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def settings(folder: Path, **environ: str) -> Configuration:
    return configuration({"SUNDRY_DATA_DIR": str(folder)} | environ)


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def own(tmp_path: Path, port: int) -> Configuration:
    return settings(tmp_path / "data", SUNDRY_PORT=str(port))


class Said:
    """What a market tells the person at the terminal."""

    def __init__(self) -> None:
        self.rules: list[str] = []
        self.values: list[dict[str, Any]] = []

    def __call__(self, rule: str, **values: Any) -> None:
        self.rules.append(rule)
        self.values.append(values)


@pytest.fixture
def market(own: Configuration) -> Iterator[Market]:
    market = Market(own, Said())
    own.logs_dir.mkdir(parents=True)
    with market.signals:
        yield market
        market.signals.again = True
        market._end()


def lives(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def program(text: str) -> list[str]:
    return [sys.executable, "-c", text]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_written_down_and_ends_the_next_wait(number: signal.Signals) -> None:
    with Signals() as signals:
        signals.wait(0.0)
        os.kill(os.getpid(), number)
        begun = time.monotonic()
        with pytest.raises(Stopped):
            signals.wait(30)
        assert time.monotonic() - begun < 5
        assert (signals.first, signals.again) == (number, False)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0)
        assert (signals.first, signals.again) == (number, True)


def test_a_signal_wakes_who_waits() -> None:
    with Signals() as signals:
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGTERM)).start()
        with pytest.raises(Stopped):
            signals.wait(30)


def test_under_nohup_a_closed_terminal_stops_nothing() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Signals() as signals:
            os.kill(os.getpid(), signal.SIGHUP)
            signals.wait(0.01)
        assert signals.first is None
    finally:
        signal.signal(signal.SIGHUP, before)


def test_signals_are_as_before_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Signals():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before


def test_what_ends_is_started_again_later_and_later(market: Market) -> None:
    part = Part("web", program("raise SystemExit(3)"))
    market.parts = [part]
    pauses = []
    for _ in range(8):
        market._start_ended()
        assert part.process is not None
        part.process.wait()
        market._start_ended()
        assert part.process is None, "its pause is not over"
        pauses.append(market.say.values[-1]["seconds"])
        part.due_s = 0.0
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    assert set(market.say.rules) == {"run_part_died"}
    assert market.say.values[0]["code"] == 3
    assert market.say.values[0]["log"].endswith("/data/logs/web.log")


def test_who_has_lived_long_is_started_again_soon(market: Market) -> None:
    part = Part("web", program("raise SystemExit(3)"), pause_s=30.0)
    market.parts = [part]
    market._start_ended()
    assert part.process is not None
    part.process.wait()
    part.started_s -= supervisor.CALM_S + 1
    market._start_ended()
    assert market.say.values[-1]["seconds"] == 0.5


def test_what_a_dead_part_left_behind_ends_with_it(market: Market) -> None:
    """A worker that was killed cannot end the programs that it had started itself."""
    text = "import subprocess; print(subprocess.Popen(['sleep', '60']).pid, flush=True)"
    part = Part("worker", program(text))
    reading, writing = os.pipe()
    part.process = subprocess.Popen(part.command, stdout=writing, start_new_session=True)
    part.process.wait()
    left = psutil.Process(int(os.read(reading, 20)))
    os.close(reading)
    os.close(writing)
    market.parts = [part]
    market._start_ended()
    until = time.monotonic() + 5
    while lives(left) and time.monotonic() < until:
        time.sleep(0.01)
    assert not lives(left)


def test_who_does_not_stop_in_time_is_killed(market: Market) -> None:
    process = subprocess.Popen(program(STUBBORN), stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    process.stdout.readline()
    market._stop(process, 0.1)
    assert process.returncode == -signal.SIGKILL
    process.stdout.close()


def test_a_second_signal_does_not_wait(market: Market) -> None:
    process = subprocess.Popen(program(STUBBORN), stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    process.stdout.readline()
    market.signals.again = True
    begun = time.monotonic()
    market._stop(process, 60.0)
    assert time.monotonic() - begun < 5
    process.stdout.close()


def test_programs_learn_every_setting_as_we_understood_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder relative to where we stand, a port from the command line, names that we found."""
    monkeypatch.chdir(tmp_path)
    own = configuration({"SUNDRY_DATA_DIR": "here", "SUNDRY_PORT": "8042", "SUNDRY_ADDRESS": "https://market.example"})
    assert configuration(supervisor._told(own) | {"SUNDRY_SECRET_KEY": own.secret_key}) == own


def test_the_data_folder_is_held_by_one_and_names_him(own: Configuration) -> None:
    with supervisor._held(own), pytest.raises(EnvironmentFault) as refused, supervisor._held(own):
        pass
    assert refused.value.rule == "run_already"
    assert (refused.value.details["address"], refused.value.details["pid"]) == (own.address, os.getpid())
    with supervisor._held(own):
        pass


def test_who_holds_it_may_not_have_said_so_yet(own: Configuration) -> None:
    (own.data_dir / "run").mkdir(parents=True)
    with (own.data_dir / "run" / "market.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(EnvironmentFault) as refused, supervisor._held(own):
            pass
    assert refused.value.details["address"] == "?"


def test_a_stale_lock_is_none(own: Configuration) -> None:
    lock = own.data_dir / "run" / "market.lock"
    lock.parent.mkdir(parents=True)
    lock.write_text('{"address": "http://127.0.0.1:9", "pid": 1}' * 3)
    with supervisor._held(own):
        assert json.loads(lock.read_text()) == {"address": own.address, "pid": os.getpid()}


def test_a_data_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    own = settings(tmp_path / "data")
    (tmp_path / "data" / "run").write_text("a file")
    with pytest.raises(EnvironmentFault) as refused, supervisor._held(own):
        pass
    assert refused.value.rule == "data_folder_unwritable"


def test_who_falls_silent_while_asking_is_not_waited_for(own: Configuration, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else as many half-sent requests as there are threads would stop a market."""
    monkeypatch.setattr(supervisor, "SILENCE_S", 1)
    with supervisor._port(own, Signals()) as door, socket.create_connection(door.getsockname()) as asks:
        asks.sendall(b"GET / HTTP/1.1\r\nHost: ")
        answers, _ = door.accept()
        late = threading.Timer(5, asks.shutdown, (socket.SHUT_WR,))
        late.start()
        assert answers.recv(100)
        with answers, pytest.raises(BlockingIOError):
            answers.recv(100)
        late.cancel()


def test_a_used_port_names_who_has_it_and_a_free_one(own: Configuration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "RELEASE_S", 0.0)
    with supervisor._port(own, Signals()) as door:
        assert door.getsockname() == ("127.0.0.1", own.port)
        with pytest.raises(EnvironmentFault) as refused, Signals() as signals, supervisor._port(own, signals):
            pass
    assert refused.value.rule == "run_port_used"
    assert refused.value.details["pid"] == os.getpid()
    free = refused.value.details["free"]
    assert own.port < free < own.port + 100
    assert f"make run PORT={free}" in refused.value.message()


def test_a_port_whose_user_is_hidden_is_told_all_the_same(own: Configuration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "net_connections", lambda _: [])
    assert supervisor._port_fault(own, OSError(98, "used")).rule == "run_port_used_by_somebody"


def test_a_port_that_was_just_released_is_waited_for(own: Configuration) -> None:
    """Who was killed a moment ago may still hold it."""
    held = socket.socket()
    held.bind(("127.0.0.1", own.port))
    held.listen()
    threading.Timer(0.3, held.close).start()
    with Signals() as signals, supervisor._port(own, signals) as door:
        assert door.getsockname()[1] == own.port


def test_a_low_port_and_a_foreign_address_are_sentences(own: Configuration, tmp_path: Path) -> None:
    refused = supervisor._port_fault(own, PermissionError(13, "denied"))
    assert (refused.rule, refused.details["free"] > 8000) == ("run_port_forbidden", True)
    foreign = settings(tmp_path, SUNDRY_HOST="192.0.2.1")
    with pytest.raises(EnvironmentFault) as told, Signals() as signals, supervisor._port(foreign, signals):
        pass
    assert told.value.rule == "run_host_not_here"


def test_own_addresses_are_for_others() -> None:
    assert all(address.count(".") == 3 and not address.startswith("127.") for address in supervisor.own_addresses())


class Health(http.server.BaseHTTPRequestHandler):
    """Says `status`, after `late_s`, and under which name it was asked."""

    status, late_s = 200, 0.0
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        time.sleep(self.late_s)
        self.asked.append(self.headers["Host"])
        self.send_response(self.status if self.path == "/health" else 404)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def idle() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "60"])
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize(("status", "hosts", "asked"), [(200, "*", "localhost"), (503, ".market.example", "market")])
def test_open_is_who_answers_well_under_its_name(
    tmp_path: Path, idle: subprocess.Popen[bytes], status: int, hosts: str, asked: str
) -> None:
    answers = type("Answers", (Health,), {"status": status, "late_s": 0.7, "asked": []})
    with http.server.HTTPServer(("127.0.0.1", 0), answers) as served, Signals() as signals:
        thread = threading.Thread(target=served.handle_request)
        thread.start()
        own = settings(tmp_path, SUNDRY_PORT=str(served.server_port), SUNDRY_ALLOWED_HOSTS=hosts)
        market = Market(own, Said())
        market.signals = signals
        assert market._is_open(idle) == (status == 200)
        thread.join()
    (name,) = answers.asked
    assert name.startswith(asked)


def test_who_does_not_listen_is_not_open(market: Market, idle: subprocess.Popen[bytes]) -> None:
    assert not market._is_open(idle)


def test_who_ends_before_the_first_page_has_not_opened(market: Market, idle: subprocess.Popen[bytes]) -> None:
    """The door is there, so the question waits; whoever would answer it has gone."""
    idle.kill()
    with supervisor._port(market.own, market.signals), pytest.raises(EnvironmentFault) as refused:
        market._is_open(idle)
    assert refused.value.rule == "run_not_open"


def test_while_nobody_answers_yet_it_can_be_stopped(market: Market, idle: subprocess.Popen[bytes]) -> None:
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
    with supervisor._port(market.own, market.signals), pytest.raises(Stopped):
        market._is_open(idle)
