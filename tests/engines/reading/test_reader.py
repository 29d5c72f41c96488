"""Whole pages: what is inherited, what a headline takes over, bad pages, the labelled pages where they are at hand."""

from __future__ import annotations

import importlib.util
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

from sundry.engines.reading.model import Article, Basis, BasisSource, Join, Region, Statement, Type
from sundry.engines.reading.reader import Reading, lines_of, read
from sundry.engines.reading.spacing import line_of

HOME = Region("350999", "青禾市")
ISSUED = date(2031, 5, 18)
PAGE = """\
增速5.9%！青禾一季度交出稳健答卷

本报讯 （记者 林禾） 5月17日，记者从市统计局获悉，一季度，全市完成地区生产总值412.6亿元，\
按不变价格计算，同比增长5.9%，高于全省（5.2%）0.7个百分点。

其中，服务业增加值增长6.8%，较去年全年（6.1%）提高0.7个百分点。陶瓷产业投资增长21.0%。
"""
SHARED = Path(__file__).resolve().parents[4] / "shared"
PAGES = {
    "000_4b295649c7b3b37a.txt": date(2026, 4, 25),
    "001_662793a09ef55423.txt": date(2026, 4, 24),
    "002_98d33fa018142c74.txt": date(2026, 5, 16),
}


def of(reading: Reading, type_: Type, value: str) -> Statement:
    return next(one for one in reading.statements if one.type is type_ and one.value == Decimal(value))


@pytest.fixture(scope="module")
def page() -> Reading:
    return read(PAGE, issued=ISSUED, home=HOME)


def test_every_quote_is_the_text_of_its_spans(page: Reading) -> None:
    assert page.statements
    for one in page.statements:
        assert "".join(PAGE[a:b] for a, b in one.spans) == one.quote
        assert one.quote.strip()


def test_the_stated_basis_and_the_one_by_convention(page: Reading) -> None:
    gdp = of(page, Type.GROWTH, "5.9")
    assert (gdp.basis, gdp.basis_source) == (Basis.REAL, BasisSource.STATED)
    services = of(page, Type.GROWTH, "6.8")
    assert (services.basis, services.basis_source) == (Basis.REAL, BasisSource.BY_CONVENTION)
    assert of(page, Type.GROWTH, "21.0").basis_source is BasisSource.UNKNOWN


def test_a_bracket_gives_the_other_region_and_the_other_year(page: Reading) -> None:
    assert of(page, Type.GROWTH, "5.2").region_code == "350000"
    assert of(page, Type.GROWTH, "6.1").period == "2030"
    gap = of(page, Type.GAP, "0.7")
    assert (gap.region_code, gap.versus, gap.period) == ("350999", "350000", "2031-Q1")
    delta = of(page, Type.GROWTH_DELTA, "0.7")
    assert (delta.indicator_key, delta.versus, delta.period) == ("va_services", "2030", "2031-Q1")


def test_what_is_inherited_says_from_where(page: Reading) -> None:
    growth = of(page, Type.GROWTH, "5.9")
    assert PAGE[slice(*growth.inherited["indicator"])] == "地区生产总值"
    assert PAGE[slice(*growth.inherited["period"])] == "一季度"
    assert growth.confidence < of(page, Type.LEVEL, "412.6").confidence


def test_a_headline_takes_from_its_body_what_it_leaves_out(page: Reading) -> None:
    head = [one for one in page.statements if one.spans[0][0] < PAGE.index("\n")]
    assert [(one.indicator_key, one.period, str(one.value)) for one in head] == [("gdp", "2031-Q1", "5.9")]


def test_the_checks_come_with_the_reading(page: Reading) -> None:
    assert {"gap", "delta"} <= {one.kind for one in page.checks}


def test_a_number_is_not_read_across_an_uncertain_join() -> None:
    text = "全市出口达3\n5亿元，增长了。"
    article = Article(None, ((0, 6), (7, 15)), joins=(Join((0, 6), (7, 15), 0.2),))
    assert [line.text for line in lines_of(text, article)] == ["全市出口达3", "5亿元，增长了。"]
    certain = Article(None, ((0, 6), (7, 15)), joins=(Join((0, 6), (7, 15), 0.9),))
    (line,) = lines_of(text, certain)
    assert line.text == "全市出口达35亿元，增长了。"
    assert line.spans(3, 9) == ((3, 6), (7, 10))


BAD = {
    "empty_page": "",
    "not_chinese": "Sales rose 5.2% in the first quarter. " * 20,
    "too_long": "长" * 400_001,
}


@pytest.mark.parametrize("rule", BAD)
def test_a_bad_page_gives_a_finding_and_no_figure(rule: str) -> None:
    reading = read(BAD[rule], issued=ISSUED, home=HOME)
    assert rule in [one.rule for one in reading.findings]
    assert not reading.statements


def test_without_a_date_nothing_is_given_a_year() -> None:
    reading = read(PAGE, issued=None, home=HOME)
    assert "no_issue_date" in [one.rule for one in reading.findings]
    assert all(one.period is None or "20" not in one.period for one in reading.statements if one.is_published)


WIDTHS = {
    "half": str.maketrans({"，": ",", "。": ".", "（": "(", "）": ")"}),
    "full": str.maketrans("0123456789%.", "０１２３４５６７８９％．"),
}


