"""Every sentence a person may read exists in every language, with the same blanks, and the code fills them all."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml

from sundry.kernel.messages import LANGUAGES, PAPER_LANGUAGES, RIGHT_TO_LEFT, catalogue, render

SOURCE = Path(__file__).resolve().parents[2] / "src" / "sundry"

FINDINGS = {"error", "warning", "note"}
FAULTS = {"SundryError", "UnusableInput", "UsageError", "EnvironmentFault"}
# What Finding.message fills by itself.
PLACE = {"value", "header", "row", "column", "sheet"}

# These papers are printed in Chinese and English at once: a customs officer or a bank reads no other.
PAPER_FILES = ("invoice_pdf.yaml", "loading_pdf.yaml", "papers_xlsx.yaml")
ON_PAPER = {rule for file in PAPER_FILES for rule in yaml.safe_load((SOURCE / "messages" / file).read_text("utf-8"))}

BLANK = re.compile(r"\{[^{}]*\}")
# Signs that no editor shows: a source writes them as \\u2068.
DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ISOLATED = re.compile("\u2068[^\u2069]*\u2069")
LETTER = re.compile(r"[^\W\d_]")
LETTERS = {
    "zh": re.compile(r"[\u4e00-\u9fff]"),
    "en": re.compile(r"[A-Za-z]"),
    "ar": re.compile(r"[\u0621-\u064a]"),
    "es": re.compile(r"[A-Za-zÁÉÍÓÚÜÑáéíóúüñ]"),
    "fr": re.compile(r"[A-Za-zÀ-ÿŒœ]"),
    "ru": re.compile(r"[А-Яа-яЁё]"),
}
# Codes, units, and words that another language spells as English does.
SAME_IN_MANY = {
    *("USD", "m", "m³", "Carton", "Cartons", "Error", "error", "Fragile", "Message", "Place", "Volume, m³"),
    *("commission", "correction", "Quota"),
}


def blanks(template: str) -> set[str]:
    return {
        name.partition(".")[0].partition("[")[0] for _, name, _, _ in Formatter().parse(template) if name is not None
    }


def marks(template: str) -> set[tuple[str, str]]:
    """The blanks, and how each is formatted. Quotes (`!r`) are a language's own."""
    return {(name, spec or "") for _, name, spec, _ in Formatter().parse(template) if name is not None}


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call of src whose first argument is a rule written out: where it stands, the rule, the call."""
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and node.args) or _is_log(node):
                continue
            if _called(node) in FINDINGS | FAULTS | {"render"}:
                for rule in _texts(node.args[0]):
                    yield f"{file.relative_to(SOURCE)}:{node.lineno}", rule, node


def _is_log(node: ast.Call) -> bool:
    """`log.warning(...)` is told to an operator, not to a person."""
    return isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "log"


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


def _filled(node: ast.Call) -> set[str] | None:
    """The blanks that a call fills, None where they are not written out."""
    if _called(node) in FAULTS:
        names = [keyword.arg for keyword in node.keywords]
        return None if None in names else {name for name in names if name}
    if _called(node) == "render":
        given: ast.expr | None = node.args[2] if len(node.args) == 3 else None
        return _keys(given)
    details = {keyword.arg: keyword.value for keyword in node.keywords}
    if None in details:
        return None
    keys = _keys(details["details"]) if "details" in details else set()
    # A reader's own `self.error(rule, slot, value, blank=...)` takes the blanks as they come.
    return None if keys is None else keys | PLACE | {name for name in details if name}


def _keys(node: ast.expr | None) -> set[str] | None:
    if not isinstance(node, ast.Dict):
        return None
    keys = {key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}
    return keys if len(keys) == len(node.keys) else None


def _data_texts(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for value in data.values():
            yield from _data_texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _data_texts(value)
    elif isinstance(data, str):
        yield data


FAMILIES = {family: [*rules] for family, rules in groupby(sorted(catalogue()), key=lambda rule: rule.partition("_")[0])}
"""Rules by the first word of their names: one test a rule would be ten thousand tests."""


def each(rules: Iterable[str], check: Callable[[str], None]) -> None:
    """`check` finds nothing wrong with any of them."""
    wrong = []
    for rule in rules:
        try:
            check(rule)
        except AssertionError as fault:
            wrong.append(f"{rule}: {fault}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_template_stands_in_every_language_with_the_same_blanks(family: str) -> None:
    each(FAMILIES[family], has_the_same_blanks)


def has_the_same_blanks(rule: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", rule)
    templates = catalogue()[rule]
    assert set(templates) == set(PAPER_LANGUAGES if rule in ON_PAPER else LANGUAGES)
    for language, template in templates.items():
        assert marks(template) == marks(templates["en"]), language
        assert template.strip() == template, language
        assert render(rule, language, dict.fromkeys(blanks(template), 7)), language


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_template_is_in_its_language(family: str) -> None:
    each(FAMILIES[family], is_in_its_language)


def is_in_its_language(rule: str) -> None:
    words = {language: BLANK.sub("", template) for language, template in catalogue()[rule].items()}
    for language, text in words.items():
        if not LETTER.search(text) or text.strip() in SAME_IN_MANY:
            continue
        assert language == "en" or text != words["en"], f"{language} is English"
        assert LETTERS[language].search(text), f"{language} has no letter of {language}"
        assert not re.search(r"[\u0600-\u06ff]", text) or language == "ar"
        assert not re.search(r"[\u0400-\u04ff]", text) or language == "ru"


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_code_in_a_right_to_left_text_is_isolated(family: str) -> None:
    each(set(FAMILIES[family]) - ON_PAPER, has_its_code_isolated)


def has_its_code_isolated(rule: str) -> None:
    """What begins or ends with a sign (`--rate`, `http://`) or is parted by one (`A=B`) would be turned around."""
    for language in RIGHT_TO_LEFT:
        template = catalogue()[rule][language]
        assert template.count("\u2068") == template.count("\u2069")
        for word in re.findall(r"[^\s،؛«»()…]*[A-Za-z=][^\s،؛«»()…]*", ISOLATED.sub("", template)):
            core = word.rstrip(".,:;!?").strip("'\"“”")
            assert "=" not in core, word
            assert core[:1].isalnum(), word
            assert core[-1:].isalnum(), word


def test_no_sign_of_direction_hides_in_a_source() -> None:
    files = (file for ending in ("yaml", "py", "html", "po", "txt") for file in SOURCE.rglob(f"*.{ending}"))
    hidden = [str(file.relative_to(SOURCE)) for file in files if DIRECTIONS.search(file.read_text("utf-8"))]
    assert not hidden


def test_every_rule_that_the_code_names_has_a_text() -> None:
    missing = [f"{place}: {rule}" for place, rule, _ in calls() if rule not in catalogue()]
    assert not missing


def test_every_text_is_used() -> None:
    texts: set[str] = set()
    patterns: list[str] = []
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(part.value) if isinstance(part, ast.Constant) else "[a-z0-9_]+" for part in node.values
                ]
                if any(len(part) > 4 for part in parts if part != "[a-z0-9_]+"):
                    patterns.append("".join(parts))
    for file in (SOURCE / "parameters").glob("*.yaml"):
        texts |= set(_data_texts(yaml.safe_load(file.read_text("utf-8"))))
    made = re.compile("|".join(patterns) or "(?!)")
    assert not [rule for rule in catalogue() if rule not in texts and not made.fullmatch(rule)]


def test_every_blank_is_filled() -> None:
    missing = []
    for place, rule, call in calls():
        filled = _filled(call)
        if filled is not None and rule in catalogue():
            left = blanks(catalogue()[rule]["en"]) - filled
            missing += [f"{place}: {rule} leaves {', '.join(sorted(left))} empty"] if left else []
    assert not missing
