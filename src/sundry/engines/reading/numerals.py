"""Numbers in Arabic digits, in Chinese numerals and in both, with what makes them vague.

Problem: the same count is printed as 3200, 3,200, 三千二百, 0.32万, 3200余 or 数千, and a reader that knows only digits
loses half of them, while one that takes every 一 for a number invents as many.

    match("3700多亿元", 0)     3700, the band [3700, 3800), multiplier 亿: the unit that follows is printed as 亿元
    match("三十多座", 0)        30, [30, 40)
    match("数十年", 0)          no value, 20 to 99
    match("十五五", 0)          nothing: a five-year plan, and no numeral in full

Therefore what is read is strict: a run of numerals that is no number in full is none in part. A trailing 万 or 亿
belongs to the printed unit when a numeral stands before it, as the labels of official statistics have it. Intervals:
余 and 多 reach up to the next step of the last digit that is not nought.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

DIGITS = {
    "零": 0,
    "〇": 0,
    "○": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
TENTHS = tuple("一二三四五六七八九")  # 九成五 is nine and a half tenths
PLACES = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10**4, "亿": 10**8}
POWERS = (
    PLACES | MYRIADS | {"百万": 10**6, "千万": 10**7, "十万": 10**5, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12}
)

_ARABIC = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")
_CHINESE = re.compile(r"[零〇○一二两三四五六七八九十百千万亿]+(?:点[零〇○一二三四五六七八九]+)?")
_SEVERAL = re.compile(r"[数几](十万|百万|千万|百亿|千亿|万亿|[十百千万亿])")
_TEENS = re.compile(r"([二三四五六七八九]?十)几")
_UPWARDS = re.compile(r"上(?=[十百千万亿])")
_MULTIPLIER = re.compile(r" ?([十百千]?万亿|[十百千]?[万亿]|[百千](?![克米瓦卡伏帕]))")
_VAGUE = re.compile(r" ?[多余](?![边样数种元方角功久长年性])|几(?=[个家人名万亿年次项])")
_VAGUE_COUNT = re.compile(r"[多余](?=[种年个元方])|来(?=[个岁家人名次])")
_FRACTION = re.compile(r"([百千万零〇一二两三四五六七八九十]+)分之(?=[0-9零〇一二两三四五六七八九十百])")

_LENGTH_MAX = 24  # signs of a number; what is longer is a code, and would cost time without end


@dataclass(frozen=True, slots=True)
class Found:
    """A number that ends at `end`. `low` and `high` where it is vague; `value` None where only these are known."""

    end: int
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    decimals: int = 0
    multiplier: str = ""  # 万, 亿: printed with the unit
    marks: tuple[str, ...] = ()
    unit: str = ""  # % where the numeral itself says so: 百分之七
    is_arabic: bool = False
    at_least: bool = False  # 上百


def read_chinese(words: str) -> int | None:
    """The whole number that `words` are in full, None if they are none: 三千零五十 is 3050, 二〇二四 is 2024."""
    if not 0 < len(words) <= _LENGTH_MAX:
        return None
    if all(word in DIGITS for word in words):
        return _digit_by_digit(words)
    total, rest = 0, words
    for myriad in ("亿", "万"):
        head, sign, tail = rest.rpartition(myriad) if myriad == "亿" else rest.partition(myriad)
        if not sign:
            continue
        many = read_chinese(head) if myriad == "亿" and "万" in head else _below_a_myriad(head, first=not total)
        if many is None or many == 0:
            return None
        total += many * MYRIADS[myriad]
        rest = tail
        if len(tail) == 1 and tail in DIGITS and DIGITS[tail]:
            return total + DIGITS[tail] * MYRIADS[myriad] // 10
    if not rest:
        return total
    last = _below_a_myriad(rest, first=not total)
    return None if last is None else total + last


def _digit_by_digit(words: str) -> int | None:
    if len(words) == 1:
        return DIGITS[words]
    has_years_length = len(words) == 4 and words[0] in "一二" and "两" not in words
    return int("".join(str(DIGITS[word]) for word in words)) if has_years_length else None


def _below_a_myriad(words: str, *, first: bool) -> int | None:
    """Thousands to ones, each place at most once and in order; `first`: no nought may lead."""
    if not words or (first and words[0] in "零〇○" and len(words) > 1):
        return None
    total, place, at, is_nought = 0, 10_000, 0, False
    while at < len(words):
        word = words[at]
        if word in "零〇○":
            if is_nought or at + 1 == len(words):
                return None
            is_nought, at = True, at + 1
            continue
        digit = DIGITS.get(word)
        at += digit is not None
        if at < len(words) and words[at] in PLACES:
            now, at = PLACES[words[at]], at + 1
            if digit is None and now != 10 and total + len(words) > 1:
                return None
        elif digit is None:
            return None
        else:
            now = place // 10 if place in (100, 1000) and at == len(words) and not is_nought and total else 1
        if now >= place:
            return None
        total, place, is_nought = total + (1 if digit is None else digit) * now, now, False
    return total


def match(text: str, at: int) -> Found | None:
    """The number that begins at `at`, the vague sign and the multiplier after it included; None if there is none."""
    sign = text[at : at + 1]
    if sign.isdecimal() and sign.isascii():
        return _arabic(text, at)
    if sign in "数几":
        return _several(text, at)
    if sign == "上":
        return _upwards(text, at)
    if sign == "半":
        return Found(at + 1, Decimal("0.5"), decimals=1)
    return _chinese(text, at) if sign in DIGITS or sign in POWERS else None


def band(value: Decimal) -> tuple[Decimal, Decimal]:
    """From a number that is followed by 余 or 多 to the next step of its last digit: 5500 -> 5500, 5600."""
    return value, value + Decimal(10) ** int(value.normalize().as_tuple().exponent)


def _arabic(text: str, at: int) -> Found | None:
    printed = _ARABIC.match(text, at)
    if printed is None:
        return None
    if len(printed[0]) > _LENGTH_MAX:
        return None
    value = Decimal(printed[0].replace(",", ""))
    return _after(text, printed.end(), value, max(0, -int(value.as_tuple().exponent)), is_arabic=True)


def _after(text: str, at: int, value: Decimal, decimals: int, *, is_arabic: bool) -> Found:
    """What may follow the digits: a vague sign, a multiplier with more digits (3亿5000万), a vague sign again."""
    marks: list[str] = []
    end = _vague(text, at, marks)
    found = _MULTIPLIER.match(text, end)
    multiplier = ""
    if found is not None and not (found[1] == "百" and text.startswith("分", found.end())):
        multiplier, end = found[1], found.end()
        more = _ARABIC.match(text, end) if is_arabic and not marks else None
        last = _MULTIPLIER.match(text, more.end()) if more is not None else None
        if more is not None and last is not None and POWERS[last[1]] < power(multiplier):
            ratio = Decimal(power(multiplier)) / POWERS[last[1]]
            value, decimals, multiplier, end = value * ratio + Decimal(more[0]), 0, last[1], last.end()
    if not marks:
        end = _vague(text, end, marks)
    low, high = band(value) if marks and value else (None, None)
    return Found(end, value, low, high, decimals, multiplier, tuple(marks), is_arabic=is_arabic)


def power(multiplier: str) -> int:
    if multiplier in POWERS:
        return POWERS[multiplier]
    head = multiplier[:-2] if multiplier.endswith("万亿") else multiplier[:-1]
    return POWERS[head] * POWERS[multiplier[len(head) :]]


def _vague(text: str, at: int, marks: list[str]) -> int:
    found = _VAGUE.match(text, at) or _VAGUE_COUNT.match(text, at)
    if found is None:
        return at
    marks.append(found[0].strip())
    return found.end()


def _several(text: str, at: int) -> Found | None:
    """数十, 几百: from two to nine of them, and nine of the places below too: 20 to 99."""
    found = _SEVERAL.match(text, at)
    if found is None:
        return None
    words, end, multiplier = found[1], found.end(), ""
    if len(words) > 1:
        words, multiplier = words[:-1], words[-1]
    elif (more := _MULTIPLIER.match(text, end)) is not None and words not in MYRIADS:
        end, multiplier = more.end(), more[1]
    places = Decimal(power(words))
    return Found(end, None, 2 * places, 10 * places - 1, 0, multiplier, (text[at],))


def _upwards(text: str, at: int) -> Found | None:
    """上百, 上千万: that many at least."""
    if _UPWARDS.match(text, at) is None:
        return None
    found = _chinese(text, at + 1)
    if found is None or found.value is None or found.marks:
        return None
    return Found(found.end, found.value, found.value, None, 0, found.multiplier, ("上",), at_least=True)


def _chinese(text: str, at: int) -> Found | None:
    fraction = _FRACTION.match(text, at)
    if fraction is not None:
        return _fraction(text, fraction)
    teens = _TEENS.match(text, at)
    if teens is not None and (tens := read_chinese(teens[1])) is not None:
        low, more = Decimal(tens + 1), _MULTIPLIER.match(text, teens.end())
        multiplier = more[1] if more is not None and more[1] in MYRIADS else ""
        return Found(teens.end() + len(multiplier), None, low, low + 8, 0, multiplier, ("几",))
    printed = _CHINESE.match(text, at)
    if printed is None:
        return None
    words = printed[0]
    whole, _, decimals = words.partition("点")
    if decimals:
        ones = read_chinese(whole)
        digits = "".join(str(DIGITS[digit]) for digit in decimals)
        if ones is None:
            return None
        return _after(text, printed.end(), Decimal(f"{ones}.{digits}"), len(digits), is_arabic=False)
    return _whole(text, at, words, printed.end())


def _whole(text: str, at: int, words: str, end: int) -> Found | None:
    """A whole Chinese numeral; a 万 or 亿 at its end is a multiplier."""
    head = words.rstrip("万亿")
    if not head:
        return _alone(text, words, end)
    neighbours = _neighbours(head)
    if neighbours is not None:
        multiplier = words[len(head) :]
        return Found(end, None, *neighbours, 0, multiplier, (head,))
    value_read = read_chinese(head)
    if value_read is None or words[len(head) :] not in {"", "万", "亿", "万亿"}:
        return None
    return _after(text, at + len(head), Decimal(value_read), 0, is_arabic=False)


def _alone(text: str, words: str, end: int) -> Found | None:
    """万 is 10,000; 亿 and 万亿 alone are one of them, as nobody counts so far in ones."""
    if words == "万":
        return _after(text, end, Decimal(10_000), 0, is_arabic=False)
    if words not in ("亿", "万亿"):
        return None
    marks: list[str] = []
    end = _vague(text, end, marks)
    low, high = band(Decimal(1)) if marks else (None, None)
    return Found(end, Decimal(1), low, high, 0, words, tuple(marks))


def _neighbours(words: str) -> tuple[Decimal, Decimal] | None:
    """三四, 五六十, 七八百, 十二三: one or the other."""
    found = re.fullmatch(r"(十?)([一二两三四五六七八])([二三四五六七八九])([十百千]?)", words)
    if found is None or DIGITS[found[3]] != DIGITS[found[2]] + 1 or (found[1] and found[4]) or words == "一二":
        return None
    factor, tens = Decimal(PLACES.get(found[4], 1)), Decimal(10 if found[1] else 0)
    return tens + DIGITS[found[2]] * factor, tens + DIGITS[found[3]] * factor


def _fraction(text: str, found: re.Match[str]) -> Found | None:
    """百分之七点五 is 7.5 with the unit %, 五分之三 is 0.6."""
    over = read_chinese(found[1])
    part = _ARABIC.match(text, found.end()) or _CHINESE.match(text, found.end())
    if over is None or part is None or not over:
        return None
    whole, _, decimals = part[0].partition("点")
    top = Decimal(part[0]) if part[0][0].isascii() else None
    if top is None and (read := read_chinese(whole)) is not None:
        top = Decimal(f"{read}.{''.join(str(DIGITS[digit]) for digit in decimals)}") if decimals else Decimal(read)
    if top is None:
        return None
    unit = {100: "%", 1000: "‰"}.get(over, "")
    return Found(part.end(), top if unit else top / over, decimals=max(0, -int(top.as_tuple().exponent)), unit=unit)
