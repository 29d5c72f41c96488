"""Holds articles against labels: whose character is whose, which headline is whose, what is read after what.

Three figures, each from 0 to 1:
- characters: B-cubed F1 (Bagga and Baldwin 1998). For each labelled character, how much of what is put together with it
  belongs with it (precision), and how much of what belongs with it is put together with it (recall).
- headlines: of the labelled articles, how many have their headline, or none where the page has none.
- order: of all pairs of pieces of one labelled article, how many are read in the labelled order in one article.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from sundry.engines.reading.model import Article, Span

PRESS = Path(__file__).resolve().parents[4] / "shared" / "press"
NOT_THERE = "the labelled pages (../shared/press) are not on this machine"


@dataclass(frozen=True)
class Labelled:
    """A labelled article: its body in the order of reading, and its headline (None: the page has none)."""

    headline: Span | None
    body: tuple[Span, ...]
    is_box: bool = False


@dataclass(frozen=True)
class Score:
    """The three figures, and what was missed in words."""

    f1: float
    headlines: float
    order: float
    misses: tuple[str, ...]


def labelled_pages() -> dict[str, tuple[str, list[Labelled]]]:
    """Name -> (text, labels) of the pages with labels; empty where they are not on this machine."""
    path = PRESS / "gold" / "articles.jsonl"
    if not path.exists():
        return {}
    pages: dict[str, tuple[str, list[Labelled]]] = {}
    for row in map(json.loads, path.read_text("utf-8").splitlines()):
        if row["page"] not in pages:
            with (PRESS / row["page"]).open(encoding="utf-8", newline="") as file:
                pages[row["page"]] = (file.read(), [])
        heads = row["headline_spans"]
        head = (heads[0][0], heads[-1][1]) if heads else None
        body = tuple((start, end) for start, end in row["body_spans"])
        pages[row["page"]][1].append(Labelled(head, body, "index" in row["kind"] or "advert" in row["kind"]))
    return pages


def scored(text: str, labels: Sequence[Labelled], articles: Sequence[Article]) -> Score:
    """How well `articles` agree with `labels`."""
    gold = _owners(text, [label.body for label in labels])
    found = _owners(text, [article.body for article in articles])
    partner = _partners(gold, found)
    misses = []
    linked = 0
    news = [(number, label) for number, label in enumerate(labels) if not label.is_box]
    for number, label in news:
        mine = articles[partner[number]].headline if number in partner else None
        if _is_same(label.headline, mine):
            linked += 1
        else:
            wanted = text[slice(*label.headline)] if label.headline else "no headline"
            misses.append(f"headline: {wanted} -> {text[slice(*mine)] if mine else None}")
    right = pairs = 0
    place = {
        at: (number, rank)
        for number, article in enumerate(articles)
        for rank, span in enumerate(article.body)
        for at in range(*span)
    }
    for _, label in news:
        for before, after in combinations(label.body, 2):
            a, b = (_first(place, text, span) for span in (before, after))
            pairs += 1
            if a and b and a[0] == b[0] and a[1] <= b[1]:
                right += 1
            else:
                misses.append(f"order: {text[slice(*before)][:8]} .. {text[slice(*after)][:8]}")
    return Score(_f1(gold, found), linked / len(news), right / pairs if pairs else 1.0, tuple(misses))


def _owners(text: str, bodies: Sequence[Sequence[Span]]) -> dict[int, int]:
    return {
        at: number
        for number, spans in enumerate(bodies)
        for span in spans
        for at in range(*span)
        if not text[at].isspace()
    }


def _partners(gold: dict[int, int], found: dict[int, int]) -> dict[int, int]:
    """Labelled article -> the found one that has most of it."""
    shared = Counter((gold[at], found[at]) for at in gold if at in found)
    best: dict[int, int] = {}
    for (label, article), _ in shared.most_common():
        best.setdefault(label, article)
    return best


def _f1(gold: dict[int, int], found: dict[int, int]) -> float:
    shared = Counter((gold[at], found[at]) for at in gold if at in found)
    gold_size, found_size = Counter(gold.values()), Counter(found.values())
    precision = sum(n * n / found_size[article] for (_, article), n in shared.items()) / max(1, len(found))
    recall = sum(n * n / gold_size[label] for (label, _), n in shared.items()) / max(1, len(gold))
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _is_same(label: Span | None, found: Span | None) -> bool:
    if label is None or found is None:
        return label is found
    return min(label[1], found[1]) - max(label[0], found[0]) >= 0.5 * (label[1] - label[0])


def _first(place: dict[int, tuple[int, int]], text: str, span: Span) -> tuple[int, int] | None:
    return next((place[at] for at in range(*span) if at in place and not text[at].isspace()), None)


def invented_pages() -> dict[str, tuple[str, list[Labelled], dict[Span, str]]]:
    """Name -> (text, labels, span -> mark) of the pages of our own writing under pages/.

    A row there is "article:mark|line": the mark is a number (a text, in the order of reading), h headline, k kicker,
    s subhead, d deck, t series, y byline, x source, j jump; an article "-" is none. "=wrapped" breaks texts into lines.
    """
    return {
        path.stem: _invented(path.read_text("utf-8"))
        for path in sorted((Path(__file__).parent / "pages").glob("*.page"))
    }


def _invented(source: str) -> tuple[str, list[Labelled], dict[Span, str]]:
    rows = source.splitlines()
    is_wrapped = rows[0] == "=wrapped"
    text, marks = "\n\n", {}
    bodies: dict[str, list[tuple[int, Span]]] = {}
    heads: dict[str, Span] = {}
    boxes: list[Labelled] = []
    for row in rows[is_wrapped:]:
        tag, line = row.split("|", 1)
        article, mark = tag.split(":")
        words = line.lstrip("#- ").rstrip()
        if is_wrapped and len(words) > 17:
            words = "\n".join(words[at : at + 17] for at in range(0, len(words), 17))
            line = "\u3000\u3000" + words
        span = (len(text) + line.index(words), len(text) + line.index(words) + len(words))
        marks[span] = mark
        text += line + ("\n" if is_wrapped or line.endswith("  ") else "\n\n")
        if article == "-" and mark in ("index", "advert", "teaser"):
            boxes.append(Labelled(None, (span,), is_box=True))
        elif mark == "h":
            heads[article] = span
        elif mark.isdigit():
            bodies.setdefault(article, []).append((int(mark), span))
    labels = [Labelled(heads.get(name), tuple(span for _, span in sorted(body))) for name, body in bodies.items()]
    return text, labels + _together(boxes), marks


def _together(boxes: list[Labelled]) -> list[Labelled]:
    """Rows of one box stand one under the other."""
    out: list[Labelled] = []
    for box in boxes:
        if out and box.body[0][0] - out[-1].body[-1][1] <= 8:
            out[-1] = Labelled(None, (*out[-1].body, *box.body), is_box=True)
        else:
            out.append(box)
    return out
