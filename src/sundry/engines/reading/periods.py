"""Words for a time: what they cover, seen from the day of issue.

Problem: 1-2月 is January and February together and no second of January, 去年全年 is one period and not two, 昨日 means
nothing without the day of issue, and 截至4月底 is a moment.

    issued 2031-05-10
    match("1-4月份", 0, issued)          2031-01/2031-04, from January: cumulative
    match("截至4月底", 0, issued)        asof 2031-04
    match("去年同期", 0, issued)         2030, what is compared with; key "same_period": the months are the clause's own
    match("到2035年", 0, issued)         until 2035, key "horizon"

Therefore the words are read by shape, longest first, and resolved by the day of issue. A year that is not printed is
the latest in which such a period has ended or begun; the key then says "year_inferred". Without a day of issue what
depends on it keeps an empty code and the key "unresolved".
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sundry.engines.reading.model import Period
from sundry.engines.reading.numerals import read_chinese

_N = r"(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})"
_TO = r" ?[-—~至到] ?"
_YEAR = (
    r"(?:(?P<year>(?:19|20)[0-9]{2}|[一二][零〇○一二三四五六七八九]{3}) ?(?:年度|年(?!代))"
    r"|(?P<said>今年|去年|上年|前年|明年|本年度|本年|上一年))"
)
_PART = (
    r"(?:第? ?(?P<quarter>[一二三四1-4]) ?季度|(?P<to_quarter>前 ?[二两三23]) ?个?季度"
    r"|(?P<q1>[一二三四1-4]) ?[-—~至到] ?(?P<q2>[一二三四1-4]) ?季度"
    r"|(?P<half>[上下])半年|(?P<whole>全年|年度)|(?P<same>同期|同月|同季)"
    rf"|(?P<m1>{_N}|(?<![0-9万亿])元) ?月?份?{_TO}(?P<m2>{_N}) ?月份?(?! ?[0-9一二三四五六七八九十]+ ?日)"
    rf"|[前头] ?(?P<to_month>{_N}) ?个?月(?!内)"
    rf"|(?P<month>{_N}) ?月(?!活)(?:份|当月"
    rf"| ?(?P<day>{_N}) ?[日号]?(?:{_TO}(?:(?P<month2>{_N}) ?月 ?)?(?P<day2>{_N}))? ?[日号])?"
    r"(?P<dekad>[上中下]旬)?)"
)
_TAIL = (
    r"(?P<tail>年?以来|(?<=[年月日度])(?:来|起)|至今(?!年)|年?底前|月底前|前(?=[，完建实])|年?底|月底|末|年?初"
    r"|期间|内|中)?"
)
_HEAD = r"(?P<head>截至|截止到|截止|到|至|自|从|自从)? ?"
_FULL = re.compile(rf"{_HEAD}(?:{_YEAR} ?的? ?)?{_PART}?{_TAIL}")
_YEARS = re.compile(
    r"(?:从|自)?(?P<y1>(?:19|20)[0-9]{2}) ?年?(?: ?[-—~至到/] ?|年至)"
    r"(?P<y2>(?:19|20)[0-9]{2})(?: ?年)?(?:期间|间|学年|年度)?"
)
_DAYS = r"[0-9]{1,2}|二?十[一二三四五六七八九]|[二三]十|三十一"
_DAY = re.compile(rf"(?P<day>{_DAYS})(?:[-—~至到](?P<day2>[0-9]{{1,2}}))? ?日(?![均产元前常内圆])")
_ISO = re.compile(r"(?P<y>20[0-9]{2})[-./](?P<m>[01]?[0-9])[-./](?P<d>[0-3]?[0-9])(?![0-9])")
_NEAR = re.compile(
    r"(?:近|过去|最近|前)的? ?(?P<n>[0-9]{1,2}|[一二两三四五六七八九十]{1,3}|几|数) ?(?P<unit>年|个月)"
    r"(?P<come>来|间|里|中|以来)?(?!级|期|前)"
)
_PLAN = re.compile(
    r"[“\"]?(?P<n>十[一二三四五六七八九]?|[七八九])五[”\"]?(?P<what>时期|期间|以来|末|初|开局之年|收官之年)"
)
_RELATIVE_DAYS = {
    "昨日": -1, "昨天": -1, "昨晚": -1, "昨夜": -1, "今日": 0, "今天": 0, "今晨": 0, "今晚": 0, "前天": -2, "前日": -2,
    "明天": 1, "明日": 1, "后天": 2,
}  # fmt: skip
_RELATIVE = re.compile(
    "|".join(_RELATIVE_DAYS)
    + r"|本月底|本月末|上月末|上月底|上个月|上月|本月|上周|本周|年底前|年底|年末|年初以来|年初|全年"
    r"|本季度|上季度|上一季度"
)
_TORN = re.compile(r"[0-9.,+-]$|[0-9] $")  # before a digit: it belongs to another number
_SAYS = ("year", "said", "quarter", "to_quarter", "q1", "half", "whole", "same", "m1", "to_month", "month")
STARTS = '0123456789今去上前明本全同截到至自从一二三四五六七八九十近过最昨后当年第下头元“"'


_AHEAD = re.compile(r"力争|确保|预计|预期|计划|目标|争取|有望|今年|努力|冲刺|将|为(?= ?$)")
# Months that are together a quarter, a half or the whole year: 1—3月 is written as the first quarter is.
_PARTS = {
    (1, 3): "-Q1", (4, 6): "-Q2", (7, 9): "-Q3", (10, 12): "-Q4", (1, 6): "-H1", (7, 12): "-H2", (1, 12): "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A period that ends at `end`. `key`: "", year_inferred, same_period, horizon, unresolved."""

    end: int
    period: Period
    key: str = ""


