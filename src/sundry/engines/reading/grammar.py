"""What a sentence says of each of its numbers: ordered patterns over the tokens, the first that fits wins.

Problem: 3.1% alone is nothing. In one sentence it is a growth, a share, a contribution or another region's growth.

    出口12.5亿元，增长3.1%，高于全省（2.0%）1.1个百分点，占进出口的90.2%
    level        growth      growth of 330000, then a gap    share of 进出口

Therefore each number is looked at with the words between it and the clause's beginning (its head) and those after it
(its tail), and with what the sentence has said so far (context.py). The order of the patterns is that of the methods of
`Sentence`: a bracket, percentage points, percent, money and counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sundry.engines.reading import phrases
from sundry.engines.reading.context import Context, Line, Named
from sundry.engines.reading.indicators import UNITS, Indicator, Mention, find, makers, of_name
from sundry.engines.reading.model import Basis, BasisSource, Kind, Number, Period, Region, Span, Token, Type

STOPS = "，；。：！？…\n"
_BRACKET = re.compile(r"（[^（）]*）")
_DOWN = re.compile(r"下降|减少|下滑|下跌|降低|降幅|跌|负增长|缩减|回落|收窄|放缓|低于|慢于")
_GROW = re.compile(
    r"同比|环比|增长(?![面极点])|增速|增幅|上升|下降|减少|上涨|下跌|涨幅|降幅|跌幅|提升|提高|增加(?!值)|下滑|扩大|递增|增收|降低|缩减|[增降涨跌](?=[\s约近超]*$)"
)
_TO = re.compile(r"(?:提高|提升|增加|上升|下降|增长|降低|扩大|达|升|降)(?:到|至)\s*$")
_GAP = re.compile(
    r"高于|低于|高出|快于|慢于|好于|优于|领先于?|落后于?|(?:比|较)[^，。；]{1,10}(?<![加提走新])[高低快慢](?=[\s约近超出]*$)"
)
_DELTA = re.compile(r"提高|加快|回升|上升|提升|扩大|回落|收窄|下降|放缓|减缓|趋缓|增加(?!值)|降低|反弹|减少")
_SHARE = re.compile(r"占比|占|比重|份额")
_CONTRIBUTION = re.compile(r"贡献率?")
_PULL = re.compile(r"拉动")
_OF = re.compile(r"对([^，。；]{2,30}?)(?:的)?(?:增长|增量)?(?:的)?贡献")
_TARGET = re.compile(r"目标|计划|力争|确保|预计|规划|拟(?!合)|争取|预期|有望")
_REAL = re.compile(r"可比价|不变价|可比口径.{0,3}实际|扣除价格|实际增长|实际下降")
_NOMINAL = re.compile(r"现价|名义")
_EACH = re.compile(r"([日月年])(?:均)?产\s*(?:能达?|达到?|约|超|近)?\s*$")
_FIELDS = re.compile(r"总量|总数|数量|增速|增幅|规模|总额")
_ADVERB = re.compile(
    r"(?:快速|稳步|持续|均|继续|保持|实现|较快|大幅|明显|小幅|平稳|按可比价格?计算|比|较|去年|上年|同期|全年|上月|也|更|还|则|都|分别|的|，|\s|｜)+$"
)
_RANK = re.compile(
    r"(?P<verb>位居|稳居|跃居|居于|居|位列|列|排名|排在|排|名列|位次|位于|夺得|获)(?P<among>[^，。；：！？第]{0,16}?)"
    r"(?P<rank>第(?P<n>[0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:位|名)?|首位|榜首|前(?P<top>[0-9]{1,3}|[一二三四五六七八九十]{1,2})(?:位|名|强)?)(?!方阵|梯队|档|线|批|产业|[届期次版]|的)"
)
_QUALITATIVE = re.compile(
    r"(?:均|都|双双|全部)?(?:实现|保持|呈现?)?(?:了)?(?P<two>两位数以?上?的?(?:较快|快速|高速)?增长|两位数增幅)"
    r"|(?P<turn>由负转正|由正转负|由降转[升增]|由升转降|转负为正|扭亏为盈)"
    r"|(?P<high>(?:再)?创(?:下|出)?(?:了)?(?:历史|同期|近年来?|单[日月])?(?:同期)?新[高低]|创历史最高)"
    r"|(?P<flat>(?:与|同|和)(?:去年|上年)(?:同期)?(?:基本)?持平|基本持平)"
    r"|在(?:全[省国市球]|[^，。；]{2,8})(?P<lead>保持领先|遥遥领先|名列前茅|居于前列|位居前列)"
)
_FIRST = re.compile(
    r"(?P<scope>全国|全省|全市|国内|全球|我国|世界|省内|浙江)?(?:首|第一)(?P<unit>个|单|家|批|座|条|例|笔|只|场|趟|列|张|艘|台|项|款|支|件)"
    r"|第(?P<n>[0-9]{1,3}|[一二三四五六七八九十]{1,3})(?P<unit2>个|家|座|条|例|批|只|列|艘|支)"
)
_FROM = re.compile(r"的?\s*[约近超]?[0-9.]+%?[^，。；]{0,6}?(?:提高|提升|增加|上升|下降|降|升|扩大|增长|增)?[到至]")
_DONE = re.compile(
    r"(?:完成|占)(?:了)?(?:全年|年度|年初|年|既定|总)?(?:目标任务|目标|任务|计划|预算|指标|序时进度)(?:数)?的?\s*[约近超]?$"
)
_MEASURED = re.compile(r"(?:增加值|总产值|营业额|投资额?|进出口|出口额?|进口额?|零售额|销售额)(?:增速)?$")
_AIM = re.compile(r"(?:既定|总)?(?:目标|任务|计划|预算)")
_RATE = re.compile(r"(?:率|比|比重|比例|面|度|强度|指数)$")
_MAKER = re.compile(
    r"([\u4e00-\u9fff]{1,14}(?:业|产业|产品|电商|店|园区|集群|商户|单位))(?:共|累计|合计)?(?:实现|完成)$"
)
_FIGURES = re.compile(
    r"(?:等?[0-9一二两三四五六七八九十]+[项大个])(?:主要)?(?:经济)?(?:指标|数据)\s*(?:均|都|双双)?\s*$"
)
_NOW = re.compile(r"(?:截[至止])?(?:目前|当前)(?=[，\u4e00-\u9fff])(?!形势|的?任务|阶段|和今后)|如今，")
_ET_CETERA = re.compile(r"等[^、，]{0,8}?(进出口|出口|进口|产量|销量|零售额|增加值|投资|产值)$")
_MADE = re.compile(
    r"((?:规模以上|规上|限额以上|限上)?[\u4e00-\u9fff]{0,10}(?:企业|工业|服务业|产业|单位))(?:共|累计|合计)?(?:实现|完成)"
    r"(增加值|总产值|产值|销售产值|利润总额|营业收入|销售额|零售额)(?:达|为|约|超|突破)?\s*$"
)
_SCOPE = re.compile(r"(规模以上|限额以上)(?:工业|服务业|批发业|零售业)?(?:企业|单位)?(?:共|累计|合计)?(?:实现|完成)$")
_DAYS = re.compile(r"\d{4}-\d\d-\d\d")
_OFFER = re.compile(r"奖励|补贴|补助|资助|奖补|给予")
_CHANGED = re.compile(r"^(?:再|又|已|逐步|稳步)?(?:增长|增加|提高|提升|上升|扩大|发展|壮大|下降|减少|降低|缩短)(?:到|至|为)")
_RISEN = re.compile(r"([^，]{2,14}?)(?:从|由)[^，]{1,14}(?:增长|增加|提高|提升|上升|扩大|发展|下降|减少|降低)(?:到|至)")
_NEW = re.compile(r"^(?:新增|净增|新设|新认定|新培育|新获评|新入库)(?:的)?")
_PLAN = re.compile(r"^(?:行动|规划|计划|攻坚|方案|目标|工程|战略|一度|一遇|以上|以下|以内|制)")
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_LISTED = re.compile(
    r"(?P<n>[二两三四五六七八九]|十[一二三四五六七八九]?|[一二三四五六七八九]十[一二三四五六七八九]?)"
    r"(?P<unit>个字|个|大|项|条|篇|方面|点|种)(?P<noun>[\u4e00-\u9fff]{0,6})"
)
_TIMES = (
    "年",
    "个月",
    "月",
    "天",
    "日",
    "周",
    "周年",
    "小时",
    "分钟",
    "秒",
    "个工作日",
    "个季度",
    "个学期",
    "世纪",
    "载",
)


def han_number(words: str) -> int:
    """十 is 10, 十二 is 12, 二十三 is 23. KeyError: no such numeral."""
    if words.isdecimal() and words.isascii():
        return int(words)
    if "十" not in words:
        return _DIGITS[words] if len(words) == 1 else int("".join(str(_DIGITS[word]) for word in words))
    tens, _, ones = words.partition("十")
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement before it is weighed. `start`, `end` are places of the line; `piece` comes before them."""

    start: int
    end: int
    rule: str
    type: Type
    named: Named | None
    unit: str
    number: Number | None = None
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    piece: tuple[int, int] | None = None
    suffix: str = ""  # 增速 of a gap
    period: Period | None = None
    region: Region | None = None
    kind: tuple[str, ...] = ()
    basis: Basis | None = None
    basis_source: BasisSource = BasisSource.UNKNOWN
    versus: str | None = None
    penalties: tuple[str, ...] = ()
    inherited: dict[str, Span] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return (self.named.name if self.named else "") + self.suffix


