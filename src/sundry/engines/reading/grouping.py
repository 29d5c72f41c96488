"""Texts of a page to articles: where one begins, and which short lines are subheads.

Problem: a short line between two texts is the headline of the lower one, the headline of the upper one, a subhead, or
the end of a column that broke off.

    ……增长9.2%。  /  新产品走俏，老客商回头  /  在龙头岭的雨具厂里……   a comma, the same matter: a subhead
    ……增长9.2%。  /  暴雨夜 他们守在江堤上  /  前天夜里，一场暴雨……     a space, another matter: a headline

Therefore a dateline, a byline, or a group of short lines begins an article for certain; a single short line is weighed:
its length and marks, whether others on the page are made after the same pattern, and how like the texts above and below
it are, compared with any two texts of the page.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from sundry.engines.reading.desk import FRONT, Desk, Group, Piece
from sundry.engines.reading.headlines import Texts, pairs_of
from sundry.engines.reading.joining import ends_open
from sundry.engines.reading.model import Role
from sundry.engines.reading.shapes import NUMBERED, Line, Shape

UNLIKE_MAX = 0.012  # two parts of one article are more alike than this, over the usual; see _subhead_worth
TEXTS_COMPARED_MIN = 3  # what two texts share is what all the texts share, and worth nothing
CUT_LENGTH_MIN = 12  # characters; a shorter line under a headline is the headline's, whatever comes below
PAIRED_LENGTH_MAX = 8
PIECE_SIZE_MIN = 100  # characters; how like two shorter texts are says nothing
_WEAK_START = re.compile(
    r"^(?:近日|日前|连日来|近期|昨[日天晚]|今[日天晨]|(?:[0-9]{1,2}月)?[0-9]{1,2}日)(?:上午|下午|晚上?|晚间|中午|凌晨|清晨)?[，0-9]?"
)
_DAY_START = re.compile(r"^(?:近日|日前|昨[日天晚]|[0-9]{1,2}月[0-9]{1,2}日)(?:上午|下午|晚上?|中午|凌晨|清晨)?，")


def mend_broken_columns(desk: Desk, flow: list[int]) -> None:
    """Short lines that are ends of columns, and no headlines: a sentence comes from above or goes on below."""
    for before, number, after in zip(flow, flow[1:], flow[2:], strict=False):
        above, line, below = (desk.lines[each] for each in (before, number, after))
        is_open = line.shape is Shape.HEAD and not line.level and not line.is_start
        if not is_open or below.shape is not Shape.BODY or below.is_start:
            continue
        if above.shape is Shape.HEAD and len(line.flat) >= CUT_LENGTH_MIN and desk.page.starts_inside(below):
            desk.become_text(number)
        if above.shape is not Shape.BODY:
            continue
        comes = ends_open(above) and (desk.page.evidence(above, line) >= 2 or desk.page.starts_inside(line))
        goes = desk.page.evidence(line, below) >= 3 - ends_open(above) or desk.page.starts_inside(below)
        if comes or (goes and " " not in line.words):
            desk.become_text(number)


def pieces_of(desk: Desk, flow: list[int]) -> list[Piece]:
    """Short lines and the text below them; a new piece at each short line, dateline, and after each end."""
    pieces: list[Piece] = []
    is_closed = False
    for number in flow:
        line = desk.lines[number]
        if line.shape in FRONT:
            if not pieces or pieces[-1].body:
                pieces.append(Piece())
            pieces[-1].front.append(number)
            is_closed = False
            continue
        is_text = line.shape in (Shape.BODY, Shape.CAPTION)
        is_perhaps = is_text and bool(_DAY_START.match(line.flat)) and bool(pieces) and _is_whole(desk, pieces[-1])
        if not pieces or (pieces[-1].body and (line.is_start or is_perhaps or (is_closed and is_text))):
            pieces.append(Piece())
            is_closed = False
        pieces[-1].body.append(number)
        is_closed = is_closed or line.is_end
    _bylines_below(desk, pieces)
    return pieces


def _is_whole(desk: Desk, piece: Piece) -> bool:
    """Its last line ends with a full stop: what follows may be another article."""
    return bool(piece.body) and not ends_open(desk.lines[piece.body[-1]])


def _bylines_below(desk: Desk, pieces: list[Piece]) -> None:
    """A byline between a text and the next headlines belongs to the text above it: one has its own, or none had."""
    for before, piece in pairwise(pieces):
        shapes = [desk.lines[number].shape for number in piece.front]
        is_between = shapes[:1] == [Shape.BYLINE] and Shape.HEAD in shapes and bool(before.body)
        is_signed = any(desk.lines[number].shape is Shape.BYLINE for number in before.front)
        if is_between and (Shape.BYLINE in shapes[1:] or not is_signed):
            before.body.append(piece.front.pop(0))


def group_pieces(desk: Desk, pieces: list[Piece]) -> None:
    """Pieces to articles: which short lines are subheads."""
    texts = Texts([desk.words(piece.body) for piece in pieces])
    lonely = [desk.lines[piece.front[0]] for piece in pieces if len(piece.front) == 1]
    for number, piece in enumerate(pieces):
        if not desk.groups:
            desk.groups.append(Group([number], piece.front, list(piece.body)))
            continue
        group = desk.groups[-1]
        is_new, is_loose = _is_new(desk, pieces, number, texts, lonely)
        if is_new:
            desk.groups.append(Group([number], piece.front, list(piece.body), is_loose))
        else:
            group.pieces.append(number)
            group.text += piece.front + piece.body
            group.subheads += piece.front
            if _runs_in(desk, piece):
                desk.roles[piece.front[-1]] = Role.BODY


def _runs_in(desk: Desk, piece: Piece) -> bool:
    """A subhead in one paragraph with its text: the first line of the text, as it were."""
    first = desk.lines[piece.body[0]] if piece.body else None
    is_head = bool(piece.front) and desk.shapes[piece.front[-1]] is Shape.HEAD
    return desk.is_apart and is_head and first is not None and first.is_close and first.shape is Shape.BODY


def _is_new(desk: Desk, pieces: list[Piece], number: int, texts: Texts, lonely: list[Line]) -> tuple[bool, bool]:
    """(an article starts with this piece, but nothing says so)."""
    piece, before = pieces[number], pieces[number - 1]
    shapes = [desk.lines[each].shape for each in piece.front]
    first = desk.lines[piece.body[0]] if piece.body else None
    if first is None or first.is_start or Shape.BYLINE in shapes or (piece.front and first.shape is Shape.CAPTION):
        return True, False
    is_closed = any(desk.lines[each].is_end for each in before.body)
    if not is_closed and before.body and _are_sections(desk, piece.front, shapes):
        return False, False
    if not piece.front and not is_closed:
        is_long = min(sum(map(len, desk.words(each.body))) for each in (before, piece)) >= PIECE_SIZE_MIN
        nearer = texts.likeness(number - 1, number) - texts.usual_likeness
        return is_long and len(pieces) >= TEXTS_COMPARED_MIN and nearer < UNLIKE_MAX, False
    if not piece.front:
        return True, True
    if len(piece.front) > 1 or shapes[0] is not Shape.HEAD or is_closed or not before.body:
        is_deck = shapes == [Shape.DECK] and not is_closed and bool(before.body)
        return not is_deck, False
    return _subhead_worth(desk, pieces, number, texts, lonely) <= 0, False


def _are_sections(desk: Desk, front: list[int], shapes: list[Shape]) -> bool:
    """More than one short line, the first of them numbered or made after the pattern of other subheads."""
    if len(front) < 2 or any(shape is not Shape.HEAD for shape in shapes):
        return False
    first = desk.lines[front[0]]
    return bool(NUMBERED.match(first.flat)) or any(
        _is_parallel(first, other) for other in desk.lines if other.shape is Shape.HEAD
    )


def _subhead_worth(desk: Desk, pieces: list[Piece], number: int, texts: Texts, lonely: list[Line]) -> float:
    """More than 0: the one short line between two texts is a subhead of one article."""
    piece, before = pieces[number], pieces[number - 1]
    head, first, last = desk.lines[piece.front[0]], desk.lines[piece.body[0]], desk.lines[before.body[-1]]
    flat = head.flat
    worth = 0.5 + (0.5 if len(flat) <= 16 else -1.0 if len(flat) > 24 else 0.0)
    worth += (
        3.0 * bool(NUMBERED.match(flat)) + 1.0 * (flat[-1] == "？") + 0.5 * ("，" in flat) - 1.0 * (" " in head.words)
    )
    worth += 3.0 * any(_is_alike(head, other) for other in lonely if other is not head)
    if len(flat) <= PAIRED_LENGTH_MAX and " " not in head.words:  # short subheads are written to one length
        worth += any(len(other.flat) == len(flat) for other in lonely[1:] if other is not head)
    worth -= 2.0 * bool(_WEAK_START.match(first.flat)) + 1.5 * (last.shape is Shape.BODY and ends_open(last))
    levels = [line.level for line in desk.lines if line.level and line.shape is Shape.HEAD]
    if levels:
        usual = usual_level(levels)
        worth += 2.0 if head.level > usual else -1.0 if head.level == usual else 0.0
    # Parts of one article are more alike than two that are not neighbours; texts of two articles are not.
    is_long = min(sum(map(len, desk.words(each.body))) for each in (before, piece)) >= PIECE_SIZE_MIN
    if len(pieces) >= TEXTS_COMPARED_MIN and is_long:
        worth += max(-1.0, min(1.0, 25.0 * (texts.likeness(number - 1, number) - texts.usual_likeness - 0.02)))
    # The headline of the text above it, printed below: it says what stood there, and not what comes.
    worth -= 2.0 * max(0.0, texts.share(head.words, number - 1) - texts.share(head.words, number) - 0.25)
    return worth


def usual_level(levels: list[int]) -> int:
    """The level of the headlines: the highest that is no exception. Kickers and subheads may be more, and lower."""
    count = Counter(levels)
    return min((level for level in count if count[level] >= max(2, 0.2 * len(levels))), default=min(count))


def _is_alike(head: Line, other: Line) -> bool:
    """Two short lines made after one pattern: the same first words, or half of their pairs."""
    a, b = head.flat, other.flat
    if _is_parallel(head, other):
        return True
    if a[:3] == b[:3] or (len(a) > 6 and a[-4:] == b[-4:]):
        return True
    first, second = set(pairs_of(a)), set(pairs_of(b))
    return bool(first and second) and len(first & second) >= 0.5 * min(len(first), len(second))


def _is_parallel(head: Line, other: Line) -> bool:
    """Two short lines whose commas stand in the same places: subheads are written to match."""
    a, b = (re.sub("[\u4e00-\u9fff]", "x", line.flat) for line in (head, other))
    return head is not other and a == b and len(a) >= 9 and "，" in a
