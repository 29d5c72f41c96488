"""Excel, and LibreOffice, read the figures that were written, and nothing of a document is carried out."""

from __future__ import annotations

import csv
import shutil
import subprocess
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.utils import translation
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from sundry.base.ledger.formats import xlsx
from sundry.base.ledger.queries import AccountView, Balance, Key, Line, Side, TrialRow
from sundry.base.ledger.rules import Kind, Unit, UnitKind
from sundry.base.ledger.words import event_text
from sundry.kernel.messages import LANGUAGES, render

EVENING = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # half past midnight in Yiwu
NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
STALL = AccountView(UUID(int=7), UUID(int=8), "payable", "currency:CNY", UnitKind.CURRENCY, "CNY", 2, 0, None, EVENING)
OPENING = Balance(credits_posted=50_000)
HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "http://a.example", "0012", "a\x01b", "货款 ٣ <b>&", "x" * 40_000)

PAGES_SAY = {
    "how": "State",
    "how_plain": "Moved",
    "how_pending": "Promised",
    "how_post": "Promise kept",
    "how_void": "Promise withdrawn",
    "how_expire": "Promise expired",
    "recorded": "Recorded",
    "happened": "Happened",
    "floor": "Never below",
    "ceiling": "Never above",
    "debits_posted": "Debits",
    "credits_posted": "Credits",
    "debits_pending": "Debits promised",
    "credits_pending": "Credits promised",
    "unit_title": "Lot %(code)s, owned",
    "unit_custody": "Lot %(code)s, held",
    "unit_quota": "Quota %(code)s",
}


def line(number: int, kind: Kind, side: Side, amount: int, after: Balance, document: str = "payout:1") -> Line:
    at = EVENING + timedelta(seconds=number)
    event, transfer, other = (UUID(int=3 * number + one) for one in range(3))
    key = Key(number, 0)
    return Line(key, event, "payout", document, at, at, None, transfer, kind, side, other, "bank", amount, after)


def worked_case() -> list[Line]:
    promised = Balance(debits_pending=10_000, credits_posted=50_000)
    paid = Balance(debits_posted=8_000, credits_posted=50_000)
    return [
        line(1, Kind.PENDING, Side.DEBIT, 10_000, promised),
        replace(line(2, Kind.POST, Side.DEBIT, 8_000, paid), corrects=UUID(int=3)),
    ]


def statement(lines: Any, *, account: AccountView = STALL, language: str = "en", owner: str = "Wang's Toys") -> BytesIO:
    file = BytesIO()
    xlsx.write_statement(
        file, account=account, owner_name=owner, opening=OPENING, lines=lines, language=language, now=NOW
    )
    return file


def rows(file: BytesIO, sheet: int = 0) -> list[list[Any]]:
    """The rows under the heads of the columns, as a program reads them."""
    table = (
        CalamineWorkbook.from_filelike(BytesIO(file.getvalue()))
        .get_sheet_by_index(sheet)
        .to_python(skip_empty_area=False)
    )
    start = next(number for number, row in enumerate(table) if sum(cell != "" for cell in row) > 2)
    return table[start + 1 :]


def facts(file: BytesIO) -> dict[str, Any]:
    table = (
        CalamineWorkbook.from_filelike(BytesIO(file.getvalue())).get_sheet_by_index(0).to_python(skip_empty_area=False)
    )
    return {row[0]: row[1] for row in table[1 : table.index([""] * len(table[0]))]}


def test_the_worked_case() -> None:
    file = statement(worked_case())
    opening, promised, paid, closing = rows(file)
    assert [opening[0], *opening[6:11]] == ["Opening balance", "", "", "", 500.0, 500.0]
    assert promised[2:11] == ["payout", "payout:1", "Promised", "bank", "", "", 100.0, 500.0, 400.0]
    assert paid[2:11] == ["payout", "payout:1", "Promise kept", "bank", "", 80.0, -100.0, 420.0, 420.0]
    assert paid[11:] == [str(UUID(int=6)), str(UUID(int=3))]
    assert [closing[0], *closing[6:11]] == ["Closing balance", 0.0, 80.0, "", 420.0, 420.0]


