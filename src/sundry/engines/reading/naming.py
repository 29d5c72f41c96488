"""What a number is of: a name of the dictionary with the words that belong to it, or the noun of the clause.

Problem: 竹笋产量 is not 粮食产量 though 产量 stands in both, 新增上市公司 is not 上市公司, and in 对出口增长的贡献率
the word 出口 is not what is spoken of.

    规上工业企业实现增加值68亿元         规模以上工业增加值
    86家本地企业携新品亮相               参展企业数: the verb makes exhibitors of them
    从3万元增长到9万元                   what was spoken of before

Therefore a name is taken with the words before it, a plain word is an indicator only in the right place, and where no
name is, the noun next to the number is.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sundry.engines.reading import phrases
from sundry.engines.reading.context import Named
from sundry.engines.reading.indicators import UNITS, Indicator, Mention, find, makers, of_name
from sundry.engines.reading.model import Span, Token, Type
from sundry.engines.reading.patterns import (
    ADVERB,
    AFFECTS,
    BUSY,
    BY_BRANCH,
    BY_ITSELF,
    CHANGED,
    DELTA,
    DID,
    DONE_FOR,
    DRAWN,
    DWELLERS,
    FIELDS,
    FROM_WHERE,
    GAP,
    GIVEN,
    GIVES,
    GROW,
    LONG,
    MADE,
    MAKER,
    MAKES_YEARLY,
    MEASURE,
    MEASURED_OF,
    NEW,
    NOTE_BEFORE,
    OF_DOING,
    PER_DWELLER,
    PLAIN,
    PLAIN_MEASURE,
    REAPED,
    RISEN,
    SCOPE,
    SETTLED,
    SHARE,
    SOWN,
    THE_SAME,
    TORN,
    VERB_BEFORE,
    VISITED,
    WHOLE_OF,
    WIDE,
    WITH_WHOM,
    WORKED,
    WORKED_ON,
    YIELD_OF,
)
from sundry.engines.reading.sentence import Said


def stock_of(named: Named) -> Named:
    """新增上市公司, 累计达…: the number of all is that of the stock."""
    words = NEW.sub("", named.name)
    entry = of_name(words) if words != named.name else named.indicator
    return replace(named, name=words, indicator=entry)


class Naming(Said):
    """Finds what a number is of."""

    def _with_whom(self, low: int, start: int) -> int:
        """Where a name begins with those one trades with, or a word in quotation marks before it: 对东盟, “新三样”."""
        found = WITH_WHOM.search(self.masked, low, start)
        return found.start() if found is not None else start

    def _of_whole(self, mention: Mention) -> str:
        """What is measured of a branch by the whole that it is a part of: 分产业看 under investment is investment."""
        is_by_branch = BY_BRANCH.search(self.masked, 0, mention.start) is not None
        whole = self.context.whole or (self.opening if is_by_branch else None)
        if whole is None or (whole.indicator is not None and whole.indicator.key.startswith(("va_", "gdp"))):
            return ""
        found = WHOLE_OF.search(whole.name)
        return found[1] + "额" * (found[1] == "零售") if found is not None else ""

    def _measured(self, mention: Mention, span: Span) -> Named | None:
        """规上工业实现利润, 第一产业投资: the branch and what is measured of it, not its value added."""
        if not mention.indicator.key.startswith("va_") or mention.words.endswith("增加值"):
            return None
        found = MEASURED_OF.match(self.nouns, mention.end)
        measure = found["measure"] if found is not None else self._of_whole(mention)
        if not measure:
            return None
        name = mention.words + measure
        entry = of_name(name)
        is_whole = entry is not None and len(find(name)) == 1 and find(name)[0].start == 0
        return Named(entry.zh if entry and is_whole else name, entry if is_whole else None, span)

    def _torn(self, mention: Mention, low: int) -> Named | None:
        """市场采购一季度出口: a name with its period in the middle, if the dictionary has the two together."""
        found = TORN.search(self.nouns, low, mention.start)
        if found is None or not mention.start:
            return None
        words = found["words"] + mention.words
        whole = find(words)
        if len(whole) != 1 or whole[0].words != words or whole[0].is_loose:
            return None
        return Named(whole[0].indicator.zh, whole[0].indicator, self._span(mention.start, mention.end))

    def _named(self, mention: Mention, low: int) -> Named:
        """The name at a mention, with the words before it that belong to it: 竹笋产量, 外籍常住人口."""
        noun = phrases.before(self.nouns[low : mention.start] + "物" * (mention.end - mention.start))
        start = low + noun[0] if noun and low + noun[0] < mention.start else mention.start
        span = self._span(mention.start, mention.end)
        more = self.masked[start : mention.start].strip("（） 　")
        maker = MAKER.search(self.nouns, low, mention.start)
        if (
            maker is not None
            and maker.end() == mention.start
            and (mention.is_loose or mention.indicator.key in ("revenue", "output_value"))
        ):
            name = maker[1].removeprefix("其中") + mention.words
            mentions = find(name)
            whole = mentions[0].indicator if len(mentions) == 1 and mentions[0].words == name else None
            return Named(whole.zh if whole else name, whole, span)
        if (torn := self._torn(mention, low)) is not None:
            return torn
        measured = self._measured(mention, span)
        if measured is not None:
            return measured
        begin = self._with_whom(low, mention.start)
        if begin < start and (self.masked[begin] == "“" or mention.indicator.key in ("trade", "exports", "imports")):
            words = self.masked[begin : mention.end]
            return Named(words, None, self._span(begin, mention.end))
        for filler in ("全市", "我市", "全县", "我县", "全区", "我区", "规模以上", "规上"):
            more = more.removeprefix(filler)
        near = self.context.named.indicator if self.context.named and self.context.named_age == 0 else None
        if mention.is_loose and not more and near and near.key.split("_")[0] == mention.indicator.key.split("_")[0]:
            return Named(mention.indicator.zh, mention.indicator, span)  # 粮食播种面积…，总产量…
        new = re.search(NEW.pattern.lstrip("^") + "$", self.masked[low : mention.start])
        if new is None and re.fullmatch("[、和及与]|以及", self.masked[low : mention.start].strip()) and self.drafts:
            told = self.drafts[-1]  # 新增甲企业9家、乙企业7家
            new = NEW.match(told.name) if self._clause(told.start) == self._clause(mention.start) else None
        period = self.context.period
        if new is None and period is not None and period.code.isdecimal():
            new = re.fullmatch("建成|新建", self.masked[low : mention.start].strip())  # in a report on a year
        if new is not None and mention.indicator.is_stock:
            return Named(new[0] + mention.shown, None, span)  # a flow into the stock
        more = re.sub("^.*[是为](?!主)", "", more)  # 最大的是…
        if mention.indicator.is_ == "flow" and re.search("经[^，。；]{2,18}的$", self.masked[low : mention.start]):
            more = ""  # 经某口岸通行的班列
        more = "" if more.endswith(("设", "签", "栽", "获", "征", "办")) else more  # 设展位: a verb
        scope = SCOPE.search(self.nouns[low : mention.start].replace("规上", "规模以上").replace("限上", "限额以上"))
        if (
            scope is not None
            and (wide := of_name(scope[1] + mention.words)) is not None
            and wide.zh.startswith(scope[1])
        ):
            return Named(wide.zh, wide, span)
        more = re.sub("^(?:[以按用]|力争|确保|争取|预期|预计|共|累计|合计|总共|完成|实现|全年|将)+", "", more)
        if not more or len(more) > 18 or "（" in more:
            return Named(mention.shown, None if mention.is_loose else mention.indicator, span)
        is_other = mention.is_loose or not WIDE.fullmatch(more)
        words = more + mention.words
        return Named(words, None if is_other else mention.indicator, self._span(start, mention.end))

    def _last_mention(self, low: int, high: int) -> Mention | None:
        """The last name in a head that is the subject: not behind 占, 对…贡献, 高于 or inside a bracket."""
        for one in reversed(self.mentions):
            if low <= one.start and one.end <= high and not self._bracket(one.start):
                told = self.masked[low : one.start]
                if self._is_amount_of(one):
                    continue
                if not SHARE.search(told) and not GAP.search(told) and not self._is_object(told, one.end, high):
                    return one
        return None

    def _is_amount_of(self, mention: Mention) -> bool:
        """出口量 is no value of exports."""
        return mention.indicator.unit == "money" and self.masked[mention.end : mention.end + 1] == "量"

    def _is_object(self, told: str, end: int, high: int) -> bool:
        """Whether a name is what is acted on: 拉动出口, 对出口的贡献, but not 对东盟出口."""
        if re.search(r"(?:拉动|影响)[^，]*$", told):
            return True
        return "对" in told.split("，")[-1] and re.search(r"贡献|拉动|影响", self.masked[end:high]) is not None

    def _growing(self, low: int, high: int) -> Named | None:
        """Whose growth the head is about; None: nobody new is named in it."""
        mention = self._last_mention(low, high)
        head = self.nouns[low:high]
        if mention is not None:
            verb = GROW.search(self.nouns, mention.end, high)
            rest = self.nouns[mention.end : verb.start()] if verb else ""
            rest = rest[: len(rest) - len(cut[0])] if (cut := ADVERB.search(rest)) else rest
            if re.fullmatch(r"[\u4e00-\u9fff]{2,8}", rest) and re.search(r"[额量值入率数资润税]$", rest):
                words = self.masked[mention.start : mention.end] + rest  # 房地产业的工资总额 is no 房地产业
                return Named(words, None, self._span(mention.start, mention.end + len(rest)))
            return self._named(mention, low)
        cues = (GROW.search(head), DELTA.search(head), SHARE.search(head), GAP.search(head), AFFECTS.search(head))
        cue = min((one for one in cues if one is not None), key=lambda one: one.start(), default=None)
        if cue is None:
            return None
        told = head[: cue.start()]
        told = told[: len(told) - len(found[0])] if (found := ADVERB.search(told)) else told
        noun = phrases.before(told)
        if noun is not None and re.match("[比较与同按]|扣除|可比|[0-9两三四五六七八九十]+年平?", told[noun[0] :]):
            return None  # 比上届, 三年平均
        if noun is None or FIELDS.fullmatch(told[slice(*noun)]) or not phrases.HAN.match(told[noun[0] :]):
            return None
        if re.match(r" ?[比较与同]", told.rpartition("，")[2]) or self._is_time(low + noun[0], low + noun[1]):
            return None  # 比去年同期和去年全年分别提高
        words = self.masked[low + noun[0] : low + noun[1]]
        if (dwellers := self._of_dwellers(words)) is not None:
            return replace(dwellers, span=self._span(low + noun[0], low + noun[1]))
        if words == "进度" and self.context.named is not None:
            words = self.context.named.name + words
        return Named(words, None, self._span(low + noun[0], low + noun[1]))

    def _of_dwellers(self, words: str) -> Named | None:
        """农村居民 under 居民人均可支配收入 is 农村居民人均可支配收入."""
        who = DWELLERS.fullmatch(words)
        whole = self.context.whole or self.context.named
        what = PER_DWELLER.search(whole.name) if whole is not None else None
        if who is None or what is None or whole is None:
            return None
        name = f"{who['who']}居民{what[0]}"
        return Named(name, of_name(name), whole.span)

    def _is_time(self, start: int, end: int) -> bool:
        return any(one.period is not None and one.start <= start and end <= one.end for one in self.tokens)

    def _subject(self, low: int, high: int) -> tuple[Named | None, tuple[str, ...], dict[str, Span]]:
        """Who has the share, makes the contribution: named before the word, else who was spoken of."""
        mention = self._last_mention(low, high)
        if mention is not None:
            return self._named(mention, low), (), {}
        noun = phrases.before(self.nouns[low:high].rstrip("对 "))
        if noun is not None:
            return (
                Named(self.masked[low + noun[0] : low + noun[1]], None, self._span(low + noun[0], low + noun[1])),
                (),
                {},
            )
        named = self.context.named
        return named, ("indicator",), {"indicator": named.span} if named else {}

    def _counted(self, token: Token, low: int, unit: str) -> tuple[Named | None, int, str]:
        """What a level or a count is of, where the quote ends, and the rule by which it was found."""
        is_money = any(unit.endswith(one) for one in UNITS["money"].split("|"))
        tail = (self.nouns if self.nouns[token.end : token.end + 1] != "｜" else self.masked)[
            token.end : self._tail_end(token.end)
        ]
        by = self._by(token, unit)
        if is_money and (counted := self._of_counted(token, low)) is not None:
            return counted, token.end, "noun"
        given = GIVEN.match(self.masked, token.end) if is_money else None
        if given is not None and GIVES.search(self.masked, low, token.start) is not None:
            named = Named(given["what"], None, self._span(*given.span("what")))
            return named, given.end(), "noun"
        own = next(
            (x for x in self.mentions if token.start < x.start <= token.end < x.end + 1 and x.indicator.takes(unit)),
            None,
        )
        where = FROM_WHERE.match(self.masked, token.end) if unit == "个" and self._is_of_buyers(token) else None
        if where is not None:
            return Named("来源" + where[0], None, self._span(*where.span())), where.end(), "noun"
        if own is not None:  # 120个国家和地区: the noun is in the unit
            return Named(own.shown, own.indicator, self._span(own.start, own.end)), max(own.end, token.end), "known"
        if (long := LONG.match(self.masked, token.end)) is not None and unit in ("米", "公里", "千米", "厘米"):
            thing = phrases.after(self.masked[long.end() : self._tail_end(long.end())])
            if thing is not None:
                start, end = long.end() + thing[0], long.end() + thing[1]
                return Named(self.masked[start:end] + long["how"] + "度", None, self._span(start, end)), end, "noun"
        behind = phrases.after(tail, needs_de=is_money)
        if behind is not None and re.match(
            r"之间|同比|环比|增|下降|提升|其中|左右|分别|发展|扩大|提高|上升|减少|缩[小减]|降低?到", tail[behind[0] :]
        ):
            behind = None
        mention = self._last_mention(low, token.start)
        is_near = mention is not None and phrases.before(self.nouns[mention.end : token.start]) is None
        is_people = unit.endswith(("人", "人次"))
        if (
            (behind is None or is_money or is_people)
            and mention is not None
            and is_near
            and mention.indicator.takes(unit)
            and not FIELDS.search(mention.words)
        ):
            return self._named(mention, low), token.end, "known"
        if behind is not None:
            start, end = token.end + behind[0], token.end + behind[1]
            inside = [
                one for one in self.mentions if start <= one.start and one.end <= end and one.indicator.takes(unit)
            ]
            words = self.masked[start:end]
            if by is not None and not (inside and by.key == "participants"):
                return Named(by.zh, by, self._span(start, end)), end, "known"
            if PLAIN.fullmatch(words) and (did := DID.match(self.masked, end, self._stop(end))) is not None:
                words = did["act"] + words if did["act"] else words + did[0].rstrip("（） ")
            if inside:
                named = self._named(inside[0] if inside[0].start == start else inside[-1], start)
                return named, max(inside[0].end, inside[-1].end), "known"
            did = VERB_BEFORE.search(self.nouns, low, token.start)
            if PLAIN.fullmatch(words) and unit == "家次":
                words += unit
            elif PLAIN.fullmatch(words) and did is not None:
                words = did[0].strip() + words  # 通达18个国家
            if not (mention is not None and unit in ("人", "人次", "万人次", "万人")):
                return Named(words, None, self._span(start, end)), end, "noun"
        if by is not None:
            return Named(by.zh, by, self._span(token.start, token.end)), token.end, "known"
        goods = self._traded(mention, token) if mention is not None and is_money else None
        if goods is not None:
            return goods, token.end, "known"
        is_listed = mention is not None and re.search("[、等]", self.masked[mention.end : token.start]) is not None
        if mention is not None and not is_listed and mention.indicator.takes(unit):
            return self._named(mention, low), token.end, "known"
        return self._noun_before(token, low, unit, mention)

    def _traded(self, mention: Mention, token: Token) -> Named | None:
        """出口机电产品12亿元: what is exported stands behind the word; 出口达12亿元 names nothing more."""
        if mention.words not in ("出口", "进口", "进出口"):
            return None
        noun = phrases.before(self.nouns[mention.end : token.start])
        if noun is None or noun[0] != 0:
            return None
        words = self.masked[mention.end : mention.end + noun[1]].strip()
        if BY_ITSELF.fullmatch(words):
            return None  # 进出口货值
        return Named(words + mention.words + "额", None, self._span(mention.start, mention.end + noun[1]))

    def _is_of_buyers(self, token: Token) -> bool:
        """来自40个国家和地区的客商, or 吸引… in the report on a fair: their countries, no trade partners."""
        clause = self._clause(token.start)
        if "来自" in self.masked[clause : token.start]:
            return True
        return self.context.is_fair and DRAWN.search(self.masked[clause : self._stop(token.end)]) is not None

    def _noun_before(self, token: Token, low: int, unit: str, mention: Mention | None) -> tuple[Named | None, int, str]:
        times = (
            re.match(r"[到赴去来下上进登获][\u4e00-\u9fff]{1,10}", self.masked[token.end :])
            if unit in ("次", "趟", "回")
            else None
        )
        if times is not None:  # 8次到县里调研
            return Named(times[0] + "次数", None, self._span(token.end, token.end + times.end())), token.end, "noun"
        changed = CHANGED.match(self.masked[low : token.start].strip())
        if changed and self.context.named is not None and self.context.named_age == 0:
            return self.context.named, token.end, "carried"  # 从3万元增长到9万元
        if (maker := MADE.search(self.nouns, low, token.start)) is not None:
            name = maker[1] + maker[2]
            entry = of_name(name)
            is_known = entry is not None and entry.takes(unit)
            span = self._span(maker.start(1), maker.end(2))
            return (
                Named(entry.zh if entry and is_known else name, entry if is_known else None, span),
                token.end,
                "known",
            )
        if reaped := self._reaped(low, token.start, unit):
            return reaped, token.end, "noun"
        risen = RISEN.match(self.nouns[low : token.start])
        noun = phrases.before(risen[1] if risen else NOTE_BEFORE.sub("", self.nouns[low : token.start]))
        current = self.context.named if self.context.named_age == 0 else None
        if current is not None and re.search("累计|总数|总量", self.masked[low : token.start]):
            current = stock_of(current)
        if noun is None and current is not None and current.name == "户数" and unit == "人":
            return replace(current, name="人口"), token.end, "noun"  # 某村有380户1400人
        if noun is None:
            return (current, token.end, "carried") if current else (None, token.end, "nameless")
        words = self.masked[low + noun[0] : low + noun[1]].strip()
        if THE_SAME.fullmatch(words) and current is not None:
            return current, token.end, "carried"  # 上届这一数字为…
        if unit == "元" and (dwellers := self._of_dwellers(words)) is not None:
            return dwellers, token.end, "carried"
        if SETTLED.fullmatch(words) and unit in ("户", "人", "口"):
            words = "户数" if unit == "户" else "人口"
            return Named(words, None, self._span(low + noun[0], low + noun[1])), token.end, "noun"
        if re.fullmatch("总产量?", words) and current is not None and (crop := YIELD_OF.fullmatch(current.name)):
            return Named(f"{crop['crop']}总产量", None, current.span), token.end, "carried"  # 小麦亩产…，总产…
        if (made := MAKES_YEARLY.search(words)) is not None:
            return Named(made["what"] + "年产量", None, self._span(low + noun[0], low + noun[1])), token.end, "noun"
        if BY_ITSELF.fullmatch(words) and current is not None:
            of = stock_of(current) if words in ("总数", "总量") else current
            return Named(of.name.removesuffix("金额") + words, None, of.span), token.end, "carried"
        if current is not None and re.fullmatch("平均|日均|月均|年均|户均|场均|单日|单月|当月|当日", words):
            return Named(words + current.name, None, current.span), token.end, "carried"
        if self.masked[low : low + noun[0]].endswith(("新增", "净增")):
            words = self.masked[low + noun[0] - 2 : low + noun[0]] + words
        act = self._act_before(low, low + noun[0])
        if act and (unit.endswith(("人", "人次", "户")) or act[0] in "腾盘储备"):
            words = act + words
        words = re.sub("[由从]?每(?:[月年人亩户件套吨天晚台斤升场度次]|公斤|平方米|[0-9]+克)$", "", words) or words
        named = Named(self._with_measure(words, unit), None, self._span(low + noun[0], low + noun[1]))
        return named, token.end, "unit" if mention is not None and mention.words == words else "noun"

    def _act_before(self, low: int, start: int) -> str:
        """What was done with what begins at `start`: 培训, of 培训机手90人次; "" of a name that stands alone."""
        told = self.drafts[-1] if self.masked[low:start].strip() in ("、", "和", "及") and self.drafts else None
        if told is not None and (first := DONE_FOR.match(told.name)) is not None:
            return first["act"]  # 惠及企业90户、职工…
        act = DONE_FOR.search(self.nouns, max(low, start - 2))
        return act["act"] if act is not None and act.end() == start else ""

    def _of_counted(self, token: Token, low: int) -> Named | None:
        """重点项目90个，完成投资…: the measure is of what the clause before counts."""
        measure = PLAIN_MEASURE.fullmatch(self.masked, low, token.start)
        last = self.drafts[-1] if self.drafts else None
        if measure is None or last is None or last.named is None or last.type is not Type.COUNT:
            return None
        if last.rule in ("nameless", "no_unit") or last.named != self.context.named or not BUSY.search(last.named.name):
            return None
        words = measure["what"].removeprefix("实现")
        return Named(last.named.name + words, None, last.named.span)

    def _reaped(self, low: int, high: int, unit: str) -> Named | None:
        """…面积90亩，收了12吨: the harvest of what was sown."""
        named = self.context.named
        if named is None or self.context.named_age or not unit.endswith(("吨", "公斤", "斤", "千克")):
            return None
        crop = re.sub("(?:种植|播种|收获|采摘)?面积$", "", named.name)
        if crop == named.name or not crop or REAPED.fullmatch(self.masked[low:high].strip("， ")) is None:
            return None
        return Named(f"{crop}产量", None, named.span)

    def _with_measure(self, words: str, unit: str) -> str:
        """What is measured of a part: 水稻 under a sown area is 水稻播种面积; 水稻已收获 in mu is 水稻收获面积."""
        bare = unit.lstrip("十百千万亿")
        if OF_DOING.fullmatch(words) and bare in ("单", "笔", "票", "场", "场次", "次", "列"):
            return words + bare + "数" * (not bare.endswith("次"))
        if bare in ("吨", "公斤", "斤") and (did := WORKED_ON.fullmatch(words)) is not None:
            return did["what"] + did["act"] + "量"
        if unit.endswith(("亩", "公顷", "平方米")) and words.endswith(("用地", "占地")):
            return words + "面积"
        if unit.endswith(("亩", "公顷")) and (sown := SOWN.match(words)) is not None:
            return sown["crop"] + "种植面积"
        if unit.endswith(("亩", "公顷")) and (worked := WORKED.search(words)) is not None:
            return words[: worked.start()] + worked["act"] + "面积"
        whole = self.context.whole or (self.context.named if self.context.named_age == 0 else None)
        measure = MEASURE.search(whole.name) if whole is not None else None
        if measure is None or whole is None or MEASURE.search(words) or len(words) > 8:
            return words
        if measure[0] == "接待游客" and VISITED.search(words) is None:
            return words
        bare = unit.lstrip("十百千万亿")
        is_same = bare in {one.unit.lstrip("十百千万亿") for one in self.drafts if one.named == whole}
        fits = is_same or (whole.indicator is not None and whole.indicator.takes(unit))
        return words + measure[0] if fits and bare not in ("元", "人", "个", "家", "户") else words

    def _by(self, token: Token, unit: str) -> Indicator | None:
        """An indicator that the verb behind makes of a plain noun: 86家…企业携…亮相 are exhibitors."""
        told = self.masked[token.end : token.end + 24].split("。")[0].split("；")[0]
        for one in makers():
            if one.key == "fair_exhibitors" and not (self.context.is_fair or "亮相" in told or "展" in self.text):
                continue  # companies with jobs to offer are no exhibitors
            if one.takes(unit) and any(word in told.split("，")[0] for word in one.by):
                return one
        return None
