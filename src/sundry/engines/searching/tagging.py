"""What a title says is sold: the concepts it names, and which of them is the thing itself.

Problem: 厂家直销卡通陶瓷马克杯 带盖勺 names cartoon, ceramic, a mug, a lid and a spoon. Who looks for spoons does not
want it; who looks for mugs does, though most of the title is about something else.

    厂家直销 卡通 陶瓷 马克杯 | 带盖 勺      the last noun of the first phrase that has one: mug
    toothbrush cup, pink, with lid        before the first comma or "with", the last noun: toothbrush cup
    vaso para cepillos de dientes         the first noun

Therefore the head is taken by the order of words of the language, and what the trade puts into every title (批发,
现货, 套装: wholesale, in stock, set) is no head while there is another noun. A name that means several concepts gives
them all, the likeliest as `head`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from threading import Lock
from typing import NamedTuple

from sundry.engines.searching.characters import Characters
from sundry.engines.searching.lexicon import Kind, Language, Lexicon
from sundry.engines.searching.matching import Named, Phrases, Word
from sundry.engines.searching.normal import HAN_LETTER, normal
from sundry.engines.searching.words import language_by_script

# Words of the trade that are words, though they name nothing: nothing is found inside them.
_FILLERS = """
批发 厂家 厂家直销 直销 跨境 现货 家用 新款 爆款 热卖 热销 包邮 代发 一件代发 网红 红人 女士 男士 女款 男款
货源 义乌 工厂 源头 定制 定做 专供 外贸 出口 供应 专用 亚马逊 速卖通 淘宝 抖音 同款 多功能 大号 小号 中号
便携式 可爱 高档 精美 时尚 简约 套装 组合 系列 礼盒装 产品 商品 小商品 百货 用品 配件 日用品 日用百货 杂货
彩盒 整箱 起批 起订 混批 厂价 低价 促销 直供 一手 机器 线下 线上 件套 个装 件装 只装 支装 片装 条装 双装
"""
FILLERS: tuple[str, ...] = tuple(_FILLERS.split())
# Nouns that stand beside what is sold.
_BESIDE = frozenset({"gift", "packaging", "set_kit"})
_WITH = "带送配附含赠"  # 带盖: with a lid
_FOR = ("适用", "用于", "适合", "搭配", "赠送")
_BREAK = re.compile("[^\\w]|适用|用于|适合|可用")


class Tagged(NamedTuple):  # not a dataclass: millions are made while an index is built
    """What a title names. `heads`: all that its head noun may mean, the likeliest first; `concepts`: all, the heads
    first, the others as they stand."""

    heads: tuple[str, ...]
    concepts: tuple[str, ...]

    @property
    def head(self) -> str | None:
        """What is sold, None where no noun is known."""
        return self.heads[0] if self.heads else None


class _NounsOf(dict[tuple[str, ...], tuple[str, ...]]):
    """The concepts of a name -> those that can be sold."""

    def __init__(self, nouns: frozenset[str]) -> None:
        self._nouns = nouns

    def __missing__(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        found = self[keys] = tuple(key for key in keys if key in self._nouns)
        return found


class Readers:
    """What reads names in each language, made when first needed, by one thread while the others wait, and kept."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.nouns = frozenset(key for key, concept in lexicon.concepts.items() if concept.kind is Kind.NOUN)
        self.nouns_of = _NounsOf(self.nouns)
        self._phrases: dict[Language, Phrases] = {}
        self._characters: Characters | None = None
        self._making = Lock()

    @property
    def characters(self) -> Characters:
        if self._characters is None:
            with self._making:
                self._characters = self._characters or Characters(self.lexicon, FILLERS)
        return self._characters

    def phrases(self, language: Language) -> Phrases:
        if language not in self._phrases:
            with self._making:
                if language not in self._phrases:
                    self._phrases[language] = Phrases(self.lexicon, language)
        return self._phrases[language]

    def nouns_among(self, named: Named) -> tuple[str, ...]:
        """Those concepts of a name that can be sold."""
        return self.nouns_of[named.keys]


@lru_cache(maxsize=4)  # an operator's word makes another lexicon
def readers_of(lexicon: Lexicon) -> Readers:
    """Those of a lexicon, which whoever reads titles or queries by it shares."""
    return Readers(lexicon)


