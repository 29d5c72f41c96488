"""All families together: order, spans, what is found on the labelled pages, spoilt figures, and long pages."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from time import perf_counter

from hypothesis import given, settings
from hypothesis import strategies as st
from reading import gold
from reading.invented import said

from sundry.engines.reading.checking import Note
from sundry.engines.reading.checks import Page, checks_across, checks_of, support_of
from sundry.engines.reading.figures import number_of
from sundry.engines.reading.model import Bound, Check, Number, Outcome, Statement, Type


def test_nothing_says_nothing() -> None:
    assert checks_of("", []) == ()
    assert checks_across([]) == ()
    assert checks_across([Page("", [])]) == ()


def test_failures_come_first_and_an_implied_figure_is_never_stated() -> None:
    text = "出口5亿元，增长6.4%，高于全省0.8个百分点。累计出口7亿元。"
    statements = [
        said(text, "出口5亿元", "level", "出口", "5", "亿元"),
        said(text, "增长6.4%", "growth", "出口", "6.4", "%"),
        said(text, "0.8个百分点", "gap", "出口增速", "0.8", "百分点", versus="990000"),
        said(text, "累计出口7亿元", "level", "出口", "7", "亿元"),
    ]
    found = checks_of(text, statements)
    assert [check.outcome for check in found] == [Outcome.FAILS, Outcome.IMPLIED]
    assert found[1].stated == ""
    for check in found:
        assert all(0 <= start < end <= len(text) for start, end in check.spans)


def _found(check: Check) -> tuple[str, str, str]:
    return check.kind, check.outcome, check.values.get("guess", check.stated)


# What the study lists for the labelled pages (section 5), by kind, outcome and figure.
STUDY = {
    0: {
        ("gap", "holds", "1.7"),
        ("gap", "holds", "1.9"),
        ("delta", "holds", "0.4"),
        ("sign", "holds", "-0.7"),
        ("headline", "holds", "7.7%"),
        ("repeat", "holds", "17项"),
        ("part", "holds", "6.2"),
        ("contribution", "explained", "76.9001"),
        ("gap", "implied", "8.3"),
        ("gap", "implied", "7"),
        ("delta", "implied", "8.8"),
        ("delta", "implied", "-18.8"),
        ("base", "implied", "1600"),
    },
    1: {("enumeration", "holds", "12字"), ("enumeration", "holds", "5个")},
    2: {
        ("enumeration", "holds", "6方面"),
        ("enumeration", "holds", "3篇"),
        ("headline", "holds", "5500万元"),
        ("date", "holds", "18年"),
    },
}


def test_the_checks_of_the_study_come_out_of_the_labels() -> None:
    pages = [Page(gold.text_of(page), gold.statements(page), gold.articles(page)) for page in gold.pages()]
    for number, page in enumerate(pages):
        found = checks_of(page.text, page.statements, page.articles)
        assert {_found(check) for check in found} >= STUDY[number]
        assert not [check for check in found if check.outcome == Outcome.FAILS]
    (contribution,) = [c for c in checks_of(pages[0].text, pages[0].statements) if c.kind == "contribution"]
    assert contribution.note == Note.PRICE_BASIS
    assert contribution.derived is not None
    assert [str(round(end, 1)) for end in contribution.derived if end is not None] == ["73.9", "80.0"]
    notes = Counter(check.note for check in checks_of(pages[2].text, pages[2].statements))
    assert notes[Note.HEADINGS_AGREE] == 1
    across = {(check.stated, check.values["times"]) for check in checks_across(pages)}
    assert across >= {("126万户", "3"), ("230个", "4")}


def test_a_spoilt_figure_of_a_checked_statement_is_found() -> None:
    """Of all figures that stand in a check that holds: a lost decimal point or a first digit that is one more."""
    found = spoilt = 0
    for page in gold.pages():
        text, statements, articles = gold.text_of(page), gold.statements(page), gold.articles(page)
        before = checks_of(text, statements, articles)
        held = [check for check in before if check.outcome == Outcome.HOLDS and check.kind != "yield"]
        used = {index for check in held for index in check.statements}
        for index in sorted(used):
            number = number_of(statements[index])
            if number is None or number.value is None or statements[index].type in (Type.RANK, Type.ENUMERATION):
                continue
            for value in (number.value.scaleb(1), number.value + Decimal(1).scaleb(number.value.adjusted())):
                changed = [*statements[:index], gold.spoilt(statements[index], f"{value:f}"), *statements[index + 1 :]]
                after = checks_of(text, changed, articles)
                spoilt += 1
                found += any(check.outcome == Outcome.FAILS and index in check.statements for check in after)
    assert spoilt > 30
    assert found / spoilt >= 0.8, f"{found} of {spoilt}"


def test_a_long_page_is_checked_in_seconds() -> None:
    one = "出口5.1亿元，增长6.4%，高于全省0.8个百分点，其中“甲”“乙”三方面占12.0%。"
    text = one * 600
    statements = []
    for at in range(0, len(text), len(one)):
        for words, what, name, value, unit in (
            ("出口5.1亿元", "level", "出口", "5.1", "亿元"),
            ("增长6.4%", "growth", "出口", "6.4", "%"),
            ("0.8个百分点", "gap", "出口增速", "0.8", "百分点"),
            ("三方面", "enumeration", "三方面", "3", "方面"),
            ("占12.0%", "share", "出口", "12.0", "%"),
        ):
            made = said(one, words, what, name, value, unit, versus="990000" if what == "gap" else None)
            ((start, end),) = made.spans
            statements.append(replace(made, spans=((start + at, end + at),)))
    begun = perf_counter()
    assert checks_of(text, statements)
    assert perf_counter() - begun < 60


def test_how_often_a_statement_was_confirmed() -> None:
    text = "用电量增长6.4%，高于全省（5.6%）0.8个百分点，较去年加快1.1个百分点。"
    statements = [
        said(text, "增长6.4%", "growth", "用电量", "6.4", "%"),
        said(text, "（5.6%）", "growth", "用电量", "5.6", "%", region_code="990000"),
        said(text, "0.8个百分点", "gap", "用电量增速", "0.8", "百分点", versus="990000"),
        said(text, "1.1个百分点", "growth_delta", "用电量增速", "1.1", "百分点", versus="2030"),
    ]
    assert support_of(checks_of(text, statements)) == {0: (1, 0), 1: (1, 0), 2: (1, 0)}
    assert support_of(checks_of(text, [gold.spoilt(statements[0], "4.6"), *statements[1:]]))[0] == (0, 1)


NAMES = ["进出口总额", "出口", "进口", "小麦产量", "小麦面积", "用电量增速", "用电量", "三方面", ""]
UNITS = ["亿元", "万元", "%", "百分点", "万吨", "万亩", "方面", "", "个"]
VALUES = (
    st.none() | st.decimals(min_value=-200, max_value=10**7, places=1) | st.sampled_from([Decimal(0), Decimal(-100)])
)


@st.composite
def statements_of(draw: st.DrawFn, text: str) -> Statement:
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    made = said(text, text[:1], draw(st.sampled_from(list(Type))), draw(st.sampled_from(NAMES)), None, "")
    value = draw(VALUES)
    bound = draw(st.sampled_from(list(Bound)))
    ends = draw(st.tuples(VALUES, VALUES))
    return replace(
        made,
        spans=((start, end),),
        quote=text[start:end],
        unit=draw(st.sampled_from(UNITS)),
        value=value,
        number=draw(st.sampled_from([None, Number(value, *ends, bound=bound), Number(value, None, None, decimals=1)])),
        period=draw(
            st.sampled_from([None, "", "2031-Q1", "2031", "2030", "asof 2031-04", "2031-01/2031-02", "2031-05/", "?"])
        ),
        versus=draw(st.sampled_from([None, "2030", "990000", "target", "exports", "进出口总额"])),
        region_code=draw(st.sampled_from([None, "990000", "990182"])),
        kind=draw(st.sampled_from([(), ("target",), ("stock",)])),
    )


MESS = "一季度，出口5.1亿元，下降6.4%，低于全省（5%）0.8个百分点，其中“甲”“乙”等三方面由负转正。"
MESS += "倒计时 9 天，3月20日至23日。"


@given(st.lists(statements_of(MESS), max_size=8))
@settings(max_examples=150)
def test_whatever_was_read_is_checked_without_an_error(statements: list[Statement]) -> None:
    for check in checks_of(MESS, statements, issued=date(2031, 3, 11)):
        assert all(0 <= start < end <= len(MESS) for start, end in check.spans)
        assert (check.outcome == Outcome.IMPLIED) <= (check.derived is not None or "guess" in check.values)
        assert check.note in set(Note)
    checks_across([Page(MESS, statements), Page(MESS, statements)])
