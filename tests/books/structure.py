"""Books whose difficulty is how the workbook is built: sheets, outlines, missing values, old formats, pictures."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import xlsxwriter
from books.truth import Book, F, put

HEADER = ["货号", "品名", "箱数", "装箱数", "总数量", "单价", "金额", "体积"]
SHOPS = {
    "F1-2034": (("A1", "发夹", 4, 1200, 0.4, 0.06), ("A2", "发圈", 3, 2000, 0.2, 0.066)),
    "D4-25518": (("B1", "笔记本", 10, 80, 3.5, 0.05),),
    "G3-1208": (("C1", "雨伞", 6, 60, 7.5, 0.097), ("C2", "太阳镜", 2, 300, 4.2, 0.094)),
}


def _goods_line(truth: Book, sheet: str, row: int, stall: str, goods: tuple) -> None:
    item, name, cartons, per_carton, price, volume = goods
    volume_mm3 = round(volume * 1e9)
    truth.line(sheet, row, stall, item, name, cartons, cartons * per_carton, str(price), volume_mm3=volume_mm3)


def _goods_row(row: int, goods: tuple) -> list:
    item, name, cartons, per_carton, price, volume = goods
    pieces = cartons * per_carton
    amount = round(pieces * price, 2)
    return [item, name, cartons, per_carton, F(f"=C{row}*D{row}", pieces), price, F(f"=E{row}*F{row}", amount), volume]


def shop_a_sheet_with_a_summary(folder: Path) -> Book:
    """One sheet a shop, the shop only in the sheet's name; the last sheet repeats every line by references."""
    truth = Book(folder / "一店一表.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    repeated = []
    for shop, goods_of_shop in SHOPS.items():
        sheet = book.add_worksheet(shop)
        put(sheet, 1, HEADER)
        truth.no_line(shop, 1, "header")
        for row, goods in enumerate(goods_of_shop, 2):
            cells = _goods_row(row, goods)
            put(sheet, row, cells)
            _goods_line(truth, shop, row, shop, goods)
            shown = [cell.shown if isinstance(cell, F) else cell for cell in cells]
            repeated.append([shop, *(F(f"='{shop}'!{'ABCDEFGH'[i]}{row}", value) for i, value in enumerate(shown))])
        last = len(goods_of_shop) + 1
        total = round(sum(goods[2] * goods[3] * goods[4] for goods in goods_of_shop), 2)
        put(sheet, last + 1, [None, "合计", None, None, None, None, F(f"=SUM(G2:G{last})", total)])
        truth.no_line(shop, last + 1, "sheet total")
    summary = book.add_worksheet("汇总")
    put(summary, 1, ["摊位", *HEADER])
    for row, cells in enumerate(repeated, 2):
        put(summary, row, cells)
    last = len(repeated) + 1
    put(summary, last + 1, [None, None, "总计", F(f"=SUM(D2:D{last})", 25)])
    truth.no_line("汇总", range(1, last + 2), "summary of the other sheets")
    book.close()
    return truth


def summary_first_with_totals_a_shop(folder: Path) -> Book:
    """The first sheet, which one sees on opening, holds only a total a shop; the goods follow."""
    truth = Book(folder / "summary first.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    summary = book.add_worksheet("SUMMARY")
    put(summary, 1, ["ORDER APRIL"])
    put(summary, 2, ["SHOP NO.", "CTNS", "AMOUNT", "CBM"])
    truth.no_line("SUMMARY", 1, "letterhead")
    truth.no_line("SUMMARY", 2, "header")
    for row, (shop, goods_of_shop) in enumerate(SHOPS.items(), 3):
        sheet = book.add_worksheet(shop)
        put(sheet, 1, ["SHOP NO.:", shop])
        put(sheet, 3, ["ITEM NO.", "DESCRIPTION", "CTNS", "PCS/CTN", "QTY", "PRICE", "AMOUNT", "CBM/CTN"])
        truth.no_line(shop, 1, "the shop")
        truth.no_line(shop, 3, "header")
        for line, goods in enumerate(goods_of_shop, 4):
            put(sheet, line, _goods_row(line, goods))
            _goods_line(truth, shop, line, shop, goods)
        last = len(goods_of_shop) + 3
        cartons = sum(goods[2] for goods in goods_of_shop)
        amount = round(sum(goods[2] * goods[3] * goods[4] for goods in goods_of_shop), 2)
        volume = round(sum(goods[2] * goods[5] for goods in goods_of_shop), 3)
        sums = (F(f"=SUM('{shop}'!C4:C{last})", cartons), F(f"=SUM('{shop}'!G4:G{last})", amount), volume)
        put(summary, row, [shop, *sums])
        truth.no_line("SUMMARY", row, "summary of a shop")
    put(summary, 6, ["TOTAL", F("=SUM(B3:B5)", 25), F("=SUM(C3:C5)", 11140)])
    truth.no_line("SUMMARY", 6, "grand total")
    book.close()
    return truth


def formulas_without_values(folder: Path) -> Book:
    """Written by a program that does not calculate: no value beside any formula, some refer to another sheet."""
    truth = Book(folder / "没有缓存值.xlsx")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "订单"
    prices = book.create_sheet("价格表")
    for row in (["型号", "成本", "加价"], ["J-1", 4, 1.1], ["J-2", 0.75, 1.1], ["J-3", 12, 1.1]):
        prices.append(row)
    sheet.append(
        [
            "摊位",
            "型号",
            "品名",
            "箱数",
            "装箱数",
            "总数量",
            "单价",
            "金额",
            "长",
            "宽",
            "高",
            "体积",
            "总体积",
            "总毛重",
        ]
    )
    goods = (("J-1", "水杯", 10, 36, 12.5), ("J-2", "杯盖", 5, 400, 9), ("J-3", "水壶", 8, 12, 14.25))
    for row, (item, name, cartons, per_carton, gross) in enumerate(goods, 2):
        sheet.append(
            [
                "N-31" if row == 2 else "=A2",
                item,
                name,
                cartons,
                per_carton,
                f"=D{row}*E{row}",
                f"=ROUND(价格表!B{row}*价格表!C{row},2)",
                f"=F{row}*G{row}",
                50,
                "=40",
                "=15*2",
                f"=ROUND(I{row}*J{row}*K{row}/1000000,3)",
                f"=L{row}*D{row}",
                f"={gross}*D{row}",
            ]
        )
    sheet.append([None, None, "合计", "=SUM(D2:D4)", None, "=SUM(F2:F4)", None, "=SUM(H2:H4)"])
    book.save(truth.path)
    truth.no_line("订单", 1, "header")
    truth.no_line("订单", 5, "grand total")
    truth.no_line("价格表", [1, 2, 3, 4], "a price table, not an order")
    # 0.75 x 1.1 is 0.825, which a spreadsheet rounds to 0.83
    for row, ((item, name, cartons, per_carton, gross), price) in enumerate(
        zip(goods, ("4.40", "0.83", "13.20"), strict=True), 2
    ):
        truth.line(
            "订单",
            row,
            "N-31",
            item,
            name,
            cartons,
            cartons * per_carton,
            price,
            gross_g=round(gross * 1000) * cartons,
            mm=(500, 400, 300),
            volume_mm3=60_000_000,
            volume_from="stated",
        )
    return truth


def collapsed_groups(folder: Path) -> Book:
    """Collapsed groups: on the first sheet the total counts the hidden rows, on the other two it does not."""
    truth = Book(folder / "折叠分组.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    goods = (("1", "毛绒熊", 4, 60, 6, 0.15), ("2", "毛绒兔", 2, 60, 5, 0.15), ("3", "毛绒狗", 3, 60, 7, 0.15))
    totals = {
        "全部": F("=SUM(H2:H4)", 3300),
        "筛选": F("=SUBTOTAL(109,H2:H4)", 2700),
        "手填": 2700,
    }
    for name, total in totals.items():
        sheet = book.add_worksheet(name)
        put(sheet, 1, ["摊位", *HEADER])
        truth.no_line(name, 1, "header")
        for row, (number, label, cartons, per_carton, price, volume) in enumerate(goods, 2):
            item = f"{name}-{number}"
            pieces = cartons * per_carton
            values = [f"=D{row}*E{row}", f"=F{row}*G{row}"]
            cells = [F(values[0], pieces), price, F(values[1], pieces * price), volume]
            put(sheet, row, ["K-6", item, label, cartons, per_carton, *cells])
            hidden = row == 3
            if hidden:
                sheet.set_row(row - 1, None, None, {"level": 1, "hidden": True})
            if hidden and name != "全部":
                truth.no_line(name, row, "cancelled: hidden and left out of the total")
            else:
                _goods_line(truth, name, row, "K-6", (item, label, cartons, per_carton, price, volume))
        sheet.set_row(4, None, None, {"collapsed": True})
        put(sheet, 5, [None, None, "合计", None, None, None, None, total])
        truth.no_line(name, 5, "sheet total")
    book.close()
    return truth


def pictures_of_wps(folder: Path) -> Book:
    """WPS keeps a picture inside its cell: =DISPIMG("ID_...",1), with the images in a part of its own."""
    truth = Book(folder / "WPS图片.xlsx")
    plain = folder / "before wps.xlsx"
    book = xlsxwriter.Workbook(plain)
    sheet = book.add_worksheet("报价单")
    put(sheet, 1, ["档口", "图片", "货号", "品名", "箱数", "装箱数", "数量", "单价", "体积"])
    goods = (("I1", "手机壳", 3, 200, 1.9, 0.05), ("I2", "数据线", 2, 500, 2.4, 0.045))
    truth.no_line("报价单", 1, "header")
    for row, (item, name, cartons, per_carton, price, volume) in enumerate(goods, 2):
        image = f'DISPIMG("ID_{row:032X}",1)'
        pieces = cartons * per_carton
        put(
            sheet,
            row,
            ["M-2", F(f"=_xlfn.{image}", f"={image}"), item, name, cartons, per_carton, pieces, price, volume],
        )
        volume_mm3 = round(volume * 1e9)
        truth.line("报价单", row, "M-2", item, name, cartons, pieces, str(price), volume_mm3=volume_mm3, pictured=True)
    book.close()
    _keep_images_in_cells(plain, truth.path, rows=(2, 3))
    plain.unlink()
    return truth


# The smallest PNG: one white pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8ffff3f0005fe02fedccc59e70000000049454e44ae426082"
)


def _keep_images_in_cells(source: Path, target: Path, rows: tuple[int, ...]) -> None:
    """Copy a workbook and add xl/cellimages.xml with one image a row, as WPS writes it."""
    pictures = "".join(
        f'<etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="{row}" name="ID_{row:032X}"/><xdr:cNvPicPr/>'
        f'</xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId{row}"/></xdr:blipFill><xdr:spPr/></xdr:pic></etc:cellImage>'
        for row in rows
    )
    spreadsheet = "http://schemas.openxmlformats.org/drawingml/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    images = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<etc:cellImages xmlns:xdr="{spreadsheet}/spreadsheetDrawing" xmlns:a="{spreadsheet}/main" xmlns:r="{office}" '
        f'xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData">{pictures}</etc:cellImages>'
    )
    relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' + "".join(
        f'<Relationship Id="rId{row}" Type="{office}/image" Target="media/image{row}.png"/>' for row in rows
    )
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            data = old.read(entry)
            if entry == "[Content_Types].xml":
                kind = '<Default Extension="png" ContentType="image/png"/>'
                wps = "application/vnd.wps-officedocument.cellimage+xml"
                part = f'<Override PartName="/xl/cellimages.xml" ContentType="{wps}"/>'
                data = data.replace(b"</Types>", f"{kind}{part}</Types>".encode())
            elif entry == "xl/_rels/workbook.xml.rels":
                kind = "http://www.wps.cn/officeDocument/2020/cellImage"
                relation = f'<Relationship Id="rId90" Type="{kind}" Target="cellimages.xml"/></Relationships>'
                data = data.replace(b"</Relationships>", relation.encode())
            new.writestr(entry, data)
        new.writestr("xl/cellimages.xml", images)
        new.writestr("xl/_rels/cellimages.xml.rels", relations + "</Relationships>")
        for row in rows:
            new.writestr(f"xl/media/image{row}.png", PIXEL)


