"""The date that a page prints of itself is told from the days that it speaks of."""

from __future__ import annotations

from datetime import date

import pytest

from sundry.engines.reading.printed_date import printed_dates
from sundry.engines.reading.view import view_of

NEWS = "本报讯 昨日，沙溪县林业局公布毛竹产量。"


@pytest.mark.parametrize(
    ("head", "is_right"),
    [
        ("沙溪日报\n2027年3月9日 星期二 农历二月初二", True),
        ("2027年3月9日（星期二）", True),
        ("2027年3月9日 星期五", False),
        ("2027年3月9日 农历二月初二", None),
        ("2027年3月9日 第8123期", None),
        ("丁未年二月初二 2027年3月9日", None),
        ("二〇二七年三月九日 星期二", True),
        ("2027-03-09 星期二", True),
        ("沙溪日报 2027.3.9", None),
        ("沙溪县统计局\n2027年3月9日", None),
        ("发布时间：2027-03-09", None),
        ("２０２７年３月９日　星期二", True),
    ],
)
def test_spellings(head: str, is_right: bool | None) -> None:
    (found,) = printed_dates(view_of(f"{head}\n\n{NEWS}"))
    assert (found.day, found.is_right) == (date(2027, 3, 9), is_right)


@pytest.mark.parametrize(
    "text",
    [
        "《办法》自2027年3月9日起施行。",
        "展会2027年3月9日开幕，为期三天。",
        "2027年2月30日 星期二",
        "编号2027-03-091",
        "\n".join(["2027年的事，到2027年才清楚。"] * 30 + ["2027年3月9日"] + ["后来的事，后来再说。"] * 30),
        "",
    ],
)
def test_days_that_are_spoken_of(text: str) -> None:
    assert printed_dates(view_of(text)) == ()


def test_a_date_beside_its_weekday_is_surer_than_one_alone() -> None:
    text = f"2027年3月9日 星期二\n{NEWS}\n2027年3月1日"
    assert [found.day for found in printed_dates(text)] == [date(2027, 3, 9)]
