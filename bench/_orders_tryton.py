"""Tryton's side of bench/orders.py, run by the Python of an environment of its own.

    PGHOST=... PGUSER=... python _orders_tryton.py DATABASE STALLS GOODS_A_STALL

An order is a sale of one company to one party, as its own modules make one on the server: lines by `on_change_product`,
saved, `quote`, `confirm`; `confirmed` then calls `process`, which makes the shipment and its moves. All of it is one
transaction of one process that has everything loaded. A sale has one seller, so the stalls are left out: goods of one
company. Left out too, in its favour: invoices (their method is manual), taxes, reserving of stock (`assign`), rights of
who asks. Tryton does not ask whether there is stock, and writes no ledger before an invoice is posted; it keeps who
changed what and when. Everything is prepared as its own scenarios are, by proteus.
"""

from __future__ import annotations

import os
import sys
from decimal import Decimal
from typing import Any

from _orders_round import Line, answer

DATABASE, STALLS, GOODS_A_STALL = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.environ |= {"TRYTOND_DATABASE_URI": "postgresql://", "DB_NAME": DATABASE}  # before the imports below: they read it

import psycopg  # noqa: E402
from proteus import Model, Wizard  # noqa: E402
from proteus import config as proteus_config  # noqa: E402
from trytond.modules.account.tests.tools import create_chart, get_accounts  # noqa: E402
from trytond.modules.company.tests.tools import create_company  # noqa: E402
from trytond.pool import Pool  # noqa: E402
from trytond.tests.test_tryton import create_db  # noqa: E402
from trytond.transaction import Transaction  # noqa: E402


class Shop:
    """A company with goods, a customer."""

    def __init__(self) -> None:
        create_db(DATABASE)
        config = proteus_config.set_trytond(DATABASE)
        modules = Model.get("ir.module")
        modules.click(modules.find([("name", "=", "sale")]), "activate")
        Wizard("ir.module.activate_upgrade").execute("upgrade")
        create_company(config=config)
        create_chart(config=config)
        self.user, self.context = config.user, config.context
        self.customer = self._customer()
        self.goods = self._goods()
        with psycopg.connect(dbname=DATABASE, autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE")

    def _customer(self) -> int:
        country = Model.get("country.country")(name="Senegal", code="SN")
        country.save()
        customer = Model.get("party.party")(name="Buyer")
        customer.addresses[0].country = country
        customer.save()
        return int(customer.id)

    def _goods(self) -> list[int]:
        category = Model.get("product.category")(name="Goods", accounting=True)
        accounts = get_accounts()
        category.account_expense, category.account_revenue = accounts["expense"], accounts["revenue"]
        category.save()
        (unit,) = Model.get("product.uom").find([("name", "=", "Unit")])
        with Transaction().start(DATABASE, self.user, context=self.context) as transaction:
            values = {
                "name": "Stainless steel straw cup, 500 ml",
                "type": "goods",
                "default_uom": unit.id,
                "sale_uom": unit.id,
                "salable": True,
                "list_price": Decimal("12.80"),
                "account_category": category.id,
                "products": [("create", [{}])],
            }
            wanted = [values | {"code": f"YS-{n}"} for n in range(STALLS * GOODS_A_STALL)]
            made = Pool(DATABASE).get("product.template").create(wanted)
            goods = [template.products[0].id for template in made]
            transaction.commit()
        return goods

    def placed(self, lines: list[Line]) -> Any:
        with Transaction().start(DATABASE, self.user, context=self.context) as transaction:
            sale = self._confirmed(lines)
            transaction.tasks.clear()
            transaction.commit()
        return sale

    def confirmed(self, lines: list[Line]) -> Any:
        with Transaction().start(DATABASE, self.user, context=self.context) as transaction:
            sale = self._confirmed(lines)
            type(sale).process([sale])
            transaction.tasks.clear()
            transaction.commit()
        return sale

    def _confirmed(self, lines: list[Line]) -> Any:
        sales, sale_line = Pool().get("sale.sale"), Pool().get("sale.line")
        sale = sales(party=self.customer)
        sale.on_change_party()
        sale.invoice_method = "manual"
        made = []
        for good, pieces in lines:
            line = sale_line(type="line", sale=sale, product=self.goods[good], quantity=pieces)
            line.on_change_product()
            made.append(line)
        sale.lines = made
        sale.save()
        sales.quote([sale])
        sales.confirm([sale])
        return sale


if __name__ == "__main__":
    shop = Shop()
    first = shop.confirmed([(0, 12), (GOODS_A_STALL, 24)])  # it does what is said of it
    with Transaction().start(DATABASE, shop.user, context=shop.context, readonly=True):
        kept = Pool().get("sale.sale")(first.id)
        assert (kept.state, kept.total_amount, len(kept.invoices)) == ("processing", Decimal("460.80"), 0)
        (shipment,) = kept.shipments
        assert [move.quantity for move in shipment.outgoing_moves] == [12, 24]
    answer({"placed": shop.placed, "confirmed": shop.confirmed})
