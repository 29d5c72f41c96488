"""Printed pages read into figures, against hand labels where they are at hand, and against only finding the numbers.

The labels are those of ../shared/press, beside the repository; without them the sample pages of our own are read and
nothing is said of precision. Targets: class A precision 0.97 and recall 0.93, all classes 0.93 and 0.85, at most one
reject taken, articles 0.95 by character with every headline linked, 100 pages in 5 s on one core. The raw limit is a
regular expression over the same pages that finds every number and knows nothing of what it is: the difference is what
understanding costs.
"""

from __future__ import annotations

import importlib.util
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from _reading_score import Page, entity_score, rows, score

from sundry.engines.reading.answering import Answer, as_data
from sundry.engines.reading.checks import Page as Checked
from sundry.engines.reading.checks import checks_across
from sundry.engines.reading.commands import HOME, home_named
from sundry.engines.reading.issue_date import Issue, infer_issue_date
from sundry.engines.reading.model import Check, Region
from sundry.engines.reading.reader import Reading, read
from sundry.engines.reading.view import view_of
from sundry.simulation import sample_press

ROOT = Path(__file__).resolve().parents[1]
PRESS = ROOT.parent / "shared" / "press"
# By the first three digits of the file's name. No page prints its date: the labels say what it must be.
ISSUED = {"000": date(2026, 4, 25), "001": date(2026, 4, 24), "002": date(2026, 5, 16), "004": date(2026, 4, 4)}
PAGES_TIMED = 100
PAGES_QUICK = 10
LIMIT_SECONDS = 5
NUMBER = re.compile(r"[0-9０-９]+(?:[.,．][0-9０-９]+)*|[〇零一二三四五六七八九十百千万亿两]+")


def run(quick: bool, console: Any) -> dict[str, Any]:
    labelled = (PRESS / "gold" / "gold.jsonl").is_file()
    if not labelled:
        console.print("the labelled pages are not at hand: the sample pages of our own are read", markup=False)
    answers = labelled_answers() if labelled else sample_answers()
    figures: dict[str, Any] = {"pages": len(answers), "labelled": labelled}
    if labelled:
        figures |= _against_labels(answers)
    return figures | {"checks": _checks(list(answers.values()))} | _speed(list(answers.values()), quick)


def labelled_answers() -> dict[str, Answer]:
    """The pages beside the repository, those without labels too, by file name."""
    home = home_named(HOME)
    texts = {file.name: file.read_bytes().decode() for file in sorted(PRESS.glob("*.txt"))}
    return {name: _answer(name, text, ISSUED.get(name[:3]), home) for name, text in texts.items()}


def sample_answers() -> dict[str, Answer]:
    home = sample_press.home()
    return {page.name: _answer(page.name, page.text, page.issued, home) for page in sample_press.pages()}


def _answer(name: str, text: str, day: date | None, home: Region) -> Answer:
    return Answer(name, text, home, Issue(day, (), "given"), read(text, issued=day, home=home))


def _against_labels(answers: dict[str, Answer]) -> dict[str, Any]:
    gold = rows(PRESS / "gold" / "gold.jsonl")
    named = {label["page"] for label in gold}
    data = {name: as_data(one, "en") for name, one in answers.items() if name in named}
    told = {name: Page(answers[name].text, one["statements"]) for name, one in data.items()}
    figures = score(gold, rows(PRESS / "gold" / "rejects.jsonl"), told).figures
    labelled = rows(PRESS / "gold" / "entities.jsonl")
    entities = entity_score(labelled, {name: one["entities"] for name, one in data.items()})
    inferred = {name: infer_issue_date(one.text).day for name, one in answers.items()}
    articles = _articles({name: answers[name].reading for name in told})
    days = sum(inferred[name] == ISSUED.get(name[:3]) for name in inferred)
    return figures | {
        "articles": articles,
        "entities": entities,
        "days_of_issue_right": f"{days} of {len(inferred)}",
    }


def _articles(readings: dict[str, Reading]) -> dict[str, float]:
    """The mean of the pages, scored as the tests do."""
    scorer = _module(ROOT / "tests" / "engines" / "reading" / "article_score.py")
    labels = scorer.labelled_pages()
    found = [scorer.scored(*labels[name], one.articles) for name, one in readings.items()]
    return {
        "character_f1": sum(one.f1 for one in found) / len(found),
        "character_f1_least": min(one.f1 for one in found),
        "headlines_linked": sum(one.headlines for one in found) / len(found),
        "order": sum(one.order for one in found) / len(found),
    }


def _checks(answers: Sequence[Answer]) -> dict[str, Any]:
    """Over each page by itself, and across all of them."""
    across = checks_across([
        Checked(view_of(one.text), one.reading.statements, one.reading.articles, one.issue.day) for one in answers
    ])  # fmt: skip
    within = [check for one in answers for check in one.reading.checks]
    return {
        "on_one_page": len(within),
        "across_pages": len(across),
        "by_outcome": _counted(str(check.outcome) for check in (*within, *across)),
        "by_kind": _counted(check.kind for check in (*within, *across)),
        "contribution_by_price_basis": sum(map(_is_by_price_basis, within)),
    }


def _is_by_price_basis(check: Check) -> bool:
    return (check.kind, check.outcome, check.note) == ("contribution", "explained", "price_basis")


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(Counter(words).most_common())


def _speed(answers: Sequence[Answer], quick: bool) -> dict[str, Any]:
    """One process, one thread: each page with its day of issue inferred, as `sundry read` does."""
    many = PAGES_QUICK if quick else PAGES_TIMED
    given = [answers[n % len(answers)].text for n in range(many)]
    home = answers[0].home
    start = time.process_time()
    for text in given:
        read(text, issued=infer_issue_date(text).day, home=home)
    seconds = time.process_time() - start
    start = time.process_time()
    numbers = sum(1 for text in given for _ in NUMBER.finditer(text))
    raw_seconds = time.process_time() - start
    return {
        "pages_read": many,
        "characters_read": sum(map(len, given)),
        "numbers_found_by_the_raw_limit": numbers,
        "seconds_for_100_pages": round(seconds * 100 / many, 2),
        "limit_seconds": LIMIT_SECONDS,
        "raw_seconds_for_100_pages": round(raw_seconds * 100 / many, 4),
        "ratio_to_raw": round(seconds / raw_seconds),
    }


def _module(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module
