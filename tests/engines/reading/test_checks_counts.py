"""Announced numbers against the things that are listed."""

from __future__ import annotations

import pytest
from reading.invented import said

from sundry.engines.reading.checking import Note
from sundry.engines.reading.checks import checks_of
from sundry.engines.reading.checks_counts import numeral
from sundry.engines.reading.model import Check, Outcome


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("三", 3),
        ("两", 2),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("三十六", 36),
        ("一百零五", 105),
        ("17", 17),
        ("千", None),
    ],
)
def test_numerals(written: str, value: int | None) -> None:
    assert numeral(written) == value


def counted(text: str, words: str, value: str, unit: str, what: str = "enumeration") -> list[Check]:
    statement = said(text, words, what, words, value, unit, period=None)
    return [check for check in checks_of(text, [statement]) if check.kind == "enumeration"]


@pytest.mark.parametrize(
    ("text", "words", "value", "unit", "outcome", "note"),
    [
        ("做到“稳产、增收，护水”等三方面。", "三方面", "3", "方面", Outcome.HOLDS, Note.LIST_AGREES),
        ("做到“稳产、增收，护水”四方面。", "四方面", "4", "方面", Outcome.FAILS, Note.LIST_DIFFERS),
        ("做到“稳产、增收，护水”等四方面。", "四方面", "4", "方面", Outcome.HOLDS, Note.AT_LEAST_LIST),
        ("做到“稳产、增收，护水”等两方面。", "两方面", "2", "方面", Outcome.FAILS, Note.LIST_DIFFERS),
        ("织密“快递”“电商”两张网。", "“快递”“电商”两张网", "2", "张", Outcome.HOLDS, Note.LIST_AGREES),
        ("织密“快递”、“电商”三张网。", "三张网", "3", "张", Outcome.FAILS, Note.LIST_DIFFERS),
        ("他用六个字讲透，即“山清水”“民富足”。", "六个字", "6", "字", Outcome.HOLDS, Note.CHARACTERS_AGREE),
        ("提出四个统一，包括“甲”“乙”“丙”“丁”。", "四个统一", "4", "个", Outcome.HOLDS, Note.LIST_AGREES),
        ("提出四个统一，包括“甲”“乙”“丙”。", "四个统一", "4", "个", Outcome.FAILS, Note.LIST_DIFFERS),
        ("抓好三件事：一是修路，二是架桥，三是治水。", "三件事", "3", "件", Outcome.HOLDS, Note.LIST_AGREES),
        ("抓好三件事：一是修路，二是架桥。", "三件事", "3", "件", Outcome.FAILS, Note.LIST_DIFFERS),
    ],
)
def test_lists(text: str, words: str, value: str, unit: str, outcome: Outcome, note: Note) -> None:
    (check,) = counted(text, words, value, unit)
    assert (check.outcome, check.note) == (outcome, note)
    assert check.stated == f"{value}{unit}"


@pytest.mark.parametrize(
    "text",
    [
        "做到“稳产护水”三方面。",  # one name is no list
        "他说“修路”的三方面。",
        "种好水稻、小麦三方面都重要。",  # an unquoted list never refutes
        "提出三方面要求，会上提到“甲”“乙”。",  # nothing announces these
    ],
)
def test_what_is_no_list_says_nothing(text: str) -> None:
    assert counted(text, "三方面", "3", "方面") == []


def test_an_unquoted_list_confirms() -> None:
    (check,) = counted("今年抓好修路、架桥、治水三件事。", "三件事", "3", "件")
    assert check.outcome == Outcome.HOLDS


def test_phrases_come_back_as_headings() -> None:
    text = "古镇做法包括“守住老街，留住手艺，引来游客”等三方面。\n\n"
    text += "怎样“守住老街”？\n\n修。\n\n怎样“留住手艺”？\n\n教。\n\n"
    found = counted(text + "怎样“引来游客”？\n\n请。", "三方面", "3", "方面")
    assert [check.note for check in found] == [Note.LIST_AGREES, Note.HEADINGS_AGREE]
    assert [(text + "怎样“引来游客”？")[slice(*span)] for span in found[1].spans[1:]] == [
        "怎样“守住老街”？",
        "怎样“留住手艺”？",
        "怎样“引来游客”？",
    ]
    found = counted(text, "三方面", "3", "方面")
    assert [check.note for check in found] == [Note.LIST_AGREES]  # a heading may be lost, or in other words


def test_a_list_before_the_number_is_what_it_counts() -> None:
    """And not the quotation behind it that happens to have as many characters."""
    (found,) = counted("按“早、勤、严”三字要求抓生产，争取“满堂红”。", "三字", "3", "字")
    assert (found.note, len(found.spans)) == (Note.LIST_AGREES, 2)


def test_two_numbers_share_what_follows() -> None:
    text = "概括为“六个字、三个坚持”，即“山清水”“民富足”，以及“坚持护林”“坚持修渠”“坚持办学”等。"
    statements = [
        said(text, "六个字", "enumeration", "六个字", "6", "字", period=None),
        said(text, "三个坚持", "enumeration", "三个坚持", "3", "个", period=None),
    ]
    assert [check.outcome for check in checks_of(text, statements)] == [Outcome.HOLDS, Outcome.HOLDS]


DISTRIBUTED = [
    ("海盐、海参分别增长2.1%、3.4%。", Outcome.HOLDS),
    ("海盐、海参、海带分别增长2.1%、3.4%。", Outcome.FAILS),
    ("海盐、海参分别增长2.1%、3.4%和5%。", Outcome.FAILS),
    ("海盐、海参和海带分别完成21亿元、34亿元和5亿元。", Outcome.HOLDS),
    ("海盐、海参和海带分别完成21亿元、34亿元。", Outcome.HOLDS),  # one of the names may hold the 和
    ("其中，文化、体育和娱乐业、渔业分别增长2.1%、3.4%。", Outcome.HOLDS),
]


@pytest.mark.parametrize(("text", "outcome"), DISTRIBUTED)
def test_as_many_values_as_names(text: str, outcome: Outcome) -> None:
    (check,) = checks_of(text, [])
    assert (check.kind, check.outcome) == ("list", outcome)


@pytest.mark.parametrize(
    "text", ["分别增长2.1%、3.4%。", "海盐产值分别增长2.1%、3.4%。", "分别高于全省（2%）1个百分点。"]
)
def test_names_that_stand_elsewhere_are_not_counted(text: str) -> None:
    assert checks_of(text, []) == ()


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        ("这是继潮平、石渡之后的第三个渔业分会。", [Outcome.HOLDS]),
        ("这是继潮平、石渡和云岭之后，协会在省外的第四个分会。", [Outcome.HOLDS]),
        ("这是继潮平、石渡之后的第五个渔业分会。", [Outcome.FAILS]),
        ("这是继去年之后的第二个丰收年。", []),
    ],
)
def test_the_next_after_others(text: str, outcomes: list[Outcome]) -> None:
    assert [check.outcome for check in checks_of(text, [])] == outcomes
