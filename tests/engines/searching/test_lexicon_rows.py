"""The rows of the lexicon keep what docs/lexicon.md says of a row."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files

import pytest

from sundry.engines.searching.lexicon import LANGUAGES, Language, lexicon
from sundry.engines.searching.tagging import Tagger

SCRIPTS: dict[Language, str] = {
    "zh": r"[\u4e00-\u9fffA-Za-z0-9]",
    "en": r"[A-Za-z]",
    "ar": r"[\u0621-\u064a]",
    "es": r"[A-Za-z]",
    "fr": r"[A-Za-z]",
    "ru": r"[А-Яа-яЁё]",
}


def rows() -> list[list[str]]:
    folder = files("sundry.engines.searching") / "lexicon"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".tsv"))
    return [line.split("\t") for name in names for line in (folder / name).read_text("utf-8").splitlines()]


def test_a_row_has_nine_columns_and_a_key_that_no_other_has() -> None:
    assert not [row[0] for row in rows() if len(row) != 9 or not re.fullmatch(r"[a-z][a-z0-9_]*", row[0])]
    assert not [key for key, times in Counter(row[0] for row in rows()).items() if times > 1]


def test_no_form_is_empty_or_said_twice_or_spaced() -> None:
    cells = [(row[0], cell.split("|")) for row in rows() for cell in row[2:8]]
    assert not [key for key, forms in cells if not all(forms) or len(set(forms)) < len(forms)]
    assert not [key for key, forms in cells if any(form != " ".join(form.split()) for form in forms)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_is_written_in_its_language(language: Language) -> None:
    forms = [(key, form) for key, concept in lexicon().concepts.items() for form in concept.forms[language]]
    assert not [said for said in forms if not re.search(SCRIPTS[language], said[1])]
    foreign = r"[\u064b-\u0652]" if language in ("zh", "ar") else r"[\u0600-\u06ff\u4e00-\u9fff\u064b-\u0652]"
    assert not [said for said in forms if re.search(foreign, said[1])]


def test_what_is_wider_is_there_and_never_the_thing_itself() -> None:
    ours = lexicon()
    above = {key: concept.broader for key, concept in ours.concepts.items()}
    assert not [key for key, wider in above.items() if not set(wider) <= set(above)]
    assert not [key for key, wider in above.items() if any(key in ours.wider(one) for one in wider)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_usual_name_of_a_thing_names_it(language: Language) -> None:
    ours = lexicon()
    tagger = Tagger(ours)
    nouns = [key for key, concept in ours.concepts.items() if concept.kind == "noun"]
    assert not [key for key in nouns if key not in tagger.tag(ours.name(key, language), language).heads]
