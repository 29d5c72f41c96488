"""Words without what grammar does to them: cups is cup, щёток is щетка, cepillos is cepillo.

Problem: the lexicon says зубная щётка, the buyer types "зубных щёток"; a stemmer of a linguist would also make bolso
(handbag) and bolsa (bag) one word, which are two goods.

    stem    щетка щетки щеткой щеток -> щетк        bolsos -> bolso     what is indexed, and compared first
    root    зубная зубной зубных зуб -> зуб         bolso bolsa -> bols   compared only where the stem is known to none

Therefore two steps for each language, both of plain rules about endings, none with a list of words that a lexicon would
need: a light one (number and case) and a heavy one (gender, and adjectives made of nouns). They need not be right, only
the same for the lexicon, the index and the query. They take words as `normal` gives them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from sundry.engines.searching.arabic import arabic_root, arabic_singulars, arabic_stem, arabic_variants, without_article
from sundry.engines.searching.lexicon import Language

_SEEN = 50_000  # words whose stem is kept: a catalogue repeats them


def stem(word: str, language: Language) -> str:
    """The word without number and case. Words of Chinese, and what holds a digit, stay as they are."""
    return _stem(word, language) if word.isalpha() else word


def bare(word: str, language: Language) -> str:
    """The word without an article that is written as one with it: Arabic only."""
    return without_article(word) if language == "ar" else word


def root(word: str, language: Language) -> str:
    """A stem without gender and without what makes an adjective of a noun."""
    return _root(word, language) if word.isalpha() else word


@lru_cache(maxsize=_SEEN)
def _stem(word: str, language: Language) -> str:
    rule = _STEMS.get(language)
    return rule(word) if rule else word


@lru_cache(maxsize=_SEEN)
def _root(word: str, language: Language) -> str:
    rule = _ROOTS.get(language)
    return rule(word) if rule else word


@lru_cache(maxsize=_SEEN)
def singulars(word: str, language: Language) -> tuple[str, ...]:
    """Stems of which a word is likely to be the plural though it looks like another: Arabic only (`arabic.py`)."""
    return arabic_singulars(word) if language == "ar" else ()


@lru_cache(maxsize=_SEEN)
def variants(word: str, language: Language) -> tuple[str, ...]:
    """Further stems that a word may have, the likeliest first, for where its own is known to nobody: Arabic only."""
    return arabic_variants(word) if language == "ar" else ()


def forget_words() -> None:
    """Lets go of what is kept of words: those of a whole lexicon were asked for once."""
    for kept in (_stem, _root, singulars, variants):
        kept.cache_clear()


_ENGLISH_ODD = {
    "men": "man", "women": "woman", "children": "child", "feet": "foot", "teeth": "tooth", "mice": "mouse",
    "lenses": "lens", "lens": "lens", "dice": "die", "dies": "die", "geese": "goose", "people": "person",
    "knives": "knife", "scarves": "scarf", "shelves": "shelf", "leaves": "leaf", "halves": "half", "wolves": "wolf",
    "loaves": "loaf", "elves": "elf", "wives": "wife", "hooves": "hoof", "thieves": "thief", "scarfs": "scarf",
    "potatoes": "potato", "tomatoes": "tomato", "dominoes": "domino", "mangoes": "mango", "heroes": "hero",
    "gas": "gas", "gases": "gas", "canvas": "canvas", "canvases": "canvas", "bus": "bus", "buses": "bus", "axes": "axe",
    "gray": "grey", "color": "colour", "colors": "colour", "mold": "mould", "molds": "mould", "tire": "tyre",
    "tires": "tyre", "aluminum": "aluminium", "pajamas": "pyjama", "pajama": "pyjama", "yoghurt": "yogurt",
    "jewelry": "jewellery", "jewelries": "jewellery", "jewelery": "jewellery", "jewelleries": "jewellery",
    "organiser": "organizer", "organisers": "organizer", "doughnut": "donut", "doughnuts": "donut",
}  # fmt: skip


def _english(word: str) -> str:
    if word in _ENGLISH_ODD:
        return _ENGLISH_ODD[word]
    if len(word) > 2:
        if word.endswith("ies"):
            word = word[:-3] + "y"
        elif word.endswith(("ches", "shes", "xes", "sses", "zzes")):
            word = word[:-2]
        elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
            word = word[:-1]
    return word[:-2] + "y" if word.endswith("ie") else word  # beanie, beany


_ENGLISH_ENDINGS = re.compile(r"(?<=....)(?:ings?|ed|ers?|or|y|en|al|ic|able|ible|less)$")


def _english_root(word: str) -> str:
    shorter = _ENGLISH_ENDINGS.sub("", word)
    shorter = shorter[:-1] if len(shorter) > 4 and shorter.endswith("e") else shorter
    return shorter[:-1] if len(shorter) > 3 and shorter[-1] == shorter[-2] else shorter  # knitting, knitted: knit


_SPANISH_OPEN = re.compile("(?<=[aeiou][nrldszcxyj])es?$")  # cojines of cojín, but bases of base: the e goes from all


def _spanish(word: str) -> str:
    if len(word) > 3 and (shorter := _SPANISH_OPEN.sub("", word)) != word:
        word = shorter
    elif len(word) > 2 and word.endswith("s"):
        word = word[:-1]
    return word[:-1] + "c" if word.endswith("z") else word  # lápiz as lápices


_SPANISH_ENDINGS = re.compile(r"(?<=....)(?:ador|edor|idor|ad|id|it|er|al|iv|os|ar)[oae]?$")


def _spanish_root(word: str) -> str:
    shorter = _SPANISH_ENDINGS.sub("", word)
    return shorter[:-1] if len(shorter) > 3 and shorter[-1] in "oa" else shorter


def _french(word: str) -> str:
    if len(word) > 3 and word.endswith("eaux"):
        return word[:-1]
    if len(word) > 3 and word.endswith("aux"):
        word = word[:-3] + "al"  # bocaux, bocal
    elif len(word) > 2 and word.endswith(("s", "x")):
        word = word[:-1]
    if len(word) > 3 and word.endswith("au") and not word.endswith("eau"):
        word = word[:-2] + "al"  # and so tuyau as tuyaux
    return word


_FRENCH_ENDINGS = re.compile(
    r"(?<=....)(?:euse?|eur|rice|elle|el|enne|en|ien|iere?|ier|er|ere|ive?|if|ant|ante|ette?|ique|iqu|al|ale|ee?|age|oir)$"
)


def _french_root(word: str) -> str:
    word = word[:-1] if len(word) > 3 and word.endswith("e") else word
    shorter = _FRENCH_ENDINGS.sub("", word)
    return shorter[:-1] if len(shorter) > 3 and shorter[-1] == shorter[-2] else shorter


_RUSSIAN_ENDINGS = re.compile(
    "(?:иями|ями|ами|ыми|ими|иях|ях|ах|иям|ям|ам|ием|ьем|ем|ом|им|ым|ого|его|ому|ему|ую|юю|ая|яя|ое|ее|ые|ие|ия|ию|ии"
    "|ый|ий|ой|ей|ых|их|ов|ев|ью|ье|ья|ьи|ьев)$"
)
_RUSSIAN_GONE = re.compile("([бвгджзклмнпрстфхцчшщ])[ое]([кц])$")  # щеток, носок, чехольчик: о and е come and go


def _russian(word: str) -> str:
    if len(word) < 3:
        return word
    if word.endswith("ень") and len(word) > 4:
        return word[:-3] + "н"  # ремень, ремни
    shorter = _RUSSIAN_ENDINGS.sub("", word)
    if len(shorter) < 3 or shorter == word:
        shorter = word[:-1] if word[-1] in "аоеиыуюяьй" else word
    if len(shorter) > 3 and shorter.endswith("нн"):
        shorter = shorter[:-1]
    shorter = shorter.replace("ь", "") if len(shorter) > 3 else shorter
    return _RUSSIAN_GONE.sub(r"\1\2", shorter) if len(shorter) > 4 else shorter


_RUSSIAN_ADJECTIVES = re.compile("(?<=..)(?:ическ|енск|овск|янн?|енн?|онн|очн|ечн|ов|ев|ск|н|лив|ист|ат)$")
_RUSSIAN_SMALL = re.compile("(?<=...)(?:чик|ик)$")
_RUSSIAN_SMALLER = re.compile("(?<=...)[ое]чк$")
_RUSSIAN_FLEETING = re.compile("(?<=...)[ое]([лнмр])$")  # чехол, чехлы; кукол, кукла
_RUSSIAN_TURNED = str.maketrans({"ж": "г", "ч": "к", "ш": "х", "щ": "к"})  # нога, ножной; рука, ручной


def _russian_root(word: str) -> str:
    shorter = _RUSSIAN_ADJECTIVES.sub("", word)
    if shorter != word:
        return shorter[:-1] + shorter[-1].translate(_RUSSIAN_TURNED)
    shorter = _RUSSIAN_SMALLER.sub("к", _RUSSIAN_SMALL.sub("", word))  # сумочка, сумка; зонтик, зонт
    return _RUSSIAN_FLEETING.sub(r"\1", shorter)


_STEMS: dict[Language, Callable[[str], str]] = {
    "en": _english, "es": _spanish, "fr": _french, "ru": _russian, "ar": arabic_stem,
}  # fmt: skip
_ROOTS: dict[Language, Callable[[str], str]] = {
    "en": _english_root, "es": _spanish_root, "fr": _french_root, "ru": _russian_root, "ar": arabic_root,
}  # fmt: skip