class Tagger:
    """Reads titles by one lexicon."""

    def __init__(self, lexicon: Lexicon, readers: Readers | None = None) -> None:
        self._readers = readers or readers_of(lexicon)

    def tag(self, title: str, language: Language) -> Tagged:
        """What a title of a language names. Words in another script are read as the language that writes so."""
        return self._tag(normal(title), language)

    def tag_many(self, plain: Sequence[str], language: Language) -> list[Tagged]:
        """What `tag` says of each title, of which `plain` are the normal texts.

        In Chinese they are read at once. A title that names one noun has that as its head, wherever it stands."""
        if language != "zh":
            return [self._tag(title, language) for title in plain]
        nouns_of, tagged = self._readers.nouns_of, []
        for title, named in zip(plain, self._readers.characters.find_in_many(plain), strict=True):
            if named is not None and len(nouns := [keys for keys in map(nouns_of.__getitem__, named) if keys]) == 1:
                tagged.append(_tagged(nouns[0], named))
            else:
                tagged.append(self._tag(title, language))
        return tagged

    def _tag(self, plain: str, language: Language) -> Tagged:
        of = reading_language(plain, language)
        if of == "zh":
            found = self._readers.characters.find(plain)
            heads = head_in_chinese(plain, found, self._readers)
        else:
            reader = self._readers.phrases(of)
            words = reader.read(plain)
            found = reader.find(words)
            heads = head_in_words(words, found, self._readers, last=of == "en")
        return _tagged(heads, [named.keys for named in found])


def _tagged(heads: tuple[str, ...], named: Iterable[tuple[str, ...]]) -> Tagged:
    return Tagged(heads, tuple(dict.fromkeys(chain(heads, *named))))


def reading_language(plain: str, language: Language) -> Language:
    """By whose rules a normal text of a language is read: its script tells, among Latin ones the language given."""
    if language == "zh" and HAN_LETTER.search(plain):
        return "zh"
    return language_by_script(plain) or (language if language in ("en", "es", "fr") else "en")


def head_in_chinese(text: str, found: Sequence[Named], readers: Readers) -> tuple[str, ...]:
    """The last noun of the first phrase that has one; a later phrase counts only where it says it more exactly, or
    where the first may have told what it is made of (石头 手链: stone, bracelet)."""
    heads: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    nouns: list[tuple[Named, tuple[str, ...]]] = []
    is_sure, end = False, 0
    for named in found:
        start = named.start
        if nouns and end < start and _BREAK.search(text, end, start):
            heads = _next_head(heads, nouns, readers, is_sure)
            is_sure = is_sure or _is_thing(nouns)
            nouns = []
        end = named.end
        if keys := readers.nouns_among(named):
            if start > 0 and (text[start - 1] in _WITH or text[start - 2 : start] in _FOR):
                beside = beside or keys
            else:
                nouns.append((named, keys))
    return _next_head(heads, nouns, readers, is_sure) or beside


def _next_head(
    heads: tuple[str, ...], nouns: Sequence[tuple[Named, tuple[str, ...]]], readers: Readers, is_sure: bool
) -> tuple[str, ...]:
    """The head after one more phrase."""
    chosen = _chosen(nouns, readers, last=True)
    return chosen if not is_sure and _is_thing(nouns) else _narrower(heads, chosen, readers)


def _is_thing(nouns: Sequence[tuple[Named, tuple[str, ...]]]) -> bool:
    """Whether one of the names can be nothing but what is sold."""
    return any(len(keys) == len(named.keys) for named, keys in nouns)


def head_in_words(words: Sequence[Word], found: Sequence[Named], readers: Readers, *, last: bool) -> tuple[str, ...]:
    """The last (or first) noun before the first comma or function word that has a noun before it."""
    nouns: list[tuple[Named, tuple[str, ...]]] = []
    for named in found:
        if nouns and any(word.breaks or word.linked for word in words[nouns[-1][0].end : named.start + 1]):
            break
        if keys := readers.nouns_among(named):
            nouns.append((named, keys))
    return _chosen(nouns, readers, last=last)


def _chosen(nouns: Sequence[tuple[Named, tuple[str, ...]]], readers: Readers, *, last: bool) -> tuple[str, ...]:
    """The head among the nouns of a phrase: what is only a noun before what may also be a material (金, 毛巾布); not
    a gift or packing beside another; bubble machine rather than toy where both stand side by side."""
    if len(nouns) < 2:
        return nouns[0][1] if nouns else ()
    proper = [keys for named, keys in nouns if len(keys) == len(named.keys) and not _BESIDE.issuperset(keys)]
    ordered = proper or [keys for _, keys in nouns]
    head, *others = reversed(ordered) if last else ordered
    for other in others:
        head = _narrower(head, other, readers)
    return head


def _narrower(head: tuple[str, ...], other: tuple[str, ...], readers: Readers) -> tuple[str, ...]:
    """The other one where it says more exactly what the head says, or where there is no head."""
    if not head or not other:
        return head or other
    above = readers.lexicon.wider(other[0])
    return other if any(key in above or key in _BESIDE for key in head) else head
