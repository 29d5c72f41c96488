"""The catalogue for programs: what is on show, a stall's own goods, what waits for the operator.

The same rights, rules and words as on the pages. Goods, stalls and products are named by their numbers, which stand in
the addresses of their pages too.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from typing import Annotated, Any, Final, TypeVar

from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile
from pydantic import Field

from sundry.base.access.endpoints import Page, Paging, page_of
from sundry.base.access.guard import AccessRefused, actor_of, admit, guarded
from sundry.base.access.rules import Decision, Operation, Owner
from sundry.engines.searching.model import Facet
from sundry.goods.catalogue import (
    actions,
    actions_photos,
    actions_stalls,
    categories,
    pictures,
    queries,
    queries_stalls,
    searching,
)
from sundry.goods.catalogue import api_schemas as told
from sundry.goods.catalogue.errors import NotThere
from sundry.goods.catalogue.operations import (
    CATEGORY_READ,
    GOOD_DECIDE,
    GOOD_MANAGE,
    GOOD_READ,
    GOOD_SUBMIT,
    GOOD_WITHDRAW,
    GOOD_WRITE,
    PRODUCT_READ,
    QUEUE_READ,
    SEARCH,
    STALL_LIST,
    STALL_READ,
    STALL_REGISTER,
)
from sundry.goods.catalogue.rules import PHOTO_WIDTHS, Category, GoodCard, Hall, ProductView, State

NOBODY: Final = Owner(organisation=uuid.UUID(int=0))
"""Whose a good is that is not there: an organisation for which nobody acts."""

T = TypeVar("T")
router = Router(tags=["Catalogue"])


# On show ------------------------------------------------------------------------------------------------------------


@router.get("/catalogue/search", response=told.FoundOut, summary="Search goods", url_name="catalogue_search")
@guarded(SEARCH)
def search(request: HttpRequest, wanted: Query[told.SearchIn]) -> dict[str, Any]:
    """Goods that are on show, for words in any of six languages, at most three of a stall on a page. Facets are counted
    without their own filter."""
    found = searching.search(
        wanted.q,
        language=wanted.language,
        reader=wanted.language,
        filters=wanted.filters(),
        sort=wanted.sort,
        cursor=wanted.cursor,
        limit=wanted.limit,
        facets=tuple(Facet),
        words_only=wanted.words_only,
    )
    return {
        "understood": found.meant,
        "corrected": found.corrected,
        "is_near": found.is_near,
        "count": found.page.count,
        "items": [told.good_card(card) for card in found.cards],
        "facets": {facet.value: buckets for facet, buckets in found.page.facets.items()},
        "next": found.page.cursor,
        "milliseconds": round(found.milliseconds, 3),
    }


@router.get(
    "/catalogue/suggestions",
    response=list[told.SuggestionOut],
    summary="Complete what is being typed",
    url_name="catalogue_suggestions",
)
@guarded(SEARCH)
def suggestions(
    request: HttpRequest,
    prefix: Annotated[str, Field(min_length=1, max_length=told.SEARCHED_MAX)],
    language: told.LanguageKey = "en",
) -> Any:
    """Names of concepts first, then words that stand in names of goods."""
    return searching.suggest(prefix, language)


@router.get(
    "/catalogue/goods/{int:good_number}", response=told.GoodOut, summary="Read a good", url_name="catalogue_good"
)
@guarded(GOOD_READ)
def good_read(request: HttpRequest, good_number: int) -> dict[str, Any]:
    """A good that is on show."""
    return told.good(_there(queries.on_show(_number(good_number)), GOOD_READ))


@router.get(
    "/catalogue/goods/{int:good_number}/similar",
    response=list[told.GoodCardOut],
    summary="List similar goods",
    url_name="catalogue_similar",
)
@guarded(GOOD_READ)
def similar(request: HttpRequest, good_number: int) -> list[dict[str, Any]]:
    """Goods with the same head noun and most of the same words, those of other stalls first."""
    _there(queries.on_show(_number(good_number)), GOOD_READ)
    return [told.good_card(card) for card in queries.cards(searching.similar(good_number))]


@router.get(
    "/catalogue/products/{int:product_number}",
    response=told.ProductOut,
    summary="Read a product",
    url_name="catalogue_product",
)
@guarded(PRODUCT_READ)
def product_read(request: HttpRequest, product_number: int) -> dict[str, Any]:
    """What several stalls offer alike, with their offers."""
    return _product(_there(queries.product(_number(product_number)), PRODUCT_READ))


@router.get(
    "/catalogue/stalls/{int:stall_number}", response=told.StallOut, summary="Read a stall", url_name="catalogue_stall"
)
@guarded(STALL_READ)
def stall_read(request: HttpRequest, stall_number: int) -> dict[str, Any]:
    """A stall that is open."""
    view = queries_stalls.stall_by_number(_number(stall_number))
    return told.stall(_there(view if view and view.is_open else None, STALL_READ))


@router.get(
    "/catalogue/stalls/{int:stall_number}/goods",
    response=Page[told.GoodCardOut],
    summary="List the goods of a stall",
    url_name="catalogue_stall_goods",
)
@guarded(STALL_READ)
def stall_goods(request: HttpRequest, stall_number: int, paging: Query[Paging]) -> dict[str, Any]:
    """Those on show, the newest first."""
    view = queries_stalls.stall_by_number(_number(stall_number))
    stall = _there(view if view and view.is_open else None, STALL_READ)
    return _goods_of(stall.card.id, paging, frozenset({State.LISTED}))


@router.get(
    "/catalogue/categories",
    response=list[told.CategoryOut],
    summary="List the categories",
    url_name="catalogue_categories",
)
@guarded(CATEGORY_READ)
def category_list(request: HttpRequest) -> list[Category]:
    """The whole tree, parents before what is below them."""
    return list(categories.tree().values())


@router.get("/catalogue/halls", response=list[told.HallOut], summary="List the halls", url_name="catalogue_halls")
@guarded(STALL_LIST)
def hall_list(request: HttpRequest) -> list[Hall]:
    """The market's buildings and their floors."""
    return list(queries_stalls.halls())  # two of them in a tuple would be taken for a status and an answer


