from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from sundry.goods.catalogue import actions_photos

pytestmark = pytest.mark.django_db


def upload(colour: str) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return SimpleUploadedFile(f"{colour}.png", out.getvalue(), "image/png")


class Good:
    """A good with photos, and the browser of its stall."""

    def __init__(self, bazaar: Any, enter: Any) -> None:
        self.bazaar, self.holder = bazaar, bazaar.holder()
        self.number = bazaar.add(self.holder)
        self.client: Client = enter(self.holder)
        self.address = f"/my/goods/{self.number}/photos/"

    @property
    def photos(self) -> list[Any]:
        return list(self.bazaar.good(self.number).photos)

    @property
    def files(self) -> list[str]:
        return [photo.file for photo in self.photos]


@pytest.fixture
def good(bazaar: Any, enter: Any) -> Good:
    made = Good(bazaar, enter)
    made.client.post(made.address, {"photos": [upload("red"), upload("green"), upload("blue")]})
    assert len(made.files) == 3
    return made


@pytest.mark.parametrize(
    ("place", "by", "order"), [(2, "first", [2, 0, 1]), (1, "forward", [1, 0, 2]), (0, "back", [1, 0, 2])]
)
def test_a_photo_is_moved_by_a_button_and_found_again(good: Good, place: int, by: str, order: list[int]) -> None:
    before = good.files
    photo = good.photos[place].id
    answer = good.client.post(f"{good.address}move", {"photo": photo, "by": by})
    assert answer.headers["Location"] == f"{good.address}#photo-{photo}"
    assert good.files == [before[one] for one in order]
    assert good.bazaar.good(good.number).card.cover == good.files[0]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_is_removed_comes_back_to_its_place(good: Good, place: int, assert_accessible: Any) -> None:
    before = good.files
    answer = good.client.post(f"{good.address}remove", {"photo": good.photos[place].id}, follow=True)
    assert len(good.files) == 2
    assert_accessible(answer.content)
    assert "The photo is gone." in answer.content.decode()
    given = {"file": answer.context["removed"], "place": answer.context["place"]}
    assert good.client.post(f"{good.address}restore", given).status_code == 302
    assert good.files == before
    again = good.client.post(f"{good.address}restore", given, follow=True)  # a second click
    assert "toast-error" in again.content.decode()
    assert good.files == before


def test_a_bad_one_among_good_ones_is_named_and_the_others_are_kept(good: Good, assert_accessible: Any) -> None:
    bad = SimpleUploadedFile("cv.png", b"%PDF-1.7", "image/png")
    answer = good.client.post(good.address, {"photos": [upload("white"), bad]})
    assert answer.status_code == 422
    assert_accessible(answer.content)
    assert "cv.png" in answer.content.decode()
    assert len(good.files) == 4
    assert good.client.post(good.address, {}).status_code == 422


def test_a_photo_of_another_good_cannot_be_named(good: Good) -> None:
    other = good.bazaar.add(good.holder)
    foreign = actions_photos.add_photo(actor=good.holder, number=other, file=good.files[0], now=good.bazaar.now)
    for photo in (foreign, "x", ""):
        for what in ("move", "remove"):
            assert good.client.post(f"{good.address}{what}", {"photo": photo}).status_code == 404
    for file in ("", "0" * 64, "../../x"):
        assert good.client.post(f"{good.address}restore", {"file": file, "place": "9" * 9}).status_code == 404
    assert len(good.files) == 3
    assert "gone" not in good.client.get(f"{good.address}?removed=<b>&place=1").content.decode()


def test_the_last_picture_of_a_nameless_good_on_show_stays(bazaar: Any, enter: Any) -> None:
    good = Good(bazaar, enter)
    good.holder = bazaar.holder("Sun", trusted=True)
    good.client = enter(good.holder)
    good.number = bazaar.add(good.holder, names={})
    good.address = f"/my/goods/{good.number}/photos/"
    good.client.post(good.address, {"photos": upload("red")})
    good.client.post("/my/goods/submit", {"row": good.number})
    answer = good.client.post(f"{good.address}remove", {"photo": good.photos[0].id}, follow=True)
    assert "toast-error" in answer.content.decode()
    assert len(good.files) == 1
