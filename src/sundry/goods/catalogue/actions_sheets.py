"""What happens to a sheet of goods: it is read, mended cell by cell, inserted, stopped and gone on with, forgotten.

Reading writes nothing into the catalogue. Inserting goes chunk by chunk, each a transaction of its own that locks the
sheet, then the stall, then the goods: so a sheet of five thousand rows can be stopped between two chunks, and gone on
with after a fall, and no row is inserted twice. SQL statements grow with the chunks, not with the rows.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from sundry.base.access.rules import PERSON, Actor
from sundry.goods.catalogue import pictures, queries_sheets
from sundry.goods.catalogue.actions_many import NewGood, OtherGood, add_goods, change_goods
from sundry.goods.catalogue.errors import BadPicture, Busy, NotNow, NotThere
from sundry.goods.catalogue.formats.goods_paste import read_pasted
from sundry.goods.catalogue.formats.goods_xlsx import read_sheets
from sundry.goods.catalogue.formats.shape import FILE_BYTES_MAX, Sheet
from sundry.goods.catalogue.models import SheetImport, SheetRow
from sundry.goods.catalogue.rules import PHOTOS_MAX, ImportState, Verdict
from sundry.goods.catalogue.sheets import PHOTO, ROW, Column, Judged, Known, judge
from sundry.goods.catalogue.sheets_drafts import from_json, to_json
from sundry.goods.catalogue.sheets_intake import Intake, Row, faults, finding_from_json, finding_to_json, taken_in
from sundry.goods.catalogue.texts import clean
from sundry.goods.catalogue.writing import locked_stall, owns
from sundry.kernel.errors import SundryError, UnusableInput
from sundry.kernel.findings import Finding, Severity, error, warning
from sundry.kernel.tariff_codes import TariffCodes

CHUNK: Final = 100  # rows of one transaction
AT_ONCE_MAX: Final = 200  # rows that are inserted while somebody waits
HEAVY_BYTES: Final = (
    150_000  # of what the worker reads: a file of so many rows takes some seconds, one of pictures more
)
KEPT_FOR: Final = timedelta(days=90)
INSERT_TASK: Final = "catalogue.insert_sheet"
READ_TASK: Final = "catalogue.read_sheet"
SAME_PHOTO_BITS: Final = 2  # of 64: a photo that another program has saved again

_INSERTED: Final = (Verdict.NEW, Verdict.CHANGED)


# Read -----------------------------------------------------------------------------------------------------------------


def read_sheet(
    *, actor: Actor, stall: uuid.UUID, name: str, data: bytes = b"", text: str = "", now: datetime
) -> uuid.UUID:
    """Its id. `data`: a file, or `text`: rows that were pasted. A heavy file is read by the worker.

    UnusableInput: what it is, and why it cannot be read; NotThere: no such stall of hers.
    """
    with transaction.atomic():
        locked_stall(actor, stall)
        sheet = SheetImport.objects.create(
            stall_id=stall,
            person_id=actor.person,
            name=clean(name)[:200],
            options={"organisation": str(actor.organisation), "pasted": not data},
        )
        if len(data) > FILE_BYTES_MAX:
            raise UnusableInput("catalogue_sheet_too_large", most_mb=FILE_BYTES_MAX // 1_000_000)
        kept = data or text.encode("utf-8", "replace")
        if len(kept) > HEAVY_BYTES:
            _file_of(sheet.id).parent.mkdir(parents=True, exist_ok=True)
            _file_of(sheet.id).write_bytes(kept)
            app.configure_task(READ_TASK).defer(sheet=str(sheet.id))
        else:
            _stage(sheet, taken_in(_sheets(kept, pasted=not data)), now)
    return sheet.id


def read_kept(sheet: uuid.UUID, *, now: datetime) -> None:
    """The worker's part: a heavy file, kept when it came, is read. A file that cannot be read is told in the sheet."""
    file = _file_of(sheet)
    with transaction.atomic():
        found = SheetImport.objects.select_for_update().filter(id=sheet, state=ImportState.READING.value).first()
        if found is None:
            return
        try:
            _stage(found, taken_in(_sheets(file.read_bytes(), pasted=found.options["pasted"])), now)
        except UnusableInput as refusal:
            _fail(found, error(refusal.rule, details=refusal.details))
        except FileNotFoundError:
            _fail(found, error("catalogue_sheet_damaged", details={"fault": "FileNotFoundError"}))
    file.unlink(missing_ok=True)


def _sheets(data: bytes, *, pasted: bool) -> list[Sheet]:
    return [read_pasted(data.decode())] if pasted else read_sheets(data)


def _fail(sheet: SheetImport, *problems: Finding) -> None:
    sheet.state, sheet.problems = ImportState.PREVIEW.value, [finding_to_json(one) for one in problems]
    sheet.save()


