"""What happens to the photos of a good: one comes, their order changes, one goes. The first is the good's cover."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Case, SmallIntegerField, Value, When
from django.utils.module_loading import import_string

from sundry.base.access.rules import Actor
from sundry.goods.catalogue import pictures
from sundry.goods.catalogue.errors import AlreadyDone, NotNow, NotThere
from sundry.goods.catalogue.models import BrandPaper, Good, GoodPhoto, SheetRow, Stall
from sundry.goods.catalogue.rules import PHOTOS_MAX, State
from sundry.goods.catalogue.writing import TOUCHED, locked_good, moved, photo_rows, touch

UNUSED_PHOTOS_ARE_KEPT_FOR: Final = timedelta(days=30)  # a phone may hold a draft back that long


def add_photo(*, actor: Actor, number: int, file: str, now: datetime) -> uuid.UUID:
    """Behind those that it has; the id of the photo. `file`: what `pictures.keep` gave.

    A good on show of a stall that is not trusted goes back to the operator. NotThere; AlreadyDone; NotNow: it has as
    many as a good may have.
    """
    with transaction.atomic():
        stall, good = locked_good(actor, number)
        photos = list(GoodPhoto.objects.filter(good=good).order_by("position"))
        if any(photo.file == file for photo in photos):
            raise AlreadyDone("catalogue_photo_there")
        if len(photos) >= PHOTOS_MAX:
            raise NotNow("catalogue_photos_full", most=PHOTOS_MAX)
        (row,) = photo_rows(good.id, [file], position=photos[-1].position + 1 if photos else 0)
        row.save(force_insert=True)
        _write(good, stall, actor, cover=good.cover or file, looks_new=True, now=now)
    return row.id


def order_photos(*, actor: Actor, number: int, photos: Sequence[uuid.UUID], now: datetime) -> None:
    """Show its photos in this order. NotThere; NotNow: these are not its photos, each once."""
    with transaction.atomic():
        stall, good = locked_good(actor, number)
        files = dict(GoodPhoto.objects.filter(good=good).values_list("id", "file"))
        if sorted(files) != sorted(photos):
            raise NotNow("catalogue_photos_differ", number=number)
        if not photos:
            return
        places = [When(id=photo, then=Value(position)) for position, photo in enumerate(photos)]
        GoodPhoto.objects.filter(good=good).update(position=Case(*places, output_field=SmallIntegerField()))
        _write(good, stall, actor, cover=files[photos[0]], looks_new=False, now=now)


def remove_photo(*, actor: Actor, number: int, photo: uuid.UUID, now: datetime) -> None:
    """NotThere; NotNow: the good is on show, or waits, and has neither a name nor another photo."""
    with transaction.atomic():
        stall, good = locked_good(actor, number)
        files = dict(GoodPhoto.objects.filter(good=good).order_by("position").values_list("id", "file"))
        if files.pop(photo, None) is None:
            raise NotThere("catalogue_photo_not_there")
        if not files and not good.names and good.state in (State.LISTED, State.SUBMITTED):
            raise NotNow("catalogue_photo_is_needed", number=number)
        GoodPhoto.objects.filter(id=photo).delete()
        _write(good, stall, actor, cover=next(iter(files.values()), ""), looks_new=False, now=now)


def forget_photos(*, now: datetime) -> int:
    """Photos that were sent long ago and that nothing shows, here or where goods are ordered; how many went."""
    return pictures.unused(before=now - UNUSED_PHOTOS_ARE_KEPT_FOR, is_used=_shown)


def _shown(files: Collection[str]) -> set[str]:
    """Those of these photos that a good, a paper or a sheet shows, or one of settings.PHOTO_USES: functions of modules
    down the stream, by their names, which answer the same."""
    elsewhere = (import_string(name)(files) for name in settings.PHOTO_USES)
    return _shown_here(files).union(*elsewhere)


def _shown_here(files: Collection[str]) -> set[str]:
    shown = set(GoodPhoto.objects.filter(file__in=files).values_list("file", flat=True))
    shown |= set(BrandPaper.objects.filter(file__in=files).values_list("file", flat=True))
    for of_row in SheetRow.objects.filter(photos__overlap=list(files)).values_list("photos", flat=True):
        shown.update(of_row)
    return shown


def _write(good: Good, stall: Stall, actor: Actor, *, cover: str, looks_new: bool, now: datetime) -> None:
    was = State(good.state)
    good.cover = cover
    if was is State.LISTED and looks_new and not stall.trusted:
        good.state, good.submitted_at = State.SUBMITTED.value, now
    touch(good, actor, now)
    good.save(update_fields=["cover", "state", "submitted_at", *TOUCHED])
    moved([good], [was], now=now)
