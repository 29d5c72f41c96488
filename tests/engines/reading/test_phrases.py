"""Nouns of quantities that the dictionary does not know, and lists that a number of a few counts."""

from __future__ import annotations

import pytest

from sundry.engines.reading import phrases


@pytest.mark.parametrize(
    ("head", "noun"),
    [
        ("全年新建口袋公园", "口袋公园"),
        ("已累计完成管网改造", "管网改造"),
        ("，我县建成幼儿园共", "幼儿园"),
        ("目前有陶艺工作室约", "陶艺工作室"),
        ("累计", None),
        ("", None),
    ],
)
def test_the_noun_before(head: str, noun: str | None) -> None:
    found = phrases.before(head)
    assert (head[slice(*found)] if found else None) == noun


@pytest.mark.parametrize(
    ("tail", "noun"),
    [
        ("本地陶瓷企业携新品亮相", "本地陶瓷企业"),
        ("针对性措施，", "针对性措施"),
        ("，同比增长", None),
        ("市民进行了捐赠", "市民"),
    ],
)
def test_the_noun_behind(tail: str, noun: str | None) -> None:
    found = phrases.after(tail)
    assert (tail[slice(*found)] if found else None) == noun


def test_money_has_its_noun_only_behind_de() -> None:
    assert phrases.after("用于修路", needs_de=True) is None
    assert "的合同"[slice(*(phrases.after("的合同", needs_de=True) or (0, 0)))] == "合同"


@pytest.mark.parametrize(
    ("text", "counted", "value", "noun", "is_listed"),
    [
        ("写好“山”“水”“茶”三篇文章", "三篇", 3, "篇", True),
        ("写好“山”“水”三篇文章", "三篇", 3, "篇", False),
        ("抓好修路、种茶、办学三件实事", "三件", 3, "件", True),
        ("做到三点：一是快，二是准，三是稳。", "三点", 3, "点", True),
        ("包括“修路先行，引水上山，种茶致富”等三方面", "三方面", 3, "方面", True),
        ("用“八个字”，即“修路”“种茶”“引水”“办学”，概括", "八个字", 8, "字", True),
        ("聚焦四大任务，狠抓落实", "四大", 4, "任务", False),
    ],
)
def test_a_number_of_a_few_is_one_where_the_things_stand_beside_it(
    text: str, counted: str, value: int, noun: str, is_listed: bool
) -> None:
    start = text.index(counted)
    assert phrases.is_listed(text, start, start + len(counted), value, noun) is is_listed


def test_the_verbs_are_words_of_the_file() -> None:
    assert len(phrases.VERBS) == len(set(phrases.VERBS)) > 100
