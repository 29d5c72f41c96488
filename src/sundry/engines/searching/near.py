"""Words with a letter wrong.

Problem: "thremos" finds nothing, and a search that forgives everything finds "cap" for "cup". Therefore, as shops do
(the rule is Meilisearch's): a word of four letters or fewer is taken as it stands, from five letters one edit is
forgiven, from nine two; an edit is a letter left out, put in, changed, or changed with its neighbour; the first letter
must be right. Words with a Han character are never forgiven, for each character is half the meaning; nor are item
numbers, which are all near each other.

Arabic does not write its short vowels: half of its names of goods have five letters (ممحاة, eraser), and with one left
out they have four. Therefore an Arabic word of four letters may stand for one of five, but for no other of four, of
which there are too many that differ in one letter (`may_lack_one`).

Worked case: thremos (7 letters: one edit) is thermos; "teh" stays "teh"; مماة may be ممحاة.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from sundry.engines.searching.normal import ARABIC

ONE_EDIT_FROM: Final = 5
TWO_EDITS_FROM: Final = 9
NEAR_MAX: Final = 50  # words that a wrong one may stand for, the most frequent of the names

_ARABIC = re.compile(f"[{ARABIC}]+")
_ARTICLE = "ال"
_UNFORGIVEN = re.compile(r"[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff\d]")


def edits_allowed(word: str) -> int:
    if len(word) < ONE_EDIT_FROM or _UNFORGIVEN.search(word):
        return 0
    return 1 if len(word) < TWO_EDITS_FROM else 2


def may_lack_one(word: str) -> bool:
    """Whether a word that is forgiven nothing may still be a longer one with a letter left out."""
    return len(word) == ONE_EDIT_FROM - 1 and _ARABIC.fullmatch(word) is not None and not word.startswith(_ARTICLE)


def near_words(word: str, known: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """The words of `known` (word, goods) that `word` may stand for, itself among them if it is known: fewest edits
    first, then the most frequent."""
    edits = edits_allowed(word)
    found = []
    for other, goods in known:
        if other == word:
            found.append((0, -goods, other))
        elif edits and abs(len(other) - len(word)) <= edits and other[:1] == word[:1] and other.isalpha():
            needed = distance(word, other, edits)
            if needed <= edits:
                found.append((needed, -goods, other))
    return tuple(other for _, _, other in sorted(found)[:NEAR_MAX])


def distance(one: str, other: str, most: int) -> int:
    """Edits between two words (a swap of neighbours is one), `most` + 1 where there are more than `most`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