def other_growth(head: str) -> tuple[str, ...]:
    """What else than a growth over the year before: 环比 over the month before, 三年平均 a mean of years."""
    kinds = (("on_previous_period", "环比|较上月|比上月"), ("average", "年均|年平均|月均|复合"))
    return tuple(kind for kind, words in kinds if re.search(words, head))


def stock_of(named: Named) -> Named:
    """新增上市公司, 累计达…: the number of all is that of the stock."""
    words = _NEW.sub("", named.name)
    entry = of_name(words) if words != named.name else named.indicator
    return replace(named, name=words, indicator=entry)


def masked(text: str) -> str:
    """`text` with what is in brackets made blank, so that a clause is not broken by it."""
    return _BRACKET.sub(lambda note: "（" + " " * (len(note[0]) - 2) + "）", text)


def compared(text: str, token: Token) -> bool:
    """Whether a period is one that is compared with: 较上年同期, 比去年."""
    assert token.period is not None
    if token.period.is_comparison:
        return True
    before = text[max(0, token.start - 2) : token.start].rstrip(" ")
    if _FROM.match(text, token.end) and (before.endswith(("由", "从")) or text[token.start] in "由从"):
        return True  # 由去年的11.2%提高到14.6%
    return before.endswith(("较", "比", "同", "与", "相比")) and not before.endswith("对比")


