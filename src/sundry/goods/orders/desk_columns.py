"""What a row of the desk's tables holds when it is exported: the columns of the page, and what it has no room for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sundry.goods.orders import order_words as words
from sundry.goods.orders.formats.desk_table import Cell
from sundry.goods.orders.order_rules import OrderCard, Totals
from sundry.goods.orders.queries_desk import PartRow
from sundry.goods.orders.showing_orders import stall_told
from sundry.kernel.money import exponent

CUBIC_METRE_MM3: Final = Decimal(10**9)
HEADERS_OF_ORDERS: Final = (
    *(pgettext_lazy("an order", "Order"), _("Name"), _("Buyer"), _("State"), _("Stalls"), _("Late")),
    _("Next promised day"),
    *(_("Destination"), _("Pieces"), _("Cartons"), _("Volume, m³"), _("Gross weight, kg")),
    *(_("Currency"), _("Value"), _("Of it in advance"), pgettext_lazy("amount", "Paid"), _("Still to be paid")),
)
HEADERS_OF_PARTS: Final = (
    *(_("Part"), pgettext_lazy("an order", "Order"), _("Stall"), _("Booth"), _("Buyer"), _("State"), _("Late")),
    _("Promised day"),
    *(_("Trade ticket"), _("Destination"), _("Pieces"), _("Cartons"), _("Volume, m³"), _("Gross weight, kg")),
    *(_("Currency"), _("Value"), _("Of it in advance"), pgettext_lazy("amount", "Paid"), _("Still to be paid")),
    _("Due now"),
)


def amount(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-exponent(currency))


def order_cells(card: OrderCard) -> list[Cell]:
    return [
        card.number,
        card.name,
        card.buyer.name,
        str(words.ORDER_STATES[card.state][1]),
        card.stalls,
        card.late,
        card.promised_day,
        card.destination,
        *_measures(card.totals),
        card.currency,
        *_sums(card.totals, card.currency),
    ]


def part_cells(language: str, is_late: Callable[[Any], bool]) -> Callable[[PartRow], list[Cell]]:
    """Of a part, in a language; `is_late` says whether its sub-order is."""

    def cells(row: PartRow) -> list[Cell]:
        card, sub = row.card, row.card.sub
        return [
            sub.code,
            sub.order,
            stall_told(sub, language).text,
            sub.place,
            card.buyer.name,
            str(words.STATES[sub.state][1]),
            str(words.LATE[1]) if is_late(sub) else "",
            sub.promised_day,
            str(words.TICKETS[sub.ticket][1]),
            card.destination,
            *_measures(sub.totals),
            card.currency,
            *_sums(sub.totals, card.currency),
            amount(row.due_minor, card.currency),
        ]

    return cells


def _measures(totals: Totals) -> Iterable[Cell]:
    return (
        totals.pieces,
        totals.cartons,
        Decimal(totals.volume_mm3) / CUBIC_METRE_MM3,
        Decimal(totals.gross_g) / 1000,
    )


def _sums(totals: Totals, currency: str) -> Iterable[Cell]:
    figures = (totals.value_minor, totals.deposit_minor, totals.paid_minor, totals.balance_minor)
    return tuple(amount(figure, currency) for figure in figures)
