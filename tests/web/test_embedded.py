"""The embedded PostgreSQL: started, adopted, killed, shared, refused; on real servers, each of half a second."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from sundry.kernel.errors import EnvironmentFault
from sundry.web import embedded, logs
from sundry.web.embedded import Server, parameters, throwaway


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data folder that was created once, with a space in its name and a path that no socket could have."""
    with tempfile.TemporaryDirectory(prefix="sundry embedded ") as folder:
        data_dir = Path(folder) / ("a long name " * 8).strip() / "data"
        data_dir.mkdir(parents=True)
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("LC_ALL", "zh_CN.UTF-8")  # of a caller whose locale is not installed
            with throwaway(data_dir) as reached:
                ask(data_dir, "CREATE TABLE goods (name text)")
                assert reached == parameters(data_dir)
        yield data_dir


@pytest.fixture
def server(made: Path) -> Iterator[Server]:
    server = Server(made, lasting=False)
    yield server
    server.stop()
    assert not processes(made)


def ask(data_dir: Path, query: str) -> Any:
    with psycopg.connect(**parameters(data_dir).libpq(), autocommit=True) as asked:
        done = asked.execute(query.encode())
        return done.fetchone() if done.description else None


def processes(data_dir: Path) -> list[int]:
    """Every process of the server of `data_dir`: they all stand in its folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.name() == "postgres" and process.cwd() == str(data_dir.resolve() / "postgres"):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def test_it_starts_answers_and_leaves_nothing_behind(made: Path) -> None:
    server = Server(made, lasting=False)
    assert server.postmaster() is None
    server.start()
    assert ask(made, "SHOW server_encoding") == ("UTF8",)
    assert ask(made, "SELECT lower('ÄÖÜ')") == ("äöü",)
    assert ask(made, "SHOW listen_addresses") == ("",)
    assert (made / "postgres").stat().st_mode & 0o077 == 0
    assert server.socket.stat().st_mode & 0o077 == 0
    assert server.postmaster() in processes(made)
    server.stop()
    server.stop()
    assert not processes(made)
    assert not server.socket.exists()


def test_a_market_forgets_nothing_and_only_a_throwaway_server_is_careless(made: Path) -> None:
    for lasting, kept in ((True, "on"), (False, "off")):
        with Server(made, lasting=lasting).used():
            assert ask(made, "SHOW fsync") == (kept,)
            assert ask(made, "SHOW full_page_writes") == (kept,)


def test_a_server_that_was_left_running_is_adopted(server: Server) -> None:
    server.start()
    second = Server(server.data_dir)
    second.start()
    assert second.postmaster() == server.postmaster()
    second.stop()
    assert server.postmaster() is None


def test_after_kill_9_it_starts_with_what_was_saved(made: Path) -> None:
    server = Server(made)
    server.start()
    ask(made, "INSERT INTO goods VALUES ('cup')")
    pid = server.postmaster()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    # Nobody has waited for it: a zombie, whose pid stands in the file.
    while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    assert server.postmaster() is None
    assert (server.data / "postmaster.pid").exists()
    server.start()
    assert server.postmaster() not in (pid, None)
    assert ask(made, "SELECT count(*) FROM goods WHERE name = 'cup'") == (1,)
    server.stop()
    assert not processes(made)


def test_a_backend_that_outlives_its_server_is_ended_first(server: Server) -> None:
    """Busy in a loop, it does not notice; while it lives, PostgreSQL refuses to start on the same data."""
    server.start()
    busy = psycopg.connect(**parameters(server.data_dir).libpq())
    pid = busy.info.backend_pid

    def compute() -> None:
        with pytest.raises(psycopg.OperationalError):
            busy.execute("SELECT sum(a::numeric * a) FROM generate_series(1, 100000000) a")

    thread = threading.Thread(target=compute)
    thread.start()
    time.sleep(0.1)
    head = server.postmaster()
    assert head is not None
    os.kill(head, signal.SIGKILL)
    while server.postmaster():
        time.sleep(0.01)
    assert psutil.pid_exists(pid)
    server.start()
    thread.join()
    assert ask(server.data_dir, "SELECT 1") == (1,)


def test_a_pid_that_another_program_has_by_now_is_not_the_server(server: Server) -> None:
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")
    assert server.postmaster() is None
    server.start()
    assert server.postmaster() not in (os.getpid(), None)


@pytest.mark.parametrize("content", ["", "no number\n"])
def test_a_damaged_pid_file_is_no_server(server: Server, content: str) -> None:
    (server.data / "postmaster.pid").write_text(content)
    assert server.postmaster() is None
    server.start()


def test_a_server_that_does_not_stop_is_made_to(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stopped process takes no order but the last one."""
    monkeypatch.setattr(embedded, "STOP_S", 0.1)
    monkeypatch.setattr(embedded, "CUT_S", 0.1)
    server.start()
    pid = server.postmaster()
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    server.stop()
    assert server.postmaster() is None


def test_the_last_user_stops_it_and_no_other(made: Path) -> None:
    first, second = Server(made, lasting=False).used(), Server(made, lasting=False).used()
    first.__enter__()
    second.__enter__()
    pid = Server(made).postmaster()
    first.__exit__(None, None, None)
    assert Server(made).postmaster() == pid
    assert ask(made, "SELECT 1") == (1,)
    second.__exit__(None, None, None)
    assert Server(made).postmaster() is None


def test_users_that_come_and_go_at_once_never_lose_it(made: Path) -> None:
    def use(_: int) -> Any:
        with Server(made, lasting=False).used():
            return ask(made, "SELECT 1")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(use, range(24))) == [(1,)] * 24
    assert Server(made).postmaster() is None


