"""Order lists as a buyer sees them: in every language, with cells that mean harm, in few statements."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from orders_market import Market

from sundry.base.access.rules import Actor
from sundry.goods.orders import actions_basket, actions_tickets, pages_sheets
from sundry.goods.orders.import_rules import ImportState, Verdict
from sundry.goods.orders.models import Order, OrderImport, OrderLine
from sundry.goods.orders.order_rules import Head, Wish
from sundry.goods.orders.reading import process
from sundry.goods.orders.sheets_reading import FIELDS
from sundry.kernel.errors import UnusableInput

pytestmark = pytest.mark.django_db

HEAD = "店面\t货号\t品名\t数量\t单价\n"
EVIL = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(3)>',
    "{{ 7|add:7 }}{% debug %}",
    "=cmd|' /C calc'!A0",
    "%(name)s {0}",
)


class Fair:
    def __init__(self) -> None:
        self.market = Market()
        self.li, self.amina = self.market.seller("Li"), self.market.buyer()
        self.booth = self.market.stall(self.li)
        self.cup = self.market.good(self.booth, item_number="K-1", stock_pieces=5000)
        self.stall = f"#{self.booth.number}"


@pytest.fixture(scope="module")
def fair(django_db_setup: None, django_db_blocker: Any) -> Iterator[Fair]:
    """One market for all tests of the file; what a test changes is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Fair()
        transaction.set_rollback(True)


