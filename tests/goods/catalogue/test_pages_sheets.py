"""Goods by Excel as a stall holder sees it: in every language, with cells that mean harm, in few statements."""

from __future__ import annotations

import uuid
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sundry.goods.catalogue import actions_sheets, pages_sheets, queries_sheets
from sundry.goods.catalogue.models import Good, SheetImport

pytestmark = pytest.mark.django_db

LANGUAGES = ("zh-hans", "en", "ar", "es", "fr", "ru")
EVIL = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(3)>',
    "' onmouseover='alert(4)",
    "{{ 7|add:7 }}{% debug %}",
    "=cmd|' /C calc'!A0",
    "%(name)s {0}",
)
HEADER = "货号\t品名\t单价\t起订量\t类目\n"
ROWS = HEADER + "K-1\t牙刷杯\t3.20\t120\t\nK-2\t毛巾\tabc\t12\t\nK-3\t伞\t9.90\t1\tno such\n"


@pytest.fixture
def holder(bazaar: Any, tmp_path: Any, settings: Any) -> Any:
    settings.FILES_DIR = tmp_path
    return bazaar.holder(trusted=True)


@pytest.fixture
def desk(holder: Any, enter: Any) -> Client:
    made: Client = enter(holder)
    return made


def sent(desk: Client, text: str = ROWS) -> str:
    """The address of the sheet."""
    answer = desk.post("/my/goods/sheet/", {"text": text})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_rows_are_pasted_looked_at_mended_and_inserted(desk: Client, holder: Any) -> None:
    place = sent(desk)
    page = desk.get(place).content.decode()
    assert "“abc” cannot be read as a number" in page
    assert 'value="abc"' in page
    assert "<bdi>C3</bdi>" in page
    assert not Good.objects.exists()
    only = desk.get(f"{place}?only=wrong").content.decode()
    assert 'id="row-3"' in only
    assert 'id="row-2"' not in only

    answer = desk.post(
        f"{place}mend", {"row": "3", "field": "step_1_price", "value": "2.50", "query": "wrong"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == f"{place}?only=wrong"
    assert "row 3 is right now" in answer.content.decode()
    assert "The rows are in the catalogue" in desk.post(f"{place}insert", follow=True).content.decode()
    assert sorted(Good.objects.values_list("item_number", flat=True)) == ["K-1", "K-2"]

    book = openpyxl.load_workbook(BytesIO(desk.get(f"{place}wrong.xlsx").content))
    cells = [cell.value for cell in book.worksheets[0][2]]
    assert "no such" in cells
    assert any("There is no category" in str(cell) for cell in cells)
    again = sent_file(desk, desk.get(f"{place}wrong.xlsx").content)
    assert desk.get(again).context["rows"][0].view.cells["category"] == "no such"


def sent_file(desk: Client, data: bytes, name: str = "goods.xlsx") -> str:
    answer = desk.post("/my/goods/sheet/", {"file": SimpleUploadedFile(name, data), "text": ""})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_goods_go_out_and_come_back(desk: Client, bazaar: Any, holder: Any) -> None:
    one, _ = bazaar.add(holder), bazaar.add(holder, names={"en": "umbrella"})
    out = desk.get("/my/goods/sheet/export/?photos=1")
    assert out["Content-Disposition"].startswith("attachment")
    assert [row.view.verdict for row in desk.get(sent_file(desk, out.content)).context["rows"]] == ["unchanged"] * 2
    chosen = desk.post("/my/goods/sheet/export/", {"row": [one]}).content
    assert len(desk.get(sent_file(desk, chosen)).context["rows"]) == 1


def test_the_empty_sheet_in_every_language_is_understood(desk: Client) -> None:
    for language in LANGUAGES:
        book = openpyxl.load_workbook(BytesIO(desk.get(f"/my/goods/sheet/template.xlsx?lang={language[:2]}").content))
        header = [str(cell.value) for cell in book.worksheets[0][1]]
        place = sent(desk, "\t".join(header) + "\n" + "\t".join(["", ""] + ["x"] * (len(header) - 2)))
        assert not [column for column in desk.get(place).context["sheet"].columns if not column.field]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_accessible_in_every_language(desk: Client, assert_accessible: Any, language: str) -> None:
    place = sent(desk, ROWS + "\t".join(EVIL[:5]))
    for address in ("/my/goods/sheet/", place, f"{place}?only=wrong"):
        page = desk.get(f"{address}{'&' if '?' in address else '?'}lang={language[:2]}")
        assert_accessible(page.content.decode())


def test_cells_that_mean_harm_are_shown_as_text(desk: Client) -> None:
    text = HEADER + "".join(f"{one}\t{one}\t{one}\t{one}\t{one}\n" for one in EVIL)
    place = sent(desk, text.replace("品名", EVIL[1] + " 品名"))
    page = desk.get(place).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "onmouseover='alert(4)" not in page
    assert "{{ 7|add:7 }}" in page


@pytest.mark.parametrize("what", ["", "mend", "insert", "stop", "resume", "forget", "wrong.xlsx"])
def test_a_sheet_of_another_stall_is_not_there(desk: Client, bazaar: Any, enter: Any, what: str) -> None:
    foreign = sent(enter(bazaar.holder("Sun")))
    way = desk.get if what in ("", "wrong.xlsx") else desk.post
    assert way(f"{foreign}{what}").status_code == 404
    assert way(f"/my/goods/sheet/{uuid.uuid4()}/{what}").status_code == 404
    assert SheetImport.objects.count() == 1


def test_what_cannot_be_read_is_told_beside_the_form(desk: Client) -> None:
    for data, told in ((b"%PDF-1.7", "This is no sheet"), (b"PK\x03\x04junk", "damaged"), (b" \n", "nothing in it")):
        answer = desk.post("/my/goods/sheet/", {"file": SimpleUploadedFile("goods.xlsx", data), "text": ""})
        assert answer.status_code == 422
        assert told in answer.content.decode()
    assert desk.post("/my/goods/sheet/", {"text": " "}).status_code == 422
    assert not SheetImport.objects.exists()
    assert "No header was found" in desk.get(sent(desk, "a\tb\n1\t2\n")).content.decode()


def test_a_long_preview_pages_by_the_last_row(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_sheets, "SHOWN", 2)
    place = sent(desk, HEADER + "".join(f"K-{row}\t杯\t3.20\t12\t\n" for row in range(5)))
    seen: list[int] = []
    query = "?"
    while query:
        answer = desk.get(f"{place}{query}")
        seen += [row.view.row for row in answer.context["rows"]]
        query = answer.context["page"]["next"]
    assert seen == [2, 3, 4, 5, 6]


def test_a_sheet_is_stopped_gone_on_with_and_deleted(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions_sheets, "AT_ONCE_MAX", 1)
    place = sent(desk, HEADER + "".join(f"K-{row}\t杯\t3.20\t12\t\n" for row in range(3)))
    assert "being inserted" in desk.post(f"{place}insert", follow=True).content.decode()
    assert "<progress" in desk.get(place).content.decode()
    assert "being read or inserted" in desk.post(f"{place}forget", follow=True).content.decode()
    assert "Stopped." in desk.post(f"{place}stop", follow=True).content.decode()
    assert "It goes on" in desk.post(f"{place}resume", follow=True).content.decode()
    desk.post(f"{place}stop")
    assert "is deleted" in desk.post(f"{place}forget", follow=True).content.decode()
    assert not SheetImport.objects.exists()


def test_statements_of_the_preview_do_not_grow(desk: Client) -> None:
    counts = []
    for rows in (1, 40):
        place = sent(desk, HEADER + "".join(f"K-{row}\t杯\tabc\t12\t\n" for row in range(rows)))
        desk.get(place)
        with CaptureQueriesContext(connection) as statements:
            desk.get(place)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert len(queries_sheets.sheets_of(SheetImport.objects.latest("id").stall_id)) == 2
