"""The order of confidences, and the line from which on a statement is published."""

from __future__ import annotations

import pytest

from sundry.engines.reading.confidence import PENALTIES, PRIORS, PUBLISH, confidence, is_published

KEPT_BACK = ("slogan", "nameless", "unit", "lengths", "no_unit", "name_of_a_plan", "across")


def test_a_field_said_elsewhere_costs_and_farther_away_costs_more() -> None:
    assert (
        confidence("growth", ()) > confidence("growth", ("indicator",)) > confidence("growth", ("indicator.sentence",))
    )


def test_an_uncertain_join_is_a_factor() -> None:
    assert confidence("level", (), [0.5]) == pytest.approx(PRIORS["level"] / 2, abs=1e-3)


@pytest.mark.parametrize("rule", KEPT_BACK)
def test_what_is_refused_is_never_published(rule: str) -> None:
    assert not is_published(confidence(rule, ()))


@pytest.mark.parametrize("rule", sorted(set(PRIORS) - set(KEPT_BACK)))
def test_every_other_rule_is_published_by_itself(rule: str) -> None:
    assert is_published(confidence(rule, ()))


def test_all_figures_are_between_nought_and_one() -> None:
    assert all(0 < one <= 1 for one in (*PRIORS.values(), *PENALTIES.values(), PUBLISH))


def test_an_unknown_rule_is_an_error() -> None:
    with pytest.raises(KeyError):
        confidence("no_such_rule", ())
