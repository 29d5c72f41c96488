"""Every sentence a person may read exists in both languages, with the same blanks, and the code fills them all."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml

from sundry.kernel.messages import LANGUAGES, catalogue, render

SOURCE = Path(__file__).resolve().parents[2] / "src" / "sundry"

FINDINGS = {"error", "warning", "note"}
FAULTS = {"SundryError", "UnusableInput", "UsageError", "EnvironmentFault"}
# What Finding.message fills by itself.
PLACE = {"value", "header", "row", "column", "sheet"}


def blanks(template: str) -> set[str]:
    return {
        name.partition(".")[0].partition("[")[0] for _, name, _, _ in Formatter().parse(template) if name is not None
    }


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call of src whose first argument is a rule written out: where it stands, the rule, the call."""
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and _called(node) in FINDINGS | FAULTS | {"render"}:
                for rule in _texts(node.args[0]):
                    yield f"{file.relative_to(SOURCE)}:{node.lineno}", rule, node


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


@pytest.mark.parametrize("rule", sorted(catalogue()))
def test_a_template_stands_in_both_languages_with_the_same_blanks(rule: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", rule)
    templates = catalogue()[rule]
    assert set(templates) == set(LANGUAGES)
    assert blanks(templates["zh"]) == blanks(templates["en"])
    for language in LANGUAGES:
        text = render(rule, language, dict.fromkeys(blanks(templates[language]), 7))
        assert text.strip() == text
        assert text
    chinese = {language: len(re.findall(r"[\u4e00-\u9fff]", templates[language])) for language in LANGUAGES}
    words = {
        language: len(re.findall(r"[A-Za-z]+", re.sub(r"\{.*?\}", "", templates[language]))) for language in LANGUAGES
    }
    assert chinese["zh"] or words["en"] < 2, "not Chinese"
    assert words["en"] >= chinese["en"], "not English"


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
