"""Photos of a good come, change places and go; the first of them is its cover."""

from __future__ import annotations

import os
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sundry.goods.catalogue import actions, actions_photos, pictures
from sundry.goods.catalogue.errors import AlreadyDone, NotNow, NotThere
from sundry.goods.catalogue.models import BrandPaper, Change, GoodPhoto, SheetImport, SheetRow
from sundry.goods.catalogue.rules import PHOTO_WIDTHS, PHOTOS_MAX, State


def files(bazaar: Any, number: int) -> list[str]:
    view = bazaar.good(number)
    assert view.card.cover == (view.photos[0].file if view.photos else "")
    return [photo.file for photo in view.photos]


def test_photos_come_change_places_and_go(bazaar: Any, photo: Any) -> None:
    li = bazaar.holder(trusted=True)
    number = bazaar.add(li, submit=True)
    Change.objects.all().delete()
    red, blue, black = photo("red"), photo("blue"), photo("black")
    ids = [actions_photos.add_photo(actor=li, number=number, file=file, now=bazaar.now) for file in (red, blue, black)]
    assert files(bazaar, number) == [red, blue, black]
    turned = [ids[2], ids[0], ids[1]]
    actions_photos.order_photos(actor=li, number=number, photos=turned, now=bazaar.now)
    assert files(bazaar, number) == [black, red, blue]
    actions_photos.remove_photo(actor=li, number=number, photo=ids[2], now=bazaar.now)
    assert files(bazaar, number) == [red, blue]
    again = actions_photos.add_photo(actor=li, number=number, file=black, now=bazaar.now)
    assert files(bazaar, number) == [red, blue, black]
    assert (bazaar.state(number), bazaar.good(number).version) == (State.LISTED, 7)
    assert set(Change.objects.values_list("number", flat=True)) == {number}
    row = GoodPhoto.objects.get(id=again)
    assert (row.width, row.height) == (64, 48)
    assert row.likeness is not None


def test_a_new_photo_of_a_stall_that_is_not_trusted_is_looked_at(bazaar: Any, photo: Any) -> None:
    li = bazaar.holder()
    number = bazaar.add(li, submit=True)
    actions.approve(actor=bazaar.operator, numbers=[number], now=bazaar.now)
    made = actions_photos.add_photo(actor=li, number=number, file=photo("red"), now=bazaar.now)
    assert bazaar.state(number) is State.SUBMITTED
    assert bazaar.stall(li).card.goods == 0
    actions.approve(actor=bazaar.operator, numbers=[number], now=bazaar.now)
    actions_photos.remove_photo(actor=li, number=number, photo=made, now=bazaar.now)
    assert bazaar.state(number) is State.LISTED


def test_what_is_refused_changes_nothing(bazaar: Any, photo: Any) -> None:
    li, zhang = bazaar.holder("Li", trusted=True), bazaar.holder("Zhang")
    number, red = bazaar.add(li), photo("red")
    kept = actions_photos.add_photo(actor=li, number=number, file=red, now=bazaar.now)
    other = actions_photos.add_photo(actor=li, number=bazaar.add(li), file=red, now=bazaar.now)
    given = {"number": number, "now": bazaar.now}
    for fault, act in (
        (AlreadyDone, lambda: actions_photos.add_photo(actor=li, file=red, **given)),
        (NotThere, lambda: actions_photos.add_photo(actor=li, file="a" * 64, **given)),
        (NotThere, lambda: actions_photos.add_photo(actor=li, file="../../etc/passwd", **given)),
        (NotThere, lambda: actions_photos.add_photo(actor=zhang, file=photo("blue"), **given)),
        (NotThere, lambda: actions_photos.remove_photo(actor=zhang, photo=kept, **given)),
        (NotThere, lambda: actions_photos.remove_photo(actor=li, photo=other, **given)),
        (NotThere, lambda: actions_photos.order_photos(actor=zhang, photos=[kept], **given)),
        (NotNow, lambda: actions_photos.order_photos(actor=li, photos=[kept, kept], **given)),
        (NotNow, lambda: actions_photos.order_photos(actor=li, photos=[other], **given)),
        (NotNow, lambda: actions_photos.order_photos(actor=li, photos=[uuid.uuid4()], **given)),
    ):
        with pytest.raises(fault):
            act()
        assert files(bazaar, number) == [red]
        assert bazaar.good(number).version == 2


def test_a_good_has_so_many_photos_and_no_more(bazaar: Any, photo: Any) -> None:
    li = bazaar.holder()
    number, red = bazaar.add(li), photo("red")
    good = bazaar.good(number).card.id
    GoodPhoto.objects.bulk_create(
        GoodPhoto(good_id=good, position=place, file=f"{place:064x}", width=1, height=1) for place in range(PHOTOS_MAX)
    )
    with pytest.raises(NotNow, match="at most 12"):
        actions_photos.add_photo(actor=li, number=number, file=red, now=bazaar.now)


def test_the_last_photo_of_a_good_without_a_name_stays_while_it_is_on_show(bazaar: Any, photo: Any) -> None:
    li = bazaar.holder(trusted=True)
    number = bazaar.add(li, names={})
    made = actions_photos.add_photo(actor=li, number=number, file=photo("red"), now=bazaar.now)
    actions.submit(actor=li, numbers=[number], now=bazaar.now)
    with pytest.raises(NotNow, match="no name"):
        actions_photos.remove_photo(actor=li, number=number, photo=made, now=bazaar.now)
    actions.withdraw(actor=li, numbers=[number], now=bazaar.now)
    actions_photos.remove_photo(actor=li, number=number, photo=made, now=bazaar.now)
    assert files(bazaar, number) == []
    actions_photos.order_photos(actor=li, number=number, photos=[], now=bazaar.now)


def test_photos_that_nothing_shows_are_forgotten_after_a_month(bazaar: Any, photo: Any) -> None:
    li, now = bazaar.holder(), datetime.now(UTC)  # files have the time of the machine
    shown, on_paper, in_sheet, sent_again, unused, young = map(photo, ("red", "blue", "black", "lime", "gold", "navy"))
    old = [shown, on_paper, in_sheet, sent_again, unused]
    month_ago = (now - timedelta(days=31)).timestamp()
    for file in old:
        for width in PHOTO_WIDTHS:
            os.utime(pictures.path(file, width), (month_ago, month_ago))
    os.utime(pictures.path(young, 1280), (now.timestamp(),) * 2)
    photo("lime")
    actions_photos.add_photo(actor=li, number=bazaar.add(li), file=shown, now=bazaar.now)
    stall = bazaar.stall_of(li)
    BrandPaper.objects.create(stall_id=stall, file=on_paper, valid_from=bazaar.now.date(), submitted_at=bazaar.now)
    sheet = SheetImport.objects.create(stall_id=stall, name="goods.xlsx")
    SheetRow.objects.create(sheet=sheet, row=2, photos=[in_sheet])
    assert actions_photos.forget_photos(now=now) == 1
    assert [pictures.known(file) is not None for file in (*old, young)] == [True, True, True, True, False, True]
    assert not any(pictures.path(unused, width).exists() for width in PHOTO_WIDTHS)
    assert actions_photos.forget_photos(now=now) == 0
