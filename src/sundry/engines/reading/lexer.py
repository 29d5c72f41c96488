"""A sentence becomes tokens: quantities with their units, periods, places, the words of the grammar, and refusals.

Problem: 上半年全市出口8.3亿元，同比增长2.1% is plain to a reader, and yet 上半年 holds a half and 一流 a one;
and a pattern for the whole sentence breaks with the next that says the same in another order.

    lex("上半年全市出口8.3亿元，同比增长2.1%", 0, 21, issued=date(2031, 7, 20))
    PERIOD 2031-H1, REGION, QUANTITY 8.3 亿元, BREAK, COMPARATOR yoy, DIRECTION +1, QUANTITY 2.1 %

Therefore one scan from left to right, longest piece first, in a fixed order at each place: periods, set phrases and
shapes that are no quantities, ranks, quantities, places, words. What is none of these is no token. Nothing outside of
the piece that is asked for is looked at, so a sentence gives the same tokens wherever it stands. The time is linear in
the length of the text.

What `key` says, by kind: a DIRECTION "+1" "-1", or "rate+" "rate-" for 增速 and 降幅; a COMPARATOR yoy, mom, than,
above, below, level_with; a RANK rank, front (前三), place (the verb); a QUANTITY ordinal (首个), range, fraction, per
(日产), noun_unit (近3万居民), shared_unit, since (十年来, with its period), one (一年), or ""; a PERIOD year_inferred,
same_period (同期: the months are the clause's), horizon, unresolved; a REGION among (县（市、区）); a REJECT its
reason; a BREAK its mark.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

import yaml

from sundry.engines.reading import numerals, periods, quantities, regions, rejects, units
from sundry.engines.reading.model import Bound, Kind, Number, Period, Region, Token

_BREAKS = "，；。！？：“”‘’（）()【】[]《》〈〉…\n\r|"
_AND = "、"
_PLACE_NUMBER = r"(?: ?[0-9]{1,8} ?万?|[一二三四五六七八九十百千万]{1,6})"
_ORDINAL = re.compile(rf"第({_PLACE_NUMBER})(位|名|大|)")
_FRONT = re.compile(rf"(?:前|百强)({_PLACE_NUMBER})(位|名|强|)(?![个家天年月期季周步排线置瞻大])")
_FIRST_PLACE = re.compile(r"首位|榜首|头名|第一位|冠军|魁首")
_FIRST_OF = re.compile(r"首([个家批单例条笔座台艘列班支部份架款名套宗票只张])")
_LIST_END = "，、：是"
_SINGLE = frozenset("比较与同居列排增减降涨跌将拟")
_QUANTITY_STARTS = frozenset(quantities.NUMBER_STARTS + quantities.BEFORE_STARTS + "翻")
_RANK_STARTS = frozenset("第前首榜头冠魁百")
_MORE = frozenset("一二三四五六七八九十百千万亿倍番成")  # 一 is part of a number, or counts what grows
_MEASURED = re.compile(r"的 ?(?:近|约|超)?(?:[0-9.]+|[一两三四五六七八九十]+)多?倍")  # 是2029年的3倍: only the measure
_SINCE = ("来", "以来")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words of the grammar and names of indicators: first character -> (word, kind, key), longest first."""

    words: Mapping[str, tuple[tuple[str, Kind, str], ...]]
    starts: frozenset[str]  # the first two characters of each, or the one that it has


@cache
def _grammar() -> tuple[tuple[str, Kind, str], ...]:
    data = yaml.safe_load(files("sundry.engines.reading").joinpath("words.yaml").read_text("utf-8"))
    return tuple(
        (word, Kind(kind), key) for kind, keys in data.items() for key, words in keys.items() for word in words.split()
    )


def lexicon(names: Mapping[str, str] | None = None) -> Lexicon:
    """The words of the grammar, and `names`: word of the page -> key of the indicator. Make it once, use it often."""
    found: dict[str, dict[str, tuple[Kind, str]]] = {}
    for word, key in (names or {}).items():
        found.setdefault(word[0], {})[word] = (Kind.INDICATOR, key)
    for word, kind, key in _grammar():
        found.setdefault(word[0], {})[word] = (kind, key)
    by_first = {
        first: tuple((word, *meaning) for word, meaning in sorted(words.items(), key=lambda one: -len(one[0])))
        for first, words in found.items()
    }
    return Lexicon(by_first, frozenset(word[:2] for words in found.values() for word in words))


