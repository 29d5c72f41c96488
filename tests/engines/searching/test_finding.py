"""The best are the same whether all goods are ranked or only those that may be among them."""

from dataclasses import replace
from pathlib import Path

import pytest
from searching.small_market import goods, small_analyser

from sundry.engines.searching import finding
from sundry.engines.searching.asking import plan
from sundry.engines.searching.counting import counted
from sundry.engines.searching.embedded import EmbeddedIndex
from sundry.engines.searching.model import Filters, Query
from sundry.engines.searching.reader import Reader, View

QUERIES = [
    Query(head=("cup",)),
    Query(head=("drinkware",), modifiers=(("red",), ("steel",))),
    Query(head=("mug", "thermos"), wishes=("usb",)),
    Query(modifiers=(("red",), ("blue",))),
    Query(words=("usb",), modifiers=(("crimson",),)),
    Query(),
]
LIMITED = Filters(price_max_minor=9_000, minimum_max=100, ready=True)


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    folder: Path = tmp_path_factory.mktemp("index")
    with EmbeddedIndex(folder, small_analyser()) as index:
        index.index(goods(900))
        index.commit()
        index.index(goods(1_500)[900:])
        index.commit()
    return Reader(folder).view()


def best(view: View, query: Query, wanted: int) -> list[tuple[int, float]]:
    planned = plan(query, view.terms)
    count, _ = counted(view.searcher, query, planned)
    ranked = finding.best(view, query, planned, wanted=wanted, count=count)
    return [(each.number, each.score) for each in ranked]


@pytest.mark.parametrize("filters", [Filters(), LIMITED], ids=["all", "limited"])
@pytest.mark.parametrize("wanted", [1, 7, 60])
def test_looking_among_those_that_sell_and_sieving_find_the_same(
    view: View, filters: Filters, wanted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for asked in QUERIES:
        query = replace(asked, filters=filters)
        with monkeypatch.context() as always:
            always.setattr(finding, "TIERED_FROM", 1)
            always.setattr(finding, "SIEVED_FROM", 0)
            quick = best(view, query, wanted)
        with monkeypatch.context() as never:
            never.setattr(finding, "TIERED_FROM", 10**9)
            never.setattr(finding, "SIEVED_MAX", 0)
            never.setattr(View, "heaviest", float("inf"))
            never.setattr(finding, "_tier_within", lambda needed: None)
            assert quick == best(view, query, wanted), query
        assert len(quick) == min(wanted, len(best(view, query, 10_000)))


def test_the_ranking_is_the_beginning_of_any_longer_one(view: View) -> None:
    for query in QUERIES:
        longest = best(view, query, 400)
        assert all(best(view, query, wanted) == longest[:wanted] for wanted in (1, 20, 63))
        assert longest == sorted(longest, key=lambda each: (-each[1], each[0]))
