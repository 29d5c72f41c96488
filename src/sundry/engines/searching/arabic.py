"""Arabic words without what grammar does to them.

Problem: the article is written as one with its word (المظلة), so are and, with, for (وللمظلة), and half of the plurals
change the word inside: مفتاح is a key, مفاتيح are keys.

    المظلات  -> مظل      article and endings go by rule, for every word
    مفاتيح   -> مفتاح, مفتوح, ...      guesses: whoever knows words takes the first that is one
    وكوب     -> كوب      a guess, too: ورق (paper) begins with the same letter, and is not "and" something

Therefore there are rules and guesses, and the guesses about words of fewer than five letters, which are as often other
words, are only for words that nobody knows (`arabic_variants`). Words are as `normal` leaves them.
"""

from __future__ import annotations

import re

_BEFORE = ("وال", "بال", "فال", "كال", "لل", "ال")
_WHOLE = ("بالون", "بالطو", "كالسيوم", "والد")  # words that only look as if they began so


def arabic_stem(word: str) -> str:
    """The word without article and without the endings of feminine and plural."""
    word = without_article(word)
    if len(word) > 4 and word.endswith("ات"):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("ه") else word


def without_article(word: str) -> str:
    """العاب (toys) begins with what looks like an article: off it goes, with the article or without."""
    while not word.startswith(_WHOLE):
        for prefix in _BEFORE:
            if word.startswith(prefix) and len(word) - len(prefix) >= (2 if prefix == "ال" else 3):
                word = word[len(prefix) :]
                break
        else:
            break
    return word


def arabic_root(word: str) -> str:
    """A stem without the ending that makes an adjective of it."""
    return word[:-1] if len(word) > 3 and word.endswith("ي") else word  # خشبي is of خشب


# Plurals inside the word and their singulars: a digit is any letter but alef.
_PLURALS = {
    "ا1وا2": ("1و2",),
    "ا1يا2": ("1ي2",),
    "ا12ا3": ("123", "1ا23"),
    "12ا3ي4": ("123ا4", "123و4", "123ي4", "1و3ا4", "1ا3و4"),
    "1وا3ي4": ("1ا3و4", "1و3ا4", "1ي3ا4"),
    "1وا23": ("1ا23", "1و23"),
    "12اي3": ("12ي3", "12ا3", "12و3"),
    "12ا34": ("1234", "123ا4", "123ي4"),
    "ا123ه": ("12ا3",),
    "ا12يه": ("12ا",),
}
_SHORT_PLURALS = {
    "ا12ي": ("12ا",),
    "ا123": ("12ا3",),
    "12ا3": ("123", "12ي3"),
    "12و3": ("123",),
    "123ان": ("12ي3", "12ا3", "1ا3"),
    "1ي3ان": ("1ا3", "1و3"),
    "123": ("12ا3", "12ي3", "12و3"),
    "1وو2": ("1ا2", "1و2"),
}
_Shapes = tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]


def _shapes(plurals: dict[str, tuple[str, ...]]) -> _Shapes:
    def pattern(shape: str) -> re.Pattern[str]:
        return re.compile("".join(f"(?P<c{sign}>[^ا])" if sign.isdigit() else sign for sign in shape) + r"\Z")

    return tuple((pattern(shape), singles) for shape, singles in plurals.items())


_LIKELY, _UNLIKELY = _shapes(_PLURALS), _shapes(_SHORT_PLURALS)


def arabic_singulars(word: str) -> tuple[str, ...]:
    """Stems of which a word is likely to be the plural, by shapes of five letters or more."""
    return tuple(_singulars(word, _LIKELY))


def arabic_variants(word: str) -> tuple[str, ...]:
    """Further stems that a word may have, the likeliest first: without the letters of one-letter words, singulars."""
    if not word.isalpha() or word.isascii():
        return ()
    stems = [arabic_stem(word)]
    if word[0] in "وبلكف" and len(word) > (3 if word[0] in "ول" else 4):
        stems.append(arabic_stem(word[1:]))
    found = stems[1:]
    for stem in stems:
        found += [stem[:-2]] if len(stem) > 5 and stem.endswith(("ون", "ين", "ان")) else []
        found += [stem[:-2] + "ه"] if len(stem) == 4 and stem.endswith("ات") else []  # سلات of سلة
        found += _singulars(stem, _LIKELY) + _singulars(stem, _UNLIKELY)
    found += _singulars(word, _LIKELY)
    return tuple(one for one in dict.fromkeys(found) if len(one) > 1 and one != stems[0])


def _singulars(word: str, shapes: _Shapes) -> list[str]:
    found: list[str] = []
    if not word.isalpha() or word.isascii():
        return found
    bare = without_article(word)
    for shape, singles in shapes:
        if match := shape.match(bare):
            letters = {name[1]: sign for name, sign in match.groupdict().items()}
            found += ["".join(letters.get(sign, sign) for sign in single) for single in singles]
    return [one for one in dict.fromkeys(found) if one != bare]
