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
from sundry.engines.reading.amounting import Amounting
from sundry.engines.reading.context import Named
from sundry.engines.reading.indicators import find
from sundry.engines.reading.model import Kind, Token, Type
from sundry.engines.reading.patterns import (
    AFFECTS,
    CONTRIBUTION,
    DELTA,
    DONE,
    DONE_BY,
    GAP,
    GROW,
    MORE_THAN,
    NO_OWNER,
    OF,
    OF_AIM,
    PULL,
    SHARE,
    THEY,
    TIMES,
    TO,
    YIELDS_LESS,
    compared,
    is_fall,
    is_less,
    other_growth,
)
from sundry.engines.reading.sentence import Draft


class Measuring(Amounting):
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
        more = (MORE_THAN.search(head) or YIELDS_LESS.search(head)) if token.key == "tenths" and not grow else None
        if more is not None:  # 比上届多收三成, 减产一成
            grown = self.context.named.name if self.context.named else ""
            is_told = MORE_THAN.search(head) or grown.endswith(("产量", "收入")[: 1 + (more["what"] == "收")])
            draft = self._of_growth(token, low, Type.GROWTH, "growth" if is_told else "nameless")
            return draft.downwards() if more["way"] in "少减降低跌歉" else draft
        if grow and re.search(r"[让使令]", head[: grow[0].start()]):
            return self._of_growth(token, low, Type.GROWTH, "nameless")  # what something brings about, over no period
        if grow and not TO.search(head):
            if re.search(r"[均都](?:同比)?(?:增长|上涨|下降|上升|下跌)[\s约近超]*$", head):
                self._also(token, low, token.start, Type.GROWTH)
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
        is_turned = low > clause and re.fullmatch(r"(?:回升|回落|提高|提升|转变?|收窄|扩大)(?:为|到|至)[约近]?", head)
        if self.context.last is Type.GROWTH and (is_turned or not head.strip("、和与及 ")):
            return self._of_growth(token, low, Type.GROWTH, "growth")
        whose = (
            phrases.after(self.masked[token.end : self._tail_end(token.end)])
            if self.masked[token.end : token.end + 1] == "的"
            or (token.key == "tenths" and not NO_OWNER.match(self.masked, token.end))
            else None
        )
        if whose is not None and not OF_AIM.search(self.masked, token.end, token.end + whose[1]):  # 六成以上的商户
            words = self.masked[token.end + whose[0] : token.end + whose[1]]
            named = Named(words, None, self._span(token.end + whose[0], token.end + whose[1]))
            return self._make(token, token.start, token.end + whose[1], "count.noun", Type.SHARE, named)
        told = self.nouns[low : token.start]
        told = told[: reached.start()] if (reached := TO.search(told)) is not None else told  # 比例降至
        noun = phrases.before(re.sub("(?:总体|平均|基本|稳定|保持|控制)+(?:达到?|为|在)?[约近超]?$", "", told))
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
            type_ = Type.SHARE if words.endswith(("占有率", "比例")) else Type.LEVEL
            return self._make(token, self._quote_start(low, token.start), token.end, "rate", type_, named)
        return self._of_growth(token, low, Type.GROWTH, "nameless")

    def _also(self, token: Token, low: int, high: int, type_: Type) -> Named | None:
        """甲、乙价格均上涨1%, 甲、乙均占全国四成: the same of each; the last is left to the caller. Read by Listing."""
        raise NotImplementedError

    def _of_target(self, token: Token, low: int) -> Draft:
        """完成年度目标的43%: a share of the target, of what was spoken of."""
        draft = self._of_growth(token, low, Type.SHARE, "share", versus="target")
        return replace(draft, named=self.context.named)

    def _share(self, token: Token, low: int, clause: int, cue: int) -> Draft | None:
        named, penalties, inherited = self._subject(low, cue)
        if re.search("[均都]$", self.masked[low:cue]) and (last := self._also(token, low, cue, Type.SHARE)) is not None:
            named, penalties, inherited = last, (), {}
        wholes = [one for one in self.mentions if cue <= one.start and one.end <= token.start]
        whole = wholes[-1].indicator.key if wholes else (self.context.whole.name if self.context.whole else None)
        rule = "share" if named and not THEY.fullmatch(named.name) else "nameless"
        start = self._quote_start(low, token.start, named)
        return self._make(
            token, start, token.end, rule, Type.SHARE, named, versus=whole, penalties=penalties, inherited=inherited
        )

    def _contribution(self, token: Token, low: int, clause: int) -> Draft | None:
        of = OF.search(self.masked, low, token.start)
        named, penalties, inherited = self._subject(low, of.start() if of else low)
        # 外贸 alone is what is traded.
        wholes = find(of[1] + "进出口总值" * of[1].endswith("外贸")) if of else ()
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
        is_of_all = re.search("合计|共同", self.masked[clause:cue]) is not None  # of several, not of the last named
        rule = "pull" if named and not (is_of_all and penalties) else "nameless"
        return self._make(
            token, self._quote_start(low, token.start), token.end, rule, Type.PULL, named,
            versus=wholes[-1].indicator.key if wholes else None, penalties=penalties, inherited=inherited,
        )  # fmt: skip

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
