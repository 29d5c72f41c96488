"""Each tag and filter makes the markup that a page, a screen reader and a browser need."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from sundry.base.access.rules import Actor
from sundry.base.ledger.rules import Unit, UnitKind
from sundry.kernel.findings import warning
from sundry.web.templatetags import sundry as tags


def render(source: str, language: str = "en", request: HttpRequest | None = None, **values: Any) -> str:
    with translation.override(language):
        return engines["django"].from_string(source).render(values, request)


class BookForm(forms.Form):
    name = forms.CharField(help_text="As it stands on the papers.")
    cartons = forms.IntegerField(required=False)
    share = forms.DecimalField(required=False)
    code = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "class": "short"}))
    day = forms.DateField(required=False)
    terms = forms.ChoiceField(choices=[("FOB", "FOB"), ("CIF", "CIF")], widget=forms.RadioSelect)
    papers = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple, required=False)
    kind = forms.ChoiceField(choices=[("20GP", "20GP")])
    rows = forms.CharField(required=False, widget=forms.Textarea(attrs={"data-paste": True}))
    book = forms.FileField(required=False, widget=forms.FileInput(attrs={"data-limit-bytes": 20_000_000}))
    agreed = forms.BooleanField(required=False, help_text="Look twice.")
    step = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> None:
        raise forms.ValidationError("The two do not go together.")


ALL_FIELDS = "{% for bound in form %}{% field bound %}{% endfor %}"


# Figures -----------------------------------------------------------------------------------------------------------


def test_figures_speak_the_language_of_the_page() -> None:
    source = (
        '{{ n|number }} {{ g|kilograms:1 }} {{ v|cubic_metres }} {{ s|percent }} {{ b|file_size }} {{ m|money:"USD" }}'
    )
    values = {"n": 1234, "g": 1_500, "v": 125_000_000, "s": 0.875, "b": 20_000_000, "m": 123_450}
    assert render(source, **values) == (
        '1,234 1.5\u00a0kg 0.125\u00a0m³ 87.5% 20\u00a0MB <bdi class="money" dir="ltr">USD\u00a01,234.50</bdi>'
    )
    assert '<bdi class="money" dir="ltr">1\u00a0234,50\u00a0USD</bdi>' in render(source, "ru", **values)


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        (Unit(UnitKind.CURRENCY, "JPY", 0), "JPY\u00a01,234,567"),
        (Unit(UnitKind.CURRENCY, "KWD", 3), "KWD\u00a01,234.567"),
        (Unit(UnitKind.TITLE, "lot-7"), "1,234,567"),
        (Unit(UnitKind.QUOTA, "export", 2), "12,345.67"),
    ],
    ids=lambda value: getattr(value, "key", ""),
)
def test_an_amount_of_the_ledger_has_the_decimals_of_its_unit(unit: Unit, shown: str) -> None:
    assert render("{{ n|amount:unit }}", n=1_234_567, unit=unit) == f'<bdi class="money" dir="ltr">{shown}</bdi>'
    assert render("{{ n|amount_text:unit }}", n=1_234_567, unit=unit) == shown


def test_purposes_and_events_of_the_ledger_are_words_of_the_reader() -> None:
    source = "{{ purpose|purpose_text }} {{ kind|event_text }}"
    assert render(source, "zh-hans", purpose="escrow order:4711", kind="carving") == "托管款 order:4711 carving"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Lotus Pond", "Lotus Pond"), ("Lotus Pond Toys", "Lotus Pond…"), ("莲塘商行玩具", "莲塘商行玩…")],
)
def test_a_text_of_a_picture_is_as_long_as_its_box(text: str, shown: str) -> None:
    assert render("{{ text|fitting:11 }}", text=text) == shown


def test_days_and_moments_can_be_read_by_machines_too() -> None:
    source = "{{ d|day }} {{ t|moment }}"
    shown = render(source, d=date(2026, 11, 22), t=datetime(2026, 11, 21, 16, 30, 5, tzinfo=UTC))
    assert shown == (
        '<time datetime="2026-11-22">22\u00a0Nov\u00a02026</time> '
        '<time datetime="2026-11-22T00:30:05+08:00">22\u00a0Nov\u00a02026, 00:30</time>'
    )


@pytest.mark.parametrize(
    ("django", "ours"), [("zh-hans", "zh"), ("en", "en"), ("ar", "ar"), ("es", "es"), ("fr", "fr"), ("ru", "ru")]
)
def test_the_language_code_is_the_one_of_messages(django: str, ours: str) -> None:
    assert render("{% language_code %}", django) == ours


def test_a_foreign_word_is_isolated_and_escaped() -> None:
    assert render("{{ word|bidi }}", word="<K-1>") == "<bdi>&lt;K-1&gt;</bdi>"


def test_texts_of_rules_are_those_of_the_page() -> None:
    finding = warning("access_not_found")
    for language in ("en", "zh-hans", "ru"):
        shown = render('{% rule_text "access_not_found" %}|{{ finding|finding_text }}', language, finding=finding)
        one, other = shown.split("|")
        assert one == other
    assert "There is nothing here" in render("{{ finding|finding_text }}", finding=finding)
    with pytest.raises(KeyError):
        render('{% rule_text "no_such_rule" %}')


# Components --------------------------------------------------------------------------------------------------------


def test_an_icon_is_silent_unless_it_is_named() -> None:
    assert 'aria-hidden="true"><use href="/static/sundry/icons.svg#upload">' in render('{% icon "upload" %}')
    assert 'role="img" aria-label="Upload"' in render('{% icon "upload" "Upload" %}')
    with pytest.raises(ValueError, match="unicorn"):
        render('{% icon "unicorn" %}')


def test_a_state_has_a_word_a_colour_and_an_icon_of_its_own() -> None:
    shown = [render("{% badge state 'Word' %}", state=state) for state in tags.STATES]
    assert len({badge.partition("#")[2].partition('"')[0] for badge in shown}) == len(tags.STATES)
    assert all(">Word</span>" in badge.replace("\n", "").replace("</svg>Word", ">Word") for badge in shown)
    with pytest.raises(KeyError):
        render("{% badge 'unheard-of' 'Word' %}")


def test_a_pager_offers_only_what_is_there() -> None:
    assert render("{% pager page %}", page={"previous": "", "next": ""}).strip() == ""
    last = render("{% pager page %}", page={"previous": "?before=a&b", "next": ""})
    assert 'rel="prev" href="?before=a&amp;b"' in last
    assert 'rel="next"' not in last


def test_progress_tells_its_count_in_words() -> None:
    shown = render('{% progress 1204 3170 "Cartons packed" %}')
    assert "1,204 of 3,170" in shown
    assert '<progress value="1204" max="3170" aria-label="Cartons packed">' in shown
    unknown = render('{% progress 0 0 "Reading" %}')
    assert "value=" not in unknown


def test_a_task_without_an_address_cannot_be_opened() -> None:
    assert '<a href="/a">Load</a>' in render('{% task "/a" "Load" "neutral" %}')
    closed = render('{% task "" "Load" "waiting" %}')
    assert "<a" not in closed
    assert "Cannot start yet" in closed
    assert "After the bank" in render('{% task "" "Load" "waiting" "After the bank" %}')


def test_a_notice_holds_markup_with_the_icon_of_its_state() -> None:
    shown = render('{% notice "attention" %}<p>{{ word }}</p>{% endnotice %}', word="<b>")
    assert 'class="notice notice-attention"' in shown
    assert "#warning" in shown
    assert "<p>&lt;b&gt;</p>" in shown


def test_the_boxes_of_a_table_are_named(assert_accessible: Callable[[str], None]) -> None:
    shown = render(
        "<table><tr><th>{% select_all %}</th></tr><tr><td>{% select_row 7 name %}</td></tr></table>", name="<K>"
    )
    assert_accessible(shown)
    assert "Choose &lt;K&gt;" in shown


# Fields ------------------------------------------------------------------------------------------------------------


def test_every_kind_of_field_is_whole(assert_accessible: Callable[[str], None]) -> None:
    assert_accessible(render(ALL_FIELDS, form=BookForm()))
    assert_accessible(render("{% error_summary form %}" + ALL_FIELDS, form=BookForm({"cartons": "x", "day": "x"}, {})))


def test_a_form_by_itself_looks_like_its_fields() -> None:
    form = BookForm()
    for source in ("{{ form }}", "{{ form.as_div }}", "{{ form.as_p }}"):
        shown = render(source, form=form)
        assert render("{% field form.name %}", form=form).strip() in shown
        assert shown.count('class="field') > 10


def test_hint_and_error_describe_their_field() -> None:
    shown = render("{% field form.name %}", form=BookForm({}))
    assert 'aria-invalid="true" aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'class="field-hint" id="id_name_helptext">As it stands' in shown
    assert 'class="field-error" id="id_name_error"' in shown


def test_choices_are_a_group_that_its_error_describes() -> None:
    shown = render("{% field form.terms %}", form=BookForm({}))
    assert '<fieldset aria-describedby="id_terms_error">' in shown
    assert "<legend" in shown
    assert shown.count('<label for="id_terms_') == 2


def test_what_may_be_left_out_says_so() -> None:
    assert "(optional)" not in render("{% field form.name %}", form=BookForm())
    assert "(optional)" in render("{% field form.cartons %}", form=BookForm())


def test_keyboards_and_memories_are_told_what_is_wanted() -> None:
    form = BookForm(initial={"day": date(2026, 11, 22)})
    shown = {bound.name: render("{% control bound %}", "ar", bound=bound) for bound in form}
    assert 'autocomplete="name"' in shown["name"]
    assert 'dir="auto"' in shown["name"]
    assert 'inputmode="numeric"' in shown["cartons"]
    assert 'inputmode="decimal"' in shown["share"]
    assert 'type="date"' in shown["day"]
    assert 'value="2026-11-22"' in shown["day"]
    assert 'type="hidden"' in shown["step"]


def test_the_authors_own_attributes_win() -> None:
    shown = render("{% field form.code %}", form=BookForm())
    assert 'autocomplete="off"' in shown
    assert 'class="input short"' in shown
    assert 'inputmode="numeric"' in shown


def test_a_file_has_a_place_to_be_dropped_and_a_limit() -> None:
    shown = render("{% field form.book %}", form=BookForm())
    assert "data-file-drop" in shown
    assert 'data-limit-bytes="20000000"' in shown
    assert 'data-too-large="This file is too large to be sent."' in shown


def test_the_summary_leads_to_every_mistake() -> None:
    shown = render("{% error_summary form %}", form=BookForm({"step": "1", "kind": "20GP"}))
    assert 'role="alert"' in shown
    assert '<a href="#id_name">Name: This field is required.</a>' in shown
    assert '<a href="#id_terms_0">Terms: This field is required.</a>' in shown
    assert "<li>The two do not go together.</li>" in shown


@pytest.mark.parametrize("form", [None, BookForm()])
def test_no_mistake_has_no_summary(form: forms.Form | None) -> None:
    assert render("{% error_summary form %}", form=form).strip() == ""


# The frame of a page -----------------------------------------------------------------------------------------------


def test_an_address_that_is_not_there_is_empty() -> None:
    assert render('{% address "home" %}|{% address "no_such_page" %}|{% address "home" nothing=1 %}') == "/||"


def test_only_what_somebody_may_is_offered() -> None:
    assert render('{% permitted "home" %}|{% permitted "no_such_page" %}', actor=Actor()) == "/|"
    own = '{% permitted "usersessions_list" %}'
    assert render(own, actor=Actor()) == "", "a visitor has no sessions"


def test_the_page_one_is_on_is_marked() -> None:
    request = RequestFactory().get("/ship/abc")
    assert render('<a{% here "/ship/" %}>', request=request) == '<a aria-current="page">'
    assert render('<a{% here "/organisations/" %}>', request=request) == "<a>"


def test_crumbs_are_there_only_where_a_page_has_some() -> None:
    assert render("{% crumbs %} {% endcrumbs %}") == ""
    shown = render('{% crumbs %}<li><a href="/ship/">Ship</a></li>{% endcrumbs %}')
    assert "<ol><li><a" in shown
    assert "<nav" in shown


def test_the_version_is_the_one_of_the_package() -> None:
    assert render("{% version %}").count(".") == 2


def test_a_unit_of_goods_has_its_word_and_an_unknown_one_stays() -> None:
    assert render("{{ 'pair'|unit_word }}", "zh-hans") == "双"
    assert render("{{ 'pair'|unit_word }}") == "pair"
    assert render("{{ unit|unit_word }}", "zh-hans", unit="<m>") == "<bdi>&lt;m&gt;</bdi>"
