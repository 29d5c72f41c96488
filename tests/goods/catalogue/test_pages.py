"""The shop window as people see it: every page in every language, with names that mean harm, in few statements."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sundry.goods.catalogue import actions, indexing, queries_stalls
from sundry.goods.catalogue.rules import Carton, Collection, Step, Supply, Variant

LANGUAGES = ("zh-hans", "en", "ar", "es", "fr", "ru")
EVIL = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    '"><img src=x onerror=alert(3)>',
    "' onmouseover='alert(4)",
    "<svg/onload=alert(5)>",
    "{{ 7|add:7 }}{% debug %}",
    "javascript:alert(6)",
    "<!--",
    "]]>&lt;b&gt;",
    "%3Cscript%3E %(name)s {0}",
)
Accessible = Callable[[bytes], None]


@dataclass
class Shop:
    """A stall with goods of all sorts, and what search knows of them."""

    bazaar: Any
    holder: Any
    cup: int
    made: int
    evil: int
    draft: int
    product: int

    @property
    def stall(self) -> Any:
        return self.bazaar.stall(self.holder).card


@pytest.fixture
def shop(bazaar: Any, photo: Callable[[str], str], settings: Any, tmp_path: Path) -> Shop:
    settings.SUNDRY = replace(settings.SUNDRY, data_dir=tmp_path, public_catalogue=True)
    holder, other = bazaar.holder(trusted=True), bazaar.holder("Sun", trusted=True)
    stall = bazaar.stall_of(holder)
    cup = actions.add_good(
        actor=holder,
        stall=stall,
        draft=replace(
            _draft(bazaar),
            names={"zh": "粉色牙刷杯", "es": "vaso para cepillos"},
            descriptions={"zh": "树脂\n一套四个"},
            item_number="K-17",
            category="bathroom_accessories",
            carton=Carton(48, 600, 400, 300, gross_g=12_500, net_g=11_000),
            stock_pieces=900,
            brand="",
            collections=frozenset({Collection.NEW}),
            variants=(Variant({"zh": "粉色", "en": "pink"}, "K-17-P"), Variant({"zh": "蓝色"}, difference_minor=-10)),
        ),
        photos=[photo("red"), photo("blue")],
        submit=True,
        now=bazaar.now,
    )
    product = actions.offer_product(actor=other, stall=bazaar.stall_of(other), good=cup, now=bazaar.now)
    made = bazaar.add(
        holder, submit=True, names={"zh": "雨伞", "en": "umbrella"}, supply=Supply.MADE, lead_time_days=15,
        weekly_capacity_pieces=10_000, ladder=(Step(1, 990),),
    )  # fmt: skip
    evil = bazaar.add(
        holder, submit=True, names={"zh": " ".join(EVIL)[:200], "en": EVIL[1]}, descriptions={"en": "\n".join(EVIL)},
        item_number=EVIL[0][:40], stock_pieces=0,
    )  # fmt: skip
    draft = bazaar.add(holder, names={"zh": "秘密"})
    indexing.rebuild()
    return Shop(bazaar, holder, cup, made, evil, draft, product)


def _draft(bazaar: Any) -> Any:
    from sundry.goods.catalogue.rules import Draft

    return Draft(ladder=(Step(120, 320), Step(1_200, 285)))


def addresses(shop: Shop) -> list[str]:
    place = shop.stall.place
    return [
        "/",
        "/search/",
        "/search/?q=杯&quantity=500",
        "/search/?q=zzzzqqq",
        "/search/?q=杯&ready=1&price_max=9.99&minimum=999&area=1-F2&category=bathroom_accessories",
        "/search/?ready=1&price_max=0.01",
        f"/goods/{shop.cup}/?quantity=100",
        f"/goods/{shop.made}/",
        f"/goods/{shop.evil}/",
        f"/goods/{shop.cup}/same-photo/",
        f"/stalls/{shop.stall.number}/",
        f"/stalls/{shop.stall.number}/?item=nothing",
        f"/s/{shop.stall.slug}/",
        "/categories/",
        "/categories/bathroom_accessories/",
        "/collections/new/",
        "/collections/hot/",
        "/map/",
        f"/map/{place.hall}/{place.floor}/?stall={shop.stall.number}",
    ]


def get(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return response.content.decode()


def text_of(page: str) -> str:
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    assert main is not None
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", main[0]).split())).replace("\u00a0", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_sound(shop: Shop, client: Client, assert_accessible: Accessible, language: str) -> None:
    client.cookies["language"] = language
    for address in addresses(shop):
        response = client.get(address)
        assert response.status_code == 200, address
        try:
            assert_accessible(response.content)
        except AssertionError as fault:
            raise AssertionError(f"{address}: {fault}") from None
