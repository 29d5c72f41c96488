"""The module as a Django app."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "sundry.base.webhooks"
    label = "webhooks"
