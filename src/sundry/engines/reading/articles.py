"""From the lines of a page to its articles: whose text is whose, under which headline, in which order.

Problem: a file of a newspaper page goes down one column after the other. A text stands under another's headline, its
own stands below it, a subhead looks like a headline, an advert stands between two halves of a sentence.

    茶香节引客来 山村民宿满              headline of the second text
    本报记者 李青                        starts the first text
    本报讯 一季度，东溪县出口茶叶……。   first text
    一季度茶叶出口增三成                 its headline, below
    节日里的东溪……（下转第二版）         second text

Therefore texts are found first: a dateline, a byline or a group of headlines starts one, a jump line or a source ends
one, one short line between two texts that speak of the same is a subhead. Then all headlines are given to all texts at
once (headlines.py), and what is left over is a kicker, a subhead or a banner by where it stands. Last, the columns of
each article are put in order and sentences joined across their breaks (joining.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from sundry.engines.reading.boxes import find_boxes, without_advert_heads
from sundry.engines.reading.continuing import merge_loose, return_tails
from sundry.engines.reading.desk import FRONT, Desk
from sundry.engines.reading.grouping import group_pieces, mend_broken_columns, pieces_of
from sundry.engines.reading.heading import give_headlines
from sundry.engines.reading.model import Article, Paragraph, Role
from sundry.engines.reading.ordering import article_of
from sundry.engines.reading.paragraphs import lines_of
from sundry.engines.reading.shapes import Line
from sundry.engines.reading.view import view_of

LINES_MAX = 250  # a page has 40 to 120
LINES_COMPARED_MAX = 10_000  # a longer text is no page: read in small parts, so that it ends in time


@dataclass(frozen=True, slots=True)
class Reading:
    """A page taken apart: every line with its role, in the order of the file, and the articles."""

    paragraphs: tuple[Paragraph, ...]
    articles: tuple[Article, ...]


def articles_of(text: str) -> tuple[Article, ...]:
    """The articles of a page, boxes (index, advert) with them, in the order of the file. Spans are those of `text`."""
    return page_of(text).articles


def page_of(text: str) -> Reading:
    """Paragraphs and articles of one page."""
    lines = lines_of(text, view_of(text))
    if not lines:
        return Reading((), ())
    readings = [_read(part) for part in _parts(lines)]
    return Reading(
        tuple(paragraph for reading in readings for paragraph in reading.paragraphs),
        tuple(article for reading in readings for article in reading.articles),
    )


def _parts(lines: list[Line]) -> list[list[Line]]:
    """A page is one part; a file of many pages is cut where short lines begin, since all is compared with all."""
    parts: list[list[Line]] = [[]]
    limit = LINES_MAX if len(lines) <= LINES_COMPARED_MAX else LINES_MAX // 5
    for line in lines:
        is_full = len(parts[-1]) >= limit and (line.shape in FRONT or line.is_start or len(parts[-1]) >= 2 * limit)
        if is_full and parts[-1][-1].shape not in FRONT:
            parts.append([])
        parts[-1].append(line)
    return parts


def _read(lines: list[Line]) -> Reading:
    """The steps in their order, each on what the one before found."""
    desk = Desk(lines)
    find_boxes(desk)
    flow = without_advert_heads(desk, [number for number in range(len(lines)) if number not in desk.roles])
    mend_broken_columns(desk, flow)
    group_pieces(desk, pieces_of(desk, flow))
    merge_loose(desk)
    return_tails(desk)
    give_headlines(desk)
    articles = [article_of(desk, group) for group in desk.groups if desk.has_text(group)]
    paragraphs = [Paragraph(part, desk.role(number)) for number, line in enumerate(desk.lines) for part in line.parts]
    paragraphs += [Paragraph(line.jump, Role.JUMP) for line in desk.lines if line.jump]
    return Reading(
        tuple(sorted(paragraphs, key=lambda paragraph: paragraph.span)),
        tuple(sorted(desk.boxes + articles, key=_place)),
    )


def _place(article: Article) -> int:
    spans = [*article.body, *([article.headline] if article.headline else [])]
    return min(start for start, _ in spans)
