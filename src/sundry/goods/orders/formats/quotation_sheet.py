"""The quotation sheet as it is used in the market: twelve columns, pictures in the rows, red sums.

Problem: a sheet goes from the agent to her customer, who changes quantities in it and sends it back after a week, by
which time somebody else has changed the order. Therefore each row carries the id of its line and a hash of what the
line was in two hidden columns, and a hidden sheet says of which order it is and which lines it had. And a sheet is
computed anew by whoever opens it: what a formula would round another way than we do stands there as a number.

Worked case: 5 cartons of 120 at 3.20 are F 5, G 120, H =F2*G2 (600), I 3.20, J =H2*I2 (1920.00), K 0.072, L =F2*K2
(0.360). 1,000 clips at 85.00 a thousand are I 0.085. 250 in cartons of 120 fill three, the last in part: F 3, G empty,
H the number 250. 10 dozen at 100.00 a dozen have no exact price a piece: I is the text "100.00/打", J the number.

Guarantees: text is never a formula, whatever it begins with; every formula has its value beside it; J adds up to the
order's value to the last minor unit; the same values give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from itertools import groupby
from typing import Any, Final

from sundry.base.papers.pages import one_line
from sundry.goods.orders.order_rules import Carton, value_of
from sundry.kernel.formulas import begins_formula
from sundry.kernel.messages import RIGHT_TO_LEFT, render
from sundry.kernel.money import exponent

OWN_SHEET: Final = "sundry"
LINE_HEADER: Final = "Sundry line"
HASH_HEADER: Final = "Sundry check"
FIELDS: Final = (
    *("stall", "item_number", "picture", "name", "name_translated", "cartons", "carton_pieces", "pieces"),
    *("price", "value", "carton_volume", "volume"),
)
PICTURES_MAX: Final = 2_000

_WIDTHS: Final = (14, 13, 14, 24, 24, 8, 8, 10, 11, 13, 9, 10)
_FONT: Final = {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "text_wrap": True}
_ROW_HEIGHT: Final = 78  # points, of which the picture's 86 pixels take 64.5
_PICTURE_PX: Final = 86
_PICTURE_COLUMN: Final = FIELDS.index("picture")
_DECIMALS_MAX: Final = 6  # of a price for one piece
_SIGNS: Final[Mapping[str, str]] = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_TEXT_MAX: Final = 2_000
_HASH_LENGTH: Final = 32
_DOZEN: Final = 12


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line that is written. `id` None: of goods that are in no order yet. `picture`: a JPEG or PNG, b"" for none.
    `price_minor` None: nobody has named one."""

    id: uuid.UUID | None
    stall: str
    item_number: str
    name: str
    name_translated: str
    pieces: int
    price_minor: int | None
    price_per: int
    carton: Carton
    picture: bytes = b""

    @property
    def cartons(self) -> int | None:
        return self.carton.cartons(self.pieces)

    @property
    def value_minor(self) -> int | None:
        return None if self.price_minor is None else value_of(self.pieces, self.price_minor, self.price_per)


def digest(line: uuid.UUID, pieces: int, price_minor: int | None, price_per: int) -> str:
    """What stands beside the id of a line: of what a sheet can change, and of the id, so that none is swapped."""
    told = json.dumps([str(line), pieces, price_minor, price_per])
    return hashlib.sha256(told.encode()).hexdigest()[:_HASH_LENGTH]


@dataclass(frozen=True, slots=True)
class ShownPrice:
    """The price as a cell says it: for a piece, a dozen or a carton. `is_exact`: nothing of it is rounded away."""

    number: Decimal
    per: str
    is_exact: bool


def shown_price(price_minor: int, price_per: int, carton_pieces: int | None, currency: str) -> ShownPrice:
    """
    >>> shown_price(8500, 1000, None, "CNY")
    ShownPrice(number=Decimal('0.085'), per='piece', is_exact=True)
    >>> shown_price(10000, 12, None, "CNY").per
    'dozen'
    """
    scale = exponent(currency)
    exact = Fraction(price_minor, price_per * 10**scale)
    if (exact * 10**_DECIMALS_MAX).denominator == 1:
        return ShownPrice(_decimal(exact, scale), "piece", True)
    for per, pieces in (("dozen", _DOZEN), ("carton", carton_pieces)):
        if pieces and (exact * pieces * 10**_DECIMALS_MAX).denominator == 1:
            return ShownPrice(_decimal(exact * pieces, scale), per, True)
    return ShownPrice(_decimal(Fraction(round(exact * 10**_DECIMALS_MAX), 10**_DECIMALS_MAX), scale), "piece", False)


def _decimal(value: Fraction, scale: int) -> Decimal:
    """With at least the decimals of the currency."""
    micro = Decimal(int(value * 10**_DECIMALS_MAX)).scaleb(-_DECIMALS_MAX).normalize()
    return micro if -int(micro.as_tuple().exponent) > scale else micro.quantize(Decimal(1).scaleb(-scale))


