"""What a job may become, and what values make sense."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.base.access.rules import Owner
from sundry.goods.orders.rules import Correction
from sundry.goods.shipping.job_rules import (
    CORRECTIONS_MAX,
    FILE_NAME_BYTES_MAX,
    KEEP_ANONYMOUS,
    JobOptions,
    NotNow,
    OptionsWrong,
    State,
    checked,
    expiry,
    may_become,
    merged_corrections,
    options_from,
    safe_file_name,
    seconds_most,
    state_after_change,
)
from sundry.kernel.identifiers import new_id
from sundry.kernel.messages import LANGUAGES

BEFORE = JobOptions(day=date(2026, 4, 20))
NOW = datetime(2026, 4, 20, tzinfo=UTC)


def test_a_plan_is_reached_through_a_reading_only() -> None:
    into_planning = {state for state in State if may_become(state, State.PLANNING)}
    assert into_planning == {State.READ, State.STOPPED, State.FAILED}
    assert {state for state in State if may_become(state, State.PLANNED)} == {State.PLANNING}
    assert {state for state in State if may_become(state, State.READING)} == {State.UPLOADED}


def test_what_may_not_follow_is_refused_by_name() -> None:
    with pytest.raises(NotNow) as refused:
        checked(State.PLANNED, State.PLANNING)
    assert refused.value.rule == "job_not_now"


@pytest.mark.parametrize("state", State)
def test_whatever_the_state_a_changed_book_is_read_again(state: State) -> None:
    for has_reading in (True, False):
        assert state_after_change(state, rereads=True, has_reading=has_reading) is State.UPLOADED


@pytest.mark.parametrize(("state", "has_reading"), list(product(State, (True, False))))
def test_after_another_change_nothing_stays_planned(state: State, has_reading: bool) -> None:
    if has_reading and state in (State.UPLOADED, State.READING):
        return  # there is no reading of what is still to be read
    after = state_after_change(state, rereads=False, has_reading=has_reading)
    assert after is (State.READ if has_reading else state)


def test_options_are_kept_as_they_are() -> None:
    options = options_from({"container": "40HC", "rates": "USDCNY=7.10", "buyer": "Ali"}, BEFORE)
    assert JobOptions.from_json(options.to_json()) == options
    assert (options.container, options.rates, options.profile.buyer) == ("40HC", ("USDCNY=7.10",), "Ali")


def test_what_is_not_given_stays() -> None:
    before = options_from({"buyer": "Ali", "upright": "on", "containers_max": "2"}, BEFORE)
    assert options_from({"seconds": "7"}, before).profile.buyer == "Ali"
    assert options_from({"seconds": "7"}, before).upright
    assert options_from({"containers_max": ""}, before).containers_max is None


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"day": "20.4.2026"}, "day", "option_day"),
    ({"day": "2013-12-31"}, "day", "option_day"),
    ({"container": "50HC"}, "container", "option_choice"),
    ({"containers_max": "0"}, "containers_max", "option_number"),
    ({"containers_max": "51"}, "containers_max", "option_number"),
    ({"seconds": ""}, "seconds", "option_number"),
    ({"seconds": "61"}, "seconds", "option_number"),
    ({"seconds": "1e9"}, "seconds", "option_number"),
    ({"currency": "元"}, "currency", "currency_not_known"),
    ({"rates": "7.10"}, "rates", "rate_malformed"),
    ({"rates": ["USDCNY=7.1", "CNYUSD=0.14"]}, "rates", "rate_given_twice"),
    ({"rates": ["USDXXX=7.1"]}, "rates", "rate_currency_unknown"),
    ({"consignor_uscc": "91330782MA28TESTX1"}, "consignor_uscc", "option_uscc"),
    ({"incoterm": "FBO"}, "incoterm", "option_incoterm"),
    ({"marks": "x" * 201}, "marks", "option_too_long"),
    ({"language": "de"}, "language", "option_choice"),
]


@pytest.mark.parametrize(("given_", "field", "rule"), WRONG)
def test_a_value_without_sense_is_told_at_its_field(given_: dict[str, Any], field: str, rule: str) -> None:
    with pytest.raises(OptionsWrong) as wrong:
        options_from(given_, BEFORE)
    assert [(fault.name, fault.rule) for fault in wrong.value.faults] == [(field, rule)]
    for language in LANGUAGES:
        assert wrong.value.faults[0].message(language)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(OptionsWrong) as wrong:
        options_from({"day": "", "container": "x", "seconds": "-1", "rates": "x"}, BEFORE)
    assert [fault.name for fault in wrong.value.faults] == ["day", "container", "rates", "seconds"]


@pytest.mark.parametrize("edge", [("seconds", "1"), ("seconds", "60"), ("containers_max", "1"), ("marks", "x" * 200)])
def test_the_edge_is_inside(edge: tuple[str, str]) -> None:
    assert options_from(dict([edge]), BEFORE) != BEFORE


def test_a_visitor_gets_fewer_seconds() -> None:
    assert seconds_most(Owner()) < seconds_most(Owner(person=new_id()))
    with pytest.raises(OptionsWrong):
        options_from({"seconds": "16"}, BEFORE, seconds_max=seconds_most(Owner()))


def test_only_what_is_nobodys_expires() -> None:
    assert expiry(Owner(), NOW) == NOW + KEEP_ANONYMOUS
    assert expiry(Owner(person=new_id()), NOW) is None
    assert expiry(Owner(organisation=new_id()), NOW) is None


def test_currency_and_day_change_how_a_book_reads_and_nothing_else_does() -> None:
    for changed in ({"currency": "USD"}, {"day": "2026-04-21"}):
        assert not options_from(changed, BEFORE).reads_like(BEFORE)
    for changed in ({"container": "20GP"}, {"upright": "on"}, {"rates": "USDCNY=7"}, {"buyer": "Ali"}):
        assert options_from(changed, BEFORE).reads_like(BEFORE)


def test_the_later_correction_of_a_cell_counts() -> None:
    first, other, later = (Correction("S", 3, "F", "1"), Correction("S", 3, "G", "2"), Correction("S", 3, "F", "9"))
    assert merged_corrections((first, other), (later,)) == (later, other)


@pytest.mark.parametrize(
    "wrong",
    [
        Correction("S", 0, "F", "1"),
        Correction("S", 1_048_577, "F", "1"),
        Correction("S", 1, "f", "1"),
        Correction("S", 1, "ABCD", "1"),
        Correction("S", 1, "A", "x" * 1_001),
        Correction("S", 1, "A", "\0"),
        Correction("S" * 201, 1, "A", "1"),
    ],
)
def test_a_correction_of_no_cell_is_refused(wrong: Correction) -> None:
    with pytest.raises(OptionsWrong) as refused:
        merged_corrections((), (wrong,))
    assert refused.value.faults[0].rule == "correction_wrong"


def test_so_many_corrections_and_not_one_more() -> None:
    most = tuple(Correction("S", row, "A", "1") for row in range(1, CORRECTIONS_MAX + 1))
    assert len(merged_corrections((), most)) == CORRECTIONS_MAX
    with pytest.raises(OptionsWrong):
        merged_corrections(most, (Correction("S", CORRECTIONS_MAX + 1, "A", "1"),))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("订单 1.xlsx", "订单 1.xlsx"),
        ("..\\..\\订单 <b>.xlsx", "订单 _b_.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("a/b/c.csv", "c.csv"),
        ("...", "book"),
        ("", "book"),
        (".bashrc", "bashrc"),
        ("x\u202egpj.xlsx", "x_gpj.xlsx"),
        ("a\0b\n.xls", "a_b_.xls"),
        ("no suffix", "no suffix"),
    ],
)
def test_the_name_of_a_file_becomes_harmless(sent: str, kept: str) -> None:
    assert safe_file_name(sent) == kept


@given(st.text(max_size=400))
def test_any_name_becomes_harmless(name: str) -> None:
    kept = safe_file_name(name)
    assert kept
    assert len(kept.encode()) <= FILE_NAME_BYTES_MAX
    assert not set(kept) & set('/\\\0\n:*?"<>|')
    assert not kept.startswith(".")
    assert safe_file_name(kept) == kept