@router.get(
    "/catalogue/halls/{str:hall}/{int:floor}",
    response=list[told.StallCardOut],
    summary="List the stalls of a floor",
    url_name="catalogue_floor",
)
@guarded(STALL_LIST)
def floor_list(request: HttpRequest, hall: str, floor: int) -> list[dict[str, Any]]:
    """By street and booth; [] for a floor that there is not."""
    return [told.stall_card(card) for card in queries_stalls.stalls_on(hall, min(floor, 32_767))]


# A stall's own ------------------------------------------------------------------------------------------------------


@router.get(
    "/catalogue/own/{int:my_stall}/goods",
    response=Page[told.GoodCardOut],
    summary="List own goods",
    url_name="catalogue_own_goods",
)
@guarded(GOOD_MANAGE)
def own_goods(request: HttpRequest, my_stall: int, paging: Query[Paging], state: State | None = None) -> dict[str, Any]:
    """Whatever their state, the newest first; operator and auditor see anybody's."""
    stall = queries_stalls.stall_by_number(_number(my_stall))
    admit(request, GOOD_MANAGE, queries_stalls.owner_of(stall) if stall else NOBODY)
    return _goods_of(_there(stall, GOOD_MANAGE).card.id, paging, frozenset({state}) if state else None)


@router.get(
    "/catalogue/own/goods/{int:my_good}",
    response=told.GoodOut,
    summary="Read an own good",
    url_name="catalogue_own_good",
)
@guarded(GOOD_MANAGE)
def own_good(request: HttpRequest, my_good: int) -> dict[str, Any]:
    """A good whatever its state."""
    _admit(request, GOOD_MANAGE, my_good)
    return told.good(_there(queries.good(my_good), GOOD_MANAGE))


@router.post("/catalogue/own/goods", response={201: told.AddedOut}, summary="Add a good", url_name="catalogue_add")
@guarded(GOOD_WRITE)
def add(request: HttpRequest, good: told.NewGoodIn) -> Any:
    """A good of one's own stall: a draft, or handed in at once."""
    stall = queries_stalls.stall_by_number(good.stall)
    admit(request, GOOD_WRITE, queries_stalls.owner_of(stall) if stall else NOBODY)
    of = _there(stall, GOOD_WRITE).card.id
    number = _done(
        GOOD_WRITE,
        lambda: actions.add_good(
            actor=actor_of(request),
            stall=of,
            draft=good.draft(),
            photos=good.photos,
            submit=good.submit,
            key=good.key,
            now=timezone.now(),
        ),
    )
    return Status(201, {"number": number})


@router.put(
    "/catalogue/own/goods/{int:my_good}",
    response=told.VersionOut,
    summary="Change a good",
    url_name="catalogue_own_good",
)
@guarded(GOOD_WRITE)
def change(request: HttpRequest, my_good: int, good: told.ChangedGoodIn) -> dict[str, int]:
    """Write it whole, as it shall be."""
    _admit(request, GOOD_WRITE, my_good)
    return {
        "version": actions.change_good(
            actor=actor_of(request),
            number=my_good,
            draft=good.draft(),
            version=good.version,
            recounted=good.recounted(),
            seen=good.seen(),
            now=timezone.now(),
        )
    }


@router.post("/catalogue/photos", response={201: told.PhotoOut}, summary="Send a photo", url_name="catalogue_photos")
@guarded(GOOD_WRITE)
def photo_add(request: HttpRequest, file: File[UploadedFile]) -> Any:
    """It is kept in three sizes without what the camera wrote into it; a good is then added with its `file`."""
    kept = pictures.keep(file.read())
    addresses = {str(width): pictures.address(kept.file, width) for width in PHOTO_WIDTHS}
    return Status(201, {"file": kept.file, "width": kept.width, "height": kept.height, "addresses": addresses})


