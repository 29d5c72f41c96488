"""What people write, made fit to be kept; and names for readers in whose language nobody wrote one.

Problem: a name may hide letters that turn the rest of the line around, spaces that nobody sees, a hundred accents on
one letter. And a stall writes 粉色牙刷杯 only, while its buyer reads Arabic.

Therefore what cannot be seen is taken out before anything is kept; what looks like HTML stays, for it is text and every
page writes it as such. And a name that is missing is composed from the concepts that the lexicon finds in the one that
is there, and is called composed, so that nobody takes it for the stall's own words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final, cast

from sundry.engines.searching.lexicon import Language, Lexicon, lexicon
from sundry.engines.searching.naming import name_in
from sundry.engines.searching.tagging import Tagger
from sundry.goods.catalogue.rules import LANGUAGES, Told

_ACCENTS_MAX: Final = 3  # on one letter: Vietnamese has two, Arabic with all its signs three
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # control, format, halves of characters, nobody's
_BLANK: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters that show nothing
_LINE_ENDS: Final = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_MARK: Final = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_ACCENTS: Final = re.compile(f"({_MARK}{{{_ACCENTS_MAX}}}){_MARK}+")


class _Seen(dict[int, int | str]):
    """Of each character itself, a space, or nothing; what was looked up once is known."""

    def __missing__(self, code: int) -> int | str:
        character = chr(code)
        if character in "\t\r" or character in _BLANK:
            seen: int | str = " "
        else:
            seen = "" if character != "\n" and unicodedata.category(character) in _HIDDEN else code
        if code <= 0xFFFF:  # the rest is rare, and a million
            self[code] = seen
        return seen


_SEEN: Final = _Seen()


def clean(text: str, *, lines: bool = False) -> str:
    """Without what cannot be seen or would move what stands around it; composed (NFC), spaces single, none at the ends.

    `lines`: it may have several, with at most one empty line between two.
    """
    seen = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text).translate(_SEEN))
    seen = _ACCENTS.sub(r"\1", seen)
    if not lines:
        return " ".join(seen.split())
    told = "\n".join(" ".join(line.split()) for line in seen.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", told).strip()


def hides(text: str) -> bool:
    """Whether `clean` takes more out of it than spaces."""
    kept = _LINE_ENDS.sub("\n", text)
    return len(kept.translate(_SEEN)) < len(kept) or bool(_ACCENTS.search(text))


def told(names: Mapping[str, str], language: str, *, source: str) -> Told:
    """A good's name for a reader: hers if somebody wrote one, else composed, else English, else as the stall wrote it.

    `language`: one of LANGUAGES; `source`: the language in which the stall writes. A good without any name has "".
    """
    if own := names.get(language):
        return Told(own, language)
    written = source if names.get(source) else next((one for one in LANGUAGES if names.get(one)), "")
    if not written:
        return Told("", language)
    if language in LANGUAGES and (composed := _composed(names[written], written, language)):
        return Told(composed, language, composed=True)
    if english := names.get("en"):
        return Told(english, "en")
    return Told(names[written], written)


@lru_cache(maxsize=20_000)
def _composed(name: str, written: str, language: str) -> str:
    """ "" where the lexicon does not know what is sold."""
    concepts = concepts_of(name, written)
    return name_in(cast(Language, language), concepts, _lexicon()) if concepts else ""


def concepts_of(name: str, language: str) -> tuple[str, ...]:
    """What the lexicon finds in a name, what is sold first; () where it does not know what is sold."""
    found = _tagger().tag(name, cast(Language, language))
    return (found.head, *found.concepts) if found.head else ()


@cache
def _tagger() -> Tagger:
    return Tagger(_lexicon())


@cache
def _lexicon() -> Lexicon:
    return lexicon()
