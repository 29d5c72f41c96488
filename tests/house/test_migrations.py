"""The tables that the migrations make are those that the models describe, and the apps know each other's."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command

OURS = [app for app in apps.get_app_configs() if app.name.startswith("sundry.")]


@pytest.mark.django_db
def test_no_model_has_changed_without_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_app_of_ours_is_named_by_its_folder() -> None:
    assert {app.label for app in OURS} == {app.name.rpartition(".")[2] for app in OURS}
    for app in OURS:
        assert {model._meta.app_label for model in app.get_models()} <= {app.label}
