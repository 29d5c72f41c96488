"""The module as a Django app."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "sundry.goods.catalogue"
    label = "catalogue"
