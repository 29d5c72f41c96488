"""Many goods at once, as a sheet brings them: added, or changed, by the same rules as one, in as many statements.

What breaks a rule is left out and told; the others are written. The stall is locked first, then its goods by number.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sundry.base.access.rules import Actor
from sundry.goods.catalogue.actions import fill, hand_in, look_again
from sundry.goods.catalogue.checks import cleaned, errors, findings
from sundry.goods.catalogue.models import Good, GoodPhoto, GoodVariant, Stall
from sundry.goods.catalogue.queries import authorised
from sundry.goods.catalogue.rules import PHOTOS_MAX, Draft, State
from sundry.goods.catalogue.writing import (
    TOUCHED,
    draw_numbers,
    fields_of,
    locked_stall,
    moved,
    photo_rows,
    touch,
    variant_rows,
    with_counts,
)
from sundry.kernel.findings import Finding, error
from sundry.kernel.identifiers import new_id
from sundry.kernel.tariff_codes import TariffCodes


@dataclass(frozen=True, slots=True)
class NewGood:
    """`photos`: files that `pictures.keep` gave."""

    draft: Draft
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherGood:
    """What a good becomes. `version`: of the good that was looked at. `photos`: more of them, behind its own.
    `recounts`: whether its stock, or that of its variants (`recounts_variants`), was counted anew."""

    number: int
    draft: Draft
    version: int
    photos: tuple[str, ...] = ()
    recounts: bool = True
    recounts_variants: bool = True

    def draft_now(self, stock: int | None, variants: Mapping[uuid.UUID, int | None]) -> Draft:
        """With the counts that stand there, where it brings no new ones."""
        anew: set[uuid.UUID | None] = {None} if self.recounts else set()
        anew |= variants.keys() if self.recounts_variants else set()
        return with_counts(self.draft, {None: stock} | dict(variants), anew)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`findings`: why it was not written; then there is no `good`. `is_stale`: because it was changed meanwhile."""

    good: uuid.UUID | None = None
    number: int = 0
    findings: tuple[Finding, ...] = ()
    is_stale: bool = False


def add_goods(
    *, actor: Actor, stall: uuid.UUID, goods: Mapping[int, NewGood], submit: bool = False, now: datetime
) -> dict[int, Outcome]:
    """By the same key what became of each. `submit`: hand in those that have what a buyer needs; the others stay
    drafts. NotThere: no such stall of hers, or no such photo."""
    if not goods:
        return {}
    codes = TariffCodes.at(now.date())
    with transaction.atomic():
        owned = locked_stall(actor, stall)
        told = {
            key: errors(findings(one.draft, for_show=False, day=now.date(), codes=codes)) for key, one in goods.items()
        }
        right = {key: one for key, one in goods.items() if not told[key]}
        numbers = draw_numbers(len(right)) if right else []
        brands = authorised([stall], day=now.date())[stall] if submit else frozenset()
        made: dict[int, Good] = {}
        for number, (key, one) in zip(numbers, right.items(), strict=True):
            draft = cleaned(one.draft)
            good = Good(
                id=new_id(),
                number=number,
                stall=owned,
                **fields_of(draft),
                cover=one.photos[0] if one.photos else "",
                changed_at=now,
                changed_by_id=actor.person,
            )
            ready = submit and not errors(
                findings(draft, for_show=True, day=now.date(), codes=codes, photos=len(one.photos))
            )
            if ready:
                hand_in(good, owned, brands, now)
            made[key] = good
        Good.objects.bulk_create(made.values())
        GoodPhoto.objects.bulk_create(
            [row for key, good in made.items() for row in photo_rows(good.id, goods[key].photos)]
        )
        GoodVariant.objects.bulk_create(
            [row for key, good in made.items() for row in variant_rows(good.id, cleaned(goods[key].draft).variants)]
        )
        moved(list(made.values()), [State.DRAFT] * len(made), now=now)
    return {
        key: Outcome(made[key].id, made[key].number) if key in made else Outcome(findings=told[key]) for key in goods
    }


