from __future__ import annotations

from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from sundry.kernel.parameters import (
    Confidence,
    MalformedParameters,
    NoValueOnDay,
    Parameters,
    UnknownParameter,
    parameters,
)

RECORD = "{value: 20, from: 2014-07-01, until: 2018-08-01, source: a template, confidence: C, reviewer: null}"
LATER = "{value: 50, from: 2018-08-01, until: null, source: memory, confidence: M, reviewer: A. Person, note: check}"


@pytest.fixture
def known() -> Parameters:
    return Parameters.parse("trial", f"forms:\n  items_max:\n    - {LATER}\n    - {RECORD}\n")


def test_the_value_of_a_day(known: Parameters) -> None:
    assert known.at(date(2018, 7, 31)).whole("forms.items_max") == 20
    assert known.at(date(2018, 8, 1)).whole("forms.items_max") == 50


def test_the_record_says_where_it_comes_from(known: Parameters) -> None:
    record = known.at(date(2020, 1, 1)).record("forms.items_max")
    assert (record.source, record.confidence, record.reviewer, record.note) == (
        "memory",
        Confidence.MEMORY,
        "A. Person",
        "check",
    )
    assert [record.value for record in known.history("forms.items_max")] == [20, 50]


def test_a_day_before_the_first_record_is_told(known: Parameters) -> None:
    with pytest.raises(NoValueOnDay) as fault:
        known.at(date(2014, 6, 30)).whole("forms.items_max")
    assert fault.value.exit_code == 64
    assert "forms.items_max" in fault.value.message("en")
    assert "2014-06-30" in fault.value.message("zh")
    assert "2014-07-01" in fault.value.message("zh")


def test_an_unknown_name_or_file_is_told(known: Parameters) -> None:
    with pytest.raises(UnknownParameter, match=r"forms.item_max in trial.yaml"):
        known.at(date(2020, 1, 1)).value("forms.item_max")
    with pytest.raises(UnknownParameter, match=r"nonsense\.yaml"):
        parameters("nonsense")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"a:\n  - {RECORD.replace('source: a template, ', '')}", "source"),
        (f"a:\n  - {RECORD.replace('a template', '')}", "without a source"),
        (f"a:\n  - {RECORD.replace('reviewer', 'revewer')}", "revewer, reviewer"),
        (f"a:\n  - {RECORD.replace('2014-07-01', 'July')}", "dates"),
        (f"a:\n  - {RECORD.replace('2018-08-01', '2014-07-01')}", "no day"),
        (f"a:\n  - {RECORD.replace(': C', ': Q')}", "Confidence"),
        (f"a:\n  - {RECORD}\n  - {RECORD.replace('2014', '2018')}", "2018-07-01"),
        ("a: 5", "neither"),
        ("a: []", "no record"),
        ("a: [5]", "not a mapping"),
        ("a: [", "a.yaml"),
    ],
)
def test_a_malformed_file_is_told(text: str, told: str) -> None:
    with pytest.raises(MalformedParameters, match=told):
        Parameters.parse("a", text)


def test_values_have_a_kind(known: Parameters) -> None:
    at = known.at(date(2020, 1, 1))
    for read in (at.text, at.decimal, at.decimals, at.wholes, at.texts):
        with pytest.raises(MalformedParameters, match="wrong kind"):
            read("forms.items_max")
    text = Parameters.parse("b", f"rate:\n  - {RECORD.replace('20,', 'x,', 1)}").at(date(2015, 1, 1))
    with pytest.raises(MalformedParameters, match="wrong kind"):
        text.decimal("rate")


def test_decimals_stay_exact() -> None:
    at = Parameters.parse("b", f"rate:\n  - {RECORD.replace('20,', chr(34) + '7.10' + chr(34) + ',', 1)}").at(
        date(2015, 1, 1)
    )
    assert str(at.decimal("rate")) == "7.10"
    assert at.decimal("rate") == Decimal("7.1")


def test_a_folder_of_ones_own_takes_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "lanes.yaml").write_text(f"price:\n  - {LATER}\n", "utf-8")
    day = date(2026, 1, 1)
    assert parameters("lanes", tmp_path).at(day).whole("price") == 50
    assert parameters("customs", tmp_path) == parameters("customs")


def test_a_folder_of_the_environment_takes_our_place_file_by_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Path(str(files("sundry.parameters"))) / "lanes.yaml"
    (tmp_path / "lanes.yaml").write_text(own.read_text("utf-8").replace("CNNGB-default", "CNNGB-ours"), "utf-8")
    monkeypatch.setenv("SUNDRY_PARAMETERS_DIR", str(tmp_path))
    assert parameters("lanes").at(date(2026, 4, 20)).text("default_lane") == "CNNGB-ours"
    assert parameters("customs").at(date(2026, 4, 20)).whole("market_procurement.form_items_max") == 50
