"""The module as a Django app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "sundry.base.notifications"
    label = "notifications"