def test_a_user_that_was_killed_holds_nothing(made: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from sundry.web.embedded import throwaway\n"
        "with throwaway(Path(sys.argv[1])): print('up', flush=True); time.sleep(60)"
    )
    user = subprocess.Popen([sys.executable, "-c", program, made], stdout=subprocess.PIPE, text=True)
    assert user.stdout is not None
    assert user.stdout.readline() == "up\n"
    user.kill()
    user.communicate()
    orphan = Server(made).postmaster()
    assert orphan
    with Server(made, lasting=False).used():
        assert Server(made).postmaster() == orphan
    assert Server(made).postmaster() is None


def test_a_start_that_is_broken_off_leaves_no_server(made: Path) -> None:
    def asked_to_stop(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Server(made, lasting=False, wait=asked_to_stop).used():
        pass
    assert not processes(made)


def test_a_server_that_cannot_start_says_why_and_where_more_stands(server: Server) -> None:
    settings = server.data / "postgresql.conf"
    whole = settings.read_text()
    settings.write_text("no such setting\n")
    try:
        with pytest.raises(EnvironmentFault) as refused:
            server.start()
    finally:
        settings.write_text(whole)
    assert refused.value.rule == "embedded_failed"
    assert "syntax error" in refused.value.message() or "FATAL" in refused.value.message()
    assert str(server.log) in refused.value.message()


def test_data_of_another_version_are_refused_untouched(server: Server) -> None:
    file = server.data / "PG_VERSION"
    ours = file.read_text()
    file.write_text("12\n")
    try:
        with pytest.raises(EnvironmentFault) as refused:
            server.start()
    finally:
        file.write_text(ours)
    assert refused.value.rule == "embedded_other_version"
    assert refused.value.details["made_by"] == "12"
    assert refused.value.details["ours"] == ours.strip()


def test_a_disk_that_is_nearly_full_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9 - 5_000_000, 5_000_000))
    with pytest.raises(EnvironmentFault) as refused:
        Server(tmp_path).start()
    assert refused.value.rule == "data_disk_nearly_full"
    assert refused.value.details["free_mb"] == 5
    assert not (tmp_path / "postgres").exists()


def test_a_disk_that_fills_while_it_is_made_leaves_nothing_half_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = f"initdb: error: could not write file: {os.strerror(errno.ENOSPC)}\n".encode()
    monkeypatch.setattr(embedded._Servant, "reaches", lambda *_: True)
    monkeypatch.setattr(embedded._Servant, "run", lambda *_: subprocess.CompletedProcess([], returncode=1, stdout=said))
    with pytest.raises(EnvironmentFault) as refused:
        Server(tmp_path).start()
    assert refused.value.rule == "data_disk_full"
    assert not list(tmp_path.glob("postgres*"))
    monkeypatch.undo()
    with throwaway(tmp_path):
        assert ask(tmp_path, "SELECT 1") == (1,)


def test_a_data_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFault) as refused, throwaway(tmp_path / "file" / "data"):
        pass
    assert refused.value.rule == "data_folder_unwritable"


def test_what_stands_where_the_socket_belongs_is_not_trusted(server: Server) -> None:
    server.socket.write_text("somebody else was here first")
    try:
        with pytest.raises(EnvironmentFault) as refused:
            server.start()
    finally:
        server.socket.unlink()
    assert refused.value.rule == "embedded_socket_taken"


def test_another_users_data_are_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(EnvironmentFault) as refused:
        server.start()
    assert refused.value.rule == "embedded_not_ours"


def test_root_says_what_to_do_where_nobody_can_reach_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", lambda *_, **__: None)
    monkeypatch.setattr(embedded._Servant, "reaches", lambda *_: False)
    with pytest.raises(EnvironmentFault) as refused:
        Server(tmp_path).start()
    assert refused.value.rule == "embedded_unreachable"
    assert "setpriv" in refused.value.message()
    assert [entry.name for entry in tmp_path.iterdir()] == ["logs"]


def test_a_servant_that_cannot_be_had_reaches_nothing(tmp_path: Path) -> None:
    assert not embedded._Servant(os.getuid(), os.getgid(), ("/no/such/setpriv",)).reaches(tmp_path)
    assert embedded._Servant(os.getuid(), os.getgid()).reaches(tmp_path)
    assert not embedded._Servant(os.getuid(), os.getgid()).reaches(tmp_path / "not there")


def test_a_missing_wheel_is_a_sentence(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(EnvironmentFault) as refused:
        server.start()
    assert refused.value.rule == "embedded_not_installed"


def test_a_log_that_has_grown_is_put_aside(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "BYTES_MAX", 3)
    server.log.write_bytes(b"old\n")
    server.start()
    assert server.log.with_name("postgres.log.1").read_bytes() == b"old\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become an ordinary user")
def test_an_ordinary_user_needs_nobody(made: Path) -> None:
    """The user may walk to this interpreter, and that is all that it has from root."""
    program = (
        "import os, sys; from pathlib import Path; from sundry.web import embedded\n"
        "with embedded.throwaway(Path(sys.argv[1])) as reached: print(os.geteuid(), reached.name)"
    )
    with tempfile.TemporaryDirectory(prefix="sundry-ordinary-") as folder:
        os.chown(folder, 65534, 65534)
        walker = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "--")
        become = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *walker)
        done = subprocess.run(
            [*become, sys.executable, "-c", program, folder], capture_output=True, text=True, check=False, cwd="/"
        )
    assert done.stdout == "65534 sundry\n", done.stderr
