"""A market sets how long it gives; what cannot be meant is told, with the file and the name."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from sundry.goods.orders.enquiry_rules import Terms
from sundry.goods.orders.talk_checks import sending_findings
from sundry.goods.orders.trade_limits import BOOK, MOST, TradeLimits, trade_limits
from sundry.kernel.parameters import MalformedParameters, parameters

DAY = date(2026, 11, 23)


def own_file(folder: Path, monkeypatch: pytest.MonkeyPatch, *changes: tuple[str, str]) -> None:
    text = (files("sundry.parameters") / "orders.yaml").read_text("utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    (folder / "orders.yaml").write_text(text, "utf-8")
    monkeypatch.setenv("SUNDRY_PARAMETERS_DIR", str(folder))


def test_as_we_ship_them_they_are_what_they_were() -> None:
    assert trade_limits(DAY) == TradeLimits(timedelta(hours=72), 3, 52, 14, 365)
    assert set(parameters(BOOK).records) == set(MOST)


def test_a_market_has_its_own_from_a_day_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later = """until: 2026-11-23
      source: our own reckoning, a weekend and a day
      confidence: M
      reviewer: null
    - value: 24
      from: 2026-11-23
      until: null"""
    own_file(tmp_path, monkeypatch, ("until: null", later), ("value: 365", "value: 10"))
    assert [trade_limits(day).answer_within for day in (DAY - timedelta(days=1), DAY)] == [
        timedelta(hours=72),
        timedelta(hours=24),
    ]
    assert trade_limits(DAY).valid_days == 10, "no draft holds longer than it may"
    for days, rules in ((10, []), (11, ["quotation_valid_too_far"])):
        found = sending_findings(Terms(valid_until=DAY + timedelta(days=days)), 1, today=DAY)
        assert [finding.rule for finding in found] == rules


@pytest.mark.parametrize("wrong", ["0", "8761", "soon"])
def test_what_no_market_means_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    own_file(tmp_path, monkeypatch, ("value: 72", f"value: {wrong}"))
    with pytest.raises(MalformedParameters, match=r"answer\.within_hours"):
        trade_limits(DAY)
