"""Texts come from their rule and language, or not at all. What they say is checked in tests/house."""

from __future__ import annotations

from pathlib import Path

import pytest

from sundry.kernel import messages


def test_a_text_is_filled() -> None:
    assert messages.render("bench_title", "zh", {"name": "packing", "seconds": 3}) == "packing，共 3 秒"


@pytest.mark.parametrize(("rule", "language"), [("no_such_rule", "en"), ("bench_title", "de")])
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


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "cartons 3-5: --out x"), ("ar", "cartons \u20683-5\u2069: \u2068--out x\u2069")],
)
def test_what_fills_a_blank_keeps_its_direction(
    language: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = '{en: "cartons {which}: --out {out}", ar: "cartons {which}: \\u2068--out {out}\\u2069"}'
    (tmp_path / "a.yaml").write_text(f"rule_of_two: {given}\n", "utf-8")
    monkeypatch.setattr(messages, "files", lambda package: tmp_path)
    monkeypatch.setattr(messages, "catalogue", messages.catalogue.__wrapped__)
    assert messages.render("rule_of_two", language, {"which": "3-5", "out": "x"}) == expected


@pytest.mark.parametrize(("language", "first"), [("zh", "zh"), ("en", "en"), ("ar", "en"), ("ru", "en")])
def test_a_paper_puts_chinese_first_for_its_readers_and_english_for_all_others(language: str, first: str) -> None:
    assert messages.paper_language(language) == first
