"""Two columns that were copied line by line are read one after the other."""

from __future__ import annotations

from itertools import zip_longest

import pytest

from sundry.engines.reading.articles import articles_of
from sundry.engines.reading.side_by_side import gaps, parted
from sundry.engines.reading.wrapping import Row

LEFT = (
    "本报讯 5月6日，沙溪县林业局公布一季度毛竹产量，全县出山毛竹31.4万根，比去年多6.2%，竹农户均增收870元。",
    "下一步，县里将在柳坪镇建一座竹木加工园，计划投资2.8亿元，明年年底前投产。",
)
RIGHT = (
    "本报讯 昨日，柳坪镇夜校开出第一堂木工课，三十六名学员里年纪最大的六十七岁，最小的才上初中，场面十分热闹。",
    "夜校的老师都是镇上的匠人，课时费由村里出，一堂课四百元，材料另外算。",
)
WIDTH = 22


def _printed(paragraphs: tuple[str, ...], indent: str) -> list[str]:
    pages = [indent + words for words in paragraphs]
    return [words[at : at + WIDTH] for words in pages for at in range(0, len(words), WIDTH)]


def _bodies(text: str) -> list[str]:
    return ["".join(text[slice(*span)] for span in article.body) for article in articles_of(text)]


@pytest.mark.parametrize("indent", ["", "\u3000\u3000"])
@pytest.mark.parametrize("gap", ["\u3000\u3000\u3000", "      ", "\t"])
def test_a_gap_parts_two_columns(gap: str, indent: str) -> None:
    rows = zip_longest(_printed(LEFT, indent), _printed(RIGHT, indent), fillvalue="")
    text = "\n".join(left.ljust(WIDTH, "\u3000") + gap + right if right else left for left, right in rows)
    if gap == "\t":
        text = "\n".join(
            left + gap + right if right else left
            for left, right in zip_longest(_printed(LEFT, indent), _printed(RIGHT, indent), fillvalue="")
        )
    assert _bodies(text) == ["".join(LEFT), "".join(RIGHT)]


def test_lines_that_alternate_are_parted() -> None:
    rows = zip_longest(_printed(LEFT, "\u3000\u3000"), _printed(RIGHT, "\u3000\u3000"))
    text = "\n".join(words for pair in rows for words in pair if words)
    assert _bodies(text) == ["".join(LEFT), "".join(RIGHT)]


def test_lines_that_alternate_are_parted_by_the_words_they_make_whole() -> None:
    bamboo = (
        LEFT[0] + "沙溪县毛竹产量连年增长，沙溪县林业局说，毛竹产量还会增长，竹农户均增收也会更多，柳坪镇的竹农最高兴。"
    )
    school = (
        RIGHT[0] + "夜校的木工课最热闹，夜校学员里匠人最多，学员们说木工课还要再开，匠人们说夜校明年再添一门竹编课。"
    )
    rows = zip_longest(_printed((bamboo,), ""), _printed((school,), ""))
    text = "\n".join(words for pair in rows for words in pair if words)
    assert _bodies(text) == [bamboo, school]


def test_a_table_is_no_two_columns() -> None:
    lines = [
        "指标\t三月\t同比",
        "工业增加值\t12.5\t8.3",
        "出口总值\t6.8\t-2.1",
        "零售总额\t23.1\t4.5",
        "用电量\t3.2\t1.1",
    ]
    assert gaps(lines) == {}
    assert gaps([f"指标{number}\t{number}.5" for number in range(9)]) == {}


def test_a_headline_in_halves_is_no_two_columns() -> None:
    assert gaps(["茶园披上新绿　　山村迎来客人", *LEFT, "老街换上新灯　　夜市多了人气", *RIGHT]) == {}


def test_a_column_as_it_should_be_is_left_alone() -> None:
    rows = [Row(0, 0, words) for words in _printed(LEFT, "")]
    assert parted(rows * 2) == [rows * 2]
