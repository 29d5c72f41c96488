"""`sundry catalogue reindex` and `halls`, called as the command line calls them."""

from __future__ import annotations

import argparse
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook
from rich.console import Console

from sundry.base.access.models import AuditEntry
from sundry.engines.searching.generations import writers_lock
from sundry.engines.searching.port import WriterBusy
from sundry.goods.catalogue import commands, indexing
from sundry.goods.catalogue.models import Hall
from sundry.kernel.errors import EnvironmentFault, UnusableInput

pytestmark = pytest.mark.django_db

NOTHING: dict[str, Any] = {"changed": [], "same": [], "findings": []}


@pytest.fixture(autouse=True)
def apart(settings: Any, tmp_path: Path) -> None:
    settings.SUNDRY = replace(settings.SUNDRY, data_dir=tmp_path)


def run(*words: str, task: str = "reindex") -> tuple[Any, str]:
    """What the command answers and prints."""
    parser = argparse.ArgumentParser()
    commands.register(parser.add_subparsers())
    arguments = parser.parse_args(["catalogue", task, *words])
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


def test_halls_are_opened_from_a_sheet_all_or_none(tmp_path: Path) -> None:
    file = tmp_path / "halls.csv"

    def put(text: str, *words: str) -> tuple[int, Any, str]:
        file.write_text(text, "utf-8-sig")
        outcome, printed = run(str(file), *words, task="halls")
        return outcome.exit_code, outcome.data, printed

    two = "code,name_zh,name_en,trade_en\n9,九区,Hall 9,Toys\nE-1,,East,\n"
    code, data, printed = put(two, "--preview")
    assert (code, data["written"], data["new"]) == (0, False, ["9", "E-1"])
    assert "nothing was written" in printed
    assert not Hall.objects.exists()
    assert put(two)[:2] == (0, {"file": "halls.csv", "written": True, "new": ["9", "E-1"], **NOTHING})
    code, data, printed = put("code,name_zh,name_ru\nW-1,西,\n9,,Корпус 9\nE-1,,\n", "--language", "ru")
    assert (code, data["written"], len(data["findings"])) == (3, False, 1)
    assert "Строка 4, столбец B" in printed
    with CaptureQueriesContext(connection) as asked:
        code, data, _ = put("code,name_zh,name_ru\nW-1,西,\n9,九区,Корпус 9\nE-1,,Восток\n")
    assert len(asked) <= 7  # a lock, what is there, the last place, what is written and its entry; a transaction
    assert (data["new"], data["changed"], data["same"]) == (["W-1"], ["9", "E-1"], [])
    told = {row.code: (row.position, row.names, row.trade) for row in Hall.objects.all()}
    assert told["9"] == (0, {"zh": "九区", "en": "Hall 9", "ru": "Корпус 9"}, {"en": "Toys"})
    assert (told["W-1"][0], told["E-1"][1]) == (2, {"en": "East", "ru": "Восток"})
    assert put("code,name_en\n9,Hall 9\n")[1]["same"] == ["9"]
    assert AuditEntry.objects.filter(object_kind="hall").count() == 2


def test_halls_come_from_a_workbook_too_and_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["code", "name_en"])
    book.active.append([7, "Hall 7"])
    book.save(tmp_path / "halls.xlsx")
    outcome, _ = run(str(tmp_path / "halls.xlsx"), task="halls")
    assert outcome.data["new"] == ["7"]
    for name, content in (("none.csv", None), ("empty.csv", b""), ("page.pdf", b"%PDF-1.7")):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(UnusableInput) as refused:
            run(str(tmp_path / name), task="halls")
        assert refused.value.exit_code == 3
    with pytest.raises(EnvironmentFault):
        run(str(tmp_path), task="halls")
