"""What a buyer asks for: the thing, what it should be like, and the words that nobody taught us.

Problem: "pink toothbrush cups", "vaso rosa para cepillos de dientes" and 粉色牙刷杯 must find the same goods, though
most of them have a Chinese title only; and "toothbrush" must not bring the cups first.

    vaso rosa para cepillos de dientes
        head       (toothbrush_cup,)        what it must be: one of these
        modifiers  ((pink,),)               what it should be
        words      ()                       what is no concept: looked for as it stands

Therefore a query is read like a title (`tagging.py`), in its language or, where another one of the same script knows
more of it, in that. Colours and the like may stand anywhere: what they part is put together again. Only then are words
that are near a known one taken for it, and the answer says so (`corrected`). A query of any length costs no more than
its first 200 characters and 20 words; what was cut off is said, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, product

from sundry.engines.searching.lexicon import LANGUAGES, Language, Lexicon
from sundry.engines.searching.matching import Named, Phrases, Word
from sundry.engines.searching.near import may_lack_one
from sundry.engines.searching.normal import HAN, normal
from sundry.engines.searching.spelling import Spelling
from sundry.engines.searching.tagging import Readers, head_in_chinese, head_in_words, readers_of
from sundry.engines.searching.words import FUNCTION, codes, language_by_script, tokens

CHARACTERS_MAX = 200
WORDS_MAX = 20
KEPT_MAX = 2_000  # texts whose meaning is kept
CHOICES_MAX = 9  # ways to put a query right that are tried
_LATIN: tuple[Language, ...] = ("en", "es", "fr")
_BETWEEN_HAN = re.compile(f"(?<=[{HAN}]) (?=[{HAN}])")
_ASCII_WORDS = re.compile(r"[a-z][a-z' -]*", re.ASCII)

# What buyers say around the thing, and what says nothing about it.
_TALK = {
    "zh": "哪里 哪里买 多少 多少钱 价格 图片 推荐 求购 采购 购买 想要 我要 什么 怎么 一个 一些 好看 好用 批量",
    "en": "buy cheap price prices sale need want looking where best good nice quality supplier suppliers bulk shop "
    "store set pack pair pcs piece pieces lot i me please new",
    "es": "comprar precio precios barato mayor mayoreo venta quiero busco necesito mejor bueno buena proveedor set "
    "pack par pieza piezas juego donde nuevo nueva bonito bonita",
    "fr": "acheter prix pas cher gros vente cherche veux besoin meilleur bon bonne fournisseur lot paire piece pieces "
    "ensemble jeu nouveau nouvelle joli jolie",
    "ru": "купить цена цены оптом опт дешево недорого нужен нужна нужно нужны ищу хочу где лучший поставщик набор "
    "комплект пара штук шт новый новая красивый красивая",
    "ar": "شراء اشتري سعر اسعار ارخص رخيص بيع للبيع جمله بالجمله اريد ابحث اين افضل جيد مورد طقم مجموعه قطعه قطع زوج "
    "جديد جميل",
}  # fmt: skip
_TALKED: dict[Language, frozenset[str]] = {language: frozenset(_TALK[language].split()) for language in LANGUAGES}


@dataclass(frozen=True, slots=True)
class Told:
    """A concept of a query by name: "searched for: umbrella / 雨伞"."""

    concept: str
    zh: str
    name: str  # in the language of the query


@dataclass(frozen=True, slots=True)
class Understood:
    """A query as it was understood. `text`: normal; `head`: any of these concepts is what is sought, the likeliest
    first, empty where no noun is known; `modifiers`: groups, any of each is wished for; `words`: what is no concept, as
    `tokens` makes words: wishes beside a head, all there is without one; `codes`: article numbers; `corrected`: the
    text that was read in place of what was typed; `cut`: whether the end of a long text was left out."""

    language: Language
    text: str
    head: tuple[str, ...] = ()
    modifiers: tuple[tuple[str, ...], ...] = ()
    words: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    corrected: str | None = None
    cut: bool = False

    def told(self, lexicon: Lexicon) -> list[Told]:
        """What was searched for, by name: all that the head may be, for goods of each are found; then of each modifier,
        which only lifts, the likeliest concept."""
        keys = dict.fromkeys((*self.head, *(group[0] for group in self.modifiers if group)))
        return [Told(key, lexicon.name(key, "zh"), lexicon.name(key, self.language)) for key in keys]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A query read by the rules of one language."""

    language: Language
    head: tuple[str, ...]
    others: tuple[tuple[str, ...], ...]
    unknown: str  # what is no concept, as text
    corrected: str | None = None

    @property
    def knows(self) -> bool:
        """Whether anything of it is a concept."""
        return bool(self.head or self.others)


