"""The shop window as people see it: every page in every language, with names that mean harm, in few statements."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import lxml.html
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from PIL import Image

from sundry.goods.catalogue import actions, indexing, pictures
from sundry.goods.catalogue.models import Stall
from sundry.goods.catalogue.rules import Carton, Collection, Draft, Step, Supply, Variant

pytestmark = pytest.mark.django_db

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
UMBRELLA = f"/search/?{urlencode({'q': '雨伞'})}"
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


@pytest.fixture(scope="module")
def shop(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, make_bazaar: Any
) -> Iterator[Shop]:
    """One for all tests of this file; what a test changes is rolled back, and at last everything."""
    folder = tmp_path_factory.mktemp("shop")
    opened = replace(settings.SUNDRY, data_dir=folder, public_catalogue=True)
    with override_settings(SUNDRY=opened, FILES_DIR=folder), django_db_blocker.unblock(), transaction.atomic():
        indexing.forget()
        made = _shop(make_bazaar())
        indexing.rebuild()
        yield made
        transaction.set_rollback(True)
    indexing.forget()


def _shop(bazaar: Any) -> Shop:
    holder, other = bazaar.holder(trusted=True), bazaar.holder("Sun", trusted=True)
    cup = actions.add_good(
        actor=holder,
        stall=bazaar.stall_of(holder),
        draft=Draft(
            names={"zh": "粉色牙刷杯", "es": "vaso para cepillos"},
            descriptions={"zh": "树脂\n一套四个"},
            item_number="K-17",
            category="bathroom_accessories",
            ladder=(Step(120, 320), Step(1_200, 285)),
            carton=Carton(48, 600, 400, 300, gross_g=12_500, net_g=11_000),
            stock_pieces=900,
            collections=frozenset({Collection.NEW}),
            variants=(Variant({"zh": "粉色", "en": "pink"}, "K-17-P"), Variant({"zh": "蓝色"}, difference_minor=-10)),
        ),
        photos=[_photo("red"), _photo("blue")],
        submit=True,
        now=bazaar.now,
    )
    actions.offer_product(actor=other, stall=bazaar.stall_of(other), good=cup, now=bazaar.now)
    product = bazaar.good(cup).product
    assert product is not None
    made = bazaar.add(
        holder, submit=True, names={"zh": "雨伞", "en": "umbrella"}, supply=Supply.MADE, lead_time_days=15,
        weekly_capacity_pieces=10_000, ladder=(Step(1, 990),),
    )  # fmt: skip
    evil = bazaar.add(
        holder, submit=True, names={"zh": " ".join(EVIL)[:200], "en": EVIL[1]}, descriptions={"en": "\n".join(EVIL)},
        item_number=EVIL[0][:40], stock_pieces=0,
    )  # fmt: skip
    draft = bazaar.add(holder, names={"zh": "秘密"})
    return Shop(bazaar, holder, cup, made, evil, draft, product)


@pytest.fixture
def signed_in() -> Callable[[Any], Client]:
    """signed_in(actor): her browser."""

    def enter(actor: Any) -> Client:
        browser = Client()
        browser.force_login(get_user_model().objects.get(pk=actor.person))
        return browser

    return enter


def _photo(colour: str) -> str:
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return pictures.keep(out.getvalue()).file


def addresses(shop: Shop) -> list[str]:
    place = shop.stall.place
    return [
        "/",
        "/search/",
        "/search/?q=%E6%9D%AF&quantity=500",
        "/search/?q=zzzzqqq",
        "/search/?q=%E6%9D%AF&ready=1&price_max=9.99&minimum=999&area=1-F2&category=bathroom_accessories",
        "/search/?ready=1&price_max=0.01",
        f"/goods/{shop.cup}/?quantity=100",
        f"/goods/{shop.made}/",
        f"/goods/{shop.evil}/",
        f"/goods/{shop.cup}/same-photo/",
        f"/products/{shop.product}/",
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


# What names may try ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["good", "search", "stall", "echo"])
def test_no_name_becomes_markup(shop: Shop, client: Client, place: str) -> None:
    address = {
        "good": f"/goods/{shop.evil}/",
        "search": "/search/?sort=newest&minimum=99999",
        "stall": f"/stalls/{shop.stall.number}/",
        "echo": f"/search/?{urlencode({'q': ' '.join(EVIL), 'category': EVIL[0], 'cursor': EVIL[2]})}",
    }[place]
    page = get(client, address)
    tree = lxml.html.document_fromstring(page)
    scripts = tree.xpath("//script[not(@src)]")
    assert all(script.get("type") == "application/ld+json" for script in scripts)
    for script in scripts:
        json.loads(script.text_content())
    assert not tree.xpath("//*[@*[starts-with(name(), 'on')]] | //*[starts-with(@href, 'javascript:')]")
    assert not tree.xpath("//img[@src='x'] | //main//svg[not(@class) and not(@viewBox)]")
    assert "</script><script>alert(" in unescape(page)


def test_the_data_of_a_good_is_true_and_whole(shop: Shop, client: Client) -> None:
    page = get(client, f"/goods/{shop.cup}/?quantity=500")
    product, way = (json.loads(found) for found in re.findall(r'ld\+json">(.*?)</script>', page))
    assert product["offers"]["price"] == "3.20"
    assert product["offers"]["priceCurrency"] == "CNY"
    assert len(product["image"]) == 2
    assert product["url"] == f"http://testserver/goods/{shop.cup}/"
    assert way["itemListElement"][0]["name"] == "Market"
    evil = get(client, f"/goods/{shop.evil}/")
    assert json.loads(re.findall(r'ld\+json">(.*?)</script>', evil)[0])["name"] == EVIL[1]


# What is there, and for whom ------------------------------------------------------------------------------------------


def test_what_is_not_on_show_is_not_there_for_anybody(shop: Shop, client: Client, signed_in: Any) -> None:
    never = client.get("/goods/999999999/")
    assert never.status_code == 404
    for browser in (client, signed_in(shop.holder)):
        hidden = browser.get(f"/goods/{shop.draft}/")
        assert hidden.status_code == 404
        assert "秘密" not in hidden.content.decode()
    assert text_of(get(client, f"/goods/{shop.draft}/", 404)) == text_of(never.content.decode())
    assert f"/goods/{shop.made}/" in get(client, UMBRELLA)
    actions.withdraw(actor=shop.holder, numbers=[shop.made], now=shop.bazaar.now)
    assert client.get(f"/goods/{shop.made}/").status_code == 404
    assert f"/goods/{shop.made}/" not in get(client, UMBRELLA)


@pytest.mark.parametrize(
    "address",
    [
        *("/goods/0/", f"/goods/{2**70}/", "/products/999999999/", f"/products/{2**70}/", "/stalls/999999999/"),
        *(f"/stalls/{2**70}/", f"/stalls/{2**70}/qr.svg", "/s/nobody/", "/categories/nothing/", "/collections/best/"),
        *("/map/9/9/", "/map/1/99/", f"/map/1/{2**70}/", "/photos/x.webp", f"/photos/{'a' * 64}-480.webp"),
        *(f"/photos/{'a' * 64}-99.webp", f"/photos/{'A' * 64}-480.webp", f"/sitemap-goods-{2**70}.xml"),
        "/goods/999999999/same-photo/",
    ],
)
def test_what_never_was_is_not_found(shop: Shop, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_closed_market_shows_a_visitor_the_way_in(shop: Shop, client: Client, signed_in: Any) -> None:
    closed = replace(settings.SUNDRY, public_catalogue=False)
    member = signed_in(shop.holder)
    with override_settings(SUNDRY=closed):
        for address in ("/search/?q=%E6%9D%AF", f"/goods/{shop.cup}/", "/map/", "/sitemap.xml"):
            assert "/login" in client.get(address).headers["Location"], address
            assert member.get(address).status_code == 200, address
        front = get(client, "/")
        assert "site-search" not in front
        assert "/categories/" not in front
        assert get(client, "/robots.txt") == "User-agent: *\nDisallow: /\n"


def test_a_stall_that_is_closed_is_not_there(shop: Shop, client: Client) -> None:
    place, number = shop.stall.place, shop.stall.number
    assert str(number) in get(client, f"/map/{place.hall}/{place.floor}/")
    Stall.objects.filter(number=number).update(is_open=False)
    for address in (f"/stalls/{number}/", f"/s/{shop.stall.slug}/", f"/stalls/{number}/qr.svg", f"/goods/{shop.cup}/"):
        assert client.get(address).status_code == 404, address
    assert f"/stalls/{number}/" not in get(client, f"/map/{place.hall}/{place.floor}/")


# Few statements -------------------------------------------------------------------------------------------------------


def statements(client: Client, address: str) -> int:
    get(client, address)  # what a process asks once is asked
    with CaptureQueriesContext(connection) as counted:
        get(client, address)
    return len(counted)


def test_a_page_takes_few_statements_and_no_more_for_more_goods(shop: Shop, client: Client) -> None:
    number, place = shop.stall.number, shop.stall.place
    most = {
        "/": 1,
        "/search/?q=%E6%9D%AF": 1,
        f"/goods/{shop.cup}/": 7,
        f"/goods/{shop.cup}/same-photo/": 5,
        f"/products/{shop.product}/": 2,
        f"/stalls/{number}/": 2,
        "/categories/": 0,
        "/categories/bathroom_accessories/": 1,
        "/map/": 2,
        f"/map/{place.hall}/{place.floor}/": 3,
        f"/stalls/{number}/qr.svg": 1,
        "/robots.txt": 0,
        "/sitemap.xml": 2,
    }
    before = {address: statements(client, address) for address in most}
    assert {address: count for address, count in before.items() if count > most[address]} == {}
    for _ in range(5):
        shop.bazaar.add(shop.holder, submit=True, names={"zh": "杯"})
    indexing.feed()
    assert {address: statements(client, address) for address in most} == before
