"""Goods by the thousand: what went in comes out, every constraint holds, and a block is written whole or not at all."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError

from sundry.goods.catalogue import bulk, queries, rules
from sundry.goods.catalogue.bulk_rows import LoadedGood, LoadedPaper, LoadedProduct, LoadedStall, Photo
from sundry.goods.catalogue.models import Change, Good, Hall, Product, Stall
from sundry.goods.catalogue.rules import (
    Carton,
    Collection,
    Draft,
    Place,
    State,
    Step,
    Supply,
    Variant,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
STALL, PRODUCT = uuid.UUID(int=1 << 100), uuid.UUID(int=2 << 100)
NASTY = "\\N\t'\"{}\\.\r\n</script>\\\\\u2028杯"
DRAFT = Draft(
    names={"zh": NASTY, "en": "cup"},
    descriptions={"zh": NASTY},
    item_number="\\N",
    category="mugs_cups",
    unit="set",
    ladder=(Step(120, 320), Step(1200, 285)),
    carton=Carton(36, 560, 420, 360, 12_000, 11_000),
    hs_code="691200",
    brand="Heyue",
    supply=Supply.MADE,
    lead_time_days=15,
    weekly_capacity_pieces=6_000,
    collections=frozenset({Collection.NEW, Collection.HOT}),
    variants=(Variant({"zh": "红\t"}, "A-1", 10, 5), Variant({"en": "blue"})),
)


def good(index, **more):
    return LoadedGood(**{"id": uuid.UUID(int=index), "stall": STALL, "draft": DRAFT, "at": NOON} | more)


@pytest.fixture(autouse=True)
def stall():
    bulk.load_stalls(
        [LoadedStall(STALL, Place("9", 1, "A", "1"), {"zh": NASTY}, "nasty-1")],
        halls=[rules.Hall("9", {"zh": NASTY}, {"en": "toys"})],
        papers=[LoadedPaper(STALL, "HEYUE ", "ab" * 32, date(2024, 1, 1), NOON)],
        products=[LoadedProduct(PRODUCT, {"en": "cup"})],
    )


def test_what_went_in_comes_out():
    photos = (Photo("ab" * 32, 240, 200, -7), Photo("cd" * 32, 1, 2))
    assert bulk.load_goods([good(1, photos=photos, product=PRODUCT, sold_pieces=9)]) == 1
    number = Good.objects.get().number
    view = queries.on_show(number)
    assert view is not None
    assert replace(view.draft, variants=()) == replace(DRAFT, variants=())
    assert [(one.names, one.item_number, one.difference_minor, one.stock_pieces) for one in view.draft.variants] == [
        ({"zh": "红\t"}, "A-1", 10, 5),
        ({"en": "blue"}, "", 0, None),
    ]
    assert [(photo.file, photo.width, photo.height) for photo in view.photos] == [
        ("ab" * 32, 240, 200),
        ("cd" * 32, 1, 2),
    ]
    assert view.card.cover == "ab" * 32
    assert view.card.stall.names == Hall.objects.get().names == {"zh": NASTY}
    assert view.is_authorised, "its paper came along"
    assert view.product == Product.objects.get().number
    assert Good.objects.get().sold_pieces == 9


def test_numbers_are_of_one_row_and_search_is_told():
    bulk.load_goods([good(1), good(2), good(3, state=State.DRAFT)])
    goods = list(Good.objects.order_by("id").values_list("number", flat=True))
    numbers = [Stall.objects.get().number, Product.objects.get().number, *goods]
    assert sorted(set(numbers)) == numbers
    assert list(Change.objects.values_list("number", flat=True)) == goods
    assert Stall.objects.get().goods == bulk.on_show() == 2
    assert queries.on_show(goods[2]) is None


def test_search_need_not_be_told():
    heard: list[int] = []
    goods = [good(index) for index in range(1, 8)]
    assert bulk.load_goods(iter(goods), block=3, announce=False, progress=heard.append) == 7
    assert heard == [3, 6, 7]
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"stall": uuid.UUID(int=99)},
        {"product": uuid.UUID(int=99)},
        {"draft": replace(DRAFT, ladder=(Step(10, 5), Step(10, 4)))},
        {"draft": replace(DRAFT, ladder=())},
        {"draft": replace(DRAFT, carton=Carton(gross_g=1, net_g=2))},
        {"draft": replace(DRAFT, stock_pieces=-1)},
        {"photos": (Photo("no hash", 1, 1),)},
    ],
)
def test_a_good_that_breaks_a_constraint_takes_its_block_along_and_no_other(wrong):
    with pytest.raises(IntegrityError):
        bulk.load_goods([good(1), good(2), good(3), good(4, **wrong)], block=2)
    assert [str(one.id)[-1] for one in Good.objects.order_by("id")] == ["1", "2"]
    assert Stall.objects.get().goods == 2


def test_a_booth_is_taken_once():
    with pytest.raises(IntegrityError):
        bulk.load_stalls([LoadedStall(uuid.UUID(int=5), Place("9", 1, "A", "1"), {}, "other")])
    assert bulk.taken_places() == {Place("9", 1, "A", "1")}
    assert bulk.are_there([STALL])
    assert not bulk.are_there([STALL, PRODUCT])


def test_how_far_a_load_came_is_asked_by_ids():
    assert bulk.last_between(uuid.UUID(int=1), uuid.UUID(int=9)) is None
    bulk.load_goods([good(3), good(5)])
    assert bulk.last_between(uuid.UUID(int=1), uuid.UUID(int=9)) == uuid.UUID(int=5)
    assert bulk.last_between(uuid.UUID(int=1), uuid.UUID(int=4)) == uuid.UUID(int=3)