def match(text: str, at: int, issued: date | None) -> Found | None:
    """The period whose words begin at `at`, or None."""
    for reader in _READERS:
        found = reader(text, at, issued)
        if found is not None:
            return found
    return None


def _plan(text: str, at: int, _: date | None) -> Found | None:
    """The years of a five-year plan; the plan alone is a name (rejects.py)."""
    found = _PLAN.match(text, at)
    number = read_chinese(found["n"]) if found is not None else None
    if found is None or number is None:
        return None
    first = 2006 + 5 * (number - 11)
    if found["what"] == "以来":
        return Found(found.end(), Period(f"{first}-01/", is_cumulative=True))
    if found["what"] in ("末", "收官之年"):
        return Found(found.end(), Period(f"until {first + 4}"), "horizon")
    if found["what"] in ("初", "开局之年"):
        return Found(found.end(), Period(f"{first}"))
    return Found(found.end(), Period(f"{first}/{first + 4}", is_cumulative=True))


def _years(text: str, at: int, _: date | None) -> Found | None:
    found = _YEARS.match(text, at)
    if found is None or not 0 < int(found["y2"]) - int(found["y1"]) <= 60:
        return None
    return Found(found.end(), Period(f"{found['y1']}/{found['y2']}", is_cumulative=True))


def _iso(text: str, at: int, _: date | None) -> Found | None:
    found = _ISO.match(text, at)
    code = _day_code(int(found["y"]), int(found["m"]), int(found["d"])) if found is not None else None
    return None if found is None or code is None else Found(found.end(), Period(code))


def _near(text: str, at: int, issued: date | None) -> Found | None:
    """近五年: the five years up to the day of issue. The vague ones (近几年) have no code."""
    found = _NEAR.match(text, at)
    if found is None or (text.startswith("前", at) and found["unit"] == "个月"):
        return None
    many = int(found["n"]) if found["n"].isdecimal() else read_chinese(found["n"])
    if many is None or issued is None:
        return Found(found.end(), Period(""), "unresolved")
    return Found(found.end(), since(many, found["unit"], issued))


def since(many: int, unit: str, issued: date) -> Period:
    """The last `many` years or months, up to the day of issue."""
    if unit == "年":
        return Period(f"{issued.year - many}/{issued.year}", is_cumulative=True)
    first = issued.year * 12 + issued.month - 1 - many
    return Period(f"{first // 12}-{first % 12 + 1:02d}/{issued:%Y-%m}", is_cumulative=True)


def _day(text: str, at: int, issued: date | None) -> Found | None:
    """A day without a month: of the month of issue, or the one before where that has not come yet."""
    found = _DAY.match(text, at)
    if found is None or (at and (text[at - 1].isdecimal() or text[at - 1] in ".-")):
        return None
    first, last = _number(found["day"]), _number(found["day2"] or found["day"])
    if not 1 <= first <= last <= 31:
        return None
    if issued is None:
        return Found(found.end(), Period(""), "unresolved")
    month = issued if last <= issued.day + 1 else issued.replace(day=1) - timedelta(days=1)
    code, other = _day_code(month.year, month.month, first), _day_code(month.year, month.month, last)
    if code is None or other is None:
        return None
    days = code if first == last else f"{code}/{other}"
    return Found(found.end(), Period(days, is_cumulative=first != last), "year_inferred")


def _relative(text: str, at: int, issued: date | None) -> Found | None:
    found = _RELATIVE.match(text, at)
    if found is None:
        return None
    word = found[0]
    if issued is None:
        return Found(found.end(), Period(""), "unresolved")
    if word in _RELATIVE_DAYS:
        return Found(found.end(), Period((issued + timedelta(days=_RELATIVE_DAYS[word])).isoformat()), "year_inferred")
    return Found(found.end(), _relative_code(word, issued), "year_inferred")


