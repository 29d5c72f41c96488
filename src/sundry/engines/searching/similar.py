"""Other goods like one: the same head noun, and most of what else its name says.

Worked case: a pink toothbrush cup is like other toothbrush cups, the pink ones first; a good without a known noun is
like those that share most of its words. Goods of other stalls stand first: who looks at one stall's cup wants to
compare.
"""

from __future__ import annotations

import tantivy

from sundry.engines.searching.asking import any_of, between
from sundry.engines.searching.ranking import FIT_ANY
from sundry.engines.searching.schema import kept_of

ASKED_AT_ONCE = 4  # times as many as are wanted, so that other stalls are among them

_Q = tantivy.Query


def alike(searcher: tantivy.Searcher, number: int, limit: int) -> tuple[int, ...]:
    """() for an unknown number, and for a good of which nothing is known."""
    found = searcher.search(between("number", number, number), 1, count=False).hits
    if not found:
        return ()
    place = found[0][1]
    (kept,) = searcher.doc(place)["kept"]
    head, named, words = kept_of(bytes(kept))
    stall = searcher.fast_field_values("stall", [place])[0]
    shared = [any_of("marks", (key,)) for key in named]
    shared += [any_of("words", (word,)) for word in words]
    if head:
        must = _Q.const_score_query(any_of("marks", (f"={head}",)), FIT_ANY)
    elif shared:
        must = _Q.const_score_query(_Q.boolean_query([(tantivy.Occur.Should, each) for each in shared]), FIT_ANY)
    else:
        return ()
    clauses = [(tantivy.Occur.Must, must)]
    clauses += [(tantivy.Occur.Should, _Q.const_score_query(each, FIT_ANY)) for each in shared]
    clauses.append((tantivy.Occur.MustNot, between("number", number, number)))
    hits = searcher.search(_Q.boolean_query(clauses), ASKED_AT_ONCE * limit, count=False, weight_by_field="weight").hits
    places = [place for _, place in hits]
    rows = zip(
        (score for score, _ in hits),
        searcher.fast_field_values("number", places),
        searcher.fast_field_values("stall", places),
        strict=True,
    )
    ranked = sorted((of == stall, -score, int(other or 0)) for score, other, of in rows)
    return tuple(other for _, _, other in ranked[:limit])
