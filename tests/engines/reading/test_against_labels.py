"""The thresholds that the reader was built for, on the labelled pages; skipped where these are not at hand."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from sundry.engines.reading.answering import Answer
from sundry.engines.reading.checks import Page, checks_across
from sundry.engines.reading.model import Check, Outcome
from sundry.engines.reading.view import view_of
from sundry.web import bench

bench._load(bench.BENCH / "reading.py")
reading = importlib.import_module("bench_reading")


@pytest.fixture(scope="module")
def answers() -> dict[str, Answer]:
    if not (reading.PRESS / "gold" / "gold.jsonl").is_file():
        pytest.skip("the labelled pages (../shared/press) are not here")
    found: dict[str, Answer] = reading.labelled_answers()
    return found


@pytest.fixture(scope="module")
def figures(answers: dict[str, Answer]) -> dict[str, Any]:
    found: dict[str, Any] = reading._against_labels(answers)
    return found


@pytest.mark.parametrize(
    ("name", "least"), [("precision_A", 0.97), ("recall_A", 0.93), ("precision_all", 0.93), ("recall_all", 0.85)]
)
def test_precision_and_recall(figures: dict[str, Any], name: str, least: float) -> None:
    assert figures[name] >= least


def test_at_most_one_reject_is_taken(figures: dict[str, Any]) -> None:
    assert figures["rejects"] == 108
    assert figures["rejects_taken"] <= 1


def test_no_quote_is_broken(answers: dict[str, Answer], figures: dict[str, Any]) -> None:
    assert figures["broken_quotes"] == 0
    for answer in answers.values():  # the pages without labels too
        for said in answer.reading.statements:
            assert "".join(answer.text[start:end] for start, end in said.spans) == said.quote


def test_articles(figures: dict[str, Any]) -> None:
    assert figures["articles"]["character_f1_least"] >= 0.95
    assert figures["articles"]["headlines_linked"] == 1


def test_the_day_of_issue_is_inferred(figures: dict[str, Any]) -> None:
    assert figures["days_of_issue_right"] == "5 of 5"


def checks(answers: dict[str, Answer]) -> list[Check]:
    return [check for answer in answers.values() for check in answer.reading.checks]


def test_the_contribution_is_explained_by_the_price_basis(answers: dict[str, Answer]) -> None:
    (found,) = (check for check in checks(answers) if check.kind == "contribution")
    assert (found.outcome, found.note) == (Outcome.EXPLAINED, "price_basis")
    assert [str(round(end or 0, 1)) for end in found.derived or ()] == ["73.9", "80.0"]


def test_nothing_that_is_right_fails(answers: dict[str, Answer]) -> None:
    """The study found no error on these pages: every check holds, is explained or implies a figure."""
    assert [check for check in checks(answers) if check.outcome == Outcome.FAILS] == []


# What the study of the five pages lists: kind, what is printed, or of an implied figure what follows (the best guess).
HOLD = [
    ("gap", "1.7百分点"), ("gap", "1.9百分点"), ("delta", "0.4百分点"), ("sign", ""), ("headline", "7.7%"),
    ("headline", "13.1%"), ("headline", "5500万元"), ("repeat", "126万户"), ("repeat", "230个"), ("repeat", "17项"),
    ("repeat", "10所"), ("repeat", "102家"), ("repeat", "3700个"), ("enumeration", "6方面"), ("enumeration", "12字"),
    ("enumeration", "5个"), ("enumeration", "第四"), ("date", "18年"), ("yield", ""), ("part", "7.0亿元"),
    ("date", "8天"),
]  # fmt: skip
IMPLIED = [("gap", "8.3"), ("gap", "7"), ("delta", "8.8"), ("delta", "-18.8"), ("base", "1600"), ("path", "9.8")]


@pytest.fixture(scope="module")
def every(answers: dict[str, Answer]) -> list[Check]:
    """The checks of each page, and those across all of them."""
    pages = [
        Page(view_of(one.text), one.reading.statements, one.reading.articles, one.issue.day) for one in answers.values()
    ]
    return [*checks(answers), *checks_across(pages)]


@pytest.mark.parametrize("wanted", HOLD)
def test_what_holds_is_found_out(every: list[Check], wanted: tuple[str, str]) -> None:
    assert wanted in [(check.kind, check.stated) for check in every if check.outcome == Outcome.HOLDS]


@pytest.mark.parametrize("wanted", IMPLIED)
def test_what_follows_is_found_out(every: list[Check], wanted: tuple[str, str]) -> None:
    assert wanted in [(check.kind, check.values["guess"]) for check in every if check.outcome == Outcome.IMPLIED]
