"""A number with all that makes it a quantity: words before and after, the unit, a second end.

Problem: 近2.4万人, 300元至800元 and 不少于40家 are each one quantity, and what is known of it is no single number.

    read("突破90万户，", 0)        90 and up, 万户, marked 突破
    read("300元至800元", 0)       300 to 800, no value, 元
    read("2.4万名", 0)            [2.35, 2.45): rounded to the last digit printed
    read("37家", 0)               37: what is counted in full is exact

Therefore the words around a number are read with it, in both orders, and give it its bound.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from sundry.engines.reading import numerals, units
from sundry.engines.reading.model import Bound, Number


def _each(bound: Bound, words: str) -> dict[str, Bound]:
    return dict.fromkeys(words.split(), bound)


_BEFORE: dict[str, Bound] = {
    **_each(Bound.GE, "突破 突破了 冲破 跃上 站上 迈上 登上 跨上 跨过 越过 迈过 迈入 跨入 跃升至"),
    **_each(Bound.GE, "不低于 不少于 不下于 至少 最低 最少 不小于"),
    **_each(Bound.GT, "超 超过 超过了 超出 已超 逾 多于 大于 超越"),
    **_each(Bound.LT, "近 接近 将近 逼近 不足 不到 不满 未满 少于 小于 未达 未超过"),
    **_each(Bound.LE, "不超过 不超 不高于 至多 最多 不多于 最高不超过 最高"),
    **_each(Bound.ABOUT, "约 大约 约为 约达 大概 大致 估计 约合"),
}
_AFTER: dict[str, Bound] = {
    **_each(Bound.GE, "以上 及以上 或以上 之上"),
    **_each(Bound.LE, "以下 及以下 以内 之内 之下"),
    **_each(Bound.ABOUT, "左右 上下 前后"),
    **_each(Bound.BAND, "有余 开外 多"),
}
_BEFORE_FORMS = re.compile("|".join(sorted(_BEFORE, key=len, reverse=True)))
_OVER = re.compile(
    r"(?<![超通经越跨迈不难])过(?=[0-9百千万亿])|(?<![突攻打冲爆])破(?=[0-9]{3}|[0-9]+(?:\.[0-9]+)?[百千万亿]|[百千万亿])"
)
_AFTER_FORMS = re.compile(
    r" ?(及以上|或以上|以上|之上|及以下|以下|以内|之内|之下|左右|上下|有余|开外|多(?=[，。；、）时的里来间以]))"
)
_HEIGHT = re.compile(r"(?:的)?(?:新)?(?:台阶|大关|关口|门槛|行列|俱乐部)")
_CLIMBS = "跃站迈登跨越冲突"
_BETWEEN = re.compile(r" ?(?:[-—~]|至|到)(?![-—]) ?")
_HEAD_NOUN = re.compile(
    r"(?:[\u4e00-\u9fff]{0,6}?)(人口|居民|群众|学生|职工|员工|老人|老年人|儿童|游客|人才|党员|大学生|人员"
    r"|外商|采购商|经营户|农民|村民|市民|师生|观众)"
)
_NO_NOUN = re.compile(r"[元吨亩年月日%家户个件次人名]")
_CARRIED = re.compile(r"个([多半])(月|小时|世纪|星期|学期)")
_HALVES = re.compile(r"一半|半数|过半(?![百千])")
_LOOSE = re.compile(r"[百千万亿]")
_GRADED = re.compile(r"级(?!别|数|以)")
_THRESHOLD = re.compile(r"的?[\u4e00-\u9fff]{0,4}?(?:项目|企业|单位|订单|产业|镇|村|村庄|工程|板块|集群)")
_PER_UNIT = re.compile(r"GDP|地区|工业|产值|增加值|单位")
_TURNS = re.compile(r"翻了?([一两二三四]?)番")
_PER = {
    "日产": "日",
    "日均": "日",
    "每日": "日",
    "每天": "日",
    "日处理": "日",
    "月产": "月",
    "每月": "月",
    "年产": "年",
}
_PER_FORMS = re.compile("|".join(_PER))
_EXACT = frozenset({"persons", "visits", "bodies", "things", "kinds", "heads", "boxes", "trains", "time", "score", ""})
_BEFORE |= {"过": Bound.GT, "破": Bound.GE}
BEFORE_STARTS = "".join({word[0] for word in _BEFORE})
NUMBER_STARTS = "过0123456789零〇一二两三四五六七八九十百千万亿数几上半-－负"


@dataclass(frozen=True, slots=True)
class Quantity:
    """`key`: fraction, range, per, noun_unit or ""."""

    start: int
    end: int
    number: Number
    unit: str
    key: str = ""
    is_arabic: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    end: int
    found: numerals.Found
    unit: units.Unit | None
    sign: int


def read(text: str, at: int, *, per: str = "") -> Quantity | None:
    """The quantity that begins at `at`, with the words before its number. A Chinese numeral needs a unit to be one."""
    prefix = _BEFORE_FORMS.match(text, at) or _OVER.match(text, at)
    begin = prefix.end() if prefix is not None else at
    if prefix is not None and text.startswith(" ", begin):
        begin += 1
    doubled = _turns(text, begin)
    if doubled is not None:
        return _bounded(text, at, doubled, prefix[0] if prefix is not None else "")
    first = _piece(text, begin)
    if first is None:
        return None
    second = _second(text, first)
    whole = _range(at, first, second) if second is not None else None
    quantity = whole or _single(text, at, first, prefix[0] if prefix is not None else "")
    if not (quantity.unit or quantity.is_arabic or quantity.key == "fraction"):
        return None
    return _tenths(_per(quantity, per))


def _tenths(quantity: Quantity) -> Quantity:
    """三成 is 30 %, of which [25, 35) is meant."""
    if quantity.unit != "成":
        return quantity
    number = quantity.number
    value, low, high = (None if one is None else one * 10 for one in (number.value, number.low, number.high))
    return replace(quantity, unit="%", key="tenths", number=replace(number, value=value, low=low, high=high))


def _turns(text: str, at: int) -> Quantity | None:
    """翻一番, 翻了两番: grows by 100 %, by 300 %; 一半, 过半: a fraction."""
    half = _HALVES.match(text, at)
    if half is not None:
        is_more = half[0] == "过半"
        number = Number(
            Decimal("0.5"), Decimal("0.5"), None if is_more else Decimal("0.5"),
            Bound.GT if is_more else Bound.EQ, ("过",) if is_more else (), 1,
        )  # fmt: skip
        return Quantity(at, half.end(), number, "", "fraction")
    found = _TURNS.match(text, at)
    if found is None:
        return None
    times = numerals.read_chinese(found[1] or "一") or 1
    value = Decimal(100) * (2**times - 1)
    return Quantity(at, found.end(), Number(value, None, None, Bound.ABOUT), "%", "doubled")


def _bounded(text: str, at: int, found: Quantity, prefix: str) -> Quantity:
    """A fraction in words with the words around it: 近半数, 一半以上."""
    after = _AFTER_FORMS.match(text, found.end)
    bound = _BEFORE[prefix] if prefix else _AFTER[after[1]] if after is not None else found.number.bound
    if bound is found.number.bound or bound is Bound.BAND:
        return replace(found, start=at)
    marks = tuple(mark for mark in (prefix, after[1] if after is not None else "") if mark)
    low = found.number.value if bound in (Bound.GE, Bound.GT) else None
    high = found.number.value if bound in (Bound.LE, Bound.LT) else None
    number = replace(found.number, low=low, high=high, bound=bound, marks=marks)
    return replace(found, start=at, end=after.end() if after is not None else found.end, number=number)


def _piece(text: str, at: int) -> _Piece | None:
    sign = 1
    if text[at : at + 1] in ("-", "负") and text[at + 1 : at + 2].isdecimal():
        if at and (text[at - 1].isalnum() and text[at - 1].isascii()):
            return None
        sign, at = -1, at + 1
    if at >= len(text):
        return None
    found = numerals.match(text, at)
    if found is None:
        return None
    carried = _CARRIED.match(text, found.end)
    if carried is not None and found.value is not None and not found.marks:
        return _carried(found, carried, sign)
    unit = units.Unit(found.end, found.unit, "percent") if found.unit else units.match(text, found.end)
    if unit is None and found.multiplier in ("百", "千") and found.is_arabic:
        return _Piece(found.end, found, None, sign)
    end = unit.end if unit is not None else found.end
    if (
        unit is not None
        and unit.printed == "成"
        and found.value is not None
        and text[end : end + 1] in (*numerals.TENTHS, "半")
    ):
        tenth = Decimal(5 if text[end] == "半" else numerals.DIGITS[text[end]]) / 10
        return _Piece(end + 1, replace(found, value=found.value + tenth, decimals=1), unit, sign)
    if unit is not None and unit.printed == "年" and text.startswith("半", end) and found.value is not None:
        return _Piece(end + 1, replace(found, value=found.value + Decimal("0.5"), decimals=1), unit, sign)
    return _Piece(end, found, unit, sign)


def _carried(found: numerals.Found, carried: re.Match[str], sign: int) -> _Piece:
    """两个多月 is 2 and more months, 一个半小时 is 1.5 hours."""
    assert found.value is not None
    printed = "个月" if carried[2] == "月" else "周" if carried[2] == "星期" else carried[2]
    unit = units.Unit(carried.end(), printed, "time")
    if carried[1] == "半":
        return _Piece(unit.end, replace(found, value=found.value + Decimal("0.5"), decimals=1), unit, sign)
    low, high = numerals.band(found.value)
    return _Piece(unit.end, replace(found, low=low, high=high, marks=("多",)), unit, sign)


def _second(text: str, first: _Piece) -> _Piece | None:
    """The other end of a range, where one follows."""
    between = _BETWEEN.match(text, first.end)
    if between is None or first.found.value is None or first.found.marks:
        return None
    second = _piece(text, between.end())
    if second is None or second.found.value is None or second.found.marks or second.sign < 0:
        return None
    if second.unit is None and not (second.found.is_arabic and first.unit is None):
        return None
    same = first.unit is None or second.unit is None or first.unit.printed == second.unit.printed
    return second if same else None


def _range(at: int, first: _Piece, second: _Piece) -> Quantity | None:
    if first.found.value is None or second.found.value is None:
        return None
    low, high = first.sign * first.found.value, second.found.value
    multiplier = second.found.multiplier
    if first.found.multiplier and first.found.multiplier != multiplier:
        low = low * _power(first.found.multiplier) / _power(multiplier)
    elif first.unit is not None and multiplier and not first.found.multiplier:
        low = low / _power(multiplier)
    if low >= high:
        return None
    number = Number(None, low, high, Bound.BAND, (), max(first.found.decimals, second.found.decimals))
    printed = second.unit.printed if second.unit is not None else ""
    return Quantity(at, second.end, number, multiplier + printed, "range", second.found.is_arabic)


def _power(multiplier: str) -> Decimal:
    return Decimal(numerals.power(multiplier)) if multiplier else Decimal(1)


def _single(text: str, at: int, piece: _Piece, prefix: str) -> Quantity:
    found, unit, end, key = piece.found, piece.unit, piece.end, ""
    printed, unit_class = (unit.printed, unit.unit_class) if unit is not None else ("", "")
    if unit is None and found.value is not None and (found.multiplier or found.marks or prefix):
        noun = _HEAD_NOUN.match(text, end)
        if noun is not None and _NO_NOUN.search(text[end : noun.start(1)]) is None:
            printed, unit_class, key = "人", "persons", "noun_unit"
    if not printed and found.value is not None and 0 < found.value < 1 and not found.is_arabic:
        key = "fraction" if "分之" in text[at:end] else key
    marks = list(found.marks)
    bound = Bound.BAND if found.marks and found.high is not None else Bound.GE if found.at_least else Bound.EQ
    if prefix:
        bound, mark = _BEFORE[prefix], prefix
        height = _HEIGHT.match(text, end) if prefix[0] in _CLIMBS else None
        if height is not None:
            end, mark = height.end(), mark if prefix.startswith("突破") else f"{prefix}…{height[0].lstrip('的')}"
        marks.insert(0, mark)
    after = _AFTER_FORMS.match(text, end)
    if after is not None:
        end = after.end()
        marks.append(after[1])
        bound = _AFTER[after[1]] if bound is Bound.EQ else bound
    number = _number(found, piece.sign, bound, tuple(marks), is_exact=not found.multiplier and unit_class in _EXACT)
    return Quantity(at, end, number, found.multiplier + printed, key, found.is_arabic)


def _number(found: numerals.Found, sign: int, bound: Bound, marks: tuple[str, ...], *, is_exact: bool) -> Number:
    """The interval that the printed digits and the words around them leave open."""
    if found.value is None:
        return Number(None, found.low, found.high, Bound.BAND, marks, found.decimals)
    value = sign * found.value
    half = Decimal(0) if is_exact and not found.decimals else Decimal(5).scaleb(-found.decimals - 1)
    low: Decimal | None
    high: Decimal | None
    if bound is Bound.EQ:
        low, high = value - half, value + half
    elif bound in (Bound.GE, Bound.GT):
        low, high = value, None
    elif bound in (Bound.LT, Bound.LE):
        low, high = None, value
    elif bound is Bound.BAND:
        low, high = (found.low, found.high) if found.high is not None else numerals.band(value)
    else:
        low = high = None
    return Number(value, low, high, bound, marks, found.decimals)


def _per(quantity: Quantity, per: str) -> Quantity:
    """日产 before it makes 盘 into 盘/日; a percentage stays one."""
    unit_class = units.class_of(quantity.unit)
    if not per or not quantity.unit or unit_class in ("percent", "points", "rate", "time", "money"):
        return quantity
    return replace(quantity, unit=f"{quantity.unit}/{_PER[per]}", key="per")


def not_one(text: str, at: int, found: Quantity) -> str:
    """Why a quantity that was read is none after all: a loose 万亩, a threshold, a grade; "" where it is one."""
    if _GRADED.match(text, found.end):
        return "grade"
    bounds = len(found.number.marks) == 1 and found.number.bound in (Bound.GE, Bound.GT, Bound.LE)
    if bounds and units.class_of(found.unit) in ("money", "area") and _THRESHOLD.match(text, found.end):
        return "threshold"
    if found.unit == "岁" and bounds:
        return "threshold"  # 60岁以上老人
    if text[at - 1 : at] == "每":
        return "per_unit"
    if found.unit in ("%", "‰"):
        return ""
    if text[at] in "万亿" and not found.number.marks and numerals.match(text, at + 1) is None:
        return "per_unit" if _PER_UNIT.match(text, found.end) else "loose"  # 亿元 at the head of a column
    is_loose = _LOOSE.match(text, at) is not None and not found.number.marks and found.unit[:1] not in ("万", "亿")
    if is_loose and numerals.match(text, at + 1) is None:
        return "per_unit" if _PER_UNIT.match(text, found.end) else "loose"
    return ""


def per_word(text: str, at: int) -> str:
    """日产, 每月 and the like, where one stands at `at`."""
    found = _PER_FORMS.match(text, at)
    return found[0] if found is not None else ""
