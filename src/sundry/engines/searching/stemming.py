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

from sundry.engines.searching.lexicon import Language

_SEEN = 200_000  # words whose stem is kept: a catalogue repeats them


@lru_cache(maxsize=_SEEN)
def stem(word: str, language: Language) -> str:
    """The word without number and case. Words of Chinese, and what holds a digit, stay as they are."""
    rule = _STEMS.get(language)
    return rule(word) if rule and word.isalpha() else word


@lru_cache(maxsize=_SEEN)
def root(word: str, language: Language) -> str:
    """A stem without gender and without what makes an adjective of a noun."""
    rule = _ROOTS.get(language)
    return rule(word) if rule and word.isalpha() else word


_ENGLISH_ODD = {
    "jewelries": "jewellery",
    "men": "man", "women": "woman", "children": "child", "feet": "foot", "teeth": "tooth", "mice": "mouse",
    "lenses": "lens", "lens": "lens", "dice": "dic", "dies": "di", "geese": "goose", "people": "person",
    "gray": "grey", "color": "colour", "jewelry": "jewellery", "jewelery": "jewellery", "mold": "mould", "tire": "tyre",
    "aluminum": "aluminium", "pajamas": "pyjama", "pajama": "pyjama", "molds": "mould", "tires": "tyre",
    "colors": "colour", "organiser": "organizer", "organisers": "organizer", "gases": "gas", "gas": "gas",
    "canvas": "canvas", "bus": "bus", "buses": "bus", "doughnut": "donut", "doughnuts": "donut", "yoghurt": "yogurt",
    "leaves": "leaf", "shelves": "shelf", "scarves": "scarf", "axes": "ax", "axe": "ax", "donuts": "donut",
}  # fmt: skip


def _english(word: str) -> str:
    word = _ENGLISH_ODD.get(word, word)
    if len(word) > 2:
        if word.endswith("ies"):
            word = word[:-3] + "y"
        elif word.endswith(("ches", "shes", "xes", "sses", "zzes")):
            word = word[:-2]
        elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in _ENGLISH_SINGULAR:
            word = word[:-1]
    if word.endswith("ie"):
        word = word[:-2] + "y"  # beanie, beany
    elif len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + "f" if len(word) > 3 and word.endswith("v") else word  # knives and knife: knif


_ENGLISH_SINGULAR = frozenset({"lens", "canvas", "gas"})
_ENGLISH_ENDINGS = re.compile(r"(?<=....)(?:ings?|ed|ers?|or|y|en|al|ic|able|ible|less)$")


def _english_root(word: str) -> str:
    shorter = _ENGLISH_ENDINGS.sub("", word)
    return shorter[:-1] if len(shorter) > 3 and shorter[-1] == shorter[-2] else shorter  # knitting, knitted: knit


def _spanish(word: str) -> str:
    if len(word) > 3 and word.endswith("es") and word[-3] not in "aeiou":
        word = word[:-2]  # cojines and cojín, but estuches and estuche: the e goes from both
    elif (len(word) > 2 and word.endswith("s")) or (len(word) > 3 and word.endswith("e")):
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
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


_FRENCH_ENDINGS = re.compile(
    r"(?<=....)(?:euse?|eur|rice|elle|el|enne|en|ien|iere?|ier|er|ere|ive?|if|ant|ante|ette?|ique|iqu|al|ale|ee?|age|oir)$"
)


def _french_root(word: str) -> str:
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


_ARABIC_BEFORE = ("وال", "بال", "فال", "كال", "لل", "ال")
_ARABIC_WHOLE = ("بالون", "بالطو", "كالسيوم", "والد")  # words that only look as if they began so


def _arabic(word: str) -> str:
    word = _without_article(word)
    if len(word) > 4 and word.endswith("ات"):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("ه") else word


