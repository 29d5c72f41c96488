"""The module as a Django app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "sundry.base.access"
    label = "access"
