"""/my/goods/<number>/photos/: the photos of a good: more of them, their order, one less, and that undone.

Each button is a form of its own, so that it works by keyboard and without the script; who moves a photo finds the focus
on it again by the address.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from sundry.base.access.guard import actor_of, guarded
from sundry.goods.catalogue import actions_photos, pictures, queries
from sundry.goods.catalogue.errors import Busy, NotThere
from sundry.goods.catalogue.forms_fields import PhotosField
from sundry.goods.catalogue.operations import GOOD_WRITE
from sundry.goods.catalogue.own_stall import her_good
from sundry.goods.catalogue.pages_add import keep_upload
from sundry.goods.catalogue.pages_my_goods import name_of
from sundry.goods.catalogue.rules import PHOTO_BYTES_MAX, PHOTOS_MAX, GoodView
from sundry.goods.catalogue.storefront import language_of_reader, nothing_there, unlisted
from sundry.kernel.errors import SundryError
from sundry.kernel.identifiers import id_or_none


@guarded(GOOD_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def photos(request: HttpRequest, my_good: int) -> HttpResponse:
    """All of them; more of them. `removed`, `place`: what can be undone."""
    view = her_good(request, GOOD_WRITE, my_good)
    problems: list[str] = []
    if request.method == "POST":
        problems = _added(request, my_good)
        if not problems:
            return redirect("my_photos", my_good=my_good)
        view = queries.good(my_good) or view
    removed = request.GET.get("removed", "")
    context = {
        "head": unlisted(gettext("Photos")),
        "view": view,
        "name": name_of(view),
        "problems": problems,
        "removed": removed if _is_kept(removed) else "",
        "place": request.GET.get("place", ""),
        "limit_bytes": PHOTO_BYTES_MAX,
        "is_full": len(view.photos) >= PHOTOS_MAX,
        "most": PHOTOS_MAX,
        "is_changed": bool(problems),
    }
    return render(request, "catalogue/stall/photos.html", context, status=422 if problems else 200)


def _added(request: HttpRequest, number: int) -> list[str]:
    """What was wrong with which photo; those that are fine are the good's already."""
    kept: list[str] = []
    problems = []
    language = language_of_reader()
    try:
        for upload in PhotosField(required=False).clean(request.FILES.getlist("photos")):
            if problem := keep_upload(upload, kept):
                problems.append(problem)
    except Busy as refusal:
        problems.append(refusal.message(language))
    if not kept and not problems:
        problems.append(gettext("No photo was chosen."))
    for file in kept:
        try:
            actions_photos.add_photo(actor=actor_of(request), number=number, file=file, now=timezone.now())
        except SundryError as refusal:
            problems.append(refusal.message(language))
    return problems


@guarded(GOOD_WRITE)
def move(request: HttpRequest, my_good: int) -> HttpResponse:
    """A photo one place forward (`by` -1), back (1), or to the front (0)."""
    view = her_good(request, GOOD_WRITE, my_good)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])  # after it is known whose the good is
    order = [photo.id for photo in view.photos]
    photo = _the_photo(request, view)
    place = order.index(photo)
    by = request.POST.get("by", "")
    to = {"first": 0, "back": place + 1}.get(by, place - 1)
    order.insert(max(0, to), order.pop(place))
    _tell(request, lambda: actions_photos.order_photos(
        actor=actor_of(request), number=my_good, photos=order, now=timezone.now()
    ))  # fmt: skip
    return _back(my_good, at=f"photo-{photo}")


@guarded(GOOD_WRITE)
def remove(request: HttpRequest, my_good: int) -> HttpResponse:
    """One photo less; the page says how to have it back."""
    view = her_good(request, GOOD_WRITE, my_good)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])  # after it is known whose the good is
    photo = _the_photo(request, view)
    place, file = next((place, one.file) for place, one in enumerate(view.photos) if one.id == photo)
    done = _tell(request, lambda: actions_photos.remove_photo(
        actor=actor_of(request), number=my_good, photo=photo, now=timezone.now()
    ))  # fmt: skip
    return _back(my_good, query=f"?removed={file}&place={place}" if done else "")


@guarded(GOOD_WRITE)
def restore(request: HttpRequest, my_good: int) -> HttpResponse:
    """A photo that was removed comes back to its place."""
    view = her_good(request, GOOD_WRITE, my_good)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])  # after it is known whose the good is
    file, place = request.POST.get("file", ""), request.POST.get("place", "")
    if not _is_kept(file):
        raise nothing_there(GOOD_WRITE)

    def put_back() -> None:
        actor, now = actor_of(request), timezone.now()
        photo = actions_photos.add_photo(actor=actor, number=my_good, file=file, now=now)
        order = [one.id for one in view.photos]
        if place.isascii() and place.isdigit() and len(place) < 3 and int(place) < len(order):
            order.insert(int(place), photo)
            actions_photos.order_photos(actor=actor, number=my_good, photos=order, now=now)

    _tell(request, put_back)
    return _back(my_good)


def _is_kept(file: str) -> bool:
    return bool(file) and pictures.known(file) is not None


def _the_photo(request: HttpRequest, view: GoodView) -> uuid.UUID:
    """AccessRefused: it is none of this good."""
    photo = id_or_none(request.POST.get("photo", ""))
    if photo is None or photo not in {one.id for one in view.photos}:
        raise nothing_there(GOOD_WRITE)
    return photo


def _tell(request: HttpRequest, act: Callable[[], object]) -> bool:
    """Whether it was done; why not, as a message."""
    try:
        act()
    except NotThere:
        raise nothing_there(GOOD_WRITE) from None
    except SundryError as refusal:
        messages.error(request, refusal.message(language_of_reader()))
        return False
    return True


def _back(number: int, *, query: str = "", at: str = "") -> HttpResponse:
    response = redirect("my_photos", my_good=number)
    response.headers["Location"] = f"{reverse('my_photos', args=[number])}{query}{'#' if at else ''}{at}"
    return response


urlpatterns = [
    path("my/goods/<int:my_good>/photos/", photos, name="my_photos"),
    path("my/goods/<int:my_good>/photos/move", move, name="my_photo_move"),
    path("my/goods/<int:my_good>/photos/remove", remove, name="my_photo_remove"),
    path("my/goods/<int:my_good>/photos/restore", restore, name="my_photo_restore"),
]
