"""What looks like a quantity and is none is refused with its reason, and a quantity is not."""

from __future__ import annotations

import pytest

from sundry.engines.reading import lexer, rejects
from sundry.engines.reading.model import Kind

REFUSED = {
    "code": ["“27”", "”27”", "“5+2”", "3+1+N", "“312”"],
    "quoted_name": ["“三面旗”", "“双千行动”", "“七个一”"],
    "phone": ["0571-85551234", "13900001111", "电话：88001234", "400-820-1234"],
    "page": ["下转第六版", "（上接第1版", "第3版", "详见5版"],
    "plan": ["“十七五”", "十七五规划", "第十六个五年规划", "三年行动", "5年计划"],
    "session": ["第十五届", "二十二届三中全会", "三中全会"],
    "ordinal_name": ["第三代", "第5轮", "第二产业", "第12期"],
    "phase": ["二期工程"],
    "decade": ["上世纪70年代", "90后", "00后", "21世纪", "二十世纪六十年代"],
    "clock": ["8:30", "上午9时", "14时30分", "8点半", "19:30-21:00"],
    "score": ["3:1", "21比15"],
    "size": ["3×5米", "7×24", "120*80"],
    "version": ["3.0版", "1.2.3"],
    "road": ["126号", "5号馆", "7号线", "320国道", "3幢201室", "二号楼"],
    "grade": ["4A级", "6级", "四星", "八年级", "5.1级"],
    "model": ["G25", "A3", "CR400", "5G", "8K", "PM2.5", "T1/T2"],
    "list_name": ["500强", "百强"],
    "idiom": ["三分部署", "千帆百舸", "一村一品", "一心一意", "七手八脚", "千军万马", "百炼千锤"],
    "article": ["一个", "一批", "一座", "一项"],
    "list_number": ["（三）", "①"],
}


@pytest.mark.parametrize(("reason", "text"), [(reason, text) for reason, texts in REFUSED.items() for text in texts])
def test_a_shape_is_refused_with_its_reason(reason: str, text: str) -> None:
    found = rejects.match(text, 0)
    assert found is not None
    assert found[1] == reason


@pytest.mark.parametrize("texts", REFUSED.values(), ids=REFUSED)
def test_no_refused_shape_is_a_quantity_with_a_unit(texts: list[str]) -> None:
    for text in texts:
        sentence = f"推进{text}建设"
        tokens = lexer.lex(sentence, 0, len(sentence), issued=None)
        assert [one for one in tokens if one.kind is Kind.QUANTITY and one.unit] == [], text


@pytest.mark.parametrize(
    "text",
    [
        "一个月",
        "一个多月",
        "一个半小时",
        "三天",
        "100kg",
        "50MW",
        "10小时",
        "3时段",
        "7.2%",
        "320亩",
        "二百户",
        "一千人",
    ],
)
def test_a_quantity_is_not_refused(text: str) -> None:
    assert rejects.match(text, 0) is None


@pytest.mark.parametrize(
    ("text", "end", "reason"),
    [("一带一路建设", 4, "set_phrase"), ("千方百计扩", 4, "idiom"), ("三农工作", 2, "set_phrase"), ("统一部署", 2, ""),
     ("进一步", 3, ""), ("百货商场", 4, "set_phrase"), ("增加值", 3, "")],
)  # fmt: skip
def test_set_phrases_and_plain_words(text: str, end: int, reason: str) -> None:
    assert rejects.match_phrase(text, 0) == (end, reason)


def test_no_set_phrase_is_also_a_numeral_that_counts() -> None:
    """A phrase such as 十一 would hide eleven of something."""
    from sundry.engines.reading.numerals import read_chinese

    phrases = [word for words in rejects._phrases().values() for word, _ in words]
    assert [word for word in phrases if len(word) > 1 and read_chinese(word) is not None] == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("五届人大四次会议", "session"),
        ("十五届十一次全会", "session"),
        ("第一、二、三期", "ordinal_name"),
        ("一、二、三产业", "ordinal_name"),
        ("二期参展企业", "phase"),
    ],
)
def test_names_of_sessions_and_phases(text: str, reason: str) -> None:
    found = rejects.match(text, 0)
    assert found is not None
    assert found[1] == reason


def test_phases_that_are_counted_are_a_count() -> None:
    text = "分三期举办"
    tokens = lexer.lex(text, 0, len(text), issued=None)
    assert [one.unit for one in tokens if one.kind is Kind.QUANTITY] == ["期"]
