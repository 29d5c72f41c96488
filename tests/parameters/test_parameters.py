"""The files of parameters themselves: every record complete and cited, no day with two values, no day without one."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
import yaml

from sundry.kernel.parameters import Confidence, parameters

BOOKS = sorted(
    file.name.removesuffix(".yaml") for file in files("sundry.parameters").iterdir() if file.name.endswith(".yaml")
)
FIELDS = {"value", "from", "until", "source", "confidence", "reviewer"}


def records(tree: Any) -> list[dict[str, Any]]:
    if isinstance(tree, list):
        return tree
    return [record for below in tree.values() for record in records(below)]


def test_the_books_are_those_the_readme_lists() -> None:
    text = (files("sundry.parameters") / "README.md").read_text("utf-8")
    assert all(f"`{book}.yaml`" in text for book in BOOKS)
    assert {"containers", "customs", "exchange", "lanes"} <= set(BOOKS)


@pytest.mark.parametrize("book", BOOKS)
def test_every_record_has_every_field(book: str) -> None:
    for record in records(yaml.safe_load((files("sundry.parameters") / f"{book}.yaml").read_text("utf-8"))):
        assert record.keys() >= FIELDS
        assert record.keys() <= FIELDS | {"note"}
        assert len(record["source"]) > 5
        assert record["confidence"] in list(Confidence)
        assert record["reviewer"] is None or record["reviewer"]


@pytest.mark.parametrize("book", BOOKS)
def test_periods_follow_each_other_without_overlap_or_gap(book: str) -> None:
    for name, history in parameters(book).records.items():
        for before, after in pairwise(history):
            assert before.period.until == after.period.start, name
        assert history[-1].period.until is None, name


@pytest.mark.parametrize("book", BOOKS)
def test_what_is_known_from_memory_says_so(book: str) -> None:
    for name, history in parameters(book).records.items():
        for record in history:
            if "from memory" in record.source and "; " not in record.source:
                assert record.confidence is not Confidence.SOURCE, name


def test_every_table_of_rates_knows_the_yuan_and_decimals_are_texts() -> None:
    for record in parameters("exchange").history("usd"):
        assert "CNY" in record.value
        assert all(isinstance(units, str) for units in record.value.values())


def test_the_law_of_the_day() -> None:
    at = parameters("customs").at(date(2026, 11, 2))
    assert at.whole("market_procurement.form_value_max_usd_cents") == 150_000_00
    assert at.whole("market_procurement.form_items_max") == 50
    assert at.wholes("tariff_codes.lengths") == (6, 8, 10)
    assert at.whole("plausibility.density_min_kg_per_m3") == 20
    assert at.whole("plausibility.density_max_kg_per_m3") == 1500
    assert at.whole("plausibility.volume_tolerance_percent") == 5
    assert at.text("market_procurement.simplification") == "top_five_then_chapters"
    before = parameters("customs").at(date(2017, 6, 1))
    assert before.text("market_procurement.simplification") == "chapters_by_cartons"
    assert before.whole("market_procurement.form_items_max") == 20
