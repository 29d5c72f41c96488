from __future__ import annotations

import uuid
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from sundry.goods.catalogue import pages_add, queries
from sundry.goods.catalogue.errors import Busy
from sundry.goods.catalogue.rules import PHOTO_BYTES_MAX, Step, Supply

pytestmark = pytest.mark.django_db
ADD = "/my/goods/add/"


def upload(colour: str = "red", name: str = "cup.png") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def form(**more: Any) -> dict[str, Any]:
    return {"key": str(uuid.uuid4()), "supply": "stock", "step_1_price": "3.20", "step_1_quantity": "120"} | more


@pytest.fixture
def holder(bazaar: Any) -> Any:
    return bazaar.holder()


@pytest.fixture
def stall(bazaar: Any, holder: Any, enter: Any) -> Client:
    made: Client = enter(holder)
    return made


def goods(bazaar: Any, holder: Any) -> list[int]:
    return [card.number for card in queries.goods_of_stall(bazaar.stall_of(holder))]


def test_a_plain_form_makes_a_good_that_waits(bazaar: Any, holder: Any, stall: Client) -> None:
    given = form(name="粉色牙刷杯", stock_pieces="1,200", photos=[upload("red"), upload("blue")], carton_pieces="48")
    given |= {"step_2_quantity": "1200", "step_2_price": "2.85"}
    answer = stall.post(ADD, given)
    (number,) = goods(bazaar, holder)
    assert answer.headers["Location"] == f"/my/goods/{number}/"
    view = bazaar.good(number)
    assert view.card.state == "submitted"
    assert view.draft.names == {"zh": "粉色牙刷杯"}
    assert view.draft.ladder == (Step(120, 320), Step(1200, 285))
    assert view.draft.category == "bathroom_accessories", "guessed from the name"
    assert (view.draft.stock_pieces, view.draft.carton.pieces, len(view.photos)) == (1200, 48, 2)
    page = stall.get(answer.headers["Location"]).content.decode()
    assert "In your words" in page
    assert "Put together from the lexicon" in page


def test_what_is_sent_twice_is_added_once(bazaar: Any, holder: Any, stall: Client) -> None:
    given = form(name="杯")
    first = stall.post(ADD, given | {"photos": upload()}, headers={"accept": "application/json"})
    again = stall.post(ADD, given | {"photos": upload()}, headers={"accept": "application/json"})
    (number,) = goods(bazaar, holder)
    assert first.json() == again.json() == {"number": number, "address": f"/my/goods/{number}/"}


def test_a_draft_may_be_nearly_empty(bazaar: Any, holder: Any, stall: Client) -> None:
    assert stall.post(ADD, {"key": str(uuid.uuid4()), "supply": "made", "draft": "1"}).status_code == 302
    (number,) = goods(bazaar, holder)
    assert bazaar.state(number) == "draft"
    assert bazaar.good(number).draft.supply is Supply.MADE


def test_a_mistake_stands_at_its_field_and_photos_need_not_be_chosen_again(
    bazaar: Any, holder: Any, stall: Client, assert_accessible: Any
) -> None:
    given = form(name="杯", step_2_quantity="1200", step_2_price="28.5", photos=upload())
    answer = stall.post(ADD, given)
    assert answer.status_code == 422
    assert not goods(bazaar, holder)
    page = answer.content.decode()
    assert_accessible(page)
    assert 'href="#id_step_2_price"' in page
    kept = answer.context["kept"]
    assert len(kept) == 1
    assert f'name="kept" value="{kept[0]}"' in page
    given |= {"step_2_price": "2.85", "kept": kept}
    del given["photos"]
    assert stall.post(ADD, given).status_code == 302
    (number,) = goods(bazaar, holder)
    assert [photo.file for photo in bazaar.good(number).photos] == kept


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cup.png"),
        (b"\xff\xd8" + b"0" * PHOTO_BYTES_MAX, "MB"),
        (b"not a picture", "cup.png"),
    ],
    ids=["svg", "large", "text"],
)
def test_a_bad_photo_is_named_and_the_good_one_kept(stall: Client, bad: bytes, told: str) -> None:
    given = form(name="杯", photos=[upload("green", "good.png"), SimpleUploadedFile("cup.png", bad, "image/png")])
    answer = stall.post(ADD, given, headers={"accept": "application/json"})
    assert answer.status_code == 422
    (problem,) = answer.json()["errors"]["photos"]
    assert told in problem
    plain = stall.post(ADD, given | {"photos": [upload("green"), SimpleUploadedFile("cup.png", bad)]})
    assert len(plain.context["kept"]) == 1


