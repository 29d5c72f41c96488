"""What happens to stalls: the operator registers, gives and trusts them, their holders describe them and show papers.

Each is one transaction; the number of SQL statements does not grow with stalls or goods.
"""

from __future__ import annotations

import itertools
import re
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import F, Max

from sundry.base.access.actions import record
from sundry.base.access.rules import Actor, Kind
from sundry.base.parties.queries import organisation as organisation_of
from sundry.base.webhooks.actions import announce_many
from sundry.goods.catalogue import events, paper_files
from sundry.goods.catalogue.checks import stall_errors
from sundry.goods.catalogue.errors import AlreadyDone, BadDraft, NotNow, NotThere, Stale, Taken
from sundry.goods.catalogue.halls_sheet import HALL_CODE
from sundry.goods.catalogue.models import BrandPaper, Hall, Stall
from sundry.goods.catalogue.operations import PAPER_DECIDE, STALL_REGISTER
from sundry.goods.catalogue.rules import LANGUAGES, NAME_MAX, MixedBatch, NewStall, PaperState, fold_brand
from sundry.goods.catalogue.rules import Hall as NewHall
from sundry.goods.catalogue.texts import clean
from sundry.goods.catalogue.writing import REASON_MAX, draw_numbers, locked_stall, locked_stalls, tell_search_of_stall

BRAND_MAX: Final = 80
TOLD_MAX: Final = 100  # numbers of stalls in one entry of the audit log
PAPERS_WAITING_MAX: Final = 50  # of one stall
_REGISTER: Final = 0x57A11  # of pg_advisory_xact_lock: one who registers at a time
_ADDRESS: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


# Registered by the operator -------------------------------------------------------------------------------------------


def register_halls(*, actor: Actor, halls: Sequence[NewHall], now: datetime) -> None:
    """Buildings in the order in which they are listed; one that is there takes the new names. Its floors are those on
    which stalls stand."""
    rows = [
        Hall(code=hall.code, names=dict(hall.names), trade=dict(hall.trade), position=position)
        for position, hall in enumerate(halls)
    ]
    with transaction.atomic():
        Hall.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["code"], update_fields=["names", "trade", "position"]
        )
        record(actor=actor, operation=STALL_REGISTER, object_kind="hall", details={"halls": [row.code for row in rows]})


def put_hall(*, actor: Actor, hall: NewHall, now: datetime) -> bool:
    """One building, after the others or in its place among them with its new names; whether it is new.

    NotNow: a code that cannot stand in an address, or no name in any language."""
    if not HALL_CODE.fullmatch(hall.code):
        raise NotNow("catalogue_hall_code_impossible", code=hall.code[:60])
    names, trade = _texts(hall.names), _texts(hall.trade)
    if not names:
        raise NotNow("catalogue_hall_unnamed", code=hall.code)
    with transaction.atomic():
        _lock_register()
        last = Hall.objects.aggregate(last=Max("position"))["last"]
        _, is_new = Hall.objects.update_or_create(
            code=hall.code,
            defaults={"names": names, "trade": trade},
            create_defaults={"names": names, "trade": trade, "position": 0 if last is None else last + 1},
        )
        record(actor=actor, operation=STALL_REGISTER, object_kind="hall", details={"halls": [hall.code]})
    return is_new


