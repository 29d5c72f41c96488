"""Text as it is compared: one spelling for what people write in many.

Problem: 鬧鐘 and 闹钟, ＬＥＤ and led, Щётка and щетка, مِظَلَّة and مظله, éventail and eventail are five words, not ten.

Therefore each text is put through one table, character by character, before anything looks at it: full-width to plain
(NFKC), capitals to small, traditional Chinese to simplified (only the characters that the lexicon writes, see
traditional.txt), ё to е, Latin letters without their accents, Arabic without vowel signs and stretching, its forms of
alef, ya and ta marbuta made one. Control and invisible characters become spaces or nothing. The same is done to the
forms of the lexicon, to titles when they are indexed and to queries, so that what is lost is lost on both sides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
ARABIC = "\u0620-\u064a\u066e-\u06d3"
CYRILLIC = "\u0400-\u04ff"
HAN_LETTER = re.compile(f"[{HAN}]")

# Arabic letters as written here and there (also on Persian and Urdu keyboards) -> the one they are compared as.
_ARABIC = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ۀ": "ه", "ہ": "ه",
    "ک": "ك", "گ": "ك", "ڭ": "ك", "ڨ": "ق", "پ": "ب", "چ": "ج", "ژ": "ز", "ڤ": "ف", "ڥ": "ف", "ء": "", "ـ": "",
    "٠": "0", "١": "1", "٢": "2", "٣": "3", "٤": "4", "٥": "5", "٦": "6", "٧": "7", "٨": "8", "٩": "9",
    "،": ",", "؛": ";", "؟": "?",
}  # fmt: skip
_LATIN = {
    "œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i",
    "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-",
}  # fmt: skip
_PLAIN = re.compile(r"[ -_a-~]*\Z")  # but for `, which is written for an apostrophe
_LOOSE = ("  ", " \n", "\n ", "\u1680", "\u2028", "\u2029")  # where spaces do not stand single, or are others
_DICE = re.compile(r"\bd[ée]s?(?= à )|^dés?$")  # "dés à jouer" without its accent would be an article


@lru_cache(maxsize=4_096)  # a title is read for its concepts and then for its words
def normal(text: str) -> str:
    """The text as it is compared. Spaces stand single, none at the ends."""
    if not _PLAIN.match(text):
        text = unicodedata.normalize("NFKC", text).lower()
        if "dé" in text:
            text = _DICE.sub("dee", text)
        text = text.translate(_table())
    return " ".join(text.lower().split())


def normal_many(texts: Sequence[str]) -> list[str]:
    """`normal` of each text, in a third of its time: a thousand texts are read as one, a line each."""
    lines, together = "\n".join(texts), "".join(texts)
    if "\n" in together:
        return [normal(text) for text in texts]
    if together.isascii() and together.isprintable() and "`" not in together:
        lines = lines.lower()
    else:
        lines = unicodedata.normalize("NFKC", lines).lower()
        if "dé" in lines:
            lines = "\n".join([_DICE.sub("dee", line) if "dé" in line else line for line in lines.split("\n")])
        changed, plain = _changed()
        lines = changed.sub(lambda sign: plain[sign[0]], lines).lower()
    found = lines.split("\n") if texts else []
    if lines[:1] == " " or lines[-1:] == " " or any(map(lines.__contains__, _LOOSE)):
        return [" ".join(line.split()) for line in found]
    return found


@cache
def _changed() -> tuple[re.Pattern[str], dict[str, str]]:
    """The signs that the table changes, but the end of a line: few of a text, so that they are looked for."""
    plain = {chr(code): text for code, text in _table().items() if code != ord("\n")}
    return re.compile(f"[{re.escape(''.join(plain))}]"), plain


@cache
def _table() -> dict[int, str]:
    table = {ord(sign): plain for sign, plain in (_ARABIC | _LATIN).items()}
    table |= dict.fromkeys((*range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06EE)), "")
    for code in range(0xC0, 0x180):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base != chr(code):
            table[code] = base
    table[ord("ё")] = "е"
    table |= dict.fromkeys((*range(0x20), 0x7F, *range(0x80, 0xA0), 0xFFFC, 0xFFFD), " ")
    table |= dict.fromkeys(range(0x300, 0x370), "")  # accents that no letter took
    for code in (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFE0E, 0xFE0F, 0xFEFF):
        table[code] = ""
    table |= {ord(pair[0]): pair[1] for pair in _pairs()}
    return table


def _pairs() -> list[str]:
    text = (files("sundry.engines.searching") / "traditional.txt").read_text(encoding="utf-8")
    return [pair for line in text.splitlines() if not line.startswith("#") for pair in line.split()]
