"""The stall's trade ticket (市场采购贸易交易单), as Excel and as PDF: what one stall sold one buyer, and who said so.

Problem: a ticket is laid beside the goods, beside the declaration and beside the bank's paper, by people who read
Chinese and by people who do not; and without it nothing may leave under market procurement. Therefore both papers are
written from one and the same values, in Chinese and English; the amount stands in capital digits, which nobody alters
with a pen; who collects the foreign exchange is named on each line; and whoever has not confirmed yet has a blank.

Worked case: 600 cups at 3.20 in 5 cartons of 120 and 1,000 clips at 0.085: 1,920.00 + 85.00 = 2,005.00, 贰仟零伍元整.

The values are those that were confirmed: nothing is looked up anew when a ticket is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sundry.base.papers.capitals import yuan_in_capitals
from sundry.base.papers.pages import amount, one_line, typeset, unit_price, wrappable
from sundry.base.papers.sheets import MISSING, Cell, Column, Kind, label, sentence, workbook
from sundry.kernel.messages import render
from sundry.kernel.money import exponent

_YUAN: Final = "CNY"
_CAPITALS_MAX: Final = 10**14


@dataclass(frozen=True, slots=True)
class TicketLine:
    """`price` for `price_per` pieces, decimal text; `collector`: "agent" or "stall"."""

    item_number: str
    name: str
    carton_pieces: int | None
    cartons: int | None
    pieces: int
    unit: str
    price: str
    price_per: int
    value_minor: int
    collector: str


@dataclass(frozen=True, slots=True)
class TicketPaper:
    """All that stands on a ticket. What is not known is "", a blank to write on. `*_confirmed`: when that side said yes
    to this very content, by the market's clock."""

    number: str
    market_number: str  # 市场采购号
    order: str
    supplier: str
    supplier_phone: str
    buyer: str
    buyer_phone: str
    agent: str
    day: str
    warehouse: str
    currency: str
    lines: tuple[TicketLine, ...]
    buyer_confirmed: str = ""
    supplier_confirmed: str = ""
    digest: str = ""

    @property
    def value_minor(self) -> int:
        return sum(line.value_minor for line in self.lines)

    @property
    def in_capitals(self) -> str:
        """ "" where the rules of capital digits do not hold: another currency, an amount beyond them."""
        is_yuan = self.currency == _YUAN and 0 <= self.value_minor < _CAPITALS_MAX
        return yuan_in_capitals(self.value_minor) if is_yuan else ""


_COLUMNS: Final = (
    Column("order_ticket_item", 15, Kind.TEXT),
    Column("order_ticket_name", 34, Kind.TEXT),
    Column("order_ticket_packed", 11, Kind.WHOLE),
    Column("order_ticket_cartons", 10, Kind.WHOLE, summed=True),
    Column("order_ticket_pieces", 11, Kind.WHOLE, summed=True),
    Column("order_ticket_price", 13, Kind.CODE),
    Column("order_ticket_value", 15, Kind.MONEY, summed=True),
    Column("order_ticket_collector", 15, Kind.CODE),
)

_BY_DECIMALS: Final = {0: Kind.WHOLE, 2: Kind.MONEY, 3: Kind.KG}
"""How a sum looks in a currency with so many decimals."""


def _columns(currency: str) -> Sequence[Column]:
    money = _BY_DECIMALS.get(exponent(currency), Kind.MONEY)
    return [replace(one, kind=money) if one.kind is Kind.MONEY else one for one in _COLUMNS]


def write_ticket_sheet(paper: TicketPaper, *, language: str, day: date) -> bytes:
    """The ticket as a workbook; `language` (zh | en) stands first. `day`: of its making, for the file's own head."""
    title = label("order_ticket_title", language, " ")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ticket.xlsx"
        with workbook(path, title=f"{title} {one_line(paper.number)}".strip(), day=day) as book:
            sheet = book.sheet(render("order_ticket_title", "zh", {})[:31], _columns(paper.currency), language)
            sheet.title(f"{title}  {one_line(paper.number)}".strip())
            sheet.facts([(rule, one_line(value)) for rule, value in _facts(paper)])
            sheet.space()
            sheet.table([_cells(line, paper.currency, language) for line in paper.lines])
            sheet.space()
            sheet.facts([(rule, one_line(value)) for rule, value in _closing(paper)])
            sheet.space()
            sheet.note(sentence("order_ticket_copies", language))
            sheet.note(sentence("order_ticket_precondition", language), "alarm")
            if paper.digest:
                sheet.note(f"SHA-256 {paper.digest}")
        return path.read_bytes()


