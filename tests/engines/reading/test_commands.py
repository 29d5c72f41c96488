"""`sundry read` as it is typed: one page, several, and what is no page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sundry.engines.reading.commands import BYTES_MAX, home_named
from sundry.engines.reading.reader import LONGEST
from sundry.kernel.errors import UsageError
from sundry.web.cli import main

PAGE = """\
青禾一季度交出稳健答卷

本报讯 昨日，记者从市统计局获悉，一季度，全市完成地区生产总值412.6亿元，同比增长5.9%。

本报讯 5月17日，青禾2031春茶节开幕。
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.txt"
    file.write_text(PAGE, "utf-8")
    return file


def told(capsys: pytest.CaptureFixture[str], *argv: str | Path) -> tuple[int, list[dict[str, Any]]]:
    """The exit code of `sundry read ... --json`, and its lines."""
    code = main(["read", *map(str, argv), "--json"])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert said.out.endswith("\n")
    return code, [json.loads(line) for line in said.out.splitlines()]


def test_the_day_is_inferred_with_its_reason(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, (data,) = told(capsys, page)
    assert (code, data["page"], data["home"]) == (0, "page.txt", "330782")
    assert data["issued"]["day"] == "2031-05-18"
    assert "speaks of yesterday" in data["issued"]["reason"]
    spans = [PAGE[start:end] for start, end in data["issued"]["spans"]]
    assert any("5月17日" in words for words in spans)


def test_a_given_day_and_town_count(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, (data,) = told(capsys, page, "--issued", "2029-05-18", "--home", "350999:青禾市", "--language", "zh")
    gdp = next(one for one in data["statements"] if one["value"] == 412.6)
    assert (gdp["period"], gdp["region_code"], gdp["subject"]) == ("2029-Q1", "350999", "青禾市")
    assert data["issued"] == {"day": "2029-05-18", "reason": "日期由使用者指定。", "spans": []}


def test_several_pages_are_a_line_each(page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7\n")
    code, lines = told(capsys, page, tmp_path / "scan.pdf", page)
    assert code == 0
    assert [line["page"] for line in lines] == ["page.txt", "scan.pdf", "page.txt"]
    assert lines[1]["error"]["rule"] == "reading_is_pdf"
    assert lines[0] == lines[2]


def test_several_of_which_none_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = told(capsys, tmp_path / "one.txt", tmp_path / "two.txt")
    assert code == 3
    assert {line["error"]["rule"] for line in lines} == {"reading_file_unreadable"}


def test_a_page_in_gb18030_is_read_alike(page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.txt"
    other.write_bytes(PAGE.encode("gb18030"))
    _, (one, two) = told(capsys, page, other)
    assert one | {"page": "other.txt"} == two


BAD: dict[str, tuple[bytes, str]] = {
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(900), "reading_not_text"),
    "a PDF": (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3", "reading_is_pdf"),
    "too many bytes": (b"a" * (BYTES_MAX + 1), "reading_file_too_large"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_page_ends_with_3(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, rule = BAD[name]
    (tmp_path / "bad.txt").write_bytes(data)
    code, (line,) = told(capsys, tmp_path / "bad.txt")
    assert (code, line["error"]["rule"]) == (3, rule)


EMPTY: dict[str, tuple[str, str]] = {
    "nothing": ("", "reading_empty_page"),
    "another language": ("Sales rose 5.2% in the first quarter. " * 20, "reading_not_chinese"),
    "ten megabytes": ("长" * (BYTES_MAX // 3), "reading_page_too_long"),
    "a little too long": ("长" * (LONGEST + 1), "reading_page_too_long"),
}


@pytest.mark.parametrize("name", EMPTY)
def test_a_page_that_says_nothing_is_a_finding(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, rule = EMPTY[name]
    (tmp_path / "page.txt").write_text(text, "utf-8")
    code, (line,) = told(capsys, tmp_path / "page.txt")
    assert code == 3
    assert line["statements"] == []
    assert rule in [finding["rule"] for finding in line["findings"]]


@pytest.mark.parametrize("given", ["yesterday", "2026-4-25", "2026-02-30", "20260425", "0001-01-01", "9999-12-31"])
def test_what_is_no_day(given: str, page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, (line,) = told(capsys, page, "--issued", given)
    assert (code, line["error"]["rule"]) == (64, "reading_issued_wrong")


def test_towns() -> None:
    assert (home_named("330782").name, home_named("350999:青禾市").name) == ("义乌市", "青禾市")
    town = home_named("990182:麓泽市,990100:岑江市,330000")
    assert (town.code, [one.name for one in town.parents]) == ("990182", ["岑江市", "浙江省"])
    for given in ("350999", "义乌", "3307", "350999:", "", "330782,", "330782,350999"):
        with pytest.raises(UsageError):
            home_named(given)


def test_a_person_reads_tables(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(page), "--language", "ru"]) == 0
    assert "День выпуска: 2031-05-18" in " ".join(capsys.readouterr().out.split())
