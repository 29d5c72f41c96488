"""Books kept in English, French, Spanish and Arabic, each with habits of its own."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter
from books.truth import Book, F, put


def packing_list_by_carton_numbers(folder: Path) -> Book:
    """English abbreviations, CBM of whole lines beside weights of a carton, measurements in one cell, ditto marks."""
    truth = Book(folder / "packing list.xlsx", currency="USD")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("P-L")
    put(sheet, 1, ["BRIGHT HARBOUR SOURCING LTD."])
    put(sheet, 2, ["PACKING LIST / PROFORMA", None, None, None, "DATE: 14-Apr-26"])
    header = [
        "C/NO.",
        "SHOP NO.",
        "ITEM NO.",
        "DESCRIPTION OF GOODS",
        "CTNS",
        "QTY/CTN",
        "TTL QTY",
        "U/PRICE (USD)",
        "AMOUNT",
    ]
    header += ["N.W. (KGS)", "G.W. (KGS)", "MEAS. (CM)", "CBM", "H.S. CODE"]
    put(sheet, 4, header)
    rows = (
        ["1-20", "F-118", "BH-01", "Photo frame", 20, 48, 960, 0.62, 595.2, 9.5, 10.5, "56*44*38", 1.873, "4414.90"],
        ["21-32", "ditto", "BH-02", "Candle", 12, 96, 1152, 0.28, 322.56, 16, 17.2, "46x34x30", 0.563, "3406.00"],
        ["33-33", '"', "BH-03", "Christmas bauble", 1, 144, 144, 0.21, 30.24, 7.1, 8, "62 X 46 X 46", 0.131, "950510"],
        ["34~46", "G-007", "BH-04", "Yoga mat", 13, 12, 156, 2.05, 319.8, 12, 13.1, "66*46*62CM", 2.447, "95069190"],
    )
    for number, row in enumerate(rows, 5):
        put(sheet, number, row)
    put(sheet, 9, ["TOTAL:", None, None, None, 46, None, 2412, None, 1267.8, None, None, None, 5.014])
    put(sheet, 10, ["SAY TOTAL FORTY-SIX (46) CARTONS ONLY."])
    book.close()
    truth.no_line("P-L", [1, 2], "letterhead")
    truth.no_line("P-L", 4, "header")
    truth.no_line("P-L", [9, 10], "grand total, in figures and words")
    stalls = ("F-118", "F-118", "F-118", "G-007")
    codes = ("441490", "340600", "950510", "95069190")
    sizes = ((560, 440, 380), (460, 340, 300), (620, 460, 460), (660, 460, 620))
    for number, (row, stall, code, mm) in enumerate(zip(rows, stalls, codes, sizes, strict=True), 5):
        truth.line(
            "P-L",
            number,
            stall,
            row[2],
            row[3],
            row[4],
            row[6],
            str(row[7]),
            gross_g=round(row[10] * 1000) * row[4],
            net_g=round(row[9] * 1000) * row[4],
            mm=mm,
            hs=code,
        )
    for key in ("carton_volume_mm3", "carton_volume_from"):
        del truth.lines[2][key]  # one carton: its CBM is the line's as well
    return truth


def quote_by_the_dozen_in_inches(folder: Path) -> Book:
    """US$1.20/dz, 4.80/set; outer cartons in inches or metres or millimetres as each factory told them."""
    truth = Book(folder / "quote dozen inches.xlsx", currency="USD")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("Quote")
    header = [
        "Supplier",
        "Style #",
        "Product",
        "Total pcs",
        "Pcs/ctn",
        "Ctns",
        "FOB price",
        "Carton size",
        "Wt/ctn (lbs)",
    ]
    put(sheet, 1, header)
    rows = (
        ["Factory 9", "A1", "Kitchen towel", 2400, 240, 10, "US$7.20/dz", '23.6"x15.7"x13.8"', 33],
        ["Factory 9", "A2", "Napkin", 3600, 600, 6, "US$1.20/dz", "20in x 15in x 12in", 30],
        ["same", "A3", "Tool set", 48, 12, 4, "4.80/set", "0.6m*0.4m*0.35m", 44],
        ["Factory 12", "A4", "Clock", 120, 60, 2, "$ 1.55 / pc", "540x420x380mm", 37.4],
    )
    for number, row in enumerate(rows, 2):
        put(sheet, number, row)
    book.close()
    truth.no_line("Quote", 1, "header")
    pound_g = 453.59237
    means = (
        ("Factory 9", "7.20", "dozen", (599, 399, 351)),
        ("Factory 9", "1.20", "dozen", (508, 381, 305)),
        ("Factory 9", "4.80", "set", (600, 400, 350)),
        ("Factory 12", "1.55", "piece", (540, 420, 380)),
    )
    for number, (row, (stall, price, per, mm)) in enumerate(zip(rows, means, strict=True), 2):
        gross_g = round(row[8] * pound_g * row[5])
        truth.line("Quote", number, stall, row[1], row[2], row[5], row[3], price, price_per=per, gross_g=gross_g, mm=mm)
    return truth


def commande_en_euros(folder: Path) -> Book:
    """French: decimal commas and thin spaces typed as text, « idem » down the shop column, euros."""
    truth = Book(folder / "commande.xlsx", currency="EUR")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("Commande")
    put(sheet, 1, ["MAISON DU LEVANT – Bon de commande n° 41"])
    header = [
        "Magasin",
        "Réf.",
        "Désignation",
        "Nb de cartons",
        "Pièces/carton",
        "Qté totale",
        "P.U. (€)",
        "Montant (€)",
    ]
    header += ["Poids brut/carton (kg)", "Poids net/carton (kg)", "Dimensions (cm)", "Code SH"]
    put(sheet, 3, header)
    rows = (
        [
            "B-12",
            "ML-1",
            "Vase en verre",
            "15",
            "24",
            "360",
            "1,35",
            "486,00",
            "21,5",
            "20,1",
            "60 x 44 x 44",
            "7013 99",
        ],
        [
            "idem",
            "ML-2",
            "Bougie",
            "40",
            "96",
            "3\u202f840",
            "0,42",
            "1\u00a0612,80",
            "14,2",
            "13",
            "46 x 34 x 30",
            "3406 00",
        ],
        [
            "idem",
            "ML-3",
            "Foulard",
            "8",
            "120",
            "960",
            "2,10 €",
            "2 016,00 €",
            "18,75",
            "17,5",
            "62 × 46 × 44",
            "6214 30",
        ],
    )
    for number, row in enumerate(rows, 4):
        put(sheet, number, row)
    put(sheet, 7, [None, None, "Total général", "63", None, "5 160", None, "4 114,80"])
    book.close()
    truth.no_line("Commande", 1, "letterhead")
    truth.no_line("Commande", 3, "header")
    truth.no_line("Commande", 7, "grand total")
    sheet_, stall = "Commande", "B-12"
    truth.line(
        sheet_,
        4,
        stall,
        "ML-1",
        "Vase en verre",
        15,
        360,
        "1.35",
        gross_g=322_500,
        net_g=301_500,
        mm=(600, 440, 440),
        hs="701399",
    )
    truth.line(
        sheet_,
        5,
        stall,
        "ML-2",
        "Bougie",
        40,
        3840,
        "0.42",
        gross_g=568_000,
        net_g=520_000,
        mm=(460, 340, 300),
        hs="340600",
    )
    truth.line(
        sheet_,
        6,
        stall,
        "ML-3",
        "Foulard",
        8,
        960,
        "2.10",
        gross_g=150_000,
        net_g=140_000,
        mm=(620, 460, 440),
        hs="621430",
    )
    return truth


def pedido_con_punto_de_miles(folder: Path) -> Book:
    """Spanish: 1.250 pieces are a thousand and more, 1.234,56 is money, ídem down the shop column."""
    truth = Book(folder / "pedido.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("Pedido")
    header = [
        "Local",
        "Código",
        "Descripción",
        "Bultos",
        "Unid. por bulto",
        "Total unidades",
        "Precio unit. (RMB)",
        "Total (RMB)",
    ]
    header += ["Peso bruto total (kg)", "Volumen por bulto (m3)"]
    put(sheet, 2, header)
    rows = (
        ["L5-22", "PD1", "Llavero", "5", "250", "1.250", "1,10", "1.375,00", "62,5", "0,048"],
        ["ídem", "PD2", "Mochila", "12", "30", "360", "23,50", "8.460,00", "1.020,0", "0,190"],
        ["Idem", "PD3", "Calcetines", "10", "240", "2.400", "1,955", "4.692,00", "151", "0,0975"],
    )
    for number, row in enumerate(rows, 3):
        put(sheet, number, row)
    put(sheet, 6, ["TOTAL", None, None, "27", None, "4.010", None, "14.527,00"])
    book.close()
    truth.no_line("Pedido", 2, "header")
    truth.no_line("Pedido", 6, "grand total")
    truth.line("Pedido", 3, "L5-22", "PD1", "Llavero", 5, 1250, "1.10", gross_g=62_500, volume_mm3=48_000_000)
    truth.line("Pedido", 4, "L5-22", "PD2", "Mochila", 12, 360, "23.50", gross_g=1_020_000, volume_mm3=190_000_000)
    truth.line("Pedido", 5, "L5-22", "PD3", "Calcetines", 10, 2400, "1.955", gross_g=151_000, volume_mm3=97_500_000)
    return truth


def arabic_with_ditto(folder: Path) -> Book:
    """Right to left, Arabic-Indic digits with their own separators, نفسه for the shop above, sizes in one cell."""
    truth = Book(folder / "طلبية.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("بضاعة")
    sheet.right_to_left()
    header = ["المحل", "رقم الموديل", "الصنف", "كرتون", "حبة/كرتون", "العدد الكلي", "سعر الحبة", "القيمة"]
    header += ["وزن الكرتون القائم كغ", "مقاس الكرتون سم"]
    put(sheet, 1, header)
    put(sheet, 2, ["B-12", "م-١", "مرآة", "١٠", "٦٠", "٦٠٠", "٤٫٥٠", "٢٬٧٠٠٫٠٠", "١٢٫٤", "٥٠×٤٠×٣٥"])
    put(sheet, 3, ["نفسه", "م-٢", "مشط", "٤", "٤٠٠", "١٬٦٠٠", "٠٫٦٠", "٩٦٠", "١٤", "٤٨*٣٦*٣٠"])
    put(sheet, 4, ["نفس المحل", "م-٣", "ساعة حائط", "٧", "٢٠", "١٤٠", "١٨", "٢٥٢٠", "٩٫٨", "٦٠ × ٤٥ × ٤٠"])
    put(sheet, 5, ["الإجمالي", None, None, "٢١", None, None, None, "٦١٨٠"])
    book.close()
    truth.no_line("بضاعة", 1, "header")
    truth.no_line("بضاعة", 5, "grand total")
    truth.line("بضاعة", 2, "B-12", "م-١", "مرآة", 10, 600, "4.50", gross_g=124_000, mm=(500, 400, 350))
    truth.line("بضاعة", 3, "B-12", "م-٢", "مشط", 4, 1600, "0.60", gross_g=56_000, mm=(480, 360, 300))
    truth.line("بضاعة", 4, "B-12", "م-٣", "ساعة حائط", 7, 140, "18", gross_g=68_600, mm=(600, 450, 400))
    return truth


def semicolons_from_a_european_excel(folder: Path) -> Book:
    """A CSV as a Spanish Excel saves it: UTF-8 with a mark, semicolons, decimal commas, quoted line breaks."""
    truth = Book(folder / "pedido europeo.csv", currency="USD")
    truth.path.write_bytes(
        (
            "\ufeffPedido de mayo;;;;;;;\r\n"
            'Tienda;Referencia;Producto;"Cajas\nCTNS";Piezas/caja;Total piezas;Precio USD;Medidas cm\r\n'
            "T-1;E1;Juguete;10;36;360;2,50;64x46x50\r\n"
            'T-1;E2;"Globo; rojo";4;1.000;4.000;0,045;40x30x30\r\n'
            ";;Total;14;;4.360;1.080,00;\r\n"
        ).encode()
    )
    truth.no_line("", 1, "letterhead")
    truth.no_line("", 2, "header, over two lines of the file")
    truth.no_line("", 6, "grand total")
    truth.line("", 4, "T-1", "E1", "Juguete", 10, 360, "2.50", mm=(640, 460, 500))
    truth.line("", 5, "T-1", "E2", "Globo; rojo", 4, 4000, "0.045", mm=(400, 300, 300))
    return truth


def two_tables_on_one_sheet(folder: Path) -> Book:
    """Below the first order stands a second, with its own header in another order and another currency."""
    truth = Book(folder / "two tables.xlsx")
    book = xlsxwriter.Workbook(truth.path)
    sheet = book.add_worksheet("April")
    put(sheet, 1, ["Order 1 (RMB)"])
    put(sheet, 2, ["Shop", "Item", "Name", "CTN", "PCS/CTN", "PCS", "Price RMB", "CBM/CTN"])
    put(sheet, 3, ["8-101", "R1", "Lamp", 6, 20, F("=D3*E3", 120), 21, 0.146])
    put(sheet, 4, ["8-101", "R2", "Bulb", 3, 100, F("=D4*E4", 300), 2.2, 0.05])
    put(sheet, 6, ["Order 2 (USD)"])
    put(sheet, 7, ["Item", "Name", "Shop", "PCS/CTN", "CTN", "PCS", "CBM/CTN", "Price USD"])
    put(sheet, 8, ["R3", "Socket", "8-202", 200, 5, F("=D8*E8", 1000), 0.06, 0.35])
    book.close()
    truth.no_line("April", [1, 6], "title")
    truth.no_line("April", [2, 7], "header")
    truth.line("April", 3, "8-101", "R1", "Lamp", 6, 120, "21", volume_mm3=146_000_000)
    truth.line("April", 4, "8-101", "R2", "Bulb", 3, 300, "2.20", volume_mm3=50_000_000)
    truth.line("April", 8, "8-202", "R3", "Socket", 5, 1000, "0.35", currency="USD", volume_mm3=60_000_000)
    return truth


BOOKS = (
    packing_list_by_carton_numbers,
    quote_by_the_dozen_in_inches,
    commande_en_euros,
    pedido_con_punto_de_miles,
    arabic_with_ditto,
    semicolons_from_a_european_excel,
    two_tables_on_one_sheet,
)
