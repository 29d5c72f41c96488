"""A sentence read from left to right: what may become a statement, and what is said in words alone.

Problem: 一季度，出口增速由负转正，规模、增速都居全省首位 holds no figure with a unit, and yet three statements;
and in 写好“山”“水”“茶”三篇文章 the 三 counts something, in 聚焦三大任务 nothing that is on the page.

    a rank          居全省第4位       of the growth, where growths were spoken of
    in words        均呈两位数增长     of each name of the list: 10 to 100 %
    a first one     全国首个…平台     1, of the noun behind it
    a list          “山”“水”“茶”三篇   only where as many things stand beside it

Therefore all that may be read is gathered first, the longer before what is inside it, and then read in order, each with
what the sentence has said so far: patterns.py has the words, sentence.py the clauses, naming.py the names, framing.py
when and where, changing.py changes, amounting.py amounts, measuring.py any one number, listing.py several.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from sundry.engines.reading import phrases
from sundry.engines.reading.context import Context, Named
from sundry.engines.reading.indicators import find
from sundry.engines.reading.listing import Listing
from sundry.engines.reading.model import Kind, Number, Period, Span, Token, Type
from sundry.engines.reading.naming import stock_of
from sundry.engines.reading.patterns import (
    ADVERB,
    AMONG,
    AMOUNT,
    BETWEEN,
    CONTESTS,
    FIELDS,
    FIGURES,
    FIRST,
    LISTED,
    MORE_RANKS,
    QUALITATIVE,
    RANK,
    STRUCTURE,
    han_number,
)
from sundry.engines.reading.sentence import Draft


class Sentence(Listing):
    """One sentence being read. `drafts` are what it says, in places of `line`; `read` gives the context after it."""

    def read(self) -> Context:
        """Fill `drafts`; the context after this sentence."""
        for start, what in self._things():
            if start < self.last_end:
                continue
            self._advance(start)
            if isinstance(what, tuple):
                self._together(what)
            elif isinstance(what, Token):
                self._quantity(what)
            elif what.re is RANK:
                self._rank(what)
            elif what.re is QUALITATIVE:
                self._qualitative(what)
            elif what.re is FIRST:
                self._first(what)
            elif what.re is STRUCTURE:
                self._structure(what)
            else:
                self._enumeration(what)
        self._advance(self.end)
        return self.context.next_sentence()

    def _things(self) -> list[tuple[int, Token | tuple[Token, ...] | re.Match[str]]]:
        """Everything that may become a statement, left to right; of two that overlap the first kind named here."""
        things: list[tuple[int, Token | tuple[Token, ...] | re.Match[str]]] = []
        taken: list[tuple[int, int]] = []

        def take(start: int, end: int, what: Token | tuple[Token, ...] | re.Match[str]) -> None:
            if all(end <= low or start >= high for low, high in taken):
                taken.append((start, end))
                things.append((start, what))

        for found in STRUCTURE.finditer(self.text, self.start, self.end):
            take(*found.span(), found)
        for pattern in (RANK, QUALITATIVE, FIRST):
            for found in pattern.finditer(self.text, self.start, self.end):
                if self._is_refused(*(found.span("rank") if pattern is RANK else found.span())):
                    continue
                take(*(found.span("rank") if pattern is RANK else found.span()), found)
        for found in LISTED.finditer(self.text, self.start, self.end):
            if self._is_listed(found):
                take(found.start(), found.end("unit"), found)
        quantities = [
            token
            for token in self.tokens
            if token.kind is Kind.QUANTITY
            and token.number is not None
            and self.text[token.start - 1 : token.start] not in tuple("零一二三四五六七八九十百千0123456789.")
            and not (token.unit == "年" and token.number.value is not None and 1900 <= token.number.value <= 2100)
            and not (token.number.value == 0 and self.text[token.start] in "零〇")
            and not any(x.start <= token.start and token.end <= x.end for x in self.mentions)  # 每万人发明专利拥有量
            and not (
                self.text[token.start - 1 : token.start] == "每"
                and not re.search("[0-9]", self.text[token.start : token.end])
            )
        ]
        quantities = self._with_units(quantities)
        for group in self._groups(quantities):
            take(group[0].start, group[-1].end, group)
        for token in quantities:
            take(token.start, token.end, token)
        return sorted(things, key=lambda one: one[0])

    def _is_refused(self, start: int, end: int) -> bool:
        """Whether a set phrase, a code or a name covers a part of it."""
        return any(low < end and start < high for low, high in self.refused)

    def _structure(self, found: re.Match[str]) -> None:
        """三次产业结构为5.2:45.6:49.2: the shares of three industries, if they make up the whole."""
        values = [Decimal(found[part]) for part in ("one", "two", "three")]
        if not Decimal("99.5") <= sum(values) <= Decimal("100.5"):
            return
        for part, key, value in zip(("one", "two", "three"), ("第一产业", "第二产业", "第三产业"), values, strict=True):
            entry = find(key)[0].indicator
            named = Named(f"{entry.zh}占地区生产总值比重", entry, self._span(*found.span()))
            half = Decimal(5).scaleb(int(value.as_tuple().exponent) - 1)
            number = Number(value, value - half, value + half, decimals=-int(value.as_tuple().exponent))
            self._add(
                Draft(*found.span(part), "share", Type.SHARE, named, "%", number, value, versus="gdp"), None,
                is_aside=True,
            )  # fmt: skip
        self.last_end = max(self.last_end, found.end())

    def _with_units(self, quantities: list[Token]) -> list[Token]:
        """高于全国0.7、全省1.9个百分点: a number without a unit has that of the next in its list."""
        done: list[Token] = []
        for token in reversed(quantities):
            if done and token.unit in ("", "个") and done[-1].unit in ("百分点", "%"):
                between = self.nouns[token.end : done[-1].start]
                if re.fullmatch(r"[、和及与以 ｜]{1,8}", between):
                    token = replace(token, unit=done[-1].unit)
            done.append(token)
        return done[::-1]

    def _is_listed(self, found: re.Match[str]) -> bool:
        if re.match("(?:主要)?(?:经济)?指标|数据|(?:主要|重点)?(?:行业|产业)", found["noun"]):
            return False  # 三项指标均居第一: the figures themselves
        number, noun = han_number(found["n"]), found["unit"].removeprefix("个") or found["noun"]
        return number > 1 and phrases.is_listed(self.text + self.behind, found.start(), found.end(), number, noun)

    def _groups(self, quantities: list[Token]) -> Iterator[tuple[Token, ...]]:
        """Runs of two or more numbers after 分别 with nothing but commas between them."""
        run: list[Token] = []
        for token in quantities:
            between = self.masked[run[-1].end : token.start].strip() if run else ""
            if run and between and BETWEEN.fullmatch(between):
                run.append(token)
                continue
            if len(run) > 1:
                yield tuple(run)
            clause = self.masked[self._clause(token.start) : token.start]
            run = [token] if "分别" in clause and not self._bracket(token.start) else []
        if len(run) > 1:
            yield tuple(run)

    def _rank(self, found: re.Match[str]) -> None:
        """居全省第4位: what is ranked is the growth where growths were spoken of, else what the clause names."""
        low = max(self._clause(found.start()), self.last_end)
        head = self.masked[low : found.start()]
        mention = self._last_mention(low, found.start())
        told = self.nouns[low : found.start()]
        if (years := re.search(r"连续(?:[0-9]+|[一二两三四五六七八九十]+)(?:年|个月|届|个季度)$", told)) is not None:
            told = told[: years.start()]
        fields = FIELDS.findall(head if mention is None else self.masked[mention.end : found.start()])
        if (counted := FIGURES.search(told)) is not None:
            told = told[: counted.start()]
            head = head[: counted.start()] + "均"
        noun = (
            None
            if mention or fields
            else phrases.before(told[: len(told) - len(cut[0])] if (cut := ADVERB.search(told)) else told)
        )
        if noun is not None and AMONG.fullmatch(self.masked[low + noun[0] : low + noun[1]]):
            noun = None  # 六县市排名第五
        inherited: dict[str, Span] = {}
        penalties: tuple[str, ...] = ()
        if mention is not None:
            named: Named | None = self._named(mention, low)
        elif noun is not None:
            named = Named(self.masked[low + noun[0] : low + noun[1]], None, self._span(low + noun[0], low + noun[1]))
        else:
            named = self.context.named
            penalties = ("indicator" if self.context.named_age == 0 else "indicator.sentence",)
            inherited = {"indicator": named.span} if named else {}
        if (more := self._ranks(found)) and "分别" in head:
            members = self._all_named(self._items(low, low + head.index("分别")))
            if len(members) == len(more):
                for member, place in zip(members, more, strict=True):
                    self._ranked(found, member, [""], self._quote_start(low, found.start("rank")), (), {}, None, place)
                return
        among = found["among"].strip("在于的 ")
        if named is self.context.named and named is not None and CONTESTS.search(among):
            named = Named(among, None, self._span(*found.span("among")))
            penalties, inherited = (), {}
        elif penalties and CONTESTS.search(self.masked, self.last_end, found.start()):
            named = None  # in a contest that is not among the figures
        elif penalties == ("indicator.sentence",) and not fields:
            named = None  # of what, nobody says
        if (mention or noun) and re.search(r"(?:均|都|双双)\s*$", head):
            members = self._all_named(self._items(low, low + len(head.rstrip("均都双 "))))
            if len(members) > 1 and not fields:
                for member in members:
                    self._ranked(found, member, [""], self._quote_start(low, found.start("rank")), penalties, inherited)
                return
        same = [one for one in self.drafts if one.named is not None and one.named == named and one.rule != "nameless"]
        period = same[-1].period if same and (fields or not (mention or noun)) else None
        grew = self.context.last in (Type.GROWTH, Type.GAP, Type.GROWTH_DELTA) and mention is None and noun is None
        if named is not None and set(fields) & {"总数", "总量"}:
            named = stock_of(named)
        suffixes = [f if f in ("增速", "增幅") else f"（{f}）" for f in fields] or (["增速"] if grew else [""])
        start = self._quote_start(low if mention is not None or fields else found.start(), found.start("rank"))
        is_score = bool(
            named and (self.mentions or self.drafts or (noun and len(self.masked[low : found.start()]) < 24))
        )
        self._ranked(found, named if is_score else None, suffixes, start, penalties, inherited, period)

    def _ranks(self, found: re.Match[str]) -> tuple[int, ...]:
        """All places of 分别居第一位、第二位; empty where there is only one."""
        more = MORE_RANKS.match(self.text, found.end("rank"))
        if more is None or found["top"]:
            return ()
        numbers = re.findall(r"第([0-9]+|[一二三四五六七八九十]+)|首位", more[0])
        return (han_number(found["n"]) if found["n"] else 1, *(han_number(one) if one else 1 for one in numbers))

    def _ranked(
        self, found: re.Match[str], named: Named | None, suffixes: list[str], start: int, penalties: tuple[str, ...],
        inherited: dict[str, Span], period: Period | None = None, place: int | None = None,
    ) -> None:  # fmt: skip
        """One place for each thing ranked."""
        low, high, value = None, None, None
        if found["top"]:
            low, high = Decimal(1), Decimal(han_number(found["top"]))
        else:
            value = Decimal(place or (han_number(found["n"]) if found["n"] else 1))
        number = Number(value, low, high)
        for suffix in suffixes:
            self._add(
                Draft(
                    start, found.end("rank"), "rank" if named else "nameless", Type.RANK, named, "位", number, value,
                    low, high, suffix=suffix, versus=found["among"].strip("在于的 ") or None, penalties=penalties,
                    inherited=inherited, period=period,
                ),
                None,
            )  # fmt: skip

    def _qualitative(self, found: re.Match[str]) -> None:
        """两位数增长, 由负转正, 创新高: of each name of the list before it."""
        clause = max(self._clause(found.start()), self.last_end)
        start = found.start()
        ten = (Decimal(10), Decimal(100), "%") if found["two"] else (None, None, "")
        told = re.sub(
            r"等?(?:[0-9一二三四五六七八九十]+[个大])?(?:行业|产业|指标)?$",
            "",
            self.masked[clause:start].rstrip("呈现"),
        )
        is_list = bool(re.match("均|都|双双|全部", found[0])) or (len(told) < start - clause - 1 and "、" in told)
        members = self._items(clause, clause + len(told)) if is_list else []
        if len(members) > 1:
            whole = self.context.whole or self.context.named
            tail = re.search(r"(?:增加值|产值|营业额|营业收入|销售额)$", whole.name) if whole else None
            for (at, end), member in zip(members, self._all_named(members, tail[0] if tail else ""), strict=True):
                self._add(
                    Draft(
                        start, found.end(), "qualitative", Type.QUALITATIVE, member,
                        ten[2], None, None, ten[0], ten[1], piece=(at, end),
                    ),
                    None,
                )  # fmt: skip
            return
        mention = self._last_mention(clause, start)
        named: Named | None = self._named(mention, clause) if mention else self._growing(clause, start)
        noun = phrases.before(self.nouns[clause:start])
        if named is None and found["lead"] and noun is not None:
            named = Named(
                self.masked[clause + noun[0] : clause + noun[1]], None, self._span(clause + noun[0], clause + noun[1])
            )
        if named is None and self.context.named_age == 0:
            named = self.context.named
        suffix = "增速" if "增速" in self.masked[clause:start] else ""
        if noun is not None and mention is None and (own := AMOUNT.search(self.masked, clause + noun[0], start)):
            is_bare = re.search("数量|总量|规模|[人件家户]数", own[0])
            told_of = self.context.named.name if is_bare and self.context.named and self.context.named_age == 0 else ""
            name = told_of + self.masked[clause + noun[0] : own.end()]
            named = Named(name, None, self._span(clause + noun[0], own.end()))
        is_of = named and (named.indicator or found["lead"] or found["two"] or AMOUNT.search(named.name))
        last = self.drafts[-1] if self.drafts else None
        is_price = found["flat"] and last is not None and last.named == named and "元/" in last.unit
        rule = "qualitative" if is_of or is_price else "nameless"
        begin = self._quote_start(clause, start) if mention else start
        self._add(
            Draft(begin, found.end(), rule, Type.QUALITATIVE, named, ten[2], None, None, ten[0], ten[1], suffix=suffix),
            None,
        )

    def _first(self, found: re.Match[str]) -> None:
        """全国首个…试点, …首单: the noun behind, or before where nothing is behind."""
        tail = self.nouns[found.end() : self._tail_end(found.end())].replace("“", "，")
        behind = phrases.after(tail)
        if behind is None and (act := re.match(r"[\u4e00-\u9fff]{2,8}的｜*", tail)) is not None:
            behind = phrases.after(tail[act.end() :])  # 第三个正式成立的分会
            behind = (behind[0] + act.end(), behind[1] + act.end()) if behind is not None else None
        low = max(self._clause(found.start()), self.last_end)
        front = phrases.before(self.nouns[low : found.start()])
        value = Decimal(han_number(found["n"]) if found["n"] else 1)
        unit = found["unit"] or found["unit2"] or found["unit3"]
        start, end = found.start(), found.end()
        if (
            found["scope"] is None
            and found["scope2"] is None
            and front is not None
            and (behind is None or unit in ("单", "笔", "票"))
        ):
            words = self.masked[low + front[0] : low + front[1]] + found[0]
            start = low + front[0]
        elif behind is not None:
            words = self.masked[end + behind[0] : end + behind[1]]
            end += behind[1]
        else:
            return
        named = Named(words, None, self._span(start, end))
        rule = "ordinal" if len(words) >= (2 if found["n"] else 4) and end - start <= 30 else "nameless"
        self._add(Draft(start, end, rule, Type.ORDINAL, named, unit, Number(value, None, None), value), None)

    def _enumeration(self, found: re.Match[str]) -> None:
        number, noun = Decimal(han_number(found["n"])), found["noun"]
        unit = "字" if found["unit"] == "个字" else found["unit"]
        named = Named(found["n"] + found["unit"] + noun, None, self._span(found.start(), found.end("unit")))
        self._add(
            Draft(
                found.start(), found.end("unit"), "enumeration", Type.ENUMERATION, named, unit,
                Number(number, None, None), number,
            ),
            None,
        )  # fmt: skip