def old_excel_by_the_dozen(folder: Path) -> Book:
    """A .xls of the nineties: two header rows, prices and quantities by the dozen, the stall in a title row.

    Needs xlwt.
    """
    import xlwt

    truth = Book(folder / "by the dozen.xls", currency="USD")
    book = xlwt.Workbook()
    sheet = book.add_sheet("ORDER")
    header = (
        ("ITEM", None, "QUANTITY", None, None, "PRICE", None, "CARTON (INCH)", None, None, "WEIGHT/CTN", None),
        ("NO.", "DESCRIPTION", "CTNS", "DOZ/CTN", "TOTAL DOZ", "USD/DOZ", "AMOUNT", "L", "W", "H", "G.W.KG", "N.W.KG"),
    )
    rows = {
        1: ["GOLDEN LANE EXPORT CO."],
        3: header[0],
        4: header[1],
        5: ["STALL: 3-118 HATS & CAPS  TEL 0579-85551234"],
        6: ["GL1", "Straw hat", 6, 10, 60, 14.4, 864, 24, 20, 16, 12, 10.5],
        7: ["GL2", "Baseball cap", 4, 20, 80, 9.6, 768, 22, 16, 18, 13.5, 12.2],
        8: ["STALL: 3-240 GLOVES"],
        9: ["GL3", "Knitted gloves", 10, 25, 250, 5.04, 1260, 23.5, 17.25, 16.5, 15, 13.8],
        10: [None, "TOTAL", 20, None, 390, None, 2892],
    }
    for row, values in rows.items():
        for column, value in enumerate(values):
            if value is not None and row != 3:
                sheet.write(row - 1, column, value)
    for first, last in ((0, 1), (2, 4), (5, 6), (7, 9), (10, 11)):
        sheet.write_merge(2, 2, first, last, header[0][first])
    book.save(str(truth.path))
    truth.no_line("ORDER", 1, "letterhead")
    truth.no_line("ORDER", [3, 4], "header on two rows")
    truth.no_line("ORDER", [5, 8], "stall title")
    truth.no_line("ORDER", 10, "grand total")
    first, second = "3-118 HATS & CAPS", "3-240 GLOVES"
    sizes = {6: (610, 508, 406), 7: (559, 406, 457), 9: (597, 438, 419)}
    for row, stall in ((6, first), (7, first), (9, second)):
        item, name, cartons, _per_carton, dozens, price, *_rest, gross, net = rows[row]
        truth.line(
            "ORDER",
            row,
            stall,
            item,
            name,
            cartons,
            dozens * 12,
            str(price),
            price_per="dozen",
            gross_g=round(gross * 1000) * cartons,
            net_g=round(net * 1000) * cartons,
            mm=sizes[row],
        )
    return truth


