"""`sundry run`, whole: one market that is started, hurt in every way, and stopped; the tests follow each other.

In order, because a start takes seconds: each test takes the market as the one before has left it, and leaves it open.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from sundry.web import run, serve
from sundry.web.configuration import LOOPBACK, Misconfigured, configuration
from sundry.web.embedded import Server, parameters

ROOT = Path(__file__).resolve().parents[2]
MEMORY_MB_MAX = 400
SUNDRY = (sys.executable, "-m", "sundry.web.cli")
SENDS = {"SUNDRY_OUTBOX": "smtp", "SUNDRY_SMTP_URL": "smtp://mail.example"}  # a real market must


class Running:
    """A `sundry run` in a process group of its own, as make and a terminal start it, and what it says."""

    def __init__(self, data_dir: Path, port: int, *arguments: str) -> None:
        self.data_dir, self.port = data_dir, port
        self.begun = time.monotonic()
        self.process = subprocess.Popen(
            [*SUNDRY, "run", "--port", str(port), *arguments],
            env=environment(data_dir),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def wait_for(self, text: str, times: int = 1) -> float:
        """Seconds since the start when `text` had been said so often."""
        wait(lambda: self.said.count(text) >= times or self.process.poll() is not None)
        assert self.said.count(text) >= times, self.said
        return time.monotonic() - self.begun

    def end(self) -> int:
        code = self.process.wait(30)
        self.reader.join(5)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code

    def part(self, *words: str) -> psutil.Process:
        """The eldest process whose command line has these words; who ends while it is asked is none."""
        found = []
        for process in alive(self.data_dir):
            with suppress(psutil.Error, FileNotFoundError):
                if all(word in process.cmdline() for word in words):
                    found.append((process.create_time(), process))
        return min(found, key=lambda one: one[0])[1]

    def is_healthy(self) -> bool:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            asked.request("GET", "/health")
            return asked.getresponse().status == 200
        except OSError:
            return False
        finally:
            asked.close()


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL" and name[:7] != "SUNDRY_"}
    return kept | {"SUNDRY_DATA_DIR": str(data_dir), "SUNDRY_SAMPLE_GOODS": "0"} | more


def wait(done: Callable[[], Any], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not done() and time.monotonic() < until:
        time.sleep(0.05)


def alive(data_dir: Path) -> list[psutil.Process]:
    """Every living process that was told of `data_dir`, or whose work it is; zombies are none."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, FileNotFoundError):
            told = process.environ().get("SUNDRY_DATA_DIR") == str(data_dir) or process.cwd() == f"{data_dir}/postgres"
            if told and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def names(data_dir: Path) -> set[str]:
    """What is alive there is called; who ends while it is asked is not alive."""
    found = set()
    for process in alive(data_dir):
        with suppress(psutil.Error, FileNotFoundError):
            found.add(process.name())
    return found


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def sundry(data_dir: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SUNDRY, *arguments], env=environment(data_dir, **more), capture_output=True, text=True, check=False
    )


def ask(data_dir: Path, query: str) -> Any:
    with psycopg.connect(**parameters(data_dir).libpq(), autocommit=True) as asked:
        done = asked.execute(query.encode())
        return done.fetchone() if done.description else None


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data_dir = tmp_path_factory.mktemp("a market") / "data"
    running = Running(data_dir, free_port())
    running.wait_for("Ctrl-C stops it")
    yield running
    for process in alive(data_dir):
        process.kill()
    running.end()


def test_it_opens_and_says_where(market: Running) -> None:
    assert market.is_healthy()
    for said in (f"http://127.0.0.1:{market.port}\n", "/outbox", str(market.data_dir), "/data/logs"):
        assert said in market.said
    assert {file.name for file in market.data_dir.iterdir()} >= {"logs", "postgres", "run", "secret-key", "static"}
    assert (market.data_dir / "static" / "staticfiles.json").is_file()


