"""The observatory's pictures, and the words of its lists, in the reader's language.

    {% load observatory observatory_figures %}  {% growth_picture bars said title %}  {{ check.kind|check_word }}

Beside each picture stands a table that says the same. What we derived has a look and a word of its own, and never
stands as if it had been printed.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, gettext, gettext_lazy, pgettext_lazy

from sundry.engines.reading.figures import base_of
from sundry.engines.reading.model import Basis, Bound
from sundry.engines.reading.regions import name_of
from sundry.insight.observatory import charts, notes, words
from sundry.insight.observatory.arithmetic import Line
from sundry.insight.observatory.charts import Between, Bullet, Mark, Step
from sundry.insight.observatory.fairs import Count, Fair
from sundry.insight.observatory.pictures import GrowthBar, Missing, Months, YearPath
from sundry.insight.observatory.rules import Actuality, Observation, StatementView, TargetView
from sundry.insight.observatory.words import Amount
from sundry.web import formatting
from sundry.web.templatetags.observatory import chinese, period_text, writing
from sundry.web.templatetags.sundry import page_language

register = template.Library()

_Word = str | Promise
Said = Mapping[uuid.UUID, StatementView]

_NUMBER_AND_UNIT: Final = re.compile(r"(\D*[\d.,\s\u00a0\u202f–]*\d\u2069?)(\D*)")
_HUNDRED_MILLION, _TEN_THOUSAND = Decimal(100_000_000), Decimal(10_000)
FIELDS: Final[Mapping[str, _Word]] = {
    "output": gettext_lazy("Output and industries"),
    "trade": gettext_lazy("Foreign trade"),
    "consumption": gettext_lazy("Market and consumption"),
    "money": gettext_lazy("Investment, public money, income and prices"),
    "farming": gettext_lazy("Farming"),
    "people": gettext_lazy("Science, people and work"),
    "transport": gettext_lazy("Transport, energy, tourism and environment"),
    "fairs": gettext_lazy("Fairs and other events"),
}
MEASURES: Final[Mapping[str, _Word]] = {
    "exhibitors": gettext_lazy("Exhibitors"),
    "visitors": gettext_lazy("Visitors"),
    "orders_intended": gettext_lazy("Orders intended"),
    "amount_intended": gettext_lazy("Amount intended"),
    "deals": gettext_lazy("Orders closed"),
    "amount_deals": gettext_lazy("Amount closed"),
}
BASES: Final[Mapping[str, _Word]] = {
    Basis.REAL.value: gettext_lazy("at comparable prices"),
    Basis.NOMINAL.value: gettext_lazy("at current prices"),
}
INDICATOR_UNITS: Final[Mapping[str, _Word]] = {
    "money": pgettext_lazy("what an indicator counts", "Money"),
    "persons": pgettext_lazy("what an indicator counts", "People"),
    "visits": gettext_lazy("Visits"),
    "bodies": gettext_lazy("Firms or bodies"),
    "things": gettext_lazy("Things counted"),
    "kinds": gettext_lazy("Kinds"),
    "mass": gettext_lazy("Weight"),
    "heads": gettext_lazy("Animals"),
    "area": gettext_lazy("Area"),
    "volume": gettext_lazy("Volume"),
    "energy": gettext_lazy("Energy or power"),
    "trains": gettext_lazy("Trains"),
    "flights": gettext_lazy("Flights"),
    "boxes": gettext_lazy("Containers"),
    "rate": gettext_lazy("A percentage of its own"),
    "score": gettext_lazy("Points"),
    "length": gettext_lazy("Length"),
    "any": gettext_lazy("As the page counts it"),
}

# Words -------------------------------------------------------------------------------------------------------------


@register.filter
def dictionary_field_word(field: str) -> str:
    return str(FIELDS[field])


@register.filter
def measure_word(measure: str) -> str:
    """A figure of a fair."""
    return str(MEASURES[measure])


@register.filter
def accumulation_word(accumulation: str) -> str:
    return str(words.ACCUMULATIONS[accumulation])


@register.filter
def actuality_word(actuality: Actuality) -> str:
    return str(words.ACTUALITIES[actuality])


@register.filter
def series_basis_word(basis: str) -> str:
    """How the growth of a series is priced; "" where it says nothing."""
    return str(BASES[basis]) if basis else ""


@register.filter
def unit_class_word(unit: str) -> str:
    """What an indicator of the dictionary is counted in."""
    return str(INDICATOR_UNITS[unit])


@register.filter
def level_word(code: str) -> str:
    """What kind of place a code is of, "" for none."""
    return words.region_level(code)


@register.filter
def place_name(code: str, name: str) -> SafeString:
    """A place by its name, which is Chinese, and what kind of place it is."""
    told = chinese(name or name_of(code) or code)
    return format_html('{} <span class="muted">{}</span>', told, level_word(code))


# Figures -----------------------------------------------------------------------------------------------------------


@register.filter
def figure_text(statement: StatementView) -> str:
    """What a statement says, where no markup may stand: in a drawing."""
    return words.figure(statement, writing())


@register.filter
def observation_text(seen: Observation) -> str:
    """A point of a series in the unit of the series, where its statement may not be seen."""
    return words.amount(Amount(seen.value, seen.low, seen.high, seen.key.unit, seen.bound), writing())


@register.simple_tag
def derived_text(low: Decimal | None, high: Decimal | None, unit: str) -> str:
    """What we derived, as an interval: [1.0, 1.2] percentage points; with no more decimals than anybody reads."""
    return notes.derived(low, high, unit, writing())


@register.filter
def count_text(count: Count) -> str:
    """A figure of a fair; amounts, which are kept in full, in the units in which papers print them."""
    value, unit = count.value, count.unit
    if unit and value >= _HUNDRED_MILLION:
        value, unit = value / _HUNDRED_MILLION, f"亿{unit}"
    elif unit and value >= _TEN_THOUSAND:
        value, unit = value / _TEN_THOUSAND, f"万{unit}"
    return words.amount(Amount(value, None, None, unit, count.bound, notes.NEEDED), writing())


@register.filter
def line_text(line: Line) -> str:
    """The arithmetic of a check, with intervals."""
    parts = [text for term in line.terms for text in (term.sign, derived_text(*term.ends, term.unit)) if text]
    if line.rest:
        inside = line.inside
        parts.append(line.rest.format(derived_text(*inside.ends, inside.unit)) if inside else line.rest)
    if line.result is not None:
        parts += ["=", derived_text(*line.result, line.unit)]
    return " ".join(parts)


@register.simple_tag
def missing_text(missing: Missing, target: StatementView) -> str:
    """What lies between the latest figure and a target, in the unit of the target."""
    factor = base_of(target.unit)[0]
    low, high = missing.low / factor, None if missing.high is None else missing.high / factor
    return gettext("%(amount)s to go") % {"amount": derived_text(low, high, target.unit)}


# Pictures ----------------------------------------------------------------------------------------------------------


def _drawn(svg: str) -> SafeString:
    return mark_safe(svg)  # charts.py escapes every text that it is given


def _mark(label: str, seen: Observation, said: Said) -> Mark:
    """A point of a series: its text is that of its statement."""
    statement = said.get(seen.statement)
    text = figure_text(statement) if statement is not None else observation_text(seen)
    is_approximate = seen.bound is not Bound.EQ or seen.value is None
    return Mark(label, text, seen.value, seen.low, seen.high, is_approximate=is_approximate)


@register.simple_tag
def growth_picture(bars: Sequence[GrowthBar], said: Said, home: str, title: str) -> SafeString:
    """The growth of places beside each other."""
    marks = [_growth(bar, said, home) for bar in bars]
    told = gettext("One bar a place, all from zero. The table below says the same.")
    return _drawn(charts.bars(marks, key="growth", title=title, description=told, right_to_left=get_language_bidi()))


def _growth(bar: GrowthBar, said: Said, home: str) -> Mark:
    label = " ".join(
        filter(None, (bar.region or name_of(bar.region_code) or bar.region_code, level_word(bar.region_code)))
    )
    if bar.observation is None:
        return Mark(label, derived_text(bar.low, bar.high, "%"), bar.value, bar.low, bar.high,
                    is_approximate=True, is_derived=True)  # fmt: skip
    mark = _mark(label, bar.observation, said)
    return Mark(mark.label, mark.text, mark.value, mark.low, mark.high, is_approximate=mark.is_approximate,
                is_own=bar.region_code == home)  # fmt: skip


@register.simple_tag
def year_picture(year: YearPath, said: Said, title: str) -> SafeString:
    """Cumulative figures over the months of a year."""
    marks = [(month, _mark(period_text(seen.period), seen, said)) for month, seen in year.steps]
    labels, unit = _shared([mark.text for _, mark in marks])
    steps = [Step(month, mark, label) for (month, mark), label in zip(marks, labels, strict=True)]
    between = [Between(one.after, one.before, one.low, one.high, months_text(one, year, said)) for one in year.between]
    told = gettext(
        "A point a printed month, from January on. What lies between is derived by us and hatched. The table below "
        "says the same."
    )
    numbers = [formatting.number(month, page_language()) for month in range(1, 13)]
    return _drawn(
        charts.path(
            steps,
            between,
            key="year",
            title=title,
            description=told,
            months=numbers,
            unit=unit,
            right_to_left=get_language_bidi(),
        )
    )


def _shared(texts: Sequence[str]) -> tuple[list[str], str]:
    """The numbers alone and the unit of all; ([each as it is], "") where they have none in common."""
    found = [_NUMBER_AND_UNIT.fullmatch(text) for text in texts]
    units = {one[2].strip() if one else None for one in found}
    if len(units) != 1 or None in units:
        return list(texts), ""
    return [one[1] for one in found if one], str(units.pop())


@register.simple_tag
def months_text(months: Months, year: YearPath, said: Said) -> str:
    """What lies between two printed months, in the unit in which the year is printed."""
    printed = (said.get(seen.statement) for _, seen in year.steps)
    unit = next((one.unit for one in printed if one is not None), year.unit)
    factor = base_of(unit)[0]
    return derived_text(months.low / factor, months.high / factor, unit)


@register.simple_tag
def targets_picture(rows: Sequence[tuple[TargetView, Missing | None]], title: str) -> SafeString:
    """Targets with the latest figures; those without a number are only in the table."""
    bullets = [_bullet(view, missing) for view, missing in rows if view.target.base_value is not None]
    told = gettext("A bar up to the latest figure, a mark at the target. The table below says the same.")
    return _drawn(
        charts.targets(bullets, key="targets", title=title, description=told, right_to_left=get_language_bidi())
    )


def _bullet(view: TargetView, missing: Missing | None) -> Bullet:
    target, actual = view.target, view.actual
    is_alike = actual is not None and (actual.type, actual.base_unit) == (target.type, target.base_unit)
    return Bullet(
        " ".join(
            (words.indicator(target.indicator_key, target.indicator, page_language()), period_text(target.period))
        ),
        _statement_mark(gettext("Target: %(figure)s"), target),
        _statement_mark(gettext("Latest: %(figure)s"), actual) if actual is not None and is_alike else None,
        missing_text(missing, target) if missing is not None else "",
    )


def _statement_mark(text: str, statement: StatementView) -> Mark:
    told = text % {"figure": figure_text(statement)}
    factor = base_of(statement.unit)[0]
    low, high = (None if end is None else end * factor for end in (statement.low, statement.high))
    is_approximate = statement.bound is not Bound.EQ
    return Mark(statement.indicator, told, statement.base_value, low, high, is_approximate=is_approximate)


@register.simple_tag
def fairs_picture(rows: Sequence[Fair], measure: str, title: str) -> SafeString:
    """One figure of the fairs that have it. Amounts of two currencies are not drawn beside each other."""
    told = [(fair, fair.figures[measure]) for fair in rows if measure in fair.figures]
    unit = told[0][1].unit if told else ""
    marks = [_fair(fair, count) for fair, count in told if count.unit == unit]
    about = gettext("One bar a fair, all from zero. The table below says the same.")
    return _drawn(
        charts.bars(marks, key=f"fairs-{measure}", title=title, description=about, right_to_left=get_language_bidi())
    )


def _fair(fair: Fair, count: Count) -> Mark:
    low = count.value if count.bound in (Bound.GE, Bound.GT) else None
    high = count.value if count.bound in (Bound.LE, Bound.LT) else None
    is_open = low is not None or high is not None
    return Mark(fair.name, count_text(count), count.value, low, high, is_approximate=is_open)


@register.simple_tag
def has_measure(rows: Sequence[Fair], measure: str) -> bool:
    """Whether at least two fairs can be compared by it."""
    return sum(measure in fair.figures for fair in rows) > 1


@register.filter
def told_of(fair: Fair, measure: str) -> Count | None:
    return fair.figures.get(measure)
