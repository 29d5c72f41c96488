"""A sheet goes into the catalogue: what a row becomes, what is not overwritten, what can be stopped gone on with."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from sundry.goods.catalogue import actions, actions_photos, actions_sheets, queries, queries_sheets, sheets_export
from sundry.goods.catalogue.errors import NotNow, NotThere
from sundry.goods.catalogue.models import Good, SheetImport
from sundry.goods.catalogue.rules import ImportState, State, Step, Variant, Verdict

pytestmark = pytest.mark.django_db

HEADER = "货号\t品名\t单价\t起订量\n"


class Desk:
    """read(text or bytes) -> id; insert(id); a stall of its own, and its goods."""

    def __init__(self, bazaar: Any, holder: Any) -> None:
        self.bazaar, self.holder = bazaar, holder
        self.stall = bazaar.stall_of(holder)

    def read(self, what: str | bytes) -> uuid.UUID:
        given: dict[str, Any] = {"data": what} if isinstance(what, bytes) else {"text": what}
        return actions_sheets.read_sheet(
            actor=self.holder, stall=self.stall, name="list.xlsx", now=self.bazaar.now, **given
        )

    def insert(self, sheet: uuid.UUID, **more: Any) -> ImportState:
        return actions_sheets.insert_sheet(actor=self.holder, sheet=sheet, now=self.bazaar.now, **more)

    def rows(self, sheet: uuid.UUID) -> dict[int, queries_sheets.RowView]:
        return {row.row: row for row in queries_sheets.rows(sheet, limit=9_999)}

    def export(self, **more: Any) -> bytes:
        return sheets_export.exported(queries_sheets.goods_to_export(self.stall), "ar", **{"photos": True, **more})

    def verdicts(self, sheet: uuid.UUID) -> list[Verdict]:
        return [row.verdict for row in self.rows(sheet).values()]

    def goods(self) -> list[Good]:
        return list(Good.objects.filter(stall=self.stall).order_by("number"))


@pytest.fixture
def desk(bazaar: Any, tmp_path: Any, settings: Any) -> Desk:
    settings.FILES_DIR = tmp_path
    return Desk(bazaar, bazaar.holder(trusted=True))


def edited(book: bytes, edit: Callable[[Any, dict[str, int]], None]) -> bytes:
    """The workbook after somebody worked in it. `edit` is given the sheet and the columns by field."""
    opened = openpyxl.load_workbook(BytesIO(book))
    own = {row[1].value: row[2].value for row in opened["sundry"].iter_rows() if row[0].value == "header"}
    sheet = opened.worksheets[0]
    edit(sheet, {own[cell.value]: cell.column for cell in sheet[1] if cell.value in own})
    out = BytesIO()
    opened.save(out)
    return out.getvalue()


def noise(colour: int) -> bytes:
    picture = Image.radial_gradient("L").rotate(colour).convert("RGB")
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_pasted_rows_become_goods_and_wrong_ones_stay(desk: Desk) -> None:
    sheet = desk.read(HEADER + "K-1\t牙刷杯\t¥3.20\t120个\nK-2\t毛巾\tabc\t12\nK-3\t\t\t\n合计\t\t99\t\n")
    view = queries_sheets.sheet(sheet)
    assert view is not None
    assert view.state is ImportState.PREVIEW
    assert not desk.goods()
    assert desk.verdicts(sheet) == [Verdict.NEW, Verdict.WRONG, Verdict.NEW]
    (finding,) = desk.rows(sheet)[3].findings
    assert (finding.rule, finding.row, finding.column, finding.value) == ("catalogue_sheet_no_number", 3, "C", "abc")
    assert [problem.rule for problem in view.problems] == ["catalogue_sheet_total_left_out"]

    assert desk.insert(sheet, submit=True) is ImportState.INSERTED
    cup, bare = desk.goods()
    assert (cup.names, cup.ladder_quantities, cup.ladder_prices_minor) == ({"zh": "牙刷杯"}, [120], [320])
    assert cup.state == State.LISTED
    assert bare.state == State.DRAFT
    with pytest.raises(NotNow, match="No row is left"):
        desk.insert(sheet)

    mended = actions_sheets.mend_cell(
        actor=desk.holder, sheet=sheet, row=3, field="step_1_price", value="2.50", now=desk.bazaar.now
    )
    assert mended is Verdict.NEW
    desk.insert(sheet)
    assert [good.item_number for good in desk.goods()] == ["K-1", "K-3", "K-2"]
    assert queries_sheets.sheet(sheet).done == 3  # type: ignore[union-attr]


def test_what_goes_out_and_comes_back_unchanged_writes_nothing(desk: Desk, photo: Callable[[str], str]) -> None:
    kinds = (Variant({"zh": "红", "ar": "أحمر"}, "R", 20), Variant({"zh": "蓝"}))
    number = desk.bazaar.add(desk.holder, names={"zh": "=cmd|' /C calc'!A0", "en": "+cup"}, variants=kinds, brand="@me")
    actions_photos.add_photo(actor=desk.holder, number=number, file=photo("red"), now=desk.bazaar.now)
    before = desk.bazaar.good(number)
    sheet = desk.read(desk.export())
    assert desk.verdicts(sheet) == [Verdict.UNCHANGED]
    with pytest.raises(NotNow):
        desk.insert(sheet)
    assert desk.bazaar.good(number) == before


def test_one_changed_cell_changes_one_field(desk: Desk) -> None:
    kinds = (Variant({"zh": "红"}, "R", 20), Variant({"zh": "蓝"}))
    first = desk.bazaar.add(desk.holder, variants=kinds, ladder=(Step(120, 320), Step(1200, 285)))
    second = desk.bazaar.add(desk.holder, names={"zh": "毛巾"})
    before, untouched = desk.bazaar.good(first), desk.bazaar.good(second)

    def edit(sheet: Any, columns: dict[str, int]) -> None:
        row = next(cells[0].row for cells in sheet.iter_rows(min_row=2) if str(cells[0].value).startswith(f"{first}-"))
        sheet.cell(row, columns["step_2_price"]).value = "2.70元"
        sheet.insert_cols(3)

    sheet = desk.read(edited(desk.export(), edit))
    changed = next(row for row in desk.rows(sheet).values() if row.number == first)
    assert [(one.field, one.before, one.after) for one in changed.differences] == [("step_2_price", "2.85", "2.7")]
    desk.insert(sheet)
    after = desk.bazaar.good(first)
    assert after.draft == replace(before.draft, ladder=(Step(120, 320), Step(1200, 270)))
    assert desk.bazaar.good(second) == untouched


def test_what_was_changed_meanwhile_is_told_and_not_overwritten_unasked(desk: Desk) -> None:
    number = desk.bazaar.add(desk.holder)
    out = desk.export()
    view = desk.bazaar.good(number)
    actions.change_good(
        actor=desk.holder, number=number, version=view.version, now=desk.bazaar.now,
        draft=replace(view.draft, ladder=(Step(120, 340),)),
    )  # fmt: skip
    sheet = desk.read(out)
    (row,) = desk.rows(sheet).values()
    assert row.verdict is Verdict.STALE
    told = {finding.header: finding for finding in row.findings}
    assert (told["step_1_price"].value, told["step_1_price"].details["now"]) == ("3.2", "3.4")
    with pytest.raises(NotNow):
        desk.insert(sheet)
    assert desk.bazaar.good(number).draft.ladder == (Step(120, 340),)
    desk.insert(sheet, overwrite=True)
    assert desk.bazaar.good(number).draft.ladder == (Step(120, 320), Step(1200, 285))


def test_a_good_that_is_changed_between_preview_and_insert_is_left_alone(desk: Desk) -> None:
    number = desk.bazaar.add(desk.holder)
    sheet = desk.read(
        edited(desk.export(), lambda book, columns: book.cell(2, columns["brand"]).__setattr__("value", "Acme"))
    )
    view = desk.bazaar.good(number)
    changed = replace(view.draft, item_number="new")
    actions.change_good(actor=desk.holder, number=number, draft=changed, version=view.version, now=desk.bazaar.now)
    desk.insert(sheet)
    assert desk.bazaar.good(number).draft == changed
    (row,) = desk.rows(sheet).values()
    assert row.verdict is Verdict.STALE
    assert row.findings[-1].rule == "catalogue_good_changed"


def test_a_made_up_number_one_of_another_stall_and_one_twice_are_findings(desk: Desk) -> None:
    other = desk.bazaar.holder("Sun")
    foreign = desk.bazaar.add(other)
    number = desk.bazaar.add(desk.holder)
    mark = desk.rows(desk.read(desk.export()))[2].cells["row"]
    made_up = [f"{foreign}-{mark.partition('-')[2]}", f"999999999-{'0' * 32}", "junk", mark, mark]
    text = "Sundry row\t品名\t单价\n" + "".join(f"{one}\t杯\t3.20\n" for one in made_up)
    rows = desk.rows(desk.read(text))
    assert [rows[row].findings[0].rule for row in (2, 3, 4)] == ["catalogue_sheet_good_unknown"] * 3
    assert rows[5].number == number
    assert rows[6].findings[0].rule == "catalogue_sheet_row_twice"


def test_pictures_in_rows_are_taken_along_and_known_ones_are_not_taken_twice(desk: Desk) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Photo", "Item no", "Name", "Price"])
    for row, colour in ((2, 10), (3, 95)):
        book.active.append(["", f"K-{row}", "cup", 3.2])
        book.active.add_image(openpyxl.drawing.image.Image(BytesIO(noise(colour))), f"A{row}")
    out = BytesIO()
    book.save(out)
    desk.insert(desk.read(out.getvalue()))
    goods = desk.goods()
    assert len({good.cover for good in goods}) == 2
    assert all(good.cover for good in goods)
    assert [len(desk.bazaar.good(good.number).photos) for good in goods] == [1, 1]
    assert desk.verdicts(desk.read(desk.export())) == [Verdict.UNCHANGED] * 2


def test_a_long_sheet_is_inserted_by_the_worker_and_can_be_stopped(desk: Desk, monkeypatch: Any) -> None:
    rows = "".join(f"K-{row}\t杯{row}\t3.20\t12\n" for row in range(230))
    sheet = desk.read(HEADER + rows)
    assert desk.insert(sheet) is ImportState.INSERTING
    assert not desk.goods()
    chunk, chunks = actions_sheets._chunk, []

    def stopped_after_one(*given: Any) -> Any:
        told = chunk(*given)
        chunks.append(told)
        if len(chunks) == 1:
            actions_sheets.stop(actor=desk.holder, sheet=sheet)
        return told

    monkeypatch.setattr(actions_sheets, "_chunk", stopped_after_one)
    assert actions_sheets.go_on(sheet, now=desk.bazaar.now) is ImportState.STOPPED
    assert len(desk.goods()) == 100
    actions_sheets.resume(actor=desk.holder, sheet=sheet)
    assert actions_sheets.go_on(sheet, now=desk.bazaar.now) is ImportState.INSERTED
    assert [good.item_number for good in desk.goods()] == [f"K-{row}" for row in range(230)]
    with pytest.raises(NotNow):
        actions_sheets.stop(actor=desk.holder, sheet=sheet)


def test_statements_do_not_grow_with_the_rows(desk: Desk) -> None:
    counts = []
    for rows in (3, 60):
        lines = "".join(f"K-{row}\t杯\t3.20\t12\tzh: 红 | en: Red\n" for row in range(rows))
        with CaptureQueriesContext(connection) as statements:
            sheet = desk.read("货号\t品名\t单价\t起订量\t款式\n" + lines)
            desk.insert(sheet, submit=True)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    for rows in (3, 60):
        goods = queries_sheets.goods_to_export(desk.stall)[:rows]
        book = sheets_export.exported(goods, "en", photos=False)
        changed = edited(book, lambda book, columns: [
            book.cell(row, columns["stock_pieces"]).__setattr__("value", rows)  # noqa: B023
            for row in range(2, book.max_row + 1)
        ])  # fmt: skip
        with CaptureQueriesContext(connection) as statements:
            desk.insert(desk.read(changed))
        counts.append(len(statements))
    assert counts[2] == counts[3]


def test_nobody_does_anything_with_anothers_sheet(desk: Desk) -> None:
    sheet, other = desk.read(HEADER + "K\t杯\t3\t1\n"), desk.bazaar.holder("Sun")
    for act in (actions_sheets.forget, actions_sheets.stop, actions_sheets.resume):
        with pytest.raises(NotThere):
            act(actor=other, sheet=sheet)
    with pytest.raises(NotThere):
        actions_sheets.insert_sheet(actor=other, sheet=sheet, now=desk.bazaar.now)
    with pytest.raises(NotThere):
        actions_sheets.mend_cell(actor=other, sheet=sheet, row=2, field="brand", value="", now=desk.bazaar.now)
    with pytest.raises(NotThere):
        actions_sheets.read_sheet(actor=other, stall=desk.stall, name="", text=HEADER, now=desk.bazaar.now)
    actions_sheets.forget(actor=desk.holder, sheet=sheet)
    assert not SheetImport.objects.exists()
    assert not queries.goods_of_stall(desk.stall)


def test_a_heavy_file_is_read_by_the_worker(desk: Desk, monkeypatch: Any) -> None:
    desk.bazaar.add(desk.holder)
    monkeypatch.setattr(actions_sheets, "HEAVY_BYTES", 10)
    sheet = desk.read(desk.export())
    assert SheetImport.objects.get(id=sheet).state == ImportState.READING
    with pytest.raises(NotNow):
        desk.insert(sheet)
    actions_sheets.read_kept(sheet, now=desk.bazaar.now)
    assert desk.verdicts(sheet) == [Verdict.UNCHANGED]
    assert not actions_sheets._file_of(sheet).exists()
    pasted = desk.read(HEADER + 'K-1\t"杯\n大"\t3.20\t12\n')
    actions_sheets.read_kept(pasted, now=desk.bazaar.now)
    assert desk.rows(pasted)[2].draft.names == {"zh": "杯 大"}
    broken = desk.read(b"PK" + b"x" * 100)
    actions_sheets.read_kept(broken, now=desk.bazaar.now)
    view = queries_sheets.sheet(broken)
    assert view is not None
    assert view.problems[0].rule == "catalogue_sheet_damaged"
    assert not view.total


def test_a_sheet_is_not_kept_for_ever(desk: Desk) -> None:
    desk.read(HEADER + "K\t杯\t3\t1\n")
    assert actions_sheets.forget_old(now=timezone.now()) == 0
    assert actions_sheets.forget_old(now=timezone.now() + timedelta(days=91)) == 1
    assert not SheetImport.objects.exists()
