"""Texts for people, one template a rule and language, read from `sundry/messages/*.yaml`.

A file maps a rule to its six languages; placeholders are `{name}`. A missing rule or language is our own mistake and
raises at once: a person never sees a key instead of a sentence (a test renders every rule in every language).

Worked case: an Arabic sentence names the cartons 3-5. A hyphen between digits takes the direction of the words around
it, so a reader would see 5-3. Therefore in a language that runs from right to left every blank is put between U+2068
and U+2069, which keep what is between them in its own direction. A text may isolate more by itself, as
`\u2068--rate USD{currency}=1.23\u2069`: one thing to be copied, so nothing is put inside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

LANGUAGES = ("zh", "en", "ar", "es", "fr", "ru")

RIGHT_TO_LEFT = frozenset({"ar"})

PAPER_LANGUAGES = ("zh", "en")
"""What the papers for customs, the crew and the bank are printed in: both at once, one of them first."""

_ISOLATE, _END = "\u2068", "\u2069"  # FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE
_BLANK_OR_ISOLATED = re.compile(f"{_ISOLATE}[^{_END}]*{_END}|{{[^{{}}]*}}")


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """All templates by rule. A rule that two files define is refused."""
    texts: dict[str, Mapping[str, str]] = {}
    for file in sorted(files("sundry.messages").iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".yaml"):
            continue
        loaded = yaml.load(file.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}
        for rule, by_language in loaded.items():
            if rule in texts:
                raise KeyError(f"message {rule!r} stands in two files, the second is {file.name}")
            texts[rule] = {language: _directed(text, language) for language, text in by_language.items()}
    return texts


def _directed(template: str, language: str) -> str:
    if language not in RIGHT_TO_LEFT:
        return template
    return _BLANK_OR_ISOLATED.sub(
        lambda found: found[0] if found[0].startswith(_ISOLATE) else f"{_ISOLATE}{found[0]}{_END}", template
    )


def paper_language(language: str) -> str:
    """The language that stands first on a bilingual paper for a reader of `language`."""
    return "zh" if language == "zh" else "en"


def render(rule: str, language: str, values: Mapping[str, Any]) -> str:
    """The text of `rule` in `language` with its placeholders filled. KeyError: not there."""
    return catalogue()[rule][language].format_map(values)
