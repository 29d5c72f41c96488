"""A stall's own pages and the operator's, as a whole: sound in six languages, closed to others, in few statements."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import lxml.html
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from sundry.goods.catalogue import (
    actions,
    actions_photos,
    actions_stalls,
    actions_wanted,
    paper_files,
    pictures,
    queries_stalls,
)
from sundry.goods.catalogue.rules import Supply, Variant

pytestmark = pytest.mark.django_db

LANGUAGES = ("zh-hans", "en", "ar", "es", "fr", "ru")
EVIL = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(3)>',
    "' onmouseover='alert(4)",
    "<svg/onload=alert(5)>",
    "{{ 7|add:7 }}{% debug %}",
    "javascript:alert(6)",
    "]]>&lt;b&gt; %(name)s {0}",
)


@dataclass
class Desk:
    """A stall with goods in every state, a paper, words that nobody found; an operator."""

    bazaar: Any
    holder: Any
    other: Any
    numbers: list[int]
    waiting: int
    paper: uuid.UUID
    miss: uuid.UUID
    foreign: int

    @property
    def stall(self) -> Any:
        return self.bazaar.stall(self.holder).card


@pytest.fixture(scope="module")
def desk(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, make_bazaar: Any
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    opened = replace(settings.SUNDRY, data_dir=folder)
    with override_settings(SUNDRY=opened, FILES_DIR=folder), django_db_blocker.unblock(), transaction.atomic():
        yield _desk(make_bazaar())
        transaction.set_rollback(True)


def photo_bytes(colour: str = "red", size: tuple[int, int] = (64, 48)) -> bytes:
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def _desk(bazaar: Any) -> Desk:
    holder, other = bazaar.holder(), bazaar.holder("Sun", trusted=True)
    now = bazaar.now
    draft = bazaar.add(holder, names={"zh": "粉色牙刷杯", "fr": "gobelet"}, item_number="K-17")
    for colour in ("red", "blue"):
        file = pictures.keep(photo_bytes(colour)).file
        actions_photos.add_photo(actor=holder, number=draft, file=file, now=now)
    waiting = bazaar.add(
        holder, submit=True, names={"zh": EVIL[0], "en": EVIL[1]}, descriptions={"zh": "\n".join(EVIL)},
        item_number=EVIL[2], brand=EVIL[3][:80], supply=Supply.MADE, lead_time_days=9,
        variants=(Variant({"zh": EVIL[4]}, EVIL[5]),),
    )  # fmt: skip
    refused = bazaar.add(holder, submit=True)
    actions.refuse(actor=bazaar.operator, number=refused, reason=EVIL[6], now=now)
    nameless = bazaar.add(holder, names={}, ladder=())
    paper = actions_stalls.submit_paper(
        actor=holder, stall=bazaar.stall_of(holder), brand=EVIL[0], file=paper_files.keep(photo_bytes("white")),
        valid_from=now.date(), valid_until=None, now=now,
    )  # fmt: skip
    actions_wanted.count_miss(language="en", text=EVIL[1], now=now)
    (miss,) = queries_stalls.misses()
    foreign = bazaar.add(other, submit=True)
    return Desk(bazaar, holder, other, [draft, waiting, refused, nameless], waiting, paper, miss.id, foreign)


def browser(actor: Any, language: str = "en") -> Client:
    made = Client()
    made.force_login(get_user_model().objects.get(pk=actor.person))
    made.cookies["language"] = language
    return made


def addresses(desk: Desk) -> dict[str, list[str]]:
    return {
        "holder": [
            "/my/goods/",
            "/my/goods/?state=refused&words=K&before=999999",
            "/my/goods/add/",
            *(f"/my/goods/{number}/" for number in desk.numbers),
            f"/my/goods/{desk.waiting}/edit/",
            f"/my/goods/{desk.numbers[0]}/photos/",
            "/my/stall/",
            "/my/papers/",
        ],
        "operator": [
            "/market/queue/",
            "/market/papers/",
            "/market/stalls/",
            "/market/stalls/?words=zzz",
            "/market/stalls/register/",
            f"/market/stalls/{desk.stall.number}/?words=Li",
            "/market/misses/",
            f"/market/misses/?miss={desk.miss}&words=cup",
            f"/my/goods/{desk.waiting}/",
        ],
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_sound(desk: Desk, assert_accessible: Callable[[bytes], None], language: str) -> None:
    for who, actor in (("holder", desk.holder), ("operator", desk.bazaar.operator)):
        client = browser(actor, language)
        for address in addresses(desk)[who]:
            response = client.get(address)
            assert response.status_code == 200, address
            try:
                assert_accessible(response.content)
            except AssertionError as fault:
                raise AssertionError(f"{address}: {fault}") from None


def test_no_text_of_a_stall_becomes_markup(desk: Desk) -> None:
    seen = ""
    for who, actor in (("holder", desk.holder), ("operator", desk.bazaar.operator)):
        client = browser(actor)
        for address in addresses(desk)[who]:
            page = client.get(address).content.decode()
            tree = lxml.html.document_fromstring(page)
            assert not tree.xpath("//script[not(@src)]"), address
            assert not tree.xpath("//*[@*[starts-with(name(), 'on')]] | //*[starts-with(@href, 'javascript:')]"), (
                address
            )
            assert not tree.xpath("//img[@src='x'] | //main//svg[not(@class) and not(@viewBox)]"), address
            seen += page
    assert "&lt;script&gt;alert(1)" in seen
    assert "{{ 7|add:7 }}" in seen


def test_anothers_numbers_are_not_there_by_any_method(desk: Desk) -> None:
    client = browser(desk.holder)
    photo = str(uuid.uuid4())
    for number in (desk.foreign, 999_999_999, 2**70):
        for tail in ("", "edit/", "photos/"):
            assert client.get(f"/my/goods/{number}/{tail}").status_code == 404, tail
        for tail in ("edit/", "photos/", "photos/move", "photos/remove", "photos/restore"):
            response = client.post(f"/my/goods/{number}/{tail}", {"photo": photo, "version": "1"})
            assert response.status_code == 404, tail
        for action in ("submit", "withdraw"):
            rows = [str(desk.numbers[0]), str(number)][: 1 if number > 2**63 else 2]
            if number < 2**63:
                assert client.post(f"/my/goods/{action}", {"row": rows}).status_code == 404, action
    assert desk.bazaar.state(desk.numbers[0]) == "draft"
    foreign_stall = desk.bazaar.stall(desk.other).card.number
    for address in ("/my/goods/", "/my/goods/add/", "/my/stall/", "/my/papers/"):
        assert client.get(f"{address}?stall={foreign_stall}").status_code == 404, address
        assert client.get(f"{address}?stall={'9' * 30}").status_code == 404, address
    assert browser(desk.other).get(f"/my/papers/{desk.paper}/file").status_code == 404
    shown = browser(desk.bazaar.operator).get(f"/my/papers/{desk.paper}/file")
    assert shown.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(shown.streaming_content).startswith(b"RIFF")


def test_nobody_else_reaches_them(desk: Desk) -> None:
    buyer = browser(desk.bazaar.buyer())
    for who in ("holder", "operator"):
        for address in addresses(desk)[who]:
            assert buyer.get(address).status_code in (403, 404), address
            assert "/login" in Client().get(address).headers["Location"], address
    holder = browser(desk.holder)
    assert holder.get("/market/queue/").status_code == 403
    assert holder.post("/market/queue/approve", {"row": desk.waiting}).status_code == 403
    operator = browser(desk.bazaar.operator)
    assert operator.get(f"/my/goods/{desk.waiting}/edit/").status_code in (403, 404)
    assert "edit/" not in operator.get(f"/my/goods/{desk.waiting}/").content.decode()


@pytest.mark.parametrize("address", ["/my/goods/submit", "/my/goods/add/", "/market/queue/approve", "/my/stall/"])
def test_a_forged_form_is_refused(desk: Desk, address: str) -> None:
    actor = desk.bazaar.operator if address.startswith("/market") else desk.holder
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(get_user_model().objects.get(pk=actor.person))
    assert strict.post(address, {"row": desk.waiting}).status_code == 403
    assert desk.bazaar.state(desk.waiting) == "submitted"


@pytest.mark.parametrize(
    ("who", "address"), [("holder", "/my/goods/"), ("operator", "/market/queue/"), ("operator", "/market/stalls/")]
)
def test_a_list_takes_as_many_statements_for_many_as_for_few(desk: Desk, who: str, address: str) -> None:
    client = browser(desk.holder if who == "holder" else desk.bazaar.operator)

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    statements()  # what a session notes of a first request is noted
    few = statements()
    for _ in range(8):
        desk.bazaar.add(desk.holder, submit=True, brand="Acme")
        desk.bazaar.holder("Zhou")
    assert statements() == few
