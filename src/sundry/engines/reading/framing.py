"""When, where and on what basis: what each draft is given by its sentence and by what was said before.

Problem: in 5月17日，记者从市统计局获悉，一季度… the day is that of the report; in 较去年全年提高 that year is compared
with; in 对日本出口 Japan is whom one trades with. Each would put a true number into a wrong row.

Therefore periods and places enter the context by their position in the clause only; each draft takes what is nearest,
and says from where.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sundry.engines.reading.context import last_month
from sundry.engines.reading.model import Basis, BasisSource, Kind, Period, Region, Token, Type
from sundry.engines.reading.naming import Naming
from sundry.engines.reading.patterns import (
    ABOUT,
    AIM,
    AIMS,
    ASIDE,
    BEGINS,
    BUILT,
    DAYS,
    ELSEWHERE,
    FLOW,
    FLOWING,
    FROM,
    GAP,
    GROW,
    HAS,
    LASTING,
    LOW_OR_HIGH,
    MEASURED,
    MONTH,
    NOMINAL,
    NOT_OWNER,
    NOW,
    OFFER,
    OFFICE,
    OVERTAKEN,
    OWNER,
    REACHED,
    REAL,
    REVISED,
    STOCK,
    SUMMED,
    TARGET,
    TARGETS,
    TRADED_WITH,
    as_stock,
    compared,
    han_number,
)
from sundry.engines.reading.sentence import Draft


class Framing(Naming):
    """Brings the context forward, and gives each draft its frame."""

    def _advance(self, to: int) -> None:
        """Bring the context forward to `to`: periods, regions, 其中 and names that are said without a number."""
        clause = self._clause(to)
        is_day = self.context.period is not None and DAYS.fullmatch(self.context.period.code) is not None
        if is_day and "；" in self.masked[self.at : clause]:
            self.context = self.context.after_now()
        for token in self.tokens:
            if not self.at <= token.start < to or self._bracket(token.start):
                continue
            if token.key == "horizon" and not self._is_year(token) and not self._has_figure(token):
                continue  # 力争4月底投运，…: the day of another thing
            is_years = self.text[token.start : token.end].endswith(("年度", "全年", "年初"))
            is_bare = self.text[token.start : token.end] in ("全年", "年度", "年内") and self.context.period is not None
            told = self.masked[self._clause(token.start) : token.start]
            if token.period is not None and LOW_OR_HIGH.match(self.masked, token.end):
                continue  # 近三年低位
            if token.period is not None and DAYS.fullmatch(token.period.code) and ABOUT.match(self.masked, token.end):
                continue  # 预计6月3日前后开镰，…
            if is_bare and told.strip() and not TARGET.search(told):
                continue  # 为全年打下基础
            if is_bare and (year := self._same_year()) is not None:
                self.context = self.context.with_period(year, self._span(token.start, token.end))
                continue
            if (
                token.period is not None
                and ASIDE.search(self.text[token.start : token.end])
                and not self._has_figure(token)
            ):
                continue  # the first year of a plan, said by the way
            if token.period is not None and is_years and AIM.match(self.masked, token.end):
                continue  # 年度目标, 全年任务: the target's year
            if token.period is not None and not compared(self.text, token) and not self._is_dateline(token):
                span = self._span(token.start, token.end)
                if self._is_one_of(token.period) or self._is_aside(token):
                    self.context = self.context.for_now(token.period, span)
                else:
                    self.context = self.context.with_period(token.period, span)
            elif token.region is not None and self._is_subject(token):
                self.context = replace(
                    self.context, region=token.region, region_span=self._span(token.start, token.end)
                )
        now = list(NOW.finditer(self.masked, self.at, to))
        if now and self.now is not None and not any(t.period and now[-1].start() < t.start < to for t in self.tokens):
            self.context = self.context.for_now(self.now, self._span(*now[-1].span()))
        if "其中" in self.masked[self.at : to]:
            self.context = self.context.parted()
        before = [one for one in self.mentions if max(self.at, self.last_end) <= one.start and one.end <= clause]
        if before and not self._bracket(before[-1].start):
            last = [one for one in before if self._clause(one.start) == self._clause(before[-1].start)]
            told = self.masked[last[-1].end : clause]
            if not GAP.search(told) and "占" not in told:
                self.context = self.context.with_name(self._named(last[-1], self._clause(last[-1].start)))
        elif not before and clause > max(self.at, self.last_end):
            self._grew_before(clause)
        self.at = max(self.at, to)

    def _is_aside(self, token: Token) -> bool:
        """Whether a month stands beside the article's months, for one sentence: 其中4月当月, 当月."""
        base, period = self.context.base, token.period
        if base is None or period is None or not MONTH.fullmatch(period.code) or last_month(base) != period.code:
            return False
        told = self.masked[self._clause(token.start) : token.start]
        return base.code != period.code and ("其中" in told or "当月" in self.masked[token.start : token.end + 2])

    def _is_year(self, token: Token) -> bool:
        return token.period is not None and token.period.code.isdecimal()

    def _has_figure(self, token: Token) -> bool:
        """Whether a number stands in the clause of a token, behind it."""
        stop = self._stop(token.end)
        return any(token.end <= one.start < stop and one.kind is Kind.QUANTITY for one in self.tokens)

    def _same_year(self) -> Period | None:
        """The year that is spoken of: 全年 after 2030年 is 2030."""
        period = self.context.period
        found = re.match(r"(?:asof |until )?([0-9]{4})(?![0-9/])", period.code) if period is not None else None
        return Period(found[1], is_cumulative=True) if found is not None and "/" not in found.string[:12] else None

    def _is_one_of(self, day: Period) -> bool:
        """Whether a day is one of the days that are spoken of: 5月2日 in a report on 5月1日至5日."""
        period = self.context.period
        if period is None or not DAYS.fullmatch(day.code):
            return False
        first, mark, last = period.code.partition("/")
        return bool(mark) and DAYS.fullmatch(first) is not None and first <= day.code <= last

    def _grew_before(self, clause: int) -> None:
        """陶瓷投资快速增长，同比增长21%: the clause before says of what, and gives no number."""
        start = self._clause(clause - 1)
        if start < self.last_end or not GROW.search(self.masked, start, clause):
            return
        named = self._growing(start, clause)
        if named is not None and MEASURED.search(named.name):
            self.context = self.context.with_name(named)

    def _is_dateline(self, token: Token) -> bool:
        """本报讯 4月8日，记者从…获悉: the day of the report, not of what it tells."""
        told = self.masked[token.end : token.end + 24].split("。")[0]
        return bool(token.period and re.fullmatch(r"\d{4}-\d\d-\d\d", token.period.code)) and bool(
            re.search(r"^[^，]{0,4}(?:电|讯)|记者|获悉|了解到|数据显示|发布|通报", told)
        )

    def _is_subject(self, token: Token) -> bool:
        """Whether a place is what the figures are of: right before a name or a growth, not what is compared with."""
        clause = self.masked[self._clause(token.start) : token.start]
        if GAP.search(clause) or re.search(r"(?:居|列|在|与|对|从|向|赴|占|比|较|等|于|至|到|同)\s*$", clause):
            return False
        if re.search(r"(?:居|位列|排|占)[^，]*$", clause):
            return False
        if token.region is not None and len(token.region.code) == 2 and re.search("[对与自向从]", clause):
            return False  # whom one trades with
        if not clause.strip("其中 ") and HAS.match(self.masked, token.end):
            return True  # 全省共有…, 邻县实现…
        is_first = not self.nouns[self._clause(token.start) : token.start].strip("其中 ｜")
        is_division = token.region is not None and len(token.region.code) == 6
        if is_first and is_division and self._has_figure(token) and not OFFICE.match(self.masked, token.end):
            return True  # 邻州寄递业务量完成…
        after = self.masked[token.end : token.end + 3]
        near = [
            one
            for one in self.mentions
            if 0 <= one.start - token.end <= 2 and one.indicator.unit not in ("bodies", "persons")
        ]
        return bool(near) or bool(re.match(r"\s*(?:同比|增长|增速|下降)", self.masked[token.end :])) or after == "的"

    def _add(self, draft: Draft, token: Token | None, *, is_aside: bool = False) -> None:
        """Give a draft its period, region, kind and basis, and let the context know what was said."""
        if token is not None and draft.period is None and (own := self._own_period(token)) is not None:
            draft = replace(draft, period=own)
        draft = self._based(self._placed(self._owned(self._dated(draft))))
        self.drafts.append(draft)
        if draft.rule in ("nameless", "no_unit", "slogan", "name_of_a_plan"):
            return
        if draft.type is Type.DURATION and draft.named is not None and LASTING.search(draft.named.name):
            self.context = self.context.with_name(draft.named)  # 通关时间…，缩短94%
        if draft.type in (Type.DURATION, Type.ENUMERATION):
            return
        self.last_end = max(self.last_end, token.end if token else 0, draft.end)
        if is_aside:
            return
        if draft.type in (Type.ENUMERATION, Type.ORDINAL):
            return
        if draft.named is not None and draft.named != self.context.named:
            self.context = self.context.with_name(draft.named)
        if draft.type is not Type.RANK:
            self.context = replace(self.context, last=draft.type)

    def _own_period(self, token: Token) -> Period | None:
        """由去年的11.2%提高到14.6%: the first value is of the year it is compared from."""
        for one in self.tokens:
            is_near = one.period is not None and 0 <= token.start - one.end <= 2
            if is_near and compared(self.text, one) and self.text[: one.start].endswith(OVERTAKEN):
                return replace(one.period, is_comparison=False) if one.period is not None else None
            if one.period is not None and 0 <= token.start - one.end <= 2 and FROM.match(self.text, one.end):
                if not compared(self.text, one):
                    return None
                words = self.text[one.start : one.end].lstrip("由从")
                if words in ("上月", "上个月"):
                    return self._month_before()
                if words in ("上年", "上年末", "上年底") and (year := self._year_before()) is not None:
                    return year
                return replace(one.period, is_comparison=False)
        return None

    def _month_before(self) -> Period | None:
        """上月 in a report on a month is the one before that month, not before the day of issue."""
        now = re.fullmatch(r"([0-9]{4})-([0-9]{2})", self.context.period.code) if self.context.period else None
        if now is None:
            return None
        year, month = int(now[1]), int(now[2]) - 1
        return Period(f"{year}-{month:02d}" if month else f"{year - 1}-12", is_cumulative=True)

    def _year_before(self) -> Period | None:
        """上年 in a report on a year is the one before that year."""
        code = self.context.period.code if self.context.period else ""
        return Period(str(int(code) - 1), is_cumulative=True) if code.isdecimal() else None

    def _is_of_years_work(self, draft: Draft) -> bool:
        """建成农田2万亩 in a report on a year, or on its tasks: what that year adds."""
        told = self.masked[self._clause(draft.start) : draft.end]
        is_years = self.context.period is not None and self.context.period.code.isdecimal()
        return is_years and BUILT.match(told.strip()) is not None

    def _summed(self, draft: Draft) -> Period | None:
        """五年累计… in a report on 2030: the five years that end with it."""
        code = self.context.period.code if self.context.period else ""
        told = SUMMED.search(self.masked, self._clause(draft.start), draft.end)
        if told is None or not code.isdecimal():
            return None
        return Period(f"{int(code) - han_number(told[1]) + 1}/{code}", is_cumulative=True)

    def _of_part(self, draft: Draft) -> Period | None:
        """The period of what it is a part of in this sentence: X 8家…, 占…15%; 其中…9个 under a count of the year."""
        told = [one for one in self.drafts if one.period is not None and one.period.code and one.named is not None]
        last = self.drafts[-1] if self.drafts else None
        if any(one.period is not None and told and told[-1].end <= one.start < draft.end for one in self.tokens):
            return None
        if draft.type is Type.SHARE and draft.versus != "target":
            same = [one for one in told if one.named == draft.named and one.type in (Type.COUNT, Type.LEVEL)]
            if not same and last in told and "其中" in self.masked[told[-1].end : draft.start + 3]:
                same = [told[-1]]
            return same[-1].period if same else None
        if draft.type is not Type.COUNT or last is None or last not in told or last.unit != draft.unit:
            return None
        entry = draft.named.indicator if draft.named else None
        is_part = "其中" in self.masked[last.end : draft.start + 3] and entry is None
        return last.period if is_part and last.type is Type.COUNT else None

    def _dated(self, draft: Draft) -> Draft:
        """The period: of this sentence, of the fair, of the paragraph, or the month of issue for a stock."""
        if draft.period is not None:
            return draft
        if (whole := self._of_part(draft)) is not None:
            return replace(draft, period=whole, penalties=(*draft.penalties, "period"))
        context = self.context
        if (years := self._summed(draft)) is not None:
            return replace(draft, period=years)
        entry = draft.named.indicator if draft.named else None
        is_amount = draft.type in (Type.COUNT, Type.LEVEL, Type.RANGE)
        is_stock = is_amount and (entry.is_stock if entry else STOCK.search(draft.name) is not None)
        is_flow = FLOW.search(self.masked, self._clause(draft.start), draft.end) is not None
        is_flow = is_flow or draft.unit in ("场", "次", "起", "家次", "人次", "场次", "批次")
        is_flow = is_flow or self._is_of_years_work(draft)
        is_open = (
            is_amount
            and entry is None
            and not is_flow
            and not (MEASURED.search(draft.name) and draft.type is Type.LEVEL)
        )
        span, period, penalty = context.period_span, context.period, ""
        if is_amount and self._is_offer(draft):
            period, span, penalty = None, None, "period.missing"  # 奖励20万元: a standing rule
        elif period is not None and context.period_age == 0 and self._is_of_base(period, draft):
            period, span, penalty = context.base, context.base_span, "period.sentence"
        elif period is not None and context.period_age == 0 and not self._is_in_event(period, draft):
            penalty = "period"
        elif context.event is not None and (is_amount or draft.type is Type.DURATION or self._is_of_event(draft)):
            period, span, penalty = context.event, context.event_span, "period.sentence"
        elif period is not None and context.period_age == 1 and self._flows_on(period, draft):
            period, span, penalty = context.base, context.base_span, "period.sentence"
        elif period is not None and period.code.startswith("asof") and context.period_age == 1:
            penalty = "period.sentence"
        elif is_stock or (is_open and (period is None or (context.period_age == 2 and not self._is_of_days(draft)))):
            period, span, penalty = self.now, None, "period.missing"
        elif draft.type in (Type.DURATION, Type.ENUMERATION, Type.ORDINAL):
            period, span = (period, span) if context.period_age == 0 else (None, None)
        elif period is not None and period.code.startswith("asof") and context.period_age:
            period, span, penalty = None, None, "period.missing"  # a day's stock gives no period to a flow
        elif period is not None and context.period_age == 2 and DAYS.fullmatch(period.code):
            period, span, penalty = None, None, "period.missing"  # the day of another paragraph
        elif period is not None:
            penalty = "period.sentence" if context.period_age == 1 else "period.paragraph"
        else:
            penalty = "period.missing"
        is_total = is_amount and draft.name.endswith("总数") and period is not None and MONTH.fullmatch(period.code)
        if period is not None and (is_stock or is_total):
            period = as_stock(period)
        inherited = dict(draft.inherited)
        if span is not None and penalty:
            inherited["period"] = span
        return replace(
            draft, period=period, inherited=inherited, penalties=(*draft.penalties, *([penalty] if penalty else []))
        )

    def _is_of_days(self, draft: Draft) -> bool:
        """Whether the article tells of some days, and the number is none of firms, which are there before and after."""
        first, mark, _ = self.context.period.code.partition("/") if self.context.period else ("", "", "")
        return bool(mark) and DAYS.fullmatch(first) is not None and draft.unit not in ("家", "户", "所", "座", "处")

    def _is_of_base(self, period: Period, draft: Draft) -> bool:
        """Whether a flow up to a day is that of the article's months: 截至11月30日 in a report on 1-11月."""
        entry, base = draft.named.indicator if draft.named else None, self.context.base
        if base is None or not base.is_cumulative or not period.code.startswith("asof"):
            return False
        if last_month(base) != period.code.removeprefix("asof ")[:7]:
            return False
        is_same = any(one.named == draft.named and one.period == base for one in self.drafts)
        is_flow = entry.is_ == "flow" if entry else draft.unit.lstrip("十百千万亿").split("/")[0] in FLOWING
        return is_flow or is_same

    def _flows_on(self, period: Period, draft: Draft) -> bool:
        """Whether a flow that is told after a stock goes on with the article's months: 月末贷款…。财政收入…"""
        entry, base = draft.named.indicator if draft.named else None, self.context.base
        if base is None or not base.is_cumulative or not period.code.startswith("asof"):
            return False
        is_money = draft.unit.endswith("元") and MEASURED.search(draft.name) is not None
        is_flow = entry.is_ == "flow" if entry else is_money and STOCK.search(draft.name) is None
        before = self.drafts[-1] if self.drafts else None
        is_carried = before is not None and before.named == draft.named and before.period == base
        return is_carried or (is_flow and period.code.removeprefix("asof ")[:4] == base.code[:4])

    def _is_offer(self, draft: Draft) -> bool:
        """Whether an amount is what a policy gives, not what was given."""
        told = self.masked[self._clause(draft.start) : draft.end]
        return (
            "元" in draft.unit
            and bool(OFFER.search(told))
            and not re.search("已|共|累计|发放|兑现|总计|合计|新增", told)
        )

    def _is_in_event(self, period: Period, draft: Draft) -> bool:
        """Whether a day is one of the fair's: what is counted was counted on all of them."""
        event = self.context.event
        if event is None or draft.type not in (Type.COUNT, Type.LEVEL, Type.DURATION):
            return False
        first, _, last = event.code.partition("/")
        clause = self.masked[self._clause(draft.start) : draft.end]
        return first <= period.code <= last and not re.search("单日|当日|当天|首日|峰值|最高", clause)

    def _is_of_event(self, draft: Draft) -> bool:
        """Whether a share or a growth is of what was counted at the event, and no other period is spoken of."""
        entry, period = draft.named.indicator if draft.named else None, self.context.period
        is_fairs = entry is None or entry.key.startswith("fair_")
        is_other = period is not None and not (self.context.event and period.code in self.context.event.code)
        return is_fairs and not is_other and draft.type in (Type.SHARE, Type.GROWTH, Type.RANK, Type.QUALITATIVE)

    def _owned(self, draft: Draft) -> Draft:
        """A figure of a company or a village is not the town's: it keeps its name and is in no series."""
        low = self.masked.rfind("；", 0, draft.start) + 1
        found = [one for one in OWNER.finditer(self.spoken, low, draft.end) if not NOT_OWNER.search(self._who(one))]
        found += [one for one in ELSEWHERE.finditer(self.spoken, low, draft.end) if not self._is_known(one)]
        if not found or draft.named is None:
            return draft
        last = found[-1]
        told = self.masked[last.end() : draft.end]
        is_towns = any(one.region is not None and last.end() <= one.start < draft.end for one in self.tokens)
        if is_towns or re.match(r"[^，]{0,8}(?:获悉|了解到|介绍|表示|数据|统计|显示|发布)", told):
            return draft
        named = replace(draft.named, indicator=None)
        return replace(
            draft, named=named, subject=re.sub("^.*的|^[在｜]+", "", last["who"]), region=draft.region or Region("", "")
        )

    def _is_known(self, found: re.Match[str]) -> bool:
        """Whether a place is one of the list, or the home."""
        return any(one.region is not None and one.start < found.end("who") <= one.end for one in self.tokens)

    def _who(self, found: re.Match[str]) -> str:
        """The owner with the sign before it, and what is said right behind."""
        return found["who"] + self.masked[found.end() : found.end() + 6]

    def _placed(self, draft: Draft) -> Draft:
        """The region: printed with the value, or before it in the sentence, or home for what only a town has."""
        if draft.region is not None:
            return draft
        inherited = dict(draft.inherited)
        if self.context.region is not None:
            if self.context.region_span is not None:
                inherited["region"] = self.context.region_span
            return replace(draft, region=self.context.region, inherited=inherited)
        entry = draft.named.indicator if draft.named else None
        is_towns = entry is not None and not entry.key.startswith(("fair_", "orders", "participants", "contracts"))
        is_towns = is_towns or (entry is None and draft.type is not Type.LEVEL and bool(MEASURED.search(draft.name)))
        is_towns = is_towns or TRADED_WITH.match(draft.name) is not None
        return replace(draft, region=self.home if is_towns else None)

    def _is_aimed(self, draft: Draft) -> bool:
        """Whether it is a target: 力争 governs the list behind it, and what is of a time to come is not reached yet."""
        if TARGET.search(self.masked[self._clause(draft.start) : draft.end]):
            return True
        is_of_sentence = self.context.period_age == 0 or not (draft.period and draft.period.code.startswith("until"))
        if TARGETS.search(self.masked, 0, draft.start) or (is_of_sentence and self._is_to_come(draft.period)):
            return True
        aims = [one.end() for one in AIMS.finditer(self.masked, 0, draft.start)]
        if not aims or REACHED.search(self.masked, aims[-1], draft.end):
            return False
        periods = (one.period for one in self.tokens if one.period is not None and aims[-1] <= one.start < draft.end)
        return all(self._is_to_come(one) or one.code == self._today()[:4] for one in periods)

    def _today(self) -> str:
        """The month of issue, "" where nobody knows it."""
        return self.now.code.removeprefix("asof ") if self.now is not None else ""

    def _is_to_come(self, period: Period | None) -> bool:
        """Whether a period begins after the month of issue."""
        found = BEGINS.match(period.code) if period is not None else None
        if found is None or not self._today():
            return False
        months = {"Q2": "04", "Q3": "07", "Q4": "10", "H2": "07"}
        month = found["month"] or months.get(found["part"] or "", "01")
        # 今年 of a stock is the end of the year, and is meant of now.
        begins = found["year"] if found["asof"] else f"{found['year']}-{month}"
        return begins > self._today()

    def _until(self, draft: Draft) -> Draft:
        """A stock that is aimed at is one of the end of its year: 到2030年…达到90家."""
        period = draft.period
        if period is None or not period.code.startswith("asof") or not self._is_to_come(period):
            return draft
        return replace(draft, period=replace(period, code=f"until {period.code[5:].removesuffix('-12')}"))

    def _based(self, draft: Draft) -> Draft:
        """Kind and price basis."""
        kind = list(draft.kind)
        clause = self.masked[self._clause(draft.start) : draft.start + 1]
        entry = draft.named.indicator if draft.named else None
        is_target = draft.versus != "target" and self._is_aimed(draft)
        if is_target:
            kind.append("target")
            draft = self._until(draft)
        elif entry is not None and entry.is_stock and draft.type in (Type.LEVEL, Type.COUNT):
            kind.append("stock")
        elif draft.period is not None and draft.period.is_cumulative:
            kind.append("cumulative")
        if "初步核算" in self.masked[self.start : draft.end]:
            kind.append("preliminary")
        if REVISED.search(self.masked, self.start, draft.end):
            kind.append("revised")
        if "target" not in kind:
            kind.append("actual")
        draft = replace(draft, kind=tuple(kind))
        if draft.type not in (Type.GROWTH, Type.GAP, Type.GROWTH_DELTA, Type.CONTRIBUTION, Type.PULL, Type.QUALITATIVE):
            return draft
        told = (
            self.masked[self.last_end if self.last_end < draft.start else self._clause(draft.start) : draft.end]
            + clause
        )
        if REAL.search(told):
            return replace(draft, basis=Basis.REAL, basis_source=BasisSource.STATED)
        if NOMINAL.search(told):
            return replace(draft, basis=Basis.NOMINAL, basis_source=BasisSource.STATED)
        if entry is not None and entry.basis is not None:
            return replace(draft, basis=entry.basis, basis_source=BasisSource.BY_CONVENTION)
        return draft
