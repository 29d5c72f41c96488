"""Order lists on their way into a basket and back: nothing lost, nothing half done, nothing silently."""

from __future__ import annotations

import json
import uuid
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.db import connection
from django.test.utils import CaptureQueriesContext
from orders_market import NOON, TODAY, Market
from PIL import Image

from sundry.goods.catalogue.models import Good
from sundry.goods.catalogue.rules import Step
from sundry.goods.orders import (
    actions_basket,
    actions_sheets,
    jobs_sheets,
    queries_orders,
    queries_sheets,
    sheets_export,
    sheets_writing,
)
from sundry.goods.orders.actions_sheets import insert_sheet, mend_cell, read_sheet
from sundry.goods.orders.errors import NotNow, NotThere
from sundry.goods.orders.import_rules import ImportState, Verdict
from sundry.goods.orders.models import Change, Order, OrderImport, OrderLine
from sundry.goods.orders.order_rules import Head, Wish
from sundry.goods.orders.queries_sheets import RowView, SheetView
from sundry.goods.orders.reading import process
from sundry.kernel.errors import UnusableInput

pytestmark = pytest.mark.django_db

AS_THE_MARKET_DOES = process._ask
HEAD = "店面\t货号\t品名\t数量\t单价\n"


class Hall:
    """A market with Li's stall, on which a cup K-1 is listed, and Amina who buys."""

    def __init__(self) -> None:
        self.market = Market()
        self.li, self.amina = self.market.seller("Li"), self.market.buyer()
        self.booth = self.market.stall(self.li)
        self.cup = self.market.good(self.booth, item_number="K-1", stock_pieces=5000)

    def read(self, rows: str, **more: Any) -> uuid.UUID:
        return read_sheet(actor=self.amina, name="a.xlsx", text=HEAD + rows, now=NOON, **more)

    def send(self, data: bytes, name: str = "a.xlsx") -> uuid.UUID:
        return read_sheet(actor=self.amina, name=name, data=data, now=NOON)

    def insert(self, sheet: uuid.UUID, **more: Any) -> ImportState:
        return insert_sheet(actor=self.amina, sheet=sheet, now=NOON, **more)

    def basket(self, *wishes: Wish) -> int:
        order = actions_basket.start(actor=self.amina, head=Head(), now=NOON)
        actions_basket.put(actor=self.amina, order=order, wishes=wishes, version=None, now=NOON)
        return order

    def export(self, order: int) -> Any:
        view = queries_orders.order(order)
        assert view is not None
        return openpyxl.load_workbook(BytesIO(sheets_export.of_order(view, language="es", day=TODAY)))


