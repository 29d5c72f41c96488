"""A wholesale buyer's best month as an order book: a load test, not a claim that such goods are market procurement.

The orders are those of one customer of a British giftware wholesaler (Online Retail, 2010-2011), real in what was
bought, how many and at what price. The data tell no sizes. Therefore every product borrows the size and weight of a
real product of another shop (Olist), always the same one, and is packed by this rule:

1. Lent are the Olist products that are small goods: all sizes known, 0.1 to 20 litres, 50 to 900 kg/m3. Product number
   sha256(stock code) mod their count, in the file's order, lends its size.
2. An export carton holds a grid of pieces within 60 x 40 x 40 cm (at least one piece) and at most 20 kg of them.
3. A line's pieces go into as few cartons as that allows, equally many in each; the last carton is filled up, so that a
   line is a few pieces more than was bought, as whole cartons are.
4. The carton is as high as its layers need, 1 cm larger than the goods each way, and weighs 500 g itself.

Worked case: 30 pieces of 20 x 13 x 9 cm and 400 g: a layer holds 3 x 3, four layers fit: 36 pieces, 14.4 kg. So 30
pieces are one carton of 30, four layers high: 61 x 40 x 37 cm, 12.5 kg gross.
"""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

DATA = Path(__file__).resolve().parents[2] / "../shared/data"
ORDERS = DATA / "orders/online_retail_2010_2011.parquet"
PRODUCTS = DATA / "olist/olist_products_dataset.csv"
CUSTOMER = 14911

GRID_CM = (60, 40, 40)
CONTENT_G_MAX = 20_000
CARTON_G = 500
HEADER = ("ITEM NO.", "DESCRIPTION", "CTNS", "PCS/CTN", "TOTAL PCS", "UNIT PRICE (GBP)", "AMOUNT (GBP)")
HEADER += ("L (CM)", "W (CM)", "H (CM)", "G.W./CTN (KG)", "N.W./CTN (KG)")


class Lent(NamedTuple):
    """Size (cm, longest first) and weight of the product that lends them."""

    size_cm: tuple[int, int, int]
    weight_g: int


class Packed(NamedTuple):
    """One line of the book."""

    item: str
    name: str
    price: Decimal
    cartons: int
    per_carton: int
    size_cm: tuple[int, int, int]
    content_g: int  # of one carton

    @property
    def pieces(self) -> int:
        return self.cartons * self.per_carton

    @property
    def value_minor(self) -> int:
        return int(self.price * 100) * self.pieces


def available() -> bool:
    return ORDERS.exists() and PRODUCTS.exists()


def best_month() -> list[Packed]:
    """The customer's month of the highest value, one line a product and price, in the order of the stock codes."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    orders = pq.read_table(ORDERS, filters=pc.field("CustomerID") == CUSTOMER).to_pylist()
    months: dict[tuple[int, int], dict[tuple[str, Decimal], int]] = defaultdict(lambda: defaultdict(int))
    names: dict[str, str] = {}
    for row in orders:
        code, price = row["StockCode"], Decimal(str(row["UnitPrice"]))
        if row["Quantity"] <= 0 or price <= 0 or not code[:5].isdigit():
            continue  # a cancellation, a gift, or postage and charges
        months[row["InvoiceDate"].year, row["InvoiceDate"].month][code, price] += row["Quantity"]
        names.setdefault(code, " ".join(row["Description"].split()))
    best = max(months.values(), key=lambda month: sum(price * pieces for (_code, price), pieces in month.items()))
    lenders = lendable()
    return [packed(code, names[code], price, pieces, lenders) for (code, price), pieces in sorted(best.items())]


def lendable() -> list[Lent]:
    """The products that lend their size, in the file's order."""
    lenders = []
    with PRODUCTS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            known = [row[f"product_{side}_cm"] for side in ("length", "width", "height")] + [row["product_weight_g"]]
            if not all(known):
                continue
            length, width, height, weight_g = (int(float(value)) for value in known)
            volume_cm3 = length * width * height
            if 100 <= volume_cm3 <= 20_000 and 50 <= weight_g * 1000 / volume_cm3 <= 900:
                first, second, third = sorted((length, width, height), reverse=True)
                lenders.append(Lent((first, second, third), weight_g))
    return lenders


def packed(code: str, name: str, price: Decimal, pieces: int, lenders: list[Lent]) -> Packed:
    """The product in its cartons, by the rule above."""
    lent = lenders[int(hashlib.sha256(code.encode()).hexdigest(), 16) % len(lenders)]
    along, across, up = (max(1, room // side) for room, side in zip(GRID_CM, lent.size_cm, strict=True))
    at_most = max(1, min(along * across * up, CONTENT_G_MAX // lent.weight_g))
    cartons = -(-pieces // at_most)
    per_carton = -(-pieces // cartons)
    layers = -(-per_carton // (along * across))
    length, width, height = lent.size_cm
    size_cm = (along * length + 1, across * width + 1, layers * height + 1)
    return Packed(code, name, price, cartons, per_carton, size_cm, per_carton * lent.weight_g)


def write_book(path: Path, lines: list[Packed]) -> None:
    """The month as an agent would type it: one sheet, the supplier's name in the letterhead, formulas, a total."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("ORDER")
    sheet.write_string(0, 0, f"LOAD TEST: orders of customer {CUSTOMER}, cartons borrowed")
    sheet.write_row(2, 0, HEADER)
    for row, line in enumerate(lines, 4):
        sheet.write_string(row - 1, 0, line.item)
        sheet.write_string(row - 1, 1, line.name)
        sheet.write_row(row - 1, 2, (line.cartons, line.per_carton))
        sheet.write_formula(row - 1, 4, f"=C{row}*D{row}", None, line.pieces)
        sheet.write_number(row - 1, 5, float(line.price))
        sheet.write_formula(row - 1, 6, f"=E{row}*F{row}", None, line.value_minor / 100)
        sheet.write_row(row - 1, 7, (*line.size_cm, (line.content_g + CARTON_G) / 1000, line.content_g / 1000))
    last = len(lines) + 3
    sheet.write_string(last, 1, "TOTAL")
    sheet.write_formula(last, 2, f"=SUM(C4:C{last})", None, sum(line.cartons for line in lines))
    sheet.write_formula(last, 6, f"=SUM(G4:G{last})", None, sum(line.value_minor for line in lines) / 100)
    book.close()
