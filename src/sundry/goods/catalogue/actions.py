"""What happens to goods: a stall adds one, changes it, hands it in and takes it back; the operator decides.

Each is one transaction, and what is refused leaves nothing behind. Whose a good is, is looked at first: of a number
that is not hers, nobody is told more than that it is not there. SQL statements do not grow with the goods.
Photos are in `actions_photos`, stalls and their papers in `actions_stalls`, what is looked for in `actions_wanted`.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from sundry.base.access.actions import record
from sundry.base.access.rules import Actor
from sundry.goods.catalogue.checks import cleaned, errors, findings
from sundry.goods.catalogue.errors import BadDraft, NotNow, NotThere, Taken, Unauthorised
from sundry.goods.catalogue.models import Good, GoodPhoto, GoodVariant, Stall
from sundry.goods.catalogue.operations import GOOD_DECIDE
from sundry.goods.catalogue.products import check_not_offered, product_of
from sundry.goods.catalogue.queries import authorised, goods
from sundry.goods.catalogue.rules import NEXT, Draft, GoodView, State, Variant
from sundry.goods.catalogue.texts import clean
from sundry.goods.catalogue.writing import (
    REASON_MAX,
    TOUCHED,
    check,
    check_version,
    counted_anew,
    draw_numbers,
    fields_of,
    locked_good,
    locked_goods,
    locked_stall,
    locked_stalls,
    moved,
    names_unauthorised,
    owns,
    photo_rows,
    touch,
    variant_rows,
    with_counts,
)
from sundry.kernel.findings import Finding
from sundry.kernel.identifiers import new_id

# What a buyer is told in words: what the operator approved, and nothing else, stays on show.
_APPROVED = ("names", "descriptions", "category", "brand")
_NOT_HANDED_IN = (State.DRAFT, State.REFUSED, State.WITHDRAWN)


# A stall writes -------------------------------------------------------------------------------------------------------


def add_good(
    *,
    actor: Actor,
    stall: uuid.UUID,
    draft: Draft,
    photos: Sequence[str] = (),
    submit: bool = False,
    key: uuid.UUID | None = None,
    now: datetime,
) -> int:
    """Its number. `photos`: files that `pictures.keep` gave. `submit`: hand it in at once. `key`: the caller's id of
    this good, so that a phone that sends it twice adds it once: the number of the first is told again.

    BadDraft; NotThere: no such stall of hers, or no such photo; Taken: the key names something else.
    """
    draft = cleaned(draft)
    with transaction.atomic():
        owned = locked_stall(actor, stall)
        if key is not None and (made := _made_before(key, owned)) is not None:
            return made
        check(draft, for_show=submit, photos=len(photos), now=now)
        good = Good(
            id=key or new_id(),
            number=draw_numbers(1)[0],
            stall=owned,
            **fields_of(draft),
            cover=photos[0] if photos else "",
            changed_at=now,
            changed_by_id=actor.person,
        )
        kept = photo_rows(good.id, photos)
        if submit:
            brands = authorised([stall], day=now.date())[stall] if draft.brand else frozenset()
            hand_in(good, owned, brands, now)
        _insert(good)
        GoodPhoto.objects.bulk_create(kept)
        GoodVariant.objects.bulk_create(variant_rows(good.id, draft.variants))
        moved([good], [State.DRAFT], now=now)
    return good.number


def _made_before(key: uuid.UUID, stall: Stall) -> int | None:
    made = Good.objects.filter(id=key).values_list("number", "stall_id").first()
    if made is None:
        return None
    number, of = made
    if of != stall.id:
        raise Taken("catalogue_key_taken")
    return int(number)


def _insert(good: Good) -> None:
    try:
        good.save(force_insert=True)
    except IntegrityError:  # another stall used the same key in the same moment
        raise Taken("catalogue_key_taken") from None


def change_good(
    *,
    actor: Actor,
    number: int,
    draft: Draft,
    version: int,
    recounted: Collection[uuid.UUID | None] | None = None,
    seen: Mapping[uuid.UUID | None, int | None] | None = None,
    now: datetime,
) -> int:
    """Write it as `draft` says; its new version. `version`: of the good that was looked at. `recounted`: which stock
    was counted anew, the good's own (None) or that of variants; any other stays as orders have left it. None: all.
    `seen`: of a program, the counts that it read: one that is another by now is not written over.

    A good on show stays there while it may: one of a stall that is not trusted goes back to the operator when what a
    buyer reads has changed, and any that names a brand for which there is no paper. BadDraft; NotThere; Stale.
    """
    draft = cleaned(draft)
    with transaction.atomic():
        stall, good = locked_good(actor, number)
        check_version(good, version)
        was = State(good.state)
        known = {row.id: row for row in GoodVariant.objects.filter(good=good)}
        counts = {None: good.stock_pieces} | {id_: row.stock_pieces for id_, row in known.items()}
        if seen is not None:
            recounted = counted_anew(draft, counts, recounted, seen=seen, number=number)
        draft = with_counts(draft, counts, recounted)
        check(
            draft,
            for_show=was in (State.LISTED, State.SUBMITTED),
            photos=1 if good.cover else 0,
            now=now,
            number=number,
        )
        differs = fill(good, draft)
        differs = _write_variants(good, draft.variants, known) or differs
        if was is State.LISTED:
            brands = authorised([stall.id], day=now.date())[stall.id] if good.brand else frozenset()
            look_again(good, stall, brands, now, differs=differs)
        touch(good, actor, now)
        good.save(update_fields=[*fields_of(draft), "state", "submitted_at", *TOUCHED])
        moved([good], [was], now=now)
    return good.version


def fill(good: Good, draft: Draft) -> bool:
    """What the draft says; whether it is other than what the operator approved."""
    before = {name: getattr(good, name) for name in _APPROVED}
    for name, value in fields_of(draft).items():
        setattr(good, name, value)
    return any(getattr(good, name) != value for name, value in before.items())


def look_again(good: Good, stall: Stall, brands: Collection[str], now: datetime, *, differs: bool) -> None:
    """A good on show that was changed goes back to the operator, unless it may stay. `brands`: as for `hand_in`."""
    if names_unauthorised(good, brands) or (differs and not stall.trusted):
        good.state, good.submitted_at = State.SUBMITTED.value, now


def _write_variants(good: Good, variants: Sequence[Variant], known: Mapping[uuid.UUID, GoodVariant]) -> bool:
    """Whether one is called otherwise than before. At most two statements."""
    rows = variant_rows(good.id, variants, known)
    if known:
        GoodVariant.objects.filter(good=good).delete()
    GoodVariant.objects.bulk_create(rows)
    return any(row.id not in known or known[row.id].names != row.names for row in rows)


def submit(*, actor: Actor, numbers: Collection[int], now: datetime) -> dict[int, State]:
    """Hand goods in: those of a trusted stall are on show at once, others wait for the operator; the state of each.

    All of them or none. NotThere; NotNow: one is on show, or waits, already; BadDraft: `findings` by number.
    """
    with transaction.atomic():
        stalls, rows = locked_goods(numbers, of=actor)
        before = [_from(good, State.SUBMITTED, *_NOT_HANDED_IN) for good in rows]
        views = {view.card.number: view for view in goods(numbers, day=now.date())}
        wrong = {number: found for number, view in views.items() if (found := _unready(view, now))}
        if wrong:
            raise BadDraft(wrong)
        brands = authorised(list(stalls), day=now.date())
        for good in rows:
            hand_in(good, stalls[good.stall_id], brands[good.stall_id], now)
            touch(good, actor, now)
        Good.objects.bulk_update(rows, ["state", "reason", "submitted_at", "listed_at", *TOUCHED])
        moved(rows, before, now=now)
    return {good.number: State(good.state) for good in rows}


def _unready(view: GoodView, now: datetime) -> tuple[Finding, ...]:
    return errors(findings(view.draft, for_show=True, day=now.date(), photos=len(view.photos)))


def hand_in(good: Good, stall: Stall, brands: Collection[str], now: datetime) -> None:
    """On show, or before the operator. `brands`: those, folded, that the stall has a paper for."""
    good.submitted_at, good.reason = now, ""
    if stall.trusted and not names_unauthorised(good, brands):
        good.state, good.listed_at = State.LISTED.value, now
    else:
        good.state = State.SUBMITTED.value


def withdraw(*, actor: Actor, numbers: Collection[int], now: datetime) -> None:
    """Take goods off show, or out of the operator's queue. NotThere; NotNow: one is neither."""
    with transaction.atomic():
        _, rows = locked_goods(numbers, of=actor)
        before = [_from(good, State.WITHDRAWN) for good in rows]
        _write_all(rows, State.WITHDRAWN, changed_at=now, changed_by=actor.person)
        moved(rows, before, now=now)


