"""The parts of a job: what is written for the pages is what they read, and is read once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sundry.goods.shipping import job_parts
from sundry.goods.shipping.job_files import parts_of_plan
from sundry.kernel.findings import Severity, error, note, warning


def test_every_line_of_the_book_has_its_place_in_the_plan(made: Any) -> None:
    read = job_parts.part(made.folder / "read" / "1", job_parts.LINES)
    planned = job_parts.part(parts_of_plan(made.folder / "plan" / "1"), job_parts.LINES)
    assert [line["row"] for line in planned] == [line["row"] for line in read]
    assert sum(line["loaded"] for line in planned) == made.plan_summary["cartons"]
    assert sum(line["ships"] for line in planned) == made.plan_summary["lines"]
    for line in planned:
        assert line["loaded"] + line["left"] == (line["cartons"] if line["ships"] else 0)


def test_the_parts_of_an_item_sum_to_it_and_name_their_cells(made: Any) -> None:
    forms = job_parts.part(parts_of_plan(made.folder / "plan" / "1"), job_parts.DECLARATIONS)
    assert sum(form["value_usd_cents"] for form in forms) == made.plan_summary["value_usd_cents"]
    for item in (item for form in forms for item in form["items"]):
        for figure in ("cartons", "pieces", "value_usd_cents"):
            assert sum(part[figure] for part in item["parts"]) == item[figure]
        assert all(part["cells"]["cartons"].endswith(str(part["row"])) for part in item["parts"])


def test_the_layers_of_a_container_hold_all_of_it(made: Any) -> None:
    for container in job_parts.part(parts_of_plan(made.folder / "plan" / "1"), job_parts.CONTAINERS):
        assert sum(layer["cartons"] for layer in container["layers"]) == container["cartons"]
        assert sum(group[2] for layer in container["layers"] for group in layer["groups"]) == container["cartons"]
        assert sum(line[3] for line in container["lines"]) == container["cartons"]


def test_the_view_is_told_once_for_all_languages_that_say_the_same(made: Any) -> None:
    view = job_parts.part(parts_of_plan(made.folder / "plan" / "1"), job_parts.VIEW)
    assert json.loads(view["containers"])
    assert "en" in view["lines"]
    others = [text for language, text in view["lines"].items() if language != "en"]
    assert view["lines"]["en"] not in others


def test_the_summary_fits_a_column_of_the_table(made: Any) -> None:
    assert json.loads(json.dumps(made.plan_summary)) == made.plan_summary
    assert made.plan_summary["rates"] == [["USDCNY", "7.1", "", ""]]
    assert made.read_summary["tables"] == 1
    assert not made.read_summary["header_missing"]


def test_the_worst_rows_are_shown_first() -> None:
    found = [note("a", sheet="S", row=1), warning("a", sheet="S", row=2), error("a", sheet="S", row=3), error("a")]
    assert job_parts.places_of([*found, error("b", sheet="S", row=1)]) == [("S", 3), ("S", 1), ("S", 2)]


def test_so_many_rows_are_shown_and_no_more() -> None:
    found = [error("a", sheet="S", row=row) for row in range(1, job_parts.ROWS_SHOWN_MAX + 10)]
    assert len(job_parts.places_of(found)) == job_parts.ROWS_SHOWN_MAX


def test_a_finding_comes_back_as_it_was(made: Any) -> None:
    told = job_parts.part(made.folder / "read" / "1", job_parts.FINDINGS)["findings"]
    finding = job_parts.finding_from(told[0])
    assert isinstance(finding.severity, Severity)
    assert finding.message("zh")


def test_a_part_is_parsed_once(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"x": 1}')
    first = job_parts.part(tmp_path, "a.json")
    assert job_parts.part(tmp_path, "a.json") is first


def test_a_folder_that_was_replaced_is_read_anew(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"x": 1}')
    assert job_parts.part(tmp_path, "a.json") == {"x": 1}
    (tmp_path / "b.json").write_text('{"x": 2}')
    (tmp_path / "b.json").rename(tmp_path / "a.json")
    assert job_parts.part(tmp_path, "a.json") == {"x": 2}


def test_what_is_not_there_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        job_parts.part(tmp_path, "a.json")


def test_no_more_is_kept_than_fits(tmp_path: Path) -> None:
    kept = job_parts._Kept(bytes_max=100)
    for name in "abc":
        (tmp_path / name).write_text(json.dumps("x" * 40))
    a = kept.get(tmp_path / "a")
    kept.get(tmp_path / "b")
    assert kept.get(tmp_path / "a") is a
    kept.get(tmp_path / "c")  # b is the one that nobody asked for
    assert kept.get(tmp_path / "a") is a
    (tmp_path / "large").write_text(json.dumps("x" * 200))
    assert kept.get(tmp_path / "large") == "x" * 200
    assert kept.get(tmp_path / "a") is a
