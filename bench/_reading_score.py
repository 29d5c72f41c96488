"""Holds what was read from pages against hand labels: which labels are hit, and by which field the others are missed.

A statement hits a label when it overlaps it and is at most three times as long, and has its type, its value (or low and
high) and its unit; for statistics of the town (class A) and figures of events (B) also its period (of a stock the year
is enough), its region where both have one, and its indicator, which must share half of its pairs of characters or hold
the other name whole. Class C (durations, lists) needs no more than type, value and unit. A statement hits one label at
most. A reject is taken where a published statement lies on it and on no label.

The labels say of a statement that hits none of them only that it is no label's, not of which class it would be. So the
precision of a class is the share of right ones among the published statements that overlap a label of the class; those
that claim an indicator of the dictionary count as of class A wherever they stand.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

CLASSES = ("A", "B", "C")
FIELDS = ("span", "type", "value", "unit", "period", "region", "indicator")
_ALWAYS = {"span", "type", "value", "unit"}
_LONGER_MOST = 3  # times: a statement is at most so much longer than its label
_SHORT = 6  # characters that a label counts at least
_ALIKE = 0.5  # of the pairs of characters of two names
_FILLERS = re.compile(r"[我全]市|义乌市?|规模以上|规上|[的地得、，,()（）\s]")
_OF_A_DAY = re.compile(r"^(?:asof|until) ?(\d{4}).*")

Row = dict[str, Any]
Spans = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as stored, and what was said of it: rows as `sundry read --json` has them."""

    text: str
    statements: Sequence[Row]


@dataclass(frozen=True)
class Score:
    """`misses`: (page, label, its words, the fields that keep the nearest statement from hitting it)."""

    figures: dict[str, Any]
    misses: tuple[tuple[str, str, str, tuple[str, ...]], ...]


def rows(file: Path) -> list[Row]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def score(labels: Sequence[Row], rejects: Sequence[Row], pages: Mapping[str, Page]) -> Score:
    """`labels` and `rejects` of more pages than `pages` may be given: they are left aside."""
    marks = [_marked(name, page, labels, rejects) for name, page in pages.items()]
    wanted, hit, told, right = (sum((getattr(mark, name) for mark in marks), Counter()) for name in _COUNTS)
    fields = sum((mark.fields for mark in marks), Counter[str]())
    figures: dict[str, Any] = {}
    for name in ("all", *CLASSES):
        figures[f"precision_{name}"] = right[name] / max(1, told[name])
        figures[f"recall_{name}"] = hit[name] / max(1, wanted[name])
        figures[f"labels_{name}"] = wanted[name]
        figures[f"published_{name}"] = told[name]
    figures["fields"] = {name: fields[name] / max(1, fields[f"of_{name}"]) for name in FIELDS}
    figures["rejects"] = sum(mark.rejects for mark in marks)
    figures["rejects_taken"] = sum(mark.rejects_taken for mark in marks)
    figures["broken_quotes"] = sum(mark.broken_quotes for mark in marks)
    return Score(figures, tuple(miss for mark in marks for miss in mark.misses))


_COUNTS = ("wanted", "hit", "told", "right")


@dataclass(frozen=True, slots=True)
class _Mark:
    """One page: labels by class, those hit, published statements by class, those right; the same by field."""

    wanted: Counter[str]
    hit: Counter[str]
    told: Counter[str]
    right: Counter[str]
    fields: Counter[str]
    rejects: int
    rejects_taken: int
    broken_quotes: int
    misses: tuple[tuple[str, str, str, tuple[str, ...]], ...]


