"""Books of offices that keep a sheet a shop with a summary, no computed values, .xls by the dozen, folded groups, or
carton numbers; the programs that wrote them leave the computing to Excel."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import xlsxwriter
from books.truth import Book, F, put
from openpyxl.styles import Font


class Goods(NamedTuple):
    item: str
    name: str
    cartons: int
    packed: int
    price: str
    cm: tuple[int, int, int]
    gross: float
    net: float
    hs: str = ""

    @property
    def pieces(self) -> int:
        return self.cartons * self.packed

    @property
    def mm(self) -> tuple[int, int, int]:
        return (self.cm[0] * 10, self.cm[1] * 10, self.cm[2] * 10)

    @property
    def gross_g(self) -> int:
        return round(self.gross * 1000) * self.cartons

    @property
    def net_g(self) -> int:
        return round(self.net * 1000) * self.cartons


TOYS = (
    Goods("LK-101", "Plush bear large", 12, 60, "5.58", (66, 46, 48), 9.2, 7.9, "9503002100"),
    Goods("LK-102", "Puzzle mixed", 30, 72, "4.06", (54, 38, 36), 12.4, 11.2, "9503006000"),
    Goods("LK-103", "Skipping rope blue", 8, 96, "3.49", (50, 40, 35), 10.5, 9.6, "9506919000"),
)
HOME = (
    Goods("HM-7", "Glass vase", 25, 24, "11.20", (60, 44, 44), 21.5, 20.1, "7013990000"),
    Goods("HM-8", "Door mat small", 5, 20, "15.68", (72, 47, 32), 27.4, 26.4, "5703900000"),
)
BAGS = (
    Goods("BG-1", "Backpack red", 40, 30, "26.10", (65, 35, 30), 12.2, 11.2, "4202220000"),
    Goods("BG-2", "Belt mixed", 3, 100, "8.46", (48, 36, 28), 8.1, 7.3, "4203301090"),
    Goods("BG-3", "Scarf pink", 15, 120, "9.08", (62, 46, 44), 18.8, 17.5, "6214300000"),
    Goods("BG-4", "Umbrella child", 6, 60, "7.33", (66, 34, 29), 9.8, 8.9, "6601910000"),
)


def _line(truth: Book, sheet: str, row: int, stall: str, goods: Goods, **more: Any) -> None:
    """A line that says size, weights and code of its goods."""
    told = {"gross_g": goods.gross_g, "net_g": goods.net_g, "mm": goods.mm, "hs": goods.hs or None, **more}
    truth.line(
        sheet, row, stall, goods.item, goods.name, goods.cartons, goods.pieces, told.pop("price", goods.price), **told
    )


def _append(sheet: Any, row: int, values: Iterable[Any]) -> None:
    """A row of cells (row from 1) into an openpyxl sheet; None leaves a cell out."""
    for column, value in enumerate(values, 1):
        if value is not None:
            sheet.cell(row, column, value)


def shops_with_owner_and_telephone(folder: Path) -> Book:
    """A sheet a shop named by its number; a title says number, owner and telephone; header in row 4 in two languages;
    nothing is computed, and the summary in front adds the sheets up by references."""
    truth = Book(folder / "shops.xlsx")
    book = openpyxl.Workbook()
    summary = book.active
    summary.title = "SUMMARY"
    _append(summary, 1, ["ORDER SUMMARY - 3 SHOPS"])
    _append(summary, 3, ["SHOP NO.", "TTL CTNS", "TTL AMOUNT", "TTL CBM", "TTL G.W."])
    header = ["NO.\n序号", "ITEM NO.\n货号", "DESCRIPTION\n品名", "CTNS\n箱数", "PCS/CTN\n装箱数", "QTY\n总数量"]
    header += ["U.PRICE\n单价", "AMOUNT\n金额", "L", "W", "H", "CBM\n体积", "T.CBM\n总体积"]
    header += ["G.W.(KG)\n毛重", "N.W.(KG)\n净重", "T.G.W.\n总毛重", "HS CODE\n海关编码"]
    shops = {
        "B2-1187": ("LUCKY TOYS  Owner: Mr. Lin  TEL: 138-0000-1234", TOYS),
        "C5-0904": ("Contact: Ms Wu   Mob: 0579-85551234", HOME),
        "A1-332": ("", BAGS),
    }
    for number, (shop, (about, goods_of_shop)) in enumerate(shops.items()):
        sheet = book.create_sheet(shop)
        _append(sheet, 1, [f"SHOP NO.: {shop}   {about}"])
        sheet.merge_cells("A1:Q1")
        _append(sheet, 2, ["Order date: 2026-04-08"])
        _append(sheet, 4, header)
        truth.no_line(shop, [1, 2], "letterhead")
        truth.no_line(shop, 4, "header")
        for row, g in enumerate(goods_of_shop, 5):
            cells = [row - 4, g.item, g.name, g.cartons, g.packed, f"=D{row}*E{row}", float(g.price), f"=F{row}*G{row}"]
            cells += [*g.cm, f"=ROUND(I{row}*J{row}*K{row}/1000000,3)", f"=L{row}*D{row}", g.gross, g.net]
            cells += [f"=N{row}*D{row}", g.hs]
            if g.item == "LK-102":
                cells[3] = -30
                truth.mistake(shop, row, "CTNS 箱数", "error", "negative carton count")
            elif g.item == "BG-2":
                cells[6] = None
                truth.mistake(shop, row, "U.PRICE 单价", "error", "no price")
            else:
                volume = round(g.cm[0] * g.cm[1] * g.cm[2] / 1e6 + 1e-12, 3)
                _line(truth, shop, row, shop, g, volume_mm3=round(volume * 1e9), volume_from="stated")
            if g.item == "BG-3":
                cells[16] = "6214300"
                truth.lines[-1]["hs"] = "6214300"
                truth.mistake(shop, row, "HS CODE 海关编码", "warning", "HS has 7 digits")
            _append(sheet, row, cells)
            sheet.cell(row, 7).number_format = '"¥"#,##0.00'
            sheet.cell(row, 8).number_format = '"¥"#,##0.00'
        last = 4 + len(goods_of_shop)
        _append(sheet, last + 2, ["TOTAL", None, None, *(f"=SUM({c}5:{c}{last})" for c in "DEFGH")])
        truth.no_line(shop, last + 2, "sheet total")
        sums = [f"='{shop}'!{c}{last + 2}" for c in "DH"]
        _append(summary, 4 + number, [shop, *sums, f"=SUM('{shop}'!M5:M{last})", f"=SUM('{shop}'!P5:P{last})"])
    _append(summary, 7, ["GRAND TOTAL", *(f"=SUM({c}4:{c}6)" for c in "BCDE")])
    truth.no_line("SUMMARY", [1, 3, 4, 5, 6, 7], "summary of the other sheets")
    book.save(truth.path)
    return truth


def halls_and_a_list_of_all(folder: Path) -> Book:
    """Sheets by hall with the stall merged down its rows; the last sheet lists all lines again, in other columns, with
    references to a sheet each, the shop as the first column; nothing is computed."""
    truth = Book(folder / "按市场.xlsx")
    book = openpyxl.Workbook()
    book.remove(book.active)
    header = [
        "店面",
        "货号",
        "品名",
        "箱数",
        "每箱数量",
        "数量",
        "单价（元）",
        "金额（元）",
        "箱规(cm)",
        "毛重/箱",
        "净重/箱",
    ]
    halls = {
        "一区": (("1-2088 小林玩具", TOYS), ("1-3120", HOME)),
        "五区": (("5-66021", BAGS),),
    }
    everything: list[tuple[str, int]] = []
    for hall, shops in halls.items():
        sheet = book.create_sheet(hall)
        _append(sheet, 1, [f"国际商贸城{hall}  采购明细"])
        _append(sheet, 7, header)
        truth.no_line(hall, 1, "letterhead")
        truth.no_line(hall, 7, "header")
        row = 8
        for stall, goods_of_shop in shops:
            first = row
            for g in goods_of_shop:
                sizes = "x".join(map(str, g.cm))
                cells = [stall if row == first else None, g.item, g.name, g.cartons, g.packed, f"=D{row}*E{row}"]
                _append(sheet, row, [*cells, float(g.price), f"=F{row}*G{row}", sizes, g.gross, g.net])
                _line(truth, hall, row, stall, g, hs=None)
                everything.append((hall, row))
                row += 1
            sheet.merge_cells(f"A{first}:A{row - 1}")
            _append(
                sheet,
                row,
                [None, None, "小计", f"=SUM(D{first}:D{row - 1})", None, None, None, f"=SUM(H{first}:H{row - 1})"],
            )
            truth.no_line(hall, row, "stall subtotal")
            row += 2
    summary = book.create_sheet("所有货物")
    _append(summary, 1, ["序号", "货号", "品名", "数量", "金额", "箱数", "单价", "店面"])
    for number, (hall, at) in enumerate(everything, 1):
        row = number + 1
        references = [f"={hall}!{column}{at}" for column in "BCFHDGA"]
        _append(summary, row, [number, *references])
    last = len(everything) + 1
    _append(summary, last + 1, ["合计", None, None, None, f"=SUM(E2:E{last})", f"=SUM(F2:F{last})"])
    truth.no_line("所有货物", range(1, last + 2), "all lines once more")
    book.save(truth.path)
    return truth


def old_excel_with_formulas(folder: Path) -> Book:
    """A .xls of a program that does not compute: dozens, gross and sets in one book, stalls merged down, a cancelled
    row struck through, a hidden row that no total counts, prices told apart by their number format. Needs xlwt."""
    import xlwt

    truth = Book(folder / "dozens.xls", currency="USD")
    book = xlwt.Workbook()
    sheet = book.add_sheet("FACTORY ORDER")
    dollars = xlwt.easyxf(num_format_str='"US$"#,##0.00')
    dollars_struck = xlwt.easyxf("font: struck_out on", num_format_str='"US$"#,##0.00')
    struck = xlwt.easyxf("font: struck_out on")
    day = xlwt.easyxf(num_format_str="d-mmm-yy")
    import datetime

    sheet.write(0, 0, "PACIFIC LANE TRADING")
    sheet.write(1, 0, "DATE:")
    sheet.write(1, 1, datetime.datetime(2026, 4, 8), day)  # noqa: DTZ001 - a sheet's dates have no zone
    header = [
        "FACTORY",
        "ITEM NO.",
        "DESCRIPTION",
        "CTNS",
        "DZ/CTN",
        "QTY (DZ)",
        "PRICE/DZ",
        "AMOUNT",
        "G.W./CTN (KGS)",
    ]
    header += ["N.W./CTN (KGS)", "MEAS. (CM)", None, None, "CBM", "HS CODE", "DELIVERY"]
    for column, text in enumerate(header):
        if text and not text.startswith("MEAS"):
            sheet.write(3, column, text)
    sheet.write_merge(3, 3, 10, 12, "MEAS. (CM)")
    rows = (
        ("F-LUNA", Goods("D001", "Screwdriver set", 5, 3, "24.24", (70, 46, 30), 19.1, 18.4, "8206000000"), ""),
        ("F-LUNA", Goods("D002", "Sunglasses blue", 30, 25, "7.74", (62, 34, 34), 7.9, 6.8, "9004100000"), ""),
        ("F-LUNA", Goods("D003", "Feather ornament", 2, 41, "1.06", (56, 35, 29), 11.5, 10.7, "0505909090"), "struck"),
        ("F-CERRO", Goods("D004", "Door mat blue", 2, 1, "25.13", (61, 33, 43), 23.1, 21.7, "5703900000"), "hidden"),
        ("F-CERRO", Goods("D005", "Sticker mixed", 40, 41, "1.23", (43, 43, 22), 10.4, 9.1, "4911991090"), ""),
        ("F-CERRO", Goods("D006", "Yoga mat", 6, 1, "27.63", (68, 47, 41), 39.4, 38.8, "9506919000"), "no cartons"),
    )
    for number, (stall, g, oddity) in enumerate(rows):
        r = 4 + number
        at = r + 1
        text, money = (struck, dollars_struck) if oddity == "struck" else (xlwt.Style.default_style, dollars)
        sheet.write(r, 1, g.item, text)
        sheet.write(r, 2, g.name, text)
        if oddity != "no cartons":
            sheet.write(r, 3, g.cartons, text)
        sheet.write(r, 4, g.packed, text)
        sheet.write(r, 5, xlwt.Formula(f"D{at}*E{at}"), text)
        sheet.write(r, 6, float(g.price), money)
        sheet.write(r, 7, xlwt.Formula(f"F{at}*G{at}"), money)
        sheet.write(r, 8, g.gross, text)
        sheet.write(r, 9, g.net, text)
        for side, cm in enumerate(g.cm):
            sheet.write(r, 10 + side, cm)
        sheet.write(r, 13, xlwt.Formula(f"ROUND(K{at}*L{at}*M{at}/1000000,3)"), text)
        sheet.write(r, 14, g.hs, text)
        sheet.write(r, 15, datetime.datetime(2026, 5, 1), day)  # noqa: DTZ001
        if oddity == "hidden":
            sheet.row(r).hidden = True
            truth.no_line("FACTORY ORDER", at, "cancelled: hidden and left out of the total")
        elif oddity == "struck":
            truth.no_line("FACTORY ORDER", at, "cancelled: struck through")
        elif oddity == "no cartons":
            truth.mistake("FACTORY ORDER", at, "CTNS", "error", "no carton count")
        else:
            volume = round(g.cm[0] * g.cm[1] * g.cm[2] / 1e6 + 1e-12, 3)
            dozens = g._replace(packed=g.packed * 12)
            _line(
                truth, "FACTORY ORDER", at, stall, dozens, price_per="dozen", volume_mm3=round(volume * 1e9),
                volume_from="stated",
            )  # fmt: skip
    sheet.write_merge(4, 6, 0, 0, "F-LUNA")
    sheet.write_merge(7, 9, 0, 0, "F-CERRO")
    sheet.write(11, 0, "TOTAL USD")
    sheet.write(11, 3, xlwt.Formula("SUM(D5:D6)+D9+D10"))
    sheet.write(11, 7, xlwt.Formula("H5+H6+H9+H10"), dollars)
    truth.no_line("FACTORY ORDER", [1, 2], "letterhead")
    truth.no_line("FACTORY ORDER", 4, "header")
    truth.no_line("FACTORY ORDER", 12, "grand total")

    mixed = book.add_sheet("MIXED UNITS")
    header = ["SHOP", "STYLE", "GOODS", "CTN QTY", "PCS/CTN", "TOTAL QTY", "UNIT", "UNIT PRICE", "TOTAL", "CBM/CTN"]
    for column, text in enumerate(header):
        mixed.write(0, column, text)
    goods = (
        ("M1", "Pencil", 10, 1440, 100, "GRS", 8.64, 864, ("gross", 14400)),
        ("M2", "Gloves", 6, 120, 60, "DZ", 5.04, 302.4, ("dozen", 720)),
        ("M3", "Tea set", 8, 6, 48, "SET", 4.8, 230.4, ("set", 48)),
        ("M4", "Clock", 2, 60, 120, "PCS", 1.55, 186, ("piece", 120)),
    )
    truth.no_line("MIXED UNITS", 1, "header")
    for row, (item, name, cartons, packed, quantity, unit, price, total, (per, pieces)) in enumerate(goods, 2):
        for column, value in enumerate(["S-77", item, name, cartons, packed, quantity, unit, price, total, 0.06]):
            mixed.write(row - 1, column, value, dollars if column in (7, 8) else xlwt.Style.default_style)
        truth.line(
            "MIXED UNITS", row, "S-77", item, name, cartons, pieces, str(price), price_per=per, volume_mm3=60_000_000,
            value_minor=round(total * 100),
        )  # fmt: skip
    book.save(str(truth.path))
    return truth


def folded_on_two_levels(folder: Path) -> Book:
    """Categories folded on two levels, all inside the totals by SUBTOTAL(9); one row hidden by hand is left out of its
    subtotal's range; Spanish, header in row 8, a repeated header, notes between."""
    truth = Book(folder / "grupos.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("Pedido")
    bold = book.add_format({"bold": True})
    for row, text in (
        (1, "Comercial Andina S.A.S."),
        (2, "Pedido N.º 2026-17"),
        (3, "Cliente: Bodega Sur"),
        (5, "Precios en RMB"),
    ):
        put(sheet, row, [text], bold)
        truth.no_line("Pedido", row, "letterhead")
    header = ["Tienda", "Ref.", "Descripción", "Cajas", "Unid/Caja", "Cantidad", "Precio", "Importe"]
    header += ["Largo", "Ancho", "Alto", "P. Bruto Total", "P. Neto Total", "Partida arancelaria"]
    put(sheet, 8, header)
    truth.no_line("Pedido", 8, "header")
    row, groups = 9, []
    for category, goods_of in (("JUGUETES", TOYS), ("HOGAR", HOME), ("BOLSOS", BAGS)):
        first, amount, cartons = row, 0.0, 0
        for g in goods_of:
            value = round(g.pieces * float(g.price), 2)
            cells = ["T-4" + g.item[-1], g.item, g.name, g.cartons, g.packed, F(f"=D{row}*E{row}", g.pieces)]
            cells += [float(g.price), F(f"=F{row}*G{row}", value), *g.cm, g.gross_g / 1000, g.net_g / 1000, g.hs]
            put(sheet, row, cells)
            sheet.set_row(row - 1, None, None, {"level": 2, "hidden": True})
            _line(truth, "Pedido", row, cells[0], g)
            amount, cartons, row = amount + value, cartons + g.cartons, row + 1
        sums = [
            F(f"=SUBTOTAL(9,D{first}:D{row - 1})", cartons),
            None,
            None,
            None,
            F(f"=SUBTOTAL(9,H{first}:H{row - 1})", amount),
        ]
        put(sheet, row, [f"Total {category}", None, None, *sums], bold)
        sheet.set_row(row - 1, None, None, {"level": 1, "hidden": category == "JUGUETES", "collapsed": True})
        truth.no_line("Pedido", row, "subtotal of a category")
        groups.append((amount, cartons))
        row += 1
        if category == "HOGAR":
            put(sheet, row, ["Nota: los jarrones van en cajas reforzadas"])
            put(sheet, row + 2, header)
            truth.no_line("Pedido", row, "note")
            truth.no_line("Pedido", row + 2, "header once more")
            row += 3
    put(sheet, row, ["X-9", "ZZ-1", "Muestra", 2, 10, 20, 1.5, 30, 40, 30, 30, 10, 9, "9503006000"])
    sheet.set_row(row - 1, None, None, {"hidden": True})
    truth.no_line("Pedido", row, "cancelled: hidden and left out of the total")
    total = [F(f"=SUBTOTAL(9,D9:D{row - 1})", sum(g[1] for g in groups)), None, None, None]
    put(
        sheet,
        row + 1,
        ["TOTAL GENERAL", None, None, *total, F(f"=SUBTOTAL(9,H9:H{row - 1})", sum(g[0] for g in groups))],
        bold,
    )
    truth.no_line("Pedido", row + 1, "grand total")
    book.close()
    return truth


def carton_numbers_from_and_to(folder: Path) -> Book:
    """起箱号 and 止箱号 in two columns beside a count (once not agreeing), prefixed ranges on the second sheet, mixed
    cartons whose numbers overlap, gross weights of one carton under T/T marks; nothing is computed."""
    truth = Book(folder / "箱号.xlsx")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "装箱单"
    _append(sheet, 1, ["义达货运 装箱单"])
    _append(
        sheet,
        3,
        [
            "起箱号",
            "止箱号",
            "箱数",
            "摊位号",
            "货号",
            "品名",
            "装箱数",
            "总数量",
            "单价",
            "金额",
            "外箱尺寸",
            "毛重(KG)",
            "净重(KG)",
        ],
    )
    truth.no_line("装箱单", 1, "letterhead")
    truth.no_line("装箱单", 3, "header")
    start = 1
    for row, g in enumerate((*TOYS, *HOME), 4):
        end = start + g.cartons - 1
        cells = [start, end, f"=B{row}-A{row}+1", "H3-2290" if row < 7 else "H3-4471", g.item, g.name, g.packed]
        cells += [f"=C{row}*G{row}", float(g.price), f"=H{row}*I{row}", "*".join(map(str, g.cm)), g.gross, g.net]
        _append(sheet, row, cells)
        _line(truth, "装箱单", row, cells[3], g, hs=None)
        start = end + 1
    _append(sheet, 9, [None, None, "=SUM(C4:C8)", None, None, "合计", None, "=SUM(H4:H8)", None, "=SUM(J4:J8)"])
    truth.no_line("装箱单", 9, "grand total")
    other = book.create_sheet("PL 2")
    _append(
        other,
        1,
        [
            "CARTON NO.",
            None,
            "SHOP#",
            "ART.NO",
            "GOODS",
            "QTY/CTN (PCS)",
            "T.QTY",
            "PRICE",
            "T.PRICE",
            "G.W.",
            "N.W.",
            "T.G.W.",
            "CBM",
        ],
    )
    _append(other, 2, ["FROM", "TO"])
    other.merge_cells("A1:B1")
    truth.no_line("PL 2", [1, 2], "header on two rows")
    start = 46
    for row, g in enumerate(BAGS, 3):
        cells: list[Any] = [
            start,
            start + g.cartons - 1,
            "A-118",
            g.item,
            g.name,
            g.packed,
            f"=(B{row}-A{row}+1)*F{row}",
        ]
        cells += [float(g.price), f"=ROUND(G{row}*H{row},2)", g.gross, g.net, f"=J{row}*(B{row}-A{row}+1)", 0.07]
        _append(other, row, cells)
        _line(truth, "PL 2", row, "A-118", g, hs=None, mm=None, volume_mm3=70_000_000, volume_from="stated")
        start += g.cartons
    third = book.create_sheet("PL 3")
    _append(third, 1, ["C/NO.", "CTN", "SHOP", "ITEM", "NAME", "PCS/CTN", "PCS", "PRICE", "CBM/CTN", "REMARK"])
    truth.no_line("PL 3", 1, "header")
    numbers = (
        ("C/NO. 46~57", 12, 12),
        ("A58-A69", 12, 12),
        ("NO.70-NO.75", 6, 6),
        ("KM/C/NO:76-80", 5, 5),
        ("81 - 84 CTNS", 4, 4),
        ("85-90", 6, 6),
    )
    for row, (text, typed, cartons) in enumerate(numbers, 2):
        _append(third, row, [text, typed, "V-9", f"Q{row}", "Frame", 48, cartons * 48, 4.5, 0.06])
        truth.line("PL 3", row, "V-9", f"Q{row}", "Frame", cartons, cartons * 48, "4.50", volume_mm3=60_000_000)
    _append(third, 8, ["91-95", 5, "V-9", "Q8", "Frame", 48, 240, 4.5, 0.06, "CANCELLED"])
    truth.no_line("PL 3", 8, "cancelled by a remark")
    _append(third, 9, ["96-100", 4, "V-9", "Q9", "Frame", 48, 192, 4.5, 0.06])
    truth.line("PL 3", 9, "V-9", "Q9", "Frame", 4, 192, "4.50", volume_mm3=60_000_000)
    truth.mistake("PL 3", 9, "C/NO.", "warning", "five numbers, four cartons")
    book.save(truth.path)
    return truth


def two_currencies_by_sheet(folder: Path) -> Book:
    """French; a sheet in euros and one in yuan, told apart only by the number format of the prices; a recap at the end
    with the totals of both; items over two rows; nothing is computed."""
    truth = Book(folder / "deux monnaies.xlsx")
    book = openpyxl.Workbook()
    book.remove(book.active)
    header = [
        "Fournisseur",
        "Réf. article",
        "Désignation",
        "Nbre de colis",
        "Pcs / colis",
        "Qté totale",
        "Prix unitaire",
        "Montant total",
    ]
    header += ["Poids brut total", "Poids net total", "Vol. unitaire (m3)", "Vol. total (m3)", "Code douanier"]
    for name, form, currency, goods_of in (
        ("Europe", "#,##0.00 [$€-40C]", "EUR", HOME),
        ("Chine", '#,##0.00 "RMB"', "CNY", BAGS),
    ):
        sheet = book.create_sheet(name)
        _append(sheet, 2, [f"Bon de commande - {name}"])
        _append(sheet, 5, header)
        truth.no_line(name, 2, "letterhead")
        truth.no_line(name, 5, "header")
        row = 6
        for g in goods_of:
            cells = [
                "ATELIER NORD",
                g.item,
                g.name,
                g.cartons,
                g.packed,
                f"=D{row}*E{row}",
                float(g.price),
                f"=F{row}*G{row}",
            ]
            cells += [f"={g.gross}*D{row}", f"={g.net}*D{row}", 0.08, f"=K{row}*D{row}", g.hs]
            _append(sheet, row, cells)
            for column in (7, 8):
                sheet.cell(row, column).number_format = form
            _append(sheet, row + 1, [None, None, "(couleurs mélangées)"])
            truth.no_line(name, row + 1, "second row of the item above")
            _line(
                truth,
                name,
                row,
                "ATELIER NORD",
                g,
                mm=None,
                volume_mm3=80_000_000,
                volume_from="stated",
                currency=currency,
            )
            row += 2
        sums = [f"=SUM({c}6:{c}{row - 1})" for c in "DEFGHIJKL"]
        _append(sheet, row, ["TOTAL", None, None, sums[0], None, sums[2], None, *sums[4:7], None, sums[8]])
        truth.no_line(name, row, "sheet total")
    sheet = book.create_sheet("Récapitulatif")
    _append(sheet, 1, ["Feuille", "Colis", "Montant", "Volume"])
    _append(sheet, 2, ["Europe", "=Europe!D10", "=Europe!H10", "=Europe!L10"])
    _append(sheet, 3, ["Chine", "=Chine!D14", "=Chine!H14", "=Chine!L14"])
    _append(sheet, 4, ["Total", "=SUM(B2:B3)", None, "=SUM(D2:D3)"])
    truth.no_line("Récapitulatif", range(1, 5), "summary of the other sheets")
    book.save(truth.path)
    return truth


def arabic_shops_with_a_summary(folder: Path) -> Book:
    """Arabic; sheets 1 to 3, each under a title with the shop, its owner and telephone; by the dozen with pieces in a
    carton; the summary at the end; a row struck through; nothing is computed."""
    truth = Book(folder / "المحلات.xlsx")
    book = openpyxl.Workbook()
    book.remove(book.active)
    header = ["م", "رقم الصنف", "البيان", "عدد الكراتين", "قطعة/كرتون", "إجمالي الدرزن", "سعر الدرزن (يوان)", "المبلغ"]
    header += ["الطول سم", "العرض سم", "الارتفاع سم", "الوزن القائم للكرتون", "الوزن الصافي للكرتون", "رمز HS"]
    for shop, sheet_name, goods_of in (("F3-15022", "محل 1", TOYS), ("D1-20417", "محل 2", BAGS)):
        sheet = book.create_sheet(sheet_name)
        sheet.sheet_view.rightToLeft = True
        _append(sheet, 1, [f"المحل: {shop}   هاتف: 13800001234"])
        sheet.merge_cells("A1:N1")
        _append(sheet, 3, header)
        truth.no_line(sheet_name, 1, "the shop")
        truth.no_line(sheet_name, 3, "header")
        for row, g in enumerate(goods_of, 4):
            if g.packed % 12:
                g = g._replace(packed=120)
            cells = [
                row - 3,
                g.item,
                g.name,
                g.cartons,
                g.packed,
                f"=D{row}*E{row}/12",
                float(g.price),
                f"=F{row}*G{row}",
            ]
            _append(sheet, row, [*cells, *g.cm, g.gross, g.net, g.hs])
            if g.item == "LK-103":
                for column in range(1, 15):
                    sheet.cell(row, column).font = Font(strike=True)
                truth.no_line(sheet_name, row, "cancelled: struck through")
            else:
                _line(truth, sheet_name, row, shop, g, price_per="dozen")
        last = 3 + len(goods_of) - (goods_of is TOYS)
        end = 5 + len(goods_of)
        _append(
            sheet,
            end,
            ["المجموع", None, None, f"=SUM(D4:D{last})", None, f"=SUM(F4:F{last})", None, f"=SUM(H4:H{last})"],
        )
        truth.no_line(sheet_name, end, "sheet total")
    sheet = book.create_sheet("ملخص")
    _append(sheet, 1, ["المحل", "عدد الكراتين", "المبلغ"])
    _append(sheet, 2, ["F3-15022", "='محل 1'!D8", "='محل 1'!H8"])
    _append(sheet, 3, ["D1-20417", "='محل 2'!D9", "='محل 2'!H9"])
    _append(sheet, 4, ["الإجمالي", "=B2+B3", "=C2+C3"])
    truth.no_line("ملخص", range(1, 5), "summary of the other sheets")
    book.save(truth.path)
    return truth


def shops_numbered_with_a_list_by_reference(folder: Path) -> Book:
    """Chinese; a sheet a shop with 摊位 in a cell of its own beside the telephone, category subtotals, and a 总表 in
    front that repeats every line by reference; one price for a merged run of colours; a typed amount that is off."""
    truth = Book(folder / "店铺.xlsx")
    book = openpyxl.Workbook()
    summary = book.active
    summary.title = "总表"
    header = [
        "货号",
        "品名",
        "颜色",
        "件数",
        "装箱",
        "总数",
        "单价",
        "总金额",
        "长",
        "宽",
        "高",
        "单件毛重",
        "总毛重",
        "单件立方",
        "总立方",
        "海关编码",
    ]
    _append(summary, 1, ["摊位", *header])
    at = 2
    for shop, goods_of in (("D区2街1108", TOYS), ("E区5街0712", BAGS)):
        sheet = book.create_sheet(shop)
        _append(sheet, 1, ["摊位：", shop, None, "电话：", "13900002222", None, "联系人：", "王小姐"])
        _append(sheet, 2, header)
        truth.no_line(shop, 1, "the shop")
        truth.no_line(shop, 2, "header")
        row = 3
        for g in goods_of:
            price: Any = float(g.price)
            cells = [g.item, g.name, "红", g.cartons, g.packed, f"=D{row}*E{row}", price, f"=F{row}*G{row}", *g.cm]
            cells += [g.gross, f"=L{row}*D{row}", f"=I{row}*J{row}*K{row}/1000000", f"=ROUND(N{row}*D{row},3)", g.hs]
            if g.item == "BG-3":
                cells[7] = 16000
                truth.mistake(shop, row, "总金额", "warning", "amount is below price x quantity")
            if g.item == "LK-101":
                cells[13] = 0.246
                truth.mistake(shop, row, "单件立方", "warning", "carton volume contradicts its size")
            _append(sheet, row, cells)
            exact = g.mm[0] * g.mm[1] * g.mm[2]
            stated = 246_000_000 if g.item == "LK-101" else exact
            _line(truth, shop, row, shop, g, net_g=None, volume_mm3=stated, volume_from="stated")
            if g.item == "BG-3":
                truth.lines[-1]["value_stated_minor"] = 1_600_000
            _append(summary, at, [shop, *(f"={shop}!{'ABCDEFGHIJKLMNOP'[i]}{row}" for i in range(16))])
            at += 1
            row += 1
        _append(
            sheet,
            row,
            ["合计", None, None, f"=SUM(D3:D{row - 1})", None, f"=SUM(F3:F{row - 1})", None, f"=SUM(H3:H{row - 1})"],
        )
        _append(sheet, row + 2, ["备注：交货期20天，定金30%"])
        truth.no_line(shop, row, "sheet total")
        truth.no_line(shop, row + 2, "note")
    _append(summary, at, ["总合计", None, None, None, f"=SUM(E2:E{at - 1})", None, None, None, f"=SUM(I2:I{at - 1})"])
    truth.no_line("总表", range(1, at + 1), "summary of the other sheets")
    book.save(truth.path)
    return truth


def summary_that_names_goods(folder: Path) -> Book:
    """A summary a shop with the kind of goods, cartons and amount looks like an order; the shops' sheets follow, titled
    in two cells; two header rows, English over Chinese, nothing merged; all amounts by reference."""
    truth = Book(folder / "april shipment.xlsx")
    book = openpyxl.Workbook()
    summary = book.active
    summary.title = "TOTAL LIST"
    _append(summary, 1, ["YIDA SOURCING - APRIL SHIPMENT"])
    _append(summary, 3, ["NO.", "SHOP NO.", "GOODS", "T.CTNS", "T.QTY", "T.AMOUNT (RMB)", "T.CBM", "T.G.W."])
    shops = {"SHOP 1": ("8-2201", "toys", TOYS), "SHOP 2": ("9-31002", "bags", BAGS), "SHOP 3": ("6-118", "home", HOME)}
    english = ["ITEM NO", "DESCRIPTION", "QTY/CTN", "CTN", "T.QTY", "PRICE", "T.AMOUNT", "CTN SIZE", "CBM", "T.CBM"]
    chinese = ["货号", "品名", "装箱数", "箱数", "总数量", "单价", "总金额", "外箱尺寸", "体积", "总体积"]
    english += ["G.W", "T.G.W", "HS CODE", "REMARK"]
    chinese += ["毛重", "总毛重", "海关编码", "备注"]
    for number, (name, (shop, kind, goods_of_shop)) in enumerate(shops.items(), 1):
        sheet = book.create_sheet(name)
        _append(sheet, 1, ["Shop No.", shop, None, "Tel:", 85551234, None, "Contact:", "Miss Wang"])
        _append(sheet, 3, english)
        _append(sheet, 4, chinese)
        truth.no_line(name, 1, "the shop")
        truth.no_line(name, [3, 4], "header in two languages")
        for row, g in enumerate(goods_of_shop, 5):
            size = "×".join(map(str, g.cm)) + "cm"
            cells = [
                g.item,
                g.name,
                f"{g.packed}pcs",
                g.cartons,
                f"=D{row}*{g.packed}",
                float(g.price),
                f"=E{row}*F{row}",
            ]
            volume = round(g.cm[0] * g.cm[1] * g.cm[2] / 1e6, 3)
            cells += [size, volume, f"=I{row}*D{row}", g.gross, f"=K{row}*D{row}", g.hs]
            _line(truth, name, row, shop, g, net_g=None, volume_mm3=round(volume * 1e9), volume_from="stated")
            if g.item == "BG-1":
                cells += ["fragile"]
                truth.lines[-1]["this_side_up"] = True
            _append(sheet, row, cells)
        last = 4 + len(goods_of_shop)
        sums = ("D", "E", "G", "J", "L")
        _append(
            sheet,
            last + 1,
            ["TOTAL", None, None, *(f"=SUM({c}5:{c}{last})" if c in sums else None for c in "DEFGHIJKL")],
        )
        truth.no_line(name, last + 1, "sheet total")
        _append(summary, 3 + number, [number, shop, kind, *(f"='{name}'!{c}{last + 1}" for c in sums)])
    _append(summary, 8, ["TOTAL", None, None, *(f"=SUM({c}4:{c}6)" for c in "DEFGH")])
    truth.no_line("TOTAL LIST", [1, 3, 4, 5, 6, 8], "summary of the other sheets")
    book.save(truth.path)
    return truth


def dozens_and_gross_in_chinese(folder: Path) -> Book:
    """Prices a dozen or a gross beside quantities that do not say so, pieces in a carton; folded rows that
    SUBTOTAL(109) leaves out; the stall as a title in two cells; the amount divides by twelve."""
    truth = Book(folder / "打价.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("按打")
    header = [
        "货号",
        "品名",
        "箱数",
        "每箱（只）",
        "总数（只）",
        "单价（元/打）",
        "金额",
        "单箱体积",
        "毛重/箱KG",
        "净重/箱KG",
    ]
    put(sheet, 2, header)
    truth.no_line("按打", 2, "header")
    put(sheet, 3, ["摊位：", "F区3楼22071", None, "电话：13711112222"])
    put(sheet, 8, ["摊位：", "F区3楼22190"])
    truth.no_line("按打", [3, 8], "stall title")
    rows = {4: (BAGS[1], 0), 5: (BAGS[2], 1), 6: (BAGS[3], 0), 9: (TOYS[0], 0), 10: (TOYS[1], 1)}
    for row, (g, folded) in rows.items():
        g = g._replace(packed=120)
        value = round(g.pieces * float(g.price) / 12, 2)
        cells = [g.item, g.name, g.cartons, 120, F(f"=C{row}*D{row}", g.pieces), float(g.price)]
        put(sheet, row, [*cells, F(f"=ROUND(E{row}/12*F{row},2)", value), 0.09, g.gross, g.net])
        if folded:
            sheet.set_row(row - 1, None, None, {"level": 1, "hidden": True})
            truth.no_line("按打", row, "cancelled: folded and left out of the total")
        else:
            stall = "F区3楼22071" if row < 8 else "F区3楼22190"
            _line(truth, "按打", row, stall, g, price_per="dozen", hs=None, mm=None, volume_mm3=90_000_000)
    shown = [(g._replace(packed=120), row) for row, (g, folded) in rows.items() if not folded]
    for row, (first, last) in {7: (4, 6), 11: (9, 10), 12: (4, 10)}.items():
        inside = [g for g, at in shown if first <= at <= last]
        cartons = F(f"=SUBTOTAL(109,C{first}:C{last})", sum(g.cartons for g in inside))
        amount = round(sum(g.pieces * float(g.price) / 12 for g in inside), 2)
        put(
            sheet,
            row,
            [
                "小计" if row < 12 else "总计",
                None,
                cartons,
                None,
                None,
                None,
                F(f"=SUBTOTAL(109,G{first}:G{last})", amount),
            ],
        )
        truth.no_line("按打", row, "total")
    other = book.add_worksheet("按罗")
    put(
        other,
        1,
        ["厂家", "款号", "品名", "件数", "装箱量(罗)", "数量(罗)", "单价/罗", "总价", "长*宽*高(cm)", "总毛重"],
    )
    truth.no_line("按罗", 1, "header")
    put(other, 2, ["飞鱼笔厂", "P-1", "铅笔", 10, 10, 100, 8.64, 864, "40*30*25", 118])
    put(other, 3, ["飞鱼笔厂", "P-2", "彩笔", 4, 5, 20, 14.4, 288, "45*32*28", 62])
    truth.line(
        "按罗", 2, "飞鱼笔厂", "P-1", "铅笔", 10, 14400, "8.64", price_per="gross", gross_g=118_000, mm=(400, 300, 250)
    )
    truth.line(
        "按罗", 3, "飞鱼笔厂", "P-2", "彩笔", 4, 2880, "14.40", price_per="gross", gross_g=62_000, mm=(450, 320, 280)
    )
    third = book.add_worksheet("DOZEN")
    put(third, 1, ["SHOP", "ITEM", "DESCRIPTION", "CTNS", "DZ/CTN", "QTY", "PRICE PER DZ", "AMOUNT", "CBM"])
    truth.no_line("DOZEN", 1, "header")
    put(third, 2, ["S-1", "E1", "Socks", 5, 20, 100, 3.67, 367, 0.05])
    put(third, 3, ["S-1", "E2", "Gloves", 4, 25, 100, 5.04, 504, 0.06])
    put(third, 4, [None, "E3", "Caps", 2, 10, 20, 9.6, 192, 0.07])
    put(third, 5, ["TTL:", None, None, 11, None, 220, None, 1063])
    truth.no_line("DOZEN", 5, "grand total")
    truth.line("DOZEN", 2, "S-1", "E1", "Socks", 5, 1200, "3.67", price_per="dozen", volume_mm3=50_000_000)
    truth.line("DOZEN", 3, "S-1", "E2", "Gloves", 4, 1200, "5.04", price_per="dozen", volume_mm3=60_000_000)
    truth.line("DOZEN", 4, "S-1", "E3", "Caps", 2, 240, "9.60", price_per="dozen", volume_mm3=70_000_000)
    book.close()
    return truth


def carton_numbers_only(folder: Path) -> Book:
    """C/NO. and nothing else tells the cartons; header over two rows with groups; totals without a word; no computed
    values; a line without numbers, a typed amount off, a duplicate under other numbers, a 7-digit code."""
    truth = Book(folder / "C-NO.xlsx", currency="USD")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "PACKING"
    _append(sheet, 1, ["MERIDIAN EXPORT SERVICE CO., LTD."])
    _append(sheet, 2, ["TO: SAHARA STORES", None, None, "INVOICE NO.: ME-77", None, "DATE: 8-APR-2026"])
    groups = [
        "C/NO.",
        "SUPPLIER",
        "ART. NO.",
        "DESCRIPTION",
        "QUANTITY",
        None,
        "VALUE (USD)",
        None,
        "WEIGHT (KGS)",
        None,
        None,
    ]
    _append(sheet, 5, [*groups, "MEAS. PER CTN (CM)", None, None, "T.CBM", "HS CODE"])
    below = [None, None, None, None, "PCS/CTN", "TTL PCS", "U/PRICE", "AMOUNT", "G.W.", "T.G.W.", "N.W.", "L", "W", "H"]
    _append(sheet, 6, below)
    for span in ("E5:F5", "G5:H5", "I5:K5", "L5:N5", "A5:A6", "B5:B6", "C5:C6", "D5:D6", "O5:O6", "P5:P6"):
        sheet.merge_cells(span)
    truth.no_line("PACKING", [1, 2], "letterhead")
    truth.no_line("PACKING", [5, 6], "header on two rows")
    numbers = (
        "C/NO. 46~57",
        "58~87",
        "88 - 95",
        "C/N 96~120",
        None,
        "C/NO.126~165#",
        "166~168",
        "169~183",
        "184-189,190-195",
    )
    goods = [*TOYS, *HOME, *BAGS]
    goods[8] = goods[8]._replace(cartons=12)
    sheet.cell(16, 1, "196~207")
    for row, (g, text) in enumerate(zip(goods, numbers, strict=True), 7):
        cells = [
            text,
            "MEI HUA FTY" if row in (7, 11) else None,
            g.item,
            g.name,
            g.packed,
            g.cartons * g.packed,
            f"US$ {g.price}",
        ]
        cells += [
            f"={float(g.price)}*F{row}",
            g.gross,
            f"=I{row}*{g.cartons}",
            g.net,
            *g.cm,
            f"=ROUND(L{row}*M{row}*N{row}/1000000*{g.cartons},3)",
            g.hs,
        ]
        if text is None:
            cells[5] = cells[9] = cells[14] = None
            truth.mistake("PACKING", row, "C/NO.", "error", "no carton numbers and no quantity")
        else:
            _line(truth, "PACKING", row, "MEI HUA FTY", g, volume_from="LxWxH")
        if g.item == "HM-7":
            cells[7] = 6500
            truth.lines[-1]["value_stated_minor"] = 650_000
            truth.mistake("PACKING", row, "AMOUNT", "warning", "amount is below price x quantity")
        if g.item == "BG-2":
            cells[15] = "4203301"
            truth.lines[-1]["hs"] = "4203301"
            truth.mistake("PACKING", row, "HS CODE", "warning", "HS has 7 digits")
        _append(sheet, row, cells)
    again = goods[0]
    cells = [
        "196~207",
        None,
        again.item,
        again.name,
        again.packed,
        again.pieces,
        f"US$ {again.price}",
        f"=F16*{again.price}",
        again.gross,
    ]
    _append(sheet, 16, [*cells, None, again.net, *again.cm, None, again.hs])
    _line(truth, "PACKING", 16, "MEI HUA FTY", again, volume_from="LxWxH")
    truth.mistake("PACKING", 16, "ART. NO.", "warning", "same item, packing, quantity and price as row 7")
    _append(sheet, 18, [None, None, None, None, None, "=SUM(F7:F16)", None, "=SUM(H7:H16)"])
    _append(sheet, 20, ["PACKED IN 150 CARTONS. SHIPPING MARK: SAHARA / 1-UP"])
    truth.no_line("PACKING", 18, "total without a word")
    truth.no_line("PACKING", 20, "note")
    book.save(truth.path)
    return truth


def arabic_semicolons(folder: Path) -> Book:
    """An Arabic CSV with semicolons: dozens, carton numbers by الى, the stall in titles, digits of both kinds."""
    truth = Book(folder / "قائمة.csv")
    lines = (
        "مكتب الواحة;;;;;;;;",
        "رقم الكرتون;رقم الصنف;البيان;عدد الكراتين;دزينة/كرتون;إجمالي الدزينات;سعر الدزينة;المبلغ;حجم الكرتون م3",
        "محل: G4-117;;;;;;;;",
        "46 إلى 57;W-1;جوارب قطن;١٢;٢٠;٢٤٠;٣٫٦٧;٨٨٠٫٨٠;٠٫٠٥",
        "58-60;W-2;قفازات;3;25;75;5.04;378.00;0.06",
        ";;مجموع المحل;15;;315;;1258.80;",
        "محل: G4-203 هاتف 0579-85551234;;;;;;;;",
        "٦١-٦٥;W-3;قبعات;٥;١٠;٥٠;٩٫٦;٤٨٠;٠٫٠٧",
        ";;المجموع الكلي;20;;365;;1738.80;",
    )
    truth.path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig", newline="")
    truth.no_line("", 1, "letterhead")
    truth.no_line("", 2, "header")
    truth.no_line("", [3, 7], "stall title")
    truth.no_line("", [6, 9], "total")
    truth.line("", 4, "G4-117", "W-1", "جوارب قطن", 12, 2880, "3.67", price_per="dozen", volume_mm3=50_000_000)
    truth.line("", 5, "G4-117", "W-2", "قفازات", 3, 900, "5.04", price_per="dozen", volume_mm3=60_000_000)
    truth.line("", 8, "G4-203", "W-3", "قبعات", 5, 600, "9.60", price_per="dozen", volume_mm3=70_000_000)
    return truth


BOOKS = (
    summary_that_names_goods,
    dozens_and_gross_in_chinese,
    carton_numbers_only,
    arabic_semicolons,
    shops_with_owner_and_telephone,
    halls_and_a_list_of_all,
    old_excel_with_formulas,
    folded_on_two_levels,
    carton_numbers_from_and_to,
    two_currencies_by_sheet,
    arabic_shops_with_a_summary,
    shops_numbered_with_a_list_by_reference,
)
