"""A sample order book, as an agent's office keeps one, and what it means.

Problem: a newcomer wants to see a shipment made before she trusts us with her own book, and a test wants a book whose
every line is known. Real books are private. Therefore we keep an office of our own: stalls in five districts of a
market, a picture a row, merged stall cells, formulas with their values, a subtotal a district, notes in between, and
deliberate mistakes of the kinds that people really make. Everything follows from a seed, to the byte.

Worked case: seed 20260411 with 40 stalls and 300 lines gives 288 lines that ship, 1,449 cartons, 124 m3, 24 t and about
USD 150,000: two containers or three, and two declarations.

The truth is written by the same loop that writes the cells, from the values and not from the cells: a reader is right
when it comes to the same lines, and sets aside exactly the rows whose mistake is an error.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from sundry.goods.orders.rules import Line
from sundry.simulation.pictures import SIDE_PX, picture
from sundry.simulation.wares import COLOURS, SHOP_WORDS, TRADES, Ware

SHEET = "订单明细"
SUMMARY_SHEET = "摊位汇总"
_WRITTEN_AT = datetime(2026, 4, 11, 9, 0, 0)  # noqa: DTZ001 (a workbook's properties know no time zone)
_PICTURE_PX = 44

# key, header, width in characters
_COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("stall", "摊位\nStall", 18),
    ("item", "货号\nItem No.", 12),
    ("picture", "图片\nPhoto", 8),
    ("name", "中文品名", 18),
    ("name_en", "English description", 26),
    ("cartons", "箱数\nCTNS", 8),
    ("per_carton", "装箱数\nPCS/CTN", 9),
    ("pieces", "总数量\nQTY", 10),
    ("unit", "单位\nUnit", 7),
    ("price", "单价(元)\nUnit price", 10),
    ("amount", "金额(元)\nAmount", 13),
    ("gross", "单箱毛重(KG)\nG.W./CTN", 11),
    ("net", "单箱净重(KG)\nN.W./CTN", 11),
    ("length", "长(CM)\nL", 8),
    ("width", "宽(CM)\nW", 8),
    ("height", "高(CM)\nH", 8),
    ("volume", "单箱体积(m³)\nCBM/CTN", 11),
    ("total_volume", "总体积(m³)\nTotal CBM", 11),
    ("hs", "HS编码\nHS code", 13),
    ("remark", "备注\nRemark", 16),
)
_INDEX = {key: index for index, (key, _header, _width) in enumerate(_COLUMNS)}
_HEADER = {key: header for key, header, _width in _COLUMNS}
_LETTER = {key: xl_col_to_name(index) for key, index in _INDEX.items()}
_HEADER_ROW = 6  # as Excel shows it
_DISTRICTS = "ABCDE"


@dataclass(frozen=True, slots=True)
class SampleMistake:
    """A deliberate mistake. `severity`: error | warning | note; `rule` says in words which rule it breaks."""

    sheet: str
    row: int
    header: str
    severity: str
    rule: str


@dataclass(frozen=True, slots=True)
class SampleTruth:
    """What the sample book means. `not_lines` are rows (sheet, row, why) that hold something but no order line."""

    path: Path
    lines: tuple[Line, ...]
    not_lines: tuple[tuple[str, int, str], ...]
    mistakes: tuple[SampleMistake, ...]

    @property
    def cartons(self) -> int:
        return sum(line.cartons for line in self.lines)

    @property
    def volume_mm3(self) -> int:
        return sum(line.cartons * (line.carton_volume_mm3 or 0) for line in self.lines)


@dataclass(slots=True)
class _Row:
    """One order line before it is written. Prices in fen, weights in units of 100 g, sizes in cm, volume in litres."""

    stall: str
    item: str
    ware: Ware
    colour: tuple[str, str]
    cartons: int | None
    per_carton: int
    price_fen: int | None
    gross_hg: int | None
    net_hg: int | None
    size_cm: tuple[int, int, int] | None
    hs: str
    remark: str
    pieces_typed: int | None = None  # None: a formula
    amount_typed_fen: int | None = None
    volume_typed_l: int | None = None
    broken_length: bool = False  # the cell shows #REF!
    cancelled: bool = False  # struck through
    mistakes: list[tuple[str, str, str]] = field(default_factory=list)  # column key, severity, rule

    @property
    def pieces(self) -> int:
        return (self.cartons or 0) * self.per_carton if self.pieces_typed is None else self.pieces_typed

    @property
    def value_fen(self) -> int:
        return self.pieces * (self.price_fen or 0)

    @property
    def amount_fen(self) -> int:
        return self.value_fen if self.amount_typed_fen is None else self.amount_typed_fen

    @property
    def volume_l(self) -> int:
        """Litres, rounded half up as ROUND(...,3) of cubic metres is in Excel; 0 without sizes."""
        if self.volume_typed_l is not None:
            return self.volume_typed_l
        if self.size_cm is None or self.broken_length:
            return 0
        return (_volume_cm3(self.size_cm) + 500) // 1000

    @property
    def ships(self) -> bool:
        return not self.cancelled and not any(severity == "error" for _key, severity, _rule in self.mistakes)


def write_sample(path: Path, *, seed: int = 20260411, stalls: int = 40, lines: int = 300) -> SampleTruth:
    """Write the sample book to `path` (.xlsx) and return what it means. The same arguments give the same bytes.

    ValueError: fewer stalls than districts, or too few lines for the mistakes to stand apart.
    """
    if stalls < len(_DISTRICTS):
        raise ValueError(f"a market of {len(_DISTRICTS)} districts needs as many stalls, not {stalls}")
    if lines < 3 * (len(_MISTAKES) + 2) or lines < 3 * stalls:
        raise ValueError(f"{lines} lines are too few for {len(_MISTAKES) + 2} mistakes and {stalls} stalls")
    chance = random.Random(seed)
    rows = _order(chance, stalls, lines)
    _make_mistakes(chance, rows)
    return _Writer(path, chance).write(rows)


# The order ------------------------------------------------------------------------------------------------------------


def _order(chance: random.Random, stalls: int, lines: int) -> list[_Row]:
    """Every line of every stall, stalls in the order of their districts, at least three lines a stall."""
    lines_of_stall = [3] * stalls
    for _ in range(lines - 3 * stalls):
        lines_of_stall[chance.randrange(stalls)] += 1
    rows: list[_Row] = []
    taken: set[str] = set()
    for index, count in enumerate(lines_of_stall):
        district = _DISTRICTS[index * len(_DISTRICTS) // stalls]
        trade = TRADES[chance.randrange(len(TRADES))]
        number = f"{district}{chance.randrange(1, 5)}-{chance.randrange(1000, 9999)}"
        while number in taken:
            number = f"{district}{chance.randrange(1, 5)}-{chance.randrange(1000, 9999)}"
        taken.add(number)
        stall = f"{number} {chance.choice(SHOP_WORDS)}{trade.zh}"
        goods = [(ware, colour) for ware in trade.wares for colour in COLOURS]
        for ware, colour in chance.sample(goods, min(count, len(goods))):
            rows.append(_ordered(chance, stall, f"{district}{len(rows) + 1001}", ware, colour))
    return rows


def _ordered(chance: random.Random, stall: str, item: str, ware: Ware, colour: tuple[str, str]) -> _Row:
    size_cm = tuple(side + chance.randrange(-3, 4) for side in ware.size_cm)
    density = min(400, max(60, ware.density + chance.randrange(-ware.density // 12, ware.density // 12 + 1)))
    gross_hg = max(5, round(_volume_cm3(size_cm) * density / 100_000))
    return _Row(
        stall=stall,
        item=item,
        ware=ware,
        colour=colour,
        cartons=chance.choice((1, 2, 3, 3, 4, 5, 5, 6, 8, 8, 10)),
        per_carton=ware.pieces_per_carton,
        price_fen=chance.randrange(ware.price_fen[0], ware.price_fen[1] + 1),
        gross_hg=gross_hg,
        net_hg=gross_hg - max(2, gross_hg // 14),
        size_cm=(size_cm[0], size_cm[1], size_cm[2]),
        hs=ware.hs,
        remark=ware.remark,
    )


def _volume_cm3(size_cm: tuple[int, ...]) -> int:
    return size_cm[0] * size_cm[1] * size_cm[2]


# The mistakes ---------------------------------------------------------------------------------------------------------


def _cartons_missing(row: _Row) -> None:
    row.cartons = None


def _cartons_zero(row: _Row) -> None:
    row.cartons = 0


def _cartons_negative(row: _Row) -> None:
    row.cartons = -4


def _price_missing(row: _Row) -> None:
    row.price_fen = None


def _price_negative(row: _Row) -> None:
    row.price_fen = -(row.price_fen or 1)


def _pieces_disagree(row: _Row) -> None:
    row.pieces_typed = row.pieces + 12


def _sizes_missing(row: _Row) -> None:
    row.size_cm = None


def _carton_too_large(row: _Row) -> None:
    # No side is short enough for the height of any container's door, and the weight is what such a thing weighs.
    row.ware = Ware("展示柜整装", "Display cabinet, assembled", "台", "9403609990", 1, (0, 0), (290, 270, 265), 68)
    row.hs, row.per_carton, row.remark = row.ware.hs, row.ware.pieces_per_carton, ""
    row.cartons, row.price_fen = 1, 380_000
    row.size_cm, row.gross_hg, row.net_hg = row.ware.size_cm, 14_000, 13_500


def _carton_too_heavy(row: _Row) -> None:
    row.gross_hg = 300_000  # 30,000 kg: too much for one carton in either meaning, of the carton or of the line


def _formula_broken(row: _Row) -> None:
    row.broken_length = True


def _restricted(row: _Row) -> None:
    row.remark = "限制出口"


def _amount_typed_wrong(row: _Row) -> None:
    row.amount_typed_fen = row.value_fen + 10_000


def _price_zero(row: _Row) -> None:
    row.price_fen, row.remark = 0, "赠品"


def _volume_contradicts(row: _Row) -> None:
    row.volume_typed_l = row.volume_l * 13 // 10


def _hs_short(row: _Row) -> None:
    row.hs = row.hs[:7]


def _hs_chapter_77(row: _Row) -> None:
    row.hs = "7701100000"


def _hs_missing(row: _Row) -> None:
    row.hs = ""


def _weight_missing(row: _Row) -> None:
    row.gross_hg = row.net_hg = None


# column key, severity, the rule in words, how it is made
_MISTAKES: tuple[tuple[str, str, str, Callable[[_Row], None]], ...] = (
    ("cartons", "error", "the carton count is missing", _cartons_missing),
    ("cartons", "error", "the carton count is zero", _cartons_zero),
    ("cartons", "error", "the carton count is negative", _cartons_negative),
    ("price", "error", "the price is missing", _price_missing),
    ("price", "error", "the price is negative", _price_negative),
    ("pieces", "error", "the stated pieces are not cartons x pieces per carton", _pieces_disagree),
    ("length", "error", "there are neither sizes nor a volume", _sizes_missing),
    ("length", "error", "the carton fits no container's door", _carton_too_large),
    ("gross", "error", "the carton is heavier than any container's payload", _carton_too_heavy),
    ("length", "error", "the formula in this cell shows an error", _formula_broken),
    ("remark", "error", "the goods are restricted for export", _restricted),
    ("amount", "warning", "the typed amount is not price x pieces", _amount_typed_wrong),
    ("price", "warning", "the price is zero", _price_zero),
    ("volume", "warning", "the stated volume contradicts length x width x height", _volume_contradicts),
    ("hs", "warning", "the HS code has seven digits", _hs_short),
    ("hs", "warning", "the HS code is of chapter 77, which does not exist", _hs_chapter_77),
    ("hs", "warning", "the HS code is missing", _hs_missing),
    ("gross", "warning", "the weight is missing", _weight_missing),
)


def _make_mistakes(chance: random.Random, rows: list[_Row]) -> None:
    """One mistake of each kind, a line ordered twice, and a cancelled line, each on a row of its own."""
    chosen = chance.sample(range(2, len(rows)), len(_MISTAKES) + 1)
    for index, (key, severity, rule, spoil) in zip(chosen, _MISTAKES, strict=False):
        spoil(rows[index])
        rows[index].mistakes.append((key, severity, rule))
    rows[chosen[-1]].cancelled = True
    _order_twice(chance, rows)


def _order_twice(chance: random.Random, rows: list[_Row]) -> None:
    """The same line typed again as the next row of its stall. Both ship; the later one is told."""
    candidates = [
        index
        for index in range(1, len(rows))
        if rows[index].stall == rows[index - 1].stall
        and not any(row.mistakes or row.cancelled for row in rows[index - 1 : index + 1])
    ]
    index = chance.choice(candidates)
    rows[index] = replace(rows[index - 1], mistakes=[("item", "warning", "the same line stands in the row above")])


# The workbook ---------------------------------------------------------------------------------------------------------


class _Writer:
    """Writes rows into a workbook and notes at the same time what they mean."""

    def __init__(self, path: Path, chance: random.Random) -> None:
        self.path = path
        self.chance = chance
        self.book = xlsxwriter.Workbook(path, {"in_memory": True})
        self.book.set_properties(
            {
                "title": "Sample order book",
                "comments": "Synthetic: made by Sundry from a seed. No such firm, stall or order exists.",
                "created": _WRITTEN_AT,
            }
        )
        self.sheet = self.book.add_worksheet(SHEET)
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.lines: list[Line] = []
        self.not_lines: list[tuple[str, int, str]] = []
        self.mistakes: list[SampleMistake] = []
        self.row = 0  # the last row written, as Excel shows it

    def write(self, rows: list[_Row]) -> SampleTruth:
        self._letterhead(rows)
        districts: list[tuple[int, int, list[_Row]]] = []
        stall_rows: list[tuple[str, int, int, list[_Row]]] = []
        for district in _DISTRICTS:
            of_district = [row for row in rows if row.stall.startswith(district)]
            first = self.row + 1
            for stall, of_stall in _by_stall(of_district):
                stall_first = self.row + 1
                for row in of_stall:
                    self._line(row)
                self._stall_cell(stall, stall_first, self.row)
                stall_rows.append((stall, stall_first, self.row, of_stall))
            districts.append((first, self.row, of_district))
            self._subtotal(district, first, of_district, typed_wrong=district == "C")
            if district in "BD":
                self._note(f"注：{district}区货物请于4月25日前送到仓库，外箱请写好唛头。")
        self._total(districts)
        self.row += 1
        self._note("付款：定金30%，余款装柜前付清。Payment: 30% deposit, the rest before loading.")
        self._summary(stall_rows)
        self.book.close()
        return SampleTruth(self.path, tuple(self.lines), tuple(self.not_lines), tuple(self.mistakes))

    def _format(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"font_name": "宋体", "font_size": 10, **properties})
        return self.formats[key]

    def _letterhead(self, rows: list[_Row]) -> None:
        stalls = len({row.stall for row in rows})
        texts = (
            "示例订单（由程序生成，商户、客户与货物均为虚构）",
            "SAMPLE ORDER BOOK (synthetic, made by Sundry: no such firm, buyer or order exists)",
            f"客户 Buyer: DEMO IMPORT    摊位 Stalls: {stalls}    下单日期 Date: 2026-04-11",
            "单价为人民币含税价，尺寸为外箱尺寸。Prices in CNY, sizes of the outer carton.",
        )
        for index, text in enumerate(texts):
            self.sheet.write_string(index, 0, text, self._format(bold=index < 2, font_size=14 if index == 0 else 10))
            self.not_lines.append((SHEET, index + 1, "letterhead"))
        header = self._format(bold=True, bg_color="#F2F2F2", border=1, text_wrap=True, align="center", valign="vcenter")
        for index, (_key, text, width) in enumerate(_COLUMNS):
            self.sheet.write_string(_HEADER_ROW - 1, index, text, header)
            self.sheet.set_column(index, index, width)
        self.sheet.set_row(_HEADER_ROW - 1, 32)
        self.sheet.freeze_panes(_HEADER_ROW, 4)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(_HEADER_ROW - 1)
        self.not_lines.append((SHEET, _HEADER_ROW, "header"))
        self.row = _HEADER_ROW

    def _put(self, key: str, value: object, **properties: Any) -> None:
        """A cell of the current row. None leaves it empty, with its border."""
        style = self._format(border=1, valign="vcenter", **properties)
        if value is None or value == "":
            self.sheet.write_blank(self.row - 1, _INDEX[key], None, style)
        elif isinstance(value, str):
            self.sheet.write_string(self.row - 1, _INDEX[key], value, style)
        else:
            self.sheet.write_number(self.row - 1, _INDEX[key], value, style)

    def _compute(self, key: str, formula: str, value: float | str, **properties: Any) -> None:
        """A formula with the value that a spreadsheet would show. `{row}` and column keys are filled in."""
        style = self._format(border=1, valign="vcenter", **properties)
        text = "=" + formula.format(row=self.row, **_LETTER)
        self.sheet.write_formula(self.row - 1, _INDEX[key], text, style, value)

    def _line(self, row: _Row) -> None:
        self.row += 1
        look: dict[str, Any] = {"font_strikeout": True, "font_color": "#808080"} if row.cancelled else {}
        zh, en = row.ware.zh + row.colour[0], f"{row.ware.en}, {row.colour[1]}"
        self.sheet.set_row(self.row - 1, 36)
        self._picture()
        self._put("stall", row.stall, **look)
        self._put("item", row.item, **look)
        self._put("name", zh, **look)
        self._put("name_en", en, **look)
        self._put("cartons", row.cartons, **look)
        self._put("per_carton", row.per_carton, **look)
        if row.pieces_typed is None:
            self._compute("pieces", "{cartons}{row}*{per_carton}{row}", row.pieces, **look)
        else:
            self._put("pieces", row.pieces_typed, **look)
        self._put("unit", row.ware.unit, **look)
        self._put("price", _hundredths(row.price_fen), num_format="¥#,##0.00", **look)
        if row.amount_typed_fen is None:
            amount = row.value_fen / 100
            self._compute("amount", "{pieces}{row}*{price}{row}", amount, num_format="¥#,##0.00", **look)
        else:
            self._put("amount", row.amount_typed_fen / 100, num_format="¥#,##0.00", **look)
        self._put("gross", None if row.gross_hg is None else row.gross_hg / 10, num_format="0.0", **look)
        self._put("net", None if row.net_hg is None else row.net_hg / 10, num_format="0.0", **look)
        self._sizes(row, look)
        self._put("hs", row.hs, **look)
        self._put("remark", row.remark, **look)
        self._tell(row, zh, en)

    def _sizes(self, row: _Row, look: dict[str, Any]) -> None:
        for key, side in zip(("length", "width", "height"), row.size_cm or (None, None, None), strict=True):
            self._put(key, side, **look)
        if row.broken_length:
            self._compute("length", "#REF!+2", "#REF!", **look)
        look = look | {"num_format": "0.000"}
        volume = row.volume_l / 1000
        if row.volume_typed_l is not None:
            self._put("volume", volume, **look)
        elif row.size_cm is None:
            self._put("volume", None, **look)
        else:
            formula = "IFERROR(ROUND({length}{row}*{width}{row}*{height}{row}/1000000,3),0)"
            self._compute("volume", formula, volume, **look)
        if row.size_cm is None:
            self._put("total_volume", None, **look)
        else:
            total = round(volume * (row.cartons or 0), 3)
            self._compute("total_volume", "{volume}{row}*{cartons}{row}", total, **look)

    def _picture(self) -> None:
        scale = _PICTURE_PX / SIDE_PX
        self.sheet.insert_image(
            self.row - 1,
            _INDEX["picture"],
            f"{self.row}.png",
            {
                "image_data": BytesIO(picture(self.chance)),
                "x_scale": scale,
                "y_scale": scale,
                "x_offset": 6,
                "y_offset": 2,
                "object_position": 1,
                "decorative": True,
            },
        )

    def _tell(self, row: _Row, zh: str, en: str) -> None:
        """Into the truth: the line or why it is none, and its mistakes."""
        for key, severity, rule in row.mistakes:
            self.mistakes.append(SampleMistake(SHEET, self.row, _HEADER[key], severity, rule))
        if row.cancelled:
            self.not_lines.append((SHEET, self.row, "cancelled: struck through"))
        if row.ships:
            self.lines.append(_meaning(row, self.row, zh, en))

    def _stall_cell(self, stall: str, first: int, last: int) -> None:
        """One cell for all rows of a stall, as offices merge it."""
        if last > first:
            style = self._format(border=1, valign="vcenter", align="center", text_wrap=True)
            self.sheet.merge_range(first - 1, _INDEX["stall"], last - 1, _INDEX["stall"], stall, style)

    def _sums(self, label: str, spans: list[tuple[int, int]], rows: list[_Row], typed_amount: float | None) -> None:
        """A row of sums over `spans` of rows. `typed_amount` stands in place of the amount's formula."""
        self.row += 1
        bold: dict[str, Any] = {"bold": True, "font_color": "#C00000"}
        self._put("stall", label, **bold)
        counted = [row for row in rows if not row.cancelled]
        sums: tuple[tuple[str, float, str], ...] = (
            ("cartons", sum(row.cartons or 0 for row in counted), "#,##0"),
            ("pieces", sum(row.pieces for row in counted), "#,##0"),
            ("amount", sum(row.amount_fen for row in counted) / 100, "¥#,##0.00"),
            ("total_volume", sum(row.volume_l * (row.cartons or 0) for row in counted) / 1000, "0.000"),
        )
        for key, value, shown in sums:
            if key == "amount" and typed_amount is not None:
                self._put(key, typed_amount, num_format=shown, **bold)
            else:
                self._compute(key, "+".join(_sum_of(key, span) for span in spans), value, num_format=shown, **bold)

    def _subtotal(self, district: str, first: int, rows: list[_Row], *, typed_wrong: bool) -> None:
        amount = sum(row.amount_fen for row in rows if not row.cancelled) / 100
        self._sums(f"{district}区小计", self._spans(first, rows), rows, amount + 1000 if typed_wrong else None)
        self.not_lines.append((SHEET, self.row, "subtotal"))
        if typed_wrong:
            rule = "the typed subtotal is not the sum of its rows"
            self.mistakes.append(SampleMistake(SHEET, self.row, _HEADER["amount"], "warning", rule))

    def _total(self, districts: list[tuple[int, int, list[_Row]]]) -> None:
        spans = [span for first, _last, rows in districts for span in self._spans(first, rows)]
        self._sums("合计 TOTAL", spans, [row for _first, _last, rows in districts for row in rows], None)
        self.not_lines.append((SHEET, self.row, "grand total"))

    @staticmethod
    def _spans(first: int, rows: list[_Row]) -> list[tuple[int, int]]:
        """Runs of rows that count: a struck-through row interrupts the sum."""
        spans: list[tuple[int, int]] = []
        for number, row in enumerate(rows, first):
            if row.cancelled:
                continue
            if spans and spans[-1][1] == number - 1:
                spans[-1] = (spans[-1][0], number)
            else:
                spans.append((number, number))
        return spans

    def _note(self, text: str) -> None:
        self.row += 1
        self.sheet.write_string(self.row - 1, 0, text, self._format(italic=True))
        self.not_lines.append((SHEET, self.row, "note"))

    def _summary(self, stalls: list[tuple[str, int, int, list[_Row]]]) -> None:
        """A second sheet that repeats each stall's totals: to be recognised, not to be counted again."""
        sheet = self.book.add_worksheet(SUMMARY_SHEET)
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 3, 14)
        bold = self._format(bold=True, bg_color="#F2F2F2", border=1)
        for column, text in enumerate(("摊位", "款数", "箱数", "金额(元)")):
            sheet.write_string(0, column, text, bold)
        self.not_lines.append((SUMMARY_SHEET, 1, "header"))
        money = self._format(border=1, num_format="¥#,##0.00")
        plain = self._format(border=1)
        for index, (stall, first, last, rows) in enumerate(stalls, 1):
            counted = [row for row in rows if not row.cancelled]
            spans = self._spans(first, rows)
            cartons = "+".join(f"SUM('{SHEET}'!{_LETTER['cartons']}{a}:{_LETTER['cartons']}{b})" for a, b in spans)
            amount = "+".join(f"SUM('{SHEET}'!{_LETTER['amount']}{a}:{_LETTER['amount']}{b})" for a, b in spans)
            sheet.write_string(index, 0, stall, plain)
            sheet.write_number(index, 1, last - first + 1, plain)
            sheet.write_formula(index, 2, "=" + cartons, plain, sum(row.cartons or 0 for row in counted))
            sheet.write_formula(index, 3, "=" + amount, money, sum(row.amount_fen for row in counted) / 100)
            self.not_lines.append((SUMMARY_SHEET, index + 1, "summary of a stall"))


