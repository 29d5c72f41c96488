"""Texts come from their rule and language, or not at all. What they say is checked in tests/house."""

from __future__ import annotations

from pathlib import Path

import pytest

from sundry.kernel import messages


def test_a_text_is_filled() -> None:
    assert messages.render("bench_title", "zh", {"name": "packing", "seconds": 3}) == "packing，共 3 秒"


@pytest.mark.parametrize(("rule", "language"), [("no_such_rule", "en"), ("bench_title", "es")])
def test_an_unknown_rule_or_language_is_our_own_mistake(rule: str, language: str) -> None:
    with pytest.raises(KeyError):
        messages.render(rule, language, {})


def test_a_blank_left_empty_is_our_own_mistake() -> None:
    with pytest.raises(KeyError, match="seconds"):
        messages.render("bench_title", "en", {"name": "packing"})


def test_a_rule_in_two_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("same_rule: {en: One, zh: 一}\n", "utf-8")
    monkeypatch.setattr(messages, "files", lambda package: tmp_path)
    with pytest.raises(KeyError, match=r"same_rule.*b\.yaml"):
        messages.catalogue.__wrapped__()