def _file_of(sheet: uuid.UUID) -> Path:
    return Path(settings.FILES_DIR) / "sheets" / str(sheet)


def _stage(sheet: SheetImport, intake: Intake, now: datetime) -> None:
    """What each row would become, kept for the preview. At most ten statements and one for each 500 rows."""
    stall = sheet.stall
    known = queries_sheets.known(stall.id, _numbers(intake.rows))
    items = queries_sheets.item_numbers(stall.id, [row.cells.get("item_number", "") for row in intake.rows])
    codes = TariffCodes.at(now.date())
    first_rows: dict[str, int] = {}
    staged = []
    for row in intake.rows:
        marked = row.cells.get(ROW, "")
        files, told = _photos(row, known.get(_number_of(marked)), intake.photos)
        if marked and first_rows.setdefault(marked.partition("-")[0], row.row) != row.row:
            told.append(
                error("catalogue_sheet_row_twice", header=ROW, details={"first": first_rows[marked.partition("-")[0]]})
            )
        if not marked and row.cells.get("item_number", "") in items:
            told.append(warning("catalogue_sheet_item_known", header="item_number", value=row.cells["item_number"]))
        judged = judge(
            row.cells,
            intake.columns,
            language=stall.language,
            known=known,
            day=now.date(),
            codes=codes,
            photos=len(files),
            row=row.row,
            sheet=intake.name,
        )
        staged.append(_staged(sheet, row.row, row.cells, _with(judged, told), files, intake.columns))
    SheetRow.objects.bulk_create(staged, batch_size=500)
    sheet.state = ImportState.PREVIEW.value
    sheet.columns = [[column.letter, column.header, column.field] for column in intake.columns]
    sheet.problems = [finding_to_json(one) for one in intake.problems[:100]]
    sheet.rows_total = len(staged)
    _count(sheet, [row.verdict for row in staged])
    sheet.save()


def _numbers(rows: Iterable[Row]) -> set[int]:
    return {number for row in rows if (number := _number_of(row.cells.get(ROW, "")))}


def _number_of(marked: str) -> int:
    number = marked.partition("-")[0].strip()
    return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0


def _with(judged: Judged, told: Sequence[Finding]) -> Judged:
    """The same, and what was found besides."""
    if not told:
        return judged
    is_wrong = any(one.severity is Severity.ERROR for one in told)
    found = tuple(sorted((*told, *judged.findings), key=lambda one: list(Severity).index(one.severity)))
    return replace(judged, findings=found, verdict=Verdict.WRONG if is_wrong else judged.verdict)


def _staged(
    sheet: SheetImport,
    row: int,
    cells: Mapping[str, str],
    judged: Judged,
    files: Sequence[str],
    columns: Sequence[Column],
) -> SheetRow:
    letters = {column.field: column.letter for column in columns}
    found = [
        replace(one, row=row, column=one.column or letters.get(one.header, ""))
        for one in (*faults(cells), *judged.findings)
    ]
    verdict = Verdict.WRONG if any(one.severity is Severity.ERROR for one in found) else judged.verdict
    return SheetRow(
        sheet=sheet,
        row=row,
        cells=dict(cells),
        draft={
            "draft": to_json(judged.draft),
            "number": judged.number,
            "version": judged.version,
            "differences": [[one.field, one.before, one.after] for one in judged.differences],
        },
        findings=[finding_to_json(one) for one in found],
        photos=list(files),
        is_new=judged.number is None,
        verdict=verdict.value,
    )


def _photos(row: Row, known: Known | None, ours: Mapping[str, str]) -> tuple[list[str], list[Finding]]:
    """(files of its pictures that its good does not show yet, what was found wrong with the others)."""
    from sundry.engines.searching.likeness import hamming  # brings numpy, which no process that serves pages loads

    files: list[str] = []
    told: list[Finding] = []
    shown = known.photos if known else {}
    for data in row.pictures:
        if ours.get(hashlib.sha256(data).hexdigest()) in shown:
            continue
        try:
            kept = pictures.keep(data)
        except (BadPicture, Busy) as refusal:
            told.append(warning(refusal.rule, header=PHOTO, details=refusal.details))
            continue
        alike = (hamming(one, kept.likeness) for one in shown.values() if one is not None)
        if kept.file in shown or kept.file in files or any(bits <= SAME_PHOTO_BITS for bits in alike):
            continue
        if len(shown) + len(files) >= PHOTOS_MAX:
            told.append(warning("catalogue_photos_full", header=PHOTO, details={"most": PHOTOS_MAX}))
            break
        files.append(kept.file)
    return files, told


def _count(sheet: SheetImport, verdicts: Sequence[str]) -> None:
    sheet.counts = {verdict.value: verdicts.count(verdict.value) for verdict in Verdict}
    sheet.rows_wrong = sheet.counts[Verdict.WRONG.value]


