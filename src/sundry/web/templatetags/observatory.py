"""What statements of the observatory are called and how their figures are written, in the reader's language.

    {% load observatory %}  {{ statement|figure }}  {{ statement|period_of }}  {{ statement.standing|standing_word }}

A period is written by its months, as "January – March 2026, cumulative": a quarter begins at other times elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, gettext, gettext_lazy, pgettext, pgettext_lazy

from sundry.engines.reading.indicators import dictionary
from sundry.engines.reading.model import Bound, Outcome, Type
from sundry.engines.reading.regions import name_of
from sundry.insight.observatory import charts, notes, words
from sundry.insight.observatory.periods import is_period
from sundry.insight.observatory.reader import Piece
from sundry.insight.observatory.rules import (
    Actuality,
    CheckView,
    DateSource,
    PageRow,
    Standing,
    State,
    StatementView,
    Verdict,
)
from sundry.insight.observatory.series_rules import actuality_of
from sundry.web import formatting
from sundry.web.templatetags.sundry import day, page_language

register = template.Library()

_Word = str | Promise

_ANY: Final = "00000000-0000-0000-0000-000000000000"
_HAN: Final = "[\u3400-\u9fff]"
_CHINESE: Final = re.compile(f"{_HAN}+(?:[/·、（）《》“”]*{_HAN}+)*")

# The badge of each; the words stand in the module (words.py).
STANDINGS: Final = {Standing.PUBLISHED: "ok", Standing.REVIEW: "attention", Standing.REJECTED: "neutral"}
OUTCOMES: Final = {
    Outcome.FAILS: "error",
    Outcome.EXPLAINED: "working",
    Outcome.IMPLIED: "neutral",
    Outcome.HOLDS: "ok",
}
STATES: Final[dict[State, tuple[str, Promise]]] = {
    State.WAITING: ("waiting", pgettext_lazy("state of a page", "Waits to be read")),
    State.READ: ("ok", pgettext_lazy("state of a page", "Read")),
    State.FAILED: ("error", pgettext_lazy("state of a page", "Cannot be read")),
}
ISSUED: Final[dict[DateSource, _Word]] = {
    DateSource.GIVEN: gettext_lazy("Issued on %(day)s, as was said at its import."),
    DateSource.INFERRED: gettext_lazy("Issued on %(day)s, inferred from the page."),
    DateSource.CONFIRMED: gettext_lazy("Issued on %(day)s, confirmed by a person."),
    DateSource.UNKNOWN: gettext_lazy("The day of issue is not known."),
}
VERDICTS: Final[dict[Verdict, _Word]] = {
    Verdict.RIGHT: pgettext_lazy("what a person said of a statement", "Right"),
    Verdict.INDICATOR: pgettext_lazy("what a person said of a statement", "Another indicator"),
    Verdict.PERIOD: pgettext_lazy("what a person said of a statement", "Another period"),
    Verdict.REGION: pgettext_lazy("what a person said of a statement", "Another place"),
    Verdict.VALUE: pgettext_lazy("what a person said of a statement", "Another value"),
    Verdict.NOT_A_QUANTITY: pgettext_lazy("what a person said of a statement", "Not a quantity"),
    Verdict.WITHDRAWN: pgettext_lazy("what a person said of a statement", "Taken back"),
}
FIELDS: Final[dict[str, _Word]] = {
    "indicator": gettext_lazy("Indicator"),
    "period": gettext_lazy("Period"),
    "region": pgettext_lazy("of a figure", "Place"),
    "unit": pgettext_lazy("of a figure", "Unit"),
    "value": pgettext_lazy("of a figure", "Value"),
    "low": pgettext_lazy("of a figure", "From"),
    "high": pgettext_lazy("of a figure", "To"),
    "versus": gettext_lazy("Compared with"),
    "indicator_key": gettext_lazy("Key of the indicator"),
    "region_code": pgettext_lazy("of a figure", "Place"),
}
# By the types of the reader (engines/reading/entities.py).
ENTITIES: Final[dict[str, _Word]] = {
    "programme": gettext_lazy("Programmes"),
    "programme/policy": gettext_lazy("Programmes and policies"),
    "organisation": gettext_lazy("Organisations"),
    "place": gettext_lazy("Places"),
    "event": gettext_lazy("Events"),
    "person": pgettext_lazy("what a page names", "People"),
    "target": gettext_lazy("Targets"),
    "commitment": gettext_lazy("Commitments"),
}


# Words -------------------------------------------------------------------------------------------------------------


@register.filter
def type_word(type_: Type) -> str:
    return str(words.TYPES[type_])


@register.filter
def standing_state(standing: Standing) -> str:
    return STANDINGS[standing]


@register.filter
def standing_word(standing: Standing) -> str:
    return str(words.STANDINGS[standing])


@register.filter
def outcome_state(outcome: Outcome) -> str:
    return OUTCOMES[outcome]


@register.filter
def outcome_word(outcome: Outcome) -> str:
    return str(words.OUTCOMES[outcome])


@register.filter
def check_word(kind: str) -> str:
    """What kind of arithmetic a check is."""
    return words.check(kind)


@register.filter
def page_state(row: PageRow) -> str:
    return STATES[row.state][0]


@register.filter
def page_state_word(row: PageRow) -> str:
    return str(STATES[row.state][1])


@register.filter
def issued_text(row: PageRow) -> SafeString:
    """When a page was issued, and from where that is known."""
    if row.issued is None:
        return SafeString(escape(ISSUED[DateSource.UNKNOWN]))
    return SafeString(escape(ISSUED[row.date_source]) % {"day": day(row.issued)})


@register.filter
def verdict_word(verdict: Verdict) -> str:
    return str(VERDICTS[verdict])


@register.filter
def field_word(name: str) -> str:
    """A field of a statement; one that has no word of ours stands as it is."""
    return str(FIELDS.get(name, name))


@register.filter
def indicator_name(key: str, printed: str = "") -> SafeString:
    """An indicator of the dictionary in Chinese or English, else the words of the page."""
    name = words.indicator(key, printed, page_language()).strip()
    if not name:
        return format_html('<span class="muted">{}</span>', gettext("No indicator is named"))
    return format_html('<bdi class="text" lang="{}" dir="ltr">{}</bdi>', "en" if name.isascii() else "zh", name)


@register.filter
def name_of_indicator(statement: StatementView) -> SafeString:
    return indicator_name(statement.indicator_key, statement.indicator)


@register.filter
def versus_text(versus: str | None, places: Mapping[str, str] | None = None) -> SafeString:
    """What a gap, a share or a contribution is of: a place, an indicator, a period, or the words of the page.

    `places`: names by code of places that are in no list.
    """
    if not versus:
        return SafeString("")
    if versus in dictionary():
        return indicator_name(versus, dictionary()[versus].zh)
    if is_period(versus):
        return SafeString(escape(period_text(versus)))
    return chinese(name_of(versus) or (places or {}).get(versus, "") or versus)


@register.filter
def chinese(text: str) -> SafeString:
    """Words of the page, which run from left to right whatever stands around them."""
    return format_html('<bdi class="text" lang="zh" dir="ltr">{}</bdi>', text)


@register.filter
def not_yet_word(statement: StatementView) -> str:
    """That a figure has not happened, or not been settled; "" for what has."""
    actuality = actuality_of(statement)
    return "" if actuality is Actuality.ACTUAL else str(words.ACTUALITIES[actuality])


@register.filter
def entity_word(type_: str) -> str:
    """A kind of what a page names; one that has no word of ours stands as it is."""
    return str(ENTITIES.get(type_, type_))


@register.filter
def change_text(value: str, field: str) -> str:
    """What a person put into a field, in the words of the field."""
    if field == "period":
        return period_text(value)
    if field == "region_code":
        return name_of(value) or value
    if field in ("indicator", "indicator_key"):
        return words.indicator(value, value, page_language())
    return value


@register.filter
def basis_word(statement: StatementView) -> str:
    """How a growth is priced, in a word."""
    if statement.basis is None:
        return pgettext("basis of a growth", "Not stated")
    return str(words.BASES_SHORT[statement.basis])


@register.filter
def basis_told(statement: StatementView) -> str:
    """From where the basis is known."""
    return str(words.BASIS_SOURCES[statement.basis_source])


@register.filter
def has_basis(statement: StatementView) -> bool:
    """Whether prices matter: a growth of what is counted in money, or of what we do not know."""
    if statement.basis is not None:
        return True
    known = dictionary().get(statement.indicator_key)
    return statement.type is Type.GROWTH and (known is None or known.unit == "money")


# Figures -----------------------------------------------------------------------------------------------------------


@register.filter
def figure(statement: StatementView) -> SafeString:
    """The figure in the reader's words, with the sign of its bound and its unit; what has none, as it is printed."""
    told = words.figure(statement, writing())
    return format_html('<bdi class="text obs-figure"{}>{}</bdi>', _lang(told), told)