@pytest.fixture
def desk(fair: Fair, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    settings.FILES_DIR = tmp_path

    def ask(path: Path, request: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(json.dumps(process._answer({"path": str(path), **request})))
        if "refused" in answer:
            raise UnusableInput(answer["refused"], **answer["details"])
        return answer

    monkeypatch.setattr(process, "_ask", ask)
    return entered(fair.amina)


def entered(actor: Actor, language: str = "en") -> Client:
    made = Client()
    made.force_login(get_user_model().objects.get(pk=actor.person))
    made.cookies["language"] = language
    return made


def sent(desk: Client, rows: str, **more: str) -> str:
    answer = desk.post("/orders/sheet/", {"text": HEAD + rows, **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_rows_are_pasted_looked_at_mended_and_inserted(desk: Client, fair: Fair) -> None:
    place = sent(desk, f"{fair.stall}\tK-1\t杯\t12\t\n{fair.stall}\tX-1\t围巾\tabc\t0.085\nNowhere\tQ\tq\t1\t1\n")
    page = desk.get(place).content.decode()
    assert 'value="abc"' in page
    assert "<bdi>D3</bdi>" in page
    assert "in &#x27;数量&#x27; is not a number" in page, "a mistake names the header of its column"
    assert "No stall of the market is called" in page
    assert "listed price" in page
    assert not Order.objects.exists()
    only = desk.get(f"{place}?only=wrong").content.decode()
    assert 'id="row-2"' in only
    assert 'id="row-1"' not in only
    assert 'name="after" value="1"' in desk.get(f"{place}?only=wrong&after=1").content.decode()
    mended = {"position": "2", "field": "pieces", "value": "1000", "query": "wrong", "after": "1"}
    answer = desk.post(f"{place}mend", mended, follow=True)
    assert answer.redirect_chain[-1][0] == f"{place}?only=wrong&after=1#row-2", "she has not lost her place"
    assert desk.get(f"{place}?only=wrong").status_code == 200
    assert "the row is right now" in answer.content.decode()
    done = desk.post(f"{place}insert", follow=True).content.decode()
    assert "The rows are in the order." in done
    assert "for 1,000" in done
    order = Order.objects.get()
    assert f'href="/orders/{order.number}/"' in done
    assert OrderLine.objects.filter(order=order).count() == 2
    assert "The list is deleted" in desk.post(f"{place}forget", follow=True).content.decode()


def test_a_file_is_sent_and_a_basket_chosen(desk: Client, fair: Fair) -> None:
    into = actions_basket.start(actor=fair.amina, head=Head(name="Spring"), now=fair.market.now)
    book = openpyxl.Workbook()
    book.active.append(["店面", "货号", "数量"])
    book.active.append([fair.stall, "K-1", 12])
    out = BytesIO()
    book.save(out)
    file = SimpleUploadedFile("list.docx", out.getvalue())
    answer = desk.post("/orders/sheet/", {"file": file, "order": str(into)})
    page = desk.get(answer["Location"]).content.decode()
    assert f'value="{into}" checked' in page
    desk.post(f"{answer['Location']}insert", {"order": str(into)})
    assert OrderLine.objects.get().order.number == into


def test_nothing_and_nonsense_are_told(desk: Client) -> None:
    empty = desk.post("/orders/sheet/", {"text": "  "})
    assert empty.status_code == 422
    assert "Choose an order list" in empty.content.decode()
    place = desk.post("/orders/sheet/", {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04 no zip")})["Location"]
    page = desk.get(place).content.decode()
    assert "Cannot be read" in page
    assert "damaged" in page
    assert desk.get(f"/orders/sheet/{uuid.uuid4()}/").status_code == 404
    assert desk.get(f"{place}insert").status_code == 405
    mended = desk.post(f"{place}mend", {"position": "x", "field": "pieces", "value": "1"}, follow=True)
    assert mended.status_code == 200


def test_cells_that_mean_harm_are_shown_and_do_nothing(desk: Client, fair: Fair) -> None:
    rows = "".join(f"{evil}\t{evil}\t{evil}\t5\t{evil}\n" for evil in EVIL)
    page = desk.get(sent(desk, rows)).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page
    place = sent(desk, f"{fair.stall}\t{EVIL[3]}\t{EVIL[0]}\t5\t1\n")
    desk.post(f"{place}insert")
    number = Order.objects.get().number
    sheet = openpyxl.load_workbook(BytesIO(desk.get(f"/orders/{number}/export.xlsx").content)).worksheets[0]
    assert (sheet["B2"].value, sheet["B2"].data_type) == (EVIL[3], "s")


@pytest.mark.parametrize("language", ["zh-hans", "en", "ar", "es", "fr", "ru"])
def test_the_pages_stand_in_every_language_in_few_statements(language: str, desk: Client, fair: Fair) -> None:
    place = sent(desk, f"{fair.stall}\tK-1\t杯\t12\t\nNowhere\tQ\tq\t1\t1\n")
    reader = entered(fair.amina, language)
    assert reader.get("/orders/sheet/").status_code == 200  # a first page writes the session
    counts = []
    for rows in (1, 40):
        if rows > 1:
            place = sent(desk, f"{fair.stall}\tK-1\t杯\t12\t\n" * rows)
        with CaptureQueriesContext(connection) as made:
            page = reader.get(place)
        assert page.status_code == 200
        counts.append(len(made))
    assert counts[0] == counts[1], counts


def test_a_list_may_be_larger_than_other_uploads(desk: Client) -> None:
    file = SimpleUploadedFile("a.pdf", b"%PDF" + b"0" * 25_000_000)
    assert desk.post("/orders/sheet/", {"file": file}).status_code == 302
    kind = "multipart/form-data; boundary=x"
    answer = desk.generic("POST", "/orders/sheet/", b"", kind, CONTENT_LENGTH="62000000")
    assert answer.status_code == 413


def test_every_state_and_verdict_has_a_word_and_every_field_a_label() -> None:
    assert set(pages_sheets.STATES) == set(ImportState)
    assert set(pages_sheets.VERDICTS) == set(Verdict)
    assert set(FIELDS) <= set(pages_sheets.LABELS)


def test_a_list_that_is_inserted_is_stopped_and_gone_on_with(desk: Client, fair: Fair) -> None:
    place = sent(desk, f"{fair.stall}\tK-1\t杯\t12\t\n")
    sheet = OrderImport.objects.get()
    assert "not being inserted" in desk.post(f"{place}stop", follow=True).content.decode()
    sheet.state, sheet.options = "inserting", {**sheet.options, "verdicts": ["new"], "organisation": str(uuid.uuid4())}
    sheet.save()
    assert "Stopped. What was inserted stays." in desk.post(f"{place}stop", follow=True).content.decode()
    assert "It goes on where it stopped." in desk.post(f"{place}resume", follow=True).content.decode()
    assert "being read or inserted" in desk.post(f"{place}forget", follow=True).content.decode()


# Out ------------------------------------------------------------------------------------------------------------------


def test_an_order_goes_out_and_comes_back(desk: Client, fair: Fair) -> None:
    order = actions_basket.start(actor=fair.amina, head=Head(), now=fair.market.now)
    wishes = [Wish(pieces=600, good=fair.cup)]
    actions_basket.put(actor=fair.amina, order=order, wishes=wishes, version=None, now=fair.market.now)
    answer = desk.get(f"/orders/{order}/export.xlsx")
    assert answer["Content-Disposition"] == f'attachment; filename="order-{order}.xlsx"'
    place = desk.post("/orders/sheet/", {"file": SimpleUploadedFile("back.xlsx", answer.content)})["Location"]
    assert "Unchanged" in desk.get(place).content.decode()
    book = openpyxl.load_workbook(BytesIO(answer.content))
    book.worksheets[0]["H2"] = 720
    out = BytesIO()
    book.save(out)
    place = desk.post("/orders/sheet/", {"file": SimpleUploadedFile("back.xlsx", out.getvalue())})["Location"]
    page = desk.get(place).content.decode()
    assert "<del><bdi>600</bdi></del> <ins><bdi>720</bdi></ins>" in page
    assert "Where the rows go" not in page, "it goes back into the order that it came from"


def test_chosen_goods_go_out_at_the_price_for_a_quantity(desk: Client, fair: Fair) -> None:
    answer = desk.get(f"/orders/sheet/goods.xlsx?good={fair.cup}&good=999999&good=x&quantity=1200")
    sheet = openpyxl.load_workbook(BytesIO(answer.content), data_only=True).worksheets[0]
    assert [sheet[f"{letter}2"].value for letter in "BHIJ"] == ["K-1", 1200, 2.85, 3420]
    assert sheet["A3"].value == "合计"


def test_a_ticket_goes_out_as_excel_and_pdf(desk: Client, fair: Fair) -> None:
    market = fair.market
    placed = market.order(fair.amina, {fair.cup: 600})
    (sub,) = market.confirm(fair.li, placed.order)
    ticket = actions_tickets.draw(actor=fair.li, sub=sub, now=market.now)
    book = desk.get(f"/tickets/{ticket}/ticket.xlsx")
    told = [str(cell.value) for row in openpyxl.load_workbook(BytesIO(book.content)).worksheets[0] for cell in row]
    assert "壹仟玖佰贰拾元整" in told
    assert any("日用百货 (1-F2-C-" in one for one in told)
    assert f'ticket-{placed.order}-1-1.xlsx"' in book["Content-Disposition"]
    assert desk.get(f"/tickets/{ticket}/ticket.pdf").content.startswith(b"%PDF")
    assert entered(market.buyer("Bo")).get(f"/tickets/{ticket}/ticket.pdf").status_code == 404
