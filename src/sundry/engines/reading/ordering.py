"""An article with its pieces in the order of reading, and the joins between them.

Problem: the file may have the columns of an article in the wrong order, and a caption between the two halves of a
sentence.

    file       third column (with the jump line), second column, first column
    reading    first, second, third: in this order the broken sentences go on, and the jump line comes last

Therefore the text is cut where a column may end, the columns are put in order (joining.py), captions wait for the end
of the sentence, and every sentence that goes on elsewhere is a join with its certainty.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from sundry.engines.reading.desk import Desk, Group
from sundry.engines.reading.joining import ends_open
from sundry.engines.reading.model import Article, Join, Role, Span
from sundry.engines.reading.shapes import Shape

RUN_IN = 0.05  # a subhead in one paragraph with its text is no beginning of its sentence


def article_of(desk: Desk, group: Group) -> Article:
    """The article with its texts in the order of reading."""
    texts = _in_order(desk, group)
    lines = [desk.lines[number] for number in texts]
    spans = [part for line in lines for part in line.parts]
    joins = [
        Join(a, b, sure)
        for line in lines
        for (a, b), sure in zip(pairwise(line.parts), line.breaks or (1.0,) * (len(line.parts) - 1), strict=True)
    ]
    joins += _joins(desk, [number for number in texts if desk.is_text(number)])
    shapes = {number: desk.lines[number].shape for number in (*group.front, *group.text)}
    for number in group.subheads:
        desk.roles.setdefault(number, Role.SUBHEAD)
    bylines = [number for number, shape in shapes.items() if shape in (Shape.BYLINE, Shape.CREDIT, Shape.SOURCE)]
    jumps = [desk.lines[number].span for number, shape in shapes.items() if shape is Shape.JUMP]
    jumps += [jump for number in texts if (jump := desk.lines[number].jump)]
    return Article(
        headline=_headline(desk, group),
        body=tuple(spans),
        kickers=_spans(desk, group.kickers),
        subheads=_spans(desk, (number for number in group.subheads if desk.role(number) is not Role.BODY)),
        bylines=_spans(desk, bylines),
        joins=tuple(sorted(joins, key=lambda join: join.before)),
        jumps=tuple(sorted(jumps)),
    )


def _headline(desk: Desk, group: Group) -> Span | None:
    if group.headline is None:
        return None
    spans = _spans(desk, (group.headline, *group.headline_more))
    return (spans[0][0], spans[-1][1]) if group.headline_more else spans[0]


def _spans(desk: Desk, numbers: Iterable[int]) -> tuple[Span, ...]:
    lines = [desk.lines[number] for number in sorted(set(numbers))]
    return tuple(span for line in lines for span in (line.parts if line.is_scattered else (line.span,)))


def _in_order(desk: Desk, group: Group) -> list[int]:
    """Texts and captions in the order of reading; a caption never stands inside a sentence."""
    columns: list[list[int]] = [[]]
    last: int | None = None
    ends = [place for place, number in enumerate(group.text) if desk.lines[number].is_end]
    is_turned = bool(ends) and any(desk.is_text(number) for number in group.text[ends[0] + 1 :])
    for number in group.text:
        if last is not None and _is_break(desk, last, number, is_turned):
            columns.append([])
        columns[-1].append(number)
        if desk.is_text(number) or desk.lines[number].is_end:
            last = number
    ordered = _columns_in_order(desk, [column for column in columns if column])
    out: list[int] = []
    waiting: list[int] = []
    for number in (each for column in ordered for each in column):
        if desk.lines[number].shape is Shape.CAPTION:
            waiting.append(number)
        elif desk.is_text(number):
            if waiting and not (out and ends_open(desk.lines[out[-1]])):
                out, waiting = out + waiting, []
            out.append(number)
    return out + waiting


def _columns_in_order(desk: Desk, columns: list[list[int]]) -> list[list[int]]:
    seen = [[desk.lines[number] for number in column if _joins_in(desk, number)] for column in columns]
    if not all(seen):
        return columns
    ordered = desk.page.in_order(seen)
    back = {id(lines[0]): column for lines, column in zip(seen, columns, strict=True)}
    return [back[id(lines[0])] for lines in ordered]


def _joins_in(desk: Desk, number: int) -> bool:
    """Lines that say how a column begins and ends: texts, subheads and jump lines."""
    return desk.is_text(number) or desk.lines[number].shape in (Shape.HEAD, Shape.JUMP, Shape.SOURCE)


def _is_break(desk: Desk, before: int, number: int, is_turned: bool) -> bool:
    """A column may end between the two. `is_turned`: texts stand after the end, the columns are mixed up."""
    line, above = desk.lines[number], desk.lines[before]
    if above.is_end and (desk.is_text(number) or line.shape is Shape.HEAD):
        return True
    if line.is_cell or above.is_cell:
        return False
    if not desk.is_text(number):
        return is_turned and line.shape is Shape.HEAD and not ends_open(above)
    if not ends_open(above):
        return desk.page.starts_inside(line)
    return desk.page.certainty(above, line, is_next=True) < 0.4


def _joins(desk: Desk, texts: list[int]) -> list[Join]:
    """A join for each text that ends inside a sentence, but the last."""
    out = []
    for before, after in pairwise(texts):
        a, b = desk.lines[before], desk.lines[after]
        if ends_open(a):
            between = range(before + 1, after) if before < after else range(after, before + 1)
            is_next = before < after and not any(desk.lines[each].shape is Shape.BODY for each in between)
            sure = RUN_IN if a.shape is Shape.HEAD else desk.page.certainty(a, b, is_next)
            out.append(Join(a.parts[-1], b.parts[0], sure))
    return out
