"""`sundry sample` and `sundry simulate`, called as the command line calls them."""

from __future__ import annotations

import argparse
import dataclasses
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from sundry.base.access.rules import Actor
from sundry.base.parties import actions
from sundry.base.parties.rules import Address
from sundry.goods.catalogue import bulk, indexing
from sundry.kernel.errors import UsageError
from sundry.simulation import commands, sample_market, sample_shelves
from sundry.simulation.market import Market, loading


def run(*words: str, command: str = "sample") -> tuple[dict[str, Any], list[str]]:
    """What the command answers and prints."""
    parser = argparse.ArgumentParser()
    commands.register(parser.add_subparsers())
    arguments = parser.parse_args([command, *words])
    assert arguments.needs_database
    printed = StringIO()
    outcome = arguments.handler(arguments, Console(file=printed, width=400))
    assert outcome.exit_code == 0
    return outcome.data, printed.getvalue().splitlines()


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often search is told; making an index is tested where it is done."""
    calls: list[str] = []
    monkeypatch.setattr(sample_shelves, "tell_search", lambda: calls.append("told"))
    return calls


def test_the_sample_is_made_kept_and_made_anew(db: None, told: list[str]) -> None:
    data, printed = run()
    assert printed == ["Made: 42."]
    assert len(data["made"]) == 42
    assert run()[1] == ["There already, and left as they are: 42."]
    assert told == ["told"], "search is told once, when goods came"
    data, printed = run("--reset", "--language", "zh")
    assert printed == ["删除：16 项。", "新建：19 项。", "已有并保留：23 项。"]
    assert (len(data["removed"]), len(data["made"]), len(data["kept"])) == (16, 19, 23)


def test_what_could_not_be_made_is_said(db: None) -> None:
    actions.register_person(actor=Actor(), address=Address(email="buyer.member@market.example"), name="Visitor")
    data, printed = run()
    assert "Omar Nasser could not be made: Somebody is signed up" in printed[1]
    assert data["left_out"][0] == {"name": "Omar Nasser", "rule": "address_taken"}


def test_a_real_market_is_not_filled_with_invented_people(db: None, settings: Any) -> None:
    settings.SUNDRY = dataclasses.replace(settings.SUNDRY, market="real")
    with pytest.raises(UsageError, match="SUNDRY_MARKET=real"):
        run("--reset")
    assert sample_market.is_empty()


@pytest.fixture
def indexed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often the index was made anew, by how many goods were on show."""
    made: list[int] = []
    monkeypatch.setattr(indexing, "rebuild", lambda progress: made.append(bulk.on_show()))
    monkeypatch.setattr(commands, "_is_searchable", lambda: bool(made))
    return made


def simulate(*words: str) -> tuple[dict[str, Any], list[str]]:
    return run("market", "--goods", "60", "--stalls", "3", *words, command="simulate")


def test_a_market_is_simulated_once(db: None, tmp_path: Path, settings: Any, indexed: list[int]) -> None:
    settings.FILES_DIR = tmp_path
    data, printed = simulate("--seed", "3")
    assert (data["goods"], data["stalls"], data["seed"], data["before"], data["loaded"]) == (60, 3, 3, 0, 60)
    assert printed[0].startswith("The simulated market is there: goods 60, stalls 3, seed 3. Loaded now: 60, seconds ")
    (on_show,) = indexed
    assert 50 < on_show <= 60
    data, printed = simulate("--seed", "3", "--language", "es")
    assert (data["before"], data["loaded"], len(indexed)) == (60, 0, 1)
    assert printed == ["Este mercado simulado (artículos 60, puestos 3, semilla 3) ya existía. No se cambió nada."]


def test_an_index_that_was_not_finished_is_made_by_the_next_run(
    db: None, tmp_path: Path, settings: Any, indexed: list[int]
) -> None:
    settings.FILES_DIR = tmp_path
    loading.load(Market(60, 3, 3))
    assert simulate("--seed", "3")[0]["loaded"] == 0
    assert len(indexed) == 1


def test_who_stops_it_hears_how_far_it_came(
    db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(market: Market, progress: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "load", stopped)
    with pytest.raises(KeyboardInterrupt):
        simulate()
    assert capsys.readouterr().err.startswith("Stopped: 0 of 60 goods are there.")


@pytest.mark.parametrize("words", [["--goods", "0"], ["--stalls", "61"], ["--seed", "-1"]])
def test_numbers_that_give_no_market_are_refused(words: list[str]) -> None:
    with pytest.raises(UsageError, match="No market can be made"):
        simulate(*words)


def test_a_real_market_is_not_filled_with_invented_goods(settings: Any) -> None:
    settings.SUNDRY = dataclasses.replace(settings.SUNDRY, market="real")
    with pytest.raises(UsageError, match="No invented stalls"):
        simulate()