@dataclass(frozen=True, slots=True)
class HallsPut:
    """Codes, in the order given: of halls that are new, of those that are told anew, of those that were so already."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]


def put_halls(*, actor: Actor, halls: Sequence[NewHall], dry: bool = False) -> HallsPut:
    """Many buildings, all or none: new ones after the others in the order given, the rest in their places. A language
    that a hall does not name keeps what stands there; "" takes it away. `halls`: as `halls_sheet.judged` gives them.
    `dry`: only what it would come to. At most four statements.

    NotNow: a hall would have no name in any language."""
    with transaction.atomic():
        _lock_register()
        there = {row.code: row for row in Hall.objects.filter(code__in=[hall.code for hall in halls])}
        last = Hall.objects.aggregate(last=Max("position"))["last"]
        position = itertools.count(0 if last is None else last + 1)
        new: list[Hall] = []
        changed: list[Hall] = []
        same: list[Hall] = []
        for hall in halls:
            row = there.get(hall.code) or Hall(code=hall.code)
            before = (row.names, row.trade)
            row.names, row.trade = _texts({**row.names, **hall.names}), _texts({**row.trade, **hall.trade})
            if not row.names:
                raise NotNow("catalogue_hall_unnamed", code=hall.code)
            if hall.code not in there:
                row.position = next(position)
                new.append(row)
            else:
                (same if before == (row.names, row.trade) else changed).append(row)
        put = HallsPut(*(tuple(row.code for row in rows) for rows in (new, changed, same)))
        if not dry and (new or changed):
            Hall.objects.bulk_create(
                [*new, *changed], update_conflicts=True, unique_fields=["code"], update_fields=["names", "trade"]
            )
            told = {"halls": [*put.new, *put.changed]}
            record(actor=actor, operation=STALL_REGISTER, object_kind="hall", details=told)
    return put


def _texts(told: Mapping[str, str]) -> dict[str, str]:
    """What is written in a language of the market, as it is kept."""
    return {key: text[:NAME_MAX] for key in LANGUAGES if (text := clean(told.get(key, "")))}


def register_stalls(*, actor: Actor, stalls: Sequence[NewStall], now: datetime) -> tuple[uuid.UUID, ...]:
    """Booths of the market, in the order given; their ids. All or none.

    NotThere: a hall that is not registered; Taken: a booth, or an address, that another has, or two of these.
    """
    slugs = [stall.slug or _slug(stall) for stall in stalls]
    with transaction.atomic():
        _lock_register()
        _check_halls(stalls)
        _check_places(stalls)
        _check_slugs(slugs)
        rows = [
            Stall(
                number=number,
                organisation_id=stall.organisation,
                slug=slug,
                hall_id=stall.place.hall,
                floor=stall.place.floor,
                street=stall.place.street,
                booth=stall.place.booth,
                language=stall.language,
                names={language: text for language, name in stall.names.items() if (text := clean(name))},
            )
            for number, stall, slug in zip(draw_numbers(len(stalls)), stalls, slugs, strict=True)
        ]
        Stall.objects.bulk_create(rows)
        record(actor=actor, operation=STALL_REGISTER, object_kind="stall", details={"stalls": len(rows)})
    return tuple(row.id for row in rows)


def _lock_register() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_REGISTER])


def _slug(stall: NewStall) -> str:
    """ "1-F2-C-1205" is "1-f2-c-1205"."""
    return re.sub(r"[^a-z0-9]+", "-", stall.place.code.lower()).strip("-")


def _check_halls(stalls: Sequence[NewStall]) -> None:
    named = {stall.place.hall for stall in stalls}
    missing = named - set(Hall.objects.filter(code__in=named).values_list("code", flat=True))
    if missing:
        raise NotThere("catalogue_hall_not_there", hall=min(missing))


def _check_places(stalls: Sequence[NewStall]) -> None:
    wanted = Counter(stall.place for stall in stalls)
    twice = [place.code for place, count in wanted.items() if count > 1]
    floors = {(place.hall, place.floor) for place in wanted}
    there = Stall.objects.filter(hall__in={hall for hall, _ in floors}, floor__in={floor for _, floor in floors})
    held = set(there.values_list("hall_id", "floor", "street", "booth"))
    taken = [place.code for place in wanted if (place.hall, place.floor, place.street, place.booth) in held]
    if twice or taken:
        raise Taken("catalogue_booth_taken", place=min(twice + taken))


def _check_slugs(slugs: Sequence[str]) -> None:
    for slug in slugs:
        if not _ADDRESS.fullmatch(slug):
            raise NotNow("catalogue_address_impossible", address=slug[:60])
    twice = [slug for slug, count in Counter(slugs).items() if count > 1]
    taken = [*twice, *Stall.objects.filter(slug__in=slugs).values_list("slug", flat=True)]
    if taken:
        raise Taken("catalogue_address_taken", address=min(taken))


def claim(*, actor: Actor, stall: uuid.UUID, organisation: uuid.UUID, now: datetime) -> None:
    """The operator gives a stall to whom it is. NotThere; Taken: it is another's; AlreadyDone: it is hers; NotNow: an
    organisation that is neither a stall nor a merchant."""
    with transaction.atomic():
        row = _there(stall)
        if row.organisation_id == organisation:
            raise AlreadyDone("catalogue_stall_is_hers", number=row.number)
        if row.organisation_id is not None:
            raise Taken("catalogue_stall_taken", number=row.number)
        holder = organisation_of(organisation)
        if holder is None or holder.kind not in (Kind.STALL, Kind.MERCHANT):
            raise NotNow("catalogue_holder_impossible", number=row.number)
        Stall.objects.filter(id=stall).update(organisation=organisation, version=row.version + 1)
        _record(actor, row, organisation=str(organisation))


def claim_unclaimed(*, actor: Actor, stalls: Collection[uuid.UUID], organisation: uuid.UUID, now: datetime) -> int:
    """The operator gives an organisation those of many stalls that are nobody's; how many. Four statements.

    NotNow: an organisation that is neither a stall nor a merchant.
    """
    with transaction.atomic():
        free = [row for row in locked_stalls(stalls).values() if row.organisation_id is None]
        holder = organisation_of(organisation)
        if holder is None or holder.kind not in (Kind.STALL, Kind.MERCHANT):
            raise NotNow("catalogue_holder_impossible", number=free[0].number if free else 0)
        if not free:
            return 0
        given = Stall.objects.filter(id__in=[row.id for row in free])
        count = given.update(organisation=organisation, version=F("version") + 1)
        record(
            actor=actor,
            operation=STALL_REGISTER,
            object_kind="organisation",
            object_id=organisation,
            details={"stalls": [row.number for row in free[:TOLD_MAX]], "count": count},
        )
        return count


def release(*, actor: Actor, stall: uuid.UUID, now: datetime) -> None:
    """The operator takes a stall from who has it: it is nobody's, shut, and not trusted. NotThere; AlreadyDone."""
    with transaction.atomic():
        row = _there(stall)
        if row.organisation_id is None:
            raise AlreadyDone("catalogue_stall_is_nobodys", number=row.number)
        changed = {"organisation": None, "is_open": False, "trusted": False, "version": row.version + 1}
        Stall.objects.filter(id=stall).update(**changed)
        tell_search_of_stall(row.id)
        _record(actor, row, released_from=str(row.organisation_id))


