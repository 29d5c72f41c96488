"""What a narrow column broke is put together, and nothing else is."""

from __future__ import annotations

import re

import pytest

from sundry.engines.reading.paragraphs import lines_of
from sundry.engines.reading.view import view_of
from sundry.engines.reading.wrapping import Row, column_of, is_terminated

STORY = (
    "本报讯 5月6日，沙溪县林业局公布一季度毛竹产量，全县出山毛竹31.4万根，比去年多6.2%，竹农户均增收870元。",
    "据介绍，沙溪县有竹林12.6万亩，去年修通竹山便道214公里，运一根竹子下山的成本从4.1元降到2.6元。",
    "下一步，县里将在柳坪镇建一座竹木加工园，计划投资2.8亿元，明年年底前投产。",
)


def _wrapped(width: int, indent: str = "") -> str:
    pages = [indent + words for words in STORY]
    return "\n".join(words[at : at + width] for words in pages for at in range(0, len(words), width)) + "\n"


def _paragraphs(text: str) -> list[str]:
    return [line.words for line in lines_of(text, view_of(text))]


@pytest.mark.parametrize("width", [18, 20, 23, 26, 29])
@pytest.mark.parametrize("indent", ["", "\u3000\u3000", "\t"])
def test_a_column_of_any_width_gives_back_its_paragraphs(width: int, indent: str) -> None:
    assert _paragraphs("竹山便道修到家门口\n" + _wrapped(width, indent)) == ["竹山便道修到家门口", *STORY]


def test_paragraphs_of_one_line_stay_as_they_are() -> None:
    assert _paragraphs("\n".join(STORY)) == list(STORY)


def test_headlines_of_one_length_are_no_column() -> None:
    heads = ["竹山便道修到家门口", "柳坪夜校教出好手艺", "石桥老街换上新路灯", "沙溪水库今年不缺水"]
    assert _paragraphs("\n".join(heads)) == heads


@pytest.mark.parametrize("width", [17, 18, 33, 34, 35])
def test_a_number_is_put_together_where_the_column_surely_ends(width: int) -> None:
    text = "竹山便道修到家门口\n" + _wrapped(width)
    assert any(re.search("[0-9.]$", words) for words in text.splitlines())
    line = next(line for line in lines_of(text, view_of(text)) if "31.4" in line.words)
    assert set(line.breaks) == {1.0}


def test_a_number_is_not_sure_where_the_line_does_not_reach_the_edge() -> None:
    rows = [
        Row(0, 0, words)
        for words in ("一" * 20, "二" * 20, "三" * 18 + "1", "2万根，都是今年的新竹。", "四" * 9 + "。")
    ]
    column = column_of([rows])
    assert column is not None
    assert column.goes_on(rows[0], rows[1]) == 1.0
    assert column.goes_on(rows[2], rows[3]) < 0.5


def test_words_the_printer_does_not_part_leave_a_line_short() -> None:
    rows = [Row(0, 0, words) for words in ("一" * 20, "二" * 20, "三" * 17, "1234567.8万根。", "五" * 20, "。")]
    column = column_of([rows])
    assert column is not None
    assert column.goes_on(rows[2], rows[3]) == 0.9


@pytest.mark.parametrize(
    ("words", "is_over"), [("到了。", True), ("“到了。”", True), ("到了", False), ("到了，", False), ("（完）", False)]
)
def test_is_terminated(words: str, is_over: bool) -> None:
    assert is_terminated(words) is is_over
