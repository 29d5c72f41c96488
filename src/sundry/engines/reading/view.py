"""The page as it is read: one character for each stored one, so that a place in the view is a place on the page.

Problem: the same figure is printed as ５．２％ and 5.2%, a list with , or ，, a word as 貿易 or 贸易. A pattern for
each spelling would be three times too long, and a text put right beforehand has no longer the places of the stored one.

    text        進出口1,250.5億元,增長3.1%(按美元计).
    view        进出口1,250.5亿元，增长3.1%（按美元计）。      the same length, each character in its place

Therefore each character has exactly one in its place: full-width digits and letters become ASCII, half-width
punctuation becomes full-width unless it stands inside a number or between Latin letters, straight quotation marks open
and close in turn, traditional characters become simplified ones (traditional.yaml), odd spaces become a plain one.
Spaces inside words stay: taking one out would move all that follows; who reads patterns allows for them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

import yaml

_WIDE = {",": "，", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）", ":": "：", ".": "。"}
_ODD = {
    "｡": "。", "､": "、", "･": "·", "・": "·", "‧": "·", "•": "·", "〜": "~", "～": "~", "–": "-", "−": "-",
    "－": "-", "‐": "-", "‑": "-", "―": "—", "「": "“", "」": "”", "『": "‘", "』": "’", "﹁": "“", "﹂": "”",
    "﹃": "‘", "﹄": "’", "［": "[", "］": "]", "〔": "（", "〕": "）", "﹙": "（", "﹚": "）", "﹐": "，", "﹑": "、",
    "﹒": "。", "﹔": "；", "﹕": "：", "﹖": "？", "﹗": "！", "﹪": "%", "٪": "%", "＂": '"', "＇": "'",
    "\t": " ", "\ufeff": " ", "\u200b": " ", "\u200c": " ", "\u200d": " ", "\u2060": " ", "\x0b": "\n", "\x0c": "\n",
}  # fmt: skip
_KEPT_WIDE = "，；？！（）："  # the same marks in full width stay as they are
_IN_A_NUMBER = re.compile(r"(?<=[0-9])[,.:](?=[0-9])")
_LATIN = re.compile(r"(?<=[A-Za-z0-9])[.,:;!?]+(?=[ ]?[A-Za-z/])|(?<=[A-Za-z])[.,:;!?]+(?=[ ]?[A-Za-z0-9/])")
_LIST_NUMBER = re.compile(r"^[ #*-]*[0-9]{1,2}\.(?=[ *\u4e00-\u9fff“])", re.MULTILINE)
_NEXT_LINE = re.compile(r"\r?\n[0-9]")
_STRAIGHT = re.compile("[\"']")


@cache
def _table() -> dict[int, str]:
    """Code point -> the character in its place, where that does not depend on the neighbours."""
    table: dict[int, str] = {}
    for code in (*range(0x2000, 0x3300), *range(0xF900, 0xFB00), *range(0xFE30, 0xFE50), *range(0xFF01, 0xFFEF), 0xA0):
        plain = unicodedata.normalize("NFKC", chr(code))
        is_space = unicodedata.category(chr(code)) == "Zs"
        if is_space or (len(plain) == 1 and _is_worth_it(code, plain)):
            table[code] = " " if is_space else plain
    pairs = yaml.safe_load(files("sundry.engines.reading").joinpath("traditional.yaml").read_text("utf-8"))["pairs"]
    simplified = {pair[0]: pair[1] for pair in pairs.split()}
    table = {code: simplified.get(plain, plain) for code, plain in table.items()}  # a compatibility form of 糧 is 粮
    table |= {ord(traditional): plain for traditional, plain in simplified.items()}
    table |= {ord(odd): plain for odd, plain in _ODD.items()}
    return table


def _is_worth_it(code: int, plain: str) -> bool:
    """Full-width Latin, radicals, compatibility forms; not ① or ㎡, which mean more than their parts."""
    if 0xFF01 <= code < 0xFF5F:
        return chr(code) not in _KEPT_WIDE
    return 0x2E80 <= code < 0x2FE0 or 0xF900 <= code < 0xFB00


def view_of(text: str) -> str:
    """`text` as it is read, of the same length. Reading a view again gives the same view."""
    view = text.translate(_table())
    if view.isascii() and "\n" not in view and not any(mark in view for mark in _WIDE):
        return view
    return _quotes(_marks(view))


def _marks(view: str) -> str:
    """Half-width marks to full-width ones, but for those inside numbers, Latin words and web addresses."""
    kept = {place for match in _IN_A_NUMBER.finditer(view) for place in range(*match.span())}
    kept |= {place for match in _LATIN.finditer(view) for place in range(*match.span())}
    kept |= {match.end() - 1 for match in _LIST_NUMBER.finditer(view)}  # "1. " before a subhead is no full stop
    characters = list(view)
    for match in re.finditer(r"[,;?!():.]", view):
        place = match.start()
        if place not in kept and (match[0] != "." or _ends_a_sentence(view, place)):
            characters[place] = _WIDE[match[0]]
    return "".join(characters)


def _ends_a_sentence(view: str, place: int) -> bool:
    """A dot after a Chinese character, a bracket or a quotation mark, or after a number at the end of a line."""
    start = place
    while start and view[start - 1] == " ":  # 四成 .
        start -= 1
    before = view[start - 1] if start else ""
    after = view[place + 1] if place + 1 < len(view) else "\n"
    if after == "." or before == ".":
        return False
    if before.isdecimal() and _NEXT_LINE.match(view, place + 1):  # 31. at the end of a printed line, 4 in the next
        return False
    if before in "\n\r":  # the full stop of the column before
        return "\u3400" <= after <= "\u9fff"
    is_text = "\u3400" <= before <= "\u9fff" or before in "”’）)%\"'"
    return is_text or (before.isalnum() and after in "\n\r ”’" and place > 1)


def _quotes(view: str) -> str:
    """Straight quotation marks open and close in turn inside a paragraph; an apostrophe between letters stays."""
    if '"' not in view and "'" not in view:
        return view
    out: list[str] = []
    for line in view.splitlines(keepends=True):
        turn = {'"': 0, "'": 0}

        def paired(match: re.Match[str], line: str = line, turn: dict[str, int] = turn) -> str:
            mark, place = match[0], match.start()
            around = line[place - 1 : place] + line[place + 1 : place + 2]
            if mark == "'" and around.isascii() and around.isalnum():
                return mark
            turn[mark] += 1
            return ("“”" if mark == '"' else "‘’")[1 - turn[mark] % 2]

        out.append(_STRAIGHT.sub(paired, line))
    return "".join(out)