def test_it_is_small(market: Running) -> None:
    """Proportional set size: what two processes share counts once."""
    used_mb = {}
    for process in alive(market.data_dir):
        with suppress(psutil.Error, FileNotFoundError):  # PostgreSQL's helpers come and go
            used_mb[process.pid] = process.memory_full_info().pss / 1e6
    assert sum(used_mb.values()) < MEMORY_MB_MAX


def test_its_logs_are_lines_of_json(market: Running) -> None:
    for part in ("web", "worker"):
        lines = [json.loads(line) for line in (market.data_dir / "logs" / f"{part}.log").read_text().splitlines()]
        assert {"at", "level", "from", "said"} <= set(lines[0])
    assert market.data_dir.joinpath("logs", "web.log").stat().st_mode & 0o077 == 0


def test_a_second_one_on_the_same_data_says_where_the_first_is(market: Running) -> None:
    done = sundry(market.data_dir, "run", "--port", str(free_port()), "--json")
    told = json.loads(done.stdout)["error"]
    assert (done.returncode, told["rule"]) == (1, "run_already")
    assert f"http://127.0.0.1:{market.port} (process {market.process.pid})" in told["message"]


def test_another_market_on_the_same_port_says_who_has_it(market: Running, tmp_path: Path) -> None:
    done = sundry(tmp_path, "run", "--port", str(market.port), "--json")
    assert (done.returncode, json.loads(done.stdout)["error"]["rule"]) == (1, "run_port_used")
    assert not alive(tmp_path)
    assert not (tmp_path / "postgres").exists()


def test_another_command_joins_and_leaves_the_server_as_it_was(market: Running) -> None:
    assert "Loading the sample ..." in market.said
    server = Server(market.data_dir).postmaster()
    done = sundry(market.data_dir, "sample", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["made"], told["left_out"]) == (0, [], [])
    assert len(told["kept"]) > 5
    assert Server(market.data_dir).postmaster() == server
    assert market.is_healthy()


def test_a_server_that_dies_is_forked_anew_without_a_word(market: Running) -> None:
    arbiter = market.part("sundry.web.serve")
    (before,) = arbiter.children()
    before.kill()
    wait(lambda: [child.pid for child in arbiter.children() if child.pid != before.pid] and market.is_healthy())
    assert market.is_healthy()
    assert "web has ended" not in market.said


@pytest.mark.parametrize(("proxy", "believed"), [("no", []), ("yes", ["*"])])
def test_gunicorn_lets_nobody_tell_it_of_paths_and_only_a_proxy_tell_it_of_https(
    tmp_path: Path, proxy: str, believed: list[str]
) -> None:
    own = configuration({"SUNDRY_DATA_DIR": str(tmp_path), "SUNDRY_BEHIND_PROXY": proxy})
    told = serve.Pages(own, 3).cfg
    assert (told.forwarder_headers, told.forwarded_allow_ips) == ([], believed)


def test_a_market_may_use_the_server_of_another_one(market: Running, tmp_path: Path) -> None:
    url = f"postgresql://sundry@/sundry?host={parameters(market.data_dir).host}"
    done = sundry(tmp_path, "migrate", "--json", DATABASE_URL=url, **SENDS)
    assert (done.returncode, done.stdout) == (0, '{"migrated":true}\n'), done.stderr
    assert not (tmp_path / "postgres").exists()
    assert Server(market.data_dir).postmaster()


def test_who_serves_can_take_nothing_out_of_the_ledger(market: Running) -> None:
    program = """
import django, sys; django.setup()
from django.db import ProgrammingError, connection as market
market.cursor().execute("DELETE FROM web_cache")
print(*market.cursor().execute("SELECT current_user").fetchone())
for query in sys.argv[1:]:
    try:
        market.cursor().execute(query)
    except ProgrammingError as refused:
        print(refused)
"""
    queries = ("DELETE FROM ledger_event", "UPDATE ledger_transfer SET amount = 1", "TRUNCATE ledger_account")
    env = environment(market.data_dir, DJANGO_SETTINGS_MODULE="sundry.web.settings")
    command = [sys.executable, "-c", program, *queries]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    denied = [f"permission denied for table {table}" for table in ("ledger_event", "ledger_transfer", "ledger_account")]
    assert done.stdout.splitlines() == ["sundry_app", *denied], done.stderr


