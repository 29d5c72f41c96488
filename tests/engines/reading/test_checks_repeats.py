"""The same figure in headline and body, twice on a page, on two pages."""

from __future__ import annotations

import re

import pytest
from reading.invented import said

from sundry.engines.reading.checking import Note
from sundry.engines.reading.checks import Page, checks_across, checks_of
from sundry.engines.reading.model import Article, Bound, Check, Outcome, Statement


def twice(one: tuple[str, Bound | None], other: tuple[str, Bound | None], **more: object) -> tuple[Check, ...]:
    text = f"订单{one[0]}万元\n\n累计订单{other[0]}万元。"
    statements = [
        said(text, f"订单{one[0]}万元", "level", "订单金额", one[0], "万元", bound=one[1], **more),
        said(text, f"累计订单{other[0]}万元", "level", "订单金额", other[0], "万元", bound=other[1], **more),
    ]
    end = text.index("\n")
    return checks_of(text, statements, [Article((0, end), ((end + 2, len(text)),))])


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        (("3200", Bound.GT), ("3200", Bound.BAND), Outcome.HOLDS),
        (("3200", None), ("3200", None), Outcome.HOLDS),
        (("3200", Bound.GT), ("3268", None), Outcome.HOLDS),
        (("2300", Bound.BAND), ("3200", Bound.BAND), Outcome.FAILS),  # two digits exchanged
        (("3200", Bound.GT), ("320", None), Outcome.FAILS),
        (("3200", Bound.LT), ("3268", None), Outcome.FAILS),
    ],
)
def test_headline_and_body(one: tuple[str, Bound | None], other: tuple[str, Bound | None], outcome: Outcome) -> None:
    (check,) = twice(one, other)
    assert (check.kind, check.outcome) == ("headline", outcome)
    assert check.statements == (0, 1)


def test_more_decimals_are_the_same_figure() -> None:
    (check,) = twice(("32.7", None), ("32.68", None))
    assert check.outcome == Outcome.HOLDS


def test_other_periods_places_kinds_and_subjects_are_other_figures() -> None:
    text = "出口5亿元，去年出口4亿元，邻县出口7亿元，目标出口9亿元。"
    base = said(text, "出口5亿元", "level", "出口", "5", "亿元")
    others = [
        said(text, "去年出口4亿元", "level", "出口", "4", "亿元", period="2029-Q1"),
        said(text, "邻县出口7亿元", "level", "出口", "7", "亿元", region_code="990183"),
        said(text, "目标出口9亿元", "level", "出口", "9", "亿元", kind=("target",)),
    ]
    assert [check for check in checks_of(text, [base, *others]) if check.kind in ("repeat", "headline")] == []


def places(*regions: str | None, other: str = "90") -> list[Check]:
    """A figure said without a place, then of each of `regions`; the last time it is `other`."""
    text = "茶商突破90万户。" + "".join(f"{n}地茶商突破90万户。" for n in range(len(regions)))
    base = said(text, "茶商突破90万户", "level", "茶商", "90", "万户", bound=Bound.GE, region_code=None)
    others = [
        said(text, f"{n}地茶商突破90万户", "level", "茶商", "90", "万户", bound=Bound.GE, region_code=region)
        for n, region in enumerate(regions)
    ]
    others[-1] = said(
        text, f"{len(regions) - 1}地茶商突破90万户", "level", "茶商", other, "万户", region_code=regions[-1]
    )
    return [check for check in checks_of(text, [base, *others]) if check.kind == "repeat"]


def test_a_figure_without_a_place_confirms_the_only_one_that_has_it() -> None:
    (check,) = places("990182", other="91")
    assert (check.outcome, check.statements) == (Outcome.HOLDS, (0, 1))


def test_a_figure_without_a_place_refutes_none_and_chooses_none() -> None:
    assert places("990182", other="80") == []
    assert places("990182", "990183") == []


