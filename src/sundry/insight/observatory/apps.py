"""The module as a Django app."""

from django.apps import AppConfig


class ObservatoryConfig(AppConfig):
    name = "sundry.insight.observatory"
    label = "observatory"