def writing() -> words.Writing:
    """How the language of the page writes."""
    language = page_language()
    return words.Writing(
        language,
        number=lambda value, decimals: formatting.number(value, language, decimals=decimals),
        locale=formatting.LOCALES[language],
    )


def _lang(text: str) -> SafeString:
    """Chinese words inside another language say so, that they are spoken rightly."""
    is_chinese = any("\u3400" <= sign <= "\u9fff" for sign in text)
    return SafeString(' lang="zh" dir="ltr"') if is_chinese and page_language() != "zh" else SafeString("")


@register.filter
def period_text(code: str | None) -> str:
    """A period in words; "" for none."""
    return words.period(code, writing())


@register.filter
def period_of(statement: StatementView) -> str:
    """The period of a statement, and whether it adds up the months: "January – March 2026, cumulative"."""
    return words.period_of(statement, writing())


# A page's text -----------------------------------------------------------------------------------------------------


@register.filter
def pieces(found: Iterable[Piece]) -> SafeString:
    """Pieces of a page: each link leads to the card of its narrowest statement. No space is added.

    A page has thousands, so the address is made once, and whatever is not ours is escaped where it is put in.
    """
    address = reverse("observatory_statement", kwargs={"statement": _ANY})
    return SafeString("".join(_piece(piece, address) for piece in found))