@pytest.fixture(autouse=True)
def open_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job closes its connection, in which a test has its transaction."""
    monkeypatch.setattr(connection, "close", lambda: None)


@pytest.fixture
def hall(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hall:
    """Books are read in this process, which is ten times as fast; test_a_heavy_list_... reads as the market does."""

    def ask(path: Path, request: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(json.dumps(process._answer({"path": str(path), **request})))
        if "refused" in answer:
            raise UnusableInput(answer["refused"], **answer["details"])
        return answer

    settings.FILES_DIR = tmp_path
    monkeypatch.setattr(process, "_ask", ask)
    return Hall()


def seen(sheet: uuid.UUID) -> SheetView:
    view = queries_sheets.sheet(sheet)
    assert view is not None
    return view


def rows(sheet: uuid.UUID) -> tuple[RowView, ...]:
    return queries_sheets.rows(sheet)


def rules(sheet: uuid.UUID) -> list[list[str]]:
    return [[finding.rule for finding in row.findings] for row in rows(sheet)]


def saved(book: Any) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def lines(order: int) -> list[tuple[str, int, int, int]]:
    found = OrderLine.objects.filter(order__number=order).order_by("position")
    return list(found.values_list("item_number", "pieces", "price_minor", "price_per"))


# In -------------------------------------------------------------------------------------------------------------------


def test_rows_are_read_mended_and_put_into_a_new_basket(hall: Hall) -> None:
    stall = f"#{hall.booth.number}"
    sheet = hall.read(
        f"{stall}\tK-1\t杯子\t12\t3.00\n{stall}\tX-9\t围巾\t120\t100/打\n{stall}\tK-7\t发夹\tabc\t0.085\n"
        "Nowhere\tQ\tq\t1\t1\n"
    )
    assert [row.verdict for row in rows(sheet)] == [Verdict.NEW, Verdict.NEW, Verdict.WRONG, Verdict.WRONG]
    assert not Order.objects.exists(), "reading writes nothing into an order"
    assert (rules(sheet)[2], rules(sheet)[3]) == (["not_a_number"], ["order_sheet_stall_unknown"])
    assert mend_cell(actor=hall.amina, sheet=sheet, position=3, field="pieces", value="1000个", now=NOON) is Verdict.NEW
    assert hall.insert(sheet) is ImportState.INSERTED
    view = seen(sheet)
    assert view.order is not None
    assert lines(view.order) == [("K-1", 12, 300, 1), ("X-9", 120, 10_000, 12), ("K-7", 1000, 8500, 1000)]
    assert (view.done, view.counts[Verdict.WRONG]) == (3, 1), "the wrong row stays where it was"

    assert mend_cell(actor=hall.amina, sheet=sheet, position=4, field="stall", value=stall, now=NOON) is Verdict.NEW
    assert hall.insert(sheet) is ImportState.INSERTED
    assert lines(view.order)[3] == ("Q", 1, 100, 1), "into the same basket"
    with pytest.raises(NotNow, match="No row is left"):
        hall.insert(sheet)
    with pytest.raises(NotNow, match="in the order already"):
        mend_cell(actor=hall.amina, sheet=sheet, position=1, field="pieces", value="1", now=NOON)


def test_what_the_market_says_of_a_row_is_told_before_it_is_inserted(hall: Hall) -> None:
    market, stall = hall.market, hall.booth
    market.good(stall, item_number="BIG", ladder=(Step(500, 200),))
    closed = market.stall(hall.li, is_open=False)
    sheet = hall.read(
        f"#{stall.number}\tBIG\t\t12\t\n#{stall.number}\tK-1\t\t99999999999\t1\n"
        f"#{stall.number}\tK-1\t\t5\t0\n#{closed.number}\tZ\tz\t5\t1\n#{stall.number}\tZ\tz\t5\t\n"
        f"#{stall.number}\tK-1\t\t5\t$1.20\n"
    )
    assert rules(sheet) == [
        ["orders_below_minimum"],
        ["orders_pieces_impossible"],
        ["price_zero", "orders_price_impossible"],
        ["orders_stall_closed"],
        ["orders_line_price_needed"],
        ["order_sheet_other_currency"],
    ]
    assert {row.verdict for row in rows(sheet)} == {Verdict.WRONG}
    assert [row.findings[0].header for row in rows(sheet)][:2] == ["pieces", "pieces"]


def test_statements_do_not_grow_with_rows(hall: Hall) -> None:
    counts = []
    for count in (3, 60):
        text = "".join(f"#{hall.booth.number}\tX-{count}-{row}\t杯\t{row}\t1.5\n" for row in range(1, count + 1))
        with CaptureQueriesContext(
            connection,
        ) as made:
            sheet = hall.read(text)
            hall.insert(sheet)
        counts.append(len(made))
    assert counts[0] == counts[1], counts


def test_a_good_that_is_gone_by_then_is_told_and_the_others_go_in(hall: Hall) -> None:
    gone = hall.market.good(hall.booth, item_number="K-2")
    sheet = hall.read(f"#{hall.booth.number}\tK-1\t\t5\t\n#{hall.booth.number}\tK-2\t\t5\t\n")
    Good.objects.filter(number=gone).update(state="withdrawn")
    assert hall.insert(sheet) is ImportState.INSERTED
    assert [row.verdict for row in rows(sheet)] == [Verdict.NEW, Verdict.WRONG]
    assert rules(sheet)[1] == ["orders_good_not_there"]
    assert len(lines(seen(sheet).order or 0)) == 1


def test_a_long_list_is_stopped_and_gone_on_with(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions_sheets, "AT_ONCE_MAX", 2)
    monkeypatch.setattr(sheets_writing, "CHUNK", 2)
    sheet = hall.read("".join(f"#{hall.booth.number}\tX-{row}\t杯\t{row}\t1.5\n" for row in range(1, 6)))
    assert hall.insert(sheet) is ImportState.INSERTING, "the worker does it"
    with pytest.raises(NotNow, match="being read or inserted"):
        hall.insert(sheet)
    assert actions_sheets._chunk(sheet, None, NOON) == (ImportState.INSERTING, True)
    actions_sheets.stop(actor=hall.amina, sheet=sheet)
    assert actions_sheets.go_on(sheet, now=NOON) is ImportState.STOPPED
    assert seen(sheet).done == 2
    actions_sheets.resume(actor=hall.amina, sheet=sheet)
    jobs_sheets.insert_sheet(str(sheet))
    assert seen(sheet).state is ImportState.INSERTED
    assert [item for item, *_ in lines(seen(sheet).order or 0)] == [f"X-{row}" for row in range(1, 6)]
    with pytest.raises(NotNow, match="not being inserted"):
        actions_sheets.stop(actor=hall.amina, sheet=sheet)


def test_a_list_is_of_who_sent_it(hall: Hall) -> None:
    sheet = hall.read(f"#{hall.booth.number}\tK-1\t\t5\t\n")
    other = hall.market.buyer("Bo")
    for act in (
        lambda: insert_sheet(actor=other, sheet=sheet, now=NOON),
        lambda: actions_sheets.forget(actor=other, sheet=sheet),
        lambda: mend_cell(actor=other, sheet=sheet, position=1, field="pieces", value="1", now=NOON),
    ):
        with pytest.raises(NotThere):
            act()
    theirs = actions_basket.start(actor=other, head=Head(), now=NOON)
    with pytest.raises(NotThere):
        hall.insert(sheet, order=theirs)
    dollars = actions_basket.start(actor=hall.amina, head=Head(currency="USD"), now=NOON)
    with pytest.raises(NotNow, match="cannot go together"):
        hall.insert(sheet, order=dollars)
    with pytest.raises(NotThere):
        mend_cell(actor=hall.amina, sheet=sheet, position=1, field="nothing", value="1", now=NOON)
    actions_sheets.forget(actor=hall.amina, sheet=sheet)
    assert queries_sheets.sheet(sheet) is None


def test_what_cannot_be_read_says_why_and_old_lists_go(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = hall.send(b"%PDF-1.7 nothing", "a.docx")
    assert (seen(bad).state, [one.rule for one in seen(bad).problems]) == (ImportState.FAILED, ["not_a_workbook"])
    assert "a.docx" in seen(bad).problems[0].message()
    monkeypatch.setattr(actions_sheets, "ROWS_MAX", 1)
    long = hall.read(f"#{hall.booth.number}\tK-1\t\t5\t\n#{hall.booth.number}\tK-1\t\t6\t\n")
    assert [one.rule for one in seen(long).problems] == ["order_sheet_too_long"]
    with monkeypatch.context() as ours:  # a fault of our own: nobody waits for ever
        ours.setattr(actions_sheets, "raw_rows", lambda _: 1 / 0)
        lost = seen(hall.read(f"#{hall.booth.number}\tK-1\t\t5\t\n"))
        assert (lost.state, [one.rule for one in lost.problems]) == (ImportState.FAILED, ["book_damaged"])
    monkeypatch.setattr(actions_sheets, "FILE_BYTES_MAX", 3)
    with pytest.raises(UnusableInput):
        hall.send(b"1234")
    jobs_sheets.tidy(0)
    assert OrderImport.objects.count() == 3, "they are young"
    assert actions_sheets.forget_old(now=NOON + 2 * actions_sheets.KEPT_FOR) == 3
    assert not list(actions_sheets.file_of(long).parent.iterdir()), "no file stays behind"


def test_a_heavy_list_is_read_by_the_worker(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_ask", AS_THE_MARKET_DOES)
    monkeypatch.setattr(actions_sheets, "HEAVY_BYTES", 1)
    sheet = hall.read(f"#{hall.booth.number}\tK-1\t\t5\t\n")
    assert seen(sheet).state is ImportState.READING
    jobs_sheets.read_sheet(str(sheet))
    assert seen(sheet).state is ImportState.PREVIEW
    actions_sheets.read_kept(sheet, now=NOON)  # a job that comes twice
    assert seen(sheet).total == 1
    lost = hall.read(f"#{hall.booth.number}\tK-1\t\t5\t\n")
    actions_sheets.file_of(lost).unlink()
    actions_sheets.read_kept(lost, now=NOON)
    assert [one.rule for one in seen(lost).problems] == ["order_sheet_file_gone"]


def test_pictures_in_rows_become_photos_of_lines(hall: Hall, tmp_path: Path) -> None:
    photo, broken = BytesIO(), BytesIO()
    Image.new("RGB", (200, 100), (9, 90, 200)).save(photo, "PNG")
    Image.new("RGB", (4, 4)).save(broken, "PNG")
    path = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["店面", "货号", "图片", "品名", "数量", "单价"])
        for row, picture in ((1, photo), (2, broken)):
            sheet.write_row(row, 0, [f"#{hall.booth.number}", f"P-{row}", "", "杯", 5, 2])
            sheet.insert_image(row, 2, f"{row}.png", {"image_data": picture})
    read = hall.send(path.read_bytes())
    first, second = rows(read)
    assert len(first.photo) == 64
    assert (second.photo, second.findings[0].rule, second.verdict) == ("", "catalogue_photo_too_small", Verdict.NEW)
    hall.insert(read)
    assert OrderLine.objects.get(item_number="P-1").photo == first.photo
    assert queries_sheets.photos_shown([first.photo, "0" * 64]) == {first.photo}


# There and back -------------------------------------------------------------------------------------------------------


@pytest.fixture
def order(hall: Hall) -> int:
    stall = hall.booth.number
    return hall.basket(
        Wish(pieces=600, good=hall.cup),
        Wish(pieces=120, stall=stall, names={"zh": "围巾"}, item_number="X-1", price_minor=10_000, price_per=12),
        Wish(pieces=1000, stall=stall, names={"zh": "发夹"}, item_number="X-2", price_minor=8500, price_per=1000),
    )


def test_an_unchanged_sheet_writes_nothing(hall: Hall, order: int) -> None:
    before = Order.objects.get(number=order).version
    sheet = hall.send(saved(hall.export(order)))
    assert [row.verdict for row in rows(sheet)] == [Verdict.UNCHANGED] * 3
    assert (seen(sheet).order, seen(sheet).is_of_order) == (order, True)
    with pytest.raises(NotNow, match="No row is left"):
        hall.insert(sheet)
    assert Order.objects.get(number=order).version == before


def test_a_changed_cell_changes_one_line(hall: Hall, order: int) -> None:
    book = hall.export(order)
    page = book.worksheets[0]
    page["H2"], page["I4"] = 720, 0.08
    page.append([f"#{hall.booth.number}", "X-3", None, "伞", None, None, None, 7, 9.9])
    sheet = hall.send(saved(book))
    assert [row.verdict for row in rows(sheet)] == ([Verdict.CHANGED, Verdict.UNCHANGED, Verdict.CHANGED, Verdict.NEW])
    assert rows(sheet)[0].differences == (("pieces", "600", "720"),)
    hall.insert(sheet)
    assert lines(order) == [
        ("K-1", 720, 320, 1),
        ("X-1", 120, 10_000, 12),
        ("X-2", 1000, 8, 1),
        ("X-3", 7, 990, 1),
    ]


def test_a_stale_row_is_told_and_overwritten_only_when_asked(hall: Hall, order: int) -> None:
    book = hall.export(order)
    book.worksheets[0]["H3"] = 240
    data = saved(book)
    line = OrderLine.objects.get(item_number="X-1")
    looked_at = hall.send(data)
    actions_basket.change_line(actor=hall.amina, order=order, line=line.id, pieces=36, version=None, now=NOON)
    assert hall.insert(looked_at) is ImportState.INSERTED
    assert rows(looked_at)[1].verdict is Verdict.STALE, "somebody changed it between the preview and the button"
    sheet = hall.send(data)
    assert rows(sheet)[1].verdict is Verdict.STALE
    assert rows(sheet)[1].differences == (("pieces", "36", "240"),)
    with pytest.raises(NotNow):
        hall.insert(sheet)
    hall.insert(sheet, overwrite=True)
    assert lines(order)[1][1] == 240


def test_rows_that_were_deleted_are_asked_about(hall: Hall, order: int) -> None:
    book = hall.export(order)
    page = book.worksheets[0]
    for merged in list(page.merged_cells.ranges):
        page.unmerge_cells(str(merged))
    page.delete_rows(3)
    page["A3"] = page["A2"].value
    sheet = hall.send(saved(book))
    assert [row.verdict for row in rows(sheet)] == [Verdict.UNCHANGED, Verdict.UNCHANGED, Verdict.GONE]
    assert rules(sheet)[2] == ["order_sheet_row_gone"]
    with pytest.raises(NotNow):
        hall.insert(sheet)
    assert len(lines(order)) == 3
    hall.insert(sheet, remove=True)
    assert [item for item, *_ in lines(order)] == ["K-1", "X-2"]


def test_a_row_of_another_order_and_one_that_stands_twice_are_told(hall: Hall, order: int) -> None:
    other = hall.export(hall.basket(Wish(pieces=5, good=hall.cup))).worksheets[0]
    book = hall.export(order)
    page = book.worksheets[0]
    page["M2"], page["N2"] = other["M2"].value, other["N2"].value
    page["M4"], page["N4"] = page["M3"].value, page["N3"].value
    sheet = hall.send(saved(book))
    found = rules(sheet)
    assert found[0] == ["order_sheet_row_foreign"]
    assert found[2] == ["order_sheet_row_twice"]
    assert [row.verdict for row in rows(sheet)][3:] == [Verdict.GONE, Verdict.GONE]
    mended = mend_cell(actor=hall.amina, sheet=sheet, position=3, field="pieces", value="7", now=NOON)
    assert (mended, rules(sheet)[2]) == (Verdict.WRONG, ["order_sheet_row_twice"]), "mending it makes no second line"


def test_of_a_placed_order_a_change_is_made_or_proposed(hall: Hall) -> None:
    market = hall.market
    second = market.stall(market.seller("Wang"))
    mug = market.good(second, item_number="M-1", stock_pieces=500)
    placed = market.order(hall.amina, {hall.cup: 600, mug: 100})
    market.confirm(hall.li, placed.order)
    book = hall.export(placed.order)
    page = book.worksheets[0]
    page["H2"], page["H3"] = 480, 60
    page.append([f"#{hall.booth.number}", "X-3", None, "伞", None, None, None, 7, 9.9])
    sheet = hall.send(saved(book))
    hall.insert(sheet, reason="Fewer are needed")
    assert [(row.verdict, row.is_done) for row in rows(sheet)] == (
        [(Verdict.CHANGED, True), (Verdict.CHANGED, True), (Verdict.WRONG, False)]
    )
    assert rules(sheet)[2] == ["order_sheet_order_is_placed"]
    assert sorted(Change.objects.values_list("state", "kind", "reason")) == [
        ("accepted", "amend", "Fewer are needed"),
        ("proposed", "part_cancel", "Fewer are needed"),
    ]
    assert [pieces for _, pieces, *_ in lines(placed.order)] == [600, 60], "Li has confirmed, and is asked"
    again = hall.send(saved(book))
    hall.insert(again, reason="Once more")
    assert rules(again)[0] == ["orders_change_waits"]


def test_an_agent_inserts_for_her_buyer(hall: Hall) -> None:
    zhou = hall.market.agent()
    held = hall.market.mandate(zhou, hall.amina)
    sheet = read_sheet(
        actor=zhou,
        name="b.csv",
        data=f"店面,货号,数量,单价\n#{hall.booth.number},K-1,12,3\n".encode("gb18030"),
        now=NOON,
    )
    insert_sheet(actor=zhou, sheet=sheet, mandate=held, now=NOON)
    made = Order.objects.get(number=seen(sheet).order)
    assert (made.buyer_id, made.agent_id, made.name) == (hall.amina.organisation, zhou.organisation, "b")
    assert OrderImport.objects.get(id=sheet).organisation_id == zhou.organisation
