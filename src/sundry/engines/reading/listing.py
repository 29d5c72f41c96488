"""分别: so many names and so many values, each to its own.

Problem: 出口、进口分别增长12.9%、9.6% is two growths; 交通运输、仓储和邮政业 is one name though it has a comma and an
和; and 分别增长4.6%和6.3% may have its names two clauses before.

Therefore names are cut by the dictionary first and by commas after, the measure of the last (营业额) is that of all,
and where the numbers of names and of values differ none is published.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sundry.engines.reading import phrases
from sundry.engines.reading.context import Named
from sundry.engines.reading.indicators import find, of_name
from sundry.engines.reading.measuring import Measuring
from sundry.engines.reading.model import Token, Type
from sundry.engines.reading.patterns import COUNTED, COUNTED_THERE, ET_CETERA, compared, is_fall, is_less


class Listing(Measuring):
    """Reads several numbers that belong to several names."""

    def _also(self, token: Token, low: int, high: int, type_: Type) -> Named | None:
        """甲、乙价格均上涨1%: the same of each but the last, which is given back."""
        head = self.masked[low:high]
        cut = max(head.rfind("均"), head.rfind("都"))
        names, items = self._names(low, low + cut, 2), self._items(low, low + cut)
        for named, piece in zip(names[:-1], items, strict=False):
            draft = self._make(token, low + cut, token.end, "distributive", type_, named, piece=piece)
            self._add(draft.downwards() if type_ is Type.GROWTH and is_fall(head) else draft, None, is_aside=True)
        self.last_end = min(self.last_end, low)
        return names[-1] if names else None

    def _together(self, group: tuple[Token, ...]) -> None:
        """分别: so many names and so many values, each to its own; where the counts differ none is read."""
        first, last = group[0], group[-1]
        clause = self._clause(first.start)
        cut = self.masked.find("分别", clause, first.start)
        regions = [one for one in self.tokens if one.region is not None and cut < one.start < first.start]
        times = [one for one in self.tokens if clause <= one.start < first.start and self._is_compared(one)]
        by_time = len(times) == len(group)  # 比去年同期和去年全年分别提高: of one thing
        names = self._names(max(clause, self.last_end), cut, len(group)) or self._names_before(clause, len(group))
        names = () if by_time else names
        if names:
            self.listed = names
        unit = last.unit
        names = names or (() if by_time else self._told(len(group), unit) or self.listed)
        low = clause if names else max(clause, self.last_end)
        head = self.masked[cut : first.start]
        by_region = len(regions) == len(group)
        for index, token in enumerate(group):
            is_bare = not token.unit.strip("十百千万亿")  # 5.1万和4.4万人次
            shared = token.unit + unit.lstrip("十百千万亿") if token.unit and is_bare else unit
            one = replace(token, unit=shared if is_bare or token.unit == "个" else token.unit)
            draft = self._draft(replace(one, start=first.start), low, clause)
            if draft is None:
                continue
            start = cut if index == 0 else token.start
            draft = replace(draft, start=start, end=token.end, rule="distributive", number=token.number)
            if by_region and draft.named is not None:
                place = regions[index].region
                draft = replace(draft, versus=place.code if place else None)
            elif by_time and draft.named is not None:
                draft = replace(draft, versus=self._versus(times[index]))
            elif by_region or by_time or len(names) != len(group):
                draft = replace(draft, rule="lengths")
            else:
                draft = replace(draft, named=names[index], inherited={"indicator": names[index].span})
            value = token.number
            assert value is not None
            marks = tuple(f"approximate:{mark}" for mark in value.marks)
            band = (None, None) if value.value is not None else (value.low, value.high)
            draft = replace(draft, value=value.value, low=band[0], high=band[1], kind=marks)
            told = head + self.masked[group[0].start : token.start]
            if (draft.type is Type.GROWTH and is_fall(told)) or (
                draft.type in (Type.GAP, Type.GROWTH_DELTA) and is_less(self.masked[clause : token.start])
            ):
                draft = draft.downwards()
            self._add(draft, token)

    def _is_compared(self, token: Token) -> bool:
        return token.period is not None and compared(self.text, token)

    def _told(self, many: int, unit: str) -> tuple[Named, ...]:
        """The names of as many statements before it: levels before growths, growths before differences."""
        before = (Type.GROWTH,) if unit == "百分点" else (Type.LEVEL, Type.COUNT)
        told = [
            one.named for one in self.drafts if one.type in before and one.named is not None and one.rule != "nameless"
        ]
        return tuple(told[-many:]) if len(told) >= many and unit in ("%", "百分点", "倍") else ()

    def _names(self, low: int, high: int, many: int) -> tuple[Named, ...]:
        """The names of a list: 出口、进口; 第一、二产业增加值; 餐饮业、住宿业营业额 (the last word is for all)."""
        text = self.spoken[low:high].rstrip("均都也 ")
        found = re.search(r"第([一二三])、(?:第)?([一二三])(?:、|和|、和)?(?:第)?([一二三])?(?:次)?产业(增加值)?", text)
        if found:
            span = self._span(low + found.start(), low + found.end())
            keys = [f"第{one}产业" for one in found.groups()[:3] if one]
            return tuple(Named((entry := find(key)[0].indicator).zh, entry, span) for key in keys)
        if re.search(r"(?:三次|三大)产业", text) and many == 3:
            span, tail = self._span(low, high), (re.search(r"增加值|投资|用电量|税收|贷款", text) or [""])[0]
            keys = ["第一产业", "第二产业", "第三产业"]
            if tail in ("", "增加值"):
                return tuple(Named((entry := find(key)[0].indicator).zh, entry, span) for key in keys)
            return tuple(Named(key + tail, None, span) for key in keys)
        both = re.search(r"城乡(?:常住)?居民([\u4e00-\u9fff]{2,12})$", text)
        if both is not None and many == 2:
            span, names = self._span(low + both.start(), low + both.end()), ("城镇居民" + both[1], "农村居民" + both[1])
            return tuple(Named(name, of_name(name), span) for name in names)
        apart = re.search(r"城镇(?:常住)?(?:居民)?(?:[、和与]|以及)农村(?:常住)?居民([\u4e00-\u9fff]{2,12})$", text)
        if apart is not None and many == 2:
            span = self._span(low + apart.start(), low + apart.end())
            return tuple(Named(name, of_name(name), span) for name in ("城镇居民" + apart[1], "农村居民" + apart[1]))
        counted = COUNTED.search(text)
        met = re.match("分别接待(?P<who>游客|旅客|观众)?", self.masked[high:])  # 甲、乙两个景区分别接待
        measure = f"接待{met['who'] or '游客'}人次" if met is not None else ""
        if counted:
            return self._before_count(low + counted.start(), many, counted[1] or measure)
        if (group := ET_CETERA.search(text)) is not None:  # 甲、乙等产品出口
            text, measure = text[: group.start()], group[1]
        elif (whole := re.search("占", text)) is not None:  # 出口、进口占全省份额
            text = text[: whole.start()]
        elif (did := re.match(r"分别(?:实现|完成)?(进出口|出口|进口|销售|投资)", self.masked[high:])) is not None:
            measure = did[1]
        items = self._items(low, low + len(text))
        if len(items) != many and len(plain := self._items(low, low + len(text), "、")) == many:
            items = plain
        return self._all_named(items, measure)

    def _names_before(self, clause: int, many: int) -> tuple[Named, ...]:
        """甲业、乙业、丙业三个行业增势较好，分别增长…: the names stand in the clause before."""
        start = self._clause(clause - 1)
        counted = COUNTED_THERE.search(self.spoken, start, max(start, clause - 1))
        if counted is None or start < self.last_end or self.masked[clause:].lstrip(" 同比均")[:2] != "分别":
            return ()
        return self._before_count(counted.start(), many, counted[1] or "")

    def _before_count(self, high: int, many: int, measure: str) -> tuple[Named, ...]:
        """甲业，乙业，丙业3个行业增加值分别: names with commas of their own are parted by the larger comma."""
        pieces = [(m.start(), m.end()) for m in re.finditer("[^，。；：]+", self.nouns[self.start : high])][-many:]
        items = [(self.start + a, self.start + b) for a, b in pieces]
        if len(items) == many and all(self.masked[slice(*item)].endswith("业") for item in items):
            return self._all_named(items, measure)
        items = self._items(self._clause(high), high)
        return self._all_named(items, measure) if len(items) == many else ()

    def _all_named(self, items: list[tuple[int, int]], measure: str = "") -> tuple[Named, ...]:
        """The names of a list's members; what measures the last (营业额), or `measure`, measures all."""
        if len(items) < 2:
            return ()
        last = self.masked[slice(*items[-1])]
        shared = re.search(
            r"(?:增加值|总产值|产值|营业额|营业收入|销售额|零售额|投资额?|产量|面积|余额|收入|价格"
            r"|进出口额?|出口额?|进口额?)$",
            last,
        )
        names = []
        for start, end in items:
            words = self.masked[start:end].strip(" “”")
            if (shared or measure) and not re.search(r"(?:额|值|量|收入|投资|面积|余额|价格|进出口|出口|进口)$", words):
                words += shared[0] if shared else measure
            mentions = find(words)
            entry = mentions[-1].indicator if mentions and mentions[-1].end == len(words) else None
            is_whole = bool(mentions) and mentions[-1].start == 0
            name = entry.zh if entry and is_whole else words
            names.append(Named(name, entry if is_whole else None, self._span(start, end)))
        return tuple(names)

    def _items(self, low: int, high: int, cuts: str = "") -> list[tuple[int, int]]:
        """The members: a name of the dictionary is one, though it has commas; a piece without 业 joins the next."""
        noun = phrases.before(re.sub("[、和“”]", "物", self.spoken[low:high]))
        start = low + noun[0] if noun else low
        items: list[tuple[int, int]] = []
        at = start
        while at < high:
            inside = next((one for one in self.mentions if one.start == at and one.end <= high), None)
            end = inside.end if inside else at
            cut = re.compile(
                cuts or "、|以及|和(?!零售|餐饮|邮政|其他|商务|器材|信息|娱乐|化学|众创)|与|及(?!其)"
            ).search(self.masked, end, high)
            end = cut.start() if cut else high
            items.append((at, end))
            at = cut.end() if cut else high
        words = [self.masked[slice(*item)] for item in items]
        if sum(word.endswith("业") for word in words) * 2 > len(words):
            joined: list[tuple[int, int]] = []
            for item in items:
                if joined and not self.masked[slice(*joined[-1])].endswith(("业", "值", "额")):
                    joined[-1] = (joined[-1][0], item[1])
                else:
                    joined.append(item)
            items = joined
        return [item for item in items if item[1] > item[0]]
