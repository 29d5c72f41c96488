"""What looks like a quantity and is none: codes, slogans, models, dates of the clock, pages, numbers of houses.

Problem: on a front page as many numerals count nothing as count something. "1+5", “三面旗”, 28路, A3, 第6版 and
一村一品 would each become a figure, and a wrong figure that is published is worse than a missing one.

    match("“27”工程", 0)       the place after the closing mark, "code"
    match("千帆百舸", 0)        "idiom": 千X百Y is never a count
    match("第4届展会", 0)       "ordinal_name"

Therefore they are refused by their shape, and by a public list of set phrases (setphrases.yaml), before any number is
read; each with its reason.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

from sundry.engines.reading.units import match as match_unit

_NUMERAL = "零〇一二两三四五六七八九十百千万亿"
_CN = "[一二两三四五六七八九十百]"
_N = rf"(?: ?[0-9]+ ?|{_CN}+)"
_NAMED_NUMBERS = (
    "期|版|章|条|款|人民|附属|职业|高级|幼儿|医院|中学|小学"
    "|监狱|研究所|医大|师|军|号|页|产业|方|者|轮|代|线|道|步|届|实验"
)
_TELEPHONES = "电话|热线|传真|邮编|邮政编码|手机|QQ|微信|刊号|账号|代号"
_HOUSES = "号线|号楼|号门|号馆|号厅|号台风|号院|国道|省道|县道|路(?:公交|车)?|弄|室|号"
_PARTS_OF_DAY = "上午|下午|晚上|晚|早上|早|凌晨|中午|清晨|傍晚"
_HOUR = "(?: ?[0-9]{1,2} ?|[一二三四五六七八九十]{1,3})"
_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(shape))
    for reason, shape in (
        # A sign that could not be decoded may have been a digit or a point.
        ("broken", rf"[0-9.,{_NUMERAL}]{{1,40}}\ufffd[0-9.,\ufffd{_NUMERAL}]{{0,40}}|\ufffd+[0-9.,{_NUMERAL}]{{1,40}}"),
        ("code", r"[“”‘’\"《][0-9A-Za-z]+(?:\+[0-9A-Za-z]+)*[“”‘’\"》](?![万亿%])"),
        ("code", r"[0-9XxNn]+(?:\+[0-9XxNn]+)+"),
        ("plan", r"“十[一二三四五六七八九]?五”"),
        ("quoted_name", rf"[“‘](?=[双单多全{_NUMERAL}])[\u4e00-\u9fff]{{2,10}}[”’]"),
        ("date", r"[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}月[0-9]{1,2}日"),  # a day that there is not
        ("phone", r"(?:1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}|400-?[0-9]{3}-?[0-9]{4})(?![0-9])"),
        ("phone", rf"(?:{_TELEPHONES})[：: ]{{0,2}}[0-9][0-9-]{{2,}}"),
        ("long_number", r"[0-9]{7,40}(?![0-9.]{0,40}[万亿元%])|[0-9]{4,5}(?=热线|平台)|0[0-9]+(?![.0-9%后])"),
        ("page", rf"（?(?:下转|上接|紧接|转|见|详见|本期|今日)?第?{_HOUR}(?:[、至-]{_HOUR})?版(?![权图块税])"),
        ("plan", r"[“\"]?(?:十[一二三四五六七八九]?|[七八九])五[”\"]?(?=规划|计划|[，。；、”的]|[开新发高谋良])"),
        ("plan", rf"第?{_N}个?年(?:行动|规划|计划|攻坚|大变样|大提升|倍增)|第{_N}个五年(?:规划|计划)"),
        (
            "session",
            rf"第?{_N}届{_CN}{{1,3}}[中次](?:全会|会议)?|第{_N}届|{_CN}{{1,3}}届(?=人大|政协|党代会"
            rf"|[省市县区]委|全国|理事会)",
        ),
        (
            "session",
            rf"第{_N}次(?:会议|常务|全体|代表大会|列车|主任|党组|集体学习|专题|学习会|党代会|运动"
            rf"|全国[\u4e00-\u9fff]{{0,4}}普查)",
        ),
        ("session", rf"(?:十[七八九]|二十[一二]?)大|{_CN}中全会|[一二三四五六七]次(?:全会|会议)"),
        ("ordinal_name", rf"第{_N}(?:{_NAMED_NUMBERS})"),
        ("ordinal_name", rf"第?{_CN}(?:、{_CN})+(?:期|产业|等奖?|级|版|届|批|季度|线|楼|标段)"),
        ("phase", r"(?<![分共了办过近年连第])[一二三四五六]期(?![限货间])"),
        ("phase", r"二次(?=返利|分红|创业|开发|供水|污染|装修|利用|加工)"),
        ("idiom", rf"{_CN}{{1,2}}分(?![之钟])"),
        ("decade", r"(?:(?:上|本|19|20|21)世纪)?[0-9]0年代|(?:上|本|19|20|21|十九|二十|二十一)世纪"),
        ("decade", r"(?:十九|二十)世纪[一二三四五六七八九]十年代|[一二三四五六七八九]十年代|[05-9]0后|1[0-5]后"),
        ("clock", r"[0-2]?[0-9][:：][0-5][0-9](?:[:：][0-5][0-9])?(?:[-—~至][0-2]?[0-9][:：][0-5][0-9])?"),
        ("clock", rf"(?:{_PARTS_OF_DAY}){_HOUR}[点时](?:[0-9一二三四五六七八九十]{{1,3}}分?|半|整|许|多|前|后)?"),
        ("clock", r"[0-2]?[0-9](?:时(?![代间装尚段期])(?:[0-5]?[0-9]分)?|点(?:[0-5]?[0-9]分|半|整|许|钟))"),
        ("score", r"[0-9]+(?:\.[0-9]+)?(?:(?:比|[∶:：])[0-9]+(?:\.[0-9]+)?){1,3}(?![0-9年月])"),
        ("size", r"[0-9]+(?:\.[0-9]+)?(?:cm|mm|米|厘米)?[×xX*][0-9]+(?:\.[0-9]+)?(?:[×xX*][0-9]+)?"),
        ("version", r"[0-9]+(?:\.[0-9]+){2,}|[0-9]+\.[0-9]+(?=版|时代|模式|工程|计划|升级|”)"),
        ("road", rf"[0-9]+(?:-[0-9]+)?(?:{_HOUSES})"),
        ("road", r"[0-9]+(?:幢|栋|座|单元)[0-9]+(?:室|号)?"),
        ("road", rf"{_CN}{{1,3}}号(?:线|楼|门|馆|厅|公告|文件|工程)?"),
        ("list_number", rf"（(?:[0-9]{{1,2}}|{_CN}{{1,3}})）|[①-⑳]"),
        ("grade", r"[0-9]+(?:\.[0-9]+)?级(?![以及配])|[一二三四五六七八九](?:级|星级?|年级)"),
        ("list_name", r"[0-9]+强|[十百千]强"),
        ("decree", r"[\[（](?:19|20)[0-9]{2}[\]）][0-9]*号?"),
    )
)
_ANY_SHAPE = re.compile("|".join(f"(?:{shape.pattern})" for _, shape in _SHAPES))  # one look instead of thirty
_FIRST = (
    ("model", re.compile(r"[A-Za-z][A-Za-z.\-]{0,30}[0-9][A-Za-z0-9.\-+/]{0,40}")),
    ("grade", re.compile(r"[1-5]A(?:级|(?=景区))")),
    ("model", re.compile(r"[0-9]{1,20}[A-Za-z][A-Za-z0-9\-]{0,40}")),
)
_SIGN = rf"[^{_NUMERAL}，。；、]"
_FOUR = "千_百_ 千_万_ 百_千_ 百_百_ 万_千_ 百_万_ 半_半_ 七_八_ 四_八_ 五_六_ 千_一_ 三_两_ 万_一_"
_IDIOM = re.compile(
    "|".join(shape.replace("_", _SIGN) for shape in _FOUR.split()) + rf"|一[^{_NUMERAL}，。年天次]一[\u4e00-\u9fff]"
)
_COUNTED_ONE = (
    "个批种项条次位名份座场张套片块幅番家间件方组群届支句步类员把股朵道堂根段丝抹代阵杯门轮帮台面辆只栋双口对处笔"
)
_ARTICLE = re.compile(rf"一(?=[{_COUNTED_ONE}])(?!个[半多]?(?:月|百分点|小时|季度|工作日|世纪|星期))")
STARTS = (
    '“‘”’"《（[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳0123456789零电热传邮手微刊账代下上紧转见详本今第早晚凌中清傍' + _NUMERAL + "半\ufffd"
)


@cache
def _phrases() -> dict[str, tuple[tuple[str, str], ...]]:
    """First character -> (phrase, reason), longest first. The reason of a plain word is ""."""
    data = yaml.safe_load(files("sundry.engines.reading").joinpath("setphrases.yaml").read_text("utf-8"))
    reasons = {"idioms": "idiom", "policies": "set_phrase", "plain": ""}
    found: dict[str, dict[str, str]] = {}
    for part, reason in reasons.items():
        for word in data[part].split():
            found.setdefault(word[0], {})[word] = reason
    return {first: tuple(sorted(words.items(), key=lambda word: -len(word[0]))) for first, words in found.items()}


@cache
def phrase_starts() -> frozenset[str]:
    """The two characters, or the only one, with which a set phrase begins."""
    return frozenset(word[:2] for words in _phrases().values() for word, _ in words)


def match_phrase(text: str, at: int) -> tuple[int, str] | None:
    """The set phrase or plain word that begins at `at`: its end and its reason ("" for a plain word)."""
    for word, reason in _phrases().get(text[at : at + 1], ()):
        if text.startswith(word, at):
            return at + len(word), reason
    return None


def match(text: str, at: int) -> tuple[int, str] | None:
    """Where the thing that is no quantity ends, and why it is none; None if nothing of the kind begins at `at`."""
    sign = text[at]
    if sign.isascii() and sign.isalnum():
        found = _latin(text, at)
        if found is not None:
            return found
    for reason, shape in _SHAPES if _ANY_SHAPE.match(text, at) else ():
        printed = shape.match(text, at)
        if printed is not None and (reason != "clock" or not _is_inside_number(text, at)):
            return printed.end(), reason
    idiom = _IDIOM.match(text, at)
    if idiom is not None:
        return idiom.end(), "idiom"
    article = _ARTICLE.match(text, at)
    if article is not None:
        unit = match_unit(text, article.end())
        return (unit.end if unit is not None else article.end() + 1), "article"
    return None


def _is_inside_number(text: str, at: int) -> bool:
    return at > 0 and (text[at - 1].isdecimal() or text[at - 1] == ".")


def _latin(text: str, at: int) -> tuple[int, str] | None:
    """Letters and digits in one piece: a model or a code, unless the letters are a unit."""
    for reason, shape in _FIRST:
        printed = shape.match(text, at)
        if printed is None:
            continue
        digits = len(printed[0]) - len(printed[0].lstrip("0123456789."))
        unit = match_unit(text, at + digits) if digits else None
        if unit is None or unit.end < printed.end():
            return printed.end(), reason
    return None
