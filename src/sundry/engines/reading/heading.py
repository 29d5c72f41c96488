"""Headlines of a page: whose each is, and what the other short lines are.

Problem: over a text stand a slogan of the page, a kicker, the headline, a subtitle and the name of a series; under it
may stand the headline of this text and the kicker of the next.

    县政府常务会议研究防汛备汛工作        kicker: it says best what happened
    抓细抓实汛前检查 守住山塘水库安全     headline: the last of the usual level
    县长许志远主持                        subhead

Therefore in each run of short lines one is the main one by its place, and the main ones are given to the texts all at
once (headlines.py): standing right above counts, but little for a line that says what another text says. The rest is
named by where it stands.
"""

from __future__ import annotations

from itertools import pairwise

from sundry.engines.reading.boxes import fill_index
from sundry.engines.reading.desk import Desk, Group
from sundry.engines.reading.grouping import usual_level
from sundry.engines.reading.headlines import Texts, assigned
from sundry.engines.reading.model import Role
from sundry.engines.reading.shapes import NUMBERED, Shape

NONE = 0.2  # what "no headline" is worth, see _worth
HEADLINE_LINES_MAX = 4
LINE_RATIO_MIN = 0.5  # the lines of one headline are about as long


def give_headlines(desk: Desk) -> None:
    """Headlines to texts, all at once; then kickers, subheads and banners by where they stand."""
    owners = [group for group in desk.groups if desk.has_text(group)]
    runs = [(group, group.front) for group in desk.groups if group.front]
    heads = [number for _, front in runs for number in front if desk.lines[number].shape is Shape.HEAD]
    if not owners or not heads:
        _leftovers(desk, runs, owners, {})
        return
    texts = Texts([desk.words(group.text) for group in owners])
    mains = {number for _, front in runs for number in _mains(desk, front)}
    above = {number: place for place, group in enumerate(owners) for number in group.front}
    below = {number: place for number in heads if (place := _text_above(desk, number, owners)) is not None}
    worth = [[_worth(desk, texts, row, number, mains, above, below) for number in heads] for row in range(len(owners))]
    owner_of: dict[int, int] = {}
    for row, column in enumerate(assigned(worth, NONE)):
        if column is not None:
            owners[row].headline = heads[column]
            desk.headlines.add(heads[column])
            owner_of[heads[column]] = row
    _pass_kickers(desk, runs, owners, owner_of, texts)
    _complete_headlines(desk, runs, owners, owner_of)
    _leftovers(desk, runs, owners, owner_of, texts)
    fill_index(desk, texts)


def _pass_kickers(
    desk: Desk, runs: list[tuple[Group, list[int]]], owners: list[Group], owner_of: dict[int, int], texts: Texts
) -> None:
    """Of two short lines for one text the lower is its headline, and the upper its kicker."""
    for group, front in runs:
        for number, lower in pairwise(front):
            row = owner_of.get(number)
            if row is None or lower in owner_of or desk.lines[lower].shape is not Shape.HEAD or owners[row] is group:
                continue
            words = desk.lines[lower].words
            levels = [desk.lines[each].level or 7 for each in (number, lower)]
            others = max((texts.share(words, each) for each in range(len(owners)) if each != row), default=0.0)
            if levels[1] <= levels[0] and texts.share(words, row) >= max(0.35, others + 0.1):
                del owner_of[number]
                desk.headlines.discard(number)
                owner_of[lower] = row
                owners[row].headline = lower
                desk.headlines.add(lower)


def _complete_headlines(
    desk: Desk, runs: list[tuple[Group, list[int]]], owners: list[Group], owner_of: dict[int, int]
) -> None:
    """Headlines of more than one line: all their lines are the headline."""
    for _, front in runs:
        for number in [each for each in front if each in owner_of]:
            row = owner_of[number]
            place = front.index(number)
            lines = [number]
            while place and _is_one(desk, front, place - 1, owner_of):
                place -= 1
                lines.insert(0, front[place])
            place = front.index(number)
            while place + 1 < len(front) and _is_one(desk, front, place, owner_of):
                place += 1
                lines.append(front[place])
            for line in lines[:HEADLINE_LINES_MAX]:
                owner_of[line] = row
                desk.headlines.add(line)
            owners[row].headline_more = [line for line in lines[:HEADLINE_LINES_MAX] if line != number]


def _is_one(desk: Desk, front: list[int], place: int, owner_of: dict[int, int]) -> bool:
    """The short line at `place` and the next one are two lines of one headline."""
    a, b = front[place], front[place + 1]
    first, second = desk.lines[a], desk.lines[b]
    shapes = {first.shape, second.shape}
    if b != a + 1 or shapes != {Shape.HEAD} or first.level != second.level or {a, b} <= owner_of.keys():
        return False
    if NUMBERED.match(second.flat) or _is_subhead_like(desk, b) or _is_question(desk, b):
        return False
    if any(first.span[0] < line.span[0] < second.span[0] for line in desk.lines):  # two columns side by side
        return False
    if desk.is_apart and second.is_close:
        return True
    if first.flat[-1] in "，、：—" or first.flat.count("“") > first.flat.count("”") or second.flat[0] in "，、：”":
        return True
    # Of three lines of one level the first is the kicker; which of the others is more cannot be told.
    heads = [each for each in front if desk.lines[each].shape is Shape.HEAD and desk.lines[each].level == first.level]
    sizes = sorted((len(first.flat), len(second.flat)))
    return bool(first.level) and len(heads) == 3 and heads[1:] == [a, b] and sizes[0] >= LINE_RATIO_MIN * sizes[1]