def write_quotation(
    lines: Sequence[SheetLine],
    *,
    title: str,
    currency: str,
    language: str,
    day: date,
    order: int | None = None,
) -> bytes:
    """The workbook. `language`: that of the fifth column, beside Chinese; `order`: whose lines they are."""
    from xlsxwriter import Workbook

    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(out, options)
    book.set_properties({"title": one_line(title), "created": datetime.combine(day, time())})
    _Writer(book, lines, title, currency, language).write(order)
    book.close()
    return out.getvalue()


def header(field: str, language: str) -> str:
    """Both languages, Chinese first."""
    beside = "en" if language == "zh" else language
    rule = f"order_sheet_column_{field}"
    if field == "name_translated":
        rule = f"order_sheet_column_name_{beside}"
    return "\n".join(dict.fromkeys((render(rule, "zh", {}), render(rule, beside, {}))))


class _Writer:
    """One visible sheet and one hidden."""

    def __init__(self, book: Any, lines: Sequence[SheetLine], title: str, currency: str, language: str) -> None:
        self.book, self.lines, self.language = book, lines, language
        self.currency, self.scale = currency, exponent(currency)
        self.sheet = book.add_worksheet(_sheet_name(title))
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def look(self, **more: Any) -> Any:
        key = tuple(sorted(more.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({**_FONT, "border": 1, "locked": False, **more})
        return self._formats[key]

    def write(self, order: int | None) -> None:
        self._set_up(order)
        ends = 1 + len(self.lines)
        for at, line in enumerate(self.lines, 1):
            self._line(at, line, order)
        self._stalls()
        self._sums(ends)
        self._hidden(order)

    def _set_up(self, order: int | None) -> None:
        sheet = self.sheet
        head = {"bold": True, "bg_color": "#F2F2F2", "align": "center"}
        for column, field in enumerate(FIELDS):
            sheet.set_column(column, column, _WIDTHS[column])
            sheet.write_string(0, column, header(field, self.language), self.look(**head))
        if order is not None:
            for column, text in ((len(FIELDS), LINE_HEADER), (len(FIELDS) + 1, HASH_HEADER)):
                sheet.set_column(column, column, 36, None, {"hidden": True})
                sheet.write_string(0, column, text, self.look(**head, locked=True))
            refused = {"validate": "custom", "value": "=FALSE", "error_type": "stop"}
            sheet.data_validation(1, len(FIELDS), max(len(self.lines), 1), len(FIELDS) + 1, refused)
        sheet.set_row(0, 48)  # three lines: two of some headers are long
        sheet.freeze_panes(1, 0)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.5)
        sheet.set_footer("&C&9&P / &N")
        if self.language in RIGHT_TO_LEFT:
            sheet.right_to_left()

    def _line(self, at: int, line: SheetLine, order: int | None) -> None:
        sheet, row = self.sheet, at + 1
        sheet.set_row(at, _ROW_HEIGHT)
        for column, text in ((1, line.item_number), (3, line.name), (4, line.name_translated)):
            self._text(at, column, text)
        sheet.write_blank(at, _PICTURE_COLUMN, None, self.look())
        if line.picture:
            self._picture(at, line.picture)
        cartons, packed = line.cartons, line.carton.pieces
        self._number(at, 5, cartons, "#,##0")
        is_even = packed is not None and line.pieces % packed == 0
        self._number(at, 6, packed if is_even else None, "#,##0")
        if is_even:
            sheet.write_formula(at, 7, f"=F{row}*G{row}", self.look(num_format="#,##0"), line.pieces)
        else:
            self._number(at, 7, line.pieces, "#,##0")
        self._money(at, line)
        volume = line.carton.volume_mm3
        self._number(at, 10, _cubic_metres(volume), "0.000")
        if volume is not None and cartons is not None:
            told = float(_cubic_metres(cartons * volume) or 0)
            sheet.write_formula(at, 11, f"=F{row}*K{row}", self.look(num_format="0.000"), told)
        else:
            self._number(at, 11, None, "0.000")
        if order is not None and line.id is not None:
            kept = self.look(locked=True, num_format="@")
            sheet.write_string(at, len(FIELDS), str(line.id), kept)
            mark = digest(line.id, line.pieces, line.price_minor, line.price_per)
            sheet.write_string(at, len(FIELDS) + 1, mark, kept)

    def _money(self, at: int, line: SheetLine) -> None:
        """Price and value: a formula where Excel comes to the same, else the number that we came to."""
        value = line.value_minor
        if line.price_minor is None or value is None:
            self._number(at, 8, None, self._format(self.scale))
            self._number(at, 9, None, self._format(self.scale))
            return
        shown = shown_price(line.price_minor, line.price_per, line.carton.pieces, self.currency)
        decimals = max(self.scale, -int(shown.number.as_tuple().exponent))
        if shown.per == "piece":
            self._number(at, 8, shown.number, self._format(decimals))
        else:
            word = render(f"order_sheet_per_{shown.per}", "zh", {})
            self._text(at, 8, f"{shown.number:f}/{word}")
        total = float(Decimal(value).scaleb(-self.scale))
        exact = Fraction(line.pieces * line.price_minor, line.price_per)
        is_tie = (exact * 2).denominator == 1 and exact.denominator != 1  # Excel rounds a half away from nought
        look = self.look(num_format=self._format(self.scale))
        if shown.per != "piece" or not shown.is_exact or is_tie:
            self.sheet.write_number(at, 9, total, look)
        else:
            product = f"H{at + 1}*I{at + 1}"
            formula = f"={product}" if exact.denominator == 1 else f"=ROUND({product},{self.scale})"
            self.sheet.write_formula(at, 9, formula, look, total)

    def _format(self, decimals: int) -> str:
        sign = _SIGNS.get(self.currency)
        before = sign if sign else f'"{self.currency} "'
        return f"{before}#,##0{'.' if decimals else ''}{'0' * decimals}"

    def _text(self, at: int, column: int, text: str, **more: Any) -> None:
        text = one_line(text)[:_TEXT_MAX]
        guarded = {"quote_prefix": True} if begins_formula(text) else {}
        self.sheet.write_string(at, column, text, self.look(**more, **guarded))

    def _number(self, at: int, column: int, number: int | Decimal | None, num_format: str) -> None:
        look = self.look(num_format=num_format)
        if number is None:
            self.sheet.write_blank(at, column, None, look)
        else:
            self.sheet.write_number(at, column, float(number), look)

    def _picture(self, at: int, picture: bytes) -> None:
        from PIL import Image

        with Image.open(BytesIO(picture)) as opened:
            scale = _PICTURE_PX / max(opened.size)
        options = {"image_data": BytesIO(picture), "x_scale": scale, "y_scale": scale, "x_offset": 8, "y_offset": 9}
        self.sheet.insert_image(at, _PICTURE_COLUMN, "photo.jpg", {**options, "object_position": 1})

    def _stalls(self) -> None:
        """Rows of one stall below each other share one cell."""
        at = 1
        for stall, same in groupby(self.lines, key=lambda line: line.stall):
            count = len(list(same))
            text = one_line(stall)[:_TEXT_MAX]
            guarded = {"quote_prefix": True} if begins_formula(text) else {}
            look = self.look(align="center", **guarded)
            if count > 1:
                self.sheet.merge_range(at, 0, at + count - 1, 0, "", look)
            self.sheet.write_string(at, 0, text, look)
            at += count

    def _sums(self, at: int) -> None:
        red = {"bold": True, "font_color": "#FF0000"}
        for column in range(len(FIELDS)):
            self.sheet.write_blank(at, column, None, self.look(**red))
        self.sheet.write_string(at, 0, render("order_sheet_total", "zh", {}), self.look(**red, align="center"))
        self.sheet.set_row(at, 28)
        if not self.lines:
            return
        value = sum(line.value_minor or 0 for line in self.lines)
        volume = sum((line.cartons or 0) * (line.carton.volume_mm3 or 0) for line in self.lines)
        sums: tuple[tuple[int, float, str], ...] = (
            (5, sum(line.cartons or 0 for line in self.lines), "#,##0"),
            (7, sum(line.pieces for line in self.lines), "#,##0"),
            (9, float(Decimal(value).scaleb(-self.scale)), self._format(self.scale)),
            (11, float(_cubic_metres(volume) or 0), "0.000"),
        )
        for column, told, num_format in sums:
            letter = "ABCDEFGHIJKL"[column]
            look = self.look(**red, num_format=num_format)
            self.sheet.write_formula(at, column, f"=SUM({letter}2:{letter}{at})", look, told)

    def _hidden(self, order: int | None) -> None:
        if order is None:
            return
        hidden = self.book.add_worksheet(OWN_SHEET)
        told = [("order", str(order)), *(("line", str(line.id)) for line in self.lines if line.id is not None)]
        for row, cells in enumerate(told):
            for column, text in enumerate(cells):
                hidden.write_string(row, column, text)
        hidden.very_hidden()


def _cubic_metres(volume_mm3: int | None) -> Decimal | None:
    """To the millionth of a cubic metre: what a cell shows as 0.000 is summed with more."""
    return None if volume_mm3 is None else Decimal(round(Fraction(volume_mm3, 1000))).scaleb(-6)


_BAD_IN_NAME: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def _sheet_name(title: str) -> str:
    name = one_line(title).translate(_BAD_IN_NAME).strip()[:31]
    return name if name and name.lower() not in (OWN_SHEET, "history") else "Sheet1"