def test_a_user_of_the_database_who_may_not_make_the_role_is_told_what_to_ask_for(
    market: Running, tmp_path: Path
) -> None:
    ask(market.data_dir, "CREATE ROLE modest LOGIN")
    ask(market.data_dir, "CREATE DATABASE modest")
    url = f"postgresql://modest@/modest?host={parameters(market.data_dir).host}"
    wanted = "GRANT sundry_app TO modest;"
    for right, owned in (("schema public", "ALTER DATABASE modest OWNER TO modest"), ("role", wanted)):
        refused = sundry(tmp_path, "migrate", "--json", DATABASE_URL=url, **SENDS)
        assert refused.returncode == 1
        error = json.loads(refused.stdout)["error"]
        assert error["rule"] == "database_rights_missing"
        assert right in error["message"]
        assert wanted in error["message"]
        ask(market.data_dir, owned)
    for _ in range(2):
        done = sundry(tmp_path, "migrate", "--json", DATABASE_URL=url, **SENDS)
        assert (done.returncode, done.stdout) == (0, '{"migrated":true}\n'), done.stderr
        with psycopg.connect(**parameters(market.data_dir).libpq() | {"dbname": "modest"}) as restored:
            restored.execute("DROP OWNED BY sundry_app")  # a copy on another server knows nothing of the role's rights
    verified = sundry(tmp_path, "ledger", "verify", "--json", DATABASE_URL=url, **SENDS)
    assert verified.returncode == 0, verified.stderr


def test_a_killed_web_comes_back(market: Running) -> None:
    market.part("sundry.web.serve").kill()
    market.wait_for("web has ended unexpectedly (code -9)")
    wait(market.is_healthy)
    assert market.is_healthy()


def test_a_killed_worker_comes_back_and_takes_up_what_was_left_undone(market: Running) -> None:
    """Of four jobs one is done now, one has killed its worker too often, and one of the two alike is enough."""
    job = "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts, queueing_lock, scheduled_at)"
    for values in (
        """'outbox.tidy', '{"timestamp": 0}', 'doing', 0, NULL, NULL""",
        "'deadly', '{}', 'doing', 2, NULL, NULL",
        "'alike', '{}', 'doing', 0, 'one', NULL",
        "'alike', '{}', 'todo', 0, 'one', '2999-01-01'",
    ):
        ask(market.data_dir, f"{job} VALUES ('default', {values})")
    market.part("sundry.web.worker").kill()
    market.wait_for("worker has ended unexpectedly (code -9)")
    of_ours = "FROM procrastinate_jobs WHERE task_name IN ('outbox.tidy', 'deadly', 'alike')"
    wait(lambda: ask(market.data_dir, f"SELECT count(*) {of_ours}") == (2,))
    left = f"SELECT array_agg(task_name || ' ' || status::text ORDER BY task_name) {of_ours}"
    assert ask(market.data_dir, left) == (["alike todo", "deadly failed"],)


def test_a_killed_database_comes_back(market: Running) -> None:
    server = Server(market.data_dir)
    before = server.postmaster()
    assert before is not None
    ask(market.data_dir, "CREATE TABLE kept AS SELECT 42 AS figure")
    os.kill(before, signal.SIGKILL)
    market.wait_for("The database has ended unexpectedly")
    wait(lambda: server.postmaster() not in (None, before) and market.is_healthy())
    assert market.is_healthy()
    assert ask(market.data_dir, "SELECT figure FROM kept") == (42,)
    wait(lambda: market.part("sundry.web.worker").is_running())


