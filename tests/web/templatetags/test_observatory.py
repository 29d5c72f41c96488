"""Statements of the observatory as pages show them: names, figures, pieces of a page, checks, dots on a line."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.template import engines
from django.utils import translation

from sundry.engines.reading.checking import Note
from sundry.engines.reading.model import Basis, BasisSource, Bound, Outcome, Type
from sundry.insight.observatory.reader import Mark, Piece, marked
from sundry.insight.observatory.rules import CheckView, DateSource, PageRow, Standing, State, StatementView, Verdict
from sundry.web.templatetags import observatory as tags

PAGE, KEY, OTHER = uuid.UUID(int=1), str(uuid.UUID(int=2)), str(uuid.UUID(int=3))


def said(**more: Any) -> StatementView:
    given: dict[str, Any] = {
        "id": uuid.UUID(KEY), "page": PAGE, "page_name": "page.txt", "issued": date(2026, 4, 23), "article": 0,
        "spans": ((0, 5),), "quote": "增长9.1%", "context": "出口增长9.1%", "context_start": 0, "type": Type.GROWTH,
        "indicator": "外贸出口额", "indicator_key": "exports", "subject": "", "region_code": "990182",
        "region": "麓泽市", "period": "2026-Q1", "starts_on": None, "ends_on": None, "value": Decimal("9.1"),
        "low": None, "high": None, "unit": "%", "base_value": Decimal("9.1"), "base_unit": "%", "bound": Bound.EQ,
        "kinds": ("cumulative",),
        "basis": Basis.NOMINAL, "basis_source": BasisSource.BY_CONVENTION, "versus": None, "confidence": 0.9,
        "standing": Standing.PUBLISHED, "inherited": {}, "passed": 0, "failed": 0, "decimals": 1,
    }  # fmt: skip
    return StatementView(**given | more)


def render(source: str, language: str = "en", **values: Any) -> str:
    with translation.override(language):
        return engines["django"].from_string("{% load observatory %}" + source).render(values)


def test_every_word_is_there() -> None:
    for table, kinds in (
        (tags.STANDINGS, Standing),
        (tags.OUTCOMES, Outcome),
        (tags.STATES, State),
        (tags.ISSUED, DateSource),
        (tags.VERDICTS, Verdict),
    ):
        assert set(table) == set(kinds)
    for source, shown in (
        ("{{ x|standing_word }}", {"x": Standing.REVIEW}),
        ("{{ x|outcome_word }}", {"x": Outcome.FAILS}),
        ("{{ x|type_word }}", {"x": Type.RANK}),
        ("{{ x|verdict_word }}", {"x": Verdict.RIGHT}),
        ("{{ x|field_word }}", {"x": "region_code"}),
        ("{{ x|check_word }}", {"x": "sum"}),
    ):
        assert render(source, **shown)[0].isupper()
    assert render("{{ x|field_word }}", x="colour") == "colour"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (DateSource.GIVEN, "Issued on 25 Apr 2026, as was said at its import."),
        (DateSource.INFERRED, "Issued on 25 Apr 2026, inferred from the page."),
        (DateSource.CONFIRMED, "Issued on 25 Apr 2026, confirmed by a person."),
        (DateSource.UNKNOWN, "The day of issue is not known."),
    ],
)
def test_a_page_tells_its_day_and_from_where_that_is_known(source: DateSource, told: str) -> None:
    issued = None if source is DateSource.UNKNOWN else date(2026, 4, 25)
    row = PageRow(
        uuid.uuid4(), "a.txt", 1, 1, issued, source, State.READ, 0, 0, 0, datetime(2026, 5, 1, tzinfo=UTC), ()
    )
    shown = render("{{ row|issued_text }}", row=row)
    assert re.sub(r"<[^>]+>", "", shown).replace(" ", " ") == told


def test_an_indicator_has_its_name_in_chinese_or_english() -> None:
    assert render("{{ s|name_of_indicator }}", s=said()) == '<bdi class="text" lang="en" dir="ltr">Exports</bdi>'
    assert (
        render("{{ s|name_of_indicator }}", "zh-hans", s=said())
        == '<bdi class="text" lang="zh" dir="ltr">外贸出口额</bdi>'
    )
    own = said(indicator_key="", indicator="<钟表>")
    assert render("{{ s|name_of_indicator }}", s=own) == '<bdi class="text" lang="zh" dir="ltr">&lt;钟表&gt;</bdi>'
    assert "No indicator is named" in render("{{ s|name_of_indicator }}", s=said(indicator_key="", indicator=" "))


def test_a_figure_says_in_which_language_it_is() -> None:
    assert render("{{ s|figure }}", s=said()) == '<bdi class="text obs-figure">9.1%</bdi>'
    words = said(type=Type.QUALITATIVE, value=None, base_value=None, quote="两位数增长")
    assert render("{{ s|figure }}", s=words) == '<bdi class="text obs-figure" lang="zh" dir="ltr">两位数增长</bdi>'
    assert 'lang="zh"' not in render("{{ s|figure }}", "zh-hans", s=words)
    assert "No. 2" in render("{{ s|figure }}", s=said(type=Type.RANK, value=Decimal(2), unit="位", base_unit="位"))


def test_a_period_that_adds_up_says_so() -> None:
    assert render("{{ s|period_of }}", s=said()).replace("\u2009", " ") == "January – March 2026, cumulative"
    assert render("{{ s|period_of }}", s=said(kinds=())).replace("\u2009", " ") == "January – March 2026"
    assert render("{{ s|period_of }}", s=said(period=None)) == ""
    assert render("{{ '2026-05'|period_text }}") == "May 2026"


@pytest.mark.parametrize(
    ("versus", "told"),
    [
        (None, ""),
        ("330000", '<bdi class="text" lang="zh" dir="ltr">浙江省</bdi>'),
        ("990100", '<bdi class="text" lang="zh" dir="ltr">岑江市</bdi>'),
        ("exports", '<bdi class="text" lang="en" dir="ltr">Exports</bdi>'),
        ("2025", "2025"),
        ("各县（市、区）", '<bdi class="text" lang="zh" dir="ltr">各县（市、区）</bdi>'),
    ],
)
def test_what_is_compared_with_has_a_name(versus: str | None, told: str) -> None:
    assert render("{{ v|versus_text:places }}", v=versus, places={"990100": "岑江市"}) == told


def test_the_basis_of_a_growth_is_told_where_there_are_prices() -> None:
    assert render("{{ s|basis_word }}. {{ s|basis_told }}", s=said()).startswith("Nominal. The page does not say")
    assert render("{{ s|basis_word }}", s=said(basis=None)) == "Not stated"
    assert render("{{ s|has_basis }}", s=said(basis=None)) == "True"
    assert render("{{ s|has_basis }}", s=said(basis=None, indicator_key="industry_firms_scale")) == "False"
    assert render("{{ s|has_basis }}", s=said(basis=None, type=Type.LEVEL)) == "False"


def test_pieces_are_the_text_and_each_links_to_its_narrowest_statement(
    assert_accessible: Callable[[str], None],
) -> None:
    marks = [
        Mark(0, 6, KEY, "is-change is-review", "Waits", f"s-{KEY}"),
        Mark(2, 4, OTHER, "is-amount is-published"),
        Mark(5, 8, classes="is-pointed", anchor="char"),
    ]
    shown = render("{{ p|pieces }}", p=marked("<高于>全省&省", marks))
    assert "&lt;" in shown
    assert "&amp;" in shown
    assert_accessible(shown)
    assert f'href="/observatory/statements/{OTHER}/" data-marks="{KEY} {OTHER}"' in shown
    assert 'title="Waits"' in shown
    assert '<mark class="is-pointed">' in shown
    assert shown.count('tabindex="-1"') == shown.count("<a ")  # pieces of no sheet lead nowhere
    piece = Piece(0, 1, "一", (marks[0],), (f"s-{KEY}", "char"), leads=True)
    led = render("{{ p|pieces }}", p=[piece])
    assert 'aria-label="一 · Waits"' in led
    assert f'id="s-{KEY}"' in led
    assert '<span id="char"></span>' in led
    assert "tabindex" not in led


def test_the_words_of_a_statement_are_marked_in_its_sentence() -> None:
    shown = render("{{ p|sentence }}", p=marked("出口增长9.1%<", [Mark(2, 8, KEY)]))
    assert shown == "出口<mark>增长9.1%</mark>&lt;"


@pytest.mark.parametrize("language", ["zh-hans", "en", "ar", "es", "fr", "ru"])
def test_a_check_is_told_in_a_sentence(language: str) -> None:
    check = CheckView(
        uuid.UUID(int=9), PAGE, "page.txt", None, "gap", Outcome.HOLDS, ((0, 1),), ("1.5个百分点",), (PAGE,), (),
        "1.5个百分点", (Decimal("1.4"), Decimal("1.6")), str(Note.AGREES), {"unit": "百分点", "guess": "1.5"}, "",
    )  # fmt: skip
    shown = render("{{ c|check_text }}", language, c=check)
    assert "1,5" in shown or "1.5" in shown
    assert "{" not in shown
    assert ("百分点" in shown) is (language == "zh-hans")


def test_what_stays_chinese_in_another_language_says_so() -> None:
    assert render("{{ t|chinese_marked }}", t="<of 清河镇、双溪镇, 3") == (
        '&lt;of <bdi class="text" lang="zh" dir="ltr">清河镇、双溪镇</bdi>, 3'
    )
    assert render("{{ t|chinese_marked }}", "zh-hans", t="清河镇<") == "清河镇&lt;"


def test_what_has_not_happened_says_so() -> None:
    assert render("{{ s|not_yet_word }}", s=said()) == ""
    assert render("{{ s|not_yet_word }}", s=said(kinds=("target",))) == "Target"
    assert render("{{ s|not_yet_word }}", s=said(kinds=("preliminary",))) == "Preliminary"
    to_come = said(issued=date(2026, 4, 23), starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))
    assert render("{{ s|not_yet_word }}", s=to_come) == "Target"


def test_what_a_person_put_right_is_told_in_the_words_of_its_field() -> None:
    told = {"period": "2026-04", "region_code": "330000", "indicator_key": "exports", "value": "12.5"}
    shown = [render("{{ v|change_text:f }}", v=value, f=field) for field, value in told.items()]
    assert shown == ["April 2026", "浙江省", "Exports", "12.5"]


def test_every_kind_of_what_a_page_names_has_its_word() -> None:
    from sundry.engines.reading import entities

    for kind in (entities.POLICY, entities.PROGRAMME, entities.ORGANISATION, entities.PLACE, entities.EVENT,
                 entities.PERSON, entities.TARGET, entities.COMMITMENT):  # fmt: skip
        assert render("{{ k|entity_word }}", k=kind)[0].isupper(), kind
    assert render("{{ k|entity_word }}", k="ship") == "ship"


def test_dots_are_drawn_where_there_are_two_growths(assert_accessible: Callable[[str], None]) -> None:
    own = said()
    wider = said(id=uuid.UUID(OTHER), region="岑江市", value=Decimal("7.6"), base_value=Decimal("7.6"))
    drawn = render("{% dots around own %}", around=(own, wider), own=own)
    assert_accessible(drawn)
    assert drawn.count("<circle") == 2
    assert render("{% dots around own %}", around=(own,), own=own) == ""
    level = said(type=Type.LEVEL)
    assert render("{% dots around own %}", around=(level, wider), own=level) == ""