class Sentence:
    """One sentence being read. `drafts` are what it says, in places of `line`; `read` gives the context after it."""

    def __init__(
        self,
        line: Line,
        start: int,
        end: int,
        tokens: tuple[Token, ...],
        context: Context,
        home: Region,
        now: Period | None,
    ) -> None:
        self.line, self.behind = line.part(start, end), line.text[end : end + 400]
        self.text = self.line.text
        self.start, self.end = 0, len(self.text)
        self.tokens = tuple(replace(one, start=one.start - start, end=one.end - start) for one in tokens)
        self.context, self.home, self.now = context, home, now
        self.masked = masked(self.text)
        self.nouns = self._without((Kind.PERIOD, Kind.REGION))
        self.spoken = self._without((Kind.PERIOD,))
        self.mentions = find(self.text)
        self.listed: tuple[Named, ...] = ()  # the names of the last 分别
        self.at = 0  # up to here the context was brought forward
        self.last_end = 0  # where the last number read ends
        self.drafts: list[Draft] = []

    def _without(self, kinds: tuple[Kind, ...]) -> str:
        """The sentence with bars in place of periods and places, which are no part of a noun."""
        text = list(self.masked)
        for token in self.tokens:
            if token.kind in kinds:
                text[token.start : token.end] = "｜" * (token.end - token.start)
        return "".join(text)

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
            elif what.re is _RANK:
                self._rank(what)
            elif what.re is _QUALITATIVE:
                self._qualitative(what)
            elif what.re is _FIRST:
                self._first(what)
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

        for pattern in (_RANK, _QUALITATIVE, _FIRST):
            for found in pattern.finditer(self.text, self.start, self.end):
                take(*(found.span("rank") if pattern is _RANK else found.span()), found)
        for found in _LISTED.finditer(self.text, self.start, self.end):
            if self._is_listed(found):
                take(found.start(), found.end("unit"), found)
        quantities = [
            token
            for token in self.tokens
            if token.kind is Kind.QUANTITY
            and token.number is not None
            and self.text[token.start - 1 : token.start] not in tuple("零一二三四五六七八九十百千")
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
            if run and between and not between.strip("、和及与以，"):
                run.append(token)
                continue
            if len(run) > 1:
                yield tuple(run)
            clause = self.masked[self._clause(token.start) : token.start]
            run = [token] if "分别" in clause and not self._bracket(token.start) else []
        if len(run) > 1:
            yield tuple(run)

    def _clause(self, place: int) -> int:
        """Where the clause of `place` begins."""
        return max([self.start, *(self.masked.rfind(stop, self.start, place) + 1 for stop in STOPS)])

    def _bracket(self, place: int) -> tuple[int, int] | None:
        for note in _BRACKET.finditer(self.text, self.start, self.end):
            if note.start() < place < note.end():
                return note.span()
        return None

    def _advance(self, to: int) -> None:
        """Bring the context forward to `to`: periods, regions, 其中 and names that are said without a number."""
        clause = self._clause(to)
        for token in self.tokens:
            if not self.at <= token.start < to or self._bracket(token.start):
                continue
            is_years = self.text[token.start : token.end].endswith(("年度", "全年"))
            is_bare = self.text[token.start : token.end] in ("全年", "年度", "年内") and self.context.period is not None
            if is_bare and token.start > self._clause(token.start):
                continue  # 为全年打下基础
            if token.period is not None and is_years and _AIM.match(self.masked, token.end):
                continue  # 年度目标, 全年任务: the target's year
            if token.period is not None and not compared(self.text, token) and not self._is_dateline(token):
                self.context = self.context.with_period(token.period, self._span(token.start, token.end))
            elif token.region is not None and self._is_subject(token):
                self.context = replace(
                    self.context, region=token.region, region_span=self._span(token.start, token.end)
                )
        now = list(_NOW.finditer(self.masked, self.at, to))
        if now and self.now is not None and not any(t.period and now[-1].start() < t.start < to for t in self.tokens):
            self.context = self.context.for_now(self.now, self._span(*now[-1].span()))
        if "其中" in self.masked[self.at : to]:
            self.context = self.context.parted()
        before = [one for one in self.mentions if max(self.at, self.last_end) <= one.start and one.end <= clause]
        if before and not self._bracket(before[-1].start):
            last = [one for one in before if self._clause(one.start) == self._clause(before[-1].start)]
            told = self.masked[last[-1].end : clause]
            if not _GAP.search(told) and "占" not in told:
                self.context = self.context.with_name(self._named(last[-1], self._clause(last[-1].start)))
        self.at = max(self.at, to)

    def _is_dateline(self, token: Token) -> bool:
        """本报讯 4月8日，记者从…获悉: the day of the report, not of what it tells."""
        told = self.masked[token.end : token.end + 24].split("。")[0]
        return bool(token.period and re.fullmatch(r"\d{4}-\d\d-\d\d", token.period.code)) and bool(
            re.search(r"^[^，]{0,4}(?:电|讯)|记者|获悉|了解到|数据显示|发布|通报", told)
        )

    def _is_subject(self, token: Token) -> bool:
        """Whether a place is what the figures are of: right before a name or a growth, not what is compared with."""
        clause = self.masked[self._clause(token.start) : token.start]
        if _GAP.search(clause) or re.search(r"(?:居|列|在|与|对|从|向|赴|占|比|较|等|于|至|到|同)\s*$", clause):
            return False
        if re.search(r"(?:居|位列|排)[^，]*$", clause):
            return False
        if token.region is not None and len(token.region.code) == 2 and re.search("[对与自向从]", clause):
            return False  # whom one trades with
        after = self.masked[token.end : token.end + 3]
        near = [
            one
            for one in self.mentions
            if 0 <= one.start - token.end <= 2 and one.indicator.unit not in ("bodies", "persons")
        ]
        return bool(near) or bool(re.match(r"\s*(?:同比|增长|增速|下降)", self.masked[token.end :])) or after == "的"

    def _span(self, start: int, end: int) -> Span:
        return self.line.spans(start, end)[0]

    # names ---------------------------------------------------------------------------------------------------------

    def _named(self, mention: Mention, low: int) -> Named:
        """The name at a mention, with the words before it that belong to it: 竹笋产量, 外籍常住人口."""
        noun = phrases.before(self.nouns[low : mention.start] + "物" * (mention.end - mention.start))
        start = low + noun[0] if noun and low + noun[0] < mention.start else mention.start
        span = self._span(mention.start, mention.end)
        more = self.masked[start : mention.start].strip("（） 　")
        maker = _MAKER.search(self.nouns, low, mention.start)
        if (
            maker is not None
            and maker.end() == mention.start
            and (mention.is_loose or mention.indicator.key == "revenue")
        ):
            name = maker[1].removeprefix("其中") + mention.words
            return Named(name, whole if (whole := of_name(name)) and whole.zh == name else None, span)
        for filler in ("全市", "我市", "全县", "我县", "全区", "我区", "规模以上", "规上"):
            more = more.removeprefix(filler)
        near = self.context.named.indicator if self.context.named and self.context.named_age == 0 else None
        if mention.is_loose and not more and near and near.key.split("_")[0] == mention.indicator.key.split("_")[0]:
            return Named(mention.indicator.zh, mention.indicator, span)  # 粮食播种面积…，总产量…
        new = re.search(_NEW.pattern.lstrip("^") + "$", self.masked[low : mention.start])
        if new is not None and mention.indicator.is_stock:
            return Named(new[0] + mention.shown, None, span)  # a flow into the stock
        more = "" if more.endswith(("设", "签", "栽", "获", "征", "办")) else more  # 设展位: a verb
        scope = _SCOPE.search(self.nouns[low : mention.start].replace("规上", "规模以上").replace("限上", "限额以上"))
        if (
            scope is not None
            and (wide := of_name(scope[1] + mention.words)) is not None
            and wide.zh.startswith(scope[1])
        ):
            return Named(wide.zh, wide, span)
        if not more or len(more) > 10 or "（" in more:
            return Named(mention.shown, None if mention.is_loose else mention.indicator, span)
        is_other = mention.is_loose or (
            len(mention.words) <= 3 and mention.indicator.key not in ("gdp", "exports", "imports")
        )
        words = more + mention.words
        return Named(words, None if is_other else mention.indicator, self._span(start, mention.end))

    def _last_mention(self, low: int, high: int) -> Mention | None:
        """The last name in a head that is the subject: not behind 占, 对…贡献, 高于 or inside a bracket."""
        for one in reversed(self.mentions):
            if low <= one.start and one.end <= high and not self._bracket(one.start):
                told = self.masked[low : one.start]
                if not _SHARE.search(told) and not _GAP.search(told) and not re.search(r"(?:对|拉动)[^，]*$", told):
                    return one
        return None

    def _growing(self, low: int, high: int) -> Named | None:
        """Whose growth the head is about; None: nobody new is named in it."""
        mention = self._last_mention(low, high)
        head = self.nouns[low:high]
        if mention is not None:
            verb = _GROW.search(self.nouns, mention.end, high)
            rest = self.nouns[mention.end : verb.start()] if verb else ""
            rest = rest[: len(rest) - len(cut[0])] if (cut := _ADVERB.search(rest)) else rest
            if re.fullmatch(r"[\u4e00-\u9fff]{2,8}", rest) and re.search(r"[额量值入率数资润税]$", rest):
                words = self.masked[mention.start : mention.end] + rest  # 房地产业的工资总额 is no 房地产业
                return Named(words, None, self._span(mention.start, mention.end + len(rest)))
            return self._named(mention, low)
        cue = _GROW.search(head) or _DELTA.search(head) or _SHARE.search(head) or _GAP.search(head)
        if cue is None:
            return None
        told = head[: cue.start()]
        told = told[: len(told) - len(found[0])] if (found := _ADVERB.search(told)) else told
        noun = phrases.before(told)
        if noun is not None and re.match("[比较与同]|[0-9两三四五六七八九十]+年平?", told[noun[0] :]):
            return None  # 比上届, 三年平均
        if noun is None or _FIELDS.fullmatch(told[slice(*noun)]) or not phrases.HAN.match(told[noun[0] :]):
            return None
        words = self.masked[low + noun[0] : low + noun[1]]
        return Named(words, None, self._span(low + noun[0], low + noun[1]))

    def _counted(self, token: Token, low: int, unit: str) -> tuple[Named | None, int, str]:
        """What a level or a count is of, where the quote ends, and the rule by which it was found."""
        is_money = any(unit.endswith(one) for one in UNITS["money"].split("|"))
        tail = (self.nouns if self.nouns[token.end : token.end + 1] != "｜" else self.masked)[
            token.end : self._tail_end(token.end)
        ]
        by = self._by(token, unit)
        own = next(
            (x for x in self.mentions if token.start < x.start <= token.end < x.end + 1 and x.indicator.takes(unit)),
            None,
        )
        if own is not None and own.indicator.key == "trading_partners" and "来自" in self.masked[low : token.start]:
            return Named(own.words, None, self._span(own.start, own.end)), max(own.end, token.end), "noun"
        if own is not None:  # 120个国家和地区: the noun is in the unit
            return Named(own.shown, own.indicator, self._span(own.start, own.end)), max(own.end, token.end), "known"
        behind = phrases.after(tail, needs_de=is_money)
        if behind is not None and re.match(r"同比|环比|增|下降|提升|其中|左右|分别", tail[behind[0] :]):
            behind = None
        mention = self._last_mention(low, token.start)
        is_near = mention is not None and phrases.before(self.nouns[mention.end : token.start]) is None
        is_people = unit.endswith(("人", "人次"))
        if (
            (behind is None or is_money or is_people)
            and mention is not None
            and is_near
            and mention.indicator.takes(unit)
            and not _FIELDS.search(mention.words)
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
            if inside:
                named = self._named(inside[0] if inside[0].start == start else inside[-1], start)
                return named, max(inside[0].end, inside[-1].end), "known"
            if not (mention is not None and unit in ("人", "人次", "万人次", "万人")):
                return Named(words, None, self._span(start, end)), end, "noun"
        if by is not None:
            return Named(by.zh, by, self._span(token.start, token.end)), token.end, "known"
        if mention is not None and mention.indicator.takes(unit):
            return self._named(mention, low), token.end, "known"
        return self._noun_before(token, low, unit, mention)

    def _noun_before(self, token: Token, low: int, unit: str, mention: Mention | None) -> tuple[Named | None, int, str]:
        times = (
            re.match(r"[到赴去来下上进登获][\u4e00-\u9fff]{1,10}", self.masked[token.end :])
            if unit in ("次", "趟", "回")
            else None
        )
        if times is not None:  # 8次到县里调研
            return Named(times[0] + "次数", None, self._span(token.end, token.end + times.end())), token.end, "noun"
        changed = _CHANGED.match(self.masked[low : token.start].strip())
        if changed and self.context.named is not None and self.context.named_age == 0:
            return self.context.named, token.end, "carried"  # 从3万元增长到9万元
        if (maker := _MADE.search(self.nouns, low, token.start)) is not None:
            name = maker[1] + maker[2]
            entry = of_name(name)
            is_known = entry is not None and entry.takes(unit)
            span = self._span(maker.start(1), maker.end(2))
            return (
                Named(entry.zh if entry and is_known else name, entry if is_known else None, span),
                token.end,
                "known",
            )
        risen = _RISEN.match(self.nouns[low : token.start])
        noun = phrases.before(risen[1] if risen else self.nouns[low : token.start])
        current = self.context.named if self.context.named_age == 0 else None
        if current is not None and re.search("累计|总数|总量", self.masked[low : token.start]):
            current = stock_of(current)
        if noun is None:
            return (current, token.end, "carried") if current else (None, token.end, "nameless")
        words = self.masked[low + noun[0] : low + noun[1]].strip()
        if words in ("金额", "总金额", "数量", "总量", "总额", "面积") and current is not None:
            return replace(current, name=current.name.removesuffix("金额") + words), token.end, "carried"
        named = Named(words, None, self._span(low + noun[0], low + noun[1]))
        return named, token.end, "unit" if mention is not None and mention.words == words else "noun"

    def _by(self, token: Token, unit: str) -> Indicator | None:
        """An indicator that the verb behind makes of a plain noun: 86家…企业携…亮相 are exhibitors."""
        told = self.masked[token.end : token.end + 24].split("。")[0].split("；")[0]
        for one in makers():
            if one.takes(unit) and any(word in told.split("，")[0] for word in one.by):
                return one
        return None

    def _tail_end(self, place: int) -> int:
        ends = [at for stop in STOPS if (at := self.masked.find(stop, place, self.end)) >= 0]
        ends += [token.start for token in self.tokens if token.start >= place and token.kind is Kind.QUANTITY][:1]
        return min(ends, default=self.end)

    # numbers -------------------------------------------------------------------------------------------------------

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
            self._add(draft, token)

    def _draft(self, token: Token, low: int, clause: int) -> Draft | None:
        head, full, unit = self.masked[low : token.start], self.masked[clause : token.start], token.unit
        if unit == "百分点":
            return self._points(token, low, clause, head, full)
        if unit in ("%", "‰"):
            return self._percent(token, low, clause, head, full)
        if unit == "成" and _GROW.search(head):
            return self._of_growth(token, low, Type.GROWTH, "growth")
        if unit == "成":
            whose = phrases.after(self.masked[token.end : self._tail_end(token.end)])
            if whose is not None:
                at = (token.end + whose[0], token.end + whose[1])
                named = Named(self.masked[slice(*at)], None, self._span(*at))
                return self._make(token, token.start, at[1], "count.noun", Type.SHARE, named)
        if unit in ("倍", "番"):
            is_growth = bool(_GROW.search(full)) or unit == "番"
            return self._of_growth(token, low, Type.GROWTH, "growth" if is_growth else "nameless")
        if unit in _TIMES:
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

    def _quote_start(self, low: int, place: int, named: Named | None = None) -> int:
        """From the name or the clause's first word, never more than 24 characters before the number."""
        start = low
        if named is not None and (own := [p for p in range(low, place) if self.line.places[p] == named.span[0]]):
            start = own[0] if place - low > 16 else low
        if "”" in (told := self.text[start:place]) and "“" not in told.split("”")[0]:
            start += told.index("”") + 1
        while start < place and self.text[start] in " 、，和与及的\n“”":
            start += 1
        if place - start <= 24:
            return start
        near = [one.start for one in self.mentions if place - 30 <= one.start < place and one.start >= low]
        return near[0] if near else max(start, place - 8)

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
        is_rate = self.context.last is Type.SHARE or (named is not None and bool(_RATE.search(named.name)))
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
        if _PULL.search(full):
            return self._pull(token, low, clause)
        carried = self.context.last is Type.GAP and bool(places) and not _DELTA.search(head)
        if _GAP.search(head) or carried:
            versus = places[-1].region.code if places and places[-1].region else None
            draft = self._of_growth(token, low, Type.GAP, "gap", versus=versus)
            return replace(draft, penalties=(*draft.penalties, "type")) if carried else draft
        if _DELTA.search(full):
            before = [
                one for one in self.tokens if one.period and low <= one.start < token.start and compared(self.text, one)
            ]
            versus = before[-1].period.code if before and before[-1].period else None
            return self._of_growth(token, low, Type.GROWTH_DELTA, "growth_delta", versus=versus)
        return self._of_growth(token, low, Type.GROWTH_DELTA, "nameless")

    def _percent(self, token: Token, low: int, clause: int, head: str, full: str) -> Draft | None:
        if _DONE.search(head) and self.context.named is not None:
            return self._of_target(token, low)
        share = list(_SHARE.finditer(head))
        if self.context.last is Type.SHARE and _TO.search(head) and low > clause:
            return self._of_growth(token, low, Type.SHARE, "share")
        grow = list(_GROW.finditer(head))
        if _CONTRIBUTION.search(head):
            return self._contribution(token, low, clause)
        if _PULL.search(head) and not grow:
            return self._pull(token, low, clause)
        if share and (not grow or grow[-1].start() < share[-1].start()):
            return self._share(token, low, clause, low + share[0].start())
        if grow and re.search(r"[让使令]", head[: grow[0].start()]):
            return self._of_growth(token, low, Type.GROWTH, "nameless")  # what something brings about, over no period
        if grow and not _TO.search(head):
            kind = (*(("decrease",) if _DOWN.search(head) else ()), *other_growth(head))
            draft = self._of_growth(token, low, Type.GROWTH, "growth")
            return replace(draft, kind=(*draft.kind, *kind))
        mention = self._last_mention(low, token.start)
        if mention is not None and (mention.indicator.takes("%") or mention.indicator.is_ == "rate"):
            return self._make(
                token, self._quote_start(low, token.start), token.end, "rate", Type.LEVEL, self._named(mention, low)
            )
        if self.context.last is Type.GROWTH and not head.strip("、和与及 "):
            return self._of_growth(token, low, Type.GROWTH, "growth")
        whose = (
            phrases.after(self.masked[token.end : self._tail_end(token.end)])
            if self.masked[token.end] == "的"
            else None
        )
        if whose is not None:  # 六成以上的商户
            words = self.masked[token.end + whose[0] : token.end + whose[1]]
            named = Named(words, None, self._span(token.end + whose[0], token.end + whose[1]))
            return self._make(token, token.start, token.end + whose[1], "count.noun", Type.SHARE, named)
        noun = phrases.before(self.nouns[low : token.start])
        if noun and re.search(r"(?:率|比例|比|度|占有率|面)$", words := self.masked[low + noun[0] : low + noun[1]]):
            named = Named(words, None, self._span(low + noun[0], low + noun[1]))
            return self._make(token, self._quote_start(low, token.start), token.end, "rate", Type.LEVEL, named)
        return self._of_growth(token, low, Type.GROWTH, "nameless")

    def _of_target(self, token: Token, low: int) -> Draft:
        """完成年度目标的43%: a share of the target, of what was spoken of."""
        draft = self._of_growth(token, low, Type.SHARE, "share", versus="target")
        return replace(draft, named=self.context.named)

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
        of = _OF.search(self.masked, low, token.start)
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
        behind, noun = phrases.after(tail), phrases.before(self.nouns[low : token.start])
        is_fair = "展" in tail or (self.context.event is not None and "展" in self.text)
        if re.search(r"(?:为期|历时|会期|展期)\s*$", self.masked[low : token.start]):
            named: Named | None = Named("展期" if is_fair else "会期", None, self._span(token.start, token.end))
        elif behind is not None and not re.match(r"来|间|前|后|内|多", tail):
            named = Named(tail[slice(*behind)], None, self._span(token.start, token.end))
        elif noun is not None:
            named = Named(
                self.masked[low + noun[0] : low + noun[1]] + f"{token.unit.removeprefix('个')}数",
                None,
                self._span(token.start, token.end),
            )
        else:
            named = self.context.named or Named("时长", None, self._span(token.start, token.end))
        head = self.masked[low : token.start]
        is_plan = _PLAN.match(tail) or re.search(r"[第每]\s*$", head) or self.text[token.start] == "第"
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
        return self._make(token, start, token.end, rule, Type.DURATION, named)

    def _is_quoted(self, token: Token) -> bool:
        """Whether the number stands in a short pair of quotation marks: a name or a slogan."""
        open_ = self.text.rfind("“", max(self.start, token.start - 14), token.start)
        close = self.text.find("”", token.end, token.end + 14)
        return open_ >= 0 and close >= 0 and "”" not in self.text[open_ : token.start]

    def _amount(self, token: Token, low: int, head: str) -> Draft | None:
        """Money, things, people: a level or a count of something."""
        number, unit = token.number, token.unit
        assert number is not None
        if not unit.strip("十百千万亿"):
            people = [one for one in find(self.text[token.end : token.end + 8]) if one.indicator.unit == "persons"]
            if not unit or not people:
                return self._make(token, token.start, token.end, "no_unit", Type.COUNT, None)
            unit += "人"
        each = _EACH.search(head)
        if each and "/" not in unit:
            unit = f"{unit}/{each[1]}"
        named, end, how = self._counted(replace(token, unit=unit), low, unit.split("/")[0] if each else unit)
        if each and (maker := phrases.before(self.nouns[low : low + each.start()])):
            span = self._span(low + maker[0], low + maker[1])
            named, how = Named(f"{self.masked[low + maker[0] : low + maker[1]]}{each[1]}产量", None, span), "noun"
        bare = re.sub(r"^[十百千]?[万亿]{1,2}|^[百千]", "", unit)
        measures = "|".join(UNITS[one] for one in ("money", "mass", "area", "volume", "energy", "length"))
        is_level = bare != unit or "/" in unit or bare in measures.split("|")
        printed = self.text[token.start : token.end]
        type_ = Type.LEVEL if is_level else Type.COUNT
        if number.value is None and re.search(r"[0-9百千万亿]\s*[^0-9]{0,3}(?:至|到|~|-|—)+\s*[0-9]", printed):
            type_ = Type.RANGE
        rule = {"known": type_.value, "carried": type_.value, "noun": f"{type_.value}.noun"}.get(how, how)
        rule = "range" if type_ is Type.RANGE and how in ("known", "carried", "noun") else rule
        if re.search(r"(?<!新)(?:增加|减少|增长|下降)了?\s*[约近超]?$", head):
            rule = "nameless"  # a change, and no level
        if (unit == "岁" and not re.search("寿命|年龄", head)) or (
            unit in ("公里", "米") and how == "noun" and end > token.end and self.text[token.end] != "的"
        ):
            rule = "nameless"  # somebody's age; a run of so many kilometres
        if (
            number.marks
            and number.marks[-1] in ("以上", "及以上", "以下", "以内")
            and self.text[token.end : token.end + 1] == "的"
        ):
            rule = "nameless"  # 万平方米以上的展会: a threshold
        if unit in ("位", "名次") and re.search(r"[提上前下回]?(?:升|移|进|降|落|跃)了?\s*$", head):
            rule = "nameless"  # so many places up
        if re.match(r"[\u4e00-\u9fff]{0,8}分别", self.masked[token.end :]):
            rule = "nameless"  # 三个行业增加值分别: how many names stood before
        rule = self._slogan(token, low, rule, named)
        start = self._quote_start(low, token.start, named)
        penalties, inherited = (("indicator",), {"indicator": named.span}) if how == "carried" and named else ((), {})
        return self._make(token, start, end, rule, type_, named, penalties=penalties, inherited=inherited, unit=unit)

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

    def _in_bracket(self, token: Token, bracket: tuple[int, int]) -> None:
        """全省（6.1%）, 去年全年（9.8%）, 出口（12.5亿元）: a value in a bracket belongs to the name before it."""
        inner = self.text[bracket[0] + 1 : bracket[1] - 1]
        owner = next(
            (one for one in self.tokens if one.end == bracket[0] and one.kind in (Kind.REGION, Kind.PERIOD)), None
        )
        mention = next((one for one in self.mentions if one.end == bracket[0]), None)
        cue = _GROW.search(self.text, bracket[0], token.start)
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
        type_ = Type.CONTRIBUTION if "贡献" in told else Type.SHARE if _SHARE.search(told) else Type.GROWTH
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

    def _together(self, group: tuple[Token, ...]) -> None:
        """分别: so many names and so many values, each to its own; where the counts differ none is read."""
        first, last = group[0], group[-1]
        clause = self._clause(first.start)
        cut = self.masked.find("分别", clause, first.start)
        regions = [one for one in self.tokens if one.region is not None and cut < one.start < first.start]
        names = self._names(max(clause, self.last_end), cut, len(group))
        if names:
            self.listed = names
        unit = last.unit
        names = names or self._told(len(group), unit) or self.listed
        low = clause if names else max(clause, self.last_end)
        head = self.masked[cut : first.start]
        by_region = len(regions) == len(group)
        for index, token in enumerate(group):
            one = replace(token, unit=unit if token.unit in ("", "个") else token.unit)
            draft = self._draft(replace(one, start=first.start), low, clause)
            if draft is None:
                continue
            start = cut if index == 0 else token.start
            draft = replace(draft, start=start, end=token.end, rule="distributive", number=token.number)
            if by_region and draft.named is not None:
                place = regions[index].region
                draft = replace(draft, versus=place.code if place else None)
            elif by_region or len(names) != len(group):
                draft = replace(draft, rule="lengths")
            else:
                draft = replace(draft, named=names[index], inherited={"indicator": names[index].span})
            value = token.number
            assert value is not None
            marks = tuple(f"approximate:{mark}" for mark in value.marks)
            band = (None, None) if value.value is not None else (value.low, value.high)
            draft = replace(draft, value=value.value, low=band[0], high=band[1], kind=marks)
            if _DOWN.search(head) and draft.type is Type.GROWTH:
                draft = replace(draft, kind=(*marks, "decrease"))
            self._add(draft, token)

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
        counted = re.search(r"(?:等|这)?[0-9一二三四五六七八九十]{1,2}(?:个|大)(?:行业|产业)(增加值|产值)?$", text)
        if counted:
            return self._before_count(low + counted.start(), many, counted[1] or "")
        measure = ""
        if (group := _ET_CETERA.search(text)) is not None:  # 甲、乙等产品出口
            text, measure = text[: group.start()], group[1]
        elif (whole := re.search("占", text)) is not None:  # 出口、进口占全省份额
            text = text[: whole.start()]
        elif (did := re.match(r"分别(?:实现|完成)?(进出口|出口|进口|销售|投资)", self.masked[high:])) is not None:
            measure = did[1]
        items = self._items(low, low + len(text))
        if len(items) != many and len(plain := self._items(low, low + len(text), "、")) == many:
            items = plain
        return self._all_named(items, measure)

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
        shared = re.search(r"(?:增加值|总产值|产值|营业额|营业收入|销售额|零售额|投资额?|产量|面积|余额|收入)$", last)
        names = []
        for start, end in items:
            words = self.masked[start:end].strip(" “”")
            if (shared or measure) and not re.search(r"(?:额|值|量|收入|投资|面积|余额)$", words):
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

    # words ---------------------------------------------------------------------------------------------------------

    def _rank(self, found: re.Match[str]) -> None:
        """居全省第4位: what is ranked is the growth where growths were spoken of, else what the clause names."""
        low = max(self._clause(found.start()), self.last_end)
        head = self.masked[low : found.start()]
        mention = self._last_mention(low, found.start())
        told = self.nouns[low : found.start()]
        fields = _FIELDS.findall(head if mention is None else self.masked[mention.end : found.start()])
        if (counted := _FIGURES.search(told)) is not None:
            told = told[: counted.start()]
            head = head[: counted.start()] + "均"
        noun = (
            None
            if mention or fields
            else phrases.before(told[: len(told) - len(cut[0])] if (cut := _ADVERB.search(told)) else told)
        )
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
        if (mention or noun) and re.search(r"(?:均|都|双双)\s*$", head):
            members = self._all_named(self._items(low, low + len(head.rstrip("均都双 "))))
            if len(members) > 1 and not fields:
                for member in members:
                    self._ranked(found, member, [""], self._quote_start(low, found.start("rank")), penalties, inherited)
                return
        grew = self.context.last in (Type.GROWTH, Type.GAP, Type.GROWTH_DELTA) and mention is None and noun is None
        if named is not None and set(fields) & {"总数", "总量"}:
            named = stock_of(named)
        suffixes = [f if f in ("增速", "增幅") else f"（{f}）" for f in fields] or (["增速"] if grew else [""])
        start = self._quote_start(low if mention is not None or fields else found.start(), found.start("rank"))
        is_score = bool(
            named and (self.mentions or self.drafts or (noun and len(self.masked[low : found.start()]) < 24))
        )
        self._ranked(found, named if is_score else None, suffixes, start, penalties, inherited)

    def _ranked(
        self, found: re.Match[str], named: Named | None, suffixes: list[str], start: int, penalties: tuple[str, ...],
        inherited: dict[str, Span],
    ) -> None:  # fmt: skip
        """One place for each thing ranked."""
        low, high, value = None, None, None
        if found["top"]:
            low, high = Decimal(1), Decimal(han_number(found["top"]))
        else:
            value = Decimal(han_number(found["n"])) if found["n"] else Decimal(1)
        number = Number(value, low, high)
        for suffix in suffixes:
            self._add(
                Draft(
                    start, found.end("rank"), "rank" if named else "nameless", Type.RANK, named, "位", number, value,
                    low, high, suffix=suffix, versus=found["among"].strip("在于的 ") or None, penalties=penalties,
                    inherited=inherited,
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
        rule = "qualitative" if named and (named.indicator or found["lead"] or found["two"]) else "nameless"
        begin = self._quote_start(clause, start) if mention else start
        self._add(
            Draft(begin, found.end(), rule, Type.QUALITATIVE, named, ten[2], None, None, ten[0], ten[1], suffix=suffix),
            None,
        )

    def _first(self, found: re.Match[str]) -> None:
        """全国首个…试点, …首单: the noun behind, or before where nothing is behind."""
        behind = phrases.after(self.nouns[found.end() : self._tail_end(found.end())])
        low = max(self._clause(found.start()), self.last_end)
        front = phrases.before(self.nouns[low : found.start()])
        value = Decimal(han_number(found["n"]) if found["n"] else 1)
        unit = found["unit"] or found["unit2"]
        start, end = found.start(), found.end()
        if found["scope"] is None and front is not None and (behind is None or unit in ("单", "笔", "票")):
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

    # the frame -----------------------------------------------------------------------------------------------------

    def _add(self, draft: Draft, token: Token | None, *, is_aside: bool = False) -> None:
        """Give a draft its period, region, kind and basis, and let the context know what was said."""
        if token is not None and draft.period is None and (own := self._own_period(token)) is not None:
            draft = replace(draft, period=own)
        draft = self._based(self._placed(self._dated(draft)))
        self.drafts.append(draft)
        if draft.rule in ("nameless", "no_unit", "slogan", "name_of_a_plan"):
            return
        if draft.type is Type.DURATION:
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
            if one.period is not None and 0 <= token.start - one.end <= 2 and _FROM.match(self.text, one.end):
                return replace(one.period, is_comparison=False) if compared(self.text, one) else None
        return None

    def _dated(self, draft: Draft) -> Draft:
        """The period: of this sentence, of the fair, of the paragraph, or the month of issue for a stock."""
        if draft.period is not None:
            return draft
        context = self.context
        entry = draft.named.indicator if draft.named else None
        is_amount = draft.type in (Type.COUNT, Type.LEVEL, Type.RANGE)
        is_stock = is_amount and (entry.is_stock if entry else False)
        is_open = is_amount and entry is None and not (_MEASURED.search(draft.name) and draft.type is Type.LEVEL)
        span, period, penalty = context.period_span, context.period, ""
        if is_amount and self._is_offer(draft):
            period, span, penalty = None, None, "period.missing"  # 奖励20万元: a standing rule
        elif period is not None and context.period_age == 0 and not self._is_in_event(period, draft):
            penalty = "period"
        elif context.event is not None and (is_amount or draft.type is Type.DURATION):
            period, span, penalty = context.event, context.event_span, "period.sentence"
        elif period is not None and period.code.startswith("asof") and context.period_age == 1:
            penalty = "period.sentence"
        elif is_stock or (is_open and (period is None or context.period_age == 2)):
            period, span, penalty = self.now, None, "period.missing"
        elif draft.type in (Type.DURATION, Type.ENUMERATION, Type.ORDINAL):
            period, span = (period, span) if context.period_age == 0 else (None, None)
        elif period is not None and period.code.startswith("asof") and context.period_age:
            period, span, penalty = None, None, "period.missing"  # a day's stock gives no period to a flow
        elif period is not None and context.period_age == 2 and _DAYS.match(period.code):
            period, span, penalty = None, None, "period.missing"  # the day of another paragraph
        elif period is not None:
            penalty = "period.sentence" if context.period_age == 1 else "period.paragraph"
        else:
            penalty = "period.missing"
        if period is not None and is_stock:
            period = as_stock(period)
        inherited = dict(draft.inherited)
        if span is not None and penalty:
            inherited["period"] = span
        return replace(
            draft, period=period, inherited=inherited, penalties=(*draft.penalties, *([penalty] if penalty else []))
        )

    def _is_offer(self, draft: Draft) -> bool:
        """Whether an amount is what a policy gives, not what was given."""
        told = self.masked[self._clause(draft.start) : draft.end]
        return bool(_OFFER.search(told)) and not re.search("已|共|累计|发放|兑现|总计|合计|新增", told)

    def _is_in_event(self, period: Period, draft: Draft) -> bool:
        """Whether a day is one of the fair's: what is counted was counted on all of them."""
        event = self.context.event
        if event is None or draft.type not in (Type.COUNT, Type.LEVEL, Type.DURATION):
            return False
        first, _, last = event.code.partition("/")
        return first <= period.code <= last

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
        is_towns = is_towns or (entry is None and draft.type is not Type.LEVEL and bool(_MEASURED.search(draft.name)))
        return replace(draft, region=self.home if is_towns else None)

    def _based(self, draft: Draft) -> Draft:
        """Kind and price basis."""
        kind = list(draft.kind)
        clause = self.masked[self._clause(draft.start) : draft.start + 1]
        entry = draft.named.indicator if draft.named else None
        if _TARGET.search(self.masked[self._clause(draft.start) : draft.end]) and draft.versus != "target":
            kind.append("target")
        elif entry is not None and entry.is_stock and draft.type in (Type.LEVEL, Type.COUNT):
            kind.append("stock")
        elif draft.period is not None and draft.period.is_cumulative:
            kind.append("cumulative")
        if "初步核算" in self.masked[self.start : draft.end]:
            kind.append("preliminary")
        if "target" not in kind:
            kind.append("actual")
        draft = replace(draft, kind=tuple(kind))
        if draft.type not in (Type.GROWTH, Type.GAP, Type.GROWTH_DELTA, Type.CONTRIBUTION, Type.PULL, Type.QUALITATIVE):
            return draft
        told = (
            self.masked[self.last_end if self.last_end < draft.start else self._clause(draft.start) : draft.end]
            + clause
        )
        if _REAL.search(told):
            return replace(draft, basis=Basis.REAL, basis_source=BasisSource.STATED)
        if _NOMINAL.search(told):
            return replace(draft, basis=Basis.NOMINAL, basis_source=BasisSource.STATED)
        if entry is not None and entry.basis is not None:
            return replace(draft, basis=entry.basis, basis_source=BasisSource.BY_CONVENTION)
        return draft


def as_stock(period: Period) -> Period:
    """A stock is counted at the end of the period printed with it: 2031 -> asof 2031-12, 2031-Q2 -> asof 2031-06."""
    code = period.code
    if code.startswith(("asof", "until")):
        return period
    code = code.split("/")[-1] or code
    year, _, rest = code.partition("-")
    month = {"": "12", "Q1": "03", "Q2": "06", "Q3": "09", "Q4": "12", "H1": "06", "H2": "12"}.get(rest, rest)
    return Period(f"asof {year}-{month}")
