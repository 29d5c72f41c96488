"""How the pages of the reference show what a code is called."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sundry.base.reference.rules import Entry
from sundry.web.templatetags.sundry import page_language

register = template.Library()


@register.filter
def called(entry: Entry[Any]) -> SafeString:
    """The name in the language of the page, else the English one, marked as such."""
    spoken = page_language()
    told = entry.named_in(spoken)
    if told == spoken:
        return format_html("<bdi>{}</bdi>", entry.name(spoken))
    return format_html('<bdi lang="{}">{}</bdi>', told, entry.name(spoken))