def test_what_follows_among_them_is_a_part_and_no_contradiction() -> None:
    text = "全镇有茶企612家，其中438家实现增产。"
    statements = [
        said(text, f"{count}家", "count", "茶企", count, "家", period="asof 2031-03") for count in ("612", "438")
    ]
    assert [check for check in checks_of(text, statements) if check.kind == "repeat"] == []
    text = text.replace("其中", "又说")
    (found,) = (
        check
        for check in checks_of(
            text, [said(text, f"{n}家", "count", "茶企", n, "家", period="asof 2031-03") for n in ("612", "438")]
        )
        if check.kind == "repeat"
    )
    assert (found.outcome, found.note) == (Outcome.FAILS, Note.MISREAD)


@pytest.mark.parametrize(
    ("text", "type_", "unit"),
    [
        ("窑口从最初的60座发展到410座。", "count", "座"),
        ("人口由60人减到410人。", "count", "人"),
        ("头三年打基础，60年种树，410年成林。", "duration", "年"),
    ],
)
def test_then_and_now_are_no_contradiction(text: str, type_: str, unit: str) -> None:
    statements = [said(text, f"{value}{unit}", type_, "窑口", value, unit) for value in ("60", "410")]
    assert checks_of(text, statements) == ()
    apart = text.replace("从", "有").replace("由", "有").replace("年", "天")
    statements = [said(apart, words, "count", "窑口", words[:-1], words[-1]) for words in re.findall(r"\d+.", apart)]
    assert [check.outcome for check in checks_of(apart, statements)] == [Outcome.FAILS]


@pytest.mark.parametrize("doubt", [{"is_published": False}, {"period": None}])
def test_what_is_not_sure_enough_confirms_and_refutes_nothing(doubt: dict[str, object]) -> None:
    """Not published, or of a page without a date, where this year's figure and last year's have no period alike."""
    (check,) = twice(("3200", None), ("3200", None), **doubt)
    assert check.outcome == Outcome.HOLDS
    assert twice(("2300", None), ("3200", None), **doubt) == ()


def test_a_second_mention_is_the_figure_that_it_has_its_name_from() -> None:
    """Whoever it is of: an office brought out the rules, the town works with them."""
    text = "省里出台13条惠企措施。全市用13条措施解难。"
    first = said(text, "省里出台13条惠企措施", "count", "惠企措施", "13", "条", region_code="990000")
    second = said(
        text, "用13条措施", "count", "惠企措施", "13", "条", period=None, inherited={"indicator": first.spans[0]}
    )
    (check,) = checks_of(text, [first, second])
    assert (check.kind, check.outcome, check.statements) == ("repeat", Outcome.HOLDS, (0, 1))
    other = said(text, "用13条措施", "count", "惠企措施", "13", "条", period=None)
    assert checks_of(text, [first, other]) == ()


def test_two_statements_on_the_same_words_are_no_repetition() -> None:
    text = "总量、增速均居全省第一"
    statement = said(text, text, "rank", "科研投入", "1", "位")
    assert checks_of(text, [statement, statement]) == ()


def test_ranks_among_others_are_no_contradiction() -> None:
    text = "产值居全省第2位、全国第9位。"
    statements = [
        said(text, "全省第2位", "rank", "产值", "2", "位"),
        said(text, "全国第9位", "rank", "产值", "9", "位"),
    ]
    assert checks_of(text, statements) == ()


def stock(count: str, month: str) -> tuple[str, Statement]:
    text = f"目前登记网店{count}家。"
    return text, said(
        text, f"登记网店{count}家", "count", "网店数", count, "家", period=f"asof {month}", kind=("stock",)
    )


