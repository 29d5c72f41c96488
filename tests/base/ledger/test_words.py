"""Purposes and kinds of events have a name in six languages; what is behind the name stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sundry.base.ledger.words import EVENTS, PURPOSES, event_text, purpose_text
from sundry.kernel.messages import LANGUAGES
from sundry.simulation.sample_ledger import STORY

RECIPES = Path(__file__).parents[3] / "docs" / "recipes"


def test_the_longest_word_counts_and_the_rest_stays() -> None:
    assert purpose_text("payable", "zh") == "应付款"
    assert purpose_text("escrow order:4711", "zh") == "托管款 order:4711"
    assert purpose_text("held", "fr") == "en garde"
    assert purpose_text("held in CSQU3054383", "fr") == "en garde dans CSQU3054383"
    assert event_text("payout confirmed", "en") == "payout confirmed"


@pytest.mark.parametrize("strange", ["", "desk 7", "  payable", "payables", "PAYABLE"])
def test_what_is_not_in_the_list_is_shown_as_it_stands(strange: str) -> None:
    assert purpose_text(strange, "ru") == strange
    assert event_text(strange, "ru") == strange


def told() -> Iterator[tuple[str, str, str]]:
    """Where a purpose or an event is told, which of both it is, and how it is called."""
    for page in sorted(RECIPES.glob("ledger-*.md")):
        for block in re.findall(r"(?:^\|.*\n)+", page.read_text("utf-8"), re.MULTILINE):
            heads, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines())
            for head, cell in (pair for row in rows for pair in zip(heads, row, strict=True) if pair[1]):
                if head == "event":
                    yield page.name, head, cell
                elif head in ("account", "debit", "credit"):
                    yield page.name, "purpose", cell.partition(": ")[2]
    for one in STORY:
        yield "sample", "event", one.kind
        yield from (("sample", "purpose", account.purpose) for move in one.moves for account in move[:2])


def test_whatever_is_told_has_its_name() -> None:
    words = {"event": EVENTS, "purpose": PURPOSES}
    found = set(told())
    assert {head for _, head, _ in found} == set(words)
    assert len({where for where, _, _ in found}) > 5
    unnamed = {one for one in found if not any(f"{one[2]} ".startswith(f"{word} ") for word in words[one[1]])}
    assert unnamed == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_has_its_name(language: str) -> None:
    for words, text in ((PURPOSES, purpose_text), (EVENTS, event_text)):
        named = [text(word, language) for word in words]
        assert all(named)
        assert len(set(named)) == len(words), "two words, one name"
