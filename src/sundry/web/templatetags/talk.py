"""What was said in a conversation, with the terms of the trade in it.

{% load talk %}  lang="{{ message.language|html_language }}"  {% for written, term in message|terms_told %}
"""

from __future__ import annotations

from typing import Final

from django import template

from sundry.goods.orders.enquiry_rules import MessageView, Term

register = template.Library()

_HTML: Final = {"zh": "zh-hans"}


@register.filter
def html_language(language: str) -> str:
    """A language of the market as HTML names it."""
    return _HTML.get(language, language)


@register.filter
def terms_told(message: MessageView) -> list[tuple[str, Term]]:
    """Each term as it is written there, and what it is for the reader."""
    return [(message.text[term.start : term.end], term) for term in message.terms]