@cache
def _plain_lexicon() -> Lexicon:
    return lexicon()


def lex(
    view: str,
    start: int,
    end: int,
    *,
    issued: date | None,
    home: Region | None = None,
    words: Lexicon | None = None,
) -> tuple[Token, ...]:
    """The tokens of view[start:end] in order, with places of the whole view. They never overlap.

    `issued`: the day of the paper, for words such as 昨日; `home`: the town that 我市 means; `words`: a lexicon with
    the names of indicators. Time is linear in the length; nothing outside the piece is looked at.
    """
    return _Scan(view[start:end], start, issued, home, words or _plain_lexicon()).tokens()


class _Scan:
    """One pass over one piece of text. Places inside it are its own; tokens are shifted when they are made."""

    def __init__(self, text: str, shift: int, issued: date | None, home: Region | None, words: Lexicon) -> None:
        self.text, self.shift, self.issued, self.home, self.words = text, shift, issued, home, words.words
        self.found: list[Token] = []
        self.signs, self.pairs = _gate(words.starts, regions.starts_around(home))

    def tokens(self) -> tuple[Token, ...]:
        text, signs, pairs, at = self.text, self.signs, self.pairs, 0
        while at < len(text):
            at = self._step(at) if text[at] in signs or text[at : at + 2] in pairs else at + 1
        self._share_units()
        return tuple(self.found)

    def _share_units(self) -> None:
        """1.2个和0.7个百分点, 3.1、2.4个百分点: the unit is printed once for all of them."""
        found = self.found
        for place in range(len(found) - 3, -1, -1):
            first, between, last = found[place : place + 3]
            is_pair = first.kind is last.kind is Kind.QUANTITY and between.kind is Kind.CONJUNCTION
            touches = first.end == between.start and between.end == last.start
            if is_pair and touches and last.unit in ("百分点", "%") and first.unit in ("", "个") and first.number:
                found[place] = replace(first, unit=last.unit, key="shared_unit", number=_rounded(first.number))

    def _add(self, kind: Kind, start: int, end: int, *, key: str = "", unit: str = "", number: Number | None = None,
             period: Period | None = None, region: Region | None = None) -> int:  # fmt: skip
        self.found.append(Token(kind, start + self.shift, end + self.shift, number, unit, period, region, key))
        return end

    def _step(self, at: int) -> int:
        """Reads what begins at `at`, and says where to go on."""
        sign = self.text[at]
        if sign in periods.STARTS and (end := self._period(at)):
            return end
        if end := self._fixed(at):
            return end
        if sign in _RANK_STARTS and (end := self._rank(at)):
            return end
        if sign in _QUANTITY_STARTS and (end := self._quantity(at)):
            return end
        if sign in _BREAKS:
            return self._add(Kind.BREAK, at, at + 1, key=sign)
        if sign == _AND:
            return self._add(Kind.CONJUNCTION, at, at + 1, key="and")
        if end := self._region(at):
            return end
        return self._skip_run(at)

    def _period(self, at: int) -> int:
        found = periods.match(self.text, at, self.issued)
        if found is None:
            return 0
        period = found.period
        last = self.found[-1] if self.found else None
        is_compared = last is not None and last.kind is Kind.COMPARATOR and last.end == at + self.shift
        is_measure = _MEASURED.match(self.text, found.end) is not None
        is_reached = self.text[at] in "至到" and self.text.startswith("的", found.end)
        is_than = is_compared and last is not None and last.key in ("than", "above", "below")
        if is_measure or is_reached or is_than or self._is_compared_too(at):
            period = replace(period, is_comparison=True)
        return self._add(Kind.PERIOD, at, found.end, key=found.key, period=period)

    def _is_compared_too(self, at: int) -> bool:
        """比去年同期和去年全年分别提高: what stands in a list with a comparison is one, too."""
        if len(self.found) < 2 or self.found[-1].kind is not Kind.CONJUNCTION or self.found[-1].end != at + self.shift:
            return False
        before = next((one for one in reversed(self.found[:-1]) if one.kind is not Kind.QUANTITY), None)
        return before is not None and before.period is not None and before.period.is_comparison

    def _fixed(self, at: int) -> int:
        """The longest of set phrases, refused shapes and words; a quantity that is longer than a phrase wins."""
        text = self.text
        phrase = rejects.match_phrase(text, at)
        word = self._word(at)
        refused = rejects.match(text, at) if text[at] in _REJECT_STARTS else None
        if refused is not None and (phrase is None or refused[0] >= phrase[0]):
            phrase = refused if refused[1] != "list_number" or self._is_first(at) else phrase
        if word is not None and (phrase is None or word[0] >= phrase[0]):
            quantity = quantities.read(text, at) if text[at] in _QUANTITY_STARTS else None
            if quantity is not None and quantity.end > word[0]:
                return self._quantity(at)
            return self._add(word[1], at, word[0], key=word[2])
        if phrase is None:
            return 0
        if refused is None and text[at] in _QUANTITY_STARTS:
            quantity = quantities.read(text, at)
            if quantity is not None and quantity.end > phrase[0]:
                return self._quantity(at)
        return self._add(Kind.REJECT, at, phrase[0], key=phrase[1]) if phrase[1] else phrase[0]

    def _is_first(self, at: int) -> bool:
        """Whether a sentence begins here, so that a number in brackets counts the points of a list."""
        before = self.text[max(0, at - 4) : at].rstrip(" ")
        return not before or before[-1] in "。；：\n！？" or self.text[at] not in "（("

    def _word(self, at: int) -> tuple[int, Kind, str] | None:
        for word, kind, key in self.words.get(self.text[at], ()):
            if self.text.startswith(word, at):
                end = at + len(word)
                if word in _SINGLE:
                    return self._single(word, kind, key, end)
                return end, kind, key
        return None

    def _single(self, word: str, kind: Kind, key: str, end: int) -> tuple[int, Kind, str] | None:
        """Words of one sign are read only before what they need: 比 before a time or a place, 增 before a number."""
        text = self.text
        if end >= len(text):
            return None
        if word in "比较与同":
            is_time = text[end] in periods.STARTS and periods.match(text, end, self.issued) is not None
            is_place = word in "比较" and regions.match(text, end, self.home) is not None
            if (is_time and (word in "比较" or "相比" in text[end : end + 12])) or is_place:
                return end, kind, key
            return (end, Kind.CONJUNCTION, "and") if word == "与" else None
        if word in "居列排":
            is_before = text[end] in "第首前榜全各同" or regions.match(text, end, self.home) is not None
            return (end, kind, key) if is_before else None
        if word in "将拟":
            return end, kind, key
        has_number = text[end] in _QUANTITY_STARTS and quantities.read(text, end) is not None
        return (end, kind, key) if has_number else None

    def _rank(self, at: int) -> int:
        text = self.text
        first = _FIRST_PLACE.match(text, at)
        if first is not None:
            return self._add(Kind.RANK, at, first.end(), key="rank", unit="位", number=_exactly(1))
        of = _FIRST_OF.match(text, at)
        if of is not None:
            return self._add(Kind.QUANTITY, at, of.end(), key="ordinal", unit=of[1], number=_exactly(1))
        ordinal = _ORDINAL.match(text, at)
        if ordinal is not None:
            return self._ordinal(at, ordinal)
        front = _FRONT.match(text, at)
        many = _whole(front[1]) if front is not None else None
        if front is None or many is None or many < 2:
            return 0
        number = Number(None, Decimal(1), Decimal(many), Bound.BAND, ("前",))
        return self._add(
            Kind.RANK, at, front.end(), key="front", unit=front[2] if front[2] == "名" else "位", number=number
        )

    def _ordinal(self, at: int, found: re.Match[str]) -> int:
        """第3 and 第3位 are ranks, 第3个 and 第3家 count on, 第一， at the head of a sentence numbers a list."""
        text, end = self.text, found.end()
        value = _whole(found[1])
        if value is None:
            return 0
        if not found[2] and text[end : end + 1] in _LIST_END and text[end : end + 1] and self._is_head(at):
            return self._add(Kind.REJECT, at, end, key="list_number")
        unit = units.match(text, end) if not found[2] else None
        if unit is not None and unit.unit_class in ("things", "bodies", "kinds", "persons", "visits", "time"):
            return self._add(Kind.QUANTITY, at, unit.end, key="ordinal", unit=unit.printed, number=_exactly(value))
        return self._add(
            Kind.RANK, at, end, key="rank", unit="名" if found[2] == "名" else "位", number=_exactly(value)
        )

    def _is_head(self, at: int) -> bool:
        before = self.text[max(0, at - 4) : at].rstrip(" ")
        return not before or before[-1] in "。；：\n！？"

    def _quantity(self, at: int) -> int:
        text = self.text
        if at and text[at - 1].isascii() and text[at - 1].isalpha() and text[at].isdecimal():
            return 0
        found = quantities.read(text, at, per=self._per(at))
        if found is None or (found.unit == "年" and _PAST_YEAR.match(text, at)):
            return 0  # 突破2029年…: a year, and no number of them
        if reason := (self._doubt(at, found) if found.is_arabic else "") or quantities.not_one(text, at, found):
            return self._add(Kind.REJECT, at, found.end, key=reason)
        end, period, key = found.end, None, found.key
        if found.unit in ("年", "个月") and found.number.value is not None:
            tail = next((tail for tail in _SINCE if text.startswith(tail, end)), "")
            if tail and self.issued is not None:
                end, key = end + len(tail), "since"
                period = periods.since(int(found.number.value), found.unit, self.issued)
        if not key and text[at] == "一" and text[at + 1] not in _MORE and not found.number.marks:
            key = "one"
        return self._add(Kind.QUANTITY, at, end, key=key, unit=found.unit, number=found.number, period=period)

    def _per(self, at: int) -> str:
        for length in (3, 2):
            if at >= length and (word := quantities.per_word(self.text, at - length)) and len(word) == length:
                return word
        return ""

    def _doubt(self, at: int, found: quantities.Quantity) -> str:
        """A year without its sign, or digits torn apart by a space: no number is made of them."""
        text = self.text
        if (
            text[at - 1 : at] in _DAMAGED
            or text[found.end : found.end + 1] in _DAMAGED
            or _HOLE.search(text, max(0, at - 2), found.end + 2)
        ):
            return "damaged"
        if _TORN_BEFORE.search(text, max(0, at - 4), at) or (not found.unit and _TORN_AFTER.match(text, found.end)):
            return "split_number"
        digits = text[at : found.end]
        if not found.unit and len(digits) == 4 and digits.isdecimal() and digits[:2] in ("19", "20"):
            return "bare_year"
        return ""

    def _region(self, at: int) -> int:
        found = regions.match(self.text, at, self.home)
        if found is None:
            return 0
        return self._add(Kind.REGION, at, found.end, key="among" if found.is_among else "", region=found.region)

    def _skip_run(self, at: int) -> int:
        """Past digits or numerals that gave nothing, so that no piece of a longer number is read as a number."""
        run = _RUN.match(self.text, at)
        return run.end() if run is not None else at + 1


