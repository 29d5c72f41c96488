"""The longest names that cover most of a Chinese text."""

from __future__ import annotations

import pytest

from sundry.engines.searching.characters import Characters
from sundry.engines.searching.lexicon import LANGUAGES, parse
from sundry.engines.searching.normal import normal

FORMS = {
    "toothbrush": "牙刷",
    "cup": "杯|水杯",
    "toothbrush_cup": "牙刷杯",
    "glue": "胶水",
    "silicone": "硅胶",
    "flask": "保温杯",
    "insulated": "保温",
    "lid": "杯盖|盖",
    "bag": "包",
    "tee": "T恤",
    "red": "红",
    "mug": "马克杯|水杯",
}
ROWS = "\n".join("\t".join([key, "noun", *[zh] * len(LANGUAGES), ""]) for key, zh in FORMS.items())
READER = Characters(parse(ROWS), ("包邮", "网红"))


def chinese(title: str) -> list[str]:
    return ["|".join(named.keys) for named in READER.find(normal(title))]


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("牙刷杯", ["toothbrush_cup"]),
        ("硅胶水杯", ["silicone", "cup|mug"]),
        ("保温杯盖", ["insulated", "lid"]),
        ("卡通T恤 红色", ["tee", "red"]),
        ("ABT恤", []),
        ("现货包邮", [""]),
        ("网红杯", ["", "cup"]),
        ("红楼", []),
        ("杯中", []),
        ("", []),
    ],
)
def test_names_in_chinese(title: str, named: list[str]) -> None:
    assert chinese(title) == named


def test_a_name_says_where_it_stands() -> None:
    named = READER.find("大保温杯盖")
    assert [(each.start, each.end) for each in named] == [(1, 3), (3, 5)]
