"""Lines and containers for the papers of a load, and a browser that tells of everything that is wrong with a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from sundry.goods.consolidation.rules import LoadedContainer, Placement
from sundry.goods.orders.rules import Line

SIZES = {
    "desk": {"width": 1280, "height": 800},
    "laptop": {"width": 960, "height": 640},
    "phone": {"width": 390, "height": 844},
}
WITHOUT_WEBGL = """
  const whole = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind.startsWith("webgl") ? null : whole.call(this, kind, ...rest);
  };
"""
INSIDE_MM = (5890, 2350, 2390)


def _line(item: str, **differs: Any) -> Line:
    whole = Line(
        sheet="订单",
        row=2,
        stall=f"A1-{item}",
        item=item,
        name="杯",
        cartons=6,
        pieces_per_carton=36,
        pieces=216,
        unit="piece",
        unit_price="2.5",
        unit_price_minor=250,
        price_per="piece",
        value_minor=54_000,
        currency="CNY",
        gross_g=72_000,
        net_g=66_000,
        carton_mm=(500, 500, 500),
        carton_mm_from="stated",
        carton_volume_mm3=125_000_000,
        carton_volume_from="LxWxH",
        hs="6912001000",
    )
    return replace(whole, **differs)


def _container(rows: Sequence[tuple[int, int]], kind: str = "20GP") -> LoadedContainer:
    placements = tuple(
        Placement(number, 500 * row, 500 * column, 0, 500, 500, 500)
        for row, (number, count) in enumerate(rows)
        for column in range(count)
    )
    return LoadedContainer(
        type=kind,
        inside_mm=INSIDE_MM,
        door_mm=(2340, 2280),
        payload_g=28_200_000,
        usual_volume_mm3=28_000_000_000,
        price_minor=1,
        price_currency="USD",
        placements=placements,
        gross_g=None if any(number == 2 for number, _ in rows) else 12_000 * len(placements),
        known_gross_g=12_000 * sum(count for number, count in rows if number != 2),
        volume_mm3=125_000_000 * len(placements),
    )


@pytest.fixture(scope="session")
def make_line() -> Callable[..., Line]:
    """make_line(item, ...) is a line of six cartons, cubes of 0.5 m, 12 kg each."""
    return _line


@pytest.fixture(scope="session")
def make_container() -> Callable[..., LoadedContainer]:
    """make_container([(line, how many), ...]) holds rows of cubes of 0.5 m from the left wall; line 2 has no weight."""
    return _container


@pytest.fixture(scope="session")
def three_lines() -> list[Line]:
    return [
        _line("K1"),
        _line("K2", name="保温杯", names={"en": "thermos", "ar": "كوب حراري"}, this_side_up=True, mark="CÑ / 7"),
        _line("K3", gross_g=None),
    ]


@pytest.fixture(scope="session")
def two_containers() -> list[LoadedContainer]:
    """Groups of the first end at 4, 8, 11, 13, 15; metres at 8, 13, 15."""
    return [_container([(0, 4), (1, 4), (2, 3), (0, 2), (1, 2)]), _container([(2, 3)], "40HC")]


@pytest.fixture(scope="session")
def context(chromium: Any) -> Callable[..., Any]:
    """context(size=..., ...) is one browsing context for each set of options: a new one takes longer than its page."""
    return cache(lambda **options: chromium.new_context(viewport=SIZES[options.pop("size")], **options))


@pytest.fixture
def browse(context: Any) -> Iterator[Callable[..., Any]]:
    """browse(url, ...) opens a page; what it complains of or asks other hosts for fails the test at its end.

    `expected` is a piece of the complaints that belong to the test.
    """
    pages, wrong = [], []

    def open_page(url: str, *, size: str = "laptop", webgl: bool = True, expected: str = "", **options: Any) -> Any:
        page = context(size=size, **options).new_page()
        pages.append(page)

        def told(message: Any) -> None:
            is_known = "GPU stall" in message.text or (expected and expected in message.text)
            if message.type in ("error", "warning") and not is_known:
                wrong.append(message.text)

        def asked(request: Any) -> None:
            if not request.url.startswith(("data:", url.partition("#")[0].rpartition("/")[0])):
                wrong.append(request.url)

        page.on("console", told)
        page.on("request", asked)
        page.on("pageerror", lambda fault: wrong.append(str(fault)))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        if not webgl:
            page.add_init_script(WITHOUT_WEBGL)
        page.goto(url)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert not wrong
