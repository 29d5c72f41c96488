"""The module as a Django app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "sundry.base.ledger"
    label = "ledger"
