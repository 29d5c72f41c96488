"""`sundry sample`, called as the command line calls it."""

from __future__ import annotations

import argparse
import dataclasses
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from sundry.base.access.rules import Actor
from sundry.base.parties import actions
from sundry.base.parties.rules import Address
from sundry.kernel.errors import UsageError
from sundry.simulation import commands, sample_market, sample_shelves


def run(*words: str) -> tuple[dict[str, Any], list[str]]:
    """What the command answers and prints."""
    parser = argparse.ArgumentParser()
    commands.register(parser.add_subparsers())
    arguments = parser.parse_args(["sample", *words])
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
    assert printed == ["Made: 40."]
    assert len(data["made"]) == 40
    assert run()[1] == ["There already, and left as they are: 40."]
    assert told == ["told"], "search is told once, when goods came"
    data, printed = run("--reset", "--language", "zh")
    assert printed == ["删除：15 项。", "新建：17 项。", "已有并保留：23 项。"]
    assert (len(data["removed"]), len(data["made"]), len(data["kept"])) == (15, 17, 23)


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
