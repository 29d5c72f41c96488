"""Which piece of a column goes on in which: sentences across column breaks, and the order of an article's columns.

Problem: a column ends inside a sentence, and what stands next in the file may be another column's beginning.

    ……要扎实推进茶叶品牌建        the next line in the file begins "东溪县文旅局……": not this one
    设，打通销售的最后一公里。    "建设" stands elsewhere on the page: the sentence goes on here

Therefore a piece that ends without a full stop is joined to the piece whose first characters best go on: what stands on
both sides of the break is looked for elsewhere on the same page (the longer, the surer), brackets and quotation marks
must fit, and the next piece in the file is the likeliest where the page says nothing. Every join has a certainty; one
below CERTAIN is marked, and no number is read across it.

Columns of one article that the file has in the wrong order show by a piece that begins inside a word after one that
ended with a full stop, or that stands after the jump line. They are put into the order in which most breaks fit.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise, permutations, product

from sundry.engines.reading.shapes import Line, is_preposed, is_spoken_start
from sundry.engines.reading.wrapping import CLOSERS, TERMINAL

CERTAIN = 0.7  # a join below it is "uncertain"
NUMBER_CUT = 0.4
PIECES_MAX = 6  # more are left in the order of the file: 720 orders are tried at most
GAIN_MIN = 1.0  # the order of the file is left only for one that is better by this much
_REACH = 4  # characters on each side of a break that are looked for elsewhere

# Characters that end or follow in words and hardly begin a sentence, and the words in which they do begin one.
_BOUND = frozenset("的了着过们性化者述彻矣吧呢吗么率续臻献惠秽益馈泛括致肃括升坛厦榷寥斓")
_FREE = frozenset(
    (
        "了解", "着力", "着眼", "着重", "着手", "着实", "过去", "过往", "性能", "性价", "化工", "化肥",
        "化解", "化妆", "化身", "的确", "率先", "续写", "献礼", "惠及", "惠民", "益民", "致力", "致富", "升级",
    )
)  # fmt: skip
_HAN = re.compile("[\u4e00-\u9fff]")
_REST = re.compile("^(?![但看瞧是对])[\u4e00-\u9fff][，、；。！？：]|^[\u4e00-\u9fff]{2,3}。")  # 设，; 热闹。
_PAIRS = tuple((pair[0], pair[1], re.compile(f"[{pair}]")) for pair in ("“”", "（）", "《》", "‘’"))
_OPENING = "，。、；：！？”’）》】"


def ends_open(line: Line) -> bool:
    """The piece ends inside a sentence."""
    words = line.words.rstrip()
    while words and words[-1] in CLOSERS and len(words) > 1 and (words[-1] in "”’" and words[-2] in TERMINAL + CLOSERS):
        words = words[:-1]
    return bool(words) and words[-1] not in TERMINAL and not line.is_end


class Page:
    """What the page itself knows of which characters follow each other. `lines`: its body pieces."""

    def __init__(self, lines: list[Line]) -> None:
        self._text = "\n" + "\n".join(line.flat for line in lines)
        self._befores: dict[str, tuple[int, int]] = {}

    def starts_inside(self, line: Line) -> bool:
        """The piece begins inside a word or a sentence, by its first characters alone."""
        flat = line.flat
        if not flat or line.is_start:
            return False
        if _REST.match(flat) or flat[0] in _OPENING or (flat[0] in _BOUND and flat[:2] not in _FREE):
            return True
        if not "\u4e00" <= flat[0] <= "\u9fff" or is_spoken_start(flat):
            return False
        total, best = self._before(flat[0])
        return total >= 4 and best >= 0.8 * (total - 1)  # but for this place

    def _before(self, character: str) -> tuple[int, int]:
        """How often the character stands on the page, and after the one that stands before it most."""
        if character not in self._befores:
            seen = Counter(piece[-1:] for piece in self._text.split(character)[:-1])
            best = max((count for before, count in seen.items() if "\u4e00" <= before <= "\u9fff"), default=0)
            self._befores[character] = sum(seen.values()), best
        return self._befores[character]

    def evidence(self, before: Line, after: Line) -> int:
        """How many characters across the break stand together elsewhere on the page: 0, or 2 and more."""
        tail, head = before.flat[-_REACH:], after.flat[:_REACH]
        best = 0
        if not (_HAN.match(tail[-1:]) and _HAN.match(head)):
            return 0  # what stands around a comma says nothing
        if tail[-1] + head[0] not in self._text:
            return 0
        for left, right in product(range(1, len(tail) + 1), range(1, len(head) + 1)):
            if left + right > best and tail[-left:] + head[:right] in self._text:
                best = left + right
        return best

    def certainty(self, before: Line, after: Line, is_next: bool) -> float:
        """0 to 1: the sentence that `before` leaves open goes on in `after`. `is_next`: it stands next in the file."""
        if after.is_start or before.is_cell or after.is_cell:
            return 0.05
        evidence = self.evidence(before, after)
        inside = self.starts_inside(after)
        value = (0.85 if is_next else 0.25) + (0.1 if inside else 0.0) + 0.04 * min(evidence, 3)
        if not is_next:
            value += 0.25 * (evidence >= 2) + 0.15 * (evidence >= 3) + 0.1 * inside
        if is_spoken_start(after.flat) and evidence < 3:
            value -= 0.1 if is_preposed(after.flat) else 0.45
        value += _brackets(before.flat, after.flat)
        if before.flat[-1:].isdecimal() and after.flat[:1].isdecimal():
            value = min(value, NUMBER_CUT)  # nothing says that the two are one number
        return round(min(0.99, max(0.02, value)), 2)

    def in_order(self, pieces: list[list[Line]]) -> list[list[Line]]:
        """The columns of one article, in the order of the file, put into the order of reading."""
        if not 1 < len(pieces) <= PIECES_MAX:
            return pieces
        links = {(a, b): self._link(pieces[a], pieces[b], b == a + 1)
                 for a, b in product(range(len(pieces)), repeat=2) if a != b}  # fmt: skip
        first = [3.0 * any(line.is_start for line in piece[:1]) - self.starts_inside(piece[0]) for piece in pieces]
        last = [2.0 * piece[-1].is_end for piece in pieces]

        def worth(order: tuple[int, ...]) -> float:
            inner = sum(links[pair] for pair in pairwise(order))
            return first[order[0]] + last[order[-1]] + inner

        best = max(permutations(range(len(pieces))), key=worth)  # the order of the file comes first, and wins a tie
        as_filed = tuple(range(len(pieces)))
        order = best if worth(best) - worth(as_filed) >= GAIN_MIN else as_filed
        return [pieces[number] for number in order]

    def _link(self, left: list[Line], right: list[Line], is_next: bool) -> float:
        is_open, inside = ends_open(left[-1]), self.starts_inside(right[0])
        if is_open:
            return 2.0 * self.certainty(left[-1], right[0], is_next) + 0.2 * is_next
        return 0.3 * is_next - 0.6 * inside


def _brackets(before: str, after: str) -> float:
    """What brackets and quotation marks say of a break: closed on the other side, or opened twice."""
    for opener, closer, either in _PAIRS:
        is_inside = before.rfind(opener) > before.rfind(closer)
        first = either.search(after)
        if is_inside and opener != "‘":
            return 0.1 if first and first[0] == closer else -0.2
        if not is_inside and first and first[0] == closer and before.count(opener) <= before.count(closer):
            return -0.3
    return 0.0