@pytest.mark.parametrize("width", WIDTHS)
def test_other_widths_are_read_alike(page: Reading, width: str) -> None:
    def told(reading: Reading) -> list[tuple[object, ...]]:
        return [(x.type, x.value, x.unit.replace("％", "%"), x.period) for x in reading.statements if x.is_published]

    assert told(read(PAGE.translate(WIDTHS[width]), issued=ISSUED, home=HOME)) == told(page)


def test_the_same_twice() -> None:
    assert read(PAGE, issued=ISSUED, home=HOME) == read(PAGE, issued=ISSUED, home=HOME)


def _scorer() -> ModuleType:
    path = SHARED / "reference" / "score_reading.py"
    if not (SHARED / "press" / "gold" / "gold.jsonl").is_file() or not path.is_file():
        pytest.skip("the labelled pages (../shared/press) are not here")
    spec = importlib.util.spec_from_file_location("score_reading", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_labelled_pages() -> None:
    scorer = _scorer()
    home, answers = Region("330782", "义乌市"), {}
    for name, issued in PAGES.items():
        with (SHARED / "press" / name).open(newline="", encoding="utf-8") as file:
            text = file.read()
        answers[name] = (text, {"statements": [_as_row(x) for x in read(text, issued=issued, home=home).statements]})
    rows = [
        [json.loads(line) for line in (SHARED / "press" / "gold" / file).read_text("utf-8").splitlines()]
        for file in ("gold.jsonl", "rejects.jsonl")
    ]
    figures, _ = scorer.score(*rows, answers)
    assert figures["recall_A"] >= 0.93
    assert figures["recall"] >= 0.85
    assert figures["precision"] >= 0.93
    assert figures["rejects_taken"] <= 1
    assert figures["broken_quotes"] == 0


def _as_row(one: Statement) -> dict[str, object]:
    return {
        "spans": one.spans, "quote": one.quote, "type": one.type.value, "value": one.value, "low": one.low,
        "high": one.high, "unit": one.unit, "period": one.period, "region_code": one.region_code,
        "indicator": one.indicator, "published": one.is_published,
    }  # fmt: skip


OWN = sorted((Path(__file__).parent / "pages").glob("*.page"))
SIGNS = "0123456789.,%（）“”亿万元，。；\n \ufffd\x00一二三第居占年月日"


def _spoilt(text: str, lot: Random) -> str:
    """A page with signs left out, doubled, swapped with the next and put in the place of others."""
    signs = list(text)
    for _ in range(lot.randint(1, 60)):
        at = lot.randrange(len(signs) - 1)
        change = lot.randrange(4)
        if change == 0:
            del signs[at]
        elif change == 1:
            signs.insert(at, signs[at])
        elif change == 2:
            signs[at], signs[at + 1] = signs[at + 1], signs[at]
        else:
            signs[at] = lot.choice(SIGNS)
    return "".join(signs)


@pytest.mark.parametrize("seed", range(24))
def test_a_spoilt_page_is_read_without_error_and_quoted_as_it_stands(seed: int) -> None:
    lot = Random(seed)
    text = _spoilt(lot.choice(OWN).read_text("utf-8"), lot)
    for one in read(text, issued=ISSUED, home=HOME).statements:
        assert "".join(text[start:end] for start, end in one.spans) == one.quote
        assert one.quote.strip()


@pytest.mark.parametrize("words", ["一季度，全市出口12.5亿元，增长3.1%，", "由2.1%提高到", "（全省6.1%）", "第", "“"])
def test_a_sentence_without_an_end_is_read_in_parts(words: str) -> None:
    text = "本报讯 " + words * (20_000 // len(words))
    line = line_of(text, (0, len(text)))
    assert max(end - start for start, end in line.sentences()) <= 600
    assert "".join(line.text[start:end] for start, end in line.sentences()) == text
    read(text, issued=ISSUED, home=HOME)


def test_ten_megabytes_are_too_much() -> None:
    reading = read("一季度，全市出口12.5亿元。" * 700_000, issued=ISSUED, home=HOME)
    assert [one.rule for one in reading.findings] == ["too_long"]
    assert reading.statements == ()


def test_the_same_ones_again_keep_their_own_words_and_say_where_they_were_named() -> None:
    text = "本报讯 5月9日，青禾春季招聘会举行。\n\n共有12所高校组织毕业生到场。\n\n会上，12所高校就“实习基地”授牌。\n"
    first, again = (one for one in read(text, issued=ISSUED, home=HOME).statements if one.unit == "所")
    assert (first.period, again.period) == ("2031-05-09", "2031-05-09")
    assert first.indicator != again.indicator
    assert again.inherited["indicator"] == first.spans[0]


@pytest.mark.parametrize("day", ["2031年2月30日", "2月30日", "9999年12月31日"])
def test_a_day_that_there_is_not_gives_no_figure_a_period(day: str) -> None:
    said = read(f"本报讯 {day}，全市完成出口12.5亿元。", issued=date(2031, 3, 30), home=HOME).statements
    assert [(one.quote, one.period) for one in said if one.is_published] == [("全市完成出口12.5亿元", None)]