def _piece(piece: Piece, address: str) -> str:
    text = escape(piece.text)
    if not piece.marks:
        return text
    classes = " ".join(dict.fromkeys(mark.classes for mark in piece.marks if not mark.key and mark.classes))
    names = [f' id="{escape(name)}"' for name in piece.anchors]
    before = "".join(f"<span{name}></span>" for name in names[1:])
    name = names[0] if names else ""
    told = piece.statement
    if told is None:
        return f'{before}<mark class="{classes}"{name}>{text}</mark>'
    title = escape(told.title)
    title_told = f' title="{title}"' if title else ""
    if not piece.leads:
        reached = ' tabindex="-1"'
    else:
        reached = f' aria-label="{text} · {title}"' if title else ""
    keys = " ".join(dict.fromkeys(mark.key for mark in piece.marks if mark.key))
    return (
        f'{before}<a class="{" ".join(filter(None, ("obs-mark", told.classes, classes)))}"'
        f' href="{address.replace(_ANY, told.key)}" data-marks="{keys}"{title_told}{reached}{name}>{text}</a>'
    )


@register.filter
def sentence(found: Iterable[Piece]) -> SafeString:
    """A sentence in which the words of its statement are marked."""
    return format_html_join(
        "",
        "{}",
        ((format_html("<mark>{}</mark>", piece.text) if piece.marks else piece.text,) for piece in found),
    )


# Checks and pictures -----------------------------------------------------------------------------------------------


@register.filter
def check_text(check: CheckView, places: Mapping[str, str] | None = None) -> SafeString:
    """What a check found, as a sentence. `places`: names by code of places that are in no list."""
    return chinese_marked(notes.note(check, writing(), places or {}))


@register.filter
def chinese_marked(text: str) -> SafeString:
    """Words of a sentence that stayed Chinese in another language say so, that they are spoken rightly."""
    if page_language() == "zh":
        return SafeString(escape(text))
    return SafeString(_CHINESE.sub(lambda found: str(chinese(found[0])), escape(text)))


@register.simple_tag
def dots(around: Sequence[StatementView], own: StatementView) -> SafeString:
    """The growth of a place among those of others as dots on a line; nothing where there is only one.

    A table beside it says the same.
    """
    marks = [_dot(one, one.id == own.id) for one in around if one.type is own.type is Type.GROWTH]
    if sum(mark.value is not None for mark in marks) < 2:
        return SafeString("")
    title = gettext("Growth here and in other places")
    described = gettext("Each dot is the growth of a place; the table below says the same.")
    drawn = charts.dot_line(
        marks,
        key=f"dots-{own.id}",
        title=title,
        description=described,
        right_to_left=get_language_bidi(),
    )
    return SafeString(drawn)


def _dot(statement: StatementView, is_own: bool) -> charts.Mark:
    amount = words.amount_of(statement)
    return charts.Mark(
        label=statement.region,
        text=words.figure(statement, writing()),
        value=amount.value,
        low=amount.low,
        high=amount.high,
        is_approximate=amount.bound is not Bound.EQ,
        is_own=is_own,
    )
