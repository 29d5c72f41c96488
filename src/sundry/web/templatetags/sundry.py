"""What every template may use: components, figures in the reader's language, texts of rules.

A component is a tag whose markup stands in `templates/components`; docs/design-system.md lists them all, and the page
/style shows them. Figures are made by `sundry.web.formatting`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    DateInput,
    DecimalField,
    FileInput,
    FloatField,
    IntegerField,
    NumberInput,
    Select,
    Textarea,
    TextInput,
)
from django.forms.widgets import ChoiceWidget
from django.template import Context
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from sundry.base.access.rules import Actor, may_ever
from sundry.base.ledger import words
from sundry.kernel import messages
from sundry.kernel.findings import Finding
from sundry.web import formatting
from sundry.web.operations import operation_of

register = template.Library()

# A state has one word, one colour and one icon everywhere.
STATES = {
    "ok": "check",
    "working": "half",
    "waiting": "clock",
    "attention": "warning",
    "error": "error",
    "neutral": "dot",
}
TASK_WORDS = {
    "ok": gettext_lazy("Done"),
    "working": gettext_lazy("In progress"),
    "waiting": gettext_lazy("Cannot start yet"),
    "attention": gettext_lazy("Please look"),
    "error": gettext_lazy("Must be mended"),
    "neutral": gettext_lazy("To do"),
}


def page_language() -> str:
    """zh, en, ar, es, fr or ru: the language of the page that is being made, as messages and figures name it."""
    language = (translation.get_language() or "en").partition("-")[0]
    return language if language in formatting.LOCALES else "en"


@register.simple_tag
def language_code() -> str:
    return page_language()


# Figures -----------------------------------------------------------------------------------------------------------


@register.filter
def number(value: formatting.Figure, decimals: int | None = None) -> str:
    return formatting.number(value, page_language(), decimals=decimals)


@register.filter
def money(amount_minor: int, currency: str) -> SafeString:
    text = formatting.money(amount_minor, currency, page_language())
    return format_html('<bdi class="money" dir="ltr">{}</bdi>', text)


class Counted(Protocol):
    """A unit, or an account: what it counts, and the decimals of its figures."""

    @property
    def kind(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def exponent(self) -> int: ...


@register.filter
def amount(value: int, unit: Counted) -> SafeString:
    """Whole smallest parts of a unit of the ledger: money with its code, pieces and quota as a number."""
    return format_html('<bdi class="money" dir="ltr">{}</bdi>', amount_text(value, unit))


@register.filter
def amount_text(value: int, unit: Counted) -> str:
    """The same where no markup may stand: in a drawing."""
    code = unit.code if unit.kind == "currency" else ""
    return formatting.amount(value, unit.exponent, page_language(), code=code)


@register.filter
def purpose_text(purpose: str) -> str:
    """What an account of the ledger is for; a purpose that we do not know stands as it is."""
    return words.purpose_text(purpose, page_language())


@register.filter
def event_text(kind: str) -> str:
    """What happened, by the kind of an event of the ledger."""
    return words.event_text(kind, page_language())


@register.filter
def kilograms(weight_g: int, decimals: int | None = None) -> str:
    return formatting.kilograms(weight_g, page_language(), decimals=decimals)


@register.filter
def cubic_metres(volume_mm3: int, decimals: int = 3) -> str:
    return formatting.cubic_metres(volume_mm3, page_language(), decimals=decimals)


@register.filter
def percent(share: formatting.Figure, decimals: int = 1) -> str:
    return formatting.percent(share, page_language(), decimals=decimals)


@register.filter
def file_size(size_bytes: int) -> str:
    return formatting.file_size(size_bytes, page_language())


@register.filter
def day(when: date) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), formatting.day(when, page_language()))


@register.filter
def moment(when: datetime) -> SafeString:
    return format_html(
        '<time datetime="{}">{}</time>',
        when.astimezone(formatting.MARKET_TIME).isoformat(timespec="seconds"),
        formatting.moment(when, page_language()),
    )


@register.filter
def bidi(text: object) -> SafeString:
    """A code, a number or a foreign word, kept whole and in its own direction inside a line of any language."""
    return format_html("<bdi>{}</bdi>", text)


@register.filter
def fitting(text: object, columns: int) -> str:
    """As much of a text as so many columns hold, for pictures, where nothing wraps; Chinese takes two columns."""
    taken, shown = 0, ""
    for char in str(text):
        taken += 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if taken > columns:
            return f"{shown.rstrip()}…"
        shown += char
    return shown


# In what an order book and a declaration count.
_UNITS = {
    "piece": pgettext_lazy("unit of goods", "piece"),
    "pair": pgettext_lazy("unit of goods", "pair"),
    "set": pgettext_lazy("unit of goods", "set"),
    "dozen": pgettext_lazy("unit of goods", "dozen"),
    "carton": pgettext_lazy("unit of goods", "carton"),
}


@register.filter
def unit_word(unit: str) -> str:
    """The word for a unit of goods; a unit that we do not know stands as the book has it."""
    return str(_UNITS[unit]) if unit in _UNITS else format_html("<bdi>{}</bdi>", unit)


# Texts of rules ----------------------------------------------------------------------------------------------------


@register.simple_tag
def rule_text(rule: str, **values: Any) -> str:
    return messages.render(rule, page_language(), values)


@register.filter
def finding_text(finding: Finding) -> str:
    return finding.message(page_language())


# Components --------------------------------------------------------------------------------------------------------


@cache
def icon_names() -> frozenset[str]:
    """The drawings of the sprite."""
    sprite = Path(__file__).parents[1] / "static" / "sundry" / "icons.svg"
    return frozenset(re.findall(r'<symbol id="([a-z-]+)"', sprite.read_text("utf-8")))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing of the sprite; silent for screen readers unless it has a label of its own. ValueError: not drawn."""
    if name not in icon_names():
        raise ValueError(f"icons.svg has no {name!r}")
    place = f"{staticfiles_storage.url('sundry/icons.svg')}#{name}"
    named = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon icon-{}" width="20" height="20" {}><use href="{}"></use></svg>', name, named, place
    )


