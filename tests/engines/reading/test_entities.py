"""Names on invented pages, and how many of the labelled names are found."""

from __future__ import annotations

from collections import Counter

import pytest
from reading import gold
from reading.invented import said

from sundry.engines.reading.entities import entities_of
from sundry.engines.reading.model import Article, Bound, Entity


def names(text: str, kind: str) -> set[str]:
    return {entity.name for entity in entities_of(text, [], []) if entity.type == kind}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("县农业农村局会同石渡海产有限公司修渠。", {"县农业农村局", "石渡海产有限公司"}),
        ("记者从市统计局获悉，云岭农商银行潮平支行放款。", {"市统计局", "云岭农商银行潮平支行"}),
        ("县委宣传部和县政府办到场。", {"县委宣传部", "县政府办"}),
        ("走进潮平大学海洋研究院，石渡渔业协会正在开课。", {"潮平大学海洋研究院", "石渡渔业协会"}),
        ("引进东屿大学“深蓝”船舶学院。", {"东屿大学“深蓝”船舶学院"}),
        ("潮平海关验放，Seatown平台上架。", {"潮平海关", "Seatown平台"}),
        ("走进“老码头”商铺。", {"老码头"}),
        ("记者从县招商办获悉，潮海盐业总公司报名。", {"县招商办", "潮海盐业总公司"}),
        ("来源：云岭发布", {"云岭发布"}),
        ("各相关部门、有关企业和物流公司加强管理，干部到场，银行卡可用。", set()),
        ("全面部署，出台管理办法，市委要求抓好落实。", set()),
    ],
)
def test_organisations(text: str, expected: set[str]) -> None:
    assert names(text, "organisation") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("深入实施“蓝湾”行动，落实“三清”工作部署。", {"蓝湾”行动", "三清”工作部署"}),
        ("大力推行“一户一册”，抓好“百村计划”。", {"一户一册", "百村计划"}),
        ("印发《云岭县渔港管理办法》，《潮平日报》刊登。", {"云岭县渔港管理办法"}),
        ("推进海域使用权综合改革，启动渔船更新工程。", {"海域使用权综合改革", "渔船更新工程"}),
        ("他说“今年不错”，老人连声“谢谢”。", set()),
    ],
)
def test_programmes(text: str, expected: set[str]) -> None:
    assert names(text, "programme/policy") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("县委书记陈望海主持会议，县长林澜出席。", {"陈望海", "林澜"}),
        ("县领导周一帆、吴桐、欧阳澄等参加。", {"周一帆", "吴桐", "欧阳澄"}),
        ("“鱼很新鲜。”赵小满说。", {"赵小满"}),
        ("经营户孙阿海正忙着，孙阿海笑了。", {"孙阿海"}),
        ("一位教授指出，同志们要关于安全多上心。", set()),
        ("记者何苗采访。", set()),
        ("县长强调，校长介绍了情况。", set()),
    ],
)
def test_persons(text: str, expected: set[str]) -> None:
    assert names(text, "person") == expected


def test_a_person_without_title_is_found_by_the_first_mention_and_a_byline_is_none() -> None:
    text = "通讯员 店主孙阿海\n\n店主孙阿海开门。孙阿海卖鱼。"
    article = Article(None, ((11, len(text)),), bylines=((0, 9),))
    (person,) = [e for e in entities_of(text, [article], []) if e.type == "person"]
    assert [text[slice(*span)] for span in person.spans] == ["孙阿海"] * len(person.spans)
    assert len(person.spans) >= 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("在石渡国际会展中心举行，货车驶出云岭物流园。", {"石渡国际会展中心", "云岭物流园"}),
        ("将在泰国清迈、日本长崎等地开展。", {"泰国清迈", "日本长崎"}),
        ("潮平海鲜批发市场三区开市。", {"潮平海鲜批发市场三区"}),
        ("广场上人很多。", set()),
    ],
)
def test_places(text: str, expected: set[str]) -> None:
    assert names(text, "place") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("为期四天的2031海博会泰国展收官。", {"2031海博会泰国展"}),
        ("石渡海洋博览会和云岭渔业论坛同日开幕。", {"石渡海洋博览会", "云岭渔业论坛"}),
        ("县政府办召开新闻发布会。", set()),
    ],
)
def test_events(text: str, expected: set[str]) -> None:
    assert names(text, "event") == expected


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
        "visitors": "13000",
        "amount_intended": "32000000+",
        "amount_intended_unit": "元",
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
    assert details["2031海博会泰国展"] == {"exhibitors": "84"}
    assert details["渔业论坛"] == {}


def test_targets_and_commitments() -> None:
    text = "力争实现渔业产值90亿元。已修码头3座。"
    statements = [
        said(text, "渔业产值90亿元", "level", "渔业产值", "90", "亿元", kind=("target",), period="2031"),
        said(text, "3座", "count", "码头", "3", "座"),
    ]
    rows = {entity.type: entity for entity in entities_of(text, [], statements)}
    assert set(rows) == {"target", "commitment"}
    assert rows["target"].details == {"value": "90", "unit": "亿元", "period": "2031"}
    assert rows["commitment"].name == "力争实现渔业产值90亿元"


def test_every_span_is_of_the_text_and_nothing_is_found_in_nothing() -> None:
    assert entities_of("", [], []) == ()
    text = "县统计局说。\n" * 2000
    for entity in entities_of(text, [], []):
        assert all(entity.name == text[start:end].strip("“”《》 ") for start, end in entity.spans)


# Lowest F1 by type that is accepted on the labelled pages (a name counts where a span overlaps a label of its type).
LABELLED = {
    "programme/policy": 0.93,
    "organisation": 0.82,
    "person": 0.95,
    "place": 0.8,
    "event": 0.85,
    "commitment": 0.9,
}


def test_the_labelled_names() -> None:
    good, given, labelled, hit = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    rows = gold.rows("entities")
    for page in gold.pages():
        found: list[Entity] = list(entities_of(gold.text_of(page), gold.articles(page), gold.statements(page)))
        for kind in LABELLED:
            labels = [tuple(s) for row in rows if row["page"] == page and row["type"] == kind for s in row["spans"]]
            spans = [span for entity in found if entity.type == kind for span in entity.spans]
            given[kind] += len(spans)
            labelled[kind] += len(labels)
            good[kind] += sum(any(min(b, d) > max(a, c) for c, d in labels) for a, b in spans)
            hit[kind] += sum(any(min(b, d) > max(a, c) for c, d in spans) for a, b in labels)
    for kind, least in LABELLED.items():
        precision, recall = good[kind] / max(1, given[kind]), hit[kind] / labelled[kind]
        assert 2 * precision * recall / (precision + recall) >= least, (kind, precision, recall)
