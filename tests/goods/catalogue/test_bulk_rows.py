"""Rows of COPY: every column is filled, and what COPY would read as its own is escaped."""

import uuid
from datetime import UTC, datetime

import pytest

from sundry.goods.catalogue import bulk_rows
from sundry.goods.catalogue.bulk_rows import LoadedGood, LoadedProduct, LoadedStall, Photo
from sundry.goods.catalogue.rules import Collection, Draft, MixedBatch, Place, State, Step, Variant

ID = uuid.UUID(int=7)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def cells(row, columns):
    assert row.endswith("\n")
    assert row.count("\n") == 1
    names = [name.strip() for name in columns.split(",")]
    return dict(zip(names, row[:-1].split("\t"), strict=True))


def test_a_good_fills_every_column():
    draft = Draft(
        names={"zh": "杯"},
        ladder=(Step(120, 320), Step(1200, 285)),
        collections=frozenset({Collection.NEW, Collection.HOT}),
    )
    told = cells(bulk_rows.good_row(LoadedGood(ID, ID, draft, NOON), 1001), bulk_rows.GOOD_COLUMNS)
    assert (told["number"], told["names"], told["state"]) == ("1001", '{"zh": "杯"}', "listed")
    assert (told["ladder_quantities"], told["ladder_prices_minor"]) == ("{120,1200}", "{320,285}")
    assert told["collections"] == "{hot,new}"
    assert (told["product_id"], told["carton_pieces"], told["cover"]) == ("\\N", "\\N", "")
    assert told["listed_at"] == told["submitted_at"] == told["changed_at"] == "2026-11-22T12:00:00+00:00"


@pytest.mark.parametrize(
    ("state", "submitted", "listed"),
    [
        (State.DRAFT, False, False),
        (State.SUBMITTED, True, False),
        (State.WITHDRAWN, True, False),
        (State.LISTED, True, True),
    ],
)
def test_a_good_says_when_it_came_to_its_state(state, submitted, listed):
    told = cells(bulk_rows.good_row(LoadedGood(ID, ID, Draft(), NOON, state), 1), bulk_rows.GOOD_COLUMNS)
    assert (told["submitted_at"] != "\\N", told["listed_at"] != "\\N") == (submitted, listed)


@pytest.mark.parametrize("text", ["a\tb", "a\\b", "a\nb", "a\r\nb", "\\N", "\\."])
def test_what_copy_would_read_as_its_own_is_escaped(text):
    good = LoadedGood(
        ID, ID, Draft(item_number=text, names={"zh": text}, variants=(Variant({"en": text}, text),)), NOON
    )
    told = cells(bulk_rows.good_row(good, 1), bulk_rows.GOOD_COLUMNS)
    assert told["item_number"] not in (text, "")
    (variant,) = bulk_rows.variant_rows(good)
    assert cells(variant, bulk_rows.VARIANT_COLUMNS)["item_number"] == told["item_number"]


def test_stalls_products_and_photos_fill_every_column():
    stall = LoadedStall(ID, Place("1", 2, "C", "1205"), {"zh": "店"}, "dian", mixed_batch=MixedBatch(pieces=5))
    told = cells(bulk_rows.stall_row(stall, 9), bulk_rows.STALL_COLUMNS)
    assert (told["hall_id"], told["floor"], told["street"], told["booth"]) == ("1", "2", "C", "1205")
    assert (told["mixed_amount_minor"], told["mixed_pieces"], told["trusted"]) == ("\\N", "5", "f")
    product = cells(bulk_rows.product_row(LoadedProduct(ID, {}), 9), bulk_rows.PRODUCT_COLUMNS)
    assert (product["number"], product["names"]) == ("9", "{}")
    good = LoadedGood(ID, ID, Draft(), NOON, photos=(Photo("ab", 1, 2), Photo("cd", 3, 4, -5)))
    rows = [cells(row, bulk_rows.PHOTO_COLUMNS) for row in bulk_rows.photo_rows(good)]
    assert [(row["position"], row["file"], row["likeness"]) for row in rows] == [("0", "ab", "\\N"), ("1", "cd", "-5")]