# Mend -----------------------------------------------------------------------------------------------------------------


def mend_cell(*, actor: Actor, sheet: uuid.UUID, row: int, field: str, value: str, now: datetime) -> Verdict:
    """Write something else into one cell of a sheet that waits; what becomes of its row now.

    NotThere: no such sheet of hers, row or column; NotNow: it is being inserted, or the row is.
    """
    with transaction.atomic():
        found = _locked(actor, sheet)
        if found.state not in (ImportState.PREVIEW, ImportState.STOPPED, ImportState.INSERTED):
            raise NotNow("catalogue_sheet_is_busy")
        one = SheetRow.objects.filter(sheet=found, row=row).first()
        columns = [Column(*told) for told in found.columns]
        if one is None or field == ROW or field not in {column.field for column in columns}:
            raise NotThere("catalogue_sheet_cell_not_there")
        if one.is_done:
            raise NotNow("catalogue_sheet_row_is_done", row=row)
        cells = {**one.cells, field: clean(value, lines=True)}
        judged = judge(
            cells,
            columns,
            language=found.stall.language,
            known=queries_sheets.known(found.stall_id, {_number_of(cells.get(ROW, ""))}),
            day=now.date(),
            codes=TariffCodes.at(now.date()),
            photos=len(one.photos),
            row=row,
        )
        twice = [finding_from_json(told) for told in one.findings if told["rule"] == "catalogue_sheet_row_twice"]
        mended = _staged(found, row, cells, _with(judged, twice), one.photos, columns)
        was, mended.id = one.verdict, one.id
        mended.save(force_update=True)
        found.counts[was] -= 1
        found.counts[mended.verdict] += 1
        found.rows_wrong = found.counts[Verdict.WRONG.value]
        found.save()
    return Verdict(mended.verdict)


# Insert ---------------------------------------------------------------------------------------------------------------


def insert_sheet(
    *, actor: Actor, sheet: uuid.UUID, submit: bool = False, overwrite: bool = False, now: datetime
) -> ImportState:
    """Its right rows go into the catalogue; the wrong ones stay in the sheet. `submit`: new goods are handed in, where
    a buyer's needs are met. `overwrite`: also goods that somebody changed since the sheet was made.

    A long sheet is inserted by the worker. NotThere; NotNow: it is being read or inserted, or no row is left.
    """
    with transaction.atomic():
        found = _locked(actor, sheet)
        if found.state not in (ImportState.PREVIEW, ImportState.STOPPED, ImportState.INSERTED):
            raise NotNow("catalogue_sheet_is_busy")
        if overwrite:
            _unstale(found)
        left = SheetRow.objects.filter(sheet=found, verdict__in=_INSERTED, is_done=False).count()
        if not left:
            raise NotNow("catalogue_sheet_nothing_to_insert")
        found.state = ImportState.INSERTING.value
        found.options = {**found.options, "submit": submit, "organisation": str(actor.organisation)}
        found.save()
        if left > AT_ONCE_MAX:
            app.configure_task(INSERT_TASK).defer(sheet=str(sheet))
            return ImportState.INSERTING
    return go_on(sheet, actor=actor, now=now)


def _unstale(sheet: SheetImport) -> None:
    """Rows of goods that were changed meanwhile are to be written; their versions are those of now."""
    stale = list(SheetRow.objects.filter(sheet=sheet, verdict=Verdict.STALE.value))
    known = queries_sheets.known(sheet.stall_id, {row.draft["number"] for row in stale})
    for row in stale:
        if good := known.get(row.draft["number"]):
            row.draft["version"], row.verdict = good.version, Verdict.CHANGED.value
    SheetRow.objects.bulk_update(stale, ["draft", "verdict"], batch_size=500)
    _recount(sheet)


def _recount(sheet: SheetImport) -> None:
    _count(sheet, list(SheetRow.objects.filter(sheet=sheet).values_list("verdict", flat=True)))


def resume(*, actor: Actor, sheet: uuid.UUID) -> None:
    """Go on with a sheet that was stopped, or whose worker fell. NotThere; NotNow: it is not being inserted."""
    with transaction.atomic():
        found = _locked(actor, sheet)
        if found.state not in (ImportState.STOPPED, ImportState.INSERTING):
            raise NotNow("catalogue_sheet_is_not_inserting")
        found.state = ImportState.INSERTING.value
        found.save()
        app.configure_task(INSERT_TASK).defer(sheet=str(sheet))


def stop(*, actor: Actor, sheet: uuid.UUID) -> None:
    """After the chunk that is being written. NotThere; NotNow: it is not being inserted."""
    with transaction.atomic():
        found = _locked(actor, sheet)
        if found.state != ImportState.INSERTING:
            raise NotNow("catalogue_sheet_is_not_inserting")
        found.state = ImportState.STOPPED.value
        found.save()


