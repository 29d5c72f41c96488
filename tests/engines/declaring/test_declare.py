from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sundry.engines.declaring.declare import declare, loaded_share, split_part
from sundry.engines.declaring.rules import DeclarableLine, Declared, Part, Rules1039, TariffRow

MakeLine = Callable[..., DeclarableLine]
LIMIT = 15_000_000

weights = st.one_of(st.none(), st.integers(0, 10**8))
any_line = st.builds(
    DeclarableLine,
    line=st.just(0),
    hs=st.one_of(
        st.none(), st.sampled_from(["950300", "950450", "9503002100", "420292", "392690", "611020", "12", "640299"])
    ),
    name=st.sampled_from(["cup", "hat", ""]),
    unit=st.sampled_from(["piece", "set"]),
    cartons=st.integers(0, 500),
    pieces=st.integers(0, 10**5),
    value_usd_cents=st.one_of(st.integers(0, 10**6), st.integers(0, 3 * LIMIT)),
    gross_g=weights,
    net_g=weights,
    inspection=st.booleans(),
    export_duty=st.booleans(),
    restricted=st.sampled_from([False, False, False, True]),
)
shipments = st.lists(any_line, max_size=40).map(lambda found: [replace(line, line=i) for i, line in enumerate(found)])


def parts_of(declared: Declared) -> list[Part]:
    return [part for form in declared.declarations for item in form.items for part in item.parts]


def rules_told(declared: Declared) -> list[str]:
    return [finding.rule for finding in declared.findings]


def total(amounts: Sequence[int | None]) -> int | None:
    return None if None in amounts else sum(amount for amount in amounts if amount is not None)


@given(shipments, st.booleans())
@settings(max_examples=150, deadline=None)
def test_every_amount_is_kept_from_the_line_to_the_form(
    rules: Rules1039, shipment: list[DeclarableLine], split_lines: bool
) -> None:
    declared = declare(shipment, rules=rules, split_lines=split_lines)
    by_line: dict[int, list[Part]] = {}
    for form in declared.declarations:
        assert form.value_usd_cents == sum(item.value_usd_cents for item in form.items) <= LIMIT
        assert 1 <= len(form.items) <= 50
        for item in form.items:
            assert item.parts
            assert item.cartons == sum(part.cartons for part in item.parts)
            assert item.pieces == sum(part.pieces for part in item.parts)
            assert item.value_usd_cents == sum(part.value_usd_cents for part in item.parts)
            assert item.gross_g == total([part.gross_g for part in item.parts])
            assert item.net_g == total([part.net_g for part in item.parts])
            assert len({part.line for part in item.parts}) == len(item.parts)
            for part in item.parts:
                by_line.setdefault(part.line, []).append(part)
    for line in shipment:
        if line.line in declared.not_declared:
            assert line.line not in by_line
            continue
        parts = by_line[line.line]
        assert sum(part.cartons for part in parts) == line.cartons
        assert sum(part.pieces for part in parts) == line.pieces
        assert sum(part.value_usd_cents for part in parts) == line.value_usd_cents
        assert total([part.gross_g for part in parts]) == line.gross_g
        assert total([part.net_g for part in parts]) == line.net_g
        assert min(part.cartons for part in parts) >= 1


@given(shipments, st.booleans())
@settings(max_examples=100, deadline=None)
def test_what_may_not_merge_is_in_no_merged_item(
    rules: Rules1039, shipment: list[DeclarableLine], split_lines: bool
) -> None:
    for form in declare(shipment, rules=rules, split_lines=split_lines).declarations:
        plain = [item for item in form.items if item.hs and rules.is_code(item.hs) and not item.inspection]
        assert sum(not item.merged for item in plain) <= len({item.hs for item in plain}) * 2
        for item in form.items:
            members = [shipment[part.line] for part in item.parts]
            if item.merged:
                assert not any(m.inspection or m.export_duty or m.restricted for m in members)
                assert len({m.hs for m in members}) > 1
                assert {m.hs[:2] for m in members if m.hs} == {str(item.hs)[:2]}
                assert item.hs in {m.hs for m in members}
            else:
                assert {m.hs for m in members} == {item.hs}