# The operator decides -------------------------------------------------------------------------------------------------


def approve(
    *, actor: Actor, numbers: Collection[int], versions: Mapping[int, int] | None = None, now: datetime
) -> None:
    """Goods that wait go on show. `versions`: of those that were looked at, so that nothing is approved unseen.

    NotThere; NotNow: one does not wait; Stale: one was changed meanwhile; Unauthorised: one has a brand without paper.
    """
    with transaction.atomic():
        stalls, rows = locked_goods(numbers)
        for good in rows:
            check_version(good, (versions or {}).get(good.number, good.version))
        before = [_from(good, State.LISTED, State.SUBMITTED) for good in rows]
        brands = authorised(list(stalls), day=now.date())
        for good in rows:
            if names_unauthorised(good, brands[good.stall_id]):
                raise Unauthorised("catalogue_brand_unauthorised", number=good.number, brand=good.brand)
        _write_all(rows, State.LISTED, listed_at=now, decided_by=actor.person)
        moved(rows, before, now=now)
        _record_decision(actor, rows, listed=True)


def refuse(*, actor: Actor, number: int, reason: str, now: datetime) -> None:
    """A good that waits, or is on show, goes back to its stall with a reason. NotThere; NotNow: it is neither, or no
    reason is given."""
    reason = clean(reason)[:REASON_MAX]
    if not reason:
        raise NotNow("catalogue_reason_missing")
    with transaction.atomic():
        _, rows = locked_goods([number])
        before = [_from(good, State.REFUSED) for good in rows]
        _write_all(rows, State.REFUSED, reason=reason, decided_by=actor.person)
        moved(rows, before, now=now)
        _record_decision(actor, rows, listed=False, reason=reason)


