"""The longest names that cover most of a Chinese text."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.searching.characters import Characters
from sundry.engines.searching.lexicon import LANGUAGES, lexicon, parse
from sundry.engines.searching.normal import normal
from sundry.engines.searching.tagging import Readers

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


OURS = Readers(lexicon()).characters


def test_jieba_finds_what_the_search_finds() -> None:
    """Names of the lexicon one after the other, with signs between them that might be part of one."""
    drawn = random.Random("names")
    names, signs = list(OURS.forms), ("", "", " ", "的", "a", "花", "x28")
    for _ in range(5_000):
        title = "".join(drawn.choice(names) + drawn.choice(signs) for _ in range(4))
        assert OURS.find(title) == OURS.search(title), title


@given(st.text(st.sampled_from("牙刷杯水保温盖包红马克网邮硅胶tT恤 a1的色"), max_size=16))
def test_any_text_is_read_as_the_search_reads_it(text: str) -> None:
    assert READER.find(normal(text)) == READER.search(normal(text))