def test_what_is_far_too_large_is_refused_before_it_is_read(stall: Client) -> None:
    answer = stall.post(ADD, form(photos=SimpleUploadedFile("a.png", b"0" * 22_000_000, "image/png")))
    assert answer.status_code == 413
    assert b"MB" in answer.content


def test_a_machine_that_is_busy_is_asked_again(stall: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_data: bytes) -> None:
        raise Busy("catalogue_photo_busy")

    monkeypatch.setattr(pages_add.pictures, "keep", busy)
    answer = stall.post(ADD, form(name="杯", photos=upload()), headers={"accept": "application/json"})
    assert answer.status_code == 503


def test_a_photo_that_nobody_kept_and_a_key_that_is_none_are_refused(bazaar: Any, holder: Any, stall: Client) -> None:
    assert stall.post(ADD, form(name="杯", kept="../../etc/passwd")).status_code == 302  # left out
    assert stall.post(ADD, form(name="杯", key="1")).status_code == 422
    assert len(goods(bazaar, holder)) == 1
    assert not bazaar.good(goods(bazaar, holder)[0]).photos


def test_another_stalls_key_is_told_and_nothing_is_added(bazaar: Any, holder: Any, stall: Client, enter: Any) -> None:
    other = bazaar.holder("Sun")
    given = form(name="杯")
    assert enter(other).post(ADD, given).status_code == 302
    assert stall.post(ADD, given).status_code == 422
    assert not goods(bazaar, holder)


def test_a_category_is_guessed_from_a_name(stall: Client) -> None:
    page = stall.get("/my/goods/add/guess", {"name": "粉色牙刷杯", "language": "zh"}).content.decode()
    assert "Bathroom accessories" in page
    unknown = stall.get("/my/goods/add/guess", {"name": "<b>qqq", "language": "zh"}).content.decode()
    assert "We do not know yet" in unknown
    assert "<b>" not in unknown
    assert not stall.get("/my/goods/add/guess", {"name": "", "language": "xx"}).content.strip()


def test_somebody_without_a_stall_is_told_what_to_do(bazaar: Any, enter: Any, assert_accessible: Any) -> None:
    from sundry.base.access.rules import Kind

    page = enter(bazaar._founder("New", Kind.STALL)).get(ADD).content.decode()
    assert_accessible(page)
    assert "No stall of the market is yours yet" in page
    assert "add-good" not in page


def test_with_several_stalls_she_chooses_and_the_choice_stays_in_the_address(
    bazaar: Any, holder: Any, stall: Client, assert_accessible: Any
) -> None:
    from sundry.goods.catalogue import actions_stalls, queries_stalls

    second = bazaar.booth()
    actions_stalls.claim(actor=bazaar.operator, stall=second, organisation=holder.organisation, now=bazaar.now)
    number = queries_stalls.stall(second).card.number
    page = stall.get(ADD).content.decode()
    assert_accessible(page)
    assert f'href="?stall={number}"' in page
    assert f'action="{ADD}?stall={number}"' in stall.get(f"{ADD}?stall={number}").content.decode()
    assert stall.post(f"{ADD}?stall={number}", form(name="杯")).status_code == 302
    (card,) = queries.goods_of_stall(second)
    assert card.names == {"zh": "杯"}
