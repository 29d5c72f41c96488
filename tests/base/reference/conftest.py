"""Signed-in people of every role, as the tests of the web have them; and our own set, loaded."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from sundry.base.access.rules import Actor
from sundry.base.reference import actions


def _fixtures_of_the_web() -> Any:
    place = Path(__file__).parents[2] / "web" / "conftest.py"
    spec = importlib.util.spec_from_file_location("fixtures_of_the_web_for_reference", place)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


sign_in = _fixtures_of_the_web().sign_in


@pytest.fixture
def own_set(db: None) -> None:
    """Our own small set stands."""
    actions.load_own(actor=Actor(), now=timezone.now())
