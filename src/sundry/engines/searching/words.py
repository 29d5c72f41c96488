"""Texts into words, the same for a title when it is indexed and for a query.

Problem: 不锈钢保温杯 has no spaces, "l'éventail" has one word too many, and "AB-1234" must be found by 1234 too.

    卡通牙刷杯 AB-1234         卡通, 牙刷, 牙刷杯, ab-1234, ab, 1234, ab1234
    des tasses à café          tasse, cafe

Therefore each run of one script is cut by its own rule, whatever the language of the text: Han by jieba, which is told
the Chinese forms of the lexicon (ours only: a word that an operator adds is found as a concept, and old titles need not
be cut anew), letters at spaces, hyphens and apostrophes, and then stemmed. Words that only hold a phrase together are
left out, unless there are no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Protocol, cast

from sundry.engines.searching.lexicon import Language, lexicon
from sundry.engines.searching.normal import ARABIC, CYRILLIC, HAN, HAN_LETTER, normal
from sundry.engines.searching.stemming import stem

_FUNCTION: dict[Language, str] = {
    "zh": "的 和 与 及 或 了 是 在 之 等 有 用 可 个 只 把 件 条 款",
    "en": "a an the of for to with without in on at by from and or as is it this that your my our",
    "ar": "من في علي الي عن مع و او ل ب ك لل ال هذا هذه ذو ذات بدون",
    "es": "a al con contra de del e el en es la las lo los o para por sin su sus tu u un una unos y",
    "fr": "a au aux avec d dans de des du en et l la le les mon ou par pour sa sans ses sur un une votre",
    "ru": "без в во для до за и из или к ко на о об от по под при с со у",
}
FUNCTION: dict[Language, frozenset[str]] = {language: frozenset(text.split()) for language, text in _FUNCTION.items()}

_ELIDED = re.compile(r"(?<![^\W_])(?:[cdjlmnst]|qu|jusqu|lorsqu)'(?=\w)|(?<=\w)'s?(?!\w)")
_RUN = re.compile(rf"[{HAN}]+|[^\W_]+", re.UNICODE)
PIECE = re.compile(rf"[{HAN}]+|[{ARABIC}]+|[{CYRILLIC}]+|[^\W_{HAN}{ARABIC}{CYRILLIC}]+")
_CODE = re.compile(r"(?<![\w-])[a-z0-9]+(?:[-_/.][a-z0-9]+)*(?![\w-])", re.ASCII)
_PLAIN_CODE = re.compile(r"[a-z]{1,3}\d{3,}[a-z0-9]*", re.ASCII)
_MEASURE = re.compile(r"\d+(?:x\d+)*(?:ml|cm|mm|km|m|l|g|kg|mg|oz|inch|in|ft|w|v|a|k|mah|pcs|pc|d|x)?", re.ASCII)
_CODE_HINT = re.compile(r"[a-z][-_./]?\d|\d[-_./]?[a-z]|\d[-_/]\d")
_CODE_MARK = re.compile(r"[-_/.]")
_LETTERS_OR_DIGITS = re.compile(r"[a-z]+|\d+")
_TWO_DIGITS = re.compile(r"\d\d")
_LONGEST_CODE = 40
_GONE = FUNCTION["zh"] | frozenset(" -_/.,!()[]，。！（）【】、")


def tokens(text: str, language: Language) -> tuple[str, ...]:
    """The words of a text as they are indexed, in order, then its codes with their parts. Any text, any length."""
    plain = normal(text)
    if language == "zh" and HAN_LETTER.search(plain):
        found = chinese_words(plain)
    else:
        found = letter_words(plain, language)
    found = found or PIECE.findall(plain)
    return tuple(found + [part for part in code_parts(plain) if part not in found])


def chinese_words(plain: str) -> list[str]:
    """jieba over the whole text, which is what building an index can afford."""
    return [word for word in map(chinese_word, segment(plain)) if word]


def chinese_word(cut: str) -> str:
    """A piece of Chinese as it is indexed; "" for signs and what only holds a phrase together."""
    if cut in _GONE or not cut.isalnum():
        return ""
    return stem(cut, "en") if cut.isascii() else cut


def letter_words(plain: str, language: Language) -> list[str]:
    """Each run of one script by its own rule."""
    return [word for run in PIECE.findall(unelided(plain)) for word in _cut(run, language)]


def code_parts(plain: str) -> list[str]:
    """The codes of a normal text, each with its parts: ab-1234 is also found as ab, 1234 and ab1234."""
    if not _CODE_HINT.search(plain):
        return []
    return [part for code in codes(plain) for part in _parts(code)]


def unelided(plain: str) -> str:
    """Normal text without articles that hang on a word (l'), and without the English genitive."""
    return _ELIDED.sub(" ", plain) if "'" in plain else plain


def codes(plain: str) -> tuple[str, ...]:
    """What looks like an article number in a normal text: ab-1234, 2024-0017, hx8872; not usb-c, 500ml, 10-12cm."""
    found = [found for found in _CODE.findall(plain) if 3 < len(found) <= _LONGEST_CODE and not found.isalpha()]
    return tuple(filter(_is_code, found))


def _is_code(text: str) -> bool:
    if text.isalnum():
        return _PLAIN_CODE.fullmatch(text) is not None
    parts = _CODE_MARK.split(text)
    if text.replace("-", "").isdigit():
        return len(text) > 7
    return bool(_TWO_DIGITS.search(text)) and not all(map(_MEASURE.fullmatch, parts))


def pieces(plain: str) -> list[str]:
    """The runs of one script in a normal text."""
    return PIECE.findall(plain)


def script_language(word: str, language: Language) -> Language:
    """The language by whose rules a word of a text is read: its script's, or for Latin letters the text's own."""
    sign = word[0]
    if HAN_LETTER.match(sign):
        return "zh"
    if "\u0600" <= sign <= "\u06ff":
        return "ar"
    if "\u0400" <= sign <= "\u04ff":
        return "ru"
    return language if language in ("en", "es", "fr") else "en"


def _cut(run: str, language: Language) -> Iterable[str]:
    of = script_language(run, language)
    if of == "zh":
        return (word for word in segment(run) if word not in FUNCTION["zh"])
    return () if run in FUNCTION[of] else (stem(run, of),)


def _parts(code: str) -> list[str]:
    """ab-1234 is also found as ab, 1234 and ab1234; hx8872 as hx and 8872."""
    if code.isalnum():
        return [code, *_LETTERS_OR_DIGITS.findall(code)]
    return [code, "".join(parts := _CODE_MARK.split(code)), *parts]


def segment(run: str) -> list[str]:
    """Chinese into words; the shorter words of which a long one is made stand before it."""
    return _jieba().cut_for_search(run)


def longest_words(plain: str) -> list[str]:
    """`segment` without the shorter words, which is most of its work."""
    return _jieba().cut(plain)


def with_shorter(word: str) -> list[str]:
    """What `segment` says of one of the `longest_words`: of Chinese its pairs and triples that are words, and itself.
    It is not asked of Chinese, for it may guess that 大号 between other words is one, and alone is two."""
    if not HAN_LETTER.match(word):
        return [word] if word.isalnum() and word.isascii() else segment(word)
    has, size = _jieba().has_word, len(word)
    pairs = [word[at : at + 2] for at in range(size - 1) if size > 2 and has(word[at : at + 2])]
    triples = [word[at : at + 3] for at in range(size - 2) if size > 3 and has(word[at : at + 3])]
    return [*pairs, *triples, word]


class _Cutter(Protocol):
    def cut(self, text: str, hmm: bool = True) -> list[str]: ...
    def cut_for_search(self, text: str, hmm: bool = True) -> list[str]: ...
    def has_word(self, word: str) -> bool: ...


@cache
def _jieba() -> _Cutter:
    """jieba with the Chinese forms of our lexicon as words: the one that comes into being with its module, for it has
    25 MB of dictionary, and another one would have as much."""
    import rjieba  # for whom Chinese words are cut, not for whom this file is imported

    for concept in lexicon().concepts.values():
        for form in concept.forms["zh"]:
            plain = normal(form)
            if len(plain) > 1 and all(map(HAN_LETTER.match, plain)) and not rjieba.has_word(plain):
                rjieba.add_word(plain, rjieba.suggest_freq(plain), "n")
    return cast(_Cutter, rjieba)


def language_by_script(plain: str) -> Language | None:
    """The language that the letters of a normal text tell: None for Latin ones, which are written by many."""
    if plain.isascii():
        return None
    counts = {
        "zh": 2 * len(re.findall(f"[{HAN}\u3040-\u30ff]", plain)),  # one character is more of a word than one letter
        "ar": len(re.findall("[\u0600-\u06ff]", plain)),
        "ru": len(re.findall(f"[{CYRILLIC}]", plain)),
    }
    language, count = max(counts.items(), key=lambda item: item[1])
    return cast(Language, language) if count else None
