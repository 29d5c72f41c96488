"""Names on invented pages, and how many of the labelled names are found."""

from __future__ import annotations

from collections import Counter

import pytest
from reading import gold
from reading.invented import said

from sundry.engines.reading.entities import entities_of
from sundry.engines.reading.model import Article, Entity, Join


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


def test_a_name_is_whole_where_a_column_broke_inside_it() -> None:
    text = "记者从县农业农\n\n村局获悉，种子到了。"
    article = Article(None, ((0, 7), (9, len(text))), joins=(Join((0, 7), (9, len(text)), 0.95),))
    (office,) = [e for e in entities_of(text, [article], []) if e.type == "organisation"]
    assert office.name == "县农业农村局"
    assert "".join(text[slice(*span)] for span in office.spans) == office.name


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("优化市场布局，做好城市长远布局，打开新格局。", "organisation"),
        ("新增3家省级未来工厂、12家智能工厂，两家育种公司落户。", "organisation"),
        ("全县有境内外上市公司9家，当年公司开始盈利。", "organisation"),
        ("书记高度重视，代表齐聚一堂，总书记任浙江省委书记期间来过。", "person"),
        ("2031年国民经济和社会发展计划已经通过。", "event"),
        ("热门景区人多，两个景区排队，经公路口岸出境。", "place"),
        ("让“有为政府”落实要求，从“四个允许”到国企改革，承担市级以上试点任务。", "programme/policy"),
    ],
)
def test_what_only_ends_like_a_name(text: str, kind: str) -> None:
    assert names(text, kind) == set()


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("继潮平分会之后，随后云岭粮食储运有限公司也来了。", "organisation", {"潮平分会", "云岭粮食储运有限公司"}),
        ("3家潮平海运公司投标。", "organisation", {"潮平海运公司"}),
        ("前11个月石渡口岸过货，经石渡铁路口岸出境。", "place", {"石渡口岸", "石渡铁路口岸"}),
        ("力争石渡机场今年通航。", "place", {"石渡机场"}),
        ("下届石渡渔博会明年举行。", "event", {"石渡渔博会"}),
    ],
)
def test_where_a_name_begins(text: str, kind: str, expected: set[str]) -> None:
    assert names(text, kind) == expected


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


def test_a_fair_is_one_with_its_year_and_without_and_referring_is_no_name() -> None:
    text = "2031石渡海产博览会闭幕。本届博览会来了90家企业。石渡海产博览会热闹。下一届博览会明年再办。"
    assert names(text, "event") == {"石渡海产博览会"}
