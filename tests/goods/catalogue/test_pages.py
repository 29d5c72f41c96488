"""The shop window as people see it: every page in every language, with names that mean harm, in few statements."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import lxml.etree
import lxml.html
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from PIL import Image

from sundry.engines.searching.model import DEPTH_MAX
from sundry.goods.catalogue import (
    actions,
    indexing,
    pages_brand,
    pages_map,
    pictures,
    queries_sitemap,
    queries_stalls,
    searching,
)
from sundry.goods.catalogue.models import Hall, Stall
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
    other: Any
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
    return Shop(bazaar, holder, other, cup, made, evil, draft, product)


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
    told = unescape(" ".join(re.sub(r"<[^>]+>", " ", main[0]).split())).replace("\u00a0", " ")
    return re.sub(r" (?=[,:.])", "", told)


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
        f"/goods/{shop.cup}/": 10,
        f"/goods/{shop.cup}/same-photo/": 6,
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


# What a reader is told ------------------------------------------------------------------------------------------------


def test_a_good_tells_the_price_at_her_quantity_and_what_travels(shop: Shop, client: Client) -> None:
    client.cookies["language"] = "en"
    told = text_of(get(client, f"/goods/{shop.cup}/?quantity=5000"))
    assert "CNY 2.85 / piece for 5,000 pieces" in told
    assert "120 – 1,199 CNY 3.20" in told
    assert "≥ 1,200 CNY 2.85" in told
    assert "48 pieces, CNY 136.80, 0.072 m³, 12.5 kg" in told
    assert "105 cartons, 5,040 pieces, 7.560 m³" in told
    assert "900 pieces in stock" in told
    few = text_of(get(client, f"/goods/{shop.cup}/?quantity=10"))
    assert "The stall sells no fewer than 120 pieces; this is the price then." in few
    made = text_of(get(client, f"/goods/{shop.made}/"))
    assert "ready 15 days after the order, at most 10,000 pieces a week" in made
    assert "Sold out at the moment." in text_of(get(client, f"/goods/{shop.evil}/"))


def test_whose_words_a_name_is_made_of_is_said(shop: Shop, client: Client) -> None:
    client.cookies["language"] = "ru"
    page = get(client, f"/goods/{shop.cup}/")
    assert '<bdi class="text" lang="zh-hans">粉色牙刷杯</bdi>' in page  # the stall's own, beside what was composed
    assert '<p lang="zh-hans" dir="auto">树脂</p>' in page
    client.cookies["language"] = "en"
    composed = text_of(get(client, f"/goods/{shop.cup}/"))
    assert "Words put together from the trade lexicon. As the stall writes it: 粉色牙刷杯" in composed
    client.cookies["language"] = "es"
    own = get(client, f"/goods/{shop.cup}/")
    assert "vaso para cepillos" in own
    assert "trade lexicon" not in own


def test_the_quantity_stays_in_every_address(shop: Shop, client: Client) -> None:
    page = get(client, "/search/?q=%E6%9D%AF&quantity=500")
    assert f'href="/goods/{shop.cup}/?quantity=500"' in page
    assert '<input type="hidden" name="quantity" value="500">' in page
    assert 'quantity=1000" rel="nofollow">1,000' in page
    assert 'aria-current="true" rel="nofollow">500' in page


def test_a_head_for_lists_of_the_world(shop: Shop, client: Client) -> None:
    plain = f"http://testserver/goods/{shop.cup}/"
    page = get(client, f"/goods/{shop.cup}/?quantity=500")
    assert f'<link rel="canonical" href="{plain}">' in page
    for code, language in (("zh-Hans", "zh"), ("en", "en"), ("ar", "ar"), ("es", "es"), ("fr", "fr"), ("ru", "ru")):
        assert f'<link rel="alternate" hreflang="{code}" href="{plain}?lang={language}">' in page
    assert f'hreflang="x-default" href="{plain}"' in page
    assert 'property="og:image" content="http://testserver/photos/' in page
    spanish = get(client, f"/goods/{shop.cup}/?lang=es")
    assert f'<link rel="canonical" href="{plain}?lang=es">' in spanish
    assert "<title>vaso para cepillos · Sundry</title>" in spanish
    assert '<meta name="robots" content="noindex, follow">' in get(client, "/search/?q=%E6%9D%AF")
    assert "noindex" in get(client, "/categories/bathroom_accessories/?ready=1")
    assert "noindex" not in get(client, "/categories/bathroom_accessories/?quantity=500")


def test_the_same_photo_at_another_stall_is_called_that(shop: Shop, client: Client) -> None:
    client.cookies["language"] = "en"
    assert "same photo" not in text_of(get(client, f"/goods/{shop.cup}/"))  # the other stall's has none
    other = actions.add_good(
        actor=shop.other,
        stall=shop.bazaar.stall_of(shop.other),
        draft=Draft(names={"zh": "杯子"}, ladder=(Step(1, 100),)),
        photos=[_photo("red")],
        submit=True,
        now=shop.bazaar.now,
    )
    own = shop.bazaar.add(shop.holder, submit=True, names={"zh": "自己的"})
    page = get(client, f"/goods/{shop.cup}/")
    assert "The same photo at other stalls The photo may be the factory’s" in text_of(page)
    listed = get(client, f"/goods/{shop.cup}/same-photo/")
    assert f"/goods/{other}/" in listed
    assert f"/goods/{own}/" not in listed


# A search -------------------------------------------------------------------------------------------------------------


def test_a_search_says_what_it_looked_for_and_how_to_look_for_the_words(shop: Shop, client: Client) -> None:
    client.cookies["language"] = "fr"
    page = get(client, f"/search/?{urlencode({'q': 'parapluie'})}")
    assert "parapluie / 雨伞" in text_of(page)
    assert f"/goods/{shop.made}/" in page
    assert 'href="?q=parapluie&amp;words=1"' in page
    words = get(client, "/search/?q=parapluie&words=1")
    assert "/goods/" not in words
    assert 'href="?q=parapluie"' in words


def test_a_slip_of_the_pen_is_read_and_said(shop: Shop, client: Client) -> None:
    client.cookies["language"] = "en"
    page = get(client, "/search/?q=umbrela")
    assert f"/goods/{shop.made}/" in page
    assert 'href="?q=umbrella"' in page
    assert 'href="?q=umbrela&amp;words=1"' in page


def test_facets_are_addresses_and_what_is_chosen_can_be_taken_away(shop: Shop, client: Client) -> None:
    client.cookies["language"] = "en"
    page = get(client, "/search/?q=%E6%9D%AF&quantity=500&sort=price")
    assert 'href="/search/?q=%E6%9D%AF&amp;quantity=500&amp;ready=1&amp;sort=price"' in page
    assert "Hall 1, floor 2" in page
    narrow = get(client, "/search/?q=%E6%9D%AF&ready=1&price_max=4.99&minimum=999&area=1-F2")
    chosen = re.search(r'<ul class="chosen".*?</ul>', narrow, re.DOTALL)
    assert chosen is not None
    told = " ".join(re.sub(r"<[^>]+>", " ", unescape(chosen[0])).replace("\u00a0", " ").split())
    for words in ("Ready now", "Up to CNY 4.99", "At most 999 pieces", "Hall 1, floor 2"):
        assert words in told
    assert 'href="/search/?q=%E6%9D%AF&amp;area=1-F2&amp;price_max=4.99&amp;minimum=999"' in chosen[0]


def test_what_is_not_found_is_counted_and_may_be_asked_for(shop: Shop, client: Client) -> None:
    client.cookies["language"] = "en"
    page = get(client, "/search/?q=zzzzqqq&quantity=500")
    assert "Nothing found" in page
    assert 'href="/wanted/?q=zzzzqqq&amp;quantity=500"' in page
    get(client, "/search/?q=zzzzqqq&ready=1")  # what was chosen may be why
    (miss,) = queries_stalls.misses()
    assert (miss.text, miss.language, miss.searches) == ("zzzzqqq", "en", 1)


@pytest.mark.parametrize(
    "query",
    [
        {"q": "伞" * 10_000},
        {"q": "a" * 10_000},
        {"q": "(a+)+$" * 500},
        {"q": '*:* OR number:[0 TO 9] AND "', "sort": "price; DROP", "quantity": "-1", "price_max": "NaN"},
        {"q": "杯", "quantity": "9" * 400, "minimum": "1e9", "category": "/../", "area": "x" * 900, "ready": "maybe"},
        {"q": "\u202e\u200b\ud83d".encode("utf-8", "replace").decode(), "words": "1"},
        {"q": "杯", "cursor": "x" * 5_000},
        {"q": "杯", "cursor": "eyJhIjoxfQ"},
        {"item": "%", "before": "9" * 40},
    ],
)
def test_odd_addresses_give_a_page(shop: Shop, client: Client, query: dict[str, str]) -> None:
    for place in ("/search/", "/search/suggest/", "/categories/bathroom_accessories/", f"/stalls/{shop.stall.number}/"):
        assert client.get(place, query).status_code == 200, place


def test_of_a_search_without_end_it_is_said_where_it_ends(
    shop: Shop, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.cookies["language"] = "en"
    real = searching.search

    def deep(*given: Any, **more: Any) -> Any:
        found = real(*given, **{**more, "cursor": None})
        return replace(found, page=replace(found.page, count=DEPTH_MAX + 1, cursor=None))

    monkeypatch.setattr(searching, "search", deep)
    assert "The list ends here" in get(client, "/search/?q=%E6%9D%AF&cursor=deep")
    assert "The list ends here" not in get(client, "/search/?q=%E6%9D%AF")


def test_while_there_is_no_index_it_is_said(shop: Shop, client: Client, tmp_path: Path) -> None:
    with override_settings(SUNDRY=replace(settings.SUNDRY, data_dir=tmp_path)):
        for address in ("/search/?q=cup", "/categories/toys/", "/collections/new/"):
            answer = client.get(address)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60"), address
        get(client, "/search/suggest/?q=cup")
        get(client, f"/goods/{shop.cup}/")
        get(client, "/")


def test_suggestions_are_options_of_the_field(shop: Shop, client: Client) -> None:
    client.cookies["language"] = "en"
    assert '<option value="umbrella"></option>' in get(client, "/search/suggest/?q=umbr")
    assert get(client, "/search/suggest/?q=").strip() == ""


def test_a_page_on_a_phone_weighs_little(shop: Shop, client: Client) -> None:
    for _ in range(30):
        shop.bazaar.add(
            shop.holder, submit=True, names={"zh": "粉色硅胶折叠杯 便携式户外旅行水杯", "ar": "كوب قابل للطي"}
        )
    client.cookies["language"] = "ar"
    for address in (f"/stalls/{shop.stall.number}/", f"/goods/{shop.cup}/"):
        page = get(client, address)
        names = re.findall(r'(?:href|src)="/static/([^"#]+)', page)
        files = {name: Path(finders.find(name) or "").read_bytes() for name in names}
        weights = {name: len(gzip.compress(data, 6)) for name, data in {**files, "page": page.encode()}.items()}
        assert "sundry/catalogue.css" in weights
        assert sum(weights.values()) < 60_000, (address, weights)


# Photos, the map, a stall ---------------------------------------------------------------------------------------------


def test_a_photo_is_kept_by_the_browser_for_ever(shop: Shop, client: Client) -> None:
    (place,) = set(re.findall(r'src="(/photos/[^"]+)"', get(client, f"/goods/{shop.cup}/"))[:1])
    answer = client.get(place)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"


def test_the_map_shows_where_a_stall_is_and_says_it_in_a_list(shop: Shop, client: Client) -> None:
    client.cookies["language"] = "en"
    place, number = shop.stall.place, shop.stall.number
    page = get(client, f"/map/{place.hall}/{place.floor}/?stall={number}")
    assert page.count('class="plan-booth is-here"') == 1
    assert f"Hall 1, floor 2, street C, booth {place.booth}" in text_of(page)
    drawing = re.search(r"<svg viewBox.*?</svg>", page, re.DOTALL)
    assert drawing is not None
    assert 'aria-hidden="true"' in drawing[0]
    leads = set(re.findall(r'href="(/stalls/\d+/)" tabindex="-1"', drawing[0]))
    listed = set(re.findall(r'<a href="(/stalls/\d+/)">', page.replace(drawing[0], "")))
    assert leads
    assert leads <= listed
    assert "is-here" not in get(client, f"/map/{place.hall}/{place.floor}/?stall=x")


def test_of_a_large_floor_one_street_is_listed(shop: Shop, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_map, "LISTED_WHOLE", 1)
    hall = Hall.objects.get(code="1")
    Stall.objects.create(number=10**9, slug="far", hall=hall, floor=2, street="Z", booth="1", names={"zh": "远"})
    page = get(client, "/map/1/2/")
    assert 'href="?street=Z"' in page
    assert "远" not in text_of(page)
    assert "远" in text_of(get(client, "/map/1/2/?street=Z"))
    assert "远" in text_of(get(client, f"/map/1/2/?stall={10**9}"))


def test_a_stall_is_shared_by_a_short_address_and_a_code(shop: Shop, client: Client) -> None:
    page = get(client, f"/s/{shop.stall.slug}/")
    assert f'<link rel="canonical" href="http://testserver/stalls/{shop.stall.number}/">' in page
    assert f"http://testserver/s/{shop.stall.slug}/" in text_of(page)
    code = client.get(f"/stalls/{shop.stall.number}/qr.svg")
    assert code.headers["Content-Type"] == "image/svg+xml"
    drawing = lxml.etree.fromstring(code.content)
    assert drawing.tag.endswith("svg")
    assert not drawing.xpath("//*[@style] | //*[local-name()='style' or local-name()='script']")


def test_the_goods_of_a_stall_are_paged_and_searched(
    shop: Shop, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages_brand, "GOODS_SHOWN", 1)
    found, address = [], f"/stalls/{shop.stall.number}/"
    while address:
        page = get(client, address)
        found += re.findall(r'good-name"><a href="/goods/(\d+)/', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = f"/stalls/{shop.stall.number}/{unescape(following[1])}" if following else ""
    assert found == [str(number) for number in (shop.evil, shop.made, shop.cup)]
    assert f"/goods/{shop.cup}/" in get(client, f"/stalls/{shop.stall.number}/?item=k-17")


# What is wanted -------------------------------------------------------------------------------------------------------


def test_somebody_asks_the_stalls_see_it_and_she_closes_it(shop: Shop, client: Client, signed_in: Any) -> None:
    assert "/login" in client.get("/wanted/?q=zz").headers["Location"]
    buyer, stall = shop.bazaar.buyer(), signed_in(shop.holder)
    hers = signed_in(buyer)
    assert 'value="500"' in get(hers, "/wanted/?q=crane&quantity=500")
    assert "What buyers look for" not in get(hers, "/wanted/")
    answer = hers.post("/wanted/", {"text": "Blue <b>paper</b> cranes", "quantity": "500", "category": "toys"})
    assert answer.headers["Location"] == "/wanted/"
    page = get(stall, "/wanted/")
    assert "Blue &lt;b&gt;paper&lt;/b&gt; cranes" in page
    (asked,) = queries_stalls.wanted_of(buyer.person)
    close = f"/wanted/{asked.id}/close"
    assert stall.post(close).status_code == 404
    assert hers.post(close).status_code == 302
    assert hers.post(close).status_code == 302  # a second click
    assert "paper" not in text_of(get(stall, "/wanted/"))


@pytest.mark.parametrize("given", [{}, {"text": "x" * 501}, {"text": "cup", "quantity": "0"}, {"text": "\u200b"}])
def test_what_cannot_be_asked_is_said_and_nothing_is_lost(
    shop: Shop, signed_in: Any, assert_accessible: Accessible, given: dict[str, str]
) -> None:
    buyer = shop.bazaar.buyer()
    answer = signed_in(buyer).post("/wanted/", given)
    assert answer.status_code == 422
    assert_accessible(answer.content)
    assert "error-summary" in answer.content.decode()
    assert queries_stalls.wanted_of(buyer.person) == ()


# For machines ---------------------------------------------------------------------------------------------------------


def locations(response: Any) -> list[str]:
    data = b"".join(response.streaming_content) if response.streaming else response.content
    return [str(found.text) for found in lxml.etree.fromstring(data).iter("{*}loc")]


def test_the_sitemap_names_what_is_on_show_in_six_languages(shop: Shop, client: Client) -> None:
    told = [
        locations(client.get(part.removeprefix("http://testserver"))) for part in locations(client.get("/sitemap.xml"))
    ]
    whole = {place for part in told for place in part}
    for path in ("/", "/categories/toys/", "/map/1/2/", f"/stalls/{shop.stall.number}/", f"/goods/{shop.cup}/"):
        assert f"http://testserver{path}" in whole
    assert f"http://testserver/goods/{shop.draft}/" not in whole
    part = b"".join(client.get("/sitemap-goods-0.xml").streaming_content).decode()
    assert f'hreflang="zh-Hans" href="http://testserver/goods/{shop.cup}/?lang=zh"/>' in part


def test_parts_of_the_sitemap_never_shift(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries_sitemap, "PART", 2)
    goods = [number for part in range(queries_sitemap.parts()) for number, _ in queries_sitemap.goods_of_part(part)]
    stalls = [number for part in range(queries_sitemap.parts()) for number in queries_sitemap.stalls_of_part(part)]
    assert goods == sorted(set(goods)) != []
    assert shop.draft not in goods
    assert shop.stall.number in stalls
    assert all(number // 2 == part for part in range(4) for number, _ in queries_sitemap.goods_of_part(part))


def test_machines_are_told_what_to_leave_alone(shop: Shop, client: Client) -> None:
    told = get(client, "/robots.txt").splitlines()
    assert "Disallow: /search/" in told
    assert "Disallow: /*?*cursor=" in told
    assert "Sitemap: http://testserver/sitemap.xml" in told
    assert not any(line.endswith((" /goods/", " /")) for line in told)