def test_killed_itself_it_takes_web_and_worker_with_it_and_the_next_start_adopts_the_rest(market: Running) -> None:
    market.process.kill()
    market.end()
    wait(lambda: names(market.data_dir) == {"postgres"}, 10)
    assert names(market.data_dir) == {"postgres"}
    left = Server(market.data_dir).postmaster()

    market.__init__(market.data_dir, market.port)  # type: ignore[misc]
    market.wait_for("Ctrl-C stops it")
    assert Server(market.data_dir).postmaster() == left
    assert ask(market.data_dir, "SELECT figure FROM kept") == (42,)


def test_ctrl_c_leaves_nothing_running(market: Running) -> None:
    """As a terminal does it: the signal goes to the whole group."""
    os.killpg(market.process.pid, signal.SIGINT)
    assert market.end() == 128 + signal.SIGINT
    assert "Stopping ..." in market.said
    assert market.lines[-1] == f"Stopped. The data stay in {market.data_dir}."
    assert "Traceback" not in market.said
    assert not alive(market.data_dir)
    assert not Path(parameters(market.data_dir).host).exists()


def test_a_command_alone_starts_the_database_and_stops_it(market: Running) -> None:
    done = sundry(market.data_dir, "migrate", "--json")
    assert (done.returncode, done.stdout) == (0, '{"migrated":true}\n'), done.stderr
    assert not alive(market.data_dir)


def test_stopped_while_it_starts_it_leaves_nothing_running(market: Running) -> None:
    starting = Running(market.data_dir, market.port, "--json")
    wait(lambda: Server(market.data_dir).postmaster())
    starting.process.send_signal(signal.SIGTERM)
    assert starting.end() == 128 + signal.SIGTERM
    assert json.loads(starting.lines[-1])["stopped_by"] == "SIGTERM"
    assert not alive(market.data_dir)


def test_a_database_that_cannot_be_reached_opens_nothing(tmp_path: Path) -> None:
    done = sundry(
        tmp_path, "run", "--port", str(free_port()), **SENDS, DATABASE_URL="postgresql://u:sesame@127.0.0.1:1/m"
    )
    assert done.returncode == 1
    said = " ".join(done.stderr.split())
    assert "postgresql://u:...@127.0.0.1:1/m cannot be reached" in said
    assert "The market did not open" in said
    assert "sesame" not in said
    assert "Traceback" not in said


def test_wrong_settings_are_told_at_once_and_nothing_is_made(tmp_path: Path) -> None:
    done = sundry(tmp_path / "new", "run", "--port", "no", SUNDRY_MARKET="reel", SUNDRY_PROT="1")
    assert done.returncode == 64
    assert [word in done.stderr for word in ("SUNDRY_PORT=no", "SUNDRY_MARKET=reel", "SUNDRY_PROT")] == [True] * 3
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_hands_over_the_port_and_becomes_the_one_that_watches() -> None:
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    make = ["make", "-n", "run", "PORT=8001"]
    lines = subprocess.run(make, cwd=ROOT, env=alone, capture_output=True, text=True, check=True)
    assert lines.stdout.splitlines()[-1].split() == ["exec", ".venv/bin/sundry", "run", "--port", "8001"]


def given(**arguments: str | None) -> argparse.Namespace:
    return argparse.Namespace(**{"port": None, "host": None} | arguments)


def test_the_command_line_goes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUNDRY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SUNDRY_PORT", "8001")
    assert run.configured(given()).port == 8001
    own = run.configured(given(port="8002", host="::1"))
    assert (own.port, own.host, own.address) == (8002, "::1", "http://[::1]:8002")
    with pytest.raises(Misconfigured):
        run.configured(given(port="0"))


def test_who_listens_everywhere_answers_to_its_own_addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A phone in the same network asks for 192.168.1.5; nobody has to name that twice."""
    monkeypatch.setenv("SUNDRY_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("sundry.web.supervisor.own_addresses", lambda: ["192.168.1.5"])
    assert run.configured(given(host="0.0.0.0")).allowed_hosts == (*LOOPBACK, "192.168.1.5")
    monkeypatch.setenv("SUNDRY_ALLOWED_HOSTS", "market.example")
    assert run.configured(given(host="0.0.0.0")).allowed_hosts == ("market.example",)