def _relative_code(word: str, issued: date) -> Period:
    before = issued.replace(day=1) - timedelta(days=1)
    quarter = (issued.month - 1) // 3 + 1
    if word in ("上周", "本周"):
        monday = issued - timedelta(days=issued.weekday() + (7 if word == "上周" else 0))
        return Period(f"{monday}/{monday + timedelta(days=6)}", is_cumulative=True)
    codes = {
        "上个月": f"{before:%Y-%m}", "上月": f"{before:%Y-%m}", "上月末": f"asof {before:%Y-%m}",
        "上月底": f"asof {before:%Y-%m}", "本月底": f"until {issued:%Y-%m}", "本月末": f"until {issued:%Y-%m}",
        "本月": f"{issued:%Y-%m}",
        "年底": f"until {issued.year}-12", "年底前": f"until {issued.year}-12", "年末": f"asof {issued.year - 1}-12",
        "年初": f"asof {issued.year}-01", "年初以来": f"{issued.year}-01/",
        "全年": f"{issued.year - (issued.month < 5)}",
        "本季度": f"{issued.year}-Q{quarter}",
    }  # fmt: skip
    if word in codes:
        return Period(codes[word], is_cumulative=not codes[word].startswith(("asof", "until")))
    year, quarter = (issued.year - 1, 4) if quarter == 1 else (issued.year, quarter - 1)
    return Period(f"{year}-Q{quarter}", is_cumulative=True)


def _full(text: str, at: int, issued: date | None) -> Found | None:
    """[截至] [a year] [a part of it] [以来, 底, ...]: whatever of these is printed."""
    found = _FULL.match(text, at)
    if found is None or not _is_sound(text, at, found):
        return None
    end = at + len(found[0].rstrip(" 的"))
    year, is_inferred = _year(found, issued)
    if found["same"] is not None:
        base = "" if year is None else str(year)
        return Found(end, Period(base, is_cumulative=True, is_comparison=True), "same_period")
    if year is None and issued is None:
        return Found(end, Period(""), "unresolved")
    if year is None:
        assert issued is not None
        year, is_inferred = _likely_year(found, issued), True
    code = _code(found, year)
    if code is None:
        return None
    whole = _to_another(text, end, found, code, issued)
    return whole or replace(_with_tail(found, code, year, issued, is_inferred=is_inferred), end=end)


def _to_another(text: str, end: int, found: re.Match[str], code: str, issued: date | None) -> Found | None:
    """From a month or a day to one of another year that is printed: 2030年11月至2031年2月."""
    if found["tail"] or text[end : end + 1] not in ("-", "—", "~", "至", "到") or "Q" in code or "H" in code:
        return None
    other = _FULL.match(text, end + 1)
    if other is None or other["tail"] or other["head"] or not (other["year"] or other["said"]):
        return None
    year, _ = _year(other, issued)
    last = _code(other, year) if year is not None else None
    if last is None or len(last) != len(code) or not code < last:
        return None
    return Found(other.end(), Period(f"{code}/{last}", is_cumulative=True))


def _is_sound(text: str, at: int, found: re.Match[str]) -> bool:
    """Not a piece of a longer number, not 到 or 从 alone before no time, days and months that exist."""
    if text[at].isdecimal() and _TORN.search(text, max(0, at - 2), at):
        return False
    for name, most in (
        ("month", 12),
        ("m1", 12),
        ("m2", 12),
        ("month2", 12),
        ("to_month", 12),
        ("day", 31),
        ("day2", 31),
    ):
        if found[name] is not None and not 1 <= _number(found[name]) <= most:
            return False
    if found["m1"] is not None and _number(found["m1"]) >= _number(found["m2"]):
        return False
    return any(found[name] is not None for name in _SAYS)


def _number(words: str) -> int:
    if words == "元":  # 元至10月
        return 1
    return int(words) if words.isdecimal() and words.isascii() else read_chinese(words) or 0


def _year(found: re.Match[str], issued: date | None) -> tuple[int | None, bool]:
    if found["year"] is not None:
        return _number(found["year"]), False
    if found["said"] is None or issued is None:
        return None, False
    back = {"去年": 1, "上年": 1, "上一年": 1, "前年": 2, "明年": -1}.get(found["said"], 0)
    return issued.year - back, False


def _likely_year(found: re.Match[str], issued: date) -> int:
    """The latest year in which such a period has ended or, within three months, will come; a quarter: has begun."""
    last = _months(found)
    if last is None:  # 全年, said in the first months of a year, is the last one, unless it is aimed at
        is_ahead = found["whole"] != "全年" or _AHEAD.search(found.string, max(0, found.start() - 8), found.start())
        return issued.year - (issued.month < (3 if is_ahead else 5))
    first_month, last_month = last
    if (found["tail"] or "").endswith("前"):
        return issued.year + (last_month < issued.month)
    if found["month"] is None:
        return issued.year if last_month <= issued.month else _back(last, issued)
    away = first_month - issued.month
    return issued.year - 1 if away > 3 else issued.year + 1 if away < -9 else issued.year


