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

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from sundry.engines.reading.headlines import Texts, assigned, pairs_of
from sundry.engines.reading.joining import Page, ends_open
from sundry.engines.reading.model import Article, Join, Paragraph, Role, Span
from sundry.engines.reading.paragraphs import NUMBERED, Line, Shape, lines_of
from sundry.engines.reading.view import view_of

FRONT = frozenset((Shape.HEAD, Shape.DECK, Shape.TAG, Shape.BYLINE))
SHARE_OF_ADVERT_MAX = 0.5  # a short line over an advert that shares more with a text is a headline
UNLIKE_MAX = 0.012  # two parts of one article are more alike than this, over the usual; see _subhead_worth
NONE = 0.2  # what "no headline" is worth, see _worth
_ROLES = {
    Shape.BYLINE: Role.BYLINE,
    Shape.CREDIT: Role.BYLINE,
    Shape.TAG: Role.KICKER,
    Shape.DECK: Role.SUBHEAD,
    Shape.CAPTION: Role.CAPTION,
    Shape.JUMP: Role.JUMP,
    Shape.SOURCE: Role.SOURCE,
    Shape.PAGE_LABEL: Role.INDEX,
    Shape.INDEX_TITLE: Role.INDEX,
    Shape.TEASER: Role.INDEX,
    Shape.ADVERT: Role.ADVERT,
    Shape.FURNITURE: Role.BANNER,
    Shape.BODY: Role.BODY,
    Shape.HEAD: Role.BANNER,
}
_WEAK_START = re.compile(
    r"^(?:近日|日前|连日来|近期|昨[日天晚]|今[日天晨]|(?:[0-9]{1,2}月)?[0-9]{1,2}日)(?:上午|下午|晚上?|晚间|中午|凌晨|清晨)?[，0-9]?"
)
_DAY_START = re.compile(r"^(?:近日|日前|昨[日天晚]|[0-9]{1,2}月[0-9]{1,2}日)(?:上午|下午|晚上?|中午|凌晨|清晨)?，")
LINES_MAX = 250  # a page has 40 to 120
LINES_COMPARED_MAX = 10_000  # a longer text is no page: read in small parts, so that it ends in time
TAIL_WORTH_MIN = 0.7  # what must speak for taking the end of one article for that of another, see _cuts
PIECE_SIZE_MIN = 100  # characters; how like two shorter texts are says nothing


@dataclass(slots=True)
class _Piece:
    """Lines above, and the text that follows them without a break. Numbers are places in the list of lines."""

    front: list[int] = field(default_factory=list)
    body: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    """The pieces of one article. `text`: all lines with those of subheads, in the order of the file."""

    pieces: list[int]
    front: list[int]
    text: list[int]
    is_loose: bool = False  # begins without any sign of a beginning
    headline: int | None = None
    kickers: list[int] = field(default_factory=list)
    subheads: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """A page taken apart: every line with its role, in the order of the file, and the articles."""

    paragraphs: tuple[Paragraph, ...]
    articles: tuple[Article, ...]


def articles_of(text: str) -> tuple[Article, ...]:
    """The articles of a page, boxes (index, advert) with them, in the order of the file. Spans are those of `text`."""
    return page_of(text).articles


def paragraphs_of(text: str) -> tuple[Paragraph, ...]:
    """Every printed line of a page with its role, in the order of the file; empty lines and rules are left out."""
    return page_of(text).paragraphs


def page_of(text: str) -> Reading:
    """Paragraphs and articles of one page."""
    lines = lines_of(text, view_of(text))
    if not lines:
        return Reading((), ())
    readings = [_Desk(part).reading() for part in _parts(lines)]
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


