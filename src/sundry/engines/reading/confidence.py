"""How sure a statement is, and from where on it is published.

Problem: a wrong figure in public does more harm than a missing one, yet to ask about each figure helps nobody.

    全市出口12.5亿元，增长3.1%       the growth has its indicator from the clause before: 0.98 x 0.97
    其中设备8台（一个没有名字的数）      no name, no noun: 0.30, kept for the person who reviews

Therefore confidence is a product: how often the rule is right, times a factor for each field that was said elsewhere,
times the certainty of the join between two columns if it runs across one. Below `PUBLISH` it waits for review.
The figures are of our own making, set so that the order is right; they are no probabilities.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

PUBLISH = 0.6

PRIORS = {
    "level": 0.97, "level.noun": 0.8, "count": 0.95, "count.noun": 0.8, "growth": 0.98, "gap": 0.98,
    "growth_delta": 0.98, "rank": 0.95, "share": 0.95, "contribution": 0.95, "pull": 0.95, "bracket": 0.95,
    "distributive": 0.95,
    "qualitative": 0.9, "duration": 0.75, "ordinal": 0.75, "enumeration": 0.85, "range": 0.85, "rate": 0.9,
    "headline": 0.9, "increase": 0.85,
    # what is kept and not published
    "slogan": 0.3, "nameless": 0.3, "unit": 0.25, "lengths": 0.3, "no_unit": 0.2, "name_of_a_plan": 0.3, "across": 0.3,
}  # fmt: skip

PENALTIES = {
    "indicator": 0.97,  # from the clause before, in one sentence
    "indicator.sentence": 0.88,  # from a sentence before
    "period": 0.99,
    "period.sentence": 0.97,
    "period.paragraph": 0.93,
    "period.missing": 0.97,
    "region": 0.99,
    "type": 0.97,
    "ambiguous": 0.8,
    "headline.whole": 0.8,  # it names an indicator itself
    "headline": 0.6,  # a headline leaves out what its article says
}


def confidence(rule: str, penalties: Iterable[str], joins: Iterable[float] = ()) -> float:
    """0 to 1. KeyError: a rule or a penalty that has no figure here."""
    return round(prod((PRIORS[rule], *(PENALTIES[one] for one in penalties), *joins)), 4)


def is_published(sure: float) -> bool:
    return sure >= PUBLISH
