"""The module as a Django app."""

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    name = "sundry.base.reference"
    label = "reference"