def write_ticket_pdf(paper: TicketPaper, *, language: str) -> bytes:
    """The same as a PDF. FontMissing."""

    def words(rule: str) -> str:
        return label(rule, language, " ")

    data = {
        "title": f"{render('order_ticket_title', language, {})} {one_line(paper.number)}".strip(),
        "language": language,
        "labels": {"title": words("order_ticket_title"), "page": words("order_ticket_page")},
        "head": [[words(rule), wrappable(value)] for rule, value in _facts(paper)],
        "columns": [words(column.rule) for column in _COLUMNS],
        "lines": [_texts(line, paper.currency, language) for line in paper.lines],
        "total": [words("paper_total"), *_sums(paper)],
        "closing": [[words(rule), wrappable(value)] for rule, value in _closing(paper)],
        "notes": [sentence("order_ticket_copies", language), sentence("order_ticket_precondition", language)],
        "footer": " · ".join(part for part in (one_line(paper.number), paper.digest) if part),
    }
    template = files("sundry.goods.orders.formats").joinpath("ticket_pdf.typ").read_text("utf-8")
    return typeset(template, data)


def _facts(paper: TicketPaper) -> Sequence[tuple[str, str]]:
    return (
        ("order_ticket_market_number", paper.market_number),
        ("order_ticket_number", paper.number),
        ("order_ticket_supplier", paper.supplier),
        ("order_ticket_buyer", paper.buyer),
        ("order_ticket_supplier_phone", paper.supplier_phone),
        ("order_ticket_buyer_phone", paper.buyer_phone),
        ("order_ticket_day", paper.day),
        ("order_ticket_agent", paper.agent),
        ("order_ticket_warehouse", paper.warehouse),
        ("order_ticket_order", paper.order),
    )


def _closing(paper: TicketPaper) -> Sequence[tuple[str, str]]:
    total = f"{paper.currency} {amount(paper.value_minor, paper.currency)}"
    return (
        ("order_ticket_amount", total),
        ("order_ticket_in_capitals", paper.in_capitals or total),
        ("order_ticket_supplier_confirmed", paper.supplier_confirmed),
        ("order_ticket_buyer_confirmed", paper.buyer_confirmed),
    )


def _price(line: TicketLine, currency: str) -> str:
    price = unit_price(line.price, currency)
    return price if line.price_per == 1 else f"{price} / {line.price_per:,}"


def _collector(line: TicketLine, language: str) -> str:
    return label(f"order_ticket_collector_{line.collector}", language, " ")


def _cells(line: TicketLine, currency: str, language: str) -> list[Cell]:
    return [
        one_line(line.item_number),
        one_line(line.name),
        line.carton_pieces if line.carton_pieces is not None else MISSING,
        line.cartons if line.cartons is not None else MISSING,
        line.pieces,
        _price(line, currency),
        Decimal(line.value_minor).scaleb(-exponent(currency)),
        _collector(line, language),
    ]


def _texts(line: TicketLine, currency: str, language: str) -> list[str]:
    return [
        wrappable(line.item_number),
        wrappable(line.name),
        "" if line.carton_pieces is None else f"{line.carton_pieces:,}",
        "" if line.cartons is None else f"{line.cartons:,}",
        f"{line.pieces:,}",
        _price(line, currency),
        amount(line.value_minor, currency),
        _collector(line, language),
    ]


def _sums(paper: TicketPaper) -> tuple[str, str, str]:
    cartons: Any = [line.cartons for line in paper.lines]
    known = sum(one for one in cartons if one is not None)
    pieces = sum(line.pieces for line in paper.lines)
    return f"{known:,}", f"{pieces:,}", amount(paper.value_minor, paper.currency)
