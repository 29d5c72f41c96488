"""Books of Chinese offices, each with habits of its own."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter
from books.truth import Book, F, put


def header_under_a_long_letterhead(folder: Path) -> Book:
    """Logos and an address, the totals above the goods, the header in row 9; a shop's phone stands in its title row."""
    truth = Book(folder / "抬头很长.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("订单")
    put(sheet, 1, ["", "宏远采购代理"])
    put(sheet, 2, ["地址：某某市国际商贸城三区18号门  电话：0579-85550000"])
    put(sheet, 3, ["E-mail: order@example.com", None, None, "QQ: 10001"])
    put(sheet, 5, ["客户", "ABDUL TRADING", None, "下单日期", "2026/4/2"])
    put(sheet, 6, ["总箱数", 34, None, "总金额", 17190, "总体积", 2.37])
    put(sheet, 7, ["以下价格均含税，交货期15天"])
    put(
        sheet, 9, ["序号", "款号", "名称", "件数", "每件数量", "合计数量", "价格", "小计金额", "每件体积", "每件毛重KG"]
    )
    put(sheet, 10, ["店铺：三区 18872 佳音饰品  电话：13800000001"])
    put(sheet, 11, [1, "JY-01", "水钻发夹", 10, 600, 6000, 0.85, 5100, 0.06, 14.5])
    put(sheet, 12, [2, "JY-02", "珍珠耳环", 4, 1000, 4000, 1.1, 4400, 0.045, 12])
    put(sheet, 13, ["店铺：三区 19006 美居收纳  电话：13800000002"])
    put(sheet, 14, [3, "MJ-7", "收纳箱", 20, 12, 240, 32.04, 7689.6, 0.0795, 11.8])
    put(sheet, 16, ["经办人：", None, None, "审核："])
    book.close()
    truth.no_line("订单", [1, 2, 3, 5, 6, 7], "letterhead, row 6 its totals")
    truth.no_line("订单", 9, "header")
    truth.no_line("订单", [10, 13], "stall title")
    truth.no_line("订单", 16, "signatures")
    first, second = "三区 18872 佳音饰品", "三区 19006 美居收纳"
    truth.line("订单", 11, first, "JY-01", "水钻发夹", 10, 6000, "0.85", gross_g=145_000, volume_mm3=60_000_000)
    truth.line("订单", 12, first, "JY-02", "珍珠耳环", 4, 4000, "1.10", gross_g=48_000, volume_mm3=45_000_000)
    truth.line("订单", 14, second, "MJ-7", "收纳箱", 20, 240, "32.04", gross_g=236_000, volume_mm3=79_500_000)
    return truth


def sizes_in_millimetres_weights_in_jin(folder: Path) -> Book:
    """The unit stands in the header (mm, 斤) or in the price cell (元/个, 元/打, 元/套); 1.2万 pieces."""
    truth = Book(folder / "毫米与斤.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("货单")
    header = [
        "档口",
        "货号",
        "品名",
        "箱数",
        "装箱数",
        "总数",
        "单价",
        "外箱规格(mm)",
        "毛重（斤）/箱",
        "净重（斤）/箱",
    ]
    put(sheet, 1, header)
    put(sheet, 2, ["B2-101", "S-1", "吸管", 6, 2000, "1.2万", "0.08元/个", "600*400*350", 24, 22])
    put(sheet, 3, ["B2-101", "S-2", "勺子", 5, 240, 1200, "18元/打", "450×320×280", 31, 29.6])
    put(sheet, 4, ["同上", "S-3", "茶具", 8, 6, 48, "65元/套", "520＊380＊410", 20.4, 19])
    put(sheet, 5, ["″", "S-4", "杯垫", 3, 500, "1500个", "￥０．３５", "400x300x300", "30斤", "28斤"])
    book.close()
    truth.no_line("货单", 1, "header")
    stall = "B2-101"
    truth.line("货单", 2, stall, "S-1", "吸管", 6, 12000, "0.08", gross_g=72_000, net_g=66_000, mm=(600, 400, 350))
    truth.line(
        "货单",
        3,
        stall,
        "S-2",
        "勺子",
        5,
        1200,
        "18",
        price_per="dozen",
        gross_g=77_500,
        net_g=74_000,
        mm=(450, 320, 280),
    )
    truth.line(
        "货单", 4, stall, "S-3", "茶具", 8, 48, "65", price_per="set", gross_g=81_600, net_g=76_000, mm=(520, 380, 410)
    )
    truth.line("货单", 5, stall, "S-4", "杯垫", 3, 1500, "0.35", gross_g=45_000, net_g=42_000, mm=(400, 300, 300))
    return truth


def printed_page_by_page(folder: Path) -> Book:
    """Every printed page repeats the header and carries its subtotal; empty columns, and a hidden one with the cost."""
    truth = Book(folder / "一页一页打印.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("Sheet1")
    header = [
        "摊位号",
        None,
        "货号",
        "品名",
        "进价",
        "箱数",
        "装箱量",
        "数量",
        None,
        "单价",
        "金额",
        "总体积",
        "总毛重KG",
    ]
    goods = (
        ("P-1", "毛巾", 1.8, 10, 120, 2.5, 1.05, 220),
        ("P-2", "浴巾", 9, 5, 30, 12.8, 0.6, 95),
        ("P-3", "手帕", 0.4, 2, 600, 0.66, 0.11, 31),
        ("P-4", "围裙", 3.1, 8, 100, 4.45, 0.72, 140),
    )
    row, brought_forward = 1, 0.0
    for page in (goods[:2], goods[2:]):
        put(sheet, row, header)
        truth.no_line("Sheet1", row, "header")
        row += 1
        if brought_forward:
            put(sheet, row, [None, None, None, "承前页", None, None, None, None, None, None, brought_forward])
            truth.no_line("Sheet1", row, "brought forward")
            row += 1
        for item, name, cost, cartons, per_carton, price, volume, gross in page:
            pieces = cartons * per_carton
            amount = round(pieces * price, 2)
            cells = ["4F-022", None, item, name, cost, cartons, per_carton, pieces, None, price, amount, volume, gross]
            put(sheet, row, cells)
            truth.line(
                "Sheet1",
                row,
                "4F-022",
                item,
                name,
                cartons,
                pieces,
                str(price),
                gross_g=gross * 1000,
                volume_mm3=round(volume * 1e9) // cartons,
                volume_from="stated_total/cartons",
            )
            brought_forward += amount
            row += 1
        put(sheet, row, [None, None, None, "本页小计", None, None, None, None, None, None, round(brought_forward, 2)])
        truth.no_line("Sheet1", row, "page subtotal, with what was brought forward")
        row += 2
    put(sheet, row, [None, None, None, "总 计", None, 25, None, None, None, None, round(brought_forward, 2)])
    truth.no_line("Sheet1", row, "grand total")
    sheet.set_column(4, 4, None, None, {"hidden": True})
    book.close()
    return truth


def everything_typed_as_text(folder: Path) -> Book:
    """Cells formatted as text: apostrophes, units behind the number, full-width digits, dotted and shortened HS."""
    truth = Book(folder / "全是文本.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("明细")
    header = [
        "日期",
        "商位",
        "编号",
        "中文名称",
        "箱数",
        "每箱",
        "总数",
        "单价(元)",
        "总价(元)",
        "体积/箱",
        "毛重/箱",
        "HS CODE",
    ]
    put(sheet, 1, header)
    rows = (
        [
            "2026.4.1",
            "H-88",
            "0012",
            "玩偶",
            "12箱",
            "24只/箱",
            "288只",
            "￥6.50",
            "1,872.00元",
            "0.08m³",
            "9.5kg",
            "9503.00.21.00",
        ],
        [
            "4月1日",
            "H-88",
            "0013",
            "积木",
            "１０",
            "３６",
            "３６０",
            "１２．５０",
            "４，５００",
            "0.11 CBM",
            "18 公斤",
            "9503 0089 00",
        ],
        [
            "2026-04-02",
            "H-88",
            "0014",
            "羽毛",
            " 3 ",
            "500 PCS",
            "'1500\u00a0",
            "0.60",
            "900.00",
            "0.0890",
            "12000g",
            505909090,
        ],
        [
            "2026/4/2",
            "H-88",
            "0015",
            "气球",
            "5件",
            "1,000个",
            "5,000个",
            "0.12元",
            "600",
            "0.05立方",
            "13.2KGS",
            "HS:9505900000",
        ],
    )
    for number, row in enumerate(rows, 2):
        put(sheet, number, row)
    book.close()
    truth.no_line("明细", 1, "header")
    truth.line(
        "明细", 2, "H-88", "0012", "玩偶", 12, 288, "6.50", gross_g=114_000, volume_mm3=80_000_000, hs="9503002100"
    )
    truth.line(
        "明细", 3, "H-88", "0013", "积木", 10, 360, "12.50", gross_g=180_000, volume_mm3=110_000_000, hs="9503008900"
    )
    truth.line(
        "明细",
        4,
        "H-88",
        "0014",
        "羽毛",
        3,
        1500,
        "0.60",
        gross_g=36_000,
        volume_mm3=89_000_000,
        hs="0505909090",
        hs_given="505909090",
    )
    truth.line(
        "明细", 5, "H-88", "0015", "气球", 5, 5000, "0.12", gross_g=66_000, volume_mm3=50_000_000, hs="9505900000"
    )
    return truth


def marks_for_the_warehouse(folder: Path) -> Book:
    """Columns for this side up, fragile and inspection, ticked in different ways; or a word in the remark."""
    truth = Book(folder / "此面向上.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("出货")
    header = [
        "店面",
        "货号",
        "货名",
        "件数",
        "装箱量",
        "单价",
        "长cm",
        "宽cm",
        "高cm",
        "易碎",
        "此面向上",
        "法检",
        "备注",
    ]
    put(sheet, 1, header)
    rows = (
        ["C-3", "G1", "玻璃杯", 10, 48, 2.2, 50, 40, 36, "是", None, "否", None],
        ["C-3", "G2", "灯罩", 4, 12, 18.5, 60, 60, 45, None, "√", None, None],
        ["C-3", "G3", "儿童餐具", 6, 60, 4.4, 48, 36, 30, "否", "×", "是", None],
        ["C-3", "G4", "抱枕", 9, 20, 9.9, 70, 50, 50, None, None, None, "颜色混装"],
        ["C-3", "G5", "香水瓶", 2, 100, 3.3, 42, 32, 30, None, None, None, "请勿倒置，此面向上"],
        ["C-3", "G6", "陶瓷碗", 7, 36, 3.6, 46, 38, 34, None, None, None, "FRAGILE 需商检"],
        ["C-3", "G7", "仿古铜钱", 1, 500, 0.5, 30, 20, 15, None, None, None, "禁止出口"],
    )
    for number, row in enumerate(rows, 2):
        put(sheet, number, row)
    book.close()
    truth.no_line("出货", 1, "header")
    marks = ((True, False), (True, False), (False, True), (False, False), (True, False), (True, True))
    for number, (row, (upright, inspected)) in enumerate(zip(rows, marks, strict=False), 2):
        truth.line(
            "出货",
            number,
            "C-3",
            row[1],
            row[2],
            row[3],
            row[3] * row[4],
            str(row[5]),
            mm=(row[6] * 10, row[7] * 10, row[8] * 10),
            this_side_up=upright,
            inspection=inspected,
        )
    truth.mistake("出货", 8, "备注", "error", "the goods are forbidden for export")
    return truth


def cancelled_with_a_line_through(folder: Path) -> Book:
    """A row struck through is cancelled; a struck remark is not, nor is a price corrected beside the old one."""
    truth = Book(folder / "划掉的.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("订货")
    struck = book.add_format({"font_strikeout": True})
    plain = book.add_format()
    put(sheet, 1, ["摊位", "货号", "品名", "箱数", "装箱数", "数量", "单价", "金额", "体积", "备注"])
    put(sheet, 2, ["D1-9", "K1", "钥匙扣", 4, 600, 2400, 0.9, F("=F2*G2", 2160), 0.04])
    put(sheet, 3, ["D1-9", "K2", "徽章", 2, 800, 1600, 0.5, F("=F3*G3", 800), 0.03, "缺货"], struck)
    put(sheet, 4, ["D1-9", "K3", "磁贴", 5, 500, 2500, 0.7, F("=F4*G4", 1750), 0.035])
    sheet.write_string(3, 9, "蓝色缺货", struck)
    put(sheet, 5, ["D1-9", "K4", "吊坠", 3, 400, 1200, None, 1440, 0.03])
    sheet.write_rich_string(4, 6, struck, "1.35", plain, " 1.20")
    put(sheet, 6, [None, None, "合计", 12, None, 6100, None, F("=H2+H4+H5", 5350)])
    book.close()
    truth.no_line("订货", 1, "header")
    truth.no_line("订货", 3, "cancelled: struck through")
    truth.no_line("订货", 6, "grand total")
    truth.line("订货", 2, "D1-9", "K1", "钥匙扣", 4, 2400, "0.90", volume_mm3=40_000_000)
    truth.line("订货", 4, "D1-9", "K3", "磁贴", 5, 2500, "0.70", volume_mm3=35_000_000)
    truth.line("订货", 5, "D1-9", "K4", "吊坠", 3, 1200, "1.20", volume_mm3=30_000_000)
    return truth


def one_item_over_several_rows(folder: Path) -> Book:
    """A second row with the English name; and colours in rows of their own, each with its cartons, under one item."""
    truth = Book(folder / "一货多行.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("装箱单")
    put(
        sheet,
        1,
        ["摊位", "货号", "品名", "颜色", "箱数", "装箱数", "数量", "单价", "金额", "箱规CM", "毛重KG", "净重KG"],
    )
    put(sheet, 2, ["E5-1", "T10", "保温杯", "红", 10, 36, 360, 12, 4320, "44*30*31", 8.5, 7.6])
    put(sheet, 3, [None, None, "Thermos cup"])
    put(sheet, 4, [None, "T11", "雨伞", "红", 6, 60, 360, 7.5, 2700, "66*34*29", 9.8, 8.9])
    put(sheet, 5, [None, None, None, "蓝", 4, 60, 240, 7.5, 1800, "66*34*29", 9.8, 8.9])
    put(sheet, 6, [None, None, None, "黑", 5, 60, 300, 7.5, 2250, "66*34*29", 9.8, 8.9])
    put(sheet, 7, ["E5-2", "T12", "台灯", "白", 3, 20, 60, 21, 1260, "59*32*31", 11.4, 10.7])
    put(sheet, 8, [None, None, "Desk lamp"])
    put(sheet, 9, [None, None, "Lámpara"])
    sheet.merge_range("A2:A6", "E5-1")
    sheet.merge_range("A7:A9", "E5-2")
    sheet.merge_range("B4:B6", "T11")
    sheet.merge_range("C4:C6", "雨伞")
    book.close()
    truth.no_line("装箱单", 1, "header")
    truth.no_line("装箱单", [3, 8, 9], "another name of the item above")
    truth.line("装箱单", 2, "E5-1", "T10", "保温杯", 10, 360, "12", gross_g=85_000, net_g=76_000, mm=(440, 300, 310))
    for row, cartons in ((4, 6), (5, 4), (6, 5)):
        truth.line(
            "装箱单",
            row,
            "E5-1",
            "T11",
            "雨伞",
            cartons,
            cartons * 60,
            "7.50",
            gross_g=9_800 * cartons,
            net_g=8_900 * cartons,
            mm=(660, 340, 290),
        )
    truth.line("装箱单", 7, "E5-2", "T12", "台灯", 3, 60, "21", gross_g=34_200, net_g=32_100, mm=(590, 320, 310))
    return truth


def colours_share_their_cartons(folder: Path) -> Book:
    """Mixed cartons: every carton holds each colour, so the carton cells are merged over the rows of the colours."""
    truth = Book(folder / "混装.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("混装")
    put(sheet, 1, ["摊位", "货号", "品名", "颜色", "箱数", "每箱数量", "总数量", "单价", "金额", "单箱体积"])
    put(sheet, 2, ["W-7", "M1", "发圈", "红", 10, 200, 2000, 0.2, 400, 0.05])
    put(sheet, 3, [None, None, None, "蓝", None, 300, 3000, 0.2, 600])
    put(sheet, 4, [None, None, None, "黑", None, 500, 5000, 0.2, 1000])
    put(sheet, 5, ["W-7", "M2", "梳子", "混色", 4, 400, 1600, 0.6, 960, 0.06])
    for column, value in (("A", "W-7"), ("B", "M1"), ("C", "发圈"), ("E", 10), ("J", 0.05)):
        sheet.merge_range(f"{column}2:{column}4", value)
    book.close()
    truth.no_line("混装", 1, "header")
    truth.no_line("混装", [3, 4], "other colours in the cartons of row 2")
    truth.line("混装", 2, "W-7", "M1", "发圈", 10, 10_000, "0.20", volume_mm3=50_000_000)
    truth.line("混装", 5, "W-7", "M2", "梳子", 4, 1600, "0.60", volume_mm3=60_000_000)
    return truth


def totals_without_a_word(folder: Path) -> Book:
    """Sums stand under the goods with no label, the amount in words below, notes beneath: none of it is goods."""
    truth = Book(folder / "合计没有字.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("货款")
    put(sheet, 1, ["档口号", "型号", "产品名称", "箱数", "装箱数", "数量", "单价", "金额", "体积m3", "总体积m3"])
    put(sheet, 2, ["A-1", "N1", "钱包", 5, 100, 500, 6.2, F("=F2*G2", 3100), 0.05, F("=I2*D2", 0.25)])
    put(sheet, 3, ["A-1", "N2", "腰带", 8, 120, 960, 5, F("=F3*G3", 4800), 0.045, F("=I3*D3", 0.36)])
    put(sheet, 4, [None, None, None, F("=SUM(D2:D3)", 13), None, F("=SUM(F2:F3)", 1460), None, F("=SUM(H2:H3)", 7900)])
    put(sheet, 5, [None, None, None, None, None, None, "大写：柒仟玖佰元整"])
    put(sheet, 7, ["1. 请按样品生产"])
    put(sheet, 8, ["2. 外箱印唛头，每箱不超过25KG"])
    put(sheet, 9, ["3. 定金", None, None, None, None, None, None, 2000])
    put(sheet, 10, ["4. 余款", None, None, None, None, None, None, F("=H4-H9", 5900)])
    book.close()
    truth.no_line("货款", 1, "header")
    truth.no_line("货款", 4, "grand total")
    truth.no_line("货款", 5, "amount in words")
    truth.no_line("货款", [7, 8], "note")
    truth.no_line("货款", [9, 10], "deposit and balance")
    truth.line("货款", 2, "A-1", "N1", "钱包", 5, 500, "6.20", volume_mm3=50_000_000)
    truth.line("货款", 3, "A-1", "N2", "腰带", 8, 960, "5", volume_mm3=45_000_000)
    return truth


def weights_under_the_wrong_word(folder: Path) -> Book:
    """毛重 above weights of whole lines, and 总净重 above weights of single cartons: only the density tells."""
    truth = Book(folder / "毛重写错了.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("重量")
    put(sheet, 1, ["摊位", "货号", "品名", "箱数", "装箱数", "数量", "单价", "单箱体积", "毛重KG", "总净重KG"])
    put(sheet, 2, ["R-2", "Q1", "铁锅", 30, 10, 300, 25, 0.06, 540, 16.5])
    put(sheet, 3, ["R-2", "Q2", "菜刀", 40, 60, 2400, 8, 0.03, 480, 10.8])
    put(sheet, 4, ["R-2", "Q3", "砧板", 1, 20, 20, 12, 0.05, 18, 17])
    book.close()
    truth.no_line("重量", 1, "header")
    truth.line("重量", 2, "R-2", "Q1", "铁锅", 30, 300, "25", gross_g=540_000, net_g=495_000, volume_mm3=60_000_000)
    truth.line("重量", 3, "R-2", "Q2", "菜刀", 40, 2400, "8", gross_g=480_000, net_g=432_000, volume_mm3=30_000_000)
    truth.line("重量", 4, "R-2", "Q3", "砧板", 1, 20, "12", gross_g=18_000, net_g=17_000, volume_mm3=50_000_000)
    truth.mistake("重量", 1, "毛重KG", "warning", "as weights of cartons, the goods would be denser than iron")
    for row in (2, 3):
        truth.mistake("重量", row, "总净重KG", "warning", "as the weight of the line, lighter than foam")
    return truth


def carton_and_line_both_stated(folder: Path) -> Book:
    """Weight and volume stand per carton and per line; where they disagree somebody must look."""
    truth = Book(folder / "单箱与合计.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("核对")
    header = ["商铺", "货号", "品名", "箱数", "装箱数", "总数量", "单价", "单箱毛重", "总毛重", "单箱体积", "总体积"]
    put(sheet, 1, header)
    put(sheet, 2, ["Y-5", "L1", "鞋垫", 10, 200, 2000, 1.5, 12, 120, 0.06, 0.6])
    put(sheet, 3, ["Y-5", "L2", "鞋带", 10, 500, 5000, 0.4, 12, 210, 0.06, 0.6])
    put(sheet, 4, ["Y-5", "L3", "鞋油", 10, 100, 1000, 3, 12, 120, 0.06, 0.9])
    put(sheet, 5, ["Y-5", "L4", "鞋刷", 10, 100, 1200, 2, 12, 120, 0.06, 0.6])
    book.close()
    truth.no_line("核对", 1, "header")
    truth.line("核对", 2, "Y-5", "L1", "鞋垫", 10, 2000, "1.50", gross_g=120_000, volume_mm3=60_000_000)
    truth.line("核对", 3, "Y-5", "L2", "鞋带", 10, 5000, "0.40", volume_mm3=60_000_000)
    truth.line("核对", 4, "Y-5", "L3", "鞋油", 10, 1000, "3", gross_g=120_000, volume_mm3=60_000_000)
    del truth.lines[1]["gross_g"]  # 120 kg or 210 kg: the book does not say which is the slip
    for key in ("carton_volume_mm3", "carton_volume_from"):
        del truth.lines[2][key]
    truth.mistake("核对", 3, "总毛重", "warning", "210 kg is not 10 cartons of 12 kg")
    truth.mistake("核对", 4, "总体积", "warning", "0.9 m3 is not 10 cartons of 0.06 m3")
    truth.mistake("核对", 5, "总数量", "error", "1,200 pieces are not 10 cartons of 100")
    return truth


def formulas_that_broke(folder: Path) -> Book:
    """A deleted column left #REF! behind, an empty one #DIV/0!; in a name it is only ugly."""
    truth = Book(folder / "公式坏了.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("报价")
    put(sheet, 1, ["摊位", "货号", "品名", "箱数", "装箱数", "总数量", "单价", "金额", "体积"])
    put(sheet, 2, ["U-1", "Z1", "帽子", 5, 60, F("=D2*E2", 300), 9.5, F("=F2*G2", 2850), 0.07])
    put(sheet, 3, ["U-1", "Z2", "手套", 5, 120, F("=D3*E3", 600), F("=#REF!*1.1", "#REF!"), F("=F3*G3", "#REF!"), 0.06])
    put(
        sheet,
        4,
        ["U-1", "Z3", "口罩", F("=600/0", "#DIV/0!"), 60, F("=D4*E4", "#DIV/0!"), 3, F("=F4*G4", "#DIV/0!"), 0.05],
    )
    put(
        sheet,
        5,
        ["U-1", "Z4", "耳罩", 4, 90, F("=D5*E5", 360), 5, F("=F5*G5", 1800), F("=VLOOKUP(B5,Z:Z,1,0)", "#N/A")],
    )
    put(sheet, 6, ["U-1", "Z5", F('=NAME("x")', "#NAME?"), 3, 90, F("=D6*E6", 270), 4, F("=F6*G6", 1080), 0.05])
    book.close()
    truth.no_line("报价", 1, "header")
    truth.line("报价", 2, "U-1", "Z1", "帽子", 5, 300, "9.50", volume_mm3=70_000_000)
    truth.line("报价", 6, "U-1", "Z5", "", 3, 270, "4", volume_mm3=50_000_000)
    del truth.lines[1]["name"]
    truth.mistake("报价", 3, "单价", "error", "the formula shows #REF!")
    truth.mistake("报价", 4, "箱数", "error", "the formula shows #DIV/0!")
    truth.mistake("报价", 5, "体积", "error", "the formula shows #N/A")
    return truth


def box_numbers_in_many_hands(folder: Path) -> Book:
    """Cartons are told by their numbers alone, written as each stall likes it."""
    truth = Book(folder / "箱号写法.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("箱单")
    put(sheet, 1, ["C/NO.", "摊号", "货号", "品名", "装箱数(PCS)", "总数量", "单价RMB", "箱规(CM)", "毛重/箱(KG)"])
    numbers = (
        ("1-12,15", 13),
        ("NO.16", 1),
        ("C/NO. 17~28", 12),
        ("29—40 (12)", 12),
        ("41～45", 5),
        ("#46 - #50", 5),
        ("51、53、55", 3),
        ("60-61/65-66", 4),
        (70, 1),
    )
    truth.no_line("箱单", 1, "header")
    for row, (number, cartons) in enumerate(numbers, 2):
        item = f"X{row}"
        put(sheet, row, [number, "V-4", item, "相框", 48, 48 * cartons, 4.5, "50*40*30", 11])
        truth.line(
            "箱单",
            row,
            "V-4",
            item,
            "相框",
            cartons,
            48 * cartons,
            "4.50",
            gross_g=11_000 * cartons,
            mm=(500, 400, 300),
        )
    book.close()
    return truth


def names_that_look_like_formulas(folder: Path) -> Book:
    """Somebody pasted text that a spreadsheet would run. It is text, and it stays text in whatever we write."""
    truth = Book(folder / "像公式的名字.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("=1+1")
    put(sheet, 1, ["摊位", "货号", "品名", "箱数", "装箱数", "数量", "单价", "体积"])
    names = (
        ("=cmd|' /C calc'!A0", "+86-01", "-10度冰袋"),
        ("@SUM(A1:A9)", '=HYPERLINK("http://example.com","x")', "+加厚毛毯"),
    )
    truth.no_line("=1+1", 1, "header")
    for row, (stall, item, name) in enumerate(names, 2):
        put(sheet, row, [stall, item, name, 5, 40, 200, 3, 0.06])
        truth.line("=1+1", row, stall, item, name, 5, 200, "3", volume_mm3=60_000_000)
    book.close()
    return truth


BOOKS = (
    header_under_a_long_letterhead,
    sizes_in_millimetres_weights_in_jin,
    printed_page_by_page,
    everything_typed_as_text,
    marks_for_the_warehouse,
    cancelled_with_a_line_through,
    one_item_over_several_rows,
    colours_share_their_cartons,
    totals_without_a_word,
    weights_under_the_wrong_word,
    carton_and_line_both_stated,
    formulas_that_broke,
    box_numbers_in_many_hands,
    names_that_look_like_formulas,
)
