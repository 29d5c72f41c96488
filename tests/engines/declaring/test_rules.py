from __future__ import annotations

from datetime import date

import pytest

from sundry.engines.declaring.rules import DeclarableLine, Representative, Rules1039
from sundry.kernel.errors import UsageError
from sundry.kernel.parameters import NoValueOnDay


def test_the_rules_of_today() -> None:
    rules = Rules1039.at(date(2026, 11, 2))
    assert (rules.form_value_max_usd_cents, rules.form_items_max, rules.itemised_max) == (15_000_000, 50, 5)
    assert rules.representative is Representative.HIGHEST_VALUE
    assert rules.never_merged == {"inspection", "export_duty"}


def test_the_rules_of_2017_merge_every_chapter_and_may_be_asked_for_today() -> None:
    then = Rules1039.at(date(2017, 6, 1))
    assert (then.pack, then.form_items_max, then.itemised_max) == ("chapters_by_cartons", 20, 0)
    assert then.representative is Representative.MOST_CARTONS
    asked = Rules1039.at(date(2026, 11, 2), pack="chapters_by_cartons")
    assert (asked.pack, asked.form_items_max, asked.itemised_max) == ("chapters_by_cartons", 50, 0)


def test_the_day_on_which_the_rules_change() -> None:
    assert Rules1039.at(date(2019, 12, 26)).pack == "chapters_by_cartons"
    assert Rules1039.at(date(2019, 12, 27)).pack == "top_five_then_chapters"
    assert Rules1039.at(date(2018, 7, 31)).form_items_max == 20
    assert Rules1039.at(date(2018, 8, 1)).form_items_max == 50


def test_an_unknown_pack_and_a_day_before_the_law_are_told() -> None:
    with pytest.raises(UsageError, match="top_five_then_chapters, chapters_by_cartons"):
        Rules1039.at(date(2026, 11, 2), pack="none")
    with pytest.raises(NoValueOnDay, match="2014-07-01"):
        Rules1039.at(date(2014, 6, 30))


@pytest.mark.parametrize("hs", ["950300", "95030021", "9503002100", "010121", "970110"])
def test_tariff_codes(rules: Rules1039, hs: str) -> None:
    assert rules.is_code(hs)


@pytest.mark.parametrize(
    "hs", [None, "", "9503", "9503002", "950300210", "770110", "000110", "980110", "95030a", "９５０３００"]
)
def test_what_is_no_tariff_code(rules: Rules1039, hs: str | None) -> None:
    assert not rules.is_code(hs)


@pytest.mark.parametrize("field", ["cartons", "pieces", "value_usd_cents", "gross_g", "net_g"])
def test_a_negative_amount_is_refused(field: str) -> None:
    amounts = dict.fromkeys(("cartons", "pieces", "value_usd_cents", "gross_g", "net_g"), 1) | {field: -1}
    with pytest.raises(ValueError, match="line 7"):
        DeclarableLine(line=7, hs=None, name="", unit="", **amounts)
