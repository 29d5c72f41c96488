from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sundry.engines.declaring.grouping import fewest_forms
from sundry.engines.declaring.rules import DeclarableLine, Part, Rules1039
from sundry.engines.declaring.simplifying import Kind, Piece, items_count, kind_of

MakeLine = Callable[..., DeclarableLine]
LIMIT = 15_000_000

codes = st.one_of(
    st.none(), st.sampled_from(["950300", "950450", "420292", "392690", "611020", "9503", "851310", "640299"])
)
kinds = st.tuples(codes, st.sampled_from(["cup", "hat", ""]), st.booleans(), st.integers(0, LIMIT))


def pieces_of(lines: Sequence[DeclarableLine], rules: Rules1039) -> list[Piece]:
    return [
        Piece(kind_of(line, rules), Part(line.line, line.cartons, line.pieces, line.value_usd_cents, 1, 1))
        for line in lines
    ]


def values_of(form: Sequence[Piece]) -> dict[Kind, int]:
    values: dict[Kind, int] = {}
    for piece in form:
        values[piece.kind] = values.get(piece.kind, 0) + piece.part.value_usd_cents
    return values


def by_line(piece: Piece) -> int:
    return piece.part.line


def assert_sound(forms: list[list[Piece]], pieces: list[Piece], rules: Rules1039) -> None:
    assert sorted((p for form in forms for p in form), key=by_line) == sorted(pieces, key=by_line)
    for form in forms:
        assert sum(piece.part.value_usd_cents for piece in form) <= rules.form_value_max_usd_cents
        assert items_count(values_of(form), rules) <= rules.form_items_max
    firsts = [min(piece.part.line for piece in form) for form in forms]
    assert firsts == sorted(firsts)


@pytest.mark.parametrize("items_max", [50, 3])
@given(found=st.lists(kinds, max_size=40))
@settings(deadline=None)
def test_no_form_above_a_limit_no_piece_lost_and_the_same_every_time(
    items_max: int, found: list[tuple[str | None, str, bool, int]], rules: Rules1039, line: MakeLine
) -> None:
    rules = replace(rules, form_items_max=items_max, itemised_max=1 if items_max == 3 else 5)
    lines = [line(i, hs, value, name=name, inspection=flag) for i, (hs, name, flag, value) in enumerate(found)]
    pieces = pieces_of(lines, rules)
    forms, least = fewest_forms(pieces, rules)
    assert_sound(forms, pieces, rules)
    assert -(-sum(piece.part.value_usd_cents for piece in pieces) // LIMIT) <= len(forms)
    assert least <= len(forms)
    assert fewest_forms(pieces[::-1], rules) == (forms, least)


@given(st.lists(st.integers(1, LIMIT), min_size=1, max_size=14))
@settings(deadline=None)
def test_small_shipments_are_proved_fewest(rules: Rules1039, line: MakeLine, values: list[int]) -> None:
    pieces = pieces_of([line(i, "950300", value) for i, value in enumerate(values)], rules)
    forms, least = fewest_forms(pieces, rules)
    assert_sound(forms, pieces, rules)
    assert len(forms) == least


@pytest.mark.parametrize(
    ("values", "forms"),
    [
        ([15_000_000], 1),
        ([7_500_000, 7_500_000], 1),
        ([7_500_001, 7_500_000], 2),
        ([5_000_000] * 9, 3),
        ([5_000_001] * 9, 5),  # by sum four would do
        ([6_750_000, 6_000_000, 5_250_000, 4_500_000, 3_750_000, 3_750_000], 2),  # the worked case
        ([0] * 200, 1),
    ],
)
def test_counts(rules: Rules1039, line: MakeLine, values: list[int], forms: int) -> None:
    assert len(fewest_forms(pieces_of([line(i, "950300", v) for i, v in enumerate(values)], rules), rules)[0]) == forms


@pytest.mark.parametrize(("count", "forms"), [(50, 1), (51, 2), (100, 2), (101, 3)])
def test_kinds_that_never_merge_fill_rows(rules: Rules1039, line: MakeLine, count: int, forms: int) -> None:
    lines = [line(i, None, 100) for i in range(count)]
    found, least = fewest_forms(pieces_of(lines, rules), rules)
    assert len(found) == least == forms


def test_chapters_fill_rows(rules: Rules1039, line: MakeLine) -> None:
    """60 chapters of one kind each are 60 rows: two forms, though the value fits one."""
    lines = [line(i, f"{i + 1:02d}0110", 100) for i in range(60)]
    pieces = pieces_of(lines, rules)
    forms, least = fewest_forms(pieces, rules)
    assert_sound(forms, pieces, rules)
    assert len(forms) == least == 2


def test_both_limits_bind_together(rules: Rules1039, line: MakeLine) -> None:
    """300 names, six forms by rows and six by value: the large ones must spread over all forms."""
    values = [4_000_000 if i < 18 else 20_000 for i in range(300)]
    pieces = pieces_of([line(i, None, value) for i, value in enumerate(values)], rules)
    forms, least = fewest_forms(pieces, rules)
    assert_sound(forms, pieces, rules)
    assert len(forms) == least == 6


def test_lines_of_one_code_stay_together_where_it_costs_no_form(rules: Rules1039, line: MakeLine) -> None:
    lines = [line(i, f"9503{i % 10:02d}", 900_000 + i) for i in range(60)]  # ten codes of six lines: 54,000 a code
    forms, least = fewest_forms(pieces_of(lines, rules), rules)
    assert len(forms) == least == 4
    homes = [{piece.kind for piece in form} for form in forms]
    scattered = sum(sum(kind in home for home in homes) > 1 for kind in set().union(*homes))
    assert scattered <= 3  # four forms have three seams


def test_a_code_worth_more_than_a_form_takes_several(rules: Rules1039, line: MakeLine) -> None:
    pieces = pieces_of([line(i, "950300", 4_000_000) for i in range(10)], rules)
    forms, least = fewest_forms(pieces, rules)
    assert_sound(forms, pieces, rules)
    assert len(forms) == least == 4


def test_many_equal_lines_end_quickly_with_the_fewest(rules: Rules1039, line: MakeLine) -> None:
    pieces = pieces_of([line(i, "950300", 5_100_000) for i in range(2_000)], rules)
    forms, least = fewest_forms(pieces, rules)
    assert len(forms) == least == 1_000


def test_nothing_needs_no_form(rules: Rules1039) -> None:
    assert fewest_forms([], rules) == ([], 0)
