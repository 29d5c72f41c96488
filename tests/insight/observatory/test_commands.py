"""`sundry observatory`: pages in and figures out, by the command line."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from sundry.insight.observatory import queries, queries_figures
from sundry.insight.observatory.commands import FORMATS, handle
from sundry.insight.observatory.rules import State
from sundry.kernel.errors import EnvironmentFault, UnusableInput, UsageError
from sundry.web.cli import parser

pytestmark = pytest.mark.django_db(transaction=False)

PAGE = "本报讯 6月9日，记者从统计部门获悉，今年一季度，全市水产养殖产量3.4万吨，增长4.2%。\n"


def run(*words: str) -> tuple[int, dict[str, Any]]:
    arguments = parser().parse_args(["observatory", *words])
    assert isinstance(arguments, Namespace)
    outcome = handle(arguments, Console(quiet=True))
    assert isinstance(outcome.data, dict)
    return outcome.exit_code, outcome.data


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "lake.txt"
    file.write_text(PAGE, "utf-8")
    return file


def test_pages_are_imported_and_read_at_once(page: Path) -> None:
    code, told = run("import", str(page), "--issued", "2031-06-10")
    assert code == 0
    assert (told["read"], told["failed"], told["refused"]) == (1, 0, 0)
    assert told["pages"][0]["issued"] == "2031-06-10"
    (row,) = queries.pages()
    assert (row.name, row.state) == ("lake.txt", State.READ)
    assert json.dumps(told)  # plain values only


def test_the_home_may_be_named(page: Path) -> None:
    run("import", str(page), "--home", "350999:雾湖市")
    (row,) = queries.pages()
    view = queries.page(row.id, unpublished=True)
    assert view is not None
    assert (view.home_code, view.home_name) == ("350999", "雾湖市")


def test_a_file_that_is_no_page_is_told_and_the_others_are_read(page: Path, tmp_path: Path) -> None:
    picture = tmp_path / "photo.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    code, told = run("import", str(page), str(picture))
    assert code == 0
    assert [one["rule"] for one in told["problems"]] == ["observatory_file_not_text"]
    assert "photo.png" in told["problems"][0]["message"]


def test_the_same_page_again_is_told(page: Path) -> None:
    run("import", str(page))
    code, told = run("import", str(page))
    assert code == UnusableInput.exit_code
    assert [one["rule"] for one in told["problems"]] == ["observatory_file_known"]
    assert len(queries.pages()) == 1


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match=r"nothing\.txt"):
        run("import", str(tmp_path / "nothing.txt"))


def test_a_day_that_is_none(page: Path) -> None:
    with pytest.raises(UsageError, match="2031-02-30"):
        run("import", str(page), "--issued", "2031-02-30")


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_published_is_written(page: Path, tmp_path: Path, form: str) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    run("import", str(page), "--issued", "2031-06-10")
    out = tmp_path / "figures.out"
    code, told = run("export", "--format", form, "--out", str(out))
    assert code == 0
    assert told["bytes"] == out.stat().st_size > 0
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="figures"):
        run("export", "--out", str(tmp_path / "missing" / "figures.xlsx"))


def test_a_folder_in_the_place_of_the_file_is_told_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    out = tmp_path / "figures"
    out.mkdir()
    with pytest.raises(EnvironmentFault, match="figures"):
        run("export", "--out", str(out))
    assert list(tmp_path.iterdir()) == [out]


def test_without_a_home_the_town_is_that_of_the_page_before(page: Path, tmp_path: Path) -> None:
    run("import", str(page), "--home", "990182:麓泽市")
    other = tmp_path / "other.txt"
    other.write_text("本报讯 6月9日，全市地区生产总值31亿元。\n", "utf-8")
    run("import", str(other))
    assert queries_figures.latest_home().name == "麓泽市"


def test_what_an_older_reader_read_is_read_again(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("import", str(page))
    assert run("reread") == (0, {"pages": 0})
    monkeypatch.setattr("sundry.insight.observatory.actions.READER", 9)
    assert run("reread") == (0, {"pages": 1})
    assert run("reread") == (0, {"pages": 0})


def test_json_may_be_asked_for_before_and_after_the_task(tmp_path: Path) -> None:
    for words in (["observatory", "--json", "reread"], ["observatory", "reread", "--json"]):
        assert parser().parse_args(words).json
    assert not parser().parse_args(["observatory", "reread"]).json
