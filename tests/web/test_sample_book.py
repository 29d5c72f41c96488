"""`sundry sample-book`: a book and a profile that `sundry ship` takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sundry.goods.shipping.profiles import MISSING_MATTERS, read_profile
from sundry.web.cli import main
from sundry.web.sample_book import BOOK_NAME, PROFILE_NAME


def test_the_book_and_its_profile_are_written_and_can_be_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["sample-book", "--out", "sample"]) == 0
    assert {file.name for file in (tmp_path / "sample").iterdir()} == {BOOK_NAME, PROFILE_NAME}
    said = capsys.readouterr().out
    assert f"sundry ship sample/{BOOK_NAME} --out sample --profile sample/{PROFILE_NAME}" in said
    assert main(["read-orders", f"sample/{BOOK_NAME}", "--json"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert len(read["lines"]) > 250
    assert any(finding["severity"] == "error" for finding in read["findings"]), "its mistakes are to be found"


def test_json_is_one_line_and_chinese_is_chinese(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["sample-book", "--out", str(tmp_path / "a"), "--seed", "7", "--language", "zh", "--json"]) == 0
    out, err = capfd.readouterr()
    assert out.count("\n") == 1
    said = json.loads(out)
    assert (said["book"], said["profile"], said["seed"]) == (BOOK_NAME, PROFILE_NAME, 7)
    assert said["out"] == str(tmp_path / "a")
    assert said["lines"] > 250
    assert said["mistakes"] > 0
    assert "已生成示例订单" in err


def test_the_sample_profile_leaves_no_blank(tmp_path: Path) -> None:
    assert main(["sample-book", "--out", str(tmp_path)]) == 0
    profile = read_profile(tmp_path / PROFILE_NAME)
    assert all(getattr(profile, name) for name in MISSING_MATTERS)
    assert "SAMPLE" in profile.buyer


def test_a_folder_that_is_a_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    assert main(["sample-book", "--out", str(tmp_path / "out")]) == 1
    assert "Traceback" not in capsys.readouterr().err
    assert (tmp_path / "out").read_text("utf-8") == "a file"
