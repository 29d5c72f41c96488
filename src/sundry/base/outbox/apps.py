"""The module as a Django app."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "sundry.base.outbox"
    label = "outbox"
