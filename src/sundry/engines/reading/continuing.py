"""Texts without a beginning, and articles without an end: what belongs together across other articles.

Problem: the columns of one article stand apart in the file, with the jump line or a whole other article between.

    临江展会的透水砖已经铺进了  /  (another article, with its source)  /  三十多座城市的小区。…

Therefore a text that begins with nothing goes to the article that it continues, by what the page knows of the break
(joining.py) and by what it speaks of; and an article that ends inside a sentence takes its end back from inside another
one when both say that it is its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from sundry.engines.reading.desk import Desk, Group
from sundry.engines.reading.grouping import PIECE_SIZE_MIN
from sundry.engines.reading.headlines import Texts
from sundry.engines.reading.joining import ends_open
from sundry.engines.reading.shapes import Line, Shape

TAIL_WORTH_MIN = 0.7  # what must speak for taking the end of one article for that of another, see _cuts


def merge_loose(desk: Desk) -> None:
    """A text without any beginning goes to the article that it continues, or stands alone."""
    index = 1
    while index < len(desk.groups):
        group = desk.groups[index]
        target = _continued(desk, index) if group.is_loose else None
        if target is None:
            index += 1
            continue
        host = desk.groups[target]
        host.pieces += group.pieces
        host.text += group.text
        host.subheads += group.subheads
        del desk.groups[index]


def _continued(desk: Desk, index: int) -> int | None:
    """The group that a loose one continues."""
    group = desk.groups[index]
    texts = Texts([desk.words(each.text) for each in desk.groups])
    usual = texts.usual_likeness
    first = next((desk.lines[number] for number in group.text if desk.lines[number].shape is Shape.BODY), None)
    is_inside = first is not None and desk.page.starts_inside(first)
    last = _last_open(desk, group)
    # It ends in the word with which it begins: a column of an article whose columns stand in the wrong order.
    is_turned = last is not None and first is not None and desk.page.evidence(last, first) >= 2
    best, worth = None, 0.7 - 0.6 * is_inside
    for other, host in enumerate(desk.groups):
        if other == index or not desk.has_text(host) or (host.is_loose and other > index):
            continue
        value = 4.0 * (texts.likeness(index, other) - usual) + (0.6 + is_turned) * (other == index - 1)
        tail = _last_open(desk, host)
        if tail and first:
            value += 0.8 * (other < index) + 0.25 * desk.page.evidence(tail, first) + 0.5 * is_inside
        elif _is_ended(desk, host) and not is_inside and not last:
            value -= 0.6
        if value > worth:
            best, worth = other, value
    return best


def _is_ended(desk: Desk, group: Group) -> bool:
    return any(desk.lines[number].is_end for number in group.text)


def _last_open(desk: Desk, group: Group) -> Line | None:
    """The group's last text, where it ends inside a sentence and no jump line explains it."""
    texts = [desk.lines[number] for number in group.text if desk.lines[number].shape is Shape.BODY]
    return texts[-1] if texts and ends_open(texts[-1]) and not _is_ended(desk, group) else None


def return_tails(desk: Desk) -> None:
    """An article broken off inside a sentence takes back its end that stands inside another article."""
    for index, group in enumerate(desk.groups):
        tail = _last_open(desk, group)
        if tail is None:
            continue
        best, where = TAIL_WORTH_MIN, None
        for other in range(len(desk.groups)):
            for place, value in _cuts(desk, tail, index, other) if other != index else ():
                if value > best:
                    best, where = value, (other, place)
        if where:
            other, place = where
            group.text += desk.groups[other].text[place:]
            desk.groups[other].text = desk.groups[other].text[:place]


def _cuts(desk: Desk, tail: Line, index: int, other: int) -> Iterator[tuple[int, float]]:
    """(place, worth) where in the other group's text the sentence may go on that `tail` leaves open."""
    text = desk.groups[other].text
    for place in range(1, len(text)):
        line, before = desk.lines[text[place]], desk.lines[text[place - 1]]
        if line.shape is not Shape.BODY or line.is_start or (before.shape is Shape.BODY and ends_open(before)):
            continue
        evidence, inside = desk.page.evidence(tail, line), desk.page.starts_inside(line)
        moved = desk.words(text[place:])
        is_next = other == index + 1 and sum(map(len, moved)) >= PIECE_SIZE_MIN
        if not evidence and not inside and not is_next:
            continue
        # What would move must speak of what it is moved to, and not of what it is taken from.
        texts = Texts([desk.words(desk.groups[index].text), desk.words(text[:place]), moved])
        nearer = 20.0 * (texts.likeness(2, 0) - texts.likeness(2, 1))
        yield place, 0.25 * min(evidence, 4) + 0.6 * inside + max(-1.0, min(1.5, nearer))
