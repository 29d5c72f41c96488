"""django-oscar's side of bench/orders.py, run by the Python of an environment of its own.

    PGHOST=... PGUSER=... python _orders_oscar.py DATABASE STALLS GOODS_A_STALL

An order goes the way of Oscar's own checkout, without its pages: `Basket.add_product` for each line, the offers, the
check that every line can be bought, shipping and total, `OrderPlacementMixin` with an address, and the basket is
submitted; `confirmed` then sets the order's status, which its cascade carries to the lines. A stall is a partner; the
order stays one order of one shop. All of it is one transaction, where its pages take one for each line. Left out, in
its favour: sessions, the e-mail, payments. It asks who has which rights only in its pages, and writes neither a ledger
nor an audit log.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import django
import psycopg
from _orders_round import Line, answer
from django.conf import settings
from psycopg import sql

DATABASE, STALLS, GOODS_A_STALL = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
PLENTY = 100_000_000

from oscar import INSTALLED_APPS, defaults  # noqa: E402

settings.configure(
    **{name: getattr(defaults, name) for name in dir(defaults) if name.startswith("OSCAR_")}
    | {
        "OSCAR_DEFAULT_CURRENCY": "CNY",
        "OSCAR_INITIAL_ORDER_STATUS": "Pending",
        "OSCAR_INITIAL_LINE_STATUS": "Pending",
        "OSCAR_ORDER_STATUS_PIPELINE": {"Pending": ("Confirmed",), "Confirmed": ()},
        "OSCAR_LINE_STATUS_PIPELINE": {"Pending": ("Confirmed",), "Confirmed": ()},
        "OSCAR_ORDER_STATUS_CASCADE": {"Confirmed": "Confirmed"},
    },
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": DATABASE, "CONN_MAX_AGE": None}},
    INSTALLED_APPS=INSTALLED_APPS,
    HAYSTACK_CONNECTIONS={"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    LOGGING_CONFIG=None,
    ROOT_URLCONF=SimpleNamespace(urlpatterns=[]),
    SECRET_KEY="bench",
    SITE_ID=1,
    USE_TZ=True,
)
django.setup()  # before the imports below: models want it

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from oscar.core.loading import get_class, get_model  # noqa: E402

Basket, Product = get_model("basket", "Basket"), get_model("catalogue", "Product")
Applicator, Selector = get_class("offer.applicator", "Applicator"), get_class("partner.strategy", "Selector")
Repository = get_class("shipping.repository", "Repository")
OrderTotalCalculator = get_class("checkout.calculators", "OrderTotalCalculator")
EventHandler = get_class("order.processing", "EventHandler")
ShippingAddress = get_model("order", "ShippingAddress")


class Till(get_class("checkout.mixins", "OrderPlacementMixin")):  # type: ignore[misc]
    def handle_successful_order(self, order: Any) -> Any:
        """Without the e-mail and the page that thanks."""
        return order


class Shop:
    """Partners with goods, a buyer."""

    def __init__(self) -> None:
        with psycopg.connect(dbname="postgres", autocommit=True) as owner:
            owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        call_command("migrate", verbosity=0)
        self.buyer = User.objects.create_user("buyer", "buyer@market.example")
        self.country = get_model("address", "Country").objects.create(
            iso_3166_1_a2="SN", printable_name="Senegal", name="Senegal", is_shipping_country=True
        )
        kind = get_model("catalogue", "ProductClass").objects.create(name="Goods")
        partner, stock_record = get_model("partner", "Partner"), get_model("partner", "StockRecord")
        partners = partner.objects.bulk_create(partner(name=f"Stall {n}", code=f"stall-{n}") for n in range(STALLS))
        goods = Product.objects.bulk_create(
            Product(title="Stainless steel straw cup, 500 ml", upc=f"YS-{n}", slug=f"ys-{n}", product_class=kind)
            for n in range(STALLS * GOODS_A_STALL)
        )
        self.goods = [good.id for good in goods]
        stock_record.objects.bulk_create(
            stock_record(
                product=good,
                partner=partners[n // GOODS_A_STALL],
                partner_sku=good.upc,
                price_currency="CNY",
                price=Decimal("12.80"),
                num_in_stock=PLENTY,
            )
            for n, good in enumerate(goods)
        )
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    @transaction.atomic
    def placed(self, lines: list[Line]) -> Any:
        found = Product.objects.in_bulk([self.goods[good] for good, _ in lines])
        basket = Basket.objects.create(owner=self.buyer)
        basket.strategy = strategy = Selector().strategy(user=self.buyer)
        for good, pieces in lines:
            basket.add_product(found[self.goods[good]], pieces)
        Applicator().apply(basket, self.buyer)
        till = Till()
        till.check_basket_is_valid(SimpleNamespace(basket=basket, strategy=strategy))
        address = ShippingAddress(last_name="Buyer", line1="Rue 12", line4="Dakar", country=self.country)
        shipping = Repository().get_default_shipping_method(basket, shipping_addr=address, user=self.buyer)
        charge = shipping.calculate(basket)
        total = OrderTotalCalculator().calculate(basket, charge)
        number = till.generate_order_number(basket)
        return till.handle_order_placement(
            number, self.buyer, basket, address, shipping, charge, None, total, request=None
        )

    @transaction.atomic
    def confirmed(self, lines: list[Line]) -> Any:
        order = self.placed(lines)
        EventHandler(self.buyer).handle_order_status_change(order, "Confirmed")
        return order


if __name__ == "__main__":
    shop = Shop()
    first = shop.confirmed([(0, 12), (GOODS_A_STALL, 24)])  # it does what is said of it
    assert [(line.status, line.quantity) for line in first.lines.all()] == [("Confirmed", 12), ("Confirmed", 24)]
    assert {line.stockrecord.num_allocated for line in first.lines.all()} == {12, 24}
    answer({"placed": shop.placed, "confirmed": shop.confirmed})