@router.post(
    "/catalogue/own/goods/{int:my_good}/photos/{str:photo_file}",
    response={201: told.PhotoOut},
    summary="Put a photo to a good",
    url_name="catalogue_own_photo",
)
@guarded(GOOD_WRITE)
def photo_put(request: HttpRequest, my_good: int, photo_file: str) -> Any:
    """Behind those that it has."""
    _admit(request, GOOD_WRITE, my_good)
    added = _done(
        GOOD_WRITE,
        lambda: actions_photos.add_photo(actor=actor_of(request), number=my_good, file=photo_file, now=timezone.now()),
    )
    view = _there(queries.good(my_good), GOOD_WRITE)
    return Status(201, next(told.photo(one) for one in view.photos if one.id == added))


@router.post("/catalogue/own/submit", response=told.StatesOut, summary="Hand goods in", url_name="catalogue_submit")
@guarded(GOOD_SUBMIT)
def submit(request: HttpRequest, goods: told.NumbersIn) -> dict[str, Any]:
    """All of them or none: on show at once where the operator trusts the stall, else they wait for the operator."""
    return {
        "states": _done(
            GOOD_SUBMIT,
            lambda: actions.submit(actor=actor_of(request), numbers=goods.numbers, now=timezone.now()),
        )
    }


@router.post("/catalogue/own/withdraw", response={204: None}, summary="Take goods back", url_name="catalogue_withdraw")
@guarded(GOOD_WITHDRAW)
def withdraw(request: HttpRequest, goods: told.NumbersIn) -> Any:
    """All of them or none."""
    _done(GOOD_WITHDRAW, lambda: actions.withdraw(actor=actor_of(request), numbers=goods.numbers, now=timezone.now()))
    return Status(204, None)


# The operator's -----------------------------------------------------------------------------------------------------


@router.get("/catalogue/queue", response=Page[told.GoodOut], summary="List what waits", url_name="catalogue_queue")
@guarded(QUEUE_READ)
def queue(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Goods that stalls handed in, the longest waiting first."""
    after = paging.after("catalogue queue")
    found = queries.queue(after=int(after) if after else None, limit=paging.limit + 1)
    return page_of(found, paging, "catalogue queue", key=lambda view: str(view.card.number), item=told.good)


@router.post("/catalogue/queue/approve", response={204: None}, summary="Approve goods", url_name="catalogue_approve")
@guarded(GOOD_DECIDE)
def approve(request: HttpRequest, goods: told.ApprovedIn) -> Any:
    """They are on show. All of them or none."""
    _done(
        GOOD_DECIDE,
        lambda: actions.approve(
            actor=actor_of(request), numbers=goods.numbers, versions=goods.versions, now=timezone.now()
        ),
    )
    return Status(204, None)


@router.post(
    "/catalogue/queue/{int:good_number}/refuse",
    response={204: None},
    summary="Refuse a good",
    url_name="catalogue_refuse",
)
@guarded(GOOD_DECIDE)
def refuse(request: HttpRequest, good_number: int, refusal: told.RefusalIn) -> Any:
    """The stall reads the reason."""
    _admit(request, GOOD_DECIDE, good_number)
    actions.refuse(actor=actor_of(request), number=good_number, reason=refusal.reason, now=timezone.now())
    return Status(204, None)


@router.put("/catalogue/halls/{str:hall}", response={204: None}, summary="Register a hall", url_name="catalogue_hall")
@guarded(STALL_REGISTER)
def hall_write(request: HttpRequest, hall: Annotated[str, Field(max_length=60)], body: told.HallIn) -> Any:
    """A building of the market, new or with new names. Stalls can then be registered in it."""
    wanted = Hall(hall, **body.model_dump())
    actions_stalls.put_hall(actor=actor_of(request), hall=wanted, now=timezone.now())
    return Status(204, None)


# What they share ----------------------------------------------------------------------------------------------------


def _number(written: int) -> int:
    """A number that the database can hold; 0, which nothing has, in place of a longer one."""
    return written if written < 2**63 else 0


def _there(found: T | None, operation: Operation) -> T:
    if found is None:
        raise AccessRefused(Decision.NOT_FOUND, operation)
    return found


def _admit(request: HttpRequest, operation: Operation, number: int) -> None:
    """A good that is not hers and one that is not there are refused alike."""
    admit(request, operation, queries.owner_of(_number(number)) or NOBODY)
    if number >= 2**63:
        raise AccessRefused(Decision.NOT_FOUND, operation)


def _done(operation: Operation, act: Callable[[], T]) -> T:
    """What is not there, or another's, is answered as everywhere."""
    try:
        return act()
    except NotThere as fault:
        raise AccessRefused(Decision.NOT_FOUND, operation) from fault


def _goods_of(stall: uuid.UUID, paging: Paging, states: Collection[State] | None) -> dict[str, Any]:
    after = paging.after("catalogue goods")
    found = queries.goods_of_stall(
        stall,
        states=None if states is None else frozenset(states),
        before=int(after) if after else None,
        limit=paging.limit + 1,
    )
    return page_of(found, paging, "catalogue goods", key=_key, item=told.good_card)


def _key(card: GoodCard) -> str:
    return str(card.number)


def _product(view: ProductView) -> dict[str, Any]:
    same = ("number", "names", "category", "brand", "model", "hs_code")
    return {name: getattr(view, name) for name in same} | {"offers": [told.good_card(card) for card in view.offers]}