def two_header_rows_merged_into_groups(folder: Path) -> Book:
    """Groups above (数量, 外箱, 重量) merged over their columns, the columns' own names below."""
    truth = Book(folder / "两行表头.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("明细表")
    top = ["摊位", "货号", "品名", "数量", None, None, "价格（元）", None, "外箱（cm）", None, None, "重量（kg/箱）"]
    below = [None, None, None, "箱数", "每箱", "合计", "单价", "总价", "长", "宽", "高", "毛", "净"]
    put(sheet, 1, top)
    put(sheet, 2, below)
    put(sheet, 3, ["5-77", "O1", "枕头", 6, 20, 120, 11, 1320, 80, 54, 52, 14, 13])
    put(sheet, 4, ["5-77", "O2", "毯子", 4, 30, 120, 19.9, 2388, 62, 50, 48, 21.5, 20])
    for span, text in (("D1:F1", "数量"), ("G1:H1", "价格（元）"), ("I1:K1", "外箱（cm）"), ("L1:M1", "重量（kg/箱）")):
        sheet.merge_range(span, text)
    for column, text in (("A", "摊位"), ("B", "货号"), ("C", "品名")):
        sheet.merge_range(f"{column}1:{column}2", text)
    book.close()
    truth.no_line("明细表", [1, 2], "header on two rows")
    truth.line("明细表", 3, "5-77", "O1", "枕头", 6, 120, "11", gross_g=84_000, net_g=78_000, mm=(800, 540, 520))
    truth.line("明细表", 4, "5-77", "O2", "毯子", 4, 120, "19.90", gross_g=86_000, net_g=80_000, mm=(620, 500, 480))
    return truth


def two_header_rows_without_merging(folder: Path) -> Book:
    """Each group's word stands over its first column only, nothing is merged: the lower row names every column."""
    truth = Book(folder / "two rows.xlsx", currency="USD")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("LIST")
    top = ["GOODS", None, None, "QUANTITY", None, None, "PRICE", None, "CARTON (INCH)", None, None, "WEIGHT PER CARTON"]
    put(sheet, 1, top)
    below = ["SHOP", "NO.", "DESCRIPTION", "CTNS", "PCS/CTN", "TOTAL PCS", "USD/PC", "AMOUNT", "L", "W", "H"]
    put(sheet, 2, [*below, "G.W.KG", "N.W.KG"])
    put(sheet, 3, ["3-118", "GL1", "Straw hat", 6, 120, 720, 1.2, 864, 24, 20, 16, 12, 10.5])
    put(sheet, 4, ["3-118", "GL2", "Baseball cap", 4, 240, 960, 0.8, 768, 22, 16, 18, 13.5, 12.2])
    book.close()
    truth.no_line("LIST", [1, 2], "header on two rows")
    weights = ((72_000, 63_000, (610, 508, 406)), (54_000, 48_800, (559, 406, 457)))
    goods = (("GL1", "Straw hat", 6, 720, "1.20"), ("GL2", "Baseball cap", 4, 960, "0.80"))
    for row, (line, (gross_g, net_g, mm)) in enumerate(zip(goods, weights, strict=True), 3):
        truth.line("LIST", row, "3-118", *line, gross_g=gross_g, net_g=net_g, mm=mm)
    return truth


BOOKS = (
    shop_a_sheet_with_a_summary,
    summary_first_with_totals_a_shop,
    formulas_without_values,
    collapsed_groups,
    pictures_of_wps,
    old_excel_by_the_dozen,
    two_header_rows_merged_into_groups,
    two_header_rows_without_merging,
)