@given(shipments, st.booleans())
@settings(max_examples=100, deadline=None)
def test_a_line_is_declared_or_told(rules: Rules1039, shipment: list[DeclarableLine], split_lines: bool) -> None:
    declared = declare(shipment, rules=rules, split_lines=split_lines)
    refused = {finding.line for finding in declared.findings if finding.severity == "error"}
    assert set(declared.not_declared) == refused | {line.line for line in shipment if not line.cartons}
    assert declared == declare(shipment, rules=rules, split_lines=split_lines)
    assert declared.forms_min <= len(declared.declarations)


def test_the_limit_passes_and_one_cent_more_does_not(rules: Rules1039, line: MakeLine) -> None:
    at_limit = declare([line(0, "950300", 15_000_000)], rules=rules)
    assert [form.value_usd_cents for form in at_limit.declarations] == [15_000_000]
    assert at_limit.findings == ()
    above = declare([line(0, "950300", 15_000_001)], rules=rules)
    assert above.declarations == ()
    assert above.not_declared == (0,)
    assert rules_told(above) == ["line_above_form_limit"]
    (finding,) = above.findings
    for text in (finding.message("en"), finding.message("zh")):
        assert "150,000.01" in text
        assert "150,000.00" in text
        assert "--split-lines" in text


def test_a_form_is_filled_to_the_cent(rules: Rules1039, line: MakeLine) -> None:
    lines = [line(0, "950300", 14_999_999), line(1, "950300", 1)]
    assert len(declare(lines, rules=rules).declarations) == 1
    assert len(declare([*lines, line(2, "950300", 1)], rules=rules).declarations) == 2


def test_a_line_above_the_limit_is_split_by_cartons_when_asked(rules: Rules1039, line: MakeLine) -> None:
    wide = line(0, "950300", 40_000_000, cartons=7, pieces=100, gross_g=1000, net_g=None)
    declared = declare([wide, line(1, "950300", 2_000_000)], rules=rules, split_lines=True)
    assert rules_told(declared)[:1] == ["line_split_over_forms"]
    assert declared.findings[0].severity == "warning"
    parts = [part for part in parts_of(declared) if part.line == 0]
    assert sorted(part.cartons for part in parts) == [1, 2, 2, 2]
    assert sum(part.value_usd_cents for part in parts) == 40_000_000
    assert sum(part.pieces for part in parts) == 100
    assert sum(part.gross_g or 0 for part in parts) == 1000
    assert len(declared.declarations) == 4  # the last carton shares its form with the other line


def test_splitting_at_the_limit_keeps_every_part_within_it(rules: Rules1039, line: MakeLine) -> None:
    declared = declare([line(0, "950300", 30_000_001, cartons=3)], rules=rules, split_lines=True)
    assert [form.value_usd_cents for form in declared.declarations] == [10_000_001, 10_000_000, 10_000_000]


@pytest.mark.parametrize("split_lines", [False, True])
def test_a_carton_above_the_limit_is_never_split(rules: Rules1039, line: MakeLine, split_lines: bool) -> None:
    declared = declare([line(0, "950300", 30_000_001, cartons=2)], rules=rules, split_lines=split_lines)
    assert declared.declarations == ()
    assert rules_told(declared) == ["carton_above_form_limit"]


def test_restricted_goods_are_refused_and_leave_no_trace(rules: Rules1039, line: MakeLine) -> None:
    declared = declare([line(0, "950300", 100, restricted=True), line(1, "950300", 100)], rules=rules)
    assert rules_told(declared) == ["goods_not_for_market_procurement"]
    assert [part.line for part in parts_of(declared)] == [1]


def test_excluded_chapters_and_words_are_refused(rules: Rules1039, line: MakeLine) -> None:
    strict = replace(rules, excluded_chapters=frozenset({"93"}), excluded_words=("Firework",))
    lines = [line(0, "930690", 1), line(1, "360410", 1, name="FIREWORKS 12 pcs"), line(2, None, 1, name="cup")]
    declared = declare(lines, rules=strict)
    assert rules_told(declared)[:2] == ["chapter_not_for_market_procurement", "word_not_for_market_procurement"]
    assert declared.not_declared == (0, 1)


