"""The one verdict, how figures are found, and how what was derived is told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from reading.invented import PROVINCE, said

from sundry.engines.reading.checking import (
    Facts,
    Note,
    about,
    as_printed,
    compared,
    is_called,
    is_named_alike,
    short,
    verdict,
    written,
)
from sundry.engines.reading.intervals import Interval
from sundry.engines.reading.model import Outcome, Type

TEXT = "用电量6.4亿度，增长3.0%。全省用电量增长2.0%。到2035年用电量9亿度。"


@pytest.fixture
def facts() -> Facts:
    return Facts(
        TEXT,
        [
            said(TEXT, "用电量6.4亿度", "level", "用电量", "6.4", "亿度"),
            said(TEXT, "增长3.0%", "growth", "用电量增速", "3.0", "%"),
            said(TEXT, "增长2.0%", "growth", "用电量", "2.0", "%", region_code=PROVINCE),
            said(TEXT, "用电量9亿度", "level", "用电量", "9", "亿度", kind=("target",)),
        ],
    )


def test_figures_are_found_by_name_place_and_period(facts: Facts) -> None:
    level, growth, province, target = facts.figures
    assert facts.alike(level, Type.GROWTH) == [growth]
    assert facts.alike(level, Type.GROWTH, place=PROVINCE) == [province]
    assert facts.alike(level, Type.GROWTH, period="2030") == []
    assert facts.alike(level, Type.LEVEL) == []  # what is aimed at is another thing
    assert is_named_alike(level, growth)
    assert target.is_target
    assert is_called(level, ["用电量"])
    assert not is_called(level, ["供水量"])
    assert facts.called(["用电量"], Type.LEVEL) == [level, target]
    assert facts.between(0, 15, *Type) == [level, growth]
    assert TEXT[slice(*facts.sentence(growth))] == "用电量6.4亿度，增长3.0%"


@pytest.mark.parametrize(
    ("low", "high", "guess", "expected"),
    [
        ("2.9", "3.1", "3.0", (Outcome.HOLDS, Note.AGREES)),
        ("2.9", "3.1", None, (Outcome.HOLDS, Note.AGREES)),
        ("3.05", "3.2", "3.1", (Outcome.EXPLAINED, Note.WITHIN_ROUNDING)),
        ("3.06", "3.2", "3.1", (Outcome.FAILS, Note.CANNOT_BE)),
    ],
)
def test_the_verdict(facts: Facts, low: str, high: str, guess: str | None, expected: tuple[Outcome, Note]) -> None:
    stated = facts.figures[1]
    assert verdict(stated, Interval(Decimal(low), Decimal(high)), None if guess is None else Decimal(guess)) == expected


def test_a_check_is_told_in_the_printed_unit_of_what_was_stated(facts: Facts) -> None:
    level = facts.figures[0]
    check = compared("sum", level, [], Interval(Decimal(630_000_000), Decimal(650_000_000)), Decimal(640_000_000))
    assert (check.stated, check.derived) == ("6.4亿度", (Decimal("6.3"), Decimal("6.5")))
    assert check.values == {"unit": "亿度", "guess": "6.4"}
    assert about(level) == {
        "indicator": "用电量",
        "key": "",
        "place": level.place,
        "period": "2031-Q1",
        "type": "level",
    }


def test_numbers_are_written_plainly(facts: Facts) -> None:
    assert written(Decimal("1E+3")) == "1000"
    assert written(Decimal("0.123456")) == "0.1235"
    assert short(Decimal("1.00000049")) == 1
    assert as_printed(facts.figures[0]) == "6.4亿度"
    text = "两位数"
    band = said(text, text, "qualitative", "产量", None, "%", low=Decimal(10), high=Decimal(100))
    (figure,) = Facts(text, [band]).figures
    assert as_printed(figure) == "10..100%"