def forget(*, actor: Actor, sheet: uuid.UUID) -> None:
    """The sheet goes; what of it is in the catalogue stays. NotThere; NotNow: it is being inserted."""
    with transaction.atomic():
        found = _locked(actor, sheet)
        if found.state == ImportState.INSERTING:
            raise NotNow("catalogue_sheet_is_busy")
        found.delete()
    _file_of(sheet).unlink(missing_ok=True)


def forget_old(*, now: datetime) -> int:
    """Sheets that came long ago, and with them the photos that only they hold; how many went."""
    old = SheetImport.objects.filter(created_at__lt=now - KEPT_FOR).exclude(state=ImportState.INSERTING.value)
    gone = list(old.values_list("id", flat=True))
    SheetImport.objects.filter(id__in=gone).delete()
    for sheet in gone:
        _file_of(sheet).unlink(missing_ok=True)
    return len(gone)


def _locked(actor: Actor, sheet: uuid.UUID) -> SheetImport:
    """One's own sheet, locked before the stall and its goods."""
    found = SheetImport.objects.select_for_update(no_key=True, of=("self",)).select_related("stall").filter(id=sheet)
    one = found.first()
    if one is None or not owns(actor, one.stall):
        raise NotThere("catalogue_sheet_not_there")
    return one


def go_on(sheet: uuid.UUID, *, now: datetime, actor: Actor | None = None) -> ImportState:
    """Insert chunk after chunk until all is done or somebody stops it. The worker calls it without an actor."""
    while True:
        state, left = _chunk(sheet, actor, now)
        if state is not ImportState.INSERTING or not left:
            return state


def _chunk(sheet: uuid.UUID, actor: Actor | None, now: datetime) -> tuple[ImportState, bool]:
    with transaction.atomic():
        found = SheetImport.objects.select_for_update(no_key=True, of=("self",)).filter(id=sheet).first()
        if found is None:
            return ImportState.STOPPED, False
        if found.state != ImportState.INSERTING:
            return ImportState(found.state), False
        waiting = SheetRow.objects.filter(sheet=found, verdict__in=_INSERTED, is_done=False)
        rows = list(waiting.order_by("row")[:CHUNK])
        try:
            if rows:
                with transaction.atomic():
                    _write(found, rows, actor or _actor_of(found), now)
        except SundryError as refusal:  # the stall is hers no more
            found.state = ImportState.STOPPED.value
            found.problems = [*found.problems, finding_to_json(error(refusal.rule, details=refusal.details))]
        if found.state == ImportState.INSERTING and len(rows) < CHUNK:
            found.state = ImportState.INSERTED.value
        found.save()
        return ImportState(found.state), True


def _actor_of(sheet: SheetImport) -> Actor:
    """Whoever asked for it; the worker acts for her, and for the organisation that she asked for."""
    return Actor(role=PERSON, person=sheet.person_id, organisation=uuid.UUID(sheet.options["organisation"]))


def _changes(row: SheetRow, field: str) -> bool:
    """Whether its cell says something else than the good did when the row was looked at."""
    return any(name == field for name, *_ in row.draft["differences"])


def _write(sheet: SheetImport, rows: Sequence[SheetRow], actor: Actor, now: datetime) -> None:
    """One chunk. What breaks a rule by now, or was changed since it was looked at, is told in its row."""
    new = {row.row: NewGood(from_json(row.draft["draft"]), tuple(row.photos)) for row in rows if row.is_new}
    other = {
        row.row: OtherGood(
            row.draft["number"],
            from_json(row.draft["draft"]),
            row.draft["version"],
            tuple(row.photos),
            recounts=_changes(row, "stock_pieces"),
            recounts_variants=_changes(row, "variants"),
        )
        for row in rows
        if not row.is_new
    }
    added = add_goods(actor=actor, stall=sheet.stall_id, goods=new, submit=bool(sheet.options.get("submit")), now=now)
    changed = change_goods(actor=actor, stall=sheet.stall_id, goods=other, now=now)
    for row in rows:
        outcome: Any = added.get(row.row) or changed.get(row.row)
        if outcome.findings:
            row.verdict = (Verdict.STALE if outcome.is_stale else Verdict.WRONG).value
            row.findings = [*row.findings, *(finding_to_json(replace(one, row=row.row)) for one in outcome.findings)]
        else:
            row.is_done, row.good_id = True, outcome.good
            row.draft["number"] = outcome.number
    SheetRow.objects.bulk_update(rows, ["verdict", "findings", "is_done", "good", "draft"])
    sheet.rows_done += sum(row.is_done for row in rows)
    if any(not row.is_done for row in rows):
        _recount(sheet)
