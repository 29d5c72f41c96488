"""What every template may use: components, figures in the reader's language, texts of rules.

A component is a tag whose markup stands in `templates/components`; docs/design-system.md lists them all, and the page
/style shows them. Figures are made by `sundry.web.formatting`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.forms import BaseForm, BoundField
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from sundry.kernel import messages
from sundry.kernel.findings import Finding
from sundry.web import formatting

register = template.Library()

# A state has one word, one colour and one icon everywhere.
STATES = {
    "ok": "check",
    "working": "clock",
    "waiting": "clock",
    "attention": "warning",
    "error": "error",
    "neutral": "info",
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


@register.simple_tag
def address(name: str, **values: Any) -> str:
    """The address of a view by its name; "" where this market has none of that name."""
    try:
        return reverse(name, kwargs=values or None)
    except NoReverseMatch:
        return ""


# Figures -----------------------------------------------------------------------------------------------------------


@register.filter
def number(value: formatting.Figure, decimals: int | None = None) -> str:
    return formatting.number(value, page_language(), decimals=decimals)


@register.filter
def money(amount_minor: int, currency: str) -> SafeString:
    text = formatting.money(amount_minor, currency, page_language())
    return format_html('<bdi class="money" dir="ltr">{}</bdi>', text)


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


# Texts of rules ----------------------------------------------------------------------------------------------------


def _message_language() -> str:
    return page_language() if page_language() in messages.LANGUAGES else "en"


@register.simple_tag
def rule_text(rule: str, **values: Any) -> str:
    return messages.render(rule, _message_language(), values)


@register.filter
def finding_text(finding: Finding) -> str:
    return finding.message(_message_language())


# Components --------------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing of the sprite; silent for screen readers unless it has a label of its own."""
    place = f"{staticfiles_storage.url('sundry/icons.svg')}#{name}"
    named = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<svg class="icon icon-{}" {}><use href="{}"></use></svg>', name, named, place)


@register.inclusion_tag("components/badge.html")
def badge(state: str, label: str) -> dict[str, Any]:
    return {"state": state, "label": label, "icon_name": STATES[state]}


@register.inclusion_tag("components/pager.html")
def pager(page: Any) -> dict[str, Any]:
    return {"page": page}


@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int, label: str) -> dict[str, Any]:
    return {"done": done, "total": total, "label": label}


@register.inclusion_tag("components/task.html")
def task(address: str, label: str, state: str, word: str = "") -> dict[str, Any]:
    return {"address": address, "label": label, "state": state, "word": word or TASK_WORDS[state]}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    return {"field": bound}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    return {"form": form}