_DAMAGED = frozenset("\ufffd\x00□■〓█▇*")  # a sign that could not be read: who knows which digit it was
_HOLE = re.compile(r"[0-9]？[0-9]|[0-9]\?[0-9]")
_TORN_BEFORE = re.compile(r"[0-9] ?\.? $|[0-9] \.$")  # the digits before a space belong to the same number
_TORN_AFTER = re.compile(r"(?: ?\. ?| )[0-9]")
_PAST_YEAR = re.compile(r"[^0-9]{1,3}(?:19|20)[0-9]{2}年")
_RUN = re.compile(r"[0-9][0-9.,]*|[零〇一二两三四五六七八九十百千万亿]+|[A-Za-z]+")
_REJECT_STARTS = frozenset(rejects.STARTS) | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


@cache
def _gate(starts: frozenset[str], home_starts: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The characters, and the pairs of them, at which anything may begin: half of a text is passed over by them."""
    words = starts | home_starts | rejects.phrase_starts() | regions.starts()
    signs = frozenset(periods.STARTS) | _REJECT_STARTS | _RANK_STARTS | _QUANTITY_STARTS | frozenset(_BREAKS + _AND)
    return signs | {word for word in words if len(word) == 1}, words


def _rounded(number: Number) -> Number:
    """A count that turns out to be a percentage is rounded to its last digit."""
    if number.value is None or number.bound is not Bound.EQ:
        return number
    half = Decimal(5).scaleb(-number.decimals - 1)
    return replace(number, low=number.value - half, high=number.value + half)


def _exactly(value: int) -> Number:
    exact = Decimal(value)
    return Number(exact, exact, exact)


def _whole(words: str) -> int | None:
    words = words.strip()
    if words.endswith("万") and words[0].isascii():
        return int(words[:-1]) * 10_000
    return int(words) if words.isdecimal() and words.isascii() else numerals.read_chinese(words)