def test_times_are_times_of_the_zone_that_was_asked_for() -> None:
    file = statement(worked_case())
    told = facts(file)
    assert (told["Times are those of"], told["Written at"]) == ("Asia/Shanghai", NOW.replace(tzinfo=None))
    assert rows(file)[1][0] == datetime.fromisoformat("2026-11-23T00:30:01")


def test_what_the_account_is() -> None:
    told = facts(statement([], account=replace(STALL, ceiling=123_456)))
    assert told["Owner"] == "Wang's Toys"
    assert (told["Purpose"], told["Unit"], told["Account id"]) == ("payable", "CNY", str(STALL.id))
    assert (told["Never below"], told["Never above"]) == (0.0, 1234.56)
    unlimited = facts(statement([], account=replace(STALL, floor=None), owner=""))
    assert unlimited["Owner"] == "The market"
    assert "Never below" not in unlimited


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(text: str) -> None:
    file = statement([replace(worked_case()[0], document=text, event_kind=text, other_purpose=text)], owner=text)
    sheet = openpyxl.load_workbook(file).worksheets[0]
    cells = [cell for row in sheet for cell in row if unescape(str(cell.value))[:3] == text[:3]]
    assert len(cells) >= 4
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert not any(cell.hyperlink for cell in cells)
    assert all(cell.quotePrefix == text.startswith(("=", "+", "-", "@", "\t")) for cell in cells)
    assert all(len(cell.value) <= 32_767 for cell in cells)


@pytest.mark.parametrize(
    ("amount", "exponent", "read", "number_format"),
    [
        (1234, 0, 1234.0, "#,##0"),
        (1234, 2, 12.34, "#,##0.00"),
        (1, 3, 0.001, "#,##0.000"),
        (999_999_999_999_999, 2, 9_999_999_999_999.99, "#,##0.00"),
        (1_000_000_000_000_001, 2, "10000000000000.01", "@"),  # a float would be read as 10000000000000
        (2**63 - 1, 3, "9223372036854775.807", "@"),
        (10**40 + 1, 2, "1" + "0" * 38 + ".01", "@"),  # an account without a limit
    ],
)
def test_a_figure_is_exact(amount: int, exponent: int, read: Any, number_format: str) -> None:
    after = Balance(credits_posted=amount)
    file = statement([line(1, Kind.PLAIN, Side.CREDIT, amount, after)], account=replace(STALL, exponent=exponent))
    taken, balance = (rows(file)[1][column] for column in (6, 9))
    assert taken == balance == read
    row = openpyxl.load_workbook(file).worksheets[0].max_row - 1
    assert openpyxl.load_workbook(file).worksheets[0].cell(row, 7).number_format == number_format


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_words_and_its_direction(language: str) -> None:
    sheet = openpyxl.load_workbook(statement(worked_case(), language=language)).worksheets[0]
    assert sheet.title == sheet.cell(1, 1).value == render("ledger_sheet_statement", language, {})
    assert bool(sheet.sheet_view.rightToLeft) == (language == "ar")
    assert len({render(f"ledger_sheet_how_{kind}", language, {}) for kind in Kind}) == len(Kind)
    kept = [sheet.cell(sheet.max_row - 1, column).value for column in (3, 5, 6)]
    assert kept == [event_text("payout", language), render("ledger_sheet_how_post", language, {}), "bank"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("key", "page"), PAGES_SAY.items())
def test_a_workbook_says_what_the_page_says(key: str, page: str, language: str) -> None:
    with translation.override("zh-hans" if language == "zh" else language):
        said = translation.gettext(page)
    written = render(f"ledger_sheet_{key}", language, {"code": "lot-7"}).translate(
        dict.fromkeys(map(ord, "\u2068\u2069"))
    )
    assert written == said.replace("%(code)s", "lot-7")


