"""The forms show what is there, and each mistake at its field."""

from __future__ import annotations

from datetime import date

from sundry.goods.shipping.job_forms import BookForm, OptionsForm, StartForm, options_given, options_initial
from sundry.goods.shipping.job_rules import OPTION_FIELDS, PROFILE_FIELDS, Fault, JobOptions, options_from

OPTIONS = options_from(
    {"rates": "USDCNY=7.1 EURCNY=7.9", "container": "40HC", "buyer": "Ali", "currency": "KWD"},
    JobOptions(day=date(2026, 4, 20)),
)


def test_a_form_judges_nothing_itself() -> None:
    form = StartForm({"day": "nonsense", "currency": "XXX"})
    assert form.errors == {}
    form.tell([Fault("day", "option_day", {"value": "nonsense"}), Fault("nothing", "upload_missing")], "en")
    assert list(form.errors) == ["day", "__all__"]


def test_every_option_has_a_field() -> None:
    form = OptionsForm(currencies=["CNY"])
    assert set(form.fields) == {*OPTION_FIELDS, *PROFILE_FIELDS, "rate_CNY"} - {"rates"}
    assert [field.name for field in form.profile_fields] == list(PROFILE_FIELDS)
    assert [field.name for field in form.rate_fields] == ["rate_CNY"]


def test_what_is_shown_and_sent_back_is_what_was_there() -> None:
    shown = options_initial(OPTIONS)
    data = {name: str(value) for name, value in shown.items() if value not in (None, False)}
    form = OptionsForm(data=data, currencies=["CNY"])
    assert options_from(options_given(form, OPTIONS), OPTIONS) == OPTIONS


def test_a_rate_that_the_form_does_not_show_stays() -> None:
    form = OptionsForm(data={"rate_CNY": "7,2"}, currencies=["CNY"])
    assert options_given(form, OPTIONS)["rates"] == ["EURCNY=7.9", "USDCNY=7.2"]
    emptied = OptionsForm(data={"rate_CNY": ""}, currencies=["CNY"])
    assert options_given(emptied, OPTIONS)["rates"] == ["EURCNY=7.9"]


def test_a_box_that_is_not_ticked_says_no() -> None:
    given = options_given(OptionsForm(data={"upright": "on"}), OPTIONS)
    assert (given["upright"], given["split_lines"]) == (True, False)
    assert "container" not in given, "a field that was not sent says nothing"


def test_a_wrong_rate_is_told_at_the_field_of_its_currency() -> None:
    form = OptionsForm(data={}, currencies=["CNY", "EUR"])
    form.tell([Fault("rates", "rate_malformed", {"value": value}) for value in ("USDEUR=x", "?")], "en")
    assert list(form.errors) == ["rate_EUR", "__all__"]


def test_the_chosen_currency_is_among_the_choices_also_a_rare_one() -> None:
    field = OptionsForm(initial=options_initial(OPTIONS)).fields["currency"]
    codes = [code for code, _ in field.choices]  # type: ignore[attr-defined]
    assert "KWD" in codes
    assert len(codes) < 20


def test_a_book_may_be_a_file_or_rows() -> None:
    assert list(BookForm({}).fields) == ["job", "book", "pasted"]