@register.inclusion_tag("components/badge.html")
def badge(state: str, label: str) -> dict[str, Any]:
    """A state by its word, colour and icon. KeyError: no state of ours."""
    return {"state": state, "label": label, "icon_name": STATES[state]}


@register.simple_block_tag
def notice(content: SafeString, state: str = "neutral") -> SafeString:
    """A box that somebody should read, with the colour and the icon of a state."""
    return format_html('<div class="notice notice-{}">{}<div>{}</div></div>', state, icon(STATES[state]), content)


@register.inclusion_tag("components/pager.html")
def pager(page: Any) -> dict[str, Any]:
    """Before and after; `page.previous` and `page.next` are query strings, "" where there is nothing."""
    return {"page": page}


@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int, label: str) -> dict[str, Any]:
    """How far something is, in a real count. `total` 0: nobody knows yet."""
    return {"done": done, "total": total, "label": label}


@register.inclusion_tag("components/task.html")
def task(address: str, label: str, state: str, word: str = "") -> dict[str, Any]:
    """A row of a task list; without an address it cannot be opened yet."""
    return {"address": address, "label": label, "state": state, "word": word or TASK_WORDS[state]}


@register.inclusion_tag("components/select_all.html")
def select_all() -> dict[str, Any]:
    """The box in the head of a table that chooses all its rows; it needs the script."""
    return {}


@register.inclusion_tag("components/select_row.html")
def select_row(value: object, label: object) -> dict[str, Any]:
    """The box of one row; `label` is what the row is about, for those who do not see it."""
    return {"value": value, "label": label}


# Fields ------------------------------------------------------------------------------------------------------------

# What a phone's keyboard and a browser's memory should offer, by the name a field usually has.
AUTOCOMPLETE = {
    "code": "one-time-code",
    "country": "country",
    "email": "email",
    "login": "username",
    "name": "name",
    "organisation": "organization",
    "phone": "tel",
}


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Label, hint, error and control of a form's field, all tied together."""
    return bound.as_field_group()


@register.simple_tag
def control(bound: BoundField) -> SafeString:
    """The control alone, with the attributes that its kind of field should have. The author's own attributes win."""
    widget = bound.field.widget
    if isinstance(widget, DateInput):
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    given = {name: value for name, value in _attributes(bound).items() if name not in widget.attrs}
    if not isinstance(widget, (CheckboxInput, ChoiceWidget, FileInput)) or isinstance(widget, Select):
        given["class"] = f"input {widget.attrs.get('class', '')}".strip()
    return bound.as_widget(attrs=given)


def _attributes(bound: BoundField) -> dict[str, str | bool]:
    attributes: dict[str, str | bool] = {}
    if isinstance(bound.field.widget, (TextInput, NumberInput)) and bound.name in AUTOCOMPLETE:
        attributes["autocomplete"] = AUTOCOMPLETE[bound.name]
    if bound.name == "code":
        attributes |= {"inputmode": "numeric", "spellcheck": "false"}
    elif isinstance(bound.field, FloatField | DecimalField):
        attributes["inputmode"] = "decimal"
    elif isinstance(bound.field, IntegerField) and isinstance(bound.field.widget, NumberInput):
        attributes["inputmode"] = "numeric"
    if isinstance(bound.field.widget, (Textarea, TextInput)) and not isinstance(bound.field.widget, DateInput):
        attributes["dir"] = "auto"
    return attributes


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line of an error summary; `target` is the id of the control, "" where it is about no single one."""

    target: str
    label: str
    text: str


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm | None) -> dict[str, Any]:
    """All mistakes of a form, each leading to its field. Nothing where there are none."""
    return {"mistakes": _mistakes(form) if form is not None and form.is_bound else []}


def _mistakes(form: BaseForm) -> list[Mistake]:
    found = [Mistake("", "", str(text)) for text in form.non_field_errors()]
    for bound in form:
        target = "" if bound.is_hidden else bound.id_for_label or bound.subwidgets[0].id_for_label or ""
        found += [Mistake(target, str(bound.label), str(text)) for text in bound.errors]
    return found


# The frame of a page -----------------------------------------------------------------------------------------------


@register.simple_tag
def address(name: str, **values: Any) -> str:
    """The address of a view by its name; "" where this market has none of that name."""
    try:
        return reverse(name, kwargs=values or None)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def permitted(context: Context, name: str, **values: Any) -> str:
    """The address of a view, if whoever looks at the page may ever use it, else ""."""
    place = address(name, **values)
    if not place:
        return ""
    match = resolve(place)
    operation = operation_of(match.func, match)
    return place if operation and may_ever(operation, context.get("actor") or Actor()) else ""


@register.simple_tag(takes_context=True)
def here(context: Context, place: str) -> SafeString:
    """Marks the link of the navigation under which the page stands."""
    path = getattr(context.get("request"), "path", "")
    return SafeString(' aria-current="page"' if path.startswith(place) else "")


@register.simple_block_tag
def crumbs(content: SafeString) -> SafeString:
    """The way to this page, as <li> elements; nothing where a page has none."""
    if not content.strip():
        return SafeString("")
    return format_html('<nav class="crumbs no-print" aria-label="{}"><ol>{}</ol></nav>', gettext("Way"), content)


@register.simple_tag
def version() -> str:
    return _version()


@cache
def _version() -> str:
    return metadata.version("sundry")