def _marked(name: str, page: Page, labels: Sequence[Row], rejects: Sequence[Row]) -> _Mark:
    gold = [label for label in labels if label["page"] == name]
    refused = [reject["span"] for reject in rejects if reject["page"] == name]
    published = [said for said in page.statements if said.get("published", True)]
    wanted, hit, told, right, fields = (Counter[str]() for _ in range(5))
    used: set[int] = set()
    misses = []
    for label in gold:
        wanted.update(("all", label["cls"]))
        asked = asked_of(label)
        have = [wrong_fields(said, label) for said in published]
        nearest = min(have, key=len, default=set(FIELDS))
        for field in asked:
            fields[f"of_{field}"] += 1
            fields[field] += field not in nearest
        at = next((n for n, wrong in enumerate(have) if n not in used and not wrong), None)
        if at is None:
            misses.append((name, str(label["id"]), str(label["text"]), tuple(sorted(nearest))))
            continue
        used.add(at)
        hit.update(("all", label["cls"]))
    for n, said in enumerate(published):
        of = ("all", *_classes_of(said, gold))
        told.update(of)
        right.update(of if n in used else ())
    free = [said for said in published if not any(overlaps(said["spans"], label["spans"]) for label in gold)]
    taken = sum(any(overlaps(said["spans"], [span]) for said in free) for span in refused)
    quotes = ("".join(page.text[a:b] for a, b in said["spans"]) != said["quote"] for said in page.statements)
    return _Mark(wanted, hit, told, right, fields, len(refused), taken, sum(quotes), tuple(misses))


def _classes_of(said: Row, gold: Sequence[Row]) -> set[str]:
    found = {str(label["cls"]) for label in gold if overlaps(said["spans"], label["spans"])}
    return found | {"A"} if said.get("indicator_key") else found


def asked_of(label: Row) -> set[str]:
    """The fields by which a label is hit: those of class C are fewer, and what a label leaves open is not asked."""
    if label["cls"] == "C":
        return set(_ALWAYS)
    more = {"period": label.get("period"), "region": label.get("region_code"), "indicator": label.get("indicator")}
    return _ALWAYS | {field for field, value in more.items() if value}


def wrong_fields(said: Row, label: Row) -> set[str]:
    """Which of the fields that `label` asks for a statement has wrong: all of them where it lies elsewhere."""
    asked = asked_of(label)
    is_long = size(said["spans"]) > _LONGER_MOST * max(_SHORT, size(label["spans"]))
    if is_long or not overlaps(said["spans"], label["spans"]):
        return asked
    right = {
        "span": True,
        "type": said["type"] == label["type"],
        "value": all(_number(said.get(key)) == _number(label.get(key)) for key in ("value", "low", "high")),
        "unit": (said.get("unit") or "") == (label.get("unit") or ""),
        "period": _period(said.get("period")) == _period(label.get("period")),
        "region": not said.get("region_code") or said["region_code"] == label.get("region_code"),
        "indicator": are_alike(said.get("indicator") or "", label.get("indicator") or ""),
    }
    return {field for field in asked if not right[field]}


def are_alike(one: str, other: str) -> bool:
    """Whether two names of indicators mean the same, without fillers such as 全市 and 规上."""
    one, other = _plain(one), _plain(other)
    if len(one) < 2 or len(other) < 2:
        return False
    mine, theirs = Counter(_pairs(one)), Counter(_pairs(other))
    if 2 * (mine & theirs).total() / (mine.total() + theirs.total()) >= _ALIKE:
        return True
    return min(len(one), len(other)) > 2 and (one in other or other in one)


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    return _FILLERS.sub("", name)


def _pairs(name: str) -> list[str]:
    return [name[at : at + 2] for at in range(len(name) - 1)]


def overlaps(some: Spans, others: Spans) -> bool:
    return any(min(end, last) > max(start, first) for start, end in some for first, last in others)


def size(spans: Spans) -> int:
    return sum(end - start for start, end in spans)


def _number(value: Any) -> float | None:
    return None if value is None else round(float(value), 4)


def _period(period: str | None) -> str:
    return _OF_A_DAY.sub(r"~\1", period or "")


def entity_score(labels: Sequence[Row], found: Mapping[str, Sequence[Row]]) -> dict[str, float]:
    """`found`: by page, rows as `sundry read --json` has them. Right is what overlaps a label and is of its type.

    programme and programme/policy are one type; the labels use both.
    """
    told = wanted = right = hit = 0
    for name, entities in found.items():
        gold = [label for label in labels if label["page"] == name]
        told, wanted = told + len(entities), wanted + len(gold)
        right += sum(any(_is_one(entity, label) for label in gold) for entity in entities)
        hit += sum(any(_is_one(entity, label) for entity in entities) for label in gold)
    return {"precision": right / max(1, told), "recall": hit / max(1, wanted), "labels": wanted}


def _is_one(entity: Row, label: Row) -> bool:
    kinds = {str(one["type"]).partition("/")[0] for one in (entity, label)}
    return len(kinds) == 1 and overlaps(entity["spans"], label["spans"])
