import json
from pathlib import Path

import pytest

from sundry.web.cli import main

GOODS = """\ufeffid,title_zh,title_en,price_minor,stall,category,code
17,粉色牙刷杯,,450,A-1,home/bath,AB-100
18,陶瓷马克杯批发,,300,A-1,home/kitchen,
19,自动雨伞,automatic umbrella,1500,B-2,,
20,,,1,,,
,无名,,1,,,
17,再来一次,,1,,,
21,勺子,,twelve,,,
"""
QUESTIONS = "language,query\nes,paraguas\nar,مظلة\nen,cup\nzh,xyzzyqq\nen,AB-100\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "goods.csv").write_text(GOODS, "utf-8")
    (tmp_path / "questions.csv").write_text(QUESTIONS, "utf-8")
    return str(tmp_path / "goods.csv"), str(tmp_path / "questions.csv")


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, object]], str]:
    code = main(["search", *arguments, "--json"])
    captured = capsys.readouterr()
    return code, [json.loads(line) for line in captured.out.splitlines()], captured.err


def test_a_batch_is_answered_in_its_order(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    code, answers, told = asked(capsys, "--goods", files[0], "--batch", files[1])
    assert code == 0
    assert [[hit["id"] for hit in answer["hits"]] for answer in answers][:2] == [["19"], ["19"]]  # type: ignore[attr-defined, index]
    assert {hit["id"] for hit in answers[2]["hits"]} == {"17", "18"}  # type: ignore[attr-defined]
    assert [answer["count"] for answer in answers] == [1, 1, 2, 0, 1]
    first = answers[0]
    assert list(first) == ["understood", "count", "hits", "facets", "milliseconds"]
    assert first["understood"][0]["zh"] == "雨伞"  # type: ignore[index]
    assert first["hits"] == [
        {
            "id": "19",
            "title": {"zh": "自动雨伞", "en": "automatic umbrella"},
            "price_minor": 1500,
            "currency": "CNY",
            "stall": "B-2",
        }
    ]
    assert answers[4]["understood"] == [{"code": "ab-100"}]
    for line in (
        "Line 5: 20 has no title",
        "Line 6 has no id",
        "Line 7: id 17 was already there in line 2",
        "Line 8: twelve",
    ):
        assert line in told


def test_one_question_is_one_object(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    code, answers, told = asked(capsys, "ceramic mug", "--goods", files[0], "--limit", "1")
    assert (code, len(answers)) == (0, 1)
    assert [hit["id"] for hit in answers[0]["hits"]] == ["18"]  # type: ignore[attr-defined]
    assert answers[0]["facets"]["price"] == [{"key": "300-1000", "count": 1, "low": 300, "high": 1000}]  # type: ignore[index]
    assert "ceramic mug: 1 found" in told


@pytest.mark.parametrize(
    ("arguments", "code", "rule"),
    [
        ([], 64, "search_nothing_asked"),
        (["cup", "--limit", "0"], 64, "search_limit_wrong"),
        (["cup", "--goods", "nowhere.csv"], 3, "search_file_unreadable"),
    ],
)
def test_a_wrong_call_says_what_to_do(
    arguments: list[str], code: int, rule: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = arguments if "--goods" in arguments or not arguments else [*arguments, "--goods", "unread.csv"]
    found, answers, _ = asked(capsys, *(given or ["--goods", "unread.csv"]))
    assert (found, answers[0]["error"]["rule"]) == (code, rule)  # type: ignore[index]


def test_a_file_without_goods_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.csv").write_text("id,title_fr\n1,\n", "utf-8")
    code, answers, _ = asked(capsys, "tasse", "--goods", str(tmp_path / "empty.csv"))
    assert (code, answers[0]["error"]["rule"]) == (3, "search_no_goods")  # type: ignore[index]
