"""Collects what pages say into the gettext catalogues, and tells what is not translated yet.

    .venv/bin/python tools/catalogues.py           # update src/sundry/locale/*/LC_MESSAGES/django.po
    .venv/bin/python tools/catalogues.py --check   # 1 when a catalogue is out of date or lacks a translation

Texts come from templates (read as Django reads them) and from Python (gettext and its kin). Babel is all it needs.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po

from sundry.web.catalogues import DOMAIN, LOCALES, sources

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "sundry"
TEMPLATES = SOURCE / "web" / "templates"

_NAMES = ("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy")
KEYWORDS = dict.fromkeys(_NAMES)
_STRING = r"u?(?:\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')"
_CALL = re.compile(rf"\b(_|gettext|ngettext|pgettext|npgettext)\(\s*({_STRING}(?:\s*,\s*{_STRING})*)")
_LITERAL = re.compile(_STRING)

Text = tuple[str | None, str, str | None]  # context, msgid, plural


def texts_of_template(source: str, name: str) -> Iterator[tuple[int, Text]]:
    """Line and text of everything that a template says by gettext."""
    from django.utils.translation.template import templatize

    told = templatize(source, origin=name)
    for call in _CALL.finditer(told):
        strings = [ast.literal_eval(literal) for literal in _LITERAL.findall(call.group(2))]
        yield told.count("\n", 0, call.start()) + 1, _text(call.group(1), strings)


def texts_of_python(source: bytes) -> Iterator[tuple[int, Text]]:
    """Line and text of every call of gettext and its kin."""
    for line, function, found, _comments in extract_python(BytesIO(source), KEYWORDS, [], {}):
        strings = [found] if isinstance(found, str) else [text for text in found if text]
        if strings:
            yield line, _text(str(function).removesuffix("_lazy").removesuffix("_noop"), strings)


def _text(function: str, strings: list[str]) -> Text:
    context = strings.pop(0) if function in ("pgettext", "npgettext") else None
    return context, strings[0], strings[1] if function in ("ngettext", "npgettext") else None


def collected() -> Catalog:
    """Everything that pages say, in the order of files."""
    _ready()
    catalogue = Catalog(domain=DOMAIN)
    for file in sorted([*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt"), *SOURCE.rglob("*.py")]):
        place = file.relative_to(ROOT).as_posix()
        if file.suffix == ".py":
            source = file.read_bytes()
            found = texts_of_python(source) if b"gettext" in source else iter(())
        else:
            found = texts_of_template(file.read_text("utf-8"), place)
        for _line, (context, text, plural) in found:
            # Without line numbers: a catalogue should change when a text changes, not when one moves.
            catalogue.add((text, plural) if plural else text, locations=[(place, 0)], context=context)
    return catalogue


def _ready() -> None:
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)


def merged(locale: str, texts: Catalog) -> Catalog:
    """The catalogue of `locale` with exactly `texts`; translations that stand stay, none is guessed."""
    file = path_of(locale)
    catalogue = Catalog(locale=locale, domain=DOMAIN)
    if file.is_file():
        with file.open("rb") as stream:
            catalogue = read_po(stream, locale=locale, domain=DOMAIN)
    catalogue.update(texts, no_fuzzy_matching=True, keep_user_comments=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    return catalogue


def path_of(locale: str) -> Path:
    return sources() / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def written(catalogue: Catalog) -> bytes:
    """The file's bytes: sorted, without dates, so that the same texts give the same file."""
    same = datetime(2026, 11, 22, tzinfo=UTC)
    catalogue.creation_date = catalogue.revision_date = same
    catalogue.header_comment = (
        f"# What pages say, in {catalogue.locale}. Made by tools/catalogues.py; translate the msgstr."
    )
    catalogue.project, catalogue.version = "Sundry", ""
    catalogue.last_translator = catalogue.language_team = catalogue.msgid_bugs_address = "Sundry"
    stream = BytesIO()
    write_po(stream, catalogue, sort_output=True, omit_header=False, include_lineno=False, width=120)
    return stream.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts of `catalogue` that lack a translation, or a plural form of it."""
    lacking = []
    for message in catalogue:
        if not message.id:
            continue
        forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        wanted = catalogue.num_plurals if message.pluralizable else 1
        if len([form for form in forms if form]) < wanted:
            lacking.append(message.id[0] if message.pluralizable else str(message.id))
    return lacking


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; 1 when something is to do")
    check = parser.parse_args(argv).check
    texts = collected()
    failed = False
    for locale in LOCALES:
        file, catalogue = path_of(locale), merged(locale, texts)
        made = written(catalogue)
        lacking = untranslated(catalogue)
        stale = not file.is_file() or file.read_bytes() != made
        if check:
            failed |= stale or bool(lacking)
        elif stale:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(made)
        print(
            f"{locale}: {len(texts)} texts, {len(lacking)} not translated{', out of date' if check and stale else ''}"
        )
        for text in lacking[:20] if check else []:
            print(f"    {text!r}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
