"""A text that a buyer typed, as it was understood, made a query.

Problem: "hello kitty umbrella" names an umbrella and a brand that no lexicon knows. If the brand had to be in the name,
goods titled in another language would never be found; if it were left out, the buyer would wonder. Therefore words
beside a known noun are wishes: they lift. Words without one must all be in the name, for there is nothing else to go
by.
"""

from __future__ import annotations

from typing import Any

from sundry.engines.searching.model import Query
from sundry.engines.searching.understanding import Understood


def query_of(understood: Understood, **asked: Any) -> Query:
    """`asked`: the other fields of Query (filters, sort, facets, limit, cursor)."""
    is_known = bool(understood.head)
    return Query(
        head=understood.head,
        modifiers=understood.modifiers,
        words=() if is_known else understood.words,
        wishes=understood.words if is_known else (),
        codes=understood.codes,
        language=understood.language,
        **asked,
    )
