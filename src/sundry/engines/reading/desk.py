"""One page on the desk: its lines, what each was found to be, and the articles so far.

Problem: what a short line is depends on the texts around it, and where a text begins on the short lines. No single pass
over the lines can tell both.

    lines      HEAD  BYLINE  BODY  BODY  HEAD  BODY  JUMP
    groups     [ 0      1     2     3 ]  [ 4    5     6 ]      numbers of lines; "front" 0 1, "text" 2 3
    roles      0: headline, 4: headline

Therefore the steps (boxes.py, grouping.py, continuing.py, heading.py, ordering.py) come one after the other and each
writes down what it found here. Lines are named by their number in the file throughout.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sundry.engines.reading.joining import Page
from sundry.engines.reading.model import Article, Role
from sundry.engines.reading.shapes import Line, Shape

CLOSE_SHARE_MAX = 0.5  # of the texts so many may follow each other without an empty line where such lines part texts
FRONT = frozenset((Shape.HEAD, Shape.DECK, Shape.TAG, Shape.BYLINE))
TEXT = frozenset((Shape.BODY, Shape.CAPTION))
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


@dataclass(slots=True)
class Piece:
    """Lines above, and the text that follows them without a break. Numbers are places in the list of lines."""

    front: list[int] = field(default_factory=list)
    body: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """The pieces of one article. `text`: all its lines with those of subheads, in the order of the file."""

    pieces: list[int]
    front: list[int]
    text: list[int]
    is_loose: bool = False  # begins without any sign of a beginning
    headline: int | None = None
    headline_more: list[int] = field(default_factory=list)  # further lines of it, above or below
    kickers: list[int] = field(default_factory=list)
    subheads: list[int] = field(default_factory=list)


class Desk:
    """What is known of a page so far. `roles`: of lines whose shape does not say it all."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.shapes = [line.shape for line in lines]
        self.roles: dict[int, Role] = {}
        self.boxes: list[Article] = []
        self.groups: list[Group] = []
        self.headlines: set[int] = set()
        bodies = [line for line in lines if line.shape is Shape.BODY]
        self.page = Page(bodies)
        # Texts stand apart by empty lines, so that two lines without one between belong together.
        self.is_apart = sum(line.is_close for line in bodies) <= CLOSE_SHARE_MAX * len(bodies)

    def role(self, number: int) -> Role:
        """What a line is on the page."""
        if number in self.headlines:
            return Role.HEADLINE
        return self.roles.get(number) or _ROLES[self.lines[number].shape]

    def become_text(self, number: int) -> None:
        """A short line that was found to be a piece of a column."""
        self.lines[number] = replace(self.lines[number], shape=Shape.BODY)
        self.shapes[number] = Shape.BODY

    def has_text(self, group: Group) -> bool:
        """Not headlines alone."""
        return any(self.lines[number].shape in TEXT for number in group.text)

    def words(self, numbers: Iterable[int]) -> list[str]:
        """The words of those of the lines that are text."""
        return [self.lines[number].words for number in numbers if self.lines[number].shape in TEXT]

    def is_text(self, number: int) -> bool:
        """A line of body text, or a short line that was found to be one."""
        return self.lines[number].shape is Shape.BODY or self.roles.get(number) is Role.BODY
