"""A small market for tests of the index: a lexicon of a dozen concepts, goods and queries from a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sundry.engines.searching.entries import Analyser
from sundry.engines.searching.model import QUANTITIES, Document, Facet, Filters, Query, Sort

WIDER = {
    "mug": ("cup", "drinkware"),
    "toothbrush_cup": ("cup", "drinkware"),
    "cup": ("drinkware",),
    "thermos": ("drinkware",),
    "umbrella": (),
    "holder": (),
    "crimson": ("red",),
    "red": (),
    "blue": (),
    "steel": (),
}
NOUNS = ("mug", "toothbrush_cup", "cup", "thermos", "umbrella", "holder")
STATED = ("red", "crimson", "blue", "steel")
PLAIN = ("wholesale", "factory", "waterproof", "usb", "portable", "newyear", "handmade")


@dataclass(frozen=True)
class Tags:
    heads: tuple[str, ...]
    concepts: tuple[str, ...]


def tag(titles: Sequence[str], language: str) -> list[Tags]:
    """A title names what stands in WIDER; its last noun is the head."""
    found = []
    for title in titles:
        concepts = tuple(dict.fromkeys(word for word in title.split() if word in WIDER))
        nouns = [word for word in concepts if word in NOUNS]
        found.append(Tags(tuple(nouns[-1:]), concepts))
    return found


def small_analyser(lexicon: str = "small") -> Analyser:
    return Analyser(
        lexicon=lexicon,
        segmenter="spaces",
        tag=tag,
        plain=lambda titles: [title.casefold() for title in titles],
        words=lambda titles, language: titles,
        wider=lambda key: WIDER[key],
        names=lambda language: {key.replace("_", " "): (key.replace("_", " "), key) for key in WIDER},
    )


def good(number: int, title: str = "red cup", **more: object) -> Document:
    return Document(number=number, **{"stall": number, "titles": {"en": title}, **more})  # type: ignore[arg-type]


def goods(count: int, seed: int = 1) -> list[Document]:
    drawn = random.Random(f"goods {seed}")
    return [_good(number, drawn) for number in range(1, count + 1)]


def _good(number: int, drawn: random.Random) -> Document:
    words = drawn.sample(PLAIN, 2) + drawn.sample(STATED, drawn.randint(0, 2))
    words += drawn.sample(NOUNS, drawn.choice((0, 1, 1, 1, 2)))
    first = drawn.randint(20, 20_000)
    return Document(
        number=number,
        stall=drawn.randint(1, 12),
        titles={"zh": " ".join(words), "en": " ".join(words[1:])},
        category=drawn.choice((("home",), ("home", "kitchen"), ("home", "bath"), ("travel",), ())),
        area=drawn.choice(("1-F1", "1-F2", "2-F1")),
        prices_minor=tuple(first * (100 - 4 * step) // 100 for step in range(len(QUANTITIES))),
        minimum=drawn.choice((1, 10, 12, 100, 5_000)),
        ready=drawn.random() < 0.5,
        sold=int(drawn.paretovariate(0.7)) - 1,
        listed_day=drawn.randint(20_000, 20_030),
        codes=(f"AB-{drawn.randint(100, 160)}",) if drawn.random() < 0.3 else (),
        collections=("new",) if drawn.random() < 0.2 else (),
    )


def queries(count: int, seed: int = 1) -> list[Query]:
    drawn = random.Random(f"queries {seed}")
    return [_query(drawn) for _ in range(count)]


def _query(drawn: random.Random) -> Query:
    kind = drawn.choice(("head", "head", "head", "heads", "words", "code", "modifiers", "all", "both"))
    head = {"head": 1, "heads": 2, "both": 1}.get(kind, 0)
    words = list(drawn.sample(PLAIN, drawn.randint(1, 2)) if kind in ("words", "both") else ())
    fuzzy = drawn.random() < 0.3
    if fuzzy and words and len(words[0]) > 4:
        at = drawn.randrange(1, len(words[0]))
        words[0] = words[0][:at] + words[0][at + 1 :]
    lifts = drawn.randint(1 if kind == "modifiers" else 0, 2)
    return Query(
        head=tuple(drawn.sample((*NOUNS, "drinkware"), head)),
        modifiers=tuple((key,) for key in drawn.sample(STATED, lifts)),
        words=tuple(words),
        wishes=tuple(drawn.sample(PLAIN, drawn.choice((0, 0, 1)))) if kind not in ("all", "words", "both") else (),
        codes=(drawn.choice(("ab1", "AB-12", "ab150", "zz9")),) if kind == "code" else (),
        language="en",
        fuzzy=fuzzy,
        filters=_filters(drawn) if drawn.random() < 0.6 else Filters(),
        sort=drawn.choice((Sort.RELEVANCE, Sort.RELEVANCE, *Sort)),
        facets=tuple(drawn.sample(tuple(Facet), drawn.randint(0, 5))),
        limit=drawn.choice((10, 20, 50)),
        per_stall_max=drawn.choice((3, 3, 1, 0)),
    )


def _filters(drawn: random.Random) -> Filters:
    def perhaps(value: Any) -> Any:
        return value if drawn.random() < 0.3 else None

    return Filters(
        category=perhaps(drawn.choice(("home", "kitchen", "nowhere"))),
        area=drawn.choice(((), ("1-F1",), ("1-F1", "2-F1"))),
        stall=perhaps(drawn.randint(1, 12)),
        quantity=drawn.choice((1, 60, 1_000, 99_999)),
        price_min_minor=perhaps(drawn.randint(100, 3_000)),
        price_max_minor=perhaps(drawn.randint(1_000, 30_000)),
        minimum_max=perhaps(drawn.choice((1, 10, 100))),
        ready=drawn.random() < 0.3,
        collection=perhaps("new"),
    )
