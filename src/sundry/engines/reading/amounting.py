"""Money, things, people and time: a level, a count or a duration, of what, and what is none of them.

Problem: in 每万人有经营主体1100户 the number is none of firms, 亩产512公斤 is per mu, 三大任务 counts nothing, and in
近3年研发费用 a duration is no figure at all.

    日均发送旅客1.2万人次        1.2 万人次/日
    每套400元至1200元           元/套, a range
    王女士花3万元               kept, and not published: nobody's figure

Therefore the unit takes what stands before the number, the name is looked for on both sides, and each reason for which
a number is none lowers how sure it is.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sundry.engines.reading import phrases
from sundry.engines.reading.changing import Changing
from sundry.engines.reading.context import Named
from sundry.engines.reading.indicators import Mention, find
from sundry.engines.reading.model import Kind, Period, Token, Type
from sundry.engines.reading.patterns import (
    A_RATE,
    BARE,
    CHANGED,
    DAILY,
    EACH,
    EVERYDAY,
    FAIR_OF,
    FROM,
    GREAT,
    LAST_TIME,
    LASTING,
    LASTS,
    LONG,
    OPEN_ALL_DAY,
    PAST,
    PER_HEAD,
    PLAN,
    REGULAR,
    RISEN,
    SPENT,
)
from sundry.engines.reading.sentence import Draft

# What a few in characters do count: 三大任务 is a slogan, 两台冷柜 are two.
_COUNTED_BY_FEW = ("家", "所", "名", "次", "轮", "天", "间", "栋", "幢", "台", "辆", "艘")


class Amounting(Changing):
    """Reads one amount or duration."""

    def _amount(self, token: Token, low: int, head: str) -> Draft | None:
        """Money, things, people: a level or a count of something."""
        number, unit = token.number, token.unit
        assert number is not None
        changed = self._increase(token, low, head)
        if changed is not None:
            return changed
        great = GREAT.match(self.text, token.end) if self._is_below(token, 100) else None
        if great is not None:  # 8大展区
            at = great.span(1)
            area = Named(self.masked[slice(*at)], None, self._span(*at))
            return self._make(token, token.start, at[1], "count.noun", Type.COUNT, area, unit="个")
        if not unit.strip("十百千万亿"):
            own = self._last_mention(low, token.start)
            people = [one for one in find(self.text[token.end : token.end + 8]) if one.indicator.unit == "persons"]
            if unit and (people or (own is not None and own.indicator.unit == "persons")):
                unit += "人"  # 人口不足30万
            elif unit or not (self._is_score(own) or (own is None and CHANGED.match(head) and self._is_score(None))):
                return self._make(token, token.start, token.end, "no_unit", Type.COUNT, None)
        each = EACH.search(head)
        if each and "/" not in unit:
            unit = f"{unit}/{each[1]}"
        regular = REGULAR.search(head)
        yields, daily = re.search(r"亩产", head), DAILY.search(head)
        if regular and "/" not in unit and unit.endswith(("元", "美元")):
            unit = f"{unit}/{regular[1]}"
        elif yields and "/" not in unit and unit in ("公斤", "斤", "吨", "千克"):
            unit = f"{unit}/亩"
        elif daily and "/" not in unit and not unit.endswith("元"):
            unit = f"{unit}/{daily[1]}"
        # Of the fair before this one nobody says here when it was.
        period = Period("") if LAST_TIME.match(self.masked, max(low, self._clause(token.start))) else None
        counted = unit.split("/")[0] if each or regular or yields or daily else unit
        named, end, how = self._counted(replace(token, unit=unit), low, counted)
        if end > token.end and re.fullmatch(r"的?(?:历史|单日)?[纪记]录", self.masked[token.end : end]):
            named, end, how = self.context.named, token.end, "carried"  # 突破去年806万人次的纪录
            before = [one.period for one in self.tokens if one.period and 0 <= token.start - one.end <= 2]
            period = before[-1] if before else Period("")
        if each and (maker := phrases.before(self.nouns[low : low + each.start()])):
            span = self._span(low + maker[0], low + maker[1])
            named, how = Named(f"{self.masked[low + maker[0] : low + maker[1]]}{each[1]}产量", None, span), "noun"
        if daily and how == "carried" and named is not None and not named.name.startswith(daily[1]):
            named = Named(f"{daily[1]}均{named.name}", None, named.span)
        is_level = self._is_level(unit)
        printed = self.text[token.start : token.end]
        type_ = Type.ORDINAL if token.key == "ordinal" else Type.LEVEL if is_level else Type.COUNT
        if number.value is None and re.search(r"[0-9百千万亿]\s*[^0-9]{0,3}(?:至|到|~|-|—)+\s*[0-9]", printed):
            type_ = Type.RANGE
        rule = {"known": type_.value, "carried": type_.value, "noun": f"{type_.value}.noun"}.get(how, how)
        rule = "ordinal" if type_ is Type.ORDINAL and how != "nameless" else rule
        rule = "range" if type_ is Type.RANGE and how in ("known", "carried", "noun") else rule
        is_run = unit in ("公里", "米") and how == "noun" and end > token.end
        is_run = is_run and self.masked[token.end] != "的" and LONG.match(self.masked, token.end) is None
        if self._is_change(unit, head) or self._is_limit(token) or is_run:
            rule = "nameless"
        if (
            named is not None
            and named.indicator is not None
            and PAST.search(head)
            and FROM.match(self.text, token.start)
        ):
            rule = "nameless"  # 由1.38缩小到1.34, and nobody says when it was so
        if named is not None and named.indicator is None and BARE.fullmatch(named.name):
            rule = "nameless"  # a verb or an adverb, and no name
        if named is not None and named.indicator is None and unit.endswith("元") and SPENT.search(named.name):
            rule = "nameless"  # 王女士花3万元
        if named is not None and re.fullmatch("[省市县区州]|县市|市县|设区市", named.name):
            rule = "nameless"  # 全省90个县（市、区）: what a place is taken among
        per = PER_HEAD.search(self.masked, low, token.start)
        if per is not None and named is not None and not named.name.startswith("每") and "/" not in unit:
            named = Named(per[0] + named.name, None, named.span)  # 每万人有经营主体1100户: no number of them
        if end > token.end and named is not None and type_ is Type.COUNT and A_RATE.search(named.name):
            rule, end = "nameless", token.end  # 380家民宿入住率达92%: the rate is of the next number
        if EVERYDAY.match(printed) or (unit == "块" and self.text[token.end : token.end + 1].isdecimal()):
            rule = "nameless"  # 半条街, 不到一箱, 3块6
        if unit == "岁" and not re.search("寿命|年龄", head):
            rule = "nameless"  # somebody's age
        if re.match(r"[\u4e00-\u9fff]{0,8}分别", self.masked[token.end :]):
            rule = "nameless"  # 三个行业增加值分别: how many names stood before
        rule = self._slogan(token, low, rule, named)
        is_after_list = self.masked[low : token.start].rstrip().endswith("等")  # 甲、乙等21个国家
        is_far = end > token.end and token.start - low > 14  # the noun behind says what it is
        start = token.start if is_after_list or is_far else self._quote_start(low, token.start, named)
        penalties, inherited = (("indicator",), {"indicator": named.span}) if how == "carried" and named else ((), {})
        return self._make(
            token, start, end, rule, type_, named, penalties=penalties, inherited=inherited, unit=unit, period=period
        )

    def _duration(self, token: Token, low: int) -> Draft | None:
        tail = self.masked[token.end : token.end + 20]
        named: Named | None = None
        risen = RISEN.match(self.nouns[low : token.start])  # 车程由70分钟缩短至
        behind, noun = phrases.after(tail), phrases.before(risen[1] if risen else self.nouns[low : token.start])
        is_told = self.context.is_fair and FAIR_OF.search(self.text) is not None
        is_fair = "展" in tail or "博览会" in tail or (self.context.event is not None and "展" in self.text) or is_told
        lasts = LASTS.search(self.nouns, low, token.start)
        if lasts is not None and (noun := phrases.before(lasts["what"])) is not None:
            at = lasts.start() + noun[0], lasts.start() + noun[1]
            named = Named(self.masked[slice(*at)], None, self._span(*at))
            return self._make(token, self._quote_start(low, token.start), token.end, "duration", Type.DURATION, named)
        took = re.search(r"(?:为期|历时|会期|展期)\s*$", self.masked[low : token.start])
        if took is not None:
            of = None if is_fair else phrases.before(self.nouns[low : low + took.start()])
            words = self.masked[low + of[0] : low + of[1]] + "天数" if of else "展期" if is_fair else "会期"
            named = Named(words, None, self._span(token.start, token.end))
        elif behind is not None and not re.match(r"来|间|前|后|内|多", tail):
            named = Named(tail[slice(*behind)], None, self._span(token.start, token.end))
        elif self.context.is_fair and token.unit in ("天", "日") and re.match("里|间|内", tail):
            named = Named("展期", None, self._span(token.start, token.end))
        elif noun is not None:
            words = self.masked[low + noun[0] : low + noun[1]]
            time = "时间" if token.unit in ("小时", "分钟", "秒") else f"{token.unit.removeprefix('个')}数"
            words += time * (LASTING.search(words) is None)
            named = Named(words, None, self._span(token.start, token.end))
        else:
            named = self.context.named or Named("时长", None, self._span(token.start, token.end))
        head = self.masked[low : token.start]
        is_open = token.unit == "小时" and OPEN_ALL_DAY.match(tail)  # 24小时服务热线2条
        is_plan = is_open or PLAN.match(tail) or re.search(r"[第每]\s*$", head) or self.text[token.start] == "第"
        is_one = self.text[token.start : token.end].startswith("一") and not re.search(
            r"(?:为期|历时|时隔|仅|近|约)\s*$", head
        )
        is_mean = re.match("平均|年均|复合|[来间]?累计", tail) is not None  # 三年平均增长: of a growth
        rule = "name_of_a_plan" if is_plan or is_one or is_mean else "duration"
        is_verse = re.match("[一二两三四五六七八九十]", tail) and not re.search(
            "[0-9]", self.text[token.start : token.end]
        )
        if self._is_quoted(token) or is_verse:  # 三年一小变
            rule = "slogan"
        start = token.start if token.start - low > 12 else self._quote_start(low, token.start)
        period = self.context.event if took is not None else None
        return self._make(token, start, token.end, rule, Type.DURATION, named, period=period)

    def _is_below(self, token: Token, most: int) -> bool:
        """Whether it is a whole number in digits without a unit, below `most`."""
        value = token.number.value if token.number is not None else None
        return not token.unit and value is not None and value < most and self.text[token.end - 1] in "0123456789"

    def _is_score(self, mention: Mention | None) -> bool:
        """Whether what is named, or was spoken of, is counted without a unit: an index, a ratio."""
        entry = mention.indicator if mention else self.context.named.indicator if self.context.named else None
        return entry is not None and entry.unit == "score"

    def _is_change(self, unit: str, head: str) -> bool:
        """增加3亿元, 比去年净增30家, 前移2位: a change, and no level."""
        if unit in ("位", "名次") and re.search(r"[提上前下回]?(?:升|移|进|降|落|跃)了?\s*$", head):
            return True
        return bool(
            re.search(r"(?<!新)(?:增加|减少|增长|下降)了?\s*[约近超]?$", head)
            or re.search(r"[较比][^，]{0,10}(?:净增|多|少)了?\s*[约近超]?$", head)
        )

    def _is_limit(self, token: Token) -> bool:
        """万平方米以上的展会, 亿元以上项目3个: a threshold."""
        assert token.number is not None
        if not token.number.marks or token.number.marks[-1] not in ("以上", "及以上", "以下", "以内"):
            return False
        ahead = self._tail_end(token.end)
        is_before_number = any(one.start == ahead for one in self.tokens if one.kind is Kind.QUANTITY)
        return is_before_number or self.text[token.end : token.end + 1] == "的"

    def _slogan(self, token: Token, low: int, rule: str, named: Named | None) -> str:
        """三大任务, 五项机制: a number of a few in characters counts only what is an act or is listed."""
        printed = self.text[token.start : token.end]
        if self._is_quoted(token):
            return "slogan"
        number = token.number
        is_few = number is not None and number.value is not None and number.value < 20 and not number.marks
        is_han = not re.search("[0-9]", printed) and "半" not in printed
        if (
            is_few
            and is_han
            and token.unit in ("个", "项", "条", "种", "点", "方面", "篇", "件", "步", "张", "字", "代", "级")
        ):
            return "slogan"
        verbs = phrases.before(self.nouns[low : token.start]) is None and bool(self.nouns[low : token.start].strip())
        if is_few and is_han and named is not None and named.indicator is None and not verbs:
            return rule if token.unit in _COUNTED_BY_FEW else "slogan"
        return rule
