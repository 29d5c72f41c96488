"""Catalogues are compiled when they are older than their text, and only then."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from sundry.web import catalogues

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Stall"
msgstr "{}"
"""


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True)
    monkeypatch.setattr(catalogues, "sources", lambda: tmp_path / "locale")
    return file


def said(folder: Path) -> str:
    return gettext.translation("django", folder, ["fr"]).gettext("Stall")


def test_a_catalogue_is_compiled(source: Path, tmp_path: Path) -> None:
    source.write_text(PO.format("Stand"), "utf-8")
    assert said(catalogues.compiled(tmp_path / "made")) == "Stand"


def test_a_changed_catalogue_is_compiled_again(source: Path, tmp_path: Path) -> None:
    source.write_text(PO.format("Stand"), "utf-8")
    catalogues.compiled(tmp_path / "made")
    source.write_text(PO.format("Étal"), "utf-8")
    catalogues.compiled(tmp_path / "made")
    gettext._translations.clear()  # type: ignore[attr-defined]
    assert said(tmp_path / "made") == "Étal"


def test_an_unchanged_catalogue_is_left_alone(source: Path, tmp_path: Path) -> None:
    source.write_text(PO.format("Stand"), "utf-8")
    made = catalogues.compiled(tmp_path / "made") / "fr" / "LC_MESSAGES" / "django.mo"
    before = made.stat().st_ino
    catalogues.compiled(tmp_path / "made")
    assert made.stat().st_ino == before


def test_every_language_of_the_pages_but_english_has_a_catalogue() -> None:
    from django.conf import settings
    from django.utils.translation import to_locale

    assert {to_locale(code) for code, _name in settings.LANGUAGES} - {"en"} == set(catalogues.LOCALES)
    assert all((catalogues.sources() / locale).is_dir() for locale in catalogues.LOCALES)