class Understanding:
    """Reads queries by one lexicon."""

    def __init__(self, lexicon: Lexicon, readers: Readers | None = None) -> None:
        self.lexicon = lexicon
        self._readers = readers or readers_of(lexicon)
        self._spellings: dict[Language, Spelling] = {}
        self._understood: dict[tuple[str, Language | None], Understood] = {}

    def warm(self) -> None:
        """Makes all that the first query of each language would wait for: for a thread at the start of a process."""
        self._readers.characters.find("")
        for language in LANGUAGES:
            if language != "zh":
                self._spelling(self._readers.phrases(language)).nearest("warm")
            tokens(self.lexicon.name(next(iter(self.lexicon.concepts)), language), language)

    def understand(self, text: str, *, language: Language | None) -> Understood:
        """A query of any text. `language`: of the page it was typed on, or None; its script may say otherwise.

        What was understood is kept: each page of an answer, and each choice of a facet, asks the same again."""
        known = self._understood.get((text, language))
        if known is None:
            if len(self._understood) >= KEPT_MAX:
                self._understood.clear()
            known = self._understood[text, language] = self._understand(text, language)
        return known

    def _understand(self, text: str, language: Language | None) -> Understood:
        plain, is_cut = _short(text)
        numbers = codes(plain)
        marked = tuple(code for code in numbers if not code.isalnum())  # sure to be no name: AB-1234, not cr2032
        rest = plain
        for code in marked:
            rest = rest.replace(code, " ")
        reading = self._read(" ".join(rest.split()), language)
        found = marked if reading.head else numbers
        left_out = FUNCTION[reading.language].union(*(tokens(code, reading.language) for code in numbers))
        left_out = left_out.difference(numbers).union(found)
        words = [word for word in tokens(reading.unknown, reading.language) if word not in left_out]
        if not (reading.knows or words or found):  # "best price" asks for nothing: then for what is called so
            words = list(tokens(plain, reading.language))
        return Understood(
            language=reading.language,
            text=plain,
            head=reading.head,
            modifiers=reading.others,
            words=tuple(dict.fromkeys(words)),
            codes=found,
            corrected=reading.corrected,
            cut=is_cut,
        )

    def _read(self, plain: str, language: Language | None) -> _Reading:
        of = language_by_script(plain)
        if of == "zh":
            return self._read_chinese(plain)
        if of is not None:
            return self._with_english(self._read_words(plain, of))
        return self._read_latin(plain, language)

    def _read_latin(self, plain: str, language: Language | None) -> _Reading:
        """In the language of the page, unless that knows nothing of it and another one that writes so does.

        Without a page, the one that knows most of the words, those counted that only hold a phrase together."""
        if language not in _LATIN:
            words = plain.split()
            linking = {of: sum(word in FUNCTION[of] for word in words) / WORDS_MAX for of in _LATIN}
            readings = [self._read_words(plain, of, may_correct=False) for of in _LATIN]
            best = max(readings, key=lambda reading: linking[reading.language] - len(reading.unknown.split()))
            return self._read_words(plain, best.language) if best.unknown else best
        own = self._read_words(plain, language, may_correct=False)
        if not own.unknown:
            return own
        for of in _LATIN:
            if of != language and (other := self._read_as_written(plain, of)) and not (other.unknown and own.knows):
                return other
        return self._read_words(plain, language)

    def _read_as_written(self, plain: str, language: Language) -> _Reading | None:
        """A reading that knows at least half of the words as they are written, and what is sought."""
        reader = self._readers.phrases(language)
        words = reader.read(plain)[:WORDS_MAX]
        found = reader.find(words, as_written=True)
        reading = self._reading(language, [(words, found)])
        return reading if reading.head and 2 * len(reading.unknown.split()) <= len(words) else None

    def _read_words(self, plain: str, language: Language, *, may_correct: bool = True) -> _Reading:
        reader = self._readers.phrases(language)
        words = reader.read(plain)[:WORDS_MAX]
        found, corrected = reader.find(words), None
        readings = [(words, found)]
        if may_correct and (choices := self._choices(words, found, reader)):
            readings = _fullest([(choice, reader.find(choice)) for choice in choices])
            corrected = " ".join(reader.apart.get(word.text, word.text) for word in readings[0][0])
        return self._reading(language, readings, corrected)

    def _reading(
        self, language: Language, readings: list[tuple[list[Word], list[Named]]], corrected: str | None = None
    ) -> _Reading:
        """What words and the names among them come to; the heads of all readings, all else of the first."""
        readings = [self._put_together(*each, self._readers.phrases(language)) for each in readings]
        heads = [head_in_words(*each, self._readers, last=language == "en") for each in readings]
        words, found = readings[0]
        named = {place for each in found for place in range(each.start, each.end)}
        talk = _TALKED[language]
        unknown = [word.text for place, word in enumerate(words) if place not in named and word.text not in talk]
        others = self._besides(found, heads[0])
        head = tuple(dict.fromkeys(key for keys in heads for key in keys))
        return _Reading(language, head, others, " ".join(unknown), corrected)

    def _put_together(self, words: list[Word], found: list[Named], reader: Phrases) -> tuple[list[Word], list[Named]]:
        """Those words last that only say of what kind (vaso ROSA para cepillos), if fewer names then say it all."""
        aside = [each for each in found if not self._readers.nouns_among(each)]
        if not aside or aside[0].end == len(words):
            return words, found
        places = [place for each in aside for place in range(each.start, each.end)]
        left = [word for place, word in enumerate(words) if place not in places]
        shorter = reader.find(left)
        if len(shorter) + len(aside) >= len(found):
            return words, found
        moved, end = [], len(left)
        for each in aside:
            moved.append(Named(end, end + each.end - each.start, each.keys))
            end = moved[-1].end
        return [*left, *(words[place] for place in places)], [*shorter, *moved]

    def _choices(self, words: list[Word], found: list[Named], reader: Phrases) -> list[list[Word]]:
        """Corrections that leave what is known what it was: beside a noun, a word becomes only what is a name with it,
        and no other noun. "hello kitty umbrella" is about no cello."""
        choices = self._corrections(words, found, reader)
        nouns = self._nouns(found)
        if not nouns:
            return choices
        kept = [self._named_only(choice, words, reader) for choice in choices]
        return [choice for choice in kept if choice != words and self._nouns(reader.find(choice)) <= nouns]

    @staticmethod
    def _named_only(choice: list[Word], words: list[Word], reader: Phrases) -> list[Word]:
        """A choice without those corrections that are in no name."""
        if len(choice) != len(words):
            return choice
        named = {place for each in reader.find(choice) for place in range(each.start, each.end)}
        pairs = enumerate(zip(choice, words, strict=True))
        return [meant if place in named else typed for place, (meant, typed) in pairs]

    def _nouns(self, found: Sequence[Named]) -> int:
        return sum(bool(self._readers.nouns_among(each)) for each in found)

    def _corrections(self, words: list[Word], found: Sequence[Named], reader: Phrases) -> list[list[Word]]:
        """What may have been meant where no name has a word; empty where nothing is to be put right."""
        spelling = self._spelling(reader)
        wrong = self._wrong(words, found, reader)
        choices: list[list[list[Word]]] = []
        place = 0
        while place < len(words):
            word, taken = words[place], 1
            meant: tuple[str, ...] = ()
            pair = words[place : place + 2]
            if (
                len(pair) == 2
                and not wrong.isdisjoint((place, place + 1))
                and (meant := spelling.nearest(reader.joined(pair)))
            ):
                taken = 2  # porte-clse: the second word alone is too short to be put right
            elif place in wrong:
                meant = spelling.nearest(word.text) or (() if may_lack_one(word.stem) else spelling.nearest(word.stem))
            choices.append([reader.written(text, word) for text in meant] or [[word]])
            place += taken
        chosen = [[*chain.from_iterable(choice)] for choice in islice(product(*choices), CHOICES_MAX)]
        return chosen if chosen != [words] else []

    def _wrong(self, words: list[Word], found: Sequence[Named], reader: Phrases) -> set[int]:
        """Places of words that may be mistyped: those no name has, and if nothing is named, those without a name."""
        named = {place for each in found for place in range(each.start, each.end)}
        is_lost = not any(self._readers.nouns_among(each) for each in found)
        left = {place for place, word in enumerate(words) if word.text not in _TALKED[reader.language]} - named
        return left if is_lost else {place for place in left if not reader.knows(words[place])}

    def _spelling(self, reader: Phrases) -> Spelling:
        if reader.language not in self._spellings:
            known = dict(zip(reader.apart, reader.apart, strict=True)) | reader.surfaces
            self._spellings[reader.language] = Spelling(known, reader.weights)
        return self._spellings[reader.language]

    def _read_chinese(self, plain: str) -> _Reading:
        """Without the spaces between characters: 手机 壳 is 手机壳."""
        text = _BETWEEN_HAN.sub("", plain)
        found = self._readers.characters.find(text)
        head = head_in_chinese(text, found, self._readers)
        unknown, end = [], 0
        for each in [*found, Named(len(text), len(text), ())]:
            unknown.append(text[end : each.start])
            end = each.end
        left = " ".join(filter(None, map(str.strip, unknown)))
        for talk in sorted(_TALKED["zh"], key=len, reverse=True):
            left = left.replace(talk, " ")
        return self._with_english(_Reading("zh", head, self._besides(found, head), left))

    def _with_english(self, reading: _Reading) -> _Reading:
        """Latin words in a text of another script are read as English: "杯子 pink"."""
        latin = " ".join(_ASCII_WORDS.findall(reading.unknown))
        if not latin:
            return reading
        english = self._read_words(latin, "en", may_correct=False)
        if not english.head and not english.others:
            return reading
        left = [word for word in reading.unknown.split() if not word.isascii()]
        head = reading.head or english.head
        others = (*reading.others, *english.others, *((english.head,) if reading.head and english.head else ()))
        return replace(reading, head=head, others=others, unknown=" ".join([*left, english.unknown]).strip())

    def _besides(self, found: Sequence[Named], head: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """What is named besides the head."""
        groups = [each.keys for each in found if each.keys and (not head or self._readers.nouns_among(each) != head)]
        return tuple(dict.fromkeys(groups))


def _fullest(readings: list[tuple[list[Word], list[Named]]]) -> list[tuple[list[Word], list[Named]]]:
    """Those in which names cover most words: of "kitchen drwer" drawer, not dryer, if there are kitchen drawers."""
    covered = [sum(each.end - each.start for each in found) - len(found) / WORDS_MAX for _, found in readings]
    return [reading for reading, cover in zip(readings, covered, strict=True) if cover == max(covered)]


def _short(text: str) -> tuple[str, bool]:
    """A text as normal text of bounded length, and whether something of it was left out."""
    given = text.strip()
    words = normal(given[:CHARACTERS_MAX])[:CHARACTERS_MAX].split()
    return " ".join(words[:WORDS_MAX]), len(given) > CHARACTERS_MAX or len(words) > WORDS_MAX
