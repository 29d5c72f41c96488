"""Which goods a query finds and how well each fits: said once for engines that look at one good after the other.

The embedded engine says the same in its own queries (`asking.py`); the suite of conformance holds the two together.

Worked case: head ("cup",), modifiers (("pink",),): a pink mug (head noun mug, narrower than cup) fits by
FIT_NARROWER + LIFT + LIFT_HEAD = 180, a pink cup holder, which only names a cup, by FIT_NAMED + LIFT = 6.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sundry.engines.searching.entries import Entry, Nearness, code_form
from sundry.engines.searching.model import Query
from sundry.engines.searching.ranking import (
    FIT_ANY,
    FIT_CODE,
    FIT_HEAD,
    FIT_HEAD_LATER,
    FIT_NAMED,
    FIT_NAMED_NARROWER,
    FIT_NARROWER,
    FIT_NARROWER_LATER,
    LIFT,
    LIFT_HEAD,
)

FIT: Final[Mapping[Nearness, float]] = {
    Nearness.HEAD: FIT_HEAD,
    Nearness.NARROWER: FIT_NARROWER,
    Nearness.NAMED: FIT_NAMED,
    Nearness.NAMED_NARROWER: FIT_NAMED_NARROWER,
}
FIT_LATER: Final[Mapping[Nearness, float]] = {
    **FIT,
    Nearness.HEAD: FIT_HEAD_LATER,
    Nearness.NARROWER: FIT_NARROWER_LATER,
}

CODE_PREFIX_MIN: Final = 3  # signs of an item number that may stand for those that begin so


def codes_of(query: Query) -> tuple[str, ...]:
    return tuple(form for code in query.codes if (form := code_form(code)))


def has_code(codes: Collection[str], words: Collection[str], wanted: str) -> bool:
    """By the good's own item numbers or the beginning of one, or by a number that its name holds."""
    return (
        wanted in codes
        or wanted in words
        or (len(wanted) >= CODE_PREFIX_MIN and any(code.startswith(wanted) for code in codes))
    )


def finds_by_lifts(query: Query) -> bool:
    """Whether at least one modifier or wish must be there, as nothing else is asked for."""
    return bool(query.modifiers or query.wishes) and not (query.head or query.words or codes_of(query))


def fit(entry: Entry, query: Query, words: Sequence[Collection[str]]) -> float:
    """0 where the query does not find the good. `words`: what each word of the query may stand for."""
    near = [entry.near[key] for key in query.head if key in entry.near]
    codes = codes_of(query)
    groups = sum(any(key in entry.near for key in group) for group in query.modifiers)
    groups += sum(word in entry.words for word in query.wishes)
    if (
        (query.head and not near)
        or not all(any(word in entry.words for word in group) for group in words)
        or (codes and not any(has_code(entry.codes, entry.words, code) for code in codes))
        or (finds_by_lifts(query) and not groups)
    ):
        return 0.0
    fits = max([_fit(entry, key, place) for place, key in enumerate(query.head)], default=FIT_ANY)
    lift = LIFT + (LIFT_HEAD if not near or min(near) <= Nearness.NARROWER else 0.0)
    return (
        fits + groups * lift + (FIT_CODE if any(code in entry.codes or code in entry.words for code in codes) else 0.0)
    )


def _fit(entry: Entry, key: str, place: int) -> float:
    """By how much a good fits one of the concepts that a query may ask for, of which the first is the likeliest."""
    near = entry.near.get(key)
    return 0.0 if near is None else (FIT_LATER if place else FIT)[near]


def fit_max(query: Query) -> float:
    """No good fits a query by more."""
    fits = FIT_HEAD if query.head else FIT_ANY
    return (
        fits + (len(query.modifiers) + len(query.wishes)) * (LIFT + LIFT_HEAD) + (FIT_CODE if codes_of(query) else 0.0)
    )


def why(entry: Entry, query: Query, words: Sequence[Collection[str]]) -> tuple[str, ...]:
    """Which parts of the query a good has, in the order of the query."""
    told = ["head"] if any(key in entry.near for key in query.head) else []
    told += [f"modifier:{key}" for group in query.modifiers for key in group if key in entry.near]
    told += [f"word:{word}" for word, group in zip(query.words, words, strict=True) if {*group} & {*entry.words}]
    told += [f"word:{word}" for word in query.wishes if word in entry.words]
    return tuple(told + [f"code:{code}" for code in codes_of(query) if has_code(entry.codes, entry.words, code)])
