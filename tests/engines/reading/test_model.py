"""The vocabularies: what is documented is what there is, and nothing that was read can be changed afterwards."""

from __future__ import annotations

import dataclasses
import inspect
import json
from pathlib import Path

import pytest

from sundry.engines.reading import model
from sundry.engines.reading.model import Basis, BasisSource, Outcome, Role, Type

ROOT = Path(__file__).resolve().parents[3]
LABELS = ROOT.parent / "shared" / "press" / "gold" / "gold.jsonl"
SHAPES = [shape for _, shape in inspect.getmembers(model, inspect.isclass) if dataclasses.is_dataclass(shape)]


@pytest.mark.parametrize("shape", SHAPES)
def test_what_was_read_cannot_be_changed(shape: type) -> None:
    assert shape.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__dict__" not in dir(shape)


def test_every_type_of_statement_is_documented() -> None:
    (told,) = (
        part
        for part in (ROOT / "docs" / "algorithms" / "reading.md").read_text("utf-8").split("\n\n")
        if part.startswith("Types: ")
    )
    words = told.replace("\n", " ").replace(".", ",").replace(" (", ", (")
    assert [one for one in Type if f" {one}," not in words] == []


@pytest.mark.parametrize("vocabulary", [Outcome, Basis])
def test_the_page_of_commands_lists_the_vocabulary(vocabulary: type[Outcome] | type[Basis]) -> None:
    (section,) = (
        part
        for part in (ROOT / "docs" / "commands.md").read_text("utf-8").split("\n## ")
        if part.startswith("sundry read\n")
    )
    assert [one for one in vocabulary if f"{one}" not in section] == []


def test_the_sources_of_a_basis_are_documented() -> None:
    page = (ROOT / "docs" / "algorithms" / "reading.md").read_text("utf-8")
    assert [one for one in BasisSource if f"`{one}`" not in page] == []


def test_an_article_is_no_box_unless_it_is_said() -> None:
    assert model.Article(None, ()).role is Role.BODY


def test_the_labels_have_no_type_that_we_have_not() -> None:
    if not LABELS.is_file():
        pytest.skip("the labelled pages (../shared/press) are not here")
    assert {json.loads(line)["type"] for line in LABELS.read_text("utf-8").splitlines()} <= set(Type)