def trust(*, actor: Actor, stall: uuid.UUID, trusted: bool, now: datetime) -> None:
    """Whether what the stall hands in is on show at once. NotThere; AlreadyDone."""
    with transaction.atomic():
        row = _there(stall)
        if row.trusted == trusted:
            raise AlreadyDone(
                "catalogue_stall_trusted" if trusted else "catalogue_stall_not_trusted", number=row.number
            )
        Stall.objects.filter(id=stall).update(trusted=trusted)
        _record(actor, row, trusted=trusted)


def _there(stall: uuid.UUID) -> Stall:
    row = locked_stalls([stall]).get(stall)
    if row is None:
        raise NotThere("catalogue_stall_not_there")
    return row


def _record(actor: Actor, row: Stall, **details: object) -> None:
    record(actor=actor, operation=STALL_REGISTER, object_kind="stall", object_id=row.id, details=details)


# Described by its holder ----------------------------------------------------------------------------------------------


def change_stall(
    *,
    actor: Actor,
    stall: uuid.UUID,
    names: Mapping[str, str],
    about: Mapping[str, str],
    mixed_batch: MixedBatch,
    language: str,
    is_open: bool,
    version: int,
    now: datetime,
) -> int:
    """Its new version. `version`: of the stall that was looked at. A stall that shuts takes its goods off show until it
    opens. BadDraft: `findings[0]`; NotThere; Stale."""
    names = {key: text for key, name in names.items() if (text := clean(name))}
    about = {key: text for key, told in about.items() if (text := clean(told, lines=True))}
    if wrong := stall_errors(names=names, about=about, mixed_batch=mixed_batch, language=language):
        raise BadDraft({0: wrong})
    with transaction.atomic():
        row = locked_stall(actor, stall)
        if row.version != version:
            raise Stale("catalogue_stall_changed", number=row.number)
        was_open = row.is_open
        row.names, row.about, row.language, row.is_open = names, about, language, is_open
        row.mixed_amount_minor, row.mixed_pieces = mixed_batch.amount_minor, mixed_batch.pieces
        row.version += 1
        row.save(
            update_fields=["names", "about", "language", "is_open", "mixed_amount_minor", "mixed_pieces", "version"]
        )
        if was_open != is_open:
            tell_search_of_stall(row.id)
        announce_many(announcements=[events.of_stall(id=row.id, number=row.number, version=row.version, at=now)])
    return row.version