def _by_stall(rows: list[_Row]) -> Iterator[tuple[str, list[_Row]]]:
    for stall in dict.fromkeys(row.stall for row in rows):
        yield stall, [row for row in rows if row.stall == stall]


def _sum_of(key: str, span: tuple[int, int]) -> str:
    return f"SUM({_LETTER[key]}{span[0]}:{_LETTER[key]}{span[1]})"


def _hundredths(minor: int | None) -> float | None:
    return None if minor is None else minor / 100


def _meaning(row: _Row, number: int, zh: str, en: str) -> Line:
    """The order line that `row` is."""
    assert row.cartons is not None
    assert row.price_fen is not None
    assert row.size_cm is not None
    length_cm, width_cm, height_cm = row.size_cm
    return Line(
        sheet=SHEET,
        row=number,
        stall=row.stall,
        item=row.item,
        name=zh,
        cartons=row.cartons,
        pieces_per_carton=row.per_carton,
        pieces=row.pieces,
        unit=row.ware.counted_in,
        unit_price=f"{row.price_fen // 100}.{row.price_fen % 100:02}",
        unit_price_minor=row.price_fen,
        price_per=row.ware.counted_in,
        value_minor=row.value_fen,
        currency="CNY",
        gross_g=None if row.gross_hg is None else row.gross_hg * 100 * row.cartons,
        net_g=None if row.net_hg is None else row.net_hg * 100 * row.cartons,
        carton_mm=(length_cm * 10, width_cm * 10, height_cm * 10),
        carton_mm_from="stated",
        carton_volume_mm3=row.volume_l * 1_000_000,
        carton_volume_from="stated",
        hs=row.hs or None,
        names={"zh": zh, "en": en},
        this_side_up="易碎" in row.remark,
        value_stated_minor=row.amount_typed_fen,
        note=row.remark,
    )
