"""Statements and trial balances as workbooks, in the reader's language.

Problem: an auditor adds up our figures in Excel, and a statement may have a hundred thousand lines. Kept in memory it
is half a gigabyte; a figure written as text is not added; a document called `=HYPERLINK(...)` is carried out; and Excel
keeps 15 digits of a number, so that 90,071,992,547,409.93 yuan would lose a cent and nobody would see it.

Worked case: a stall has 500 yuan, of which 100 are promised to the bank, and the bank completes 80.

    event     state           taken     given    promised, changed by    balance    available
                                                                          500.00       500.00    opening
    payout    promised                                         100.00     500.00       400.00
    paid      promise kept              80.00                 -100.00     420.00       420.00
                               0.00     80.00                             420.00       420.00    closing

Therefore lines are written as they come and forgotten, figures are numbers with the decimals of their unit, and only a
figure of more than 15 digits is text, digit by digit. Text is text, whatever it begins with. Times are those of the
zone in which the paper is asked for, because Excel knows none. A statement longer than a sheet goes on on the next.
Units, purposes, events and states are called what the pages call them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import IO, Any, Final

from sundry.base.ledger.queries import AccountView, Balance, Line, Side, TrialRow
from sundry.base.ledger.rules import Unit, UnitKind
from sundry.base.ledger.words import event_text, purpose_text
from sundry.kernel.formulas import begins_formula
from sundry.kernel.messages import RIGHT_TO_LEFT, render

LINES_ON_A_SHEET: Final = 1_000_000  # Excel has 1,048,576 rows

_TEXT_MAX: Final = 32_767  # characters in a cell
_DIGITS_MAX: Final = 15  # of a number in Excel
_MOMENT: Final = "yyyy-mm-dd hh:mm:ss"

_FONT: Final = {"font_name": "Arial", "font_size": 10}
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "title": {"bold": True, "font_size": 14},
    "label": {"font_color": "#595959"},
    "head": {"bold": True, "bg_color": "#DDE6F0", "border": 1, "border_color": "#BFBFBF", "text_wrap": True},
    "sum": {"bold": True, "bg_color": "#F2F2F2"},
    "body": {},
}

_STATEMENT: Final = (
    ("recorded", 19),
    ("happened", 19),
    ("kind", 14),
    ("document", 28),
    ("how", 14),
    ("other", 22),
    ("taken", 16),
    ("given", 16),
    ("pending", 16),
    ("balance", 16),
    ("available", 16),
    ("event", 38),
    ("corrects", 38),
)
_TRIAL: Final = (
    ("purpose", 32),
    ("accounts", 10),
    ("debits_posted", 20),
    ("credits_posted", 20),
    ("balance", 20),
    ("debits_pending", 20),
    ("credits_pending", 20),
)


@dataclass(frozen=True, slots=True)
class _Figure:
    """An amount in its unit's smallest parts."""

    amount: int
    exponent: int


_Cell = str | int | datetime | _Figure | None


def write_statement(
    file: IO[bytes],
    *,
    account: AccountView,
    owner_name: str,
    opening: Balance,
    lines: Iterable[Line],
    language: str,
    now: datetime,
) -> None:
    """The lines of `account` after `opening`, the oldest first, with the balance after each.

    `owner_name`: "" for the market. `now`: in the reader's zone, which is the zone of all times. The memory that it
    takes does not grow with the lines, and those may come from a stream.
    """
    exponent = account.exponent
    limits = (("floor", account.floor), ("ceiling", account.ceiling))
    facts: list[tuple[str, _Cell]] = [
        ("owner", owner_name or _word("market", language)),
        ("purpose", purpose_text(account.purpose, language)),
        ("unit", _unit(account, language)),
        *((key, _Figure(limit, exponent)) for key, limit in limits if limit is not None),
        ("account", str(account.id)),
        ("written", now),
        ("zone", str(now.tzinfo)),
    ]
    taken = given = 0
    last = opening
    with _workbook(file, "statement", language, now) as book:
        sheet = book.sheet(_STATEMENT, facts)
        sheet.row(_standing("opening", last, exponent, language), "sum")
        for number, line in enumerate(lines):
            if number and number % LINES_ON_A_SHEET == 0:
                sheet = book.sheet(_STATEMENT, facts)
            sheet.row(_line(line, last, exponent, language))
            taken += max(line.change, 0)
            given += max(-line.change, 0)
            last = line.after
        sheet.row(_standing("closing", last, exponent, language, (taken, given)), "sum")


def write_trial_balance(
    file: IO[bytes],
    *,
    unit: Unit,
    rows: Sequence[TrialRow],
    position: int | None,
    language: str,
    now: datetime,
) -> None:
    """The sums of all accounts of a unit by purpose, and their totals: what was given was taken.

    `position`: of the ledger, None for the newest. `now`: in the reader's zone.
    """
    facts: list[tuple[str, _Cell]] = [
        ("unit", _unit(unit, language)),
        ("position", str(position) if position is not None else _word("newest", language)),
        ("written", now),
        ("zone", str(now.tzinfo)),
    ]
    with _workbook(file, "trial", language, now) as book:
        sheet = book.sheet(_TRIAL, facts)
        for row in rows:
            sheet.row(_counters(purpose_text(row.purpose, language), row.accounts, row.sums, unit.exponent))
        total = Balance(*map(sum, zip(*(astuple(row.sums) for row in rows), strict=True)))
        sheet.row(_counters(_word("total", language), sum(row.accounts for row in rows), total, unit.exponent), "sum")


