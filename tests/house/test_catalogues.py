"""Every text of a page is there in six languages, whole: nothing untranslated, nothing glued, no blank lost."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "src" / "sundry" / "web" / "templates"
LOCALES = ("zh_Hans", "ar", "es", "fr", "ru")
SCRIPTS = {"zh_Hans": r"[\u4e00-\u9fff]", "ar": r"[\u0600-\u06ff]", "ru": r"[\u0400-\u04ff]"}
BLANK = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")

# Names and codes that are the same everywhere, and words that two languages happen to share.
THE_SAME = re.compile(
    r"^(WeChat|WhatsApp|API|JSON|Excel|USCC|TOTP|ZIP|PDF|CSV|FOB|20GP|40GP|40HC|45HC|(Sundry|[\W\d]|%\(\w+\)s)+)$"
)


@cache
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "tools" / "catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def texts() -> Any:
    return tool().collected()


def messages(locale: str) -> Iterator[Any]:
    return (message for message in tool().merged(locale, texts()) if message.id)


def forms(message: Any) -> list[str]:
    return list(message.string) if isinstance(message.string, (tuple, list)) else [message.string]


def ids(message: Any) -> list[str]:
    return list(message.id) if message.pluralizable else [message.id]


@pytest.mark.parametrize("locale", LOCALES)
def test_no_text_is_untranslated(locale: str) -> None:
    assert tool().untranslated(tool().merged(locale, texts())) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_catalogue_holds_exactly_what_pages_say(locale: str) -> None:
    """`.venv/bin/python tools/catalogues.py` writes it anew."""
    assert tool().path_of(locale).read_bytes() == tool().written(tool().merged(locale, texts()))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_translation_has_the_blanks_of_its_text(locale: str) -> None:
    wrong = []
    for message in messages(locale):
        wanted = {blank.group() for text in ids(message) for blank in BLANK.finditer(text)}
        for form in forms(message):
            found = {blank.group() for blank in BLANK.finditer(form)}
            # A plural form for one or two may leave the number out.
            if found - wanted or (wanted - found and not message.pluralizable):
                wrong.append((message.id, form))
    assert wrong == []


@pytest.mark.parametrize("locale", SCRIPTS)
def test_every_translation_is_written_in_its_script(locale: str) -> None:
    script = re.compile(SCRIPTS[locale])
    assert [
        (message.id, form)
        for message in messages(locale)
        for form in forms(message)
        if not script.search(form) and not THE_SAME.match(form)
    ] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_spaces_at_the_ends_are_those_of_the_text(locale: str) -> None:
    """A text that begins or ends with a space is a piece of a sentence."""
    assert [
        message.id for message in messages(locale) for text in (*ids(message), *forms(message)) if text != text.strip()
    ] == []


def glued() -> Iterator[str]:
    """Two translated texts side by side in a template, with nothing between that ends the first."""
    pair = re.compile(r"{% (?:end)?(?:block)?trans(?:late)?[^%]*%}\s*(?:{{[^}]*}}\s*)?{% (?:block)?trans(?:late)?[ %]")
    for file in sorted(TEMPLATES.rglob("*.html")):
        source = file.read_text("utf-8")
        for found in pair.finditer(
            re.sub(r"{% translate [^%]* as \w+ %}", "", source)
        ):  # kept for later, not said here
            if "endblocktrans" in found.group() or found.group().startswith("{% trans"):
                yield f"{file.relative_to(TEMPLATES)}:{source.count(chr(10), 0, found.start()) + 1}: {found.group()}"


def test_no_sentence_is_glued_from_pieces() -> None:
    assert list(glued()) == []


def bare() -> Iterator[str]:
    """Words that stand in a template without gettext."""
    for file in sorted(TEMPLATES.rglob("*.html")):
        source = file.read_text("utf-8")
        source = re.sub(r"{% comment.*?endcomment %}|{#.*?#}|<!--.*?-->", "", source, flags=re.DOTALL)
        source = re.sub(r"{% block body_class %}[\w -]*{% endblock %}", "", source)
        source = re.sub(r"{% blocktrans.*?endblocktrans(?:late)? %}", "", source, flags=re.DOTALL)
        source = re.sub(r"{%.*?%}|{{.*?}}", "", source, flags=re.DOTALL)
        source = re.sub(r"<(script|style|code|pre|svg|bdi)\b.*?</\1>", "", source, flags=re.DOTALL)
        for told in re.findall(r"(?:>|^)([^<>]+)(?=<|$)", source):
            if re.search(r"[A-Za-z]{3,}", re.sub(r"&\w+;", "", told)):
                yield f"{file.relative_to(TEMPLATES)}: {told.strip()[:60]!r}"


def test_no_word_stands_in_a_template_without_gettext() -> None:
    assert [found for found in bare() if not re.search(r"'(Sundry|CSV|Excel|PDF|SHA-256)'$|sundry\.", found)] == []


def test_the_tool_finds_texts_in_templates_and_in_python() -> None:
    many = "{% blocktranslate count n=n %}{{ n }} box{% plural %}{{ n }} boxes{% endblocktranslate %}"
    template = "{% translate 'One' %}\n" + many
    assert [text for _line, text in tool().texts_of_template(template, "t")] == [
        (None, "One", None),
        (None, "%(n)s box", "%(n)s boxes"),
    ]
    source = b'from x import gettext_lazy as _, pgettext\n_("Two")\npgettext("month", "May")\n'
    assert [text for _line, text in tool().texts_of_python(source)] == [(None, "Two", None), ("month", "May", None)]
