"""What happens to an order list: it is read, mended cell by cell, inserted into a basket, stopped and gone on with.

Reading writes nothing into an order. Inserting goes chunk by chunk, each a transaction of its own that locks the list,
then the order: so a list of five thousand rows can be stopped between two chunks, and gone on with after a fall, and no
row is inserted twice. SQL statements grow with the chunks, not with the rows.

What a sheet that we wrote changes in lines is written by `sheets_writing`, which knows baskets from placed orders.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils.timezone import localdate
from procrastinate.contrib.django import app

from sundry.base.access.rules import PERSON, Actor
from sundry.goods.catalogue.queries_matching import matching
from sundry.goods.catalogue.texts import clean
from sundry.goods.orders import queries_sheets, sheets_pictures, sheets_writing
from sundry.goods.orders.errors import NotNow, NotThere
from sundry.goods.orders.import_rules import ImportState, Verdict
from sundry.goods.orders.models import OrderImport, OrderImportRow
from sundry.goods.orders.queries import book_of_pasted, read_wishes
from sundry.goods.orders.rules import StagedBook
from sundry.goods.orders.sheets_intake import CURRENCY, PROBLEMS_MAX, count, stage
from sundry.goods.orders.sheets_judging import Context, judge
from sundry.goods.orders.sheets_reading import ROWS_MAX, Mark, RawRow, raw_rows, read_again
from sundry.goods.orders.sheets_staging import Staged, checked, finding_to_json, staged_row
from sundry.kernel.errors import SundryError, UnusableInput
from sundry.kernel.findings import Finding, error

FILE_BYTES_MAX: Final = 60_000_000
HEAVY_BYTES: Final = 200_000  # of what the worker reads
AT_ONCE_MAX: Final = 200  # rows that are inserted while somebody waits
KEPT_FOR: Final = timedelta(days=90)
READ_TASK: Final = "orders.read_sheet"
INSERT_TASK: Final = "orders.insert_sheet"

Pictures = Mapping[str, sheets_pictures.RowPicture]

log = logging.getLogger("sundry.orders")

_INSERTED: Final = (Verdict.NEW.value, Verdict.CHANGED.value)
_RESTING: Final = (ImportState.PREVIEW.value, ImportState.STOPPED.value, ImportState.INSERTED.value)


# Read -----------------------------------------------------------------------------------------------------------------


def read_sheet(
    *,
    actor: Actor,
    name: str,
    data: bytes = b"",
    text: str = "",
    order: int | None = None,
    language: str = "en",
    now: datetime,
) -> uuid.UUID:
    """Its id. `data`: a file, or `text`: rows that were pasted. `order`: the basket into which it is to go, None: it is
    chosen later. `language`: of names whose letters do not tell it. A heavy file is read by the worker.

    UnusableInput: it is too large or too long to be pasted; what else is wrong with it is told in its preview.
    """
    if actor.organisation is None:
        raise NotThere("order_sheet_not_there")
    if len(data) > FILE_BYTES_MAX:
        raise UnusableInput("order_sheet_too_large", most_mb=FILE_BYTES_MAX // 1_000_000)
    made = OrderImport(
        organisation_id=actor.organisation,
        person_id=actor.person,
        name=clean(name)[:200],
        options={"language": language, "currency": CURRENCY, "counts": {}} | ({} if order is None else {"into": order}),
        made_at=now,
    )
    file = file_of(made.id)
    file.parent.mkdir(parents=True, exist_ok=True)
    if text:
        book_of_pasted(text, file)
        made.options["pasted"] = True
    else:
        file.write_bytes(data)
    is_heavy = len(data) > HEAVY_BYTES or len(text) > HEAVY_BYTES
    with transaction.atomic():
        made.save(force_insert=True)
        if is_heavy:
            app.configure_task(READ_TASK).defer(sheet=str(made.id))
    if not is_heavy:
        read_kept(made.id, now=now)
    return made.id


def read_kept(sheet: uuid.UUID, *, now: datetime) -> None:
    """Read the file of a list that waits to be read; the pictures in its rows are kept. What the file is and why it
    cannot be read is told in the list. The file goes when it was read."""
    found = OrderImport.objects.filter(id=sheet, state=ImportState.READING.value).first()
    if found is None:
        return
    file = file_of(sheet)
    try:
        # Outside of any transaction: other processes read the file, for seconds.
        staged = read_wishes(file, day=localdate(now), currency=CURRENCY)
        rows, problems = raw_rows(staged)
        if len(rows) > ROWS_MAX:
            raise UnusableInput("order_sheet_too_long", count=len(rows), most=ROWS_MAX)
        pictures = sheets_pictures.keep_pictures(
            file, [row.picture for row in rows if row.picture], files=Path(settings.FILES_DIR)
        )
        _stage(sheet, staged, (rows, problems), pictures)
    except FileNotFoundError:
        _fail(sheet, error("order_sheet_file_gone"))
    except UnusableInput as refusal:
        details = {**refusal.details, "file": found.name or "–"}  # not as we call it
        _fail(sheet, error(refusal.rule, details=details) if file.exists() else error("order_sheet_file_gone"))
    except (OperationalError, InterfaceError):
        raise  # the worker tries again
    except Exception as fault:  # of ours: no list is being read for ever
        log.exception("an order list cannot be read", extra={"sheet": str(sheet)})
        _fail(sheet, error("book_damaged", details={"file": found.name or "–", "fault": type(fault).__name__}))
    file.unlink(missing_ok=True)


def _stage(sheet: uuid.UUID, staged: StagedBook, read: tuple[list[RawRow], list[Finding]], pictures: Pictures) -> None:
    with transaction.atomic():
        locked = OrderImport.objects.select_for_update(no_key=True).filter(id=sheet).first()
        if locked is not None and locked.state == ImportState.READING.value:
            stage(locked, staged, *read, pictures)


def _fail(sheet: uuid.UUID, *problems: Finding) -> None:
    """Unless another job has read it meanwhile."""
    told = [finding_to_json(one) for one in problems]
    waiting = OrderImport.objects.filter(id=sheet, state=ImportState.READING.value)
    waiting.update(state=ImportState.FAILED.value, problems=told)


def file_of(sheet: uuid.UUID) -> Path:
    """Where its file lies until it is read; the name tells readers that it is a book."""
    return Path(settings.FILES_DIR) / "order-sheets" / f"{sheet}.book"


# Mend -----------------------------------------------------------------------------------------------------------------


def mend_cell(*, actor: Actor, sheet: uuid.UUID, position: int, field: str, value: str, now: datetime) -> Verdict:
    """Write something else into one cell of a list that waits; what becomes of its row now.

    NotThere: no such list of hers, row or cell; NotNow: it is being inserted, or the row is.
    """
    with transaction.atomic():
        found = _locked(actor, sheet)
        if found.state not in _RESTING:
            raise NotNow("order_sheet_busy")
        one = OrderImportRow.objects.filter(sheet=found, position=position).first()
        if one is None or field not in queries_sheets.MENDED or one.verdict == Verdict.GONE.value:
            raise NotThere("order_sheet_cell_not_there")
        if one.is_done:
            raise NotNow("order_sheet_row_is_done", row=one.wish["row"])
        mended = _mended(found, one, {**one.cells, field: clean(value, lines=True)[:1000]}, field, now)
        was, one.cells, one.wish, one.findings = one.verdict, dict(mended.cells), mended.kept, mended.findings
        one.verdict, one.line = mended.verdict.value, mended.line
        one.save(force_update=True)
        counts = dict(found.options["counts"])
        counts[was] -= 1
        counts[one.verdict] += 1
        found.options = {**found.options, "counts": counts}
        found.rows_wrong = counts[Verdict.WRONG.value]
        found.save()
    return Verdict(one.verdict)


def _mended(sheet: OrderImport, row: OrderImportRow, cells: dict[str, str], field: str, now: datetime) -> Staged:
    currency = sheet.options["currency"]
    number = row.wish["row"]
    line, told = read_again(cells, day=localdate(now), currency=currency, row=number)
    told = [replace(one, sheet=row.wish.get("sheet", "")) for one in told]
    matched = matching([(line.stall, line.item)] if line is not None else [("", "")])[0]
    known = queries_sheets.known_lines(sheet.order_id) if sheet.order_id and row.wish.get("mark") else {}
    context = Context(currency, sheet.options["language"], {key: one.known for key, one in known.items()})
    before = OrderImportRow.objects.filter(sheet=sheet, line=row.line, position__lt=row.position).first()
    if row.line is not None and before is not None:
        context.seen[row.line] = before.wish["row"]
    mark = Mark(*row.wish["mark"]) if row.wish.get("mark") else None
    wish: Mapping[str, Any] = row.wish.get("wish") or {}
    names = wish.get("names") if field != "name" else None
    judged = judge(line, told, matched, context, row=number, mark=mark, names=names)
    raw = RawRow(row.wish.get("sheet", ""), number, cells, line)
    made = staged_row(sheet.id, row.position, raw, judged, row.photo, mark)
    checked([made], currency)
    return made


# Insert ---------------------------------------------------------------------------------------------------------------


def insert_sheet(
    *,
    actor: Actor,
    sheet: uuid.UUID,
    order: int | None = None,
    mandate: uuid.UUID | None = None,
    overwrite: bool = False,
    remove: bool = False,
    reason: str = "",
    now: datetime,
) -> ImportState:
    """Its right rows go into the basket `order`, None: a new one (under `mandate`, for an agent); those of a sheet that
    came out of an order go back into that. The wrong ones stay in the list.

    `overwrite`: also lines that were changed since the sheet was made. `remove`: lines whose rows are gone are taken
    out. `reason`: of what is proposed to a stall that has confirmed already. A long list is inserted by the worker.
    NotThere; NotNow: it is being read or inserted, no row is left, or the basket is in another currency.
    """
    with transaction.atomic():
        found = _locked(actor, sheet)
        if found.state not in _RESTING:
            raise NotNow("order_sheet_busy")
        asked = {Verdict.STALE: overwrite, Verdict.GONE: remove}
        verdicts = [*_INSERTED, *(verdict.value for verdict, is_asked in asked.items() if is_asked)]
        left = OrderImportRow.objects.filter(sheet=found, verdict__in=verdicts, is_done=False).count()
        if not left:
            raise NotNow("order_sheet_nothing_to_insert")
        sheets_writing.choose_order(found, actor=actor, order=order, mandate=mandate, now=now)
        found.state = ImportState.INSERTING.value
        found.options = {
            **found.options,
            "organisation": str(actor.organisation),
            "verdicts": verdicts,
            "reason": clean(reason, lines=True)[:400],
        }
        found.save()
        if left > AT_ONCE_MAX:
            app.configure_task(INSERT_TASK).defer(sheet=str(sheet))
            return ImportState.INSERTING
    return go_on(sheet, actor=actor, now=now)


def resume(*, actor: Actor, sheet: uuid.UUID) -> None:
    """Go on with a list that was stopped, or whose worker fell. NotThere; NotNow: it is not being inserted."""
    with transaction.atomic():
        found = _locked(actor, sheet)
        if found.state not in (ImportState.STOPPED, ImportState.INSERTING) or "verdicts" not in found.options:
            raise NotNow("order_sheet_not_inserting")
        found.state = ImportState.INSERTING.value
        found.save()
        app.configure_task(INSERT_TASK).defer(sheet=str(sheet))


def stop(*, actor: Actor, sheet: uuid.UUID) -> None:
    """After the chunk that is being written. NotThere; NotNow: it is not being inserted."""
    with transaction.atomic():
        found = _locked(actor, sheet)
        if found.state != ImportState.INSERTING:
            raise NotNow("order_sheet_not_inserting")
        found.state = ImportState.STOPPED.value
        found.save()


def forget(*, actor: Actor, sheet: uuid.UUID) -> None:
    """The list goes; what of it is in an order stays. NotThere; NotNow: it is being inserted."""
    with transaction.atomic():
        found = _locked(actor, sheet)
        if found.state == ImportState.INSERTING:
            raise NotNow("order_sheet_busy")
        found.delete()
    file_of(sheet).unlink(missing_ok=True)


def forget_old(*, now: datetime) -> int:
    """Lists that came long ago; how many went."""
    old = OrderImport.objects.filter(made_at__lt=now - KEPT_FOR).exclude(state=ImportState.INSERTING.value)
    gone = list(old.values_list("id", flat=True))
    OrderImport.objects.filter(id__in=gone).delete()
    for sheet in gone:
        file_of(sheet).unlink(missing_ok=True)
    return len(gone)


def _locked(actor: Actor, sheet: uuid.UUID) -> OrderImport:
    """Her own list, locked before its order."""
    found = OrderImport.objects.select_for_update(no_key=True).filter(id=sheet).first()
    if found is None or actor.organisation is None or found.organisation_id != actor.organisation:
        raise NotThere("order_sheet_not_there")
    return found


def go_on(sheet: uuid.UUID, *, now: datetime, actor: Actor | None = None) -> ImportState:
    """Insert chunk after chunk until all is done or somebody stops it. The worker calls it without an actor."""
    while True:
        state, is_more = _chunk(sheet, actor, now)
        if state is not ImportState.INSERTING or not is_more:
            return state


def _chunk(sheet: uuid.UUID, actor: Actor | None, now: datetime) -> tuple[ImportState, bool]:
    with transaction.atomic():
        found = OrderImport.objects.select_for_update(no_key=True).filter(id=sheet).first()
        if found is None:
            return ImportState.STOPPED, False
        if found.state != ImportState.INSERTING:
            return ImportState(found.state), False
        rows, is_last = sheets_writing.next_rows(found)
        try:
            with transaction.atomic():
                sheets_writing.write(found, rows, actor=actor or _actor_of(found), now=now)
        except SundryError as refusal:  # the order is hers no more, is placed by now, or was changed by somebody
            found = OrderImport.objects.get(id=sheet)
            found.state = ImportState.STOPPED.value
            told = finding_to_json(error(refusal.rule, details=refusal.details))
            found.problems = [*found.problems, told][-PROBLEMS_MAX:]
            found.save()
            return ImportState.STOPPED, False
        if is_last:
            found.state = ImportState.INSERTED.value
        count(found, list(OrderImportRow.objects.filter(sheet=found).values_list("verdict", flat=True)))
        found.save()
        return ImportState(found.state), True


def _actor_of(sheet: OrderImport) -> Actor:
    """Whoever asked for it; the worker acts for her, and for the organisation that she asked for."""
    return Actor(role=PERSON, person=sheet.person_id, organisation=uuid.UUID(sheet.options["organisation"]))
