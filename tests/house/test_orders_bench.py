"""The bench of orders beside other programs: their environments, what a driver says, and who is left out."""

from __future__ import annotations

import importlib
import io
import subprocess
import sys
import venv
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest
from rich.console import Console

from sundry.kernel.errors import EnvironmentFault, UsageError
from sundry.web import bench

bench._load(bench.BENCH / "orders.py")
orders, peers, rounds, environments = (
    importlib.import_module(name) for name in ("bench_orders", "_orders_peers", "_orders_round", "_environment")
)
QUIET = Console(quiet=True)
UNREACHABLE = b"WARNING: Retrying\nERROR: No matching distribution found for trytond==8.2.1\n\nnotice\n"


def test_a_peer_is_pinned_with_all_it_needs_and_none_of_it_is_ours() -> None:
    root = bench.BENCH.parent
    ours = "".join((root / name).read_text("utf-8") for name in ("requirements.lock", "pyproject.toml"))
    for peer in peers.PEERS:
        wanted = peers.requirements(peer)
        assert all(one.count("==") == 1 for one in wanted)
        assert len({one.partition("==")[0].lower() for one in wanted}) == len(wanted)
        assert (bench.BENCH / peer.driver).is_file()
        assert wanted[0].partition("==")[0] not in ours
    assert [peers.name_of(peer) for peer in peers.PEERS] == ["django-oscar 4.2.1", "trytond 8.2.1"]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """An empty cache folder, and what pip would have been asked."""
    asked: list[list[str]] = []
    monkeypatch.setenv("SUNDRY_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(venv, "create", lambda folder, **_: folder.mkdir(parents=True, exist_ok=True))
    monkeypatch.setattr(subprocess, "run", lambda command, **_: asked.append(command[6:]))
    return asked


def test_an_environment_is_made_once_and_anew_for_other_requirements(cache: list[list[str]], tmp_path: Path) -> None:
    for wanted in (("one==1", "two==1"), ("one==1", "two==1"), ("one==1", "two==2")):
        assert environments.environment(*wanted) == tmp_path / "bench" / "one-1" / "bin" / "python"
    assert cache == [["one==1", "two==1"], ["one==1", "two==2"]]


def test_no_peer_to_be_had_is_refused_before_anything_is_measured(
    cache: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(command: list[str], **_: Any) -> None:
        raise subprocess.CalledProcessError(1, command, stderr=UNREACHABLE)

    monkeypatch.setattr(subprocess, "run", failing)
    with pytest.raises(EnvironmentFault) as refused:
        orders.run(True, QUIET, {"peers": "yes"})
    told = str(refused.value)
    assert "The package index has to be within reach" in told
    assert "trytond 8.2.1: its packages could not be had: ERROR: No matching distribution found" in told


def test_one_peer_that_cannot_be_had_is_left_out_with_the_reason(
    cache: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(command: list[str], **_: Any) -> None:
        if "trytond==8.2.1" in command:
            raise subprocess.TimeoutExpired(command, 300)

    monkeypatch.setattr(subprocess, "run", failing)
    found, left_out = peers.pythons(QUIET)
    assert list(found) == ["_orders_oscar.py"]
    assert list(left_out) == ["trytond 8.2.1"]
    assert "no answer in 300 s" in left_out["trytond 8.2.1"]


def test_an_unknown_answer_to_the_setting_is_refused() -> None:
    with pytest.raises(UsageError):
        orders.run(True, QUIET, {"peers": "perhaps"})


def driver(script: str) -> Any:
    command, pipe = [sys.executable, "-c", script], subprocess.PIPE
    said = io.StringIO("Traceback\nNoShop: the shop did not open\n")
    clock = iter((10.0, 10.5, 11.0, 11.25))
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
    return peers.Driver("shop 1", "shop", process, said, lambda: next(clock))


def test_a_round_is_asked_in_a_line_and_answered_in_a_line() -> None:
    of = driver(
        "import json\nprint('{}', flush=True)\nfor n in (40, 30):\n"
        "    asked = json.loads(input())\n"
        "    assert [len(order) for order in asked['orders']] == [20, 20]\n"
        "    print(json.dumps({'client_s': 1.5 if asked['way'] == 'confirmed' else 0.75, 'statements': n}), flush=True)"
    )
    of.round(peers.some(Random(1), 2, (40, 50)))
    of.process.communicate()
    assert of.rounds == {"confirmed": [(1.0, 750.0, 250.0)], "placed": [(2.0, 375.0, 125.0)]}
    assert of.statements == 40
    figures = peers.figures([(60.0, 8.0, 8.0)], [of])["shop 1"]
    assert (figures["orders_per_core_second"], figures["ours_to_theirs"]) == (1.0, 60.0)
    assert (figures["only_placed_per_core_second"], figures["statements"]) == (2.0, 40)


@pytest.mark.parametrize("script", ["pass", "print('Welcome')"])
def test_a_peer_that_ends_or_says_something_else_is_told_with_its_last_words(script: str) -> None:
    of = driver(script)
    with pytest.raises(RuntimeError, match="shop 1 ended; it said last: NoShop: the shop did not open"):
        of.round(peers.some(Random(1), 1, (40, 50)))
    of.process.communicate()


def test_orders_of_a_peer_are_as_ours() -> None:
    (lines,) = peers.some(Random(1), 1, (40, 50))
    assert len({good for good, _ in lines}) == 20
    assert len({good // 50 for good, _ in lines}) == 5
    assert all(pieces % 12 == 0 and 12 <= pieces <= 1440 for _, pieces in lines)


def test_a_statement_is_counted_where_it_says_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psycopg.Cursor, "execute", lambda _, statement: statement)
    said = ["", " ", "BEGIN", "begin read only", "SELECT 1", "COMMIT", "SAVEPOINT one"]
    with rounds.listening() as sent:
        assert [psycopg.Cursor.execute(None, statement) for statement in said] == said  # type: ignore[arg-type]
    assert sent == ["SELECT 1", "SAVEPOINT one"]