# Papers for brands ----------------------------------------------------------------------------------------------------


def submit_paper(
    *,
    actor: Actor,
    stall: uuid.UUID,
    brand: str,
    file: str,
    valid_from: date,
    valid_until: date | None,
    now: datetime,
) -> uuid.UUID:
    """Hand in what says that the stall may sell a brand. `file`: what `paper_files.keep` gave.

    NotThere: no such stall of hers, or no such file; NotNow: no brand, days that cannot be, or too many wait already;
    AlreadyDone: this very paper waits, or was accepted.
    """
    shown = clean(brand)
    if not shown or len(shown) > BRAND_MAX:
        raise NotNow("catalogue_paper_brand_missing", most=BRAND_MAX)
    if valid_until is not None and valid_until <= max(valid_from, now.date()):
        raise NotNow("catalogue_paper_days_impossible", day=valid_until)
    if paper_files.path(file) is None:
        raise NotThere("catalogue_paper_file_not_there")
    with transaction.atomic():
        row = locked_stall(actor, stall)
        papers = list(BrandPaper.objects.filter(stall=row, state__in=[PaperState.SUBMITTED, PaperState.ACCEPTED]))
        if any(paper.brand == fold_brand(shown) and paper.file == file for paper in papers):
            raise AlreadyDone("catalogue_paper_there")
        if sum(paper.state == PaperState.SUBMITTED for paper in papers) >= PAPERS_WAITING_MAX:
            raise NotNow("catalogue_too_many_papers", most=PAPERS_WAITING_MAX)
        made = BrandPaper.objects.create(
            stall=row,
            brand=fold_brand(shown),
            shown=shown,
            file=file,
            valid_from=valid_from,
            valid_until=valid_until,
            submitted_at=now,
        )
    return made.id


def decide_paper(*, actor: Actor, paper: uuid.UUID, accepted: bool, reason: str = "", now: datetime) -> None:
    """The operator says whether it is one. Goods that wait for it can then be approved.

    NotThere; NotNow: it was decided already, or is refused without a reason.
    """
    reason = clean(reason)[:REASON_MAX]
    if not accepted and not reason:
        raise NotNow("catalogue_reason_missing")
    with transaction.atomic():
        row = BrandPaper.objects.select_for_update(no_key=True).filter(id=paper).first()
        if row is None:
            raise NotThere("catalogue_paper_not_there")
        if row.state != PaperState.SUBMITTED:
            raise NotNow("catalogue_paper_decided", brand=row.shown)
        row.state = (PaperState.ACCEPTED if accepted else PaperState.REFUSED).value
        row.reason, row.decided_at, row.decided_by_id = "" if accepted else reason, now, actor.person
        row.save(update_fields=["state", "reason", "decided_at", "decided_by"])
        details = {"accepted": accepted, "brand": row.brand, "stall": str(row.stall_id), "reason": row.reason}
        record(actor=actor, operation=PAPER_DECIDE, object_kind="brand_paper", object_id=row.id, details=details)
