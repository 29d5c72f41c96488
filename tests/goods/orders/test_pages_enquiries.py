"""A buyer asks many stalls at once and follows their answers in one place."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from buyers import LANGUAGES, Shop, browser_of, key_in, opened, read, text_of
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from sundry.goods.catalogue import indexing
from sundry.goods.orders import actions_conversations, queries_enquiries
from sundry.goods.orders.order_rules import Side

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with django_db_blocker.unblock(), opened(tmp_path_factory.mktemp("enquiries")) as made:
        yield made


@pytest.fixture
def amina(shop: Shop) -> Client:
    return browser_of(shop.buyer)


def asked(shop: Shop, browser: Client, **more: str) -> int:
    """An enquiry to both stalls: its number."""
    page = read(browser.get(f"/enquiries/ask/?good={shop.cups[0]}&good={shop.crates[0]}"))
    given = {"key": key_in(page), "text": "هل يمكن طباعة الشعار؟", "unit": "piece", "currency": "CNY", **more}
    sent = {**given, "good": [str(shop.cups[0]), str(shop.crates[0])]}
    answer = browser.post("/enquiries/ask/", sent)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    again = browser.post("/enquiries/ask/", sent)
    assert again.headers["Location"] == answer.headers["Location"], "sent twice, asked once"
    return int(answer.headers["Location"].split("/")[2])


def test_a_good_and_a_stall_lead_to_the_question(shop: Shop, amina: Client) -> None:
    assert f"/enquiries/ask/?good={shop.cups[0]}" in read(amina.get(f"/goods/{shop.cups[0]}/"))
    assert f"/enquiries/ask/?stall={shop.stalls[0].number}" in read(amina.get(f"/stalls/{shop.stalls[0].number}/"))
    assert "Whom shall we ask?" in read(amina.get("/enquiries/ask/?good=nonsense"))
    shown = text_of(read(amina.get(f"/enquiries/ask/?good={shop.cups[0]}&stall={shop.stalls[1].number}&quantity=500")))
    assert "Your question goes to 2 stalls" in shown


def test_what_was_found_leads_to_its_stalls(shop: Shop, amina: Client) -> None:
    indexing.rebuild()
    try:
        page = read(amina.get("/search/?q=cup&quantity=500"))
    finally:
        indexing.forget()
    (address,) = re.findall(r'href="(/enquiries/ask/[^"]+)"', page)
    assert {f"good={number}" for number in (*shop.cups, *shop.crates)} < set(re.split(r"[?&;]", address))
    assert "Your question goes to 2 stalls" in text_of(read(amina.get(unescape(address))))


def test_many_stalls_are_asked_at_once(shop: Shop, amina: Client) -> None:
    number = asked(shop, amina, quantity="12,000", target_price="0.085", currency="KWD", destination="KW")
    shown = text_of(read(amina.get(f"/enquiries/{number}/")))
    assert "2 stalls have your question." in shown
    assert "Answered: 0 of 2" in shown
    assert shown.count("Waits for the stall") == 2
    assert "KWD 0.085" in shown
    assert "Kuwait" in shown


def test_answers_of_stalls_stand_in_one_place(shop: Shop, amina: Client) -> None:
    number = asked(shop, amina)
    (talk, *_) = queries_enquiries.conversations(organisation=shop.li.organisation, side=Side.STALL, language="zh")
    actions_conversations.say(
        actor=shop.li, conversation=talk.id, text="可以，500 件起", language="zh", now=shop.market.now
    )
    shown = text_of(read(amina.get(f"/enquiries/{number}/")))
    assert "Answered: 1 of 2" in shown
    assert "1 new message" in shown
    assert "可以，500 件起" in shown
    assert "1 new message" in text_of(read(amina.get("/enquiries/")))


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(shop: Shop, amina: Client) -> None:
    given = {"key": "x", "text": "", "quantity": "many", "unit": "piece", "currency": "JPY", "target_price": "0.5"}
    page = read(amina.post("/enquiries/ask/", given | {"good": str(shop.cups[0])}), 422)
    assert 'value="many"' in page
    assert page.count("field-wrong") == 3
    assert "JPY has fewer decimals." in page
    assert f'name="good" value="{shop.cups[0]}"' in page


def test_a_photo_goes_along_and_need_not_be_chosen_twice(shop: Shop, amina: Client) -> None:
    drawn = BytesIO()
    Image.new("RGB", (64, 48)).save(drawn, "PNG")
    sent = SimpleUploadedFile("cup.png", drawn.getvalue())
    given = {"key": str(uuid.uuid4()), "text": "", "unit": "piece", "currency": "CNY", "good": str(shop.cups[0])}
    page = read(amina.post("/enquiries/ask/", given | {"papers": sent}), 422)
    photo = re.search(r'name="photo" value="([0-9a-f]{64})"', page)
    assert photo is not None
    assert "1 file goes along" in text_of(page)
    answer = amina.post("/enquiries/ask/", given | {"text": "as this?", "photo": photo[1]})
    view = queries_enquiries.enquiry(int(answer.headers["Location"].split("/")[2]), language="en")
    assert view is not None
    assert [one.file for one in view.photos] == [photo[1]]
    broken = given | {"text": "as this?", "papers": SimpleUploadedFile("cup.exe", b"MZ")}
    assert "field-wrong" in read(amina.post("/enquiries/ask/", broken), 422)


def test_an_enquiry_is_closed_once(shop: Shop, amina: Client) -> None:
    number = asked(shop, amina)
    for _ in range(2):
        assert amina.post(f"/enquiries/{number}/close").headers["Location"] == f"/enquiries/{number}/"
    assert "Closed" in text_of(read(amina.get(f"/enquiries/{number}/")))


def test_an_agent_asks_for_a_client(shop: Shop) -> None:
    number = asked(shop, browser_of(shop.agent), mandate=str(shop.mandate))
    assert "For Diallo" in text_of(read(browser_of(shop.agent).get(f"/enquiries/{number}/")))


def test_another_buyer_finds_nothing(shop: Shop, amina: Client) -> None:
    number = asked(shop, amina)
    stranger = browser_of(shop.market.buyer("Rosa"))
    assert stranger.get(f"/enquiries/{number}/").status_code == 404
    assert stranger.post(f"/enquiries/{number}/close").status_code == 404
    assert "You have not asked anything yet" in read(stranger.get("/enquiries/"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_reads_in_every_language(
    shop: Shop, amina: Client, language: str, assert_accessible: Callable[[bytes], None]
) -> None:
    number = asked(shop, amina, quantity="500", target_price="3", destination="MA")
    amina.cookies["language"] = language
    for place in ("/enquiries/", f"/enquiries/{number}/", f"/enquiries/ask/?good={shop.cups[0]}"):
        answer = amina.get(place)
        assert answer.status_code == 200, place
        assert_accessible(answer.content)