class _Desk:
    """One page on the desk. The steps in `reading` come in this order, each on what the one before found."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.shapes = [line.shape for line in lines]
        self.roles: dict[int, Role] = {}
        self.boxes: list[Article] = []
        self.groups: list[_Group] = []
        self.headlines: set[int] = set()

    def reading(self) -> Reading:
        """All of it."""
        self._boxes()
        flow = [number for number in range(len(self.lines)) if number not in self.roles]
        flow = self._without_advert_heads(flow)
        self.page = Page([line for line in self.lines if line.shape is Shape.BODY])
        self._broken_columns(flow)
        pieces = self._pieces(flow)
        self._group(pieces)
        self._merge_loose()
        self._return_tails()
        self._give_headlines(pieces)
        articles = [self._article(group) for group in self.groups if self._has_text(group)]
        articles = sorted(self.boxes + articles, key=_place)
        paragraphs = (
            Paragraph(part, self._role(number)) for number, line in enumerate(self.lines) for part in line.parts
        )
        jumps = (Paragraph(line.jump, Role.JUMP) for line in self.lines if line.jump)
        return Reading(tuple(sorted((*paragraphs, *jumps), key=lambda each: each.span)), tuple(articles))

    def _role(self, number: int) -> Role:
        if number in self.headlines:
            return Role.HEADLINE
        return self.roles.get(number) or _ROLES[self.lines[number].shape]

    def _has_text(self, group: _Group) -> bool:
        return any(self.lines[number].shape in (Shape.BODY, Shape.CAPTION) for number in group.text)

    # -- boxes: what is not an article and stands between articles ----------------------------------------------------

    def _boxes(self) -> None:
        """Index boxes, teasers, adverts and the paper's own furniture."""
        number = 0
        while number < len(self.lines):
            end = self._box_end(number)
            if end > number:
                role = Role.ADVERT if self.lines[number].shape is Shape.ADVERT else Role.INDEX
                self._box(list(range(number, end)), role)
            elif self.lines[number].shape is Shape.FURNITURE:
                self.roles[number] = Role.BANNER
            number = max(end, number + 1)

    def _box_end(self, start: int) -> int:
        """Where the box that starts here ends; `start` where none does."""
        shapes = self.shapes
        shape = shapes[start]
        if shape is Shape.ADVERT:
            return self._advert_end(start)
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

    def _advert_end(self, start: int) -> int:
        """Adverts in a row, short lines between them, and a short text after them that also sells."""
        end = start + 1
        for place in range(start + 1, min(start + 12, len(self.lines))):
            line = self.lines[place]
            if line.shape is Shape.ADVERT:
                end = place + 1
            elif line.shape is not Shape.HEAD or place - end >= 2:
                break
        return end

    def _box(self, numbers: list[int], role: Role) -> None:
        for number in numbers:
            self.roles[number] = role
        spans = [part for number in numbers for part in self.lines[number].parts]
        is_titled = self.lines[numbers[0]].shape is Shape.INDEX_TITLE
        headline = spans[0] if is_titled else None
        self.boxes.append(Article(headline, tuple(spans[1:] if is_titled else spans), role=role))
        if is_titled:
            self.headlines.add(numbers[0])

    def _without_advert_heads(self, flow: list[int]) -> list[int]:
        """Short lines right above an advert that say nothing of any text are the advert's."""
        if all(box.role is not Role.ADVERT for box in self.boxes):
            return flow
        pieces = self._pieces(flow)
        texts = Texts([self._words(piece.body) for piece in pieces])
        gone: set[int] = set()
        for place, box in enumerate(self.boxes):
            if box.role is not Role.ADVERT:
                continue
            first = next(number for number, line in enumerate(self.lines) if line.parts[0] == box.body[0])
            number, spans = first - 1, list(box.body)
            while number in flow and self.lines[number].shape is Shape.HEAD:
                words = self.lines[number].words
                if max((texts.share(words, each) for each in range(len(pieces))), default=0.0) >= SHARE_OF_ADVERT_MAX:
                    break
                spans = [*self.lines[number].parts, *spans]
                gone.add(number)
                self.roles[number] = Role.ADVERT
                number -= 1
            self.boxes[place] = Article(None, tuple(spans), role=Role.ADVERT)
        return [number for number in flow if number not in gone]

    def _broken_columns(self, flow: list[int]) -> None:
        """Short lines that are ends of columns, and no headlines: a sentence comes from above or goes on below."""
        for before, number, after in zip(flow, flow[1:], flow[2:], strict=False):
            above, line, below = (self.lines[each] for each in (before, number, after))
            is_open = line.shape is Shape.HEAD and not line.level and not line.is_start
            if not is_open or above.shape is not Shape.BODY or below.shape is not Shape.BODY or below.is_start:
                continue
            comes = ends_open(above) and (self.page.evidence(above, line) >= 2 or self.page.starts_inside(line))
            goes = self.page.evidence(line, below) >= 3 - ends_open(above) or self.page.starts_inside(below)
            if comes or (goes and " " not in line.words):
                self.lines[number] = replace(line, shape=Shape.BODY)
                self.shapes[number] = Shape.BODY

    # -- texts ---------------------------------------------------------------------------------------------------------

    def _pieces(self, flow: list[int]) -> list[_Piece]:
        """Short lines and the text below them; a new piece at each short line, dateline, and after each end."""
        pieces: list[_Piece] = []
        is_closed = False
        for number in flow:
            line = self.lines[number]
            if line.shape in FRONT:
                if not pieces or pieces[-1].body:
                    pieces.append(_Piece())
                pieces[-1].front.append(number)
                is_closed = False
                continue
            is_text = line.shape in (Shape.BODY, Shape.CAPTION)
            is_perhaps = is_text and bool(_DAY_START.match(line.flat)) and bool(pieces) and self._is_whole(pieces[-1])
            if not pieces or (pieces[-1].body and (line.is_start or is_perhaps or (is_closed and is_text))):
                pieces.append(_Piece())
                is_closed = False
            pieces[-1].body.append(number)
            is_closed = is_closed or line.is_end
        self._bylines_below(pieces)
        return pieces

    def _is_whole(self, piece: _Piece) -> bool:
        """Its last line ends with a full stop: what follows may be another article."""
        return bool(piece.body) and not ends_open(self.lines[piece.body[-1]])

    def _bylines_below(self, pieces: list[_Piece]) -> None:
        """A byline between a text and the next headlines belongs to the text above it."""
        for before, piece in pairwise(pieces):
            shapes = [self.lines[number].shape for number in piece.front]
            if shapes[:1] == [Shape.BYLINE] and Shape.HEAD in shapes and before.body and Shape.BYLINE in shapes[1:]:
                before.body.append(piece.front.pop(0))

    def _group(self, pieces: list[_Piece]) -> None:
        """Pieces to articles: which short lines are subheads."""
        texts = Texts([self._words(piece.body) for piece in pieces])
        lonely = [self.lines[piece.front[0]] for piece in pieces if len(piece.front) == 1]
        for number, piece in enumerate(pieces):
            if not self.groups:
                self.groups.append(_Group([number], piece.front, list(piece.body)))
                continue
            group = self.groups[-1]
            is_new, is_loose = self._is_new(pieces, number, texts, lonely)
            if is_new:
                self.groups.append(_Group([number], piece.front, list(piece.body), is_loose))
            else:
                group.pieces.append(number)
                group.text += piece.front + piece.body
                group.subheads += piece.front

    def _words(self, numbers: list[int]) -> list[str]:
        shapes = (Shape.BODY, Shape.CAPTION)
        return [self.lines[number].words for number in numbers if self.lines[number].shape in shapes]

    def _is_new(self, pieces: list[_Piece], number: int, texts: Texts, lonely: list[Line]) -> tuple[bool, bool]:
        """(an article starts with this piece, but nothing says so)."""
        piece, before = pieces[number], pieces[number - 1]
        shapes = [self.lines[each].shape for each in piece.front]
        first = self.lines[piece.body[0]] if piece.body else None
        if first is None or first.is_start or Shape.BYLINE in shapes or (piece.front and first.shape is Shape.CAPTION):
            return True, False
        is_closed = any(self.lines[each].is_end for each in before.body)
        if not is_closed and before.body and self._are_sections(piece.front, shapes):
            return False, False
        if not piece.front and not is_closed:
            is_long = min(sum(map(len, self._words(each.body))) for each in (before, piece)) >= PIECE_SIZE_MIN
            nearer = texts.likeness(number - 1, number) - texts.usual_likeness
            return is_long and nearer < UNLIKE_MAX, False
        if not piece.front:
            return True, True
        if len(piece.front) > 1 or shapes[0] is not Shape.HEAD or is_closed or not before.body:
            is_deck = shapes == [Shape.DECK] and not is_closed and bool(before.body)
            return not is_deck, False
        return self._subhead_worth(pieces, number, texts, lonely) <= 0, False

    def _are_sections(self, front: list[int], shapes: list[Shape]) -> bool:
        """More than one short line, the first of them numbered or made after the pattern of other subheads."""
        if len(front) < 2 or any(shape is not Shape.HEAD for shape in shapes):
            return False
        first = self.lines[front[0]]
        return bool(NUMBERED.match(first.flat)) or any(
            _is_parallel(first, other) for other in self.lines if other.shape is Shape.HEAD
        )

    def _subhead_worth(self, pieces: list[_Piece], number: int, texts: Texts, lonely: list[Line]) -> float:
        """More than 0: the one short line between two texts is a subhead of one article."""
        piece, before = pieces[number], pieces[number - 1]
        head, first, last = self.lines[piece.front[0]], self.lines[piece.body[0]], self.lines[before.body[-1]]
        flat = head.flat
        worth = 0.5 + (0.5 if len(flat) <= 16 else -1.0 if len(flat) > 24 else 0.0)
        worth += (
            3.0 * bool(NUMBERED.match(flat))
            + 1.0 * (flat[-1] == "？")
            + 0.5 * ("，" in flat)
            - 1.0 * (" " in head.words)
        )
        worth += 3.0 * any(_is_alike(head, other) for other in lonely if other is not head)
        worth -= 2.0 * bool(_WEAK_START.match(first.flat)) + 1.5 * (last.shape is Shape.BODY and ends_open(last))
        levels = [line.level for line in self.lines if line.level and line.shape is Shape.HEAD]
        if levels:
            usual = _usual(levels)
            worth += 2.0 if head.level > usual else -1.0 if head.level == usual else 0.0
        # Parts of one article are more alike than two that are not neighbours; texts of two articles are not.
        nearer = texts.likeness(number - 1, number) - texts.usual_likeness
        worth += max(-1.0, min(1.0, 25.0 * (nearer - 0.02)))
        # The headline of the text above it, printed below: it says what stood there, and not what comes.
        worth -= 2.0 * max(0.0, texts.share(head.words, number - 1) - texts.share(head.words, number) - 0.25)
        return worth

    def _merge_loose(self) -> None:
        """A text without any beginning goes to the article that it continues, or stands alone."""
        index = 1
        while index < len(self.groups):
            group = self.groups[index]
            target = self._continued(index) if group.is_loose else None
            if target is None:
                index += 1
                continue
            host = self.groups[target]
            host.pieces += group.pieces
            host.text += group.text
            host.subheads += group.subheads
            del self.groups[index]

    def _continued(self, index: int) -> int | None:
        """The group that a loose one continues."""
        group = self.groups[index]
        texts = Texts([self._words(each.text) for each in self.groups])
        usual = texts.usual_likeness
        first = next((self.lines[number] for number in group.text if self.lines[number].shape is Shape.BODY), None)
        is_inside = first is not None and self.page.starts_inside(first)
        last = self._last_open(group)
        # It ends in the word with which it begins: a column of an article whose columns stand in the wrong order.
        is_turned = last is not None and first is not None and self.page.evidence(last, first) >= 2
        best, worth = None, 0.7 - 0.6 * is_inside
        for other, host in enumerate(self.groups):
            if other == index or not self._has_text(host) or (host.is_loose and other > index):
                continue
            value = 4.0 * (texts.likeness(index, other) - usual) + (0.6 + is_turned) * (other == index - 1)
            tail = self._last_open(host)
            if tail and first:
                value += 0.8 * (other < index) + 0.25 * self.page.evidence(tail, first) + 0.5 * is_inside
            elif self._is_ended(host) and not is_inside and not last:
                value -= 0.6
            if value > worth:
                best, worth = other, value
        return best

    def _is_ended(self, group: _Group) -> bool:
        return any(self.lines[number].is_end for number in group.text)

    def _last_open(self, group: _Group) -> Line | None:
        """The group's last text, where it ends inside a sentence and no jump line explains it."""
        texts = [self.lines[number] for number in group.text if self.lines[number].shape is Shape.BODY]
        return texts[-1] if texts and ends_open(texts[-1]) and not self._is_ended(group) else None

    def _return_tails(self) -> None:
        """An article broken off inside a sentence takes back its end that stands inside another article."""
        for index, group in enumerate(self.groups):
            tail = self._last_open(group)
            if tail is None:
                continue
            best, where = TAIL_WORTH_MIN, None
            for other in range(len(self.groups)):
                for place, value in self._cuts(tail, index, other) if other != index else ():
                    if value > best:
                        best, where = value, (other, place)
            if where:
                other, place = where
                group.text += self.groups[other].text[place:]
                self.groups[other].text = self.groups[other].text[:place]

    def _cuts(self, tail: Line, index: int, other: int) -> Iterator[tuple[int, float]]:
        """(place, worth) where in the other group's text the sentence may go on that `tail` leaves open."""
        text = self.groups[other].text
        for place in range(1, len(text)):
            line, before = self.lines[text[place]], self.lines[text[place - 1]]
            if line.shape is not Shape.BODY or line.is_start or (before.shape is Shape.BODY and ends_open(before)):
                continue
            evidence, inside = self.page.evidence(tail, line), self.page.starts_inside(line)
            moved = self._words(text[place:])
            is_next = other == index + 1 and sum(map(len, moved)) >= PIECE_SIZE_MIN
            if not evidence and not inside and not is_next:
                continue
            # What would move must speak of what it is moved to, and not of what it is taken from.
            texts = Texts([self._words(self.groups[index].text), self._words(text[:place]), moved])
            nearer = 20.0 * (texts.likeness(2, 0) - texts.likeness(2, 1))
            yield place, 0.25 * min(evidence, 4) + 0.6 * inside + max(-1.0, min(1.5, nearer))

    # -- headlines -----------------------------------------------------------------------------------------------------

    def _give_headlines(self, pieces: list[_Piece]) -> None:
        """Headlines to texts, all at once; then kickers, subheads and banners by where they stand."""
        owners = [group for group in self.groups if self._has_text(group)]
        runs = [(group, group.front) for group in self.groups if group.front]
        heads = [number for _, front in runs for number in front if self.lines[number].shape is Shape.HEAD]
        if not owners or not heads:
            self._leftovers(runs, owners, {})
            return
        texts = Texts([self._words(group.text) for group in owners])
        mains = {number for _, front in runs for number in self._mains(front)}
        above = {number: place for place, group in enumerate(owners) for number in group.front}
        below = {number: place for number in heads if (place := self._text_above(number, owners)) is not None}
        worth = [
            [self._worth(texts, row, number, mains, above, below) for number in heads] for row in range(len(owners))
        ]
        owner_of: dict[int, int] = {}
        for row, column in enumerate(assigned(worth, NONE)):
            if column is not None:
                owners[row].headline = heads[column]
                self.headlines.add(heads[column])
                owner_of[heads[column]] = row
        self._pass_kickers(runs, owners, owner_of, texts)
        self._leftovers(runs, owners, owner_of, texts)
        self._fill_index(texts)

    def _pass_kickers(
        self, runs: list[tuple[_Group, list[int]]], owners: list[_Group], owner_of: dict[int, int], texts: Texts
    ) -> None:
        """Of two short lines for one text the lower is its headline, and the upper its kicker."""
        for group, front in runs:
            for number, lower in pairwise(front):
                row = owner_of.get(number)
                if (
                    row is None
                    or lower in owner_of
                    or self.lines[lower].shape is not Shape.HEAD
                    or owners[row] is group
                ):
                    continue
                words = self.lines[lower].words
                levels = [self.lines[each].level or 7 for each in (number, lower)]
                others = max((texts.share(words, each) for each in range(len(owners)) if each != row), default=0.0)
                if levels[1] <= levels[0] and texts.share(words, row) >= max(0.35, others + 0.1):
                    del owner_of[number]
                    self.headlines.discard(number)
                    owner_of[lower] = row
                    owners[row].headline = lower
                    self.headlines.add(lower)

    def _text_above(self, number: int, owners: list[_Group]) -> int | None:
        """The article whose text ends last before this line."""
        ends = {max(each for each in group.text if each < number): place
                for place, group in enumerate(owners) if any(each < number for each in group.text)}  # fmt: skip
        return ends[max(ends)] if ends else None

    def _mains(self, front: list[int]) -> list[int]:
        """In each run of short lines the one that is most a headline: the last one of the usual level, no question."""
        parts: list[list[int]] = [[]]
        for number in front:
            line = self.lines[number]
            if line.shape is Shape.HEAD and parts[-1] and self.lines[parts[-1][-1]].shape is Shape.DECK:
                parts.append([])
            parts[-1].append(number)
        levels = [line.level for number, line in enumerate(self.lines) if line.level and line.shape is Shape.HEAD]
        usual = _usual(levels) if levels else 0
        out = []
        for part in parts:
            heads = [number for number in part if self.lines[number].shape is Shape.HEAD]
            plain = [number for number in heads if not self._is_question(number)] or heads
            marked = [number for number in plain if self.lines[number].level == usual] or plain
            if len(marked) > 1 and self._is_subhead_like(marked[-1]) and not self._is_subhead_like(marked[-2]):
                marked.pop()  # the article begins with its first subhead
            out += marked[-1:]
        return out

    def _is_subhead_like(self, number: int) -> bool:
        """A comma within: headlines part their halves by spaces."""
        line = self.lines[number]
        return len(line.flat) >= 9 and "，" in line.flat and " " not in line.words

    def _is_question(self, number: int) -> bool:
        flat = self.lines[number].flat
        return flat[-1] in "？！" and len(flat) <= 10

    def _worth(
        self, texts: Texts, row: int, number: int, mains: set[int], above: dict[int, int], below: dict[int, int]
    ) -> float:
        """How much a headline speaks for a text: what they share, and where it stands: above, below, elsewhere."""
        words = self.lines[number].words
        share = texts.share(words, row)
        is_above = above.get(number) == row
        if number not in mains and is_above:
            return 0.3 * share  # a kicker says best what happened: it never wins against the headline under it
        place = 0.3 if is_above else 0.0 if below.get(number) == row else -0.15
        if number in mains:
            # Standing right above is worth little for a headline that says what another text says.
            return share + place - (0.4 * max(0.0, texts.best_share(words) - share) if is_above else 0.0)
        own = texts.share(words, above[number]) if number in above else 0.0
        return share + place - (0.15 if place == 0.0 else 0.45) + 0.3 * (share - own)

    def _leftovers(
        self,
        runs: list[tuple[_Group, list[int]]],
        owners: list[_Group],
        owner_of: dict[int, int],
        texts: Texts | None = None,
    ) -> None:
        """Short lines that are nobody's headline."""
        for run, (group, front) in enumerate(runs):
            heads = [number for number in front if number in owner_of]
            for place, number in enumerate(front):
                shape = self.lines[number].shape
                if number in owner_of or shape is Shape.BYLINE:
                    continue
                if self._is_question(number) and place == len(front) - 1 and group.text:
                    self.roles[number] = Role.BODY
                    group.text.insert(0, number)
                    continue
                after = next((each for each in heads if each > number), None)
                before = next((each for each in reversed(heads) if each < number), None)
                if run == 0 and place == 0 and self._is_banner(number, front, owners, texts, after):
                    self.roles[number] = Role.BANNER
                elif before is not None and (after is None or shape is Shape.DECK):
                    is_next = owners[owner_of[before]] is not group and shape is Shape.HEAD and bool(group.text)
                    self._take(number, Role.SUBHEAD, group if is_next else owners[owner_of[before]])
                elif after is not None:
                    self._take(number, Role.KICKER, owners[owner_of[after]])
                elif group.text and group.headline is not None:
                    self._take(number, Role.SUBHEAD, group)

    def _fill_index(self, texts: Texts) -> None:
        """An index box without page numbers goes on with the short lines that are nobody's headline and say nothing."""
        for place, box in enumerate(self.boxes):
            if box.role is not Role.INDEX or box.headline is None or box.body:
                continue
            number = 1 + next(each for each in self.headlines if self.lines[each].parts[0] == box.headline)
            items: list[int] = []
            while number < len(self.lines) and number not in self.headlines and self.shapes[number] is Shape.HEAD:
                if texts.best_share(self.lines[number].words) >= SHARE_OF_ADVERT_MAX:
                    break
                items.append(number)
                number += 1
            for item in items:
                self.roles[item] = Role.INDEX
                for group in self.groups:
                    group.kickers = [each for each in group.kickers if each != item]
                    group.subheads = [each for each in group.subheads if each != item]
            spans = tuple(part for item in items for part in self.lines[item].parts)
            self.boxes[place] = Article(box.headline, spans, role=Role.INDEX)

    def _take(self, number: int, role: Role, group: _Group) -> None:
        if self.lines[number].shape is Shape.TAG:
            role = Role.KICKER
        self.roles[number] = role
        (group.kickers if role is Role.KICKER else group.subheads).append(number)

    def _is_banner(
        self, number: int, front: list[int], owners: list[_Group], texts: Texts | None, after: int | None
    ) -> bool:
        """The first line of a page that is no headline: over more than one article, or over a kicker as well."""
        if texts is None or after is None or self.lines[number].shape is not Shape.HEAD:
            return after is None
        heads = [each for each in front if self.lines[each].shape is Shape.HEAD]
        shares = [texts.share(self.lines[number].words, row) for row in range(len(owners))]
        own = next((row for row, group in enumerate(owners) if group.headline == after), 0)
        others = [share for row, share in enumerate(shares) if row != own]
        return len(heads) >= 3 or shares[own] < 0.5 or max(others, default=0.0) >= 0.8 * shares[own]

    # -- order ---------------------------------------------------------------------------------------------------------

    def _article(self, group: _Group) -> Article:
        """The article with its texts in the order of reading."""
        texts = self._in_order(group)
        lines = [self.lines[number] for number in texts]
        spans = [part for line in lines for part in line.parts]
        joins = [Join(a, b, 1.0) for line in lines for a, b in pairwise(line.parts)]
        joins += self._joins([number for number in texts if self._is_text(number)])
        shapes = {number: self.lines[number].shape for number in (*group.front, *group.text)}
        for number in group.subheads:
            self.roles.setdefault(number, Role.SUBHEAD)
        bylines = [number for number, shape in shapes.items() if shape in (Shape.BYLINE, Shape.CREDIT, Shape.SOURCE)]
        jumps = [self.lines[number].span for number, shape in shapes.items() if shape is Shape.JUMP]
        jumps += [jump for number in texts if (jump := self.lines[number].jump)]
        return Article(
            headline=self.lines[group.headline].span if group.headline is not None else None,
            body=tuple(spans),
            kickers=self._spans(group.kickers),
            subheads=self._spans(number for number in group.subheads if self._role(number) is not Role.BODY),
            bylines=self._spans(bylines),
            joins=tuple(sorted(joins, key=lambda join: join.before)),
            jumps=tuple(sorted(jumps)),
        )

    def _spans(self, numbers: Iterable[int]) -> tuple[Span, ...]:
        return tuple(self.lines[number].span for number in sorted(set(numbers)))

    def _is_text(self, number: int) -> bool:
        return self.lines[number].shape is Shape.BODY or self.roles.get(number) is Role.BODY

    def _in_order(self, group: _Group) -> list[int]:
        """Texts and captions in the order of reading; a caption never stands inside a sentence."""
        columns: list[list[int]] = [[]]
        last: int | None = None
        ends = [place for place, number in enumerate(group.text) if self.lines[number].is_end]
        is_turned = bool(ends) and any(self._is_text(number) for number in group.text[ends[0] + 1 :])
        for number in group.text:
            if last is not None and self._is_break(last, number, is_turned):
                columns.append([])
            columns[-1].append(number)
            if self._is_text(number) or self.lines[number].is_end:
                last = number
        ordered = self._columns_in_order([column for column in columns if column])
        out: list[int] = []
        waiting: list[int] = []
        for number in (each for column in ordered for each in column):
            if self.lines[number].shape is Shape.CAPTION:
                waiting.append(number)
            elif self._is_text(number):
                if waiting and not (out and ends_open(self.lines[out[-1]])):
                    out, waiting = out + waiting, []
                out.append(number)
        return out + waiting

    def _columns_in_order(self, columns: list[list[int]]) -> list[list[int]]:
        seen = [[self.lines[number] for number in column if self._joins_in(number)] for column in columns]
        if not all(seen):
            return columns
        ordered = self.page.in_order(seen)
        back = {id(lines[0]): column for lines, column in zip(seen, columns, strict=True)}
        return [back[id(lines[0])] for lines in ordered]

    def _joins_in(self, number: int) -> bool:
        """Lines that say how a column begins and ends: texts, subheads and jump lines."""
        return self._is_text(number) or self.lines[number].shape in (Shape.HEAD, Shape.JUMP, Shape.SOURCE)

    def _is_break(self, before: int, number: int, is_turned: bool) -> bool:
        """A column may end between the two. `is_turned`: texts stand after the end, the columns are mixed up."""
        line, above = self.lines[number], self.lines[before]
        if above.is_end and (self._is_text(number) or line.shape is Shape.HEAD):
            return True
        if not self._is_text(number):
            return is_turned and line.shape is Shape.HEAD and not ends_open(above)
        if not ends_open(above):
            return self.page.starts_inside(line)
        return self.page.certainty(above, line, is_next=True) < 0.4

    def _joins(self, texts: list[int]) -> list[Join]:
        """A join for each text that ends inside a sentence, but the last."""
        out = []
        for before, after in pairwise(texts):
            a, b = self.lines[before], self.lines[after]
            if ends_open(a):
                between = range(before + 1, after) if before < after else range(after, before + 1)
                is_next = before < after and not any(self.lines[each].shape is Shape.BODY for each in between)
                out.append(Join(a.parts[-1], b.parts[0], self.page.certainty(a, b, is_next)))
        return out


def _usual(levels: list[int]) -> int:
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


def _place(article: Article) -> int:
    spans = [*article.body, *([article.headline] if article.headline else [])]
    return min(start for start, _ in spans)
