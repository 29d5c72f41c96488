"""The goods of a market: right, told apart, in six languages where they are, and the same again."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import islice

import pytest

from sundry.goods.catalogue import categories, checks
from sundry.goods.catalogue.bulk_rows import Photo, good_row
from sundry.goods.catalogue.rules import LANGUAGES, State, Supply, fold_brand
from sundry.simulation.market import composing
from sundry.simulation.market.plan import LAST_DAY, Market, Part
from sundry.simulation.market.words import INKS

MARKET = Market(3_000, 120, 4)


def shown(pictogram, ink):
    return Photo(f"{pictogram} {ink}", 1, 1)


GOODS = list(composing.goods(MARKET, album=shown))
BARE = [replace(good, photos=()) for good in GOODS]


def share(holds):
    return sum(map(bool, map(holds, GOODS))) / len(GOODS)


def test_there_are_as_many_as_were_asked_for_under_ids_in_order():
    assert len(GOODS) == 3_000
    assert [good.id for good in GOODS] == [MARKET.id(Part.GOOD, index) for index in range(3_000)]


@pytest.mark.parametrize("start", [0, 1, 1_234, 2_999])
def test_it_can_be_begun_anywhere(start):
    assert list(islice(composing.goods(MARKET, album=shown, start=start), 40)) == GOODS[start : start + 40]


def test_another_seed_is_another_market():
    other = [good.draft.names["zh"] for good in composing.goods(Market(3_000, 120, 5))]
    assert len(set(other) & {good.draft.names["zh"] for good in GOODS}) < 600


PRINTED = """
from itertools import islice
from sundry.goods.catalogue.bulk_rows import good_row
from sundry.simulation.market import Market, composing
for good in islice(composing.goods(Market(3_000, 120, 4)), 1_000, 1_100):
    print(repr(good_row(good, 1)))
"""


def test_another_process_composes_the_same():
    """Also where text is hashed otherwise, as in each process."""
    told = [
        subprocess.run(
            [sys.executable, "-c", PRINTED], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1]
    assert told[0].decode().splitlines() == [repr(good_row(good, 1)) for good in BARE[1_000:1_100]]


def test_no_rule_of_the_catalogue_is_broken():
    for good in GOODS:
        assert checks.errors(checks.findings(good.draft, for_show=True, day=LAST_DAY, photos=1)) == (), good.draft


def test_warnings_are_rare():
    warned = Counter(
        finding.rule
        for good in GOODS
        for finding in checks.findings(good.draft, for_show=True, day=LAST_DAY, photos=1, brands={_brand(good)})
    )
    assert sum(warned.values()) < 0.01 * len(GOODS), warned


def _brand(good):
    return fold_brand(good.draft.brand)


def test_no_stall_has_one_name_twice():
    by_stall: dict[object, list[str]] = {}
    for good in GOODS:
        by_stall.setdefault(good.stall, []).append(good.draft.names["zh"])
        by_stall[good.stall].append(good.draft.item_number)
    assert len(by_stall) == 120
    assert all(len(set(names)) == len(names) for names in by_stall.values())


def test_names_are_in_chinese_in_some_other_languages_and_in_few_in_all():
    assert share(lambda good: good.draft.names["zh"]) == 1
    assert 0.65 < share(lambda good: set(good.draft.names) == {"zh"}) < 0.75
    assert 0.02 < share(lambda good: set(good.draft.names) == set(LANGUAGES)) < 0.045
    for good in GOODS:
        assert all(name.strip() == name != "" for name in good.draft.names.values())
        assert list(good.draft.names.values()).count(good.draft.names["zh"]) == 1
    alike = [good for good in GOODS if len(set(good.draft.names.values())) < len(good.draft.names)]
    assert len(alike) < 0.002 * len(GOODS)  # karaoke is called so in many languages


def test_shares_are_what_they_are_told_to_be():
    assert 0.27 < share(lambda good: good.draft.variants) < 0.33
    assert 0.65 < share(lambda good: good.draft.supply is Supply.STOCK) < 0.75
    assert 0.015 < share(lambda good: good.product) < 0.04
    assert 0.96 < share(lambda good: good.state is State.LISTED) < 1
    assert 0.03 < share(lambda good: good.draft.brand) < 0.08
    assert 0.3 < share(lambda good: good.draft.descriptions) < 0.5
    assert {len(good.photos) for good in GOODS} == {1, 2, 3}
    assert {one for good in GOODS for one in good.draft.collections} == set(composing.Collection)


def test_made_goods_say_how_long_it_takes_and_how_many_come_in_a_week():
    for good in GOODS:
        is_made = good.draft.supply is Supply.MADE
        assert (good.draft.lead_time_days is not None) == is_made
        assert (good.draft.weekly_capacity_pieces is not None) == is_made
        assert (good.draft.stock_pieces is None) == is_made


def test_a_stall_keeps_to_its_trade():
    for good in GOODS:
        assert categories.path(good.draft.category)[0] == MARKET.trades[MARKET.index(good.stall)]


def test_offers_of_one_product_are_one_thing_at_prices_of_their_own():
    products = {product.id: product for product in composing.products(MARKET)}
    offers: dict[object, list[object]] = {}
    for good in GOODS:
        if good.product is not None:
            offers.setdefault(good.product, []).append(good)
            assert good.draft.category == products[good.product].category
    assert set(offers) == set(products)
    for offered in offers.values():
        assert len({good.draft.carton for good in offered}) == 1
        assert len({good.stall for good in offered}) == len(offered) >= 2
    assert any(len({good.draft.ladder for good in offered}) > 1 for offered in offers.values())
    assert all(set(product.names) == set(LANGUAGES) for product in products.values())


def test_without_an_album_there_are_no_photos():
    assert next(composing.goods(MARKET)).photos == ()


def test_a_good_is_shown_as_what_it_is_in_its_colour():
    red_umbrellas = [
        good.photos[0].file
        for good in GOODS
        if good.draft.category == "umbrellas"
        and "红色" in good.draft.names["zh"]
        and "玫" not in good.draft.names["zh"]
    ]
    assert red_umbrellas
    assert set(red_umbrellas) == {"umbrella 0"}
    assert all(len({photo.file for photo in good.photos}) == len(good.photos) <= len(INKS) for good in GOODS)


def test_offers_of_one_product_show_one_photo():
    shown_first: dict[object, set[str]] = {}
    for good in GOODS:
        if good.product is not None:
            shown_first.setdefault(good.product, set()).add(good.photos[0].file)
    assert all(len(files) == 1 for files in shown_first.values())
