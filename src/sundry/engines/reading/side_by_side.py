"""Two columns that were copied line by line: which words belong to the left one, and which to the right.

Problem: a page copied from a screen runs across its columns, and every sentence is torn by the other column's words.

    一季度，云溪县出口茶叶十二        石渡镇昨天举行龙灯会，来
    万吨，比去年多三成。              自各村的队伍走了一夜。

Therefore a gap that stands at one place of many lines parts them, and the left column is read first. Where the gap
itself is lost and the lines only alternate, they are parted when reading every second line takes away nearly all
that is impossible otherwise: a new paragraph or a dateline inside a sentence, a comma after a full stop, a % after a
word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from operator import add
from statistics import median

from sundry.engines.reading.wrapping import Row, is_terminated

LINES_MIN = 4  # with a gap at one place
LINES_SHARE_MIN = 0.5  # of the lines between the first and the last of them
SAME_PLACE_SHARE_MIN = 0.7
HAN_MIN = 5  # characters on each side of the gap, in the middle: less is a table
FAULTS_MIN = 2  # so many faults must go away
WORDS_MIN = 3  # or one, and so many words are whole again
FAULTS_LEFT_MAX = 0.34  # of them so many may remain
ROWS_MAX = 600  # more lines without an empty one are no page
HEADS_MAX = 3  # lines over both columns

_GAP = re.compile(r"(?<=\S)(?:\t+[ \u3000]*|\u3000{2,}| {3,}|[ \u3000]{4,})(?=\S)")
_HAN = re.compile("[\u4e00-\u9fff]")
_NEVER_FIRST = "，。、；：！？”’）》"


def gaps(lines: Sequence[str]) -> dict[int, int]:
    """Line -> where its right column begins (0: all of it is right, its length: all is left); of two columns only."""
    found = {number: list(_GAP.finditer(line)) for number, line in enumerate(lines)}
    single = {number: hits[0] for number, hits in found.items() if len(hits) == 1}
    if len(single) < LINES_MIN or sum(len(hits) > 1 for hits in found.values()) > 0.3 * len(single):
        return {}
    same, middle, measure = max((_at_one_place(lines, single, measure) for measure in (_columns, len)), key=_size)
    inside = [line for line in lines[min(same, default=0) : max(same, default=0) + 1] if line.strip()]
    is_two = len(same) >= max(LINES_MIN, SAME_PLACE_SHARE_MIN * len(single), LINES_SHARE_MIN * len(inside))
    if not is_two or not all(_is_text(side) for side in _sides(lines, single, same)):
        return {}
    first = min(measure(lines[number][: single[number].end()]) for number in same)
    cuts: dict[int, int] = {}
    for number in range(min(same), len(lines)):
        line = lines[number]
        if number > max(same) and (not line.strip() or measure(line.rstrip()) > 2 * middle):
            break  # below the last gap one column may go on alone
        is_right = measure(line[: len(line) - len(line.lstrip())]) >= middle - 2
        cuts[number] = _cut(line, single[number], first, measure) if number in same else 0 if is_right else len(line)
    return cuts


def _cut(line: str, gap: re.Match[str], first: int, measure: Callable[[str], int]) -> int:
    """Where the right column begins: spaces after its edge are those of a new paragraph."""
    cut = gap.end()
    while cut > gap.start() and line[cut - 1] != "\t" and measure(line[: cut - 1]) >= first:
        cut -= 1
    return cut


_Places = tuple[set[int], float, Callable[[str], int]]


def _at_one_place(lines: Sequence[str], hits: dict[int, re.Match[str]], measure: Callable[[str], int]) -> _Places:
    """The lines whose gap ends where most do, that place, and how it was measured."""
    places = {number: measure(lines[number][: hit.end()]) for number, hit in hits.items()}
    middle = median(places.values())
    same = {number for number, place in places.items() if abs(place - middle) <= 2 or "\t" in hits[number][0]}
    return same, middle, measure


def _size(places: _Places) -> int:
    return len(places[0])


def _sides(lines: Sequence[str], hits: dict[int, re.Match[str]], same: set[int]) -> tuple[list[str], list[str]]:
    left = [lines[number][: hits[number].start()] for number in same]
    right = [lines[number][hits[number].end() :] for number in same]
    return left, right


def _is_text(side: Sequence[str]) -> bool:
    return median(len(_HAN.findall(words)) for words in side) >= HAN_MIN


def _columns(words: str) -> int:
    """Printed width: a Chinese character takes two places."""
    return sum(1 + (character > "\u2e7f") for character in words)


def parted(run: Sequence[Row]) -> list[list[Row]]:
    """Printed lines without an empty one between, as one run, or as two where they alternate between two columns."""
    if not 2 * LINES_MIN <= len(run) <= ROWS_MAX:
        return [list(run)]
    plain = [_fault(a, b) for a, b in pairwise(run)]
    total = sum(plain)
    found = _best(run, plain) if total else None
    if found is None or found[0] > FAULTS_LEFT_MAX * total:
        return [list(run)]
    faults, first, end, tail_is_left = found
    block = run[first:end]
    if total - faults < FAULTS_MIN and _words_mended(block) < WORDS_MIN:
        return [list(run)]
    left, right, tail = list(block[::2]), list(block[1::2]), list(run[end:])
    for row in (*left, *right, *tail):
        row.is_beside = True
    out = [left + tail, right] if tail_is_left else [left, right + tail]
    return [list(run[:first]), *out] if first else out


def _words_mended(block: Sequence[Row]) -> int:
    """How many more pairs of characters that stand in the text are made by every second line than by every next one."""
    known = Counter(pair for row in block for pair in map(add, row.words, row.words[1:]))
    next_one, second = (
        sum(known[a.words[-1] + b.words[0]] > 0 for a, b in zip(block, block[step:], strict=False)) for step in (1, 2)
    )
    return second - 2 * next_one


def _best(run: Sequence[Row], plain: Sequence[int]) -> tuple[int, int, int, bool] | None:
    """(faults, first line of two columns, line after them, whether the left one goes on alone) with fewest faults."""
    size = len(run)
    skips = list(accumulate((_fault(run[at], run[at + 2]) for at in range(size - 2)), initial=0))
    after = list(accumulate(plain, initial=0))
    options = []
    for first in range(min(HEADS_MAX, size - 2 * LINES_MIN) + 1):
        for end in range(size, first + 2 * LINES_MIN - 1, -1):
            inner = after[first] + skips[end - 2] - skips[first]
            rest = after[size - 1] - after[end] if end < size else 0
            for tail_is_left in (True, False) if end < size else (True,):
                is_odd = (end - first) % 2  # the left column has the last line of the two
                last_left, last_right = (end - 1, end - 2) if is_odd else (end - 2, end - 1)
                goes, stops = (last_left, last_right) if tail_is_left else (last_right, last_left)
                seam = _fault(run[goes], run[end]) + (not is_terminated(run[stops].words)) if end < size else 0
                options.append((inner + rest + seam, first, end, tail_is_left))
    return min(options, key=lambda each: (each[0], each[1], -each[2]), default=None)


_DATELINE = re.compile(r"^(?:本报|本台|本网|本刊)[^，。：]{0,12}?讯")


def _fault(before: Row, after: Row) -> int:
    """1 where the second line cannot follow the first in one column."""
    is_open = not is_terminated(before.words) and before.words[-1] not in "）)"
    if is_open and (after.indent or _DATELINE.match(after.words)):
        return int(len(before.words) >= 10)  # a shorter one may be a headline
    if not is_open and after.words[0] in _NEVER_FIRST:
        return 1
    return int(after.words[0] in "%‰" and not before.words[-1].isdigit())
