"""Boxes of a page: what stands elsewhere (index, teasers), adverts, the paper's own lines.

Problem: a list of other pages' headlines looks like headlines, and an advert stands in the middle of a sentence.

    导读  老渡口变身水上公园  2版  山村医生的药箱  4版      one box
    石桥家居城五一大促  全场满5000减800 咨询电话：…          one advert: its first line alone could be a headline

Therefore boxes are taken out before articles are looked for. An index ends with its last page number; a short line over
an advert that says nothing of any text of the page is the advert's.
"""

from __future__ import annotations

from sundry.engines.reading.desk import Desk
from sundry.engines.reading.grouping import pieces_of
from sundry.engines.reading.headlines import Texts
from sundry.engines.reading.model import Article, Role
from sundry.engines.reading.shapes import Shape

SHARE_OF_ADVERT_MAX = 0.5  # a short line over an advert that shares more with a text is a headline


def find_boxes(desk: Desk) -> None:
    """Index boxes, teasers, adverts and the paper's own furniture."""
    number = 0
    while number < len(desk.lines):
        end = _box_end(desk, number)
        if end > number:
            role = Role.ADVERT if desk.lines[number].shape is Shape.ADVERT else Role.INDEX
            _box(desk, list(range(number, end)), role)
        elif desk.lines[number].shape is Shape.FURNITURE:
            desk.roles[number] = Role.BANNER
        number = max(end, number + 1)


def _box_end(desk: Desk, start: int) -> int:
    """Where the box that starts here ends; `start` where none does."""
    shapes = desk.shapes
    shape = shapes[start]
    if shape is Shape.ADVERT:
        return _advert_end(desk, start)
    if shape is Shape.TEASER:
        return start + 1
    in_box = (Shape.HEAD, Shape.DECK, Shape.TAG, Shape.PAGE_LABEL, Shape.TEASER)
    if shape is Shape.HEAD and shapes[start + 1 : start + 2] == [Shape.PAGE_LABEL]:
        return start + 2
    if shape is Shape.PAGE_LABEL:
        return start + 1
    if shape is not Shape.INDEX_TITLE:
        return start
    end = start + 1
    while end < len(shapes) and shapes[end] in in_box:
        end += 1
    if end == len(shapes):
        return end
    # A text follows, so the last short lines may be its headlines: the box ends with its last page number, or,
    # where each number stands before its title, one line later.
    labels = [place for place in range(start + 1, end) if shapes[place] in (Shape.PAGE_LABEL, Shape.TEASER)]
    is_before = bool(labels) and labels[0] == start + 1 and shapes[labels[0]] is Shape.PAGE_LABEL
    return min(end, labels[-1] + 1 + is_before) if labels else start + 1


def _advert_end(desk: Desk, start: int) -> int:
    """Adverts in a row, short lines between them, and a short text after them that also sells."""
    end = start + 1
    for place in range(start + 1, min(start + 12, len(desk.lines))):
        line = desk.lines[place]
        if line.shape is Shape.ADVERT:
            end = place + 1
        elif line.shape is not Shape.HEAD or place - end >= 2:
            break
    return end


def _box(desk: Desk, numbers: list[int], role: Role) -> None:
    for number in numbers:
        desk.roles[number] = role
    spans = [part for number in numbers for part in desk.lines[number].parts]
    is_titled = desk.lines[numbers[0]].shape is Shape.INDEX_TITLE
    headline = spans[0] if is_titled else None
    desk.boxes.append(Article(headline, tuple(spans[1:] if is_titled else spans), role=role))
    if is_titled:
        desk.headlines.add(numbers[0])


def without_advert_heads(desk: Desk, flow: list[int]) -> list[int]:
    """Short lines right above an advert that say nothing of any text are the advert's."""
    if all(box.role is not Role.ADVERT for box in desk.boxes):
        return flow
    pieces = pieces_of(desk, flow)
    texts = Texts([desk.words(piece.body) for piece in pieces])
    gone: set[int] = set()
    for place, box in enumerate(desk.boxes):
        if box.role is not Role.ADVERT:
            continue
        first = next(number for number, line in enumerate(desk.lines) if line.parts[0] == box.body[0])
        number, spans = first - 1, list(box.body)
        while number in flow and desk.lines[number].shape is Shape.HEAD:
            words = desk.lines[number].words
            if max((texts.share(words, each) for each in range(len(pieces))), default=0.0) >= SHARE_OF_ADVERT_MAX:
                break
            spans = [*desk.lines[number].parts, *spans]
            gone.add(number)
            desk.roles[number] = Role.ADVERT
            number -= 1
        desk.boxes[place] = Article(None, tuple(spans), role=Role.ADVERT)
    return [number for number in flow if number not in gone]


def fill_index(desk: Desk, texts: Texts) -> None:
    """An index box without page numbers goes on with the short lines that are nobody's headline and say nothing."""
    for place, box in enumerate(desk.boxes):
        if box.role is not Role.INDEX or box.headline is None or box.body:
            continue
        number = 1 + next(each for each in desk.headlines if desk.lines[each].parts[0] == box.headline)
        items: list[int] = []
        while number < len(desk.lines) and number not in desk.headlines and desk.shapes[number] is Shape.HEAD:
            is_told = texts.best_share(desk.lines[number].words) >= SHARE_OF_ADVERT_MAX
            if is_told or desk.roles.get(number) is Role.ADVERT:
                break
            items.append(number)
            number += 1
        for item in items:
            desk.roles[item] = Role.INDEX
            for group in desk.groups:
                group.kickers = [each for each in group.kickers if each != item]
                group.subheads = [each for each in group.subheads if each != item]
        spans = tuple(part for item in items for part in desk.lines[item].parts)
        desk.boxes[place] = Article(box.headline, spans, role=Role.INDEX)