def _write_all(rows: Sequence[Good], state: State, **fields: object) -> None:
    """All of them get the same state. One statement."""
    for good in rows:
        good.state, good.version = state.value, good.version + 1
    Good.objects.filter(id__in=[good.id for good in rows]).update(state=state.value, version=F("version") + 1, **fields)


def _record_decision(actor: Actor, rows: Sequence[Good], **details: object) -> None:
    numbers = [good.number for good in rows]
    about = numbers[0] if len(numbers) == 1 else ""
    record(
        actor=actor, operation=GOOD_DECIDE, object_kind="good", object_id=about, details={"numbers": numbers, **details}
    )


def _from(good: Good, to: State, *only: State) -> State:
    """The state that a good leaves for `to`. NotNow: it cannot."""
    was = State(good.state)
    if to not in NEXT[was] or (only and was not in only):
        raise NotNow(f"catalogue_good_is_{was}", number=good.number)
    return was


# Many stalls offer one product ----------------------------------------------------------------------------------------


def offer_product(*, actor: Actor, stall: uuid.UUID, good: int, now: datetime) -> int:
    """A stall offers what another shows: the number of its new draft, which has what the product is called and is, and
    no price. The product that both offer is made of the good where there is none.

    NotThere: no such stall of hers, or no such good on show; AlreadyDone: she offers it already.
    """
    with transaction.atomic():
        of = Good.objects.filter(number=good).values_list("stall_id", flat=True).first()
        stalls = locked_stalls({stall, *([of] if of else [])})
        own = stalls.get(stall)
        if own is None or not owns(actor, own):
            raise NotThere("catalogue_stall_not_there")
        source = Good.objects.select_for_update(no_key=True).filter(number=good, state=State.LISTED.value).first()
        if source is None or not stalls[source.stall_id].is_open:
            raise NotThere("catalogue_good_not_there", number=good)
        check_not_offered(source, own)
        product, number = product_of(source)
        offered = Good(
            number=number,
            stall=own,
            product=product,
            language=source.language,
            names=product.names,
            category=product.category,
            unit=source.unit,
            brand=product.brand,
            hs_code=product.hs_code,
            changed_at=now,
            changed_by_id=actor.person,
        )
        offered.save(force_insert=True)
    return number
