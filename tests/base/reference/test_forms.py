"""What people fill in."""

from __future__ import annotations

from datetime import date

from sundry.base.reference.forms import KINDS, LoadForm, LookForm
from sundry.base.reference.rules import Kind


def test_every_table_has_a_word() -> None:
    assert set(KINDS) == set(Kind)
    assert all(str(word) for word in KINDS.values())
    assert {value for value, _ in LoadForm().fields["kind"].choices} == {"", *Kind}  # type: ignore[attr-defined]


def test_a_day_on_which_there_may_be_something() -> None:
    assert LookForm({"day": "2026-04-11"}).is_valid()
    assert LookForm({}).is_valid()
    for day in ("1899-12-31", "2200-01-02", "tomorrow"):
        form = LookForm({"day": day, "q": "toys"})
        assert list(form.errors) == ["day"]
        assert form.cleaned_data["q"] == "toys", "what makes sense counts all the same"
    form = LookForm({"day": "2200-01-01"})
    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2200, 1, 1)
