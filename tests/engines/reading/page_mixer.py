"""Pages mixed from the articles of our own writing, so that no arrangement is learned by heart.

Articles are drawn by lot and set one after the other or inside each other at a column break, their texts are cut at any
place, adverts and teasers stand between them, headlines stand below, bylines are left out, marks are put or not, and
characters are spaced out or half-width.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

from reading.article_score import Labelled

from sundry.engines.reading.model import Span

_BOXES = (
    ("城东建材市场开业酬宾", "全场瓷砖五折起 咨询热线：0579-83220011 地址：环城东路88号"),
    ("龙潭古道修复完成 详见4版",),
)
_HALF = str.maketrans("，。（）：", ",.():")


@dataclass(frozen=True)
class Mix:
    """How likely each trouble is, from 0 to 1."""

    cuts: float = 0.0
    inside: float = 0.0
    boxes: float = 0.0
    below: float = 0.0
    no_byline: float = 0.0
    spaces: float = 0.0
    is_half_width: bool = False
    is_marked: bool = False


@dataclass
class _Sheet:
    rng: random.Random
    mix: Mix
    text: str = "\n\n"
    heads: dict[int, Span] = field(default_factory=dict)
    bodies: dict[int, list[Span]] = field(default_factory=dict)
    boxes: list[Labelled] = field(default_factory=list)

    def put(self, words: str, mark: str = "") -> Span:
        """Print one line; its span."""
        if self.mix.is_half_width:
            words = words.translate(_HALF)
        words = "".join(self._spaced(character) for character in words).strip()
        start = len(self.text) + len(mark)
        self.text += f"{mark}{words}\n\n"
        return start, start + len(words)

    def _spaced(self, character: str) -> str:
        is_apart = "\u4e00" <= character <= "\u9fff" and self.rng.random() < self.mix.spaces
        return character + " " * is_apart


Row = tuple[str, str]  # mark as in the files of pages/, words


def articles() -> list[list[Row]]:
    """The articles of all our pages, each with its lines in the order of reading; a number is a text."""
    out: list[list[Row]] = []
    for path in sorted((Path(__file__).parent / "pages").glob("*.page")):
        found: dict[str, list[Row]] = {}
        for line in path.read_text("utf-8").splitlines():
            if line[0] not in "=-":
                tag, words = line.split("|", 1)
                found.setdefault(tag[0], []).append((tag[2:], words.lstrip("#- ").rstrip()))
        out += [_in_order(rows) for rows in found.values()]
    return out


def _in_order(rows: list[Row]) -> list[Row]:
    front = [row for row in rows if row[0] in "hktd" or (row[0] == "y" and "摄" not in row[1])]
    texts = sorted((row for row in rows if row[0].isdigit()), key=lambda row: int(row[0]))
    end = [row for row in rows if row[0] in "xj" or (row[0] == "y" and "摄" in row[1])]
    return front + texts + end


def mixed_page(seed: int, mix: Mix, count: int = 6) -> tuple[str, list[Labelled]]:
    """A page of `count` articles and its labels."""
    rng = random.Random(seed)
    sheet = _Sheet(rng, mix)
    chosen = [_cut(rng, mix, rows) for rows in rng.sample(articles(), count)]
    for number, (mark, words) in _set(rng, mix, chosen):
        if mark.isdigit() and rng.random() < mix.boxes:
            spans = tuple(sheet.put(line) for line in rng.choice(_BOXES))
            sheet.boxes.append(Labelled(None, spans, is_box=True))
        hashes = {"h": "### ", "k": "#### "}.get(mark, "") if mix.is_marked else ""
        span = sheet.put(words, hashes)
        if mark == "h":
            sheet.heads[number] = span
        elif mark.isdigit():
            sheet.bodies.setdefault(number, []).append(span)
    labels = [Labelled(sheet.heads.get(number), tuple(body)) for number, body in sheet.bodies.items()]
    return sheet.text, labels + sheet.boxes


def _cut(rng: random.Random, mix: Mix, rows: list[Row]) -> list[Row]:
    """Texts cut, bylines left out, headlines put below where a dateline shows where the text begins."""
    out: list[Row] = []
    for mark, words in rows:
        rest = words
        while mark.isdigit() and len(rest) > 40 and rng.random() < mix.cuts:
            place = rng.randrange(15, len(rest) - 10)
            out.append((mark, rest[:place]))
            rest = rest[place:]
        if mark != "y" or "摄" in words or rng.random() >= mix.no_byline:
            out.append((mark, rest))
    first = next(words for mark, words in out if mark.isdigit())
    if first.startswith("本") and rng.random() < mix.below:
        front = [row for row in out if row[0] in "hktd"]
        out = [row for row in out if row not in front] + front
    return out


def _set(rng: random.Random, mix: Mix, chosen: list[list[Row]]) -> list[tuple[int, Row]]:
    """One after the other, or the next one inside a broken sentence of this one."""
    out: list[tuple[int, Row]] = []
    numbered = [[(number, row) for row in rows] for number, rows in enumerate(chosen)]
    while numbered:
        rows = numbered.pop(0)
        breaks = [
            place
            for place in range(1, len(rows))
            if rows[place][1][0].isdigit()
            and rows[place - 1][1][0].isdigit()
            and rows[place - 1][1][1][-1] not in "。.？”"
        ]
        if numbered and breaks and rng.random() < mix.inside:
            place = rng.choice(breaks)
            rows = rows[:place] + numbered.pop(0) + rows[place:]
        out += rows
    return out
