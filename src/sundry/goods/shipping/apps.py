"""The module as a Django app."""

from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "sundry.goods.shipping"
    label = "shipping"
