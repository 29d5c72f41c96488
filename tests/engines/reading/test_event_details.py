"""What a fair was in figures, each with the place that says it."""

from __future__ import annotations

from reading.invented import said

from sundry.engines.reading.entities import entities_of
from sundry.engines.reading.event_details import details_of, main_events
from sundry.engines.reading.model import Article, Bound, Role


def test_an_event_takes_its_figures_from_the_statements_of_it() -> None:
    text = "2031海博会泰国展收官，84家企业参展，接待客商1.3万人次，意向订单3200余万元。全县出口5亿元。"
    fair = {"region_code": None, "subject": "2031海博会泰国展", "period": "2031-03-20/2031-03-23"}
    statements = [
        said(text, "84家企业", "count", "参展企业数", "84", "家", **fair),
        said(text, "客商1.3万人次", "level", "客商人次", "1.3", "万人次", **fair),
        said(text, "3200余万元", "level", "意向订单金额", "3200", "万元", bound=Bound.BAND, **fair),
        said(text, "出口5亿元", "level", "出口成交额", "5", "亿元"),
    ]
    (event,) = [entity for entity in entities_of(text, [], statements) if entity.type == "event"]
    assert event.details == {
        "exhibitors": "84",
        "exhibitors_span": "13-18",
        "visitors": "13000",
        "visitors_span": "23-31",
        "amount_intended": "32000000+",
        "amount_intended_unit": "元",
        "amount_intended_span": "36-43",
        "period": "2031-03-20/2031-03-23",
    }


def test_the_figures_of_an_article_are_of_its_first_event() -> None:
    text = "2031海博会泰国展收官，84家企业参展。全县出口5亿元。明年还将举办渔业论坛。"
    statements = [
        said(text, "84家企业", "count", "参展企业数", "84", "家", region_code=None),
        said(text, "出口5亿元", "level", "出口成交额", "5", "亿元"),
    ]
    article = Article(None, ((0, len(text)),))
    details = {e.name: e.details for e in entities_of(text, [article], statements) if e.type == "event"}
    assert details["2031海博会泰国展"] == {"exhibitors": "84", "exhibitors_span": "13-18"}
    assert details["渔业论坛"] == {}


def test_a_meeting_has_no_figures() -> None:
    text = "县第九届人民代表大会开幕，全县新增参展企业150家。"
    statements = [said(text, "150家", "count", "参展企业数", "150", "家", region_code=None)]
    assert details_of("县第九届人民代表大会", {0}, statements) == {}


def test_a_day_of_the_fair_and_its_whole_history_are_not_its_visitors() -> None:
    text = "海博会迎客9.1万人次，单日入园1.2万人次，创办以来4200万人次。"
    statements = [
        said(text, "1.2万人次", "level", "单日入园人次", "1.2", "万人次", region_code=None),
        said(text, "4200万人次", "level", "参观者", "4200", "万人次", region_code=None, period="2000-01/"),
        said(text, "9.1万人次", "level", "参观者", "9.1", "万人次", region_code=None),
    ]
    assert details_of("海博会", {0}, statements)["visitors"] == "91000"


def test_an_advert_is_no_article_of_an_event() -> None:
    spans = {"海博会": [(0, 3)]}
    assert main_events(spans, [Article(None, ((0, 9),), role=Role.ADVERT)]) == {}
    assert main_events(spans, [Article(None, ((0, 9),))]) == {"海博会": {0}}