def _back(months: tuple[int, int], issued: date) -> int:
    """The year of several months that have not ended yet: this one if they have begun, else the last."""
    first, last = months
    has_begun = first <= issued.month
    if months == (7, 12) and has_begun:
        return issued.year  # 下半年 in July is the one to come
    return issued.year if has_begun and last - issued.month < 4 else issued.year - 1


def _months(found: re.Match[str]) -> tuple[int, int] | None:
    """First and last month of the part that is printed; None for none."""
    if found["quarter"]:
        quarter = _number(found["quarter"])
        return 3 * quarter - 2, 3 * quarter
    if found["to_quarter"]:
        return 1, 3 * _number(found["to_quarter"][1:].strip())
    if found["q1"]:
        return 3 * _number(found["q1"]) - 2, 3 * _number(found["q2"])
    if found["half"]:
        return (1, 6) if found["half"] == "上" else (7, 12)
    if found["m1"]:
        return _number(found["m1"]), _number(found["m2"])
    if found["to_month"]:
        return 1, _number(found["to_month"])
    if found["month"]:
        return _number(found["month"]), _number(found["month2"] or found["month"])
    return None


def _code(found: re.Match[str], year: int) -> str | None:
    """The code of the year and the part that are printed; None for a day that does not exist."""
    months = _months(found)
    if months is None:
        return f"{year}"
    if found["quarter"]:
        return f"{year}-Q{months[1] // 3}"
    if found["half"]:
        return f"{year}-H{months[1] // 6}"
    if found["dekad"] and not found["day"] and found["month"]:
        begin = {"上": 1, "中": 11, "下": 21}[found["dekad"][0]]
        end = begin + 9 if begin < 21 else calendar.monthrange(year, months[0])[1]
        return f"{_day_code(year, months[0], begin)}/{_day_code(year, months[0], end)}"
    if found["day"]:
        first = _day_code(year, months[0], _number(found["day"]))
        last = _day_code(year, months[1], _number(found["day2"])) if found["day2"] else first
        return None if first is None or last is None else first if first == last else f"{first}/{last}"
    if months in _PARTS:
        return f"{year}{_PARTS[months]}"
    return f"{year}-{months[0]:02d}" if months[0] == months[1] else f"{year}-{months[0]:02d}/{year}-{months[1]:02d}"


def _day_code(year: int, month: int, day: int) -> str | None:
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return f"{year}-{month:02d}-{day:02d}"


def _opens(head: str, found: re.Match[str]) -> bool:
    """自2027年, 从2027年; but 从2027年的 and 从2027年9家 only say from what."""
    after = found.string[found.end() : found.end() + 1]
    return head in ("自", "从", "自从") and not found[0].rstrip().endswith("的") and not after.isdecimal()


def _with_tail(found: re.Match[str], code: str, year: int, issued: date | None, *, is_inferred: bool) -> Found:
    """What the words before and after make of the period: open, a moment, a horizon."""
    tail, head = found["tail"] or "", found["head"] or ""
    key = "year_inferred" if is_inferred else ""
    if "以来" in tail or tail in ("来", "起", "至今") or (_opens(head, found) and tail != "初"):
        first = _months(found)
        opening = code.split("/")[0] if found["day"] else f"{year}-{first[0] if first else 1:02d}"
        return Found(found.end(), Period(f"{opening}/", is_cumulative=True), key)
    months = _months(found)
    is_at_the_end = "底" in tail or "末" in tail or head.startswith("截")
    last = f"{year}-{months[1]:02d}" if months is not None else f"{year}-12" if is_at_the_end else f"{year}"
    moment = code if found["day"] else last
    is_later = issued is not None and (year, months[1] if months else 12) > (issued.year, issued.month)
    if (
        head.startswith("截")
        or tail in ("底", "末", "年底", "月底")
        or (head in ("到", "至") and not found[0].rstrip().endswith("的"))
        or tail.endswith("前")
    ):
        if is_later and months is None and not tail:
            return Found(found.end(), Period(f"{year}"), "horizon")  # 到2035年: a figure of that year
        if is_later or tail.endswith("前"):
            return Found(found.end(), Period(f"until {moment}"), "horizon")
        return Found(found.end(), Period(f"asof {moment}"), key)
    if tail in ("初", "年初"):
        return Found(found.end(), Period(f"asof {last if months else f'{year}-01'}"), key)
    is_day = bool(found["day"]) and not found["day2"]
    return Found(found.end(), Period(code, is_cumulative=not is_day), key)


_READERS: tuple[Callable[[str, int, date | None], Found | None], ...] = (
    _plan, _years, _iso, _near, _full, _day, _relative,
)  # fmt: skip
