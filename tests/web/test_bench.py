"""The bench harness: what it finds, runs, records and shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from sundry.kernel.errors import EnvironmentFault, UsageError
from sundry.web import bench, cli

COUNTING = '''"""Counts to a limit.

More words.
"""


def run(quick, console):
    console.print("counting")
    return {"steps": 10 if quick else 12345, "ratio": 0.123456, "peer": {"seconds": 2.0}, "note": "none"}
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "counting.py").write_text(COUNTING, "utf-8")
    (tmp_path / "_shared.py").write_text("", "utf-8")
    monkeypatch.setattr(bench, "BENCH", tmp_path)
    return tmp_path


def handle(*argv: str) -> dict[str, object]:
    arguments = cli.parser().parse_args(["bench", *argv])
    data = bench.handle(arguments, Console(quiet=True)).data
    assert data is not None
    return data


def test_benches_are_the_files_of_the_folder(folder: Path) -> None:
    assert handle("--list") == {"benches": [{"name": "counting", "about": "Counts to a limit."}]}


def test_a_name_of_two_words_has_a_hyphen(folder: Path) -> None:
    (folder / "counting_twice.py").write_text(COUNTING, "utf-8")
    assert handle("counting-twice")["bench"] == "counting-twice"
    assert (folder / "results" / "counting-twice.json").is_file()


def test_a_quick_run_is_not_recorded(folder: Path) -> None:
    result = handle("counting", "--quick")
    assert result["figures"] == {"steps": 10, "ratio": 0.123456, "peer": {"seconds": 2.0}, "note": "none"}
    assert not (folder / "results").exists()
    assert not (folder / "README.md").exists()


def test_a_full_run_is_recorded_and_shown(folder: Path) -> None:
    result = handle("counting")
    assert json.loads((folder / "results" / "counting.json").read_text("utf-8")) == result
    page = (folder / "README.md").read_text("utf-8")
    assert "## counting\n\nCounts to a limit.\n\n`sundry bench counting`, " in page
    assert "| steps | 12,345 |\n| ratio | 0.1235 |\n| peer.seconds | 2 |\n| note | none |\n" in page


def test_settings_reach_a_bench_that_has_some_and_are_not_the_run_that_is_recorded(folder: Path) -> None:
    (folder / "_limits.py").write_text('LIMIT = "what it counts to"\n', "utf-8")
    (folder / "reaching.py").write_text(
        "from _limits import LIMIT\n\n"
        'SETTINGS = {"limit": LIMIT}\n\n\ndef run(quick, console, settings):\n    return {"given": dict(settings)}\n',
        "utf-8",
    )
    result = handle("reaching", "--with", "limit=7")
    assert result["figures"] == {"given": {"limit": "7"}}
    assert result["command"] == "sundry bench reaching --with limit=7"
    assert not (folder / "results").exists()
    assert handle("reaching")["figures"] == {"given": {}}
    assert (folder / "results" / "reaching.json").exists()


@pytest.mark.parametrize("setting", ["limit=7", "limit"])
def test_an_unknown_setting_is_refused(folder: Path, setting: str) -> None:
    with pytest.raises(UsageError, match=rf"{setting} is no setting of the bench counting"):
        handle("counting", "--with", setting)


def test_all_runs_every_one(folder: Path) -> None:
    (folder / "another.py").write_text(COUNTING, "utf-8")
    results = handle("--all", "--quick")["benches"]
    assert isinstance(results, list)
    assert [result["bench"] for result in results] == ["another", "counting"]


def test_the_machine_is_described_without_its_name() -> None:
    facts = bench.machine()
    assert set(facts) == {"cpu", "cores", "memory_gib", "system", "python", "load_before"}
    assert facts["cores"] >= 1


def test_an_unknown_bench_names_those_there_are(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"no bench named nothing.*counting"):
        handle("nothing")


def test_no_name_says_what_to_type(folder: Path) -> None:
    with pytest.raises(UsageError, match="sundry bench --list"):
        handle()


def test_without_the_repository_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "BENCH", tmp_path / "site-packages" / "bench")
    with pytest.raises(EnvironmentFault, match="installed without it"):
        handle("--list")


def test_the_page_shows_the_recorded_results() -> None:
    assert (bench.BENCH / "README.md").read_text("utf-8") == bench.readme(bench.BENCH)