def _line(line: Line, before: Balance, exponent: int, language: str) -> list[_Cell]:
    taken = line.change if line.change > 0 else None
    given = -line.change if line.change < 0 else None
    held = _pending(line.after, line.side) - _pending(before, line.side)
    return [
        line.recorded_at,
        line.event_at,
        event_text(line.event_kind, language),
        line.document,
        _word(f"how_{line.kind}", language),
        purpose_text(line.other_purpose, language),
        *(_Figure(amount, exponent) if amount else None for amount in (taken, given, held)),
        _Figure(line.after.balance, exponent),
        _Figure(line.after.available, exponent),
        str(line.event),
        str(line.corrects) if line.corrects is not None else None,
    ]


def _pending(balance: Balance, side: Side) -> int:
    return balance.debits_pending if side is Side.DEBIT else balance.credits_pending


def _standing(
    key: str, balance: Balance, exponent: int, language: str, sums: tuple[int, int] | None = None
) -> list[_Cell]:
    """The row above the first line, or the one below the last with the `sums` of what was taken and given."""
    taken, given = (_Figure(amount, exponent) for amount in sums) if sums is not None else (None, None)
    standing = (_Figure(balance.balance, exponent), _Figure(balance.available, exponent))
    return [_word(key, language), None, None, None, None, None, taken, given, None, *standing, None, None]


def _counters(name: str, accounts: int, sums: Balance, exponent: int) -> list[_Cell]:
    figures = (sums.debits_posted, sums.credits_posted, sums.balance, sums.debits_pending, sums.credits_pending)
    return [name, accounts, *(_Figure(amount, exponent) for amount in figures)]


def _unit(unit: Unit | AccountView, language: str) -> str:
    if unit.kind is UnitKind.CURRENCY:
        return unit.code
    return render(f"ledger_sheet_unit_{unit.kind}", language, {"code": unit.code})


def _word(key: str, language: str) -> str:
    return render(f"ledger_sheet_{key}", language, {})


@contextmanager
def _workbook(file: IO[bytes], title: str, language: str, now: datetime) -> Iterator[_Book]:
    """A workbook in `file`, complete when the block ends without an error."""
    from xlsxwriter import Workbook

    raw = Workbook(file, {"constant_memory": True})
    name = _word(title, language)
    raw.set_properties({"title": name, "created": now.replace(tzinfo=None)})
    yield _Book(raw, name, language, now.tzinfo)
    raw.close()


@dataclass
class _Book:
    """Sheets that are alike, and the formats that they share. Rows are written from the top down and forgotten."""

    raw: Any
    title: str
    language: str
    zone: tzinfo | None
    _formats: dict[tuple[str, str, bool], Any] = field(default_factory=dict)
    _sheets: int = 0

    def sheet(self, columns: Sequence[tuple[str, float]], facts: Sequence[tuple[str, _Cell]]) -> _Sheet:
        """The next sheet, as far as the heads of its columns. The one before is finished."""
        self._sheets += 1
        raw = self.raw.add_worksheet(f"{self.title} {self._sheets}" if self._sheets > 1 else self.title)
        if self.language in RIGHT_TO_LEFT:
            raw.right_to_left()
        raw.set_paper(9)  # A4
        raw.set_landscape()
        raw.fit_to_pages(1, 0)
        for index, (_, width) in enumerate(columns):
            raw.set_column(index, index, width)
        head = len(facts) + 2  # the title, the facts, and a gap
        raw.freeze_panes(head + 1, 0)
        raw.repeat_rows(head)
        sheet = _Sheet(self, raw)
        sheet.row([self.title], "title")
        for key, fact in facts:
            sheet.row([_word(key, self.language), fact], "label")
        sheet.row([])
        sheet.row([_word(key, self.language) for key, _ in columns], "head")
        return sheet

    def format(self, look: str, number: str = "", guarded: bool = False) -> Any:
        """`guarded` text stays text also when somebody edits its cell (Excel's leading apostrophe)."""
        key = (look, number, guarded)
        if key not in self._formats:
            properties = {**_FONT, **_LOOKS[look]}
            properties |= {"num_format": number, "align": "right"} if number else {}
            properties |= {"quote_prefix": True} if guarded else {}
            self._formats[key] = self.raw.add_format(properties)
        return self._formats[key]


@dataclass
class _Sheet:
    book: _Book
    raw: Any
    _row: int = 0

    def row(self, cells: Sequence[_Cell], look: str = "body") -> None:
        for column, cell in enumerate(cells):
            self._write(column, cell, look)
        self._row += 1

    def _write(self, column: int, cell: _Cell, look: str) -> None:
        book = self.book
        if cell is None:
            if look != "body":
                self.raw.write_blank(self._row, column, None, book.format(look))
        elif isinstance(cell, str):
            text = cell if len(cell) <= _TEXT_MAX else f"{cell[: _TEXT_MAX - 1]}…"
            self.raw.write_string(self._row, column, text, book.format(look, "", begins_formula(text)))
        elif isinstance(cell, datetime):
            local = cell.astimezone(book.zone).replace(tzinfo=None)
            self.raw.write_datetime(self._row, column, local, book.format(look, _MOMENT))
        elif isinstance(cell, _Figure):
            self._write_figure(column, cell, look)
        else:
            self.raw.write_number(self._row, column, cell, book.format(look, "#,##0"))

    def _write_figure(self, column: int, figure: _Figure, look: str) -> None:
        digits = str(abs(figure.amount))
        exact = Decimal((int(figure.amount < 0), tuple(map(int, digits)), -figure.exponent))  # scaleb() would round
        if len(digits) > _DIGITS_MAX:
            text = self.book.format(look, "@", guarded=figure.amount < 0)
            self.raw.write_string(self._row, column, f"{exact:f}", text)
        else:
            number = "#,##0" + (f".{'0' * figure.exponent}" if figure.exponent else "")
            self.raw.write_number(self._row, column, exact, self.book.format(look, number))
