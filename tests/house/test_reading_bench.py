"""The bench of the reading engine: its scorer counts what it says, and as the reference does."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from rich.console import Console

from sundry.simulation import sample_press
from sundry.web import bench

bench._load(bench.BENCH / "reading.py")
reading, scoring = (importlib.import_module(name) for name in ("bench_reading", "_reading_score"))
REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "score_reading.py"

Row = dict[str, Any]
TEXT = "一季度全市出口12.5亿元，增长3.1%；为期4天，“2+3”行动。"
GOLD: list[Row] = [
    {
        "page": "p", "id": "1", "cls": "A", "text": "出口12.5亿元", "spans": [[5, 13]], "type": "level", "value": 12.5,
        "unit": "亿元", "period": "2031-Q1", "region_code": "350999", "indicator": "出口总额",
    },
    {
        "page": "p", "id": "2", "cls": "A", "text": "增长3.1%", "spans": [[14, 20]], "type": "growth", "value": 3.1,
        "unit": "%", "period": "2031-Q1", "region_code": "350999", "indicator": "出口总额",
    },
    {
        "page": "p", "id": "3", "cls": "C", "text": "为期4天", "spans": [[21, 25]], "type": "duration", "value": 4,
        "unit": "天",
    },
]  # fmt: skip
REJECTS: list[Row] = [{"page": "p", "span": [26, 31]}]


def said(number: int, **more: object) -> Row:
    """A statement that hits label `number` of GOLD, but for what is given."""
    label = GOLD[number]
    quote = "".join(TEXT[start:end] for start, end in label["spans"])
    return label | {"quote": quote, "published": True, "indicator_key": ""} | more


def scored(*statements: Row) -> Row:
    figures: Row = scoring.score(GOLD, REJECTS, {"p": scoring.Page(TEXT, statements)}).figures
    return figures


def test_all_right() -> None:
    figures = scored(said(0), said(1), said(2))
    for name in ("all", "A", "C"):
        assert (figures[f"precision_{name}"], figures[f"recall_{name}"]) == (1, 1)
    assert set(figures["fields"].values()) == {1}
    assert (figures["rejects_taken"], figures["broken_quotes"]) == (0, 0)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("type", {"type": "growth"}),
        ("value", {"value": 12.6}),
        ("value", {"high": 13}),
        ("unit", {"unit": "万元"}),
        ("period", {"period": "2030-Q1"}),
        ("region", {"region_code": "350000"}),
        ("indicator", {"indicator": "固定资产投资"}),
    ],
)
def test_one_field_wrong_is_a_miss_by_that_field(field: str, wrong: Row) -> None:
    score = scoring.score(GOLD, REJECTS, {"p": scoring.Page(TEXT, [said(0, **wrong), said(1), said(2)])})
    assert score.misses == (("p", "1", "出口12.5亿元", (field,)),)
    assert score.figures["fields"][field] < 1
    assert score.figures["precision_A"] == 0.5


def test_what_the_rules_forgive() -> None:
    figures = scored(
        said(0, indicator="全市出口", region_code=None),
        said(1, spans=[[10, 20]], quote=TEXT[10:20]),
        said(2, period="2031", indicator="?"),
    )
    assert figures["recall_all"] == 1


def test_a_statement_that_is_too_long_or_elsewhere_hits_nothing() -> None:
    long = [[0, 26]]
    assert scored(said(0, spans=long, quote=TEXT[:26]))["recall_all"] == 0
    assert scored(said(0, spans=[[0, 3]], quote=TEXT[:3]))["fields"]["span"] == 0


def test_a_label_is_hit_once_and_an_unpublished_statement_hits_nothing() -> None:
    assert scored(said(0), said(0))["precision_A"] == 0.5
    assert scored(said(0, published=False))["published_all"] == 0


def test_the_precision_of_class_a_also_counts_what_claims_an_indicator_of_the_dictionary() -> None:
    elsewhere = {"spans": [[0, 3]], "quote": TEXT[:3]}
    assert scored(said(0), said(0, **elsewhere, indicator_key="exports"))["precision_A"] == 0.5
    assert scored(said(0), said(0, **elsewhere))["precision_A"] == 1


def test_a_reject_is_taken_by_what_is_published_on_it_and_on_no_label() -> None:
    slogan = said(2, spans=[[27, 30]], quote=TEXT[27:30])
    assert scored(slogan)["rejects_taken"] == 1
    assert scored(slogan | {"published": False})["rejects_taken"] == 0
    assert scored(said(2, spans=[[21, 30]], quote=TEXT[21:30]))["rejects_taken"] == 0


def test_a_quote_that_is_not_the_text_is_broken() -> None:
    assert scored(said(0, quote="出口12亿元"))["broken_quotes"] == 1


def test_entities_are_right_by_place_and_type() -> None:
    labels = [
        {"page": "p", "type": "programme/policy", "spans": [[26, 31]]},
        {"page": "q", "type": "event", "spans": []},
    ]
    found = [{"type": "programme", "spans": [[27, 33]]}, {"type": "event", "spans": [[26, 31]]}]
    assert scoring.entity_score(labels, {"p": found}) == {"precision": 0.5, "recall": 1, "labels": 1}
    assert scoring.entity_score(labels, {"p": found[1:]}) == {"precision": 0, "recall": 0, "labels": 1}


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    if not REFERENCE.is_file():
        pytest.skip("the reference scorer (../shared/reference) is not here")
    spec = importlib.util.spec_from_file_location("score_reading", REFERENCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def assert_same(
    reference: ModuleType, gold: list[Row], rejects: list[Row], pages: dict[str, tuple[str, list[Row]]]
) -> None:
    theirs, their_misses = reference.score(gold, rejects, {n: (t, {"statements": s}) for n, (t, s) in pages.items()})
    ours = scoring.score(gold, rejects, {name: scoring.Page(*page) for name, page in pages.items()})
    names = {"recall_A": "recall_A", "recall": "recall_all", "precision": "precision_all", "n_A": "labels_A"}
    names |= {"n": "labels_all", "predicted": "published_all"}
    names |= {name: name for name in ("rejects_taken", "rejects", "broken_quotes")}
    assert {name: ours.figures[names[name]] for name in theirs} == theirs
    assert [miss[:3] for miss in ours.misses] == their_misses


def test_the_reference_says_the_same(reference: ModuleType) -> None:
    wrongs: list[Row] = [
        {}, {"type": "rank"}, {"value": 1}, {"unit": "%"}, {"period": "asof 2031"}, {"region_code": "1"},
        {"indicator": "出"}, {"indicator": "出口"}, {"indicator": "总额"}, {"spans": [[0, 30]]}, {"spans": [[26, 31]]},
    ]  # fmt: skip
    for wrong in wrongs:
        assert_same(reference, GOLD, REJECTS, {"p": (TEXT, [said(0, **wrong), said(1), said(2, **wrong)])})


def test_the_reference_says_the_same_of_the_labelled_pages(reference: ModuleType) -> None:
    if not (reading.PRESS / "gold" / "gold.jsonl").is_file():
        pytest.skip("the labelled pages (../shared/press) are not here")
    gold = scoring.rows(reading.PRESS / "gold" / "gold.jsonl")
    rejects = scoring.rows(reading.PRESS / "gold" / "rejects.jsonl")
    named = {label["page"] for label in gold}
    pages = {
        name: (answer.text, reading.as_data(answer, "en")["statements"])
        for name, answer in reading.labelled_answers().items()
        if name in named
    }
    assert_same(reference, gold, rejects, pages)


def test_without_labels_our_own_pages_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reading, "PRESS", tmp_path)
    monkeypatch.setattr(reading, "PAGES_QUICK", 1)
    figures = reading.run(True, Console(quiet=True))
    assert (figures["pages"], figures["labelled"], figures["pages_read"]) == (len(sample_press.pages()), False, 1)
    assert "precision_all" not in figures
    assert figures["numbers_found_by_the_raw_limit"] > 20
    assert figures["checks"]["by_outcome"]["holds"] > 0


def test_with_labels_every_figure_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    if not (reading.PRESS / "gold" / "gold.jsonl").is_file():
        pytest.skip("the labelled pages (../shared/press) are not here")
    monkeypatch.setattr(reading, "PAGES_QUICK", 1)
    figures = reading.run(True, Console(quiet=True))
    assert figures["labels_all"] == sum(figures[f"labels_{name}"] for name in "ABC")
    assert set(figures["articles"]) == {"character_f1", "character_f1_least", "headlines_linked", "order"}
    assert sum(figures["checks"]["by_outcome"].values()) == sum(figures["checks"]["by_kind"].values())
