"""Fewest forms: put whole pieces on as few forms as the limits of value and of items allow.

Problem: this is bin packing with two limits (USD 150,000.00 and 50 items), and the second depends on which kinds share
a form, because the rest merges by chapter. Worked case, limit 100: pieces 60 50 40 30 20. They sum to 200, so two forms
at least. Filling in order gives 60+40, 50+30+20: two forms, proved fewest. But 45 40 35 30 25 25 fill as 45+40,
35+30+25, 25: three, where 45+30+25, 40+35+25 are two.

Therefore:
1. A lower bound that no packing can beat: by value (large pieces that cannot share a form, by dual feasible functions)
   and by items (every chapter and every kind that never merges takes a row on some form).
2. For a number of forms, from that bound upward, `_pour`: blocks (all pieces of one kind) by value, the largest first,
   each into the fullest form that takes it, or into the emptiest; a block that fits nowhere is broken into its pieces.
   So the lines of one code stay together where that costs no form.
3. Where the bound is missed, forms are filled as full as they go, and for small shipments searched exactly within a
   limited number of steps (filling.py); a search that ends by itself without an answer is a proof.

Guarantees: no form above a limit; every piece on exactly one form; the same input gives the same forms. Not guaranteed:
the fewest forms when `forms_min` is below the number returned (see docs/algorithms/declaring.md for how often).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, field

from sundry.engines.declaring.filling import exact, greedy
from sundry.engines.declaring.rules import Rules1039
from sundry.engines.declaring.simplifying import Kind, Piece, items_count

_BOUND_STEPS = 20  # dual feasible functions tried: they tell pieces down to a 21st of a form apart
_SCAN_MAX = 200  # forms looked at for one block before it counts as fitting nowhere
_TRIED_MAX = 20_000  # pieces in all the trials between the bound and a first answer
_TRIALS_MAX = 12
_SEARCHED_MAX = 400  # more pieces than this are not searched exactly


@dataclass(frozen=True, slots=True)
class Block:
    """Pieces of one kind that travel together while they can. Largest piece first."""

    kind: Kind
    value: int
    pieces: tuple[Piece, ...]


@dataclass
class Form:
    """A form being filled. `rows_max` bounds its items from above without sorting its kinds."""

    rules: Rules1039
    value: int = 0
    kinds: dict[Kind, int] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    _chapters: dict[str, int] = field(default_factory=dict)
    _ordinary: int = 0

    def takes(self, block: Block) -> bool:
        if self.value + block.value > self.rules.form_value_max_usd_cents:
            return False
        if self._rows_max(block.kind) <= self.rules.form_items_max:
            return True
        if self.is_full_of_apart:
            return block.kind in self.kinds
        values = dict(self.kinds)
        values[block.kind] = values.get(block.kind, 0) + block.value
        return items_count(values, self.rules) <= self.rules.form_items_max

    @property
    def free(self) -> int:
        return self.rules.form_value_max_usd_cents - self.value

    @property
    def is_full_of_apart(self) -> bool:
        """Only kinds that never merge, and as many as there are rows."""
        return not self._ordinary and len(self.kinds) >= self.rules.form_items_max

    def put(self, block: Block) -> None:
        kind = block.kind
        self.value += block.value
        self.blocks.append(block)
        if kind not in self.kinds and kind.ordinary:
            self._ordinary += 1
            self._chapters[kind.chapter] = self._chapters.get(kind.chapter, 0) + 1
        self.kinds[kind] = self.kinds.get(kind, 0) + block.value

    def _rows_max(self, extra: Kind) -> int:
        apart, ordinary, chapters = len(self.kinds) - self._ordinary, self._ordinary, len(self._chapters)
        if extra not in self.kinds:
            if extra.ordinary:
                ordinary += 1
                chapters += extra.chapter not in self._chapters
            else:
                apart += 1
        itemised = self.rules.itemised_max
        return apart + (ordinary if ordinary <= itemised else itemised + min(chapters, ordinary - itemised))


def fewest_forms(pieces: Sequence[Piece], rules: Rules1039) -> tuple[list[list[Piece]], int]:
    """The pieces of each form, and a number of forms that is proved to be needed.

    No piece may be above the value limit. Forms stand in the order of their first line.
    """
    if not pieces:
        return [], 0
    blocks = _blocks(pieces)
    singles = [Block(piece.kind, piece.part.value_usd_cents, (piece,)) for block in blocks for piece in block.pieces]
    singles.sort(key=_largest_first)
    bound = _bound(singles, rules)
    forms, proved = _search_from(bound, blocks, singles, rules)
    sorted_forms = sorted(
        ([piece for block in form.blocks for piece in block.pieces] for form in forms),
        key=lambda on_form: min(piece.part.line for piece in on_form),
    )
    return sorted_forms, proved


def _blocks(pieces: Sequence[Piece]) -> list[Block]:
    """One block a kind, the largest first."""
    by_kind: dict[Kind, list[Piece]] = {}
    for piece in pieces:
        by_kind.setdefault(piece.kind, []).append(piece)
    blocks = [
        Block(
            kind,
            sum(piece.part.value_usd_cents for piece in of_kind),
            tuple(sorted(of_kind, key=lambda piece: (-piece.part.value_usd_cents, piece.part.line))),
        )
        for kind, of_kind in by_kind.items()
    ]
    return sorted(blocks, key=_largest_first)


def _largest_first(block: Block) -> tuple[int, Kind, int]:
    return -block.value, block.kind, block.pieces[0].part.line


def _bound(singles: Sequence[Block], rules: Rules1039) -> int:
    """Forms that are needed at least, by value and by items."""
    limit = rules.form_value_max_usd_cents
    values = [block.value for block in singles]
    by_value = max(_value_bound(values, limit), 1)
    kinds = {block.kind for block in singles}
    rows = sum(not kind.ordinary for kind in kinds) + len({kind.chapter for kind in kinds if kind.ordinary})
    by_items = -(-rows // rules.form_items_max)
    if by_value == by_items == 1:
        totals: dict[Kind, int] = {}
        for block in singles:
            totals[block.kind] = totals.get(block.kind, 0) + block.value
        by_items += items_count(totals, rules) > rules.form_items_max
    return max(by_value, by_items)


def _value_bound(values: Sequence[int], limit: int) -> int:
    """Dual feasible functions (Fekete and Schepers 2001): each maps values so that what fits a form still fits one.

    u_k rounds value * (k + 1) / limit down to a kth, unless it is whole; so three pieces of 0.34 count as half each.
    The other drops pieces below a threshold, and counts those above limit - threshold as a whole form.
    """
    best = -(-sum(values) // limit)
    large = [value for value in values if value * (_BOUND_STEPS + 1) >= limit]
    for k in range(1, _BOUND_STEPS + 1):
        twice = 0  # in units of 1 / (k * limit)
        for value in large:
            times = value * (k + 1)
            twice += value * k if times % limit == 0 else times // limit * limit
        best = max(best, -(-twice // (k * limit)))
    for threshold in sorted({value for value in large if 2 * value <= limit}):
        whole = sum(value > limit - threshold for value in large)
        rest = sum(value for value in large if threshold <= value <= limit - threshold)
        best = max(best, whole + -(-rest // limit))
        if threshold > 0 and len(large) > _SEARCHED_MAX:
            break  # the square of many pieces is too dear; the functions above have told most of it
    return best


def _search_from(
    bound: int, blocks: Sequence[Block], singles: Sequence[Block], rules: Rules1039
) -> tuple[list[Form], int]:
    """Forms and what is proved to be needed: the bound if it can be reached, else the fewest found."""
    if forms := _poured(bound, blocks, singles, rules):
        return forms, bound
    values, limit, most = [block.value for block in singles], rules.form_value_max_usd_cents, rules.form_items_max
    tried = [_pour(order, rules, None, False) for order in (blocks, singles)]
    tried.append(_as_forms(greedy(values, limit, most), singles, rules))
    best = min((forms for forms in tried if forms), key=len)
    for count in _between(bound, len(best), len(singles)):
        if len(forms := _as_forms(greedy(values, limit, most, count), singles, rules)) < len(best):
            best = forms
    for count in _between(bound, len(best), len(singles)):
        if count < len(best) and (poured := _poured(count, blocks, singles, rules)):
            best = poured
    while len(best) > bound and len(singles) <= _SEARCHED_MAX:
        found, impossible = exact(values, limit, most, len(best) - 1)
        if found is None:
            return best, len(best) if impossible else bound
        best = _as_forms(found, singles, rules)
    return best, bound


def _between(bound: int, found: int, pieces: int) -> list[int]:
    """Numbers of forms worth a trial, from the bound to one less than found; fewer trials of many pieces."""
    trials = min(max(_TRIED_MAX // pieces, 1), _TRIALS_MAX)
    step = max((found - bound) // trials, 1)
    return list(range(bound, found, step))[:trials]


def _as_forms(chosen: Sequence[Sequence[int]], singles: Sequence[Block], rules: Rules1039) -> list[Form]:
    """So many kinds as a form has rows always fit, whatever merges: filling.py puts no more on a form."""
    forms = []
    for members in chosen:
        form = Form(rules)
        for i in members:
            form.put(singles[i])
        forms.append(form)
    return forms


def _poured(count: int, blocks: Sequence[Block], singles: Sequence[Block], rules: Rules1039) -> list[Form] | None:
    """The ways of pouring, those first that keep codes together."""
    for order, emptiest in ((blocks, False), (blocks, True), (singles, False), (singles, True)):
        if forms := _pour(order, rules, count, emptiest):
            return forms
    return None


def _pour(blocks: Sequence[Block], rules: Rules1039, count: int | None, emptiest: bool) -> list[Form] | None:
    """Blocks in their order onto `count` forms (None: as many as it takes), None where they do not fit."""
    pour = _Pouring(rules, count, emptiest)
    for block in blocks:
        if pour.place(block):
            continue
        singles = [Block(block.kind, piece.part.value_usd_cents, (piece,)) for piece in block.pieces]
        if not all(pour.place(single) for single in singles):
            return None
    return [form for form in pour.forms if form.blocks]


class _Pouring:
    """Forms being filled, kept in the order of what they can still take."""

    def __init__(self, rules: Rules1039, count: int | None, emptiest: bool) -> None:
        self._rules = rules
        self._grows = count is None
        self._emptiest = emptiest
        self.forms = [Form(rules) for _ in range(count or 0)]
        self._by_free = sorted((form.free, i) for i, form in enumerate(self.forms))
        self._homes: dict[Kind, list[int]] = {}

    def place(self, block: Block) -> bool:
        """Put the block on a form; False where no form takes it."""
        index = self._home(block)
        if index is None:
            index = self._among_all(block)
        if index is None:
            if not self._grows or block.value > self._rules.form_value_max_usd_cents:
                return False
            index = len(self.forms)
            self.forms.append(Form(self._rules))
            insort(self._by_free, (self.forms[index].free, index))
        self._put(block, index)
        return True

    def _home(self, block: Block) -> int | None:
        """A form that holds the block's kind already."""
        return next((i for i in self._homes.get(block.kind, ()) if self.forms[i].takes(block)), None)

    def _among_all(self, block: Block) -> int | None:
        first = bisect_left(self._by_free, (block.value, -1))
        places = range(first, min(first + _SCAN_MAX, len(self._by_free)))
        if self._emptiest:
            places = range(len(self._by_free) - 1, max(first, len(self._by_free) - _SCAN_MAX) - 1, -1)
        return next((i for _, i in (self._by_free[p] for p in places) if self.forms[i].takes(block)), None)

    def _put(self, block: Block, index: int) -> None:
        form = self.forms[index]
        place = bisect_left(self._by_free, (form.free, index))
        if place < len(self._by_free) and self._by_free[place] == (form.free, index):
            del self._by_free[place]
        if block.kind not in form.kinds:
            self._homes.setdefault(block.kind, []).append(index)
        form.put(block)
        if not form.is_full_of_apart:
            insort(self._by_free, (form.free, index))
