"""The front page says what this is and where to begin, weighs little, and remembers a language."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sundry.base.access.rules import PERSON, Kind, Position, Role, role_of
from sundry.goods.catalogue import indexing

LANGUAGES = ("zh-hans", "en", "ar", "es", "fr", "ru")
PHONE_PAGE_BYTES_MAX = 60_000


@pytest.fixture(autouse=True)
def no_goods_yet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Other tests of this process may have left an index of theirs."""
    monkeypatch.setattr(indexing, "folder", lambda: tmp_path / "search")


def get(client: Client, path: str, language: str) -> str:
    client.cookies["language"] = language
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def shipped(client: Client, name: str) -> str:
    """The address of a new shipment of a small book called `name`."""
    response = client.post("/ship/new", {"book": SimpleUploadedFile(name, "货号,箱数\nK1,2\n".encode())})
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_front_page_is_sound(client: Client, language: str, assert_accessible: Callable[[str], None]) -> None:
    page = get(client, "/", language)
    assert_accessible(page)
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page


def test_a_visitor_is_told_what_this_is_and_where_to_begin(client: Client) -> None:
    page = get(client, "/", "en")
    assert "From a stall's shelf to a settled export" in page
    assert "Look around as somebody else" in page
    assert "Your desk" not in page


@pytest.mark.django_db
def test_a_person_finds_her_desk_and_nobody_elses(
    sign_in: Callable[..., Any],
    assert_accessible: Callable[[str], None],
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    agent, other = (sign_in(role_of(Kind.AGENT, Position.MEMBER)) for _ in range(2))
    address = shipped(agent.client, "SPRING 1.csv")
    shipped(other.client, "ANOTHERS.csv")
    with django_assert_max_num_queries(6):  # session, person, capacities, what was seen when, the shipments
        page = agent.client.get("/").content.decode()
    assert_accessible(page)
    assert "Your desk" in page
    assert f'<a href="{address}"><bdi class="text">SPRING 1.csv</bdi></a>' in page
    assert "ANOTHERS" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "role", [PERSON, *(role_of(kind, Position.MEMBER) for kind in (Kind.AUDITOR, Kind.BANK))], ids=str
)
def test_every_desk_is_sound_and_offers_what_may_be_done(
    sign_in: Callable[..., Any], role: Role, assert_accessible: Callable[[str], None]
) -> None:
    page = sign_in(role).client.get("/").content.decode()
    assert_accessible(page)
    offered = set(re.findall(r'<a href="(/[\w/]*)"', page))
    assert {"/ship/", "/organisations/"} <= offered
    assert ("/audit/" in offered) == (role.kind is Kind.AUDITOR)


def test_everything_that_the_front_page_loads_is_light(client: Client) -> None:
    page = get(client, "/", "ar")
    names = re.findall(r'(?:href|src)="/static/([^"#]+)', page)
    files = {name: Path(finders.find(name) or "").read_bytes() for name in names}
    weights = {name: len(gzip.compress(data, 6)) for name, data in {**files, "page": page.encode()}.items()}
    assert "sundry/sundry.css" in weights
    assert sum(weights.values()) < PHONE_PAGE_BYTES_MAX, weights


def test_the_menu_offers_every_language_in_its_own_words(client: Client) -> None:
    page = get(client, "/", "fr")
    offered = re.findall(r'<button name="language" value="([\w-]+)" lang="[\w-]+"( aria-current="true")?>', page)
    assert [code for code, _ in offered] == list(LANGUAGES)
    assert [code for code, current in offered if current] == ["fr"]
    assert "中文" in page
    assert "العربية" in page


def test_the_front_page_leads_to_the_shelves_and_to_the_desk(client: Client) -> None:
    page = get(client, "/", "en")
    offered = set(re.findall(r'href="(/[\w/]*)"', page))
    assert {"/categories/", "/categories/kitchen/", "/collections/new/", "/map/", "/ship/"} <= offered
    assert '<form class="site-search" method="get" action="/search/"' in page
    assert 'hreflang="x-default"' in page


def test_where_the_catalogue_is_closed_the_front_page_is_as_before(client: Client, settings: Any) -> None:
    settings.SUNDRY = replace(settings.SUNDRY, public_catalogue=False)
    page = get(client, "/", "en")
    assert "From a stall's shelf to a settled export" in page
    assert "/categories/" not in page
    assert "site-search" not in page


@pytest.mark.parametrize(
    ("back", "place"),
    [
        ("/style?lang=es", "/style"),
        ("/style?a=1&lang=es&b=", "/style?a=1&b="),
        ("/style", "/style"),
        ("https://example.org/", "/"),
        ("//example.org/", "/"),
        ("", "/"),
        ("javascript:1", "/"),
    ],
)
def test_the_language_is_remembered_and_leads_back_to_this_market_only(client: Client, back: str, place: str) -> None:
    response = client.post("/language", {"language": "ar", "next": back})
    assert response.status_code == 302
    assert response["Location"] == place
    assert client.cookies["language"].value == "ar"
    assert 'dir="rtl"' in client.get("/").content.decode()


def test_a_language_that_we_do_not_speak_changes_nothing(client: Client) -> None:
    assert client.post("/language", {"language": "xx"}).status_code == 302
    assert "language" not in client.cookies
    assert client.get("/language").status_code == 405


def test_the_language_is_switched_without_script(browse: Callable[..., Any]) -> None:
    page = browse("/style", java_script_enabled=False)
    page.locator("summary", has_text="Language").click()
    page.get_by_role("button", name="العربية").click()
    assert page.url.endswith("/style")
    assert page.locator("html").get_attribute("dir") == "rtl"


@pytest.mark.parametrize(("language", "size"), [("ru", "phone"), ("ar", "phone"), ("zh-hans", "desk")])
def test_the_front_page_fits_and_can_be_read(
    browse: Callable[..., Any], assert_contrast: Callable[[Any], None], language: str, size: str
) -> None:
    page = browse("/", language=language, size=size)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.locator(".brand svg").evaluate("drawing => drawing.getBBox().width > 10"), "icons are drawn"
    assert_contrast(page)
