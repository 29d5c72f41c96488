from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from sundry.engines.declaring.rules import DeclarableLine, DeclaredItem, Part, Rules1039, TariffRow
from sundry.engines.declaring.simplifying import Piece, items_count, items_of, kind_of

MakeLine = Callable[..., DeclarableLine]


def whole(line: DeclarableLine, rules: Rules1039) -> Piece:
    part = Part(line.line, line.cartons, line.pieces, line.value_usd_cents, line.gross_g, line.net_g)
    return Piece(kind_of(line, rules), part)


def items(
    lines: Sequence[DeclarableLine], rules: Rules1039, tariff: dict[str, TariffRow] | None = None
) -> tuple[DeclaredItem, ...]:
    made = items_of([whole(line, rules) for line in lines], {line.line: line for line in lines}, rules, tariff)
    values: dict[object, int] = {}
    for line in lines:
        values[kind_of(line, rules)] = values.get(kind_of(line, rules), 0) + line.value_usd_cents
    assert items_count(values, rules) == len(made)  # type: ignore[arg-type]
    return made


def told(made: Sequence[DeclaredItem]) -> list[tuple[str | None, bool, int]]:
    return [(item.hs, item.merged, item.value_usd_cents) for item in made]


@pytest.fixture
def eight(line: MakeLine) -> list[DeclarableLine]:
    """The worked case of simplifying.py."""
    kinds = ("950300", 90), ("420292", 80), ("392690", 70), ("851310", 60), ("640299", 50)
    rest = ("950450", 40), ("950510", 30), ("611020", 20)
    return [line(i, hs, value) for i, (hs, value) in enumerate((*kinds, *rest))]


def test_the_five_of_highest_value_stand_alone_and_the_rest_merges_by_chapter(
    eight: list[DeclarableLine], rules: Rules1039
) -> None:
    assert told(items(eight, rules)) == [
        ("950300", False, 90),
        ("420292", False, 80),
        ("392690", False, 70),
        ("851310", False, 60),
        ("640299", False, 50),
        ("611020", False, 20),  # one kind is no merger
        ("950450", True, 70),  # repeats the chapter of an itemised one
    ]


def test_five_kinds_do_not_merge_and_the_sixth_does(line: MakeLine, rules: Rules1039) -> None:
    lines = [line(i, f"95030{i}", 60 - i) for i in range(7)]
    assert [item.merged for item in items(lines[:5], rules)] == [False] * 5
    assert [item.merged for item in items(lines[:6], rules)] == [False] * 6
    assert [item.merged for item in items(lines, rules)] == [False] * 5 + [True]


def test_a_kind_is_a_full_code(line: MakeLine, rules: Rules1039) -> None:
    made = items(
        [line(0, "950300", 1), line(1, "95030021", 2), line(2, "9503002100", 4), line(3, "9503002100", 8)], rules
    )
    assert told(made) == [("9503002100", False, 12), ("95030021", False, 2), ("950300", False, 1)]
    assert [part.line for part in made[0].parts] == [2, 3]


def test_the_order_of_kinds_counts_all_lines_of_a_kind(line: MakeLine, rules: Rules1039) -> None:
    """Two lines of 30 are a kind of 60, above one line of 50."""
    assert [
        item.hs for item in items([line(0, "950300", 50), line(1, "420292", 30), line(2, "420292", 30)], rules)
    ] == [
        "420292",
        "950300",
    ]


def test_goods_under_inspection_or_duty_stand_in_addition_and_are_never_merged(
    eight: list[DeclarableLine], line: MakeLine, rules: Rules1039
) -> None:
    checked = line(8, "950510", 500, inspection=True)
    dutiable = line(9, "950510", 600, export_duty=True)
    made = items([*eight, checked, dutiable], rules)
    assert told(made)[5:7] == [("950510", False, 600), ("950510", False, 500)]
    assert [(item.inspection, item.export_duty) for item in made[5:7]] == [(False, True), (True, False)]
    assert told(made)[:5] == told(items(eight, rules))[:5]
    assert told(made)[7:] == told(items(eight, rules))[5:]


