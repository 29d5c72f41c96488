"""Published statements, their quotations, and the observations made of them, as a workbook in the reader's language.

Problem: a journalist sorts and filters figures in a table, and must be able to show the words behind each. A table of a
year has tens of thousands of rows; a page may say `=HYPERLINK(...)` where a figure is expected; and a program that adds
numbers up must find numbers, not texts.

    page                 issued        indicator    period     type     bound   value   unit     confidence
    lakeside-0411.txt    2026-04-11    外贸出口额    2026-Q1    level    >        12.5   亿元           0.94

    and on the second sheet the sentence that says so, the words of the figure in bold, with their place on the page

Therefore rows are written as they come and forgotten; numbers are numbers with the decimals that were printed, and only
one of more than 15 digits is text, which is all that Excel keeps; text is text, whatever it begins with. What was not
printed (a derived figure) is in no row. Keys, units, places and kinds stay as they are in every language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Final

from sundry.engines.reading.indicators import dictionary
from sundry.engines.reading.model import Bound, Span
from sundry.insight.observatory.formats.citing import Sourced, address, citation, plain, spans_text
from sundry.insight.observatory.rules import Observation, StatementView
from sundry.kernel.formulas import begins_formula
from sundry.kernel.messages import RIGHT_TO_LEFT, render

ROWS_ON_A_SHEET: Final = 1_000_000  # Excel has 1,048,576

BOUND_SIGNS: Final = {
    Bound.EQ: "",
    Bound.GE: "≥",
    Bound.GT: ">",
    Bound.LE: "≤",
    Bound.LT: "<",
    Bound.ABOUT: "≈",
    Bound.BAND: "–",
}
_TEXT_MAX: Final = 32_767  # characters in a cell
_DIGITS_MAX: Final = 15  # of a number in Excel

_FONT: Final = {"font_name": "Arial", "font_size": 10, "valign": "top"}
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "head": {"bold": True, "bg_color": "#DDE6F0", "border": 1, "border_color": "#BFBFBF", "text_wrap": True},
    "body": {},
    "long": {"text_wrap": True},
    "label": {"font_color": "#595959"},
    "quoted": {"bold": True, "font_color": "#0B5394"},
}


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of ours, said in the reader's language."""

    key: str


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number as printed."""

    number: Decimal
    decimals: int


@dataclass(frozen=True, slots=True)
class _Quoted:
    """A sentence, with the places in it whose words are quoted."""

    text: str
    marks: tuple[Span, ...]


_Cell = str | int | float | date | _Word | _Figure | _Quoted | None


@dataclass(frozen=True, slots=True)
class _Column:
    """`key` names its head in the messages. `width` in digits."""

    key: str
    width: float
    look: str = "body"


_STATEMENTS: Final = (
    _Column("page", 30),
    _Column("issued", 12),
    _Column("indicator", 30),
    _Column("indicator_en", 34),
    _Column("key", 22),
    _Column("subject", 16),
    _Column("region", 14),
    _Column("region_code", 10),
    _Column("period", 18),
    _Column("starts_on", 12),
    _Column("ends_on", 12),
    _Column("type", 16),
    _Column("bound", 8),
    _Column("value", 14),
    _Column("low", 14),
    _Column("high", 14),
    _Column("unit", 10),
    _Column("base_value", 20),
    _Column("base_unit", 10),
    _Column("basis", 14),
    _Column("basis_source", 16),
    _Column("versus", 16),
    _Column("kinds", 24),
    _Column("confidence", 11),
    _Column("corrected_by", 16),
    _Column("corrected", 20),
    _Column("statement", 38),
)
_QUOTES: Final = (
    _Column("page", 30),
    _Column("issued", 12),
    _Column("indicator", 30),
    _Column("sentence", 90, "long"),
    _Column("quote", 40, "long"),
    _Column("place", 16),
    _Column("citation", 50),
    _Column("address", 60),
    _Column("statement", 38),
)
_OBSERVATIONS: Final = (
    _Column("indicator", 30),
    _Column("indicator_en", 34),
    _Column("key", 22),
    _Column("type", 16),
    _Column("region", 14),
    _Column("region_code", 10),
    _Column("period", 18),
    _Column("starts_on", 12),
    _Column("ends_on", 12),
    _Column("accumulation", 16),
    _Column("basis", 14),
    _Column("versus", 16),
    _Column("actuality", 14),
    _Column("bound", 8),
    _Column("value", 20),
    _Column("low", 20),
    _Column("high", 20),
    _Column("unit", 10),
    _Column("vintage", 12),
    _Column("supports", 10),
    _Column("confidence", 11),
    _Column("citation", 50),
    _Column("statement", 38),
)


def write_workbook(
    file: IO[bytes],
    *,
    statements: Iterable[StatementView],
    observations: Iterable[Sourced],
    market: str,
    language: str,
    now: datetime,
) -> None:
    """Three sheets and one that says what they are. What is given is published; it may come from a stream.

    `market`: the address at which the pages are read. `now`: in the reader's zone. The memory that it takes does not
    grow with the rows.
    """
    with _workbook(file, language, now) as book:
        said, quoted = book.table("statements", _STATEMENTS), book.table("quotes", _QUOTES)
        for statement in statements:
            said.row(_statement(statement))
            quoted.row(_quote(statement, market))
        points = book.table("observations", _OBSERVATIONS)
        for observation, source in observations:
            points.row(_observation(observation, source))
        rows = {"statements": said.rows, "observations": points.rows}
        for table in (said, quoted, points):
            table.end()
        book.about(rows, market, now)


def _statement(one: StatementView) -> list[_Cell]:
    return [
        one.page_name,
        one.issued,
        one.indicator,
        _english(one.indicator_key),
        one.indicator_key,
        one.subject,
        one.region,
        one.region_code,
        one.period,
        one.starts_on,
        one.ends_on,
        _Word(f"type_{one.type}"),
        BOUND_SIGNS[one.bound],
        *(_figure(number, one.decimals) for number in (one.value, one.low, one.high)),
        one.unit,
        _figure(one.base_value),
        one.base_unit,
        _Word(f"basis_{one.basis}") if one.basis is not None else None,
        _Word(f"source_{one.basis_source}"),
        one.versus,
        ", ".join(one.kinds),
        one.confidence,
        one.corrected_by,
        ", ".join(one.corrected),
        str(one.id),
    ]


def _quote(one: StatementView, market: str) -> list[_Cell]:
    end = one.context_start + len(one.context)
    inside = [(max(start, one.context_start), min(stop, end)) for start, stop in sorted(one.spans)]
    marks = tuple((start - one.context_start, stop - one.context_start) for start, stop in inside if start < stop)
    return [
        one.page_name,
        one.issued,
        one.indicator,
        _Quoted(one.context, marks),
        one.quote,
        spans_text(one),
        citation(one),
        address(one, market),
        str(one.id),
    ]


def _observation(one: Observation, source: StatementView) -> list[_Cell]:
    key = one.key
    return [
        source.indicator,
        _english(key.indicator_key),
        key.indicator_key,
        _Word(f"type_{key.measure}"),
        source.region,
        key.region_code,
        one.period,
        one.starts_on,
        one.ends_on,
        _Word(f"accumulation_{key.accumulation}"),
        _Word(f"basis_{key.basis}") if key.basis else None,
        key.versus,
        _Word(f"actuality_{one.actuality}"),
        BOUND_SIGNS[one.bound],
        *(_figure(number) for number in (one.value, one.low, one.high)),
        key.unit,
        one.vintage,
        one.supports,
        one.confidence,
        citation(source),
        str(one.statement),
    ]


def _english(key: str) -> str:
    indicator = dictionary().get(key)
    return indicator.en if indicator is not None else ""


def _figure(number: Decimal | None, decimals: int = 0) -> _Figure | None:
    """With the decimals that were printed, and with all that it has where those are more."""
    if number is None:
        return None
    short = plain(number)
    return _Figure(short, max(decimals, -int(short.as_tuple().exponent)))


def _word(key: str, language: str) -> str:
    return render(f"observatory_sheet_{key}", language, {})


@contextmanager
def _workbook(file: IO[bytes], language: str, now: datetime) -> Iterator[_Book]:
    """A workbook in `file`, complete when the block ends without an error."""
    from xlsxwriter import Workbook

    raw = Workbook(file, {"constant_memory": True})
    raw.set_properties({"title": _word("title", language), "created": now.replace(tzinfo=None)})
    yield _Book(raw, language)
    raw.close()


@dataclass
class _Book:
    """Tables, and the formats that they share. Rows are written from the top down and forgotten."""

    raw: Any
    language: str
    _formats: dict[tuple[str, str, bool], Any] = field(default_factory=dict)

    def table(self, key: str, columns: Sequence[_Column]) -> _Table:
        return _Table(self, _word(key, self.language), columns)

    def sheet(self, name: str) -> Any:
        raw = self.raw.add_worksheet(name)
        if self.language in RIGHT_TO_LEFT:
            raw.right_to_left()
        raw.set_paper(9)  # A4
        raw.set_landscape()
        raw.fit_to_pages(1, 0)
        return raw

    def format(self, look: str, number: str = "", guarded: bool = False) -> Any:
        """`guarded` text stays text also when somebody edits its cell (Excel's leading apostrophe)."""
        key = (look, number, guarded)
        if key not in self._formats:
            properties = {**_FONT, **_LOOKS[look]}
            properties |= {"num_format": number, "align": "right"} if number else {}
            properties |= {"quote_prefix": True} if guarded else {}
            self._formats[key] = self.raw.add_format(properties)
        return self._formats[key]

    def about(self, rows: dict[str, int], market: str, now: datetime) -> None:
        """What the workbook is, on the last sheet."""
        raw = self.sheet(_word("about", self.language))
        raw.set_column(0, 0, 28)
        raw.set_column(1, 1, 100)
        facts = (
            *((key, str(count)) for key, count in rows.items()),
            ("market", market),
            ("written", f"{now:%Y-%m-%d %H:%M:%S}"),
            ("zone", str(now.tzinfo)),
            ("licence", _word("licence_text", self.language)),
        )
        for row, (key, fact) in enumerate(facts):
            raw.write_string(row, 0, _word(key, self.language), self.format("label"))
            raw.write_string(row, 1, fact, self.format("long"))


@dataclass
class _Table:
    """Rows under their heads, on as many sheets as they need. Each can be filtered, and keeps its heads in sight."""

    book: _Book
    name: str
    columns: Sequence[_Column]
    rows: int = 0
    _raw: Any = field(init=False)
    _row: int = 0
    _sheets: int = 0

    def __post_init__(self) -> None:
        self._begin()

    def row(self, cells: Sequence[_Cell]) -> None:
        if self._row > ROWS_ON_A_SHEET:
            self.end()
            self._begin()
        for index, (column, cell) in enumerate(zip(self.columns, cells, strict=True)):
            self._write(index, cell, column.look)
        self._row += 1
        self.rows += 1

    def end(self) -> None:
        """The sheet is finished: what its filter covers is known."""
        self._raw.autofilter(0, 0, max(self._row - 1, 1), len(self.columns) - 1)

    def _begin(self) -> None:
        self._sheets += 1
        self._raw = self.book.sheet(self.name if self._sheets == 1 else f"{self.name} {self._sheets}")
        for index, column in enumerate(self.columns):
            self._raw.set_column(index, index, column.width)
            head = _word(f"column_{column.key}", self.book.language)
            self._raw.write_string(0, index, head, self.book.format("head"))
        self._raw.freeze_panes(1, 1)
        self._raw.repeat_rows(0)
        self._row = 1

    def _write(self, column: int, cell: _Cell, look: str) -> None:
        book, raw, row = self.book, self._raw, self._row
        if cell is None or cell == "":
            return
        if isinstance(cell, _Word):
            raw.write_string(row, column, _word(cell.key, book.language), book.format(look))
        elif isinstance(cell, str):
            raw.write_string(row, column, _short(cell), book.format(look, "", begins_formula(cell)))
        elif isinstance(cell, _Figure):
            self._write_figure(column, cell, look)
        elif isinstance(cell, _Quoted):
            self._write_quoted(column, cell, look)
        elif isinstance(cell, date):
            raw.write_datetime(row, column, cell, book.format(look, "yyyy-mm-dd"))
        else:
            raw.write_number(row, column, cell, book.format(look, "0.00" if isinstance(cell, float) else "0"))

    def _write_figure(self, column: int, figure: _Figure, look: str) -> None:
        if len(figure.number.as_tuple().digits) > _DIGITS_MAX or abs(figure.number) >= 10**_DIGITS_MAX:
            text = self.book.format(look, "@", guarded=figure.number < 0)
            self._raw.write_string(self._row, column, f"{figure.number:f}", text)
        else:
            number = "#,##0" + (f".{'0' * figure.decimals}" if figure.decimals else "")
            self._raw.write_number(self._row, column, figure.number, self.book.format(look, number))

    def _write_quoted(self, column: int, quoted: _Quoted, look: str) -> None:
        """The sentence with its quoted words in bold. Words alone, and what Excel could not hold, are plain."""
        book, text = self.book, quoted.text
        style = book.format(look, "", begins_formula(text))
        pieces: list[Any] = []
        at = 0
        for start, end in quoted.marks:
            pieces += [text[at:start]] if start > at else []
            pieces += [book.format("quoted"), text[start:end]]
            at = end
        pieces += [text[at:]] if at < len(text) else []
        if sum(isinstance(piece, str) for piece in pieces) < 2 or len(text) > _TEXT_MAX:
            self._raw.write_string(self._row, column, _short(text), style)
        else:
            self._raw.write_rich_string(self._row, column, *pieces, style)


def _short(text: str) -> str:
    return text if len(text) <= _TEXT_MAX else f"{text[: _TEXT_MAX - 1]}…"
