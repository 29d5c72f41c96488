"""The module as a Django app."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "sundry.goods.orders"
    label = "orders"
