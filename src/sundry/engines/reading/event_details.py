"""What a fair was in figures: exhibitors, visitors, orders, amounts, each with the words that say it.

Problem: an article on a fair that is over names the next one too, and the figures of the town beside those of the fair.

    海博会泰国展收官，84家企业参展，接待客商1.3万人次。全县出口5亿元。明年还将举办渔业论坛。
    exhibitors 84, visitors 13000 of the 海博会泰国展; the 5亿元 are the town's, and the 渔业论坛 has no figures yet

Therefore an event has the statements whose subject it is; or, where it is the main one of an article, those of the
article that are of no place and are counted as things of a fair are counted. A meeting has none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sundry.engines.reading.checking import written
from sundry.engines.reading.figures import base_of
from sundry.engines.reading.model import Article, Role, Span, Statement

# (key, unit, what the indicator says). The first statement that fits says it: the others are parts of it.
_DETAILS = (
    ("exhibitors", "家", re.compile("参展|展商|参会|设展|设摊")),
    ("visitors", "人次", re.compile("采购商|观众|客商|游客|参观|人次|观展|人流|参会|入场|入馆")),
    ("visitors", "人", re.compile("采购商|观众|客商|观展|参观")),
    ("leads", "位", re.compile("意向客户|客户")),
    ("orders_intended", "笔", re.compile("意向")),
    ("orders_intended", "单", re.compile("意向")),
    ("amount_intended", "元", re.compile("意向")),
    ("amount_intended", "美元", re.compile("意向")),
    ("deals", "笔", re.compile("成交|现场")),
    ("deals", "单", re.compile("成交|现场")),
    ("amount_deals", "元", re.compile("成交|现场")),
    ("amount_deals", "美元", re.compile("成交|现场")),
    ("days", "天", re.compile("展期|为期|会期")),
    ("booths", "个", re.compile("展位|摊位")),
    ("countries", "个", re.compile("国家|地区")),
)
_PART = re.compile("单日|当日|首日|日均|每|其中|增加|新增|以来")
_BOUND_SIGNS = {"ge": "+", "gt": "+", "band": "+", "lt": "-", "le": "-", "about": "~"}
_FAIR = re.compile(
    "博览会|展览会|交易会|展销会|洽谈会|对接会|招聘会|推介会|订货会|博会|展会|论坛|峰会|采购节|购物节|旅游节|文化节|美食节|音乐节|艺术节"
    "|马拉松|赛$|[^发拓开进扩]展$"
)
_DAYS = re.compile(r"\d{4}-\d\d-\d\d(?:/\d{4}-\d\d-\d\d)?")


def main_events(events: Mapping[str, Sequence[Span]], articles: Sequence[Article]) -> dict[str, set[int]]:
    """The articles of which an event is the subject: named there more often than any other one, and first.

    Of a fair that is over and the next ones that are planned, the figures of the article are those of the first.
    """
    main: dict[str, set[int]] = {}
    for index, article in enumerate(articles):
        if article.role in (Role.INDEX, Role.ADVERT):
            continue
        heads = (article.headline,) if article.headline else ()
        pieces = [*article.body, *article.kickers, *article.subheads, *heads]
        ranks = {
            name: (-sum(any(a <= span[0] < b for a, b in pieces) for span in spans), min(span[0] for span in spans))
            for name, spans in events.items()
        }
        named = {name: rank for name, rank in ranks.items() if rank[0] < 0}
        if named:
            main.setdefault(min(named, key=lambda name: named[name]), set()).add(index)
    return main


def details_of(name: str, inside: set[int], statements: Sequence[Statement]) -> dict[str, str]:
    """Numbers in their base unit with a sign of their bound, `..._unit` of amounts, `..._span` where it is said.

    `inside`: the articles whose main event it is.
    """
    if not _FAIR.search(name):
        return {}
    placeless = [said for said in statements if said.region_code is None and said.value is not None]
    own = [said for said in placeless if said.subject and (said.subject in name or name in said.subject)]
    own = own or [said for said in placeless if said.article in inside]
    details: dict[str, str] = {}
    for said in own:
        _add(details, said)
        if said.period and _DAYS.fullmatch(said.period):
            details.setdefault("period", said.period)
    return details


def _add(details: dict[str, str], said: Statement) -> None:
    if said.value is None or _PART.search(said.indicator) or (said.period or "").endswith("/"):
        return
    factor, base = base_of(said.unit)
    for key, unit, word in _DETAILS:
        if base == unit and key not in details and word.search(said.indicator):
            sign = "" if said.number is None else _BOUND_SIGNS.get(said.number.bound.value, "")
            details[key] = written((said.value * factor).normalize()) + sign
            if unit.endswith("元"):
                details[f"{key}_unit"] = unit
            details[f"{key}_span"] = f"{said.spans[0][0]}-{said.spans[-1][1]}"
            return
