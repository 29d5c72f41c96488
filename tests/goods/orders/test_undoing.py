"""What was taken out of a basket comes back as it was, and nothing that somebody has made up."""

from __future__ import annotations

import uuid
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core import signing

from sundry.goods.orders.order_rules import Carton, Collector, LineView
from sundry.goods.orders.undoing import LENGTH_MAX, way_back, wish_back
from sundry.web import serve
from sundry.web.configuration import configuration

VARIANT = uuid.UUID(int=9)


def line(**fields: Any) -> LineView:
    given = dict.fromkeys(LineView.__slots__) | {
        "names": {"zh": "杯"},
        "language": "zh",
        "item_number": "K-17",
        "unit": "piece",
        "photo": "a" * 64,
        "pieces": 600,
        "price_minor": 320,
        "price_per": 1,
        "list_price_minor": 320,
        "carton": Carton(48, 600, 400, 300),
        "hs_code": "392410",
        "collector": Collector.STALL,
        "mark": "SUN",
        "note": "no print",
        "good": 20114,
        "variant": VARIANT,
    }
    return LineView(**(given | fields))


def test_a_good_comes_back_at_what_the_ladder_says() -> None:
    wish = wish_back(way_back(line(), stall=7))
    assert wish is not None
    assert (wish.good, wish.variant, wish.pieces, wish.price_minor) == (20114, VARIANT, 600, None)
    assert (wish.mark, wish.note, wish.collector) == ("SUN", "no print", Collector.STALL)


def test_an_offered_price_comes_back_too() -> None:
    wish = wish_back(way_back(line(price_minor=85_00, price_per=1000), stall=7))
    assert wish is not None
    assert (wish.price_minor, wish.price_per) == (85_00, 1000)


def test_what_is_described_comes_back_with_all_that_describes_it() -> None:
    wish = wish_back(way_back(line(good=None, variant=None, list_price_minor=None), stall=7))
    assert wish is not None
    assert (wish.stall, wish.names, wish.price_minor, wish.carton) == (7, {"zh": "杯"}, 320, Carton(48, 600, 400, 300))
    assert (wish.item_number, wish.photo) == ("K-17", "a" * 64)


def test_a_way_back_is_an_address_that_the_market_takes(tmp_path: Path) -> None:
    """A note of a thousand Chinese characters, which hardly pack, is longer than gunicorn takes unless it is told."""
    drawn = Random(7)

    def written(length: int) -> str:
        return "".join(chr(drawn.randrange(0x4E00, 0x9FFF)) for _ in range(length))

    own = configuration({"SUNDRY_DATA_DIR": str(tmp_path)})
    told = serve.settings(own, 3)["limit_request_line"]
    token = way_back(line(good=None, names={"zh": written(200)}, note=written(1_000)), stall=7)
    assert 4_094 < len(token) <= LENGTH_MAX < told - 1_000
    assert way_back(line(note=written(3_000)), stall=7) == ""


@pytest.mark.parametrize("token", ["", "made-up"], ids=["nothing", "made up"])
def test_what_nobody_took_out_does_not_come_back(token: str) -> None:
    assert wish_back(token) is None


def test_what_was_signed_for_something_else_does_not_come_back() -> None:
    assert wish_back(signing.dumps({"pieces": 1})) is None