@pytest.mark.parametrize(
    ("months", "counts", "outcomes"),
    [
        (("2031-04", "2031-04"), ("1620", "1620"), [Outcome.HOLDS]),
        (("2031-04", "2031-04"), ("1620", "1260"), [Outcome.FAILS]),
        (("2031-04", "2031-06"), ("1620", "1620"), [Outcome.HOLDS]),
        (("2031-04", "2031-06"), ("1620", "1702"), []),  # it grew meanwhile
    ],
)
def test_a_stock_on_two_pages(months: tuple[str, str], counts: tuple[str, str], outcomes: list[Outcome]) -> None:
    made = [stock(count, month) for count, month in zip(counts, months, strict=True)]
    found = checks_across([Page(text, [statement]) for text, statement in made])
    assert [check.outcome for check in found] == outcomes
    assert all(check.pages == (0, 1) for check in found)


@pytest.mark.parametrize(
    ("text", "words", "values"),
    [
        ("海鲜价格同比上涨0.8%，环比下降0.5%。", ("上涨0.8%", "下降0.5%"), ("0.8", "0.5")),
        ("海鲜价格同比上涨0.8%，其中当月同比下降0.5%。", ("上涨0.8%", "下降0.5%"), ("0.8", "0.5")),
        ("海鲜价格上涨0.8%，较上月下降0.5%。", ("上涨0.8%", "下降0.5%"), ("0.8", "0.5")),
        ("海鲜价格比年初上涨1.8%，比上年同期上涨0.8%。", ("上涨1.8%", "上涨0.8%"), ("1.8", "0.8")),
    ],
)
def test_growth_against_another_time_is_another_figure(
    text: str, words: tuple[str, str], values: tuple[str, str]
) -> None:
    made = [said(text, one, "growth", "海鲜价格", value, "%") for one, value in zip(words, values, strict=True)]
    assert checks_of(text, made) == ()


def test_what_is_new_is_not_all_there_is() -> None:
    text = "目前登记网店1620家，一季度新增网店45家。日均发货3万件，一季度发货270万件。"
    statements = [
        said(text, "网店1620家", "count", "网店", "1620", "家"),
        said(text, "网店45家", "count", "网店", "45", "家"),
        said(text, "发货3万件", "level", "发货量", "3", "万件"),
        said(text, "发货270万件", "level", "发货量", "270", "万件"),
    ]
    assert checks_of(text, statements) == ()


def test_two_figures_of_one_name_in_one_sentence_are_rather_misread() -> None:
    text = "海盐、海参产量分别增长2.0%、9.0%。海盐增长4.0%。"
    statements = [
        said(text, "2.0%", "growth", "海盐产量", "2.0", "%"),
        said(text, "9.0%", "growth", "海盐产量", "9.0", "%"),
    ]
    (check,) = [check for check in checks_of(text, statements) if check.kind == "repeat"]
    assert (check.outcome, check.note) == (Outcome.FAILS, Note.MISREAD)
    statements[1] = said(text, "增长4.0%", "growth", "海盐产量", "4.0", "%")
    (check,) = [check for check in checks_of(text, statements) if check.kind == "repeat"]
    assert check.note == Note.CANNOT_BE


@pytest.mark.parametrize(
    ("kinds", "outcome"),
    [
        ((("actual",), ("revised",)), Outcome.EXPLAINED),
        ((("preliminary",), ("actual",)), Outcome.EXPLAINED),
        ((("revised",), ("revised",)), Outcome.FAILS),
        ((("actual",), ("actual",)), Outcome.FAILS),
    ],
)
def test_a_revision_is_no_contradiction(kinds: tuple[tuple[str, ...], tuple[str, ...]], outcome: Outcome) -> None:
    pages = []
    for value, kind in zip(("71.5", "72.3"), kinds, strict=True):
        text = f"产值{value}亿元。"
        pages.append(Page(text, [said(text, f"产值{value}亿元", "level", "产值", value, "亿元", kind=kind)]))
    (check,) = checks_across(pages)
    assert (check.kind, check.outcome) == ("repeat", outcome)
    assert (check.note == Note.REVISED) == (outcome is Outcome.EXPLAINED)
    assert check.stated == "71.5亿元"
