"""`sundry catalogue reindex`, called as the command line calls it."""

from __future__ import annotations

import argparse
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from sundry.engines.searching.generations import writers_lock
from sundry.engines.searching.port import WriterBusy
from sundry.goods.catalogue import commands, indexing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def apart(settings: Any, tmp_path: Path) -> None:
    settings.SUNDRY = replace(settings.SUNDRY, data_dir=tmp_path)


def run(*words: str) -> tuple[Any, str]:
    """What the command answers and prints."""
    parser = argparse.ArgumentParser()
    commands.register(parser.add_subparsers())
    arguments = parser.parse_args(["catalogue", "reindex", *words])
    assert arguments.needs_database
    printed = StringIO()
    return arguments.handler(arguments, Console(file=printed, width=80)), printed.getvalue()


@pytest.mark.parametrize(("language", "word"), [("en", "anew"), ("zh", "索引"), ("ar", "الفهرس")])
def test_an_index_is_made_anew(language: str, word: str) -> None:
    outcome, printed = run("--language", language)
    assert (outcome.exit_code, outcome.data["goods"]) == (0, 0)
    assert word in printed
    assert indexing.is_usable()


def test_another_writer_is_not_disturbed() -> None:
    with writers_lock(indexing.folder()), pytest.raises(WriterBusy) as busy:
        run()
    assert busy.value.exit_code == 1
