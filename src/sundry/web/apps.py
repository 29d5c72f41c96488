"""The web as a Django app: templates, tags and the stylesheet."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "sundry.web"
    label = "web"