def change_goods(
    *, actor: Actor, stall: uuid.UUID, goods: Mapping[int, OtherGood], now: datetime
) -> dict[int, Outcome]:
    """By the same key what became of each. One that was changed since it was looked at is left as it is.

    NotThere: no such stall of hers, or no such photo.
    """
    if not goods:
        return {}
    codes = TariffCodes.at(now.date())
    with transaction.atomic():
        owned = locked_stall(actor, stall)
        numbers = [one.number for one in goods.values()]
        locked = Good.objects.select_for_update(no_key=True).filter(stall=owned, number__in=numbers)
        rows = {good.number: good for good in locked.order_by("id")}
        photos = _files([good.id for good in rows.values()])
        outcomes: dict[int, Outcome] = {}
        right: dict[int, tuple[Good, OtherGood]] = {}
        for key, one in goods.items():
            good = rows.get(one.number)
            if good is None:
                outcomes[key] = Outcome(findings=(error("catalogue_sheet_good_unknown", value=str(one.number)),))
            elif good.version != one.version:
                changed = error("catalogue_good_changed", details=_when(good))
                outcomes[key] = Outcome(findings=(changed,), is_stale=True)
            elif found := errors(
                findings(
                    one.draft,
                    for_show=good.state in (State.LISTED, State.SUBMITTED),
                    day=now.date(),
                    codes=codes,
                    photos=len(photos[good.id]) + len(one.photos),
                )
            ):
                outcomes[key] = Outcome(findings=found)
            else:
                right[key] = good, one
        _write(owned, list(right.values()), photos, actor, now)
    return outcomes | {key: Outcome(good.id, good.number) for key, (good, _) in right.items()}


def _when(good: Good) -> dict[str, object]:
    return {"number": good.number, "when": f"{good.changed_at:%Y-%m-%d %H:%M} UTC"}


def _files(goods: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[tuple[int, str]]]:
    """(position, file) of their photos, in order."""
    found: dict[uuid.UUID, list[tuple[int, str]]] = defaultdict(list)
    rows = GoodPhoto.objects.filter(good__in=goods).order_by("good", "position")
    for good, position, file in rows.values_list("good_id", "position", "file"):
        found[good].append((position, file))
    return found


def _write(
    stall: Stall,
    pairs: Sequence[tuple[Good, OtherGood]],
    photos: Mapping[uuid.UUID, list[tuple[int, str]]],
    actor: Actor,
    now: datetime,
) -> None:
    if not pairs:
        return
    before = [State(good.state) for good, _ in pairs]
    known: dict[uuid.UUID, dict[uuid.UUID, object]] = defaultdict(dict)
    counts: dict[uuid.UUID, dict[uuid.UUID, int | None]] = defaultdict(dict)
    for row in GoodVariant.objects.filter(good__in=[good.id for good, _ in pairs]):
        known[row.good_id][row.id], counts[row.good_id][row.id] = row.names, row.stock_pieces
    brands = authorised([stall.id], day=now.date())[stall.id]
    variants: list[GoodVariant] = []
    more: list[GoodPhoto] = []
    for (good, one), was in zip(pairs, before, strict=True):
        draft = cleaned(one.draft_now(good.stock_pieces, counts[good.id]))
        differs = fill(good, draft)
        own = variant_rows(good.id, draft.variants, known[good.id])
        added = _added(good, one, photos[good.id])
        differs = differs or bool(added) or any(known[good.id].get(row.id) != row.names for row in own)
        variants += own
        more += added
        good.cover = good.cover or (added[0].file if added else "")
        if was is State.LISTED:
            look_again(good, stall, brands, now, differs=differs)
        touch(good, actor, now)
    GoodVariant.objects.filter(good__in=[good.id for good, _ in pairs]).delete()
    GoodVariant.objects.bulk_create(variants)
    GoodPhoto.objects.bulk_create(more)
    columns = [*fields_of(pairs[0][1].draft), "cover", "state", "submitted_at", *TOUCHED]
    Good.objects.bulk_update([good for good, _ in pairs], columns)
    moved([good for good, _ in pairs], before, now=now)


def _added(good: Good, one: OtherGood, shown: Sequence[tuple[int, str]]) -> list[GoodPhoto]:
    """Its new photos, those that it has room for."""
    has = {file for _, file in shown}
    files = [file for file in one.photos if file not in has][: PHOTOS_MAX - len(shown)]
    return photo_rows(good.id, files, position=shown[-1][0] + 1 if shown else 0)