def test_lines_without_a_code_stand_by_name_and_never_merge(
    eight: list[DeclarableLine], line: MakeLine, rules: Rules1039
) -> None:
    named = [line(8, None, 3, name="cup"), line(9, None, 4, name="cup"), line(10, None, 9, name="hat")]
    nameless = [line(11, None, 2, name=""), line(12, None, 1, name=" ")]
    made = items([*eight, *named, *nameless], rules)
    assert [(i.hs, i.name, i.merged, i.value_usd_cents) for i in made[5:9]] == [
        (None, "hat", False, 9),
        (None, "cup", False, 7),
        (None, "", False, 2),
        (None, " ", False, 1),
    ]
    assert len(made) == 7 + 4


def test_a_malformed_code_stands_alone_as_given(eight: list[DeclarableLine], line: MakeLine, rules: Rules1039) -> None:
    made = items([*eight, line(8, "9503", 1000), line(9, "770110", 1)], rules)
    assert told(made)[5:7] == [("9503", False, 1000), ("770110", False, 1)]


def test_equal_values_stand_by_code(line: MakeLine, rules: Rules1039) -> None:
    codes = ["950300", "420292", "392690", "851310", "640299", "611020", "610910"]
    forwards = items([line(i, hs, 10) for i, hs in enumerate(codes)], rules)
    backwards = items([line(6 - i, hs, 10) for i, hs in enumerate(reversed(codes))][::-1], rules)
    assert told(forwards) == told(backwards)
    assert [item.hs for item in forwards[:5]] == sorted(codes)[:5]


def test_the_name_and_unit_are_those_of_the_leading_line(line: MakeLine, rules: Rules1039) -> None:
    cheap, dear = line(0, "950300", 10, name="ball", unit="set"), line(1, "950300", 20, name="car", unit="piece")
    (item,) = items([cheap, dear], rules)
    assert (item.name, item.unit) == ("car", "piece")


def test_an_unknown_weight_makes_the_sum_unknown(line: MakeLine, rules: Rules1039) -> None:
    (item,) = items([line(0, "950300", 1, gross_g=None), line(1, "950300", 2)], rules)
    assert (item.gross_g, item.net_g) == (None, 18_000)


def test_the_pack_of_2017_merges_all_chapters_under_the_code_of_most_cartons(
    eight: list[DeclarableLine], rules: Rules1039
) -> None:
    then = Rules1039.at(date(2026, 11, 2), pack="chapters_by_cartons")
    eight[6] = replace(eight[6], cartons=11)
    assert told(items(eight, then)) == [
        ("392690", False, 70),
        ("420292", False, 80),
        ("611020", False, 20),
        ("640299", False, 50),
        ("851310", False, 60),
        ("950510", True, 160),
    ]


def test_legal_quantities(line: MakeLine, rules: Rules1039) -> None:
    tariff = {
        "950300": TariffRow("950300", "kg"),
        "420292": TariffRow("420292", "piece"),
        "392690": TariffRow("392690", "m2"),
    }
    lines = [
        line(0, "950300", 5, net_g=90_050),
        line(1, "420292", 4, pieces=7),
        line(2, "392690", 3),
        line(3, "640299", 2),
    ]
    made = items(lines, rules, tariff)
    assert [(item.legal_quantity, item.legal_unit) for item in made] == [
        ("90.050", "kg"),
        ("7", "piece"),
        (None, "m2"),
        (None, None),
    ]
    unknown = items([replace(lines[0], net_g=None)], rules, tariff)
    mixed = items([lines[1], replace(lines[1], line=9, unit="set")], rules, tariff)
    assert unknown[0].legal_quantity is None
    assert mixed[0].legal_quantity is None
