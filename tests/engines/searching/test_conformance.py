"""Every engine behind the port gives the same answers: the plain one is the reference, the embedded one is held to it.

An engine on servers joins ENGINES and brings nothing else.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from searching.small_market import good, goods, queries, small_analyser

from sundry.engines.searching.embedded import EmbeddedIndex
from sundry.engines.searching.model import DEPTH_MAX, Facet, Filters, Hit, Page, Query, Sort
from sundry.engines.searching.plain import PlainIndex
from sundry.engines.searching.port import BadCursor, SearchIndex

ENGINES: Mapping[str, Callable[[Path], SearchIndex]] = {
    "plain": lambda folder: PlainIndex(small_analyser()),
    "embedded": lambda folder: EmbeddedIndex(folder, small_analyser()),
}
GOODS = goods(400)
CLEARLY = 1e-4  # by how much scores differ that no rounding makes different


@pytest.fixture(params=sorted(ENGINES))
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    engine = ENGINES[request.param](tmp_path)
    yield engine
    if isinstance(engine, EmbeddedIndex):
        engine.close()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, SearchIndex]:
    """Both engines with the same goods: written in three commits, some replaced, some deleted."""
    built = {}
    for name, made in ENGINES.items():
        engine = made(tmp_path_factory.mktemp("index") / name)
        engine.index(replace(each, titles={"en": "old umbrella"}) for each in GOODS[:150])
        engine.commit()
        engine.index(GOODS[:300])
        engine.commit()
        engine.index([*GOODS[300:], good(9_001), good(9_002)])
        engine.delete([9_001, 9_002, 9_003])
        engine.commit()
        built[name] = engine
    with closing(built["embedded"]):  # type: ignore[type-var]
        yield built  # type: ignore[misc]


def walked(engine: SearchIndex, query: Query) -> Iterator[Page]:
    while True:
        page = engine.search(query)
        yield page
        if page.cursor is None:
            return
        query = replace(query, cursor=page.cursor)


def all_hits(engine: SearchIndex, query: Query) -> list[Hit]:
    return [hit for page in walked(engine, query) for hit in page.hits]


@pytest.mark.parametrize("part", range(10))
def test_every_engine_answers_alike(filled: Mapping[str, SearchIndex], part: int) -> None:
    for asked in queries(200)[20 * part : 20 * part + 20]:
        query = replace(asked, explained=True)
        wanted, given = (list(walked(filled[name], query)) for name in ("plain", "embedded"))
        assert given[0].count == wanted[0].count, query
        assert dict(given[0].facets) == dict(wanted[0].facets), query
        assert list(given[0].facets) == list(query.facets), query
        hits, expected = ([hit for page in pages for hit in page.hits] for pages in (given, wanted))
        assert len(hits) == wanted[0].count, query
        assert {hit.number: set(hit.why) for hit in hits} == {hit.number: set(hit.why) for hit in expected}, query
        unlimited = replace(query, per_stall_max=0, limit=100)
        _same_order(all_hits(filled["embedded"], unlimited), all_hits(filled["plain"], unlimited), query)


def _same_order(hits: list[Hit], expected: list[Hit], query: Query) -> None:
    scores = {hit.number: hit.score for hit in expected}
    for before, after in pairwise(hits):
        one, other = scores[before.number], scores[after.number]
        assert one >= other - CLEARLY * max(1.0, abs(other)), (query, before, after)


def test_the_queries_find_something() -> None:
    """A suite of queries that find nothing would hold nobody to anything."""
    engine = PlainIndex(small_analyser())
    engine.rebuild(GOODS)
    found = Counter(min(engine.search(query).count, 1) for query in queries(200))
    assert found[1] > 120


def test_nothing_is_seen_before_the_commit(empty: SearchIndex) -> None:
    empty.index([good(1)])
    empty.commit()
    empty.index([good(2)])
    empty.delete([1])
    assert [hit.number for hit in all_hits(empty, Query(head=("cup",)))] == [1]
    checkpoint = empty.commit()
    assert [hit.number for hit in all_hits(empty, Query(head=("cup",)))] == [2]
    assert checkpoint.documents == 1


def test_a_good_written_again_takes_the_place_of_the_one_before(empty: SearchIndex) -> None:
    """The trap that this suite exists for: an engine that deletes nothing, silently, has the good twice."""
    empty.index([good(number) for number in range(1, 11)])
    empty.commit()
    assert empty.index([good(3, "blue umbrella"), good(3, "steel umbrella"), good(3, "red umbrella")]) == 3
    assert empty.commit().documents == 10
    assert empty.search(Query(head=("cup",))).count == 9
    assert empty.search(Query(words=("blue",))).count == 0
    assert [hit.number for hit in empty.search(Query(words=("umbrella", "red"))).hits] == [3]
    assert empty.stats().documents == 10


def test_the_highest_version_is_kept(empty: SearchIndex) -> None:
    empty.index([good(1, version=7), good(2, version=5)], version=6)
    assert empty.commit().version == 7
    empty.index([good(3)], version=2)
    assert empty.commit().version == 7
    assert empty.stats().version == 7
    assert empty.rebuild([good(1, version=3)], version=9).version == 9


def test_a_rebuild_takes_the_place_of_all(empty: SearchIndex) -> None:
    empty.index([good(1), good(2)])
    empty.commit()
    assert empty.rebuild([good(5), good(4), good(5, "blue cup")]).documents == 2
    query = Query(head=("cup",), modifiers=(("blue",),), explained=True)
    assert {hit.number: hit.why for hit in empty.search(query).hits} == {
        4: ("head",),
        5: ("head", "modifier:blue"),
    }


def test_a_rebuild_that_fails_leaves_what_was(empty: SearchIndex) -> None:
    def torn() -> Iterator[object]:
        yield good(8)
        raise OSError("the database is gone")

    empty.index([good(1)])
    empty.commit()
    with pytest.raises(OSError, match="gone"):
        empty.rebuild(torn())  # type: ignore[arg-type]
    assert [hit.number for hit in empty.search(Query()).hits] == [1]
    empty.index([good(2)])
    assert empty.commit().documents == 2


def test_a_walk_shows_every_good_once_and_no_stall_more_often_than_it_may(empty: SearchIndex) -> None:
    empty.rebuild(good(number, stall=number % 4 if number < 60 else 1, sold=number) for number in range(1, 101))
    query = Query(head=("cup",), limit=10)
    pages = list(walked(empty, query))
    numbers = [hit.number for page in pages for hit in page.hits]
    assert sorted(numbers) == list(range(1, 101))
    assert all(max(Counter(hit.stall for hit in page.hits).values()) <= 3 for page in pages)
    assert {page.count for page in pages} == {100}
    one_stall = replace(query, filters=Filters(stall=1))
    assert len(empty.search(one_stall).hits) == 10


def test_equals_stand_in_the_order_of_their_numbers(empty: SearchIndex) -> None:
    """Numbers above 2^24 are equal by weight too: thousands of one score, walked in one order."""
    high = 1 << 24
    many = [good(high * (number + 1), stall=number % 400) for number in range(500)]
    empty.rebuild(reversed(many))
    for sort in Sort:
        numbers = [hit.number for hit in all_hits(empty, Query(head=("cup",), sort=sort, limit=37))]
        assert numbers == [each.number for each in many], sort


def test_nobody_pages_deeper_than_the_depth(empty: SearchIndex) -> None:
    empty.rebuild(good(number, sold=number) for number in range(1, DEPTH_MAX + 101))
    numbers = [hit.number for hit in all_hits(empty, Query(head=("cup",), limit=100))]
    assert numbers == list(range(DEPTH_MAX + 100, 100, -1))


def test_a_cursor_of_another_question_is_refused(empty: SearchIndex) -> None:
    empty.rebuild(good(number) for number in range(1, 31))
    cursor = empty.search(Query(head=("cup",), limit=5)).cursor
    assert empty.search(Query(head=("cup",), limit=5, cursor=cursor)).hits
    for query in (Query(head=("mug",), limit=5), Query(head=("cup",), limit=6), Query(head=("cup",), fuzzy=True)):
        with pytest.raises(BadCursor):
            empty.search(replace(query, cursor=cursor))
    for wrong in ("", "x", "W10=", "WzEsIngiXQ==", "é", "[" * 3_000):
        with pytest.raises(BadCursor):
            empty.search(Query(head=("cup",), limit=5, cursor=wrong))


def test_a_good_is_like_others_of_its_noun_those_of_other_stalls_first(empty: SearchIndex) -> None:
    empty.rebuild(
        [
            good(1, "red cup", stall=1),
            good(2, "blue cup", stall=2),
            good(3, "red cup", stall=1),
            good(4, "red cup", stall=3),
            good(5, "red cup holder", stall=4),
            good(6, "portable waterproof thing", stall=5),
            good(7, "waterproof item", stall=6),
        ]
    )
    assert empty.similar(1) == (4, 2, 3)
    assert empty.similar(1, limit=1) == (4,)
    assert empty.similar(6) == (7,)
    assert empty.similar(99) == ()


def test_suggestions_are_names_of_concepts_then_words_of_goods(empty: SearchIndex) -> None:
    empty.rebuild([good(1, "thin cup"), good(2, "thin mug"), good(3, "thick mug")])
    assert [(each.text, each.concept) for each in empty.suggest("TH", "en")] == [("thermos", "thermos"), ("thin", "")]
    assert [each.text for each in empty.suggest("th", "ru")] == ["thermos"]
    assert empty.suggest("", "en") == ()
    assert len(empty.suggest("t", "en", limit=1)) == 1


def test_facets_leave_out_their_own_filter(empty: SearchIndex) -> None:
    empty.rebuild(
        [
            good(1, category=("home", "kitchen"), prices_minor=(450,) * 8, ready=True),
            good(2, category=("home", "bath"), prices_minor=(450,) * 8),
            good(3, category=("home", "kitchen"), prices_minor=(99,) * 8),
        ]
    )
    asked = (Facet.CATEGORY, Facet.PRICE, Facet.READY)
    page = empty.search(Query(filters=Filters(category="kitchen", price_min_minor=100), facets=asked))
    assert page.count == 1
    told = {str(facet): [(each.key, each.count) for each in buckets] for facet, buckets in page.facets.items()}
    assert told == {
        "category": [("home", 2), ("bath", 1), ("kitchen", 1)],
        "price": [("0-100", 1), ("300-1000", 1)],
        "ready": [("ready", 1)],
    }


def test_numbers_beyond_any_index_find_nothing_and_break_nothing(empty: SearchIndex) -> None:
    empty.rebuild([good(1, prices_minor=(450,) * 8)])
    far = 10**30
    assert empty.search(Query(filters=Filters(price_min_minor=-far, price_max_minor=far))).count == 1
    assert empty.search(Query(filters=Filters(price_min_minor=far))).count == 0
    assert empty.search(Query(filters=Filters(stall=far))).count == 0
    assert empty.search(Query(words=("\ud800", "x y", "\0"))).count == 0
    assert empty.similar(far) == ()


def test_what_a_name_means_less_often_does_not_lead(empty: SearchIndex) -> None:
    empty.index([good(1, "red umbrella"), good(2, "red cup"), good(3, "red mug")])
    empty.commit()
    hits = all_hits(empty, Query(head=("cup", "umbrella")))
    assert [hit.number for hit in hits] == [2, 1, 3]
    assert hits[0].score * 0.8 == pytest.approx(hits[1].score)
