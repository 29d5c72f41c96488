"""The module as a Django app."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "sundry.base.parties"
    label = "parties"