def test_what_a_form_lacks_makes_it_incomplete(rules: Rules1039, line: MakeLine) -> None:
    complete = line(0, "950300", 1)
    assert not declare([complete], rules=rules).declarations[0].incomplete
    for gap in ({"hs": None}, {"hs": "9503"}, {"gross_g": None}, {"net_g": None}):
        declared = declare([replace(complete, **gap)], rules=rules)
        assert declared.declarations[0].incomplete
        assert rules_told(declared) == ["form_incomplete"]
    without_row = declare([complete], rules=rules, tariff={"420292": TariffRow("420292", "kg")})
    assert without_row.declarations[0].incomplete
    assert "without legal quantity: 1" in without_row.findings[0].message("en")


def test_mixed_units_are_told(rules: Rules1039, line: MakeLine) -> None:
    declared = declare([line(0, "950300", 2), line(1, "950300", 1, unit="set")], rules=rules)
    assert rules_told(declared) == ["units_mixed_in_item"]
    assert declared.declarations[0].items[0].unit == "piece"


def test_a_form_bears_its_number_mode_and_destination(rules: Rules1039, line: MakeLine) -> None:
    declared = declare([line(i, "950300", LIMIT) for i in range(3)], rules=rules, destination="Panama")
    assert [(form.number, form.mode, form.destination) for form in declared.declarations] == [
        (1, "1039", "Panama"),
        (2, "1039", "Panama"),
        (3, "1039", "Panama"),
    ]
    assert [form.items[0].parts[0].line for form in declared.declarations] == [0, 1, 2]


def test_a_line_of_which_nothing_was_loaded_is_not_declared_and_not_told(rules: Rules1039, line: MakeLine) -> None:
    declared = declare([line(0, "950300", 100, cartons=0)], rules=rules)
    assert (declared.declarations, declared.findings, declared.not_declared) == ((), (), (0,))


def test_two_lines_named_alike_are_refused(rules: Rules1039, line: MakeLine) -> None:
    with pytest.raises(ValueError, match="same index"):
        declare([line(0, "950300", 1), line(0, "950300", 1)], rules=rules)


@given(any_line.filter(lambda line: line.cartons), st.data())
@settings(deadline=None)
def test_what_was_loaded_and_what_was_left_out_sum_to_the_line(line: DeclarableLine, data: st.DataObject) -> None:
    cartons = data.draw(st.integers(0, line.cartons))
    share, rest = loaded_share(line, cartons), line.cartons - cartons
    assert share.cartons == cartons
    whole = Part(0, line.cartons, line.pieces, line.value_usd_cents, line.gross_g, line.net_g)
    left = split_part(whole, [cartons, rest])[1]
    assert share.value_usd_cents + left.value_usd_cents == line.value_usd_cents
    assert share.pieces + left.pieces == line.pieces
    assert loaded_share(line, line.cartons) == line


def test_more_cartons_than_the_line_has_are_refused(line: MakeLine) -> None:
    with pytest.raises(ValueError, match="10 of line 4"):
        loaded_share(line(4, "950300", 1), 11)
    with pytest.raises(ValueError, match="10 of line 0"):
        split_part(Part(0, 10, 1, 1, 1, 1), [3, 3])


def test_what_the_tariff_flags_is_never_merged(rules: Rules1039, line: MakeLine) -> None:
    lines = [line(number, f"9503{number:02}", 100 - number) for number in range(8)]
    tariff = {item.hs or "": TariffRow(item.hs or "", "piece") for item in lines}
    (plain,) = declare(lines, rules=rules, tariff=tariff).declarations
    assert [item.merged for item in plain.items] == [False] * 5 + [True]
    tariff["950307"] = TariffRow("950307", "piece", export_duty=True)
    (flagged,) = declare(lines, rules=rules, tariff=tariff).declarations
    alone = next(item for item in flagged.items if item.hs == "950307")
    assert (alone.merged, alone.export_duty, len(alone.parts)) == (False, True, 1)