def _without_article(word: str) -> str:
    """العاب (toys) begins with what looks like an article: off it goes, with the article or without."""
    while not word.startswith(_ARABIC_WHOLE):
        for prefix in _ARABIC_BEFORE:
            if word.startswith(prefix) and len(word) - len(prefix) >= (2 if prefix == "ال" else 3):
                word = word[len(prefix) :]
                break
        else:
            break
    return word


def _arabic_root(word: str) -> str:
    word = word[:-1] if len(word) > 3 and word.endswith("ي") else word  # خشبي is of خشب
    bones = word[:1] + word[1:].translate(_ARABIC_VOWELS)
    return bones if len(bones) > 2 and len(word) > 4 else word


_ARABIC_VOWELS = str.maketrans("", "", "اوي")
_ARABIC_PLURALS: tuple[
    tuple[str, tuple[str, ...]], ...
] = (  # digits are letters; words as `normal` and `stem` leave them
    ("ا1وا2", ("1و2",)),
    ("ا1يا2", ("1ي2",)),
    ("ا12ا3", ("123", "1ا23")),
    ("ا12ي", ("12ا",)),
    ("ا123", ("12ا3",)),
    ("12ا3ي4", ("123ا4", "123و4", "123ي4", "1و3ا4", "1ا3و4")),
    ("1وا3ي4", ("1ا3و4", "1و3ا4", "1ي3ا4")),
    ("1وا23", ("1ا23", "1و23")),
    ("12اي3", ("12ي3", "12ا3", "12و3")),
    ("12ا34", ("1234", "123ا4", "123ي4")),
    ("12ا3", ("123", "12ي3")),
    ("12و3", ("123",)),
    ("123ان", ("12ي3", "12ا3", "1ا3")),
    ("1ي3ان", ("1ا3", "1و3")),
    ("123", ("12ا3", "12ي3", "12و3")),
    ("1وو2", ("1ا2", "1و2")),
)
_ARABIC_SHAPES = tuple(
    (re.compile("".join(f"(?P<c{sign}>[^ا])" if sign.isdigit() else sign for sign in shape) + r"\Z"), singulars)
    for shape, singulars in _ARABIC_PLURALS
)


@lru_cache(maxsize=_SEEN)
def variants(word: str, language: Language) -> tuple[str, ...]:
    """Further stems that a word may have, the likeliest first, for a reader that knows which of them are words.

    Arabic only: one-letter words written as one with the next (و and, ب with, ل for, ك as), which are also the first
    letters of ورق (paper) and ولاعة (lighter).
    """
    if language != "ar" or not word.isalpha() or word.isascii():
        return ()
    shorter = (_arabic(word[1:]),) if word[0] in "وبلكف" and len(word) > (3 if word[0] in "ول" else 4) else ()
    return (*singulars(_arabic(word), language), *(form for of in shorter for form in (of, *singulars(of, language))))


@lru_cache(maxsize=_SEEN)
def singulars(stem: str, language: Language) -> tuple[str, ...]:
    """Stems of which a stem may be the plural, where the plural is inside the word (مفاتيح of مفتاح): Arabic only."""
    if language != "ar" or not stem.isalpha() or stem.isascii():
        return ()
    found = [stem[:-2]] if len(stem) > 5 and stem.endswith(("ون", "ين", "ان")) else []
    found += [stem[:-2] + "ه"] if len(stem) == 4 and stem.endswith("ات") else []  # سلات of سلة
    for shape, singles in _ARABIC_SHAPES:
        if match := shape.match(stem):
            letters = {name[1]: sign for name, sign in match.groupdict().items()}
            found += ["".join(letters.get(sign, sign) for sign in single) for single in singles]
    return tuple(dict.fromkeys(one for one in found if len(one) > 1 and one != stem))


_STEMS: dict[Language, Callable[[str], str]] = {
    "en": _english, "es": _spanish, "fr": _french, "ru": _russian, "ar": _arabic,
}  # fmt: skip
_ROOTS: dict[Language, Callable[[str], str]] = {
    "en": _english_root, "es": _spanish_root, "fr": _french_root, "ru": _russian_root, "ar": _arabic_root,
}  # fmt: skip
