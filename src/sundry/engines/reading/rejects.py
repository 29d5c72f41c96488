"""What looks like a quantity and is none: codes, slogans, models, dates of the clock, pages, numbers of houses.

Problem: on a front page as many numerals count nothing as count something. "1+5", “三面旗”, 28路, A3, 第6版 and 一村一品
would each become a figure, and a wrong figure that is published is worse than a missing one.

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
_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("code", re.compile(r"[“‘\"《][0-9A-Za-zXxN]+(?:[+＋][0-9A-Za-zXxN]+)*[”’\"》](?![万亿%])")),
    ("code", re.compile(r"[0-9XxNn]+(?:[+＋][0-9XxNn]+)+")),
    ("quoted_name", re.compile(rf"[“‘](?=[双单多全{_NUMERAL}])[\u4e00-\u9fff]{{2,10}}[”’]")),
    ("phone", re.compile(r"(?:1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}|400-?[0-9]{3}-?[0-9]{4})(?![0-9])")),
    ("phone", re.compile(r"(?:电话|热线|传真|邮编|邮政编码|手机|QQ|微信|刊号|账号|代号)[：: ]{0,2}[0-9][0-9-]{2,}")),
    ("long_number", re.compile(r"[0-9]{7,}(?![0-9.]*[万亿元%])|[0-9]{4,5}(?=热线|平台)|0[0-9]+(?![.0-9%])")),
    ("page", re.compile(rf"(?:（|\()?(?:下转|上接|紧接|转|见|详见|本期|今日)?第?(?:[0-9]{{1,2}}|{_CN}{{1,3}})[、至-]?(?:[0-9]|{_CN})?版(?![权图块税])")),
    ("plan", re.compile(r"[“\"]?(?:十[一二三四五六]?|[七八九])五[”\"]?(?=规划|计划|[，。；、”的]|时|开|期|新|发|高|谋|良)|“十[一二三四五六]?五”")),
    ("plan", re.compile(rf"第?(?:[0-9]+|{_CN}+)(?:个)?年(?:行动|规划|计划|攻坚|大变样|大提升|倍增)|第(?:[0-9]+|{_CN}+)个五年(?:规划|计划)")),
    ("session", re.compile(rf"第?(?:[0-9]+|{_CN}+)届(?:{_CN}[中次]?全?会?)?(?:全会)?")),
    ("session", re.compile(rf"(?:十[七八九]|二十[一二]?)大|{_CN}中全会|[一二三四五六七]次(?:全会|会议)")),
    ("ordinal_name", re.compile(rf"第(?:[0-9]+|{_CN}+)(?:期|版|章|条|款|医院|中学|小学|监狱|研究所|医大|师|军|号|页|产业|方|者|轮|代|线|道|步)")),
    ("phase", re.compile(rf"(?:[0-9]|[一二三四五六])期(?![限货间])")),
    ("decade", re.compile(r"(?:上|20|19|本|21)?世纪?[0-9]0年代|(?:上|本)世纪|2[01]世纪|[0-9]{2}年代|[一二三四五六七八九]十年代|[5-9]0后|[012]0后")),
    ("clock", re.compile(r"[0-2]?[0-9][:：][0-5][0-9](?:[:：][0-5][0-9])?(?:[-—~至][0-2]?[0-9][:：][0-5][0-9])?")),
    ("clock", re.compile(r"(?:上午|下午|晚上|晚|早上|早|凌晨|中午|清晨|傍晚)(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[点时](?:[0-9一二三四五六七八九十]{1,3}分?|半|整|许|多|前|后)?")),
    ("clock", re.compile(r"(?<![0-9.])[0-2]?[0-9](?:时(?![代间装尚])(?:[0-5]?[0-9]分)?|点(?:[0-5]?[0-9]分|半|整|许|钟))")),
    ("score", re.compile(r"[0-9]+(?:\.[0-9]+)?(?:比|∶)[0-9]+(?:\.[0-9]+)?(?![0-9年月])")),
    ("size", re.compile(r"[0-9]+(?:\.[0-9]+)?(?:cm|mm|米|厘米)?[×xX*][0-9]+(?:\.[0-9]+)?(?:[×xX*][0-9]+)?")),
    ("version", re.compile(r"[0-9]+(?:\.[0-9]+){2,}|[0-9]+\.[0-9]+(?=版|时代|模式|工程|计划|升级|”)")),
    ("road", re.compile(r"[0-9]+(?:-[0-9]+)?(?:号线|号楼|号门|号馆|号厅|号台风|号院|国道|省道|县道|路(?:公交|车)?|弄|室|号)")),
    ("road", re.compile(rf"{_CN}{{1,3}}号(?:线|楼|门|馆|厅|公告|文件|工程)?")),
    ("list_number", re.compile(rf"（(?:[0-9]{{1,2}}|{_CN}{{1,3}})）|[①-⑳]")),
    ("grade", re.compile(r"[1-5]A(?:级|(?=景区))|[0-9]+级(?![以及配])|[一二三四五六七八九]级")),
    ("decree", re.compile(r"[〔\[（(](?:19|20)[0-9]{2}[〕\])）][0-9]*号?")),
)  # fmt: skip
_FIRST = (
    ("model", re.compile(r"[A-Za-z]+[A-Za-z.\-]*[0-9][A-Za-z0-9.\-+/]*")),
    ("model", re.compile(r"[0-9]+[A-Za-z][A-Za-z0-9\-]*")),
)
_IDIOM = re.compile(
    rf"千[^{_NUMERAL}，。]百[^{_NUMERAL}，。]|千[^{_NUMERAL}，。]万[^{_NUMERAL}，。]|百[^{_NUMERAL}，。]千[^{_NUMERAL}，。]|百[^{_NUMERAL}，。]百[^{_NUMERAL}，。]"
    rf"|万[^{_NUMERAL}，。]千[^{_NUMERAL}，。]|百[^{_NUMERAL}，。]万[^{_NUMERAL}，。]|一[^{_NUMERAL}，。年天次]一[\u4e00-\u9fff]|半[^{_NUMERAL}，。]半[^{_NUMERAL}，。]"
    rf"|七[^{_NUMERAL}，。年]八[^{_NUMERAL}，。]|四[^{_NUMERAL}，。年]八[^{_NUMERAL}，。]|五[^{_NUMERAL}，。年]六[^{_NUMERAL}，。]|千[^{_NUMERAL}，。]一[^{_NUMERAL}，。]"
)
_ARTICLE = re.compile(
    r"一(?=[个批种项条次位名份座场张套片块幅番家间件方组群届支句步类员把股朵道堂根段丝抹代阵杯门轮帮台面辆只栋间双口番对只处笔])"
)
_ARTICLE_KEEPS = re.compile(r"一(?:番$|[个](?:月|百分点|小时|季度|工作日))")
_PAGE_SIGNS = "（(下上紧转见详本今"
STARTS = '“‘"《0123456789XxNn电热传邮手Q微刊账代（(下上紧转见详本今第①②③④⑤⑥⑦⑧⑨⑩世早晚凌中清傍〔[一二两三四五六七八九十百千万半'


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


def phrase_starts() -> str:
    """The characters with which a set phrase may begin."""
    return "".join(_phrases())


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
    for reason, shape in _SHAPES:
        printed = shape.match(text, at)
        if printed is not None and (reason != "clock" or not _is_inside_number(text, at)):
            return printed.end(), reason
    idiom = _IDIOM.match(text, at)
    if idiom is not None:
        return idiom.end(), "idiom"
    article = _ARTICLE.match(text, at)
    if article is not None and _ARTICLE_KEEPS.match(text, at) is None:
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
