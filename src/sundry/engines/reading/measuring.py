"""One number by itself: percent, percentage points, money, things, time, a value in a bracket.

Problem: 3.1% alone is nothing. In one sentence it is a growth, a share, a contribution or another region's growth.

    增长3.1%，高于全省（2.0%）1.1个百分点，占进出口的90.2%
    growth      growth of 350000, then a gap    share of 进出口

Therefore each number is looked at with the words between it and the clause's beginning (its head) and those after it
(its tail), in a fixed order; the first way of saying that fits wins, and what fits none is kept and not published.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sundry.engines.reading import phrases
from sundry.engines.reading.context import Named
from sundry.engines.reading.framing import Framing
from sundry.engines.reading.indicators import UNITS, Mention, find
from sundry.engines.reading.model import Kind, Period, Span, Token, Type
from sundry.engines.reading.patterns import (
    AFFECTS,
    BARE,
    CHANGED,
    CONTRIBUTION,
    DAILY,
    DELTA,
    DONE,
    DONE_BY,
    EACH,
    FROM,
    GAP,
    GREAT,
    GROW,
    INCREASE,
    LASTS,
    NO_OWNER,
    OF,
    PAST,
    PLAN,
    PULL,
    RATE,
    REGULAR,
    SHARE,
    SPENT,
    TIMES,
    TO,
    compared,
    is_fall,
    is_less,
    other_growth,
)
from sundry.engines.reading.sentence import Draft


class Measuring(Framing):
    """Reads one number."""

    def _quantity(self, token: Token) -> None:
        """One number by itself."""
        bracket = self._bracket(token.start)
        if bracket is not None:
            self._in_bracket(token, bracket)
            return
        clause = self._clause(token.start)
        low = max(clause, self.last_end)
        draft = self._draft(token, low, clause)
        if draft is not None:
            self._add(draft, token, is_aside=draft.rule == "increase")

    def _draft(self, token: Token, low: int, clause: int) -> Draft | None:
        head, full, unit = self.masked[low : token.start], self.masked[clause : token.start], token.unit
        if unit in ("百分点", "基点"):
            return self._points(token, low, clause, head, full)
        if token.key == "doubled":
            return self._of_growth(token, low, Type.GROWTH, "growth")
        if unit in ("%", "‰"):
            return self._percent(token, low, clause, head, full)
        if unit == "倍":
            is_growth = GROW.search(full) is not None and TO.search(head) is None  # 提高到原来的4倍
            return self._of_growth(token, low, Type.GROWTH, "growth" if is_growth else "nameless")
        if unit in TIMES:
            return self._duration(token, low)
        return self._amount(token, low, head)

    def _make(
        self, token: Token, start: int, end: int, rule: str, type_: Type, named: Named | None, **more: object
    ) -> Draft:
        number = token.number
        assert number is not None
        value, band = number.value, (None, None) if number.value is not None else (number.low, number.high)
        draft = Draft(start, end, rule, type_, named, token.unit, number, value, *band)
        marks = tuple(f"approximate:{mark}" for mark in number.marks)
        return replace(draft, kind=marks, **more)  # type: ignore[arg-type]

    def _of_growth(self, token: Token, low: int, type_: Type, rule: str, **more: object) -> Draft:
        """A statement about the change of what is named in the head or before."""
        clause = self._clause(token.start)
        named = self._growing(low, token.start) or (
            self._growing(clause, low) if low > clause and not self.drafts else None
        )
        penalties: tuple[str, ...] = ()
        inherited: dict[str, Span] = {}
        if named is None:
            named = self.context.named
            penalties = ("indicator" if self.context.named_age == 0 else "indicator.sentence",)
            if named is not None:
                inherited["indicator"] = named.span
        is_rate = (
            self.context.last is Type.SHARE
            or SHARE.search(self.masked, low, token.start) is not None
            or (named is not None and bool(RATE.search(named.name)))
        )
        is_change = type_ in (Type.GAP, Type.GROWTH_DELTA) and named is not None and not named.name.endswith("增速")
        suffix = "增速" if is_change and not is_rate else ""
        start = self._quote_start(low, token.start, named)
        rule = rule if named is not None else "nameless"
        return self._make(
            token, start, token.end, rule, type_, named, suffix=suffix, penalties=penalties, inherited=inherited, **more
        )

    def _points(self, token: Token, low: int, clause: int, head: str, full: str) -> Draft | None:
        """Percentage points: pulled, above another region, or above another period."""
        places = [one for one in self.tokens if one.region is not None and low <= one.start < token.start]
        if PULL.search(full):
            return self._pull(token, low, clause)
        if AFFECTS.search(head) and self.context.named is not None:
            draft = self._of_growth(token, low, Type.CONTRIBUTION, "contribution")
            draft = replace(draft, named=self.context.named)
            return draft.downwards() if is_fall(head) else draft
        before = [
            one for one in self.tokens if one.period and low <= one.start < token.start and compared(self.text, one)
        ]
        carried = self.context.last is Type.GAP and bool(places) and not DELTA.search(head)
        if (GAP.search(head) and not (before and not places)) or carried:
            versus = places[-1].region.code if places and places[-1].region else None
            draft = self._of_growth(token, low, Type.GAP, "gap", versus=versus)
            draft = draft.downwards() if is_less(full if carried else head) else draft
            return replace(draft, penalties=(*draft.penalties, "type")) if carried else draft
        if DELTA.search(full) or (before and GAP.search(head)):
            versus = self._versus(before[-1]) if before else None
            draft = self._of_growth(token, low, Type.GROWTH_DELTA, "growth_delta", versus=versus)
            return draft.downwards() if is_less(full) else draft
        return self._of_growth(token, low, Type.GROWTH_DELTA, "nameless")

    def _versus(self, token: Token) -> str | None:
        """The period that is compared with: 上年同期 in a report on 2031-Q1 is 2030-Q1."""
        assert token.period is not None
        now = self.context.period
        if token.key != "same_period":
            return token.period.code or None
        if now is None or not now.code.removeprefix("asof ")[:4].isdecimal():
            return None
        year = int(now.code.removeprefix("asof ")[:4])
        back = int(token.period.code) - year if token.period.code.isdecimal() else -1
        return re.sub(r"(?<![0-9])[0-9]{4}", lambda found: str(int(found[0]) + back), now.code)

    def _percent(self, token: Token, low: int, clause: int, head: str, full: str) -> Draft | None:
        if DONE.search(head) and self.context.named is not None:
            return self._of_target(token, low)
        share = list(SHARE.finditer(head))
        goes_on = (TO.search(head) and low > clause) or re.fullmatch(r"[，\s]*达到?[\s约近超]*", head)
        before = self.drafts[-1] if self.drafts else None
        if goes_on and before is not None and before.unit == token.unit and before.type in (Type.SHARE, Type.LEVEL):
            rule = "share" if before.type is Type.SHARE else "rate"
            return self._make(token, self._quote_start(low, token.start), token.end, rule, before.type, before.named)
        grow = list(GROW.finditer(head))
        if CONTRIBUTION.search(head):
            return self._contribution(token, low, clause)
        if PULL.search(head) and not grow:
            return self._pull(token, low, clause)
        if share and (not grow or grow[-1].start() < share[-1].start()):
            return self._share(token, low, clause, low + share[0].start())
        if grow and re.search(r"[让使令]", head[: grow[0].start()]):
            return self._of_growth(token, low, Type.GROWTH, "nameless")  # what something brings about, over no period
        if grow and not TO.search(head):
            if re.search(r"[均都](?:同比)?(?:增长|上涨|下降|上升|下跌)[\s约近超]*$", head):
                self._also(token, low, head)
            draft = self._of_growth(token, low, Type.GROWTH, "growth")
            draft = replace(draft, kind=(*draft.kind, *other_growth(head)))
            if "average" in draft.kind:
                draft = replace(draft, period=self._years(token))
            return draft.downwards() if is_fall(head) else draft
        mention = self._last_mention(low, token.start)
        if mention is not None and (mention.indicator.takes("%") or mention.indicator.is_ == "rate"):
            return self._make(
                token, self._quote_start(low, token.start), token.end, "rate", Type.LEVEL, self._named(mention, low)
            )
        if self.context.last is Type.GROWTH and not head.strip("、和与及 "):
            return self._of_growth(token, low, Type.GROWTH, "growth")
        whose = (
            phrases.after(self.masked[token.end : self._tail_end(token.end)])
            if self.masked[token.end : token.end + 1] == "的"
            or (token.key == "tenths" and not NO_OWNER.match(self.masked, token.end))
            else None
        )
        if whose is not None:  # 六成以上的商户
            words = self.masked[token.end + whose[0] : token.end + whose[1]]
            named = Named(words, None, self._span(token.end + whose[0], token.end + whose[1]))
            return self._make(token, token.start, token.end + whose[1], "count.noun", Type.SHARE, named)
        noun = phrases.before(self.nouns[low : token.start])
        if noun and token.key == "tenths":  # 茶叶三成销往海外
            words = self.masked[low + noun[0] : low + noun[1]].removesuffix("占")
            named = Named(words, None, self._span(low + noun[0], low + noun[1]))
            return self._make(token, self._quote_start(low, token.start), token.end, "count.noun", Type.SHARE, named)
        done = DONE_BY.match(self.masked, token.end)
        if noun and done is not None and self.context.last is not Type.SHARE:  # 100%覆盖
            words = self.masked[low + noun[0] : low + noun[1]] + done[0] + "比例"
            named, start = (
                Named(words, None, self._span(low + noun[0], low + noun[1])),
                self._quote_start(low, token.start),
            )
            return self._make(token, start, token.end + 2, "count.noun", Type.SHARE, named)
        if noun and re.search(r"(?:率|比例|比|度|占有率|面)$", words := self.masked[low + noun[0] : low + noun[1]]):
            named = Named(words, None, self._span(low + noun[0], low + noun[1]))
            type_ = Type.SHARE if words.endswith("占有率") else Type.LEVEL
            return self._make(token, self._quote_start(low, token.start), token.end, "rate", type_, named)
        return self._of_growth(token, low, Type.GROWTH, "nameless")

    def _years(self, token: Token) -> Period | None:
        """The years of a mean growth: between the two that are compared in the sentence, or those of a plan."""
        codes = [one.period.code for one in self.tokens if one.period is not None and one.start < token.start]
        plans = [code for code in codes if re.fullmatch(r"[0-9]{4}/[0-9]{4}", code)]
        years = sorted({int(code) for code in codes if code.isdecimal()})
        if plans:
            return Period(plans[-1], is_cumulative=True)
        return Period(f"{years[0] + 1}/{years[-1]}", is_cumulative=True) if len(years) == 2 else None

    def _also(self, token: Token, low: int, head: str) -> None:
        """甲、乙价格均上涨1%: the same of each; the last is left to the caller. Read by Listing."""

    def _of_target(self, token: Token, low: int) -> Draft:
        """完成年度目标的43%: a share of the target, of what was spoken of."""
        draft = self._of_growth(token, low, Type.SHARE, "share", versus="target")
        return replace(draft, named=self.context.named)

    def _share(self, token: Token, low: int, clause: int, cue: int) -> Draft | None:
        named, penalties, inherited = self._subject(low, cue)
        wholes = [one for one in self.mentions if cue <= one.start and one.end <= token.start]
        whole = wholes[-1].indicator.key if wholes else (self.context.whole.name if self.context.whole else None)
        rule = "share" if named else "nameless"
        start = self._quote_start(low, token.start, named)
        return self._make(
            token, start, token.end, rule, Type.SHARE, named, versus=whole, penalties=penalties, inherited=inherited
        )

    def _contribution(self, token: Token, low: int, clause: int) -> Draft | None:
        of = OF.search(self.masked, low, token.start)
        named, penalties, inherited = self._subject(low, of.start() if of else low)
        wholes = find(of[1]) if of else ()
        versus = wholes[-1].indicator.key if wholes else (of[1] if of else None)
        start = self._quote_start(low, token.start, named)
        return self._make(
            token, start, token.end, "contribution" if named else "nameless", Type.CONTRIBUTION, named,
            versus=versus, penalties=penalties, inherited=inherited,
        )  # fmt: skip

    def _pull(self, token: Token, low: int, clause: int) -> Draft | None:
        cue = self.masked.find("拉动", clause, token.start)
        named, penalties, inherited = self._subject(max(low, clause) if cue > low else clause, cue)
        wholes = [one for one in self.mentions if cue <= one.start and one.end <= token.start]
        return self._make(
            token, self._quote_start(low, token.start), token.end, "pull" if named else "nameless", Type.PULL, named,
            versus=wholes[-1].indicator.key if wholes else None, penalties=penalties, inherited=inherited,
        )  # fmt: skip

    def _duration(self, token: Token, low: int) -> Draft | None:
        tail = self.masked[token.end : token.end + 20]
        named: Named | None = None
        behind, noun = phrases.after(tail), phrases.before(self.nouns[low : token.start])
        is_fair = "展" in tail or "博览会" in tail or (self.context.event is not None and "展" in self.text)
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
        elif noun is not None:
            named = Named(
                self.masked[low + noun[0] : low + noun[1]]
                + ("时间" if token.unit in ("小时", "分钟", "秒") else f"{token.unit.removeprefix('个')}数"),
                None,
                self._span(token.start, token.end),
            )
        else:
            named = self.context.named or Named("时长", None, self._span(token.start, token.end))
        head = self.masked[low : token.start]
        is_plan = PLAN.match(tail) or re.search(r"[第每]\s*$", head) or self.text[token.start] == "第"
        is_one = self.text[token.start : token.end].startswith("一") and not re.search(
            r"(?:为期|历时|时隔|仅|近|约)\s*$", head
        )
        is_mean = re.match("平均|年均|复合", tail) is not None  # 三年平均增长: of a growth
        rule = "name_of_a_plan" if is_plan or is_one or is_mean else "duration"
        is_verse = re.match("[一二两三四五六七八九十]", tail) and not re.search(
            "[0-9]", self.text[token.start : token.end]
        )
        if self._is_quoted(token) or is_verse:  # 三年一小变
            rule = "slogan"
        start = token.start if token.start - low > 12 else self._quote_start(low, token.start)
        period = self.context.event if took is not None else None
        return self._make(token, start, token.end, rule, Type.DURATION, named, period=period)

    def _increase(self, token: Token, low: int, head: str) -> Draft | None:
        """比上年增加0.8万亩, 同比少增3亿元: by how much what is spoken of changed, a figure of its own."""
        found = INCREASE.search(head)
        named = self.context.named if self.context.named_age == 0 else None
        if found is None or named is None or not self.drafts:
            return None
        if not found["than"] and found["verb"] not in ("增加", "减少", "净增"):
            return None
        unit = self._unit_of(named, token.unit)
        if phrases.before(self.nouns[low : low + found.start()]) is not None or unit is None:
            return None
        is_money = token.unit.endswith("元")
        verb = {"多": "增加", "少": "减少", "增": "增加", "净增加": "净增"}.get(found["verb"], found["verb"])
        name = re.sub("数$", "", named.name) + verb + ("额" if is_money else "数")
        type_ = Type.LEVEL if self._is_level(token.unit) else Type.COUNT
        start, inherited = self._quote_start(low, token.start), {"indicator": named.span}
        change = Named(name, None, named.span)
        same = [one.region for one in self.drafts if one.named == named and one.type is not Type.GAP]
        before = self.drafts[-1] if self.drafts[-1].rule == "increase" else None
        return self._make(
            replace(token, unit=unit), start, token.end, "increase", type_, change, inherited=inherited,
            region=same[-1] if same else None,
            period=self._since_new_year(found["than"]) or (before.period if before else None),
        )  # fmt: skip

    def _is_below(self, token: Token, most: int) -> bool:
        """Whether it is a whole number in digits without a unit, below `most`."""
        value = token.number.value if token.number is not None else None
        return not token.unit and value is not None and value < most and self.text[token.end - 1] in "0123456789"

    def _is_score(self, mention: Mention | None) -> bool:
        """Whether what is named, or was spoken of, is counted without a unit: an index, a ratio."""
        entry = mention.indicator if mention else self.context.named.indicator if self.context.named else None
        return entry is not None and entry.unit == "score"

    def _since_new_year(self, than: str) -> Period | None:
        """比年初: from January to the month of the stock."""
        now = re.fullmatch(r"asof ([0-9]{4})-([0-9]{2})", self.context.period.code) if self.context.period else None
        if now is None or not re.search(r"年初|年末|年底", than):
            return None
        part = {"03": "-Q1", "06": "-H1", "12": ""}.get(now[2])
        code = f"{now[1]}{part}" if part is not None else f"{now[1]}-01/{now[1]}-{now[2]}"
        return Period(code, is_cumulative=True)

    def _unit_of(self, named: Named, unit: str) -> str | None:
        """The unit of a change of what is spoken of: 公斤/亩 after a yield; None where it cannot be one."""
        same = [one.unit for one in self.drafts if one.named == named and one.type in (Type.LEVEL, Type.COUNT)]
        for one in same:
            if one.split("/")[0].lstrip("十百千万亿") == unit.lstrip("十百千万亿"):
                return "/".join([unit, *one.split("/")[1:]])
        return unit if named.indicator is not None and named.indicator.takes(unit) else None

    def _is_level(self, unit: str) -> bool:
        """Money, masses, areas and what is printed in thousands are levels; so many things are counts."""
        bare = re.sub(r"^[十百千]?[万亿]{1,2}|^[百千]", "", unit)
        measures = "|".join(UNITS[one] for one in ("money", "mass", "area", "volume", "energy", "length"))
        return not unit or bare != unit or "/" in unit or bare in measures.split("|")

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
        period: Period | None = None
        counted = unit.split("/")[0] if each or regular or yields or daily else unit
        named, end, how = self._counted(replace(token, unit=unit), low, counted)
        if end > token.end and re.fullmatch(r"的?(?:历史|单日)?[纪记]录", self.masked[token.end : end]):
            named, end, how = self.context.named, token.end, "carried"  # 突破去年806万人次的纪录
            before = [one.period for one in self.tokens if one.period and 0 <= token.start - one.end <= 2]
            period = before[-1] if before else Period("")
        if each and (maker := phrases.before(self.nouns[low : low + each.start()])):
            span = self._span(low + maker[0], low + maker[1])
            named, how = Named(f"{self.masked[low + maker[0] : low + maker[1]]}{each[1]}产量", None, span), "noun"
        is_level = self._is_level(unit)
        printed = self.text[token.start : token.end]
        type_ = Type.ORDINAL if token.key == "ordinal" else Type.LEVEL if is_level else Type.COUNT
        if number.value is None and re.search(r"[0-9百千万亿]\s*[^0-9]{0,3}(?:至|到|~|-|—)+\s*[0-9]", printed):
            type_ = Type.RANGE
        rule = {"known": type_.value, "carried": type_.value, "noun": f"{type_.value}.noun"}.get(how, how)
        rule = "ordinal" if type_ is Type.ORDINAL and how != "nameless" else rule
        rule = "range" if type_ is Type.RANGE and how in ("known", "carried", "noun") else rule
        is_run = unit in ("公里", "米") and how == "noun" and end > token.end
        if self._is_change(unit, head) or self._is_limit(token) or (is_run and self.masked[token.end] != "的"):
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
        if unit == "岁" and not re.search("寿命|年龄", head):
            rule = "nameless"  # somebody's age
        if re.match(r"[\u4e00-\u9fff]{0,8}分别", self.masked[token.end :]):
            rule = "nameless"  # 三个行业增加值分别: how many names stood before
        rule = self._slogan(token, low, rule, named)
        start = self._quote_start(low, token.start, named)
        penalties, inherited = (("indicator",), {"indicator": named.span}) if how == "carried" and named else ((), {})
        return self._make(
            token, start, end, rule, type_, named, penalties=penalties, inherited=inherited, unit=unit, period=period
        )

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
            return rule if token.unit in ("家", "所", "名", "次", "轮", "天") else "slogan"
        return rule

    def _is_elsewhere(self, place: Token | None, token: Token) -> bool:
        """增长7.5%（全省6.1%）: the same growth of another place."""
        if place is None or place.region is None or token.unit != "%" or place.region.code == self.home.code:
            return False
        is_alone = not self.text[place.end : token.start].strip("为增长 ")
        return is_alone and self.context.last is Type.GROWTH and self.context.named is not None

    def _in_bracket(self, token: Token, bracket: tuple[int, int]) -> None:
        """全省（6.1%）, 去年全年（9.8%）, 出口（12.5亿元）: a value in a bracket belongs to the name before it."""
        inner = self.text[bracket[0] + 1 : bracket[1] - 1]
        owner = next(
            (one for one in self.tokens if one.end == bracket[0] and one.kind in (Kind.REGION, Kind.PERIOD)), None
        )
        mention = next((one for one in self.mentions if one.end == bracket[0]), None)
        cue = GROW.search(self.text, bracket[0], token.start)
        inside = next((one for one in self.tokens if one.region and bracket[0] < one.start < token.start), None)
        if self._is_elsewhere(inside, token):
            assert inside is not None
            draft = self._make(token, inside.start, token.end, "bracket", Type.GROWTH, self.context.named)
            self._add(replace(draft, region=inside.region), token, is_aside=True)
            return
        if token.unit != "%" or (owner is None and mention is None and cue is None):
            start = bracket[0] + 1
            if token.unit in ("%", "百分点") or not find(inner):
                self._add(self._make(token, token.start, token.end, "nameless", Type.LEVEL, self.context.named), token)
                return
            self._add(
                self._make(token, start, token.end, "nameless", Type.LEVEL, self._growing(start, token.start)), token
            )
            return
        named, inherited = self.context.named, {}
        if mention is not None:
            named = self._named(mention, self._clause(mention.start))
        elif (near := self._last_mention(self._clause(bracket[0]), bracket[0])) is not None:
            named = self._named(near, self._clause(near.start))
        elif named is not None:
            inherited["indicator"] = named.span
        begin = max(bracket[0] + 1, self.text.rfind("，", bracket[0], token.start) + 1)
        told = self.text[begin : token.start]
        type_ = Type.CONTRIBUTION if "贡献" in told else Type.SHARE if SHARE.search(told) else Type.GROWTH
        is_alone = not re.search("[，；、]", inner)
        start = owner.start if owner else mention.start if mention else bracket[0] + 1
        start, end = (start, bracket[1]) if is_alone else (begin, token.end)
        draft = self._make(token, start, end, "bracket" if named else "nameless", type_, named, inherited=inherited)
        if owner is not None and owner.region is not None:
            draft = replace(draft, region=owner.region)
        elif owner is not None and owner.period is not None:
            draft = replace(draft, period=replace(owner.period, is_comparison=False))
        kept = self.context, self.last_end
        self._add(draft, token, is_aside=True)
        self.context, self.last_end = kept