def _text_above(desk: Desk, number: int, owners: list[Group]) -> int | None:
    """The article whose text ends last before this line."""
    ends = {max(each for each in group.text if each < number): place
            for place, group in enumerate(owners) if any(each < number for each in group.text)}  # fmt: skip
    return ends[max(ends)] if ends else None


def _mains(desk: Desk, front: list[int]) -> list[int]:
    """In each run of short lines the one that is most a headline: the last one of the usual level, no question."""
    parts: list[list[int]] = [[]]
    for number in front:
        line = desk.lines[number]
        if line.shape is Shape.HEAD and parts[-1] and desk.lines[parts[-1][-1]].shape is Shape.DECK:
            parts.append([])
        parts[-1].append(number)
    levels = [line.level for number, line in enumerate(desk.lines) if line.level and line.shape is Shape.HEAD]
    usual = usual_level(levels) if levels else 0
    out = []
    for part in parts:
        heads = [number for number in part if desk.lines[number].shape is Shape.HEAD]
        heads = [number for number in heads if not NUMBERED.match(desk.lines[number].flat)] or heads
        plain = [number for number in heads if not _is_question(desk, number)] or heads
        marked = [number for number in plain if desk.lines[number].level == usual] or plain
        if len(marked) > 1 and _is_subhead_like(desk, marked[-1]) and not _is_subhead_like(desk, marked[-2]):
            marked.pop()  # the article begins with its first subhead
        out += marked[-1:]
    return out


def _is_subhead_like(desk: Desk, number: int) -> bool:
    """A comma within: headlines part their halves by spaces."""
    line = desk.lines[number]
    return len(line.flat) >= 9 and "，" in line.flat and " " not in line.words


def _is_question(desk: Desk, number: int) -> bool:
    flat = desk.lines[number].flat
    return flat[-1] in "？！" and len(flat) <= 10


def _worth(
    desk: Desk, texts: Texts, row: int, number: int, mains: set[int], above: dict[int, int], below: dict[int, int]
) -> float:
    """How much a headline speaks for a text: what they share, and where it stands: above, below, elsewhere."""
    words = desk.lines[number].words
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
    desk: Desk,
    runs: list[tuple[Group, list[int]]],
    owners: list[Group],
    owner_of: dict[int, int],
    texts: Texts | None = None,
) -> None:
    """Short lines that are nobody's headline."""
    for run, (group, front) in enumerate(runs):
        heads = [number for number in front if number in owner_of]
        for place, number in enumerate(front):
            shape = desk.lines[number].shape
            if number in owner_of or shape is Shape.BYLINE:
                continue
            if _is_question(desk, number) and place == len(front) - 1 and group.text:
                desk.roles[number] = Role.BODY
                group.text.insert(0, number)
                continue
            after = next((each for each in heads if each > number), None)
            before = next((each for each in reversed(heads) if each < number), None)
            if run == 0 and place == 0 and _is_banner(desk, number, front, owners, texts, after):
                desk.roles[number] = Role.BANNER
            elif before is not None and (after is None or shape is Shape.DECK):
                is_next = owners[owner_of[before]] is not group and shape is Shape.HEAD and bool(group.text)
                _take(desk, number, Role.SUBHEAD, group if is_next else owners[owner_of[before]])
            elif after is not None:
                _take(desk, number, Role.KICKER, owners[owner_of[after]])
            elif group.text and group.headline is not None:
                _take(desk, number, Role.SUBHEAD, group)


def _take(desk: Desk, number: int, role: Role, group: Group) -> None:
    if desk.lines[number].shape is Shape.TAG:
        role = Role.KICKER
    desk.roles[number] = role
    (group.kickers if role is Role.KICKER else group.subheads).append(number)


def _is_banner(
    desk: Desk, number: int, front: list[int], owners: list[Group], texts: Texts | None, after: int | None
) -> bool:
    """The first line of a page that is no headline: over more than one article, or over a kicker as well."""
    if texts is None or after is None or desk.lines[number].shape is not Shape.HEAD:
        return after is None
    heads = [
        each for each in front if desk.lines[each].shape is Shape.HEAD and not NUMBERED.match(desk.lines[each].flat)
    ]
    if len(owners) == 1:
        return False
    shares = [texts.share(desk.lines[number].words, row) for row in range(len(owners))]
    own = next((row for row, group in enumerate(owners) if group.headline == after), 0)
    others = [share for row, share in enumerate(shares) if row != own]
    return len(heads) >= 3 or shares[own] < 0.5 or max(others, default=0.0) >= 0.8 * shares[own]