def test_purposes_events_and_units_are_called_what_they_are_called() -> None:
    pledged = replace(STALL, purpose="pledged to the bank", unit="title:lot-7", kind=UnitKind.TITLE, code="lot-7")
    intake = replace(worked_case()[0], event_kind="intake", other_purpose="held in CSQU3054383")
    file = statement([intake], account=pledged, language="fr")
    assert [facts(file)[key] for key in ("Usage", "Unité")] == ["gagé à la banque", "Lot lot-7, propriété"]
    assert [rows(file)[1][column] for column in (2, 5)] == ["entrée en entrepôt", "en garde dans CSQU3054383"]


def many(count: int) -> Iterator[Line]:
    for number in range(count):
        yield line(number, Kind.PLAIN, Side.CREDIT, 1, Balance(credits_posted=50_001 + number))


def test_a_statement_longer_than_a_sheet_goes_on_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "LINES_ON_A_SHEET", 10)
    file = statement(many(25))
    assert CalamineWorkbook.from_filelike(BytesIO(file.getvalue())).sheet_names == [
        f"Statement of account{end}" for end in ("", " 2", " 3")
    ]
    assert [len(rows(file, sheet)) for sheet in range(3)] == [11, 10, 6]
    assert [rows(file, 2)[-1][column] for column in (0, 6, 9)] == ["Closing balance", 0.25, 500.25]


def test_lines_are_not_kept(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        with (tmp_path / "statement.xlsx").open("wb") as file:
            tracemalloc.start()
            about: Any = {"account": STALL, "owner_name": "", "opening": OPENING, "language": "en", "now": NOW}
            xlsx.write_statement(file, lines=many(count), **about)
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return found

    peak(10)  # what is made once
    assert peak(700) < peak(100) + 400_000  # 600 lines that are kept are more than a million bytes


def test_a_trial_balance() -> None:
    file = BytesIO()
    found = [TrialRow("bank", 1, Balance(1, 2_000, 0, 100)), TrialRow("payable", 7, Balance(0, 100, 1, 2_000))]
    about: Any = {"unit": Unit(UnitKind.CURRENCY, "KWD", 3), "language": "fr", "now": NOW}
    xlsx.write_trial_balance(file, rows=found, position=12, **about)
    assert rows(file) == [
        ["bank", 1.0, 2.0, 0.1, -1.9, 0.001, 0.0],
        ["à payer", 7.0, 0.1, 2.0, 1.9, 0.0, 0.001],
        ["Somme totale", 8.0, 2.1, 2.1, 0.0, 0.001, 0.001],
    ]
    assert facts(file)["Jusqu’à la position du livre"] == "12"
    empty = BytesIO()
    xlsx.write_trial_balance(empty, rows=[], position=None, **about)
    assert rows(empty) == [["Somme totale", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
    assert facts(empty)["Jusqu’à la position du livre"] == "la plus récente"


def test_the_same_figures_give_the_same_bytes() -> None:
    assert statement(worked_case()).getvalue() == statement(worked_case()).getvalue()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_office_suite_reads_the_same_figures(tmp_path: Path) -> None:
    big = line(9, Kind.PLAIN, Side.CREDIT, 2**62, Balance(credits_posted=2**62), "=1+1")
    (tmp_path / "statement.xlsx").write_bytes(statement([*worked_case(), big], language="ar").getvalue())
    profile = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true",
    ]
    subprocess.run(
        [*command, "--outdir", tmp_path, tmp_path / "statement.xlsx"], check=True, capture_output=True, timeout=90
    )
    with (tmp_path / "statement.csv").open(encoding="utf-8", newline="") as file:
        told = list(csv.reader(file))
    assert told[-4][0] == "2026-11-23 00:30:01"
    assert [row[6:11] for row in told[-5:]] == [
        ["", "", "", "500.00", "500.00"],
        ["", "", "100.00", "500.00", "400.00"],
        ["", "80.00", "-100.00", "420.00", "420.00"],
        ["46116860184273879.04", "", "", "46116860184273879.04", "46116860184273879.04"],
        ["46116860184273879.04", "80.00", "", "46116860184273879.04", "46116860184273879.04"],
    ]
    assert told[-2][3] == "=1+1"
